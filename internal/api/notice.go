package api

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/event"
)

func (a *API) notices(r *router) {
	call(r, get("/me/notices", "What colleagues told the agent, newest first"), a.listNotices)
	act(r, post("/me/notices/read", "All of it is read"), a.readNotices)
}

// noticeList is what an agent was told, and how much of it is unread.
type noticeList struct {
	Items  []event.Notice `json:"items"`
	Unread int            `json:"unread"`
}

func (a *API) listNotices(ctx context.Context, by agent.Actor, _ *struct{}) (noticeList, error) {
	ns, unread, err := a.Desk.Notices(ctx, by)
	return noticeList{Items: ns, Unread: unread}, err
}

func (a *API) readNotices(ctx context.Context, by agent.Actor, _ *struct{}) error {
	return a.Desk.ReadNotices(ctx, by)
}
