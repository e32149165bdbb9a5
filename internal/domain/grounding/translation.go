package grounding

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"yingda/internal/domain/phrase"
)

// Altered returns what a translation changed, lost or made up of the numbers,
// dates, plates, VINs, codes and links of a text; none for one that may be
// shown. A number may be a word on the other side: 三天, three days. What is
// only nearly a number (一两天, a few) is not compared.
func Altered(text, translation string) (wrong []phrase.Reason) {
	a, b := counted(text), counted(translation)
	for _, f := range a.strict {
		if !b.holds(f) {
			wrong = append(wrong, phrase.Because("grounding.lost", "%s is not in the translation", cut(f.said)))
		}
	}
	for _, f := range b.strict {
		if !a.holds(f) {
			wrong = append(wrong, phrase.Because("grounding.added", "%s is not in the text that was translated", cut(f.said)))
		}
	}
	if m := markup.FindString(translation); m != "" && !markup.MatchString(text) {
		wrong = append(wrong, phrase.Because("grounding.markup", "it has a picture, a link with a name or markup: %s", cut(m)))
	}
	if hiddenRune(translation) && !hiddenRune(text) {
		wrong = append(wrong, phrase.Because("grounding.invisible", "it has characters that cannot be seen"))
	}
	return wrong
}

// figures are the facts of a text as two languages can be compared: those that
// have to stand on the other side, and numbers that may.
type figures struct {
	strict []fact
	weak   map[string]bool
}

// holds reports whether a fact of the other side stands here.
func (f figures) holds(x fact) bool {
	if f.weak[x.is] || slices.ContainsFunc(f.strict, func(o fact) bool { return o.is == x.is }) {
		return true
	}
	at, isTime := strings.CutPrefix(x.is, "at:")
	if !isTime {
		return false
	}
	hour, minute, _ := strings.Cut(at, ":")
	h, _ := strconv.Atoi(hour)
	for _, other := range []int{h, h + 12, h - 12} { // 3:30 pm is 15:30
		if minute == "00" && f.has(strconv.Itoa(other)) || f.hasTime(strconv.Itoa(other)+":"+minute) {
			return true
		}
	}
	return false
}

func (f figures) has(number string) bool {
	return f.weak["number:"+number] || slices.ContainsFunc(f.strict, func(o fact) bool { return o.is == "number:"+number })
}

func (f figures) hasTime(at string) bool {
	return slices.ContainsFunc(f.strict, func(o fact) bool { return o.is == "at:"+at })
}

var (
	plateForm = regexp.MustCompile(`[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Za-z][·• .\-]?[A-Za-z0-9]{4,6}[挂学警港澳领]?`)
	dayForm   = regexp.MustCompile(`\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b`)
	ordinal   = regexp.MustCompile(`\b(\d+)(?:st|nd|rd|th)\b`)
	halfDay   = regexp.MustCompile(`\b(\d{1,2}(?::\d{2})?) ?(?:am|pm|a\.m\.|p\.m\.)`)
	thousands = regexp.MustCompile(`\b(\d+)k\b`)
	roughly   = regexp.MustCompile(`[一两二三四五六七八九][两二三四五六七八九](?:个|天|次|年|周|小|分|百|千|万|位|条|遍|趟)|十几|几十|好几`)
	hourForm  = regexp.MustCompile(`(\d{1,2})[点时](\d{2})分?|(\d{1,2})[点时]半`)
	shopForm  = regexp.MustCompile(`(?i)\b?4s(?:店| ?(?:store|shop|dealer))`)
	hanWeak   = regexp.MustCompile(`[零一二两三四五六七八九十百千万亿]+`)
	wordForm  = regexp.MustCompile(`[a-z]+`)
)

// numberWords are the English words that may stand for a number; months too.
var numberWords = map[string]int{
	"zero": 0, "one": 1, "once": 1, "a": 1, "an": 1, "first": 1, "single": 1, "two": 2, "twice": 2, "second": 2, "both": 2, "couple": 2, "double": 2, "three": 3, "third": 3, "thrice": 3,
	"four": 4, "fourth": 4, "five": 5, "fifth": 5, "six": 6, "sixth": 6, "seven": 7, "seventh": 7, "eight": 8, "eighth": 8, "nine": 9, "ninth": 9, "ten": 10, "tenth": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
	"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000, "dozen": 12, "noon": 12, "midnight": 0,
	"january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5, "june": 6, "jun": 6, "july": 7, "jul": 7, "august": 8, "aug": 8,
	"september": 9, "sep": 9, "sept": 9, "october": 10, "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
}

// counted reads the facts of a text.
func counted(text string) figures {
	f := figures{weak: map[string]bool{}}
	add := func(said, is string) {
		if !slices.ContainsFunc(f.strict, func(o fact) bool { return o.is == is }) {
			f.strict = append(f.strict, fact{said, is})
		}
	}
	text = plateForm.ReplaceAllStringFunc(text, func(s string) string {
		add(s, "plate:"+strings.NewReplacer("·", "", "•", "", " ", "", ".", "", "-", "").Replace(strings.ToUpper(s)))
		return " "
	})
	t := fold(text)
	t = shopForm.ReplaceAllString(t, " ")
	t = dayForm.ReplaceAllString(t, " $1 , $2 , $3 ")
	t = ordinal.ReplaceAllString(t, "$1 ")
	t = halfDay.ReplaceAllString(t, "$1 ")
	t = thousands.ReplaceAllString(t, "${1}000")
	t = hourForm.ReplaceAllStringFunc(t, func(s string) string {
		m := hourForm.FindStringSubmatch(s)
		if m[3] != "" {
			return m[3] + ":30 "
		}
		return m[1] + ":" + m[2] + " "
	})
	t = roughly.ReplaceAllStringFunc(t, func(s string) string {
		for _, r := range s {
			if d, ok := hanDigit[r]; ok {
				f.weak["number:"+strconv.FormatInt(d, 10)] = true
			}
		}
		return " "
	})
	for _, x := range factsOf(t).list {
		if v, ok := strings.CutPrefix(x.is, "number:"); ok {
			v, _, _ = strings.Cut(v, " ")
			add(x.said, "number:"+v)
			continue
		}
		add(x.said, x.is)
	}
	for _, w := range hanWeak.FindAllString(t, -1) {
		if n, ok := hanNumber(w); ok {
			f.weak["number:"+strconv.FormatInt(n, 10)] = true
		}
	}
	f.words(t)
	return f
}

// words adds the numbers that English words may stand for, alone and joined:
// twenty five, three hundred.
func (f figures) words(t string) {
	run, total, inRun := 0, 0, false
	end := func() {
		if inRun {
			f.weak["number:"+strconv.Itoa(total+run)] = true
		}
		run, total, inRun = 0, 0, false
	}
	for _, w := range wordForm.FindAllString(t, -1) {
		n, ok := numberWords[w]
		if !ok {
			if w != "and" {
				end()
			}
			continue
		}
		f.weak["number:"+strconv.Itoa(n)] = true
		switch {
		case n == 100 && inRun:
			run *= 100
		case n == 1000 && inRun:
			total, run = (total+run)*1000, 0
		default:
			run += n
		}
		inRun = true
	}
	end()
}
