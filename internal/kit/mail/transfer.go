package mail

import (
	"bytes"
	"encoding/base64"
)

// base64Value has the value of each byte of base64, and 64 for those that are
// not of it. The letters of its URL form count too.
var base64Value = func() (t [256]byte) {
	for i := range t {
		t[i] = 64
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		t[c] = byte(i)
	}
	return t
}()

// fromTransfer undoes a transfer encoding. What is no such encoding stays as
// it is; wrong says that the content was not in the encoding that it claims.
func fromTransfer(encoding string, b []byte, text bool) (out []byte, wrong bool) {
	switch encoding {
	case "base64":
		if text && !looksBase64(b) {
			return b, true
		}
		out, err := decodeBase64(b)
		return out, err
	case "quoted-printable":
		return fromQuotedPrintable(b)
	case "x-uuencode", "uuencode", "x-uue", "uue":
		if files, _ := cutUU(b, 1); len(files) == 1 {
			return files[0].content, false
		}
		return b, true
	}
	return b, false
}

// looksBase64 reports whether text that claims to be base64 can be: plain text
// has spaces and other characters within its lines.
func looksBase64(b []byte) bool {
	foreign, n := 0, 0
	for line := range bytes.Lines(b[:min(len(b), 2000)]) {
		line = bytes.TrimSpace(line)
		if n > 0 && len(line) == 0 {
			break // what follows can be a footer
		}
		for _, c := range line {
			if base64Value[c] == 64 && c != '=' {
				foreign++
			}
		}
		n += len(line)
	}
	return foreign*20 <= n
}

// decodeBase64 is quick with what is right and takes the rest by fromBase64.
func decodeBase64(b []byte) (out []byte, wrong bool) {
	out = make([]byte, base64.StdEncoding.DecodedLen(len(b)))
	n, err := base64.StdEncoding.Decode(out, b)
	if err == nil {
		return out[:n], false
	}
	return fromBase64(b), true
}

// fromBase64 reads base64 that may be broken: foreign bytes are passed over,
// padding may be missing, may stand between pieces that were encoded one by
// one, and ends the content before a footer that some server put after it.
func fromBase64(b []byte) []byte {
	clean := make([]byte, 0, len(b))
	out := make([]byte, 0, base64.RawStdEncoding.DecodedLen(len(b)))
	flush := func() {
		if len(clean)%4 == 1 {
			clean = clean[:len(clean)-1]
		}
		n := len(out)
		out = out[:n+base64.RawStdEncoding.DecodedLen(len(clean))]
		m, _ := base64.RawStdEncoding.Decode(out[n:], clean) // only its letters are left
		out = out[:n+m]
		clean = clean[:0]
	}
	blank := false
	for len(b) > 0 {
		line, rest := cutLine(b)
		switch {
		case len(bytes.TrimSpace(line)) == 0:
			blank = len(out)+len(clean) > 0
			b = rest
			continue
		case blank && footer(line):
			rest = nil
			line = nil
		}
		blank = false
		for i := range line {
			c := line[i]
			if base64Value[c] < 64 {
				clean = append(clean, c)
				continue
			}
			if c != '=' {
				continue
			}
			if k := len(clean) % 4; k == 2 || k == 3 {
				flush()
				after := bytes.TrimLeft(line[i+1:], "= \t")
				if len(after) == 0 {
					after, _ = cutLine(bytes.TrimLeft(rest[:min(len(rest), 4096)], "\r\n"))
				}
				if after = after[:min(len(after), 80)]; footer(after) || len(after) == 0 {
					return out
				}
			}
		}
		b = rest
	}
	flush()
	return out
}

// footer reports whether a line is no base64.
func footer(line []byte) bool {
	line = bytes.TrimSpace(line)
	for _, c := range line {
		if base64Value[c] == 64 && c != '=' {
			return true
		}
	}
	return len(line) > 0 && len(line) < 4
}

// fromQuotedPrintable reads quoted-printable; what is no code stays as it is.
func fromQuotedPrintable(b []byte) (out []byte, wrong bool) {
	i := bytes.IndexByte(b, '=')
	if i < 0 {
		return b, false
	}
	out = make([]byte, 0, len(b))
	for {
		out = append(out, b[:i]...)
		b = b[i+1:]
		switch {
		case len(b) >= 2 && isHex(b[0]) && isHex(b[1]):
			out = append(out, unhex(b[0])<<4|unhex(b[1]))
			b = b[2:]
		default:
			j := 0
			for j < len(b) && (b[j] == ' ' || b[j] == '\t' || b[j] == '\r') {
				j++
			}
			switch {
			case j < len(b) && b[j] == '\n':
				b = b[j+1:]
			case j == len(b): // cut off at the very end
				return out, wrong
			case j > 0 && b[j-1] == '\r':
				b = b[j:]
			default:
				out = append(out, '=')
				out = append(out, b[:j]...)
				b = b[j:]
				wrong = true
			}
		}
		if i = bytes.IndexByte(b, '='); i < 0 {
			return append(out, b...), wrong
		}
	}
}

// file is a file that was written into a text.
type file struct {
	name    string
	content []byte
}

// cutUU cuts the files out of a text that were written into it by uuencode,
// at most so many.
func cutUU(b []byte, most int) (files []file, rest []byte) {
	for len(files) < most {
		at := uuBegin(b)
		if at < 0 {
			break
		}
		line, body := cutLine(b[at:])
		content, after, ok := uuBody(body)
		if !ok {
			rest = append(append(rest, b[:at]...), line...)
			rest = append(rest, '\n')
			b = body
			continue
		}
		fields := bytes.SplitN(line, []byte(" "), 3)
		files = append(files, file{name: decode(bytes.TrimSpace(fields[2]), "").text, content: content})
		rest = append(rest, b[:at]...)
		b = after
	}
	if rest == nil {
		return files, b
	}
	return files, append(rest, b...)
}

// uuBegin returns where a line such as "begin 644 picture.jpg" is, or -1.
func uuBegin(b []byte) int {
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("begin "))
		if i < 0 {
			return -1
		}
		at += i
		if at == 0 || b[at-1] == '\n' {
			mode := b[at+6:]
			n := 0
			for n < len(mode) && n < 5 && mode[n] >= '0' && mode[n] <= '7' {
				n++
			}
			if n >= 3 && n < len(mode) && mode[n] == ' ' {
				return at
			}
		}
		at += 6
	}
}

// uuBody reads the lines up to "end", and reports false if they are no
// uuencode.
func uuBody(b []byte) (content, rest []byte, ok bool) {
	for len(b) > 0 {
		line, next := cutLine(b)
		b = next
		if bytes.Equal(line, []byte("end")) {
			return content, b, true
		}
		if len(line) == 0 {
			continue
		}
		n := int(line[0]-' ') & 63
		if line[0] < ' ' || line[0] > '`' || len(line)-1 < (n*8+5)/6-3 || len(line) > 90 {
			return nil, nil, false
		}
		for i := 1; n > 0; i += 4 {
			var group [4]byte
			for k := range group {
				if i+k < len(line) {
					group[k] = (line[i+k] - ' ') & 63
				}
			}
			triple := [3]byte{group[0]<<2 | group[1]>>4, group[1]<<4 | group[2]>>2, group[2]<<6 | group[3]}
			content = append(content, triple[:min(n, 3)]...)
			n -= 3
		}
	}
	return nil, nil, false
}
