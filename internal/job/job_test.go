package job_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"yingda/internal/job"
	"yingda/internal/kit/clock"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

type shop struct {
	*job.Worker
	t     *testing.T
	clock *clock.Hand
	done  []string
}

func each(t *testing.T, f func(s *shop)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := clock.At(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
		f(&shop{t: t, clock: c, Worker: &job.Worker{DB: db, Now: c.Now}})
	})
}

func (s *shop) enqueue(kind, what string, due time.Duration) {
	s.t.Helper()
	if err := s.DB.Update(s.t.Context(), func(tx *store.Tx) error {
		return tx.Enqueue(s.t.Context(), kind, what, s.Now().Add(due), s.Now())
	}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) run(want int) {
	s.t.Helper()
	if n, err := s.RunDue(s.t.Context()); err != nil || n != want {
		s.t.Errorf("did %d jobs, %v; want %d", n, err, want)
	}
}

func (s *shop) note(_ context.Context, p json.RawMessage) error {
	s.done = append(s.done, string(p))
	return nil
}

func TestJobsAreDoneWhenTheyAreDue(t *testing.T) {
	each(t, func(s *shop) {
		s.Handle(job.Kind{Name: "a", Do: s.note})
		s.enqueue("a", "later", time.Hour)
		s.enqueue("a", "now", 0)
		s.run(1)
		s.clock.Turn(time.Hour)
		s.run(1)
		s.run(0)
		if fmt.Sprint(s.done) != `["now" "later"]` {
			s.t.Errorf("did %v", s.done)
		}
	})
}

func TestWhatFailsIsTriedAgainAndThenDead(t *testing.T) {
	each(t, func(s *shop) {
		tries := 0
		s.Handle(job.Kind{Name: "a", Tries: 3, Do: func(context.Context, json.RawMessage) error {
			tries++
			if tries == 2 {
				panic("oh")
			}
			return errors.New("no luck")
		}})
		s.enqueue("a", "x", 0)
		s.run(1)
		s.run(0)
		s.clock.Turn(time.Second)
		s.run(1)
		s.clock.Turn(time.Minute)
		s.run(1)
		s.clock.Turn(24 * time.Hour)
		s.run(0)
		dead, err := s.DB.Now().Jobs(s.t.Context(), "dead", 0, 10)
		if err != nil || len(dead) != 1 || dead[0].LastError != "no luck" || tries != 3 {
			s.t.Errorf("after %d tries: %+v, %v", tries, dead, err)
		}
	})
}

func TestWhatCanNeverBeDoneIsDeadAtOnce(t *testing.T) {
	each(t, func(s *shop) {
		s.Handle(job.Kind{Name: "a", Do: func(context.Context, json.RawMessage) error { return fmt.Errorf("%w: no such thing", job.ErrNever) }})
		s.enqueue("a", "x", 0)
		s.run(1)
		dead, err := s.DB.Now().Jobs(s.t.Context(), "dead", 0, 10)
		if err != nil || len(dead) != 1 {
			s.t.Errorf("%+v, %v", dead, err)
		}
	})
}

// A worker that runs does what comes, no more at once than it may, and stops
// when it is told to, with nothing half done.
func TestRun(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const jobs, most = 60, 4
		var running, peak, done atomic.Int64
		all := make(chan struct{})
		w := &job.Worker{DB: db, Now: clock.Now}
		w.Handle(job.Kind{Name: "a", Most: most, Do: func(context.Context, json.RawMessage) error {
			n := running.Add(1)
			for p := peak.Load(); n > p && !peak.CompareAndSwap(p, n); p = peak.Load() {
			}
			running.Add(-1)
			if done.Add(1) == jobs {
				close(all)
			}
			return nil
		}}, job.Kind{Name: "every", Every: time.Hour, Do: func(context.Context, json.RawMessage) error { return nil }})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- w.Run(ctx) }()
		for i := range jobs {
			if err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.Enqueue(t.Context(), "a", i, clock.Now(), clock.Now()) }); err != nil {
				t.Fatal(err)
			}
		}
		select {
		case <-all:
		case <-time.After(time.Minute):
			t.Fatalf("did %d of %d", done.Load(), jobs)
		}
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if peak.Load() > most {
			t.Errorf("%d at once", peak.Load())
		}
		left, err := db.Now().Jobs(t.Context(), "ready", 0, 10)
		if err != nil || len(left) != 1 || left[0].Kind != "every" {
			t.Errorf("left %+v, %v; want the one that repeats", left, err)
		}
	})
}

// What was being done when the program was killed is done when it starts
// again, not when the lease runs out.
func TestAfterAKill(t *testing.T) {
	db := storetest.SQLite(t)
	if err := db.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.Enqueue(t.Context(), "a", "x", clock.Now(), clock.Now()); err != nil {
			return err
		}
		_, err := tx.ClaimJobs(t.Context(), []string{"a"}, clock.Now(), time.Hour, 1)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	w := &job.Worker{DB: db, Now: clock.Now}
	w.Handle(job.Kind{Name: "a", Do: func(context.Context, json.RawMessage) error { close(done); return nil }})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() { _ = w.Run(ctx) }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Error("it waits for the lease")
	}
}

// A job can be forgotten in the transaction that does it: then it is done once,
// and if that transaction fails the job is there as before.
func TestDoneInTheSameTransaction(t *testing.T) {
	each(t, func(s *shop) {
		fail := true
		s.Handle(job.Kind{Name: "a", Do: func(ctx context.Context, _ json.RawMessage) error {
			return s.DB.Update(ctx, func(tx *store.Tx) error {
				if err := tx.Enqueue(ctx, "b", "left", s.Now().Add(time.Hour), s.Now()); err != nil {
					return err
				}
				if err := job.Done(ctx, tx); err != nil {
					return err
				}
				if fail {
					return errors.New("not this time")
				}
				return nil
			})
		}})
		s.enqueue("a", "x", 0)
		s.run(1)
		if _, left, err := s.DB.Now().NextJobOf(s.t.Context(), "b"); err != nil || left {
			s.t.Errorf("what failed left something: %v, %v", left, err)
		}
		fail = false
		s.clock.Turn(time.Hour)
		s.run(1)
		s.clock.Turn(time.Hour)
		s.run(0)
		if _, there, err := s.DB.Now().NextJobOf(s.t.Context(), "a"); err != nil || there {
			s.t.Errorf("the job is there still: %v, %v", there, err)
		}
		if _, left, err := s.DB.Now().NextJobOf(s.t.Context(), "b"); err != nil || !left {
			s.t.Errorf("nothing was left: %v, %v", left, err)
		}
	})
}

// Who lost a job to another worker does nothing.
func TestALostJobIsNotDone(t *testing.T) {
	each(t, func(s *shop) {
		s.Handle(job.Kind{Name: "a", Do: func(ctx context.Context, _ json.RawMessage) error {
			if err := s.DB.Update(ctx, func(tx *store.Tx) error { // meanwhile the lease ran out
				_, err := tx.ClaimJobs(ctx, []string{"a"}, s.Now().Add(time.Hour), time.Hour, 1)
				return err
			}); err != nil {
				return err
			}
			return s.DB.Update(ctx, func(tx *store.Tx) error {
				if err := tx.Enqueue(ctx, "b", "left", s.Now(), s.Now()); err != nil {
					return err
				}
				return job.Done(ctx, tx)
			})
		}})
		s.enqueue("a", "x", 0)
		s.run(1)
		if _, left, err := s.DB.Now().NextJobOf(s.t.Context(), "b"); err != nil || left {
			s.t.Errorf("it was done by one who had lost it: %v, %v", left, err)
		}
	})
}
