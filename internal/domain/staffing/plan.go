package staffing

import (
	"math"
	"time"

	"yingda/internal/kit/fault"
)

// Settings are what a plan of people is made with.
type Settings struct {
	Goal         float64 `json:"goal"`          // part of all to be answered in time, such as 0.8
	MaxOccupancy float64 `json:"max_occupancy"` // part of their time that people are busy at most
	Shrinkage    float64 `json:"shrinkage"`     // part of the rostered time in which people are not there: ill, meetings, coaching
	Weeks        int     `json:"weeks"`         // how many weeks back are looked at
	Parallel     int     `json:"parallel"`      // chats that one person answers at once
}

// DefaultSettings are those of a new installation.
func DefaultSettings() Settings {
	return Settings{Goal: 0.8, MaxOccupancy: 0.85, Shrinkage: 0.15, Weeks: 8, Parallel: 3}
}

const (
	mostWeeks    = 52
	mostParallel = 20
)

// Check says what is wrong with the settings.
func (s Settings) Check() error {
	if err := (Goal{s.Goal, s.MaxOccupancy}).Check(); err != nil {
		return err
	}
	switch {
	case !(s.Shrinkage >= 0 && s.Shrinkage <= 0.8):
		return fault.New(fault.Invalid, "staffing.shrinkage", "shrinkage is a part between 0 and 0.8, such as 0.15").In("shrinkage")
	case s.Weeks < 1 || s.Weeks > mostWeeks:
		return fault.New(fault.Invalid, "staffing.weeks", "look back between 1 and %d weeks", mostWeeks).In("weeks")
	case s.Parallel < 1 || s.Parallel > mostParallel:
		return fault.New(fault.Invalid, "staffing.parallel", "one person answers between 1 and %d at once", mostParallel).In("parallel")
	}
	return nil
}

// Expected is what one half hour is expected to bring.
type Expected struct {
	Contacts float64       // mean of the days looked at
	Error    float64       // standard error of that mean
	Handling time.Duration // of one contact, at as many at once as people now answer
}

// Sure is how much the days that were looked at say about the one to come.
type Sure string

// How sure an expectation is.
const (
	NotEnough Sure = "not_enough" // too few days, or too few contacts
	LowSure   Sure = "low"        // the mean of the day is known to more than a quarter
	FairSure  Sure = "fair"       // to a quarter
	HighSure  Sure = "high"       // to a tenth
)

// fewest are the days and the contacts below which nothing is said.
const (
	fewestDays     = 3
	fewestContacts = 30
	fewestHandled  = 20 // in a half hour, for a handling time of its own
	fewestGaveUp   = 5  // for a patience
)

// Forecast is what a day is expected to bring, half hour by half hour from
// midnight.
type Forecast struct {
	Slots    []Expected
	Patience time.Duration // 0: too few gave up to say; then nobody does
	Days     int           // how many days it comes from
	Contacts int           // and how many contacts
	Sure     Sure
}

// Expect is the mean of days that are like the one to come. Each has its half
// hours from midnight; missing ones brought nothing. Handling of a half hour in
// which few were handled, and patience, come from all of them together.
func Expect(days [][]Arrivals, slots int) Forecast {
	f := Forecast{Slots: make([]Expected, slots), Days: len(days), Sure: NotEnough}
	var all Arrivals
	sums := make([]Arrivals, slots)
	for _, day := range days {
		for i, a := range day {
			all = all.Plus(a)
			if i < slots {
				sums[i] = sums[i].Plus(a)
			}
		}
	}
	f.Contacts = all.Offered
	if all.Abandoned >= fewestGaveUp {
		f.Patience = all.Patience()
	}
	if len(days) == 0 {
		return f
	}
	n := float64(len(days))
	for i := range slots {
		mean := float64(sums[i].Offered) / n
		f.Slots[i] = Expected{Contacts: mean, Handling: all.MeanHandling(), Error: standardError(days, func(d []Arrivals) float64 { return offered(d, i) }, mean)}
		if sums[i].Handled >= fewestHandled {
			f.Slots[i].Handling = sums[i].MeanHandling()
		}
	}
	if len(days) < fewestDays || all.Offered < fewestContacts || all.Handled == 0 {
		return f
	}
	mean := float64(all.Offered) / n
	switch e := standardError(days, total, mean) / mean; {
	case e <= 0.1:
		f.Sure = HighSure
	case e <= 0.25:
		f.Sure = FairSure
	default:
		f.Sure = LowSure
	}
	return f
}

func offered(day []Arrivals, i int) float64 {
	if i >= len(day) {
		return 0
	}
	return float64(day[i].Offered)
}

func total(day []Arrivals) (sum float64) {
	for _, a := range day {
		sum += float64(a.Offered)
	}
	return sum
}

// standardError is how far the mean of the days may be from the true one: their
// standard deviation by the root of their number.
func standardError(days [][]Arrivals, of func([]Arrivals) float64, mean float64) float64 {
	if len(days) < 2 {
		return 0
	}
	var squares float64
	for _, d := range days {
		squares += (of(d) - mean) * (of(d) - mean)
	}
	return math.Sqrt(squares / float64(len(days)-1) / float64(len(days)))
}

// Need is how many people a half hour takes.
type Need struct {
	AtDesk   int     // who answer at the same time
	Rostered int     // with those who are not there although they are on the roster
	Outcome  Outcome // what becomes of it with as many; its Agents count chats that can be answered at once
}

// Need returns how many people an expected half hour takes for a promise.
func (s Settings) Need(e Expected, target, patience time.Duration) (Need, error) {
	if e.Contacts <= 0 || e.Handling <= 0 {
		return Need{}, nil
	}
	l, g := e.load(), Goal{s.Goal, s.MaxOccupancy}
	var o Outcome
	var err error
	if patience > 0 {
		o, err = ImpatientAgents(l, target, patience, g)
	} else {
		o, err = PatientAgents(l, target, g)
	}
	if err != nil {
		return Need{}, err
	}
	people := (o.Agents + s.Parallel - 1) / s.Parallel
	return Need{AtDesk: people, Rostered: int(math.Ceil(float64(people)/(1-s.Shrinkage) - 1e-9)), Outcome: o}, nil
}

func (e Expected) load() Load {
	return Load{Contacts: e.Contacts, Interval: HalfHour, Handling: e.Handling}
}

// Load is the half hour as the formulas read it.
func (e Expected) Load() Load { return e.load() }

// Present is how many people there are at the desk, of so many on the roster
// on average. Parts of a person answer nobody, but who is alone on the roster is
// there, if not all the time.
func (s Settings) Present(rostered float64) int { return s.whole(rostered, 1) }

// Places is how many contacts they can answer at once.
func (s Settings) Places(rostered float64) int { return s.whole(rostered, s.Parallel) }

func (s Settings) whole(rostered float64, each int) int {
	n := int(math.Floor(rostered*(1-s.Shrinkage)*float64(each) + 1e-9))
	if rostered >= 1 {
		n = max(n, 1)
	}
	return n
}

// With is what becomes of an expected half hour with the roster as it is.
// Overloaded says that there are fewer people than work and nobody gives up:
// the queue grows until the half hour ends, and no figure holds.
func (s Settings) With(e Expected, rostered float64, target, patience time.Duration) (o Outcome, overloaded bool, err error) {
	n := s.Places(rostered)
	switch {
	case e.Contacts <= 0 || e.Handling <= 0:
		return Outcome{Agents: n, ServiceLevel: 1}, false, nil
	case n == 0:
		return Outcome{WaitProbability: 1, Abandon: 1}, true, nil
	case patience > 0:
		o, err = Impatient(e.load(), n, target, patience)
		return o, false, err
	case float64(n) <= e.load().Erlangs():
		return Outcome{Agents: n, WaitProbability: 1, Occupancy: 1}, true, nil
	}
	o, err = Patient(e.load(), n, target)
	return o, false, err
}
