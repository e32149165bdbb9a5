package store

import (
	"context"
	"time"

	"yingda/internal/domain/endpoint"
	"yingda/internal/domain/lookup"
	"yingda/internal/store/sqlcgen"
)

const modelName = "model"

// Endpoint returns what is set about the language model; off until somebody
// set it.
func (tx *Tx) Endpoint(ctx context.Context) (endpoint.Settings, error) {
	return setting(ctx, tx, modelName, endpoint.Defaults())
}

// EndpointToChange returns the settings as Endpoint does. Until the transaction
// ends nobody else changes them.
func (tx *Tx) EndpointToChange(ctx context.Context) (endpoint.Settings, error) {
	if err := tx.holdSetting(ctx, modelName); err != nil {
		return endpoint.Settings{}, err
	}
	return tx.Endpoint(ctx)
}

// SaveEndpoint writes the settings.
func (tx *Tx) SaveEndpoint(ctx context.Context, s endpoint.Settings, now time.Time) error {
	return tx.saveSetting(ctx, modelName, s, now)
}

const lookupName = "model.lookup"

// Lookups returns what may be looked up at servers of the company; nothing until
// somebody set it.
func (tx *Tx) Lookups(ctx context.Context) (lookup.Settings, error) {
	return setting(ctx, tx, lookupName, lookup.Settings{Servers: []lookup.Server{}})
}

// LookupsToChange returns the settings as Lookups does. Until the transaction
// ends nobody else changes them.
func (tx *Tx) LookupsToChange(ctx context.Context) (lookup.Settings, error) {
	if err := tx.holdSetting(ctx, lookupName); err != nil {
		return lookup.Settings{}, err
	}
	return tx.Lookups(ctx)
}

// SaveLookups writes the settings.
func (tx *Tx) SaveLookups(ctx context.Context, s lookup.Settings, now time.Time) error {
	return tx.saveSetting(ctx, lookupName, s, now)
}

// dayForm is how days are written: they sort as they follow each other.
const dayForm = time.DateOnly

// Spend adds to what a task of the model used on the day of a time.
func (tx *Tx) Spend(ctx context.Context, day time.Time, t endpoint.Task, s endpoint.Spent) error {
	return tx.AddModelSpend(ctx, sqlcgen.AddModelSpendParams{
		Day: day.Format(dayForm), Task: string(t), Calls: s.Calls, TokensIn: s.In, TokensOut: s.Out, MicroYuan: s.Micros,
	})
}

// SpentOn returns what the model used on the day of a time, by task.
func (tx *Tx) SpentOn(ctx context.Context, day time.Time) (map[endpoint.Task]endpoint.Spent, error) {
	rows, err := tx.ModelSpendRows(ctx, day.Format(dayForm))
	spent := map[endpoint.Task]endpoint.Spent{}
	for _, r := range rows {
		spent[endpoint.Task(r.Task)] = endpoint.Spent{Calls: r.Calls, In: r.TokensIn, Out: r.TokensOut, Micros: r.MicroYuan}
	}
	return spent, err
}
