-- Verification of customers: what is registered of them to verify them by, each
-- time that they are verified, wrong answers in a row, and the policy.

-- +goose Up

-- What is registered stands sealed; the mask is what people see.
CREATE TABLE contact_particulars (
    id         BIGINT PRIMARY KEY,
    contact_id BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    sealed     TEXT NOT NULL,
    mask       TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX contact_particulars_contact ON contact_particulars (contact_id, id);

CREATE TABLE verifications (
    id         BIGINT PRIMARY KEY,
    contact_id BIGINT NOT NULL,
    agent_id   BIGINT,
    team_id    BIGINT,
    state      TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL,
    body       TEXT NOT NULL,
    version    BIGINT NOT NULL
);
CREATE INDEX verifications_contact ON verifications (contact_id, id);
CREATE INDEX verifications_started ON verifications (started_at, id);

-- What was asked and whether it was right; what was told is kept nowhere.
CREATE TABLE verification_attempts (
    id              BIGINT PRIMARY KEY,
    verification_id BIGINT NOT NULL,
    contact_id      BIGINT NOT NULL,
    agent_id        BIGINT,
    factor          TEXT NOT NULL,
    told_right      BOOLEAN NOT NULL,
    at              BIGINT NOT NULL
);
CREATE INDEX verification_attempts_verification ON verification_attempts (verification_id, id);

CREATE TABLE verification_failures (
    contact_id BIGINT PRIMARY KEY,
    failures   BIGINT NOT NULL,
    rounds     BIGINT NOT NULL,
    until_at   BIGINT NOT NULL,
    at         BIGINT NOT NULL
);

-- The code that was sent last for a verification; its digits are sealed.
CREATE TABLE verification_codes (
    verification_id BIGINT PRIMARY KEY,
    sealed          TEXT NOT NULL,
    sent_to         TEXT NOT NULL,
    expires_at      BIGINT NOT NULL,
    used_at         BIGINT NOT NULL
);

CREATE TABLE verification_policies (
    version BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    body    TEXT NOT NULL
);

-- +goose Down
