package model

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"yingda/internal/kit/fault"
)

// Transport returns what carries calls. It goes to the named host and nowhere
// else: redirects are not followed, so that a key is sent to nobody but whom it
// was written down for. Without encryption it goes to this machine and private
// networks only, whatever a name resolves to; never to addresses by which
// clouds tell machines their own secrets.
func Transport() *http.Client {
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
	return &http.Client{Transport: t, CheckRedirect: stay}
}

func dialer(sealed bool) *net.Dialer {
	return &net.Dialer{Timeout: 10 * time.Second, Control: guard(sealed)}
}

// stay follows no redirect; the answer that asks for one is the answer.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

type sealedKey struct{}

// isSealed reports whether a call goes over https.
func isSealed(ctx context.Context) bool { v, _ := ctx.Value(sealedKey{}).(bool); return v }

var errAddress = errors.New("this address is not one that a model may be asked at")

// guard refuses addresses that a name resolved to. The proxy of the
// environment is the operator's own, and is private or is not used without
// encryption.
func guard(sealed bool) func(network, address string, _ syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		ip := a.Addr().Unmap()
		switch {
		case ip.IsUnspecified(), ip.IsMulticast(), ip.IsLinkLocalUnicast():
			return errAddress
		case !sealed && !ip.IsLoopback() && !ip.IsPrivate():
			return errAddress
		}
		return nil
	}
}

func refusedAddress(err error) *fault.Error {
	return fault.New(fault.Invalid, "model.address_refused", "the model's address leads to where no key may be sent; use https, or an address of your own network").Because(err)
}
