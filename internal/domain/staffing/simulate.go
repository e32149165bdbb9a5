package staffing

import (
	"math"
	"strconv"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/fault"
)

// Trial is a load that is simulated instead of computed: contacts come and are
// handled at random, and each goes to whom routing.Decide chooses, as at the
// desk. It shows what the formulas leave out.
type Trial struct {
	Load     Load
	Agents   int
	Target   time.Duration
	Patience time.Duration // mean; 0: nobody gives up
	Contacts int           // how many come in all; the first twentieth only fills the place and is not counted
}

// Check says what is wrong with the trial.
func (t Trial) Check() error {
	if err := firstOf(t.Load.Check(), checkTarget(t.Target), checkAgents(t.Agents)); err != nil {
		return err
	}
	switch a := t.Load.Erlangs(); {
	case t.Patience < 0:
		return checkPatience(t.Load, t.Patience)
	case t.Patience == 0 && float64(t.Agents) <= a:
		return overload(t.Agents, a)
	case t.Contacts < 100:
		return fault.New(fault.Invalid, "staffing.trial", "simulate at least %d contacts", 100).In("contacts")
	}
	return nil
}

// Simulate runs the trial. Times between contacts, handling and patience are
// exponential, as the formulas have them. The chance comes from random, which
// gives numbers from 0 up to but not 1: the same numbers, the same outcome.
func Simulate(t Trial, random func() float64) (Outcome, error) {
	if err := t.Check(); err != nil {
		return Outcome{}, err
	}
	f := newFloor(t, random)
	for f.come < t.Contacts || f.waiting() {
		f.step()
	}
	return f.outcome(), nil
}

// never is the time of what does not happen.
var never = math.Inf(1)

// waits is a contact in the queue. Times are seconds from the start.
type waits struct {
	since, leaves float64
	counted       bool
}

// floor is the place at one moment of the simulation.
type floor struct {
	Trial
	random  func() float64
	now     float64
	next    float64 // when the next contact comes
	come    int
	seats   []routing.Candidate
	ends    []float64 // when each seat is done; never while it is free
	free    int
	queue   []waits // in the order in which they came
	head    int
	counted count
}

type count struct {
	came, answered, waited, inTime int
	wait, answeredWait             float64 // seconds, summed
	busy, span                     float64 // of all seats; of the clock
}

func newFloor(t Trial, random func() float64) *floor {
	f := &floor{Trial: t, random: random, free: t.Agents}
	for i := range t.Agents {
		f.seats = append(f.seats, routing.Candidate{Agent: agent.ID(i + 1), Name: strconv.Itoa(i + 1), Capacity: 1, IdleSince: f.at()})
		f.ends = append(f.ends, never)
	}
	f.next = f.after(1 / t.Load.rate())
	return f
}

// after is when something happens that takes a mean time from now.
func (f *floor) after(mean float64) float64 { return f.now - math.Log1p(-f.random())*mean }

// at is now as the routing has it.
func (f *floor) at() time.Time { return time.Unix(0, int64(f.now*float64(time.Second))).UTC() }

func (f *floor) waiting() bool { return f.head < len(f.queue) }

// step goes to what happens next: a contact comes, or somebody is done.
func (f *floor) step() {
	done := 0
	for i, end := range f.ends {
		if end < f.ends[done] {
			done = i
		}
	}
	to, comes := f.ends[done], false
	if f.come < f.Contacts && f.next < to {
		to, comes = f.next, true
	}
	if f.warm() {
		f.counted.busy += float64(len(f.seats)-f.free) * (to - f.now)
		f.counted.span += to - f.now
	}
	f.now = to
	if comes {
		f.arrive()
	} else {
		f.seats[done].Load, f.seats[done].IdleSince, f.ends[done] = 0, f.at(), never
		f.free++
	}
	for f.free > 0 && f.waiting() {
		f.serve()
	}
}

// warm reports whether the place is as full as it will be, and contacts still come.
func (f *floor) warm() bool { return f.come > f.Contacts/20 && f.come < f.Contacts }

func (f *floor) arrive() {
	f.come++
	f.next = f.after(1 / f.Load.rate())
	leaves := never
	if f.Patience > 0 {
		leaves = f.after(f.Patience.Seconds())
	}
	f.queue = append(f.queue, waits{f.now, leaves, f.come > f.Contacts/20})
}

// serve gives the head of the queue to whom the routing chooses, unless they
// have given up by now.
func (f *floor) serve() {
	w := f.queue[f.head]
	if f.head++; f.head > 4096 && f.head > len(f.queue)/2 {
		f.queue, f.head = append(f.queue[:0], f.queue[f.head:]...), 0
	}
	if w.leaves <= f.now {
		f.counted.gone(w)
		return
	}
	d := routing.Decide(routing.Work{}, f.seats, routing.Rules{}, f.at())
	seat := int(d.Agent) - 1
	f.seats[seat].Load, f.ends[seat] = 1, f.after(f.Load.Handling.Seconds())
	f.free--
	f.counted.served(w, f.now-w.since, f.Target.Seconds())
}

func (c *count) gone(w waits) {
	if w.counted {
		c.came++
		c.waited++
		c.wait += w.leaves - w.since
	}
}

func (c *count) served(w waits, wait, target float64) {
	if !w.counted {
		return
	}
	c.came++
	c.answered++
	c.wait += wait
	c.answeredWait += wait
	if wait > 0 {
		c.waited++
	}
	if wait <= target {
		c.inTime++
	}
}

func (f *floor) outcome() Outcome {
	c := f.counted
	came := float64(c.came)
	return Outcome{
		Agents: f.Agents, WaitProbability: float64(c.waited) / came, ASA: c.answeredWait / float64(max(c.answered, 1)),
		ServiceLevel: float64(c.inTime) / came, Occupancy: c.busy / (c.span * float64(f.Agents)),
		Abandon: float64(c.came-c.answered) / came, MeanWait: c.wait / came,
	}
}
