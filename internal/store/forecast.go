package store

import (
	"context"
	"time"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/id"
	"yingda/internal/store/sqlcgen"
)

// InsertForecast keeps what a contact was told of their wait.
func (tx *Tx) InsertForecast(ctx context.Context, c conversation.ID, f routing.Forecast, now time.Time) error {
	least, most := f.Band.Bounds()
	return tx.Queries.InsertForecast(ctx, sqlcgen.InsertForecastParams{
		ID: int64(id.New[logNoun](now)), ConversationID: c, At: ms(now), Position: int64(f.Position), Estimator: string(f.By),
		Expected: f.Expected.Milliseconds(), Least: least.Milliseconds(), Most: most.Milliseconds(),
	})
}

// EndForecasts keeps how long the wait was in truth, and whether it ended in an
// answer or the contact gave up: answered or left.
func (tx *Tx) EndForecasts(ctx context.Context, c conversation.ID, outcome string, now time.Time) error {
	return tx.Queries.EndForecasts(ctx, sqlcgen.EndForecastsParams{Now: ms(now), Outcome: outcome, ConversationID: c})
}

// Pace is how fast work went lately; what nothing is known of is zero.
type Pace struct {
	Handling time.Duration // mean, from the first reply to the end
	Patience time.Duration // mean, of those who gave up and of those who did not need to (domain reference §4.4)
	Last     time.Duration // wait of who was answered last
	Ended    int           // conversations that were looked at
}

// Pace returns how fast work went since a time.
func (tx *Tx) Pace(ctx context.Context, since time.Time) (p Pace, err error) {
	handled, err := tx.HandlingSince(ctx, ms(since))
	if err != nil {
		return p, err
	}
	if p.Ended = int(handled.Ended); p.Ended > 0 {
		p.Handling = time.Duration(handled.Took/handled.Ended) * time.Millisecond
	}
	waits, err := tx.WaitsEnded(ctx, ms(since))
	if err != nil {
		return p, err
	}
	if waits.GaveUp > 0 {
		p.Patience = time.Duration(waits.Waited/waits.GaveUp) * time.Millisecond
	}
	last, err := tx.LastServed(ctx, sqlcgen.LastServedParams{Since: ms(since), Most: 1})
	if len(last) > 0 {
		p.Last = time.Duration(last[0]) * time.Millisecond
	}
	return p, err
}

// HeadOfQueue returns since when who is next has waited; zero if nobody waits.
func (tx *Tx) HeadOfQueue(ctx context.Context) (time.Time, error) {
	since, err := tx.Queries.HeadOfQueue(ctx)
	if err != nil || len(since) == 0 {
		return time.Time{}, err
	}
	return at(since[0]), nil
}

// ForecastError is how true what one estimator said was.
type ForecastError struct {
	By   routing.Estimator `json:"estimator"`
	Told int               `json:"told"`
	Held float64           `json:"held"`            // share of waits within what was announced
	Off  float64           `json:"off_seconds"`     // mean of how far off it was
	Lean float64           `json:"leaning_seconds"` // mean of true minus expected: above 0, people waited longer
}

// ForecastErrors returns how true the waits were that were announced since a time.
func (tx *Tx) ForecastErrors(ctx context.Context, since time.Time) ([]ForecastError, error) {
	rows, err := tx.Queries.ForecastErrors(ctx, ms(since))
	es := make([]ForecastError, 0, len(rows))
	for _, r := range rows {
		n := float64(r.Told)
		es = append(es, ForecastError{
			By: routing.Estimator(r.Estimator), Told: int(r.Told), Held: float64(r.Held) / n,
			Off: float64(r.MissedBy) / n / 1000, Lean: float64(r.Leaning) / n / 1000,
		})
	}
	return es, err
}
