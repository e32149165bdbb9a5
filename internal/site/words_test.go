package site

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var verb = regexp.MustCompile(`%[a-z]`)

func TestCataloguesAgree(t *testing.T) {
	for key, zh := range catalogues["zh"] {
		en, ok := catalogues["en"][key]
		switch {
		case !ok:
			t.Errorf("%s is missing in English", key)
		case !slices.Equal(verb.FindAllString(zh, -1), verb.FindAllString(en, -1)):
			t.Errorf("%s takes other arguments in English: %q and %q", key, zh, en)
		case strings.ContainsFunc(en, func(r rune) bool { return unicode.Is(unicode.Han, r) }):
			t.Errorf("%s is not English: %q", key, en)
		}
	}
	for key := range catalogues["en"] {
		if _, ok := catalogues["zh"][key]; !ok {
			t.Errorf("%s is missing in Chinese", key)
		}
	}
}

var (
	quoted = regexp.MustCompile(`"([a-z_]+(?:\.[a-z_0-9]+)*)"`)
	joined = regexp.MustCompile(`print "([a-z_.]+\.)"`)
)

// What the pages say stands in the catalogues, and nothing else does.
func TestEveryWordIsUsed(t *testing.T) {
	used, prefixes := map[string]bool{}, []string{}
	read := func(b []byte) {
		for _, m := range quoted.FindAllSubmatch(b, -1) {
			used[string(m[1])] = true
		}
		for _, m := range joined.FindAllSubmatch(b, -1) {
			prefixes = append(prefixes, string(m[1]))
		}
	}
	for _, pattern := range []string{"*.go", "templates/*.html"} {
		files, err := fs.Glob(os.DirFS("."), pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			read(b)
		}
	}
	for key := range catalogues["zh"] {
		if !used[key] && !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) }) && !strings.HasSuffix(key, ".title") {
			t.Errorf("no page says %s", key)
		}
	}
}
