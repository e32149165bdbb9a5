package desk

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
)

// SentWork is the payload of CarryMailJob.
type SentWork struct {
	Sent mailbox.SentID `json:"sent"`
}

// AbsentWork is the payload of AbsentMailJob.
type AbsentWork struct {
	Conversation conversation.ID        `json:"conversation"`
	Message      conversation.MessageID `json:"message"` // the first that was not read
}

// CarryMail hands a mail over to the server of its mailbox, unless it was taken
// back or is over already.
func (d *Desk) CarryMail(_ context.Context, _ SentWork) error { return errNoSending }

// TakeBackMail keeps a mail from leaving while it waits. The message stays in
// the conversation as taken back; its files can be sent again with another.
func (d *Desk) TakeBackMail(_ context.Context, _ agent.Actor, _ conversation.MessageID) (m conversation.Message, err error) {
	return m, errNoSending
}

// ComposeMail begins a conversation by writing to somebody. The draft names whom
// in Mail.To, with a subject; its files were given to [Desk.AttachToRecord].
func (d *Desk) ComposeMail(_ context.Context, _ agent.Actor, _ inbox.ID, _ Draft) (c conversation.Conversation, m conversation.Message, err error) {
	return c, m, errNoSending
}

// SendTranscript sends what was said in a conversation to somebody.
func (d *Desk) SendTranscript(_ context.Context, _ agent.Actor, _ conversation.ID, _ conversation.Person) error {
	return errNoSending
}

// AnswerByMail sends what an agent said in a chat to a visitor who is gone and
// has not read it. Their answer by mail comes into the same conversation.
func (d *Desk) AnswerByMail(_ context.Context, _ AbsentWork) error { return errNoSending }
