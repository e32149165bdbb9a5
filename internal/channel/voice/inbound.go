package voice

import (
	"log/slog"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"yingda/internal/kit/fault"
)

const (
	allow     = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, NOTIFY"
	supported = "100rel, timer, replaces"
)

// routes says who answers which method.
func (d *Door) routes() {
	d.server.OnInvite(d.careful(d.invite))
	d.server.OnRegister(d.careful(d.register))
	d.server.OnOptions(d.careful(d.options))
	d.server.OnAck(d.careful(d.ack))
	d.server.OnCancel(d.careful(d.nothingToCancel))
	for _, m := range []sip.RequestMethod{sip.BYE, sip.INFO, sip.UPDATE, sip.PRACK, sip.REFER, sip.NOTIFY} {
		d.server.OnRequest(m, d.careful(d.inDialog))
	}
	d.server.OnNoRoute(d.careful(func(req *sip.Request, tx sip.ServerTransaction) {
		res := sip.NewResponseFromRequest(req, 405, "Method Not Allowed", nil)
		res.AppendHeader(sip.NewHeader("Allow", allow))
		d.respond(tx, res)
	}))
}

// spoken is the one version of SIP that there is.
const spoken = "SIP/2.0"

// careful keeps off who is shut out and what is no request, before anything
// looks at it.
func (d *Door) careful(handle func(*sip.Request, sip.ServerTransaction)) func(*sip.Request, sip.ServerTransaction) {
	return func(req *sip.Request, tx sip.ServerTransaction) {
		if d.guard.out(source(req)) && d.trunkFrom(source(req)) == nil {
			return // not a word
		}
		if req.SipVersion != spoken {
			if req.SipVersion = spoken; !req.IsAck() && whole(req) {
				d.reply(req, tx, 505, "Version Not Supported")
			}
			return
		}
		if !whole(req) {
			if !req.IsAck() {
				d.reply(req, tx, sip.StatusBadRequest, "Bad Request")
			}
			return
		}
		handle(req, tx)
	}
}

// whole reports whether a request has what every request must have.
func whole(req *sip.Request) bool {
	from, to, seq := req.From(), req.To(), req.CSeq()
	if from == nil || to == nil || seq == nil || req.Via() == nil || callID(req) == "" || seq.MethodName != req.Method {
		return false
	}
	tag, _ := from.Params.Get("tag")
	return tag != "" && (req.Recipient.Scheme == "sip" || req.Recipient.Scheme == "sips" || req.Recipient.Scheme == "tel")
}

func (d *Door) reply(req *sip.Request, tx sip.ServerTransaction, code int, reason string) {
	d.respond(tx, sip.NewResponseFromRequest(req, code, reason, nil))
}

func (d *Door) respond(tx sip.ServerTransaction, res *sip.Response) {
	if err := tx.Respond(res); err != nil {
		d.o.Log.Debug("voice: an answer was not sent", slog.Int("code", res.StatusCode), slog.Any("err", err))
	}
}

// authenticate returns which telephone a request is from. If it returns false,
// the request is answered.
func (d *Door) authenticate(req *sip.Request, tx sip.ServerTransaction, ask int) (string, bool) {
	user, v := d.auth.check(req)
	from := source(req)
	switch v {
	case right:
		d.guard.succeeded(from)
		return user, true
	case missing, stale:
		reason := "Unauthorized"
		if ask == sip.StatusProxyAuthRequired {
			reason = "Proxy Authentication Required"
		}
		res := sip.NewResponseFromRequest(req, ask, reason, nil)
		d.auth.challenge(res, from, v == stale)
		d.respond(tx, res)
		d.suspect(req, asked)
	default:
		d.o.Log.Warn("voice: a wrong password", slog.String("source", req.Source()), slog.String("method", req.Method.String()))
		d.suspect(req, guessed)
		d.reply(req, tx, sip.StatusForbidden, "Forbidden")
	}
	return "", false
}

// suspect counts against a source. Without a password counts only where no
// telephone of ours is: the address of a datagram is easily forged, and nobody
// shall shut out a telephone that way.
func (d *Door) suspect(req *sip.Request, weight int) {
	from := source(req)
	if weight == asked && d.phones.knowsAddress(from) {
		return
	}
	if d.guard.failed(from, weight) {
		d.o.Log.Warn("voice: a source is shut out", slog.String("source", from.String()))
	}
}

// options answers whom we know. A stranger who asks learns nothing.
func (d *Door) options(req *sip.Request, tx sip.ServerTransaction) {
	if tagged(req) {
		d.inDialog(req, tx)
		return
	}
	if d.trunkFrom(source(req)) == nil && !d.phones.knows(req.Source()) {
		d.suspect(req, asked)
		return
	}
	if d.draining.Load() { // carriers that ask send their calls to another node
		d.elsewhere(req, tx, whileDraining)
		return
	}
	res := sip.NewResponseFromRequest(req, 200, "OK", nil)
	abilities(res)
	d.respond(tx, res)
}

// whileDraining is when who was sent away by a program that stops may try again.
const whileDraining = time.Minute

// elsewhere says that others have to take a call, or we later.
func (d *Door) elsewhere(req *sip.Request, tx sip.ServerTransaction, wait time.Duration) {
	res := sip.NewResponseFromRequest(req, 503, "Service Unavailable", nil)
	res.AppendHeader(sip.NewHeader("Retry-After", seconds(wait+time.Second-1)))
	d.respond(tx, res)
}

func abilities(m interface{ AppendHeader(sip.Header) }) {
	m.AppendHeader(sip.NewHeader("Allow", allow))
	m.AppendHeader(sip.NewHeader("Supported", supported))
	m.AppendHeader(sip.NewHeader("Accept", "application/sdp"))
}

func tagged(req *sip.Request) bool {
	tag, _ := req.To().Params.Get("tag")
	return tag != ""
}

func (d *Door) nothingToCancel(req *sip.Request, tx sip.ServerTransaction) {
	d.reply(req, tx, 481, "Call/Transaction Does Not Exist")
}

// called returns the call that a request inside a dialog belongs to.
func (d *Door) called(req *sip.Request) *Call {
	ours, _ := req.To().Params.Get("tag")
	theirs, _ := req.From().Params.Get("tag")
	return d.find(callID(req), ours, theirs)
}

// inDialog hands a request to its call and waits for the answer.
func (d *Door) inDialog(req *sip.Request, tx sip.ServerTransaction) {
	c := d.called(req)
	if c == nil || !c.hand(req, tx) {
		d.nothingToCancel(req, tx)
	}
}

// ack hands an ACK to its call. One that comes after the call is over, as it
// does when BYE overtook it, says nothing.
func (d *Door) ack(req *sip.Request, _ sip.ServerTransaction) {
	if c := d.called(req); c != nil {
		c.post(func() { c.acknowledged(req) })
	}
}

// invite answers INVITE: a change of a call, or a new one.
func (d *Door) invite(req *sip.Request, tx sip.ServerTransaction) {
	if tagged(req) {
		d.inDialog(req, tx)
		return
	}
	if d.fromHouse(req, tx) {
		return
	}
	from := source(req)
	if d.draining.Load() {
		d.elsewhere(req, tx, whileDraining)
		return
	}
	l, most := d.trunkFrom(from), d.invites
	if l != nil { // all of a company's callers come from there
		most = d.carried
	}
	if wait := most.Take(place(from).String(), d.o.Now()); wait > 0 {
		d.elsewhere(req, tx, wait)
		return
	}
	in := Incoming{To: req.Recipient.User}
	if l != nil {
		in.Trunk = l.Name
		in.From, in.Name = caller(req)
		in.Diverted = diverted(req)
	} else {
		user, ok := d.authenticate(req, tx, sip.StatusProxyAuthRequired)
		if !ok {
			return
		}
		if req.From().Address.User != user { // nobody speaks in another's name
			d.reply(req, tx, sip.StatusForbidden, "Forbidden")
			return
		}
		in.Phone, in.From = user, user
		route, err := d.plan.Load().Resolve(in.To, d.may(user))
		if err != nil {
			d.o.Log.Warn("voice: a telephone may not call", slog.String("phone", user), slog.String("number", in.To))
			code, reason := refusal(err)
			d.reply(req, tx, code, reason)
			return
		}
		in.Route = route
	}
	if value := header(req, "Replaces"); value != "" {
		if in.Replaces = d.findReplaced(value); in.Replaces == nil {
			d.nothingToCancel(req, tx)
			return
		}
	}
	if unknown := required(req); unknown != "" {
		res := sip.NewResponseFromRequest(req, 420, "Bad Extension", nil)
		res.AppendHeader(sip.NewHeader("Unsupported", unknown))
		d.respond(tx, res)
		return
	}
	if req.Contact() == nil {
		d.reply(req, tx, sip.StatusBadRequest, "Contact Missing")
		return
	}
	d.respond(tx, sip.NewResponseFromRequest(req, 100, "Trying", nil))
	d.receive(req, tx, in)
}

// may returns what a telephone of ours may call.
func (d *Door) may(phone string) Permission {
	if d.o.May != nil {
		return d.o.May(phone)
	}
	return Usual
}

// required returns what a request demands that we do not have.
func required(req *sip.Request) string {
	var unknown []string
	for _, h := range req.GetHeaders("Require") {
		for o := range strings.SplitSeq(h.Value(), ",") {
			if o = strings.TrimSpace(o); o != "" && !has(supported, o) {
				unknown = append(unknown, o)
			}
		}
	}
	return strings.Join(unknown, ", ")
}

// has reports whether a list with commas has a word.
func has(list, word string) bool {
	for w := range strings.SplitSeq(list, ",") {
		if strings.EqualFold(strings.TrimSpace(w), word) {
			return true
		}
	}
	return false
}

// caller returns who calls: as the carrier vouches for it, else as the caller says.
func caller(req *sip.Request) (number, name string) {
	var uri sip.Uri
	if value := header(req, "P-Asserted-Identity"); value != "" {
		first, _, _ := strings.Cut(value, ",")
		if display, err := sip.ParseAddressValue(first, &uri, &sip.HeaderParams{}); err == nil && uri.User != "" {
			number, name = uri.User, display
		} else if rest, ok := strings.CutPrefix(strings.Trim(first, "<> "), "tel:"); ok {
			number, _, _ = strings.Cut(rest, ";")
		}
	}
	if privacy := header(req, "Privacy"); number == "" || strings.Contains(privacy, "id") {
		from := req.From()
		number, name = from.Address.User, from.DisplayName
	}
	if strings.EqualFold(number, "anonymous") || strings.EqualFold(number, "restricted") {
		return "", ""
	}
	number, _, _ = strings.Cut(number, ";")
	return number, strings.Trim(name, `"`)
}

func diverted(req *sip.Request) string {
	var uri sip.Uri
	if value := header(req, "Diversion"); value != "" {
		if _, err := sip.ParseAddressValue(value, &uri, &sip.HeaderParams{}); err == nil {
			return uri.User
		}
	}
	return ""
}

// receive begins a call that came in and waits until it is answered, refused
// or given up: the transaction lives as long.
func (d *Door) receive(req *sip.Request, tx sip.ServerTransaction, in Incoming) {
	c := d.newCall()
	c.incoming, c.in = true, in
	c.record.Incoming, c.record.From, c.record.To = true, in.From, in.To
	c.record.Trunk, c.record.Phone = in.Trunk, in.Phone
	c.dialog.accept(req)
	c.invite, c.inviteTx = req, tx
	settled := make(chan struct{})
	c.settled = settled
	d.running.Add(1) // until it is over
	d.add(c)
	if !tx.OnCancel(func(*sip.Request) { c.post(c.cancelled) }) {
		c.post(c.cancelled)
	}
	c.post(c.arrived)
	select {
	case <-settled:
	case <-tx.Done():
	}
}

// refusal is how a reason is said in SIP.
func refusal(err error) (int, string) {
	switch fault.KindOf(err) {
	case fault.NotFound:
		return 404, "Not Found"
	case fault.Busy:
		return 486, "Busy Here"
	case fault.Invalid:
		return 488, "Not Acceptable Here"
	case fault.Internal:
		return 500, "Server Internal Error"
	default:
		return 403, "Forbidden"
	}
}
