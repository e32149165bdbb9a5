package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yingda/internal/domain/company"
	"yingda/internal/store/sqlcgen"
)

const companyName = "company"

// Company returns the company's settings; the defaults until someone changed
// them. A field that an older program did not know has its default.
func (tx *Tx) Company(ctx context.Context) (company.Settings, error) {
	s := company.Defaults()
	text, err := tx.Setting(ctx, companyName)
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, fmt.Errorf("the company's settings: %w", err)
	}
	return s, nil
}

// CompanyToChange returns the company's settings as Company does. Until the
// transaction ends nobody else changes them.
func (tx *Tx) CompanyToChange(ctx context.Context) (company.Settings, error) {
	if _, err := tx.NextCount(ctx, sqlcgen.NextCountParams{Name: "setting." + companyName, First: 1}); err != nil {
		return company.Settings{}, err // the row of the counter is the lock; that of the settings may not be there yet
	}
	return tx.Company(ctx)
}

// SaveCompany writes the company's settings.
func (tx *Tx) SaveCompany(ctx context.Context, s company.Settings, now time.Time) error {
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return tx.PutSetting(ctx, sqlcgen.PutSettingParams{Name: companyName, Value: string(b), UpdatedAt: ms(now)})
}

// Once is true the first time that a thing is asked about, and never again: for
// what must happen once however often its job is done.
func (tx *Tx) Once(ctx context.Context, what string, now time.Time) (bool, error) {
	n, err := tx.InsertOnce(ctx, sqlcgen.InsertOnceParams{Name: "once." + what, At: ms(now)})
	return n > 0, err
}
