package store_test

import (
	"testing"

	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// Bytes that PostgreSQL refuses come from browsers' names, from words of a
// query and from pages of other sites. They fail nothing, on either engine.
func TestTextThatCannotBeKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		who := contact.Contact{
			ID: contact.NewID(now), Name: "林\x00晓", ExternalID: "u\x001", Language: "zh", Device: "Chrome \xff\xfe",
			CreatedAt: now, LastSeenAt: now,
		}
		if err := db.Update(ctx, func(tx *store.Tx) error {
			if err := tx.InsertContact(ctx, who); err != nil {
				return err
			}
			return tx.InsertPageView(ctx, who.ID, contact.PageView{At: now, URL: "https://a.cn/\x00", Title: "\xff"})
		}); err != nil {
			t.Fatal(err)
		}
		tx := db.Now()
		got, err := tx.Contact(ctx, who.ID)
		if err != nil || got.Name != "林晓" || got.Device != "Chrome \uFFFD" || got.ExternalID != "u1" {
			t.Errorf("kept %q, %q and %q: %v", got.Name, got.Device, got.ExternalID, err)
		}
		if _, have, err := tx.ContactByExternalID(ctx, "u\x001"); err != nil || !have {
			t.Errorf("found: %v, %v", have, err)
		}
		if _, err := tx.InboxByKey(ctx, "\x00\xff"); err == nil {
			t.Error("an inbox without a key")
		}
		for _, s := range []string{"\x00", "\xff"} {
			if _, err := tx.AuditEntries(ctx, audit.Filter{Actor: s, Action: s, ObjectKind: s, ObjectID: s, Limit: 1}); err != nil {
				t.Errorf("%q: %v", s, err)
			}
			if _, _, err := tx.ListQuestions(ctx, store.KnowledgeList{Words: s, Category: s, Limit: 1}); err != nil {
				t.Errorf("%q: %v", s, err)
			}
		}
	})
}
