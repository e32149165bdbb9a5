// Package outside calls other programs by HTTP at addresses that somebody typed
// in, and lets nobody be led to where they should not be: neither to what a
// machine tells about itself, nor, without encryption, out of the own network.
package outside

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// ErrAddress is in the error of a call to an address that may not be called.
var ErrAddress = errors.New("this address may not be called")

// Client returns what carries calls. It goes to the named host and nowhere
// else: redirects are not followed, so that a key is sent to nobody but whom it
// was written down for. Without encryption it goes to this machine and private
// networks only, whatever a name resolves to; never to addresses by which
// clouds tell machines their own secrets.
func Client() *http.Client {
	plain, sealed := dialer(false), dialer(true)
	t := &http.Transport{
		Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: 10 * time.Second,
		MaxIdleConnsPerHost: 8, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if isSealed(ctx) {
				return sealed.DialContext(ctx, network, address)
			}
			return plain.DialContext(ctx, network, address)
		},
	}
	return &http.Client{Transport: carrier{t}, CheckRedirect: stay}
}

// carrier tells the dialer whether a call goes over https.
type carrier struct{ *http.Transport }

func (c carrier) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme == "https" {
		r = r.WithContext(context.WithValue(r.Context(), sealedKey{}, true))
	}
	return c.Transport.RoundTrip(r)
}

type sealedKey struct{}

func isSealed(ctx context.Context) bool { v, _ := ctx.Value(sealedKey{}).(bool); return v }

func dialer(sealed bool) *net.Dialer {
	return &net.Dialer{Timeout: 10 * time.Second, Control: guard(sealed)}
}

// stay follows no redirect; the answer that asks for one is the answer.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// guard refuses addresses that a name resolved to. The proxy of the
// environment is the operator's own, and is private or is not used without
// encryption.
func guard(sealed bool) func(network, address string, _ syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		ip := a.Addr().Unmap().WithZone("")
		if tellsSecrets(ip) || !sealed && !ip.IsLoopback() && !ip.IsPrivate() {
			return ErrAddress
		}
		return nil
	}
}

// ownSecrets are addresses at which clouds tell machines their own secrets,
// beside those of the link.
var ownSecrets = []netip.Addr{netip.MustParseAddr("100.100.100.200"), netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("192.0.0.192")}

// tellsSecrets reports an address that nobody may be led to, with encryption or
// without.
func tellsSecrets(ip netip.Addr) bool {
	return ip.IsUnspecified() || ip.IsMulticast() || ip.IsLinkLocalUnicast() || slices.Contains(ownSecrets, ip)
}
