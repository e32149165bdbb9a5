package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"yingda/internal/domain/flow"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// FlowRow is what is a company's own of a flow.
type FlowRow = Edited[flow.Flow]

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
	if err != nil {
		return none[flow.Flow](id, err)
	}
	return flowRow(r)
}

func flowRow(r sqlcgen.Flow) (FlowRow, error) {
	return FlowRow{ID: r.ID, Version: int(r.Version), Rests: r.Rests, Base: int(r.DraftBase), By: r.DraftBy, At: at(r.DraftAt), Rev: r.Rev}.read(r.Draft)
}

// SaveFlow writes what is a company's own of a flow. It is a Conflict if
// somebody changed it since it was read.
func (tx *Tx) SaveFlow(ctx context.Context, f FlowRow) (FlowRow, error) {
	draft, err := f.draft()
	if err != nil {
		return f, err
	}
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

// FlowVersions returns a company's versions of a flow, the newest first.
func (tx *Tx) FlowVersions(ctx context.Context, id string, most int) ([]Publication, error) {
	rows, err := tx.FlowVersionRows(ctx, sqlcgen.FlowVersionRowsParams{FlowID: id, Most: int64(most)})
	all := make([]Publication, 0, len(rows))
	for _, r := range rows {
		all = append(all, Publication{Version: int(r.Version), Note: r.Note, By: r.ByID, ByName: r.ByName, At: at(r.At)})
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
func (tx *Tx) PublishFlow(ctx context.Context, f flow.Flow, v Publication) error {
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return tx.AddFlowVersion(ctx, sqlcgen.AddFlowVersionParams{
		FlowID: f.ID, Version: int64(f.Version), Body: string(b), Note: v.Note, ByID: v.By, ByName: v.ByName, At: ms(v.At),
	})
}
