package desk

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"strings"

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

// ChangeCallEntry changes which numbers lead to an inbox, what callers hear and
// who answers. It is a Conflict if somebody changed it since the version that was
// read.
func (d *Desk) ChangeCallEntry(ctx context.Context, by agent.Actor, e call.Entry) (_ call.Entry, err error) {
	defer fault.Wrap(&err, "change entry %s", e.Inbox)
	if err := by.Need(agent.ChannelManage); err != nil {
		return e, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.CallEntry(ctx, e.Inbox)
		if err != nil {
			return err
		}
		in, err := tx.InboxByID(ctx, e.Inbox)
		if err != nil {
			return err
		}
		if e.Version != was.Version {
			return errChanged
		}
		if e, err = d.checkEntry(ctx, tx, e); err != nil {
			return err
		}
		if err := tx.SaveCallEntry(ctx, e); err != nil {
			return err
		}
		e.Version++
		return d.inboxChanged(ctx, tx, by, "inbox.change", in, map[string]any{"fields": []string{"numbers", "menu", "lanes"}})
	})
	return e, err
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
		in := inbox.Inbox{
			ID: inbox.NewID(d.Now()), Key: strings.ToLower(rand.Text()[:16]), Kind: call.Channel, Name: "热线 Hotline", Enabled: true,
			Settings: inbox.Defaults(), Version: 1,
		}
		in.Settings.Assistant = false
		if err := tx.InsertInbox(ctx, in); err != nil {
			return err
		}
		return tx.InsertCallEntry(ctx, call.Hotlines(in.ID))
	})
}
