-- The report of summaries reads what ended in a span.

-- +goose Up
CREATE INDEX conversations_closed_at ON conversations (closed_at) WHERE closed_at > 0;

-- +goose Down
