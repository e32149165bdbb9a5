-- Menus that a company changed or made, and what it recorded, besides those that
-- come with the program.

-- +goose Up

-- One row for each menu of which something is the company's own: a version or a
-- draft. version is 0 until one of its own is published.
CREATE TABLE menus (
    id         TEXT PRIMARY KEY,
    version    BIGINT NOT NULL,
    draft      TEXT NOT NULL,
    draft_base BIGINT NOT NULL,
    draft_by   TEXT NOT NULL,
    draft_at   BIGINT NOT NULL,
    rev        BIGINT NOT NULL
);

-- What was published. A call keeps the version in which it began.
CREATE TABLE menu_versions (
    menu_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    body    TEXT NOT NULL,
    note    TEXT NOT NULL,
    by_id   BIGINT NOT NULL,
    by_name TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (menu_id, version)
);

-- Sentences of the company's own, and those of the program that it worded
-- otherwise. One without words was taken back; its row stays, so that revisions
-- only rise.
CREATE TABLE prompts (
    key     TEXT PRIMARY KEY,
    zh      TEXT NOT NULL,
    en      TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at      BIGINT NOT NULL,
    rev     BIGINT NOT NULL
);

-- What was recorded of them: file is where it is kept; empty once it was taken
-- back. said are the words that it was recorded for.
CREATE TABLE prompt_clips (
    language TEXT NOT NULL,
    clip     TEXT NOT NULL,
    file     TEXT NOT NULL,
    said     TEXT NOT NULL,
    ms       BIGINT NOT NULL,
    by_name  TEXT NOT NULL,
    at       BIGINT NOT NULL,
    rev      BIGINT NOT NULL,
    PRIMARY KEY (language, clip)
);

-- +goose Down
