-- Which telephones of agents are connected, and at which node.

-- +goose Up

-- Since when an agent has had a telephone that can ring; 0: none of theirs can.
ALTER TABLE agents ADD COLUMN phone_since BIGINT NOT NULL DEFAULT 0;

-- The telephone in an agent's console.
CREATE TABLE webphones (
    node     TEXT NOT NULL,
    agent_id BIGINT NOT NULL,
    since    BIGINT NOT NULL,
    PRIMARY KEY (node, agent_id)
);
CREATE INDEX webphones_agent ON webphones (agent_id);

-- A SIP telephone that has registered, and until when that is good. Whose it is
-- stands with the telephone.
CREATE TABLE registrations (
    node      TEXT NOT NULL,
    user_name TEXT NOT NULL,
    since     BIGINT NOT NULL,
    until     BIGINT NOT NULL,
    PRIMARY KEY (node, user_name)
);
CREATE INDEX registrations_phone ON registrations (user_name);

-- +goose Down
