package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mood"
	"yingda/internal/store/sqlcgen"
)

// Conversation returns a conversation by id. In a transaction that may change
// it, nobody else changes it until the end.
func (tx *Tx) Conversation(ctx context.Context, id conversation.ID) (conversation.Conversation, error) {
	if err := tx.lock(ctx, "conversations", int64(id)); err != nil {
		return conversation.Conversation{}, err
	}
	row, err := tx.Queries.Conversation(ctx, id)
	if err != nil {
		return conversation.Conversation{}, notFound(err, "conversation.unknown", "conversation")
	}
	return conversationOf(row)
}

// ConversationByNumber returns the conversation that people call by a number;
// false if there is none.
func (tx *Tx) ConversationByNumber(ctx context.Context, n int64) (conversation.Conversation, bool, error) {
	row, err := tx.Queries.ConversationByNumber(ctx, n)
	return maybeConversation(row, err)
}

// OpenConversationOf returns the contact's conversation in an inbox into which
// they can still write; false if there is none.
func (tx *Tx) OpenConversationOf(ctx context.Context, who contact.ID, in inbox.ID) (conversation.Conversation, bool, error) {
	row, err := tx.Queries.OpenConversationOf(ctx, sqlcgen.OpenConversationOfParams{ContactID: who, InboxID: in})
	return maybeConversation(row, err)
}

// LastConversationOf returns the newest conversation of a contact in an inbox.
func (tx *Tx) LastConversationOf(ctx context.Context, who contact.ID, in inbox.ID) (conversation.Conversation, bool, error) {
	row, err := tx.Queries.LastConversationOf(ctx, sqlcgen.LastConversationOfParams{ContactID: who, InboxID: in})
	return maybeConversation(row, err)
}

// ConversationsOf returns a person's conversations before an id, newest first.
func (tx *Tx) ConversationsOf(ctx context.Context, person contact.ID, before conversation.ID, most int) ([]conversation.Conversation, error) {
	if before.IsZero() {
		before = maxID
	}
	rows, err := tx.Queries.ConversationsOf(ctx, sqlcgen.ConversationsOfParams{PersonID: person, Before: before, Most: int64(most)})
	return conversationsOf(rows, err)
}

const maxID = 1<<63 - 1

// InsertConversation adds a conversation and returns it with its number.
func (tx *Tx) InsertConversation(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error) {
	const firstNumber = 1001
	n, err := tx.NextCount(ctx, sqlcgen.NextCountParams{Name: "conversation", First: firstNumber})
	if err != nil {
		return c, err
	}
	c.Number, c.Version = n, 1
	s := saveParams(c)
	return c, tx.Queries.InsertConversation(ctx, sqlcgen.InsertConversationParams{
		ID: c.ID, Number: c.Number, InboxID: c.Inbox, Channel: c.Channel, ContactID: c.Contact, ContactName: s.ContactName,
		State: s.State, TeamID: s.TeamID, AgentID: s.AgentID, AgentName: s.AgentName, OfferAgent: s.OfferAgent, OfferUntil: s.OfferUntil,
		QueueReason: s.QueueReason, WaitingSince: s.WaitingSince, QueuedAt: s.QueuedAt, Priority: s.Priority, Language: c.Language,
		Misses: s.Misses, LastSeq: s.LastSeq, LastText: s.LastText, LastFrom: s.LastFrom, LastAt: s.LastAt, Unread: s.Unread,
		ContactRead: s.ContactRead, ContactHas: s.ContactHas, AgentRead: s.AgentRead, StartedAt: ms(c.StartedAt),
		FirstReplyAt: s.FirstReplyAt, ClosedAt: s.ClosedAt, ClosedBy: s.ClosedBy, Summary: s.Summary,
		PageUrl: c.PageURL, PageTitle: c.PageTitle, Version: 1, Tags: s.Tags,
		TakenAt: s.TakenAt, SilentSince: s.SilentSince, WarnedAt: s.WarnedAt, Held: s.Held, Reminded: s.Reminded,
		RankAt: s.RankAt, Needs: s.Needs, Prefers: s.Prefers, ToldAt: s.ToldAt, LeftAt: s.LeftAt, Tension: s.Tension,
	})
}

// SaveConversation writes c back and returns it with its new version. It is a
// Conflict if someone else wrote it since c was read.
func (tx *Tx) SaveConversation(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error) {
	if err := changed(tx.Queries.SaveConversation(ctx, saveParams(c))); err != nil {
		return c, err
	}
	if !c.State.Open() && len(c.Participants) == 0 {
		if err := tx.ForgetParticipants(ctx, c.ID); err != nil {
			return c, err
		}
	}
	if err := tx.keepTags(ctx, c); err != nil {
		return c, err
	}
	c.Version++
	return c, nil
}

// SaveParticipants is SaveConversation when who takes part has changed.
func (tx *Tx) SaveParticipants(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error) {
	c, err := tx.SaveConversation(ctx, c)
	if err != nil {
		return c, err
	}
	if err := tx.ForgetParticipants(ctx, c.ID); err != nil {
		return c, err
	}
	for _, p := range c.Participants {
		if p.State == conversation.Invited || p.State == conversation.Joined {
			if err := tx.InsertParticipant(ctx, sqlcgen.InsertParticipantParams{ConversationID: c.ID, AgentID: p.Agent, State: string(p.State)}); err != nil {
				return c, err
			}
		}
	}
	return c, nil
}

// SaveSaid writes what [conversation.Conversation.Said] changes, and nothing
// else: each message does it, and the less is written the better.
func (tx *Tx) SaveSaid(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error) {
	if err := changed(tx.Queries.SaveSaid(ctx, sqlcgen.SaveSaidParams{
		LastSeq: c.LastSeq, LastText: c.LastText, LastFrom: string(c.LastFrom), LastAt: ms(c.LastAt), Unread: int64(c.Unread),
		WaitingSince: ms(c.WaitingSince), ContactRead: c.ContactRead, ContactHas: c.ContactHas, AgentRead: c.AgentRead,
		FirstReplyAt: ms(c.FirstReplyAt), Misses: int64(c.Misses), ID: c.ID, Version: c.Version,
		SilentSince: ms(c.SilentSince), WarnedAt: ms(c.WarnedAt), Held: c.Held, Reminded: int64(c.Reminded), Tension: int64(c.Tension),
	})); err != nil {
		return c, err
	}
	c.Version++
	return c, nil
}

// QueuePosition returns a waiting conversation's place; 1 is next.
func (tx *Tx) QueuePosition(ctx context.Context, c conversation.Conversation) (int, error) {
	n, err := tx.Queries.QueuePosition(ctx, sqlcgen.QueuePositionParams{RankAt: ms(c.RankAt), ID: c.ID})
	return int(n), err
}

// Waiting returns the conversations that wait and do not ring, next first, a
// page of them: those after one, or the first.
func (tx *Tx) Waiting(ctx context.Context, after *conversation.Conversation, most int) ([]conversation.Conversation, error) {
	p := sqlcgen.WaitingParams{RankAt: -maxID, Most: int64(most)}
	if after != nil {
		p.RankAt, p.ID = ms(after.RankAt), after.ID
	}
	rows, err := tx.Queries.Waiting(ctx, p)
	return conversationsOf(rows, err)
}

// Untold returns the conversations that wait, do not ring and whose contacts
// were not told of other ways, next first; at most most.
func (tx *Tx) Untold(ctx context.Context, most int) ([]conversation.Conversation, error) {
	rows, err := tx.Queries.Untold(ctx, int64(most))
	return conversationsOf(rows, err)
}

// ServedLast returns who answered the contact in the conversation before one,
// if that was not before a time; zero if nobody did.
func (tx *Tx) ServedLast(ctx context.Context, c conversation.Conversation, since time.Time) (agent.ID, error) {
	who, err := tx.Queries.ServedLast(ctx, sqlcgen.ServedLastParams{ContactID: c.Contact, Before: c.ID, Since: ms(since)})
	if err != nil || len(who) == 0 {
		return 0, err
	}
	return who[0], nil
}

// LeftQueue returns since when the contact had waited when they left the queue
// in the conversation before one, if that was not before a time; zero if they
// did not leave it.
func (tx *Tx) LeftQueue(ctx context.Context, c conversation.Conversation, since time.Time) (time.Time, error) {
	left, err := tx.Queries.LeftQueue(ctx, sqlcgen.LeftQueueParams{ContactID: c.Contact, Before: c.ID, Since: ms(since)})
	if err != nil || len(left) == 0 {
		return time.Time{}, err
	}
	return at(left[0]), nil
}

// OffersDue returns the conversations whose offer has run out.
func (tx *Tx) OffersDue(ctx context.Context, now time.Time, most int) ([]conversation.Conversation, error) {
	rows, err := tx.Queries.OffersDue(ctx, sqlcgen.OffersDueParams{Now: ms(now), Most: int64(most)})
	return conversationsOf(rows, err)
}

// HeldBy returns the conversations that an agent answers now.
func (tx *Tx) HeldBy(ctx context.Context, a agent.ID) ([]conversation.Conversation, error) {
	rows, err := tx.Queries.HeldBy(ctx, a)
	return conversationsOf(rows, err)
}

// ActiveIn returns the conversations of an inbox that agents answer now.
func (tx *Tx) ActiveIn(ctx context.Context, in inbox.ID) ([]conversation.Conversation, error) {
	rows, err := tx.Queries.ActiveIn(ctx, in)
	return conversationsOf(rows, err)
}

// SilentWithBot returns conversations with the assistant in which nothing was
// said since a time.
func (tx *Tx) SilentWithBot(ctx context.Context, since time.Time, most int) ([]conversation.Conversation, error) {
	rows, err := tx.Queries.SilentWithBot(ctx, sqlcgen.SilentWithBotParams{Before: ms(since), Most: int64(most)})
	return conversationsOf(rows, err)
}

// OfferedTo returns the conversations that ring at an agent.
func (tx *Tx) OfferedTo(ctx context.Context, a agent.ID) ([]conversation.Conversation, error) {
	rows, err := tx.Queries.OfferedTo(ctx, a)
	return conversationsOf(rows, err)
}

// lock keeps others from changing a row until the transaction ends. SQLite has
// one writer and needs nothing.
func (tx *Tx) lock(ctx context.Context, table string, id int64) error {
	if tx.dialect.rowLock == "" || tx.view {
		return nil
	}
	rows, err := tx.db.QueryContext(ctx, "SELECT id FROM "+table+" WHERE id = ?1 "+tx.dialect.rowLock, id)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() { // that the row came says that it is locked
	}
	return rows.Err()
}

func conversationOf(r sqlcgen.Conversation) (conversation.Conversation, error) {
	c := conversation.Conversation{
		ID: r.ID, Number: r.Number, Inbox: r.InboxID, Channel: r.Channel, Contact: r.ContactID, ContactName: r.ContactName,
		State: conversation.State(r.State), Team: r.TeamID, Agent: r.AgentID, AgentName: r.AgentName,
		QueueReason: conversation.Reason(r.QueueReason), WaitingSince: at(r.WaitingSince), QueuedAt: at(r.QueuedAt),
		Priority: int(r.Priority), Language: r.Language, Misses: int(r.Misses), LastSeq: r.LastSeq, LastText: r.LastText,
		LastFrom: conversation.From(r.LastFrom), LastAt: at(r.LastAt), Unread: int(r.Unread),
		ContactRead: r.ContactRead, ContactHas: r.ContactHas, AgentRead: r.AgentRead,
		StartedAt: at(r.StartedAt), FirstReplyAt: at(r.FirstReplyAt), ClosedAt: at(r.ClosedAt), ClosedBy: conversation.From(r.ClosedBy),
		PageURL: r.PageUrl, PageTitle: r.PageTitle, Version: r.Version,
		TakenAt: at(r.TakenAt), SilentSince: at(r.SilentSince), WarnedAt: at(r.WarnedAt), Held: r.Held, Reminded: int(r.Reminded),
		RankAt: at(r.RankAt), Prefers: r.Prefers, ToldAt: at(r.ToldAt), LeftAt: at(r.LeftAt),
		ExpectedAt: at(r.ExpectedAt),
	}
	c.Tension = mood.Tension(r.Tension)
	c.Mood = c.Tension.Level()
	if !r.OfferAgent.IsZero() {
		c.Offer = &conversation.Offer{Agent: r.OfferAgent, Until: at(r.OfferUntil)}
	}
	if r.Tags != "" {
		if err := json.Unmarshal([]byte(r.Tags), &c.Tags); err != nil {
			return c, fmt.Errorf("tags of conversation %d: %w", r.Number, err)
		}
	}
	if r.Needs != "" {
		if err := json.Unmarshal([]byte(r.Needs), &c.Needs); err != nil {
			return c, fmt.Errorf("needs of conversation %d: %w", r.Number, err)
		}
	}
	if r.Participants != "" {
		if err := json.Unmarshal([]byte(r.Participants), &c.Participants); err != nil {
			return c, fmt.Errorf("participants of conversation %d: %w", r.Number, err)
		}
	}
	if r.Summary != "" {
		c.Summary = &conversation.Summary{}
		if err := json.Unmarshal([]byte(r.Summary), c.Summary); err != nil {
			return c, fmt.Errorf("summary of conversation %d: %w", r.Number, err)
		}
	}
	return c, nil
}

func maybeConversation(row sqlcgen.Conversation, err error) (conversation.Conversation, bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return conversation.Conversation{}, false, nil
	}
	if err != nil {
		return conversation.Conversation{}, false, err
	}
	c, err := conversationOf(row)
	return c, err == nil, err
}

func conversationsOf(rows []sqlcgen.Conversation, err error) ([]conversation.Conversation, error) {
	cs := make([]conversation.Conversation, 0, len(rows))
	for _, r := range rows {
		c, err := conversationOf(r)
		if err != nil {
			return nil, err
		}
		cs = append(cs, c)
	}
	return cs, err
}

func saveParams(c conversation.Conversation) sqlcgen.SaveConversationParams {
	p := sqlcgen.SaveConversationParams{
		ID: c.ID, Version: c.Version, ContactName: c.ContactName, State: string(c.State), TeamID: c.Team, AgentID: c.Agent, AgentName: c.AgentName,
		QueueReason: string(c.QueueReason), WaitingSince: ms(c.WaitingSince), QueuedAt: ms(c.QueuedAt), Priority: int64(c.Priority),
		Misses: int64(c.Misses), LastSeq: c.LastSeq, LastText: c.LastText, LastFrom: string(c.LastFrom), LastAt: ms(c.LastAt),
		Unread: int64(c.Unread), ContactRead: c.ContactRead, ContactHas: c.ContactHas, AgentRead: c.AgentRead,
		FirstReplyAt: ms(c.FirstReplyAt), ClosedAt: ms(c.ClosedAt), ClosedBy: string(c.ClosedBy),
		TakenAt: ms(c.TakenAt), SilentSince: ms(c.SilentSince), WarnedAt: ms(c.WarnedAt), Held: c.Held, Reminded: int64(c.Reminded),
		RankAt: ms(c.RankAt), Prefers: c.Prefers, ToldAt: ms(c.ToldAt), LeftAt: ms(c.LeftAt),
		ExpectedAt: ms(c.ExpectedAt), Tension: int64(c.Tension),
	}
	if len(c.Needs) > 0 {
		b, _ := json.Marshal(c.Needs) //nolint:errchkjson // numbers always can be written
		p.Needs = string(b)
	}
	if c.Offer != nil {
		p.OfferAgent, p.OfferUntil = c.Offer.Agent, ms(c.Offer.Until)
	}
	if len(c.Tags) > 0 {
		b, _ := json.Marshal(c.Tags) //nolint:errchkjson // texts always can be written
		p.Tags = string(b)
	}
	if len(c.Participants) > 0 {
		b, _ := json.Marshal(c.Participants) //nolint:errchkjson // plain values always can be written
		p.Participants = string(b)
	}
	if c.Summary != nil {
		b, _ := json.Marshal(c.Summary) //nolint:errchkjson // three strings always can be written
		p.Summary = string(b)
	}
	return p
}

// Waits are those who asked for a person within half an hour, and how long
// they waited together for the first reply.
type Waits struct {
	At    time.Time // the half hour's beginning
	Count int
	Total time.Duration
}

// WaitsSince returns how long was waited for people since a time, earliest
// first.
func (tx *Tx) WaitsSince(ctx context.Context, since time.Time) ([]Waits, error) {
	rows, err := tx.Queries.WaitsSince(ctx, ms(since))
	ws := make([]Waits, 0, len(rows))
	for _, r := range rows {
		ws = append(ws, Waits{At: at(r.HalfHour * (30 * time.Minute).Milliseconds()), Count: int(r.Count), Total: time.Duration(r.Total) * time.Millisecond})
	}
	return ws, err
}
