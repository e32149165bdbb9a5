-- +goose Up

-- What is set for an inbox that is called: its numbers, what callers hear, and
-- where its queues lead.
CREATE TABLE call_entries (
    inbox_id BIGINT PRIMARY KEY,
    settings TEXT NOT NULL,
    version  BIGINT NOT NULL
);

-- A call, beside its conversation. The door's id makes it the same call; program
-- is who has the line, seen_at when it was heard of last. Walk and record say
-- all; the columns what is asked for, in milliseconds.
CREATE TABLE calls (
    id              BIGINT PRIMARY KEY,
    door_id         TEXT NOT NULL UNIQUE,
    program         TEXT NOT NULL,
    inbox_id        BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    direction       TEXT NOT NULL,
    caller          TEXT NOT NULL,
    line            TEXT NOT NULL,
    state           TEXT NOT NULL,
    walk            TEXT NOT NULL,
    record          TEXT NOT NULL,
    began_at        BIGINT NOT NULL,
    answered_at     BIGINT NOT NULL,
    ended_at        BIGINT NOT NULL,
    seen_at         BIGINT NOT NULL,
    notice_at       BIGINT NOT NULL,
    reason          TEXT NOT NULL,
    agent_id        BIGINT,
    queue           TEXT NOT NULL,
    wait_ms         BIGINT NOT NULL,
    talk_ms         BIGINT NOT NULL,
    recording       TEXT,
    version         BIGINT NOT NULL
);
CREATE INDEX calls_conversation ON calls (conversation_id, id);
CREATE INDEX calls_open ON calls (program, id) WHERE ended_at = 0;
CREATE INDEX calls_began ON calls (began_at, id);
CREATE INDEX calls_caller ON calls (caller, id);

-- Who is to be called back, with which place in the queue, and the call that is
-- made for it.
CREATE TABLE callbacks (
    id              BIGINT PRIMARY KEY,
    call_id         BIGINT NOT NULL,
    inbox_id        BIGINT NOT NULL,
    contact_id      BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    number          TEXT NOT NULL,
    place           TEXT NOT NULL,
    state           TEXT NOT NULL,
    since           BIGINT NOT NULL,
    not_before      BIGINT NOT NULL,
    attempts        BIGINT NOT NULL,
    holder          TEXT NOT NULL,
    asked_at        BIGINT NOT NULL,
    made_by         BIGINT
);
CREATE INDEX callbacks_waiting ON callbacks (since, id) WHERE state = 'waiting';
CREATE INDEX callbacks_call ON callbacks (call_id);
CREATE INDEX callbacks_made ON callbacks (made_by) WHERE made_by IS NOT NULL;

-- +goose Down
