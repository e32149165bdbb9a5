package store

import (
	"context"
	"time"
)

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
