-- Text messages to phones.

-- +goose Up

-- A text that is to leave, or has. The same once_key is the same text; of one
-- that is with the provider, accepted is the provider's id. filled holds the
-- values of its template. Who tries the settings out has no call.
CREATE TABLE texts (
    id              BIGINT PRIMARY KEY,
    once_key        TEXT NOT NULL UNIQUE,
    purpose         TEXT NOT NULL,
    number          TEXT NOT NULL,
    conversation_id BIGINT,
    call_id         BIGINT,
    filled          TEXT NOT NULL,
    body            TEXT NOT NULL,
    state           TEXT NOT NULL,
    provider        TEXT NOT NULL,
    accepted        TEXT NOT NULL,
    code            TEXT NOT NULL,
    reason          TEXT NOT NULL,
    attempt         BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    send_at         BIGINT NOT NULL,
    sent_at         BIGINT NOT NULL,
    done_at         BIGINT NOT NULL
);
CREATE INDEX texts_number ON texts (number, sent_at);
CREATE INDEX texts_accepted ON texts (accepted) WHERE accepted <> '';

-- Numbers that want no texts.
CREATE TABLE text_optouts (
    number TEXT PRIMARY KEY,
    how    TEXT NOT NULL,
    at     BIGINT NOT NULL
);

-- +goose Down
