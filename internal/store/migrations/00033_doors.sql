-- Where the programs that work on this database are reached by each other.

-- +goose Up

-- sip is where a program hears calls of the others, http where it is asked for
-- what is done with a call whose line is there; empty: nowhere.
CREATE TABLE doors (
    node TEXT PRIMARY KEY,
    sip  TEXT NOT NULL,
    http TEXT NOT NULL
);

-- +goose Down
