package channeltest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
)

// MailDesk is a channel.Mail in memory. It keeps the promises that the door of
// e-mail relies on: a mail is kept once, together with how far its folder is
// done, and one program at a time holds a mailbox.
type MailDesk struct {
	Now func() time.Time

	mu      sync.Mutex
	fail    func(channel.RawMail) error
	boxes   []mailbox.Mailbox
	held    map[inbox.ID]hold
	cursors map[place]mailbox.Cursor
	kept    []KeptMail
	seen    map[string]bool
	again   int
	fetch   map[inbox.ID][]mailbox.Health
	send    map[inbox.ID][]mailbox.Health
	changed chan struct{} // closed and made anew when something has happened
}

type hold struct {
	by    string
	until time.Time
}

type place struct {
	in     inbox.ID
	folder string
}

// KeptMail is a mail that the desk has.
type KeptMail struct {
	channel.RawMail
	Raw []byte
}

var _ channel.Mail = (*MailDesk)(nil)

// NewMailDesk returns a desk with some mailboxes.
func NewMailDesk(now func() time.Time, boxes ...mailbox.Mailbox) *MailDesk {
	return &MailDesk{
		Now: now, boxes: boxes, held: map[inbox.ID]hold{}, cursors: map[place]mailbox.Cursor{}, seen: map[string]bool{},
		fetch: map[inbox.ID][]mailbox.Health{}, send: map[inbox.ID][]mailbox.Health{}, changed: make(chan struct{}),
	}
}

// FailWith sets what is asked before a mail is kept; its error is what the desk
// answers. Nil lets all be kept.
func (d *MailDesk) FailWith(fail func(channel.RawMail) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail = fail
}

// Put adds a mailbox, or changes the one of the same inbox.
func (d *MailDesk) Put(m mailbox.Mailbox) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.boxes {
		if d.boxes[i].Inbox == m.Inbox {
			m.Version = d.boxes[i].Version + 1
			d.boxes[i] = m
			return
		}
	}
	d.boxes = append(d.boxes, m)
}

// Kept returns the mails that the desk has, in order.
func (d *MailDesk) Kept() []KeptMail {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.kept)
}

// Again returns how many mails came that were here already.
func (d *MailDesk) Again() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.again
}

// Health returns what was told of fetching and sending, in order.
func (d *MailDesk) Health(in inbox.ID) (fetch, send []mailbox.Health) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.fetch[in]), slices.Clone(d.send[in])
}

// Grant returns the grant of a mailbox.
func (d *MailDesk) Grant(in inbox.ID) mailbox.Grant {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range d.boxes {
		if m.Inbox == in {
			return m.Secrets.Grant
		}
	}
	return mailbox.Grant{}
}

// Wait waits until something is so. It looks each time that the desk has heard
// something.
func (d *MailDesk) Wait(ctx context.Context, so func() bool) bool {
	for {
		d.mu.Lock()
		changed := d.changed
		d.mu.Unlock()
		if so() {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return so()
		}
	}
}

// tell wakes who waits. The lock is held.
func (d *MailDesk) tell() {
	close(d.changed)
	d.changed = make(chan struct{})
}

// Mailboxes returns all that were put in.
func (d *MailDesk) Mailboxes(context.Context) ([]mailbox.Mailbox, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.boxes), nil
}

// HoldMailbox keeps a mailbox for one program.
func (d *MailDesk) HoldMailbox(_ context.Context, in inbox.ID, holder string, until time.Time) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if h := d.held[in]; h.by != holder && d.Now().Before(h.until) {
		return false, nil
	}
	d.held[in] = hold{holder, until}
	return true, nil
}

// MailboxFor finds the inbox of an address.
func (d *MailDesk) MailboxFor(_ context.Context, address string) (inbox.ID, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range d.boxes {
		if m.Own(address) {
			return m.Inbox, true, nil
		}
	}
	return 0, false, nil
}

// MailCursor returns how far a folder is done.
func (d *MailDesk) MailCursor(_ context.Context, in inbox.ID, folder string) (mailbox.Cursor, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.cursors[place{in, folder}], nil
}

// KeepMail keeps a mail, once.
func (d *MailDesk) KeepMail(_ context.Context, m channel.RawMail) (again bool, err error) {
	raw, err := d.read(m)
	if err != nil {
		return false, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.tell()
	if m.Cursor != nil {
		d.cursors[place{m.Inbox, m.Cursor.Folder}] = *m.Cursor
	}
	return d.keep(m, raw), nil
}

// KeepMails keeps some mails, each once; none of them after an error.
func (d *MailDesk) KeepMails(_ context.Context, ms []channel.RawMail, to mailbox.Cursor) (err error) {
	raws := make([][]byte, len(ms))
	for i, m := range ms {
		if raws[i], err = d.read(m); err != nil {
			return err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.tell()
	for i, m := range ms {
		m.Cursor = &to
		d.keep(m, raws[i])
		d.cursors[place{m.Inbox, to.Folder}] = to
	}
	return nil
}

func (d *MailDesk) read(m channel.RawMail) ([]byte, error) {
	raw, err := io.ReadAll(m.Body)
	d.mu.Lock()
	fail := d.fail
	d.mu.Unlock()
	if err == nil && fail != nil {
		m.Body = bytes.NewReader(raw)
		err = fail(m)
	}
	if err != nil {
		d.mu.Lock()
		d.tell()
		d.mu.Unlock()
	}
	return raw, err
}

// keep notes a mail and reports whether it is here already. The caller holds mu.
func (d *MailDesk) keep(m channel.RawMail, raw []byte) (again bool) {
	sum := sha256.Sum256(raw)
	if id := messageID(raw); id != "" {
		sum = sha256.Sum256([]byte(id))
	}
	key := m.Inbox.String() + string(sum[:])
	if d.seen[key] {
		d.again++
		return true
	}
	d.seen[key] = true
	m.Body = nil
	d.kept = append(d.kept, KeptMail{RawMail: m, Raw: append([]byte(m.Trace), raw...)})
	return false
}

func messageID(raw []byte) string {
	for line := range bytes.Lines(raw) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			break
		}
		if name, value, ok := bytes.Cut(line, []byte(":")); ok && bytes.EqualFold(name, []byte("Message-ID")) {
			return string(bytes.TrimSpace(value))
		}
	}
	return ""
}

// MoveCursor records how far a folder is done.
func (d *MailDesk) MoveCursor(_ context.Context, in inbox.ID, c mailbox.Cursor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.tell()
	d.cursors[place{in, c.Folder}] = c
	return nil
}

// FetchHealth records how fetching goes.
func (d *MailDesk) FetchHealth(_ context.Context, in inbox.ID, h mailbox.Health) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.tell()
	d.fetch[in] = append(d.fetch[in], h)
	return nil
}

// SendHealth records how sending goes.
func (d *MailDesk) SendHealth(_ context.Context, in inbox.ID, h mailbox.Health) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.tell()
	d.send[in] = append(d.send[in], h)
	return nil
}

// KeepGrant replaces the grant of a mailbox.
func (d *MailDesk) KeepGrant(_ context.Context, in inbox.ID, g mailbox.Grant) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.tell()
	for i := range d.boxes {
		if d.boxes[i].Inbox == in {
			d.boxes[i].Secrets.Grant = g
			d.boxes[i].Version++
			return nil
		}
	}
	return errors.New("there is no such mailbox")
}
