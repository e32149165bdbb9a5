package fault

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"yingda/internal/domain/mailbox"
	"yingda/test/internal/centre"
)

// onDisk reports whether the program has kept a file in which something stands.
func onDisk(t *testing.T, c *centre.Centre, what string) (found bool) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(c.Folder, "files"), func(path string, f fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case f.IsDir():
			if f.Name() == ".incoming" { // those that are not whole yet
				return fs.SkipDir
			}
			return nil
		}
		b, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		found = found || strings.Contains(string(b), what)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// scanner looks for viruses in files until a test wants it to take long.
type scanner struct{ folder string }

func newScanner(t *testing.T) scanner {
	t.Helper()
	s := scanner{t.TempDir()}
	script := "#!/bin/sh\ncat >/dev/null\ncd '" + s.folder + "' || exit 2\n[ -e hold ] || exit 0\n: >reached\nwhile [ -e hold ]; do sleep 0.05; done\n"
	if err := os.WriteFile(s.program(), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s scanner) program() string { return filepath.Join(s.folder, "scan") }

func (s scanner) hold(on bool) error {
	if on {
		return os.WriteFile(filepath.Join(s.folder, "hold"), nil, 0o600)
	}
	return os.Remove(filepath.Join(s.folder, "hold"))
}

func (s scanner) reached() bool {
	_, err := os.Stat(filepath.Join(s.folder, "reached"))
	return err == nil
}

// withFile is a letter with a file.
func withFile(from, id, text string) []byte {
	return []byte(strings.Replace(string(letter(from, id, "")), "Content-Type: text/plain; charset=utf-8\r\n\r\n", "Content-Type: multipart/mixed; boundary=b\r\n\r\n"+
		"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"+text+"\r\n--b\r\nContent-Type: text/plain; name=vin.txt\r\nContent-Disposition: attachment; filename=vin.txt\r\n\r\nLSVAA4187E2184847\r\n--b--\r\n", 1))
}

// Killed at each step between the server and what people see, a mail is here
// once, with one case and one receipt.
func TestKilledWhileMailArrives(t *testing.T) {
	t.Parallel()
	scan := newScanner(t)
	o := newOffice(t, 0, nil, "--scan-command", scan.program())
	nothing := func() {}
	// Each stops at its point; what it returns is done between the death of the
	// program and its next start. nil: the point has passed, and it is tried again.
	points := []struct {
		name string
		kept int // how many mails the database has of it when the program dies
		die  func(id string, raw []byte) (between func())
	}{
		{"when it is asked for", 0, func(_ string, raw []byte) func() {
			s := o.imap.stopAt(true, `BODY\.PEEK\[\]`)
			o.writes(raw)
			o.reaches(s)
			return nothing
		}},
		{"in the middle of its bytes", 0, func(_ string, raw []byte) func() {
			s := o.imap.stopAt(false, `^halfway`)
			o.writes(raw)
			o.reaches(s)
			return nothing
		}},
		{"with its bytes on the disk, before the transaction", 0, func(id string, raw []byte) func() {
			thaw, _ := o.freeze(`SELECT 1`)
			o.writes(raw)
			o.Until("the bytes are on the disk", func() bool { return onDisk(t, o.Centre, id) })
			return thaw
		}},
		{"committed with the cursor, before it is read", 1, func(id string, raw []byte) func() {
			before := o.count(`SELECT coalesce(max(last_uid), 0) FROM mail_cursors`)
			thaw, _ := o.freeze(`SELECT 1`)
			o.writes(raw)
			o.Until("the bytes are on the disk", func() bool { return onDisk(t, o.Centre, id) })
			thaw()
			thaw, caught := o.freeze(`SELECT coalesce(max(CASE WHEN state = 'new' THEN 1 ELSE 2 END), 0) FROM mails WHERE message_id LIKE ?`, "%"+id+"@%")
			if !caught {
				return nil
			}
			if uid := o.count(`SELECT max(last_uid) FROM mail_cursors`); uid != before+1 {
				t.Errorf("the mail is committed, the cursor went from %d to %d", before, uid)
			}
			if n := o.count(`SELECT count(*) FROM jobs WHERE kind = 'mail.read'`); n != 1 {
				t.Errorf("the mail is committed, %d jobs read it", n)
			}
			return thaw
		}},
		{"while its files are kept", 1, func(_ string, raw []byte) func() {
			if err := scan.hold(true); err != nil {
				t.Fatal(err)
			}
			o.writes(raw)
			o.Until("the scanner has a file", scan.reached)
			return func() {
				if err := scan.hold(false); err != nil {
					t.Fatal(err)
				}
			}
		}},
		{"understood, before it is marked as seen", 1, func(id string, raw []byte) func() {
			s := o.imap.stopAt(true, `UID STORE`)
			o.writes(raw)
			o.reaches(s)
			o.Until("it is understood", func() bool {
				return o.count(`SELECT count(*) FROM mails WHERE state = 'taken' AND message_id LIKE ?`, "%"+id+"@%") == 1
			})
			return nothing
		}},
		{"marked as seen, before the server says so", 1, func(_ string, raw []byte) func() {
			s := o.imap.stopAt(false, `^\S+ OK Store`)
			o.writes(raw)
			o.reaches(s)
			return nothing
		}},
	}
	mails := 0
	for _, p := range points {
		for caught := false; !caught; {
			who, id := fmt.Sprintf("c%02d", mails), fmt.Sprintf("arriving-%02d", mails)
			if mails++; mails > 10*len(points) {
				t.Fatalf("the program is never caught %s", p.name)
			}
			o.smtp.mend()
			o.smtp.stopAt(true, "") // no receipt is on its way when the program dies
			between := p.die(id, withFile(who+"@"+customer, id, "第 "+id+" 封\r\nhalfway\r\n完"))
			if caught = between != nil; caught {
				if n := o.count(`SELECT count(*) FROM mails WHERE message_id LIKE ?`, "%"+id+"@%"); n != p.kept {
					t.Errorf("%s: the database has it %d times", p.name, n)
				}
				o.Kill()
				between()
			}
			o.again()
			o.quiet()
			o.once(p.name, who, id)
		}
	}
	if n := len(o.talks()); n != mails {
		t.Errorf("%d conversations of %d mails", n, mails)
	}
}

// once checks that the mail of a customer is here once, with a case, and that
// one receipt has arrived.
func (o *office) once(when, who, id string) {
	o.t.Helper()
	found := 0
	for _, k := range o.talks() {
		mails := k.by("contact", "text")
		if len(mails) != 1 {
			o.t.Errorf("%s: a conversation has %d mails of %s", when, len(mails), k.ContactName)
		}
		for _, m := range mails {
			if strings.Contains(m.Text, id) {
				found++
			}
		}
	}
	if found != 1 {
		o.t.Errorf("%s: the mail is here %d times", when, found)
	}
	if n := o.count(`SELECT count(*) FROM cases WHERE lower(email) = ?`, who+"@"+customer); n != 1 {
		o.t.Errorf("%s: it has %d cases", when, n)
	}
	if n := o.count(`SELECT count(*) FROM sent_mails WHERE recipient = ?`, who+"@"+customer); n != 1 {
		o.t.Errorf("%s: it has %d receipts", when, n)
	}
	if n := len(o.got(who)); n != 1 {
		o.t.Errorf("%s: %d receipts arrived", when, n)
	}
}

// Killed while another server hands a mail in, the program has it once when
// that server has been told so. Until then it comes again.
func TestKilledWhileMailIsHandedIn(t *testing.T) {
	t.Parallel()
	address := centre.FreePort(t)
	c := centre.New(t, "--smtp-listen", address)
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	to, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	w := newWire(t, to)
	o := &office{Centre: c, t: t}
	o.open()
	s := mailbox.Defaults()
	s.Fetch.Way = mailbox.BySMTP
	var made struct {
		ID string `json:"inbox_id"`
	}
	c.Call(http.MethodPost, "/api/v1/mailboxes", "", map[string]any{"name": "客服邮箱", "address": us, "settings": s, "enabled": true}, &made)
	o.inbox = made.ID
	send := func(raw []byte) error { return handIn(w.port, "wang@"+customer, us, raw) }
	points := []struct {
		name string
		said bool
		line string
	}{
		{"in the middle of its bytes", true, `^halfway`},
		{"before the last of its bytes", true, `^\.\r?\n`},
		{"with its bytes on the disk, before the transaction", true, ""},
		{"committed, before the other server is told", false, `^250 2\.0\.0 OK: queued`},
	}
	for i, p := range points {
		id := fmt.Sprintf("handed-%02d", i)
		raw := letter("wang@"+customer, id, "第 "+id+" 封\r\nhalfway\r\n完")
		thaw := func() {}
		var stopped *stop
		if p.line == "" {
			thaw, _ = o.freeze(`SELECT 1`)
		} else {
			stopped = w.stopAt(p.said, p.line)
		}
		first := make(chan error, 1)
		go func() { first <- send(raw) }()
		if p.line == "" {
			c.Until("the bytes are on the disk", func() bool { return onDisk(t, c, id) })
		} else {
			o.reaches(stopped)
		}
		c.Kill()
		thaw()
		w.mend()
		if <-first == nil {
			t.Errorf("%s: the other server was told that it was taken", p.name)
		}
		c.Start()
		for range 2 { // again, and once more for good measure
			if err := send(raw); err != nil {
				t.Errorf("%s: handed in again: %v", p.name, err)
			}
		}
		c.Until("it is read", func() bool {
			return o.count(`SELECT count(*) FROM mails WHERE state = 'new'`) == 0
		})
		found := 0
		for _, k := range o.talks() {
			for _, m := range k.by("contact", "text") {
				if strings.Contains(m.Text, id) {
					found++
				}
			}
		}
		if found != 1 {
			t.Errorf("%s: the mail is here %d times", p.name, found)
		}
	}
}

// Killed at each step between the answer's commit and what is written down of
// it, an answer leaves once; twice, under the same id, only where nobody can
// know that it has left.
func TestKilledWhileMailLeaves(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 0, func(s *mailbox.Settings) { s.Send.SaveSent = "Sent" })
	o.writes(letter("wang@"+customer, "question", "您好，我的车无法启动。"))
	o.quiet()
	talks := o.talks()
	if len(talks) != 1 {
		t.Fatalf("%d conversations", len(talks))
	}
	talk := talks[0].ID
	o.Call(http.MethodPost, "/api/v1/conversations/"+talk+"/take", "", nil, nil)
	at := func(w *wire, byUs bool, line string) func(func() said) (said, func()) {
		return func(answer func() said) (said, func()) {
			s := w.stopAt(byUs, line)
			m := answer()
			o.reaches(s)
			return m, func() {}
		}
	}
	points := []struct {
		name  string
		left  int    // how often it has arrived in the end
		again string // where it is killed once more, by what the server says
		die   func(answer func() said) (said, func())
	}{
		{"the job is taken, nothing is marked", 1, "", func(answer func() said) (said, func()) {
			m := answer()
			thaw, caught := o.freeze(`SELECT CASE
				WHEN NOT EXISTS (SELECT 1 FROM sent_mails WHERE message_id LIKE ? AND state = 'waiting') THEN 2
				WHEN EXISTS (SELECT 1 FROM jobs WHERE kind = 'mail.carry' AND state = 'running') THEN 1 ELSE 0 END`, "%."+strings.TrimPrefix(m.ID, "ms_")+".%")
			if !caught {
				return m, nil
			}
			return m, thaw
		}},
		{"before the server is called", 1, "", at(o.smtp, true, "")},
		{"before the server greets", 1, "", at(o.smtp, false, `^220 `)},
		{"before the sender is named", 1, "", at(o.smtp, true, `^MAIL FROM`)},
		{"before the bytes begin", 1, "", at(o.smtp, true, `^DATA`)},
		{"in the middle of the bytes", 1, "", at(o.smtp, true, `^Subject:`)},
		{"before the last byte", 1, "", at(o.smtp, true, `^\.\r?\n`)},
		{"after the last byte, before the server says that it has it", 2, "", at(o.smtp, false, `^250 2\.0\.0 Ok: queued`)},
		{"after the server said so, before that is written down", 2, "", at(o.imap, true, `APPEND "?Sent`)},
		{"twice before the bytes begin", 1, `^354 `, at(o.smtp, false, `^354 `)},
		{"twice after the last byte", 2, `^250 2\.0\.0 Ok: queued`, at(o.smtp, false, `^250 2\.0\.0 Ok: queued`)},
	}
	answers, arrived := 0, len(o.got("wang"))
	for _, p := range points {
		for caught := false; !caught; {
			if answers++; answers > 10*len(points) {
				t.Fatalf("the program is never caught when %s", p.name)
			}
			o.smtp.mend() // a connection that waits for the next mail would skip steps
			m, between := p.die(func() said {
				return o.answer(talk, fmt.Sprintf("answer-%04d", answers), fmt.Sprintf("您好，第 %d 次答复。", answers))
			})
			left := p.left
			if caught = between != nil; caught {
				o.Kill()
				between()
			} else {
				o.quiet()
				left = 1
			}
			if p.again != "" {
				o.smtp.mend()
				s := o.smtp.stopAt(false, p.again)
				o.Start()
				o.reaches(s)
			}
			o.again()
			o.quiet()
			n, same := copies(o.got("wang"), m)
			if arrived += n; n != left || !same {
				t.Errorf("%s: it has arrived %d times, under one id: %v", p.name, n, same)
			}
			want := "sent"
			if p.again != "" && left == 2 {
				want = "uncertain"
			}
			found := 0
			for _, s := range o.saidIn(talk) {
				if s.From == "agent" && s.Text == m.Text {
					if found++; s.Mail.Delivery != want {
						t.Errorf("%s: it stands as %q", p.name, s.Mail.Delivery)
					}
				}
			}
			if found != 1 {
				t.Errorf("%s: the answer is said %d times", p.name, found)
			}
		}
	}
	if n := o.told("mail.uncertain"); n != 1 {
		t.Errorf("the agent is told %d times of what nobody knows", n)
	}
	if n := len(o.got("wang")); n != arrived {
		t.Errorf("the customer has %d mails, where the receipt and the answers are %d", n, arrived)
	}
}

// Told to stop while the server thinks about an answer, the program waits for
// what it says, and sends nothing twice.
func TestStoppedWhileMailLeaves(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 0, nil)
	o.writes(letter("wang@"+customer, "question", "您好，我的车无法启动。"))
	o.quiet()
	talk := o.talks()[0].ID
	o.Call(http.MethodPost, "/api/v1/conversations/"+talk+"/take", "", nil, nil)
	o.smtp.mend()
	s := o.smtp.stopAt(false, `^250 2\.0\.0 Ok: queued`)
	m := o.answer(talk, "answer-0001", "您好，请先检查蓄电池。")
	o.reaches(s)
	ended := o.Stop()
	o.Until("the program closes its door", func() bool {
		_, err := o.Try(t.Context(), http.MethodGet, "/readyz", "", nil, nil)
		return err != nil
	})
	select {
	case <-ended:
		t.Error("it ended without hearing what the server says")
	default:
	}
	close(s.on)
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Fatal("it does not end")
	}
	o.Start()
	o.quiet()
	if n, _ := copies(o.got("wang"), m); n != 1 {
		t.Errorf("the answer has arrived %d times", n)
	}
	for _, s := range o.saidIn(talk) {
		if s.ID == m.ID && s.Mail.Delivery != "sent" {
			t.Errorf("it stands as %q", s.Mail.Delivery)
		}
	}
}

// A rain of kills at any moment: every mail is here once with one receipt, and
// no receipt arrives more than twice.
func TestKilledInARainOfMail(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 0, nil)
	const all, kills = 200, 5
	for round := range kills {
		var some [][]byte
		for n := round * all / kills; n < (round+1)*all/kills; n++ {
			some = append(some, letter(fmt.Sprintf("rain%03d@%s", n, customer), fmt.Sprintf("rain-%03d", n), fmt.Sprintf("第 rain-%03d 封", n)))
		}
		o.writes(some...)
		<-time.After(100*time.Millisecond + rand.N(500*time.Millisecond))
		o.again()
	}
	o.quiet()
	here := map[string]int{}
	talks := o.talks()
	for _, k := range talks {
		for _, m := range k.by("contact", "text") {
			here[strings.Trim(m.Text, "第封 \n")]++
		}
	}
	if len(talks) != all || o.count(`SELECT count(*) FROM cases`) != all || o.count(`SELECT count(*) FROM sent_mails`) != all {
		t.Errorf("%d conversations, %d cases, %d receipts", len(talks), o.count(`SELECT count(*) FROM cases`), o.count(`SELECT count(*) FROM sent_mails`))
	}
	twice := 0
	for n := range all {
		who := fmt.Sprintf("rain%03d", n)
		if here[fmt.Sprintf("rain-%03d", n)] != 1 {
			t.Errorf("the mail of %s is here %d times", who, here[fmt.Sprintf("rain-%03d", n)])
		}
		ids := map[string]bool{}
		got := o.got(who)
		for _, m := range got {
			ids[m.MessageID] = true
		}
		unsure := o.count(`SELECT count(*) FROM sent_mails WHERE recipient = ? AND state = 'uncertain'`, who+"@"+customer)
		if len(ids) > 1 || len(got) > 2 || len(got) == 0 && unsure == 0 {
			t.Errorf("%s has %d receipts, of %d ids; unsure: %d", who, len(got), len(ids), unsure)
		}
		twice += len(got) / 2
	}
	t.Logf("%d mails over %d kills, %d receipts arrived twice", all, kills, twice)
	if most := kills * 2; twice > most { // one on each connection when the program dies
		t.Errorf("%d receipts arrived twice, more than %d could be under way", twice, most)
	}
}
