-- +goose Up

-- An event is seen at the commit of its transaction. Its number begins with the
-- transaction's own, and readers stop below the oldest one that still runs: so
-- what is seen later has a higher number, and none is skipped. A sequence would
-- not do: a transaction may get its number early and an event's late.
CREATE TABLE events (
    seq             BIGINT PRIMARY KEY,
    xid             xid8 NOT NULL DEFAULT pg_current_xact_id(),
    kind            TEXT NOT NULL,
    conversation_id BIGINT,
    contact_id      BIGINT,
    team_id         BIGINT,
    agent_id        BIGINT,
    offered_id      BIGINT,
    was_id          BIGINT,
    at              BIGINT NOT NULL,
    body            TEXT NOT NULL
);
CREATE INDEX events_rare ON events (kind, seq) WHERE kind NOT IN ('message', 'conversation');

CREATE TABLE search_messages (
    rowid  BIGINT PRIMARY KEY,
    tokens tsvector NOT NULL
);
CREATE INDEX search_messages_tokens ON search_messages USING GIN (tokens);

CREATE TABLE search_contacts (
    rowid  BIGINT PRIMARY KEY,
    tokens tsvector NOT NULL
);
CREATE INDEX search_contacts_tokens ON search_contacts USING GIN (tokens);

-- +goose Down
