package ticket

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/company"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/fault"
)

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

// Whatever is changed, left out, put in, moved or cut off is found.
func TestEvidenceChain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "n")
		var es Evidences
		var cs Custodies
		for i := range n {
			var err error
			name := strconv.Itoa(i)
			if es, err = es.Add(Evidence{SHA256: sum(name), Name: name, Type: "image/png", Size: int64(i + 1), AddedBy: "陈", At: noon.Add(time.Duration(i))}); err != nil {
				t.Fatal(err)
			}
			if cs, err = cs.Add(Custody{Evidence: es.Head(), At: noon, By: "林晓", Act: CustodyPassedOn, Note: name}); err != nil {
				t.Fatal(err)
			}
		}
		head := es.Head()
		if es.Verify(head) != -1 || cs.Verify("") != -1 {
			t.Fatal("an honest chain is broken")
		}
		i := rapid.IntRange(0, n-1).Draw(t, "i")
		bad := slices.Clone(es)
		switch rapid.SampledFrom([]string{"hash", "name", "type", "size", "by", "at", "prev", "seal", "drop", "repeat", "swap", "resealed", "custody"}).Draw(t, "how") {
		case "hash":
			bad[i].SHA256 = sum("another")
		case "name":
			bad[i].Name += "x"
		case "type":
			bad[i].Type = "text/plain"
		case "size":
			bad[i].Size++
		case "by":
			bad[i].AddedBy = "赵"
		case "at":
			bad[i].At = bad[i].At.Add(time.Second)
		case "prev":
			bad[i].Prev = sum("x")
		case "seal":
			bad[i].Seal = sum("x")
		case "drop":
			bad = slices.Delete(bad, i, i+1)
		case "repeat":
			bad = slices.Insert(bad, i, bad[i])
		case "swap":
			bad[i], bad[n-1] = bad[n-1], bad[i]
			if i == n-1 {
				bad[i].Size = 0
			}
		case "resealed": // the forger makes the link and all after it anew
			for j := range bad[i:] {
				if j == 0 {
					bad[i].Name += "x"
				} else {
					bad[i+j].Prev = bad[i+j-1].Seal
				}
				bad[i+j].Seal = bad[i+j].seal()
			}
			if bad.Verify("") != -1 {
				t.Fatal("the forger did not do it well")
			}
		case "custody":
			forged := slices.Clone(cs)
			forged[i].Note = "他人"
			if forged.Verify("") != i {
				t.Fatalf("a forged note at %d is not found", i)
			}
			return
		}
		if bad.Verify(head) == -1 {
			t.Fatalf("a change at %d of %d is not found", i, n)
		}
	})
}

func TestEvidenceIsRefused(t *testing.T) {
	fine := Evidence{SHA256: sum("a"), Name: "a.png", Size: 1}
	had, err := Evidences(nil).Add(fine)
	if err != nil {
		t.Fatal(err)
	}
	many := had
	for i := range MaxEvidence - 1 {
		if many, err = many.Add(Evidence{SHA256: sum(strconv.Itoa(i)), Name: "b", Size: 1}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		to   Evidences
		e    Evidence
		code string
	}{
		{nil, Evidence{SHA256: "abc", Name: "a", Size: 1}, "evidence.hash"},
		{nil, Evidence{SHA256: sum("a"), Size: 1}, "evidence.name"},
		{nil, Evidence{SHA256: sum("a"), Name: "a"}, "evidence.empty"},
		{nil, Evidence{SHA256: sum("a"), Name: "a", Size: MaxEvidenceSize + 1}, "evidence.large"},
		{had, fine, "evidence.twice"},
		{many, Evidence{SHA256: sum("z"), Name: "z", Size: 1}, "evidence.many"},
	} {
		if got, err := c.to.Add(c.e); fault.CodeOf(err) != c.code || !reflect.DeepEqual(got, c.to) {
			t.Errorf("%+v: %v, want %s", c.e, err, c.code)
		}
	}
	for _, c := range []Custody{{Evidence: "x", By: "林"}, {Evidence: "x", By: "林", Act: CustodyExported}, {By: "林", Act: CustodyViewed}} {
		if _, err := Custodies(nil).Add(c); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", c, err)
		}
	}
	k := begin(Complaint)
	k.Accused = zhao.Agent
	if _, _, err := k.AddEvidence(zhao, nil, fine, noon); fault.CodeOf(err) != "case.unknown" {
		t.Errorf("the accused adds evidence: %v", err)
	}
	chain, e, err := k.AddEvidence(cust, had, Evidence{SHA256: sum("b"), Name: "b", Size: 1}, noon)
	if err != nil || len(chain) != 2 || !e.Public || e.Fields[0].New != chain.Head() {
		t.Errorf("%+v, %v", e, err)
	}
}

// A category that asks for nothing where its parent asks for something says so
// on the wire and in the memory too.
func TestTreeAsJSON(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(DefaultTree())
	if err != nil {
		t.Fatal(err)
	}
	var back Tree
	if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back.All(""), DefaultTree().All("")) {
		t.Errorf("the tree came back as another: %v", err)
	}
	if c, ok := back.Find("order.fee.rules"); !ok || len(c.Needs) != 0 {
		t.Errorf("it needs %v", c.Needs)
	}
}

func TestDefaultTree(t *testing.T) {
	tree := DefaultTree()
	if err := tree.Check(); err != nil {
		t.Fatal(err)
	}
	for _, k := range Kinds() {
		leaves := tree.All(k)
		if len(leaves) == 0 {
			t.Errorf("no category is of %s", k)
		}
		for _, c := range leaves {
			if len(c.Prepare) == 0 && k != Consultation || !c.Level.Known() {
				t.Errorf("%s: %+v", c.ID, c)
			}
		}
	}
	for id, process := range map[string]Process{"technical.data": ProcessTechnical, "account.login": ProcessAccount, "business.fault.stranded": ProcessEmergency, "use.faq": ""} {
		if c, ok := tree.Find(id); !ok || c.Process != process {
			t.Errorf("%s: %v %+v", id, ok, c)
		}
	}
	// the summary of a conversation and a case speak of the same things
	for _, c := range company.Defaults().Categories {
		if _, ok := tree.Find(c.ID); !ok {
			t.Errorf("there is no %s", c.ID)
		}
	}
	if got := len(tree.All("")); got < 40 {
		t.Errorf("only %d leaves", got)
	}
}

func TestTreeIsRefused(t *testing.T) {
	good := func() Category { return branch("a", "甲", "A", Category{Kind: Fault}) }
	nest := func(c, in Category) Category { in.ID, in.Children = "p"+in.ID, []Category{c}; return in }
	for code, tree := range map[string]Tree{
		"category.id":        {good(), good()},
		"category.name":      {branch("a", "甲", "", Category{Kind: Fault})},
		"category.kind":      {branch("a", "甲", "A", Category{})},
		"category.level":     {branch("a", "甲", "A", Category{Kind: Fault, Level: Special})},
		"category.process":   {branch("a", "甲", "A", Category{Kind: Fault, Process: "slow"})},
		"category.needs":     {branch("a", "甲", "A", Category{Kind: Fault, Needs: []Detail{"shoe"}})},
		"custom.id":          {branch("a", "甲", "A", Category{Kind: Fault, Form: Form{vin, vin}})},
		"custom.choices":     {branch("a", "甲", "A", Category{Kind: Fault, Form: Form{asks("x", "一", "X", FieldChoice, false)}})},
		"custom.type":        {branch("a", "甲", "A", Category{Kind: Fault, Form: Form{asks("x", "一", "X", "map", false)}})},
		"custom.name":        {branch("a", "甲", "A", Category{Kind: Fault, Form: Form{asks("x", "", "", FieldText, false)}})},
		"setting.categories": {nest(nest(nest(good(), good()), branch("b", "乙", "B", Category{Kind: Fault})), branch("c", "丙", "C", Category{Kind: Fault}))},
	} {
		if err := tree.Check(); fault.CodeOf(err) != code {
			t.Errorf("want %s, got %v", code, err)
		}
	}
}

func TestSort(t *testing.T) {
	c := begin(Order)
	c.Order = "DD1"
	c.Fields = map[string]string{"ordered": " 2026-11-01 "}
	for _, s := range []struct {
		category, code, field string
		files                 int
	}{
		{"nothing", "case.category", "category", 0},
		{"use.faq", "case.category_kind", "category", 0},
		{"order.unreceived", "custom.required", "evidence", 0},
		{"order.return", "custom.unknown", "fields.ordered", 1},
		{"order.unreceived", "", "", 1},
	} {
		c.Attachments = make([]conversation.Attachment, s.files)
		got, err := c.Sort(DefaultTree(), s.category)
		f, _ := errors.AsType[*fault.Error](err)
		if s.code != "" {
			if f == nil || f.Code != s.code || f.Field != s.field {
				t.Errorf("%s: %v in %v", s.category, err, f)
			}
			continue
		}
		want := Class{Kind: Order, Category: "order.unreceived", Level: General}
		if err != nil || got.First != want || got.Fields["ordered"] != "2026-11-01" || got.Priority != 3 {
			t.Errorf("%+v, %v", got.Course, err)
		}
	}
}

func TestReclassify(t *testing.T) {
	tree := DefaultTree()
	c, err := begin(Consultation).Sort(tree, "use.faq")
	if err != nil {
		t.Fatal(err)
	}
	c = walk(t, c, Doing{Act: Accept, By: lin})
	to := Class{Kind: Consultation, Category: "use.guide", Level: Complex}
	got, e, err := c.Reclassify(lin, tree, to, nil, "不简单", noon)
	if err != nil || got.State != Open || got.Level != Complex || got.First.Category != "use.faq" || got.First.Level != Simple || len(e.Fields) != 2 || e.Public {
		t.Errorf("%+v, %+v, %v", got.Course, e, err)
	}
	asks := Class{Kind: Complaint, Category: "complaint.fee", Level: Complex}
	moved, e, err := got.Reclassify(lin, tree, asks, nil, "其实是投诉", noon)
	if err != nil || moved.State != Submitted || moved.Number != c.Number || moved.First.Kind != Consultation || !slices.Contains(e.Clocks.Starts, ComplaintFeedback) {
		t.Errorf("%+v, %+v, %v", moved.Course, e, err)
	}
	special := Class{Kind: Consultation, Category: "use.guide", Level: Special}
	term := &SpecialTerm{DueAt: noon.Add(30 * day), Reason: "等待零件"}
	for _, s := range []struct {
		by     Actor
		to     Class
		term   *SpecialTerm
		reason string
		code   string
	}{
		{lin, special, nil, "难", "case.special_term"},
		{lin, special, term, "难", "case.special_supervisor"},
		{wang, special, &SpecialTerm{DueAt: noon, Reason: "x"}, "难", "case.special_term"},
		{wang, special, &SpecialTerm{DueAt: noon.Add(1)}, "难", "case.need_reason"},
		{wang, special, term, "", "case.need_reason"},
		{wang, Class{Kind: "x"}, nil, "难", "case.kind"},
		{wang, Class{Kind: Fault, Category: "use.faq", Level: Simple}, nil, "难", "case.category_kind"},
		{wang, Class{Kind: Fault, Category: "x", Level: Simple}, nil, "难", "case.category"},
		{wang, Class{Kind: Consultation, Category: "use.faq"}, nil, "难", "case.need_level"},
		{wang, special, term, "难", ""},
	} {
		got, e, err := c.Reclassify(s.by, tree, s.to, s.term, s.reason, noon)
		if s.code != "" {
			if fault.CodeOf(err) != s.code || !reflect.DeepEqual(got, c) {
				t.Errorf("%+v: %v, want %s", s.to, err, s.code)
			}
			continue
		}
		if err != nil || got.Special == nil || got.Special.ByName != wang.Name || !e.Public || e.Act.Told().Zh == "" || term.ByName != "" {
			t.Errorf("%+v, %+v, %v", got.Special, e, err)
		}
		if back, _, err := got.Reclassify(lin, tree, to, nil, "不特殊", noon); err != nil || back.Special != nil {
			t.Errorf("%+v, %v", back.Special, err)
		}
	}
	c.State = Closed
	if _, _, err := c.Reclassify(lin, tree, to, nil, "x", noon); fault.CodeOf(err) != "case.over" {
		t.Errorf("a case that is over: %v", err)
	}
}

func TestFill(t *testing.T) {
	ten := 10.0
	form := Form{
		{ID: "t", Type: FieldText, Required: true},
		{ID: "n", Type: FieldNumber, Max: &ten},
		{ID: "d", Type: FieldDate},
		{ID: "c", Type: FieldChoice, Choices: []Choice{choice("a", "甲", "A")}},
		{ID: "b", Type: FieldBool},
	}
	for _, c := range []struct {
		id, value, want, code string
	}{
		{"t", " 好 ", "好", ""},
		{"t", " ", "", "custom.required"},
		{"t", strings.Repeat("长", maxField+1), "", "custom.long"},
		{"n", "1e1", "10", ""},
		{"n", "11", "", "custom.number"},
		{"n", "NaN", "", "custom.number"},
		{"n", "-Inf", "", "custom.number"},
		{"n", "十", "", "custom.number"},
		{"d", "2026-02-30", "", "custom.date"},
		{"d", "2026-02-28", "2026-02-28", ""},
		{"c", "b", "", "custom.choice"},
		{"c", "a", "a", ""},
		{"b", "yes", "", "custom.bool"},
		{"b", "true", "true", ""},
		{"z", "1", "", "custom.unknown"},
	} {
		values := map[string]string{"t": "x"}
		values[c.id] = c.value
		got, err := form.Fill(values)
		f, _ := errors.AsType[*fault.Error](err)
		if c.code == "" && (err != nil || got[c.id] != c.want) || c.code != "" && (f == nil || f.Code != c.code || f.Field != "fields."+c.id) {
			t.Errorf("%s %.10q: %v, %v", c.id, c.value, got, err)
		}
	}
}

func TestWork(t *testing.T) {
	for _, c := range []struct {
		acts []WorkAct
		want WorkState
	}{
		{[]WorkAct{WorkAccept, WorkStart, WorkFinish}, WorkDone},
		{[]WorkAct{WorkAccept, WorkFinish}, WorkDone},
		{[]WorkAct{WorkRefuse}, WorkRefused},
		{[]WorkAct{WorkAccept, WorkStart, WorkCancel}, WorkCancelled},
	} {
		k, _, err := begin(Complaint).OrderWork(lin, Work{ID: 1, Provider: "洁车队", Text: "清洗", State: WorkDone}, noon)
		if err != nil || k.Works[0].State != WorkIssued {
			t.Fatal(k.Works, err)
		}
		for _, a := range c.acts {
			if k, _, err = k.MoveWork(lin, 1, a, "好", noon); err != nil {
				t.Fatal(err)
			}
		}
		w := k.Works[0]
		if w.State != c.want || w.State.Name().Zh == "" || len(w.Possible()) > 0 {
			t.Errorf("%v: %+v", c.acts, w)
		}
		_, err = w.Move(WorkAccept, "", noon)
		if fault.CodeOf(err) != "work.state" {
			t.Errorf("it goes on after its end: %v", err)
		}
	}
	w := Work{State: WorkIssued}
	_, err := w.Move(WorkStart, "", noon)
	f, _ := errors.AsType[*fault.Error](err)
	if f == nil || !slices.Equal(f.Possible, []string{"accept", "cancel", "refuse"}) {
		t.Errorf("%v", err)
	}
	if _, err := w.Move(WorkRefuse, "", noon); fault.CodeOf(err) != "work.said" {
		t.Errorf("refused without a reason: %v", err)
	}
}

// A merge keeps everybody who handed in either, once; each contact has one vote.
func TestSuggestionsTogether(t *testing.T) {
	a, b := begin(Suggestion), begin(Suggestion)
	a.ID, a.Contact, a.Votes, a.Submitters = 1, 11, 2, []contact.ID{12}
	b.ID, b.Contact, b.Votes, b.Submitters = 2, 12, 3, []contact.ID{13, 11}
	got, e, err := a.Absorb(lin, b, noon)
	if err != nil || !slices.Equal(got.Everybody(), []contact.ID{11, 12, 13}) || got.Votes != 5 || e.Act != Merge || e.To != Submitted || len(a.Submitters) != 1 {
		t.Errorf("%+v, %+v, %v", got.Course, e, err)
	}
	for _, c := range []struct {
		by    contact.ID
		voted bool
		code  string
	}{{14, false, ""}, {14, true, "suggestion.voted"}, {13, false, "suggestion.voted"}} {
		v, err := got.Vote(c.by, c.voted)
		if c.code == "" && (err != nil || v.Votes != 6) || c.code != "" && fault.CodeOf(err) != c.code {
			t.Errorf("%+v: %d, %v", c, v.Votes, err)
		}
	}
	if _, err := begin(Complaint).Vote(1, false); fault.CodeOf(err) != "suggestion.closed" {
		t.Errorf("a complaint was voted for: %v", err)
	}
	a.MergedInto = b.ID
	if _, _, err := a.Absorb(lin, b, noon); fault.CodeOf(err) != "case.itself" {
		t.Errorf("merged in a circle: %v", err)
	}
	b.State = Merged
	if _, _, err := b.Absorb(lin, begin(Suggestion), noon); fault.CodeOf(err) != "case.over" {
		t.Errorf("merged into what is no more: %v", err)
	}
}

func TestTies(t *testing.T) {
	a, b := begin(Fault), begin(Fault)
	a.ID, b.ID = 1, 2
	if tie, e, err := a.Tie(lin, b, Related, noon); err != nil || tie.To != 2 || e.Fields[0].Field != "related" {
		t.Errorf("%+v, %+v, %v", tie, e, err)
	}
	if _, _, err := a.Tie(lin, a, Related, noon); fault.CodeOf(err) != "case.itself" {
		t.Errorf("tied to itself: %v", err)
	}
	if _, _, err := a.Tie(lin, b, "friend", noon); fault.CodeOf(err) != "case.relation" {
		t.Errorf("%v", err)
	}
	if got, _, err := a.Under(lin, b, nil, noon); err != nil || got.Parent != 2 {
		t.Errorf("%+v, %v", got.Parent, err)
	}
	if _, _, err := a.Under(lin, b, []ID{5, 1}, noon); fault.CodeOf(err) != "case.itself" {
		t.Errorf("a circle of parents: %v", err)
	}
	b.AboutStaff = true
	if _, _, err := a.Tie(lin, b, Related, noon); fault.CodeOf(err) != "case.hidden" {
		t.Errorf("tied to a complaint about staff: %v", err)
	}
}

func TestDecide(t *testing.T) {
	rises := DefaultRises()
	reopened := begin(Fault)
	reopened.Reopened = 3
	up := begin(Fault)
	up.Escalation = &Escalation{Level: RankSupervisor}
	over := begin(Fault)
	over.State = Closed
	for _, c := range []struct {
		name string
		c    Case
		s    Sign
		want Decision
	}{
		{"79 %", begin(Fault), Sign{Metric: Resolution, Percent: 79}, Decision{}},
		{"80 %", begin(Fault), Sign{Metric: Resolution, Percent: 80}, Decision{Up: true, Rank: RankSenior, Why: OnWarning}},
		{"100 %", begin(Fault), Sign{Metric: Resolution, Percent: 100}, Decision{Up: true, Rank: RankSupervisor, Why: OnBreach}},
		{"asked", begin(Fault), Sign{Demand: true}, Decision{Up: true, Rank: RankSupervisor, Why: OnDemand}},
		{"third", reopened, Sign{}, Decision{Up: true, Rank: RankSupervisor, Why: OnReopen}},
		{"there already", up, Sign{Metric: Resolution, Percent: 120}, Decision{Rank: RankSupervisor, Why: OnBreach}},
		{"over", over, Sign{Metric: Resolution, Percent: 120}, Decision{}},
	} {
		got := Decide(rises, c.c, c.s)
		if got.Said == "" {
			t.Errorf("%s: no reason", c.name)
		}
		if got.Said = ""; got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestWeigh(t *testing.T) {
	for _, c := range []struct {
		u     Urgency
		i     Impact
		urged int
		want  Priority
	}{{0, 0, 0, 3}, {1, 1, 0, 5}, {3, 3, 0, 1}, {3, 3, 4, 1}, {1, 2, 0, 4}, {1, 3, 0, 3}, {2, 3, 0, 2}, {1, 1, 9, 4}, {-1, 7, 0, 3}} {
		k := Case{Course: Course{Urgency: c.u, Impact: c.i, Urged: c.urged}}
		if got, why := k.Weigh(); got != c.want || why == "" {
			t.Errorf("%+v: %d (%s)", c, got, why)
		}
	}
}

func TestCollision(t *testing.T) {
	at := func(s int) time.Time { return noon.Add(-time.Duration(s) * time.Second) }
	got := Collision([]Viewer{{Agent: 7, SeenAt: noon}, {Agent: 8, Name: "B", SeenAt: at(10)}, {Agent: 9, Name: "C", Typing: true, SeenAt: at(45)}, {Agent: 10, SeenAt: at(46)}}, 7, noon)
	if len(got) != 2 || got[0].Agent != agent.ID(9) || got[1].Agent != agent.ID(8) {
		t.Errorf("%+v", got)
	}
}

func TestStatements(t *testing.T) {
	c, _, err := begin(Complaint).TakeStatement(lin, Party{Name: "远行4S店", Role: PartyDealer}, "按规定处理", noon)
	if err != nil {
		t.Fatal(err)
	}
	d, e, err := c.TakeStatement(lin, Party{Name: "远行4S店", Role: PartyDealer}, "愿意退款", noon)
	if err != nil || len(d.Parties) != 1 || len(d.Parties[0].Statements) != 2 || len(c.Parties[0].Statements) != 1 || e.Public {
		t.Errorf("%+v, %+v, %v", d.Parties, e, err)
	}
	if _, _, err := c.TakeStatement(lin, Party{}, "x", noon); fault.CodeOf(err) != "case.need_party" {
		t.Errorf("%v", err)
	}
}

func TestDates(t *testing.T) {
	c := walk(t, begin(Fault), full(FollowUp, lin, noon.Add(day)), full(Snooze, lin, noon.Add(day)))
	if !c.Asleep(noon) || c.Overdue(noon) || !c.Overdue(noon.Add(3*day)) {
		t.Errorf("%+v", c.Course)
	}
	if c = walk(t, c, Doing{Act: Hear, By: cust, Text: "在吗"}); c.Asleep(noon) {
		t.Error("the customer does not wake it")
	}
}

func TestNumbers(t *testing.T) {
	want := map[Kind]string{
		Consultation: "ZX20261123-000012", Fault: "GZ20261123-000012", Complaint: "TS20261123-000012", Suggestion: "JY20261123-000012",
		Feedback: "FK20261123-000012", Account: "ZH20261123-000012", Order: "DD20261123-000012", Privacy: "YS20261123-000012",
	}
	for _, k := range Kinds() {
		if got := Number(k, noon, 12); got != want[k] || !k.Known() || k.Name().Zh == "" || len(k.Starts()) == 0 {
			t.Errorf("%s: %s", k, got)
		}
	}
	if Kind("gift").Known() || len(Outcomes()) != 8 || Refund.Name().Zh != "退款" || !strings.Contains(Ways.Zh, "第三十九条") {
		t.Error("words are not in order")
	}
}

// A suggestion is shown from its acceptance on, by an agent, where it stands.
func TestShowingASuggestion(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	c := begin(Suggestion)
	do := func(who Who, a Act) string {
		next, es, err := c.Do(Doing{Act: a, By: Actor{Who: who, Agent: 1}}, DefaultWindows(), now)
		if err == nil && (next.State != c.State && a != Accept || a != Accept && es[0].Public) {
			t.Errorf("%s moves the case, or is shown to the customer", a)
		}
		if err == nil {
			c = next
			return ""
		}
		return fault.CodeOf(err)
	}
	for _, step := range []struct {
		who   Who
		act   Act
		code  string
		shown bool
	}{
		{ByAgent, Publish, "case.state", false},
		{ByAgent, Accept, "", false},
		{ByCustomer, Publish, "case.state", false},
		{ByAgent, Unpublish, "suggestion.hidden", false},
		{ByAgent, Publish, "", true},
		{ByAgent, Publish, "suggestion.shown", true},
		{ByAgent, Unpublish, "", false},
	} {
		if code := do(step.who, step.act); code != step.code || c.OnBoard() != step.shown {
			t.Errorf("%s by %s: %q, on the board: %v", step.act, step.who, code, c.OnBoard())
		}
	}
}
