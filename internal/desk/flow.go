package desk

import (
	"context"
	"slices"
	"sync"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/flow"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Dialogue flows (流程): those that come with the program, and in their place
// what the company made of them. A draft is changed by as many as like, one
// after another; what is published is a version that never changes.

// FlowSeams is what flows of this house read and write through.
type FlowSeams struct {
	All   flow.Catalogue // what flows may name
	Lacks []string       // those of All that nothing is behind
}

// Without reports whether nothing is behind a seam.
func (s FlowSeams) Without(seam string) bool { return slices.Contains(s.Lacks, seam) }

// leads reports whether all that a flow names is there.
func (s FlowSeams) leads(f flow.Flow) bool {
	return !slices.ContainsFunc(f.Steps, func(step flow.Step) bool { return s.Without(step.Seam) })
}

const versionsHeld = 5 // of each flow: people are still in the older ones

// flows returns what is published. What cannot be led rests.
func (d *Desk) flows(ctx context.Context, tx *store.Tx) (flow.Library, error) {
	return d.flowShelf.get(d.Now(), func() (int64, error) { return tx.FlowsRevision(ctx) }, func() (flow.Library, error) {
		all, err := d.readFlows(ctx, tx)
		return all.Resting(func(f flow.Flow) bool { return !f.LeadsCustomers() }), err
	})
}

// readers read what no rule of the flows does. They are learnt with the first
// message that may need them.
var readers = sync.OnceValue(flow.Learn)

func (d *Desk) readFlows(ctx context.Context, tx *store.Tx) (flow.Library, error) {
	own, err := tx.OwnFlows(ctx, versionsHeld)
	if err != nil {
		return flow.Library{}, err
	}
	rows, err := tx.FlowRows(ctx)
	if err != nil {
		return flow.Library{}, err
	}
	all := slices.Concat(d.Flows.All(), own)
	for i := range all {
		f := &all[i]
		f.Rests = !d.FlowSeams.leads(*f) || slices.ContainsFunc(rows, func(r store.FlowRow) bool { return r.ID == f.ID && r.Rests })
	}
	return flow.NewLibrary(all...).Reading(readers()), nil
}

// FlowStanding is how a flow stands.
type FlowStanding struct {
	ID      string        `json:"id"`
	Name    flow.Text     `json:"name"`
	For     flow.Audience `json:"audience" doc:"whom it leads: customers where it is empty, agents, or both"`
	Version int           `json:"version" doc:"what customers are carried through: up to 1000 as it comes with the program, above that the company's own; 0: never published"`
	Rests   bool          `json:"rests" doc:"it was switched off: nobody new is carried through it"`
	Lacks   []string      `json:"lacks" doc:"what it looks up or writes to and nothing is behind; with any, nobody is carried through it"`
	Draft   bool          `json:"draft" doc:"somebody is changing it"`
	DraftAt time.Time     `json:"draft_at,omitzero"`
	DraftBy string        `json:"draft_by,omitzero"`
	Steps   int           `json:"steps"`
	Scripts int           `json:"scripts"`
}

// FlowList returns how every flow stands, those that come with the program
// first.
func (d *Desk) FlowList(ctx context.Context, by agent.Actor) ([]FlowStanding, error) {
	if err := by.Need(agent.KnowledgeRead); err != nil {
		return nil, err
	}
	var all []FlowStanding
	err := d.DB.View(ctx, func(tx *store.Tx) error {
		own, err := tx.OwnFlows(ctx, 1)
		if err != nil {
			return err
		}
		rows, err := tx.FlowRows(ctx)
		if err != nil {
			return err
		}
		all = nil
		for _, f := range d.Flows.All() {
			all = append(all, d.standing(f, row(rows, f.ID), own))
		}
		for _, r := range rows {
			if (r.Version > 0 || r.Draft != nil) && !slices.ContainsFunc(d.Flows.All(), func(f flow.Flow) bool { return f.ID == r.ID }) {
				all = append(all, d.standing(flow.Flow{ID: r.ID}, r, own))
			}
		}
		return nil
	})
	return all, err
}

func row(rows []store.FlowRow, id string) store.FlowRow {
	if i := slices.IndexFunc(rows, func(r store.FlowRow) bool { return r.ID == id }); i >= 0 {
		return rows[i]
	}
	return store.FlowRow{ID: id}
}

// standing tells of the newest version, or of the draft of a flow that has none.
func (d *Desk) standing(f flow.Flow, r store.FlowRow, own []flow.Flow) FlowStanding {
	for _, o := range own {
		if o.ID == f.ID {
			f = o
		}
	}
	s := FlowStanding{ID: f.ID, Version: f.Version, Rests: r.Rests, Draft: r.Draft != nil, DraftAt: r.At, DraftBy: r.By, Lacks: []string{}}
	if f.Version == 0 && r.Draft != nil {
		f = *r.Draft
	}
	s.Name, s.For, s.Steps, s.Scripts = f.Name, f.Audience, len(f.Steps), len(f.Scripts)
	for _, step := range f.Steps {
		if d.FlowSeams.Without(step.Seam) && !slices.Contains(s.Lacks, step.Seam) {
			s.Lacks = append(s.Lacks, step.Seam)
		}
	}
	return s
}

// FlowBook is a flow with what is being changed of it and what was published.
type FlowBook struct {
	FlowStanding
	Published *flow.Flow          // nil: never
	Changing  *flow.Flow          // the draft; nil: none
	Shipped   int                 // the version that comes with the program; 0: none does
	Base      int                 // the version that the draft was begun from
	Rev       int64               // of the draft; what is saved names it
	Versions  []store.Publication // the company's own, the newest first
	Problems  []*fault.Error      // what keeps the draft from being published
}

const mostVersions = 200

// FlowBook returns a flow with its draft and versions.
func (d *Desk) FlowBook(ctx context.Context, by agent.Actor, id string) (b FlowBook, err error) {
	defer fault.Wrap(&err, "read the flow %s", id)
	if err := by.Need(agent.KnowledgeRead); err != nil {
		return b, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		b, err = d.flowBook(ctx, tx, id)
		return err
	})
	return b, err
}

func (d *Desk) flowBook(ctx context.Context, tx *store.Tx, id string) (b FlowBook, err error) {
	r, err := tx.FlowRow(ctx, id)
	if err != nil {
		return b, err
	}
	published, err := d.published(ctx, tx, r)
	if err != nil {
		return b, err
	}
	if published.Version == 0 && r.Draft == nil {
		return b, errNoFlow
	}
	var own []flow.Flow
	if published.Version > 0 {
		b.Published, own = &published, []flow.Flow{published}
	}
	b.FlowStanding = d.standing(flow.Flow{ID: id, Version: published.Version}, r, own)
	b.Changing, b.Base, b.Rev = r.Draft, r.Base, r.Rev
	if shipped, ok := d.Flows.Latest(id); ok {
		b.Shipped = shipped.Version
	}
	if b.Versions, err = tx.FlowVersions(ctx, id, mostVersions); err != nil {
		return b, err
	}
	if r.Draft != nil {
		all, err := d.readFlows(ctx, tx)
		if err != nil {
			return b, err
		}
		b.Problems = candidate(r.ID, r.Version, *r.Draft).Publishable(d.FlowSeams.All, all)
	}
	return b, nil
}

// published returns the newest version of a flow, the company's own or that of
// the program; without a version if there is none.
func (d *Desk) published(ctx context.Context, tx *store.Tx, r store.FlowRow) (flow.Flow, error) {
	if r.Version > 0 {
		return tx.FlowVersion(ctx, r.ID, r.Version)
	}
	if i := slices.IndexFunc(d.Flows.All(), func(f flow.Flow) bool { return f.ID == r.ID }); i >= 0 {
		return d.Flows.All()[i], nil
	}
	return flow.Flow{}, nil
}

// candidate is a draft as the version that it would become after the newest one.
func candidate(id string, newest int, f flow.Flow) flow.Flow {
	f.ID, f.Version = id, max(newest, flow.Own)+1
	return f
}

var errNoFlow = fault.New(fault.NotFound, "flow.unknown", "there is no such flow")

// FlowVersion returns a flow as it stood in one version.
func (d *Desk) FlowVersion(ctx context.Context, by agent.Actor, id string, version int) (f flow.Flow, err error) {
	defer fault.Wrap(&err, "read version %d of the flow %s", version, id)
	if err := by.Need(agent.KnowledgeRead); err != nil {
		return f, err
	}
	if f, ok := d.Flows.Find(id, version); ok {
		return f, nil
	}
	return d.DB.Now().FlowVersion(ctx, id, version)
}

// DraftFlow keeps a draft of a flow, with all that is still wrong in it. rev is
// that of the flow as it was read: who changed it meanwhile is not written over.
// A flow that is not there is begun with rev 0.
func (d *Desk) DraftFlow(ctx context.Context, by agent.Actor, id string, rev int64, f flow.Flow) (b FlowBook, err error) {
	defer fault.Wrap(&err, "draft the flow %s", id)
	if f.ID != id {
		return b, fault.New(fault.Invalid, "flow.named_otherwise", "the draft names the flow %s, not %s", f.ID, id).In("body.draft.id")
	}
	return d.changeFlow(ctx, by, agent.KnowledgeEdit, id, "flow.draft", func(tx *store.Tx, r *store.FlowRow) (map[string]any, error) {
		f.Version = 0
		if err := f.Keepable(); err != nil {
			return nil, err.In("body.draft." + err.Field)
		}
		return nil, keepDraft(r, rev, f, by, d.Now(), func() (int, error) {
			published, err := d.published(ctx, tx, *r)
			return published.Version, err
		})
	})
}

// DropFlowDraft throws a draft away. A flow that was never published goes with
// it.
func (d *Desk) DropFlowDraft(ctx context.Context, by agent.Actor, id string, rev int64) (err error) {
	defer fault.Wrap(&err, "drop the draft of the flow %s", id)
	_, err = d.changeFlow(ctx, by, agent.KnowledgeEdit, id, "flow.discard", func(_ *store.Tx, r *store.FlowRow) (map[string]any, error) {
		_, err := takeDraft(r, rev)
		return nil, err
	})
	return err
}

// PublishFlow makes the draft the version that customers are carried through
// from now on. It fails while anything is wrong in it, or a script does not
// pass. note says what was changed.
func (d *Desk) PublishFlow(ctx context.Context, by agent.Actor, id string, rev int64, note string) (b FlowBook, err error) {
	defer fault.Wrap(&err, "publish the flow %s", id)
	return d.changeFlow(ctx, by, agent.KnowledgePublish, id, "flow.publish", func(tx *store.Tx, r *store.FlowRow) (map[string]any, error) {
		draft, err := takeDraft(r, rev)
		if err != nil {
			return nil, err
		}
		all, err := d.readFlows(ctx, tx)
		if err != nil {
			return nil, err
		}
		f := candidate(r.ID, r.Version, draft)
		if problems := f.Publishable(d.FlowSeams.All, all); len(problems) > 0 {
			return nil, fault.New(fault.Invalid, "flow.unpublishable", "%d things are wrong in this flow; mend them to publish it", len(problems))
		}
		r.Version = f.Version
		return map[string]any{"version": f.Version}, tx.PublishFlow(ctx, f, store.Publication{Note: note, By: by.Agent, ByName: by.Name, At: d.Now()})
	})
}

// RestFlow switches a flow off or on again. Who is in it goes on to the end.
func (d *Desk) RestFlow(ctx context.Context, by agent.Actor, id string, rests bool) (b FlowBook, err error) {
	defer fault.Wrap(&err, "switch the flow %s", id)
	return d.changeFlow(ctx, by, agent.KnowledgePublish, id, "flow.rest", func(_ *store.Tx, r *store.FlowRow) (map[string]any, error) {
		r.Rests = rests
		return map[string]any{"rests": rests}, nil
	})
}

// changeFlow changes what is the company's own of a flow, and tells all nodes.
func (d *Desk) changeFlow(ctx context.Context, by agent.Actor, need agent.Permission, id, action string, change func(tx *store.Tx, r *store.FlowRow) (map[string]any, error)) (b FlowBook, err error) {
	if err := by.Need(need); err != nil {
		return b, err
	}
	e := edits[flow.Flow]{kind: "flow", read: (*store.Tx).FlowRow, save: (*store.Tx).SaveFlow, unknown: errNoFlow, shipped: func(id string) bool {
		return slices.ContainsFunc(d.Flows.All(), func(f flow.Flow) bool { return f.ID == id })
	}}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if err := e.change(ctx, d, tx, by, id, action, func(r *store.FlowRow) (map[string]any, error) { return change(tx, r) }); err != nil {
			return err
		}
		b, err = d.flowBook(ctx, tx, id)
		if fault.CodeOf(err) == "flow.unknown" { // its draft was all that there was
			err = nil
		}
		return err
	})
	d.flowShelf.forget()
	return b, err
}

// RehearseFlow plays a dialogue with a flow as it is being written. Nothing is
// looked up or written. problems, if there are any, keep it from being played.
func (d *Desk) RehearseFlow(ctx context.Context, by agent.Actor, f flow.Flow, r flow.Rehearsal) (out []flow.Rehearsed, problems []*fault.Error, err error) {
	defer fault.Wrap(&err, "rehearse the flow %s", f.ID)
	if err := by.Need(agent.KnowledgeEdit); err != nil {
		return nil, nil, err
	}
	f.Version = flow.Own + 1
	if problems := f.Check(d.FlowSeams.All); len(problems) > 0 {
		return nil, problems, nil
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		all, err := d.flows(ctx, tx)
		if err != nil {
			return err
		}
		s, err := tx.Company(ctx)
		if err != nil {
			return err
		}
		out = f.Rehearse(r, all, flow.Reading{Now: d.Now(), Zone: today(s, d.Now()).Location()})
		return nil
	})
	return out, nil, err
}
