package desk

import (
	"context"
	"slices"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/store"
)

// ListQuery asks for a page of a view; By is filled in.
type ListQuery = store.ConversationList

// mostRows is the longest page of a list, usualRows the one nobody asked for.
const (
	mostRows  = 100
	usualRows = 30
)

func limited100(n int) int {
	if n <= 0 {
		return usualRows
	}
	return min(n, mostRows)
}

// Conversations returns a page of a view.
func (d *Desk) Conversations(ctx context.Context, by agent.Actor, q ListQuery) (p Page[conversation.Conversation], err error) {
	if err := by.Need(agent.ConversationRead); err != nil {
		return p, err
	}
	q.By, q.Limit = by, limited100(q.Limit)
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		p.Items, p.Next, err = tx.ListConversations(ctx, q)
		return err
	})
	return p, err
}

// Counts is how many conversations each view holds; each stops at CountsEnd.
type Counts struct {
	Mine       int `json:"mine"`
	Queue      int `json:"queue"`
	Unassigned int `json:"unassigned"`
	Bot        int `json:"bot"`
	All        int `json:"all"`
	Closed     int `json:"closed"`
	Mentions   int `json:"mentions"`
	Unread     int `json:"unread"` // messages in the agent's own conversations
}

// CountsEnd is where counting stops: beyond it nobody cares, and the answer
// stays quick however much there is.
const CountsEnd = 1000

// Counts counts every view.
func (d *Desk) Counts(ctx context.Context, by agent.Actor) (n Counts, err error) {
	if err := by.Need(agent.ConversationRead); err != nil {
		return n, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		for v, into := range map[store.View]*int{
			store.Mine: &n.Mine, store.QueueView: &n.Queue, store.Unassigned: &n.Unassigned, store.BotView: &n.Bot,
			store.All: &n.All, store.ClosedView: &n.Closed, store.Mentions: &n.Mentions,
		} {
			c, err := tx.CountConversations(ctx, store.ConversationList{View: v, By: by}, CountsEnd)
			if err != nil {
				return err
			}
			*into = c.N
		}
		n.Unread, err = tx.CountUnread(ctx, by.Agent)
		return err
	})
	return n, err
}

// Detail is a conversation with the person it is with.
type Detail struct {
	Conversation conversation.Conversation   `json:"conversation"`
	Contact      Card                        `json:"contact"`
	Pages        []contact.PageView          `json:"pages"`
	Previous     []conversation.Conversation `json:"previous"`
}

const (
	shownPages    = 20
	shownPrevious = 10
)

// Open returns a conversation with its contact, masked, and records the look.
func (d *Desk) Open(ctx context.Context, by agent.Actor, i conversation.ID) (v Detail, err error) {
	if err := by.Need(agent.ConversationRead); err != nil {
		return v, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if v.Conversation, err = seen(ctx, tx, by, i); err != nil {
			return err
		}
		who, err := tx.Person(ctx, v.Conversation.Contact)
		if err != nil {
			return err
		}
		cs, err := d.cards(ctx, tx, by, []contact.Contact{who})
		if err != nil {
			return err
		}
		v.Contact = cs[0]
		if v.Pages, err = tx.PageViews(ctx, who.ID, shownPages); err != nil {
			return err
		}
		before, err := tx.ConversationsOf(ctx, who.ID, 0, shownPrevious+1)
		v.Previous = make([]conversation.Conversation, 0, len(before))
		for _, c := range before {
			if c.ID != i && by.Sees(c.Sight()) && len(v.Previous) < shownPrevious {
				v.Previous = append(v.Previous, c)
			}
		}
		return err
	})
	if err != nil {
		return v, err
	}
	return v, d.DB.Update(ctx, func(tx *store.Tx) error {
		return tx.Audit(ctx, audit.By(by, d.Now(), "conversation.look", audit.Of("conversation", i, v.Conversation.ContactName), nil))
	})
}

// Messages returns a page of a conversation's messages in order: after a
// sequence number, or the last ones before one.
func (d *Desk) Messages(ctx context.Context, by agent.Actor, i conversation.ID, after, before int64, limit int) (ms []conversation.Message, more bool, err error) {
	if err := by.Need(agent.ConversationRead); err != nil {
		return nil, false, err
	}
	tx := d.DB.Now()
	c, err := seen(ctx, tx, by, i)
	if err != nil {
		return nil, false, err
	}
	ms, more, err = messages(ctx, tx, i, after, before, limit)
	return slices.DeleteFunc(ms, func(m conversation.Message) bool { return !m.SeenBy(by, c) }), more, err
}
