package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/pressly/goose/v3"

	"yingda/internal/domain/agent"
	"yingda/internal/store/sqlcgen"
)

// OpenAt makes a database as it was at a version of its schema, and runs a
// statement in it.
func OpenAt(ctx context.Context, url string, version int64, statement string) (err error) {
	d, driver, dsn := dialectOf(url)
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	steps, err := stepsFor(d)
	if err != nil {
		return err
	}
	p, err := provider(db, d, slices.DeleteFunc(steps, func(m *goose.Migration) bool { return m.Version > version }))
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, statement)
	return err
}

// Dawdle keeps a PostgreSQL transaction open for a while, with its numbers
// given but not yet seen.
func (tx *Tx) Dawdle(ctx context.Context, d time.Duration) error {
	_, err := tx.db.ExecContext(ctx, "SELECT pg_sleep(?1)", d.Seconds())
	return err
}

// Columns returns every table.column of the database.
func (db *DB) Columns(ctx context.Context) (cs []string, err error) {
	q := `SELECT m.name || '.' || p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`
	if db.dialect.name == postgres {
		q = `SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema()`
	}
	rows, err := db.read.QueryContext(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c string
		if err := rows.Scan(&c); err != nil {
			return nil, err
		}
		cs = append(cs, c)
	}
	return cs, rows.Err()
}

// HeldSkill is a skill of an agent as the table has it.
type HeldSkill struct {
	Agent       agent.ID
	Skill       agent.SkillID
	Certificate agent.CertificateID
}

// SkillsHeld returns what all agents can.
func (tx *Tx) SkillsHeld(ctx context.Context) (all []HeldSkill, err error) {
	rows, err := tx.SkillsOf(ctx, sqlcgen.SkillsOfParams{After: 1, Until: math.MaxInt64})
	for _, r := range rows {
		all = append(all, HeldSkill{r.AgentID, r.SkillID, r.CertificateID})
	}
	return all, err
}

// Queued is how many wait for the one writer of SQLite.
func (db *DB) Queued() int { return len(db.writer.requests) + len(db.writer.later) }
