package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"yingda/internal/kit/fault"
)

// writer is the one goroutine that writes to SQLite. It runs the functions of
// all callers that wait, one after the other, in one transaction, and commits
// once: with an fsync at each commit this is worth several times the rate of
// a transaction each. Those who can wait ([Patient]) go one by one behind the
// others: whoever comes meanwhile is granted next, and then it commits.
type writer struct {
	db       *sql.DB
	conn     *sql.Conn
	stmts    *connStmts
	requests chan *write
	later    chan *write // of those who can wait
	quit     chan struct{}
	done     chan struct{}
}

// write is one caller's wish.
type write struct {
	ctx      context.Context //nolint:containedctx // it travels with the wish to the goroutine that grants it
	f        func(*Tx) error
	patient  bool // others go first
	told     bool
	left     []string
	err      error
	panicked any
	done     chan struct{}
}

// Patient returns a context for updates that nobody waits for, such as of mails
// that came in by the thousand: on SQLite, where all share one writer, everybody
// else's go first.
func Patient(ctx context.Context) context.Context { return context.WithValue(ctx, patient{}, true) }

type patient struct{}

// batch is how many wishes share a commit at the most.
const batch = 256

func startWriter(ctx context.Context, dsn string) (*writer, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	w := &writer{
		db: db, conn: conn, stmts: &connStmts{conn: conn, byText: map[string]*sql.Stmt{}},
		requests: make(chan *write, batch), later: make(chan *write, batch), quit: make(chan struct{}), done: make(chan struct{}),
	}
	go w.run() //nolint:contextcheck // it outlives the call that starts it
	return w, nil
}

// do hands f to the writer and waits until it is committed or refused.
func (w *writer) do(ctx context.Context, f func(*Tx) error) (told bool, left []string, err error) {
	r := &write{ctx: ctx, f: f, patient: ctx.Value(patient{}) != nil, done: make(chan struct{})}
	requests := w.requests
	if r.patient {
		requests = w.later
	}
	select {
	case requests <- r:
	case <-ctx.Done():
		return false, nil, ctx.Err()
	case <-w.quit:
		return false, nil, errClosed
	}
	select {
	case <-r.done:
	case <-w.done: // the writer stopped; it may have granted this wish last
		select {
		case <-r.done:
		default:
			return false, nil, errClosed
		}
	}
	if r.panicked != nil {
		panic(r.panicked)
	}
	return r.told, r.left, r.err
}

var errClosed = fault.New(fault.Busy, "store.closed", "the program is stopping; try again in a moment")

func (w *writer) stop() error {
	close(w.quit)
	<-w.done
	w.stmts.close()
	return errors.Join(w.conn.Close(), w.db.Close())
}

func (w *writer) run() {
	defer close(w.done)
	for {
		var first *write
		select {
		case first = <-w.requests:
		case first = <-w.later:
		case <-w.quit:
			return
		}
		for _, r := range w.grant(first) {
			close(r.done)
		}
	}
}

// grant runs a wish and those that wait behind it in one transaction, and
// returns them all. A wish that fails before it wrote anything disturbs nobody.
// If one fails after that, or the commit fails, all is rolled back and each wish
// is tried alone, so that every caller gets their own answer.
func (w *writer) grant(first *write) []*write {
	began := time.Now() //nolint:forbidigo // how long the others have waited
	wishes, err := w.together(first, func(wishes []*write) *write {
		return w.behind(wishes, time.Since(began) > patience)
	})
	if err == nil {
		return wishes
	}
	for _, r := range wishes {
		if _, err := w.together(r, func([]*write) *write { return nil }); err != nil && r.err == nil {
			r.err = err
		}
	}
	return wishes
}

// patience is how long those who can wait may follow each other in a transaction
// that somebody else waits for.
const patience = 20 * time.Millisecond

// behind returns the next wish for a transaction that has some already, or nil
// when it is time to commit: at the latest when it lasts long and has a wish of
// somebody who does not wait. Even then one of those who can wait is granted, so
// that each gets their turn where others always come.
func (w *writer) behind(wishes []*write, long bool) *write {
	if len(wishes) == batch {
		return nil
	}
	select {
	case r := <-w.requests:
		return r
	default:
	}
	has := func(patient bool) bool {
		return slices.ContainsFunc(wishes, func(r *write) bool { return r.patient == patient })
	}
	if long && has(false) && has(true) {
		return nil
	}
	select {
	case r := <-w.later:
		return r
	default:
		return nil
	}
}

// together is one transaction: of a wish, and of what more gives it. It returns
// an error if all was rolled back.
func (w *writer) together(first *write, more func([]*write) *write) (wishes []*write, err error) {
	wishes = []*write{first}
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return wishes, err
	}
	for r := first; r != nil; {
		if spoiled := w.one(r); spoiled {
			return wishes, errors.Join(errors.New("a wish was rolled back"), w.exec("ROLLBACK"))
		}
		if r = more(wishes); r != nil {
			wishes = append(wishes, r)
		}
	}
	if err := w.exec("COMMIT"); err != nil {
		return wishes, errors.Join(fmt.Errorf("commit: %w", err), w.exec("ROLLBACK"))
	}
	return wishes, nil
}

// one runs a wish and reports whether it left something that must not stay.
func (w *writer) one(r *write) (spoiled bool) {
	r.told, r.left, r.err, r.panicked = false, nil, nil, nil
	if r.err = r.ctx.Err(); r.err != nil {
		return false
	}
	tx := newTx(w.stmts, dialects[sqlite])
	defer func() {
		if p := recover(); p != nil {
			r.panicked, spoiled = p, tx.wrote
		}
	}()
	if r.err = r.f(tx); r.err != nil {
		return tx.wrote
	}
	r.told, r.left = tx.told, tx.left
	return false
}

func (w *writer) exec(text string) error {
	ctx, cancel := context.WithTimeout(context.Background(), updateLimit)
	defer cancel()
	started := time.Now() //nolint:forbidigo // how long the disk took, for the error only
	_, err := w.stmts.ExecContext(ctx, text)
	if err != nil {
		return fmt.Errorf("%s after %s: %w", text, time.Since(started).Round(time.Millisecond), err)
	}
	return nil
}
