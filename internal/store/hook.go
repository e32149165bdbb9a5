package store

import (
	"context"
	"encoding/json"
	"fmt"

	"yingda/internal/domain/call"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// HookRecord is a look-up of menus with its key and its secret as they lie here:
// sealed.
type HookRecord struct {
	call.Hook
	SealedKey, SealedSecret string
}

// Hook returns a look-up of menus.
func (tx *Tx) Hook(ctx context.Context, name string) (HookRecord, error) {
	r, err := tx.HookRow(ctx, name)
	if err != nil {
		return HookRecord{}, notFound(err, "hook.unknown", "look-up")
	}
	return hookOf(r)
}

// Hooks returns all look-ups of menus, by their names.
func (tx *Tx) Hooks(ctx context.Context) ([]HookRecord, error) {
	rows, err := tx.HookRows(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]HookRecord, 0, len(rows))
	for _, r := range rows {
		h, err := hookOf(r)
		if err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, nil
}

// InsertHook adds a look-up. It is a Conflict if there is one of its name.
func (tx *Tx) InsertHook(ctx context.Context, h HookRecord) error {
	b, err := json.Marshal(h.Hook)
	if err != nil {
		return err
	}
	n, err := tx.Queries.InsertHook(ctx, sqlcgen.InsertHookParams{Name: h.Name, Settings: string(b), Token: h.SealedKey, Secret: h.SealedSecret})
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "hook.taken", "there is a look-up of the name %q already", h.Name).In("name")
	}
	return err
}

// SaveHook writes a look-up back. It is a Conflict if somebody else wrote it
// since.
func (tx *Tx) SaveHook(ctx context.Context, h HookRecord) error {
	b, err := json.Marshal(h.Hook)
	if err != nil {
		return err
	}
	return changed(tx.Queries.SaveHook(ctx, sqlcgen.SaveHookParams{Name: h.Name, Settings: string(b), Token: h.SealedKey, Secret: h.SealedSecret, Version: h.Version}))
}

func hookOf(r sqlcgen.CallHook) (HookRecord, error) {
	h := HookRecord{SealedKey: r.Token, SealedSecret: r.Secret}
	if err := json.Unmarshal([]byte(r.Settings), &h.Hook); err != nil {
		return h, fmt.Errorf("settings of look-up %s: %w", r.Name, err)
	}
	h.Name, h.Version = r.Name, r.Version
	return h, nil
}
