package workforce_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"yingda/internal/domain/staffing"
	"yingda/internal/store"
	"yingda/internal/workforce"
)

// busy lets so many come in the half hour from 10:00 of a day in Shanghai, each
// of whom takes eight minutes.
func (h *house) busy(day string, contacts int) {
	h.t.Helper()
	at, err := time.Parse(time.RFC3339, day+"T10:00:00+08:00")
	h.must(err)
	h.must(h.DB.Update(h.t.Context(), func(tx *store.Tx) error {
		return tx.AddArrival(h.t.Context(), "webchat", at, staffing.Arrivals{
			Offered: contacts, Answered: contacts - 2, Abandoned: 2, Promised: contacts, InTime: contacts - 4,
			Wait: time.Duration(contacts) * 10 * time.Second, AnswerWait: time.Duration(contacts-2) * 10 * time.Second,
			Handled: contacts - 2, Handling: time.Duration(contacts-2) * 8 * time.Minute,
		})
	}))
}

func (h *house) plan(day string) workforce.StaffingDay {
	h.t.Helper()
	s, err := h.Staffing(h.t.Context(), h.wang, workforce.StaffingAsk{From: day, To: day, Channel: "webchat", Language: "zh"})
	h.must(err)
	return s.Days[0]
}

func slotAt(d workforce.StaffingDay, at string) workforce.StaffingSlot {
	for _, s := range d.Slots {
		if s.At == at {
			return s
		}
	}
	return workforce.StaffingSlot{}
}

func TestStaffing(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		_, err := h.Staffing(ctx, h.lin, workforce.StaffingAsk{From: "2026-11-24", To: "2026-11-24", Channel: "webchat"})
		h.code(err, "permission.missing")
		_, err = h.Staffing(ctx, h.wang, workforce.StaffingAsk{From: "2026-11-24", To: "2026-12-24", Channel: "webchat"})
		h.code(err, "roster.span")
		_, err = h.Staffing(ctx, h.wang, workforce.StaffingAsk{From: "2026-11-24", To: "2026-11-24", Channel: "a'b"})
		h.code(err, "staffing.channel")
		if d := h.plan("2026-11-24"); d.From != "nothing" || d.Sure != staffing.NotEnough || len(d.Slots) != 48 {
			h.t.Errorf("nothing is known: %+v", d)
		}

		// Tuesdays bring sixty; the Tuesday of the National Day holiday brought none
		// that counts, and Wednesdays are others.
		for _, day := range []string{"2026-10-13", "2026-10-20", "2026-10-27", "2026-11-03", "2026-11-10", "2026-11-17"} {
			h.busy(day, 60)
		}
		h.busy("2026-10-06", 900)
		h.busy("2026-11-18", 10)
		d := h.plan("2026-11-24")
		s := slotAt(d, "10:00")
		if d.From != "measured" || d.Like != "weekday-1" || d.Days != 6 || d.Sure != staffing.HighSure || s.Contacts != 60 || s.Handling != 480 || !s.Open {
			h.t.Errorf("a Tuesday: %+v, at ten %+v", d, s)
		}
		// 60 in half an hour of 8 minutes are 16 Erlang, three chats each.
		if s.AtDesk < 6 || s.AtDesk > 8 || s.Needed < s.AtDesk || s.Rostered != 0 || s.Over != -float64(s.Needed) || !s.Overloaded || s.Abandon != 1 || len(s.Why) == 0 {
			h.t.Errorf("without a roster: %+v", s)
		}
		if w := h.plan("2026-11-25"); w.From != "nothing" {
			h.t.Errorf("a Wednesday is known from one day: %+v", w.From)
		}

		// With a roster of eight the promise is kept, and it adds up.
		early := h.shift("早班", "08:00", "16:00")
		h.assign(workforce.Cell{Agent: h.lin.Agent, Day: "2026-11-24", Shift: early.ID}, workforce.Cell{Agent: h.zhao.Agent, Day: "2026-11-24", Shift: early.ID}, workforce.Cell{Agent: h.sun.Agent, Day: "2026-11-24", Shift: early.ID}, workforce.Cell{Agent: h.wang.Agent, Day: "2026-11-24", Leave: true})
		s = slotAt(h.plan("2026-11-24"), "10:00")
		if s.Rostered != 3 || s.Over != 3-float64(s.Needed) || s.ServiceLevel <= 0 || s.ServiceLevel > 0.8 || s.Occupancy < 0.9 {
			h.t.Errorf("with three: %+v", s)
		}
		if s = slotAt(h.plan("2026-11-24"), "16:30"); s.Rostered != 0 || s.Needed != 0 {
			h.t.Errorf("in the evening: %+v", s)
		}

		settings := staffing.DefaultSettings()
		settings.Parallel, settings.Shrinkage = 8, 0
		_, err = h.ChangeStaffingSettings(ctx, h.wang, settings)
		h.must(err)
		if s = slotAt(h.plan("2026-11-24"), "10:00"); s.AtDesk > 3 || s.ServiceLevel < 0.8 {
			h.t.Errorf("with eight chats each: %+v", s)
		}
		settings.Goal = 2
		_, err = h.ChangeStaffingSettings(ctx, h.wang, settings)
		h.code(err, "staffing.goal")
	})
}

func TestTypedDay(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		day := workforce.TypedDay{Channel: "webchat", Day: "2026-11-24", Slots: []store.ExpectedSlot{{At: "10:00", Contacts: 12, Handling: 300}}, Patience: 120}
		h.code(h.TypeExpected(ctx, h.lin, day), "permission.missing")
		bad := day
		bad.Slots = []store.ExpectedSlot{{At: "10:15", Contacts: 1, Handling: 1}}
		h.code(h.TypeExpected(ctx, h.wang, bad), "staffing.slot")
		bad.Slots = []store.ExpectedSlot{{At: "10:00", Contacts: 1}}
		h.code(h.TypeExpected(ctx, h.wang, bad), "staffing.typed")
		bad.Slots = []store.ExpectedSlot{{At: "10:00", Contacts: math.NaN(), Handling: 1}}
		h.code(h.TypeExpected(ctx, h.wang, bad), "staffing.typed")
		h.must(h.TypeExpected(ctx, h.wang, day))
		d := h.plan("2026-11-24")
		if d.From != "typed" || d.TypedBy != "王" || d.Patience != 120 || slotAt(d, "10:00").Contacts != 12 || slotAt(d, "10:00").AtDesk == 0 {
			h.t.Errorf("typed: %+v", d)
		}
		h.must(h.ForgetTyped(ctx, h.wang, "webchat", "2026-11-24"))
		if d = h.plan("2026-11-24"); d.From != "nothing" {
			h.t.Errorf("forgotten: %+v", d)
		}
	})
}

// A simulation is asked for, done by a job, and the same when asked for again.
func TestTrial(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		ask := workforce.StaffingAsk{From: "2026-11-24", Channel: "webchat", Language: "zh"}
		_, err := h.AskTrial(ctx, h.lin, ask)
		h.code(err, "permission.missing")
		_, err = h.AskTrial(ctx, h.wang, ask)
		h.code(err, "trial.nothing")
		h.must(h.TypeExpected(ctx, h.wang, workforce.TypedDay{Channel: "webchat", Day: "2026-11-24", Patience: 120, Slots: []store.ExpectedSlot{{At: "10:00", Contacts: 20, Handling: 300}, {At: "10:30", Contacts: 20, Handling: 300}}}))
		early := h.shift("早班", "08:00", "16:00")
		h.assign(workforce.Cell{Agent: h.lin.Agent, Day: "2026-11-24", Shift: early.ID}, workforce.Cell{Agent: h.zhao.Agent, Day: "2026-11-24", Shift: early.ID})
		asked, err := h.AskTrial(ctx, h.wang, ask)
		h.must(err)
		if asked.State != "asked" {
			h.t.Errorf("%+v", asked)
		}
		h.run()
		first, err := h.Trial(ctx, h.wang, asked.ID)
		h.must(err)
		at10 := first.Slots[20]
		if first.State != "done" || at10.At != "10:00" || at10.People != 1 || at10.ServiceLevel <= 0 || at10.Worst > at10.ServiceLevel || at10.Best < at10.ServiceLevel || first.Day.Contacts != 40 || len(first.Why) == 0 {
			h.t.Errorf("%+v, %+v", first, at10)
		}
		again, err := h.AskTrial(ctx, h.wang, ask)
		h.must(err)
		h.run()
		second, err := h.Trial(ctx, h.wang, again.ID)
		h.must(err)
		if second.Slots[20] != first.Slots[20] || second.Day != first.Day {
			h.t.Errorf("the same roster came out otherwise: %+v, %+v", first.Day, second.Day)
		}
		if d := h.plan("2026-11-24"); d.Trial == nil || d.Trial.ID != again.ID {
			h.t.Errorf("the page shows %+v", d.Trial)
		}
	})
}

// Nothing that somebody typed runs in an office program, and a team's roster is
// a team's.
func TestStaffingFileAndTeam(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		team := h.team("二组", &h.zhao)
		early := h.shift("早班", "08:00", "16:00")
		h.assign(workforce.Cell{Agent: h.lin.Agent, Day: "2026-11-24", Shift: early.ID}, workforce.Cell{Agent: h.zhao.Agent, Day: "2026-11-24", Shift: early.ID})
		s, err := h.Staffing(ctx, h.wang, workforce.StaffingAsk{From: "2026-11-24", To: "2026-11-24", Channel: "webchat", Team: team.ID})
		h.must(err)
		if got := slotAt(s.Days[0], "10:00").Rostered; got != 1 {
			h.t.Errorf("the team has %v", got)
		}
		var b strings.Builder
		h.must(s.CSV(&b))
		if lines := strings.Split(strings.TrimSpace(b.String()), "\n"); len(lines) != 49 || !strings.HasPrefix(lines[1], "2026-11-24,00:00,") {
			h.t.Errorf("%d lines, %s", len(lines), lines[1])
		}
	})
}
