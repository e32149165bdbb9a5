package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Reply returns what the person wrote anew in a mail: without what it answers,
// and without the line by which a telephone says what it is. text is the plain
// text of the mail, doc its HTML; one of them may be empty. Where nothing else
// is left, as in a mail that is passed on, it is the whole text.
func Reply(text, doc string) string {
	var shown []line
	if doc != "" {
		shown = htmlLines(doc)
	}
	return reply(text, shown)
}

// reply is Reply of HTML that is read as lines already.
func reply(text string, shown []line) string {
	if shown != nil && (text == "" || marksQuote(shown)) {
		return trim(shown)
	}
	return trim(plainLines(strings.ToValidUTF8(text, "\ufffd")))
}

// marksQuote reports whether a mail program has marked what it answers.
func marksQuote(ls []line) bool {
	for _, l := range ls {
		if l.quoted || l.cut {
			return true
		}
	}
	return false
}

// mostLines is how many lines of a text are looked at one by one; what follows
// is taken as one.
const mostLines = 20_000

// plainLines cuts a plain text into lines; those after > are quoted.
func plainLines(text string) []line {
	split := strings.SplitN(text, "\n", mostLines)
	ls := make([]line, 0, len(split))
	for _, s := range split {
		t := strings.TrimLeft(s, " ")
		quoted := strings.HasPrefix(t, ">") || strings.HasPrefix(t, "＞")
		if strings.HasPrefix(s, ">From ") && (len(ls) == 0 || !ls[len(ls)-1].quoted) {
			quoted, s = false, s[1:] // kept apart from the next mail of a folder
		}
		ls = append(ls, line{text: strings.TrimRight(s, " \t\r"), quoted: quoted})
	}
	return ls
}

// trim leaves what was written anew.
func trim(all []line) string {
	ls := append([]line(nil), all...)
	if n := quoteBegins(ls); n < len(ls) {
		ls = ls[:n]
		for len(ls) > 0 && introduces(ls[len(ls)-1].text) {
			ls = ls[:len(ls)-1]
		}
	}
	ls = unsigned(ls)
	ls = answers(ls)
	if out := joinLines(ls); strings.TrimSpace(out) != "" {
		return strings.TrimSpace(out)
	}
	ls = ls[:0]
	for _, l := range all {
		if !strings.Contains(l.text, marker) {
			ls = append(ls, l)
		}
	}
	return strings.TrimSpace(joinLines(ls))
}

// marker is what some systems ask people to write above.
const marker = "请在此行上方回复"

// quoteBegins returns the first line of what is answered, where all that
// follows belongs to it. Lines that introduce a marked quote are marked too.
func quoteBegins(ls []line) int {
	for i := 0; i < len(ls); i++ {
		l := ls[i]
		if l.cut {
			if rest := ls[i:]; !empty(rest) {
				return i
			}
		}
		if l.quoted || len(l.text) > longestLine {
			continue
		}
		if original(l.text) || headers(ls, i) {
			return i
		}
		n := attribution(ls, i)
		if n == 0 {
			continue
		}
		next := i + n
		for next < len(ls) && blank(ls[next].text) && !ls[next].quoted {
			next++
		}
		if next < len(ls) && !ls[next].quoted {
			return i
		}
		for k := i; k < next; k++ {
			ls[k].quoted = true
		}
		i = next - 1
	}
	return len(ls)
}

// longestLine is the most that a line is long, in bytes, that tells something
// about a quote.
const longestLine = 600

func empty(ls []line) bool {
	for _, l := range ls {
		if !blank(l.text) {
			return false
		}
	}
	return true
}

func blank(s string) bool {
	if strings.HasPrefix(s, "&nbsp;") { // QQ writes some into plain text
		s = strings.ReplaceAll(s, "&nbsp;", "")
	}
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' }) == ""
}

// introduces reports whether a line right above a quote belongs to it.
func introduces(s string) bool {
	return blank(s) || rule(s) || len(s) < longestLine && (label(s) > 0 || originals[strings.ToLower(strings.Trim(s, "-_=*‐—–─━:： \t\u00a0\u3000"))])
}

// rule reports whether a line is drawn.
func rule(s string) bool {
	s = strings.TrimSpace(s)
	return len(s) >= 3 && len(s) < longestLine && strings.Trim(s, "-_=*‐—–─━ ") == ""
}

// originals are what mail programs write between dashes above what they quote.
var originals = phrases(`原始邮件|原始郵件|原邮件|原郵件|邮件原件|邮件原文|郵件原文|原始信件|原始消息|回复的原邮件|回复的邮件|被回复的邮件|答复的原邮件|转发邮件|转发的邮件|转发邮件信息|转发信息|转发的原邮件|轉寄郵件|轉寄的郵件|转发消息|
	original|original message|original mail|original email|original e-mail|forwarded message|forwarded mail|forwarded email|replied message|reply message|forwarded by
	|ursprüngliche nachricht|originalnachricht|original-nachricht|weitergeleitete nachricht|message d'origine|message original|message transféré|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|mensagem original|mensagem encaminhada
	|oorspronkelijk bericht|doorgestuurd bericht|oprindelig meddelelse|oprindelig besked|oprindelig e-mail|original meddelelse|ursprungligt meddelande|originalmeddelande|opprinnelig melding|alkuperäinen viesti|исходное сообщение|пересылаемое сообщение|wiadomość oryginalna|oryginalna wiadomość|元のメッセージ|転送されたメッセージ|원본 메일|원본 메시지|전달된 메시지|thư gốc`)

// bare are such phrases that stand without dashes.
var bare = phrases(`begin forwarded message:|begin forwarded message|以下是转发的邮件：|以下是轉寄的郵件：|开始转发的邮件：|下面是被转发的邮件：|開始轉寄郵件：|début du message réexpédié :|anfang der weitergeleiteten nachricht:|inizio messaggio inoltrato:|inicio del mensaje reenviado:|início da mensagem encaminhada:`)

func phrases(s string) map[string]bool {
	m := map[string]bool{}
	for p := range strings.SplitSeq(s, "|") {
		if p = strings.TrimSpace(p); p != "" {
			m[p] = true
		}
	}
	return m
}

var spaces = strings.NewReplacer("\u3000", " ", "&nbsp;", " ")

// original reports whether a line says that what is answered follows.
func original(s string) bool {
	if strings.Contains(s, marker) {
		return true
	}
	if len(s) > 200 {
		return false
	}
	if s = strings.TrimSpace(s); len(s) < 6 || s[0] != '-' && s[0] != '_' && s[0] != '=' && s[0] != '*' && s[0] != 0xe2 && !strings.HasSuffix(s, ":") && !strings.HasSuffix(s, "：") && !strings.HasPrefix(strings.ToLower(s[:5]), "begin") && !strings.Contains(s, "above") && !strings.Contains(s, "以上回复") {
		return false // most lines, at little cost
	}
	s = strings.ToLower(strings.Join(strings.Fields(spaces.Replace(s)), " "))
	if bare[s] || strings.Contains(s, "reply above this line") || strings.Contains(s, "type your reply above") || strings.Contains(s, "请在本行以上回复") {
		return true
	}
	inner := strings.Trim(s, "-_=*‐—–─━ ")
	return len(inner) < len(s) && len(s)-len(inner) >= 4 && originals[strings.TrimRight(inner, ":：")]
}

// labels are what the lines of a quoted header begin with, and which of them
// can be the first: 2 names the sender, 1 may be first among many.
var labels = func() map[string]int {
	m := map[string]int{}
	for rank, words := range []string{
		"发送时间 發送時間 发送于 傳送時間 收件人 收件者 收信人 抄送 抄送至 抄送人 副本 密送 回复 收件 to cc bcc sent replyto reply-to gesendet an kopie envoyé à para enviado enviada inviato a verzonden aan skickat till sendt til отправлено кому копия 送信日時 宛先 받는사람 보낸시간 참조 發件時間 发件时间 附件 importance attachments",
		"日期 时间 時間 date datum data fecha дата 日時 日付 날짜 主题 主題 主旨 标题 標題 subject betreff objet asunto oggetto assunto onderwerp ämne emne тема 件名 제목",
		"发件人 發件人 发信人 寄件者 寄件人 发送者 from von de da van från fra от 差出人 보낸사람",
	} {
		for w := range strings.FieldsSeq(words) {
			m[w] = rank + 1
		}
	}
	return m
}()

// subjects are the labels that parcels do not have: 寄件人 and 收件人 they do.
var subjects = set("主题 主題 主旨 标题 標題 subject betreff objet asunto oggetto assunto onderwerp ämne emne тема 件名 제목 发件人 發件人 发送时间 發送時間 from sent")

// label returns the rank of the label that a line begins with, 0 for none.
func label(s string) int { return labels[labelOf(s)] }

// labelOf returns what stands before the first colon or bar of a line.
func labelOf(s string) string {
	s = strings.TrimLeft(s, " \t|*>\u3000")
	i := strings.IndexAny(s, ":：|\t")
	if i <= 0 || i > 40 {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '*' || r == '_' {
			return -1
		}
		return unicode.ToLower(r)
	}, s[:i])
}

// headers reports whether the header of a mail is quoted from line i on.
func headers(ls []line, i int) bool {
	first := label(ls[i].text)
	if first < 2 {
		return false
	}
	n, seen, ofMail := 0, 0, false
	for _, l := range ls[i:min(len(ls), i+11)] {
		if blank(l.text) || strings.Trim(l.text, "| ") == "" {
			continue
		}
		if len(l.text) > 4*longestLine {
			break
		}
		if label(l.text) > 0 {
			n++
			ofMail = ofMail || strings.Contains(l.text, "@") || subjects[labelOf(l.text)]
		} else if seen++; seen > 2 || n == 0 {
			break // a long list of people can take a second line
		}
	}
	if first == 3 {
		return ofMail && n >= 3
	}
	return ofMail && n >= 4
}

// openers are what a line begins with that says who wrote what follows, in
// lower case.
var openers = []string{"on ", "at ", "在", "於", "于", "le ", "am ", "el ", "il ", "em ", "op ", "den ", "w dniu", "vào ", "pada ", "dne ", "du "}

// verbs are what such a line says they did.
var verbs = []string{
	"写道", "寫道", "来信", "來信", "写到", "撰写", "撰寫", "wrote", "writes", "a écrit", "schrieb", "escribió", "escribio", "ha scritto", "escreveu", "schreef", "skrev", "napisał", "napisała", "napisał(a)",
	"написал", "написала", "пишет", "のメール", "書きました", "작성", "님이 쓴 글", "đã viết", "menulis", "kirjoitti", "yazdı", "írta", "napsal", "a scris",
}

// attribution returns how many lines from i on say who wrote what follows: 0
// for none. A date is needed: people write that somebody wrote something.
func attribution(ls []line, i int) int {
	first := strings.TrimSpace(ls[i].text)
	if first == "" {
		return 0
	}
	if saysWho(first) {
		return 1
	}
	known := opens(first)
	if !known && !dated(first) {
		return 0
	}
	var s strings.Builder
	s.WriteString(first)
	for k := 1; k < 4 && i+k < len(ls); k++ {
		l := ls[i+k]
		if blank(l.text) || l.quoted || len(l.text) > longestLine || strings.Contains(l.text, "@") && saysWho(strings.TrimSpace(l.text)) && dated(l.text) {
			return 0
		}
		s.WriteString(" " + strings.TrimSpace(l.text))
		if saysWho(s.String()) && (known || strings.Contains(s.String(), "@")) {
			return k + 1
		}
	}
	return 0
}

func opens(s string) bool {
	low := strings.ToLower(s[:min(len(s), 40)])
	for _, o := range openers {
		if strings.HasPrefix(low, o) {
			return true
		}
	}
	return s[0] >= '0' && s[0] <= '9' && dated(s) || strings.Contains(s, "<") && strings.Contains(s, "@") && dated(s)
}

// saysWho reports whether one line says who wrote what follows.
func saysWho(s string) bool {
	if !strings.ContainsAny(s, "0123456789@") {
		return false
	}
	low := strings.ToLower(strings.Trim(s, "- \t\u3000*_"))
	body := strings.TrimRight(low, ":： \t")
	ends := false
	for _, v := range verbs {
		if strings.HasSuffix(body, v) || len(body) < len(low) && strings.Contains(body, v+" ") && openedBy(low) {
			ends = true
			break
		}
	}
	if ends && strings.HasPrefix(s, "--") && strings.HasSuffix(strings.TrimSpace(s), "--") && strings.Contains(s, "@") {
		return true
	}
	if strings.HasSuffix(body, ">") && len(body) < len(low) && strings.Contains(body, "@") {
		ends = true // Gmail in Japanese and Russian leaves the verb out
	}
	return ends && (dated(s) || openedBy(low) && month(low) && strings.ContainsAny(low, "0123456789"))
}

func openedBy(low string) bool {
	for _, o := range openers {
		if strings.HasPrefix(low, o) {
			return true
		}
	}
	return false
}

// dated reports whether a text has a date or a time of day in it.
func dated(s string) bool {
	digits := 0
	for i, r := range s {
		if r >= '0' && r <= '9' {
			digits++
			continue
		}
		if digits > 0 {
			number := s[i-digits : i]
			after := s[i+utf8.RuneLen(r):]
			after = strings.TrimLeft(after, " ")
			switch {
			case (r == ':' || r == '：' || r == '点' || r == 'h') && digits <= 2 && len(after) >= 2 && digit(after[0]) && digit(after[1]):
				return true
			case r == '月' && after != "" && digit(after[0]):
				return true
			case digits == 4 && (number[:2] == "19" || number[:2] == "20") && strings.ContainsRune("-/年., ", r):
				if r == '年' || month(s) || after != "" && digit(after[0]) {
					return true
				}
			case digits <= 2 && (r == '.' || r == '/') && after != "" && digit(after[0]) && strings.Count(s, string(r)) >= 2:
				return true
			}
		}
		digits = 0
	}
	return digits == 4 && month(s)
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mär", "mai", "okt", "dez", "févr", "avr", "juin", "juil", "août", "déc", "ene", "abr", "ago", "dic", "gen", "mag", "giu", "lug", "set", "ott", "fev", "out", "янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек", "kuuta", "月"}

func month(s string) bool {
	low := strings.ToLower(s)
	for _, m := range months {
		if strings.Contains(low, m) {
			return true
		}
	}
	return false
}

// answers takes quotes away where the answer stands above or below all of
// them. Answers between quotes stay as they are, with what they answer.
func answers(ls []line) []line {
	for len(ls) > 0 && (ls[len(ls)-1].quoted || blank(ls[len(ls)-1].text)) {
		ls = ls[:len(ls)-1]
	}
	ls = unsigned(ls)
	first := 0
	for first < len(ls) && (ls[first].quoted || blank(ls[first].text)) {
		first++
	}
	if first == len(ls) {
		return nil
	}
	for _, l := range ls[first:] {
		if l.quoted {
			return ls
		}
	}
	return ls[first:]
}

// longestSignature is how many lines a signature after "-- " has at most.
const longestSignature = 15

// unsigned takes a signature away from the end: what programs mark as one, what
// follows "-- ", and the line of a telephone or a mail program.
func unsigned(ls []line) []line {
	kept := make([]line, 0, len(ls))
	for _, l := range ls {
		if !l.sign {
			kept = append(kept, l)
		}
	}
	if empty(kept) {
		kept = ls
	}
	quoted := 0
	for i := len(kept) - 1; i > 0 && len(kept)-i-quoted <= longestSignature+1; i-- {
		if kept[i].quoted {
			quoted++
			continue
		}
		if t := kept[i].text; (t == "--" || t == "-- " || t == "—") && !empty(kept[:i]) {
			kept = kept[:i]
			break
		}
	}
	for len(kept) > 0 {
		last := kept[len(kept)-1]
		if !last.quoted && strings.Contains(last.text, "网易邮箱大师") && len(kept) > 1 {
			kept = withoutCard(kept[:len(kept)-1])
			continue
		}
		if !blank(last.text) && (last.quoted || !signature(last.text) && !alone(kept)) {
			break
		}
		kept = kept[:len(kept)-1]
	}
	return kept
}

// alone reports whether the last line is nothing but an address, apart from the
// text, as Foxmail sets it below a mail. An address that was asked for follows
// what is written.
func alone(ls []line) bool {
	n := len(ls) - 1
	if n == 0 || !blank(ls[n-1].text) {
		return false
	}
	s := strings.TrimSpace(ls[n].text)
	at := strings.IndexByte(s, '@')
	if at <= 0 || strings.ContainsAny(s, " \t，。：:") || strings.IndexByte(s[at:], '.') < 0 || !ascii([]byte(s)) {
		return false
	}
	for n > 0 && blank(ls[n-1].text) {
		n--
	}
	return n > 0 && !strings.HasSuffix(ls[n-1].text, ":") && !strings.HasSuffix(ls[n-1].text, "：")
}

// withoutCard takes the card of a name away that 网易邮箱大师 sets above its line,
// drawn with bars.
func withoutCard(ls []line) []line {
	for i := max(0, len(ls)-14); i < len(ls); i++ {
		if t := strings.TrimSpace(ls[i].text); t == "| |" || t == "|" {
			return ls[:i]
		}
	}
	return ls
}

// sentFrom are beginnings of the lines that telephones and programs add, in
// lower case.
var sentFrom = []string{
	"发自我的", "發自我的", "发送自我的", "来自我的", "來自我的", "从我的", "從我的", "发自 ", "發自 ", "发自", "来自", "來自", "发送自", "傳送自", "由我的", "通过我的", "从 windows", "從 windows", "获取 outlook", "获取适用于", "下载 outlook", "下载适用于", "取得適用於", "取得 outlook", "签名由",
	"sent from ", "sent via ", "sent with ", "sent on my", "sent using ", "get outlook for ", "get the outlook app", "von meinem ", "gesendet mit ", "gesendet von ", "envoyé de ", "envoyé depuis ", "envoyé à partir", "enviado desde ", "enviado do ", "enviado de ", "enviado a partir", "inviato da", "verzonden vanaf ", "verstuurd vanaf ",
	"skickat från ", "sendt fra ", "wysłane z ", "отправлено с ", "отправлено из ", "lähetetty ", "obter o outlook", "obtenez outlook", "outlook für ", "scarica outlook",
}

// devices are what such lines name.
var devices = []string{
	"iphone", "ipad", "手机", "手機", "邮箱", "郵箱", "邮件", "郵件", "客户端", "大师", "平板", "watch", "android", "安卓", "小米", "华为", "華為", "vivo", "oppo", "荣耀", "三星", "samsung", "galaxy", "企业微信", "飞书", "钉钉", "foxmail", "outlook", "mac",
	"红米", "redmi", "魅族", "一加", "oneplus", "huawei", "honor", "xiaomi", "nova", "mobile", "phone", "mail", "blackberry", "gmail", "windows", "鸿蒙", "harmonyos", "pixel", "app", "tablet", "device", "smartphone", "spark", "nokia", "sony", "htc",
}

// signature reports whether a line is one that a telephone or a program adds.
func signature(s string) bool {
	s = strings.TrimSpace(strings.Trim(strings.TrimSpace(s), "*_[]()（）"))
	if s == "" || utf8.RuneCountInString(s) > 90 {
		return false
	}
	low := strings.ToLower(s)
	if i := strings.Index(low, "<http"); i > 0 {
		low = strings.TrimSpace(low[:i])
	}
	if strings.ContainsAny(low, "，。！？?!") || strings.Contains(low, ", ") {
		return false
	}
	for _, suffix := range []string{"から送信", "에서 보냄", "gesendet", "gönderildi", "发送", "傳送", "寄出"} {
		if strings.HasSuffix(low, suffix) && names(low, devices) && utf8.RuneCountInString(low) <= 40 {
			return true
		}
	}
	for _, p := range sentFrom {
		if strings.HasPrefix(low, p) && names(low, devices) || strings.HasPrefix(low, p) && strings.HasSuffix(p, "我的") && utf8.RuneCountInString(low) <= 24 && !strings.Contains(low, "心") {
			return true
		}
	}
	return false
}

func names(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// mark is what an element of a document means for what was written anew.
type mark uint8

const (
	noMark    mark = iota
	quoteHere      // it holds what is answered
	cutHere        // what is answered begins with it and does not end
	signHere       // it holds a signature
)

// quoteMarks are ids, classes and names by which programs mark what is
// answered, in lower case. Outlook writes x_ before those of others.
var quoteMarks = set(`gmail_quote gmail_extra gmail_attr isreplycontent isforwardcontent origbody reply139content ntes-mailmaster-quote orimsghtmlseperator
	mail-editor-reference-message-container moz-cite-prefix yahoo_quoted protonmail_quote tutanota_quote zmail_extra zmail_extra_hr history-quote-wrapper lark-mail-quote alimail-quote
	olk_src_body_section fmoriginalcontent original-content mail_quote mailquote quote quotedreply quoted-reply skype_quote mailru-blockquote`)

var cutMarks = set("appendonsend divrplyfwdmsg replysplit xm_mail_oringinal_describe stopspelling")

// marked tells what an element means.
func marked(name string, a attributes) mark {
	if len(a) == 0 {
		return noMark
	}
	if name == "blockquote" && strings.EqualFold(a["type"], "cite") {
		return quoteHere
	}
	found := noMark
	for _, k := range [...]string{"id", "class", "name"} {
		v := a[k]
		if v == "" || len(v) > 1000 || k == "name" && name == "a" {
			continue
		}
		for token := range strings.FieldsSeq(strings.ToLower(v)) {
			for strings.HasPrefix(token, "x_") {
				token = token[2:]
			}
			switch {
			case cutMarks[token]:
				return cutHere
			case quoteMarks[token] && (k != "class" || token != "quote" || name == "div" || name == "blockquote"), strings.HasSuffix(token, "_quote"), strings.HasSuffix(token, "-quote"), strings.HasPrefix(token, "lark-mail-quote"), strings.HasPrefix(token, "yahoo_quoted"):
				return quoteHere
			case strings.Contains(token, "signature") && blocks[name], token == "gmail_signature_prefix":
				found = signHere
			}
		}
	}
	if s := a["style"]; found == noMark && s != "" && (name == "div" || name == "hr") && len(s) < 1000 {
		s = strings.ToLower(strings.ReplaceAll(s, " ", ""))
		if strings.Contains(s, "border-top:solid#e1e1e1") || strings.Contains(s, "border-top:solid#b5c4df") || strings.Contains(s, "border-top:#b5c4df1ptsolid") || strings.Contains(s, "border-top:1ptsolid#b5c4df") || name == "hr" && strings.Contains(s, "width:210px") {
			return cutHere
		}
	}
	return found
}
