package demo

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"yingda/internal/app"
	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/mail"
	"yingda/internal/post"
	"yingda/internal/store"
)

// outside is the server by which the demonstration's mailboxes send: there is
// none. What leaves by it is kept, to be read at /demo/mail.
const outside = "mail.yuanxing.example"

// postman carries mails of the demonstration's mailboxes to where they are
// kept, and all others to their servers.
type postman struct {
	channel.Carrier
	kept *post.Mailbox
}

func (p postman) Carry(ctx context.Context, m mailbox.Mailbox, e channel.Envelope) ([]channel.Refusal, error) {
	if m.Settings.Send.Server.Host != outside {
		return p.Carrier.Carry(ctx, m, e)
	}
	read := mail.Parse(e.Body, mail.Options{})
	for _, to := range e.To {
		if err := p.kept.Deliver(ctx, mail.Message{To: to, Subject: read.Subject, Text: read.Text}); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// openPost lets mails leave to where they are kept.
func openPost(a *app.App) {
	a.Desk.Carrier = postman{a.Desk.Carrier, &post.Mailbox{DB: a.DB, Now: clock.Now}}
}

// fillMailboxes sets up support@ and complaint@, which get their mail by SMTP.
func fillMailboxes(ctx context.Context, a *app.App) error {
	var by agent.Actor
	err := a.DB.View(ctx, func(tx *store.Tx) error {
		who, err := tx.AgentsWhoMay(ctx, agent.ChannelManage)
		if err == nil {
			by = agent.Actor{Agent: who[0], Name: staff[0].Name, Permissions: []agent.Permission{agent.ChannelManage}}
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, m := range []struct {
		address, name string
		kind          ticket.Kind
	}{
		{"support@yuanxing.example", "客服邮箱", ticket.Consultation},
		{"complaint@yuanxing.example", "投诉邮箱", ticket.Complaint},
	} {
		s := mailbox.Defaults()
		s.Kind, s.Fetch.Way = m.kind, mailbox.BySMTP
		s.Name = inbox.Text{Zh: "远行汽车客户服务", En: "Yuanxing Motors Service"}
		s.Signature = inbox.Text{Zh: "远行汽车客户服务中心\n客服热线 400-000-0000", En: "Yuanxing Motors Customer Service\nHotline 400-000-0000"}
		s.Send.Server = mailbox.Server{Host: outside, Port: 465, Security: mailbox.TLS, Auth: mailbox.AuthNone}
		s.Send.Plus = true
		if _, err := a.Desk.CreateMailbox(ctx, by, desk.MailboxChange{Address: &m.address, Name: &m.name, Settings: &s}); err != nil {
			return err
		}
	}
	return nil
}

// mails are those that customers write while the demonstration lives.
var mails = []struct{ name, from, to, subject, text string }{
	{"周婷", "zhouting@mail.example", "support@yuanxing.example", "冬天续航下降正常吗", "您好：\n\n我的车夏天能跑 480 公里，这几天零下五度只有 330 公里左右，请问正常吗？有什么办法能改善？\n\n谢谢\n周婷"},
	{"何志强", "hezhiqiang@mail.example", "complaint@yuanxing.example", "同一故障修了三次还没好", "中控屏黑屏的问题，嘉定服务中心从 10 月到现在修了三次，每次开回来两三天又出现。希望你们给一个说法和解决时间。\n\n何志强 13800007777"},
}

// writeMails lets the customers' mails arrive, once each.
func writeMails(ctx context.Context, a *app.App) {
	for n, m := range mails {
		if !pause(ctx, betweenVisits) {
			return
		}
		if err := writeMail(ctx, a, n); err != nil && ctx.Err() == nil {
			a.Log.Warn("a simulated mail failed", slog.String("to", m.to), slog.Any("error", err))
		}
	}
}

func writeMail(ctx context.Context, a *app.App, n int) error {
	m := mails[n]
	in, ok, err := a.Desk.MailboxFor(ctx, m.to)
	if err != nil || !ok {
		return err
	}
	raw, err := mail.Compose(mail.Outgoing{
		From: mail.Address{Name: m.name, Address: m.from}, To: []mail.Address{{Address: m.to}}, Subject: m.subject, Text: m.text,
		Date: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), MessageID: fmt.Sprintf("<demo-%d@%s>", n, m.from[strings.Index(m.from, "@")+1:]), // the same each time: it arrives once
	})
	if err != nil {
		return err
	}
	_, err = a.Desk.KeepMail(ctx, channel.RawMail{Inbox: in, Body: bytes.NewReader(raw), From: m.from, To: []string{m.to}, ReceivedAt: clock.Now()})
	return err
}
