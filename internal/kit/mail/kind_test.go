package mail_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"yingda/internal/kit/mail"
)

func TestKinds(t *testing.T) {
	own := []string{"support@yuanxing.example", "mx.yuanxing.example"}
	for _, c := range []struct {
		name   string
		fields []string
		want   mail.Kind
	}{
		{"somebody", []string{"Subject: Re: " + word("utf-8", "订单")}, mail.Person},
		{"somebody, and says so", []string{"Auto-Submitted: no"}, mail.Person},
		{"a receipt is asked for", []string{"X-Auto-Response-Suppress: RN, NRN"}, mail.Person},
		{"about automatic replies", []string{"Subject: " + word("utf-8", "关于自动回复的问题")}, mail.Person},
		{"RFC 3834", []string{"Auto-Submitted: auto-replied"}, mail.Automatic},
		{"RFC 3834, with more", []string{"Auto-Submitted: auto-generated; owner=x"}, mail.Automatic},
		{"precedence", []string{"Precedence: bulk"}, mail.Automatic},
		{"precedence of replies", []string{"Precedence: auto_reply"}, mail.Automatic},
		{"Exchange", []string{"X-Auto-Response-Suppress: DR, OOF, AutoReply"}, mail.Automatic},
		{"X-Autoreply", []string{"X-Autoreply: yes"}, mail.Automatic},
		{"QQ and 163 have the subject alone", []string{"Subject: " + word("gbk", gbk("自动回复:Re:订单"))}, mail.Automatic},
		{"QQ, traditional", []string{"Subject: " + word("utf-8", "自動回覆：訂單")}, mail.Automatic},
		{"Exchange, Chinese", []string{"Subject: " + word("utf-8", "自动答复: 订单")}, mail.Automatic},
		{"out of office", []string{"Subject: Out of Office: order"}, mail.Automatic},
		{"nobody reads the sender", []string{"From: no-reply@shop.example"}, mail.Automatic},
		{"a null path", []string{"Return-Path: <>"}, mail.Automatic},
		{"a loop", []string{"X-Loop: somebody@else.example"}, mail.Automatic},
		{"a list", []string{"List-Id: <users.lists.example>"}, mail.List},
		{"a newsletter", []string{"List-Unsubscribe: <https://lists.example/u>", "Precedence: bulk"}, mail.List},
		{"spam", []string{"X-Spam-Flag: YES"}, mail.Spam},
		{"spam by a subject", []string{"Subject: " + word("utf-8", "[垃圾邮件] 特价")}, mail.Spam},
		{"spam of Microsoft", []string{"X-Forefront-Antispam-Report: CIP:1.2.3.4;SFV:SPM;SCL:5"}, mail.Spam},
		{"not spam", []string{"X-Spam-Status: No, score=0.1", "X-MS-Exchange-Organization-SCL: 1"}, mail.Person},
		{"our address", []string{"From: Support@yuanxing.example"}, mail.Own},
		{"our id", []string{"Message-ID: <c1.m2.abc@mx.yuanxing.example>"}, mail.Own},
		{"our mark", []string{"X-Loop: support@yuanxing.example", "Auto-Submitted: auto-replied"}, mail.Own},
		{"a bounce without a form", []string{"From: MAILER-DAEMON@mail.example", "Return-Path: <>", "Subject: failure notice"}, mail.Bounced},
		{"a bounce of QQ", []string{"From: PostMaster@qq.example", "Subject: " + word("gbk", gbk("系统退信/Undelivered Mail"))}, mail.Bounced},
		{"a bounce of 163", []string{"From: Postmaster@163.example", "Return-Path: <>", "Subject: " + word("utf-8", "系统退信")}, mail.Bounced},
		{"exim", []string{"From: Mail Delivery System <Mailer-Daemon@mail.example>", "X-Failed-Recipients: gone@mail.example", "Subject: Mail delivery failed: returning message to sender"}, mail.Bounced},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := lines(append(c.fields, "From: a@mail.example", "Message-ID: <a1@mail.example>", "Subject: x", "", said)...)
			m := mail.Parse([]byte(raw), mail.Options{Own: own})
			if m.Kind != c.want {
				t.Errorf("%s, want %s: %s", m.Kind, c.want, m.Quiet)
			}
			if (m.Quiet == "") != (m.Kind == mail.Person) {
				t.Errorf("%s is quiet because of %q", m.Kind, m.Quiet)
			}
		})
	}
}

func TestBounce(t *testing.T) {
	report := letter(lines("--R", "Content-Type: text/plain; charset=utf-8", "", "邮件无法送达", "--R", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.mail.example", "", "Final-Recipient: rfc822; gone@mail.example", "Action: failed", "Status: 5.1.1", "Diagnostic-Code: smtp; 550 5.1.1 no such user", "", "Final-Recipient: rfc822; full@mail.example", "Action: failed", "Status: 5.2.2", "--R", "Content-Type: message/rfc822", "", "From: support@yuanxing.example", "Message-ID: <c1.m2.abc@mx.yuanxing.example>", "Subject: x", "", "text", "--R--"), "Content-Type: multipart/report; report-type=delivery-status; boundary=R")
	m := mail.Parse(report, mail.Options{})
	if m.Kind != mail.Bounced || m.Bounce == nil {
		t.Fatalf("kind %s", m.Kind)
	}
	if b := m.Bounce; b.Original != "<c1.m2.abc@mx.yuanxing.example>" || !slices.Equal(b.Recipients, []string{"full@mail.example", "gone@mail.example"}) || b.Action != "failed" || b.Status != "5.1.1" || !b.Permanent() {
		t.Errorf("%+v", b)
	}
	want{text: "邮件无法送达"}.check(t, m)
	mustContain(t, "notes", strings.Join(m.Notes, "\n"), "bounce original: <c1.m2.abc@mx.yuanxing.example>")

	headers := letter(lines("--R", "", "delayed", "--R", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; x", "", "Final-Recipient: rfc822; slow@mail.example", "Action: delayed", "Status: 4.4.1", "--R", "Content-Type: text/rfc822-headers", "", "Message-ID: <c1.m3.abc@mx.yuanxing.example>", "--R--"), "Content-Type: multipart/report; report-type=delivery-status; boundary=R")
	if b := mail.Parse(headers, mail.Options{}).Bounce; b == nil || b.Original != "<c1.m3.abc@mx.yuanxing.example>" || b.Permanent() {
		t.Errorf("%+v", b)
	}

	qmail := []byte(lines("From: MAILER-DAEMON@mail.example", "Return-Path: <>", "Subject: failure notice", "", "Hi. This is the qmail-send program.", "<gone@mail.example>:", "550 5.1.1 User unknown", "", "--- Below this line is a copy of the message.", "", "From: support@yuanxing.example", "Message-ID: <c1.m4.abc@mx.yuanxing.example>", "", "text"))
	if b := mail.Parse(qmail, mail.Options{}).Bounce; b == nil || b.Original != "<c1.m4.abc@mx.yuanxing.example>" || b.Status != "5.1.1" {
		t.Errorf("%+v", b)
	}

	ours := bytes.Replace(report, []byte("<a1@mail.example>"), []byte("<a1@mx.yuanxing.example>"), 1)
	if m := mail.Parse(ours, mail.Options{Own: []string{"mx.yuanxing.example"}}); m.Kind != mail.Bounced {
		t.Errorf("a report of our own server is %s", m.Kind)
	}

	receipt := letter(lines("--R", "", "read", "--R", "Content-Type: message/disposition-notification", "", "Final-Recipient: rfc822; a@mail.example", "Original-Message-ID: <c1.m6.abc@mx.yuanxing.example>", "Disposition: manual-action/MDN-sent-manually; displayed", "--R--"), "Content-Type: multipart/report; report-type=disposition-notification; boundary=R")
	if m := mail.Parse(receipt, mail.Options{}); m.Kind != mail.Automatic || m.Bounce == nil || m.Bounce.Original != "<c1.m6.abc@mx.yuanxing.example>" || len(m.Bounce.Recipients) > 0 {
		t.Errorf("a receipt is %s: %+v", m.Kind, m.Bounce)
	}

	abuse := letter(lines("--R", "", "complaint", "--R", "Content-Type: message/feedback-report", "", "Feedback-Type: abuse", "--R", "Content-Type: message/rfc822", "", "Message-ID: <c1.m5.abc@mx.yuanxing.example>", "", "x", "--R--"), "Content-Type: multipart/report; report-type=feedback-report; boundary=R")
	if b := mail.Parse(abuse, mail.Options{}).Bounce; b == nil || b.Feedback != "abuse" || b.Original != "<c1.m5.abc@mx.yuanxing.example>" {
		t.Errorf("%+v", b)
	}
}
