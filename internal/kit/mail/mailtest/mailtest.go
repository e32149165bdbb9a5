// Package mailtest makes mails to measure the parser with: ordinary ones, and
// such as are made to be slow.
package mailtest

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
)

// Mail is a mail with what it is.
type Mail struct {
	Name string
	Raw  []byte
}

const head = "From: a@mail.example\r\nTo: support@yuanxing.example\r\nDate: Mon, 23 Nov 2026 09:30:00 +0800\r\nMessage-ID: <a1@mail.example>\r\n"

// Nasty returns mails of about so many bytes each, one for each way in which a
// parser can be made to do more than its share.
func Nasty(size int) []Mail {
	fill := func(s string) string { return strings.Repeat(s, size/len(s)+1)[:size] }
	var all []Mail
	add := func(name, raw string) { all = append(all, Mail{name, []byte(raw)}) }
	body := func(kind, b string) string { return head + "Subject: x\r\nContent-Type: " + kind + "\r\n\r\n" + b }
	for name, s := range map[string]string{
		"word begins": "=?", "words without an end": "=?utf-8?B?", "words of Q": "=?utf-8?Q?=E4?=E4", "words": "=?utf-8?B?5oKo?= ", "words and signs": "=?gbk?q?=?", "question signs": "?=E4?", "half words": "=?x?",
		"commas": ",", "brackets": "<", "closed brackets": "<a>", "parentheses": "(", "quotes": `"`, "backslashes": `\`, "colons after an at": "@:", "groups": "a:", "semicolons": ";", "addresses": "a@b.c, ",
		"parameters": ";a=b", "quotes in a value": `filename="a"b`, "extended parameters": `; filename*0*=a''%E4`, "equals signs": "=", "high bytes": "\xd5\xc5", "spaces": " ", "folds": "\r\n a",
	} {
		value := fill(s)
		add("field: "+name, head+"Subject: "+value+"\r\n\r\nx")
		add("list: "+name, "From: "+value+"\r\nTo: @"+value+"\r\nReferences: "+value+"\r\nDate: "+value+"\r\n\r\nx")
		add("type: "+name, head+"Content-Type: text/plain; name="+value+"\r\nContent-Disposition: attachment; filename=\""+value+"\r\n\r\nx")
	}
	add("fields", head+fill("a:b\r\n")+"\r\nx")
	add("lines that are no fields", head+fill("rubbish\r\na: b\r\n")+"\r\nx")
	add("received", fill("Received: x; y\r\n")+"\r\nx")
	for name, s := range map[string]string{
		"empty parts": "--A\r\n", "parts": "--A\r\n\r\nx\r\n", "the same within itself": "--A\r\nContent-Type: multipart/mixed; boundary=A\r\n\r\n", "nearly boundaries": "--AB\r\n", "dashes": "--", "boundaries in lines": "x--A", "parts of files": "--A\r\nContent-Type: a/b; name=c\r\n\r\nx\r\n",
	} {
		add("parts: "+name, body("multipart/mixed; boundary=A", fill(s)))
		add("parts unannounced: "+name, body("multipart/mixed", fill(s)))
	}
	var nested strings.Builder
	for i := 0; nested.Len() < size; i++ {
		fmt.Fprintf(&nested, "--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n", i, i+1)
	}
	add("parts in parts", body("multipart/mixed; boundary=b0", nested.String()))
	var deep strings.Builder
	for i := range 99 {
		fmt.Fprintf(&deep, "--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n", i, i+1)
	}
	add("parts in parts around much", body("multipart/mixed; boundary=b0", deep.String()+"--b99\r\n\r\n"+fill("--b x\r\n")))
	add("mails in mails", head+fill("Content-Type: message/rfc822\r\n\r\n"))
	for name, s := range map[string]string{
		"greater signs": ">", "quoted lines": "> a\n", "deep quotes": ">>>>>>>>>>>>>>>>>>>>>>>> a\n", "one line": "订单", "letters": "a", "openers": "On 4 Jul 2026 at 11:18 a <b@c>\n", "Chinese openers": "在 2026-07-04 11:18\n", "labels": "发件人: a\n", "two labels": "发件人: a\n主题: b\n", "signatures": "-- \n", "telephones": "发自我的iPhone\n", "rules": "-----\n", "original": "---- 原始邮件 ---\n", "blank lines": "\n", "spaces and lines": " \n", "tabs": "\t", "uuencode": "begin 644 a\n", "uuencode that goes on": "begin 644 a\nM" + strings.Repeat("0", 60) + "\n", "digits": "2026-", "answers between": "> a\nb\n", "bars": "| |\n", "zero bytes": "a\x00", "carriage returns": "\r", "addresses": "a@b.c\n", "a and b": "a@\n",
	} {
		add("text: "+name, body("text/plain; charset=utf-8", fill(s)))
		add("flowed: "+name, body("text/plain; format=flowed; delsp=yes", fill(s)))
	}
	for name, s := range map[string]string{
		"GBK": "\xd5\xc5\xc8\xfd\n", "GBK in one line": "\xb6\xa9\xb5\xa5", "lead bytes": "\x81", "four bytes": "\x81\x30\x81\x30", "Latin": "a\xe9 ", "trail bytes": "\x80\xbf", "UTF-8 and GBK": "订单\n\xb6\xa9\xb5\xa5\n", "a bad byte a line": "订单订单\xe5\n", "UTF-7": "+A", "UTF-7 words": "+YKg-", "HZ": "~{", "HZ words": "~{VPND~}", "escapes": "\x1b$B", "shifts": "\x0e!!\x0f", "wide": "\x00a",
	} {
		for _, set := range []string{"utf-8", "none", "gb2312", "utf-7", "iso-2022-jp", "iso-2022-kr", "hz-gb-2312", "utf-16", "iso-8859-1"} {
			add("bytes: "+name+" as "+set, body("text/plain; charset="+set, fill(s)))
		}
	}
	for name, s := range map[string]string{
		"elements": "<div>", "end tags": "</div>", "bold": "<b>", "different bold": "<b a=1><i>", "paragraphs": "<p>", "tables": "<table><tr><td>", "items": "<ol><li>", "attributes": "<a a ", "values": "<a href='x' b=\"y\">", "open tags": "<", "tags that do not end": "<a b='", "comments": "<!--", "short comments": "<!-->", "entities": "&", "named entities": "&amp;&nbsp;", "numbers": "&#x4f60;", "styles": `<p style="color:red;;a:b">`, "style elements": "<style>", "style without an end": "<style></styl", "scripts": "<script><!--<script>", "titles": "<title></titl", "quotes": `<div class="gmail_quote">`, "cuts": `<div id="appendonsend">`, "blank": "<br>", "hidden": "<div hidden>", "crossed": "<b><p></b></p>", "pictures": `<img src="http://a/b">`, "metas": "<meta ", "CDATA": "<![CDATA[", "bogus": "<?", "pre": "<pre>\n", "svg": "<svg><a>", "dropped": "<object>", "data": `<img src="data:image/png;base64,`, "select": "<select><option>", "space": "<p> ",
	} {
		add("html: "+name, body("text/html; charset=utf-8", fill(s)))
	}
	add("html: one style", body("text/html", `<p style="`+fill("color:red;")+`">`))
	add("html: one attribute", body("text/html", `<p title="`+fill("a")+`">`))
	for name, s := range map[string]string{"equals signs": "=", "pieces": "AA=", "padded": "AAA=\r\n", "rubbish": "!A", "blank lines": "\r\nAAAA\r\n\r\n", "soft breaks": "=\r\n", "spaces after equals": "=   ", "codes": "=E4", "letters": "A"} {
		for _, e := range []string{"base64", "quoted-printable", "x-uuencode"} {
			add("encoding: "+name+" as "+e, head+"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "+e+"\r\n\r\n"+fill(s))
			add("encoding of a file: "+name+" as "+e, head+"Content-Type: a/b\r\nContent-Transfer-Encoding: "+e+"\r\n\r\n"+fill(s))
		}
	}
	for name, s := range map[string]string{"events": "BEGIN:VEVENT\r\nSUMMARY:a\r\n", "folds": "\r\n a", "alarms": "BEGIN:VEVENT\r\nBEGIN:VALARM\r\n", "escapes": `DESCRIPTION:\n\,`} {
		add("calendar: "+name, body("text/calendar", "BEGIN:VEVENT\r\n"+fill(s)))
	}
	add("report", head+"Content-Type: message/delivery-status\r\n\r\n"+fill("A: b\r\n\r\n"))
	add("report of codes", head+"Return-Path: <>\r\nSubject: failure notice\r\n\r\n"+fill("5.5.5.5."))
	for name, value := range map[string]string{"attributes": fill("\x02\x0f\x80\x06\x00\x00\x00\x00\x00\x00\x00"), "properties": properties(size, "\x03\x00\x01\x00\x00\x00\x00\x00"), "values": many(size), "RTF groups": compressed(fill("{")), "RTF words": compressed(fill("\\par ")), "RTF codes": compressed(fill("\\'b6\\u1?"))} {
		add("winmail: "+name, head+"Content-Type: application/ms-tnef\r\n\r\n"+winmail(value, name == "attributes"))
	}
	return all
}

func le32(n int) string {
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], uint32(n))
	return string(b[:])
}

// winmail is a TNEF of properties, or of attributes as they are.
func winmail(value string, asIs bool) string {
	begin := le32(0x223e9f78) + "\x01\x00"
	if asIs {
		return begin + value
	}
	return begin + "\x01" + le32(0x00069003) + le32(len(value)) + value + "\x00\x00"
}

func properties(size int, one string) string {
	n := size / len(one)
	return le32(n) + strings.Repeat(one, n)
}

// many is one property of many values.
func many(size int) string {
	return le32(1) + "\x1e\x10\x01\x30" + le32(size/4) + strings.Repeat("\x00", size)
}

// compressed is RTF in the form of a winmail.dat.
func compressed(rtf string) string {
	inner := le32(len(rtf)+12) + le32(len(rtf)) + "MELA" + le32(0) + rtf
	for len(inner)%4 != 0 {
		inner += "\x00"
	}
	return le32(1) + "\x02\x01\x09\x10" + le32(1) + le32(len(inner)) + inner
}

// Ordinary returns mails as customers write them.
func Ordinary() []Mail {
	text := strings.Repeat("您好，我上周订的车充到今天还没有收到，物流信息也没有更新，麻烦帮忙查一下。\r\n谢谢！\r\n", 10)
	quote := "\r\n在 2026-07-04 11:18:30，\"客服\" <support@yuanxing.example> 写道：\r\n" + strings.Repeat("> 您的订单已经发货，请注意查收。\r\n", 20)
	doc := "<html><head><style>p{margin:0}</style></head><body>" + strings.Repeat(`<div style="font-family:'微软雅黑';font-size:14px;color:#333">您好，我上周订的车充到今天还没有收到，<b>物流信息</b>也没有更新。<br><a href="https://shop.example/o/1001">订单 1001</a></div>`, 20) + `<blockquote id="isReplyContent"><div>您的订单已经发货，请注意查收。</div></blockquote></body></html>`
	alternative := "--A\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(text+quote) + "--A\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(doc) + "--A--\r\n"
	file := func(name string, n int) string {
		return "--M\r\nContent-Type: application/octet-stream; name=\"" + name + "\"\r\nContent-Disposition: attachment; filename=\"" + name + "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(strings.Repeat("%PDF-1.7 \x00\x01\x02\xff", n/13)) + "\r\n"
	}
	subject := "Subject: =?utf-8?B?5oKo5aW977yM6K6i5Y2V6YCA5qy+6Zeu6aKY?=\r\nMIME-Version: 1.0\r\n"
	return []Mail{
		{"plain", []byte(head + subject + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + text + quote)},
		{"two forms", []byte(head + subject + "Content-Type: multipart/alternative; boundary=A\r\n\r\n" + alternative)},
		{"a photo", []byte(head + subject + "Content-Type: multipart/mixed; boundary=M\r\n\r\n--M\r\nContent-Type: multipart/alternative; boundary=A\r\n\r\n" + alternative + file("=?gbk?B?vdjNvC5wbmc=?=", 300<<10) + "--M--\r\n")},
		{"large files", []byte(head + subject + "Content-Type: multipart/mixed; boundary=M\r\n\r\n--M\r\nContent-Type: multipart/alternative; boundary=A\r\n\r\n" + alternative + file("a.pdf", 4<<20) + file("b.zip", 2<<20) + "--M--\r\n")},
		{"newsletter", []byte(head + subject + "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + qp(strings.Repeat(doc, 10)))},
	}
}

func b64(s string) string {
	var out strings.Builder
	for e := base64.StdEncoding.EncodeToString([]byte(s)); e != ""; {
		n := min(76, len(e))
		out.WriteString(e[:n] + "\r\n")
		e = e[n:]
	}
	return out.String()
}

func qp(s string) string {
	var out strings.Builder
	n := 0
	for _, c := range []byte(s) {
		if c == '=' || c >= 0x80 {
			fmt.Fprintf(&out, "=%02X", c)
			n += 3
		} else {
			out.WriteByte(c)
			n++
		}
		if n >= 70 {
			out.WriteString("=\r\n")
			n = 0
		}
	}
	return out.String()
}
