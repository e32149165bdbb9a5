package knowledge

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Passages cuts a Markdown text into pieces of at most so many characters, each
// with the headings that it stands under. Paragraphs, tables and lists stay
// whole where they are not longer than that by themselves.
func Passages(markdown string, most int) (ps []string) {
	var under [6]string
	var b strings.Builder
	flush := func() {
		text := strings.TrimSpace(b.String())
		b.Reset()
		if text == "" {
			return
		}
		path := strings.Join(slices.DeleteFunc(slices.Clone(under[:]), func(h string) bool { return h == "" }), " › ")
		for text != "" {
			piece := text
			if rs := []rune(text); len(rs) > most {
				piece = string(rs[:most])
			}
			text = text[len(piece):]
			ps = append(ps, path+"\n"+piece)
		}
	}
	for block := range strings.SplitSeq(strings.ReplaceAll(markdown, "\r\n", "\n"), "\n\n") {
		block = strings.TrimSpace(block)
		level := len(block) - len(strings.TrimLeft(block, "#"))
		if level > 0 && level <= len(under) && strings.HasPrefix(block[level:], " ") {
			flush()
			heading, rest, _ := strings.Cut(block[level:], "\n")
			under[level-1] = Plain(heading)
			for i := level; i < len(under); i++ {
				under[i] = ""
			}
			block = strings.TrimSpace(rest)
		}
		if utf8.RuneCountInString(b.String())+utf8.RuneCountInString(block) > most {
			flush()
		}
		b.WriteString(block + "\n")
	}
	flush()
	return ps
}
