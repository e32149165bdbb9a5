package contact

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
)

// FieldKind is what a field of a customer holds.
type FieldKind string

// The kinds of field.
const (
	TextField   FieldKind = "text"
	NumberField FieldKind = "number"
	DateField   FieldKind = "date" // 2026-11-29
	ChoiceField FieldKind = "choice"
)

// FieldSight is who sees the value of a field.
type FieldSight string

// Who sees it.
const (
	SeenByAll  FieldSight = "all"        // everybody who sees customers
	SeenMasked FieldSight = "masked"     // personal: in part, the rest for a reason that is kept
	SeenByFew  FieldSight = "restricted" // nothing of it without the permission for it
)

// Field is what an administrator says that is known of customers (客户字段); its
// values are the attributes of contacts, under its code (R076).
type Field struct {
	Code    string        `json:"code"`
	Name    inbox.Text    `json:"name"`
	Kind    FieldKind     `json:"kind" enum:"text,number,date,choice"`
	Choices []FieldChoice `json:"choices,omitempty"`
	Sight   FieldSight    `json:"sight" enum:"all,masked,restricted"`
	// Required lists categories of conversations and cases that cannot be
	// closed without the field; "*" is all of them.
	Required []string `json:"required_for,omitempty"`
	Version  int64    `json:"version"`
}

// FieldChoice is one value of a field of choices.
type FieldChoice struct {
	Code string     `json:"code"`
	Name inbox.Text `json:"name"`
}

// Bounds of fields.
const (
	MaxFields     = 40
	MaxChoices    = 60
	MaxValue      = 500 // characters
	maxFieldName  = 40
	maxCategories = 40
)

var fieldCode = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Check returns the field, or what is wrong with it.
func (f Field) Check() (Field, error) {
	f.Name.Zh, f.Name.En = strings.TrimSpace(f.Name.Zh), strings.TrimSpace(f.Name.En)
	switch {
	case !fieldCode.MatchString(f.Code):
		return f, fault.New(fault.Invalid, "attribute.code", "a code is made of small letters, digits and _, and begins with a letter").In("body.code")
	case f.Name.Zh == "" || f.Name.En == "" || utf8.RuneCountInString(f.Name.Zh) > maxFieldName || utf8.RuneCountInString(f.Name.En) > maxFieldName:
		return f, fault.New(fault.Invalid, "attribute.name", "a field has a name of 1 to %d characters in both languages", maxFieldName).In("body.name")
	case !slices.Contains([]FieldKind{TextField, NumberField, DateField, ChoiceField}, f.Kind):
		return f, fault.New(fault.Invalid, "attribute.kind", "a field holds a text, a number, a date or a choice").In("body.kind")
	case !slices.Contains([]FieldSight{SeenByAll, SeenMasked, SeenByFew}, f.Sight):
		return f, fault.New(fault.Invalid, "attribute.sight", "a field is seen by all, masked or restricted").In("body.sight")
	case len(f.Required) > maxCategories:
		return f, fault.New(fault.Invalid, "attribute.required", "name at most %d categories", maxCategories).In("body.required_for")
	}
	if f.Kind != ChoiceField {
		f.Choices = nil
		return f, nil
	}
	if len(f.Choices) == 0 || len(f.Choices) > MaxChoices {
		return f, fault.New(fault.Invalid, "attribute.choices", "a field of choices has 1 to %d of them", MaxChoices).In("body.choices")
	}
	seen := map[string]bool{}
	for i, c := range f.Choices {
		if f.Choices[i].Code = strings.TrimSpace(c.Code); f.Choices[i].Code == "" || seen[f.Choices[i].Code] || c.Name.Zh == "" || c.Name.En == "" {
			return f, fault.New(fault.Invalid, "attribute.choice", "each choice has a value of its own and a name in both languages").In("body.choices")
		}
		seen[f.Choices[i].Code] = true
	}
	return f, nil
}

// Read returns a value that somebody typed as it is kept, or what is wrong with
// it.
func (f Field) Read(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	if utf8.RuneCountInString(s) > MaxValue {
		return s, fault.New(fault.Invalid, "attribute.long", "at most %d characters", MaxValue)
	}
	switch f.Kind {
	case NumberField:
		n, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return s, fault.New(fault.Invalid, "attribute.not_number", "%q is not a number", s)
		}
		return strconv.FormatFloat(n, 'f', -1, 64), nil
	case DateField:
		for _, layout := range []string{time.DateOnly, "2006/1/2", "2006.1.2", "2006年1月2日"} {
			if t, err := time.Parse(layout, s); err == nil {
				return t.Format(time.DateOnly), nil
			}
		}
		return s, fault.New(fault.Invalid, "attribute.not_date", "%q is not a date; write 2026-11-29", s)
	case ChoiceField:
		for _, c := range f.Choices {
			if s == c.Code || s == c.Name.Zh || strings.EqualFold(s, c.Name.En) {
				return c.Code, nil
			}
		}
		return s, fault.New(fault.Invalid, "attribute.not_choice", "%q is none of the choices", s)
	case TextField:
	}
	return s, nil
}

// Fields are all that an administrator defined, in order.
type Fields []Field

// Of returns the field with a code; false if there is none.
func (fs Fields) Of(code string) (Field, bool) {
	i := slices.IndexFunc(fs, func(f Field) bool { return f.Code == code })
	if i < 0 {
		return Field{}, false
	}
	return fs[i], true
}

// Shown returns the value of an attribute as an actor may see it: whole, in
// part, or nothing of it. Attributes that nobody defined are seen by all.
func (fs Fields) Shown(by agent.Actor, code, value string) string {
	f, _ := fs.Of(code)
	switch {
	case value == "" || f.Sight == SeenByAll || f.Sight == "":
		return value
	case f.Sight == SeenMasked:
		return MaskValue(value)
	case by.May(agent.ContactRestricted):
		return value
	}
	return ""
}

// MaskValue keeps the first and the last character of a longer value.
func MaskValue(s string) string {
	r := []rune(s)
	const least = 4
	if len(r) < least {
		return "***"
	}
	return string(r[:1]) + "***" + string(r[len(r)-1:])
}

// Attributes returns the attributes of a contact as an actor may see them.
func (fs Fields) Attributes(by agent.Actor, all map[string]string) map[string]string {
	shown := make(map[string]string, len(all))
	for code, value := range all {
		if v := fs.Shown(by, code, value); v != "" {
			shown[code] = v
		}
	}
	return shown
}

// Change returns the attributes of a contact after an actor wrote some of
// them: an empty value removes one. What is not named stays, and so does what
// the actor does not see whole.
func (fs Fields) Change(by agent.Actor, was, to map[string]string) (map[string]string, error) {
	now := make(map[string]string, len(was))
	maps.Copy(now, was)
	for code, value := range to {
		code = strings.TrimSpace(code)
		f, defined := fs.Of(code)
		if !defined && utf8.RuneCountInString(code) > maxFieldName || code == "" {
			return was, fault.New(fault.Invalid, "attribute.name_long", "the name of an attribute has 1 to %d characters", maxFieldName).In("attributes")
		}
		if defined && f.Sight == SeenByFew && !by.May(agent.ContactRestricted) {
			return was, fault.New(fault.Forbidden, "attribute.restricted", "only those who may see %s may change it", f.Name.Zh).In("attributes." + code)
		}
		if shown := fs.Shown(by, code, was[code]); shown != was[code] && value == shown {
			continue // it came back masked, as it went out
		}
		v, err := f.Read(value)
		if err != nil {
			return was, inField(err, "attributes."+code)
		}
		if now[code] = v; v == "" {
			delete(now, code)
		}
	}
	if len(now) > MaxAttributes {
		return was, fault.New(fault.Invalid, "contact.attributes", "a contact holds at most 50 attributes").In("attributes")
	}
	return now, nil
}

func inField(err error, place string) error {
	if f, ok := err.(*fault.Error); ok { //nolint:errorlint // it was made a line above
		return f.In(place)
	}
	return err
}

// Missing returns the fields without which a category cannot be closed and
// that a contact does not have (R076).
func (fs Fields) Missing(category string, c Contact) []Field {
	missing := []Field{}
	for _, f := range fs {
		if c.Attributes[f.Code] == "" && slices.ContainsFunc(f.Required, func(r string) bool {
			return r == "*" || category == r || strings.HasPrefix(category, r+".") || strings.HasPrefix(category, r+"/")
		}) {
			missing = append(missing, f)
		}
	}
	return missing
}
