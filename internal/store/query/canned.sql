-- name: Canned :one
SELECT * FROM canned WHERE id = sqlc.arg(id);

-- name: CannedOf :many
SELECT * FROM canned WHERE agent_id IS NULL OR agent_id = sqlc.arg(agent_id) ORDER BY shortcut, id;

-- name: InsertCanned :exec
INSERT INTO canned (id, agent_id, shortcut, title, text, language, folder, uses)
VALUES (sqlc.arg(id), sqlc.arg(agent_id), sqlc.arg(shortcut), sqlc.arg(title), sqlc.arg(text), sqlc.arg(language), sqlc.arg(folder), 0);

-- name: SaveCanned :exec
UPDATE canned SET agent_id = sqlc.arg(agent_id), shortcut = sqlc.arg(shortcut), title = sqlc.arg(title), text = sqlc.arg(text), language = sqlc.arg(language), folder = sqlc.arg(folder)
WHERE id = sqlc.arg(id);

-- name: DeleteCanned :exec
DELETE FROM canned WHERE id = sqlc.arg(id);

-- name: UseCanned :exec
UPDATE canned SET uses = uses + 1 WHERE id = sqlc.arg(id) AND (agent_id IS NULL OR agent_id = sqlc.arg(agent_id));
