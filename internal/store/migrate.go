package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"

	"yingda/internal/kit/fault"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the schema up to date. It refuses a database that a newer
// program has changed: this one would not understand what it finds.
func migrate(ctx context.Context, db *sql.DB, d dialect) error {
	steps, err := stepsFor(d)
	if err != nil {
		return err
	}
	p, err := provider(db, d, steps)
	if err != nil {
		return err
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return unreachable(d, err)
	}
	if latest := steps[len(steps)-1].Version; have > latest {
		return fault.New(fault.Invalid, "store.newer",
			"this database was changed by a newer version of yingda (schema %d, this program knows %d); start the newer version, or restore a backup", have, latest)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bring the database up to date: %w", err)
	}
	return nil
}

// provider runs some migrations on a database.
func provider(db *sql.DB, d dialect, steps []*goose.Migration) (*goose.Provider, error) {
	name := goose.DialectSQLite3
	if d.name == postgres {
		name = goose.DialectPostgres
	}
	p, err := goose.NewProvider(name, db, nil, goose.WithGoMigrations(steps...), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return p, nil
}

func unreachable(d dialect, err error) error {
	if d.name == postgres {
		return fault.New(fault.Invalid, "store.unreachable", "the PostgreSQL database does not answer; check --database").Because(err)
	}
	return fault.New(fault.Invalid, "store.unwritable", "the database file cannot be opened or written; check --data").Because(err)
}

// stepsFor returns the migrations of an engine: the common ones and its own.
func stepsFor(d dialect) ([]*goose.Migration, error) {
	var steps []*goose.Migration
	for _, folder := range []string{"migrations", "migrations/" + d.name} {
		names, err := fs.Glob(migrations, folder+"/*.sql")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			version, err := strconv.ParseInt(strings.SplitN(path.Base(name), "_", 2)[0], 10, 64)
			if err != nil {
				return nil, fmt.Errorf("%s: a migration begins with its number", name)
			}
			body, err := migrations.ReadFile(name)
			if err != nil {
				return nil, err
			}
			text := up(string(body), d)
			steps = append(steps, goose.NewGoMigration(version, &goose.GoFunc{
				RunTx: func(ctx context.Context, tx *sql.Tx) error {
					_, err := tx.ExecContext(ctx, text)
					return err
				},
			}, nil))
		}
	}
	if len(steps) == 0 {
		return nil, errors.New("no migrations in the program")
	}
	slices.SortFunc(steps, func(a, b *goose.Migration) int { return int(a.Version - b.Version) })
	return steps, nil
}

// up returns the way up of a migration in an engine's words. A BIGINT PRIMARY
// KEY is a second index in SQLite; INTEGER PRIMARY KEY is the row's own number.
// Each engine has its own name for the members of a JSON list.
func up(body string, d dialect) string {
	_, body, _ = strings.Cut(body, "-- +goose Up")
	body, _, _ = strings.Cut(body, "-- +goose Down")
	if d.name == sqlite {
		body = strings.ReplaceAll(body, "BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY")
	} else {
		body = strings.ReplaceAll(body, "json_each(c.tags) AS t", "json_array_elements_text(CAST(c.tags AS json)) AS t(value)")
	}
	return body
}
