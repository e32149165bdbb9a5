package account

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/verification"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Standing is how it stands with a customer's account, as an agent may explain
// it to somebody who cannot sign in (R148).
type Standing struct {
	Email       string    `json:"email" doc:"masked"`
	Proven      bool      `json:"proven" doc:"a code has shown that the address is theirs"`
	Password    bool      `json:"password" doc:"there is one; otherwise they sign in by code"`
	Sessions    int       `json:"sessions" doc:"browsers in which they are signed in"`
	Failures    int       `json:"failures" doc:"wrong passwords in a row"`
	LockedUntil time.Time `json:"locked_until,omitzero" doc:"nobody may try a password before"`
	CreatedAt   time.Time `json:"created_at"`
	SeenAt      time.Time `json:"seen_at"`
}

var errNoCustomer = fault.New(fault.NotFound, "customer.none", "this contact has no account on the public pages")

// StandingOf returns how it stands with a contact's account.
func (a *Account) StandingOf(ctx context.Context, by agent.Actor, who contact.ID) (s Standing, err error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return s, err
	}
	now := a.Now()
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		c, have, err := tx.CustomerOfContact(ctx, who)
		if err != nil || !have {
			return orElse(err, errNoCustomer)
		}
		at, err := tx.Attempts(ctx, customerTries(c.Email, "").account)
		if err != nil {
			return err
		}
		sessions, err := tx.CustomerSessions(ctx, c.ID, now)
		s = standing(c, at, len(sessions), now)
		return err
	})
	return s, err
}

func standing(c access.Customer, at access.Attempts, sessions int, now time.Time) Standing {
	s := Standing{
		Email: contact.MaskEmail(c.Email), Proven: !c.ProvenAt.IsZero(), Password: c.Password != "", Sessions: sessions,
		Failures: at.Failures, CreatedAt: c.CreatedAt, SeenAt: c.SeenAt,
	}
	if at.Wait(now) > 0 {
		s.LockedUntil = at.LockedUntil
	}
	return s
}

// longestReason is the most that one may write about how somebody was
// verified, in characters.
const longestReason = 500

// Gate refuses an action for a contact without a verification of them that is
// live and enough for it. It is asked in the transaction of the action.
type Gate func(ctx context.Context, tx *store.Tx, by agent.Actor, a verification.Action, who contact.ID, v verification.ID) error

// Unlock ends the wait after wrong passwords of a contact's account, for a
// contact who is verified. What else the agent made sure of is recorded (R150).
func (a *Account) Unlock(ctx context.Context, by agent.Actor, who contact.ID, verified string, v verification.ID) (Standing, error) {
	verified = strings.TrimSpace(verified)
	if err := by.Need(agent.ContactEdit); err != nil {
		return Standing{}, err
	}
	if verified == "" || utf8.RuneCountInString(verified) > longestReason {
		return Standing{}, fault.New(fault.Invalid, "customer.verified", "say in 1 to %d characters how you made sure who it is", longestReason).In("body.verified")
	}
	err := a.DB.Update(ctx, func(tx *store.Tx) error {
		c, have, err := tx.CustomerOfContact(ctx, who)
		if err != nil || !have {
			return orElse(err, errNoCustomer)
		}
		if err := a.Verified(ctx, tx, by, verification.UnlockAccount, who, v); err != nil {
			return err
		}
		if err := tx.ForgetAttempts(ctx, customerTries(c.Email, "").account); err != nil {
			return err
		}
		person, err := tx.Contact(ctx, who)
		if err != nil {
			return err
		}
		o := audit.Of("customer", c.ID, person.Name)
		return tx.Audit(ctx, audit.By(by, a.Now(), "customer.unlock", o, map[string]any{"verified": verified, "verification": v.String()}))
	})
	if err != nil {
		return Standing{}, err
	}
	return a.StandingOf(ctx, by, who)
}
