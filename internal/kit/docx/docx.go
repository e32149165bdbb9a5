// Package docx reads Word documents as Markdown: headings, paragraphs, lists
// and tables. Pictures are left out and counted; what was deleted under tracked
// changes is not there.
package docx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"yingda/internal/kit/unpack"
)

// Document is what a Word document says.
type Document struct {
	Markdown string
	Pictures int // that were left out
}

const mostUnpacked = 24 << 20

// Read reads a document.
func Read(file []byte) (Document, error) {
	a, err := unpack.Open(file, mostUnpacked)
	if err != nil {
		return Document{}, err
	}
	body, err := a.Read("word/document.xml")
	if err != nil {
		return Document{}, err
	}
	r := reader{headings: map[string]int{}, ordered: map[string]bool{}}
	if err := r.styles(a); err != nil {
		return Document{}, err
	}
	if err := r.numbering(a); err != nil {
		return Document{}, err
	}
	if err := r.read(body); err != nil {
		return Document{}, errors.Join(unpack.ErrBroken, err)
	}
	return Document{Markdown: strings.TrimSpace(r.out.String()) + "\n", Pictures: r.pictures}, nil
}

type reader struct {
	headings map[string]int  // by style: the level
	ordered  map[string]bool // by number: whether its first level counts

	out      strings.Builder
	pictures int
	inList   bool

	para  paragraph
	table [][]string // of the outermost table; nil outside
	deep  int        // how many tables we are in
}

type paragraph struct {
	text   strings.Builder
	level  int // of a heading
	number string
	indent int
}

type value struct {
	Val string `xml:"val,attr"`
}

func (r *reader) styles(a *unpack.Archive) error {
	var all struct {
		Styles []struct {
			ID    string `xml:"styleId,attr"`
			Name  value  `xml:"name"`
			Level *value `xml:"pPr>outlineLvl"`
		} `xml:"style"`
	}
	if err := part(a, "word/styles.xml", &all); err != nil {
		return err
	}
	for _, s := range all.Styles {
		name := strings.ToLower(s.Name.Val)
		level, ok := strings.CutPrefix(name, "heading ")
		switch {
		case ok && len(level) == 1 && level[0] >= '1' && level[0] <= '6':
			r.headings[s.ID] = int(level[0] - '0')
		case name == "title":
			r.headings[s.ID] = 1
		case s.Level != nil && len(s.Level.Val) == 1 && s.Level.Val[0] < '6':
			r.headings[s.ID] = int(s.Level.Val[0]-'0') + 1
		}
	}
	return nil
}

func (r *reader) numbering(a *unpack.Archive) error {
	var all struct {
		Abstract []struct {
			ID     string `xml:"abstractNumId,attr"`
			Levels []struct {
				Format value `xml:"numFmt"`
			} `xml:"lvl"`
		} `xml:"abstractNum"`
		Numbers []struct {
			ID       string `xml:"numId,attr"`
			Abstract value  `xml:"abstractNumId"`
		} `xml:"num"`
	}
	if err := part(a, "word/numbering.xml", &all); err != nil {
		return err
	}
	counts := map[string]bool{}
	for _, n := range all.Abstract {
		counts[n.ID] = len(n.Levels) > 0 && n.Levels[0].Format.Val != "bullet" && n.Levels[0].Format.Val != "none"
	}
	for _, n := range all.Numbers {
		r.ordered[n.ID] = counts[n.Abstract.Val]
	}
	return nil
}

// part reads a part of the document that need not be there.
func part(a *unpack.Archive, name string, into any) error {
	b, err := a.Read(name)
	if errors.Is(err, unpack.ErrMissing) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := xml.Unmarshal(b, into); err != nil {
		return errors.Join(unpack.ErrBroken, err)
	}
	return nil
}

func (r *reader) read(body []byte) error {
	d := xml.NewDecoder(bytes.NewReader(body))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := r.start(d, t); err != nil {
				return err
			}
		case xml.EndElement:
			r.end(t.Name.Local)
		}
	}
}

func (r *reader) start(d *xml.Decoder, t xml.StartElement) error {
	switch t.Name.Local {
	case "p":
		if r.deep == 0 {
			r.para = paragraph{}
		}
	case "pStyle":
		r.para.level = r.headings[val(t)]
	case "numId":
		r.para.number = val(t)
	case "ilvl":
		if v := val(t); len(v) == 1 && v[0] >= '0' && v[0] <= '9' {
			r.para.indent = int(v[0] - '0')
		}
	case "t":
		var s string
		if err := d.DecodeElement(&s, &t); err != nil {
			return err
		}
		r.para.text.WriteString(s)
	case "tab":
		r.para.text.WriteByte(' ')
	case "br", "cr":
		r.para.text.WriteByte('\n')
	case "Fallback": // says again what stands before it
		return d.Skip()
	case "drawing", "pict", "object":
		r.pictures++
		return d.Skip()
	case "tbl":
		if r.deep++; r.deep == 1 {
			r.table, r.para = [][]string{}, paragraph{}
		}
	case "tr":
		if r.deep == 1 {
			r.table = append(r.table, []string{})
		}
	case "tc":
		if r.deep == 1 {
			r.para = paragraph{}
		}
	}
	return nil
}

func (r *reader) end(name string) {
	switch name {
	case "p":
		if r.deep > 0 {
			r.para.text.WriteByte(' ') // a cell is one line
			return
		}
		r.finish()
	case "tc":
		if at := len(r.table) - 1; r.deep == 1 && at >= 0 {
			text := strings.Join(strings.Fields(r.para.text.String()), " ")
			r.table[at] = append(r.table[at], strings.ReplaceAll(text, "|", `\|`))
		}
	case "tbl":
		if r.deep--; r.deep == 0 {
			r.finishTable()
		}
	}
}

func val(t xml.StartElement) string {
	for _, a := range t.Attr {
		if a.Name.Local == "val" {
			return a.Value
		}
	}
	return ""
}

func (r *reader) finish() {
	text := strings.TrimSpace(r.para.text.String())
	if text == "" {
		return
	}
	item := r.para.number != "" && r.para.number != "0" && r.para.level == 0
	if r.out.Len() > 0 {
		r.out.WriteByte('\n')
		if !item || !r.inList {
			r.out.WriteByte('\n')
		}
	}
	r.inList = item
	switch {
	case r.para.level > 0:
		r.out.WriteString(strings.Repeat("#", r.para.level) + " " + strings.Join(strings.Fields(text), " "))
	case item:
		mark := "- "
		if r.ordered[r.para.number] {
			mark = "1. "
		}
		r.out.WriteString(strings.Repeat("   ", r.para.indent) + mark + strings.Join(strings.Fields(text), " "))
	default:
		r.out.WriteString(text)
	}
}

func (r *reader) finishTable() {
	width := 0
	for _, row := range r.table {
		width = max(width, len(row))
	}
	if width == 0 {
		return
	}
	if r.out.Len() > 0 {
		r.out.WriteString("\n\n")
	}
	for i, row := range r.table {
		for len(row) < width {
			row = append(row, "")
		}
		r.out.WriteString("| " + strings.Join(row, " | ") + " |")
		if i == 0 {
			r.out.WriteString("\n|" + strings.Repeat("---|", width))
		}
		if i < len(r.table)-1 {
			r.out.WriteByte('\n')
		}
	}
	r.inList, r.table, r.para = false, nil, paragraph{}
}
