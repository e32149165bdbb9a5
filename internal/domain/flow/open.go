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
	askAbout  = regexp.MustCompile(`问|了解|知道|咨询|请教|know|ask|wonder`)
)

// Asks reports whether a message asks for the flow to be begun, and not for
// something about it: 我要预约保养, or its trigger and little more. How to book
// is a question.
func (f Flow) Asks(text string) bool {
	t := newScan(text).text()
	if isQuestion(text) || askAbout.MatchString(t) || !slices.ContainsFunc(slices.Concat(f.Triggers, f.Signs), func(w string) bool { return strings.Contains(t, foldText(w)) }) {
		return false
	}
	sc := newScan(text)
	sc.blotOut(f.Triggers, nil)
	rest := emptyWords.ReplaceAllString(leadWords.ReplaceAllString(sc.text(), " "), " ")
	return wantWords.MatchString(t) || utf8.RuneCountInString(bare(rest)) < 3
}
