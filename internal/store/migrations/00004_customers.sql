-- Accounts of customers on the public pages, their sessions, the one-time
-- codes that prove an address, and the simulated mailbox of the demo.

-- +goose Up

CREATE TABLE customers (
    id         BIGINT PRIMARY KEY,
    contact_id BIGINT NOT NULL UNIQUE,
    email      TEXT NOT NULL UNIQUE,
    proven_at  BIGINT NOT NULL,
    password   TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);

CREATE TABLE customer_sessions (
    id           BIGINT PRIMARY KEY,
    token_hash   TEXT NOT NULL UNIQUE,
    customer_id  BIGINT NOT NULL,
    address      TEXT NOT NULL,
    device       TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX customer_sessions_customer ON customer_sessions (customer_id, last_seen_at);

CREATE TABLE codes (
    id          BIGINT PRIMARY KEY,
    ticket_hash TEXT NOT NULL UNIQUE,
    purpose     TEXT NOT NULL,
    customer_id BIGINT,
    email       TEXT NOT NULL,
    old_email   TEXT NOT NULL,
    language    TEXT NOT NULL,
    sealed      TEXT NOT NULL,
    tries       BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    used_at     BIGINT NOT NULL
);
CREATE INDEX codes_expires ON codes (expires_at);

CREATE TABLE sent_letters (
    id      BIGINT PRIMARY KEY,
    address TEXT NOT NULL,
    subject TEXT NOT NULL,
    text    TEXT NOT NULL,
    at      BIGINT NOT NULL
);

CREATE INDEX contacts_email_folded ON contacts (lower(email)) WHERE email <> '';
CREATE INDEX cases_contact ON cases (contact_id, created_at, id);
CREATE INDEX cases_email_folded ON cases (lower(email), created_at, id) WHERE email <> '';

-- +goose Down
