-- name: InsertConsult :exec
INSERT INTO consults (id, conversation_id, asker_id, asker_name, asked_id, asked_name, state, question, answer, at, ended_at)
VALUES (sqlc.arg(id), sqlc.arg(conversation_id), sqlc.arg(asker_id), sqlc.arg(asker_name), sqlc.arg(asked_id), sqlc.arg(asked_name), 'pending', sqlc.arg(question), '', sqlc.arg(at), 0);

-- name: Consult :one
SELECT * FROM consults WHERE id = sqlc.arg(id);

-- name: ConsultsOf :many
SELECT * FROM consults WHERE conversation_id = sqlc.arg(conversation_id) ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: EndConsult :execrows
UPDATE consults SET state = sqlc.arg(state), answer = sqlc.arg(answer), ended_at = sqlc.arg(ended_at) WHERE id = sqlc.arg(id) AND state = 'pending';
