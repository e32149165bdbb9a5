package report

import (
	"cmp"
	"context"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/survey"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/sheet"
	"yingda/internal/store"
)

// Marks are the marks of one sort. Mean and shares are absent where there are
// fewer than survey.Few.
type Marks struct {
	Code   string       `json:"code"`
	Name   inbox.Text   `json:"name"`
	Count  int          `json:"count"`
	Marks  survey.Marks `json:"marks" doc:"how often 1, 2, 3, 4 and 5 were given"`
	Low    int          `json:"low" doc:"1 and 2"`
	Mean   *float64     `json:"mean,omitempty"`
	Top    *float64     `json:"top_share,omitempty" doc:"4 and 5"`
	Bottom *float64     `json:"low_share,omitempty" doc:"1 and 2"`
}

// Question is what callers were asked, and their marks, also by how they came.
type Question struct {
	Marks
	Ways []Marks `json:"ways"`
}

// RatedWay is how many calls were rated in a way.
type RatedWay struct {
	Code  string     `json:"code"`
	Name  inbox.Text `json:"name"`
	Calls int        `json:"calls"`
}

// Satisfaction is the report of the marks that callers gave (R123, R124, R176).
type Satisfaction struct {
	From      time.Time    `json:"from"`
	To        time.Time    `json:"to"`
	Calls     int          `json:"calls"`
	Rated     int          `json:"rated"`
	Share     *float64     `json:"rated_share,omitempty"`
	Ways      []RatedWay   `json:"ways"`
	Questions []Question   `json:"questions"` // as callers are asked; those of menus of the company's own after these
	Agents    []Marks      `json:"agents"`
	Queues    []Marks      `json:"queues"`
	Days      []Marks      `json:"days"` // last first
	Defined   []Definition `json:"defined"`
}

// Satisfaction counts the marks of the calls that began in a span and whose team
// the actor reaches; zone says where a day begins.
func (r *Report) Satisfaction(ctx context.Context, by agent.Actor, s Span, zone *time.Location) (found Satisfaction, err error) {
	defer fault.Wrap(&err, "report of satisfaction")
	if !by.May(agent.ReportTeam) && !by.May(agent.ReportAll) {
		return found, by.Need(agent.ReportTeam)
	}
	if err := s.check(); err != nil {
		return found, err
	}
	found = Satisfaction{From: s.From, To: s.To, Ways: []RatedWay{}, Questions: []Question{}, Defined: satisfactionDefinitions}
	count := newRated(zone)
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		own, err := tx.OwnMenus(ctx)
		if err != nil {
			return err
		}
		for _, m := range append(call.Menus(), own...) {
			count.menus[m.ID] = m
		}
		served, err := tx.CallsServed(ctx, s.From, s.To)
		if err != nil {
			return err
		}
		for team, n := range served {
			if reaches(by, team) {
				found.Calls += n
			}
		}
		if err := tx.EachRated(ctx, s.From, s.To, func(k call.Record, team agent.TeamID) {
			if reaches(by, team) {
				count.add(k)
			}
		}); err != nil {
			return err
		}
		return count.nameAgents(ctx, tx)
	})
	found.Rated = count.rated
	found.Share = share(survey.Share(count.rated, found.Calls))
	for _, w := range call.RatingWays() {
		found.Ways = append(found.Ways, RatedWay{Code: string(w), Name: ratingWays[w], Calls: count.ways[w]})
	}
	for _, q := range count.asked() {
		found.Questions = append(found.Questions, count.question(q))
	}
	most := func(a, b Marks) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Code, b.Code)) }
	found.Agents, found.Queues = count.agents.listed(most), count.queues.listed(most)
	found.Days = count.days.listed(func(a, b Marks) int { return cmp.Compare(b.Code, a.Code) })
	return found, err
}

// rated is the report on its way.
type rated struct {
	zone  *time.Location
	menus map[string]call.Menu
	rated int
	ways  map[call.RatingWay]int
	// marks are those of each question, by how they came.
	marks                map[string]map[call.RatingWay]survey.Marks
	agents, queues, days sorts
}

func newRated(zone *time.Location) *rated {
	return &rated{
		zone: zone, menus: map[string]call.Menu{}, ways: map[call.RatingWay]int{}, marks: map[string]map[call.RatingWay]survey.Marks{},
		agents: sorts{}, queues: sorts{}, days: sorts{},
	}
}

// add counts the marks of one call. What is counted by agent, queue and day is
// how it was on the whole.
func (c *rated) add(k call.Record) {
	c.rated++
	c.ways[k.RatedBy]++
	for q, mark := range k.Ratings {
		if c.marks[q] == nil {
			c.marks[q] = map[call.RatingWay]survey.Marks{}
		}
		c.marks[q][k.RatedBy] = c.marks[q][k.RatedBy].With(mark)
	}
	mark, given := k.Ratings[call.Overall]
	if !given {
		return
	}
	queue := k.Queue()
	if c.queues[queue] == nil {
		c.queues.add(queue, c.queueName(k, queue), mark)
	} else {
		c.queues.add(queue, inbox.Text{}, mark)
	}
	day := k.Steps[0].At.In(c.zone).Format(time.DateOnly)
	c.days.add(day, inbox.Text{Zh: day, En: day}, mark)
	c.agents.add(k.Agent(), none, mark)
}

func (c *rated) queueName(k call.Record, queue string) inbox.Text {
	if queue == "" {
		return inbox.Text{Zh: "没有排队", En: "No queue"}
	}
	name := call.QueueNamesIn(c.menus, k)[queue]
	return inbox.Text{Zh: name.Zh, En: name.En}
}

// nameAgents gives the agents the names that they have now.
func (c *rated) nameAgents(ctx context.Context, tx *store.Tx) error {
	for code, m := range c.agents {
		var who agent.ID
		if err := who.UnmarshalText([]byte(code)); err != nil {
			continue // nobody
		}
		a, err := tx.Agent(ctx, who)
		switch {
		case fault.KindOf(err) == fault.NotFound:
			m.Name = inbox.Text{Zh: code, En: code}
		case err != nil:
			return err
		default:
			m.Name = inbox.Text{Zh: a.Name, En: a.Name}
		}
	}
	return nil
}

// asked returns the questions that have marks, in the order in which callers
// hear them; those of the company's own menus come after these.
func (c *rated) asked() []string {
	place := func(q string) int {
		if i := slices.Index(call.RatingQuestions(), q); i >= 0 {
			return i
		}
		return len(call.RatingQuestions())
	}
	return slices.SortedFunc(maps.Keys(c.marks), func(a, b string) int { return cmp.Or(place(a)-place(b), cmp.Compare(a, b)) })
}

func (c *rated) question(code string) Question {
	name, ours := questions[code]
	if !ours {
		name = inbox.Text{Zh: code, En: code}
	}
	q := Question{}
	var all survey.Marks
	for _, w := range call.RatingWays() {
		ms := c.marks[code][w]
		for i, n := range ms {
			all[i] += n
		}
		q.Ways = append(q.Ways, marksOf(string(w), ratingWays[w], ms))
	}
	q.Marks = marksOf(code, name, all)
	return q
}

// sorts are marks by the code of what they are of.
type sorts map[string]*Marks

// add counts a mark. The first of its sort brings the name.
func (s sorts) add(code string, name inbox.Text, mark int) {
	m := s[code]
	if m == nil {
		m = &Marks{Code: code, Name: name}
		s[code] = m
	}
	m.Marks = m.Marks.With(mark)
}

func (s sorts) listed(order func(a, b Marks) int) []Marks {
	all := make([]Marks, 0, len(s))
	for _, m := range s {
		all = append(all, marksOf(m.Code, m.Name, m.Marks))
	}
	slices.SortFunc(all, order)
	return all
}

func marksOf(code string, name inbox.Text, m survey.Marks) Marks {
	return Marks{
		Code: code, Name: name, Count: m.Count(), Marks: m, Low: m.Low(), Mean: share(m.Mean()), Top: share(m.TopShare()), Bottom: share(m.LowShare()),
	}
}

// share returns a number that there is, or nil.
func share(v float64, ok bool) *float64 {
	if !ok {
		return nil
	}
	return &v
}

var questions = map[string]inbox.Text{
	call.Overall: {Zh: "总体满意度", En: "On the whole"}, "attitude": {Zh: "服务态度", En: "Attitude"}, "quality": {Zh: "服务质量", En: "Quality"},
	"efficiency": {Zh: "服务效率", En: "Efficiency"},
}

var ratingWays = map[call.RatingWay]inbox.Text{
	call.ByKeys: {Zh: "通话后按键", En: "By keys after the call"}, call.ByLink: {Zh: "短信链接", En: "By the link in a text"},
}

var satisfactionDefinitions = []Definition{
	{"calls", inbox.Text{Zh: "在所选时间内开始、有坐席接听过的通话，呼入和呼出都算", En: "Calls that began in the span and that an agent had, in and out"}},
	{"rated", inbox.Text{Zh: "其中客户至少评了一项的", En: "Of these, those of which the customer answered at least one question"}},
	{"rated_share", inbox.Text{Zh: "评分的 ÷ 有坐席接听的；不足 10 个通话时不计算", En: "Rated ÷ served; none below 10 calls"}},
	{"ways", inbox.Text{Zh: "评分的通话，按评分的方式：通话结束时按键，或打开短信里的链接", En: "Rated calls by how the marks came: by keys at the end of the call, or by the link in a text message"}},
	{"questions", inbox.Text{Zh: "每个问题得到的评分，1 最差、5 最好；按键时总体满意度最后问，中途挂断的只计已经按的", En: "The marks of each question, 1 the worst and 5 the best; by keys, how it was on the whole is asked last: of who hangs up before, what was pressed counts"}},
	{"mean", inbox.Text{Zh: "平均分；不足 10 个评分时不计算，那只是偶然", En: "The mean mark; none below 10 marks, which would be chance"}},
	{"top_share", inbox.Text{Zh: "4 分和 5 分的 ÷ 全部评分；不足 10 个评分时不计算", En: "4 and 5 ÷ all marks; none below 10 marks"}},
	{"low", inbox.Text{Zh: "1 分和 2 分的评分", En: "Marks of 1 and 2"}},
	{"low_share", inbox.Text{Zh: "1 分和 2 分的 ÷ 全部评分；不足 10 个评分时不计算", En: "1 and 2 ÷ all marks; none below 10 marks"}},
	{"agents", inbox.Text{Zh: "总体满意度，按最后接听的坐席", En: "On the whole, by the agent who had the call last"}},
	{"queues", inbox.Text{Zh: "总体满意度，按最后所在的队列", En: "On the whole, by the queue that the call was in last"}},
	{"days", inbox.Text{Zh: "总体满意度，按通话开始的日期", En: "On the whole, by the day on which the call began"}},
}

// CSV writes the report as a table, in UTF-8 with a byte order mark.
func (s Satisfaction) CSV(out io.Writer, language string) error {
	rows := [][]string{{"group", "code", "name", "way", "count", "marks_1", "marks_2", "marks_3", "marks_4", "marks_5", "mean", "top_share", "low_share", "rated_share"}}
	calls := func(code, way string, n int, part *float64) {
		rows = append(rows, []string{"calls", code, "", way, strconv.Itoa(n), "", "", "", "", "", "", "", "", maybe(part)})
	}
	calls("served", "", s.Calls, nil)
	calls("rated", "", s.Rated, s.Share)
	for _, w := range s.Ways {
		calls("rated", w.Code, w.Calls, nil)
	}
	marks := func(group, code string, name inbox.Text, way string, m Marks) {
		row := []string{group, sheet.Safe(code), sheet.Safe(name.In(language)), way, strconv.Itoa(m.Count)}
		for _, n := range m.Marks {
			row = append(row, strconv.Itoa(n))
		}
		rows = append(rows, append(row, maybe(m.Mean), maybe(m.Top), maybe(m.Bottom)))
	}
	for _, q := range s.Questions {
		marks("question", q.Code, q.Name, "", q.Marks)
		for _, w := range q.Ways {
			marks("question", q.Code, q.Name, w.Code, w)
		}
	}
	for _, g := range []struct {
		name string
		list []Marks
	}{{"agent", s.Agents}, {"queue", s.Queues}, {"day", s.Days}} {
		for _, m := range g.list {
			marks(g.name, m.Code, m.Name, "", m)
		}
	}
	return table(out, rows, s.Defined, language)
}
