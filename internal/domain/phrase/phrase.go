// Package phrase is what the system says to people: a text for each code of a
// fault and for the things the system itself names, in the languages we ship.
//
// English stands in the code, beside what it speaks of. Chinese stands in
// zh.json by the same code, and a test holds the two together.
package phrase

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// The languages.
const (
	Chinese = "zh"
	English = "en"
)

//go:embed zh.json
var zhJSON []byte

var chinese = func() map[string]string {
	m := map[string]string{}
	if err := json.Unmarshal(zhJSON, &m); err != nil {
		panic("phrase: zh.json: " + err.Error())
	}
	return m
}()

// Say returns what a code means in a language. args fill the text; english is
// the text in English, already filled, and the answer where nothing better is
// known. A code that comes with different numbers of arguments has a text for
// each: code/1 before code.
func Say(language, code string, args []any, english string) string {
	if language != Chinese {
		return english
	}
	format, ok := chinese[code+"/"+strconv.Itoa(len(args))]
	if !ok {
		format, ok = chinese[code]
	}
	switch {
	case !ok:
		return english
	case len(args) == 0 || !strings.Contains(format, "%"):
		return format
	}
	return fmt.Sprintf(format, args...)
}

// Language chooses a language we speak from an Accept-Language header: the one
// the reader likes best. Chinese is the answer to readers who say nothing,
// English to those who speak neither.
func Language(accept string) string {
	best, weight := "", 0.0
	for part := range strings.SplitSeq(accept, ",") {
		tag, q := tagOf(part)
		if q <= weight {
			continue
		}
		if l := spoken(tag); l != "" {
			best, weight = l, q
		}
	}
	switch {
	case best != "":
		return best
	case strings.TrimSpace(accept) == "":
		return Chinese
	default:
		return English
	}
}

// tagOf reads "zh-CN;q=0.8". A weight that makes no sense is zero.
func tagOf(part string) (tag string, q float64) {
	tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
	weight, ok := strings.CutPrefix(strings.TrimSpace(params), "q=")
	if !ok {
		return tag, 1
	}
	q, err := strconv.ParseFloat(weight, 64)
	if err != nil {
		return tag, 0
	}
	return tag, q
}

func spoken(tag string) string {
	primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	switch primary {
	case "zh", "*", "yue", "cmn":
		return Chinese
	case "en":
		return English
	}
	return ""
}
