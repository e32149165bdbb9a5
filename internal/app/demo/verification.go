package demo

import (
	"context"
	"fmt"
	"time"

	"yingda/internal/app"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/verification"
	"yingda/internal/kit/id"
	"yingda/internal/store"
)

// fillVerification registers what the people of the demonstration can be
// verified by, and how that went in the last two weeks.
func fillVerification(ctx context.Context, a *app.App, now time.Time) error {
	who, err := actors(ctx, a)
	if err != nil {
		return err
	}
	ps, err := People()
	if err != nil {
		return err
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		cs, _, err := tx.ListContacts(ctx, nil, nil, "", 100)
		if err != nil {
			return err
		}
		for i, p := range ps {
			for _, c := range cs {
				if c.Name != p.Name || c.Phone != p.Phone {
					continue
				}
				if err := fillParticulars(ctx, tx, a, c, p, i, now); err != nil {
					return err
				}
			}
		}
		return fillVerified(ctx, tx, cs, []agent.Actor{who["lin"], who["zhao"], who["chen"]}, now)
	})
}

func fillParticulars(ctx context.Context, tx *store.Tx, a *app.App, c contact.Contact, p Person, i int, now time.Time) error {
	for _, one := range []struct {
		kind  verification.Particular
		value string
	}{
		{verification.IDCard, idCard(i, now)},
		{verification.MemberNo, fmt.Sprintf("M8800%04d", 1000+i)},
		{verification.OrderNo, fmt.Sprintf("YX202611%05d", 10001+i)},
		{verification.VIN, p.Vehicle.VIN},
		{verification.PlateNo, p.Vehicle.Plate},
	} {
		value, err := one.kind.Check(one.value, now)
		if err != nil {
			continue // a made-up VIN may hold letters that none has
		}
		r := verification.Registered{ID: id.New[verification.ParticularNoun](now), Kind: one.kind, Mask: one.kind.Mask(value), Sealed: a.Desk.SealPerson.Seal([]byte(value)), At: now}
		if err := tx.InsertParticular(ctx, c.ID, r); err != nil {
			return err
		}
	}
	return nil
}

// idCard is a number that could be one, of nobody.
func idCard(i int, now time.Time) string {
	base := fmt.Sprintf("310104%d%02d%02d%03d", 1970+i%30, 1+i%12, 1+i%28, 101+2*i)
	for _, c := range "0123456789X" {
		if verification.CheckIDNumber(base+string(c), now) == nil {
			return base + string(c)
		}
	}
	return base
}

// fillVerified adds verifications of the last two weeks: most passed within a
// minute, some were slow, a few failed or locked.
func fillVerified(ctx context.Context, tx *store.Tx, cs []contact.Contact, by []agent.Actor, now time.Time) error {
	p := verification.Defaults()
	for i := range 48 {
		at := now.Add(-time.Duration(i*7+3) * time.Hour)
		who := by[i%len(by)]
		v, row := verification.Start(cs[i%len(cs)].ID, verification.Reveal, p, who, at), verification.Failures{}
		if len(who.Teams) > 0 {
			v.Team = who.Teams[0]
		}
		took := time.Duration(18+i*29%37) * time.Second
		answers := []bool{true, true}
		switch {
		case i%16 == 5:
			answers = []bool{false, false, false}
		case i%8 == 3:
			answers, took = []bool{false, true, true}, took+25*time.Second
		}
		var err error
		for k, right := range answers {
			f := []verification.Factor{verification.Phone, verification.IDTail, verification.Order}[k]
			if v, row, err = v.Answer(p, f, right, row, at.Add(took*time.Duration(k+1)/time.Duration(len(answers)))); err != nil {
				return err
			}
		}
		if _, err := tx.InsertVerification(ctx, v.At(now)); err != nil {
			return err
		}
	}
	return nil
}
