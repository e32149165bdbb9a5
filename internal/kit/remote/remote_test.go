package remote_test

import (
	"crypto/tls"
	"net/http"
	"testing"

	"yingda/internal/kit/remote"
)

func proxies(t *testing.T, list ...string) remote.Proxies {
	t.Helper()
	p, err := remote.ParseProxies(list)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAddress(t *testing.T) {
	inner := proxies(t, "10.0.0.0/8", "127.0.0.1", "fd00::/8")
	for _, c := range []struct {
		name    string
		trusted remote.Proxies
		peer    string
		forward []string
		real    string
		want    string
	}{
		{name: "directly", trusted: inner, peer: "203.0.113.7:1234", want: "203.0.113.7"},
		{name: "invented by the peer", trusted: inner, peer: "203.0.113.7:1234", forward: []string{"127.0.0.1"}, real: "10.0.0.1", want: "203.0.113.7"},
		{name: "no proxy is trusted", peer: "127.0.0.1:1234", forward: []string{"203.0.113.7"}, want: "127.0.0.1"},
		{name: "through one proxy", trusted: inner, peer: "10.0.0.2:80", forward: []string{"203.0.113.7"}, want: "203.0.113.7"},
		{name: "through two", trusted: inner, peer: "10.0.0.2:80", forward: []string{"203.0.113.7, 10.9.9.9"}, want: "203.0.113.7"},
		{name: "through two that write a line each", trusted: inner, peer: "10.0.0.2:80", forward: []string{"203.0.113.7", "10.9.9.9"}, want: "203.0.113.7"},
		{name: "invented before the proxy", trusted: inner, peer: "10.0.0.2:80", forward: []string{"10.1.1.1, 198.51.100.1, 203.0.113.7"}, want: "203.0.113.7"},
		{name: "an invented line of its own", trusted: inner, peer: "10.0.0.2:80", forward: []string{"198.51.100.1", "203.0.113.7"}, want: "203.0.113.7"},
		{name: "nonsense before the proxy", trusted: inner, peer: "10.0.0.2:80", forward: []string{"<script>, 203.0.113.7"}, want: "203.0.113.7"},
		{name: "nonsense from the proxy", trusted: inner, peer: "10.0.0.2:80", forward: []string{"203.0.113.7, unknown"}, want: "10.0.0.2"},
		{name: "all of the house", trusted: inner, peer: "10.0.0.2:80", forward: []string{"10.3.3.3, 10.9.9.9"}, want: "10.3.3.3"},
		{name: "a proxy that says only X-Real-IP", trusted: inner, peer: "10.0.0.2:80", real: "203.0.113.7", want: "203.0.113.7"},
		{name: "X-Real-IP passed on beside X-Forwarded-For", trusted: inner, peer: "10.0.0.2:80", forward: []string{"203.0.113.7"}, real: "198.51.100.1", want: "203.0.113.7"},
		{name: "a proxy that says nothing", trusted: inner, peer: "10.0.0.2:80", want: "10.0.0.2"},
		{name: "with ports", trusted: inner, peer: "10.0.0.2:80", forward: []string{"203.0.113.7:5555"}, want: "203.0.113.7"},
		{name: "IPv6", trusted: inner, peer: "[fd00::1]:80", forward: []string{"[2001:db8::5]:99"}, want: "2001:db8::5"},
		{name: "IPv4 in IPv6", trusted: inner, peer: "[::ffff:10.0.0.2]:80", forward: []string{"::ffff:203.0.113.7"}, want: "203.0.113.7"},
		{name: "a Unix socket", trusted: inner, peer: "@", forward: []string{"203.0.113.7"}, want: ""},
	} {
		r := &http.Request{RemoteAddr: c.peer, Header: http.Header{}}
		for _, f := range c.forward {
			r.Header.Add("X-Forwarded-For", f)
		}
		if c.real != "" {
			r.Header.Set("X-Real-IP", c.real)
		}
		if got := c.trusted.Address(r); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSecure(t *testing.T) {
	inner := proxies(t, "10.0.0.0/8")
	for _, c := range []struct {
		name, peer string
		tls        bool
		said       []string
		want       bool
	}{
		{name: "https to us", peer: "203.0.113.7:1", tls: true, want: true},
		{name: "http to us", peer: "203.0.113.7:1"},
		{name: "invented", peer: "203.0.113.7:1", said: []string{"https"}},
		{name: "said by a proxy", peer: "10.0.0.1:1", said: []string{"https"}, want: true},
		{name: "http to the proxy", peer: "10.0.0.1:1", said: []string{"http"}},
		{name: "invented before the proxy", peer: "10.0.0.1:1", said: []string{"https, http"}},
		{name: "a proxy that says nothing", peer: "10.0.0.1:1"},
	} {
		r := &http.Request{RemoteAddr: c.peer, Header: http.Header{"X-Forwarded-Proto": c.said}}
		if c.tls {
			r.TLS = &tls.ConnectionState{}
		}
		if got := inner.Secure(r); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"203.0.113.7":         "203.0.113.7",
		"2001:db8:1:2:3:4::5": "2001:db8:1:2::/64",
		"":                    "",
	} {
		if got := remote.Network(address); got != want {
			t.Errorf("%q is of %q, want %q", address, got, want)
		}
	}
}

func TestProxiesThatAreNone(t *testing.T) {
	for _, s := range []string{"", "proxy.example", "10.0.0.0/33", "10.0.0"} {
		if _, err := remote.ParseProxies([]string{s}); err == nil {
			t.Errorf("%q was accepted", s)
		}
	}
}
