-- Who gets the work: skills, the order of the queue, what was said of waits.

-- +goose Up

CREATE TABLE skills (
    id       BIGINT PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    language TEXT NOT NULL
);

CREATE TABLE agent_skills (
    agent_id    BIGINT NOT NULL,
    skill_id    BIGINT NOT NULL,
    level       BIGINT NOT NULL,
    certificate TEXT NOT NULL,
    ends_at     BIGINT NOT NULL,
    PRIMARY KEY (agent_id, skill_id)
);
CREATE INDEX agent_skills_skill ON agent_skills (skill_id);

ALTER TABLE agents ADD COLUMN share BIGINT NOT NULL DEFAULT 100;
ALTER TABLE agents ADD COLUMN offered_at BIGINT NOT NULL DEFAULT 0;

-- The queue is served in the order of rank_at (domain/routing, Rank).
ALTER TABLE conversations ADD COLUMN rank_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN needs TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN prefers BIGINT;
ALTER TABLE conversations ADD COLUMN told_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN left_at BIGINT NOT NULL DEFAULT 0;
UPDATE conversations SET rank_at = queued_at - CASE WHEN priority >= 2 THEN 6000000000 WHEN priority = 1 THEN 600000 WHEN priority < 0 THEN -300000 ELSE 0 END
WHERE queued_at > 0;
DROP INDEX conversations_queue;
CREATE INDEX conversations_rank ON conversations (rank_at, id) WHERE queued_at > 0;

CREATE INDEX offers_agent ON offers (agent_id, id);
CREATE INDEX offers_ended ON offers (ended_at);

-- What a customer was told of their wait, and how long it was in truth.
CREATE TABLE forecasts (
    id              BIGINT PRIMARY KEY,
    conversation_id BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    position        BIGINT NOT NULL,
    estimator       TEXT NOT NULL,
    expected        BIGINT NOT NULL,
    least           BIGINT NOT NULL,
    most            BIGINT NOT NULL,
    waited          BIGINT NOT NULL,
    outcome         TEXT NOT NULL
);
CREATE INDEX forecasts_open ON forecasts (conversation_id) WHERE outcome = '';
CREATE INDEX forecasts_at ON forecasts (at);

-- +goose Down
