-- name: InsertSession :exec
INSERT INTO sessions (id, token_hash, agent_id, address, device, created_at, last_seen_at, expires_at)
VALUES (sqlc.arg(id), sqlc.arg(token_hash), sqlc.arg(agent_id), sqlc.arg(address), sqlc.arg(device),
    sqlc.arg(created_at), sqlc.arg(last_seen_at), sqlc.arg(expires_at));

-- name: SessionRow :one
SELECT id, agent_id, address, device, created_at, last_seen_at, expires_at FROM sessions WHERE token_hash = sqlc.arg(token_hash);

-- name: SessionRows :many
SELECT id, agent_id, address, device, created_at, last_seen_at, expires_at FROM sessions
WHERE agent_id = sqlc.arg(agent_id) AND expires_at > sqlc.arg(now) ORDER BY last_seen_at DESC, id DESC LIMIT 100;

-- name: SetSessionSeen :exec
UPDATE sessions SET last_seen_at = sqlc.arg(last_seen_at), expires_at = sqlc.arg(expires_at) WHERE id = sqlc.arg(id);

-- name: DeleteSession :execrows
DELETE FROM sessions WHERE id = sqlc.arg(id) AND agent_id = sqlc.arg(agent_id);

-- name: DeleteSessionsOf :execrows
DELETE FROM sessions WHERE agent_id = sqlc.arg(agent_id) AND id <> sqlc.arg(keep);

-- name: DeleteExpiredSessions :execrows
DELETE FROM sessions WHERE expires_at <= sqlc.arg(now);
