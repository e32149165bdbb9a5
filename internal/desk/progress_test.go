package desk_test

import (
	"fmt"
	"testing"

	"yingda/internal/channel"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/event"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
)

// What an agent shows stands on the board until it is hidden or is no more,
// newest first and page by page; only what stands there is voted for.
func TestTheBoardOfSuggestions(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.until(friday)
		var cs []ticket.Case
		for i := range 22 {
			c, err := h.OpenPublicCase(ctx, ticket.Case{Kind: ticket.Suggestion, Text: fmt.Sprintf("建议 %d", i), Phone: "13800138000"}, nil, fmt.Sprintf("suggestion-%04d", i))
			h.must(err)
			cs = append(cs, h.do(h.lin, c, ticket.Doing{Act: ticket.Accept}))
		}
		voter := contact.NewID(h.Now())
		if _, err := h.Vote(ctx, cs[0].Number, voter); fault.CodeOf(err) != "suggestion.unknown" {
			h.t.Errorf("a vote for what is not shown: %v", err)
		}
		for _, c := range cs {
			h.do(h.lin, c, ticket.Doing{Act: ticket.Publish})
		}
		page, after, err := h.Suggestions(ctx, 0)
		h.must(err)
		if len(page) != 20 || page[0].Number != cs[21].Number || page[0].Subject != "建议 21" || !page[0].Open || after != cs[2].ID {
			h.t.Errorf("the first page: %d, after %s, %+v", len(page), after, page[:1])
		}
		h.told(event.CaseChanged, 66) // handed in, accepted and shown
		for range 2 {
			votes, err := h.Vote(ctx, cs[1].Number, voter)
			if votes != 1 && fault.CodeOf(err) != "suggestion.voted" {
				h.t.Errorf("%d votes: %v", votes, err)
			}
		}
		h.told(event.CaseChanged, 67) // a vote is a change like any other, and was given once
		page, after, err = h.Suggestions(ctx, after)
		h.must(err)
		if len(page) != 2 || !after.IsZero() || page[0].Votes != 1 {
			h.t.Errorf("the last page: after %s, %+v", after, page)
		}
		h.do(h.lin, cs[1], ticket.Doing{Act: ticket.Unpublish})
		h.do(h.lin, cs[0], ticket.Doing{Act: ticket.MarkSpam})
		page, _, err = h.Suggestions(ctx, cs[2].ID)
		h.must(err)
		if len(page) != 0 {
			h.t.Errorf("still shown: %+v", page)
		}
	})
}

// What customers send in goes into the evidence once, and the audit log says
// who sent it, as it does of what they say.
func TestACustomerProves(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, c := h.t.Context(), h.complaint("case-customer-proves")
		h.takesFiles()
		for range 2 {
			p, err := h.CustomerProves(ctx, c.Number, h.pass(c), []channel.Upload{pdf("1")}, "prove-0001")
			h.must(err)
			if len(p.Files) != 1 {
				h.t.Errorf("the customer sees %+v", p.Files)
			}
		}
		if es := h.audited("case.evidence"); len(es) != 1 || es[0].ActorName != c.Name || es[0].ObjectName != c.Number {
			h.t.Errorf("the audit log says %+v", es)
		}
	})
}
