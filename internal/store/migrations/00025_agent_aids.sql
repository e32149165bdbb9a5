-- What helps agents: what people did with suggestions from closed work, how
-- tense contacts are, and translations.

-- +goose Up

-- A row for each day of the company and topic.
CREATE TABLE suggestions_used (
    day     TEXT NOT NULL,
    topic   TEXT NOT NULL,
    taken   BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (day, topic)
);

-- How tense the contact is by what they wrote, in hundredths; 0 is calm.
ALTER TABLE conversations ADD COLUMN tension BIGINT NOT NULL DEFAULT 0;

-- What a model made of a message in another language, so that nobody pays for
-- it twice.
CREATE TABLE translations (
    message_id BIGINT NOT NULL,
    language   TEXT NOT NULL,
    text       TEXT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (message_id, language)
);

-- +goose Down
