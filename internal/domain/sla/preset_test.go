package sla

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/kit/fault"
)

func TestPresetsPassTheirCheck(t *testing.T) {
	for _, p := range Presets() {
		if err := p.Check(); err != nil {
			t.Errorf("%s: %v", p.Code, err)
		}
		b, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var back Preset
		if err := json.Unmarshal(b, &back); err != nil || back.Check() != nil || len(Diff(p, back)) != 0 {
			t.Errorf("%s does not survive JSON: %v, %v", p.Code, err, Diff(p, back))
		}
	}
}

// The table of the domain reference, §1.2.
func TestPresetTable(t *testing.T) {
	chat := Subject{Kind: KindConversation, Channel: "webchat"}
	call := Subject{Kind: KindCall, Channel: "phone"}
	mail := Subject{Kind: "consultation", Channel: "email"}
	level := func(l string) Subject { return Subject{Kind: "fault", Level: l, Channel: "webchat"} }
	complaint, suggestion := Subject{Kind: "complaint"}, Subject{Kind: "suggestion"}
	refund, warranty := Subject{Kind: "complaint", Category: []string{Refund}}, Subject{Kind: "fault", Category: []string{"car", Warranty}}
	all := []string{Standard, Express, Generic, Mobility, Statutory}
	for _, c := range []struct {
		metric  Metric
		subject Subject
		terms   [5]string
	}{
		{AnswerWait, call, [5]string{"300 seconds", "60 seconds", "", "300 seconds", ""}},
		{FirstResponse, chat, [5]string{"30 seconds", "30 seconds", "60 seconds", "60 seconds", ""}},
		{FirstResponse, mail, [5]string{"1–2 working days", "30–120 business minutes", "24 hours", "", ""}},
		{FirstResponse, level(Simple), [5]string{"", "30 minutes", "", "", ""}},
		{Resolution, level(Simple), [5]string{"1 working day", "1 hours", "", "", ""}},
		{Resolution, level(General), [5]string{"3–5 working days", "10 working days", "", "", ""}},
		{FirstResponse, level(Complex), [5]string{"", "2 hours", "", "", ""}},
		{FirstSolution, level(Complex), [5]string{"", "24 hours", "", "", ""}},
		{Resolution, level(Complex), [5]string{"7–10 working days", "10 working days", "", "", ""}},
		{Resolution, level(Special), [5]string{}},
		{ComplaintAcknowledge, complaint, [5]string{"1 working day", "24 hours", "", "24 hours", ""}},
		{ComplaintInvestigate, complaint, [5]string{"3–5 working days", "", "", "", ""}},
		{ComplaintFeedback, complaint, [5]string{"7–10 working days", "3 working days", "", "", ""}},
		{ComplaintFeedback, refund, [5]string{"7–10 working days", "3 working days", "", "", "360 hours"}},
		{FirstResponse, warranty, [5]string{"", "", "", "", "10 working days"}},
		{Resolution, warranty, [5]string{"", "", "", "", "20 working days"}},
		{SuggestionAccept, suggestion, [5]string{"1 working day", "1 working day", "1 working day", "1 working day", ""}},
		{SuggestionEvaluate, suggestion, [5]string{"3–5 working days", "3–5 working days", "3–5 working days", "3–5 working days", ""}},
		{SuggestionFeedback, suggestion, [5]string{"7–10 working days", "7–10 working days", "7–10 working days", "7–10 working days", ""}},
		{Verification, Subject{}, [5]string{"60 seconds", "60 seconds", "60 seconds", "60 seconds", ""}},
		{SurveyWindow, Subject{}, [5]string{"1–3 working days", "at once", "", "at once", ""}},
		{PrivacyRequest, Subject{Kind: "privacy"}, [5]string{"15 working days", "15 working days", "15 working days", "15 working days", "15 working days"}},
	} {
		for i, code := range all {
			p, _ := PresetByCode(code)
			got := ""
			if target, _, ok := find(ordered(p), c.metric, c.subject); ok {
				got = target.Term("en")
			}
			if want := strings.Replace(c.terms[i], "1 hours", "1 hour", 1); got != want {
				t.Errorf("%s: %s of %+v is %q, want %q", code, c.metric, c.subject, got, want)
			}
		}
	}
	hours := map[string]string{Standard: "2026-09-20 10:00", Express: "2026-10-01 03:00", Generic: "2026-09-20 10:00", Mobility: "2026-10-01 21:59"}
	for code, when := range hours {
		p, _ := PresetByCode(code)
		c, _ := p.Calendar(Hotline)
		if !table(t, c).OpenAt(at(t, when)) {
			t.Errorf("the hotline of %s is closed at %s", code, when)
		}
	}
}

func TestPlan(t *testing.T) {
	p := promises(t, standard())
	for _, c := range []struct {
		name     string
		subject  Subject
		received string
		want     string // metric target limit
	}{
		{"a complaint", Subject{Kind: "complaint"}, "2026-09-18 10:00", `complaint_acknowledge - 2026-09-20 18:00
complaint_investigate 2026-09-22 18:00 2026-09-24 18:00
complaint_feedback 2026-09-29 18:00 2026-10-09 18:00`},
		{"about a refund", Subject{Kind: "complaint", Category: []string{"order", Refund}}, "2026-09-18 10:00", `complaint_acknowledge - 2026-09-20 18:00
complaint_investigate 2026-09-22 18:00 2026-09-24 18:00
complaint_feedback 2026-09-29 18:00 2026-10-03 10:00`},
		{"nobody set a level", Subject{Kind: "fault"}, "2026-09-18 10:00", "resolution 2026-09-22 18:00 2026-09-24 18:00"},
		{"special", Subject{Kind: "fault", Level: Special}, "2026-09-18 10:00", ""},
		{"a warranty claim", Subject{Kind: "fault", Level: Simple, Category: []string{Warranty}}, "2026-09-24 10:00", `first_response - 2026-10-15 18:00
resolution - 2026-09-28 18:00`},
		{"a warranty claim that waits for its term", Subject{Kind: "fault", Level: Special, Category: []string{Warranty}}, "2026-09-24 10:00", `first_response - 2026-10-15 18:00
resolution - 2026-10-29 18:00`},
		{"a letter", Subject{Kind: "consultation", Channel: "email", Level: Simple}, "2026-09-18 18:01", `first_response 2026-09-21 18:00 2026-09-22 18:00
resolution - 2026-09-21 18:00`},
		{"a chat", Subject{Kind: KindConversation, Channel: "webchat"}, "2026-10-01 03:00", "first_response - 2026-10-01 03:00"},
	} {
		plan, err := p.Plan(c.subject, at(t, c.received))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range plan {
			target := "-"
			if d.Target != nil {
				target = local(*d.Target)
			}
			got = append(got, string(d.Metric)+" "+target+" "+local(d.Limit))
			if len(d.Why) < 2 {
				t.Errorf("%s: %s has no reasons", c.name, d.Metric)
			}
		}
		if s := strings.Join(got, "\n"); s != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, s, c.want)
		}
	}
}

// §1.3.3: counted from submission a complaint takes 10 working days, counted
// from the stage before 16.
func TestAnchor(t *testing.T) {
	chained := standard()
	for i, policy := range chained.Policies {
		for j, target := range policy.Targets {
			if target.Metric == ComplaintInvestigate || target.Metric == ComplaintFeedback {
				chained.Policies[i].Targets[j].Anchor = PreviousStage
			}
		}
	}
	p := promises(t, chained)
	received := at(t, "2026-11-02 10:00")
	tt, _ := p.Timetable(Office)
	for _, c := range []struct {
		metric Metric
		days   int
	}{{ComplaintAcknowledge, 1}, {ComplaintInvestigate, 6}, {ComplaintFeedback, 16}} {
		d, ok, err := p.Promise(c.metric, Subject{Kind: "complaint"}, received)
		if n, _ := tt.WorkingDays(received, d.Limit); !ok || err != nil || n != c.days {
			t.Errorf("%s is due after %d working days, want %d (%v)", c.metric, n, c.days, err)
		}
	}
	d, _, err := p.Promise(ComplaintInvestigate, Subject{Kind: "complaint", Ended: map[Metric]time.Time{ComplaintAcknowledge: at(t, "2026-11-02 11:00")}}, received)
	if n, _ := tt.WorkingDays(received, d.Limit); err != nil || n != 5 {
		t.Errorf("after an early stage: %d working days (%v)", n, err)
	}
}

func TestCheckOfTargets(t *testing.T) {
	three, ten := 3, 10
	for _, c := range []struct {
		code string
		in   Target
	}{
		{"", Target{Metric: Resolution, Target: &three, Limit: 10, Unit: WorkingDay, Anchor: Submission}},
		{"target.metric", Target{Metric: "speed", Limit: 1, Unit: Hour}},
		{"target.unit", Target{Metric: Resolution, Limit: 1, Unit: "week"}},
		{"target.limit", Target{Metric: Resolution, Limit: 0, Unit: Hour}},
		{"target.limit", Target{Metric: Resolution, Limit: 4000, Unit: WorkingDay}},
		{"target.target", Target{Metric: Resolution, Target: &ten, Limit: 10, Unit: WorkingDay}},
		{"target.pause", Target{Metric: FirstResponse, Limit: 1, Unit: Hour, PauseStates: customer}},
		{"target.anchor", Target{Metric: ComplaintAcknowledge, Limit: 1, Unit: Hour, Anchor: PreviousStage}},
		{"target.warn", Target{Metric: Resolution, Limit: 1, Unit: Hour, WarnAt: []int{100, 80}}},
	} {
		if err := c.in.Check(); c.code == "" && err != nil || c.code != "" && fault.CodeOf(err) != c.code {
			t.Errorf("%+v: %v, want %q", c.in, err, c.code)
		}
	}
	for want, f := range map[string]func(*Preset){
		"preset.code":           func(p *Preset) { p.Code = "" },
		"preset.name":           func(p *Preset) { p.Name = Text{} },
		"preset.order":          func(p *Preset) { p.Policies[1].Order = p.Policies[0].Order },
		"preset.calendar_twice": func(p *Preset) { p.Calendars = append(p.Calendars, office()) },
		"policy.calendar":       func(p *Preset) { p.Policies[0].Targets[0].Calendar = "moon" },
		"policy.twice":          func(p *Preset) { p.Policies[0].Targets = append(p.Policies[0].Targets, p.Policies[0].Targets[0]) },
		"policy.level":          func(p *Preset) { p.Policies[0].Match.Level = "hard" },
		"calendar.never":        func(p *Preset) { p.Calendars[0].Week = everyDay() },
	} {
		p := standard()
		f(&p)
		if err := p.Check(); fault.CodeOf(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestDiff(t *testing.T) {
	p := standard()
	if d := Diff(standard(), p); len(d) != 0 {
		t.Errorf("nothing changed: %+v", d)
	}
	p.Policies[0].Targets[0].Limit = 60
	p.Policies = slices.DeleteFunc(p.Policies, func(p Policy) bool { return p.Match.Level == Simple })
	p.Calendars[0].Week[5] = []Span{{"10:00", "16:00"}}
	var en, zh []string
	for _, c := range Diff(standard(), p) {
		en, zh = append(en, c.In("en")), append(zh, c.In("zh"))
	}
	if want := []string{"phone answer (call): 300 seconds → 60 seconds", "resolution (simple): 1 working day → no promise", "the calendar “Working days” changes"}; !reflect.DeepEqual(en, want) {
		t.Errorf("%q", en)
	}
	if want := []string{"电话接听 (call)：300 秒 → 60 秒", "解决 (simple)：1 个工作日 → 无承诺", "日历“工作日”有变化"}; !reflect.DeepEqual(zh, want) {
		t.Errorf("%q", zh)
	}
	if d := Diff(standard(), express()); len(d) < 10 {
		t.Errorf("a switch of presets changes only %d things", len(d))
	}
}

func TestAgreed(t *testing.T) {
	received := at(t, "2026-09-18 10:00")
	d, err := Agreed(Resolution, received, received.Add(100*time.Hour), "等待厂家零件")
	if err != nil || !d.Warnings[0].At.Equal(received.Add(80*time.Hour)) {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := Agreed(Resolution, received, received, "x"); fault.CodeOf(err) != "due.past" {
		t.Error(err)
	}
	if _, err := Agreed(Resolution, received, received.Add(time.Hour), ""); fault.CodeOf(err) != "due.reason" {
		t.Error(err)
	}
}

// Every reason has both languages, which take the same arguments.
func TestSentences(t *testing.T) {
	verb := regexp.MustCompile(`%.`)
	for code, s := range sentences {
		en, zh := verb.FindAllString(s.En, -1), verb.FindAllString(s.Zh, -1)
		if s.En == "" || s.Zh == "" || !slices.Equal(en, zh) || slices.ContainsFunc(en, func(v string) bool { return v != "%s" }) {
			t.Errorf("%s: %q, %q", code, s.En, s.Zh)
		}
	}
	p := promises(t, standard())
	for _, s := range []Subject{{Kind: "complaint", Category: []string{Refund}}, {Kind: "fault", Channel: "email"}, {Kind: KindConversation}} {
		for _, when := range []string{"2026-09-18 10:00", "2026-10-03 10:00", "2026-12-31 20:00"} {
			plan, err := p.Plan(s, at(t, when))
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range plan {
				for _, r := range d.Why {
					if en, zh := r.In("en"), r.In("zh"); strings.Contains(en+zh, "%!") || en == zh || sentences[r.Code].En == "" {
						t.Errorf("%s %v: %q, %q", r.Code, r.Args, en, zh)
					}
				}
			}
		}
	}
}
