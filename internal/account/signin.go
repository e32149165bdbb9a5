package account

import (
	"context"
	"math"
	"time"

	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/remote"
	"yingda/internal/kit/secret"
	"yingda/internal/kit/serve"
	"yingda/internal/store"
)

// SignedIn is a session that has just begun. Its token is told once.
type SignedIn struct {
	Agent   agent.ID
	Session access.Session
	Token   string
}

// ErrWrong is the answer to a wrong password, an unknown address and a
// disabled account alike.
var ErrWrong = fault.New(fault.Unsigned, "login.wrong", "the e-mail address or the password is wrong")

// SignIn begins a session. After wrong passwords the account, and after more
// of them the address they came from, must wait, also with the right one: the
// error is then login.wait and says how long. It takes as long for an account
// that does not exist.
func (a *Account) SignIn(ctx context.Context, email, password string, from From) (in SignedIn, err error) {
	if have, err := a.DB.Now().AnyAgent(ctx); err != nil {
		return in, err
	} else if !have {
		return in, fault.New(fault.Unsigned, "login.nobody", "nobody works here yet; open the one-time link that the program printed when it started")
	}
	t := triesOf(email, from.Address)
	if err := a.begin(ctx, t); err != nil {
		return in, err
	}
	login, _, err := a.DB.Now().Login(ctx, access.FoldEmail(email))
	if err != nil {
		return in, err
	}
	right, err := isPassword(ctx, password, login)
	if err != nil {
		return in, err
	}
	if !right {
		o := audit.Of("agent", login.Agent, login.Name) // never what was typed: it may be a password
		return in, a.refuse(ctx, t, audit.By(agent.Actor{Address: from.Address}, a.Now(), "session.refuse", o, nil))
	}
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		now, err := tx.LoginOf(ctx, login.Agent)
		if err != nil {
			return err
		}
		if now.Disabled || now.Password != login.Password {
			return ErrWrong // it changed while we looked
		}
		if err := tx.ForgetAttempts(ctx, t.account); err != nil {
			return err
		}
		in, err = a.start(ctx, tx, now, from)
		return err
	})
	return in, err
}

// start begins a session in a transaction.
func (a *Account) start(ctx context.Context, tx *store.Tx, who access.Login, from From) (SignedIn, error) {
	now := a.Now()
	in := SignedIn{Agent: who.Agent, Session: access.NewSession(who.Agent, from.Address, from.Device, now), Token: secret.Token()}
	if err := tx.InsertSession(ctx, secret.Fingerprint(in.Token), in.Session); err != nil {
		return in, err
	}
	if err := tx.SeeSession(ctx, in.Session); err != nil {
		return in, err
	}
	by := agent.Actor{Agent: who.Agent, Name: who.Name, Address: from.Address}
	return in, tx.Audit(ctx, audit.By(by, now, "session.start", audit.Of("session", in.Session.ID, ""), map[string]any{"device": in.Session.Device}))
}

// isPassword takes as long for those who cannot sign in at all.
func isPassword(ctx context.Context, password string, login access.Login) (bool, error) {
	if !login.Works() {
		login.Password = ""
	}
	return isHashed(ctx, password, login.Password)
}

// isHashed takes as long where there is no hash, and for a password that is
// too long to be one.
func isHashed(ctx context.Context, password, hash string) (bool, error) {
	if len(password) > 4*access.LongestPassword {
		password, hash = "", ""
	}
	return secret.IsPassword(ctx, password, hash)
}

// tries are the names under which wrong passwords are counted. They are
// fingerprints: whatever a stranger types takes the same little space.
type tries struct{ account, address string }

func triesOf(email, address string) tries {
	t := tries{account: "account:" + secret.Fingerprint(access.FoldEmail(email))}
	if address != "" {
		t.address = "address:" + remote.Network(address)
	}
	return t
}

// begin counts a failure of the account before the password is looked at;
// success takes it back. So many who try at once cannot all pass before the
// first of them is counted.
func (a *Account) begin(ctx context.Context, t tries) error {
	now := a.Now()
	for _, name := range []string{t.account, t.address} { // who must wait costs no write
		at, err := a.DB.Now().Attempts(ctx, name)
		if err != nil {
			return err
		}
		if err := waits(at, now); err != nil {
			return err
		}
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		at, err := tx.HoldAttempts(ctx, t.account)
		if err != nil {
			return err
		}
		if err := waits(at, now); err != nil {
			return err
		}
		return tx.SaveAttempts(ctx, t.account, at.Failed(access.FreeOfAccount, now))
	})
}

func waits(at access.Attempts, now time.Time) error {
	return waiting(at, now, func(seconds int) *fault.Error {
		return fault.New(fault.Busy, "login.wait", "too many wrong passwords; wait %d seconds and try again", seconds)
	})
}

// waiting returns the error that say makes, if nobody may try now.
func waiting(at access.Attempts, now time.Time, say func(seconds int) *fault.Error) error {
	wait := at.Wait(now)
	if wait == 0 {
		return nil
	}
	return say(int(math.Ceil(wait.Seconds()))).Because(serve.Wait(wait))
}

// refuse counts a failure of the address, writes the entry, and returns
// ErrWrong. It does the same work for an account that does not exist.
func (a *Account) refuse(ctx context.Context, t tries, entry audit.Entry) error {
	err := a.DB.Update(ctx, func(tx *store.Tx) error {
		if t.address != "" {
			at, err := tx.HoldAttempts(ctx, t.address)
			if err != nil {
				return err
			}
			if err := tx.SaveAttempts(ctx, t.address, at.Failed(access.FreeOfAddress, a.Now())); err != nil {
				return err
			}
		}
		return tx.Audit(ctx, entry)
	})
	if err != nil {
		return err
	}
	return ErrWrong
}
