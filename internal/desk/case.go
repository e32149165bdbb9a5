package desk

import (
	"context"
	"strconv"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
	"yingda/internal/store"
)

// OpenCase hands in a case from the widget, with files that the contact
// uploaded before. It belongs to the conversation that is open, if there is
// one. Handing it in again under the same client id gives the first answer
// again.
func (d *Desk) OpenCase(ctx context.Context, who contact.Visitor, c ticket.Case, clientID string) (_ ticket.Case, err error) {
	defer fault.Wrap(&err, "open a case of %s", who.Contact)
	c.Contact, c.Source = who.Contact, "widget"
	var files []conversation.AttachmentID
	for _, a := range c.Attachments {
		files = append(files, a.ID)
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := writer(ctx, tx, who.Contact); err != nil {
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
		if c, isNew, err = d.openCase(ctx, tx, c, who.Contact.String(), clientID, files); err != nil || !isNew || !open {
			return err
		}
		_, err = d.tell(ctx, tx, thread, "case.created", map[string]string{"number": c.Number})
		return err
	})
	return c, err
}

// OpenPublicCase hands in a case from the public form, with its files. It
// belongs to the contact that it names, if the door knows one. The same client
// id gives the same case again.
func (d *Desk) OpenPublicCase(ctx context.Context, c ticket.Case, uploads []channel.Upload, clientID string) (_ ticket.Case, err error) {
	defer fault.Wrap(&err, "open a case from the form")
	if err := checkCase(&c, clientID); err != nil {
		return c, err
	}
	if len(uploads) > conversation.MaxAttachments {
		return c, fault.New(fault.Invalid, "message.attachments", "a message carries at most %d files", conversation.MaxAttachments).In("files")
	}
	const sender = "portal"
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
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		kept := c
		c, _, err = d.openCase(ctx, tx, kept, sender, clientID, files)
		return err
	})
	return c, err
}

func checkCase(c *ticket.Case, clientID string) (err error) {
	if err := conversation.CheckClientID(clientID); err != nil {
		return err
	}
	*c, err = c.Check()
	return err
}

// openCase writes a case with the next number of its kind and day. It is not
// new if the sender has handed it in before.
func (d *Desk) openCase(ctx context.Context, tx *store.Tx, c ticket.Case, sender, clientID string, files []conversation.AttachmentID) (_ ticket.Case, isNew bool, err error) {
	if had, ok, err := tx.CaseBySender(ctx, sender, clientID); err != nil || ok {
		return had, false, err
	}
	if err := checkCase(&c, clientID); err != nil {
		return c, false, err
	}
	s, err := tx.Company(ctx)
	if err != nil {
		return c, false, err
	}
	now := d.Now()
	day := today(s, now)
	n, err := tx.NextCase(ctx, c.Kind, day)
	if err != nil {
		return c, false, err
	}
	c.ID, c.Number, c.State, c.CreatedAt = ticket.ID(id.New[id.Noun](now)), ticket.Number(c.Kind, day, n), "new", now
	if isNew, err := tx.InsertCase(ctx, c, sender, clientID); err != nil || !isNew {
		had, _, again := tx.CaseBySender(ctx, sender, clientID)
		return had, false, firstOf(err, again)
	}
	uploader := sender
	if c.Source == "portal" {
		uploader += ":" + clientID
	}
	if c.Attachments, err = d.caseFiles(ctx, tx, c.ID, uploader, files); err != nil {
		return c, false, err
	}
	by := audit.ByContact(sender, c.Name, "", now, "case.open", audit.Of("case", c.ID, c.Number), map[string]any{"kind": string(c.Kind), "source": c.Source})
	return c, true, tx.Audit(ctx, by)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// caseFiles makes files of the sender part of a case.
func (d *Desk) caseFiles(ctx context.Context, tx *store.Tx, c ticket.ID, uploader string, files []conversation.AttachmentID) ([]conversation.Attachment, error) {
	as, err := d.files(ctx, tx, uploader, files)
	if err != nil {
		return nil, err
	}
	for _, a := range as {
		if err := tx.AddCaseFile(ctx, c, a.ID); err != nil {
			return nil, err
		}
	}
	if as == nil {
		as = []conversation.Attachment{}
	}
	return as, nil
}

// mostCases is how many cases a customer is shown.
const mostCases = 50

// CasesOf returns what a contact handed in, newest first, without files: what
// names the contact, and what was handed in under an address that is proven to
// be theirs. An empty address proves nothing.
func (d *Desk) CasesOf(ctx context.Context, who contact.ID, proven string) ([]ticket.Case, error) {
	return d.DB.Now().CasesOf(ctx, who, proven, mostCases)
}

// CaseQuery asks for a page of cases.
type CaseQuery struct {
	Kind   ticket.Kind
	State  string
	Cursor string
	Limit  int
}

// Cases returns a page of cases, newest first, with phone numbers and
// addresses masked. Complaints about people who work here are for those who
// may read them.
func (d *Desk) Cases(ctx context.Context, by agent.Actor, q CaseQuery) (p Page[ticket.Case], err error) {
	if err := by.Need(agent.CaseRead); err != nil {
		return p, err
	}
	p.Items, p.Next, err = d.DB.Now().ListCases(ctx, store.CaseList{
		Kind: q.Kind, State: q.State, AboutStaff: by.May(agent.ComplaintStaffRead), Cursor: q.Cursor, Limit: limited100(q.Limit),
	})
	for i, c := range p.Items {
		p.Items[i].Phone, p.Items[i].Email = contact.MaskPhone(c.Phone), contact.MaskEmail(c.Email)
	}
	return p, err
}

// Case returns a case with its files and with how to reach who handed it in,
// and records the look.
func (d *Desk) Case(ctx context.Context, by agent.Actor, i ticket.ID) (c ticket.Case, err error) {
	defer fault.Wrap(&err, "look at case %s", i)
	if err := by.Need(agent.CaseRead); err != nil {
		return c, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if c, err = tx.Case(ctx, i); err != nil {
			return err
		}
		if c.AboutStaff && !by.May(agent.ComplaintStaffRead) {
			return fault.New(fault.NotFound, "case.unknown", "there is no such %s", "case")
		}
		files, err := tx.CaseFiles(ctx, i)
		for _, f := range files {
			c.Attachments = append(c.Attachments, attached(f))
		}
		return err
	})
	if err != nil {
		return ticket.Case{}, err
	}
	return c, d.look(ctx, by, "case.look", audit.Of("case", c.ID, c.Number))
}

// look records that somebody saw personal data.
func (d *Desk) look(ctx context.Context, by agent.Actor, action string, o audit.Object) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error { return tx.Audit(ctx, audit.By(by, d.Now(), action, o, nil)) })
}
