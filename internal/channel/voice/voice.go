// Package voice is the telephone's door: it speaks SIP with carriers and
// telephones and carries their sound. A call is an actor: one goroutine at a time
// that alone touches what belongs to it, fed by messages of the network, timers and
// whoever holds the call.
//
// The door knows who may come in and where a number leads. What a caller hears
// and who answers is decided above it.
package voice

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"yingda/internal/kit/audio"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/limit"
	"yingda/internal/kit/rtp"
)

// Listener is where SIP is heard.
type Listener struct {
	Network string // udp, tcp or tls
	Address netip.AddrPort
	TLS     *tls.Config // for tls
}

// Options are what a door is opened with.
type Options struct {
	Listen []Listener
	// Public is the address that others are told, if it is not the one that is
	// listened on.
	Public netip.Addr
	Ports  *rtp.Ports
	Pacer  *rtp.Pacer
	Realm  string // of the telephones' passwords
	// House is the key by which the programs of one house know each other's calls;
	// empty: there is one program.
	House  []byte
	Phones Phones
	Trunks []Trunk
	Plan   Plan
	// Take is asked for each call that comes in. It returns who is told what
	// happens, or why the call is refused. It must not wait.
	Take func(c *Call, in Incoming) (func(Event), error)
	// Moved is told when a telephone registers, is withdrawn or is forgotten; nil:
	// nobody is. It must not wait.
	Moved func()
	// May is what a telephone of ours may call; nil: Usual.
	May func(phone string) Permission
	// Records keeps what a call was when it is over; may be nil.
	Records Records
	Now     func() time.Time
	Log     *slog.Logger
	// Limits keep strangers and broken machines off; the zero value is ours.
	Limits Limits
}

// Limits are how much is too much.
type Limits struct {
	CallsPerSecond float64       // new calls from one source; 50, and ten times as many from a carrier
	CallsAtOnce    int           // of them, in a moment; 300
	Failures       int           // wrong passwords from one source before it is shut out; 10
	ShutOut        time.Duration // for how long; 15 min
	Silence        time.Duration // nothing heard before a call is over; 30 s
	Session        time.Duration // a call shows that it is alive this often; 30 min
	MinSession     time.Duration // and never more often; 90 s
}

func (l Limits) filled() Limits {
	fill := func(d *time.Duration, usual time.Duration) {
		if *d == 0 {
			*d = usual
		}
	}
	if l.CallsPerSecond == 0 {
		l.CallsPerSecond = 50
	}
	if l.CallsAtOnce == 0 {
		l.CallsAtOnce = 300
	}
	if l.Failures == 0 {
		l.Failures = 10
	}
	fill(&l.ShutOut, 15*time.Minute)
	fill(&l.Silence, 30*time.Second)
	fill(&l.Session, 30*time.Minute)
	fill(&l.MinSession, 90*time.Second)
	return l
}

// Incoming is what is known of a call that comes in.
type Incoming struct {
	From     string // the caller's number; empty if it is withheld
	Name     string // as the other side says
	To       string // the number that was called
	Diverted string // the number that passed the call on, if one did
	Trunk    string // through which it came, or
	Phone    string // the phone of ours that calls, and then
	Route    Route  // where the plan leads it
	// House is set if another program of the house calls: To is what it asks for.
	House bool
	// Replaces is the call that this one takes over, if it asks to.
	Replaces *Call
}

// Record is what a call was.
type Record struct {
	ID       string
	Incoming bool
	From, To string
	Trunk    string
	Phone    string
	Began    time.Time
	Answered time.Time // zero if it never was
	Ended    time.Time
	Reason   Reason
	Code     int // of SIP, 0 if none tells why
	Law      audio.Law
	Sealed   bool // the sound was (SRTP)
	Sound    rtp.Figures
}

// Records keeps records. It must not wait long.
type Records interface {
	Ended(r Record)
}

// Door is the telephone's door. It is open from Open to Close.
type Door struct {
	o        Options
	limits   Limits
	ua       *sipgo.UserAgent
	server   *sipgo.Server
	udp      *sipgo.Client // sends from where it listens
	stream   *sipgo.Client // sends over the connection that there is
	public   netip.Addr
	ports    map[string]int // by network, for our address
	auth     *authority
	guard    *guard
	invites  *limit.Buckets
	carried  *limit.Buckets                   // from carriers
	trunks   atomic.Pointer[map[string]*line] // never written to once it is there
	plan     atomic.Pointer[Plan]
	setting  sync.Mutex // held by who changes trunks
	phones   *registrar
	context  context.Context //nolint:containedctx // the door's life, for what it sends by itself
	stop     context.CancelFunc
	running  sync.WaitGroup
	draining atomic.Bool // no more calls come in
	// farewells are the BYEs that are on their way.
	farewells sync.WaitGroup

	mu    sync.Mutex
	calls map[string]known // by Call-ID and our tag
}

// settle sets what the library keeps for the whole program: a packet that is
// too large for the net is cut by it and not refused, and what the library has
// to say of its connections is not ours to log.
var settle = sync.OnceFunc(func() {
	sip.UDPMTUSize = 65535
	sip.SetDefaultLogger(slog.New(slog.DiscardHandler))
})

// Open begins to listen.
func Open(o Options) (*Door, error) {
	if len(o.Listen) == 0 || o.Ports == nil || o.Pacer == nil || o.Take == nil {
		return nil, fault.New(fault.Invalid, "voice.options", "the telephone needs an address to listen on, ports for sound and somebody who takes calls")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	settle()
	quiet := slog.New(slog.DiscardHandler)
	ua, err := sipgo.NewUA(sipgo.WithUserAgent("Yingda"),
		sipgo.WithUserAgentTransactionLayerOptions(sip.WithTransactionLayerLogger(quiet)),
		sipgo.WithUserAgentTransportLayerOptions(sip.WithTransportLayerLogger(quiet)))
	if err != nil {
		return nil, fmt.Errorf("voice: %w", err)
	}
	d := &Door{o: o, limits: o.Limits.filled(), ua: ua, public: o.Public, ports: map[string]int{}, calls: map[string]known{}}
	d.context, d.stop = context.WithCancel(context.Background())
	d.auth = newAuthority(o.Realm, o.Phones, o.Now)
	d.guard = newGuard(d.limits, o.Now)
	d.invites = limit.New(d.limits.CallsPerSecond, d.limits.CallsAtOnce, 10000)
	d.carried = limit.New(10*d.limits.CallsPerSecond, 10*d.limits.CallsAtOnce, 10000)
	d.phones = newRegistrar(o.Now)
	d.trunks.Store(&map[string]*line{})
	d.SetPlan(o.Plan)
	if err := d.listen(quiet); err != nil {
		d.Close()
		return nil, err
	}
	d.SetTrunks(o.Trunks)
	return d, nil
}

// listen takes every address before it hears anything.
func (d *Door) listen(quiet *slog.Logger) (err error) {
	if d.server, err = sipgo.NewServer(d.ua, sipgo.WithServerLogger(quiet)); err != nil {
		return fmt.Errorf("voice: %w", err)
	}
	d.routes()
	if !d.public.IsValid() {
		d.public = d.o.Listen[0].Address.Addr()
	}
	host := d.public.String()
	udp := []sipgo.ClientOption{sipgo.WithClientHostname(host), sipgo.WithClientNAT(), sipgo.WithClientLogger(quiet)}
	var begin []func()
	for _, l := range d.o.Listen {
		address, serve, err := d.take(l)
		if err != nil {
			return err
		}
		begin = append(begin, serve)
		if _, again := d.ports[l.Network]; again {
			continue
		}
		d.ports[l.Network] = int(address.Port())
		if l.Network == "udp" {
			udp = append(udp, sipgo.WithClientConnectionAddr(address.String()), sipgo.WithClientPort(int(address.Port())))
		}
	}
	if d.udp, err = sipgo.NewClient(d.ua, udp...); err != nil {
		return fmt.Errorf("voice: %w", err)
	}
	d.stream, err = sipgo.NewClient(d.ua, sipgo.WithClientHostname(host), sipgo.WithClientNAT(), sipgo.WithClientLogger(quiet))
	if err != nil {
		return fmt.Errorf("voice: %w", err)
	}
	for _, serve := range begin {
		serve()
	}
	return nil
}

// take takes one address and returns which, and what begins to listen there.
func (d *Door) take(l Listener) (netip.AddrPort, func(), error) {
	failed := func(err error) (netip.AddrPort, func(), error) {
		return netip.AddrPort{}, nil, fault.New(fault.Busy, "voice.listen", "SIP cannot be heard on %s/%s; is another program there?", l.Address, l.Network).Because(err)
	}
	if l.Network == "udp" {
		conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(l.Address))
		if err != nil {
			return failed(err)
		}
		context.AfterFunc(d.context, func() { _ = conn.Close() })
		return conn.LocalAddr().(*net.UDPAddr).AddrPort(), func() { d.serveUDP(conn) }, nil //nolint:forcetypeassert // it is a UDP socket
	}
	conn, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(l.Address))
	if err != nil {
		return failed(err)
	}
	context.AfterFunc(d.context, func() { _ = conn.Close() })
	address := conn.Addr().(*net.TCPAddr).AddrPort() //nolint:forcetypeassert // it is a TCP socket
	if l.Network == "tls" {
		return address, func() { d.run(func() error { return d.server.ServeTLS(tls.NewListener(conn, l.TLS)) }) }, nil
	}
	return address, func() { d.run(func() error { return d.server.ServeTCP(conn) }) }, nil
}

// serveUDP waits until the library knows its own socket: what was sent before
// would go from another.
func (d *Door) serveUDP(conn *net.UDPConn) {
	pool := d.server.TransportLayer().Pool("udp")
	before := pool.Size()
	d.run(func() error { return d.server.ServeUDP(conn) })
	for range 5000 {
		if pool.Size() > before {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func (d *Door) run(serve func() error) {
	d.running.Go(func() {
		if err := serve(); err != nil && !errors.Is(err, net.ErrClosed) && d.context.Err() == nil {
			d.o.Log.Error("voice: SIP is not heard any more", slog.Any("err", err))
		}
	})
}

// Address returns where a network is listened on, as others are told.
func (d *Door) Address(network string) netip.AddrPort {
	return netip.AddrPortFrom(d.public, uint16(d.ports[network]))
}

// Calls returns how many calls there are.
func (d *Door) Calls() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.calls)
}

// Drain takes no more calls: who calls, or asks whether we are there, is told to
// try elsewhere. Calls that there are go on.
func (d *Door) Drain() { d.draining.Store(true) }

// Close hangs up every call and stops listening.
func (d *Door) Close() {
	d.mu.Lock()
	calls := make([]*Call, 0, len(d.calls))
	for _, k := range d.calls {
		calls = append(calls, k.call)
	}
	d.mu.Unlock()
	for _, c := range calls {
		c.Hangup()
	}
	for _, c := range calls {
		select {
		case <-c.over:
		case <-time.After(3 * time.Second): // it still waits for ACK or an answer
		}
	}
	said := make(chan struct{})
	go func() { d.farewells.Wait(); close(said) }()
	select {
	case <-said:
	case <-time.After(2 * time.Second):
	}
	d.leave()
	d.setting.Lock()
	d.stop()
	d.setting.Unlock()
	_ = d.ua.Close()
	d.running.Wait()
}

// known is a call with its dialog, of which others read the tags only.
type known struct {
	call   *Call
	dialog *dialog
}

func (d *Door) add(c *Call) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls[c.dialog.key()] = known{c, c.dialog}
}

func (d *Door) remove(c *Call) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.calls, c.dialog.key())
}

// find returns the call of a dialog, by our tag and theirs.
func (d *Door) find(callID, ours, theirs string) *Call {
	d.mu.Lock()
	defer d.mu.Unlock()
	if k, ok := d.calls[callID+" "+ours]; ok && k.dialog.hasRemote(theirs) {
		return k.call
	}
	return nil
}

// findReplaced returns the call that a Replaces header means (RFC 3891), which
// has the tags as whoever wrote it sees them.
func (d *Door) findReplaced(value string) *Call {
	id, params, _ := strings.Cut(value, ";")
	id = strings.TrimSpace(id)
	var to, from string
	for p := range strings.SplitSeq(params, ";") {
		switch k, v, _ := strings.Cut(strings.TrimSpace(p), "="); k {
		case "to-tag":
			to = v
		case "from-tag":
			from = v
		}
	}
	if c := d.find(id, to, from); c != nil {
		return c
	}
	return d.find(id, from, to)
}

// client returns who sends over a network.
func (d *Door) client(network string) *sipgo.Client {
	if strings.EqualFold(network, "udp") {
		return d.udp
	}
	return d.stream
}

// contact is our address for the other side of a network.
func (d *Door) contact(network string) *sip.ContactHeader {
	network = strings.ToLower(network)
	uri := sip.Uri{Scheme: "sip", User: "yingda", Host: host(d.public), Port: d.ports[network], UriParams: sip.NewParams()}
	if network != "udp" {
		uri.UriParams.Add("transport", network)
	}
	return &sip.ContactHeader{Address: uri, Params: sip.NewParams()}
}

func host(a netip.Addr) string {
	if a.Is6() {
		return "[" + a.String() + "]"
	}
	return a.String()
}

func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// source returns the address that a message came from.
func source(m interface{ Source() string }) netip.Addr {
	at, err := netip.ParseAddrPort(m.Source())
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d.Seconds())) }

func header(m interface {
	GetHeader(name string) sip.Header
}, name string,
) string {
	if h := m.GetHeader(name); h != nil {
		return strings.TrimSpace(h.Value())
	}
	return ""
}
