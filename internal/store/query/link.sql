-- name: InsertLink :exec
INSERT INTO links (token_hash, kind, agent_id, expires_at, used_at, created_at)
VALUES (sqlc.arg(token_hash), sqlc.arg(kind), sqlc.arg(agent_id), sqlc.arg(expires_at), 0, sqlc.arg(created_at));

-- name: LinkRow :one
SELECT kind, agent_id, expires_at, used_at, created_at FROM links WHERE token_hash = sqlc.arg(token_hash);

-- name: UseLink :execrows
UPDATE links SET used_at = sqlc.arg(used_at) WHERE token_hash = sqlc.arg(token_hash) AND used_at = 0 AND expires_at > sqlc.arg(used_at);

-- name: VoidLinksOf :exec
UPDATE links SET used_at = sqlc.arg(used_at) WHERE agent_id = sqlc.arg(agent_id) AND used_at = 0;

-- name: VoidLinks :exec
UPDATE links SET used_at = sqlc.arg(used_at) WHERE kind = sqlc.arg(kind) AND used_at = 0;

-- name: DeleteExpiredLinks :execrows
DELETE FROM links WHERE expires_at <= sqlc.arg(before);
