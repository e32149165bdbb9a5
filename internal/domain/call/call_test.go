package call

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

var monday = time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)

// The diagrams in the docs are drawn from the table and from the menus. UPDATE=1
// redraws them.
func TestDiagrams(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> ringing\n")
	for _, s := range States() {
		for _, a := range s.Acts() {
			fmt.Fprintf(&b, "    %s --> %s: %s\n", s, moves[s][a], a)
		}
	}
	b.WriteString("    ended --> [*]\n")
	for file, drawn := range map[string]string{
		"call-states.mmd": b.String(), "menus/hotline.mmd": Hotline().Diagram(), "menus/callback.mmd": Callback().Diagram(),
	} {
		file = "../../../docs/develop/" + file
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(file, []byte(drawn), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(file); err != nil || string(want) != drawn {
			t.Errorf("%s is not what it is drawn from (UPDATE=1 redraws it): %v", file, err)
		}
	}
}

var acts = []Act{Answer, Enqueue, LeaveQueue, Offer, Miss, Connect, Hold, Resume, Consult, Return, Join, Part, Transfer, Requeue, LoseAgent, AskBack, TakeMessage, Rate, Continue, HangUp, WrapUp}

// A caller can hang up in every state but after the end; what is refused says
// in both languages what is possible instead.
func TestEveryStateCanEndAndSaysWhatIsPossible(t *testing.T) {
	t.Parallel()
	for _, s := range States() {
		if _, err := s.Next(HangUp); (err != nil) != (s == Ended || s == WrappingUp) {
			t.Errorf("hanging up while %s: %v", s, err)
		}
		for _, a := range acts {
			next, err := s.Next(a)
			if err == nil {
				if !slices.Contains(States(), next) {
					t.Errorf("%s leads to %s, which is not listed", a, next)
				}
				continue
			}
			if fault.KindOf(err) != fault.Conflict || phrase.Say("zh", fault.CodeOf(err), nil, "none") == "none" {
				t.Errorf("%s while %s: %v", a, s, err)
			}
		}
		for a := range moves[s] {
			if !slices.Contains(acts, a) {
				t.Errorf("%s is not listed", a)
			}
		}
	}
	for _, s := range States() {
		if !slices.Contains(Reasons(), s.Hung()) {
			t.Errorf("hung up while %s: %s", s, s.Hung())
		}
	}
}

// The six steps of a call (R019) with hold and survey, and every field of its
// record (R029).
func TestRecord(t *testing.T) {
	t.Parallel()
	r := Begin(1, Inbound, "13800138000", "4001234567", monday)
	at := monday
	do := func(after int, a Act, queue, agent string) {
		t.Helper()
		at = at.Add(time.Duration(after) * time.Second)
		var err error
		if r, err = r.Do(a, at, queue, agent); err != nil {
			t.Fatal(err)
		}
	}
	do(2, Answer, "", "")
	do(20, Enqueue, "technical", "")
	do(40, Offer, "", "lin")
	do(15, Miss, "", "")
	do(5, Offer, "", "zhao")
	do(4, Connect, "", "zhao")
	do(60, Hold, "", "")
	do(30, Resume, "", "")
	do(100, Rate, "", "")
	do(10, HangUp, "", "")
	at = at.Add(25 * time.Second)
	r = r.Finish(at)
	want := Times{Ring: 2 * time.Second, Menu: 30 * time.Second, Wait: 64 * time.Second, Talk: 160 * time.Second, Hold: 30 * time.Second, WrapUp: 25 * time.Second, Total: 311 * time.Second}
	if got := r.Times(at); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if wait, ok := r.AnswerWait(); wait != 64*time.Second || !ok {
		t.Errorf("waited %s for an answer", wait)
	}
	if r.Agent() != "zhao" || r.Queue() != "technical" || r.Result != Completed || r.State() != Ended {
		t.Errorf("%s, %s, %s, %s", r.Agent(), r.Queue(), r.Result, r.State())
	}
	if _, err := r.Do(HangUp, at, "", ""); err == nil {
		t.Error("a call ended twice")
	}
	if again := r.End(Drained, at); len(again.Steps) != len(r.Steps) {
		t.Error("an ended call was ended")
	}
}

func TestResults(t *testing.T) {
	t.Parallel()
	for want, walk := range map[Reason][]Act{
		NoAnswer:    {HangUp},
		LeftMenu:    {Answer, HangUp},
		Abandoned:   {Answer, Enqueue, Offer, HangUp},
		MessageLeft: {Answer, Enqueue, TakeMessage, HangUp},
		CallbackDue: {Answer, Enqueue, AskBack, HangUp},
		Completed:   {Answer, Enqueue, Offer, Connect, HangUp, WrapUp},
	} {
		r := Begin(1, Inbound, "", "", monday)
		for _, a := range walk {
			var err error
			if r, err = r.Do(a, monday, "", ""); err != nil {
				t.Fatal(err)
			}
		}
		if r.Result != want {
			t.Errorf("%v is %s, want %s", walk, r.Result, want)
		}
	}
	if r := Begin(1, Inbound, "", "", monday).End(Vanished, monday.Add(-time.Hour)); r.Result != Vanished || r.Steps[1].At.Before(monday) {
		t.Errorf("%+v", r)
	}
}

// Whatever happens to a call, its times are never negative and sum up to the
// whole, and the record that a step began from stays as it was.
func TestTimesSumUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := Begin(1, Inbound, "", "", monday)
		at := monday
		for range rapid.IntRange(0, 30).Draw(t, "acts") {
			if r.State() == Ended {
				break
			}
			before := fmt.Sprint(r)
			at = at.Add(time.Duration(rapid.IntRange(-5, 600).Draw(t, "seconds")) * time.Second)
			next, err := r.Do(rapid.SampledFrom(r.State().Acts()).Draw(t, "act"), at, "q", "a")
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(r) != before {
				t.Fatal("the record before the step has changed")
			}
			r = next
		}
		got := r.Times(at)
		for _, d := range []time.Duration{got.Ring, got.Menu, got.Wait, got.Talk, got.Hold, got.WrapUp} {
			if d < 0 {
				t.Fatalf("%+v", got)
			}
		}
		end := at
		if last := r.Steps[len(r.Steps)-1]; last.State == Ended || last.At.After(at) {
			end = last.At
		}
		if sum := got.Ring + got.Menu + got.Wait + got.Talk + got.Hold + got.WrapUp; sum != got.Total || got.Total != end.Sub(monday) {
			t.Fatalf("%+v, from %s to %s", got, monday, end)
		}
	})
}

// A record follows whatever a caller and an agent do in a menu, and ends.
func TestRecordFollowsTheMenu(t *testing.T) {
	t.Parallel()
	menus := []Menu{Hotline(), Callback(), base()}
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom(menus).Draw(t, "menu")
		f := rapid.SampledFrom([]Facts{open(), closed()}).Draw(t, "facts")
		r := Begin(1, Inbound, "", "", monday)
		now := monday
		do := func(a Act) {
			var err error
			if r, err = r.Do(a, now, "", "lin"); err != nil {
				t.Fatal(err)
			}
		}
		do(Answer)
		w := m.Begin()
		step := func(e Event) {
			var actions []Action
			w, actions = m.Step(w, e, now, f)
			for _, a := range actions {
				if a.Do == ConnectTo {
					do(Offer)
				}
				for _, act := range a.Moves(r.State()) {
					do(act)
				}
				if a.Do == EndCall && r.Result == "" {
					t.Fatal("an ended call has no result")
				}
			}
		}
		step(Event{Kind: Began})
		kinds := []EventKind{Pressed, Pressed, Played, Played, TimedOut, Joined, AgentLeft, AgentLost, SentOn, Told, RecordingOver, Transferred}
		for range rapid.IntRange(0, 60).Draw(t, "events") {
			now = now.Add(time.Minute)
			step(Event{
				Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Key: rapid.SampledFrom([]string{"0", "1", "2", "3", "5", "8", "*", "#"}).Draw(t, "key"),
				OK: rapid.Bool().Draw(t, "ok"), Agent: "lin", Place: &Place{Queue: "use", Since: now},
			})
			if r.State().WithAgent() != (w.Phase == Served) {
				t.Fatalf("the caller is %s, and the call %s", w.Phase, r.State())
			}
			if (w.Phase == Waiting) != (r.State() == Queued) {
				t.Fatalf("the caller is %s, and the call %s", w.Phase, r.State())
			}
		}
		now = now.Add(time.Minute)
		over := w.Phase == Over
		step(Event{Kind: HungUp})
		if !over && r.State() != Ended && r.State() != WrappingUp {
			do(HangUp)
		}
		if r = r.Finish(now.Add(time.Minute)); r.State() != Ended || r.Result == "" {
			t.Fatalf("at the end %s, %s", r.State(), r.Result)
		}
	})
}

// An agent may have wrapped up before the caller has rated them.
func TestWrapsUpDuringTheSurvey(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return monday.Add(time.Duration(s) * time.Second) }
	r := Begin(1, Inbound, "", "", at(0))
	for i, a := range []Act{Answer, Enqueue, Offer, Connect, Rate} {
		var err error
		if r, err = r.Do(a, at(10*i), "q", "lin"); err != nil {
			t.Fatal(err)
		}
	}
	if r = r.Finish(at(45)); r.State() != Surveying {
		t.Errorf("wrapped up, and %s", r.State())
	}
	r, err := r.Do(HangUp, at(60), "", "")
	if err != nil || r.State() != Ended || r.Result != Completed {
		t.Errorf("%s, %s, %v", r.State(), r.Result, err)
	}
	if got := r.AfterCall(at(99)); got != 5*time.Second {
		t.Errorf("%s after the call", got)
	}
}
