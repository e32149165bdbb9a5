-- name: InsertKey :exec
INSERT INTO api_keys (id, name, prefix, token_hash, permissions, created_by, created_at, last_used_at, expires_at, revoked_at)
VALUES (sqlc.arg(id), sqlc.arg(name), sqlc.arg(prefix), sqlc.arg(token_hash), sqlc.arg(permissions), sqlc.arg(created_by),
    sqlc.arg(created_at), 0, sqlc.arg(expires_at), 0);

-- name: KeyRow :one
SELECT k.id, k.name, k.prefix, k.permissions, k.created_by, a.name AS created_by_name, k.created_at, k.last_used_at, k.expires_at, k.revoked_at
FROM api_keys k JOIN agents a ON a.id = k.created_by WHERE k.token_hash = sqlc.arg(token_hash);

-- name: KeyRows :many
SELECT k.id, k.name, k.prefix, k.permissions, k.created_by, a.name AS created_by_name, k.created_at, k.last_used_at, k.expires_at, k.revoked_at
FROM api_keys k JOIN agents a ON a.id = k.created_by
WHERE k.revoked_at = 0 AND k.id < sqlc.arg(before) ORDER BY k.id DESC LIMIT sqlc.arg(most);

-- name: SetKeyUsed :exec
UPDATE api_keys SET last_used_at = sqlc.arg(last_used_at) WHERE id = sqlc.arg(id);

-- name: RevokeKeyRow :one
UPDATE api_keys SET revoked_at = sqlc.arg(revoked_at) WHERE id = sqlc.arg(id) AND revoked_at = 0 RETURNING name;
