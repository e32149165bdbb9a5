package contact_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/contact"
	"yingda/internal/kit/fault"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func anyContact(t *rapid.T, label string) contact.Contact {
	word := rapid.SampledFrom([]string{"", "a", "b", "c"})
	c := contact.Contact{
		ID: contact.NewID(noon), Name: rapid.SampledFrom([]string{"张伟", "李娜", ""}).Draw(t, label+" name"),
		Phone: rapid.SampledFrom([]string{"", "13800001111", "13900002222"}).Draw(t, label+" phone"),
		Email: rapid.SampledFrom([]string{"", "a@example.cn", "b@example.cn"}).Draw(t, label+" email"), Language: rapid.SampledFrom([]string{"zh", "en"}).Draw(t, label+" language"),
		Attributes: map[string]string{},
	}
	c.Person = c.ID
	if c.Name == "" {
		c.Name = contact.GuestName(c.ID, c.Language)
	}
	for _, name := range []string{"tier", "city", "plate"} {
		if v := word.Draw(t, label+" "+name); v != "" {
			c.Attributes[name] = v
		}
	}
	for _, tag := range []string{"VIP", "车队", "试驾"} {
		if rapid.Bool().Draw(t, label+" "+tag) {
			c.Tags = append(c.Tags, tag)
		}
	}
	slices.Sort(c.Tags)
	return c
}

func sameContact(a, b contact.Contact) bool {
	return a.Name == b.Name && a.Phone == b.Phone && a.Email == b.Email && a.Language == b.Language && slices.Equal(a.Tags, b.Tags) && maps.Equal(a.Attributes, b.Attributes)
}

// A merge that is taken back has changed nothing, whatever was taken from
// whom; and nothing that either knew is lost by it.
func TestMergeAndBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kept, other := anyContact(t, "kept"), anyContact(t, "other")
		take := []string{}
		for _, f := range []string{"name", "phone", "email", "language", "attribute.tier", "attribute.city", "tags"} {
			if rapid.Bool().Draw(t, "take "+f) {
				take = append(take, f)
			}
		}
		merged, lines := contact.Plan(kept, other, take)
		m := contact.Merge{Kept: kept.ID, Other: other.ID, Changes: contact.ChangesOf(kept, merged)}
		if back, stay := m.Apart(merged); !sameContact(back, kept) || len(stay) > 0 {
			t.Fatalf("taken back: %+v, want %+v; %v stay", back, kept, stay)
		}
		for _, c := range []contact.Contact{kept, other} {
			for _, tag := range c.Tags {
				if !slices.Contains(merged.Tags, tag) {
					t.Fatalf("the tag %s is lost", tag)
				}
			}
			for name := range c.Attributes {
				if merged.Attributes[name] == "" {
					t.Fatalf("the attribute %s is lost", name)
				}
			}
		}
		if kept.Phone == "" && merged.Phone != other.Phone || merged.Name != kept.Name && !kept.Guest() && !slices.Contains(take, "name") {
			t.Fatalf("merged %+v of %+v and %+v", merged, kept, other)
		}
		for _, l := range lines {
			if l.Kept == l.Other {
				t.Fatalf("a line about what is the same: %+v", l)
			}
		}
	})
}

// What somebody changed after the merge stays.
func TestApartKeepsWhatWasChangedSince(t *testing.T) {
	t.Parallel()
	kept := contact.Contact{ID: contact.NewID(noon), Name: "张伟", Language: "zh"}
	other := contact.Contact{ID: contact.NewID(noon), Name: "张先生", Phone: "13800001111", Email: "a@example.cn", Language: "zh"}
	merged, _ := contact.Plan(kept, other, nil)
	m := contact.Merge{Changes: contact.ChangesOf(kept, merged)}
	merged.Phone = "13900002222"
	back, stay := m.Apart(merged)
	if back.Phone != "13900002222" || back.Email != "" || !slices.Equal(stay, []string{"phone"}) {
		t.Errorf("%+v, stay %v", back, stay)
	}
}

func TestWhenAMergeCannotBe(t *testing.T) {
	t.Parallel()
	a, b := contact.NewID(noon), contact.NewID(noon)
	mine := contact.Merge{Kept: a, Other: b, KeptName: "张伟", Changes: []contact.Change{{Field: "phone"}}}
	undone := mine
	undone.UndoneAt = noon
	later := []contact.Merge{{Name: "李娜", Changes: []contact.Change{{Field: "phone"}}}}
	others := []contact.Merge{{Name: "李娜", Changes: []contact.Change{{Field: "email"}}}}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"one contact":       {contact.CheckMerge(contact.Contact{ID: a, Person: a}, contact.Contact{ID: a, Person: a}), "contact.merge_same"},
		"one already":       {contact.CheckMerge(contact.Contact{ID: a, Person: a}, contact.Contact{ID: b, Person: a}), "contact.merge_same"},
		"two for the site":  {contact.CheckMerge(contact.Contact{ID: a, Person: a, Signed: true, ExternalID: "1"}, contact.Contact{ID: b, Person: b, Signed: true, ExternalID: "2"}), "contact.merge_signed"},
		"a guest":           {contact.CheckMerge(contact.Contact{ID: a, Person: a, Signed: true, ExternalID: "1"}, contact.Contact{ID: b, Person: b}), ""},
		"back":              {mine.CheckApart(contact.Contact{ID: a, Person: a}, nil), ""},
		"back, others":      {mine.CheckApart(contact.Contact{ID: a, Person: a}, others), ""},
		"back twice":        {undone.CheckApart(contact.Contact{ID: a, Person: a}, nil), "contact.merge_undone"},
		"merged since":      {mine.CheckApart(contact.Contact{ID: a, Person: b}, nil), "contact.merge_above"},
		"same fields later": {mine.CheckApart(contact.Contact{ID: a, Person: a}, later), "contact.merge_later"},
	} {
		if got := fault.CodeOf(c.err); c.err == nil && c.want != "" || c.err != nil && got != c.want {
			t.Errorf("%s: %v, want %s", name, c.err, c.want)
		}
	}
}

func TestNormal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind     contact.IdentityKind
		in, want string
	}{
		{contact.ByPhone, "138 0000-1111", "13800001111"},
		{contact.ByPhone, "+86 138 0000 1111", "13800001111"},
		{contact.ByPhone, "0086-13800001111", "13800001111"},
		{contact.ByPhone, "(021) 5566 7788", "02155667788"},
		{contact.ByPhone, "+1 650 555 0100", "+16505550100"},
		{contact.ByPhone, "+8612345", "+8612345"},
		{contact.ByEmail, " Zhang.Wei@Example.CN ", "zhang.wei@example.cn"},
		{contact.ByExternal, " U-1 ", "U-1"},
	} {
		if got := c.kind.Normal(c.in); got != c.want {
			t.Errorf("%s %q is %q, want %q", c.kind, c.in, got, c.want)
		}
		if again := c.kind.Normal(c.want); again != c.want {
			t.Errorf("%q does not stay: %q", c.want, again)
		}
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	fs := contact.Fields{
		{Code: "birthday", Kind: contact.DateField, Sight: contact.SeenByAll},
		{Code: "age", Kind: contact.NumberField, Sight: contact.SeenByAll},
		{Code: "id_number", Kind: contact.TextField, Sight: contact.SeenMasked, Required: []string{"repair"}},
		{Code: "score", Kind: contact.TextField, Sight: contact.SeenByFew},
		{Code: "tier", Kind: contact.ChoiceField, Sight: contact.SeenByAll, Choices: []contact.FieldChoice{{Code: "gold", Name: text("金", "Gold")}}},
	}
	lin := actor()
	was := map[string]string{"id_number": "310101199001011234", "score": "9", "free": "x"}
	shown := fs.Attributes(lin, was)
	if shown["id_number"] != "3***4" || shown["score"] != "" || shown["free"] != "x" {
		t.Errorf("shown %v", shown)
	}
	now, err := fs.Change(lin, was, map[string]string{"birthday": "1990年1月2日", "age": " 36.50 ", "tier": "金", "id_number": "3***4", "free": ""})
	want := map[string]string{"birthday": "1990-01-02", "age": "36.5", "tier": "gold", "id_number": "310101199001011234", "score": "9"}
	if err != nil || !maps.Equal(now, want) {
		t.Errorf("%v, %v", now, err)
	}
	for name, c := range map[string]struct{ code, value, want string }{
		"no date":    {"birthday", "tomorrow", "attribute.not_date"},
		"no number":  {"age", "old", "attribute.not_number"},
		"no choice":  {"tier", "silver", "attribute.not_choice"},
		"restricted": {"score", "10", "attribute.restricted"},
		"no name":    {" ", "x", "attribute.name_long"},
	} {
		if _, err := fs.Change(lin, was, map[string]string{c.code: c.value}); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if m := fs.Missing("repair.battery", contact.Contact{}); len(m) != 1 || m[0].Code != "id_number" {
		t.Errorf("missing %v", m)
	}
	if m := fs.Missing("refund", contact.Contact{}); len(m) != 0 {
		t.Errorf("missing %v", m)
	}
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		b           contact.Block
		value, code string
	}{
		"a phone":     {contact.Block{Kind: contact.BlockPhone, Shown: "+86 138 0000 1111", Reason: "骚扰"}, "13800001111", ""},
		"an address":  {contact.Block{Kind: contact.BlockNetwork, Shown: "203.0.113.7", Reason: "骚扰"}, "203.0.113.7/32", ""},
		"a network":   {contact.Block{Kind: contact.BlockNetwork, Shown: "203.0.113.77/24", Reason: "骚扰"}, "203.0.113.0/24", ""},
		"version 6":   {contact.Block{Kind: contact.BlockNetwork, Shown: "2001:db8::/48", Reason: "骚扰"}, "2001:db8::/48", ""},
		"too wide":    {contact.Block{Kind: contact.BlockNetwork, Shown: "10.0.0.0/8", Reason: "骚扰"}, "", "block.wide"},
		"no network":  {contact.Block{Kind: contact.BlockNetwork, Shown: "next door", Reason: "骚扰"}, "", "block.network"},
		"no reason":   {contact.Block{Kind: contact.BlockPhone, Shown: "13800001111"}, "", "contact.reason"},
		"no phone":    {contact.Block{Kind: contact.BlockPhone, Shown: "x", Reason: "骚扰"}, "", "contact.phone"},
		"over before": {contact.Block{Kind: contact.BlockPhone, Shown: "13800001111", Reason: "骚扰", Until: noon}, "", "block.until"},
		"nobody":      {contact.Block{Kind: contact.BlockContact, Reason: "骚扰"}, "", "block.contact"},
		"no kind":     {contact.Block{Kind: "x", Reason: "骚扰"}, "", "block.kind"},
	} {
		b, err := c.b.Check(noon)
		if c.code != "" {
			if fault.CodeOf(err) != c.code || err == nil {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
			continue
		}
		if err != nil || b.Value != c.value {
			t.Errorf("%s: %q, %v", name, b.Value, err)
		}
	}
	b := contact.Block{Until: noon}
	if b.Holds(noon) || !b.Holds(noon.Add(-time.Millisecond)) || !(contact.Block{}).Holds(noon) || (contact.Block{LiftedAt: noon}).Holds(noon) {
		t.Error("a block holds until its end")
	}
}
