package voice

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/sdp"
)

// Dialing is a call that goes out.
type Dialing struct {
	// At are the doors of other programs of the house, which are asked for Number
	// one after the other, as it stands; none: the dial plan says where it leads.
	At     []netip.AddrPort
	Number string
	May    Permission    // of whoever wants the call
	From   string        // the number that is shown; empty: the trunk's
	Name   string        // shown on telephones of ours
	For    time.Duration // how long it rings; 0: a minute
	On     func(Event)
}

// outgoing is what a call that goes out needs until it is answered.
type outgoing struct {
	d       Dialing
	route   Route
	line    *line
	tried   int
	user    string
	pass    string
	authed  bool
	req     *sip.Request // the INVITE that is out
	rang    bool         // a provisional answer came
	leaving bool         // it is to be cancelled
	sealed  bool         // the telephone's signalling is
	turned  bool         // the telephone did not take what it was offered first
	why     Reason
	rseq    uint32
	timer   *time.Timer
}

// ErrNotThere says that a telephone is not registered.
var ErrNotThere = fault.New(fault.Busy, "voice.not_there", "the telephone is not registered; switch it on and try again")

// Dial calls a number, as far as the dial plan lets it. It returns at once; what
// happens is told to On.
func (d *Door) Dial(o Dialing) (*Call, error) {
	route := Route{Number: o.Number, Class: Inside}
	if len(o.At) == 0 {
		var err error
		if route, err = d.plan.Load().Resolve(o.Number, o.May); err != nil {
			return nil, err
		}
	}
	c := d.newCall()
	c.out = outgoing{d: o, route: route, why: Cancelled}
	if o.On != nil {
		c.on = o.On
	}
	c.record.To, c.record.From, c.record.Phone = route.Number, o.From, route.Phone
	if !c.aim() {
		if route.Phone != "" {
			return nil, ErrNotThere
		}
		return nil, ErrNoTrunk
	}
	if !c.openLeg() {
		return nil, fault.New(fault.Busy, "voice.no_sound", "there is no port left for the sound; hang up a call and try again")
	}
	d.running.Add(1) // until it is over
	d.add(c)
	c.post(c.dial)
	return c, nil
}

// aim sets where the next INVITE goes and reports whether there is such a place.
func (c *Call) aim() bool {
	d, o := c.door, &c.out
	g := &dialog{id: random(12), localTag: random(8), name: o.d.Name}
	c.dialog = g
	g.local = sip.Uri{Scheme: "sip", User: o.d.From, Host: host(d.public)}
	if c.house() {
		if o.tried >= len(o.d.At) {
			return false
		}
		at := o.d.At[o.tried]
		o.tried++
		g.network, g.peer = "udp", at.String()
		g.target = sip.Uri{Scheme: "sip", User: o.route.Number, Host: host(at.Addr()), Port: int(at.Port())}
		g.remote = g.target
		return true
	}
	if o.route.Phone != "" {
		places := d.phones.find(o.route.Phone)
		if o.tried >= len(places) {
			return false
		}
		b := places[o.tried]
		o.tried++
		g.target, g.peer, g.network, g.near = b.contact, b.source, b.network, true
		o.sealed, o.turned = b.network == "tls", false
		g.remote = sip.Uri{Scheme: "sip", User: o.route.Phone, Host: host(d.public)}
		return true
	}
	for o.tried < len(o.route.Trunks) {
		l := (*d.trunks.Load())[o.route.Trunks[o.tried]]
		o.tried++
		if l == nil || !l.up() {
			continue
		}
		o.line, o.user, o.pass, o.authed = l, l.User, l.Password, false
		c.record.Trunk = l.Name
		g.network, g.target, g.remote = l.Network, l.uri(o.route.Number), l.uri(o.route.Number)
		g.peer = endpoint(g.target, l.Network)
		if g.local.User == "" {
			g.local.User = l.Number
		}
		return true
	}
	return false
}

// house reports whether it is a call to another program of the house.
func (c *Call) house() bool { return len(c.out.d.At) > 0 }

// dial sends INVITE.
func (c *Call) dial() {
	if c.state == ended {
		return
	}
	wait := c.out.d.For
	if wait == 0 {
		wait = time.Minute
	}
	c.out.timer = c.later(wait, func() {
		if c.state == begun {
			c.out.why = NoAnswer
			c.giveUp()
		}
	})
	c.sendInvite(nil)
	if req := c.out.req; c.house() {
		c.later(noReply, func() {
			if c.state == begun && c.out.req == req && !c.out.rang {
				c.failed(NoAnswer, 408)
			}
		})
	}
}

func (c *Call) sendInvite(authorise func(*sip.Request)) {
	req := c.dialog.request(sip.INVITE)
	c.local.Secure = c.out.seals()
	body(req, sdp.Offer(c.local))
	req.AppendHeader(c.door.contact(c.dialog.network))
	abilities(req)
	req.AppendHeader(sip.NewHeader("Session-Expires", seconds(c.door.limits.Session)))
	req.AppendHeader(sip.NewHeader("Min-SE", seconds(c.door.limits.MinSession)))
	if authorise != nil {
		authorise(req)
	}
	if c.house() {
		req.AppendHeader(sip.NewHeader(houseHeader, c.door.vouch(req)))
	}
	c.out.req = req
	c.transact(req, c.progress)
}

// transact sends an INVITE and posts each answer, or the error that there is none.
func (c *Call) transact(req *sip.Request, then func(req *sip.Request, res *sip.Response, err error)) {
	client := c.door.client(c.dialog.network)
	c.door.running.Go(func() {
		tell := func(res *sip.Response, err error) { c.post(func() { then(req, res, err) }) }
		tx, err := client.TransactionRequest(c.door.context, req)
		if err != nil {
			tell(nil, err)
			return
		}
		for {
			select {
			case res := <-tx.Responses():
				if res.IsSuccess() { // and each time it is repeated, because ACK was lost
					tx.OnRetransmission(func(r *sip.Response) { c.post(func() { c.ackAgain(req, r) }) })
				}
				tell(res, nil)
				if !res.IsProvisional() {
					return
				}
			case <-tx.Done():
				tell(nil, errors.Join(fault.New(fault.Busy, "voice.no_reply", "the other side does not answer; try again later"), tx.Err()))
				return
			case <-c.door.context.Done():
				tell(nil, c.door.context.Err())
				return
			}
		}
	})
}

func (c *Call) ack(seq uint32) {
	ack := c.dialog.request(sip.ACK)
	ack.CSeq().SeqNo = seq
	if err := c.door.client(c.dialog.network).WriteRequest(ack); err != nil {
		c.door.o.Log.Debug("voice: ACK was not sent", slog.Any("err", err))
	}
}

func (c *Call) ackAgain(req *sip.Request, res *sip.Response) {
	if c.state == talking && res.IsSuccess() {
		c.ack(req.CSeq().SeqNo)
	}
}

// progress takes an answer to our first INVITE.
func (c *Call) progress(req *sip.Request, res *sip.Response, err error) {
	o := &c.out
	switch {
	case c.state != begun || req != o.req:
		if err == nil && res.IsSuccess() && c.state != talking { // the answer crossed our farewell
			c.dialog.established(res)
			c.ack(req.CSeq().SeqNo)
			bye := c.dialog.request(sip.BYE)
			c.farewell(bye)
		}
	case err != nil:
		c.failed(NoAnswer, 408)
	case res.IsProvisional():
		c.provisionally(res)
	case res.IsSuccess():
		c.answeredBy(req, res)
	default:
		c.refusedBy(res)
	}
}

func (c *Call) provisionally(res *sip.Response) {
	o := &c.out
	o.rang = true
	if o.leaving {
		c.cancel()
		return
	}
	if res.StatusCode == sip.StatusTrying {
		return
	}
	if tag, ok := res.To().Params.Get("tag"); ok {
		c.dialog.setRemote(tag)
	}
	if lists(res, "Require", "100rel") && !c.prack(res) {
		return // it came before
	}
	if len(res.Body()) > 0 {
		if a, err := c.accepted(res); err == nil {
			first := !c.hasAgreed
			c.agree(a)
			if first {
				c.on(Event{Kind: Early})
			}
		}
	}
	if res.StatusCode == 180 {
		c.on(Event{Kind: Ringing})
	}
}

func (c *Call) accepted(res *sip.Response) (sdp.Agreed, error) {
	s, err := c.readBody(res)
	if err != nil {
		return sdp.Agreed{}, err
	}
	return sdp.Accept(c.local, s)
}

// prack confirms a provisional answer and reports whether it is a new one.
func (c *Call) prack(res *sip.Response) bool {
	f := strings.Fields(header(res, "RSeq"))
	if len(f) != 1 {
		return true
	}
	var n uint32
	for _, r := range f[0] {
		n = n*10 + uint32(r-'0')
	}
	if n <= c.out.rseq {
		return false
	}
	c.out.rseq = n
	if contact := res.Contact(); contact != nil {
		c.dialog.retarget(res)
	}
	req := c.dialog.request(sip.PRACK)
	req.AppendHeader(sip.NewHeader("RAck", f[0]+" "+itoa(c.out.req.CSeq().SeqNo)+" INVITE"))
	c.ask(req, nil)
	return true
}

// ask sends a request and posts its final answer; nil if it does not matter.
// What is asked later is sent later.
func (c *Call) ask(req *sip.Request, then func(res *sip.Response, err error)) {
	send := c.inTurn(req)
	c.door.running.Go(func() {
		res, err := send()
		if then != nil {
			c.post(func() { then(res, err) })
		}
	})
}

// inTurn returns what sends a request, once the one before it was sent, and
// waits for its final answer.
func (c *Call) inTurn(req *sip.Request) func() (*sip.Response, error) {
	d, before, sent := c.door, c.sent, make(chan struct{})
	c.sent = sent
	return func() (*sip.Response, error) {
		ctx, cancel := context.WithTimeout(d.context, patience)
		defer cancel()
		if before != nil {
			<-before
		}
		tx, err := d.client(req.Transport()).TransactionRequest(ctx, req)
		close(sent)
		if err != nil {
			return nil, err
		}
		defer tx.Terminate()
		for {
			select {
			case res := <-tx.Responses():
				if !res.IsProvisional() {
					return res, nil
				}
			case <-tx.Done():
				return nil, tx.Err()
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
	}
}

// farewell sends BYE. A door that closes waits a moment for its answer.
func (c *Call) farewell(req *sip.Request) {
	send := c.inTurn(req)
	c.door.farewells.Go(func() {
		if _, err := send(); err != nil {
			c.door.o.Log.Debug("voice: BYE was not answered", slog.Any("err", err))
		}
	})
}

func (c *Call) answeredBy(req *sip.Request, res *sip.Response) {
	o := &c.out
	c.dialog.established(res)
	c.ack(req.CSeq().SeqNo)
	c.state, o.req = talking, nil
	o.timer.Stop()
	c.record.Answered = c.door.o.Now()
	a, err := c.agreed, error(nil)
	if len(res.Body()) > 0 || !c.hasAgreed {
		a, err = c.accepted(res)
	}
	switch {
	case o.leaving:
		c.bye(o.why)
		return
	case err != nil:
		c.bye(NothingFits)
		return
	}
	c.session.answered(res)
	c.startSession()
	c.agree(a)
	c.on(Event{Kind: Answered})
	if c.held {
		c.on(Event{Kind: Held})
	}
}

// refusedBy takes a final answer that is no yes: it may want a password, or
// another trunk may do better.
func (c *Call) refusedBy(res *sip.Response) {
	o := &c.out
	switch code := res.StatusCode; {
	case o.leaving:
		c.finish(o.why, code)
	case (code == 401 || code == 407) && !o.authed && o.pass != "":
		o.authed = true
		if authorise := o.authorisation(res); authorise != nil {
			c.sendInvite(authorise)
			return
		}
		c.failed(Refused, code)
	case (code == sip.StatusNotAcceptableHere || code == sip.StatusGlobalNotAcceptable) && o.otherWise():
		c.sendInvite(nil)
	case code == 486 || code == 600 || code == 603:
		c.finish(Refused, code)
	case code == 408 || code == 480:
		c.failed(NoAnswer, code)
	default: // 3xx too: nobody sends our calls elsewhere
		c.failed(Refused, code)
	}
}

// seals reports whether sealed sound is offered: to a carrier that is to have it,
// and to a telephone whose signalling is sealed too, for the keys stand in it. One
// that refuses is offered the other.
func (o *outgoing) seals() bool {
	if o.line != nil {
		return o.line.Secure
	}
	return o.sealed != o.turned
}

// otherWise turns to offering a telephone the other, sealed or not, and reports
// whether that was not offered yet. A carrier is never offered what its setting
// does not say.
func (o *outgoing) otherWise() bool {
	if o.route.Phone == "" || o.turned {
		return false
	}
	o.turned = true
	return true
}

// authorisation returns what answers a question for the password.
func (o *outgoing) authorisation(res *sip.Response) func(*sip.Request) {
	from, to := "WWW-Authenticate", "Authorization"
	if res.StatusCode == sip.StatusProxyAuthRequired {
		from, to = "Proxy-Authenticate", "Proxy-Authorization"
	}
	challenge, err := digest.ParseChallenge(header(res, from))
	if err != nil {
		return nil
	}
	return func(req *sip.Request) {
		uri := req.Recipient.Addr()
		c, err := digest.Digest(challenge, digest.Options{Method: req.Method.String(), URI: uri, Username: o.user, Password: o.pass})
		if err == nil {
			req.AppendHeader(sip.NewHeader(to, c.String()))
		}
	}
}

// failed tries the next place, if it makes sense, or ends the call.
func (c *Call) failed(why Reason, code int) {
	o := &c.out
	o.timer.Stop()
	again := code >= 500 || code == 408 || c.house() && code != 403
	if again && !o.leaving {
		c.door.remove(c)
		if c.aim() {
			c.hasAgreed, o.rang, o.rseq = false, false, 0
			c.door.add(c)
			c.dial()
			return
		}
	}
	if o.leaving {
		why = o.why
	}
	c.finish(why, code)
}

// giveUp cancels a call that was not answered: at once if something came back,
// else when it does.
func (c *Call) giveUp() {
	o := &c.out
	if o.leaving {
		return
	}
	o.leaving = true
	if o.timer != nil {
		o.timer.Stop()
	}
	if o.req == nil {
		c.finish(o.why, 0)
		return
	}
	if o.rang {
		c.cancel()
	}
	c.later(patience, func() { c.finish(o.why, 0) })
}

func (c *Call) cancel() {
	invite := c.out.req
	req := sip.NewRequest(sip.CANCEL, *invite.Recipient.Clone())
	req.AppendHeader(sip.HeaderClone(invite.Via()))
	req.AppendHeader(sip.HeaderClone(invite.From()))
	req.AppendHeader(sip.HeaderClone(invite.To()))
	req.AppendHeader(sip.HeaderClone(invite.CallID()))
	req.AppendHeader(&sip.CSeqHeader{SeqNo: invite.CSeq().SeqNo, MethodName: sip.CANCEL})
	hops := sip.MaxForwardsHeader(70)
	req.AppendHeader(&hops)
	sip.CopyHeaders("Route", invite, req)
	req.SetTransport(invite.Transport())
	req.SetDestination(invite.Destination())
	req.SetBody(nil)
	c.ask(req, nil)
}

// Hold tells the other side that it is not listened to, and Resume that it is
// again. What is played to it goes on.
func (c *Call) Hold() { c.post(func() { c.offerAgain(sdp.SendOnly) }) }

// Resume ends Hold.
func (c *Call) Resume() { c.post(func() { c.offerAgain(sdp.SendRecv) }) }

func (c *Call) offerAgain(d sdp.Direction) {
	if c.local.Direction != d {
		c.local.Direction = d
		c.local.Version++
	}
	c.refresh()
}

// refresh sends re-INVITE with what we have to say.
func (c *Call) refresh() {
	if c.state != talking || c.asking || c.ok != nil {
		if c.state == talking {
			c.later(time.Second, c.refresh)
		}
		return
	}
	c.asking = true
	req := c.dialog.request(sip.INVITE)
	local := c.local
	body(req, sdp.Offer(local))
	req.AppendHeader(c.door.contact(c.dialog.network))
	abilities(req)
	if s := c.session; s.every > 0 {
		who := "uas"
		if s.ours {
			who = "uac"
		}
		req.AppendHeader(sip.NewHeader("Session-Expires", seconds(s.every)+";refresher="+who))
	}
	c.transact(req, func(req *sip.Request, res *sip.Response, err error) { c.refreshed(local, req, res, err) })
}

func (c *Call) refreshed(local sdp.Local, req *sip.Request, res *sip.Response, err error) {
	if c.state != talking || err == nil && res.IsProvisional() {
		return
	}
	c.asking = false
	switch {
	case err != nil:
		c.bye(NoSignal)
	case res.IsSuccess():
		c.dialog.retarget(res)
		c.ack(req.CSeq().SeqNo)
		if s, err := c.readBody(res); err == nil {
			if a, err := sdp.Accept(local, s); err == nil {
				c.agree(a)
			}
		}
		c.session.answered(res)
		c.startSession()
	case res.StatusCode == 491: // both asked at once
		c.later(2100*time.Millisecond+rand.N(1900*time.Millisecond), c.refresh)
	case res.StatusCode == sip.StatusRequestTimeout || res.StatusCode == sip.StatusCallTransactionDoesNotExists:
		c.bye(NoSignal)
	default: // it stays as it was
		c.startSession()
	}
}

// referred takes REFER. Only telephones of ours may ask, and only for numbers
// that the plan lets them call.
func (c *Call) referred(h handed) {
	phone := c.Phone()
	var to sip.Uri
	value := header(h.req, "Refer-To")
	if phone == "" || c.state != talking || value == "" {
		c.door.o.Log.Warn("voice: a transfer was refused", slog.String("call", c.ID), slog.String("phone", phone), slog.String("to", value))
		c.answer(h, 403, "Forbidden")
		return
	}
	if _, err := sip.ParseAddressValue(value, &to, &sip.HeaderParams{}); err != nil {
		c.answer(h, 400, "Bad Request")
		return
	}
	t, err := c.transferTo(to, phone)
	if err != nil {
		c.door.o.Log.Warn("voice: a transfer was refused", slog.String("phone", phone), slog.Any("err", err))
		code, reason := refusal(err)
		c.answer(h, code, reason)
		return
	}
	c.refer = h.req.CSeq().SeqNo
	c.answer(h, 202, "Accepted")
	c.notify(100, "Trying", false)
	c.on(Event{Kind: TransferAsked, Transfer: t})
}

func (c *Call) transferTo(to sip.Uri, phone string) (Transfer, error) {
	if value, ok := to.Headers.Get("Replaces"); ok {
		text, err := url.QueryUnescape(value)
		if err != nil {
			return Transfer{}, ErrNoNumber
		}
		other := c.door.findReplaced(text)
		if other == nil || other == c || other.record.Phone != phone {
			return Transfer{}, ErrNoNumber
		}
		return Transfer{Other: other}, nil
	}
	number := to.User
	if to.Scheme == "tel" {
		number, _, _ = strings.Cut(to.Raw(), ";")
	}
	route, err := c.door.plan.Load().Resolve(number, c.door.may(phone))
	return Transfer{Route: route}, err
}

// Transferred tells a telephone what came of the transfer that it asked for, as
// an answer of SIP: 200 if the other party has it.
func (c *Call) Transferred(code int) {
	c.post(func() {
		if c.state == talking && c.refer != 0 {
			c.notify(code, map[bool]string{true: "OK", false: "Service Unavailable"}[code < 300], true)
			c.refer = 0
		}
	})
}

func (c *Call) notify(code int, reason string, last bool) {
	req := c.dialog.request(sip.NOTIFY)
	state := "active;expires=60"
	if last {
		state = "terminated;reason=noresource"
	}
	req.AppendHeader(sip.NewHeader("Event", "refer;id="+itoa(c.refer)))
	req.AppendHeader(sip.NewHeader("Subscription-State", state))
	req.AppendHeader(sip.NewHeader("Content-Type", "message/sipfrag;version=2.0"))
	req.AppendHeader(c.door.contact(c.dialog.network))
	req.SetBody([]byte("SIP/2.0 " + itoa(uint32(code)) + " " + reason + "\r\n"))
	c.ask(req, nil)
}
