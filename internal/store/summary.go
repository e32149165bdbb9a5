package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/store/sqlcgen"
)

// Ended is a conversation that is over.
type Ended struct {
	ID      conversation.ID
	Team    agent.TeamID
	Agent   agent.ID              // zero if no person answered
	Summary *conversation.Summary // nil if none was written
}

// endedPage is how much of what ended is read at once.
const endedPage = 500

// EachEnded calls f with every conversation that ended from since until before
// until, first ended first.
func (tx *Tx) EachEnded(ctx context.Context, since, until time.Time, f func(Ended)) error {
	p := sqlcgen.EndedInParams{Since: ms(since), Until: ms(until), Most: endedPage}
	for {
		rows, err := tx.EndedIn(ctx, p)
		if err != nil {
			return err
		}
		for _, r := range rows {
			e := Ended{ID: r.ID, Team: r.TeamID, Agent: r.AgentID}
			if r.Summary != "" {
				e.Summary = &conversation.Summary{}
				if err := json.Unmarshal([]byte(r.Summary), e.Summary); err != nil {
					return fmt.Errorf("summary of a conversation: %w", err)
				}
			}
			f(e)
			p.Since, p.After = r.ClosedAt, int64(r.ID)
		}
		if len(rows) < endedPage {
			return nil
		}
	}
}
