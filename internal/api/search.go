package api

import (
	"context"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/retrieve"
)

func (a *API) search(r *router) {
	call(r, get("/search", "Messages, conversations or contacts by words in any order; only what the reader may see"), a.find)
}

type find struct {
	PageOf
	Words string `query:"q" required:"true" minLength:"1" maxLength:"200"`
	Kind  string `query:"kind" enum:"message,conversation,contact" default:"message"`
	Sort  string `query:"sort" enum:"best,newest" default:"best"`
}

// hit is a thing that was found; the field that its kind names is there.
type hit struct {
	Kind         string                     `json:"kind" enum:"message,conversation,contact"`
	Conversation *conversation.Conversation `json:"conversation,omitempty"`
	Message      *conversation.Message      `json:"message,omitempty"`
	Contact      *contactView               `json:"contact,omitempty"`
	Snippet      []retrieve.Piece           `json:"hit"`
}

func (a *API) find(ctx context.Context, by agent.Actor, in *find) (list[hit], error) {
	p, err := a.Desk.Search(ctx, by, desk.SearchQuery{
		Text: in.Words, Kind: in.Kind, Newest: in.Sort == "newest", Cursor: in.Cursor, Limit: in.Limit,
	})
	l := list[hit]{Items: make([]hit, 0, len(p.Items)), Next: p.Next}
	for _, h := range p.Items {
		found := hit{Kind: h.Kind, Conversation: h.Conversation, Message: h.Message, Snippet: h.Snippet}
		if h.Contact != nil {
			v := a.contactView(*h.Contact)
			found.Contact = &v
		}
		if found.Snippet == nil {
			found.Snippet = []retrieve.Piece{}
		}
		l.Items = append(l.Items, found)
	}
	return l, err
}
