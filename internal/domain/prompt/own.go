package prompt

import (
	"regexp"
	"slices"
	"strings"

	"yingda/internal/kit/fault"
)

// Sentence is a prompt in both languages, as a company words it. One language
// may be missing: then it can be said in the other only.
type Sentence struct {
	Key string `json:"key"`
	Zh  string `json:"zh"`
	En  string `json:"en"`
}

// In returns the words in a language.
func (s Sentence) In(language string) string {
	if language == Chinese {
		return s.Zh
	}
	return s.En
}

// Languages returns the languages in which callers are spoken to.
func Languages() []string { return []string{Chinese, English} }

// With returns the library with a company's own sentences: in the place of those
// with the same key, or behind all others.
func (l Library) With(own ...Sentence) Library {
	all := Library{}
	for _, language := range Languages() {
		list := slices.Clone(l[language])
		for _, s := range own {
			p := Prompt{Key: s.Key, Text: s.In(language), Spoken: s.In(language)}
			i := slices.IndexFunc(list, func(p Prompt) bool { return p.Key == s.Key })
			switch {
			case p.Text == "":
			case i < 0:
				list = append(list, p)
			default:
				list[i] = p
			}
		}
		all[language] = list
	}
	return all
}

// Voiced returns the sentences of which everything is recorded: has reports
// whether a clip is.
func (l Library) Voiced(has func(language, clip string) bool) Library {
	all := Library{}
	for language, list := range l {
		all[language] = []Prompt{}
		for _, p := range list {
			if !slices.ContainsFunc(p.Clips(), func(c Prompt) bool { return !has(language, c.Key) }) {
				all[language] = append(all[language], p)
			}
		}
	}
	return all
}

// Values returns the names of the values that a sentence needs in some
// languages, each once.
func (l Library) Values(key string, languages ...string) (names []string) {
	for _, language := range languages {
		p, _ := l.Find(language, key)
		for _, s := range p.Slots() {
			if !slices.Contains(names, s.Name) {
				names = append(names, s.Name)
			}
		}
	}
	return names
}

// Clip returns the words of a clip of a sentence.
func (l Library) Clip(language, clip string) (words string, ok bool) {
	for _, p := range l[language] {
		if !strings.HasPrefix(clip, p.Key) {
			continue
		}
		for _, c := range p.Clips() {
			if c.Key == clip {
				return c.Text, true
			}
		}
	}
	return "", false
}

// How long a sentence and its key may be.
const (
	mostText = 1000
	mostKey  = 60
)

var promptKey = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$`)

// Check returns what is wrong with a sentence that is to be added to the library,
// or to stand in the place of the one with its key. An error names zh or en.
func (l Library) Check(s Sentence) *fault.Error {
	if len(s.Key) > mostKey || !promptKey.MatchString(s.Key) {
		return fault.New(fault.Invalid, "prompt.key", "a prompt needs a key of at most %d small letters, digits, _ and dots that begins with a letter", mostKey).In("key")
	}
	if s.Zh == "" && s.En == "" {
		return fault.New(fault.Invalid, "prompt.empty", "the prompt says nothing; write what it says in Chinese, English or both").In("zh")
	}
	taken := l.taken(s.Key)
	for _, language := range Languages() {
		p := Prompt{Key: s.Key, Text: s.In(language)}
		if len(p.Text) > mostText {
			return fault.New(fault.Invalid, "prompt.long", "the prompt has more than %d bytes; make two of it", mostText).In(language)
		}
		rest := p.Text
		for _, slot := range p.Slots() {
			if !slices.Contains(Kinds(), slot.Kind) {
				return fault.New(fault.Invalid, "prompt.slot", "%q cannot be read aloud; write {number:name} with one of the kinds of values", "{"+string(slot.Kind)+":"+slot.Name+"}").In(language)
			}
			rest = strings.ReplaceAll(rest, "{"+string(slot.Kind)+":"+slot.Name+"}", "")
		}
		if i := strings.IndexAny(rest, "{}"); i >= 0 {
			return fault.New(fault.Invalid, "prompt.slot", "%q cannot be read aloud; write {number:name} with one of the kinds of values", rest[i:i+1]).In(language)
		}
		for _, c := range p.Clips() {
			if taken[c.Key] {
				return fault.New(fault.Conflict, "prompt.taken", "the name %s belongs to another sound; choose another key", c.Key).In("key")
			}
		}
	}
	return nil
}

// taken returns the names of the clips that do not belong to a sentence.
func (l Library) taken(key string) map[string]bool {
	names := map[string]bool{Music: true}
	for _, w := range Words() {
		names[w.Clip] = true
	}
	for _, list := range l {
		for _, p := range list {
			if p.Key == key {
				continue
			}
			for _, c := range p.Clips() {
				names[c.Key] = true
			}
		}
	}
	return names
}

// Samples returns something for each value of a sentence, so that it can be
// heard outside of a call.
func (p Prompt) Samples() map[string]string {
	of := map[Kind]string{Number: "12", Count: "2", Minutes: "5", Digits: "1380", Code: "GD1001", Plate: "沪A12345", Date: "2026-12-01", Time: "09:05", Money: "9950"}
	values := map[string]string{}
	for _, s := range p.Slots() {
		values[s.Name] = of[s.Kind]
	}
	return values
}

// WordOf returns what a clip says that is no part of a sentence: a word that values
// are read with, in a language or Shared, or the music.
func WordOf(language, clip string) (words string, ok bool) {
	if language == Shared && clip == Music {
		return "", true
	}
	for _, w := range Words() {
		if w.Language == language && w.Clip == clip {
			return w.Text, true
		}
	}
	return "", false
}
