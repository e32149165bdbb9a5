-- One text for both engines: BIGINT ids made by the program, BIGINT times in
-- milliseconds since 1970 (0 is never), TEXT holding JSON, BOOLEAN. No arrays,
-- triggers, enums or extensions. What the engines say differently (full-text
-- search, the feed's horizon) is added in Go, see dialect.go.

-- +goose Up

CREATE TABLE settings (
    name       TEXT PRIMARY KEY,
    value      TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE roles (
    id          BIGINT PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    builtin     BOOLEAN NOT NULL,
    permissions TEXT NOT NULL,
    scope       TEXT NOT NULL
);

CREATE TABLE teams (
    id   BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE agents (
    id              BIGINT PRIMARY KEY,
    email           TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    nickname        TEXT NOT NULL,
    language        TEXT NOT NULL,
    password        TEXT NOT NULL,
    capacity        BIGINT NOT NULL,
    presence        TEXT NOT NULL,
    presence_reason TEXT NOT NULL,
    presence_since  BIGINT NOT NULL,
    connected       BOOLEAN NOT NULL,
    gone_at         BIGINT NOT NULL,
    idle_since      BIGINT NOT NULL,
    disabled        BOOLEAN NOT NULL,
    last_seen_at    BIGINT NOT NULL,
    created_at      BIGINT NOT NULL
);

CREATE TABLE agent_roles (
    agent_id BIGINT NOT NULL,
    role_id  BIGINT NOT NULL,
    PRIMARY KEY (agent_id, role_id)
);

CREATE TABLE team_agents (
    team_id  BIGINT NOT NULL,
    agent_id BIGINT NOT NULL,
    PRIMARY KEY (team_id, agent_id)
);
CREATE INDEX team_agents_agent ON team_agents (agent_id);

CREATE TABLE sessions (
    id           BIGINT PRIMARY KEY,
    token_hash   TEXT NOT NULL UNIQUE,
    agent_id     BIGINT NOT NULL,
    address      TEXT NOT NULL,
    device       TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX sessions_agent ON sessions (agent_id, last_seen_at);

CREATE TABLE links (
    token_hash TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    agent_id   BIGINT,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE api_keys (
    id           BIGINT PRIMARY KEY,
    name         TEXT NOT NULL,
    prefix       TEXT NOT NULL,
    token_hash   TEXT NOT NULL UNIQUE,
    permissions  TEXT NOT NULL,
    created_by   BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    revoked_at   BIGINT NOT NULL
);

CREATE TABLE attempts (
    name         TEXT PRIMARY KEY,
    failures     BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);

CREATE TABLE audit (
    id          BIGINT PRIMARY KEY,
    at          BIGINT NOT NULL,
    actor_kind  TEXT NOT NULL,
    actor_id    TEXT NOT NULL,
    actor_name  TEXT NOT NULL,
    action      TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id   TEXT NOT NULL,
    object_name TEXT NOT NULL,
    detail      TEXT NOT NULL,
    address     TEXT NOT NULL
);
CREATE INDEX audit_object ON audit (object_kind, object_id, id);
CREATE INDEX audit_actor ON audit (actor_id, id);
CREATE INDEX audit_action ON audit (action, id);

CREATE TABLE inboxes (
    id       BIGINT PRIMARY KEY,
    key      TEXT NOT NULL UNIQUE,
    kind     TEXT NOT NULL,
    name     TEXT NOT NULL,
    enabled  BOOLEAN NOT NULL,
    team_id  BIGINT,
    settings TEXT NOT NULL,
    secret   TEXT NOT NULL,
    version  BIGINT NOT NULL
);

CREATE TABLE contacts (
    id             BIGINT PRIMARY KEY,
    name           TEXT NOT NULL,
    phone          TEXT NOT NULL,
    email          TEXT NOT NULL,
    external_id    TEXT NOT NULL,
    signed         BOOLEAN NOT NULL,
    language       TEXT NOT NULL,
    note           TEXT NOT NULL,
    attributes     TEXT NOT NULL,
    blocked        BOOLEAN NOT NULL,
    blocked_reason TEXT NOT NULL,
    device         TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    last_seen_at   BIGINT NOT NULL,
    version        BIGINT NOT NULL
);
CREATE INDEX contacts_seen ON contacts (last_seen_at, id);
CREATE INDEX contacts_phone ON contacts (phone);
CREATE INDEX contacts_email ON contacts (email);
CREATE UNIQUE INDEX contacts_external ON contacts (external_id) WHERE external_id <> '';

CREATE TABLE page_views (
    id         BIGINT PRIMARY KEY,
    contact_id BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    url        TEXT NOT NULL,
    title      TEXT NOT NULL,
    referrer   TEXT NOT NULL
);
CREATE INDEX page_views_contact ON page_views (contact_id, id);

CREATE TABLE conversations (
    id             BIGINT PRIMARY KEY,
    number         BIGINT NOT NULL UNIQUE,
    inbox_id       BIGINT NOT NULL,
    channel        TEXT NOT NULL,
    contact_id     BIGINT NOT NULL,
    contact_name   TEXT NOT NULL,
    state          TEXT NOT NULL,
    team_id        BIGINT,
    agent_id       BIGINT,
    agent_name     TEXT NOT NULL,
    offer_agent    BIGINT,
    offer_until    BIGINT NOT NULL,
    queue_reason   TEXT NOT NULL,
    waiting_since  BIGINT NOT NULL,
    queued_at      BIGINT NOT NULL,
    priority       BIGINT NOT NULL,
    language       TEXT NOT NULL,
    misses         BIGINT NOT NULL,
    last_seq       BIGINT NOT NULL,
    last_text      TEXT NOT NULL,
    last_from      TEXT NOT NULL,
    last_at        BIGINT NOT NULL,
    unread         BIGINT NOT NULL,
    contact_read   BIGINT NOT NULL,
    contact_has    BIGINT NOT NULL,
    agent_read     BIGINT NOT NULL,
    started_at     BIGINT NOT NULL,
    first_reply_at BIGINT NOT NULL,
    closed_at      BIGINT NOT NULL,
    closed_by      TEXT NOT NULL,
    summary        TEXT NOT NULL,
    page_url       TEXT NOT NULL,
    page_title     TEXT NOT NULL,
    version        BIGINT NOT NULL
);
-- Each message moves its conversation in the order by last word, so that order
-- stands in one index only; what is open or held by one agent is few, and is
-- sorted when it is asked for.
CREATE INDEX conversations_last ON conversations (last_at, id);
CREATE INDEX conversations_open ON conversations (state) WHERE state <> 'closed';
CREATE INDEX conversations_agent ON conversations (agent_id, state);
CREATE INDEX conversations_contact ON conversations (contact_id, id);
CREATE INDEX conversations_queue ON conversations (queued_at, id) WHERE queued_at > 0;
CREATE INDEX conversations_offer ON conversations (offer_agent) WHERE offer_agent IS NOT NULL;

CREATE TABLE messages (
    id              BIGINT PRIMARY KEY,
    conversation_id BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    sender          TEXT NOT NULL,
    author_id       TEXT NOT NULL,
    author_name     TEXT NOT NULL,
    kind            TEXT NOT NULL,
    text            TEXT NOT NULL,
    client_id       TEXT,
    extra           TEXT NOT NULL,
    at              BIGINT NOT NULL
);
CREATE UNIQUE INDEX messages_seq ON messages (conversation_id, seq);
CREATE UNIQUE INDEX messages_client ON messages (author_id, client_id) WHERE client_id IS NOT NULL;

CREATE TABLE mentions (
    agent_id        BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (agent_id, conversation_id)
);

CREATE TABLE notices (
    id              BIGINT PRIMARY KEY,
    agent_id        BIGINT NOT NULL,
    kind            TEXT NOT NULL,
    conversation_id BIGINT NOT NULL,
    text            TEXT NOT NULL,
    from_name       TEXT NOT NULL,
    read_at         BIGINT NOT NULL,
    at              BIGINT NOT NULL
);
CREATE INDEX notices_agent ON notices (agent_id, id);

CREATE TABLE attachments (
    id              BIGINT PRIMARY KEY,
    conversation_id BIGINT,
    message_id      BIGINT,
    uploader        TEXT NOT NULL,
    client_id       TEXT NOT NULL,
    name            TEXT NOT NULL,
    type            TEXT NOT NULL,
    kind            TEXT NOT NULL,
    size            BIGINT NOT NULL,
    sha256          TEXT NOT NULL,
    blob            TEXT NOT NULL,
    thumb           TEXT NOT NULL,
    width           BIGINT NOT NULL,
    height          BIGINT NOT NULL,
    scan            TEXT NOT NULL,
    at              BIGINT NOT NULL
);
CREATE UNIQUE INDEX attachments_client ON attachments (uploader, client_id);
CREATE INDEX attachments_orphan ON attachments (at) WHERE message_id IS NULL;

CREATE TABLE offers (
    id              BIGINT PRIMARY KEY,
    conversation_id BIGINT NOT NULL,
    agent_id        BIGINT NOT NULL,
    why             TEXT NOT NULL,
    outcome         TEXT NOT NULL,
    at              BIGINT NOT NULL,
    ended_at        BIGINT NOT NULL
);
CREATE INDEX offers_conversation ON offers (conversation_id, id);

CREATE TABLE presence_log (
    id       BIGINT PRIMARY KEY,
    agent_id BIGINT NOT NULL,
    state    TEXT NOT NULL,
    reason   TEXT NOT NULL,
    since    BIGINT NOT NULL,
    until    BIGINT NOT NULL
);
CREATE INDEX presence_log_agent ON presence_log (agent_id, since);

CREATE TABLE canned (
    id       BIGINT PRIMARY KEY,
    agent_id BIGINT,
    shortcut TEXT NOT NULL,
    title    TEXT NOT NULL,
    text     TEXT NOT NULL,
    language TEXT NOT NULL,
    uses     BIGINT NOT NULL
);
CREATE INDEX canned_agent ON canned (agent_id);

CREATE TABLE questions (
    id           BIGINT PRIMARY KEY,
    question     TEXT NOT NULL,
    answer       TEXT NOT NULL,
    phrasings    TEXT NOT NULL,
    category     TEXT NOT NULL,
    language     TEXT NOT NULL,
    status       TEXT NOT NULL,
    audience     TEXT NOT NULL,
    views        BIGINT NOT NULL,
    helpful      BIGINT NOT NULL,
    unhelpful    BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    updated_by   TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    version      BIGINT NOT NULL
);
CREATE INDEX questions_updated ON questions (updated_at, id);

CREATE TABLE articles (
    id           BIGINT PRIMARY KEY,
    slug         TEXT NOT NULL UNIQUE,
    title        TEXT NOT NULL,
    body         TEXT NOT NULL,
    category     TEXT NOT NULL,
    language     TEXT NOT NULL,
    status       TEXT NOT NULL,
    audience     TEXT NOT NULL,
    views        BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    updated_by   TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    version      BIGINT NOT NULL
);
CREATE INDEX articles_updated ON articles (updated_at, id);

CREATE TABLE cases (
    id              BIGINT PRIMARY KEY,
    number          TEXT NOT NULL UNIQUE,
    kind            TEXT NOT NULL,
    state           TEXT NOT NULL,
    subject         TEXT NOT NULL,
    text            TEXT NOT NULL,
    name            TEXT NOT NULL,
    phone           TEXT NOT NULL,
    email           TEXT NOT NULL,
    order_ref       TEXT NOT NULL,
    about_staff     BOOLEAN NOT NULL,
    contact_id      BIGINT,
    conversation_id BIGINT,
    source          TEXT NOT NULL,
    sender          TEXT NOT NULL,
    client_id       TEXT NOT NULL,
    created_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX cases_client ON cases (sender, client_id);
CREATE INDEX cases_created ON cases (created_at, id);
CREATE INDEX cases_kind ON cases (kind, created_at, id);

CREATE TABLE case_files (
    case_id       BIGINT NOT NULL,
    attachment_id BIGINT NOT NULL,
    PRIMARY KEY (case_id, attachment_id)
);

CREATE TABLE jobs (
    id         BIGINT PRIMARY KEY,
    kind       TEXT NOT NULL,
    payload    TEXT NOT NULL,
    dedup      TEXT,
    run_at     BIGINT NOT NULL,
    state      TEXT NOT NULL,
    attempt    BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (kind, run_at, id) WHERE state <> 'dead';
CREATE UNIQUE INDEX jobs_dedup ON jobs (kind, dedup) WHERE dedup IS NOT NULL;
CREATE INDEX jobs_state ON jobs (state, id);

-- +goose Down
