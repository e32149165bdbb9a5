package routing

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The vectors of domain reference §4.4, in seconds.
func TestWait(t *testing.T) {
	for _, c := range []struct {
		ahead, working, handling, patience int
		plain, leaving                     float64
	}{
		{3, 5, 300, 180, 240, 171},
		{9, 10, 240, 300, 240, 181.7799},
		{19, 10, 240, 300, 480, 294.1743},
		{0, 5, 300, 180, 60, 60},
	} {
		l := Line{Ahead: c.ahead, Working: c.working, Handling: time.Duration(c.handling) * time.Second}
		if got, ok := l.Wait(); !ok || got.Round(time.Millisecond) != time.Duration(c.plain*1000)*time.Millisecond {
			t.Errorf("%+v: %s", l, got)
		}
		l.Patience = time.Duration(c.patience) * time.Second
		if got, ok := l.Wait(); !ok || (got-time.Duration(c.leaving*float64(time.Second))).Abs() > 100*time.Microsecond {
			t.Errorf("%+v: %s, want %v s", l, got, c.leaving)
		}
	}
	if got, ok := (Line{Ahead: 1, Handling: time.Minute}).Wait(); ok || got != 0 {
		t.Errorf("nobody is at work, and the wait is %s", got)
	}
}

// Whatever the wait, it is in the band that is announced for it, and who waits
// longer is announced no less.
func TestAnnounce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := time.Duration(rapid.Int64Range(0, int64(5*time.Hour)).Draw(t, "wait"))
		b := time.Duration(rapid.Int64Range(int64(a), int64(6*time.Hour)).Draw(t, "longer"))
		short, long := Announce(a), Announce(b)
		if !short.Holds(a) || !long.Holds(b) || long.Most < short.Most || short.Most < 1 {
			t.Fatalf("%s is announced as %+v, %s as %+v", a, short, b, long)
		}
	})
	for minutes, want := range map[int]Band{0: {0, 1}, 2: {1, 3}, 5: {3, 5}, 6: {5, 10}, 11: {10, 20}} {
		if got := Announce(time.Duration(minutes) * time.Minute); got != want {
			t.Errorf("%d minutes: %+v", minutes, got)
		}
	}
}
