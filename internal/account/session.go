package account

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/secret"
	"yingda/internal/kit/serve"
	"yingda/internal/store"
)

// Cookie is the name of the cookie that holds a session's token.
const Cookie = "yingda_session"

var (
	errMissing = fault.New(fault.Unsigned, "session.missing", "sign in first")
	errExpired = fault.New(fault.Unsigned, "session.expired", "your session has ended; sign in again")
	errKey     = fault.New(fault.Unsigned, "key.invalid", "this API key is unknown, expired or revoked")
)

// Authenticate returns who makes a request: an agent by the session's cookie,
// or an integration by its key.
func (a *Account) Authenticate(r *http.Request) (agent.Actor, error) {
	by, _, err := a.Identify(r)
	return by, err
}

// Identify is Authenticate that also returns the session. With a key there is
// none, and it is zero. Whoever shows a key is never let in by a cookie.
func (a *Account) Identify(r *http.Request) (by agent.Actor, s access.Session, err error) {
	if scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		by, err = a.ByKey(r.Context(), key)
	} else { // other schemes are for a proxy before us
		c, noCookie := r.Cookie(Cookie)
		if noCookie != nil || c.Value == "" {
			return by, s, errMissing
		}
		by, s, err = a.BySession(r.Context(), c.Value)
	}
	by.Address = serve.Address(r.Context())
	return by, s, err
}

// BySession returns the agent, and the session, that a token belongs to, and
// notes that both were seen.
func (a *Account) BySession(ctx context.Context, token string) (agent.Actor, access.Session, error) {
	fingerprint, now := secret.Fingerprint(token), a.Now()
	known, ok := a.cache.get(fingerprint, now)
	if !ok {
		var err error
		began := a.cache.began()
		if known, err = a.findSession(ctx, fingerprint); err != nil {
			return agent.Actor{}, access.Session{}, err
		}
		a.cache.put(fingerprint, known, began, now)
	}
	if !known.session.Valid(now) {
		return agent.Actor{}, access.Session{}, errExpired
	}
	if seen, worth := known.session.Seen(now); worth {
		known.session = seen
		a.cache.see(fingerprint, known)
		note(ctx, a.DB.Update(ctx, func(tx *store.Tx) error { return tx.SeeSession(ctx, seen) }))
	}
	return known.actor, known.session, nil
}

func (a *Account) findSession(ctx context.Context, fingerprint string) (known, error) {
	s, ok, err := a.DB.Now().Session(ctx, fingerprint)
	if err != nil || !ok {
		return known{}, orElse(err, errExpired)
	}
	by, ok, err := a.DB.Now().Actor(ctx, s.Agent)
	if err != nil || !ok {
		return known{}, orElse(err, errExpired)
	}
	return known{actor: by, session: s}, nil
}

// ByKey returns who acts when an API key is shown, and notes that it was used.
func (a *Account) ByKey(ctx context.Context, key string) (agent.Actor, error) {
	if !strings.HasPrefix(key, access.KeyPrefix) {
		return agent.Actor{}, errKey
	}
	fingerprint, now := secret.Fingerprint(key), a.Now()
	known, ok := a.cache.get(fingerprint, now)
	if !ok {
		var err error
		began := a.cache.began()
		if known, err = a.findKey(ctx, fingerprint); err != nil {
			return agent.Actor{}, err
		}
		a.cache.put(fingerprint, known, began, now)
	}
	if !known.key.Valid(now) {
		return agent.Actor{}, errKey
	}
	if seen, worth := known.key.Seen(now); worth {
		known.key = seen
		a.cache.see(fingerprint, known)
		note(ctx, a.DB.Update(ctx, func(tx *store.Tx) error { return tx.SeeKey(ctx, seen) }))
	}
	return known.actor, nil
}

func (a *Account) findKey(ctx context.Context, fingerprint string) (known, error) {
	k, ok, err := a.DB.Now().Key(ctx, fingerprint)
	if err != nil || !ok {
		return known{}, orElse(err, errKey)
	}
	maker, ok, err := a.DB.Now().Actor(ctx, k.CreatedBy)
	if err != nil || !ok {
		return known{}, orElse(err, errKey)
	}
	return known{actor: k.Actor(maker), key: k}, nil
}

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// note logs that a visit could not be noted. That is no reason to send anyone
// away.
func note(ctx context.Context, err error) {
	if err != nil {
		slog.WarnContext(ctx, "a visit could not be noted", slog.Any("error", err))
	}
}

// SignOut ends the session that a token belongs to. A session that has ended
// already is fine.
func (a *Account) SignOut(ctx context.Context, token, address string) error {
	by, s, err := a.BySession(ctx, token)
	if fault.KindOf(err) == fault.Unsigned {
		return nil
	}
	if err != nil {
		return err
	}
	by.Address = address
	return a.EndSession(ctx, by, s.ID)
}

// Sessions returns the sessions of the actor, the one used last first.
func (a *Account) Sessions(ctx context.Context, by agent.Actor) ([]access.Session, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	return a.DB.Now().SessionsOf(ctx, by.Agent, a.Now())
}

// EndSession ends one of the actor's own sessions, and closes what is open in
// it.
func (a *Account) EndSession(ctx context.Context, by agent.Actor, id access.SessionID) error {
	if err := by.NeedPerson(); err != nil {
		return err
	}
	return a.update(ctx, func(tx *store.Tx) error {
		now := a.Now()
		if err := tx.EndSession(ctx, by.Agent, id); err != nil {
			return err
		}
		if err := tellEnded(ctx, tx, by.Agent, now, access.Session{ID: id}); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, now, "session.end", audit.Of("session", id, ""), nil))
	})
}

// endOthers ends all sessions of an agent but one, which may be zero.
func endOthers(ctx context.Context, tx *store.Tx, who agent.ID, keep access.SessionID, a *Account) error {
	now := a.Now()
	open, err := tx.SessionsOf(ctx, who, now)
	if err != nil {
		return err
	}
	if _, err := tx.EndSessions(ctx, who, keep); err != nil {
		return err
	}
	for _, s := range open {
		if s.ID != keep {
			if err := tellEnded(ctx, tx, who, now, s); err != nil {
				return err
			}
		}
	}
	return nil
}
