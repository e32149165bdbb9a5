-- name: InsertAgent :exec
INSERT INTO agents (id, email, name, nickname, language, password, capacity, presence, presence_reason, presence_since,
    connected, gone_at, idle_since, disabled, last_seen_at, created_at, share)
VALUES (sqlc.arg(id), sqlc.arg(email), sqlc.arg(name), sqlc.arg(nickname), sqlc.arg(language), sqlc.arg(password), sqlc.arg(capacity),
    'offline', '', sqlc.arg(created_at), FALSE, 0, 0, FALSE, 0, sqlc.arg(created_at), sqlc.arg(share));

-- name: AgentRow :one
SELECT * FROM agents WHERE id = sqlc.arg(id);

-- name: AgentRowByEmail :one
SELECT * FROM agents WHERE email = sqlc.arg(email);

-- name: AgentRows :many
SELECT * FROM agents WHERE id > sqlc.arg(after) ORDER BY id LIMIT sqlc.arg(most);

-- name: AgentExists :one
SELECT COUNT(*) FROM (SELECT id FROM agents LIMIT 1) AS one;

-- name: UpdateAgent :execrows
UPDATE agents SET email = sqlc.arg(email), name = sqlc.arg(name), nickname = sqlc.arg(nickname), language = sqlc.arg(language),
    capacity = sqlc.arg(capacity), disabled = sqlc.arg(disabled), share = sqlc.arg(share)
WHERE id = sqlc.arg(id);

-- name: SetAgentPassword :exec
UPDATE agents SET password = sqlc.arg(password) WHERE id = sqlc.arg(id);

-- name: SetAgentSeen :exec
UPDATE agents SET last_seen_at = sqlc.arg(last_seen_at) WHERE id = sqlc.arg(id);

-- name: ActiveLoads :many
SELECT agent_id, COUNT(*) AS held FROM conversations WHERE state = 'active' AND agent_id IS NOT NULL GROUP BY agent_id;

-- name: RolesHeld :many
SELECT ar.agent_id, r.id, r.name FROM agent_roles ar JOIN roles r ON r.id = ar.role_id
WHERE ar.agent_id > sqlc.arg(after) AND ar.agent_id <= sqlc.arg(until) ORDER BY r.id;

-- name: TeamsJoined :many
SELECT ta.agent_id, t.id, t.name FROM team_agents ta JOIN teams t ON t.id = ta.team_id
WHERE ta.agent_id > sqlc.arg(after) AND ta.agent_id <= sqlc.arg(until) ORDER BY t.id;

-- name: AddAgentRole :exec
INSERT INTO agent_roles (agent_id, role_id) VALUES (sqlc.arg(agent_id), sqlc.arg(role_id));

-- name: ClearAgentRoles :exec
DELETE FROM agent_roles WHERE agent_id = sqlc.arg(agent_id);

-- name: AddTeamAgent :exec
INSERT INTO team_agents (team_id, agent_id) VALUES (sqlc.arg(team_id), sqlc.arg(agent_id));

-- name: ClearAgentTeams :exec
DELETE FROM team_agents WHERE agent_id = sqlc.arg(agent_id);

-- name: CountHolders :one
SELECT COUNT(*) FROM agents a JOIN agent_roles ar ON ar.agent_id = a.id JOIN roles r ON r.id = ar.role_id
WHERE r.builtin AND r.name = sqlc.arg(role) AND NOT a.disabled AND a.password <> '';

-- name: AgentsWhoMay :many
SELECT DISTINCT a.id FROM agents a JOIN agent_roles ar ON ar.agent_id = a.id JOIN roles r ON r.id = ar.role_id
WHERE NOT a.disabled AND r.permissions LIKE sqlc.arg(permission) ORDER BY a.id LIMIT 200;
