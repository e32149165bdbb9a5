// Package remote tells where a request comes from, also behind proxies, and
// believes only proxies that the administrator named.
package remote

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"yingda/internal/kit/fault"
)

// Proxies are the networks whose word about others is believed. Without any,
// a request comes from its peer and headers say nothing.
type Proxies []netip.Prefix

// ParseProxies reads addresses and networks such as "10.0.0.0/8" or "::1".
func ParseProxies(list []string) (Proxies, error) {
	var p Proxies
	for _, s := range list {
		if a, err := netip.ParseAddr(s); err == nil {
			a = a.Unmap()
			p = append(p, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		n, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fault.New(fault.Invalid, "proxy.network", "%q is not an address or a network such as 10.0.0.0/8", s)
		}
		p = append(p, n.Masked())
	}
	return p, nil
}

// Address returns the address of who sent the request: the first one, seen
// from here, that is not a trusted proxy. It is empty when the peer has none,
// as on a Unix socket.
func (p Proxies) Address(r *http.Request) string {
	a, ok := read(r.RemoteAddr)
	if !ok {
		return ""
	}
	if !p.trust(a) {
		return a.String()
	}
	chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	if len(chain) == 1 && chain[0] == "" {
		chain = []string{r.Header.Get("X-Real-Ip")}
	}
	for _, c := range slices.Backward(chain) {
		hop, ok := read(strings.TrimSpace(c))
		if !ok {
			break // the last proxy that made sense is all we know
		}
		a = hop
		if !p.trust(a) {
			break
		}
	}
	return a.String()
}

// Secure reports whether the request came by https, to us or to a trusted
// proxy before us.
func (p Proxies) Secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	a, ok := read(r.RemoteAddr)
	if !ok || !p.trust(a) {
		return false
	}
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-Proto"), ","), ",")
	return strings.EqualFold(strings.TrimSpace(said[len(said)-1]), "https")
}

func (p Proxies) trust(a netip.Addr) bool {
	for _, n := range p {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// Network returns what one person can be held to: an IPv4 address, or the /64
// of an IPv6 address, of which everyone has more than can be counted.
func Network(address string) string {
	a, ok := read(address)
	if !ok || a.Is4() {
		return address
	}
	n, err := a.Prefix(64)
	if err != nil {
		return address
	}
	return n.String()
}

// read reads an address with or without a port.
func read(s string) (netip.Addr, bool) {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone(""), true
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return a.Unmap().WithZone(""), err == nil
}
