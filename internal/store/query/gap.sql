-- name: PutVote :exec
INSERT INTO answer_votes (message_id, about_id, conversation_id, question_id, helpful, at, contact_id, article_id, reason)
VALUES (sqlc.arg(message_id), sqlc.arg(about_id), sqlc.arg(conversation_id), sqlc.arg(question_id), sqlc.arg(helpful), sqlc.arg(at),
    sqlc.arg(contact_id), sqlc.arg(article_id), sqlc.arg(reason))
ON CONFLICT (message_id) DO UPDATE SET helpful = excluded.helpful, at = excluded.at, contact_id = excluded.contact_id, reason = excluded.reason;

-- name: LastVoteOf :one
SELECT * FROM answer_votes WHERE contact_id = sqlc.arg(contact_id) AND question_id = sqlc.arg(question_id) AND article_id = sqlc.arg(article_id)
ORDER BY at DESC, message_id DESC LIMIT 1;

-- name: PageVoteRow :one
SELECT * FROM page_votes WHERE kind = sqlc.arg(kind) AND text_id = sqlc.arg(text_id) AND voter = sqlc.arg(voter);

-- name: PutPageVote :exec
INSERT INTO page_votes (kind, text_id, voter, id, helpful, at)
VALUES (sqlc.arg(kind), sqlc.arg(text_id), sqlc.arg(voter), sqlc.arg(id), sqlc.arg(helpful), sqlc.arg(at))
ON CONFLICT (kind, text_id, voter) DO UPDATE SET helpful = excluded.helpful, at = excluded.at;

-- name: PageVotesBetween :many
SELECT * FROM page_votes WHERE (at, id) > (sqlc.arg(since), sqlc.arg(after)) AND at < sqlc.arg(until)
ORDER BY at, id LIMIT sqlc.arg(most);

-- name: TrimPageVotes :exec
DELETE FROM page_votes WHERE at < sqlc.arg(before);

-- name: VoteRow :one
SELECT * FROM answer_votes WHERE message_id = sqlc.arg(message_id);

-- name: VotesIn :many
SELECT * FROM answer_votes WHERE conversation_id = sqlc.arg(conversation_id);

-- name: TrimVotes :exec
DELETE FROM answer_votes WHERE at < sqlc.arg(before);

-- name: TurnsBetween :many
SELECT * FROM assist_turns WHERE (at, message_id) > (sqlc.arg(since), sqlc.arg(after)) AND at < sqlc.arg(until)
ORDER BY at, message_id LIMIT sqlc.arg(most);

-- name: GapRow :one
SELECT * FROM gaps WHERE id = sqlc.arg(id);

-- name: InsertGap :exec
INSERT INTO gaps (id, state, text, language, asked, handed, cost, first_at, last_at, done_at, deal, version)
VALUES (sqlc.arg(id), sqlc.arg(state), sqlc.arg(text), sqlc.arg(language), 0, 0, 0, 0, 0, 0, '', 1);

-- name: SaveGap :execrows
UPDATE gaps SET state = sqlc.arg(state), text = sqlc.arg(text), asked = sqlc.arg(asked), handed = sqlc.arg(handed), cost = sqlc.arg(cost), first_at = sqlc.arg(first_at),
    last_at = sqlc.arg(last_at), done_at = sqlc.arg(done_at), deal = sqlc.arg(deal), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: GapLeaders :many
SELECT id, text, language FROM gaps WHERE id > CAST(sqlc.arg(after) AS BIGINT) ORDER BY id LIMIT sqlc.arg(most);

-- name: OpenGapsBefore :many
SELECT * FROM gaps WHERE state = 'open' AND (cost, id) < (sqlc.arg(cost), sqlc.arg(before)) ORDER BY cost DESC, id DESC LIMIT sqlc.arg(most);

-- name: DealtGapsBefore :many
SELECT * FROM gaps WHERE state = 'dealt' AND (done_at, id) < (sqlc.arg(done_at), sqlc.arg(before)) ORDER BY done_at DESC, id DESC LIMIT sqlc.arg(most);

-- name: CountOpenGaps :one
SELECT COUNT(*) FROM gaps WHERE state = 'open';

-- name: PutGapAsk :exec
INSERT INTO gap_asks (message_id, gap_id, at, handed, cost, body)
VALUES (sqlc.arg(message_id), sqlc.arg(gap_id), sqlc.arg(at), sqlc.arg(handed), sqlc.arg(cost), sqlc.arg(body))
ON CONFLICT (message_id) DO UPDATE SET handed = excluded.handed, cost = excluded.cost, body = excluded.body;

-- name: GapOfAsk :one
SELECT gap_id FROM gap_asks WHERE message_id = sqlc.arg(message_id);

-- name: GapAsksBefore :many
SELECT * FROM gap_asks WHERE gap_id = sqlc.arg(gap_id) AND (at, message_id) < (sqlc.arg(at), sqlc.arg(before)) ORDER BY at DESC, message_id DESC LIMIT sqlc.arg(most);

-- name: CountGap :one
SELECT COUNT(*) AS asked, CAST(COALESCE(SUM(CASE WHEN handed THEN 1 ELSE 0 END), 0) AS BIGINT) AS handed, CAST(COALESCE(SUM(cost), 0) AS BIGINT) AS cost,
    CAST(COALESCE(MIN(at), 0) AS BIGINT) AS first_at, CAST(COALESCE(MAX(at), 0) AS BIGINT) AS last_at
FROM gap_asks WHERE gap_id = sqlc.arg(gap_id) AND at > sqlc.arg(since);

-- name: ForgetGapAsk :exec
DELETE FROM gap_asks WHERE message_id = sqlc.arg(message_id);

-- name: GapsWithAsksBefore :many
SELECT DISTINCT gap_id FROM gap_asks WHERE at < sqlc.arg(before) ORDER BY gap_id LIMIT sqlc.arg(most);

-- name: TrimGapAsks :exec
DELETE FROM gap_asks WHERE gap_id = sqlc.arg(gap_id) AND at < sqlc.arg(before);

-- name: DropEmptyGap :exec
DELETE FROM gaps WHERE id = sqlc.arg(id) AND NOT EXISTS (SELECT 1 FROM gap_asks a WHERE a.gap_id = sqlc.arg(id));

-- name: FirstGapAsk :one
SELECT * FROM gap_asks WHERE gap_id = sqlc.arg(gap_id) ORDER BY at, message_id LIMIT 1;
