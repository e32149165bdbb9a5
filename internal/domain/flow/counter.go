package flow

import (
	"regexp"
	"strings"

	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

// A counter-question is what somebody asks back instead of an answer: what is meant by
// the question, or what comes of it. It is answered or explained, and the question is
// put again; it is never an answer itself.

var (
	// asksMeaning asks what the question, or a word in it, means, or why it is put.
	asksMeaning = regexp.MustCompile(`(?:啥|什么|何|几个)(?:意思|东西|玩意|区别|不同|用处|用途)|(?:是|叫|指)(?:个)?(?:啥|什么)(?:意思|东西)?[啊呀呢嘛 ?？]*$|^(?:啥|什么)(?:叫|是)|(?:干嘛|干啥|干什么|做什么)用|(?:为(?:啥|什么|何)|干嘛|干吗|凭啥|凭什么)[还也]?(?:要|得|需要|非要)?(?:问|知道|填|留|提供|给)|(?:没看懂|看不懂|没明白|不太?明白|没懂|不懂)(?:你|您|这|这个|问|说|的|是|啥|什么|意思|问题|在)*[^，,]{0,4}$|\b(?:what (?:do|does|did) (?:you|that|this|it) mean|what ?(?:is|s) (?:that|this|a|an|the)\b|what for|why (?:do|would) you (?:need|want|ask)|which one is|what number do you|meaning what|i (?:do ?n t|don't) (?:understand|get) (?:the question|what))`)
	// asksAfter asks what comes of something: 投诉了会不会影响我质保.
	asksAfter = regexp.MustCompile(`会不会|(?:^|[^不])用不用|需不需要|该不该|算不算|影不影响|在不在|收不收|要不要钱|得不得|管不管|给不给报|有没有影响|会(?:怎么?样|咋样|如何|有什么|有啥)|\b(?:will|would|does|do) (?:it|this|that|i|my)\b[^.!]*\?`)
	// asksWhen asks when, where or how something of the house's is.
	asksWhen = regexp.MustCompile(`^ *(?:你们?|您们?|店里?|那|请问|这个?)*(?:几点|几时|啥时候|什么时候|怎么(?:走|去|查|找))[^ ,，都也]{0,8}[ .]*$`)
	// asksWhat asks back by a word at its end: 回复啥, 发给谁.
	asksWhat = regexp.MustCompile(`(?:^| )[^ 没不忘随管都也有无]{1,5}(?:啥|什么|谁|哪个|哪里|哪儿|哪一个|哪种)(?:啊|呀|呢|嘛)?$`)
)

// asksBack reports a message that asks what the open question means, or what would come
// of an answer, and proposes none.
func (t *turn) asksBack() bool {
	text := t.scan().text()
	if strings.ContainsAny(text, "0123456789") || proposes(t.Text) && !asksMeaning.MatchString(text) {
		return false
	}
	return asksMeaning.MatchString(strings.TrimRight(text, " .,!?")) || asksMeaning.MatchString(text) || asksWhat.MatchString(bare(t.Text))
}

// counters answers a counter-question from what the caller knows, or explains what is
// asked for, and puts the question again.
func (t *turn) counters(slot Slot) bool {
	text := t.scan().text()
	back := t.asksBack()
	after := asksAfter.MatchString(text) && !isRequest(t.Text) && (slot.Type != FreeText || slot.isWish()) && !demands.MatchString(text)
	if !back && !after || back && slot.Type == FreeText && !slot.isName() && !asksMeaning.MatchString(text) {
		return false
	}
	if t.digress() {
		return true
	}
	if !back {
		if other, wants := t.Flows.Wants(t.Text); slot.Type != YesNo && slot.Type != Choice && !slot.isWish() || wants && other.Asks(t.Text) {
			return false
		}
		t.miss(t.top(), slot, fault.New(fault.NotFound, "flow.yes_no", "answer yes or no"))
		return true
	}
	t.decide(Repeated, slot.ID, phrase.Because("flow.why.repeat", "it was asked to repeat"))
	t.Lines = append(t.Lines, Line{Text: slot.Ask.In(t.Language)}, Line{Text: slot.Again.In(t.Language), Slot: slot.ID, Options: t.choices(slot)})
	return true
}
