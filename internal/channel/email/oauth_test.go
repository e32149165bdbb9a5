package email_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/internal/channel/channeltest"
	"yingda/internal/channel/email"
	"yingda/internal/channel/email/peer"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
)

func code(err error) string {
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}

func answer(w io.Writer, v map[string]any) {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(err)
	}
}

// oauthProvider gives tokens, each refresh token once, and knows those it gave.
type oauthProvider struct {
	*httptest.Server
	mu      sync.Mutex
	names   []string // of the tokens to give; then made up
	refresh string
	given   map[string]bool
	asked   []url.Values
	gone    bool // it knows nobody any more
}

func provider(t *testing.T, names ...string) *oauthProvider {
	t.Helper()
	p := &oauthProvider{names: names, refresh: "r0", given: map[string]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", p.token)
	mux.HandleFunc("POST /introspect", p.introspect)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *oauthProvider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = r.ParseForm()
	p.asked = append(p.asked, r.PostForm)
	w.Header().Set("Content-Type", "application/json")
	bad := r.PostForm.Get("grant_type") == "refresh_token" && r.PostForm.Get("refresh_token") != p.refresh ||
		r.PostForm.Get("grant_type") == "authorization_code" && (r.PostForm.Get("code") != "the-code" || r.PostForm.Get("code_verifier") == "")
	if bad || p.gone {
		w.WriteHeader(http.StatusBadRequest)
		answer(w, map[string]any{"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
		return
	}
	access := fmt.Sprintf("access-%d", len(p.asked))
	if len(p.names) > 0 {
		access, p.names = p.names[0], p.names[1:]
	}
	p.given[access] = true
	p.refresh = fmt.Sprintf("r%d", len(p.asked)) // the old one works no more
	answer(w, map[string]any{"access_token": access, "refresh_token": p.refresh, "expires_in": 3600, "token_type": "Bearer"})
}

func (p *oauthProvider) introspect(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = r.ParseForm()
	w.Header().Set("Content-Type", "application/json")
	ok := p.given[r.PostForm.Get("token")]
	answer(w, map[string]any{"active": ok, "email": "service"})
}

func (p *oauthProvider) grant(access string, expires time.Time) mailbox.Grant {
	return mailbox.Grant{Provider: mailbox.Other, ClientID: "client", ClientSecret: "secret", TokenURL: p.URL + "/token", Access: access, Refresh: "r0", Expires: expires}
}

// A mailbox that signs in by OAuth 2 is fetched from a real server, which asks
// the provider; the token that was at its end is replaced before, and what
// replaces it is kept.
func TestBearer(t *testing.T) {
	t.Parallel()
	p := provider(t)
	d := dovecot(t, peer.DovecotOptions{Introspect: p.URL + "/introspect"})
	if err := d.Deliver("service", letter(1)); err != nil {
		t.Fatal(err)
	}
	m := box(d, "service")
	m.Settings.Fetch.Server.Auth = mailbox.OAuth
	m.Secrets.FetchPassword = ""
	m.Secrets.Grant = p.grant("old", clock.Now().Add(-time.Minute))
	desk := channeltest.NewMailDesk(clock.Now, m)
	fetcher(t, desk, email.Network{Roots: d.Roots}, swift, "a")
	within(t, desk, "a mail fetched with a token", func() bool { return len(desk.Kept()) == 1 })
	if g := desk.Grant(m.Inbox); g.Refresh != "r1" && g.Refresh != "r2" || g.Access == "old" || !g.Expires.After(clock.Now()) {
		t.Errorf("the desk keeps %+v", g)
	}
}

// The token is refreshed once for all who need it, and what the provider gave
// is stored before it is used.
func TestTokens(t *testing.T) {
	t.Parallel()
	p := provider(t)
	m := (&liar{port: 1}).box()
	m.Secrets.Grant = p.grant("old", clock.Now().Add(time.Minute)) // too near its end
	desk := channeltest.NewMailDesk(clock.Now, m)
	tokens := &email.Tokens{Mail: desk, Now: clock.Now}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			access, err := tokens.Access(t.Context(), m)
			if err != nil || access == "old" || access != desk.Grant(m.Inbox).Access {
				t.Errorf("%q, %v; the desk has %+v", access, err, desk.Grant(m.Inbox))
			}
		})
	}
	wg.Wait()
	p.mu.Lock()
	refreshed := 0
	for _, a := range p.asked {
		if a.Get("refresh_token") != "" {
			refreshed++
		}
	}
	p.gone = true
	p.mu.Unlock()
	if refreshed > 2 { // once with the client's secret in the header, if the provider does not take it there
		t.Errorf("%d refreshes", refreshed)
	}
	// Another program has none of what this one remembers, and reads the desk.
	other := &email.Tokens{Mail: desk, Now: clock.Now}
	if access, err := other.Access(t.Context(), m); err != nil || access != desk.Grant(m.Inbox).Access {
		t.Errorf("another program: %q, %v", access, err)
	}
	late := &email.Tokens{Mail: desk, Now: func() time.Time { return clock.Now().Add(2 * time.Hour) }}
	if _, err := late.Access(t.Context(), m); code(err) != "mailbox.grant_lost" || fault.KindOf(err) != fault.Unsigned {
		t.Errorf("a provider that knows us no more: %v", err)
	}
}

func TestGrant(t *testing.T) {
	t.Parallel()
	tokens := &email.Tokens{Now: clock.Now}
	for _, c := range []struct {
		grant mailbox.Grant
		want  []string
		code  string
	}{
		{mailbox.Grant{Provider: mailbox.Google, ClientID: "c"}, []string{"https://accounts.google.com/", "access_type=offline", "prompt=consent", "scope=https%3A%2F%2Fmail.google.com%2F", "code_challenge_method=S256", "state=st"}, ""},
		{mailbox.Grant{Provider: mailbox.Microsoft, Tenant: "contoso.test", ClientID: "c"}, []string{"https://login.microsoftonline.com/contoso.test/oauth2/v2.0/authorize", "offline_access", "SMTP.Send"}, ""},
		{mailbox.Grant{Provider: mailbox.Other, ClientID: "c", TokenURL: "https://idp.test/token"}, nil, "mailbox.grant_provider"},
		{mailbox.Grant{Provider: mailbox.Google}, nil, "mailbox.grant_client"},
		{mailbox.Grant{Provider: mailbox.Other, ClientID: "c", TokenURL: "http://idp.test/token"}, nil, "mailbox.grant_client"},
	} {
		got, err := tokens.GrantURL(c.grant, "https://help.test/back", "st", strings.Repeat("v", 43))
		if code(err) != c.code {
			t.Errorf("%+v: %v", c.grant, err)
		}
		for _, w := range c.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s lacks %s", got, w)
			}
		}
	}
	p := provider(t)
	g, err := tokens.Exchange(t.Context(), p.grant("", time.Time{}), "https://help.test/back", "the-code", strings.Repeat("v", 43))
	if err != nil || g.Access == "" || g.Refresh == "r0" || !g.Expires.After(clock.Now()) {
		t.Errorf("%+v, %v", g, err)
	}
	if _, err := tokens.Exchange(t.Context(), p.grant("", time.Time{}), "https://help.test/back", "another", strings.Repeat("v", 43)); code(err) != "mailbox.grant_lost" {
		t.Errorf("a code that is none: %v", err)
	}
}
