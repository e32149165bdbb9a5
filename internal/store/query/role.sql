-- name: InsertRole :exec
INSERT INTO roles (id, name, builtin, permissions, scope)
VALUES (sqlc.arg(id), sqlc.arg(name), sqlc.arg(builtin), sqlc.arg(permissions), sqlc.arg(scope));

-- name: UpdateRole :execrows
UPDATE roles SET name = sqlc.arg(name), permissions = sqlc.arg(permissions), scope = sqlc.arg(scope) WHERE id = sqlc.arg(id);

-- name: DeleteRole :execrows
DELETE FROM roles WHERE id = sqlc.arg(id);

-- name: RoleRows :many
SELECT r.id, r.name, r.builtin, r.permissions, r.scope,
    (SELECT COUNT(*) FROM agent_roles ar WHERE ar.role_id = r.id) AS agents
FROM roles r ORDER BY r.id;

-- name: RoleRowsOf :many
SELECT r.id, r.name, r.builtin, r.permissions, r.scope FROM roles r JOIN agent_roles ar ON ar.role_id = r.id
WHERE ar.agent_id = sqlc.arg(agent_id) ORDER BY r.id;
