-- +goose Up

-- How far a contact is in the flows of the assistant, in whatever conversation.
-- What they have told so far stands in it, and goes with it.
CREATE TABLE flow_states (
    contact_id  BIGINT PRIMARY KEY,
    touched_at BIGINT NOT NULL,
    body       TEXT NOT NULL,
    version    BIGINT NOT NULL
);
CREATE INDEX flow_states_touched ON flow_states (touched_at);

-- What the assistant decided about each message, and why.
CREATE TABLE assist_turns (
    message_id      BIGINT PRIMARY KEY,
    conversation_id BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    body            TEXT NOT NULL
);
CREATE INDEX assist_turns_at ON assist_turns (at);

-- +goose Down
