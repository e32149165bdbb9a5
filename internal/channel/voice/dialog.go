package voice

import (
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/emiago/sipgo/sip"
)

// dialog is what both sides have in common (RFC 3261, 12). It belongs to the
// call's goroutine; only the tags are read by others.
type dialog struct {
	id        string // Call-ID
	localTag  string
	remoteTag atomic.Pointer[string]

	local, remote sip.Uri // From and To of what we send
	name          string  // with our address
	target        sip.Uri // where the other side wants to be reached
	routes        []string
	network       string // udp, tcp, tls
	peer          string // where the other side sends from
	near          bool   // send there, whatever its contact says
	localSeq      uint32
	remoteSeq     uint32
}

func (g *dialog) key() string { return g.id + " " + g.localTag }

func (g *dialog) hasRemote(tag string) bool {
	t := g.remoteTag.Load()
	return t != nil && *t == tag
}

func (g *dialog) setRemote(tag string) { g.remoteTag.Store(&tag) }

// accept makes the dialog of a call that comes in.
func (g *dialog) accept(invite *sip.Request) {
	g.id, g.localTag = invite.CallID().Value(), random(8)
	g.local, g.remote = invite.To().Address, invite.From().Address
	tag, _ := invite.From().Params.Get("tag")
	g.setRemote(tag)
	g.network, g.peer = strings.ToLower(invite.Transport()), invite.Source()
	g.remoteSeq = invite.CSeq().SeqNo
	for _, h := range invite.GetHeaders("Record-Route") {
		g.routes = append(g.routes, h.Value())
	}
	g.retarget(invite)
}

// established takes the other side's tag, address and route from its answer.
func (g *dialog) established(res *sip.Response) {
	if tag, ok := res.To().Params.Get("tag"); ok {
		g.setRemote(tag)
	}
	g.routes = nil
	records := res.GetHeaders("Record-Route")
	for _, r := range slices.Backward(records) {
		g.routes = append(g.routes, r.Value())
	}
	g.retarget(res)
}

// retarget takes the address where the other side wants to be reached from now on.
func (g *dialog) retarget(m interface {
	Contact() *sip.ContactHeader
	Source() string
},
) {
	if m.Source() != "" {
		g.peer = m.Source()
	}
	c := m.Contact()
	if c == nil || c.Address.Wildcard {
		return
	}
	g.target = *c.Address.Clone()
	at, err := netip.ParseAddr(strings.Trim(c.Address.Host, "[]"))
	// Behind a router its own idea of its address leads nowhere.
	g.near = g.near || err == nil && at.IsPrivate() && at != source(m)
}

// request makes a request to the other side. ACK has the number of what it
// acknowledges.
func (g *dialog) request(method sip.RequestMethod) *sip.Request {
	r := sip.NewRequest(method, *g.target.Clone())
	from := &sip.FromHeader{DisplayName: g.name, Address: g.local, Params: sip.NewParams()}
	from.Params.Add("tag", g.localTag)
	to := &sip.ToHeader{Address: g.remote, Params: sip.NewParams()}
	if tag := g.remoteTag.Load(); tag != nil && *tag != "" {
		to.Params.Add("tag", *tag)
	}
	id := sip.CallIDHeader(g.id)
	if method != sip.ACK {
		g.localSeq++
	}
	hops := sip.MaxForwardsHeader(70)
	r.AppendHeader(from)
	r.AppendHeader(to)
	r.AppendHeader(&id)
	r.AppendHeader(&sip.CSeqHeader{SeqNo: g.localSeq, MethodName: method})
	r.AppendHeader(&hops)
	for _, route := range g.routes {
		r.AppendHeader(sip.NewHeader("Route", route))
	}
	r.SetTransport(strings.ToUpper(g.network))
	switch {
	case len(g.routes) > 0:
		var first sip.Uri
		if _, err := sip.ParseAddressValue(g.routes[0], &first, &sip.HeaderParams{}); err == nil {
			r.SetDestination(endpoint(first, g.network))
		}
	case g.near || g.network != "udp":
		r.SetDestination(g.peer)
	default:
		r.SetDestination(endpoint(g.target, g.network))
	}
	r.SetBody(nil)
	return r
}

func endpoint(u sip.Uri, network string) string {
	if u.Port == 0 {
		u.Port = sip.DefaultPort(network)
	}
	return u.HostPort()
}

// response makes a response of ours to a request of this dialog.
func (g *dialog) response(req *sip.Request, code int, reason string) *sip.Response {
	res := sip.NewResponseFromRequest(req, code, reason, nil)
	if code > 100 {
		res.To().Params.Add("tag", g.localTag)
	}
	return res
}
