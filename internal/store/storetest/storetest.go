// Package storetest opens throwaway databases for tests.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // to make a schema for each test

	"yingda/internal/domain/event"
	"yingda/internal/store"
)

var schemas atomic.Int64

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

// SQLite opens a fresh database in a file of its own.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "yingda.db"))
}

// Postgres opens a fresh schema of the server that TEST_POSTGRES names. A
// plain "go test" without a server skips; make test always has one, and says
// so with TEST_EVERYTHING, under which a missing server fails.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	return open(t, PostgresAddress(t))
}

// PostgresAddress makes the schema that Postgres opens, for tests in which
// several programs open it.
func PostgresAddress(t testing.TB) string {
	t.Helper()
	address := os.Getenv("TEST_POSTGRES")
	if address == "" {
		if os.Getenv("TEST_EVERYTHING") != "" {
			t.Fatal("TEST_POSTGRES is not set")
		}
		t.Skip("TEST_POSTGRES is not set; test/with-postgres go test … sets it")
	}
	admin, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	schema := fmt.Sprintf("t%d_%d", os.Getpid(), schemas.Add(1))
	if _, err := admin.ExecContext(t.Context(), "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, err := admin.ExecContext(context.WithoutCancel(t.Context()), "DROP SCHEMA "+schema+" CASCADE")
		if err != nil {
			t.Error(err)
		}
		if err := admin.Close(); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
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
