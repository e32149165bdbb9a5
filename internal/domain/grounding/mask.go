package grounding

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/width"
)

// Known is what is known of the contact and must not leave the house as it is.
type Known struct {
	Names  []string // theirs, as they are called
	Others []string // numbers, addresses, plates: whatever else is kept of them
}

// Mask hides personal data behind placeholders (占位符) for one run, such as
// [PHONE_1], and puts it back into what comes back. The same value has the same
// placeholder throughout the run, so that what is said of it still makes sense;
// the next run begins anew. A placeholder that somebody wrote themselves stands
// for nothing.
type Mask struct {
	known  []hidden
	values map[string]string // by placeholder
	names  map[string]string // placeholder by kind and value
	count  map[string]int
}

type hidden struct{ kind, text string }

// NewMask returns the mask of a run about one contact.
func NewMask(k Known) *Mask {
	m := &Mask{values: map[string]string{}, names: map[string]string{}, count: map[string]int{}}
	add := func(kind string, texts []string, least int) {
		for _, t := range texts {
			if t = strings.TrimSpace(t); len([]rune(t)) >= least {
				m.known = append(m.known, hidden{kind, t})
			}
		}
	}
	add("PRIVATE", k.Others, 4)
	add("NAME", k.Names, 2)
	slices.SortStableFunc(m.known, func(a, b hidden) int { return cmp.Compare(len(b.text), len(a.text)) })
	return m
}

// finder finds one kind of personal data.
type finder struct {
	kind string
	form *regexp.Regexp
	is   func(plain string) bool // nil: the form is enough
}

const digit = `[0-9０-９]`

// finders, the most certain first: a number of 18 digits is an ID card before it
// may be a bank card.
var finders = []finder{
	{"EMAIL", regexp.MustCompile(`[A-Za-z0-9._%+\-]+[@＠][A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+`), nil},
	{"ID", regexp.MustCompile(digit + `(?:[ \-]?` + digit + `){16}[ \-]?[0-9０-９XxＸｘ]`), isIDCard},
	{"CARD", regexp.MustCompile(digit + `(?:[ \-]?` + digit + `){12,18}`), isBankCard},
	{"PHONE", regexp.MustCompile(`(?:(?:\+|00)?86[ \-]?)?1[ \-]?[3-9３-９](?:[ \-]?` + digit + `){9}`), isPhone},
	{"PHONE", regexp.MustCompile(`１[３-９](?:[ \-]?` + digit + `){9}`), isPhone},
	{"PHONE", regexp.MustCompile(`\(?0[1-9][0-9]{1,2}\)?[ \-]?[2-9][0-9]{6,7}`), isPhone},
	{"PHONE", regexp.MustCompile(`\+[1-9][0-9](?:[ \-]?[0-9]){7,12}`), nil},
	{"VIN", regexp.MustCompile(`[A-HJ-NPR-Za-hj-npr-z0-9]{17}`), isVIN},
	{"PLATE", regexp.MustCompile(`[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Za-z][·• .\-]?[A-Za-z0-9]{4,6}[挂学警港澳领]?`), isPlate},
	{"ADDRESS", regexp.MustCompile(`(?:\p{Han}{2,8}(?:省|自治区))?(?:\p{Han}{1,8}市)?(?:\p{Han}{1,8}[区县])?\p{Han}{1,10}(?:路|街|道|巷|弄|胡同|大道)[0-9０-９一二三四五六七八九十百]+(?:号|弄)(?:\p{Han}{0,10}[0-9０-９一二三四五六七八九十]+(?:号楼|栋|幢|单元|层|楼|室|号))*`), nil},
	{"ADDRESS", regexp.MustCompile(`\p{Han}{2,12}(?:小区|花园|公寓|家园|苑|城|村)[0-9０-９一二三四五六七八九十]+(?:号楼|栋|幢|号)(?:[0-9０-９一二三四五六七八九十]+(?:单元|层|楼|室|号|栋))*`), nil},
	{"ADDRESS", regexp.MustCompile(`[0-9]{1,5} (?:[A-Z][a-z]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr)\b\.?`), nil},
}

// isWord reports whether a byte belongs to a word of letters and digits.
func isWord(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// placeholder is what a mask writes; what others wrote that looks like it is
// made to look otherwise.
var placeholder = regexp.MustCompile(`\[([A-Z]{2,8}_[0-9]{1,4})\]`)

// Hide returns a text with placeholders for what is personal in it.
func (m *Mask) Hide(text string) string {
	text = placeholder.ReplaceAllString(text, "($1)")
	for _, k := range m.known {
		text = replaceFold(text, k.text, func(said string) string { return m.name(k.kind, said) })
	}
	for _, f := range finders {
		text = f.replace(text, m.name)
	}
	return text
}

// replace replaces what the finder finds, but nothing inside a placeholder or a
// longer word.
func (f finder) replace(text string, name func(kind, value string) string) string {
	var b strings.Builder
	at := 0
	for _, sp := range f.form.FindAllStringIndex(text, -1) {
		from, to := sp[0], sp[1]
		said := text[from:to]
		inside := from > 0 && isWord(text[from-1]) && isWord(text[from]) || to < len(text) && isWord(text[to]) && isWord(text[to-1])
		if from < at || inside || strings.ContainsAny(said, "[]") || f.is != nil && !f.is(plain(said)) {
			continue
		}
		b.WriteString(text[at:from] + name(f.kind, said))
		at = to
	}
	return b.String() + text[at:]
}

// replaceFold replaces a word wherever it stands, in capitals or not.
func replaceFold(text, word string, by func(said string) string) string {
	form, err := regexp.Compile(`(?i)` + regexp.QuoteMeta(word))
	if err != nil {
		return strings.ReplaceAll(text, word, by(word))
	}
	return form.ReplaceAllStringFunc(text, by)
}

// name returns the placeholder of a value.
func (m *Mask) name(kind, value string) string {
	key := kind + "\x00" + strings.ToLower(plain(value))
	if p, ok := m.names[key]; ok {
		return p
	}
	m.count[kind]++
	p := fmt.Sprintf("[%s_%d]", kind, m.count[kind])
	m.names[key], m.values[p] = p, value
	return p
}

// Show puts back what was hidden. A placeholder that was never given stays, and
// is counted as unknown.
func (m *Mask) Show(text string) (shown string, unknown int) {
	shown = placeholder.ReplaceAllStringFunc(text, func(p string) string {
		if v, ok := m.values[p]; ok {
			return v
		}
		unknown++
		return p
	})
	return shown, unknown
}

// plain returns a value without what people put between its characters, in
// letters and digits of usual width.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -·•()", r) {
			return -1
		}
		return r
	}, width.Narrow.String(s))
}

// isIDCard reports whether the check character of an ID card fits (GB 11643).
func isIDCard(s string) bool {
	s = strings.ToUpper(s)
	if len(s) != 18 {
		return false
	}
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return s[17] == "10X98765432"[sum%11]
}

// isBankCard reports whether the check digit of a card fits (Luhn), and it does
// not begin like a timestamp or the number of an order.
func isBankCard(s string) bool {
	if n := len(s); n < 13 || n > 19 || !strings.ContainsRune("3456", rune(s[0])) {
		return false
	}
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

func isPhone(s string) bool {
	s = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(s, "+"), "00"), "86")
	return len(s) >= 10 && len(s) <= 12
}

// isVIN reports whether 17 letters and digits have both.
func isVIN(s string) bool {
	return strings.ContainsAny(s, "0123456789") && strings.ContainsAny(strings.ToUpper(s), "ABCDEFGHJKLMNPRSTUVWXYZ")
}

func isPlate(s string) bool { return strings.ContainsAny(s, "0123456789") }
