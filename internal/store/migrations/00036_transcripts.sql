-- What was said in recorded calls, written down.

-- +goose Up

-- How far the text of a call is. Run counts how often it was asked for; why is
-- what it waits for or how it failed, as JSON; times in milliseconds.
CREATE TABLE transcripts (
    call_id  BIGINT PRIMARY KEY,
    state    TEXT NOT NULL,
    by_id    BIGINT,
    asked_at BIGINT NOT NULL,
    run      BIGINT NOT NULL,
    pieces   BIGINT NOT NULL,
    written  BIGINT NOT NULL,
    tries    BIGINT NOT NULL,
    why      TEXT NOT NULL,
    due_at   BIGINT NOT NULL,
    model    TEXT NOT NULL,
    sent_ms  BIGINT NOT NULL,
    took_ms  BIGINT NOT NULL,
    ended_at BIGINT NOT NULL
);

-- The lines, in the order of the pieces that were sent.
CREATE TABLE transcript_lines (
    call_id BIGINT NOT NULL,
    n       BIGINT NOT NULL,
    side    TEXT NOT NULL,
    from_ms BIGINT NOT NULL,
    to_ms   BIGINT NOT NULL,
    words   TEXT NOT NULL,
    PRIMARY KEY (call_id, n)
);

-- How much sound was sent on a day of the company.
CREATE TABLE transcript_spend (
    day     TEXT PRIMARY KEY,
    sent_ms BIGINT NOT NULL
);

-- +goose Down
