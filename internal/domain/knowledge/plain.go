package knowledge

import (
	"regexp"
	"strings"
)

var (
	links  = regexp.MustCompile(`!?\[([^\]\n]*)\]\([^)\n]*\)`)
	marks  = regexp.MustCompile("(?m)^[ \t]*(?:#{1,6}|>|[-*+]|\\d+[.)])[ \t]+|^[ \t]*(?:```.*|---+|\\|?[ :|-]+\\|[ :|-]*)$")
	inline = strings.NewReplacer("**", "", "__", "", "`", "", "|", " ")
	spaces = regexp.MustCompile(`\s+`)
)

// Plain returns the words of a Markdown text in one line, for lists, search
// and ranking. It is not for showing as HTML.
func Plain(markdown string) string {
	s := links.ReplaceAllString(markdown, "$1")
	s = marks.ReplaceAllString(s, " ")
	return strings.TrimSpace(spaces.ReplaceAllString(inline.Replace(s), " "))
}

// Excerpt returns the beginning of a Markdown text, at most so many characters.
func Excerpt(markdown string, most int) string {
	runes := []rune(Plain(markdown))
	if len(runes) <= most {
		return string(runes)
	}
	return strings.TrimSpace(string(runes[:most-1])) + "…"
}

// headings returns the words of the headings of a Markdown text.
func headings(markdown string) []string {
	var out []string
	for line := range strings.Lines(markdown) {
		if text := strings.TrimLeft(line, "#"); len(text) < len(line) && strings.HasPrefix(text, " ") {
			out = append(out, Plain(text))
		}
	}
	return out
}
