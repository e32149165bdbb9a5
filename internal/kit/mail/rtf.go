package mail

import (
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
)

// rtfStart is what the window of compressed RTF holds at first, from
// [MS-OXRTFCP] 2.1.2.1.
const rtfStart = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"

var errRTF = errors.New("this is no compressed RTF")

// longestRTF is the most that RTF is unpacked to, in bytes.
const longestRTF = 8 << 20

// unpackRTF unpacks the RTF of a winmail.dat.
func unpackRTF(b []byte) ([]byte, error) {
	if len(b) < 16 {
		return nil, errRTF
	}
	size, kind := int(binary.LittleEndian.Uint32(b[4:])), binary.LittleEndian.Uint32(b[8:])
	in := b[16:]
	switch kind {
	case 0x414c454d: // MELA: as it is
		return in[:min(size, len(in))], nil
	case 0x75465a4c: // LZFu
	default:
		return nil, errRTF
	}
	var window [4096]byte
	at := copy(window[:], rtfStart)
	var out []byte
	put := func(c byte) {
		out = append(out, c)
		window[at] = c
		at = (at + 1) % len(window)
	}
	for len(in) > 0 && len(out) < min(size, longestRTF) {
		flags := in[0]
		in = in[1:]
		for bit := 0; bit < 8 && len(in) > 0; bit++ {
			if flags>>bit&1 == 0 {
				put(in[0])
				in = in[1:]
				continue
			}
			if len(in) < 2 {
				return out, nil
			}
			offset, length := int(in[0])<<4|int(in[1])>>4, int(in[1]&15)+2
			in = in[2:]
			if offset == at {
				return out, nil
			}
			for range length {
				put(window[offset])
				offset = (offset + 1) % len(window)
			}
		}
	}
	return out, nil
}

// rtfText returns the plain text of RTF.
func rtfText(b []byte, codePage string) string {
	r := rtf{in: b, codePage: codePage, skip: 1}
	for len(r.in) > 0 {
		r.step()
	}
	r.flush()
	return strings.TrimSpace(r.out.String())
}

// rtf turns RTF into text.
type rtf struct {
	in       []byte
	out      strings.Builder
	codePage string
	raw      []byte   // bytes of the code page that wait to be read
	wide     []uint16 // units of UTF-16 that wait to be read
	silent   []bool   // which of the open groups are not text
	skip     int      // how many characters stand in for a Unicode one
	pass     int      // how many of them are to be passed over
	fresh    bool     // a group has just begun
}

func (r *rtf) quiet() bool { return len(r.silent) > 0 && r.silent[len(r.silent)-1] }

func (r *rtf) flush() {
	if len(r.raw) > 0 {
		r.out.WriteString(decode(r.raw, r.codePage).text)
		r.raw = r.raw[:0]
	}
	if len(r.wide) > 0 {
		r.out.WriteString(string(utf16.Decode(r.wide)))
		r.wide = r.wide[:0]
	}
}

func (r *rtf) write(s string) {
	if !r.quiet() {
		r.flush()
		r.out.WriteString(s)
	}
}

func (r *rtf) step() {
	c := r.in[0]
	r.in = r.in[1:]
	fresh := r.fresh
	r.fresh = false
	switch c {
	case '{':
		if len(r.silent) < 1000 {
			r.silent = append(r.silent, r.quiet())
		}
		r.fresh = true
	case '}':
		r.flush()
		if len(r.silent) > 0 {
			r.silent = r.silent[:len(r.silent)-1]
		}
	case '\r', '\n':
	case '\\':
		r.control(fresh)
	default:
		if r.pass > 0 {
			r.pass--
			return
		}
		if !r.quiet() {
			if len(r.wide) > 0 {
				r.flush()
			}
			r.raw = append(r.raw, c)
		}
	}
}

// destinations are groups that are not text.
var destinations = set("fonttbl colortbl stylesheet info pict object header footer htmltag mhtmltag generator listtable listoverridetable rsidtbl themedata datastore latentstyles xmlnstbl")

func (r *rtf) control(fresh bool) {
	if len(r.in) == 0 {
		return
	}
	switch c := r.in[0]; {
	case c == '\'':
		if len(r.in) >= 3 && isHex(r.in[1]) && isHex(r.in[2]) {
			if r.pass > 0 {
				r.pass--
			} else if !r.quiet() {
				r.raw = append(r.raw, unhex(r.in[1])<<4|unhex(r.in[2]))
			}
			r.in = r.in[3:]
			return
		}
		r.in = r.in[1:]
	case c == '*':
		r.in = r.in[1:]
		if fresh && len(r.silent) > 0 {
			r.silent[len(r.silent)-1] = true
		}
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		r.word(fresh)
	default:
		r.in = r.in[1:]
		switch c {
		case '~':
			r.write(" ")
		case '\\', '{', '}':
			r.write(string(rune(c)))
		case '\n', '\r':
			r.write("\n")
		}
	}
}

func (r *rtf) word(fresh bool) {
	n := 0
	for n < len(r.in) && n < 32 && (r.in[n] >= 'a' && r.in[n] <= 'z' || r.in[n] >= 'A' && r.in[n] <= 'Z') {
		n++
	}
	name := string(r.in[:n])
	k := n
	for k < len(r.in) && k < n+11 && (digit(r.in[k]) || k == n && r.in[k] == '-') {
		k++
	}
	value, _ := strconv.Atoi(string(r.in[n:k])) // none is 0
	if k < len(r.in) && r.in[k] == ' ' {
		k++
	}
	r.in = r.in[k:]
	switch name {
	case "par", "line", "row", "sect", "page":
		r.write("\n")
	case "tab", "cell":
		r.write("\t")
	case "ansicpg":
		r.codePage = codePage(uint32(max(value, 0)))
	case "uc":
		r.skip = min(max(value, 0), 8)
	case "u":
		if len(r.raw) > 0 {
			raw := r.wide
			r.wide = nil
			r.flush()
			r.wide = raw
		}
		if !r.quiet() {
			r.wide = append(r.wide, uint16(value))
		}
		r.pass = r.skip
	case "bin":
		r.in = r.in[min(max(value, 0), len(r.in)):]
	case "lquote", "rquote":
		r.write("’")
	case "ldblquote":
		r.write("“")
	case "rdblquote":
		r.write("”")
	case "emdash", "endash":
		r.write("–")
	case "bullet":
		r.write("•")
	default:
		if fresh && destinations[name] && len(r.silent) > 0 {
			r.silent[len(r.silent)-1] = true
		}
	}
}
