package desk

import (
	"context"
	"strings"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/verification"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Card is a contact as a list shows them: masked, and how often they came.
type Card struct {
	contact.Contact
	Conversations int
}

// Contacts returns a page of contacts: those whom all words of a query name,
// newest first, or without words those who were here last.
func (d *Desk) Contacts(ctx context.Context, by agent.Actor, words, cursor string, limit int) (p Page[Card], err error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return p, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		cs, next, err := tx.ListContacts(ctx, retrieve.QueryTokens(clip(words, maxQuery)), cursor, limited100(limit))
		if err != nil {
			return err
		}
		p.Next = next
		p.Items, err = cards(ctx, tx, cs)
		return err
	})
	return p, err
}

func cards(ctx context.Context, tx *store.Tx, cs []contact.Contact) ([]Card, error) {
	n, err := tx.CountConversationsOf(ctx, cs)
	shown := make([]Card, 0, len(cs))
	for _, c := range cs {
		shown = append(shown, Card{c.Masked(), n[c.ID]})
	}
	return shown, err
}

// CardOf returns a contact that was read elsewhere as it is shown: masked, and
// with how often they came.
func (d *Desk) CardOf(ctx context.Context, c contact.Contact) (Card, error) {
	cs, err := cards(ctx, d.DB.Now(), []contact.Contact{c})
	return cs[0], err
}

// Contact returns a contact, masked, and records the look.
func (d *Desk) Contact(ctx context.Context, by agent.Actor, i contact.ID) (Card, error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return Card{}, err
	}
	c, err := d.DB.Now().Contact(ctx, i)
	if err != nil {
		return Card{}, err
	}
	if err := d.look(ctx, by, "contact.look", audit.Of("contact", i, c.Name)); err != nil {
		return Card{}, err
	}
	return d.CardOf(ctx, c)
}

// ContactChange is what an agent changes of a contact; what is nil stays.
type ContactChange struct {
	Name       *string            `json:"name,omitempty"`
	Phone      *string            `json:"phone,omitempty"`
	Email      *string            `json:"email,omitempty"`
	Note       *string            `json:"note,omitempty"`
	Language   *string            `json:"language,omitempty" enum:"zh,en"`
	Attributes *map[string]string `json:"attributes,omitempty"`
}

func (c ContactChange) apply(who contact.Contact) (contact.Contact, []string) {
	fields := []string{}
	for _, f := range []struct {
		name string
		at   *string
		to   *string
	}{
		{"name", &who.Name, c.Name},
		{"phone", &who.Phone, c.Phone},
		{"email", &who.Email, c.Email},
		{"note", &who.Note, c.Note},
		{"language", &who.Language, c.Language},
	} {
		if f.to != nil {
			*f.at, fields = strings.TrimSpace(*f.to), append(fields, f.name)
		}
	}
	if c.Attributes != nil {
		who.Attributes, fields = *c.Attributes, append(fields, "attributes")
	}
	return who, fields
}

// ChangeContact changes what we know of a contact. Another phone number or
// address needs a verification of them (R089).
func (d *Desk) ChangeContact(ctx context.Context, by agent.Actor, i contact.ID, change ContactChange, v verification.ID) (Card, error) {
	return d.changeContact(ctx, by, i, agent.ContactEdit, func(tx *store.Tx, was contact.Contact) (contact.Contact, string, map[string]any, error) {
		c, fields := change.apply(was)
		if c.Name == "" {
			c.Name = contact.GuestName(c.ID, c.Language)
		}
		err := c.Check()
		if err == nil && (c.Phone != was.Phone || c.Email != was.Email) {
			err = d.Verified(ctx, tx, by, verification.ChangeContact, i, v)
		}
		return c, "contact.change", verifiedBy(map[string]any{"fields": fields}, v), err
	})
}

// BlockContact stops a contact from writing to us, or lets them again. The
// reason is kept.
func (d *Desk) BlockContact(ctx context.Context, by agent.Actor, i contact.ID, blocked bool, reason string) (Card, error) {
	return d.changeContact(ctx, by, i, agent.ContactBlock, func(_ *store.Tx, c contact.Contact) (contact.Contact, string, map[string]any, error) {
		reason, err := checkReason(reason)
		if c.Blocked, c.BlockedReason = blocked, reason; !blocked {
			c.BlockedReason = ""
		}
		action := "contact.block"
		if !blocked {
			action = "contact.unblock"
		}
		return c, action, map[string]any{"reason": reason}, err
	})
}

type contactEdit func(*store.Tx, contact.Contact) (c contact.Contact, action string, detail map[string]any, err error)

func (d *Desk) changeContact(ctx context.Context, by agent.Actor, i contact.ID, p agent.Permission, edit contactEdit) (card Card, err error) {
	defer fault.Wrap(&err, "change contact %s", i)
	if err := by.Need(p); err != nil {
		return card, err
	}
	var c contact.Contact
	if err := d.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.Contact(ctx, i)
		if err != nil {
			return err
		}
		var action string
		var detail map[string]any
		if c, action, detail, err = edit(tx, was); err != nil {
			return err
		}
		if err := tx.SaveContact(ctx, was, c); err != nil {
			return err
		}
		c.Version++
		if err := tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Of("contact", i, c.Name), detail)); err != nil || c.Name == was.Name {
			return err
		}
		return d.renamed(ctx, tx, i)
	}); err != nil {
		return card, err
	}
	return d.CardOf(ctx, c)
}

// renamed tells the consoles that the open conversations of a contact bear
// another name.
func (d *Desk) renamed(ctx context.Context, tx *store.Tx, i contact.ID) error {
	cs, err := tx.ConversationsOf(ctx, i, 0, shownPrevious)
	for _, c := range cs {
		if !c.State.Open() {
			continue
		}
		if err := d.announce(ctx, tx, c, "changed", 0); err != nil {
			return err
		}
	}
	return err
}

// Reveal returns a contact's phone number or address as it is: to who may see
// it, and to an agent who has verified the contact (domain reference §5.5). Who
// saw it and why is kept; the value is not.
func (d *Desk) Reveal(ctx context.Context, by agent.Actor, i contact.ID, field, reason string, v verification.ID) (value string, err error) {
	defer fault.Wrap(&err, "reveal the %s of contact %s", field, i)
	if err := by.Need(agent.ContactRead); err != nil {
		return "", err
	}
	if reason, err = checkReason(reason); err != nil {
		return "", err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Contact(ctx, i)
		if err != nil {
			return err
		}
		if !by.May(agent.ContactReveal) {
			if err := by.Need(agent.ContactEdit); err != nil {
				return err
			}
			if err := d.Verified(ctx, tx, by, verification.Reveal, i, v); err != nil {
				return err
			}
		}
		switch field {
		case "phone":
			value = c.Phone
		case "email":
			value = c.Email
		default:
			return fault.New(fault.Invalid, "contact.field", "only phone and email can be revealed").In("body.field")
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), "contact.reveal", audit.Of("contact", i, c.Name), verifiedBy(map[string]any{"field": field, "reason": reason}, v)))
	})
	if err != nil {
		return "", err
	}
	return value, nil
}

// verifiedBy adds to the detail of an entry which verification it was done with.
func verifiedBy(detail map[string]any, v verification.ID) map[string]any {
	if !v.IsZero() {
		detail["verification"] = v.String()
	}
	return detail
}

func checkReason(s string) (string, error) {
	s = strings.TrimSpace(s)
	if n := utf8.RuneCountInString(s); n < 2 || n > 200 {
		return s, fault.New(fault.Invalid, "contact.reason", "write the reason in %d to %d characters; it is kept", 2, 200).In("body.reason")
	}
	return s, nil
}

// ContactConversations returns a page of a contact's conversations that the
// actor may see, newest first.
func (d *Desk) ContactConversations(ctx context.Context, by agent.Actor, i contact.ID, cursor string, limit int) (p Page[conversation.Conversation], err error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return p, err
	}
	tx := d.DB.Now()
	if _, err := tx.Contact(ctx, i); err != nil {
		return p, err
	}
	p.Items, p.Next, err = tx.ListConversationsOf(ctx, by, i, cursor, limited100(limit))
	return p, err
}

// ContactPages returns the pages that a contact looked at last, newest first.
func (d *Desk) ContactPages(ctx context.Context, by agent.Actor, i contact.ID) ([]contact.PageView, error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return nil, err
	}
	tx := d.DB.Now()
	if _, err := tx.Contact(ctx, i); err != nil {
		return nil, err
	}
	return tx.PageViews(ctx, i, mostRows)
}
