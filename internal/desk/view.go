package desk

import (
	"context"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/ticket"
	"yingda/internal/domain/view"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Views returns the actor's own views and the shared ones, in their order, and
// of each which of its filters point to something that is gone.
func (d *Desk) Views(ctx context.Context, by agent.Actor) (vs []view.View, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if vs, err = tx.SavedViewsOf(ctx, by.Agent); err != nil {
			return err
		}
		for i := range vs {
			if vs[i].Missing, err = missing(ctx, tx, vs[i].Filter); err != nil {
				return err
			}
		}
		return nil
	})
	return vs, err
}

// missing lists the fields of a filter that name what is not there any more.
func missing(ctx context.Context, tx *store.Tx, f view.Filter) ([]string, error) {
	fields := []string{}
	note := func(field string, gone bool, err error) error {
		if gone = gone || fault.KindOf(err) == fault.NotFound && err != nil; gone {
			fields = append(fields, field)
			return nil
		}
		return err
	}
	if !f.Team.IsZero() {
		_, err := tx.Team(ctx, f.Team)
		if err := note("team_id", false, err); err != nil {
			return nil, err
		}
	}
	if !f.Agent.IsZero() {
		seat, err := tx.Seat(ctx, f.Agent)
		if err := note("agent_id", seat.Disabled, err); err != nil {
			return nil, err
		}
	}
	if !f.Inbox.IsZero() {
		_, err := tx.InboxByID(ctx, f.Inbox)
		if err := note("inbox_id", false, err); err != nil {
			return nil, err
		}
	}
	return fields, nil
}

// AddView keeps a list under a name: the actor's own, or one for all. It comes
// last.
func (d *Desk) AddView(ctx context.Context, by agent.Actor, v view.View) (_ view.View, err error) {
	defer fault.Wrap(&err, "add a view")
	if err := by.NeedPerson(); err != nil {
		return v, err
	}
	v.ID, v.Version, v.Missing = view.NewID(d.Now()), 1, []string{}
	if v, err = keptBy(v, by).Check(); err != nil {
		return v, err
	}
	if err := v.MayChange(by); err != nil {
		return v, err
	}
	return v, d.DB.Update(ctx, func(tx *store.Tx) error {
		vs, err := tx.SavedViewsOf(ctx, by.Agent)
		if err != nil {
			return err
		}
		same := 0
		for _, other := range vs {
			if other.Shared == v.Shared {
				same++
			}
			v.Position = max(v.Position, other.Position+1)
		}
		if same >= view.MostOwn {
			return fault.New(fault.Conflict, "view.many", "there are %d views already; delete one first", view.MostOwn)
		}
		if err := freeName(vs, v); err != nil {
			return err
		}
		if err := tx.InsertSavedView(ctx, v); err != nil {
			return err
		}
		return d.viewChanged(ctx, tx, by, "view.create", v)
	})
}

// SavedViewChange is what is changed of a view; what is nil stays.
type SavedViewChange struct {
	Name    *string      `json:"name,omitempty"`
	Icon    *view.Icon   `json:"icon,omitempty"`
	Colour  *view.Colour `json:"colour,omitempty"`
	Shared  *bool        `json:"shared,omitempty"`
	Filter  *view.Filter `json:"filter,omitempty"`
	Version int64        `json:"version,omitempty" doc:"the version that was read; a newer one is a conflict"`
}

// ChangeView changes a view that the actor may change, as it was and as it
// will be.
func (d *Desk) ChangeView(ctx context.Context, by agent.Actor, i view.ID, c SavedViewChange) (v view.View, err error) {
	defer fault.Wrap(&err, "change the view %s", i)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.SavedView(ctx, i)
		if err != nil {
			return err
		}
		if err := was.MayChange(by); err != nil {
			return err
		}
		if v, err = keptBy(c.apply(was), by).Check(); err != nil {
			return err
		}
		if err := v.MayChange(by); err != nil {
			return err
		}
		vs, err := tx.SavedViewsOf(ctx, by.Agent)
		if err != nil {
			return err
		}
		if err := freeName(vs, v); err != nil {
			return err
		}
		if v, err = tx.SaveSavedView(ctx, v); err != nil {
			return err
		}
		if v.Missing, err = missing(ctx, tx, v.Filter); err != nil {
			return err
		}
		if was.Shared && !v.Shared { // those who saw it hear of it too
			return d.viewChanged(ctx, tx, by, "view.change", was)
		}
		return d.viewChanged(ctx, tx, by, "view.change", v)
	})
	return v, err
}

func (c SavedViewChange) apply(v view.View) view.View {
	if c.Name != nil {
		v.Name = *c.Name
	}
	if c.Icon != nil {
		v.Icon = *c.Icon
	}
	if c.Colour != nil {
		v.Colour = *c.Colour
	}
	if c.Shared != nil {
		v.Shared = *c.Shared
	}
	if c.Filter != nil {
		v.Filter = *c.Filter
	}
	if c.Version != 0 {
		v.Version = c.Version
	}
	return v
}

// OrderViews puts the views that the actor may change in an order; those that
// are not named keep their places after them.
func (d *Desk) OrderViews(ctx context.Context, by agent.Actor, order []view.ID) (err error) {
	defer fault.Wrap(&err, "order the views")
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		vs, err := tx.SavedViewsOf(ctx, by.Agent)
		if err != nil {
			return err
		}
		for n, v := range vs {
			at := slices.Index(order, v.ID)
			if at < 0 {
				at = len(order) + n
			}
			if v.MayChange(by) != nil || v.Position == at {
				continue
			}
			v.Position = at
			if _, err := tx.SaveSavedView(ctx, v); err != nil {
				return err
			}
			if v.Shared {
				if err := tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: d.Now()}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// RemoveView deletes a view that the actor may change.
func (d *Desk) RemoveView(ctx context.Context, by agent.Actor, i view.ID) (err error) {
	defer fault.Wrap(&err, "remove the view %s", i)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		v, err := tx.SavedView(ctx, i)
		if err != nil {
			return err
		}
		if err := v.MayChange(by); err != nil {
			return err
		}
		if err := tx.DeleteSavedView(ctx, i); err != nil {
			return err
		}
		return d.viewChanged(ctx, tx, by, "view.delete", v)
	})
}

// ViewsEnd is where counting a view stops.
const ViewsEnd = 100

// CountViews counts each view that the actor sees and may open; each count
// stops at ViewsEnd.
func (d *Desk) CountViews(ctx context.Context, by agent.Actor) (map[view.ID]store.Count, error) {
	counts := map[view.ID]store.Count{}
	err := d.DB.View(ctx, func(tx *store.Tx) error {
		vs, err := tx.SavedViewsOf(ctx, by.Agent)
		if err != nil {
			return err
		}
		var talks, cases []view.ID
		var ofTalk []store.ConversationList
		var ofCase []store.CaseList
		for _, v := range vs {
			switch {
			case v.Subject == view.Cases && by.May(agent.CaseRead):
				q := caseQuery(v.Filter)
				q.By, q.Now = by, d.Now()
				cases, ofCase = append(cases, v.ID), append(ofCase, q)
			case v.Subject == view.Conversations && by.May(agent.ConversationRead):
				q := TalkQuery(v.Filter, d.Now())
				q.By = by
				talks, ofTalk = append(talks, v.ID), append(ofTalk, q)
			}
		}
		ns, err := tx.CountLists(ctx, ofTalk, ViewsEnd)
		if err != nil {
			return err
		}
		for i, v := range talks {
			counts[v] = ns[i]
		}
		if ns, err = tx.CountCaseLists(ctx, ofCase, ViewsEnd); err != nil {
			return err
		}
		for i, v := range cases {
			counts[v] = ns[i]
		}
		return nil
	})
	return counts, err
}

// TalkQuery asks for the conversations that a filter lets through now.
func TalkQuery(f view.Filter, now time.Time) ListQuery {
	q := ListQuery{
		View: store.View(f.List), State: conversation.State(f.State), Agent: f.Agent, Team: f.Team, Inbox: f.Inbox, Tag: f.Tag,
		Language: f.Language, Unread: f.Unread, Mood: f.Mood, Text: f.Text, Priority: f.Priority,
	}
	if f.Waiting > 0 {
		q.Waiting = now.Add(-time.Duration(f.Waiting) * time.Minute)
	}
	return q
}

func caseQuery(f view.Filter) store.CaseList {
	return store.CaseList{
		View: store.CaseView(f.List), State: ticket.State(f.State), Kind: ticket.Kind(f.Kind), Level: ticket.Level(f.Level), Category: f.Category,
		Source: f.Source, Team: f.Team, Agent: f.Agent, Tag: f.Tag, Text: f.Text, Priority: f.Priority,
	}
}

func keptBy(v view.View, by agent.Actor) view.View {
	if v.Agent = by.Agent; v.Shared {
		v.Agent = 0
	}
	return v
}

// freeName is a Conflict if another view that the actor sees has the name.
func freeName(vs []view.View, v view.View) error {
	for _, other := range vs {
		if other.ID != v.ID && other.Shared == v.Shared && other.Subject == v.Subject && other.Name == v.Name {
			return fault.New(fault.Conflict, "view.exists", "there is a view “%s” already; choose another name", v.Name).In("name")
		}
	}
	return nil
}

// viewChanged tells the consoles that a shared view changed; one's own is
// nobody else's business.
func (d *Desk) viewChanged(ctx context.Context, tx *store.Tx, by agent.Actor, action string, v view.View) error {
	if !v.Shared {
		return nil
	}
	if err := tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Of("view", v.ID, v.Name), nil)); err != nil {
		return err
	}
	return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: d.Now()})
}
