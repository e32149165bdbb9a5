package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/id"
	"yingda/internal/store/sqlcgen"
)

// Seat is an agent as the routing knows them.
type Seat struct {
	ID        agent.ID
	Name      string // the public one
	Language  string
	Capacity  int
	Presence  agent.Presence
	Connected bool
	GoneAt    time.Time // when their last console was closed; zero while one is open
	BusySince time.Time // since when they have held a conversation; zero while they hold none
	Disabled  bool
	// PhoneSince is since when a telephone of theirs can ring; zero: none can.
	PhoneSince time.Time
}

// Seat returns an agent's seat.
func (tx *Tx) Seat(ctx context.Context, a agent.ID) (Seat, error) {
	if err := tx.lock(ctx, "agents", int64(a)); err != nil {
		return Seat{}, err
	}
	r, err := tx.Queries.Seat(ctx, a)
	if err != nil {
		return Seat{}, notFound(err, "agent.unknown", "agent")
	}
	return Seat{
		ID: r.ID, Name: publicName(r.Name, r.Nickname), Language: r.Language, Capacity: int(r.Capacity),
		Presence: agent.Presence{
			State: agent.State(r.Presence), Reason: r.PresenceReason, Since: at(r.PresenceSince),
			By: r.PresenceBy, ByName: r.PresenceByName, Why: r.PresenceWhy,
		},
		Connected: r.Connected, GoneAt: at(r.GoneAt), BusySince: at(r.BusySince), Disabled: r.Disabled,
		PhoneSince: at(r.PhoneSince),
	}, nil
}

func publicName(name, nickname string) string {
	return agent.Agent{Name: name, Nickname: nickname}.PublicName()
}

// loadOf is how much an agent holds: each conversation that they answer for is
// one, and what they only take part in is rounded up.
func loadOf(held, takesPart int64) int {
	return int(held) + int(math.Ceil(routing.PartsWeight(takesPart)))
}

// Load returns how much an agent holds now.
func (tx *Tx) Load(ctx context.Context, a agent.ID) (int, error) {
	n, err := tx.SeatLoad(ctx, a)
	return loadOf(n.Held, n.TakesPart), err
}

// SetPresence writes an agent's presence, and how long the one before lasted.
func (tx *Tx) SetPresence(ctx context.Context, a agent.ID, was, now agent.Presence) error {
	if err := tx.LogPresence(ctx, sqlcgen.LogPresenceParams{
		ID: int64(id.New[logNoun](now.Since)), AgentID: a, State: string(was.State), Reason: was.Reason, Since: ms(was.Since), Until: ms(now.Since),
		SetBy: was.By, SetByName: was.ByName, Why: was.Why,
	}); err != nil {
		return err
	}
	return tx.Queries.SetPresence(ctx, sqlcgen.SetPresenceParams{
		Presence: string(now.State), Reason: now.Reason, Since: ms(now.Since), SetBy: now.By, SetByName: now.ByName, Why: now.Why, ID: a,
	})
}

// PresencePast is a presence that is over.
type PresencePast struct {
	agent.Presence
	Until time.Time `json:"until"`
}

// PresenceLog returns the last presences of an agent that are over, newest
// first.
func (tx *Tx) PresenceLog(ctx context.Context, a agent.ID, most int) ([]PresencePast, error) {
	rows, err := tx.Queries.PresenceLog(ctx, sqlcgen.PresenceLogParams{AgentID: a, Most: int64(most)})
	past := make([]PresencePast, 0, len(rows))
	for _, r := range rows {
		past = append(past, PresencePast{agent.Presence{
			State: agent.State(r.State), Reason: r.Reason, Since: at(r.Since), By: r.SetBy, ByName: r.SetByName, Why: r.Why,
		}, at(r.Until)})
	}
	return past, err
}

// SetHolding keeps since when an agent has held at least one conversation, and
// for how long they did. Nothing is written if it is known already.
func (tx *Tx) SetHolding(ctx context.Context, s Seat, holds bool, now time.Time) error {
	switch {
	case holds == !s.BusySince.IsZero():
		return nil
	case holds:
		return tx.SetBusySince(ctx, sqlcgen.SetBusySinceParams{BusySince: ms(now), ID: s.ID})
	}
	if err := tx.LogBusy(ctx, sqlcgen.LogBusyParams{ID: int64(id.New[logNoun](now)), AgentID: s.ID, Since: ms(s.BusySince), Until: ms(now)}); err != nil {
		return err
	}
	return tx.SetBusySince(ctx, sqlcgen.SetBusySinceParams{ID: s.ID})
}

type logNoun struct{}

func (logNoun) Prefix() string { return "lg" }

// SetConnected records that an agent's first console was opened, or the last
// one closed. It is false if that was known already.
func (tx *Tx) SetConnected(ctx context.Context, a agent.ID, connected bool, now time.Time) (bool, error) {
	gone := int64(0)
	if !connected {
		gone = ms(now)
	}
	n, err := tx.Queries.SetConnected(ctx, sqlcgen.SetConnectedParams{Connected: connected, GoneAt: gone, ID: a})
	return n > 0, err
}

// SetGone records since when an agent without a console has been gone.
func (tx *Tx) SetGone(ctx context.Context, a agent.ID, since time.Time) error {
	return tx.Queries.SetGone(ctx, sqlcgen.SetGoneParams{GoneAt: ms(since), ID: a})
}

// Connected returns the agents who have a console open somewhere.
func (tx *Tx) Connected(ctx context.Context) ([]agent.ID, error) { return tx.SeatsConnected(ctx) }

// SetIdle records since when an agent has got nothing new.
func (tx *Tx) SetIdle(ctx context.Context, a agent.ID, since time.Time) error {
	return tx.Queries.SetIdle(ctx, sqlcgen.SetIdleParams{IdleSince: ms(since), ID: a})
}

// Staffed reports whether anyone is there who answers.
func (tx *Tx) Staffed(ctx context.Context) (bool, error) {
	n, err := tx.SeatsStaffed(ctx)
	return n > 0, err
}

// Candidates returns the agents who are online and whose role lets them
// answer, with what they hold now and can. today is when the company's day
// began.
func (tx *Tx) Candidates(ctx context.Context, r routing.Rules, today, now time.Time) ([]routing.Candidate, error) {
	seats, err := tx.SeatsReady(ctx)
	if err != nil || len(seats) == 0 {
		return nil, err
	}
	may, err := tx.mayReply(ctx)
	if err != nil {
		return nil, err
	}
	f := floor{tx: tx, rules: r}
	f.read(ctx, "teams", f.teams)
	f.read(ctx, "skills", func(ctx context.Context) error { return f.skills(ctx, now) })
	f.read(ctx, "load", func(ctx context.Context) error { return f.loads(ctx, now) })
	f.read(ctx, "day", func(ctx context.Context) error { return f.day(ctx, today) })
	if f.err != nil {
		return nil, f.err
	}
	cs := make([]routing.Candidate, 0, len(seats))
	for _, s := range seats {
		if may[s.ID] {
			c := routing.Candidate{
				Agent: s.ID, Name: publicName(s.Name, s.Nickname), Teams: f.inTeams[s.ID], Skills: f.can[s.ID],
				Load: f.hold[s.ID], Capacity: float64(s.Capacity), IdleSince: at(s.IdleSince), OfferedAt: at(s.OfferedAt),
				Today: f.accepted[s.ID], Share: int(s.Share), Calls: f.calls[s.ID], NoPhone: s.PhoneSince == 0, PhoneSince: at(s.PhoneSince),
			}
			if f.filled[s.ID] {
				c.Load = max(c.Load, c.Capacity)
			}
			cs = append(cs, c)
		}
	}
	return cs, nil
}

// floor is all that the routing asks of all agents at once.
type floor struct {
	tx       *Tx
	rules    routing.Rules
	inTeams  map[agent.ID][]agent.TeamID
	can      map[agent.ID][]agent.Skilled
	hold     map[agent.ID]float64
	calls    map[agent.ID]int
	filled   map[agent.ID]bool // by a call
	accepted map[agent.ID]int
	err      error
}

// read does one of the questions, unless one before it failed.
func (f *floor) read(ctx context.Context, what string, ask func(context.Context) error) {
	if f.err == nil {
		if err := ask(ctx); err != nil {
			f.err = fmt.Errorf("the %s of those who are online: %w", what, err)
		}
	}
}

func (f *floor) teams(ctx context.Context) error {
	members, err := f.tx.SeatTeams(ctx)
	f.inTeams = map[agent.ID][]agent.TeamID{}
	for _, m := range members {
		f.inTeams[m.AgentID] = append(f.inTeams[m.AgentID], m.TeamID)
	}
	return err
}

func (f *floor) skills(ctx context.Context, now time.Time) error {
	day, err := f.tx.day(ctx, now)
	if err != nil {
		return err
	}
	rows, err := f.tx.SeatSkills(ctx, day)
	f.can = map[agent.ID][]agent.Skilled{}
	for _, r := range rows {
		f.can[r.AgentID] = append(f.can[r.AgentID], agent.Skilled{Skill: r.SkillID, Level: int(r.Level)})
	}
	return err
}

// loads counts what rings, what is answered, and what is over and still takes
// room for its summary.
func (f *floor) loads(ctx context.Context, now time.Time) error {
	f.hold, f.calls, f.filled = map[agent.ID]float64{}, map[agent.ID]int{}, map[agent.ID]bool{}
	held, err := f.tx.SeatsHold(ctx, ms(now.Add(-f.rules.WrapUp())))
	for _, h := range held {
		if h.Channel == routing.Phone {
			f.calls[h.Who] += int(h.Held)
		}
		if f.rules.Fills(h.Channel) {
			f.filled[h.Who] = true
			continue
		}
		f.hold[h.Who] += float64(h.Held) * f.rules.Weight(h.Channel)
	}
	if err != nil {
		return err
	}
	parts, err := f.tx.SeatsTakePart(ctx)
	for _, p := range parts {
		f.hold[p.AgentID] += routing.PartsWeight(p.Parts)
	}
	return err
}

// Attended reports whether anyone answers: is there, or was a moment ago, since
// a time, and may come back.
func (tx *Tx) Attended(ctx context.Context, since time.Time) (bool, error) {
	n, err := tx.SeatsExpected(ctx, ms(since))
	return n > 0, err
}

// WrapUpEnds returns when the first of what is over and still takes room for its
// summary takes none any more; zero if nothing does.
func (tx *Tx) WrapUpEnds(ctx context.Context, r routing.Rules, now time.Time) (time.Time, error) {
	if r.WrapUp() == 0 {
		return time.Time{}, nil
	}
	first, err := tx.FirstWrapUp(ctx, ms(now.Add(-r.WrapUp())))
	if err != nil || first == 0 {
		return time.Time{}, err
	}
	return at(first).Add(r.WrapUp()), nil
}

func (f *floor) day(ctx context.Context, today time.Time) error {
	f.accepted = map[agent.ID]int{}
	if !f.rules.CountsToday() {
		return nil
	}
	rows, err := f.tx.AcceptedSince(ctx, ms(today))
	for _, r := range rows {
		f.accepted[r.AgentID] = int(r.Accepted)
	}
	return err
}

func (tx *Tx) mayReply(ctx context.Context) (map[agent.ID]bool, error) {
	roles, err := tx.SeatRoles(ctx)
	if err != nil {
		return nil, err
	}
	may := make(map[agent.ID]bool, len(roles))
	replies := map[string]bool{} // by a role's permissions: hundreds of agents share a few roles
	for _, r := range roles {
		reply, read := replies[r.Permissions]
		if !read {
			var ps []agent.Permission
			if err := json.Unmarshal([]byte(r.Permissions), &ps); err != nil {
				return nil, err
			}
			reply = agent.Actor{Permissions: ps}.May(agent.ConversationReply)
			replies[r.Permissions] = reply
		}
		may[r.AgentID] = may[r.AgentID] || reply
	}
	return may, nil
}

// InsertOffer keeps why a conversation was offered to an agent.
func (tx *Tx) InsertOffer(ctx context.Context, c conversation.ID, d routing.Decision, now time.Time) error {
	why, err := json.Marshal(d.Why)
	if err != nil {
		return err
	}
	if err := tx.Queries.InsertOffer(ctx, sqlcgen.InsertOfferParams{
		ID: int64(id.New[logNoun](now)), ConversationID: c, AgentID: d.Agent, Why: string(why), At: ms(now),
	}); err != nil {
		return err
	}
	return tx.SetOffered(ctx, sqlcgen.SetOfferedParams{OfferedAt: ms(now), ID: d.Agent})
}

// HandedOn keeps that an agent handed a conversation on, so that it rests for
// them as one that they declined.
func (tx *Tx) HandedOn(ctx context.Context, c conversation.ID, a agent.ID, why []phrase.Reason, now time.Time) error {
	b, err := json.Marshal(why)
	if err != nil {
		return err
	}
	return tx.InsertHandover(ctx, sqlcgen.InsertHandoverParams{ID: int64(id.New[logNoun](now)), ConversationID: c, AgentID: a, Why: string(b), At: ms(now)})
}

// EndOffer keeps what became of the offer that rings: accepted, missed, ….
func (tx *Tx) EndOffer(ctx context.Context, c conversation.ID, a agent.ID, outcome string, now time.Time) error {
	return tx.EndOffers(ctx, sqlcgen.EndOffersParams{Outcome: outcome, EndedAt: ms(now), ConversationID: c, AgentID: a})
}

// Offered is an offer as it is kept: to whom, why, and what became of it.
type Offered struct {
	Agent   agent.ID        `json:"agent_id"`
	Name    string          `json:"agent_name"`
	Why     []phrase.Reason `json:"-"`
	Outcome string          `json:"outcome"` // accepted, declined, missed, withdrawn; empty while it rings
	At      time.Time       `json:"at"`
	EndedAt time.Time       `json:"ended_at,omitzero"`
}

// OffersOf returns the last offers of a conversation, newest first.
func (tx *Tx) OffersOf(ctx context.Context, c conversation.ID) ([]Offered, error) {
	rows, err := tx.Queries.OffersOf(ctx, c)
	offers := make([]Offered, 0, len(rows))
	for _, r := range rows {
		o := Offered{Agent: r.AgentID, Name: publicName(r.Name, r.Nickname), Outcome: r.Outcome, At: at(r.At), EndedAt: at(r.EndedAt)}
		if json.Unmarshal([]byte(r.Why), &o.Why) != nil { // kept as one English sentence before
			o.Why = []phrase.Reason{{Code: "route.past", Text: r.Why}}
		}
		offers = append(offers, o)
	}
	return offers, err
}

// Resting returns the offers that were missed or declined, and what was handed
// on, since a time, newest first.
func (tx *Tx) Resting(ctx context.Context, since time.Time) (map[conversation.ID][]routing.Offer, error) {
	rows, err := tx.Queries.Resting(ctx, ms(since))
	resting := map[conversation.ID][]routing.Offer{}
	for _, r := range rows {
		resting[r.ConversationID] = append(resting[r.ConversationID], routing.Offer{Agent: r.AgentID, Outcome: r.Outcome, EndedAt: at(r.EndedAt)})
	}
	return resting, err
}

// MissedInARow reports whether the last n offers to an agent since a time were
// all missed, offers that were taken back aside.
func (tx *Tx) MissedInARow(ctx context.Context, a agent.ID, n int, since time.Time) (bool, error) {
	outcomes, err := tx.LastOffersTo(ctx, sqlcgen.LastOffersToParams{AgentID: a, Since: ms(since), Most: int64(n)})
	return len(outcomes) == n && !slices.ContainsFunc(outcomes, func(o string) bool { return o != "missed" }), err
}

// Accused returns whom the contacts who wait complain about, while their
// complaint is open.
func (tx *Tx) Accused(ctx context.Context) (map[conversation.ID][]agent.ID, error) {
	rows, err := tx.AccusedByWaiting(ctx)
	accused := map[conversation.ID][]agent.ID{}
	for _, r := range rows {
		accused[r.ID] = append(accused[r.ID], r.AccusedID)
	}
	return accused, err
}

const routingName = "routing"

// RoutingRules returns how the company routes its work.
func (tx *Tx) RoutingRules(ctx context.Context) (routing.Rules, error) {
	return setting(ctx, tx, routingName, routing.DefaultRules())
}

// RoutingToChange returns the same. Until the transaction ends nobody else
// changes it.
func (tx *Tx) RoutingToChange(ctx context.Context) (routing.Rules, error) {
	if err := tx.holdSetting(ctx, routingName); err != nil {
		return routing.Rules{}, err
	}
	return tx.RoutingRules(ctx)
}

// SaveRouting writes how the company routes its work.
func (tx *Tx) SaveRouting(ctx context.Context, r routing.Rules, now time.Time) error {
	return tx.saveSetting(ctx, routingName, r, now)
}

// Rerank gives all that waits the place that new rules give it, and returns how
// much moved. What stands elsewhere than the rules before put it was placed by
// hand, and stays where it is.
func (tx *Tx) Rerank(ctx context.Context, was, is routing.Rules) (moved int64, err error) {
	for _, l := range routing.AllLanes() {
		before, ahead := was.Ahead(l.Most).Milliseconds(), is.Ahead(l.Most).Milliseconds()
		if before == ahead {
			continue
		}
		n, err := tx.RerankLane(ctx, sqlcgen.RerankLaneParams{Ahead: ahead, Least: int64(l.Least), Most: int64(l.Most), WasAhead: before})
		if err != nil {
			return moved, err
		}
		moved += n
	}
	return moved, nil
}

// HoldQueue keeps everybody else from giving out work until the transaction
// ends: two who looked at the same loads would fill a seat twice.
func (tx *Tx) HoldQueue(ctx context.Context) error { return tx.holdSetting(ctx, "queue") }

// TeamName returns what a team is called.
func (tx *Tx) TeamName(ctx context.Context, t agent.TeamID) (string, error) {
	name, err := tx.Queries.TeamName(ctx, t)
	return name, notFound(err, "team.unknown", "team")
}
