package conversation

import (
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/fault"
)

// State is where a conversation stands.
type State string

// The states (domain reference §5.3).
const (
	Bot    State = "bot"     // the assistant answers (机器人接待)
	Queued State = "queued"  // waits for a person, or rings at one (排队中)
	Active State = "active"  // an agent answers (会话中)
	WrapUp State = "wrap_up" // over for the contact; the agent owes the summary (小结)
	Closed State = "closed"  // 已结束
)

// Act is what moves a conversation.
type Act string

// The acts.
const (
	Hear     Act = "hear"      // the contact writes
	HandOver Act = "hand_over" // the assistant gives it to people, or the contact asks for one
	Accept   Act = "accept"    // an agent takes it: from an offer, the queue or the assistant
	HandOn   Act = "transfer"  // an agent gives it back to the queue for another
	Return   Act = "return"    // back to the assistant: the contact's wish while they wait, or an agent's
	Lose     Act = "lose"      // the agent went away
	Leave    Act = "leave"     // the contact ends it
	Finish   Act = "finish"    // the agent ends it, with a summary
	Idle     Act = "idle"      // nobody said anything for long
	Reopen   Act = "reopen"    // an agent takes it up again
	Revive   Act = "revive"    // the contact answers by mail to what was over
)

// moves is the whole state machine. The picture in the docs is drawn from it.
// What the contact writes after the end starts a new conversation; the desk
// sees to that, so Hear is not a move from WrapUp or Closed. Only an answer by
// mail may wake what is over.
var moves = map[State]map[Act]State{
	Bot:    {Hear: Bot, HandOver: Queued, Accept: Active, Leave: Closed, Idle: Closed},
	Queued: {Hear: Queued, HandOver: Queued, Accept: Active, Leave: Closed, HandOn: Queued, Return: Bot, Idle: Closed},
	Active: {Hear: Active, Accept: Active, HandOn: Queued, Return: Bot, Lose: Queued, Leave: WrapUp, Finish: Closed, Idle: WrapUp},
	WrapUp: {Finish: Closed, Reopen: Active, Lose: Closed, Revive: Queued},
	Closed: {Reopen: Active, Revive: Queued},
}

// Next returns the state after an act, or a Conflict if the act is not
// possible now.
func (s State) Next(a Act) (State, error) {
	next, ok := moves[s][a]
	if !ok {
		return s, fault.New(fault.Conflict, "conversation.state", "this is not possible while the conversation is %s; look at it again", string(s))
	}
	return next, nil
}

// Open reports whether the contact can still write into it.
func (s State) Open() bool { return s == Bot || s == Queued || s == Active }

// Queue returns the conversation as it waits for a person. Whoever waited
// before keeps their place.
func (c Conversation) Queue(a Act, why Reason, r routing.Rules, now time.Time) (Conversation, error) {
	next, err := c.State.Next(a)
	if err != nil {
		return c, err
	}
	c = c.heard()
	if why == Safety {
		c.Priority = 2
	}
	switch {
	case why == AgentLost, why == Transfer && c.State == Active: // they have waited already
		c = c.Since(c.StartedAt, r)
	case c.QueuedAt.IsZero() && !c.LeftAt.IsZero(): // the place that was held while they asked the assistant
		c = c.Since(c.LeftAt, r)
	case c.QueuedAt.IsZero():
		c = c.Since(now, r)
	case why == Safety:
		c = c.Since(c.QueuedAt, r)
	}
	c.State, c.QueueReason, c.Agent, c.AgentName, c.Offer, c.LeftAt = next, why, 0, "", nil, time.Time{}
	c.ClosedAt, c.ClosedBy = time.Time{}, ""
	return c, nil
}

// Since returns the conversation with the place in the queue of one that waits
// since a time.
func (c Conversation) Since(at time.Time, r routing.Rules) Conversation {
	c.QueuedAt, c.RankAt = at, r.Rank(c.Priority, at)
	return c
}

// Prioritised returns the conversation with another priority, and the place in
// the queue that comes of it if it waits.
func (c Conversation) Prioritised(priority int, r routing.Rules) Conversation {
	if c.Priority = priority; !c.QueuedAt.IsZero() {
		c.RankAt = r.Rank(priority, c.QueuedAt)
	}
	return c
}

// Take returns the conversation with an agent who answers it. Who took part
// before, and answers now, does not take part besides.
func (c Conversation) Take(a Act, by agent.Ref[agent.ID], now time.Time) (Conversation, error) {
	next, err := c.State.Next(a)
	if err != nil {
		return c, err
	}
	c.State, c.Agent, c.AgentName, c.Offer, c.QueuedAt, c.RankAt, c.QueueReason = next, by.ID, by.Name, nil, time.Time{}, time.Time{}, ""
	c.ClosedAt, c.ClosedBy, c.Misses, c.ToldAt, c.LeftAt, c.TakenAt = time.Time{}, "", 0, time.Time{}, time.Time{}, now
	if i := c.part(by.ID); i >= 0 {
		c.Participants = slices.Delete(slices.Clone(c.Participants), i, i+1)
	}
	return c.heard(), nil
}

// Return returns the conversation with the assistant. LeftAt is since when the
// contact had waited.
func (c Conversation) Return() (Conversation, error) {
	next, err := c.State.Next(Return)
	if err != nil {
		return c, err
	}
	c.LeftAt = c.QueuedAt
	c.State, c.Offer, c.QueuedAt, c.RankAt, c.QueueReason, c.WaitingSince = next, nil, time.Time{}, time.Time{}, "", time.Time{}
	c.Agent, c.AgentName, c.Misses, c.ToldAt, c.ExpectedAt, c.Participants = 0, "", 0, time.Time{}, time.Time{}, nil
	return c.heard(), nil
}

// End returns the conversation after it ended for the contact.
func (c Conversation) End(a Act, by From, now time.Time) (Conversation, error) {
	next, err := c.State.Next(a)
	if err != nil {
		return c, err
	}
	c.LeftAt = c.QueuedAt
	c.State, c.Offer, c.QueuedAt, c.RankAt, c.QueueReason, c.WaitingSince = next, nil, time.Time{}, time.Time{}, "", time.Time{}
	c.ExpectedAt, c.Participants = time.Time{}, nil
	if c.ClosedBy == "" {
		c.ClosedAt, c.ClosedBy = now, by
	}
	return c.heard(), nil
}
