-- name: WebphonesAt :many
SELECT agent_id FROM webphones WHERE node = sqlc.arg(node) ORDER BY agent_id;

-- name: PutWebphone :exec
INSERT INTO webphones (node, agent_id, since) VALUES (sqlc.arg(node), sqlc.arg(agent_id), sqlc.arg(since)) ON CONFLICT (node, agent_id) DO NOTHING;

-- name: DropWebphone :exec
DELETE FROM webphones WHERE node = sqlc.arg(node) AND agent_id = sqlc.arg(agent_id);

-- name: DropWebphonesAt :exec
DELETE FROM webphones WHERE node = sqlc.arg(node);

-- name: RegistrationsAt :many
SELECT r.user_name, r.since, r.until, p.agent_id FROM registrations r LEFT JOIN phones p ON p.user_name = r.user_name WHERE r.node = sqlc.arg(node) ORDER BY r.user_name;

-- name: RegistrationsOver :many
SELECT r.node, r.user_name, r.until, p.agent_id FROM registrations r LEFT JOIN phones p ON p.user_name = r.user_name WHERE r.until <= sqlc.arg(now) ORDER BY r.node, r.user_name;

-- name: PutRegistration :exec
INSERT INTO registrations (node, user_name, since, until) VALUES (sqlc.arg(node), sqlc.arg(user_name), sqlc.arg(since), sqlc.arg(until))
ON CONFLICT (node, user_name) DO UPDATE SET since = excluded.since, until = excluded.until;

-- name: DropRegistration :exec
DELETE FROM registrations WHERE node = sqlc.arg(node) AND user_name = sqlc.arg(user_name);

-- name: DropRegistrationsAt :exec
DELETE FROM registrations WHERE node = sqlc.arg(node);

-- name: PhonedSince :one
-- Since when an agent has had a telephone that can ring, the last that came of several.
SELECT CAST(COALESCE(MAX(t.since), 0) AS BIGINT) AS since FROM (
    SELECT w.since FROM webphones w WHERE w.agent_id = sqlc.arg(agent_id)
    UNION ALL
    SELECT r.since FROM registrations r JOIN phones p ON p.user_name = r.user_name WHERE p.agent_id = sqlc.arg(agent_id) AND r.until > sqlc.arg(now)
) t;

-- name: SetPhoneSince :exec
UPDATE agents SET phone_since = sqlc.arg(phone_since) WHERE id = sqlc.arg(id);
