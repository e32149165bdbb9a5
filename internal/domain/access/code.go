package access

import (
	"crypto/subtle"
	"strings"
	"time"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// Purpose is what a one-time code is for.
type Purpose string

// The purposes of a code.
const (
	ToSignUp        Purpose = "sign_up"
	ToSignIn        Purpose = "sign_in"
	ToResetPassword Purpose = "reset"
	ToProveEmail    Purpose = "prove" // of an account that was opened without a code
	ToChangeEmail   Purpose = "email" // takes two codes: to the address of before and to the new one (R151)
	ToChangePhone   Purpose = "phone"
)

// What holds for every code (R090).
const (
	CodeDigits = 6
	CodeLife   = 5 * time.Minute
	CodeTries  = 5
)

// Code is a number that was sent to an address. Who enters it in the browser
// that asked for it has shown that the address is theirs.
type Code struct {
	ID        CodeID
	Purpose   Purpose
	Customer  CustomerID // nobody with ToSignUp, and where the address has no account
	Email     string     // where it was sent
	OldEmail  string     // with ToChangeEmail: where the other one was sent
	Language  string
	Secret    CodeSecret
	Tries     int // wrong ones
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time
}

// CodeSecret is what is stored sealed: the digits, and what is done when they
// are right.
type CodeSecret struct {
	Digits    string `json:"digits"`
	OldDigits string `json:"old_digits,omitempty"` // those sent to the address of before
	Name      string `json:"name,omitempty"`       // with ToSignUp
	Password  string `json:"password,omitempty"`   // with ToSignUp: its hash
	Phone     string `json:"phone,omitempty"`      // with ToChangePhone
}

// NewCode returns a code that begins now. Its digits come from outside.
func NewCode(p Purpose, c CustomerID, email, language string, secret CodeSecret, now time.Time) Code {
	return Code{
		ID: id.New[codeNoun](now), Purpose: p, Customer: c, Email: FoldEmail(email), Language: language, Secret: secret,
		CreatedAt: now, ExpiresAt: now.Add(CodeLife),
	}
}

// What is wrong with a code that somebody entered.
var (
	ErrCodeGone  = fault.New(fault.NotFound, "code.gone", "this code no longer works: it was used, it is older than 5 minutes, or there were too many wrong tries; ask for a new one")
	errCodeWrong = fault.New(fault.Invalid, "code.wrong", "this is not the code that we sent; check it and try again").In("code")
	errOldWrong  = fault.New(fault.Invalid, "code.wrong_old", "this is not the code that we sent to your present address; check it and try again").In("old_code")
)

// Check returns ErrCodeGone if nothing that is entered can be right any more.
func (c Code) Check(now time.Time) error {
	if !c.UsedAt.IsZero() || !now.Before(c.ExpiresAt) || c.Tries >= CodeTries {
		return ErrCodeGone
	}
	return nil
}

// Enter returns the code after somebody entered digits, and what is wrong with
// them; the code must be kept either way. A code for an account that does not
// exist is never right, and says so in the same way.
func (c Code) Enter(digits, oldDigits string, now time.Time) (Code, error) {
	if err := c.Check(now); err != nil {
		return c, err
	}
	right := same(digits, c.Secret.Digits) && (c.Purpose == ToSignUp || !c.Customer.IsZero())
	oldRight := c.OldEmail == "" || same(oldDigits, c.Secret.OldDigits)
	if right && oldRight {
		c.UsedAt = now
		return c, nil
	}
	if c.Tries++; c.Tries >= CodeTries {
		return c, ErrCodeGone
	}
	if right {
		return c, errOldWrong
	}
	return c, errCodeWrong
}

func same(typed, want string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(FoldDigits(typed)), []byte(want)) == 1
}

// FoldDigits returns what was typed as a code is written: people type spaces
// between digits, and Chinese keyboards write them wide.
func FoldDigits(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == ' ' || r == '\u3000' || r == '-' || r == '\t':
			return -1
		}
		return '?' // no code holds it
	}, typed)
}

// FreeCodes is how many codes an address outside gets in a row before the
// waits between them are long.
const FreeCodes = 5

// Asked returns the attempts after a code was sent to one destination: a
// minute until the next, and after FreeCodes a quarter of an hour. An hour of
// peace after the last wait begins anew.
func (a Attempts) Asked(now time.Time) Attempts {
	if now.Sub(later(a.UpdatedAt, a.LockedUntil)) >= forgetAfter {
		a = Attempts{}
	}
	a.Failures++
	a.UpdatedAt, a.LockedUntil = now, now.Add(time.Minute)
	if a.Failures >= FreeCodes {
		a.LockedUntil = now.Add(longestWait)
	}
	return a
}
