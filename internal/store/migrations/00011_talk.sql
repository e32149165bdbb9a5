-- What an agent does with a conversation: silence, recall, canned replies,
-- words that are filtered, whether the customer was helped, invitations.

-- +goose Up

-- When the agent took it. Since when the customer has not answered our last word, when they were told
-- that the conversation will end, whether the agent waits for them all the
-- same, and how often we were reminded of a customer who waits.
ALTER TABLE conversations ADD COLUMN taken_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN silent_since BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN warned_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN held BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE conversations ADD COLUMN reminded BIGINT NOT NULL DEFAULT 0;

-- What a message said that its sender took back. It stands here and nowhere
-- else, so that whoever reads messages cannot tell it by mistake.
CREATE TABLE recalled_messages (
    message_id      BIGINT PRIMARY KEY,
    conversation_id BIGINT NOT NULL,
    text            TEXT NOT NULL,
    extra           TEXT NOT NULL,
    at              BIGINT NOT NULL
);
ALTER TABLE attachments ADD COLUMN recalled_at BIGINT NOT NULL DEFAULT 0;

ALTER TABLE canned ADD COLUMN folder TEXT NOT NULL DEFAULT '';

-- +goose Down
