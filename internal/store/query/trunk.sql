-- name: TrunkRow :one
SELECT * FROM trunks WHERE id = sqlc.arg(id);

-- name: TrunkRows :many
SELECT * FROM trunks ORDER BY id;

-- name: InsertTrunk :exec
INSERT INTO trunks (id, settings, password, version) VALUES (sqlc.arg(id), sqlc.arg(settings), sqlc.arg(password), 1);

-- name: SaveTrunk :execrows
UPDATE trunks SET settings = sqlc.arg(settings), password = sqlc.arg(password), version = version + 1 WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: DeleteTrunk :execrows
DELETE FROM trunks WHERE id = sqlc.arg(id);

-- name: PhoneRow :one
SELECT * FROM phones WHERE user_name = sqlc.arg(user_name);

-- name: PhoneRows :many
SELECT * FROM phones ORDER BY user_name;

-- name: PhoneRowsOf :many
SELECT * FROM phones WHERE agent_id = sqlc.arg(agent_id) ORDER BY user_name;

-- name: InsertPhone :execrows
INSERT INTO phones (user_name, agent_id, settings, password, version)
VALUES (sqlc.arg(user_name), sqlc.arg(agent_id), sqlc.arg(settings), sqlc.arg(password), 1)
ON CONFLICT (user_name) DO NOTHING;

-- name: SavePhone :execrows
UPDATE phones SET agent_id = sqlc.arg(agent_id), settings = sqlc.arg(settings), password = sqlc.arg(password), version = version + 1
WHERE user_name = sqlc.arg(user_name) AND version = sqlc.arg(version);

-- name: DeletePhone :execrows
DELETE FROM phones WHERE user_name = sqlc.arg(user_name);
