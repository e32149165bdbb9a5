package flow

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

// readText takes the whole message.
func (s Slot) readText(sc *scan, asked bool) (Value, *fault.Error) {
	text := strings.TrimSpace(string(sc.said))
	n := int64(utf8.RuneCountInString(text))
	most := s.Most
	if most == 0 {
		most = 1000
	}
	switch {
	case slices.Contains(sc.folded, blot) && bare(sc.text()) == "": // it is nothing but what others read
		return Value{}, fault.New(fault.NotFound, "flow.text_none", "write it in a few words")
	case !asked || !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		return Value{}, fault.New(fault.NotFound, "flow.text_none", "write it in a few words")
	case n < s.Least:
		return Value{}, fault.New(fault.Invalid, "flow.text_short", "write at least %d characters", s.Least)
	case n > most:
		return Value{}, fault.New(fault.Invalid, "flow.text_long", "write at most %d characters", most)
	}
	return Value{Text: text, Said: text}, nil
}
