package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/shift"
	"yingda/internal/kit/id"
	"yingda/internal/store/sqlcgen"
)

// Shifts returns the kinds of shift, retired ones included.
func (tx *Tx) Shifts(ctx context.Context) ([]shift.Template, error) {
	rows, err := tx.Queries.Shifts(ctx)
	if err != nil {
		return nil, err
	}
	ts := make([]shift.Template, 0, len(rows))
	for _, r := range rows {
		t, err := templateOf(r)
		if err != nil {
			return nil, err
		}
		ts = append(ts, t)
	}
	return ts, nil
}

// Shift returns a kind of shift.
func (tx *Tx) Shift(ctx context.Context, i shift.ID) (shift.Template, error) {
	r, err := tx.ShiftRow(ctx, i)
	if err != nil {
		return shift.Template{}, notFound(err, "shift.unknown", "shift")
	}
	return templateOf(r)
}

func templateOf(r sqlcgen.Shift) (shift.Template, error) {
	t := shift.Template{ID: r.ID, Name: r.Name, Color: shift.Color(r.Color), Retired: r.Retired, Version: r.Version}
	return t, hoursOf(r.Hours, &t.Hours)
}

func hoursOf(text string, h *shift.Hours) error {
	if err := json.Unmarshal([]byte(text), h); err != nil {
		return fmt.Errorf("the hours of a shift: %w", err)
	}
	return nil
}

func hoursText(h shift.Hours) string {
	b, _ := json.Marshal(h) //nolint:errchkjson // strings always can be written
	return string(b)
}

// InsertShift adds a kind of shift.
func (tx *Tx) InsertShift(ctx context.Context, t shift.Template) error {
	return tx.Queries.InsertShift(ctx, sqlcgen.InsertShiftParams{ID: t.ID, Name: t.Name, Color: string(t.Color), Retired: t.Retired, Hours: hoursText(t.Hours)})
}

// SaveShift writes a kind of shift back. It is a Conflict if someone else wrote
// it since.
func (tx *Tx) SaveShift(ctx context.Context, t shift.Template) (shift.Template, error) {
	err := changed(tx.Queries.SaveShift(ctx, sqlcgen.SaveShiftParams{ID: t.ID, Version: t.Version, Name: t.Name, Color: string(t.Color), Retired: t.Retired, Hours: hoursText(t.Hours)}))
	t.Version++
	return t, err
}

// SpreadShift gives what is on the roster from a day on the new hours of its
// kind of shift, and returns how many entries that were.
func (tx *Tx) SpreadShift(ctx context.Context, t shift.Template, from string) (int, error) {
	n, err := tx.RosterRename(ctx, sqlcgen.RosterRenameParams{ShiftID: t.ID, First: from, Name: t.Name, Color: string(t.Color), Hours: hoursText(t.Hours)})
	return int(n), err
}

// Roster returns the entries of all agents from a day to another, both in, by
// agent and day.
func (tx *Tx) Roster(ctx context.Context, first, last string) ([]shift.Entry, error) {
	rows, err := tx.RosterBetween(ctx, sqlcgen.RosterBetweenParams{First: first, Last: last})
	return rosterEntries(rows, err)
}

// RosterOfSome returns the entries of the agents between two ids, both in, by
// agent and day.
func (tx *Tx) RosterOfSome(ctx context.Context, least, greatest agent.ID, first, last string) ([]shift.Entry, error) {
	rows, err := tx.Queries.RosterOfSome(ctx, sqlcgen.RosterOfSomeParams{Least: least, Greatest: greatest, First: first, Last: last})
	return rosterEntries(rows, err)
}

// RosterOf returns the entries of one agent, by day.
func (tx *Tx) RosterOf(ctx context.Context, a agent.ID, first, last string) ([]shift.Entry, error) {
	rows, err := tx.Queries.RosterOf(ctx, sqlcgen.RosterOfParams{AgentID: a, First: first, Last: last})
	return rosterEntries(rows, err)
}

// RosterEntry returns what an agent has on a day; false if nothing.
func (tx *Tx) RosterEntry(ctx context.Context, a agent.ID, day string) (shift.Entry, bool, error) {
	es, err := tx.RosterOf(ctx, a, day, day)
	if err != nil || len(es) == 0 {
		return shift.Entry{}, false, err
	}
	return es[0], true, nil
}

func rosterEntries(rows []sqlcgen.Roster, err error) ([]shift.Entry, error) {
	es := make([]shift.Entry, 0, len(rows))
	for _, r := range rows {
		e := shift.Entry{
			Agent: r.AgentID, Day: r.Day, Kind: shift.Kind(r.Kind), Template: r.ShiftID, Name: r.Name, Color: shift.Color(r.Color),
			Note: r.Note, Version: r.Version,
		}
		if err := hoursOf(r.Hours, &e.Hours); err != nil {
			return nil, err
		}
		es = append(es, e)
	}
	return es, err
}

// PutRoster writes an entry over what stands there.
func (tx *Tx) PutRoster(ctx context.Context, e shift.Entry) error {
	return tx.Queries.PutRoster(ctx, sqlcgen.PutRosterParams{
		AgentID: e.Agent, Day: e.Day, Kind: string(e.Kind), ShiftID: e.Template, Name: e.Name, Color: string(e.Color),
		Hours: hoursText(e.Hours), Note: e.Note, Version: e.Version,
	})
}

// ClearRoster takes away what an agent has on a day.
func (tx *Tx) ClearRoster(ctx context.Context, a agent.ID, day string) error {
	return tx.DeleteRoster(ctx, sqlcgen.DeleteRosterParams{AgentID: a, Day: day})
}

// HoldRoster keeps everybody else from changing the roster until the
// transaction ends.
func (tx *Tx) HoldRoster(ctx context.Context) error { return tx.holdSetting(ctx, "roster") }

// CrewList asks for a page of the people who can be on the roster: those who
// are not disabled and whose role lets them answer.
type CrewList struct {
	By     agent.Actor
	Team   agent.TeamID
	Words  string
	Only   agent.ID // this one
	Cursor string
	Limit  int
}

// CrewMember is one of them.
type CrewMember struct {
	ID    agent.ID       `json:"id"`
	Name  string         `json:"name"`
	Teams []agent.TeamID `json:"teams"`
}

// Crew returns a page by id and the cursor of the next one. Whoever sees all
// sees everybody; others see who is in a team of theirs, or in none, and
// themselves.
func (tx *Tx) Crew(ctx context.Context, ask CrewList) ([]CrewMember, string, error) {
	q := newList("SELECT DISTINCT a.id, a.name FROM agents a JOIN agent_roles ar ON ar.agent_id = a.id JOIN roles r ON r.id = ar.role_id")
	q.and("NOT a.disabled")
	q.and(`r.permissions LIKE '%"` + string(agent.ConversationReply) + `"%'`)
	if ask.By.Scope != agent.ScopeAll {
		in, args := "", []any{ask.By.Agent}
		if len(ask.By.Teams) > 0 {
			in = " OR EXISTS (SELECT 1 FROM team_agents t WHERE t.agent_id = a.id AND t.team_id IN (" + strings.TrimSuffix(strings.Repeat("?,", len(ask.By.Teams)), ",") + "))"
			for _, t := range ask.By.Teams {
				args = append(args, t)
			}
		}
		q.and("(a.id = ?"+in+" OR NOT EXISTS (SELECT 1 FROM team_agents n WHERE n.agent_id = a.id))", args...)
	}
	if !ask.Team.IsZero() {
		q.and("EXISTS (SELECT 1 FROM team_agents f WHERE f.agent_id = a.id AND f.team_id = ?)", ask.Team)
	}
	if ask.Words != "" {
		q.and("lower(a.name) LIKE ?", "%"+strings.ToLower(strings.NewReplacer("%", "", "_", "").Replace(ask.Words))+"%")
	}
	if !ask.Only.IsZero() {
		q.and("a.id = ?", ask.Only)
	}
	if ask.Cursor != "" {
		ns, err := ReadCursor(ask.Cursor, 1)
		if err != nil {
			return nil, "", err
		}
		q.and("a.id > ?", ns[0])
	}
	rows, err := tx.db.QueryContext(ctx, q.text("ORDER BY a.id LIMIT ?", ask.Limit+1), q.args...)
	if err != nil {
		return nil, "", err
	}
	defer func() { logClose("crew", rows.Close()) }()
	crew := make([]CrewMember, 0, ask.Limit+1)
	for rows.Next() {
		m := CrewMember{Teams: []agent.TeamID{}}
		if err := rows.Scan(&m.ID, &m.Name); err != nil {
			return nil, "", err
		}
		crew = append(crew, m)
	}
	if err := rows.Err(); err != nil {
		return nil, "", err
	}
	next := ""
	if len(crew) > ask.Limit {
		crew = crew[:ask.Limit]
		next = WriteCursor(int64(crew[len(crew)-1].ID))
	}
	members, err := tx.SeatTeams(ctx)
	if err != nil {
		return nil, "", err
	}
	place := map[agent.ID]int{}
	for i, m := range crew {
		place[m.ID] = i
	}
	for _, m := range members {
		if i, ok := place[m.AgentID]; ok {
			crew[i].Teams = append(crew[i].Teams, m.TeamID)
		}
	}
	return crew, next, nil
}

// InsertSwap adds a swap that is asked for.
func (tx *Tx) InsertSwap(ctx context.Context, s shift.Swap) error {
	b, err := swapText(s)
	if err != nil {
		return err
	}
	return tx.Queries.InsertSwap(ctx, sqlcgen.InsertSwapParams{ID: s.ID, State: string(s.State), FromAgent: s.From.Agent, ToAgent: s.To.Agent, Body: b})
}

// SaveSwap writes a swap back. It is a Conflict if someone else wrote it since.
func (tx *Tx) SaveSwap(ctx context.Context, s shift.Swap) (shift.Swap, error) {
	b, err := swapText(s)
	if err != nil {
		return s, err
	}
	err = changed(tx.Queries.SaveSwap(ctx, sqlcgen.SaveSwapParams{ID: s.ID, Version: s.Version, State: string(s.State), Body: b}))
	s.Version++
	return s, err
}

// swapBody is what stands in the body: all, with the versions of the entries.
type swapBody struct {
	shift.Swap
	FromVersion int64 `json:"from_version"`
	ToVersion   int64 `json:"to_version"`
}

func swapText(s shift.Swap) (string, error) {
	b, err := json.Marshal(swapBody{s, s.From.Version, s.To.Version})
	return string(b), err
}

func swapOf(r sqlcgen.Swap) (shift.Swap, error) {
	var b swapBody
	if err := json.Unmarshal([]byte(r.Body), &b); err != nil {
		return shift.Swap{}, fmt.Errorf("swap %s: %w", r.ID, err)
	}
	s := b.Swap
	s.ID, s.State, s.Version, s.From.Version, s.To.Version = r.ID, shift.SwapState(r.State), r.Version, b.FromVersion, b.ToVersion
	return s, nil
}

func swapsOf(rows []sqlcgen.Swap, err error) ([]shift.Swap, error) {
	all := make([]shift.Swap, 0, len(rows))
	for _, r := range rows {
		s, err := swapOf(r)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, err
}

// Swap returns a swap.
func (tx *Tx) Swap(ctx context.Context, i shift.SwapID) (shift.Swap, error) {
	r, err := tx.SwapRow(ctx, i)
	if err != nil {
		return shift.Swap{}, notFound(err, "swap.unknown", "swap")
	}
	return swapOf(r)
}

// OpenSwaps returns the swaps that wait for somebody, oldest first.
func (tx *Tx) OpenSwaps(ctx context.Context) ([]shift.Swap, error) {
	rows, err := tx.Queries.OpenSwaps(ctx)
	return swapsOf(rows, err)
}

// SwapsOf returns the last swaps of an agent, newest first.
func (tx *Tx) SwapsOf(ctx context.Context, a agent.ID, most int) ([]shift.Swap, error) {
	rows, err := tx.Queries.SwapsOf(ctx, sqlcgen.SwapsOfParams{AgentID: a, Most: int64(most)})
	return swapsOf(rows, err)
}

// longestStay is how long one state of presence is looked back for: a longer
// one was forgotten, not worked.
const longestStay = 7 * 24 * time.Hour

// Stays returns how an agent was present between two times, in order, the
// state that goes on now included.
func (tx *Tx) Stays(ctx context.Context, a agent.ID, from, to, now time.Time) ([]shift.Stay, error) {
	rows, err := tx.PresenceBetween(ctx, sqlcgen.PresenceBetweenParams{AgentID: a, NotBefore: ms(from.Add(-longestStay)), First: ms(from), Last: ms(to)})
	if err != nil {
		return nil, err
	}
	stays := make([]shift.Stay, 0, len(rows)+1)
	for _, r := range rows {
		stays = append(stays, shift.Stay{Stretch: shift.Stretch{From: at(r.Since), To: at(r.Until)}, State: agent.State(r.State), Reason: r.Reason})
	}
	seat, err := tx.Queries.Seat(ctx, a)
	if err != nil {
		return nil, notFound(err, "agent.unknown", "agent")
	}
	if since := at(seat.PresenceSince); since.Before(to) && now.After(from) {
		stays = append(stays, shift.Stay{Stretch: shift.Stretch{From: since, To: now}, State: agent.State(seat.Presence), Reason: seat.PresenceReason})
	}
	return stays, nil
}

const rosterName = "roster"

// RosterSettings returns what the roster is held against; the defaults until
// someone changed them.
func (tx *Tx) RosterSettings(ctx context.Context) (shift.Settings, error) {
	return setting(ctx, tx, rosterName, shift.DefaultSettings())
}

// SaveRosterSettings writes them.
func (tx *Tx) SaveRosterSettings(ctx context.Context, s shift.Settings, now time.Time) error {
	return tx.saveSetting(ctx, rosterName, s, now)
}

// LogStay records a stay of an agent that is over.
func (tx *Tx) LogStay(ctx context.Context, a agent.ID, s shift.Stay) error {
	return tx.LogPresence(ctx, sqlcgen.LogPresenceParams{
		ID: int64(id.New[logNoun](s.From)), AgentID: a, State: string(s.State), Reason: s.Reason, Since: ms(s.From), Until: ms(s.To),
	})
}
