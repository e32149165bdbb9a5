-- name: InsertMailRow :execrows
INSERT INTO mails (id, inbox_id, source, message_id, blob, size, state, kind, sender, subject, conversation_id, message, extra, received_at, at)
VALUES (sqlc.arg(id), sqlc.arg(inbox_id), sqlc.arg(source), sqlc.arg(message_id), sqlc.arg(blob), sqlc.arg(size), sqlc.arg(state), '',
    sqlc.arg(sender), sqlc.arg(subject), NULL, NULL, sqlc.arg(extra), sqlc.arg(received_at), sqlc.arg(at))
ON CONFLICT (inbox_id, source) DO NOTHING;

-- name: MailRow :one
SELECT * FROM mails WHERE id = sqlc.arg(id);

-- name: MailRowOfMessage :one
SELECT * FROM mails WHERE message = sqlc.arg(message) ORDER BY id LIMIT 1;

-- name: LastMailRowOf :one
SELECT * FROM mails WHERE conversation_id = sqlc.arg(conversation_id) AND message IS NOT NULL AND kind = sqlc.arg(kind) ORDER BY id DESC LIMIT 1;

-- name: SaveMailRow :exec
UPDATE mails SET message_id = sqlc.arg(message_id), state = sqlc.arg(state), kind = sqlc.arg(kind), sender = sqlc.arg(sender),
    subject = sqlc.arg(subject), conversation_id = sqlc.arg(conversation_id), message = sqlc.arg(message), extra = sqlc.arg(extra)
WHERE id = sqlc.arg(id);

-- name: MailRowsAside :many
SELECT * FROM mails WHERE state = sqlc.arg(state) AND id < sqlc.arg(before) ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: CountMailsFrom :one
SELECT COUNT(*) FROM mails WHERE sender = sqlc.arg(sender) AND at > sqlc.arg(since);

-- name: CountMailsBefore :one
SELECT COUNT(*) FROM mails WHERE inbox_id = sqlc.arg(inbox_id) AND message_id = sqlc.arg(message_id) AND state = sqlc.arg(state) AND id < sqlc.arg(before);

-- name: InsertMailID :exec
INSERT INTO mail_ids (message_id, conversation_id, at) VALUES (sqlc.arg(message_id), sqlc.arg(conversation_id), sqlc.arg(at))
ON CONFLICT (message_id, conversation_id) DO NOTHING;

-- name: ConversationsByMailID :many
SELECT conversation_id FROM mail_ids WHERE message_id = sqlc.arg(message_id) ORDER BY conversation_id DESC LIMIT 5;

-- name: MoveMailID :exec
UPDATE mail_ids SET conversation_id = sqlc.arg(conversation_id) WHERE message_id = sqlc.arg(message_id) AND conversation_id = sqlc.arg(was);

-- name: InsertMailPerson :exec
INSERT INTO mail_people (conversation_id, address, role) VALUES (sqlc.arg(conversation_id), sqlc.arg(address), sqlc.arg(role))
ON CONFLICT (conversation_id, address) DO NOTHING;

-- name: PutMailPerson :exec
INSERT INTO mail_people (conversation_id, address, role) VALUES (sqlc.arg(conversation_id), sqlc.arg(address), sqlc.arg(role))
ON CONFLICT (conversation_id, address) DO UPDATE SET role = excluded.role;

-- name: MailPersonRole :one
SELECT role FROM mail_people WHERE conversation_id = sqlc.arg(conversation_id) AND address = sqlc.arg(address);

-- name: MailContactOf :one
SELECT contact_id FROM mail_contacts WHERE address = sqlc.arg(address);

-- name: InsertMailContact :execrows
INSERT INTO mail_contacts (address, contact_id) VALUES (sqlc.arg(address), sqlc.arg(contact_id)) ON CONFLICT (address) DO NOTHING;

-- name: LastConversationByMail :one
SELECT s.conversation_id FROM sent_mails s WHERE s.recipient = sqlc.arg(recipient) AND s.inbox_id = sqlc.arg(inbox_id) AND s.at > sqlc.arg(since)
    AND s.conversation_id IS NOT NULL ORDER BY s.id DESC LIMIT 1;

-- name: InsertUnreached :exec
INSERT INTO mail_unreached (address, why, at) VALUES (sqlc.arg(address), sqlc.arg(why), sqlc.arg(at))
ON CONFLICT (address) DO UPDATE SET why = excluded.why, at = excluded.at;

-- name: UnreachedWhy :one
SELECT why FROM mail_unreached WHERE address = sqlc.arg(address);

-- name: InsertSentMailRow :exec
INSERT INTO sent_mails (id, inbox_id, conversation_id, message, message_id, token, recipient, automatic, state, attempt, extra, send_at, at)
VALUES (sqlc.arg(id), sqlc.arg(inbox_id), sqlc.arg(conversation_id), sqlc.arg(message), sqlc.arg(message_id), sqlc.arg(token),
    sqlc.arg(recipient), sqlc.arg(automatic), sqlc.arg(state), 0, sqlc.arg(extra), sqlc.arg(send_at), sqlc.arg(at));

-- name: SentMailRow :one
SELECT * FROM sent_mails WHERE id = sqlc.arg(id);

-- name: SentMailRowByToken :one
SELECT * FROM sent_mails WHERE token = sqlc.arg(token);

-- name: SentMailRowByMessageID :one
SELECT * FROM sent_mails WHERE message_id = sqlc.arg(message_id);

-- name: SentMailRowOfMessage :one
SELECT * FROM sent_mails WHERE message = sqlc.arg(message) ORDER BY id DESC LIMIT 1;

-- name: SaveSentMailRow :exec
UPDATE sent_mails SET state = sqlc.arg(state), attempt = sqlc.arg(attempt), extra = sqlc.arg(extra), send_at = sqlc.arg(send_at)
WHERE id = sqlc.arg(id);

-- name: CountAutomaticTo :one
SELECT COUNT(*) FROM sent_mails WHERE recipient = sqlc.arg(recipient) AND automatic AND at > sqlc.arg(since);

-- name: CountAutomaticIn :one
SELECT COUNT(*) FROM sent_mails WHERE conversation_id = sqlc.arg(conversation_id) AND recipient = sqlc.arg(recipient) AND automatic AND at > sqlc.arg(since);

-- name: SaveMessageExtra :exec
UPDATE messages SET extra = sqlc.arg(extra) WHERE id = sqlc.arg(id);

-- name: FreeFilesOf :exec
UPDATE attachments SET message_id = NULL WHERE message_id = sqlc.arg(message_id);

-- name: CaseIDsOfConversation :many
SELECT id FROM cases WHERE conversation_id = sqlc.arg(conversation_id) ORDER BY id;
