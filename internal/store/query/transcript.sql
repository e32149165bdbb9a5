-- name: TranscriptRow :one
SELECT * FROM transcripts WHERE call_id = sqlc.arg(call_id);

-- name: PutTranscript :exec
INSERT INTO transcripts (call_id, state, by_id, asked_at, run, pieces, written, tries, why, due_at, model, sent_ms, took_ms, ended_at)
VALUES (sqlc.arg(call_id), sqlc.arg(state), sqlc.arg(by_id), sqlc.arg(asked_at), sqlc.arg(run), sqlc.arg(pieces), sqlc.arg(written), sqlc.arg(tries),
    sqlc.arg(why), sqlc.arg(due_at), sqlc.arg(model), sqlc.arg(sent_ms), sqlc.arg(took_ms), sqlc.arg(ended_at))
ON CONFLICT (call_id) DO UPDATE SET state = excluded.state, by_id = excluded.by_id, asked_at = excluded.asked_at, run = excluded.run,
    pieces = excluded.pieces, written = excluded.written, tries = excluded.tries, why = excluded.why, due_at = excluded.due_at,
    model = excluded.model, sent_ms = excluded.sent_ms, took_ms = excluded.took_ms, ended_at = excluded.ended_at;

-- name: DeleteTranscript :exec
DELETE FROM transcripts WHERE call_id = sqlc.arg(call_id);

-- name: InsertTranscriptLine :exec
INSERT INTO transcript_lines (call_id, n, side, from_ms, to_ms, words)
VALUES (sqlc.arg(call_id), sqlc.arg(n), sqlc.arg(side), sqlc.arg(from_ms), sqlc.arg(to_ms), sqlc.arg(words));

-- name: TranscriptLineRows :many
SELECT * FROM transcript_lines WHERE call_id = sqlc.arg(call_id) ORDER BY from_ms, n;

-- name: DeleteTranscriptLines :exec
DELETE FROM transcript_lines WHERE call_id = sqlc.arg(call_id);

-- name: AddTranscriptSpend :exec
INSERT INTO transcript_spend (day, sent_ms) VALUES (sqlc.arg(day), sqlc.arg(sent_ms))
ON CONFLICT (day) DO UPDATE SET sent_ms = transcript_spend.sent_ms + excluded.sent_ms;

-- name: TranscriptSpendOn :one
SELECT sent_ms FROM transcript_spend WHERE day = sqlc.arg(day);

-- name: TrimTranscriptSpend :exec
DELETE FROM transcript_spend WHERE day < sqlc.arg(before);

-- name: CallsThatGoOn :one
SELECT COUNT(*) FROM calls WHERE ended_at = 0 AND state <> 'wrap_up';
