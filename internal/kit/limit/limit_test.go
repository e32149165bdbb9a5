package limit_test

import (
	"strconv"
	"testing"
	"time"

	"yingda/internal/kit/limit"
)

func TestTake(t *testing.T) {
	start := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	b := limit.New(2, 3, 100) // two a second, three at once
	for i, c := range []struct {
		key   string
		after time.Duration // since the start
		wait  time.Duration
	}{
		{"a", 0, 0},
		{"a", 0, 0},
		{"a", 0, 0},
		{"a", 0, 500 * time.Millisecond},
		{"b", 0, 0}, // another key has its own
		{"a", 100 * time.Millisecond, 400 * time.Millisecond},
		{"a", 500 * time.Millisecond, 0},
		{"a", 500 * time.Millisecond, 500 * time.Millisecond},
		{"a", 400 * time.Millisecond, 500 * time.Millisecond}, // a clock turned back gives nothing
		{"a", time.Hour, 0},
		{"a", time.Hour, 0},
		{"a", time.Hour, 0},
		{"a", time.Hour, 500 * time.Millisecond}, // an hour fills it, not more
	} {
		if got := b.Take(c.key, start.Add(c.after)); got != c.wait {
			t.Errorf("%d: %s waits %s, want %s", i, c.key, got, c.wait)
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	b := limit.New(1, 1, 10)
	b.Take("kept", now)
	for i := range 1000 {
		b.Take(strconv.Itoa(i), now)
		if b.Take("kept", now) == 0 {
			t.Fatalf("who asks all the time was forgotten after %d others", i)
		}
	}
	if b.Len() != 10 {
		t.Errorf("%d keys are remembered", b.Len())
	}
	if b.Take("0", now) != 0 {
		t.Error("who asked longest ago was not forgotten")
	}
}
