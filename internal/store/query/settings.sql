-- name: Setting :one
SELECT value FROM settings WHERE name = sqlc.arg(name);

-- name: PutSetting :exec
INSERT INTO settings (name, value, updated_at) VALUES (sqlc.arg(name), sqlc.arg(value), sqlc.arg(updated_at))
ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at;

-- name: NextCount :one
INSERT INTO counters (name, value) VALUES (sqlc.arg(name), sqlc.arg(first))
ON CONFLICT (name) DO UPDATE SET value = counters.value + 1
RETURNING value;

-- name: SettingsVersion :one
SELECT CAST(COALESCE((SELECT SUM(i.version) FROM inboxes i), 0) + COALESCE((SELECT MAX(s.updated_at) FROM settings s), 0) AS BIGINT) AS version;

-- name: InsertOnce :execrows
INSERT INTO counters (name, value) VALUES (sqlc.arg(name), sqlc.arg(at)) ON CONFLICT (name) DO NOTHING;
