// Clocks measures the promises: how long it takes to open a case with its
// clocks, what open clocks cost while nothing is due, and how soon deadlines of
// the same second are dealt with, each once.
//
//	go run ./bench/clocks -open 100000 -due 10000
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"yingda/bench/internal/rig"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/job"
	"yingda/internal/kit/clock"
	"yingda/internal/store"
)

type result struct {
	Open       int     `json:"open_clocks"`
	OpenP50    float64 `json:"open_case_p50_ms"` // one after the other, each with its own commit on the disk
	OpenP99    float64 `json:"open_case_p99_ms"`
	IdleCPU    float64 `json:"idle_cpu_ms_per_s"` // with all of them open and nothing due
	Due        int     `json:"due_in_one_second"`
	HandledIn  float64 `json:"handled_in_s"`
	Alarms     int     `json:"alarms"` // lines in the histories; one for each deadline is right
	MostAlarms int     `json:"most_alarms_of_a_case"`
}

func main() {
	open := flag.Int("open", 100_000, "open clocks that are due in a year")
	due := flag.Int("due", 10_000, "clocks that are due in the same second")
	flag.Parse()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	folder, err := os.MkdirTemp("", "yingda-bench-clocks-")
	rig.Must(err)
	defer os.RemoveAll(folder)
	db, err := store.Open(ctx, filepath.Join(folder, "yingda.db"))
	rig.Must(err)
	d := &desk.Desk{DB: db, Now: clock.Now, CaseKey: []byte("bench")}
	r := result{Open: *open, Due: *due}

	rig.Must(supervisor(ctx, db))
	r.OpenP50, r.OpenP99 = hand(ctx, d)
	seed(ctx, db, "far", *open, clock.Now().Add(365*24*time.Hour))
	worker := &job.Worker{DB: db, Now: clock.Now}
	worker.Handle(d.Jobs()...)
	ended := make(chan error, 1)
	go func() { ended <- worker.Run(ctx) }()
	time.Sleep(2 * time.Second) // what starts a program is done
	before := cpu()
	time.Sleep(5 * time.Second)
	r.IdleCPU = (cpu() - before).Seconds() * 1000 / 5

	at := clock.Now().Add(time.Duration(2+*due/2000) * time.Second).Truncate(time.Second)
	seed(ctx, db, "now", *due, at)
	time.Sleep(time.Until(at))
	for {
		time.Sleep(50 * time.Millisecond)
		left := number(ctx, db, `SELECT COUNT(*) FROM (SELECT id FROM jobs WHERE kind = 'desk.clock' AND state <> 'dead' AND run_at < ?1 LIMIT 1) AS j`, at.Add(time.Hour).UnixMilli())
		if left == 0 || time.Since(at) > time.Minute {
			break
		}
	}
	r.HandledIn = float64(time.Since(at).Milliseconds()/10) / 100
	r.Alarms = number(ctx, db, `SELECT COUNT(*) FROM case_entries WHERE body LIKE '%"act":"alarm"%' AND at > ?1`, 0)
	r.MostAlarms = number(ctx, db, `SELECT COALESCE(MAX(n), 0) FROM (SELECT COUNT(*) AS n FROM case_entries WHERE body LIKE '%"act":"alarm"%' AND at > ?1 GROUP BY case_id) AS a`, 0)
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		rig.Must(err)
	}
	rig.Must(db.Close())
	rig.Print(r)
}

// supervisor gives the house a person who is told what is late.
func supervisor(ctx context.Context, db *store.DB) error {
	now := clock.Now()
	return db.Update(ctx, func(tx *store.Tx) error {
		a := agent.Agent{ID: agent.NewID(now), Email: "wang@example.org", Name: "王", Language: "zh", CreatedAt: now}
		if err := tx.InsertAgent(ctx, a); err != nil {
			return err
		}
		for _, r := range agent.BuiltinRoles() {
			r.ID = agent.NewRoleID(now)
			if err := tx.InsertRole(ctx, r); err != nil {
				return err
			}
			if r.Name == "supervisor" {
				if err := tx.SetAgentRoles(ctx, a.ID, []agent.RoleID{r.ID}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// hand hands in complaints one after the other.
func hand(ctx context.Context, d *desk.Desk) (p50, p99 float64) {
	const n, warm = 1000, 50
	took := make([]time.Duration, 0, n)
	for i := range n + warm {
		began := time.Now()
		_, err := d.OpenPublicCase(ctx, ticket.Case{
			Kind: ticket.Complaint, Text: "刹车有异响，维修后三天又出现，要求重新检查。", Name: "张伟", Phone: "13800001111", Email: "zhang@example.cn",
		}, nil, fmt.Sprintf("bench-%08d", i))
		rig.Must(err)
		if i >= warm {
			took = append(took, time.Since(began))
		}
	}
	return rig.Percentiles(took)
}

// seed writes cases with one clock each that is due at a time, as the desk
// would have left them.
func seed(ctx context.Context, db *store.DB, name string, n int, at time.Time) {
	const chunk = 500
	now := clock.Now()
	limit := at.UTC()
	for from := 0; from < n; from += chunk {
		rig.Must(db.Update(ctx, func(tx *store.Tx) error {
			for i := from; i < min(from+chunk, n); i++ {
				if err := one(ctx, tx, fmt.Sprintf("%s-%07d", name, i), now, limit); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

func one(ctx context.Context, tx *store.Tx, name string, now, limit time.Time) error {
	c := ticket.Case{
		ID: ticket.NewID(now), Number: "BM" + name, Kind: ticket.Complaint, State: ticket.Submitted, Subject: "异响", Text: "异响",
		Phone: "13800001111", Source: ticket.FromPortal, CreatedAt: now, ReceivedAt: now, DueAt: limit,
	}
	c = c.Unsorted()
	if _, err := tx.InsertCase(ctx, c, "bench", name); err != nil {
		return err
	}
	ck := store.ClockOf{
		ID: store.NewClockID(now), Kind: store.OfCase, Subject: int64(c.ID), Channel: c.Source,
		Clock: sla.Start(sla.Due{
			Metric: sla.ComplaintFeedback, Received: now, Counted: now, Limit: limit, Unit: sla.WorkingDay, Calendar: sla.Office,
			Warnings: []sla.Warning{}, Preset: sla.Standard, Why: []sla.Reason{},
		}, now),
	}
	if err := tx.InsertClock(ctx, ck); err != nil {
		return err
	}
	return tx.EnqueueOnce(ctx, desk.ClockJob, ck.ID.String(), desk.ClockDue{Clock: ck.ID}, limit, now)
}

func number(ctx context.Context, db *store.DB, query string, args ...any) (n int) {
	rig.Must(db.Now().Number(ctx, &n, query, args...))
	return n
}

// cpu is how much processor time this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	rig.Must(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
