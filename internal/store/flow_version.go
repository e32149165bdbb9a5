package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/flow"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// FlowRow is what is a company's own of a flow.
type FlowRow struct {
	ID      string
	Version int // the newest one of its own; 0: none
	Rests   bool
	Draft   *flow.Flow // nil: nobody is changing it
	Base    int        // the version that the draft was begun from; 0: a new flow
	By      string     // who changed the draft last
	At      time.Time
	Rev     int64 // rises with each change; 0: nothing is its own yet
}

// FlowRows returns all flows of which something is a company's own.
func (tx *Tx) FlowRows(ctx context.Context) ([]FlowRow, error) {
	rows, err := tx.Queries.FlowRows(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]FlowRow, 0, len(rows))
	for _, r := range rows {
		f, err := flowRow(r)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// FlowRow returns what is a company's own of a flow; nothing may be.
func (tx *Tx) FlowRow(ctx context.Context, id string) (FlowRow, error) {
	r, err := tx.Queries.FlowRow(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return FlowRow{ID: id}, nil
	}
	if err != nil {
		return FlowRow{}, err
	}
	return flowRow(r)
}

func flowRow(r sqlcgen.Flow) (FlowRow, error) {
	f := FlowRow{ID: r.ID, Version: int(r.Version), Rests: r.Rests, Base: int(r.DraftBase), By: r.DraftBy, At: at(r.DraftAt), Rev: r.Rev}
	if r.Draft == "" {
		return f, nil
	}
	f.Draft = new(flow.Flow)
	return f, json.Unmarshal([]byte(r.Draft), f.Draft)
}

// SaveFlow writes what is a company's own of a flow. It is a Conflict if
// somebody changed it since it was read.
func (tx *Tx) SaveFlow(ctx context.Context, f FlowRow) (FlowRow, error) {
	draft := ""
	if f.Draft != nil {
		b, err := json.Marshal(f.Draft)
		if err != nil {
			return f, err
		}
		draft = string(b)
	}
	var err error
	if f.Rev == 0 {
		err = changed(tx.AddFlowRow(ctx, sqlcgen.AddFlowRowParams{
			ID: f.ID, Version: int64(f.Version), Rests: f.Rests, Draft: draft, DraftBase: int64(f.Base), DraftBy: f.By, DraftAt: ms(f.At),
		}))
	} else {
		err = changed(tx.SaveFlowRow(ctx, sqlcgen.SaveFlowRowParams{
			ID: f.ID, Rev: f.Rev, Version: int64(f.Version), Rests: f.Rests, Draft: draft, DraftBase: int64(f.Base), DraftBy: f.By, DraftAt: ms(f.At),
		}))
	}
	f.Rev++
	return f, err
}

// OwnFlows returns a company's newest versions of each flow, no more than kept.
func (tx *Tx) OwnFlows(ctx context.Context, kept int) (all []flow.Flow, err error) {
	rows, err := tx.OwnFlowRows(ctx, int64(kept))
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		f, err := ownFlow(r.Body, int(r.Version))
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

func ownFlow(body string, version int) (f flow.Flow, err error) {
	err = json.Unmarshal([]byte(body), &f)
	f.Version = version
	return f, err
}

// FlowVersion is a version of a flow that was published.
type FlowVersion struct {
	Version int
	Note    string // what was changed, in the words of who published it
	By      agent.ID
	ByName  string
	At      time.Time
}

// FlowVersions returns a company's versions of a flow, the newest first.
func (tx *Tx) FlowVersions(ctx context.Context, id string, most int) ([]FlowVersion, error) {
	rows, err := tx.FlowVersionRows(ctx, sqlcgen.FlowVersionRowsParams{FlowID: id, Most: int64(most)})
	all := make([]FlowVersion, 0, len(rows))
	for _, r := range rows {
		all = append(all, FlowVersion{Version: int(r.Version), Note: r.Note, By: r.ByID, ByName: r.ByName, At: at(r.At)})
	}
	return all, err
}

// FlowVersion returns a flow in one of a company's versions.
func (tx *Tx) FlowVersion(ctx context.Context, id string, version int) (flow.Flow, error) {
	body, err := tx.FlowVersionBody(ctx, sqlcgen.FlowVersionBodyParams{FlowID: id, Version: int64(version)})
	if errors.Is(err, sql.ErrNoRows) {
		return flow.Flow{}, fault.New(fault.NotFound, "flow.version_unknown", "there is no version %d of this flow", version)
	}
	if err != nil {
		return flow.Flow{}, err
	}
	return ownFlow(body, version)
}

// PublishFlow keeps a version of a flow for good.
func (tx *Tx) PublishFlow(ctx context.Context, f flow.Flow, v FlowVersion) error {
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return tx.AddFlowVersion(ctx, sqlcgen.AddFlowVersionParams{
		FlowID: f.ID, Version: int64(f.Version), Body: string(b), Note: v.Note, ByID: v.By, ByName: v.ByName, At: ms(v.At),
	})
}
