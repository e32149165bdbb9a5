-- name: Conversation :one
SELECT * FROM conversations WHERE id = sqlc.arg(id);

-- name: OpenConversationOf :one
SELECT * FROM conversations
WHERE contact_id = sqlc.arg(contact_id) AND inbox_id = sqlc.arg(inbox_id) AND state IN ('bot', 'queued', 'active')
ORDER BY id DESC LIMIT 1;

-- name: LastConversationOf :one
SELECT * FROM conversations
WHERE contact_id = sqlc.arg(contact_id) AND inbox_id = sqlc.arg(inbox_id)
ORDER BY id DESC LIMIT 1;

-- name: ConversationsOf :many
SELECT * FROM conversations WHERE contact_id IN (SELECT c.id FROM contacts c WHERE c.person_id = sqlc.arg(person_id))
AND conversations.id < sqlc.arg(before) ORDER BY conversations.id DESC LIMIT sqlc.arg(most);

-- name: InsertConversation :exec
INSERT INTO conversations (
    id, number, inbox_id, channel, contact_id, contact_name, state, team_id, agent_id, agent_name, offer_agent, offer_until,
    queue_reason, waiting_since, queued_at, priority, language, misses, last_seq, last_text, last_from, last_at, unread,
    contact_read, contact_has, agent_read, started_at, first_reply_at, closed_at, closed_by, summary, page_url, page_title, version, tags,
    rank_at, needs, prefers, told_at, left_at,
    taken_at, silent_since, warned_at, held, reminded, tension
) VALUES (
    sqlc.arg(id), sqlc.arg(number), sqlc.arg(inbox_id), sqlc.arg(channel), sqlc.arg(contact_id), sqlc.arg(contact_name), sqlc.arg(state),
    sqlc.arg(team_id), sqlc.arg(agent_id), sqlc.arg(agent_name), sqlc.arg(offer_agent), sqlc.arg(offer_until), sqlc.arg(queue_reason),
    sqlc.arg(waiting_since), sqlc.arg(queued_at), sqlc.arg(priority), sqlc.arg(language), sqlc.arg(misses), sqlc.arg(last_seq),
    sqlc.arg(last_text), sqlc.arg(last_from), sqlc.arg(last_at), sqlc.arg(unread), sqlc.arg(contact_read), sqlc.arg(contact_has),
    sqlc.arg(agent_read), sqlc.arg(started_at), sqlc.arg(first_reply_at), sqlc.arg(closed_at), sqlc.arg(closed_by), sqlc.arg(summary),
    sqlc.arg(page_url), sqlc.arg(page_title), sqlc.arg(version), sqlc.arg(tags),
    sqlc.arg(rank_at), sqlc.arg(needs), sqlc.arg(prefers), sqlc.arg(told_at), sqlc.arg(left_at),
    sqlc.arg(taken_at), sqlc.arg(silent_since), sqlc.arg(warned_at), sqlc.arg(held), sqlc.arg(reminded), sqlc.arg(tension)
);

-- name: SaveConversation :execrows
UPDATE conversations SET
    contact_name = sqlc.arg(contact_name), state = sqlc.arg(state), team_id = sqlc.arg(team_id), agent_id = sqlc.arg(agent_id),
    agent_name = sqlc.arg(agent_name), offer_agent = sqlc.arg(offer_agent), offer_until = sqlc.arg(offer_until),
    queue_reason = sqlc.arg(queue_reason), waiting_since = sqlc.arg(waiting_since), queued_at = sqlc.arg(queued_at),
    priority = sqlc.arg(priority), misses = sqlc.arg(misses), last_seq = sqlc.arg(last_seq), last_text = sqlc.arg(last_text),
    last_from = sqlc.arg(last_from), last_at = sqlc.arg(last_at), unread = sqlc.arg(unread), contact_read = sqlc.arg(contact_read),
    contact_has = sqlc.arg(contact_has), agent_read = sqlc.arg(agent_read), first_reply_at = sqlc.arg(first_reply_at),
    closed_at = sqlc.arg(closed_at), closed_by = sqlc.arg(closed_by), summary = sqlc.arg(summary), tags = sqlc.arg(tags),
    rank_at = sqlc.arg(rank_at), needs = sqlc.arg(needs), prefers = sqlc.arg(prefers), told_at = sqlc.arg(told_at), left_at = sqlc.arg(left_at),
    taken_at = sqlc.arg(taken_at), silent_since = sqlc.arg(silent_since), warned_at = sqlc.arg(warned_at), held = sqlc.arg(held), reminded = sqlc.arg(reminded),
    participants = sqlc.arg(participants), expected_at = sqlc.arg(expected_at), tension = sqlc.arg(tension),
    version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: QueuePosition :one
SELECT COUNT(*) FROM conversations q
WHERE q.queued_at > 0 AND (q.rank_at < sqlc.arg(rank_at) OR q.rank_at = sqlc.arg(rank_at) AND q.id <= sqlc.arg(id));

-- name: Waiting :many
SELECT * FROM conversations
WHERE queued_at > 0 AND offer_agent IS NULL AND (rank_at > sqlc.arg(rank_at) OR rank_at = sqlc.arg(rank_at) AND id > sqlc.arg(id))
ORDER BY rank_at, id LIMIT sqlc.arg(most);

-- Those who wait, do not ring and were told of no other way, next first.
-- name: Untold :many
SELECT * FROM conversations
WHERE queued_at > 0 AND offer_agent IS NULL AND told_at = 0
ORDER BY rank_at, id LIMIT sqlc.arg(most);

-- name: ServedLast :many
SELECT agent_id FROM conversations
WHERE contact_id IN (SELECT o.id FROM contacts c JOIN contacts o ON o.person_id = c.person_id WHERE c.id = sqlc.arg(contact_id))
AND conversations.id < sqlc.arg(before) AND agent_id IS NOT NULL AND last_at > sqlc.arg(since)
ORDER BY conversations.id DESC LIMIT 1;

-- name: LeftQueue :many
SELECT left_at FROM conversations
WHERE contact_id = sqlc.arg(contact_id) AND id < sqlc.arg(before) AND closed_at > sqlc.arg(since)
ORDER BY id DESC LIMIT 1;

-- name: OffersDue :many
SELECT * FROM conversations WHERE offer_agent IS NOT NULL AND offer_until <= sqlc.arg(now) ORDER BY offer_until LIMIT sqlc.arg(most);

-- name: HeldBy :many
SELECT * FROM conversations WHERE agent_id = sqlc.arg(agent_id) AND state = 'active';

-- name: OfferedTo :many
SELECT * FROM conversations WHERE offer_agent = sqlc.arg(agent_id);

-- name: RenameInConversations :exec
UPDATE conversations SET contact_name = sqlc.arg(name), version = version + 1
WHERE contact_id IN (SELECT c.id FROM contacts c WHERE c.person_id = sqlc.arg(person_id)) AND contact_name <> sqlc.arg(name);

-- name: SilentWithBot :many
SELECT * FROM conversations WHERE state = 'bot' AND channel <> 'phone' AND last_at < sqlc.arg(before) ORDER BY last_at LIMIT sqlc.arg(most);

-- name: ConversationByNumber :one
SELECT * FROM conversations WHERE number = sqlc.arg(number);

-- name: SaveSaid :execrows
UPDATE conversations SET
    last_seq = sqlc.arg(last_seq), last_text = sqlc.arg(last_text), last_from = sqlc.arg(last_from), last_at = sqlc.arg(last_at),
    unread = sqlc.arg(unread), waiting_since = sqlc.arg(waiting_since), contact_read = sqlc.arg(contact_read), contact_has = sqlc.arg(contact_has),
    agent_read = sqlc.arg(agent_read), first_reply_at = sqlc.arg(first_reply_at), misses = sqlc.arg(misses),
    silent_since = sqlc.arg(silent_since), warned_at = sqlc.arg(warned_at), held = sqlc.arg(held), reminded = sqlc.arg(reminded), tension = sqlc.arg(tension), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: WaitsSince :many
SELECT CAST(w.asked / 1800000 AS BIGINT) AS half_hour, COUNT(*) AS count, CAST(SUM(w.replied - w.asked) AS BIGINT) AS total
FROM (
    SELECT c.first_reply_at AS replied, MIN(m.at) AS asked
    FROM conversations c JOIN messages m ON m.conversation_id = c.id
    WHERE c.last_at > sqlc.arg(since) AND c.first_reply_at > 0 AND m.kind = 'event' AND m.extra LIKE '%"name":"queued"%'
    GROUP BY c.id, c.first_reply_at
) w
WHERE w.asked > sqlc.arg(since) AND w.replied >= w.asked
GROUP BY half_hour ORDER BY half_hour;

-- name: ActiveIn :many
SELECT * FROM conversations WHERE state = 'active' AND inbox_id = sqlc.arg(inbox_id);

-- What was placed by hand has another rank than the rules gave, and keeps it.
-- name: RerankLane :execrows
UPDATE conversations SET rank_at = queued_at - CAST(sqlc.arg(ahead) AS BIGINT), version = version + 1
WHERE queued_at > 0 AND priority >= sqlc.arg(least) AND priority <= sqlc.arg(most) AND rank_at = queued_at - CAST(sqlc.arg(was_ahead) AS BIGINT);

-- Who stands right before a place in the queue, one aside.
-- name: StandsBefore :many
SELECT * FROM conversations
WHERE queued_at > 0 AND id <> sqlc.arg(but) AND (rank_at < sqlc.arg(rank_at) OR rank_at = sqlc.arg(rank_at) AND id < sqlc.arg(id))
ORDER BY rank_at DESC, id DESC LIMIT 1;

-- name: HeadBut :many
SELECT * FROM conversations WHERE queued_at > 0 AND id <> sqlc.arg(but) ORDER BY rank_at, id LIMIT 1;

-- name: MakeRoomBefore :exec
UPDATE conversations SET rank_at = rank_at - CAST(sqlc.arg(by) AS BIGINT), version = version + 1
WHERE queued_at > 0 AND id <> sqlc.arg(but) AND (rank_at < sqlc.arg(rank_at) OR rank_at = sqlc.arg(rank_at) AND id < sqlc.arg(id));

-- A page of what ended, first ended first.
-- name: EndedIn :many
SELECT id, closed_at, team_id, agent_id, summary FROM conversations
WHERE closed_at > 0 AND closed_at >= sqlc.arg(since) AND closed_at < sqlc.arg(until)
AND (closed_at > sqlc.arg(since) OR id > CAST(sqlc.arg(after) AS BIGINT))
ORDER BY closed_at, id LIMIT sqlc.arg(most);
