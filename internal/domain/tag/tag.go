// Package tag is words that are put on cases and conversations to find them by
// (标签).
package tag

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

// Bounds of tags.
const (
	MaxTags = 30 // on one thing
	MaxLong = 80 // characters
)

// words are those of automation's actions, so that a rule can put on what a
// person can.
var words = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N} ._/-]*$`)

// Apply returns tags after some were put on and others taken off: each once,
// in order. What is put on and taken off is off.
func Apply(tags, add, remove []string) ([]string, error) {
	next := slices.Clone(tags)
	for _, t := range add {
		if t = strings.TrimSpace(t); !words.MatchString(t) || utf8.RuneCountInString(t) > MaxLong {
			return tags, fault.New(fault.Invalid, "tags.word", "a tag has 1 to %d letters or digits", MaxLong).In("add")
		}
		next = append(next, t)
	}
	next = slices.DeleteFunc(next, func(t string) bool { return slices.Contains(remove, t) })
	slices.Sort(next)
	if next = slices.Compact(next); len(next) > MaxTags {
		return tags, fault.New(fault.Invalid, "tags.many", "there are at most %d tags", MaxTags).In("add")
	}
	return next, nil
}
