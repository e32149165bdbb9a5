package webphone

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // that is what TURN is written in
	"encoding/base64"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pion/turn/v4"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
)

// relay passes on the packets of browsers whose network lets them reach nothing
// but one port (TURN, RFC 8656), over UDP or TCP. It passes them on to the
// port of our telephones only.
type relay struct {
	server  *turn.Server
	address netip.AddrPort
	public  netip.Addr
	secret  []byte
	now     func() time.Time
}

const (
	realm           = "yingda"
	credentialsLast = 24 * time.Hour
)

// openRelay listens for browsers that need a relay.
func openRelay(listenAt netip.AddrPort, secret []byte, o Options, ours []netip.Addr, port uint16) (*relay, error) {
	udp, tcp, err := listen(listenAt)
	if err != nil {
		return nil, fault.New(fault.Invalid, "phone.turn_port", "the port of the relay, %s, is taken or not ours; choose another with --turn-listen", listenAt).Because(err)
	}
	r := &relay{secret: secret, now: o.Now, public: o.Public}
	r.address = udp.LocalAddr().(*net.UDPAddr).AddrPort() //nolint:forcetypeassert // it is a UDP socket
	if !r.public.IsValid() {
		r.public = r.address.Addr().Unmap()
	}
	if r.public.IsUnspecified() {
		_, _ = udp.Close(), tcp.Close()
		return nil, fault.New(fault.Invalid, "phone.turn_public", "the relay listens on every address, so browsers must be told one; give --webrtc-public")
	}
	from := &onlyTo{turn.RelayAddressGeneratorStatic{RelayAddress: r.public.AsSlice(), Address: listenAt.Addr().String()}, int(port)}
	permit := func(_ net.Addr, peer net.IP) bool {
		a, ok := netip.AddrFromSlice(peer)
		return ok && slices.Contains(ours, a.Unmap())
	}
	r.server, err = turn.NewServer(turn.ServerConfig{
		Realm:             realm,
		LoggerFactory:     loggers{o.Log},
		AuthHandler:       r.admit,
		PacketConnConfigs: []turn.PacketConnConfig{{PacketConn: udp, RelayAddressGenerator: from, PermissionHandler: permit}},
		ListenerConfigs:   []turn.ListenerConfig{{Listener: tcp, RelayAddressGenerator: from, PermissionHandler: permit}},
	})
	if err != nil {
		_, _ = udp.Close(), tcp.Close()
		return nil, err
	}
	return r, nil
}

// credentials are a name that says until when they are good, and a password that
// only who knows the secret can make of it (draft-uberti-behave-turn-rest).
func (r *relay) credentials(who agent.ID) channel.PhoneCredentials {
	name := strconv.FormatInt(r.now().Add(credentialsLast).Unix(), 10) + ":" + who.String()
	at := netip.AddrPortFrom(r.public, r.address.Port())
	return channel.PhoneCredentials{
		URLs:     []string{fmt.Sprintf("turn:%s?transport=udp", at), fmt.Sprintf("turn:%s?transport=tcp", at)},
		Username: name, Password: r.password(name),
	}
}

func (r *relay) password(name string) string {
	h := hmac.New(sha1.New, r.secret)
	_, _ = h.Write([]byte(name)) // never fails
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

func (r *relay) admit(name, realm string, _ net.Addr) ([]byte, bool) {
	until, _, _ := strings.Cut(name, ":")
	at, err := strconv.ParseInt(until, 10, 64)
	if err != nil || r.now().Unix() > at {
		return nil, false
	}
	return turn.GenerateAuthKey(name, realm, r.password(name)), true
}

// ours returns the addresses that browsers are told to reach us at.
func ours(listening, public netip.Addr) []netip.Addr {
	found := []netip.Addr{listening}
	if public.IsValid() {
		found = append(found, public)
	}
	if !listening.IsUnspecified() {
		return found
	}
	all, err := net.InterfaceAddrs()
	if err != nil {
		return found
	}
	for _, a := range all {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			found = append(found, p.Addr().Unmap())
		}
	}
	return found
}

// onlyTo gives browsers ports that send to one port only.
type onlyTo struct {
	turn.RelayAddressGeneratorStatic
	port int
}

func (g *onlyTo) AllocatePacketConn(network string, wished int) (net.PacketConn, net.Addr, error) {
	c, at, err := g.RelayAddressGeneratorStatic.AllocatePacketConn(network, wished)
	return &narrow{c, g.port}, at, err
}

type narrow struct {
	net.PacketConn
	port int
}

func (n *narrow) WriteTo(b []byte, to net.Addr) (int, error) {
	if a, ok := to.(*net.UDPAddr); !ok || a.Port != n.port {
		return len(b), nil // lost, as anything may be
	}
	return n.PacketConn.WriteTo(b, to)
}
