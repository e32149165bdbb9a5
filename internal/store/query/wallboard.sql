-- name: WallSeats :many
SELECT id, name, capacity, presence, presence_reason, presence_since, presence_by, presence_by_name, presence_why, connected, busy_since, phone_since
FROM agents WHERE NOT disabled ORDER BY id;

-- name: WallTalks :many
SELECT id, number, contact_name, state, team_id, agent_id, offer_agent, queue_reason, priority, queued_at, started_at, waiting_since
FROM conversations WHERE state <> 'closed' AND state IN ('queued', 'active');

-- name: WallCounts :many
SELECT team_id, state, COUNT(*) AS held FROM conversations WHERE state <> 'closed' AND state IN ('bot', 'wrap_up') GROUP BY team_id, state;

-- name: WallChatRisks :many
SELECT k.subject_id, k.metric, k.received_at, k.limit_at, c.number, c.team_id, c.agent_id, c.offer_agent
FROM clocks k JOIN conversations c ON c.id = k.subject_id
WHERE k.subject_kind = 'conversation' AND k.ended_at = 0 ORDER BY k.limit_at LIMIT 1000;

-- name: WallCaseRisks :many
SELECT k.subject_id, k.metric, k.received_at, k.limit_at, c.number, c.team_id, c.agent_id
FROM clocks k JOIN cases c ON c.id = k.subject_id
WHERE k.ended_at = 0 AND k.limit_at > sqlc.arg(now) AND k.state = 'running' AND k.subject_kind || '' = 'case' AND k.metric <> sqlc.arg(but)
    AND NOT c.about_staff AND c.accused_id IS NULL
ORDER BY k.limit_at, k.id LIMIT 200;

-- name: ChatsEnded :many
SELECT c.team_id, CAST(SUM(CASE WHEN k.state = 'met' THEN 1 ELSE 0 END) AS BIGINT) AS answered,
    CAST(SUM(CASE WHEN k.state = 'met' AND k.kept THEN 1 ELSE 0 END) AS BIGINT) AS kept,
    CAST(SUM(CASE WHEN k.state = 'cancelled' THEN 1 ELSE 0 END) AS BIGINT) AS gone,
    CAST(SUM(CASE WHEN k.state = 'cancelled' AND k.ended_at - k.received_at <= sqlc.arg(short) THEN 1 ELSE 0 END) AS BIGINT) AS short
FROM clocks k JOIN conversations c ON c.id = k.subject_id
WHERE k.subject_kind = 'conversation' AND k.ended_at >= sqlc.arg(from_at) AND k.ended_at < sqlc.arg(to_at) AND k.metric = sqlc.arg(metric)
GROUP BY c.team_id;

-- name: PresenceSince :many
SELECT agent_id, state, since, until FROM presence_log WHERE until > sqlc.arg(after);

-- name: BusySince :many
SELECT agent_id, since, until FROM busy_log WHERE until > sqlc.arg(after);

-- name: PresenceLog :many
SELECT * FROM presence_log WHERE agent_id = sqlc.arg(agent_id) ORDER BY since DESC, id DESC LIMIT sqlc.arg(most);
