package desk

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/filter"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Words that are not to be said (M053). What an agent writes may be refused,
// asked about or masked before it is kept; what a customer writes is kept as it
// is, and agents are shown it masked at first.

// sieve holds the matchers of the lists that were read a moment ago. No lock is
// held while the database is asked (see lately).
type sieve struct{ now atomic.Pointer[sifting] }

type sifting struct {
	agents, contacts *filter.Matcher
	version          int64
	at               time.Time
}

// matchers returns what finds words of agents and of contacts. A change of the
// lists takes up to inboxHeld to reach every node.
func (d *Desk) matchers(ctx context.Context, tx *store.Tx) (*sifting, error) {
	now, held := d.Now(), d.sieve.now.Load()
	if held != nil && fresh(held.at, now, inboxHeld) {
		return held, nil
	}
	set, err := tx.Filter(ctx)
	if err != nil {
		return nil, err
	}
	is := &sifting{version: set.Version, at: now}
	if held != nil && held.version == set.Version {
		is.agents, is.contacts = held.agents, held.contacts
	} else {
		is.agents, is.contacts = set.For(true), set.For(false)
	}
	d.sieve.now.Store(is)
	return is, nil
}

// FilterLists returns the lists of words.
func (d *Desk) FilterLists(ctx context.Context, by agent.Actor) (filter.Settings, error) {
	if err := by.Need(agent.SettingManage); err != nil {
		return filter.Settings{}, err
	}
	return d.DB.Now().Filter(ctx)
}

// SaveFilter writes the lists of words. It is a Conflict if somebody changed
// them since the version that was read.
func (d *Desk) SaveFilter(ctx context.Context, by agent.Actor, s filter.Settings) (_ filter.Settings, err error) {
	defer fault.Wrap(&err, "save the filter")
	if err := by.Need(agent.SettingManage); err != nil {
		return s, err
	}
	checked, err := s.Check()
	if err != nil {
		return s, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.FilterToChange(ctx)
		if err != nil {
			return err
		}
		if was.Version != s.Version {
			return errChanged
		}
		now := d.Now()
		checked.Version = s.Version + 1
		if err := tx.SaveFilter(ctx, checked, now); err != nil {
			return err
		}
		lists := map[string]any{}
		for _, l := range checked.Lists {
			lists[l.ID] = map[string]any{"enabled": l.Enabled, "action": l.Action, "words": len(l.Words)}
		}
		if err := tx.Audit(ctx, audit.By(by, now, "filter.change", audit.Object{Kind: "setting", ID: "filter"}, lists)); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: now})
	})
	d.sieve.now.Store(nil)
	return checked, err
}

// sift looks through what an agent is about to say. It returns the draft as it
// may be sent, and what was found.
func (d *Desk) sift(ctx context.Context, draft Draft) (Draft, []filter.Hit, error) {
	if draft.Kind != conversation.Text {
		return draft, nil, nil
	}
	m, err := d.matchers(ctx, d.DB.Now())
	if err != nil {
		return draft, nil, err
	}
	hits := m.agents.Find(draft.Text)
	switch {
	case filter.Does(hits, filter.Refuse):
		return draft, hits, fault.New(fault.Invalid, "filter.refused", "this is not to be said here: %s; write it otherwise", strings.Join(filter.Words(hits, filter.Refuse), "、")).In("body.text")
	case filter.Does(hits, filter.Warn) && !draft.Sure:
		return draft, hits, fault.New(fault.Conflict, "filter.warned", "look at this once more: %s; send it all the same, or change it", strings.Join(filter.Words(hits, filter.Warn), "、"))
	}
	draft.Text = filter.Masked(draft.Text, hits)
	return draft, hits, nil
}

// Unsayable returns the words of a text that agents may not say, or only after
// a second look: what a model wrote is not said with them.
func (d *Desk) Unsayable(ctx context.Context, text string) ([]string, error) {
	m, err := d.matchers(ctx, d.DB.Now())
	if err != nil {
		return nil, err
	}
	hits := m.agents.Find(text)
	return slices.Concat(filter.Words(hits, filter.Refuse), filter.Words(hits, filter.Warn)), nil
}

// found records what an agent said, or tried to say, and tells supervisors
// where a list asks for it.
func (d *Desk) found(ctx context.Context, tx *store.Tx, c conversation.Conversation, by agent.Actor, hits []filter.Hit, what string) error {
	if len(hits) == 0 {
		return nil
	}
	if err := tx.Audit(ctx, audit.By(by, d.Now(), "filter."+what, audit.Of("conversation", c.ID, c.ContactName), map[string]any{"words": words(hits)})); err != nil {
		return err
	}
	return d.tellFound(ctx, tx, c, hits, by.Name)
}

// foundOf tells supervisors what a contact said, where a list asks for it.
func (d *Desk) foundOf(ctx context.Context, tx *store.Tx, c conversation.Conversation, hits []filter.Hit) error {
	if !filter.Does(hits, filter.Notify) {
		return nil
	}
	return d.tellFound(ctx, tx, c, hits, c.ContactName)
}

func (d *Desk) tellFound(ctx context.Context, tx *store.Tx, c conversation.Conversation, hits []filter.Hit, from string) error {
	if !filter.Does(hits, filter.Notify) {
		return nil
	}
	above, err := tx.AgentsWho(ctx, agent.ConversationMonitor, c.Team)
	if err != nil {
		return err
	}
	for _, who := range above {
		if err := d.notify(ctx, tx, who, "filter", c, strings.Join(filter.Words(hits, filter.Notify), "、"), from); err != nil {
			return err
		}
	}
	return nil
}

func words(hits []filter.Hit) []string {
	all := []string{}
	for _, a := range []filter.Action{filter.Refuse, filter.Warn, filter.Mask, filter.Notify} {
		all = append(all, filter.Words(hits, a)...)
	}
	return all
}
