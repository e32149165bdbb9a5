package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"yingda/internal/domain/call"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// MenuRow is what is a company's own of a menu.
type MenuRow = Edited[call.Menu]

// MenuRows returns all menus of which something is a company's own.
func (tx *Tx) MenuRows(ctx context.Context) ([]MenuRow, error) {
	rows, err := tx.Queries.MenuRows(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]MenuRow, 0, len(rows))
	for _, r := range rows {
		m, err := menuRow(r)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// MenuRow returns what is a company's own of a menu; nothing may be.
func (tx *Tx) MenuRow(ctx context.Context, id string) (MenuRow, error) {
	r, err := tx.Queries.MenuRow(ctx, id)
	if err != nil {
		return none[call.Menu](id, err)
	}
	return menuRow(r)
}

func menuRow(r sqlcgen.Menu) (MenuRow, error) {
	return MenuRow{ID: r.ID, Version: int(r.Version), Base: int(r.DraftBase), By: r.DraftBy, At: at(r.DraftAt), Rev: r.Rev}.read(r.Draft)
}

// SaveMenu writes what is a company's own of a menu. It is a Conflict if
// somebody changed it since it was read.
func (tx *Tx) SaveMenu(ctx context.Context, m MenuRow) (MenuRow, error) {
	draft, err := m.draft()
	if err != nil {
		return m, err
	}
	if m.Rev == 0 {
		err = changed(tx.AddMenuRow(ctx, sqlcgen.AddMenuRowParams{
			ID: m.ID, Version: int64(m.Version), Draft: draft, DraftBase: int64(m.Base), DraftBy: m.By, DraftAt: ms(m.At),
		}))
	} else {
		err = changed(tx.SaveMenuRow(ctx, sqlcgen.SaveMenuRowParams{
			ID: m.ID, Rev: m.Rev, Version: int64(m.Version), Draft: draft, DraftBase: int64(m.Base), DraftBy: m.By, DraftAt: ms(m.At),
		}))
	}
	m.Rev++
	return m, err
}

// OwnMenus returns the newest version of each menu that a company published.
func (tx *Tx) OwnMenus(ctx context.Context) (all []call.Menu, err error) {
	rows, err := tx.OwnMenuRows(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		m, err := ownMenu(r.Body, int(r.Version))
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

func ownMenu(body string, version int) (m call.Menu, err error) {
	err = json.Unmarshal([]byte(body), &m)
	m.Version = version
	return m, err
}

// MenuVersions returns a company's versions of a menu, the newest first.
func (tx *Tx) MenuVersions(ctx context.Context, id string, most int) ([]Publication, error) {
	rows, err := tx.MenuVersionRows(ctx, sqlcgen.MenuVersionRowsParams{MenuID: id, Most: int64(most)})
	all := make([]Publication, 0, len(rows))
	for _, r := range rows {
		all = append(all, Publication{Version: int(r.Version), Note: r.Note, By: r.ByID, ByName: r.ByName, At: at(r.At)})
	}
	return all, err
}

// MenuVersion returns a menu in one of a company's versions.
func (tx *Tx) MenuVersion(ctx context.Context, id string, version int) (call.Menu, error) {
	body, err := tx.MenuVersionBody(ctx, sqlcgen.MenuVersionBodyParams{MenuID: id, Version: int64(version)})
	if errors.Is(err, sql.ErrNoRows) {
		return call.Menu{}, fault.New(fault.NotFound, "menu.version_unknown", "there is no version %d of this menu", version)
	}
	if err != nil {
		return call.Menu{}, err
	}
	return ownMenu(body, version)
}

// PublishMenu keeps a version of a menu for good.
func (tx *Tx) PublishMenu(ctx context.Context, m call.Menu, v Publication) error {
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return tx.AddMenuVersion(ctx, sqlcgen.AddMenuVersionParams{
		MenuID: m.ID, Version: int64(m.Version), Body: string(b), Note: v.Note, ByID: v.By, ByName: v.ByName, At: ms(v.At),
	})
}
