-- name: CaseByID :one
SELECT * FROM cases WHERE id = sqlc.arg(id);

-- name: CaseByNumber :one
SELECT * FROM cases WHERE number = sqlc.arg(number);

-- name: CaseBySender :one
SELECT * FROM cases WHERE sender = sqlc.arg(sender) AND client_id = sqlc.arg(client_id);

-- name: InsertCase :execrows
INSERT INTO cases (id, number, kind, state, subject, text, name, phone, email, order_ref, about_staff, contact_id, conversation_id, source, sender, client_id,
    created_at, received_at, category, level, priority, team_id, agent_id, accused_id, due_at, snoozed_until, closed_at, updated_at, course, version, escalated, shown)
VALUES (sqlc.arg(id), sqlc.arg(number), sqlc.arg(kind), sqlc.arg(state), sqlc.arg(subject), sqlc.arg(text), sqlc.arg(name), sqlc.arg(phone), sqlc.arg(email),
    sqlc.arg(order_ref), sqlc.arg(about_staff), sqlc.arg(contact_id), sqlc.arg(conversation_id), sqlc.arg(source), sqlc.arg(sender), sqlc.arg(client_id),
    sqlc.arg(created_at), sqlc.arg(received_at), sqlc.arg(category), sqlc.arg(level), sqlc.arg(priority), sqlc.arg(team_id), sqlc.arg(agent_id), sqlc.arg(accused_id),
    sqlc.arg(due_at), 0, 0, sqlc.arg(created_at), sqlc.arg(course), 1, sqlc.arg(escalated), FALSE)
ON CONFLICT (sender, client_id) DO NOTHING;

-- name: SaveCase :execrows
UPDATE cases SET kind = sqlc.arg(kind), state = sqlc.arg(state), about_staff = sqlc.arg(about_staff), category = sqlc.arg(category), level = sqlc.arg(level),
    priority = sqlc.arg(priority), team_id = sqlc.arg(team_id), agent_id = sqlc.arg(agent_id), accused_id = sqlc.arg(accused_id), due_at = sqlc.arg(due_at),
    snoozed_until = sqlc.arg(snoozed_until), closed_at = sqlc.arg(closed_at), updated_at = sqlc.arg(updated_at), course = sqlc.arg(course), escalated = sqlc.arg(escalated), shown = sqlc.arg(shown), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: CasesShown :many
SELECT * FROM cases WHERE shown AND id < sqlc.arg(before) ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: CasesAccusing :many
SELECT id, number FROM cases WHERE accused_id = sqlc.arg(accused);

-- name: InsertCaseFile :exec
INSERT INTO case_files (case_id, attachment_id) VALUES (sqlc.arg(case_id), sqlc.arg(attachment_id)) ON CONFLICT DO NOTHING;

-- name: CaseFiles :many
SELECT a.* FROM attachments a JOIN case_files f ON f.attachment_id = a.id WHERE f.case_id = sqlc.arg(case_id) ORDER BY a.id;

-- name: InsertCaseEntry :exec
INSERT INTO case_entries (id, case_id, at, public, body) VALUES (sqlc.arg(id), sqlc.arg(case_id), sqlc.arg(at), sqlc.arg(public), sqlc.arg(body));

-- name: CaseEntries :many
SELECT * FROM case_entries WHERE case_id = sqlc.arg(case_id) ORDER BY id;

-- name: InsertCaseLink :exec
INSERT INTO case_links (case_id, other_id, kind, at, by_name)
VALUES (sqlc.arg(case_id), sqlc.arg(other_id), sqlc.arg(kind), sqlc.arg(at), sqlc.arg(by_name)) ON CONFLICT DO NOTHING;

-- name: CaseLinks :many
SELECT * FROM case_links WHERE case_id = sqlc.arg(case_id) OR other_id = sqlc.arg(case_id) ORDER BY at, case_id, other_id;

-- name: InsertCaseVote :execrows
INSERT INTO case_votes (case_id, contact_id, at) VALUES (sqlc.arg(case_id), sqlc.arg(contact_id), sqlc.arg(at)) ON CONFLICT DO NOTHING;

-- name: InsertEvidence :exec
INSERT INTO evidence (case_id, seq, attachment_id, body) VALUES (sqlc.arg(case_id), sqlc.arg(seq), sqlc.arg(attachment_id), sqlc.arg(body));

-- name: EvidenceOf :many
SELECT * FROM evidence WHERE case_id = sqlc.arg(case_id) ORDER BY seq;

-- name: InsertCustody :exec
INSERT INTO custody (case_id, seq, body) VALUES (sqlc.arg(case_id), sqlc.arg(seq), sqlc.arg(body));

-- name: CustodyOf :many
SELECT * FROM custody WHERE case_id = sqlc.arg(case_id) ORDER BY seq;
