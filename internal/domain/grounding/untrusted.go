package grounding

import (
	"regexp"
	"strings"
	"unicode"
)

// marks are what delimits our blocks, and what models take for a change of
// speaker or of orders.
var marks = []struct {
	form *regexp.Regexp
	by   string
}{
	{regexp.MustCompile(`<\|[^|>\n]{0,40}\|>`), " "},                                         // <|im_start|>
	{regexp.MustCompile(`(?i)\[/?(?:INST|SYS|SYSTEM|ASSISTANT|USER|TOOL)\]|<</?SYS>>`), " "}, // Llama's
	{regexp.MustCompile(`(?i)</?\s*(?:system|assistant|user|tool|source|sources|message|result|instructions?|think)\b[^>\n]{0,60}>`), " "},
	{regexp.MustCompile(`(?im)^[ \t>*#]*(?:system|assistant|developer|tool|系统|系统提示|系统消息|助手|开发者|管理员指令)[ \t]*[:：]`), "“$0”"},
	{regexp.MustCompile("`{3,}|~{3,}|-{5,}|={5,}|#{3,}|<{3,}|>{3,}|\\[{2,}|\\]{2,}|【{2,}|】{2,}"), " "},
	{regexp.MustCompile(`\[(\d{1,3})\]`), "($1)"}, // a citation is ours to give
}

// Neutral returns a text of somebody outside, or of an article or a tool, as it
// may stand in a block of ours: without what cannot be seen, and without what
// looks like the end of the block, a change of speaker or a citation. What it
// says stays.
func Neutral(text string, most int) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		switch {
		case r == '\n' || r == '\t':
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), r >= 0xE0000 && r <= 0xE007F, r == 0x3164, r == 0xFFFC, r == unicode.ReplacementChar:
			continue
		}
		if n++; most > 0 && n > most {
			b.WriteString("…")
			break
		}
		b.WriteRune(r)
	}
	text = b.String()
	for _, m := range marks {
		by := m.by
		text = m.form.ReplaceAllStringFunc(text, func(s string) string {
			switch {
			case strings.HasPrefix(by, "“"):
				return "“" + strings.TrimRight(strings.TrimSpace(s), ":：") + "”"
			case strings.HasPrefix(by, "("):
				return "(" + strings.Trim(s, "[]") + ")"
			}
			return by
		})
	}
	return text
}
