// Package gap is what customers ask and the knowledge base does not answer, or
// not well (知识缺口): which messages were not helped, which of them ask the
// same, what they cost, and what becomes of them.
//
//	judge.go   which messages of a conversation were not helped, and how it shows
//	board.go   which gap a message belongs to
//	mask.go    what of a message is kept
package gap

import (
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/knowledge"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// ID names a gap.
type ID = id.ID[noun]

type noun struct{}

func (noun) Prefix() string { return "gp" }

// NewID returns the id of a gap that is found at a time.
func NewID(at time.Time) ID { return id.New[noun](at) }

// State is where a gap stands.
type State string

// The states.
const (
	Open  State = "open"
	Dealt State = "dealt" // see Deal
)

// Gap is something that is asked and not answered well. What is counted was
// asked after the gap was dealt with.
type Gap struct {
	ID       ID        `json:"id"`
	State    State     `json:"state" enum:"open,dealt"`
	Text     string    `json:"text"` // of the first who asked, masked
	Language string    `json:"language"`
	Asked    int64     `json:"asked"`  // how often
	Handed   int64     `json:"handed"` // after how many of these people took over
	Cost     int64     `json:"cost"`   // the higher, the more it is worth to close it
	FirstAt  time.Time `json:"first_at"`
	LastAt   time.Time `json:"last_at"`
	Deal     *Deal     `json:"deal,omitempty"` // of an open gap: what was done before it was asked again
	Version  int64     `json:"version"`
}

// Act is how a gap is dealt with.
type Act string

// The acts.
const (
	Phrased Act = "phrase" // what is asked became phrasings of a question
	Drafted Act = "draft"  // a question was written, as a draft
	Ignored Act = "ignore"
)

// Deal is what was done about a gap.
type Deal struct {
	Act       Act                  `json:"act" enum:"phrase,draft,ignore"`
	At        time.Time            `json:"at"`
	By        string               `json:"by"`
	Reason    string               `json:"reason,omitzero"`      // why it is ignored
	Question  knowledge.QuestionID `json:"question_id,omitzero"` // that has the phrasings, or was written
	Title     string               `json:"title,omitzero"`       // of that question, as it was then
	Phrasings []string             `json:"phrasings,omitempty"`  // that were added
}

const longestReason = 300

// Done returns the gap after somebody dealt with it. It is a Conflict if
// somebody did before.
func (g Gap) Done(d Deal) (Gap, error) {
	d.Reason = strings.TrimSpace(d.Reason)
	switch n := utf8.RuneCountInString(d.Reason); {
	case g.State != Open:
		return g, fault.New(fault.Conflict, "gap.dealt", "somebody dealt with this a moment ago")
	case d.Act == Ignored && n == 0:
		return g, fault.New(fault.Invalid, "gap.reason", "say in a few words why nothing needs to be done").In("reason")
	case n > longestReason:
		return g, fault.New(fault.Invalid, "gap.reason_long", "a reason holds at most %d characters", longestReason).In("reason")
	}
	g.State, g.Deal = Dealt, &d
	return g, nil
}

// Reopened returns the gap as if nobody had dealt with it. It is a Conflict if
// nobody has.
func (g Gap) Reopened() (Gap, error) {
	if g.State != Dealt {
		return g, fault.New(fault.Conflict, "gap.open", "nothing was done about this that could be taken back")
	}
	g.State, g.Deal = Open, nil
	return g, nil
}

// Counts are sums over the asks of a gap.
type Counts struct {
	Asked, Handed, Cost int64
	First, Last         time.Time
}

// Since is from when on asks count.
func (g Gap) Since() time.Time {
	if g.Deal == nil {
		return time.Time{}
	}
	return g.Deal.At
}

// Counted returns the gap with what was asked since it was dealt with: it comes
// back when that is anything.
func (g Gap) Counted(c Counts) Gap {
	if c.Asked > 0 {
		g.State = Open
		g.FirstAt, g.LastAt = c.First, c.Last
	}
	g.Asked, g.Handed, g.Cost = c.Asked, c.Handed, c.Cost
	return g
}

// Ask is one message that was not helped. Its texts are masked.
type Ask struct {
	Message      conversation.MessageID `json:"message_id"`
	Conversation conversation.ID        `json:"conversation_id"`
	At           time.Time              `json:"at"`
	Text         string                 `json:"text"`
	Language     string                 `json:"language"`
	Signal       Signal                 `json:"signal" enum:"missed,unsure,after_answer,asked_again,unhelpful"`
	Handed       bool                   `json:"handed"`                                                    // people took over after it
	Reason       Reason                 `json:"reason,omitzero" enum:"unrelated,wrong,unclear,incomplete"` // why the answer did not help, as they said
	Page         bool                   `json:"page,omitzero"`                                             // said on the public page of the text; there is no conversation
	Answered     string                 `json:"answered,omitzero"`                                         // the question whose answer was given, and did not help
	Chosen       string                 `json:"chosen,omitzero"`                                           // the question that they chose of those that were offered
	Replies      []Reply                `json:"replies,omitempty"`                                         // what colleagues told them afterwards
}

// Reason is why an answer did not help, as a customer says.
type Reason string

// The reasons; none is said in most cases.
const (
	Unrelated  Reason = "unrelated"  // it answers something else
	Wrong      Reason = "wrong"      // it is not true, or not any more
	Unclear    Reason = "unclear"    // it is not understood
	Incomplete Reason = "incomplete" // it leaves out what matters
)

// Check is Invalid for what is no reason; none at all is in order.
func (r Reason) Check() error {
	switch r {
	case "", Unrelated, Wrong, Unclear, Incomplete:
		return nil
	}
	return fault.New(fault.Invalid, "helpful.reason", "a reason is unrelated, wrong, unclear or incomplete").In("reason")
}

// OfPage is what a reader of a public page did not find in it.
func OfPage(id conversation.MessageID, at time.Time, title, language string) Ask {
	return Ask{Message: id, At: at, Text: title, Language: language, Signal: Unhelpful, Answered: title, Page: true}
}

// Reply is what a colleague told a customer after the assistant could not.
type Reply struct {
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}
