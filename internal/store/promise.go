package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// PromiseVersion is one state of what is promised: who made it so, and when.
type PromiseVersion struct {
	Version int64     `json:"version"`
	At      time.Time `json:"at"`
	ByName  string    `json:"by_name"`
	What    string    `json:"what"` // what was done, such as "preset"
}

// Terms returns what is promised now. Version 0 is what a new installation
// promises, before anyone changed it.
func (tx *Tx) Terms(ctx context.Context) (sla.Terms, error) {
	r, err := tx.LatestPromiseVersion(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return sla.DefaultTerms(), nil
	}
	if err != nil {
		return sla.Terms{}, err
	}
	return termsOf(r)
}

// TermsVersion returns the number of the latest version; 0 if there is none.
func (tx *Tx) TermsVersion(ctx context.Context) (v int64, err error) {
	err = tx.db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM promise_versions`).Scan(&v)
	return v, err
}

// TermsAt returns what a version promised.
func (tx *Tx) TermsAt(ctx context.Context, version int64) (sla.Terms, error) {
	if version == 0 {
		return sla.DefaultTerms(), nil
	}
	r, err := tx.PromiseVersion(ctx, version)
	if err != nil {
		return sla.Terms{}, notFound(err, "promise.unknown", "version of the promises")
	}
	return termsOf(r)
}

func termsOf(r sqlcgen.PromiseVersion) (t sla.Terms, err error) {
	if err := json.Unmarshal([]byte(r.Body), &t); err != nil {
		return t, fmt.Errorf("version %d of the promises: %w", r.Version, err)
	}
	t.Version = r.Version
	return t, nil
}

// SaveTerms writes the next version of what is promised. Two who change at
// once cannot both have it: the second is a Conflict.
func (tx *Tx) SaveTerms(ctx context.Context, t sla.Terms, v PromiseVersion) (sla.Terms, error) {
	have, err := tx.TermsVersion(ctx)
	if err != nil {
		return t, err
	}
	if have != t.Version {
		return t, fault.New(fault.Conflict, "store.changed", "someone changed this a moment ago; read it again")
	}
	t.Version++
	b, err := json.Marshal(t)
	if err != nil {
		return t, err
	}
	return t, tx.InsertPromiseVersion(ctx, sqlcgen.InsertPromiseVersionParams{Version: t.Version, At: ms(v.At), ByName: v.ByName, What: v.What, Body: string(b)})
}

// PromiseVersions returns versions before a number, the newest first.
func (tx *Tx) PromiseVersions(ctx context.Context, before int64, most int) ([]PromiseVersion, error) {
	if before == 0 {
		before = maxID
	}
	rows, err := tx.Queries.PromiseVersions(ctx, sqlcgen.PromiseVersionsParams{Before: before, Most: int64(most)})
	vs := make([]PromiseVersion, 0, len(rows))
	for _, r := range rows {
		vs = append(vs, PromiseVersion{Version: r.Version, At: at(r.At), ByName: r.ByName, What: r.What})
	}
	return vs, err
}

const handlingName = "handling"

// Handling returns how cases are handled here: windows, escalation, categories;
// the defaults until someone changed them.
func (tx *Tx) Handling(ctx context.Context) (ticket.Handling, error) {
	return setting(ctx, tx, handlingName, ticket.DefaultHandling())
}

// HandlingToChange returns the same. Until the transaction ends nobody else
// changes it.
func (tx *Tx) HandlingToChange(ctx context.Context) (ticket.Handling, error) {
	if err := tx.holdSetting(ctx, handlingName); err != nil {
		return ticket.Handling{}, err
	}
	return tx.Handling(ctx)
}

// SaveHandling writes how cases are handled.
func (tx *Tx) SaveHandling(ctx context.Context, h ticket.Handling, now time.Time) error {
	return tx.saveSetting(ctx, handlingName, h, now)
}
