-- +goose Up

-- How contacts voted on answers of the assistant: one row for each answer, the
-- last vote counts. about_id is the message that was answered.
CREATE TABLE answer_votes (
    message_id      BIGINT PRIMARY KEY,
    about_id        BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    question_id     BIGINT NOT NULL,
    helpful         BOOLEAN NOT NULL,
    at              BIGINT NOT NULL
);
CREATE INDEX answer_votes_conversation ON answer_votes (conversation_id);
CREATE INDEX answer_votes_at ON answer_votes (at);

-- What customers ask and nothing answers well. asked, handed and cost are sums
-- over its asks since done_at.
CREATE TABLE gaps (
    id       BIGINT PRIMARY KEY,
    state    TEXT NOT NULL,
    text     TEXT NOT NULL,
    language TEXT NOT NULL,
    asked    BIGINT NOT NULL,
    handed   BIGINT NOT NULL,
    cost     BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    done_at  BIGINT NOT NULL,
    deal     TEXT NOT NULL,
    version  BIGINT NOT NULL
);
CREATE INDEX gaps_cost ON gaps (state, cost, id);
CREATE INDEX gaps_done ON gaps (state, done_at, id);

-- One message that was not helped, masked.
CREATE TABLE gap_asks (
    message_id BIGINT PRIMARY KEY,
    gap_id     BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    handed     BOOLEAN NOT NULL,
    cost       BIGINT NOT NULL,
    body       TEXT NOT NULL
);
CREATE INDEX gap_asks_gap ON gap_asks (gap_id, at, message_id);
CREATE INDEX gap_asks_at ON gap_asks (at);

-- When a question is answered, when somebody looks at it again (days like
-- 2026-11-30, empty: no bound), and what is said on some channels instead.
ALTER TABLE questions ADD COLUMN valid_from TEXT NOT NULL DEFAULT '';
ALTER TABLE questions ADD COLUMN valid_until TEXT NOT NULL DEFAULT '';
ALTER TABLE questions ADD COLUMN review_on TEXT NOT NULL DEFAULT '';
ALTER TABLE questions ADD COLUMN answers TEXT NOT NULL DEFAULT '{}';
ALTER TABLE questions ADD COLUMN pinned BOOLEAN NOT NULL DEFAULT FALSE;

-- How often a question was answered on a channel on a day of the company.
CREATE TABLE question_days (
    day         TEXT NOT NULL,
    channel     TEXT NOT NULL,
    question_id BIGINT NOT NULL,
    asked       BIGINT NOT NULL,
    PRIMARY KEY (day, channel, question_id)
);

-- Each text as it was read by customers, change by change.
CREATE TABLE knowledge_versions (
    kind    TEXT NOT NULL,
    text_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    by_name TEXT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (kind, text_id, version)
);

-- +goose Down
