-- Flows that a company changed or made, besides those that come with the
-- program.

-- +goose Up

-- One row for each flow of which something is the company's own: a version, a
-- draft, or that it rests. version is 0 until one of its own is published.
CREATE TABLE flows (
    id         TEXT PRIMARY KEY,
    version    BIGINT NOT NULL,
    rests      BOOLEAN NOT NULL,
    draft      TEXT NOT NULL,
    draft_base BIGINT NOT NULL,
    draft_by   TEXT NOT NULL,
    draft_at   BIGINT NOT NULL,
    rev        BIGINT NOT NULL
);

-- What was published. A run keeps the version in which it began.
CREATE TABLE flow_versions (
    flow_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    body    TEXT NOT NULL,
    note    TEXT NOT NULL,
    by_id   BIGINT NOT NULL,
    by_name TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (flow_id, version)
);

-- +goose Down
