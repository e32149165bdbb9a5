package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"yingda/internal/domain/company"
	"yingda/internal/domain/filter"
	"yingda/internal/store/sqlcgen"
)

const companyName = "company"

// Company returns the company's settings; the defaults until someone changed
// them.
func (tx *Tx) Company(ctx context.Context) (company.Settings, error) {
	return setting(ctx, tx, companyName, company.Defaults())
}

// setting returns what was stored under a name over its defaults: a field that
// an older program did not know keeps its default, a list that is stored is
// taken whole. Decoded straight into the defaults, an element of a list would
// keep what the default at its place has and it leaves out, and the defaults
// would be written to by everybody who reads.
func setting[T any](ctx context.Context, tx *Tx, name string, defaults T) (T, error) {
	text, err := tx.Setting(ctx, name)
	if errors.Is(err, sql.ErrNoRows) {
		return defaults, nil
	}
	if err != nil {
		return defaults, err
	}
	var stored map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return defaults, fmt.Errorf("the setting %s: %w", name, err)
	}
	for field, v := range reflect.ValueOf(&defaults).Elem().Fields() {
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if _, ok := stored[key]; ok && v.Kind() == reflect.Slice {
			v.SetZero()
		}
	}
	if err := json.Unmarshal([]byte(text), &defaults); err != nil {
		return defaults, fmt.Errorf("the setting %s: %w", name, err)
	}
	return defaults, nil
}

// holdSetting keeps everybody else from changing a setting until the
// transaction ends. The row of a counter is the lock; that of the setting may
// not be there yet.
func (tx *Tx) holdSetting(ctx context.Context, name string) error {
	_, err := tx.NextCount(ctx, sqlcgen.NextCountParams{Name: "setting." + name, First: 1})
	return err
}

// CompanyToChange returns the company's settings as Company does. Until the
// transaction ends nobody else changes them.
func (tx *Tx) CompanyToChange(ctx context.Context) (company.Settings, error) {
	if err := tx.holdSetting(ctx, companyName); err != nil {
		return company.Settings{}, err
	}
	return tx.Company(ctx)
}

// SaveCompany writes the company's settings.
func (tx *Tx) SaveCompany(ctx context.Context, s company.Settings, now time.Time) error {
	return tx.saveSetting(ctx, companyName, s, now)
}

const filterName = "filter"

// Filter returns the lists of words that are not to be said; the defaults until
// someone changed them.
func (tx *Tx) Filter(ctx context.Context) (filter.Settings, error) {
	return setting(ctx, tx, filterName, filter.Defaults())
}

// FilterToChange returns the lists as Filter does. Until the transaction ends
// nobody else changes them.
func (tx *Tx) FilterToChange(ctx context.Context) (filter.Settings, error) {
	if err := tx.holdSetting(ctx, filterName); err != nil {
		return filter.Settings{}, err
	}
	return tx.Filter(ctx)
}

// SaveFilter writes the lists.
func (tx *Tx) SaveFilter(ctx context.Context, s filter.Settings, now time.Time) error {
	return tx.saveSetting(ctx, filterName, s, now)
}

func (tx *Tx) saveSetting(ctx context.Context, name string, v any, now time.Time) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return tx.PutSetting(ctx, sqlcgen.PutSettingParams{Name: name, Value: string(b), UpdatedAt: ms(now)})
}

// Once is true the first time that a thing is asked about, and never again: for
// what must happen once however often its job is done.
func (tx *Tx) Once(ctx context.Context, what string, now time.Time) (bool, error) {
	n, err := tx.InsertOnce(ctx, sqlcgen.InsertOnceParams{Name: "once." + what, At: ms(now)})
	return n > 0, err
}
