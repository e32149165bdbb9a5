package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/learning"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/tag"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// What rules and macros do. Each action goes through the rules that people's
// acts go through, and is refused for the same reasons.

// doer is who does the actions: the program for a rule, or an agent who
// applies a macro.
type doer struct {
	actor     ticket.Actor
	by        *agent.Actor // an agent; nil for a rule
	rule      automation.ID
	confirmed string // what the customer agreed to, where an agent escalates (R097)
}

// need is Forbidden for an agent who lacks a permission; rules need none.
func (w doer) need(p agent.Permission) error {
	if w.by == nil {
		return nil
	}
	return w.by.Need(p)
}

// do does one action to a case or a conversation and returns its text, with
// the variables filled in. The subject is as it is afterwards then, for the
// next action. A fault is a refusal that has changed nothing; any other error
// has to end the transaction.
func (d *Desk) do(ctx context.Context, tx *store.Tx, w doer, s subject, a automation.Action) (text string, err error) {
	if a.Text != "" {
		values, err := d.variables(ctx, tx, s)
		if err != nil {
			return "", err
		}
		text = strings.TrimSpace(automation.Render(a.Text, values))
	}
	if a.Kind == automation.Notify {
		return text, d.notifyAbout(ctx, tx, w, s, a, text)
	}
	if s.c != nil {
		return text, d.doToCase(ctx, tx, w, s.c, a, text)
	}
	if err := d.doToTalk(ctx, tx, w, s.talk.ID, a, text); err != nil {
		return text, err
	}
	*s.talk, err = tx.Conversation(ctx, s.talk.ID)
	return text, err
}

// doToCase lets the rules of cases do an action.
func (d *Desk) doToCase(ctx context.Context, tx *store.Tx, w doer, at *ticket.Case, a automation.Action, text string) error {
	c, err := tx.Case(ctx, at.ID)
	if err != nil {
		return err
	}
	var refused error
	next, _, err := d.move(ctx, tx, c, "automation", func(tx *store.Tx, c ticket.Case, h ticket.Handling) (ticket.Case, []ticket.Entry, error) {
		next, es, err := d.deed(ctx, tx, w, c, h, a, text)
		refused = err
		return next, es, err
	})
	if refused != nil {
		return refused
	}
	if _, is := refusal(err); is {
		return fault.New(fault.Busy, "automation.broken", "the action failed half-way").Because(err)
	}
	if err == nil {
		*at = next
	}
	return err
}

// deed is what an action makes of a case. Nothing is written.
func (d *Desk) deed(ctx context.Context, tx *store.Tx, w doer, c ticket.Case, h ticket.Handling, a automation.Action, text string) (ticket.Case, []ticket.Entry, error) {
	now := d.Now()
	span, _ := automation.ParseSpan(a.After)
	line := func(c ticket.Case, e ticket.Entry, err error) (ticket.Case, []ticket.Entry, error) {
		return c, []ticket.Entry{e}, err
	}
	switch a.Kind {
	case automation.AddTag:
		return line(c.Tag(w.actor, []string{a.Value}, nil, now))
	case automation.RemoveTag:
		return line(c.Tag(w.actor, nil, []string{a.Value}, now))
	case automation.SetPriority:
		weight := weights[a.Value]
		return line(c.Prioritise(w.actor, weight.urgency, weight.impact, now))
	case automation.SetLevel:
		return line(c.Reclassify(w.actor, h.Categories, ticket.Class{Kind: c.Kind, Category: c.Category, Level: ticket.Level(a.Value)}, nil, w.actor.Name, now))
	case automation.SetCategory:
		return line(c.Reclassify(w.actor, h.Categories, ticket.Class{Kind: c.Kind, Category: a.Value, Level: c.Level}, nil, w.actor.Name, now))
	case automation.AddTask:
		t, err := d.taskOf(ctx, tx, a, text, span)
		if err != nil {
			return c, nil, err
		}
		return line(c.AddTask(w.actor, t, now))
	case automation.AssignTeam, automation.AssignAgent, automation.Note, automation.Escalate, automation.SendMessage, automation.SetFollowUp, automation.DoAct, automation.Notify:
	}
	do, err := w.doing(c, a, text, now.Add(span))
	if err != nil {
		return c, nil, err
	}
	if do, err = d.resolve(ctx, tx, c, do); err != nil {
		return c, nil, err
	}
	return c.Do(do, h.Windows, now)
}

// weights are what a rule's priority says of urgency and impact, from which
// the priority of a case follows.
var weights = map[string]struct {
	urgency ticket.Urgency
	impact  ticket.Impact
}{"urgent": {3, 3}, "high": {3, 2}, "normal": {2, 2}, "low": {1, 2}}

// acts are the actions that are an act of the case's state machine.
var acts = map[automation.ActionKind]ticket.Act{
	automation.AssignTeam: ticket.Assign, automation.AssignAgent: ticket.Assign, automation.Note: ticket.Note, automation.Escalate: ticket.Escalate,
	automation.SendMessage: ticket.Reply, automation.SetFollowUp: ticket.FollowUp,
}

// doing is the act that an action asks for.
func (w doer) doing(c ticket.Case, a automation.Action, text string, until time.Time) (ticket.Doing, error) {
	do := ticket.Doing{Act: acts[a.Kind], By: w.actor, Team: a.Team, Agent: a.Agent, Text: text}
	switch a.Kind {
	case automation.SetFollowUp:
		do.Until = until
	case automation.Escalate:
		do.Reason, do.Text, do.Escalation = text, "", w.escalation(c, a.To)
		if c.Escalation != nil && c.Escalation.Level >= do.Escalation.Level {
			return do, fault.New(fault.Conflict, "automation.high", "the case is that high already")
		}
	case automation.DoAct:
		do.Act, do.Reason = ticket.Act(a.Value), text
	case automation.AssignTeam, automation.AssignAgent, automation.Note, automation.SendMessage,
		automation.AddTag, automation.RemoveTag, automation.SetPriority, automation.SetLevel, automation.SetCategory, automation.AddTask, automation.Notify:
	}
	if need, ok := needsFor[do.Act]; ok {
		return do, w.need(need)
	}
	return do, nil
}

// escalation is how high an action lets a case go: as it says, or one step.
func (w doer) escalation(c ticket.Case, to automation.Audience) *ticket.Escalation {
	e := &ticket.Escalation{Why: ticket.OnRule, Level: map[automation.Audience]ticket.Rank{
		automation.ToAgent: ticket.RankSenior, automation.ToTeam: ticket.RankSenior,
		automation.ToSupervisor: ticket.RankSupervisor, automation.ToManager: ticket.RankManager,
	}[to]}
	if e.Level == 0 {
		e.Level = ticket.RankSenior
		if c.Escalation != nil {
			e.Level = min(c.Escalation.Level+1, ticket.RankManager)
		}
	}
	if w.by != nil {
		e.Why, e.Confirmed = ticket.ByHand, &ticket.Confirmation{Text: w.confirmed}
	}
	return e
}

// taskOf is the task that an action asks for, with whose it is by name.
func (d *Desk) taskOf(ctx context.Context, tx *store.Tx, a automation.Action, text string, span time.Duration) (ticket.Task, error) {
	t := ticket.Task{ID: ticket.NewTaskID(d.Now()), Kind: ticket.TaskOther, Title: text}
	if span > 0 {
		t.DueAt = d.Now().Add(span)
	}
	switch {
	case !a.Agent.IsZero():
		who, err := tx.Agent(ctx, a.Agent)
		if err != nil {
			return t, err
		}
		t.Assignee = who.Name
	case !a.Team.IsZero():
		team, err := tx.Team(ctx, a.Team)
		if err != nil {
			return t, err
		}
		t.Assignee = team.Name
	}
	return t, nil
}

// doToTalk does an action to a conversation. What refuses it does so before
// anything is written.
func (d *Desk) doToTalk(ctx context.Context, tx *store.Tx, w doer, i conversation.ID, a automation.Action, text string) error {
	c, err := tx.Conversation(ctx, i)
	if err != nil {
		return err
	}
	if err := w.mayTalk(c, a); err != nil {
		return err
	}
	switch a.Kind {
	case automation.AddTag:
		return d.retag(ctx, tx, c, []string{a.Value}, nil)
	case automation.RemoveTag:
		return d.retag(ctx, tx, c, nil, []string{a.Value})
	case automation.SetPriority:
		r, err := tx.RoutingRules(ctx)
		if err != nil {
			return err
		}
		c = c.Prioritised(talkPriorities[a.Value], r)
		return d.changeTalk(ctx, tx, c, "priority")
	case automation.SetCategory:
		if c.Summary == nil {
			return fault.New(fault.Conflict, "automation.unsummed", "a conversation is sorted when it ends; this one has no summary yet")
		}
		sum := *c.Summary
		sum.Category = a.Value
		c.Summary = &sum
		return d.changeTalk(ctx, tx, c, "summary")
	case automation.Note, automation.SendMessage:
		return d.utter(ctx, tx, w, c, a.Kind == automation.Note, text)
	case automation.AssignTeam:
		return d.giveTeam(ctx, tx, c, a.Team)
	case automation.AssignAgent:
		return d.giveAgent(ctx, tx, w, c, a.Agent)
	case automation.Notify, automation.Escalate, automation.SetLevel, automation.AddTask, automation.SetFollowUp, automation.DoAct:
	}
	return fault.New(fault.Invalid, "automation.action", "there is no action %q", string(a.Kind))
}

// mayTalk is Forbidden for an agent who may not do this to a conversation by
// hand.
func (w doer) mayTalk(c conversation.Conversation, a automation.Action) error {
	switch a.Kind {
	case automation.AssignTeam, automation.AssignAgent:
		return w.need(agent.ConversationTransfer)
	case automation.SendMessage:
		if w.by != nil && (c.State != conversation.Active || c.Agent != w.by.Agent) {
			return notYours(c, *w.by)
		}
		return w.need(agent.ConversationReply)
	default:
		return w.need(agent.ConversationReply)
	}
}

func (d *Desk) retag(ctx context.Context, tx *store.Tx, c conversation.Conversation, add, remove []string) error {
	tags, err := tag.Apply(c.Tags, add, remove)
	if err != nil {
		return err
	}
	if slices.Equal(tags, c.Tags) {
		return fault.New(fault.Conflict, "tags.same", "the tags are so already")
	}
	c.Tags = tags
	return d.changeTalk(ctx, tx, c, "tags")
}

func (d *Desk) changeTalk(ctx context.Context, tx *store.Tx, c conversation.Conversation, what string) error {
	c, err := tx.SaveConversation(ctx, c)
	if err != nil {
		return err
	}
	if c.State == conversation.Queued {
		if err := d.wantRoute(ctx, tx, d.Now()); err != nil {
			return err
		}
	}
	return d.announce(ctx, tx, c, what, 0)
}

// utter says something in a conversation, or notes it. What a rule says is
// said by the program: the customer goes on waiting for a person.
func (d *Desk) utter(ctx context.Context, tx *store.Tx, w doer, c conversation.Conversation, note bool, text string) error {
	if !note && !c.State.Open() {
		return fault.New(fault.Conflict, "conversation.state", "this is not possible while the conversation is %s; look at it again", string(c.State))
	}
	text, err := conversation.CheckText(text, 0)
	if err != nil {
		return err
	}
	m := conversation.Message{From: conversation.FromBot, AuthorID: "automation", AuthorName: w.actor.Name, Kind: conversation.Text, Text: text, At: d.Now()}
	if note {
		m.Kind = conversation.Note
	}
	if w.by != nil {
		m.From, m.AuthorID, m.AuthorName = conversation.FromAgent, w.by.Agent.String(), w.by.Name
	} else if !note {
		s, err := tx.Company(ctx)
		if err != nil {
			return err
		}
		m.AuthorName = s.Company.In(c.Language)
	}
	if byMail(c) && !note {
		return d.utterByMail(ctx, tx, c, m)
	}
	waits := c.WaitingSince
	c, _, _, err = d.addOnly(ctx, tx, c, m)
	if err != nil || w.by != nil || waits.IsZero() || !c.WaitingSince.IsZero() {
		return err
	}
	c.WaitingSince = waits
	_, err = tx.SaveConversation(ctx, c)
	return err
}

var errTalked = fault.New(fault.Conflict, "automation.talk_held", "an agent answers this conversation, or it is over; it stays where it is")

// waits reports whether nobody answers the conversation yet.
func waits(c conversation.Conversation) bool {
	return c.State == conversation.Bot || c.State == conversation.Queued
}

func (d *Desk) giveTeam(ctx context.Context, tx *store.Tx, c conversation.Conversation, t agent.TeamID) error {
	if !waits(c) {
		return errTalked
	}
	if _, err := tx.TeamName(ctx, t); err != nil {
		return err
	}
	c.Team = t
	if c.Offer != nil {
		return d.withdraw(ctx, tx, c, "withdrawn")
	}
	return d.changeTalk(ctx, tx, c, "team")
}

// giveAgent lets a conversation ring at an agent who is there.
func (d *Desk) giveAgent(ctx context.Context, tx *store.Tx, w doer, c conversation.Conversation, to agent.ID) error {
	if !waits(c) || byPhone(c) && c.State == conversation.Bot { // who is in the menu has not come to the queue
		return errTalked
	}
	_, choice, err := d.target(ctx, tx, agent.Actor{Name: w.actor.Name}, c, Handover{Agent: to})
	if err != nil {
		return err
	}
	if c.Offer != nil {
		if err := tx.EndOffer(ctx, c.ID, c.Offer.Agent, "withdrawn", d.Now()); err != nil {
			return err
		}
		if err := d.followCall(ctx, tx, c, 0, call.Miss); err != nil {
			return err
		}
		if err := d.wantRoute(ctx, tx, d.Now()); err != nil { // who has room for another now
			return err
		}
	}
	if c.State == conversation.Bot {
		if c, err = d.enqueue(ctx, tx, c, conversation.HandOver, conversation.Transfer); err != nil {
			return err
		}
	}
	return d.offer(ctx, tx, c, choice)
}

// notifyAbout tells those whom an action names. Nobody is told of what they
// may not see.
func (d *Desk) notifyAbout(ctx context.Context, tx *store.Tx, w doer, s subject, a automation.Action, text string) error {
	who, err := d.audience(ctx, tx, s, a)
	if err != nil {
		return err
	}
	n := event.Notice{Kind: "automation", Text: clip(s.name()+" "+text, 300), FromName: w.actor.Name}
	if s.c != nil {
		n.Case = s.c.ID
	} else {
		n.Conversation = s.talk.ID
	}
	for _, to := range who {
		if err := d.Inform(ctx, tx, to, n); err != nil {
			return err
		}
	}
	return nil
}

// audience is whom an action tells, of those who may hear of the thing: at
// least one, and at most 200.
func (d *Desk) audience(ctx context.Context, tx *store.Tx, s subject, a automation.Action) ([]agent.ID, error) {
	who, team, err := d.named(ctx, tx, s, a)
	if err != nil {
		return nil, err
	}
	if s.c != nil {
		who = slices.DeleteFunc(who, func(i agent.ID) bool { return !s.c.MaySee(i) })
	}
	if s.c != nil && s.c.AboutStaff {
		may, err := tx.AgentsWho(ctx, agent.ComplaintStaffRead, team)
		if err != nil {
			return nil, err
		}
		who = slices.DeleteFunc(who, func(i agent.ID) bool { return !slices.Contains(may, i) })
	}
	if len(who) == 0 {
		return nil, fault.New(fault.Conflict, "automation.nobody", "there is nobody to tell")
	}
	return who, nil
}

// named are those whom an action names, or who have the thing, and whose work
// it is about.
func (d *Desk) named(ctx context.Context, tx *store.Tx, s subject, a automation.Action) (who []agent.ID, team agent.TeamID, err error) {
	var has agent.ID
	if s.c != nil {
		team, has = s.c.Team, s.c.Agent
	} else {
		team, has = s.talk.Team, s.talk.Agent
	}
	switch a.To {
	case automation.ToAgent:
		if !a.Agent.IsZero() {
			has = a.Agent
		}
		if !has.IsZero() {
			who = []agent.ID{has}
		}
	case automation.ToTeam:
		if !a.Team.IsZero() {
			team = a.Team
		}
		if !team.IsZero() {
			who, err = tx.TeamAgents(ctx, team)
		}
	case automation.ToSupervisor, automation.ToManager:
		if who, err = tx.AgentsWho(ctx, agent.CaseSupervise, team); err == nil && a.To == automation.ToManager {
			who, err = d.managers(ctx, tx, who, team)
		}
	}
	return who, team, err
}

// managers are the supervisors who answer for all the work; without one, the
// supervisors.
func (d *Desk) managers(ctx context.Context, tx *store.Tx, who []agent.ID, team agent.TeamID) ([]agent.ID, error) {
	all, err := tx.AgentsWho(ctx, agent.ReportAll, team)
	both := slices.DeleteFunc(slices.Clone(who), func(i agent.ID) bool { return !slices.Contains(all, i) })
	if len(both) == 0 {
		return who, err
	}
	return both, err
}

// variables are what texts are filled in with.
func (d *Desk) variables(ctx context.Context, tx *store.Tx, s subject) (map[string]string, error) {
	language := cmp.Or(s.contact.Language, phrase.Chinese)
	if s.c != nil {
		language = languageOf(*s.c, s.contact)
	} else if s.talk.Language != "" {
		language = s.talk.Language
	}
	v := map[string]string{
		"customer.name": s.contact.Name, "company.name": s.company.Company.In(language), "company.phone": s.company.Phone, "now": s.now.Format(minute),
	}
	var team agent.TeamID
	if s.c != nil {
		team = s.c.Team
		if err := d.caseVariables(ctx, tx, s, language, v); err != nil {
			return nil, err
		}
	} else {
		team = s.talk.Team
		v["conversation.id"], v["agent.name"] = s.name(), s.talk.AgentName
		if v["customer.name"] == "" {
			v["customer.name"] = s.talk.ContactName
		}
	}
	if team.IsZero() {
		return v, nil
	}
	name, err := tx.TeamName(ctx, team)
	if gone(err) {
		return v, nil
	}
	v["team.name"] = name
	return v, err
}

const minute = "2006-01-02 15:04"

func (d *Desk) caseVariables(ctx context.Context, tx *store.Tx, s subject, language string, v map[string]string) error {
	c := *s.c
	v["case.number"], v["case.subject"], v["case.kind"], v["stage"] = c.Number, c.Subject, c.Kind.Name().In(language), c.Stage().Name.In(language)
	v["case.link"] = d.page("/progress?number=" + c.Number)
	if !c.Agent.IsZero() {
		name, err := publicName(ctx, tx, map[agent.ID]string{}, c.Agent)
		if err != nil {
			return err
		}
		v["agent.name"] = name
	}
	if !c.DueAt.IsZero() {
		v["due"] = c.DueAt.In(s.now.Location()).Format(minute)
	}
	if s.clock != nil {
		v["clock.metric"] = textIn(s.clock.Metric.Name(), language)
	}
	if v["customer.name"] == "" {
		v["customer.name"] = c.Name
	}
	if c.Category == "" {
		return nil
	}
	h, err := tx.Handling(ctx)
	if cat, ok := h.Categories.Find(c.Category); ok {
		v["case.category"] = cat.Name.In(language)
	}
	return err
}

func textIn(t sla.Text, language string) string {
	if language == "en" {
		return t.En
	}
	return t.Zh
}

// TagCase puts tags on a case and takes others off.
func (d *Desk) TagCase(ctx context.Context, by agent.Actor, i ticket.ID, add, remove []string) (ticket.Case, error) {
	return d.work(ctx, by, i, string(ticket.Retag), one(func(c ticket.Case, _ ticket.Handling) (ticket.Case, ticket.Entry, error) {
		return c.Tag(actorOf(by), add, remove, d.Now())
	}))
}

// PrioritiseCase says how urgent a case is and how great its impact. suggested
// is the urgency that closed work suggested, if it did.
func (d *Desk) PrioritiseCase(ctx context.Context, by agent.Actor, i ticket.ID, u ticket.Urgency, impact ticket.Impact, suggested string) (ticket.Case, error) {
	return d.work(ctx, by, i, string(ticket.Prioritise), func(tx *store.Tx, c ticket.Case, _ ticket.Handling) (ticket.Case, []ticket.Entry, error) {
		next, e, err := c.Prioritise(actorOf(by), u, impact, d.Now())
		if err != nil {
			return c, nil, err
		}
		return next, []ticket.Entry{e}, d.suggestionUsed(ctx, tx, learning.CaseUrgency, suggested, learning.Urgency(int(u)))
	})
}

// TagConversation puts tags on a conversation and takes others off.
func (d *Desk) TagConversation(ctx context.Context, by agent.Actor, i conversation.ID, add, remove []string) (c conversation.Conversation, err error) {
	defer fault.Wrap(&err, "tag %s", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return c, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := seen(ctx, tx, by, i)
		if err != nil {
			return err
		}
		if err := d.retag(ctx, tx, was, add, remove); err != nil {
			return err
		}
		if c, err = tx.Conversation(ctx, i); err != nil {
			return err
		}
		changes := audit.Changes{}
		audit.Add(changes, "tags", strings.Join(was.Tags, "、"), strings.Join(c.Tags, "、"))
		return tx.Audit(ctx, audit.By(by, d.Now(), "conversation.tag", audit.Of("conversation", i, ""), changes))
	})
	return c, err
}
