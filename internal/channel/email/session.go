package email

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
)

// session is one signed-in connection to a server of IMAP.
type session struct {
	c      *imapclient.Client
	line   *line
	server mailbox.Server
	quiet  time.Duration // how long the server may be silent while it owes an answer
	news   chan struct{} // something is new in the folder
}

// deepest is what the list of a folder's mails may weigh: two million of them.
const deepest = 16 << 20

// openSession connects, secures the connection and signs in.
func openSession(ctx context.Context, n Network, t *Tokens, m mailbox.Mailbox) (_ *session, err error) {
	server := m.Settings.Fetch.Server
	l, err := n.call(ctx, server)
	if err != nil {
		return nil, troubled(err, server)
	}
	s := &session{line: l, server: server, quiet: n.patience(), news: make(chan struct{}, 1)}
	options := &imapclient.Options{
		TLSConfig: n.tls(server.Host),
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				s.ring()
			}
		}},
	}
	switch server.Security {
	case mailbox.TLS:
		var conn net.Conn
		if conn, err = n.secure(ctx, l, server.Host); err != nil {
			return nil, troubled(err, server)
		}
		s.c = imapclient.New(conn, options)
	case mailbox.StartTLS:
		if s.c, err = imapclient.NewStartTLS(l, options); err != nil {
			_ = l.Close()
			return nil, troubled(withoutTLS(err), server)
		}
	default:
		s.c = imapclient.New(l, options)
	}
	if err := s.c.WaitGreeting(); err != nil {
		s.close()
		return nil, s.trouble(err)
	}
	if err := s.signIn(ctx, t, m); err != nil {
		s.close()
		return nil, err
	}
	s.introduce()
	return s, nil
}

// withoutTLS names what failed: a server that does not know a command says
// only that.
func withoutTLS(err error) error {
	if _, ok := errors.AsType[*imap.Error](err); ok {
		return fmt.Errorf("STARTTLS: %w", err)
	}
	return err
}

func (s *session) ring() {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

func (s *session) signIn(ctx context.Context, t *Tokens, m mailbox.Mailbox) error {
	if s.c.State() == imap.ConnStateAuthenticated { // by PREAUTH
		return nil
	}
	caps := s.c.Caps()
	var err error
	said := ""
	switch m.Settings.Fetch.Server.Auth {
	case mailbox.AuthNone:
		return fault.New(fault.Invalid, "mailbox.auth", "sign in with a password or by OAuth 2")
	case mailbox.OAuth:
		access, aerr := t.Access(ctx, m)
		if aerr != nil {
			return aerr
		}
		b := &bearer{mechanism: "XOAUTH2", user: s.server.User, token: access}
		if caps.Has(imap.AuthCap(sasl.OAuthBearer)) && !caps.Has(imap.AuthCap("XOAUTH2")) {
			b.mechanism = sasl.OAuthBearer
		}
		if err = s.c.Authenticate(b); err != nil {
			t.Spoilt(m.Inbox, access)
		}
		said = b.said
	default:
		password := m.Secrets.FetchPassword
		if caps.Has(imap.AuthCap(sasl.Plain)) && (caps.Has(imap.CapLoginDisabled) || !ascii(s.server.User+password)) {
			err = s.c.Authenticate(sasl.NewPlainClient("", s.server.User, password))
		} else {
			err = s.c.Login(s.server.User, password).Wait()
		}
	}
	if err == nil {
		return nil
	}
	e, answered := errors.AsType[*imap.Error](err)
	switch {
	case said != "":
		return notSignedIn(s.server, said)
	case answered && busy(e):
		return fault.New(fault.Busy, "mailbox.busy", "the mail server is busy or allows no more connections now; it is tried again by itself").Because(textError(clean(e.Error())))
	case answered:
		return notSignedIn(s.server, e.Error())
	}
	return s.trouble(err)
}

// busy reports whether a server says no for now only.
func busy(e *imap.Error) bool {
	text := strings.ToLower(e.Text)
	return e.Code == imap.ResponseCodeUnavailable || e.Code == "LIMIT" || e.Code == imap.ResponseCodeInUse ||
		strings.Contains(text, "server unavailable") || strings.Contains(text, "too many") || strings.Contains(text, "try again later") || strings.Contains(text, "temporar")
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

// introduce tells the server who we are. Some of China let nobody open a
// folder who does not (163, 126, yeah.net), and do not always say that they
// want it.
func (s *session) introduce() {
	if !s.c.Caps().Has(imap.CapID) && familyOf(strings.ToLower(s.server.Host)) == nil {
		return
	}
	_, _ = s.c.ID(&imap.IDData{Name: "Yingda", Version: "1", Vendor: "Yingda", Command: "fetch"}).Wait() // whoever wants none says so, and that is all
}

// trouble says what is wrong with a connection that was open.
func (s *session) trouble(err error) error {
	if e, ok := errors.AsType[*imap.Error](err); ok {
		if busy(e) {
			return fault.New(fault.Busy, "mailbox.busy", "the mail server is busy or allows no more connections now; it is tried again by itself").Because(textError(clean(e.Error())))
		}
		return fault.New(fault.Busy, "mailbox.no", "the mail server says no: %s", clean(e.Error()))
	}
	if errors.Is(err, os.ErrDeadlineExceeded) || strings.Contains(err.Error(), "i/o timeout") { // the library keeps only the text
		err = errors.Join(os.ErrDeadlineExceeded, err)
	}
	if strings.Contains(err.Error(), errFlood.Error()) {
		err = errors.Join(errFlood, err)
	}
	return troubled(err, s.server)
}

// open selects the folder. Opening it again is how a server is asked what is
// there now, and whether its numbers still mean the same.
func (s *session) open(folder string) (*imap.SelectData, error) {
	s.line.expect(s.quiet, chatter)
	select { // what was new until now is found by what follows
	case <-s.news:
	default:
	}
	d, err := s.c.Select(folder, nil).Wait()
	if err == nil {
		return d, nil
	}
	if e, ok := errors.AsType[*imap.Error](err); ok && !busy(e) {
		said := clean(e.Error())
		if strings.Contains(e.Text, "Unsafe Login") {
			return nil, fault.New(fault.Unsigned, "mailbox.unsafe", "the provider takes us for unsafe; sign in once in its web mail, confirm that IMAP is used, and make a new authorization code (授权码)").Because(textError(said))
		}
		return nil, fault.New(fault.Invalid, "mailbox.folder", "the folder %s cannot be opened; choose one that is there, such as INBOX", folder).Because(textError(said))
	}
	return nil, s.trouble(err)
}

// after returns the numbers of the mails in the folder that are above one, in
// order. Only a list of numbers is believed: a range could stand for four
// thousand million of them.
func (s *session) after(last uint32) ([]uint32, error) {
	if last == ^uint32(0) {
		return nil, nil
	}
	s.line.expect(s.quiet, deepest)
	var set imap.UIDSet
	set.AddRange(imap.UID(last+1), 0)
	d, err := s.c.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{set}}, nil).Wait()
	if err != nil {
		return nil, s.trouble(err)
	}
	var uids []uint32
	if all, ok := d.All.(imap.UIDSet); ok {
		for _, r := range all { // numbers side by side were put together as they came
			for u := uint64(r.Start); r.Start != 0 && u <= uint64(r.Stop) && len(uids) < deepest/2; u++ {
				if uint32(u) > last { // n:* has the last mail even below n
					uids = append(uids, uint32(u))
				}
			}
		}
	}
	slices.Sort(uids)
	return slices.Compact(uids), nil
}

// letter is what the server says of a mail before it is fetched.
type letter struct {
	uid  uint32
	seq  uint32
	size int64
	at   time.Time
}

// letters asks about mails. Those that are gone meanwhile are left out.
func (s *session) letters(uids []uint32) ([]letter, error) {
	s.line.expect(s.quiet, chatter)
	cmd := s.c.Fetch(setOf(uids), &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true})
	known := map[uint32]letter{}
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		l := letter{seq: msg.SeqNum}
		for item := msg.Next(); item != nil; item = msg.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				l.uid = uint32(item.UID)
			case imapclient.FetchItemDataRFC822Size:
				l.size = item.Size
			case imapclient.FetchItemDataInternalDate:
				l.at = item.Time
			}
		}
		known[l.uid] = l
	}
	if err := cmd.Close(); err != nil {
		return nil, s.trouble(err)
	}
	var ls []letter
	for _, u := range uids {
		if l, ok := known[u]; ok {
			ls = append(ls, l)
		}
	}
	return ls, nil
}

func setOf(uids []uint32) imap.UIDSet {
	var set imap.UIDSet
	for _, u := range uids {
		set.AddNum(imap.UID(u))
	}
	return set
}

// bodies fetches mails in one command, one after the other, and hands each to
// take while it comes in. It ends with the first error of take. headerOnly
// leaves the rest of each on the server; bySeq names them by their place, for
// servers that say the number of a mail after its bytes.
func (s *session) bodies(ls []letter, headerOnly, bySeq bool, take func(l letter, r *whole) error) (err error) {
	var most int64
	var set imap.NumSet
	uids := make([]uint32, len(ls))
	for i, l := range ls {
		uids[i] = l.uid
		most += min(max(l.size, 0), mostBytes)
	}
	set = setOf(uids)
	if bySeq {
		set = imap.SeqSetNum(ls[0].seq)
	}
	section := &imap.FetchItemBodySection{Peek: true}
	if headerOnly {
		section.Specifier = imap.PartSpecifierHeader
	}
	s.line.expect(s.quiet, most+mostBytes+mostBytes/8) // a size that is said too small costs no mail
	cmd := s.c.Fetch(set, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
	var w whole // of the mail that is read now
	defer func() {
		if err != nil {
			_ = s.line.Close() // the rest is not wanted, and closing waits for it
		}
		if w.err != nil {
			return // the library reads on by itself since; closing the command would read beside it
		}
		if cerr := cmd.Close(); err == nil && cerr != nil {
			err = s.trouble(cerr)
		}
	}()
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		var l letter
		if bySeq {
			l = ls[0]
		}
		for item := msg.Next(); item != nil; item = msg.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				if bySeq && uint32(item.UID) != l.uid {
					return fault.New(fault.Busy, "mailbox.lies", "the mail server says what cannot be: %s", "another mail than was asked for")
				}
				if i := slices.IndexFunc(ls, func(l letter) bool { return l.uid == uint32(item.UID) }); i >= 0 {
					l = ls[i]
				}
			case imapclient.FetchItemDataBodySection:
				if l.uid == 0 || item.Literal == nil {
					continue
				}
				w = whole{r: item.Literal, left: item.Literal.Size()}
				if err := take(l, &w); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// whole reads a mail to its announced end. A connection that is cut before is
// an error, not the end of a mail.
type whole struct {
	r    io.Reader
	left int64
	err  error // what was wrong with the reading
}

func (w *whole) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	w.left -= int64(n)
	if errors.Is(err, io.EOF) && w.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

// dispose does with mails that we have what the mailbox says.
func (s *session) dispose(uids []uint32, after mailbox.After) error {
	if len(uids) == 0 || after == mailbox.Leave {
		return nil
	}
	s.line.expect(s.quiet, chatter)
	set := setOf(uids)
	switch after {
	case mailbox.Leave:
	case mailbox.Keep:
		return s.flag(set, imap.FlagSeen)
	case mailbox.Move:
		if _, err := s.c.Move(set, ownFolder).Wait(); err != nil {
			if _, ok := errors.AsType[*imap.Error](err); !ok {
				return s.trouble(err)
			}
			_ = s.c.Create(ownFolder, nil).Wait() // it was not there, or moving again says what is wrong
			if _, err := s.c.Move(set, ownFolder).Wait(); err != nil {
				return s.trouble(err)
			}
		}
	case mailbox.Delete:
		if err := s.flag(set, imap.FlagDeleted); err != nil {
			return err
		}
		if !s.c.Caps().Has(imap.CapUIDPlus) {
			return nil // without it, what others have marked would go too
		}
		if err := s.c.UIDExpunge(set).Close(); err != nil {
			return s.trouble(err)
		}
	}
	return nil
}

// ownFolder is where mail is moved that we have.
const ownFolder = "Yingda"

func (s *session) flag(set imap.UIDSet, f imap.Flag) error {
	cmd := s.c.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{f}}, nil)
	if err := cmd.Close(); err != nil {
		if e, ok := errors.AsType[*imap.Error](err); ok && e.Type == imap.StatusResponseTypeNo {
			return nil // a folder that may only be read is read all the same
		}
		return s.trouble(err)
	}
	return nil
}

// canIdle reports whether the server tells of new mail by itself.
func (s *session) canIdle() bool { return s.c.Caps().Has(imap.CapIdle) }

// idle waits for news in the folder, for a time at most.
func (s *session) idle(ctx context.Context, most time.Duration) (news bool, err error) {
	s.line.expect(s.quiet, chatter)
	cmd, err := s.c.Idle()
	if err != nil {
		return false, s.trouble(err)
	}
	s.line.expect(most+s.quiet, chatter)
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-s.news:
		news = true
	case <-timer.C:
	case <-s.c.Closed():
	case <-ctx.Done():
	}
	s.line.expect(s.quiet, chatter)
	if err := cmd.Close(); err != nil {
		return false, s.trouble(err)
	}
	if err := cmd.Wait(); err != nil {
		return false, s.trouble(err)
	}
	return news, ctx.Err()
}

// rest keeps the connection open between two visits, with nothing owed.
func (s *session) rest(most time.Duration) { s.line.expect(most+s.quiet, chatter) }

// append puts a mail into a folder.
func (s *session) append(folder string, body []byte, at time.Time) error {
	s.line.expect(s.quiet, chatter)
	cmd := s.c.Append(folder, int64(len(body)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}, Time: at})
	if _, err := cmd.Write(body); err != nil {
		_ = s.line.Close()
		_ = cmd.Close()
		return s.trouble(err)
	}
	if err := cmd.Close(); err != nil {
		_ = s.line.Close()
		return s.trouble(err)
	}
	if _, err := cmd.Wait(); err != nil {
		return s.trouble(err)
	}
	return nil
}

// close says goodbye, if the server still listens, and hangs up.
func (s *session) close() {
	s.line.expect(2*time.Second, chatter)
	if s.c.State() != imap.ConnStateLogout {
		_ = s.c.Logout().Wait()
	}
	_ = s.line.Close()
	_ = s.c.Close()
}
