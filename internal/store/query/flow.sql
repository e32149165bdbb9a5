-- name: FlowStateRow :one
SELECT * FROM flow_states WHERE contact_id = sqlc.arg(contact_id);

-- name: AddFlowState :execrows
INSERT INTO flow_states (contact_id, touched_at, body, version)
VALUES (sqlc.arg(contact_id), sqlc.arg(touched_at), sqlc.arg(body), 1) ON CONFLICT DO NOTHING;

-- name: SaveFlowState :execrows
UPDATE flow_states SET touched_at = sqlc.arg(touched_at), body = sqlc.arg(body), version = version + 1
WHERE contact_id = sqlc.arg(contact_id) AND version = sqlc.arg(version);

-- name: TrimFlowStates :exec
DELETE FROM flow_states WHERE touched_at < sqlc.arg(before);

-- name: AddAssistTurn :execrows
INSERT INTO assist_turns (message_id, conversation_id, at, body)
VALUES (sqlc.arg(message_id), sqlc.arg(conversation_id), sqlc.arg(at), sqlc.arg(body)) ON CONFLICT DO NOTHING;

-- name: AssistTurnRow :one
SELECT * FROM assist_turns WHERE message_id = sqlc.arg(message_id);

-- name: ForgetAssistTurn :exec
DELETE FROM assist_turns WHERE message_id = sqlc.arg(message_id);

-- name: TrimAssistTurns :exec
DELETE FROM assist_turns WHERE at < sqlc.arg(before);
