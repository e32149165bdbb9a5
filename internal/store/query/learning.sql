-- name: CountSuggestion :exec
INSERT INTO suggestions_used (day, topic, taken, changed)
VALUES (sqlc.arg(day), sqlc.arg(topic), sqlc.arg(taken), sqlc.arg(changed))
ON CONFLICT (day, topic) DO UPDATE SET taken = suggestions_used.taken + excluded.taken, changed = suggestions_used.changed + excluded.changed;

-- name: SuggestionsSince :many
SELECT topic, CAST(SUM(taken) AS BIGINT) AS taken, CAST(SUM(changed) AS BIGINT) AS changed
FROM suggestions_used WHERE day >= sqlc.arg(since) GROUP BY topic ORDER BY topic;

-- name: TrimSuggestions :exec
DELETE FROM suggestions_used WHERE day < sqlc.arg(before);

-- A page of closed cases, last closed first.
-- name: ClosedCases :many
SELECT id, kind, category, team_id, subject, text, course, closed_at FROM cases
WHERE closed_at > 0 AND (closed_at, id) < (sqlc.arg(before), sqlc.arg(below)) AND closed_at >= sqlc.arg(since)
ORDER BY closed_at DESC, id DESC LIMIT sqlc.arg(most);

-- name: PutTranslation :exec
INSERT INTO translations (message_id, language, text, at) VALUES (sqlc.arg(message_id), sqlc.arg(language), sqlc.arg(text), sqlc.arg(at))
ON CONFLICT (message_id, language) DO UPDATE SET text = excluded.text, at = excluded.at;

-- name: TranslationsIn :many
SELECT t.* FROM translations t JOIN messages m ON m.id = t.message_id
WHERE m.conversation_id = sqlc.arg(conversation_id) AND t.language = sqlc.arg(language);

-- name: TranslationOf :one
SELECT * FROM translations WHERE message_id = sqlc.arg(message_id) AND language = sqlc.arg(language);

-- name: DropTranslations :exec
DELETE FROM translations WHERE message_id = sqlc.arg(message_id);
