package desk

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/company"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
	"yingda/internal/store"
)

// What a rule would have done: the histories are read back, line by line, to
// what was so then.

// dryDays is how far a dry run looks back, and the rest how much it looks at.
const (
	dryDays    = 30
	dryCases   = 1000
	dryTalks   = 1000
	dryWritten = 3000
)

// Trial is a dry run with what it looked at.
type Trial struct {
	automation.Report
	From     time.Time
	To       time.Time
	Cases    int  // whose histories were read
	Talks    int  // conversations, likewise
	Cut      bool // there was more than is looked at
	Examples []ExampleSeen
}

// ExampleSeen is an example as somebody may see it.
type ExampleSeen struct {
	automation.Example
	Case         ticket.ID
	Conversation conversation.ID
	Hidden       bool
}

// past is what happened, with what it happened to.
type past struct {
	automation.Past
	kind automation.Subject
	id   int64
}

// TryRule asks a rule, which need not be stored, of what happened in the last
// thirty days, and does nothing. State, stage, sorting, priority, tags, team,
// agent, urges and reopenings of cases are as they were then, from their
// history; what no history keeps (the contact, due times, tasks, and all of a
// conversation but its messages) is as it is now. A rule of time is asked of
// what is open now.
func (d *Desk) TryRule(ctx context.Context, by agent.Actor, r automation.Rule) (t Trial, err error) {
	if err := by.Need(agent.AutomationManage); err != nil {
		return t, err
	}
	t.To = d.Now()
	t.From = t.To.AddDate(0, 0, -dryDays)
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if r, err = d.checkRule(ctx, tx, r); err != nil {
			return err
		}
		history, err := d.history(ctx, tx, by, r, &t)
		if err != nil {
			return err
		}
		plain := make([]automation.Past, len(history))
		for i, p := range history {
			plain[i] = p.Past
		}
		t.Report = automation.DryRun(r, plain)
		return d.show(ctx, tx, by, history, &t)
	})
	return t, err
}

// show leaves out of the examples what the actor may not see.
func (d *Desk) show(ctx context.Context, tx *store.Tx, by agent.Actor, history []past, t *Trial) error {
	sees := d.sight(tx, by)
	t.Examples = []ExampleSeen{}
	for _, e := range t.Report.Examples {
		i := slices.IndexFunc(history, func(p past) bool { return p.Subject == e.Subject })
		ok, err := sees(ctx, history[i].kind, history[i].id)
		if err != nil {
			return err
		}
		x := ExampleSeen{Example: e, Hidden: !ok}
		switch {
		case !ok:
			x.Subject, x.Why = "", e.Why.Blind()
		case history[i].kind == automation.Case:
			x.Case = ticket.ID(history[i].id)
		default:
			x.Conversation = conversation.ID(history[i].id)
		}
		t.Examples = append(t.Examples, x)
	}
	return nil
}

// history is what happened, without cases about the actor: of those not even
// whether a condition is met is theirs to know (R108).
func (d *Desk) history(ctx context.Context, tx *store.Tx, by agent.Actor, r automation.Rule, t *Trial) ([]past, error) {
	s, err := tx.Company(ctx)
	if err != nil {
		return nil, err
	}
	var all []past
	about := map[automation.Subject]bool{}
	for _, tr := range r.On {
		if tr.Event != automation.Time {
			about[tr.About()] = true
			continue
		}
		open, err := d.openNow(ctx, tx, by, r, tr.Subject, t)
		if err != nil {
			return nil, err
		}
		all = append(all, open...)
	}
	if about[automation.Case] {
		cs, err := d.pastOfCases(ctx, tx, by, r, s, t)
		if err != nil {
			return nil, err
		}
		all = append(all, cs...)
	}
	if about[automation.Conversation] {
		cs, err := d.pastOfTalks(ctx, tx, r, s, t)
		if err != nil {
			return nil, err
		}
		all = append(all, cs...)
	}
	return all, nil
}

// openNow is what a rule of time would look at now.
func (d *Desk) openNow(ctx context.Context, tx *store.Tx, by agent.Actor, r automation.Rule, of automation.Subject, t *Trial) ([]past, error) {
	var hs []Happening
	if of == automation.Case {
		cs, err := tx.OpenCasesFrom(ctx, 0, 0, dryCases+1)
		if err != nil {
			return nil, err
		}
		for _, c := range cs[:min(len(cs), dryCases)] {
			if c.MaySee(by.Agent) {
				hs = append(hs, Happening{Case: c.ID, By: "system"})
			}
		}
		t.Cases, t.Cut = t.Cases+len(hs), t.Cut || len(cs) > dryCases
	} else {
		cs, err := tx.OpenConversationsFrom(ctx, 0, dryTalks+1)
		if err != nil {
			return nil, err
		}
		for _, c := range cs[:min(len(cs), dryTalks)] {
			hs = append(hs, Happening{Conversation: c.ID, By: "system"})
		}
		t.Talks, t.Cut = t.Talks+len(hs), t.Cut || len(cs) > dryTalks
	}
	var all []past
	for _, h := range hs {
		s, err := d.subject(ctx, tx, h, asksOf([]automation.Rule{r}))
		if err != nil {
			return nil, err
		}
		all = append(all, past{automation.Past{At: s.now, Subject: s.name(), Event: automation.Time, Before: s.facts, After: s.facts}, s.kind(), s.id()})
	}
	return all, nil
}

func (d *Desk) pastOfCases(ctx context.Context, tx *store.Tx, by agent.Actor, r automation.Rule, s company.Settings, t *Trial) ([]past, error) {
	moved, err := tx.CasesThatMoved(ctx, t.From, dryCases+1)
	if err != nil {
		return nil, err
	}
	t.Cut = t.Cut || len(moved) > dryCases
	people, err := d.people(ctx, tx)
	if err != nil {
		return nil, err
	}
	var all []past
	for _, i := range moved[:min(len(moved), dryCases)] {
		now, err := d.subject(ctx, tx, Happening{Case: i}, asksOf([]automation.Rule{r}))
		if err != nil {
			return nil, err
		}
		if !now.c.MaySee(by.Agent) {
			continue
		}
		es, err := tx.CaseEntries(ctx, i)
		if err != nil {
			return nil, err
		}
		if len(es) == 0 { // from before histories were kept
			es = []ticket.Entry{now.c.Opened(ticket.Actor{Who: ticket.ByCustomer}, now.c.CreatedAt)}
		}
		t.Cases++
		for _, p := range rewind(now, es, people, s) {
			if !p.At.Before(t.From) {
				all = append(all, p)
			}
		}
	}
	return all, nil
}

// people are the ids of those who work here, by name, because the history of a
// case has their names.
func (d *Desk) people(ctx context.Context, tx *store.Tx) (map[string]string, error) {
	const most = 1000
	as, err := tx.Agents(ctx, 0, most)
	by := map[string]string{}
	for _, a := range as {
		by[a.Name] = a.ID.String()
	}
	return by, err
}

// rewind goes through the history of a case from its end to its beginning, and
// returns what happened with what was so before and after.
func rewind(now subject, es []ticket.Entry, people map[string]string, s company.Settings) []past {
	after := maps.Clone(now.facts)
	evidence := 0
	for _, e := range es {
		if e.Act == ticket.AddEvidence {
			evidence++
		}
	}
	after["case.evidence"] = automation.NumberOf(float64(evidence))
	var all []past
	for i, e := range slices.Backward(es) {
		after["case.state"], after["case.stage"] = automation.TextOf(string(e.To)), automation.TextOf(e.Stage.Code)
		before := maps.Clone(after)
		undo(before, e, es[:i], people)
		at := today(s, e.At)
		then := maps.Clone(after)
		maps.Copy(then, timeFacts(s, at))
		then["actor.kind"] = automation.TextOf(whoDid(e.By))
		then["case.changed_at"] = automation.MomentOf(e.At)
		for _, ev := range eventsOf(e, before, after) {
			was := before
			if ev == automation.CaseOpened {
				was = nil
			}
			f := then
			if e.Act == ticket.Alarm && len(e.Fields) > 0 {
				f = maps.Clone(then)
				f["clock.metric"] = automation.TextOf(e.Fields[0].Field)
				f["clock.percent"] = percentOf(e.Fields[0].New)
			}
			all = append(all, past{automation.Past{At: at, Subject: now.name(), Event: ev, Before: was, After: f}, automation.Case, now.id()})
		}
		after = before
	}
	return all
}

// percentOf reads how much of a term an alarm says is used.
func percentOf(alarm string) automation.Value {
	if alarm == "limit" {
		return automation.NumberOf(100)
	}
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(alarm, "warning_"), "%"))
	if err != nil {
		return automation.Value{}
	}
	return automation.NumberOf(float64(n))
}

// undo takes back from facts what a line of the history did.
func undo(f automation.Facts, e ticket.Entry, earlier []ticket.Entry, people map[string]string) {
	f["case.state"] = automation.TextOf(string(e.From))
	if n := len(earlier); n > 0 {
		f["case.stage"] = automation.TextOf(earlier[n-1].Stage.Code)
	}
	less := func(name string) {
		if n, err := strconv.ParseFloat(f[name].String(), 64); err == nil && n > 0 {
			f[name] = automation.NumberOf(n - 1)
		}
	}
	switch e.Act {
	case ticket.Urge:
		less("case.urges")
	case ticket.Reopen:
		less("case.reopened")
	case ticket.AddEvidence:
		less("case.evidence")
	default: // what it set stands in its fields
	}
	for _, c := range e.Fields {
		switch c.Field {
		case "kind", "category", "level":
			f["case."+c.Field] = automation.TextOf(c.Old)
		case "team":
			f["case.team"] = automation.TextOf(c.Old)
		case "agent":
			f["case.agent"] = automation.TextOf(people[c.Old])
		case "priority":
			p, _ := strconv.Atoi(c.Old)
			f["case.priority"] = automation.TextOf(priorityWord(ticket.Priority(p)))
		case "tags":
			f["case.tags"] = automation.ListOf(strings.FieldsFunc(c.Old, func(r rune) bool { return r == '、' })...)
		}
	}
}

// eventsOf are the events that a line of the history was.
func eventsOf(e ticket.Entry, before, after automation.Facts) []automation.Event {
	switch e.Act {
	case ticket.HandIn:
		return []automation.Event{automation.CaseOpened}
	case ticket.Alarm:
		if len(e.Fields) == 0 {
			return nil
		}
		switch e.Fields[0].New {
		case "target":
			return []automation.Event{automation.ClockTarget}
		case "limit":
			return []automation.Event{automation.ClockBreached}
		}
		return []automation.Event{automation.ClockWarning}
	default:
	}
	events := []automation.Event{automation.CaseChanged}
	if before["case.stage"].String() != after["case.stage"].String() {
		events = append(events, automation.CaseStage)
	}
	if e.Act == ticket.Urge {
		events = append(events, automation.CaseUrged)
	}
	if e.Act == ticket.AddEvidence {
		events = append(events, automation.CaseEvidence)
	}
	return events
}

// pastOfTalks is what contacts wrote, and when conversations were queued last
// and ended. All but the message is as it is now.
func (d *Desk) pastOfTalks(ctx context.Context, tx *store.Tx, r automation.Rule, s company.Settings, t *Trial) ([]past, error) {
	cs, err := tx.ConversationsFrom(ctx, t.From, dryTalks+1)
	if err != nil {
		return nil, err
	}
	said, err := tx.SaidSince(ctx, t.From, dryWritten+1)
	if err != nil {
		return nil, err
	}
	t.Cut = t.Cut || len(cs) > dryTalks || len(said) > dryWritten
	by := map[conversation.ID]subject{}
	of := func(i conversation.ID) (subject, error) {
		if have, ok := by[i]; ok {
			return have, nil
		}
		x, err := d.subject(ctx, tx, Happening{Conversation: i}, asksOf([]automation.Rule{r}))
		by[i] = x
		t.Talks++
		return x, err
	}
	var all []past
	add := func(i conversation.ID, e automation.Event, who string, at time.Time, more automation.Facts) error {
		x, err := of(i)
		if err != nil || at.Before(t.From) {
			return err
		}
		f := maps.Clone(x.facts)
		maps.Copy(f, timeFacts(s, today(s, at)))
		maps.Copy(f, more)
		f["actor.kind"] = automation.TextOf(who)
		all = append(all, past{automation.Past{At: today(s, at), Subject: x.name(), Event: e, Before: x.facts, After: f}, automation.Conversation, x.id()})
		return nil
	}
	for _, m := range said[:min(len(said), dryWritten)] {
		if err := add(m.Conversation, automation.MessageReceived, "customer", m.At, messageFacts(m)); err != nil {
			return nil, err
		}
	}
	for _, c := range cs[:min(len(cs), dryTalks)] {
		if !c.QueuedAt.IsZero() {
			if err := add(c.ID, automation.ConversationQueued, "customer", c.QueuedAt, nil); err != nil {
				return nil, err
			}
		}
		if !c.ClosedAt.IsZero() {
			if err := add(c.ID, automation.ConversationClosed, string(c.ClosedBy), c.ClosedAt, nil); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}
