package clock_test

import (
	"testing"
	"time"

	"yingda/internal/kit/clock"
)

// What is stored in milliseconds and read again is the same time. Jobs compare
// the two: an offer that rings until then, an agent who went away since then.
func TestTimesSurviveTheDatabase(t *testing.T) {
	hand := clock.At(time.Date(2026, 11, 22, 8, 0, 0, 123456789, time.FixedZone("CST", 8*3600)))
	hand.Turn(1234567 * time.Nanosecond)
	for name, now := range map[string]time.Time{"real": clock.Now(), "hand": hand.Now()} {
		if read := time.UnixMilli(now.UnixMilli()).UTC(); read != now {
			t.Errorf("the %s clock says %s, which is read as %s", name, now, read)
		}
	}
	if d := time.Since(clock.Now()); d < 0 || d > time.Minute {
		t.Errorf("the real clock is %s off", d)
	}
}
