package post

import (
	"context"
	"time"

	"yingda/internal/kit/id"
	"yingda/internal/kit/mail"
	"yingda/internal/store"
)

// Mailbox is the demo's courier: it keeps letters, for a page to show, instead
// of sending them anywhere.
type Mailbox struct {
	DB  *store.DB
	Now func() time.Time
}

type letterNoun struct{}

func (letterNoun) Prefix() string { return "lt" }

// shown is how many letters the page shows.
const shown = 50

// Deliver keeps a letter.
func (b *Mailbox) Deliver(ctx context.Context, m mail.Message) error {
	now := b.Now()
	return b.DB.Update(ctx, func(tx *store.Tx) error {
		return tx.KeepLetter(ctx, int64(id.New[letterNoun](now)), store.SentLetter{Address: m.To, Subject: m.Subject, Text: m.Text, At: now})
	})
}

// Kept is a letter in the mailbox.
type Kept struct {
	Letter
	At time.Time
}

// Letters returns what was sent last, newest first.
func (b *Mailbox) Letters(ctx context.Context) ([]Kept, error) {
	ls, err := b.DB.Now().KeptLetters(ctx, shown)
	kept := make([]Kept, 0, len(ls))
	for _, l := range ls {
		kept = append(kept, Kept{Letter: Letter{To: l.Address, Subject: l.Subject, Text: l.Text}, At: l.At})
	}
	return kept, err
}
