package desk

import (
	"context"
	"slices"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/event"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Routing returns how work is given out here. Everybody who works here may
// know it: it says why something rings at them.
func (d *Desk) Routing(ctx context.Context) (routing.Rules, error) {
	return d.DB.Now().RoutingRules(ctx)
}

// ChangeRouting changes how work is given out, and looks at the queue with the
// new rules. Where points or ageing change, all that waits gets the place that
// the new rules give it, except what a supervisor placed by hand: that keeps
// its moment. It is a Conflict if somebody changed the rules since the version
// that was read.
func (d *Desk) ChangeRouting(ctx context.Context, by agent.Actor, r routing.Rules) (_ routing.Rules, err error) {
	defer fault.Wrap(&err, "change how work is given out")
	if err := by.Need(agent.SettingManage); err != nil {
		return r, err
	}
	if err := r.Check(); err != nil {
		return r, err
	}
	read := r.Version
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.RoutingToChange(ctx)
		if err != nil {
			return err
		}
		if was.Version != read {
			return errChanged
		}
		if err := teamsExist(ctx, tx, r.NamedTeams()); err != nil {
			return err
		}
		now := d.Now()
		r.Version = read + 1
		if err := tx.SaveRouting(ctx, r, now); err != nil {
			return err
		}
		moved, err := tx.Rerank(ctx, was, r)
		if err != nil {
			return err
		}
		if err := tx.Audit(ctx, audit.By(by, now, "setting.change", audit.Object{Kind: "setting", ID: "routing"}, map[string]any{"fields": r.Differs(was), "moved": moved})); err != nil {
			return err
		}
		if err := tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: now}); err != nil {
			return err
		}
		return d.wantRoute(ctx, tx, now)
	})
	return r, err
}

func teamsExist(ctx context.Context, tx *store.Tx, named []agent.TeamID) error {
	all, err := tx.Teams(ctx)
	if err != nil {
		return err
	}
	for _, id := range named {
		if !slices.ContainsFunc(all, func(t agent.Team) bool { return t.ID == id }) {
			return fault.New(fault.NotFound, "team.unknown", "there is no such team")
		}
	}
	return nil
}
