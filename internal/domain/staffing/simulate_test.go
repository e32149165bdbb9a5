package staffing

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

// What is simulated with the routing of the desk comes out as Erlang C has it.
// Each trial is done with twenty seeds: their mean is within four of its own
// standard errors of the formula. With SOAK set there are forty million
// contacts for each, and every figure is also within a hundredth.
func TestSimulationAgreesWithErlang(t *testing.T) {
	t.Parallel()
	contacts, most, apart := 10_000, 0.15, 1.0
	if os.Getenv("SOAK") != "" {
		contacts, most, apart = 2_000_000, 0.01, 0.01
	}
	hundred := Load{100, halfHour, 180 * time.Second}
	for _, c := range []struct {
		load   Load
		agents int
	}{
		{hundred, 15}, {hundred, 14}, {hundred, 13}, {hundred, 12}, {hundred, 11}, {Load{360, halfHour, 240 * time.Second}, 55},
	} {
		want, err := Patient(c.load, c.agents, 20*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		seen := seeds(t, Trial{Load: c.load, Agents: c.agents, Target: 20 * time.Second, Contacts: contacts})
		agrees(t, c.agents, "wait", seen, want, most, apart, func(o Outcome) float64 { return o.WaitProbability })
		agrees(t, c.agents, "asa", seen, want, most, apart, func(o Outcome) float64 { return o.ASA })
		agrees(t, c.agents, "level", seen, want, most, apart, func(o Outcome) float64 { return o.ServiceLevel })
		agrees(t, c.agents, "busy", seen, want, most, apart, func(o Outcome) float64 { return o.Occupancy })
	}
}

// And as Erlang A has it where people give up.
func TestSimulationOfTheImpatient(t *testing.T) {
	t.Parallel()
	l, patience := Load{100, halfHour, 180 * time.Second}, 300*time.Second
	for _, n := range []int{9, 12, 14} { // nine are fewer than the load
		want, err := Impatient(l, n, 20*time.Second, patience)
		if err != nil {
			t.Fatal(err)
		}
		seen := seeds(t, Trial{Load: l, Agents: n, Target: 20 * time.Second, Patience: patience, Contacts: 10_000})
		agrees(t, n, "wait", seen, want, 0.04, 1, func(o Outcome) float64 { return o.WaitProbability })
		agrees(t, n, "abandon", seen, want, 0.04, 1, func(o Outcome) float64 { return o.Abandon })
		agrees(t, n, "asa", seen, want, 0.04, 1, func(o Outcome) float64 { return o.ASA })
		agrees(t, n, "mean wait", seen, want, 0.04, 1, func(o Outcome) float64 { return o.MeanWait })
		agrees(t, n, "level", seen, want, 0.04, 1, func(o Outcome) float64 { return o.ServiceLevel })
		agrees(t, n, "busy", seen, want, 0.04, 1, func(o Outcome) float64 { return o.Occupancy })
	}
}

func seeds(t *testing.T, trial Trial) []Outcome {
	t.Helper()
	all := make([]Outcome, 20)
	for i := range all {
		var err error
		if all[i], err = Simulate(trial, seeded(trial.Agents, i)); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// seeded is the chance of one trial; each has its own.
func seeded(agents, i int) func() float64 {
	return rand.New(rand.NewPCG(uint64(agents), uint64(i))).Float64
}

// agrees checks that a figure's mean is within four standard errors of what is
// wanted, and no further apart than a part of it; and that the error itself is
// at most a part of it.
func agrees(t *testing.T, n int, name string, seen []Outcome, want Outcome, most, apart float64, figure func(Outcome) float64) {
	t.Helper()
	sum, squares := 0.0, 0.0
	for _, o := range seen {
		sum += figure(o)
		squares += figure(o) * figure(o)
	}
	k := float64(len(seen))
	mean := sum / k
	slip := math.Sqrt(max(0, squares/k-mean*mean) / (k - 1))
	w := figure(want)
	t.Logf("%d agents: %s %.5f, wanted %.5f, error %.2f %%", n, name, mean, w, 100*slip/w)
	if !(math.Abs(mean-w) <= min(4*slip, apart*w)) || slip > most*w {
		t.Errorf("%d agents: %s %.5f ± %.5f, want %.5f", n, name, mean, slip, w)
	}
}

// The same seed is the same day.
func TestSimulationRepeats(t *testing.T) {
	trial := Trial{Load: Load{100, halfHour, 180 * time.Second}, Agents: 12, Patience: time.Minute, Contacts: 2000}
	first, err := Simulate(trial, seeded(12, 3))
	again, err2 := Simulate(trial, seeded(12, 3))
	if err != nil || err2 != nil || first != again {
		t.Errorf("%+v, then %+v, %v %v", first, again, err, err2)
	}
	if other, err := Simulate(trial, seeded(12, 4)); err != nil || other == first {
		t.Errorf("another seed is the same day: %+v, %v", other, err)
	}
}
