-- name: InsertTeam :exec
INSERT INTO teams (id, name) VALUES (sqlc.arg(id), sqlc.arg(name));

-- name: RenameTeam :execrows
UPDATE teams SET name = sqlc.arg(name) WHERE id = sqlc.arg(id);

-- name: DeleteTeam :execrows
DELETE FROM teams WHERE id = sqlc.arg(id);

-- name: TeamRows :many
SELECT id, name FROM teams ORDER BY id;

-- name: TeamMembers :many
SELECT ta.team_id, a.id, a.name FROM team_agents ta JOIN agents a ON a.id = ta.agent_id ORDER BY a.id;

-- name: TeamIDsOf :many
SELECT team_id FROM team_agents WHERE agent_id = sqlc.arg(agent_id) ORDER BY team_id;

-- name: ClearTeamAgents :exec
DELETE FROM team_agents WHERE team_id = sqlc.arg(team_id);

-- name: TeamUses :one
SELECT (SELECT COUNT(*) FROM inboxes i WHERE i.team_id = sqlc.arg(team_id))
    + (SELECT COUNT(*) FROM conversations c WHERE c.team_id = sqlc.arg(team_id) AND c.state <> 'closed') AS uses;

-- name: TeamRow :one
SELECT id, name FROM teams WHERE id = sqlc.arg(id);
