-- Programs that work on this database.

-- +goose Up

-- A node says again and again that it lives. What it had in hand is taken from
-- one that has not said so for a while.
CREATE TABLE nodes (
    name     TEXT PRIMARY KEY,
    began_at BIGINT NOT NULL,
    beat_at  BIGINT NOT NULL
);

-- At which node an agent has consoles open: agents are here as long as one is.
CREATE TABLE consoles (
    node     TEXT NOT NULL,
    agent_id BIGINT NOT NULL,
    PRIMARY KEY (node, agent_id)
);
CREATE INDEX consoles_agent ON consoles (agent_id);

-- +goose Down
