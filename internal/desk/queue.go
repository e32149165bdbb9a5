package desk

import (
	"context"
	"slices"
	"strconv"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/learning"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// enqueue puts a conversation in the queue and sees to it that it is routed.
func (d *Desk) enqueue(ctx context.Context, tx *store.Tx, c conversation.Conversation, a conversation.Act, why conversation.Reason) (conversation.Conversation, error) {
	was := c
	r, err := tx.RoutingRules(ctx)
	if err != nil {
		return c, err
	}
	if c, err = c.Queue(a, why, r, d.Now()); err != nil {
		return c, err
	}
	if was.QueuedAt.IsZero() {
		if c, err = d.describe(ctx, tx, c, r); err != nil {
			return c, err
		}
	}
	if err := d.talkHappens(ctx, tx, automation.ConversationQueued, queuedBy[why], &was, c, 0); err != nil {
		return c, err
	}
	return c, d.wantRoute(ctx, tx, d.Now())
}

// describe says what a conversation that has come to the queue needs, who
// served its contact last, and gives it the place that the contact left.
func (d *Desk) describe(ctx context.Context, tx *store.Tx, c conversation.Conversation, r routing.Rules) (conversation.Conversation, error) {
	in, err := tx.InboxByID(ctx, c.Inbox)
	if err != nil {
		return c, err
	}
	needs, err := tx.Speaks(ctx, c.Language)
	if err != nil {
		return c, err
	}
	c.Needs = append(needs, in.Settings.Skills...)
	if r.StickyDays > 0 && c.Prefers.IsZero() {
		if c.Prefers, err = tx.ServedLast(ctx, c, d.Now().AddDate(0, 0, -r.StickyDays)); err != nil {
			return c, err
		}
	}
	if r.ResumeMinutes > 0 {
		left, err := tx.LeftQueue(ctx, c, d.Now().Add(-time.Duration(r.ResumeMinutes)*time.Minute))
		if err != nil {
			return c, err
		}
		if !left.IsZero() && left.Before(c.QueuedAt) {
			c = c.Since(left, r)
		}
	}
	return c, d.wantPatience(ctx, tx, c, r)
}

// queuedBy is who made a conversation wait; all else is the program's doing.
var queuedBy = map[conversation.Reason]conversation.From{
	conversation.Asked: conversation.FromContact, conversation.Transfer: conversation.FromAgent,
}

// wantRoute leaves a job that looks at the queue; one look is enough for all
// that changed until then.
func (d *Desk) wantRoute(ctx context.Context, tx *store.Tx, due time.Time) error {
	return tx.WantRoute(ctx, due, d.Now())
}

// routeBatch is how much of the queue is read at once, and mostGiven what one
// transaction gives out: meanwhile others wait for what it has changed.
const (
	routeBatch = 100
	mostGiven  = 50
)

// Route offers what waits to the agents who are free, in the order of the
// queue. What nobody can take now goes on waiting, and does not keep from work
// who could take what stands behind it.
func (d *Desk) Route(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "route the queue")
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.HoldQueue(ctx); err != nil {
			return err
		}
		if err := tx.Looks(ctx, RouteJob, d.Now()); err != nil {
			return err
		}
		waiting, err := tx.Waiting(ctx, nil, routeBatch)
		if err != nil || len(waiting) == 0 {
			return err
		}
		attended, err := tx.Attended(ctx, d.Now().Add(-Grace))
		if err != nil {
			return err
		}
		if !attended {
			return d.tellNobody(ctx, tx)
		}
		g, err := d.giving(ctx, tx)
		if err != nil {
			return err
		}
		for len(waiting) > 0 && g.hasRoom() {
			for _, c := range waiting {
				if g.given == mostGiven {
					return d.wantRoute(ctx, tx, d.Now())
				}
				if err := g.place(ctx, c); err != nil {
					return err
				}
			}
			if waiting, err = tx.Waiting(ctx, &waiting[len(waiting)-1], routeBatch); err != nil {
				return err
			}
		}
		if !g.again.IsZero() {
			return d.wantRoute(ctx, tx, g.again)
		}
		return nil
	})
}

// giving is one look at the queue: who is there, what the rules are, and what
// was given out so far.
type giving struct {
	d       *Desk
	tx      *store.Tx
	rules   routing.Rules
	agents  []routing.Candidate
	resting map[conversation.ID][]routing.Offer
	accused map[conversation.ID][]agent.ID
	tried   map[string]bool // kinds of work that nobody can take now
	given   int
	again   time.Time // when time alone may change something
}

func (d *Desk) giving(ctx context.Context, tx *store.Tx) (*giving, error) {
	g := &giving{d: d, tx: tx, tried: map[string]bool{}}
	var err error
	if g.rules, err = tx.RoutingRules(ctx); err != nil {
		return nil, err
	}
	s, err := tx.Company(ctx)
	if err != nil {
		return nil, err
	}
	if g.agents, err = tx.Candidates(ctx, g.rules, midnight(today(s, d.Now())), d.Now()); err != nil {
		return nil, err
	}
	if g.resting, err = tx.Resting(ctx, d.Now().Add(-g.rules.Rest())); err != nil {
		return nil, err
	}
	if g.accused, err = tx.Accused(ctx); err != nil {
		return nil, err
	}
	g.again, err = tx.WrapUpEnds(ctx, g.rules, d.Now())
	return g, err
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// hasRoom reports whether anybody may get more.
func (g *giving) hasRoom() bool {
	return slices.ContainsFunc(g.agents, func(c routing.Candidate) bool { return c.Load < c.Capacity })
}

// work is a conversation as the rules of routing see it.
func (g *giving) work(c conversation.Conversation) routing.Work {
	w := g.rules.Of(c.Channel)
	w.Team, w.Needs, w.Prefers, w.Never, w.Offers, w.Since = c.Team, c.Needs, c.Prefers, g.accused[c.ID], g.resting[c.ID], c.QueuedAt
	return w
}

// place offers a conversation to whom the routing chooses, and counts it in
// that candidate's load. What is like something that nobody can take is not
// asked about again.
func (g *giving) place(ctx context.Context, c conversation.Conversation) error {
	w := g.work(c)
	kind := ""
	if len(w.Never) == 0 && len(w.Offers) == 0 && w.Prefers.IsZero() {
		if kind = g.rules.Class(w, g.d.Now()); g.tried[kind] {
			return nil
		}
	}
	choice := routing.Decide(w, g.agents, g.rules, g.d.Now())
	if choice.Agent.IsZero() {
		if kind != "" {
			g.tried[kind] = true
		}
		if !choice.Again.IsZero() && (g.again.IsZero() || choice.Again.Before(g.again)) {
			g.again = choice.Again
		}
		return nil
	}
	c, err := g.tx.Conversation(ctx, c.ID) // nobody else changes it until the end
	if err != nil || c.State != conversation.Queued || c.Offer != nil {
		return err // taken by hand meanwhile
	}
	for i := range g.agents {
		if a := &g.agents[i]; a.Agent == choice.Agent {
			*a = a.Holding(w)
			a.IdleSince, a.OfferedAt = g.d.Now(), g.d.Now()
			a.Today++
		}
	}
	g.given++
	return g.d.offer(ctx, g.tx, c, choice)
}

// offer lets a conversation ring at an agent, for as long as its inbox says.
func (d *Desk) offer(ctx context.Context, tx *store.Tx, c conversation.Conversation, to routing.Decision) error {
	in, err := tx.InboxByID(ctx, c.Inbox)
	if err != nil {
		return err
	}
	until := d.Now().Add(time.Duration(in.Settings.RingSeconds) * time.Second)
	if byMail(c) {
		until = d.Now().Add(mailRings)
	}
	c.Offer = &conversation.Offer{Agent: to.Agent, Until: until}
	if c, err = tx.SaveConversation(ctx, c); err != nil {
		return err
	}
	if err := tx.InsertOffer(ctx, c.ID, to, d.Now()); err != nil {
		return err
	}
	if err := d.followCall(ctx, tx, c, to.Agent, call.Offer); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, OfferEndJob, OfferEnd{Conversation: c.ID, Agent: to.Agent, Until: until}, until, d.Now()); err != nil {
		return err
	}
	return d.announce(ctx, tx, c, "offered", 0)
}

// mailRings is how long a conversation by mail stays with whom it is offered to.
const mailRings = 30 * time.Minute

// EndOffer takes back an offer that nobody answered. The conversation keeps
// its place, which is the head of the queue, and rings elsewhere.
func (d *Desk) EndOffer(ctx context.Context, w OfferEnd) (err error) {
	defer fault.Wrap(&err, "end the offer of %s", w.Conversation)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(ctx, w.Conversation)
		if err != nil || c.Offer == nil || c.Offer.Agent != w.Agent || !c.Offer.Until.Equal(w.Until) {
			return err // accepted, declined or offered anew meanwhile
		}
		if byMail(c) { // it can wait, and tells nothing of who is at their desk
			return d.withdraw(ctx, tx, c, "withdrawn")
		}
		if err := d.withdraw(ctx, tx, c, "missed"); err != nil {
			return err
		}
		return d.pauseSilent(ctx, tx, w.Agent)
	})
}

// pauseSilent takes an agent who let the last offers ring out of the queue, as
// they are not at their desk, and tells them why.
func (d *Desk) pauseSilent(ctx context.Context, tx *store.Tx, a agent.ID) error {
	r, err := tx.RoutingRules(ctx)
	if err != nil || r.MissedToPause == 0 {
		return err
	}
	seat, err := tx.Seat(ctx, a)
	if err != nil || seat.Presence.State != agent.Online {
		return err
	}
	silent, err := tx.MissedInARow(ctx, a, r.MissedToPause, seat.Presence.Since)
	if err != nil || !silent {
		return err
	}
	p, err := seat.Presence.Set(agent.Break, agent.NotResponding, d.Now())
	if err != nil {
		return err
	}
	if err := d.sit(ctx, tx, seat, p); err != nil {
		return err
	}
	return d.notify(ctx, tx, a, "paused", conversation.Conversation{}, strconv.Itoa(r.MissedToPause), "")
}

// withdraw ends the offer that rings, and lets the queue be looked at.
func (d *Desk) withdraw(ctx context.Context, tx *store.Tx, c conversation.Conversation, outcome string) error {
	was := c.Offer.Agent
	if err := tx.EndOffer(ctx, c.ID, was, outcome, d.Now()); err != nil {
		return err
	}
	c.Offer = nil
	c, err := tx.SaveConversation(ctx, c)
	if err != nil {
		return err
	}
	if err := d.followCall(ctx, tx, c, 0, call.Miss); err != nil {
		return err
	}
	if err := d.announce(ctx, tx, c, outcome, was); err != nil {
		return err
	}
	return d.wantRoute(ctx, tx, d.Now())
}

// Accept gives a conversation that rings at the agent to them. Accepting what
// one has already gives the same answer; what someone else has is a Conflict.
func (d *Desk) Accept(ctx context.Context, by agent.Actor, i conversation.ID) (conversation.Conversation, error) {
	return d.assign(ctx, by, i, agent.ConversationReply, func(c conversation.Conversation) error {
		if c.Offer == nil || c.Offer.Agent != by.Agent {
			return fault.New(fault.Conflict, "conversation.not_offered", "this conversation no longer rings at you; take it from the queue")
		}
		return nil
	})
}

// Take picks a conversation from the queue or from the assistant, or, for
// those who may monitor, from another agent.
func (d *Desk) Take(ctx context.Context, by agent.Actor, i conversation.ID) (conversation.Conversation, error) {
	return d.assign(ctx, by, i, agent.ConversationTake, func(c conversation.Conversation) error {
		if c.State == conversation.Active && !by.May(agent.ConversationMonitor) {
			return fault.New(fault.Conflict, "conversation.taken", "%s answers this conversation", c.AgentName)
		}
		if c.Offer != nil && c.Offer.Agent != by.Agent && !by.May(agent.ConversationMonitor) {
			return fault.New(fault.Conflict, "conversation.ringing", "this conversation rings at a colleague; wait a moment")
		}
		return nil
	})
}

func (d *Desk) assign(ctx context.Context, by agent.Actor, i conversation.ID, p agent.Permission, allowed func(conversation.Conversation) error) (c conversation.Conversation, err error) {
	defer fault.Wrap(&err, "give %s to %s", i, by.Agent)
	if err := by.Need(p); err != nil {
		return c, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if c, err = seen(ctx, tx, by, i); err != nil {
			return err
		}
		if c.State == conversation.Active && c.Agent == by.Agent {
			return nil
		}
		if byPhone(c) {
			return errByPhone
		}
		if err := maySpeak(ctx, tx, c, by.Agent); err != nil {
			return err
		}
		switch {
		case c.State == conversation.Active && !by.May(agent.ConversationMonitor):
			return fault.New(fault.Conflict, "conversation.taken", "%s answers this conversation", c.AgentName)
		}
		if err := allowed(c); err != nil {
			return err
		}
		if c.State == conversation.Bot {
			if c, err = d.learnt(ctx, tx, c); err != nil {
				return err
			}
		}
		c, err = d.give(ctx, tx, c, by.Agent, conversation.Accept)
		return err
	})
	return c, err
}

// give lets an agent answer a conversation from now on.
func (d *Desk) give(ctx context.Context, tx *store.Tx, c conversation.Conversation, to agent.ID, a conversation.Act) (conversation.Conversation, error) {
	seat, err := tx.Seat(ctx, to)
	if err != nil {
		return c, err
	}
	was, rang, over := c.Agent, c.Offer, c.State == conversation.Active && c.Agent != to
	from, took := c.AgentName, len(c.Participants)
	if c, err = c.Take(a, agent.Ref[agent.ID]{ID: seat.ID, Name: seat.Name}, d.Now()); err != nil {
		return c, err
	}
	if len(c.Participants) != took {
		if c, err = tx.SaveParticipants(ctx, c); err != nil {
			return c, err
		}
	}
	if rang != nil {
		outcome := "accepted"
		if rang.Agent != to {
			outcome = "withdrawn"
		}
		if err := tx.EndOffer(ctx, c.ID, rang.Agent, outcome, d.Now()); err != nil {
			return c, err
		}
		if rang.Agent != to { // who has room for another now
			if err := d.wantRoute(ctx, tx, d.Now()); err != nil {
				return c, err
			}
		}
	}
	if err := tx.EndForecasts(ctx, c.ID, "answered", d.Now()); err != nil {
		return c, err
	}
	if err := tx.SetIdle(ctx, to, d.Now()); err != nil {
		return c, err
	}
	if byPhone(c) { // who is on the line has answered
		if c.FirstReplyAt.IsZero() {
			c.FirstReplyAt = d.Now()
		}
		if err := d.answered(ctx, tx, c); err != nil {
			return c, err
		}
		if err := d.followCall(ctx, tx, c, to, call.Connect); err != nil {
			return c, err
		}
	}
	if over {
		if c, err = d.takenOver(ctx, tx, c, was, from, seat.Name); err != nil {
			return c, err
		}
	}
	if c, err = d.tell(ctx, tx, c, "accepted", map[string]string{"agent": seat.Name}); err != nil {
		return c, err
	}
	if err := d.announce(ctx, tx, c, "accepted", was); err != nil {
		return c, err
	}
	if err := d.listen(ctx, tx, c); err != nil {
		return c, err
	}
	return c, d.tellLoad(ctx, tx, to)
}

// takenOver keeps that a conversation was taken from an agent, who is told.
func (d *Desk) takenOver(ctx context.Context, tx *store.Tx, c conversation.Conversation, was agent.ID, from, to string) (conversation.Conversation, error) {
	c, err := d.tell(ctx, tx, c, "taken_over", map[string]string{"from": from, "to": to})
	if err != nil {
		return c, err
	}
	if err := d.notify(ctx, tx, was, "taken", c, c.ContactName, to); err != nil {
		return c, err
	}
	return c, d.tellLoad(ctx, tx, was)
}

// Decline gives a conversation that rings back to the head of the queue.
func (d *Desk) Decline(ctx context.Context, by agent.Actor, i conversation.ID) (c conversation.Conversation, err error) {
	defer fault.Wrap(&err, "decline %s", i)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if c, err = tx.Conversation(ctx, i); err != nil {
			return err
		}
		if c.Offer == nil || c.Offer.Agent != by.Agent {
			if !by.Sees(c.Sight()) {
				return fault.New(fault.NotFound, "conversation.unknown", "there is no such %s", "conversation")
			}
			return nil // it does not ring here any more, which is what was wished
		}
		if err := d.withdraw(ctx, tx, c, "declined"); err != nil {
			return err
		}
		c.Offer = nil
		return nil
	})
	return c, err
}

// Handover says to whom a conversation goes, and why.
type Handover struct {
	Agent     agent.ID     // one person, or
	Team      agent.TeamID // a team, or
	Assistant bool
	Note      string // what the next one must know; only the assistant needs none
	// Suggested is the team that closed work suggested, if it did.
	Suggested agent.TeamID
	// Within is the expected time that the contact is told, with a clock that
	// holds us to it (R073); zero promises nothing.
	Within time.Duration
}

// longestExpected is the longest time that a contact is told to expect.
const longestExpected = 7 * 24 * time.Hour

// Transfer hands a conversation on, with a note that the contact does not see.
// The contact goes to the head of the queue: they have waited already.
func (d *Desk) Transfer(ctx context.Context, by agent.Actor, i conversation.ID, h Handover) (c conversation.Conversation, err error) {
	defer fault.Wrap(&err, "transfer %s", i)
	if h, err = h.check(by); err != nil {
		return c, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err = d.transfer(ctx, tx, by, i, h)
		return err
	})
	return c, err
}

// check returns the handover as it is kept, or what is wrong with it.
func (h Handover) check(by agent.Actor) (Handover, error) {
	if err := by.Need(agent.ConversationTransfer); err != nil {
		return h, err
	}
	note, err := conversation.CheckText(h.Note, 0)
	switch {
	case h.targets() != 1:
		return h, fault.New(fault.Invalid, "transfer.target", "choose a colleague, a team or the assistant").In("body.agent_id")
	case fault.CodeOf(err) == "message.empty" && h.Assistant:
	case fault.CodeOf(err) == "message.empty":
		return h, fault.New(fault.Invalid, "transfer.note", "write what your colleague must know").In("body.note")
	case err != nil:
		return h, err
	case h.Within < 0 || h.Within > longestExpected:
		return h, fault.New(fault.Invalid, "transfer.within", "the expected time is at most %d days", 7).In("body.within_minutes")
	case h.Agent == by.Agent:
		return h, fault.New(fault.Invalid, "transfer.self", "choose someone else").In("body.agent_id")
	}
	h.Note = note
	return h, nil
}

// targets is how many are named to whom it goes.
func (h Handover) targets() (n int) {
	for _, named := range []bool{!h.Agent.IsZero(), !h.Team.IsZero(), h.Assistant} {
		if named {
			n++
		}
	}
	return n
}

func (d *Desk) transfer(ctx context.Context, tx *store.Tx, by agent.Actor, i conversation.ID, h Handover) (conversation.Conversation, error) {
	c, err := seen(ctx, tx, by, i)
	if err != nil {
		return c, err
	}
	if c.State == conversation.Active && c.Agent != by.Agent && !by.May(agent.ConversationMonitor) {
		return c, notYours(c, by)
	}
	if h.Assistant && byPhone(c) {
		return c, fault.New(fault.Conflict, "transfer.by_phone", "the assistant does not speak on the telephone; choose a colleague or a team")
	}
	if h.Assistant {
		return d.handToAssistant(ctx, tx, c, by, h.Note)
	}
	if !h.Team.IsZero() {
		if err := d.suggestionUsed(ctx, tx, learning.TalkTeam, h.Suggested.String(), h.Team.String()); err != nil {
			return c, err
		}
	}
	return d.handOn(ctx, tx, c, by, h)
}

func (d *Desk) handOn(ctx context.Context, tx *store.Tx, c conversation.Conversation, by agent.Actor, h Handover) (conversation.Conversation, error) {
	to, choice, err := d.target(ctx, tx, by, c, h)
	if err != nil {
		return c, err
	}
	was := c.Agent
	c.Prefers = 0 // it is to go to somebody else
	if c.Offer != nil {
		if err := tx.EndOffer(ctx, c.ID, c.Offer.Agent, "withdrawn", d.Now()); err != nil {
			return c, err
		}
	}
	if c, err = d.enqueue(ctx, tx, c, conversation.HandOn, conversation.Transfer); err != nil {
		return c, err
	}
	if !h.Team.IsZero() {
		c.Team = h.Team
	}
	if err := d.followCall(ctx, tx, c, 0, call.Miss, call.Return, call.Part, call.Requeue); err != nil {
		return c, err
	}
	if c, _, _, err = d.add(ctx, tx, c, conversation.Message{
		From: conversation.FromAgent, AuthorID: by.Agent.String(), AuthorName: by.Name, Kind: conversation.Note, Text: h.Note, At: d.Now(),
	}); err != nil {
		return c, err
	}
	args := map[string]string{"from": by.Name, "to": to}
	if h.Within > 0 {
		c.ExpectedAt = d.Now().Add(h.Within)
		n := strconv.Itoa(int(h.Within.Minutes()))
		args["minutes"] = n
		args["told"] = inbox.Text{Zh: "专员预计 " + n + " 分钟内回复您", En: "A specialist answers you within about " + n + " minutes"}.In(c.Language)
		if err := d.expect(ctx, tx, c); err != nil {
			return c, err
		}
	}
	if c, err = d.tell(ctx, tx, c, "transferred", args); err != nil {
		return c, err
	}
	if err := d.announce(ctx, tx, c, "transferred", was); err != nil {
		return c, err
	}
	if !was.IsZero() {
		if err := tx.HandedOn(ctx, c.ID, was, handed(by), d.Now()); err != nil {
			return c, err
		}
		if err := d.tellLoad(ctx, tx, was); err != nil {
			return c, err
		}
	}
	if h.Agent.IsZero() {
		return c, nil
	}
	if err := d.notify(ctx, tx, h.Agent, "transfer", c, h.Note, by.Name); err != nil {
		return c, err
	}
	if err := d.offer(ctx, tx, c, choice); err != nil {
		return c, err
	}
	return tx.Conversation(ctx, c.ID)
}

// target checks to whom a conversation is handed, and returns the name.
func (d *Desk) target(ctx context.Context, tx *store.Tx, by agent.Actor, c conversation.Conversation, h Handover) (string, routing.Decision, error) {
	if !h.Team.IsZero() {
		name, err := tx.TeamName(ctx, h.Team)
		return name, routing.Decision{}, err
	}
	seat, err := tx.Seat(ctx, h.Agent)
	if err != nil {
		return "", routing.Decision{}, err
	}
	if !isThere(seat) {
		return "", routing.Decision{}, fault.New(fault.Conflict, "transfer.away", "%s is not there now; choose someone else or a team", seat.Name)
	}
	if err := maySpeak(ctx, tx, c, seat.ID); err != nil {
		return "", routing.Decision{}, err
	}
	if err := d.mayRing(ctx, tx, c, seat); err != nil {
		return "", routing.Decision{}, err
	}
	return seat.Name, routing.Decision{Agent: seat.ID, Name: seat.Name, Why: handed(by)}, nil
}

func handed(by agent.Actor) []phrase.Reason {
	return []phrase.Reason{phrase.Because("route.handed", "handed over by %s", by.Name)}
}

// maySpeak refuses a conversation to whom its contact complains about (M040).
// It does not say why: who works here does not learn of a complaint that way.
func maySpeak(ctx context.Context, tx *store.Tx, c conversation.Conversation, as ...agent.ID) error {
	if len(as) == 0 {
		return nil
	}
	accused, err := tx.AccusedBy(ctx, c.Contact)
	if err == nil && slices.ContainsFunc(as, func(a agent.ID) bool { return slices.Contains(accused, a) }) {
		err = fault.New(fault.Conflict, "conversation.elsewhere", "this conversation goes to other colleagues; choose somebody else")
	}
	return err
}
