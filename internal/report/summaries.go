package report

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strconv"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/company"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/sheet"
	"yingda/internal/store"
)

// Reason is what conversations were about, and what came of them.
type Reason struct {
	Code       string     `json:"code"`
	Name       inbox.Text `json:"name"` // with what it stands under: 售后 / 质量问题
	Count      int        `json:"count"`
	Understood int        `json:"understood"`
	Results    []Share    `json:"results"` // most first
}

// Summaries is the report of what people contacted us about (小结).
type Summaries struct {
	From       time.Time    `json:"from"`
	To         time.Time    `json:"to"`
	Count      int          `json:"count"`
	Owed       int          `json:"owed"`
	Understood int          `json:"understood"`
	Results    []Share      `json:"results"`
	Categories []Reason     `json:"categories"`
	Defined    []Definition `json:"defined"`
}

// Summaries counts the summaries of the conversations that ended in a span.
func (r *Report) Summaries(ctx context.Context, by agent.Actor, s Span) (sum Summaries, err error) {
	defer fault.Wrap(&err, "report of summaries")
	if !by.May(agent.ReportTeam) && !by.May(agent.ReportAll) {
		return sum, by.Need(agent.ReportTeam)
	}
	if err := s.check(); err != nil {
		return sum, err
	}
	sum = Summaries{From: s.From, To: s.To, Defined: summaryDefinitions}
	results, categories := map[string]int{}, map[string]*reason{}
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		settings, err := tx.Company(ctx)
		if err != nil {
			return err
		}
		if err := tx.EachEnded(ctx, s.From, s.To, func(e store.Ended) {
			switch {
			case !reaches(by, e.Team):
			case e.Summary == nil && !e.Agent.IsZero():
				sum.Owed++
			case e.Summary != nil:
				sum.Count++
				results[e.Summary.Result]++
				c, ok := categories[e.Summary.Category]
				if !ok {
					c = &reason{results: map[string]int{}}
					categories[e.Summary.Category] = c
				}
				c.count++
				c.results[e.Summary.Result]++
				if e.Summary.Understood {
					sum.Understood++
					c.understood++
				}
			}
		}); err != nil {
			return err
		}
		named := resultNames(settings)
		sum.Results = shares(results, named)
		names := paths(settings.Categories)
		for code, c := range categories {
			name, ok := names[code]
			if !ok { // removed since
				name = inbox.Text{Zh: code, En: code}
			}
			sum.Categories = append(sum.Categories, Reason{Code: code, Name: name, Count: c.count, Understood: c.understood, Results: shares(c.results, named)})
		}
		return nil
	})
	slices.SortFunc(sum.Categories, func(a, b Reason) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Code, b.Code)) })
	return sum, err
}

type reason struct {
	count, understood int
	results           map[string]int
}

// resultNames names the results of the summary; one that was removed since
// shows its code.
func resultNames(s company.Settings) func(code string) inbox.Text {
	return func(code string) inbox.Text {
		if r, ok := s.Result(code); ok {
			return inbox.Text{Zh: r.Zh, En: r.En}
		}
		return inbox.Text{Zh: code, En: code}
	}
}

// paths are the names of all categories, with what they stand under.
func paths(tree []company.Category) map[string]inbox.Text {
	names := map[string]inbox.Text{}
	var walk func(level []company.Category, above inbox.Text)
	walk = func(level []company.Category, above inbox.Text) {
		for _, c := range level {
			name := inbox.Text{Zh: above.Zh + c.Zh, En: above.En + cmp.Or(c.En, c.Zh)}
			names[c.ID] = name
			walk(c.Children, inbox.Text{Zh: name.Zh + " / ", En: name.En + " / "})
		}
	}
	walk(tree, inbox.Text{})
	return names
}

var summaryDefinitions = []Definition{
	{"count", inbox.Text{Zh: "在所选时间内结束、写了小结的会话", En: "Conversations that ended in the span and have a summary"}},
	{"owed", inbox.Text{Zh: "有人接待、已经结束、还没有写小结的会话", En: "Conversations that a person answered, that ended, and still owe a summary"}},
	{"understood", inbox.Text{Zh: "客服勾选了“已确认客户听懂了”的会话", En: "Conversations whose agent ticked that the customer confirmed that it is clear"}},
	{"results", inbox.Text{Zh: "小结里选的处理结果", En: "The result chosen in the summary"}},
	{"categories", inbox.Text{Zh: "小结里选的分类；已删除的分类显示代码", En: "The category chosen in the summary; one that was removed shows its code"}},
}

// CSV writes the report as a table, in UTF-8 with a byte order mark.
func (s Summaries) CSV(out io.Writer, language string) error {
	rows := [][]string{{"category", "name", "result", "result_name", "count", "understood"}}
	add := func(code string, name inbox.Text, result string, resultName inbox.Text, count int, understood string) {
		rows = append(rows, []string{sheet.Safe(code), sheet.Safe(name.In(language)), sheet.Safe(result), sheet.Safe(resultName.In(language)), strconv.Itoa(count), understood})
	}
	for _, c := range s.Categories {
		add(c.Code, c.Name, "", inbox.Text{}, c.Count, strconv.Itoa(c.Understood))
		for _, r := range c.Results {
			add(c.Code, c.Name, r.Code, r.Name, r.Count, "")
		}
	}
	for _, r := range s.Results {
		add("", inbox.Text{}, r.Code, r.Name, r.Count, "")
	}
	return table(out, rows, summaryDefinitions, language)
}
