package ticket

import (
	"slices"
	"time"

	"yingda/internal/domain/agent"
)

// Level is how hard a problem is; promises depend on it (R070, R092–R095).
type Level string

// The levels.
const (
	Simple  Level = "simple"  // 简单
	General Level = "general" // 一般
	Complex Level = "complex" // 复杂
	Special Level = "special" // 特殊: its term is set case by case
)

// Levels lists all of them, from light to heavy.
func Levels() []Level { return []Level{Simple, General, Complex, Special} }

// Known reports whether l is one of ours.
func (l Level) Known() bool { return slices.Contains(Levels(), l) }

// Class is how a case is sorted.
type Class struct {
	Kind     Kind   `json:"kind"`
	Category string `json:"category"`
	Level    Level  `json:"level"`
}

// SpecialTerm is the term of a special problem, which a supervisor set, and
// why. The customer is told (R095).
type SpecialTerm struct {
	DueAt  time.Time `json:"due_at"`
	Reason string    `json:"reason"`
	By     agent.ID  `json:"by"`
	ByName string    `json:"by_name"`
}
