package sheet_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yingda/internal/kit/sheet"
)

func gb(t *testing.T, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTables(t *testing.T) {
	t.Parallel()
	want := [][]string{{"姓名", "电话"}, {"张伟, 先生", "13800001111"}, {"李娜", "+86 139"}}
	for name, text := range map[string]string{
		"utf-8":          "姓名,电话\n\"张伟, 先生\",13800001111\n李娜,+86 139\n",
		"with a mark":    "\ufeff姓名,电话\r\n\"张伟, 先生\",13800001111\r\n李娜,'+86 139\r\n",
		"semicolons":     "姓名;电话\n\"张伟, 先生\"; 13800001111\n李娜;+86 139",
		"tabs":           "姓名\t电话\n张伟, 先生\t13800001111\n李娜\t+86 139\n",
		"gb18030":        gb(t, "姓名,电话\r\n\"张伟, 先生\",13800001111\r\n李娜,+86 139\r\n"),
		"gb18030 + tabs": gb(t, "姓名\t电话\r\n张伟, 先生\t13800001111\r\n李娜\t+86 139\r\n"),
	} {
		r := sheet.NewReader(strings.NewReader(text), sheet.Sniff([]byte(text)))
		for i := 0; ; i++ {
			cells, _, err := r.Next()
			if errors.Is(err, io.EOF) {
				if i != len(want) {
					t.Errorf("%s has %d rows", name, i)
				}
				break
			}
			if err != nil || i >= len(want) || !slices.Equal(cells, want[i]) {
				t.Errorf("%s: row %d is %q, %v", name, i, cells, err)
				break
			}
		}
	}
}

// A head that ends within a character is still UTF-8.
func TestSniffAtAnyCut(t *testing.T) {
	t.Parallel()
	text := "姓名,电话😀\n张伟,1"
	for i := range text {
		if f := sheet.Sniff([]byte(text[:i])); f.Encoding != sheet.UTF8 {
			t.Errorf("cut at %d: %s", i, f.Encoding)
		}
	}
	for i := 1; i < len(text); i++ {
		if f := sheet.Sniff([]byte(text[:i])); f.Encoding != sheet.UTF8 {
			t.Errorf("cut within a character at %d: %s", i, f.Encoding)
		}
	}
}

func TestSafe(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"=1+1": "'=1+1", "+86": "'+86", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "张伟": "张伟", "": "", "'x": "'x"} {
		if got := sheet.Safe(in); got != want || sheet.Plain(got) != in {
			t.Errorf("%q is %q, and %q again", in, got, sheet.Plain(got))
		}
	}
}

func FuzzTable(f *testing.F) {
	f.Add([]byte("a,b\n\"c\nd\",e"))
	f.Add([]byte("\xff\xfe,;"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := sheet.NewReader(strings.NewReader(string(b)), sheet.Sniff(b))
		for {
			cells, _, err := r.Next()
			if err != nil {
				return
			}
			for _, c := range cells {
				if !utf8.ValidString(c) {
					t.Fatalf("a cell that is no text: %q", c)
				}
			}
		}
	})
}
