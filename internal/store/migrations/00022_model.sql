-- +goose Up

-- What the language model used, a row for each day of the company and task.
CREATE TABLE model_spend (
    day        TEXT NOT NULL,
    task       TEXT NOT NULL,
    calls      BIGINT NOT NULL,
    tokens_in  BIGINT NOT NULL,
    tokens_out BIGINT NOT NULL,
    micro_yuan BIGINT NOT NULL,
    PRIMARY KEY (day, task)
);

-- +goose Down
