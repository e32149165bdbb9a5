package routing

import (
	"slices"

	"yingda/internal/domain/agent"
)

// Gap is a need that nobody who may answer can meet: whoever needs it waits in
// vain, or until a ring lets the need go.
type Gap struct {
	For  string `json:"for"`  // inbox or language
	Of   string `json:"of"`   // the inbox's id, or the language
	Name string `json:"name"` // what people call the inbox; empty for a language
	Need
	SkillName string `json:"skill_name"`
}

// Same reports whether two gaps are the same one, whatever things are called.
func (g Gap) Same(o Gap) bool {
	return g.For == o.For && g.Of == o.Of && g.Skill == o.Skill && g.Level == o.Level
}

// Lacking returns the needs that none of those who may answer meets; where each
// alone is met but nobody meets them together, all of them.
func Lacking(needs []Need, answerers [][]agent.Skilled) []Need {
	var lacking []Need
	for _, n := range needs {
		if !slices.ContainsFunc(answerers, func(can []agent.Skilled) bool { return meets(can, n) }) {
			lacking = append(lacking, n)
		}
	}
	if len(lacking) > 0 || len(needs) < 2 {
		return lacking
	}
	together := func(can []agent.Skilled) bool {
		return !slices.ContainsFunc(needs, func(n Need) bool { return !meets(can, n) })
	}
	if slices.ContainsFunc(answerers, together) {
		return nil
	}
	return needs
}

func meets(can []agent.Skilled, n Need) bool {
	return slices.ContainsFunc(can, func(s agent.Skilled) bool { return s.Skill == n.Skill && s.Level >= max(1, n.Level) })
}
