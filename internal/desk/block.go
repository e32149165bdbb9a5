package desk

import (
	"context"
	"net/netip"
	"sync/atomic"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Blocks returns a page of who is blocked, or was, the newest first, masked.
func (d *Desk) Blocks(ctx context.Context, by agent.Actor, kind contact.BlockKind, past bool, cursor string, limit int) (p Page[contact.Block], err error) {
	if err := by.Need(agent.ContactBlock); err != nil {
		return p, err
	}
	p.Items, p.Next, err = d.DB.Now().ListBlocks(ctx, store.BlockList{Kind: kind, Past: past, Now: d.Now(), Cursor: cursor, Limit: limited100(limit)})
	for i, b := range p.Items {
		p.Items[i] = b.Masked()
	}
	return p, err
}

// AddBlock keeps somebody from writing to us: a contact, a number, an address
// or a network. The reason is kept.
func (d *Desk) AddBlock(ctx context.Context, by agent.Actor, b contact.Block) (_ contact.Block, err error) {
	defer fault.Wrap(&err, "block a %s", b.Kind)
	if err := by.Need(agent.ContactBlock); err != nil {
		return b, err
	}
	if b, err = b.Check(d.Now()); err != nil {
		return b, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		b, err = d.block(ctx, tx, by, b)
		return err
	})
	d.networks.forget()
	return b.Masked(), err
}

func (d *Desk) block(ctx context.Context, tx *store.Tx, by agent.Actor, b contact.Block) (contact.Block, error) {
	b.ID, b.At, b.By = contact.NewBlockID(d.Now()), d.Now(), by.Name
	o := audit.Object{Kind: "block", ID: b.ID.String(), Name: b.Masked().Shown}
	if b.Kind == contact.BlockContact {
		c, err := tx.Person(ctx, b.Contact)
		if err != nil {
			return b, err
		}
		b.Contact, b.Shown = c.ID, c.Name
		o = audit.Of("contact", c.ID, c.Name)
	}
	was, have, err := tx.SameBlock(ctx, b)
	switch {
	case err != nil:
		return b, err
	case have && was.Holds(d.Now()):
		return b, fault.New(fault.Conflict, "block.exists", "this is blocked already")
	case have:
		was.LiftedAt, was.LiftedBy = was.Until, ""
		if _, err := tx.EndBlock(ctx, was); err != nil {
			return b, err
		}
	}
	if err := tx.InsertBlock(ctx, b); err != nil {
		return b, err
	}
	detail := map[string]any{"reason": b.Reason, "kind": string(b.Kind)}
	if !b.Until.IsZero() {
		detail["until"] = b.Until.UTC().Format(time.RFC3339)
	}
	if err := tx.Audit(ctx, audit.By(by, d.Now(), "contact.block", o, detail)); err != nil || b.Contact.IsZero() {
		return b, err
	}
	return b, d.contactNews(ctx, tx, b.Contact)
}

// LiftBlock lets somebody write to us again. The reason is kept.
func (d *Desk) LiftBlock(ctx context.Context, by agent.Actor, i contact.BlockID, reason string) (b contact.Block, err error) {
	defer fault.Wrap(&err, "lift the block %s", i)
	if err := by.Need(agent.ContactBlock); err != nil {
		return b, err
	}
	if reason, err = checkReason(reason); err != nil {
		return b, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if b, err = tx.Block(ctx, i); err != nil {
			return err
		}
		b, err = d.lift(ctx, tx, by, b, reason)
		return err
	})
	d.networks.forget()
	return b.Masked(), err
}

func (d *Desk) lift(ctx context.Context, tx *store.Tx, by agent.Actor, b contact.Block, reason string) (contact.Block, error) {
	if !b.Holds(d.Now()) {
		return b, fault.New(fault.Conflict, "block.over", "this block is over already")
	}
	b.LiftedAt, b.LiftedBy, b.LiftedWhy = d.Now(), by.Name, reason
	if ok, err := tx.EndBlock(ctx, b); err != nil || !ok {
		return b, err
	}
	o := audit.Object{Kind: "block", ID: b.ID.String(), Name: b.Masked().Shown}
	if !b.Contact.IsZero() {
		o = audit.Of("contact", b.Contact, b.Shown)
	}
	if err := tx.Audit(ctx, audit.By(by, d.Now(), "contact.unblock", o, map[string]any{"reason": reason, "kind": string(b.Kind)})); err != nil || b.Contact.IsZero() {
		return b, err
	}
	return b, d.contactNews(ctx, tx, b.Contact)
}

// BlockContact stops the person that a contact is from writing to us, until a
// time or for good, or lets them again: then a number or an address of theirs
// that is blocked is free again too. The reason is kept.
func (d *Desk) BlockContact(ctx context.Context, by agent.Actor, i contact.ID, blocked bool, reason string, until time.Time) (card Card, err error) {
	defer fault.Wrap(&err, "block contact %s", i)
	if err := by.Need(agent.ContactBlock); err != nil {
		return card, err
	}
	b, err := contact.Block{Kind: contact.BlockContact, Contact: i, Reason: reason, Until: until}.Check(d.Now())
	if err != nil {
		return card, err
	}
	var c contact.Contact
	if err := d.DB.Update(ctx, func(tx *store.Tx) error {
		if c, err = tx.Person(ctx, i); err != nil {
			return err
		}
		if blocked {
			_, err := d.block(ctx, tx, by, b)
			return err
		}
		held, err := tx.BlocksOf(ctx, c.ID, d.Now())
		if err != nil {
			return err
		}
		for _, h := range held {
			if _, err := d.lift(ctx, tx, by, h, b.Reason); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return card, err
	}
	return d.card(ctx, by, c)
}

// networksHeld is for how long blocked networks are remembered: each visit asks
// for them.
const networksHeld = 2 * time.Second

// heldNetworks are the blocked networks as they were a moment ago. No lock is
// held while the database is asked (see lately).
type heldNetworks struct{ now atomic.Pointer[networks] }

type networks struct {
	blocks []blockedNetwork
	at     time.Time
}

type blockedNetwork struct {
	contact.Block
	prefix netip.Prefix
}

func (h *heldNetworks) get(ctx context.Context, db *store.DB, now time.Time) ([]blockedNetwork, error) {
	if held := h.now.Load(); held != nil && fresh(held.at, now, networksHeld) {
		return held.blocks, nil
	}
	bs, err := db.Now().NetworkBlocks(ctx)
	if err != nil {
		return nil, err
	}
	is := &networks{blocks: make([]blockedNetwork, 0, len(bs)), at: now}
	for _, b := range bs {
		if p, err := netip.ParsePrefix(b.Value); err == nil {
			is.blocks = append(is.blocks, blockedNetwork{b, p})
		}
	}
	h.now.Store(is)
	return is.blocks, nil
}

func (h *heldNetworks) forget() { h.now.Store(nil) }

// FromBlockedNetwork is Forbidden for whoever comes from an address that is
// blocked.
func (d *Desk) FromBlockedNetwork(ctx context.Context, address string) error {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return nil //nolint:nilerr // unknown addresses are nobody's network
	}
	bs, err := d.networks.get(ctx, d.DB, d.Now())
	if err != nil {
		return err
	}
	for _, b := range bs {
		if b.prefix.Contains(a.Unmap()) && b.Holds(d.Now()) {
			return errBlocked
		}
	}
	return nil
}
