package api

import (
	"context"

	"yingda/internal/account"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
)

func (a *API) contacts(r *router) {
	call(r, get("/contacts", "Contacts who match some words, newest first; without words those who were here last").needs(agent.ContactRead), a.listContacts)
	call(r, get("/contacts/{id}", "A contact, with numbers and addresses masked; the look is recorded").needs(agent.ContactRead), a.getContact)
	call(r, patch("/contacts/{id}", "Change what we know of a contact; another number or address needs a verification").needs(agent.ContactEdit), a.changeContact)
	call(r, post("/contacts/{id}/reveal", "A phone number or an address unmasked; who saw it and why is recorded. Who lacks contact.reveal needs a verification").needs(agent.ContactRead), a.revealContact)
	call(r, post("/contacts/{id}/block", "Stop a contact from writing to us, or let them again").needs(agent.ContactBlock), a.blockContact)
	call(r, get("/contacts/{id}/account", "How it stands with a contact's account on the public pages, for somebody who cannot sign in").needs(agent.ContactRead), a.contactAccount)
	call(r, post("/contacts/{id}/account/unlock", "End the wait after wrong passwords, for a verified contact; what else was made sure of is recorded").needs(agent.ContactEdit), a.unlockContact)
	call(r, get("/contacts/{id}/conversations", "A contact's conversations, newest first").needs(agent.ContactRead), a.listContactConversations)
	call(r, get("/contacts/{id}/pages", "The pages that a contact looked at last, newest first").needs(agent.ContactRead), a.listContactPages)
}

// contactView is a contact as the wire shows them.
type contactView struct {
	contact.Contact
	Conversations int  `json:"conversations" doc:"how often they came"`
	Online        bool `json:"online" doc:"they have one of our pages open"`
}

func (a *API) contactView(c desk.Card) contactView {
	v := contactView{Contact: c.Contact, Conversations: c.Conversations, Online: a.Online != nil && a.Online(c.ID)}
	if v.Attributes == nil {
		v.Attributes = map[string]string{}
	}
	return v
}

func (a *API) contactOf(c desk.Card, err error) (contactView, error) {
	if err != nil {
		return contactView{}, err
	}
	return a.contactView(c), nil
}

type listContacts struct {
	PageOf
	Words string `query:"q" maxLength:"200"`
}

func (a *API) listContacts(ctx context.Context, by agent.Actor, in *listContacts) (l list[contactView], err error) {
	p, err := a.Desk.Contacts(ctx, by, in.Words, in.Cursor, in.Limit)
	l = list[contactView]{Items: make([]contactView, 0, len(p.Items)), Next: p.Next}
	for _, c := range p.Items {
		l.Items = append(l.Items, a.contactView(c))
	}
	return l, err
}

func (a *API) getContact(ctx context.Context, by agent.Actor, in *byID[contact.ID]) (contactView, error) {
	return a.contactOf(a.Desk.Contact(ctx, by, in.ID.Value))
}

func (a *API) changeContact(ctx context.Context, by agent.Actor, in *verifiedBody[contact.ID, desk.ContactChange]) (contactView, error) {
	return a.contactOf(a.Desk.ChangeContact(ctx, by, in.ID.Value, in.Body, in.Verification.Value))
}

type reveal struct {
	Field  string `json:"field" enum:"phone,email"`
	Reason string `json:"reason"`
}

type revealed struct {
	Value string `json:"value"`
}

func (a *API) revealContact(ctx context.Context, by agent.Actor, in *verifiedBody[contact.ID, reveal]) (revealed, error) {
	value, err := a.Desk.Reveal(ctx, by, in.ID.Value, in.Body.Field, in.Body.Reason, in.Verification.Value)
	return revealed{value}, err
}

func (a *API) contactAccount(ctx context.Context, by agent.Actor, in *byID[contact.ID]) (account.Standing, error) {
	return a.Account.StandingOf(ctx, by, in.ID.Value)
}

type unlock struct {
	Verified string `json:"verified" doc:"how you made sure who it is" maxLength:"500"`
}

func (a *API) unlockContact(ctx context.Context, by agent.Actor, in *verifiedBody[contact.ID, unlock]) (account.Standing, error) {
	return a.Account.Unlock(ctx, by, in.ID.Value, in.Body.Verified, in.Verification.Value)
}

type block struct {
	Blocked bool   `json:"blocked"`
	Reason  string `json:"reason"`
}

func (a *API) blockContact(ctx context.Context, by agent.Actor, in *withBody[contact.ID, block]) (contactView, error) {
	return a.contactOf(a.Desk.BlockContact(ctx, by, in.ID.Value, in.Body.Blocked, in.Body.Reason))
}

type pageOfOne[I any] struct {
	PageOf
	ID param[I] `path:"id"`
}

func (a *API) listContactConversations(ctx context.Context, by agent.Actor, in *pageOfOne[contact.ID]) (list[conversation.Conversation], error) {
	p, err := a.Desk.ContactConversations(ctx, by, in.ID.Value, in.Cursor, in.Limit)
	return list[conversation.Conversation](p), err
}

func (a *API) listContactPages(ctx context.Context, by agent.Actor, in *pageOfOne[contact.ID]) (list[contact.PageView], error) {
	ps, err := a.Desk.ContactPages(ctx, by, in.ID.Value)
	return list[contact.PageView]{Items: ps}, err
}
