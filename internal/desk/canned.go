package desk

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/canned"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// CannedReplies returns the shared replies and the actor's own whose shortcut,
// title or text holds some words, by shortcut.
func (d *Desk) CannedReplies(ctx context.Context, by agent.Actor, words string) ([]canned.Reply, error) {
	rs, err := d.DB.Now().CannedOf(ctx, by.Agent)
	words = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(words), "/"))
	return slices.DeleteFunc(rs, func(r canned.Reply) bool {
		return !strings.Contains(strings.ToLower(r.Shortcut+"\n"+r.Title+"\n"+r.Folder+"\n"+r.Text), words)
	}), err
}

// AddCanned keeps a reply: the actor's own, or one for all.
func (d *Desk) AddCanned(ctx context.Context, by agent.Actor, r canned.Reply) (_ canned.Reply, err error) {
	defer fault.Wrap(&err, "add a canned reply")
	r.ID, r.Uses = canned.NewID(d.Now()), 0
	if r, err = owned(r, by).Check(); err != nil {
		return r, err
	}
	if err := r.MayChange(by); err != nil {
		return r, err
	}
	return r, d.DB.Update(ctx, func(tx *store.Tx) error {
		if err := freeShortcut(ctx, tx, by, r); err != nil {
			return err
		}
		if err := tx.InsertCanned(ctx, r); err != nil {
			return err
		}
		return d.cannedChanged(ctx, tx, by, "canned.create", r)
	})
}

// CannedChange is what is changed of a reply; what is nil stays.
type CannedChange struct {
	Shortcut *string `json:"shortcut,omitempty"`
	Title    *string `json:"title,omitempty"`
	Text     *string `json:"text,omitempty"`
	Language *string `json:"language,omitempty" enum:"zh,en"`
	Folder   *string `json:"folder,omitempty"`
	Shared   *bool   `json:"shared,omitempty"`
}

// ChangeCanned changes a reply that the actor may change, as it was and as it
// will be.
func (d *Desk) ChangeCanned(ctx context.Context, by agent.Actor, i canned.ID, c CannedChange) (r canned.Reply, err error) {
	defer fault.Wrap(&err, "change canned reply %s", i)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if r, err = tx.Canned(ctx, i); err != nil {
			return err
		}
		if err := r.MayChange(by); err != nil {
			return err
		}
		if r, err = owned(c.apply(r), by).Check(); err != nil {
			return err
		}
		if err := r.MayChange(by); err != nil {
			return err
		}
		if err := freeShortcut(ctx, tx, by, r); err != nil {
			return err
		}
		if err := tx.SaveCanned(ctx, r); err != nil {
			return err
		}
		return d.cannedChanged(ctx, tx, by, "canned.change", r)
	})
	return r, err
}

func (c CannedChange) apply(r canned.Reply) canned.Reply {
	for at, to := range map[*string]*string{&r.Shortcut: c.Shortcut, &r.Title: c.Title, &r.Text: c.Text, &r.Language: c.Language, &r.Folder: c.Folder} {
		if to != nil {
			*at = *to
		}
	}
	if c.Shared != nil {
		r.Shared = *c.Shared
	}
	return r
}

// RemoveCanned deletes a reply that the actor may change.
func (d *Desk) RemoveCanned(ctx context.Context, by agent.Actor, i canned.ID) (err error) {
	defer fault.Wrap(&err, "remove canned reply %s", i)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.Canned(ctx, i)
		if err != nil {
			return err
		}
		if err := r.MayChange(by); err != nil {
			return err
		}
		if err := tx.DeleteCanned(ctx, i); err != nil {
			return err
		}
		return d.cannedChanged(ctx, tx, by, "canned.delete", r)
	})
}

// Filled is a reply as an agent is about to send it.
type Filled struct {
	Text    string            `json:"text"`
	Missing []canned.Variable `json:"missing"` // for which there is no value; they stand in the text as they were
}

// Addressed is whom a reply is filled in for where there is no conversation
// yet: a contact, or an address with the name that was typed before it.
type Addressed struct {
	Contact  contact.ID
	Address  string
	Name     string
	Language string
}

// FillCannedFor returns a reply with its variables filled in for somebody to
// whom a mail is being written, and counts it as used. The number of the
// conversation is not known yet.
func (d *Desk) FillCannedFor(ctx context.Context, by agent.Actor, i canned.ID, to Addressed) (f Filled, err error) {
	defer fault.Wrap(&err, "fill in canned reply %s", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return f, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := ownCanned(ctx, tx, by, i)
		if err != nil {
			return err
		}
		c, err := addressed(ctx, tx, by, to)
		if err != nil {
			return err
		}
		values, err := d.values(ctx, tx, by, c)
		if err != nil {
			return err
		}
		delete(values, canned.TalkNumber)
		f.Text, f.Missing = canned.Fill(r.Text, values)
		return tx.CountCanned(ctx, by.Agent, i)
	})
	return f, err
}

// addressed is the conversation that a mail would begin, as far as replies need
// it. Only who may read contacts is told whose an address is.
func addressed(ctx context.Context, tx *store.Tx, by agent.Actor, to Addressed) (c conversation.Conversation, err error) {
	c = conversation.Conversation{Contact: to.Contact, ContactName: strings.TrimSpace(to.Name), Language: cmp.Or(to.Language, "zh")}
	switch {
	case !c.Contact.IsZero():
		if err := by.Need(agent.ContactRead); err != nil {
			return c, err
		}
	case to.Address != "" && by.May(agent.ContactRead):
		if c.Contact, _, err = tx.MailContact(ctx, strings.ToLower(strings.TrimSpace(to.Address))); err != nil {
			return c, err
		}
	}
	if c.Contact.IsZero() {
		return c, nil
	}
	who, err := tx.Contact(ctx, c.Contact)
	c.ContactName = who.Name
	return c, err
}

func ownCanned(ctx context.Context, tx *store.Tx, by agent.Actor, i canned.ID) (canned.Reply, error) {
	r, err := tx.Canned(ctx, i)
	if err == nil && !r.Shared && r.Agent != by.Agent {
		err = fault.New(fault.NotFound, "canned.unknown", "there is no such reply")
	}
	return r, err
}

// FillCanned returns a reply with its variables filled in for a conversation
// that the actor may see, in its customer's words and dates, and counts it as
// used.
func (d *Desk) FillCanned(ctx context.Context, by agent.Actor, i canned.ID, in conversation.ID) (f Filled, err error) {
	defer fault.Wrap(&err, "fill in canned reply %s", i)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := ownCanned(ctx, tx, by, i)
		if err != nil {
			return err
		}
		c, err := seen(ctx, tx, by, in)
		if err != nil {
			return err
		}
		values, err := d.values(ctx, tx, by, c)
		if err != nil {
			return err
		}
		f.Text, f.Missing = canned.Fill(r.Text, values)
		return tx.CountCanned(ctx, by.Agent, i)
	})
	return f, err
}

// Opening returns the words with which an agent asks what a contact needs, by
// the channel's settings (R075); empty if there are none.
func (d *Desk) Opening(ctx context.Context, by agent.Actor, in conversation.ID) (f Filled, err error) {
	tx := d.DB.Now()
	c, err := seen(ctx, tx, by, in)
	if err != nil {
		return f, err
	}
	box, err := tx.InboxByID(ctx, c.Inbox)
	if err != nil {
		return f, err
	}
	values, err := d.values(ctx, tx, by, c)
	f.Text, f.Missing = canned.Fill(box.Settings.Opening.In(c.Language), values)
	return f, err
}

// values are what the variables of a reply stand for in a conversation.
func (d *Desk) values(ctx context.Context, tx *store.Tx, by agent.Actor, c conversation.Conversation) (map[canned.Variable]string, error) {
	seat, err := tx.Seat(ctx, by.Agent)
	if err != nil {
		return nil, err
	}
	house, err := tx.Company(ctx)
	if err != nil {
		return nil, err
	}
	values := map[canned.Variable]string{
		canned.ContactName: c.ContactName, canned.AgentName: seat.Name, canned.Company: house.Company.In(c.Language), canned.Phone: house.Phone,
		canned.TalkNumber: strconv.FormatInt(c.Number, 10), canned.Today: day(today(house, d.Now()), c.Language),
	}
	if c.Contact.IsZero() || !by.May(agent.CaseRead) {
		return values, nil
	}
	cases, _, err := tx.ListCases(ctx, store.CaseList{View: store.OpenCases, By: by, Contact: c.Contact, Now: d.Now(), Limit: 1})
	if err != nil || len(cases) == 0 {
		return values, err
	}
	values[canned.CaseNumber] = cases[0].Number
	if !cases[0].DueAt.IsZero() {
		values[canned.CaseDue] = day(today(house, cases[0].DueAt), c.Language) + today(house, cases[0].DueAt).Format(" 15:04")
	}
	return values, nil
}

// day writes a date as people of a language do.
func day(t time.Time, language string) string {
	if language == "en" {
		return t.Format("2 January 2006")
	}
	return t.Format("2006年1月2日")
}

// UseCanned counts that the actor sent a reply.
func (d *Desk) UseCanned(ctx context.Context, by agent.Actor, i canned.ID) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error { return tx.CountCanned(ctx, by.Agent, i) })
}

func owned(r canned.Reply, by agent.Actor) canned.Reply {
	if r.Agent = by.Agent; r.Shared {
		r.Agent = 0
	}
	return r
}

// freeShortcut is a Conflict if another reply that the actor sees is found by
// the same shortcut in the same language.
func freeShortcut(ctx context.Context, tx *store.Tx, by agent.Actor, r canned.Reply) error {
	rs, err := tx.CannedOf(ctx, by.Agent)
	for _, other := range rs {
		if other.ID != r.ID && other.Shared == r.Shared && other.Language == r.Language && strings.EqualFold(other.Shortcut, r.Shortcut) {
			return fault.New(fault.Conflict, "canned.exists", "there is a reply /%s already; choose another shortcut", r.Shortcut).In("shortcut")
		}
	}
	return err
}

func (d *Desk) cannedChanged(ctx context.Context, tx *store.Tx, by agent.Actor, action string, r canned.Reply) error {
	return tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Of("canned", r.ID, r.Shortcut), map[string]any{"shared": r.Shared}))
}
