package store_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"yingda/internal/domain/company"
	"yingda/internal/domain/ticket"
	"yingda/internal/store"
	"yingda/internal/store/sqlcgen"
	"yingda/internal/store/storetest"
)

// What an administrator takes away does not come back from the defaults, and
// reading leaves the defaults as they were.
func TestAListIsStoredWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, before := t.Context(), written(t, ticket.DefaultHandling())
		h, s := ticket.DefaultHandling(), company.Defaults()
		for i, c := range h.Categories {
			h.Categories[i] = ticket.Category{ID: c.ID, Name: c.Name, Kind: c.Kind}
		}
		h.Rises = h.Rises[2:]
		for i, c := range s.Categories {
			s.Categories[i] = company.Category{ID: c.ID, Zh: c.Zh, En: c.En}
		}
		if err := db.Update(ctx, func(tx *store.Tx) error {
			if err := tx.SaveCompany(ctx, s, now); err != nil {
				return err
			}
			return tx.SaveHandling(ctx, h, now)
		}); err != nil {
			t.Fatal(err)
		}
		gotH, err := db.Now().Handling(ctx)
		if err != nil || !reflect.DeepEqual(gotH, h) {
			t.Errorf("the categories of cases became %+v, %v", gotH.Categories, err)
		}
		gotS, err := db.Now().Company(ctx)
		if err != nil || !reflect.DeepEqual(gotS, s) {
			t.Errorf("the categories of conversations became %+v, %v", gotS.Categories, err)
		}
		if after := written(t, ticket.DefaultHandling()); after != before {
			t.Errorf("the defaults became %s", after)
		}
	})
}

// What was stored before a field was known has its default.
func TestAnOldSettingHasDefaults(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		if err := db.Update(ctx, func(tx *store.Tx) error {
			return tx.PutSetting(ctx, sqlcgen.PutSettingParams{Name: "handling", Value: `{"windows":{"remind":3600000000000},"rises":null}`, UpdatedAt: 1})
		}); err != nil {
			t.Fatal(err)
		}
		h, err := db.Now().Handling(ctx)
		want := ticket.DefaultHandling()
		want.Windows.Remind, want.Rises = 3600000000000, nil
		if err != nil || !reflect.DeepEqual(h, want) {
			t.Errorf("%+v, %v", h, err)
		}
	})
}

func written(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
