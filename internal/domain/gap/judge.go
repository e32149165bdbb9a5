package gap

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/turn"
)

// Signal is how it shows that a message was not helped.
type Signal string

// The signals.
const (
	Missed      Signal = "missed"       // nothing was found
	Unsure      Signal = "unsure"       // questions were offered
	AfterAnswer Signal = "after_answer" // a person was asked for after the answer
	AskedAgain  Signal = "asked_again"  // they asked the same again, soon after the answer
	Unhelpful   Signal = "unhelpful"    // they voted so
)

// What a signal costs, and what it costs more when people had to take over.
var costs = map[Signal]int64{Missed: 2, Unsure: 1, AfterAnswer: 2, AskedAgain: 2, Unhelpful: 3}

const handedCost = 4

// Cost is what an ask weighs: a person's time most, then what a customer found
// of no use, then the trouble to ask anew.
func (a Ask) Cost() int64 {
	if a.Handed {
		return costs[a.Signal] + handedCost
	}
	return costs[a.Signal]
}

const (
	again        = 2 * time.Minute // who asks the same within it was not helped
	sameAsking   = 0.5             // cosine from which on two texts ask the same
	mostReplies  = 3
	leastReply   = 6 // characters: what is shorter answers nothing
	longestAsk   = 200
	longestReply = 2000
)

// Heard is one conversation with the assistant: its messages in their order,
// what the assistant decided about each of the contact's, and how contacts
// voted on its answers to them (false is "not helpful").
type Heard struct {
	Messages []conversation.Message
	Turns    map[conversation.MessageID]turn.Record
	Votes    map[conversation.MessageID]bool
	Reasons  map[conversation.MessageID]Reason // why an answer did not help, where they said it
}

// Judge returns which messages of a conversation were not helped, in the order
// in which they were said. Nothing of it is masked.
func Judge(h Heard) []Ask {
	var asks []Ask
	var pieces []string // what was left to be one thing with the next message
	open := -1          // the last ask that nothing answered since
	for i, m := range h.Messages {
		t, ok := h.Turns[m.ID]
		if t.Action == turn.Joined {
			pieces = append(pieces, m.Text)
			continue
		}
		if ok && said(t, "assist.pieces") {
			m.Text = strings.Join(append(pieces, m.Text), "，")
		}
		if ok {
			pieces = nil
		}
		switch {
		case asksPerson(m):
			if open >= 0 {
				asks[open].Handed = true
			}
			open = -1
		case !ok || m.From != conversation.FromContact || m.IsRecalled():
		case chose(t):
			if open >= 0 {
				asks[open].Chosen = m.Text
				if v, voted := h.Votes[m.ID]; voted && !v {
					asks[open].Signal, asks[open].Answered, asks[open].Reason = Unhelpful, m.Text, h.Reasons[m.ID]
				}
			}
		case t.Action == turn.Answered:
			a, bad := h.answered(i, t)
			open = -1
			if bad {
				asks = append(asks, a)
				open = len(asks) - 1
			}
		case t.Action == turn.Offered && !said(t, "assist.learning"):
			asks = append(asks, askOf(m, t, Unsure))
			open = len(asks) - 1
		case found(t):
			asks = append(asks, askOf(m, t, Missed))
			open = len(asks) - 1
			asks[open].Handed = t.Action == turn.Handed
		case t.Action == turn.Handed && (said(t, "assist.asked") || said(t, "assist.unhelped")):
			if open >= 0 {
				asks[open].Handed = true
			}
			open = -1
		}
	}
	asks = slices.DeleteFunc(asks, func(a Ask) bool { return !retrieve.Asks(a.Text) })
	for i := range asks {
		asks[i].Replies = h.replies(asks[i])
	}
	return asks
}

// answered returns what became of a message that was answered; bad if it was
// not helped.
func (h Heard) answered(at int, t turn.Record) (a Ask, bad bool) {
	m := h.Messages[at]
	a = askOf(m, t, AfterAnswer)
	switch {
	case t.Article != "":
		a.Answered = t.Article
	case len(t.Candidates) > 0:
		a.Answered = t.Candidates[0].Question
	}
	if v, voted := h.Votes[m.ID]; voted && !v {
		a.Signal, a.Reason, bad = Unhelpful, h.Reasons[m.ID], true
	}
	for _, next := range h.Messages[at+1:] {
		if asksPerson(next) {
			return a, true
		}
		if next.From != conversation.FromContact || next.Kind != conversation.Text {
			continue
		}
		nt := h.Turns[next.ID]
		if nt.Action == turn.Handed && (said(nt, "assist.asked") || said(nt, "assist.unhelped")) {
			return a, true
		}
		if !bad && !chose(nt) && next.At.Sub(m.At) <= again && retrieve.Resemblance(m.Text, next.Text) >= sameAsking {
			a.Signal, bad = AskedAgain, true
		}
		return a, bad
	}
	return a, bad
}

// replies returns what people told the contact after a message, until the
// contact has asked the assistant something else.
func (h Heard) replies(a Ask) []Reply {
	var out []Reply
	from := slices.IndexFunc(h.Messages, func(m conversation.Message) bool { return m.ID == a.Message })
	for _, m := range h.Messages[from+1:] {
		switch {
		case len(out) == mostReplies:
			return out
		case m.From == conversation.FromContact && retrieve.Asks(m.Text) && !chose(h.Turns[m.ID]) && (len(out) > 0 || h.Turns[m.ID].Action == turn.Answered):
			return out // that is another question
		case m.From == conversation.FromAgent && m.Kind == conversation.Text && utf8.RuneCountInString(m.Text) >= leastReply && retrieve.Asks(m.Text):
			out = append(out, Reply{By: m.AuthorName, At: m.At, Text: m.Text})
		}
	}
	return out
}

func askOf(m conversation.Message, t turn.Record, s Signal) Ask {
	return Ask{Message: m.ID, Conversation: m.Conversation, At: m.At, Text: m.Text, Language: retrieve.LanguageOf(m.Text, t.Language), Signal: s}
}

// asksPerson reports whether the contact pressed the button for a person.
func asksPerson(m conversation.Message) bool {
	return m.Event != nil && m.Event.Name == "human.requested"
}

func chose(t turn.Record) bool { return t.Action == turn.Answered && said(t, "assist.chosen") }

// found reports whether nothing was found for a message, or too little.
func found(t turn.Record) bool {
	if t.Action != turn.Replied && t.Action != turn.Handed {
		return false
	}
	for _, code := range []string{"assist.no_word", "assist.far", "assist.not_near", "assist.withdrawn"} {
		if said(t, code) {
			return true
		}
	}
	return t.Action == turn.Handed && said(t, "assist.patience")
}

func said(t turn.Record, code string) bool {
	for _, r := range t.Why {
		if r.Code == code {
			return true
		}
	}
	return false
}
