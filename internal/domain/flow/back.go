package flow

import (
	"regexp"
	"slices"
	"strings"

	"yingda/internal/domain/phrase"
)

// How somebody asks to go back. The strong words say to what; the weak ones, 返回,
// may stand in many a story and count only alone, or beside a reason or an answer.
var (
	backLead   = `(?:哎呀?|诶|啊|哦|呃|嗯|欸|额|算了|等等|等下|等一下|那个|不好意思|抱歉|麻烦|请|帮我|给我|我|想|要|得|先|还是|可以|可不可以|能不能|能|让我|再|往)*`
	backTail   = `(?:我|去|来|吧|一?下|好吗|行吗|可以吗|吗|么|啊|呀|哈|好了|重新?[选填答说写来选]{1,3}|谢谢)*`
	backStrong = regexp.MustCompile(`^` + backLead + `(?:(?:返回|退回|倒回|跳回|回退|往回退|回|退|倒|切)(?:到|去)?(?:一步|上一?[步个题项]|前一?[步个题项]|上面|前面|刚才)|上一?[步题]|上一个|前一[步题]|改上一?[步题个]|改刚才那)(?:的)?(?:那?一?[步题个项]|那)?(?:的)?(?:问题|答案|选项|页面|内容)?` + backTail + `$` +
		`|^(?:(?:oops|sorry|wait|hang on|please|can (?:i|we)|could (?:i|we|you)|i(?: d)? (?:like|want|need) to|let me|take me|let s) ?)*(?:go(?:ing)? back|go (?:one|a) step back|back up|step back|one step back|take me back|bring me back|let me (?:redo|do|pick|choose|answer) (?:it|that|again)(?: again)?|a step back|(?:the )?previous (?:question|step|one)|(?:back )?to the (?:previous|last) (?:question|step|one))(?: to the (?:previous|last) (?:question|step|one)| (?:one|a) (?:step|question)| a bit| please| one)*$`)
	// backAgain is how somebody wants to answer anew, perhaps with which question.
	backAgain = regexp.MustCompile(`^` + backLead + `(?:上面|刚才|前面|刚刚|上一?|这)?(?:那|的|这)*(?:一?[题个步项问])*(?:题|问题|答案|分)?(?:我|想|要|得|能|可以|帮我|给我)*(?:重新?[选填答评写输](?:一?[下遍次])?|重新(?:打分|回答|输入|选择|填写))(?:吧|一下|啊|呀|好吗|可以吗|行吗|吗|谢谢)*$`)
	backWeak  = regexp.MustCompile(`^` + backLead + `(?:返回|退回|后退|回退|倒回|退一下|倒回去|退回去|返回去)(?:吧|一下|好吗|行吗|可以吗|吗|啊|呀|哈|重新?[选填答说写来]{1,3}|谢谢)*$|^(?:please )?(?:back|undo)(?: please| that)?$`)
	// backReason is why somebody goes back, and no answer.
	backReason = regexp.MustCompile(`[说写填打弄搞点选看记报听算输发给讲按答][错反漏混岔]|错[了啦]|手[滑误抖快]|不小心|没看[清仔]|看走眼|重新?[选填答说写来]|想改|要改|改一?下|\b(?:wrong|mistake|mistyped|misread|mis-?clicked|typo|oops|slipped|change (?:it|that|my answer))\b`)
	// backAny is anything that may ask to go back.
	backAny = regexp.MustCompile(`返回|退回|上一?[步题]|上一?个|前[一面]|刚才那|刚刚那|重新|\b(?:back|previous|undo)\b`)
	// answersThen is what a text or a name is to be that is told beside the wish to go
	// back: 上一步 城市填湖州.
	answersThen = regexp.MustCompile(`^(?:我|城市|那个|这个|刚才|应该|是|要|想|得)*(?:填|写|选|改成|改为|换成|应该是|是|是在)(.{2,})$`)
)

// goesBack reports a message that asks for the question before, and returns what
// stands beside: 上一步，里程输错了.
func (t *turn) goesBack() (beside []string, ok bool) {
	asked, _ := t.flow().Slot(t.top().Slot)
	story := t.top().Waiting == ForSlot && asked.Type == FreeText
	strong, weak := false, false
	for _, c := range clauses(t.Text) {
		switch {
		case backStrong.MatchString(c):
			strong = true
		case backWeak.MatchString(c):
			weak = true
		case backAgain.MatchString(c):
			strong = strong || t.top().Waiting == ForSlot && !story || strings.ContainsAny(c, "题步") || mistaken.MatchString(bare(t.Text))
			beside = append(beside, c)
		default:
			beside = append(beside, c)
		}
	}
	switch {
	case isOne(t.Text, backWords):
		return nil, true
	case strong:
		return beside, len(beside) < 3
	case weak && len(beside) > 0 && len(beside) < 3:
		return beside, slices.ContainsFunc(beside, backReason.MatchString) || t.answersLast(beside)
	}
	return nil, weak
}

// lastAsked returns the slot that going back asks for again: the one that is named
// beside it, or else the last that was answered.
func (t *turn) lastAsked(beside []string) (Slot, bool) {
	f, flow := t.top(), t.flow()
	for _, id := range f.Answered {
		s, ok := flow.Slot(id)
		if ok && s.Type != FreeText && slices.ContainsFunc(beside, func(c string) bool {
			return strings.Contains(c, foldText(s.Name.Zh)) || s.Type == Mileage && strings.Contains(c, "里程")
		}) {
			return s, true
		}
	}
	return flow.Slot(f.last())
}

// answersLast reports whether what stands beside the wish to go back answers the
// question before.
func (t *turn) answersLast(beside []string) bool {
	s, ok := t.lastAsked(beside)
	if !ok {
		return false
	}
	_, ok = t.answerBeside(s, beside)
	return ok
}

// answerBeside reads the answer to a slot from what stands beside the wish to go
// back to it; why one goes back is none.
func (t *turn) answerBeside(s Slot, beside []string) (Value, bool) {
	for _, c := range beside {
		if v, ok := s.readCity(newScan(c)); ok && s.isCity() {
			return v, true
		}
		said := c
		if m := answersThen.FindStringSubmatch(c); m != nil {
			said = m[1]
		} else if s.Type == FreeText || backReason.MatchString(c) && !strings.ContainsAny(c, "0123456789") {
			continue
		}
		if isQuestion(c) {
			continue
		}
		if v, err := s.read(newScan(said), true, t.Reading); err == nil {
			return v, true
		}
	}
	return Value{}, false
}

// back asks an answered question again, the last one where none is named, and takes
// the answer that stands beside the wish.
func (t *turn) back(f *Frame, beside []string) {
	s, ok := t.lastAsked(beside)
	if !ok || len(f.Answered) == 0 || len(f.Written) > 0 {
		t.decide(Repeated, f.Slot, phrase.Because("flow.why.first", "there is nothing to go back to"))
		t.say(sayFirst)
		t.ask()
		return
	}
	v, told := t.answerBeside(s, beside)
	f.forget(s.ID)
	f.Misses, f.Doubt = 0, false
	t.decide(WentBack, s.ID, phrase.Because("flow.why.back", "the last answer was taken back"))
	if told {
		t.set(s, v)
	}
	t.run()
}
