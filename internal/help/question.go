package help

import (
	"context"
	"strings"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/knowledge"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Questions returns a page of questions, changed last first, and the cursor of
// the next page.
func (h *Help) Questions(ctx context.Context, by agent.Actor, ask store.KnowledgeList) ([]knowledge.Question, string, error) {
	if err := need(by, agent.KnowledgeRead); err != nil {
		return nil, "", err
	}
	return h.DB.Now().ListQuestions(ctx, bounded(ask))
}

// Question returns a question, published or not.
func (h *Help) Question(ctx context.Context, by agent.Actor, id knowledge.QuestionID) (knowledge.Question, error) {
	if err := need(by, agent.KnowledgeRead); err != nil {
		return knowledge.Question{}, err
	}
	return h.DB.Now().Question(ctx, id)
}

// WriteQuestion keeps a new question, as a draft.
func (h *Help) WriteQuestion(ctx context.Context, by agent.Actor, q knowledge.Question) (_ knowledge.Question, err error) {
	defer fault.Wrap(&err, "write a question")
	if err := need(by, agent.KnowledgeEdit); err != nil {
		return q, err
	}
	if q, err = q.Checked(); err != nil {
		return q, err
	}
	now := h.Now()
	q.ID, q.Status, q.Version, q.UpdatedAt, q.UpdatedBy = knowledge.NewQuestionID(now), knowledge.Draft, 1, now, by.Name
	err = h.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.InsertQuestion(ctx, q); err != nil {
			return err
		}
		return h.changed(ctx, tx, by, "knowledge.write", object(q), nil)
	})
	return q, err
}

// EditQuestion changes what a question says. q.Version is the one that was
// read; it is a Conflict if someone has changed the question since, and zero
// overwrites. A published question needs the right to publish.
func (h *Help) EditQuestion(ctx context.Context, by agent.Actor, q knowledge.Question) (knowledge.Question, error) {
	checked, err := q.Checked()
	if err != nil {
		return q, err
	}
	return h.changeQuestion(ctx, by, q.ID, q.Version, knowledge.Edit, func(was knowledge.Question) knowledge.Question {
		was.Question, was.Answer, was.Phrasings = checked.Question, checked.Answer, checked.Phrasings
		was.Category, was.Language, was.Audience = checked.Category, checked.Language, checked.Audience
		was.Validity, was.Answers, was.Pinned = checked.Validity, checked.Answers, checked.Pinned
		return was
	})
}

// PublishQuestion lets everyone of its audience read a question. Publishing
// twice is publishing once.
func (h *Help) PublishQuestion(ctx context.Context, by agent.Actor, id knowledge.QuestionID) (knowledge.Question, error) {
	return h.changeQuestion(ctx, by, id, 0, knowledge.Publish, nil)
}

// UnpublishQuestion makes a question a draft again.
func (h *Help) UnpublishQuestion(ctx context.Context, by agent.Actor, id knowledge.QuestionID) (knowledge.Question, error) {
	return h.changeQuestion(ctx, by, id, 0, knowledge.Unpublish, nil)
}

func (h *Help) changeQuestion(ctx context.Context, by agent.Actor, id knowledge.QuestionID, version int64, act knowledge.Act, edit func(knowledge.Question) knowledge.Question) (q knowledge.Question, err error) {
	defer fault.Wrap(&err, "%s %s", act, id)
	err = h.DB.Update(ctx, func(tx *store.Tx) error {
		if q, err = tx.Question(ctx, id); err != nil {
			return err
		}
		was := q
		if act != knowledge.Edit {
			err = need(by, agent.KnowledgePublish)
		} else {
			err = need(by, toChange(was.Status))
		}
		if err != nil {
			return err
		}
		if edit != nil {
			q = edit(q)
		}
		if version != 0 {
			q.Version = version
		}
		if q.Status, q.PublishedAt, err = move(was.Status, act, was.PublishedAt, h.Now()); err != nil {
			return err
		}
		if act != knowledge.Edit && q.Status == was.Status {
			return nil // done already
		}
		q.UpdatedAt, q.UpdatedBy = h.Now(), by.Name
		if q, err = tx.SaveQuestion(ctx, q); err != nil {
			return err
		}
		return h.changed(ctx, tx, by, "knowledge."+string(act), object(q), questionChanges(was, q))
	})
	return q, err
}

// DeleteQuestion removes a question for good. One that is published needs the
// right to publish.
func (h *Help) DeleteQuestion(ctx context.Context, by agent.Actor, id knowledge.QuestionID) (err error) {
	defer fault.Wrap(&err, "delete %s", id)
	return h.DB.Update(ctx, func(tx *store.Tx) error {
		q, err := tx.Question(ctx, id)
		if err != nil {
			return err
		}
		if err := need(by, toChange(q.Status)); err != nil {
			return err
		}
		if err := tx.DeleteQuestion(ctx, q); err != nil {
			return err
		}
		return h.changed(ctx, tx, by, "knowledge.delete", object(q), map[string]any{"answer": q.Answer})
	})
}

func object(q knowledge.Question) audit.Object { return audit.Of("question", q.ID, q.Question) }

// questionChanges lists what an edit changed.
func questionChanges(was, is knowledge.Question) map[string]any {
	c := audit.Changes{}
	audit.Add(c, "question", was.Question, is.Question)
	audit.Add(c, "answer", was.Answer, is.Answer)
	audit.Add(c, "phrasings", strings.Join(was.Phrasings, "\n"), strings.Join(is.Phrasings, "\n"))
	audit.Add(c, "category", was.Category, is.Category)
	audit.Add(c, "language", was.Language, is.Language)
	audit.Add(c, "audience", was.Audience, is.Audience)
	audit.Add(c, "status", was.Status, is.Status)
	audit.Add(c, "pinned", was.Pinned, is.Pinned)
	audit.Add(c, "valid_from", was.ValidFrom, is.ValidFrom)
	audit.Add(c, "valid_until", was.ValidUntil, is.ValidUntil)
	audit.Add(c, "review_on", was.ReviewOn, is.ReviewOn)
	for _, channel := range knowledge.Channels {
		audit.Add(c, "answer."+channel, was.Answers[channel], is.Answers[channel])
	}
	return c
}

const versionsShown = 20

// QuestionVersions returns a question as customers have read it, before a
// version (zero: from the last on), the last first.
func (h *Help) QuestionVersions(ctx context.Context, by agent.Actor, id knowledge.QuestionID, before int64) ([]knowledge.Question, error) {
	if err := need(by, agent.KnowledgeRead); err != nil {
		return nil, err
	}
	return h.DB.Now().QuestionVersions(ctx, id, before, versionsShown)
}

// RestoreQuestion lets a question say again what it said in a version. It is an
// edit like any other, and can be taken back in the same way.
func (h *Help) RestoreQuestion(ctx context.Context, by agent.Actor, id knowledge.QuestionID, version int64) (knowledge.Question, error) {
	if err := need(by, agent.KnowledgeEdit); err != nil {
		return knowledge.Question{}, err
	}
	was, err := h.DB.Now().QuestionVersion(ctx, id, version)
	if err != nil {
		return was, err
	}
	was.ID, was.Version = id, 0
	return h.EditQuestion(ctx, by, was)
}
