-- name: CaseByID :one
SELECT * FROM cases WHERE id = sqlc.arg(id);

-- name: CaseBySender :one
SELECT * FROM cases WHERE sender = sqlc.arg(sender) AND client_id = sqlc.arg(client_id);

-- name: InsertCase :execrows
INSERT INTO cases (id, number, kind, state, subject, text, name, phone, email, order_ref, about_staff, contact_id, conversation_id, source, sender, client_id, created_at)
VALUES (sqlc.arg(id), sqlc.arg(number), sqlc.arg(kind), sqlc.arg(state), sqlc.arg(subject), sqlc.arg(text), sqlc.arg(name), sqlc.arg(phone), sqlc.arg(email),
    sqlc.arg(order_ref), sqlc.arg(about_staff), sqlc.arg(contact_id), sqlc.arg(conversation_id), sqlc.arg(source), sqlc.arg(sender), sqlc.arg(client_id), sqlc.arg(created_at))
ON CONFLICT (sender, client_id) DO NOTHING;

-- name: InsertCaseFile :exec
INSERT INTO case_files (case_id, attachment_id) VALUES (sqlc.arg(case_id), sqlc.arg(attachment_id)) ON CONFLICT DO NOTHING;

-- name: CaseFiles :many
SELECT a.* FROM attachments a JOIN case_files f ON f.attachment_id = a.id WHERE f.case_id = sqlc.arg(case_id) ORDER BY a.id;
