-- name: InsertMessage :execrows
INSERT INTO messages (id, conversation_id, seq, sender, author_id, author_name, kind, text, client_id, extra, at)
VALUES (sqlc.arg(id), sqlc.arg(conversation_id), sqlc.arg(seq), sqlc.arg(sender), sqlc.arg(author_id), sqlc.arg(author_name),
    sqlc.arg(kind), sqlc.arg(text), sqlc.arg(client_id), sqlc.arg(extra), sqlc.arg(at))
ON CONFLICT DO NOTHING;

-- name: Message :one
SELECT * FROM messages WHERE id = sqlc.arg(id);

-- name: MessageByClientID :one
SELECT * FROM messages WHERE author_id = sqlc.arg(author_id) AND client_id = sqlc.arg(client_id);

-- name: MessagesAfter :many
SELECT * FROM messages WHERE conversation_id = sqlc.arg(conversation_id) AND seq > sqlc.arg(after) ORDER BY seq LIMIT sqlc.arg(most);

-- name: MessagesBefore :many
SELECT * FROM messages WHERE conversation_id = sqlc.arg(conversation_id) AND seq < sqlc.arg(before) ORDER BY seq DESC LIMIT sqlc.arg(most);

-- name: InsertMention :exec
INSERT INTO mentions (agent_id, conversation_id, at) VALUES (sqlc.arg(agent_id), sqlc.arg(conversation_id), sqlc.arg(at))
ON CONFLICT (agent_id, conversation_id) DO UPDATE SET at = excluded.at;

-- name: Mentioned :one
SELECT COUNT(*) FROM mentions WHERE agent_id = sqlc.arg(agent_id) AND conversation_id = sqlc.arg(conversation_id);

-- name: TakeBackMessage :execrows
UPDATE messages SET kind = 'event', text = '', extra = sqlc.arg(extra) WHERE id = sqlc.arg(id) AND kind = 'text';

-- name: InsertRecalled :exec
INSERT INTO recalled_messages (message_id, conversation_id, text, extra, at)
VALUES (sqlc.arg(message_id), sqlc.arg(conversation_id), sqlc.arg(text), sqlc.arg(extra), sqlc.arg(at));

-- name: RecalledMessage :one
SELECT * FROM recalled_messages WHERE message_id = sqlc.arg(message_id);

-- name: LastWhisper :one
SELECT author_id FROM messages WHERE conversation_id = sqlc.arg(conversation_id) AND kind = 'whisper' AND author_id <> sqlc.arg(but)
ORDER BY seq DESC LIMIT 1;
