package automation

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"yingda/internal/kit/fault"
)

// Type is what a field holds.
type Type string

// The types.
const (
	Text   Type = "text"
	Number Type = "number"
	Moment Type = "time"
	YesNo  Type = "bool"
	List   Type = "list" // of texts
)

// Value is what a field holds, or what a condition asks for. The zero Value is
// nothing: a field that is not set. In JSON it is a text, a number, true or
// false, or a list; a moment is text as in RFC 3339.
type Value struct {
	kind Type
	text string
	num  float64
	time time.Time
	yes  bool
	list []Value
}

// TextOf returns a text; the empty one is nothing.
func TextOf(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{kind: Text, text: s}
}

// NumberOf returns a number.
func NumberOf(n float64) Value { return Value{kind: Number, num: n} }

// MomentOf returns a moment; the zero time is nothing.
func MomentOf(t time.Time) Value {
	if t.IsZero() {
		return Value{}
	}
	return Value{kind: Moment, time: t}
}

// YesNoOf returns yes or no.
func YesNoOf(yes bool) Value { return Value{kind: YesNo, yes: yes} }

// ListOf returns a list of texts; an empty one is nothing.
func ListOf(texts ...string) Value {
	if len(texts) == 0 {
		return Value{}
	}
	v := Value{kind: List}
	for _, s := range texts {
		v.list = append(v.list, Value{kind: Text, text: s})
	}
	return v
}

// Values returns a list of values of any type, for conditions.
func Values(vs ...Value) Value { return Value{kind: List, list: vs} }

// IsZero reports whether the value is nothing.
func (v Value) IsZero() bool { return v.kind == "" }

// Type returns what the value is; empty for nothing.
func (v Value) Type() Type { return v.kind }

// String writes the value for people: 3, true, a、b.
func (v Value) String() string {
	switch v.kind {
	case Text:
		return v.text
	case Number:
		return strconv.FormatFloat(v.num, 'f', -1, 64)
	case Moment:
		return v.time.Format(time.RFC3339)
	case YesNo:
		return strconv.FormatBool(v.yes)
	case List:
		parts := make([]string, len(v.list))
		for i, e := range v.list {
			parts[i] = e.String()
		}
		return strings.Join(parts, "、")
	}
	return ""
}

// MarshalJSON writes the value as JSON has it; nothing is null.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case Text:
		return json.Marshal(v.text)
	case Number:
		return json.Marshal(v.num)
	case Moment:
		return json.Marshal(v.time)
	case YesNo:
		return json.Marshal(v.yes)
	case List:
		return json.Marshal(v.list)
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads what MarshalJSON wrote; a moment comes back as text,
// which operators of time read.
func (v *Value) UnmarshalJSON(b []byte) error {
	*v = Value{}
	switch b = bytes.TrimSpace(b); {
	case len(b) == 0 || string(b) == "null":
		return nil
	case b[0] == '"':
		v.kind = Text
		return json.Unmarshal(b, &v.text)
	case b[0] == 't' || b[0] == 'f':
		v.kind = YesNo
		return json.Unmarshal(b, &v.yes)
	case b[0] == '[':
		v.kind = List
		var parts []json.RawMessage // each is read once, and none of them goes deeper
		if err := json.Unmarshal(b, &parts); err != nil {
			return err
		}
		for _, p := range parts {
			var e Value
			if p[0] == '[' || p[0] == '{' || p[0] == 'n' {
				return errShape
			}
			if err := e.UnmarshalJSON(p); err != nil {
				return err
			}
			v.list = append(v.list, e)
		}
		return nil
	case b[0] == '{':
		return errShape
	}
	v.kind = Number
	return json.Unmarshal(b, &v.num)
}

var errShape = fault.New(fault.Invalid, "automation.value_shape", "a value is a text, a number, true or false, or a list of those")

// fold makes texts alike that people mean alike: capital letters and letters
// of full width.
func fold(s string) string { return strings.ToLower(width.Fold.String(s)) }

// equal reports whether two values mean the same.
func (v Value) equal(o Value) bool {
	if v.kind == Moment || o.kind == Moment {
		a, okA := v.moment()
		b, okB := o.moment()
		return okA && okB && a.Equal(b)
	}
	if v.kind != o.kind {
		return false
	}
	switch v.kind {
	case Text:
		return fold(v.text) == fold(o.text)
	case Number:
		return v.num == o.num
	case YesNo:
		return v.yes == o.yes
	case List:
		return slices.EqualFunc(v.list, o.list, Value.equal)
	default:
		return true
	}
}

// moment returns the value as a moment: one, or a text that says one.
func (v Value) moment() (time.Time, bool) {
	if v.kind == Moment {
		return v.time, true
	}
	if v.kind != Text {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, v.text)
	return t, err == nil
}

// isEmpty reports whether there is nothing in the value.
func (v Value) isEmpty() bool {
	return v.kind == "" || v.kind == Text && strings.TrimSpace(v.text) == "" || v.kind == List && len(v.list) == 0
}

// elements returns the values of a list, or the value itself.
func (v Value) elements() []Value {
	switch v.kind {
	case List:
		return v.list
	case "":
		return nil
	default:
		return []Value{v}
	}
}

// Facts are the fields of one subject at one moment, by the names of the
// catalogue. A field that is not there is empty. They can be kept as JSON.
type Facts map[string]Value

// maxSpan bounds a length of time: ten years.
const maxSpan = 10 * 366 * 24 * time.Hour

// ParseSpan reads a length of time: 30m, 2h, 3d, 2w, or several after one
// another (1d12h). It is positive and at most ten years.
func ParseSpan(s string) (time.Duration, bool) {
	units := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	var total time.Duration
	for s != "" {
		i := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
		if i <= 0 || i > 7 {
			return 0, false
		}
		n, err := strconv.ParseInt(s[:i], 10, 64)
		unit := units[s[i]]
		if err != nil || unit == 0 || n > int64(maxSpan/unit) {
			return 0, false
		}
		if total += time.Duration(n) * unit; total > maxSpan {
			return 0, false
		}
		s = s[i+1:]
	}
	return total, total > 0
}

// point returns the moment that a condition names: written out, a day (its
// first moment in the zone of now), or a length of time from now.
func point(v Value, now time.Time) (time.Time, bool) {
	if t, ok := v.moment(); ok {
		return t, true
	}
	if v.kind != Text || v.text == "" {
		return time.Time{}, false
	}
	if d, ok := ParseSpan(v.text[1:]); ok && v.text[0] == '-' {
		return now.Add(-d), true
	} else if ok && v.text[0] == '+' {
		return now.Add(d), true
	}
	t, err := time.ParseInLocation(time.DateOnly, v.text, now.Location())
	return t, err == nil
}
