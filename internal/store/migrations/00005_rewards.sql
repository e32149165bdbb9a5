-- Compensations, rewards, the policies they follow, and the ledger that adds
-- them up.

-- +goose Up

-- Each change of a policy is a version of its own; none is ever changed.
CREATE TABLE policies (
    code    TEXT NOT NULL,
    version BIGINT NOT NULL,
    since   BIGINT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (code, version)
);

-- Level is what a compensation waits for, empty while it waits for no
-- approval; barred are the agents who may not give it, as ",1,2,".
CREATE TABLE compensations (
    id          BIGINT PRIMARY KEY,
    case_id     BIGINT NOT NULL,
    contact_id  BIGINT,
    proposer_id BIGINT NOT NULL,
    client_id   TEXT NOT NULL,
    state       TEXT NOT NULL,
    level       TEXT NOT NULL,
    barred      TEXT NOT NULL,
    budget      TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    body        TEXT NOT NULL,
    version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX compensations_client ON compensations (proposer_id, client_id);
CREATE INDEX compensations_case ON compensations (case_id, id);
CREATE INDEX compensations_waiting ON compensations (level, id) WHERE level <> '';
CREATE INDEX compensations_state ON compensations (state, id);

-- All attempts to pay one compensation have one key.
CREATE TABLE payments (
    payment_key     TEXT NOT NULL,
    attempt         BIGINT NOT NULL,
    compensation_id BIGINT NOT NULL,
    state           TEXT NOT NULL,
    at              BIGINT NOT NULL,
    ended_at        BIGINT NOT NULL,
    reference       TEXT NOT NULL,
    why             TEXT NOT NULL,
    PRIMARY KEY (payment_key, attempt)
);
CREATE INDEX payments_compensation ON payments (compensation_id, attempt);
CREATE UNIQUE INDEX payments_paid ON payments (payment_key) WHERE state = 'paid';

-- One of a type for one source (R130): that is the key.
CREATE TABLE rewards (
    id          BIGINT PRIMARY KEY,
    reward_key  TEXT NOT NULL UNIQUE,
    contact_id  BIGINT NOT NULL,
    source_kind TEXT NOT NULL,
    source_id   TEXT NOT NULL,
    case_id     BIGINT,
    proposer_id BIGINT,
    state       TEXT NOT NULL,
    level       TEXT NOT NULL,
    barred      TEXT NOT NULL,
    budget      TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    body        TEXT NOT NULL,
    version     BIGINT NOT NULL
);
CREATE INDEX rewards_source ON rewards (source_kind, source_id, id);
CREATE INDEX rewards_waiting ON rewards (level, id) WHERE level <> '';
CREATE INDEX rewards_state ON rewards (state, id);

-- Lines are only ever added.
CREATE TABLE ledger_entries (
    id          BIGINT PRIMARY KEY,
    entry_key   TEXT NOT NULL UNIQUE,
    posting     TEXT NOT NULL,
    at          BIGINT NOT NULL,
    account     TEXT NOT NULL,
    delta       BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    lot         TEXT NOT NULL,
    source_kind TEXT NOT NULL,
    source_id   TEXT NOT NULL,
    note        TEXT NOT NULL
);
CREATE INDEX ledger_entries_posting ON ledger_entries (posting);
CREATE INDEX ledger_entries_source ON ledger_entries (source_id, id);
CREATE INDEX ledger_entries_account ON ledger_entries (account, id);

-- What the entries of an account add up to, changed in their transaction.
-- Floor is the least that the rules allow.
CREATE TABLE ledger_balances (
    account TEXT PRIMARY KEY,
    balance BIGINT NOT NULL,
    floor   BIGINT NOT NULL,
    CHECK (balance >= floor)
);

-- +goose Down
