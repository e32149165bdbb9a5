package call

import (
	"fmt"
	"slices"
	"strings"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/kit/fault"
)

// Plan says where a number leads, and who may call what (拨号方案).
type Plan struct {
	// Outside is dialled before numbers outside, such as "9"; may be empty.
	Outside string `json:"outside"`
	// Trunks are tried in this order; those that are not named follow.
	Trunks []TrunkID `json:"trunks"`
	// May is what agents and telephones may call of whom nothing else is said.
	May []Class `json:"may"`
	// Roles are those whose agents may call something else. Who has several of
	// them may call what any of them may.
	Roles []RoleMay `json:"roles"`
	// Rules are numbers that go by other rules than the usual ones; the longest
	// that fits counts.
	Rules []Rule `json:"rules"`
	// Targets are the numbers that menus transfer to, by name.
	Targets []Target `json:"targets"`
	Version int64    `json:"version"`
}

// RoleMay is what the agents of a role may call.
type RoleMay struct {
	Role agent.RoleID `json:"role_id"`
	May  []Class      `json:"may"`
}

// Rule is a class, and perhaps a line, for numbers that begin alike.
type Rule struct {
	Prefix string  `json:"prefix"`
	Class  Class   `json:"class"`
	Trunk  TrunkID `json:"trunk_id,omitzero"`
}

// Target is a number that a menu transfers to.
type Target struct {
	Name   string `json:"name"` // as menus name it
	Number string `json:"number"`
}

// DefaultPlan is the plan of a new house.
func DefaultPlan() Plan {
	return Plan{Trunks: []TrunkID{}, May: usualClasses(), Roles: []RoleMay{}, Rules: []Rule{}, Targets: []Target{}}
}

// mostLines is how long the lists of a plan are at the most.
const mostLines = 100

// Check returns the plan as it is kept, or what is wrong with it.
func (p Plan) Check(trunks []TrunkID, roles []agent.RoleID) (Plan, error) {
	if len(p.Outside) > 3 || strings.Trim(p.Outside, "0123456789") != "" {
		return p, fault.New(fault.Invalid, "plan.outside", "what is dialled for a number outside is at most 3 digits").In("outside")
	}
	if len(p.Roles) > mostLines || len(p.Rules) > mostLines || len(p.Targets) > mostLines || len(p.Trunks) > mostLines {
		return p, fault.New(fault.Invalid, "plan.many", "a list of the dial plan has at most %d lines", mostLines)
	}
	for i, t := range p.Trunks {
		if !slices.Contains(trunks, t) || slices.Contains(p.Trunks[:i], t) {
			return p, fault.New(fault.Invalid, "plan.trunk", "there is no such line, or it stands here twice").In("trunks")
		}
	}
	var err error
	if p.May == nil {
		p.May = []Class{}
	}
	if p.May, err = checkClasses(p.May, "may"); err != nil {
		return p, err
	}
	p.Roles = slices.Clone(p.Roles)
	for i, r := range p.Roles {
		field := fmt.Sprintf("roles.%d", i)
		if !slices.Contains(roles, r.Role) || slices.ContainsFunc(p.Roles[:i], func(o RoleMay) bool { return o.Role == r.Role }) {
			return p, fault.New(fault.Invalid, "plan.role", "there is no such role, or it stands here twice").In(field)
		}
		if r.May == nil {
			r.May = []Class{}
		}
		if p.Roles[i].May, err = checkClasses(r.May, field); err != nil {
			return p, err
		}
	}
	if p.Rules, err = checkRules(p.Rules, trunks); err != nil {
		return p, err
	}
	p.Targets, err = checkTargets(p.Targets)
	return p, err
}

func checkRules(rules []Rule, trunks []TrunkID) ([]Rule, error) {
	kept := []Rule{}
	for i, r := range rules {
		field := fmt.Sprintf("rules.%d", i)
		r.Prefix = strings.TrimSpace(r.Prefix)
		switch {
		case r.Prefix == "" || len(r.Prefix) > longestDigit || strings.Trim(strings.TrimPrefix(r.Prefix, "+"), "0123456789") != "":
			return rules, fault.New(fault.Invalid, "plan.prefix", "what numbers begin with is digits, perhaps with + before them").In(field)
		case slices.ContainsFunc(kept, func(o Rule) bool { return o.Prefix == r.Prefix }):
			return rules, fault.New(fault.Invalid, "plan.prefix_twice", "%q stands here twice", r.Prefix).In(field)
		case !slices.Contains(Classes(), r.Class):
			return rules, fault.New(fault.Invalid, "plan.class", "there is no class of numbers %q", string(r.Class)).In(field)
		case !r.Trunk.IsZero() && !slices.Contains(trunks, r.Trunk):
			return rules, fault.New(fault.Invalid, "plan.trunk", "there is no such line, or it stands here twice").In(field)
		}
		kept = append(kept, r)
	}
	return kept, nil
}

func checkTargets(targets []Target) ([]Target, error) {
	kept := []Target{}
	for i, t := range targets {
		field := fmt.Sprintf("targets.%d", i)
		t.Name = strings.TrimSpace(t.Name)
		switch {
		case t.Name == "" || len(t.Name) > longestName:
			return targets, fault.New(fault.Invalid, "plan.target", "a transfer target has a name of at most %d characters", longestName).In(field)
		case slices.ContainsFunc(kept, func(o Target) bool { return o.Name == t.Name }):
			return targets, fault.New(fault.Invalid, "plan.target_twice", "the transfer target %q stands here twice", t.Name).In(field)
		}
		n := contact.NormalPhone(t.Number)
		if !isLine(n) {
			return targets, fault.New(fault.Invalid, "entry.number", "%q is no number; write digits, with + and the country for numbers abroad", t.Number).In(field)
		}
		t.Number = n
		kept = append(kept, t)
	}
	return kept, nil
}

// MayOf returns what an agent with some roles may call.
func (p Plan) MayOf(roles []agent.RoleID) []Class {
	var may []Class
	said := false
	for _, r := range p.Roles {
		if slices.Contains(roles, r.Role) {
			said = true
			may = append(may, r.May...)
		}
	}
	if !said {
		return p.May
	}
	slices.SortFunc(may, func(a, b Class) int { return slices.Index(Classes(), a) - slices.Index(Classes(), b) })
	return slices.Compact(may)
}

// Target returns the number that a menu means by a name.
func (p Plan) Target(name string) (string, bool) {
	for _, t := range p.Targets {
		if t.Name == name {
			return t.Number, true
		}
	}
	return "", false
}

// Ordered returns lines in the order in which they are tried.
func (p Plan) Ordered(all []Trunk) []Trunk {
	all = slices.Clone(all)
	place := func(t Trunk) int {
		if i := slices.Index(p.Trunks, t.ID); i >= 0 {
			return i
		}
		return len(p.Trunks)
	}
	slices.SortStableFunc(all, func(a, b Trunk) int { return place(a) - place(b) })
	return all
}

// Without returns the plan without a line that there is no more.
func (p Plan) Without(t TrunkID) Plan {
	p.Trunks = slices.DeleteFunc(slices.Clone(p.Trunks), func(o TrunkID) bool { return o == t })
	p.Rules = slices.Clone(p.Rules)
	for i := range p.Rules {
		if p.Rules[i].Trunk == t {
			p.Rules[i].Trunk = TrunkID(0)
		}
	}
	return p
}
