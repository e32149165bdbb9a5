package flow

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Open returns the frames that still wait for the person, whose time is not
// over and whose flow is still there.
func (s State) Open(l Library, now time.Time) []Frame {
	if s.Schema != Schema {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.Frames), func(f Frame) bool {
		flow, ok := l.Find(f.Flow, f.Version)
		return !ok || now.Sub(f.Touched) > flow.Lifetime()
	})
}

var (
	wantWords = regexp.MustCompile(`我要|我想|我还想|还想|还要|想要|帮我|给我|替我|麻烦|申请|办理|i want|i need|i would like|id like|help me|please`)
	askAbout  = regexp.MustCompile(`问|了解|知道|咨询|请教|怎么|如何|有什么|有哪些|是什么|多久|规定|政策|流程|标准|know|ask|wonder|policy|rules`)
)

// Inquires reports whether a message reads as a question about something, and
// not as something to be done.
func Inquires(text string) bool {
	return isQuestion(text) || askAbout.MatchString(newScan(text).text())
}

// Asks reports whether a message asks for the flow to be begun, and not for
// something about it: 我要预约保养, its trigger and little more, or whatever
// names the very thing that the flow is about. How to book is a question.
func (f Flow) Asks(text string) bool {
	t := newScan(text).text()
	if f.names(text) {
		return true
	}
	if Inquires(text) || !slices.ContainsFunc(slices.Concat(f.Triggers, f.Signs), func(w string) bool { return strings.Contains(t, foldText(w)) }) {
		return false
	}
	return wantWords.MatchString(t) || f.besides(text) < 3
}

// besides returns how many characters a message has beside the words by which
// it asks for the flow.
func (f Flow) besides(text string) int {
	sc := newScan(text)
	sc.blotOut(f.Triggers, nil)
	return utf8.RuneCountInString(withoutWish(sc.text()))
}

// names reports whether a message has a number by which the flow looks
// something up.
func (f Flow) names(text string) bool {
	return slices.ContainsFunc(f.Slots, func(s Slot) bool {
		if s.Type != VIN && s.Type != Plate && s.Type != Reference {
			return false
		}
		_, err := s.Read(text, false, Reading{})
		return err == nil
	})
}
