package desk

import (
	"context"
	"maps"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/automation"
	"yingda/internal/domain/company"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// subject is a case or a conversation as rules look at it.
type subject struct {
	c       *ticket.Case
	talk    *conversation.Conversation
	contact contact.Contact // zero if none is known
	clock   *store.ClockOf  // that set the rules off, or is due next
	company company.Settings
	facts   automation.Facts
	now     time.Time // on the company's day
}

func (s subject) kind() automation.Subject {
	if s.c != nil {
		return automation.Case
	}
	return automation.Conversation
}

func (s subject) id() int64 {
	if s.c != nil {
		return int64(s.c.ID)
	}
	return int64(s.talk.ID)
}

// name is the number by which people call it.
func (s subject) name() string {
	if s.c != nil {
		return s.c.Number
	}
	return strconv.FormatInt(s.talk.Number, 10)
}

func (s subject) version() int64 {
	if s.c != nil {
		return s.c.Version
	}
	return s.talk.Version
}

// own are the facts that stand in the thing itself, which what happens leaves
// as they were before.
func (s subject) own() automation.Facts {
	if s.c != nil {
		return caseFacts(*s.c)
	}
	return talkFacts(*s.talk)
}

// before completes what was kept of the time before with what nobody keeps:
// that counts as unchanged. Nothing kept means that the thing is new.
func (s subject) before(kept automation.Facts) automation.Facts {
	if len(kept) == 0 {
		return nil
	}
	all := maps.Clone(s.facts)
	for name := range s.own() {
		delete(all, name)
	}
	maps.Copy(all, kept)
	return all
}

// subject reads what a happening is about, with those facts that conditions
// ask for.
func (d *Desk) subject(ctx context.Context, tx *store.Tx, h Happening, asks map[string]bool) (s subject, err error) {
	if s.company, err = tx.Company(ctx); err != nil {
		return s, err
	}
	s.now = today(s.company, d.Now())
	if !h.Case.IsZero() {
		err = d.caseSubject(ctx, tx, h, asks, &s)
	} else {
		err = d.talkSubject(ctx, tx, h, asks, &s)
	}
	if err != nil {
		return s, err
	}
	if err := s.addContact(ctx, tx, asks); err != nil {
		return s, err
	}
	if err := d.addSuggested(ctx, tx, asks, &s); err != nil {
		return s, err
	}
	maps.Copy(s.facts, timeFacts(s.company, s.now))
	s.facts["actor.kind"] = automation.TextOf(h.By)
	return s, nil
}

func (d *Desk) caseSubject(ctx context.Context, tx *store.Tx, h Happening, asks map[string]bool, s *subject) error {
	c, err := tx.Case(ctx, h.Case)
	if err != nil {
		return err
	}
	s.c, s.facts = &c, caseFacts(c)
	if asks["case.evidence"] {
		n, err := tx.CountEvidence(ctx, int64(c.ID))
		if err != nil {
			return err
		}
		s.facts["case.evidence"] = automation.NumberOf(float64(n))
	}
	if asks["case.customer_at"] || asks["case.agent_at"] {
		es, err := tx.CaseEntries(ctx, c.ID)
		if err != nil {
			return err
		}
		maps.Copy(s.facts, wordFacts(es))
	}
	return d.addClock(ctx, tx, h, asks, s)
}

// addClock looks up the clock that the happening is about, or the one that is
// due next if a condition asks for one.
func (d *Desk) addClock(ctx context.Context, tx *store.Tx, h Happening, asks map[string]bool, s *subject) error {
	wanted := !h.Clock.IsZero()
	for f := range asks {
		wanted = wanted || strings.HasPrefix(f, "clock.")
	}
	if !wanted {
		return nil
	}
	all, err := tx.ClocksOf(ctx, store.OfCase, int64(s.c.ID))
	if err != nil {
		return err
	}
	for i, ck := range all {
		switch {
		case ck.ID == h.Clock,
			h.Clock.IsZero() && ck.State.Open() && (s.clock == nil || ck.Limit.Before(s.clock.Limit)):
			s.clock = &all[i]
		}
	}
	if s.clock == nil {
		return nil
	}
	r, err := d.promises(ctx, tx)
	if err != nil {
		return err
	}
	maps.Copy(s.facts, clockFacts(*s.clock, r.promises, d.Now()))
	return nil
}

func (d *Desk) talkSubject(ctx context.Context, tx *store.Tx, h Happening, asks map[string]bool, s *subject) error {
	c, err := tx.Conversation(ctx, h.Conversation)
	if err != nil {
		return err
	}
	s.talk, s.facts = &c, talkFacts(c)
	if asks["conversation.messages"] {
		n, err := tx.CountMessagesOf(ctx, c.ID)
		if err != nil {
			return err
		}
		s.facts["conversation.messages"] = automation.NumberOf(float64(n))
	}
	if h.Message.IsZero() {
		return nil
	}
	m, err := tx.Message(ctx, h.Message)
	if err != nil {
		return err
	}
	maps.Copy(s.facts, messageFacts(m))
	return nil
}

// addContact looks up who handed the thing in.
func (s *subject) addContact(ctx context.Context, tx *store.Tx, asks map[string]bool) (err error) {
	var who contact.ID
	if s.c != nil {
		who = s.c.Contact
		s.contact.Name = s.c.Name
	} else {
		who = s.talk.Contact
	}
	if who.IsZero() {
		s.facts["contact.name"] = automation.TextOf(s.contact.Name)
		return nil
	}
	s.contact, err = tx.Person(ctx, who)
	if gone(err) {
		return nil
	}
	if err != nil {
		return err
	}
	maps.Copy(s.facts, contactFacts(s.contact))
	if !asks["contact.open_cases"] && !asks["contact.complaints"] {
		return nil
	}
	n, err := tx.HandedInBy(ctx, s.contact.ID)
	s.facts["contact.open_cases"] = automation.NumberOf(float64(n.Open))
	s.facts["contact.complaints"] = automation.NumberOf(float64(n.Complaints))
	return err
}

// caseFacts are the facts that stand in a case itself.
func caseFacts(c ticket.Case) automation.Facts {
	number := func(n int) automation.Value { return automation.NumberOf(float64(n)) }
	open := 0
	for _, t := range c.Tasks {
		if t.State == ticket.TaskOpen {
			open++
		}
	}
	f := automation.Facts{
		"case.number": automation.TextOf(c.Number), "case.kind": automation.TextOf(string(c.Kind)), "case.state": automation.TextOf(string(c.State)),
		"case.stage": automation.TextOf(c.Stage().Code), "case.level": automation.TextOf(string(c.Level)),
		"case.priority": automation.TextOf(priorityWord(c.Priority)), "case.category": automation.TextOf(c.Category),
		"case.subject": automation.TextOf(c.Subject), "case.text": automation.TextOf(c.Text), "case.source": automation.TextOf(c.Source),
		"case.tags": automation.ListOf(c.Tags...), "case.team": automation.TextOf(c.Team.String()), "case.agent": automation.TextOf(c.Agent.String()),
		"case.order": automation.TextOf(c.Order), "case.about_staff": automation.YesNoOf(c.AboutStaff), "case.external": automation.Value{},
		"case.urges": number(c.Urged), "case.reopened": number(c.Reopened), "case.open_tasks": number(open),
		"case.created_at": automation.MomentOf(c.CreatedAt), "case.changed_at": automation.MomentOf(c.UpdatedAt),
		"case.follow_up_at": automation.MomentOf(c.FollowUpAt), "case.due_at": automation.MomentOf(c.DueAt),
	}
	if n := len(c.External); n > 0 {
		f["case.external"] = automation.TextOf(c.External[n-1].Reference)
	}
	return f
}

// priorityWord is a priority as rules write it.
func priorityWord(p ticket.Priority) string {
	switch p {
	case 1:
		return "urgent"
	case 2:
		return "high"
	case 0, 3:
		return "normal"
	}
	return "low"
}

// wordFacts are when the customer and an agent last said something.
func wordFacts(es []ticket.Entry) automation.Facts {
	f := automation.Facts{}
	for _, e := range es {
		switch {
		case e.By == ticket.ByCustomer:
			f["case.customer_at"] = automation.MomentOf(e.At)
		case e.By == ticket.ByAgent && e.Public && e.Text != "":
			f["case.agent_at"] = automation.MomentOf(e.At)
		}
	}
	return f
}

func clockFacts(ck store.ClockOf, p *sla.Promises, now time.Time) automation.Facts {
	f := automation.Facts{
		"clock.metric": automation.TextOf(string(ck.Metric)), "clock.state": automation.TextOf(string(ck.State)), "clock.limit": automation.MomentOf(ck.Limit),
	}
	if ck.Target != nil {
		f["clock.target"] = automation.MomentOf(*ck.Target)
	}
	if t, ok := p.Timetable(ck.Calendar); ok {
		whole := ck.Clock
		whole.PausedAt, whole.MetAt, whole.CancelledAt = time.Time{}, time.Time{}, time.Time{}
		if all := whole.Spent(ck.Limit, t); all > 0 {
			f["clock.percent"] = automation.NumberOf(float64(100 * ck.Spent(now, t) / all))
		}
	}
	return f
}

// talkFacts are the facts that stand in a conversation itself.
func talkFacts(c conversation.Conversation) automation.Facts {
	f := automation.Facts{
		"conversation.state": automation.TextOf(string(c.State)), "conversation.inbox": automation.TextOf(c.Inbox.String()),
		"conversation.team": automation.TextOf(c.Team.String()), "conversation.agent": automation.TextOf(c.Agent.String()),
		"conversation.priority": automation.TextOf(talkPriority(c.Priority)), "conversation.category": automation.Value{}, "conversation.result": automation.Value{},
		"conversation.tags": automation.ListOf(c.Tags...), "conversation.queued_at": automation.MomentOf(c.QueuedAt),
		"conversation.waiting_since": automation.MomentOf(c.WaitingSince), "conversation.created_at": automation.MomentOf(c.StartedAt),
	}
	f["conversation.mood"] = automation.TextOf(string(c.Tension.Level()))
	if c.Summary != nil {
		f["conversation.category"], f["conversation.result"] = automation.TextOf(c.Summary.Category), automation.TextOf(c.Summary.Result)
	}
	return f
}

// talkPriorities are the priorities of conversations, as rules write them.
var talkPriorities = map[string]int{"low": -1, "normal": 0, "high": 1, "urgent": 2}

func talkPriority(p int) string {
	for word, n := range talkPriorities {
		if n == max(-1, min(p, 2)) {
			return word
		}
	}
	return "normal"
}

func messageFacts(m conversation.Message) automation.Facts {
	return automation.Facts{"message.text": automation.TextOf(m.Text), "message.attachments": automation.NumberOf(float64(len(m.Attachments)))}
}

// contactFacts are those of a contact. Tier, and tags beside those that people
// put on, are attributes that the company's own site passes on.
func contactFacts(c contact.Contact) automation.Facts {
	tags := strings.FieldsFunc(c.Attributes["tags"], func(r rune) bool { return strings.ContainsRune(",，、;； ", r) })
	return automation.Facts{
		"contact.name": automation.TextOf(c.Name), "contact.language": automation.TextOf(c.Language), "contact.tier": automation.TextOf(c.Attributes["tier"]),
		"contact.signed": automation.YesNoOf(c.Signed), "contact.tags": automation.ListOf(append(tags, c.Tags...)...),
	}
}

// timeFacts are those of a moment on the company's day.
func timeFacts(s company.Settings, now time.Time) automation.Facts {
	weekday := int(now.Weekday())
	if weekday == 0 {
		weekday = 7
	}
	return automation.Facts{
		"now.hour": automation.NumberOf(float64(now.Hour())), "now.weekday": automation.TextOf(strconv.Itoa(weekday)),
		"now.working": automation.YesNoOf(s.PhoneHours.OpenAt(now)),
	}
}

// gone reports whether what was looked for is not there any more.
func gone(err error) bool { return fault.KindOf(err) == fault.NotFound }
