package ticket

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

func begin(k Kind) Case {
	return Case{ID: 1, Number: Number(k, noon, 1), Kind: k, State: k.First(), Contact: 3, CreatedAt: noon, Course: Course{Reached: k.First(), MovedAt: noon}}
}

// full is an act with everything said that any act needs.
func full(a Act, by Actor, now time.Time) Doing {
	return Doing{
		Act: a, By: by, Reason: "因为", Text: "您好", Team: 5, Agent: 7, AgentName: "林晓", Category: "complaint.fee", Level: Complex,
		Contacted: true, ExpectedAt: now.Add(day), Until: now.Add(day), Findings: "查明", Solution: "方案", Cause: "part", Outcome: Refund, Approval: "ap_1",
		Verification: "iv_1", Announcement: "an_1", WaysTold: true, Into: 99,
		External:   &External{Body: Body12315, Reference: "1310000", DueAt: now.Add(10 * day)},
		Escalation: &Escalation{Level: RankSupervisor, Confirmed: &Confirmation{Text: "同意上门", By: "林晓", At: now}},
	}
}

// walk does acts one after the other, each an hour after the one before.
func walk(t *testing.T, c Case, doings ...Doing) Case {
	t.Helper()
	now := first(c.MovedAt, noon)
	for _, d := range doings {
		now = now.Add(time.Hour)
		next, _, err := c.Do(d, DefaultWindows(), now)
		if err != nil {
			t.Fatalf("%s in %s: %v", d.Act, c.State, err)
		}
		c = next
	}
	return c
}

func acts(by Actor, as ...Act) []Doing {
	var ds []Doing
	for _, a := range as {
		ds = append(ds, full(a, by, noon.Add(365*day)))
	}
	return ds
}

// Each branch of each kind leads where the reference says.
func TestBranches(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		acts []Act
		want State
	}{
		{Consultation, []Act{Answer, Confirm, Close}, Closed},
		{Consultation, []Act{Accept, HandOver, Answer, Reject, Answer, Confirm}, Understood},
		{Consultation, []Act{AskCustomer, Resume, AskThird, Resume}, New},
		{Account, []Act{Accept, CheckIdentity, PassCheck, Answer, Confirm, Close}, Closed},
		{Account, []Act{CheckIdentity, FailCheck}, Answered},
		{Order, []Act{Accept, StartRemedy, DropRemedy, StartRemedy, FinishRemedy, Confirm, Close}, Closed},
		{Fault, []Act{Triage, Diagnose, Guide, Resolve, Confirm, Close}, Closed},
		{Fault, []Act{Dispatch, Arrive, BookRepair, StartRepair, Resolve, Reject, Triage}, Triaged},
		{Complaint, []Act{Accept, Investigate, Propose, LookAgain, Propose, GiveFeedback, Confirm, Close}, Closed},
		{Complaint, []Act{Refuse}, NotAccepted},
		{Complaint, []Act{Accept, Refuse, GoExternal, Resume}, NotAccepted},
		{Complaint, []Act{Accept, Investigate, Withdraw}, Withdrawn},
		{Complaint, []Act{Accept, Investigate, GoExternal, Resume}, Investigating},
		{Complaint, []Act{Accept, Investigate, AskThird, GoExternal, Close}, Closed},
		{Suggestion, []Act{Accept, Evaluate, Assess, GiveFeedback, Adopt, Implement, Announce}, Implemented},
		{Suggestion, []Act{Accept, Evaluate, GiveFeedback, Decline, Reopen}, Evaluating},
		{Suggestion, []Act{Merge}, Merged},
		{Suggestion, []Act{Accept, Merge, Restore}, Accepted},
		{Feedback, []Act{Review, Answer, Archive}, Archived},
		{Feedback, []Act{MarkSpam, Restore}, Received},
		{Privacy, []Act{CheckIdentity, PassCheck, Handle, Complete}, Completed},
		{Privacy, []Act{CheckIdentity, PassCheck, Refuse, Reopen}, Submitted},
		{Privacy, []Act{CheckIdentity, FailCheck}, Refused},
		{Privacy, []Act{CheckIdentity, PassCheck, Hold, Release}, Processing},
		{Privacy, []Act{CheckIdentity, PassCheck, CoolOff, Withdraw}, Withdrawn},
		{Privacy, []Act{Withdraw, Reopen}, Submitted},
		{Privacy, []Act{CheckIdentity, PassCheck, CoolOff, Withdraw, Reopen}, Submitted},
		{Complaint, []Act{Withdraw, Reopen}, Submitted},
		{Complaint, []Act{Accept, Investigate, AskCustomer, Withdraw, Reopen}, Investigating},
		{Complaint, []Act{Refuse, Reopen}, Submitted},
	} {
		got := walk(t, begin(c.kind), acts(lin, c.acts...)...)
		if got.State != c.want {
			t.Errorf("%s after %s: %s, want %s", c.kind, c.acts, got.State, c.want)
		}
	}
}

// A complaint that is rejected is investigated once more, by somebody else;
// after that other ways are told.
func TestReinvestigation(t *testing.T) {
	c := walk(t, begin(Complaint), acts(lin, Accept, Investigate, Propose, GiveFeedback, Reject)...)
	if c.State != RejectedByCustomer || c.Rejected != 1 {
		t.Fatalf("%+v", c)
	}
	again := full(Reinvestigate, wang, noon)
	if _, _, err := c.Do(again, DefaultWindows(), noon); fault.CodeOf(err) != "case.same_investigator" {
		t.Errorf("the same investigator: %v", err)
	}
	again.Agent, again.AgentName = 8, "赵敏"
	c = walk(t, c, again)
	if !slices.Equal(c.Investigators, []agent.ID{7, 8}) || c.Agent != 8 || !c.Reinvestigated {
		t.Errorf("%+v", c.Course)
	}
	if _, _, err := c.Do(full(GiveFeedback, lin, noon), DefaultWindows(), noon); fault.CodeOf(err) != "case.same_investigator" {
		t.Errorf("the first investigator gives the second result: %v", err)
	}
	if _, _, err := c.Do(full(Assign, wang, noon), DefaultWindows(), noon); fault.CodeOf(err) != "case.same_investigator" {
		t.Errorf("the first investigator gets it back: %v", err)
	}
	second := full(GiveFeedback, zhao, noon)
	second.Agent = 0
	c = walk(t, c, second, full(Reject, cust, noon))
	again.Agent = 10
	if _, _, err := c.Do(again, DefaultWindows(), noon); fault.CodeOf(err) != "case.reinvestigated" {
		t.Errorf("a third investigation: %v", err)
	}
	if slices.Contains(c.Possible(lin, DefaultWindows(), noon), Reinvestigate) {
		t.Error("a third investigation is offered")
	}
	untold := full(Close, lin, noon)
	untold.WaysTold = false
	if _, _, err := c.Do(untold, DefaultWindows(), noon); fault.CodeOf(err) != "case.need_ways_told" {
		t.Errorf("closed without telling the ways: %v", err)
	}
	if c = walk(t, c, full(Close, lin, noon)); c.State != Closed || !c.WaysTold {
		t.Errorf("%s", c.State)
	}
}

// Whoever is complained about never has a hand in it, and cannot see it.
func TestAccused(t *testing.T) {
	c := begin(Complaint)
	c.Agent, c.AgentName = zhao.Agent, zhao.Name
	c, e, err := c.Accuse(wang, zhao.Agent, noon)
	if err != nil || c.MaySee(zhao.Agent) || !c.MaySee(lin.Agent) || !c.Agent.IsZero() || !c.AboutStaff || e.Public {
		t.Fatalf("%+v, %+v, %v", c, e, err)
	}
	for k := range c.Kind.Table()[c.State] {
		if got, es, err := c.Do(full(k, zhao, noon), DefaultWindows(), noon); fault.CodeOf(err) != "case.unknown" || es != nil || !reflect.DeepEqual(got, c) {
			t.Errorf("%s by the accused: %v", k, err)
		}
	}
	if can := c.Possible(zhao, DefaultWindows(), noon); can != nil {
		t.Errorf("the accused can %v", can)
	}
	give := full(Accept, wang, noon)
	give.Agent = zhao.Agent
	if _, _, err := c.Do(give, DefaultWindows(), noon); fault.CodeOf(err) != "case.accused" {
		t.Errorf("given to the accused: %v", err)
	}
	c = walk(t, c, full(Accept, wang, noon))
	give = full(Investigate, wang, noon)
	give.Agent = zhao.Agent
	if _, _, err := c.Do(give, DefaultWindows(), noon); fault.CodeOf(err) != "case.accused" {
		t.Errorf("investigated by the accused: %v", err)
	}
	c = walk(t, c, full(Investigate, wang, noon))
	if _, _, err := c.Accuse(wang, lin.Agent, noon); fault.CodeOf(err) != "case.accused_investigates" {
		t.Errorf("the investigator is accused: %v", err)
	}
	if _, _, err := begin(Complaint).Accuse(zhao, zhao.Agent, noon); fault.CodeOf(err) != "case.unknown" {
		t.Errorf("the accused enters themselves, to take it from others: %v", err)
	}
	other := begin(Complaint)
	other.ID, other.AboutStaff = 2, true
	if _, _, err := other.Absorb(wang, c, noon); fault.CodeOf(err) != "case.hidden" {
		t.Errorf("merged where others see it: %v", err)
	}
	if _, _, err := c.Split(wang, Consultation, "", "另外想问", noon); fault.CodeOf(err) != "case.reach" {
		t.Fatalf("a part without a way to answer: %v", err)
	}
	c.Phone = "13800138000"
	if part, _, err := c.Split(wang, Consultation, "", "另外想问", noon); err != nil || part.MaySee(zhao.Agent) || part.State != New {
		t.Errorf("a part of it: %+v, %v", part, err)
	}
}

// A complaint is not closed before what was promised with it is done (R111).
func TestTasks(t *testing.T) {
	c := walk(t, begin(Complaint), acts(lin, Accept, Investigate, Propose, GiveFeedback, Confirm)...)
	c, _, err := c.AddTask(lin, Task{ID: 1, Kind: TaskCallback, Title: "道歉电话"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	c, _, err = c.AddTask(lin, Task{ID: 2, Kind: TaskTraining, Title: "服务培训"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	shut := Doing{Act: Close, By: lin}
	refused := func(what, code string) {
		t.Helper()
		if got, es, err := c.Do(shut, DefaultWindows(), noon); fault.CodeOf(err) != code || es != nil || !reflect.DeepEqual(got, c) {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("two tasks open", "case.tasks_open")
	if c, _, err = c.EndTask(lin, 1, "已致歉", noon); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.EndTask(lin, 1, "再次", noon); fault.CodeOf(err) != "task.ended" {
		t.Errorf("done twice: %v", err)
	}
	refused("one task open", "case.tasks_open")
	shut.Waived = []Waiver{{Task: 2, Reason: "已离职"}}
	refused("waived by an agent", "task.supervisor")
	shut.By, shut.Waived[0].Reason = wang, " "
	refused("waived without a reason", "case.need_reason")
	shut.Waived = []Waiver{{Task: 2, Reason: "已离职"}, {Task: 2, Reason: "已离职"}}
	refused("waived twice", "task.ended")
	shut.Waived = shut.Waived[:1]
	closed, es, err := c.Do(shut, DefaultWindows(), noon)
	if err != nil || closed.State != Closed || closed.Tasks[1].State != TaskWaived || c.Tasks[1].State != TaskOpen || len(es) != 2 || es[0].Act != WaiveTask || es[0].Public {
		t.Errorf("%+v, %+v, %v", closed.Tasks, es, err)
	}
}

// What costs money is told to the customer only once it is approved, and an
// approval is for what was proposed when it was given.
func TestApproval(t *testing.T) {
	c := walk(t, begin(Complaint), acts(lin, Accept, Investigate)...)
	propose := full(Propose, lin, noon)
	propose.Outcome = Coupon
	c = walk(t, c, propose)
	tell := Doing{Act: GiveFeedback, By: lin, Text: "赠送优惠券"}
	if _, _, err := c.Do(tell, DefaultWindows(), noon); fault.CodeOf(err) != "case.not_approved" {
		t.Errorf("told without approval: %v", err)
	}
	tell.Outcome = Explanation // is not asked for here, so it is not what the customer gets
	if _, _, err := c.Do(tell, DefaultWindows(), noon); fault.CodeOf(err) != "case.not_approved" {
		t.Errorf("an outcome named in passing served for the one proposed: %v", err)
	}
	tell.Outcome, tell.Approval = "", "ap_1"
	c = walk(t, c, tell, full(Reject, cust, noon))
	again := full(Reinvestigate, wang, noon)
	again.Agent = 8
	c = walk(t, c, again)
	second := full(GiveFeedback, zhao, noon)
	second.Agent, second.Outcome, second.Approval = 0, Refund, ""
	if _, _, err := c.Do(second, DefaultWindows(), noon); fault.CodeOf(err) != "case.not_approved" {
		t.Errorf("the old approval served for another outcome: %v", err)
	}
	second.Approval = "ap_2"
	if c = walk(t, c, second); c.Approval != "ap_2" || c.Outcome != Refund {
		t.Errorf("%+v", c.Course)
	}
	propose.Outcome = PolicyCompensation
	c = walk(t, c, full(Confirm, cust, noon), full(Close, lin, noon), full(Reopen, cust, noon), propose)
	tell.Approval = ""
	if _, _, err := c.Do(tell, DefaultWindows(), noon); fault.CodeOf(err) != "case.not_approved" {
		t.Errorf("the approval of before the reopening served again: %v", err)
	}
}

// A remedy of an order is money or goods, under approval (R154).
func TestRemedy(t *testing.T) {
	c := begin(Order)
	start := full(StartRemedy, lin, noon)
	for _, o := range Outcomes() {
		start.Outcome = o
		next, _, err := c.Do(start, DefaultWindows(), noon)
		if !o.NeedsApproval() {
			if fault.CodeOf(err) != "case.no_remedy" {
				t.Errorf("%s: %v", o, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", o, err)
			continue
		}
		done := Doing{Act: FinishRemedy, By: lin, Text: "已办理", Outcome: Explanation}
		if want, wants := next.WantsApproval(done); want != o || !wants {
			t.Errorf("%s: rests on %s, %v", o, want, wants)
		}
		if _, _, err := next.Do(done, DefaultWindows(), noon); fault.CodeOf(err) != "case.not_approved" {
			t.Errorf("%s finished without approval: %v", o, err)
		}
		done.Approval = "ap_1"
		if _, wants := next.WantsApproval(done); wants {
			t.Errorf("%s: wants an approval beside the one that is named", o)
		}
		walk(t, next, done)
	}
}

func TestWindows(t *testing.T) {
	w := DefaultWindows()
	c := walk(t, begin(Consultation), full(Answer, lin, noon))
	auto := Doing{Act: AutoConfirm, By: tick}
	if _, _, err := c.Do(auto, w, c.MovedAt.Add(w.Confirm-1)); fault.CodeOf(err) != "case.confirm_early" {
		t.Errorf("confirmed too early: %v", err)
	}
	c, es, err := c.Do(auto, w, c.MovedAt.Add(w.Confirm))
	if err != nil || c.State != Closed || !slices.Contains(es[0].Clocks.Starts, SurveyWindow) {
		t.Fatalf("%s, %+v, %v", c.State, es, err)
	}
	reopen := Doing{Act: Reopen, By: cust, Reason: "又出现了"}
	if _, _, err := c.Do(reopen, w, c.ClosedAt.Add(w.Reopen+1)); fault.CodeOf(err) != "case.reopen_late" {
		t.Errorf("reopened too late: %v", err)
	}
	if slices.Contains(c.Possible(cust, w, c.ClosedAt.Add(w.Reopen+1)), Reopen) || !slices.Contains(c.Possible(cust, w, c.ClosedAt.Add(w.Reopen)), Reopen) {
		t.Error("reopening is offered at the wrong time")
	}
	again, es, err := c.Do(reopen, w, c.ClosedAt.Add(w.Reopen))
	if err != nil || again.State != Open || again.Reopened != 1 || !again.ClosedAt.IsZero() || !slices.Equal(es[0].Clocks.Starts, []string{NextResponse}) {
		t.Errorf("%+v, %v", again, err)
	}
}

// A deletion is not carried out while it can still be taken back.
func TestCoolingOff(t *testing.T) {
	c := walk(t, begin(Privacy), acts(lin, CheckIdentity, PassCheck)...)
	c = walk(t, c, Doing{Act: CoolOff, By: lin, Until: noon.Add(15 * day)})
	if c.Verification != "iv_1" {
		t.Errorf("who asks was checked by %q", c.Verification)
	}
	run := Doing{Act: Execute, By: tick}
	if _, _, err := c.Do(run, DefaultWindows(), noon.Add(15*day-1)); fault.CodeOf(err) != "case.cooling_off" {
		t.Errorf("too early: %v", err)
	}
	if got, _, err := c.Do(run, DefaultWindows(), noon.Add(15*day)); err != nil || got.State != Executed || !slices.Equal(got.Possible(lin, DefaultWindows(), noon), []Act{Reply, Note}) {
		t.Errorf("%s, %v", got.State, err)
	}
}

// A level that an act brings is checked like any other.
func TestSpecialOnTriage(t *testing.T) {
	d := full(Triage, lin, noon)
	d.Level, d.Special = Special, &SpecialTerm{DueAt: noon.Add(30 * day), Reason: "等零件"}
	if _, _, err := begin(Fault).Do(d, DefaultWindows(), noon); fault.CodeOf(err) != "case.special_supervisor" {
		t.Errorf("an agent sets a special term: %v", err)
	}
	d.By = wang
	got, _, err := begin(Fault).Do(d, DefaultWindows(), noon)
	if err != nil || got.Special == nil || got.Special.By != wang.Agent || d.Special.By != 0 {
		t.Errorf("%+v, %v", got.Special, err)
	}
}

func TestReminders(t *testing.T) {
	w := DefaultWindows()
	c := walk(t, begin(Fault), acts(lin, Triage, AskCustomer)...)
	now := c.MovedAt
	for range w.Reminders {
		now = now.Add(w.Remind)
		if _, _, err := c.Do(Doing{Act: GiveUp, By: tick}, w, now); fault.CodeOf(err) != "case.remind_first" {
			t.Fatalf("given up after %d reminders: %v", c.Reminded, err)
		}
		var err error
		if c, _, err = c.Do(Doing{Act: Remind, By: tick}, w, now); err != nil {
			t.Fatal(err)
		}
	}
	heard, es, err := c.Do(Doing{Act: Hear, By: cust, Text: "照片"}, w, now)
	if err != nil || heard.State != Triaged || !slices.Contains(es[0].Clocks.Resumes, Resolution) {
		t.Errorf("%s, %v", heard.State, err)
	}
	if c, _, err = c.Do(Doing{Act: GiveUp, By: tick}, w, now.Add(w.Remind)); err != nil || c.State != Lapsed {
		t.Errorf("%s, %v", c.State, err)
	}
}

// An act that is not possible offers those that are, in both languages.
func TestRefusal(t *testing.T) {
	c := begin(Complaint)
	got, es, err := c.Do(full(GiveFeedback, lin, noon), DefaultWindows(), noon)
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Conflict || f.Code != "case.state" || es != nil || !reflect.DeepEqual(got, c) {
		t.Fatalf("%v", err)
	}
	var want []string
	for _, a := range c.Possible(lin, DefaultWindows(), noon) {
		want = append(want, string(a))
	}
	if !slices.Equal(f.Possible, want) || f.Possible[0] != "accept" || f.Possible[1] != "refuse" {
		t.Errorf("possible %v, want %v", f.Possible, want)
	}
	if m := f.Message(); !strings.HasPrefix(m, `this is not possible while the case stands at "Handed in"; possible now: Accept, Refuse, Reply, `) || strings.ContainsAny(m, "受%") {
		t.Errorf("%s", m)
	}
	if zh, _ := f.Args[3].(string); !strings.HasPrefix(zh, "受理、不予受理、回复") {
		t.Errorf("%v", f.Args)
	}
}

// What is missing is named, and what does not belong to an act is left out.
func TestNeeds(t *testing.T) {
	for _, k := range Kinds() {
		for s, row := range k.Table() {
			for a, m := range row {
				c := begin(k)
				c.State, c.Before = s, k.First()
				for _, n := range m.Needs {
					d := full(a, Actor{Who: m.Who[0], Agent: 7}, noon)
					blank(&d, n)
					_, _, err := c.Do(d, Windows{}, noon)
					f, ok := errors.AsType[*fault.Error](err)
					if c.obeys(m, d, true, Windows{}, noon) != nil {
						continue
					}
					if !ok || f.Kind != fault.Invalid || f.Field != string(n) {
						t.Errorf("%s: %s in %s without %s: %v", k, a, s, n, err)
					}
				}
			}
		}
	}
	c := begin(Consultation)
	d := full(Hear, cust, noon)
	got := walk(t, c, d)
	if got.Solution != "" || got.Agent != 0 || got.Level != "" || got.Outcome != "" {
		t.Errorf("a customer set %+v", got.Course)
	}
}

func blank(d *Doing, n Need) {
	switch n {
	case NeedText:
		d.Text = " "
	case NeedReason:
		d.Reason = ""
	case NeedAssignee:
		d.Team, d.Agent = 0, 0
	case NeedInvestigator:
		d.Agent = 0
	case NeedExpected:
		d.ExpectedAt = noon
	case NeedUntil:
		d.Until = noon
	case NeedFindings:
		d.Findings = ""
	case NeedSolution:
		d.Solution = ""
	case NeedCause:
		d.Cause = ""
	case NeedOutcome:
		d.Outcome = "gift"
	case NeedLevel:
		d.Level = "huge"
	case NeedCategory:
		d.Category = ""
	case NeedContacted:
		d.Contacted = false
	case NeedVerification:
		d.Verification = ""
	case NeedAnnouncement:
		d.Announcement = ""
	case NeedWaysTold:
		d.WaysTold = false
	case NeedExternal:
		d.External = &External{Body: Body12315}
	case NeedEscalation:
		d.Escalation = &Escalation{Level: 9}
	case NeedInto:
		d.Into = 0
	default:
	}
}

// Random acts, possible and not: what is not possible changes nothing; what is
// leads where the table says; a case that waited goes on where it was; clocks
// are in the history.
func TestLaws(t *testing.T) {
	var all []Act
	for _, w := range words {
		all = append(all, w.act)
	}
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(Kinds()).Draw(t, "kind")
		c := begin(k)
		now := noon
		w := DefaultWindows()
		for range rapid.IntRange(1, 40).Draw(t, "acts") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(4*day)).Draw(t, "later")))
			by := rapid.SampledFrom([]Actor{lin, zhao, wang, cust, tick, {Who: BySystem}}).Draw(t, "by")
			a := rapid.SampledFrom(all).Draw(t, "act")
			can := c.Possible(by, w, now)
			if rapid.Bool().Draw(t, "onward") { // else most cases end before they began
				can = slices.DeleteFunc(can, func(a Act) bool {
					m := k.Table()[c.State][a]
					return m.To == stay || slices.Contains([]Act{Merge, Cancel, MarkSpam, Withdraw}, a)
				})
			}
			if len(can) > 0 && rapid.IntRange(0, 3).Draw(t, "possible") > 0 {
				a = rapid.SampledFrom(can).Draw(t, "can")
			}
			d := full(a, by, now)
			d.Agent = rapid.SampledFrom([]agent.ID{7, 8, 9}).Draw(t, "agent")
			before := deep(c)
			next, es, err := c.Do(d, w, now)
			if !reflect.DeepEqual(c, before) {
				t.Fatalf("%s changed the case that it was given", a)
			}
			if err != nil {
				if !reflect.DeepEqual(next, before) || es != nil {
					t.Fatalf("%s in %s was refused and changed something", a, c.State)
				}
				if kind := fault.KindOf(err); kind == fault.Internal {
					t.Fatalf("%s: %v", a, err)
				}
				continue
			}
			checkMove(t, k, c, next, es, a)
			c = next
		}
	})
}

func checkMove(t *rapid.T, k Kind, c, next Case, es []Entry, a Act) {
	m := k.Table()[c.State][a]
	e := es[len(es)-1]
	switch {
	case !slices.Contains(k.Table().Targets(c.State, a), next.State):
		t.Fatalf("%s led from %s to %s", a, c.State, next.State)
	case m.To == back && next.State != c.Before:
		t.Fatalf("it came from %s and went on at %s", c.Before, next.State)
	case next.State.aside() && (next.Before == "" || next.Before.aside()) || !next.State.aside() && next.Before != "":
		t.Fatalf("in %s it remembers %q", next.State, next.Before)
	case next.Stage().Code == "" || next.State.Over() == next.ClosedAt.IsZero():
		t.Fatalf("in %s: %+v", next.State, next)
	case next.State.Over() && next.Escalation != nil:
		t.Fatalf("in %s it is still escalated", next.State)
	case next.Kind == Privacy && slices.Contains([]State{Accepted, Processing, CoolingOff, OnLegalHold, Completed, Executed}, next.State) && next.Verification == "":
		t.Fatalf("in %s nobody checked who asks", next.State)
	case onTheWay(next) != (next.Reached == next.State):
		t.Fatalf("in %s it reached %s", next.State, next.Reached)
	case e.From != c.State || e.To != next.State || e.Act != a || e.Public == m.Quiet || !reflect.DeepEqual(e.Clocks, m.Clocks) || e.Stage != next.Stage():
		t.Fatalf("the history says %+v", e)
	}
	if l, public := e.Line(); public && (l.Told.Zh == "" || l.Stage.Name.Zh == "") {
		t.Fatalf("the customer reads %+v", l)
	}
}

// onTheWay reports whether the customer's progress has a place of its own for
// where the case stands.
func onTheWay(c Case) bool {
	at, _ := c.Kind.Stage(c.State)
	return slices.Contains(c.Kind.Stages(), at)
}

// deep copies what a case points to, as far as acts could change it.
func deep(c Case) Case {
	c.Tasks, c.Works, c.External, c.Parties = slices.Clone(c.Tasks), slices.Clone(c.Works), slices.Clone(c.External), slices.Clone(c.Parties)
	c.Investigators, c.Submitters = slices.Clone(c.Investigators), slices.Clone(c.Submitters)
	if c.Escalation != nil {
		e := *c.Escalation
		c.Escalation = &e
	}
	return c
}

// Clocks do what the promises say.
func TestClocks(t *testing.T) {
	for _, c := range []struct {
		kind   Kind
		state  State
		act    Act
		of     func(Clocks) []string
		metric string
	}{
		{Complaint, Submitted, Accept, met, ComplaintAcknowledge},
		{Complaint, Investigating, Propose, met, ComplaintInvestigate},
		{Complaint, Proposal, GiveFeedback, met, ComplaintFeedback},
		{Complaint, Investigating, AskCustomer, func(c Clocks) []string { return c.Pauses }, ComplaintFeedback},
		{Suggestion, Submitted, Accept, met, SuggestionAccept},
		{Suggestion, Evaluating, Assess, met, SuggestionEvaluate},
		{Suggestion, Evaluating, GiveFeedback, met, SuggestionFeedback},
		{Fault, RescueDispatched, Arrive, met, RescueArrival},
		{Fault, InRepair, Resolve, met, Resolution},
		{Account, IdentityCheck, PassCheck, met, Verification},
		{Privacy, Processing, Complete, met, PrivacyTerm},
		{Privacy, CoolingOff, Execute, met, PrivacyTerm},
		{Consultation, Open, Reply, met, FirstResponse},
		{Consultation, Closed, Reopen, func(c Clocks) []string { return c.Again }, Resolution},
	} {
		if got := c.of(c.kind.Table()[c.state][c.act].Clocks); !slices.Contains(got, c.metric) {
			t.Errorf("%s: %s in %s: %v, want %s", c.kind, c.act, c.state, got, c.metric)
		}
	}
	for _, never := range []string{FirstResponse, NextResponse, PrivacyTerm} {
		if slices.Contains(solving, never) {
			t.Errorf("%s pauses", never)
		}
	}
	for _, k := range Kinds() {
		for s, row := range k.Table() {
			for a, m := range row {
				if m.To == WaitingThird && !reflect.DeepEqual(m.Clocks, Clocks{}) {
					t.Errorf("%s: %s in %s touches clocks: %+v", k, a, s, m.Clocks)
				}
			}
		}
	}
}

func met(c Clocks) []string { return c.Meets }

func TestEscalateNeedsTheCustomer(t *testing.T) {
	c := begin(Consultation)
	d := full(Escalate, lin, noon)
	d.Escalation.Confirmed = nil
	if _, _, err := c.Do(d, DefaultWindows(), noon); fault.CodeOf(err) != "case.need_confirmed" {
		t.Errorf("escalated without asking the customer: %v", err)
	}
	d.By = tick
	if got, _, err := c.Do(d, DefaultWindows(), noon); err != nil || got.Escalation == nil || got.State != New || got.Priority != 2 {
		t.Errorf("by a rule: %+v, %v", got.Course, err)
	}
}

func TestUrge(t *testing.T) {
	c := begin(Consultation)
	urge := Doing{Act: Urge, By: cust}
	for _, s := range []struct {
		after time.Duration
		want  int
	}{{0, 1}, {59 * time.Minute, 1}, {time.Hour, 2}, {90 * time.Minute, 2}} {
		var err error
		if c, _, err = c.Do(urge, DefaultWindows(), noon.Add(s.after)); err != nil || c.Urged != s.want {
			t.Errorf("after %s it counts %d, want %d: %v", s.after, c.Urged, s.want, err)
		}
	}
	if c.Priority != 2 {
		t.Errorf("urging leaves the priority at %d", c.Priority)
	}
}
