package help

import (
	"cmp"
	"context"
	"slices"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/retrieve"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Tending is what editors should look at, each list the most pressing first.
type Tending struct {
	Collisions []Collision
	Few        []knowledge.Question // that can be asked in fewer ways than the assistant needs
	Due        []knowledge.Question // for review
	Unhelpful  []knowledge.Question // whose answers help less often than not
}

// Collision is two questions that are taken for each other.
type Collision struct {
	A, B  knowledge.Question
	Mixed []retrieve.Mixed
}

const (
	enoughWays = 5 // ways to ask a question, itself included
	fewVotes   = 3 // say nothing of an answer yet
)

// collided is what an index says of itself, worked out once.
type collided struct {
	of    *retrieve.Index
	pairs []retrieve.Collision
}

// Tending returns what editors should look at among what is published.
func (h *Help) Tending(ctx context.Context, by agent.Actor) (t Tending, err error) {
	defer fault.Wrap(&err, "look for what needs tending")
	if err := need(by, agent.KnowledgeEdit); err != nil {
		return t, err
	}
	byID := map[int64]knowledge.Question{}
	err = h.DB.View(ctx, func(tx *store.Tx) error {
		day, err := h.day(ctx, tx)
		if err != nil {
			return err
		}
		qs, err := tx.PublishedQuestions(ctx)
		for _, q := range qs {
			byID[int64(q.ID)] = q
			if 1+len(q.Phrasings) < enoughWays && q.Audience == knowledge.Public {
				t.Few = append(t.Few, q)
			}
			if q.ReviewDue(day) {
				t.Due = append(t.Due, q)
			}
			if q.Unhelpful > q.Helpful && q.Helpful+q.Unhelpful >= fewVotes {
				t.Unhelpful = append(t.Unhelpful, q)
			}
		}
		return err
	})
	slices.SortStableFunc(t.Few, func(a, b knowledge.Question) int { return cmp.Compare(b.Views, a.Views) })
	slices.SortStableFunc(t.Due, func(a, b knowledge.Question) int { return cmp.Compare(a.ReviewOn, b.ReviewOn) })
	slices.SortStableFunc(t.Unhelpful, func(a, b knowledge.Question) int { return cmp.Compare(b.Unhelpful-b.Helpful, a.Unhelpful-a.Helpful) })
	for _, c := range h.collisions() {
		a, hasA := byID[c.A]
		b, hasB := byID[c.B]
		mixed := slices.DeleteFunc(slices.Clone(c.Mixed), func(m retrieve.Mixed) bool { // was moved since
			of := byID[m.Of]
			return of.Question != m.Text && !slices.Contains(of.Phrasings, m.Text)
		})
		if hasA && hasB && len(mixed) > 0 {
			t.Collisions = append(t.Collisions, Collision{A: a, B: b, Mixed: mixed})
		}
	}
	return t, err
}

func (h *Help) collisions() []retrieve.Collision {
	x := h.current().asked
	if c := h.collided.Load(); c != nil && c.of == x {
		return c.pairs
	}
	c := &collided{of: x, pairs: x.Collisions()}
	h.collided.Store(c)
	return c.pairs
}

// AbsorbQuestion gives a question all ways to ask another one, which becomes a
// draft: it is asked no more, and nothing of it is lost.
func (h *Help) AbsorbQuestion(ctx context.Context, by agent.Actor, id, other knowledge.QuestionID) (q knowledge.Question, err error) {
	defer fault.Wrap(&err, "%s absorbs %s", id, other)
	return h.changeTwo(ctx, by, id, other, func(q, o knowledge.Question) (knowledge.Question, knowledge.Question, error) {
		q.Phrasings = slices.Concat(q.Phrasings, []string{o.Question}, o.Phrasings)
		var err error
		o.Status, o.PublishedAt, err = move(o.Status, knowledge.Unpublish, o.PublishedAt, h.Now())
		return q, o, err
	})
}

// MovePhrasing gives one way to ask a question to another question.
func (h *Help) MovePhrasing(ctx context.Context, by agent.Actor, id, other knowledge.QuestionID, text string) (q knowledge.Question, err error) {
	defer fault.Wrap(&err, "move a phrasing of %s to %s", id, other)
	return h.changeTwo(ctx, by, id, other, func(q, o knowledge.Question) (knowledge.Question, knowledge.Question, error) {
		at := slices.Index(q.Phrasings, text)
		if at < 0 {
			return q, o, fault.New(fault.Conflict, "knowledge.no_phrasing", "this is no phrasing of the question any more")
		}
		q.Phrasings = slices.Delete(slices.Clone(q.Phrasings), at, at+1)
		o.Phrasings = append(slices.Clone(o.Phrasings), text)
		return q, o, nil
	})
}

// changeTwo changes two questions in one transaction, and returns the first.
func (h *Help) changeTwo(ctx context.Context, by agent.Actor, id, other knowledge.QuestionID, edit func(q, o knowledge.Question) (knowledge.Question, knowledge.Question, error)) (q knowledge.Question, err error) {
	if err := need(by, agent.KnowledgePublish); err != nil {
		return q, err
	}
	if id == other {
		return q, fault.New(fault.Invalid, "knowledge.itself", "choose two different questions").In("other_id")
	}
	err = h.DB.Update(ctx, func(tx *store.Tx) error {
		var was, is [2]knowledge.Question
		for i, each := range []knowledge.QuestionID{id, other} {
			if was[i], err = tx.Question(ctx, each); err != nil {
				return err
			}
		}
		if is[0], is[1], err = edit(was[0], was[1]); err != nil {
			return err
		}
		order := []int{0, 1}
		if other < id {
			order = []int{1, 0} // written in one order by all
		}
		for _, i := range order {
			if is[i], err = is[i].Checked(); err != nil {
				return err
			}
			is[i].UpdatedAt, is[i].UpdatedBy = h.Now(), by.Name
			if is[i], err = tx.SaveQuestion(ctx, is[i]); err != nil {
				return err
			}
			if err := h.changed(ctx, tx, by, "knowledge.edit", object(is[i]), questionChanges(was[i], is[i])); err != nil {
				return err
			}
		}
		q = is[0]
		return nil
	})
	return q, err
}
