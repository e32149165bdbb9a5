package mail_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/kit/mail"
)

const said = "您好，我的订单还没有发货，请尽快处理。谢谢！"

// want is what a mail is to be read as; what is empty does not matter, but for
// text where it is "-": then there is to be none.
type want struct {
	subject, from, address, text, html, reply, note string
	kind                                            mail.Kind
	files                                           []string
}

func (w want) check(t *testing.T, m *mail.Incoming) {
	t.Helper()
	for _, c := range []struct{ what, want, got string }{{"subject", w.subject, m.Subject}, {"text", w.text, squeezed(m.Text)}, {"kind", string(w.kind), string(m.Kind)}, {"reply", w.reply, m.Reply}} {
		if c.what == "text" {
			c.want = squeezed(c.want)
			if c.want == "-" && c.got == "" {
				continue
			}
		}
		if c.want != "" && c.got != c.want {
			t.Errorf("%s is %q, want %q", c.what, c.got, c.want)
		}
	}
	if w.from != "" && (len(m.From) != 1 || m.From[0].Name != w.from) {
		t.Errorf("from %q, want %q", m.From, w.from)
	}
	if w.address != "" && (len(m.From) != 1 || m.From[0].Address != w.address) {
		t.Errorf("from %q, want %q", m.From, w.address)
	}
	if w.html != "" {
		mustContain(t, "html", m.HTML, w.html)
	}
	if w.note != "" {
		mustContain(t, "notes", strings.Join(m.Notes, "\n"), w.note)
	}
	var files []string
	for _, a := range m.Attachments {
		files = append(files, a.Name)
	}
	if w.files != nil && !slices.Equal(files, w.files) {
		t.Errorf("files %q, want %q", files, w.files)
	}
}

const traditional = "您好，我的訂單還沒有收到，請盡快處理，謝謝！"

const japaneseText = "こんにちは、注文した商品がまだ届いていません。よろしくお願いします。"

const koreanText = "안녕하세요. 주문한 상품이 아직 배송되지 않았습니다. 확인 부탁드립니다."

const russianText = "Здравствуйте, мой заказ ещё не пришёл, проверьте пожалуйста."

func TestCharsets(t *testing.T) {
	for _, c := range []struct {
		name, label, raw, text string
	}{
		{"GB2312 that is GB18030", "gb2312", gb18("四字节：𠮷😀"), "四字节：𠮷😀"},
		{"GB2312 that is GBK", "GB2312", gbk("朱镕基先生的囍字"), "朱镕基先生的囍字"},
		{"GB_2312-80", "GB_2312-80", gbk(said), said},
		{"x-gbk", "x-gbk", gbk(said), said},
		{"ms936", "ms936", gbk(said), said},
		{"windows-936", "windows-936", gbk(said), said},
		{"EUC-CN", "EUC-CN", gbk(said), said},
		{"quoted label", `"'gbk'"`, gbk(said), said},
		{"label after quoted-printable", `3D"gb2312"`, gbk(said), said},
		{"GB18030 euro", "gb18030", gb18("€ 的价格"), "€ 的价格"},
		{"GBK cut in a character", "gbk", gbk(said)[:len(gbk(said))-1], ""},
		{"Big5", "big5", big5(traditional), traditional},
		{"Big5-HKSCS", "Big5-HKSCS", big5(traditional), traditional},
		{"cp950", "cp950", big5(traditional), traditional},
		{"Big5 with backslashes", "big5", big5("功能許可"), "功能許可"},
		{"Big5 that says GB2312", "gb2312", big5(traditional), traditional},
		{"GBK that says Big5", "big5", gbk(said), said},
		{"GBK that says UTF-8", "utf-8", gbk(said), said},
		{"UTF-8 that says GB2312", "gb2312", said, said},
		{"UTF-8 that says Latin", "iso-8859-1", said, said},
		{"GBK that says Latin", "iso-8859-1", gbk(said), said},
		{"GBK that says windows-1252", "windows-1252", gbk(said), said},
		{"GBK that says ASCII", "us-ascii", gbk(said), said},
		{"Big5 that says Latin", "iso-8859-1", big5(traditional), traditional},
		{"GBK without a label", "", gbk(said), said},
		{"Big5 without a label", "", big5(traditional), traditional},
		{"UTF-8 without a label", "", said, said},
		{"a label that nobody knows", "x-unknown", said, said},
		{"GBK with such a label", "unknown-8bit", gbk(said), said},
		{"short GBK without a label", "", gbk("退款"), "退款"},
		{"short Big5 without a label", "", big5("訂單退款"), "訂單退款"},
		{"Shift_JIS", "shift_jis", sjis(japaneseText), japaneseText},
		{"cp932", "cp932", sjis(japaneseText), japaneseText},
		{"Shift_JIS without a label", "", sjis(japaneseText), japaneseText},
		{"EUC-JP", "euc-jp", eucjp(japaneseText), japaneseText},
		{"EUC-JP without a label", "", eucjp(japaneseText), japaneseText},
		{"ISO-2022-JP", "iso-2022-jp", jis(japaneseText), japaneseText},
		{"ISO-2022-JP without a label", "", jis(japaneseText), japaneseText},
		{"ISO-2022-KR", "iso-2022-kr", "\x1b$)C\x0e" + seven(euckr("주문")) + "\x0f ok", "주문 ok"},
		{"ISO-2022-CN", "iso-2022-cn", "\x1b$)A\x0e" + seven(gbk("订单")) + "\x0f ok", "订单 ok"},
		{"HZ", "hz-gb-2312", hz("订单 ok"), "订单 ok"},
		{"EUC-KR", "euc-kr", euckr(koreanText), koreanText},
		{"KS_C_5601-1987", "ks_c_5601-1987", euckr(koreanText), koreanText},
		{"EUC-KR without a label", "", euckr(koreanText), koreanText},
		{"Latin", "iso-8859-1", cp1252("Fröhliche Grüße, déjà vu"), "Fröhliche Grüße, déjà vu"},
		{"Latin without a label", "", cp1252("Herr Frösche möchte das Gerät zurückgeben"), "Herr Frösche möchte das Gerät zurückgeben"},
		{"one Latin letter", "", cp1252("Frösche"), "Frösche"},
		{"a Latin letter that would be a Han character", "", cp1252("Rückgabe"), "Rückgabe"},
		{"seldom characters", "gb2312", gbk("喆堃犇淼焱"), "喆堃犇淼焱"},
		{"seldom characters without a label", "", gbk("王喆，李堃"), "王喆，李堃"},
		{"a Korean name", "", euckr("김철수"), "김철수"},
		{"signs", "gb2312", gbk("★☆①②③→"), "★☆①②③→"},
		{"Latin letters in pairs", "", cp1252("Eelanalüüsi päring"), "Eelanalüüsi päring"},
		{"Latin quotes", "iso-8859-1", cp1252("it’s “fine” – 5 €"), "it’s “fine” – 5 €"},
		{"windows-1251", "windows-1251", cp1251(russianText), russianText},
		{"windows-1251 without a label", "", cp1251(russianText), russianText},
		{"KOI8-R without a label", "", koi8(russianText), russianText},
		{"UTF-16 with its mark", "utf-16", utf16(said), said},
		{"UTF-16 without its mark", "utf-16", utf16be(said), said},
		{"UTF-16 without a label", "", utf16(said), said},
		{"UTF-16 of English without a mark", "", utf16be("Hello, where is my order?"), "Hello, where is my order?"},
		{"UTF-7", "utf-7", "+YKhZfQ-, 1 +- 1", "您好, 1 + 1"},
		{"UTF-8 with its mark", "utf-8", "\ufeff" + said, said},
		{"UTF-8 that says UTF-16", "utf-16", said + " ok", said + " ok"},
		{"an old quote in GBK", "utf-8", said + "\n> " + gbk("旧的内容，请处理"), said + "\n> 旧的内容，请处理"},
		{"a damaged character", "utf-8", said + "\xe5\xa5" + said, said + "\ufffd" + said},
	} {
		t.Run(c.name, func(t *testing.T) {
			kind := "text/plain"
			if c.label != "" {
				kind += "; charset=" + c.label
			}
			m := mail.Parse(plain(kind, "base64", b64(c.raw)), mail.Options{})
			if c.text == "" {
				c.text = string([]rune(said)[:len([]rune(said))-1])
				mustContain(t, "text", m.Text, c.text)
				return
			}
			if m.Text != c.text {
				t.Errorf("read as %q, want %q; %q", m.Text, c.text, m.Notes)
			}
			if strings.Contains(m.Text, "\ufffd") != strings.Contains(strings.Join(m.Notes, " "), "damaged") {
				t.Errorf("notes %q", m.Notes)
			}
		})
	}
}

// seven takes the high bits away.
func seven(s string) string {
	b := []byte(s)
	for i := range b {
		b[i] &= 0x7f
	}
	return string(b)
}

func TestSubjects(t *testing.T) {
	subject := "您好，订单退款问题"
	utf, gb := subject, gbk(subject)
	for _, c := range []struct{ name, field, want string }{
		{"B", word("utf-8", utf), subject},
		{"Q", q("utf-8", utf), subject},
		{"GB2312", word("gb2312", gb), subject},
		{"cut inside a character, B", word("utf-8", utf[:7]) + "\r\n " + word("utf-8", utf[7:]), subject},
		{"cut inside a character, Q", q("gbk", gb[:5]) + "\r\n\t" + q("gbk", gb[5:]), subject},
		{"cut inside a group of base64", "=?utf-8?B?" + strings.TrimRight(b64(utf), "=\r\n")[:10] + "?= =?utf-8?B?" + strings.TrimRight(b64(utf), "=\r\n")[10:] + "?=", subject},
		{"B and Q", word("utf-8", utf[:7]) + " " + q("utf-8", utf[7:]), subject},
		{"without padding", strings.Replace(word("utf-8", "订单x"), "=?=", "?=", 1), "订单x"},
		{"without its end", strings.TrimSuffix(word("utf-8", utf), "?="), subject},
		{"cut off", word("utf-8", utf)[:30], string([]rune(utf)[:4]) + "*"},
		{"nothing between", word("utf-8", "您好") + word("utf-8", "世界"), "您好世界"},
		{"an = is missing between", strings.TrimSuffix(word("utf-8", "您好"), "=") + word("utf-8", "世界")[0:], "您好世界"},
		{"spaces in Q", "=?utf-8?Q?Re: =E8=AE=A2=E5=8D=95 now?=", "Re: 订单 now"},
		{"a question mark in Q", "=?utf-8?Q?ok?=E8=AE=A2=E5=8D=95?=", "ok?订单"},
		{"spaces in B", "=?utf-8?B?" + strings.Replace(b64("您好世界"), "55", " 55", 1)[:0] + "5oKo 5aW9 5LiW55WM?=", "您好世界"},
		{"lower case", "=?GBK?b?" + strings.TrimSpace(b64(gb)) + "?=", subject},
		{"a language", strings.Replace(word("utf-8", utf), "utf-8", "utf-8*zh-CN", 1), subject},
		{"three charsets", word("gb2312", gbk("回复：")) + " " + word("big5", big5("繁體")) + " " + word("utf-8", "utf"), "回复：繁體utf"},
		{"words and text", "Re: " + word("utf-8", "订单") + " [#1001] " + word("utf-8", "退款"), "Re: 订单 [#1001] 退款"},
		{"raw GBK", gb, subject},
		{"raw UTF-8", utf, subject},
		{"raw Big5", big5("訂單退款問題"), "訂單退款問題"},
		{"raw Latin", cp1252("Rückgabe für Herrn Frösche"), "Rückgabe für Herrn Frösche"},
		{"raw and words", gbk("回复") + ": " + word("utf-8", "订单"), "回复: 订单"},
		{"GBK that says UTF-8", word("utf-8", gb), subject},
		{"an unknown charset", word("x-none", utf), subject},
		{"quotes in B", word("utf-8", `"订单"`), `"订单"`},
		{"no word at all", "a =? b ?= c", "a =? b ?= c"},
		{"folded within a word", "=?utf-8?B?" + strings.TrimSpace(b64(utf))[:12] + "\r\n " + strings.TrimSpace(b64(utf))[12:] + "?=", subject},
		{"folded without a space", word("utf-8", "您好") + "\r\n" + word("utf-8", "世界"), "您好世界"},
		{"folded text", "Re: hello\r\n world", "Re: hello world"},
		{"ISO-2022-JP", word("iso-2022-jp", jis("日本語の件名")), "日本語の件名"},
		{"UTF-7", "=?utf-7?Q?+Ti1lh21Li9U-?=", "中文测试"},
		{"control characters", word("utf-8", "a\r\nBcc: x@y\x00\u202egpj"), "a Bcc: x@ygpj"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := mail.Parse(letter(said, "Subject: "+c.field), mail.Options{})
			if begin, open := strings.CutSuffix(c.want, "*"); open && strings.HasPrefix(m.Subject, begin) && !strings.Contains(m.Subject, "=?") {
				return
			}
			if m.Subject != c.want {
				t.Errorf("read as %q, want %q", m.Subject, c.want)
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		name, field string
		want        []mail.Address
	}{
		{"usual", word("utf-8", "张三") + " <z@mail.example>", []mail.Address{{"张三", "z@mail.example"}}},
		{"raw GBK in quotes", `"` + gbk("张三") + `" <z@mail.example>`, []mail.Address{{"张三", "z@mail.example"}}},
		{"raw Big5 with a backslash", `"` + big5("許功") + `" <z@mail.example>`, []mail.Address{{"許功", "z@mail.example"}}},
		{"a word in quotes", `"` + word("gbk", gbk("张三")) + `" <z@mail.example>`, []mail.Address{{"张三", "z@mail.example"}}},
		{"QQ", `"` + word("gb18030", gbk("客服")) + `"<z@qq.example>;`, []mail.Address{{"客服", "z@qq.example"}}},
		{"a comma in a word", word("utf-8", "张三,李四") + " <z@mail.example>", []mail.Address{{"张三,李四", "z@mail.example"}}},
		{"a comma in a name", "Li, Si <l@mail.example>, z@mail.example", []mail.Address{{"Li, Si", "l@mail.example"}, {"", "z@mail.example"}}},
		{"all in a word", word("utf-8", "张三 <z@mail.example>"), []mail.Address{{"张三", "z@mail.example"}}},
		{"semicolons", "a@mail.example; b@mail.example;", []mail.Address{{"", "a@mail.example"}, {"", "b@mail.example"}}},
		{"wide commas", "a@mail.example，b@mail.example；c@mail.example", []mail.Address{{"", "a@mail.example"}, {"", "b@mail.example"}, {"", "c@mail.example"}}},
		{"a wide comma in a name", "张三，李四 <z@mail.example>", []mail.Address{{"张三，李四", "z@mail.example"}}},
		{"a group", "客户: a@mail.example, B <b@mail.example>;", []mail.Address{{"", "a@mail.example"}, {"B", "b@mail.example"}}},
		{"an empty group", "undisclosed-recipients:;", nil},
		{"a comment", "a@mail.example (" + word("utf-8", "张三") + ")", []mail.Address{{"张三", "a@mail.example"}}},
		{"no closing bracket", "张三 <z@mail.example", []mail.Address{{"张三", "z@mail.example"}}},
		{"an address as a name", `"z@mail.example" <z@mail.example>`, []mail.Address{{"z@mail.example", "z@mail.example"}}},
		{"single quotes", `'z@mail.example' <z@mail.example>`, []mail.Address{{"z@mail.example", "z@mail.example"}}},
		{"mailto", "<mailto:z@mail.example>", []mail.Address{{"", "z@mail.example"}}},
		{"folded", "张三\r\n <z@mail.example>,\r\n b@mail.example", []mail.Address{{"张三", "z@mail.example"}, {"", "b@mail.example"}}},
		{"escaped quotes", `"Z \"the\" S" <z@mail.example>`, []mail.Address{{`Z "the" S`, "z@mail.example"}}},
		{"a route", "<@relay.example:z@mail.example>", []mail.Address{{"", "z@mail.example"}}},
		{"spaces in brackets", "Z < z@mail.example >", []mail.Address{{"Z", "z@mail.example"}}},
		{"a quote that is not closed", `"Z <z@mail.example>, b@mail.example`, []mail.Address{{"Z", "z@mail.example"}, {"", "b@mail.example"}}},
		{"no address", word("utf-8", "匿名"), []mail.Address{{"匿名", ""}}},
		{"nothing", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := lines("From: "+c.field, "Subject: x", "", said)
			if got := mail.Parse([]byte(raw), mail.Options{}).From; !slices.Equal(got, c.want) {
				t.Errorf("read as %q, want %q", got, c.want)
			}
		})
	}
}

func TestFileNames(t *testing.T) {
	name := "退款申请表 2026（最终版）.docx"
	utf, gb := name, gbk(name)
	for _, c := range []struct {
		name   string
		fields []string
		want   string
	}{
		{"RFC 2231", []string{"Content-Type: application/octet-stream", "Content-Disposition: attachment; filename*=utf-8''" + percent(utf)}, name},
		{"RFC 2231 in GBK", []string{"Content-Disposition: attachment; filename*=gbk'zh-cn'" + percent(gb)}, name},
		{"RFC 2231 without a charset", []string{"Content-Disposition: attachment; filename*=" + percent(gb)}, name},
		{"continued", []string{"Content-Disposition: attachment;", " filename*0*=utf-8''" + percent(utf[:13]) + ";", " filename*1*=" + percent(utf[13:])}, name},
		{"continued out of order", []string{"Content-Disposition: attachment;", " filename*1*=" + percent(utf[13:]) + ";", " filename*0*=utf-8''" + percent(utf[:13])}, name},
		{"continued without codes", []string{"Content-Disposition: attachment; filename*0=\"long \"; filename*1=\"name.pdf\""}, "long name.pdf"},
		{"continued with words", []string{"Content-Disposition: attachment; filename*0=\"" + word("utf-8", utf)[:20] + "\"; filename*1=\"" + word("utf-8", utf)[20:] + "\""}, name},
		{"RFC 2047", []string{`Content-Disposition: attachment; filename="` + word("utf-8", utf) + `"`}, name},
		{"RFC 2047 without quotes", []string{"Content-Disposition: attachment; filename=" + word("gb2312", gb)}, name},
		{"RFC 2047, folded", []string{`Content-Type: application/octet-stream;`, ` name="` + word("gbk", gb[:9]), ` ` + word("gbk", gb[9:]) + `"`}, name},
		{"raw GBK", []string{`Content-Disposition: attachment; filename="` + gb + `"`}, name},
		{"raw UTF-8", []string{`Content-Disposition: attachment; filename="` + utf + `"`}, name},
		{"raw Big5", []string{`Content-Disposition: attachment; filename="` + big5("退款申請表.docx") + `"`}, "退款申請表.docx"},
		{"spaces without quotes", []string{"Content-Disposition: attachment; filename=my report final.pdf"}, "my report final.pdf"},
		{"both forms", []string{`Content-Disposition: attachment; filename="fallback.docx"; filename*=utf-8''` + percent(utf)}, name},
		{"codes of a URL", []string{`Content-Disposition: attachment; filename="` + percent("退款.pdf") + `"`}, "退款.pdf"},
		{"a percent sign", []string{`Content-Disposition: attachment; filename="100%20off.pdf"`}, "100%20off.pdf"},
		{"only a name", []string{`Content-Type: application/pdf; name="a.pdf"`}, "a.pdf"},
		{"a path", []string{`Content-Disposition: attachment; filename="C:\Users\wang\a.pdf"`}, "a.pdf"},
		{"twice", []string{`Content-Type: application/pdf; name="a.pdf"; name="b.pdf";;`, `Content-Disposition: attachment;`}, "a.pdf"},
		{"a quote that is not closed", []string{`Content-Disposition: attachment; filename="a b.pdf; size=4`}, "a b.pdf"},
		{"quotes within", []string{`Content-Disposition: attachment; filename="the "best" one.pdf"`}, `the "best" one.pdf`},
		{"no semicolon", []string{`Content-Type: application/pdf name="a.pdf"`}, "a.pdf"},
		{"turning characters", []string{`Content-Disposition: attachment; filename*=utf-8''a%E2%80%AEfdp.exe`}, "afdp.exe"},
		{"far too long", []string{`Content-Disposition: attachment; filename="` + strings.Repeat("长", 200) + `.pdf"`}, strings.Repeat("长", 65) + ".pdf"},
		{"question marks of a server", []string{`Content-Type: application/pdf; name="` + word("gbk", gbk("报告.pdf")) + `"`, `Content-Disposition: attachment; filename="????.pdf"`}, "报告.pdf"},
		{"folded without a space", []string{`Content-Disposition: attachment; filename="a long`, `name.pdf"`}, "a long name.pdf"},
		{"no name", []string{"Content-Type: image/png"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := mail.Parse(attached(c.fields...), mail.Options{})
			if len(m.Attachments) != 1 {
				t.Fatalf("%d files; %q", len(m.Attachments), m.Notes)
			}
			if a := m.Attachments[0]; a.Name != c.want || string(a.Content) != "file" {
				t.Errorf("read as %q with %q, want %q", a.Name, a.Content, c.want)
			}
			want{text: "见附件"}.check(t, m)
		})
	}
}

// two is a text as plain text and as HTML.
func two(boundary, end string) string {
	return lines("--"+boundary, "Content-Type: text/plain; charset=gb2312", "Content-Transfer-Encoding: base64", "", b64(gbk(said))+"--"+boundary, "Content-Type: text/html; charset=gb2312", "Content-Transfer-Encoding: quoted-printable", "", "<p>"+qp(gbk(said))+"</p>"+end)
}

func TestStructures(t *testing.T) {
	for _, c := range []struct {
		name string
		raw  []byte
		want want
	}{
		{"no last boundary", letter(two("A", ""), "Content-Type: multipart/alternative; boundary=A"), want{text: said, html: said, note: "last boundary"}},
		{"a boundary of special characters", letter(two("----=_Part_1:2", "\r\n------=_Part_1:2--"), "Content-Type: multipart/alternative; boundary=----=_Part_1:2"), want{text: said, html: said}},
		{"a boundary that nobody announced", letter(two("X", "\r\n--X--"), "Content-Type: multipart/alternative"), want{text: said, html: said, note: "announced"}},
		{"another boundary than announced", letter(two("X", "\r\n--X--"), "Content-Type: multipart/alternative; boundary=Y"), want{text: said, html: said}},
		{"no type, but parts", letter(two("X", "\r\n--X--")), want{text: said, html: said}},
		{"boundaries that begin alike", letter(lines("--A", "Content-Type: multipart/alternative; boundary=AB", "", two("AB", "\r\n--AB--"), "--A", "Content-Type: image/png; name=p.png", "", "png", "--A--"), "Content-Type: multipart/mixed; boundary=A"), want{text: said, html: said, files: []string{"p.png"}}},
		{"the inner boundary is not closed", letter(lines("--A", "Content-Type: multipart/alternative; boundary=B", "", two("B", ""), "--A", "Content-Type: image/png; name=p.png", "", "png", "--A--"), "Content-Type: multipart/mixed; boundary=A"), want{text: said, html: said, files: []string{"p.png"}}},
		{"spaces after a boundary", letter(strings.ReplaceAll(two("A", "\r\n--A--  "), "--A\r\n", "--A \t\r\n"), "Content-Type: multipart/alternative; boundary=A"), want{text: said}},
		{"parts after the last boundary", letter(two("A", "\r\n--A--\r\n\r\n--A\r\nContent-Type: image/png; name=p.png\r\n\r\npng\r\n--A--"), "Content-Type: multipart/mixed; boundary=A"), want{files: []string{"p.png"}}},
		{"an encoding of the whole", letter(two("A", "\r\n--A--"), "Content-Type: multipart/alternative; boundary=A", "Content-Transfer-Encoding: base64"), want{text: said}},
		{"multipart without parts", letter(said, "Content-Type: multipart/mixed; boundary=A"), want{text: said, note: "without parts"}},
		{"a last boundary alone", letter("--A--\r\n", "Content-Type: multipart/mixed; boundary=A"), want{text: "-", files: []string{}}},
		{"no body", letter("", "Subject: x", "Content-Type: multipart/mixed; boundary=A"), want{text: "-"}},
		{"a header alone", []byte("From: a@mail.example\r\nSubject: x"), want{subject: "x", text: "-"}},
		{"bare line feeds", []byte(strings.ReplaceAll(string(plain("text/plain; charset=utf-8", "base64", b64(said))), "\r", "")), want{text: said}},
		{"bare carriage returns", []byte(strings.ReplaceAll(string(plain("text/plain; charset=utf-8", "", said)), "\n", "")), want{text: said}},
		{"double carriage returns", []byte(strings.ReplaceAll(string(plain("text/plain; charset=utf-8", "", said)), "\r", "\r\r")), want{text: said, subject: "x"}},
		{"an mbox line first", append([]byte("From a@mail.example Mon Nov 23 09:30:00 2026\r\n"), plain("text/plain; charset=utf-8", "", said)...), want{text: said, subject: "x"}},
		{"blank lines first", append([]byte("\r\n\r\n"), plain("text/plain; charset=utf-8", "", said)...), want{text: said, subject: "x"}},
		{"a mark of UTF-8 first", append([]byte("\xef\xbb\xbf"), plain("text/plain; charset=utf-8", "", said)...), want{text: said, address: "wangfang@mail.example"}},
		{"rubbish in the header", plain("text/plain; charset=utf-8", "base64", b64(said), "this is no field"), want{text: said, subject: "x"}},
		{"no blank line", []byte("From: a@mail.example\r\nSubject: x\r\n" + said + "\r\n第二行 of the text\r\n"), want{text: said + "第二行 of the text", subject: "x"}},
		{"no blank line before parts", []byte("From: a@mail.example\r\nContent-Type: multipart/alternative; boundary=A\r\n" + two("A", "\r\n--A--")), want{text: said}},
		{"a blank line of spaces", []byte("From: a@mail.example\r\nSubject: x\r\n \r\n" + said), want{text: said, subject: "x"}},
		{"a part without a header", letter(lines("--A", "", "plain part", "--A--"), "Content-Type: multipart/mixed; boundary=A"), want{text: "plain part"}},
		{"a part without a blank line", letter(lines("--A", "just text here", "and more", "--A--"), "Content-Type: multipart/mixed; boundary=A"), want{text: "just text here and more"}},
		{"two types", plain("text/plain; charset=utf-8", "base64", b64(said), "Content-Type: text/plain; charset=utf-8", "Content-Type: text/html"), want{text: said}},
		{"a type that is HTML in truth", plain("text/plain; charset=utf-8", "", "<!DOCTYPE html><html><body><p>"+said+"</p></body></html>"), want{text: said, html: "<p>", note: "is HTML"}},
		{"HTML that names its charset", plain("text/html", "base64", b64(gbk(`<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body>`+said+`</body></html>`))), want{text: said}},
		{"an encoding that nobody knows", plain("text/plain; charset=utf-8", "8-bit", said), want{text: said}},
		{"an encoding with a comment", plain("text/plain; charset=utf-8", "base64 (of course)", b64(said)), want{text: said}},
		{"base64 that does not say so", plain("text/plain; charset=utf-8", "", b64(said)), want{text: said}},
		{"base64 that is none", plain("text/plain; charset=utf-8", "base64", "Hello, this is plain text.\r\nPlease help."), want{text: "Hello, this is plain text. Please help.", note: "broken"}},
		{"a footer after base64", plain("text/plain; charset=utf-8", "base64", b64(said)+"\r\n\r\n-- \r\nchecked by a gateway"), want{text: said}},
		{"a footer after base64 without padding", plain("text/plain; charset=utf-8", "base64", b64("abc")+"\r\n\r\n________\r\nchecked by a gateway"), want{text: "abc"}},
		{"base64 piece by piece", plain("text/plain; charset=utf-8", "base64", b64(said[:10])+b64(said[10:])), want{text: said}},
		{"base64 with rubbish", plain("text/plain; charset=utf-8", "base64", strings.Replace(b64(said), "5", "!5*", 1)), want{text: said}},
		{"quoted-printable with rubbish", plain("text/plain; charset=utf-8", "quoted-printable", "a=3D1 =GG b= \r\n"+qp("订单")+"=\r\n=E"), want{text: "a=1 =GG b订单=E"}},
		{"quoted-printable in lower case", plain("text/plain; charset=utf-8", "Quoted-Printable", strings.ToLower(qp("订单"))), want{text: "订单"}},
		{"zero bytes", plain("text/plain; charset=utf-8", "", "您\x00好"), want{text: "您好"}},
		{"flowed", plain("text/plain; charset=utf-8; format=flowed", "", "one \r\ntwo\r\n> q \r\n> r\r\nthree"), want{text: "one two > q r three"}},
		{"flowed Chinese", plain("text/plain; charset=utf-8; format=flowed; delsp=yes", "", "我的订单 \r\n没有到"), want{text: "我的订单没有到"}},
		{"a mail within", letter(lines("--A", "Content-Type: text/plain; charset=utf-8", "", said, "--A", "Content-Type: message/rfc822", `Content-Disposition: attachment; filename="orig.eml"`, "", "From: b@mail.example", "Subject: inner", "Content-Type: multipart/mixed; boundary=I", "", "--I", "", "inner body", "--I", "Content-Type: application/pdf; name=inner.pdf", "", "pdf", "--I--", "--A--"), "Content-Type: multipart/mixed; boundary=A"), want{text: said, files: []string{"orig.eml", "inner.pdf"}}},
		{"nothing but a mail within", letter(lines("--A", "Content-Type: message/rfc822", "", "From: b@mail.example", "Subject: inner", "", "inner body", "--A--"), "Content-Type: multipart/mixed; boundary=A"), want{text: "inner body", files: []string{""}, note: "taken from an attachment"}},
		{"a picture in the text", letter(lines("--R", "Content-Type: text/html; charset=utf-8", "", `<p>`+said+`<img src="cid:img1@x"></p>`, "--R", `Content-Type: image/png; name="`+word("gb18030", gbk("截图.png"))+`"`, "Content-ID: <img1@x>", "", "png", "--R--"), "Content-Type: multipart/related; boundary=R"), want{text: said, html: "cid:img1@x", files: []string{"截图.png"}}},
		{"a date for a meeting", letter(lines("--A", "Content-Type: text/plain; charset=utf-8", "", said, "--A", "Content-Type: text/calendar; charset=utf-8; method=REQUEST", "", "BEGIN:VCALENDAR", "END:VCALENDAR", "--A--"), "Content-Type: multipart/alternative; boundary=A"), want{text: said, files: []string{""}}},
		{"Apple: text, picture, text", letter(lines("--A", "Content-Type: text/plain; charset=utf-8", "", "上面", "--A", "Content-Type: image/jpeg; name=p.jpg", "Content-Disposition: inline; filename=p.jpg", "", "jpg", "--A", "Content-Type: text/plain; charset=utf-8", "", "下面", "--A--"), "Content-Type: multipart/mixed; boundary=A"), want{text: "上面 下面", files: []string{"p.jpg"}}},
		{"Apple: HTML and a file as one form", letter(lines("--A", "Content-Type: text/plain; charset=utf-8", "", "文字", "--A", "Content-Type: multipart/mixed; boundary=M", "", "--M", "Content-Type: text/html; charset=utf-8", "", "<b>文字</b>", "--M", "Content-Type: application/pdf; name=a.pdf", "", "pdf", "--M--", "--A--"), "Content-Type: multipart/alternative; boundary=A"), want{text: "文字", html: "<b>文字</b>", files: []string{"a.pdf"}}},
		{"a list's footer", letter(lines("--A", "Content-Type: multipart/alternative; boundary=B", "", "--B", "", "文字", "--B", "Content-Type: text/html", "", "<b>文字</b>", "--B--", "--A", "Content-Type: text/plain", "", "-- footer", "--A--"), "Content-Type: multipart/mixed; boundary=A"), want{text: "文字 -- footer", html: "-- footer"}},
		{"a text with a name", plain(`text/plain; charset=utf-8; name="a.txt"`, "", said), want{text: said, files: []string{"a.txt"}}},
		{"a file of text beside the text", letter(lines("--A", "", said, "--A", `Content-Type: text/plain; name="log.txt"`, "Content-Disposition: inline", "", "log", "--A--"), "Content-Type: multipart/mixed; boundary=A"), want{text: said, files: []string{"log.txt"}}},
		{"only a file", letter(lines("--A", "Content-Type: application/pdf; name=a.pdf", "", "pdf", "--A--"), "Content-Type: multipart/mixed; boundary=A"), want{text: "-", files: []string{"a.pdf"}}},
		{"uuencode", plain("text/plain; charset=utf-8", "", "text before\r\nbegin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\nafter"), want{text: "text before after", files: []string{"a.txt"}}},
		{"winmail.dat", letter(lines("--A", "Content-Type: text/plain; charset=utf-8", "", said, "--A", "Content-Type: application/ms-tnef; name=winmail.dat", "Content-Transfer-Encoding: base64", "", b64(newWinmail("正文", map[string]string{"报告.doc": "one", "b.pdf": "two"}, []string{"报告.doc", "b.pdf"}))+"--A--"), "Content-Type: multipart/mixed; boundary=A"), want{text: said, files: []string{"winmail.dat", "长名-报告.doc", "长名-b.pdf"}}},
		{"winmail.dat alone", letter(b64(newWinmail("正文", nil, nil)), "Content-Type: application/ms-tnef", "Content-Transfer-Encoding: base64"), want{text: "正文"}},
		{"enriched", plain("text/enriched", "", "<bold>重要</bold><color><param>red</param>红</color>"), want{text: "重要红"}},
		{"plain text that says it is HTML", plain("text/html; charset=utf-8", "", "第一行 &amp;\r\n第二行"), want{text: "第一行 & 第二行", html: "第一行 &amp;<br>", reply: "第一行 &\n第二行"}},
		{"a boundary that ends in a space", letter(two("A", "\r\n--A--"), `Content-Type: multipart/alternative; boundary="A "`), want{text: said}},
		{"a type of one word", plain("text", "", said), want{text: said}},
		{"a type that is none", plain("foo", "", said), want{text: said, files: []string{}}},
		{"a type in brackets", plain("<html>", "", "<p>"+said), want{text: said, html: "<p>"}},
		{"digest", letter(lines("--A", "", "From: b@mail.example", "Subject: one", "", "first", "--A--"), "Content-Type: multipart/digest; boundary=A"), want{text: "first", files: []string{""}}},
		{"a signature", letter(lines("--A", "Content-Type: text/plain; charset=utf-8", "", said, "--A", "Content-Type: application/pgp-signature; name=signature.asc", "", "sig", "--A--"), "Content-Type: multipart/signed; boundary=A"), want{text: said, files: []string{"signature.asc"}, note: "signed"}},
	} {
		t.Run(c.name, func(t *testing.T) { c.want.check(t, mail.Parse(c.raw, mail.Options{})) })
	}
}

func TestEvents(t *testing.T) {
	ics := lines("BEGIN:VCALENDAR", "METHOD:REQUEST", "BEGIN:VTIMEZONE", "DTSTART:19700101T000000", "END:VTIMEZONE", "BEGIN:VEVENT", "UID:u1@mail.example", "SUMMARY;LANGUAGE=zh-CN:试驾", " 预约", "DTSTART;TZID=China Standard Time:20261124T140000", "DTEND;TZID=China Standard Time:20261124T150000", `LOCATION:深圳\, 南山`, "ORGANIZER;CN=王芳:mailto:wangfang@mail.example", `DESCRIPTION:请带驾照\n谢谢`, "BEGIN:VALARM", "DESCRIPTION:REMINDER", "END:VALARM", "END:VEVENT", "END:VCALENDAR")
	m := mail.Parse(plain("text/calendar; charset=gb18030; method=REQUEST; name=invite.ics", "base64", b64(gbk(ics))), mail.Options{})
	if len(m.Events) != 1 || len(m.Attachments) != 1 {
		t.Fatalf("%d events, %d files", len(m.Events), len(m.Attachments))
	}
	want := mail.Event{Method: "REQUEST", UID: "u1@mail.example", Summary: "试驾预约", Location: "深圳, 南山", Organizer: "wangfang@mail.example", Start: time.Date(2026, 11, 24, 14, 0, 0, 0, time.UTC), End: time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC), Zone: "China Standard Time", Text: "请带驾照\n谢谢"}
	if m.Events[0] != want {
		t.Errorf("read as %+v", m.Events[0])
	}
	if m.Text != "试驾预约\n2026-11-24 14:00 – 2026-11-24 15:00 China Standard Time\n深圳, 南山\n请带驾照\n谢谢" {
		t.Errorf("shown as %q", m.Text)
	}
}

// A text of very many lines is all there.
func TestManyLines(t *testing.T) {
	n := 30_000
	text := strings.Repeat("订单\n", n) + "完"
	if m := mail.Parse(plain("text/plain; charset=utf-8", "", text), mail.Options{}); m.Text != text || m.Reply != text {
		t.Errorf("%d and %d of %d bytes", len(m.Text), len(m.Reply), len(text))
	}
	m := mail.Parse(plain("text/html; charset=utf-8", "", "<p>"+strings.ReplaceAll(text, "\n", "<br>")), mail.Options{})
	if strings.Count(m.Text, "订单") != n || !strings.HasSuffix(m.Text, "完") || m.Reply != m.Text {
		t.Errorf("%d lines of HTML, %d bytes of reply", strings.Count(m.Text, "订单"), len(m.Reply))
	}
}

// A file is the same bytes as were sent, whatever it was sent in.
func TestContents(t *testing.T) {
	content := string([]byte{0, 1, 2, '\r', '\n', 0xff, 0xfe, '\n', '\n', 'x'})
	for encoding, body := range map[string]string{"base64": b64(content), "quoted-printable": qp(content), "binary": content} {
		m := mail.Parse(letter(lines("--A", "Content-Type: application/octet-stream; name=a.bin", "Content-Transfer-Encoding: "+encoding, "", body, "--A--"), "Content-Type: multipart/mixed; boundary=A"), mail.Options{})
		if len(m.Attachments) != 1 || string(m.Attachments[0].Content) != content {
			t.Errorf("%s: %+v", encoding, m.Attachments)
		}
	}
	empty := mail.Attachment{}
	if empty.SHA256() != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Error("the sum of nothing is", empty.SHA256())
	}
}

func TestHeaderFields(t *testing.T) {
	m := mail.Parse(letter(said, "Subject: x", "In-Reply-To: <c12.m3.x@yuanxing.example> (from us)", "References: <first@a>\r\n <c12.m3.x@yuanxing.example>", "Cc: a@mail.example", "Cc: b@mail.example", "Reply-To: r@mail.example", "Delivered-To: support+c1.abc@yuanxing.example"), mail.Options{})
	if m.MessageID != "<a1@mail.example>" || m.InReplyTo != "<c12.m3.x@yuanxing.example>" || !slices.Equal(m.References, []string{"<first@a>", "<c12.m3.x@yuanxing.example>"}) {
		t.Errorf("ids %q %q %q", m.MessageID, m.InReplyTo, m.References)
	}
	if len(m.Cc) != 2 || len(m.ReplyTo) != 1 || len(m.DeliveredTo) != 1 || !m.Date.Equal(time.Date(2026, 11, 23, 1, 30, 0, 0, time.UTC)) {
		t.Errorf("cc %q, reply to %q, delivered to %q, date %s", m.Cc, m.ReplyTo, m.DeliveredTo, m.Date)
	}
	for field, want := range map[string]string{
		"Mon, 23 Nov 2026 09:30:00 +0800 (CST)": "2026-11-23T01:30:00Z", "23 Nov 26 09:30:00 +0800": "2026-11-23T01:30:00Z", "2026-11-23 09:30:00": "2026-11-23T09:30:00Z",
		"Mon Nov 23 09:30:00 2026": "2026-11-23T09:30:00Z", "2026年11月23日 09:30:00": "2026-11-23T09:30:00Z", "yesterday": "0001-01-01T00:00:00Z",
	} {
		got := mail.Parse([]byte("Date: "+field+"\r\n\r\nx"), mail.Options{}).Date.UTC().Format(time.RFC3339)
		if got != want {
			t.Errorf("%q is read as %s, want %s", field, got, want)
		}
	}
	got := mail.Parse([]byte("Received: from a by b; Mon, 23 Nov 2026 09:30:00 +0800\r\n\r\nx"), mail.Options{}).Date
	if got.IsZero() {
		t.Error("the time of the server is not taken where there is no date")
	}
}

func TestLimits(t *testing.T) {
	nested := letter(strings.Repeat("--A\r\nContent-Type: multipart/mixed; boundary=A\r\n\r\n", 500)+"x", "Content-Type: multipart/mixed; boundary=A")
	var deep strings.Builder
	deep.WriteString("Content-Type: multipart/mixed; boundary=b0\r\n\r\n")
	for i := range 300 {
		fmt.Fprintf(&deep, "--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n", i, i+1)
	}
	for _, c := range []struct {
		name string
		raw  []byte
		l    mail.Limits
		note string
	}{
		{"the same boundary again and again", nested, mail.Limits{}, ""},
		{"deep", []byte(deep.String() + "--b300\r\n\r\nx"), mail.Limits{}, "100 deep"},
		{"many parts", letter(strings.Repeat("--A\r\n\r\nx\r\n", 5000), "Content-Type: multipart/mixed; boundary=A"), mail.Limits{}, "more than 1000 parts"},
		{"many fields", letter("x", strings.Split(strings.Repeat("X-A: b\n", 3000), "\n")...), mail.Limits{}, "header is over"},
		{"a long header", letter(said, "X-A: "+strings.Repeat("x", 2<<20)), mail.Limits{}, "header is over"},
		{"a large mail", letter(strings.Repeat("x ", 1000)), mail.Limits{Size: 1000}, "over 1000 bytes"},
		{"a long text", letter(strings.Repeat("订单 ", 1000)), mail.Limits{Text: 1000}, "text is over"},
		{"long HTML", plain("text/html; charset=utf-8", "", strings.Repeat("<b>订单</b>", 1000)), mail.Limits{HTML: 1001}, "html is over"},
		{"large files", attached("Content-Type: a/b; name=a"), mail.Limits{Attachments: 3}, "attachments over"},
		{"mails in mails", []byte(strings.Repeat("Content-Type: message/rfc822\r\n\r\n", 50) + "x"), mail.Limits{}, "mails more than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := mail.Parse(c.raw, mail.Options{Limits: c.l})
			mustContain(t, "notes", strings.Join(m.Notes, "\n"), c.note)
			if c.l.Text > 0 && (len(m.Text) > c.l.Text || strings.Contains(m.Text, "\ufffd") || len(m.Attachments) != 1) {
				t.Errorf("%d bytes of text, %d files", len(m.Text), len(m.Attachments))
			}
		})
	}
}
