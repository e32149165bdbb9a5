package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/learning"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// change is what the rules make of a case, and what its history says of it.
type change func(tx *store.Tx, c ticket.Case, h ticket.Handling) (ticket.Case, []ticket.Entry, error)

// move lets the rules change a case, in a transaction: the case, its history,
// its clocks, and what falls due by itself. what is for the consoles.
func (d *Desk) move(ctx context.Context, tx *store.Tx, c ticket.Case, what string, f change) (ticket.Case, []ticket.Entry, error) {
	h, err := tx.Handling(ctx)
	if err != nil {
		return c, nil, err
	}
	next, es, err := f(tx, c, h)
	if err != nil {
		return c, nil, err
	}
	r, err := d.promises(ctx, tx)
	if err != nil {
		return c, nil, err
	}
	b, err := d.bundle(ctx, tx, r, next)
	if err != nil {
		return c, nil, err
	}
	for _, e := range es {
		if err := b.follow(e); err != nil {
			return c, nil, err
		}
	}
	if next.DueAt, err = b.keep(ctx, tx); err != nil {
		return c, nil, err
	}
	next.UpdatedAt = d.Now()
	if next, err = tx.SaveCase(ctx, next); err != nil {
		return c, nil, err
	}
	if !slices.Equal(c.Tags, next.Tags) {
		if err := tx.SetCaseTags(ctx, next.ID, next.Tags); err != nil {
			return c, nil, err
		}
	}
	if err := tx.AddCaseEntries(ctx, next.ID, es); err != nil {
		return c, nil, err
	}
	if err := d.wakeCase(ctx, tx, next, h); err != nil {
		return c, nil, err
	}
	if err := d.tellAssigned(ctx, tx, c, next); err != nil {
		return c, nil, err
	}
	if err := d.writeMoved(ctx, tx, c, next, es); err != nil {
		return c, nil, err
	}
	if err := d.announceCase(ctx, tx, next, what); err != nil {
		return c, nil, err
	}
	return next, es, d.caseMoved(ctx, tx, c, next, es)
}

// tellAssigned tells an agent who has been given a case.
func (d *Desk) tellAssigned(ctx context.Context, tx *store.Tx, was, c ticket.Case) error {
	if c.Agent.IsZero() || c.Agent == was.Agent {
		return nil
	}
	return d.notice(ctx, tx, c.Agent, c, "assigned", "")
}

// mayHear reports whether an agent may hear of a case at all: never if it is
// about them, and of a complaint about another who works here only with the
// permission for those.
func mayHear(ctx context.Context, tx *store.Tx, c ticket.Case, who agent.ID) (bool, error) {
	if !c.MaySee(who) || !c.AboutStaff {
		return c.MaySee(who), nil
	}
	roles, err := tx.RolesOf(ctx, who)
	return agent.Actor{Agent: who}.With(roles...).May(agent.ComplaintStaffRead), err
}

// notice tells one agent about a case.
func (d *Desk) notice(ctx context.Context, tx *store.Tx, to agent.ID, c ticket.Case, kind, from string) error {
	may, err := mayHear(ctx, tx, c, to)
	if err != nil || !may {
		return err
	}
	return d.Inform(ctx, tx, to, event.Notice{Kind: kind, Case: c.ID, Text: c.Number + " " + c.Subject, FromName: from})
}

// work is move for an agent who may see the case and work on it, with a line in
// the audit log.
func (d *Desk) work(ctx context.Context, by agent.Actor, i ticket.ID, what string, f change) (ticket.Case, error) {
	return d.workWith(ctx, by, i, 0, what, f)
}

// workWith is work on a case that touches another one too. Of two the one with
// the lower id is taken first, so that nobody waits for each other.
func (d *Desk) workWith(ctx context.Context, by agent.Actor, i, other ticket.ID, what string, f change) (c ticket.Case, err error) {
	defer fault.Wrap(&err, "%s case %s", what, i)
	if err := by.Need(agent.CaseEdit); err != nil {
		return c, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if !other.IsZero() && other < i {
			if _, err := tx.Case(ctx, other); unlessGone(err) != nil {
				return err
			}
		}
		was, err := seenCase(ctx, tx, by, i)
		if err != nil {
			return err
		}
		var es []ticket.Entry
		if c, es, err = d.move(ctx, tx, was, what, f); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), "case."+what, audit.Of("case", c.ID, c.Number), changesOf(was, c, es)))
	})
	return c, err
}

// changesOf is what the audit log says of a change; texts stay in the history.
func changesOf(was, c ticket.Case, es []ticket.Entry) map[string]any {
	changes := audit.Changes{}
	audit.Add(changes, "state", string(was.State), string(c.State))
	for _, e := range es {
		for _, f := range e.Fields {
			if f.Field == "agent" || f.Field == "team" || f.Field == "level" || f.Field == "category" || f.Field == "kind" {
				changes[f.Field] = map[string]any{"from": f.Old, "to": f.New}
			}
		}
	}
	return changes
}

// needsFor are permissions beyond that of working on cases at all.
var needsFor = map[ticket.Act]agent.Permission{
	ticket.Assign: agent.CaseAssign, ticket.Escalate: agent.CaseEscalate, ticket.Deescalate: agent.CaseEscalate,
}

// DoCase does an act of the case's state machine. A forbidden one is a Conflict
// that offers what is possible now; version, if not 0, is the one that was read.
func (d *Desk) DoCase(ctx context.Context, by agent.Actor, i ticket.ID, version int64, do ticket.Doing) (ticket.Case, error) {
	if need, ok := needsFor[do.Act]; ok {
		if err := by.Need(need); err != nil {
			return ticket.Case{}, err
		}
	}
	do.By = actorOf(by)
	return d.workWith(ctx, by, i, do.Into, string(do.Act), func(tx *store.Tx, c ticket.Case, h ticket.Handling) (ticket.Case, []ticket.Entry, error) {
		if version != 0 && version != c.Version {
			return c, nil, errChanged
		}
		do, err := d.resolve(ctx, tx, c, do)
		if err != nil {
			return c, nil, err
		}
		if do.Act == ticket.Merge {
			return d.merge(ctx, tx, by, c, do, h)
		}
		next, es, err := c.Do(do, h.Windows, d.Now())
		if err != nil || do.Team.IsZero() {
			return next, es, err
		}
		return next, es, d.suggestionUsed(ctx, tx, learning.CaseTeam, do.Suggested.String(), do.Team.String())
	})
}

// resolve fills in names, and refuses people and teams that are not there.
func (d *Desk) resolve(ctx context.Context, tx *store.Tx, c ticket.Case, do ticket.Doing) (ticket.Doing, error) {
	if !do.Agent.IsZero() {
		a, err := tx.Agent(ctx, do.Agent)
		if err != nil {
			return do, err
		}
		if a.Disabled {
			return do, fault.New(fault.Conflict, "case.agent_gone", "%s does not work here any more; choose somebody else", a.Name).In("agent")
		}
		do.AgentName = a.Name
	}
	if !do.Team.IsZero() {
		if _, err := tx.Team(ctx, do.Team); err != nil {
			return do, err
		}
	}
	var err error
	if do.Approval, err = d.approval(ctx, tx, c, do); err != nil {
		return do, err
	}
	if do.Category != "" {
		h, err := tx.Handling(ctx)
		if err != nil {
			return do, err
		}
		cat, ok := h.Categories.Find(do.Category)
		if !ok || cat.Kind != c.Kind {
			return do, fault.New(fault.Invalid, "case.category", "there is no such category; choose another").In("category")
		}
	}
	return do, nil
}

// merge makes a case part of another: everybody who handed in either is told
// what becomes of it (R120).
func (d *Desk) merge(ctx context.Context, tx *store.Tx, by agent.Actor, c ticket.Case, do ticket.Doing, h ticket.Handling) (ticket.Case, []ticket.Entry, error) {
	next, es, err := c.Do(do, h.Windows, d.Now())
	if err != nil {
		return c, nil, err
	}
	into, err := seenCase(ctx, tx, by, do.Into)
	if err != nil {
		return c, nil, err
	}
	_, _, err = d.move(ctx, tx, into, "merge", func(_ *store.Tx, into ticket.Case, _ ticket.Handling) (ticket.Case, []ticket.Entry, error) {
		into, e, err := into.Absorb(do.By, c, d.Now())
		return into, []ticket.Entry{e}, err
	})
	if err != nil {
		return c, nil, err
	}
	return next, es, tx.AddTie(ctx, ticket.Tie{From: c.ID, To: into.ID, Relation: ticket.Duplicate, At: d.Now(), By: by.Name})
}

// one lets a rule that gives one line of history change a case.
func one(f func(c ticket.Case, h ticket.Handling) (ticket.Case, ticket.Entry, error)) change {
	return func(_ *store.Tx, c ticket.Case, h ticket.Handling) (ticket.Case, []ticket.Entry, error) {
		c, e, err := f(c, h)
		return c, []ticket.Entry{e}, err
	}
}

// Reclassify sorts a case anew. What it was sorted as first stays (R071); its
// clocks are computed anew (R070).
func (d *Desk) Reclassify(ctx context.Context, by agent.Actor, i ticket.ID, to ticket.Class, term *ticket.SpecialTerm, reason string) (ticket.Case, error) {
	return d.work(ctx, by, i, string(ticket.Reclassify), one(func(c ticket.Case, h ticket.Handling) (ticket.Case, ticket.Entry, error) {
		return c.Reclassify(actorOf(by), h.Categories, to, term, reason, d.Now())
	}))
}

// Accuse names the person who works here whom a complaint is about. They lose
// it, and never see it again (R108): if they have had it open they know the
// customer's secret, so there is another one then.
func (d *Desk) Accuse(ctx context.Context, by agent.Actor, i ticket.ID, whom agent.ID) (ticket.Case, error) {
	if err := by.Need(agent.ComplaintStaffRead); err != nil {
		return ticket.Case{}, err
	}
	return d.work(ctx, by, i, string(ticket.Accuse), func(tx *store.Tx, c ticket.Case, _ ticket.Handling) (ticket.Case, []ticket.Entry, error) {
		if _, err := tx.Agent(ctx, whom); err != nil && !whom.IsZero() {
			return c, nil, err
		}
		next, e, err := c.Accuse(actorOf(by), whom, d.Now())
		if err != nil {
			return c, nil, err
		}
		if whom != c.Accused {
			looked, err := tx.AuditEntries(ctx, audit.Filter{Actor: whom.String(), Action: caseLook, ObjectID: c.ID.String(), Limit: 1})
			if err != nil {
				return c, nil, err
			}
			if len(looked) > 0 {
				next, e = next.Relock(e)
				if err := d.writeRelocked(ctx, tx, next); err != nil {
					return c, nil, err
				}
			}
		}
		return next, []ticket.Entry{e}, tx.HideCase(ctx, c.ID, whom)
	})
}

// TakeStatement writes down what a party of a dispute says (R113).
func (d *Desk) TakeStatement(ctx context.Context, by agent.Actor, i ticket.ID, p ticket.Party, said string) (ticket.Case, error) {
	return d.work(ctx, by, i, string(ticket.Hearing), one(func(c ticket.Case, _ ticket.Handling) (ticket.Case, ticket.Entry, error) {
		return c.TakeStatement(actorOf(by), p, said, d.Now())
	}))
}

// AddTask adds something to be done before a case can be closed (R111).
func (d *Desk) AddTask(ctx context.Context, by agent.Actor, i ticket.ID, t ticket.Task) (ticket.Case, error) {
	t.ID = ticket.NewTaskID(d.Now())
	return d.work(ctx, by, i, string(ticket.AddTask), one(func(c ticket.Case, _ ticket.Handling) (ticket.Case, ticket.Entry, error) {
		return c.AddTask(actorOf(by), t, d.Now())
	}))
}

// EndTask says what came of a task.
func (d *Desk) EndTask(ctx context.Context, by agent.Actor, i ticket.ID, t ticket.TaskID, result string) (ticket.Case, error) {
	return d.work(ctx, by, i, string(ticket.EndTask), one(func(c ticket.Case, _ ticket.Handling) (ticket.Case, ticket.Entry, error) {
		return c.EndTask(actorOf(by), t, result, d.Now())
	}))
}

// OrderWork sends a work order to a third party (R110).
func (d *Desk) OrderWork(ctx context.Context, by agent.Actor, i ticket.ID, w ticket.Work) (ticket.Case, error) {
	w.ID = ticket.NewWorkID(d.Now())
	return d.work(ctx, by, i, string(ticket.OrderWork), one(func(c ticket.Case, _ ticket.Handling) (ticket.Case, ticket.Entry, error) {
		return c.OrderWork(actorOf(by), w, d.Now())
	}))
}

// MoveWork says how a work order goes on.
func (d *Desk) MoveWork(ctx context.Context, by agent.Actor, i ticket.ID, w ticket.WorkID, a ticket.WorkAct, said string) (ticket.Case, error) {
	return d.work(ctx, by, i, string(ticket.MoveWork), one(func(c ticket.Case, _ ticket.Handling) (ticket.Case, ticket.Entry, error) {
		return c.MoveWork(actorOf(by), w, a, said, d.Now())
	}))
}

// TieCases keeps that two cases belong together: related, duplicate, or the
// first a part of the second.
func (d *Desk) TieCases(ctx context.Context, by agent.Actor, i, to ticket.ID, r ticket.Relation) (ticket.Case, error) {
	return d.workWith(ctx, by, i, to, string(ticket.Link), func(tx *store.Tx, c ticket.Case, _ ticket.Handling) (ticket.Case, []ticket.Entry, error) {
		other, err := seenCase(ctx, tx, by, to)
		if err != nil {
			return c, nil, err
		}
		if r == ticket.ChildOf {
			above, err := ancestors(ctx, tx, other)
			if err != nil {
				return c, nil, err
			}
			c, e, err := c.Under(actorOf(by), other, above, d.Now())
			return c, []ticket.Entry{e}, err
		}
		t, e, err := c.Tie(actorOf(by), other, r, d.Now())
		if err != nil {
			return c, nil, err
		}
		return c, []ticket.Entry{e}, tx.AddTie(ctx, t)
	})
}

// ancestors are the cases above a case, at most a hundred.
func ancestors(ctx context.Context, tx *store.Tx, c ticket.Case) (above []ticket.ID, err error) {
	for range 100 {
		if c.Parent.IsZero() {
			break
		}
		above = append(above, c.Parent)
		if c, err = tx.Case(ctx, c.Parent); err != nil {
			return nil, err
		}
	}
	return above, nil
}

// SplitCase makes a part of a case a case of its own, related to it. Asking
// again under the same client id gives the same case again.
func (d *Desk) SplitCase(ctx context.Context, by agent.Actor, i ticket.ID, k ticket.Kind, subject, text, clientID string) (part ticket.Case, err error) {
	if err := conversation.CheckClientID(clientID); err != nil {
		return part, err
	}
	_, err = d.work(ctx, by, i, string(ticket.Split), func(tx *store.Tx, c ticket.Case, _ ticket.Handling) (ticket.Case, []ticket.Entry, error) {
		p, e, err := c.Split(actorOf(by), k, subject, text, d.Now())
		if err != nil {
			return c, nil, err
		}
		var isNew bool
		if part, isNew, err = d.openCase(ctx, tx, p, actorOf(by), by.Agent.String(), clientID, nil); err != nil {
			return c, nil, err
		}
		if !isNew {
			return c, nil, again(&part, by)
		}
		return c, []ticket.Entry{e}, tx.AddTie(ctx, ticket.Tie{From: c.ID, To: part.ID, Relation: ticket.Related, At: d.Now(), By: by.Name})
	})
	return part, err
}

// HandIn opens a case for a customer who called, came, or wrote a letter: the
// promises count from when it was received (R012). Name, phone and address that
// are left out are those of the contact. A complaint about somebody who works
// here names them.
func (d *Desk) HandIn(ctx context.Context, by agent.Actor, c ticket.Case, files []conversation.AttachmentID, clientID string) (_ ticket.Case, err error) {
	defer fault.Wrap(&err, "hand in a case")
	if err := by.Need(agent.CaseEdit); err != nil {
		return c, err
	}
	if !c.Accused.IsZero() {
		c.AboutStaff = true
		if err := by.Need(agent.ComplaintStaffRead); err != nil {
			return c, err
		}
		if c.Accused == by.Agent {
			return ticket.Case{}, fault.New(fault.Conflict, "case.accused", "the complaint is about this person; choose somebody else").In("accused_id")
		}
	}
	typed := c
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if err := checkSource(typed, d.Now()); err != nil {
			return err
		}
		if err := checkPeople(ctx, tx, by, typed); err != nil {
			return err
		}
		kept, err := reachable(ctx, tx, typed)
		if err != nil {
			return err
		}
		opened, isNew, err := d.openCase(ctx, tx, kept, actorOf(by), by.Agent.String(), clientID, files)
		if err != nil {
			return err
		}
		c = opened
		if !isNew {
			return again(&c, by)
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), "case.open", audit.Of("case", c.ID, c.Number), map[string]any{"kind": string(c.Kind), "source": c.Source}))
	})
	return c, err
}

// again is the answer to who asks a second time for a case of theirs: it may
// not be theirs to see any more, and is never if it is about them.
func again(c *ticket.Case, by agent.Actor) error {
	switch {
	case !c.MaySee(by.Agent):
		*c = ticket.Case{}
		return errNoCase
	case !c.SeenBy(by):
		c.Course = ticket.Course{}
	}
	return nil
}

var errNoCase = fault.New(fault.NotFound, "case.unknown", "there is no such %s", "case")

// reachable returns a case with what it leaves out of its contact.
func reachable(ctx context.Context, tx *store.Tx, c ticket.Case) (ticket.Case, error) {
	if c.Contact.IsZero() {
		return c, nil
	}
	who, err := tx.Contact(ctx, c.Contact)
	if err != nil {
		return c, err
	}
	if c.Name == "" {
		c.Name = who.Name
	}
	if c.Phone == "" && c.Email == "" {
		c.Phone, c.Email = who.Phone, who.Email
	}
	return c, nil
}

// checkSource says what is wrong with how a case came in.
func checkSource(c ticket.Case, now time.Time) error {
	const oldest = 366 * 24 * time.Hour
	switch {
	case !ticket.KnownSource(c.Source):
		return fault.New(fault.Invalid, "case.source", "say how it came in: phone, letter, email, visit or chat").In("source")
	case !c.ReceivedAt.IsZero() && (c.ReceivedAt.After(now) || now.Sub(c.ReceivedAt) > oldest):
		return fault.New(fault.Invalid, "case.received", "it was received at some time in the past year").In("received_at")
	}
	return nil
}

// checkPeople refuses people and conversations that are not there, or not for
// the actor to see.
func checkPeople(ctx context.Context, tx *store.Tx, by agent.Actor, c ticket.Case) error {
	if !c.Contact.IsZero() {
		if _, err := tx.Contact(ctx, c.Contact); err != nil {
			return err
		}
	}
	if !c.Accused.IsZero() {
		if _, err := tx.Agent(ctx, c.Accused); err != nil {
			return err
		}
	}
	if c.Conversation.IsZero() {
		return nil
	}
	_, err := seen(ctx, tx, by, c.Conversation)
	return err
}

// CaseDue is the payload of CaseJob: something that a case does by itself.
type CaseDue struct {
	Case ticket.ID  `json:"case"`
	Act  ticket.Act `json:"act"`
	At   time.Time  `json:"at"`
}

// wakeCase leaves a job for what the case does next by itself. One that comes
// when things have moved on finds it not possible, and ends.
func (d *Desk) wakeCase(ctx context.Context, tx *store.Tx, c ticket.Case, h ticket.Handling) error {
	for _, w := range c.Wakes(h.Windows, d.Now()) {
		name := c.ID.String() + "/" + string(w.Act) + "@" + w.At.UTC().Format(time.RFC3339)
		if err := tx.EnqueueOnce(ctx, CaseJob, name, CaseDue{c.ID, w.Act, w.At}, wholly(w.At), d.Now()); err != nil {
			return err
		}
	}
	return nil
}

// WakeCase does what a case does by itself: remind the customer, give up,
// confirm by silence, or tell whoever has it that a day has come.
func (d *Desk) WakeCase(ctx context.Context, w CaseDue) error {
	err := d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Case(ctx, w.Case)
		if err != nil {
			return err
		}
		if w.Act == ticket.FollowUp || w.Act == ticket.Snooze {
			return d.remember(ctx, tx, c, w)
		}
		h, err := tx.Handling(ctx)
		if err != nil {
			return err
		}
		if !c.Wants(w.Act, w.At, h.Windows) { // things have moved on, or the windows are others now
			return d.wakeCase(ctx, tx, c, h)
		}
		_, _, err = d.move(ctx, tx, c, string(w.Act), func(_ *store.Tx, c ticket.Case, h ticket.Handling) (ticket.Case, []ticket.Entry, error) {
			return c.Do(ticket.Doing{Act: w.Act, By: ticket.Actor{Who: ticket.ByTimer}}, h.Windows, d.Now())
		})
		return err
	})
	if fault.KindOf(err) == fault.Conflict && err != nil && !errors.Is(err, errChanged) {
		return nil // things have moved on
	}
	return unlessGone(err)
}

// unlessGone is an error of something that is done by itself: for a case that
// is no more there is nothing to do.
func unlessGone(err error) error {
	if c := fault.CodeOf(err); err != nil && (c == "case.unknown" || c == "clock.unknown" || c == "conversation.unknown") {
		return nil
	}
	return err
}

var errChanged = fault.New(fault.Conflict, "store.changed", "someone changed this a moment ago; read it again")

// remember tells whoever has a case that the day for it has come, once.
func (d *Desk) remember(ctx context.Context, tx *store.Tx, c ticket.Case, w CaseDue) error {
	at := c.FollowUpAt
	if w.Act == ticket.Snooze {
		at = c.SnoozedUntil
	}
	if !at.Equal(w.At) || c.Agent.IsZero() || c.State.Over() {
		return nil
	}
	key := c.ID.String() + "/" + string(w.Act) + "/" + w.At.UTC().Format(time.RFC3339)
	first, err := tx.Once(ctx, key, d.Now())
	if err != nil || !first {
		return err
	}
	if err := d.notice(ctx, tx, c.Agent, c, string(w.Act), ""); err != nil {
		return err
	}
	return d.announceCase(ctx, tx, c, string(w.Act))
}
