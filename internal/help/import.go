package help

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/knowledge"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Import adds questions and articles and publishes them, all or none.
func (h *Help) Import(ctx context.Context, by agent.Actor, qs []knowledge.Question, as []knowledge.Article) (err error) {
	defer fault.Wrap(&err, "import %d questions and %d articles", len(qs), len(as))
	if err := need(by, agent.KnowledgePublish); err != nil {
		return err
	}
	return h.DB.Update(ctx, func(tx *store.Tx) error {
		now := h.Now()
		for _, q := range qs {
			if q, err = q.Checked(); err != nil {
				return err
			}
			q.ID, q.Status, q.UpdatedAt, q.UpdatedBy, q.PublishedAt = knowledge.NewQuestionID(now), knowledge.Published, now, by.Name, now
			if err := tx.InsertQuestion(ctx, q); err != nil {
				return err
			}
		}
		for _, a := range as {
			if a, err = a.Checked(); err != nil {
				return err
			}
			a.ID, a.Status, a.UpdatedAt, a.UpdatedBy, a.PublishedAt = knowledge.NewArticleID(now), knowledge.Published, now, by.Name, now
			if a.Slug, err = freeSlug(ctx, tx, a.Slug, a.ID); err != nil {
				return err
			}
			if err := tx.InsertArticle(ctx, a); err != nil {
				return err
			}
		}
		return h.changed(ctx, tx, by, "knowledge.import", audit.Object{Kind: "knowledge"}, map[string]any{"questions": len(qs), "articles": len(as)})
	})
}
