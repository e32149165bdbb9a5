package shift

import (
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// SwapID names a swap.
type SwapID = id.ID[swapNoun]

type swapNoun struct{}

func (swapNoun) Prefix() string { return "sw" }

// NewSwapID returns the id of a swap that is asked for at a time.
func NewSwapID(at time.Time) SwapID { return id.New[swapNoun](at) }

// SwapState is how far a swap has come.
type SwapState string

// The states of a swap (换班).
const (
	SwapAsked     SwapState = "asked"     // the colleague has not answered
	SwapAgreed    SwapState = "agreed"    // the supervisor has not decided
	SwapApproved  SwapState = "approved"  // the roster has changed
	SwapDeclined  SwapState = "declined"  // by the colleague
	SwapRefused   SwapState = "refused"   // by the supervisor
	SwapWithdrawn SwapState = "withdrawn" // by who asked
	SwapLapsed    SwapState = "lapsed"    // a shift began before it was decided
)

// Open reports whether somebody still has to do something.
func (s SwapState) Open() bool { return s == SwapAsked || s == SwapAgreed }

// SwapAct is what somebody does to a swap.
type SwapAct string

// The acts.
const (
	Agree    SwapAct = "agree"
	Decline  SwapAct = "decline"
	Approve  SwapAct = "approve"
	Refuse   SwapAct = "refuse"
	Withdraw SwapAct = "withdraw"
	Lapse    SwapAct = "lapse"
)

// swapMoves is the whole state machine.
var swapMoves = map[SwapState]map[SwapAct]SwapState{
	SwapAsked:  {Agree: SwapAgreed, Decline: SwapDeclined, Withdraw: SwapWithdrawn, Refuse: SwapRefused, Lapse: SwapLapsed},
	SwapAgreed: {Approve: SwapApproved, Refuse: SwapRefused, Withdraw: SwapWithdrawn, Decline: SwapDeclined, Lapse: SwapLapsed},
}

// Side is one of the two who swap, and the day that they give.
type Side struct {
	Agent   agent.ID `json:"agent_id"`
	Name    string   `json:"name"`
	Day     string   `json:"day,omitzero"` // empty for a colleague who takes the shift and gives none
	Version int64    `json:"-"`            // of the entry as it was when the swap was asked for
	Shift   string   `json:"shift,omitzero"`
	Hours   string   `json:"hours,omitzero"`
}

// Swap is what one agent asks another: take my shift of a day, and perhaps give
// me yours of the same or another day.
type Swap struct {
	ID      SwapID    `json:"id"`
	State   SwapState `json:"state"`
	From    Side      `json:"from"`
	To      Side      `json:"to"`
	Note    string    `json:"note,omitzero"`  // why it is asked for
	Reply   string    `json:"reply,omitzero"` // what the one who decided said
	At      time.Time `json:"at"`
	Ended   time.Time `json:"ended_at,omitzero"`
	Decider string    `json:"decided_by,omitzero"`
	Version int64     `json:"version"`
}

const longestNote = 200

// Check says what is wrong with what is asked for.
func (s Swap) Check() error {
	switch {
	case s.From.Agent == s.To.Agent:
		return fault.New(fault.Invalid, "swap.self", "choose a colleague to swap with").In("agent_id")
	case utf8.RuneCountInString(s.Note) > longestNote || utf8.RuneCountInString(s.Reply) > longestNote:
		return fault.New(fault.Invalid, "swap.note", "a note has at most %d characters", longestNote).In("note")
	}
	return nil
}

// Do returns the swap after an act of somebody at a time. Only the colleague
// agrees or declines, only who asked withdraws, and nobody approves a swap of
// their own.
func (s Swap) Do(act SwapAct, by agent.ID, name, reply string, supervises bool, now time.Time) (Swap, error) {
	next, ok := swapMoves[s.State][act]
	if !ok {
		return s, fault.New(fault.Conflict, "swap.state", "this swap is decided already, or not yet that far; read it again")
	}
	mine := by == s.From.Agent || by == s.To.Agent
	allowed := map[SwapAct]bool{
		Agree: by == s.To.Agent, Decline: by == s.To.Agent, Withdraw: by == s.From.Agent,
		Approve: supervises, Refuse: supervises, Lapse: true,
	}[act]
	switch {
	case !allowed:
		return s, fault.New(fault.Forbidden, "swap.whose", "this is for somebody else to do")
	case mine && act == Approve:
		return s, fault.New(fault.Forbidden, "swap.own", "nobody approves a swap of their own; ask another supervisor")
	}
	s.State, s.Reply = next, reply
	if !next.Open() {
		s.Ended, s.Decider = now, name
	}
	return s, s.Check()
}

// Swapped are the entries as they are after the swap: each takes the shift of
// the other. It is a Conflict if the one who takes a shift has another entry on
// that day. mine is the entry that is given, theirs the one given back (nil:
// none); at is who has what on the days in question.
func Swapped(mine Entry, theirs *Entry, at func(a agent.ID, day string) (Entry, bool), to agent.ID) (gone, made []Entry, err error) {
	from := mine.Agent
	gone = append(gone, mine)
	taken := mine
	taken.Agent = to
	made = append(made, taken)
	if theirs != nil {
		gone = append(gone, *theirs)
		back := *theirs
		back.Agent = from
		made = append(made, back)
	}
	for _, m := range made {
		e, has := at(m.Agent, m.Day)
		given := has && (e.Agent == mine.Agent && e.Day == mine.Day || theirs != nil && e.Agent == theirs.Agent && e.Day == theirs.Day)
		if has && !given {
			return nil, nil, fault.New(fault.Conflict, "swap.taken", "who takes the shift of %s has another entry on that day; give that one back for it", m.Day).In("day")
		}
	}
	return gone, made, nil
}
