-- +goose Up

-- What menus of the hotline ask other systems, by the name that menus give it.
-- The key and the secret to sign with are sealed.
CREATE TABLE call_hooks (
    name     TEXT PRIMARY KEY,
    settings TEXT NOT NULL,
    token    TEXT NOT NULL,
    secret   TEXT NOT NULL,
    version  BIGINT NOT NULL
);

-- +goose Down
