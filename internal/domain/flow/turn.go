package flow

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"yingda/internal/domain/phrase"
	"yingda/internal/domain/retrieve"
	"yingda/internal/kit/fault"
)

// Message is what a person wrote, and what surrounds it.
type Message struct {
	Text     string
	Language string // zh or en
	Reading         // the time and the zone
	Run      string // names the run, should a flow begin with this message; never used before, such as the message's id
	Wanted   bool   // the caller's rules say that the message asks for a person
	// Told is what the caller's understanding, such as a model, found for slots: a
	// part of the message, the id of an option, or yes or no. What does not stand
	// in the message or cannot be read for the slot is left out.
	Told  map[string]string
	Start string // the flow that the caller understood the message to ask for; its triggers decide when empty
}

// Act is what a message was taken for.
type Act string

// The acts.
const (
	Started   Act = "start"
	Filled    Act = "set"
	Corrected Act = "correct"
	Affirmed  Act = "affirm"
	Denied    Act = "deny"
	Cancelled Act = "cancel"
	Skipped   Act = "skip"
	WentBack  Act = "back"
	Repeated  Act = "repeat"
	Digressed Act = "answer"
	Missed    Act = "miss"
	Handed    Act = "hand_over"
	LookedUp  Act = "look_up"
	Wrote     Act = "write"
	Ended     Act = "end"
	Resumed   Act = "resume"
	Expired   Act = "expire"
)

// Decision is one thing that was decided in a turn, and why.
type Decision struct {
	Act  Act           `json:"act"`
	Flow string        `json:"flow,omitzero"`
	Slot string        `json:"slot,omitzero"`
	Step string        `json:"step,omitzero"`
	Why  phrase.Reason `json:"why"`
}

// Line is one text of the answer.
type Line struct {
	Text    string   `json:"text"`
	Slot    string   `json:"slot,omitzero"`     // what is asked for
	Options []string `json:"options,omitempty"` // what can be pressed
}

// HandOver is a person's turn, with all that was learnt.
type HandOver struct {
	Frames []Frame       `json:"frames,omitempty"` // those that were open; the last is the one that was asked for
	Why    phrase.Reason `json:"why"`
}

// Turn is what came of a message.
type Turn struct {
	State     State      `json:"state"`
	Handled   bool       `json:"handled"` // false: no flow wants it, the caller answers
	Lines     []Line     `json:"lines,omitempty"`
	Decisions []Decision `json:"decisions"`
	Person    *HandOver  `json:"person,omitempty"`
}

// Engine carries people through flows.
type Engine struct {
	Flows Library
	Seams Seams
	Known map[string][]string // what is known of the person, by the source that slots name: contact.phone
}

// turn is a turn while it is worked out.
type turn struct {
	Engine
	Message
	Turn
	said string // the message as it was written; Text is mended
}

// plain is the message in the standard language, with nothing put right in it.
func (t *turn) plain() string { return standard(t.said) }

// scan returns the message to be read from: by what was meant, while texts keep
// what was written.
func (t *turn) scan() *scan {
	s := newScan(t.Text)
	if said := newScan(t.said).said; len(said) == len(s.folded) {
		s.said = said
	}
	return s
}

// Take takes a message and returns the state after it with what to say. The
// state that it is given stays as it is.
func (e Engine) Take(s State, m Message) Turn {
	t := &turn{Engine: e, Message: m, said: m.Text, Turn: Turn{State: s.clone(), Handled: true}}
	t.Text = e.Flows.mend(m.Text)
	t.expire(s.Schema)
	t.Language = t.State.Language(t.Language)
	t.take()
	return t.Turn
}

// Resume says where a person is who comes back, perhaps on another channel.
func (e Engine) Resume(s State, m Message) Turn {
	t := &turn{Engine: e, Message: m, Turn: Turn{State: s.clone(), Handled: true}}
	t.expire(s.Schema)
	if t.top() == nil {
		t.Handled = false
		return t.Turn
	}
	t.top().Language = t.Language
	t.resume()
	return t.Turn
}

// top returns the frame that is asked for now.
func (t *turn) top() *Frame {
	if n := len(t.State.Frames); n > 0 {
		return &t.State.Frames[n-1]
	}
	return nil
}

func (t *turn) flow() Flow {
	f, _ := t.Flows.Find(t.top().Flow, t.top().Version)
	return f
}

// decide notes a decision about the frame on top.
func (t *turn) decide(a Act, slot string, why phrase.Reason) {
	d := Decision{Act: a, Slot: slot, Why: why}
	if f := t.top(); f != nil {
		d.Flow, d.Step = f.Flow, f.Step
	}
	t.Decisions = append(t.Decisions, d)
}

func (t *turn) say(text Text) { t.Lines = append(t.Lines, Line{Text: text.In(t.Language)}) }

// expire drops the frames whose time is over, or whose version is gone.
func (t *turn) expire(schema int) {
	keep := t.State.Frames[:0]
	for _, f := range t.State.Frames {
		flow, ok := t.Flows.Find(f.Flow, f.Version)
		d := Decision{Act: Expired, Flow: f.Flow, Step: f.Step}
		switch {
		case schema != Schema || !ok:
			d.Why = phrase.Because("flow.why.gone", "this version of the flow is not there any more")
		case t.Now.Sub(f.Touched) > flow.Lifetime():
			d.Why = phrase.Because("flow.why.expired", "nothing was answered for %s", flow.Lifetime().String())
		default:
			keep = append(keep, f)
			continue
		}
		t.Decisions = append(t.Decisions, d)
	}
	t.State.Frames = keep
}

// take chooses what the message is.
func (t *turn) take() {
	for i := range t.State.Frames { // what waits below waits for this one, not for the person
		t.State.Frames[i].Touched = t.Now
	}
	switch f := t.top(); {
	case strings.TrimSpace(t.Text) == "" && t.Start == "":
		t.Handled = false
	case f != nil && (t.Wanted || retrieve.AsksForPerson(t.Text)) && !t.wantsCall(f) && !t.demandsOf(f):
		t.handOver(phrase.Because("flow.why.asked_person", "a person was asked for"))
	case f == nil:
		t.begin()
	case t.chose(f):
	case t.steer(f):
	case f.Waiting == ForSlot || f.Waiting == ForOffer:
		t.answer(f)
	default:
		t.confirm(f)
	}
}

// wantsCall reports a wish for somebody to call, 让负责人给我回个电话, that asks for
// no person now: another flow is there for it.
func (t *turn) wantsCall(f *Frame) bool {
	other, ok := t.Flows.Wants(t.Text)
	return ok && other.ID != f.Flow && other.reaches() && !retrieve.AsksForPerson(callWords.ReplaceAllString(t.scan().text(), " "))
}

// demandsOf reports a wish that somebody make good what they did, 让那个客服给我道歉,
// where a wish is asked for.
func (t *turn) demandsOf(f *Frame) bool {
	asked, _ := t.flow().Slot(f.Slot)
	text := t.scan().text()
	return f.Waiting == ForSlot && asked.Type == FreeText && madeGood.MatchString(text) && !retrieve.AsksForPerson(madeGood.ReplaceAllString(text, " "))
}

// madeGood is what somebody who did something is to do for it.
var madeGood = regexp.MustCompile(`[^ ,，.。;；!！]*(?:道歉|赔|认错|解释|说明|给个说法|给我个?说法|检讨|处分|开除|apologi[sz]e)[^ ,，.。;；!！]*`)

// chose starts the flow that the caller says was chosen while another one is
// open, which waits.
func (t *turn) chose(f *Frame) bool {
	flow, ok := t.Flows.Latest(t.Start)
	switch {
	case !ok:
		return false
	case flow.ID == f.Flow:
		t.decide(Repeated, f.Slot, phrase.Because("flow.why.repeat", "it was asked to repeat"))
		t.ask()
	default:
		t.start(flow, phrase.Because("flow.why.interrupt", "the message asks for another flow; this one waits"))
	}
	return true
}

// begin starts the flow that the message asks for, if any.
func (t *turn) begin() {
	flow, ok := t.Flows.Latest(t.Start)
	why := phrase.Because("flow.why.chosen", "the flow was chosen for this message")
	if !ok {
		flow, ok = t.Flows.Wants(t.Text)
		why = phrase.Because("flow.why.trigger", "the message has words of this flow")
	}
	if !ok {
		t.Handled = false
		return
	}
	t.start(flow, why)
}

// start puts a flow on top and takes from the message what it already says.
func (t *turn) start(flow Flow, why phrase.Reason) {
	if len(t.State.Frames) >= MostFrames {
		t.decide(Missed, "", phrase.Because("flow.why.full", "as many flows are open as a person can have"))
		t.say(sayFull)
		t.ask()
		return
	}
	run := t.Run
	if n := len(t.State.Frames); n > 0 {
		run += "." + strconv.Itoa(n)
	}
	t.State.Frames = append(t.State.Frames, Frame{Flow: flow.ID, Version: flow.Version, Language: t.Language, Run: run, Touched: t.Now}.clone())
	t.decide(Started, "", why)
	sc := t.scan()
	sc.blotOut(flow.Triggers, flow.optionWords())
	_, _ = t.fill(sc, "")          // what cannot be read is asked for
	for _, s := range flow.Slots { // my order is a trigger, and what names the number behind it
		if _, has := t.top().Values[s.ID]; s.Type == Reference && !has {
			if v, err := s.read(t.scan(), false, t.Reading); err == nil {
				t.set(s, v)
			}
		}
	}
	for _, s := range flow.Slots {
		if v, ok := s.readCity(t.scan()); ok && s.isCity() {
			t.set(s, v)
		}
		if _, has := t.top().Values[s.ID]; !has && s.Type == Choice {
			if v, ok := t.hinted(flow, s); ok {
				t.set(s, v)
			}
		}
		if _, has := t.top().Values[s.ID]; !has {
			t.hears(t.top(), s)
		}
		if _, has := t.top().Values[s.ID]; s.Opening && !has && t.Flows.readers.told(flow, s, t.Text, t.tells(flow, s)) {
			if v, err := s.read(t.scan(), true, t.Reading); err == nil {
				t.set(s, v)
			}
		}
	}
	t.wishInOpening(flow)
	t.namedInOpening(flow)
	if isQuestion(t.Text) && asksFacts.MatchString(t.scan().text()) { // 小保养多少钱 is answered before it is booked
		if answer, ok := t.Seams.Answer(t.said, t.Language); ok {
			t.decide(Digressed, "", phrase.Because("flow.why.between", "a question in between was answered; the flow goes on"))
			t.Lines = append(t.Lines, Line{Text: answer})
		}
	}
	t.run()
}

// tells reports whether the message says more than that the flow is wanted, and
// enough of it for the slot.
func (t *turn) tells(flow Flow, s Slot) bool {
	sc := t.scan()
	sc.blotOut(flow.Triggers, nil)
	for _, other := range flow.Slots { // a number to call and a time to do it are not what it is about
		if other.Type != FreeText && other.Type != YesNo && other.Type != Choice {
			_, _ = other.read(sc, false, t.Reading)
		}
	}
	text := sc.text()
	if flow.reaches() { // how to be reached is not what it is about
		text = callWords.ReplaceAllString(asideWords.ReplaceAllString(t.scan().text(), " "), " $1")
	}
	rest := withoutWish(sc.text())
	content := withoutWordsOf(withoutWish(whoWords.ReplaceAllString(text, " ")), flow)
	if !strings.ContainsFunc(rest, func(r rune) bool { return r > unicode.MaxLatin1 }) && len(strings.Fields(content)) < 2 && len(t.top().Answered) == 0 {
		return false // complain about your service
	}
	whole := rest
	if folded := t.scan().text(); !slices.ContainsFunc(flow.Triggers, func(w string) bool { return strings.Contains(folded, foldText(w)) }) {
		whole = bare(sc.text()) // 仪表黑了 is told with all of its words
	}
	return len([]rune(rest)) >= 3 && int64(len([]rune(whole))) >= s.Least && len([]rune(strings.ReplaceAll(content, " ", ""))) >= 2
}

// reaches reports a flow by which people ask to be called: it is about something
// that has still to be told.
func (f Flow) reaches() bool {
	return slices.ContainsFunc(f.Triggers, func(w string) bool { return callWords.MatchString(foldText(w)) })
}

// withoutWish returns a text bare, without the words that only ask for something.
func withoutWish(text string) string {
	return bare(emptyWords.ReplaceAllString(leadWords.ReplaceAllString(text, " "), " "))
}

// withoutWordsOf returns a text without what the triggers of a flow are made of:
// 打我电话 has no more in it than 给我打电话.
func withoutWordsOf(text string, flow Flow) string {
	triggers := foldText(strings.Join(flow.Triggers, " ") + " " + flow.Name.Zh)
	words := strings.Fields(triggers)
	kept := slices.DeleteFunc(strings.Fields(text), func(w string) bool { return !isHan(w) && slices.Contains(words, w) })
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Han, r) && strings.ContainsRune(triggers, r) {
			return -1
		}
		return r
	}, strings.Join(kept, " "))
}

// fill reads the slots of the frame from a message, the asked one first. It
// returns what was read, and why the asked one was not.
func (t *turn) fill(sc *scan, asked string) (read []string, why *fault.Error) {
	flow, f := t.flow(), t.top()
	for _, s := range flow.Slots {
		if v, ok := t.told(s); ok {
			t.set(s, v)
			read = append(read, s.ID)
			if s.ID == asked {
				asked = ""
			}
		}
	}
	try := func(s Slot, isAsked bool) {
		v, err := s.read(sc, isAsked, t.Reading)
		if chosen, ok := t.chosen(s); isAsked && err != nil && ok {
			v, err = chosen, nil
		}
		if pointed, ok := t.pointed(s); ok && (err != nil || s.Type == Reference) { // 尾号1105 is no whole number
			v, err = pointed, nil
		}
		if isAsked && s.Type == Moment {
			if err == nil && t.namesTwo(f, s) {
				err = fault.New(fault.Invalid, "flow.moment_two", "this names more than one time; name the one that suits best")
			}
			if settled, ok := t.inHeard(f, s, v, err == nil); ok {
				v, err = settled, nil
			}
		}
		if err == nil && s.inPassing(v, t.scan().text()) && t.tellsDefinite() { // 现在用的是18502937416
			err = fault.New(fault.NotFound, "flow.moment_none", "no day or time was found; write it as 3 December, 15:00")
		}
		switch {
		case err == nil:
			if isAsked {
				v = t.likelier(flow, s, v)
			}
			t.set(s, v)
			read = append(read, s.ID)
		case isAsked:
			why = err
			t.hears(f, s)
		case err.Kind == fault.Invalid && why == nil && asked == "" && len(read) == 0:
			why = err
			t.say(faultText(err))
			t.decide(Missed, s.ID, because(err))
		}
	}
	// what names itself goes first, then the answer, then the other moments and
	// options: a bare number is the answer, a VIN never is another's
	order := slices.Clone(flow.Slots)
	slices.SortStableFunc(order, func(a, b Slot) int { return rank(a, asked) - rank(b, asked) })
	answered, _ := flow.Slot(asked)
	for _, s := range order {
		_, has := f.Values[s.ID]
		if has && s.ID != asked && asked != "" && answered.Type != FreeText && s.isDefinite() && s.Type != Reference { // another plate than before
			if v, err := s.read(sc, false, t.Reading); err == nil && v.Text != f.Values[s.ID].Text {
				t.set(s, v)
				read = append(read, s.ID)
			}
		}
		if s.ID == asked || !has && s.Type != FreeText && (asked != "" || !s.follows()) {
			try(s, s.ID == asked)
		}
	}
	return read, why
}

// told reads what the caller found for a slot.
func (t *turn) told(s Slot) (Value, bool) {
	told := t.Told[s.ID]
	switch {
	case told == "":
		return Value{}, false
	case s.Type == YesNo && (told == Yes || told == No):
		return Value{Type: s.Type, Text: told, Said: t.Text}, true
	case s.Type == Choice:
		for _, o := range s.Options {
			if o.ID == told {
				return Value{Type: s.Type, Text: told, Said: t.Text}, true
			}
		}
	}
	if !strings.Contains(foldText(t.Text), foldText(told)) {
		return Value{}, false
	}
	v, err := s.read(newScan(told), true, t.Reading)
	return v, err == nil
}

// rank is the order in which slots read one message.
func rank(s Slot, asked string) int {
	switch {
	case s.ID == asked && s.Type != FreeText && s.Type != YesNo:
		return 0
	case s.Type == VIN, s.Type == Email, s.Type == Plate, s.Type == Reference:
		return 1
	case s.Type == Phone:
		return 2
	case s.ID == asked:
		return 4
	}
	return 3
}

func (t *turn) set(s Slot, v Value) {
	f := t.top()
	if !slices.Contains(f.Answered, s.ID) {
		f.Answered = append(f.Answered, s.ID)
	}
	f.Misses, f.Unclear = 0, false
	act, why := Filled, phrase.Because("flow.why.read", "%s was read from %s", s.Show(v, phrase.English), v.Said)
	if old, had := f.Values[s.ID]; had && old.Text != v.Text {
		act, why = Corrected, phrase.Because("flow.why.corrected", "%s took the place of %s", s.Show(v, phrase.English), s.Show(old, phrase.English))
	}
	f.set(s.ID, v)
	delete(f.Heard, s.ID)
	t.decide(act, s.ID, why)
	if q, ok := t.flow().askedAfter(s); ok && (f.Values[q.ID].Text == No || f.Values[q.ID].Text == "" && s.Type == Email) { // who says where to is to be told after all
		t.set(q, Value{Type: YesNo, Text: Yes, Said: v.Said})
	}
	if s.Type == YesNo && v.Text == No { // and where to goes with it
		for _, other := range t.flow().Slots {
			if _, has := f.Values[other.ID]; !has {
				continue
			}
			if q, ok := t.flow().askedAfter(other); ok && q.ID == s.ID {
				f.forget(other.ID)
			}
		}
	}
}

// askedAfter returns the yes_no slot whose yes leads to the question for a slot,
// which nothing else does.
func (f Flow) askedAfter(s Slot) (q Slot, ok bool) {
	for _, branch := range f.Steps {
		for _, c := range branch.Cases {
			i := f.at(c.Next)
			if i < 0 || c.Is != OneOf || !slices.Equal(c.Any, []string{Yes}) || !slices.Contains(f.Steps[i].Slots, s.ID) {
				continue
			}
			if q, ok = f.Slot(c.Of); ok && q.Type == YesNo {
				return q, true
			}
		}
	}
	return Slot{}, false
}

func because(err *fault.Error) phrase.Reason {
	args := make([]string, len(err.Args))
	for i, a := range err.Args {
		args[i] = fmt.Sprint(a)
	}
	return phrase.Reason{Code: err.Code, Args: args, Text: err.Message()}
}

// faultText is what a fault says in both languages.
func faultText(err *fault.Error) Text {
	return Text{Zh: phrase.Say(phrase.Chinese, err.Code, err.Args, err.Message()), En: capital(err.Message())}
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
