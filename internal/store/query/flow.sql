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

-- name: FlowRows :many
SELECT * FROM flows ORDER BY id;

-- name: FlowRow :one
SELECT * FROM flows WHERE id = sqlc.arg(id);

-- name: FlowsRevision :one
SELECT CAST(COALESCE(SUM(rev), 0) AS BIGINT) FROM flows;

-- name: AddFlowRow :execrows
INSERT INTO flows (id, version, rests, draft, draft_base, draft_by, draft_at, rev)
VALUES (sqlc.arg(id), sqlc.arg(version), sqlc.arg(rests), sqlc.arg(draft), sqlc.arg(draft_base), sqlc.arg(draft_by), sqlc.arg(draft_at), 1) ON CONFLICT DO NOTHING;

-- name: SaveFlowRow :execrows
UPDATE flows SET version = sqlc.arg(version), rests = sqlc.arg(rests), draft = sqlc.arg(draft), draft_base = sqlc.arg(draft_base),
    draft_by = sqlc.arg(draft_by), draft_at = sqlc.arg(draft_at), rev = rev + 1
WHERE id = sqlc.arg(id) AND rev = sqlc.arg(rev);

-- name: OwnFlowRows :many
SELECT v.body, v.version FROM flow_versions v JOIN flows f ON f.id = v.flow_id WHERE v.version > f.version - sqlc.arg(kept) ORDER BY v.flow_id, v.version;

-- name: FlowVersionRows :many
SELECT version, note, by_id, by_name, at FROM flow_versions WHERE flow_id = sqlc.arg(flow_id) ORDER BY version DESC LIMIT sqlc.arg(most);

-- name: FlowVersionBody :one
SELECT body FROM flow_versions WHERE flow_id = sqlc.arg(flow_id) AND version = sqlc.arg(version);

-- name: AddFlowVersion :exec
INSERT INTO flow_versions (flow_id, version, body, note, by_id, by_name, at)
VALUES (sqlc.arg(flow_id), sqlc.arg(version), sqlc.arg(body), sqlc.arg(note), sqlc.arg(by_id), sqlc.arg(by_name), sqlc.arg(at));
