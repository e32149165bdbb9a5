package fault

import (
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/mail"
)

// world is the servers of everybody else: some people do not exist, and some
// programs answer whatever they get.
type world struct {
	port    int
	answers map[string]func(m *mail.Incoming, n int) string // by user: what a program says to its n-th mail
	back    func(from, to string, raw []byte) error         // hands a mail to the company

	mu  sync.Mutex
	got map[string][]*mail.Incoming // by user
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{got: map[string][]*mail.Incoming{}}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.port = l.Addr().(*net.TCPAddr).Port
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &guest{w: w}, nil }))
	s.Domain = "world.test"
	var serving sync.WaitGroup
	serving.Go(func() { _ = s.Serve(l) })
	t.Cleanup(func() { _ = s.Close(); serving.Wait() })
	return w
}

// of returns what a user has got.
func (w *world) of(user string) []*mail.Incoming {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.got[user]
}

type guest struct {
	w        *world
	from, to string
}

func (g *guest) Reset()        {}
func (g *guest) Logout() error { return nil }

func (g *guest) Mail(from string, _ *smtp.MailOptions) error {
	g.from = from
	return nil
}

func (g *guest) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "gone") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "there is no such user"}
	}
	g.to = to
	return nil
}

// Data takes a mail. A program has answered before it says so: an empty queue
// of who sent it means that nothing more comes of it.
func (g *guest) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m := mail.Parse(raw, mail.Options{})
	user, _, _ := strings.Cut(g.to, "@")
	g.w.mu.Lock()
	g.w.got[user] = append(g.w.got[user], m)
	n := len(g.w.got[user])
	g.w.mu.Unlock()
	if say := g.w.answers[user]; say != nil && g.from != "" {
		return g.w.back(g.to, us, []byte(strings.ReplaceAll(say(m, n), "\n", "\r\n")))
	}
	return nil
}

// Whoever answers by itself, and whoever does not exist: what a program of ours
// writes leaves once, what theirs write is kept as such, and nothing goes round.
// Dovecot's Sieve and Postfix write the automatic mails and the bounces.
func TestNothingGoesRound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := newOffice(t, w.port, func(s *mailbox.Settings) { s.Quote = false })
	w.back = func(from, to string, raw []byte) error { return handIn(o.postfix.SMTP, from, to, raw) }
	says := func(user string, n int, more, subject, text string) string {
		return fmt.Sprintf("From: %[1]s@world.test\nTo: %[2]s\nMessage-ID: <%[1]s-%[3]d@world.test>\n%[4]sSubject: %[5]s\nContent-Type: text/plain; charset=utf-8\n\n%[6]s\n",
			user, us, n, more, mime.BEncoding.Encode("utf-8", subject), text)
	}
	w.answers = map[string]func(m *mail.Incoming, n int) string{
		"qq": func(m *mail.Incoming, n int) string { // as QQ and 163 do: nothing tells but the subject
			return says("qq", n, "", "自动回复:"+m.Subject, "我在外出差。")
		},
		"desk": func(_ *mail.Incoming, n int) string { // another desk: nothing at all tells that it is a program
			return says("desk", n, "", fmt.Sprintf("Ticket %d was opened", n), "Thank you.")
		},
		"echo": func(m *mail.Incoming, n int) string { // one that keeps to the thread
			return says("echo", n, "In-Reply-To: "+m.MessageID+"\n", "Re: "+m.Subject, "Thank you.")
		},
	}
	if err := o.dovecot.Script("away", `require ["vacation", "vacation-seconds"]; vacation :seconds 0 :addresses ["away@customer.test"] :subject "我在休假" "我在休假，下周回来。";`+"\n"); err != nil {
		t.Fatal(err)
	}

	// Each writes once, and an agent answers once.
	for _, c := range []struct {
		user, domain      string
		receipts, answers int // that have arrived there
		talks             int // that there are with it
		texts, notes      int // that it has written in the first of them
	}{
		{"away", customer, 1, 1, 1, 1, 1},     // a receipt says that nobody should answer it; the answer of a person is answered
		{"qq", "world.test", 1, 1, 1, 1, 2},   // who answers a receipt all the same is not answered
		{"echo", "world.test", 1, 1, 1, 3, 0}, // what it says is a customer's word, and gets no second receipt in the same thread
		{"desk", "world.test", 5, 1, 7, 1, 0}, // a new thread each time: the valve closes at five
		{"gone", "world.test", 0, 0, 1, 1, 0}, // a bounce is no mail of a customer
	} {
		o.writes(letter(c.user+"@"+c.domain, "first-"+c.user, "您好，我的车无法启动。"))
		o.quiet()
		first := o.first(c.user)
		o.Call(http.MethodPost, "/api/v1/conversations/"+first.ID+"/take", "", nil, nil)
		m := o.answer(first.ID, "answer-to-"+c.user, "您好，请先检查蓄电池。")
		o.quiet()

		got := w.of(c.user)
		if c.domain == customer {
			got = o.got(c.user)
		}
		if n, _ := copies(got, m); n != c.answers || len(got) != c.receipts+c.answers {
			t.Errorf("%s got %d mails of ours, %d of them the answer", c.user, len(got), n)
		}
		first = o.first(c.user)
		texts, notes := first.by("contact", "text"), first.by("contact", "note")
		if len(texts) != c.texts || len(notes) != c.notes {
			t.Errorf("%s has written %d texts and %d automatic mails", c.user, len(texts), len(notes))
		}
		for _, n := range notes {
			if !n.Mail.Automatic {
				t.Errorf("%s: %q is not known as automatic", c.user, n.Text)
			}
		}
		if n := len(o.with(c.user)); n != c.talks {
			t.Errorf("there are %d conversations with %s", n, c.user)
		}
	}

	// What did not arrive stands at the message, and nothing is written there by
	// itself any more.
	answers := o.first("gone").by("agent", "text")
	if len(answers) != 1 || answers[0].Mail.Delivery != "bounced" || answers[0].Mail.Code != "5.1.1" || !strings.Contains(answers[0].Mail.Reason, "there is no such user") {
		t.Errorf("the answer that came back stands as %+v", answers)
	}
	if n := o.told("mail.bounced"); n != 1 {
		t.Errorf("the agent is told %d times that an answer came back", n)
	}
	o.writes(letter("gone@world.test", "second-gone", "还有人吗？"))
	o.quiet()
	if n := o.count(`SELECT count(*) FROM sent_mails WHERE recipient = 'gone@world.test'`); n != 2 || len(o.with("gone")) != 2 {
		t.Errorf("%d mails have left to who cannot be reached, in %d conversations", n, len(o.with("gone")))
	}
	if n := o.count(`SELECT count(*) FROM mails WHERE state = 'aside'`); n != 0 {
		t.Errorf("%d mails were not known for what they are", n)
	}
}

// with returns the conversations with a contact, the oldest first.
func (o *office) with(name string) (some []talk) {
	o.t.Helper()
	for _, k := range o.talks() {
		if k.ContactName == name {
			some = append(some, k)
		}
	}
	slices.SortFunc(some, func(a, b talk) int { return strings.Compare(a.ID, b.ID) })
	return some
}

func (o *office) first(name string) talk {
	o.t.Helper()
	some := o.with(name)
	if len(some) == 0 {
		o.t.Fatalf("there is no conversation with %s", name)
	}
	return some[0]
}
