-- name: InsertParticular :exec
INSERT INTO contact_particulars (id, contact_id, kind, sealed, mask, created_at)
VALUES (sqlc.arg(id), sqlc.arg(contact_id), sqlc.arg(kind), sqlc.arg(sealed), sqlc.arg(mask), sqlc.arg(created_at));

-- name: ParticularRows :many
SELECT * FROM contact_particulars WHERE contact_id IN (SELECT c.id FROM contacts c WHERE c.person_id = sqlc.arg(person_id)) ORDER BY contact_particulars.id;

-- name: DeleteParticular :execrows
DELETE FROM contact_particulars WHERE contact_particulars.id = sqlc.arg(id) AND contact_id IN (SELECT c.id FROM contacts c WHERE c.person_id = sqlc.arg(person_id));

-- name: InsertVerificationRow :exec
INSERT INTO verifications (id, contact_id, agent_id, team_id, state, started_at, ended_at, body, version)
VALUES (sqlc.arg(id), sqlc.arg(contact_id), sqlc.arg(agent_id), sqlc.arg(team_id), sqlc.arg(state), sqlc.arg(started_at), sqlc.arg(ended_at), sqlc.arg(body), 1);

-- name: SaveVerificationRow :execrows
UPDATE verifications SET state = sqlc.arg(state), ended_at = sqlc.arg(ended_at), body = sqlc.arg(body), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: VerificationRow :one
SELECT * FROM verifications WHERE id = sqlc.arg(id);

-- name: LatestVerificationRow :one
SELECT * FROM verifications WHERE contact_id IN (SELECT c.id FROM contacts c WHERE c.person_id = sqlc.arg(person_id)) ORDER BY verifications.id DESC LIMIT 1;

-- name: VerificationRowsOf :many
SELECT * FROM verifications WHERE contact_id IN (SELECT c.id FROM contacts c WHERE c.person_id = sqlc.arg(person_id)) ORDER BY verifications.id DESC LIMIT sqlc.arg(most);

-- name: VerificationRowsBetween :many
SELECT * FROM verifications WHERE started_at >= sqlc.arg(since) AND started_at < sqlc.arg(until) AND id > sqlc.arg(after) ORDER BY id LIMIT 1000;

-- name: InsertVerificationAttempt :exec
INSERT INTO verification_attempts (id, verification_id, contact_id, agent_id, factor, told_right, at)
VALUES (sqlc.arg(id), sqlc.arg(verification_id), sqlc.arg(contact_id), sqlc.arg(agent_id), sqlc.arg(factor), sqlc.arg(told_right), sqlc.arg(at));

-- name: VerificationAttempts :many
SELECT * FROM verification_attempts WHERE verification_id = sqlc.arg(verification_id) ORDER BY id;

-- name: VerificationFailuresOf :many
SELECT * FROM verification_failures WHERE contact_id IN (SELECT c.id FROM contacts c WHERE c.person_id = sqlc.arg(person_id))
ORDER BY until_at DESC, failures DESC;

-- name: PutVerificationFailures :exec
INSERT INTO verification_failures (contact_id, failures, rounds, until_at, at)
VALUES (sqlc.arg(contact_id), sqlc.arg(failures), sqlc.arg(rounds), sqlc.arg(until_at), sqlc.arg(at))
ON CONFLICT (contact_id) DO UPDATE SET failures = excluded.failures, rounds = excluded.rounds, until_at = excluded.until_at, at = excluded.at;

-- name: ForgetVerificationFailures :exec
DELETE FROM verification_failures WHERE contact_id IN (SELECT c.id FROM contacts c WHERE c.person_id = sqlc.arg(person_id));

-- name: PutVerificationCode :exec
INSERT INTO verification_codes (verification_id, sealed, sent_to, expires_at, used_at)
VALUES (sqlc.arg(verification_id), sqlc.arg(sealed), sqlc.arg(sent_to), sqlc.arg(expires_at), 0)
ON CONFLICT (verification_id) DO UPDATE SET sealed = excluded.sealed, sent_to = excluded.sent_to, expires_at = excluded.expires_at, used_at = 0;

-- name: VerificationCodeRow :one
SELECT * FROM verification_codes WHERE verification_id = sqlc.arg(verification_id);

-- name: UseVerificationCode :exec
UPDATE verification_codes SET used_at = sqlc.arg(used_at), sealed = '' WHERE verification_id = sqlc.arg(verification_id);

-- name: DeleteVerificationCodes :exec
DELETE FROM verification_codes WHERE expires_at < sqlc.arg(before);

-- name: LatestVerificationPolicy :one
SELECT * FROM verification_policies ORDER BY version DESC LIMIT 1;

-- name: VerificationPolicyRows :many
SELECT * FROM verification_policies ORDER BY version DESC LIMIT 100;

-- name: InsertVerificationPolicy :exec
INSERT INTO verification_policies (version, at, body) VALUES (sqlc.arg(version), sqlc.arg(at), sqlc.arg(body));
