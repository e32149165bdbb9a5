package staffing

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/kit/fault"
)

const halfHour = 30 * time.Minute

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: %.10f, want %.10f", what, got, want)
	}
}

// The table of domain reference §4.2.
func TestErlangBAndC(t *testing.T) {
	for _, c := range []struct {
		n          int
		a, b, wait float64
	}{
		{1, 0.5, 0.3333333333, 0.5},
		{2, 1, 0.2, 0.3333333333},
		{3, 2, 0.2105263158, 0.4444444444},
		{5, 4, 0.1990668740, 0.5541125541},
		{6, 4, 0.1171624714, 0.2847608454},
		{8, 6, 0.1218757837, 0.3569810859},
		{10, 8, 0.1216610643, 0.4091801508},
		{14, 10, 0.0568191434, 0.1741319336},
		{20, 15, 0.0455932156, 0.1604293874},
		{25, 20, 0.0502217779, 0.2091028266},
		{50, 45, 0.0541044722, 0.3638644672},
		{100, 90, 0.0269573805, 0.2169404809},
		{200, 180, 0.0103249952, 0.0944712182},
		{500, 480, 0.0143257807, 0.2665125200},
	} {
		near(t, "B", ErlangB(c.n, c.a), c.b, 1e-9)
		near(t, "C", ErlangC(c.n, c.a), c.wait, 1e-9)
	}
}

// C(1) = ρ, C(2) = 2ρ²/(1+ρ), exactly.
func TestErlangCInClosedForm(t *testing.T) {
	for _, rho := range []float64{0.01, 0.3, 0.5, 0.9, 0.999} {
		near(t, "one", ErlangC(1, rho), rho, 1e-12)
		near(t, "two", ErlangC(2, 2*rho), 2*rho*rho/(1+rho), 1e-12)
	}
	near(t, "three", ErlangC(3, 2), 4.0/9, 1e-12)
}

func TestPatient(t *testing.T) {
	hundred := Load{100, halfHour, 180 * time.Second}
	for _, c := range []struct {
		load                         Load
		target                       time.Duration
		n                            int
		wait, asa, level, busy, slip float64
	}{
		{hundred, 20 * time.Second, 14, 0.1741319336, 7.8359370114, 0.8883500192, 10.0 / 14, 1e-6},
		{hundred, 20 * time.Second, 13, 0.2852704530, 17.1162271804, 0.7955947884, 10.0 / 13, 1e-6},
		{hundred, 20 * time.Second, 12, 0.4493882243, 40.4449401870, 0.6401580404, 10.0 / 12, 1e-6},
		{hundred, 20 * time.Second, 11, 0.6821182047, 122.7812768460, 0.3896138117, 10.0 / 11, 1e-6},
		{hundred, 20 * time.Second, 15, 0.1020423670, 3.6735252120, 0.9414528429, 10.0 / 15, 1e-6},
		{Load{360, halfHour, 240 * time.Second}, 15 * time.Second, 55, 0.238701, 8.1840, 0.845883, 48.0 / 55, 1e-4},
		{Load{48, time.Minute, time.Minute}, 0, 50, 0.694456, 20.8337, 1 - 0.694456, 0.96, 1e-4},
	} {
		o, err := Patient(c.load, c.n, c.target)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "wait", o.WaitProbability, c.wait, 1e-6)
		near(t, "asa", o.ASA, c.asa, c.slip)
		near(t, "level", o.ServiceLevel, c.level, 1e-6)
		near(t, "busy", o.Occupancy, c.busy, 1e-6)
		if o.Abandon != 0 || o.MeanWait != o.ASA {
			t.Errorf("somebody gave up: %+v", o)
		}
	}
	o, err := Patient(Load{48, time.Minute, time.Minute}, 50, 0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "p90", PatientWait(Load{48, time.Minute, time.Minute}, o, 0.9), 58.14, 0.005)
	near(t, "p30", PatientWait(Load{48, time.Minute, time.Minute}, o, 0.3), 0, 0)
}

func TestPatientAgents(t *testing.T) {
	for contacts, want := range map[float64]int{20: 6, 40: 10, 60: 14, 80: 18, 120: 25} {
		o, err := PatientAgents(Load{contacts, halfHour, 300 * time.Second}, 20*time.Second, Goal{0.8, 1})
		if err != nil || o.Agents != want {
			t.Errorf("%v contacts: %d agents, %v, want %d", contacts, o.Agents, err, want)
		}
	}
	o, err := PatientAgents(Load{100, halfHour, 180 * time.Second}, 20*time.Second, Goal{0.8, 0.7})
	if err != nil || o.Agents != 15 || o.Occupancy > 0.7 {
		t.Errorf("at most 0.7 busy: %+v, %v", o, err)
	}
}

func TestImpatient(t *testing.T) {
	hundred := Load{100, halfHour, 180 * time.Second}
	for _, c := range []struct {
		n                              int
		wait, abandon, all, level, occ float64
	}{
		{12, 0.3318020355, 0.0427111057, 12.813332, 0.7722793077, 0.797741},
		{13, 0.2257970840, 0.0249633036, 7.488991, 0.8581777000, 0.750028},
		{14, 0.1452601143, 0.0139837441, 4.195123, 0.9167920919, 0.704297},
	} {
		o, err := Impatient(hundred, c.n, 20*time.Second, 300*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "wait", o.WaitProbability, c.wait, 1e-9)
		near(t, "abandon", o.Abandon, c.abandon, 1e-9)
		near(t, "mean wait", o.MeanWait, c.all, 1e-6)
		near(t, "level", o.ServiceLevel, c.level, 1e-9)
		near(t, "occupancy", o.Occupancy, c.occ, 1e-6)
	}
	o, err := Impatient(Load{48, time.Minute, time.Minute}, 50, 0, 2*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "wait", o.WaitProbability, 0.467774, 1e-6)
	near(t, "abandon", o.Abandon, 0.030912, 1e-6)
	near(t, "mean wait", o.MeanWait, 3.7095, 1e-4)
	near(t, "occupancy", o.Occupancy, 0.9303, 1e-4)
}

// Who is answered in the end and who gives up are all, whatever the load, and
// one person more never makes it worse.
func TestImpatientAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Load{rapid.Float64Range(0.1, 5000).Draw(t, "contacts"), halfHour, time.Duration(rapid.IntRange(5, 1200).Draw(t, "handling")) * time.Second}
		n := rapid.IntRange(1, 600).Draw(t, "agents")
		patience := time.Duration(rapid.IntRange(5, 3600).Draw(t, "patience")) * time.Second
		all, err := Impatient(l, n, 1000*time.Hour, patience)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(all.ServiceLevel-(1-all.Abandon)) > 1e-8 {
			t.Fatalf("%.10f are answered in the end, %.10f give up", all.ServiceLevel, all.Abandon)
		}
		at0, err := Impatient(l, n, 0, patience)
		if err != nil || math.Abs(at0.ServiceLevel-(1-at0.WaitProbability)) > 1e-12 {
			t.Fatalf("%+v at once, %v", at0, err)
		}
		more, err := Impatient(l, n+1, 20*time.Second, patience)
		less, err2 := Impatient(l, n, 20*time.Second, patience)
		if err != nil || err2 != nil || more.ServiceLevel < less.ServiceLevel-1e-9 || more.Occupancy > less.Occupancy+1e-9 {
			t.Fatalf("one more makes it worse: %+v, then %+v", less, more)
		}
		if less.Occupancy < 0 || less.Occupancy > 1 || less.ASA < 0 || math.IsNaN(less.ASA) {
			t.Fatalf("not possible: %+v", less)
		}
	})
}

// The wait of those who are answered, reckoned another way: who finds k waiting
// is offered a wait of k+1 ends at the rates r(i) = nμ+iθ, whose transform
// Π r(i)/(r(i)+s) has at s = θ the part that stays, and in its derivative their wait.
func TestASAOfTheImpatient(t *testing.T) {
	l, n := Load{100, halfHour, 180 * time.Second}, 13
	lambda, mu, theta := l.rate(), 1/180.0, 1/300.0
	state, free := 1.0, 0.0
	for j := 1; j <= n; j++ { // state is that of all busy at the end
		free += state
		state *= lambda / (float64(j) * mu)
	}
	all, answered, waited, stay, sum := free, free, 0.0, 1.0, 0.0
	for k := range 400 {
		r := float64(n)*mu + float64(k)*theta
		stay, sum = stay*r/(r+theta), sum+1/(r+theta)
		all, answered, waited = all+state, answered+state*stay, waited+state*stay*sum
		state *= lambda / (float64(n)*mu + float64(k+1)*theta)
	}
	o, err := Impatient(l, n, 20*time.Second, 300*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "asa", o.ASA, waited/answered, 1e-9)
	near(t, "answered", 1-o.Abandon, answered/all, 1e-12)
}

// Whoever never gives up is Erlang C.
func TestImpatientWithoutEndIsPatient(t *testing.T) {
	l := Load{100, halfHour, 180 * time.Second}
	for n := 11; n < 20; n++ {
		c, err := Patient(l, n, 20*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		a, err := Impatient(l, n, 20*time.Second, 4000*time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "wait", a.WaitProbability, c.WaitProbability, 1e-3)
		near(t, "level", a.ServiceLevel, c.ServiceLevel, 1e-3)
		near(t, "asa", a.ASA/c.ASA, 1, 5e-3)
	}
}

func TestImpatientAgents(t *testing.T) {
	o, err := ImpatientAgents(Load{100, halfHour, 180 * time.Second}, 20*time.Second, 300*time.Second, Goal{0.8, 1})
	if err != nil || o.Agents != 13 {
		t.Errorf("%+v, %v", o, err)
	}
}

// One person for the work of ten, and people who wait for weeks: nine of ten
// leave, and nobody is busier than always.
func TestImpatientForLong(t *testing.T) {
	o, err := Impatient(Load{100, halfHour, 180 * time.Second}, 1, 20*time.Second, 2000*time.Hour)
	if err != nil || o.Occupancy > 1 {
		t.Fatalf("%+v, %v", o, err)
	}
	near(t, "abandon", o.Abandon, 0.9, 1e-9)
	near(t, "asa, against the wait at which as many leave as come", o.ASA/(2000*3600*math.Log(10)), 1, 1e-4)
}

func TestWhyInWords(t *testing.T) {
	l := Load{100, halfHour, 90 * time.Minute}
	for _, language := range []string{"en", "zh"} {
		for _, patience := range []time.Duration{0, 2 * time.Hour} {
			all := strings.Join(Why(l, Outcome{Agents: 301}, 20*time.Second, patience, language), " ")
			if strings.Contains(all, "%!") || strings.Contains(all, "m0s") || !strings.Contains(all, "30m ") || !strings.Contains(all, "1h30m") || patience > 0 && !strings.Contains(all, "2h ") {
				t.Errorf("%s: %s", language, all)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	good := Load{100, halfHour, 180 * time.Second}
	goal := Goal{0.8, 0.85}
	for name, err := range map[string]error{
		"staffing.contacts":      second(Patient(Load{0, halfHour, time.Second}, 1, 0)),
		"staffing.interval":      second(Patient(Load{1, 0, time.Second}, 1, 0)),
		"staffing.handling":      second(Patient(Load{1, halfHour, 0}, 1, 0)),
		"staffing.large":         second(Patient(Load{1e9, halfHour, time.Hour}, 1, 0)),
		"staffing.agents":        second(Impatient(good, 0, 0, time.Second)),
		"staffing.target":        second(Patient(good, 14, -1)),
		"staffing.overload":      second(Patient(good, 10, 0)),
		"staffing.patience":      second(Impatient(good, 10, 0, 0)),
		"staffing.patience_long": second(Impatient(good, 10, 0, 1000000*time.Hour)),
		"staffing.goal":          second(PatientAgents(good, 0, Goal{1, 0.85})),
		"staffing.occupancy":     second(PatientAgents(good, 0, Goal{0.8, 0})),
		"staffing.reach":         second(ImpatientAgents(good, 0, 300*time.Second, Goal{0.8, 1e-9})),
	} {
		if fault.CodeOf(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := PatientAgents(good, 0, goal); err != nil {
		t.Error(err)
	}
}

func second(_ Outcome, err error) error { return err }
