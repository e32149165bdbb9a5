-- name: InsertBulkRun :exec
INSERT INTO bulk_runs (id, agent_id, body, undoes, at, ended_at) VALUES (sqlc.arg(id), sqlc.arg(agent_id), sqlc.arg(body), sqlc.arg(undoes), sqlc.arg(at), 0);

-- name: InsertBulkItem :exec
INSERT INTO bulk_items (run_id, position, conversation_id, outcome, body) VALUES (sqlc.arg(run_id), sqlc.arg(position), sqlc.arg(conversation_id), '', sqlc.arg(body));

-- name: BulkRun :one
SELECT * FROM bulk_runs WHERE id = sqlc.arg(id);

-- name: BulkUndone :one
SELECT COUNT(*) FROM bulk_runs WHERE undoes = sqlc.arg(undoes);

-- name: BulkItems :many
SELECT * FROM bulk_items WHERE run_id = sqlc.arg(run_id) ORDER BY position;

-- name: BulkItemsLeft :many
SELECT * FROM bulk_items WHERE run_id = sqlc.arg(run_id) AND outcome = '' ORDER BY position LIMIT sqlc.arg(most);

-- name: EndBulkItem :execrows
UPDATE bulk_items SET outcome = sqlc.arg(outcome), body = sqlc.arg(body) WHERE run_id = sqlc.arg(run_id) AND position = sqlc.arg(position) AND outcome = '';

-- name: EndBulkRun :execrows
UPDATE bulk_runs SET ended_at = sqlc.arg(ended_at) WHERE id = sqlc.arg(id) AND ended_at = 0;

-- name: TrimBulkItems :exec
DELETE FROM bulk_items WHERE run_id IN (SELECT r.id FROM bulk_runs r WHERE r.at < sqlc.arg(before));

-- name: TrimBulkRuns :exec
DELETE FROM bulk_runs WHERE at < sqlc.arg(before);
