-- +goose Up

CREATE TABLE events (
    seq             INTEGER PRIMARY KEY AUTOINCREMENT,
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

-- The tokens are cut by the program (kit/tokens), the same for both engines,
-- and separated by spaces. The text itself stands in the tables.
CREATE VIRTUAL TABLE search_messages USING fts5(tokens, content='', detail=none, tokenize="unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE search_contacts USING fts5(tokens, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0");

-- +goose Down
