package desk

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// CallEntry returns the way in of a number of ours; NotFound if it is nobody's,
// or switched off.
func (d *Desk) CallEntry(ctx context.Context, line string) (e call.Entry, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		e, err = d.entryOf(ctx, tx, line)
		return err
	})
	return e, err
}

func (d *Desk) entryOf(ctx context.Context, tx *store.Tx, line string) (call.Entry, error) {
	all, err := tx.CallEntries(ctx)
	if err != nil {
		return call.Entry{}, err
	}
	e, ok := call.EntryOf(all, line)
	if !ok {
		return e, errNoEntry
	}
	in, err := tx.InboxByID(ctx, e.Inbox)
	if err == nil && !in.Enabled {
		err = errNoEntry
	}
	return e, err
}

var errNoEntry = fault.New(fault.NotFound, "entry.unknown", "there is no such %s", "entry")

// CallEntries returns all ways in by telephone, the oldest first.
func (d *Desk) CallEntries(ctx context.Context) ([]call.Entry, error) {
	return d.DB.Now().CallEntries(ctx)
}

// SetEntry is a way in by telephone as an administrator sees it, with its inbox.
type SetEntry struct {
	call.Entry
	Of inbox.Inbox
}

// EntryChange is what an administrator changes of a way in by telephone; what is
// nil stays.
type EntryChange struct {
	Name    *string       `json:"name,omitempty" doc:"what it is called among ourselves"`
	Enabled *bool         `json:"enabled,omitempty" doc:"false: its calls are refused"`
	Team    *agent.TeamID `json:"team_id,omitempty" doc:"who answers where a queue names nobody; empty: everybody"`
	Numbers *[]string     `json:"numbers,omitempty" doc:"of ours that lead here; none: all that no other entry has"`
	Menu    *string       `json:"menu,omitempty" doc:"what callers hear"`
	Lanes   *[]call.Lane  `json:"lanes,omitempty" doc:"who answers in the queues of the menu"`
	Version int64         `json:"version,omitempty" doc:"the version that was read; a newer one is a conflict"`
}

func (c EntryChange) apply(e SetEntry) (SetEntry, []string) {
	fields := []string{}
	if c.Name != nil {
		name := strings.TrimSpace(*c.Name)
		c.Name = &name
	}
	set(&e.Of.Name, c.Name, "name", &fields)
	set(&e.Of.Enabled, c.Enabled, "enabled", &fields)
	set(&e.Of.Team, c.Team, "team_id", &fields)
	set(&e.Numbers, c.Numbers, "numbers", &fields)
	set(&e.Menu, c.Menu, "menu", &fields)
	set(&e.Lanes, c.Lanes, "lanes", &fields)
	return e, fields
}

// EntryMenu is a menu that an entry can have.
type EntryMenu struct {
	ID     string          `json:"id"`
	Name   call.Text       `json:"name"`
	Queues []string        `json:"queues"`
	Names  call.QueueNames `json:"names" doc:"what people call the queues"`
}

// EntryMenus returns the menus that an entry can have: those that are published.
func (d *Desk) EntryMenus(ctx context.Context) ([]EntryMenu, error) {
	menus, err := d.menus(ctx, d.DB.Now())
	if err != nil {
		return nil, err
	}
	all := []EntryMenu{}
	for _, id := range slices.Sorted(maps.Keys(menus)) {
		m := menus[id]
		all = append(all, EntryMenu{ID: m.ID, Name: m.Name, Queues: append([]string{}, m.Queues()...), Names: m.QueueNames()})
	}
	return all, nil
}

// SetEntries returns all ways in by telephone with their inboxes, the oldest
// first.
func (d *Desk) SetEntries(ctx context.Context, by agent.Actor) (all []SetEntry, err error) {
	defer fault.Wrap(&err, "list entries")
	if err := by.Need(agent.ChannelManage); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		entries, err := tx.CallEntries(ctx)
		all = make([]SetEntry, 0, len(entries))
		for _, e := range entries {
			in, err := tx.InboxByID(ctx, e.Inbox)
			if err != nil {
				return err
			}
			all = append(all, SetEntry{e, in})
		}
		return err
	})
	return all, err
}

// CreateEntry adds a way in by telephone with its inbox. What the change does not
// name is as in a new house.
func (d *Desk) CreateEntry(ctx context.Context, by agent.Actor, c EntryChange) (e SetEntry, err error) {
	defer fault.Wrap(&err, "create an entry")
	if err := by.Need(agent.ChannelManage); err != nil {
		return e, err
	}
	in := newHotline(d.Now())
	e, _ = c.apply(SetEntry{call.Hotlines(in.ID), in})
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if err := d.checkInbox(ctx, tx, e.Of); err != nil {
			return err
		}
		if e.Entry, err = d.checkEntry(ctx, tx, e.Entry); err != nil {
			return err
		}
		if err := tx.InsertInbox(ctx, e.Of); err != nil {
			return err
		}
		if err := tx.InsertCallEntry(ctx, e.Entry); err != nil {
			return err
		}
		return d.inboxChanged(ctx, tx, by, "entry.create", e.Of, map[string]any{"numbers": e.Numbers})
	})
	return e, err
}

// ChangeEntry changes which numbers lead to an inbox, what callers hear and who
// answers. It is a Conflict if somebody changed it since the version that was
// read.
func (d *Desk) ChangeEntry(ctx context.Context, by agent.Actor, i inbox.ID, c EntryChange) (e SetEntry, err error) {
	defer fault.Wrap(&err, "change entry %s", i)
	if err := by.Need(agent.ChannelManage); err != nil {
		return e, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.CallEntry(ctx, i)
		if err != nil {
			return err
		}
		in, err := tx.InboxByID(ctx, i)
		if err != nil {
			return err
		}
		if c.Version != 0 && c.Version != was.Version {
			return errChanged
		}
		var fields []string
		e, fields = c.apply(SetEntry{was, in})
		if err := d.checkInbox(ctx, tx, e.Of); err != nil {
			return err
		}
		if e.Entry, err = d.checkEntry(ctx, tx, e.Entry); err != nil {
			return err
		}
		if e.Of, err = tx.SaveInbox(ctx, e.Of); err != nil {
			return err
		}
		if err := tx.SaveCallEntry(ctx, e.Entry); err != nil {
			return err
		}
		e.Version++
		return d.inboxChanged(ctx, tx, by, "entry.change", e.Of, map[string]any{"fields": fields})
	})
	return e, err
}

// ChangeCallEntry writes an entry as ChangeEntry does; its inbox stays as it is.
func (d *Desk) ChangeCallEntry(ctx context.Context, by agent.Actor, e call.Entry) (call.Entry, error) {
	set, err := d.ChangeEntry(ctx, by, e.Inbox, EntryChange{Numbers: &e.Numbers, Menu: &e.Menu, Lanes: &e.Lanes, Version: e.Version})
	return set.Entry, err
}

// RemoveEntry takes a way in away with its inbox. It is a Conflict once a call
// came to it: such a one is switched off, so that its conversations stay whole.
func (d *Desk) RemoveEntry(ctx context.Context, by agent.Actor, i inbox.ID) (err error) {
	defer fault.Wrap(&err, "remove entry %s", i)
	if err := by.Need(agent.ChannelManage); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.CallEntry(ctx, i); err != nil {
			return err
		}
		in, err := tx.InboxByID(ctx, i)
		if err != nil {
			return err
		}
		used, err := tx.CallEntryUsed(ctx, i)
		if err != nil {
			return err
		}
		if used {
			return fault.New(fault.Conflict, "entry.used", "calls came to this entry, and their conversations need it; switch it off instead")
		}
		if err := tx.DeleteCallEntry(ctx, i); err != nil {
			return err
		}
		if err := tx.DeleteInbox(ctx, i); err != nil {
			return err
		}
		return d.inboxChanged(ctx, tx, by, "entry.remove", in, nil)
	})
}

// newHotline is the inbox of a new way in by telephone.
func newHotline(now time.Time) inbox.Inbox {
	in := inbox.Inbox{
		ID: inbox.NewID(now), Key: strings.ToLower(rand.Text()[:16]), Kind: call.Channel, Name: "热线 Hotline", Enabled: true,
		Settings: inbox.Defaults(), Version: 1,
	}
	in.Settings.Assistant = false
	return in
}

// checkEntry checks an entry against the menus, the teams, the skills and the
// other entries that there are.
func (d *Desk) checkEntry(ctx context.Context, tx *store.Tx, e call.Entry) (call.Entry, error) {
	menus, err := readMenus(ctx, tx)
	if err != nil {
		return e, err
	}
	e, err = e.Check(slices.Sorted(maps.Keys(menus)), menus[e.Menu].Queues())
	if err != nil {
		return e, err
	}
	all, err := tx.CallEntries(ctx)
	if err != nil {
		return e, err
	}
	for _, o := range all {
		if o.Inbox == e.Inbox {
			continue
		}
		if len(o.Numbers) == 0 && len(e.Numbers) == 0 {
			return e, fault.New(fault.Conflict, "entry.number_taken", "another entry has the number %q already", "*").In("numbers")
		}
		for _, n := range e.Numbers {
			if slices.Contains(o.Numbers, n) {
				return e, fault.New(fault.Conflict, "entry.number_taken", "another entry has the number %q already", n).In("numbers")
			}
		}
	}
	var teams []agent.TeamID
	s := inbox.Settings{Skills: []routing.Need{}}
	for _, l := range e.Lanes {
		if !l.Team.IsZero() {
			teams = append(teams, l.Team)
		}
		s.Skills = append(s.Skills, l.Skills...)
	}
	if err := teamsExist(ctx, tx, teams); err != nil {
		return e, err
	}
	return e, d.skillsExist(ctx, tx, s)
}

// EnsureHotline makes the inbox in which every call arrives until numbers are
// given to others, with the menu that comes with the program. A house has it
// from the day on which it has a telephone.
func (d *Desk) EnsureHotline(ctx context.Context) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		have, err := tx.CallEntries(ctx)
		if err != nil || len(have) > 0 {
			return err
		}
		in := newHotline(d.Now())
		if err := tx.InsertInbox(ctx, in); err != nil {
			return err
		}
		return tx.InsertCallEntry(ctx, call.Hotlines(in.ID))
	})
}
