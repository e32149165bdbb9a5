package mail_test

import (
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

// work is the processor time of this thread for what f does: others on the
// machine do not count. f runs until there is enough to measure, at least three
// times.
func work(t *testing.T, f func()) time.Duration {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const enough = 30 * time.Millisecond
	before := used(t)
	n := 0
	for n < 3 || used(t)-before < enough && n < 1000 {
		f()
		n++
	}
	return (used(t) - before) / time.Duration(n)
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
		once := work(t, func() { read(byName[m.Name]) })
		eight := work(t, func() { read(m.Raw) })
		if eight > 24*max(once, 10*time.Microsecond) {
			t.Errorf("%s: %v for %d bytes, %v for %d", m.Name, once, small, eight, large)
		}
	}
}
