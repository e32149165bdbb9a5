package knowledge

import (
	"maps"
	"slices"
	"strings"
	"time"

	"yingda/internal/kit/fault"
)

// Validity is on which days a text holds, and when somebody looks at it again.
// Days are those of the company, written like 2026-11-30; empty is no bound.
type Validity struct {
	ValidFrom  string `json:"valid_from,omitzero"`  // the first day on which it is answered
	ValidUntil string `json:"valid_until,omitzero"` // the last day
	ReviewOn   string `json:"review_on,omitzero"`   // from this day on somebody is to look at it again
}

// HoldsOn reports whether the text is answered on a day.
func (v Validity) HoldsOn(day string) bool {
	return (v.ValidFrom == "" || v.ValidFrom <= day) && (v.ValidUntil == "" || day <= v.ValidUntil)
}

// ReviewDue reports whether somebody is to look at the text by a day.
func (v Validity) ReviewDue(day string) bool { return v.ReviewOn != "" && v.ReviewOn <= day }

func (v Validity) check() error {
	for _, d := range []struct{ field, day string }{{"valid_from", v.ValidFrom}, {"valid_until", v.ValidUntil}, {"review_on", v.ReviewOn}} {
		if _, err := time.Parse(time.DateOnly, d.day); d.day != "" && err != nil {
			return fault.New(fault.Invalid, "knowledge.day", "%q is no day; write it like 2026-11-30", d.day).In(d.field)
		}
	}
	if v.ValidFrom != "" && v.ValidUntil != "" && v.ValidUntil < v.ValidFrom {
		return fault.New(fault.Invalid, "knowledge.valid_order", "the last day stands before the first").In("valid_until")
	}
	return nil
}

// Channels are those on which a question can be answered in other words.
var Channels = []string{"webchat", "wechat", "sms", "email", "phone"}

// instead returns the answers that say something, trimmed.
func instead(answers map[string]string) map[string]string {
	out := map[string]string{}
	for channel, text := range answers {
		if text = strings.TrimSpace(text); text != "" {
			out[channel] = text
		}
	}
	return out
}

func checkAnswers(answers map[string]string) error {
	for _, channel := range slices.Sorted(maps.Keys(answers)) {
		if !slices.Contains(Channels, channel) {
			return fault.New(fault.Invalid, "knowledge.channel", "there is no channel %q; there are %s", channel, strings.Join(Channels, ", ")).In("answers")
		}
		if err := length("answer", answers[channel], 1, MaxAnswer); err != nil {
			return err
		}
	}
	return nil
}

// AnswerOn returns what is said on a channel.
func (q Question) AnswerOn(channel string) string {
	if text := q.Answers[channel]; text != "" {
		return text
	}
	return q.Answer
}
