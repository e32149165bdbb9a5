-- name: AddModelSpend :exec
INSERT INTO model_spend (day, task, calls, tokens_in, tokens_out, micro_yuan)
VALUES (sqlc.arg(day), sqlc.arg(task), sqlc.arg(calls), sqlc.arg(tokens_in), sqlc.arg(tokens_out), sqlc.arg(micro_yuan))
ON CONFLICT (day, task) DO UPDATE SET calls = model_spend.calls + excluded.calls, tokens_in = model_spend.tokens_in + excluded.tokens_in,
    tokens_out = model_spend.tokens_out + excluded.tokens_out, micro_yuan = model_spend.micro_yuan + excluded.micro_yuan;

-- name: ModelSpendRows :many
SELECT * FROM model_spend WHERE day = sqlc.arg(day) ORDER BY task;

-- name: TrimModelSpend :exec
DELETE FROM model_spend WHERE day < sqlc.arg(before);
