package webchat

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"

	"yingda/internal/domain/contact"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
)

// claims are what a host site says of a visitor who is signed in there.
type claims struct {
	jwt.RegisteredClaims
	Name       string         `json:"name"`
	Phone      string         `json:"phone"`
	Email      string         `json:"email"`
	Attributes map[string]any `json:"attributes"`
}

const (
	clockLeeway    = 60 * time.Second // the host site's clock may be off
	mostSubject    = 200              // characters
	mostAttributes = 50
	mostValue      = 500 // characters
)

// identify returns whom the host site vouches for; nil for a guest. A token
// that is forged, out of date or without end is Unsigned.
func identify(in inbox.Inbox, token string, now time.Time) (*contact.Identity, error) {
	if token == "" {
		if in.Settings.RequireSigned {
			return nil, fault.New(fault.Unsigned, "identity.required", "sign in on this site first, then open the chat")
		}
		return nil, nil //nolint:nilnil // a guest is nobody, and no error
	}
	if len(in.Secret) == 0 {
		return nil, fault.New(fault.Unsigned, "identity.secret", "this inbox has no secret to check identities with; an administrator can make one")
	}
	var c claims
	_, err := jwt.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return in.Secret, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired(),
		jwt.WithLeeway(clockLeeway), jwt.WithTimeFunc(func() time.Time { return now }))
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return nil, fault.New(fault.Unsigned, "identity.expired", "your sign-in on this site has expired; load the page again").Because(err)
	case err != nil:
		return nil, fault.New(fault.Unsigned, "identity.invalid", "this site could not prove who you are; load the page again, and tell the site if it stays so").Because(err)
	case c.Subject == "" || utf8.RuneCountInString(c.Subject) > mostSubject:
		return nil, fault.New(fault.Unsigned, "identity.subject", "the identity names nobody: sub must be 1 to %d characters", mostSubject)
	}
	return &contact.Identity{
		ExternalID: c.Subject, Name: clip(c.Name, contact.MaxName), Phone: clip(c.Phone, mostValue), Email: clip(c.Email, mostValue),
		Attributes: attributes(c.Attributes),
	}, nil
}

// attributes keeps what can be shown in a line: text, numbers, yes and no.
func attributes(claimed map[string]any) map[string]string {
	m := map[string]string{}
	for k, v := range claimed {
		switch v.(type) {
		case string, float64, bool:
			if len(m) < mostAttributes {
				m[clip(k, contact.MaxName)] = clip(fmt.Sprint(v), mostValue)
			}
		}
	}
	return m
}

func clip(s string, most int) string {
	if utf8.RuneCountInString(s) > most {
		return string([]rune(s)[:most])
	}
	return s
}
