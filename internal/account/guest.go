package account

import (
	"context"
	"net/http"

	"yingda/internal/domain/access"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/secret"
	"yingda/internal/store"
)

// CustomerCookie is the name of the cookie that holds the token of a
// customer's session.
const CustomerCookie = "yingda_customer"

// Guest returns the customer who makes a request, and notes that they were
// seen; errors of the kind fault.Unsigned mean that nobody is signed in.
func (a *Account) Guest(r *http.Request) (Guest, error) {
	c, noCookie := r.Cookie(CustomerCookie)
	if noCookie != nil || c.Value == "" {
		return Guest{}, errMissing
	}
	return a.CustomerBySession(r.Context(), c.Value)
}

// CustomerBySession returns the customer to whom a token belongs.
func (a *Account) CustomerBySession(ctx context.Context, token string) (g Guest, err error) {
	now := a.Now()
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		var ok bool
		if g.Session, ok, err = tx.CustomerSession(ctx, secret.Fingerprint(token)); err != nil || !ok || !g.Session.Valid(now) {
			return orElse(err, errExpired)
		}
		if g.Customer, ok, err = tx.Customer(ctx, g.Session.Customer); err != nil || !ok {
			return orElse(err, errExpired)
		}
		g.Contact, err = tx.Contact(ctx, g.Customer.Contact)
		return err
	})
	if err != nil {
		return Guest{}, err
	}
	if seen, worth := g.Session.Seen(now); worth {
		g.Session.Session = seen
		note(ctx, a.DB.Update(ctx, func(tx *store.Tx) error { return tx.SeeCustomerSession(ctx, g.Session) }))
	}
	return g, nil
}

// CustomerSessions returns where a customer is signed in, the one used last
// first.
func (a *Account) CustomerSessions(ctx context.Context, g Guest) ([]access.CustomerSession, error) {
	return a.DB.Now().CustomerSessions(ctx, g.Customer.ID, a.Now())
}

// EndCustomerSession ends one of a customer's own sessions.
func (a *Account) EndCustomerSession(ctx context.Context, g Guest, i access.SessionID, from From) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.EndCustomerSession(ctx, g.Customer.ID, i); err != nil {
			return err
		}
		return tx.Audit(ctx, byCustomer(g.Contact, from, a.Now(), "customer.sign_out", g.Customer, map[string]any{"session": i.String()}))
	})
}

// CustomerSignOut ends the session that a token belongs to. A session that has
// ended already is fine.
func (a *Account) CustomerSignOut(ctx context.Context, token string, from From) error {
	g, err := a.CustomerBySession(ctx, token)
	if err == nil {
		err = a.EndCustomerSession(ctx, g, g.Session.ID, from)
	}
	if kind := fault.KindOf(err); kind == fault.Unsigned || kind == fault.NotFound {
		return nil
	}
	return err
}
