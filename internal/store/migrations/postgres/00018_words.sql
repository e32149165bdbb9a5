-- +goose Up

-- What was there before customers could be found by their attributes and cases
-- by their tags is found too.
INSERT INTO contact_words (contact_id, name, value)
SELECT c.id, 'attribute.' || t.key, t.value FROM contacts c, json_each_text(CAST(c.attributes AS json)) AS t
WHERE octet_length(t.value) <= 200 ON CONFLICT DO NOTHING;

INSERT INTO case_tags (case_id, tag)
SELECT c.id, t.tag FROM cases c, json_array_elements_text(CAST(c.course AS json) -> 'tags') AS t(tag) ON CONFLICT DO NOTHING;

-- +goose Down
