package email

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"golang.org/x/net/idna"

	"yingda/internal/channel"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/limit"
)

// Carrier hands mails to the servers of their mailboxes. It keeps connections
// open for what comes next.
type Carrier struct {
	Mail    channel.Mail // hears how sending goes
	Tokens  *Tokens
	Network Network
	Now     func() time.Time
	Log     *slog.Logger

	mu    sync.Mutex
	pools map[inbox.ID]*pool
}

var _ channel.Carrier = (*Carrier)(nil)

const (
	mostMails  = 100              // that go through one connection
	mostLines  = 2                // connections to one server at a time
	idleTime   = 30 * time.Second // how long a connection waits for the next mail
	mostWait   = 20 * time.Second // how long a mail waits for its turn in the minute
	sentWithin = time.Minute      // how long putting a copy into the folder of sent mails may take
	lastWords  = 10 * time.Second // how long a mail that has begun goes on when we are told to stop
)

// pool is what we have open to the server of a mailbox.
type pool struct {
	server mailbox.Server
	secret string
	rate   *limit.Buckets
	minute int
	free   chan *link    // connections that wait
	turns  chan struct{} // how many may be open
	key    *signer
	keyErr error
	health mailbox.Health
	told   time.Time // when health was
}

// link is one connection.
type link struct {
	c     *smtp.Client
	line  *line
	mails int
	used  time.Time
	utf8  bool
	most  int           // bytes that the server takes, 0: it does not say
	quiet time.Duration // how long the server may be silent while it owes an answer
}

// Carry hands one mail over; see channel.Carrier. When ctx ends, a mail of which
// the server has heard comes to its end, if that is soon: whoever hangs up in the
// middle does not know what has left.
func (c *Carrier) Carry(ctx context.Context, from mailbox.Mailbox, e channel.Envelope) (refused []channel.Refusal, err error) {
	if from.Settings.Send.Server.Host == "" {
		return nil, fault.New(fault.Invalid, "mail.refused", "the mail server refuses the message for good").Because(errors.New("the mailbox has no server to send through"))
	}
	p := c.pool(from)
	defer func() { c.tell(ctx, p, from.Inbox, err) }()
	if p.keyErr != nil {
		return nil, p.keyErr
	}
	body, err := p.key.sign(e.Body)
	if err != nil {
		return nil, err
	}
	if err := c.turn(ctx, p); err != nil {
		return nil, err
	}
	select {
	case p.turns <- struct{}{}:
		defer func() { <-p.turns }()
	case <-ctx.Done():
		return nil, away(from.Settings.Send.Server, ctx.Err())
	}
	refused, err = c.send(ctx, p, from, e, body)
	if err == nil && from.Settings.Send.SaveSent != "" {
		c.saveSent(ctx, from, body)
	}
	return refused, err
}

// pool returns what is open to the server of a mailbox; what was open to
// another one, or under another password, is closed.
func (c *Carrier) pool(m mailbox.Mailbox) *pool {
	c.mu.Lock()
	defer c.mu.Unlock()
	send := m.Settings.Send
	secret := m.Secrets.SendPassword + "\x00" + m.Secrets.DKIMKey + "\x00" + send.DKIMDomain + "\x00" + send.DKIMSelector
	if p := c.pools[m.Inbox]; p != nil {
		if p.server == send.Server && p.secret == secret && p.minute == send.PerMinute {
			return p
		}
		p.drain(func(*link) bool { return true })
	}
	minute := max(send.PerMinute, 1)
	p := &pool{
		server: send.Server, secret: secret, minute: send.PerMinute,
		rate: limit.New(float64(minute)/60, max(minute/6, 1), 1),
		free: make(chan *link, mostLines), turns: make(chan struct{}, mostLines),
	}
	p.key, p.keyErr = openSigner(m)
	if c.pools == nil {
		c.pools = map[inbox.ID]*pool{}
	}
	c.pools[m.Inbox] = p
	return p
}

// Run closes connections that nobody uses, and all of them when ctx ends.
func (c *Carrier) Run(ctx context.Context) error {
	t := time.NewTicker(idleTime / 2)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			c.sweep(func(*link) bool { return true })
			return ctx.Err()
		case <-t.C:
			now := c.Now()
			c.sweep(func(l *link) bool { return now.Sub(l.used) >= idleTime })
		}
	}
}

func (c *Carrier) sweep(old func(*link) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.pools {
		p.drain(old)
	}
}

// drain closes connections that wait and are old.
func (p *pool) drain(old func(*link) bool) {
	for range len(p.free) {
		select {
		case l := <-p.free:
			if old(l) {
				l.close()
			} else {
				p.put(l)
			}
		default:
		}
	}
}

func (p *pool) put(l *link) {
	select {
	case p.free <- l:
	default:
		l.close()
	}
}

// turn waits until the minute has room for one more mail. If that takes long,
// the mail is better tried again later.
func (c *Carrier) turn(ctx context.Context, p *pool) error {
	var waited time.Duration
	for {
		wait := p.rate.Take("", c.Now())
		if wait == 0 {
			return nil
		}
		if waited += wait; waited > mostWait {
			return fault.New(fault.Busy, "mail.busy", "the mail server does not take the message now").Because(errors.New("more mails than the mailbox sends in a minute"))
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return away(p.server, ctx.Err())
		case <-t.C:
		}
	}
}

// send hands a mail over through a connection that waits, or a new one. A
// connection that waited may have been closed by the server meanwhile; nothing
// has been said through it then, and a new one is opened.
func (c *Carrier) send(ctx context.Context, p *pool, m mailbox.Mailbox, e channel.Envelope, body []byte) ([]channel.Refusal, error) {
	for {
		var l *link
		waited := false
		select {
		case l = <-p.free:
			waited = true
		default:
			var err error
			if l, err = c.dial(ctx, m); err != nil {
				return nil, err
			}
		}
		stop := context.AfterFunc(ctx, func() { time.AfterFunc(lastWords, func() { _ = l.line.Conn.Close() }) })
		refused, began, err := l.carry(ctx, p.server, e, body)
		stop()
		l.mails++
		l.used = c.Now()
		switch {
		case err != nil && waited && !began:
			l.close()
			continue
		case fault.CodeOf(err) == "mail.uncertain" || fault.CodeOf(err) == "mail.unreachable" || ctx.Err() != nil || l.mails >= mostMails:
			l.close()
		default:
			p.put(l)
		}
		return refused, err
	}
}

// dial connects and signs in.
func (c *Carrier) dial(ctx context.Context, m mailbox.Mailbox) (_ *link, err error) {
	s := m.Settings.Send.Server
	ln, err := c.Network.call(ctx, s)
	if err != nil {
		return nil, notConnected(s, err)
	}
	ln.hangUp() // the connection outlives this mail
	stop := context.AfterFunc(ctx, func() { _ = ln.Conn.Close() })
	defer stop()
	l := &link{line: ln, quiet: c.Network.patience()}
	switch s.Security {
	case mailbox.TLS:
		var conn net.Conn
		if conn, err = c.Network.secure(ctx, ln, s.Host); err != nil {
			return nil, notConnected(s, err)
		}
		l.c = smtp.NewClient(conn)
	case mailbox.StartTLS:
		if l.c, err = smtp.NewClientStartTLS(ln, c.Network.tls(s.Host)); err != nil {
			_ = ln.Close()
			return nil, notConnected(s, err)
		}
	default:
		l.c = smtp.NewClient(ln)
	}
	defer func() {
		if err != nil {
			l.close()
		}
	}()
	if err := l.c.Hello(helloName(m.Address)); err != nil {
		return nil, notConnected(s, err)
	}
	if err := c.signIn(ctx, l, m); err != nil {
		return nil, err
	}
	l.utf8, _ = l.c.Extension("SMTPUTF8")
	l.most, _ = l.c.MaxMessageSize()
	return l, nil
}

// helloName is what we call ourselves: the domain of the mailbox.
func helloName(address string) string {
	domain, err := idna.Lookup.ToASCII(address[strings.LastIndexByte(address, '@')+1:])
	if err != nil || domain == "" {
		return "localhost"
	}
	return domain
}

func (c *Carrier) signIn(ctx context.Context, l *link, m mailbox.Mailbox) error {
	s := m.Settings.Send.Server
	var a sasl.Client
	var b *bearer
	access := ""
	switch s.Auth {
	case mailbox.AuthNone:
		return nil
	case mailbox.OAuth:
		var err error
		if access, err = c.Tokens.Access(ctx, m); err != nil {
			if fault.KindOf(err) == fault.Unsigned {
				return authFault(s, err)
			}
			return fault.New(fault.Busy, "mail.unreachable", "the mail server %s does not answer; check its address and the network", hostOf(s)).Because(err)
		}
		b = &bearer{mechanism: "XOAUTH2", user: s.User, token: access}
		if l.c.SupportsAuth(sasl.OAuthBearer) && !l.c.SupportsAuth("XOAUTH2") {
			b.mechanism = sasl.OAuthBearer
		}
		a = b
	default:
		a = sasl.NewPlainClient("", s.User, m.Secrets.SendPassword)
		if !l.c.SupportsAuth(sasl.Plain) && l.c.SupportsAuth(sasl.Login) {
			a = sasl.NewLoginClient(s.User, m.Secrets.SendPassword)
		}
	}
	err := l.c.Auth(a)
	if err == nil {
		return nil
	}
	e, answered := errors.AsType[*smtp.SMTPError](err)
	switch {
	case !answered:
		return notConnected(s, err)
	case e.Temporary() || rateText(e):
		return busyFault(e)
	}
	if b != nil {
		c.Tokens.Spoilt(m.Inbox, access)
	}
	return authFault(s, notSignedIn(s, e.Error()))
}

// carry says one mail. began tells that the server has heard of the mail.
func (l *link) carry(ctx context.Context, s mailbox.Server, e channel.Envelope, body []byte) (refused []channel.Refusal, began bool, err error) {
	l.line.expect(l.quiet, chatter)
	from, fromUTF8 := wireAddress(e.From)
	utf8 := fromUTF8
	var to, names []string
	for _, a := range e.To {
		wire, needs := wireAddress(a)
		if needs && !l.utf8 {
			refused = append(refused, channel.Refusal{Address: a, Code: 550, Status: "5.6.7", Text: "the mail server takes no addresses with characters outside ASCII"})
			continue
		}
		utf8 = utf8 || needs
		to, names = append(to, wire), append(names, a)
	}
	if l.most > 0 && len(body) > l.most {
		return nil, true, fault.New(fault.TooLarge, "mail.refused", "the mail server refuses the message for good").Because(errors.New("it is larger than the server takes"))
	}
	if len(to) == 0 {
		return refused, true, fault.New(fault.Invalid, "mail.refused", "the mail server refuses the message for good").Because(errors.New("nobody is left to send it to"))
	}
	if err := l.c.Mail(from, &smtp.MailOptions{Size: int64(len(body)), UTF8: utf8 && l.utf8}); err != nil {
		e, ok := errors.AsType[*smtp.SMTPError](err)
		return nil, ok && e.Code != 421, l.fail(s, err) // with 421 it says goodbye to who waited long
	}
	later := false
	for i, a := range to {
		err := l.c.Rcpt(a, nil)
		if err == nil {
			continue
		}
		e, ok := errors.AsType[*smtp.SMTPError](err)
		if !ok || e.Code == 421 {
			return nil, true, l.fail(s, err)
		}
		later = later || e.Temporary() || rateText(e)
		refused = append(refused, refusal(names[i], e))
	}
	if len(refused) == len(e.To) {
		_ = l.c.Reset()
		cause := textError(strconv.Itoa(refused[0].Code) + " " + refused[0].Status)
		if later {
			return refused, true, fault.New(fault.Busy, "mail.busy", "the mail server does not take the message now").Because(cause)
		}
		return refused, true, fault.New(fault.Invalid, "mail.refused", "the mail server refuses the message for good").Because(cause)
	}
	w, err := l.c.Data()
	if err != nil {
		return nil, true, l.fail(s, err)
	}
	if e.Asked != nil {
		if err := e.Asked(ctx); err != nil {
			l.mails = mostMails // the server waits for bytes that do not come: this line is of no more use
			return nil, true, fault.New(fault.Busy, "mail.busy", "the mail server does not take the message now").Because(err)
		}
	}
	if _, err := w.Write(body); err != nil {
		return nil, true, l.fail(s, err)
	}
	l.line.expect(submission, chatter)
	_, err = w.CloseWithResponse()
	switch {
	case err == nil:
		return refused, true, nil
	case answered(err):
		return nil, true, l.fail(s, err)
	case l.line.unsent():
		return nil, true, away(s, err)
	}
	return nil, true, fault.New(fault.Busy, "mail.uncertain", "the connection was lost before the mail server said that it has the message; it may have it").Because(err)
}

// fail says what a server that does not take a mail means by it.
func (l *link) fail(s mailbox.Server, err error) error {
	e, ok := errors.AsType[*smtp.SMTPError](err)
	switch {
	case !ok:
		return away(s, err)
	case e.Code == 421:
		return away(s, textError(clean(e.Error()))) // it hangs up
	}
	_ = l.c.Reset()
	switch {
	case e.Code == 530 || e.Code == 535 || e.Code == 534 || e.Code == 538:
		return authFault(s, notSignedIn(s, e.Error()))
	case e.Temporary() || rateText(e):
		return busyFault(e)
	}
	return fault.New(fault.Invalid, "mail.refused", "the mail server refuses the message for good").Because(textError(clean(e.Error())))
}

func answered(err error) bool {
	_, ok := errors.AsType[*smtp.SMTPError](err)
	_, odd := errors.AsType[textproto.ProtocolError](err) // it said something, which nobody understands
	return ok && !odd
}

func refusal(address string, e *smtp.SMTPError) channel.Refusal {
	r := channel.Refusal{Address: address, Code: e.Code, Text: clean(e.Message)}
	if e.EnhancedCode[0] > 0 {
		r.Status = strconv.Itoa(e.EnhancedCode[0]) + "." + strconv.Itoa(e.EnhancedCode[1]) + "." + strconv.Itoa(e.EnhancedCode[2])
	}
	if rateText(e) && e.Code >= 500 {
		r.Code, r.Status = 451, "4.7.1" // it says "never" and means "not now"
	}
	return r
}

// rates are the words with which providers refuse for good what they will take
// later: QQ, 163 and 126, Gmail, Microsoft 365.
var rates = regexp.MustCompile(`(?i)frequency (is )?limited|frequency limit|DT:SUM|HL:ITC|HL:ICC|RP:CEL|RP:RCL|RP:QRC|MI:CEL|MI:DMC|MI:CCL|5\.4\.5|5\.7\.28\b|daily (user )?sending (limit|quota)|sending limit exceeded|submission quota exceeded|5\.1\.90|unusual rate|too many (messages|mails|connections|recipients this)|rate limit|发信频率|发送频率|超过.{0,6}(限制|限额)`)

// rateText reports whether a refusal for good is one for now.
func rateText(e *smtp.SMTPError) bool {
	c := e.EnhancedCode
	return rates.MatchString(e.Message) || e.Code >= 500 && (c == smtp.EnhancedCode{5, 4, 5} || c == smtp.EnhancedCode{5, 7, 28} || c == smtp.EnhancedCode{5, 1, 90})
}

func hostOf(s mailbox.Server) string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

func away(s mailbox.Server, cause error) error {
	return fault.New(fault.Busy, "mail.unreachable", "the mail server %s does not answer; check its address and the network", hostOf(s)).Because(cause)
}

func authFault(s mailbox.Server, cause error) error {
	return fault.New(fault.Busy, "mail.auth", "the mail server %s refuses user and password", hostOf(s)).Because(cause)
}

func busyFault(e *smtp.SMTPError) error {
	return fault.New(fault.Busy, "mail.busy", "the mail server does not take the message now").Because(textError(clean(e.Error())))
}

// notConnected says what failed before a mail was on its way.
func notConnected(s mailbox.Server, err error) error {
	if e, ok := errors.AsType[*smtp.SMTPError](err); ok {
		if e.Temporary() || rateText(e) {
			return busyFault(e)
		}
		return away(s, textError(clean(e.Error())))
	}
	t := troubled(err, s)
	switch t.Code {
	case "mailbox.untrusted", "mailbox.no_starttls", "mailbox.plain":
		return fault.New(fault.Busy, "mail.tls", "the mail server %s offers no encryption that can be trusted; check its certificate and the port", hostOf(s)).Because(t)
	}
	return away(s, t)
}

// wireAddress is an address as servers take it: the domain in ASCII. It
// reports whether that is not enough (RFC 6531).
func wireAddress(a string) (wire string, needsUTF8 bool) {
	at := strings.LastIndexByte(a, '@')
	if at >= 0 && !ascii(a[at:]) {
		if domain, err := idna.Lookup.ToASCII(a[at+1:]); err == nil {
			a = a[:at+1] + domain
		}
	}
	return a, !ascii(a)
}

func (l *link) close() {
	l.line.expect(2*time.Second, chatter)
	_ = l.c.Quit()
	_ = l.c.Close()
	_ = l.line.Close()
}

// tell records how sending goes when that has changed.
func (c *Carrier) tell(ctx context.Context, p *pool, in inbox.ID, err error) {
	if c.Mail == nil || err != nil && ctx.Err() != nil { // we hung up, and not the server
		return
	}
	now := c.Now()
	h := mailbox.Health{State: mailbox.Working, At: now, LastOK: now}
	switch fault.CodeOf(err) {
	case "mail.auth":
		h.State = mailbox.Refused
	case "mail.unreachable", "mail.tls":
		h.State = mailbox.Degraded
	case "mail.busy", "mail.uncertain":
		return // a mail is not a mailbox
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if h.State != mailbox.Working {
		h.LastOK, h.Code, h.Detail = p.health.LastOK, fault.CodeOf(err), said(err)
		if inner, ok := errors.AsType[*fault.Error](errors.Unwrap(err)); ok {
			h.Code = inner.Code // which knows more of what to do
		}
	}
	if !p.told.IsZero() && p.health.State == h.State && p.health.Code == h.Code {
		h.At = p.health.At
		if now.Sub(p.told) < time.Minute {
			return
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := c.Mail.SendHealth(ctx, in, h); err != nil {
		c.Log.Warn("how a mailbox is doing cannot be recorded", slog.Any("error", err))
		return
	}
	p.health, p.told = h, now
}

// saveSent puts a copy of a mail that has left into the folder of sent mails.
// The mail has left whatever becomes of it. Some providers do it themselves.
func (c *Carrier) saveSent(ctx context.Context, m mailbox.Mailbox, body []byte) {
	host := strings.ToLower(m.Settings.Send.Server.Host)
	if m.Settings.Fetch.Server.Host == "" || strings.HasSuffix(host, ".gmail.com") || strings.HasSuffix(host, ".office365.com") || strings.HasSuffix(host, ".outlook.com") {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sentWithin)
	defer cancel()
	s, err := openSession(ctx, c.Network, c.Tokens, m)
	if err == nil {
		err = s.append(m.Settings.Send.SaveSent, body, c.Now())
		s.close()
	}
	if err != nil {
		c.Log.Warn("a mail that has left could not be copied into the folder of sent mails", slog.String("mailbox", m.Inbox.String()), slog.Any("error", err))
	}
}
