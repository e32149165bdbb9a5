// Package prompt is what a caller is told: sentences by key in Chinese and
// English, with slots for numbers, times, money, plates; the clips that a
// sentence is put together from; and the clips that come with the program.
//
// A sentence stands in prompts.tsv. Between its slots it is cut into clips:
// queue.position in Chinese is queue.position.1, the number, queue.position.2.
// What a slot becomes stands in words.tsv, a clip for each word. All clips were
// rendered when the program was built (test/prompts) and are replaced by key.
package prompt

import (
	"embed"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"yingda/internal/kit/fault"
)

// The languages in which callers are spoken to.
const (
	Chinese = "zh"
	English = "en"
)

// Shared is the folder of clips that sound the same in every language: letters,
// the first characters of plates, music.
const Shared = "both"

// Music is the clip that is played to who waits: half a minute that goes round.
const Music = "music"

// Prompt is a sentence.
type Prompt struct {
	Key  string `json:"key"`
	Text string `json:"text"` // with slots: {count:ahead}
	// Spoken is what a voice has to be given to say Text; usually Text itself.
	Spoken string `json:"spoken,omitzero"`
}

// Slot is a place in a sentence for something that is only known in the call.
type Slot struct {
	Kind Kind
	Name string
}

// part is a piece of a sentence: a clip, or a slot.
type part struct {
	text, clip string
	slot       Slot
}

// slots find the slots of a sentence.
var slots = regexp.MustCompile(`\{([a-z]+):([a-z_]+)\}`)

// Slots returns the slots of the sentence in their order.
func (p Prompt) Slots() (all []Slot) {
	for _, m := range slots.FindAllStringSubmatch(p.Text, -1) {
		all = append(all, Slot{Kind(m[1]), m[2]})
	}
	return all
}

// Clips returns the clips that the sentence itself needs, with what is said in
// each.
func (p Prompt) Clips() (all []Prompt) {
	spoken := p.parts(p.Spoken)
	for i, q := range p.parts(p.Text) {
		if q.clip != "" {
			c := Prompt{Key: q.clip, Text: q.text}
			if i < len(spoken) && spoken[i].clip == q.clip {
				c.Spoken = spoken[i].text
			}
			all = append(all, c)
		}
	}
	return all
}

// parts cuts a text of the sentence at its slots.
func (p Prompt) parts(text string) (all []part) {
	found := slots.FindAllStringSubmatchIndex(text, -1)
	if len(found) == 0 && text != "" {
		return []part{{text: text, clip: p.Key}}
	}
	n, at := 0, 0
	words := func(s string) {
		if strings.ContainsFunc(s, isWord) {
			n++
			all = append(all, part{text: s, clip: p.Key + "." + strconv.Itoa(n)})
		} else if s != "" {
			all = append(all, part{text: s})
		}
	}
	for _, m := range found {
		words(text[at:m[0]])
		all = append(all, part{slot: Slot{Kind(text[m[2]:m[3]]), text[m[4]:m[5]]}})
		at = m[1]
	}
	if at < len(text) {
		words(text[at:])
	}
	return all
}

func isWord(r rune) bool { return !strings.ContainsRune(" ，。：；,.:;!?！？", r) }

// Library is the sentences that there are, by language.
type Library map[string][]Prompt

// Find returns a sentence in a language.
func (l Library) Find(language, key string) (Prompt, bool) {
	i := slices.IndexFunc(l[language], func(p Prompt) bool { return p.Key == key })
	if i < 0 {
		return Prompt{}, false
	}
	return l[language][i], true
}

// Has reports whether there is a sentence in each of some languages.
func (l Library) Has(key string, languages ...string) bool {
	return !slices.ContainsFunc(languages, func(language string) bool {
		_, ok := l.Find(language, key)
		return !ok
	})
}

// Line is a sentence as it is told: the clips, one after another, and for who
// reads along its text.
type Line struct {
	Key   string   `json:"key"`
	Clips []string `json:"clips"`
	Text  string   `json:"text"`
}

// Say puts a sentence together in a language. values are by the names of the
// slots. What is missing or makes no sense is Invalid, and names the slot:
// half a sentence is told to nobody.
func (l Library) Say(language, key string, values map[string]string) (Line, error) {
	p, ok := l.Find(language, key)
	if !ok {
		return Line{}, fault.New(fault.NotFound, "prompt.unknown", "there is no prompt %q", key)
	}
	line := Line{Key: key}
	var text strings.Builder
	for _, q := range p.parts(p.Text) {
		if q.slot.Kind == "" {
			if q.clip != "" {
				line.Clips = append(line.Clips, q.clip)
			}
			text.WriteString(q.text)
			continue
		}
		clips, shown, err := q.slot.Kind.Say(language, values[q.slot.Name])
		if err != nil {
			return Line{}, fault.New(fault.Invalid, "prompt.value", "%q is nothing that the prompt %s can say as %s", values[q.slot.Name], key, q.slot.Name).In(q.slot.Name)
		}
		line.Clips = append(line.Clips, clips...)
		text.WriteString(shown)
	}
	line.Text = text.String()
	return line, nil
}

//go:embed prompts.tsv words.tsv
var tables embed.FS

// rows returns the fields of a table, at least n of each row.
func rows(name string, n int) (all [][]string) {
	raw, err := tables.ReadFile(name)
	if err != nil {
		panic("prompt: " + err.Error())
	}
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimRight(line, "\n"); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		for len(f) < n {
			f = append(f, "")
		}
		all = append(all, f)
	}
	return all
}

var builtin = func() Library {
	l := Library{}
	for _, r := range rows("prompts.tsv", 4) {
		spoken := r[3]
		if spoken == "" {
			spoken = r[1]
		}
		l[Chinese] = append(l[Chinese], Prompt{Key: r[0], Text: r[1], Spoken: spoken})
		l[English] = append(l[English], Prompt{Key: r[0], Text: r[2], Spoken: r[2]})
	}
	return l
}()

// Builtin returns the sentences that come with the program.
func Builtin() Library { return builtin }

// Word is a clip that slots are put together from.
type Word struct{ Clip, Language, Text, Spoken string }

// Words returns the words of slots, each with the language whose folder its
// clip is in.
func Words() (all []Word) {
	for _, r := range rows("words.tsv", 4) {
		w := Word{Clip: r[0], Language: r[1], Text: r[2], Spoken: r[3]}
		if w.Spoken == "" {
			w.Spoken = w.Text
		}
		all = append(all, w)
	}
	return all
}

//go:embed wav
var clips embed.FS

// Clip returns the WAV file of a clip that comes with the program (A-law, 8
// kHz, mono), in a language or shared by all.
func Clip(language, clip string) (file []byte, ok bool) {
	for _, folder := range []string{language, Shared} {
		if file, err := clips.ReadFile("wav/" + folder + "/" + clip + ".wav"); err == nil {
			return file, true
		}
	}
	return nil, false
}
