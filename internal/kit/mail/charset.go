package mail

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// decoded is text in UTF-8, and how it was read.
type decoded struct {
	text    string
	charset string // what it was read as
	guessed bool   // the label says something else, or nothing
	lossy   bool   // some bytes are no text in it
}

// charset is a way to read bytes.
type charset struct {
	name  string
	enc   encoding.Encoding
	shift bool // 7-bit bytes are not what they seem: ISO-2022, HZ, UTF-7
	wide  bool // so are zero bytes: UTF-16, UTF-32
}

var (
	gb18030     = charset{name: "gb18030", enc: simplifiedchinese.GB18030}
	big5        = charset{name: "big5", enc: traditionalchinese.Big5}
	shiftJIS    = charset{name: "shift_jis", enc: japanese.ShiftJIS}
	eucJP       = charset{name: "euc-jp", enc: japanese.EUCJP}
	eucKR       = charset{name: "euc-kr", enc: korean.EUCKR}
	windows1252 = charset{name: "windows-1252", enc: charmap.Windows1252}
	utf8Set     = charset{name: "utf-8", enc: encoding.Nop}
	utf16BE     = charset{name: "utf-16be", enc: unicode.UTF16(unicode.BigEndian, unicode.UseBOM), wide: true}
	utf16LE     = charset{name: "utf-16le", enc: unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), wide: true}
	utf7Set     = charset{name: "utf-7", enc: encoding.Nop, shift: true}
	hzSet       = charset{name: "hz-gb-2312", enc: simplifiedchinese.HZGB2312, shift: true}
	iso2022JP   = charset{name: "iso-2022-jp", enc: japanese.ISO2022JP, shift: true}
	iso2022KR   = charset{name: "iso-2022-kr", enc: korean.EUCKR, shift: true}
	iso2022CN   = charset{name: "iso-2022-cn", enc: simplifiedchinese.GBK, shift: true}
)

// candidates are what unlabelled bytes can be, each with what it has in advance
// of the others: our customers write Chinese.
var candidates = []struct {
	charset
	bonus float64
}{
	{gb18030, 0.1},
	{big5, 0.05},
	{shiftJIS, 0},
	{eucKR, 0},
	{eucJP, 0},
	{windows1252, 0},
	{charset{name: "windows-1251", enc: charmap.Windows1251}, 0},
	{charset{name: "koi8-r", enc: charmap.KOI8R}, 0},
}

// labelled returns the charset that a label means, and false for none. Labels
// are taken as mail programs use them: all of GB is GB18030, which contains the
// others, and so on. The index of the WHATWG knows the rest.
func labelled(label string) (charset, bool) {
	l := cleanLabel(label)
	has := func(part string) bool { return strings.Contains(l, part) }
	switch {
	case l == "" || l == "us-ascii" || l == "ascii" || l == "ansi_x3.4-1968" || l == "646":
		return charset{}, false
	case strings.HasPrefix(l, "hz"):
		return hzSet, true
	case has("2022-jp") || l == "csiso2022jp":
		return iso2022JP, true
	case has("2022-kr"):
		return iso2022KR, true
	case has("2022-cn"):
		return iso2022CN, true
	case strings.HasPrefix(l, "gb"), has("gbk"), has("gb2312"), has("gb18030"), has("euc-cn"), has("euccn"), l == "chinese",
		l == "cp936", l == "ms936", l == "936", l == "windows-936", l == "ibm-936", l == "iso-ir-58", l == "x-mac-chinesesimp", strings.HasPrefix(l, "csgb"):
		return gb18030, true
	case has("big5"), has("big-5"), l == "cp950", l == "ms950", l == "950", l == "windows-950", l == "x-mac-chinesetrad":
		return big5, true
	case has("utf-8"), has("utf8"):
		return utf8Set, true
	case has("utf-7"), has("utf7"):
		return utf7Set, true
	case has("utf-16le"), l == "utf16le", l == "unicode":
		return utf16LE, true
	case has("utf-16"), has("utf16"), l == "iso-10646-ucs-2", l == "ucs-2":
		return utf16BE, true
	case has("utf-32le"):
		return charset{name: "utf-32le", enc: utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), wide: true}, true
	case has("utf-32"):
		return charset{name: "utf-32be", enc: utf32.UTF32(utf32.BigEndian, utf32.UseBOM), wide: true}, true
	case has("shift"), has("sjis"), l == "cp932", l == "ms932", l == "932", l == "windows-31j":
		return shiftJIS, true
	case has("euc-jp"), has("eucjp"), l == "ujis":
		return eucJP, true
	case has("ks_c_5601"), has("ksc5601"), has("ks-c-5601"), has("euc-kr"), has("euckr"), l == "cp949", l == "ms949", l == "949", l == "uhc", l == "windows-949", has("ks_x_1001"):
		return eucKR, true
	case l == "cp437" || l == "ibm437":
		return charset{name: "ibm437", enc: charmap.CodePage437}, true
	case l == "cp850" || l == "ibm850":
		return charset{name: "ibm850", enc: charmap.CodePage850}, true
	case l == "cp852" || l == "ibm852":
		return charset{name: "ibm852", enc: charmap.CodePage852}, true
	}
	for _, name := range []string{l, strings.ReplaceAll(l, "_", "-"), strings.Replace(l, "iso8859", "iso-8859", 1), "windows-" + strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(l, "windows"), "cp"), "-_"), strings.TrimPrefix(l, "x-")} {
		if e, err := htmlindex.Get(name); err == nil && e != encoding.Replacement {
			if canonical, err := htmlindex.Name(e); err == nil {
				name = canonical
			}
			if name == "utf-8" {
				return utf8Set, true
			}
			return charset{name: name, enc: e}, true
		}
	}
	return charset{}, false
}

// longestLabel is how much of a label is looked at.
const longestLabel = 60

func cleanLabel(label string) string {
	if len(label) > longestLabel {
		label = label[:longestLabel]
	}
	l := strings.ToLower(strings.TrimLeft(label, "\"' \t"))
	l = strings.TrimPrefix(l, "3d\"") // the header went through quoted-printable
	if i := strings.IndexAny(l, "*;, \t\"'"); i >= 0 {
		l = l[:i]
	}
	return strings.TrimPrefix(l, "x-x-")
}

// decode reads bytes as what they are: the label is believed where the bytes
// make sense in it.
func decode(b []byte, label string) decoded {
	set, known := labelled(label)
	if ascii(b) && !set.shift && !set.wide {
		return sevenBit(b, known)
	}
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		b = b[3:]
		if utf8.Valid(b) {
			return decoded{text: string(b), charset: "utf-8", guessed: known && set.name != "utf-8"}
		}
	case bytes.HasPrefix(b, []byte("\xff\xfe")) && len(b)%2 == 0:
		return run(utf16LE, b, set.name != "utf-16be" && set.name != "utf-16le")
	case bytes.HasPrefix(b, []byte("\xfe\xff")) && len(b)%2 == 0:
		return run(utf16BE, b, set.name != "utf-16be")
	}
	if set.shift {
		return shifted(b, set)
	}
	if set.wide || zeros(b) {
		return widened(b, set)
	}
	if utf8.Valid(b) {
		return validUTF8(b, set, known)
	}
	if !known {
		return guess(b)
	}
	if set.name == "utf-8" {
		return brokenUTF8(b)
	}
	d := run(set, b, false)
	q := quality(d.text)
	if q >= 0.55 {
		return d
	}
	g := guess(b)
	if better := quality(g.text); better < 0.55 || better < q+0.25 || single(g.charset) && !single(d.charset) && !d.lossy {
		return d
	}
	return g
}

// single reports whether each byte is a character in a charset: then any bytes
// are text in it.
func single(name string) bool {
	return strings.HasPrefix(name, "windows-") || strings.HasPrefix(name, "iso-8859") || strings.HasPrefix(name, "koi8")
}

// sevenBit reads bytes without a high one. Without a label that says more they
// can still be ISO-2022 or HZ, which show by their escapes.
func sevenBit(b []byte, known bool) decoded {
	if bytes.IndexByte(b, 0x1b) >= 0 && bytes.Contains(b, []byte("\x1b$")) {
		switch {
		case bytes.Contains(b, []byte("\x1b$)C")):
			return shifted(b, iso2022KR).guess()
		case bytes.Contains(b, []byte("\x1b$)A")):
			return shifted(b, iso2022CN).guess()
		}
		return shifted(b, iso2022JP).guess()
	}
	if i := bytes.Index(b, []byte("~{")); !known && i >= 0 && bytes.Contains(b[i:], []byte("~}")) {
		if d := shifted(b, hzSet).guess(); !d.lossy && quality(d.text) > 0.55 {
			return d
		}
	}
	if zeros(b) {
		return widened(b, charset{})
	}
	return decoded{text: string(b), charset: "us-ascii"}
}

func (d decoded) guess() decoded {
	d.guessed = true
	return d
}

func run(set charset, b []byte, guessed bool) decoded {
	out, err := set.enc.NewDecoder().Bytes(b)
	if err != nil {
		return decoded{text: strings.ToValidUTF8(string(b), "\ufffd"), charset: set.name, guessed: guessed, lossy: true}
	}
	text := strings.ToValidUTF8(string(out), "\ufffd")
	return decoded{text: text, charset: set.name, guessed: guessed, lossy: strings.ContainsRune(text, utf8.RuneError)}
}

// shifted reads a charset of escapes. High bytes mean that the label lies.
func shifted(b []byte, set charset) decoded {
	if !ascii(b) {
		if utf8.Valid(b) {
			return decoded{text: string(b), charset: "utf-8", guessed: true}
		}
		if set.name != "iso-2022-jp" && set.name != "hz-gb-2312" {
			return guess(b)
		}
	}
	switch set.name {
	case "utf-7":
		text := fromUTF7(b)
		return decoded{text: text, charset: set.name, lossy: strings.ContainsRune(text, utf8.RuneError)}
	case "iso-2022-kr", "iso-2022-cn":
		return run(set, fromShifts(b), false)
	}
	d := run(set, b, false)
	if d.lossy && !ascii(b) {
		if g := guess(b); !g.lossy {
			return g
		}
	}
	return d
}

// zeros reports whether every other byte of what looks like text is zero, as
// it is in UTF-16 of English.
func zeros(b []byte) bool {
	b = b[:min(len(b), 4096)]
	n := bytes.Count(b, []byte{0})
	return n >= 4 && n*5 >= len(b)*2
}

func widened(b []byte, set charset) decoded {
	if !set.wide {
		set = utf16BE
		if even, odd := zeroPlaces(b); odd > even {
			set = utf16LE
		}
		return run(set, b, true)
	}
	if utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 && bytes.ContainsAny(b, " \n<>") && !strings.HasPrefix(set.name, "utf-32") {
		if wide := run(set, b, false); quality(wide.text) < 0.5 {
			return decoded{text: string(b), charset: "utf-8", guessed: true}
		}
	}
	d := run(set, b, false)
	if !strings.HasPrefix(set.name, "utf-16") {
		return d
	}
	other := utf16LE
	if set.name == "utf-16le" {
		other = utf16BE
	}
	if o := run(other, b, true); quality(o.text) > quality(d.text)+0.2 || rare(d.text) > rare(o.text) {
		return o
	}
	return d
}

func zeroPlaces(b []byte) (even, odd int) {
	for i, c := range b[:min(len(b), 4096)] {
		if c == 0 && i%2 == 0 {
			even++
		} else if c == 0 {
			odd++
		}
	}
	return even, odd
}

// rare counts what is hardly ever written: ASCII read in the wrong order of
// bytes ends up there.
func rare(s string) (n int) {
	for i, r := range s {
		if i > 4096 {
			break
		}
		if r >= 0x80 && weigh(r) < 0.2 {
			n++
		}
	}
	return n
}

// validUTF8 reads what is UTF-8 by its form. Other labels are believed only
// for a character or two that make more sense in them.
func validUTF8(b []byte, set charset, known bool) decoded {
	d := decoded{text: string(b), charset: "utf-8", guessed: known && set.name != "utf-8"}
	if !d.guessed || set.enc == nil {
		return d
	}
	n := 0
	for _, r := range d.text {
		if r >= 0x80 {
			if n++; n >= 3 {
				return d
			}
		}
	}
	if o := run(set, b, false); !o.lossy && quality(o.text) > quality(d.text) {
		return o
	}
	return d
}

// brokenUTF8 reads what says it is UTF-8 and is not all so: text with a damaged
// character, lines in another charset such as an old quote, or something else
// altogether.
func brokenUTF8(b []byte) decoded {
	good, bad := sequences(b)
	if good < 3*bad && !mixed(b, bad) {
		g := guess(b)
		if good > bad && quality(g.text) < 0.55 {
			return decoded{text: strings.ToValidUTF8(string(b), "\ufffd"), charset: "utf-8", lossy: true}
		}
		return g
	}
	var out strings.Builder
	out.Grow(len(b))
	d := decoded{charset: "utf-8"}
	foreign := likeliest(foreignLines(b))
	for line := range bytes.Lines(b) {
		switch good, bad := sequences(line); {
		case bad == 0:
			out.Write(line)
		case good >= bad:
			out.WriteString(strings.ToValidUTF8(string(line), "\ufffd"))
			d.lossy = true
		default:
			l := run(foreign, line, true)
			out.WriteString(l.text)
			d.lossy = d.lossy || l.lossy
		}
	}
	d.text = out.String()
	return d
}

// foreignLines returns the first lines that are no UTF-8.
func foreignLines(b []byte) []byte {
	var s []byte
	for line := range bytes.Lines(b) {
		if good, bad := sequences(line); bad > good && len(s) < sampleSize {
			s = append(s, line[:min(len(line), sampleSize)]...)
		}
	}
	return s
}

// mixed reports whether some lines are UTF-8 beyond doubt though others are not.
func mixed(b []byte, bad int) bool {
	n := 0
	for line := range bytes.Lines(b) {
		if utf8.Valid(line) && !ascii(line) {
			for _, r := range string(line) {
				if r >= 0x800 {
					n++
				}
			}
		}
	}
	return n >= 4 && 4*n >= bad
}

// sequences counts the characters of several bytes that are right in UTF-8,
// and the high bytes that are not.
func sequences(b []byte) (good, bad int) {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			bad++
		} else {
			good++
		}
		i += size
	}
	return good, bad
}

// guess reads bytes as the charset in which they make the most sense.
func guess(b []byte) decoded {
	if utf8.Valid(b) {
		return decoded{text: string(b), charset: "utf-8", guessed: true}
	}
	return run(likeliest(sample(b)), b, true)
}

// likeliest returns the charset in which a sample makes the most sense.
func likeliest(s []byte) charset {
	best, most := windows1252, -10.0
	for _, c := range candidates {
		text, err := c.enc.NewDecoder().Bytes(s)
		if err != nil {
			continue
		}
		q := quality(string(text))
		if c.name != "gb18030" || !kana(string(text)) { // Japanese in EUC-JP has its kana where GB has them
			q += c.bonus
		}
		if q > most {
			best, most = c.charset, q
		}
	}
	return best
}

// kana reports whether there is Hiragana in a text, as there is in all of
// Japanese.
func kana(s string) bool {
	n := 0
	for _, r := range s {
		if r >= 0x3041 && r < 0x3097 {
			n++
		}
	}
	return n >= 3
}

// sampleSize is how many bytes a charset is guessed from, at least, where there
// are so many.
const sampleSize = 3000

// sample returns the first lines that are not plain ASCII.
func sample(b []byte) []byte {
	if len(b) <= sampleSize {
		return b
	}
	var s []byte
	for line := range bytes.Lines(b) {
		if ascii(line) {
			continue
		}
		s = append(s, line[:min(len(line), 2*sampleSize)]...)
		if len(s) >= sampleSize {
			break
		}
	}
	return s
}

func ascii(b []byte) bool {
	for len(b) >= 8 {
		if (b[0]|b[1]|b[2]|b[3]|b[4]|b[5]|b[6]|b[7])&0x80 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// fromUTF7 reads RFC 2152. What is no UTF-7 stays as it is.
func fromUTF7(b []byte) string {
	var out strings.Builder
	out.Grow(len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '+' {
			out.WriteByte(b[i])
			continue
		}
		j := i + 1
		for j < len(b) && base64Value[b[j]] < 64 {
			j++
		}
		if j == i+1 {
			out.WriteByte('+')
			if j < len(b) && b[j] == '-' {
				i++
			}
			continue
		}
		raw := fromBase64(b[i+1 : j])
		text, err := utf16Plain.NewDecoder().Bytes(raw[:len(raw)/2*2])
		if err == nil {
			out.Write(text)
		}
		i = j - 1
		if j < len(b) && b[j] == '-' {
			i = j
		}
	}
	return strings.ToValidUTF8(out.String(), "\ufffd")
}

var utf16Plain = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)

// fromShifts takes the escapes and shifts of ISO-2022-KR and -CN away: what
// stood between shift out and shift in has its high bits set.
func fromShifts(b []byte) []byte {
	out := make([]byte, 0, len(b))
	high := byte(0)
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == 0x1b && i+3 < len(b) && b[i+1] == '$':
			i += 3
		case c == 0x0e:
			high = 0x80
		case c == 0x0f:
			high = 0
		case c == '\n':
			high = 0
			out = append(out, c)
		case c > ' ':
			out = append(out, c|high)
		default:
			out = append(out, c)
		}
	}
	return out
}
