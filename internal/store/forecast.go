package store

import (
	"context"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
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

// Foretold is what became of the waits that were announced in one half hour,
// to those who came through one inbox and wait for one team, by one estimator.
type Foretold struct {
	Inbox inbox.ID
	Team  agent.TeamID // zero: nobody in particular
	By    routing.Estimator
	Slot  time.Time // when the half hour begins
	Truth
}

// Truth is how true the waits were that were announced. Whoever is neither
// among Answered nor among Left still waits.
type Truth struct {
	Told      int
	Answered  int
	Held      int           // answered within what was announced
	Longer    int           // answered after the end of what was announced
	MissedBy  time.Duration // of the answered, the sum of how far the true wait was from the expected one
	Leaning   time.Duration // of the answered, the sum of true minus expected; above 0: they waited longer
	Left      int           // gave up
	Outlasted int           // gave up after the end of what was announced
}

// Plus returns the sum of both.
func (t Truth) Plus(o Truth) Truth {
	return Truth{
		t.Told + o.Told, t.Answered + o.Answered, t.Held + o.Held, t.Longer + o.Longer,
		t.MissedBy + o.MissedBy, t.Leaning + o.Leaning, t.Left + o.Left, t.Outlasted + o.Outlasted,
	}
}

// Foretold returns how true the waits were that were announced in a span, in
// order of time; to is out.
func (tx *Tx) Foretold(ctx context.Context, from, to time.Time) ([]Foretold, error) {
	rows, err := tx.ForecastSums(ctx, sqlcgen.ForecastSumsParams{Since: ms(from), Until: ms(to)})
	all := make([]Foretold, 0, len(rows))
	for _, r := range rows {
		all = append(all, Foretold{
			Inbox: r.InboxID, Team: r.TeamID, By: routing.Estimator(r.Estimator), Slot: at(r.HalfHour * halfHour.Milliseconds()),
			Truth: Truth{
				Told: int(r.Told), Answered: int(r.Answered), Held: int(r.Held), Longer: int(r.Longer),
				MissedBy: time.Duration(r.MissedBy) * time.Millisecond, Leaning: time.Duration(r.Leaning) * time.Millisecond,
				Left: int(r.GaveUp), Outlasted: int(r.Outlasted),
			},
		})
	}
	return all, err
}

// halfHour is what the sums of forecasts are counted by.
const halfHour = 30 * time.Minute
