-- name: InsertCustomerRow :exec
INSERT INTO customers (id, contact_id, email, proven_at, password, created_at, seen_at)
VALUES (sqlc.arg(id), sqlc.arg(contact_id), sqlc.arg(email), sqlc.arg(proven_at), sqlc.arg(password), sqlc.arg(created_at), sqlc.arg(seen_at));

-- name: CustomerRow :one
SELECT * FROM customers WHERE id = sqlc.arg(id);

-- name: CustomerRowByEmail :one
SELECT * FROM customers WHERE email = sqlc.arg(email);

-- name: CustomerRowOfContact :one
SELECT * FROM customers WHERE contact_id = sqlc.arg(contact_id);

-- name: SaveCustomerRow :exec
UPDATE customers SET email = sqlc.arg(email), proven_at = sqlc.arg(proven_at), password = sqlc.arg(password), seen_at = sqlc.arg(seen_at)
WHERE id = sqlc.arg(id);

-- name: SetCustomerSeen :exec
UPDATE customers SET seen_at = sqlc.arg(seen_at) WHERE id = sqlc.arg(id);

-- name: SignedContactsByEmail :many
SELECT * FROM contacts c WHERE lower(c.email) = sqlc.arg(email) AND c.email <> '' AND c.signed = sqlc.arg(signed)
AND NOT EXISTS (SELECT 1 FROM customers k WHERE k.contact_id = c.id) ORDER BY c.id LIMIT 2;

-- name: InsertCustomerSessionRow :exec
INSERT INTO customer_sessions (id, token_hash, customer_id, address, device, created_at, last_seen_at, expires_at)
VALUES (sqlc.arg(id), sqlc.arg(token_hash), sqlc.arg(customer_id), sqlc.arg(address), sqlc.arg(device),
    sqlc.arg(created_at), sqlc.arg(last_seen_at), sqlc.arg(expires_at));

-- name: CustomerSessionRow :one
SELECT id, customer_id, address, device, created_at, last_seen_at, expires_at FROM customer_sessions WHERE token_hash = sqlc.arg(token_hash);

-- name: CustomerSessionRows :many
SELECT id, customer_id, address, device, created_at, last_seen_at, expires_at FROM customer_sessions
WHERE customer_id = sqlc.arg(customer_id) AND expires_at > sqlc.arg(now) ORDER BY last_seen_at DESC, id DESC LIMIT 100;

-- name: SetCustomerSessionSeen :exec
UPDATE customer_sessions SET last_seen_at = sqlc.arg(last_seen_at), expires_at = sqlc.arg(expires_at) WHERE id = sqlc.arg(id);

-- name: DeleteCustomerSession :execrows
DELETE FROM customer_sessions WHERE id = sqlc.arg(id) AND customer_id = sqlc.arg(customer_id);

-- name: DeleteCustomerSessionsOf :execrows
DELETE FROM customer_sessions WHERE customer_id = sqlc.arg(customer_id) AND id <> sqlc.arg(keep);

-- name: DeleteExpiredCustomerSessions :execrows
DELETE FROM customer_sessions WHERE expires_at <= sqlc.arg(now);

-- name: InsertCodeRow :exec
INSERT INTO codes (id, ticket_hash, purpose, customer_id, email, old_email, language, sealed, tries, created_at, expires_at, used_at)
VALUES (sqlc.arg(id), sqlc.arg(ticket_hash), sqlc.arg(purpose), sqlc.arg(customer_id), sqlc.arg(email), sqlc.arg(old_email), sqlc.arg(language),
    sqlc.arg(sealed), 0, sqlc.arg(created_at), sqlc.arg(expires_at), 0);

-- name: CodeRow :one
SELECT * FROM codes WHERE ticket_hash = sqlc.arg(ticket_hash);

-- name: HoldCodeRow :one
UPDATE codes SET tries = codes.tries WHERE ticket_hash = sqlc.arg(ticket_hash) RETURNING *;

-- name: SaveCodeRow :exec
UPDATE codes SET tries = sqlc.arg(tries), used_at = sqlc.arg(used_at) WHERE id = sqlc.arg(id);

-- name: VoidCodesOf :exec
UPDATE codes SET used_at = sqlc.arg(used_at) WHERE customer_id = sqlc.arg(customer_id) AND used_at = 0;

-- name: DeleteExpiredCodes :execrows
DELETE FROM codes WHERE expires_at <= sqlc.arg(before);

-- name: InsertSentLetter :exec
INSERT INTO sent_letters (id, address, subject, text, at) VALUES (sqlc.arg(id), sqlc.arg(address), sqlc.arg(subject), sqlc.arg(text), sqlc.arg(at));

-- name: SentLetters :many
SELECT * FROM sent_letters ORDER BY at DESC, id DESC LIMIT sqlc.arg(most);

-- name: CasesOfContact :many
SELECT * FROM cases c WHERE c.contact_id = sqlc.arg(contact_id) OR (c.email <> '' AND lower(c.email) = sqlc.arg(email))
ORDER BY c.created_at DESC, c.id DESC LIMIT sqlc.arg(most);
