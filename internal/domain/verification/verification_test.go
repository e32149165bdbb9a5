package verification

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

var (
	noon = time.Date(2026, 11, 29, 4, 0, 0, 0, time.UTC)
	lin  = agent.Actor{Agent: 7, Name: "林晓"}
	who  = contact.ID(11)
)

const card = "11010519491231002X" // the example of GB 11643

// The diagram in the docs is drawn from the table. UPDATE=1 redraws it.
func TestDiagram(t *testing.T) {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> started: start\n")
	for _, s := range States() {
		for _, a := range s.Acts() {
			fmt.Fprintf(&b, "    %s --> %s: %s\n", s, moves[s][a], a)
		}
	}
	for _, s := range States() {
		if len(moves[s]) == 0 {
			fmt.Fprintf(&b, "    %s --> [*]\n", s)
		}
	}
	const file = "../../../docs/develop/verification-states.mmd"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(file); err != nil || string(want) != b.String() {
		t.Errorf("%s is not the table (UPDATE=1 redraws it): %v", file, err)
	}
}

func TestEveryStateSaysWhatIsPossible(t *testing.T) {
	for _, s := range States() {
		for _, a := range []Act{Ask, Right, Pass, Wrong, Lock, Vouch, Lapse, Cancel} {
			_, err := s.Next(a)
			if slices.Contains(s.Acts(), a) {
				if err != nil {
					t.Errorf("%s in %s: %v", a, s, err)
				}
				continue
			}
			if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), listed(s.Acts())) || phrase.Say("zh", fault.CodeOf(err), nil, "none") == "none" {
				t.Errorf("%s in %s: %v", a, s, err)
			}
		}
	}
}

func TestIDNumber(t *testing.T) {
	for number, right := range map[string]bool{
		card:                 true,
		"440308199901101512": true,
		"110105194912310021": false, // check digit
		"11010519491231002":  false, // one short
		"11010519491331002X": false, // no such month
		"110105203012310026": false, // not born yet
		"1101051949123100２X": false, // folded before, never here
		"X1010519491231002X": false,
		"":                   false,
	} {
		if err := CheckIDNumber(number, noon); (err == nil) != right {
			t.Errorf("%q: %v", number, err)
		}
	}
}

// Whoever mistypes one character, or swaps two that differ, is told so.
func TestIDNumberFindsSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(card)
		i := rapid.IntRange(0, 16).Draw(t, "at")
		if rapid.Bool().Draw(t, "swap") && i < 16 {
			b[i], b[i+1] = b[i+1], b[i]
		} else {
			b[i] = '0' + byte((int(b[i]-'0')+rapid.IntRange(1, 9).Draw(t, "by"))%10)
		}
		if string(b) != card && CheckIDNumber(string(b), noon) == nil {
			t.Fatalf("%s was taken", b)
		}
	})
}

func TestSame(t *testing.T) {
	p := Defaults()
	for _, c := range []struct {
		name       string
		f          Factor
		told       string
		registered []string
		is         bool
	}{
		{"a phone as it is", Phone, "13812345678", []string{"13812345678"}, true},
		{"with country and spaces", Phone, "+86 138 1234 5678", []string{"13812345678"}, true},
		{"registered with the country", Phone, "138-1234-5678", []string{"0086 13812345678"}, true},
		{"wide digits", Phone, "１３８１２３４５６７８", []string{"13812345678"}, true},
		{"another phone", Phone, "13812345679", []string{"13812345678"}, false},
		{"the end of a phone is not the phone", Phone, "12345678", []string{"13812345678"}, false},
		{"four digits", PhoneTail, "5678", []string{"13812345678"}, true},
		{"more than four", PhoneTail, "345678", []string{"13812345678"}, true},
		{"three of them", PhoneTail, "678", []string{"13812345678"}, false},
		{"a small x", IDNumber, "110105 1949 1231 002x", []string{card}, true},
		{"a wide X", IDNumber, "11010519491231002Ｘ", []string{card}, true},
		{"the end of the card", IDTail, "002x", []string{card}, true},
		{"the middle of the card", IDTail, "1231", []string{card}, false},
		{"the end of a VIN", Vehicle, "004352", []string{"1HGCM82633A004352", "京A12345"}, true},
		{"a plate with a point", Vehicle, "京a·12345", []string{"1HGCM82633A004352", "京A12345"}, true},
		{"the second order", Order, "yx-2026 002", []string{"YX2026001", "YX2026002"}, true},
		{"a part of an order", Order, "2026002", []string{"YX2026002"}, false},
		{"a name with a space", Name, "王 小明", []string{"王小明"}, true},
		{"nothing registered", Order, "YX2026001", nil, false},
		{"nothing told", Order, "", []string{""}, false},
		{"something empty is registered", PhoneTail, "", []string{"13812345678"}, false},
	} {
		if got := p.Same(c.f, c.told, c.registered); got != c.is {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestWhatIsWrongWithoutLooking(t *testing.T) {
	p := Defaults()
	for _, c := range []struct {
		f    Factor
		told string
		code string
	}{
		{Phone, "138 1234 5678", ""},
		{Phone, "王", "verification.phone"},
		{PhoneTail, "56", "verification.tail"},
		{PhoneTail, "五六七八", "verification.digits"},
		{IDNumber, card, ""},
		{IDNumber, "110105194912310021", "verification.id_number"},
		{IDTail, "2X", "verification.tail"},
		{Code, "12 34 56", ""},
		{Code, "12345", "verification.code_form"},
		{Order, " ", "verification.empty"},
		{Member, strings.Repeat("9", 65), "verification.long"},
	} {
		err := p.CheckTold(c.f, c.told, noon)
		if (err == nil) != (c.code == "") || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%s %q: %v, want %q", c.f, c.told, err, c.code)
		}
		if err != nil && c.told != "" && c.told != " " && strings.Contains(err.Error(), c.told) {
			t.Errorf("what was told stands in the error: %v", err)
		}
	}
}

func TestParticulars(t *testing.T) {
	for _, c := range []struct {
		p          Particular
		typed      string
		kept, mask string
		code       string
	}{
		{IDCard, "11010519491231002x", card, "110***************", ""},
		{IDCard, "123", "", "", "verification.id_number"},
		{VIN, "1hgcm82633a004352", "1HGCM82633A004352", "1HG**************", ""},
		{VIN, "1HGCM82633O004352", "", "", "verification.vin"},
		{PlateNo, "京A·12345", "京A12345", "京A***45", ""},
		{MemberNo, "M-88", "", "", "verification.value"},
		{OrderNo, "yx 20261101001", "YX20261101001", "****1001", ""},
		{MemberNo, "88001", "88001", "****01", ""},
		{"passport", "E12345678", "", "", "verification.particular"},
	} {
		kept, err := c.p.Check(c.typed, noon)
		if c.code != "" {
			if fault.CodeOf(err) != c.code {
				t.Errorf("%s %q: %v, want %s", c.p, c.typed, err, c.code)
			}
			continue
		}
		if err != nil || kept != c.kept || c.p.Mask(kept) != c.mask {
			t.Errorf("%s %q: %q, %q, %v", c.p, c.typed, kept, c.p.Mask(kept), err)
		}
	}
}

// Whoever sees the mask does not know the answer.
func TestTheMaskHoldsNoAnswer(t *testing.T) {
	p := Defaults()
	for f, values := range map[Factor]map[Particular]string{
		IDNumber: {IDCard: card}, IDTail: {IDCard: card}, Vehicle: {VIN: "1HGCM82633A004352", PlateNo: "京A12345"}, Order: {OrderNo: "YX20261101001"}, Member: {MemberNo: "M88001234"},
	} {
		for kind, value := range values {
			mask := strings.ReplaceAll(kind.Mask(value), "*", "")
			for i := range mask {
				if told := mask[i:]; p.CheckTold(f, told, noon) == nil && p.Same(f, told, []string{value}) {
					t.Errorf("%s is answered by %q of the mask", f, told)
				}
			}
		}
	}
}

func TestJudge(t *testing.T) {
	p := Defaults()
	for _, c := range []struct {
		name   string
		a      Action
		right  []Factor
		enough bool
		short  int
	}{
		{"nothing", Reveal, nil, false, 2},
		{"one of two", Reveal, []Factor{Phone}, false, 1},
		{"the phone and the end of the card (R087)", Reveal, []Factor{Phone, IDTail}, true, 0},
		{"the card and its end are one thing", Reveal, []Factor{IDNumber, IDTail}, false, 1},
		{"a name does not count", Reveal, []Factor{Phone, Name}, false, 1},
		{"a code is enough to unlock", UnlockAccount, []Factor{Code}, true, 0},
		{"a code is not enough to change", ChangeContact, []Factor{Code}, false, 1},
		{"an action of tomorrow", "vehicle.unlock", []Factor{Phone, Vehicle}, true, 0},
	} {
		v := p.Judge(c.a, c.right)
		if v.Enough != c.enough || v.Short != c.short && !c.enough {
			t.Errorf("%s: %+v", c.name, v)
		}
	}
	if v := p.Judge(Reveal, []Factor{IDTail}); slices.Contains(v.Missing, IDNumber) || !slices.Contains(v.Missing, Phone) {
		t.Errorf("missing %v", v.Missing)
	}
}

// What is missing really helps, and what is not missing does not; a way that
// lists more is never harder.
func TestMissingHelps(t *testing.T) {
	p := Defaults()
	factors := rapid.SliceOfDistinct(rapid.SampledFrom(Factors()), func(f Factor) Factor { return f })
	rapid.Check(t, func(t *rapid.T) {
		right, a := factors.Draw(t, "right"), rapid.SampledFrom(Actions()).Draw(t, "action")
		v := p.Judge(a, right)
		if v.Enough {
			return
		}
		for _, f := range v.Missing {
			with := p.Judge(a, append(slices.Clone(right), f))
			if !with.Enough && slices.Contains(with.Missing, f) {
				t.Fatalf("%s is missing, and told it is missing still", f)
			}
		}
		if !p.Judge(a, append(slices.Clone(right), v.Missing...)).Enough {
			t.Fatalf("all that is missing is not enough: %v", v)
		}
	})
}

func TestPolicyCheck(t *testing.T) {
	with := func(f func(*Policy)) Policy {
		p := Defaults()
		f(&p)
		return p
	}
	ways := func(ws ...Way) Policy { return with(func(p *Policy) { p.Needs[0].Ways = ws }) }
	for _, c := range []struct {
		name, code string
		p          Policy
	}{
		{"the defaults", "", Defaults()},
		{"never locks", "verification.policy_most", with(func(p *Policy) { p.Most = 0 })},
		{"locks for a moment", "verification.policy_lock", with(func(p *Policy) { p.LockMinutes = 1 })},
		{"holds for a day", "verification.policy_live", with(func(p *Policy) { p.LiveMinutes = 1440 })},
		{"one digit", "verification.policy_tail", with(func(p *Policy) { p.Tails = []Terms{{IDTail, 1}} })},
		{"the end of an order", "verification.policy_tail", with(func(p *Policy) { p.Tails = []Terms{{Order, 4}} })},
		{"no way", "verification.policy_ways", ways()},
		{"nothing", "verification.policy_count", ways(Way{0, []Factor{Phone}})},
		{"more than there is", "verification.policy_count", ways(Way{2, []Factor{Phone, PhoneTail}})},
		{"what anybody knows", "verification.policy_weak", ways(Way{2, []Factor{Name, PhoneTail, Code}})},
		{"a name beside others", "", ways(Way{3, []Factor{Name, PhoneTail, IDTail, Order}})},
		{"what is not asked", "verification.factor", ways(Way{1, []Factor{"blood"}})},
		{"an action twice", "verification.policy_action", with(func(p *Policy) { p.Needs[1].Action = p.Needs[0].Action })},
	} {
		if _, err := c.p.Check(); (err == nil) != (c.code == "") || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
	}
	if p, err := with(func(p *Policy) { p.Needs = p.Needs[:1] }).Check(); err != nil || len(p.Needs) != len(Actions()) {
		t.Errorf("an action that is left out: %v, %v", p.Needs, err)
	}
}

func TestAVerification(t *testing.T) {
	p := Defaults()
	v := Start(who, Reveal, p, lin, noon)
	v, row, err := v.Answer(p, Phone, true, Failures{Count: 2, At: noon}, noon.Add(20*time.Second))
	if err != nil || v.State != Asked || row.Count != 2 {
		t.Fatalf("%+v, %+v, %v", v, row, err)
	}
	if _, _, err := v.Answer(p, PhoneTail, true, row, noon); fault.CodeOf(err) != "verification.useless" {
		t.Errorf("the end of what is known: %v", err)
	}
	v, row, err = v.Answer(p, IDTail, true, row, noon.Add(50*time.Second))
	if err != nil || v.State != Passed || row != (Failures{}) || v.Took() != 50*time.Second {
		t.Fatalf("%+v, %+v, %v", v, row, err)
	}
	for _, c := range []struct {
		name string
		a    Action
		who  contact.ID
		at   time.Duration
		code string
	}{
		{"at once", Reveal, who, time.Minute, ""},
		{"for something alike", ChangeContact, who, time.Minute, ""},
		{"of somebody else", Reveal, who + 1, time.Minute, "verification.needed"},
		{"in the last moment", Reveal, who, 15*time.Minute + 49*time.Second, ""},
		{"a quarter of an hour later", Reveal, who, 15*time.Minute + 50*time.Second, "verification.expired"},
	} {
		err := v.Covers(p, c.a, c.who, noon.Add(c.at))
		if (err == nil) != (c.code == "") || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
	}
	harder := p
	harder.Needs = []Need{{Reveal, []Way{{1, []Factor{Code}}}}}
	if err := v.Covers(harder, Reveal, who, noon.Add(time.Minute)); fault.CodeOf(err) != "verification.needed" {
		t.Errorf("a policy that asks for more counts at once: %v", err)
	}
}

func TestTheThirdFailureLocks(t *testing.T) {
	p, row := Defaults(), Failures{}
	// Three wizards of three people: the row is the customer's.
	for i := range 3 {
		v, err := Start(who, Reveal, p, lin, noon), error(nil)
		v, row, err = v.Answer(p, Phone, false, row, noon.Add(time.Duration(i)*time.Minute))
		if want := map[bool]State{true: Locked, false: Failed}[i == 2]; err != nil || v.State != want {
			t.Fatalf("failure %d: %s, %v", i+1, v.State, err)
		}
	}
	at := noon.Add(2 * time.Minute)
	if err := row.Locked(at.Add(29 * time.Minute)); fault.CodeOf(err) != "verification.locked" {
		t.Errorf("after 29 minutes: %v", err)
	}
	if err := row.Locked(at.Add(30 * time.Minute)); err != nil || row.Left(p, at.Add(30*time.Minute)) != 3 {
		t.Errorf("after 30 minutes: %v, %d left", err, row.Left(p, at.Add(30*time.Minute)))
	}
	again := at.Add(31 * time.Minute)
	for range 3 {
		row = row.Failed(p, again)
	}
	if row.Wait(again) != time.Hour {
		t.Errorf("the second lock lasts %s", row.Wait(again))
	}
}

// However somebody spreads their guesses, a day does not give many.
func TestGuessesAreFew(t *testing.T) {
	p := Defaults()
	rapid.Check(t, func(t *rapid.T) {
		row, now, n := Failures{}, noon, 0
		for now.Before(noon.Add(24 * time.Hour)) {
			if row.Wait(now) == 0 {
				if row.Left(p, now) == 0 {
					t.Fatal("not locked, and nothing left")
				}
				row, n = row.Failed(p, now), n+1
			}
			now = now.Add(time.Duration(rapid.IntRange(1, 120).Draw(t, "minutes")) * time.Minute)
		}
		if n > 20 {
			t.Fatalf("%d guesses in a day", n)
		}
	})
}

func TestWhoIsSilentIsForgotten(t *testing.T) {
	p := Defaults()
	v, err := Start(who, Reveal, p, lin, noon).Ask(p, Phone, noon.Add(time.Minute))
	if err != nil || v.At(noon.Add(15*time.Minute)).State != Asked || v.At(noon.Add(16*time.Minute)).State != Expired || !v.Ends().Equal(noon.Add(16*time.Minute)) {
		t.Errorf("%+v, %v", v, err)
	}
	if err := v.At(noon.Add(time.Hour)).Covers(p, Reveal, who, noon.Add(time.Hour)); fault.CodeOf(err) != "verification.needed" {
		t.Errorf("one that never passed: %v", err)
	}
}

func TestVouch(t *testing.T) {
	p := Defaults()
	v := Start(who, ChangeContact, p, lin, noon)
	if _, err := v.VouchFor(p, " 是 ", noon); fault.CodeOf(err) != "verification.vouch" {
		t.Errorf("without a reason: %v", err)
	}
	v, err := v.VouchFor(p, "当面核对了行驶证", noon)
	if err != nil || v.Covers(p, Reveal, who, noon) != nil || v.Covers(p, Reveal, who, noon.Add(15*time.Minute)) == nil {
		t.Errorf("%+v, %v", v, err)
	}
	if v, err = v.End(noon); err != nil || v.State != Expired {
		t.Errorf("%+v, %v", v, err)
	}
}
