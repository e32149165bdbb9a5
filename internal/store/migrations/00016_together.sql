-- Working together in conversations: saved views, and what they filter by.

-- +goose Up

-- A list that somebody keeps under a name; everyone's if it has no agent. The
-- filter is a JSON object.
CREATE TABLE saved_views (
    id       BIGINT PRIMARY KEY,
    agent_id BIGINT,
    subject  TEXT NOT NULL,
    name     TEXT NOT NULL,
    icon     TEXT NOT NULL,
    colour   TEXT NOT NULL,
    filter   TEXT NOT NULL,
    position BIGINT NOT NULL,
    version  BIGINT NOT NULL
);
CREATE INDEX saved_views_agent ON saved_views (agent_id);

-- What is closed is much and moves no more, so each filter has its order in an
-- index there. What is open moves with each message, and has one.
CREATE INDEX conversations_open_last ON conversations (last_at, id) WHERE state <> 'closed';
CREATE INDEX conversations_closed_agent ON conversations (agent_id, last_at, id) WHERE state = 'closed';
CREATE INDEX conversations_closed_team ON conversations (team_id, last_at, id) WHERE state = 'closed';
CREATE INDEX conversations_closed_inbox ON conversations (inbox_id, last_at, id) WHERE state = 'closed';
CREATE INDEX conversations_closed_language ON conversations (language, last_at, id) WHERE state = 'closed';
CREATE INDEX conversations_closed_priority ON conversations (priority, last_at, id) WHERE state = 'closed' AND priority > 0;

-- The tags of closed conversations, in the order of lists; those of open ones
-- stand in their row only.
CREATE TABLE conversation_tags (
    conversation_id BIGINT NOT NULL,
    tag             TEXT NOT NULL,
    last_at         BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, tag)
);
CREATE INDEX conversation_tags_tag ON conversation_tags (tag, last_at, conversation_id);
INSERT INTO conversation_tags (conversation_id, tag, last_at)
SELECT c.id, t.value, c.last_at FROM conversations c, json_each(c.tags) AS t WHERE c.state = 'closed' AND c.tags <> '';

CREATE TABLE case_tags (
    case_id BIGINT NOT NULL,
    tag     TEXT NOT NULL,
    PRIMARY KEY (case_id, tag)
);
CREATE INDEX case_tags_tag ON case_tags (tag, case_id);

-- Who takes part in a conversation besides the one who answers for it. The row
-- of the conversation lists them, with those who declined or left; here stand
-- those who may see it, to find it by.
ALTER TABLE conversations ADD COLUMN participants TEXT NOT NULL DEFAULT '';
CREATE TABLE participants (
    conversation_id BIGINT NOT NULL,
    agent_id        BIGINT NOT NULL,
    state           TEXT NOT NULL,
    PRIMARY KEY (conversation_id, agent_id)
);
CREATE INDEX participants_agent ON participants (agent_id, conversation_id);

-- By when the customer was told that a specialist would answer; 0 if nobody was.
ALTER TABLE conversations ADD COLUMN expected_at BIGINT NOT NULL DEFAULT 0;

-- What a colleague is asked beside a conversation.
CREATE TABLE consults (
    id              BIGINT PRIMARY KEY,
    conversation_id BIGINT NOT NULL,
    asker_id        BIGINT NOT NULL,
    asker_name      TEXT NOT NULL,
    asked_id        BIGINT NOT NULL,
    asked_name      TEXT NOT NULL,
    state           TEXT NOT NULL,
    question        TEXT NOT NULL,
    answer          TEXT NOT NULL,
    at              BIGINT NOT NULL,
    ended_at        BIGINT NOT NULL
);
CREATE INDEX consults_conversation ON consults (conversation_id, id);

-- The same done to many conversations, and what came of each.
CREATE TABLE bulk_runs (
    id       BIGINT PRIMARY KEY,
    agent_id BIGINT NOT NULL,
    body     TEXT NOT NULL,
    undoes   BIGINT,
    at       BIGINT NOT NULL,
    ended_at BIGINT NOT NULL
);
CREATE INDEX bulk_runs_agent ON bulk_runs (agent_id, id);
CREATE TABLE bulk_items (
    run_id          BIGINT NOT NULL,
    position        BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    outcome         TEXT NOT NULL,
    body            TEXT NOT NULL,
    PRIMARY KEY (run_id, position)
);

-- +goose Down
