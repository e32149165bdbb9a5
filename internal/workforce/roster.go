package workforce

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/shift"
	"yingda/internal/domain/sla"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Shifts returns the kinds of shift; retired ones too, because the roster shows
// what was.
func (w *Workforce) Shifts(ctx context.Context, by agent.Actor) ([]shift.Template, error) {
	if err := by.Need(agent.RosterRead); err != nil {
		return nil, err
	}
	return w.DB.Now().Shifts(ctx)
}

// ShiftDraft is what a supervisor says of a kind of shift.
type ShiftDraft struct {
	Name    string      `json:"name"`
	Color   shift.Color `json:"color" enum:"blue,green,amber,violet,grey"`
	From    string      `json:"from"`
	To      string      `json:"to"`
	Breaks  []sla.Span  `json:"breaks"`
	Retired bool        `json:"retired,omitempty"`
	Version int64       `json:"version,omitempty"`
	// Spread gives entries of the roster from today on the new hours.
	Spread bool `json:"spread,omitempty"`
}

func (d ShiftDraft) apply(t shift.Template) shift.Template {
	t.Name, t.Color, t.Retired = strings.TrimSpace(d.Name), d.Color, d.Retired
	t.Hours = shift.Hours{From: d.From, To: d.To, Breaks: d.Breaks}
	if t.Breaks == nil {
		t.Breaks = []sla.Span{}
	}
	return t
}

// AddShift makes a kind of shift.
func (w *Workforce) AddShift(ctx context.Context, by agent.Actor, d ShiftDraft) (t shift.Template, err error) {
	defer fault.Wrap(&err, "add a shift")
	if err := by.Need(agent.RosterManage); err != nil {
		return t, err
	}
	t = d.apply(shift.Template{ID: shift.NewID(w.Now()), Version: 1})
	if err := t.Check(); err != nil {
		return t, err
	}
	return t, w.DB.Update(ctx, func(tx *store.Tx) error {
		if err := freeName(ctx, tx, t); err != nil {
			return err
		}
		if err := tx.InsertShift(ctx, t); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, w.Now(), "shift.create", audit.Of("shift", t.ID, t.Name), nil))
	})
}

// ChangeShift changes a kind of shift. What is on the roster keeps its hours
// unless the change is spread to what comes from today on.
func (w *Workforce) ChangeShift(ctx context.Context, by agent.Actor, id shift.ID, d ShiftDraft) (t shift.Template, err error) {
	defer fault.Wrap(&err, "change shift %s", id)
	if err := by.Need(agent.RosterManage); err != nil {
		return t, err
	}
	err = w.DB.Update(ctx, func(tx *store.Tx) error {
		if t, err = tx.Shift(ctx, id); err != nil {
			return err
		}
		if t = d.apply(t); d.Version != 0 {
			t.Version = d.Version
		}
		if err := t.Check(); err != nil {
			return err
		}
		if err := freeName(ctx, tx, t); err != nil {
			return err
		}
		if t, err = tx.SaveShift(ctx, t); err != nil {
			return err
		}
		detail := map[string]any{"hours": t.String()}
		if d.Spread {
			zone, err := w.zone(ctx, tx)
			if err != nil {
				return err
			}
			if detail["entries"], err = tx.SpreadShift(ctx, t, shift.DayOf(w.Now(), zone)); err != nil {
				return err
			}
		}
		return tx.Audit(ctx, audit.By(by, w.Now(), "shift.change", audit.Of("shift", t.ID, t.Name), detail))
	})
	return t, err
}

// freeName is a Conflict if another kind of shift in use has the name.
func freeName(ctx context.Context, tx *store.Tx, t shift.Template) error {
	ts, err := tx.Shifts(ctx)
	for _, other := range ts {
		if other.ID != t.ID && !other.Retired && !t.Retired && strings.EqualFold(other.Name, t.Name) {
			return fault.New(fault.Conflict, "shift.exists", "there is a shift %s already; choose another name", t.Name).In("name")
		}
	}
	return err
}

// Ask asks for a part of the roster.
type Ask struct {
	From, To string // days, both in
	Team     agent.TeamID
	Words    string // part of a name
	Cursor   string
	Limit    int
}

// Row is one agent on the roster.
type Row struct {
	Agent     agent.ID         `json:"agent_id"`
	Name      string           `json:"name"`
	Entries   []shift.Entry    `json:"entries"`
	Conflicts []shift.Conflict `json:"conflicts"`
	Hours     float64          `json:"hours"` // of work in the days asked for, breaks left out
}

// Roster is a part of the roster.
type Roster struct {
	Zone  string `json:"zone"`
	Today string `json:"today"`
	Days  []Day  `json:"days"`
	Rows  []Row  `json:"rows"`
	Next  string `json:"next,omitzero"`
}

// longestRoster is how many days one look at the roster covers.
const longestRoster = 42

// Roster returns who works when, a page of agents. Why a colleague is on leave
// is only for who makes the roster.
func (w *Workforce) Roster(ctx context.Context, by agent.Actor, ask Ask) (r Roster, err error) {
	defer fault.Wrap(&err, "the roster from %s", ask.From)
	if err := by.Need(agent.RosterRead); err != nil {
		return r, err
	}
	return w.roster(ctx, by, ask, store.CrewList{By: by, Team: ask.Team, Words: strings.TrimSpace(ask.Words), Cursor: ask.Cursor, Limit: ask.Limit})
}

// Mine returns the actor's own roster.
func (w *Workforce) Mine(ctx context.Context, by agent.Actor, from, to string) (r Roster, err error) {
	defer fault.Wrap(&err, "own roster from %s", from)
	if err := by.Need(agent.RosterRead); err != nil {
		return r, err
	}
	return w.roster(ctx, by, Ask{From: from, To: to}, store.CrewList{By: by, Only: by.Agent, Limit: 1})
}

func (w *Workforce) roster(ctx context.Context, by agent.Actor, ask Ask, list store.CrewList) (r Roster, err error) {
	if err := span(ask.From, ask.To, longestRoster); err != nil {
		return r, err
	}
	if r.Days, err = w.days(ctx, ask.From, ask.To); err != nil {
		return r, err
	}
	err = w.DB.View(ctx, func(tx *store.Tx) error {
		zone, err := w.zone(ctx, tx)
		if err != nil {
			return err
		}
		s, err := tx.RosterSettings(ctx)
		if err != nil {
			return err
		}
		crew, next, err := tx.Crew(ctx, list)
		if err != nil {
			return err
		}
		// The days around belong to it as neighbours: a night that reaches in, the
		// days before in a row.
		first, last := shift.After(shift.Monday(ask.From), -7), shift.After(ask.To, 1)
		r.Zone, r.Today, r.Next, r.Rows = zone.String(), shift.DayOf(w.Now(), zone), next, make([]Row, 0, len(crew))
		of, err := entries(ctx, tx, crew, first, last)
		if err != nil {
			return err
		}
		names := holidays(r.Days)
		for _, m := range crew {
			r.Rows = append(r.Rows, row(by, m, of[m.ID], s.Limits, names, ask.From, ask.To, zone))
		}
		return nil
	})
	return r, err
}

// entries reads what some people, in the order of their ids, have between two
// days.
func entries(ctx context.Context, tx *store.Tx, crew []store.CrewMember, first, last string) (map[agent.ID][]shift.Entry, error) {
	of := make(map[agent.ID][]shift.Entry, len(crew))
	if len(crew) == 0 {
		return of, nil
	}
	es, err := tx.RosterOfSome(ctx, crew[0].ID, crew[len(crew)-1].ID, first, last)
	for _, e := range es {
		of[e.Agent] = append(of[e.Agent], e)
	}
	return of, err
}

func row(by agent.Actor, m store.CrewMember, es []shift.Entry, l shift.Limits, names map[string]string, from, to string, zone *time.Location) Row {
	r := Row{Agent: m.ID, Name: m.Name, Entries: []shift.Entry{}, Conflicts: shift.Conflicts(es, l, names, from, to, zone)}
	if r.Conflicts == nil {
		r.Conflicts = []shift.Conflict{}
	}
	for _, e := range es {
		if e.Day < from || e.Day > to {
			continue
		}
		if e.Agent != by.Agent && !by.May(agent.RosterManage) {
			e.Note = ""
		}
		r.Hours += e.Worked(zone).Hours()
		r.Entries = append(r.Entries, e)
	}
	return r
}

// Cell is what shall stand on the roster for one agent on one day: a kind of
// shift, leave, or nothing.
type Cell struct {
	Agent   agent.ID `json:"agent_id"`
	Day     string   `json:"day"`
	Shift   shift.ID `json:"shift_id,omitzero"`
	Leave   bool     `json:"leave,omitempty"`
	Note    string   `json:"note,omitempty"`
	Version int64    `json:"version" doc:"of the entry that was read; 0: nothing stood there"`
}

const (
	mostCells   = 500
	longestNote = 200
)

// Assign writes cells of the roster, all or none. It is a Conflict if somebody
// changed one of them since it was read. Whom it concerns is told.
func (w *Workforce) Assign(ctx context.Context, by agent.Actor, cells []Cell) (err error) {
	defer fault.Wrap(&err, "assign %d shifts", len(cells))
	if err := by.Need(agent.RosterManage); err != nil {
		return err
	}
	if len(cells) == 0 || len(cells) > mostCells {
		return fault.New(fault.Invalid, "roster.cells", "write from 1 to %d entries at once", mostCells).In("cells")
	}
	return w.change(ctx, by, "roster.assign", agent.TeamID(0), func(c *changes) error {
		for _, cell := range cells {
			if err := c.set(cell); err != nil {
				return err
			}
		}
		return nil
	})
}

// Fill gives many people one kind of shift on many days.
type Fill struct {
	Shift   shift.ID     `json:"shift_id"`
	Team    agent.TeamID `json:"team_id,omitzero"`
	Agents  []agent.ID   `json:"agent_ids,omitempty" doc:"absent: everybody of the team, or everybody"`
	Days    []string     `json:"days"`
	Replace bool         `json:"replace,omitempty" doc:"also where something stands already"`
}

// Filled is what became of many cells.
type Filled struct {
	Written int `json:"written"`
	Kept    int `json:"kept"` // where something stood already
}

// Fill writes the shift to everybody who is asked for, and returns how many
// entries that were.
func (w *Workforce) Fill(ctx context.Context, by agent.Actor, f Fill) (done Filled, err error) {
	defer fault.Wrap(&err, "fill the roster")
	if err := by.Need(agent.RosterManage); err != nil {
		return done, err
	}
	if len(f.Days) == 0 || len(f.Days) > longestRoster {
		return done, fault.New(fault.Invalid, "roster.span", "choose from 1 to %d days; the last one is not before the first", longestRoster).In("days")
	}
	err = w.change(ctx, by, "roster.fill", f.Team, func(c *changes) error {
		done = Filled{}
		who := f.Agents
		if len(who) == 0 {
			who = c.everybody()
		}
		for _, a := range who {
			for _, day := range f.Days {
				if err := c.put(Cell{Agent: a, Day: day, Shift: f.Shift}, f.Replace, &done); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return done, err
}

// Copy copies one week of the roster to another.
type Copy struct {
	From    string       `json:"from" doc:"a day of the week to copy"`
	To      string       `json:"to" doc:"a day of the week that it is copied to"`
	Team    agent.TeamID `json:"team_id,omitzero"`
	Replace bool         `json:"replace,omitempty"`
}

// Copy writes the shifts of one week into another; leave is not copied. Shifts
// keep the hours that they have now.
func (w *Workforce) Copy(ctx context.Context, by agent.Actor, copied Copy) (done Filled, err error) {
	defer fault.Wrap(&err, "copy the week of %s", copied.From)
	if err := by.Need(agent.RosterManage); err != nil {
		return done, err
	}
	for field, day := range map[string]string{"from": copied.From, "to": copied.To} {
		if err := shift.CheckDay(day, field); err != nil {
			return done, err
		}
	}
	from, to := shift.Monday(copied.From), shift.Monday(copied.To)
	if from == to {
		return done, fault.New(fault.Invalid, "roster.same_week", "choose another week to copy to").In("to")
	}
	err = w.change(ctx, by, "roster.copy", copied.Team, func(c *changes) error {
		done = Filled{}
		es, err := c.tx.Roster(c.ctx, from, shift.After(from, 6))
		if err != nil {
			return err
		}
		for _, e := range es {
			if _, ok := c.crew[e.Agent]; !ok || e.Kind != shift.Work {
				continue
			}
			if t, ok := c.shifts[e.Template]; !ok || t.Retired {
				done.Kept++
				continue
			}
			day := shift.After(to, int(mustDay(e.Day).Sub(mustDay(from)).Hours()/24))
			if err := c.put(Cell{Agent: e.Agent, Day: day, Shift: e.Template}, copied.Replace, &done); err != nil {
				return err
			}
		}
		return nil
	})
	return done, err
}

func mustDay(day string) time.Time {
	d, _ := time.Parse(time.DateOnly, day) // was checked
	return d
}

// changes are the cells that one transaction writes.
type changes struct {
	ctx    context.Context
	tx     *store.Tx
	now    time.Time
	today  string
	crew   map[agent.ID]store.CrewMember
	shifts map[shift.ID]shift.Template
	of     map[agent.ID][]string // what each is told
	count  int
}

// change runs f on the roster, which nobody else changes meanwhile, and tells
// those whose days from today on are others now.
func (w *Workforce) change(ctx context.Context, by agent.Actor, action string, team agent.TeamID, f func(c *changes) error) error {
	return w.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.HoldRoster(ctx); err != nil {
			return err
		}
		zone, err := w.zone(ctx, tx)
		if err != nil {
			return err
		}
		c := &changes{ctx: ctx, tx: tx, now: w.Now(), today: shift.DayOf(w.Now(), zone), shifts: map[shift.ID]shift.Template{}, of: map[agent.ID][]string{}}
		if c.crew, err = w.reach(ctx, tx, by, team); err != nil {
			return err
		}
		ts, err := tx.Shifts(ctx)
		if err != nil {
			return err
		}
		for _, t := range ts {
			c.shifts[t.ID] = t
		}
		if err := f(c); err != nil {
			return err
		}
		if c.count == 0 {
			return nil
		}
		for _, a := range c.told() {
			if a != by.Agent {
				if err := w.tell(ctx, tx, a, "roster", shorten(c.of[a]), by.Name); err != nil {
					return err
				}
			}
		}
		return tx.Audit(ctx, audit.By(by, c.now, action, audit.Object{Kind: "roster", ID: c.today, Name: ""}, map[string]any{"entries": c.count}))
	})
}

func (c *changes) told() []agent.ID {
	all := make([]agent.ID, 0, len(c.of))
	for a := range c.of {
		all = append(all, a)
	}
	slices.Sort(all)
	return all
}

func (c *changes) everybody() []agent.ID {
	all := make([]agent.ID, 0, len(c.crew))
	for a := range c.crew {
		all = append(all, a)
	}
	slices.Sort(all)
	return all
}

// shorten lists what changed, and no more than fits in a notice.
func shorten(lines []string) string {
	slices.Sort(lines)
	const most = 4
	if len(lines) > most {
		return strings.Join(lines[:most], " · ") + " …"
	}
	return strings.Join(lines, " · ")
}

// put writes a cell unless something stands there that shall stay.
func (c *changes) put(cell Cell, replace bool, done *Filled) error {
	e, has, err := c.tx.RosterEntry(c.ctx, cell.Agent, cell.Day)
	if err != nil {
		return err
	}
	if has && (!replace || e.Kind == shift.Leave) {
		done.Kept++
		return nil
	}
	cell.Version = e.Version
	done.Written++
	return c.set(cell)
}

func (c *changes) set(cell Cell) error {
	if _, ok := c.crew[cell.Agent]; !ok {
		return errCrew
	}
	if err := shift.CheckDay(cell.Day, "day"); err != nil {
		return err
	}
	if utf8.RuneCountInString(cell.Note) > longestNote {
		return fault.New(fault.Invalid, "swap.note", "a note has at most %d characters", longestNote).In("note")
	}
	was, has, err := c.tx.RosterEntry(c.ctx, cell.Agent, cell.Day)
	if err != nil {
		return err
	}
	if was.Version != cell.Version {
		return fault.New(fault.Conflict, "roster.changed", "somebody changed the roster of %s on %s a moment ago; read it again", c.crew[cell.Agent].Name, cell.Day)
	}
	var e shift.Entry
	switch {
	case cell.Leave:
		e = shift.Away(cell.Agent, cell.Day, cell.Note)
	case cell.Shift.IsZero():
		if !has {
			return nil
		}
		c.noted(cell.Agent, cell.Day, "—")
		return c.tx.ClearRoster(c.ctx, cell.Agent, cell.Day)
	default:
		t, ok := c.shifts[cell.Shift]
		if !ok || t.Retired {
			return fault.New(fault.NotFound, "shift.unknown", "there is no such %s", "shift").In("shift_id")
		}
		e = t.Of(cell.Agent, cell.Day)
		e.Note = cell.Note
	}
	e.Version = nextVersion(was.Version, c.now)
	what := e.String()
	if e.Kind == shift.Leave {
		what = "请假 / leave"
	}
	c.noted(cell.Agent, cell.Day, strings.TrimSpace(e.Name+" "+what))
	return c.tx.PutRoster(c.ctx, e)
}

// nextVersion never comes twice for one cell, also when it was empty between.
func nextVersion(was int64, now time.Time) int64 { return max(was+1, now.UnixMilli()) }

func (c *changes) noted(a agent.ID, day, what string) {
	c.count++
	if day >= c.today {
		c.of[a] = append(c.of[a], day[len("2026-"):]+" "+what)
	}
}

// RosterSettings returns what the roster is held against.
func (w *Workforce) RosterSettings(ctx context.Context, by agent.Actor) (shift.Settings, error) {
	if err := by.Need(agent.RosterRead); err != nil {
		return shift.Settings{}, err
	}
	return w.DB.Now().RosterSettings(ctx)
}

// ChangeRosterSettings writes what the roster is held against.
func (w *Workforce) ChangeRosterSettings(ctx context.Context, by agent.Actor, s shift.Settings) (_ shift.Settings, err error) {
	defer fault.Wrap(&err, "change the settings of the roster")
	if err := by.Need(agent.RosterManage); err != nil {
		return s, err
	}
	if err := s.Check(); err != nil {
		return s, err
	}
	return s, w.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.SaveRosterSettings(ctx, s, w.Now()); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, w.Now(), "setting.change", audit.Object{Kind: "setting", ID: "roster", Name: ""}, map[string]any{"fields": []string{"limits", "tolerance_min"}}))
	})
}
