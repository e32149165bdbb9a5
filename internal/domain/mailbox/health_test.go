package mailbox

import (
	"slices"
	"testing"
	"time"
)

// Each line is what is reported at a minute, and what is told then.
func TestNextTellsOnce(t *testing.T) {
	start := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	for what, reports := range map[string][]struct {
		minute int
		state  State
		tell   string
	}{
		"it works":                          {{0, Working, ""}, {1, Working, ""}},
		"a server that restarts is no news": {{0, Working, ""}, {1, Degraded, ""}, {3, Degraded, ""}, {4, Working, ""}},
		"trouble that lasts, told once":     {{0, Degraded, ""}, {4, Degraded, ""}, {6, Degraded, "trouble"}, {20, Degraded, ""}, {21, Working, "works"}, {22, Working, ""}},
		"a refusal at once":                 {{0, Refused, "refused"}, {1, Refused, ""}, {2, Working, "works"}},
		"a refusal after trouble":           {{0, Degraded, ""}, {6, Degraded, "trouble"}, {7, Refused, "refused"}, {8, Degraded, ""}, {20, Degraded, ""}, {21, Refused, ""}, {22, Working, "works"}},
		"anew":                              {{0, Refused, "refused"}, {1, Working, "works"}, {2, Refused, "refused"}},
	} {
		var h Health
		for _, r := range reports {
			at := start.Add(time.Duration(r.minute) * time.Minute)
			next, tell := h.Next(Health{State: r.state}, at)
			if tell != r.tell {
				t.Errorf("%s: at minute %d %q is told, want %q", what, r.minute, tell, r.tell)
			}
			if r.state == Working && !next.LastOK.Equal(at) || r.state != Working && !next.LastOK.Equal(h.LastOK) {
				t.Errorf("%s: at minute %d it last worked at %v", what, r.minute, next.LastOK)
			}
			h = next
		}
	}
}

func TestGuess(t *testing.T) {
	for address, want := range map[string]struct {
		exchangers []string
		code, host string
	}{
		"12345@qq.com":         {nil, "qq", "imap.qq.com"},
		"kefu@163.com":         {nil, "163", "imap.163.com"},
		"a@126.com":            {nil, "126", "imap.126.com"},
		"a@outlook.com":        {nil, "outlook", "outlook.office365.com"},
		"support@tencent.cn":   {[]string{"mxbiz1.qq.com."}, "exmail", "imap.exmail.qq.com"},
		"support@ali.cn":       {[]string{"mxn.mxhichina.com."}, "aliyun", "imap.qiye.aliyun.com"},
		"support@netease.cn":   {[]string{"qiye163mx01.mxmail.netease.com."}, "qiye163", "imap.qiye.163.com"},
		"support@contoso.com":  {[]string{"contoso-com.mail.protection.outlook.com."}, "outlook", "outlook.office365.com"},
		"support@workspace.cn": {[]string{"ASPMX.L.GOOGLE.COM."}, "gmail", "imap.gmail.com"},
		"support@evil.cn":      {[]string{"notmxbiz1.qq.com.evil.cn."}, "own", "imap.evil.cn"},
		"support@example.cn":   {nil, "own", "imap.example.cn"},
		"support":              {nil, "own", ""},
	} {
		if s := Guess(address, want.exchangers); s.Code != want.code || s.Fetch.Host != want.host {
			t.Errorf("%s: %s at %s, want %s at %s", address, s.Code, s.Fetch.Host, want.code, want.host)
		}
	}
}

// What the table says can be set as it stands.
func TestServicesAreGoodSettings(t *testing.T) {
	seen := []string{}
	for _, s := range Services() {
		if slices.Contains(seen, s.Code) || s.Name.Zh == "" || s.Name.En == "" || s.Before.Zh == "" || s.Before.En == "" {
			t.Errorf("%s is there twice, or lacks a text", s.Code)
		}
		seen = append(seen, s.Code)
		if s.Code == "own" {
			continue
		}
		m := Mailbox{Address: "a@example.cn", Settings: Defaults()}
		m.Settings.Fetch.Way, m.Settings.Fetch.Server = ByIMAP, s.Fetch
		m.Settings.Send.Server, m.Settings.Send.PerMinute = s.Send, s.PerMinute
		if err := m.Check(); err != nil {
			t.Errorf("%s: %v", s.Code, err)
		}
	}
}

func TestShow(t *testing.T) {
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	s := Secrets{}.With(SecretFetch, "abcdefghijklmnop", now).With(SecretSend, "short", now)
	if h := s.Show(SecretFetch, s.FetchPassword); h == nil || h.Tail != "mnop" || !h.At.Equal(now) {
		t.Errorf("of a long secret is shown %+v", h)
	}
	if h := s.Show(SecretSend, s.SendPassword); h == nil || h.Tail != "" {
		t.Errorf("of a short secret is shown %+v", h)
	}
	if s = s.With(SecretFetch, "", now); s.Show(SecretFetch, s.FetchPassword) != nil {
		t.Error("a secret that was taken away is shown")
	}
}

func TestGrantCheck(t *testing.T) {
	if err := (Grant{Provider: Microsoft, Tenant: "contoso.com", ClientID: "app 1"}).Check(); err != nil {
		t.Error(err)
	}
	for what, bad := range map[string]Grant{
		"no provider":               {ClientID: "a"},
		"no client":                 {Provider: Google},
		"a tenant that is a path":   {Provider: Microsoft, ClientID: "a", Tenant: "../x"},
		"an address without tls":    {Provider: Other, ClientID: "a", AuthURL: "http://id.example.cn/a", TokenURL: "https://id.example.cn/t"},
		"an address with a name in": {Provider: Other, ClientID: "a", AuthURL: "https://id.example.cn/a", TokenURL: "https://a@id.example.cn/t"},
	} {
		if bad.Check() == nil {
			t.Errorf("%s was taken", what)
		}
	}
}

func TestRenews(t *testing.T) {
	at := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	kept := Grant{Provider: Microsoft, ClientID: "a", Refresh: "1", Expires: at}
	for what, c := range map[string]struct {
		g    Grant
		want bool
	}{
		"newer":               {Grant{Provider: Microsoft, ClientID: "a", Refresh: "2", Expires: at.Add(time.Hour)}, true},
		"older":               {Grant{Provider: Microsoft, ClientID: "a", Refresh: "0", Expires: at.Add(-time.Minute)}, false},
		"another application": {Grant{Provider: Microsoft, ClientID: "b", Refresh: "2", Expires: at.Add(time.Hour)}, false},
	} {
		if c.g.Renews(kept) != c.want {
			t.Errorf("%s: want %v", what, c.want)
		}
	}
}
