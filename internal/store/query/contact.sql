-- name: Contact :one
SELECT * FROM contacts WHERE id = sqlc.arg(id);

-- name: ContactByExternalID :one
SELECT * FROM contacts WHERE external_id = sqlc.arg(external_id);

-- name: InsertContact :exec
INSERT INTO contacts (id, name, phone, email, external_id, signed, language, note, attributes, blocked, blocked_reason, device, created_at, last_seen_at, version)
VALUES (sqlc.arg(id), sqlc.arg(name), sqlc.arg(phone), sqlc.arg(email), sqlc.arg(external_id), sqlc.arg(signed), sqlc.arg(language), sqlc.arg(note),
    sqlc.arg(attributes), sqlc.arg(blocked), sqlc.arg(blocked_reason), sqlc.arg(device), sqlc.arg(created_at), sqlc.arg(last_seen_at), 1);

-- name: SaveContact :execrows
UPDATE contacts SET name = sqlc.arg(name), phone = sqlc.arg(phone), email = sqlc.arg(email), external_id = sqlc.arg(external_id), signed = sqlc.arg(signed),
    language = sqlc.arg(language), note = sqlc.arg(note), attributes = sqlc.arg(attributes), blocked = sqlc.arg(blocked),
    blocked_reason = sqlc.arg(blocked_reason), device = sqlc.arg(device), last_seen_at = sqlc.arg(last_seen_at), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: InsertPageView :exec
INSERT INTO page_views (id, contact_id, at, url, title, referrer)
VALUES (sqlc.arg(id), sqlc.arg(contact_id), sqlc.arg(at), sqlc.arg(url), sqlc.arg(title), sqlc.arg(referrer));

-- name: PageViews :many
SELECT at, url, title, referrer FROM page_views WHERE contact_id = sqlc.arg(contact_id) ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: TrimPageViews :exec
DELETE FROM page_views WHERE at < sqlc.arg(before);

-- name: ContactBlocked :one
SELECT blocked FROM contacts WHERE id = sqlc.arg(id);
