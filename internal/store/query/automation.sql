-- name: AutomationRules :many
SELECT * FROM automation_rules ORDER BY position, id;

-- name: AutomationRule :one
SELECT * FROM automation_rules WHERE id = sqlc.arg(id);

-- name: InsertAutomationRule :exec
INSERT INTO automation_rules (id, name, enabled, position, body, version)
VALUES (sqlc.arg(id), sqlc.arg(name), sqlc.arg(enabled), sqlc.arg(position), sqlc.arg(body), 1);

-- name: SaveAutomationRule :execrows
UPDATE automation_rules SET name = sqlc.arg(name), enabled = sqlc.arg(enabled), position = sqlc.arg(position), body = sqlc.arg(body), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: DeleteAutomationRule :execrows
DELETE FROM automation_rules WHERE id = sqlc.arg(id);

-- name: SetCount :exec
INSERT INTO counters (name, value) VALUES (sqlc.arg(name), sqlc.arg(value)) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: Count :one
SELECT value FROM counters WHERE name = sqlc.arg(name);

-- name: InsertAutomationRun :execrows
INSERT INTO automation_runs (id, cause, rule_id, rule_name, subject_kind, subject_id, subject_name, version, event, outcome, at, body)
VALUES (sqlc.arg(id), sqlc.arg(cause), sqlc.arg(rule_id), sqlc.arg(rule_name), sqlc.arg(subject_kind), sqlc.arg(subject_id), sqlc.arg(subject_name),
    sqlc.arg(version), sqlc.arg(event), sqlc.arg(outcome), sqlc.arg(at), sqlc.arg(body))
ON CONFLICT (cause, rule_id) DO NOTHING;

-- name: AutomationRunsOf :many
SELECT rule_id, version, at FROM automation_runs
WHERE subject_kind = sqlc.arg(subject_kind) AND subject_id = sqlc.arg(subject_id) AND outcome = 'fired'
ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: AutomationRunsBy :one
SELECT COUNT(*) FROM automation_runs WHERE cause = sqlc.arg(cause);

-- name: TrimAutomationRuns :exec
DELETE FROM automation_runs WHERE at < sqlc.arg(fired) OR (at < sqlc.arg(skipped) AND outcome = 'skipped');

-- name: Macros :many
SELECT * FROM macros ORDER BY name, id;

-- name: MacroByID :one
SELECT * FROM macros WHERE id = sqlc.arg(id);

-- name: InsertMacro :exec
INSERT INTO macros (id, name, shortcut, team_id, subject, body, version)
VALUES (sqlc.arg(id), sqlc.arg(name), sqlc.arg(shortcut), sqlc.arg(team_id), sqlc.arg(subject), sqlc.arg(body), 1);

-- name: SaveMacro :execrows
UPDATE macros SET name = sqlc.arg(name), shortcut = sqlc.arg(shortcut), team_id = sqlc.arg(team_id), subject = sqlc.arg(subject), body = sqlc.arg(body), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: DeleteMacro :execrows
DELETE FROM macros WHERE id = sqlc.arg(id);

-- name: OpenCasesAfter :many
SELECT * FROM cases WHERE closed_at = 0 AND (due_at > sqlc.arg(due_at) OR (due_at = sqlc.arg(due_at) AND id > sqlc.arg(id))) ORDER BY due_at, id LIMIT sqlc.arg(most);

-- name: OpenConversationsAfter :many
SELECT * FROM conversations WHERE state <> 'closed' AND id > sqlc.arg(id) ORDER BY id LIMIT sqlc.arg(most);

-- name: CasesWithEntriesSince :many
SELECT case_id FROM case_entries WHERE at >= sqlc.arg(since)
UNION SELECT id FROM cases WHERE created_at >= sqlc.arg(since)
ORDER BY case_id DESC LIMIT sqlc.arg(most);

-- name: ContactMessagesSince :many
SELECT * FROM messages WHERE id >= sqlc.arg(since) AND sender = 'contact' AND kind = 'text' ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: ConversationsSince :many
SELECT * FROM conversations WHERE id >= sqlc.arg(since) ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: CountMessagesOf :one
SELECT COUNT(*) FROM messages WHERE conversation_id = sqlc.arg(conversation_id) AND kind = 'text';

-- name: CountCasesOf :one
SELECT COUNT(*) AS cases, CAST(COALESCE(SUM(CASE WHEN closed_at = 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS open,
    CAST(COALESCE(SUM(CASE WHEN kind = 'complaint' THEN 1 ELSE 0 END), 0) AS BIGINT) AS complaints
FROM cases WHERE contact_id IN (SELECT c.id FROM contacts c WHERE c.person_id = sqlc.arg(person_id));

-- name: CountEvidence :one
SELECT COUNT(*) FROM evidence WHERE case_id = sqlc.arg(case_id);

-- name: AgentsInTeam :many
SELECT a.id FROM agents a JOIN team_agents t ON t.agent_id = a.id WHERE t.team_id = sqlc.arg(team_id) AND NOT a.disabled ORDER BY a.id LIMIT 200;
