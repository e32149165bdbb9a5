-- name: InsertAudit :exec
INSERT INTO audit (id, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, object_name, detail, address)
VALUES (sqlc.arg(id), sqlc.arg(at), sqlc.arg(actor_kind), sqlc.arg(actor_id), sqlc.arg(actor_name), sqlc.arg(action),
        sqlc.arg(object_kind), sqlc.arg(object_id), sqlc.arg(object_name), sqlc.arg(detail), sqlc.arg(address));
