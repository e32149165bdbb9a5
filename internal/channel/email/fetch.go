package email

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
)

// mostBytes is the largest mail that is taken whole.
const mostBytes = 60 << 20

// Pace is how often things are done. Its zero value is what servers are used to.
type Pace struct {
	Look         time.Duration // how often the list of mailboxes is read
	Lease        time.Duration // how long a mailbox is held at a time
	Poll         time.Duration // how often a server is asked that does not tell by itself
	Sweep        time.Duration // how often a server is asked that says it tells, but has not proved it
	IdleLeast    time.Duration // how long we listen at a time, at least
	IdleMost     time.Duration // and at most
	BackOffLeast time.Duration // how long after a failure the next try is
	BackOffMost  time.Duration // and after many
}

func (p Pace) orUsual() Pace {
	usual := func(d *time.Duration, u time.Duration) {
		if *d == 0 {
			*d = u
		}
	}
	usual(&p.Look, 15*time.Second)
	usual(&p.Lease, time.Minute)
	usual(&p.Poll, time.Minute)
	usual(&p.Sweep, 3*time.Minute)
	usual(&p.IdleLeast, 5*time.Minute)
	usual(&p.IdleMost, 25*time.Minute)
	usual(&p.BackOffLeast, 5*time.Second)
	usual(&p.BackOffMost, 10*time.Minute)
	return p
}

// Fetcher fetches the mail of all mailboxes that stand on servers of IMAP.
type Fetcher struct {
	Mail    channel.Mail
	Tokens  *Tokens
	Network Network
	Now     func() time.Time
	Log     *slog.Logger
	Holder  string // names this program among those that share the data
	Pace    Pace
}

// Run watches every mailbox until ctx ends: those that are new from the next
// look on, and those that have changed anew.
func (f *Fetcher) Run(ctx context.Context) error {
	pace := f.Pace.orUsual()
	watches := map[inbox.ID]*watch{}
	var wg sync.WaitGroup
	defer wg.Wait()
	look := time.NewTicker(pace.Look)
	defer look.Stop()
	for {
		all, err := f.Mail.Mailboxes(ctx)
		if err != nil && ctx.Err() == nil {
			f.Log.Warn("the mailboxes cannot be read", slog.Any("error", err))
		}
		if err == nil {
			wanted := map[inbox.ID]bool{}
			for _, m := range all {
				if m.Settings.Fetch.Way != mailbox.ByIMAP {
					continue
				}
				wanted[m.Inbox] = true
				w := watches[m.Inbox]
				if w != nil && f.sameDoor(w.m, m) {
					continue
				}
				if w != nil {
					w.stop()
					<-w.done
				}
				w = f.watch(ctx, m, pace)
				watches[m.Inbox] = w
				wg.Go(w.run)
			}
			for in, w := range watches {
				if !wanted[in] {
					w.stop()
					delete(watches, in)
				}
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
	}
}

// sameDoor reports whether a mailbox is fetched as it was. A token that we
// have refreshed ourselves changes nothing; one that somebody signed in for
// does.
func (f *Fetcher) sameDoor(a, b mailbox.Mailbox) bool {
	if a.Version == b.Version {
		return true
	}
	if a.Address != b.Address || a.Settings.Fetch != b.Settings.Fetch || a.Secrets.FetchPassword != b.Secrets.FetchPassword {
		return false
	}
	x, y := a.Secrets.Grant, b.Secrets.Grant
	return a.Settings.Fetch.Server.Auth != mailbox.OAuth || x.Access == y.Access && x.Refresh == y.Refresh && x.ClientSecret == y.ClientSecret || f.Tokens.own(b)
}

// watch is one mailbox that is fetched.
type watch struct {
	f    *Fetcher
	m    mailbox.Mailbox
	pace Pace
	log  *slog.Logger

	ctx  context.Context //nolint:containedctx // the life of the watch
	stop context.CancelFunc
	done chan struct{}

	health  mailbox.Health // as it was told last
	told    time.Time      // when
	listen  time.Duration  // how long we listen at a time
	proved  bool           // the server has told of new mail by itself
	missed  map[uint32]int // mails that the server names and does not give, and how often it was asked
	cuts    map[uint32]int // mails in which the connection ended, and how often
	tooBig  map[uint32]bool
	valid   uint32 // what missed and tooBig mean
	refused int    // how often in a row the server did not let us in
}

func (f *Fetcher) watch(ctx context.Context, m mailbox.Mailbox, pace Pace) *watch {
	w := &watch{f: f, m: m, pace: pace, listen: pace.IdleMost, done: make(chan struct{}), log: f.Log.With(slog.String("mailbox", m.Inbox.String()))}
	w.ctx, w.stop = context.WithCancel(ctx)
	return w
}

// mostRefusals is how often we try to sign in: servers lock accounts of those
// who go on.
const mostRefusals = 3

func (w *watch) run() {
	defer close(w.done)
	defer w.stop()
	failures := 0
	for w.ctx.Err() == nil {
		held, err := w.hold(w.ctx)
		if err != nil || !held {
			if err != nil && w.ctx.Err() == nil {
				w.log.Warn("a mailbox cannot be held", slog.Any("error", err))
			}
			w.pause(w.pace.Lease / 3) // another program has it
			continue
		}
		began := w.f.Now()
		err = w.visit()
		if w.ctx.Err() != nil {
			break
		}
		if w.f.Now().Sub(began) > w.pace.BackOffMost {
			failures = 0
		}
		failures++
		if fault.KindOf(err) == fault.Unsigned {
			w.refused++
		} else {
			w.refused = 0
		}
		if w.refused >= mostRefusals {
			w.tell(mailbox.Refused, err)
			w.keepHolding(w.ctx, func() {}) // so that no other program goes on trying
			<-w.ctx.Done()
			break
		}
		w.tell(mailbox.Degraded, err)
		w.pause(backOff(w.pace, failures))
	}
	w.letGo()
}

// backOff is how long to wait after some failures in a row: twice as long each
// time, and not all mailboxes at once.
func backOff(p Pace, failures int) time.Duration {
	d := p.BackOffLeast
	for range failures - 1 {
		d = min(2*d, p.BackOffMost)
	}
	return d*3/4 + rand.N(d/2+1)
}

func (w *watch) pause(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-w.ctx.Done():
	case <-t.C:
	}
}

func (w *watch) hold(ctx context.Context) (bool, error) {
	return w.f.Mail.HoldMailbox(ctx, w.m.Inbox, w.f.Holder, w.f.Now().Add(w.pace.Lease))
}

// keepHolding holds the mailbox on, beside what is done with it, until ctx
// ends. lost is called when another program has it.
func (w *watch) keepHolding(ctx context.Context, lost func()) {
	go func() {
		t := time.NewTicker(w.pace.Lease / 3)
		defer t.Stop()
		until := w.f.Now().Add(w.pace.Lease)
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
			}
			held, err := w.hold(ctx)
			switch {
			case err == nil && held:
				until = w.f.Now().Add(w.pace.Lease)
			case err == nil || w.f.Now().After(until):
				lost()
				return
			}
		}
	}()
}

// letGo gives the mailbox to whoever wants it.
func (w *watch) letGo() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(w.ctx), 5*time.Second)
	defer cancel()
	_, _ = w.f.Mail.HoldMailbox(ctx, w.m.Inbox, w.f.Holder, w.f.Now()) // or it ends by itself
}

// visit signs in and fetches until something goes wrong or the mailbox is held
// by another.
func (w *watch) visit() error {
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	w.keepHolding(ctx, cancel)
	s, err := openSession(ctx, w.f.Network, w.f.Tokens, w.m)
	if err != nil {
		return err
	}
	defer s.close()
	for {
		if err := w.catchUp(ctx, s); err != nil {
			return err
		}
		w.refused = 0
		w.tell(mailbox.Working, nil)
		if err := w.wait(ctx, s); err != nil {
			return err
		}
	}
}

// wait returns when the folder is worth another look.
func (w *watch) wait(ctx context.Context, s *session) error {
	if !s.canIdle() {
		s.rest(w.pace.Poll)
		t := time.NewTimer(w.pace.Poll)
		defer t.Stop()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.c.Closed():
			return s.trouble(io.ErrUnexpectedEOF)
		case <-s.news:
			s.ring()
		case <-t.C:
		}
		return nil
	}
	most := w.listen
	if !w.proved {
		most = min(most, w.pace.Sweep)
	}
	began := w.f.Now()
	news, err := s.idle(ctx, most)
	if err != nil {
		if ctx.Err() == nil && w.f.Now().Sub(began) < most { // some servers hang up on who listens long
			w.listen = max(w.listen/2, w.pace.IdleLeast)
		}
		return err
	}
	if news {
		w.proved = true
		s.ring()
	}
	return nil
}

const (
	batch     = 100     // mails that are asked about at a time
	group     = 50      // mails that are fetched in one command at most
	groupSize = 4 << 20 // unless one of them is larger
)

// catchUp fetches what is new in the folder, in order.
func (w *watch) catchUp(ctx context.Context, s *session) error {
	announced := len(s.news) > 0
	d, err := s.open(w.m.Settings.Fetch.Folder)
	if err != nil {
		return err
	}
	at, err := w.f.Mail.MailCursor(ctx, w.m.Inbox, w.m.Settings.Fetch.Folder)
	if err != nil {
		return err
	}
	if at.Validity != d.UIDValidity { // the numbers mean other mails now
		if at.Validity != 0 {
			w.log.Info("the server has numbered a folder anew; all of it is looked through", slog.String("folder", w.m.Settings.Fetch.Folder))
		}
		at = mailbox.Cursor{Folder: w.m.Settings.Fetch.Folder, Validity: d.UIDValidity}
	}
	if w.valid != at.Validity {
		w.valid, w.missed, w.cuts, w.tooBig = at.Validity, map[uint32]int{}, map[uint32]int{}, map[uint32]bool{}
	}
	uids, err := s.after(at.LastUID)
	if err != nil {
		return err
	}
	if len(uids) > 0 && !announced {
		w.proved = false
	}
	for len(uids) > 0 {
		n := min(batch, len(uids))
		again, err := w.take(ctx, s, &at, uids[:n])
		if err != nil {
			return err
		}
		if again {
			s.ring()
			return nil
		}
		uids = uids[n:]
		w.tell(mailbox.Working, nil)
	}
	return nil
}

// take fetches some mails. again tells that one of them did not come, and that
// nothing after it may be taken for done before it was asked for again.
func (w *watch) take(ctx context.Context, s *session, at *mailbox.Cursor, uids []uint32) (again bool, err error) {
	all, err := s.letters(uids)
	if err != nil {
		return false, err
	}
	b := &bag{w: w, at: at, letters: all, done: make([]bool, len(all))}
	defer func() {
		if err != nil && !b.ours && ctx.Err() == nil {
			b.blame()
		}
	}()
	var some []letter
	var size int64
	flush := func() error {
		if len(some) == 0 {
			return nil
		}
		err := b.fetch(ctx, s, some)
		some, size = nil, 0
		return err
	}
	for i, l := range all {
		switch {
		case !w.m.Settings.Fetch.Since.IsZero() && !l.at.IsZero() && l.at.Before(w.m.Settings.Fetch.Since):
			b.done[i] = true
			continue
		case l.size > mostBytes || w.tooBig[l.uid] || w.tries(l.uid) > 0:
			if err := flush(); err != nil {
				return false, err
			}
			if err := b.single(ctx, s, l); err != nil {
				return false, err
			}
			continue
		case len(some) == group || len(some) > 0 && size+l.size > groupSize:
			if err := flush(); err != nil {
				return false, err
			}
		}
		some, size = append(some, l), size+l.size
	}
	if err := flush(); err != nil {
		return false, err
	}
	if err := s.dispose(b.kept, w.m.Settings.Fetch.After); err != nil {
		return false, err
	}
	for i, l := range all {
		if !b.done[i] {
			w.missed[l.uid]++
			again = true
		}
	}
	if to := b.upTo(); to > at.LastUID && !again { // what was left out at the end
		at.LastUID = to
		return false, w.f.Mail.MoveCursor(ctx, w.m.Inbox, *at)
	}
	return again, nil
}

// bag is some mails on their way.
type bag struct {
	w       *watch
	at      *mailbox.Cursor
	letters []letter
	done    []bool
	kept    []uint32 // those that we have whole, to be disposed of
	ours    bool     // what went wrong was our own
	some    []letter // that are gathered, to be kept together
	bodies  [][]byte // of them
	size    int64    // of those
}

// cutsPerTry is how often a connection may end in a mail before that counts as
// not having got it: networks are bad more often than mails are.
const cutsPerTry = 3

// tries is how often a mail was asked for in vain.
func (w *watch) tries(uid uint32) int { return w.missed[uid] + w.cuts[uid]/cutsPerTry }

// blame notes in which mail the connection ended.
func (b *bag) blame() {
	for i, l := range b.letters {
		if !b.done[i] {
			b.w.cuts[l.uid]++
			return
		}
	}
}

// upTo returns the number up to which everything is done if some mails are done
// too.
func (b *bag) upTo(too ...letter) uint32 {
	to := b.at.LastUID
	for i, l := range b.letters {
		if !b.done[i] && !slices.ContainsFunc(too, func(t letter) bool { return t.uid == l.uid }) {
			break
		}
		to = max(to, l.uid)
	}
	return to
}

// fetch takes some mails whole. They are gathered and kept together; one that is
// larger than the server said, or for which there is no more room, is kept while
// it comes in. What came before something went wrong is kept too.
func (b *bag) fetch(ctx context.Context, s *session, ls []letter) error {
	err := s.bodies(ls, false, false, func(l letter, r *whole) error {
		if b.size+r.left <= groupSize {
			return b.gather(l, r)
		}
		if err := b.flush(ctx); err != nil {
			return err
		}
		return b.keep(ctx, l, r, false)
	})
	return cmp.Or(b.flush(ctx), err)
}

// gather takes a mail into memory, to be kept with others.
func (b *bag) gather(l letter, r *whole) error {
	place := b.place(l)
	if place < 0 || b.done[place] || slices.ContainsFunc(b.some, func(g letter) bool { return g.uid == l.uid }) {
		return nil // another than was asked for, or once more
	}
	body, err := io.ReadAll(r)
	if err != nil {
		return b.cut(err)
	}
	b.some, b.bodies, b.size = append(b.some, l), append(b.bodies, body), b.size+int64(len(body))
	return nil
}

// flush keeps what was gathered. If that fails, one of them may be why: they are
// kept one after the other, as far as that goes.
func (b *bag) flush(ctx context.Context) error {
	some, bodies := b.some, b.bodies
	b.some, b.bodies, b.size = nil, nil, 0
	if len(some) == 0 {
		return nil
	}
	raws := make([]channel.RawMail, len(some))
	for i, l := range some {
		raws[i] = channel.RawMail{Inbox: b.w.m.Inbox, Body: bytes.NewReader(bodies[i]), ReceivedAt: b.receivedAt(l)}
	}
	to := mailbox.Cursor{Folder: b.at.Folder, Validity: b.at.Validity, LastUID: b.upTo(some...)}
	if len(some) == 1 || b.w.f.Mail.KeepMails(ctx, raws, to) != nil {
		for i, l := range some {
			if err := b.keep(ctx, l, bytes.NewReader(bodies[i]), false); err != nil {
				return err
			}
		}
		return nil
	}
	b.at.LastUID = to.LastUID
	for _, l := range some {
		b.done[b.place(l)] = true
		b.kept = append(b.kept, l.uid)
	}
	return nil
}

// errTooLarge is a mail that turned out larger than the server said.
var errTooLarge = errors.New("the mail is larger than is taken")

// single takes one mail that needs care: one that is too large, of which the
// header is kept, or one that did not come when it was asked for with others.
func (b *bag) single(ctx context.Context, s *session, l letter) error {
	large := l.size > mostBytes || b.w.tooBig[l.uid]
	switch tries := b.w.tries(l.uid); {
	case large:
		b.w.log.Warn("a mail is too large and only its header is kept", slog.Int64("bytes", l.size))
	case tries > mostTries:
		b.w.log.Error("the server names a mail and never gives it; it is passed over", slog.Int64("uid", int64(l.uid)))
		for i := range b.letters {
			b.done[i] = b.done[i] || b.letters[i].uid == l.uid
		}
		return nil
	case tries == mostTries:
		large = true // perhaps it gives its header
	}
	return s.bodies([]letter{l}, large, b.w.missed[l.uid] > 1, func(l letter, r *whole) error { return b.keep(ctx, l, r, large) })
}

// mostTries is how often a mail is asked for that does not come.
const mostTries = 3

// longestHeader is what is kept of a mail that is too large.
const longestHeader = 1 << 20

// place returns where a letter is in the bag; -1 if it is not.
func (b *bag) place(l letter) int {
	return slices.IndexFunc(b.letters, func(o letter) bool { return o.uid == l.uid })
}

// receivedAt is when a mail arrived: no server receives what is yet to come.
func (b *bag) receivedAt(l letter) time.Time {
	if now := b.w.f.Now(); l.at.IsZero() || l.at.After(now) {
		return now.UTC()
	}
	return l.at.UTC()
}

// keep hands one mail to the desk, with how far the folder is done then.
func (b *bag) keep(ctx context.Context, l letter, r io.Reader, headerOnly bool) error {
	place := b.place(l)
	if place < 0 || b.done[place] {
		return nil // another than was asked for, or once more
	}
	src, _ := r.(*whole)
	limit := int64(mostBytes)
	if headerOnly {
		limit = longestHeader
	}
	body := &limited{r: r, left: limit, cut: headerOnly}
	to := mailbox.Cursor{Folder: b.at.Folder, Validity: b.at.Validity, LastUID: b.upTo(l)}
	_, err := b.w.f.Mail.KeepMail(ctx, channel.RawMail{Inbox: b.w.m.Inbox, Body: body, ReceivedAt: b.receivedAt(l), Cursor: &to, TooLarge: headerOnly})
	switch {
	case body.over:
		b.w.tooBig[l.uid] = true
		return fault.New(fault.Busy, "mailbox.lies", "the mail server says what cannot be: %s", "a mail larger than its size").Because(errTooLarge)
	case src != nil && src.err != nil:
		return b.cut(src.err)
	case err != nil:
		b.ours = true
		return err
	}
	b.done[place] = true
	b.at.LastUID = to.LastUID
	if !headerOnly { // what we do not have stays where it is
		b.kept = append(b.kept, l.uid)
	}
	return nil
}

// cut says what is wrong when a mail did not come in full.
func (b *bag) cut(err error) error {
	return (&session{server: b.w.m.Settings.Fetch.Server}).trouble(err)
}

// limited reads so much and no more: it then ends, or, where all is wanted,
// fails.
type limited struct {
	r    io.Reader
	left int64
	cut  bool // the rest is not wanted
	over bool // there was more
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		if l.cut {
			return 0, io.EOF
		}
		var one [1]byte
		if n, err := l.r.Read(one[:]); n == 0 {
			return 0, err
		}
		l.over = true
		return 0, errTooLarge
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}

// tell records how the mailbox is doing, when that has changed and each minute.
func (w *watch) tell(state mailbox.State, err error) {
	now := w.f.Now()
	h := mailbox.Health{State: state, At: now, LastOK: w.health.LastOK}
	if err != nil {
		h.Code, h.Detail = fault.CodeOf(err), said(err)
	}
	if state == mailbox.Working {
		h.LastOK = now
	}
	same := !w.told.IsZero() && h.State == w.health.State && h.Code == w.health.Code
	if same {
		h.At = w.health.At
		if now.Sub(w.told) < time.Minute {
			return
		}
	} else if err != nil {
		w.log.Warn("a mailbox cannot be fetched", slog.String("state", string(state)), slog.Any("error", err))
	}
	if err := w.f.Mail.FetchHealth(w.ctx, w.m.Inbox, h); err != nil {
		if w.ctx.Err() == nil {
			w.log.Warn("how a mailbox is doing cannot be recorded", slog.Any("error", err))
		}
		return
	}
	w.health, w.told = h, now
}

// said is what people may read of an error beside its fault: what the server
// said, if it said anything.
func said(err error) string {
	if t, ok := errors.AsType[textError](err); ok {
		return string(t)
	}
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.Message()
	}
	return ""
}
