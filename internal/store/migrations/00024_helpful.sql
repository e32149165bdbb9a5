-- Whether answers and pages help: each visitor counts once for a question or an
-- article, whatever they voted on.

-- +goose Up

-- Whose vote it is, which article the answer quoted (0: none), and why it did
-- not help. Of a contact's votes on one text the last counts.
ALTER TABLE answer_votes ADD COLUMN contact_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE answer_votes ADD COLUMN article_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE answer_votes ADD COLUMN reason TEXT NOT NULL DEFAULT '';
CREATE INDEX answer_votes_contact ON answer_votes (contact_id, at, message_id);

ALTER TABLE articles ADD COLUMN helpful BIGINT NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN unhelpful BIGINT NOT NULL DEFAULT 0;

-- How readers of the public pages voted: one row for each reader of a text.
-- voter names a browser and nothing else; id is that of the ask on the board of
-- gaps.
CREATE TABLE page_votes (
    kind    TEXT NOT NULL,
    text_id BIGINT NOT NULL,
    voter   TEXT NOT NULL,
    id      BIGINT NOT NULL,
    helpful BOOLEAN NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (kind, text_id, voter)
);
CREATE INDEX page_votes_at ON page_votes (at, id);

-- +goose Down
