package desk_test

import (
	"fmt"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
)

// toldResult takes a complaint to where its result was told to the customer.
func (h *house) toldResult(clientID string) ticket.Case {
	h.t.Helper()
	c := h.accept(h.complaint(clientID))
	c = h.do(h.lin, c, ticket.Doing{Act: ticket.Investigate, Agent: h.zhao.Agent})
	c = h.do(h.zhao, c, ticket.Doing{Act: ticket.Propose, Findings: "装配不到位", Solution: "重新装配", Outcome: ticket.Repair, Cause: "assembly"})
	return h.do(h.zhao, c, ticket.Doing{Act: ticket.GiveFeedback, Text: "我们将免费重新装配", Solution: "重新装配"})
}

// customer does something to a case with its secret, and returns the case.
func (h *house) customer(c ticket.Case, d ticket.Doing) ticket.Case {
	h.t.Helper()
	h.clock.Turn(time.Minute)
	_, err := h.CustomerDoes(h.t.Context(), c.Number, channel.Holder{Secret: h.CaseSecret(c)}, d, fmt.Sprintf("%s-%d", d.Act, h.Now().UnixNano()))
	h.must(err)
	c, err = h.DB.Now().Case(h.t.Context(), c.ID)
	h.must(err)
	return c
}

// Each way on which a complaint leaves the straight one (domain reference
// §5.3), with what the customer is shown and what its clocks do.
func TestABranchOfAComplaint(t *testing.T) {
	t.Parallel()
	type way struct {
		name  string
		walk  func(h *house) ticket.Case
		state ticket.State
		stage string
		clock sla.State // of the result
	}
	for _, w := range []way{
		{"not accepted, with the reason and the other ways", func(h *house) ticket.Case {
			return h.do(h.lin, h.complaint("branch-refuse"), ticket.Doing{Act: ticket.Refuse, Reason: "不属于我司业务", Text: "很抱歉，这不属于我司业务", WaysTold: true})
		}, ticket.NotAccepted, "not_accepted", sla.Cancelled},
		{"taken back by the customer", func(h *house) ticket.Case {
			return h.customer(h.complaint("branch-withdraw"), ticket.Doing{Act: ticket.Withdraw})
		}, ticket.Withdrawn, "withdrawn", sla.Cancelled},
		{"confirmed by the customer", func(h *house) ticket.Case {
			return h.customer(h.toldResult("branch-confirm"), ticket.Doing{Act: ticket.Confirm})
		}, ticket.Confirmed, "confirmed", sla.Met},
		{"confirmed by silence", func(h *house) ticket.Case {
			c := h.toldResult("branch-silence")
			h.clock.Turn(ticket.DefaultWindows().Confirm + time.Minute)
			h.run()
			c, err := h.DB.Now().Case(h.t.Context(), c.ID)
			h.must(err)
			return c
		}, ticket.Confirmed, "confirmed", sla.Met},
		{"not content: investigated again, once, by another", func(h *house) ticket.Case {
			c := h.customer(h.toldResult("branch-again"), ticket.Doing{Act: ticket.Reject, Reason: "异响仍在"})
			_, err := h.DoCase(h.t.Context(), h.wang, c.ID, 0, ticket.Doing{Act: ticket.Reinvestigate, Agent: h.zhao.Agent})
			h.code(err, "case.same_investigator")
			c = h.do(h.wang, c, ticket.Doing{Act: ticket.Reinvestigate, Agent: h.lin.Agent})
			c = h.do(h.lin, c, ticket.Doing{Act: ticket.GiveFeedback, Text: "更换总成", Findings: "总成有缺陷", Solution: "更换总成", Outcome: ticket.Repair, WaysTold: true})
			c = h.customer(c, ticket.Doing{Act: ticket.Reject, Reason: "仍不满意"})
			_, err = h.DoCase(h.t.Context(), h.wang, c.ID, 0, ticket.Doing{Act: ticket.Reinvestigate, Agent: h.wang.Agent})
			h.code(err, "case.reinvestigated")
			return c
		}, ticket.RejectedByCustomer, "feedback", sla.Running},
		{"with an outside body, and back", func(h *house) ticket.Case {
			c := h.accept(h.complaint("branch-outside"))
			c = h.do(h.lin, c, ticket.Doing{Act: ticket.Investigate, Agent: h.zhao.Agent})
			c = h.do(h.lin, c, ticket.Doing{Act: ticket.GoExternal, Reason: "客户已投诉到 12315", External: &ticket.External{Body: ticket.Body12315, Reference: "W2026-1", DueAt: h.Now().Add(240 * time.Hour)}})
			if c.State != ticket.InExternal || c.Stage().Code != "external" || len(c.External) != 1 {
				h.t.Errorf("outside it stands at %s, %s", c.State, c.Stage().Code)
			}
			return h.do(h.lin, c, ticket.Doing{Act: ticket.Resume, Reason: "已出具处理意见"})
		}, ticket.Investigating, "investigating", sla.Running},
		{"closed, and reopened within the window", func(h *house) ticket.Case {
			c := h.customer(h.toldResult("branch-reopen"), ticket.Doing{Act: ticket.Confirm})
			c = h.do(h.lin, c, ticket.Doing{Act: ticket.Close})
			h.clock.Turn(24 * time.Hour)
			return h.customer(c, ticket.Doing{Act: ticket.Reopen, Reason: "异响又出现"})
		}, ticket.Investigating, "investigating", sla.Running},
	} {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			each(t, func(h *house) {
				h.until(friday)
				c := w.walk(h)
				p := c.Progress()
				at := p.Stages[p.At].Code
				if p.Ending != nil {
					at = p.Ending.Code
				}
				if c.State != w.state || at != w.stage {
					h.t.Errorf("it stands at %s, the customer sees %s", c.State, at)
				}
				if ck := h.clockOf(c, sla.ComplaintFeedback); ck.State != w.clock {
					h.t.Errorf("the clock of the result is %s, want %s", ck.State, w.clock)
				}
			})
		})
	}
}
