package staffing

import (
	"container/heap"
	"math"
	"strconv"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/fault"
)

// DaySlot is a half hour of a day that is simulated.
type DaySlot struct {
	Contacts float64
	Handling time.Duration
	People   int // at the desk
}

// Day is a day that is simulated: unlike the formulas, which suppose that each
// half hour goes on for ever, it carries the queue of one into the next, and
// people come and go as the roster says.
type Day struct {
	Slots    []DaySlot
	Target   time.Duration
	Patience time.Duration // mean; 0: nobody gives up
	Parallel int           // contacts that one person answers at once
}

const mostSimulated = 200_000

// Check says what is wrong with the day.
func (d Day) Check() error {
	contacts := 0.0
	for _, s := range d.Slots {
		if s.Contacts < 0 || s.Contacts > 0 && s.Handling <= 0 || s.People < 0 || s.People > mostAgents {
			return fault.New(fault.Invalid, "staffing.handling", "the handling time is above 0, such as 180s").In("slots")
		}
		contacts += s.Contacts
	}
	if contacts > mostSimulated {
		return fault.New(fault.Invalid, "staffing.day_large", "a day of more than %d contacts is not simulated; split it by team", mostSimulated).In("slots")
	}
	if d.Parallel < 1 || d.Parallel > mostParallel {
		return fault.New(fault.Invalid, "staffing.parallel", "one person answers between 1 and %d at once", mostParallel).In("parallel")
	}
	return checkTarget(d.Target)
}

// SimulateDay runs the day once, and returns what became of those who came in
// each half hour. Contacts come at random around what is expected; handling and
// patience are exponential. The chance comes from random: the same numbers, the
// same outcome. Who still waits when the day ends has given up then.
func SimulateDay(d Day, random func() float64) ([]Outcome, error) {
	if err := d.Check(); err != nil {
		return nil, err
	}
	s := &dayRun{Day: d, random: random, counted: make([]dayCount, len(d.Slots))}
	for i := range d.Slots {
		s.slot = i
		s.people()
		s.fill()
	}
	for _, w := range s.queue[s.head:] {
		s.gone(w, math.Min(w.leaves, s.end(len(d.Slots)-1)))
	}
	return s.outcomes(), nil
}

// dayRun is the day at one moment. Times are seconds from midnight.
type dayRun struct {
	Day
	random  func() float64
	slot    int
	now     float64
	seats   []routing.Candidate
	loads   []int
	open    int // contacts that could be taken now
	busy    int
	ends    endings
	queue   []dayWait
	head    int
	counted []dayCount
}

type dayWait struct {
	since, leaves float64
	slot          int
}

type dayCount struct {
	came, answered, inTime, waited int
	wait, answeredWait, busy       float64
}

// ending is when a seat is done with one contact.
type ending struct {
	at   float64
	seat int
}

type endings []ending

func (e endings) Len() int           { return len(e) }
func (e endings) Less(i, j int) bool { return e[i].at < e[j].at }
func (e endings) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }

// Push and Pop are for container/heap.
func (e *endings) Push(x any) { *e = append(*e, x.(ending)) } //nolint:forcetypeassert // only endings are pushed

// Pop takes the last one away.
func (e *endings) Pop() any {
	old := *e
	last := old[len(old)-1]
	*e = old[:len(old)-1]
	return last
}

func (s *dayRun) start(slot int) float64 { return float64(slot) * HalfHour.Seconds() }
func (s *dayRun) end(slot int) float64   { return s.start(slot + 1) }

// people lets those come and go whom the roster has from this half hour on. Who
// goes ends what they have.
func (s *dayRun) people() {
	n := s.Slots[s.slot].People
	for len(s.seats) < n {
		i := len(s.seats)
		s.seats = append(s.seats, routing.Candidate{Agent: agent.ID(i + 1), Name: strconv.Itoa(i + 1), IdleSince: s.at()})
		s.loads = append(s.loads, 0)
	}
	s.open = 0
	for i := range s.seats {
		s.seats[i].Capacity = 0
		if i < n {
			s.seats[i].Capacity = float64(s.Parallel)
			s.open += max(0, s.Parallel-s.loads[i])
		}
	}
}

func (s *dayRun) at() time.Time { return time.Unix(0, int64(s.now*float64(time.Second))).UTC() }

func (s *dayRun) exponential(mean float64) float64 { return -math.Log1p(-s.random()) * mean }

// fill runs one half hour: who comes, who is done, who is served.
func (s *dayRun) fill() {
	this := s.Slots[s.slot]
	until := s.end(s.slot)
	next := never
	if this.Contacts > 0 {
		next = s.start(s.slot) + s.exponential(HalfHour.Seconds()/this.Contacts)
	}
	s.serve()
	for {
		to, happens := until, s.rest
		comes := next < to
		if comes {
			to, happens = next, s.come
		}
		if len(s.ends) > 0 && s.ends[0].at <= to {
			to, happens, comes = s.ends[0].at, s.finish, false
		}
		s.counted[s.slot].busy += float64(s.busy) * (to - s.now)
		s.now = to
		if !happens() {
			return
		}
		if comes {
			next = s.now + s.exponential(HalfHour.Seconds()/this.Contacts)
		}
		s.serve()
	}
}

// rest is what happens at the end of a half hour: nothing more.
func (s *dayRun) rest() bool { return false }

func (s *dayRun) come() bool {
	leaves := never
	if s.Patience > 0 {
		leaves = s.now + s.exponential(s.Patience.Seconds())
	}
	s.queue = append(s.queue, dayWait{s.now, leaves, s.slot})
	s.counted[s.slot].came++
	return true
}

func (s *dayRun) finish() bool {
	e := heap.Pop(&s.ends).(ending) //nolint:forcetypeassert // only endings are pushed
	s.loads[e.seat]--
	s.busy--
	s.seats[e.seat].Load = float64(s.loads[e.seat])
	if s.seats[e.seat].Capacity > 0 {
		s.open++
	}
	return true
}

// serve gives those who wait to whom the routing chooses, while anybody is free.
func (s *dayRun) serve() {
	for s.open > 0 && s.head < len(s.queue) {
		w := s.queue[s.head]
		s.head++
		if w.leaves <= s.now {
			s.gone(w, w.leaves)
			continue
		}
		seat := int(routing.Decide(routing.Work{}, s.seats, routing.Rules{}, s.at()).Agent) - 1
		if seat < 0 {
			s.head--
			return
		}
		s.loads[seat]++
		s.seats[seat].Load, s.seats[seat].IdleSince = float64(s.loads[seat]), s.at()
		s.open--
		s.busy++
		heap.Push(&s.ends, ending{s.now + s.exponential(s.Slots[w.slot].Handling.Seconds()), seat})
		c, wait := &s.counted[w.slot], s.now-w.since
		c.answered++
		c.wait, c.answeredWait = c.wait+wait, c.answeredWait+wait
		if wait > 0 {
			c.waited++
		}
		if wait <= s.Target.Seconds() {
			c.inTime++
		}
	}
}

func (s *dayRun) gone(w dayWait, at float64) {
	c := &s.counted[w.slot]
	c.waited++
	c.wait += at - w.since
}

func (s *dayRun) outcomes() []Outcome {
	all := make([]Outcome, len(s.Slots))
	for i, c := range s.counted {
		came := float64(max(c.came, 1))
		places := float64(s.Slots[i].People * s.Parallel)
		o := Outcome{
			Agents: s.Slots[i].People * s.Parallel, WaitProbability: float64(c.waited) / came, ASA: c.answeredWait / float64(max(c.answered, 1)),
			ServiceLevel: float64(c.inTime) / came, Abandon: float64(c.came-c.answered) / came, MeanWait: c.wait / came,
		}
		if places > 0 {
			o.Occupancy = math.Min(1, c.busy/(places*HalfHour.Seconds()))
		}
		if c.came == 0 {
			o.ServiceLevel = 1
		}
		all[i] = o
	}
	return all
}
