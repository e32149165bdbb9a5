package desk

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
	"yingda/internal/store"
)

// Rules that people wrote (自动化): what happens leaves a job if an enabled
// rule listens to it; the job evaluates and acts.

// ruleIndex are the enabled rules, as of a version. Everything that happens
// asks whether one listens, so they are held for a moment: a change on another
// node takes up to rulesHeld to be heard of here.
type ruleIndex struct{ now atomic.Pointer[heldRules] }

type heldRules struct {
	version int64
	rules   []automation.Rule
	until   time.Time
}

const rulesHeld = 2 * time.Second

// rules returns the enabled rules. fresh ones are those of this very moment.
func (d *Desk) rules(ctx context.Context, tx *store.Tx, fresh bool) ([]automation.Rule, error) {
	now, have := d.Now(), d.ruled.now.Load()
	if have != nil && !fresh && now.Before(have.until) {
		return have.rules, nil
	}
	v, err := tx.RulesVersion(ctx)
	if err != nil {
		return nil, err
	}
	next := &heldRules{version: v, until: now.Add(rulesHeld)}
	if have != nil && have.version == v {
		next.rules = have.rules
	} else {
		all, err := tx.Rules(ctx)
		if err != nil {
			return nil, err
		}
		next.rules = slices.DeleteFunc(all, func(r automation.Rule) bool { return !r.Enabled })
	}
	d.ruled.now.Store(next)
	return next.rules, nil
}

// Happening is the payload of AutomationJob: what happened to a case or to a
// conversation, all that one transaction did to it.
type Happening struct {
	Cause        string                 `json:"cause"` // names it, so that it is dealt with once
	Events       []automation.Event     `json:"events"`
	Rule         automation.ID          `json:"rule,omitzero"`  // with the event time: whose time has come
	Since        time.Time              `json:"since,omitzero"` // with a time of day: what the rule did before does not count
	Case         ticket.ID              `json:"case,omitzero"`
	Conversation conversation.ID        `json:"conversation,omitzero"`
	Message      conversation.MessageID `json:"message,omitzero"`
	Clock        store.ClockID          `json:"clock,omitzero"`
	Version      int64                  `json:"version"` // of the subject, after it
	Depth        int                    `json:"depth,omitempty"`
	By           string                 `json:"by,omitzero"` // customer, agent, system or automation
	Before       automation.Facts       `json:"before,omitempty"`
}

type chainKey struct{}

// chained returns a context in which a rule acts: what happens in it is one
// rule further along the chain.
func chained(ctx context.Context, depth int) context.Context {
	return context.WithValue(ctx, chainKey{}, depth)
}

// happens leaves a job if an enabled rule listens to any of the events. It
// costs nothing where none does.
func (d *Desk) happens(ctx context.Context, tx *store.Tx, h Happening) error {
	if listens, err := d.listens(ctx, tx, h.Events...); err != nil || !listens {
		return err
	}
	if depth, ok := ctx.Value(chainKey{}).(int); ok {
		h.Depth, h.By = depth, "automation"
	}
	now := d.Now()
	h.Cause = strconv.FormatInt(int64(id.New[id.Noun](now)), 36)
	return tx.Enqueue(ctx, AutomationJob, h, now, now)
}

func (d *Desk) listens(ctx context.Context, tx *store.Tx, events ...automation.Event) (bool, error) {
	rules, err := d.rules(ctx, tx, false)
	return err == nil && slices.ContainsFunc(rules, func(r automation.Rule) bool { return r.Hears(events...) }), err
}

// caseMoved is happens for a case that somebody did something to.
func (d *Desk) caseMoved(ctx context.Context, tx *store.Tx, was, c ticket.Case, es []ticket.Entry) error {
	h := Happening{Case: c.ID, Version: c.Version, By: string(ticket.BySystem), Before: caseFacts(was)}
	if was.Stage().Code != c.Stage().Code {
		h.Events = append(h.Events, automation.CaseStage)
	}
	for _, e := range es {
		h.By = whoDid(e.By)
		if e.Act == ticket.Urge {
			h.Events = append(h.Events, automation.CaseUrged)
		}
		if e.Act == ticket.AddEvidence && !slices.Contains(h.Events, automation.CaseEvidence) {
			h.Events = append(h.Events, automation.CaseEvidence)
		}
	}
	h.Events = append(h.Events, automation.CaseChanged)
	return d.happens(ctx, tx, h)
}

// caseAlarmed is happens for what fell due on a clock.
func (d *Desk) caseAlarmed(ctx context.Context, tx *store.Tx, was, c ticket.Case, ck store.ClockOf, alarms []sla.Alarm) error {
	h := Happening{Case: c.ID, Clock: ck.ID, Version: c.Version, By: "system", Before: caseFacts(was)}
	for _, a := range alarms {
		e := map[sla.AlarmKind]automation.Event{
			sla.WarningAlarm: automation.ClockWarning, sla.TargetAlarm: automation.ClockTarget, sla.LimitAlarm: automation.ClockBreached,
		}[a.Kind]
		if !slices.Contains(h.Events, e) {
			h.Events = append(h.Events, e)
		}
	}
	if was.State != c.State || was.Escalated != c.Escalated {
		h.Events = append(h.Events, automation.CaseChanged)
	}
	return d.happens(ctx, tx, h)
}

// talkHappens is happens for a conversation. was is nil for one that begins.
func (d *Desk) talkHappens(ctx context.Context, tx *store.Tx, e automation.Event, by conversation.From, was *conversation.Conversation, c conversation.Conversation, m conversation.MessageID) error {
	if listens, err := d.listens(ctx, tx, e); err != nil || !listens {
		return err
	}
	h := Happening{Events: []automation.Event{e}, Conversation: c.ID, Message: m, Version: c.Version, By: "system"}
	switch by {
	case conversation.FromContact:
		h.By = "customer"
	case conversation.FromAgent:
		h.By = "agent"
	case conversation.FromBot, conversation.FromSystem:
	}
	if was != nil {
		h.Before = talkFacts(*was)
	}
	return d.happens(ctx, tx, h)
}

// whoDid is who acts, as rules call them.
func whoDid(w ticket.Who) string {
	switch w {
	case ticket.ByAgent:
		return "agent"
	case ticket.ByCustomer:
		return "customer"
	case ticket.BySystem, ticket.ByTimer:
	}
	return "system"
}

// RunRules asks the rules that listen to a happening, and does what those ask
// for that apply, in one transaction with the log that says why. Doing it
// again does nothing.
func (d *Desk) RunRules(ctx context.Context, h Happening) (err error) {
	defer fault.Wrap(&err, "run the rules for %v", h.Events)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		if ran, err := tx.RanFor(ctx, h.Cause); err != nil || ran {
			return err
		}
		all, err := d.rules(ctx, tx, true)
		if err != nil {
			return err
		}
		rules := h.heardBy(all)
		if len(rules) == 0 {
			return nil
		}
		s, err := d.subject(ctx, tx, h, asksOf(rules))
		if gone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		return d.judge(ctx, tx, h, s, rules, all)
	})
}

// heardBy returns the rules that listen to any of the events, as if all of
// them listened to the first: a rule acts once, however many of its events a
// transaction brought.
func (h Happening) heardBy(rules []automation.Rule) []automation.Rule {
	var heard []automation.Rule
	for _, r := range rules {
		if !r.Hears(h.Events...) || !h.Rule.IsZero() && r.ID != h.Rule {
			continue
		}
		r.On = []automation.Trigger{{Event: h.Events[0]}}
		heard = append(heard, r)
	}
	return heard
}

// event is the event that a rule listens to, of those that happened.
func (h Happening) event(rules []automation.Rule, i automation.ID) automation.Event {
	for _, r := range rules {
		for _, e := range h.Events {
			if r.ID == i && r.Hears(e) {
				return e
			}
		}
	}
	return h.Events[0]
}

func asksOf(rules []automation.Rule) map[string]bool {
	asks := map[string]bool{}
	for _, r := range rules {
		for _, f := range r.When.Asks() {
			asks[f] = true
		}
	}
	return asks
}

// judge evaluates, lets the guard decide, acts and writes the log. all are the
// rules with all their triggers, for the log.
func (d *Desk) judge(ctx context.Context, tx *store.Tx, h Happening, s subject, rules, all []automation.Rule) error {
	decision := automation.Evaluate(rules, automation.Happening{Event: h.Events[0], Rule: h.Rule}, s.before(h.Before), s.facts, s.now)
	const lately = 200
	runs, err := tx.RunsOf(ctx, s.kind(), s.id(), s.name(), lately)
	if err != nil {
		return err
	}
	runs = slices.DeleteFunc(runs, func(r automation.Run) bool { return r.At.Before(h.Since) })
	act, guarded := automation.Admit(decision.Fired, automation.Chain{Subject: s.name(), Version: h.Version, Depth: h.Depth}, runs, d.Now())
	line := func(i automation.ID, name string, o store.Outcome, body store.RunBody) error {
		body.Depth = h.Depth
		_, err := tx.AddRun(ctx, store.Run{
			Cause: h.Cause, Rule: i, RuleName: name, Subject: s.kind(), SubjectID: s.id(), SubjectName: s.name(), Version: h.Version,
			Event: h.event(all, i), Outcome: o, At: d.Now(), RunBody: body,
		})
		return err
	}
	for _, f := range act {
		done, err := d.perform(chained(ctx, h.Depth+1), tx, s, f)
		if err != nil {
			return err
		}
		if err := line(f.Rule, f.Name, store.Fired, store.RunBody{Tree: &f.Why, Done: done}); err != nil {
			return err
		}
	}
	for _, g := range guarded {
		if err := line(g.Rule, g.Name, store.Held, store.RunBody{Why: g.Why, Tree: g.Tree}); err != nil {
			return err
		}
	}
	if !h.Rule.IsZero() {
		return nil // the walk has found that it applies; if not any more, nobody needs to read so
	}
	for _, k := range decision.Skipped {
		if err := line(k.Rule, k.Name, store.Skipped, store.RunBody{Why: k.Why, Tree: k.Tree}); err != nil {
			return err
		}
	}
	return nil
}

// perform does the actions of a rule, one after the other. One that is refused
// is noted with why; the others go on.
func (d *Desk) perform(ctx context.Context, tx *store.Tx, s subject, f automation.Fired) ([]store.Done, error) {
	by := doer{actor: ticket.Actor{Who: ticket.BySystem, Name: f.Name}, rule: f.Rule}
	var done []store.Done
	failed := 0
	for _, a := range f.Actions {
		text, err := d.do(ctx, tx, by, s, a)
		line := store.Done{Action: a, Text: text}
		if err != nil {
			why, ok := refusal(err)
			if !ok {
				return nil, err
			}
			line.Failed = &why
			failed++
		}
		done = append(done, line)
	}
	o := audit.Of("automation", f.Rule, f.Name)
	return done, tx.Audit(ctx, audit.BySystem(d.Now(), "automation.run", o, map[string]any{"subject": s.name(), "actions": len(done), "failed": failed}))
}

// refusal returns why an action was refused, in words that can be kept; false
// if the error is no refusal but a failure.
func refusal(err error) (store.Refusal, bool) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind == fault.Internal || f.Kind == fault.Busy || f.Code == "store.changed" {
		return store.Refusal{}, false
	}
	return store.Refusal{Code: f.Code, Zh: phrase.Say(phrase.Chinese, f.Code, f.Args, f.Message()), En: f.Message()}, true
}

// AutomationWalk is the payload of AutomationWalkJob: a rule whose time has
// come, and where its walk through the open things goes on.
type AutomationWalk struct {
	Rule         automation.ID      `json:"rule"`
	Trigger      automation.Trigger `json:"trigger"`
	Due          time.Time          `json:"due"`
	DueAt        int64              `json:"due_at,omitempty"` // of the case before
	Case         ticket.ID          `json:"case,omitzero"`
	Conversation conversation.ID    `json:"conversation,omitzero"`
}

// TickRules leaves a walk for each trigger of time that has come due since it
// was last looked at. A trigger that is new waits for its next time.
func (d *Desk) TickRules(ctx context.Context) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		rules, err := d.rules(ctx, tx, true)
		if err != nil {
			return err
		}
		s, err := tx.Company(ctx)
		if err != nil {
			return err
		}
		now := today(s, d.Now())
		for _, r := range rules {
			for _, t := range r.On {
				if t.Event != automation.Time {
					continue
				}
				if err := d.tick(ctx, tx, r, t, now); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (d *Desk) tick(ctx context.Context, tx *store.Tx, r automation.Rule, t automation.Trigger, now time.Time) error {
	name := r.ID.String() + "/" + string(t.Subject) + "/" + t.At + "/" + strconv.Itoa(t.Every)
	last, err := tx.Ticked(ctx, name)
	if err != nil {
		return err
	}
	if last.IsZero() {
		return tx.Tick(ctx, name, now)
	}
	due := t.Next(last, now.Location())
	if due.IsZero() || due.After(now) {
		return nil
	}
	if err := tx.Tick(ctx, name, now); err != nil {
		return err
	}
	return tx.EnqueueOnce(ctx, AutomationWalkJob, name+"@"+due.UTC().Format(time.RFC3339), AutomationWalk{Rule: r.ID, Trigger: t, Due: due}, now, now)
}

const walkBatch = 100

// WalkRule asks a rule about a page of the open cases or conversations, leaves
// a job for each to which it applies, and one for the next page.
func (d *Desk) WalkRule(ctx context.Context, w AutomationWalk) (err error) {
	defer fault.Wrap(&err, "walk for %s", w.Rule)
	var found []Happening
	more := false
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		r, err := tx.Rule(ctx, w.Rule)
		if gone(err) {
			return nil
		}
		if err != nil || !r.Enabled || !slices.Contains(r.On, w.Trigger) {
			return err
		}
		found, more, err = d.walk(ctx, tx, r, &w)
		return err
	})
	if err != nil || len(found) == 0 && !more {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		now := d.Now()
		for _, h := range found {
			if err := tx.EnqueueOnce(ctx, AutomationJob, h.Cause, h, now, now); err != nil {
				return err
			}
		}
		if !more {
			return nil
		}
		return tx.Enqueue(ctx, AutomationWalkJob, w, now, now)
	})
}

// walk looks at one page, and moves w to its end.
func (d *Desk) walk(ctx context.Context, tx *store.Tx, r automation.Rule, w *AutomationWalk) (found []Happening, more bool, err error) {
	h := Happening{Events: []automation.Event{automation.Time}, Rule: r.ID, By: "system"}
	if w.Trigger.At != "" {
		h.Since = w.Due
	}
	look := func(h Happening) error {
		s, err := d.subject(ctx, tx, h, asksOf([]automation.Rule{r}))
		if err != nil {
			return err
		}
		decision := automation.Evaluate([]automation.Rule{r}, automation.Happening{Event: automation.Time, Rule: r.ID}, s.facts, s.facts, s.now)
		if len(decision.Fired) > 0 {
			h.Cause = r.ID.String() + "@" + strconv.FormatInt(w.Due.Unix(), 36) + "/" + s.name()
			h.Version, h.Before = s.version(), s.own()
			found = append(found, h)
		}
		return nil
	}
	if w.Trigger.Subject == automation.Case {
		cs, err := tx.OpenCasesFrom(ctx, w.DueAt, w.Case, walkBatch)
		for _, c := range cs {
			h.Case, w.Case, w.DueAt = c.ID, c.ID, store.DueKey(c)
			if err := look(h); err != nil {
				return nil, false, err
			}
		}
		return found, len(cs) == walkBatch, err
	}
	cs, err := tx.OpenConversationsFrom(ctx, w.Conversation, walkBatch)
	for _, c := range cs {
		h.Conversation, w.Conversation = c.ID, c.ID
		if err := look(h); err != nil {
			return nil, false, err
		}
	}
	return found, len(cs) == walkBatch, err
}

// How long the log of rules is kept.
const (
	keepRuns    = 90 * 24 * time.Hour
	keepSkipped = 7 * 24 * time.Hour // of rules whose conditions were not met
)

// AutomationRules returns all rules, in the order in which they are asked.
func (d *Desk) AutomationRules(ctx context.Context, by agent.Actor) ([]automation.Rule, error) {
	if err := mayReadRules(by); err != nil {
		return nil, err
	}
	return d.DB.Now().Rules(ctx)
}

// mayReadRules is Forbidden for those who neither make rules nor answer for
// the work that rules do.
func mayReadRules(by agent.Actor) error {
	if by.May(agent.CaseSupervise) {
		return nil
	}
	return by.Need(agent.AutomationManage)
}

// Catalogue returns the fields that conditions can ask about.
func (d *Desk) Catalogue() automation.Catalogue { return automation.CatalogueWith() }

// AddRule adds a rule behind the others.
func (d *Desk) AddRule(ctx context.Context, by agent.Actor, r automation.Rule) (automation.Rule, error) {
	return d.changeRules(ctx, by, "automation.create", func(tx *store.Tx) (automation.Rule, error) {
		r, err := d.checkRule(ctx, tx, r)
		if err != nil {
			return r, err
		}
		all, err := tx.Rules(ctx)
		if err != nil {
			return r, err
		}
		if len(all) >= maxRules {
			return r, fault.New(fault.Conflict, "automation.rules", "there are at most %d rules; remove one first", maxRules)
		}
		r.ID, r.Version, r.Order = automation.NewID(d.Now()), 1, 10
		for _, o := range all {
			r.Order = max(r.Order, o.Order+10)
		}
		return r, tx.InsertRule(ctx, r)
	})
}

const maxRules = 200

// ChangeRule puts a rule in place of the one of its id. It is a Conflict if
// somebody changed it since the version that it carries. Its place stays.
func (d *Desk) ChangeRule(ctx context.Context, by agent.Actor, r automation.Rule) (automation.Rule, error) {
	return d.changeRules(ctx, by, "automation.change", func(tx *store.Tx) (automation.Rule, error) {
		was, err := tx.Rule(ctx, r.ID)
		if err != nil {
			return r, err
		}
		if r, err = d.checkRule(ctx, tx, r); err != nil {
			return r, err
		}
		r.Order = was.Order
		return tx.SaveRule(ctx, r)
	})
}

// EnableRule switches a rule on or off.
func (d *Desk) EnableRule(ctx context.Context, by agent.Actor, i automation.ID, on bool) (automation.Rule, error) {
	return d.changeRules(ctx, by, "automation.enable", func(tx *store.Tx) (automation.Rule, error) {
		r, err := tx.Rule(ctx, i)
		if err != nil || r.Enabled == on {
			return r, err
		}
		r.Enabled = on
		return tx.SaveRule(ctx, r)
	})
}

// RemoveRule deletes a rule. What it did stays in the log.
func (d *Desk) RemoveRule(ctx context.Context, by agent.Actor, i automation.ID) error {
	_, err := d.changeRules(ctx, by, "automation.delete", func(tx *store.Tx) (automation.Rule, error) {
		r, err := tx.Rule(ctx, i)
		if err != nil {
			return r, err
		}
		return r, tx.DeleteRule(ctx, i)
	})
	return err
}

// OrderRules puts the rules into an order. All of them are named; if somebody
// added or removed one meanwhile it is a Conflict.
func (d *Desk) OrderRules(ctx context.Context, by agent.Actor, order []automation.ID) (rules []automation.Rule, err error) {
	_, err = d.changeRules(ctx, by, "automation.order", func(tx *store.Tx) (automation.Rule, error) {
		all, err := tx.Rules(ctx)
		if err != nil {
			return automation.Rule{}, err
		}
		rules = make([]automation.Rule, 0, len(all))
		for n, i := range order {
			at := slices.IndexFunc(all, func(r automation.Rule) bool { return r.ID == i })
			if at < 0 || len(order) != len(all) {
				return automation.Rule{}, errChanged
			}
			r := all[at]
			if r.Order != (n+1)*10 {
				r.Order = (n + 1) * 10
				if r, err = tx.SaveRule(ctx, r); err != nil {
					return r, err
				}
			}
			rules = append(rules, r)
		}
		return automation.Rule{Name: strconv.Itoa(len(rules))}, nil
	})
	return rules, err
}

// checkRule is the rule's own check, and that the people, teams and acts that
// it names are there.
func (d *Desk) checkRule(ctx context.Context, tx *store.Tx, r automation.Rule) (automation.Rule, error) {
	r, err := r.Check(d.Catalogue())
	if err != nil {
		return r, err
	}
	return r, checkNamed(ctx, tx, r.Then, "then")
}

// checkNamed says which action names somebody or something that is not there.
func checkNamed(ctx context.Context, tx *store.Tx, actions []automation.Action, at string) error {
	for i, a := range actions {
		here := at + "." + strconv.Itoa(i) + "."
		if !a.Team.IsZero() {
			if _, err := tx.Team(ctx, a.Team); err != nil {
				return placed(err, here+"team_id")
			}
		}
		if !a.Agent.IsZero() {
			if _, err := tx.Agent(ctx, a.Agent); err != nil {
				return placed(err, here+"agent_id")
			}
		}
		if a.Kind == automation.DoAct && !slices.Contains(ticket.Acts(), ticket.Act(a.Value)) {
			return fault.New(fault.Invalid, "case.act", "choose what you want to do").In(here + "value")
		}
	}
	return nil
}

// placed returns a fault with the field that it is about.
func placed(err error, field string) error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.In(field)
	}
	return err
}

func (d *Desk) changeRules(ctx context.Context, by agent.Actor, action string, change func(*store.Tx) (automation.Rule, error)) (r automation.Rule, err error) {
	defer fault.Wrap(&err, "change the rules")
	if err := by.Need(agent.AutomationManage); err != nil {
		return r, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if r, err = change(tx); err != nil {
			return err
		}
		if err := tx.MarkRules(ctx, d.Now()); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Of("automation", r.ID, r.Name), map[string]any{"enabled": r.Enabled}))
	})
	d.ruled.now.Store(nil)
	return r, err
}

// AutomationRuns returns a page of what rules did, newest first. What fields
// held is left out where the actor may not see the thing; who asks for what they
// did to a case about them finds nothing (R108).
func (d *Desk) AutomationRuns(ctx context.Context, by agent.Actor, q store.RunList) (p Page[RunSeen], err error) {
	if err := mayReadRules(by); err != nil {
		return p, err
	}
	q.Limit = limited100(q.Limit)
	p.Items = []RunSeen{}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if q.Subject == automation.Case && q.SubjectID != 0 {
			c, err := tx.Case(ctx, ticket.ID(q.SubjectID))
			if gone(err) || err == nil && !c.MaySee(by.Agent) {
				return nil
			}
			if err != nil {
				return err
			}
		}
		runs, next, err := tx.ListRuns(ctx, q)
		if err != nil {
			return err
		}
		p.Next = next
		sees := d.sight(tx, by)
		for _, r := range runs {
			ok, err := sees(ctx, r.Subject, r.SubjectID)
			if err != nil {
				return err
			}
			p.Items = append(p.Items, seenRun(r, ok))
		}
		return nil
	})
	return p, err
}

// RunSeen is a line of the log as somebody may read it.
type RunSeen struct {
	store.Run
	Case         ticket.ID       `json:"case_id,omitzero"`
	Conversation conversation.ID `json:"conversation_id,omitzero"`
	Hidden       bool            `json:"hidden"` // the reader may not see the thing: what its fields held is left out
}

func seenRun(r store.Run, sees bool) RunSeen {
	s := RunSeen{Run: r, Hidden: !sees}
	if !sees {
		s.SubjectName = ""
		if r.Tree != nil {
			blind := r.Tree.Blind()
			s.Tree = &blind
		}
		for i := range s.Done {
			s.Done[i].Text = ""
		}
		return s
	}
	if r.Subject == automation.Case {
		s.Case = ticket.ID(r.SubjectID)
	} else {
		s.Conversation = conversation.ID(r.SubjectID)
	}
	return s
}

// sight returns a function that says whether an actor may see a thing, and
// asks only once for each.
func (d *Desk) sight(tx *store.Tx, by agent.Actor) func(context.Context, automation.Subject, int64) (bool, error) {
	known := map[string]bool{}
	return func(ctx context.Context, s automation.Subject, i int64) (bool, error) {
		key := string(s) + strconv.FormatInt(i, 36)
		if ok, have := known[key]; have {
			return ok, nil
		}
		var err error
		if s == automation.Case {
			_, err = seenCase(ctx, tx, by, ticket.ID(i))
		} else {
			_, err = seen(ctx, tx, by, conversation.ID(i))
		}
		kind := fault.KindOf(err)
		if err != nil && kind != fault.NotFound && kind != fault.Forbidden {
			return false, err
		}
		known[key] = err == nil
		return err == nil, nil
	}
}
