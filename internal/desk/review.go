package desk

import (
	"context"
	"slices"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/review"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Matter is what a review is about: a decision in a conversation or in a case.
type Matter struct {
	Conversation conversation.ID
	Case         ticket.ID
}

// matter is one that an actor may see, with who answers for it.
type matter struct {
	talk    conversation.Conversation
	dossier ticket.Case
	by      agent.Ref[agent.ID]
	team    agent.TeamID
}

func (d *Desk) matter(ctx context.Context, tx *store.Tx, by agent.Actor, m Matter) (w matter, err error) {
	if m.Case.IsZero() {
		w.talk, err = seen(ctx, tx, by, m.Conversation)
		w.by, w.team = agent.Ref[agent.ID]{ID: w.talk.Agent, Name: w.talk.AgentName}, w.talk.Team
		return w, err
	}
	w.dossier, err = seenCase(ctx, tx, by, m.Case)
	w.by, w.team = agent.Ref[agent.ID]{ID: w.dossier.Agent, Name: w.dossier.AgentName}, w.dossier.Team
	return w, err
}

func (m Matter) asks() agent.Permission {
	if m.Case.IsZero() {
		return agent.ConversationReply
	}
	return agent.CaseEdit
}

func (m Matter) judges() agent.Permission {
	if m.Case.IsZero() {
		return agent.ConversationMonitor
	}
	return agent.CaseSupervise
}

// Reviews returns the reviews of decisions in a conversation or a case that the
// actor may see, newest first.
func (d *Desk) Reviews(ctx context.Context, by agent.Actor, m Matter) (rs []review.Review, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if _, err := d.matter(ctx, tx, by, m); err != nil {
			return err
		}
		rs, err = tx.ReviewsOf(ctx, m.Conversation, m.Case)
		return err
	})
	return rs, err
}

// AskReview asks for a second look at a decision, by an agent or by the
// customer through one (R173); the supervisors hear of it. Asking again under
// the same client id gives the same review.
func (d *Desk) AskReview(ctx context.Context, by agent.Actor, m Matter, r review.Review, clientID string) (_ review.Review, err error) {
	defer fault.Wrap(&err, "ask for a review")
	if err := by.Need(m.asks()); err != nil {
		return r, err
	}
	if err := conversation.CheckClientID(clientID); err != nil {
		return r, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if again, have, err := tx.ReviewAsked(ctx, by.Agent, clientID); err != nil || have {
			r = again
			return err
		}
		w, err := d.matter(ctx, tx, by, m)
		if err != nil {
			return err
		}
		r.ID, r.Conversation, r.Case = review.NewID(d.Now()), m.Conversation, m.Case
		r.Asker, r.Decider = agent.Ref[agent.ID]{ID: by.Agent, Name: by.Name}, w.by
		if r, err = r.Ask(d.Now()); err != nil {
			return err
		}
		before, err := tx.ReviewsOf(ctx, m.Conversation, m.Case)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(before, func(o review.Review) bool { return o.State == review.Open }) {
			return fault.New(fault.Conflict, "review.open", "a review was asked for already; wait for the verdict")
		}
		if _, err := tx.InsertReview(ctx, r, clientID); err != nil {
			return err
		}
		if err := d.recordReview(ctx, tx, w, by, r, ticket.AskReview); err != nil {
			return err
		}
		above, err := tx.AgentsWho(ctx, m.judges(), w.team)
		if err != nil {
			return err
		}
		for _, who := range above {
			if who == r.Asker.ID || who == r.Decider.ID {
				continue
			}
			if err := d.tellReview(ctx, tx, w, who, "review.asked", r.Why, by.Name); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

// JudgeReview upholds a decision or puts another in its place. Who asked and
// whose decision it was are told; the first decision stays beside the new one.
func (d *Desk) JudgeReview(ctx context.Context, by agent.Actor, i review.ID, v review.Verdict) (r review.Review, err error) {
	defer fault.Wrap(&err, "judge %s", i)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if r, err = tx.Review(ctx, i); err != nil {
			return err
		}
		m := Matter{r.Conversation, r.Case}
		w, err := d.matter(ctx, tx, by, m)
		if err != nil {
			return err
		}
		if err := by.Need(m.judges()); err != nil {
			return err
		}
		if r, err = r.Decide(agent.Ref[agent.ID]{ID: by.Agent, Name: by.Name}, v, d.Now()); err != nil {
			return err
		}
		if r, err = tx.SaveReview(ctx, r); err != nil {
			return err
		}
		if err := d.recordReview(ctx, tx, w, by, r, ticket.JudgeReview); err != nil {
			return err
		}
		told := []agent.ID{r.Asker.ID, r.Decider.ID}
		slices.Sort(told)
		for _, who := range slices.Compact(told) {
			if who.IsZero() {
				continue
			}
			if err := d.tellReview(ctx, tx, w, who, "review."+string(r.State), r.Reason, by.Name); err != nil {
				return err
			}
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), "review.judge", audit.Of("review", r.ID, r.Decision), map[string]any{"state": string(r.State), "instead": r.Instead, "reason": r.Reason}))
	})
	return r, err
}

// recordReview writes a line into the history of what the review is about.
func (d *Desk) recordReview(ctx context.Context, tx *store.Tx, w matter, by agent.Actor, r review.Review, act ticket.Act) error {
	if r.Case.IsZero() {
		_, err := d.tell(ctx, tx, w.talk, string(act), map[string]string{"by": by.Name, "state": string(r.State)})
		return err
	}
	e := ticket.Entry{Act: act, Text: r.Decision, Reason: r.Why}
	if act == ticket.JudgeReview {
		e.Reason = r.Reason
		e.Fields = []ticket.Change{{Field: "review", Old: string(review.Open), New: string(r.State)}}
		if r.State == review.Replaced {
			e.Fields = append(e.Fields, ticket.Change{Field: "decision", Old: r.Decision, New: r.Instead})
		}
	}
	return d.Record(ctx, tx, w.dossier, actorOf(by), e, string(act))
}

// tellReview tells an agent of a review, if they may hear of what it is about.
func (d *Desk) tellReview(ctx context.Context, tx *store.Tx, w matter, to agent.ID, kind, text, from string) error {
	n := event.Notice{Kind: kind, Conversation: w.talk.ID, Case: w.dossier.ID, Text: clip(text, 300), FromName: from}
	if !w.dossier.ID.IsZero() {
		may, err := mayHear(ctx, tx, w.dossier, to)
		if err != nil || !may {
			return err
		}
	}
	return d.Inform(ctx, tx, to, n)
}
