package store

import (
	"context"
	"encoding/json"
	"fmt"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
	"yingda/internal/domain/view"
	"yingda/internal/store/sqlcgen"
)

// SavedView returns a view by id.
func (tx *Tx) SavedView(ctx context.Context, id view.ID) (view.View, error) {
	r, err := tx.Queries.SavedView(ctx, int64(id))
	if err != nil {
		return view.View{}, notFound(err, "view.unknown", "view")
	}
	return viewOf(r)
}

// SavedViewsOf returns an agent's own views and the shared ones, in their order.
func (tx *Tx) SavedViewsOf(ctx context.Context, a agent.ID) ([]view.View, error) {
	rows, err := tx.Queries.SavedViewsOf(ctx, a)
	if err != nil {
		return nil, err
	}
	vs := make([]view.View, 0, len(rows))
	for _, r := range rows {
		v, err := viewOf(r)
		if err != nil {
			return nil, err
		}
		vs = append(vs, v)
	}
	return vs, nil
}

// InsertSavedView adds a view.
func (tx *Tx) InsertSavedView(ctx context.Context, v view.View) error {
	filter, err := json.Marshal(v.Filter)
	if err != nil {
		return err
	}
	return tx.Queries.InsertSavedView(ctx, sqlcgen.InsertSavedViewParams{
		ID: int64(v.ID), AgentID: v.Agent, Subject: string(v.Subject), Name: v.Name, Icon: string(v.Icon), Colour: string(v.Colour),
		Filter: string(filter), Position: int64(v.Position),
	})
}

// SaveSavedView writes a view back and returns it with its new version. It is
// a Conflict if someone else wrote it since it was read.
func (tx *Tx) SaveSavedView(ctx context.Context, v view.View) (view.View, error) {
	filter, err := json.Marshal(v.Filter)
	if err != nil {
		return v, err
	}
	err = changed(tx.Queries.SaveSavedView(ctx, sqlcgen.SaveSavedViewParams{
		ID: int64(v.ID), AgentID: v.Agent, Name: v.Name, Icon: string(v.Icon), Colour: string(v.Colour), Filter: string(filter),
		Position: int64(v.Position), Version: v.Version,
	}))
	v.Version++
	return v, err
}

// DeleteSavedView removes a view.
func (tx *Tx) DeleteSavedView(ctx context.Context, id view.ID) error {
	return tx.Queries.DeleteSavedView(ctx, int64(id))
}

func viewOf(r sqlcgen.SavedView) (view.View, error) {
	v := view.View{
		ID: view.ID(r.ID), Agent: r.AgentID, Subject: view.Subject(r.Subject), Name: r.Name, Icon: view.Icon(r.Icon), Colour: view.Colour(r.Colour),
		Shared: r.AgentID.IsZero(), Position: int(r.Position), Version: r.Version, Missing: []string{},
	}
	if err := json.Unmarshal([]byte(r.Filter), &v.Filter); err != nil {
		return v, fmt.Errorf("filter of the view %s: %w", v.ID, err)
	}
	return v, nil
}

// keepTags lets a closed conversation be found by its tags. What is open is
// found by its row.
func (tx *Tx) keepTags(ctx context.Context, c conversation.Conversation) error {
	if c.State != conversation.Closed && len(c.Tags) == 0 {
		return nil
	}
	if err := tx.ForgetConversationTags(ctx, c.ID); err != nil || c.State != conversation.Closed {
		return err
	}
	for _, t := range c.Tags {
		if err := tx.KeepConversationTag(ctx, sqlcgen.KeepConversationTagParams{ConversationID: c.ID, Tag: t, LastAt: ms(c.LastAt)}); err != nil {
			return err
		}
	}
	return nil
}

// SetCaseTags lets a case be found by its tags.
func (tx *Tx) SetCaseTags(ctx context.Context, id ticket.ID, tags []string) error {
	if err := tx.ForgetCaseTags(ctx, int64(id)); err != nil {
		return err
	}
	for _, t := range tags {
		if err := tx.KeepCaseTag(ctx, sqlcgen.KeepCaseTagParams{CaseID: int64(id), Tag: t}); err != nil {
			return err
		}
	}
	return nil
}
