package help

import (
	"context"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/gap"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/retrieve"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Gaps returns a page of the gaps in a state and the cursor of the next page:
// of the open ones the most costly first, of the others the last dealt with.
func (h *Help) Gaps(ctx context.Context, by agent.Actor, s gap.State, cursor string, limit int) ([]gap.Gap, string, error) {
	if err := need(by, agent.KnowledgeEdit); err != nil {
		return nil, "", err
	}
	if s == gap.Dealt {
		return h.DB.Now().DealtGaps(ctx, cursor, limit)
	}
	return h.DB.Now().OpenGaps(ctx, cursor, limit)
}

// Standing is how the board of gaps stands.
type Standing struct {
	Open int64
	At   time.Time // when it was brought up to date; zero: never
}

// GapStanding returns how the board of gaps stands.
func (h *Help) GapStanding(ctx context.Context, by agent.Actor) (s Standing, err error) {
	if err := need(by, agent.KnowledgeEdit); err != nil {
		return s, err
	}
	err = h.DB.View(ctx, func(tx *store.Tx) error {
		if s.Open, err = tx.CountOpenGaps(ctx); err != nil {
			return err
		}
		g, err := tx.Gathered(ctx)
		s.At = g.At
		return err
	})
	return s, err
}

// ShownGap is a gap with what there is to know before it is dealt with.
type ShownGap struct {
	Gap     gap.Gap
	Asks    []gap.Ask // the last ones, the last first
	Nearest []Near    // questions that may be meant, the likeliest first
}

// Near is a question that may be what a gap asks.
type Near struct {
	Question knowledge.QuestionID
	Title    string
	Score    float64 // from 0 to 1
	Chosen   int     // how many of the asks chose it when it was offered
}

const (
	asksShown = 50
	nearShown = 3
)

// Gap returns a gap with what was asked, what colleagues replied, and the
// nearest questions.
func (h *Help) Gap(ctx context.Context, by agent.Actor, i gap.ID) (s ShownGap, err error) {
	if err := need(by, agent.KnowledgeEdit); err != nil {
		return s, err
	}
	if err := h.DB.View(ctx, func(tx *store.Tx) error {
		if s.Gap, err = tx.Gap(ctx, i); err != nil {
			return err
		}
		s.Asks, err = tx.Asks(ctx, i, asksShown)
		return err
	}); err != nil {
		return s, err
	}
	s.Nearest = h.nearest(s.Gap, s.Asks)
	return s, nil
}

// nearest returns what customers chose themselves, then what the ranking finds.
func (h *Help) nearest(g gap.Gap, asks []gap.Ask) []Near {
	shelf := h.current()
	chosen := map[string]int{}
	for _, a := range asks {
		if a.Chosen != "" {
			chosen[a.Chosen]++
		}
	}
	near := []Near{}
	for _, c := range shelf.asked.Find(g.Text, retrieve.Limits{Language: g.Language, Internal: true}, nearShown) {
		if _, there := shelf.questions[c.ID]; there {
			near = append(near, Near{Question: knowledge.QuestionID(c.ID), Title: c.Question, Score: c.Score, Chosen: chosen[c.Question]})
			delete(chosen, c.Question)
		}
	}
	for _, e := range shelf.entries {
		if n := chosen[e.Title]; n > 0 && e.Kind == Question {
			near = append(near, Near{Question: knowledge.QuestionID(e.key), Title: e.Title, Chosen: n})
		}
	}
	slices.SortStableFunc(near, func(a, b Near) int { return b.Chosen - a.Chosen })
	return near[:min(nearShown, len(near))]
}

func gapObject(g gap.Gap) audit.Object { return audit.Of("gap", g.ID, g.Text) }

// dealt writes down that a gap was dealt with, and tells everyone.
func (h *Help) dealt(ctx context.Context, tx *store.Tx, by agent.Actor, g gap.Gap, d gap.Deal, detail map[string]any) (gap.Gap, error) {
	d.At, d.By = h.Now(), by.Name
	g, err := g.Done(d)
	if err != nil {
		return g, err
	}
	if err := tx.ChangeGap(ctx, g); err != nil {
		return g, err
	}
	g.Version++
	return g, h.changed(ctx, tx, by, "gap."+string(d.Act), gapObject(g), detail)
}

// PhraseGap adds what is asked in a gap to the ways to ask a question. Without
// texts it is the text that leads the gap. What is known already is not added
// again.
func (h *Help) PhraseGap(ctx context.Context, by agent.Actor, i gap.ID, question knowledge.QuestionID, texts []string) (g gap.Gap, err error) {
	defer fault.Wrap(&err, "add the phrasings of %s to %s", i, question)
	err = h.DB.Update(ctx, func(tx *store.Tx) error {
		if g, err = tx.Gap(ctx, i); err != nil {
			return err
		}
		q, err := tx.Question(ctx, question)
		if err != nil {
			return err
		}
		if err := need(by, toChange(q.Status)); err != nil {
			return err
		}
		was := q
		asked := texts
		if len(asked) == 0 {
			asked = []string{g.Text}
		}
		q.Phrasings = slices.Clone(q.Phrasings)
		for _, t := range asked {
			q.Phrasings = append(q.Phrasings, gap.Phrasing(t))
		}
		if q, err = q.Checked(); err != nil {
			return err
		}
		d := gap.Deal{Act: gap.Phrased, Question: q.ID, Title: q.Question, Phrasings: q.Phrasings[min(len(was.Phrasings), len(q.Phrasings)):]}
		if len(d.Phrasings) > 0 {
			q.UpdatedAt, q.UpdatedBy = h.Now(), by.Name
			if _, err = tx.SaveQuestion(ctx, q); err != nil {
				return err
			}
			if err := h.changed(ctx, tx, by, "knowledge.edit", object(q), questionChanges(was, q)); err != nil {
				return err
			}
		}
		g, err = h.dealt(ctx, tx, by, g, d, map[string]any{"question": q.ID.String(), "phrasings": d.Phrasings})
		return err
	})
	return g, err
}

// DraftGap writes a question that answers a gap, as a draft: a person publishes
// it, or nobody.
func (h *Help) DraftGap(ctx context.Context, by agent.Actor, i gap.ID, q knowledge.Question) (_ knowledge.Question, err error) {
	defer fault.Wrap(&err, "write a question for %s", i)
	if err := need(by, agent.KnowledgeEdit); err != nil {
		return q, err
	}
	if q, err = q.Checked(); err != nil {
		return q, err
	}
	now := h.Now()
	q.ID, q.Status, q.Version, q.UpdatedAt, q.UpdatedBy = knowledge.NewQuestionID(now), knowledge.Draft, 1, now, by.Name
	err = h.DB.Update(ctx, func(tx *store.Tx) error {
		g, err := tx.Gap(ctx, i)
		if err != nil {
			return err
		}
		if err := tx.InsertQuestion(ctx, q); err != nil {
			return err
		}
		if err := h.changed(ctx, tx, by, "knowledge.write", object(q), nil); err != nil {
			return err
		}
		_, err = h.dealt(ctx, tx, by, g, gap.Deal{Act: gap.Drafted, Question: q.ID, Title: q.Question}, map[string]any{"question": q.ID.String()})
		return err
	})
	return q, err
}

// IgnoreGap takes a gap off the board, with a reason that stays with it.
func (h *Help) IgnoreGap(ctx context.Context, by agent.Actor, i gap.ID, reason string) (g gap.Gap, err error) {
	defer fault.Wrap(&err, "ignore %s", i)
	if err := need(by, agent.KnowledgeEdit); err != nil {
		return g, err
	}
	err = h.DB.Update(ctx, func(tx *store.Tx) error {
		if g, err = tx.Gap(ctx, i); err != nil {
			return err
		}
		g, err = h.dealt(ctx, tx, by, g, gap.Deal{Act: gap.Ignored, Reason: reason}, map[string]any{"reason": reason})
		return err
	})
	return g, err
}

// ReopenGap takes back what was done about a gap: phrasings that were added are
// taken off the question if they still stand there. A draft that was written
// stays.
func (h *Help) ReopenGap(ctx context.Context, by agent.Actor, i gap.ID) (g gap.Gap, err error) {
	defer fault.Wrap(&err, "reopen %s", i)
	if err := need(by, agent.KnowledgeEdit); err != nil {
		return g, err
	}
	err = h.DB.Update(ctx, func(tx *store.Tx) error {
		if g, err = tx.Gap(ctx, i); err != nil {
			return err
		}
		was := g.Deal
		if g, err = g.Reopened(); err != nil {
			return err
		}
		if was.Act == gap.Phrased {
			if err := h.takeOff(ctx, tx, by, *was); err != nil {
				return err
			}
		}
		if g, err = tx.Recounted(ctx, g); err != nil {
			return err
		}
		if err := tx.ChangeGap(ctx, g); err != nil {
			return err
		}
		g.Version++
		return h.changed(ctx, tx, by, "gap.reopen", gapObject(g), map[string]any{"act": string(was.Act)})
	})
	return g, err
}

// takeOff removes the phrasings that a deal added.
func (h *Help) takeOff(ctx context.Context, tx *store.Tx, by agent.Actor, d gap.Deal) error {
	q, err := tx.Question(ctx, d.Question)
	if fault.KindOf(err) == fault.NotFound {
		return nil // the question is gone, and they with it
	}
	if err != nil {
		return err
	}
	was := q
	q.Phrasings = slices.DeleteFunc(slices.Clone(q.Phrasings), func(p string) bool { return slices.Contains(d.Phrasings, p) })
	if len(q.Phrasings) == len(was.Phrasings) {
		return nil
	}
	if err := need(by, toChange(q.Status)); err != nil {
		return err
	}
	q.UpdatedAt, q.UpdatedBy = h.Now(), by.Name
	if _, err := tx.SaveQuestion(ctx, q); err != nil {
		return err
	}
	return h.changed(ctx, tx, by, "knowledge.edit", object(q), questionChanges(was, q))
}
