-- name: ForgetParticipants :exec
DELETE FROM participants WHERE conversation_id = sqlc.arg(conversation_id);

-- name: InsertParticipant :exec
INSERT INTO participants (conversation_id, agent_id, state) VALUES (sqlc.arg(conversation_id), sqlc.arg(agent_id), sqlc.arg(state));

-- name: TakesPartIn :many
SELECT conversation_id FROM participants WHERE agent_id = sqlc.arg(agent_id) ORDER BY conversation_id;
