package desk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
	"yingda/internal/store"
)

// CaseSecret returns what a customer needs beside the number to look a case up
// without an account: eight letters and digits that are made from the number
// with a key of ours. Nothing of it is stored but how often it was replaced.
func (d *Desk) CaseSecret(c ticket.Case) string {
	if len(d.CaseKey) == 0 {
		return ""
	}
	return secretLetters.EncodeToString(d.seal("case/" + locked(c))[:5])
}

// locked is a case with the lock that it has now.
func locked(c ticket.Case) string {
	if c.Relocked == 0 {
		return c.Number
	}
	return c.Number + "#" + strconv.Itoa(c.Relocked)
}

// seal signs what a customer holds of a case.
func (d *Desk) seal(text string) []byte {
	mac := hmac.New(sha256.New, d.CaseKey)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// secretLetters are those that nobody mistakes for another on paper or on the
// phone: no I, L, O and U.
var secretLetters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// secretIs reports whether a secret is that of a case, however it was typed.
func (d *Desk) secretIs(c ticket.Case, typed string) bool {
	typed = strings.NewReplacer(" ", "", "-", "", "I", "1", "L", "1", "O", "0").Replace(strings.ToUpper(typed))
	want := d.CaseSecret(c)
	return want != "" && subtle.ConstantTimeCompare([]byte(typed), []byte(want)) == 1
}

// CasePass returns what opens a case until a time, to the second, and nothing
// else: for a browser that has shown the secret, and for links in letters.
// Empty where there is no key.
func (d *Desk) CasePass(c ticket.Case, until time.Time) string {
	if len(d.CaseKey) == 0 {
		return ""
	}
	ends := strconv.FormatInt(until.Unix(), 36)
	return ends + "." + base64.RawURLEncoding.EncodeToString(d.seal("pass/" + locked(c) + "/" + ends)[:18])
}

// passes reports whether a pass opens a case now.
func (d *Desk) passes(c ticket.Case, pass string) bool {
	ends, _, ok := strings.Cut(pass, ".")
	unix, err := strconv.ParseInt(ends, 36, 64)
	if !ok || err != nil || len(d.CaseKey) == 0 {
		return false
	}
	until := time.Unix(unix, 0)
	return d.Now().Before(until) && subtle.ConstantTimeCompare([]byte(pass), []byte(d.CasePass(c, until))) == 1
}

// looking is how long a browser that has shown number and secret may look.
const looking = 2 * time.Hour

var (
	caseNumber = regexp.MustCompile(`^[A-Z]{2}[0-9]{8}-[0-9]{6,12}$`)
	errLookup  = fault.New(fault.NotFound, "case.lookup", "there is no case with this number and this secret; look at the message that you got when you handed it in")
)

// LookUp returns a pass for a case to who knows its number and secret, and the
// number as we write it. A wrong secret and an unknown number are the same
// NotFound. After ten wrong ones nobody may try that number for an hour, whether
// it is a case or not: that is Busy.
func (d *Desk) LookUp(ctx context.Context, number, secret string) (written, pass string, err error) {
	defer fault.Wrap(&err, "look up a case")
	number = strings.ToUpper(strings.TrimSpace(number))
	if !caseNumber.MatchString(number) {
		return "", "", errLookup
	}
	name := "case/" + number
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		pass = ""
		tried, err := tx.HoldAttempts(ctx, name)
		if err != nil {
			return err
		}
		if wait := tried.Wait(d.Now()); wait > 0 {
			return fault.New(fault.Busy, "case.lookup_wait", "too many wrong tries for this number; wait %d minutes", int(math.Ceil(wait.Minutes()))).Because(serve.Wait(wait))
		}
		c, err := tx.CaseByNumber(ctx, number)
		switch {
		case err == nil && d.secretIs(c, secret):
			pass = d.CasePass(c, d.Now().Add(looking))
			return tx.ForgetAttempts(ctx, name)
		case err != nil && fault.KindOf(err) != fault.NotFound:
			return err
		}
		return tx.SaveAttempts(ctx, name, tried.LookedUpWrong(d.Now()))
	})
	if err == nil && pass == "" {
		err = errLookup
	}
	return number, pass, err
}
