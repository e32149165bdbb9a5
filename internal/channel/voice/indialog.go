package voice

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"yingda/internal/kit/sdp"
)

// gapWait is how long a request waits for those before it: each comes by a
// goroutine of its own, and they overtake each other.
const gapWait = 50 * time.Millisecond

func itoa(n uint32) string { return strconv.FormatUint(uint64(n), 10) }

// order answers requests in the order of their numbers. BYE does not wait.
func (c *Call) order(h handed) {
	seq := h.req.CSeq().SeqNo
	switch {
	case c.state == ended:
		c.door.nothingToCancel(h.req, h.tx)
		h.done()
	case h.req.Method == sip.BYE, seq == c.dialog.remoteSeq+1:
		c.process(h)
		c.drain(false)
	case seq <= c.dialog.remoteSeq && h.req.Method == sip.INFO: // a key is not lost because it was overtaken
		c.process(h)
	case seq <= c.dialog.remoteSeq:
		c.answer(h, 500, "Out Of Order")
	case len(c.waiting) >= 50:
		c.answer(h, 503, "Service Unavailable")
	default:
		c.waiting = append(c.waiting, h)
		c.later(gapWait, func() { c.drain(true) })
	}
}

// drain answers what has waited: as far as nothing is missing, or all of it.
func (c *Call) drain(all bool) {
	slices.SortFunc(c.waiting, func(a, b handed) int { return int(int64(a.req.CSeq().SeqNo) - int64(b.req.CSeq().SeqNo)) })
	for len(c.waiting) > 0 && (all || c.waiting[0].req.CSeq().SeqNo <= c.dialog.remoteSeq+1) {
		h := c.waiting[0]
		c.waiting = c.waiting[1:]
		c.process(h)
	}
}

func (c *Call) answer(h handed, code int, reason string) {
	c.send(h, c.dialog.response(h.req, code, reason))
}

func (c *Call) send(h handed, res *sip.Response) {
	c.door.respond(h.tx, res)
	h.done()
}

func (c *Call) process(h handed) {
	if c.state == ended {
		c.door.nothingToCancel(h.req, h.tx)
		h.done()
		return
	}
	c.dialog.remoteSeq = max(c.dialog.remoteSeq, h.req.CSeq().SeqNo)
	switch h.req.Method {
	case sip.BYE:
		c.answer(h, 200, "OK")
		if c.incoming && c.state == begun {
			c.final(c.dialog.response(c.invite, 487, "Request Terminated"))
		}
		c.finish(c.farewellReason(h.req), 0)
	case sip.INVITE, sip.UPDATE:
		c.changed(h)
	case sip.PRACK:
		c.pracked(h)
	case sip.INFO:
		c.info(h)
	case sip.REFER:
		c.referred(h)
	case sip.OPTIONS:
		res := c.dialog.response(h.req, 200, "OK")
		abilities(res)
		c.send(h, res)
	case sip.NOTIFY:
		c.answer(h, 200, "OK")
	default:
		c.answer(h, 501, "Not Implemented")
	}
}

// farewellReason is why the other side has ended the call.
func (c *Call) farewellReason(bye *sip.Request) Reason {
	if c.house() && header(bye, "Reason") == lostReason {
		return NoSignal
	}
	return TheyHungUp
}

// changed answers re-INVITE and UPDATE: hold, another address, a refreshed
// session, or the question what we would offer.
func (c *Call) changed(h handed) {
	invite := h.req.Method == sip.INVITE
	if invite && c.ok != nil {
		if c.okOffers && !h.waited { // ACK with the answer was overtaken
			h.waited = true
			c.later(gapWait, func() { c.process(h) })
			return
		}
		if !c.okOffers { // who asks for more has heard the 200
			c.ok.stop()
			c.ok = nil
		}
	}
	switch {
	case invite && c.state != talking, c.asking, invite && c.ok != nil:
		c.answer(h, 491, "Request Pending")
		return
	case !c.session.asked(h.req, c.door.limits):
		res := c.dialog.response(h.req, 422, "Session Interval Too Small")
		res.AppendHeader(sip.NewHeader("Min-SE", seconds(c.door.limits.MinSession)))
		c.send(h, res)
		return
	}
	res := c.dialog.response(h.req, 200, "OK")
	agreed, takes := c.agreed, false
	local := c.local
	local.Version++
	switch {
	case len(h.req.Body()) > 0:
		s, err := c.readBody(h.req)
		var text []byte
		if err == nil {
			text, agreed, err = sdp.Answer(s, local)
		}
		if err != nil { // the call goes on as it was
			c.answer(h, 488, "Not Acceptable Here")
			return
		}
		takes = true
		body(res, text)
		c.local = local
	case invite:
		c.okOffers = true
		body(res, sdp.Offer(local))
		c.local = local
	}
	c.dialog.retarget(h.req)
	res.AppendHeader(c.door.contact(c.dialog.network))
	abilities(res)
	c.session.granted(res, c.door.limits)
	c.send(h, res)
	if invite {
		c.confirm(res, h.req.CSeq().SeqNo)
	}
	c.startSession()
	if takes {
		c.agree(agreed)
	}
}

// pracked takes PRACK for the provisional answer that waits for it.
func (c *Call) pracked(h handed) {
	f := strings.Fields(header(h.req, "RAck"))
	if c.unPRACKed == nil || len(f) != 3 || f[0] != itoa(c.unPRACKed.seq) || c.invite == nil || f[1] != itoa(c.invite.CSeq().SeqNo) {
		c.answer(h, 481, "Call/Transaction Does Not Exist")
		return
	}
	c.unPRACKed.stop()
	c.unPRACKed = nil
	c.answer(h, 200, "OK")
}

// info takes a key that is pressed by a message.
func (c *Call) info(h handed) {
	kind := ""
	if t := h.req.ContentType(); t != nil {
		kind = t.Value()
	}
	key, known := keyIn(kind, h.req.Body())
	switch {
	case len(h.req.Body()) == 0:
		c.answer(h, 200, "OK")
		return
	case !known:
		res := c.dialog.response(h.req, 415, "Unsupported Media Type")
		res.AppendHeader(sip.NewHeader("Accept", "application/dtmf-relay, application/dtmf"))
		c.send(h, res)
		return
	}
	c.answer(h, 200, "OK")
	if key != 0 {
		c.on(Event{Kind: KeyPressed, Key: key})
	}
}

// keyIn returns the key that a message says is pressed, 0 for none, and whether
// it is such a message.
func keyIn(kind string, text []byte) (key byte, known bool) {
	kind, _, _ = strings.Cut(strings.ToLower(kind), ";")
	var signal string
	switch strings.TrimSpace(kind) {
	case "application/dtmf-relay":
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, "="); ok && strings.EqualFold(strings.TrimSpace(name), "signal") {
				signal = strings.TrimSpace(value)
			}
		}
	case "application/dtmf":
		signal = strings.TrimSpace(string(text))
		if name, value, ok := strings.Cut(signal, "="); ok && strings.EqualFold(strings.TrimSpace(name), "signal") {
			signal = strings.TrimSpace(value)
		}
	default:
		return 0, false
	}
	switch signal {
	case "10":
		return '*', true
	case "11":
		return '#', true
	}
	if len(signal) == 1 && strings.Contains("0123456789*#ABCD", strings.ToUpper(signal)) {
		return strings.ToUpper(signal)[0], true
	}
	return 0, true
}
