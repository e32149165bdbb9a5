package mail_test

import (
	"bytes"
	"io"
	"mime"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/mail"
)

func answer() mail.Outgoing {
	return mail.Outgoing{
		From: mail.Address{Name: "林 - 远行汽车", Address: "support@yuanxing.example"}, To: []mail.Address{{Name: "王芳", Address: "wangfang@mail.example"}},
		ReplyTo: []mail.Address{{Address: "support+c1.abc@yuanxing.example"}}, Cc: []mail.Address{{Name: "Li, Si", Address: "lisi@mail.example"}},
		Subject: "Re: 您好，订单退款问题，请尽快处理，谢谢！[#1001-AB12]", Date: time.Date(2026, 11, 23, 9, 30, 0, 0, time.FixedZone("", 8*3600)),
		MessageID: "<c1.m2.x@yuanxing.example>", InReplyTo: "<a1@mail.example>", References: []string{"<a0@mail.example>", "<a1@mail.example>"},
		HTML: `<p>已为您退款。</p><p><img src="cid:p1@yuanxing"></p>`,
		Attachments: []mail.Attachment{
			{Name: "退款凭证（最终版）2026年11月，非常非常长的名字.pdf", Type: "application/pdf", Content: []byte("%PDF\x00\xff\r\n")},
			{Name: "a b.png", Type: "image/png", ContentID: "p1@yuanxing", Inline: true, Content: []byte("png")},
		},
	}
}

// What is written is read again as what it was.
func TestComposeIsRead(t *testing.T) {
	o := answer()
	raw, err := mail.Compose(o)
	if err != nil {
		t.Fatal(err)
	}
	m := mail.Parse(raw, mail.Options{})
	if m.Subject != o.Subject || !slices.Equal(m.From, []mail.Address{o.From}) || !slices.Equal(m.To, o.To) || !slices.Equal(m.Cc, o.Cc) || !slices.Equal(m.ReplyTo, o.ReplyTo) || !m.Date.Equal(o.Date) {
		t.Errorf("%q %q %q %q %q %s", m.Subject, m.From, m.To, m.Cc, m.ReplyTo, m.Date)
	}
	if m.MessageID != o.MessageID || m.InReplyTo != o.InReplyTo || !slices.Equal(m.References, o.References) || m.Kind != mail.Person {
		t.Errorf("%q %q %q %s", m.MessageID, m.InReplyTo, m.References, m.Kind)
	}
	if m.HTML != o.HTML || strings.TrimSpace(m.Text) != "已为您退款。" || len(m.Notes) > 0 {
		t.Errorf("%q %q %q", m.HTML, m.Text, m.Notes)
	}
	if len(m.Attachments) != 2 || m.Attachments[0].Name != o.Attachments[1].Name || m.Attachments[0].ContentID != "p1@yuanxing" || !m.Attachments[0].Inline || m.Attachments[1].Name != o.Attachments[0].Name || !bytes.Equal(m.Attachments[1].Content, o.Attachments[0].Content) {
		t.Errorf("%+v", m.Attachments)
	}
	for l := range strings.SplitSeq(strings.TrimSuffix(string(raw), "\r\n"), "\r\n") {
		if len(l) > 78 || strings.ContainsAny(l, "\r\n") || !isASCII(l) {
			t.Errorf("a line of %d characters: %q", len(l), l)
		}
	}
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

// The standard library is a second opinion.
func TestComposeIsReadByOthers(t *testing.T) {
	o := answer()
	raw, err := mail.Compose(o)
	if err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != o.Subject {
		t.Errorf("%q, %v", subject, err)
	}
	from, err := m.Header.AddressList("From")
	if err != nil || from[0].Name != o.From.Name || from[0].Address != o.From.Address {
		t.Errorf("%v, %v", from, err)
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(body, []byte("Content-Disposition: attachment"))
	field, _, _ := strings.Cut(string(body[at+len("Content-Disposition: "):]), "\r\nContent-Transfer")
	if _, params, err := mime.ParseMediaType(strings.ReplaceAll(field, "\r\n", "")); err != nil && !strings.Contains(err.Error(), "duplicate") || err == nil && params["filename"] != o.Attachments[0].Name {
		t.Errorf("%q, %v", params, err)
	}
	mustContain(t, "the name", field, `filename="=?UTF-8?B?`)
	mustContain(t, "the name", field, `filename*0*=UTF-8''%`)
}

func TestComposeForms(t *testing.T) {
	o := answer()
	o.HTML, o.Text, o.Attachments, o.Automatic = "", "1 < 2\n第二行", nil, true
	o.More = []mail.Field{{Name: "X-Loop", Value: "support@yuanxing.example"}}
	o.References = nil
	for n := range 50 {
		o.References = append(o.References, "<r"+strings.Repeat("x", n)+"@mail.example>")
	}
	raw, err := mail.Compose(o)
	if err != nil {
		t.Fatal(err)
	}
	m := mail.Parse(raw, mail.Options{Own: []string{"support@yuanxing.example"}})
	if m.Text != o.Text || !strings.Contains(m.HTML, "1 &lt; 2<br>") || m.Kind != mail.Own || len(m.References) != 20 || m.References[0] != "<r@mail.example>" || m.References[19] != o.References[49] {
		t.Errorf("%q %q %s %q", m.Text, m.HTML, m.Kind, m.References)
	}
	mustContain(t, "the header", string(raw), "Auto-Submitted: auto-replied\r\n")
	quoting := answer()
	quoting.HTML = `<p>已退款。</p><div class="moz-cite-prefix">在 2026/7/4 11:18, 王芳 写道:</div><blockquote type="cite">退了吗？</blockquote>`
	if raw, err := mail.Compose(quoting); err != nil {
		t.Error(err)
	} else if m := mail.Parse(raw, mail.Options{}); m.Text != "已退款。\n\n> 在 2026/7/4 11:18, 王芳 写道:\n\n> 退了吗？" || m.Reply != "已退款。" {
		t.Errorf("a quote is written as %q, read as %q", m.Text, m.Reply)
	}
	o.To = []mail.Address{{Address: "wang@例子.cn"}}
	if raw, err = mail.Compose(o); err != nil || !bytes.Contains(raw, []byte("wang@xn--fsqu00a.cn")) {
		t.Errorf("a Chinese domain: %v", err)
	}
}

func TestComposeRefuses(t *testing.T) {
	const inject = "x\r\nBcc: everybody@mail.example"
	for name, c := range map[string]struct {
		change func(*mail.Outgoing)
		code   string
	}{
		"subject":        {func(o *mail.Outgoing) { o.Subject = inject }, "mail.field"},
		"a bare return":  {func(o *mail.Outgoing) { o.Subject = "x\rBcc: y" }, "mail.field"},
		"no UTF-8":       {func(o *mail.Outgoing) { o.Subject = "\xff" }, "mail.field"},
		"a name":         {func(o *mail.Outgoing) { o.From.Name = inject }, "mail.field"},
		"an address":     {func(o *mail.Outgoing) { o.To[0].Address = "a@b.example\r\nBcc: c@d.example" }, "mail.field"},
		"two addresses":  {func(o *mail.Outgoing) { o.To[0].Address = "a@b.example, c@d.example" }, "mail.recipient"},
		"brackets":       {func(o *mail.Outgoing) { o.To[0].Address = "a@b.example> <c@d.example" }, "mail.recipient"},
		"no address":     {func(o *mail.Outgoing) { o.To[0].Address = "wang" }, "mail.recipient"},
		"nobody":         {func(o *mail.Outgoing) { o.To, o.Cc = nil, nil }, "mail.recipient"},
		"an id":          {func(o *mail.Outgoing) { o.InReplyTo = "<a@b>\r\nBcc: x" }, "mail.field"},
		"an id of two":   {func(o *mail.Outgoing) { o.References = []string{"<a@b> <c@d>"} }, "mail.field"},
		"a field":        {func(o *mail.Outgoing) { o.More = []mail.Field{{Name: "X-A", Value: inject}} }, "mail.field"},
		"a field's name": {func(o *mail.Outgoing) { o.More = []mail.Field{{Name: "X-A: b\r\nBcc", Value: "x"}} }, "mail.field"},
		"a file's name":  {func(o *mail.Outgoing) { o.Attachments[0].Name = inject }, "mail.field"},
		"a file's type":  {func(o *mail.Outgoing) { o.Attachments[0].Type = "a/b\r\nBcc: x" }, "mail.field"},
		"a content id":   {func(o *mail.Outgoing) { o.Attachments[1].ContentID = "a>\r\nBcc: x" }, "mail.field"},
	} {
		o := answer()
		c.change(&o)
		raw, err := mail.Compose(o)
		if fault.CodeOf(err) != c.code || raw != nil {
			t.Errorf("%s: %v, %d bytes", name, err, len(raw))
		}
	}
	o := answer()
	o.Attachments[0].Type = `text/html; charset="x"`
	raw, err := mail.Compose(o)
	if err != nil || !bytes.Contains(raw, []byte("Content-Type: application/octet-stream;")) {
		t.Errorf("a type with parameters: %v", err)
	}
}

func FuzzCompose(f *testing.F) {
	f.Add("Re: 订单", "王芳", "w@mail.example", "<p>好</p>", "报告.pdf")
	f.Add("=?utf-8?B?x?=", `a"b\`, "a@b", "", strings.Repeat("长", 100))
	f.Fuzz(func(t *testing.T, subject, name, address, doc, file string) {
		o := answer()
		o.Subject, o.To, o.HTML, o.Text = subject, []mail.Address{{Name: name, Address: address}}, doc, "x"
		o.Attachments[0].Name = file
		raw, err := mail.Compose(o)
		if err != nil {
			return
		}
		m := mail.Parse(raw, mail.Options{})
		if m.Bcc != nil || len(m.To) != 1 || len(m.Attachments) != 2 || m.MessageID != o.MessageID {
			t.Fatalf("%q is read as %+v", raw, m)
		}
		if want := strings.Join(strings.Fields(subject), " "); strings.Join(strings.Fields(m.Subject), " ") != want && !strings.ContainsAny(subject, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff") {
			t.Fatalf("subject %q is read as %q", subject, m.Subject)
		}
	})
}
