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

// work is the processor time of this thread for what f does: others on the
// machine do not count. The least of several times counts.
func work(t *testing.T, times int, f func()) time.Duration {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	least := time.Duration(math.MaxInt64)
	for range times {
		before := used(t)
		f()
		least = min(least, used(t)-before)
	}
	return max(least, time.Millisecond)
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
	small, large := 16<<10, 128<<10
	if os.Getenv("TEST_EVERYTHING") != "" {
		small, large = 128<<10, 1<<20
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
		once := work(t, 3, func() { read(byName[m.Name]) })
		eight := work(t, 2, func() { read(m.Raw) })
		if eight > 24*once && eight > 20*time.Millisecond {
			t.Errorf("%s: %v for %d bytes, %v for %d", m.Name, once, small, eight, large)
		}
	}
}
