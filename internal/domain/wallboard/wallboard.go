// Package wallboard is what a supervisor sees at a glance (现场看板): who waits
// and how long, how the promise of chats was kept today, who is there and what
// they hold. One snapshot of the house is read for everybody; what each viewer
// may see of it is cut out here.
package wallboard

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/sla"
)

// Snapshot is the house at one moment.
type Snapshot struct {
	At    time.Time
	Seats []Seat
	Talks []Talk
	Bots  map[agent.TeamID]int   // conversations with the assistant
	Owed  map[agent.TeamID]int   // summaries that are owed
	Ended map[agent.TeamID]Ended // chats whose promise ended today
	Risks []Risk                 // promises that run, the next limit first
}

// Seat is an agent who answers.
type Seat struct {
	ID        agent.ID
	Name      string
	Teams     []agent.TeamID
	Capacity  int
	Presence  agent.Presence
	Connected bool
	Phone     bool   // one of theirs can ring
	Worked    Worked // today
}

// Talk is a conversation that waits, or that an agent answers.
type Talk struct {
	ID           conversation.ID
	Number       int64
	Contact      string
	State        conversation.State
	Team         agent.TeamID
	Agent        agent.ID
	Offered      agent.ID
	Reason       conversation.Reason
	Priority     int
	QueuedAt     time.Time
	StartedAt    time.Time
	WaitingSince time.Time
}

func (t Talk) sight() agent.Sight {
	return agent.Sight{Team: t.Team, Agent: t.Agent, Offered: t.Offered}
}

// at is the agent who answers it, or whom it rings at.
func (t Talk) at() agent.ID {
	if t.State == conversation.Active {
		return t.Agent
	}
	return t.Offered
}

// Risk is a promise that has not been met yet.
type Risk struct {
	Kind     string     `json:"kind"` // conversation or case
	ID       string     `json:"id"`
	Number   string     `json:"number"`
	Metric   sla.Metric `json:"metric"`
	Name     sla.Text   `json:"name"`
	Received time.Time  `json:"received_at"`
	Limit    time.Time  `json:"limit_at"`
	Agent    string     `json:"agent_name,omitzero"`
	sight    agent.Sight
}

// Seen returns the risk with what decides who may see it.
func (r Risk) Seen(s agent.Sight) Risk {
	r.sight = s
	return r
}

// Who is whose eyes a board is for: as far as their scope reaches.
type Who struct {
	Scope agent.Scope
	Teams []agent.TeamID
	Agent agent.ID // with ScopeOwn only: who shares a team shares a board
}

// Need is nil for an actor who may look at a wallboard.
func Need(by agent.Actor) error { return by.Need(agent.ConversationMonitor) }

// Of returns whose eyes an actor looks with.
func Of(by agent.Actor) Who {
	switch by.Scope {
	case agent.ScopeAll:
		return Who{Scope: by.Scope}
	case agent.ScopeTeam:
		return Who{Scope: by.Scope, Teams: slices.Sorted(slices.Values(by.Teams))}
	default:
		return Who{Scope: agent.ScopeOwn, Agent: by.Agent}
	}
}

// Key is the same for all who see the same.
func (w Who) Key() string {
	var b strings.Builder
	b.WriteString(string(w.Scope))
	for _, t := range w.Teams {
		b.WriteByte(' ')
		b.WriteString(t.String())
	}
	if !w.Agent.IsZero() {
		b.WriteByte(' ')
		b.WriteString(w.Agent.String())
	}
	return b.String()
}

func (w Who) actor() agent.Actor {
	return agent.Actor{Agent: w.Agent, Scope: w.Scope, Teams: w.Teams, Permissions: []agent.Permission{agent.ConversationRead}}
}

// Oversees reports whether a seat is theirs to look after: everybody's, or of
// those who share a team with them and of those in none.
func (w Who) Oversees(id agent.ID, teams []agent.TeamID) bool {
	switch w.Scope {
	case agent.ScopeAll:
		return true
	case agent.ScopeTeam:
		return len(teams) == 0 || slices.ContainsFunc(teams, func(t agent.TeamID) bool { return slices.Contains(w.Teams, t) })
	case agent.ScopeOwn:
	}
	return !id.IsZero() && id == w.Agent
}

func (w Who) sees(team agent.TeamID) bool {
	return w.actor().Sees(agent.Sight{Team: team})
}

// Board is a snapshot as one viewer may see it.
type Board struct {
	At      time.Time `json:"at"`
	Figures Figures   `json:"figures"`
	Queue   []Queued  `json:"queue"`  // the first of those who wait
	Risks   []Risk    `json:"risks"`  // the next promises that would be broken
	Agents  []Seated  `json:"agents"` // those who are there first
}

// Figures are the numbers of a board; Definitions says what each counts.
type Figures struct {
	Waiting int       `json:"waiting"`
	Oldest  time.Time `json:"oldest_at,omitzero"` // since when the one waits who waits longest
	Ringing int       `json:"ringing"`            // of those who wait
	Open    int       `json:"open"`
	Active  int       `json:"active"`
	Bot     int       `json:"bot"`
	Owed    int       `json:"owed"` // summaries

	Level Level `json:"level"` // today
	Late  int   `json:"late"`  // chats that still wait for their first answer and are past the promise

	Online    int      `json:"online"`
	Busy      int      `json:"busy"`
	Away      int      `json:"away"` // on a break
	Free      int      `json:"free"` // places of those online that nothing fills
	Occupancy *float64 `json:"occupancy,omitempty"`
}

// Queued is a conversation in the queue.
type Queued struct {
	ID       conversation.ID     `json:"id"`
	Number   int64               `json:"number"`
	Contact  string              `json:"contact_name"`
	Since    time.Time           `json:"since"`
	Reason   conversation.Reason `json:"reason,omitzero"`
	Priority int                 `json:"priority"`
	RingsAt  agent.ID            `json:"rings_at,omitzero"`
	RingsAs  string              `json:"rings_at_name,omitzero"`
	Team     agent.TeamID        `json:"team_id,omitzero"`
	Limit    time.Time           `json:"limit_at,omitzero"` // of the promise of its first answer
}

// Seated is a seat on a board.
type Seated struct {
	ID        agent.ID       `json:"id"`
	Name      string         `json:"name"`
	Presence  agent.Presence `json:"presence"`
	Connected bool           `json:"connected"`
	Phone     bool           `json:"phone"` // one of theirs can ring
	Load      int            `json:"load"`
	Ringing   int            `json:"ringing"`
	Capacity  int            `json:"capacity"`
	Holds     []Held         `json:"holds"`
	Occupancy *float64       `json:"occupancy,omitempty"`
}

// Same reports whether nothing that is shown of a seat differs.
func (s Seated) Same(as Seated) bool {
	left, right := s.Occupancy, as.Occupancy
	occupied := left == right || left != nil && right != nil && *left == *right
	return occupied && s.ID == as.ID && s.Name == as.Name && s.Presence == as.Presence && s.Connected == as.Connected && s.Phone == as.Phone &&
		s.Load == as.Load && s.Ringing == as.Ringing && s.Capacity == as.Capacity && slices.Equal(s.Holds, as.Holds)
}

// Held is a conversation at an agent.
type Held struct {
	ID      conversation.ID `json:"id,omitzero"` // absent of one that the viewer may not open
	Number  int64           `json:"number"`
	Contact string          `json:"contact_name"`
	Rings   bool            `json:"rings,omitzero"`
	Since   time.Time       `json:"since"`
	Waits   time.Time       `json:"waits_since,omitzero"` // since when the contact waits for a word
}

const (
	shownWaiting = 50
	shownRisks   = 20
)

// Board cuts out what w may see.
func (s Snapshot) Board(w Who) Board {
	b := Board{At: s.At, Queue: []Queued{}, Risks: []Risk{}, Agents: []Seated{}}
	f, actor := &b.Figures, w.actor()
	names := map[agent.ID]string{}
	for _, seat := range s.Seats {
		names[seat.ID] = seat.Name
	}
	limits := map[string]time.Time{}
	for _, r := range s.Risks {
		if !actor.Sees(r.sight) {
			continue
		}
		if r.Kind == OfConversation {
			limits[r.ID] = r.Limit
			if !r.Limit.After(s.At) {
				f.Late++
			}
		}
		if r.Agent = names[r.sight.Agent]; r.Agent == "" {
			r.Agent = names[r.sight.Offered]
		}
		b.Risks = append(b.Risks, r)
	}
	slices.SortStableFunc(b.Risks, func(x, y Risk) int { return x.Limit.Compare(y.Limit) })
	b.Risks = b.Risks[:min(len(b.Risks), shownRisks)]

	held := s.places()
	for _, t := range s.Talks {
		seen := actor.Sees(t.sight())
		h := Held{Number: t.Number, Since: t.StartedAt, Waits: t.WaitingSince}
		if seen { // of what is not theirs to open they see that it is there
			h.ID, h.Contact = t.ID, t.Contact
		}
		if t.State != conversation.Active {
			h.Since, h.Rings = t.QueuedAt, true
		}
		if at := t.at(); !at.IsZero() {
			held[at] = append(held[at], h)
		}
		if !seen {
			continue
		}
		if t.State == conversation.Active {
			f.Active++
			continue
		}
		f.Waiting++
		if !t.Offered.IsZero() {
			f.Ringing++
		}
		if f.Oldest.IsZero() || t.QueuedAt.Before(f.Oldest) {
			f.Oldest = t.QueuedAt
		}
		b.Queue = append(b.Queue, Queued{
			ID: t.ID, Number: t.Number, Contact: t.Contact, Since: t.QueuedAt, Reason: t.Reason, Priority: t.Priority,
			RingsAt: t.Offered, RingsAs: names[t.Offered], Team: t.Team, Limit: limits[t.ID.String()],
		})
	}
	slices.SortStableFunc(b.Queue, func(x, y Queued) int {
		return cmp.Or(y.Priority-x.Priority, x.Since.Compare(y.Since), cmp.Compare(x.ID, y.ID))
	})
	b.Queue = b.Queue[:min(len(b.Queue), shownWaiting)]
	f.Bot, f.Owed = count(s.Bots, w), count(s.Owed, w)
	f.Open = f.Waiting + f.Active + f.Bot
	var ended Ended
	for team, e := range s.Ended {
		if w.sees(team) {
			ended = ended.Plus(e)
		}
	}
	ended.Late = f.Late
	f.Level = ended.Level()
	b.Agents, f.Occupancy = s.seats(w, held, f)
	return b
}

// places is room for what each agent holds, in one piece.
func (s Snapshot) places() map[agent.ID][]Held {
	counts := make(map[agent.ID]int, len(s.Seats))
	all := 0
	for _, t := range s.Talks {
		if at := t.at(); !at.IsZero() {
			counts[at]++
			all++
		}
	}
	room, held := make([]Held, all), make(map[agent.ID][]Held, len(counts))
	for id, n := range counts {
		held[id], room = room[:0:n], room[n:]
	}
	return held
}

func count(of map[agent.TeamID]int, w Who) (n int) {
	for team, each := range of {
		if w.sees(team) {
			n += each
		}
	}
	return n
}

// seats are the agents whom w looks after, those who work first.
func (s Snapshot) seats(w Who, held map[agent.ID][]Held, f *Figures) (as []Seated, occupancy *float64) {
	as = []Seated{}
	var all Worked
	for _, seat := range s.Seats {
		if !w.Oversees(seat.ID, seat.Teams) {
			continue
		}
		a := Seated{ID: seat.ID, Name: seat.Name, Presence: seat.Presence, Connected: seat.Connected, Phone: seat.Phone, Capacity: seat.Capacity, Holds: held[seat.ID], Occupancy: seat.Worked.Occupancy()}
		if a.Holds == nil {
			a.Holds = []Held{}
		}
		slices.SortFunc(a.Holds, func(x, y Held) int { return cmp.Or(x.Since.Compare(y.Since), cmp.Compare(x.ID, y.ID)) })
		for _, h := range a.Holds {
			if h.Rings {
				a.Ringing++
			} else {
				a.Load++
			}
		}
		switch {
		case seat.Presence.State == agent.Break:
			f.Away++
		case !seat.Connected:
		case seat.Presence.State == agent.Online:
			f.Online++
			f.Free += max(0, a.Capacity-a.Load-a.Ringing)
		case seat.Presence.State == agent.Busy:
			f.Busy++
		}
		all.Working += seat.Worked.Working
		all.Busy += seat.Worked.Busy
		as = append(as, a)
	}
	slices.SortStableFunc(as, func(x, y Seated) int {
		return cmp.Or(rank(x)-rank(y), strings.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID))
	})
	return as, all.Occupancy()
}

func rank(a Seated) int {
	switch {
	case a.Presence.State == agent.Offline && a.Load == 0:
		return 4
	case a.Presence.State == agent.Offline || !a.Connected:
		return 3
	}
	return slices.Index([]agent.State{agent.Online, agent.Busy, agent.Break}, a.Presence.State)
}

// Kinds of subject that a risk is about.
const (
	OfConversation = "conversation"
	OfCase         = "case"
)
