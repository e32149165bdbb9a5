-- Rules that people write for the program, macros, and what rules did.

-- +goose Up

CREATE TABLE automation_rules (
    id       BIGINT PRIMARY KEY,
    name     TEXT NOT NULL,
    enabled  BOOLEAN NOT NULL,
    position BIGINT NOT NULL,
    body     TEXT NOT NULL,
    version  BIGINT NOT NULL
);

CREATE TABLE macros (
    id       BIGINT PRIMARY KEY,
    name     TEXT NOT NULL,
    shortcut TEXT NOT NULL,
    team_id  BIGINT,
    subject  TEXT NOT NULL,
    body     TEXT NOT NULL,
    version  BIGINT NOT NULL
);

-- One row is what one rule made of one happening. A happening that is looked
-- at twice has its rows already.
CREATE TABLE automation_runs (
    id           BIGINT PRIMARY KEY,
    cause        TEXT NOT NULL,
    rule_id      BIGINT NOT NULL,
    rule_name    TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id   BIGINT NOT NULL,
    subject_name TEXT NOT NULL,
    version      BIGINT NOT NULL,
    event        TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    at           BIGINT NOT NULL,
    body         TEXT NOT NULL,
    UNIQUE (cause, rule_id)
);
CREATE INDEX automation_runs_rule ON automation_runs (rule_id, id);
CREATE INDEX automation_runs_subject ON automation_runs (subject_kind, subject_id, id);
CREATE INDEX automation_runs_at ON automation_runs (at);

-- Tags of a conversation, as a JSON list; those of a case stand in its course.
ALTER TABLE conversations ADD COLUMN tags TEXT NOT NULL DEFAULT '';

-- What happened lately is looked through when a rule is tried.
CREATE INDEX case_entries_at ON case_entries (at);

-- +goose Down
