package retrieve

import (
	"fmt"
	"slices"
	"strings"
)

// Action is what the assistant does next.
type Action string

// The actions.
const (
	Answer   Action = "answer"    // say the first candidate's answer
	Choose   Action = "choose"    // ask which of the candidates they mean
	HandOver Action = "hand_over" // a person is better
	None     Action = "none"      // nothing was asked
)

// What is decided by ranking.
const (
	Exact        Code = "exact"         // the question in other words that mean nothing
	Clear        Code = "clear"         // one question stands out
	Unsure       Code = "unsure"        // several fit, or one fits badly
	SmallBase    Code = "small_base"    // too few questions to be sure
	FewPhrasings Code = "few_phrasings" // too few ways of asking to be sure
	Nothing      Code = "nothing"       // nothing fits
)

// choices is how many questions are offered at once.
const choices = 3

// Below these a good score says little (measured on six public sets), and the
// assistant asks rather than answers.
const (
	minEntries   = 50
	minPhrasings = 5
)

// Limits are the conditions of one decision. The zero value shows public
// entries of any language with the usual thresholds.
type Limits struct {
	Language string  // of the visitor; used when the text does not show its own
	After    string  // the question that was answered before, for "and how long?"
	Internal bool    // an agent asks: entries for people who work here count too
	Answer   float64 // the score from which one candidate is answered outright; 0 is the usual
	Choose   float64 // the score from which candidates are offered; 0 is the usual

	besides string // a question that is not meant
}

// The usual thresholds, chosen on held-out questions of the demonstration's
// knowledge base (see TestHeldOut).
const (
	usualAnswer = 0.50
	usualChoose = 0.15
	clearGap    = 0.12 // how far the first stands before the second
)

// Decision is what to do, and why.
type Decision struct {
	Action     Action
	Code       Code
	Why        string      // one sentence for people who work here
	Candidates []Candidate // best first; with Answer the first is meant
}

// Decide says what the assistant should do with a text.
func (x *Index) Decide(text string, l Limits) Decision {
	normal := Normalise(text)
	if code, word, ok := ruled(normal); ok {
		return byRule(code, word)
	}
	l = l.orUsual()
	d := x.consider(normal, l)
	if d.Action == Answer || l.After == "" || !leans(normal) {
		return d
	}
	// What was answered just now is not asked again; what stands beside it may be.
	before := l.After
	l.besides = before
	both := x.consider(Normalise(before)+" "+normal, l)
	if both.Action == Answer || d.Action == HandOver || both.Action == Choose && slices.ContainsFunc(d.Candidates, same(both.Candidates[0])) {
		both.Why = "read together with the question before: " + both.Why
		return both
	}
	return d
}

func same(a Candidate) func(Candidate) bool { return func(b Candidate) bool { return a.ID == b.ID } }

// consider decides by ranking alone.
func (x *Index) consider(normal string, l Limits) Decision {
	may, language := x.may(normal, l)
	top := x.rank(contentTokens(normal), may, choices+1)
	exact := x.exact(normal, may)
	if exact >= 0 {
		top = first(top, exact)
	}
	return x.weigh(top, asking{exact: exact >= 0, word: len(tokensOnce(matter(normal))) < 3, language: language}, l)
}

// asking is what is known of a text beside what it resembles.
type asking struct {
	exact    bool   // in the very words of one question
	word     bool   // a word, not a question
	language string // that was searched; empty for all
}

func (x *Index) weigh(top []found, a asking, l Limits) Decision {
	d := Decision{Candidates: x.candidates(top)}
	if len(top) == 0 || float64(top[0].score) < l.Choose {
		d.Action, d.Code, d.Candidates = HandOver, Nothing, nil
		d.Why = "no question of the knowledge base is near enough"
		return d
	}
	best, gap := top[0], top[0].score
	if len(top) > 1 {
		gap -= top[1].score
	}
	phrasings := len(x.entries[best.entry].ways()) - 1
	d.Action = Choose
	switch near := best.words >= 0.95 && gap >= 2*clearGap; {
	case a.exact:
		d.Action, d.Code = Answer, Exact
		d.Why = "the text is a known way to ask this, apart from filling words"
	case float64(best.score) < l.Answer:
		d.Code, d.Why = Unsure, fmt.Sprintf("the best score %.2f is below %.2f, which an answer needs", best.score, l.Answer)
	case a.word && len(top) > 1:
		d.Code, d.Why = Unsure, "a word alone does not say what is asked about it"
	case gap < clearGap && !near:
		d.Code, d.Why = Unsure, fmt.Sprintf("the first two questions are only %.2f apart", gap)
	case x.sizeOf(a.language) < minEntries && !near:
		d.Code, d.Why = SmallBase, fmt.Sprintf("%d questions are too few to be sure; %d are needed", x.sizeOf(a.language), minEntries)
	case phrasings < minPhrasings && !near:
		d.Code, d.Why = FewPhrasings, fmt.Sprintf("this question has %d phrasings; %d are needed to be sure", phrasings, minPhrasings)
	default:
		d.Action, d.Code = Answer, Clear
		d.Why = fmt.Sprintf("one question stands out: score %.2f, %.2f before the next", best.score, gap)
	}
	return d
}

func (x *Index) sizeOf(language string) int {
	if language == "" {
		return len(x.entries)
	}
	return x.size[language]
}

// exact returns the only entry that is asked in these very words, apart from
// those that carry no meaning; or -1. A word alone is not a question: "refund"
// may mean how, when or why not.
func (x *Index) exact(normal string, may func(Entry) bool) int32 {
	if e := x.lone(literal(normal), may); e >= 0 {
		return e
	}
	if len(tokensOnce(strings.TrimPrefix(matter(normal), "那"))) < 3 {
		return -1
	}
	return x.lone(bare(normal), may)
}

func (x *Index) lone(key string, may func(Entry) bool) int32 {
	only := int32(-1)
	for _, e := range x.same[key] {
		if !may(x.entries[e]) {
			continue
		}
		if only >= 0 {
			return -1
		}
		only = e
	}
	return only
}

// first moves an entry to the head.
func first(top []found, entry int32) []found {
	out := []found{{entry: entry, score: 1, words: 1}}
	for _, f := range top {
		if f.entry != entry && len(out) <= choices {
			out = append(out, f)
		}
	}
	return out
}

// candidates returns what is offered: the best three, but none that is far
// behind the first.
func (x *Index) candidates(top []found) []Candidate {
	var out []Candidate
	for _, f := range top {
		if len(out) == choices || len(out) > 0 && f.score < top[0].score/4 {
			break
		}
		e := x.entries[f.entry]
		out = append(out, Candidate{ID: e.ID, Question: e.Question, Score: float64(f.score)})
	}
	return out
}

func (l Limits) orUsual() Limits {
	if l.Answer == 0 {
		l.Answer = usualAnswer
	}
	if l.Choose == 0 {
		l.Choose = usualChoose
	}
	return l
}

// byRule is the decision of a rule, with the word that made it.
func byRule(code Code, word string) Decision {
	d := Decision{Action: None, Code: code}
	switch code {
	case Safety:
		d.Action, d.Why = HandOver, fmt.Sprintf("%q may mean danger; a person must look at once", word)
	case Asked:
		d.Action, d.Why = HandOver, fmt.Sprintf("%q asks for a person", word)
	case Serious:
		d.Action, d.Why = HandOver, fmt.Sprintf("%q names law, press or an authority; that is for a person", word)
	case Unhelped:
		d.Action, d.Why = HandOver, fmt.Sprintf("%q says that the answer did not help", word)
	case Impatient:
		d.Action, d.Why = HandOver, "only question marks: the answer before was not understood, or has not come"
	case Greeted:
		d.Why = "a greeting and nothing else"
	case Agreed:
		d.Why = "an acknowledgement and nothing else"
	case Thanked:
		d.Why = "thanks or a farewell and nothing else"
	case Wordless:
		d.Why = "there is no letter in it"
	default: // the other codes come of comparing, not of a rule
	}
	return d
}
