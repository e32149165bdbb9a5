-- name: InsertAttachment :execrows
INSERT INTO attachments (id, conversation_id, message_id, uploader, client_id, name, type, kind, size, sha256, blob, thumb, width, height, scan, at)
VALUES (sqlc.arg(id), sqlc.arg(conversation_id), NULL, sqlc.arg(uploader), sqlc.arg(client_id), sqlc.arg(name), sqlc.arg(type), sqlc.arg(kind),
    sqlc.arg(size), sqlc.arg(sha256), sqlc.arg(blob), sqlc.arg(thumb), sqlc.arg(width), sqlc.arg(height), sqlc.arg(scan), sqlc.arg(at))
ON CONFLICT DO NOTHING;

-- name: Attachment :one
SELECT * FROM attachments WHERE id = sqlc.arg(id);

-- name: AttachmentByClientID :one
SELECT * FROM attachments WHERE uploader = sqlc.arg(uploader) AND client_id = sqlc.arg(client_id);

-- name: ClaimAttachment :execrows
UPDATE attachments SET message_id = sqlc.arg(message_id), conversation_id = sqlc.arg(conversation_id)
WHERE id = sqlc.arg(id) AND uploader = sqlc.arg(uploader) AND message_id IS NULL AND scan <> 'infected';

-- name: AttachmentAccuses :one
SELECT COUNT(*) FROM case_files f JOIN cases c ON c.id = f.case_id
WHERE f.attachment_id = sqlc.arg(attachment_id) AND c.accused_id = sqlc.arg(accused);

-- name: OrphanAttachments :many
SELECT a.* FROM attachments a
WHERE a.message_id IS NULL AND a.scan <> 'infected' AND a.at < sqlc.arg(before)
    AND NOT EXISTS (SELECT 1 FROM case_files f WHERE f.attachment_id = a.id)
    AND NOT EXISTS (SELECT 1 FROM certificates e WHERE e.attachment_id = a.id)
ORDER BY a.at LIMIT sqlc.arg(most);

-- name: DeleteOrphanAttachment :execrows
DELETE FROM attachments WHERE attachments.id = sqlc.arg(id) AND message_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM case_files f WHERE f.attachment_id = attachments.id)
    AND NOT EXISTS (SELECT 1 FROM certificates e WHERE e.attachment_id = attachments.id);

-- name: RecallAttachments :exec
UPDATE attachments SET recalled_at = sqlc.arg(at) WHERE message_id = sqlc.arg(message_id);
