-- name: PutDoor :exec
INSERT INTO doors (node, sip, http) VALUES (sqlc.arg(node), sqlc.arg(sip), sqlc.arg(http))
ON CONFLICT (node) DO UPDATE SET sip = excluded.sip, http = excluded.http;

-- name: Doors :many
SELECT * FROM doors ORDER BY node;

-- name: DropDoor :exec
DELETE FROM doors WHERE node = sqlc.arg(node);
