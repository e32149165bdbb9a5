package help

import (
	"context"
	"strconv"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/knowledge"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Articles returns a page of articles, changed last first, and the cursor of
// the next page.
func (h *Help) Articles(ctx context.Context, by agent.Actor, ask store.KnowledgeList) ([]knowledge.Article, string, error) {
	if err := need(by, agent.KnowledgeRead); err != nil {
		return nil, "", err
	}
	return h.DB.Now().ListArticles(ctx, bounded(ask))
}

// Article returns an article, published or not.
func (h *Help) Article(ctx context.Context, by agent.Actor, id knowledge.ArticleID) (knowledge.Article, error) {
	if err := need(by, agent.KnowledgeRead); err != nil {
		return knowledge.Article{}, err
	}
	return h.DB.Now().Article(ctx, id)
}

// WriteArticle keeps a new article, as a draft.
func (h *Help) WriteArticle(ctx context.Context, by agent.Actor, a knowledge.Article) (_ knowledge.Article, err error) {
	defer fault.Wrap(&err, "write an article")
	if err := need(by, agent.KnowledgeEdit); err != nil {
		return a, err
	}
	if a, err = a.Checked(); err != nil {
		return a, err
	}
	now := h.Now()
	a.ID, a.Status, a.Version, a.UpdatedAt, a.UpdatedBy = knowledge.NewArticleID(now), knowledge.Draft, 1, now, by.Name
	wanted := a.Slug
	err = h.DB.Update(ctx, func(tx *store.Tx) error {
		if a.Slug, err = freeSlug(ctx, tx, wanted, a.ID); err != nil {
			return err
		}
		if err := tx.InsertArticle(ctx, a); err != nil {
			return err
		}
		return h.changed(ctx, tx, by, "knowledge.write", articleObject(a), nil)
	})
	return a, err
}

// freeSlug returns the slug, or the slug with the first number that makes it
// the article's own.
func freeSlug(ctx context.Context, tx *store.Tx, slug string, id knowledge.ArticleID) (string, error) {
	for n := 1; ; n++ {
		try := slug
		if n > 1 {
			try += "-" + strconv.Itoa(n)
		}
		free, err := tx.SlugIsFree(ctx, try, id)
		if err != nil || free {
			return try, err
		}
	}
}

// EditArticle changes what an article says. a.Version is the one that was
// read; it is a Conflict if someone has changed the article since, and zero
// overwrites. A published article needs the right to publish.
func (h *Help) EditArticle(ctx context.Context, by agent.Actor, a knowledge.Article) (knowledge.Article, error) {
	checked, err := a.Checked()
	if err != nil {
		return a, err
	}
	return h.changeArticle(ctx, by, a.ID, a.Version, knowledge.Edit, func(was knowledge.Article) knowledge.Article {
		was.Slug, was.Title, was.Body = checked.Slug, checked.Title, checked.Body
		was.Category, was.Language, was.Audience = checked.Category, checked.Language, checked.Audience
		return was
	})
}

// PublishArticle lets everyone of its audience read an article. Publishing
// twice is publishing once.
func (h *Help) PublishArticle(ctx context.Context, by agent.Actor, id knowledge.ArticleID) (knowledge.Article, error) {
	return h.changeArticle(ctx, by, id, 0, knowledge.Publish, nil)
}

// UnpublishArticle makes an article a draft again.
func (h *Help) UnpublishArticle(ctx context.Context, by agent.Actor, id knowledge.ArticleID) (knowledge.Article, error) {
	return h.changeArticle(ctx, by, id, 0, knowledge.Unpublish, nil)
}

func (h *Help) changeArticle(ctx context.Context, by agent.Actor, id knowledge.ArticleID, version int64, act knowledge.Act, edit func(knowledge.Article) knowledge.Article) (a knowledge.Article, err error) {
	defer fault.Wrap(&err, "%s %s", act, id)
	err = h.DB.Update(ctx, func(tx *store.Tx) error {
		if a, err = tx.Article(ctx, id); err != nil {
			return err
		}
		was := a
		if act != knowledge.Edit {
			err = need(by, agent.KnowledgePublish)
		} else {
			err = need(by, toChange(was.Status))
		}
		if err != nil {
			return err
		}
		if edit != nil {
			a = edit(a)
			if a.Slug, err = freeSlug(ctx, tx, a.Slug, a.ID); err != nil {
				return err
			}
		}
		if version != 0 {
			a.Version = version
		}
		if a.Status, a.PublishedAt, err = move(was.Status, act, was.PublishedAt, h.Now()); err != nil {
			return err
		}
		if act != knowledge.Edit && a.Status == was.Status {
			return nil // done already
		}
		a.UpdatedAt, a.UpdatedBy = h.Now(), by.Name
		if a, err = tx.SaveArticle(ctx, a); err != nil {
			return err
		}
		return h.changed(ctx, tx, by, "knowledge."+string(act), articleObject(a), articleChanges(was, a))
	})
	return a, err
}

// DeleteArticle removes an article for good. One that is published needs the
// right to publish.
func (h *Help) DeleteArticle(ctx context.Context, by agent.Actor, id knowledge.ArticleID) (err error) {
	defer fault.Wrap(&err, "delete %s", id)
	return h.DB.Update(ctx, func(tx *store.Tx) error {
		a, err := tx.Article(ctx, id)
		if err != nil {
			return err
		}
		if err := need(by, toChange(a.Status)); err != nil {
			return err
		}
		if err := tx.DeleteArticle(ctx, a); err != nil {
			return err
		}
		return h.changed(ctx, tx, by, "knowledge.delete", articleObject(a), nil)
	})
}

func articleObject(a knowledge.Article) audit.Object { return audit.Of("article", a.ID, a.Title) }

// articleChanges lists what an edit changed. The body is too long for the log;
// its length is noted.
func articleChanges(was, is knowledge.Article) map[string]any {
	c := audit.Changes{}
	audit.Add(c, "title", was.Title, is.Title)
	audit.Add(c, "slug", was.Slug, is.Slug)
	audit.Add(c, "category", was.Category, is.Category)
	audit.Add(c, "language", was.Language, is.Language)
	audit.Add(c, "audience", was.Audience, is.Audience)
	audit.Add(c, "status", was.Status, is.Status)
	if was.Body != is.Body {
		c["body_bytes"] = map[string]any{"from": len(was.Body), "to": len(is.Body)}
	}
	return c
}
