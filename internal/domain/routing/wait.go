package routing

import (
	"math"
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

// Band is a wait as it is announced: from so many minutes to so many. Below is
// true where it is said as “less than Most”.
type Band struct {
	Least, Most int // minutes, at least 1
	Below       bool
}

// Announce rounds a wait up to a band: under a minute, then steps that grow
// with the wait, as the error of an estimate does.
func Announce(wait time.Duration) Band {
	minutes := int(math.Ceil(wait.Minutes()))
	switch {
	case minutes <= 1:
		return Band{Least: 1, Most: 1, Below: true}
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

// Holds reports whether a true wait was within the band that was announced.
func (b Band) Holds(wait time.Duration) bool {
	least := time.Duration(b.Least) * time.Minute
	if b.Below {
		least = 0
	}
	return wait >= least && wait <= time.Duration(b.Most)*time.Minute
}
