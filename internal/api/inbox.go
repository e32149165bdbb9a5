package api

import (
	"context"
	"html"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/domain/routing"
)

func (a *API) inboxes(r *router) {
	call(r, get("/inboxes", "All ways in, the oldest first"), a.listInboxes)
	call(r, post("/inboxes", "Make a way in; what is not named has its default").needs(agent.ChannelManage), a.createInbox)
	call(r, patch("/inboxes/{id}", "Change a way in").needs(agent.ChannelManage), a.changeInbox)
	call(r, post("/inboxes/{id}/secret", "A new secret for the host site's tokens, shown this once; the old one ends").needs(agent.ChannelManage), a.rotateSecret)
}

// inboxView is an inbox as the wire shows it: without its secret, with the
// line that embeds it in a page.
type inboxView struct {
	inbox.Inbox
	Snippet   string `json:"snippet" doc:"the line that embeds the widget in a page; empty for a mailbox"`
	HasSecret bool   `json:"signing_secret_set"`
}

func viewInbox(ctx context.Context, in inbox.Inbox) inboxView {
	v := inboxView{Inbox: in, HasSecret: len(in.Secret) > 0}
	if in.Kind != mailbox.Channel && in.Kind != routing.Phone {
		v.Snippet = snippet(originOf(ctx), in)
	}
	return v
}

func snippet(origin string, in inbox.Inbox) string {
	invites := ""
	if len(in.Settings.Proactive) > 0 {
		invites = " data-invite"
	}
	return `<script async src="` + html.EscapeString(origin) + `/widget.js" data-inbox="` + html.EscapeString(in.Key) + `"` + invites + `></script>`
}

func (a *API) listInboxes(ctx context.Context, _ agent.Actor, _ *struct{}) (list[inboxView], error) {
	ins, err := a.Desk.Inboxes(ctx)
	l := list[inboxView]{Items: make([]inboxView, 0, len(ins))}
	for _, in := range ins {
		l.Items = append(l.Items, viewInbox(ctx, in))
	}
	return l, err
}

func (a *API) createInbox(ctx context.Context, by agent.Actor, in *struct{ Body desk.InboxChange }) (inboxView, error) {
	made, err := a.Desk.CreateInbox(ctx, by, in.Body)
	return viewInbox(ctx, made), err
}

func (a *API) changeInbox(ctx context.Context, by agent.Actor, in *withBody[inbox.ID, desk.InboxChange]) (inboxView, error) {
	changed, err := a.Desk.ChangeInbox(ctx, by, in.ID.Value, in.Body)
	return viewInbox(ctx, changed), err
}

type secret struct {
	Secret string `json:"secret"`
}

func (a *API) rotateSecret(ctx context.Context, by agent.Actor, in *byID[inbox.ID]) (secret, error) {
	s, err := a.Desk.RotateInboxSecret(ctx, by, in.ID.Value)
	return secret{s}, err
}
