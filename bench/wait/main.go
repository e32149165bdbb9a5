// Command wait measures how true the waits are that customers are told: it
// simulates days of a chat desk and asks each estimator of domain/routing what
// it would have said to each customer who came.
//
// A day has a quiet night, a morning peak and an afternoon; agents come and go
// by shifts; handling times are log-normal (mean 300 s, coefficient of
// variation 0.8) and patience is exponential (mean 180 s): neither is as the
// formulas suppose. Handling time and patience are not given to the estimators:
// they are measured on the day before, as the desk does it.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"yingda/internal/domain/routing"
)

func main() {
	days := flag.Int("days", 20, "days that are simulated")
	seed := flag.Uint64("seed", 1, "of chance: the same seed, the same days")
	flag.Parse()
	d := &desk{chance: rand.New(rand.NewPCG(*seed, 4)), said: map[routing.Estimator]*truth{}}
	d.measured.handling, d.measured.patience = 300, 180
	for range *days {
		d.day()
	}
	out := json.NewEncoder(os.Stdout)
	for _, by := range []routing.Estimator{"line", routing.ByPatience, routing.LastServed, routing.HeadOfLine, "told"} {
		t := d.said[by]
		if t == nil {
			continue
		}
		n := float64(t.n)
		_ = out.Encode(line{ //nolint:errchkjson // numbers that are numbers
			By: by, Waits: t.n, Wait: round(t.wait / n), Off: round(t.off / n),
			Relative: round(t.off / t.wait), Lean: round(t.lean / n), Held: round(float64(t.held) / n),
		})
	}
	_, _ = fmt.Fprintf(os.Stderr, "%d days, %d customers, %d gave up\n", *days, d.came, d.left)
}

// line is what is printed of an estimator.
type line struct {
	By       routing.Estimator `json:"estimator"`
	Waits    int               `json:"waits"`
	Wait     float64           `json:"mean_wait_s"`
	Off      float64           `json:"mean_error_s"`
	Relative float64           `json:"relative_error"` // the mean error by the mean wait
	Lean     float64           `json:"leaning_s"`      // true minus told: above 0, people waited longer
	Held     float64           `json:"in_band"`
}

func round(f float64) float64 { return math.Round(f*1000) / 1000 }

// truth is how far off an estimator was, summed. Seconds.
type truth struct {
	n, held         int
	wait, off, lean float64
}

type customer struct {
	at, leaves float64
	told       map[routing.Estimator]time.Duration
}

type desk struct {
	chance     *rand.Rand
	now        float64
	queue      []customer
	ends       []float64 // when each busy place is free
	last       float64   // wait of who was served last
	measured   struct{ handling, patience float64 }
	sum        struct{ handling, ended, waited, left float64 }
	said       map[routing.Estimator]*truth
	came, left int
}

// places is how many conversations there can be at once, by the time of day.
func places(t float64) int {
	switch h := t / 3600; {
	case h < 8 || h >= 22:
		return 4
	case h < 12:
		return 30
	case h < 18:
		return 24
	}
	return 12
}

// rate is how many customers come in a second, by the time of day.
func rate(t float64) float64 {
	h := t / 3600
	peak := func(at, width, height float64) float64 { return height * math.Exp(-(h-at)*(h-at)/(2*width*width)) }
	return (0.01 + peak(10, 1.2, 0.11) + peak(15, 2, 0.075) + peak(20, 1.2, 0.035))
}

const busiest = 0.25 // above any rate

func (d *desk) exp(mean float64) float64 { return d.chance.ExpFloat64() * mean }

func (d *desk) handling() float64 {
	const mean, cv = 300, 0.8
	s := math.Sqrt(math.Log(1 + cv*cv))
	return math.Exp(math.Log(mean) - s*s/2 + s*d.chance.NormFloat64())
}

func (d *desk) day() {
	d.now, d.queue, d.ends, d.last = 0, nil, nil, 0
	next := d.exp(1 / busiest)
	for d.now < 24*3600 {
		end := math.Inf(1)
		if len(d.ends) > 0 {
			end = slices.Min(d.ends)
		}
		if end < next {
			d.now = end
			d.ends = slices.DeleteFunc(d.ends, func(e float64) bool { return e <= d.now })
		} else {
			d.now = next
			next += d.exp(1 / busiest)
			if d.chance.Float64() < rate(d.now)/busiest {
				d.arrive()
			}
		}
		d.serve()
	}
	d.measured.handling = d.sum.handling / d.sum.ended
	d.measured.patience = d.sum.waited / max(1, d.sum.left)
	d.sum.handling, d.sum.ended, d.sum.waited, d.sum.left = 0, 0, 0, 0
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func (d *desk) arrive() {
	d.came++
	d.gaveUp()
	c := customer{at: d.now, leaves: d.now + d.exp(180), told: map[routing.Estimator]time.Duration{}}
	free := max(0, places(d.now)-len(d.ends))
	line := routing.Line{Ahead: len(d.queue), Working: places(d.now), Handling: seconds(d.measured.handling)}
	if free == 0 {
		c.told["line"], _ = line.Wait()
		line.Patience = seconds(d.measured.patience)
		c.told[routing.ByPatience], _ = line.Wait()
		if d.last > 0 {
			c.told[routing.LastServed] = seconds(d.last)
		}
		if len(d.queue) > 0 {
			c.told[routing.HeadOfLine] = seconds(d.now - d.queue[0].at)
		}
		line.Patience = seconds(d.measured.patience)
		if f, ok := routing.Foretell(routing.Known{Line: line, Seats: float64(places(d.now)), Last: seconds(d.last)}); ok {
			c.told["told"] = f.Expected
		}
	}
	d.queue = append(d.queue, c)
}

// gaveUp takes out of the queue who left it by now.
func (d *desk) gaveUp() {
	d.queue = slices.DeleteFunc(d.queue, func(c customer) bool {
		if c.leaves > d.now {
			return false
		}
		d.left++
		d.sum.left++
		d.sum.waited += c.leaves - c.at
		return true
	})
}

func (d *desk) serve() {
	d.gaveUp()
	for len(d.queue) > 0 && len(d.ends) < places(d.now) {
		c := d.queue[0]
		d.queue = d.queue[1:]
		wait := d.now - c.at
		d.last = wait
		took := d.handling()
		d.ends = append(d.ends, d.now+took)
		d.sum.handling += took
		d.sum.ended++
		d.sum.waited += wait
		for by, told := range c.told {
			t := d.said[by]
			if t == nil {
				t = &truth{}
				d.said[by] = t
			}
			t.n++
			t.wait += wait
			t.off += math.Abs(wait - told.Seconds())
			t.lean += wait - told.Seconds()
			if routing.Announce(told).Holds(seconds(wait)) {
				t.held++
			}
		}
	}
}
