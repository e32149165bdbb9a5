package desk

import (
	"context"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Invitation says who is asked into a conversation, and why.
type Invitation struct {
	Agent agent.ID     // one person, or
	Team  agent.TeamID // whoever of a team is free
	Note  string       // what they must know; may be empty
}

// InviteEnd is the payload of InviteEndJob.
type InviteEnd struct {
	Conversation conversation.ID `json:"conversation"`
	Agent        agent.ID        `json:"agent"`
	Until        time.Time       `json:"until"`
}

// Invite lets a conversation ring at a colleague, or at one of a team who is
// free, while the actor goes on answering for it (M045).
func (d *Desk) Invite(ctx context.Context, by agent.Actor, i conversation.ID, v Invitation) (c conversation.Conversation, err error) {
	defer fault.Wrap(&err, "invite into %s", i)
	if err := by.Need(agent.ConversationTransfer); err != nil {
		return c, err
	}
	if v.Note, err = conversation.CheckText(v.Note, 0); err != nil && fault.CodeOf(err) != "message.empty" {
		return c, err
	}
	if v.Agent.IsZero() == v.Team.IsZero() {
		return c, fault.New(fault.Invalid, "invite.target", "choose either a colleague or a team").In("body.agent_id")
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if c, err = seen(ctx, tx, by, i); err != nil {
			return err
		}
		if !c.Writes(by.Agent) && !by.May(agent.ConversationMonitor) {
			return notYours(c, by)
		}
		to, err := d.invited(ctx, tx, c, v)
		if err != nil {
			return err
		}
		if c, err = d.ringInvite(ctx, tx, c, to, v.Team, agent.Ref[agent.ID]{ID: by.Agent, Name: by.Name}); err != nil || v.Note == "" {
			return err
		}
		c, _, _, err = d.add(ctx, tx, c, conversation.Message{
			From: conversation.FromAgent, AuthorID: by.Agent.String(), AuthorName: by.Name, Kind: conversation.Note, Text: v.Note, At: d.Now(),
		})
		return err
	})
	return c, err
}

// invited is who is asked: the colleague, if they are there and may answer, or
// whom the routing would choose of the team.
func (d *Desk) invited(ctx context.Context, tx *store.Tx, c conversation.Conversation, v Invitation) (agent.Ref[agent.ID], error) {
	if !v.Team.IsZero() {
		return d.invitedOf(ctx, tx, c, v.Team)
	}
	seat, err := tx.Seat(ctx, v.Agent)
	if err != nil {
		return agent.Ref[agent.ID]{}, err
	}
	if err := maySpeak(ctx, tx, c, seat.ID); err != nil {
		return agent.Ref[agent.ID]{}, err
	}
	if !isThere(seat) {
		return agent.Ref[agent.ID]{}, fault.New(fault.Conflict, "transfer.away", "%s is not there now; choose someone else or a team", seat.Name)
	}
	roles, err := tx.RolesOf(ctx, seat.ID)
	if err == nil && !(agent.Actor{}).With(roles...).May(agent.ConversationReply) {
		err = fault.New(fault.Conflict, "invite.reader", "%s does not answer conversations; choose someone else", seat.Name)
	}
	return agent.Ref[agent.ID]{ID: seat.ID, Name: seat.Name}, err
}

func (d *Desk) invitedOf(ctx context.Context, tx *store.Tx, c conversation.Conversation, team agent.TeamID) (agent.Ref[agent.ID], error) {
	name, err := tx.TeamName(ctx, team)
	if err != nil {
		return agent.Ref[agent.ID]{}, err
	}
	g, err := d.giving(ctx, tx)
	if err != nil {
		return agent.Ref[agent.ID]{}, err
	}
	accused, err := tx.AccusedBy(ctx, c.Contact)
	if err != nil {
		return agent.Ref[agent.ID]{}, err
	}
	w := routing.Work{Team: team, Never: append(accused, c.Agent), Needs: c.Needs, Weight: routing.PartsWeight(1)}
	for _, p := range c.Participants { // who takes part, or would not, is not asked
		w.Never = append(w.Never, p.Agent)
	}
	choice := routing.Decide(w, g.agents, g.rules, d.Now())
	if choice.Agent.IsZero() {
		return agent.Ref[agent.ID]{}, fault.New(fault.Conflict, "invite.nobody", "nobody of %s is free now; choose a colleague", name)
	}
	return agent.Ref[agent.ID]{ID: choice.Agent, Name: choice.Name}, nil
}

// ringInvite lets a conversation ring at somebody who is to join it.
func (d *Desk) ringInvite(ctx context.Context, tx *store.Tx, c conversation.Conversation, to agent.Ref[agent.ID], team agent.TeamID, by agent.Ref[agent.ID]) (conversation.Conversation, error) {
	in, err := tx.InboxByID(ctx, c.Inbox)
	if err != nil {
		return c, err
	}
	until := d.Now().Add(time.Duration(in.Settings.RingSeconds) * time.Second)
	c, err = c.Invite(conversation.Participant{Agent: to.ID, Name: to.Name, Team: team, InvitedBy: by.ID, InvitedByName: by.Name, Until: until, At: d.Now()})
	if err != nil {
		return c, err
	}
	if c, err = tx.SaveParticipants(ctx, c); err != nil {
		return c, err
	}
	if err := tx.Enqueue(ctx, InviteEndJob, InviteEnd{Conversation: c.ID, Agent: to.ID, Until: until}, until, d.Now()); err != nil {
		return c, err
	}
	if c, err = d.tell(ctx, tx, c, "invited", map[string]string{"agent": to.Name, "by": by.Name}); err != nil {
		return c, err
	}
	if err := d.announce(ctx, tx, c, "invited", 0); err != nil {
		return c, err
	}
	return c, d.tellLoad(ctx, tx, to.ID)
}

// Join lets the actor, who was invited, take part. To join where one is already
// changes nothing.
func (d *Desk) Join(ctx context.Context, by agent.Actor, i conversation.ID) (c conversation.Conversation, err error) {
	defer fault.Wrap(&err, "join %s", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return c, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if c, err = seen(ctx, tx, by, i); err != nil || c.Writes(by.Agent) {
			return err
		}
		if err := maySpeak(ctx, tx, c, by.Agent); err != nil {
			return err
		}
		if c, err = c.Join(by.Agent, d.Now()); err != nil {
			return err
		}
		if c, err = tx.SaveParticipants(ctx, c); err != nil {
			return err
		}
		if c, err = d.tell(ctx, tx, c, "joined", map[string]string{"agent": c.Joined()[by.Agent]}); err != nil {
			return err
		}
		return d.announce(ctx, tx, c, "joined", 0)
	})
	return c, err
}

// Leave takes the actor out of a conversation in which they take part, or
// declines the invitation. Whoever answers for it stays.
func (d *Desk) Leave(ctx context.Context, by agent.Actor, i conversation.ID) (c conversation.Conversation, err error) {
	defer fault.Wrap(&err, "leave %s", i)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if c, err = seen(ctx, tx, by, i); err != nil {
			return err
		}
		c, err = d.depart(ctx, tx, c, by.Agent, conversation.Declined)
		return err
	})
	return c, err
}

// TakeOut ends somebody else's part in a conversation, which the actor answers
// for or may monitor.
func (d *Desk) TakeOut(ctx context.Context, by agent.Actor, i conversation.ID, who agent.ID) (c conversation.Conversation, err error) {
	defer fault.Wrap(&err, "take %s out of %s", who, i)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if c, err = seen(ctx, tx, by, i); err != nil {
			return err
		}
		if c.Agent != by.Agent && !by.May(agent.ConversationMonitor) {
			return notYours(c, by)
		}
		c, err = d.depart(ctx, tx, c, who, conversation.Left)
		return err
	})
	return c, err
}

// EndInvite takes back an invitation that nobody answered. Of a team the next
// one who is free is asked.
func (d *Desk) EndInvite(ctx context.Context, w InviteEnd) (err error) {
	defer fault.Wrap(&err, "end the invitation into %s", w.Conversation)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(ctx, w.Conversation)
		if err != nil {
			return err
		}
		for _, p := range c.Participants {
			if p.Agent == w.Agent && p.State == conversation.Invited && p.Until.Equal(w.Until) {
				_, err := d.depart(ctx, tx, c, w.Agent, conversation.Unheard)
				return err
			}
		}
		return nil // answered meanwhile
	})
}

// depart ends somebody's part. Who had joined leaves; else the invitation ends
// as how says, and who asked hears of it, or the next of the team is asked.
func (d *Desk) depart(ctx context.Context, tx *store.Tx, c conversation.Conversation, who agent.ID, how conversation.Part) (conversation.Conversation, error) {
	had := conversation.Participant{}
	for _, p := range c.Participants {
		if p.Agent == who {
			had = p
		}
	}
	joined := had.State == conversation.Joined
	if joined {
		how = conversation.Left
	}
	c, err := c.Depart(who, how, d.Now())
	if err != nil {
		return c, err
	}
	if c, err = tx.SaveParticipants(ctx, c); err != nil {
		return c, err
	}
	if joined {
		if c, err = d.tell(ctx, tx, c, "left", map[string]string{"agent": had.Name}); err != nil {
			return c, err
		}
	}
	if err := d.announce(ctx, tx, c, string(how), who); err != nil {
		return c, err
	}
	if err := d.freed(ctx, tx, who); err != nil || joined || how == conversation.Left {
		return c, err
	}
	return d.inviteNext(ctx, tx, c, had, how)
}

// inviteNext asks the next one of the team, or tells who asked that nobody
// comes.
func (d *Desk) inviteNext(ctx context.Context, tx *store.Tx, c conversation.Conversation, had conversation.Participant, how conversation.Part) (conversation.Conversation, error) {
	if !had.Team.IsZero() && c.State == conversation.Active {
		to, err := d.invitedOf(ctx, tx, c, had.Team)
		if err == nil {
			return d.ringInvite(ctx, tx, c, to, had.Team, agent.Ref[agent.ID]{ID: had.InvitedBy, Name: had.InvitedByName})
		}
		if kind := fault.KindOf(err); kind != fault.Conflict && kind != fault.NotFound {
			return c, err
		}
	}
	return c, d.Inform(ctx, tx, had.InvitedBy, event.Notice{Kind: "invite." + string(how), Conversation: c.ID, Text: c.ContactName, FromName: had.Name})
}

// HandOwner lets somebody who has joined answer for the conversation; who did
// so before goes on taking part.
func (d *Desk) HandOwner(ctx context.Context, by agent.Actor, i conversation.ID, to agent.ID) (c conversation.Conversation, err error) {
	defer fault.Wrap(&err, "let %s answer for %s", to, i)
	if err := by.Need(agent.ConversationTransfer); err != nil {
		return c, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if c, err = seen(ctx, tx, by, i); err != nil {
			return err
		}
		if c.Agent != by.Agent && !by.May(agent.ConversationMonitor) {
			return notYours(c, by)
		}
		if err := maySpeak(ctx, tx, c, to); err != nil {
			return err
		}
		was := c
		if c, err = c.Own(to, d.Now()); err != nil {
			return err
		}
		if c, err = tx.SaveParticipants(ctx, c); err != nil {
			return err
		}
		if c, err = d.tell(ctx, tx, c, "owner", map[string]string{"from": was.AgentName, "to": c.AgentName}); err != nil {
			return err
		}
		if err := d.announce(ctx, tx, c, "owner", was.Agent); err != nil {
			return err
		}
		if err := d.notify(ctx, tx, to, "owner", c, c.LastText, was.AgentName); err != nil {
			return err
		}
		if err := d.tellLoad(ctx, tx, to); err != nil {
			return err
		}
		return d.freed(ctx, tx, was.Agent)
	})
	return c, err
}

// departAll ends every part that an agent has, or only what rings at them.
func (d *Desk) departAll(ctx context.Context, tx *store.Tx, a agent.ID, ringing bool) error {
	ids, err := tx.TakesPartIn(ctx, a)
	if err != nil {
		return err
	}
	for _, i := range ids {
		c, err := tx.Conversation(ctx, i)
		if err != nil {
			return err
		}
		if ringing && c.PartOf(a) != conversation.Invited {
			continue
		}
		if _, err := d.depart(ctx, tx, c, a, conversation.Unheard); err != nil {
			return err
		}
	}
	return nil
}

// tellGuests tells the consoles how much those hold who took part in a
// conversation that has ended.
func (d *Desk) tellGuests(ctx context.Context, tx *store.Tx, was conversation.Conversation) error {
	for _, a := range was.Sight().Guests {
		if err := d.tellLoad(ctx, tx, a); err != nil {
			return err
		}
	}
	return nil
}
