package desk

import (
	"context"
	"slices"
	"strings"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Troubleshooting trees (引导排查): flows that lead agents. See [flow.Guide].

// Tree is a tree that agents can be led through.
type Tree struct {
	ID      string
	Version int
	Name    flow.Text
	Suits   bool // what the customer said last is near to it
}

// Trees returns the trees that agents can be led through; of a conversation,
// if there is one, the one first that suits what the customer said.
func (d *Desk) Trees(ctx context.Context, by agent.Actor, i conversation.ID) (trees []Tree, err error) {
	defer fault.Wrap(&err, "list the trees")
	if err := by.Need(agent.KnowledgeRead); err != nil {
		return nil, err
	}
	var said []string
	if !i.IsZero() {
		const back = 30
		ms, _, err := d.Messages(ctx, by, i, 0, 0, back)
		if err != nil {
			return nil, err
		}
		for _, m := range ms {
			if m.From == conversation.FromContact && m.Kind == conversation.Text && !m.IsRecalled() {
				said = append(said, m.Text)
			}
		}
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		all, err := d.readFlows(ctx, tx)
		if err != nil {
			return err
		}
		var lead []flow.Flow
		for _, f := range all.All() {
			if newest, ok := all.Latest(f.ID); ok && newest.Version == f.Version && f.LeadsAgents() {
				lead = append(lead, f)
			}
		}
		suits := suiting(flow.NewLibrary(lead...), said)
		trees = make([]Tree, 0, len(lead))
		for _, f := range lead {
			trees = append(trees, Tree{ID: f.ID, Version: f.Version, Name: f.Name, Suits: f.ID == suits})
		}
		slices.SortStableFunc(trees, func(a, b Tree) int {
			switch {
			case a.Suits && !b.Suits:
				return -1
			case b.Suits && !a.Suits:
				return 1
			}
			return strings.Compare(a.Name.Zh, b.Name.Zh)
		})
		return nil
	})
	return trees, err
}

// suiting returns the tree that the last thing said names or resembles.
func suiting(lead flow.Library, said []string) string {
	const most = 6 // messages back
	for k, text := range slices.Backward(said) {
		if k < len(said)-most {
			break
		}
		if f, ok := lead.Wants(text); ok {
			return f.ID
		}
		if l := lead.Leans(text); l.Offered() {
			return l.Flow.ID
		}
	}
	return ""
}

// Guide returns where a tree has come to with the answers that were given. A
// version that is not led through any more is a Conflict; 0 is the newest.
func (d *Desk) Guide(ctx context.Context, by agent.Actor, id string, version int, answers []flow.Answer) (f flow.Flow, g flow.Guide, err error) {
	defer fault.Wrap(&err, "go through the tree %s", id)
	if err := by.Need(agent.KnowledgeRead); err != nil {
		return f, g, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		all, err := d.readFlows(ctx, tx)
		if err != nil {
			return err
		}
		var ok bool
		if version == 0 {
			f, ok = all.Latest(id)
		} else {
			f, ok = all.Find(id, version)
		}
		if !ok || !f.LeadsAgents() {
			return errNoFlow
		}
		g, err = f.Guided(answers)
		return err
	})
	return f, g, err
}
