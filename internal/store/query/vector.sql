-- name: WayVectorRows :many
SELECT way, vector FROM way_vectors WHERE model = sqlc.arg(model) ORDER BY way;

-- name: AddWayVector :exec
INSERT INTO way_vectors (model, way, vector) VALUES (sqlc.arg(model), sqlc.arg(way), sqlc.arg(vector)) ON CONFLICT DO NOTHING;

-- name: DeleteWayVector :exec
DELETE FROM way_vectors WHERE model = sqlc.arg(model) AND way = sqlc.arg(way);

-- name: DeleteOtherWayVectors :exec
DELETE FROM way_vectors WHERE model <> sqlc.arg(model);
