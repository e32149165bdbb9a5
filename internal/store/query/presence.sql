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
    presence_by, presence_by_name, presence_why, busy_since, phone_since
FROM agents WHERE id = sqlc.arg(id);

-- name: SeatLoad :one
SELECT (SELECT COUNT(*) FROM conversations c WHERE c.agent_id = sqlc.arg(agent_id) AND c.state = 'active') AS held,
    (SELECT COUNT(*) FROM participants p WHERE p.agent_id = sqlc.arg(agent_id)) AS takes_part;

-- name: SeatsReady :many
SELECT id, name, nickname, capacity, idle_since, offered_at, share, phone_since FROM agents WHERE presence = 'online' AND connected AND NOT disabled;

-- name: SeatsHold :many
-- What is answered, what rings and whom they call is counted in one statement:
-- between two, an offer that is accepted would be counted by neither.
SELECT c.agent_id AS who, c.channel, COUNT(*) AS held FROM conversations c
WHERE c.state <> 'closed' AND c.state IN ('active', 'wrap_up') AND c.agent_id IS NOT NULL AND (c.state = 'active' OR c.closed_at > sqlc.arg(wrap_up_since))
GROUP BY c.agent_id, c.channel
UNION ALL
SELECT o.offer_agent AS who, o.channel, COUNT(*) AS held FROM conversations o WHERE o.offer_agent IS NOT NULL GROUP BY o.offer_agent, o.channel
UNION ALL
SELECT k.agent_id AS who, 'phone' AS channel, COUNT(*) AS held FROM calls k
WHERE k.ended_at = 0 AND k.state = 'ringing' AND k.direction = 'outbound' AND k.agent_id IS NOT NULL GROUP BY k.agent_id;

-- name: FirstWrapUp :one
SELECT CAST(COALESCE(MIN(closed_at), 0) AS BIGINT) AS closed_at FROM conversations
WHERE state <> 'closed' AND state = 'wrap_up' AND agent_id IS NOT NULL AND closed_at > sqlc.arg(since);

-- name: SeatSkills :many
SELECT h.agent_id, h.skill_id, h.level FROM agent_skills h LEFT JOIN certificates c ON c.id = h.certificate_id
WHERE h.certificate_id IS NULL OR c.expires_on = '' OR c.expires_on >= sqlc.arg(today);

-- name: AcceptedSince :many
SELECT agent_id, COUNT(*) AS accepted FROM offers WHERE ended_at > sqlc.arg(since) AND outcome = 'accepted' GROUP BY agent_id;

-- name: SetOffered :exec
UPDATE agents SET offered_at = sqlc.arg(offered_at) WHERE id = sqlc.arg(id);

-- name: SeatsTakePart :many
SELECT agent_id, COUNT(*) AS parts FROM participants GROUP BY agent_id;

-- name: SeatTeams :many
SELECT agent_id, team_id FROM team_agents;

-- name: SeatRoles :many
SELECT ar.agent_id, r.permissions FROM agent_roles ar JOIN roles r ON r.id = ar.role_id;

-- name: SeatsStaffed :one
SELECT COUNT(*) FROM agents a WHERE a.presence IN ('online', 'busy') AND a.connected AND NOT a.disabled;

-- name: SeatsExpected :one
SELECT COUNT(*) FROM agents WHERE presence IN ('online', 'busy') AND NOT disabled AND (connected OR gone_at > sqlc.arg(since));

-- name: SeatsConnected :many
SELECT id FROM agents WHERE connected ORDER BY id;

-- name: InsertOffer :exec
INSERT INTO offers (id, conversation_id, agent_id, why, outcome, at, ended_at)
VALUES (sqlc.arg(id), sqlc.arg(conversation_id), sqlc.arg(agent_id), sqlc.arg(why), sqlc.arg(outcome), sqlc.arg(at), 0);

-- name: EndOffers :exec
UPDATE offers SET outcome = sqlc.arg(outcome), ended_at = sqlc.arg(ended_at)
WHERE conversation_id = sqlc.arg(conversation_id) AND agent_id = sqlc.arg(agent_id) AND outcome = '';

-- name: OffersOf :many
SELECT o.agent_id, a.name, a.nickname, o.why, o.outcome, o.at, o.ended_at FROM offers o JOIN agents a ON a.id = o.agent_id
WHERE o.conversation_id = sqlc.arg(conversation_id) ORDER BY o.id DESC LIMIT 50;

-- name: Resting :many
SELECT conversation_id, agent_id, outcome, ended_at FROM offers WHERE ended_at > sqlc.arg(since) AND outcome IN ('missed', 'declined', 'unreachable', 'handed_on') ORDER BY id DESC;

-- name: LastOffersTo :many
SELECT outcome FROM offers WHERE agent_id = sqlc.arg(agent_id) AND at >= sqlc.arg(since) AND outcome NOT IN ('', 'withdrawn', 'unreachable', 'handed_on')
ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: InsertHandover :exec
INSERT INTO offers (id, conversation_id, agent_id, why, outcome, at, ended_at)
VALUES (sqlc.arg(id), sqlc.arg(conversation_id), sqlc.arg(agent_id), sqlc.arg(why), 'handed_on', sqlc.arg(at), sqlc.arg(at));

-- name: AccusedBy :many
-- AccusedBy is whom the person behind a contact complains about, while their complaints are open.
SELECT DISTINCT accused_id FROM cases WHERE accused_id IS NOT NULL AND closed_at = 0
AND contact_id IN (SELECT o.id FROM contacts c JOIN contacts o ON o.person_id = c.person_id WHERE c.id = sqlc.arg(contact_id));

-- name: AccusedByWaiting :many
SELECT q.id, k.accused_id FROM conversations q JOIN contacts c ON c.id = q.contact_id
JOIN contacts o ON o.person_id = c.person_id JOIN cases k ON k.contact_id = o.id
WHERE q.queued_at > 0 AND k.accused_id IS NOT NULL AND k.closed_at = 0;

-- name: TeamName :one
SELECT name FROM teams WHERE id = sqlc.arg(id);
