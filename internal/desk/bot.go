package desk

import (
	"context"
	"slices"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/filter"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/ticket"
	"yingda/internal/domain/turn"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

const botAuthor = "assistant"

// FlowChoice begins the id of a choice that begins a flow.
const FlowChoice = "flow:"

// AskCallback is the choice by which a contact who waits asks to be called back:
// the assistant asks for what is needed, in a flow.
const AskCallback = FlowChoice + callback

const callback = "callback"

// Heard is what the assistant needs for one turn.
type Heard struct {
	Conversation conversation.Conversation
	Message      conversation.Message
	Pieces       []conversation.Message // what was said before it and was left to be one thing with it, the first first
	Contact      contact.Contact        // this one: what another contact of the same person told is not for their eyes
	Flows        store.FlowState
	Library      flow.Library   // that they can be carried through
	Cases        []string       // the numbers of their cases that are not over
	Zone         *time.Location // in which the company writes its times
}

// ForBot returns what the assistant needs for a turn; false if it is not its
// turn any more, or it has done it. What was said before is answered before:
// until then the turn is put off.
func (d *Desk) ForBot(ctx context.Context, w AssistWork) (h Heard, its bool, err error) {
	early := false
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if h.Conversation, err = tx.Conversation(ctx, w.Conversation); err != nil || h.Conversation.State != conversation.Bot {
			return err
		}
		if h.Message, err = tx.Message(ctx, w.Message); err != nil || h.Message.IsRecalled() {
			return err
		}
		if _, did, err := tx.Turn(ctx, w.Message); err != nil || did {
			return err
		}
		if w.Choice != AskCallback { // which was said to people, and what stood before it too
			if early, err = d.isEarly(ctx, tx, h.Message, patienceFor(h.Message.Text)); err != nil || early {
				return err
			}
		}
		if h.Pieces, err = pieces(ctx, tx, h.Message); err != nil {
			return err
		}
		if h.Contact, err = tx.Contact(ctx, h.Conversation.Contact); err != nil {
			return err
		}
		if h.Flows, err = tx.FlowState(ctx, h.Contact.ID); err != nil {
			return err
		}
		if h.Library, err = d.flows(ctx, tx); err != nil {
			return err
		}
		cs, err := tx.CasesOf(ctx, h.Conversation.Contact, "", mostCases)
		if err != nil {
			return err
		}
		for _, c := range cs {
			if !c.State.Over() {
				h.Cases = append(h.Cases, c.Number)
			}
		}
		s, err := tx.Company(ctx)
		h.Zone, its = today(s, d.Now()).Location(), err == nil
		return err
	})
	if err == nil && early {
		err = d.DB.Update(ctx, func(tx *store.Tx) error { return tx.Enqueue(ctx, AssistJob, w, d.Now().Add(turnSoon), d.Now()) })
	}
	return h, its, err
}

const (
	turnSoon  = 200 * time.Millisecond // then a turn that was put off is looked at again
	turnAgain = 500 * time.Millisecond // and one that waits for more to be said
	turnLate  = time.Minute            // what was not answered for so long holds up nothing else
	turnSlow  = 2 * time.Second        // nor for so long who asks for a person or may be in danger: only a model takes longer
)

// patienceFor is how long a message waits for the turns before it.
func patienceFor(text string) time.Duration {
	if retrieve.Urgent(text) {
		return turnSlow
	}
	return turnLate
}

// isEarly reports whether something that the contact said to the assistant
// before a message still waits for its turn.
func (d *Desk) isEarly(ctx context.Context, tx *store.Tx, m conversation.Message, patience time.Duration) (early bool, err error) {
	const back = 20
	before, err := tx.MessagesBefore(ctx, m.Conversation, m.Seq, back)
	if err != nil {
		return false, err
	}
	for _, o := range slices.Backward(before) {
		switch {
		case o.Event != nil && slices.Contains([]string{"queued", "offline", "accepted"}, o.Event.Name):
			return false, nil // it was said to people
		case o.From == conversation.FromBot && o.Kind == conversation.Text:
			return early, nil
		case o.From == conversation.FromContact && !o.IsRecalled() && d.Now().Sub(o.At) < patience:
			_, did, err := tx.Turn(ctx, o.ID)
			if err != nil {
				return false, err
			}
			early = early || !did
		}
	}
	return early, nil
}

// pieces returns what a contact said right before a message and was left to be
// one thing with it.
func pieces(ctx context.Context, tx *store.Tx, m conversation.Message) (ps []conversation.Message, err error) {
	const most = 5
	before, err := tx.MessagesBefore(ctx, m.Conversation, m.Seq, most)
	if err != nil {
		return nil, err
	}
	for _, o := range slices.Backward(before) {
		if o.From != conversation.FromContact || o.IsRecalled() {
			break
		}
		r, did, err := tx.Turn(ctx, o.ID)
		if err != nil {
			return nil, err
		}
		if !did || r.Action != turn.Joined {
			break
		}
		ps = slices.Insert(ps, 0, o)
	}
	return ps, nil
}

// SaysMore reports whether a contact said something after a message.
func (d *Desk) SaysMore(ctx context.Context, m conversation.Message) (bool, error) {
	const most = 20
	after, err := d.DB.Now().MessagesAfter(ctx, m.Conversation, m.Seq, most)
	return slices.ContainsFunc(after, func(o conversation.Message) bool { return o.From == conversation.FromContact && !o.IsRecalled() }), err
}

// PutOff lets the assistant look at a message again in a moment.
func (d *Desk) PutOff(ctx context.Context, w AssistWork) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error { return tx.Enqueue(ctx, AssistJob, w, d.Now().Add(turnAgain), d.Now()) })
}

// BotTurn is what the assistant does about one message.
type BotTurn struct {
	Record   turn.Record // names the message; a turn is done once
	Name     string      // what the assistant is called
	Says     []BotLine
	Misses   int                 // turns in a row in which it did not help, after this one
	Flows    *store.FlowState    // how far they are now; nil as they were
	HandOver conversation.Reason // people are to go on; empty if they need not
	Card     *conversation.Card  // what people are to know; nil without
}

// BotLine is one thing that the assistant says.
type BotLine struct {
	Text    string
	Choices []conversation.Choice
	Sources []conversation.Source
}

// BotDoes does a turn of the assistant. It is false, and nothing happens, if a
// person has the conversation by now, or the turn was done before.
func (d *Desk) BotDoes(ctx context.Context, i conversation.ID, t BotTurn) (done bool, err error) {
	defer fault.Wrap(&err, "the assistant's turn in %s", i)
	t.Record.Conversation, t.Record.At = i, d.Now()
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(ctx, i)
		if done = false; err != nil || c.State != conversation.Bot {
			return err
		}
		if done, err = tx.AddTurn(ctx, t.Record); err != nil || !done {
			return err
		}
		if t.Flows != nil {
			if err := tx.KeepFlowState(ctx, c.Contact, *t.Flows, d.Now()); err != nil {
				return err
			}
		}
		c.Misses = t.Misses
		for n, l := range t.Says {
			m := conversation.Message{Kind: conversation.Text, Text: l.Text, Choices: l.Choices, Sources: l.Sources}
			if c, err = d.botAdds(ctx, tx, c, t, m, n); err != nil {
				return err
			}
		}
		if t.HandOver == "" {
			return nil
		}
		if t.Card != nil {
			m := conversation.Message{AuthorName: t.Name, ClientID: conversation.TurnClientID(t.Record.Message, len(t.Says))}
			if c, err = d.addCard(ctx, tx, c, m, t.Card); err != nil {
				return err
			}
		}
		_, err = d.toPeople(ctx, tx, c, t.HandOver)
		return err
	})
	return done, err
}

func (d *Desk) botAdds(ctx context.Context, tx *store.Tx, c conversation.Conversation, t BotTurn, m conversation.Message, n int) (conversation.Conversation, error) {
	m.From, m.AuthorID, m.AuthorName, m.At = conversation.FromBot, botAuthor, t.Name, d.Now()
	m.ClientID = conversation.TurnClientID(t.Record.Message, n)
	c, _, _, err := d.addOnly(ctx, tx, c, m)
	return c, err
}

// learnt leaves for people what was told in flows, where a conversation goes to
// them without a turn of the assistant. The flows are over.
func (d *Desk) learnt(ctx context.Context, tx *store.Tx, c conversation.Conversation) (conversation.Conversation, error) {
	s, err := tx.FlowState(ctx, c.Contact)
	if err != nil {
		return c, err
	}
	flows, err := d.flows(ctx, tx)
	if err != nil {
		return c, err
	}
	open := s.Open(flows, d.Now())
	if len(open) == 0 {
		return c, nil
	}
	s.Frames = nil
	if err := tx.KeepFlowState(ctx, c.Contact, s, d.Now()); err != nil {
		return c, err
	}
	card := turn.Card(flows, open, phrase.Because("assist.unfinished", "it was not finished when people took over"))
	return d.addCard(ctx, tx, c, conversation.Message{AuthorName: inbox.Assistant.In(c.Language)}, card)
}

// addCard leaves a card for people, as a note of the assistant. Words that are
// not to be said are masked on it.
func (d *Desk) addCard(ctx context.Context, tx *store.Tx, c conversation.Conversation, m conversation.Message, card *conversation.Card) (conversation.Conversation, error) {
	sieve, err := d.matchers(ctx, tx)
	if err != nil {
		return c, err
	}
	mask := func(text string) string {
		if hits := sieve.contacts.Find(text); filter.Does(hits, filter.Mask) {
			return filter.Masked(text, hits)
		}
		return text
	}
	for _, p := range card.Parts {
		for i, l := range p.Lines {
			p.Lines[i].Value = inbox.Text{Zh: mask(l.Value.Zh), En: mask(l.Value.En)}
		}
	}
	m.From, m.AuthorID, m.Kind, m.Text, m.Card, m.At = conversation.FromBot, botAuthor, conversation.Note, card.Title.In(c.Language), card, d.Now()
	c, _, _, err = d.addOnly(ctx, tx, c, m)
	return c, err
}

// OwnCase returns a case of a contact as they see it. An unknown number and one
// of somebody else are the same NotFound.
func (d *Desk) OwnCase(ctx context.Context, who contact.ID, number string) (channel.CaseView, error) {
	return d.Follow(ctx, number, channel.Holder{Contact: who})
}

// Hurry hurries us about a case for its customer. The same clientID does it
// once.
func (d *Desk) Hurry(ctx context.Context, who contact.ID, number, clientID string) error {
	_, err := d.CustomerDoes(ctx, number, channel.Holder{Contact: who}, ticket.Doing{Act: ticket.Urge}, clientID)
	return err
}

// WhySaid returns what the assistant decided about the message that it answered
// with another one.
func (d *Desk) WhySaid(ctx context.Context, by agent.Actor, i conversation.MessageID) (r turn.Record, err error) {
	if err := by.Need(agent.ConversationRead); err != nil {
		return r, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		m, err := tx.Message(ctx, i)
		if err != nil {
			return err
		}
		if _, err := seen(ctx, tx, by, m.Conversation); err != nil {
			return err
		}
		asked, ok := conversation.TurnOf(m)
		if ok {
			r, ok, err = tx.Turn(ctx, asked) // none of what was taken back
		}
		if err == nil && !ok {
			err = fault.New(fault.NotFound, "turn.unknown", "of this message it is not known why it was said")
		}
		return err
	})
	return r, err
}
