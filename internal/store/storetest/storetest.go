// Package storetest opens throwaway databases for tests.
package storetest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // to make a schema for each test

	"yingda/internal/domain/event"
	"yingda/internal/store"
)

var made atomic.Int64

// Each runs f on a fresh database of every engine: always on SQLite, and on
// PostgreSQL if TEST_POSTGRES names a server (test/with-postgres starts one).
func Each(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, Postgres(t))
	})
}

// SQLite opens a fresh database in a file of its own: a copy of one that was
// brought up to date once.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	whole, err := upToDate()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "yingda.db")
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, file)
}

var upToDate = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "yingda-storetest-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "yingda.db")
	db, err := store.Open(context.Background(), file)
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(file) //nolint:gosec // it was written above
})

// Postgres opens a fresh database on the server that TEST_POSTGRES names. A
// plain "go test" without a server skips; make test always has one, and says
// so with TEST_EVERYTHING, under which a missing server fails.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	server := postgresServer(t)
	from, err := template(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	return open(t, postgresDatabase(t, server, from))
}

// PostgresAddress makes an empty database, for tests of the schema and those in
// which several programs open it.
func PostgresAddress(t testing.TB) string {
	t.Helper()
	return postgresDatabase(t, postgresServer(t), "template0")
}

func postgresServer(t testing.TB) string {
	t.Helper()
	address := os.Getenv("TEST_POSTGRES")
	if address == "" {
		if os.Getenv("TEST_EVERYTHING") != "" {
			t.Fatal("TEST_POSTGRES is not set")
		}
		t.Skip("TEST_POSTGRES is not set; test/with-postgres go test … sets it")
	}
	return address
}

// postgresDatabase makes a copy of a database that is gone after the test.
func postgresDatabase(t testing.TB, server, from string) string {
	t.Helper()
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("t%d_%d", os.Getpid(), made.Add(1))
	if _, err := admin.ExecContext(t.Context(), "CREATE DATABASE "+name+" TEMPLATE "+from+" STRATEGY file_copy"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, err := admin.ExecContext(context.WithoutCancel(t.Context()), "DROP DATABASE "+name+" WITH (FORCE)")
		if err != nil {
			t.Error(err)
		}
		if err := admin.Close(); err != nil {
			t.Error(err)
		}
	})
	return at(server, name)
}

// template returns the name of a database that was brought up to date once for
// all test programs of these migrations; to copy it takes half as long as to run them.
func template(ctx context.Context, server string) (_ string, err error) {
	name, err := templateName()
	if err != nil {
		return "", err
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, admin.Close()) }()
	one, err := admin.Conn(ctx) // the lock is of a connection, and goes with it
	if err != nil {
		return "", err
	}
	defer one.Close()
	if _, err := one.ExecContext(ctx, "SELECT pg_advisory_lock(7465737473)"); err != nil {
		return "", err
	}
	var there bool
	if err := one.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate)", name).Scan(&there); err != nil || there {
		return name, err
	}
	for _, do := range []string{"DROP DATABASE IF EXISTS " + name, "CREATE DATABASE " + name} {
		if _, err := one.ExecContext(ctx, do); err != nil {
			return "", err
		}
	}
	db, err := store.Open(ctx, at(server, name))
	if err != nil {
		return "", err
	}
	if err := db.Close(); err != nil {
		return "", err
	}
	_, err = one.ExecContext(ctx, "ALTER DATABASE "+name+" IS_TEMPLATE true") // from now on it is whole
	return name, err
}

// templateName is made from what the migrations say.
var templateName = sync.OnceValues(func() (string, error) {
	_, here, _, _ := runtime.Caller(0)
	sum := sha256.New()
	err := filepath.WalkDir(filepath.Join(filepath.Dir(here), "..", "migrations"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path) //nolint:gosec // our own
		sum.Write(text)
		return err
	})
	return fmt.Sprintf("yingda_%x", sum.Sum(nil)[:6]), err
})

// at is the address of another database of a server.
func at(server, database string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + database
	return u.String()
}

// Open opens a database that is closed when the test ends.
func Open(t testing.TB, address string) *store.DB {
	t.Helper()
	return open(t, address)
}

func open(t testing.TB, address string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// Events returns all events after a sequence number that are committed when it
// is called. On PostgreSQL the feed waits for the oldest transaction of the
// whole server, other tests' included; so it waits with it.
func Events(t testing.TB, db *store.DB, after int64) []event.Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var newest int
	if err := db.Now().Number(ctx, &newest, `SELECT COALESCE(MAX(seq), 0) FROM events`); err != nil {
		t.Fatal(err)
	}
	var es []event.Event
	for last := after; last < int64(newest); {
		more, err := db.EventsAfter(ctx, last, 1000)
		if err != nil {
			t.Fatalf("the feed stands at %d of %d: %v", last, newest, err)
		}
		if len(more) == 0 {
			<-time.After(2 * time.Millisecond)
			continue
		}
		es, last = append(es, more...), more[len(more)-1].Seq
	}
	return es
}
