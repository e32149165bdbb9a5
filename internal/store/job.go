package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
	"yingda/internal/store/sqlcgen"
)

// JobID names a job.
type JobID = id.ID[jobNoun]

type jobNoun struct{}

func (jobNoun) Prefix() string { return "jb" }

// Job is something to be done at a time.
type Job struct {
	ID        JobID     `json:"id"`
	Kind      string    `json:"kind"`
	State     string    `json:"state"` // ready, running or dead
	Attempt   int       `json:"attempt"`
	RunAt     time.Time `json:"run_at"` // of a running job: when its lease ends
	LastError string    `json:"last_error,omitzero"`
	Payload   string    `json:"payload"`
	CreatedAt time.Time `json:"created_at"`
}

// Enqueue adds a job that is due at a time. It exists only if the transaction
// commits. The payload is written as JSON.
func (tx *Tx) Enqueue(ctx context.Context, kind string, payload any, due, now time.Time) error {
	return tx.enqueue(ctx, kind, "", payload, due, now)
}

// EnqueueOnce adds a job unless one of the same kind and name is there already,
// which then stands for both and is due at the earlier time.
func (tx *Tx) EnqueueOnce(ctx context.Context, kind, name string, payload any, due, now time.Time) error {
	return tx.enqueue(ctx, kind, name, payload, due, now)
}

// EnqueueLook adds a job that looks at everything there is of its kind, however
// often it is asked for: what waits for it then and is due is taken off by
// [Tx.Looks]. Unlike EnqueueOnce, nobody waits for anybody: on PostgreSQL a
// row that many want to find is locked by each of them until they commit, and
// whoever takes jobs would never get it.
func (tx *Tx) EnqueueLook(ctx context.Context, kind string, due, now time.Time) error {
	if due.After(now) { // whoever looks earlier says anew when to look again
		n, err := tx.JobWaits(ctx, sqlcgen.JobWaitsParams{Kind: kind, Due: ms(due)})
		if err != nil || n > 0 {
			return err
		}
	}
	return tx.enqueue(ctx, kind, "", nil, due, now)
}

// Looks takes off the jobs of a kind that are due and that nobody has taken, as
// whoever calls it is about to look. What was written with them is seen by
// statements that follow.
func (tx *Tx) Looks(ctx context.Context, kind string, now time.Time) error {
	_, err := tx.db.ExecContext(ctx, `
		DELETE FROM jobs WHERE id IN (
			SELECT j.id FROM jobs j WHERE j.kind = ?1 AND j.state = 'ready' AND j.run_at <= ?2 `+tx.dialect.skipLocked+`)`, kind, ms(now))
	return err
}

func (tx *Tx) enqueue(ctx context.Context, kind, dedup string, payload any, due, now time.Time) error {
	b, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	n, err := tx.InsertJob(ctx, sqlcgen.InsertJobParams{
		ID: int64(id.New[jobNoun](now)), Kind: kind, Payload: string(b), Dedup: nullable(dedup), RunAt: ms(due), CreatedAt: ms(now),
	})
	if n > 0 {
		tx.leave(kind)
	}
	return err
}

// everyKind stands for all kinds of job.
const everyKind = ""

// leave notes that there is work of a kind after the commit.
func (tx *Tx) leave(kind string) {
	if !slices.Contains(tx.left, kind) {
		tx.left = append(tx.left, kind)
	}
}

// ClaimJobs takes jobs of the given kinds that are due, pushing each into the
// future by the lease, so that nobody else takes it and it comes back if we
// die. A claimed job that was named gives its name free: what happens from now
// on is a new job's.
func (tx *Tx) ClaimJobs(ctx context.Context, kinds []string, now time.Time, lease time.Duration, most int) ([]Job, error) {
	names, err := json.Marshal(kinds)
	if err != nil {
		return nil, err
	}
	// Which ones is found once: as a part of the update PostgreSQL may look again
	// for each row, each time for others, and take more than it was asked for.
	rows, err := tx.db.QueryContext(ctx, `
		WITH due AS MATERIALIZED (
			SELECT j.id FROM jobs j
			WHERE j.run_at <= ?2 AND j.state <> 'dead' AND j.kind IN (SELECT value FROM `+tx.dialect.jsonList+`)
			ORDER BY j.run_at, j.id LIMIT ?4 `+tx.dialect.skipLocked+`)
		UPDATE jobs SET run_at = ?1, state = 'running', attempt = attempt + 1, dedup = NULL
		WHERE id IN (SELECT id FROM due)
		RETURNING id, kind, payload, run_at, state, attempt, last_error, created_at`,
		ms(now.Add(lease)), ms(now), string(names), most)
	if err != nil {
		return nil, err
	}
	defer func() { logClose("jobs", rows.Close()) }()
	var jobs []Job
	for rows.Next() {
		var r sqlcgen.Job
		if err := rows.Scan(&r.ID, &r.Kind, &r.Payload, &r.RunAt, &r.State, &r.Attempt, &r.LastError, &r.CreatedAt); err != nil {
			return nil, err
		}
		jobs = append(jobs, jobOf(r))
	}
	return jobs, rows.Err()
}

// FinishJob forgets a job that is done. False means that the lease was lost
// and someone else has taken the job since.
func (tx *Tx) FinishJob(ctx context.Context, j Job) (bool, error) {
	n, err := tx.Queries.FinishJob(ctx, sqlcgen.FinishJobParams{ID: int64(j.ID), Attempt: int64(j.Attempt)})
	return n > 0, err
}

// RetryJob makes a job that failed due again, or dead.
func (tx *Tx) RetryJob(ctx context.Context, j Job, dead bool, due time.Time, why string) error {
	state := "ready"
	if dead {
		state = "dead"
	}
	_, err := tx.Queries.RetryJob(ctx, sqlcgen.RetryJobParams{ID: int64(j.ID), Attempt: int64(j.Attempt), State: state, RunAt: ms(due), LastError: why})
	tx.leave(j.Kind)
	return err
}

// ReleaseLeases makes due what was being done when the program stopped, if no
// other program can be doing it: a SQLite database belongs to one program.
func (tx *Tx) ReleaseLeases(ctx context.Context, now time.Time) error {
	if tx.dialect.name != sqlite {
		return nil
	}
	return tx.ReleaseJobs(ctx, ms(now))
}

// ExtendJob lengthens the lease of a job that is still being done.
func (tx *Tx) ExtendJob(ctx context.Context, j Job, until time.Time) (bool, error) {
	n, err := tx.Queries.ExtendJob(ctx, sqlcgen.ExtendJobParams{ID: int64(j.ID), Attempt: int64(j.Attempt), RunAt: ms(until)})
	return n > 0, err
}

// NextJobOf returns when the next job of a kind is due; false if there is none.
func (tx *Tx) NextJobOf(ctx context.Context, kind string) (time.Time, bool, error) {
	t, err := tx.Queries.NextJobOf(ctx, kind)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, nil
	}
	return at(t), err == nil, err
}

// Jobs returns jobs in a state before an id, newest first.
func (tx *Tx) Jobs(ctx context.Context, state string, before JobID, most int) ([]Job, error) {
	if before.IsZero() {
		before = maxID
	}
	rows, err := tx.JobsByState(ctx, sqlcgen.JobsByStateParams{State: state, Before: int64(before), Most: int64(most)})
	jobs := make([]Job, 0, len(rows))
	for _, r := range rows {
		jobs = append(jobs, jobOf(r))
	}
	return jobs, err
}

// ReviveJob makes a dead job due now, with all its tries again.
func (tx *Tx) ReviveJob(ctx context.Context, j JobID, now time.Time) error {
	n, err := tx.Queries.ReviveJob(ctx, sqlcgen.ReviveJobParams{ID: int64(j), RunAt: ms(now)})
	tx.leave(everyKind)
	return notDead(n, err)
}

// RemoveJob forgets a dead job.
func (tx *Tx) RemoveJob(ctx context.Context, j JobID) error {
	return notDead(tx.Queries.RemoveJob(ctx, int64(j)))
}

func notDead(n int64, err error) error {
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "job.unknown", "there is no such job among those that have failed")
	}
	return err
}

func jobOf(r sqlcgen.Job) Job {
	return Job{
		ID: JobID(r.ID), Kind: r.Kind, State: r.State, Attempt: int(r.Attempt), RunAt: at(r.RunAt),
		LastError: r.LastError, Payload: r.Payload, CreatedAt: at(r.CreatedAt),
	}
}
