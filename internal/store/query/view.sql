-- name: SavedView :one
SELECT * FROM saved_views WHERE id = sqlc.arg(id);

-- name: SavedViewsOf :many
SELECT * FROM saved_views WHERE agent_id IS NULL OR agent_id = sqlc.arg(agent_id) ORDER BY position, id;

-- name: InsertSavedView :exec
INSERT INTO saved_views (id, agent_id, subject, name, icon, colour, filter, position, version)
VALUES (sqlc.arg(id), sqlc.arg(agent_id), sqlc.arg(subject), sqlc.arg(name), sqlc.arg(icon), sqlc.arg(colour), sqlc.arg(filter), sqlc.arg(position), 1);

-- name: SaveSavedView :execrows
UPDATE saved_views SET agent_id = sqlc.arg(agent_id), name = sqlc.arg(name), icon = sqlc.arg(icon), colour = sqlc.arg(colour),
    filter = sqlc.arg(filter), position = sqlc.arg(position), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: DeleteSavedView :exec
DELETE FROM saved_views WHERE id = sqlc.arg(id);

-- name: ForgetConversationTags :exec
DELETE FROM conversation_tags WHERE conversation_id = sqlc.arg(conversation_id);

-- name: KeepConversationTag :exec
INSERT INTO conversation_tags (conversation_id, tag, last_at) VALUES (sqlc.arg(conversation_id), sqlc.arg(tag), sqlc.arg(last_at));

-- name: ForgetCaseTags :exec
DELETE FROM case_tags WHERE case_id = sqlc.arg(case_id);

-- name: KeepCaseTag :exec
INSERT INTO case_tags (case_id, tag) VALUES (sqlc.arg(case_id), sqlc.arg(tag));
