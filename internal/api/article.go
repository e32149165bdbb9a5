package api

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/knowledge"
)

// longText is the largest body of an article, in bytes: its longest text,
// escaped in the worst way.
const longText = 2 << 20

func (a *API) articles(r *router) {
	call(r, get("/articles", "Articles, changed last first").needs(agent.KnowledgeRead), a.listArticles)
	call(r, post("/articles", "Write an article, as a draft").upTo(longText).needs(agent.KnowledgeEdit), a.writeArticle)
	call(r, get("/articles/{id}", "An article").needs(agent.KnowledgeRead), a.getArticle)
	call(r, put("/articles/{id}", "Change an article; 409 if someone else has changed it since version").upTo(longText).needs(agent.KnowledgeEdit), a.editArticle)
	act(r, remove("/articles/{id}", "Remove an article for good").needs(agent.KnowledgeEdit), a.deleteArticle)
	call(r, post("/articles/{id}/publish", "Let customers read it").needs(agent.KnowledgePublish), a.publishArticle)
	call(r, post("/articles/{id}/unpublish", "Make it a draft again").needs(agent.KnowledgePublish), a.unpublishArticle)
}

func (a *API) listArticles(ctx context.Context, by agent.Actor, in *knowledgeQuery) (list[knowledge.Article], error) {
	as, next, err := a.Help.Articles(ctx, by, in.list())
	return list[knowledge.Article]{Items: as, Next: next}, err
}

// articleDraft is what a person writes of an article. Version is the one that
// was read; a new article has none.
type articleDraft struct {
	Slug     string `json:"slug,omitempty" doc:"its place in the address of its page; made from the title when empty"`
	Title    string `json:"title"`
	Body     string `json:"body" doc:"Markdown"`
	Category string `json:"category"`
	Language string `json:"language" enum:"zh,en"`
	Audience string `json:"audience" enum:"public,internal"`
	Version  int64  `json:"version,omitempty"`
}

func (d articleDraft) article(id knowledge.ArticleID) knowledge.Article {
	return knowledge.Article{
		ID: id, Slug: d.Slug, Title: d.Title, Body: d.Body, Category: d.Category, Language: d.Language,
		Audience: knowledge.Audience(d.Audience), Version: d.Version,
	}
}

func (a *API) writeArticle(ctx context.Context, by agent.Actor, in *struct{ Body articleDraft }) (knowledge.Article, error) {
	return a.Help.WriteArticle(ctx, by, in.Body.article(0))
}

func (a *API) getArticle(ctx context.Context, by agent.Actor, in *byID[knowledge.ArticleID]) (knowledge.Article, error) {
	return a.Help.Article(ctx, by, in.ID.Value)
}

func (a *API) editArticle(ctx context.Context, by agent.Actor, in *withBody[knowledge.ArticleID, articleDraft]) (knowledge.Article, error) {
	return a.Help.EditArticle(ctx, by, in.Body.article(in.ID.Value))
}

func (a *API) deleteArticle(ctx context.Context, by agent.Actor, in *byID[knowledge.ArticleID]) error {
	return a.Help.DeleteArticle(ctx, by, in.ID.Value)
}

func (a *API) publishArticle(ctx context.Context, by agent.Actor, in *byID[knowledge.ArticleID]) (knowledge.Article, error) {
	return a.Help.PublishArticle(ctx, by, in.ID.Value)
}

func (a *API) unpublishArticle(ctx context.Context, by agent.Actor, in *byID[knowledge.ArticleID]) (knowledge.Article, error) {
	return a.Help.UnpublishArticle(ctx, by, in.ID.Value)
}
