package desk_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/survey"
	"yingda/internal/report"
	"yingda/internal/store"
)

// Marks by keys and marks by the link count alike in the report, which says what
// the records say.
func TestSatisfactionAgreesWithTheRecords(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		x, _ := h.texts()
		h.online(h.lin)
		begin := h.Now()
		one := func(number string, then func(channel.CallSight)) channel.CallSight {
			s := h.served(number)
			then(s)
			h.ended(s, "")
			h.run()
			h.wrapped(s)
			h.online(h.lin)
			return s
		}
		byKeys := func(marks map[string]int) func(channel.CallSight) {
			return func(s channel.CallSight) {
				_, err := h.CallMoved(ctx, s.Call.ID, call.Rate)
				h.must(err)
				for q, m := range marks {
					h.must(h.CallRated(ctx, s.Call.ID, q, m))
				}
			}
		}
		silent := func(channel.CallSight) {}
		for i := range 6 {
			one(fmt.Sprintf("1381111000%d", i), byKeys(map[string]int{"overall": 5 - i%2, "attitude": 5}))
		}
		one("13811110009", byKeys(map[string]int{"attitude": 3})) // hung up before the others
		for i := range 5 {
			one(fmt.Sprintf("1382222000%d", i), silent)
			token := strings.TrimPrefix(x.got[len(x.got)-1].Values["link"], "https://help.example.cn/r/")
			h.must(h.RateByLink(ctx, token, map[string]int{"overall": 1 + i, "quality": 4}, ""))
		}
		one("13833330000", silent) // says nothing
		h.ended(h.waitsIn(h.rung("13844440000"), "vehicle"), "")
		h.clock.Turn(24 * time.Hour)
		one("13855550000", byKeys(map[string]int{"overall": 1})) // after the span

		r := &report.Report{DB: h.DB, Now: h.Now}
		boss := agent.Actor{Name: "boss", Permissions: []agent.Permission{agent.ReportAll, agent.ConversationRead, agent.CallExport}, Scope: agent.ScopeAll}
		span := report.Span{From: begin, To: begin.Add(24 * time.Hour)}
		got, err := r.Satisfaction(ctx, boss, span, time.UTC)
		h.must(err)

		// The same from the records, as they are listed and exported.
		marks, ways, served, rated := map[string]survey.Marks{}, map[call.RatingWay]int{}, 0, 0
		h.must(h.EachCall(ctx, boss, desk.CallQuery{From: span.From, To: span.To}, "", func(k store.CallRow) error {
			if k.Record.Served() {
				served++
			}
			if (len(k.Record.Ratings) > 0) != (k.Record.RatedBy != "") {
				h.t.Errorf("%v came by %q", k.Record.Ratings, k.Record.RatedBy)
			}
			if k.Record.RatedBy != "" {
				rated++
				ways[k.Record.RatedBy]++
			}
			for q, m := range k.Record.Ratings {
				marks[q] = marks[q].With(m)
			}
			return nil
		}))
		if got.Calls != served || got.Rated != rated || served != 13 || rated != 12 {
			h.t.Errorf("%d of %d are rated; the records say %d of %d", got.Rated, got.Calls, rated, served)
		}
		if want := map[call.RatingWay]int{call.ByKeys: 7, call.ByLink: 5}; !maps.Equal(ways, want) {
			h.t.Errorf("they came by %v", ways)
		}
		for _, w := range got.Ways {
			if w.Calls != ways[call.RatingWay(w.Code)] {
				h.t.Errorf("%s: %d, the records say %d", w.Code, w.Calls, ways[call.RatingWay(w.Code)])
			}
		}
		var asked []string
		for _, q := range got.Questions {
			asked = append(asked, q.Code)
			if q.Marks.Marks != marks[q.Code] {
				h.t.Errorf("%s: %v, the records say %v", q.Code, q.Marks.Marks, marks[q.Code])
			}
			var both survey.Marks
			for _, w := range q.Ways {
				for i, n := range w.Marks {
					both[i] += n
				}
			}
			if both != q.Marks.Marks {
				h.t.Errorf("%s: by its ways %v, together %v", q.Code, both, q.Marks.Marks)
			}
		}
		if !slices.Equal(asked, []string{"overall", "attitude", "quality"}) {
			h.t.Fatalf("asked were %v", asked)
		}
		overall := got.Questions[0].Marks
		if overall.Marks != (survey.Marks{1, 1, 1, 4, 4}) || overall.Low != 2 || overall.Top == nil || fmt.Sprintf("%.3f %.3f", *overall.Mean, *overall.Top) != "3.818 0.727" {
			h.t.Errorf("on the whole %+v", overall)
		}
		if link := got.Questions[0].Ways[1]; link.Code != "link" || link.Count != 5 || link.Top != nil {
			h.t.Errorf("a share of five: %+v", link)
		}
		for name, list := range map[string][]report.Marks{"agents": got.Agents, "queues": got.Queues, "days": got.Days} {
			if len(list) != 1 || list[0].Marks != overall.Marks || list[0].Name.Zh == "" {
				h.t.Errorf("%s: %+v", name, list)
			}
		}
		if got.Agents[0].Code != h.lin.Agent.String() || got.Queues[0].Code != "vehicle" || got.Queues[0].Name.En == "vehicle" {
			h.t.Errorf("of %+v, %+v", got.Agents, got.Queues)
		}
		var table strings.Builder
		h.must(got.CSV(&table, "en"))
		for _, line := range []string{"calls,rated,,,12,", "calls,rated,,link,5,", "question,overall,On the whole,,11,1,1,1,4,4,3.818,0.727,", "question,overall,On the whole,keys,6,0,0,0,3,3,,,,"} {
			if !strings.Contains(table.String(), "\n"+line) {
				h.t.Errorf("the table has no line %q:\n%s", line, table.String())
			}
		}

		// Who sees only some teams counts what these have.
		other := agent.Actor{Name: "other", Permissions: []agent.Permission{agent.ReportTeam}, Teams: []agent.TeamID{agent.NewTeamID(h.Now())}}
		got, err = r.Satisfaction(ctx, other, span, time.UTC)
		h.must(err)
		if got.Calls != 0 || got.Rated != 0 || len(got.Questions) != 0 {
			h.t.Errorf("another team's: %+v", got)
		}
		_, err = r.Satisfaction(ctx, agent.Actor{}, span, time.UTC)
		h.code(err, "permission.missing")
		_, err = r.Satisfaction(ctx, boss, report.Span{From: begin, To: begin}, time.UTC)
		h.code(err, "report.span")
	})
}
