package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// DB is an open database.
type DB struct {
	dialect dialect
	read    *sql.DB
	readers *prepared // on SQLite; nil on PostgreSQL, where the driver prepares
	writer  *writer   // on SQLite
	feed    bell      // rings after a commit that told news
	work    bells     // ring after a commit that left work of their kind
}

// Open opens the database at url, "postgres://…" or the name of a file, and
// brings its schema up to date. A database that a newer program has changed is
// refused.
func Open(ctx context.Context, url string) (*DB, error) {
	d, driver, dsn := dialectOf(url)
	sqlDB, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	db := &DB{dialect: d, read: sqlDB}
	if err := migrate(ctx, sqlDB, d); err != nil {
		return nil, errors.Join(err, sqlDB.Close())
	}
	if d.name == sqlite {
		sqlDB.SetMaxOpenConns(readConns)
		sqlDB.SetMaxIdleConns(readConns)
		db.readers = &prepared{db: sqlDB}
		if db.writer, err = startWriter(ctx, dsn); err != nil {
			return nil, errors.Join(err, sqlDB.Close())
		}
	} else {
		sqlDB.SetMaxOpenConns(postgresConns)
		sqlDB.SetMaxIdleConns(postgresConns)
		sqlDB.SetConnMaxIdleTime(5 * time.Minute)
	}
	return db, nil
}

const (
	readConns     = 8
	postgresConns = 24
)

// Close waits for the writes that were begun and closes the database.
func (db *DB) Close() error {
	var err error
	if db.writer != nil {
		err = db.writer.stop()
	}
	if db.readers != nil {
		db.readers.close()
	}
	return errors.Join(err, db.read.Close())
}

// Engine returns "sqlite" or "postgres".
func (db *DB) Engine() string { return db.dialect.name }

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.read.PingContext(ctx) }

// Tx is a transaction, or a look at the database outside of one. Its methods
// are one statement each.
type Tx struct {
	*sqlcgen.Queries
	db      runner
	dialect dialect
	view    bool     // nothing will be written
	wrote   bool     // anything was written, so an error must roll back
	told    bool     // events were emitted
	emitted int64    // how many
	left    []string // kinds of job that were enqueued
	count   int      // statements
}

// Statements returns how many statements the transaction has run.
func (tx *Tx) Statements() int { return tx.count }

// Update runs f in a transaction. When it returns nil, all of it is on disk;
// otherwise none of it is. f may run more than once.
func (db *DB) Update(ctx context.Context, f func(*Tx) error) error {
	var told bool
	var left []string
	var err error
	if db.writer != nil {
		told, left, err = db.writer.do(ctx, f)
	} else {
		told, left, err = db.updatePostgres(ctx, f)
	}
	if err != nil {
		return err
	}
	if told {
		db.feed.ring()
	}
	db.work.ring(left)
	return nil
}

// updatePostgres runs f until it commits: PostgreSQL may ask for another try
// when transactions collide (40001, 40P01), and so may a unique key that two
// transactions wanted at once. A version that moved on between a read of f and
// its write is such a collision too; it is looked at again only a few times,
// because a version that the caller brought along stays old however often.
func (db *DB) updatePostgres(ctx context.Context, f func(*Tx) error) (told bool, left []string, err error) {
	const tries, looks = 6, 3
	for try := range tries {
		told, left, err = db.tryPostgres(ctx, f)
		old := fault.CodeOf(err) == "store.changed"
		if err == nil || !old && !db.dialect.again(err) || old && try >= looks {
			return told, left, err
		}
		wait := time.Duration(1<<try) * 5 * time.Millisecond
		select {
		case <-ctx.Done():
			return false, nil, ctx.Err()
		case <-time.After(wait/2 + rand.N(wait)): // jitter is no secret
		}
	}
	return false, nil, fault.New(fault.Busy, "store.busy", "too many people changed this at once; try again").Because(err)
}

func (db *DB) tryPostgres(ctx context.Context, f func(*Tx) error) (told bool, left []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, updateLimit)
	defer cancel()
	t, err := db.read.BeginTx(ctx, nil)
	if err != nil {
		return false, nil, err
	}
	defer t.Rollback() //nolint:errcheck // after a commit this does nothing
	tx := newTx(numbered{t}, db.dialect)
	if err = f(tx); err == nil {
		err = t.Commit()
	}
	if _, said := errors.AsType[*fault.Error](err); err != nil && !said && ctx.Err() != nil {
		err = ctx.Err() // the caller has gone, or took too long: that is what ended it, whatever the driver calls it
	}
	if err != nil {
		return false, nil, err
	}
	return tx.told, tx.left, nil
}

// updateLimit bounds a transaction, because the feed waits for the oldest one.
const updateLimit = 30 * time.Second

// View runs f on a snapshot of the database, for reads that belong together.
func (db *DB) View(ctx context.Context, f func(*Tx) error) error {
	t, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: db.dialect.snapshot})
	if err != nil {
		return err
	}
	defer t.Rollback() //nolint:errcheck // a read leaves nothing behind
	tx := newTx(numbered{t}, db.dialect)
	if db.readers != nil {
		tx = newTx(preparedTx{db.readers, t}, db.dialect)
	}
	tx.view = true
	return f(tx)
}

// Now returns a Tx for single reads that need no snapshot.
func (db *DB) Now() *Tx {
	tx := newTx(numbered{db.read}, db.dialect)
	if db.readers != nil {
		tx = newTx(db.readers, db.dialect)
	}
	tx.view = true
	return tx
}

func newTx(r runner, d dialect) *Tx {
	tx := &Tx{dialect: d}
	tx.db = marked{r, &tx.wrote, &tx.count}
	tx.Queries = sqlcgen.New(tx.db)
	return tx
}

// NewsBell returns a channel that is closed after the next commit that told
// news. Take it before reading, so that nothing falls between.
func (db *DB) NewsBell() <-chan struct{} { return db.feed.wait() }

// WorkBell is the same for jobs of a kind.
func (db *DB) WorkBell(kind string) <-chan struct{} { return db.work.of(kind).wait() }

// bells are a bell for each kind of job: who waits for one kind is not woken for
// another.
type bells struct {
	mu     sync.Mutex
	byKind map[string]*bell
}

func (b *bells) of(kind string) *bell {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.byKind == nil {
		b.byKind = map[string]*bell{}
	}
	if b.byKind[kind] == nil {
		b.byKind[kind] = &bell{}
	}
	return b.byKind[kind]
}

func (b *bells) ring(kinds []string) {
	for _, k := range kinds {
		if k != everyKind {
			b.of(k).ring()
			continue
		}
		b.mu.Lock()
		for _, one := range b.byKind {
			one.ring()
		}
		b.mu.Unlock()
	}
}

// bell wakes everyone who waits for it.
type bell struct {
	mu sync.Mutex
	ch chan struct{}
}

func (b *bell) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}

// Backup writes a consistent copy of a SQLite database to a new file. On
// PostgreSQL its own tools are better, and the error says so.
func (db *DB) Backup(ctx context.Context, file string) error {
	if db.writer == nil {
		return fault.New(fault.Invalid, "store.backup_postgres", "this database is PostgreSQL; back it up with pg_dump")
	}
	_, err := db.read.ExecContext(ctx, "VACUUM INTO ?", file)
	return err
}

// notFound turns "no rows" into a fault that names what is missing.
func notFound(err error, code, noun string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, code, "there is no such %s", noun)
	}
	return err
}

// changed reports a Conflict when a write found an older version than its own.
func changed(rows int64, err error) error {
	if err == nil && rows == 0 {
		return fault.New(fault.Conflict, "store.changed", "someone changed this a moment ago; read it again")
	}
	return err
}

// Timestamps are milliseconds; zero is never.

func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// logClose is for cleaning up where an error can change nothing any more.
func logClose(what string, err error) {
	if err != nil && !strings.Contains(err.Error(), "closed") {
		slog.Warn("closing failed", slog.String("what", what), slog.Any("error", err))
	}
}

// Number reads one number with a query of the caller's own: for load programs
// that count what they left behind.
func (tx *Tx) Number(ctx context.Context, into *int, query string, args ...any) error {
	return tx.db.QueryRowContext(ctx, query, args...).Scan(into)
}
