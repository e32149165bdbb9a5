package desk_test

import (
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/store"
)

// What customers are told that we promise, and what administrators do about it.

// told returns what customers are told about a way and a metric.
func (h *house) publicly(way, level string, m sla.Metric) (channel.Promise, bool) {
	h.t.Helper()
	all, err := h.PublicPromises(h.t.Context())
	h.must(err)
	for _, p := range all {
		if p.Way == way && p.Level == level && p.Metric == m {
			return p, true
		}
	}
	return channel.Promise{}, false
}

// Customers are told the terms of the preset in force, in words, and how they
// were kept.
func TestPublicPromises(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.until(friday)
		for _, want := range []struct {
			way, level string
			metric     sla.Metric
			zh, en     string
		}{
			{sla.WayPhone, "", sla.AnswerWait, "300 秒", "300 seconds"},
			{sla.WayChat, "", sla.FirstResponse, "30 秒", "30 seconds"},
			{sla.WayEmail, "", sla.FirstResponse, "1–2 个工作日", "1–2 working days"},
			{sla.WayQuestion, sla.Simple, sla.Resolution, "1 个工作日", "1 working day"},
			{sla.WayQuestion, sla.General, sla.Resolution, "3–5 个工作日", "3–5 working days"},
			{sla.WayQuestion, sla.Complex, sla.Resolution, "7–10 个工作日", "7–10 working days"},
			{sla.WayComplaint, "", sla.ComplaintAcknowledge, "1 个工作日", "1 working day"},
			{sla.WayComplaint, "", sla.ComplaintFeedback, "7–10 个工作日", "7–10 working days"},
			{sla.WaySuggestion, "", sla.SuggestionFeedback, "7–10 个工作日", "7–10 working days"},
			{sla.WayPrivacy, "", sla.PrivacyRequest, "15 个工作日", "15 working days"},
		} {
			if p, ok := h.publicly(want.way, want.level, want.metric); !ok || p.Term != (sla.Text{Zh: want.zh, En: want.en}) || p.Ended != 0 {
				h.t.Errorf("%s %s %s: %+v, want %s", want.way, want.level, want.metric, p, want.zh)
			}
		}

		c := h.accept(h.complaint("portal-kept"))
		h.clock.Turn(time.Hour)
		h.do(h.lin, c, ticket.Doing{Act: ticket.Investigate, Agent: h.zhao.Agent})
		if p, _ := h.publicly(sla.WayComplaint, "", sla.ComplaintAcknowledge); p.Ended != 1 || p.Kept != 1 || p.Percent != 100 {
			h.t.Errorf("one was accepted in time, told is %+v", p)
		}
		h.clock.Turn(31 * 24 * time.Hour)
		if p, _ := h.publicly(sla.WayComplaint, "", sla.ComplaintAcknowledge); p.Ended != 0 {
			h.t.Errorf("what is long past still counts: %+v", p)
		}
	})
}

// Administrators hear once a day that the notice of a year is missing, and no
// longer once it is there.
func TestMissingNotices(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		boss := h.hire("管理", "admin")
		about := func(by agent.Actor) (years []string) {
			ns, _, err := h.Notices(ctx, by)
			h.must(err)
			for _, n := range ns {
				if n.Kind == "calendar.missing" {
					years = append(years, n.Text)
				}
			}
			return years
		}
		h.until(stamp(t, "2026-10-31T12:00:00+08:00"))
		h.must(h.CheckCalendars(ctx))
		if got := about(boss); len(got) != 0 {
			h.t.Errorf("in October they hear of %v", got)
		}
		h.until(stamp(t, "2026-11-01T00:00:01+08:00"))
		for range 3 { // each hour, and again after a crash
			h.must(h.CheckCalendars(ctx))
			h.clock.Turn(time.Hour)
		}
		if got := about(boss); len(got) != 1 || got[0] != "2027" {
			h.t.Errorf("on one day they hear of %v", got)
		}
		if got := about(h.lin); len(got) != 0 {
			h.t.Errorf("an agent who may not change it hears of %v", got)
		}
		h.clock.Turn(24 * time.Hour)
		h.must(h.CheckCalendars(ctx))
		if got := about(boss); len(got) != 2 {
			h.t.Errorf("on two days they hear of %v", got)
		}
		n := noticeOf2027()
		_, err := h.PutNotice(ctx, boss, n, 0)
		h.must(err)
		h.clock.Turn(24 * time.Hour)
		h.must(h.CheckCalendars(ctx))
		if got := about(boss); len(got) != 2 {
			h.t.Errorf("the notice is there, and they hear of %v", got)
		}
	})
}

func noticeOf2027() sla.Notice {
	n := sla.Notice{Year: 2027, Papers: []string{}}
	for day := 1; day <= 13; day++ {
		n.Days = append(n.Days, sla.NoticeDay{Name: "国庆节", Date: time.Date(2027, 10, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), Off: true})
	}
	return n
}

// hire adds an agent of a role.
func (h *house) hire(name, role string) agent.Actor {
	h.t.Helper()
	var a agent.Actor
	h.must(h.DB.Update(h.t.Context(), func(tx *store.Tx) error {
		roles, err := tx.Roles(h.t.Context())
		if err != nil {
			return err
		}
		who := agent.Agent{ID: agent.NewID(h.Now()), Email: name + "@example.org", Name: name, Language: "zh", Capacity: 2, CreatedAt: h.Now()}
		for _, r := range roles {
			if r.Name != role {
				continue
			}
			a = agent.Actor{Agent: who.ID, Name: name}.With(r)
			if err := tx.InsertAgent(h.t.Context(), who); err != nil {
				return err
			}
			return tx.SetAgentRoles(h.t.Context(), who.ID, []agent.RoleID{r.ID})
		}
		return nil
	}))
	return a
}

// What a notice would do is told before it is taken, and nothing is kept.
func TestPreviewNotice(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		boss := h.admin(agent.PromiseRead, agent.PromiseManage)
		h.until(friday)
		c := h.complaint("portal-preview")
		due := h.clockOf(c, sla.ComplaintFeedback).Limit
		terms, err := h.Terms(ctx)
		h.must(err)
		n := terms.Notices[len(terms.Notices)-1]
		n.Days = append(append([]sla.NoticeDay{}, n.Days...), sla.NoticeDay{Name: "停业", Date: "2026-09-29", Off: true})
		_, err = h.PreviewNotice(ctx, h.lin, n)
		h.code(err, "permission.missing")
		p, err := h.PreviewNotice(ctx, boss, n)
		h.must(err)
		if !p.Replaces || !p.Whole || p.Looked == 0 || p.Moves != 1 {
			h.t.Errorf("the preview says %+v", p)
		}
		if after, err := h.Terms(ctx); err != nil || after.Version != terms.Version || !h.clockOf(c, sla.ComplaintFeedback).Limit.Equal(due) {
			h.t.Errorf("the preview changed something: %v", err)
		}
		_, err = h.PutNotice(ctx, boss, n, terms.Version)
		h.must(err)
		h.run()
		if ck := h.clockOf(c, sla.ComplaintFeedback); !ck.Limit.After(due) {
			h.t.Errorf("with a day more off it is due %s, before %s", ck.Limit, due)
		}
	})
}

// A calendar can be looked at day by day, and a due time be tried out.
func TestCalendarDaysAndWhenDue(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		boss := h.admin(agent.PromiseRead)
		_, err := h.CalendarDays(ctx, h.lin, sla.Office, 2026)
		h.code(err, "permission.missing")
		_, err = h.CalendarDays(ctx, boss, "moon", 2026)
		h.code(err, "calendar.unknown")
		days, err := h.CalendarDays(ctx, boss, sla.Office, 2026)
		h.must(err)
		if len(days) != 365 || days[262].Date != "2026-09-20" || !days[262].Open || days[262].As != sla.ByMakeup {
			h.t.Errorf("%d days, the 263rd is %+v", len(days), days[262])
		}
		due, ok, err := h.WhenDue(ctx, boss, sla.ComplaintFeedback, sla.Subject{Kind: "complaint"}, friday)
		h.must(err)
		if want := stamp(t, "2026-10-09T18:00:00+08:00"); !ok || !due.Limit.Equal(want) || len(due.Why) == 0 {
			h.t.Errorf("due %s, want %s, because %v", due.Limit, want, due.Why)
		}
		if law, ok, err := h.WhenDue(ctx, boss, sla.Resolution, sla.Subject{Kind: "fault", Category: []string{"business.warranty"}}, friday); err != nil || !ok || law.Floor == nil {
			h.t.Errorf("a warranty claim has the law's term %+v: %v", law, err)
		}
		if _, ok, err = h.WhenDue(ctx, boss, sla.RescueArrival, sla.Subject{Kind: "fault"}, friday); ok || err != nil {
			h.t.Errorf("what nobody promised is due: %v", err)
		}
		_, _, err = h.WhenDue(ctx, boss, "speed", sla.Subject{}, friday)
		h.code(err, "target.metric")
	})
}

// Two who change how cases are handled do not undo each other.
func TestChangeHandlingConflict(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, boss := h.t.Context(), h.admin(agent.SettingManage)
		read, err := h.Handling(ctx)
		h.must(err)
		read.Windows.Reminders = 3
		first, err := h.ChangeHandling(ctx, boss, read)
		h.must(err)
		_, err = h.ChangeHandling(ctx, boss, read)
		h.code(err, "store.changed")
		first.Windows.Reminders = 4
		_, err = h.ChangeHandling(ctx, boss, first)
		h.must(err)
		if now, err := h.Handling(ctx); err != nil || now.Windows.Reminders != 4 || now.Version != 2 {
			h.t.Errorf("it is now %+v: %v", now.Windows, err)
		}
	})
}

// The hotline is answered by the calendar of the promises (R002).
func TestHotline(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		line, err := h.Hotline(h.t.Context())
		h.must(err)
		for at, open := range map[string]bool{"2026-09-20T10:00:00+08:00": true, "2026-09-25T10:00:00+08:00": false, "2026-10-01T10:00:00+08:00": false} {
			if line.Timetable.OpenAt(stamp(t, at)) != open {
				h.t.Errorf("at %s it is open: %v", at, !open)
			}
		}
	})
}
