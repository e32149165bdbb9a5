package desk

import (
	"context"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/canned"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Draft is what an agent is about to say, or to note.
type Draft struct {
	ClientID    string
	Kind        conversation.Kind // Text, Note or Whisper
	Text        string
	Attachments []conversation.AttachmentID
	Mentions    []agent.ID // with a Note
	Original    string     // of a Text that was translated: what the agent wrote
	Sure        bool       // sent although the filter warned
	// Mail is what a Text has more where the conversation is by e-mail; nil is as
	// good as an empty one there.
	Mail *conversation.MailDraft
}

// mostMentions is how many colleagues one note names: each is told of it, in
// the same transaction.
const mostMentions = 50

// Reply adds what an agent says to a conversation of theirs, or notes in one
// that they may see. Sending the same ClientID again changes nothing and gives
// the same message.
func (d *Desk) Reply(ctx context.Context, by agent.Actor, i conversation.ID, draft Draft) (m conversation.Message, err error) {
	defer fault.Wrap(&err, "reply in %s", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return m, err
	}
	if err := conversation.CheckClientID(draft.ClientID); err != nil {
		return m, err
	}
	draft = draft.plain()
	text, err := conversation.CheckText(draft.Text, len(draft.Attachments))
	if err != nil {
		return m, err
	}
	draft.Text = text
	if draft.Kind == "" {
		draft.Kind = conversation.Text
	}
	switch draft.Kind {
	case conversation.Text, conversation.Note:
	case conversation.Whisper:
		if len(draft.Attachments) > 0 {
			return m, fault.New(fault.Invalid, "whisper.files", "a whisper carries no files; put them into a note").In("body.attachments")
		}
	case conversation.Event:
		fallthrough
	default:
		return m, fault.New(fault.Invalid, "message.kind", "the kind is text, note or whisper").In("body.kind")
	}
	if draft.Original != "" {
		if draft.Original, err = conversation.CheckText(draft.Original, 0); err != nil {
			return m, err
		}
		if draft.Kind != conversation.Text {
			draft.Original = ""
		}
	}
	if draft.Kind == conversation.Text {
		if err := canned.CheckFilled(draft.Text); err != nil {
			return m, err
		}
	}
	if len(draft.Mentions) > mostMentions {
		return m, fault.New(fault.Invalid, "message.mentions", "a note names at most %d colleagues", mostMentions).In("body.mentions")
	}
	draft, hits, refused := d.sift(ctx, draft)
	draft = draft.masked(text)
	if refused != nil && len(hits) == 0 {
		return m, refused
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := seen(ctx, tx, by, i)
		if err != nil {
			return err
		}
		if refused != nil {
			return d.found(ctx, tx, c, by, hits, fault.CodeOf(refused)[len("filter."):])
		}
		if draft.Kind == conversation.Text && !c.Writes(by.Agent) {
			if again, have, err := tx.MessageByClientID(ctx, by.Agent.String(), draft.ClientID); err != nil || have {
				m = again
				return err
			}
			return notYours(c, by)
		}
		if draft.Kind == conversation.Whisper {
			m, err = d.whisper(ctx, tx, c, by, draft)
			return err
		}
		was := c.LastSeq
		if m, err = d.say(ctx, tx, c, by, draft); err != nil || m.Seq <= was {
			return err
		}
		return d.found(ctx, tx, c, by, hits, "sent")
	})
	if err == nil {
		err = refused
	}
	return m, err
}

// whisper adds what a supervisor says to the agent who answers while they talk
// with the contact, or what the agent says back (R174). The other one is told;
// the contact never is.
func (d *Desk) whisper(ctx context.Context, tx *store.Tx, c conversation.Conversation, by agent.Actor, draft Draft) (m conversation.Message, err error) {
	if again, have, err := tx.MessageByClientID(ctx, by.Agent.String(), draft.ClientID); err != nil || have {
		return again, err
	}
	to := c.Agent
	switch {
	case c.State != conversation.Active:
		return m, fault.New(fault.Conflict, "whisper.nobody", "nobody answers this conversation now; leave a note instead")
	case c.Agent != by.Agent:
		if err := by.Need(agent.ConversationMonitor); err != nil {
			return m, err
		}
	default:
		if to, err = tx.WhisperedTo(ctx, c.ID, by.Agent); err != nil {
			return m, err
		}
		if to.IsZero() {
			return m, fault.New(fault.Conflict, "whisper.unasked", "no supervisor has whispered here; leave a note instead")
		}
	}
	if m, err = d.say(ctx, tx, c, by, draft); err != nil {
		return m, err
	}
	return m, d.notify(ctx, tx, to, "whisper", c, m.Text, m.AuthorName)
}

// notYours says why an agent cannot write to the contact now, and what to do.
func notYours(c conversation.Conversation, by agent.Actor) error {
	switch {
	case c.State == conversation.Closed || c.State == conversation.WrapUp:
		return fault.New(fault.Conflict, "conversation.over", "this conversation has ended; reopen it to write")
	case c.State == conversation.Active && c.Agent != by.Agent:
		return fault.New(fault.Conflict, "conversation.taken", "%s answers this conversation", c.AgentName)
	default:
		return fault.New(fault.Conflict, "conversation.not_taken", "take this conversation before you answer")
	}
}

// say appends the draft and tells whoever it names.
func (d *Desk) say(ctx context.Context, tx *store.Tx, c conversation.Conversation, by agent.Actor, draft Draft) (conversation.Message, error) {
	if byPhone(c) && draft.Kind == conversation.Text {
		return conversation.Message{}, errByPhone
	}
	now := d.Now()
	seat, err := tx.Seat(ctx, by.Agent)
	if err != nil {
		return conversation.Message{}, err
	}
	m := conversation.Message{
		From: conversation.FromAgent, AuthorID: by.Agent.String(), AuthorName: seat.Name, Kind: draft.Kind,
		Text: draft.Text, Original: draft.Original, ClientID: draft.ClientID, At: now,
	}
	if draft.Kind == conversation.Note {
		m.Mentions = slices.Compact(slices.Sorted(slices.Values(draft.Mentions)))
		if err := maySpeak(ctx, tx, c, m.Mentions...); err != nil {
			return m, err
		}
	}
	var out outgoing
	leaves := m.Kind == conversation.Text && byMail(c)
	if leaves {
		if again, have, err := tx.MessageByClientID(ctx, m.AuthorID, m.ClientID); err != nil || have {
			return again, err
		}
		if out, m.Mail, err = d.mailFor(ctx, tx, c, seat.Name, draft); err != nil {
			return m, err
		}
		if out.letter.Waited, out.letter.FirstReply = c.WaitingSince, c.FirstReplyAt.IsZero(); out.letter.Third {
			m.Kind = conversation.Note // the customer is told nothing by it
		}
	}
	if len(draft.Attachments) > 0 {
		if again, have, err := tx.MessageByClientID(ctx, m.AuthorID, m.ClientID); err != nil || have {
			return again, err
		}
		if m.Attachments, err = d.files(ctx, tx, m.AuthorID, draft.Attachments); err != nil {
			return m, err
		}
	}
	first := (c.FirstReplyAt.IsZero() || !c.ExpectedAt.IsZero()) && m.Kind == conversation.Text
	put := d.addOnly
	if first && !c.ExpectedAt.IsZero() { // the answer that was told to be expected
		c.ExpectedAt, put = time.Time{}, d.add
	}
	c, m, isNew, err := put(ctx, tx, c, m)
	if err != nil {
		return m, err
	}
	if first && isNew {
		if err := d.answered(ctx, tx, c); err != nil {
			return m, err
		}
	}
	if !isNew {
		m, _, err = tx.MessageByClientID(ctx, by.Agent.String(), draft.ClientID)
		return m, err
	}
	if err := claimFiles(ctx, tx, m); err != nil {
		return m, err
	}
	if leaves {
		if err := d.leave(ctx, tx, c, m.ID, out); err != nil {
			return m, err
		}
	}
	if m.Kind == conversation.Text {
		if err := d.listen(ctx, tx, c); err != nil {
			return m, err
		}
		if err := d.mailIfAbsent(ctx, tx, c, m); err != nil {
			return m, err
		}
	}
	for _, a := range m.Mentions {
		if err := tx.Mention(ctx, a, c.ID, now); err != nil {
			return m, err
		}
		if err := d.notify(ctx, tx, a, "mention", c, m.Text, seat.Name); err != nil {
			return m, err
		}
	}
	return m, nil
}

// notify leaves a notice for an agent.
func (d *Desk) notify(ctx context.Context, tx *store.Tx, to agent.ID, kind string, c conversation.Conversation, text, from string) error {
	return d.Inform(ctx, tx, to, event.Notice{Kind: kind, Conversation: c.ID, Text: clip(text, 300), FromName: from})
}

// Inform leaves a notice for an agent as of now, and tells their consoles.
// Whether they may hear of it is for the caller to know.
func (d *Desk) Inform(ctx context.Context, tx *store.Tx, to agent.ID, n event.Notice) error {
	n.ID, n.At = event.NewNoticeID(d.Now()), d.Now()
	if err := tx.InsertNotice(ctx, to, n); err != nil {
		return err
	}
	return tx.Emit(ctx, event.Event{Kind: event.Noticed, Agent: to, At: n.At, Body: event.Encode(n)})
}

// ReadTo records that the agent who answers has read up to a message.
func (d *Desk) ReadTo(ctx context.Context, by agent.Actor, i conversation.ID, seq int64) (err error) {
	defer fault.Wrap(&err, "read %s", i)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := seen(ctx, tx, by, i)
		if err != nil {
			return err
		}
		seq := min(seq, c.LastSeq)
		if c.Agent != by.Agent || seq <= c.AgentRead && (c.Unread == 0 || seq < c.LastSeq) {
			return nil // only who answers can have read it for us
		}
		c.AgentRead = max(seq, c.AgentRead)
		if c.AgentRead == c.LastSeq {
			c.Unread = 0
		}
		if c, err = tx.SaveConversation(ctx, c); err != nil {
			return err
		}
		return d.announce(ctx, tx, c, "read", 0)
	})
}
