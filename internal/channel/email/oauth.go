package email

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"yingda/internal/channel"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
)

// Tokens keeps the grants of mailboxes that sign in by OAuth 2 fresh.
type Tokens struct {
	Mail    channel.Mail
	Network Network
	Now     func() time.Time

	mu     sync.Mutex // one refresh at a time: providers take a second one amiss
	given  map[inbox.ID]mailbox.Grant
	spoilt map[inbox.ID]string // tokens that a server has refused
}

// early is how long before its end a token is not used any more.
const early = 2 * time.Minute

// Access returns a token that signs a mailbox in. What a provider gives anew
// is stored before it is used: the next refresh may work with nothing else.
func (t *Tokens) Access(ctx context.Context, m mailbox.Mailbox) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g := t.newest(m.Inbox, m.Secrets.Grant)
	if t.fresh(m.Inbox, g) {
		return g.Access, nil
	}
	if all, err := t.Mail.Mailboxes(ctx); err == nil { // another program may have refreshed it
		for _, stored := range all {
			if stored.Inbox == m.Inbox {
				g = t.newest(m.Inbox, stored.Secrets.Grant)
			}
		}
	}
	if t.fresh(m.Inbox, g) {
		return g.Access, nil
	}
	if g.Refresh == "" {
		return "", lostGrant(errors.New("there is no refresh token"))
	}
	g, err := t.refresh(ctx, g)
	if err != nil {
		return "", err
	}
	if err := t.Mail.KeepGrant(ctx, m.Inbox, g); err != nil {
		return "", err
	}
	if t.given == nil {
		t.given = map[inbox.ID]mailbox.Grant{}
	}
	t.given[m.Inbox] = g
	return g.Access, nil
}

// Spoilt forgets a token that a server refuses, so that the next one is new.
func (t *Tokens) Spoilt(in inbox.ID, access string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.spoilt == nil {
		t.spoilt = map[inbox.ID]string{}
	}
	t.spoilt[in] = access
}

// own reports whether the grant of a mailbox is what we have stored last.
func (t *Tokens) own(m mailbox.Mailbox) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	g, ok := t.given[m.Inbox]
	return ok && g.Same(m.Secrets.Grant) && g.Access == m.Secrets.Grant.Access && g.Refresh == m.Secrets.Grant.Refresh
}

// newest returns the grant that ends last of what is stored and what we were
// given. A grant of another client was signed in anew.
func (t *Tokens) newest(in inbox.ID, stored mailbox.Grant) mailbox.Grant {
	g, ok := t.given[in]
	if ok && g.Same(stored) && !stored.Expires.After(g.Expires) {
		return g
	}
	return stored
}

func (t *Tokens) fresh(in inbox.ID, g mailbox.Grant) bool {
	return g.Access != t.spoilt[in] && g.Access != "" && !g.Expires.IsZero() && t.Now().Add(early).Before(g.Expires)
}

func (t *Tokens) refresh(ctx context.Context, g mailbox.Grant) (mailbox.Grant, error) {
	c, err := config(g, "")
	if err != nil {
		return g, err
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, t.web(c))
	token, err := c.TokenSource(ctx, &oauth2.Token{RefreshToken: g.Refresh}).Token()
	if err != nil {
		return g, notGranted(err)
	}
	return t.granted(g, token), nil
}

func (t *Tokens) web(c *oauth2.Config) *http.Client {
	host := ""
	if u, err := url.Parse(c.Endpoint.TokenURL); err == nil {
		host = u.Hostname()
	}
	return t.Network.client(host)
}

// granted puts what a provider gave into a grant.
func (t *Tokens) granted(g mailbox.Grant, token *oauth2.Token) mailbox.Grant {
	g.Access, g.Expires = token.AccessToken, token.Expiry.UTC().Truncate(time.Millisecond)
	if token.Expiry.IsZero() {
		g.Expires = t.Now().Add(time.Hour) // the provider does not say; this is what all of them give
	}
	if token.RefreshToken != "" {
		g.Refresh = token.RefreshToken
	}
	return g
}

// GrantURL is where the administrator's browser goes to sign a mailbox in.
func (t *Tokens) GrantURL(g mailbox.Grant, redirect, state, verifier string) (string, error) {
	c, err := config(g, redirect)
	if err != nil {
		return "", err
	}
	if c.Endpoint.AuthURL == "" {
		return "", fault.New(fault.Invalid, "mailbox.grant_provider", "choose Google or Microsoft, or enter where another provider signs people in (https://…)")
	}
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(verifier)}
	if g.Provider == mailbox.Google { // or there is nothing to refresh with
		options = append(options, oauth2.AccessTypeOffline, oauth2.SetAuthURLParam("prompt", "consent"))
	}
	return c.AuthCodeURL(state, options...), nil
}

// Exchange turns the code that the browser came back with into a grant.
func (t *Tokens) Exchange(ctx context.Context, g mailbox.Grant, redirect, code, verifier string) (mailbox.Grant, error) {
	c, err := config(g, redirect)
	if err != nil {
		return g, err
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, t.web(c))
	token, err := c.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		return g, notGranted(err)
	}
	g = t.granted(g, token)
	if g.Refresh == "" {
		return g, fault.New(fault.Invalid, "mailbox.grant_short", "the provider gave nothing that lasts; let the client use offline access, and sign in again")
	}
	return g, nil
}

var _ channel.MailGrants = (*Tokens)(nil)

// config is how a provider is asked.
func config(g mailbox.Grant, redirect string) (*oauth2.Config, error) {
	c := &oauth2.Config{ClientID: g.ClientID, ClientSecret: g.ClientSecret, RedirectURL: redirect, Scopes: g.Scopes}
	switch g.Provider {
	case mailbox.Google:
		c.Endpoint = oauth2.Endpoint{AuthURL: "https://accounts.google.com/o/oauth2/v2/auth", TokenURL: "https://oauth2.googleapis.com/token"} //nolint:gosec // addresses, which everybody knows
		if len(c.Scopes) == 0 {
			c.Scopes = []string{"https://mail.google.com/"}
		}
	case mailbox.Microsoft:
		tenant := g.Tenant
		if tenant == "" {
			tenant = "common"
		}
		base := "https://login.microsoftonline.com/" + url.PathEscape(tenant) + "/oauth2/v2.0/"
		c.Endpoint = oauth2.Endpoint{AuthURL: base + "authorize", TokenURL: base + "token"}
		if len(c.Scopes) == 0 {
			c.Scopes = []string{"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send", "offline_access"}
		}
	case mailbox.Other:
		c.Endpoint = oauth2.Endpoint{AuthURL: g.AuthURL, TokenURL: g.TokenURL}
	}
	if g.TokenURL != "" && g.Provider != mailbox.Other {
		c.Endpoint.TokenURL = g.TokenURL
	}
	u, err := url.Parse(c.Endpoint.TokenURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) || g.ClientID == "" {
		return nil, fault.New(fault.Invalid, "mailbox.grant_client", "to sign in by OAuth 2, enter the client's id and, for a provider of your own, where it gives tokens (https://…)")
	}
	return c, nil
}

// lostGrant is for a provider that does not know us any more.
func lostGrant(cause error) *fault.Error {
	return fault.New(fault.Unsigned, "mailbox.grant_lost", "the provider does not let this mailbox in any more; sign it in again").Because(cause)
}

// notGranted says why a provider gives nothing. What it said may have secrets
// in it; only its code and words are kept.
func notGranted(err error) error {
	e, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		return fault.New(fault.Busy, "mailbox.grant_away", "the provider's sign-in does not answer; it is tried again by itself").Because(err)
	}
	cause := textError(clean(e.ErrorCode + " " + e.ErrorDescription))
	switch {
	case e.ErrorCode == "invalid_grant" || e.ErrorCode == "interaction_required" || e.ErrorCode == "consent_required":
		return lostGrant(cause)
	case e.Response != nil && e.Response.StatusCode < 500 && e.Response.StatusCode != http.StatusTooManyRequests:
		return fault.New(fault.Unsigned, "mailbox.grant_refused", "the provider refuses the client; check its id, its secret and what it is allowed to do").Because(cause)
	}
	return fault.New(fault.Busy, "mailbox.grant_away", "the provider's sign-in does not answer; it is tried again by itself").Because(cause)
}
