package call

import (
	"cmp"
	"slices"
	"strings"

	"yingda/internal/kit/fault"
)

// Text is words for who edits a menu.
type Text struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// In returns the text in a language: Chinese unless it is "en".
func (t Text) In(language string) string {
	if language == "en" {
		return t.En
	}
	return t.Zh
}

// Menu is what a caller walks through (语音导航): nodes that lead to each other.
// A call keeps the version that it began with.
type Menu struct {
	ID       string `json:"id"`
	Version  int    `json:"version"`
	Name     Text   `json:"name"`
	Language string `json:"language"` // in which it begins
	Start    string `json:"start"`
	Nodes    []Node `json:"nodes"`
}

// Own is the version before a company's first one; those that come with the
// program are numbered up to it.
const Own = 1000

// Kind is what a node does.
type Kind string

// The kinds of nodes.
const (
	KindPlay      Kind = "play"      // says something
	KindMenu      Kind = "menu"      // asks for a key
	KindCollect   Kind = "collect"   // asks for digits
	KindQueue     Kind = "queue"     // waits for a person
	KindCallback  Kind = "callback"  // notes that we call back
	KindSurvey    Kind = "survey"    // asks for ratings
	KindHours     Kind = "hours"     // open or closed
	KindCondition Kind = "condition" // by what is known
	KindHTTP      Kind = "http"      // asks another system
	KindSet       Kind = "set"       // keeps values; "language" is the caller's from here on
	KindVoicemail Kind = "voicemail" // records a message
	KindTransfer  Kind = "transfer"  // to a number outside, by its name in the dial plan
	KindHangUp    Kind = "hangup"    // says something and ends
)

// Kinds returns all kinds of nodes.
func Kinds() []Kind {
	return []Kind{KindPlay, KindMenu, KindCollect, KindQueue, KindCallback, KindSurvey, KindHours, KindCondition, KindHTTP, KindSet, KindVoicemail, KindTransfer, KindHangUp}
}

// Node is one place in a menu. Which fields count depends on its kind.
type Node struct {
	ID   string `json:"id"`
	Kind Kind   `json:"kind"`
	Name Text   `json:"name,omitzero"` // for who edits it
	// Prompts are said first, before anything is done; of a callback those that are said when the
	// caller's place in the queue is kept stand in Kept.
	Prompts []string `json:"prompts,omitempty"`
	Kept    []string `json:"kept,omitempty"`
	Next    string   `json:"next,omitzero"` // of a queue: when the agent has hung up; of a condition: otherwise
	Failed  string   `json:"failed,omitzero"`

	// play
	Notice bool   `json:"notice,omitzero"` // tells that the call is recorded: from here on it may be
	Advice string `json:"advice,omitzero"` // is logged as given, such as "122"

	// menu, collect, survey
	Choices []Choice `json:"choices,omitempty"` // also of a queue: keys that lead out
	Seconds int      `json:"seconds,omitzero"`  // of silence until it asks again; of a queue: between two announcements; voicemail, http: at most
	Tries   int      `json:"tries,omitzero"`    // how often it asks
	Again   []string `json:"again,omitempty"`   // said after a wrong key
	Silent  []string `json:"silent,omitempty"`  // said after silence
	Timeout string   `json:"timeout,omitzero"`  // where silence leads in the end
	Invalid string   `json:"invalid,omitzero"`  // where wrong keys lead in the end
	Whole   bool     `json:"whole,omitzero"`    // what it says cannot be cut short
	// Consent is a question whose answer has to be given to it: keys that were
	// pressed before the question was heard to its end are forgotten.
	Consent bool `json:"consent,omitzero"`

	// collect
	Into   string `json:"into,omitzero"` // the name of the value
	Least  int    `json:"least,omitzero"`
	Most   int    `json:"most,omitzero"`
	Phone  bool   `json:"phone,omitzero"`  // has to be a phone number
	Secret bool   `json:"secret,omitzero"` // the recording pauses, and it is told to nobody

	// queue
	Queue     string   `json:"queue,omitzero"`
	Skills    []string `json:"skills,omitempty"`
	Priority  int      `json:"priority,omitzero"` // the higher, the earlier
	Emergency bool     `json:"emergency,omitzero"`
	MostWait  int      `json:"most_wait,omitzero"` // seconds
	Full      string   `json:"full,omitzero"`      // where it leads after MostWait
	Empty     string   `json:"empty,omitzero"`     // where it leads while no agent is there at all
	Comfort   []string `json:"comfort,omitempty"`  // one of them at each announcement
	Whisper   string   `json:"whisper,omitzero"`   // what the agent hears before the caller does

	// callback
	From string `json:"from,omitzero"` // the value with the number; empty: the caller's own

	// survey
	Questions []Question `json:"questions,omitempty"`

	// hours
	Calendar string `json:"calendar,omitzero"`
	Open     string `json:"open,omitzero"`
	Closed   string `json:"closed,omitzero"`

	// condition
	Cases []Case `json:"cases,omitempty"`

	// http
	Hook  string            `json:"hook,omitzero"`  // the name of what is asked
	With  map[string]string `json:"with,omitempty"` // what it is told: name of theirs, value of ours
	Tells []string          `json:"tells,omitempty"`

	// set
	Values map[string]string `json:"values,omitempty"`

	// transfer
	To string `json:"to,omitzero"` // a name in the dial plan, never a number

	// hangup
	Reason Reason `json:"reason,omitzero"`
}

// Choice is a key and where it leads.
type Choice struct {
	Key  string `json:"key"`
	Next string `json:"next"`
}

// Question is one rating of a survey: one key from 1 to 5.
type Question struct {
	ID     string `json:"id"`
	Prompt string `json:"prompt"`
}

// Case leads somewhere if a value is one of some.
type Case struct {
	Of   string   `json:"of"`
	Any  []string `json:"any,omitempty"` // empty: it is known at all
	Next string   `json:"next"`
}

// keys are those of a telephone.
const keys = "0123456789*#"

// What counts where a node says nothing.
const (
	usualSeconds = 6
	usualTries   = 3
	usualEvery   = 40 // seconds between two announcements
	usualMessage = 120
	usualHook    = 5
)

func (n Node) tries() int { return cmp.Or(n.Tries, usualTries) }

func (n Node) seconds() int {
	switch n.Kind {
	case KindQueue:
		return cmp.Or(n.Seconds, usualEvery)
	case KindVoicemail:
		return cmp.Or(n.Seconds, usualMessage)
	case KindHTTP:
		return cmp.Or(n.Seconds, usualHook)
	case KindPlay, KindMenu, KindCollect, KindCallback, KindSurvey, KindHours, KindCondition, KindSet, KindTransfer, KindHangUp:
	}
	return cmp.Or(n.Seconds, usualSeconds)
}

// Find returns a node.
func (m Menu) Find(id string) (Node, bool) {
	i := slices.IndexFunc(m.Nodes, func(n Node) bool { return n.ID == id })
	if i < 0 {
		return Node{}, false
	}
	return m.Nodes[i], true
}

// way is where a node can lead, and by which of its fields.
type way struct {
	field, to string
	idle      bool // it goes there without the caller or anybody else doing anything
	must      bool // the node makes no sense without it
}

// ways returns where a node can lead; those that must be there also if they
// lead nowhere.
func (n Node) ways() (all []way) {
	for _, c := range n.Choices {
		all = append(all, way{field: "choices", to: c.Next, must: true})
	}
	add := func(w way) {
		if w.must || w.to != "" {
			all = append(all, w)
		}
	}
	switch n.Kind {
	case KindPlay, KindSet:
		add(way{"next", n.Next, true, true})
	case KindMenu:
		add(way{"timeout", n.Timeout, true, true})
		add(way{"invalid", n.Invalid, false, true})
	case KindCollect:
		add(way{"next", n.Next, false, true})
		add(way{"timeout", n.Timeout, true, true})
		add(way{"invalid", n.Invalid, false, true})
	case KindQueue:
		add(way{"next", n.Next, false, true})
		add(way{"full", n.Full, false, true}) // time has passed in which somebody could have come
		add(way{"empty", n.Empty, true, false})
	case KindCallback, KindHTTP:
		add(way{"next", n.Next, true, true})
		add(way{"failed", n.Failed, true, true})
	case KindSurvey:
		add(way{"next", n.Next, true, true})
	case KindHours:
		add(way{"open", n.Open, true, true})
		add(way{"closed", n.Closed, true, true})
	case KindCondition:
		for _, c := range n.Cases {
			add(way{"cases", c.Next, true, true})
		}
		add(way{"next", n.Next, true, true})
	case KindVoicemail:
		add(way{"next", n.Next, true, true})
		add(way{"failed", n.Failed, true, true})
	case KindTransfer:
		add(way{"failed", n.Failed, true, true})
	case KindHangUp:
	}
	return all
}

// prompts returns all keys of prompts that a node names.
func (n Node) prompts() (all []string) {
	for _, list := range [][]string{n.Prompts, n.Kept, n.Again, n.Silent, n.Comfort} {
		all = append(all, list...)
	}
	for _, q := range n.Questions {
		all = append(all, q.Prompt)
	}
	if n.Whisper != "" {
		all = append(all, n.Whisper)
	}
	return all
}

// Says returns the keys of all prompts that a menu names, each once.
func (m Menu) Says() []string {
	var all []string
	for _, n := range m.Nodes {
		all = append(all, n.prompts()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// phoneNumber returns a number without the signs between its digits, or Invalid
// if nobody could be called with it.
func phoneNumber(s string) (string, error) {
	n := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -()", r) {
			return -1
		}
		return r
	}, s)
	digits := strings.TrimPrefix(n, "+")
	if len(digits) < 7 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" || strings.Trim(digits, "0") == "" {
		return "", fault.New(fault.Invalid, "call.number", "%q is no phone number; it has 7 to 15 digits", s)
	}
	return n, nil
}
