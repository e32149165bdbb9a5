package staffing

import "time"

// HalfHour is how long one slot of measured arrivals is.
const HalfHour = 30 * time.Minute

// What counts as giving up at once, and how long after the last word somebody
// is still held to be busy with a contact that was not ended.
const (
	shortAbandon = 5 * time.Second  // domain reference §4.3
	afterLast    = 10 * time.Minute // who forgets to end a chat at night is not busy until the morning
)

// Arrivals are what came in a half hour by when a person was asked for, and
// what became of it. This is the only place that says what each counts.
type Arrivals struct {
	Offered    int           // a person was asked for
	Answered   int           // a person answered
	Abandoned  int           // it was over before a person answered
	Short      int           // of the abandoned, within five seconds
	Promised   int           // a first response was promised
	InTime     int           // of the promised, answered in time
	Wait       time.Duration // of all, until the answer or the end, summed
	AnswerWait time.Duration // of the answered alone
	Handled    int           // answered and over
	Handling   time.Duration // of the handled, from when somebody took it to its end with the summary
}

// Plus is the sum of both.
func (a Arrivals) Plus(b Arrivals) Arrivals {
	return Arrivals{
		a.Offered + b.Offered, a.Answered + b.Answered, a.Abandoned + b.Abandoned, a.Short + b.Short, a.Promised + b.Promised, a.InTime + b.InTime,
		a.Wait + b.Wait, a.AnswerWait + b.AnswerWait, a.Handled + b.Handled, a.Handling + b.Handling,
	}
}

// Minus takes b away: what a contact adds now less what it added before.
func (a Arrivals) Minus(b Arrivals) Arrivals {
	return Arrivals{
		a.Offered - b.Offered, a.Answered - b.Answered, a.Abandoned - b.Abandoned, a.Short - b.Short, a.Promised - b.Promised, a.InTime - b.InTime,
		a.Wait - b.Wait, a.AnswerWait - b.AnswerWait, a.Handled - b.Handled, a.Handling - b.Handling,
	}
}

// MeanWait is the wait of all who came; 0 if nobody did.
func (a Arrivals) MeanWait() time.Duration { return per(a.Wait, a.Answered+a.Abandoned) }

// ASA is the wait of those who were answered.
func (a Arrivals) ASA() time.Duration { return per(a.AnswerWait, a.Answered) }

// MeanHandling is how long one contact keeps one person busy.
func (a Arrivals) MeanHandling() time.Duration { return per(a.Handling, a.Handled) }

// Patience is how long people wait on average before they give up: all that
// was waited, by how many gave up. Those who were answered had waited too
// without giving up, so their wait counts and they do not (a censored
// exponential, domain reference §4). It is 0 if nobody gave up.
func (a Arrivals) Patience() time.Duration { return per(a.Wait, a.Abandoned) }

func per(d time.Duration, n int) time.Duration {
	if n == 0 {
		return 0
	}
	return d / time.Duration(n)
}

// InTimeShare is the part of the promised that was answered in time; false if
// nothing was promised.
func (a Arrivals) InTimeShare() (float64, bool) { return part(a.InTime, a.Promised) }

// AbandonShare is the part that gave up, those who did so at once left out on
// both sides (domain reference §4.3).
func (a Arrivals) AbandonShare() (float64, bool) { return part(a.Abandoned-a.Short, a.Offered-a.Short) }

// AnsweredShare is the part that a person answered (接通率).
func (a Arrivals) AnsweredShare() (float64, bool) { return part(a.Answered, a.Answered+a.Abandoned) }

func part(n, of int) (float64, bool) {
	if of <= 0 {
		return 0, false
	}
	return float64(n) / float64(of), true
}

// Contact is one contact as far as it has come. Times are zero where nothing
// happened.
type Contact struct {
	Asked    time.Time // first asked for a person
	Taken    time.Time // a person took it
	Answered time.Time // first word of a person
	LastWord time.Time
	Ended    time.Time // over, with the summary
	Over     bool
	Promised bool // a first response was promised
	InTime   bool // and given in time
}

// Measure is what a contact adds to the half hour that begins at slot; slot is
// zero where nobody asked for a person.
func Measure(c Contact) (slot time.Time, a Arrivals) {
	if c.Asked.IsZero() {
		return slot, a
	}
	slot = c.Asked.UTC().Truncate(HalfHour)
	a.Offered = 1
	if c.Promised {
		a.Promised = 1
	}
	switch {
	case !c.Answered.IsZero():
		a.Answered, a.AnswerWait = 1, max(0, c.Answered.Sub(c.Asked))
		a.Wait = a.AnswerWait
		if c.Promised && c.InTime {
			a.InTime = 1
		}
		if c.Over {
			a.Handled, a.Handling = 1, handling(c)
		}
	case c.Over:
		a.Abandoned, a.Wait = 1, max(0, c.Ended.Sub(c.Asked))
		if a.Wait <= shortAbandon {
			a.Short = 1
		}
	}
	return slot, a
}

func handling(c Contact) time.Duration {
	from, to := c.Taken, c.Ended
	if from.IsZero() {
		from = c.Answered
	}
	if last := c.LastWord.Add(afterLast); to.After(last) {
		to = last
	}
	return max(0, to.Sub(from))
}
