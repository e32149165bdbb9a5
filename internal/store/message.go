package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/retrieve"
	"yingda/internal/store/sqlcgen"
)

// extra is what only some messages have; it stands in one column.
type extra struct {
	Event       *conversation.Happening   `json:"event,omitzero"`
	Choices     []conversation.Choice     `json:"choices,omitempty"`
	Sources     []conversation.Source     `json:"sources,omitempty"`
	Attachments []conversation.Attachment `json:"attachments,omitempty"`
	Mentions    []agent.ID                `json:"mentions,omitempty"`
	Masked      string                    `json:"masked,omitzero"`
	Original    string                    `json:"original,omitzero"`
	Card        *conversation.Card        `json:"card,omitempty"`
	Mail        *conversation.Mail        `json:"mail,omitempty"`
}

// InsertMessage adds m. It is false, and nothing happens, if its author has
// sent a message with the same client id before.
func (tx *Tx) InsertMessage(ctx context.Context, m conversation.Message) (bool, error) {
	x, err := extraOf(m)
	if err != nil {
		return false, err
	}
	n, err := tx.Queries.InsertMessage(ctx, sqlcgen.InsertMessageParams{
		ID: m.ID, ConversationID: m.Conversation, Seq: m.Seq, Sender: string(m.From), AuthorID: m.AuthorID, AuthorName: m.AuthorName,
		Kind: string(m.Kind), Text: m.Text, ClientID: nullable(m.ClientID), Extra: x, At: ms(m.At),
	})
	if err != nil || n == 0 {
		return false, err
	}
	return true, nil
}

func extraOf(m conversation.Message) (string, error) {
	if m.Event == nil && m.Choices == nil && m.Sources == nil && m.Attachments == nil && m.Mentions == nil && m.Masked == "" && m.Original == "" && m.Card == nil && m.Mail == nil {
		return "", nil
	}
	b, err := json.Marshal(extra{m.Event, m.Choices, m.Sources, m.Attachments, m.Mentions, m.Masked, m.Original, m.Card, m.Mail})
	return string(b), err
}

// RecallMessage puts what stands in the place of a message that its sender
// took back, and moves what it said to where only RecalledMessage finds it. It
// is false, and nothing happens, if it was taken back before.
func (tx *Tx) RecallMessage(ctx context.Context, was, now conversation.Message, at time.Time) (bool, error) {
	x, err := extraOf(now)
	if err != nil {
		return false, err
	}
	n, err := tx.TakeBackMessage(ctx, sqlcgen.TakeBackMessageParams{ID: was.ID, Extra: x})
	if err != nil || n == 0 {
		return false, err
	}
	if x, err = extraOf(was); err != nil {
		return false, err
	}
	if err := tx.InsertRecalled(ctx, sqlcgen.InsertRecalledParams{
		MessageID: was.ID, ConversationID: was.Conversation, Text: was.Text, Extra: x, At: ms(at),
	}); err != nil {
		return false, err
	}
	if err := tx.RecallAttachments(ctx, sqlcgen.RecallAttachmentsParams{MessageID: was.ID, At: ms(at)}); err != nil {
		return false, err
	}
	return true, tx.forget(ctx, int64(was.ID), retrieve.IndexTokens(was.Text))
}

// RecalledMessage returns a message as it was before its sender took it back.
func (tx *Tx) RecalledMessage(ctx context.Context, id conversation.MessageID) (conversation.Message, error) {
	now, err := tx.Queries.Message(ctx, id)
	if err != nil {
		return conversation.Message{}, notFound(err, "message.unknown", "message")
	}
	was, err := tx.Queries.RecalledMessage(ctx, id)
	if err != nil {
		return conversation.Message{}, notFound(err, "message.unknown", "message")
	}
	now.Kind, now.Text, now.Extra = string(conversation.Text), was.Text, was.Extra
	return messageOf(now)
}

// MessageByClientID returns what an author sent under their own id; false if
// they sent nothing of that name.
func (tx *Tx) MessageByClientID(ctx context.Context, author, clientID string) (conversation.Message, bool, error) {
	row, err := tx.Queries.MessageByClientID(ctx, sqlcgen.MessageByClientIDParams{AuthorID: author, ClientID: nullable(clientID)})
	if errors.Is(err, sql.ErrNoRows) {
		return conversation.Message{}, false, nil
	}
	if err != nil {
		return conversation.Message{}, false, err
	}
	m, err := messageOf(row)
	return m, err == nil, err
}

// Message returns a message by id.
func (tx *Tx) Message(ctx context.Context, id conversation.MessageID) (conversation.Message, error) {
	row, err := tx.Queries.Message(ctx, id)
	if err != nil {
		return conversation.Message{}, notFound(err, "message.unknown", "message")
	}
	return messageOf(row)
}

// MessagesAfter returns messages with a higher sequence number, in order.
func (tx *Tx) MessagesAfter(ctx context.Context, id conversation.ID, seq int64, most int) ([]conversation.Message, error) {
	rows, err := tx.Queries.MessagesAfter(ctx, sqlcgen.MessagesAfterParams{ConversationID: id, After: seq, Most: int64(most)})
	return messagesOf(rows, err)
}

// MessagesBefore returns the last messages with a lower sequence number, in order.
func (tx *Tx) MessagesBefore(ctx context.Context, id conversation.ID, seq int64, most int) ([]conversation.Message, error) {
	rows, err := tx.Queries.MessagesBefore(ctx, sqlcgen.MessagesBeforeParams{ConversationID: id, Before: seq, Most: int64(most)})
	slices.Reverse(rows)
	return messagesOf(rows, err)
}

// Mention records that a note names an agent, who may then see the conversation.
func (tx *Tx) Mention(ctx context.Context, a agent.ID, id conversation.ID, now time.Time) error {
	return tx.InsertMention(ctx, sqlcgen.InsertMentionParams{AgentID: a, ConversationID: id, At: ms(now)})
}

// IsMentioned reports whether a note of the conversation names the agent.
func (tx *Tx) IsMentioned(ctx context.Context, a agent.ID, id conversation.ID) (bool, error) {
	n, err := tx.Mentioned(ctx, sqlcgen.MentionedParams{AgentID: a, ConversationID: id})
	return n > 0, err
}

// WhisperedTo returns who whispered last in a conversation, other than one
// agent; zero if nobody did.
func (tx *Tx) WhisperedTo(ctx context.Context, id conversation.ID, but agent.ID) (who agent.ID, err error) {
	author, err := tx.LastWhisper(ctx, sqlcgen.LastWhisperParams{ConversationID: id, But: but.String()})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return who, who.UnmarshalText([]byte(author))
}

// IndexMessage files a message's text for the search.
func (tx *Tx) IndexMessage(ctx context.Context, m conversation.Message) error {
	words := m.Words
	if words == nil {
		words = retrieve.IndexTokens(m.Text)
	}
	return tx.index(ctx, "search_messages", int64(m.ID), words)
}

func messageOf(r sqlcgen.Message) (conversation.Message, error) {
	m := conversation.Message{
		ID: r.ID, Conversation: r.ConversationID, Seq: r.Seq, From: conversation.From(r.Sender), AuthorID: r.AuthorID, AuthorName: r.AuthorName,
		Kind: conversation.Kind(r.Kind), Text: r.Text, At: at(r.At),
	}
	if r.ClientID != nil {
		m.ClientID = *r.ClientID
	}
	if r.Extra != "" {
		var x extra
		if err := json.Unmarshal([]byte(r.Extra), &x); err != nil {
			return m, fmt.Errorf("message %s: %w", r.ID, err)
		}
		m.Event, m.Choices, m.Sources, m.Attachments, m.Mentions = x.Event, x.Choices, x.Sources, x.Attachments, x.Mentions
		m.Masked, m.Original, m.Card, m.Mail = x.Masked, x.Original, x.Card, x.Mail
	}
	return m, nil
}

func messagesOf(rows []sqlcgen.Message, err error) ([]conversation.Message, error) {
	ms := make([]conversation.Message, 0, len(rows))
	for _, r := range rows {
		m, err := messageOf(r)
		if err != nil {
			return nil, err
		}
		ms = append(ms, m)
	}
	return ms, err
}

// nullable stores an empty string as NULL.
func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
