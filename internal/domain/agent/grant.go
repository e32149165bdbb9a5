package agent

import (
	"slices"
	"strings"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

// AdminRole is the name of the built-in role that can always help others in.
const AdminRole = "admin"

// Need returns a fault that names the permission which the actor lacks.
func (a Actor) Need(p Permission) error {
	if a.May(p) {
		return nil
	}
	return fault.New(fault.Forbidden, "permission.missing", "this needs the permission %s; ask an administrator", string(p))
}

// NeedPerson refuses integrations: an API key has no password, no sessions
// and makes no further keys, or it would outlive its own revocation.
func (a Actor) NeedPerson() error {
	if a.Key == "" && !a.Agent.IsZero() {
		return nil
	}
	return fault.New(fault.Forbidden, "permission.person", "this is for people who are signed in, not for API keys")
}

// Grants returns a fault if the actor cannot give one of the permissions,
// because nobody gives what they do not hold.
func (a Actor) Grants(permissions []Permission) error {
	for _, p := range permissions {
		if !p.Known() {
			return fault.New(fault.Invalid, "permission.unknown", "there is no permission %q", string(p)).In("permissions")
		}
		if !a.May(p) {
			return beyond(p)
		}
	}
	return nil
}

// Assigns returns a fault if the actor cannot give, take away or act on these
// roles of another person. Who manages roles may assign any of them; others
// only what is within their own.
func (a Actor) Assigns(roles ...Role) error {
	if a.May(RoleManage) {
		return nil
	}
	for _, r := range roles {
		for _, p := range r.Permissions {
			if !a.May(p) {
				return beyond(p)
			}
		}
		if r.Scope.width() > a.Scope.width() {
			return errScopeBeyond
		}
	}
	return nil
}

// Makes returns a fault if the actor cannot make a role say this: managing
// roles is a permission, and a role holds no more than its maker.
func (a Actor) Makes(r Role) error {
	if err := a.Need(RoleManage); err != nil {
		return err
	}
	if err := a.Grants(r.Permissions); err != nil {
		return err
	}
	if r.Scope.width() > a.Scope.width() {
		return errScopeBeyond
	}
	return nil
}

func beyond(p Permission) error {
	return fault.New(fault.Forbidden, "permission.beyond", "this would give the permission %s, which you do not hold yourself", string(p))
}

var errScopeBeyond = fault.New(fault.Forbidden, "permission.scope", "this would let someone see more conversations than you see yourself")

// ErrLastAdmin refuses what would leave an installation that nobody can
// administer.
var ErrLastAdmin = fault.New(fault.Conflict, "agent.last_admin",
	"this is the last administrator who can sign in; make another one first")

// ErrBuiltinRole refuses a change of a role that comes with the program.
var ErrBuiltinRole = fault.New(fault.Conflict, "role.builtin", "built-in roles cannot be changed; make a role of your own")

// Check says what is wrong with the fields that an administrator typed.
func (r Role) Check() error {
	switch {
	case !named(r.Name):
		return fault.New(fault.Invalid, "role.name", "a name has 1 to %d characters", longestName).In("name")
	case !r.Scope.Known():
		return fault.New(fault.Invalid, "role.scope", "the scope is own, team or all").In("scope")
	case slices.ContainsFunc(BuiltinRoles(), func(b Role) bool { return b.Name == r.Name }):
		return fault.New(fault.Conflict, "role.exists", "there is a role %q already", r.Name).In("name")
	}
	return nil
}

// Check says what is wrong with the fields that an administrator typed.
func (t Team) Check() error {
	if !named(t.Name) {
		return fault.New(fault.Invalid, "team.name", "a name has 1 to %d characters", longestName).In("name")
	}
	return nil
}

const longestName = 80

func named(name string) bool {
	return strings.TrimSpace(name) != "" && utf8.RuneCountInString(name) <= longestName
}
