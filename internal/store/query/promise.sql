-- name: InsertPromiseVersion :exec
INSERT INTO promise_versions (version, at, by_name, what, body)
VALUES (sqlc.arg(version), sqlc.arg(at), sqlc.arg(by_name), sqlc.arg(what), sqlc.arg(body));

-- name: LatestPromiseVersion :one
SELECT * FROM promise_versions ORDER BY version DESC LIMIT 1;

-- name: PromiseVersion :one
SELECT * FROM promise_versions WHERE version = sqlc.arg(version);

-- name: PromiseVersions :many
SELECT version, at, by_name, what FROM promise_versions WHERE version < sqlc.arg(before) ORDER BY version DESC LIMIT sqlc.arg(most);
