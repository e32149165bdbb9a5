package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// SetTelephones records which telephones are connected at a node: those in the
// consoles of agents, and SIP telephones with the time until which they are
// registered. It returns whose telephones are others than were known.
func (tx *Tx) SetTelephones(ctx context.Context, node string, consoles []agent.ID, registered map[string]time.Time, now time.Time) ([]agent.ID, error) {
	changed := map[agent.ID]bool{}
	were, err := tx.WebphonesAt(ctx, node)
	if err != nil {
		return nil, err
	}
	for _, a := range consoles {
		if !slices.Contains(were, a) {
			changed[a] = true
			if err := tx.PutWebphone(ctx, sqlcgen.PutWebphoneParams{Node: node, AgentID: a, Since: ms(now)}); err != nil {
				return nil, err
			}
		}
	}
	for _, a := range were {
		if !slices.Contains(consoles, a) {
			changed[a] = true
			if err := tx.DropWebphone(ctx, sqlcgen.DropWebphoneParams{Node: node, AgentID: a}); err != nil {
				return nil, err
			}
		}
	}
	known, err := tx.RegistrationsAt(ctx, node)
	if err != nil {
		return nil, err
	}
	since := map[string]int64{}
	for _, r := range known {
		until, still := registered[r.UserName]
		switch {
		case !still:
			changed[r.AgentID] = true
			if err := tx.DropRegistration(ctx, sqlcgen.DropRegistrationParams{Node: node, UserName: r.UserName}); err != nil {
				return nil, err
			}
		case r.Until > ms(now): // it goes on
			since[r.UserName] = r.Since
			if ms(until) == r.Until {
				since[r.UserName] = -1
			}
		}
	}
	for _, user := range slices.Sorted(maps.Keys(registered)) {
		began, goesOn := since[user]
		if began < 0 {
			continue
		}
		if !goesOn {
			began = ms(now)
			p, err := tx.Phone(ctx, user)
			if fault.KindOf(err) == fault.NotFound && err != nil { // it was taken away a moment ago
				continue
			}
			if err != nil {
				return nil, err
			}
			changed[p.Agent] = true
		}
		if err := tx.PutRegistration(ctx, sqlcgen.PutRegistrationParams{Node: node, UserName: user, Since: began, Until: ms(registered[user])}); err != nil {
			return nil, err
		}
	}
	return sorted(changed), nil
}

// sorted are the agents of a set, but for nobody.
func sorted(of map[agent.ID]bool) []agent.ID {
	delete(of, 0)
	return slices.Sorted(maps.Keys(of))
}

// DropTelephones forgets what is connected at a node, and returns whose it was.
func (tx *Tx) DropTelephones(ctx context.Context, node string) ([]agent.ID, error) {
	whose := map[agent.ID]bool{}
	consoles, err := tx.WebphonesAt(ctx, node)
	if err != nil {
		return nil, err
	}
	for _, a := range consoles {
		whose[a] = true
	}
	registered, err := tx.RegistrationsAt(ctx, node)
	if err != nil {
		return nil, err
	}
	for _, r := range registered {
		whose[r.AgentID] = true
	}
	if err := tx.DropWebphonesAt(ctx, node); err != nil {
		return nil, err
	}
	return sorted(whose), tx.DropRegistrationsAt(ctx, node)
}

// TelephonesOver reports whether a SIP telephone is kept whose registration has
// run out.
func (tx *Tx) TelephonesOver(ctx context.Context, now time.Time) (bool, error) {
	over, err := tx.RegistrationsOver(ctx, ms(now))
	return len(over) > 0, err
}

// DropTelephonesOver forgets the SIP telephones whose registration has run out,
// and returns whose they were.
func (tx *Tx) DropTelephonesOver(ctx context.Context, now time.Time) ([]agent.ID, error) {
	over, err := tx.RegistrationsOver(ctx, ms(now))
	if err != nil {
		return nil, err
	}
	whose := map[agent.ID]bool{}
	for _, r := range over {
		whose[r.AgentID] = true
		if err := tx.DropRegistration(ctx, sqlcgen.DropRegistrationParams{Node: r.Node, UserName: r.UserName}); err != nil {
			return nil, err
		}
	}
	return sorted(whose), nil
}

// CountTelephones writes since when an agent has had a telephone that can ring.
// connected is false if none can; anew is true if one came.
func (tx *Tx) CountTelephones(ctx context.Context, s Seat, now time.Time) (connected, anew bool, err error) {
	since, err := tx.PhonedSince(ctx, sqlcgen.PhonedSinceParams{AgentID: s.ID, Now: ms(now)})
	if err != nil || since == ms(s.PhoneSince) {
		return since > 0, false, err
	}
	return since > 0, since > ms(s.PhoneSince), tx.SetPhoneSince(ctx, sqlcgen.SetPhoneSinceParams{PhoneSince: since, ID: s.ID})
}
