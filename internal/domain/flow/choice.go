package flow

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

// very are other words for 非常.
var very = regexp.MustCompile(`特别|超级|十分|极其|极为|相当|超`)

// loose takes out the little words that may stand inside a name.
var loose = strings.NewReplacer("个", "", "的", "", "了", "", "一下", "", "那块", "", "部分", "", "这块", "")

var (
	ordinal   = regexp.MustCompile(`^(?:我?(?:就|选择?|给|打|要|评)?第?)([0-9]{1,2}|[一二两三四五六七八九十]{1,2}|one|two|three|four|five|six)(?:个|项|种|条|号|分|颗?星|[辆台部]车?)?吧?$`)
	scored    = regexp.MustCompile(`([0-9]+|[一二两三四五])(?:分|颗?星)([钟期之制]?)|\b([1-5]|one|two|three|four|five) (?:stars?|points?|out of)\b`)
	theLast   = regexp.MustCompile(`^(?:我?(?:就|选择?|要|那)?)最后(?:一|那|那一)?(?:个|项|种|条|类|颗?星|[辆台部]车?)(?:选项)?[吧的啊呀嘛]*$`)
	settledBy = regexp.MustCompile(`(?:改(?:成|为|到)?|换成|应该是|只?能?给|给个|打个?|那就?|就|还是|算)$`)
	farthest  = regexp.MustCompile(`^(?:我?(?:就|给|打|选|要|那|评|只能|必须|直接)?)*最([低差少小高好多大])(?:的|那)?(?:一)?(?:个|档|分|星|级|评价|分数|等)*(?:那个|的)?[吧啊呀了]*$`)
	outest    = regexp.MustCompile(`(?:满分|总分|总共|一共|最高|最多|只有)(?:就|才|是|有|为)?$`)
	circled   = "①②③④⑤⑥⑦⑧⑨"
)

// readChoice reads one of the options: by its number in an answer, by its name
// or a word for it, or by a name with one wrong character. Two of them at once
// are none.
func (s Slot) readChoice(sc *scan, asked bool) (Value, *fault.Error) {
	if m := outOf.FindStringIndex(sc.text()); asked && m != nil {
		if i := s.scoredIn(sc.text()); i >= 0 {
			return Value{Text: s.Options[i].ID, Said: sc.take(0, len(sc.folded))}, nil
		}
	}
	if n := s.ordinal(sc); asked && n >= 0 {
		return Value{Text: s.Options[n].ID, Said: sc.take(0, len(sc.folded))}, nil
	}
	text := sc.text()
	if i := s.score(text); i >= 0 {
		return Value{Text: s.Options[i].ID, Said: string(sc.said)}, nil
	}
	if plain := very.ReplaceAllString(text, "非常"); asked && plain != text { // 特别满意
		if v, err := s.readChoice(newScan(plain), true); err == nil {
			v.Said = sc.take(0, len(sc.folded))
			return v, nil
		}
	}
	best, at, size, two := -1, 0, 0, false
	for i, o := range s.Options {
		for _, w := range append([]string{o.Name.Zh, o.Name.En}, o.Words...) {
			w = foldText(w)
			where := wordIn(text, w)
			switch {
			case w == "" || where < 0 || !asked && utf8.RuneCountInString(w) < 2:
			case len(w) > size:
				two = best >= 0 && best != i && !strings.Contains(w, text[at:at+size])
				best, at, size = i, where, len(w)
			case best != i && !strings.Contains(text[at:at+size], w):
				two = true
			}
		}
	}
	switch {
	case two:
		return Value{}, fault.New(fault.Invalid, "flow.choice_two", "this names more than one of the options; choose one")
	case best >= 0:
		from := utf8.RuneCountInString(text[:at])
		return Value{Text: s.Options[best].ID, Said: sc.take(from, from+utf8.RuneCountInString(text[at:at+size]))}, nil
	case asked:
		if i := s.scoredIn(text); i >= 0 {
			return Value{Text: s.Options[i].ID, Said: sc.take(0, len(sc.folded))}, nil
		}
		if i := s.misspelt(text); i >= 0 {
			return Value{Text: s.Options[i].ID, Said: sc.take(0, len(sc.folded))}, nil
		}
		if v, ok := s.loosely(sc, asked); ok {
			return v, nil
		}
	default:
		if m := oneToFive.FindStringSubmatch(bare(text)); m != nil { // 打分 3
			if i := slices.IndexFunc(s.Options, func(o Option) bool { return o.ID == strconv.Itoa(number(m[1])) }); i >= 0 {
				return Value{Text: s.Options[i].ID, Said: sc.take(0, len(sc.folded))}, nil
			}
		}
		if v, ok := s.loosely(sc, asked); ok {
			return v, nil
		}
	}
	if i := s.holdsMisspelt(foldText(string(sc.said))); i >= 0 {
		return Value{Text: s.Options[i].ID, Said: string(sc.said)}, nil
	}
	return Value{}, fault.New(fault.NotFound, "flow.choice_none", "choose one of the options, by its name or its number")
}

// wordIn returns where a word stands in a text, or -1. An English one begins where
// a word does, and a short one ends there too, apart from its endings: there is no
// other in mother, and no fee in feel.
func wordIn(text, w string) int {
	if w == "" || isHan(w) {
		return strings.Index(text, w)
	}
	letter := func(i int) bool { return i >= 0 && i < len(text) && text[i] >= 'a' && text[i] <= 'z' }
	for from := 0; ; {
		at := strings.Index(text[from:], w)
		if at < 0 {
			return -1
		}
		at += from
		end := at + len(w)
		if !letter(at-1) && (len(w) > mostExact || !letter(end) || wordEnding.MatchString(text[end:])) {
			return at
		}
		from = at + 1
	}
}

// mostExact is how long an English word is, in letters, that counts only whole.
const mostExact = 4

var wordEnding = regexp.MustCompile(`^(?:s|es|d|ed|ing|ly|er|y)\b`)

var oneToFive = regexp.MustCompile(`^([1-5一二三四五])$`)

// outOf is of how many a score is: two out of five.
var outOf = regexp.MustCompile(` ?(?:out of|/|of) ?(?:five|5)\b|\bout of ten\b`)

// thatOne is one that is no number: the wrong one.
var thatOne = regexp.MustCompile(`\b(?:wrong|right|that|this|other|same|which|any|no|last|first|next|previous) one\b`)

// aScore is a number in an English sentence.
var aScore = regexp.MustCompile(`\b(one|two|three|four|five|[1-5])\b`)

// scoredIn returns the option whose id is the only number of an English answer,
// I'd say a two, or -1.
func (s Slot) scoredIn(text string) int {
	m := aScore.FindAllStringSubmatch(thatOne.ReplaceAllString(outOf.ReplaceAllString(text, " "), " "), -1)
	if len(m) != 1 || isHan(text) {
		return -1
	}
	return slices.IndexFunc(s.Options, func(o Option) bool { return o.ID == strconv.Itoa(number(m[0][1])) })
}

// loosely reads an option past the little words inside its name: 整个车, 喷个漆.
func (s Slot) loosely(sc *scan, asked bool) (Value, bool) {
	text := sc.text()
	plain := loose.Replace(text)
	if plain == text {
		return Value{}, false
	}
	v, err := s.readChoice(newScan(plain), asked)
	if err != nil {
		return Value{}, false
	}
	v.Said = string(sc.said)
	if asked {
		v.Said = sc.take(0, len(sc.folded))
	}
	return v, true
}

func (s Slot) ordinal(sc *scan) int {
	t := bare(string(sc.folded))
	if len(sc.said) == 1 && strings.ContainsRune(circled, sc.said[0]) {
		t = strconv.Itoa(1 + strings.IndexRune(circled, sc.said[0])/len("①"))
	}
	if m := ordinal.FindStringSubmatch(t); m != nil {
		if n := number(m[1]); n >= 1 && n <= len(s.Options) {
			return n - 1
		}
	}
	for i, w := range []string{"first", "second", "third", "fourth", "fifth"} {
		if t == w || t == "the "+w || strings.TrimPrefix(t, "the ") == w+" one" {
			if i < len(s.Options) {
				return i
			}
		}
	}
	if theLast.MatchString(t) && len(s.Options) > 0 {
		return len(s.Options) - 1
	}
	return -1
}

// score returns the option whose id is the only score that a text gives, or -1. Of
// how many it is, 满分五分 and 五分制, is none.
func (s Slot) score(text string) int {
	if m := farthest.FindStringSubmatch(bare(text)); m != nil {
		least := strings.Contains("低差少小", m[1])
		first := slices.IndexFunc(s.Options, func(o Option) bool { return o.ID == "1" })
		last := slices.IndexFunc(s.Options, func(o Option) bool { return o.ID == strconv.Itoa(len(s.Options)) })
		switch {
		case first < 0 || last < 0:
		case least:
			return first
		default:
			return last
		}
	}
	given, settled, several := 0, 0, false
	for _, at := range scored.FindAllStringSubmatchIndex(text, -1) {
		group := func(i int) string {
			if at[2*i] < 0 {
				return ""
			}
			return text[at[2*i]:at[2*i+1]]
		}
		n := number(group(1) + group(3))
		switch {
		case group(2) != "" || outest.MatchString(text[:at[0]]):
		default:
			several = several || given != 0 && given != n
			given = n
			if settledBy.MatchString(text[:at[0]]) { // 五分太多 给四分
				several = several && settled != 0 && settled != n
				settled = n
			}
		}
	}
	switch {
	case settled != 0:
		given = settled
	case several:
		return -1
	}
	return slices.IndexFunc(s.Options, func(o Option) bool { return o.ID == strconv.Itoa(given) })
}

// misspelt returns the only option that an answer means with one wrong
// character, or -1.
func (s Slot) misspelt(text string) int {
	found := -1
	for i, o := range s.Options {
		for _, w := range append([]string{o.Name.Zh, o.Name.En}, o.Words...) {
			if nearly(bare(text), foldText(w)) {
				if found >= 0 && found != i {
					return -1
				}
				found = i
			}
		}
	}
	return found
}

// holdsMisspelt returns the only option whose whole name stands in a message
// with one wrong character, 注消账号, or -1.
func (s Slot) holdsMisspelt(text string) int {
	found := -1
	for i, o := range s.Options {
		for _, w := range []string{foldText(o.Name.Zh), foldText(o.Name.En)} {
			if utf8.RuneCountInString(w) >= 4 && holdsNearly(text, w) {
				if found >= 0 && found != i {
					return -1
				}
				found = i
			}
		}
	}
	return found
}

// nearly reports whether a text is a word of at least three characters with one
// of them wrong, missing or too many.
func nearly(text, word string) bool {
	a, b := []rune(text), []rune(word)
	if len(b) < 3 || len(a) < len(b)-1 || len(a) > len(b)+1 || unicode.Is(unicode.Latin, b[0]) && len(b) < 5 {
		return false
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	switch {
	case len(a) == len(b):
		return i == len(a) || string(a[i+1:]) == string(b[i+1:])
	case len(a) < len(b):
		return string(a[i:]) == string(b[i+1:])
	}
	return string(a[i+1:]) == string(b[i:])
}
