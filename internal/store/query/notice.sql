-- name: InsertNotice :exec
INSERT INTO notices (id, agent_id, kind, conversation_id, case_id, text, from_name, read_at, at)
VALUES (sqlc.arg(id), sqlc.arg(agent_id), sqlc.arg(kind), sqlc.arg(conversation_id), sqlc.arg(case_id), sqlc.arg(text), sqlc.arg(from_name), 0, sqlc.arg(at));

-- name: Notices :many
SELECT * FROM notices WHERE agent_id = sqlc.arg(agent_id) ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: CountUnreadNotices :one
SELECT COUNT(*) FROM notices WHERE agent_id = sqlc.arg(agent_id) AND read_at = 0;

-- name: HideNotices :exec
DELETE FROM notices WHERE agent_id = sqlc.arg(agent_id) AND case_id = sqlc.arg(case_id);

-- name: ReadNotices :exec
UPDATE notices SET read_at = sqlc.arg(at) WHERE agent_id = sqlc.arg(agent_id) AND read_at = 0;

-- name: TrimNotices :exec
DELETE FROM notices WHERE at < sqlc.arg(before);
