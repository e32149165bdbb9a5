package call

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// Realm is what the passwords of telephones are made with. It never changes:
// with another one no telephone is known any more.
const Realm = "yingda"

// TrunkID names a line to a carrier.
type TrunkID = id.ID[trunkNoun]

type trunkNoun struct{}

func (trunkNoun) Prefix() string { return "tr" }

// NewTrunkID returns the id of a line that is set up at a time.
func NewTrunkID(at time.Time) TrunkID { return id.New[trunkNoun](at) }

// Trunk is a line to a carrier, or to a telephone system beside ours (中继线路).
type Trunk struct {
	ID      TrunkID  `json:"id"`
	Name    string   `json:"name"`
	Enabled bool     `json:"enabled"`
	Host    string   `json:"host"`    // where calls go: an address or a name
	Port    int      `json:"port"`    // 0: that of the network
	Network string   `json:"network"` // udp, tcp or tls
	From    []string `json:"from"`    // addresses and networks whose calls are the carrier's
	Number  string   `json:"number"`  // shown to those who are called, unless the call has its own
	User    string   `json:"user"`    // for carriers that ask who we are
	// Password goes with User. It is only ever written.
	Password string    `json:"-"`
	SetAt    time.Time `json:"set_at,omitzero"` // when the password was set
	Register bool      `json:"register"`        // keep ourselves known to the carrier
	Watch    int       `json:"watch"`           // ask this often whether it is there, in seconds; 0: never
	Secure   bool      `json:"secure"`          // sealed sound only
	Version  int64     `json:"version"`
}

// NewTrunk is what a new line starts with.
func NewTrunk(at time.Time) Trunk {
	return Trunk{ID: NewTrunkID(at), Enabled: true, Network: "udp", From: []string{}, Watch: 60, Version: 1}
}

// Bounds of lines.
const (
	longestHost  = 253
	longestText  = 100
	mostSources  = 50
	shortest     = 10  // seconds between two questions whether a carrier is there
	longest      = 600 //
	longestDigit = 20
)

// Check returns the line as it is kept, or what is wrong with it.
func (t Trunk) Check() (Trunk, error) {
	t.Name, t.Host, t.User = strings.TrimSpace(t.Name), strings.ToLower(strings.TrimSpace(t.Host)), strings.TrimSpace(t.User)
	switch {
	case t.Name == "" || len(t.Name) > longestText:
		return t, fault.New(fault.Invalid, "trunk.name", "a line has a name of at most %d characters", longestText).In("name")
	case !isHost(t.Host):
		return t, fault.New(fault.Invalid, "trunk.host", "%q is neither an address nor a name; write 192.0.2.10 or sip.example.cn", t.Host).In("host")
	case t.Port < 0 || t.Port > 65535:
		return t, fault.New(fault.Invalid, "trunk.port", "a port is from 1 to 65535; leave it empty for the usual one").In("port")
	case !slices.Contains([]string{"udp", "tcp", "tls"}, t.Network):
		return t, fault.New(fault.Invalid, "trunk.network", "a network is udp, tcp or tls").In("network")
	case t.Register && t.User == "":
		return t, fault.New(fault.Invalid, "trunk.user", "a line that registers has a user name; the carrier gives you one").In("user")
	case len(t.User) > longestText:
		return t, fault.New(fault.Invalid, "trunk.user_long", "a user name has at most %d characters", longestText).In("user")
	case t.Watch != 0 && (t.Watch < shortest || t.Watch > longest):
		return t, fault.New(fault.Invalid, "trunk.watch", "a carrier is asked every %d to %d seconds, or never", shortest, longest).In("watch")
	case len(t.From) > mostSources:
		return t, fault.New(fault.Invalid, "trunk.many", "a line has at most %d addresses that calls come from", mostSources).In("from")
	}
	if t.Number = contact.NormalPhone(t.Number); t.Number != "" && !isLine(t.Number) {
		return t, fault.New(fault.Invalid, "entry.number", "%q is no number; write digits, with + and the country for numbers abroad", t.Number).In("number")
	}
	from := []string{}
	for _, f := range t.From {
		p, err := network(strings.TrimSpace(f))
		if err != nil {
			return t, fault.New(fault.Invalid, "trunk.from", "%q is no address and no network; write 192.0.2.10 or 192.0.2.0/24", f).In("from")
		}
		if p.Bits() < 8 {
			return t, fault.New(fault.Invalid, "trunk.from_wide", "%q is half the world; whoever calls from there would be the carrier", f).In("from")
		}
		text := p.String()
		if p.IsSingleIP() {
			text = p.Addr().String()
		}
		if !slices.Contains(from, text) {
			from = append(from, text)
		}
	}
	t.From = from
	return t, nil
}

// Networks returns the addresses whose calls are the carrier's.
func (t Trunk) Networks() (all []netip.Prefix) {
	for _, f := range t.From {
		if p, err := network(f); err == nil {
			all = append(all, p)
		}
	}
	return all
}

func network(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err
}

func isHost(s string) bool {
	if _, err := netip.ParseAddr(s); err == nil {
		return true
	}
	if s == "" || len(s) > longestHost {
		return false
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(s, "."), ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return true
}

// Phone is a SIP telephone that may register here (话机).
type Phone struct {
	User    string   `json:"user"` // its number inside, and its name in SIP
	Name    string   `json:"name"` // where it stands, or what it is
	Agent   agent.ID `json:"agent_id,omitzero"`
	Enabled bool     `json:"enabled"`
	// May is what it may call; nil: as the agent who has it.
	May     []Class   `json:"may"`
	HA1     string    `json:"-"`                // what is kept of its password
	SetAt   time.Time `json:"set_at,omitzero"`  // when its password was made
	MadeAt  time.Time `json:"made_at,omitzero"` // when it was set up
	Version int64     `json:"version"`
}

// Check returns the telephone as it is kept, or what is wrong with it.
func (p Phone) Check() (Phone, error) {
	p.User, p.Name = strings.TrimSpace(p.User), strings.TrimSpace(p.Name)
	switch {
	case len(p.User) < 2 || len(p.User) > 6 || strings.Trim(p.User, "0123456789") != "" || p.User[0] == '0':
		return p, fault.New(fault.Invalid, "phone.user", "the number of a telephone has 2 to 6 digits and does not begin with 0").In("user")
	case slices.Contains(emergencies, p.User):
		return p, fault.New(fault.Invalid, "phone.emergency", "%q is an emergency number; choose another", p.User).In("user")
	case len(p.Name) > longestText:
		return p, fault.New(fault.Invalid, "phone.name", "the name of a telephone has at most %d characters", longestText).In("name")
	}
	var err error
	p.May, err = checkClasses(p.May, "may")
	return p, err
}

var emergencies = []string{"110", "119", "120", "122"}

// Class is what kind of number is called, and so what it may cost (号码类别).
type Class string

// The classes of numbers, as they are dialled in mainland China.
const (
	ToPhone       Class = "inside"    // a telephone of ours
	ToEmergency   Class = "emergency" // 110, 119, 120, 122
	ToService     Class = "service"   // 10086, 12315, 95xxx, 400 and 800 numbers
	ToLocal       Class = "local"
	ToNational    Class = "national"
	ToMobile      Class = "mobile"
	International Class = "international"
	Premium       Class = "premium"
)

// Classes returns all classes, what costs least first.
func Classes() []Class {
	return []Class{ToPhone, ToEmergency, ToService, ToLocal, ToNational, ToMobile, International, Premium}
}

// usualClasses is what somebody may call unless told otherwise: nothing abroad,
// and nothing that costs more than a call.
func usualClasses() []Class {
	return []Class{ToPhone, ToEmergency, ToService, ToLocal, ToNational, ToMobile}
}

// checkClasses returns classes in their order, with those that nobody is
// forbidden: an emergency can be called from everywhere.
func checkClasses(may []Class, field string) ([]Class, error) {
	if may == nil {
		return nil, nil
	}
	for _, c := range may {
		if !slices.Contains(Classes(), c) {
			return may, fault.New(fault.Invalid, "plan.class", "there is no class of numbers %q", string(c)).In(field)
		}
	}
	kept := []Class{}
	for _, c := range Classes() {
		if c == ToEmergency || slices.Contains(may, c) {
			kept = append(kept, c)
		}
	}
	return kept, nil
}
