-- +goose Up

-- What is set for an inbox that is a mailbox. The secrets are sealed; health
-- holds how fetching and sending do.
CREATE TABLE mailboxes (
    inbox_id   BIGINT PRIMARY KEY,
    address    TEXT NOT NULL UNIQUE,
    settings   TEXT NOT NULL,
    secrets    TEXT NOT NULL,
    health     TEXT NOT NULL,
    holder     TEXT NOT NULL,
    held_until BIGINT NOT NULL,
    version    BIGINT NOT NULL
);

-- How far the mail of a folder has been fetched.
CREATE TABLE mail_cursors (
    inbox_id BIGINT NOT NULL,
    folder   TEXT NOT NULL,
    validity BIGINT NOT NULL,
    last_uid BIGINT NOT NULL,
    PRIMARY KEY (inbox_id, folder)
);

-- What arrived, before and after it is understood. The bytes are a file; source
-- is what makes it the same mail: it comes once to an inbox, however often it is
-- fetched.
CREATE TABLE mails (
    id              BIGINT PRIMARY KEY,
    inbox_id        BIGINT NOT NULL,
    source          TEXT NOT NULL,
    message_id      TEXT NOT NULL,
    blob            TEXT NOT NULL,
    size            BIGINT NOT NULL,
    state           TEXT NOT NULL,
    kind            TEXT NOT NULL,
    sender          TEXT NOT NULL,
    subject         TEXT NOT NULL,
    conversation_id BIGINT,
    message         BIGINT,
    extra           TEXT NOT NULL,
    received_at     BIGINT NOT NULL,
    at              BIGINT NOT NULL
);
CREATE UNIQUE INDEX mails_source ON mails (inbox_id, source);
CREATE INDEX mails_aside ON mails (state, id);
CREATE INDEX mails_message ON mails (message) WHERE message IS NOT NULL;
CREATE INDEX mails_sender ON mails (sender, at);
CREATE INDEX mails_name ON mails (inbox_id, message_id);
CREATE INDEX mails_conversation ON mails (conversation_id, id) WHERE conversation_id IS NOT NULL;

-- The ids by which mails of a thread name each other, theirs and ours.
CREATE TABLE mail_ids (
    message_id      TEXT NOT NULL,
    conversation_id BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (message_id, conversation_id)
);

-- Who takes part in a conversation by mail, by address. Role is writer, copy or
-- third: somebody to whom it was sent on.
CREATE TABLE mail_people (
    conversation_id BIGINT NOT NULL,
    address         TEXT NOT NULL,
    role            TEXT NOT NULL,
    PRIMARY KEY (conversation_id, address)
);

-- Addresses that mail does not reach, or that do not want any: no program
-- writes to them.
CREATE TABLE mail_unreached (
    address TEXT PRIMARY KEY,
    why     TEXT NOT NULL,
    at      BIGINT NOT NULL
);

-- The address of a contact who writes mail.
CREATE TABLE mail_contacts (
    address    TEXT PRIMARY KEY,
    contact_id BIGINT NOT NULL
);

-- What leaves: an answer, or what a program writes. The token stands in the
-- return path, so that a bounce is known by it.
CREATE TABLE sent_mails (
    id              BIGINT PRIMARY KEY,
    inbox_id        BIGINT NOT NULL,
    conversation_id BIGINT,
    message         BIGINT,
    message_id      TEXT NOT NULL,
    token           TEXT NOT NULL UNIQUE,
    recipient       TEXT NOT NULL,
    automatic       BOOLEAN NOT NULL,
    state           TEXT NOT NULL,
    attempt         BIGINT NOT NULL,
    extra           TEXT NOT NULL,
    send_at         BIGINT NOT NULL,
    at              BIGINT NOT NULL
);
CREATE UNIQUE INDEX sent_mails_message_id ON sent_mails (message_id);
CREATE INDEX sent_mails_message ON sent_mails (message) WHERE message IS NOT NULL;
CREATE INDEX sent_mails_conversation ON sent_mails (conversation_id, id) WHERE conversation_id IS NOT NULL;
CREATE INDEX sent_mails_recipient ON sent_mails (recipient, at);

-- +goose Down
