package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/retrieve"
)

// index files a row under tokens. An empty text is not filed.
func (tx *Tx) index(ctx context.Context, table string, row int64, tokens []string) error {
	if len(tokens) == 0 {
		return nil
	}
	_, err := tx.db.ExecContext(ctx, fmt.Sprintf(tx.dialect.indexInto, table), row, strings.Join(tokens, " "))
	return err
}

// reindex files a row anew.
func (tx *Tx) reindex(ctx context.Context, table string, row int64, tokens []string) error {
	if _, err := tx.db.ExecContext(ctx, fmt.Sprintf(tx.dialect.unindex, table), row); err != nil {
		return err
	}
	return tx.index(ctx, table, row, tokens)
}

// forget removes a message from the search: it was filed under these tokens.
func (tx *Tx) forget(ctx context.Context, row int64, tokens []string) error {
	if len(tokens) == 0 {
		return nil
	}
	_, err := tx.db.ExecContext(ctx, fmt.Sprintf(tx.dialect.forget, "search_messages"), row, strings.Join(tokens, " "))
	return err
}

// match writes terms as the engine's full-text search wants them. Terms are
// letters and digits only (see retrieve.QueryTokens), so nothing in them can
// be read as an operator.
func (d dialect) match(terms []retrieve.Term) string {
	var b strings.Builder
	for i, t := range terms {
		switch {
		case i == 0:
		case d.name == postgres:
			b.WriteString(" & ")
		default:
			b.WriteByte(' ')
		}
		quote := `"`
		if d.name == postgres {
			quote = "'"
		}
		b.WriteString(quote + t.Text + quote)
		switch {
		case t.Prefix && d.name == postgres:
			b.WriteString(":*")
		case t.Prefix:
			b.WriteByte('*')
		}
	}
	return b.String()
}

// Found is a message that a search may show.
type Found struct {
	ID           conversation.MessageID
	Conversation conversation.ID
	Text         string
}

// FindMessages returns messages that hold all terms and that the actor may
// see, newest first, before an id.
func (tx *Tx) FindMessages(ctx context.Context, by agent.Actor, terms []retrieve.Term, before conversation.MessageID, most int) ([]Found, error) {
	if before.IsZero() {
		before = maxID
	}
	q := newList(`SELECT m.id, m.conversation_id, m.text FROM search_messages s CROSS JOIN messages m CROSS JOIN conversations c`)
	q.and(tx.dialect.matches("search_messages"), tx.dialect.match(terms))
	q.and("s.rowid < ?", before)
	q.and("m.id = s.rowid")
	q.and("c.id = m.conversation_id")
	q.sight(by)
	rows, err := tx.db.QueryContext(ctx, q.text("ORDER BY s.rowid DESC LIMIT "+strconv.Itoa(most)), q.args...)
	if err != nil {
		return nil, err
	}
	defer func() { logClose("search", rows.Close()) }()
	found := make([]Found, 0, most)
	for rows.Next() {
		var f Found
		if err := rows.Scan(&f.ID, &f.Conversation, &f.Text); err != nil {
			return nil, err
		}
		found = append(found, f)
	}
	return found, rows.Err()
}

// IndexContact files a contact's name and addresses for the search. The end of
// a phone number finds it too: that is the part that is not masked.
func (tx *Tx) IndexContact(ctx context.Context, c contact.Contact) error {
	return tx.reindex(ctx, "search_contacts", int64(c.ID), retrieve.IndexTokens(contactText([]contact.Contact{c}, c.Identities())))
}

// IndexPerson files a person under all names and identities of the contacts
// that are one with them.
func (tx *Tx) IndexPerson(ctx context.Context, person contact.ID) error {
	cs, err := tx.SamePerson(ctx, person)
	if err != nil {
		return err
	}
	known, err := tx.Identities(ctx, person)
	if err != nil {
		return err
	}
	return tx.reindex(ctx, "search_contacts", int64(person), retrieve.IndexTokens(contactText(cs, known)))
}

// UnindexContact lets a contact not be found any more.
func (tx *Tx) UnindexContact(ctx context.Context, i contact.ID) error {
	return tx.reindex(ctx, "search_contacts", int64(i), nil)
}

func contactText(cs []contact.Contact, known []contact.Known) string {
	texts := make([]string, 0, len(cs)+len(known))
	for _, c := range cs {
		texts = append(texts, c.Name)
	}
	for _, k := range known {
		texts = append(texts, k.Shown)
		if digits := onlyDigits(k.Shown); k.Kind == contact.ByPhone && len(digits) >= 8 {
			texts = append(texts, digits, digits[len(digits)-4:])
		}
	}
	return strings.Join(texts, " ")
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// wholeNumbers returns the terms without numbers that are only begun.
func wholeNumbers(terms []retrieve.Term) []retrieve.Term {
	whole := slices.Clone(terms)
	for i, t := range whole {
		whole[i].Prefix = t.Prefix && onlyDigits(t.Text) != t.Text
	}
	return whole
}

// FindContacts returns the ids of contacts who match all terms, newest first,
// before an id, and have all the words. Digits must be the whole number or its end: as a beginning they
// would tell a masked number, one digit after the other.
func (tx *Tx) FindContacts(ctx context.Context, terms []retrieve.Term, words []Word, before contact.ID, most int) ([]contact.ID, error) {
	if before.IsZero() {
		before = maxID
	}
	q := newList(`SELECT s.rowid FROM search_contacts s`)
	q.and(tx.dialect.matches("search_contacts"), tx.dialect.match(wholeNumbers(terms)))
	q.and("s.rowid < ?", before)
	q.having("s.rowid", words)
	rows, err := tx.db.QueryContext(ctx, q.text("ORDER BY s.rowid DESC LIMIT "+strconv.Itoa(most)), q.args...)
	if err != nil {
		return nil, err
	}
	defer func() { logClose("search", rows.Close()) }()
	var ids []contact.ID
	for rows.Next() {
		var i contact.ID
		if err := rows.Scan(&i); err != nil {
			return nil, err
		}
		ids = append(ids, i)
	}
	return ids, rows.Err()
}
