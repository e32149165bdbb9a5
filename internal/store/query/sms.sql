-- name: InsertText :execrows
INSERT INTO texts (id, once_key, purpose, number, conversation_id, call_id, filled, body, state, provider, accepted, code, reason, attempt, at, send_at, sent_at, done_at)
VALUES (sqlc.arg(id), sqlc.arg(once_key), sqlc.arg(purpose), sqlc.arg(number), sqlc.arg(conversation_id), sqlc.arg(call_id), sqlc.arg(filled), sqlc.arg(body),
    'waiting', '', '', '', '', 0, sqlc.arg(at), sqlc.arg(send_at), 0, 0)
ON CONFLICT (once_key) DO NOTHING;

-- name: TextRow :one
SELECT * FROM texts WHERE id = sqlc.arg(id);

-- name: TextRows :many
SELECT * FROM texts WHERE id < sqlc.arg(before) ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: TextAccepted :one
SELECT id FROM texts WHERE accepted = sqlc.arg(accepted) AND number = sqlc.arg(number) ORDER BY id DESC LIMIT 1;

-- name: SaveText :exec
UPDATE texts SET filled = sqlc.arg(filled), body = sqlc.arg(body), state = sqlc.arg(state), provider = sqlc.arg(provider), accepted = sqlc.arg(accepted), code = sqlc.arg(code),
    reason = sqlc.arg(reason), attempt = sqlc.arg(attempt), send_at = sqlc.arg(send_at), sent_at = sqlc.arg(sent_at), done_at = sqlc.arg(done_at)
WHERE id = sqlc.arg(id);

-- When texts went to a number, as far as the limits look back.
-- name: TextsTo :many
SELECT sent_at FROM texts WHERE number = sqlc.arg(number) AND sent_at > sqlc.arg(since) ORDER BY sent_at DESC LIMIT 20;

-- name: OptOut :execrows
INSERT INTO text_optouts (number, how, at) VALUES (sqlc.arg(number), sqlc.arg(how), sqlc.arg(at)) ON CONFLICT (number) DO NOTHING;

-- name: OptIn :execrows
DELETE FROM text_optouts WHERE number = sqlc.arg(number);

-- name: OptOutOf :one
SELECT COUNT(*) FROM text_optouts WHERE number = sqlc.arg(number);

-- name: OptOuts :many
SELECT * FROM text_optouts ORDER BY at DESC, number LIMIT sqlc.arg(most);
