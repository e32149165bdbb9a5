package store

import (
	"database/sql"
	"errors"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the PostgreSQL driver, "pgx"
	_ "modernc.org/sqlite"             // the SQLite driver, "sqlite"
)

// dialect is all that the two engines say differently.
type dialect struct {
	name       string
	skipLocked string                    // ends a query that claims rows others may claim too
	rowLock    string                    // ends a query of a row that is about to be changed
	jsonList   string                    // a table of one column, value, from the JSON list ?3
	horizon    string                    // what a reader of the feed must not pass
	nextSeq    string                    // the number of an event; ?10 counts the events of its transaction
	indexInto  string                    // adds tokens to a search table; %s is its name
	unindex    string                    // removes a row from a search table
	forget     string                    // removes a row from a search table that keeps no rows; ?2 is what it was filed under
	matches    func(table string) string // a condition on a search table s; ? is the query
	snapshot   sql.IsolationLevel
}

const (
	sqlite   = "sqlite"
	postgres = "postgres"
)

var dialects = map[string]dialect{
	sqlite: {
		name:      sqlite,
		nextSeq:   "CASE WHEN ?10 < 0 THEN 0 END", // NULL: the next one
		jsonList:  "json_each(?3)",
		indexInto: "INSERT INTO %s (rowid, tokens) VALUES (?1, ?2)",
		unindex:   "DELETE FROM %s WHERE rowid = ?1",
		forget:    "INSERT INTO %[1]s (%[1]s, rowid, tokens) VALUES ('delete', ?1, ?2)",
		matches:   func(table string) string { return "s." + table + " MATCH ?" },
	},
	postgres: {
		name:       postgres,
		skipLocked: "FOR UPDATE SKIP LOCKED",
		rowLock:    "FOR UPDATE",
		jsonList:   "json_array_elements_text(CAST(?3 AS json)) AS kinds(value)",
		nextSeq:    "CAST(CAST(pg_current_xact_id() AS text) AS bigint) * 65536 + CAST(?10 AS bigint)",
		horizon:    "AND xid < pg_snapshot_xmin(pg_current_snapshot())",
		indexInto:  "INSERT INTO %s (rowid, tokens) VALUES (?1, array_to_tsvector(string_to_array(?2, ' ')))",
		unindex:    "DELETE FROM %s WHERE rowid = ?1",
		forget:     "DELETE FROM %s WHERE rowid = ?1 AND CAST(?2 AS text) <> ''",
		matches:    func(string) string { return "s.tokens @@ CAST(? AS tsquery)" },
		snapshot:   sql.LevelRepeatableRead,
	},
}

// dialectOf returns how to open a database: its dialect, driver and address.
func dialectOf(address string) (d dialect, driver, dsn string) {
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return dialects[postgres], "pgx", address
	}
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(10000)", "journal_mode(wal)", "synchronous(full)", "foreign_keys(1)",
		"cache_size(-16000)", "mmap_size(268435456)", "journal_size_limit(67108864)", "temp_store(memory)",
		"wal_autocheckpoint(4000)", // pages: with a thousand, what writes much copies the same pages again and again
	}}
	return dialects[sqlite], "sqlite", "file:" + (&url.URL{Path: address}).EscapedPath() + "?" + q.Encode()
}

// again reports whether an error of PostgreSQL asks for another try:
// serialization failure, deadlock, or a key that someone else inserted between
// our look and our insert.
func (d dialect) again(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01" || e.Code == "23505")
}
