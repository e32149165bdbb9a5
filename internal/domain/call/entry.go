package call

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// Channel is the kind of an inbox that is called.
const Channel = routing.Phone

// NewID returns the id of a call that begins at a time.
func NewID(at time.Time) ID { return id.New[Noun](at) }

// Call is a call as the desk has it, beside its conversation (通话).
type Call struct {
	ID           ID              `json:"id"`
	Door         string          `json:"-"` // the door's own id of it
	Program      string          `json:"-"` // who has the line
	Inbox        inbox.ID        `json:"inbox_id"`
	Conversation conversation.ID `json:"conversation_id"`
	Walk         Walk            `json:"walk"`
	Record       Record          `json:"record"`
	SeenAt       time.Time       `json:"seen_at"`            // when the door spoke of it last
	NoticeAt     time.Time       `json:"notice_at,omitzero"` // the caller was told that it is recorded
	Kept         string          `json:"kept,omitzero"`      // why its recording is kept beyond its time
	Version      int64           `json:"version"`
}

// Served reports whether an agent has had the call.
func (r Record) Served() bool { return r.served() }

// Open reports whether there is a line.
func (s State) Open() bool { return s != WrappingUp && s != Ended }

// AnsweredAt returns when the first agent had the call; zero: none had.
func (r Record) AnsweredAt() time.Time {
	for _, s := range r.Steps {
		if s.State.WithAgent() {
			return s.At
		}
	}
	return time.Time{}
}

// EndedAt returns when the call was over, with what the agent had to do after
// it; zero: it is not.
func (r Record) EndedAt() time.Time {
	if r.State() != Ended {
		return time.Time{}
	}
	return r.Steps[len(r.Steps)-1].At
}

// Lane is where a queue's name leads: who answers there, and how soon.
type Lane struct {
	Queue    string         `json:"queue"` // as menus name it
	Team     agent.TeamID   `json:"team_id,omitzero"`
	Skills   []routing.Need `json:"skills,omitempty"`
	Priority int            `json:"priority,omitzero"` // -1 low, 0 normal, 1 high, 2 urgent
}

// Entry is a way in by telephone (呼入线路): which numbers lead to it, what
// callers hear, and who answers.
type Entry struct {
	Inbox   inbox.ID `json:"inbox_id"`
	Numbers []string `json:"numbers"` // none: every number that no other entry has
	Menu    string   `json:"menu"`
	Lanes   []Lane   `json:"lanes"`
	Version int64    `json:"version"`
}

// Hotlines returns the entry of a new house: every number, the menu that comes
// with the program, and its queues for everybody.
func Hotlines(in inbox.ID) Entry {
	e := Entry{Inbox: in, Numbers: []string{}, Menu: Hotline().ID, Lanes: []Lane{}, Version: 1}
	for _, q := range BuiltinNames.Queues {
		l := Lane{Queue: q}
		if q == "emergency" {
			l.Priority = Urgent
		}
		e.Lanes = append(e.Lanes, l)
	}
	return e
}

// The priorities of conversations.
const (
	lowest = -1
	high   = 1
	Urgent = 2 // somebody may be in danger: before all others
)

// Bounds of an entry.
const (
	mostNumbers = 100
	mostLanes   = 100
	longestName = 40
)

// Check returns the entry as it is kept, or what is wrong with it. queues are
// those that its menu names; menus are the ids of those there are.
func (e Entry) Check(menus, queues []string) (Entry, error) {
	if !slices.Contains(menus, e.Menu) {
		return e, fault.New(fault.Invalid, "entry.menu", "there is no menu %q; choose one of those there are", e.Menu).In("menu")
	}
	if len(e.Numbers) > mostNumbers || len(e.Lanes) > mostLanes {
		return e, fault.New(fault.Invalid, "entry.many", "an entry has at most %d numbers and queues", mostNumbers).In("numbers")
	}
	e.Numbers = slices.Clone(e.Numbers)
	for i, n := range e.Numbers {
		if e.Numbers[i] = contact.NormalPhone(n); !isLine(e.Numbers[i]) {
			return e, fault.New(fault.Invalid, "entry.number", "%q is no number; write digits, with + and the country for numbers abroad", n).In("numbers")
		}
		if slices.Contains(e.Numbers[:i], e.Numbers[i]) {
			return e, fault.New(fault.Invalid, "entry.number_twice", "the number %q stands here twice", n).In("numbers")
		}
	}
	for i, l := range e.Lanes {
		field := fmt.Sprintf("lanes.%d", i)
		switch {
		case l.Queue == "" || len(l.Queue) > longestName:
			return e, fault.New(fault.Invalid, "entry.queue", "a queue has a name of at most %d characters", longestName).In(field)
		case slices.ContainsFunc(e.Lanes[:i], func(o Lane) bool { return o.Queue == l.Queue }):
			return e, fault.New(fault.Invalid, "entry.queue_twice", "the queue %q stands here twice", l.Queue).In(field)
		case l.Priority < lowest || l.Priority > Urgent:
			return e, fault.New(fault.Invalid, "conversation.priority", "a priority is -1 (low), 0 (normal), 1 (high) or 2 (urgent)").In(field)
		}
		for _, n := range l.Skills {
			if err := n.Check(); err != nil {
				return e, err
			}
		}
	}
	for _, q := range queues {
		if _, ok := e.Lane(q); !ok {
			return e, fault.New(fault.Invalid, "entry.queue_missing", "the menu lets callers wait in %q; say who answers there", q).In("lanes")
		}
	}
	return e, nil
}

// isLine reports whether a text may be a number of ours: also a short one, such
// as 95xxx or an extension.
func isLine(s string) bool {
	digits := strings.TrimPrefix(s, "+")
	return len(digits) >= 2 && len(digits) <= 20 && strings.Trim(digits, "0123456789") == ""
}

// Lane returns where a queue's name leads.
func (e Entry) Lane(queue string) (Lane, bool) {
	i := slices.IndexFunc(e.Lanes, func(l Lane) bool { return l.Queue == queue })
	if i < 0 {
		return Lane{}, false
	}
	return e.Lanes[i], true
}

// EntryOf returns the entry that a number of ours belongs to: the one that names
// it, else the one that takes every number.
func EntryOf(all []Entry, line string) (Entry, bool) {
	line = contact.NormalPhone(line)
	for _, e := range all {
		if slices.Contains(e.Numbers, line) {
			return e, true
		}
	}
	for _, e := range all {
		if len(e.Numbers) == 0 {
			return e, true
		}
	}
	return Entry{}, false
}

// Queues returns the names of the queues that a menu lets callers wait in.
func (m Menu) Queues() (names []string) {
	for _, n := range m.Nodes {
		if n.Kind == KindQueue && !slices.Contains(names, n.Queue) {
			names = append(names, n.Queue)
		}
	}
	return names
}

// Menus returns the menus that come with the program.
func Menus() []Menu { return []Menu{Hotline(), Callback()} }

// From which points of a place on callers come before others, and before all.
const (
	pointsHigh   = 50
	pointsUrgent = 1000
)

// Urgency returns the priority of a conversation that waits at a place.
func (p Place) Urgency() int {
	switch {
	case p.Emergency || p.Priority >= pointsUrgent:
		return Urgent
	case p.Priority >= pointsHigh:
		return high
	case p.Priority < 0:
		return lowest
	}
	return 0
}

// BackID names a call back that was asked for.
type BackID = id.ID[backNoun]

type backNoun struct{}

func (backNoun) Prefix() string { return "cb" }

// NewBackID returns the id of a call back that was asked for at a time.
func NewBackID(at time.Time) BackID { return id.New[backNoun](at) }

// BackState is where a call back stands.
type BackState string

// The states of a call back.
const (
	BackWaiting BackState = "waiting" // until it is the caller's turn
	BackHeld    BackState = "held"    // a program calls now
	BackDone    BackState = "done"    // an agent has spoken with them
	BackFailed  BackState = "failed"  // nobody was reached, as often as is tried; the case remains

	BackCancelled BackState = "cancelled" // somebody of us said that it is not to be made
)

// How often somebody is called back, and how long after they were not reached.
const (
	BackTries = 3
	BackAgain = 10 * time.Minute
)

// Back is a call back that somebody asked for (回电).
type Back struct {
	ID           BackID          `json:"id"`
	Call         ID              `json:"call_id"`
	Inbox        inbox.ID        `json:"inbox_id"`
	Contact      contact.ID      `json:"contact_id"`
	Conversation conversation.ID `json:"conversation_id"` // of the call in which it was asked for
	Number       string          `json:"number"`
	Place        Place           `json:"place"` // that is kept
	State        BackState       `json:"state"`
	Attempts     int             `json:"attempts"`
	AskedAt      time.Time       `json:"asked_at"`
}

// Missed returns the call back after a call in which nobody was reached, and
// when it may be tried again.
func (b Back) Missed(now time.Time) (Back, time.Time) {
	if b.Attempts >= BackTries {
		b.State = BackFailed
		return b, now
	}
	b.State = BackWaiting
	return b, now.Add(BackAgain)
}

// BackStates returns the states of a call back.
func BackStates() []BackState {
	return []BackState{BackWaiting, BackHeld, BackDone, BackFailed, BackCancelled}
}
