package desk

import (
	"context"
	"slices"
	"strconv"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/learning"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/domain/verification"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// OpenCase hands in a case from the widget, with files that the contact
// uploaded before. It belongs to the conversation that is open, if there is
// one. Handing it in again under the same client id gives the first answer
// again.
func (d *Desk) OpenCase(ctx context.Context, who contact.Visitor, c ticket.Case, clientID string) (_ ticket.Case, err error) {
	defer fault.Wrap(&err, "open a case of %s", who.Contact)
	c.Contact, c.Source = who.Contact, ticket.FromWidget
	var files []conversation.AttachmentID
	for _, a := range c.Attachments {
		files = append(files, a.ID)
	}
	typed := c
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		c = typed // as it was handed in, however often the transaction runs
		if _, err := d.writer(ctx, tx, who.Contact); err != nil {
			return err
		}
		thread, open, err := tx.OpenConversationOf(ctx, who.Contact, who.Inbox)
		if err != nil {
			return err
		}
		if open {
			c.Conversation = thread.ID
		}
		var isNew bool
		by := ticket.Actor{Who: ticket.ByCustomer, Name: c.Name}
		if c, isNew, err = d.openCase(ctx, tx, c, by, who.Contact.String(), clientID, files); err != nil || !isNew {
			return err
		}
		if err := tx.Audit(ctx, handedIn(c, who.Contact.String())); err != nil || !open || c.AboutStaff {
			return err // whoever answers in the chat may be the one whom it is about
		}
		_, err = d.tell(ctx, tx, thread, "case.created", map[string]string{"number": c.Number})
		return err
	})
	return c, err
}

// OpenPublicCase hands in a case from the public form, with its files. It
// belongs to the contact that it names, if the door knows one, and its letters
// are in the language that it names. The same client id gives the same case
// again.
func (d *Desk) OpenPublicCase(ctx context.Context, c ticket.Case, uploads []channel.Upload, clientID string) (_ ticket.Case, err error) {
	defer fault.Wrap(&err, "open a case from the form")
	if err := checkCase(&c, clientID); err != nil {
		return c, err
	}
	if len(uploads) > conversation.MaxAttachments {
		return c, fault.New(fault.Invalid, "message.attachments", "a message carries at most %d files", conversation.MaxAttachments).In("files")
	}
	const sender = ticket.FromPortal
	if had, ok, err := d.DB.Now().CaseBySender(ctx, sender, clientID); err != nil || ok {
		return had, err
	}
	var files []conversation.AttachmentID
	for i, u := range uploads {
		u.ClientID = strconv.Itoa(i)
		a, err := d.attach(ctx, sender+":"+clientID, 0, u)
		if err != nil {
			return c, err
		}
		files = append(files, a.ID)
	}
	c.Conversation, c.Source = 0, sender
	if _, known := letterIn[c.Language]; !known {
		c.Language = ""
	}
	typed := c
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		var isNew bool
		c, isNew, err = d.openCase(ctx, tx, typed, ticket.Actor{Who: ticket.ByCustomer, Name: typed.Name}, sender, clientID, files)
		if err != nil || !isNew {
			return err
		}
		return tx.Audit(ctx, handedIn(c, sender))
	})
	return c, err
}

// handedIn is the audit log's line for a case that a customer handed in.
func handedIn(c ticket.Case, sender string) audit.Entry {
	return audit.ByContact(sender, c.Name, "", c.CreatedAt, "case.open", audit.Of("case", c.ID, c.Number), map[string]any{"kind": string(c.Kind), "source": c.Source})
}

func checkCase(c *ticket.Case, clientID string) (err error) {
	if err := conversation.CheckClientID(clientID); err != nil {
		return err
	}
	*c, err = c.Check()
	return err
}

// openCase writes a case with the next number of its kind and day, starts the
// clocks of what is promised, and says so. It is not new if the sender has
// handed it in before.
func (d *Desk) openCase(ctx context.Context, tx *store.Tx, c ticket.Case, by ticket.Actor, sender, clientID string, files []conversation.AttachmentID) (_ ticket.Case, isNew bool, err error) {
	if had, ok, err := tx.CaseBySender(ctx, sender, clientID); err != nil || ok {
		return had, false, err
	}
	if err := checkCase(&c, clientID); err != nil {
		return c, false, err
	}
	now := d.Now()
	c.ID, c.CreatedAt, c.UpdatedAt = ticket.NewID(now), now, now
	if c.ReceivedAt.IsZero() || c.ReceivedAt.After(now) {
		c.ReceivedAt = now
	}
	uploader := sender
	if c.Source == ticket.FromPortal {
		uploader += ":" + clientID
	}
	if len(files) > ticket.MaxEvidence {
		return c, false, fault.New(fault.Invalid, "evidence.count", "choose 1 to %d files", ticket.MaxEvidence).In("files")
	}
	if c.Attachments, err = d.files(ctx, tx, uploader, files); err != nil {
		return c, false, err
	}
	if c, err = d.classify(ctx, tx, c); err != nil {
		return c, false, err
	}
	if c, err = d.number(ctx, tx, c); err != nil {
		return c, false, err
	}
	r, err := d.promises(ctx, tx)
	if err != nil {
		return c, false, err
	}
	b := &bundle{now: now, r: r, c: c, started: map[int]bool{}, changed: map[int]bool{}}
	if err := b.plan(); err != nil {
		return c, false, err
	}
	c.DueAt = b.next()
	if isNew, err := tx.InsertCase(ctx, c, sender, clientID); err != nil || !isNew {
		had, _, again := tx.CaseBySender(ctx, sender, clientID)
		return had, false, firstOf(err, again)
	}
	c.Version = 1
	if _, err := b.keep(ctx, tx); err != nil {
		return c, false, err
	}
	for t, was := range c.Suggested {
		became := map[learning.Topic]string{learning.CaseKind: string(c.Kind), learning.CaseCategory: c.Category}[t]
		if err := d.suggestionUsed(ctx, tx, t, was, became); err != nil {
			return c, false, err
		}
	}
	es := []ticket.Entry{c.Opened(by, now)}
	for _, a := range distinct(c.Attachments) {
		e, err := d.exhibit(ctx, tx, c, by, a)
		if err != nil {
			return c, false, err
		}
		es = append(es, e)
	}
	if err := tx.AddCaseEntries(ctx, c.ID, es); err != nil {
		return c, false, err
	}
	if !cameByMail(sender) { // whose receipt is an answer to the mail
		if err := d.writeReceipt(ctx, tx, c); err != nil {
			return c, false, err
		}
	}
	if err := d.announceCase(ctx, tx, c, "opened"); err != nil {
		return c, false, err
	}
	return c, true, d.happens(ctx, tx, Happening{Events: []automation.Event{automation.CaseOpened}, Case: c.ID, Version: c.Version, By: whoDid(by.Who)})
}

// classify sorts a case into its category. Without one it is a general
// problem until somebody looks at it.
func (d *Desk) classify(ctx context.Context, tx *store.Tx, c ticket.Case) (ticket.Case, error) {
	h, err := tx.Handling(ctx)
	if err != nil {
		return c, err
	}
	if c.Category != "" {
		return c.Sort(h.Categories, c.Category)
	}
	if c.Fields, err = ticket.Form(nil).Fill(c.Fields); err != nil { // without a category there is no form
		return c, err
	}
	return c.Unsorted(), nil
}

// number gives a case the next number of its kind on the company's day.
func (d *Desk) number(ctx context.Context, tx *store.Tx, c ticket.Case) (ticket.Case, error) {
	s, err := tx.Company(ctx)
	if err != nil {
		return c, err
	}
	day := today(s, c.CreatedAt)
	n, err := tx.NextCase(ctx, c.Kind, day)
	c.Number = ticket.Number(c.Kind, day, n)
	return c, err
}

// distinct leaves out files that came twice: nothing is proved twice.
func distinct(as []conversation.Attachment) []conversation.Attachment {
	var once []conversation.Attachment
	for _, a := range as {
		if !slices.ContainsFunc(once, func(o conversation.Attachment) bool { return o.SHA256 == a.SHA256 }) {
			once = append(once, a)
		}
	}
	return once
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// mostCases is how many cases a customer is shown.
const mostCases = 50

// CasesOf returns what a contact handed in, newest first, without files: what
// names the contact, and what was handed in under an address that is proven to
// be theirs. An empty address proves nothing.
func (d *Desk) CasesOf(ctx context.Context, who contact.ID, proven string) ([]ticket.Case, error) {
	return d.DB.Now().CasesOf(ctx, who, proven, mostCases)
}

// Cases returns a page of cases that the actor may see, with phone numbers and
// addresses masked.
func (d *Desk) Cases(ctx context.Context, by agent.Actor, q store.CaseList) (p Page[ticket.Case], err error) {
	if err := by.Need(agent.CaseRead); err != nil {
		return p, err
	}
	q.By, q.Now, q.Limit = by, d.Now(), limited100(q.Limit)
	p.Items, p.Next, err = d.DB.Now().ListCases(ctx, q)
	for i, c := range p.Items {
		p.Items[i] = c.Masked()
	}
	return p, err
}

// NextDue returns, of each case that has one, the open clock that falls due
// next. The survey after the end is not waited for.
func (d *Desk) NextDue(ctx context.Context, cs []ticket.Case) (map[ticket.ID]store.ClockOf, error) {
	ids := make([]ticket.ID, 0, len(cs))
	for _, c := range cs {
		ids = append(ids, c.ID)
	}
	clocks, err := d.DB.Now().OpenClocksOf(ctx, ids)
	next := make(map[ticket.ID]store.ClockOf, len(clocks))
	for _, ck := range clocks { // the nearest limit comes first
		if _, have := next[ticket.ID(ck.Subject)]; !have && ck.Metric != sla.SurveyWindow {
			next[ticket.ID(ck.Subject)] = ck
		}
	}
	return next, err
}

// CountCases returns how many cases the actor finds in each view, up to 999.
func (d *Desk) CountCases(ctx context.Context, by agent.Actor, q store.CaseList) (map[store.CaseView]int, error) {
	counts := map[store.CaseView]int{}
	if err := by.Need(agent.CaseRead); err != nil {
		return nil, err
	}
	q.By, q.Now = by, d.Now()
	err := d.DB.View(ctx, func(tx *store.Tx) error {
		for _, v := range store.CaseViews() {
			q.View = v
			n, err := tx.CountCases(ctx, q, mostCounted)
			if err != nil {
				return err
			}
			counts[v] = n
		}
		return nil
	})
	return counts, err
}

const mostCounted = 999

// Dossier is all there is about a case (案卷).
type Dossier struct {
	Case     ticket.Case
	History  []ticket.Entry
	Clocks   []store.ClockOf
	Evidence []store.Exhibit
	Broken   int // the place of the first piece of evidence that is not what it was, from 0; -1 if all are
	Custody  ticket.Custodies
	Ties     []Tie
	Possible []ticket.Act // what the actor can do now
	Secret   string       // with the number it lets the customer look the case up; empty unless the actor may tell them
}

// Tie is how a case belongs to another.
type Tie struct {
	Relation ticket.Relation `json:"relation"`
	From     bool            `json:"from"` // this one is the relation's first
	Case     ticket.ID       `json:"case_id"`
	Number   string          `json:"number"`
	Subject  string          `json:"subject"`
	State    ticket.State    `json:"state"`
}

// Case returns a case with all there is about it, and records the look. How to
// reach whoever handed it in is masked; see RevealCase.
func (d *Desk) Case(ctx context.Context, by agent.Actor, i ticket.ID) (f Dossier, err error) {
	defer fault.Wrap(&err, "look at case %s", i)
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		c, err := seenCase(ctx, tx, by, i)
		if err != nil {
			return err
		}
		f, err = d.dossier(ctx, tx, by, c)
		return err
	})
	if err != nil {
		return Dossier{}, err
	}
	f.Case = f.Case.Masked()
	return f, d.look(ctx, by, caseLook, audit.Of("case", f.Case.ID, f.Case.Number))
}

// RevealCase returns a way to reach the customer of a case, or a party of it, as
// it is: to who may see it; to whoever handles the case, for whose calls it was
// left; and to an agent who has verified the customer. Who saw it and why is
// kept; the value is not. The field is one of ticket.Case.Reach.
func (d *Desk) RevealCase(ctx context.Context, by agent.Actor, i ticket.ID, field, reason string, v verification.ID) (value string, err error) {
	defer fault.Wrap(&err, "reveal the %s of case %s", field, i)
	if reason, err = checkReason(reason); err != nil {
		return "", err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := seenCase(ctx, tx, by, i)
		if err != nil {
			return err
		}
		var ok bool
		if value, ok = c.Reach(field); !ok {
			return errUnrevealed
		}
		if err := d.mayReach(ctx, tx, by, c, v); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), "contact.reveal", audit.Of("case", c.ID, c.Number), verifiedBy(map[string]any{"field": field, "reason": reason}, v)))
	})
	if err != nil {
		return "", err
	}
	return value, nil
}

// mayReach refuses whoever may not see how to reach the customer of a case.
func (d *Desk) mayReach(ctx context.Context, tx *store.Tx, by agent.Actor, c ticket.Case, v verification.ID) error {
	if by.May(agent.ContactReveal) {
		return nil
	}
	if err := by.Need(agent.CaseEdit); err != nil {
		return err
	}
	if c.Handles(by.Agent) {
		return nil
	}
	if c.Contact.IsZero() {
		return fault.New(fault.Forbidden, "case.reveal", "only whoever handles this case sees how to reach the customer; have it assigned to you, or ask a supervisor")
	}
	return d.Verified(ctx, tx, by, verification.Reveal, c.Contact, v)
}

// caseLook is what the audit log calls a look at a dossier.
const caseLook = "case.look"

func (d *Desk) dossier(ctx context.Context, tx *store.Tx, by agent.Actor, c ticket.Case) (f Dossier, err error) {
	files, err := tx.CaseFiles(ctx, c.ID)
	if err != nil {
		return f, err
	}
	for _, a := range files {
		c.Attachments = append(c.Attachments, attached(a))
	}
	h, err := tx.Handling(ctx)
	if err != nil {
		return f, err
	}
	f.Case, f.Possible, f.Broken = c, c.Possible(actorOf(by), h.Windows, d.Now()), -1
	if !by.May(agent.CaseEdit) {
		f.Possible = nil
	} else {
		f.Secret = d.CaseSecret(c)
	}
	if f.History, err = tx.CaseEntries(ctx, c.ID); err != nil {
		return f, err
	}
	if f.Clocks, err = tx.ClocksOf(ctx, store.OfCase, int64(c.ID)); err != nil {
		return f, err
	}
	if f.Evidence, err = tx.Evidence(ctx, c.ID); err != nil {
		return f, err
	}
	f.Broken = chain(f.Evidence).Verify(sealed(f.History))
	if f.Custody, err = tx.Custody(ctx, c.ID); err != nil {
		return f, err
	}
	if f.Ties, err = d.ties(ctx, tx, by, c); err != nil {
		return f, err
	}
	return f, f.veil(ctx, tx, by)
}

// veil takes out of the history what names a case that the actor may not see:
// it may have become one about them after the two were tied.
func (f *Dossier) veil(ctx context.Context, tx *store.Tx, by agent.Actor) error {
	for _, i := range []*ticket.ID{&f.Case.Parent, &f.Case.MergedInto} {
		if i.IsZero() {
			continue
		}
		switch _, err := seenCase(ctx, tx, by, *i); {
		case gone(err):
			*i = 0
		case err != nil:
			return err
		}
	}
	for i, e := range f.History {
		f.History[i].Fields = slices.Clone(e.Fields)
		for j, said := range e.Fields {
			hidden, err := f.hides(ctx, tx, by, e, said)
			if err != nil {
				return err
			}
			if hidden {
				f.History[i].Fields[j].New = ""
			}
		}
	}
	return nil
}

// hides reports whether a line of the history names a case that the actor may
// not see.
func (f *Dossier) hides(ctx context.Context, tx *store.Tx, by agent.Actor, e ticket.Entry, said ticket.Change) (bool, error) {
	var c ticket.Case
	var err error
	switch {
	case said.Field == "merged_into":
		return f.Case.MergedInto.IsZero(), nil
	case said.Field == "split": // the tie to the part tells whether it can be seen
		return !slices.ContainsFunc(f.Ties, func(t Tie) bool { return t.Subject == said.New }), nil
	case e.Act == ticket.Link || said.Field == "merged":
		c, err = tx.CaseByNumber(ctx, said.New)
	default:
		return false, nil
	}
	seen := err == nil && c.SeenBy(by)
	if err = unlessGone(err); err != nil {
		return false, err
	}
	return !seen, nil
}

// ties returns the cases that belong to a case, those that the actor may see.
func (d *Desk) ties(ctx context.Context, tx *store.Tx, by agent.Actor, c ticket.Case) ([]Tie, error) {
	kept, err := tx.Ties(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	if !c.Parent.IsZero() {
		kept = append(kept, ticket.Tie{From: c.ID, To: c.Parent, Relation: ticket.ChildOf})
	}
	ties := make([]Tie, 0, len(kept))
	for _, t := range kept {
		other := t.To
		if other == c.ID {
			other = t.From
		}
		o, err := seenCase(ctx, tx, by, other)
		if gone(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		ties = append(ties, Tie{Relation: t.Relation, From: t.From == c.ID, Case: o.ID, Number: o.Number, Subject: o.Subject, State: o.State})
	}
	return ties, nil
}

// seenCase returns a case that the actor may see. One that they may not see is
// NotFound, as if it were not there.
func seenCase(ctx context.Context, tx *store.Tx, by agent.Actor, i ticket.ID) (ticket.Case, error) {
	if err := by.Need(agent.CaseRead); err != nil {
		return ticket.Case{}, err
	}
	c, err := tx.Case(ctx, i)
	if err == nil && !c.SeenBy(by) {
		return ticket.Case{}, errNoCase
	}
	return c, err
}

// CaseFor returns a case that the actor may see, to work something out of it.
// Nothing of it is shown, so no look is recorded.
func (d *Desk) CaseFor(ctx context.Context, by agent.Actor, i ticket.ID) (ticket.Case, error) {
	return seenCase(ctx, d.DB.Now(), by, i)
}

// actorOf is an agent as the rules of cases know them.
func actorOf(by agent.Actor) ticket.Actor {
	return ticket.Actor{Who: ticket.ByAgent, Agent: by.Agent, Name: by.Name, Supervisor: by.May(agent.CaseSupervise)}
}

// look records that somebody saw personal data.
func (d *Desk) look(ctx context.Context, by agent.Actor, action string, o audit.Object) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error { return tx.Audit(ctx, audit.By(by, d.Now(), action, o, nil)) })
}
