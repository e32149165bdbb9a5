package automation

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/kit/fault"
)

var (
	shanghai = time.FixedZone("CST", 8*3600)
	now      = time.Date(2026, 11, 23, 10, 0, 0, 0, shanghai)
)

func num(n float64) Value { return NumberOf(n) }

// Each operator, with what is so, what is not, and what is empty.
func TestOperators(t *testing.T) {
	text, ago := TextOf, func(d time.Duration) Value { return MomentOf(now.Add(-d)) }
	for _, c := range []struct {
		op       Op
		was, is  Value
		want     Value
		expected bool
	}{
		{Is, Value{}, text("complaint"), text("complaint"), true},
		{Is, Value{}, text("ＶＩＰ"), text("vip"), true},
		{Is, Value{}, text("complaints"), text("complaint"), false},
		{Is, Value{}, Value{}, text("complaint"), false},
		{Is, Value{}, num(3), num(3), true},
		{Is, Value{}, YesNoOf(true), YesNoOf(true), true},
		{Is, Value{}, YesNoOf(false), YesNoOf(true), false},
		{IsNot, Value{}, text("a"), text("b"), true},
		{IsNot, Value{}, Value{}, text("b"), true},
		{IsNot, Value{}, text("b"), text("B"), false},
		{Contains, Value{}, text("刹车异响，Brake noise"), text("brake"), true},
		{Contains, Value{}, text("刹车异响"), text("异响"), true},
		{Contains, Value{}, text("刹车"), text("异响"), false},
		{Contains, Value{}, Value{}, text("异响"), false},
		{Contains, Value{}, ListOf("vip", "退款"), text("退款"), true},
		{Contains, Value{}, ListOf("退款中"), text("退款"), false},
		{NotContains, Value{}, ListOf("退款中"), text("退款"), true},
		{NotContains, Value{}, Value{}, text("退款"), true},
		{NotContains, Value{}, text("我要退款"), text("退款"), false},
		{StartsWith, Value{}, text("TS20261122-000123"), text("ts2026"), true},
		{StartsWith, Value{}, text("JY2026"), text("TS"), false},
		{StartsWith, Value{}, Value{}, text("TS"), false},
		{MatchesAny, Value{}, text("车子起火了快来人"), ListOf("漏油", "起火"), true},
		{MatchesAny, Value{}, text("车子很好"), ListOf("漏油", "起火"), false},
		{MatchesAny, Value{}, Value{}, ListOf("漏油"), false},
		{In, Value{}, text("fault"), ListOf("complaint", "fault"), true},
		{In, Value{}, text("order"), ListOf("complaint", "fault"), false},
		{In, Value{}, ListOf("a", "b"), ListOf("b", "c"), true},
		{In, Value{}, Value{}, ListOf("b", "c"), false},
		{In, Value{}, num(2), Values(num(1), num(2)), true},
		{NotIn, Value{}, text("order"), ListOf("complaint"), true},
		{NotIn, Value{}, Value{}, ListOf("complaint"), true},
		{NotIn, Value{}, ListOf("a"), ListOf("a"), false},
		{Lt, Value{}, num(2), num(3), true},
		{Lt, Value{}, num(3), num(3), false},
		{Lt, Value{}, Value{}, num(3), false},
		{Lte, Value{}, num(3), num(3), true},
		{Lte, Value{}, num(4), num(3), false},
		{Gt, Value{}, num(4), num(3), true},
		{Gt, Value{}, num(3), num(3), false},
		{Gt, Value{}, Value{}, num(-1), false},
		{Gte, Value{}, num(3), num(3), true},
		{Gte, Value{}, num(2), num(3), false},
		{Between, Value{}, num(2), Values(num(2), num(4)), true},
		{Between, Value{}, num(4), Values(num(2), num(4)), true},
		{Between, Value{}, num(5), Values(num(2), num(4)), false},
		{Between, Value{}, Value{}, Values(num(-2), num(4)), false},
		{Between, Value{}, ago(time.Hour), ListOf("-2h", "-30m"), true},
		{Between, Value{}, ago(3 * time.Hour), ListOf("-2h", "-30m"), false},
		{Between, Value{}, ago(30 * time.Minute), ListOf("-2h", "-30m"), true},
		{Before, Value{}, ago(3 * time.Hour), text("-2h"), true},
		{Before, Value{}, ago(2 * time.Hour), text("-2h"), false},
		{Before, Value{}, ago(-time.Hour), text("+2h"), true},
		{Before, Value{}, ago(11 * time.Hour), text("2026-11-23"), true},
		{Before, Value{}, ago(9 * time.Hour), text("2026-11-23"), false},
		{Before, Value{}, ago(time.Hour), text("2026-11-23T02:00:00Z"), true},
		{Before, Value{}, Value{}, text("-2h"), false},
		{After, Value{}, ago(2 * time.Hour), text("-2h"), true},
		{After, Value{}, ago(3 * time.Hour), text("-2h"), false},
		{After, Value{}, Value{}, text("-2h"), false},
		{OlderThan, Value{}, ago(72 * time.Hour), text("3d"), true},
		{OlderThan, Value{}, ago(71 * time.Hour), text("3d"), false},
		{OlderThan, Value{}, text("2026-11-20T10:00:00+08:00"), text("3d"), true}, // as JSON gives a moment back
		{OlderThan, Value{}, Value{}, text("3d"), false},
		{IsEmpty, Value{}, Value{}, Value{}, true},
		{IsEmpty, Value{}, text(" "), Value{}, true},
		{IsEmpty, Value{}, ListOf(), Value{}, true},
		{IsEmpty, Value{}, num(0), Value{}, false},
		{IsSet, Value{}, YesNoOf(false), Value{}, true},
		{IsSet, Value{}, Value{}, Value{}, false},
		{Changed, text("a"), text("b"), Value{}, true},
		{Changed, text("a"), text("a"), Value{}, false},
		{Changed, Value{}, text("a"), Value{}, true},
		{Changed, text("a"), Value{}, Value{}, true},
		{Changed, Value{}, text(" "), Value{}, false},
		{Changed, ListOf("a"), ListOf("a", "b"), Value{}, true},
		{Changed, MomentOf(now), text(now.UTC().Format(time.RFC3339)), Value{}, false},
		{ChangedFrom, text("low"), text("high"), text("low"), true},
		{ChangedFrom, text("normal"), text("high"), text("low"), false},
		{ChangedFrom, text("low"), text("low"), text("low"), false},
		{ChangedTo, text("low"), text("high"), text("high"), true},
		{ChangedTo, Value{}, text("high"), text("high"), true},
		{ChangedTo, text("high"), text("high"), text("high"), false},
	} {
		w := When{Field: "f", Op: c.op, Value: c.want}
		if got := w.ask(Facts{"f": c.was}, Facts{"f": c.is}, now).So; got != c.expected {
			t.Errorf("%q → %q %s %q is %v", c.was, c.is, c.op, c.want, got)
		}
	}
}

// No operator is without a test, a type, and a place in the list.
func TestEveryOperatorIsListed(t *testing.T) {
	if len(Ops()) != len(operators) {
		t.Errorf("%d operators are listed, %d are known", len(Ops()), len(operators))
	}
	for _, o := range Ops() {
		if op, ok := operators[o]; !ok || len(op.types) == 0 || op.holds == nil {
			t.Errorf("%s is not known", o)
		}
	}
}

func TestParseSpan(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"30m": 30 * time.Minute, "2h": 2 * time.Hour, "3d": 72 * time.Hour, "1w": 168 * time.Hour, "1d12h": 36 * time.Hour,
		"": 0, "0m": 0, "2": 0, "h": 0, "-2h": 0, "2s": 0, "2 h": 0, "9999999999h": 0, "999999w": 0, "3650d3650d": 0, "２h": 0,
	} {
		if got, ok := ParseSpan(s); got != want && ok || ok != (want > 0) {
			t.Errorf("%q is %s, %v, want %s", s, got, ok, want)
		}
	}
}

// drawn is a condition that fits a field, and facts to ask it of.
func drawnValue(t *rapid.T, of Type, label string) Value {
	if rapid.IntRange(0, 4).Draw(t, label+" set") == 0 {
		return Value{}
	}
	switch of {
	case Number:
		return num(float64(rapid.IntRange(-2, 2).Draw(t, label)))
	case YesNo:
		return YesNoOf(rapid.Bool().Draw(t, label))
	case Moment:
		return MomentOf(now.Add(time.Duration(rapid.IntRange(-50, 50).Draw(t, label)) * time.Hour))
	case List:
		return ListOf(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "退款"}), 0, 3).Draw(t, label)...)
	default:
		return TextOf(rapid.SampledFrom([]string{"a", "A", "ab", "退款", "我要退款"}).Draw(t, label))
	}
}

func drawnWant(t *rapid.T, s shape, of Type) Value {
	element := of
	if of == List {
		element = Text
	}
	set := func(of Type) Value {
		v := drawnValue(t, of, "want")
		for v.isEmpty() {
			v = drawnValue(t, of, "want again")
		}
		return v
	}
	switch s {
	case oneValue:
		return set(of)
	case oneElement:
		return set(Text)
	case someWords:
		return Values(set(Text), set(Text))
	case someValues:
		return Values(set(element), set(element))
	case twoValues:
		if of == Number {
			return Values(num(-1), num(1))
		}
		return ListOf("-1d", "+1d")
	case oneMoment:
		return TextOf(rapid.SampledFrom([]string{"-1d", "+3h", "2026-11-23", "2026-11-23T09:00:00+08:00"}).Draw(t, "moment"))
	case oneDuration:
		return TextOf("1d")
	case noValue:
	}
	return Value{}
}

var fieldsOfTypes = Catalogue{
	"t": {Name: "t", Type: Text, Subjects: both}, "n": {Name: "n", Type: Number, Subjects: both}, "m": {Name: "m", Type: Moment, Subjects: both},
	"y": {Name: "y", Type: YesNo, Subjects: both}, "l": {Name: "l", Type: List, Subjects: both},
}

func drawnFacts(t *rapid.T, label string) Facts {
	facts := Facts{}
	for _, name := range []string{"l", "m", "n", "t", "y"} {
		if v := drawnValue(t, fieldsOfTypes[name].Type, label+name); !v.IsZero() {
			facts[name] = v
		}
	}
	return facts
}

func drawnLeaf(t *rapid.T, ops []Op) When {
	op := rapid.SampledFrom(ops).Draw(t, "op")
	of := rapid.SampledFrom(operators[op].types).Draw(t, "type")
	name := map[Type]string{Text: "t", Number: "n", Moment: "m", YesNo: "y", List: "l"}[of]
	return When{Field: name, Op: op, Value: drawnWant(t, operators[op].want, of)}
}

func drawnWhen(t *rapid.T, ops []Op, depth int) When {
	if depth == 0 || rapid.IntRange(0, 2).Draw(t, "leaf") == 0 {
		return drawnLeaf(t, ops)
	}
	var parts []When
	for range rapid.IntRange(1, 3).Draw(t, "parts") {
		parts = append(parts, drawnWhen(t, ops, depth-1))
	}
	if rapid.Bool().Draw(t, "all") {
		return When{All: parts}
	}
	return When{Any: parts}
}

// not turns a condition round where its operators have opposites.
func not(w When) When {
	switch {
	case w.All != nil:
		return When{Any: notEach(w.All)}
	case w.Any != nil:
		return When{All: notEach(w.Any)}
	}
	w.Op, _ = w.Op.Opposite()
	return w
}

func notEach(ws []When) []When {
	turned := make([]When, len(ws))
	for i, w := range ws {
		turned[i] = not(w)
	}
	return turned
}

// Not any is all not, and not all is any not (De Morgan), for whatever the
// fields hold or do not hold.
func TestDeMorgan(t *testing.T) {
	var opposed []Op
	for _, o := range Ops() {
		if p, ok := o.Opposite(); ok {
			if back, _ := p.Opposite(); back != o {
				t.Errorf("the opposite of the opposite of %s is %s", o, back)
			}
			opposed = append(opposed, o)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		w, before, after := drawnWhen(t, opposed, 3), drawnFacts(t, "before "), drawnFacts(t, "after ")
		if w.ask(before, after, now).So == not(w).ask(before, after, now).So {
			t.Fatalf("%+v and its opposite are both or neither so for %v", w, after)
		}
	})
}

// What a rule decides does not depend on when it is asked again, on the order
// in which rules are handed over, or on whether facts and rule were stored in
// between.
func TestEvaluationIsDeterministic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rules []Rule
		for i := range rapid.IntRange(1, 5).Draw(t, "rules") {
			r := Rule{
				ID: ID(i + 1), Name: "r", Enabled: rapid.Bool().Draw(t, "enabled"), On: []Trigger{{Event: CaseChanged}}, When: drawnWhen(t, Ops(), 3),
				Then: []Action{{Kind: AddTag, Value: "a"}}, StopAfter: rapid.Bool().Draw(t, "stop"), Order: rapid.IntRange(0, 2).Draw(t, "order"),
			}
			if _, err := r.Check(fieldsOfTypes); err != nil {
				t.Fatalf("%+v: %v", r.When, err)
			}
			rules = append(rules, r)
		}
		before, after, h := drawnFacts(t, "before "), drawnFacts(t, "after "), Happening{Event: CaseChanged}
		first := told(t, Evaluate(rules, h, before, after, now))
		shuffled := rapid.Permutation(rules).Draw(t, "shuffled")
		if again := told(t, Evaluate(shuffled, h, before, after, now)); again != first {
			t.Fatalf("%s and then %s", first, again)
		}
		var b, a Facts
		var kept []Rule
		stored(t, before, &b)
		stored(t, after, &a)
		stored(t, rules, &kept)
		if again := verdicts(Evaluate(kept, h, b, a, now)); !slices.Equal(again, verdicts(Evaluate(rules, h, before, after, now))) {
			t.Fatalf("after it was stored: %v", again)
		}
	})
}

func told(t *rapid.T, d Decision) string {
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func stored[T any](t *rapid.T, v T, into *T) {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
}

func verdicts(d Decision) []string {
	var said []string
	for _, f := range d.Fired {
		said = append(said, "fired "+f.Rule.String())
	}
	for _, s := range d.Skipped {
		said = append(said, s.Why.Code+" "+s.Rule.String())
	}
	return said
}

func TestValuesOfOtherShapesAreRefused(t *testing.T) {
	for _, in := range []string{`{"a":1}`, `[[1]]`, `[null]`, `[{}]`} {
		var v Value
		if err := json.Unmarshal([]byte(in), &v); fault.CodeOf(err) != "automation.value_shape" {
			t.Errorf("%s: %v", in, err)
		}
	}
}

// A list of lists is refused at its first one: to read it to its end, again at
// each depth, takes minutes.
func TestDeepValuesAreRefusedSoon(t *testing.T) {
	const depth = 9000
	deep := []byte(strings.Repeat("[", depth) + strings.Repeat("]", depth))
	began := time.Now()
	for range 20 {
		var v Value
		if err := json.Unmarshal(deep, &v); fault.CodeOf(err) != "automation.value_shape" {
			t.Fatalf("got %v", err)
		}
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}
