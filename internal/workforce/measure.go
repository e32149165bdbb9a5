package workforce

import (
	"context"
	"time"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/staffing"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// measureEvery is how old the sums of arrivals may be, and measureBatch how
// many conversations one transaction measures.
const (
	measureEvery = 5 * time.Minute
	measureBatch = 200
)

// Measure brings the sums of arrivals up to date: it looks at conversations
// that are new and at those that were not over yet, and at nothing else, so
// that it takes as long after ten years as on the first day.
func (w *Workforce) Measure(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "measure arrivals")
	var last conversation.ID
	for {
		n := 0
		if err := w.DB.Update(ctx, func(tx *store.Tx) error {
			ids, err := tx.Unsettled(ctx, last, measureBatch)
			if err != nil {
				return err
			}
			if n = len(ids); n == 0 {
				return nil
			}
			if err := w.measure(ctx, tx, ids); err != nil {
				return err
			}
			last = ids[n-1]
			return nil
		}); err != nil {
			return err
		}
		if n < measureBatch {
			break
		}
	}
	for {
		n := 0
		if err := w.DB.Update(ctx, func(tx *store.Tx) error {
			ids, err := tx.Unmeasured(ctx, measureBatch)
			n = len(ids)
			if err != nil || n == 0 {
				return err
			}
			return w.measure(ctx, tx, ids)
		}); err != nil || n < measureBatch {
			return err
		}
	}
}

func (w *Workforce) measure(ctx context.Context, tx *store.Tx, ids []conversation.ID) error {
	if err := tx.HoldArrivals(ctx); err != nil {
		return err
	}
	for _, i := range ids {
		c, err := tx.Conversation(ctx, i)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		contact, err := tx.ContactOf(ctx, c)
		if err != nil {
			return err
		}
		slot, a := staffing.Measure(contact)
		if err := tx.Record(ctx, c, slot, a, contact.Over); err != nil {
			return err
		}
	}
	return nil
}
