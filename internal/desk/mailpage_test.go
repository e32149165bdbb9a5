package desk_test

import (
	"strings"
	"testing"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/mail"
)

// shown is a mail with a picture, a program that calls itself one, and a
// picture elsewhere.
func (h *house) shown(id string) string {
	h.t.Helper()
	raw, err := mail.Compose(mail.Outgoing{
		From: mail.Address{Name: "张伟", Address: "zhang@qq.com"}, To: []mail.Address{{Address: "support@example.cn"}}, Subject: "照片", Date: h.Now(), MessageID: id,
		Text: "见照片", HTML: `<p onclick="x()">见照片</p><script>x()</script><img src="cid:pic%2B1@x"><img src="cid:tool"><img src="cid:none"><img src="https://track.example/x.gif">`,
		Attachments: []mail.Attachment{
			{Name: "pic.png", Type: "image/png", ContentID: "pic+1@x", Inline: true, Content: []byte(h.photo(8, 8))},
			{Name: "tool.png", Type: "application/octet-stream", ContentID: "tool", Inline: true, Content: []byte("MZ\x90\x00program")},
		},
	})
	h.must(err)
	return string(raw)
}

// The formatted text is a page that needs nothing else: its own pictures stand
// in it, those of others only if they are asked for, and nothing runs.
func TestAMailAsAPage(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		support, _, _ := h.mailed()
		h.arrives(support, h.shown("<page@customer.example>"))
		m := h.said(h.talks()[0].ID)[0]
		page, err := h.MailPage(ctx, h.lin, m.ID, false)
		h.must(err)
		if strings.Count(page, `src="data:image/png;base64,`) != 1 || !strings.Contains(page, "见照片") {
			h.t.Errorf("its picture is not in it: %s", page)
		}
		for _, no := range []string{"<script", "onclick", "cid:", ` src="https:`, "octet-stream"} {
			if strings.Contains(page, no) {
				h.t.Errorf("%s is in it: %s", no, page)
			}
		}
		if page, err = h.MailPage(ctx, h.lin, m.ID, true); err != nil || !strings.Contains(page, ` src="https://track`) {
			h.t.Errorf("asked for, the picture of others is not in it: %v, %s", err, page)
		}
		h.arrives(support, letter(fromZhang, "1 < 2 & <b>不是 HTML</b>"))
		plain := h.said(h.talks()[1].ID)[0]
		if page, err = h.MailPage(ctx, h.lin, plain.ID, false); err != nil || !strings.Contains(page, "1 &lt; 2 &amp; &lt;b&gt;不是 HTML") {
			h.t.Errorf("a plain mail is %s, %v", page, err)
		}
	})
}

// Whoever does not see a conversation learns nothing of its mail and does
// nothing with it; who only reads sends nothing on.
func TestWhoMayWhatWithMail(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		support, _, p := h.mailed()
		h.arrives(support, letter(fromZhang+"\nMessage-ID: <one@customer.example>"))
		c := h.talks()[0]
		h.holds(h.lin, c.ID)
		h.arrives(support, letter("From: zhang@qq.com\nTo: support@example.cn\nSubject: Re: 车辆无法启动\nIn-Reply-To: <one@customer.example>", "还有一件事"))
		first, second := h.said(c.ID)[0], h.said(c.ID)[len(h.said(c.ID))-1]
		if second.Text != "还有一件事" {
			h.t.Fatalf("the second is %+v", second)
		}
		left := len(p.sent)
		forward := func(by agent.Actor, m conversation.MessageID, to ...string) error {
			_, err := h.Reply(ctx, by, c.ID, desk.Draft{ClientID: "forward-" + to[0], Text: "请处理", Mail: &conversation.MailDraft{Forward: m, To: persons(to...)}})
			return err
		}
		does := map[string]func(by agent.Actor) error{
			"look at the original": func(by agent.Actor) error { _, err := h.MailOriginal(ctx, by, first.ID, false); return err },
			"look at the page":     func(by agent.Actor) error { _, err := h.MailPage(ctx, by, first.ID, false); return err },
			"fetch the file": func(by agent.Actor) error {
				f, err := h.MailSource(ctx, by, first.ID)
				if err == nil {
					err = f.Body.Close()
				}
				return err
			},
			"split":      func(by agent.Actor) error { _, err := h.SplitMail(ctx, by, second.ID); return err },
			"forward":    func(by agent.Actor) error { return forward(by, first.ID, "dealer@shop.example") },
			"transcript": func(by agent.Actor) error { return h.SendTranscript(ctx, by, c.ID, persons("li@163.com")[0]) },
		}
		reads := map[string]bool{"look at the original": true, "look at the page": true, "fetch the file": true}
		reader := h.admin(agent.ConversationRead)
		reader.Scope = agent.ScopeAll
		for name, do := range does {
			if err := do(h.outsider()); fault.KindOf(err) != fault.NotFound {
				h.t.Errorf("who does not see it may %s: %v", name, err)
			}
			if err := do(h.admin()); fault.KindOf(err) != fault.Forbidden {
				h.t.Errorf("who may nothing may %s: %v", name, err)
			}
			if err := do(reader); reads[name] != (err == nil) || !reads[name] && fault.KindOf(err) != fault.Forbidden {
				h.t.Errorf("who only reads: %s: %v", name, err)
			}
		}
		h.code(forward(h.wang, first.ID, "dealer@shop.example"), "conversation.taken")
		h.code(forward(h.lin, first.ID+1, "dealer@shop.example"), "message.unknown")
		h.code(forward(h.lin, first.ID, "dealer"), "mail.recipient")
		h.code(forward(h.lin, first.ID, "complaint@example.cn"), "mail.ours")
		h.code(h.SendTranscript(ctx, h.lin, c.ID, persons("li@163")[0]), "mail.recipient")
		h.code(h.SendTranscript(ctx, h.lin, c.ID, persons("support@example.cn")[0]), "mail.ours")
		_, err := h.SplitMail(ctx, h.lin, first.ID)
		h.code(err, "mail.split")
		h.clock.Turn(time.Minute)
		h.run()
		if len(p.sent) != left || len(h.talks()) != 1 {
			h.t.Errorf("%d mails left, %d conversations", len(p.sent)-left, len(h.talks()))
		}
	})
}

// What is split off keeps its files and its original, on both sides; and what
// is sent on takes its files along.
func TestNothingIsLostOfAMailThatMoves(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		support, _, p := h.mailed()
		h.arrives(support, letter(fromZhang+"\nMessage-ID: <one@customer.example>"))
		c := h.talks()[0]
		h.holds(h.lin, c.ID)
		raw := strings.Replace(h.shown("<two@customer.example>"), "Subject:", "In-Reply-To: <one@customer.example>\r\nSubject:", 1)
		h.arrives(support, raw)
		ms := h.said(c.ID)
		old := ms[len(ms)-1]
		if len(old.Attachments) != 2 {
			h.t.Fatalf("it came as %+v", old)
		}
		h.answers(h.lin, c.ID, "请协助", func(d *desk.Draft) {
			d.Mail = &conversation.MailDraft{Forward: old.ID, To: persons("dealer@shop.example")}
		})
		if out := p.last(h.t); len(out.Attachments) != 2 || !strings.Contains(out.Text, "> 见照片") {
			h.t.Errorf("sent on with %d files: %s", len(out.Attachments), out.Text)
		}
		split, err := h.SplitMail(ctx, h.lin, old.ID)
		h.must(err)
		moved := h.said(split.ID)[0]
		if len(moved.Attachments) != 2 || moved.Text != old.Text || moved.Mail == nil || moved.Mail.Subject != "照片" {
			h.t.Errorf("split off it is %+v", moved)
		}
		for _, m := range []conversation.Message{old, moved} {
			f, err := h.MailSource(ctx, h.wang, m.ID)
			if got := h.content(f, err); got != raw {
				h.t.Errorf("in %s its source has %d bytes of %d", m.Conversation, len(got), len(raw))
			}
			for _, a := range m.Attachments {
				f, err := h.FileFor(ctx, h.wang, a.ID, false)
				h.content(f, err)
			}
		}
		ms = h.said(c.ID)
		told := ms[len(ms)-1]
		if told.Event == nil || told.Event.Name != "mail.split" || told.Event.Args["message"] != old.ID.String() {
			h.t.Errorf("the old one says %+v", told.Event)
		}
		// An answer in the old one is to what is left there.
		h.answers(h.lin, c.ID, "好的")
		if out := p.last(h.t); out.InReplyTo != "<one@customer.example>" {
			h.t.Errorf("it answers %s", out.InReplyTo)
		}
	})
}

// A transcript has what the customer knows: no notes, nothing that was taken
// back before it left.
func TestATranscriptHasWhatWasSaid(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		support, _, p := h.mailed()
		h.arrives(support, letter(fromZhang))
		c := h.talks()[0]
		h.holds(h.lin, c.ID)
		h.answers(h.lin, c.ID, "请先检查电瓶。")
		m, err := h.Reply(ctx, h.lin, c.ID, desk.Draft{ClientID: "taken-back-1", Text: "写错了的话"})
		h.must(err)
		_, err = h.TakeBackMail(ctx, h.lin, m.ID)
		h.must(err)
		_, err = h.Reply(ctx, h.lin, c.ID, desk.Draft{ClientID: "noted-0001", Kind: conversation.Note, Text: "客户很急"})
		h.must(err)
		h.must(h.SendTranscript(ctx, h.lin, c.ID, conversation.Person{Name: "李娜", Address: "li@163.com"}))
		h.run()
		out := p.last(h.t)
		if out.To[0].Address != "li@163.com" || !strings.Contains(out.Text, "我的车无法启动") || !strings.Contains(out.Text, "请先检查电瓶") {
			h.t.Errorf("to %v: %s", out.To, out.Text)
		}
		for _, no := range []string{"写错了的话", "客户很急"} {
			if strings.Contains(out.Text, no) {
				h.t.Errorf("%s is in it: %s", no, out.Text)
			}
		}
	})
}
