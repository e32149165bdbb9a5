package knowledge

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Section is a part of an article under one heading, in lines that each say
// something alone: sentences, items of lists, rows of tables. Nothing in it is
// anybody's words but the editor's.
type Section struct {
	Under string // the headings over it, the outermost first; empty above the first
	Lines []Line
}

// Heading returns the innermost heading over the section.
func (s Section) Heading() string {
	if i := strings.LastIndex(s.Under, below); i >= 0 {
		return s.Under[i+len(below):]
	}
	return s.Under
}

// below stands between a heading and the one under it.
const below = " › "

// Line is one of them, as plain text.
type Line struct {
	Text   string
	Begins bool // a line of its own; otherwise it goes on where the one before ends
}

// String returns the lines as they are read one after the other.
func (s Section) String() string { return Joined(s.Lines) }

// Joined returns lines as they are read one after the other.
func Joined(lines []Line) string {
	var b strings.Builder
	for i, l := range lines {
		switch {
		case i == 0:
		case l.Begins:
			b.WriteByte('\n')
		case needsSpace(lines[i-1].Text):
			b.WriteByte(' ')
		}
		b.WriteString(l.Text)
	}
	return b.String()
}

// needsSpace reports whether a sentence is parted from the next by a space, as
// it is after a Latin full stop.
func needsSpace(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	return r < utf8.RuneSelf
}

// mostInSection is how long a section may be, in characters; a longer one is
// cut between its lines.
const mostInSection = 400

var (
	fence    = regexp.MustCompile("^[ \t]*(?:```|~~~)")
	listed   = regexp.MustCompile(`^[ \t]*(?:[-*+]|(\d+)[.)])[ \t]+`)
	rule     = regexp.MustCompile(`^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$`)
	divider  = regexp.MustCompile(`^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$`)
	sentence = regexp.MustCompile(`[^。！？!?]*?(?:[。！？!?]+[”’」）)]*|\.(?:\s+|$)|$)`)
)

// Sections cuts a Markdown text at its headings. What a code block holds is
// left out.
func Sections(markdown string) (all []Section) {
	var under [6]string
	var now Section
	flush := func() {
		all = append(all, now.cut(mostInSection)...)
		now = Section{Under: now.Under}
	}
	code := false
	lines := strings.Split(strings.ReplaceAll(markdown, "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		level := len(line) - len(strings.TrimLeft(line, "#"))
		switch {
		case fence.MatchString(line):
			code = !code
		case code, rule.MatchString(line):
		case level > 0 && level <= len(under) && strings.HasPrefix(line[level:], " "):
			flush()
			under[level-1] = Plain(line[level:]) //nolint:gosec // level is between 1 and 6
			clear(under[level:])
			now.Under = path(under[:])
		case i+1 < len(lines) && strings.Contains(line, "|") && strings.Contains(lines[i+1], "|") && divider.MatchString(lines[i+1]):
			head := cells(line)
			for i++; i+1 < len(lines) && strings.Contains(lines[i+1], "|"); i++ {
				now.add(row(head, cells(lines[i+1])), true)
			}
		case listed.MatchString(line):
			number := ""
			if m := listed.FindStringSubmatch(line); m[1] != "" {
				number = m[1] + ". "
			}
			if text := Plain(listed.ReplaceAllString(line, "")); text != "" {
				now.add(number+text, true)
			}
		default:
			begins := true
			for _, s := range sentence.FindAllString(Plain(line), -1) {
				if s = strings.TrimSpace(s); s != "" {
					now.add(s, begins)
					begins = false
				}
			}
		}
	}
	flush()
	return all
}

func (s *Section) add(text string, begins bool) {
	if text != "" {
		s.Lines = append(s.Lines, Line{Text: text, Begins: begins || len(s.Lines) == 0})
	}
}

// cut parts a section that is too long between its lines.
func (s Section) cut(most int) (parts []Section) {
	part, size := Section{Under: s.Under}, 0
	for _, l := range s.Lines {
		n := utf8.RuneCountInString(l.Text)
		if size > 0 && size+n > most {
			parts = append(parts, part)
			part, size = Section{Under: s.Under}, 0
			l.Begins = true
		}
		part.Lines = append(part.Lines, l)
		size += n
	}
	if size > 0 {
		parts = append(parts, part)
	}
	return parts
}

func path(under []string) string {
	var named []string
	for _, h := range under {
		if h != "" {
			named = append(named, h)
		}
	}
	return strings.Join(named, below)
}

func cells(line string) []string {
	line = strings.Trim(strings.TrimSpace(line), "|")
	cs := strings.Split(line, "|")
	for i, c := range cs {
		cs[i] = Plain(c)
	}
	return cs
}

// row reads a row of a table aloud: what it is about, then each column with its
// name. A table of two columns needs no names.
func row(head, cells []string) string {
	if len(cells) == 0 || cells[0] == "" {
		return ""
	}
	colon, between := "：", "；"
	if !hasHan(cells[0] + strings.Join(head, "")) {
		colon, between = ": ", "; "
	}
	var parts []string
	for i, c := range cells[1:] {
		switch {
		case c == "":
		case len(cells) == 2 || i+1 >= len(head) || head[i+1] == "":
			parts = append(parts, c)
		default:
			parts = append(parts, head[i+1]+" "+c)
		}
	}
	if len(parts) == 0 {
		return cells[0]
	}
	return cells[0] + colon + strings.Join(parts, between)
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x2E80 })
}
