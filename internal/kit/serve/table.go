package serve

import "strings"

// Cell returns a text for a cell of a table that office programs open: what
// they would run as a formula, because somebody typed it so, is made text.
func Cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
