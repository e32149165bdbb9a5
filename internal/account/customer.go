package account

import (
	"context"
	"strings"
	"time"

	"yingda/internal/domain/access"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/secret"
	"yingda/internal/store"
)

// Guest is a customer who is signed in on the public pages: the account, the
// person it belongs to, and the browser.
type Guest struct {
	Customer access.Customer
	Contact  contact.Contact
	Session  access.CustomerSession
}

// Welcome is a session of a customer that has just begun. Its token is told
// once.
type Welcome struct {
	Customer access.Customer
	Session  access.CustomerSession
	Token    string
}

// NewCustomer is what somebody tells us to open an account.
type NewCustomer struct {
	Name     string
	Email    string
	Password string // empty: they sign in by code only
	Language string
}

// CodesWork reports whether one-time codes can be sent.
func (a *Account) CodesWork() bool { return a.Post.Open() }

// Check says what is wrong with what was typed.
func (n NewCustomer) Check() error {
	c := contact.Contact{Name: n.Name, Email: n.Email, Language: n.Language}
	switch {
	case strings.TrimSpace(n.Name) == "":
		return fault.New(fault.Invalid, "customer.name", "tell us what to call you").In("name")
	case n.Email == "":
		return fault.New(fault.Invalid, "contact.email", "this is not an e-mail address").In("email")
	}
	if err := c.Check(); err != nil {
		return err
	}
	if n.Password == "" {
		return nil
	}
	return access.CheckPassword(n.Password)
}

// SignUp opens an account where no codes can be sent: with a password, and
// with an address that nobody has shown to be theirs. Where codes can be sent,
// AskSignUp is the way.
func (a *Account) SignUp(ctx context.Context, n NewCustomer, from From) (in Welcome, err error) {
	n.Email, n.Name = access.FoldEmail(n.Email), strings.TrimSpace(n.Name)
	if a.CodesWork() {
		return in, fault.New(fault.Conflict, "customer.code_first", "show first that the e-mail address is yours: ask for a code")
	}
	if err := n.Check(); err != nil {
		return in, err
	}
	if err := access.CheckPassword(n.Password); err != nil {
		return in, err
	}
	if err := a.slowDown(ctx, customerTries(n.Email, from.Address)); err != nil {
		return in, err
	}
	hash, err := secret.HashPassword(ctx, n.Password)
	if err != nil {
		return in, err
	}
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if _, have, err := tx.CustomerByEmail(ctx, n.Email); err != nil || have {
			return orElse(err, fault.New(fault.Conflict, "customer.taken", "there is an account with this address already; sign in, or ask us to help").In("email"))
		}
		c, who, err := a.openCustomer(ctx, tx, access.NewCustomer(0, n.Email, hash, a.Now()), n, from)
		if err != nil {
			return err
		}
		in, err = a.welcome(ctx, tx, c, who, from)
		return err
	})
	return in, err
}

// openCustomer writes a new account and the contact that it belongs to: whom
// a host site vouches for under the proven address, or someone new. A contact
// who merely typed the address in a chat may be anybody.
func (a *Account) openCustomer(ctx context.Context, tx *store.Tx, c access.Customer, n NewCustomer, from From) (access.Customer, contact.Contact, error) {
	now := a.Now()
	var who contact.Contact
	known := false
	if c.Proven() != "" {
		var err error
		if who, known, err = tx.SignedContact(ctx, c.Email); err != nil {
			return c, who, err
		}
	}
	if !known {
		who = contact.Contact{ID: contact.NewID(now), Name: n.Name, Email: c.Email, Language: n.Language, CreatedAt: now, LastSeenAt: now}
		if err := tx.InsertContact(ctx, who); err != nil {
			return c, who, err
		}
	}
	c.Contact = who.ID
	if err := tx.InsertCustomer(ctx, c); err != nil {
		return c, who, err
	}
	detail := map[string]any{"proven": c.Proven() != "", "known_contact": known, "password": c.Password != ""}
	return c, who, tx.Audit(ctx, byCustomer(who, from, now, "customer.open", c, detail))
}

// byCustomer is an entry for what a customer does to the account.
func byCustomer(who contact.Contact, from From, now time.Time, action string, c access.Customer, detail map[string]any) audit.Entry {
	return audit.ByContact(who.ID.String(), who.Name, from.Address, now, action, audit.Of("customer", c.ID, who.Name), detail)
}

// welcome begins a session in a transaction.
func (a *Account) welcome(ctx context.Context, tx *store.Tx, c access.Customer, who contact.Contact, from From) (Welcome, error) {
	now := a.Now()
	in := Welcome{Customer: c, Session: access.NewCustomerSession(c.ID, from.Address, from.Device, now), Token: secret.Token()}
	if err := tx.InsertCustomerSession(ctx, secret.Fingerprint(in.Token), in.Session); err != nil {
		return in, err
	}
	if err := tx.SeeCustomerSession(ctx, in.Session); err != nil {
		return in, err
	}
	return in, tx.Audit(ctx, byCustomer(who, from, now, "customer.sign_in", c, map[string]any{"device": in.Session.Device}))
}

// CustomerSignIn begins a session of a customer by password. It waits after
// wrong passwords, and answers an address that nobody has, exactly as SignIn
// does for agents.
func (a *Account) CustomerSignIn(ctx context.Context, email, password string, from From) (in Welcome, err error) {
	t := customerTries(email, from.Address)
	if err := a.begin(ctx, t); err != nil {
		return in, err
	}
	c, _, err := a.DB.Now().CustomerByEmail(ctx, access.FoldEmail(email))
	if err != nil {
		return in, err
	}
	right, err := isHashed(ctx, password, c.Password)
	if err != nil {
		return in, err
	}
	if !right {
		o := audit.Of("customer", c.ID, "")
		return in, a.refuse(ctx, t, audit.ByContact(c.Contact.String(), "", from.Address, a.Now(), "customer.refuse", o, nil))
	}
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		now, have, err := tx.Customer(ctx, c.ID)
		if err != nil {
			return err
		}
		if !have || now.Password != c.Password || now.Email != c.Email {
			return ErrWrong // it changed while we looked
		}
		if err := tx.ForgetAttempts(ctx, t.account); err != nil {
			return err
		}
		who, err := tx.Contact(ctx, now.Contact)
		if err != nil {
			return err
		}
		in, err = a.welcome(ctx, tx, now, who, from)
		return err
	})
	return in, err
}

// customerTries are the names under which wrong passwords of customers are
// counted. Behind one network, those of agents count too.
func customerTries(email, address string) tries {
	t := triesOf(email, address)
	t.account = "customer:" + secret.Fingerprint(access.FoldEmail(email))
	return t
}

// slowDown counts an act of a network that should be rare, and says how long
// the network must wait when it is not.
func (a *Account) slowDown(ctx context.Context, t tries) error {
	if t.address == "" {
		return nil
	}
	now := a.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		at, err := tx.HoldAttempts(ctx, t.address)
		if err != nil {
			return err
		}
		if err := waits(at, now); err != nil {
			return err
		}
		return tx.SaveAttempts(ctx, t.address, at.Failed(access.FreeOfAddress, now))
	})
}

// Profile is what customers may change of themselves without more ado.
type Profile struct{ Name, Language string }

// EditProfile changes what we call a customer, and in which language.
func (a *Account) EditProfile(ctx context.Context, g Guest, p Profile, from From) error {
	p.Name = strings.TrimSpace(p.Name)
	if err := (NewCustomer{Name: p.Name, Email: g.Customer.Email, Language: p.Language}).Check(); err != nil {
		return err
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.Contact(ctx, g.Contact.ID)
		if err != nil {
			return err
		}
		is := was
		is.Name, is.Language = p.Name, p.Language
		changes := audit.Changes{}
		audit.Add(changes, "name", was.Name, is.Name)
		audit.Add(changes, "language", was.Language, is.Language)
		if len(changes) == 0 {
			return nil
		}
		if err := tx.SaveContact(ctx, was, is); err != nil {
			return err
		}
		return tx.Audit(ctx, byCustomer(is, from, a.Now(), "customer.change", g.Customer, changes))
	})
}

// ChangeCustomerPassword sets another password and ends all other sessions. It
// wants the old one, if there is one; without one, a code (ToResetPassword) is
// the way.
func (a *Account) ChangeCustomerPassword(ctx context.Context, g Guest, old, fresh string, from From) error {
	if err := access.CheckPassword(fresh); err != nil {
		return err
	}
	t := customerTries(g.Customer.Email, from.Address)
	if err := a.begin(ctx, t); err != nil {
		return err
	}
	right, err := isHashed(ctx, old, g.Customer.Password)
	if err != nil {
		return err
	}
	if !right {
		err := a.refuse(ctx, t, byCustomer(g.Contact, from, a.Now(), "customer.refuse", g.Customer, nil))
		if err != ErrWrong { //nolint:errorlint // refuse returns it as it is
			return err
		}
		return ErrOldPassword.In("old")
	}
	hash, err := secret.HashPassword(ctx, fresh)
	if err != nil {
		return err
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		c, have, err := tx.Customer(ctx, g.Customer.ID)
		if err != nil {
			return err
		}
		if !have || c.Password != g.Customer.Password {
			return ErrWrong // it changed while we looked
		}
		if err := tx.ForgetAttempts(ctx, t.account); err != nil {
			return err
		}
		return a.setCustomerPassword(ctx, tx, c, g.Contact, hash, g.Session.ID, from)
	})
}

// setCustomerPassword writes a password and ends what was begun with the one
// before, but for one session, which may be zero.
func (a *Account) setCustomerPassword(ctx context.Context, tx *store.Tx, c access.Customer, who contact.Contact, hash string, keep access.SessionID, from From) error {
	c.Password = hash
	if err := tx.SaveCustomer(ctx, c); err != nil {
		return err
	}
	if err := tx.VoidCodesOf(ctx, c.ID, a.Now()); err != nil {
		return err
	}
	if _, err := tx.EndCustomerSessions(ctx, c.ID, keep); err != nil {
		return err
	}
	return tx.Audit(ctx, byCustomer(who, from, a.Now(), "customer.password", c, nil))
}
