package mail

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/encoding/unicode"
)

// The attributes of TNEF that are read, from Microsoft's [MS-OXTNEF].
const (
	tnefSignature   = 0x223e9f78
	tnefRenderData  = 0x00069002 // an attachment begins
	tnefTitle       = 0x00018010
	tnefFile        = 0x0006800f
	tnefAttachProps = 0x00069005
	tnefProps       = 0x00069003
	tnefCodePage    = 0x00069007
	tnefBody        = 0x0002800c
)

// The properties of MAPI that are read.
const (
	propBody      = 0x1000
	propRTF       = 0x1009
	propHTML      = 0x1013
	propName      = 0x3001
	propObject    = 0x3701
	propShortName = 0x3704
	propLongName  = 0x3707
	propMIME      = 0x370e
	propContentID = 0x3712
)

// tnefData is what a winmail.dat holds.
type tnefData struct {
	body       body
	rtf        string
	files      []Attachment
	codePage   string
	inner      []Attachment // of messages within the message
	embedded   int
	properties int
}

// tnef keeps a winmail.dat, with the files that are in it.
func (p *parser) tnef(a Attachment, b []byte) {
	p.attach(a)
	d := tnefData{codePage: "windows-1252"}
	err := d.read(b)
	if err != nil {
		p.note("tnef: %s", err)
	}
	within := fileName(a.Name)
	if within == "" {
		within = "winmail.dat"
	}
	for _, f := range append(d.files, d.inner...) {
		f.Within = within
		if f.Type == "" {
			f.Type = "application/octet-stream"
		}
		p.attach(f)
	}
	if p.instead == (body{}) {
		p.instead = body{plain: lineEnds(d.body.plain), html: lineEnds(d.body.html)}
		if d.body == (body{}) {
			p.instead.plain = lineEnds(d.rtf)
		}
	}
}

var errNotTNEF = errors.New("this is no TNEF")

// mostNested is how many messages within messages of TNEF are read.
const mostNested = 4

func (d *tnefData) read(b []byte) error {
	if len(b) < 6 || binary.LittleEndian.Uint32(b) != tnefSignature {
		return errNotTNEF
	}
	b = b[6:]
	current := -1 // the attachment that attributes are about
	for len(b) >= 9 {
		level, id, size := b[0], binary.LittleEndian.Uint32(b[1:]), int64(binary.LittleEndian.Uint32(b[5:]))
		if level != 1 && level != 2 {
			return fmt.Errorf("%d bytes at the end are no attribute", len(b))
		}
		b = b[9:]
		cut := size > int64(len(b))
		value := b[:min(size, int64(len(b)))]
		b = b[len(value):]
		if level == 2 && (id == tnefRenderData || current < 0) {
			if len(d.files) >= 1000 {
				return errors.New("more than 1000 attachments")
			}
			d.files = append(d.files, Attachment{})
			current = len(d.files) - 1
		}
		d.attribute(id, value, current)
		if cut {
			return errors.New("it is cut off")
		}
		b = b[min(2, len(b)):] // the sum, which writers get wrong
	}
	return nil
}

func (d *tnefData) attribute(id uint32, value []byte, current int) {
	switch id {
	case tnefCodePage:
		if len(value) >= 4 {
			d.codePage = codePage(binary.LittleEndian.Uint32(value))
		}
	case tnefBody:
		if d.body.plain == "" {
			d.body.plain = d.text8(value)
		}
	case tnefProps:
		d.props(value, nil)
	}
	if current < 0 {
		return
	}
	f := &d.files[current]
	switch id {
	case tnefTitle:
		if name := d.text8(value); f.Name == "" {
			f.Name = name
		}
	case tnefFile:
		f.Content = value
	case tnefAttachProps:
		d.props(value, f)
	}
}

func codePage(n uint32) string {
	switch n {
	case 936, 54936:
		return "gb18030"
	case 950:
		return "big5"
	case 932:
		return "shift_jis"
	case 949:
		return "euc-kr"
	case 65001:
		return "utf-8"
	}
	return fmt.Sprintf("windows-%d", n)
}

// text8 reads a text of bytes that ends at its zero.
func (d *tnefData) text8(b []byte) string {
	s, _, _ := strings.Cut(string(b), "\x00")
	return lineEnds(decode([]byte(s), d.codePage).text)
}

var utf16Little = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)

func text16(b []byte) string {
	out, _ := utf16Little.NewDecoder().Bytes(b[:len(b)/2*2]) // damage becomes U+FFFD
	s, _, _ := strings.Cut(string(out), "\x00")
	return strings.ToValidUTF8(s, "\ufffd")
}

// mostProperties is how many properties of a winmail.dat are read.
const mostProperties = 100_000

// props reads a list of MAPI properties, of a message or of an attachment.
func (d *tnefData) props(b []byte, f *Attachment) {
	c := cursor{b: b}
	count := c.uint32()
	for range count {
		if d.properties++; c.failed || d.properties > mostProperties {
			return
		}
		kind, id := c.uint16(), c.uint16()
		if id >= 0x8000 {
			c.skip(16)
			if c.uint32() == 0 {
				c.skip(4)
			} else {
				c.padded(int64(c.uint32()))
			}
		}
		multiple := kind&0x1000 != 0
		values := uint32(1)
		variable := variableKind(kind &^ 0x1000)
		if multiple || variable {
			values = c.uint32()
		}
		for range values {
			if d.properties++; c.failed || d.properties > mostProperties {
				return
			}
			if !variable {
				c.skip(fixedSize(kind &^ 0x1000))
				continue
			}
			value := c.padded(int64(c.uint32()))
			if !c.failed {
				d.property(id, kind&^0x1000, value, f)
			}
		}
	}
}

func variableKind(kind uint16) bool {
	return kind == 0x1e || kind == 0x1f || kind == 0x0d || kind == 0x102
}

func fixedSize(kind uint16) int64 {
	switch kind {
	case 0x05, 0x06, 0x07, 0x14, 0x40: // double, currency, time, 64 bits
		return 8
	case 0x48: // GUID
		return 16
	}
	return 4
}

func (d *tnefData) property(id, kind uint16, value []byte, f *Attachment) {
	text := func() string {
		if kind == 0x1f {
			return text16(value)
		}
		return d.text8(value)
	}
	if f == nil {
		switch id {
		case propBody:
			d.body.plain = lineEnds(text())
		case propHTML:
			if kind == 0x102 {
				d.body.html = decode(value, metaOr(value, d.codePage)).text
			} else {
				d.body.html = text()
			}
		case propRTF:
			if raw, err := unpackRTF(value); err == nil {
				d.rtf = rtfText(raw, d.codePage)
			}
		}
		return
	}
	switch id {
	case propLongName:
		if name := text(); name != "" {
			f.Name = name
		}
	case propShortName, propName:
		if name := text(); f.Name == "" {
			f.Name = name
		}
	case propMIME:
		f.Type = strings.ToLower(text())
	case propContentID:
		f.ContentID = strings.Trim(text(), "<>")
	case propObject:
		d.object(value, f)
	}
}

// object reads what an attachment holds as an object: a message in TNEF after
// the id of its interface, or bytes.
func (d *tnefData) object(value []byte, f *Attachment) {
	if len(value) > 22 && binary.LittleEndian.Uint32(value[16:]) == tnefSignature {
		f.Content = value[16:]
		if d.embedded < mostNested {
			inner := tnefData{codePage: d.codePage, embedded: d.embedded + 1, properties: d.properties}
			if inner.read(value[16:]) == nil && len(d.inner)+len(inner.files) < 1000 {
				d.inner = append(d.inner, inner.files...)
			}
		}
		return
	}
	if len(f.Content) == 0 {
		f.Content = value[min(16, len(value)):]
	}
}

func metaOr(doc []byte, label string) string {
	if named := metaCharset(doc[:min(len(doc), 2048)]); named != "" {
		return named
	}
	return label
}

// cursor reads numbers, until one is missing.
type cursor struct {
	b      []byte
	failed bool
}

func (c *cursor) take(n int64) []byte {
	if n < 0 || n > int64(len(c.b)) {
		c.failed = true
		c.b = nil
		return nil
	}
	v := c.b[:n]
	c.b = c.b[n:]
	return v
}

func (c *cursor) skip(n int64) { c.take(n) }

func (c *cursor) uint16() uint16 {
	if v := c.take(2); v != nil {
		return binary.LittleEndian.Uint16(v)
	}
	return 0
}

func (c *cursor) uint32() uint32 {
	if v := c.take(4); v != nil {
		return binary.LittleEndian.Uint32(v)
	}
	return 0
}

// padded takes bytes that are filled up to a multiple of four.
func (c *cursor) padded(n int64) []byte {
	v := c.take(n)
	c.take(min((4-n%4)%4, int64(len(c.b))))
	return v
}
