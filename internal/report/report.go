// Package report is every number that people look at, defined once: what it
// counts stands beside it, in the answer and in the file.
package report

import (
	"cmp"
	"context"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Report makes reports. Its fields are set once, before it is used.
type Report struct {
	DB  *store.DB
	Now func() time.Time

	today today
}

// Span is the time that a report is about: From is in, To is out.
type Span struct{ From, To time.Time }

// longest is how much time one report covers.
const longest = 400 * 24 * time.Hour

func (s Span) check() error {
	if !s.From.Before(s.To) || s.To.Sub(s.From) > longest {
		return fault.New(fault.Invalid, "report.span", "choose a time of at most %d days; its end comes after its beginning", int(longest.Hours()/24)).In("to")
	}
	return nil
}

// Share is how many there are of one sort.
type Share struct {
	Code  string     `json:"code"`
	Name  inbox.Text `json:"name"`
	Count int        `json:"count"`
}

// Stage is how long a stage of the promises took, and how it was kept.
type Stage struct {
	Metric  sla.Metric `json:"metric"`
	Name    sla.Text   `json:"name"`
	Ended   int        `json:"ended"`    // clocks that were met, in time or late
	Kept    int        `json:"kept"`     // of these, in time
	Late    int        `json:"late"`     // open ones that are past their limit now
	Median  float64    `json:"median_h"` // hours of clock time from the receipt to the stage
	Ninety  float64    `json:"p90_h"`
	Longest float64    `json:"longest_h"`
}

// Complaints is the report of complaints (R115, ISO 10002).
type Complaints struct {
	From       time.Time    `json:"from"`
	To         time.Time    `json:"to"`
	Count      int          `json:"count"`
	AboutStaff int          `json:"about_staff"`
	Open       int          `json:"open"`
	Rejected   int          `json:"rejected"` // the customer was not content with a result at least once
	Reopened   int          `json:"reopened"`
	External   int          `json:"external"` // that went to an outside body
	Sources    []Share      `json:"sources"`
	Categories []Share      `json:"categories"`
	Levels     []Share      `json:"levels"`
	Causes     []Share      `json:"causes"`
	Outcomes   []Share      `json:"outcomes"`
	Teams      []Share      `json:"teams"` // who is responsible for them
	Stages     []Stage      `json:"stages"`
	Defined    []Definition `json:"defined"`
}

// Definition says what a number counts.
type Definition struct {
	Field string     `json:"field"`
	Means inbox.Text `json:"means"`
}

// stages are the promises of a complaint whose times are reported.
var stages = []sla.Metric{sla.FirstResponse, sla.ComplaintAcknowledge, sla.ComplaintInvestigate, sla.ComplaintFeedback}

// Complaints counts the complaints that were received in a span and that the
// actor may see, as they stand now.
func (r *Report) Complaints(ctx context.Context, by agent.Actor, s Span) (c Complaints, err error) {
	defer fault.Wrap(&err, "report of complaints")
	if !by.May(agent.ReportTeam) && !by.May(agent.ReportAll) {
		return c, by.Need(agent.ReportTeam)
	}
	if err := s.check(); err != nil {
		return c, err
	}
	count := newCount()
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		h, err := tx.Handling(ctx)
		if err != nil {
			return err
		}
		teams, err := tx.Teams(ctx)
		if err != nil {
			return err
		}
		if err := tx.EachCase(ctx, by, ticket.Complaint, s.From, s.To, func(one ticket.Case) error { return count.add(one) }); err != nil {
			return err
		}
		if err := tx.EachClock(ctx, by, ticket.Complaint, s.From, s.To, func(ck store.ClockOf) error { return count.time(ck, r.Now()) }); err != nil {
			return err
		}
		c = count.result(h.Categories, teams)
		return nil
	})
	c.From, c.To, c.Defined = s.From, s.To, definitions
	return c, err
}

// count is a report on its way.
type count struct {
	Complaints
	sources, categories, levels, causes, outcomes, teams map[string]int
	took                                                 map[sla.Metric][]time.Duration
	stage                                                map[sla.Metric]*Stage
}

func newCount() *count {
	c := &count{
		sources: map[string]int{}, categories: map[string]int{}, levels: map[string]int{}, causes: map[string]int{}, outcomes: map[string]int{},
		teams: map[string]int{}, took: map[sla.Metric][]time.Duration{}, stage: map[sla.Metric]*Stage{},
	}
	for _, m := range stages {
		c.stage[m] = &Stage{Metric: m, Name: m.Name()}
	}
	return c
}

func (c *count) add(one ticket.Case) error {
	c.Count++
	for n, yes := range map[*int]bool{
		&c.AboutStaff: one.AboutStaff, &c.Open: !one.State.Over(), &c.Rejected: one.Rejected > 0, &c.Reopened: one.Reopened > 0, &c.External: len(one.External) > 0,
	} {
		if yes {
			*n++
		}
	}
	c.sources[one.Source]++
	c.categories[one.Category]++
	c.levels[string(one.Level)]++
	c.teams[one.Team.String()]++
	if one.Cause != "" {
		c.causes[one.Cause]++
	}
	if one.Outcome != "" {
		c.outcomes[string(one.Outcome)]++
	}
	return nil
}

func (c *count) time(ck store.ClockOf, now time.Time) error {
	s := c.stage[ck.Metric]
	switch {
	case s == nil:
	case !ck.MetAt.IsZero():
		s.Ended++
		if ck.Kept() {
			s.Kept++
		}
		c.took[ck.Metric] = append(c.took[ck.Metric], ck.MetAt.Sub(ck.Received))
	case ck.State.Open() && now.After(ck.Limit):
		s.Late++
	}
	return nil
}

func (c *count) result(tree ticket.Tree, teams []agent.Team) Complaints {
	r := c.Complaints
	r.Sources = shares(c.sources, func(code string) inbox.Text { return sources[code] })
	r.Categories = shares(c.categories, func(code string) inbox.Text {
		cat, _ := tree.Find(code)
		return cat.Name
	})
	r.Levels = shares(c.levels, func(code string) inbox.Text { return ticket.Level(code).Name() })
	r.Causes = shares(c.causes, func(code string) inbox.Text { return inbox.Text{Zh: code, En: code} })
	r.Outcomes = shares(c.outcomes, func(code string) inbox.Text { return ticket.Outcome(code).Name() })
	r.Teams = shares(c.teams, func(code string) inbox.Text {
		for _, t := range teams {
			if t.ID.String() == code {
				return inbox.Text{Zh: t.Name, En: t.Name}
			}
		}
		return inbox.Text{}
	})
	for _, m := range stages {
		s := *c.stage[m]
		s.Median, s.Ninety, s.Longest = hours(c.took[m])
		r.Stages = append(r.Stages, s)
	}
	return r
}

// none is what has no code: no category yet, no team.
var none = inbox.Text{Zh: "未填写", En: "Not given"}

// shares returns the counts, the largest first.
func shares(counts map[string]int, name func(string) inbox.Text) []Share {
	all := make([]Share, 0, len(counts))
	for code, n := range counts {
		s := Share{Code: code, Name: name(code), Count: n}
		if s.Name == (inbox.Text{}) {
			s.Name = none
			if code != "" {
				s.Name = inbox.Text{Zh: code, En: code}
			}
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Share) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Code, b.Code)) })
	return all
}

// hours are median, 90th percentile and longest of durations.
func hours(ds []time.Duration) (median, ninety, most float64) {
	if len(ds) == 0 {
		return 0, 0, 0
	}
	slices.Sort(ds)
	at := func(p float64) float64 { return float64(ds[min(len(ds)-1, int(float64(len(ds))*p))].Minutes()) / 60 }
	return at(0.5), at(0.9), at(1)
}

var sources = map[string]inbox.Text{
	ticket.FromPortal: {Zh: "网页表单", En: "Public form"}, ticket.FromWidget: {Zh: "在线聊天", En: "Chat window"}, ticket.FromPhone: {Zh: "电话", En: "Phone"},
	ticket.FromLetter: {Zh: "信函", En: "Letter"}, ticket.FromEmail: {Zh: "邮件", En: "E-mail"}, ticket.FromVisit: {Zh: "来访", En: "Visit"},
	ticket.FromChat: {Zh: "聊天登记", En: "Taken in from a chat"}, ticket.FromSurvey: {Zh: "问卷", En: "Survey"},
}

var definitions = []Definition{
	{"count", inbox.Text{Zh: "在所选时间内收到、查看者有权查看的投诉；信函按收到日计算", En: "Complaints received in the span that the reader may see; letters by the day they came"}},
	{"open", inbox.Text{Zh: "其中现在尚未结束的", En: "Of these, those that are not over now"}},
	{"about_staff", inbox.Text{Zh: "其中投诉员工的；查看者须有权查看", En: "Of these, those about a member of staff, as far as the reader may see them"}},
	{"rejected", inbox.Text{Zh: "客户至少有一次不认可处理结果的", En: "The customer was not content with a result at least once"}},
	{"reopened", inbox.Text{Zh: "结束后至少重新打开过一次的", En: "Reopened at least once after it was over"}},
	{"external", inbox.Text{Zh: "登记过外部机构（如 12315）编号的", En: "With a reference at an outside body, such as 12315"}},
	{"sources", inbox.Text{Zh: "投诉是怎样来的", En: "How the complaints came"}},
	{"categories", inbox.Text{Zh: "现在的分类，不是最初的", En: "The category they have now, not the first one"}},
	{"levels", inbox.Text{Zh: "现在的等级，不是最初的", En: "The level they have now, not the first one"}},
	{"causes", inbox.Text{Zh: "调查后写明的原因；没有写明的不计入", En: "The cause that was found; those without one are left out"}},
	{"outcomes", inbox.Text{Zh: "处理结果；还没有结果的不计入", En: "The outcome; those without one yet are left out"}},
	{"teams", inbox.Text{Zh: "现在负责的团队", En: "The team that is responsible now"}},
	{"stages.ended", inbox.Text{Zh: "已完成的时钟，按时和超时的都算", En: "Clocks that were met, in time or late"}},
	{"stages.late", inbox.Text{Zh: "还没有完成、现在已过时限的时钟", En: "Clocks that are not met yet and past their limit now"}},
	{"stages.kept", inbox.Text{Zh: "时钟在时限前完成的；暂停时间不计入", En: "Clocks that were met before their limit; pauses do not count"}},
	{"stages.median_h", inbox.Text{Zh: "从收到到该阶段完成的自然小时数的中位数", En: "Median of the hours of clock time from the receipt to the stage"}},
	{"stages.p90_h", inbox.Text{Zh: "十次里有九次不超过的小时数", En: "Nine of ten took no longer, in hours"}},
	{"stages.longest_h", inbox.Text{Zh: "其中最久的一次的小时数", En: "The hours of the one that took longest"}},
}
