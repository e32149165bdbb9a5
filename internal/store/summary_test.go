package store_test

import (
	"testing"
	"time"

	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// All that ended in a span is seen once, also what ended in one moment.
func TestEachEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, start := t.Context(), time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
		web := inbox.Inbox{ID: inbox.NewID(start), Key: "web", Kind: "webchat", Name: "官网"}
		who := contact.Contact{ID: contact.NewID(start), CreatedAt: start}
		err := db.Update(ctx, func(tx *store.Tx) error {
			if err := tx.InsertInbox(ctx, web); err != nil {
				return err
			}
			if err := tx.InsertContact(ctx, who); err != nil {
				return err
			}
			for n := range 1200 {
				ended := start.Add(time.Duration(n/700) * time.Second)
				if _, err := tx.InsertConversation(ctx, conversation.Conversation{
					ID: conversation.NewID(start), Inbox: web.ID, Channel: web.Kind, Contact: who.ID, State: conversation.Closed,
					StartedAt: start, LastAt: ended, ClosedAt: ended, Summary: &conversation.Summary{Category: "other"},
				}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name        string
			since, till time.Duration
			want        int
		}{
			{"all", 0, time.Minute, 1200},
			{"the first moment", 0, time.Second, 700},
			{"the second moment", time.Millisecond, time.Minute, 500},
			{"nothing", time.Minute, time.Hour, 0},
		} {
			got := 0
			err := db.Now().EachEnded(ctx, start.Add(c.since), start.Add(c.till), func(store.Ended) { got++ })
			if err != nil || got != c.want {
				t.Errorf("%s: %d ended, %v, want %d", c.name, got, err, c.want)
			}
		}
	})
}
