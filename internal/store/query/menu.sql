-- name: MenuRows :many
SELECT * FROM menus ORDER BY id;

-- name: MenuRow :one
SELECT * FROM menus WHERE id = sqlc.arg(id);

-- name: MenusRevision :one
SELECT CAST(COALESCE(SUM(rev), 0) AS BIGINT) FROM menus;

-- name: AddMenuRow :execrows
INSERT INTO menus (id, version, draft, draft_base, draft_by, draft_at, rev)
VALUES (sqlc.arg(id), sqlc.arg(version), sqlc.arg(draft), sqlc.arg(draft_base), sqlc.arg(draft_by), sqlc.arg(draft_at), 1) ON CONFLICT DO NOTHING;

-- name: SaveMenuRow :execrows
UPDATE menus SET version = sqlc.arg(version), draft = sqlc.arg(draft), draft_base = sqlc.arg(draft_base),
    draft_by = sqlc.arg(draft_by), draft_at = sqlc.arg(draft_at), rev = rev + 1
WHERE id = sqlc.arg(id) AND rev = sqlc.arg(rev);

-- name: OwnMenuRows :many
SELECT v.body, v.version FROM menu_versions v JOIN menus m ON m.id = v.menu_id AND m.version = v.version ORDER BY v.menu_id;

-- name: MenuVersionRows :many
SELECT version, note, by_id, by_name, at FROM menu_versions WHERE menu_id = sqlc.arg(menu_id) ORDER BY version DESC LIMIT sqlc.arg(most);

-- name: MenuVersionBody :one
SELECT body FROM menu_versions WHERE menu_id = sqlc.arg(menu_id) AND version = sqlc.arg(version);

-- name: AddMenuVersion :exec
INSERT INTO menu_versions (menu_id, version, body, note, by_id, by_name, at)
VALUES (sqlc.arg(menu_id), sqlc.arg(version), sqlc.arg(body), sqlc.arg(note), sqlc.arg(by_id), sqlc.arg(by_name), sqlc.arg(at));
