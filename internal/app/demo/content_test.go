package demo

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"yingda/internal/domain/company"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
)

func TestKnowledge(t *testing.T) {
	qs, as, err := Knowledge()
	if err != nil {
		t.Fatal(err)
	}
	count, seen, answers := map[string]int{}, map[string]bool{}, map[string]string{}
	for _, q := range qs {
		count["question "+q.Language]++
		checked, err := q.Checked()
		if err != nil || len(checked.Phrasings) != len(q.Phrasings) {
			t.Errorf("%q: %v, %d of %d phrasings kept", q.Question, err, len(checked.Phrasings), len(q.Phrasings))
		}
		if n := len(q.Phrasings); n < 8 || n > 15 {
			t.Errorf("%q has %d phrasings", q.Question, n)
		}
		if other, ok := answers[q.Answer]; ok {
			t.Errorf("%q and %q have the same answer", other, q.Question)
		}
		answers[q.Answer] = q.Question
		for _, way := range append([]string{q.Question}, q.Phrasings...) {
			if key := q.Language + way; seen[key] {
				t.Errorf("%q stands twice", way)
			} else {
				seen[key] = true
			}
		}
	}
	for _, a := range as {
		count["article "+a.Language]++
		if _, err := a.Checked(); err != nil {
			t.Errorf("%q: %v", a.Title, err)
		}
	}
	for kind, least := range map[string]int{"question zh": 120, "question en": 50, "article zh": 16, "article en": 6} {
		if count[kind] < least {
			t.Errorf("%d of %s, want %d", count[kind], kind, least)
		}
	}
}

// A number that begins with 400 costs its callers the local part; nobody may
// read that it is free.
func TestNobodyPromisesAFreeCall(t *testing.T) {
	qs, as, err := Knowledge()
	if err != nil {
		t.Fatal(err)
	}
	free := regexp.MustCompile(`免费(电话|热线|拨打)|(电话|热线|通话)[^。]{0,6}免费|(?i)toll.?free|free (call|hotline|of charge to call)`)
	for _, q := range qs {
		if m := free.FindString(q.Answer); m != "" {
			t.Errorf("%q promises %q", q.Question, m)
		}
	}
	for _, a := range as {
		if m := free.FindString(a.Body); m != "" {
			t.Errorf("%q promises %q", a.Title, m)
		}
	}
}

func TestPeople(t *testing.T) {
	ps, err := People()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range ps {
		if !contact.IsPhone(p.Phone) || !strings.HasPrefix(p.Phone, "1380000") {
			t.Errorf("%s: the phone %s could be someone's", p.Name, p.Phone)
		}
		if p.Email != "" && (!contact.IsEmail(p.Email) || !strings.HasSuffix(p.Email, ".example")) {
			t.Errorf("%s: the address %s could be someone's", p.Name, p.Email)
		}
		if !rightVIN(p.Vehicle.VIN) {
			t.Errorf("%s: %s is no VIN", p.Name, p.Vehicle.VIN)
		}
		for _, own := range []string{p.Name, p.Phone, p.Vehicle.VIN, p.Vehicle.Plate} {
			if seen[own] {
				t.Errorf("%s stands twice", own)
			}
			seen[own] = true
		}
	}
	if len(ps) < 40 {
		t.Errorf("%d people", len(ps))
	}
}

// rightVIN checks the ninth character (GB 16735).
func rightVIN(vin string) bool {
	const letters, values, weights = "ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", "8765432X098765432"
	if len(vin) != 17 {
		return false
	}
	sum := 0
	for i := range len(vin) {
		v := int(vin[i]) - '0'
		if at := strings.IndexByte(letters, vin[i]); at >= 0 {
			v = int(values[at]) - '0'
		} else if v < 0 || v > 9 {
			return false
		}
		w := int(weights[i]) - '0'
		if weights[i] == 'X' {
			w = 10
		}
		sum += v * w
	}
	return "0123456789X"[sum%11] == vin[8]
}

func TestRightVIN(t *testing.T) {
	for vin, want := range map[string]bool{
		"1G4AH59H45G118341": true, "1M8GDM9AXKP042788": true, "5GZCZ43D13S812715": true, "LSVAA4182E2123456": false, "1M8GDM9AXKP04278O": false,
	} {
		if rightVIN(vin) != want {
			t.Errorf("%s: %v", vin, !want)
		}
	}
}

func TestDialogues(t *testing.T) {
	ds, err := Dialogues()
	if err != nil {
		t.Fatal(err)
	}
	ps, err := People()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, p := range ps {
		known[p.Name] = true
	}
	categories, results := map[string]bool{}, map[string]bool{}
	var walk func([]company.Category)
	walk = func(cs []company.Category) {
		for _, c := range cs {
			categories[c.ID] = true
			walk(c.Children)
		}
	}
	walk(company.Defaults().Categories)
	for _, r := range company.Defaults().Results {
		results[r.ID] = true
	}
	states, open := map[conversation.State]int{}, map[string]bool{}
	for _, d := range ds {
		s := conversation.State(d.State)
		states[s]++
		if s.Open() && open[d.Contact] {
			t.Errorf("%s is in two open conversations", d.Contact)
		}
		open[d.Contact] = open[d.Contact] || s.Open()
		if !known[d.Contact] || !categories[d.Category] || len(d.Messages) == 0 || d.Messages[0].From != "contact" {
			t.Errorf("%s, %s: %+v", d.Contact, d.Category, d.Messages)
		}
		if (s == conversation.Closed) != (d.Result != "") || s == conversation.Closed && !results[d.Result] {
			t.Errorf("%s: %s with the result %q", d.Contact, s, d.Result)
		}
		if answered := s == conversation.Active || s == conversation.WrapUp; answered && d.Agent == "" {
			t.Errorf("%s: nobody answers", d.Contact)
		}
	}
	for _, s := range []conversation.State{conversation.Bot, conversation.Queued, conversation.Active, conversation.WrapUp, conversation.Closed} {
		if states[s] == 0 {
			t.Errorf("no dialogue is %s", s)
		}
	}
	if len(ds) < 60 {
		t.Errorf("%d dialogues", len(ds))
	}
}

// Every tree can be published, and every way through it ends with what to do.
func TestTrees(t *testing.T) {
	trees, err := Trees()
	if err != nil || len(trees) < 3 {
		t.Fatalf("%d trees, %v", len(trees), err)
	}
	for _, f := range trees {
		for _, p := range f.Publishable(flow.BuiltinSeams, flow.Builtin()) {
			t.Errorf("%s: %s: %v", f.ID, p.Field, p)
		}
		ends := 0
		var walk func(answers []flow.Answer)
		walk = func(answers []flow.Answer) {
			g, err := f.Guided(answers)
			switch {
			case err != nil:
				t.Fatalf("%s %v: %v", f.ID, answers, err)
			case g.Ends:
				ends++
				if g.Outcome.Zh == "" || g.Outcome.En == "" || len(g.Passed) != len(answers) {
					t.Errorf("%s %v: %+v", f.ID, answers, g)
				}
				return
			}
			for _, o := range g.Options {
				walk(append(slices.Clip(answers), flow.Answer{Slot: g.Slot, Option: o.ID}))
			}
		}
		walk(nil)
		if ends < 5 {
			t.Errorf("%s has only %d ends", f.ID, ends)
		}
	}
}
