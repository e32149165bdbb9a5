package tag_test

import (
	"slices"
	"strings"
	"testing"

	"yingda/internal/domain/tag"
	"yingda/internal/kit/fault"
)

func TestApply(t *testing.T) {
	for _, c := range []struct {
		tags, add, remove, want []string
		code                    string
	}{
		{nil, []string{"安全"}, nil, []string{"安全"}, ""},
		{[]string{"安全"}, []string{" 安全 "}, nil, []string{"安全"}, ""},
		{[]string{"b"}, []string{"c", "a"}, []string{"b"}, []string{"a", "c"}, ""},
		{[]string{"a"}, []string{"b"}, []string{"b", "z"}, []string{"a"}, ""},
		{nil, []string{""}, nil, nil, "tags.word"},
		{nil, []string{strings.Repeat("长", tag.MaxLong+1)}, nil, nil, "tags.word"},
		{nil, []string{"<b>"}, nil, nil, "tags.word"},
		{strings.Split(strings.Repeat("x,", tag.MaxTags)+"y", ","), []string{"z"}, nil, []string{"x", "y", "z"}, ""},
	} {
		got, err := tag.Apply(c.tags, c.add, c.remove)
		if c.code != "" {
			if err == nil || fault.CodeOf(err) != c.code {
				t.Errorf("%v + %v: %v, want %s", c.tags, c.add, err, c.code)
			}
			continue
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%v + %v - %v = %v, %v, want %v", c.tags, c.add, c.remove, got, err, c.want)
		}
	}
	var many []string
	for i := range tag.MaxTags {
		many = append(many, "t"+string(rune('A'+i)))
	}
	if _, err := tag.Apply(many, []string{"one more"}, nil); fault.CodeOf(err) != "tags.many" {
		t.Errorf("too many: %v", err)
	}
}
