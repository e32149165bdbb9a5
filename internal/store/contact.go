package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yingda/internal/domain/contact"
	"yingda/internal/kit/id"
	"yingda/internal/store/sqlcgen"
)

// Contact returns a contact by id. In a transaction that may change them,
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
	if err := tx.Queries.InsertContact(ctx, sqlcgen.InsertContactParams{
		ID: c.ID, Name: c.Name, Phone: c.Phone, Email: c.Email, ExternalID: c.ExternalID, Signed: c.Signed, Language: c.Language,
		Note: c.Note, Attributes: attributes, Blocked: c.Blocked, BlockedReason: c.BlockedReason, Device: c.Device,
		CreatedAt: ms(c.CreatedAt), LastSeenAt: ms(c.LastSeenAt),
	}); err != nil {
		return err
	}
	return tx.IndexContact(ctx, c)
}

// SaveContact writes c back. It is a Conflict if someone else wrote it since.
// A name that changed is changed in the lists of conversations too.
func (tx *Tx) SaveContact(ctx context.Context, was, c contact.Contact) error {
	attributes, err := attributesText(c)
	if err != nil {
		return err
	}
	if err := changed(tx.Queries.SaveContact(ctx, sqlcgen.SaveContactParams{
		ID: c.ID, Version: c.Version, Name: c.Name, Phone: c.Phone, Email: c.Email, ExternalID: c.ExternalID, Signed: c.Signed, Language: c.Language,
		Note: c.Note, Attributes: attributes, Blocked: c.Blocked, BlockedReason: c.BlockedReason, Device: c.Device, LastSeenAt: ms(c.LastSeenAt),
	})); err != nil {
		return err
	}
	if was.Name != c.Name {
		if err := tx.RenameInConversations(ctx, sqlcgen.RenameInConversationsParams{Name: c.Name, ContactID: c.ID}); err != nil {
			return err
		}
	}
	if was.Name != c.Name || was.Phone != c.Phone || was.Email != c.Email || was.ExternalID != c.ExternalID {
		return tx.IndexContact(ctx, c)
	}
	return nil
}

// InsertPageView records a page that a contact looked at.
func (tx *Tx) InsertPageView(ctx context.Context, who contact.ID, p contact.PageView) error {
	return tx.Queries.InsertPageView(ctx, sqlcgen.InsertPageViewParams{
		ID: int64(id.New[logNoun](p.At)), ContactID: who, At: ms(p.At), Url: p.URL, Title: p.Title, Referrer: p.Referrer,
	})
}

// PageViews returns the pages that a contact looked at last, newest first.
func (tx *Tx) PageViews(ctx context.Context, who contact.ID, most int) ([]contact.PageView, error) {
	rows, err := tx.Queries.PageViews(ctx, sqlcgen.PageViewsParams{ContactID: who, Most: int64(most)})
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
		ID: r.ID, Name: r.Name, Phone: r.Phone, Email: r.Email, ExternalID: r.ExternalID, Signed: r.Signed, Language: r.Language,
		Note: r.Note, Blocked: r.Blocked, BlockedReason: r.BlockedReason, Device: r.Device,
		CreatedAt: at(r.CreatedAt), LastSeenAt: at(r.LastSeenAt), Version: r.Version,
	}
	if err := json.Unmarshal([]byte(r.Attributes), &c.Attributes); err != nil {
		return c, fmt.Errorf("attributes of contact %s: %w", c.ID, err)
	}
	return c, nil
}

func attributesText(c contact.Contact) (string, error) {
	if c.Attributes == nil {
		return "{}", nil
	}
	b, err := json.Marshal(c.Attributes)
	return string(b), err
}
