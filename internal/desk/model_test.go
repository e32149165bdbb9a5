package desk_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Random people do random things to cases of each kind while time passes and
// jobs run, twice each. Whatever is refused changes nothing; what is done is in
// the history; and the clocks are what a fold of the history says.
func TestCasesAsAModel(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		n := 0
		h.clock.Turn(friday.Sub(h.Now()))
		rapid.Check(h.t, func(rt *rapid.T) {
			n++
			m := &model{house: h, rt: rt, kind: rapid.SampledFrom(ticket.Kinds()).Draw(rt, "kind"), client: fmt.Sprintf("model-%06d", n)}
			m.open()
			for range rapid.IntRange(1, 14).Draw(rt, "steps") {
				m.step()
			}
			m.compare()
		})
	})
}

type model struct {
	*house
	rt     *rapid.T
	kind   ticket.Kind
	client string
	acts   int
	c      ticket.Case
}

func (m *model) must(err error) {
	if err != nil {
		m.rt.Fatal(err)
	}
}

func (m *model) open() {
	c, err := m.OpenPublicCase(m.t.Context(), ticket.Case{
		Kind: m.kind, Text: "维修后异响仍在", Name: "张伟", Phone: "13812345678", Email: "zhang@example.cn", Order: "DD1",
	}, nil, m.client)
	m.must(err)
	m.c = c
}

// everything is all that is stored of the case.
type everything struct {
	Case    ticket.Case
	History []ticket.Entry
	Clocks  []store.ClockOf
}

func (m *model) stored() (e everything) {
	ctx := m.t.Context()
	var err error
	e.Case, err = m.DB.Now().Case(ctx, m.c.ID)
	m.must(err)
	e.History, err = m.DB.Now().CaseEntries(ctx, m.c.ID)
	m.must(err)
	e.Clocks, err = m.DB.Now().ClocksOf(ctx, store.OfCase, int64(m.c.ID))
	m.must(err)
	return e
}

func (m *model) step() {
	switch rapid.IntRange(0, 9).Draw(m.rt, "what") {
	case 0:
		m.clock.Turn(time.Duration(rapid.IntRange(1, 72*60).Draw(m.rt, "minutes")) * time.Minute)
		_, err := m.jobs.RunDue(m.t.Context())
		m.must(err)
	case 1, 2:
		m.clock.Turn(time.Duration(rapid.IntRange(1, 600).Draw(m.rt, "minutes")) * time.Minute)
		m.act(m.byCustomer)
	default:
		m.clock.Turn(time.Duration(rapid.IntRange(0, 90).Draw(m.rt, "minutes")) * time.Minute)
		m.act(m.byAgent)
	}
}

// act does something and checks that a refusal left no trace.
func (m *model) act(do func() error) {
	before := m.stored()
	err := do()
	after := m.stored()
	switch {
	case err == nil && len(after.History) <= len(before.History):
		m.rt.Fatalf("something was done, and the history does not say so")
	case err == nil && !reflect.DeepEqual(after.History[:len(before.History)], before.History):
		m.rt.Fatal("a line of the history was changed")
	case err != nil && fault.KindOf(err) == fault.Internal:
		m.rt.Fatal(err)
	case err != nil && !reflect.DeepEqual(before, after):
		m.rt.Fatalf("%v, and yet something changed:\n%+v\n%+v", err, before, after)
	}
}

func (m *model) byCustomer() error {
	m.acts++
	d := ticket.Doing{Act: rapid.SampledFrom(desk.CustomerActs()).Draw(m.rt, "act"), Text: "补充说明", Reason: "还没有解决"}
	_, err := m.CustomerDoes(m.t.Context(), m.c.Number, channel.Holder{Secret: m.CaseSecret(m.c)}, d, fmt.Sprintf("%s-%06d", m.client, m.acts))
	return err
}

// special is why a supervisor sets a term of its own.
const special = "等待配件"

func (m *model) byAgent() error {
	now := m.Now()
	by := rapid.SampledFrom([]agent.Actor{m.lin, m.zhao, m.wang}).Draw(m.rt, "by")
	c, err := m.DB.Now().Case(m.t.Context(), m.c.ID)
	m.must(err)
	acts := ticket.Acts()
	if can := c.Possible(ticket.Actor{Who: ticket.ByAgent, Agent: by.Agent}, ticket.DefaultWindows(), now); len(can) > 0 && rapid.IntRange(0, 3).Draw(m.rt, "legal") > 0 {
		acts = can
	}
	if rapid.IntRange(0, 9).Draw(m.rt, "classify") == 0 {
		leaves := ticket.DefaultTree().All(rapid.SampledFrom(ticket.Kinds()).Draw(m.rt, "to"))
		to := rapid.SampledFrom(leaves).Draw(m.rt, "category")
		_, err := m.Reclassify(m.t.Context(), by, c.ID, ticket.Class{Kind: to.Kind, Category: to.ID, Level: rapid.SampledFrom(ticket.Levels()).Draw(m.rt, "level")},
			&ticket.SpecialTerm{DueAt: now.Add(240 * time.Hour), Reason: special}, "分类有误")
		return err
	}
	d := ticket.Doing{
		Act: rapid.SampledFrom(acts).Draw(m.rt, "act"), Reason: "原因", Text: "内容", Findings: "结论", Solution: "方案", Cause: "assembly",
		Agent: rapid.SampledFrom([]agent.Actor{m.lin, m.zhao, m.wang}).Draw(m.rt, "to").Agent, Level: rapid.SampledFrom(ticket.Levels()[:3]).Draw(m.rt, "level"),
		Outcome: rapid.SampledFrom(ticket.Outcomes()).Draw(m.rt, "outcome"), Contacted: rapid.Bool().Draw(m.rt, "contacted"), WaysTold: true,
		ExpectedAt: now.Add(24 * time.Hour), Until: now.Add(24 * time.Hour), Verification: "check", Announcement: "news",
		External:   &ticket.External{Body: ticket.Body12315, Reference: "X1", DueAt: now.Add(240 * time.Hour)},
		Escalation: &ticket.Escalation{Level: ticket.RankSupervisor, Why: ticket.ByHand, Confirmed: &ticket.Confirmation{Text: "上门检查"}},
	}
	if leaves := ticket.DefaultTree().All(c.Kind); len(leaves) > 0 {
		d.Category = rapid.SampledFrom(leaves).Draw(m.rt, "category").ID
	}
	_, err = m.DoCase(m.t.Context(), by, c.ID, 0, d)
	return err
}

// compare holds the stored clocks beside those of a fold of the history.
func (m *model) compare() {
	s := m.stored()
	now := m.Now()
	ref := m.fold(s)
	if len(ref) != len(s.Clocks) {
		m.rt.Fatalf("%d clocks are stored, the history gives %d", len(s.Clocks), len(ref))
	}
	for i, ck := range s.Clocks {
		got, _ := ck.Fire(now)
		want, _ := ref[i].Fire(now)
		if got.Metric != want.Metric || got.State != want.State || !got.Limit.Equal(want.Limit) || !got.MetAt.Equal(want.MetAt) || got.Kept() != want.Kept() {
			m.rt.Fatalf("the clock of %s is %s due %s met %s, by the history %s due %s met %s",
				got.Metric, got.State, got.Limit, got.MetAt, want.State, want.Limit, want.MetAt)
		}
	}
	var next time.Time
	for _, ck := range s.Clocks {
		if (ck.State == sla.Running || ck.State == sla.Breached) && (next.IsZero() || ck.Limit.Before(next)) {
			next = ck.Limit
		}
	}
	if !s.Case.DueAt.Equal(next) {
		m.rt.Fatalf("the case is due %s, its clocks say %s", s.Case.DueAt, next)
	}
}

// fold makes the clocks of a case from its history alone.
func (m *model) fold(s everything) (cs []sla.Clock) {
	p, err := m.Promises(m.t.Context())
	m.must(err)
	c := ticket.Case{Kind: m.kind, Source: ticket.FromPortal, ReceivedAt: s.Case.ReceivedAt}
	c.Level = ticket.General
	subject := func() sla.Subject {
		sub := sla.Subject{Kind: string(c.Kind), Level: string(c.Level), Channel: c.Source, Category: desk.Branches(c.Category), Ended: map[sla.Metric]time.Time{}}
		for _, ck := range cs {
			if !ck.MetAt.IsZero() {
				sub.Ended[ck.Metric] = ck.MetAt
			}
		}
		return sub
	}
	due := func(metric sla.Metric, from time.Time) (sla.Due, bool) {
		starts := c.Kind.Starts()
		if c.Special != nil && sla.Metric(starts[len(starts)-1]) == metric {
			d, err := sla.Agreed(metric, from, c.Special.DueAt, c.Special.Reason)
			m.must(err)
			return d, true
		}
		d, ok, err := p.Promise(metric, subject(), from)
		m.must(err)
		return d, ok
	}
	table := func(d sla.Due) *sla.Timetable {
		t, _ := p.Timetable(d.Calendar)
		return t
	}
	last := func(metric sla.Metric) int {
		for i, c := range slices.Backward(cs) {
			if c.Metric == metric {
				return i
			}
		}
		return -1
	}
	start := func(metric sla.Metric, from, at time.Time) {
		if slices.ContainsFunc(cs, func(ck sla.Clock) bool { return ck.Metric == metric && ck.State.Open() }) {
			return
		}
		if d, ok := due(metric, from); ok {
			cs = append(cs, sla.Start(d, at))
		}
	}
	for _, e := range s.History {
		for i := range cs { // what was past then had been noticed
			cs[i], _ = cs[i].Fire(e.At)
		}
		if e.Act == ticket.HandIn {
			for _, metric := range c.Kind.Starts() {
				start(sla.Metric(metric), s.Case.ReceivedAt, e.At)
			}
			continue
		}
		again := false
		for _, f := range e.Fields {
			switch f.Field {
			case "kind":
				c.Kind = ticket.Kind(f.New)
			case "category":
				c.Category, again = f.New, true
			case "level":
				c.Level, again = ticket.Level(f.New), true
				if c.Level != ticket.Special {
					c.Special = nil
				}
			case "due_at":
				again = true
				at, err := time.Parse(time.RFC3339, f.New)
				m.must(err)
				c.Special = &ticket.SpecialTerm{DueAt: at, Reason: special}
			}
		}
		each := func(metrics []string, do func(sla.Clock) (sla.Clock, error)) {
			for _, metric := range metrics {
				if i := last(sla.Metric(metric)); i >= 0 {
					if next, err := do(cs[i]); err == nil {
						cs[i] = next
					}
				}
			}
		}
		each(e.Clocks.Meets, func(ck sla.Clock) (sla.Clock, error) { return ck.Meet(e.At) })
		each(e.Clocks.Pauses, func(ck sla.Clock) (sla.Clock, error) { return ck.Pause(e.At) })
		each(e.Clocks.Resumes, func(ck sla.Clock) (sla.Clock, error) { return ck.Resume(e.At, table(ck.Due)) })
		each(e.Clocks.Again, func(ck sla.Clock) (sla.Clock, error) {
			if ck.State != sla.Met {
				return ck, nil
			}
			return ck.Reopen(e.At, table(ck.Due))
		})
		each(e.Clocks.Cancels, func(ck sla.Clock) (sla.Clock, error) { return ck.Cancel(e.At) })
		for _, metric := range slices.Concat(e.Clocks.Again, e.Clocks.Revives) {
			if i := last(sla.Metric(metric)); i >= 0 && cs[i].State == sla.Cancelled {
				start(sla.Metric(metric), cs[i].Received, e.At)
			}
		}
		from := e.At
		if e.Act == ticket.Reclassify {
			from = s.Case.ReceivedAt
		}
		for _, metric := range e.Clocks.Starts {
			start(sla.Metric(metric), from, e.At)
		}
		if !again {
			continue
		}
		for i := range cs {
			if !cs[i].State.Open() {
				continue
			}
			d, ok := due(cs[i].Metric, cs[i].Received)
			if !ok {
				cs[i], err = cs[i].Cancel(e.At)
			} else {
				cs[i], err = cs[i].Recompute(d, e.At, table(d))
			}
			m.must(err)
		}
		for _, name := range c.Kind.Starts() { // what is promised only now that it is sorted
			metric := sla.Metric(name)
			i := last(metric)
			never := i < 0 || cs[i].State == sla.Cancelled && metric != sla.FirstSolution
			if never && !metric.Response() && !desk.Settled(c.Kind, e.To) {
				start(metric, s.Case.ReceivedAt, e.At)
			}
		}
	}
	return cs
}
