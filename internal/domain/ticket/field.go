package ticket

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
)

// Field is a question of one's own that a form asks.
type Field struct {
	ID       string     `json:"id"`
	Name     inbox.Text `json:"name"`
	Type     FieldType  `json:"type"`
	Required bool       `json:"required"`
	Choices  []Choice   `json:"choices,omitempty"` // with FieldChoice
	Min      *float64   `json:"min,omitempty"`     // with FieldNumber
	Max      *float64   `json:"max,omitempty"`
}

// Choice is one of those that a field offers.
type Choice struct {
	ID   string     `json:"id"`
	Name inbox.Text `json:"name"`
}

// FieldType is what a field holds.
type FieldType string

// The types.
const (
	FieldText   FieldType = "text"
	FieldNumber FieldType = "number"
	FieldDate   FieldType = "date"   // 2026-11-22
	FieldChoice FieldType = "choice" // the id of one of the choices
	FieldBool   FieldType = "bool"   // true or false
)

// maxField is the most that a field of text holds, in characters.
const maxField = 500

// Form are the fields that are asked for, in order.
type Form []Field

var fieldID = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Check says what is wrong with a form.
func (f Form) Check() error {
	if err := f.check(); err != nil {
		return err
	}
	return nil
}

func (f Form) check() *fault.Error {
	seen := map[string]bool{}
	for _, d := range f {
		switch {
		case !fieldID.MatchString(d.ID) || seen[d.ID]:
			return fault.New(fault.Invalid, "custom.id", "a field has an id of its own of small letters, digits and _, not %q", d.ID).In("form")
		case d.Name.Zh == "" && d.Name.En == "":
			return fault.New(fault.Invalid, "custom.name", "the field %q needs a name", d.ID).In("form")
		case !slices.Contains([]FieldType{FieldText, FieldNumber, FieldDate, FieldChoice, FieldBool}, d.Type):
			return fault.New(fault.Invalid, "custom.type", "a field holds text, number, date, choice or bool").In("form")
		case (d.Type == FieldChoice) != (len(d.Choices) > 0):
			return fault.New(fault.Invalid, "custom.choices", "the field %q needs choices exactly if it is one of choice", d.ID).In("form")
		}
		seen[d.ID] = true
	}
	return nil
}

// Fill returns the values as they are kept, without those that are empty, or
// what is wrong with the first that is wrong, in fields.<id>.
func (f Form) Fill(values map[string]string) (map[string]string, error) {
	kept := map[string]string{}
	for id := range values {
		if !slices.ContainsFunc(f, func(d Field) bool { return d.ID == id }) {
			return nil, fault.New(fault.Invalid, "custom.unknown", "there is no field %q here", id).In("fields." + id)
		}
	}
	for _, d := range f {
		v := strings.TrimSpace(values[d.ID])
		if v == "" {
			if d.Required {
				return nil, fault.New(fault.Invalid, "custom.required", "this has to be filled in").In("fields." + d.ID)
			}
			continue
		}
		v, err := d.read(v)
		if err != nil {
			return nil, err.In("fields." + d.ID)
		}
		kept[d.ID] = v
	}
	return kept, nil
}

// read returns one value as it is kept.
func (d Field) read(v string) (string, *fault.Error) {
	switch d.Type {
	case FieldNumber:
		n, err := strconv.ParseFloat(v, 64)
		if err != nil || n != n || n-n != 0 || d.Min != nil && n < *d.Min || d.Max != nil && n > *d.Max {
			return "", fault.New(fault.Invalid, "custom.number", "this is not a number that is possible here")
		}
		return strconv.FormatFloat(n, 'f', -1, 64), nil
	case FieldDate:
		if _, err := time.Parse(time.DateOnly, v); err != nil {
			return "", fault.New(fault.Invalid, "custom.date", "write a date like 2026-11-22")
		}
	case FieldChoice:
		if !slices.ContainsFunc(d.Choices, func(c Choice) bool { return c.ID == v }) {
			return "", fault.New(fault.Invalid, "custom.choice", "choose one of those that are offered")
		}
	case FieldBool:
		if v != "true" && v != "false" {
			return "", fault.New(fault.Invalid, "custom.bool", "say true or false")
		}
	case FieldText:
		if !utf8.ValidString(v) || utf8.RuneCountInString(v) > maxField {
			return "", fault.New(fault.Invalid, "custom.long", "a field holds at most %d characters", maxField)
		}
	}
	return v, nil
}
