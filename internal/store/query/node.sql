-- name: BeatNode :exec
INSERT INTO nodes (name, began_at, beat_at) VALUES (sqlc.arg(name), sqlc.arg(at), sqlc.arg(at))
ON CONFLICT (name) DO UPDATE SET beat_at = excluded.beat_at;

-- name: NodeBeats :one
SELECT beat_at FROM nodes WHERE name = sqlc.arg(name);

-- name: NodesSilent :many
SELECT name FROM nodes WHERE beat_at < sqlc.arg(since) AND name <> sqlc.arg(but) ORDER BY name;

-- name: ForgetNode :execrows
DELETE FROM nodes WHERE name = sqlc.arg(name) AND beat_at < sqlc.arg(before);

-- name: OpenConsole :exec
INSERT INTO consoles (node, agent_id) VALUES (sqlc.arg(node), sqlc.arg(agent_id)) ON CONFLICT (node, agent_id) DO NOTHING;

-- name: CloseConsole :exec
DELETE FROM consoles WHERE node = sqlc.arg(node) AND agent_id = sqlc.arg(agent_id);

-- name: CloseConsoles :exec
DELETE FROM consoles WHERE node = sqlc.arg(node);

-- name: HasConsole :one
SELECT EXISTS (SELECT 1 FROM consoles c WHERE c.agent_id = sqlc.arg(agent_id)) AS has;
