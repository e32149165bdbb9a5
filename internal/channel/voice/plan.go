package voice

import (
	"slices"
	"strings"

	"yingda/internal/kit/fault"
)

// Class says what kind of number is called, and so what it may cost.
type Class uint8

// The classes of numbers, as they are dialled in mainland China.
const (
	Inside        Class = iota // a phone of ours
	Emergency                  // 110, 119, 120, 122
	Service                    // 10086, 12315, 95xxx, 400 and 800 numbers
	Local                      // without an area code
	National                   // with one
	Mobile                     // 11 digits that begin with 13 to 19
	International              // 00 or +, other than +86
	Premium                    // 168 and its like
)

var classes = [...]string{"inside", "emergency", "service", "local", "national", "mobile", "international", "premium"}

func (c Class) String() string { return classes[c] }

// Permission is the classes that somebody may call.
type Permission uint16

// May returns the permission to call some classes.
func May(classes ...Class) (p Permission) {
	for _, c := range classes {
		p |= 1 << c
	}
	return p
}

// Has reports whether a class may be called.
func (p Permission) Has(c Class) bool { return p&(1<<c) != 0 }

// Usual is what an agent may call unless told otherwise: nothing abroad, and
// nothing that costs more than a call.
var Usual = May(Inside, Emergency, Service, Local, National, Mobile)

// Plan says where a number leads. It is the only way to dial: no address that
// somebody sends is ever called.
type Plan struct {
	// Inside reports whether a short number is a phone of ours.
	Inside func(number string) bool
	// Trunks are tried in this order for everything outside.
	Trunks []string
	// Outside is dialled before numbers outside, such as "9"; may be empty. It
	// is taken off.
	Outside string
	// More are numbers that go by other rules than the usual ones.
	More []Rule
}

// Rule is a class, and perhaps a trunk, for numbers that begin alike. The
// longest that fits counts.
type Rule struct {
	Prefix string
	Class  Class
	Trunk  string // empty: as all others
}

// Route is where a number leads.
type Route struct {
	Number string // as it is dialled
	Class  Class
	Phone  string   // a phone of ours
	Trunks []string // or the trunks to try, in order
}

// ErrNotAllowed says that somebody may not call a number.
var ErrNotAllowed = fault.New(fault.Forbidden, "voice.not_allowed", "you may not call this number; ask an administrator for the permission")

// ErrNoNumber says that a number leads nowhere.
var ErrNoNumber = fault.New(fault.NotFound, "voice.no_number", "this number leads nowhere; check it and dial again")

// ErrNoTrunk says that there is no way out.
var ErrNoTrunk = fault.New(fault.Busy, "voice.no_trunk", "no line to the outside is set up or working; try again later")

// Resolve returns where a number leads for somebody with such a permission.
func (p Plan) Resolve(number string, may Permission) (Route, error) {
	number = digits(number)
	if p.Inside != nil && number != "" && p.Inside(number) {
		return allowed(Route{Number: number, Class: Inside, Phone: number}, may)
	}
	if !slices.Contains(emergencies, number) {
		number = strings.TrimPrefix(number, p.Outside)
	}
	class, number, ok := classify(number)
	route := Route{Number: number, Class: class, Trunks: p.Trunks}
	if rule := p.rule(number); rule != nil {
		route.Class, ok = rule.Class, true
		if rule.Trunk != "" {
			route.Trunks = []string{rule.Trunk}
		}
	}
	if !ok {
		return Route{}, ErrNoNumber
	}
	return allowed(route, may)
}

// Resolve returns where a number leads for somebody with such a permission, as
// the door's plan says.
func (d *Door) Resolve(number string, may Permission) (Route, error) {
	return d.plan.Load().Resolve(number, may)
}

func allowed(r Route, may Permission) (Route, error) {
	switch {
	case !may.Has(r.Class):
		return Route{}, ErrNotAllowed
	case r.Phone == "" && len(r.Trunks) == 0:
		return Route{}, ErrNoTrunk
	}
	return r, nil
}

func (p Plan) rule(number string) (found *Rule) {
	for i, r := range p.More {
		if strings.HasPrefix(number, r.Prefix) && (found == nil || len(r.Prefix) > len(found.Prefix)) {
			found = &p.More[i]
		}
	}
	return found
}

// digits takes out what people write between digits. What is no number at all
// becomes nothing.
func digits(number string) string {
	var b strings.Builder
	for i, r := range number {
		switch {
		case r >= '0' && r <= '9', r == '+' && i == 0:
			b.WriteRune(r)
		case strings.ContainsRune(" -().", r):
		default:
			return ""
		}
	}
	return b.String()
}

var emergencies = []string{"110", "119", "120", "122"}

// classify returns the class of a number outside and how it is dialled.
func classify(number string) (Class, string, bool) {
	for _, home := range []string{"+86", "0086"} {
		if rest, ok := strings.CutPrefix(number, home); ok && len(rest) >= 7 {
			if number = rest; !mobile(rest) && rest[0] != '0' {
				number = "0" + rest
			}
		}
	}
	n := len(number)
	starts := func(prefixes ...string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(number, p) })
	}
	switch {
	case slices.Contains(emergencies, number):
		return Emergency, number, true
	case n > 5 && starts("+", "00"):
		return International, number, true
	case mobile(number), n == 12 && number[0] == '0' && mobile(number[1:]):
		return Mobile, number, true
	case n == 8 && premium(number), n >= 11 && number[0] == '0' && premium(withoutArea(number)):
		return Premium, number, true
	case n == 10 && starts("400", "800"), n >= 5 && n <= 8 && starts("95", "96", "10", "12", "11"):
		return Service, number, true
	case n >= 10 && n <= 12 && number[0] == '0' && number[1] != '0':
		return National, number, true
	case n >= 7 && n <= 8 && number[0] >= '2' && number[0] <= '8':
		return Local, number, true
	default:
		return 0, number, false
	}
}

func mobile(number string) bool {
	return len(number) == 11 && number[0] == '1' && number[1] >= '3' && !strings.HasPrefix(number, "+")
}

func premium(number string) bool {
	return len(number) == 8 && (strings.HasPrefix(number, "168") || strings.HasPrefix(number, "160"))
}

// withoutArea takes off an area code: of three digits for the largest cities,
// of four elsewhere.
func withoutArea(number string) string {
	if number[1] == '1' || number[1] == '2' {
		return number[3:]
	}
	return number[4:]
}
