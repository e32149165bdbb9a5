package transcript

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"yingda/internal/domain/call"
	"yingda/internal/domain/gap"
)

// Line is something that was said, with when in the recording.
type Line struct {
	Side Side
	Span
	Text string
}

const (
	// MostLines is how many lines a piece has at most; what a model writes beyond
	// that is a loop.
	MostLines   = 500
	longestLine = 5000 // characters
)

// Tidy returns the lines of a piece as they are kept, from what an endpoint
// wrote: heard with times since the beginning of the piece, and the text of all
// where it told no times. It trusts none of it: lines are put in order, into the
// piece, and not over each other; what is empty is left out.
func Tidy(p Piece, side Side, heard []Line, text string) []Line {
	lines := []Line{}
	for _, h := range heard {
		words := plain(h.Text)
		if words == "" {
			continue
		}
		into := func(at time.Duration) time.Duration { return p.From + min(max(0, at), p.Length()) }
		l := Line{side, Span{into(min(h.From, h.To)), into(max(h.From, h.To))}, words}
		lines = append(lines, l)
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Compare(a.From, b.From) })
	lines = lines[:min(len(lines), MostLines)]
	for i := range len(lines) - 1 {
		lines[i].To = max(lines[i].From, min(lines[i].To, lines[i+1].From))
	}
	if words := plain(text); len(lines) == 0 && words != "" {
		lines = append(lines, Line{side, p.Span, words})
	}
	return lines
}

// plain returns a text in one line, without what cannot be seen, and not too
// long.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r), r == utf8.RuneError:
			return -1
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > longestLine {
		text = string(r[:longestLine-1]) + "…"
	}
	return text
}

// Kind is what kind of speaker somebody is.
type Kind string

// The kinds.
const (
	Customer Kind = "customer"
	Agent    Kind = "agent"
	Machine  Kind = "machine" // the menu, and music
	Somebody Kind = "somebody"
)

// Speaker says who said something.
type Speaker struct {
	Kind  Kind
	Agent string // of an agent, as the record names them; empty: not known
}

// SpeakerOf returns who said a line of a call whose recording began at a time;
// zero where nobody knows when.
func SpeakerOf(l Line, r call.Record, began time.Time) Speaker {
	switch l.Side {
	case Caller:
		return Speaker{Kind: Customer}
	case Both:
		return Speaker{Kind: Somebody}
	case Heard:
	}
	if began.IsZero() {
		return Speaker{Agent, r.Agent()}
	}
	at, who, with := began.Add((l.From+l.To)/2), "", false
	for _, s := range r.Steps {
		if s.At.After(at.Add(margin)) {
			break
		}
		if with = s.State.WithAgent(); with {
			who = cmp.Or(s.Agent, who)
		}
	}
	if !with {
		return Speaker{Kind: Machine}
	}
	return Speaker{Agent, who}
}

// longest is longer than any recording.
const longest = 48 * time.Hour

// margin is how far the times of a record and those of its recording may be
// apart.
const margin = time.Second

// Spoken returns where in a recording that began at a time an agent spoke with
// the customer: before it the customer hears the menu, while they are held music.
// Nil where nobody knows when it began.
func Spoken(r call.Record, began time.Time) []Span {
	if began.IsZero() {
		return nil
	}
	spans := []Span{}
	for i, s := range r.Steps {
		if s.State != call.Talking && s.State != call.Conferring {
			continue
		}
		to := began.Add(longest)
		if i+1 < len(r.Steps) {
			to = r.Steps[i+1].At
		}
		spans = append(spans, Span{s.At.Sub(began) - margin, to.Sub(began) + margin})
	}
	return spans
}

// spokenNumber is a number as it is said digit by digit, long enough to be
// somebody's.
var spokenNumber = regexp.MustCompile(`[零〇一二两三四五六七八九幺洞](?:[\s,，、\-]?[零〇一二两三四五六七八九幺洞]){6,}`)

// Mask returns a line without what may tell who somebody is.
func Mask(text string) string {
	text = spokenNumber.ReplaceAllString(text, gap.Covered)
	return gap.Mask(text, longestLine+1)
}

// Clock returns a time in a recording as people write it.
func Clock(at time.Duration) string {
	s := int(at / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}
