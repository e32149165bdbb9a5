package voice

import (
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"

	"yingda/internal/kit/audio"
	"yingda/internal/kit/rtp"
	"yingda/internal/kit/sdp"
)

// Kind says what happened to a call.
type Kind uint8

// What happens to a call.
const (
	Ringing       Kind = iota // the other side rings
	Early                     // sound comes before the answer
	Answered                  // both can be heard
	KeyPressed                // Key
	Held                      // the other side does not want to hear us
	Resumed                   // it does again
	Played                    // Play has come to its end
	NotRecorded               // Err: the recording ends here, the call goes on
	TransferAsked             // Transfer
	Ended                     // Reason and Code; nothing comes after
)

// Event is what happened to a call.
type Event struct {
	Kind     Kind
	Key      byte
	Play     int
	Err      error
	Transfer Transfer
	Reason   Reason
	Code     int
}

// Transfer is what a telephone asks for: to put the party it talks with through
// to a number, or to the party of another of its calls. Tell it by
// Call.Transferred what came of it.
type Transfer struct {
	Route Route // blind
	Other *Call // attended; nil otherwise
}

// Reason says why a call is over.
type Reason string

// The reasons.
const (
	HungUp      Reason = "hung_up" // by us
	TheyHungUp  Reason = "they_hung_up"
	Cancelled   Reason = "cancelled"    // given up before it was answered, by whoever called
	Refused     Reason = "refused"      // Code says how
	NoAnswer    Reason = "no_answer"    // nobody there, or nobody in time
	NoSound     Reason = "no_sound"     // nothing was heard for long
	NoSignal    Reason = "no_signal"    // the other side did not confirm, or does not know the call any more
	NothingFits Reason = "nothing_fits" // no sound in common
	Broken      Reason = "broken"       // we could not: Err in the log
)

type state uint8

const (
	begun state = iota
	talking
	ended
)

// Times of RFC 3261.
const (
	t1       = 500 * time.Millisecond
	t2       = 4 * time.Second
	patience = 64 * t1
)

// Call is one party's call. Its methods may be called by anybody at any time;
// they say what shall be done and return at once. What happens is told to the
// function that Take returned or Dial was given, by the call's own goroutine.
type Call struct {
	ID   string
	door *Door
	leg  *rtp.Leg
	mail mailbox
	over chan struct{}

	// Everything below belongs to the call's goroutine.
	dialog   *dialog
	on       func(Event)
	incoming bool
	in       Incoming
	state    state
	record   Record
	invite   *sip.Request
	inviteTx sip.ServerTransaction
	settled  chan struct{} // closed when the first INVITE has its final answer

	local     sdp.Local
	offer     *sdp.Session // what came with INVITE
	agreed    sdp.Agreed
	hasAgreed bool
	held      bool
	early     bool
	rseq      uint32
	unPRACKed *repeat // a provisional answer that waits for PRACK
	ok        *repeat // a 200 that waits for ACK
	okOffers  bool    // and for an answer in it
	leaving   bool    // hang up as soon as it may be
	waiting   []handed
	session   session
	asking    bool // a re-INVITE of ours is on its way
	out       outgoing
	refer     uint32
	sent      chan struct{} // closed when the last request of ours was sent
}

// handed is a request and how to let its handler go.
type handed struct {
	req    *sip.Request
	tx     sip.ServerTransaction
	done   func()
	waited bool
}

// repeat sends a response again until it is confirmed.
type repeat struct {
	seq     uint32
	res     *sip.Response
	after   time.Duration
	elapsed time.Duration
	timer   *time.Timer
}

func (r *repeat) stop() {
	if r != nil {
		r.timer.Stop()
	}
}

// NewID returns an id that no other call has.
func NewID() string { return random(8) }

func (d *Door) newCall() *Call {
	c := &Call{ID: random(8), door: d, over: make(chan struct{}), on: func(Event) {}, dialog: &dialog{}}
	c.record.ID, c.record.Began = c.ID, d.o.Now()
	return c
}

// mailbox is what a call has to do, in order.
type mailbox struct {
	mu     sync.Mutex
	todo   []func()
	busy   bool // the call's goroutine is there
	closed bool
}

// post hands the call something to do. It reports false if the call is over.
func (c *Call) post(f func()) bool {
	m := &c.mail
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	m.todo = append(m.todo, f)
	if !m.busy {
		m.busy = true
		go c.run()
	}
	return true
}

// run is the call's goroutine. It is there while there is something to do: most
// calls do nothing but sound, which is not theirs.
func (c *Call) run() {
	m := &c.mail
	for {
		m.mu.Lock()
		todo := m.todo
		m.todo = nil
		if len(todo) == 0 {
			m.busy = false
			over := c.state == ended && !m.closed
			m.closed = m.closed || over
			m.mu.Unlock()
			if over {
				close(c.over)
				c.door.running.Done()
			}
			return
		}
		m.mu.Unlock()
		for _, f := range todo {
			f()
		}
	}
}

// later posts something after a time.
func (c *Call) later(d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, func() { c.post(f) })
}

// hand hands a request to the call and waits until it is answered.
func (c *Call) hand(req *sip.Request, tx sip.ServerTransaction) bool {
	done := make(chan struct{})
	var once sync.Once
	h := handed{req: req, tx: tx, done: func() { once.Do(func() { close(done) }) }}
	if !c.post(func() { c.order(h) }) {
		return false
	}
	select {
	case <-done:
	case <-tx.Done():
	}
	return true
}

// Leg is the call's sound: what is played to it, who hears it, its recording.
// It is nil before Take is asked.
func (c *Call) Leg() *rtp.Leg { return c.leg }

// Phone is the telephone of ours at the other end; empty if it is none.
func (c *Call) Phone() string {
	if c.incoming {
		return c.in.Phone
	}
	return c.out.route.Phone
}

// Join lets two calls hear each other.
func Join(a, b *Call) {
	a.leg.Stop()
	b.leg.Stop()
	a.leg.Bridge(b.leg)
	b.leg.Bridge(a.leg)
}

// Part ends Join, for one side.
func Part(a *Call) { a.leg.Bridge(nil) }

// arrived looks at a call that came in and asks whether it is taken.
func (c *Call) arrived() {
	if c.state == ended {
		return
	}
	if !c.openLeg() {
		c.refuse(503, "Service Unavailable", Broken)
		return
	}
	if body := c.invite.Body(); len(body) > 0 {
		s, err := c.readBody(c.invite)
		if err == nil {
			_, c.agreed, err = sdp.Answer(s, c.local)
		}
		if err != nil {
			c.refuse(488, "Not Acceptable Here", NothingFits)
			return
		}
		c.offer = &s
	}
	if !c.session.asked(c.invite, c.door.limits) {
		res := c.dialog.response(c.invite, 422, "Session Interval Too Small")
		res.AppendHeader(sip.NewHeader("Min-SE", seconds(c.door.limits.MinSession)))
		c.final(res)
		c.finish(Refused, 422)
		return
	}
	on, err := c.door.o.Take(c, c.in)
	if err != nil {
		code, reason := refusal(err)
		c.refuse(code, reason, Refused)
		return
	}
	if on != nil {
		c.on = on
	}
}

func (c *Call) openLeg() bool {
	leg, err := rtp.NewLeg(rtp.Options{Ports: c.door.o.Ports, Pacer: c.door.o.Pacer, Timeout: c.door.limits.Silence, Tell: func(e rtp.Event) {
		c.post(func() { c.heard(e) })
	}})
	if err != nil {
		c.door.o.Log.Error("voice: a call has no sound", slog.Any("err", err))
		return false
	}
	c.leg = leg
	c.local = sdp.Local{
		Address: c.door.public, Port: leg.Port(), Laws: []audio.Law{audio.ALaw, audio.ULaw}, Events: true,
		ID: uint64(c.record.Began.UnixMilli()), Version: 1, Key: sdp.NewKey(),
	}
	return true
}

func (c *Call) readBody(m interface {
	Body() []byte
	ContentType() *sip.ContentTypeHeader
},
) (sdp.Session, error) {
	if t := m.ContentType(); t != nil && !strings.HasPrefix(strings.ToLower(t.Value()), "application/sdp") {
		return sdp.Session{}, sdp.ErrNoAudio
	}
	return sdp.Parse(m.Body())
}

// heard takes what the sound tells.
func (c *Call) heard(e rtp.Event) {
	if c.state == ended {
		return
	}
	switch e.Kind {
	case rtp.KeyPressed:
		c.on(Event{Kind: KeyPressed, Key: e.Key})
	case rtp.Played:
		c.on(Event{Kind: Played, Play: e.Play})
	case rtp.NotRecorded:
		c.on(Event{Kind: NotRecorded, Err: e.Err})
	case rtp.NothingHeard:
		if c.state == talking && !c.held {
			c.bye(NoSound)
		}
	}
}

// agree sets what both sides agreed on and tells of holding.
func (c *Call) agree(a sdp.Agreed) {
	c.agreed, c.hasAgreed = a, true
	c.record.Law, c.record.Sealed = a.Law, a.Suite != ""
	c.local.Secure = c.record.Sealed // and stays so
	near, err := netip.ParseAddrPort(c.dialog.peer)
	if err != nil {
		near = netip.AddrPort{}
	}
	c.leg.Agree(a, near.Addr().Unmap())
	if c.held == a.Held() {
		return
	}
	if c.held = a.Held(); c.state == talking {
		c.on(Event{Kind: map[bool]Kind{true: Held, false: Resumed}[c.held]})
	}
}

// Ring lets the caller hear that it rings.
func (c *Call) Ring() {
	c.post(func() {
		if c.canAnswer() && !c.early {
			c.provisional(c.dialog.response(c.invite, 180, "Ringing"))
		}
	})
}

// Early opens the sound before the answer: what is played is heard, and costs
// the caller nothing yet.
func (c *Call) Early() {
	c.post(func() {
		if !c.canAnswer() || c.early || c.offer == nil {
			return
		}
		c.early = true
		res := c.dialog.response(c.invite, 183, "Session Progress")
		c.answerIn(res)
		c.provisional(res)
		c.agree(c.agreed)
	})
}

// Answer answers a call that came in.
func (c *Call) Answer() {
	c.post(func() {
		if !c.canAnswer() {
			return
		}
		res := c.dialog.response(c.invite, 200, "OK")
		if c.offer != nil {
			c.answerIn(res)
		} else {
			c.okOffers = true
			body(res, sdp.Offer(c.local))
		}
		abilities(res)
		c.session.granted(res, c.door.limits)
		c.state = talking
		c.record.Answered = c.door.o.Now()
		c.final(res)
		c.confirm(res, c.invite.CSeq().SeqNo)
		c.startSession()
		if c.offer != nil {
			c.agree(c.agreed)
			c.on(Event{Kind: Answered})
		}
	})
}

func (c *Call) canAnswer() bool { return c.incoming && c.state == begun && c.leg != nil }

// answerIn puts our answer to the caller's offer into a response.
func (c *Call) answerIn(res *sip.Response) {
	text, agreed, err := sdp.Answer(*c.offer, c.local)
	if err != nil { // it fitted when the call came
		return
	}
	c.agreed = agreed
	body(res, text)
}

func body(m interface {
	SetBody([]byte)
	AppendHeader(sip.Header)
}, text []byte,
) {
	m.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	m.SetBody(text)
}

// provisional sends a response before the final one: reliably if it matters and
// the caller can (RFC 3262).
func (c *Call) provisional(res *sip.Response) {
	res.AppendHeader(c.door.contact(c.dialog.network))
	reliable := len(res.Body()) > 0 && offers(c.invite, "100rel") || demands(c.invite, "100rel")
	if !reliable {
		c.respond(res)
		return
	}
	if c.unPRACKed != nil { // one at a time; the next one says more
		c.unPRACKed.stop()
	}
	c.rseq++
	res.AppendHeader(sip.NewHeader("Require", "100rel"))
	res.AppendHeader(sip.NewHeader("RSeq", itoa(c.rseq)))
	c.respond(res)
	c.unPRACKed = c.again(res, c.rseq, func() { c.refuse(504, "Server Time-out", NoSignal) })
}

func offers(req *sip.Request, option string) bool {
	return lists(req, "Supported", option) || demands(req, option)
}

func demands(req *sip.Request, option string) bool { return lists(req, "Require", option) }

func lists(m interface {
	GetHeaders(name string) []sip.Header
}, name, option string,
) bool {
	for _, h := range m.GetHeaders(name) {
		if has(h.Value(), option) {
			return true
		}
	}
	return false
}

func (c *Call) respond(res *sip.Response) {
	c.door.respond(c.inviteTx, res)
}

// final sends the final answer to the first INVITE and lets its handler go.
func (c *Call) final(res *sip.Response) {
	c.unPRACKed.stop()
	c.unPRACKed = nil
	if res.StatusCode < 300 {
		res.AppendHeader(c.door.contact(c.dialog.network))
	}
	c.respond(res)
	c.settle()
}

func (c *Call) settle() {
	if c.settled != nil {
		close(c.settled)
		c.settled = nil
	}
}

// again sends a response again and again, less and less often, until it is
// stopped; then gives up.
func (c *Call) again(res *sip.Response, seq uint32, giveUp func()) *repeat {
	r := &repeat{seq: seq, res: res, after: t1}
	var next func()
	next = func() {
		if c.state == ended || c.ok != r && c.unPRACKed != r {
			return
		}
		if r.elapsed += r.after; r.elapsed >= patience {
			giveUp()
			return
		}
		if err := c.door.server.WriteResponse(r.res); err != nil {
			c.door.o.Log.Debug("voice: an answer was not sent again", slog.Any("err", err))
		}
		r.after = min(2*r.after, t2)
		r.timer = c.later(r.after, next)
	}
	r.timer = c.later(r.after, next)
	return r
}

// confirm waits for ACK, and sends the 200 again as long as none comes. Our own
// timer: the library's jumps from half a second to four.
func (c *Call) confirm(res *sip.Response, seq uint32) {
	c.ok.stop()
	c.ok = c.again(res, seq, func() { c.bye(NoSignal) })
}

// acknowledged takes ACK. It may come late, twice, or behind BYE.
func (c *Call) acknowledged(ack *sip.Request) {
	if c.state == ended || c.ok == nil || ack.CSeq().SeqNo != c.ok.seq {
		return
	}
	c.ok.stop()
	c.ok = nil
	c.offer, c.invite, c.inviteTx = nil, nil, nil // a call is long, and nobody asks for them any more
	if c.okOffers {
		c.okOffers = false
		s, err := c.readBody(ack)
		var a sdp.Agreed
		if err == nil {
			a, err = sdp.Accept(c.local, s)
		}
		if err != nil {
			c.bye(NothingFits)
			return
		}
		first := !c.hasAgreed
		c.agree(a)
		if first {
			c.on(Event{Kind: Answered})
		}
	}
	if c.leaving {
		c.bye(HungUp)
	}
}

// cancelled takes CANCEL: the library has answered both requests.
func (c *Call) cancelled() {
	if c.state == begun {
		c.finish(Cancelled, 487)
	}
}

// Refuse refuses a call that came in, in the words of SIP for the error.
func (c *Call) Refuse(err error) {
	c.post(func() {
		if c.incoming && c.state == begun {
			code, reason := refusal(err)
			c.refuse(code, reason, Refused)
		}
	})
}

func (c *Call) refuse(code int, reason string, why Reason) {
	if c.state != begun {
		return
	}
	c.final(c.dialog.response(c.invite, code, reason))
	c.finish(why, code)
}

// Hangup ends the call, whatever it is doing.
func (c *Call) Hangup() {
	c.post(func() {
		switch {
		case c.state == ended:
		case c.state == talking && c.ok != nil && !c.leaving: // not before ACK, unless it takes long
			c.leaving = true
			c.later(2*time.Second, func() { c.bye(HungUp) })
		case c.state == talking:
			if c.ok == nil {
				c.bye(HungUp)
			}
		case c.incoming:
			c.refuse(480, "Temporarily Unavailable", HungUp)
		default:
			c.giveUp()
		}
	})
}

// bye says so to the other side and ends the call. Its answer changes nothing.
func (c *Call) bye(why Reason) {
	if c.state == ended {
		return
	}
	if c.state == talking {
		req := c.dialog.request(sip.BYE)
		c.farewell(req)
	}
	c.finish(why, 0)
}

// finish ends the call: once, with a record.
func (c *Call) finish(why Reason, code int) {
	if c.state == ended {
		return
	}
	c.state = ended
	c.ok.stop()
	c.unPRACKed.stop()
	c.session.stop()
	c.settle()
	c.door.remove(c)
	r := &c.record
	r.Ended, r.Reason, r.Code = c.door.o.Now(), why, code
	if c.leg != nil {
		c.leg.Close()
		r.Sound = c.leg.Figures()
	}
	for _, h := range c.waiting {
		c.door.nothingToCancel(h.req, h.tx)
		h.done()
	}
	c.waiting = nil
	if c.door.o.Records != nil {
		c.door.o.Records.Ended(*r)
	}
	c.on(Event{Kind: Ended, Reason: why, Code: code})
}
