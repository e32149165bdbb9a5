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
	"yingda/internal/domain/tag"
	"yingda/internal/domain/verification"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Card is a person as a list shows them: masked, how often they came, and
// which other contacts they are.
type Card struct {
	contact.Contact
	Conversations int
	Also          []contact.ID
	Asked         contact.ID // the contact that was asked for, if another stands for it
}

// ContactList asks for a page of contacts.
type ContactList struct {
	Words     string // who matches all of them; without words those who were here last
	Tag       string
	Attribute string // code:value
	Cursor    string
	Limit     int
}

func (l ContactList) words() ([]store.Word, error) {
	ws := []store.Word{}
	if l.Tag != "" {
		ws = append(ws, store.TagWord(l.Tag))
	}
	if l.Attribute != "" {
		code, value, ok := strings.Cut(l.Attribute, ":")
		if !ok {
			return nil, fault.New(fault.Invalid, "contact.filter", "write an attribute as code:value").In("query.attribute")
		}
		ws = append(ws, store.AttributeWord(code, value))
	}
	return ws, nil
}

// Contacts returns a page of people: those whom all words of a query name,
// newest first, or without words those who were here last.
func (d *Desk) Contacts(ctx context.Context, by agent.Actor, ask ContactList) (p Page[Card], err error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return p, err
	}
	having, err := ask.words()
	if err != nil {
		return p, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if ask.Attribute != "" {
			fields, err := tx.Fields(ctx)
			if err != nil {
				return err
			}
			if code, value, _ := strings.Cut(ask.Attribute, ":"); fields.Shown(by, code, value) != value {
				return fault.New(fault.Forbidden, "contact.filter_hidden", "one cannot look for a field that is masked or restricted")
			}
		}
		cs, next, err := tx.ListContacts(ctx, retrieve.QueryTokens(clip(ask.Words, maxQuery)), having, ask.Cursor, limited100(ask.Limit))
		if err != nil {
			return err
		}
		p.Next = next
		p.Items, err = d.cards(ctx, tx, by, cs)
		return err
	})
	return p, err
}

// cards returns people as an actor sees them.
func (d *Desk) cards(ctx context.Context, tx *store.Tx, by agent.Actor, cs []contact.Contact) ([]Card, error) {
	ids := make([]contact.ID, 0, len(cs))
	for _, c := range cs {
		ids = append(ids, c.ID)
	}
	n, err := tx.CountConversationsOf(ctx, cs)
	if err != nil {
		return nil, err
	}
	blocked, err := tx.BlockedAmong(ctx, ids, d.Now())
	if err != nil {
		return nil, err
	}
	also, err := tx.AlsoAre(ctx, ids)
	if err != nil {
		return nil, err
	}
	fields, err := tx.Fields(ctx)
	shown := make([]Card, 0, len(cs))
	for _, c := range cs {
		c = c.Masked()
		c.Attributes = fields.Attributes(by, c.Attributes)
		if b, is := blocked[c.ID]; is {
			c.Blocked, c.BlockedReason, c.BlockedUntil = true, b.Reason, b.Until
		}
		shown = append(shown, Card{Contact: c, Conversations: n[c.ID], Also: also[c.ID]})
	}
	return shown, err
}

// card returns a contact as an actor sees them.
func (d *Desk) card(ctx context.Context, by agent.Actor, c contact.Contact) (Card, error) {
	cs, err := d.cards(ctx, d.DB.Now(), by, []contact.Contact{c})
	if err != nil {
		return Card{}, err
	}
	return cs[0], nil
}

// Contact returns the person that a contact is, masked, and records the look.
func (d *Desk) Contact(ctx context.Context, by agent.Actor, i contact.ID) (Card, error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return Card{}, err
	}
	c, err := d.DB.Now().Person(ctx, i)
	if err != nil {
		return Card{}, err
	}
	if err := d.look(ctx, by, "contact.look", audit.Of("contact", c.ID, c.Name)); err != nil {
		return Card{}, err
	}
	card, err := d.card(ctx, by, c)
	if c.ID != i {
		card.Asked = i
	}
	return card, err
}

// ContactChange is what an agent changes of a contact; what is nil stays.
type ContactChange struct {
	Name       *string            `json:"name,omitempty"`
	Phone      *string            `json:"phone,omitempty"`
	Email      *string            `json:"email,omitempty"`
	Language   *string            `json:"language,omitempty" enum:"zh,en"`
	Attributes *map[string]string `json:"attributes,omitempty" doc:"what is not named stays; an empty value removes one"`
	Tags       *[]string          `json:"tags,omitempty"`
}

func (c ContactChange) apply(by agent.Actor, fs contact.Fields, who contact.Contact) (contact.Contact, []string, error) {
	fields := []string{}
	for _, f := range []struct {
		name string
		at   *string
		to   *string
	}{
		{"name", &who.Name, c.Name},
		{"phone", &who.Phone, c.Phone},
		{"email", &who.Email, c.Email},
		{"language", &who.Language, c.Language},
	} {
		if f.to != nil {
			*f.at, fields = strings.TrimSpace(*f.to), append(fields, f.name)
		}
	}
	var err error
	if c.Attributes != nil {
		fields = append(fields, "attributes")
		if who.Attributes, err = fs.Change(by, who.Attributes, *c.Attributes); err != nil {
			return who, fields, err
		}
	}
	if c.Tags != nil {
		fields = append(fields, "tags")
		who.Tags, err = tag.Apply(nil, *c.Tags, nil)
	}
	return who, fields, err
}

// ChangeContact changes what we know of the person that a contact is. Another
// phone number or address needs a verification of them (R089).
func (d *Desk) ChangeContact(ctx context.Context, by agent.Actor, i contact.ID, change ContactChange, v verification.ID) (card Card, err error) {
	defer fault.Wrap(&err, "change contact %s", i)
	if err := by.Need(agent.ContactEdit); err != nil {
		return card, err
	}
	var c contact.Contact
	if err := d.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.Person(ctx, i)
		if err != nil {
			return err
		}
		fs, err := tx.Fields(ctx)
		if err != nil {
			return err
		}
		var fields []string
		if c, fields, err = change.apply(by, fs, was); err != nil {
			return err
		}
		if c.Name == "" {
			c.Name = contact.GuestName(c.ID, c.Language)
		}
		if err := c.Check(); err != nil {
			return err
		}
		if c.Phone != was.Phone || c.Email != was.Email {
			if err := d.Verified(ctx, tx, by, verification.ChangeContact, c.ID, v); err != nil {
				return err
			}
		}
		if err := tx.SaveContact(ctx, was, c); err != nil {
			return err
		}
		c.Version++
		if err := tx.Audit(ctx, audit.By(by, d.Now(), "contact.change", audit.Of("contact", c.ID, c.Name), verifiedBy(map[string]any{"fields": fields}, v))); err != nil {
			return err
		}
		if c.Name != was.Name {
			if err := d.renamed(ctx, tx, c.ID); err != nil {
				return err
			}
		}
		return d.contactNews(ctx, tx, c.ID)
	}); err != nil {
		return card, err
	}
	return d.card(ctx, by, c)
}

// renamed tells the consoles that the open conversations of a person bear
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

// Reveal returns a number, an address or a personal attribute of a contact as
// it is: to who may see it, and to an agent who has verified the contact (domain
// reference §5.5). Who saw it and why is kept; the value is not. The field is phone,
// email, attribute.<code>, or a number or an address as Identities shows it:
// identity:<contact>:<kind>:<masked>.
func (d *Desk) Reveal(ctx context.Context, by agent.Actor, i contact.ID, field, reason string, v verification.ID) (value string, err error) {
	defer fault.Wrap(&err, "reveal the %s of contact %s", field, i)
	if err := by.Need(agent.ContactRead); err != nil {
		return "", err
	}
	if reason, err = checkReason(reason); err != nil {
		return "", err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Person(ctx, i)
		if err != nil {
			return err
		}
		if value, err = revealed(ctx, tx, by, c, field); err != nil {
			return err
		}
		if !by.May(agent.ContactReveal) {
			if err := by.Need(agent.ContactEdit); err != nil {
				return err
			}
			if err := d.Verified(ctx, tx, by, verification.Reveal, c.ID, v); err != nil {
				return err
			}
		}
		kind, _, _ := strings.Cut(field, ":") // the rest names a masked value
		return tx.Audit(ctx, audit.By(by, d.Now(), "contact.reveal", audit.Of("contact", c.ID, c.Name), verifiedBy(map[string]any{"field": kind, "reason": reason}, v)))
	})
	if err != nil {
		return "", err
	}
	return value, nil
}

func revealed(ctx context.Context, tx *store.Tx, by agent.Actor, c contact.Contact, field string) (string, error) {
	switch field {
	case "phone":
		return c.Phone, nil
	case "email":
		return c.Email, nil
	}
	if code, ok := strings.CutPrefix(field, contact.AttributeField("")); ok {
		fields, err := tx.Fields(ctx)
		if err != nil {
			return "", err
		}
		if f, ok := fields.Of(code); ok && (f.Sight != contact.SeenByFew || by.May(agent.ContactRestricted)) {
			return c.Attributes[code], nil
		}
	}
	if name, ok := strings.CutPrefix(field, "identity:"); ok {
		known, err := tx.Identities(ctx, c.ID)
		if err != nil {
			return "", err
		}
		for _, k := range known {
			if k.Contact.String()+":"+string(k.Kind)+":"+k.Masked().Shown == name {
				return k.Shown, nil
			}
		}
	}
	return "", errUnrevealed
}

var errUnrevealed = fault.New(fault.Invalid, "contact.field", "this field of the customer cannot be revealed").In("body.field")

// verifiedBy adds to the detail of an entry which verification it was done with.
func verifiedBy(detail map[string]any, v verification.ID) map[string]any {
	if !v.IsZero() {
		detail["verification"] = v.String()
	}
	return detail
}

func checkReason(s string) (string, error) {
	s = strings.TrimSpace(s)
	if n := utf8.RuneCountInString(s); n < 2 || n > contact.MaxReason {
		return s, fault.New(fault.Invalid, "contact.reason", "write the reason in %d to %d characters; it is kept", 2, contact.MaxReason).In("body.reason")
	}
	return s, nil
}

// ContactConversations returns a page of the conversations of the person that
// a contact is, as far as the actor may see them, newest first.
func (d *Desk) ContactConversations(ctx context.Context, by agent.Actor, i contact.ID, cursor string, limit int) (p Page[conversation.Conversation], err error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return p, err
	}
	tx := d.DB.Now()
	c, err := tx.Person(ctx, i)
	if err != nil {
		return p, err
	}
	p.Items, p.Next, err = tx.ListConversationsOf(ctx, by, c.ID, cursor, limited100(limit))
	return p, err
}

// ContactPages returns the pages that a person looked at last, newest first.
func (d *Desk) ContactPages(ctx context.Context, by agent.Actor, i contact.ID) ([]contact.PageView, error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return nil, err
	}
	tx := d.DB.Now()
	c, err := tx.Person(ctx, i)
	if err != nil {
		return nil, err
	}
	return tx.PageViews(ctx, c.ID, mostRows)
}
