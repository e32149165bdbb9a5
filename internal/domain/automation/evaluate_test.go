package automation

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func tagged(id ID, order int, w When) Rule {
	return Rule{ID: id, Name: fmt.Sprint("规则", int64(id)), Enabled: true, Order: order, On: []Trigger{{Event: CaseOpened}}, When: w, Then: []Action{{Kind: AddTag, Value: strconv.FormatInt(int64(id), 10)}}}
}

func TestOrderStopAndOff(t *testing.T) {
	unmet := When{Field: "case.kind", Op: Is, Value: TextOf("fault")}
	off, other, stops := tagged(1, 0, When{}), tagged(2, 0, When{}), tagged(5, 20, When{})
	off.Enabled, other.On, stops.StopAfter = false, []Trigger{{Event: CaseUrged}}, true
	rules := []Rule{tagged(7, 30, When{}), stops, tagged(4, 20, When{}), tagged(3, 10, unmet), off, other}
	d := Evaluate(rules, Happening{Event: CaseOpened}, nil, Facts{"case.kind": TextOf("complaint")}, now)
	want := []string{"fired " + ID(4).String(), "fired " + ID(5).String(), "why.rule.off " + ID(1).String(), "why.rule.unmet " + ID(3).String(), "why.rule.stopped " + ID(7).String()}
	if got := verdicts(d); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if why := d.Skipped[2].Why.In("zh"); why != "规则“规则5”已执行，并让后面的规则不再执行" {
		t.Error(why)
	}
}

// The log can say of each condition what was asked, what was found and
// whether it was so.
func TestWhyIsTheWholeTree(t *testing.T) {
	r := read(t, refundRule)
	facts := Facts{"case.kind": TextOf("complaint"), "case.text": TextOf("我要退款"), "case.created_at": MomentOf(now.Add(-time.Hour))}
	d := Evaluate([]Rule{r}, Happening{Event: CaseOpened}, nil, facts, now)
	if len(d.Fired) != 0 || len(d.Skipped) != 1 {
		t.Fatalf("%+v", d)
	}
	b, err := json.Marshal(d.Skipped[0].Tree)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		`{"field":"case.kind","op":"is","want":"complaint","is":"complaint","so":true}`,
		`{"field":"case.text","op":"matches_any_words","want":["退款","退钱"],"is":"我要退款","so":true}`,
		`{"field":"case.compensation","op":"gt","want":20000,"so":false}`,
		`"is":"2026-11-23T09:00:00+08:00","so":false}`,
	} {
		if !strings.Contains(string(b), part) {
			t.Errorf("%s is not in %s", part, b)
		}
	}
	facts["case.created_at"] = MomentOf(now.Add(-2 * time.Hour))
	if d := Evaluate([]Rule{r}, Happening{Event: CaseOpened}, nil, facts, now); len(d.Fired) != 1 || !d.Fired[0].Why.So || len(d.Fired[0].Actions) != 2 {
		t.Errorf("%+v", d)
	}
}

// A rule whose time has come does not set off those of another time.
func TestTimeIsOfOneRule(t *testing.T) {
	a, b := tagged(1, 0, When{}), tagged(2, 0, When{})
	a.On = []Trigger{{Event: Time, Every: 15, Subject: Case}}
	b.On = a.On
	if got := verdicts(Evaluate([]Rule{a, b}, Happening{Event: Time, Rule: 2}, nil, nil, now)); !slices.Equal(got, []string{"fired " + ID(2).String()}) {
		t.Error(got)
	}
}

func TestDryRun(t *testing.T) {
	r := tagged(1, 0, When{Field: "case.created_at", Op: OlderThan, Value: TextOf("1d")})
	r.Enabled, r.On = false, []Trigger{{Event: CaseUrged}, {Event: Time, At: "09:00", Subject: Case}}
	var history []Past
	for i := range 60 {
		at := now.Add(time.Duration(i) * time.Hour)
		history = append(history, Past{At: at, Subject: fmt.Sprint("TS-", i%7), Event: []Event{CaseUrged, CaseOpened, Time}[i%3], After: Facts{"case.created_at": MomentOf(now)}})
	}
	got := DryRun(r, history)
	if got.Looked != 40 || got.Matched != 24 || got.Subjects != 7 || len(got.Examples) != MaxExamples {
		t.Errorf("looked at %d, matched %d on %d, %d examples", got.Looked, got.Matched, got.Subjects, len(got.Examples))
	}
	if !slices.IsSortedFunc(got.Examples, func(a, b Example) int { return b.At.Compare(a.At) }) || !got.Examples[0].Why.So || len(got.Examples[0].Actions) != 1 {
		t.Errorf("%+v", got.Examples[0])
	}
	if r.Enabled {
		t.Error("the rule was switched on")
	}
}

func TestAdmit(t *testing.T) {
	fired := []Fired{{Rule: 1, Name: "a"}}
	often := func(n int, ago time.Duration) []Run {
		var runs []Run
		for i := range n {
			runs = append(runs, Run{Rule: 1, Subject: "cs_1", Version: int64(100 + i), At: now.Add(-ago)})
		}
		return runs
	}
	for _, c := range []struct {
		name  string
		chain Chain
		runs  []Run
		why   string
	}{
		{"the first time", Chain{"cs_1", 1, 0}, nil, ""},
		{"as deep as may be", Chain{"cs_1", 1, MaxChain - 1}, nil, ""},
		{"too deep", Chain{"cs_1", 1, MaxChain}, nil, "why.rule.chain"},
		{"this version", Chain{"cs_1", 1, 0}, []Run{{1, "cs_1", 1, now.Add(-48 * time.Hour)}}, "why.rule.once"},
		{"another version", Chain{"cs_1", 2, 0}, []Run{{1, "cs_1", 1, now}}, ""},
		{"another subject", Chain{"cs_2", 1, 0}, []Run{{1, "cs_1", 1, now}}, ""},
		{"another rule", Chain{"cs_1", 1, 0}, []Run{{2, "cs_1", 1, now}}, ""},
		{"often", Chain{"cs_1", 1, 0}, often(MaxPerHour-1, time.Minute), ""},
		{"too often", Chain{"cs_1", 1, 0}, often(MaxPerHour, time.Minute), "why.rule.rate"},
		{"often, an hour ago", Chain{"cs_1", 1, 0}, often(MaxPerHour, time.Hour), ""},
	} {
		act, held := Admit(fired, c.chain, c.runs, now)
		if (c.why == "") != (len(act) == 1) || len(act)+len(held) != 1 || c.why != "" && held[0].Why.Code != c.why {
			t.Errorf("%s: %+v, %+v, want %q", c.name, act, held, c.why)
		}
	}
	if act, held := Admit([]Fired{{Rule: 1}, {Rule: 1}}, Chain{"cs_1", 1, 0}, nil, now); len(act) != 1 || len(held) != 1 {
		t.Errorf("one rule acts twice at once: %+v, %+v", act, held)
	}
}

// Whatever rules there are, and however they set each other off, one thing
// that happens leads to an end: no rule acts more often on a subject than it
// may within an hour, and no chain is longer than it may be.
func TestLoopGuardBoundsAnyRules(t *testing.T) {
	loops := 0
	rapid.Check(t, func(t *rapid.T) {
		var rules []Rule
		for i := range rapid.IntRange(1, 6).Draw(t, "rules") {
			r := tagged(ID(i+1), 0, When{})
			r.On = []Trigger{{Event: rapid.SampledFrom([]Event{CaseOpened, CaseChanged, CaseStage}).Draw(t, "on")}}
			rules = append(rules, r)
		}
		leads := rapid.SliceOfN(rapid.SampledFrom([]Event{CaseChanged, CaseStage}), len(rules), len(rules)).Draw(t, "leads to")
		type event struct {
			what  Event
			chain Chain
		}
		version, runs := int64(1), []Run(nil)
		waiting := []event{{CaseOpened, Chain{"cs_1", version, 0}}}
		for len(waiting) > 0 {
			e := waiting[0]
			waiting = waiting[1:]
			act, held := Admit(Evaluate(rules, Happening{Event: e.what}, nil, nil, now).Fired, e.chain, runs, now)
			loops += len(held)
			for _, f := range act {
				runs = append(runs, Run{f.Rule, "cs_1", e.chain.Version, now})
				version++
				waiting = append(waiting, event{leads[f.Rule-1], Chain{"cs_1", version, e.chain.Depth + 1}})
			}
			if len(runs) > len(rules)*MaxPerHour {
				t.Fatalf("%d runs of %d rules", len(runs), len(rules))
			}
		}
	})
	if loops == 0 {
		t.Error("no loop was ever held back; the guard was not tried")
	}
}
