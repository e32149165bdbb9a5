package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/routing"
	"yingda/internal/domain/sla"
	"yingda/internal/store"
)

// The promise of a chat: how soon the first word of a person comes after the
// customer asked for one (domain reference §1.3.7). A message costs nothing of
// it: the clock starts with the queue and is met by the first reply.

// promiseChat starts the clock of the first response of a conversation that has
// just come to the queue. Where nobody is there the customer is told so
// instead, and nothing is promised.
func (d *Desk) promiseChat(ctx context.Context, tx *store.Tx, c conversation.Conversation) error {
	if !c.FirstReplyAt.IsZero() {
		return nil
	}
	have, err := tx.ClocksOf(ctx, store.OfConversation, int64(c.ID))
	if err != nil || len(have) > 0 {
		return err
	}
	r, err := d.promises(ctx, tx)
	if err != nil {
		return err
	}
	due, ok, err := r.promises.Promise(sla.FirstResponse, sla.Subject{Kind: sla.KindConversation, Channel: c.Channel}, c.QueuedAt)
	if err != nil || !ok {
		return err
	}
	ck := store.ClockOf{ID: store.NewClockID(d.Now()), Kind: store.OfConversation, Subject: int64(c.ID), Channel: c.Channel, Clock: sla.Start(due, d.Now())}
	if err := tx.InsertClock(ctx, ck); err != nil {
		return err
	}
	return wakeClock(ctx, tx, ck, d.Now())
}

// expect starts the clock of an answer that the customer was told to expect
// when they were handed to a specialist (R073). A promise that was made so
// before is replaced.
func (d *Desk) expect(ctx context.Context, tx *store.Tx, c conversation.Conversation) error {
	if err := d.endChatClock(ctx, tx, c, sla.Clock.Cancel); err != nil {
		return err
	}
	now := d.Now().UTC()
	due := sla.Due{
		Metric: sla.NextResponse, Received: now, Counted: now, Limit: c.ExpectedAt.UTC(), Unit: sla.Minute, Calendar: sla.Always, Warnings: []sla.Warning{},
		Why: []sla.Reason{{Code: "agreed", Args: []string{c.ExpectedAt.UTC().Format(time.RFC3339)}}},
	}
	ck := store.ClockOf{ID: store.NewClockID(d.Now()), Kind: store.OfConversation, Subject: int64(c.ID), Channel: c.Channel, Clock: sla.Start(due, d.Now())}
	if err := tx.InsertClock(ctx, ck); err != nil {
		return err
	}
	return wakeClock(ctx, tx, ck, d.Now())
}

// answered meets the clock of the first response.
func (d *Desk) answered(ctx context.Context, tx *store.Tx, c conversation.Conversation) error {
	return d.endChatClock(ctx, tx, c, sla.Clock.Meet)
}

// unanswered cancels it: the conversation is over and nobody waits any more.
func (d *Desk) unanswered(ctx context.Context, tx *store.Tx, c conversation.Conversation) error {
	if !c.FirstReplyAt.IsZero() && c.ExpectedAt.IsZero() {
		return nil
	}
	return d.endChatClock(ctx, tx, c, sla.Clock.Cancel)
}

func (d *Desk) endChatClock(ctx context.Context, tx *store.Tx, c conversation.Conversation, end func(sla.Clock, time.Time) (sla.Clock, error)) error {
	have, err := tx.ClocksOf(ctx, store.OfConversation, int64(c.ID))
	if err != nil {
		return err
	}
	for _, ck := range have {
		if !ck.State.Open() {
			continue
		}
		if ck.Clock, err = end(ck.Clock, d.Now()); err != nil {
			return err
		}
		if err := tx.SaveClock(ctx, ck); err != nil {
			return err
		}
	}
	return nil
}

// fireChat gives the alarms that are due on the promise of a chat, each once
// (R181).
func (d *Desk) fireChat(ctx context.Context, tx *store.Tx, ck store.ClockOf) error {
	c, err := tx.Conversation(ctx, conversation.ID(ck.Subject)) // nobody else changes it until the end
	if err != nil {
		return err
	}
	_, alarms, err := d.fire(ctx, tx, ck.ID)
	if err != nil || len(alarms) == 0 {
		return err
	}
	told, err := d.whomToWarn(ctx, tx, c, alarms[len(alarms)-1].Kind)
	if err != nil {
		return err
	}
	for _, who := range told {
		if err := d.notify(ctx, tx, who, "chat."+string(alarms[len(alarms)-1].Kind), c, c.ContactName, c.AgentName); err != nil {
			return err
		}
	}
	return nil
}

// mostWarned is how many of a team are told of one chat that waits: those with
// the least to do.
const mostWarned = 20

// whomToWarn returns whom an alarm about a chat concerns, of those who have a
// console open: where it rings or who holds it, the supervisors of its team,
// and before the promise is broken also the colleagues who could take it.
func (d *Desk) whomToWarn(ctx context.Context, tx *store.Tx, c conversation.Conversation, kind sla.AlarmKind) ([]agent.ID, error) {
	told, err := tx.AgentsWho(ctx, agent.ConversationMonitor, c.Team)
	if err != nil {
		return nil, err
	}
	told = append(told, c.Sight().Agent, c.Sight().Offered)
	if kind == sla.WarningAlarm && c.State == conversation.Queued {
		rules, err := tx.RoutingRules(ctx)
		if err != nil {
			return nil, err
		}
		cs, err := tx.Candidates(ctx, rules, d.Now(), d.Now())
		if err != nil {
			return nil, err
		}
		cs = slices.DeleteFunc(cs, func(a routing.Candidate) bool { return !c.Team.IsZero() && !slices.Contains(a.Teams, c.Team) })
		slices.SortStableFunc(cs, func(x, y routing.Candidate) int { return cmp.Compare(x.Load, y.Load) })
		for _, a := range cs[:min(len(cs), mostWarned)] {
			told = append(told, a.Agent)
		}
	}
	there, err := tx.Connected(ctx)
	if err != nil {
		return nil, err
	}
	slices.Sort(told)
	return slices.DeleteFunc(slices.Compact(told), func(a agent.ID) bool { return !slices.Contains(there, a) }), nil
}
