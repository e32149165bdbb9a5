-- name: SetPresence :exec
UPDATE agents SET presence = sqlc.arg(presence), presence_reason = sqlc.arg(reason), presence_since = sqlc.arg(since),
    presence_by = sqlc.arg(set_by), presence_by_name = sqlc.arg(set_by_name), presence_why = sqlc.arg(why)
WHERE id = sqlc.arg(id);

-- name: SetConnected :execrows
UPDATE agents SET connected = sqlc.arg(connected), gone_at = sqlc.arg(gone_at) WHERE id = sqlc.arg(id) AND connected <> sqlc.arg(connected);

-- name: SetGone :exec
UPDATE agents SET gone_at = sqlc.arg(gone_at) WHERE id = sqlc.arg(id) AND NOT connected;

-- name: SetIdle :exec
UPDATE agents SET idle_since = sqlc.arg(idle_since) WHERE id = sqlc.arg(id);

-- name: LogPresence :exec
INSERT INTO presence_log (id, agent_id, state, reason, since, until, set_by, set_by_name, why)
VALUES (sqlc.arg(id), sqlc.arg(agent_id), sqlc.arg(state), sqlc.arg(reason), sqlc.arg(since), sqlc.arg(until),
    sqlc.arg(set_by), sqlc.arg(set_by_name), sqlc.arg(why));

-- name: SetBusySince :exec
UPDATE agents SET busy_since = sqlc.arg(busy_since) WHERE id = sqlc.arg(id);

-- name: LogBusy :exec
INSERT INTO busy_log (id, agent_id, since, until) VALUES (sqlc.arg(id), sqlc.arg(agent_id), sqlc.arg(since), sqlc.arg(until));

-- name: Seat :one
SELECT id, name, nickname, language, capacity, presence, presence_reason, presence_since, connected, gone_at, idle_since, disabled,
    presence_by, presence_by_name, presence_why, busy_since
FROM agents WHERE id = sqlc.arg(id);

-- name: SeatLoad :one
SELECT COUNT(*) FROM conversations WHERE agent_id = sqlc.arg(agent_id) AND state = 'active';

-- name: SeatsReady :many
SELECT a.id, a.name, a.nickname, a.capacity, a.idle_since,
    (SELECT COUNT(*) FROM conversations c WHERE c.agent_id = a.id AND c.state = 'active') AS held,
    (SELECT COUNT(*) FROM conversations o WHERE o.offer_agent = a.id) AS ringing
FROM agents a WHERE a.presence = 'online' AND a.connected AND NOT a.disabled;

-- name: SeatTeams :many
SELECT agent_id, team_id FROM team_agents;

-- name: SeatRoles :many
SELECT ar.agent_id, r.permissions FROM agent_roles ar JOIN roles r ON r.id = ar.role_id;

-- name: SeatsStaffed :one
SELECT COUNT(*) FROM agents a WHERE a.presence IN ('online', 'busy') AND a.connected AND NOT a.disabled;

-- name: SeatsConnected :many
SELECT id FROM agents WHERE connected;

-- name: InsertOffer :exec
INSERT INTO offers (id, conversation_id, agent_id, why, outcome, at, ended_at)
VALUES (sqlc.arg(id), sqlc.arg(conversation_id), sqlc.arg(agent_id), sqlc.arg(why), sqlc.arg(outcome), sqlc.arg(at), 0);

-- name: EndOffers :exec
UPDATE offers SET outcome = sqlc.arg(outcome), ended_at = sqlc.arg(ended_at)
WHERE conversation_id = sqlc.arg(conversation_id) AND agent_id = sqlc.arg(agent_id) AND outcome = '';

-- name: OffersOf :many
SELECT agent_id, outcome, ended_at FROM offers WHERE conversation_id = sqlc.arg(conversation_id) ORDER BY id DESC LIMIT 50;

-- name: TeamName :one
SELECT name FROM teams WHERE id = sqlc.arg(id);
