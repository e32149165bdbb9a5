package wallboard

import (
	"slices"
	"time"

	"yingda/internal/domain/agent"
)

// ShortWait is up to when a contact who leaves has not really waited (domain
// reference §4.3).
const ShortWait = 5 * time.Second

// Ended counts chats by what became of the promise of their first answer.
type Ended struct {
	Answered int // by a person
	Kept     int // of these, within the promise
	Left     int // the contact left unanswered
	Short    int // of these, within ShortWait
	Late     int // not ended: past the promise, and still unanswered
}

// Plus returns both counts together.
func (e Ended) Plus(o Ended) Ended {
	return Ended{e.Answered + o.Answered, e.Kept + o.Kept, e.Left + o.Left, e.Short + o.Short, e.Late + o.Late}
}

// Level is the service level by its three definitions (domain reference §4.3),
// in percent. The one that counts here is All. A percent of nothing is absent.
type Level struct {
	Offered  int      `json:"offered"`
	Answered int      `json:"answered"`
	Kept     int      `json:"kept"`
	Left     int      `json:"left"`
	Short    int      `json:"short"`
	All      *float64 `json:"all,omitempty"`      // within the promise / offered
	OfTaken  *float64 `json:"of_taken,omitempty"` // within the promise / answered
	Fair     *float64 `json:"fair,omitempty"`     // within the promise / offered, without those who left at once
	Abandon  *float64 `json:"abandon,omitempty"`  // left later than at once / offered, without those who left at once
	Rate     *float64 `json:"rate,omitempty"`     // answered / offered
}

// Level returns the service level.
func (e Ended) Level() Level {
	offered := e.Answered + e.Left + e.Late
	return Level{
		Offered: offered, Answered: e.Answered, Kept: e.Kept, Left: e.Left, Short: e.Short,
		All: percent(e.Kept, offered), OfTaken: percent(e.Kept, e.Answered), Fair: percent(e.Kept, offered-e.Short),
		Abandon: percent(e.Left-e.Short, offered-e.Short), Rate: percent(e.Answered, offered),
	}
}

func percent(part, whole int) *float64 {
	if whole <= 0 {
		return nil
	}
	p := 100 * float64(part) / float64(whole)
	return &p
}

// Span is a time from, and to before.
type Span struct{ From, To time.Time }

// Worked is how long an agent worked: online or busy, and how much of it with
// at least one conversation.
type Worked struct{ Working, Busy time.Duration }

// Occupancy is the part of the working time with a conversation, in percent;
// nil of somebody who did not work.
func (w Worked) Occupancy() *float64 {
	if w.Working <= 0 {
		return nil
	}
	p := 100 * float64(w.Busy) / float64(w.Working)
	return &p
}

// Work returns how long an agent worked within a time. The spans of each kind
// do not overlap among themselves, as nobody is in two states at once.
func Work(working, holding []Span, within Span) (w Worked) {
	for _, a := range working {
		a = a.cut(within)
		w.Working += a.length()
		for _, b := range holding {
			w.Busy += a.cut(b).length()
		}
	}
	return w
}

func (s Span) cut(by Span) Span {
	if s.From.Before(by.From) {
		s.From = by.From
	}
	if s.To.After(by.To) {
		s.To = by.To
	}
	return s
}

func (s Span) length() time.Duration { return max(0, s.To.Sub(s.From)) }

// Works reports whether a state is working time.
func Works(s agent.State) bool { return slices.Contains([]agent.State{agent.Online, agent.Busy}, s) }
