package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// opens reports whether the holder may see a case. Whoever's own became part of
// it is told how it stands, and does not open it: what stands in it, and what
// is offered there, is somebody else's.
func (d *Desk) opens(c ticket.Case, h channel.Holder) bool {
	if !h.Contact.IsZero() && c.Contact == h.Contact {
		return true
	}
	if h.Proven != "" && strings.EqualFold(c.Email, h.Proven) {
		return true
	}
	return d.passes(c, h.Pass) || d.secretIs(c, h.Secret)
}

// Follow returns a case as its customer sees it. A wrong secret and an unknown
// number are the same NotFound.
func (d *Desk) Follow(ctx context.Context, number string, h channel.Holder) (p channel.CaseView, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		c, err := d.held(ctx, tx, number, h)
		if err != nil {
			return err
		}
		p, err = d.progress(ctx, tx, c)
		return err
	})
	return p, err
}

func (d *Desk) held(ctx context.Context, tx *store.Tx, number string, h channel.Holder) (ticket.Case, error) {
	c, err := tx.CaseByNumber(ctx, strings.ToUpper(strings.TrimSpace(number)))
	if gone(err) || err == nil && !d.opens(c, h) {
		return ticket.Case{}, errLookup
	}
	return c, err
}

// progress is a case for its customer: public stages, what was said, what is
// promised next, and what they can do now.
func (d *Desk) progress(ctx context.Context, tx *store.Tx, c ticket.Case) (p channel.CaseView, err error) {
	hs, err := tx.Handling(ctx)
	if err != nil {
		return p, err
	}
	history, err := tx.CaseEntries(ctx, c.ID)
	if err != nil {
		return p, err
	}
	clocks, err := tx.ClocksOf(ctx, store.OfCase, int64(c.ID))
	if err != nil {
		return p, err
	}
	files, err := tx.Evidence(ctx, c.ID)
	if err != nil {
		return p, err
	}
	p = channel.CaseView{
		Number: c.Number, Kind: c.Kind, Subject: c.Subject, Text: c.Text, CreatedAt: c.CreatedAt, Progress: c.Progress(),
		Solution: c.Solution, Outcome: c.Outcome, Urged: c.Urged, Due: d.dues(clocks), Version: c.Version,
		May: c.Possible(ticket.Actor{Who: ticket.ByCustomer}, hs.Windows, d.Now()),
	}
	if c.State == ticket.RejectedByCustomer || c.State == ticket.NotAccepted || c.WaysTold {
		p.Ways = &ticket.Ways
	}
	for _, e := range files {
		p.Files = append(p.Files, channel.CaseFile{Name: e.Name, Size: e.Size, SHA256: e.SHA256, At: e.At})
	}
	names := map[agent.ID]string{}
	for _, e := range history {
		l, public := e.Line()
		if !public {
			continue
		}
		if e.By == ticket.ByAgent && !e.Agent.IsZero() {
			if l.Name, err = publicName(ctx, tx, names, e.Agent); err != nil {
				return p, err
			}
		}
		p.Lines = append(p.Lines, l)
	}
	return p, nil
}

// publicName is what customers call an agent.
func publicName(ctx context.Context, tx *store.Tx, known map[agent.ID]string, i agent.ID) (string, error) {
	if name, ok := known[i]; ok {
		return name, nil
	}
	a, err := tx.Agent(ctx, i)
	if gone(err) {
		return "", nil // whoever is not there any more has no name
	}
	known[i] = a.PublicName()
	return known[i], err
}

// dues are the promises of a case, those that are open first and next due
// first.
func (d *Desk) dues(clocks []store.ClockOf) []channel.CaseDue {
	all := make([]channel.CaseDue, 0, len(clocks))
	for _, ck := range clocks {
		if ck.State == sla.Cancelled || ck.Metric == sla.SurveyWindow {
			continue
		}
		all = append(all, channel.CaseDue{
			Metric: ck.Metric, Name: ck.Metric.Name(), Target: ck.Target, Limit: ck.Limit, Provisional: ck.Provisional,
			State: ck.State, MetAt: ck.MetAt, Kept: ck.Kept(),
		})
	}
	slices.SortStableFunc(all, func(a, b channel.CaseDue) int {
		if a.State.Open() != b.State.Open() {
			if a.State.Open() {
				return -1
			}
			return 1
		}
		return a.Limit.Compare(b.Limit)
	})
	return all
}

// CustomerActs are what a customer can do to their case themselves.
func CustomerActs() []ticket.Act {
	return []ticket.Act{ticket.Hear, ticket.Confirm, ticket.Reject, ticket.Reopen, ticket.Urge, ticket.Withdraw, ticket.Escalate}
}

// CustomerDoes is an act of the customer: to confirm the result or say that
// they are not content, to add something, to hurry us, to reopen.
// The same clientID does it once.
func (d *Desk) CustomerDoes(ctx context.Context, number string, h channel.Holder, do ticket.Doing, clientID string) (p channel.CaseView, err error) {
	defer fault.Wrap(&err, "the customer's %s", do.Act)
	if err := conversation.CheckClientID(clientID); err != nil {
		return p, err
	}
	if !slices.Contains(CustomerActs(), do.Act) {
		return p, fault.New(fault.Invalid, "case.act", "choose what you want to do")
	}
	do = ticket.Doing{Act: do.Act, By: ticket.Actor{Who: ticket.ByCustomer}, Reason: do.Reason, Text: do.Text}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := d.held(ctx, tx, number, h)
		if err != nil {
			return err
		}
		p, err = d.customerMoves(ctx, tx, c.ID, "case:"+c.Number+":"+clientID, string(do.Act), func(_ *store.Tx, c ticket.Case, hs ticket.Handling) (ticket.Case, []ticket.Entry, error) {
			do := do
			do.By.Name = c.Name
			return d.customerDoes(c, do, hs)
		})
		return err
	})
	return p, err
}

// customerMoves is work for the customer of a case: it does under one key what
// is to be done, once, and returns how the case stands for them.
func (d *Desk) customerMoves(ctx context.Context, tx *store.Tx, i ticket.ID, key, what string, f change) (p channel.CaseView, err error) {
	c, err := tx.Case(ctx, i)
	if err != nil {
		return p, err
	}
	first, err := tx.Once(ctx, key, d.Now())
	if err != nil {
		return p, err
	}
	if first {
		if c, _, err = d.move(ctx, tx, c, what, f); err != nil {
			return p, err
		}
		if err := tx.Audit(ctx, audit.ByContact(c.Contact.String(), c.Name, "", d.Now(), "case."+what, audit.Of("case", c.ID, c.Number), nil)); err != nil {
			return p, err
		}
	}
	return d.progress(ctx, tx, c)
}

// customerDoes is the act, and the escalation that it may bring (R098): on
// demand, and when the case is reopened for the third time.
func (d *Desk) customerDoes(c ticket.Case, do ticket.Doing, hs ticket.Handling) (ticket.Case, []ticket.Entry, error) {
	now := d.Now()
	var es []ticket.Entry
	sign := ticket.Sign{Demand: do.Act == ticket.Escalate}
	if !sign.Demand {
		var err error
		if c, es, err = c.Do(do, hs.Windows, now); err != nil {
			return c, nil, err
		}
	}
	up := ticket.Decide(hs.Rises, c, sign)
	if !up.Up {
		if sign.Demand {
			return c, nil, fault.New(fault.Conflict, "case.escalated_already", "your case is with somebody higher already")
		}
		return c, es, nil
	}
	reason := up.Said
	if sign.Demand && do.Reason != "" {
		reason = do.Reason
	}
	next, more, err := c.Do(ticket.Doing{
		Act: ticket.Escalate, By: do.By, Reason: reason, Escalation: &ticket.Escalation{Level: up.Rank, Why: up.Why},
	}, hs.Windows, now)
	if err != nil {
		return c, nil, err
	}
	return next, append(es, more...), nil
}

// CustomerProves adds files to the evidence of a case of the customer's.
func (d *Desk) CustomerProves(ctx context.Context, number string, h channel.Holder, uploads []channel.Upload, clientID string) (p channel.CaseView, err error) {
	defer fault.Wrap(&err, "evidence of the customer")
	if err := conversation.CheckClientID(clientID); err != nil {
		return p, err
	}
	if len(uploads) == 0 || len(uploads) > conversation.MaxAttachments {
		return p, fault.New(fault.Invalid, "evidence.count", "choose 1 to %d files", conversation.MaxAttachments).In("files")
	}
	c, err := d.held(ctx, d.DB.Now(), number, h)
	if err != nil {
		return p, err
	}
	uploader := "case:" + c.Number + ":" + clientID
	var files []conversation.AttachmentID
	for i, u := range uploads {
		u.ClientID = strconv.Itoa(i)
		a, err := d.attach(ctx, uploader, 0, u)
		if err != nil {
			return p, err
		}
		files = append(files, a.ID)
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		p, err = d.customerMoves(ctx, tx, c.ID, uploader, "evidence", func(tx *store.Tx, c ticket.Case, _ ticket.Handling) (ticket.Case, []ticket.Entry, error) {
			return d.prove(ctx, tx, c, ticket.Actor{Who: ticket.ByCustomer, Name: c.Name}, uploader, files)
		})
		return err
	})
	return p, err
}

// boardPage is how many suggestions stand on a page of the board.
const boardPage = 20

// Suggestions returns a page of the suggestions that everybody may see, newest
// first, from the one after another on; after is where the next page goes on,
// zero at the end. What was written, and by whom, is not in it.
func (d *Desk) Suggestions(ctx context.Context, from ticket.ID) (page []channel.Suggestion, after ticket.ID, err error) {
	cs, err := d.DB.Now().SuggestionsShown(ctx, from, boardPage+1)
	if err != nil {
		return nil, 0, err
	}
	if len(cs) > boardPage {
		cs = cs[:boardPage]
		after = cs[boardPage-1].ID
	}
	page = make([]channel.Suggestion, len(cs))
	for i, c := range cs {
		page[i] = channel.Suggestion{Number: c.Number, Subject: c.Subject, Stage: c.Stage().Name, Votes: c.Votes, Open: !c.State.Over()}
	}
	return page, after, nil
}

var errNotShown = fault.New(fault.NotFound, "suggestion.unknown", "there is no such suggestion on the board")

// Vote is a contact's vote for a suggestion on the board, one each.
func (d *Desk) Vote(ctx context.Context, number string, by contact.ID) (votes int, err error) {
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.CaseByNumber(ctx, strings.ToUpper(strings.TrimSpace(number)))
		if gone(err) {
			return errNotShown
		}
		if err != nil {
			return err
		}
		if c, err = tx.Case(ctx, c.ID); err != nil {
			return err
		}
		if !c.OnBoard() {
			return errNotShown
		}
		next, err := c.Vote(by, false)
		if err != nil {
			return err
		}
		isNew, err := tx.AddVote(ctx, c.ID, by, d.Now())
		if err != nil {
			return err
		}
		if !isNew {
			_, err := c.Vote(by, true)
			return err
		}
		next.UpdatedAt = d.Now()
		if next, err = tx.SaveCase(ctx, next); err != nil {
			return err
		}
		votes = next.Votes
		return d.announceCase(ctx, tx, next, "vote")
	})
	return votes, err
}
