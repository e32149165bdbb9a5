package flow

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// adding is how somebody adds to what was told at the summary, perhaps with the name of
// it before.
var adding = regexp.MustCompile(`^(?:哦|噢|啊|哎|嗯|那|等等|等一下|对了|[ ,，])*([^ ,，]{0,6}?)(?:里面?|那[里条项])?(?:还要|再|要|请|帮我)*(?:补充(?:一下|一句|一条|一点|说明|上)?|加(?:上|一句|一条|一点|一个|一项|个|多一句)|写一?[下个]|记一?下|注明|添(?:上|一句|一条)|写上|备注(?:一下|上)?|还有|另外|also|please add|add)[ :：,，]*([^ :：,，].*)$`)

// addingOpenly is how somebody says in so many words that what follows is to be added:
// wherever it is said, and whatever it would be an answer to.
var addingOpenly = regexp.MustCompile(`^(?:哦|噢|啊|哎|嗯|那|呃|诶|等等|等一下|等下|对了|我|再|还|也|想|要|请|麻烦|帮我|给我|能不能|可以|[ ,，.。])*` +
	`(?:(?:补|加|添)一?个(?:意见|建议|说明|备注)|再(?:说|讲|提|写)一?[句条点个件嘴](?:事|建议|意见)?|补充(?:一?[下句条点个嘴]|说明|上)?(?:啊|哈|吧|说)?|(?:补|加|添|多写|多说|追加)(?:上)?一?[句条点嘴](?:话|内容|意见|建议|说明)?(?:啊|哈|吧)?|追加(?:一下)?|备注(?:一?下|上|里写上?)?|附注|(?:差点儿?|刚才|刚刚)?(?:忘了|忘记|漏了|忘|漏)(?:[说讲写提](?:了)?|了?一[句点条]|一?[个件]事)(?:啊|哈)?|还有(?:一点|一条|一?个事儿?|一?件事|一?个问题|一?句)|顺(?:便|带|嘴)[说提]一?[句下嘴]|再?(?:啰嗦|多嘴)一句` +
	`|(?:i(?: d|'d)? (?:also )?(?:just )?(?:like|want|wanted) to add(?: that)?|(?:please |could you |can you )?(?:also )?add (?:that|this|to (?:that|it)(?: that)?)|one more thing|another thing|(?:i )?(?:almost )?forgot to (?:say|mention|add|tell you)(?: that)?|p\.?s\.?|to add to that))` +
	`(?:[ :：,，.。;—-]+|$)(.*)$|^(?:哦|啊|对了|我|再|还|想|[ ,，])*(?:补充(?:一?[下句条点])|[加补添]一[句条])([^ :：,，].*)$`)

// asksToo is a question that is to be added to what somebody wants to be told, not one
// to be answered now: 还想问问能不能代办上牌.
var asksToo = regexp.MustCompile(`^(?:我|还|也|再|顺便|到时候?|想|要|请|帮我|麻烦|他们|你们|[ ,，])*(?:问|了解|咨询|打听|确认|知道)|^(?:i |also |d like to |want to |would like to )*(?:ask|know|find out)\b`)

// remark is what a text is called that goes by another name.
var remark = regexp.MustCompile(`^(?:评论|评价|留言|内容|描述|说明|备注)$`)

// addsTo adds to a text that was told what somebody adds: 补充一下 还有异响. What stands
// open is asked again. Before the summary it has to be said openly.
func (t *turn) addsTo(f *Frame) bool {
	sc := t.scan()
	name, more, openly := "", "", false
	if m := addingOpenly.FindStringSubmatchIndex(sc.text()); m != nil {
		from := max(m[2], m[4])
		more, openly = string(sc.said[utf8.RuneCountInString(sc.text()[:from]):]), true
	} else if m := adding.FindStringSubmatchIndex(sc.text()); m != nil && f.Waiting != ForSlot {
		name, more = sc.text()[m[2]:m[3]], string(sc.said[utf8.RuneCountInString(sc.text()[:m[4]]):])
	}
	more = strings.TrimSpace(more)
	if more == "" || f.Waiting == ForOffer || isQuestion(t.Text) && (!openly || !asksToo.MatchString(foldText(more))) || len(f.Written) > 0 || utf8.RuneCountInString(bare(more)) < 2 || isYes(more) {
		return false
	}
	if other, wants := t.Flows.Wants(more); wants && other.ID != f.Flow && (!openly || other.Asks(more)) || leadWords.MatchString(foldText(more)) && !openly {
		return false
	}
	if name == "" && (openly && t.tellsAnew(more) || !openly && t.tellsValue(more)) {
		return false
	}
	to, ok := t.addedTo(f, name, more)
	if !ok {
		return false
	}
	v := f.Values[to.ID]
	if v.Text != "" {
		more = v.Text + map[bool]string{true: "；", false: "; "}[isHan(v.Text)] + more
	}
	read, err := to.read(newScan(more), true, t.Reading)
	return err == nil && t.change(f, to, read)
}

// tellsAnew reports a text that is another value of a slot rather than something to be
// added: it has one of a form that nothing else has, or is a time and nothing more.
func (t *turn) tellsAnew(more string) bool {
	for _, s := range t.flow().Slots {
		if _, err := s.read(newScan(more), false, t.Reading); err == nil && s.isDefinite() {
			return true
		}
		if s.Type == Moment && s.tellsOnly(more, t.Reading) {
			return true
		}
	}
	return false
}

// addedTo returns the text that something is added to: the one that is named, the wish
// where something is demanded, or else the one that was told last. Before the summary
// only what was told already is added to, and nothing while a text is asked for.
func (t *turn) addedTo(f *Frame, name, more string) (to Slot, ok bool) {
	asked, _ := t.flow().Slot(f.Slot)
	if f.Waiting == ForSlot && asked.Type == FreeText && !asked.isName() {
		return Slot{}, false
	}
	for _, s := range t.flow().Slots {
		_, has := f.Values[s.ID]
		switch {
		case s.Type != FreeText || s.isName():
			if shown := foldText(s.Name.Zh); f.Waiting != ForSlot && s.Type != Choice && strings.Contains(foldText(more), shown) || name != "" && strings.Contains(name, shown) {
				return Slot{}, false // it is about something else
			}
		case f.Waiting == ForSlot && !has:
		case remark.MatchString(name) && (has || to.ID == ""):
			to = s
		case name != "" && (strings.Contains(name, foldText(s.Name.Zh)) || names(name, s)):
			to = s
		case name == "" && to.ID != "" && s.isWish() && !demands.MatchString(foldText(more)): // it belongs to the story
		case name == "" && (has || s.Optional && to.ID == "") && (to.ID == "" || s.ID == f.last() || s.isWish()):
			to = s
		}
	}
	return to, to.ID != ""
}

// isWish reports a text that asks what somebody would like to be done.
func (s Slot) isWish() bool {
	return s.Type == FreeText && s.Optional && strings.Contains(s.Ask.Zh, "希望")
}
