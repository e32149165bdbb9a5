package workforce_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/shift"
	"yingda/internal/domain/sla"
	"yingda/internal/store"
	"yingda/internal/workforce"
)

func (h *house) shift(name, from, to string) shift.Template {
	h.t.Helper()
	t, err := h.AddShift(h.t.Context(), h.wang, workforce.ShiftDraft{Name: name, Color: shift.Blue, From: from, To: to})
	h.must(err)
	return t
}

func (h *house) assign(cells ...workforce.Cell) {
	h.t.Helper()
	h.must(h.Assign(h.t.Context(), h.wang, cells))
}

// shown is the roster as somebody sees it: "林: 11-30 早班 08:00–16:00".
func (h *house) shown(by agent.Actor, from, to string) []string {
	h.t.Helper()
	r, err := h.Roster(h.t.Context(), by, workforce.Ask{From: from, To: to, Limit: 100})
	h.must(err)
	lines := []string{}
	for _, row := range r.Rows {
		for _, e := range row.Entries {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s: %s %s %s", row.Name, e.Day[5:], e.Name, e.Note)))
		}
	}
	return lines
}

func (h *house) same(got, want []string) {
	h.t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		h.t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestShifts(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		_, err := h.AddShift(ctx, h.lin, workforce.ShiftDraft{Name: "早班"})
		h.code(err, "permission.missing")
		early := h.shift("早班", "08:00", "16:00")
		_, err = h.AddShift(ctx, h.wang, workforce.ShiftDraft{Name: " 早班", Color: shift.Blue, From: "09:00", To: "17:00"})
		h.code(err, "shift.exists")
		_, err = h.AddShift(ctx, h.wang, workforce.ShiftDraft{Name: "中班", Color: "pink", From: "09:00", To: "17:00"})
		h.code(err, "shift.color")

		yesterday, today := "2026-11-21", "2026-11-22"
		h.assign(workforce.Cell{Agent: h.lin.Agent, Day: yesterday, Shift: early.ID}, workforce.Cell{Agent: h.lin.Agent, Day: today, Shift: early.ID})
		draft := workforce.ShiftDraft{Name: "早早班", Color: shift.Green, From: "07:00", To: "15:00", Version: early.Version, Breaks: []sla.Span{{From: "11:00", To: "11:30"}}, Spread: true}
		_, err = h.ChangeShift(ctx, h.wang, early.ID, draft)
		h.must(err)
		_, err = h.ChangeShift(ctx, h.wang, early.ID, draft)
		h.code(err, "store.changed")
		h.same(h.shown(h.wang, yesterday, today), []string{"林: 11-21 早班", "林: 11-22 早早班"})
	})
}

func TestRoster(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		early, night := h.shift("早班", "08:00", "16:00"), h.shift("夜班", "22:00", "06:00")
		h.code(h.Assign(ctx, h.lin, []workforce.Cell{{Agent: h.lin.Agent, Day: "2026-11-30", Shift: early.ID}}), "permission.missing")
		h.code(h.Assign(ctx, h.wang, []workforce.Cell{{Agent: h.lin.Agent, Day: "30.11.", Shift: early.ID}}), "report.day")
		h.code(h.Assign(ctx, h.wang, []workforce.Cell{{Agent: 4711, Day: "2026-11-30", Shift: early.ID}}), "roster.agent")
		h.assign(
			workforce.Cell{Agent: h.lin.Agent, Day: "2026-11-30", Shift: night.ID},
			workforce.Cell{Agent: h.lin.Agent, Day: "2026-12-01", Shift: early.ID},
			workforce.Cell{Agent: h.zhao.Agent, Day: "2026-12-01", Leave: true, Note: "牙医"},
		)
		h.same(h.shown(h.wang, "2026-11-30", "2026-12-06"), []string{"林: 11-30 夜班", "林: 12-01 早班", "赵: 12-01  牙医"})
		h.same(h.shown(h.lin, "2026-11-30", "2026-12-06"), []string{"林: 11-30 夜班", "林: 12-01 早班", "赵: 12-01"})
		if ns := h.told(h.lin); len(ns) != 1 || ns[0].Kind != "roster" || !strings.Contains(ns[0].Text, "11-30 夜班 22:00–06:00") {
			h.t.Errorf("林 was told %+v", ns)
		}
		r, err := h.Roster(ctx, h.wang, workforce.Ask{From: "2026-12-01", To: "2026-12-01", Limit: 100})
		h.must(err)
		if c := r.Rows[0].Conflicts; len(c) != 1 || c[0].Code != "rest" || c[0].Value != 2 {
			h.t.Errorf("an early shift after a night: %+v", c)
		}

		// Who read an older roster does not overwrite a newer one.
		h.code(h.Assign(ctx, h.wang, []workforce.Cell{{Agent: h.lin.Agent, Day: "2026-12-01"}}), "roster.changed")
		read := r.Rows[0].Entries[0].Version
		h.assign(workforce.Cell{Agent: h.lin.Agent, Day: "2026-12-01", Version: read})
		h.same(h.shown(h.wang, "2026-12-01", "2026-12-06"), []string{"赵: 12-01  牙医"})

		mine, err := h.Mine(ctx, h.lin, "2026-11-30", "2026-12-06")
		h.must(err)
		if len(mine.Rows) != 1 || mine.Rows[0].Name != "林" || len(mine.Rows[0].Entries) != 1 || mine.Rows[0].Hours != 8 || mine.Zone != "Asia/Shanghai" {
			h.t.Errorf("own roster: %+v", mine)
		}
	})
}

func TestHolidaysOnTheRoster(t *testing.T) {
	each(t, func(h *house) {
		early := h.shift("早班", "08:00", "16:00")
		h.assign(workforce.Cell{Agent: h.lin.Agent, Day: "2026-10-01", Shift: early.ID})
		r, err := h.Roster(h.t.Context(), h.wang, workforce.Ask{From: "2026-09-28", To: "2026-10-11", Limit: 100})
		h.must(err)
		if d := r.Days[3]; !d.Holiday || d.Name == "" || d.Open {
			h.t.Errorf("1 October is %+v", d)
		}
		if d := r.Days[0]; d.Holiday || !d.Open {
			h.t.Errorf("28 September is %+v", d)
		}
		if c := r.Rows[0].Conflicts; len(c) != 1 || c[0].Code != "holiday" {
			h.t.Errorf("work on a holiday: %+v", c)
		}
	})
}

func TestFillAndCopy(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		team := h.team("售后一组", &h.lin, &h.zhao)
		early, late := h.shift("早班", "08:00", "16:00"), h.shift("晚班", "14:00", "22:00")
		week := shift.Days("2026-11-30", "2026-12-04")
		h.assign(workforce.Cell{Agent: h.zhao.Agent, Day: "2026-12-02", Leave: true}, workforce.Cell{Agent: h.zhao.Agent, Day: "2026-12-03", Shift: late.ID})
		done, err := h.Fill(ctx, h.wang, workforce.Fill{Shift: early.ID, Team: team.ID, Days: week})
		h.must(err)
		if done != (workforce.Filled{Written: 8, Kept: 2}) {
			h.t.Errorf("filled %+v", done)
		}
		done, err = h.Fill(ctx, h.wang, workforce.Fill{Shift: early.ID, Team: team.ID, Days: week, Replace: true})
		h.must(err)
		if done != (workforce.Filled{Written: 9, Kept: 1}) { // leave stays
			h.t.Errorf("filled over %+v", done)
		}
		_, err = h.Copy(ctx, h.wang, workforce.Copy{From: "2026-12-01", To: "2026-12-04"})
		h.code(err, "roster.same_week")
		done, err = h.Copy(ctx, h.wang, workforce.Copy{From: "2026-12-01", To: "2026-12-09", Team: team.ID})
		h.must(err)
		if done.Written != 9 || done.Kept != 0 {
			h.t.Errorf("copied %+v", done)
		}
		h.same(h.shown(h.wang, "2026-12-07", "2026-12-08"), []string{"林: 12-07 早班", "林: 12-08 早班", "赵: 12-07 早班", "赵: 12-08 早班"})

		// A lead of one team does not touch another.
		lead := h.sun
		lead.Permissions = append(lead.Permissions, agent.RosterManage)
		lead.Teams = []agent.TeamID{agent.NewTeamID(h.Now())}
		_, err = h.Fill(ctx, lead, workforce.Fill{Shift: early.ID, Agents: []agent.ID{h.lin.Agent}, Days: week, Replace: true})
		h.code(err, "roster.agent")
	})
}

func TestRosterPages(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		var seen []string
		for cursor := ""; ; {
			r, err := h.Roster(ctx, h.wang, workforce.Ask{From: "2026-11-30", To: "2026-12-06", Limit: 3, Cursor: cursor})
			h.must(err)
			for _, row := range r.Rows {
				seen = append(seen, row.Name)
			}
			if cursor = r.Next; cursor == "" {
				break
			}
		}
		h.same(seen, []string{"林", "赵", "孙", "王"})
		r, err := h.Roster(ctx, h.wang, workforce.Ask{From: "2026-11-30", To: "2026-12-06", Limit: 3, Words: "孙"})
		h.must(err)
		if len(r.Rows) != 1 {
			h.t.Errorf("found %+v", r.Rows)
		}
		_, err = h.Roster(ctx, h.wang, workforce.Ask{From: "2026-11-30", To: "2027-12-06", Limit: 3})
		h.code(err, "roster.span")
	})
}

func TestSwaps(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		early, late := h.shift("早班", "08:00", "16:00"), h.shift("晚班", "14:00", "22:00")
		h.assign(
			workforce.Cell{Agent: h.lin.Agent, Day: "2026-11-30", Shift: early.ID},
			workforce.Cell{Agent: h.zhao.Agent, Day: "2026-11-30", Shift: late.ID},
			workforce.Cell{Agent: h.lin.Agent, Day: "2026-11-21", Shift: early.ID},
		)
		_, err := h.AskSwap(ctx, h.lin, workforce.SwapAsk{Day: "2026-11-21", To: h.zhao.Agent})
		h.code(err, "swap.begun")
		_, err = h.AskSwap(ctx, h.lin, workforce.SwapAsk{Day: "2026-12-24", To: h.zhao.Agent})
		h.code(err, "swap.none")
		_, err = h.AskSwap(ctx, h.lin, workforce.SwapAsk{Day: "2026-11-30", To: h.zhao.Agent})
		h.code(err, "swap.taken") // zhao works that day already
		_, err = h.AskSwap(ctx, h.lin, workforce.SwapAsk{Day: "2026-11-30", To: h.lin.Agent})
		h.code(err, "swap.self")
		s, err := h.AskSwap(ctx, h.lin, workforce.SwapAsk{Day: "2026-11-30", To: h.zhao.Agent, Back: "2026-11-30", Note: "看牙"})
		h.must(err)
		_, err = h.AskSwap(ctx, h.zhao, workforce.SwapAsk{Day: "2026-11-30", To: h.sun.Agent})
		h.code(err, "swap.twice")
		_, err = h.ActSwap(ctx, h.sun, s.ID, shift.Agree, "")
		h.code(err, "swap.unknown")
		_, err = h.ActSwap(ctx, h.wang, s.ID, shift.Approve, "")
		h.code(err, "swap.state")
		if ns := h.told(h.zhao); ns[0].Kind != "swap.asked" || !strings.Contains(ns[0].Text, "晚班") {
			h.t.Errorf("赵 was told %+v", ns)
		}
		v, err := h.ActSwap(ctx, h.zhao, s.ID, shift.Agree, "好")
		h.must(err)
		if v.State != shift.SwapAgreed {
			h.t.Errorf("after the colleague agreed: %+v", v)
		}
		if ns := h.told(h.wang); len(ns) != 1 || ns[0].Kind != "swap.agreed" {
			h.t.Errorf("the supervisor was told %+v", ns)
		}
		open, err := h.Swaps(ctx, h.wang)
		h.must(err)
		if len(open) != 1 || len(open[0].May) != 2 {
			h.t.Errorf("the supervisor sees %+v", open)
		}
		_, err = h.ActSwap(ctx, h.wang, s.ID, shift.Approve, "")
		h.must(err)
		h.same(h.shown(h.wang, "2026-11-30", "2026-11-30"), []string{"林: 11-30 晚班", "赵: 11-30 早班"})
		if ns := h.told(h.lin); ns[0].Kind != "swap.approved" {
			h.t.Errorf("林 was told %+v", ns)
		}
		_, err = h.ActSwap(ctx, h.wang, s.ID, shift.Approve, "")
		h.code(err, "swap.state")
	})
}

// Two supervisors approve at once: the shifts change hands once.
func TestSwapApprovedTwiceAtOnce(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		early := h.shift("早班", "08:00", "16:00")
		h.assign(workforce.Cell{Agent: h.lin.Agent, Day: "2026-11-30", Shift: early.ID})
		s, err := h.AskSwap(ctx, h.lin, workforce.SwapAsk{Day: "2026-11-30", To: h.zhao.Agent})
		h.must(err)
		_, err = h.ActSwap(ctx, h.zhao, s.ID, shift.Agree, "")
		h.must(err)
		errs := make([]error, 4)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { _, errs[i] = h.ActSwap(ctx, h.wang, s.ID, shift.Approve, "") })
		}
		wg.Wait()
		worked := 0
		for _, err := range errs {
			if err == nil {
				worked++
			}
		}
		if worked != 1 {
			h.t.Errorf("approved %d times: %v", worked, errors.Join(errs...))
		}
		h.same(h.shown(h.wang, "2026-11-30", "2026-11-30"), []string{"赵: 11-30 早班"})
	})
}

func TestSwapAfterTheRosterChanged(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		early, late := h.shift("早班", "08:00", "16:00"), h.shift("晚班", "14:00", "22:00")
		h.assign(workforce.Cell{Agent: h.lin.Agent, Day: "2026-11-30", Shift: early.ID})
		s, err := h.AskSwap(ctx, h.lin, workforce.SwapAsk{Day: "2026-11-30", To: h.zhao.Agent})
		h.must(err)
		_, err = h.ActSwap(ctx, h.zhao, s.ID, shift.Agree, "")
		h.must(err)
		// Taken away and given anew: not the shift that the colleague agreed to.
		h.assign(workforce.Cell{Agent: h.lin.Agent, Day: "2026-11-30", Version: s.From.Version})
		h.clock.Turn(time.Millisecond)
		h.assign(workforce.Cell{Agent: h.lin.Agent, Day: "2026-11-30", Shift: late.ID})
		_, err = h.ActSwap(ctx, h.wang, s.ID, shift.Approve, "")
		h.code(err, "swap.changed")

		// Its time comes, and nobody has decided.
		h.clock.Turn(9 * 24 * time.Hour)
		h.run()
		mine, err := h.Swaps(ctx, h.lin)
		h.must(err)
		if mine[0].State != shift.SwapLapsed || h.told(h.lin)[0].Kind != "swap.lapsed" {
			h.t.Errorf("after the shift began: %+v, %+v", mine, h.told(h.lin))
		}
	})
}

// Five hundred people and a week are one look at the roster, a page at a time.
func TestRosterOfManyReadsFew(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.must(h.DB.View(ctx, func(tx *store.Tx) error {
			before := tx.Statements()
			if _, _, err := tx.Crew(ctx, store.CrewList{By: h.wang, Limit: 50}); err != nil {
				return err
			}
			if n := tx.Statements() - before; n > 2 {
				h.t.Errorf("a page of people takes %d statements", n)
			}
			return nil
		}))
	})
}

func TestAdherence(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		early := h.shift("早班", "08:00", "16:00")
		h.assign(
			workforce.Cell{Agent: h.lin.Agent, Day: "2026-11-23", Shift: early.ID},
			workforce.Cell{Agent: h.zhao.Agent, Day: "2026-11-23", Shift: early.ID},
		)
		set := func(a agent.Actor, s agent.State, reason string) {
			_, err := h.Desk.SetPresence(ctx, a, s, reason)
			h.must(err)
		}
		h.clock.Turn(22*time.Hour + 20*time.Minute) // 08:20 the next day
		set(h.lin, agent.Online, "")
		h.clock.Turn(4 * time.Hour)
		set(h.lin, agent.Break, "meal")
		h.clock.Turn(time.Hour)
		set(h.lin, agent.Online, "")
		h.clock.Turn(3 * time.Hour) // 16:20, still there
		ask := workforce.Ask{From: "2026-11-23", To: "2026-11-23", Limit: 50}
		_, err := h.Adherence(ctx, h.lin, ask)
		h.code(err, "permission.missing")
		p, err := h.Adherence(ctx, h.wang, ask)
		h.must(err)
		lin, zhao := p.Items[0], p.Items[1]
		if lin.Shifts != 1 || lin.Planned != 8 || lin.Worked != 8-20.0/60-1 || lin.Late != 1 || lin.LateM != 20 || lin.Early != 0 || lin.Absent != 0 {
			h.t.Errorf("林: %+v", lin)
		}
		if zhao.Absent != 1 || zhao.Worked != 0 || zhao.Share != 0 {
			h.t.Errorf("赵: %+v", zhao)
		}
		var b strings.Builder
		h.must(p.CSV(&b, "zh"))
		if !strings.Contains(b.String(), "林,1,8.0,6.7,0.833,1,20.0,0,0.0,0") {
			h.t.Error(b.String())
		}
	})
}
