package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"yingda/internal/kit/fault"
)

// writer is the one goroutine that writes to SQLite. It runs the functions of
// all callers that wait, one after the other, in one transaction, and commits
// once: with an fsync at each commit this is worth several times the rate of
// a transaction each.
type writer struct {
	db       *sql.DB
	conn     *sql.Conn
	stmts    *connStmts
	requests chan *write
	quit     chan struct{}
	done     chan struct{}
}

// write is one caller's wish.
type write struct {
	ctx        context.Context //nolint:containedctx // it travels with the wish to the goroutine that grants it
	f          func(*Tx) error
	told, left bool
	err        error
	panicked   any
	done       chan struct{}
}

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
		requests: make(chan *write, batch), quit: make(chan struct{}), done: make(chan struct{}),
	}
	go w.run() //nolint:contextcheck // it outlives the call that starts it
	return w, nil
}

// do hands f to the writer and waits until it is committed or refused.
func (w *writer) do(ctx context.Context, f func(*Tx) error) (told, left bool, err error) {
	r := &write{ctx: ctx, f: f, done: make(chan struct{})}
	select {
	case w.requests <- r:
	case <-ctx.Done():
		return false, false, ctx.Err()
	case <-w.quit:
		return false, false, errClosed
	}
	select {
	case <-r.done:
	case <-w.done: // the writer stopped; it may have granted this wish last
		select {
		case <-r.done:
		default:
			return false, false, errClosed
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
	wishes := make([]*write, 0, batch)
	for {
		wishes = wishes[:0]
		select {
		case r := <-w.requests:
			wishes = append(wishes, r)
		case <-w.quit:
			return
		}
	drain:
		for len(wishes) < batch {
			select {
			case r := <-w.requests:
				wishes = append(wishes, r)
			default:
				break drain
			}
		}
		w.grant(wishes)
		for _, r := range wishes {
			close(r.done)
		}
	}
}

// grant runs the wishes in one transaction. A wish that fails before it wrote
// anything disturbs nobody. If one fails after that, or the commit fails, all
// is rolled back and each wish is tried alone, so that every caller gets their
// own answer.
func (w *writer) grant(wishes []*write) {
	if err := w.together(wishes); err == nil {
		return
	}
	for _, r := range wishes {
		if err := w.together([]*write{r}); err != nil && r.err == nil {
			r.err = err
		}
	}
}

// together is one transaction. It returns an error if all was rolled back.
func (w *writer) together(wishes []*write) error {
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, r := range wishes {
		if spoiled := w.one(r); spoiled {
			return errors.Join(errors.New("a wish was rolled back"), w.exec("ROLLBACK"))
		}
	}
	if err := w.exec("COMMIT"); err != nil {
		return errors.Join(fmt.Errorf("commit: %w", err), w.exec("ROLLBACK"))
	}
	return nil
}

// one runs a wish and reports whether it left something that must not stay.
func (w *writer) one(r *write) (spoiled bool) {
	r.told, r.left, r.err, r.panicked = false, false, nil, nil
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
