-- name: CertificatesOf :many
SELECT * FROM certificates WHERE agent_id = sqlc.arg(agent_id) ORDER BY expires_on, id;

-- name: CertificateRow :one
SELECT * FROM certificates WHERE id = sqlc.arg(id);

-- name: InsertCertificate :exec
INSERT INTO certificates (id, agent_id, kind, name, issuer, number, issued_on, expires_on, attachment_id, note, warned, version)
VALUES (sqlc.arg(id), sqlc.arg(agent_id), sqlc.arg(kind), sqlc.arg(name), sqlc.arg(issuer), sqlc.arg(number), sqlc.arg(issued_on), sqlc.arg(expires_on),
    sqlc.arg(attachment_id), sqlc.arg(note), 0, 1);

-- name: SaveCertificate :execrows
UPDATE certificates SET kind = sqlc.arg(kind), name = sqlc.arg(name), issuer = sqlc.arg(issuer), number = sqlc.arg(number), issued_on = sqlc.arg(issued_on),
    expires_on = sqlc.arg(expires_on), attachment_id = sqlc.arg(attachment_id), note = sqlc.arg(note), warned = sqlc.arg(warned), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: DeleteCertificate :exec
DELETE FROM certificates WHERE id = sqlc.arg(id);

-- name: CertificatesToWarn :many
SELECT * FROM certificates WHERE expires_on <> '' AND expires_on <= sqlc.arg(until) AND warned < sqlc.arg(step) ORDER BY expires_on, id LIMIT sqlc.arg(most);

-- name: MarkWarned :exec
UPDATE certificates SET warned = sqlc.arg(step) WHERE id = sqlc.arg(id);

-- name: ExpiredCertificates :many
SELECT * FROM certificates WHERE expires_on <> '' AND expires_on < sqlc.arg(today) ORDER BY expires_on, id;
