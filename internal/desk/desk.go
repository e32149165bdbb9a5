// Package desk is where the work of a service desk happens: receive, reply,
// queue, offer, transfer, close. Each method is one thing that people do
// there. It reads, lets the rules decide, writes and announces, in one
// transaction; nobody hears of it before the commit.
//
// What a contact does comes in through [channel.Chat], what an agent does with
// an [agent.Actor] whose rights are checked here, what is due later as a job
// (see jobs.go).
package desk

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/learning"
	"yingda/internal/hook"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Desk does the work. Its fields are set once, before it is used.
type Desk struct {
	DB *store.DB
	// Node is the name of this program among those that work on one database: the
	// same at each start.
	Node  string
	Now   func() time.Time
	Log   *slog.Logger
	Files blob.Store
	Scan  Scanner // looks for viruses; nil scans nothing
	Seal  Sealer  // keeps the secrets of inboxes unreadable in the database
	// SealMailbox keeps the passwords, keys and grants of mailboxes unreadable in
	// the database.
	SealMailbox Sealer
	// SealVoice keeps the passwords of carriers and telephones unreadable in the
	// database; nil keeps them as they are.
	SealVoice Sealer
	// SealPerson keeps what customers are verified by unreadable in the database.
	SealPerson Sealer
	// CaseKey makes the secrets with which customers look their cases up.
	CaseKey []byte
	// Post writes to customers about their cases; nil or closed writes nothing.
	Post Post
	// Texts sends short messages to phones; nil while there is no channel.
	Texts Texts
	// Texter hands text messages about calls over to a provider; nil: none leave.
	Texter channel.Texter
	// SealTexts keeps the secret of the provider unreadable in the database.
	SealTexts Sealer
	// Carrier hands mails of mailboxes to servers; nil: none leave.
	Carrier channel.Carrier
	// PublicURL is where customers find the public pages, for links in letters;
	// empty leaves links out.
	PublicURL string

	// Flows are those that come with the program; FlowSeams what they are
	// connected to. See [Desk.flows] for what contacts are carried through.
	Flows     flow.Library
	FlowSeams FlowSeams
	// AsksHooks asks other systems what menus want to know; nil asks none.
	AsksHooks *hook.Asker
	// SealHook keeps the keys for other systems unreadable in the database.
	SealHook Sealer
	// Assistant reports whether the assistant could answer in a language. It
	// is nil while there is no assistant.
	Assistant func(language string) bool
	// Completes returns at most n published questions that somebody who types a
	// text in a language may be about to ask; nil suggests none.
	Completes func(text, language string, n int) []conversation.Choice
	// Suggests returns the likeliest answer of a topic for what was said, as closed
	// work teaches it, while that topic is suggested; nil suggests nothing.
	Suggests func(t learning.Topic, said []string) (learning.Guess, bool)
	// Hot returns the questions that visitors ask most on a channel; nil shows none.
	Hot func(ctx context.Context, channel, language string, n int) ([]conversation.Choice, error)

	inboxes     held
	terms       ready
	hours       hours
	lately      lately
	ruled       ruleIndex
	flowShelf   shelf[flow.Library]
	menuShelf   shelf[map[string]call.Menu]
	promptShelf shelf[prompts]
	sieve       sieve
	networks    heldNetworks

	addresses heldAddresses
	tapes     listened
	largeMail sync.Mutex    // of large mails one is read at a time
	mailTurns [4]sync.Mutex // of those that are not small, as many as there are turns
}

var _ channel.Chat = (*Desk)(nil)

// Sealer makes secrets unreadable, and readable again.
type Sealer interface {
	Seal(secret []byte) string
	Open(sealed string) ([]byte, error)
}

// Page is a part of a list. An empty Next is its end.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitzero"`
}

// seen returns a conversation that the actor may see. One that they may not
// see is NotFound: whether it exists is not theirs to know.
func seen(ctx context.Context, tx *store.Tx, by agent.Actor, i conversation.ID) (conversation.Conversation, error) {
	c, err := tx.Conversation(ctx, i)
	if err != nil {
		return c, err
	}
	if by.Sees(c.Sight()) {
		return c, nil
	}
	if by.May(agent.ConversationRead) {
		if named, err := tx.IsMentioned(ctx, by.Agent, i); err != nil || named {
			return c, err
		}
	}
	return conversation.Conversation{}, fault.New(fault.NotFound, "conversation.unknown", "there is no such %s", "conversation")
}

// add appends m to c: the message, the conversation as it is after it, the
// search and the news. It is false if the author has sent it before. All that
// c holds is written.
func (d *Desk) add(ctx context.Context, tx *store.Tx, c conversation.Conversation, m conversation.Message) (conversation.Conversation, conversation.Message, bool, error) {
	return d.put(ctx, tx, c, m, tx.SaveConversation)
}

// addOnly is add for a conversation as it was read: only what a message
// changes is written.
func (d *Desk) addOnly(ctx context.Context, tx *store.Tx, c conversation.Conversation, m conversation.Message) (conversation.Conversation, conversation.Message, bool, error) {
	return d.put(ctx, tx, c, m, tx.SaveSaid)
}

type save func(context.Context, conversation.Conversation) (conversation.Conversation, error)

func (d *Desk) put(ctx context.Context, tx *store.Tx, c conversation.Conversation, m conversation.Message, keep save) (conversation.Conversation, conversation.Message, bool, error) {
	if m.ID.IsZero() {
		m.ID = conversation.NewMessageID(m.At)
	}
	m.Conversation, m.Seq = c.ID, c.LastSeq+1
	isNew, err := tx.InsertMessage(ctx, m)
	if err != nil || !isNew {
		return c, m, isNew, err
	}
	if c, err = keep(ctx, c.Said(m)); err != nil {
		return c, m, false, err
	}
	if m.Kind != conversation.Event && m.Kind != conversation.Whisper { // a whisper is found in its conversation only
		if err := tx.IndexMessage(ctx, m); err != nil {
			return c, m, false, err
		}
	}
	return c, m, true, tx.Emit(ctx, event.Of(event.MessageAdded, c, m.At, event.Message{Conversation: c, Message: m}))
}

// tell appends an event message: something that happened, for the timeline.
func (d *Desk) tell(ctx context.Context, tx *store.Tx, c conversation.Conversation, name string, args map[string]string) (conversation.Conversation, error) {
	return d.tellWith(ctx, tx, c, conversation.Message{}, name, args)
}

// announce tells the consoles that a conversation changed. was is the agent
// who answered before, if they may not see it any more.
func (d *Desk) announce(ctx context.Context, tx *store.Tx, c conversation.Conversation, what string, was agent.ID) error {
	e := event.Of(event.ConversationChanged, c, d.Now(), event.Change{What: what, Conversation: c})
	e.Was = was
	return tx.Emit(ctx, e)
}
