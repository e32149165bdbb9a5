package account

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"yingda/internal/domain/access"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/secret"
	"yingda/internal/store"
)

// AskSignUp sends a code that opens an account when it is entered. The ticket
// that it returns belongs to the browser that asked; without it the code is of
// no use. Where there is an account already, the answer is the same, and the
// code signs in to it.
func (a *Account) AskSignUp(ctx context.Context, n NewCustomer, from From) (ticket string, err error) {
	n.Email, n.Name = access.FoldEmail(n.Email), strings.TrimSpace(n.Name)
	if err := n.Check(); err != nil {
		return "", err
	}
	if err := a.mayAsk(ctx, n.Email, from); err != nil {
		return "", err // before anything costly
	}
	s := access.CodeSecret{Name: n.Name}
	if n.Password != "" {
		if s.Password, err = secret.HashPassword(ctx, n.Password); err != nil {
			return "", err
		}
	}
	return a.writeCode(ctx, access.NewCode(access.ToSignUp, 0, n.Email, n.Language, s, a.Now()), from)
}

// AskCode sends a code that signs in (ToSignIn) or sets a new password
// (ToResetPassword). The answer is the same for an address that has no
// account; the letter that comes there says so.
func (a *Account) AskCode(ctx context.Context, p access.Purpose, email, language string, from From) (ticket string, err error) {
	if p != access.ToSignIn && p != access.ToResetPassword {
		return "", fmt.Errorf("a code for %q cannot be asked for by address", p)
	}
	email = access.FoldEmail(email)
	if !contact.IsEmail(email) {
		return "", fault.New(fault.Invalid, "contact.email", "this is not an e-mail address").In("email")
	}
	c, _, err := a.DB.Now().CustomerByEmail(ctx, email)
	if err != nil {
		return "", err
	}
	return a.ask(ctx, access.NewCode(p, c.ID, email, language, access.CodeSecret{}, a.Now()), from)
}

// AskProof sends a code to the address of an account that was opened without
// one.
func (a *Account) AskProof(ctx context.Context, g Guest, from From) (ticket string, err error) {
	return a.ask(ctx, access.NewCode(access.ToProveEmail, g.Customer.ID, g.Customer.Email, g.Contact.Language, access.CodeSecret{}, a.Now()), from)
}

// AskPhone sends a code to a customer's proven address, that changes the phone
// number when it is entered (R151).
func (a *Account) AskPhone(ctx context.Context, g Guest, phone string, from From) (ticket string, err error) {
	phone = strings.TrimSpace(phone)
	if phone != "" && !contact.IsPhone(phone) {
		return "", fault.New(fault.Invalid, "contact.phone", "this is not a phone number; write digits, with + and the country for numbers abroad").In("phone")
	}
	if g.Customer.Proven() == "" {
		return "", errNotProven
	}
	return a.ask(ctx, access.NewCode(access.ToChangePhone, g.Customer.ID, g.Customer.Email, g.Contact.Language, access.CodeSecret{Phone: phone}, a.Now()), from)
}

var errNotProven = fault.New(fault.Conflict, "customer.unproven", "show first that your present e-mail address is yours: enter the code that we send there")

// AskEmail sends two codes, to a customer's present address and to a new one.
// Both together change the address (R151).
func (a *Account) AskEmail(ctx context.Context, g Guest, email string, from From) (ticket string, err error) {
	email = access.FoldEmail(email)
	switch {
	case !contact.IsEmail(email):
		return "", fault.New(fault.Invalid, "contact.email", "this is not an e-mail address").In("email")
	case email == g.Customer.Email:
		return "", fault.New(fault.Invalid, "customer.same_email", "this is your address already").In("email")
	case g.Customer.Proven() == "":
		return "", errNotProven
	}
	c := access.NewCode(access.ToChangeEmail, g.Customer.ID, email, g.Contact.Language, access.CodeSecret{}, a.Now())
	c.OldEmail = g.Customer.Email
	return a.ask(ctx, c, from)
}

// ask writes a code, if one may be asked for, and returns its ticket.
func (a *Account) ask(ctx context.Context, c access.Code, from From) (ticket string, err error) {
	if err := a.mayAsk(ctx, c.Email, from); err != nil {
		return "", err
	}
	return a.writeCode(ctx, c, from)
}

// mayAsk counts a code that is asked for, before anything is done for it. One
// destination gets few of them, and one network asks for few.
func (a *Account) mayAsk(ctx context.Context, email string, from From) error {
	if !a.CodesWork() {
		return errNoCodes
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error { return a.rare(ctx, tx, email, customerTries(email, from.Address).address) })
}

// writeCode writes a code and the letters that bring it, and returns its ticket.
func (a *Account) writeCode(ctx context.Context, c access.Code, from From) (ticket string, err error) {
	now := a.Now()
	ticket = secret.Token()
	c.Secret.Digits = secret.Digits(access.CodeDigits)
	if c.OldEmail != "" {
		c.Secret.OldDigits = secret.Digits(access.CodeDigits)
	}
	sealed, err := json.Marshal(c.Secret) //nolint:gosec // it is sealed before it is kept
	if err != nil {
		return "", err
	}
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.InsertCode(ctx, secret.Fingerprint(ticket), c, a.Seal.Seal(sealed)); err != nil {
			return err
		}
		if err := a.sendCode(ctx, tx, c); err != nil {
			return err
		}
		o := audit.Of("customer", c.Customer, "")
		return tx.Audit(ctx, audit.ByContact("", contact.MaskEmail(c.Email), from.Address, now, "customer.code", o, map[string]any{"purpose": string(c.Purpose)}))
	})
	return ticket, err
}

var errNoCodes = fault.New(fault.Conflict, "code.off", "codes by e-mail are not set up here; use your password")

// rare counts a code for a destination and for a network.
func (a *Account) rare(ctx context.Context, tx *store.Tx, email, network string) error {
	now := a.Now()
	count := func(name string, next func(access.Attempts) access.Attempts) error {
		at, err := tx.HoldAttempts(ctx, name)
		if err != nil {
			return err
		}
		if at.Wait(now) > 0 {
			return waitForCode(at, now)
		}
		return tx.SaveAttempts(ctx, name, next(at))
	}
	if network != "" {
		if err := count("code-"+network, func(at access.Attempts) access.Attempts { return at.Failed(access.FreeOfAddress, now) }); err != nil {
			return err
		}
	}
	return count("code:"+secret.Fingerprint(email), func(at access.Attempts) access.Attempts { return at.Asked(now) })
}

func waitForCode(at access.Attempts, now time.Time) error {
	return waiting(at, now, func(seconds int) *fault.Error {
		return fault.New(fault.Busy, "code.wait", "a code was sent a moment ago; wait %d seconds before you ask for another", seconds)
	})
}

// Asked is what a ticket is for, as the browser that holds it may be told.
type Asked struct {
	Purpose  access.Purpose
	Email    string // masked
	OldEmail string // masked; empty unless two codes are wanted
	Until    time.Time
}

// Asked returns what a ticket is for, or access.ErrCodeGone.
func (a *Account) Asked(ctx context.Context, ticket string) (Asked, error) {
	c, _, err := a.DB.Now().Code(ctx, secret.Fingerprint(ticket))
	if err == nil {
		err = c.Check(a.Now())
	}
	if err != nil {
		return Asked{}, err
	}
	return Asked{Purpose: c.Purpose, Email: contact.MaskEmail(c.Email), OldEmail: contact.MaskEmail(c.OldEmail), Until: c.ExpiresAt}, nil
}

// AskAgain sends another code for the same purpose, also when the one before
// has expired, and returns its ticket. The code before stays as it is.
func (a *Account) AskAgain(ctx context.Context, ticket string, from From) (string, error) {
	c, sealed, err := a.DB.Now().Code(ctx, secret.Fingerprint(ticket))
	if err == nil && !c.UsedAt.IsZero() {
		err = access.ErrCodeGone
	}
	if err != nil {
		return "", err
	}
	if err := a.unseal(&c, sealed); err != nil {
		return "", err
	}
	again := access.NewCode(c.Purpose, c.Customer, c.Email, c.Language, c.Secret, a.Now())
	again.OldEmail = c.OldEmail
	return a.ask(ctx, again, from)
}

func (a *Account) unseal(c *access.Code, sealed string) error {
	b, err := a.Seal.Open(sealed)
	if err != nil {
		return fmt.Errorf("the secret of code %s: %w", c.ID, err)
	}
	return json.Unmarshal(b, &c.Secret)
}

// Entered is what somebody types where a code is asked for.
type Entered struct {
	Code     string
	OldCode  string // with ToChangeEmail: the one that came to the address of before
	Password string // with ToResetPassword: the new one
}

// EnterCode does what a code is for, if it is right. Whoever opens an account,
// signs in or sets a password is signed in then; for the others Welcome is
// zero.
func (a *Account) EnterCode(ctx context.Context, ticket string, e Entered, from From) (p access.Purpose, in Welcome, err error) {
	hash := ""
	finger := secret.Fingerprint(ticket)
	look, _, err := a.DB.Now().Code(ctx, finger)
	if err != nil {
		return "", in, err
	}
	if look.Purpose == access.ToResetPassword {
		if err := access.CheckPassword(e.Password); err != nil {
			return look.Purpose, in, err // before the code is used up
		}
		if err := look.Check(a.Now()); err != nil {
			return look.Purpose, in, err // before anything costly
		}
		if hash, err = secret.HashPassword(ctx, e.Password); err != nil {
			return look.Purpose, in, err
		}
	}
	var wrong error
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		c, sealed, err := tx.HoldCode(ctx, finger)
		if err != nil {
			return err
		}
		if err := a.unseal(&c, sealed); err != nil {
			return err
		}
		c, wrong = c.Enter(e.Code, e.OldCode, a.Now())
		if err := tx.SaveCode(ctx, c); err != nil || wrong != nil {
			return err // a wrong try is kept
		}
		in, err = a.proven(ctx, tx, c, hash, from)
		return err
	})
	return look.Purpose, in, orElse(err, wrong)
}

// proven does what a code is for.
func (a *Account) proven(ctx context.Context, tx *store.Tx, code access.Code, hash string, from From) (in Welcome, err error) {
	if code.Purpose == access.ToSignUp {
		c, have, err := tx.CustomerByEmail(ctx, code.Email)
		if err != nil {
			return in, err
		}
		if !have {
			return a.openProven(ctx, tx, code, from)
		}
		code.Customer = c.ID
	}
	c, have, err := tx.Customer(ctx, code.Customer)
	if err != nil || !have {
		return in, orElse(err, access.ErrCodeGone)
	}
	who, err := tx.Contact(ctx, c.Contact)
	if err != nil {
		return in, err
	}
	switch code.Purpose {
	case access.ToProveEmail:
		return in, a.proveAtHome(ctx, tx, c, who, code, from)
	case access.ToChangeEmail:
		return in, a.moveEmail(ctx, tx, c, who, code, from)
	case access.ToChangePhone:
		return in, a.movePhone(ctx, tx, c, who, code.Secret.Phone, from)
	case access.ToSignUp, access.ToSignIn, access.ToResetPassword:
	}
	if c.Email != code.Email {
		return in, access.ErrCodeGone // the account has another address since
	}
	if c, err = a.prove(ctx, tx, c, who, code, from); err != nil {
		return in, err
	}
	if code.Purpose == access.ToResetPassword {
		if err := a.setCustomerPassword(ctx, tx, c, who, hash, 0, from); err != nil {
			return in, err
		}
		c.Password = hash
	}
	if err := tx.ForgetAttempts(ctx, customerTries(c.Email, "").account); err != nil {
		return in, err
	}
	return a.welcome(ctx, tx, c, who, from)
}

// openProven opens the account that a code was asked for.
func (a *Account) openProven(ctx context.Context, tx *store.Tx, code access.Code, from From) (Welcome, error) {
	c := access.NewCustomer(0, code.Email, code.Secret.Password, a.Now())
	c.ProvenAt = a.Now()
	c, who, err := a.openCustomer(ctx, tx, c, NewCustomer{Name: code.Secret.Name, Language: code.Language}, from)
	if err != nil {
		return Welcome{}, err
	}
	return a.welcome(ctx, tx, c, who, from)
}

// prove notes that the address of an account belongs to who entered the code.
// What somebody did before without showing that ends.
func (a *Account) prove(ctx context.Context, tx *store.Tx, c access.Customer, who contact.Contact, code access.Code, from From) (access.Customer, error) {
	c, news := c.Prove(a.Now())
	if !news {
		return c, nil
	}
	if code.Purpose == access.ToSignUp {
		c.Password = code.Secret.Password
	}
	if err := tx.SaveCustomer(ctx, c); err != nil {
		return c, err
	}
	if _, err := tx.EndCustomerSessions(ctx, c.ID, 0); err != nil {
		return c, err
	}
	return c, tx.Audit(ctx, byCustomer(who, from, a.Now(), "customer.prove", c, nil))
}

// proveAtHome is prove for somebody who is signed in: the password is theirs
// and stays.
func (a *Account) proveAtHome(ctx context.Context, tx *store.Tx, c access.Customer, who contact.Contact, code access.Code, from From) error {
	if c.Email != code.Email {
		return access.ErrCodeGone
	}
	if !c.ProvenAt.IsZero() {
		return nil
	}
	c.ProvenAt = a.Now()
	if err := tx.SaveCustomer(ctx, c); err != nil {
		return err
	}
	return tx.Audit(ctx, byCustomer(who, from, a.Now(), "customer.prove", c, nil))
}

// moveEmail gives an account its new address.
func (a *Account) moveEmail(ctx context.Context, tx *store.Tx, c access.Customer, who contact.Contact, code access.Code, from From) error {
	if c.Email != code.OldEmail {
		return access.ErrCodeGone // it was changed meanwhile
	}
	if _, taken, err := tx.CustomerByEmail(ctx, code.Email); err != nil || taken {
		return orElse(err, fault.New(fault.Conflict, "customer.taken_both", "another account has this address already; sign in to that one, or ask us to help").In("email"))
	}
	now := a.Now()
	c.Email, c.ProvenAt = code.Email, now
	if err := tx.SaveCustomer(ctx, c); err != nil {
		return err
	}
	if err := tx.VoidCodesOf(ctx, c.ID, now); err != nil {
		return err
	}
	is := who
	is.Email = code.Email
	if err := tx.SaveContact(ctx, who, is); err != nil {
		return err
	}
	detail := map[string]any{"from": contact.MaskEmail(code.OldEmail), "to": contact.MaskEmail(code.Email)}
	return tx.Audit(ctx, byCustomer(who, from, now, "customer.email", c, detail))
}

func (a *Account) movePhone(ctx context.Context, tx *store.Tx, c access.Customer, who contact.Contact, phone string, from From) error {
	is := who
	is.Phone = phone
	if err := tx.SaveContact(ctx, who, is); err != nil {
		return err
	}
	detail := map[string]any{"from": contact.MaskPhone(who.Phone), "to": contact.MaskPhone(phone)}
	return tx.Audit(ctx, byCustomer(who, from, a.Now(), "customer.phone", c, detail))
}
