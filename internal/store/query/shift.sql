-- name: Shifts :many
SELECT * FROM shifts ORDER BY id;

-- name: ShiftRow :one
SELECT * FROM shifts WHERE id = sqlc.arg(id);

-- name: InsertShift :exec
INSERT INTO shifts (id, name, color, retired, hours, version)
VALUES (sqlc.arg(id), sqlc.arg(name), sqlc.arg(color), sqlc.arg(retired), sqlc.arg(hours), 1);

-- name: SaveShift :execrows
UPDATE shifts SET name = sqlc.arg(name), color = sqlc.arg(color), retired = sqlc.arg(retired), hours = sqlc.arg(hours), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: RosterBetween :many
SELECT * FROM roster WHERE day >= sqlc.arg(first) AND day <= sqlc.arg(last) ORDER BY agent_id, day;

-- name: RosterOfSome :many
SELECT * FROM roster WHERE agent_id >= sqlc.arg(least) AND agent_id <= sqlc.arg(greatest) AND day >= sqlc.arg(first) AND day <= sqlc.arg(last)
ORDER BY agent_id, day;

-- name: RosterOf :many
SELECT * FROM roster WHERE agent_id = sqlc.arg(agent_id) AND day >= sqlc.arg(first) AND day <= sqlc.arg(last) ORDER BY day;

-- name: PutRoster :exec
INSERT INTO roster (agent_id, day, kind, shift_id, name, color, hours, note, version)
VALUES (sqlc.arg(agent_id), sqlc.arg(day), sqlc.arg(kind), sqlc.arg(shift_id), sqlc.arg(name), sqlc.arg(color), sqlc.arg(hours), sqlc.arg(note), sqlc.arg(version))
ON CONFLICT (agent_id, day) DO UPDATE SET kind = excluded.kind, shift_id = excluded.shift_id, name = excluded.name, color = excluded.color,
    hours = excluded.hours, note = excluded.note, version = excluded.version;

-- name: DeleteRoster :exec
DELETE FROM roster WHERE agent_id = sqlc.arg(agent_id) AND day = sqlc.arg(day);

-- name: RosterRename :execrows
UPDATE roster SET name = sqlc.arg(name), color = sqlc.arg(color), hours = sqlc.arg(hours), version = version + 1
WHERE shift_id = sqlc.arg(shift_id) AND day >= sqlc.arg(first);

-- name: InsertSwap :exec
INSERT INTO swaps (id, state, from_agent, to_agent, body, version)
VALUES (sqlc.arg(id), sqlc.arg(state), sqlc.arg(from_agent), sqlc.arg(to_agent), sqlc.arg(body), 1);

-- name: SaveSwap :execrows
UPDATE swaps SET state = sqlc.arg(state), body = sqlc.arg(body), version = version + 1 WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: SwapRow :one
SELECT * FROM swaps WHERE id = sqlc.arg(id);

-- name: OpenSwaps :many
SELECT * FROM swaps WHERE state IN ('asked', 'agreed') ORDER BY id;

-- name: SwapsOf :many
SELECT * FROM swaps WHERE (from_agent = sqlc.arg(agent_id) OR to_agent = sqlc.arg(agent_id)) ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: PresenceBetween :many
SELECT agent_id, state, reason, since, until FROM presence_log
WHERE agent_id = sqlc.arg(agent_id) AND since > sqlc.arg(not_before) AND since < sqlc.arg(last) AND until > sqlc.arg(first) ORDER BY since;
