package flow

import (
	"regexp"
	"slices"
	"strings"

	"yingda/internal/domain/phrase"
)

// partOfMessage is what stands between the signs of a message, as it was said.
var partOfMessage = regexp.MustCompile(`[^,，。;；!！?？~\n]+`)

var (
	// first is how somebody wants a thing done before another.
	first = regexp.MustCompile(`先|\bfirst\b`)
	// putOff is how somebody leaves what is open for afterwards: 投诉等会儿接着说.
	putOff = regexp.MustCompile(`等会儿?|待会儿?|等下|等一下|一会儿?|回头|之后|然后|完了|晚点|过会儿?|稍后|先放|先搁|先等|先停|先不管|放一?放|接着[说弄办来报填]|再(?:说|来|继续|弄|办|接着|回)|\b(?:later|after (?:that|this)|afterwards|come back|get back|go back|on hold|can wait)\b`)
	// theOpen is what is open, by a word for anything.
	theOpen = regexp.MustCompile(`这个|那个|这事|那事|刚才|前面|这边|\b(?:this|that|it|we)\b`)
)

// orders is how somebody asks for a thing to be done for them.
var orders = regexp.MustCompile(`帮我|给我|替我|我要|我想|能不能|麻烦|\b(?:book|check|look up|call|get|help)(?: me| my| a| an)\b`)

// otherFirst begins another flow that somebody wants before this one goes on, by the
// part of the message that says so: 先帮我预约补漆吧，投诉等会儿接着说.
func (t *turn) otherFirst(flow Flow) bool {
	if t.Start != "" {
		return false
	}
	parts := partOfMessage.FindAllString(t.said, -1)
	later := slices.IndexFunc(parts, func(p string) bool {
		text := foldText(p)
		return putOff.MatchString(text) && (flow.isNamedIn(text) || theOpen.MatchString(text)) && !t.asksOther(flow, p)
	})
	if later >= 0 {
		parts = slices.Delete(parts, later, later+1)
	}
	at := slices.IndexFunc(parts, func(p string) bool { return (later >= 0 || first.MatchString(foldText(p))) && t.asksOther(flow, p) })
	if at < 0 {
		return false
	}
	_, numbered := t.Flows.Numbered(parts[at])
	if later < 0 && len(parts) > 2 && !numbered {
		return false
	}
	rest := strings.TrimSpace(strings.Join(parts[at:], "，"))
	other, _ := t.wantedIn(parts[at])
	t.Text, t.said = t.Flows.mend(rest), rest
	t.start(other, phrase.Because("flow.why.interrupt", "the message asks for another flow; this one waits"))
	return true
}

// asksOther reports a part of a message that asks for another flow to be begun.
func (t *turn) asksOther(flow Flow, part string) bool {
	other, ok := t.wantedIn(part)
	text := foldText(part)
	return ok && other.ID != flow.ID && (other.Asks(part) || orders.MatchString(text) && !demands.MatchString(text)) && !flow.isNamedIn(text)
}

// wantedIn returns the flow that a part of a message asks for, by its words or by a
// number that is to be looked up.
func (t *turn) wantedIn(part string) (Flow, bool) {
	if f, ok := t.Flows.Wants(part); ok {
		return f, true
	}
	return t.Flows.Numbered(part)
}

// isNamedIn reports whether a text has a word by which the flow is asked for.
func (f Flow) isNamedIn(text string) bool {
	return slices.ContainsFunc(f.Triggers, func(w string) bool { return strings.Contains(text, foldText(w)) })
}

// wishBegins is how the part of a complaint begins that says what is wanted.
var wishBegins = regexp.MustCompile(`^(?:我|我们|现在|强烈|所以|那|就)*(?:要求|希望|请|麻烦|必须|赶紧|赶快|马上|我要你们|i (?:want|demand|expect)|please)(?:你们|贵司|贵店|公司|店里|尽快|立刻|马上|能|给我|把|you|to|a|my|the| )*.{2,}$`)

// wishInOpening keeps what the message that begins a flow demands in a part of its own.
func (t *turn) wishInOpening(flow Flow) {
	f := t.top()
	i := slices.IndexFunc(flow.Slots, Slot.isWish)
	if i < 0 || f.Values[flow.Slots[i].ID].Text != "" || !slices.ContainsFunc(flow.Slots, func(s Slot) bool { return s.Opening && f.Values[s.ID].Text != "" }) {
		return
	}
	parts := partOfMessage.FindAllString(t.said, -1)
	for _, p := range parts[min(1, len(parts)):] {
		p = strings.TrimSpace(p)
		if text := foldText(p); !wishBegins.MatchString(text) || !demands.MatchString(text) || flow.isNamedIn(text) {
			continue
		}
		if v, err := flow.Slots[i].read(newScan(p), true, t.Reading); err == nil {
			t.set(flow.Slots[i], v)
			return
		}
	}
}

// namedInOpening keeps a text that the message that begins a flow tells by its name:
// 意见是等位区没有插座.
func (t *turn) namedInOpening(flow Flow) {
	f := t.top()
	for _, p := range partOfMessage.FindAllString(t.said, -1) {
		p = strings.TrimSpace(p)
		for _, s := range flow.Slots {
			if s.Type != FreeText || s.isName() || f.Values[s.ID].Text != "" {
				continue
			}
			for _, name := range []string{s.Name.Zh, s.Name.En} {
				text, ok := strings.CutPrefix(foldText(p), foldText(name))
				if !ok {
					continue
				}
				said := namedAs.FindString(text)
				rest := []rune(p)[len([]rune(foldText(p)))-len([]rune(text[len(said):])):]
				if v, err := s.read(newScan(string(rest)), true, t.Reading); said != "" && err == nil && len(rest) >= leastText {
					t.set(s, v)
				}
			}
		}
	}
}

// namedAs is what stands between the name of a text and the text.
var namedAs = regexp.MustCompile(`^(?:就是|是|为|[:：]| is(?: that)?:? )\s*`)

// leastText is how long a text is at least that is told by its name, in characters.
const leastText = 4
