package desk

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/event"
	"yingda/internal/domain/verification"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
	"yingda/internal/store"
)

// Particulars returns what is registered of a customer to verify them by,
// masked. Nobody sees more (R091).
func (d *Desk) Particulars(ctx context.Context, by agent.Actor, who contact.ID) ([]verification.Registered, error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return nil, err
	}
	tx := d.DB.Now()
	c, err := tx.Person(ctx, who)
	if err != nil {
		return nil, err
	}
	return tx.Particulars(ctx, c.ID)
}

// AddParticular registers something to verify a customer by. Of an identity
// card and a member number there is one: the new takes the place of the old.
// What is registered already is not registered twice.
func (d *Desk) AddParticular(ctx context.Context, by agent.Actor, who contact.ID, kind verification.Particular, typed string, v verification.ID) (rs []verification.Registered, err error) {
	defer fault.Wrap(&err, "register a particular of %s", who)
	if err := by.Need(agent.ContactEdit); err != nil {
		return nil, err
	}
	now := d.Now()
	value, err := kind.Check(typed, now)
	if err != nil {
		return nil, err
	}
	return d.changeParticulars(ctx, by, who, v, func(tx *store.Tx, c contact.Contact, had []verification.Registered) error {
		n := 0
		for _, r := range had {
			if r.Kind != kind {
				continue
			}
			old, err := d.SealPerson.Open(r.Sealed)
			if err == nil && string(old) == value {
				return nil
			}
			if n++; !kind.Single() {
				continue
			}
			if _, err := tx.DeleteParticular(ctx, c.ID, r.ID); err != nil {
				return err
			}
			n--
		}
		if n >= verification.MostOfAKind {
			return fault.New(fault.Conflict, "verification.full", "at most %d of a kind are registered of one customer", verification.MostOfAKind).In("kind")
		}
		r := verification.Registered{ID: id.New[verification.ParticularNoun](now), Kind: kind, Mask: kind.Mask(value), Sealed: d.SealPerson.Seal([]byte(value)), At: now}
		if err := tx.InsertParticular(ctx, c.ID, r); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, now, "contact.particular_add", audit.Of("contact", c.ID, c.Name), map[string]any{"kind": string(kind), "mask": r.Mask}))
	})
}

// RemoveParticular forgets something that a customer was verified by.
func (d *Desk) RemoveParticular(ctx context.Context, by agent.Actor, who contact.ID, i verification.ParticularID, v verification.ID) (rs []verification.Registered, err error) {
	defer fault.Wrap(&err, "forget a particular of %s", who)
	if err := by.Need(agent.ContactEdit); err != nil {
		return nil, err
	}
	return d.changeParticulars(ctx, by, who, v, func(tx *store.Tx, c contact.Contact, had []verification.Registered) error {
		for _, r := range had {
			if r.ID != i {
				continue
			}
			if _, err := tx.DeleteParticular(ctx, c.ID, i); err != nil {
				return err
			}
			return tx.Audit(ctx, audit.By(by, d.Now(), "contact.particular_remove", audit.Of("contact", c.ID, c.Name), map[string]any{"kind": string(r.Kind), "mask": r.Mask}))
		}
		return fault.New(fault.NotFound, "verification.particular_unknown", "this is not registered any more")
	})
}

// changeParticulars changes what a customer is verified by: for who is verified
// only, or anybody could register what they know.
func (d *Desk) changeParticulars(ctx context.Context, by agent.Actor, who contact.ID, v verification.ID, f func(*store.Tx, contact.Contact, []verification.Registered) error) (rs []verification.Registered, err error) {
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Person(ctx, who)
		if err != nil {
			return err
		}
		if err := d.Verified(ctx, tx, by, verification.ChangeContact, c.ID, v); err != nil {
			return err
		}
		had, err := tx.Particulars(ctx, c.ID)
		if err != nil {
			return err
		}
		if err := f(tx, c, had); err != nil {
			return err
		}
		if rs, err = tx.Particulars(ctx, c.ID); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.VerificationChanged, Contact: c.ID, At: d.Now(), Body: event.Encode(event.Verification{Contact: c.ID})})
	})
	return rs, err
}

// VerificationPolicy returns what customers are verified by now. Everybody who
// works here may read it.
func (d *Desk) VerificationPolicy(ctx context.Context) (verification.Policy, error) {
	return d.DB.Now().VerificationPolicy(ctx)
}

// VerificationPolicies returns the versions of the policy, the newest first.
func (d *Desk) VerificationPolicies(ctx context.Context, by agent.Actor) ([]verification.Policy, error) {
	if err := by.Need(agent.SettingManage); err != nil {
		return nil, err
	}
	return d.DB.Now().VerificationPolicies(ctx)
}

// ChangeVerificationPolicy writes the next version of the policy; p.Version is
// the one that was read.
func (d *Desk) ChangeVerificationPolicy(ctx context.Context, by agent.Actor, p verification.Policy) (next verification.Policy, err error) {
	defer fault.Wrap(&err, "change the verification policy")
	if err := by.Need(agent.SettingManage); err != nil {
		return next, err
	}
	if p, err = p.Check(); err != nil {
		return next, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.VerificationPolicy(ctx)
		if err != nil {
			return err
		}
		if was.Version != p.Version {
			return fault.New(fault.Conflict, "verification.policy_changed", "somebody changed the policy a moment ago; read it again")
		}
		next = p
		next.Version, next.At, next.By = was.Version+1, d.Now(), by.Name
		if err := tx.AddVerificationPolicy(ctx, next); err != nil {
			return err
		}
		detail := map[string]any{"version": next.Version, "most_failures": p.Most, "lock_minutes": p.LockMinutes, "live_minutes": p.LiveMinutes}
		if err := tx.Audit(ctx, audit.By(by, d.Now(), "verification.policy", audit.Object{Kind: "setting", ID: "verification", Name: "身份核验"}, detail)); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: d.Now()})
	})
	return next, err
}
