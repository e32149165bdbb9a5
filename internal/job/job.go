// Package job does what was promised in a transaction: it takes job rows that
// are due, hands each to the function of its kind, tries again with growing
// waits when that fails, and lays a job that keeps failing aside as dead, for
// an administrator to see and start again.
//
// A job is done at least once. If the program dies in the middle, the lease
// runs out and the job is done again; so every function must be repeatable.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Kind is a kind of job and how it is done.
type Kind struct {
	Name string
	// Do does the job. An error brings it back later; ErrNever does not.
	Do func(ctx context.Context, payload json.RawMessage) error
	// Most is how many are done at once; 1 when zero.
	Most int
	// Tries is how often a job is tried before it is dead; 10 when zero.
	Tries int
	// Patient lets everybody else write first: for work that comes in large amounts.
	Patient bool
	// Every makes the kind repeat: a job of it is always waiting.
	Every time.Duration
}

// ErrNever is an error that no further try would mend.
var ErrNever = errors.New("this job can never be done")

// With returns how a job is done by a function that takes its payload. One that
// cannot be read never can.
func With[T any](f func(context.Context, T) error) func(context.Context, json.RawMessage) error {
	return func(ctx context.Context, payload json.RawMessage) error {
		var w T
		if err := json.Unmarshal(payload, &w); err != nil {
			return fmt.Errorf("%w: %w", ErrNever, err)
		}
		return f(ctx, w)
	}
}

// Done forgets the job that ctx belongs to in a transaction of its function, so
// that what was done and that it was done are one commit. It fails if somebody
// else does the job by now. Without a job it does nothing.
func Done(ctx context.Context, tx *store.Tx) error {
	d, ok := ctx.Value(jobKey{}).(*doing)
	if !ok || d.kind.Every > 0 {
		return nil
	}
	mine, err := tx.FinishJob(ctx, d.job)
	if err == nil && !mine {
		err = errors.New("the job was lost to another worker")
	}
	d.done = err == nil
	return err
}

// doing is the job that a context belongs to.
type doing struct {
	kind Kind
	job  store.Job
	done bool // forgotten in the transaction of its function
}

type jobKey struct{}

// Worker does jobs. Its fields are set once, before it runs.
type Worker struct {
	DB    *store.DB
	Now   func() time.Time
	Lease time.Duration // how long a job may be silent before another takes it; a minute when zero
	Log   *slog.Logger
	kinds []Kind
}

// Handle adds a kind. A name that is there already is a mistake in the wiring.
func (w *Worker) Handle(ks ...Kind) {
	for _, k := range ks {
		if slices.ContainsFunc(w.kinds, func(o Kind) bool { return o.Name == k.Name }) {
			panic("job: two kinds named " + k.Name)
		}
		k.Most = max(k.Most, 1)
		if k.Tries == 0 {
			k.Tries = 10
		}
		w.kinds = append(w.kinds, k)
	}
}

const (
	pollBound  = 5 * time.Second // another node may have written, or the clock was set
	claimBatch = 64
)

// Run does jobs until ctx ends, and waits for those it has begun.
func (w *Worker) Run(ctx context.Context) error {
	if err := w.plant(ctx); err != nil {
		return err
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, k := range w.kinds {
		wg.Go(func() { w.serve(ctx, k) })
	}
	<-ctx.Done()
	return ctx.Err()
}

// plant takes up again what was being done when the program stopped, and makes
// sure that a job of each repeating kind is waiting.
func (w *Worker) plant(ctx context.Context) error {
	return w.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.ReleaseLeases(ctx, w.Now()); err != nil {
			return err
		}
		for _, k := range w.kinds {
			if k.Every > 0 {
				if err := tx.EnqueueOnce(ctx, k.Name, "every", nil, w.Now().Add(k.Every), w.Now()); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// serve does the jobs of one kind, at most k.Most at once.
func (w *Worker) serve(ctx context.Context, k Kind) {
	if k.Patient {
		ctx = store.Patient(ctx)
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	free := make(chan struct{}, k.Most)
	for range k.Most {
		free <- struct{}{}
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-free:
		}
		seats := 1
	more:
		for seats < claimBatch {
			select {
			case <-free:
				seats++
			default:
				break more
			}
		}
		jobs := w.claim(ctx, k, seats)
		for range seats - len(jobs) {
			free <- struct{}{}
		}
		for _, j := range jobs {
			wg.Go(func() {
				defer func() { free <- struct{}{} }()
				w.do(ctx, k, j)
			})
		}
	}
}

// claim waits until at least one job of the kind is due, and takes up to most.
func (w *Worker) claim(ctx context.Context, k Kind, most int) []store.Job {
	for ctx.Err() == nil {
		bell := w.DB.WorkBell(k.Name)
		next, ok, err := w.DB.Now().NextJobOf(ctx, k.Name)
		wait := pollBound
		switch now := w.Now(); {
		case err != nil:
			w.warn(ctx, "looking for jobs failed", err)
		case ok && !next.After(now):
			var jobs []store.Job
			err := w.DB.Update(ctx, func(tx *store.Tx) (err error) {
				jobs, err = tx.ClaimJobs(ctx, []string{k.Name}, now, w.lease(), most)
				return err
			})
			if err == nil && len(jobs) > 0 {
				return jobs
			}
			if err != nil {
				w.warn(ctx, "taking jobs failed", err)
			}
			wait = 50 * time.Millisecond // another worker was faster, or the database is away
		case ok:
			wait = min(wait, next.Sub(now))
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-bell:
		case <-timer.C:
		}
		timer.Stop()
	}
	return nil
}

// RunDue does every job that is due now, one after the other, and those that
// they leave, and returns how many there were. It is for tests and commands.
func (w *Worker) RunDue(ctx context.Context) (n int, err error) {
	names := make([]string, len(w.kinds))
	for i, k := range w.kinds {
		names[i] = k.Name
	}
	for {
		var jobs []store.Job
		err := w.DB.Update(ctx, func(tx *store.Tx) (err error) {
			jobs, err = tx.ClaimJobs(ctx, names, w.Now(), w.lease(), 1)
			return err
		})
		if err != nil || len(jobs) == 0 {
			return n, err
		}
		k := w.kinds[slices.IndexFunc(w.kinds, func(k Kind) bool { return k.Name == jobs[0].Kind })]
		w.do(ctx, k, jobs[0])
		n++
	}
}

func (w *Worker) lease() time.Duration {
	if w.Lease > 0 {
		return w.Lease
	}
	return time.Minute
}

// do does one job and writes what became of it. The writing goes on when the
// program is told to stop, so that a job that was done is not done again.
func (w *Worker) do(ctx context.Context, k Kind, j store.Job) {
	working, stop := context.WithCancel(ctx)
	var beat sync.WaitGroup
	beat.Go(func() { w.heartbeat(working, stop, j) })
	d := &doing{kind: k, job: j}
	err := call(context.WithValue(working, jobKey{}, d), k, j)
	stop()
	beat.Wait()
	if err == nil && d.done {
		return
	}

	write, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if werr := w.DB.Update(write, func(tx *store.Tx) error { return w.settle(write, tx, k, j, err) }); werr != nil {
		w.warn(ctx, "writing what became of a job failed; it will be done again", werr, slog.String("job", j.ID.String()), slog.String("kind", j.Kind))
	}
	if err != nil && ctx.Err() == nil {
		w.warn(ctx, "a job failed", err, slog.String("job", j.ID.String()), slog.String("kind", j.Kind), slog.Int("attempt", j.Attempt))
	}
}

func (w *Worker) settle(ctx context.Context, tx *store.Tx, k Kind, j store.Job, err error) error {
	now := w.Now()
	switch {
	case err == nil:
		if mine, err := tx.FinishJob(ctx, j); err != nil || !mine || k.Every == 0 {
			return err
		}
	case k.Every > 0: // the next round is the next try
		if mine, err := tx.FinishJob(ctx, j); err != nil || !mine {
			return err
		}
	default:
		dead := errors.Is(err, ErrNever) || j.Attempt >= k.Tries
		return tx.RetryJob(ctx, j, dead, now.Add(backOff(j.Attempt)), clip(err.Error()))
	}
	return tx.EnqueueOnce(ctx, k.Name, "every", nil, now.Add(k.Every), now)
}

// call runs the kind's function; a panic is an error like any other.
func call(ctx context.Context, k Kind, j store.Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return k.Do(ctx, json.RawMessage(j.Payload))
}

// heartbeat keeps the lease of a long job. If the lease is lost, the job is
// stopped: someone else does it now.
func (w *Worker) heartbeat(ctx context.Context, stop context.CancelFunc, j store.Job) {
	t := time.NewTicker(w.lease() / 3)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			var mine bool
			err := w.DB.Update(ctx, func(tx *store.Tx) (err error) {
				mine, err = tx.ExtendJob(ctx, j, w.Now().Add(w.lease()))
				return err
			})
			if err == nil && !mine {
				stop()
				return
			}
		}
	}
}

// backOff is how long a job waits after its n-th try: 1 s, 2 s, 4 s … up to an
// hour, half of it by chance, so that what failed together does not come back
// together.
func backOff(n int) time.Duration {
	d := min(time.Second<<min(n-1, 12), time.Hour)
	return d/2 + rand.N(d/2+1) // jitter is no secret
}

func clip(s string) string {
	if len(s) > 2000 {
		return s[:2000]
	}
	return s
}

func (w *Worker) warn(ctx context.Context, msg string, err error, attrs ...slog.Attr) {
	if w.Log != nil && ctx.Err() == nil && fault.CodeOf(err) != "store.closed" {
		w.Log.LogAttrs(ctx, slog.LevelWarn, msg, append(attrs, slog.Any("error", err))...) //nolint:sloglint // each caller gives a constant
	}
}
