package mail_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// The bytes of a text in a charset.
var (
	gbk     = in(simplifiedchinese.GBK)
	gb18    = in(simplifiedchinese.GB18030)
	hz      = in(simplifiedchinese.HZGB2312)
	big5    = in(traditionalchinese.Big5)
	sjis    = in(japanese.ShiftJIS)
	jis     = in(japanese.ISO2022JP)
	eucjp   = in(japanese.EUCJP)
	euckr   = in(korean.EUCKR)
	cp1252  = in(charmap.Windows1252)
	cp1251  = in(charmap.Windows1251)
	koi8    = in(charmap.KOI8R)
	utf16   = in(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM))
	utf16be = in(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM))
)

func in(e encoding.Encoding) func(string) string {
	return func(s string) string {
		b, err := e.NewEncoder().String(s)
		if err != nil {
			panic(err)
		}
		return b
	}
}

// b64 is base64 in lines of 76.
func b64(s string) string {
	var out strings.Builder
	for e := base64.StdEncoding.EncodeToString([]byte(s)); e != ""; {
		n := min(76, len(e))
		out.WriteString(e[:n] + "\r\n")
		e = e[n:]
	}
	return out.String()
}

// word is an encoded word of bytes in a charset.
func word(charset, raw string) string {
	return "=?" + charset + "?B?" + base64.StdEncoding.EncodeToString([]byte(raw)) + "?="
}

// q is an encoded word in the Q encoding.
func q(charset, raw string) string {
	return "=?" + charset + "?Q?" + qp(raw) + "?="
}

// qp writes every byte that is no letter as a code.
func qp(s string) string {
	var out strings.Builder
	for _, c := range []byte(s) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			out.WriteByte(c)
		} else {
			fmt.Fprintf(&out, "=%02X", c)
		}
	}
	return out.String()
}

// percent writes every byte as a code of a URL.
func percent(s string) string {
	var out strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&out, "%%%02X", c)
	}
	return out.String()
}

// lines joins lines as mail has them.
func lines(l ...string) string { return strings.Join(l, "\r\n") }

// letter is a mail with a usual header, more fields and a body.
func letter(body string, fields ...string) []byte {
	h := []string{"From: " + word("utf-8", "王芳") + " <wangfang@mail.example>", "To: support@yuanxing.example", "Date: Mon, 23 Nov 2026 09:30:00 +0800", "Message-ID: <a1@mail.example>", "MIME-Version: 1.0"}
	return []byte(lines(append(append(h, fields...), "", body)...))
}

// plain is a mail of one text.
func plain(contentType, encoding, body string, fields ...string) []byte {
	f := append([]string{"Subject: x"}, fields...)
	if contentType != "" {
		f = append(f, "Content-Type: "+contentType)
	}
	if encoding != "" {
		f = append(f, "Content-Transfer-Encoding: "+encoding)
	}
	return letter(body, f...)
}

// attached is a mail with one file, whose part has these fields.
func attached(fields ...string) []byte {
	return letter(lines(append(append([]string{"--B", "Content-Type: text/plain; charset=utf-8", "", "见附件", "--B"}, fields...), "Content-Transfer-Encoding: base64", "", b64("file"), "--B--", "")...), "Subject: x", "Content-Type: multipart/mixed; boundary=B")
}

// squeezed has no white space.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func mustContain(t *testing.T, what, s, part string) {
	t.Helper()
	if !strings.Contains(s, part) {
		t.Errorf("%s lacks %q: %.300q", what, part, s)
	}
}

// winmail builds a TNEF of a message with files; the names are bytes of code
// page 936, the long ones UTF-16.
type winmail struct{ bytes.Buffer }

func (w *winmail) le16(n int) { w.Write([]byte{byte(n), byte(n >> 8)}) }

func (w *winmail) le32(n int) { w.Write([]byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)}) }

func (w *winmail) attribute(level byte, id int, value []byte) {
	w.WriteByte(level)
	w.le32(id)
	w.le32(len(value))
	w.Write(value)
	sum := 0
	for _, c := range value {
		sum += int(c)
	}
	w.le16(sum)
}

// property is a list of one MAPI property of UTF-16.
func property(id int, text string) []byte {
	var w winmail
	value := in(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM))(text + "\x00")
	w.le32(1)
	w.le16(0x1f)
	w.le16(id)
	w.le32(1)
	w.le32(len(value))
	w.WriteString(value)
	for w.Len()%4 != 0 {
		w.WriteByte(0)
	}
	return w.Bytes()
}

func newWinmail(text string, files map[string]string, order []string) string {
	var w winmail
	w.le32(0x223e9f78)
	w.le16(1)
	w.attribute(1, 0x00069007, []byte{0xa8, 3, 0, 0, 0, 0, 0, 0}) // 936
	w.attribute(1, 0x00069003, property(0x1000, text))
	for _, name := range order {
		w.attribute(2, 0x00069002, make([]byte, 14))
		w.attribute(2, 0x00018010, []byte(gbk(name)+"\x00"))
		w.attribute(2, 0x0006800f, []byte(files[name]))
		w.attribute(2, 0x00069005, property(0x3707, "长名-"+name))
	}
	return w.String()
}
