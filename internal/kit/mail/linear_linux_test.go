package mail_test

import (
	"math"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"yingda/internal/kit/mail"
	"yingda/internal/kit/mail/mailtest"
)

// rusageThread is RUSAGE_THREAD of getrusage(2), which package syscall lacks.
const rusageThread = 1

// work is the processor time of this thread for what f does, at its best of
// several times: others on the machine do not count, and what they leave in its
// caches, or the collector takes, does not come each time.
func work(t *testing.T, f func()) time.Duration {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const enough = 30 * time.Millisecond
	best, all := time.Duration(math.MaxInt64), time.Duration(0)
	for n := 0; n < 5 || all < enough && n < 1000; n++ {
		before := used(t)
		f()
		took := used(t) - before
		best, all = min(best, took), all+took
	}
	return best
}

// quick reports whether f takes so little that it cannot be quadratic.
func quick(t *testing.T, nothing time.Duration, f func()) bool {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before := used(t)
	f()
	return used(t)-before < nothing
}

func used(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(rusageThread, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Whatever a mail is made of, eight times as much of it is not much more than
// eight times the work. What is quadratic takes 64 times as much. With
// TEST_EVERYTHING mails of one megabyte are read.
func TestLinear(t *testing.T) {
	if raceDetector {
		t.Skip("work is measured without the race detector")
	}
	small, large, nothing := 8<<10, 64<<10, 4*time.Millisecond
	if os.Getenv("TEST_EVERYTHING") != "" {
		small, large, nothing = 128<<10, 1<<20, 100*time.Millisecond
	}
	read := func(raw []byte) {
		m := mail.Parse(raw, mail.Options{})
		mail.SafeHTML(m.HTML, false)
	}
	few, many := mailtest.Nasty(small), mailtest.Nasty(large)
	byName := map[string][]byte{}
	for _, m := range few {
		byName[m.Name] = m.Raw
	}
	for _, m := range many {
		if quick(t, nothing, func() { read(m.Raw) }) {
			continue
		}
		once, eight, much := compare(t, func() { read(byName[m.Name]) }, func() { read(m.Raw) })
		if much {
			t.Errorf("%s: %v for %d bytes, %v for %d", m.Name, once, small, eight, large)
		}
	}
}

// What takes 64 times as much is found, what takes eight times as much is not.
func TestLinearIsTold(t *testing.T) {
	if raceDetector {
		t.Skip("work is measured without the race detector")
	}
	row := make([]byte, 64<<10)
	spin := func(n int) func() {
		return func() {
			for range n {
				for i := range row {
					row[i]++
				}
			}
		}
	}
	if once, eight, much := compare(t, spin(8), spin(8*8*8)); !much {
		t.Errorf("%v and %v are not told apart", once, eight)
	}
	if once, eight, much := compare(t, spin(8), spin(8*8)); much {
		t.Errorf("%v and %v are taken for quadratic", once, eight)
	}
}

// compare measures the work of little and of eight times as much, and says
// whether it is much more than eight times the work. What is quadratic is so
// each time, a machine that was busy is not.
func compare(t *testing.T, little, eightTimes func()) (once, eight time.Duration, much bool) {
	t.Helper()
	for range 5 {
		once, eight = work(t, little), work(t, eightTimes)
		if much = eight > 24*max(once, 10*time.Microsecond); !much {
			break
		}
	}
	return once, eight, much
}
