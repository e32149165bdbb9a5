package mail_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"yingda/internal/kit/mail"
)

// small keeps fuzzing quick, and reaches the limits.
var small = mail.Options{Limits: mail.Limits{Size: 1 << 20, Header: 1 << 16, Fields: 200, Depth: 20, Parts: 100, Text: 1 << 16, HTML: 1 << 16}}

func FuzzParse(f *testing.F) {
	f.Add(letter(two("A", "\r\n--A--"), "Content-Type: multipart/alternative; boundary=A"))
	f.Add(attached("Content-Disposition: attachment;", " filename*0*=gbk'zh'%CD%CB;", " filename*1*=%BF%EE.pdf"))
	f.Add(plain("text/plain; charset=gb2312; format=flowed; delsp=yes", "base64", b64(gbk(said))))
	f.Add(letter(b64(newWinmail("正文", map[string]string{"a.doc": "one"}, []string{"a.doc"})), "Content-Type: application/ms-tnef", "Content-Transfer-Encoding: base64"))
	f.Add([]byte("Content-Type: message/rfc822\r\n\r\nContent-Type: multipart/report\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\nStatus: 5.1.1"))
	f.Add([]byte(lines("", "begin 644 a", "#0V%T", "end")))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := mail.Parse(raw, small)
		for _, s := range []string{m.Subject, m.Text, m.HTML, m.Reply, m.MessageID, strings.Join(m.Notes, "")} {
			if !utf8.ValidString(s) {
				t.Fatalf("not UTF-8: %q", s)
			}
		}
		if len(m.Text) > small.Limits.Text || m.Kind == "" || strings.TrimSpace(m.Text) != "" && m.Reply == "" {
			t.Fatalf("%d bytes of text, kind %q, reply %q", len(m.Text), m.Kind, m.Reply)
		}
		for _, a := range m.Attachments {
			if !utf8.ValidString(a.Name) || len(a.Name) > 200 || strings.ContainsAny(a.Name, "\r\n\x00") {
				t.Fatalf("a file is named %q", a.Name)
			}
		}
	})
}

func FuzzHeader(f *testing.F) {
	f.Add("=?utf-8?B?5oKo5aW9?==?utf-8?B?5LiW55WM?=")
	f.Add("\"a\\\"b\" <z@mail.example>, 客户: b@c.example; (x) d@e.example")
	f.Add("=?gbk?Q?=CD=CB?=\r\n =?gbk?Q?=BF=EE")
	f.Add("=?utf-7?Q?+Ti1lhw-?= =?iso-2022-jp?B?GyRC?=")
	f.Add("attachment; filename*0*=utf-8''%E9%80; filename*1*=%80; name=\"a;b\" c=d")
	f.Fuzz(func(t *testing.T, field string) {
		field = strings.ReplaceAll(strings.ReplaceAll(field, "\r", ""), "\n", "\r\n ")
		var raw strings.Builder
		for _, name := range []string{"Subject", "From", "To", "Date", "References", "Content-Type", "Content-Disposition", "Content-ID"} {
			raw.WriteString(name + ": " + field + "\r\n")
		}
		m := mail.Parse([]byte(raw.String()+"\r\nx"), small)
		for _, s := range append([]string{m.Subject}, m.References...) {
			if !utf8.ValidString(s) || strings.ContainsAny(s, "\r\n\x00") {
				t.Fatalf("read as %q", s)
			}
		}
		for _, a := range m.From {
			if !utf8.ValidString(a.Name+a.Address) || strings.ContainsAny(a.Name+a.Address, "\r\n\x00") {
				t.Fatalf("read as %q", a)
			}
		}
	})
}

func FuzzReply(f *testing.F) {
	for _, quote := range above {
		f.Add(fresh+quote, "")
	}
	for _, doc := range belowHTML {
		f.Add("", doc)
	}
	f.Fuzz(func(t *testing.T, text, doc string) {
		if len(text)+len(doc) > 1<<16 {
			return
		}
		got := mail.Reply(text, doc)
		if !utf8.ValidString(got) {
			t.Fatalf("not UTF-8: %q", got)
		}
		text = strings.ToValidUTF8(text, "\ufffd")
		if doc == "" && len(got) > len(text) {
			t.Fatalf("%q is longer than %q", got, text)
		}
		if doc == "" && got == "" && strings.TrimSpace(text) != "" && !strings.Contains(text, "请在此行上方回复") {
			t.Fatalf("nothing is left of %q", text)
		}
	})
}

func FuzzHTML(f *testing.F) {
	for _, doc := range belowHTML {
		f.Add(doc)
	}
	f.Add(`<table><tr><td><li><p style="color:red;background:url(x)"><a href=" javascript:x">`)
	f.Add(`<svg><style><img src=x onerror=x></style></svg><noscript><textarea></noscript>`)
	f.Fuzz(func(t *testing.T, doc string) {
		if len(doc) > 1<<16 {
			return
		}
		safe := mail.SafeHTML(doc, false)
		harmless(t, safe.HTML)
		if again := mail.SafeHTML(safe.HTML, false).HTML; len(again) > 2*len(safe.HTML)+100 {
			t.Fatalf("%d bytes become %d", len(safe.HTML), len(again))
		}
		mail.HTMLText(doc)
	})
}

// data returns a folder of mails that others collected, which are not part of
// the project: YINGDA_MAIL_DATA, or beside the project. The test is left out
// where there is none.
func data(t *testing.T, part string) string {
	t.Helper()
	root := os.Getenv("YINGDA_MAIL_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "data", "email")
	}
	folder := filepath.Join(root, part)
	if _, err := os.Stat(folder); err != nil {
		t.Skip("no mails of others here; YINGDA_MAIL_DATA names their folder")
	}
	return folder
}
