-- How the marks of a call came.

-- +goose Up

-- How the caller gave marks: 'keys' at the end of the call, 'link' by a text
-- message; empty: there are none.
ALTER TABLE calls ADD COLUMN rated_by TEXT NOT NULL DEFAULT '';

-- Of marks that there were before: those of a link that was used came by it.
UPDATE calls SET rated_by = 'keys' WHERE record LIKE '%"ratings":{%';
UPDATE calls SET rated_by = 'link' WHERE rated_by = 'keys'
    AND id IN (SELECT t.call_id FROM texts t WHERE t.purpose = 'rating' AND t.done_at > 0 AND t.call_id IS NOT NULL);

CREATE INDEX calls_rated ON calls (began_at, id) WHERE rated_by <> '';

-- +goose Down
