package flow

import (
	_ "embed"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// readingsFile is what people answered to the questions of the flows that come
// with the program, by flow and slot, and what each answer means; nothing where
// it is no answer. Of a text stand the messages that begin the flow, tells where
// they tell what it asks for. Under the empty name stands what answers other
// questions, under [toSummary] what was said to a summary.
//
//go:embed readings.json
var readingsFile []byte

// toSummary is what the file calls answers to a summary.
const toSummary = "confirm"

// readings returns the readings of the file.
func readings() (all map[string]map[string][]string) {
	if err := json.Unmarshal(readingsFile, &all); err != nil {
		panic("flow: readings.json: " + err.Error())
	}
	return all
}

// Readers read what no rule reads, or one reads otherwise.
type Readers struct {
	assent *reader // what is said to a summary
	agreed pairs   // what stands in a yes to it
	yesNo  *reader
	choice map[string]*reader // by flow and slot
	tells  map[string]*reader // whether the message that begins a flow is an answer to a text already, by flow and slot
}

// Learn returns the readers of the flows that come with the program. They take
// 0.1 s of a processor to learn, 0.2 s the first time in a process, and are the same
// each time.
func Learn() *Readers {
	all := readings()
	r := &Readers{choice: map[string]*reader{}, tells: map[string]*reader{}}
	var yesNo []example
	for _, f := range Builtin().All() {
		for _, s := range f.Slots {
			said := all[f.ID+" "+s.ID]
			switch {
			case said == nil:
			case s.Type == YesNo:
				yesNo = append(yesNo, readingsOf(said, s.about())...)
			case s.Type == FreeText:
				r.tells[f.ID+" "+s.ID] = newReader(readingsOf(said, ""))
			default:
				r.choice[f.ID+" "+s.ID] = newReader(slices.Concat(readingsOf(said, ""), s.optionReadings(), readingsOf(all[""], "")))
			}
		}
	}
	for _, about := range []string{"want", "solved", "able"} {
		yesNo = append(yesNo, readingsOf(all[""], about)...)
	}
	r.yesNo = newReader(yesNo)
	r.assent = newReader(readingsOf(all[toSummary], ""))
	r.agreed = pairsOf(all[toSummary][Yes])
	return r
}

// of returns the reader of a choice; nil if there is none.
func (r *Readers) of(flow Flow, s Slot) *reader {
	if r == nil {
		return nil
	}
	return r.choice[flow.ID+" "+s.ID]
}

func readingsOf(said map[string][]string, about string) (list []example) {
	for _, value := range slices.Sorted(maps.Keys(said)) {
		for _, text := range said[value] {
			list = append(list, example{text: standard(text), about: about, value: value})
		}
	}
	return list
}

// optionReadings are the names of options and the words for them.
func (s Slot) optionReadings() (list []example) {
	for _, o := range s.Options {
		for _, w := range append([]string{o.Name.Zh, o.Name.En}, o.Words...) {
			list = append(list, example{text: standard(w), value: o.ID})
		}
	}
	return list
}

// How likely an answer has to mean something to be taken for it, where no rule
// reads it.
const (
	sureYesNo  = 0.55
	sureChoice = 0.45
	sureHint   = 0.6 // of an opening, which was not asked for it
	sureMost   = 0.8 // although the message has words in it that begin another flow
	sureOther  = 0.6 // although a rule reads something else
)

var sure = map[Type]float64{YesNo: sureYesNo, Choice: sureChoice}

// mostRead is how long an answer may be that is read by its likeness, in
// characters.
const mostRead = 40

// resembles takes an answer that no rule reads for what people mean who say the
// like, if it is at least so likely. What comes of it is still shown and confirmed before it is written.
func (t *turn) resembles(flow Flow, s Slot, least float64) bool {
	text := t.Text
	if t.Flows.readers == nil || isQuestion(text) && (s.Type != YesNo || !isRequest(text)) || len([]rune(text)) > mostRead {
		return false
	}
	if s.Type == YesNo && (bothWays.MatchString(t.scan().text()) || !offering.MatchString(s.Ask.Zh) && hurries.MatchString(bare(text))) {
		return false
	}
	if agrees, _, _, whole := agreementIn(text); s.Type == Choice && whole && agrees { // 是这样 chooses nothing
		return false
	}
	if _, slipped := s.afterSlip(t.scan()); slipped { // the 不对 of 晌午 不对 是今早八点 is no no
		return false
	}
	value, share := t.Flows.readers.read(flow, s, text)
	if s.Type == YesNo && undecided.MatchString(bare(text)) {
		least = max(least, sureMost)
	}
	if value == "" || share < least || s.Type == YesNo && mistaken.MatchString(newScan(text).text()) {
		return false
	}
	t.set(s, Value{Type: s.Type, Text: value, Said: strings.TrimSpace(t.said)})
	t.run()
	return true
}

// mistaken is how somebody says that what was told before is wrong, which is a yes
// to nothing.
var mistaken = regexp.MustCompile(`[说写填打弄搞点选看记报听算输发给讲敲按念抄拍]错|(?:^|[^没不])错[了啦]|[弄搞]混`)

// read returns what an answer to a slot of a flow means, and how likely it does;
// nothing where it is none of its options.
func (r *Readers) read(flow Flow, s Slot, text string) (value string, share float64) {
	text = bare(text)
	switch s.Type {
	case YesNo:
		if meant := plainAnswer(text); meant != "" { // 布用
			text = meant
		}
		return r.yesNo.read(text, s.about())
	case Choice:
		c := r.of(flow, s)
		if c == nil {
			return "", 0
		}
		value, share = c.read(text, "")
		if !slices.ContainsFunc(s.Options, func(o Option) bool { return o.ID == value }) {
			return "", 0
		}
	case FreeText, Moment, Plate, VIN, Phone, Email, Mileage, Amount, Reference:
	}
	return value, share
}

// sureTold is how likely a message has to tell something, or nothing, to be taken
// for it where the rules say otherwise.
const sureTold = 0.8

// told reports whether the message that begins a flow tells what a text of it asks
// for, as others did; rule is whether the rules say so.
func (r *Readers) told(flow Flow, s Slot, text string, rule bool) bool {
	if r == nil || r.tells[flow.ID+" "+s.ID] == nil {
		return rule
	}
	value, share := r.tells[flow.ID+" "+s.ID].read(bare(text), "")
	switch {
	case share < sureTold, value == "" && !flow.reaches(): // a story is told in any words
		return rule
	}
	return value != ""
}

// likelier returns what an answer is surely taken for by people who say the like,
// where a rule reads it as something else: 没再响 is a yes to whether it is solved.
func (t *turn) likelier(flow Flow, s Slot, v Value) Value {
	text := t.Text
	if _, slipped := s.afterSlip(t.scan()); slipped { // 开不了 不对 能开
		return v
	}
	if s.deniesItself(v, text) || mistaken.MatchString(newScan(text).text()) {
		return v
	}
	if t.Flows.readers == nil || isQuestion(text) || len([]rune(text)) > mostRead || strings.ContainsAny(text, "0123456789") {
		return v
	}
	if value, share := t.Flows.readers.read(flow, s, text); value != "" && share >= sureOther {
		v.Text = value
	}
	return v
}

// deniesItself reports a no that begins with the slot's own word for it: 不催不催.
func (s Slot) deniesItself(v Value, text string) bool {
	said := foldText(v.Said)
	return s.Type == YesNo && v.Text == No && slices.Contains(s.No, said) && strings.HasPrefix(bare(text), said) && (strings.HasPrefix(said, "不") || strings.HasPrefix(said, "别"))
}

// hinted reads a choice from an opening that tells no option by its name: from a
// short one by what people say who mean one, from any by a single character that
// hints at one of them, unless it surely resembles what people say who mean
// another. 车门刮了一条口子 is paint.
func (t *turn) hinted(flow Flow, s Slot) (Value, bool) {
	r := t.Flows.readers.of(flow, s)
	if r == nil || slices.ContainsFunc(flow.Slots, func(s Slot) bool { return s.Opening }) { // of a story the kind is asked
		return Value{}, false
	}
	if _, err := s.readChoice(t.scan(), true); err != nil && err.Code == "flow.choice_two" && both.MatchString(t.scan().text()) {
		return Value{}, false
	}
	text := longNumber.ReplaceAllString(politeWords.ReplaceAllString(newScan(t.Text).text(), " "), " ")
	value, share := r.read(text, "")
	if clause, ok := r.inClause(text); ok && (value == "" || share < sureHint) {
		return Value{Type: Choice, Text: clause, Said: strings.TrimSpace(t.said)}, true
	}
	found := Value{Type: Choice, Text: value, Said: strings.TrimSpace(t.said)}
	if value != "" && share >= sureHint && utf8.RuneCountInString(text) <= 2*mostShort && flow.besides(t.Text) >= 3 {
		return found, true
	}
	found.Text = ""
	for _, o := range s.Options {
		for _, w := range o.Words {
			switch {
			case utf8.RuneCountInString(w) > 1 || !strings.Contains(text, foldText(w)):
			case found.Text != "" && found.Text != o.ID:
				return Value{}, false
			default:
				found.Text = o.ID
			}
		}
	}
	return found, found.Text != "" && (value == "" || value == found.Text || share < sureChoice)
}

// both is what stands between two things that are both wanted.
var both = regexp.MustCompile(`[和跟]|加上|外加|以及|还有|、|顺便|\band\b|\bplus\b`)

// inClause returns what the only part of a message means that surely means
// something: of 轱辘瘪了 约个师傅 the first.
func (r *reader) inClause(text string) (meant string, ok bool) {
	clauses := strings.Fields(bare(text))
	if !isHan(text) || len(clauses) < 2 {
		return "", false
	}
	for _, c := range clauses {
		if len(c) == len(text) || utf8.RuneCountInString(c) < 3 {
			continue
		}
		if value, share := r.read(c, ""); value != "" && share >= sureMost {
			if meant != "" && meant != value {
				return "", false
			}
			meant = value
		}
	}
	return meant, meant != ""
}

// longNumber is a number to call, or of something: it tells nothing of what is
// wanted.
var longNumber = regexp.MustCompile(`[0-9]{5,}`)

// politeWords have a character in them that hints at nothing there.
var politeWords = regexp.MustCompile(`贵(?:司|公司|店|方|单位|厂|处)|麻烦|耽误|久等|好久不见|慢慢|慢走`)

// plainAnswers are the shortest answers, which are misspelt like others.
var plainAnswers = strings.Fields("不用 不要 不行 不是 不能 不会 不需要 没有 可以 好的 是的 对的 行的 需要 要的 能开 解决了 好了 不用了 不要了 催一下 登记")

// plainAnswer returns the one of them that a text sounds like.
func plainAnswer(text string) string {
	said := []rune(text)
	for _, w := range plainAnswers {
		word := []rune(w)
		if len(word) == len(said) && !slices.ContainsFunc(said, func(r rune) bool { return sounds[r] == "" }) && soundsLike(said, word) {
			return w
		}
	}
	return ""
}

func soundsLike(said, word []rune) bool {
	for i := range word {
		if said[i] != word[i] && sounds[said[i]] != sounds[word[i]] {
			return false
		}
	}
	return true
}
