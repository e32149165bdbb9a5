package flow

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"yingda/internal/domain/phrase"
)

// What the engine itself says.
var (
	sayOn          = Text{Zh: "我们继续。", En: "Let us go on."}
	sayFull        = Text{Zh: "我们先把手头的办完，再办下一件。", En: "Let us finish what we have begun first."}
	sayFirst       = Text{Zh: "已经是第一步了。", En: "This is the first step."}
	sayWait        = Text{Zh: "好的，不着急。", En: "Take your time."}
	sayWritten     = Text{Zh: "已经提交的内容不能在这里修改；需要的话请回复“转人工”。", En: "What was submitted cannot be changed here; reply “talk to a person” if you need to."}
	sayOffer       = Text{Zh: "抱歉，我没有看懂。需要为您转人工吗？也可以直接再回答一次。", En: "Sorry, I did not understand. Shall I hand you over to a person? You can also answer once more."}
	sayYesOrChange = Text{Zh: "请回复“确认”提交，或告诉我要修改什么；不办理请回复“取消”。", En: "Please reply “confirm” to submit, or tell me what to change; reply “cancel” to give up."}
	sayPerson      = Text{Zh: "好的，为您转人工，已填写的内容会一并转交，不用再说一遍。", En: "I hand you over to a person, with all you have told me."}
	sayFailed      = Text{Zh: "系统暂时查不到，为您转人工处理。", En: "I cannot get through to the system now; a person will take over."}
)

// placeholder is a name in a text: {vin}, {phone|mask}.
var placeholder = regexp.MustCompile(`\{[a-z0-9_.]+(?:\|mask)?\}`)

// mostSteps bounds one turn; checks at publishing make sure that no flow needs
// it.
const mostSteps = 200

// run goes through the flow from its first step, past all that is done, until
// it has to wait or ends. Going again from the start is what makes corrections
// simple: every branch is decided anew by the values as they are.
func (t *turn) run() {
	flow, f := t.flow(), t.top()
	f.Waiting, f.Slot = "", ""
	at := 0
	for range mostSteps {
		if at < 0 || at >= len(flow.Steps) {
			t.finish(Step{})
			return
		}
		step := flow.Steps[at]
		f.Step = step.ID
		next, waits := t.do(flow, f, step)
		if waits {
			return
		}
		if at++; next != "" {
			at = flow.at(next)
		}
	}
	t.handOver(phrase.Because("flow.why.endless", "the flow did not come to an end"))
}

// do does one step and returns the one after it, empty for the next in order.
// waits says that the turn is over.
func (t *turn) do(flow Flow, f *Frame, step Step) (next string, waits bool) {
	switch step.Kind {
	case Ask:
		return step.Next, t.askFor(flow, f, step)
	case LookUp:
		return t.lookUp(flow, f, step)
	case Branch:
		return step.way(f), false
	case Say:
		if text := t.fillIn(step.Text); f.Said[step.ID] != text.Zh {
			f.Said[step.ID] = text.Zh
			t.say(text)
		}
		return step.Next, false
	case Confirm:
		if revision, ok := f.Confirmed[step.ID]; ok && revision == f.Revision {
			return step.Next, false
		}
		f.Waiting = ForConfirm
		t.ask()
		return "", true
	case Write:
		return t.write(f, step)
	case End:
		t.finish(step)
	}
	return "", true
}

// askFor asks for the first slot that is not known, and fills in what is known
// of the person, where that is one value. It reports whether there was one.
func (t *turn) askFor(flow Flow, f *Frame, step Step) bool {
	for _, id := range step.Slots {
		s, ok := flow.Slot(id)
		if _, has := f.Values[id]; !ok || has || slices.Contains(f.Skipped, id) {
			continue
		}
		if known := t.known(s); len(known) == 1 && !slices.Contains(f.Own, id) {
			f.set(id, known[0])
			t.decide(Filled, id, phrase.Because("flow.why.known", "it was known of the person from %s", s.Prefill))
			continue
		}
		f.Waiting, f.Slot = ForSlot, id
		t.ask()
		return true
	}
	return false
}

// ask says again what the frame waits for.
func (t *turn) ask() {
	flow, f := t.flow(), t.top()
	switch f.Waiting {
	case ForSlot:
		if s, ok := flow.Slot(f.Slot); ok {
			t.Lines = append(t.Lines, Line{Text: s.Ask.In(t.Language), Slot: s.ID, Options: t.choices(s)})
		}
	case ForConfirm, ForChange:
		f.Waiting = ForConfirm
		if i := flow.at(f.Step); i >= 0 {
			t.Lines = append(t.Lines, Line{Text: t.fillIn(flow.Steps[i].Text).In(t.Language), Options: []string{sayConfirm.In(t.Language), sayChange.In(t.Language), sayCancel.In(t.Language)}})
		}
	case ForOffer:
		t.say(sayOffer)
	}
}

var (
	sayConfirm = Text{Zh: "确认", En: "Confirm"}
	sayChange  = Text{Zh: "修改", En: "Change"}
	sayCancel  = Text{Zh: "取消", En: "Cancel"}
	sayYes     = Text{Zh: "是", En: "Yes"}
	sayNo      = Text{Zh: "否", En: "No"}
)

// options returns what can be pressed instead of typed.
func (s Slot) options(language string) (all []string) {
	if s.Type == YesNo {
		return []string{sayYes.In(language), sayNo.In(language)}
	}
	for _, o := range s.Options {
		all = append(all, o.Name.In(language))
	}
	return all
}

// with returns what a seam is given.
func (f *Frame) with(step Step) map[string]string {
	with := map[string]string{}
	for name, of := range step.With {
		if literal, ok := strings.CutPrefix(of, "="); ok {
			with[name] = literal
		} else if v := f.value(of); v != "" {
			with[name] = v
		}
	}
	return with
}

// shown returns what a seam is given, as the person reads it.
func (t *turn) shown(flow Flow, f *Frame, step Step) map[string]string {
	shown := f.with(step)
	for name, of := range step.With {
		if s, ok := flow.Slot(of); ok {
			if v, has := f.Values[of]; has {
				shown[name] = s.Show(v, t.Language)
			}
		}
	}
	return shown
}

// value returns a slot's value, or what was found under a name.
func (f *Frame) value(name string) string {
	if v, ok := f.Values[name]; ok {
		return v.Text
	}
	return f.Found[name]
}

// The outcomes of look-ups, as Called keeps them after what was asked.
const (
	hit    = "+"
	nought = "-"
)

func (t *turn) lookUp(flow Flow, f *Frame, step Step) (next string, waits bool) {
	with := f.with(step)
	key := fmt.Sprint(with) // maps are printed in the order of their keys
	outcome, before := strings.CutPrefix(f.Called[step.ID], key)
	if !before || outcome != hit && outcome != nought {
		call := Call{Seam: step.Seam, With: with, Shown: t.shown(flow, f, step), Language: t.Language}
		found, ok, err := t.Seams.LookUp(call)
		if err != nil {
			found, ok, err = t.Seams.LookUp(call)
		}
		if err != nil {
			t.decide(LookedUp, "", phrase.Because("flow.why.seam_failed", "%s failed twice", step.Seam))
			return t.failed(step)
		}
		outcome = nought
		if ok {
			outcome = hit
		}
		f.keep(step.Into, found)
		f.Called[step.ID] = key + outcome
		t.decide(LookedUp, "", phrase.Because("flow.why.looked_up", "%s told %s fields", step.Seam, strconv.Itoa(len(found))))
	}
	if outcome == hit {
		return step.Next, false
	}
	if s, ok := flow.Slot(step.Recheck); ok {
		return t.recheck(f, step, s)
	}
	if step.Missing != "" {
		return step.Missing, false
	}
	return step.Next, false
}

// recheck asks again for the slot by which nothing was found, and offers a
// person after the second time.
func (t *turn) recheck(f *Frame, step Step, s Slot) (string, bool) {
	t.say(t.fillIn(step.Text))
	t.decide(Missed, s.ID, phrase.Because("flow.why.not_found", "nothing was found by %s", f.value(s.ID)))
	if v := f.Values[s.ID]; s.Type == Moment && strings.Contains(v.Text, "T") {
		f.remember(s.ID, v.Text)
	}
	f.forget(s.ID)
	delete(f.Called, step.ID)
	f.Tries[step.ID]++
	f.Slot = s.ID
	if f.Tries[step.ID] > misses {
		f.Waiting = ForOffer
		t.say(sayOffer)
		return "", true
	}
	f.Waiting = ForSlot
	t.ask()
	return "", true
}

// keep takes over what a seam told, in the place of what it told before.
func (f *Frame) keep(into string, told map[string]string) {
	maps.DeleteFunc(f.Found, func(name, _ string) bool { return strings.HasPrefix(name, into+".") })
	for name, v := range told {
		f.Found[into+"."+name] = v
	}
}

func (t *turn) failed(step Step) (next string, waits bool) {
	if step.Failed != "" {
		return step.Failed, false
	}
	t.say(sayFailed)
	t.handOver(phrase.Because("flow.why.failed", "a seam failed and the flow has no other way"))
	return "", true
}

// write does what was confirmed, once in a run. What was not confirmed as it is
// now is never written, whatever the flow says.
func (t *turn) write(f *Frame, step Step) (next string, waits bool) {
	if f.Written[step.ID] {
		return step.Next, false
	}
	confirmed := false
	for _, revision := range f.Confirmed {
		confirmed = confirmed || revision == f.Revision
	}
	if !confirmed {
		t.handOver(phrase.Because("flow.why.unconfirmed", "the flow wants to write what was not confirmed"))
		return "", true
	}
	call := Call{Seam: step.Seam, With: f.with(step), Shown: t.shown(t.flow(), f, step), Language: t.Language, Key: f.Run + "/" + step.ID}
	told, err := t.Seams.Write(call)
	if err != nil {
		told, err = t.Seams.Write(call)
	}
	if err != nil {
		t.decide(Wrote, "", phrase.Because("flow.why.seam_failed", "%s failed twice", step.Seam))
		return t.failed(step)
	}
	f.Written[step.ID] = true
	f.keep(step.Into, told)
	t.decide(Wrote, "", phrase.Because("flow.why.wrote", "%s was done after the confirmation", step.Seam))
	return step.Next, false
}

// way returns where a branch leads: by its first case that holds, or on.
func (s Step) way(f *Frame) string {
	for _, c := range s.Cases {
		if c.holds(f) {
			return c.Next
		}
	}
	return s.Next
}

// holds reports whether a case is so.
func (c Case) holds(f *Frame) bool {
	v := f.value(c.Of)
	switch c.Is {
	case OneOf:
		return slices.Contains(c.Any, v)
	case NoneOf:
		return !slices.Contains(c.Any, v)
	case Holds:
		folded := foldText(v)
		return slices.ContainsFunc(c.Any, func(w string) bool { return strings.Contains(folded, foldText(w)) })
	case Known:
		return v != ""
	case Unknown:
		return v == ""
	case AtLeast:
		n, ok := parseDecimal(v)
		least, fine := parseDecimal(strings.Join(c.Any, ""))
		return ok && fine && n >= least
	}
	return false
}

// finish says the last word and goes back to what was interrupted.
func (t *turn) finish(step Step) {
	t.say(t.fillIn(step.Text))
	t.decide(Ended, "", phrase.Because("flow.why.end", "the flow came to its end"))
	if step.Person {
		t.handOver(phrase.Because("flow.why.flow_person", "the flow ends with a person"))
		return
	}
	t.pop()
}

// pop drops the frame on top and goes on with the one below.
func (t *turn) pop() {
	t.State.Frames = t.State.Frames[:len(t.State.Frames)-1]
	if f := t.top(); f != nil {
		f.Touched = t.Now
		t.resume()
	}
}

// resume says what the frame on top is about and what it waits for.
func (t *turn) resume() {
	flow := t.flow()
	t.top().Touched = t.Now
	t.decide(Resumed, "", phrase.Because("flow.why.resume", "the flow that waited goes on"))
	t.say(Text{Zh: "我们继续办理“" + flow.Name.Zh + "”。", En: "Let us go on with: " + flow.Name.En + "."})
	t.ask()
}

// handOver gives the person to a person, with what was learnt.
func (t *turn) handOver(why phrase.Reason) {
	f := t.top()
	t.decide(Handed, f.Slot, why)
	t.Person = &HandOver{Frames: t.State.Frames, Why: why}
	t.say(sayPerson)
	t.State.Frames = nil
}

// fillIn puts values into a text.
func (t *turn) fillIn(text Text) Text {
	flow, f := t.flow(), t.top()
	fill := func(s, language string) string {
		return placeholder.ReplaceAllStringFunc(s, func(m string) string {
			name, how, _ := strings.Cut(strings.Trim(m, "{}"), "|")
			v := f.Found[name]
			if s, ok := flow.Slot(name); ok {
				if value, has := f.Values[name]; has {
					v = s.Show(value, language)
				}
			}
			switch {
			case v == "" && language == phrase.English:
				return "not given"
			case v == "":
				return "未填写"
			case how == "mask":
				return mask(f.Values[name].Type, v)
			}
			return v
		})
	}
	return Text{Zh: fill(text.Zh, phrase.Chinese), En: fill(text.En, phrase.English)}
}
