-- Who works when, how much came in, how many it takes, and who is trained for
-- what.

-- +goose Up

CREATE TABLE shifts (
    id      BIGINT PRIMARY KEY,
    name    TEXT NOT NULL,
    color   TEXT NOT NULL,
    retired BOOLEAN NOT NULL,
    hours   TEXT NOT NULL,
    version BIGINT NOT NULL
);

-- One row is one agent on one day of the company's calendar: a shift that
-- begins then, with its hours as they were, or leave.
CREATE TABLE roster (
    agent_id BIGINT NOT NULL,
    day      TEXT NOT NULL,
    kind     TEXT NOT NULL,
    shift_id BIGINT,
    name     TEXT NOT NULL,
    color    TEXT NOT NULL,
    hours    TEXT NOT NULL,
    note     TEXT NOT NULL,
    version  BIGINT NOT NULL,
    PRIMARY KEY (agent_id, day)
);
CREATE INDEX roster_day ON roster (day, agent_id);
CREATE INDEX roster_shift ON roster (shift_id, day);

CREATE TABLE swaps (
    id         BIGINT PRIMARY KEY,
    state      TEXT NOT NULL,
    from_agent BIGINT NOT NULL,
    to_agent   BIGINT NOT NULL,
    body       TEXT NOT NULL,
    version    BIGINT NOT NULL
);
CREATE INDEX swaps_from ON swaps (from_agent, id);
CREATE INDEX swaps_to ON swaps (to_agent, id);
CREATE INDEX swaps_open ON swaps (id) WHERE state IN ('asked', 'agreed');

-- What one conversation adds to the half hour in which a person was asked for.
-- over is false while it can still change.
CREATE TABLE measured (
    conversation_id BIGINT PRIMARY KEY,
    channel         TEXT NOT NULL,
    slot            BIGINT NOT NULL,
    offered         BIGINT NOT NULL,
    answered        BIGINT NOT NULL,
    abandoned       BIGINT NOT NULL,
    short           BIGINT NOT NULL,
    promised        BIGINT NOT NULL,
    in_time         BIGINT NOT NULL,
    wait_ms         BIGINT NOT NULL,
    answer_ms       BIGINT NOT NULL,
    handled         BIGINT NOT NULL,
    handling_ms     BIGINT NOT NULL,
    over            BOOLEAN NOT NULL
);
CREATE INDEX measured_open ON measured (conversation_id) WHERE NOT over;

-- The sums of the above by channel and half hour; slot is its beginning.
CREATE TABLE arrivals (
    channel     TEXT NOT NULL,
    slot        BIGINT NOT NULL,
    offered     BIGINT NOT NULL,
    answered    BIGINT NOT NULL,
    abandoned   BIGINT NOT NULL,
    short       BIGINT NOT NULL,
    promised    BIGINT NOT NULL,
    in_time     BIGINT NOT NULL,
    wait_ms     BIGINT NOT NULL,
    answer_ms   BIGINT NOT NULL,
    handled     BIGINT NOT NULL,
    handling_ms BIGINT NOT NULL,
    PRIMARY KEY (channel, slot)
);
CREATE INDEX arrivals_slot ON arrivals (slot);

-- What people expect of a day, instead of what was measured.
CREATE TABLE expected_days (
    channel TEXT NOT NULL,
    day     TEXT NOT NULL,
    body    TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (channel, day)
);

-- Simulations of a day with the roster as it was when they were asked for.
CREATE TABLE trials (
    id       BIGINT PRIMARY KEY,
    channel  TEXT NOT NULL,
    day      TEXT NOT NULL,
    team_id  BIGINT,
    state    TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    done_at  BIGINT NOT NULL,
    body     TEXT NOT NULL
);
CREATE INDEX trials_day ON trials (channel, day, id);

CREATE TABLE certificates (
    id            BIGINT PRIMARY KEY,
    agent_id      BIGINT NOT NULL,
    kind          TEXT NOT NULL,
    name          TEXT NOT NULL,
    issuer        TEXT NOT NULL,
    number        TEXT NOT NULL,
    issued_on     TEXT NOT NULL,
    expires_on    TEXT NOT NULL,
    attachment_id BIGINT,
    note          TEXT NOT NULL,
    warned        BIGINT NOT NULL,
    version       BIGINT NOT NULL
);
CREATE INDEX certificates_agent ON certificates (agent_id, id);
CREATE INDEX certificates_file ON certificates (attachment_id) WHERE attachment_id IS NOT NULL;
CREATE INDEX certificates_expires ON certificates (expires_on, id) WHERE expires_on <> '';

-- +goose Down
