package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"yingda/internal/kit/unpack"
)

// Row is a row of a workbook that says something.
type Row struct {
	Line  int // from 1, as spreadsheets number it
	Cells []string
}

// Bounds of a workbook that is read.
const (
	mostUnpacked = 24 << 20
	mostRows     = 100_000
	mostColumns  = 100
)

// ErrRows is that a table has more rows than are read.
var ErrRows = errors.New("sheet: the table has too many rows")

// ReadXLSX returns the rows of the first sheet of a workbook, as what its cells
// show, without formats of numbers. Only what Office Open XML needs for values
// is read: no formulas, no links, no macros.
func ReadXLSX(file []byte) ([]Row, error) {
	a, err := unpack.Open(file, mostUnpacked)
	if err != nil {
		return nil, err
	}
	name, err := firstSheet(a)
	if err != nil {
		return nil, err
	}
	shared, err := sharedStrings(a)
	if err != nil {
		return nil, err
	}
	b, err := a.Read(name)
	if err != nil {
		return nil, err
	}
	return readRows(b, shared)
}

type workbook struct {
	Sheets []struct {
		ID string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
	} `xml:"sheets>sheet"`
}

type relations struct {
	All []struct {
		ID     string `xml:"Id,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

func firstSheet(a *unpack.Archive) (string, error) {
	var w workbook
	var r relations
	for name, into := range map[string]any{"xl/workbook.xml": &w, "xl/_rels/workbook.xml.rels": &r} {
		b, err := a.Read(name)
		if err != nil {
			return "", err
		}
		if err := xml.Unmarshal(b, into); err != nil {
			return "", errors.Join(unpack.ErrBroken, err)
		}
	}
	for _, each := range r.All {
		if len(w.Sheets) > 0 && each.ID == w.Sheets[0].ID {
			if strings.HasPrefix(each.Target, "/") {
				return each.Target, nil
			}
			return path.Join("xl", each.Target), nil
		}
	}
	return "", fmt.Errorf("%w: no sheet", unpack.ErrBroken)
}

// text is a string with runs of different looks; what is only read aloud (rPh)
// is no part of it.
type text struct {
	T    string `xml:"t"`
	Runs []struct {
		T string `xml:"t"`
	} `xml:"r"`
}

func (t text) String() string {
	var b strings.Builder
	b.WriteString(t.T)
	for _, r := range t.Runs {
		b.WriteString(r.T)
	}
	return b.String()
}

func sharedStrings(a *unpack.Archive) ([]string, error) {
	b, err := a.Read("xl/sharedStrings.xml")
	if errors.Is(err, unpack.ErrMissing) {
		return nil, nil // every string stands in its cell
	}
	if err != nil {
		return nil, err
	}
	var table struct {
		Items []text `xml:"si"`
	}
	if err := xml.Unmarshal(b, &table); err != nil {
		return nil, errors.Join(unpack.ErrBroken, err)
	}
	out := make([]string, len(table.Items))
	for i, t := range table.Items {
		out[i] = t.String()
	}
	return out, nil
}

type cell struct {
	Ref    string `xml:"r,attr"`
	Type   string `xml:"t,attr"`
	Value  string `xml:"v"`
	Inline text   `xml:"is"`
}

func readRows(b []byte, shared []string) ([]Row, error) {
	d := xml.NewDecoder(bytes.NewReader(b))
	rows := []Row{}
	line := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, errors.Join(unpack.ErrBroken, err)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "row" {
			continue
		}
		var r struct {
			Line  int    `xml:"r,attr"`
			Cells []cell `xml:"c"`
		}
		if err := d.DecodeElement(&r, &start); err != nil {
			return nil, errors.Join(unpack.ErrBroken, err)
		}
		if line++; r.Line > 0 {
			line = r.Line
		}
		if cells := cellsOf(r.Cells, shared); len(cells) > 0 {
			rows = append(rows, Row{Line: line, Cells: cells})
		}
		if len(rows) > mostRows {
			return nil, ErrRows
		}
	}
}

// cellsOf returns what cells show, each in its column; nothing if all are empty.
func cellsOf(cs []cell, shared []string) []string {
	var out []string
	at := 0
	for _, c := range cs {
		if n := column(c.Ref); n > 0 {
			at = n - 1
		}
		value := strings.TrimSpace(c.show(shared))
		if value != "" && at < mostColumns {
			for len(out) <= at {
				out = append(out, "")
			}
			out[at] = Plain(strings.ToValidUTF8(value, "�"))
		}
		at++
	}
	return out
}

func (c cell) show(shared []string) string {
	switch c.Type {
	case "s":
		if i, err := strconv.Atoi(strings.TrimSpace(c.Value)); err == nil && i >= 0 && i < len(shared) {
			return shared[i]
		}
		return ""
	case "inlineStr":
		return c.Inline.String()
	case "b":
		return map[string]string{"0": "FALSE", "1": "TRUE"}[c.Value]
	}
	return c.Value
}

// column is the number of a column from 1, of a reference such as AB12; 0 if it
// is none.
func column(ref string) (n int) {
	for _, r := range ref {
		if r < 'A' || r > 'Z' {
			break
		}
		if n = n*26 + int(r-'A') + 1; n > mostColumns {
			return mostColumns + 1
		}
	}
	return n
}
