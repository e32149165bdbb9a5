package conversation

import (
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
)

// Part is how somebody takes part in a conversation.
type Part string

// The parts.
const (
	Invited  Part = "invited"  // it rings at them
	Joined   Part = "joined"   // they may write to the contact
	Declined Part = "declined" // they would not come
	Unheard  Part = "missed"   // they did not answer in time
	Left     Part = "left"
)

// Participant is an agent who takes part in a conversation that another answers
// for (会话参与人, M045).
type Participant struct {
	Agent         agent.ID     `json:"agent_id"`
	Name          string       `json:"name"` // the public one
	State         Part         `json:"state"`
	Team          agent.TeamID `json:"team_id,omitzero"` // as one of whom they were asked
	InvitedBy     agent.ID     `json:"invited_by"`
	InvitedByName string       `json:"invited_by_name"`
	Until         time.Time    `json:"until,omitzero"` // it rings so long
	At            time.Time    `json:"at"`
}

// active reports whether the participant may see the conversation.
func (p Participant) active() bool { return p.State == Invited || p.State == Joined }

// mostParticipants is how many take part at once; more are a meeting.
const mostParticipants = 10

// Joined returns who has joined, by name.
func (c Conversation) Joined() map[agent.ID]string {
	var who map[agent.ID]string
	for _, p := range c.Participants {
		if p.State == Joined {
			if who == nil {
				who = map[agent.ID]string{}
			}
			who[p.Agent] = p.Name
		}
	}
	return who
}

// PartOf returns how an agent takes part; empty if they do not.
func (c Conversation) PartOf(a agent.ID) Part {
	if i := c.part(a); i >= 0 {
		return c.Participants[i].State
	}
	return ""
}

func (c Conversation) part(a agent.ID) int {
	return slices.IndexFunc(c.Participants, func(p Participant) bool { return p.Agent == a })
}

// Writes reports whether an agent may write to the contact now: they answer for
// the conversation, or have joined it.
func (c Conversation) Writes(a agent.ID) bool {
	return c.State == Active && !a.IsZero() && (c.Agent == a || c.PartOf(a) == Joined)
}

// Invite returns the conversation as it rings at somebody else too. Nothing
// rings twice: who is invited, or there, cannot be invited.
func (c Conversation) Invite(p Participant) (Conversation, error) {
	active := 0
	for _, other := range c.Participants {
		if other.active() {
			active++
		}
	}
	switch i := c.part(p.Agent); {
	case c.State != Active:
		return c, fault.New(fault.Conflict, "invite.state", "only a conversation that somebody answers can be joined")
	case c.Agent == p.Agent:
		return c, fault.New(fault.Conflict, "invite.owner", "%s answers this conversation already", p.Name)
	case i >= 0 && c.Participants[i].active():
		return c, fault.New(fault.Conflict, "invite.already", "%s is invited already, or there", p.Name)
	case active >= mostParticipants:
		return c, fault.New(fault.Conflict, "invite.many", "at most %d take part in a conversation", mostParticipants)
	}
	p.State = Invited
	return c.with(p), nil
}

// Join returns the conversation with somebody who was invited in it.
func (c Conversation) Join(a agent.ID, now time.Time) (Conversation, error) {
	i := c.part(a)
	if i < 0 || c.Participants[i].State != Invited || c.State != Active {
		return c, fault.New(fault.Conflict, "invite.over", "this invitation is over; ask for another one")
	}
	p := c.Participants[i]
	p.State, p.Until, p.At = Joined, time.Time{}, now
	return c.with(p), nil
}

// Depart returns the conversation after somebody does not take part any more: they
// left, or would not come.
func (c Conversation) Depart(a agent.ID, how Part, now time.Time) (Conversation, error) {
	i := c.part(a)
	if i < 0 || !c.Participants[i].active() {
		return c, fault.New(fault.Conflict, "invite.gone", "they do not take part any more")
	}
	p := c.Participants[i]
	p.State, p.Until, p.At = how, time.Time{}, now
	return c.with(p), nil
}

// Own returns the conversation after somebody who has joined it answers for it;
// who did so before takes part.
func (c Conversation) Own(to agent.ID, now time.Time) (Conversation, error) {
	i := c.part(to)
	if c.State != Active || i < 0 || c.Participants[i].State != Joined {
		return c, fault.New(fault.Conflict, "owner.joined", "only who has joined the conversation can answer for it; invite them first")
	}
	p := c.Participants[i]
	was := Participant{Agent: c.Agent, Name: c.AgentName, State: Joined, InvitedBy: p.Agent, InvitedByName: p.Name, At: now}
	c.Participants = slices.Delete(slices.Clone(c.Participants), i, i+1)
	c.Agent, c.AgentName = p.Agent, p.Name
	return c.with(was), nil
}

// with returns the conversation with a participant as they are now.
func (c Conversation) with(p Participant) Conversation {
	c.Participants = slices.Clone(c.Participants)
	if i := c.part(p.Agent); i >= 0 {
		c.Participants[i] = p
	} else {
		c.Participants = append(c.Participants, p)
	}
	return c
}
