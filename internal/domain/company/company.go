// Package company is what the company says of itself and how it sorts its
// work: names, ways to reach it, promises, the categories and results of a
// conversation's summary, the reasons for a break.
package company

import (
	"regexp"
	"slices"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/sla"
	"yingda/internal/kit/fault"
)

// Settings are all of it. An administrator changes them while the program runs.
type Settings struct {
	Company        inbox.Text `json:"company"`
	Phone          string     `json:"phone"`
	Email          string     `json:"email"`
	ComplaintEmail string     `json:"complaint_email"`
	Address        inbox.Text `json:"address"`
	PhoneHours     sla.Hours  `json:"phone_hours"`
	PromiseChat    inbox.Text `json:"promise_chat"`
	PromisePhone   inbox.Text `json:"promise_phone"`
	PromiseEmail   inbox.Text `json:"promise_email"`
	Categories     []Category `json:"categories"` // of the summary (小结)
	Results        []Result   `json:"results"`    // of the summary
	Languages      []string   `json:"languages"`  // those that the widget and the pages offer
	BreakReasons   []Choice   `json:"break_reasons"`
}

// Category is a branch of the tree that conversations are sorted into.
type Category struct {
	ID       string     `json:"id"` // stays the same when the name changes
	Zh       string     `json:"zh"`
	En       string     `json:"en"`
	Children []Category `json:"children,omitempty"`
}

// Choice is one of a list to choose from.
type Choice struct {
	ID string `json:"id"`
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Result is how a conversation ends. Who has come to the wrong place is told of
// the right line, or handed to the team that it is for (R028).
type Result struct {
	Choice
	Tell inbox.Text   `json:"tell,omitzero"`    // what the contact is told when it ends so
	Team agent.TeamID `json:"team_id,omitzero"` // to whom it is handed instead
}

// Change is what an administrator changes; what is nil stays.
type Change struct {
	Company        *inbox.Text `json:"company,omitempty"`
	Phone          *string     `json:"phone,omitempty"`
	Email          *string     `json:"email,omitempty"`
	ComplaintEmail *string     `json:"complaint_email,omitempty"`
	Address        *inbox.Text `json:"address,omitempty"`
	PhoneHours     *sla.Hours  `json:"phone_hours,omitempty"`
	PromiseChat    *inbox.Text `json:"promise_chat,omitempty"`
	PromisePhone   *inbox.Text `json:"promise_phone,omitempty"`
	PromiseEmail   *inbox.Text `json:"promise_email,omitempty"`
	Categories     *[]Category `json:"categories,omitempty"`
	Results        *[]Result   `json:"results,omitempty"`
	Languages      *[]string   `json:"languages,omitempty"`
	BreakReasons   *[]Choice   `json:"break_reasons,omitempty"`
}

// Apply returns the settings after a change, and the names of the fields that
// it sets.
func (s Settings) Apply(c Change) (Settings, []string) {
	fields := []string{}
	put(&fields, "company", &s.Company, c.Company)
	put(&fields, "phone", &s.Phone, c.Phone)
	put(&fields, "email", &s.Email, c.Email)
	put(&fields, "complaint_email", &s.ComplaintEmail, c.ComplaintEmail)
	put(&fields, "address", &s.Address, c.Address)
	put(&fields, "phone_hours", &s.PhoneHours, c.PhoneHours)
	put(&fields, "promise_chat", &s.PromiseChat, c.PromiseChat)
	put(&fields, "promise_phone", &s.PromisePhone, c.PromisePhone)
	put(&fields, "promise_email", &s.PromiseEmail, c.PromiseEmail)
	put(&fields, "categories", &s.Categories, c.Categories)
	put(&fields, "results", &s.Results, c.Results)
	put(&fields, "languages", &s.Languages, c.Languages)
	put(&fields, "break_reasons", &s.BreakReasons, c.BreakReasons)
	return s, fields
}

func put[T any](fields *[]string, name string, at, to *T) {
	if to != nil {
		*at = *to
		*fields = append(*fields, name)
	}
}

// The most that is kept.
const (
	maxText       = 500 // characters
	maxCategories = 500
	maxChoices    = 50
	maxDepth      = 3
)

// Check says what is wrong with the settings.
func (s Settings) Check() error {
	switch {
	case s.Company.Zh == "" && s.Company.En == "":
		return fault.New(fault.Invalid, "setting.company", "the company needs a name").In("company")
	case s.Phone != "" && !contact.IsPhone(s.Phone):
		return fault.New(fault.Invalid, "contact.phone", "this is not a phone number; write digits, with + and the country for numbers abroad").In("phone")
	case s.Email != "" && !contact.IsEmail(s.Email):
		return fault.New(fault.Invalid, "contact.email", "this is not an e-mail address").In("email")
	case s.ComplaintEmail != "" && !contact.IsEmail(s.ComplaintEmail):
		return fault.New(fault.Invalid, "contact.email", "this is not an e-mail address").In("complaint_email")
	case len(s.Languages) == 0 || slices.ContainsFunc(s.Languages, func(l string) bool { return l != "zh" && l != "en" }):
		return fault.New(fault.Invalid, "setting.languages", "choose zh, en or both").In("languages")
	}
	for field, t := range map[string]inbox.Text{
		"company": s.Company, "address": s.Address, "promise_chat": s.PromiseChat, "promise_phone": s.PromisePhone, "promise_email": s.PromiseEmail,
	} {
		if utf8.RuneCountInString(t.Zh) > maxText || utf8.RuneCountInString(t.En) > maxText {
			return fault.New(fault.Invalid, "setting.text_long", "a text holds at most %d characters", maxText).In(field)
		}
	}
	if err := s.PhoneHours.Check(); err != nil {
		return err
	}
	if err := checkCategories(s.Categories); err != nil {
		return err
	}
	if err := checkResults(s.Results); err != nil {
		return err
	}
	return checkChoices("break_reasons", s.BreakReasons)
}

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,39}$`)

func checkName(field, id, zh, en string, seen map[string]bool) error {
	switch {
	case !idForm.MatchString(id):
		return fault.New(fault.Invalid, "setting.id", "an id has 1 to 40 small letters, digits, dots or hyphens, not %q", id).In(field)
	case seen[id]:
		return fault.New(fault.Invalid, "setting.id_twice", "the id %q stands there twice", id).In(field)
	case zh == "" && en == "" || utf8.RuneCountInString(zh) > 80 || utf8.RuneCountInString(en) > 80:
		return fault.New(fault.Invalid, "setting.name", "a name has 1 to %d characters", 80).In(field)
	}
	seen[id] = true
	return nil
}

func checkCategories(tree []Category) error {
	seen := map[string]bool{}
	var walk func(level []Category, depth int) error
	walk = func(level []Category, depth int) error {
		for _, c := range level {
			if depth > maxDepth || len(seen) >= maxCategories {
				return fault.New(fault.Invalid, "setting.categories", "there are at most %d categories, %d deep", maxCategories, maxDepth).In("categories")
			}
			if err := checkName("categories", c.ID, c.Zh, c.En, seen); err != nil {
				return err
			}
			if err := walk(c.Children, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if len(tree) == 0 {
		return fault.New(fault.Invalid, "setting.empty", "leave at least one to choose").In("categories")
	}
	return walk(tree, 1)
}

func checkChoices(field string, list []Choice) error {
	if len(list) == 0 {
		return fault.New(fault.Invalid, "setting.empty", "leave at least one to choose").In(field)
	}
	if len(list) > maxChoices {
		return fault.New(fault.Invalid, "setting.choices", "there are at most %d to choose from", maxChoices).In(field)
	}
	seen := map[string]bool{}
	for _, c := range list {
		if err := checkName(field, c.ID, c.Zh, c.En, seen); err != nil {
			return err
		}
	}
	return nil
}

func checkResults(list []Result) error {
	names := make([]Choice, 0, len(list))
	for _, r := range list {
		if utf8.RuneCountInString(r.Tell.Zh) > maxTell || utf8.RuneCountInString(r.Tell.En) > maxTell {
			return fault.New(fault.Invalid, "setting.tell", "what a contact is told has at most %d characters", maxTell).In("results")
		}
		names = append(names, r.Choice)
	}
	return checkChoices("results", names)
}

const maxTell = 500

// Category returns a category by id, from anywhere in the tree.
func (s Settings) Category(id string) (Category, bool) { return find(s.Categories, id) }

func find(level []Category, id string) (Category, bool) {
	for _, c := range level {
		if c.ID == id {
			return c, true
		}
		if c, ok := find(c.Children, id); ok {
			return c, true
		}
	}
	return Category{}, false
}

// Result returns a result of the summary by id.
func (s Settings) Result(id string) (Result, bool) {
	i := slices.IndexFunc(s.Results, func(r Result) bool { return r.ID == id })
	if i < 0 {
		return Result{}, false
	}
	return s.Results[i], true
}

// NamedTeams returns the teams to whom results hand on.
func (s Settings) NamedTeams() (all []agent.TeamID) {
	for _, r := range s.Results {
		if !r.Team.IsZero() {
			all = append(all, r.Team)
		}
	}
	return all
}

// Without returns the settings as they are when a team is no more.
func (s Settings) Without(team agent.TeamID) Settings {
	s.Results = slices.Clone(s.Results)
	for i, r := range s.Results {
		if r.Team == team {
			s.Results[i].Team = 0
		}
	}
	return s
}

// BreakReason returns a reason for a break by id.
func (s Settings) BreakReason(id string) (Choice, bool) { return choose(s.BreakReasons, id) }

func choose(list []Choice, id string) (Choice, bool) {
	i := slices.IndexFunc(list, func(c Choice) bool { return c.ID == id })
	if i < 0 {
		return Choice{}, false
	}
	return list[i], true
}
