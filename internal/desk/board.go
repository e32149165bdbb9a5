package desk

import (
	"context"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/event"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// BoardRow is an open clock with its case.
type BoardRow struct {
	Clock store.ClockOf
	Case  ticket.Case
}

// Board returns a page of the open clocks of cases that the actor may see,
// next limit first: the promises at risk stand on top.
func (d *Desk) Board(ctx context.Context, by agent.Actor, cursor string, limit int) (p Page[BoardRow], err error) {
	if err := by.Need(agent.CaseRead); err != nil {
		return p, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		rows, next, err := tx.ClockBoard(ctx, by, cursor, limited100(limit))
		if err != nil {
			return err
		}
		p = Page[BoardRow]{Items: make([]BoardRow, 0, len(rows)), Next: next}
		for _, ck := range rows {
			c, err := tx.Case(ctx, ticket.ID(ck.Subject))
			if err != nil {
				return err
			}
			p.Items = append(p.Items, BoardRow{ck, c.Masked()})
		}
		return nil
	})
	return p, err
}

// Kept is how a promise was kept.
type Kept struct {
	Metric  sla.Metric `json:"metric"`
	Name    sla.Text   `json:"name"`
	Channel string     `json:"channel"`
	Ended   int        `json:"ended"` // that were met, in time or late
	Kept    int        `json:"kept"`
	Percent float64    `json:"percent"` // of those that ended; 0 if none did
}

// PromisesKept returns how promises were kept in the last days.
func (d *Desk) PromisesKept(ctx context.Context, by agent.Actor, days int) ([]Kept, error) {
	if err := by.Need(agent.PromiseRead); err != nil {
		return nil, err
	}
	return d.kept(ctx, days)
}

func (d *Desk) kept(ctx context.Context, days int) ([]Kept, error) {
	records, err := d.DB.Now().KeptSince(ctx, d.Now().Add(-time.Duration(days)*24*time.Hour))
	ks := make([]Kept, 0, len(records))
	for _, r := range records {
		ks = append(ks, Kept{r.Metric, r.Metric.Name(), r.Channel, r.Ended, r.Kept, 100 * float64(r.Kept) / float64(max(1, r.Ended))})
	}
	return ks, err
}

// Handling returns how cases are handled here. Everybody who works here may
// know it: forms are made of it.
func (d *Desk) Handling(ctx context.Context) (ticket.Handling, error) {
	return d.DB.Now().Handling(ctx)
}

// ChangeHandling changes how cases are handled. What is open goes on by the
// new windows from its next step. It is a Conflict if somebody changed it since
// the version that was read.
func (d *Desk) ChangeHandling(ctx context.Context, by agent.Actor, h ticket.Handling) (_ ticket.Handling, err error) {
	defer fault.Wrap(&err, "change how cases are handled")
	if err := by.Need(agent.SettingManage); err != nil {
		return h, err
	}
	if err := h.Check(); err != nil {
		return h, err
	}
	read := h.Version
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.HandlingToChange(ctx)
		if err != nil {
			return err
		}
		if was.Version != read {
			return errChanged
		}
		now := d.Now()
		h.Version = read + 1
		if err := tx.SaveHandling(ctx, h, now); err != nil {
			return err
		}
		if err := tx.Audit(ctx, audit.By(by, now, "setting.change", audit.Object{Kind: "setting", ID: "handling"}, nil)); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: now})
	})
	return h, err
}
