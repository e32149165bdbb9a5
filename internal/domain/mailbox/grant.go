package mailbox

import (
	"maps"
	"net/url"
	"strings"
	"time"

	"yingda/internal/kit/fault"
)

// Check says what is wrong with what was entered for a provider.
func (g Grant) Check() error {
	switch {
	case g.Provider != Google && g.Provider != Microsoft && g.Provider != Other:
		return fault.New(fault.Invalid, "mailbox.provider", "choose who signs in: google, microsoft or other").In("provider")
	case g.ClientID == "" || len(g.ClientID) > 300:
		return fault.New(fault.Invalid, "mailbox.client", "enter the client id that the provider gave your application").In("client_id")
	case len(g.Tenant) > 100 || strings.ContainsAny(g.Tenant, "/?#@ \r\n\t"):
		return fault.New(fault.Invalid, "mailbox.tenant", "the tenant is its id or its domain; leave it out for any").In("tenant")
	case g.Provider == Other && !secure(g.AuthURL):
		return fault.New(fault.Invalid, "mailbox.endpoint", "an address of the provider begins with https://").In("auth_url")
	case g.Provider == Other && !secure(g.TokenURL):
		return fault.New(fault.Invalid, "mailbox.endpoint", "an address of the provider begins with https://").In("token_url")
	}
	return nil
}

// secure reports whether an address is encrypted on its way, or on this machine.
func secure(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && u.User == nil && (u.Scheme == "https" || u.Scheme == "http" && here(u.Hostname()))
}

// Same reports whether two grants are of the same application at the same
// provider, so that one renews the other.
func (g Grant) Same(o Grant) bool {
	return g.Provider == o.Provider && g.Tenant == o.Tenant && g.ClientID == o.ClientID && g.TokenURL == o.TokenURL
}

// Renews reports whether g takes the place of what is kept: it is of the same
// application, and not older. Providers change the refresh token each time, and
// of two programs that renew at once the later one counts.
func (g Grant) Renews(kept Grant) bool {
	return g.Same(kept) && !g.Expires.Before(kept.Expires)
}

// Held is what may be shown of a secret: that there is one, since when, and its
// last characters if it is long enough for them to tell nothing.
type Held struct {
	At   time.Time `json:"at,omitzero"`
	Tail string    `json:"tail,omitzero"`
}

const longEnough = 12

// Show returns what may be shown of a secret; nil if there is none.
func (s Secrets) Show(name, secret string) *Held {
	if secret == "" {
		return nil
	}
	h := Held{At: s.Set[name]}
	if r := []rune(secret); len(r) >= longEnough && name != SecretDKIM {
		h.Tail = string(r[len(r)-4:])
	}
	return &h
}

// The names of secrets, for when each was set.
const (
	SecretFetch = "fetch_password"
	SecretSend  = "send_password"
	SecretDKIM  = "dkim_key"
	SecretGrant = "grant"
)

// With returns the secrets with one of them as of a time.
func (s Secrets) With(name, secret string, now time.Time) Secrets {
	set := map[string]time.Time{}
	maps.Copy(set, s.Set)
	if set[name] = now; secret == "" {
		delete(set, name)
	}
	switch name {
	case SecretFetch:
		s.FetchPassword = secret
	case SecretSend:
		s.SendPassword = secret
	case SecretDKIM:
		s.DKIMKey = secret
	}
	s.Set = set
	return s
}
