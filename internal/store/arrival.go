package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/staffing"
	"yingda/internal/kit/id"
	"yingda/internal/store/sqlcgen"
)

// measureOverlap is how far behind the newest measured conversation new ones
// are looked for: one that began earlier may have been committed later.
const measureOverlap = 10 * time.Minute

// Unmeasured returns conversations of which nothing is measured yet, oldest
// first.
func (tx *Tx) Unmeasured(ctx context.Context, most int) ([]conversation.ID, error) {
	last, err := tx.LastMeasured(ctx)
	if err != nil {
		return nil, err
	}
	after := conversation.ID(last)
	if after.IsZero() {
		after = -1 // the zero ID is NULL, after which nothing comes
	} else {
		after = earlierConversation(after, measureOverlap)
	}
	return tx.ConversationsUnmeasured(ctx, sqlcgen.ConversationsUnmeasuredParams{After: after, Most: int64(most)})
}

// earlierConversation is the least id of what began so long before another.
func earlierConversation(c conversation.ID, by time.Duration) conversation.ID {
	return min(c, conversation.ID(id.Least[id.Noun](c.Time().Add(-by))))
}

// Unsettled returns measured conversations after one that can still change,
// oldest first.
func (tx *Tx) Unsettled(ctx context.Context, after conversation.ID, most int) ([]conversation.ID, error) {
	if after.IsZero() {
		after = -1
	}
	return tx.MeasuredOpen(ctx, sqlcgen.MeasuredOpenParams{After: after, Most: int64(most)})
}

// HoldArrivals keeps everybody else from measuring until the transaction ends.
func (tx *Tx) HoldArrivals(ctx context.Context) error { return tx.holdSetting(ctx, "arrivals") }

// ContactOf returns what there is to measure of a conversation.
func (tx *Tx) ContactOf(ctx context.Context, c conversation.Conversation) (staffing.Contact, error) {
	out := staffing.Contact{LastWord: c.LastAt, Over: c.State == conversation.Closed, Ended: c.ClosedAt}
	rows, err := tx.QueueEvents(ctx, c.ID)
	if err != nil {
		return out, err
	}
	helped := false // the assistant spoke
	for _, r := range rows {
		if helped = helped || r.Sender == string(conversation.FromBot); r.Sender == string(conversation.FromBot) {
			continue
		}
		var x extra
		if err := json.Unmarshal([]byte(r.Extra), &x); err != nil || x.Event == nil {
			continue // an event of an older program says nothing here
		}
		switch when := at(r.At); x.Event.Name {
		case "queued", "offline": // offline: asked for while nobody was there
			if out.Asked.IsZero() {
				out.Asked = when
			}
		case "accepted":
			if out.Taken.IsZero() {
				out.Taken = when
			}
		case "closed":
			if when.After(out.Ended) {
				out.Ended = when
			}
		}
	}
	clocks, err := tx.ClocksOf(ctx, OfConversation, int64(c.ID))
	if err != nil {
		return out, err
	}
	for _, ck := range clocks {
		if ck.Metric == sla.FirstResponse || ck.Metric == sla.AnswerWait {
			out.Promised, out.InTime = true, ck.Kept()
		}
	}
	if c.Channel == call.Channel {
		return tx.spoken(ctx, c, out)
	}
	if out.Asked.IsZero() && !helped && c.State != conversation.Bot {
		out.Asked = c.StartedAt // there is no assistant here: to come is to ask for a person
	}
	if !c.FirstReplyAt.IsZero() && !c.FirstReplyAt.Before(out.Asked) {
		out.Answered = c.FirstReplyAt
	}
	return out, nil
}

// spoken is what there is to measure of a call: who answers has spoken, and a
// call that nobody waited for has not asked for a person.
func (tx *Tx) spoken(ctx context.Context, c conversation.Conversation, out staffing.Contact) (staffing.Contact, error) {
	k, ok, err := tx.CallIn(ctx, c.ID)
	if err != nil || !ok {
		return out, err
	}
	out.Answered = k.Record.AnsweredAt()
	if left := k.Record.LeftAt(); !left.IsZero() {
		out.LastWord = left
	}
	return out, nil
}

// Record keeps what a conversation adds to its half hour, and brings the sums
// of the half hour up to date.
func (tx *Tx) Record(ctx context.Context, c conversation.Conversation, slot time.Time, a staffing.Arrivals, over bool) error {
	had, err := tx.MeasuredRow(ctx, c.ID)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	was, before := arrivalsOf(sqlcgen.Arrival{
		Offered: had.Offered, Answered: had.Answered, Abandoned: had.Abandoned, Short: had.Short, Promised: had.Promised, InTime: had.InTime,
		WaitMs: had.WaitMs, AnswerMs: had.AnswerMs, Handled: had.Handled, HandlingMs: had.HandlingMs,
	}), at(had.Slot)
	if err == nil && was == a && before.Equal(slot) && had.Over == over {
		return nil
	}
	if err := tx.PutMeasured(ctx, sqlcgen.PutMeasuredParams{
		ConversationID: c.ID, Channel: c.Channel, Slot: ms(slot), Offered: int64(a.Offered), Answered: int64(a.Answered), Abandoned: int64(a.Abandoned),
		Short: int64(a.Short), Promised: int64(a.Promised), InTime: int64(a.InTime), WaitMs: a.Wait.Milliseconds(), AnswerMs: a.AnswerWait.Milliseconds(),
		Handled: int64(a.Handled), HandlingMs: a.Handling.Milliseconds(), Over: over,
	}); err != nil {
		return err
	}
	if !before.IsZero() && !before.Equal(slot) {
		if err := tx.AddArrival(ctx, c.Channel, before, staffing.Arrivals{}.Minus(was)); err != nil {
			return err
		}
		was = staffing.Arrivals{}
	}
	if slot.IsZero() || a == was {
		return nil
	}
	return tx.AddArrival(ctx, c.Channel, slot, a.Minus(was))
}

// AddArrival adds to the sums of a half hour.
func (tx *Tx) AddArrival(ctx context.Context, channel string, slot time.Time, a staffing.Arrivals) error {
	return tx.AddArrivals(ctx, sqlcgen.AddArrivalsParams{
		Channel: channel, Slot: ms(slot), Offered: int64(a.Offered), Answered: int64(a.Answered), Abandoned: int64(a.Abandoned), Short: int64(a.Short),
		Promised: int64(a.Promised), InTime: int64(a.InTime), WaitMs: a.Wait.Milliseconds(), AnswerMs: a.AnswerWait.Milliseconds(),
		Handled: int64(a.Handled), HandlingMs: a.Handling.Milliseconds(),
	})
}

// Arrived are the sums of one half hour of a channel.
type Arrived struct {
	Channel string
	Slot    time.Time
	staffing.Arrivals
}

// Arrivals returns the sums of the half hours from one time to another, by
// channel and time; half hours in which nobody came are left out.
func (tx *Tx) Arrivals(ctx context.Context, from, to time.Time) ([]Arrived, error) {
	rows, err := tx.ArrivalsBetween(ctx, sqlcgen.ArrivalsBetweenParams{First: ms(from), Last: ms(to)})
	all := make([]Arrived, 0, len(rows))
	for _, r := range rows {
		all = append(all, Arrived{r.Channel, at(r.Slot), arrivalsOf(r)})
	}
	return all, err
}

func arrivalsOf(r sqlcgen.Arrival) staffing.Arrivals {
	d := func(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }
	return staffing.Arrivals{
		Offered: int(r.Offered), Answered: int(r.Answered), Abandoned: int(r.Abandoned), Short: int(r.Short), Promised: int(r.Promised), InTime: int(r.InTime),
		Wait: d(r.WaitMs), AnswerWait: d(r.AnswerMs), Handled: int(r.Handled), Handling: d(r.HandlingMs),
	}
}

const staffingName = "staffing"

// StaffingSettings returns what plans of people are made with; the defaults
// until someone changed them.
func (tx *Tx) StaffingSettings(ctx context.Context) (staffing.Settings, error) {
	return setting(ctx, tx, staffingName, staffing.DefaultSettings())
}

// SaveStaffingSettings writes them.
func (tx *Tx) SaveStaffingSettings(ctx context.Context, s staffing.Settings, now time.Time) error {
	return tx.saveSetting(ctx, staffingName, s, now)
}

// ExpectedDay is what people expect of a day, half hour by half hour of the
// clock, instead of what was measured.
type ExpectedDay struct {
	Slots    []ExpectedSlot `json:"slots"`
	Patience int            `json:"patience_s,omitzero"` // 0: nobody gives up
	By       string         `json:"by"`
	At       time.Time      `json:"at"`
}

// ExpectedSlot is one half hour of it.
type ExpectedSlot struct {
	At       string  `json:"at"` // "09:30"
	Contacts float64 `json:"contacts"`
	Handling int     `json:"handling_s"`
}

// Expected returns what people expect of a day; false if they said nothing.
func (tx *Tx) Expected(ctx context.Context, channel, day string) (e ExpectedDay, ok bool, err error) {
	r, err := tx.ExpectedDay(ctx, sqlcgen.ExpectedDayParams{Channel: channel, Day: day})
	if errors.Is(err, sql.ErrNoRows) {
		return e, false, nil
	}
	if err != nil {
		return e, false, err
	}
	if err := json.Unmarshal([]byte(r.Body), &e); err != nil {
		return e, false, fmt.Errorf("what is expected of %s: %w", day, err)
	}
	e.By, e.At = r.ByName, at(r.At)
	return e, true, nil
}

// SaveExpected keeps what people expect of a day.
func (tx *Tx) SaveExpected(ctx context.Context, channel, day string, e ExpectedDay) error {
	b, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return tx.PutExpectedDay(ctx, sqlcgen.PutExpectedDayParams{Channel: channel, Day: day, Body: string(b), ByName: e.By, At: ms(e.At)})
}

// ForgetExpected goes back to what was measured.
func (tx *Tx) ForgetExpected(ctx context.Context, channel, day string) error {
	return tx.DeleteExpectedDay(ctx, sqlcgen.DeleteExpectedDayParams{Channel: channel, Day: day})
}

// TrialID names a simulation of a day.
type TrialID = id.ID[trialNoun]

type trialNoun struct{}

func (trialNoun) Prefix() string { return "tr" }

// NewTrialID returns the id of a simulation that is asked for at a time.
func NewTrialID(at time.Time) TrialID { return id.New[trialNoun](at) }

// Trial is a simulation of a day. Body is what was asked and what came out, as
// JSON of whoever asks.
type Trial struct {
	ID      TrialID
	Channel string
	Day     string
	Team    agent.TeamID
	State   string // asked, done, failed
	By      string
	At      time.Time
	Done    time.Time
	Body    string
}

// InsertTrial keeps a simulation that is asked for.
func (tx *Tx) InsertTrial(ctx context.Context, t Trial) error {
	return tx.Queries.InsertTrial(ctx, sqlcgen.InsertTrialParams{ID: int64(t.ID), Channel: t.Channel, Day: t.Day, TeamID: t.Team, State: t.State, AskedBy: t.By, AskedAt: ms(t.At), Body: t.Body})
}

// EndTrial keeps what came out.
func (tx *Tx) EndTrial(ctx context.Context, t Trial) error {
	return tx.Queries.EndTrial(ctx, sqlcgen.EndTrialParams{ID: int64(t.ID), State: t.State, DoneAt: ms(t.Done), Body: t.Body})
}

// Trial returns a simulation.
func (tx *Tx) Trial(ctx context.Context, i TrialID) (Trial, error) {
	r, err := tx.TrialRow(ctx, int64(i))
	if err != nil {
		return Trial{}, notFound(err, "trial.unknown", "simulation")
	}
	return trialOf(r), nil
}

// LastTrial returns the newest simulation of a day with the roster of a team,
// or of everybody; false if there is none.
func (tx *Tx) LastTrial(ctx context.Context, channel, day string, team agent.TeamID) (Trial, bool, error) {
	r, err := tx.Queries.LastTrial(ctx, sqlcgen.LastTrialParams{Channel: channel, Day: day, Team: int64(team)})
	if errors.Is(err, sql.ErrNoRows) {
		return Trial{}, false, nil
	}
	return trialOf(r), err == nil, err
}

func trialOf(r sqlcgen.Trial) Trial {
	return Trial{ID: TrialID(r.ID), Channel: r.Channel, Day: r.Day, Team: r.TeamID, State: r.State, By: r.AskedBy, At: at(r.AskedAt), Done: at(r.DoneAt), Body: r.Body}
}
