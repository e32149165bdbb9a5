package company

import (
	"strings"
	"testing"

	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
)

func TestDefaultsAreInOrder(t *testing.T) {
	t.Parallel()
	s := Defaults()
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"use", "business.recall", "complaint.dispute", "other"} {
		if _, ok := s.Category(id); !ok {
			t.Errorf("there is no category %s", id)
		}
	}
	if _, ok := s.Category("nonsense"); ok {
		t.Error("there is a category nonsense")
	}
}

func TestApply(t *testing.T) {
	t.Parallel()
	phone, name := "400-820-0000", inbox.Text{Zh: "远行汽车", En: "Yuanxing Motors"}
	got, fields := Defaults().Apply(Change{Phone: &phone, Company: &name})
	want := Defaults()
	want.Phone, want.Company = phone, name
	if got.Phone != want.Phone || got.Company != want.Company || got.PromiseChat != want.PromiseChat || len(got.Categories) != len(want.Categories) {
		t.Errorf("got %+v", got)
	}
	if strings.Join(fields, " ") != "company phone" {
		t.Errorf("changed %v", fields)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	deep := []Category{{ID: "a", Zh: "甲", Children: []Category{{ID: "b", Zh: "乙", Children: []Category{{ID: "c", Zh: "丙", Children: []Category{{ID: "d", Zh: "丁"}}}}}}}}
	for _, c := range []struct {
		name, code string
		change     func(*Settings)
	}{
		{"no name", "setting.company", func(s *Settings) { s.Company = inbox.Text{} }},
		{"a phone number that is none", "contact.phone", func(s *Settings) { s.Phone = "call us" }},
		{"an address that is none", "contact.email", func(s *Settings) { s.ComplaintEmail = "nowhere" }},
		{"no language", "setting.languages", func(s *Settings) { s.Languages = nil }},
		{"a language we do not speak", "setting.languages", func(s *Settings) { s.Languages = []string{"fr"} }},
		{"a long promise", "setting.text_long", func(s *Settings) { s.PromiseChat.Zh = strings.Repeat("长", maxText+1) }},
		{"hours that are none", "hours.zone", func(s *Settings) { s.PhoneHours.Zone = "Mars" }},
		{"no category", "setting.empty", func(s *Settings) { s.Categories = nil }},
		{"a category twice", "setting.id_twice", func(s *Settings) { s.Categories[0].Children[0].ID = "other" }},
		{"a category without a name", "setting.name", func(s *Settings) { s.Categories[0].Zh, s.Categories[0].En = "", "" }},
		{"a category with a wild id", "setting.id", func(s *Settings) { s.Categories[0].ID = "A b" }},
		{"too deep", "setting.categories", func(s *Settings) { s.Categories = deep }},
		{"no result", "setting.empty", func(s *Settings) { s.Results = []Result{} }},
		{"too many reasons", "setting.choices", func(s *Settings) { s.BreakReasons = make([]Choice, maxChoices+1) }},
	} {
		s := Defaults()
		c.change(&s)
		if err := s.Check(); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
}
