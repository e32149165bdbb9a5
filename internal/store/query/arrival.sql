-- name: LastMeasured :one
SELECT CAST(COALESCE(MAX(conversation_id), 0) AS BIGINT) AS id FROM measured;

-- name: ConversationsUnmeasured :many
SELECT c.id FROM conversations c LEFT JOIN measured m ON m.conversation_id = c.id
WHERE c.id > sqlc.arg(after) AND m.conversation_id IS NULL ORDER BY c.id LIMIT sqlc.arg(most);

-- name: MeasuredOpen :many
SELECT conversation_id FROM measured WHERE NOT over AND conversation_id > sqlc.arg(after) ORDER BY conversation_id LIMIT sqlc.arg(most);

-- name: MeasuredRow :one
SELECT * FROM measured WHERE conversation_id = sqlc.arg(id);

-- name: PutMeasured :exec
INSERT INTO measured (conversation_id, channel, slot, offered, answered, abandoned, short, promised, in_time, wait_ms, answer_ms, handled, handling_ms, over)
VALUES (sqlc.arg(conversation_id), sqlc.arg(channel), sqlc.arg(slot), sqlc.arg(offered), sqlc.arg(answered), sqlc.arg(abandoned), sqlc.arg(short),
    sqlc.arg(promised), sqlc.arg(in_time), sqlc.arg(wait_ms), sqlc.arg(answer_ms), sqlc.arg(handled), sqlc.arg(handling_ms), sqlc.arg(over))
ON CONFLICT (conversation_id) DO UPDATE SET slot = excluded.slot, offered = excluded.offered, answered = excluded.answered,
    abandoned = excluded.abandoned, short = excluded.short, promised = excluded.promised, in_time = excluded.in_time, wait_ms = excluded.wait_ms,
    answer_ms = excluded.answer_ms, handled = excluded.handled, handling_ms = excluded.handling_ms, over = excluded.over;

-- name: AddArrivals :exec
INSERT INTO arrivals (channel, slot, offered, answered, abandoned, short, promised, in_time, wait_ms, answer_ms, handled, handling_ms)
VALUES (sqlc.arg(channel), sqlc.arg(slot), sqlc.arg(offered), sqlc.arg(answered), sqlc.arg(abandoned), sqlc.arg(short),
    sqlc.arg(promised), sqlc.arg(in_time), sqlc.arg(wait_ms), sqlc.arg(answer_ms), sqlc.arg(handled), sqlc.arg(handling_ms))
ON CONFLICT (channel, slot) DO UPDATE SET offered = arrivals.offered + excluded.offered, answered = arrivals.answered + excluded.answered,
    abandoned = arrivals.abandoned + excluded.abandoned, short = arrivals.short + excluded.short, promised = arrivals.promised + excluded.promised,
    in_time = arrivals.in_time + excluded.in_time, wait_ms = arrivals.wait_ms + excluded.wait_ms, answer_ms = arrivals.answer_ms + excluded.answer_ms,
    handled = arrivals.handled + excluded.handled, handling_ms = arrivals.handling_ms + excluded.handling_ms;

-- name: ArrivalsBetween :many
SELECT * FROM arrivals WHERE slot >= sqlc.arg(first) AND slot < sqlc.arg(last) ORDER BY channel, slot;

-- name: ArrivalChannels :many
SELECT DISTINCT channel FROM arrivals WHERE slot >= sqlc.arg(first) ORDER BY channel;

-- name: QueueEvents :many
SELECT m.at, m.sender, m.extra FROM messages m
WHERE m.conversation_id = sqlc.arg(conversation_id) AND (m.kind = 'event' OR m.sender = 'bot') ORDER BY m.seq;

-- name: ExpectedDay :one
SELECT * FROM expected_days WHERE channel = sqlc.arg(channel) AND day = sqlc.arg(day);

-- name: PutExpectedDay :exec
INSERT INTO expected_days (channel, day, body, by_name, at)
VALUES (sqlc.arg(channel), sqlc.arg(day), sqlc.arg(body), sqlc.arg(by_name), sqlc.arg(at))
ON CONFLICT (channel, day) DO UPDATE SET body = excluded.body, by_name = excluded.by_name, at = excluded.at;

-- name: DeleteExpectedDay :exec
DELETE FROM expected_days WHERE channel = sqlc.arg(channel) AND day = sqlc.arg(day);

-- name: InsertTrial :exec
INSERT INTO trials (id, channel, day, team_id, state, asked_by, asked_at, done_at, body)
VALUES (sqlc.arg(id), sqlc.arg(channel), sqlc.arg(day), sqlc.arg(team_id), sqlc.arg(state), sqlc.arg(asked_by), sqlc.arg(asked_at), 0, sqlc.arg(body));

-- name: EndTrial :exec
UPDATE trials SET state = sqlc.arg(state), done_at = sqlc.arg(done_at), body = sqlc.arg(body) WHERE id = sqlc.arg(id);

-- name: TrialRow :one
SELECT * FROM trials WHERE id = sqlc.arg(id);

-- name: LastTrial :one
SELECT * FROM trials WHERE channel = sqlc.arg(channel) AND day = sqlc.arg(day) AND COALESCE(team_id, 0) = CAST(sqlc.arg(team) AS BIGINT) ORDER BY id DESC LIMIT 1;
