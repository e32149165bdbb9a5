package api

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
	"yingda/internal/report"
)

func (a *API) reports(r *router) {
	call(r, get("/reports/complaints", "Complaints of a span: by source, category, cause, outcome, team; how long the stages took; each number with its definition"), a.complaints)
	call(r, get("/reports/verifications", "Verifications of a span: how fast, how often they failed or locked, by day, agent and team; each number with its definition"), a.verificationReport)
	file := &huma.Response{Description: "The same as a table", Content: map[string]*huma.MediaType{
		"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}},
	}}
	stream(r, get("/reports/complaints.csv", "The same as a table for office programs; from and to as above"), nil, file, a.complaintsFile)
	call(r, get("/reports/waits", "How long people waited, by half hour of the day, at peak times and otherwise; each number with its definition"), a.waits)
	stream(r, get("/reports/waits.csv", "The same as a table; from, to and channel as above"), nil, file, a.waitsFile)
	call(r, get("/reports/forecasts", "How true the waits were that customers were told: by estimator, inbox and half hour of the day; each number with its definition"), a.forecasts)
	stream(r, get("/reports/forecasts.csv", "The same as a table; from and to as above"), nil, file, a.forecastsFile)
	call(r, get("/reports/summaries", "What people contacted us about and what came of it, by the summaries of a span; each number with its definition"), a.summaries)
	stream(r, get("/reports/summaries.csv", "The same as a table; from and to as above"), nil, file, a.summariesFile)
	call(r, get("/reports/satisfaction", "The marks that callers gave: by question, by how they came, agent, queue and day; each number with its definition"), a.satisfaction)
	stream(r, get("/reports/satisfaction.csv", "The same as a table; from and to as above"), nil, file, a.satisfactionFile)
	call(r, get("/reports/comparison", "Two times beside each other: before and after something changed"), a.comparison)
	stream(r, get("/reports/comparison.csv", "The same as a table"), nil, file, a.comparisonFile)
}

type reportSpan struct {
	From string `query:"from" required:"true" doc:"the first day, such as 2026-11-01, in the company's time zone"`
	To   string `query:"to" required:"true" doc:"the last day"`
}

// span reads two days as a span; the last day is in.
func (a *API) span(ctx context.Context, from, to string) (s report.Span, zone *time.Location, err error) {
	company, err := a.Desk.Settings(ctx)
	if err != nil {
		return s, nil, err
	}
	zone = company.PhoneHours.Location()
	if s.From, err = day(from, "query.from", zone); err != nil {
		return s, zone, err
	}
	s.To, err = day(to, "query.to", zone)
	s.To = s.To.AddDate(0, 0, 1)
	return s, zone, err
}

func day(written, field string, zone *time.Location) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, written, zone)
	if err != nil {
		return t, fault.New(fault.Invalid, "report.day", "write a day like 2026-11-01").In(field)
	}
	return t, nil
}

func (a *API) complaints(ctx context.Context, by agent.Actor, in *reportSpan) (report.Complaints, error) {
	s, _, err := a.span(ctx, in.From, in.To)
	if err != nil {
		return report.Complaints{}, err
	}
	return a.Report.Complaints(ctx, by, s)
}

func (a *API) verificationReport(ctx context.Context, by agent.Actor, in *reportSpan) (report.Verifications, error) {
	s, zone, err := a.span(ctx, in.From, in.To)
	if err != nil {
		return report.Verifications{}, err
	}
	return a.Report.Verifications(ctx, by, s, zone)
}

func (a *API) complaintsFile(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	q := req.URL.Query()
	s, zone, err := a.span(req.Context(), q.Get("from"), q.Get("to"))
	if err != nil {
		return err
	}
	c, err := a.Report.Complaints(req.Context(), by, s)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := c.CSV(&b, phrase.Language(req.Header.Get("Accept-Language")), zone); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="complaints-`+s.From.Format(time.DateOnly)+`.csv"`)
	_, _ = w.Write(b.Bytes()) // whoever does not read it has gone
	return nil
}

type waitsAsk struct {
	From    string `query:"from" required:"true" doc:"the first day, such as 2026-11-01, in the company's time zone"`
	To      string `query:"to" required:"true" doc:"the last day"`
	Channel string `query:"channel" maxLength:"40" doc:"empty: all"`
}

func (a *API) waits(ctx context.Context, by agent.Actor, in *waitsAsk) (report.Waits, error) {
	s, zone, err := a.span(ctx, in.From, in.To)
	if err != nil {
		return report.Waits{}, err
	}
	return a.Report.Waits(ctx, by, s, in.Channel, zone)
}

func (a *API) waitsFile(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	q := req.URL.Query()
	s, zone, err := a.span(req.Context(), q.Get("from"), q.Get("to"))
	if err != nil {
		return err
	}
	found, err := a.Report.Waits(req.Context(), by, s, q.Get("channel"), zone)
	if err != nil {
		return err
	}
	return sendTable(w, "waits-"+s.From.Format(time.DateOnly), func(b *bytes.Buffer) error {
		return found.CSV(b, phrase.Language(req.Header.Get("Accept-Language")))
	})
}

func (a *API) forecasts(ctx context.Context, by agent.Actor, in *reportSpan) (report.Forecasts, error) {
	s, zone, err := a.span(ctx, in.From, in.To)
	if err != nil {
		return report.Forecasts{}, err
	}
	return a.Report.Forecasts(ctx, by, s, zone)
}

func (a *API) forecastsFile(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	q := req.URL.Query()
	found, err := a.forecasts(req.Context(), by, &reportSpan{q.Get("from"), q.Get("to")})
	if err != nil {
		return err
	}
	return sendTable(w, "forecasts-"+found.From.Format(time.DateOnly), func(b *bytes.Buffer) error {
		return found.CSV(b, phrase.Language(req.Header.Get("Accept-Language")))
	})
}

func (a *API) summaries(ctx context.Context, by agent.Actor, in *reportSpan) (report.Summaries, error) {
	s, _, err := a.span(ctx, in.From, in.To)
	if err != nil {
		return report.Summaries{}, err
	}
	return a.Report.Summaries(ctx, by, s)
}

func (a *API) summariesFile(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	q := req.URL.Query()
	found, err := a.summaries(req.Context(), by, &reportSpan{q.Get("from"), q.Get("to")})
	if err != nil {
		return err
	}
	return sendTable(w, "summaries-"+found.From.Format(time.DateOnly), func(b *bytes.Buffer) error {
		return found.CSV(b, phrase.Language(req.Header.Get("Accept-Language")))
	})
}

func (a *API) satisfaction(ctx context.Context, by agent.Actor, in *reportSpan) (report.Satisfaction, error) {
	s, zone, err := a.span(ctx, in.From, in.To)
	if err != nil {
		return report.Satisfaction{}, err
	}
	return a.Report.Satisfaction(ctx, by, s, zone)
}

func (a *API) satisfactionFile(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	q := req.URL.Query()
	found, err := a.satisfaction(req.Context(), by, &reportSpan{q.Get("from"), q.Get("to")})
	if err != nil {
		return err
	}
	return sendTable(w, "satisfaction-"+found.From.Format(time.DateOnly), func(b *bytes.Buffer) error {
		return found.CSV(b, phrase.Language(req.Header.Get("Accept-Language")))
	})
}

type comparisonAsk struct {
	BeforeFrom string `query:"before_from" required:"true" doc:"the first day of the time before"`
	BeforeTo   string `query:"before_to" required:"true" doc:"its last day"`
	AfterFrom  string `query:"after_from" required:"true" doc:"the first day of the time after"`
	AfterTo    string `query:"after_to" required:"true" doc:"its last day"`
	Channel    string `query:"channel" maxLength:"40" doc:"empty: all"`
}

func (a *API) comparison(ctx context.Context, by agent.Actor, in *comparisonAsk) (report.Comparison, error) {
	before, zone, err := a.span(ctx, in.BeforeFrom, in.BeforeTo)
	if err != nil {
		return report.Comparison{}, err
	}
	after, _, err := a.span(ctx, in.AfterFrom, in.AfterTo)
	if err != nil {
		return report.Comparison{}, err
	}
	return a.Report.Compare(ctx, by, before, after, in.Channel, zone)
}

func (a *API) comparisonFile(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	q := req.URL.Query()
	c, err := a.comparison(req.Context(), by, &comparisonAsk{q.Get("before_from"), q.Get("before_to"), q.Get("after_from"), q.Get("after_to"), q.Get("channel")})
	if err != nil {
		return err
	}
	return sendTable(w, "comparison-"+c.After.From.Format(time.DateOnly), func(b *bytes.Buffer) error {
		return c.CSV(b, phrase.Language(req.Header.Get("Accept-Language")))
	})
}
