package desk_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/store"
)

// The law's terms bind refunds, repairs and warranty claims under every preset,
// also those that promise nothing (侵害消费者权益行为处罚办法 art. 8–10).
func TestTheFloorIsReached(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.until(friday)
		boss := h.wang
		boss.Permissions = append([]agent.Permission{agent.PromiseManage}, boss.Permissions...)
		generic, _ := sla.PresetByCode(sla.Generic)
		_, err := h.UsePreset(ctx, boss, generic, 0, false)
		h.must(err)
		if got := desk.Branches("business.repair.engine"); !slices.Contains(got, sla.Repair) {
			h.t.Errorf("what stands under repairs is matched by %v", got)
		}
		for n, of := range []struct {
			kind     ticket.Kind
			category string
			metric   sla.Metric
		}{
			{ticket.Order, "order.return.refund", sla.Resolution},
			{ticket.Order, "order.return.repair", sla.Resolution},
			{ticket.Consultation, "business.repair", sla.Resolution},
			{ticket.Consultation, "business.warranty", sla.Resolution},
			{ticket.Complaint, "complaint.fee.refund", sla.ComplaintFeedback},
			{ticket.Complaint, "complaint.product.repair", sla.ComplaintFeedback},
			{ticket.Complaint, "complaint.product.warranty", sla.ComplaintFeedback},
		} {
			c := ticket.Case{Kind: of.kind, Source: "phone", Text: "请尽快处理", Name: "张伟", Phone: "13812345678", Order: "DD1"}
			unsorted, err := h.HandIn(ctx, h.wang, c, nil, fmt.Sprintf("floor-%04d", n))
			h.must(err)
			h.clock.Turn(time.Hour)
			unsorted, err = h.Reclassify(ctx, h.wang, unsorted.ID, ticket.Class{Kind: of.kind, Category: of.category, Level: ticket.General}, nil, "客户说明")
			h.must(err)
			ck := h.clockOf(unsorted, of.metric)
			if ck.Floor == nil || !ck.Received.Equal(unsorted.ReceivedAt) || !ck.State.Open() {
				h.t.Errorf("%s: the clock is %s from %s with the floor %v", of.category, ck.State, ck.Received, ck.Floor)
			}
			if unsorted.DueAt.IsZero() {
				h.t.Errorf("%s: nothing is due", of.category)
			}
		}
	})
}

// A clock on a calendar that the preset in force has no more still pauses and
// goes on.
func TestACalendarThatIsGone(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.until(friday)
		boss := h.wang
		boss.Permissions = append([]agent.Permission{agent.PromiseManage}, boss.Permissions...)
		standard, _ := sla.PresetByCode(sla.Standard)
		own := standard
		own.Policies, own.Calendars = nil, nil
		for _, c := range standard.Calendars {
			c.Code = "our_" + c.Code
			own.Calendars = append(own.Calendars, c)
		}
		for _, p := range standard.Policies {
			targets := p.Targets
			p.Targets = nil
			for _, target := range targets {
				target.Calendar = "our_" + target.Calendar
				p.Targets = append(p.Targets, target)
			}
			own.Policies = append(own.Policies, p)
		}
		_, err := h.UsePreset(ctx, boss, own, 0, false)
		h.must(err)
		c := h.accept(h.complaint("gone-00001"))
		c = h.do(h.lin, c, ticket.Doing{Act: ticket.AskCustomer, Text: "请补充照片"})
		_, err = h.UsePreset(ctx, boss, standard, 1, false)
		h.must(err)
		h.clock.Turn(4 * 24 * time.Hour)
		due := h.clockOf(c, sla.ComplaintFeedback).Limit
		c = h.do(h.lin, c, ticket.Doing{Act: ticket.Resume})
		if ck := h.clockOf(c, sla.ComplaintFeedback); ck.State != sla.Running || !ck.Limit.After(due) {
			h.t.Errorf("the clock is %s, due %s, before %s", ck.State, ck.Limit, due)
		}
	})
}

// The next answer is promised once, from the customer's first word on, and kept
// by an agent's reply; so is the first.
func TestAnswersArePromisedOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.until(friday)
		mail := handed()
		mail.Kind, mail.Source = ticket.Consultation, "email"
		c, err := h.HandIn(ctx, h.lin, mail, nil, "mail-00001")
		h.must(err)
		hear := func() {
			h.t.Helper()
			_, err := h.CustomerDoes(ctx, c.Number, channel.Holder{Secret: h.CaseSecret(c)}, ticket.Doing{Act: ticket.Hear, Text: "请问进展"}, "hear-"+h.Now().Format("150405"))
			h.must(err)
			h.clock.Turn(time.Minute)
		}
		count := func(m sla.Metric, open bool) (n int) {
			h.t.Helper()
			cs, err := h.DB.Now().ClocksOf(ctx, store.OfCase, int64(c.ID))
			h.must(err)
			for _, ck := range cs {
				if ck.Metric == m && (ck.State.Open() || !open) {
					n++
				}
			}
			return n
		}
		c = h.do(h.lin, c, ticket.Doing{Act: ticket.Reply, Text: "已收到"})
		if ck := h.clockOf(c, sla.FirstResponse); ck.State != sla.Met {
			h.t.Errorf("the first answer is %s", ck.State)
		}
		hear()
		hear()
		if n := count(sla.NextResponse, false); n != 1 {
			h.t.Errorf("the next answer is promised %d times", n)
		}
		c = h.do(h.lin, c, ticket.Doing{Act: ticket.Answer, Text: "请看说明"})
		if n := count(sla.NextResponse, true); n != 0 {
			h.t.Errorf("%d next answers are still awaited", n)
		}
		_, err = h.CustomerDoes(ctx, c.Number, channel.Holder{Secret: h.CaseSecret(c)}, ticket.Doing{Act: ticket.Reject, Reason: "没有解决"}, "reject-0001")
		h.must(err)
		if n := count(sla.NextResponse, true); n != 1 {
			h.t.Errorf("after it was rejected %d next answers are awaited", n)
		}
		if ck := h.clockOf(c, sla.Resolution); ck.State != sla.Running {
			h.t.Errorf("the solution is %s", ck.State)
		}
		if n := count(sla.FirstResponse, false); n != 1 {
			h.t.Errorf("the first answer is promised %d times", n)
		}
	})
}

// Who was asked and does not answer is reminded, also if the windows were
// changed meanwhile.
func TestWindowsChangeWhileACaseWaits(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		c := h.accept(h.complaint("window-001"))
		c = h.do(h.lin, c, ticket.Doing{Act: ticket.AskCustomer, Text: "请补充照片"})
		hs, err := h.Handling(ctx)
		h.must(err)
		hs.Windows.Remind = 3 * 24 * time.Hour
		_, err = h.ChangeHandling(ctx, h.admin(agent.SettingManage), hs)
		h.must(err)
		for range 8 {
			h.clock.Turn(12 * time.Hour)
			h.run()
		}
		c, err = h.DB.Now().Case(ctx, c.ID)
		h.must(err)
		if c.Reminded != 1 {
			h.t.Errorf("the customer was reminded %d times", c.Reminded)
		}
	})
}
