package access

import (
	"time"

	"yingda/internal/domain/contact"
	"yingda/internal/kit/id"
)

// CustomerID names the account of a customer.
type CustomerID = id.ID[customerNoun]

// CodeID names a one-time code.
type CodeID = id.ID[codeNoun]

type (
	customerNoun struct{}
	codeNoun     struct{}
)

func (customerNoun) Prefix() string { return "cu" }
func (codeNoun) Prefix() string     { return "cd" }

// Customer is the account with which one contact signs in to the public pages
// (R045). What is known of the person stands in the contact.
type Customer struct {
	ID        CustomerID
	Contact   contact.ID
	Email     string    // folded; no two accounts have the same
	ProvenAt  time.Time // when a code showed that the address is theirs; zero for never
	Password  string    // its hash; empty for who signs in by code only
	CreatedAt time.Time
	SeenAt    time.Time
}

// NewCustomer returns the account of a contact that begins now.
func NewCustomer(who contact.ID, email, hash string, now time.Time) Customer {
	return Customer{ID: id.New[customerNoun](now), Contact: who, Email: FoldEmail(email), Password: hash, CreatedAt: now, SeenAt: now}
}

// Proven returns the address if a code has shown that it is theirs, otherwise
// nothing. Only what was sent to a proven address is shown to its reader.
func (c Customer) Proven() string {
	if c.ProvenAt.IsZero() {
		return ""
	}
	return c.Email
}

// Prove returns the account after a code showed that the address belongs to
// who entered it, and whether that was news. Whoever opened the account before
// without showing it may be somebody else, so the password of then goes; the
// caller ends the sessions of then.
func (c Customer) Prove(now time.Time) (Customer, bool) {
	if !c.ProvenAt.IsZero() {
		return c, false
	}
	c.ProvenAt, c.Password = now, ""
	return c, true
}

// CustomerSession is one browser in which a customer is signed in. Its Agent
// is nobody.
type CustomerSession struct {
	Session
	Customer CustomerID
}

// NewCustomerSession returns a session that begins now.
func NewCustomerSession(c CustomerID, address, device string, now time.Time) CustomerSession {
	return CustomerSession{Session: NewSession(0, address, device, now), Customer: c}
}
