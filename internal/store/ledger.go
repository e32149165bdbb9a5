package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"yingda/internal/domain/contact"
	"yingda/internal/domain/reward"
	"yingda/internal/store/sqlcgen"
)

// leastBalance stands for no floor: the account may be below zero.
const leastBalance = -1 << 62

// Post enters a posting in the ledger, with the balances of its accounts. The
// same posting again changes nothing and is false; another one under its key,
// or one that would take more than an account has, is a Conflict.
func (tx *Tx) Post(ctx context.Context, p reward.Posting) (isNew bool, err error) {
	balances, err := tx.hold(ctx, p)
	if err != nil {
		return false, err
	}
	rows, err := tx.LedgerPosting(ctx, p.Key)
	if err != nil {
		return false, err
	}
	was, err := entriesOf(rows)
	if err != nil {
		return false, err
	}
	entries, err := reward.Post(was, func(a reward.Account) int64 { return balances[a] }, p)
	if err != nil {
		return false, err
	}
	moved := map[reward.Account]int64{}
	for _, e := range entries {
		if err := tx.InsertLedgerEntry(ctx, sqlcgen.InsertLedgerEntryParams{
			ID: e.ID, EntryKey: e.Key, Posting: e.Posting, At: ms(e.At), Account: e.Account.String(), Delta: e.Delta, ExpiresAt: ms(e.ExpiresAt), Lot: e.Lot,
			SourceKind: e.Source.Kind, SourceID: e.Source.ID, Note: e.Note,
		}); err != nil {
			return false, err
		}
		moved[e.Account] += e.Delta
	}
	for a, delta := range moved { // in any order: all are held already
		if err := tx.MoveBalance(ctx, sqlcgen.MoveBalanceParams{Account: a.String(), Delta: delta}); err != nil {
			return false, err
		}
	}
	return len(entries) > 0, nil
}

// hold returns what the accounts of a posting hold. Until the transaction ends
// nobody else moves them; they are taken in one order, so that two postings
// never wait for each other.
func (tx *Tx) hold(ctx context.Context, p reward.Posting) (map[reward.Account]int64, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	accounts := make([]reward.Account, 0, len(p.Lines))
	for _, l := range p.Lines {
		accounts = append(accounts, l.Account)
	}
	slices.SortFunc(accounts, func(a, b reward.Account) int { return strings.Compare(a.String(), b.String()) })
	balances := map[reward.Account]int64{}
	for _, a := range slices.Compact(accounts) {
		least := int64(0)
		if a.MayBeNegative() {
			least = leastBalance
		}
		b, err := tx.HoldBalance(ctx, sqlcgen.HoldBalanceParams{Account: a.String(), Floor: least})
		if err != nil {
			return nil, err
		}
		balances[a] = b
	}
	return balances, nil
}

// HoldPoints keeps everybody else from moving a customer's points until the
// transaction ends.
func (tx *Tx) HoldPoints(ctx context.Context, c contact.ID) error {
	_, err := tx.hold(ctx, reward.Posting{Key: "hold", Lines: reward.SpendPoints(c, 1)})
	return err
}

// Balance returns what an account holds, in fen or points.
func (tx *Tx) Balance(ctx context.Context, a reward.Account) (int64, error) {
	b, err := tx.BalanceOf(ctx, a.String())
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return b, err
}

// EntriesOf returns all lines of an account, the oldest first.
func (tx *Tx) EntriesOf(ctx context.Context, a reward.Account) ([]reward.Entry, error) {
	rows, err := tx.LedgerOf(ctx, a.String())
	if err != nil {
		return nil, err
	}
	return entriesOf(rows)
}

// AccountBalance is what an account holds.
type AccountBalance struct {
	Account reward.Account `json:"account"`
	Unit    reward.Unit    `json:"unit"`
	Balance int64          `json:"balance"`
}

// Balances returns what the accounts of the company hold, and how many
// customers hold points.
func (tx *Tx) Balances(ctx context.Context) (as []AccountBalance, customers int, err error) {
	rows, err := tx.Queries.Balances(ctx)
	if err != nil {
		return nil, 0, err
	}
	as = make([]AccountBalance, 0, len(rows))
	for _, r := range rows {
		a, err := reward.ParseAccount(r.Account)
		if err != nil {
			return nil, 0, err
		}
		as = append(as, AccountBalance{Account: a, Unit: a.Unit(), Balance: r.Balance})
	}
	held, err := tx.PointsHeld(ctx)
	return as, int(held.Customers), err
}

// BooksBalance reports whether the balances of each unit add up to zero.
func (tx *Tx) BooksBalance(ctx context.Context) (bool, error) {
	off, err := tx.UnbalancedUnits(ctx)
	return off.Points == 0 && off.Fen == 0, err
}

// LedgerList asks for a page of the ledger, newest first.
type LedgerList struct {
	Account string // all accounts if empty; a kind such as "budget" means all of it
	Source  reward.Source
	Cursor  string
	Limit   int
}

// Ledger returns a page of the ledger and the cursor of the next one.
func (tx *Tx) Ledger(ctx context.Context, ask LedgerList) ([]reward.Entry, string, error) {
	q := newList("SELECT e.id, e.entry_key, e.posting, e.at, e.account, e.delta, e.expires_at, e.lot, e.source_kind, e.source_id, e.note FROM ledger_entries e")
	switch {
	case strings.Contains(ask.Account, ":") || ask.Account == string(reward.Funding) || ask.Account == string(reward.Owed) ||
		ask.Account == string(reward.Spent) || ask.Account == string(reward.Liability):
		q.and("e.account = ?", ask.Account)
	case ask.Account != "":
		q.and("e.account >= ?", ask.Account+":")
		q.and("e.account < ?", ask.Account+";")
	}
	if ask.Source.ID != "" {
		q.and("e.source_id = ?", ask.Source.ID)
	}
	if ask.Cursor != "" {
		ns, err := ReadCursor(ask.Cursor, 1)
		if err != nil {
			return nil, "", err
		}
		q.and("e.id < ?", ns[0])
	}
	rows, err := tx.db.QueryContext(ctx, q.text("ORDER BY e.id DESC LIMIT ?", ask.Limit+1), q.args...)
	if err != nil {
		return nil, "", err
	}
	defer func() { logClose("ledger", rows.Close()) }()
	var read []sqlcgen.LedgerEntry
	for rows.Next() {
		var r sqlcgen.LedgerEntry
		if err := rows.Scan(&r.ID, &r.EntryKey, &r.Posting, &r.At, &r.Account, &r.Delta, &r.ExpiresAt, &r.Lot, &r.SourceKind, &r.SourceID, &r.Note); err != nil {
			return nil, "", err
		}
		read = append(read, r)
	}
	if err := rows.Err(); err != nil {
		return nil, "", err
	}
	es, err := entriesOf(read)
	if err != nil || len(es) <= ask.Limit {
		return es, "", err
	}
	es = es[:ask.Limit]
	return es, WriteCursor(int64(es[len(es)-1].ID)), nil
}

func entriesOf(rows []sqlcgen.LedgerEntry) ([]reward.Entry, error) {
	es := make([]reward.Entry, 0, len(rows))
	for _, r := range rows {
		a, err := reward.ParseAccount(r.Account)
		if err != nil {
			return nil, err
		}
		es = append(es, reward.Entry{
			ID: r.ID, At: at(r.At), Key: r.EntryKey, Posting: r.Posting,
			Line:   reward.Line{Account: a, Delta: r.Delta, ExpiresAt: at(r.ExpiresAt), Lot: r.Lot},
			Source: reward.Source{Kind: r.SourceKind, ID: r.SourceID}, Note: r.Note,
		})
	}
	return es, nil
}
