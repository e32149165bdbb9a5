-- One person as several contacts, and what we know of them: identities, notes,
-- tags, fields, who is blocked, imports.

-- +goose Up

-- Contacts that are one person have one person_id, the id of the contact that
-- stands for them. What somebody wrote or handed in keeps the contact it came
-- from: so a merge moves nothing, can be taken back, and shows no customer what
-- was another's.
ALTER TABLE contacts ADD COLUMN person_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN tags TEXT NOT NULL DEFAULT '';
UPDATE contacts SET person_id = id;
CREATE INDEX contacts_person ON contacts (person_id, id);
CREATE INDEX contacts_people ON contacts (last_seen_at, id) WHERE person_id = id;

-- By what a contact is known: value is what is compared, shown what was typed.
-- Main ones are those of the contact's own fields.
CREATE TABLE contact_identities (
    contact_id BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    value      TEXT NOT NULL,
    shown      TEXT NOT NULL,
    main       BOOLEAN NOT NULL,
    at         BIGINT NOT NULL,
    by_name    TEXT NOT NULL,
    PRIMARY KEY (contact_id, kind, value)
);
CREATE INDEX contact_identities_value ON contact_identities (kind, value, contact_id);

INSERT INTO contact_identities (contact_id, kind, value, shown, main, at, by_name)
SELECT id, 'email', lower(trim(email)), email, TRUE, created_at, '' FROM contacts WHERE email <> '';
INSERT INTO contact_identities (contact_id, kind, value, shown, main, at, by_name)
SELECT id, 'external', external_id, external_id, TRUE, created_at, '' FROM contacts WHERE external_id <> '';
INSERT INTO contact_identities (contact_id, kind, value, shown, main, at, by_name)
SELECT id, 'phone', CASE
    WHEN digits LIKE '+86%' AND length(digits) > 8 THEN substr(digits, 4)
    WHEN digits LIKE '0086%' AND length(digits) > 9 THEN substr(digits, 5)
    ELSE digits END, phone, TRUE, created_at, ''
FROM (SELECT id, phone, created_at, replace(replace(replace(replace(phone, ' ', ''), '-', ''), '(', ''), ')', '') AS digits FROM contacts WHERE phone <> '') AS typed;

-- What a merge changed of the contact that stands for both, to take it back.
CREATE TABLE contact_merges (
    id         BIGINT PRIMARY KEY,
    contact_id BIGINT NOT NULL,
    other_id   BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    by_name    TEXT NOT NULL,
    undone_at  BIGINT NOT NULL,
    undone_by  TEXT NOT NULL,
    body       TEXT NOT NULL
);
CREATE INDEX contact_merges_contact ON contact_merges (contact_id, id);
CREATE INDEX contact_merges_other ON contact_merges (other_id, id);

-- Two of whom somebody said that they are two.
CREATE TABLE contact_strangers (
    one_id   BIGINT NOT NULL,
    other_id BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    by_name  TEXT NOT NULL,
    PRIMARY KEY (one_id, other_id)
);
CREATE INDEX contact_strangers_other ON contact_strangers (other_id);

CREATE TABLE contact_notes (
    id         BIGINT PRIMARY KEY,
    contact_id BIGINT NOT NULL,
    agent_id   BIGINT,
    by_name    TEXT NOT NULL,
    text       TEXT NOT NULL,
    pinned     BOOLEAN NOT NULL,
    at         BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX contact_notes_contact ON contact_notes (contact_id, id);

INSERT INTO contact_notes (id, contact_id, agent_id, by_name, text, pinned, at, changed_at)
SELECT id, id, NULL, '', note, FALSE, created_at, 0 FROM contacts WHERE note <> '';
ALTER TABLE contacts DROP COLUMN note;

-- Tags and attributes stand with the contact; these are for finding by them.
CREATE TABLE contact_words (
    contact_id BIGINT NOT NULL,
    name       TEXT NOT NULL,
    value      TEXT NOT NULL,
    PRIMARY KEY (contact_id, name, value)
);
CREATE INDEX contact_words_value ON contact_words (name, value, contact_id);

-- What an administrator says that is known of customers.
CREATE TABLE contact_fields (
    code     TEXT PRIMARY KEY,
    position BIGINT NOT NULL,
    body     TEXT NOT NULL,
    version  BIGINT NOT NULL
);

-- Who may not write to us. Until is 0 for ever, lifted_at is 0 while it holds.
CREATE TABLE blocks (
    id         BIGINT PRIMARY KEY,
    kind       TEXT NOT NULL,
    value      TEXT NOT NULL,
    shown      TEXT NOT NULL,
    contact_id BIGINT,
    reason     TEXT NOT NULL,
    at         BIGINT NOT NULL,
    by_name    TEXT NOT NULL,
    until      BIGINT NOT NULL,
    lifted_at  BIGINT NOT NULL,
    lifted_by  TEXT NOT NULL,
    lifted_why TEXT NOT NULL
);
CREATE UNIQUE INDEX blocks_held ON blocks (kind, value) WHERE lifted_at = 0;
CREATE INDEX blocks_contact ON blocks (contact_id) WHERE contact_id IS NOT NULL;

INSERT INTO blocks (id, kind, value, shown, contact_id, reason, at, by_name, until, lifted_at, lifted_by, lifted_why)
SELECT id, 'contact', CAST(id AS TEXT), name, id, blocked_reason, last_seen_at, '', 0, 0, '', '' FROM contacts WHERE blocked;
ALTER TABLE contacts DROP COLUMN blocked;
ALTER TABLE contacts DROP COLUMN blocked_reason;

-- What was tried already, so that nobody asks for it again (R082).
CREATE TABLE tried_steps (
    id              BIGINT PRIMARY KEY,
    contact_id      BIGINT NOT NULL,
    conversation_id BIGINT,
    text            TEXT NOT NULL,
    helped          TEXT NOT NULL,
    at              BIGINT NOT NULL,
    by_name         TEXT NOT NULL
);
CREATE INDEX tried_steps_contact ON tried_steps (contact_id, id);

CREATE TABLE contact_imports (
    id       BIGINT PRIMARY KEY,
    state    TEXT NOT NULL,
    at       BIGINT NOT NULL,
    agent_id BIGINT,
    by_name  TEXT NOT NULL,
    body     TEXT NOT NULL,
    version  BIGINT NOT NULL
);

-- Rows that an import did not take, or asks about.
CREATE TABLE contact_import_rows (
    import_id BIGINT NOT NULL,
    line      BIGINT NOT NULL,
    outcome   TEXT NOT NULL,
    body      TEXT NOT NULL,
    PRIMARY KEY (import_id, line)
);

-- +goose Down
