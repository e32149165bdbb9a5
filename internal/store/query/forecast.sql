-- name: InsertForecast :exec
INSERT INTO forecasts (id, conversation_id, at, position, estimator, expected, least, most, waited, outcome)
VALUES (sqlc.arg(id), sqlc.arg(conversation_id), sqlc.arg(at), sqlc.arg(position), sqlc.arg(estimator), sqlc.arg(expected), sqlc.arg(least), sqlc.arg(most), 0, '');

-- name: EndForecasts :exec
UPDATE forecasts SET waited = sqlc.arg(now) - at, outcome = sqlc.arg(outcome) WHERE conversation_id = sqlc.arg(conversation_id) AND outcome = '';

-- name: ForecastSums :many
SELECT f.estimator, c.inbox_id, c.team_id, CAST(f.at / 1800000 AS BIGINT) AS half_hour, COUNT(*) AS told,
    CAST(SUM(CASE WHEN f.outcome = 'answered' THEN 1 ELSE 0 END) AS BIGINT) AS answered,
    CAST(SUM(CASE WHEN f.outcome = 'answered' AND f.waited >= f.least AND f.waited <= f.most THEN 1 ELSE 0 END) AS BIGINT) AS held,
    CAST(SUM(CASE WHEN f.outcome = 'answered' AND f.waited > f.most THEN 1 ELSE 0 END) AS BIGINT) AS longer,
    CAST(SUM(CASE WHEN f.outcome = 'answered' THEN ABS(f.waited - f.expected) ELSE 0 END) AS BIGINT) AS missed_by,
    CAST(SUM(CASE WHEN f.outcome = 'answered' THEN f.waited - f.expected ELSE 0 END) AS BIGINT) AS leaning,
    CAST(SUM(CASE WHEN f.outcome = 'left' THEN 1 ELSE 0 END) AS BIGINT) AS gave_up,
    CAST(SUM(CASE WHEN f.outcome = 'left' AND f.waited > f.most THEN 1 ELSE 0 END) AS BIGINT) AS outlasted
FROM forecasts f JOIN conversations c ON c.id = f.conversation_id
WHERE f.at >= sqlc.arg(since) AND f.at < sqlc.arg(until)
GROUP BY f.estimator, c.inbox_id, c.team_id, half_hour ORDER BY half_hour, c.inbox_id, c.team_id, f.estimator;

-- name: LastServed :many
SELECT waited FROM forecasts WHERE at > sqlc.arg(since) AND outcome = 'answered' ORDER BY at DESC LIMIT sqlc.arg(most);

-- name: WaitsEnded :one
SELECT COUNT(*) AS ended, CAST(COALESCE(SUM(waited), 0) AS BIGINT) AS waited, CAST(COALESCE(SUM(CASE WHEN outcome = 'left' THEN 1 ELSE 0 END), 0) AS BIGINT) AS gave_up
FROM forecasts WHERE at > sqlc.arg(since) AND outcome <> '';

-- name: HandlingSince :one
SELECT COUNT(*) AS ended, CAST(COALESCE(SUM(closed_at - first_reply_at), 0) AS BIGINT) AS took
FROM conversations WHERE last_at > sqlc.arg(since) AND first_reply_at > 0 AND closed_at > first_reply_at;

-- name: HeadOfQueue :many
SELECT queued_at FROM conversations WHERE queued_at > 0 ORDER BY rank_at, id LIMIT 1;
