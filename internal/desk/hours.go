package desk

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"yingda/internal/channel"
)

// What is looked at to say when one waits least, and how often.
const (
	hoursOf    = 8 * 7 * 24 * time.Hour
	hoursKeep  = 30 * time.Minute
	fewestSeen = 5 // conversations in an hour of the week; of fewer nothing is said
)

// hours keeps what was counted for a while: it is the same for everybody, and
// takes long to count.
type hours struct {
	mu   sync.Mutex
	at   time.Time
	best []channel.Hour
}

// BestHours returns the hours of the week in which those who asked for a person
// in the last eight weeks waited least, the best first; hours in which few
// asked are left out. It is at most half an hour old.
func (d *Desk) BestHours(ctx context.Context) ([]channel.Hour, error) {
	d.hours.mu.Lock()
	defer d.hours.mu.Unlock()
	now := d.Now()
	if !d.hours.at.IsZero() && now.Sub(d.hours.at) < hoursKeep {
		return d.hours.best, nil
	}
	s, err := d.DB.Now().Company(ctx)
	if err != nil {
		return nil, err
	}
	zone := s.PhoneHours.Location()
	waits, err := d.DB.Now().WaitsSince(ctx, now.Add(-hoursOf))
	if err != nil {
		return nil, err
	}
	type slot struct{ day, hour int }
	sums := map[slot]channel.Hour{}
	for _, w := range waits {
		at := w.At.In(zone)
		k := slot{(int(at.Weekday()) + 6) % 7, at.Hour()}
		h := sums[k]
		sums[k] = channel.Hour{Day: k.day, Hour: k.hour, Wait: h.Wait + w.Total, Count: h.Count + w.Count}
	}
	var best []channel.Hour
	for _, h := range sums {
		if h.Count >= fewestSeen {
			h.Wait /= time.Duration(h.Count)
			best = append(best, h)
		}
	}
	slices.SortFunc(best, func(a, b channel.Hour) int {
		return cmp.Or(cmp.Compare(a.Wait, b.Wait), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Day, b.Day), cmp.Compare(a.Hour, b.Hour))
	})
	d.hours.at, d.hours.best = now, best
	return best, nil
}
