package automation

import (
	"slices"
	"strings"
	"time"
)

// Op is how a condition compares a field with its value.
type Op string

// The operators.
const (
	Is          Op = "is"
	IsNot       Op = "is_not"
	Contains    Op = "contains" // a text within a text, or an element of a list
	NotContains Op = "not_contains"
	StartsWith  Op = "starts_with"
	In          Op = "in" // one of several; of a list: at least one of them
	NotIn       Op = "not_in"
	Lt          Op = "lt"
	Lte         Op = "lte"
	Gt          Op = "gt"
	Gte         Op = "gte"
	Between     Op = "between" // both ends included
	IsEmpty     Op = "is_empty"
	IsSet       Op = "is_set"
	Changed     Op = "changed" // of something new, every field that is set has changed
	ChangedFrom Op = "changed_from"
	ChangedTo   Op = "changed_to"
	MatchesAny  Op = "matches_any_words" // any of the words stands in the text; Chinese needs no spaces
	Before      Op = "before"
	After       Op = "after"      // at that moment or later
	OlderThan   Op = "older_than" // at least so long ago
)

// Ops lists all of them, in the order in which a person reads them.
func Ops() []Op {
	return []Op{
		Is, IsNot, Contains, NotContains, StartsWith, MatchesAny, In, NotIn, Lt, Lte, Gt, Gte, Between, Before, After, OlderThan,
		IsEmpty, IsSet, Changed, ChangedFrom, ChangedTo,
	}
}

// Opposite returns the operator that is so exactly when this one is not.
// Comparisons have none: of a field that is empty, neither less nor more is so.
func (o Op) Opposite() (Op, bool) {
	pairs := map[Op]Op{
		Is: IsNot, IsNot: Is, Contains: NotContains, NotContains: Contains, In: NotIn, NotIn: In, IsEmpty: IsSet, IsSet: IsEmpty,
	}
	opposite, ok := pairs[o]
	return opposite, ok
}

// shape is the value that an operator wants.
type shape int

const (
	noValue     shape = iota
	oneValue          // of the field's type
	oneElement        // a text, also where the field is a list
	someValues        // a list of what the field holds
	someWords         // a list of texts
	twoValues         // from and to
	oneMoment         // a moment, a day, or a length from now
	oneDuration       // a length of time
)

// asked is a condition put to facts.
type asked struct {
	was, is Value
	want    Value
	now     time.Time
}

type operator struct {
	types []Type
	want  shape
	holds func(asked) bool
}

// operators is what each operator goes with, wants and means.
var operators = map[Op]operator{
	Is:          {[]Type{Text, Number, YesNo}, oneValue, func(a asked) bool { return a.is.equal(a.want) }},
	IsNot:       {[]Type{Text, Number, YesNo}, oneValue, func(a asked) bool { return !a.is.equal(a.want) }},
	Contains:    {[]Type{Text, List}, oneElement, contains},
	NotContains: {[]Type{Text, List}, oneElement, func(a asked) bool { return !contains(a) }},
	StartsWith:  {[]Type{Text}, oneElement, func(a asked) bool { return strings.HasPrefix(fold(a.is.text), fold(a.want.text)) }},
	MatchesAny:  {[]Type{Text}, someWords, matchesAny},
	In:          {[]Type{Text, Number, List}, someValues, in},
	NotIn:       {[]Type{Text, Number, List}, someValues, func(a asked) bool { return !in(a) }},
	Lt:          {[]Type{Number}, oneValue, func(a asked) bool { return a.numbers() && a.is.num < a.want.num }},
	Lte:         {[]Type{Number}, oneValue, func(a asked) bool { return a.numbers() && a.is.num <= a.want.num }},
	Gt:          {[]Type{Number}, oneValue, func(a asked) bool { return a.numbers() && a.is.num > a.want.num }},
	Gte:         {[]Type{Number}, oneValue, func(a asked) bool { return a.numbers() && a.is.num >= a.want.num }},
	Between:     {[]Type{Number, Moment}, twoValues, between},
	Before:      {[]Type{Moment}, oneMoment, func(a asked) bool { return a.side(-1) }},
	After:       {[]Type{Moment}, oneMoment, func(a asked) bool { return a.side(1) }},
	OlderThan:   {[]Type{Moment}, oneDuration, olderThan},
	IsEmpty:     {[]Type{Text, Number, Moment, YesNo, List}, noValue, func(a asked) bool { return a.is.isEmpty() }},
	IsSet:       {[]Type{Text, Number, Moment, YesNo, List}, noValue, func(a asked) bool { return !a.is.isEmpty() }},
	Changed:     {[]Type{Text, Number, Moment, YesNo, List}, noValue, func(a asked) bool { return a.changed() }},
	ChangedFrom: {[]Type{Text, Number, YesNo}, oneValue, func(a asked) bool { return a.changed() && a.was.equal(a.want) }},
	ChangedTo:   {[]Type{Text, Number, YesNo}, oneValue, func(a asked) bool { return a.changed() && a.is.equal(a.want) }},
}

func contains(a asked) bool {
	if a.is.kind == List {
		return slices.ContainsFunc(a.is.list, a.want.equal)
	}
	return a.is.kind == Text && a.want.kind == Text && strings.Contains(fold(a.is.text), fold(a.want.text))
}

func matchesAny(a asked) bool {
	text := fold(a.is.text)
	return slices.ContainsFunc(a.want.elements(), func(w Value) bool { return w.text != "" && strings.Contains(text, fold(w.text)) })
}

func in(a asked) bool {
	return slices.ContainsFunc(a.is.elements(), func(v Value) bool { return slices.ContainsFunc(a.want.elements(), v.equal) })
}

func between(a asked) bool {
	if len(a.want.list) != 2 {
		return false
	}
	low, high := a.want.list[0], a.want.list[1]
	if a.is.kind == Number {
		return low.kind == Number && high.kind == Number && low.num <= a.is.num && a.is.num <= high.num
	}
	t, ok := a.is.moment()
	from, okFrom := point(low, a.now)
	to, okTo := point(high, a.now)
	return ok && okFrom && okTo && !t.Before(from) && !t.After(to)
}

func olderThan(a asked) bool {
	t, ok := a.is.moment()
	d, okSpan := ParseSpan(a.want.text)
	return ok && okSpan && a.now.Sub(t) >= d
}

func (a asked) numbers() bool { return a.is.kind == Number && a.want.kind == Number }

func (a asked) changed() bool {
	if a.was.isEmpty() && a.is.isEmpty() {
		return false
	}
	return !a.was.equal(a.is)
}

// side reports whether the field lies before (-1) the moment, or at it or
// after (1).
func (a asked) side(sign int) bool {
	t, ok := a.is.moment()
	p, okPoint := point(a.want, a.now)
	return ok && okPoint && t.Before(p) == (sign < 0)
}

// fits reports whether a value is of the shape, for a field of a type.
func (s shape) fits(v Value, t Type) bool {
	isText := func(v Value) bool { return v.kind == Text && v.text != "" }
	switch s {
	case noValue:
		return v.IsZero()
	case oneValue:
		return v.kind == t && !v.isEmpty()
	case oneElement:
		return isText(v)
	case someWords:
		return v.kind == List && len(v.list) > 0 && len(v.list) <= maxList && !slices.ContainsFunc(v.list, func(e Value) bool { return !isText(e) })
	case someValues:
		of := t
		if t == List {
			of = Text
		}
		return v.kind == List && len(v.list) > 0 && len(v.list) <= maxList &&
			!slices.ContainsFunc(v.list, func(e Value) bool { return e.kind != of || e.isEmpty() })
	case twoValues:
		return isPair(v, t)
	case oneMoment:
		return isPoint(v)
	case oneDuration:
		_, ok := ParseSpan(v.text)
		return v.kind == Text && ok
	}
	return false
}

func isPair(v Value, t Type) bool {
	if v.kind != List || len(v.list) != 2 {
		return false
	}
	low, high := v.list[0], v.list[1]
	if t == Number {
		return low.kind == Number && high.kind == Number && low.num <= high.num
	}
	return isPoint(low) && isPoint(high)
}

func isPoint(v Value) bool {
	_, ok := point(v, time.Time{})
	return ok
}
