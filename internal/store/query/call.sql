-- name: CallRow :one
SELECT * FROM calls WHERE id = sqlc.arg(id);

-- name: CallByDoor :one
SELECT id, conversation_id FROM calls WHERE door_id = sqlc.arg(door_id);

-- name: ConversationOfCall :one
SELECT conversation_id FROM calls WHERE id = sqlc.arg(id);

-- name: CallOfConversation :one
SELECT id FROM calls WHERE conversation_id = sqlc.arg(conversation_id) ORDER BY id DESC LIMIT 1;

-- name: OpenCallsOf :many
SELECT id FROM calls WHERE program = sqlc.arg(program) AND ended_at = 0 AND state <> 'wrap_up' ORDER BY id LIMIT sqlc.arg(most);

-- name: CallsMadeBy :one
-- Those that still ring.
SELECT COUNT(*) FROM calls WHERE ended_at = 0 AND state = 'ringing' AND direction = 'outbound' AND agent_id = sqlc.arg(agent_id);

-- name: InsertCall :exec
INSERT INTO calls (id, door_id, program, inbox_id, conversation_id, direction, caller, line, state, walk, record, began_at, answered_at, ended_at,
    seen_at, notice_at, reason, agent_id, queue, wait_ms, talk_ms, recording, version)
VALUES (sqlc.arg(id), sqlc.arg(door_id), sqlc.arg(program), sqlc.arg(inbox_id), sqlc.arg(conversation_id), sqlc.arg(direction), sqlc.arg(caller), sqlc.arg(line),
    sqlc.arg(state), '', sqlc.arg(record), sqlc.arg(began_at), 0, 0, sqlc.arg(began_at), 0, '', sqlc.arg(agent_id), '', 0, 0, NULL, 1);

-- name: SaveCall :execrows
UPDATE calls SET state = sqlc.arg(state), walk = sqlc.arg(walk), record = sqlc.arg(record), answered_at = sqlc.arg(answered_at), ended_at = sqlc.arg(ended_at),
    seen_at = sqlc.arg(seen_at), notice_at = sqlc.arg(notice_at), reason = sqlc.arg(reason), agent_id = sqlc.arg(agent_id), queue = sqlc.arg(queue),
    wait_ms = sqlc.arg(wait_ms), talk_ms = sqlc.arg(talk_ms), recording = sqlc.arg(recording), rated_by = sqlc.arg(rated_by),
    version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: CallEntryRow :one
SELECT * FROM call_entries WHERE inbox_id = sqlc.arg(inbox_id);

-- name: CallEntryRows :many
SELECT * FROM call_entries ORDER BY inbox_id;

-- name: InsertCallEntry :exec
INSERT INTO call_entries (inbox_id, settings, version) VALUES (sqlc.arg(inbox_id), sqlc.arg(settings), 1);

-- name: SaveCallEntry :execrows
UPDATE call_entries SET settings = sqlc.arg(settings), version = version + 1 WHERE inbox_id = sqlc.arg(inbox_id) AND version = sqlc.arg(version);

-- name: InsertCallback :exec
INSERT INTO callbacks (id, call_id, inbox_id, contact_id, conversation_id, number, place, state, since, not_before, attempts, holder, asked_at)
VALUES (sqlc.arg(id), sqlc.arg(call_id), sqlc.arg(inbox_id), sqlc.arg(contact_id), sqlc.arg(conversation_id), sqlc.arg(number), sqlc.arg(place),
    'waiting', sqlc.arg(since), sqlc.arg(asked_at), 0, '', sqlc.arg(asked_at));

-- name: CallbackRow :one
SELECT * FROM callbacks WHERE id = sqlc.arg(id);

-- name: CallbackOfCall :one
SELECT id FROM callbacks WHERE call_id = sqlc.arg(call_id);

-- name: CallbacksWaiting :many
SELECT * FROM callbacks WHERE state = 'waiting' AND not_before <= sqlc.arg(now) ORDER BY since, id LIMIT sqlc.arg(most);

-- name: CallbacksHeldBy :many
SELECT * FROM callbacks WHERE state = 'held' AND holder = sqlc.arg(holder) ORDER BY id;

-- name: HoldCallback :execrows
UPDATE callbacks SET state = 'held', holder = sqlc.arg(holder), attempts = attempts + 1 WHERE id = sqlc.arg(id) AND state = 'waiting';

-- name: MakeCallback :exec
UPDATE callbacks SET made_by = sqlc.arg(made_by) WHERE id = sqlc.arg(id);

-- name: CallbackMadeBy :one
SELECT id FROM callbacks WHERE made_by = sqlc.arg(made_by);

-- name: MoveCallback :exec
UPDATE callbacks SET state = sqlc.arg(state), not_before = sqlc.arg(not_before), holder = '', made_by = NULL WHERE id = sqlc.arg(id);

-- How much waits before a place.
-- name: WaitingBefore :one
SELECT COUNT(*) FROM conversations q WHERE q.queued_at > 0 AND q.rank_at < sqlc.arg(rank_at);

-- name: CallbackCancel :execrows
UPDATE callbacks SET state = 'cancelled' WHERE id = sqlc.arg(id) AND state = 'waiting';

-- name: KeepRecording :execrows
UPDATE calls SET kept = sqlc.arg(kept), version = version + 1 WHERE id = sqlc.arg(id);

-- name: CallsRecordedBefore :many
SELECT id FROM calls WHERE recording IS NOT NULL AND ended_at > 0 AND ended_at < sqlc.arg(before) AND kept = '' ORDER BY ended_at, id LIMIT sqlc.arg(most);

-- name: CallEntryUsed :one
SELECT EXISTS (SELECT 1 FROM conversations c WHERE c.inbox_id = sqlc.arg(inbox_id)) AS used;

-- name: DeleteCallEntry :exec
DELETE FROM call_entries WHERE inbox_id = sqlc.arg(inbox_id);

-- A page of the calls that have marks, first begun first.
-- name: RatedIn :many
SELECT k.id, k.began_at, k.record, k.rated_by, c.team_id FROM calls k JOIN conversations c ON c.id = k.conversation_id
WHERE k.rated_by <> '' AND k.began_at >= sqlc.arg(since) AND k.began_at < sqlc.arg(until)
AND (k.began_at > sqlc.arg(since) OR k.id > CAST(sqlc.arg(after) AS BIGINT))
ORDER BY k.began_at, k.id LIMIT sqlc.arg(most);

-- How many calls an agent had, by team.
-- name: ServedIn :many
SELECT c.team_id, COUNT(*) AS calls FROM calls k JOIN conversations c ON c.id = k.conversation_id
WHERE k.answered_at > 0 AND k.began_at >= sqlc.arg(since) AND k.began_at < sqlc.arg(until)
GROUP BY c.team_id;
