-- name: QuestionByID :one
SELECT * FROM questions WHERE id = sqlc.arg(id);

-- name: InsertQuestion :exec
INSERT INTO questions (id, question, answer, phrasings, category, language, status, audience, views, helpful, unhelpful, updated_at, updated_by, published_at, version, valid_from, valid_until, review_on, answers, pinned)
VALUES (sqlc.arg(id), sqlc.arg(question), sqlc.arg(answer), sqlc.arg(phrasings), sqlc.arg(category), sqlc.arg(language), sqlc.arg(status), sqlc.arg(audience),
    sqlc.arg(views), 0, 0, sqlc.arg(updated_at), sqlc.arg(updated_by), sqlc.arg(published_at), 1,
    sqlc.arg(valid_from), sqlc.arg(valid_until), sqlc.arg(review_on), sqlc.arg(answers), sqlc.arg(pinned));

-- name: SaveQuestion :execrows
UPDATE questions SET question = sqlc.arg(question), answer = sqlc.arg(answer), phrasings = sqlc.arg(phrasings), category = sqlc.arg(category),
    language = sqlc.arg(language), status = sqlc.arg(status), audience = sqlc.arg(audience), updated_at = sqlc.arg(updated_at),
    updated_by = sqlc.arg(updated_by), published_at = sqlc.arg(published_at), valid_from = sqlc.arg(valid_from), valid_until = sqlc.arg(valid_until),
    review_on = sqlc.arg(review_on), answers = sqlc.arg(answers), pinned = sqlc.arg(pinned), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: DeleteQuestion :execrows
DELETE FROM questions WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: PublishedQuestions :many
SELECT * FROM questions WHERE status = 'published' ORDER BY id;

-- name: ViewQuestion :exec
UPDATE questions SET views = views + 1 WHERE id = sqlc.arg(id);

-- name: QuestionHelped :exec
UPDATE questions SET helpful = helpful + sqlc.arg(helpful), unhelpful = unhelpful + sqlc.arg(unhelpful) WHERE id = sqlc.arg(id);

-- name: ArticleHelped :exec
UPDATE articles SET helpful = helpful + sqlc.arg(helpful), unhelpful = unhelpful + sqlc.arg(unhelpful) WHERE id = sqlc.arg(id);

-- name: ArticleByID :one
SELECT * FROM articles WHERE id = sqlc.arg(id);

-- name: SlugTaken :one
SELECT COUNT(*) FROM articles WHERE slug = sqlc.arg(slug) AND id <> sqlc.arg(id);

-- name: InsertArticle :exec
INSERT INTO articles (id, slug, title, body, category, language, status, audience, views, updated_at, updated_by, published_at, version, helpful, unhelpful)
VALUES (sqlc.arg(id), sqlc.arg(slug), sqlc.arg(title), sqlc.arg(body), sqlc.arg(category), sqlc.arg(language), sqlc.arg(status), sqlc.arg(audience),
    sqlc.arg(views), sqlc.arg(updated_at), sqlc.arg(updated_by), sqlc.arg(published_at), 1, 0, 0);

-- name: SaveArticle :execrows
UPDATE articles SET slug = sqlc.arg(slug), title = sqlc.arg(title), body = sqlc.arg(body), category = sqlc.arg(category),
    language = sqlc.arg(language), status = sqlc.arg(status), audience = sqlc.arg(audience), updated_at = sqlc.arg(updated_at),
    updated_by = sqlc.arg(updated_by), published_at = sqlc.arg(published_at), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: DeleteArticle :execrows
DELETE FROM articles WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: PublishedArticles :many
SELECT * FROM articles WHERE status = 'published' ORDER BY id;

-- name: ViewArticle :exec
UPDATE articles SET views = views + 1 WHERE id = sqlc.arg(id);

-- name: KnowledgeCategories :many
SELECT category, CAST(SUM(q) AS BIGINT) AS questions, CAST(SUM(a) AS BIGINT) AS articles FROM (
    SELECT category, 1 AS q, 0 AS a FROM questions
    UNION ALL
    SELECT category, 0 AS q, 1 AS a FROM articles
) AS texts
WHERE category <> ''
GROUP BY category ORDER BY category;

-- name: AddKnowledgeVersion :exec
INSERT INTO knowledge_versions (kind, text_id, version, at, by_name, body)
VALUES (sqlc.arg(kind), sqlc.arg(text_id), sqlc.arg(version), sqlc.arg(at), sqlc.arg(by_name), sqlc.arg(body)) ON CONFLICT DO NOTHING;

-- name: KnowledgeVersionsBefore :many
SELECT * FROM knowledge_versions WHERE kind = sqlc.arg(kind) AND text_id = sqlc.arg(text_id) AND version < sqlc.arg(before)
ORDER BY version DESC LIMIT sqlc.arg(most);

-- name: KnowledgeVersion :one
SELECT * FROM knowledge_versions WHERE kind = sqlc.arg(kind) AND text_id = sqlc.arg(text_id) AND version = sqlc.arg(version);

-- name: ForgetKnowledgeVersions :exec
DELETE FROM knowledge_versions WHERE kind = sqlc.arg(kind) AND text_id = sqlc.arg(text_id);

-- name: CountQuestionDay :exec
INSERT INTO question_days (day, channel, question_id, asked) VALUES (sqlc.arg(day), sqlc.arg(channel), sqlc.arg(question_id), 1)
ON CONFLICT (day, channel, question_id) DO UPDATE SET asked = question_days.asked + 1;

-- name: QuestionsAsked :many
SELECT channel, question_id, CAST(SUM(asked) AS BIGINT) AS asked FROM question_days WHERE day >= sqlc.arg(since) GROUP BY channel, question_id;

-- name: TrimQuestionDays :exec
DELETE FROM question_days WHERE day < sqlc.arg(before);
