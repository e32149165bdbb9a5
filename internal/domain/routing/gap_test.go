package routing

import (
	"slices"
	"testing"

	"yingda/internal/domain/agent"
)

func TestLacking(t *testing.T) {
	can := func(english3, volts3 int) []agent.Skilled {
		return []agent.Skilled{{Skill: english, Level: english3}, {Skill: volts, Level: volts3}}
	}
	en, hv := Need{Skill: english, Level: 3}, Need{Skill: volts, Level: 2, Must: true}
	for _, c := range []struct {
		name  string
		needs []Need
		who   [][]agent.Skilled
		want  []Need
	}{
		{"nothing is needed", nil, nil, nil},
		{"nobody is there", []Need{en}, nil, []Need{en}},
		{"one can", []Need{en, hv}, [][]agent.Skilled{can(3, 2)}, nil},
		{"the level is too low", []Need{en, hv}, [][]agent.Skilled{can(2, 5)}, []Need{en}},
		{"two can, neither can both", []Need{en, hv}, [][]agent.Skilled{can(3, 1), can(1, 2)}, []Need{en, hv}},
	} {
		if got := Lacking(c.needs, c.who); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
