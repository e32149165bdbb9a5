package flow

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"yingda/internal/domain/phrase"
)

// confirm takes a message while a confirmation is asked for: only an explicit
// yes goes on.
func (t *turn) confirm(f *Frame) {
	flow := t.flow()
	shown := t.shownNow(flow, f)
	said := t.plain() // and nothing put right in it: a yes is never guessed
	yes := agreesTo(said, shown) || !isQuestion(said) && agreesTo(t.repeating(flow, f), shown) || t.agreesBeside(shown) || t.settles(flow, f)
	meant := ""
	yes = yes || thumb.MatchString(t.said) || goesFirst.MatchString(bare(said)) || changesIt.MatchString(strings.TrimSpace(punctuation.ReplaceAllString(newScan(said).text(), " "))) && strings.Contains(shown, "更换")
	yes = yes && !t.noYes(flow, f) && !holdsBack.MatchString(said) && !t.tellsAnother(flow, f) && !flow.isStrangeTo(said, shown)
	if !yes {
		if t.retold(flow, f) {
			return
		}
		yes = isUrgedYes(said) && !t.noYes(flow, f) && !holdsBack.MatchString(said) && !t.tellsAnother(flow, f) && !flow.isStrangeTo(said, shown)
		if meant = t.meantBy(flow, f); meant == Yes && (flow.isStrangeTo(said, shown) || holdsBack.MatchString(said) || t.tellsAnother(flow, f)) {
			meant = ""
		}
	}
	switch {
	case f.Waiting == ForConfirm && (f.Unclear || f.Doubt) && yes && onlyAgrees(said): // it may be a yes to what was not understood
		f.Misses, f.Unclear, f.Doubt = 0, false, false
		t.decide(Repeated, "", phrase.Because("flow.why.unclear_before", "what was said before was not understood; it is shown once more before a yes counts"))
		t.ask()
	case f.Waiting == ForConfirm && (yes || meant == Yes):
		f.Confirmed[f.Step] = f.Revision
		f.Misses = 0
		t.decide(Affirmed, "", phrase.Because("flow.why.yes", "it was confirmed in so many words"))
		t.run()
	case meant == meantCancel && !keepsIt.MatchString(bare(said)):
		t.cancel(flow)
	case t.otherFirst(flow):
	case f.Waiting == ForConfirm && isQuestion(said) && !leadWords.MatchString(newScan(said).text()) && t.digress():
	case f.Waiting == ForConfirm && (hesitates(said) || keepsIt.MatchString(bare(said))): // it may be one, and may be none
		t.decide(Repeated, "", phrase.Because("flow.why.unclear", "neither a yes nor a change was found"))
		t.say(sayYesOrChange)
		t.ask()
	case f.Waiting == ForConfirm && !isNo(t.Text) && insteadHas.MatchString(newScan(said).text()) && t.repeating(flow, f) != newScan(said).text(): // it is that already
		t.decide(Repeated, "", phrase.Because("flow.why.repeat", "it was asked to repeat"))
		t.ask()
	case f.Waiting == ForConfirm && (isNo(t.Text) || changeWords.MatchString(newScan(t.Text).text()) || meant == No):
		f.Waiting = ForChange
		t.decide(Denied, "", phrase.Because("flow.why.no", "it was not confirmed; nothing is written"))
		t.say(t.whichChange(flow, f))
	case t.interrupts(flow, true):
	case t.digress(), t.asksForOther() && t.interrupts(flow, false):
	case f.Waiting == ForChange && (yes || meant == Yes || isYes(t.Text) || isNo(t.Text)): // nothing is to be changed after all
		t.decide(Repeated, "", phrase.Because("flow.why.repeat", "it was asked to repeat"))
		t.ask()
	default:
		f.Misses++
		f.Unclear = f.Unclear || (!isQuestion(said) || t.wishes() || t.leftTold(f, Slot{}) || doubting.MatchString(newScan(said).text()) || !asksFacts.MatchString(newScan(said).text())) && !skips(said) && !holdsBack.MatchString(said) && bare(t.repeating(flow, f)) != ""
		t.decide(Missed, "", phrase.Because("flow.why.unclear", "neither a yes nor a change was found"))
		if f.Misses > misses {
			f.Waiting = ForOffer
			t.say(sayOffer)
			return
		}
		if strings.ContainsAny(t.Text, "改换变") || tellsStrange(t.repeating(flow, f), shown) || t.wantsAnotherTime(f) && (!isQuestion(said) || t.wishes()) || notThatOne.MatchString(newScan(t.Text).text()) { // what it is to change was not understood: the next yes may be one to that
			f.Waiting = ForChange
			t.say(t.whichChange(flow, f))
			return
		}
		t.say(sayYesOrChange)
		t.ask() // what it was not understood to change is shown as it stands
	}
}

// deedOf are words for what one flow does, which are no yes to another.
var deedOf = regexp.MustCompile(`约|投诉|催|注销|换绑|\b(?:book|urge)\b`)

// isStrangeTo reports a yes that names a deed that is not what was shown: 嗯，约 to a
// complaint.
func (f Flow) isStrangeTo(said, shown string) bool {
	known := foldText(strings.Join(f.Triggers, " ") + f.Name.Zh + f.Name.En + shown)
	return slices.ContainsFunc(deedOf.FindAllString(newScan(said).text(), -1), func(w string) bool {
		return !strings.Contains(known, w) && (w != "约" && w != "book" || !strings.ContainsAny(known, "约修") && !strings.Contains(known, "时间"))
	})
}

// thumb is a yes in pictures.
var thumb = regexp.MustCompile(`^[\s\x{1F44C}\x{1F44D}\x{1F197}\x{2705}\x{1F4AF}\x{1F646}\x{1F3FB}-\x{1F3FF}\x{FE0F}\x{1F64F}]*[\x{1F44C}\x{1F44D}\x{1F197}\x{2705}\x{1F4AF}\x{1F646}][\s\x{1F3FB}-\x{1F3FF}\x{FE0F}\x{1F64F}]*$`)

// changesIt is a yes to a change that was shown: 嗯 改吧.
var changesIt = regexp.MustCompile(`^(?:这回|这次|这下|现在|都|就|这样)*(?:嗯+|好|好的|对|对的|是|是的|行|可以|ok|没错|没问题|确认)(?:的|吧|了|啦)* ?(?:就|那|那就|请|帮我|给我)?(?:改|换|更换|换绑|改绑)(?:吧|了吧|掉|上|一下)?$`)

// goesFirst is how somebody has what was shown done before anything else.
var goesFirst = regexp.MustCompile(`^(?:那|行|好|好吧|可以)(?:就|那)?先(?:帮我|给我|替我|这么|这样|就这么)?(?:报|交|提交|登记|约|记|催|办)(?:上|上去|一下|了)?[吧嘛]*$`)

// tellsAnother reports a value of a form that nothing else has, which is not the one
// that is shown: it is no yes, whatever stands beside it.
func (t *turn) tellsAnother(flow Flow, f *Frame) bool {
	return slices.ContainsFunc(flow.Slots, func(s Slot) bool {
		old, has := f.Values[s.ID]
		if !has || !s.isDefinite() {
			return false
		}
		v, err := s.read(t.scan(), false, t.Reading)
		return err == nil && v.Text != old.Text
	})
}

// onlyAgrees reports a yes that does not say what is to be done, as 确认 and 报上去
// do.
func onlyAgrees(text string) bool {
	agrees, hands, does, whole := agreementIn(text)
	return whole && agrees && !hands && !does && !explicitly.MatchString(newScan(text).text())
}

var explicitly = regexp.MustCompile(`确认|确定|提交|无误|[交报登约办发催填]|\b(?:confirm|submit|plan|book|send|file|go ahead|do it)\b`)

// doubting is a question that doubts what was shown: 怎么是这个时间.
var doubting = regexp.MustCompile(`怎么(?:是|不是|变|成|会)|是不是|对不对|才怪|错`)

// holdsBack is a yes that is granted before something is held against it, 可以是
// 可以 就是早了点, that says that the trouble is over, 现在好了, that asks whether it
// is right, 对的吧, or that says both: no yes.
var holdsBack = regexp.MustCompile(`^ *(?:那|唉|哎)?算[了啦]|(?:^|[ ,，])(?:那|这|这个|这样|应该|都|就|不)*(?:是|是的|对|对的|没错|没错的|没问题|正确|无误|是这样|是这样的|没弄错|没搞错|没记错)吧[ .。!！]*$|(?i:^ *(?:no|nope|nah|not)[ ,.!]+(?:yes|yeah|yep|ok|okay|sure|right)\b|^ *(?:yes|yeah|yep|ok|okay|sure)[ ,.!]+(?:no|nope|nah|not)[ .!]*$)|可以是可以|好是好|行是行|对是对|能是能|没错是没错|成是成|要是要|^ *(?:车子?|它|现在|已经|刚刚|刚才|自己|又|这会儿?)+好了[啊呀呢吧 .。!！]*$`)

// hedged is how a yes begins that is not sure of itself, and hedgedEnd how it ends.
var (
	hedged    = regexp.MustCompile(`^(?:那|嗯|呃|这|这个|这样|我|看着|看上去|看起来|感觉)*(?:应该|好像|大概|可能|估计|差不多|似乎|貌似|大致|我觉得|我看|想来|按理说?|理论上)(?:就|都|也|是|还)*|^(?:um|well|hmm|it|this|that|looks?|seems?|is|s| )*(?:i (?:think|guess|suppose|believe|reckon)(?: so| that s| it s| it is)?|probably|maybe|should be|must be|more or less|kind of|sort of|sounds about) ?|,? ?i (?:think|guess|suppose|reckon)$`)
	hedgedEnd = regexp.MustCompile(`[吧啊呀哦嘛呢 .。!！?？…]*$`)
	allHedged = regexp.MustCompile(`^(?:对|是|行|好|可以|没错|没问题|没毛病|没啥问题|没什么问题|正确|无误|准确|这样|这么回事|不会错|没弄错|没搞错|没记错|没写错|ok|okay|right|correct|fine|good|so|yes|all right)?(?:的|了|样)?$`)
)

// hesitates reports a yes that is not sure of itself: 应该没错吧. It is no no either.
func hesitates(text string) (hedge bool) {
	for _, c := range clauses(text) {
		c = hedgedEnd.ReplaceAllString(c, "")
		rest := hedged.ReplaceAllString(c, "")
		switch {
		case rest != c && allHedged.MatchString(strings.TrimSpace(rest)):
			hedge = true
		case !isWhole(c) && !looksAgain.MatchString(c):
			return false
		}
	}
	return hedge
}

// looksAgain is what is said beside it by somebody who looks again.
var looksAgain = regexp.MustCompile(`看看|看一?下|看一?眼|确认一?下|核对|想想|\b(?:check|look|see|hold on)\b`)

// tellsValue reports whether a text has something in it that a slot of the flow
// could hold.
func (t *turn) tellsValue(text string) bool {
	return slices.ContainsFunc(t.flow().Slots, func(s Slot) bool {
		if s.Type == FreeText || s.Type == YesNo {
			return false
		}
		_, err := s.read(newScan(text), s.Type == Moment, t.Reading)
		return err == nil
	})
}

// shownNow is the summary that a frame shows for confirmation.
func (t *turn) shownNow(flow Flow, f *Frame) string {
	if i := flow.at(f.Step); i >= 0 && f.Waiting == ForConfirm {
		return t.fillIn(flow.Steps[i].Text).In(t.Language)
	}
	return ""
}

// retold takes a value that is told again, differently, without any word of
// correction: a new number instead of a yes.
func (t *turn) retold(flow Flow, f *Frame) bool {
	for _, s := range flow.Slots {
		if v, ok := t.told(s); ok && v.Text != f.Values[s.ID].Text {
			return t.change(f, s, v)
		}
	}
	if isQuestion(t.Text) {
		return (proposes(t.Text) || t.wishes()) && t.proposed(flow, f) || t.statesTime(flow, f)
	}
	if text := t.scan().text(); endsIn.MatchString(text) || otherOne.MatchString(text) {
		if s, v, ok := t.endRight(flow, f); ok {
			return t.change(f, s, v)
		}
	}
	if s, v, ok := t.seenNumber(flow, f); ok {
		return t.change(f, s, v)
	}
	for _, s := range flow.Slots {
		if v, ok := s.readCity(t.scan()); ok && s.isCity() && v.Text != f.Values[s.ID].Text {
			return t.change(f, s, v)
		}
	}
	for _, s := range definiteFirst(flow.Slots) {
		if s.Type == FreeText {
			continue
		}
		old := f.Values[s.ID]
		if m := afterAll.FindStringSubmatch(bare(t.Text)); m != nil && old.Text == No && offering.MatchString(s.Ask.Zh) && s.wants(m[1]) && !denying.MatchString(m[1]) { // 还是回一下吧
			return t.change(f, s, Value{Type: s.Type, Text: Yes, Said: t.said})
		}
		if s.Type == Moment && old.Text != "" {
			if v, ok := t.differently(s, old, t.meant(), wholly(s, t.scan(), t.Reading)); ok {
				return t.changeUnsurely(f, s, v)
			}
			for _, c := range clauses(t.Text) { // 可以 但我想上午
				if !s.tellsOnly(c, t.Reading) {
					continue
				}
				if v, ok := t.differently(s, old, newScan(c), true); ok {
					return t.change(f, s, v)
				}
			}
			continue
		}
		v, err := s.read(t.scan(), s.Type == Moment && s.tellsOnly(bare(t.Text), t.Reading), t.Reading)
		if err != nil && (s.Type == Amount || s.Type == Mileage) && names(t.scan().text(), s) { // 金额是三百六
			v, err = s.read(t.scan(), true, t.Reading)
		}
		if err != nil || v.Text == old.Text || s.Type == YesNo && !t.answersAgain(f, s, v) {
			continue
		}
		if s.Type == Choice {
			return t.changeUnsurely(f, s, v)
		}
		return t.change(f, s, v)
	}
	return false
}

// mostAround is how much may stand around a value that is told anew, in characters,
// to be surely that.
const mostAround = 4

// besideThePoint is what a time or an option is named for by the way.
var besideThePoint = regexp.MustCompile(`加班|有事|上班|开会|的话|再说|打给|儿子|女儿|老公|老婆|[他她]来|发现|检查|\b(?:revert|confirm|hold|check)\b`)

// mostOption is how long the name of an option is, in characters.
const mostOption = 5

// settledIn is how an option is chosen in so many words.
var settledIn = regexp.MustCompile(`改|换|应该|其实|要|给|打|选|算|就|还是|分|星|不是|actually|change|make|should|instead|\b(?:stars?|points?)\b`)

// changeUnsurely changes a slot by a value in the middle of other words, which may
// be about something else: 稍后我儿子来办. A mere yes to it is asked for again.
func (t *turn) changeUnsurely(f *Frame, s Slot, v Value) bool {
	sure := slices.ContainsFunc(clauses(t.Text), func(c string) bool {
		if s.Type == Moment && s.tellsOnly(c, t.Reading) {
			return true
		}
		_, err := s.read(newScan(c), true, t.Reading)
		if s.Type == Choice && settledIn.MatchString(c) {
			return err == nil
		}
		return err == nil && utf8.RuneCountInString(bare(c)) <= min(utf8.RuneCountInString(bare(v.Said)), mostOption)+mostAround
	})
	if !t.change(f, s, v) {
		return false
	}
	if top := t.top(); top == f && !sure && (s.Type == Choice || besideThePoint.MatchString(t.scan().text())) {
		f.Unclear = true
	}
	return true
}

var (
	wishing   = regexp.MustCompile(`能|可[不以否]|行|约|改|换|安排|排|有没有|位置|名额|\b(?:can|could|may|possible|available|about)\b`)
	openHours = regexp.MustCompile(`营业|开门|关门|[上下]班[吗么不没]|几点[^ ]{0,4}(?:[上下]班|关|休息|打烊)|\b(?:open|closed?)\b`)
	opening   = regexp.MustCompile(`营业|开门|上班|关门|下班|休息|放假|\b(?:open|closed?)\b`)
)

// wishes reports a question that may stand for a wish, 能约后天吗, and asks for
// nothing that could be told.
func (t *turn) wishes() bool {
	text := t.scan().text()
	return isQuestion(t.Text) && wishing.MatchString(text) && !opening.MatchString(text) && !asksFacts.MatchString(text)
}

// statesTime takes another time that stands by itself beside a question: 怎么是明天 我要约
// 后天.
func (t *turn) statesTime(flow Flow, f *Frame) bool {
	for _, c := range clauses(t.Text) {
		if isQuestion(c) {
			continue
		}
		for _, s := range flow.Slots {
			if old := f.Values[s.ID]; s.Type == Moment && old.Text != "" && s.tellsOnly(c, t.Reading) {
				if v, ok := t.differently(s, old, newScan(c), true); ok {
					return t.change(f, s, v)
				}
			}
		}
	}
	return false
}

// proposed takes another time that a question puts forward, 周六行吗, which is shown
// for confirmation again.
func (t *turn) proposed(flow Flow, f *Frame) bool {
	for _, s := range flow.Slots {
		if old := f.Values[s.ID]; s.Type == Moment && old.Text != "" {
			plain := strings.TrimSpace(proposal.ReplaceAllString(t.scan().text(), ""))
			if v, ok := t.differently(s, old, t.scan(), wholly(s, newScan(plain), t.Reading)); ok {
				return t.change(f, s, v)
			}
		}
	}
	return false
}

// proposal is what makes a question of a time.
var proposal = regexp.MustCompile(`^(?:请问|那|能不能|可不可以|可以|能|约|改|换|到|成)+|(?:的话)?(?:行不行|可不可以|可以不|[行成好中]不?[行成好中]?|可以|方便|有空|有位|来得及|约)?(?:吗|么|不|呢|嘛|咋样|怎么样|如何)?[ ?？.!]*$`)

// meant is the message without what it says is not meant: 不是今天.
func (t *turn) meant() *scan {
	sc := t.scan()
	if sp, ok := sc.find(notButWords); ok {
		sc.take(sp.from, sp.from+len([]rune("不是"+sp.groups[1])))
	}
	return sc
}

// wholly reports whether a message is a value of a slot and hardly more, so that
// it can be read as an answer: 上午 after the day was shown.
func wholly(s Slot, sc *scan, r Reading) bool {
	_, err := s.read(sc, true, r)
	return err == nil && len(marks(sc.text())) <= 1
}

// repeating returns a message without the values that it only repeats as they
// are: of 行，就周六 the 行就.
func (t *turn) repeating(flow Flow, f *Frame) string {
	sc := newScan(t.plain())
	for _, s := range flow.Slots {
		c := sc.clone()
		old := f.Values[s.ID]
		if shown, ok := s.bareNumber(c, old); ok { // 就按260报上去
			c.take(shown.from, shown.to)
			sc = c
			continue
		}
		if v, err := s.read(c, s.Type == Moment, t.Reading); s.Type != FreeText && s.Type != YesNo && err == nil && s.keeps(old, v, t.Reading).Text == old.Text {
			sc = c
		}
	}
	return sc.text()
}

// settlesOn is how somebody settles on what was shown: 就今天下午.
var settlesOn = regexp.MustCompile(`^(?:那|嗯|好|行|对|可以)*就`)

// settles reports a message that only repeats a value as it was shown, and that
// it is to be that.
func (t *turn) settles(flow Flow, f *Frame) bool {
	text := newScan(t.plain()).text()
	rest := t.repeating(flow, f)
	_, _, _, whole := agreementIn(rest)
	return settlesOn.MatchString(bare(text)) && rest != text && whole && !isQuestion(text)
}

// afterAll is how somebody wants what they had not wanted.
var afterAll = regexp.MustCompile(`^(?:那|哦|哎|等等|等下|其实)*(?:还是|要不) ?(?:还是)?([^ ]{1,8})$`)

// answersAgain reports whether a short message is another answer to a yes_no
// slot, by words that belong to it alone: 还是需要回复吧. A 不用 may be about anything.
func (t *turn) answersAgain(f *Frame, s Slot, v Value) bool {
	_, has := f.Values[s.ID]
	all := bare(t.Text)
	if at := strings.Index(all, foldText(v.Said)); at >= 0 { // 其实没解决 昨天又漏水了
		from, to := strings.LastIndexByte(all[:at], ' ')+1, strings.IndexByte(all[at:], ' ')
		if to < 0 {
			to = len(all) - at
		}
		if m := utf8.RuneCountInString(all); isHan(all) && m <= 2*mostShort {
			all = all[from : at+to]
		}
	}
	return has && utf8.RuneCountInString(v.Said) >= 3 && utf8.RuneCountInString(all) <= mostShort && !strings.Contains(all, "改")
}

// whichChange asks what is to be changed, naming what was answered.
func (t *turn) whichChange(flow Flow, f *Frame) Text {
	var zh, en []string
	for _, s := range flow.Slots {
		if _, has := f.Values[s.ID]; has {
			zh, en = append(zh, s.Name.Zh), append(en, s.Name.En)
		}
	}
	return Text{
		Zh: "还没有提交。请问要修改哪一项（" + strings.Join(zh, "、") + "）？不办理请回复“取消”。",
		En: "Nothing was submitted. What should be changed (" + strings.Join(en, ", ") + ")? To give up, reply “cancel”.",
	}
}
