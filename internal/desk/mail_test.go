package desk_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/mail"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// post carries mails for tests: it keeps them, or does what a test says.
type post struct {
	mu     sync.Mutex
	sent   []channel.Envelope
	refuse func(channel.Envelope) ([]channel.Refusal, error)
	calls  func() // before the server asks for the bytes
}

func (p *post) Carry(ctx context.Context, _ mailbox.Mailbox, e channel.Envelope) ([]channel.Refusal, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.calls != nil {
		p.calls()
	}
	if err := e.Asked(ctx); err != nil {
		return nil, fault.New(fault.Busy, "mail.busy", "the mail server does not take it").Because(err)
	}
	p.sent = append(p.sent, e)
	if p.refuse == nil {
		return nil, nil
	}
	return p.refuse(e)
}

// last is what left last, read as whoever gets it reads it.
func (p *post) last(t *testing.T) *mail.Incoming {
	t.Helper()
	if len(p.sent) == 0 {
		t.Fatal("nothing has left")
	}
	return mail.Parse(p.sent[len(p.sent)-1].Body, mail.Options{})
}

// mailed is a house with the mailboxes support@ and complaint@.
func (h *house) mailed(change ...func(*mailbox.Settings)) (support, complaint inbox.ID, p *post) {
	h.t.Helper()
	h.withFiles()
	p = &post{}
	h.Carrier = p
	open := func(address string, kind ticket.Kind) inbox.ID {
		in := inbox.Inbox{ID: inbox.NewID(h.Now()), Key: address[:7] + "-key", Kind: mailbox.Channel, Name: address, Enabled: true, Settings: inbox.Defaults(), Version: 1}
		m := mailbox.Mailbox{Inbox: in.ID, Address: address, Settings: mailbox.Defaults()}
		m.Settings.Kind, m.Settings.Name = kind, inbox.Text{Zh: "远行汽车"}
		m.Settings.Send.Server = mailbox.Server{Host: "localhost", Port: 25, Security: mailbox.Plain, Auth: mailbox.AuthNone}
		m.Settings.Send.Plus = true
		for _, f := range change {
			f(&m.Settings)
		}
		h.must(h.DB.Update(h.t.Context(), func(tx *store.Tx) error {
			if err := tx.InsertInbox(h.t.Context(), in); err != nil {
				return err
			}
			return tx.InsertMailbox(h.t.Context(), m, "")
		}))
		return in.ID
	}
	return open("support@example.cn", ticket.Consultation), open("complaint@example.cn", ticket.Complaint), p
}

// letter is a mail as a customer's program writes it.
func letter(head string, body ...string) string {
	if !strings.Contains(head, "Message-ID:") {
		head += "\nMessage-ID: <" + rand.Text() + "@customer.example>"
	}
	text := "您好，我的车无法启动。"
	if len(body) > 0 {
		text = body[0]
	}
	return strings.ReplaceAll(head+"\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"+text+"\n", "\n", "\r\n")
}

const fromZhang = "From: 张伟 <zhang@qq.com>\nTo: support@example.cn\nSubject: 车辆无法启动"

// arrives keeps a mail, and lets everything happen that is due.
func (h *house) arrives(in inbox.ID, raw string, more ...func(*channel.RawMail)) {
	h.t.Helper()
	r := channel.RawMail{Inbox: in, Body: strings.NewReader(raw), ReceivedAt: h.Now()}
	for _, f := range more {
		f(&r)
	}
	_, err := h.KeepMail(h.t.Context(), r)
	h.must(err)
	h.run()
}

// talks are the conversations by mail, the oldest first.
func (h *house) talks() (cs []conversation.Conversation) {
	h.t.Helper()
	for _, c := range h.everyone() {
		if c.Channel == mailbox.Channel {
			cs = append(cs, c)
		}
	}
	slices.SortFunc(cs, func(a, b conversation.Conversation) int { return int(a.Number - b.Number) })
	return cs
}

func (h *house) said(i conversation.ID) (ms []conversation.Message) {
	h.t.Helper()
	ms, _, err := h.Messages(h.t.Context(), h.wang, i, -1, 0, 0)
	h.must(err)
	return ms
}

func (h *house) caseOf(i conversation.ID) ticket.Case {
	h.t.Helper()
	var k ticket.Case
	h.must(h.DB.View(h.t.Context(), func(tx *store.Tx) error {
		ids, err := tx.CasesOfConversation(h.t.Context(), i)
		if err != nil || len(ids) == 0 {
			return err
		}
		k, err = tx.Case(h.t.Context(), ids[len(ids)-1])
		return err
	}))
	return k
}

func (h *house) aside() (why []string) {
	h.t.Helper()
	ms, err := h.MailsAside(h.t.Context(), h.wang, 0, 50)
	h.must(err)
	for _, m := range ms {
		why = append(why, m.Cover.Why)
	}
	return why
}

// The mail of a new customer is a conversation with a case and its clocks, and
// is answered at once with the number and the time, once.
func TestAMailArrives(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, complaint, p := h.mailed()
		h.until(friday)
		h.arrives(support, letter(fromZhang))
		cs := h.talks()
		if len(cs) != 1 || cs[0].State != conversation.Queued || cs[0].ContactName != "张伟" {
			h.t.Fatalf("conversations: %+v", cs)
		}
		if m := h.said(cs[0].ID)[0]; m.Text != "您好，我的车无法启动。" || m.Mail == nil || m.Mail.Subject != "车辆无法启动" || m.Mail.From.Address != "zhang@qq.com" {
			h.t.Errorf("the message is %+v, %+v", m, m.Mail)
		}
		k := h.caseOf(cs[0].ID)
		if k.Kind != ticket.Consultation || k.Email != "zhang@qq.com" || k.Conversation != cs[0].ID {
			h.t.Errorf("the case is %+v", k)
		}
		if ck := h.clockOf(k, sla.FirstResponse); !ck.State.Open() {
			h.t.Errorf("the promise is %s", ck.State)
		}
		if len(p.sent) != 1 {
			h.t.Fatalf("%d mails left", len(p.sent))
		}
		r := p.last(h.t)
		if !strings.Contains(r.Text, k.Number) || !strings.Contains(r.Text, "前回复您") || r.Quiet == "" || !strings.Contains(r.Subject, mailbox.Tag(h.CaseKey, cs[0].Number)) {
			h.t.Errorf("the receipt is %q: %q, quiet for %q", r.Subject, r.Text, r.Quiet)
		}
		h.arrives(complaint, letter("From: 李娜 <li@163.com>\nTo: complaint@example.cn\nSubject: 服务态度"))
		if k := h.caseOf(h.talks()[1].ID); k.Kind != ticket.Complaint {
			h.t.Errorf("at complaint@ it is a %s", k.Kind)
		}
		for n, c := range h.talks() {
			if cks, err := h.DB.Now().ClocksOf(h.t.Context(), store.OfConversation, int64(c.ID)); err != nil || len(cks) != 0 {
				h.t.Errorf("conversation %d has %d chat clocks, %v", n, len(cks), err)
			}
		}
	})
}

// What becomes of a mail.
func TestWhatBecomesOfAMail(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, p := h.mailed(func(s *mailbox.Settings) {
			s.SpamWords, s.Blocked, s.AuthServer = []string{"发票代开"}, []string{"@spam.example"}, "mx.example.cn"
			s.TrustReplyTo = true
		})
		for _, one := range []struct {
			what, mail   string
			talks        int // how many conversations begin
			aside        string
			receipts     int
			conversation func(conversation.Conversation)
		}{
			{what: "a person", mail: letter(fromZhang), talks: 1, receipts: 1},
			{what: "the same person again, about something else", mail: letter(fromZhang + "2"), talks: 1, receipts: 1},
			{what: "a vacation notice of nobody", mail: letter("From: a@qq.com\nTo: support@example.cn\nSubject: 自动回复：您好"), aside: "automatic"},
			{what: "a list", mail: letter("From: news@shop.example\nTo: support@example.cn\nSubject: 周刊\nList-Id: <news.shop.example>"), aside: "list"},
			{what: "a spam word", mail: letter("From: b@qq.com\nTo: support@example.cn\nSubject: 专业发票代开"), aside: "spam_word"},
			{what: "marked as spam", mail: letter("From: c@qq.com\nTo: support@example.cn\nSubject: hi\nX-Spam-Flag: YES"), aside: "spam_mark"},
			{what: "a blocked domain", mail: letter("From: d@spam.example\nTo: support@example.cn\nSubject: hi"), aside: "blocked"},
			{what: "from nobody", mail: letter("To: support@example.cn\nSubject: hi"), aside: "no_sender"},
			{what: "our own", mail: letter("From: complaint@example.cn\nTo: support@example.cn\nSubject: hi")},
			{what: "a report of a mail that is not ours", mail: letter("From: MAILER-DAEMON@mx.example\nTo: support@example.cn\nSubject: Undelivered Mail Returned to Sender\nX-Failed-Recipients: x@nowhere.example", "550 5.1.1 no such user"), aside: "bounce_unknown"},
			{what: "forged, with no receipt to who did not write", mail: letter("Authentication-Results: mx.example.cn; dmarc=fail header.from=bank.example\nFrom: e@bank.example\nTo: support@example.cn\nSubject: hi"), talks: 1},
			{what: "a result of a server that nobody knows", mail: letter("Authentication-Results: evil.example; dmarc=fail\nFrom: f@bank.example\nTo: support@example.cn\nSubject: hi"), talks: 1, receipts: 1},
			{what: "a form of our web site", mail: letter("From: support@example.cn\nReply-To: form@qq.com\nTo: support@example.cn\nSubject: 网站留言"), talks: 1, receipts: 1},
			{what: "cooperation", mail: letter("From: g@dealer.example\nTo: support@example.cn\nSubject: 商务合作意向"), talks: 1, receipts: 1},
		} {
			talks, left, put := len(h.talks()), len(p.sent), len(h.aside())
			h.clock.Turn(11 * time.Minute)
			h.arrives(support, one.mail)
			if got := len(h.talks()) - talks; got != one.talks {
				h.t.Errorf("%s: %d conversations began", one.what, got)
			}
			if got := len(p.sent) - left; got != one.receipts {
				h.t.Errorf("%s: %d mails left", one.what, got)
			}
			switch why := h.aside(); {
			case one.aside == "" && len(why) != put:
				h.t.Errorf("%s: put aside, %s", one.what, why[0])
			case one.aside != "" && (len(why) == put || why[0] != one.aside):
				h.t.Errorf("%s: not put aside as %s: %v", one.what, one.aside, why)
			}
		}
		cs := h.talks()
		if c := cs[len(cs)-1]; !slices.Equal(c.Tags, []string{"合作"}) || !h.caseOf(c.ID).ID.IsZero() {
			h.t.Errorf("cooperation has the tags %v, and the case %s", c.Tags, h.caseOf(c.ID).Number)
		}
		ms, err := h.MailsAside(h.t.Context(), h.wang, 0, 50)
		h.must(err)
		spam := ms[slices.IndexFunc(ms, func(m mailbox.Mail) bool { return m.Cover.Why == "spam_word" })]
		h.must(h.ReleaseMail(h.t.Context(), h.lin, spam.ID))
		h.run()
		if got := h.talks(); len(got) != len(cs)+1 || slices.Contains(h.aside(), "spam_word") {
			h.t.Errorf("after it was released there are %d conversations, aside %v", len(got), h.aside())
		}
	})
}

// A mail arrives once, however many deliver it at the same time.
func TestAMailArrivesOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, p := h.mailed()
		raw := letter(fromZhang)
		var kept int
		var mu sync.Mutex
		var wg sync.WaitGroup
		for n := range 8 {
			wg.Go(func() {
				again, err := h.KeepMail(context.WithoutCancel(h.t.Context()), channel.RawMail{
					Inbox: support, Body: strings.NewReader(raw), Trace: fmt.Sprintf("Received: by us; try %d\r\n", n), Cursor: &mailbox.Cursor{Folder: "INBOX", Validity: 7, LastUID: uint32(n) + 1},
				})
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					h.t.Error(err)
				}
				if !again {
					kept++
				}
			})
		}
		wg.Wait()
		h.run()
		h.run()
		if kept != 1 || len(h.talks()) != 1 || len(p.sent) != 1 {
			h.t.Errorf("kept %d times, %d conversations, %d receipts", kept, len(h.talks()), len(p.sent))
		}
		c, err := h.MailCursor(h.t.Context(), support, "INBOX")
		h.must(err)
		if c.Validity != 7 || c.LastUID == 0 {
			h.t.Errorf("the cursor is %+v", c)
		}
	})
}

// mailFiles counts the mails on the disk.
func (h *house) mailFiles() (n int) {
	h.t.Helper()
	err := filepath.WalkDir(filepath.Join(h.files, "mail"), func(_ string, f fs.DirEntry, err error) error {
		if err == nil && !f.IsDir() {
			n++
		}
		return err
	})
	if !errors.Is(err, fs.ErrNotExist) {
		h.must(err)
	}
	return n
}

// Mails that come together are each what they would be alone: two that are the
// same are one, and a second delivery brings nothing.
func TestMailsArriveTogether(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, _ := h.mailed()
		var raws []string
		for i := range 30 {
			raws = append(raws, letter(fmt.Sprintf("From: wang%d@qq.com\nTo: support@example.cn\nSubject: 订单 %d", i%10, i)))
		}
		raws = append(raws, raws[4], "no mail at all\x00\xff", "")
		deliver := func(to uint32) {
			h.t.Helper()
			var ms []channel.RawMail
			for _, raw := range raws {
				ms = append(ms, channel.RawMail{Inbox: support, Body: strings.NewReader(raw), ReceivedAt: h.Now()})
			}
			h.must(h.KeepMails(h.t.Context(), ms, mailbox.Cursor{Folder: "INBOX", Validity: 7, LastUID: to}))
		}
		deliver(40)
		if files := h.mailFiles(); files != 32 {
			h.t.Errorf("%d mails are on the disk", files)
		}
		h.run()
		deliver(50)
		h.run()
		if files := h.mailFiles(); files != 32 {
			h.t.Errorf("%d mails are on the disk after the second delivery", files)
		}
		mailed := map[string]int{}
		for _, c := range h.talks() {
			mailed[c.PageTitle]++
		}
		for i := range 30 {
			if n := mailed[fmt.Sprintf("订单 %d", i)]; n != 1 {
				h.t.Errorf("mail %d is in %d conversations", i, n)
			}
		}
		c, err := h.MailCursor(h.t.Context(), support, "INBOX")
		if h.must(err); c.LastUID != 50 {
			h.t.Errorf("the cursor is %+v", c)
		}
	})
}

// A group of which one cannot be put on the disk leaves nothing.
func TestMailsThatCannotAllBeKept(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, _ := h.mailed()
		broken := io.MultiReader(strings.NewReader(letter(fromZhang)), iotest.ErrReader(errors.New("the line broke")))
		err := h.KeepMails(h.t.Context(), []channel.RawMail{
			{Inbox: support, Body: strings.NewReader(letter(fromZhang))}, {Inbox: support, Body: broken}, {Inbox: support, Body: strings.NewReader(letter(fromZhang))},
		}, mailbox.Cursor{Folder: "INBOX", Validity: 7, LastUID: 3})
		if err == nil {
			h.t.Error("it says that all are kept")
		}
		h.run()
		c, err := h.MailCursor(h.t.Context(), support, "INBOX")
		if h.must(err); c.LastUID != 0 || len(h.talks()) != 0 || h.mailFiles() != 0 {
			h.t.Errorf("the cursor is %+v, %d conversations, %d files", c, len(h.talks()), h.mailFiles())
		}
	})
}

// holds takes the conversation for an agent.
func (h *house) holds(by agent.Actor, i conversation.ID) {
	h.t.Helper()
	_, err := h.Take(h.t.Context(), by, i)
	h.must(err)
}

// answers lets an agent write, and the mail leave.
func (h *house) answers(by agent.Actor, i conversation.ID, text string, more ...func(*desk.Draft)) conversation.Message {
	h.t.Helper()
	draft := desk.Draft{ClientID: "mail-" + rand.Text()[:12], Text: text}
	for _, f := range more {
		f(&draft)
	}
	m, err := h.Reply(h.t.Context(), by, i, draft)
	h.must(err)
	h.clock.Turn(11 * time.Second)
	h.run()
	return m
}

func (h *house) delivery(i, m conversation.Message) conversation.Mail {
	h.t.Helper()
	for _, s := range h.said(i.Conversation) {
		if s.ID == m.ID && s.Mail != nil {
			return *s.Mail
		}
	}
	return conversation.Mail{}
}

func (h *house) stands(m conversation.Message) conversation.Delivery {
	return h.delivery(m, m).Delivery
}

// An answer leaves threaded and signed, keeps the promise when it has left, and
// the customer's answer comes back into the same conversation, whatever its
// subject is now.
func TestAnAnswerLeaves(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, p := h.mailed(func(s *mailbox.Settings) { s.Signature = inbox.Text{Zh: "远行汽车客户服务中心"} })
		h.until(friday)
		h.arrives(support, letter(fromZhang+"\nMessage-ID: <first@customer.example>"))
		c := h.talks()[0]
		h.holds(h.lin, c.ID)
		draft := desk.Draft{ClientID: "answer-0001", Text: "请先检查电瓶。", Mail: &conversation.MailDraft{HTML: `<p>请先<b>检查</b>电瓶。<script>x</script></p>`, Cc: []conversation.Person{{Address: "wife@qq.com"}}}}
		m, err := h.Reply(h.t.Context(), h.lin, c.ID, draft)
		h.must(err)
		if m.Mail == nil || m.Mail.Delivery != conversation.Waiting {
			h.t.Fatalf("it stands as %+v", m.Mail)
		}
		h.run()
		if len(p.sent) != 1 { // the receipt
			h.t.Fatal("it left while it could be taken back")
		}
		if ck := h.clockOf(h.caseOf(c.ID), sla.FirstResponse); ck.State == sla.Met {
			h.t.Error("the promise is kept before the mail has left")
		}
		h.clock.Turn(11 * time.Second)
		h.run()
		if again, err := h.Reply(h.t.Context(), h.lin, c.ID, draft); err != nil || again.ID != m.ID {
			h.t.Errorf("sent again it is %v, %v", again.ID, err)
		}
		h.clock.Turn(time.Minute)
		h.run()
		if len(p.sent) != 2 {
			h.t.Fatalf("%d mails left", len(p.sent))
		}
		out := p.last(h.t)
		if out.InReplyTo != "<first@customer.example>" || out.Quiet != "" || out.Subject != "Re: 车辆无法启动 "+mailbox.Tag(h.CaseKey, c.Number) {
			h.t.Errorf("it answers %q as %q, quiet %q", out.InReplyTo, out.Subject, out.Quiet)
		}
		if out.From[0].Name != "林 - 远行汽车" || out.Cc[0].Address != "wife@qq.com" || !strings.Contains(out.Text, "远行汽车客户服务中心") || !strings.Contains(out.Text, "> 您好，我的车无法启动。") {
			h.t.Errorf("it is from %v, to %v: %s", out.From, out.Cc, out.Text)
		}
		if strings.Contains(out.HTML, "script") || !strings.Contains(out.HTML, "<b>检查</b>") {
			h.t.Errorf("its HTML is %s", out.HTML)
		}
		if e := p.sent[1]; !strings.HasPrefix(e.From, "support+b") || !slices.Contains(e.To, "zhang@qq.com") || !slices.Contains(e.To, "wife@qq.com") {
			h.t.Errorf("the envelope is from %s to %v", e.From, e.To)
		}
		if got := h.stands(m); got != conversation.Sent {
			h.t.Errorf("it stands as %s", got)
		}
		if ck := h.clockOf(h.caseOf(c.ID), sla.FirstResponse); ck.State != sla.Met {
			h.t.Errorf("the promise is %s", ck.State)
		}
		h.arrives(support, letter("From: 张伟 <zhang@qq.com>\nTo: support@example.cn\nSubject: 完全不同的主题\nIn-Reply-To: "+out.MessageID, "电瓶没问题。\n\n在 2026年11月22日，林 写道：\n> 请先检查电瓶。"))
		h.arrives(support, letter("From: wife@qq.com\nTo: "+out.ReplyTo[0].Address+"\nSubject: 补充", "我是他妻子。"))
		if len(h.talks()) != 1 {
			h.t.Fatalf("%d conversations", len(h.talks()))
		}
		ms := h.said(c.ID)
		if a, b := ms[len(ms)-2], ms[len(ms)-1]; a.Text != "电瓶没问题。" || !a.Mail.Folded || b.Text != "我是他妻子。" || b.AuthorName != "wife" {
			h.t.Errorf("they answered %q, folded %v, and %q of %s", a.Text, a.Mail.Folded, b.Text, b.AuthorName)
		}
		if n := len(p.sent); n != 2 {
			h.t.Errorf("after the second mail %d have left: a receipt is sent once", n)
		}
	})
}

// A token, a tag or a number lets nobody in who does not take part.
func TestAStrangerWithAToken(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, p := h.mailed()
		h.arrives(support, letter(fromZhang))
		c := h.talks()[0]
		h.holds(h.lin, c.ID)
		h.answers(h.lin, c.ID, "请先检查电瓶。")
		out := p.last(h.t)
		h.arrives(support, letter("From: mallory@evil.example\nTo: "+out.ReplyTo[0].Address+"\nSubject: Re: "+out.Subject+"\nIn-Reply-To: "+out.MessageID, "给我看看"))
		cs := h.talks()
		if len(cs) != 2 || h.conversation(c.ID).LastText != "请先检查电瓶。" {
			h.t.Fatalf("%d conversations, the first says %q", len(cs), h.conversation(c.ID).LastText)
		}
		linked := slices.ContainsFunc(h.said(cs[1].ID), func(m conversation.Message) bool {
			return m.Event != nil && m.Event.Name == "mail.linked" && m.Event.Args["why"] == "stranger"
		})
		if !linked || cs[1].Contact == c.Contact {
			h.t.Errorf("the stranger's is linked: %v, contact %s", linked, cs[1].Contact)
		}
		h.arrives(support, letter("From: zhang@qq.com\nTo: support@example.cn\nSubject: [#"+strconv.FormatInt(c.Number, 10)+"-AAAA] 猜的"))
		h.arrives(support, letter("From: zhang@qq.com\nTo: support@example.cn\nSubject: 你好 "+mailbox.Tag(h.CaseKey, c.Number), "只有编号"))
		if n := len(h.talks()); n != 3 || h.conversation(c.ID).LastText != "只有编号" {
			h.t.Errorf("%d conversations, the first says %q", n, h.conversation(c.ID).LastText)
		}
	})
}

// An answer to what is over wakes it within the days of the settings, and begins
// anew later. A vacation notice wakes nothing.
func TestAnAnswerToWhatIsOver(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, p := h.mailed()
		h.arrives(support, letter(fromZhang))
		c := h.talks()[0]
		h.holds(h.lin, c.ID)
		h.answers(h.lin, c.ID, "请先检查电瓶。")
		answer := "From: zhang@qq.com\nTo: support@example.cn\nSubject: Re: x\nIn-Reply-To: " + p.last(h.t).MessageID
		over := func() {
			h.t.Helper()
			_, err := h.Close(h.t.Context(), h.lin, c.ID, conversation.Summary{Category: "business.fault", Result: "solved"})
			h.must(err)
		}
		over()
		h.arrives(support, letter(answer+"\nAuto-Submitted: auto-replied", "我在休假"))
		ms := h.said(c.ID)
		if got, last := h.conversation(c.ID), ms[len(ms)-1]; got.State != conversation.Closed || got.Unread != 0 || !last.Mail.Automatic || last.Kind != conversation.Note {
			h.t.Errorf("a vacation notice leaves it %s, %d unread, as %+v", got.State, got.Unread, last)
		}
		h.clock.Turn(13 * 24 * time.Hour)
		h.arrives(support, letter(answer, "还是不行"))
		if got := h.conversation(c.ID); got.State != conversation.Queued || got.Prefers != h.lin.Agent || !got.ClosedAt.IsZero() || got.LastText != "还是不行" {
			h.t.Errorf("within the days it is %s, prefers %s, %q", got.State, got.Prefers, got.LastText)
		}
		h.holds(h.lin, c.ID)
		over()
		h.clock.Turn(15 * 24 * time.Hour)
		h.arrives(support, letter(answer, "又坏了"))
		if cs := h.talks(); len(cs) != 2 || h.conversation(c.ID).State != conversation.Closed {
			h.t.Errorf("after the days there are %d conversations, the first is %s", len(cs), h.conversation(c.ID).State)
		}
	})
}

// Two desks that answer each other stop.
func TestTwoDesksStop(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, p := h.mailed()
		bad := func(n int) string {
			return letter(fmt.Sprintf("From: other@desk.example\nTo: support@example.cn\nSubject: Ticket %d received", n), "Thank you.")
		}
		for n := range 40 {
			h.arrives(support, bad(n))
			h.clock.Turn(10 * time.Second)
		}
		if n := len(p.sent); n == 0 || n > 5 {
			h.t.Errorf("we wrote %d mails to a program without a single sign that it is one", n)
		}
		if n := len(h.talks()); n != 40 {
			h.t.Errorf("of its 40 mails %d are here", n)
		}
	})
}

// What a server tells of a mail that did not arrive stands at the message, and
// the agent hears of it.
func TestABounce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, p := h.mailed()
		h.arrives(support, letter(fromZhang))
		c := h.talks()[0]
		h.holds(h.lin, c.ID)
		m := h.answers(h.lin, c.ID, "请先检查电瓶。")
		e := p.sent[len(p.sent)-1]
		report := func(action, status string) string {
			return strings.ReplaceAll("From: MAILER-DAEMON@mx.qq.com\nTo: "+e.From+"\nSubject: 退信\nMessage-ID: <"+rand.Text()+"@mx.qq.com>\nMIME-Version: 1.0\n"+
				"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nfailed\n--b\nContent-Type: message/delivery-status\n\n"+
				"Reporting-MTA: dns; mx.qq.com\n\nFinal-Recipient: rfc822; zhang@qq.com\nAction: "+action+"\nStatus: "+status+"\nDiagnostic-Code: smtp; 550 no such user\n--b--\n", "\n", "\r\n")
		}
		null := func(r *channel.RawMail) { r.From, r.To = "<>", []string{e.From} }
		h.arrives(support, report("delayed", "4.4.1"), null)
		if got := h.stands(m); got != conversation.Delayed {
			h.t.Errorf("it stands as %s", got)
		}
		h.arrives(support, report("failed", "5.1.1"), null)
		h.arrives(support, report("delayed", "4.4.1"), null)
		if got := h.delivery(m, m); got.Delivery != conversation.Bounced || got.Code != "5.1.1" && got.Code != "4.4.1" || !strings.Contains(got.Reason, "no such user") {
			h.t.Errorf("it stands as %+v", got)
		}
		if n := h.noticed(h.lin, "mail.bounced"); n != 1 {
			h.t.Errorf("the agent is told %d times", n)
		}
		if n := len(h.talks()); n != 1 || len(h.aside()) != 0 {
			h.t.Errorf("%d conversations, aside %v", n, h.aside())
		}
		why, err := h.DB.Now().Unreached(h.t.Context(), "zhang@qq.com")
		h.must(err)
		if why != "bounced" {
			h.t.Errorf("the address is marked %q", why)
		}
		left := len(p.sent)
		h.clock.Turn(48 * time.Hour)
		h.arrives(support, letter(fromZhang+"3"))
		if len(p.sent) != left {
			h.t.Error("a program writes to an address that does not exist")
		}
	})
}

// A mail is taken back while it waits, and not later.
func TestUndo(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, p := h.mailed()
		h.arrives(support, letter(fromZhang))
		c := h.talks()[0]
		h.holds(h.lin, c.ID)
		waits := h.conversation(c.ID).WaitingSince
		m, err := h.Reply(h.t.Context(), h.lin, c.ID, desk.Draft{ClientID: "undo-00001", Text: "写错了"})
		h.must(err)
		_, err = h.TakeBackMail(h.t.Context(), h.wang, m.ID)
		h.code(err, "message.not_yours")
		for range 2 {
			taken, err := h.TakeBackMail(h.t.Context(), h.lin, m.ID)
			h.must(err)
			if taken.Mail.Delivery != conversation.Taken || taken.Text != "写错了" {
				h.t.Errorf("it is %+v", taken.Mail)
			}
		}
		if got := h.conversation(c.ID); !got.WaitingSince.Equal(waits) || !got.FirstReplyAt.IsZero() {
			h.t.Errorf("the customer waits since %s, first answered %s", got.WaitingSince, got.FirstReplyAt)
		}
		h.clock.Turn(time.Minute)
		h.run()
		if len(p.sent) != 1 {
			h.t.Errorf("%d mails left", len(p.sent))
		}
		m = h.answers(h.lin, c.ID, "这次对了")
		_, err = h.TakeBackMail(h.t.Context(), h.lin, m.ID)
		h.code(err, "mail.left")
		if len(p.sent) != 2 {
			h.t.Errorf("%d mails left", len(p.sent))
		}
	})
}

// What a server does with a mail: it is tried again for two days, once more
// where nobody knows, and never where it is refused.
func TestHandingOver(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, p := h.mailed(func(s *mailbox.Settings) { s.Receipt.Enabled = false })
		h.arrives(support, letter(fromZhang))
		c := h.talks()[0]
		h.holds(h.lin, c.ID)
		fails := func(code string) func(channel.Envelope) ([]channel.Refusal, error) {
			return func(channel.Envelope) ([]channel.Refusal, error) {
				return nil, fault.New(fault.Busy, code, "the mail server does not take it").Because(errors.New("450 come later"))
			}
		}
		p.refuse = fails("mail.busy")
		m := h.answers(h.lin, c.ID, "稍后")
		if h.stands(m) != conversation.Sending || len(p.sent) != 1 {
			h.t.Errorf("busy: %s after %d tries", h.stands(m), len(p.sent))
		}
		for range 60 {
			h.clock.Turn(time.Hour)
			h.run()
		}
		if got := h.delivery(m, m); got.Delivery != conversation.Failed || !strings.Contains(got.Reason, "come later") || len(p.sent) < 10 || len(p.sent) > 20 {
			h.t.Errorf("after two days: %+v after %d tries", got, len(p.sent))
		}
		if n := h.noticed(h.lin, "mail.failed"); n != 1 {
			h.t.Errorf("the agent is told %d times", n)
		}
		p.sent, p.refuse = nil, fails("mail.uncertain")
		m = h.answers(h.lin, c.ID, "不确定")
		for range 5 {
			h.clock.Turn(time.Hour)
			h.run()
		}
		if h.stands(m) != conversation.Uncertain || len(p.sent) != 2 || h.noticed(h.lin, "mail.uncertain") != 1 {
			h.t.Errorf("uncertain: %s after %d tries", h.stands(m), len(p.sent))
		}
		if one, two := mail.Parse(p.sent[0].Body, mail.Options{}), mail.Parse(p.sent[1].Body, mail.Options{}); one.MessageID != two.MessageID {
			h.t.Errorf("the repeat is %s, it was %s", two.MessageID, one.MessageID)
		}
		p.sent, p.refuse = nil, func(channel.Envelope) ([]channel.Refusal, error) {
			return []channel.Refusal{{Address: "zhang@qq.com", Code: 550, Status: "5.1.1", Text: "no such user"}}, fault.New(fault.Invalid, "mail.refused", "the mail server refuses this mail")
		}
		m = h.answers(h.lin, c.ID, "拒收")
		h.clock.Turn(time.Hour)
		h.run()
		if got := h.delivery(m, m); got.Delivery != conversation.Failed || got.Code != "5.1.1" || len(p.sent) != 1 {
			h.t.Errorf("refused: %+v after %d tries", got, len(p.sent))
		}
	})
}

// The program dies in the middle of handing a mail over: as often as that is
// before its bytes leave, it is sent; after that once more, and no more.
func TestDyingWhileSending(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, p := h.mailed(func(s *mailbox.Settings) { s.Receipt.Enabled, s.UndoSeconds = false, 0 })
		h.arrives(support, letter(fromZhang))
		c := h.talks()[0]
		h.holds(h.lin, c.ID)
		m, err := h.Reply(h.t.Context(), h.lin, c.ID, desk.Draft{ClientID: "dying-0001", Text: "您好"})
		h.must(err)
		var id mailbox.SentID
		h.must(h.DB.View(h.t.Context(), func(tx *store.Tx) error {
			s, _, err := tx.SentOfMessage(h.t.Context(), m.ID)
			id = s.ID
			return err
		}))
		dies := func() {
			defer func() { _ = recover() }()
			_ = h.CarryMail(h.t.Context(), desk.SentWork{Sent: id})
		}
		p.calls = func() { panic("dead") }
		for range 3 {
			dies()
		}
		if len(p.sent) != 0 || h.stands(m) != conversation.Sending {
			h.t.Errorf("before its bytes it left %d times and stands as %s", len(p.sent), h.stands(m))
		}
		p.calls, p.refuse = nil, func(channel.Envelope) ([]channel.Refusal, error) { panic("dead") }
		for range 4 { // each time after the last byte
			dies()
		}
		if len(p.sent) != 2 || h.stands(m) != conversation.Uncertain {
			h.t.Errorf("it left %d times and stands as %s", len(p.sent), h.stands(m))
		}
	})
}

// The program is told to stop in the middle of handing a mail over: what is
// known then is written down, and however often that happens, a mail that has
// not left leaves once.
func TestStoppedWhileSending(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, p := h.mailed(func(s *mailbox.Settings) { s.Receipt.Enabled, s.UndoSeconds = false, 0 })
		h.arrives(support, letter(fromZhang))
		c := h.talks()[0]
		h.holds(h.lin, c.ID)
		m, err := h.Reply(h.t.Context(), h.lin, c.ID, desk.Draft{ClientID: "stopped-0001", Text: "您好"})
		h.must(err)
		var id mailbox.SentID
		h.must(h.DB.View(h.t.Context(), func(tx *store.Tx) error {
			s, _, err := tx.SentOfMessage(h.t.Context(), m.ID)
			id = s.ID
			return err
		}))
		carry := func(code string) error {
			ctx, stop := context.WithCancel(h.t.Context())
			defer stop()
			p.refuse = func(channel.Envelope) ([]channel.Refusal, error) {
				stop()
				if code == "" {
					return nil, nil
				}
				return nil, fault.New(fault.Busy, code, "the mail server does not take it")
			}
			return h.CarryMail(ctx, desk.SentWork{Sent: id})
		}
		for range 4 {
			if err := carry("mail.unreachable"); err == nil {
				h.t.Error("a mail that has not left is taken for done")
			}
		}
		if h.stands(m) != conversation.Sending {
			h.t.Errorf("not left, it stands as %s", h.stands(m))
		}
		if err := carry("mail.uncertain"); err == nil {
			h.t.Error("a mail of which nobody knows is taken for done")
		}
		h.must(carry(""))
		if h.stands(m) != conversation.Sent {
			h.t.Errorf("left, it stands as %s", h.stands(m))
		}
		h.must(carry(""))
		if len(p.sent) != 6 {
			h.t.Errorf("it was handed over %d times", len(p.sent))
		}
	})
}

// What a third party answers comes into the conversation that was sent on, and
// the customer hears nothing of it.
func TestForwarding(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, p := h.mailed()
		h.arrives(support, letter(fromZhang))
		c := h.talks()[0]
		h.holds(h.lin, c.ID)
		first := h.said(c.ID)[0]
		h.answers(h.lin, c.ID, "请协助处理", func(d *desk.Draft) {
			d.Mail = &conversation.MailDraft{Forward: first.ID, To: []conversation.Person{{Address: "dealer@shop.example"}}}
		})
		out := p.last(h.t)
		if p.sent[len(p.sent)-1].To[0] != "dealer@shop.example" || !strings.Contains(out.Text, "我的车无法启动") || !h.conversation(c.ID).FirstReplyAt.IsZero() {
			h.t.Errorf("it left to %v: %s", p.sent[len(p.sent)-1].To, out.Text)
		}
		h.arrives(support, letter("From: dealer@shop.example\nTo: support@example.cn\nSubject: Re: "+out.Subject+"\nIn-Reply-To: "+out.MessageID, "明天到店"))
		ms := h.said(c.ID)
		if last := ms[len(ms)-1]; len(h.talks()) != 1 || last.Text != "明天到店" || last.Kind != conversation.Note || !last.Mail.Forwarded {
			h.t.Errorf("%d conversations, last %+v", len(h.talks()), last)
		}
		if h.noticed(h.lin, "mail.third") != 1 {
			h.t.Error("the agent is not told")
		}
	})
}

// Agents begin conversations by mail, send transcripts, and split off what is
// about something else.
func TestComposeTranscriptAndSplit(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, p := h.mailed()
		ctx := h.t.Context()
		draft := desk.Draft{ClientID: "compose-01", Text: "您的零件到了。", Mail: &conversation.MailDraft{Subject: "零件到货", To: []conversation.Person{{Name: "张伟", Address: "zhang@qq.com"}}}}
		c, _, err := h.ComposeMail(ctx, h.lin, support, draft)
		h.must(err)
		if again, _, err := h.ComposeMail(ctx, h.lin, support, draft); err != nil || again.ID != c.ID {
			h.t.Errorf("composed twice: %v, %v", again.ID, err)
		}
		h.clock.Turn(11 * time.Second)
		h.run()
		out := p.last(h.t)
		h.arrives(support, letter("From: zhang@qq.com\nTo: support@example.cn\nSubject: Re: 零件到货\nIn-Reply-To: "+out.MessageID, "明天来取"))
		h.arrives(support, letter("From: zhang@qq.com\nTo: support@example.cn\nSubject: 另外\nIn-Reply-To: "+out.MessageID, "还有一个问题"))
		if cs := h.talks(); len(cs) != 1 || cs[0].ID != c.ID || cs[0].State != conversation.Active {
			h.t.Fatalf("%+v", cs)
		}
		h.must(h.SendTranscript(ctx, h.lin, c.ID, conversation.Person{}))
		h.run()
		if out := p.last(h.t); !strings.Contains(out.Text, "明天来取") || !strings.Contains(out.Text, "您的零件到了") {
			h.t.Errorf("the transcript is %s", out.Text)
		}
		ms := h.said(c.ID)
		i := slices.IndexFunc(ms, func(m conversation.Message) bool { return m.Text == "还有一个问题" })
		split, err := h.SplitMail(ctx, h.lin, ms[i].ID)
		h.must(err)
		if again, err := h.SplitMail(ctx, h.lin, ms[i].ID); err != nil || again.ID != split.ID {
			h.t.Errorf("split twice: %v, %v", again.ID, err)
		}
		if k := h.caseOf(split.ID); k.ID.IsZero() || h.said(split.ID)[0].Text != "还有一个问题" {
			h.t.Errorf("the case is %+v", k)
		}
	})
}

// A visitor who left gets the answer by mail, and may answer by mail into the
// same conversation.
func TestAVisitorWhoLeft(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, p := h.mailed()
		h.online(h.lin)
		v := h.called("张伟", "", "zhang@qq.com", "刹车异响")
		c, _, err := h.AskHuman(h.t.Context(), v, "ask-00001")
		h.must(err)
		h.holds(h.lin, c.ID)
		h.says(c.ID, "left-00001", "请到店检查")
		h.says(c.ID, "left-00002", "地址在网站上")
		h.clock.Turn(6 * time.Minute)
		h.run()
		if len(p.sent) != 1 {
			h.t.Fatalf("%d mails left", len(p.sent))
		}
		out := p.last(h.t)
		if !strings.Contains(out.Text, "请到店检查") || !strings.Contains(out.Text, "地址在网站上") {
			h.t.Errorf("it says %s", out.Text)
		}
		h.arrives(support, letter("From: zhang@qq.com\nTo: "+out.ReplyTo[0].Address+"\nSubject: Re: "+out.Subject, "好的，谢谢"))
		if got := h.conversation(c.ID); got.LastText != "好的，谢谢" || len(h.talks()) != 0 {
			h.t.Errorf("it says %q, %d others", got.LastText, len(h.talks()))
		}
		h.clock.Turn(6 * time.Minute)
		h.run()
		if len(p.sent) != 1 {
			h.t.Errorf("%d mails left", len(p.sent))
		}
	})
}

// Files of a mail are kept, whatever they are, and its original can be looked
// at without telling anybody.
func TestFilesAndOriginal(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, _ := h.mailed()
		raw, err := mail.Compose(mail.Outgoing{
			From: mail.Address{Name: "张伟", Address: "zhang@qq.com"}, To: []mail.Address{{Address: "support@example.cn"}}, Subject: "材料", Date: h.Now(), MessageID: "<files@customer.example>",
			Text: "材料见附件", HTML: `<p>材料见附件</p><img src="cid:pic1"><img src="https://track.example/x.gif">`,
			Attachments: []mail.Attachment{
				{Name: "setup.exe", Type: "application/octet-stream", Content: []byte("MZ\x90\x00program")},
				{Name: "pic.png", Type: "image/png", ContentID: "pic1", Inline: true, Content: []byte(h.photo(8, 8))},
			},
		})
		h.must(err)
		h.arrives(support, string(raw))
		m := h.said(h.talks()[0].ID)[0]
		if len(m.Attachments) != 2 {
			h.t.Fatalf("files: %+v", m.Attachments)
		}
		i := slices.IndexFunc(m.Attachments, func(a conversation.Attachment) bool { return a.Name == "setup.exe" })
		if i < 0 || m.Attachments[i].Type != "application/octet-stream" || m.Attachments[i].SHA256 == "" {
			h.t.Errorf("files: %+v", m.Attachments)
		}
		o, err := h.MailOriginal(h.t.Context(), h.lin, m.ID, false)
		h.must(err)
		if o.Remote != 1 || strings.Contains(o.HTML, ` src="https://track`) || o.Pictures["pic1"].IsZero() || len(o.Headers) < 5 {
			h.t.Errorf("the original has %d pictures elsewhere, %v, %s", o.Remote, o.Pictures, o.HTML)
		}
		o, err = h.MailOriginal(h.t.Context(), h.lin, m.ID, true)
		h.must(err)
		if !strings.Contains(o.HTML, ` src="https://track`) {
			h.t.Errorf("asked for them, it is %s", o.HTML)
		}
		f, err := h.MailSource(h.t.Context(), h.lin, m.ID)
		if got := h.content(f, err); got != string(raw) {
			h.t.Errorf("its source has %d bytes of %d", len(got), len(raw))
		}
		if e := h.caseOf(h.talks()[0].ID); e.ID.IsZero() {
			h.t.Error("there is no case")
		}
	})
}

// dying is a scanner in the middle of whose work the program stops, the first
// time.
type dying struct {
	stop context.CancelFunc
	n    int
}

func (d *dying) Scan(ctx context.Context, _ io.Reader) (bool, error) {
	if d.n++; d.n == 2 {
		d.stop()
		return false, ctx.Err()
	}
	return true, nil
}

// The program stops while a mail is read, between its files: it is read again,
// and is here once, with each file once.
func TestDyingWhileReading(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, p := h.mailed()
		raw, err := mail.Compose(mail.Outgoing{
			From: mail.Address{Address: "zhang@qq.com"}, To: []mail.Address{{Address: "support@example.cn"}}, Subject: "材料", Date: h.Now(), MessageID: "<dying@customer.example>", Text: "见附件",
			Attachments: []mail.Attachment{{Name: "1.txt", Type: "text/plain", Content: []byte("一")}, {Name: "2.txt", Type: "text/plain", Content: []byte("二")}, {Name: "3.txt", Type: "text/plain", Content: []byte("三")}},
		})
		h.must(err)
		_, err = h.KeepMail(h.t.Context(), channel.RawMail{Inbox: support, Body: bytes.NewReader(raw), ReceivedAt: h.Now()})
		h.must(err)
		ctx, stop := context.WithCancel(h.t.Context())
		h.Scan = &dying{stop: stop}
		_, err = h.jobs.RunDue(ctx)
		if err == nil && ctx.Err() == nil {
			h.t.Fatal("it did not stop")
		}
		if len(h.talks()) != 0 {
			h.t.Error("half of it is here")
		}
		h.must(h.DB.Update(h.t.Context(), func(tx *store.Tx) error { return tx.ReleaseLeases(h.t.Context(), h.Now()) }))
		h.clock.Turn(time.Hour)
		h.run()
		cs := h.talks()
		if len(cs) != 1 || len(p.sent) != 1 {
			h.t.Fatalf("%d conversations, %d receipts", len(cs), len(p.sent))
		}
		if m := h.said(cs[0].ID)[0]; len(m.Attachments) != 3 {
			h.t.Errorf("files: %+v", m.Attachments)
		}
	})
}

// An answer that is read before the mail that it answers waits for it.
func TestMailsInTheWrongOrder(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		support, _, _ := h.mailed()
		for _, raw := range []string{
			letter(fromZhang + "\nMessage-ID: <one@customer.example>"),
			letter(fromZhang+"\nMessage-ID: <two@customer.example>\nIn-Reply-To: <one@customer.example>", "补充一句"),
		} {
			_, err := h.KeepMail(h.t.Context(), channel.RawMail{Inbox: support, Body: strings.NewReader(raw), ReceivedAt: h.Now()})
			h.must(err)
		}
		js, err := h.DB.Now().Jobs(h.t.Context(), "ready", 0, 100)
		h.must(err)
		var second desk.MailWork
		for _, j := range js {
			if j.Kind != desk.ReadMailJob {
				continue
			}
			var w desk.MailWork
			h.must(json.Unmarshal([]byte(j.Payload), &w))
			if w.Mail > second.Mail {
				second = w
			}
		}
		h.must(h.ReadMail(h.t.Context(), second))
		if n := len(h.talks()); n != 0 {
			h.t.Errorf("it began %d conversations", n)
		}
		h.run()
		h.clock.Turn(2 * time.Second)
		h.run()
		if cs := h.talks(); len(cs) != 1 || cs[0].LastText != "补充一句" {
			h.t.Errorf("%+v", cs)
		}
	})
}

// endless is a mail of a size, of which nobody holds more than a piece.
type endless struct{ left int }

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), e.left)
	for i := range n {
		p[i] = 'a'
	}
	e.left -= n
	return n, nil
}

// Keeping a mail of 60 MB costs the memory of a small one.
func TestALargeMailStreams(t *testing.T) { //nolint:paralleltest // what others allocate counts too
	db := storetest.SQLite(t)
	c := clock.At(friday)
	files, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	d := &desk.Desk{DB: db, Now: c.Now, Files: files, Log: slog.New(slog.DiscardHandler)}
	box := mailbox.Mailbox{Inbox: 1, Address: "support@example.cn", Settings: mailbox.Defaults()}
	if err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.InsertMailbox(t.Context(), box, "") }); err != nil {
		t.Fatal(err)
	}
	keep := func(size int) uint64 {
		t.Helper()
		body := io.MultiReader(strings.NewReader(letter(fromZhang)), &endless{left: size})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := d.KeepMail(t.Context(), channel.RawMail{Inbox: 1, Body: body}); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	keep(1 << 10)
	if small, large := keep(1<<10), keep(60<<20); large > small+(4<<20) {
		t.Errorf("60 MB cost %d bytes of memory, 1 KB %d", large, small)
	}
}
