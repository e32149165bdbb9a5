-- name: AttemptRow :one
SELECT failures, locked_until, updated_at FROM attempts WHERE name = sqlc.arg(name);

-- name: HoldAttempt :one
INSERT INTO attempts (name, failures, locked_until, updated_at) VALUES (sqlc.arg(name), 1, 0, 0)
ON CONFLICT (name) DO UPDATE SET failures = attempts.failures + 1
RETURNING failures, locked_until, updated_at;

-- name: SaveAttempt :exec
UPDATE attempts SET failures = sqlc.arg(failures), locked_until = sqlc.arg(locked_until), updated_at = sqlc.arg(updated_at)
WHERE name = sqlc.arg(name);

-- name: DeleteAttempt :exec
DELETE FROM attempts WHERE name = sqlc.arg(name);

-- name: DeleteOldAttempts :execrows
DELETE FROM attempts WHERE updated_at < sqlc.arg(before) AND locked_until < sqlc.arg(before);
