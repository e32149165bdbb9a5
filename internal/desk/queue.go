package desk

import (
	"context"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// enqueue puts a conversation in the queue and sees to it that it is routed.
func (d *Desk) enqueue(ctx context.Context, tx *store.Tx, c conversation.Conversation, a conversation.Act, why conversation.Reason) (conversation.Conversation, error) {
	was := c
	c, err := c.Queue(a, why, d.Now())
	if err != nil {
		return c, err
	}
	if err := d.talkHappens(ctx, tx, automation.ConversationQueued, queuedBy[why], &was, c, 0); err != nil {
		return c, err
	}
	return c, d.wantRoute(ctx, tx, d.Now())
}

// queuedBy is who made a conversation wait; all else is the program's doing.
var queuedBy = map[conversation.Reason]conversation.From{
	conversation.Asked: conversation.FromContact, conversation.Transfer: conversation.FromAgent,
}

// wantRoute leaves a job that looks at the queue; one is enough for all that
// changes until it runs.
func (d *Desk) wantRoute(ctx context.Context, tx *store.Tx, due time.Time) error {
	return tx.EnqueueOnce(ctx, RouteJob, "queue", nil, due, d.Now())
}

// routeBatch is how much of the queue one transaction serves.
const routeBatch = 50

// Route offers what waits to the agents who are free, in the order of the
// queue. What nobody can take now goes on waiting.
func (d *Desk) Route(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "route the queue")
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		waiting, err := tx.Waiting(ctx, routeBatch)
		if err != nil || len(waiting) == 0 {
			return err
		}
		cs, err := tx.Candidates(ctx)
		if err != nil {
			return err
		}
		offered := 0
		for _, c := range waiting {
			done, err := d.offerBest(ctx, tx, c, cs)
			if err != nil {
				return err
			}
			if done {
				offered++
			}
		}
		if offered == routeBatch {
			return d.wantRoute(ctx, tx, d.Now())
		}
		if offered < len(waiting) && len(cs) > 0 { // who was just asked may be asked again then
			return d.wantRoute(ctx, tx, d.Now().Add(routing.Rest))
		}
		return nil
	})
}

// offerBest offers a conversation to whom the routing chooses, and counts it
// in that candidate's load.
func (d *Desk) offerBest(ctx context.Context, tx *store.Tx, c conversation.Conversation, cs []routing.Candidate) (bool, error) {
	past, err := tx.OffersOf(ctx, c.ID)
	if err != nil {
		return false, err
	}
	choice := routing.Decide(routing.Work{Team: c.Team, Offers: past}, cs, d.Now())
	if choice.Agent.IsZero() {
		return false, nil
	}
	for i := range cs {
		if cs[i].Agent == choice.Agent {
			cs[i].Load++
			cs[i].IdleSince = d.Now()
		}
	}
	return true, d.offer(ctx, tx, c, choice)
}

// offer lets a conversation ring at an agent, for as long as its inbox says.
func (d *Desk) offer(ctx context.Context, tx *store.Tx, c conversation.Conversation, to routing.Decision) error {
	in, err := tx.InboxByID(ctx, c.Inbox)
	if err != nil {
		return err
	}
	until := d.Now().Add(time.Duration(in.Settings.RingSeconds) * time.Second)
	c.Offer = &conversation.Offer{Agent: to.Agent, Until: until}
	if c, err = tx.SaveConversation(ctx, c); err != nil {
		return err
	}
	if err := tx.InsertOffer(ctx, c.ID, to, d.Now()); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, OfferEndJob, OfferEnd{Conversation: c.ID, Agent: to.Agent, Until: until}, until, d.Now()); err != nil {
		return err
	}
	return d.announce(ctx, tx, c, "offered", 0)
}

// EndOffer takes back an offer that nobody answered. The conversation keeps
// its place, which is the head of the queue, and rings elsewhere.
func (d *Desk) EndOffer(ctx context.Context, w OfferEnd) (err error) {
	defer fault.Wrap(&err, "end the offer of %s", w.Conversation)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(ctx, w.Conversation)
		if err != nil || c.Offer == nil || c.Offer.Agent != w.Agent || !c.Offer.Until.Equal(w.Until) {
			return err // accepted, declined or offered anew meanwhile
		}
		return d.withdraw(ctx, tx, c, "missed")
	})
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
		switch {
		case c.State == conversation.Active && c.Agent == by.Agent:
			return nil
		case c.State == conversation.Active && !by.May(agent.ConversationMonitor):
			return fault.New(fault.Conflict, "conversation.taken", "%s answers this conversation", c.AgentName)
		}
		if err := allowed(c); err != nil {
			return err
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
	from := c.AgentName
	if c, err = c.Take(a, agent.Ref[agent.ID]{ID: seat.ID, Name: seat.Name}); err != nil {
		return c, err
	}
	if rang != nil {
		outcome := "accepted"
		if rang.Agent != to {
			outcome = "withdrawn"
		}
		if err := tx.EndOffer(ctx, c.ID, rang.Agent, outcome, d.Now()); err != nil {
			return c, err
		}
	}
	if err := tx.SetIdle(ctx, to, d.Now()); err != nil {
		return c, err
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
	Agent agent.ID     // one person, or
	Team  agent.TeamID // a team
	Note  string       // compulsory: what the next one must know
}

// Transfer hands a conversation on, with a note that the contact does not see.
// The contact goes to the head of the queue: they have waited already.
func (d *Desk) Transfer(ctx context.Context, by agent.Actor, i conversation.ID, h Handover) (c conversation.Conversation, err error) {
	defer fault.Wrap(&err, "transfer %s", i)
	if err := by.Need(agent.ConversationTransfer); err != nil {
		return c, err
	}
	note, err := conversation.CheckText(h.Note, 0)
	switch {
	case fault.CodeOf(err) == "message.empty":
		return c, fault.New(fault.Invalid, "transfer.note", "write what your colleague must know").In("body.note")
	case err != nil:
		return c, err
	case h.Agent.IsZero() == h.Team.IsZero():
		return c, fault.New(fault.Invalid, "transfer.target", "choose either a colleague or a team").In("body.agent_id")
	case h.Agent == by.Agent:
		return c, fault.New(fault.Invalid, "transfer.self", "choose someone else").In("body.agent_id")
	}
	h.Note = note
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if c, err = seen(ctx, tx, by, i); err != nil {
			return err
		}
		if c.State == conversation.Active && c.Agent != by.Agent && !by.May(agent.ConversationMonitor) {
			return notYours(c, by)
		}
		c, err = d.handOn(ctx, tx, c, by, h)
		return err
	})
	return c, err
}

func (d *Desk) handOn(ctx context.Context, tx *store.Tx, c conversation.Conversation, by agent.Actor, h Handover) (conversation.Conversation, error) {
	to, choice, err := d.target(ctx, tx, by, h)
	if err != nil {
		return c, err
	}
	was := c.Agent
	if c.Offer != nil {
		if err := tx.EndOffer(ctx, c.ID, c.Offer.Agent, "withdrawn", d.Now()); err != nil {
			return c, err
		}
	}
	if c, err = d.enqueue(ctx, tx, c, conversation.HandOn, conversation.Transfer); err != nil {
		return c, err
	}
	c.QueuedAt = c.StartedAt
	if !h.Team.IsZero() {
		c.Team = h.Team
	}
	if c, _, _, err = d.add(ctx, tx, c, conversation.Message{
		From: conversation.FromAgent, AuthorID: by.Agent.String(), AuthorName: by.Name, Kind: conversation.Note, Text: h.Note, At: d.Now(),
	}); err != nil {
		return c, err
	}
	if c, err = d.tell(ctx, tx, c, "transferred", map[string]string{"from": by.Name, "to": to}); err != nil {
		return c, err
	}
	if err := d.announce(ctx, tx, c, "transferred", was); err != nil {
		return c, err
	}
	if !was.IsZero() {
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
func (d *Desk) target(ctx context.Context, tx *store.Tx, by agent.Actor, h Handover) (string, routing.Decision, error) {
	if !h.Team.IsZero() {
		name, err := tx.TeamName(ctx, h.Team)
		return name, routing.Decision{}, err
	}
	seat, err := tx.Seat(ctx, h.Agent)
	if err != nil {
		return "", routing.Decision{}, err
	}
	if seat.Disabled || !seat.Connected || seat.Presence.State == agent.Offline || seat.Presence.State == agent.Break {
		return "", routing.Decision{}, fault.New(fault.Conflict, "transfer.away", "%s is not there now; choose someone else or a team", seat.Name)
	}
	return seat.Name, routing.Decision{Agent: seat.ID, Name: seat.Name, Why: "handed over by " + by.Name}, nil
}
