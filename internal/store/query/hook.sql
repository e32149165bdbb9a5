-- name: HookRow :one
SELECT * FROM call_hooks WHERE name = sqlc.arg(name);

-- name: HookRows :many
SELECT * FROM call_hooks ORDER BY name;

-- name: InsertHook :execrows
INSERT INTO call_hooks (name, settings, token, secret, version)
VALUES (sqlc.arg(name), sqlc.arg(settings), sqlc.arg(token), sqlc.arg(secret), 1) ON CONFLICT (name) DO NOTHING;

-- name: SaveHook :execrows
UPDATE call_hooks SET settings = sqlc.arg(settings), token = sqlc.arg(token), secret = sqlc.arg(secret), version = version + 1
WHERE name = sqlc.arg(name) AND version = sqlc.arg(version);

-- name: DeleteHook :execrows
DELETE FROM call_hooks WHERE name = sqlc.arg(name);
