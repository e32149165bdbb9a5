package desk

import (
	"context"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Who waits for a person may ask the assistant meanwhile, and keeps the place
// for a while; an agent may hand a conversation to it.

// AskAssistant is the choice by which a contact who waits goes back to the
// assistant.
const AskAssistant = "assistant"

// PlaceHeld is the payload of PlaceLapseJob.
type PlaceHeld struct {
	Conversation conversation.ID `json:"conversation"`
	Since        time.Time       `json:"since"` // when the wait began that is held
}

var (
	meanwhile = inbox.Text{Zh: "等候期间，您可以先问问智能助手。", En: "While you wait, you may ask the assistant."}
	askIt     = inbox.Text{Zh: "先问智能助手", En: "Ask the assistant"}
	goAhead   = inbox.Text{
		Zh: "好的，请直接说您遇到的问题，我先帮您查。排队的位置会为您保留一会儿；需要人工时，随时点“转人工”。",
		En: "Go ahead, tell me what you need. Your place in the queue is kept for a while; a person is one click away at any time.",
	}
	weCall = inbox.Text{Zh: "不想等的话，也可以请我们给您回电。", En: "If you would rather not wait, we can call you back."}
	callMe = inbox.Text{Zh: "请给我回电", En: "Call me back"}
	noted  = inbox.Text{
		Zh: "好的，我先记下回电要用的信息。排队的位置会为您保留一会儿；需要人工时，随时点“转人工”。",
		En: "I note what is needed to call you. Your place in the queue is kept for a while; a person is one click away at any time.",
	}
	hereIAm = inbox.Text{
		Zh: "接下来由我为您服务，请直接说您遇到的问题；需要人工时，随时点“转人工”。",
		En: "I am here for you now: tell me what you need. A person is one click away at any time.",
	}
)

// assists reports whether the assistant can answer in a conversation.
func (d *Desk) assists(ctx context.Context, tx *store.Tx, c conversation.Conversation) (bool, error) {
	in, err := tx.InboxByID(ctx, c.Inbox)
	return err == nil && in.Settings.Assistant && d.Assistant != nil && d.Assistant(c.Language), err
}

// offerAssistant tells a contact who waits long that they may ask the assistant
// meanwhile, or be called back.
func (d *Desk) offerAssistant(ctx context.Context, tx *store.Tx, c conversation.Conversation) (conversation.Conversation, error) {
	if can, err := d.assists(ctx, tx, c); err != nil || !can {
		return c, err
	}
	m := conversation.Message{Text: meanwhile.In(c.Language), Choices: []conversation.Choice{{ID: AskAssistant, Text: askIt.In(c.Language)}}}
	calls, err := d.callsBack(ctx, tx)
	if err != nil {
		return c, err
	}
	if calls {
		m.Choices = append(m.Choices, conversation.Choice{ID: AskCallback, Text: callMe.In(c.Language)})
	}
	return d.botSays(ctx, tx, c, m)
}

// offerCallback tells a contact for whom nobody is there that they can be called
// back.
func (d *Desk) offerCallback(ctx context.Context, tx *store.Tx, c conversation.Conversation) (conversation.Conversation, error) {
	if can, err := d.assists(ctx, tx, c); err != nil || !can {
		return c, err
	}
	if can, err := d.callsBack(ctx, tx); err != nil || !can {
		return c, err
	}
	return d.botSays(ctx, tx, c, conversation.Message{
		Text: weCall.In(c.Language), Choices: []conversation.Choice{{ID: AskCallback, Text: callMe.In(c.Language)}},
	})
}

func (d *Desk) callsBack(ctx context.Context, tx *store.Tx) (bool, error) {
	flows, err := d.flows(ctx, tx)
	_, ok := flows.Latest(callback)
	return ok, err
}

func (d *Desk) botSays(ctx context.Context, tx *store.Tx, c conversation.Conversation, m conversation.Message) (conversation.Conversation, error) {
	m.From, m.AuthorID, m.AuthorName, m.Kind, m.At = conversation.FromBot, botAuthor, inbox.Assistant.In(c.Language), conversation.Text, d.Now()
	c, _, _, err := d.add(ctx, tx, c, m)
	return c, err
}

// askAssistant takes a contact who waits back to the assistant. Their place is
// held as long as that of one who left: see [routing.Rules.ResumeMinutes].
func (d *Desk) askAssistant(ctx context.Context, tx *store.Tx, c conversation.Conversation, words inbox.Text) (conversation.Conversation, error) {
	can, err := d.assists(ctx, tx, c)
	if err != nil || !can || c.State != conversation.Queued {
		return c, err // somebody answers by now, or nobody would
	}
	return d.toBot(ctx, tx, c, words)
}

// toBot gives a conversation to the assistant, which says so.
func (d *Desk) toBot(ctx context.Context, tx *store.Tx, c conversation.Conversation, words inbox.Text) (conversation.Conversation, error) {
	was := c
	if was.Offer != nil {
		if err := tx.EndOffer(ctx, c.ID, was.Offer.Agent, "withdrawn", d.Now()); err != nil {
			return c, err
		}
	}
	c, err := c.Return()
	if err != nil {
		return c, err
	}
	if len(was.Participants) > 0 {
		if c, err = tx.SaveParticipants(ctx, c); err != nil {
			return c, err
		}
	}
	if c, err = d.holdPlace(ctx, tx, c); err != nil {
		return c, err
	}
	if err := tx.EndForecasts(ctx, c.ID, "left", d.Now()); err != nil {
		return c, err
	}
	if err := d.unanswered(ctx, tx, was); err != nil {
		return c, err
	}
	if c, err = d.botSays(ctx, tx, c, conversation.Message{Text: words.In(c.Language)}); err != nil {
		return c, err
	}
	if err := d.announce(ctx, tx, c, "returned", was.Agent); err != nil {
		return c, err
	}
	if err := d.tellGuests(ctx, tx, was); err != nil {
		return c, err
	}
	freed := was.Agent
	if was.Offer != nil {
		freed = was.Offer.Agent
	}
	return c, d.freed(ctx, tx, freed)
}

// holdPlace leaves the job that lets go of the place which c left, if rules
// hold it at all.
func (d *Desk) holdPlace(ctx context.Context, tx *store.Tx, c conversation.Conversation) (conversation.Conversation, error) {
	if c.LeftAt.IsZero() {
		return c, nil
	}
	r, err := tx.RoutingRules(ctx)
	if err != nil || r.ResumeMinutes == 0 {
		c.LeftAt = time.Time{}
		return c, err
	}
	due := d.Now().Add(time.Duration(r.ResumeMinutes) * time.Minute)
	return c, tx.Enqueue(ctx, PlaceLapseJob, PlaceHeld{c.ID, c.LeftAt}, due, d.Now())
}

// PlaceLapses lets go of the place of one who went back to the assistant and
// did not ask for a person again.
func (d *Desk) PlaceLapses(ctx context.Context, w PlaceHeld) (err error) {
	defer fault.Wrap(&err, "let go of the place of %s", w.Conversation)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(ctx, w.Conversation)
		if err != nil || c.State != conversation.Bot || !c.LeftAt.Equal(w.Since) {
			return err
		}
		c.LeftAt = time.Time{}
		_, err = tx.SaveConversation(ctx, c)
		return err
	})
}

// handToAssistant gives a conversation to the assistant, with a note for
// colleagues if there is one.
func (d *Desk) handToAssistant(ctx context.Context, tx *store.Tx, c conversation.Conversation, by agent.Actor, note string) (conversation.Conversation, error) {
	if c.State == conversation.Bot {
		return c, nil // said twice
	}
	can, err := d.assists(ctx, tx, c)
	if err != nil {
		return c, err
	}
	if !can {
		return c, fault.New(fault.Conflict, "transfer.no_assistant", "the assistant does not answer here; choose a colleague or a team")
	}
	if note != "" {
		if c, _, _, err = d.add(ctx, tx, c, conversation.Message{
			From: conversation.FromAgent, AuthorID: by.Agent.String(), AuthorName: by.Name, Kind: conversation.Note, Text: note, At: d.Now(),
		}); err != nil {
			return c, err
		}
	}
	if c, err = d.tell(ctx, tx, c, "to_assistant", map[string]string{"agent": by.Name}); err != nil {
		return c, err
	}
	return d.toBot(ctx, tx, c, hereIAm)
}
