package blob_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"yingda/internal/kit/blob"
)

func TestAFileIsWhatItsBytesSay(t *testing.T) {
	old := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	for _, c := range []struct{ name, head, want string }{
		{"a.png", "\x89PNG\r\n\x1a\n....", "image/png"},
		{"a.exe", "\x89PNG\r\n\x1a\n....", "image/png"},
		{"a.jpg", "\xff\xd8\xff\xe0....", "image/jpeg"},
		{"a.gif", "GIF89a....", "image/gif"},
		{"a.webp", "RIFF....WEBPVP8 ", "image/webp"},
		{"a.heic", "\x00\x00\x00\x18ftypheic", "image/heic"},
		{"a.mp4", "\x00\x00\x00\x18ftypisom", "video/mp4"},
		{"a.mov", "\x00\x00\x00\x14ftypqt  ", "video/quicktime"},
		{"a.m4a", "\x00\x00\x00\x18ftypM4A ", "audio/mp4"},
		{"a.webm", "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "video/webm"},
		{"a.mp3", "ID3\x03", "audio/mpeg"},
		{"a.mp3", "\xff\xfb\x90\x00", "audio/mpeg"},
		{"a.wav", "RIFF....WAVEfmt ", "audio/wav"},
		{"a.ogg", "OggS....", "audio/ogg"},
		{"a.amr", "#!AMR\n", "audio/amr"},
		{"a.pdf", "%PDF-1.7", "application/pdf"},
		{"a.zip", "PK\x03\x04", "application/zip"},
		{"a.doc", old, "application/msword"},
		{"a.xls", old, "application/vnd.ms-excel"},
		{"a.txt", "您好，发票", "text/plain"},
		{"a.txt", "\xc4\xfa\xba\xc3", "text/plain"}, // GBK
		{"a.csv", "a,b\n1,2", "text/csv"},
		{"a", "plain", "text/plain"},
		{"setup.msi", old, ""},
		{"a.png", "", ""},
		{"a.mkv", "\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", ""},
		{"a.png", "MZ\x90\x00\x03\x00\x00\x00", ""},
		{"a.jpg", "\x7fELF\x02\x01", ""},
		{"a.txt", "<html><body>", ""},
		{"a.png", "<!-- x --><SVG xmlns=''>", ""},
		{"a.txt", "\n\n <!DOCTYPE html>", ""},
		{"a.txt", "hello <script>alert(1)</script>", ""},
		{"a.txt", "#!/bin/sh\nrm -rf /", ""},
		{"a.js", "alert(1)", ""},
		{"a.bat", "del *.*", ""},
		{"a.html", "plain", ""},
		{"a.bin", "\x00\x01\x02\x03", ""},
	} {
		got, ok := blob.Sniff(c.name, []byte(c.head))
		if ok != (c.want != "") || ok && got.MIME != c.want {
			t.Errorf("%s with %q is %q, %v", c.name, c.head, got.MIME, ok)
		}
	}
}

func zipOf(t *testing.T, names ...string) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		if _, err := z.CreateHeader(&zip.FileHeader{Name: n}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

func TestArchivesAreLookedInto(t *testing.T) {
	many := make([]string, 12_000)
	for i := range many {
		many[i] = strings.Repeat("x", 60)
	}
	for what, c := range map[string]struct {
		names []string
		want  string
	}{
		"archive": {[]string{"a.txt", "b/c.txt"}, "application/zip"},
		"empty":   {nil, "application/zip"},
		"many":    {many, "application/zip"},
		"word":    {[]string{"[Content_Types].xml", "word/document.xml"}, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		"excel":   {[]string{"xl/workbook.xml"}, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		"macros":  {[]string{"word/document.xml", "word/vbaProject.bin"}, ""},
		"java":    {[]string{"META-INF/MANIFEST.MF", "A.class"}, ""},
		"android": {[]string{"AndroidManifest.xml", "classes.dex"}, ""},
	} {
		r := zipOf(t, c.names...)
		got, ok := blob.Unpack(r, r.Size())
		if ok != (c.want != "") || ok && got.MIME != c.want {
			t.Errorf("%s: %q, %v", what, got.MIME, ok)
		}
	}
	if _, ok := blob.Unpack(strings.NewReader("PK\x03\x04 and no more"), 18); ok {
		t.Error("half an archive is taken")
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add([]byte("PK\x01\x02" + strings.Repeat("\xff", 60) + "PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(_ *testing.T, b []byte) {
		blob.Unpack(bytes.NewReader(b), int64(len(b)))
	})
}

func TestNamesAreClean(t *testing.T) {
	png, _ := blob.Sniff("a.png", []byte("\x89PNG\r\n\x1a\n"))
	for in, want := range map[string]string{
		"发票.PNG":                            "发票.PNG",
		"a.jpg":                             "a.jpg.png",
		"run.exe":                           "run.exe.png",
		"../../etc/passwd":                  "passwd.png",
		`C:\Users\me\x.png`:                 "x.png",
		"a\r\nb.png":                        "ab.png",
		"gnp.\u202eexe.png":                 "gnp.exe.png",
		"":                                  "file.png",
		".png":                              "png.png",
		"\xff\xfe.png":                      "png.png",
		strings.Repeat("长", 300) + ".png":   strings.Repeat("长", 116) + ".png",
		strings.Repeat("长", 300) + ".png  ": strings.Repeat("长", 116) + ".png",
	} {
		if got := blob.CleanName(in, png); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
