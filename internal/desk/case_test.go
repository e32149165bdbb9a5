package desk_test

import (
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Cases from the first word to their end: states, history, clocks, escalation.

// friday is a working day of the vectors in the domain reference §2.6,
// 10:00 in Shanghai.
var friday = time.Date(2026, 9, 18, 2, 0, 0, 0, time.UTC)

func (h *house) complaint(clientID string) ticket.Case {
	h.t.Helper()
	c, err := h.OpenPublicCase(h.t.Context(), handed(), nil, clientID)
	h.must(err)
	return c
}

// clockOf returns the newest clock of a metric of a case.
func (h *house) clockOf(c ticket.Case, m sla.Metric) store.ClockOf {
	h.t.Helper()
	cs, err := h.DB.Now().ClocksOf(h.t.Context(), store.OfCase, int64(c.ID))
	h.must(err)
	var found store.ClockOf
	for _, ck := range cs {
		if ck.Metric == m {
			found = ck
		}
	}
	if found.ID.IsZero() {
		h.t.Fatalf("%s has no clock for %s", c.Number, m)
	}
	return found
}

func (h *house) do(by agent.Actor, c ticket.Case, d ticket.Doing) ticket.Case {
	h.t.Helper()
	c, err := h.DoCase(h.t.Context(), by, c.ID, 0, d)
	h.must(err)
	return c
}

// acts returns what the history says was done, in order.
func (h *house) acts(c ticket.Case) (acts []ticket.Act) {
	h.t.Helper()
	es, err := h.DB.Now().CaseEntries(h.t.Context(), c.ID)
	h.must(err)
	for _, e := range es {
		acts = append(acts, e.Act)
	}
	return acts
}

func (h *house) accept(c ticket.Case) ticket.Case {
	h.t.Helper()
	return h.do(h.lin, c, ticket.Doing{Act: ticket.Accept, Category: "complaint.service", Level: ticket.Complex, Contacted: true})
}

// A complaint goes through its stages, and each promise of the standard preset
// has a clock that the stage meets (domain reference §1.3, §2.6).
func TestAComplaintThroughAllStages(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.until(friday)
		c := h.complaint("portal-stages")
		for m, want := range map[sla.Metric]string{
			sla.ComplaintAcknowledge: "2026-09-20T18:00:00+08:00", // the Sunday is worked
			sla.ComplaintInvestigate: "2026-09-24T18:00:00+08:00",
			sla.ComplaintFeedback:    "2026-10-09T18:00:00+08:00",
		} {
			if got := h.clockOf(c, m).Limit; !got.Equal(stamp(t, want)) {
				h.t.Errorf("%s is due %s, want %s", m, got, want)
			}
		}
		_, err := h.DoCase(h.t.Context(), h.lin, c.ID, 0, ticket.Doing{Act: ticket.GiveFeedback, Text: "x"})
		h.code(err, "case.state")
		if f, ok := err.(interface{ Unwrap() error }); !ok || f == nil {
			h.t.Errorf("a refused act is %v", err)
		}
		h.clock.Turn(time.Hour)
		c = h.accept(c)
		h.clock.Turn(time.Hour)
		c = h.do(h.lin, c, ticket.Doing{Act: ticket.Investigate, Agent: h.zhao.Agent})
		h.clock.Turn(24 * time.Hour)
		c = h.do(h.zhao, c, ticket.Doing{Act: ticket.Propose, Findings: "确有异响", Solution: "重新装配", Outcome: ticket.Repair, Cause: "assembly"})
		c = h.do(h.zhao, c, ticket.Doing{Act: ticket.GiveFeedback, Text: "我们将免费重新装配", Solution: "重新装配"})
		if c.State != ticket.FeedbackGiven {
			h.t.Fatalf("it stands at %s", c.State)
		}
		for _, m := range []sla.Metric{sla.ComplaintAcknowledge, sla.ComplaintInvestigate, sla.ComplaintFeedback} {
			if ck := h.clockOf(c, m); ck.State != sla.Met || !ck.Kept() {
				h.t.Errorf("%s is %s, kept %v", m, ck.State, ck.Kept())
			}
		}
		p, err := h.CustomerDoes(h.t.Context(), c.Number, channel.Holder{Secret: h.CaseSecret(c)}, ticket.Doing{Act: ticket.Confirm}, "confirm-0001")
		h.must(err)
		if p.Progress.Stages[p.Progress.At].Code != "confirmed" {
			h.t.Errorf("the customer sees %+v", p.Progress)
		}
	})
}

// What is not done in time warns, breaks and goes up, each once however often
// the jobs are done.
func TestABreachGoesUp(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.until(friday)
		c := h.complaint("portal-breach")
		h.until(stamp(t, "2026-09-20T18:00:00+08:00").Add(time.Second))
		h.run()
		c, err := h.DB.Now().Case(h.t.Context(), c.ID)
		h.must(err)
		if c.Escalation == nil || c.Escalation.Level != ticket.RankSupervisor || c.Escalation.Why != ticket.OnBreach {
			h.t.Fatalf("it went up to %+v", c.Escalation)
		}
		if ck := h.clockOf(c, sla.ComplaintAcknowledge); ck.State != sla.Breached {
			h.t.Errorf("the clock is %s", ck.State)
		}
		before := len(h.acts(c))
		h.clock.Turn(time.Minute)
		h.run()
		if got := len(h.acts(c)); got != before {
			h.t.Errorf("the history grew from %d to %d lines with nothing due", before, got)
		}
		ns, _, err := h.Notices(h.t.Context(), h.wang)
		h.must(err)
		if len(ns) == 0 || ns[0].Case != c.ID {
			h.t.Errorf("the supervisor was told %+v", ns)
		}
		c = h.accept(c)
		if ck := h.clockOf(c, sla.ComplaintAcknowledge); ck.State != sla.Met || ck.Kept() {
			h.t.Errorf("met late: %s, kept %v", ck.State, ck.Kept())
		}
	})
}

// The customer is asked: clocks of solving stand still and go on later, those
// of answering do not.
func TestWaitingForTheCustomerPauses(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.until(friday)
		c := h.accept(h.complaint("portal-pause"))
		due := h.clockOf(c, sla.ComplaintFeedback).Limit
		c = h.do(h.lin, c, ticket.Doing{Act: ticket.AskCustomer, Text: "请提供维修单照片"})
		if ck := h.clockOf(c, sla.ComplaintFeedback); ck.State != sla.Paused {
			h.t.Fatalf("the clock is %s", ck.State)
		}
		h.until(stamp(t, "2026-09-22T10:00:00+08:00"))
		_, err := h.CustomerDoes(h.t.Context(), c.Number, channel.Holder{Secret: h.CaseSecret(c)}, ticket.Doing{Act: ticket.Hear, Text: "照片已补充"}, "hear-00001")
		h.must(err)
		ck := h.clockOf(c, sla.ComplaintFeedback)
		if ck.State != sla.Running || !ck.Limit.After(due) {
			h.t.Errorf("after the pause it is %s, due %s, before %s", ck.State, ck.Limit, due)
		}
	})
}

// A wrong secret and an unknown number are told apart by nobody.
func TestLookUp(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		c := h.complaint("portal-lookup")
		_, err := h.Follow(h.t.Context(), c.Number, channel.Holder{Secret: h.CaseSecret(c)})
		h.must(err)
		_, wrong := h.Follow(h.t.Context(), c.Number, channel.Holder{Secret: "AAAAAAAA"})
		_, unknown := h.Follow(h.t.Context(), "TS20200101-000001", channel.Holder{Secret: h.CaseSecret(c)})
		if wrong == nil || unknown == nil || wrong.Error() != unknown.Error() || fault.KindOf(wrong) != fault.NotFound {
			h.t.Errorf("wrong secret: %v; unknown number: %v", wrong, unknown)
		}
		_, none := h.Follow(h.t.Context(), c.Number, channel.Holder{})
		h.code(none, "case.lookup")
	})
}

// The number of a case is shown in part. The whole is for who may see it, for
// whoever handles the case, and for an agent who has verified the customer.
func TestRevealOfACase(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.until(friday)
		who, phone := h.visitor().Contact, "13812345678"
		_, err := h.ChangeContact(ctx, h.lin, who, desk.ContactChange{Phone: &phone}, 0)
		h.must(err)
		c, err := h.HandIn(ctx, h.wang, ticket.Case{Kind: ticket.Complaint, Source: "phone", Text: "等了三小时", Contact: who}, nil, "reveal-00001")
		h.must(err)
		f, err := h.Case(ctx, h.wang, c.ID)
		h.must(err)
		if f.Case.Phone != "138****5678" {
			h.t.Errorf("the case shows %q", f.Case.Phone)
		}
		_, err = h.RevealCase(ctx, h.lin, c.ID, "phone", "回电", 0)
		h.code(err, "verification.needed")
		_, err = h.RevealCase(ctx, h.admin(), c.ID, "phone", "回电", 0)
		h.code(err, "permission.missing")
		_, err = h.DoCase(ctx, h.wang, c.ID, 0, ticket.Doing{Act: ticket.Assign, Agent: h.lin.Agent})
		h.must(err)
		value, err := h.RevealCase(ctx, h.lin, c.ID, "phone", "回电", 0)
		h.must(err)
		es := h.audited("contact.reveal")
		if value != phone || len(es) != 1 || es[0].ObjectKind != "case" || es[0].Detail["reason"] != "回电" {
			h.t.Errorf("revealed %q, audited %+v", value, es)
		}
		_, err = h.Accuse(ctx, h.wang, c.ID, h.zhao.Agent)
		h.must(err)
		_, err = h.RevealCase(ctx, h.zhao, c.ID, "phone", "回电", 0)
		h.code(err, "case.unknown") // whom it is about
		kept, err := h.DB.Now().Case(ctx, c.ID)
		if h.must(err); kept.Phone != phone {
			h.t.Errorf("the case keeps %q", kept.Phone)
		}
	})
}

// What an agent takes in for a contact need not say again how to reach them,
// and the list says what falls due next.
func TestHandedInForAContact(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.until(friday)
		who := h.visitor().Contact
		_, err := h.HandIn(h.t.Context(), h.lin, ticket.Case{Kind: ticket.Complaint, Source: "phone", Text: "等了三小时"}, nil, "hand-in-nobody")
		h.code(err, "case.reach")
		phone := "13800001111"
		_, err = h.ChangeContact(h.t.Context(), h.lin, who, desk.ContactChange{Phone: &phone}, 0)
		h.must(err)
		c, err := h.HandIn(h.t.Context(), h.lin, ticket.Case{Kind: ticket.Complaint, Source: "phone", Text: "等了三小时", Contact: who}, nil, "hand-in-known")
		h.must(err)
		if c.Phone != phone || c.Name == "" {
			h.t.Errorf("it can be reached at %q, %q", c.Name, c.Phone)
		}
		other := h.complaint("portal-next-due")
		next, err := h.NextDue(h.t.Context(), []ticket.Case{c, other, {ID: 1}})
		h.must(err)
		if len(next) != 2 || next[c.ID].Metric != sla.ComplaintAcknowledge || next[c.ID].Limit.After(h.clockOf(c, sla.ComplaintFeedback).Limit) {
			h.t.Errorf("next due: %+v", next)
		}
		none, err := h.NextDue(h.t.Context(), nil)
		if h.must(err); len(none) != 0 {
			h.t.Errorf("of no cases: %+v", none)
		}
	})
}

func stamp(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// until turns the clock to a time.
func (h *house) until(at time.Time) { h.clock.Turn(at.Sub(h.Now())) }
