-- +goose Up

-- A line to a carrier; the password is sealed.
CREATE TABLE trunks (
    id       BIGINT PRIMARY KEY,
    settings TEXT NOT NULL,
    password TEXT NOT NULL,
    version  BIGINT NOT NULL
);

-- A SIP telephone that may register, by its number inside. What is kept of its
-- password is sealed.
CREATE TABLE phones (
    user_name TEXT PRIMARY KEY,
    agent_id  BIGINT,
    settings  TEXT NOT NULL,
    password  TEXT NOT NULL,
    version   BIGINT NOT NULL
);
CREATE INDEX phones_agent ON phones (agent_id) WHERE agent_id IS NOT NULL;

-- Why the recording of a call is kept beyond its time; empty: it is not.
ALTER TABLE calls ADD COLUMN kept TEXT NOT NULL DEFAULT '';
CREATE INDEX calls_agent ON calls (agent_id, id) WHERE agent_id IS NOT NULL;
CREATE INDEX calls_live ON calls (id) WHERE ended_at = 0;
CREATE INDEX calls_recorded ON calls (ended_at, id) WHERE recording IS NOT NULL;

-- +goose Down
