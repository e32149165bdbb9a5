package mail

import (
	"bytes"
	"slices"
	"strings"
)

// Kind is what sort of mail it is.
type Kind string

// The kinds of mail.
const (
	Person    Kind = "person"    // somebody wrote it
	Automatic Kind = "automatic" // a program wrote it, such as a vacation notice
	Bounced   Kind = "bounce"    // a report: a mail did not reach somebody, or not yet, or they complain of it
	List      Kind = "list"      // it went to many
	Spam      Kind = "spam"      // a server before us marked it
	Own       Kind = "own"       // it is our own, and came back
)

// Bounce is what a report says of a mail that did not get through.
type Bounce struct {
	Original    string   // the id of that mail, in angle brackets; empty if the report does not tell
	Recipients  []string // whom it did not reach
	Action      string   // failed, delayed, delivered, relayed, expanded; empty if not told
	Status      string   // such as 5.1.1; empty if not told
	Diagnostic  string   // what the other server said
	Feedback    string   // the type of a complaint about a mail (RFC 5965), such as abuse
	Disposition string   // what became of a mail that asked for a receipt (RFC 8098)
}

// Permanent reports whether no further try helps.
func (b *Bounce) Permanent() bool {
	return strings.HasPrefix(b.Status, "5") || b.Status == "" && b.Action == "failed"
}

// judge decides the kind. The first that applies counts: reports before our
// own, because our own server writes some, and both before the rest, so that
// nothing goes around in circles.
func (m *Incoming) judge(h header, p *parser, own []string) {
	m.Quiet = quiet(h, m)
	m.Bounce = p.bounce(h)
	switch {
	case m.Bounce != nil && m.Bounce.Disposition != "" && m.Bounce.Action == "":
		m.Kind = Automatic
		m.Quiet = "it is a receipt"
	case m.Bounce != nil:
		m.Kind = Bounced
		m.Quiet = "it is a report"
	case m.isOwn(h, own):
		m.Kind = Own
		m.Quiet = "it is our own"
	case spamMarked(h, m.Subject):
		m.Kind = Spam
		m.Quiet = "it is marked as spam"
	case h.has("list-id") || h.has("list-post") || h.plain("precedence") == "list" || h.has("list-unsubscribe"):
		m.Kind = List
	case m.Quiet != "":
		m.Kind = Automatic
	default:
		m.Kind = Person
	}
	p.tell()
}

// tell notes what is known of a bounce.
func (p *parser) tell() {
	b := p.m.Bounce
	if b == nil || p.m.Kind != Bounced && p.m.Kind != Automatic {
		return
	}
	what := "bounce"
	if p.m.Kind == Automatic {
		what = "receipt"
	}
	for _, f := range []struct{ what, value string }{
		{"original", b.Original}, {"recipient", strings.Join(b.Recipients, ", ")}, {"action", b.Action}, {"status", b.Status}, {"diagnostic", b.Diagnostic}, {"feedback", b.Feedback}, {"disposition", b.Disposition},
	} {
		if f.value != "" {
			p.note("%s %s: %s", what, f.what, f.value)
		}
	}
}

// autoSubjects are what subjects begin with, in lower case, that programs
// write. For the vacation notices of QQ and 163 they are the only sign.
var autoSubjects = []string{
	"自动回复", "自動回覆", "自動回復", "自动答复", "自動答覆", "外出自动答复", "外出自动回复", "休假自动回复", "假期自动回复", "[自动回复]", "【自动回复】", "(自动回复)", "自动转发", "自动应答", "automatic reply", "auto reply", "auto-reply", "autoreply", "auto response", "auto-response", "out of office", "out of the office", "out-of-office", "auto:", "automatische antwort", "abwesenheit", "réponse automatique", "respuesta automática", "risposta automatica", "resposta automática", "автоответ", "自動応答", "不在通知", "자동 회신", "vacation reply", "on vacation",
}

// bounceSubjects are those of reports about mails that did not get through.
var bounceSubjects = []string{
	"退信", "系统退信", "系統退信", "邮件退回", "邮件被退回", "投递失败", "邮件投递失败", "无法投递", "未送达", "未传递", "傳遞失敗", "无法传递", "来自qq邮箱的退信", "undelivered", "undeliverable", "undelivered mail", "delivery status notification", "delivery failure", "delivery failed", "mail delivery failed", "mail delivery failure", "mail delivery system", "returned mail", "failure notice", "mail system error", "non delivery", "nondeliverable", "message delivery failure", "warning: message", "warning: could not send", "mail could not be delivered", "unzustellbar", "non remis",
}

func begins(s string, phrases []string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, p := range phrases {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// quiet returns why no automatic mail may answer; empty if one may.
func quiet(h header, m *Incoming) string {
	if v := h.plain("auto-submitted"); v != "" && v != "no" {
		return "Auto-Submitted: " + shown(v)
	}
	switch v := h.plain("precedence"); v {
	case "bulk", "list", "junk", "auto_reply", "auto-reply":
		return "Precedence: " + v
	}
	suppress := h.plain("x-auto-response-suppress")
	for word := range strings.FieldsFuncSeq(suppress, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		switch word {
		case "all", "dr", "autoreply", "oof":
			return "X-Auto-Response-Suppress: " + shown(suppress)
		}
	}
	for _, f := range h {
		switch f.name {
		case "x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from", "x-mail-autoreply", "x-autogenerated", "x-auto-reply":
			if v := h.plain(f.name); v != "no" && v != "false" {
				return f.name
			}
		case "list-id", "list-post", "list-unsubscribe", "feedback-id":
			if f.name != "feedback-id" {
				return f.name
			}
		case "x-loop", "x-failed-recipients":
			return f.name
		case "return-path":
			if v := bytes.TrimSpace(f.raw); bytes.Equal(v, []byte("<>")) {
				return "Return-Path: <>"
			}
		}
	}
	if strings.HasPrefix(h.plain("content-type"), "multipart/report") {
		return "multipart/report"
	}
	if a := m.sender(); machine(a) {
		return "From: " + shown(a)
	}
	if begins(m.Subject, autoSubjects) || begins(m.Subject, bounceSubjects) {
		return "Subject: " + shown(m.Subject)
	}
	return ""
}

func (m *Incoming) sender() string {
	if len(m.From) == 0 {
		return ""
	}
	return strings.ToLower(m.From[0].Address)
}

var wordMarks = strings.NewReplacer("-", "", "_", "", ".", "")

// machine reports whether an address is one that nobody reads.
func machine(address string) bool {
	local, _, _ := strings.Cut(address, "@")
	switch local = wordMarks.Replace(local); local {
	case "mailerdaemon", "postmaster", "noreply", "donotreply", "noanswer", "bounce", "bounces", "autoreply", "mailsystem":
		return true
	}
	return strings.HasPrefix(local, "noreply") || strings.HasPrefix(local, "donotreply") || strings.HasPrefix(local, "bounce+")
}

func postmaster(address string) bool {
	local, _, _ := strings.Cut(address, "@")
	local = wordMarks.Replace(local)
	return local == "mailerdaemon" || local == "postmaster" || local == "maildaemon" || strings.HasPrefix(local, "mailerdaemon")
}

// isOwn reports whether a mail is one of ours: by its sender, by its id, or by
// the mark that our automatic mails carry.
func (m *Incoming) isOwn(h header, own []string) bool {
	if len(own) == 0 {
		return false
	}
	_, domain, _ := strings.Cut(strings.Trim(m.MessageID, "<>"), "@")
	loop := h.plain("x-loop")
	for _, o := range own {
		o = strings.ToLower(strings.TrimSpace(o))
		if o == "" {
			continue
		}
		if o == m.sender() || loop == o || !strings.Contains(o, "@") && strings.EqualFold(domain, o) {
			return true
		}
	}
	return false
}

// spamMarked reports whether a server before us marked the mail.
func spamMarked(h header, subject string) bool {
	for _, f := range h {
		v := strings.ToLower(strings.TrimSpace(string(f.raw[:min(len(f.raw), 200)])))
		switch f.name {
		case "x-spam-flag", "x-spam", "x-spam-status", "x-barracuda-spam-flag", "x-barracuda-spam-status", "x-spam-detected", "x-suspected-spam", "x-is-spam", "x-qq-spam", "x-netease-spam", "x-alimail-antispam-spam":
			if strings.HasPrefix(v, "yes") || v == "true" || v == "1" {
				return true
			}
		case "x-ms-exchange-organization-scl":
			if n := strings.TrimLeft(v, "0"); len(n) == 1 && n[0] >= '5' && n[0] <= '9' {
				return true
			}
		case "x-forefront-antispam-report":
			if strings.Contains(strings.ToLower(string(f.raw)), "sfv:spm") {
				return true
			}
		}
	}
	return begins(subject, []string{"***spam***", "*****spam*****", "[spam]", "{spam?}", "[垃圾邮件]", "【垃圾邮件】", "[疑似垃圾邮件]", "[广告邮件]", "[垃圾郵件]"})
}

// bounce reads what a report says, and returns nil for a mail that is none.
func (p *parser) bounce(h header) *Bounce {
	m := p.m
	report := ""
	if kind, params := cutParams(h.get("content-type")); kind == "multipart/report" {
		report = strings.ToLower(params["report-type"])
	}
	subject := begins(m.Subject, bounceSubjects)
	nullPath := bytes.Equal(bytes.TrimSpace(h.get("return-path")), []byte("<>"))
	machineFrom := postmaster(m.sender())
	signs := 0
	for _, sign := range []bool{subject, nullPath, machineFrom, p.original != nil, statusCode(m.Text) != ""} {
		if sign {
			signs++
		}
	}
	failed := h.get("x-failed-recipients")
	formal := len(p.statuses) > 0 || report == "delivery-status" || report == "feedback-report" || report == "disposition-notification" || failed != nil
	if !formal && ((!subject && !machineFrom) || signs < 2) {
		return nil
	}
	b := &Bounce{}
	p.delivery(b)
	for _, a := range addresses(failed) {
		b.Recipients = append(b.Recipients, a.Address)
	}
	slices.Sort(b.Recipients)
	b.Recipients = slices.Compact(b.Recipients)
	if b.Status == "" && b.Disposition == "" && b.Feedback == "" {
		b.Status = statusCode(m.Text)
	}
	if b.Original == "" && p.original != nil {
		if ids := messageIDs(p.original.get("message-id")); len(ids) > 0 {
			b.Original = ids[0]
		}
	}
	if b.Original == "" {
		b.Original = quotedID(m.Text)
	}
	if b.Original == "" && m.InReplyTo != "" {
		b.Original = m.InReplyTo
	}
	return b
}

// delivery reads the blocks of a delivery-status part.
func (p *parser) delivery(b *Bounce) {
	for _, block := range p.statuses {
		for _, name := range []string{"original-recipient", "final-recipient"} {
			if v := block.text(name); v != "" && !block.has("disposition") {
				if _, after, ok := strings.Cut(v, ";"); ok {
					v = after
				}
				if v = strings.Trim(strings.TrimSpace(v), "<>"); v != "" && len(b.Recipients) < 100 {
					b.Recipients = append(b.Recipients, v)
				}
			}
		}
		first := func(to *string, name string) {
			if v := block.text(name); *to == "" && v != "" {
				*to = shorter(v, 1000)
			}
		}
		first(&b.Action, "action")
		first(&b.Status, "status")
		first(&b.Diagnostic, "diagnostic-code")
		first(&b.Feedback, "feedback-type")
		first(&b.Disposition, "disposition")
		if b.Original == "" {
			if ids := messageIDs(block.get("original-message-id")); len(ids) > 0 {
				b.Original = ids[0]
			}
		}
	}
	b.Action = strings.ToLower(b.Action)
	b.Status, _, _ = strings.Cut(b.Status, " ")
}

func shorter(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// statusCode returns the first enhanced status code (RFC 3463) of a failure in
// a text.
func statusCode(s string) string {
	s = s[:min(len(s), 64<<10)]
	for i := 0; i+4 < len(s); i++ {
		if s[i] != '4' && s[i] != '5' || s[i+1] != '.' || i > 0 && (digit(s[i-1]) || s[i-1] == '.') {
			continue
		}
		j := i + 2
		if !digit(s[j]) || s[j+1] != '.' {
			continue
		}
		k := j + 2
		for k < len(s) && k < j+5 && digit(s[k]) {
			k++
		}
		if k > j+2 && (k == len(s) || !digit(s[k]) && (s[k] != '.' || k+1 == len(s) || !digit(s[k+1]))) {
			return s[i:k]
		}
	}
	return ""
}

// quotedID returns the message id in a header that stands in a text.
func quotedID(s string) string {
	for l := range strings.SplitSeq(s, "\n") {
		t := strings.TrimLeft(l[:min(len(l), 1000)], " >\t|")
		if len(t) > 12 && strings.EqualFold(t[:11], "message-id:") {
			if ids := messageIDs([]byte(t[11:])); len(ids) > 0 {
				return ids[0]
			}
		}
	}
	return ""
}
