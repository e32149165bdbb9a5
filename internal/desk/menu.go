package desk

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/prompt"
	"yingda/internal/domain/sla"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Menus of the hotline (语音导航): those that come with the program, and in their
// place what the company made of them, or its own. A call keeps the version in
// which it began.

// CallMenu returns a menu in a version; 0 is the one that is published now.
func (d *Desk) CallMenu(ctx context.Context, id string, version int) (call.Menu, error) {
	if m, ok := shippedMenu(id); ok && version == m.Version {
		return m, nil
	}
	tx := d.DB.Now()
	now, err := d.menus(ctx, tx)
	if err != nil {
		return call.Menu{}, err
	}
	m, ok := now[id]
	switch {
	case ok && (version == 0 || version == m.Version):
		return m, nil
	case version == 0:
		return call.Menu{}, errNoMenu
	}
	return tx.MenuVersion(ctx, id, version)
}

var errNoMenu = fault.New(fault.NotFound, "menu.unknown", "there is no such menu")

// shippedMenu returns a menu as it comes with the program.
func shippedMenu(id string) (call.Menu, bool) {
	for _, m := range call.Menus() {
		if m.ID == id {
			return m, true
		}
	}
	return call.Menu{}, false
}

// menus returns what is published, by id.
func (d *Desk) menus(ctx context.Context, tx *store.Tx) (map[string]call.Menu, error) {
	return d.menuShelf.get(d.Now(), func() (int64, error) { return tx.MenusRevision(ctx) }, func() (map[string]call.Menu, error) { return readMenus(ctx, tx) })
}

// PublishedMenus returns the menus that callers hear now, by their ids.
func (d *Desk) PublishedMenus(ctx context.Context) (map[string]call.Menu, error) {
	return d.menus(ctx, d.DB.Now())
}

func readMenus(ctx context.Context, tx *store.Tx) (map[string]call.Menu, error) {
	own, err := tx.OwnMenus(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string]call.Menu{}
	for _, m := range append(call.Menus(), own...) {
		all[m.ID] = m
	}
	return all, nil
}

// MenuStanding is how a menu stands.
type MenuStanding struct {
	ID      string    `json:"id"`
	Name    call.Text `json:"name"`
	Version int       `json:"version" doc:"what callers hear: up to 1000 as it comes with the program, above that the company's own; 0: never published"`
	Draft   bool      `json:"draft" doc:"somebody is changing it"`
	DraftAt time.Time `json:"draft_at,omitzero"`
	DraftBy string    `json:"draft_by,omitzero"`
	Nodes   int       `json:"nodes"`
	Queues  []string  `json:"queues" doc:"in which it lets callers wait"`
	Lines   []string  `json:"lines" doc:"the names of the ways in whose callers hear it"`
}

// MenuList returns how every menu stands, those that come with the program
// first.
func (d *Desk) MenuList(ctx context.Context, by agent.Actor) (all []MenuStanding, err error) {
	if err := by.Need(agent.ChannelManage); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		published, err := readMenus(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := tx.MenuRows(ctx)
		if err != nil {
			return err
		}
		lines, err := linesOf(ctx, tx)
		if err != nil {
			return err
		}
		for _, m := range call.Menus() {
			i := slices.IndexFunc(rows, func(r store.MenuRow) bool { return r.ID == m.ID })
			r := store.MenuRow{ID: m.ID}
			if i >= 0 {
				r = rows[i]
			}
			all = append(all, standingOf(published[m.ID], r, lines))
		}
		for _, r := range rows {
			if _, shipped := shippedMenu(r.ID); !shipped && (r.Version > 0 || r.Draft != nil) {
				all = append(all, standingOf(published[r.ID], r, lines))
			}
		}
		return nil
	})
	return all, err
}

// linesOf returns the names of the ways in by telephone, by the menu.
func linesOf(ctx context.Context, tx *store.Tx) (map[string][]string, error) {
	entries, err := tx.CallEntries(ctx)
	if err != nil {
		return nil, err
	}
	lines := map[string][]string{}
	for _, e := range entries {
		in, err := tx.InboxByID(ctx, e.Inbox)
		if err != nil {
			return nil, err
		}
		lines[e.Menu] = append(lines[e.Menu], in.Name)
	}
	return lines, nil
}

// standingOf tells of what is published, or of the draft of a menu that never was.
func standingOf(m call.Menu, r store.MenuRow, lines map[string][]string) MenuStanding {
	s := MenuStanding{ID: r.ID, Version: m.Version, Draft: r.Draft != nil, DraftAt: r.At, DraftBy: r.By, Lines: lines[r.ID]}
	if m.Version == 0 && r.Draft != nil {
		m = *r.Draft
	}
	s.Name, s.Nodes, s.Queues = m.Name, len(m.Nodes), m.Queues()
	return s
}

// MenuBook is a menu with what is being changed of it and what was published.
type MenuBook struct {
	MenuStanding
	Published *call.Menu          // nil: never
	Changing  *call.Menu          // the draft; nil: none
	Shipped   int                 // the version that comes with the program; 0: none does
	Base      int                 // the version that the draft was begun from
	Rev       int64               // of the draft; what is saved names it
	Versions  []store.Publication // the company's own, the newest first
	Problems  []*fault.Error      // what keeps the draft from being published
}

// MenuBook returns a menu with its draft and versions.
func (d *Desk) MenuBook(ctx context.Context, by agent.Actor, id string) (b MenuBook, err error) {
	defer fault.Wrap(&err, "read the menu %s", id)
	if err := by.Need(agent.ChannelManage); err != nil {
		return b, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		b, err = d.menuBook(ctx, tx, id)
		return err
	})
	return b, err
}

func (d *Desk) menuBook(ctx context.Context, tx *store.Tx, id string) (b MenuBook, err error) {
	r, err := tx.MenuRow(ctx, id)
	if err != nil {
		return b, err
	}
	shipped, _ := shippedMenu(id)
	published, err := publishedMenu(ctx, tx, r)
	if err != nil {
		return b, err
	}
	if published.Version == 0 && r.Draft == nil {
		return b, errNoMenu
	}
	lines, err := linesOf(ctx, tx)
	if err != nil {
		return b, err
	}
	b = MenuBook{MenuStanding: standingOf(published, r, lines), Changing: r.Draft, Shipped: shipped.Version, Base: r.Base, Rev: r.Rev}
	if published.Version > 0 {
		b.Published = &published
	}
	if b.Versions, err = tx.MenuVersions(ctx, id, mostVersions); err != nil || r.Draft == nil {
		return b, err
	}
	p, err := d.prompts(ctx, tx)
	if err != nil {
		return b, err
	}
	names, err := d.callNames(ctx, tx, p)
	if err != nil {
		return b, err
	}
	b.Problems = nextMenu(id, r.Version, *r.Draft).Check(names)
	return b, nil
}

// publishedMenu returns the newest version of a menu, the company's own or that of
// the program; without a version if there is none.
func publishedMenu(ctx context.Context, tx *store.Tx, r store.MenuRow) (call.Menu, error) {
	if r.Version > 0 {
		return tx.MenuVersion(ctx, r.ID, r.Version)
	}
	m, _ := shippedMenu(r.ID)
	return m, nil
}

// nextMenu is a draft as the version that it would become after the newest one.
func nextMenu(id string, newest int, m call.Menu) call.Menu {
	m.ID, m.Version = id, max(newest, call.Own)+1
	return m
}

// callNames is what menus may name here. A queue may have any name: who answers
// there is said where the way in is set.
func (d *Desk) callNames(ctx context.Context, tx *store.Tx, p prompts) (call.Names, error) {
	plan, err := tx.DialPlan(ctx)
	if err != nil {
		return call.Names{}, err
	}
	n := call.Names{Prompts: p.voiced, Calendars: call.BuiltinNames.Calendars, Numbers: []string{}}
	for _, t := range plan.Targets {
		n.Numbers = append(n.Numbers, t.Name)
	}
	n.Hooks, err = callHooks(ctx, tx)
	return n, err
}

// MenuVersion returns a menu as it stood in one version.
func (d *Desk) MenuVersion(ctx context.Context, by agent.Actor, id string, version int) (m call.Menu, err error) {
	defer fault.Wrap(&err, "read version %d of the menu %s", version, id)
	if err := by.Need(agent.ChannelManage); err != nil {
		return m, err
	}
	if m, ok := shippedMenu(id); ok && m.Version == version {
		return m, nil
	}
	return d.DB.Now().MenuVersion(ctx, id, version)
}

// DraftMenu keeps a draft of a menu, with all that is still wrong in it. rev is
// that of the menu as it was read: who changed it meanwhile is not written over.
// A menu that is not there is begun with rev 0.
func (d *Desk) DraftMenu(ctx context.Context, by agent.Actor, id string, rev int64, m call.Menu) (b MenuBook, err error) {
	defer fault.Wrap(&err, "draft the menu %s", id)
	if m.ID != id {
		return b, fault.New(fault.Invalid, "menu.named_otherwise", "the draft names the menu %s, not %s", m.ID, id).In("body.draft.id")
	}
	return d.changeMenu(ctx, by, id, "menu.draft", func(tx *store.Tx, r *store.MenuRow) (map[string]any, error) {
		m.Version = 0
		if err := m.Keepable(); err != nil {
			return nil, err.In("body.draft." + err.Field)
		}
		return nil, keepDraft(r, rev, m, by, d.Now(), func() (int, error) {
			published, err := publishedMenu(ctx, tx, *r)
			return published.Version, err
		})
	})
}

// DropMenuDraft throws a draft away. A menu that was never published goes with it.
func (d *Desk) DropMenuDraft(ctx context.Context, by agent.Actor, id string, rev int64) (err error) {
	defer fault.Wrap(&err, "drop the draft of the menu %s", id)
	_, err = d.changeMenu(ctx, by, id, "menu.discard", func(_ *store.Tx, r *store.MenuRow) (map[string]any, error) {
		_, err := takeDraft(r, rev)
		return nil, err
	})
	return err
}

// PublishMenu makes the draft the version that callers hear from now on; who is
// in the one before stays there. It fails while anything is wrong in it. note
// says what was changed.
func (d *Desk) PublishMenu(ctx context.Context, by agent.Actor, id string, rev int64, note string) (b MenuBook, err error) {
	defer fault.Wrap(&err, "publish the menu %s", id)
	return d.changeMenu(ctx, by, id, "menu.publish", func(tx *store.Tx, r *store.MenuRow) (map[string]any, error) {
		draft, err := takeDraft(r, rev)
		if err != nil {
			return nil, err
		}
		p, err := d.readPrompts(ctx, tx)
		if err != nil {
			return nil, err
		}
		names, err := d.callNames(ctx, tx, p)
		if err != nil {
			return nil, err
		}
		m := nextMenu(id, r.Version, draft)
		if problems := m.Check(names); len(problems) > 0 {
			return nil, fault.New(fault.Invalid, "menu.unpublishable", "%d things are wrong in this menu; mend them to publish it", len(problems))
		}
		r.Version = m.Version
		return map[string]any{"version": m.Version}, tx.PublishMenu(ctx, m, store.Publication{Note: note, By: by.Agent, ByName: by.Name, At: d.Now()})
	})
}

// changeMenu changes what is the company's own of a menu, and tells all nodes.
func (d *Desk) changeMenu(ctx context.Context, by agent.Actor, id, action string, change func(tx *store.Tx, r *store.MenuRow) (map[string]any, error)) (b MenuBook, err error) {
	if err := by.Need(agent.ChannelManage); err != nil {
		return b, err
	}
	e := edits[call.Menu]{kind: "menu", read: (*store.Tx).MenuRow, save: (*store.Tx).SaveMenu, unknown: errNoMenu, shipped: func(id string) bool {
		_, ok := shippedMenu(id)
		return ok
	}}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if err := e.change(ctx, d, tx, by, id, action, func(r *store.MenuRow) (map[string]any, error) { return change(tx, r) }); err != nil {
			return err
		}
		b, err = d.menuBook(ctx, tx, id)
		if fault.CodeOf(err) == errNoMenu.Code { // its draft was all that there was
			err = nil
		}
		return err
	})
	d.menuShelf.forget()
	return b, err
}

// MenuNames is what menus may name.
type MenuNames struct {
	Queues    []string   `json:"queues" doc:"that other menus name; a new name is a new queue"`
	Calendars []string   `json:"calendars"`
	Hooks     []MenuHook `json:"hooks" doc:"what other systems can be asked"`
	Numbers   []string   `json:"numbers" doc:"names of the dial plan that callers may be transferred to"`
}

// MenuHook is a look-up as who writes a menu needs it.
type MenuHook struct {
	Name    string   `json:"name"`
	About   string   `json:"about"`
	Enabled bool     `json:"enabled"`
	Sends   []string `json:"sends" doc:"what it may be told"`
	Gives   []string `json:"gives" doc:"the values that it yields"`
}

// MenuNames returns what menus may name.
func (d *Desk) MenuNames(ctx context.Context, by agent.Actor) (n MenuNames, err error) {
	if err := by.Need(agent.ChannelManage); err != nil {
		return n, err
	}
	published, err := d.menus(ctx, d.DB.Now())
	if err != nil {
		return n, err
	}
	known, err := d.callNames(ctx, d.DB.Now(), prompts{})
	if err != nil {
		return n, err
	}
	n = MenuNames{Queues: slices.Clone(call.BuiltinNames.Queues), Calendars: known.Calendars, Hooks: []MenuHook{}, Numbers: known.Numbers}
	for _, h := range known.Hooks {
		n.Hooks = append(n.Hooks, MenuHook{h.Name, h.About, h.Enabled, h.Sends, h.Yields()})
	}
	for _, id := range slices.Sorted(maps.Keys(published)) {
		for _, q := range published[id].Queues() {
			if !slices.Contains(n.Queues, q) {
				n.Queues = append(n.Queues, q)
			}
		}
	}
	return n, nil
}

// MenuRehearsal is a call that is tried.
type MenuRehearsal struct {
	Inputs  []string `json:"inputs" maxItems:"300" doc:"one after another: keys such as 1 or 12#; nothing lets time pass until something happens; join NAME, leave, lose, send QUEUE: the agent; ok, fail: what was asked, recorded or rung worked or not; ok with a JSON object of texts: what the other system tells; hangup"`
	Number  string   `json:"number" maxLength:"30" doc:"the caller's; empty: withheld"`
	Closed  bool     `json:"closed" doc:"outside of working hours"`
	Nobody  bool     `json:"nobody" doc:"no agent is there"`
	Ahead   int      `json:"ahead" minimum:"0" maximum:"1000" doc:"callers that wait before this one"`
	Minutes int      `json:"minutes" minimum:"0" maximum:"600" doc:"how long they are told that they wait; 0: nothing is said of it"`
	Tier    string   `json:"tier" maxLength:"40" doc:"of the contact; empty: they are not known"`
	Line    string   `json:"line,omitempty" maxLength:"30" doc:"the number that is called"`
}

// Rehearsed is what came of one input.
type Rehearsed struct {
	Input   string
	Actions []RehearsedAction
	Node    string
	Phase   call.Phase
	Sounds  bool          // something is being said
	Due     time.Duration // until something happens by itself; 0: nothing does
}

// RehearsedAction is something that was done, with what was said.
type RehearsedAction struct {
	call.Action
	Said []RehearsedLine
}

// RehearsedLine is a prompt as it was said.
type RehearsedLine struct {
	Key, Language string
	Text          string
	Values        map[string]string
	Mute          bool // nobody would hear it
}

// RehearseMenu lets a call walk through a menu as it is being written, in the
// interpreter that callers walk in. Nobody is rung and nothing is kept. problems
// are what is wrong in the menu; it is played all the same, as far as it goes.
func (d *Desk) RehearseMenu(ctx context.Context, by agent.Actor, m call.Menu, r MenuRehearsal) (out []Rehearsed, problems []*fault.Error, err error) {
	defer fault.Wrap(&err, "rehearse the menu %s", m.ID)
	if err := by.Need(agent.ChannelManage); err != nil {
		return nil, nil, err
	}
	if err := m.Keepable(); err != nil {
		return nil, []*fault.Error{err}, nil
	}
	p, err := d.prompts(ctx, d.DB.Now())
	if err != nil {
		return nil, nil, err
	}
	names, err := d.callNames(ctx, d.DB.Now(), p)
	if err != nil {
		return nil, nil, err
	}
	m.Version = call.Own + 1
	s := call.NewSimulator(m, p.library, r.facts(d.Now()), d.Now())
	told := func(input string, actions []call.Action) {
		one := Rehearsed{Input: input, Node: s.Walk.Node, Phase: s.Walk.Phase, Sounds: s.Walk.Sounds}
		if !s.Walk.Due.IsZero() {
			one.Due = s.Walk.Due.Sub(s.Now)
		}
		for _, a := range actions {
			one.Actions = append(one.Actions, RehearsedAction{Action: a, Said: p.said(a)})
		}
		out = append(out, one)
	}
	told("", s.Begin())
	for _, input := range r.Inputs {
		actions, err := s.Try(input)
		if err != nil {
			return out, nil, err
		}
		told(input, actions)
	}
	return out, m.Check(names), nil
}

// facts is what is known of a call that is tried.
func (r MenuRehearsal) facts(now time.Time) call.Facts {
	h := call.Hours{Open: !r.Closed}
	if r.Closed {
		h.OpensOn, h.OpensAt = now.AddDate(0, 0, 1).Format(time.DateOnly), "09:00"
	}
	f := call.Facts{Caller: r.Number, Line: r.Line, Contact: map[string]string{}, Hours: map[string]call.Hours{sla.Hotline: h}, Staffed: !r.Nobody, Ahead: r.Ahead, Least: max(0, r.Minutes-2), Most: r.Minutes}
	if r.Tier != "" {
		f.Contact["contact.known"], f.Contact["contact.tier"] = "yes", r.Tier
	}
	return f
}

// said returns the prompts of an action as they are said.
func (p prompts) said(a call.Action) (lines []RehearsedLine) {
	for _, key := range a.Prompts {
		language := cmp.Or(a.Language, prompt.Chinese)
		l := RehearsedLine{Key: key, Language: language, Mute: !p.voiced.Has(key, language)}
		line, err := p.library.Say(language, key, a.Values)
		if err != nil {
			l.Mute = true
		}
		l.Text = line.Text
		for _, name := range p.library.Values(key, language) {
			if l.Values == nil {
				l.Values = map[string]string{}
			}
			l.Values[name] = a.Values[name]
		}
		lines = append(lines, l)
	}
	return lines
}
