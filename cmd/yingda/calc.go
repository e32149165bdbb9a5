package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/sla"
)

// calcCommand are the rules from outside: each command prints one JSON object.
type calcCommand struct {
	Due     calcDueCommand     `cmd:"" help:"When something is promised for, and why then."`
	ErlangC calcErlangCCommand `cmd:"" help:"How many people a load needs if nobody gives up waiting."`
	ErlangA calcErlangACommand `cmd:"" help:"The same if people give up when they have waited too long."`
	Route   calcRouteCommand   `cmd:"" help:"Who gets a piece of work, and why."`
}

type calcDueCommand struct {
	Preset   string `required:"" help:"Preset of promises, such as standard_000."`
	Metric   string `required:"" help:"What is promised, such as complaint_feedback."`
	Received string `required:"" help:"When it came in, such as 2026-09-18T10:00:00+08:00."`
	Kind     string `help:"Kind of case, or conversation or call. Without it, what the metric is about."`
	Category string `help:"Category of the case, such as refund, repair or warranty; the statutory floor goes by it."`
	Level    string `enum:",simple,general,complex,special" default:"" help:"Level of the case: simple, general, complex or special."`
	Channel  string `help:"Channel it came in by: webchat, email or phone."`
	Language string `enum:"en,zh" default:"en" help:"Language of the reasons: en or zh."`
}

// dueAnswer is what calc due prints.
type dueAnswer struct {
	Preset      string   `json:"preset"`
	Metric      string   `json:"metric"`
	Received    string   `json:"received"`
	Target      *string  `json:"target"` // null where a single term is promised
	Limit       string   `json:"limit"`
	Calendar    string   `json:"calendar"`
	Provisional bool     `json:"provisional"`
	Why         []string `json:"why"`
}

func (c *calcDueCommand) Run(s streams) error {
	preset, ok := sla.PresetByCode(c.Preset)
	if !ok {
		return fmt.Errorf("there is no preset %q; there are %s", c.Preset, presetCodes())
	}
	metric := sla.Metric(c.Metric)
	if !metric.Known() {
		return fmt.Errorf("there is no metric %q; there are %s", c.Metric, metricCodes(sla.Metrics()))
	}
	received, err := time.Parse(time.RFC3339, c.Received)
	if err != nil {
		return fmt.Errorf("%q is not a time; write it like 2026-09-18T10:00:00+08:00", c.Received)
	}
	due, err := c.due(preset, metric, received)
	if err != nil {
		return err
	}
	return json.NewEncoder(s.Out).Encode(c.answer(due))
}

func (c *calcDueCommand) due(preset sla.Preset, metric sla.Metric, received time.Time) (sla.Due, error) {
	rules := sla.Rules{Preset: preset, Floor: sla.StatutoryFloor(), Holidays: sla.ShippedHolidays()}
	if preset.Code == sla.Statutory {
		rules.Floor = sla.Preset{}
	}
	promises, err := sla.NewPromises(rules)
	if err != nil {
		return sla.Due{}, err
	}
	due, ok, err := promises.Promise(metric, c.subject(preset, metric), received)
	switch {
	case err != nil:
		return sla.Due{}, err
	case ok:
		return due, nil
	case slices.Contains(preset.Promised(), metric):
		return sla.Due{}, fmt.Errorf("the preset %s promises %s, but not for this; change --kind, --category, --level or --channel", preset.Code, metric)
	}
	return sla.Due{}, fmt.Errorf("the preset %s promises nothing for %s; it has %s", preset.Code, metric, metricCodes(preset.Promised()))
}

// subject is what the flags describe. What they leave out is read as the metric
// suggests: a complaint_… is about a complaint, a first response without a
// level or a channel about a chat, and the law about a category that it names.
func (c *calcDueCommand) subject(preset sla.Preset, metric sla.Metric) sla.Subject {
	s := sla.Subject{Kind: c.Kind, Level: c.Level, Channel: c.Channel}
	if s.Channel == "chat" {
		s.Channel = "webchat"
	}
	if s.Kind == "" {
		s.Kind = c.kind(metric, s)
	}
	switch {
	case c.Category != "":
		s.Category = strings.Split(c.Category, "/")
	case preset.Code == sla.Statutory:
		s.Category = lawCategory(preset, metric, s)
	}
	return s
}

func (c *calcDueCommand) kind(metric sla.Metric, s sla.Subject) string {
	about, _, _ := strings.Cut(c.Metric, "_")
	live := s.Level == "" && c.Category == "" && s.Channel != "email"
	switch {
	case about == "complaint" || about == "suggestion" || about == "privacy":
		return about
	case metric == sla.AnswerWait:
		return sla.KindCall
	case live && (metric == sla.FirstResponse || metric == sla.NextResponse) && c.Preset != sla.Statutory:
		return sla.KindConversation
	}
	return "consultation"
}

// lawCategory is the category of the first policy that has the metric.
func lawCategory(preset sla.Preset, metric sla.Metric, s sla.Subject) []string {
	for _, p := range preset.Policies {
		if _, ok := p.Target(metric); ok && p.Match.Category != "" && (p.Match.Kind == "" || p.Match.Kind == s.Kind) {
			return []string{p.Match.Category}
		}
	}
	return nil
}

// beijing is the zone in which times are printed: +08:00, whatever the machine
// knows of zones.
var beijing = time.FixedZone("", 8*60*60)

func (c *calcDueCommand) answer(d sla.Due) dueAnswer {
	write := func(t time.Time) string { return t.In(beijing).Format(time.RFC3339) }
	a := dueAnswer{
		Preset: c.Preset, Metric: c.Metric, Received: write(d.Received), Limit: write(d.Limit),
		Calendar: d.Calendar, Provisional: d.Provisional, Why: sla.Sentences(d.Why, c.Language),
	}
	if d.Target != nil {
		target := write(*d.Target)
		a.Target = &target
	}
	return a
}

func presetCodes() string {
	var all []string
	for _, p := range sla.Presets() {
		all = append(all, p.Code)
	}
	return strings.Join(all, ", ")
}

func metricCodes(metrics []sla.Metric) string {
	all := make([]string, len(metrics))
	for i, m := range metrics {
		all[i] = string(m)
	}
	return strings.Join(all, ", ")
}
