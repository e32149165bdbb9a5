-- +goose Up

-- What chats ended in a time, by what was promised: named by both, it is found
-- without statistics of the table too.
CREATE INDEX clocks_chat_ended ON clocks (metric, ended_at) WHERE subject_kind = 'conversation';

-- +goose Down
