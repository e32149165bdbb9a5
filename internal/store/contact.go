package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/retrieve"
	"yingda/internal/kit/id"
	"yingda/internal/store/sqlcgen"
)

// Contact returns a contact by id, as they know themself: what became of them
// by a merge is not in it (see Person). In a transaction that may change them,
// nobody else changes them until the end.
func (tx *Tx) Contact(ctx context.Context, i contact.ID) (contact.Contact, error) {
	if err := tx.lock(ctx, "contacts", int64(i)); err != nil {
		return contact.Contact{}, err
	}
	r, err := tx.Queries.Contact(ctx, i)
	if err != nil {
		return contact.Contact{}, notFound(err, "contact.unknown", "contact")
	}
	return contactOf(r)
}

// ContactIsBlocked reports whether a contact may not write to us: they, a
// contact that is the same person, or a number or an address of theirs is
// blocked. In a transaction nobody else changes the contact until the end.
func (tx *Tx) ContactIsBlocked(ctx context.Context, i contact.ID, now time.Time) (bool, error) {
	if err := tx.lock(ctx, "contacts", int64(i)); err != nil {
		return false, err
	}
	blocked, err := tx.ContactBlocked(ctx, sqlcgen.ContactBlockedParams{ID: i, Now: ms(now)})
	return blocked != nil && *blocked, err
}

// ContactByExternalID returns the contact whom the host site knows by an id of
// its own; false if there is none.
func (tx *Tx) ContactByExternalID(ctx context.Context, external string) (contact.Contact, bool, error) {
	r, err := tx.Queries.ContactByExternalID(ctx, external)
	if errors.Is(err, sql.ErrNoRows) {
		return contact.Contact{}, false, nil
	}
	if err != nil {
		return contact.Contact{}, false, err
	}
	c, err := contactOf(r)
	return c, err == nil, err
}

// InsertContact adds a contact and files them for the search.
func (tx *Tx) InsertContact(ctx context.Context, c contact.Contact) error {
	attributes, err := attributesText(c)
	if err != nil {
		return err
	}
	if c.Person.IsZero() {
		c.Person = c.ID
	}
	if err := tx.Queries.InsertContact(ctx, sqlcgen.InsertContactParams{
		ID: c.ID, PersonID: c.Person, Name: c.Name, Phone: c.Phone, Email: c.Email, ExternalID: c.ExternalID, Signed: c.Signed, Language: c.Language,
		Attributes: attributes, Tags: tagsText(c.Tags), Device: c.Device,
		CreatedAt: ms(c.CreatedAt), LastSeenAt: ms(c.LastSeenAt),
	}); err != nil {
		return err
	}
	if err := tx.addIdentities(ctx, c); err != nil {
		return err
	}
	if err := tx.addWords(ctx, c); err != nil {
		return err
	}
	return tx.IndexContact(ctx, c)
}

// SaveContact writes c back. It is a Conflict if someone else wrote it since.
// The name of who stands for a person is changed in the lists of conversations
// too.
func (tx *Tx) SaveContact(ctx context.Context, was, c contact.Contact) error {
	attributes, err := attributesText(c)
	if err != nil {
		return err
	}
	if err := changed(tx.Queries.SaveContact(ctx, sqlcgen.SaveContactParams{
		ID: c.ID, Version: c.Version, Name: c.Name, Phone: c.Phone, Email: c.Email, ExternalID: c.ExternalID, Signed: c.Signed, Language: c.Language,
		Attributes: attributes, Tags: tagsText(c.Tags), Device: c.Device, LastSeenAt: ms(c.LastSeenAt),
	})); err != nil {
		return err
	}
	if was.Name != c.Name && c.Person == c.ID {
		if err := tx.RenameInConversations(ctx, sqlcgen.RenameInConversationsParams{Name: c.Name, PersonID: c.ID}); err != nil {
			return err
		}
	}
	if !slices.Equal(was.Tags, c.Tags) || !maps.Equal(was.Attributes, c.Attributes) {
		if err := tx.DeleteWords(ctx, c.ID); err != nil {
			return err
		}
		if err := tx.addWords(ctx, c); err != nil {
			return err
		}
	}
	known := was.Phone == c.Phone && was.Email == c.Email && was.ExternalID == c.ExternalID
	if !known {
		if err := tx.DeleteMainIdentities(ctx, c.ID); err != nil {
			return err
		}
		if err := tx.addIdentities(ctx, c); err != nil {
			return err
		}
	}
	if was.Name != c.Name || !known {
		return tx.IndexPerson(ctx, c.Person)
	}
	return nil
}

func (tx *Tx) addIdentities(ctx context.Context, c contact.Contact) error {
	for _, k := range c.Identities() {
		if err := tx.AddIdentity(ctx, k); err != nil {
			return err
		}
	}
	return nil
}

// longestWord is how much of an attribute can be looked for, in bytes.
const longestWord = 200

// tagWord is the name under which tags can be looked for.
const tagWord = "tag"

func (tx *Tx) addWords(ctx context.Context, c contact.Contact) error {
	for _, t := range c.Tags {
		if err := tx.AddWord(ctx, sqlcgen.AddWordParams{ContactID: c.ID, Name: tagWord, Value: t}); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Attributes)) {
		v := c.Attributes[name]
		if len(v) > longestWord {
			continue
		}
		if err := tx.AddWord(ctx, sqlcgen.AddWordParams{ContactID: c.ID, Name: contact.AttributeField(name), Value: v}); err != nil {
			return err
		}
	}
	return nil
}

// InsertPageView records a page that a contact looked at.
func (tx *Tx) InsertPageView(ctx context.Context, who contact.ID, p contact.PageView) error {
	return tx.Queries.InsertPageView(ctx, sqlcgen.InsertPageViewParams{
		ID: int64(id.New[logNoun](p.At)), ContactID: who, At: ms(p.At), Url: p.URL, Title: p.Title, Referrer: p.Referrer,
	})
}

// PageViews returns the pages that a person looked at last, newest first.
func (tx *Tx) PageViews(ctx context.Context, person contact.ID, most int) ([]contact.PageView, error) {
	rows, err := tx.Queries.PageViews(ctx, sqlcgen.PageViewsParams{PersonID: person, Most: int64(most)})
	ps := make([]contact.PageView, 0, len(rows))
	for _, r := range rows {
		ps = append(ps, contact.PageView{At: at(r.At), URL: r.Url, Title: r.Title, Referrer: r.Referrer})
	}
	return ps, err
}

// TrimPageViews forgets pages that were looked at before a time.
func (tx *Tx) TrimPageViews(ctx context.Context, before time.Time) error {
	return tx.Queries.TrimPageViews(ctx, ms(before))
}

func contactOf(r sqlcgen.Contact) (contact.Contact, error) {
	c := contact.Contact{
		ID: r.ID, Person: r.PersonID, Name: r.Name, Phone: r.Phone, Email: r.Email, ExternalID: r.ExternalID, Signed: r.Signed, Language: r.Language,
		Tags: tagsOf(r.Tags), Device: r.Device,
		CreatedAt: at(r.CreatedAt), LastSeenAt: at(r.LastSeenAt), Version: r.Version,
	}
	if err := json.Unmarshal([]byte(r.Attributes), &c.Attributes); err != nil {
		return c, fmt.Errorf("attributes of contact %s: %w", c.ID, err)
	}
	return c, nil
}

func tagsText(tags []string) string { return strings.Join(tags, "\n") }

func tagsOf(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func attributesText(c contact.Contact) (string, error) {
	if c.Attributes == nil {
		return "{}", nil
	}
	b, err := json.Marshal(c.Attributes)
	return string(b), err
}

// Word is a tag or an attribute that contacts are looked for by.
type Word struct{ name, value string }

// TagWord is who has a tag.
func TagWord(t string) Word { return Word{tagWord, t} }

// AttributeWord is who has an attribute with a value.
func AttributeWord(name, value string) Word { return Word{contact.AttributeField(name), value} }

// having adds the condition that contacts have some words.
func (l *list) having(column string, words []Word) {
	for _, w := range words {
		l.and(column+" IN (SELECT w.contact_id FROM contact_words w WHERE w.name = ? AND w.value = ?)", w.name, w.value)
	}
}

// ListContacts returns a page of people and the cursor of the next one: who
// matches all terms, newest first, or without terms who was here last. All of
// them have the words.
func (tx *Tx) ListContacts(ctx context.Context, terms []retrieve.Term, words []Word, cursor string, limit int) ([]contact.Contact, string, error) {
	if len(terms) > 0 {
		return tx.listFound(ctx, terms, words, cursor, limit)
	}
	q := newList("SELECT " + contactColumns + " FROM contacts c")
	q.and("c.person_id = c.id")
	q.having("c.id", words)
	if cursor != "" {
		ns, err := ReadCursor(cursor, 2)
		if err != nil {
			return nil, "", err
		}
		q.and("(c.last_seen_at, c.id) < (?, ?)", ns[0], ns[1])
	}
	cs, err := tx.readContacts(ctx, q, "ORDER BY c.last_seen_at DESC, c.id DESC LIMIT ?", limit+1)
	if err != nil || len(cs) <= limit {
		return cs, "", err
	}
	last := cs[limit-1]
	return cs[:limit], WriteCursor(ms(last.LastSeenAt), int64(last.ID)), nil
}

func (tx *Tx) listFound(ctx context.Context, terms []retrieve.Term, words []Word, cursor string, limit int) ([]contact.Contact, string, error) {
	var before contact.ID
	if cursor != "" {
		ns, err := ReadCursor(cursor, 1)
		if err != nil {
			return nil, "", err
		}
		before = contact.ID(ns[0])
	}
	ids, err := tx.FindContacts(ctx, terms, words, before, limit+1)
	if err != nil || len(ids) == 0 {
		return []contact.Contact{}, "", err
	}
	next := ""
	if len(ids) > limit {
		ids = ids[:limit]
		next = WriteCursor(int64(ids[limit-1]))
	}
	q := newList("SELECT " + contactColumns + " FROM contacts c")
	q.in("c.id", ids)
	cs, err := tx.readContacts(ctx, q, "ORDER BY c.id DESC LIMIT ?", limit)
	return cs, next, err
}

const contactColumns = `c.id, c.person_id, c.name, c.phone, c.email, c.external_id, c.signed, c.language, c.attributes, c.tags,
	c.device, c.created_at, c.last_seen_at, c.version`

func (tx *Tx) readContacts(ctx context.Context, q *list, tail string, args ...any) ([]contact.Contact, error) {
	rows, err := tx.db.QueryContext(ctx, q.text(tail, args...), q.args...)
	if err != nil {
		return nil, err
	}
	defer func() { logClose("contacts", rows.Close()) }()
	cs := []contact.Contact{}
	for rows.Next() {
		var r sqlcgen.Contact
		if err := rows.Scan(&r.ID, &r.PersonID, &r.Name, &r.Phone, &r.Email, &r.ExternalID, &r.Signed, &r.Language, &r.Attributes, &r.Tags,
			&r.Device, &r.CreatedAt, &r.LastSeenAt, &r.Version); err != nil {
			return nil, err
		}
		c, err := contactOf(r)
		if err != nil {
			return nil, err
		}
		cs = append(cs, c)
	}
	return cs, rows.Err()
}

// CountConversationsOf returns how many conversations each of some people had.
func (tx *Tx) CountConversationsOf(ctx context.Context, cs []contact.Contact) (map[contact.ID]int, error) {
	n := make(map[contact.ID]int, len(cs))
	if len(cs) == 0 {
		return n, nil
	}
	ids := make([]contact.ID, 0, len(cs))
	for _, c := range cs {
		ids = append(ids, c.ID)
	}
	q := newList("SELECT p.person_id, COUNT(*) FROM contacts p JOIN conversations c ON c.contact_id = p.id")
	q.in("p.person_id", ids)
	rows, err := tx.db.QueryContext(ctx, q.text("GROUP BY p.person_id"), q.args...)
	if err != nil {
		return nil, err
	}
	defer func() { logClose("counts", rows.Close()) }()
	for rows.Next() {
		var i contact.ID
		var count int
		if err := rows.Scan(&i, &count); err != nil {
			return nil, err
		}
		n[i] = count
	}
	return n, rows.Err()
}

// ListConversationsOf returns a page of a person's conversations that an
// actor may see, newest first, and the cursor of the next one.
func (tx *Tx) ListConversationsOf(ctx context.Context, by agent.Actor, person contact.ID, cursor string, limit int) ([]conversation.Conversation, string, error) {
	q := newList("SELECT " + conversationColumns + " FROM conversations c")
	q.and("c.contact_id IN (SELECT p.id FROM contacts p WHERE p.person_id = ?)", person)
	q.sight(by)
	if cursor != "" {
		ns, err := ReadCursor(cursor, 1)
		if err != nil {
			return nil, "", err
		}
		q.and("c.id < ?", ns[0])
	}
	cs, err := tx.readConversations(ctx, q, "ORDER BY c.id DESC LIMIT ?", limit+1)
	if err != nil || len(cs) <= limit {
		return cs, "", err
	}
	return cs[:limit], WriteCursor(int64(cs[limit-1].ID)), nil
}

func (tx *Tx) readConversations(ctx context.Context, q *list, tail string, args ...any) ([]conversation.Conversation, error) {
	rows, err := tx.db.QueryContext(ctx, q.text(tail, args...), q.args...)
	if err != nil {
		return nil, err
	}
	defer func() { logClose("conversations", rows.Close()) }()
	cs := []conversation.Conversation{}
	for rows.Next() {
		var r sqlcgen.Conversation
		if err := scanConversation(rows.Scan, &r); err != nil {
			return nil, err
		}
		c, err := conversationOf(r)
		if err != nil {
			return nil, err
		}
		cs = append(cs, c)
	}
	return cs, rows.Err()
}

// in adds the condition that a column is one of some contacts.
func (l *list) in(column string, ids []contact.ID) {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	l.and(column+" IN ("+strings.TrimSuffix(strings.Repeat("?,", len(ids)), ",")+")", args...)
}
