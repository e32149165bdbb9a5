package mailbox

import (
	"testing"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
)

func support() Mailbox {
	m := Mailbox{Address: "support@example.cn", Settings: Defaults()}
	m.Settings.SpamWords, m.Settings.Blocked = []string{"发票代开"}, []string{"bad@qq.com", "@spam.example"}
	m.Settings.Kind = ticket.Consultation
	return m
}

func TestJudge(t *testing.T) {
	person := Heard{Kind: ByPerson, From: "zhang@qq.com", Subject: "你好"}
	for _, one := range []struct {
		what  string
		heard func(*Heard)
		own   bool
		known Known
		want  Judgement
	}{
		{what: "a person", want: Judgement{TakenIn, ByPerson, "person", ""}},
		{what: "ours by its id", known: Known{Ours: true}, want: Judgement{Noted, Own, "own", "zhang@qq.com"}},
		{what: "from an address of ours", own: true, want: Judgement{Noted, Own, "own", "zhang@qq.com"}},
		{what: "from our program, sent on by another", heard: func(h *Heard) { h.Kind = Own }, want: Judgement{Noted, Own, "own", "zhang@qq.com"}},
		{what: "a report", heard: func(h *Heard) { h.Kind = Bounce }, own: true, want: Judgement{Noted, Bounce, "report", ""}},
		{what: "from nobody", heard: func(h *Heard) { h.From = "" }, want: Judgement{Aside, ByPerson, "no_sender", ""}},
		{what: "blocked", heard: func(h *Heard) { h.From = "bad@qq.com" }, want: Judgement{Aside, Spam, "blocked", "bad@qq.com"}},
		{what: "of a blocked domain", heard: func(h *Heard) { h.From = "x@spam.example" }, want: Judgement{Aside, Spam, "blocked", "@spam.example"}},
		{what: "of a part of it", heard: func(h *Heard) { h.From = "x@a.spam.example" }, want: Judgement{Aside, Spam, "blocked", "@spam.example"}},
		{what: "of another with the same end", heard: func(h *Heard) { h.From = "x@notspam.example" }, want: Judgement{TakenIn, ByPerson, "person", ""}},
		{what: "blocked but wanted", heard: func(h *Heard) { h.From = "bad@qq.com" }, known: Known{Released: true}, want: Judgement{TakenIn, ByPerson, "released", ""}},
		{what: "a blocked contact", known: Known{Blocked: true}, want: Judgement{Aside, Spam, "contact_blocked", "zhang@qq.com"}},
		{what: "marked", heard: func(h *Heard) { h.Kind = Spam }, want: Judgement{Aside, Spam, "spam_mark", ""}},
		{what: "a word", heard: func(h *Heard) { h.Text = "专业发票代开" }, want: Judgement{Aside, Spam, "spam_word", "发票代开"}},
		{what: "a word in an answer", heard: func(h *Heard) { h.Text = "不是发票代开" }, known: Known{Thread: true}, want: Judgement{TakenIn, ByPerson, "person", ""}},
		{what: "automatic", heard: func(h *Heard) { h.Kind, h.Quiet = Automatic, "x" }, want: Judgement{Aside, Automatic, "automatic", "x"}},
		{what: "automatic, about ours", heard: func(h *Heard) { h.Kind, h.Quiet = Automatic, "x" }, known: Known{Thread: true}, want: Judgement{TakenIn, Automatic, "automatic", "x"}},
		{what: "a list", heard: func(h *Heard) { h.Kind = List }, want: Judgement{Aside, List, "list", ""}},
	} {
		h := person
		if one.heard != nil {
			one.heard(&h)
		}
		if got := support().Judge(h, h.From, one.own, one.known); got != one.want {
			t.Errorf("%s: %+v, want %+v", one.what, got, one.want)
		}
	}
}

func TestMayAnswer(t *testing.T) {
	taken := Judgement{Fate: TakenIn, Kind: ByPerson}
	for _, one := range []struct {
		want      string // "" is yes
		heard     Heard
		j         Judgement
		own       bool
		unreached string
		valve     Valve
	}{
		{want: "", heard: Heard{From: "zhang@qq.com"}, j: taken, valve: Valve{Lately: 10, Today: 4}},
		{want: "kind", heard: Heard{From: "zhang@qq.com"}, j: Judgement{Fate: TakenIn, Kind: Automatic}},
		{want: "quiet", heard: Heard{From: "zhang@qq.com", Quiet: "Precedence: bulk"}, j: taken},
		{want: "own", heard: Heard{From: "zhang@qq.com"}, j: taken, own: true},
		{want: "nobody", heard: Heard{From: "no-reply@qq.com"}, j: taken},
		{want: "nobody", heard: Heard{From: "mailer-daemon@qq.com"}, j: taken},
		{want: "forged", heard: Heard{From: "zhang@qq.com", Verdicts: conversation.Verdicts{DMARC: "fail"}}, j: taken},
		{want: "unreached", heard: Heard{From: "zhang@qq.com"}, j: taken, unreached: "bounced"},
		{want: "too_many", heard: Heard{From: "zhang@qq.com"}, j: taken, valve: Valve{Lately: 11}},
		{want: "here_already", heard: Heard{From: "zhang@qq.com"}, j: taken, valve: Valve{Here: 1}},
		{want: "enough_today", heard: Heard{From: "zhang@qq.com"}, j: taken, valve: Valve{Today: 5}},
	} {
		if ok, why := support().MayAnswer(one.heard, one.j, one.own, one.unreached, one.valve); ok != (one.want == "") || why != one.want {
			t.Errorf("%+v: %v, %q, want %q", one, ok, why, one.want)
		}
	}
}

func TestIdentify(t *testing.T) {
	for _, one := range []struct {
		dmarc         string
		mail, account bool
		want          Whose
	}{
		{"", false, false, Somebody},
		{"pass", true, true, OfMail},
		{"", true, false, OfMail},
		{"none", false, true, OfAccount},
		{"fail", true, false, Unproven},
		{"fail", false, true, Unproven},
		{"fail", false, false, Unproven},
	} {
		if got := Identify(conversation.Verdicts{DMARC: one.dmarc}, one.mail, one.account); got != one.want {
			t.Errorf("%+v: %s", one, got)
		}
	}
}

func TestSender(t *testing.T) {
	own := func(a string) bool { return a == "support@example.cn" }
	form := support()
	form.Settings.TrustReplyTo = true
	for _, one := range []struct {
		box           Mailbox
		from, replyTo string
		want          string
	}{
		{support(), "zhang@qq.com", "", "zhang@qq.com"},
		{support(), "zhang@qq.com", "other@qq.com", "zhang@qq.com"},
		{support(), "no-reply@shop.example", "zhang@qq.com", "zhang@qq.com"},
		{support(), "", "zhang@qq.com", "zhang@qq.com"},
		{form, "web@example.cn", "zhang@qq.com", "zhang@qq.com"},
		{form, "zhang@qq.com", "support@example.cn", "zhang@qq.com"},
	} {
		if got := one.box.Sender(Heard{From: one.from, ReplyTo: one.replyTo}, own); got != one.want {
			t.Errorf("from %s, answers to %s: %s", one.from, one.replyTo, got)
		}
	}
}

func TestSort(t *testing.T) {
	complaints := support()
	complaints.Settings.Kind = ticket.Complaint
	for _, one := range []struct {
		box     Mailbox
		subject string
		kind    ticket.Kind
		tag     string
	}{
		{support(), "无法启动", ticket.Consultation, ""},
		{support(), "投诉服务态度", ticket.Complaint, "投诉"},
		{support(), "A suggestion for you", ticket.Suggestion, "建议"},
		{support(), "渠道合作咨询", "", "合作"},
		{complaints, "我的建议suggestion", ticket.Complaint, "建议"},
	} {
		kind, tags := one.box.Sort(one.subject)
		if kind != one.kind || one.tag == "" && len(tags) > 0 || one.tag != "" && (len(tags) != 1 || tags[0] != one.tag) {
			t.Errorf("%s: %s, %v", one.subject, kind, tags)
		}
	}
}

func TestResults(t *testing.T) {
	for _, one := range []struct {
		server, field string
		want          conversation.Verdicts
	}{
		{"mx.example.cn", "mx.example.cn; spf=pass (ok; really) smtp.mailfrom=a@b.c; dkim=fail header.d=x; dkim=pass header.d=b.c; dmarc=pass", conversation.Verdicts{SPF: "pass", DKIM: "pass", DMARC: "pass", By: "mx.example.cn"}},
		{"mx.example.cn", "MX.example.cn 1; DMARC=FAIL", conversation.Verdicts{DMARC: "fail", By: "MX.example.cn"}},
		{"mx.example.cn", "evil.example; dmarc=pass", conversation.Verdicts{}},
		{"", "; dmarc=pass", conversation.Verdicts{}},
		{"mx.example.cn", "mx.example.cn; dmarc=<script>", conversation.Verdicts{By: "mx.example.cn"}},
	} {
		if got := Results(one.server, []string{one.field}); got != one.want {
			t.Errorf("%s: %+v", one.field, got)
		}
	}
}

func TestReadReport(t *testing.T) {
	for _, one := range []struct {
		report Report
		want   Heeded
	}{
		{Report{Action: "failed", Status: "5.1.1", Permanent: true}, Heeded{conversation.Bounced, "bounced"}},
		{Report{Action: "failed", Status: "5.2.2", Permanent: true}, Heeded{conversation.Bounced, ""}},
		{Report{Action: "failed", Status: "5.7.1", Permanent: true}, Heeded{conversation.Bounced, ""}},
		{Report{Action: "failed", Status: "4.4.7"}, Heeded{conversation.Bounced, ""}},
		{Report{Action: "delayed", Status: "4.4.1"}, Heeded{conversation.Delayed, ""}},
		{Report{Status: "4.2.0"}, Heeded{conversation.Delayed, ""}},
		{Report{Action: "delivered", Status: "2.0.0"}, Heeded{conversation.Delivered, ""}},
		{Report{Feedback: "abuse"}, Heeded{"", "complained"}},
		{Report{Feedback: "not-spam"}, Heeded{}},
		{Report{Disposition: "manual-action/MDN-sent-manually; displayed"}, Heeded{conversation.Opened, ""}},
		{Report{Disposition: "manual-action/MDN-sent-manually; deleted"}, Heeded{}},
		{Report{}, Heeded{conversation.Bounced, ""}},
	} {
		if got := ReadReport(one.report); got != one.want {
			t.Errorf("%+v: %+v", one.report, got)
		}
	}
}
