-- What a supervisor sees and does: who set whose presence and why, when agents
-- held work, the promises of chats by when they ended, and reviews of decisions.

-- +goose Up

ALTER TABLE agents ADD COLUMN presence_by BIGINT;
ALTER TABLE agents ADD COLUMN presence_by_name TEXT NOT NULL DEFAULT '';
ALTER TABLE agents ADD COLUMN presence_why TEXT NOT NULL DEFAULT '';
-- Since when an agent has held at least one conversation; 0 is holding none.
ALTER TABLE agents ADD COLUMN busy_since BIGINT NOT NULL DEFAULT 0;

ALTER TABLE presence_log ADD COLUMN set_by BIGINT;
ALTER TABLE presence_log ADD COLUMN set_by_name TEXT NOT NULL DEFAULT '';
ALTER TABLE presence_log ADD COLUMN why TEXT NOT NULL DEFAULT '';
CREATE INDEX presence_log_until ON presence_log (until);

-- One row is a time in which an agent held at least one conversation.
CREATE TABLE busy_log (
    id       BIGINT PRIMARY KEY,
    agent_id BIGINT NOT NULL,
    since    BIGINT NOT NULL,
    until    BIGINT NOT NULL
);
CREATE INDEX busy_log_until ON busy_log (until);

-- The chats of today, and those that nobody has answered yet.
CREATE INDEX clocks_chat ON clocks (ended_at, limit_at) WHERE subject_kind = 'conversation';

-- One row is the second look at a decision, with the decision it is about.
CREATE TABLE reviews (
    id              BIGINT PRIMARY KEY,
    conversation_id BIGINT,
    case_id         BIGINT,
    state           TEXT NOT NULL,
    asked_by        BIGINT NOT NULL,
    client_id       TEXT NOT NULL,
    body            TEXT NOT NULL,
    version         BIGINT NOT NULL,
    UNIQUE (asked_by, client_id)
);
CREATE INDEX reviews_conversation ON reviews (conversation_id, id) WHERE conversation_id IS NOT NULL;
CREATE INDEX reviews_case ON reviews (case_id, id) WHERE case_id IS NOT NULL;

-- +goose Down
