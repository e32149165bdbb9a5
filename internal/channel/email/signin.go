package email

import (
	"encoding/json"
	"strings"

	"github.com/emersion/go-sasl"

	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
)

// bearer signs in with a token: XOAUTH2 as Google wrote it, or OAUTHBEARER as
// the standard has it (RFC 7628).
type bearer struct {
	mechanism   string
	user, token string
	said        string // what the server said against it
}

var _ sasl.Client = (*bearer)(nil)

// Start returns the whole of what we say: the server answers yes or no.
func (b *bearer) Start() (string, []byte, error) {
	if b.mechanism == sasl.OAuthBearer {
		return b.mechanism, []byte("n,a=" + saslName(b.user) + ",\x01auth=Bearer " + b.token + "\x01\x01"), nil
	}
	return b.mechanism, []byte("user=" + b.user + "\x01auth=Bearer " + b.token + "\x01\x01"), nil
}

// Next answers the challenge that tells why a token is refused, so that the
// server can say no.
func (b *bearer) Next(challenge []byte) ([]byte, error) {
	var why struct {
		Status string `json:"status"`
	}
	_ = json.Unmarshal(challenge, &why) // of any form; what it says is for the log
	b.said = "the token is refused: " + clean(why.Status)
	if b.mechanism == sasl.OAuthBearer {
		return []byte{1}, nil
	}
	return []byte{}, nil
}

// saslName writes a name as RFC 5801 has it.
func saslName(s string) string { return strings.NewReplacer("=", "=3D", ",", "=2C").Replace(s) }

// families are providers whose passwords need something that their customers
// do not know of.
var families = []struct {
	hosts []string
	why   func() *fault.Error
}{
	{[]string{"163.com", "126.com", "yeah.net", "188.com", "netease.com", "qq.com", "sina.com", "sina.cn", "sohu.com", "139.com", "aliyun.com", "189.cn"}, func() *fault.Error {
		return fault.New(fault.Unsigned, "mailbox.signin_code", "the mail server refuses user and password; in the provider's web mail turn on IMAP and SMTP, make an authorization code (授权码), and enter it here as the password")
	}},
	{[]string{"gmail.com", "googlemail.com", "google.com"}, func() *fault.Error {
		return fault.New(fault.Unsigned, "mailbox.signin_app", "the mail server refuses user and password; sign in by OAuth 2, or make an app password in the Google account and enter it here")
	}},
	{[]string{"outlook.com", "office365.com", "hotmail.com", "live.com", "microsoft.com"}, func() *fault.Error {
		return fault.New(fault.Unsigned, "mailbox.signin_basic", "the mail server refuses passwords; choose OAuth 2, and let an administrator of Microsoft 365 allow IMAP and authenticated SMTP for this mailbox")
	}},
}

func familyOf(host string) func() *fault.Error {
	for _, f := range families {
		for _, h := range f.hosts {
			if host == h || strings.HasSuffix(host, "."+h) {
				return f.why
			}
		}
	}
	return nil
}

// notSignedIn says why a server does not let us in, and what to do about it.
func notSignedIn(s mailbox.Server, said string) *fault.Error {
	cause := textError(clean(said))
	if s.Auth == mailbox.OAuth {
		return fault.New(fault.Unsigned, "mailbox.signin_token", "the mail server refuses what the provider gave us; sign this mailbox in again, and check that its user is %s", s.User).Because(cause)
	}
	if why := familyOf(strings.ToLower(s.Host)); why != nil {
		return why().Because(cause)
	}
	return fault.New(fault.Unsigned, "mailbox.signin", "the mail server %s refuses user and password; enter them anew", s.Host).Because(cause)
}

// textError is what a server said.
type textError string

func (e textError) Error() string { return string(e) }

// clean makes what a stranger's program said fit for a line: printable, and
// short.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	const longest = 300
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "") + "…"
	}
	return strings.TrimSpace(s)
}
