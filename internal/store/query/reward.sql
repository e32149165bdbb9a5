-- name: InsertPolicy :exec
INSERT INTO policies (code, version, since, body) VALUES (sqlc.arg(code), sqlc.arg(version), sqlc.arg(since), sqlc.arg(body));

-- name: PolicyVersions :many
SELECT * FROM policies WHERE code = sqlc.arg(code) ORDER BY version DESC;

-- name: PolicyVersion :one
SELECT * FROM policies WHERE code = sqlc.arg(code) AND version = sqlc.arg(version);

-- name: PolicyInForce :one
SELECT * FROM policies WHERE code = sqlc.arg(code) AND since <= sqlc.arg(at) ORDER BY version DESC LIMIT 1;

-- name: LatestPolicies :many
SELECT p.* FROM policies p WHERE p.version = (SELECT MAX(o.version) FROM policies o WHERE o.code = p.code) ORDER BY p.code;

-- name: InsertCompensation :execrows
INSERT INTO compensations (id, case_id, contact_id, proposer_id, client_id, state, level, barred, budget, created_at, changed_at, body, version)
VALUES (sqlc.arg(id), sqlc.arg(case_id), sqlc.arg(contact_id), sqlc.arg(proposer_id), sqlc.arg(client_id), sqlc.arg(state), sqlc.arg(level),
    sqlc.arg(barred), sqlc.arg(budget), sqlc.arg(created_at), sqlc.arg(changed_at), sqlc.arg(body), 1)
ON CONFLICT (proposer_id, client_id) DO NOTHING;

-- name: SaveCompensation :execrows
UPDATE compensations SET contact_id = sqlc.arg(contact_id), state = sqlc.arg(state), level = sqlc.arg(level), barred = sqlc.arg(barred),
    budget = sqlc.arg(budget), changed_at = sqlc.arg(changed_at), body = sqlc.arg(body), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: CompensationByID :one
SELECT * FROM compensations WHERE id = sqlc.arg(id);

-- name: CompensationByClient :one
SELECT * FROM compensations WHERE proposer_id = sqlc.arg(proposer_id) AND client_id = sqlc.arg(client_id);

-- name: CompensationsOfCase :many
SELECT * FROM compensations WHERE case_id = sqlc.arg(case_id) ORDER BY id;

-- name: CompensationsOfBudget :many
SELECT * FROM compensations WHERE state = 'customer_accepted' AND budget = sqlc.arg(budget) ORDER BY id LIMIT 1000;

-- name: PutPayment :exec
INSERT INTO payments (payment_key, attempt, compensation_id, state, at, ended_at, reference, why)
VALUES (sqlc.arg(payment_key), sqlc.arg(attempt), sqlc.arg(compensation_id), sqlc.arg(state), sqlc.arg(at), sqlc.arg(ended_at), sqlc.arg(reference), sqlc.arg(why))
ON CONFLICT (payment_key, attempt) DO UPDATE SET state = excluded.state, ended_at = excluded.ended_at, reference = excluded.reference, why = excluded.why;

-- name: PaymentsOf :many
SELECT * FROM payments WHERE compensation_id = sqlc.arg(compensation_id) ORDER BY attempt;

-- name: InsertReward :execrows
INSERT INTO rewards (id, reward_key, contact_id, source_kind, source_id, case_id, proposer_id, state, level, barred, budget, created_at, changed_at, body, version)
VALUES (sqlc.arg(id), sqlc.arg(reward_key), sqlc.arg(contact_id), sqlc.arg(source_kind), sqlc.arg(source_id), sqlc.arg(case_id), sqlc.arg(proposer_id), sqlc.arg(state),
    sqlc.arg(level), sqlc.arg(barred), sqlc.arg(budget), sqlc.arg(created_at), sqlc.arg(changed_at), sqlc.arg(body), 1)
ON CONFLICT (reward_key) DO NOTHING;

-- name: SaveReward :execrows
UPDATE rewards SET state = sqlc.arg(state), level = sqlc.arg(level), barred = sqlc.arg(barred), changed_at = sqlc.arg(changed_at),
    body = sqlc.arg(body), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: RewardByID :one
SELECT * FROM rewards WHERE id = sqlc.arg(id);

-- name: RewardByKey :one
SELECT * FROM rewards WHERE reward_key = sqlc.arg(reward_key);

-- name: RewardsOfSource :many
SELECT * FROM rewards WHERE source_kind = sqlc.arg(source_kind) AND source_id = sqlc.arg(source_id) ORDER BY id;

-- name: RewardsOfBudget :many
SELECT * FROM rewards WHERE state = 'approved' AND budget = sqlc.arg(budget) ORDER BY id LIMIT 1000;

-- name: InsertLedgerEntry :exec
INSERT INTO ledger_entries (id, entry_key, posting, at, account, delta, expires_at, lot, source_kind, source_id, note)
VALUES (sqlc.arg(id), sqlc.arg(entry_key), sqlc.arg(posting), sqlc.arg(at), sqlc.arg(account), sqlc.arg(delta), sqlc.arg(expires_at), sqlc.arg(lot),
    sqlc.arg(source_kind), sqlc.arg(source_id), sqlc.arg(note));

-- name: LedgerPosting :many
SELECT * FROM ledger_entries WHERE posting = sqlc.arg(posting) ORDER BY id;

-- name: LedgerOf :many
SELECT * FROM ledger_entries WHERE account = sqlc.arg(account) ORDER BY id;

-- name: HoldBalance :one
INSERT INTO ledger_balances (account, balance, floor) VALUES (sqlc.arg(account), 0, sqlc.arg(floor))
ON CONFLICT (account) DO UPDATE SET balance = ledger_balances.balance
RETURNING balance;

-- name: MoveBalance :exec
UPDATE ledger_balances SET balance = balance + sqlc.arg(delta) WHERE account = sqlc.arg(account);

-- name: BalanceOf :one
SELECT balance FROM ledger_balances WHERE account = sqlc.arg(account);

-- name: Balances :many
SELECT account, balance FROM ledger_balances WHERE account NOT LIKE 'points:%' ORDER BY account LIMIT 500;

-- name: PointsHeld :one
SELECT COUNT(*) AS customers, CAST(COALESCE(SUM(balance), 0) AS BIGINT) AS points FROM ledger_balances WHERE account LIKE 'points:%' AND balance > 0;

-- name: UnbalancedUnits :one
SELECT CAST(COALESCE(SUM(CASE WHEN b.account LIKE 'points:%' OR b.account = 'issued' THEN b.balance ELSE 0 END), 0) AS BIGINT) AS points,
    CAST(COALESCE(SUM(CASE WHEN b.account LIKE 'points:%' OR b.account = 'issued' THEN 0 ELSE b.balance END), 0) AS BIGINT) AS fen
FROM ledger_balances b;
