package conversation

import (
	"time"

	"yingda/internal/kit/fault"
)

// Recalled names the event that stands in the place of a message that its
// sender took back (撤回).
const Recalled = "recalled"

// Recall returns what stands in the place of a message after its sender took
// it back (M046): the same message, with nothing of what it said. within is how
// long after sending that is possible; 0 is not at all. author is who asks.
func (m Message) Recall(author string, within time.Duration, now time.Time) (Message, error) {
	switch {
	case m.AuthorID != author:
		return m, fault.New(fault.Forbidden, "message.not_yours", "only who sent a message can take it back")
	case m.Kind != Text || m.From != FromAgent && m.From != FromContact:
		return m, fault.New(fault.Conflict, "message.recall_kind", "this message cannot be taken back")
	case within == 0:
		return m, fault.New(fault.Forbidden, "message.recall_off", "messages cannot be taken back here")
	case now.Sub(m.At) > within:
		return m, fault.New(fault.Conflict, "message.recall_late", "a message can be taken back for %d seconds after it was sent", int(within.Seconds()))
	}
	args := map[string]string{"by": string(m.From)}
	if m.From == FromAgent {
		args["agent"] = m.AuthorName
	}
	return Message{
		ID: m.ID, Conversation: m.Conversation, Seq: m.Seq, From: m.From, AuthorID: m.AuthorID, AuthorName: m.AuthorName,
		Kind: Event, ClientID: m.ClientID, Event: &Happening{Name: Recalled, Args: args}, At: m.At,
	}, nil
}

// IsRecalled reports whether the message was taken back.
func (m Message) IsRecalled() bool { return m.Event != nil && m.Event.Name == Recalled }

// TakenBack returns the conversation after a message of it was taken back:
// lists show nothing of it any more.
func (c Conversation) TakenBack(m Message) Conversation {
	if c.LastAt.Equal(m.At) && c.LastFrom == m.From {
		c.LastText = ""
	}
	return c
}
