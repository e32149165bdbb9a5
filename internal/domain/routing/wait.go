package routing

import (
	"math"
	"strconv"
	"time"
)

// Line is what a newcomer finds: the persons before them, and who serves.
type Line struct {
	Ahead    int           // persons before them who wait
	Working  int           // agents at work who may serve them
	Handling time.Duration // mean handling time of one contact
	Patience time.Duration // mean patience; 0: nobody gives up
}

// Wait is how long a newcomer will wait, by the length of the line: each end of
// a conversation and each who gives up takes them one place forward,
// Σ 1/(s·μ + i·θ) for i from 0 to the persons ahead (domain reference §4.4).
// Without patience that is (q+1)·AHT/s. It is false if nobody is at work:
// then there is nothing to say, and another way is offered.
func (l Line) Wait() (time.Duration, bool) {
	if l.Working <= 0 || l.Handling <= 0 || l.Ahead < 0 {
		return 0, false
	}
	ends, gives := float64(l.Working)/l.Handling.Seconds(), 0.0
	if l.Patience > 0 {
		gives = 1 / l.Patience.Seconds()
	}
	seconds := 0.0
	for i := range l.Ahead + 1 {
		seconds += 1 / (ends + float64(i)*gives)
	}
	return time.Duration(seconds * float64(time.Second)), true
}

// Estimator is a way to know a wait before it is over (domain reference §4.4;
// Ibrahim & Whitt 2009).
type Estimator string

// The estimators.
const (
	Free       Estimator = "free"         // somebody has room: it rings at once
	ByLine     Estimator = "line"         // by the length of the line
	ByPatience Estimator = "line_leaving" // the same, with those who give up
	LastServed Estimator = "last_served"  // the wait of who entered service last (LES)
	HeadOfLine Estimator = "head"         // the wait so far of who is next (HOL)
)

// Known is what can be seen of the queue when a wait is to be told.
type Known struct {
	Line
	Seats float64       // conversations that those at work can have at once
	Room  float64       // of them, those free now
	Last  time.Duration // the wait of who was answered last; 0: unknown
	Head  time.Duration // the wait so far of who is next; 0: nobody waits
}

// Forecast is a wait as it is told.
type Forecast struct {
	Position int // 1 is next
	Expected time.Duration
	By       Estimator
	Band     Band
}

// ring is about how long a conversation rings until it is accepted.
const ring = 10 * time.Second

// Foretell returns what a newcomer is told, or false if nothing can be said:
// nobody is at work, or all is full and nothing was measured yet. The length of
// the line with those who give up is the best where handling time and patience
// are known; else the wait of the last one, else of the head.
func Foretell(k Known) (Forecast, bool) {
	f := Forecast{Position: k.Ahead + 1}
	expected, ok := time.Duration(0), false
	k.Working = int(k.Seats)
	switch {
	case k.Seats < 1:
		return f, false
	case k.Room > float64(k.Ahead):
		f.By, expected, ok = Free, ring, true
	case k.Handling > 0:
		f.By = ByLine
		if k.Patience > 0 {
			f.By = ByPatience
		}
		line := k.Line
		line.Ahead = k.Ahead - int(k.Room) // so many places are free without anybody ending
		expected, ok = line.Wait()
	case k.Last > 0:
		f.By, expected, ok = LastServed, k.Last, true
	case k.Head > 0:
		f.By, expected, ok = HeadOfLine, k.Head, true
	}
	f.Expected, f.Band = expected, Announce(expected)
	return f, ok
}

// Band is a wait as it is announced: from so many minutes to so many. Least is
// 0 where it is said as less than Most.
type Band struct {
	Least int `json:"least"`
	Most  int `json:"most"` // at least 1
}

// Announce rounds a wait up to a band: under a minute, then steps that grow
// with the wait, as the error of an estimate does.
func Announce(wait time.Duration) Band {
	minutes := int(math.Ceil(wait.Minutes()))
	switch {
	case minutes <= 1:
		return Band{Least: 0, Most: 1}
	case minutes <= 3:
		return Band{Least: 1, Most: 3}
	case minutes <= 5:
		return Band{Least: 3, Most: 5}
	case minutes <= 10:
		return Band{Least: 5, Most: 10}
	}
	step := 10 * ((minutes + 9) / 10)
	return Band{Least: step - 10, Most: step}
}

// Tell adds the band to the arguments of a message: least and most, in minutes.
// Least is missing where it is said as “less than Most”.
func (b Band) Tell(args map[string]string) {
	if args["most"] = strconv.Itoa(b.Most); b.Least > 0 {
		args["least"] = strconv.Itoa(b.Least)
	}
}

// Room returns how many pieces of work like this one those who are there and
// may have it can hold, and how many of them now.
func (r Rules) Room(w Work, cs []Candidate, now time.Time) (seats, room float64) {
	reached, _ := r.ring(w, now)
	for i := range cs {
		switch s, _ := w.look(&cs[i], r, reached, now); s {
		case able, full, asked:
			if w.Fills { // one at a time, and nothing beside it
				seats++
				if s != full {
					room++
				}
				continue
			}
			seats += cs[i].Capacity / max(w.weight(), tiny)
			room += max(0, cs[i].Capacity-cs[i].Load) / max(w.weight(), tiny)
		case named, never, team, skill, mute, places:
		}
	}
	return seats, room
}

// Holds reports whether a true wait was within the band that was announced.
func (b Band) Holds(wait time.Duration) bool {
	least, most := b.Bounds()
	return wait >= least && wait <= most
}

// Bounds returns the shortest and the longest wait of the band.
func (b Band) Bounds() (least, most time.Duration) {
	return time.Duration(b.Least) * time.Minute, time.Duration(b.Most) * time.Minute
}
