package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"yingda/internal/domain/contact"
	"yingda/internal/store/sqlcgen"
)

// InsertBlock adds a block. That of a contact is compared by their id.
func (tx *Tx) InsertBlock(ctx context.Context, b contact.Block) error {
	return tx.Queries.InsertBlock(ctx, sqlcgen.InsertBlockParams{
		ID: b.ID, Kind: string(b.Kind), Value: blockValue(b), Shown: b.Shown, ContactID: b.Contact, Reason: b.Reason, At: ms(b.At), ByName: b.By, Until: ms(b.Until),
	})
}

func blockValue(b contact.Block) string {
	if b.Kind == contact.BlockContact {
		return strconv.FormatInt(int64(b.Contact), 10)
	}
	return b.Value
}

// SameBlock returns the block of the same thing that was not lifted, also one
// whose time is over; false if there is none.
func (tx *Tx) SameBlock(ctx context.Context, b contact.Block) (contact.Block, bool, error) {
	r, err := tx.HeldBlock(ctx, sqlcgen.HeldBlockParams{Kind: string(b.Kind), Value: blockValue(b)})
	if errors.Is(err, sql.ErrNoRows) {
		return contact.Block{}, false, nil
	}
	return blockOf(r), err == nil, err
}

// Block returns a block by id.
func (tx *Tx) Block(ctx context.Context, i contact.BlockID) (contact.Block, error) {
	if err := tx.lock(ctx, "blocks", int64(i)); err != nil {
		return contact.Block{}, err
	}
	r, err := tx.BlockRow(ctx, i)
	return blockOf(r), notFound(err, "block.unknown", "block")
}

// EndBlock lifts a block. It is false if it was lifted before.
func (tx *Tx) EndBlock(ctx context.Context, b contact.Block) (bool, error) {
	n, err := tx.LiftBlock(ctx, sqlcgen.LiftBlockParams{LiftedAt: ms(b.LiftedAt), LiftedBy: b.LiftedBy, LiftedWhy: b.LiftedWhy, ID: b.ID})
	return n > 0, err
}

// BlocksOf returns what keeps a person out now.
func (tx *Tx) BlocksOf(ctx context.Context, person contact.ID, now time.Time) ([]contact.Block, error) {
	rows, err := tx.BlocksOfPerson(ctx, sqlcgen.BlocksOfPersonParams{PersonID: person, Now: ms(now)})
	return blocksOf(rows), err
}

// NetworkBlocks returns which networks are blocked, also those whose time is
// over.
func (tx *Tx) NetworkBlocks(ctx context.Context) ([]contact.Block, error) {
	rows, err := tx.AddressBlocks(ctx)
	return blocksOf(rows), err
}

// BlockList asks for a page of blocks.
type BlockList struct {
	Kind   contact.BlockKind // all if empty
	Past   bool              // those that do not hold any more
	Now    time.Time
	Cursor string
	Limit  int
}

// ListBlocks returns a page of blocks, the newest first, and the cursor of the
// next one.
func (tx *Tx) ListBlocks(ctx context.Context, ask BlockList) ([]contact.Block, string, error) {
	q := newList("SELECT b.id, b.kind, b.value, b.shown, b.contact_id, b.reason, b.at, b.by_name, b.until, b.lifted_at, b.lifted_by, b.lifted_why FROM blocks b")
	if ask.Past {
		q.and("(b.lifted_at > 0 OR (b.until > 0 AND b.until <= ?))", ms(ask.Now))
	} else {
		q.and("b.lifted_at = 0")
		q.and("(b.until = 0 OR b.until > ?)", ms(ask.Now))
	}
	if ask.Kind != "" {
		q.and("b.kind = ?", string(ask.Kind))
	}
	if ask.Cursor != "" {
		ns, err := ReadCursor(ask.Cursor, 1)
		if err != nil {
			return nil, "", err
		}
		q.and("b.id < ?", ns[0])
	}
	rows, err := tx.db.QueryContext(ctx, q.text("ORDER BY b.id DESC LIMIT ?", ask.Limit+1), q.args...)
	if err != nil {
		return nil, "", err
	}
	defer func() { logClose("blocks", rows.Close()) }()
	bs := []contact.Block{}
	for rows.Next() {
		var r sqlcgen.Block
		if err := rows.Scan(&r.ID, &r.Kind, &r.Value, &r.Shown, &r.ContactID, &r.Reason, &r.At, &r.ByName, &r.Until, &r.LiftedAt, &r.LiftedBy, &r.LiftedWhy); err != nil {
			return nil, "", err
		}
		bs = append(bs, blockOf(r))
	}
	if err := rows.Err(); err != nil || len(bs) <= ask.Limit {
		return bs, "", err
	}
	return bs[:ask.Limit], WriteCursor(int64(bs[ask.Limit-1].ID)), nil
}

// BlockedAmong returns what keeps each of some people out now.
func (tx *Tx) BlockedAmong(ctx context.Context, people []contact.ID, now time.Time) (map[contact.ID]contact.Block, error) {
	found := map[contact.ID]contact.Block{}
	if len(people) == 0 {
		return found, nil
	}
	for _, head := range []string{
		"SELECT c.person_id, b.reason, b.until FROM contacts c JOIN blocks b ON b.contact_id = c.id",
		"SELECT c.person_id, b.reason, b.until FROM contacts c JOIN contact_identities i ON i.contact_id = c.id JOIN blocks b ON b.kind = i.kind AND b.value = i.value",
	} {
		q := newList(head)
		q.in("c.person_id", people)
		q.and("b.lifted_at = 0")
		q.and("(b.until = 0 OR b.until > ?)", ms(now))
		if err := tx.readBlocked(ctx, q, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (tx *Tx) readBlocked(ctx context.Context, q *list, into map[contact.ID]contact.Block) error {
	rows, err := tx.db.QueryContext(ctx, q.text(""), q.args...)
	if err != nil {
		return err
	}
	defer func() { logClose("blocks", rows.Close()) }()
	for rows.Next() {
		var i contact.ID
		var b contact.Block
		var until int64
		if err := rows.Scan(&i, &b.Reason, &until); err != nil {
			return err
		}
		b.Until = at(until)
		into[i] = b
	}
	return rows.Err()
}

// AlsoAre returns which other contacts each of some people are.
func (tx *Tx) AlsoAre(ctx context.Context, people []contact.ID) (map[contact.ID][]contact.ID, error) {
	found := map[contact.ID][]contact.ID{}
	if len(people) == 0 {
		return found, nil
	}
	q := newList("SELECT c.person_id, c.id FROM contacts c")
	q.in("c.person_id", people)
	q.and("c.id <> c.person_id")
	rows, err := tx.db.QueryContext(ctx, q.text("ORDER BY c.id"), q.args...)
	if err != nil {
		return nil, err
	}
	defer func() { logClose("contacts", rows.Close()) }()
	for rows.Next() {
		var p, i contact.ID
		if err := rows.Scan(&p, &i); err != nil {
			return nil, err
		}
		found[p] = append(found[p], i)
	}
	return found, rows.Err()
}

func blocksOf(rows []sqlcgen.Block) []contact.Block {
	bs := make([]contact.Block, 0, len(rows))
	for _, r := range rows {
		bs = append(bs, blockOf(r))
	}
	return bs
}

func blockOf(r sqlcgen.Block) contact.Block {
	return contact.Block{
		ID: r.ID, Kind: contact.BlockKind(r.Kind), Value: r.Value, Shown: r.Shown, Contact: r.ContactID, Reason: r.Reason, At: at(r.At), By: r.ByName,
		Until: at(r.Until), LiftedAt: at(r.LiftedAt), LiftedBy: r.LiftedBy, LiftedWhy: r.LiftedWhy,
	}
}
