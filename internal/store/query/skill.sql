-- name: Skills :many
SELECT s.id, s.name, s.language,
    (SELECT COUNT(*) FROM agent_skills h JOIN agents a ON a.id = h.agent_id LEFT JOIN certificates c ON c.id = h.certificate_id
     WHERE h.skill_id = s.id AND NOT a.disabled AND (h.certificate_id IS NULL OR c.expires_on = '' OR c.expires_on >= sqlc.arg(today))) AS holders
FROM skills s ORDER BY s.name, s.id;

-- name: SkillsOfLanguage :many
SELECT id FROM skills WHERE language = sqlc.arg(language) ORDER BY id;

-- name: InsertSkill :exec
INSERT INTO skills (id, name, language) VALUES (sqlc.arg(id), sqlc.arg(name), sqlc.arg(language));

-- name: UpdateSkill :execrows
UPDATE skills SET name = sqlc.arg(name), language = sqlc.arg(language) WHERE id = sqlc.arg(id);

-- name: DeleteSkill :execrows
DELETE FROM skills WHERE id = sqlc.arg(id);

-- name: ForgetSkill :exec
DELETE FROM agent_skills WHERE skill_id = sqlc.arg(skill_id);

-- name: SkillsOf :many
SELECT h.agent_id, h.skill_id, h.level, h.certificate_id, COALESCE(c.name, '') AS certificate, COALESCE(c.expires_on, '') AS expires_on
FROM agent_skills h LEFT JOIN certificates c ON c.id = h.certificate_id
WHERE h.agent_id > sqlc.arg(after) AND h.agent_id <= sqlc.arg(until) ORDER BY h.agent_id, h.skill_id;

-- name: ClearSkillsOf :exec
DELETE FROM agent_skills WHERE agent_id = sqlc.arg(agent_id);

-- name: InsertSkillOf :exec
INSERT INTO agent_skills (agent_id, skill_id, level, certificate_id)
VALUES (sqlc.arg(agent_id), sqlc.arg(skill_id), sqlc.arg(level), sqlc.arg(certificate_id));

-- name: SkillsByCertificate :one
SELECT COUNT(*) FROM agent_skills WHERE certificate_id = sqlc.arg(certificate_id);

-- name: SkillsWaitedFor :one
SELECT COUNT(*) FROM conversations WHERE queued_at > 0 AND needs LIKE sqlc.arg(names);

-- name: AnswerersSkills :many
SELECT h.agent_id, h.skill_id, h.level FROM agent_skills h JOIN agents a ON a.id = h.agent_id LEFT JOIN certificates c ON c.id = h.certificate_id
WHERE NOT a.disabled AND (h.certificate_id IS NULL OR c.expires_on = '' OR c.expires_on >= sqlc.arg(today)) ORDER BY h.agent_id, h.skill_id;
