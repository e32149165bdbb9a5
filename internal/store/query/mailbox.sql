-- name: MailboxRow :one
SELECT * FROM mailboxes WHERE inbox_id = sqlc.arg(inbox_id);

-- name: MailboxByAddress :one
SELECT * FROM mailboxes WHERE address = sqlc.arg(address);

-- name: MailboxRows :many
SELECT * FROM mailboxes ORDER BY inbox_id;

-- name: InsertMailbox :execrows
INSERT INTO mailboxes (inbox_id, address, settings, secrets, health, holder, held_until, version)
VALUES (sqlc.arg(inbox_id), sqlc.arg(address), sqlc.arg(settings), sqlc.arg(secrets), '', '', 0, 1)
ON CONFLICT (address) DO NOTHING;

-- name: SaveMailbox :execrows
UPDATE mailboxes SET address = sqlc.arg(address), settings = sqlc.arg(settings), secrets = sqlc.arg(secrets), version = version + 1
WHERE inbox_id = sqlc.arg(inbox_id) AND version = sqlc.arg(version);

-- name: SaveMailboxSecrets :exec
UPDATE mailboxes SET secrets = sqlc.arg(secrets) WHERE inbox_id = sqlc.arg(inbox_id);

-- name: SaveMailboxHealth :exec
UPDATE mailboxes SET health = sqlc.arg(health) WHERE inbox_id = sqlc.arg(inbox_id);

-- name: HoldMailbox :execrows
UPDATE mailboxes SET holder = sqlc.arg(holder), held_until = sqlc.arg(until)
WHERE inbox_id = sqlc.arg(inbox_id) AND (holder = sqlc.arg(holder) OR held_until < sqlc.arg(now));

-- name: ReleaseMailboxes :exec
UPDATE mailboxes SET holder = '', held_until = 0 WHERE held_until > 0;

-- name: MailCursor :one
SELECT * FROM mail_cursors WHERE inbox_id = sqlc.arg(inbox_id) AND folder = sqlc.arg(folder);

-- name: PutMailCursor :exec
INSERT INTO mail_cursors (inbox_id, folder, validity, last_uid)
VALUES (sqlc.arg(inbox_id), sqlc.arg(folder), sqlc.arg(validity), sqlc.arg(last_uid))
ON CONFLICT (inbox_id, folder) DO UPDATE SET validity = excluded.validity, last_uid = excluded.last_uid;

-- name: MailboxUsed :one
SELECT EXISTS (SELECT 1 FROM mails m WHERE m.inbox_id = sqlc.arg(inbox_id))
    OR EXISTS (SELECT 1 FROM sent_mails s WHERE s.inbox_id = sqlc.arg(inbox_id));

-- name: DeleteMailbox :exec
DELETE FROM mailboxes WHERE inbox_id = sqlc.arg(inbox_id);

-- name: DeleteMailCursors :exec
DELETE FROM mail_cursors WHERE inbox_id = sqlc.arg(inbox_id);
