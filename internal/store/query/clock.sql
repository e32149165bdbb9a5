-- name: InsertClock :exec
INSERT INTO clocks (id, subject_kind, subject_id, metric, state, channel, calendar, provisional, received_at, target_at, limit_at, ended_at, kept, body, version)
VALUES (sqlc.arg(id), sqlc.arg(subject_kind), sqlc.arg(subject_id), sqlc.arg(metric), sqlc.arg(state), sqlc.arg(channel), sqlc.arg(calendar), sqlc.arg(provisional),
    sqlc.arg(received_at), sqlc.arg(target_at), sqlc.arg(limit_at), sqlc.arg(ended_at), sqlc.arg(kept), sqlc.arg(body), 1);

-- name: SaveClock :execrows
UPDATE clocks SET state = sqlc.arg(state), calendar = sqlc.arg(calendar), provisional = sqlc.arg(provisional), target_at = sqlc.arg(target_at),
    limit_at = sqlc.arg(limit_at), ended_at = sqlc.arg(ended_at), kept = sqlc.arg(kept), body = sqlc.arg(body), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: ClockByID :one
SELECT * FROM clocks WHERE id = sqlc.arg(id);

-- name: ClocksOf :many
SELECT * FROM clocks WHERE subject_kind = sqlc.arg(subject_kind) AND subject_id = sqlc.arg(subject_id) ORDER BY id;

-- name: OpenClocksAfter :many
SELECT * FROM clocks WHERE ended_at = 0 AND (limit_at > sqlc.arg(limit_at) OR (limit_at = sqlc.arg(limit_at) AND id > sqlc.arg(id)))
ORDER BY limit_at, id LIMIT sqlc.arg(most);

-- name: KeptSince :many
SELECT metric, channel, COUNT(*) AS ended, CAST(COALESCE(SUM(CASE WHEN kept THEN 1 ELSE 0 END), 0) AS BIGINT) AS kept
FROM clocks WHERE ended_at > sqlc.arg(since) AND state = 'met' GROUP BY metric, channel ORDER BY metric, channel;
