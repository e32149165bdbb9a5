-- name: Skills :many
SELECT s.id, s.name, s.language,
    (SELECT COUNT(*) FROM agent_skills h JOIN agents a ON a.id = h.agent_id
     WHERE h.skill_id = s.id AND NOT a.disabled AND (h.ends_at = 0 OR h.ends_at > sqlc.arg(now))) AS holders
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
SELECT agent_id, skill_id, level, certificate, ends_at FROM agent_skills
WHERE agent_id > sqlc.arg(after) AND agent_id <= sqlc.arg(until) ORDER BY agent_id, skill_id;

-- name: ClearSkillsOf :exec
DELETE FROM agent_skills WHERE agent_id = sqlc.arg(agent_id);

-- name: InsertSkillOf :exec
INSERT INTO agent_skills (agent_id, skill_id, level, certificate, ends_at)
VALUES (sqlc.arg(agent_id), sqlc.arg(skill_id), sqlc.arg(level), sqlc.arg(certificate), sqlc.arg(ends_at));
