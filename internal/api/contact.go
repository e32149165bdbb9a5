package api

import (
	"context"
	"time"

	"yingda/internal/account"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
)

func (a *API) contacts(r *router) {
	read, edit, merge, ban := agent.ContactRead, agent.ContactEdit, agent.ContactMerge, agent.ContactBlock
	call(r, get("/contacts", "Contacts who match some words, newest first; without words those who were here last").needs(read), a.listContacts)
	call(r, get("/contacts/{id}", "The person that a contact is, with numbers and addresses masked; the look is recorded").needs(read), a.getContact)
	call(r, patch("/contacts/{id}", "Change what we know of a contact; another number or address needs a verification").needs(edit), a.changeContact)
	call(r, post("/contacts/{id}/reveal", "A phone number, an address or a personal attribute unmasked; who saw it and why is recorded. Who lacks contact.reveal needs a verification").needs(read), a.revealContact)
	call(r, post("/contacts/{id}/block", "Stop a contact from writing to us, or let them again").needs(ban), a.blockContact)
	call(r, get("/contacts/{id}/account", "How it stands with a contact's account on the public pages, for somebody who cannot sign in").needs(read), a.contactAccount)
	call(r, post("/contacts/{id}/account/unlock", "End the wait after wrong passwords, for a verified contact; what else was made sure of is recorded").needs(edit), a.unlockContact)
	call(r, get("/contacts/{id}/conversations", "A contact's conversations, newest first").needs(read), a.listContactConversations)
	call(r, get("/contacts/{id}/pages", "The pages that a contact looked at last, newest first").needs(read), a.listContactPages)

	call(r, get("/contacts/{id}/identities", "By what a person is known: numbers, addresses, ids; masked").needs(read), a.listIdentities)
	act(r, post("/contacts/{id}/identities", "Note another number, address or id of a contact").needs(edit), a.addIdentity)
	act(r, post("/contacts/{id}/identities/drop", "Forget a number, an address or an id, named as it is listed").needs(edit), a.dropIdentity)
	call(r, get("/contacts/{id}/twins", "Who may be the same person: who has the same number or address").needs(read), a.listTwins)
	call(r, get("/contacts/{id}/merges", "The merges by which a contact came about, the newest first").needs(read), a.listMerges)
	call(r, post("/contacts/{id}/merge/preview", "What merging another contact into this one would do").needs(merge), a.previewMerge)
	call(r, post("/contacts/{id}/merge", "Merge another contact into this one; it can be taken back").needs(merge), a.mergeContacts)
	act(r, post("/contacts/{id}/not-same", "Note that another contact with the same number or address is another person").needs(merge), a.notSame)
	call(r, post("/merges/{id}/undo", "Take a merge back").needs(merge), a.unmergeContacts)
	call(r, get("/duplicates", "Numbers and addresses that more than one person has").needs(merge), a.listDuplicates)

	call(r, get("/contacts/{id}/notes", "What people noted on a contact, pinned notes first, then the newest").needs(read), a.listNotes)
	call(r, post("/contacts/{id}/notes", "Note something on a contact").needs(edit).answers(201), a.addNote)
	call(r, patch("/notes/{id}", "Change a note or pin it").needs(edit), a.changeNote)
	act(r, remove("/notes/{id}", "Remove a note").needs(edit), a.dropNote)
	call(r, get("/contacts/{id}/steps", "What was tried already, the newest first").needs(read), a.listSteps)
	call(r, post("/contacts/{id}/steps", "Note what was tried already").needs(edit).answers(201), a.addStep)
	act(r, remove("/steps/{id}", "Remove a step that was noted by mistake").needs(edit), a.dropStep)

	call(r, get("/contact-fields", "What is known of customers beside their name and how to reach them"), a.listContactFields)
	call(r, put("/contact-fields/{code}", "Define a field of customers").needs(agent.ContactFields), a.putContactField)
	act(r, remove("/contact-fields/{code}", "Remove a field; the values that customers have stay").needs(agent.ContactFields), a.dropContactField)
	call(r, get("/contact-tags", "The tags of customers, those in use most first").needs(read), a.listContactTags)

	call(r, get("/blocks", "Who is blocked, or was, the newest first").needs(ban), a.listBlocks)
	call(r, post("/blocks", "Block a contact, a number, an address or a network").needs(ban).answers(201), a.addBlock)
	call(r, post("/blocks/{id}/lift", "Let somebody write to us again").needs(ban), a.liftBlock)
}

// contactView is a contact as the wire shows them.
type contactView struct {
	contact.Contact
	Conversations int          `json:"conversations" doc:"how often they came"`
	Online        bool         `json:"online" doc:"they have one of our pages open"`
	Also          []contact.ID `json:"also" doc:"other contacts that are the same person"`
	Asked         contact.ID   `json:"asked_id,omitzero" doc:"the contact that was asked for, if it was merged into this one"`
}

func (a *API) contactView(c desk.Card) contactView {
	v := contactView{Contact: c.Contact, Conversations: c.Conversations, Also: c.Also, Asked: c.Asked}
	for _, i := range append([]contact.ID{c.ID}, c.Also...) {
		v.Online = v.Online || a.Online != nil && a.Online(i)
	}
	if v.Also == nil {
		v.Also = []contact.ID{}
	}
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
	Words     string `query:"q" maxLength:"200"`
	Tag       string `query:"tag" maxLength:"80"`
	Attribute string `query:"attribute" maxLength:"300" doc:"code:value"`
}

func (a *API) listContacts(ctx context.Context, by agent.Actor, in *listContacts) (l list[contactView], err error) {
	p, err := a.Desk.Contacts(ctx, by, desk.ContactList{Words: in.Words, Tag: in.Tag, Attribute: in.Attribute, Cursor: in.Cursor, Limit: in.Limit})
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
	Field  string `json:"field" maxLength:"400" doc:"phone, email, attribute.<code>, or identity:<contact>:<kind>:<as it is listed>"`
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
	Blocked bool      `json:"blocked"`
	Reason  string    `json:"reason"`
	Until   time.Time `json:"until,omitzero" doc:"the end of the block; without it for good"`
}

func (a *API) blockContact(ctx context.Context, by agent.Actor, in *withBody[contact.ID, block]) (contactView, error) {
	return a.contactOf(a.Desk.BlockContact(ctx, by, in.ID.Value, in.Body.Blocked, in.Body.Reason, in.Body.Until))
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
