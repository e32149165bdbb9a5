package api

import (
	"context"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/sla"
	"yingda/internal/store"
)

func (a *API) promises(r *router) {
	read, manage := agent.PromiseRead, agent.PromiseManage
	call(r, get("/promises", "What is promised: the preset in force, calendars, notices of holidays").needs(read), a.getTerms)
	call(r, get("/promises/presets", "The presets that come with the program").needs(read), a.listPresets)
	call(r, get("/promises/versions", "Who changed the promises, and when").needs(read), a.listTermsVersions)
	call(r, post("/promises/preview", "What would change if this preset were in force").needs(read), a.previewPreset)
	call(r, put("/promises/preset", "Put a preset into force; open cases keep their terms unless asked").needs(manage), a.usePreset)
	call(r, put("/promises/calendar", "Put a calendar of the company's own in place; open clocks are computed anew").needs(manage), a.putCalendar)
	call(r, put("/promises/notice", "Take the notice of a year's holidays; open clocks are computed anew").needs(manage).upTo(1<<20), a.putNotice)
	call(r, post("/promises/notice-preview", "What taking a notice would do; nothing is kept").needs(manage).upTo(1<<20), a.previewNotice)
	call(r, get("/promises/calendar-days", "Each day of a year as a calendar has it: open, closed, holiday, working weekend").needs(read), a.calendarDays)
	call(r, get("/promises/due", "When something would be due that is received at a time, and why then").needs(read), a.whenDue)
	call(r, get("/promises/public", "What customers are told that is promised, and how it was kept in the last 30 days").forAll(), a.publicPromises)
	call(r, get("/promises/board", "Open clocks of cases, next limit first").needs(agent.CaseRead), a.promiseBoard)
	call(r, get("/promises/kept", "How promises were kept, by metric and channel").needs(read), a.promisesKept)
}

// termsView is what is promised, in words too, with the law's terms beside it
// and the years that are missing.
type termsView struct {
	sla.Terms
	Missing []int       `json:"missing" doc:"years without a whole notice of holidays; times in them are provisional"`
	Floor   sla.Preset  `json:"floor" doc:"the terms of the law, which run beside every preset"`
	Told    []sla.Told  `json:"told" doc:"what customers are told, in words"`
	Metrics []metricRow `json:"metrics" doc:"what there can be promises about"`
}

// metricRow is a metric with what the editor of a preset has to know.
type metricRow struct {
	Code     sla.Metric `json:"code"`
	Name     sla.Text   `json:"name"`
	Response bool       `json:"response" doc:"its clock never pauses"`
	Stage    bool       `json:"stage" doc:"it can be counted from the stage before"`
}

func (a *API) viewTerms(t sla.Terms) (termsView, error) {
	h, err := t.Holidays()
	if err != nil {
		return termsView{}, err
	}
	p, err := t.Promises()
	if err != nil {
		return termsView{}, err
	}
	v := termsView{Terms: t, Missing: h.Missing(a.Now()), Floor: sla.StatutoryFloor(), Told: p.Public()}
	if v.Missing == nil {
		v.Missing = []int{}
	}
	for _, m := range sla.Metrics() {
		v.Metrics = append(v.Metrics, metricRow{m, m.Name(), m.Response(), m.Stage()})
	}
	return v, nil
}

func (a *API) getTerms(ctx context.Context, _ agent.Actor, _ *struct{}) (termsView, error) {
	t, err := a.Desk.Terms(ctx)
	if err != nil {
		return termsView{}, err
	}
	return a.viewTerms(t)
}

func (a *API) listPresets(context.Context, agent.Actor, *struct{}) (list[sla.Preset], error) {
	return list[sla.Preset]{Items: sla.Presets()}, nil
}

type versionsOf struct {
	Before int64 `query:"before" minimum:"0"`
	Limit  int   `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

func (a *API) listTermsVersions(ctx context.Context, by agent.Actor, in *versionsOf) (list[store.PromiseVersion], error) {
	vs, err := a.Desk.PromiseVersions(ctx, by, in.Before, in.Limit)
	return list[store.PromiseVersion]{Items: vs}, err
}

// termChange is a line of what a preset would change: as a sentence, and in
// parts for a table.
type termChange struct {
	Zh       string     `json:"zh"`
	En       string     `json:"en"`
	Match    sla.Match  `json:"match"`
	Metric   sla.Metric `json:"metric,omitempty"`
	Calendar string     `json:"calendar,omitempty" doc:"instead of a metric: a calendar that differs"`
	Name     sla.Text   `json:"name"`
	Old      *sla.Text  `json:"old,omitempty" doc:"the term before; absent: it was not promised"`
	New      *sla.Text  `json:"new,omitempty" doc:"the term after; absent: it is promised no longer"`
}

func viewChange(c sla.Change) termChange {
	words := func(t *sla.Target) *sla.Text {
		if t == nil {
			return nil
		}
		return &sla.Text{Zh: t.Term("zh"), En: t.Term("en")}
	}
	return termChange{c.In("zh"), c.In("en"), c.Match, c.Metric, c.Calendar, c.Name, words(c.Old), words(c.New)}
}

func (a *API) previewPreset(ctx context.Context, by agent.Actor, in *struct{ Body sla.Preset }) (list[termChange], error) {
	cs, err := a.Desk.PreviewPreset(ctx, by, in.Body)
	l := list[termChange]{Items: []termChange{}}
	for _, c := range cs {
		l.Items = append(l.Items, viewChange(c))
	}
	return l, err
}

type presetChange struct {
	Version   int64      `json:"version" doc:"the version of the promises that was read"`
	Preset    sla.Preset `json:"preset"`
	Recompute bool       `json:"recompute,omitempty" doc:"open cases get the new terms too"`
}

func (a *API) usePreset(ctx context.Context, by agent.Actor, in *struct{ Body presetChange }) (termsView, error) {
	t, err := a.Desk.UsePreset(ctx, by, in.Body.Preset, in.Body.Version, in.Body.Recompute)
	if err != nil {
		return termsView{}, err
	}
	return a.viewTerms(t)
}

type calendarChange struct {
	Version  int64        `json:"version"`
	Calendar sla.Calendar `json:"calendar"`
}

func (a *API) putCalendar(ctx context.Context, by agent.Actor, in *struct{ Body calendarChange }) (termsView, error) {
	t, err := a.Desk.PutCalendar(ctx, by, in.Body.Calendar, in.Body.Version)
	if err != nil {
		return termsView{}, err
	}
	return a.viewTerms(t)
}

type noticeChange struct {
	Version int64  `json:"version"`
	Notice  string `json:"notice" doc:"the notice as JSON text: year, papers, days with name, date and isOffDay"`
}

func (a *API) putNotice(ctx context.Context, by agent.Actor, in *struct{ Body noticeChange }) (termsView, error) {
	n, err := sla.ParseNotice([]byte(in.Body.Notice))
	if err != nil {
		return termsView{}, err
	}
	t, err := a.Desk.PutNotice(ctx, by, n, in.Body.Version)
	if err != nil {
		return termsView{}, err
	}
	return a.viewTerms(t)
}

func (a *API) previewNotice(ctx context.Context, by agent.Actor, in *struct {
	Body struct {
		Notice string `json:"notice" doc:"the notice as JSON text"`
	}
},
) (desk.NoticePreview, error) {
	n, err := sla.ParseNotice([]byte(in.Body.Notice))
	if err != nil {
		return desk.NoticePreview{}, err
	}
	return a.Desk.PreviewNotice(ctx, by, n)
}

type daysOf struct {
	Code string `query:"code" required:"true" maxLength:"40"`
	Year int    `query:"year" required:"true" minimum:"2000" maximum:"2100"`
}

func (a *API) calendarDays(ctx context.Context, by agent.Actor, in *daysOf) (list[sla.Day], error) {
	days, err := a.Desk.CalendarDays(ctx, by, in.Code, in.Year)
	return list[sla.Day]{Items: days}, err
}

type dueQuery struct {
	Metric   string    `query:"metric" required:"true" maxLength:"40"`
	Received time.Time `query:"received" required:"true"`
	Kind     string    `query:"kind" maxLength:"40"`
	Category string    `query:"category" maxLength:"80"`
	Level    string    `query:"level" enum:"simple,general,complex,special"`
	Channel  string    `query:"channel" maxLength:"20"`
}

// dueAnswer is when something would be due, in words too.
type dueAnswer struct {
	Promised bool     `json:"promised" doc:"false: there is no term for this"`
	Due      *sla.Due `json:"due,omitempty"`
	Name     sla.Text `json:"name"`
	WhyZh    []string `json:"why_zh"`
	WhyEn    []string `json:"why_en"`
}

func (a *API) whenDue(ctx context.Context, by agent.Actor, in *dueQuery) (dueAnswer, error) {
	m := sla.Metric(in.Metric)
	s := sla.Subject{Kind: in.Kind, Level: in.Level, Channel: in.Channel}
	if in.Category != "" {
		s.Category = []string{in.Category}
	}
	due, ok, err := a.Desk.WhenDue(ctx, by, m, s, in.Received)
	v := dueAnswer{Promised: ok, Name: m.Name(), WhyZh: []string{}, WhyEn: []string{}}
	if ok {
		v.Due, v.WhyZh, v.WhyEn = &due, sla.Sentences(due.Why, "zh"), sla.Sentences(due.Why, "en")
	}
	return v, err
}

func (a *API) publicPromises(ctx context.Context, _ agent.Actor, _ *struct{}) (list[channel.Promise], error) {
	ps, err := a.Desk.PublicPromises(ctx)
	return list[channel.Promise]{Items: ps}, err
}

// boardRow is an open clock with its case.
type boardRow struct {
	Clock clockView `json:"clock"`
	Case  caseView  `json:"case"`
}

func (a *API) promiseBoard(ctx context.Context, by agent.Actor, in *PageOf) (list[boardRow], error) {
	p, err := a.Desk.Board(ctx, by, in.Cursor, in.Limit)
	l := list[boardRow]{Items: make([]boardRow, 0, len(p.Items)), Next: p.Next}
	for _, r := range p.Items {
		l.Items = append(l.Items, boardRow{a.clock(r.Clock), viewCase(r.Case)})
	}
	return l, err
}

type keptSince struct {
	Days int `query:"days" minimum:"1" maximum:"366" default:"30"`
}

func (a *API) promisesKept(ctx context.Context, by agent.Actor, in *keptSince) (list[desk.Kept], error) {
	ks, err := a.Desk.PromisesKept(ctx, by, in.Days)
	return list[desk.Kept]{Items: ks}, err
}
