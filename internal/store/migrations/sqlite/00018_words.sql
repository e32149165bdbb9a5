-- +goose Up

-- What was there before customers could be found by their attributes and cases
-- by their tags is found too.
INSERT INTO contact_words (contact_id, name, value)
SELECT c.id, 'attribute.' || t.key, t.value FROM contacts c, json_each(c.attributes) AS t
WHERE length(CAST(t.value AS BLOB)) <= 200 ON CONFLICT DO NOTHING;

INSERT INTO case_tags (case_id, tag)
SELECT c.id, t.value FROM cases c, json_each(c.course, '$.tags') AS t WHERE TRUE ON CONFLICT DO NOTHING;

-- +goose Down
