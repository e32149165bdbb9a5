-- name: InsertReview :execrows
INSERT INTO reviews (id, conversation_id, case_id, state, asked_by, client_id, body, version)
VALUES (sqlc.arg(id), sqlc.arg(conversation_id), sqlc.arg(case_id), sqlc.arg(state), sqlc.arg(asked_by), sqlc.arg(client_id), sqlc.arg(body), 1)
ON CONFLICT DO NOTHING;

-- name: SaveReview :execrows
UPDATE reviews SET state = sqlc.arg(state), body = sqlc.arg(body), version = version + 1 WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: ReviewRow :one
SELECT body, version FROM reviews WHERE id = sqlc.arg(id);

-- name: ReviewByClientID :one
SELECT body, version FROM reviews WHERE asked_by = sqlc.arg(asked_by) AND client_id = sqlc.arg(client_id);

-- name: ReviewsOfConversation :many
SELECT body, version FROM reviews WHERE conversation_id = sqlc.arg(conversation_id) ORDER BY id DESC LIMIT 100;

-- name: ReviewsOfCase :many
SELECT body, version FROM reviews WHERE case_id = sqlc.arg(case_id) ORDER BY id DESC LIMIT 100;
