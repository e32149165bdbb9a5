package voice

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"yingda/internal/kit/fault"
)

// Trunk is a line to a carrier, or to a telephone system beside ours.
type Trunk struct {
	Name    string
	Host    string // where calls go: an address or a name
	Port    int    // 0: that of the network
	Network string // udp, tcp or tls
	// From are the addresses whose calls are the carrier's.
	From []netip.Prefix
	// Number is shown to those who are called, unless the call has its own.
	Number string
	// User and Password are for carriers that ask; Register keeps us known to them.
	User, Password string
	Register       bool
	// Watch asks the carrier this often whether it is there; 0: never.
	Watch time.Duration
	// Secure offers sealed sound only.
	Secure bool
}

func (t Trunk) same(o Trunk) bool {
	from := slices.Equal(t.From, o.From)
	t.From, o.From = nil, nil
	return from && reflect.DeepEqual(t, o)
}

// line is a trunk and how it is.
type line struct {
	Trunk

	context context.Context //nolint:containedctx // how long it is tended
	stop    context.CancelFunc
	leaves  atomic.Bool   // the carrier is to be told that we are gone
	left    chan struct{} // closed when it is tended no more

	mu    sync.Mutex
	down  bool
	why   string
	extra netip.Addr // where it answered our registration from
}

func (d *Door) newLine(t Trunk) *line {
	l := &line{Trunk: t, down: t.Register, left: make(chan struct{})}
	l.context, l.stop = context.WithCancel(d.context)
	return l
}

// SetTrunks makes these the trunks that there are. Those that were there and are
// the same stay as they are, registered; from those that are gone we take leave.
// Calls that go through another go on.
func (d *Door) SetTrunks(trunks []Trunk) {
	d.setting.Lock()
	defer d.setting.Unlock()
	if d.context.Err() != nil {
		return
	}
	had, has := *d.trunks.Load(), map[string]*line{}
	for _, t := range trunks {
		if l := had[t.Name]; l != nil && l.same(t) {
			has[t.Name] = l
			continue
		}
		l := d.newLine(t)
		has[t.Name] = l
		if !l.Register && l.Watch == 0 {
			close(l.left)
			continue
		}
		d.running.Go(func() {
			defer close(l.left)
			d.keep(l)
		})
	}
	d.trunks.Store(&has)
	for name, l := range had {
		if has[name] != l {
			l.leaves.Store(!slices.ContainsFunc(trunks, l.registersAs))
			l.stop()
		}
	}
}

// registersAs reports whether another trunk has the same place at the carrier.
func (l *line) registersAs(o Trunk) bool {
	return o.Register && o.Host == l.Host && o.Port == l.Port && o.Network == l.Network && o.User == l.User
}

// leave takes leave of every carrier, and waits a moment for that.
func (d *Door) leave() {
	d.setting.Lock()
	defer d.setting.Unlock()
	lines := *d.trunks.Load()
	for _, l := range lines {
		l.leaves.Store(true)
		l.stop()
	}
	enough := time.After(2 * time.Second)
	for _, l := range lines {
		select {
		case <-l.left:
		case <-enough:
			return
		}
	}
}

// SetPlan makes this the dial plan. Calls that are being made go on as they were
// begun.
func (d *Door) SetPlan(p Plan) { d.plan.Store(&p) }

// trusts reports whether calls from an address are the carrier's.
func (l *line) trusts(a netip.Addr) bool {
	if slices.ContainsFunc(l.From, func(p netip.Prefix) bool { return p.Contains(a) }) {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.extra.IsValid() && l.extra == a
}

func (l *line) up() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.down
}

func (l *line) uri(user string) sip.Uri {
	u := sip.Uri{Scheme: "sip", User: user, Host: l.Host, Port: l.Port, UriParams: sip.NewParams()}
	if l.Network != "udp" {
		u.UriParams.Add("transport", l.Network)
	}
	return u
}

// Lines returns of each trunk what is wrong with it, nothing if it works.
func (d *Door) Lines() map[string]string {
	out := map[string]string{}
	for name, l := range *d.trunks.Load() {
		l.mu.Lock()
		out[name] = ""
		if l.down {
			out[name] = l.why
			if l.why == "" {
				out[name] = "not registered yet"
			}
		}
		l.mu.Unlock()
	}
	return out
}

// trunkFrom returns the trunk whose calls come from an address.
func (d *Door) trunkFrom(a netip.Addr) *line {
	for _, l := range *d.trunks.Load() {
		if l.trusts(a) {
			return l
		}
	}
	return nil
}

// keep keeps a trunk registered and watches it, until it is another one or the
// door closes.
func (d *Door) keep(l *line) {
	id, seq := random(8), uint32(0)
	failures := 0
	defer func() {
		if l.Register && l.leaves.Load() && l.up() {
			d.unregister(l, id, &seq)
		}
	}()
	for {
		wait, err := d.tend(l, id, &seq)
		if l.context.Err() != nil {
			return
		}
		d.note(l, err)
		if failures++; err == nil {
			failures = 0
		} else {
			wait = min(5*time.Minute, time.Second<<min(failures, 9))
		}
		select {
		case <-time.After(wait - rand.N(wait/10+1)):
		case <-l.context.Done():
			return
		}
	}
}

// tend registers at a trunk or asks for it, and returns when to do it again.
func (d *Door) tend(l *line, id string, seq *uint32) (time.Duration, error) {
	if l.Register {
		return d.registerAt(l, id, seq)
	}
	return l.Watch, d.ask(l)
}

func (d *Door) note(l *line, err error) {
	l.mu.Lock()
	was := l.down
	l.down, l.why = err != nil, ""
	if err != nil {
		l.why = err.Error()
	}
	l.mu.Unlock()
	switch {
	case err != nil && !was:
		d.o.Log.Warn("voice: a trunk does not work", slog.String("trunk", l.Name), slog.Any("err", err))
	case err == nil && was:
		d.o.Log.Info("voice: a trunk works", slog.String("trunk", l.Name))
	}
}

func (d *Door) outside(l *line, method sip.RequestMethod, id string, seq uint32) *sip.Request {
	uri := l.uri("")
	r := sip.NewRequest(method, uri)
	user := l.User
	if user == "" {
		user = "yingda"
	}
	self := l.uri(user)
	from := &sip.FromHeader{Address: self, Params: sip.NewParams()}
	from.Params.Add("tag", random(8))
	callID := sip.CallIDHeader(id)
	hops := sip.MaxForwardsHeader(70)
	r.AppendHeader(from)
	r.AppendHeader(&sip.ToHeader{Address: self, Params: sip.NewParams()})
	r.AppendHeader(&callID)
	r.AppendHeader(&sip.CSeqHeader{SeqNo: seq, MethodName: method})
	r.AppendHeader(&hops)
	contact := d.contact(l.Network)
	contact.Address.User = user
	r.AppendHeader(contact)
	r.SetTransport(sip.NetworkToUpper(l.Network))
	r.SetBody(nil)
	return r
}

func errTrunk(res *sip.Response) error {
	return fault.New(fault.Busy, "voice.trunk_refused", "the carrier refuses: %d %s", res.StatusCode, res.Reason)
}

// registerAt registers at a carrier and returns when to do it again.
func (d *Door) registerAt(l *line, id string, seq *uint32) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(l.context, 32*time.Second)
	defer cancel()
	res, err := d.registerFor(ctx, l, id, seq, "600")
	if err != nil {
		return 0, err
	}
	l.mu.Lock()
	l.extra = source(res)
	l.mu.Unlock()
	granted := 600
	value := header(res, "Expires")
	if c := res.Contact(); c != nil {
		if v, ok := c.Params.Get("expires"); ok {
			value = v
		}
	}
	if n, err := strconv.Atoi(value); err == nil && n > 0 {
		granted = n
	}
	return time.Duration(granted) * time.Second * 8 / 10, nil
}

// registerFor registers at a carrier for so many seconds.
func (d *Door) registerFor(ctx context.Context, l *line, id string, seq *uint32, expires string) (*sip.Response, error) {
	*seq++
	req := d.outside(l, sip.REGISTER, id, *seq)
	req.AppendHeader(sip.NewHeader("Expires", expires))
	client := d.client(l.Network)
	res, err := client.Do(ctx, req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode == sip.StatusUnauthorized || res.StatusCode == sip.StatusProxyAuthRequired {
		*seq++ // the answer to the question counts as one more
		if res, err = client.DoDigestAuth(ctx, req, res, sipgo.DigestAuth{Username: l.User, Password: l.Password}); err != nil {
			return nil, err
		}
	}
	if !res.IsSuccess() {
		return nil, errTrunk(res)
	}
	return res, nil
}

// unregister tells a carrier that we are not there any more: it sends no more
// calls.
func (d *Door) unregister(l *line, id string, seq *uint32) {
	ctx, cancel := context.WithTimeout(d.context, 5*time.Second)
	defer cancel()
	if _, err := d.registerFor(ctx, l, id, seq, "0"); err != nil {
		d.o.Log.Warn("voice: a carrier was not told that we are gone", slog.String("trunk", l.Name), slog.Any("err", err))
	}
}

// ask asks a carrier whether it is there; any answer says yes.
func (d *Door) ask(l *line) error {
	ctx, cancel := context.WithTimeout(l.context, 10*time.Second)
	defer cancel()
	_, err := d.client(l.Network).Do(ctx, d.outside(l, sip.OPTIONS, random(8), 1))
	return err
}
