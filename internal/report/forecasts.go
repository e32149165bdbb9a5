package report

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/sheet"
	"yingda/internal/store"
)

// Accuracy is how true the waits were that customers were told (domain
// reference §4.4). A number is absent where nobody was answered to take it of.
type Accuracy struct {
	Code      string     `json:"code"`
	Name      inbox.Text `json:"name"`
	Told      int        `json:"told"`
	Answered  int        `json:"answered"`
	Error     *float64   `json:"error_s,omitempty"`      // mean of how far off the expected wait was
	Bias      *float64   `json:"bias_s,omitempty"`       // mean of true minus expected; above 0: people waited longer
	Held      *float64   `json:"held_share,omitempty"`   // within what was announced
	Longer    *float64   `json:"longer_share,omitempty"` // after the end of what was announced
	Left      int        `json:"left"`
	Outlasted int        `json:"outlasted"` // of those who left, after the end of what was announced
	Waiting   int        `json:"waiting"`
}

// Forecasts is the report of the waits that customers were told (R022).
type Forecasts struct {
	From       time.Time    `json:"from"`
	To         time.Time    `json:"to"`
	All        Accuracy     `json:"all"`
	Estimators []Accuracy   `json:"estimators"`
	Inboxes    []Accuracy   `json:"inboxes"`
	HalfHours  []Accuracy   `json:"half_hours"` // of the clock over all days; the code is "09:30"
	Defined    []Definition `json:"defined"`
}

// Forecasts compares the waits that were told in a span with the true ones;
// zone says which half hour of the day it was.
func (r *Report) Forecasts(ctx context.Context, by agent.Actor, s Span, zone *time.Location) (f Forecasts, err error) {
	defer fault.Wrap(&err, "report of forecasts")
	if !by.May(agent.ReportTeam) && !by.May(agent.ReportAll) {
		return f, by.Need(agent.ReportTeam)
	}
	if err := s.check(); err != nil {
		return f, err
	}
	tx := r.DB.Now()
	told, err := tx.Foretold(ctx, s.From, s.To)
	if err != nil {
		return f, err
	}
	ins, err := tx.Inboxes(ctx)
	if err != nil {
		return f, err
	}
	var all store.Truth
	estimators, inboxes, halfHours := truths{}, truths{}, truths{}
	for _, t := range told {
		if !reaches(by, t.Team) {
			continue
		}
		at := t.Slot.In(zone)
		all = all.Plus(t.Truth)
		estimators.add(string(t.By), t.Truth)
		inboxes.add(t.Inbox.String(), t.Truth)
		halfHours.add(fmt.Sprintf("%02d:%02d", at.Hour(), at.Minute()/30*30), t.Truth)
	}
	most := func(a, b Accuracy) int { return cmp.Or(b.Told-a.Told, cmp.Compare(a.Code, b.Code)) }
	f = Forecasts{From: s.From, To: s.To, All: accuracy("", inbox.Text{}, all), Defined: forecastDefinitions}
	f.Estimators = estimators.listed(func(code string) inbox.Text { return estimatorNames[routing.Estimator(code)] }, most)
	f.Inboxes = inboxes.listed(func(code string) inbox.Text {
		for _, in := range ins {
			if in.ID.String() == code {
				return inbox.Text{Zh: in.Name, En: in.Name}
			}
		}
		return inbox.Text{}
	}, most)
	f.HalfHours = halfHours.listed(func(string) inbox.Text { return inbox.Text{} }, func(a, b Accuracy) int { return cmp.Compare(a.Code, b.Code) })
	return f, nil
}

// reaches reports whether a report for somebody counts what belongs to a team.
func reaches(by agent.Actor, t agent.TeamID) bool {
	return by.May(agent.ReportAll) || by.Scope == agent.ScopeAll || slices.Contains(by.Teams, t)
}

func accuracy(code string, name inbox.Text, t store.Truth) Accuracy {
	if name == (inbox.Text{}) {
		name = inbox.Text{Zh: code, En: code}
	}
	of := func(sum float64) *float64 {
		if t.Answered == 0 {
			return nil
		}
		mean := sum / float64(t.Answered)
		return &mean
	}
	return Accuracy{
		Code: code, Name: name, Told: t.Told, Answered: t.Answered,
		Error: of(t.MissedBy.Seconds()), Bias: of(t.Leaning.Seconds()), Held: of(float64(t.Held)), Longer: of(float64(t.Longer)),
		Left: t.Left, Outlasted: t.Outlasted, Waiting: t.Told - t.Answered - t.Left,
	}
}

// truths are sums by a code.
type truths map[string]store.Truth

func (ts truths) add(code string, t store.Truth) { ts[code] = ts[code].Plus(t) }

func (ts truths) listed(name func(code string) inbox.Text, order func(a, b Accuracy) int) []Accuracy {
	list := make([]Accuracy, 0, len(ts))
	for code, t := range ts {
		list = append(list, accuracy(code, name(code), t))
	}
	slices.SortFunc(list, order)
	return list
}

var estimatorNames = map[routing.Estimator]inbox.Text{
	routing.Free:       {Zh: "有人空闲", En: "Somebody is free"},
	routing.ByLine:     {Zh: "按排队人数", En: "Length of the line"},
	routing.ByPatience: {Zh: "按排队人数，计入离开的人", En: "Length of the line, with those who leave"},
	routing.LastServed: {Zh: "按上一位接通者的等待", En: "Wait of who was answered last"},
	routing.HeadOfLine: {Zh: "按队首已等的时间", En: "Wait so far of who is next"},
}

var forecastDefinitions = []Definition{
	{"told", inbox.Text{Zh: "在所选时间内开始等待、并被告知预计等待的次数", En: "Customers who began to wait in the span and were told how long it would be"}},
	{"answered", inbox.Text{Zh: "其中等到人工接入的；误差、偏差和占比只算这些", En: "Of these, those whom a person took; error, bias and shares are of them only"}},
	{"error_s", inbox.Text{Zh: "实际等待与预计等待之差的绝对值，取平均，单位秒", En: "Mean of how far the true wait was from the expected one, either way, in seconds"}},
	{"bias_s", inbox.Text{Zh: "实际等待减预计等待的平均秒数；大于 0 表示客户等得比告知的久", En: "Mean of true minus expected wait, in seconds; above 0, people waited longer than they were told"}},
	{"held_share", inbox.Text{Zh: "实际等待落在所告知区间之内的 ÷ 等到人工接入的", En: "True wait within the band that was told ÷ those who were answered"}},
	{"longer_share", inbox.Text{Zh: "实际等待超出所告知区间的 ÷ 等到人工接入的；其余是比告知的更早", En: "True wait beyond the band that was told ÷ those who were answered; the rest were answered sooner"}},
	{"left", inbox.Text{Zh: "等待中离开的；他们本来要等多久无从知道，因此不计入误差", En: "Gave up; how long they would have waited is not known, so they are not in the error"}},
	{"outlasted", inbox.Text{Zh: "离开的人中，已经等得比所告知区间更久的", En: "Of those who gave up, who had waited beyond the band that they were told"}},
	{"waiting", inbox.Text{Zh: "现在还在等待的", En: "Still waiting now"}},
}

// CSV writes the report as a table, in UTF-8 with a byte order mark.
func (f Forecasts) CSV(out io.Writer, language string) error {
	rows := [][]string{{"group", "code", "name", "told", "answered", "error_s", "bias_s", "held_share", "longer_share", "left", "outlasted", "waiting"}}
	for _, g := range []struct {
		name string
		of   []Accuracy
	}{
		{"total", []Accuracy{f.All}}, {"estimator", f.Estimators}, {"inbox", f.Inboxes}, {"half_hour", f.HalfHours},
	} {
		for _, a := range g.of {
			rows = append(rows, []string{
				g.name, a.Code, sheet.Safe(a.Name.In(language)), strconv.Itoa(a.Told), strconv.Itoa(a.Answered), maybe(a.Error), maybe(a.Bias), maybe(a.Held), maybe(a.Longer),
				strconv.Itoa(a.Left), strconv.Itoa(a.Outlasted), strconv.Itoa(a.Waiting),
			})
		}
	}
	return table(out, rows, forecastDefinitions, language)
}
