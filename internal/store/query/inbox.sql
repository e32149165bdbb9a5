-- name: InboxByKey :one
SELECT * FROM inboxes WHERE key = sqlc.arg(key);

-- name: InboxByID :one
SELECT * FROM inboxes WHERE id = sqlc.arg(id);

-- name: Inboxes :many
SELECT * FROM inboxes ORDER BY id;

-- name: InsertInbox :exec
INSERT INTO inboxes (id, key, kind, name, enabled, team_id, settings, secret, version)
VALUES (sqlc.arg(id), sqlc.arg(key), sqlc.arg(kind), sqlc.arg(name), sqlc.arg(enabled), sqlc.arg(team_id), sqlc.arg(settings), sqlc.arg(secret), 1);

-- name: SaveInbox :execrows
UPDATE inboxes SET name = sqlc.arg(name), enabled = sqlc.arg(enabled), team_id = sqlc.arg(team_id), settings = sqlc.arg(settings),
    secret = sqlc.arg(secret), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: DeleteInbox :exec
DELETE FROM inboxes WHERE id = sqlc.arg(id);
