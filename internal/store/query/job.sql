-- name: InsertJob :execrows
INSERT INTO jobs (id, kind, payload, dedup, run_at, state, attempt, last_error, created_at)
VALUES (sqlc.arg(id), sqlc.arg(kind), sqlc.arg(payload), sqlc.arg(dedup), sqlc.arg(run_at), 'ready', 0, '', sqlc.arg(created_at))
ON CONFLICT (kind, dedup) WHERE dedup IS NOT NULL DO UPDATE SET run_at = excluded.run_at WHERE excluded.run_at < jobs.run_at;

-- name: FinishJob :execrows
DELETE FROM jobs WHERE id = sqlc.arg(id) AND attempt = sqlc.arg(attempt);

-- name: RetryJob :execrows
UPDATE jobs SET state = sqlc.arg(state), run_at = sqlc.arg(run_at), last_error = sqlc.arg(last_error)
WHERE id = sqlc.arg(id) AND attempt = sqlc.arg(attempt);

-- name: ExtendJob :execrows
UPDATE jobs SET run_at = sqlc.arg(run_at) WHERE id = sqlc.arg(id) AND attempt = sqlc.arg(attempt) AND state = 'running';

-- name: ReviveJob :execrows
UPDATE jobs SET state = 'ready', run_at = sqlc.arg(run_at), attempt = 0 WHERE id = sqlc.arg(id) AND state = 'dead';

-- name: RemoveJob :execrows
DELETE FROM jobs WHERE id = sqlc.arg(id) AND state = 'dead';

-- name: JobsByState :many
SELECT * FROM jobs WHERE state = sqlc.arg(state) AND id < sqlc.arg(before) ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: JobByID :one
SELECT * FROM jobs WHERE id = sqlc.arg(id);

-- name: NextJobOf :one
SELECT run_at FROM jobs WHERE kind = sqlc.arg(kind) AND state <> 'dead' ORDER BY run_at LIMIT 1;

-- name: ReleaseJobs :exec
UPDATE jobs SET state = 'ready', run_at = sqlc.arg(run_at) WHERE state = 'running' AND run_at > sqlc.arg(run_at);

-- name: JobWaits :one
SELECT COUNT(*) FROM (SELECT id FROM jobs WHERE kind = sqlc.arg(kind) AND state = 'ready' AND run_at <= sqlc.arg(due) LIMIT 1) AS one;
