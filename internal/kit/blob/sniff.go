package blob

import (
	"bytes"
	"encoding/binary"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Type is what a file is, found in its bytes.
type Type struct {
	MIME string
	Kind string   // image, video, audio or document
	Ends []string // how names of such files end; the first is usual
}

// HeadSize is how much of a file's beginning Sniff needs.
const HeadSize = 3072

// The types that are taken.
var (
	png  = Type{"image/png", "image", []string{".png"}}
	jpeg = Type{"image/jpeg", "image", []string{".jpg", ".jpeg", ".jfif"}}
	gif  = Type{"image/gif", "image", []string{".gif"}}
	webp = Type{"image/webp", "image", []string{".webp"}}
	heic = Type{"image/heic", "document", []string{".heic", ".heif"}} // few browsers show it
	mp4  = Type{"video/mp4", "video", []string{".mp4", ".m4v"}}
	mov  = Type{"video/quicktime", "video", []string{".mov", ".qt"}}
	gp3  = Type{"video/3gpp", "video", []string{".3gp", ".3g2"}}
	webm = Type{"video/webm", "video", []string{".webm"}}
	mp3  = Type{"audio/mpeg", "audio", []string{".mp3"}}
	wav  = Type{"audio/wav", "audio", []string{".wav"}}
	ogg  = Type{"audio/ogg", "audio", []string{".ogg", ".oga", ".opus"}}
	m4a  = Type{"audio/mp4", "audio", []string{".m4a"}}
	amr  = Type{"audio/amr", "audio", []string{".amr"}}
	pdf  = Type{"application/pdf", "document", []string{".pdf"}}
	text = Type{"text/plain", "document", []string{".txt", ".log", ".md", ".json", ".xml", ".ini", ".yaml", ".yml", ".tsv", ".eml", ".vcf", ".ics", ".srt"}}
	csv  = Type{"text/csv", "document", []string{".csv"}}
	zip  = Type{"application/zip", "document", []string{".zip"}}
	docx = Type{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "document", []string{".docx"}}
	xlsx = Type{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "document", []string{".xlsx"}}
	pptx = Type{"application/vnd.openxmlformats-officedocument.presentationml.presentation", "document", []string{".pptx"}}
	odt  = Type{"application/vnd.oasis.opendocument.text", "document", []string{".odt", ".ods", ".odp"}}
)

// Old office files differ in what lies deep inside, and so do installers, so
// here the name has to say which it is.
var old = map[string]Type{
	".doc": {"application/msword", "document", []string{".doc"}},
	".xls": {"application/vnd.ms-excel", "document", []string{".xls"}},
	".ppt": {"application/vnd.ms-powerpoint", "document", []string{".ppt"}},
	".wps": {"application/vnd.ms-works", "document", []string{".wps"}},
	".et":  {"application/vnd.ms-excel", "document", []string{".et"}},
	".dps": {"application/vnd.ms-powerpoint", "document", []string{".dps"}},
}

// Sniff returns what a file is by its first bytes; false if it is of a kind
// that is not taken: programs, scripts, web pages, and what cannot be told.
// The name decides only between kinds of text and of old office files. A zip
// must be looked at again with Unpack.
func Sniff(name string, head []byte) (Type, bool) {
	end := strings.ToLower(path.Ext(name))
	for _, m := range magics {
		if m.at+len(m.bytes) <= len(head) && string(head[m.at:m.at+len(m.bytes)]) == m.bytes {
			return m.Type, true
		}
	}
	switch {
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		return sniffFtyp(head)
	case bytes.HasPrefix(head, []byte("\x1a\x45\xdf\xa3")):
		return webm, bytes.Contains(head[:min(len(head), 64)], []byte("webm"))
	case len(head) >= 2 && head[0] == 0xff && (head[1]&0xfe == 0xfa || head[1]&0xfe == 0xf2):
		return mp3, true
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		t, ok := old[end]
		return t, ok
	}
	return sniffText(end, head)
}

var magics = []struct {
	at    int
	bytes string
	Type
}{
	{0, "\x89PNG\r\n\x1a\n", png},
	{0, "\xff\xd8\xff", jpeg},
	{0, "GIF87a", gif},
	{0, "GIF89a", gif},
	{8, "WEBPVP8", webp},
	{0, "ID3", mp3},
	{8, "WAVEfmt ", wav},
	{0, "OggS", ogg},
	{0, "#!AMR", amr},
	{0, "%PDF-", pdf},
	{0, "PK\x03\x04", zip},
}

func sniffFtyp(head []byte) (Type, bool) {
	switch brand := string(head[8:12]); {
	case brand == "M4A " || brand == "M4B ":
		return m4a, true
	case brand == "qt  ":
		return mov, true
	case strings.HasPrefix(brand, "3g"):
		return gp3, true
	case slices.Contains([]string{"heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"}, brand):
		return heic, true
	case strings.HasPrefix(brand, "iso") || strings.HasPrefix(brand, "mp4") ||
		slices.Contains([]string{"avc1", "M4V ", "dash", "MSNV", "f4v ", "mmp4"}, brand):
		return mp4, true
	}
	return Type{}, false
}

// sniffText takes plain text and tables. What a browser or a shell would run
// is text too, so its beginning and its name are looked at.
func sniffText(end string, head []byte) (Type, bool) {
	if len(head) == 0 || !strings.HasPrefix(http.DetectContentType(head), "text/plain") || bytes.HasPrefix(head, []byte("#!")) {
		return Type{}, false
	}
	start := strings.ToLower(string(head[:min(len(head), 1024)]))
	for _, mark := range []string{"<!doctype", "<html", "<svg", "<script", "<?php", "<iframe", "javascript:", "<xsl:", "<?xml-stylesheet"} {
		if strings.Contains(start, mark) {
			return Type{}, false
		}
	}
	switch {
	case slices.Contains(csv.Ends, end):
		return csv, true
	case end == "" || slices.Contains(text.Ends, end):
		return text, true
	}
	return Type{}, false
}

// Unpack tells office documents from plain archives; false for programs that
// are packed as zip, and for documents with macros. Only the list of what is
// inside is read, and of that at most a megabyte.
func Unpack(body io.ReaderAt, size int64) (Type, bool) {
	found := zip
	ok := eachEntry(body, size, func(name string) bool {
		switch {
		case name == "META-INF/MANIFEST.MF", name == "AndroidManifest.xml", strings.HasSuffix(name, "vbaProject.bin"), strings.HasPrefix(name, "Payload/"):
			return false
		case name == "word/document.xml":
			found = docx
		case name == "xl/workbook.xml":
			found = xlsx
		case name == "ppt/presentation.xml":
			found = pptx
		case name == "META-INF/manifest.xml":
			found = odt
		}
		return true
	})
	return found, ok
}

// eachEntry calls f with the names in a zip's directory until f returns false.
func eachEntry(body io.ReaderAt, size int64, f func(name string) bool) bool {
	const endSize, entrySize, most = 22, 46, 1 << 20
	tail := make([]byte, min(size, endSize+1<<16))
	if _, err := body.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF { // ReaderAt promises io.EOF itself
		return false
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || at+endSize > len(tail) {
		return false
	}
	length, start := int64(binary.LittleEndian.Uint32(tail[at+12:])), int64(binary.LittleEndian.Uint32(tail[at+16:]))
	if start > size || length > size {
		return false
	}
	list := make([]byte, min(length, most))
	if n, err := body.ReadAt(list, start); err != nil && n < len(list) {
		return false
	}
	for len(list) >= entrySize && string(list[:4]) == "PK\x01\x02" {
		u16 := func(i int) int { return int(binary.LittleEndian.Uint16(list[i:])) }
		end := entrySize + u16(28)
		if end > len(list) || !f(string(list[entrySize:end])) {
			return end > len(list)
		}
		list = list[min(len(list), end+u16(30)+u16(32)):]
	}
	return true
}

// CleanName returns a name under which a file may be saved: without folders,
// control and direction marks, at most 120 characters, and with an ending that
// says what the file is, whatever the sender called it.
func CleanName(name string, t Type) string {
	name = strings.ToValidUTF8(name, "")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>:"|?*`, r) {
			return -1
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	end := strings.ToLower(path.Ext(name))
	if !slices.Contains(t.Ends, end) {
		end = t.Ends[0]
		name += end
	}
	stem := name[:len(name)-len(end)]
	if stem == "" {
		stem = "file"
	}
	const most = 120
	if n := utf8.RuneCountInString(stem) + len(end); n > most {
		stem = string([]rune(stem)[:most-len(end)])
	}
	return stem + name[len(name)-len(end):]
}
