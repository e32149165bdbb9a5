// Package verification makes sure that whoever turns to us is the customer
// they say they are (身份核验): what may be asked for, how much of it an action
// needs, how what was told is compared, and when it is enough, too often wrong
// or too long ago. It never holds what was told.
package verification

import (
	"crypto/sha256"
	"crypto/subtle"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"yingda/internal/domain/access"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// Factor is one thing that a customer can be asked for (R085, R090).
type Factor string

// The factors.
const (
	Phone     Factor = "phone"      // the registered number, whole
	PhoneTail Factor = "phone_tail" // its last digits
	IDNumber  Factor = "id_number"  // the number of the identity card, whole
	IDTail    Factor = "id_tail"    // its last characters, for who has not the card at hand (R087)
	Order     Factor = "order"
	Vehicle   Factor = "vehicle" // the end of the VIN, or the plate
	Member    Factor = "member"
	Code      Factor = "code" // a one-time code that was sent to the registered address
	Name      Factor = "name"
)

// Factors lists all of them, in the order in which a wizard offers them.
func Factors() []Factor {
	return []Factor{Phone, PhoneTail, IDTail, IDNumber, Order, Vehicle, Member, Code, Name}
}

// Known reports whether f is one of ours.
func (f Factor) Known() bool { return slices.Contains(Factors(), f) }

// Name returns what a factor is called.
func (f Factor) Name() inbox.Text { return factorNames[f] }

var factorNames = map[Factor]inbox.Text{
	Phone:     {Zh: "登记手机号", En: "Registered phone number"},
	PhoneTail: {Zh: "手机号末几位", En: "End of the phone number"},
	IDNumber:  {Zh: "身份证号", En: "Identity card number"},
	IDTail:    {Zh: "身份证末几位", En: "End of the identity card number"},
	Order:     {Zh: "订单号", En: "Order number"},
	Vehicle:   {Zh: "车架号末几位或车牌号", En: "End of the VIN, or the plate"},
	Member:    {Zh: "会员号", En: "Member number"},
	Code:      {Zh: "一次性验证码", En: "One-time code"},
	Name:      {Zh: "姓名", En: "Name"},
}

// family is what a factor is a part of: the end of a number proves nothing
// beside the whole of it.
func (f Factor) family() Factor {
	switch f {
	case PhoneTail:
		return Phone
	case IDTail:
		return IDNumber
	case Phone, IDNumber, Order, Vehicle, Member, Code, Name:
	}
	return f
}

// weak reports whether others can easily know a factor: it is printed on
// parcels and shown on screens.
func (f Factor) weak() bool { return f == PhoneTail || f == Name }

// Tailed reports whether the end of what is registered is enough.
func (f Factor) Tailed() bool { return f == PhoneTail || f == IDTail || f == Vehicle }

// families counts how many different things factors are.
func families(fs []Factor) int {
	seen := map[Factor]bool{}
	for _, f := range fs {
		seen[f.family()] = true
	}
	return len(seen)
}

// Particular is one kind of thing that is registered of a customer only to
// verify them by. Name, phone number and address stand in the contact.
type Particular string

// The particulars.
const (
	IDCard   Particular = "id_number"
	OrderNo  Particular = "order"
	MemberNo Particular = "member"
	VIN      Particular = "vin"
	PlateNo  Particular = "plate"
)

// How long a value is that somebody can be verified by; a shorter one can be
// guessed.
const (
	mostValue = 64
	shortest  = 4
)

// Particulars lists all of them.
func Particulars() []Particular { return []Particular{IDCard, MemberNo, OrderNo, VIN, PlateNo} }

// Registered is a particular of one customer as people see it; the value is
// sealed.
type Registered struct {
	ID     ParticularID `json:"id"`
	Kind   Particular   `json:"kind"`
	Mask   string       `json:"mask"`
	Sealed string       `json:"-"`
	At     time.Time    `json:"at"`
}

// ParticularID names a registered particular.
type ParticularID = id.ID[ParticularNoun]

// ParticularNoun is the noun of their ids.
type ParticularNoun struct{}

func (ParticularNoun) Prefix() string { return "pr" }

// MostOfAKind is how many particulars of a kind a customer has at most.
const MostOfAKind = 20

// Of returns which particulars answer a factor.
func (f Factor) Of() []Particular {
	switch f {
	case IDNumber, IDTail:
		return []Particular{IDCard}
	case Order:
		return []Particular{OrderNo}
	case Member:
		return []Particular{MemberNo}
	case Vehicle:
		return []Particular{VIN, PlateNo}
	case Phone, PhoneTail, Code, Name:
	}
	return nil
}

// Name returns what a particular is called.
func (p Particular) Name() inbox.Text { return particularNames[p] }

var particularNames = map[Particular]inbox.Text{
	IDCard:   {Zh: "身份证号", En: "Identity card number"},
	OrderNo:  {Zh: "订单号", En: "Order number"},
	MemberNo: {Zh: "会员号", En: "Member number"},
	VIN:      {Zh: "车架号（VIN）", En: "VIN"},
	PlateNo:  {Zh: "车牌号", En: "Plate"},
}

// Single reports whether a customer has at most one of it.
func (p Particular) Single() bool { return p == IDCard || p == MemberNo }

// Check returns a particular as it is kept, or what is wrong with it.
func (p Particular) Check(typed string, now time.Time) (string, error) {
	s := Fold(typed)
	n := utf8.RuneCountInString(s)
	switch {
	case particularNames[p] == inbox.Text{}:
		return "", fault.New(fault.Invalid, "verification.particular", "nothing of this kind is kept to verify customers by").In("kind")
	case p == IDCard:
		return s, CheckIDNumber(s, now)
	case p == VIN && !isVIN(s):
		return "", fault.New(fault.Invalid, "verification.vin", "a VIN has 17 letters and digits, without I, O and Q").In("value")
	case n < shortest || n > mostValue:
		return "", fault.New(fault.Invalid, "verification.value", "write %d to %d characters", shortest, mostValue).In("value")
	}
	return s, nil
}

// Mask shows as much of a particular as tells it from another. It holds nothing
// of what customers are asked for: of a card and a VIN the end is asked, so only
// the beginning is shown, 110***************.
func (p Particular) Mask(value string) string {
	r := []rune(value)
	switch {
	case (p == IDCard || p == VIN) && len(r) > 3:
		return string(r[:3]) + strings.Repeat("*", len(r)-3)
	case p == PlateNo && len(r) >= 6:
		return string(r[:2]) + "***" + string(r[len(r)-2:])
	case len(r) >= 12:
		return "****" + string(r[len(r)-4:])
	case len(r) > 2:
		return "****" + string(r[len(r)-2:])
	}
	return "****"
}

func isVIN(s string) bool {
	return len(s) == 17 && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') || r == 'I' || r == 'O' || r == 'Q'
	})
}

// Fold returns what was told as it is compared: people write digits and
// letters wide, with spaces and hyphens between, and an x for an X.
func Fold(told string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' { // the wide forms of ASCII
			r -= '！' - '!'
		}
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), r == '-', r == '—', r == '–', r == '·', r == '.', r == '(', r == ')':
			return -1
		}
		return unicode.ToUpper(r)
	}, told)
}

// foldPhone returns a number without the ways in which the country is written.
func foldPhone(s string) string {
	s = strings.TrimPrefix(Fold(s), "+")
	s = strings.TrimPrefix(s, "00")
	if len(s) == 13 {
		s = strings.TrimPrefix(s, "86")
	}
	return s
}

// fold is Fold for a factor.
func (f Factor) fold(s string) string {
	switch f {
	case Phone, PhoneTail:
		return foldPhone(s)
	case Code:
		return access.FoldDigits(s)
	case IDNumber, IDTail, Order, Vehicle, Member, Name:
	}
	return Fold(s)
}

// CheckTold refuses what cannot be right whatever is registered: a slip of the
// tongue or of a key is no failure of the customer.
func (p Policy) CheckTold(f Factor, told string, now time.Time) error {
	s := f.fold(told)
	n, digits := utf8.RuneCountInString(s), allDigits(s)
	switch {
	case n == 0:
		return fault.New(fault.Invalid, "verification.empty", "type what the customer told").In("value")
	case n > mostValue:
		return fault.New(fault.Invalid, "verification.long", "this holds at most %d characters", mostValue).In("value")
	case f == Phone && (!digits || n < 7):
		return fault.New(fault.Invalid, "verification.phone", "this is not a whole phone number").In("value")
	case f == IDNumber:
		return CheckIDNumber(s, now)
	case f == Code && (!digits || n != access.CodeDigits):
		return fault.New(fault.Invalid, "verification.code_form", "the code has %d digits", access.CodeDigits).In("value")
	case f == PhoneTail && !digits:
		return fault.New(fault.Invalid, "verification.digits", "only digits stand here").In("value")
	case f.Tailed() && n < p.Tail(f):
		return fault.New(fault.Invalid, "verification.tail", "at least the last %d characters are needed", p.Tail(f)).In("value")
	}
	return nil
}

func allDigits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// Same reports whether what was told is one of what is registered. How long it
// takes says nothing of either: everything is compared, as a digest.
func (p Policy) Same(f Factor, told string, registered []string) bool {
	typed := f.fold(told)
	right := 0
	for _, r := range registered {
		r = f.fold(r)
		if f.Tailed() {
			r = tail(r, max(utf8.RuneCountInString(typed), p.Tail(f)))
		}
		right |= same(typed, r)
	}
	return right == 1
}

// same compares two texts by their digests, so that neither their length nor
// where they differ shows.
func same(a, b string) int {
	if b == "" {
		return 0
	}
	return subtle.ConstantTimeCompare(digest(a), digest(b))
}

func digest(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:]
}

// tail returns the last n characters; nothing of what is shorter.
func tail(s string, n int) string {
	r := []rune(s)
	if len(r) < n {
		return ""
	}
	return string(r[len(r)-n:])
}
