package retrieve

import (
	"slices"
	"strconv"
	"strings"

	"yingda/internal/domain/phrase"
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
	Learning     Code = "learning"      // the program has just started
	SmallBase    Code = "small_base"    // too few questions to be sure
	FewPhrasings Code = "few_phrasings" // too few ways of asking to be sure
	Nothing      Code = "nothing"       // nothing fits
)

// choices is how many questions are offered at once.
const choices = 3

// Below these a good score says little (measured on six public sets), and the
// assistant asks rather than answers.
const (
	minEntries = 50
	minWays    = 5
)

// Limits are the conditions of one decision. The zero value shows public
// entries of any language with the usual thresholds.
type Limits struct {
	Language string // of the visitor; used when the text does not show its own
	After    string // the question that was answered before, for "and how long?"
	Internal bool   // an agent asks: entries for people who work here count too
	// Precision is what share of outright answers is to be right, above 0 and
	// below 1; 0 is the usual 0.95.
	Precision float64

	besides string // a question that is not meant
}

const usualPrecision = 0.95

// usualChoose is the score from which questions are offered where nothing can
// be calibrated, chosen on held-out questions of the demonstration's knowledge
// base.
const usualChoose = 0.15

// Decision is what to do, and why.
type Decision struct {
	Action      Action
	Code        Code
	Why         []phrase.Reason // for people who work here
	Candidates  []Candidate     // best first; with Answer the first is meant
	Near        []Candidate     // what came nearest, where nothing is offered
	Probability float64         // that the first is meant; where too little is known to tell, it is no more than a score
	Enough      float64         // from which probability on an answer is given; zero where none was weighed
}

// Unsure reports whether no question answers, by comparing: more words or another
// text may. What a rule decided is sure, and where a question that is not shown
// is nearer, nothing else is looked for.
func (d Decision) Unsure() bool {
	if slices.ContainsFunc(d.Why, func(r phrase.Reason) bool { return r.Code == "assist.hidden" }) || d.Code == Learning {
		return false
	}
	return d.Action == Choose || d.Action == HandOver && d.Code == Nothing
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
	together := Normalise(before) + " " + normal
	both := x.consider(together, l)
	if both.Action == Answer || d.Action == HandOver || both.Action == Choose && slices.ContainsFunc(x.Find(normal, l, alsoNear), same(both.Candidates[0])) {
		both.Why = slices.Insert(both.Why, 0, phrase.Because("assist.together", "it is read together with the question before"))
		return both
	}
	return d.lifted(x.Find(together, l, 1))
}

// lifted offers first what also comes first when it is read together with the
// question before.
func (d Decision) lifted(top []Candidate) Decision {
	if len(top) == 0 || d.Action != Choose {
		return d
	}
	if at := slices.IndexFunc(d.Candidates, same(top[0])); at > 0 {
		c := d.Candidates[at]
		d.Candidates = slices.Insert(slices.Delete(d.Candidates, at, at+1), 0, c)
		d.Why = slices.Insert(d.Why, 0, phrase.Because("assist.lifted", "the first is the nearest together with the question before"))
	}
	return d
}

// alsoNear is how far down a question may stand that the question before lifts
// to the first place.
const alsoNear = 10

// Weigh decides by the knowledge base alone, without the rules that look at
// words ("a person, please") and without what was asked before.
func (x *Index) Weigh(text string, l Limits) Decision {
	return x.consider(Normalise(text), l.orUsual())
}

func same(a Candidate) func(Candidate) bool { return func(b Candidate) bool { return a.ID == b.ID } }

// consider decides by ranking alone.
func (x *Index) consider(normal string, l Limits) Decision {
	may, language := x.may(normal, l)
	r := x.ranker.rank(x.vocabulary.query(normal), may, choices+1)
	a := asking{word: len(tokensOnce(matter(normal))) < 3, language: language}
	if e, literally := x.exact(normal, may); e >= 0 && (literally || x.agrees(r, e)) {
		a.exact, r.top = true, first(r.top, e)
	}
	return x.weigh(r, a, l)
}

// asking is what is known of a text beside what it resembles.
type asking struct {
	exact    bool   // in the very words of one question
	word     bool   // a word, not a question
	language string // that was searched; empty for all
}

func (x *Index) weigh(r ranking, a asking, l Limits) Decision {
	d := Decision{Candidates: x.candidates(r.top)}
	if len(r.top) == 0 {
		return d.none(phrase.Because("assist.no_word", "no question of the knowledge base has a word of it"))
	}
	if a.exact {
		return d.answer(Exact, 1, phrase.Because("assist.exact", "the text is a known way to ask this, apart from filling words"))
	}
	if x.confidence == nil {
		return x.guess(r, a, d)
	}
	s := r.signals()
	d.Probability = x.confidence.first.of(s)
	enough := x.confidence.threshold(l.Precision)
	d.Enough = enough
	if d.Probability < enough {
		return x.offer(s, enough, d)
	}
	ways := len(x.entries[r.top[0].entry].ways())
	switch {
	case r.hidden:
		return d.choose(Unsure, phrase.Because("assist.hidden", "a question that is not shown here is nearer"))
	case a.word && len(r.top) > 1:
		return d.choose(Unsure, phrase.Because("assist.word", "a word alone does not say what is asked about it"))
	case x.size[a.language].Tended < minEntries:
		return d.choose(SmallBase, x.size[a.language].lack())
	case ways < minWays:
		return d.choose(FewPhrasings, phrase.Because("assist.few_ways", "this question can be asked in %s known ways; %s are needed to be sure", strconv.Itoa(ways), strconv.Itoa(minWays)))
	}
	return d.answer(Clear, d.Probability, phrase.Because("assist.sure", "right with probability %s; %s is enough", digits(d.Probability), digits(enough)))
}

// offer decides whether questions are worth offering that are not sure enough
// to be answered.
func (x *Index) offer(s signals, enough float64, d Decision) Decision {
	if among := x.confidence.among.of(s); among < worthAsking {
		return d.none(phrase.Because("assist.far", "the right question is among the nearest with probability %s only", digits(among)))
	}
	if enough == never {
		return d.choose(Unsure, phrase.Because("assist.never_sure", "right with probability %s; this knowledge base is never sure enough", digits(d.Probability)))
	}
	return d.choose(Unsure, phrase.Because("assist.unsure", "right with probability %s; an answer needs %s", digits(d.Probability), digits(enough)))
}

// worthAsking is from which probability on questions are offered: one offer in
// three that helps is better than none.
const worthAsking = 1.0 / 3

// guess offers what scores well, where too little is known to say how probable
// anything is.
func (x *Index) guess(r ranking, a asking, d Decision) Decision {
	d.Probability = float64(r.top[0].score)
	if d.Probability < usualChoose {
		return d.none(phrase.Because("assist.not_near", "no question of the knowledge base is near enough"))
	}
	if x.plain {
		return d.choose(Learning, learning())
	}
	return d.choose(SmallBase, x.size[a.language].lack())
}

// lack says why no answer is given outright.
func (s Size) lack() phrase.Reason {
	return phrase.Because("assist.small_base", "%s questions with at least %s ways to ask them are too few to be sure; %s are needed",
		strconv.Itoa(s.Tended), strconv.Itoa(minWays), strconv.Itoa(minEntries))
}

// digits writes a probability as people are told it.
func digits(p float64) string { return strconv.FormatFloat(p, 'f', 2, 64) }

func (d Decision) answer(code Code, p float64, why phrase.Reason) Decision {
	d.Action, d.Code, d.Probability, d.Why = Answer, code, p, []phrase.Reason{why}
	return d
}

func (d Decision) choose(code Code, why phrase.Reason) Decision {
	d.Action, d.Code, d.Why = Choose, code, []phrase.Reason{why}
	return d
}

func (d Decision) none(why phrase.Reason) Decision {
	d.Action, d.Code, d.Near, d.Candidates, d.Why = HandOver, Nothing, d.Candidates, nil, []phrase.Reason{why}
	return d
}

// exact returns the only entry that is asked in these very words, apart from
// those that carry no meaning; or -1. A word alone is not a question: "refund"
// may mean how, when or why not. Literally means that every word is the same.
func (x *Index) exact(normal string, may func(int32) bool) (entry int32, literally bool) {
	if e := x.lone(literal(normal), may); e >= 0 {
		return e, true
	}
	if len(tokensOnce(strings.TrimPrefix(matter(normal), "那"))) < 3 {
		return -1, false
	}
	return x.lone(bare(normal), may), false
}

// agrees reports whether a ranking does not speak against an entry: which words
// carry no meaning depends on what people speak of.
func (x *Index) agrees(r ranking, entry int32) bool {
	const likely = 0.5
	return x.confidence == nil || len(r.top) > 0 && r.top[0].entry == entry && x.confidence.first.of(r.signals()) >= likely
}

func (x *Index) lone(key string, may func(int32) bool) int32 {
	only := int32(-1)
	for _, e := range x.same[key] {
		if !may(e) {
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
	if l.Precision == 0 {
		l.Precision = usualPrecision
	}
	return l
}

// byRule is the decision of a rule, with the word that made it.
func byRule(code Code, word string) Decision {
	action, why := None, phrase.Reason{}
	switch code {
	case Safety:
		action, why = HandOver, phrase.Because("assist.safety", "%q may mean danger; a person must look at once", word)
	case Asked:
		action, why = HandOver, phrase.Because("assist.asked", "%q asks for a person", word)
	case Serious:
		action, why = HandOver, phrase.Because("assist.serious", "%q names law, press or an authority; that is for a person", word)
	case Unhelped:
		action, why = HandOver, phrase.Because("assist.unhelped", "%q says that the answer did not help", word)
	case Impatient:
		action, why = HandOver, phrase.Because("assist.impatient", "only question marks: the answer before was not understood, or has not come")
	case Greeted:
		why = phrase.Because("assist.greeting", "a greeting and nothing else")
	case Agreed:
		why = phrase.Because("assist.ack", "an acknowledgement and nothing else")
	case Thanked:
		why = phrase.Because("assist.thanks", "thanks or a farewell and nothing else")
	case Wordless:
		why = phrase.Because("assist.wordless", "there is no letter in it")
	default: // the other codes come of comparing, not of a rule
	}
	return Decision{Action: action, Code: code, Why: []phrase.Reason{why}}
}
