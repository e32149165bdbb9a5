-- Cases with a course, their history, the clocks of what was promised, and
-- what promises are made by.

-- +goose Up

-- What lists are sorted and filtered by has a column; the rest of a case's
-- course stands in one, as JSON.
ALTER TABLE cases ADD COLUMN received_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN level TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN priority BIGINT NOT NULL DEFAULT 3;
ALTER TABLE cases ADD COLUMN team_id BIGINT;
ALTER TABLE cases ADD COLUMN agent_id BIGINT;
ALTER TABLE cases ADD COLUMN accused_id BIGINT;
ALTER TABLE cases ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN snoozed_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN closed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN course TEXT NOT NULL DEFAULT '{}';
ALTER TABLE cases ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE cases ADD COLUMN escalated BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN shown BOOLEAN NOT NULL DEFAULT FALSE; -- on the board of suggestions

-- 9007199254740991 stands for no due time, so that it sorts last.
UPDATE cases SET due_at = 9007199254740991, received_at = created_at, updated_at = created_at, state = CASE kind
    WHEN 'complaint' THEN 'submitted' WHEN 'suggestion' THEN 'submitted' WHEN 'feedback' THEN 'received' ELSE 'new' END;

-- What is open is listed by what is due next; a case without a clock comes last.
CREATE INDEX cases_open ON cases (due_at, id) WHERE closed_at = 0;
CREATE INDEX cases_agent ON cases (agent_id, due_at, id) WHERE closed_at = 0;
CREATE INDEX cases_escalated ON cases (due_at, id) WHERE closed_at = 0 AND escalated > 0;
CREATE INDEX cases_snoozed ON cases (due_at, id) WHERE closed_at = 0 AND snoozed_until > 0;
CREATE INDEX cases_team ON cases (team_id, due_at, id) WHERE closed_at = 0;
CREATE INDEX cases_agent_closed ON cases (agent_id, closed_at, id);
CREATE INDEX cases_closed ON cases (closed_at, id) WHERE closed_at > 0;
CREATE INDEX cases_accused ON cases (accused_id) WHERE accused_id IS NOT NULL;
CREATE INDEX cases_shown ON cases (id) WHERE shown;
CREATE INDEX cases_conversation ON cases (conversation_id) WHERE conversation_id IS NOT NULL;

CREATE TABLE case_entries (
    id      BIGINT PRIMARY KEY,
    case_id BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    public  BOOLEAN NOT NULL,
    body    TEXT NOT NULL
);
CREATE INDEX case_entries_case ON case_entries (case_id, id);

CREATE TABLE case_links (
    case_id  BIGINT NOT NULL,
    other_id BIGINT NOT NULL,
    kind     TEXT NOT NULL,
    at       BIGINT NOT NULL,
    by_name  TEXT NOT NULL,
    PRIMARY KEY (case_id, other_id, kind)
);
CREATE INDEX case_links_other ON case_links (other_id);

CREATE TABLE case_votes (
    case_id    BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (case_id, contact_id)
);

-- Evidence is only ever added; each row holds the hash of the one before it.
CREATE TABLE evidence (
    case_id       BIGINT NOT NULL,
    seq           BIGINT NOT NULL,
    attachment_id BIGINT NOT NULL,
    body          TEXT NOT NULL,
    PRIMARY KEY (case_id, seq)
);
CREATE INDEX evidence_attachment ON evidence (attachment_id);

CREATE TABLE custody (
    case_id BIGINT NOT NULL,
    seq     BIGINT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (case_id, seq)
);

-- One row is one promise to one subject. Ended is when it was met or
-- cancelled, 0 while it is open; kept says whether it was met in time.
CREATE TABLE clocks (
    id           BIGINT PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject_id   BIGINT NOT NULL,
    metric       TEXT NOT NULL,
    state        TEXT NOT NULL,
    channel      TEXT NOT NULL,
    calendar     TEXT NOT NULL,
    provisional  BOOLEAN NOT NULL,
    received_at  BIGINT NOT NULL,
    target_at    BIGINT NOT NULL,
    limit_at     BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL,
    kept         BOOLEAN NOT NULL,
    body         TEXT NOT NULL,
    version      BIGINT NOT NULL
);
CREATE INDEX clocks_subject ON clocks (subject_kind, subject_id, id);
CREATE INDEX clocks_open ON clocks (limit_at, id) WHERE ended_at = 0;
CREATE INDEX clocks_met ON clocks (ended_at, metric, channel, kept) WHERE state = 'met';

-- What was promised when: each change of presets, calendars or notices is a
-- version of its own, and a clock names the one that it was made by.
CREATE TABLE promise_versions (
    version BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    by_name TEXT NOT NULL,
    what    TEXT NOT NULL,
    body    TEXT NOT NULL
);

-- A notice is about a conversation or about a case.
CREATE TABLE notices_2 (
    id              BIGINT PRIMARY KEY,
    agent_id        BIGINT NOT NULL,
    kind            TEXT NOT NULL,
    conversation_id BIGINT,
    case_id         BIGINT,
    text            TEXT NOT NULL,
    from_name       TEXT NOT NULL,
    read_at         BIGINT NOT NULL,
    at              BIGINT NOT NULL
);
INSERT INTO notices_2 SELECT id, agent_id, kind, conversation_id, NULL, text, from_name, read_at, at FROM notices;
DROP TABLE notices;
ALTER TABLE notices_2 RENAME TO notices;
CREATE INDEX notices_agent_2 ON notices (agent_id, id);

-- +goose Down
