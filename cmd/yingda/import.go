package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"yingda/internal/config"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/clock"
	"yingda/internal/store"
)

// importCommand takes in what other systems know.
type importCommand struct {
	Contacts importContactsCommand `cmd:"" help:"Take customers in from a CSV file; prints one JSON object."`
}

type importContactsCommand struct {
	config.Serve
	File        string            `arg:"" help:"CSV, whose first row names the columns: UTF-8 or GB18030; commas, semicolons or tabs." type:"path"`
	Map         map[string]string `help:"Which field a column fills, such as --map 手机号=phone; without it columns are recognised by their names."`
	OnDuplicate string            `help:"What becomes of customers who are known by phone, e-mail or id: skip or update." enum:"skip,update" default:"skip"`
}

// importAnswer is what import contacts prints.
type importAnswer struct {
	Import   string            `json:"import"`
	Encoding string            `json:"encoding"`
	Map      map[string]string `json:"map"`
	Rows     int               `json:"rows"`
	Added    int               `json:"added"`
	Updated  int               `json:"updated"`
	Skipped  int               `json:"skipped"`
	Refused  int               `json:"refused"`
	Why      []importRefused   `json:"why"` // the first rows that were refused
}

type importRefused struct {
	Row    int    `json:"row"`
	Column string `json:"column,omitempty"`
	Why    string `json:"why"`
}

// mostRefused is how many refused rows are printed; the console shows all.
const mostRefused = 100

func (c *importContactsCommand) Run(s streams) error {
	return onDatabase(c.Serve, func(ctx context.Context, db *store.DB) (err error) {
		files, err := blob.OpenDir(filepath.Join(c.Data, "files"))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, files.Close()) }()
		d := &desk.Desk{DB: db, Now: clock.Now, Files: files}
		by := agent.Actor{Name: "yingda import", Permissions: []agent.Permission{agent.ContactImport, agent.ContactEdit, agent.ContactRestricted}, Scope: agent.ScopeAll}
		im, err := c.take(ctx, d, by)
		if err != nil {
			return err
		}
		a := importAnswer{
			Import: im.ID.String(), Encoding: im.Encoding, Map: map[string]string{}, Rows: im.Rows,
			Added: im.Added, Updated: im.Updated, Skipped: im.Skipped, Refused: im.Refused, Why: []importRefused{},
		}
		for i, to := range im.Map {
			if to != "" {
				a.Map[im.Columns[i]] = to
			}
		}
		_, left, err := d.LeftRows(ctx, by, im.ID, 0, mostRefused)
		if err != nil {
			return err
		}
		for _, l := range left {
			for _, f := range l.Faults {
				r := importRefused{Row: l.Line, Why: f.Message}
				if f.Column >= 0 {
					r.Column = im.Columns[f.Column]
				}
				a.Why = append(a.Why, r)
			}
		}
		return json.NewEncoder(s.Out).Encode(a)
	})
}

// take takes the table in, to its end.
func (c *importContactsCommand) take(ctx context.Context, d *desk.Desk, by agent.Actor) (im contact.Import, err error) {
	f, err := os.Open(c.File)
	if err != nil {
		return im, err
	}
	defer func() { _ = f.Close() }() // it was only read
	up, err := d.UploadImport(ctx, by, filepath.Base(c.File), f)
	if err != nil {
		return im, err
	}
	for column, to := range c.Map {
		i := slices.Index(up.Columns, column)
		if i < 0 {
			return im, fmt.Errorf("there is no column %q; there are %s", column, strings.Join(up.Columns, ", "))
		}
		up.Map[i] = to
	}
	if im, _, err = d.MapImport(ctx, by, up.ID, up.Map, contact.OnDuplicate(c.OnDuplicate)); err != nil {
		return im, err
	}
	if im, err = d.StartImport(ctx, by, im.ID); err != nil {
		return im, err
	}
	for im.State == contact.ImportRunning {
		if err := d.TakeIn(ctx, desk.ImportWork{Import: im.ID}); err != nil {
			return im, err
		}
		if im, err = d.Import(ctx, by, im.ID); err != nil {
			return im, err
		}
	}
	return im, nil
}
