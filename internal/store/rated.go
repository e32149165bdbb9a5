package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/store/sqlcgen"
)

// ratedPage is how many calls with marks are read at once.
const ratedPage = 500

// EachRated calls f with the record of every call that has marks and began from
// since until before until, and with the team of its conversation; first begun
// first.
func (tx *Tx) EachRated(ctx context.Context, since, until time.Time, f func(call.Record, agent.TeamID)) error {
	p := sqlcgen.RatedInParams{Since: ms(since), Until: ms(until), Most: ratedPage}
	for {
		rows, err := tx.RatedIn(ctx, p)
		if err != nil {
			return err
		}
		for _, r := range rows {
			var rec call.Record
			if err := json.Unmarshal([]byte(r.Record), &rec); err != nil {
				return fmt.Errorf("record of call %s: %w", r.ID, err)
			}
			rec.RatedBy = call.RatingWay(r.RatedBy)
			f(rec, r.TeamID)
			p.Since, p.After = r.BeganAt, int64(r.ID)
		}
		if len(rows) < ratedPage {
			return nil
		}
	}
}

// CallsServed returns how many calls an agent had of those that began from since
// until before until, by the team of their conversations.
func (tx *Tx) CallsServed(ctx context.Context, since, until time.Time) (map[agent.TeamID]int, error) {
	rows, err := tx.ServedIn(ctx, sqlcgen.ServedInParams{Since: ms(since), Until: ms(until)})
	if err != nil {
		return nil, err
	}
	served := map[agent.TeamID]int{}
	for _, r := range rows {
		served[r.TeamID] += int(r.Calls)
	}
	return served, nil
}
