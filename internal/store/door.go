package store

import (
	"context"

	"yingda/internal/store/sqlcgen"
)

// Door is where a program that works on this database is reached by the others.
type Door struct {
	Node string
	SIP  string
	HTTP string // empty: nowhere
}

// PutDoor says where a program is reached.
func (tx *Tx) PutDoor(ctx context.Context, d Door) error {
	return tx.Queries.PutDoor(ctx, sqlcgen.PutDoorParams{Node: d.Node, Sip: d.SIP, Http: d.HTTP})
}

// Doors returns where all programs are reached.
func (tx *Tx) Doors(ctx context.Context) ([]Door, error) {
	rows, err := tx.Queries.Doors(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Door, 0, len(rows))
	for _, r := range rows {
		all = append(all, Door{Node: r.Node, SIP: r.Sip, HTTP: r.Http})
	}
	return all, nil
}
