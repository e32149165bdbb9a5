// Package sheet reads the tables that people take out of spreadsheets, row by
// row, whatever their encoding and delimiter; and keeps cells on the way out
// from being taken for formulas.
package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// Form is how a table is written.
type Form struct {
	Encoding string `json:"encoding"` // utf-8 or gb18030
	Comma    string `json:"comma"`    // , or ; or a tab
}

// Encodings.
const (
	UTF8    = "utf-8"
	GB18030 = "gb18030"
)

// SniffBytes is how much of a file Sniff looks at.
const SniffBytes = 256 << 10

var bom = []byte("\xef\xbb\xbf")

// Sniff returns how a table is written, from its beginning. What is no valid
// UTF-8 is taken for GB18030, which Chinese spreadsheets write.
func Sniff(head []byte) Form {
	f := Form{Encoding: UTF8, Comma: ","}
	text := bytes.TrimPrefix(head, bom)
	if !utf8.Valid(cut(text)) {
		f.Encoding = GB18030
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	most := 0
	for _, c := range []string{",", ";", "\t"} {
		if n := outside(line, c[0]); n > most {
			f.Comma, most = c, n
		}
	}
	return f
}

// cut takes a character off the end that was read in part.
func cut(b []byte) []byte {
	for i := 1; i <= utf8.UTFMax && i <= len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// outside counts a character that does not stand in quotes.
func outside(line []byte, c byte) (n int) {
	quoted := false
	for _, b := range line {
		switch {
		case b == '"':
			quoted = !quoted
		case b == c && !quoted:
			n++
		}
	}
	return n
}

// Reader gives the rows of a table, one after the other.
type Reader struct{ csv *csv.Reader }

// NewReader returns a reader of a table. Nothing but the row at hand is held.
func NewReader(r io.Reader, f Form) *Reader {
	if f.Encoding == GB18030 {
		r = transform.NewReader(r, simplifiedchinese.GB18030.NewDecoder())
	} else {
		r = withoutMark(r)
	}
	c := csv.NewReader(r)
	c.FieldsPerRecord, c.LazyQuotes, c.ReuseRecord = -1, true, true
	if f.Comma != "" {
		c.Comma = rune(f.Comma[0])
	}
	return &Reader{c}
}

func withoutMark(r io.Reader) io.Reader {
	head := make([]byte, len(bom))
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return io.MultiReader(bytes.NewReader(head[:n]), broken{err})
	}
	return io.MultiReader(bytes.NewReader(bytes.TrimPrefix(head[:n], bom)), r)
}

type broken struct{ error }

func (b broken) Read([]byte) (int, error) { return 0, b.error }

// Next returns the next row with its cells trimmed, and whether all of them are
// empty; io.EOF at the end. The row is valid until the next call.
func (r *Reader) Next() (cells []string, empty bool, err error) {
	cells, err = r.csv.Read()
	if err != nil {
		return nil, false, err
	}
	empty = true
	for i, c := range cells {
		cells[i] = Plain(strings.ToValidUTF8(strings.TrimSpace(c), "�"))
		empty = empty && cells[i] == ""
	}
	return cells, empty, nil
}

// Safe returns a cell that no spreadsheet takes for a formula: what begins like
// one gets an apostrophe before it.
func Safe(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// Plain takes back what Safe did.
func Plain(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && rest != "" && Safe(rest) != rest {
		return rest
	}
	return s
}
