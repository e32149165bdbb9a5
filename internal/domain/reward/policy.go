package reward

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
)

// Policy is what the company grants and why (政策), in one version. A version
// is never changed: the next one takes its place from its day on, and old
// compensations show the one that they followed (R160).
type Policy struct {
	Code    string     `json:"code"`
	Version int        `json:"version"` // from 1
	Name    inbox.Text `json:"name"`
	Text    inbox.Text `json:"text"`          // told to the customer as the rule behind it (R157)
	Kinds   []Kind     `json:"kinds"`         // what it grants; anything if empty
	Most    Money      `json:"most,omitzero"` // what one compensation may cost, in fen; no limit of its own when 0
	Since   time.Time  `json:"since"`         // from when it is in force
	Retired bool       `json:"retired"`       // from then on nothing follows it
	At      time.Time  `json:"at"`            // when it was written
	By      string     `json:"by_name"`       // who wrote it
}

const (
	maxPolicyName = 80
	maxPolicyText = 4000
)

var policyCode = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,59}$`)

// Check returns the policy as it is kept, or what is wrong with what was typed.
func (p Policy) Check() (Policy, error) {
	p.Code = strings.TrimSpace(p.Code)
	for _, t := range []*string{&p.Name.Zh, &p.Name.En, &p.Text.Zh, &p.Text.En} {
		*t = strings.TrimSpace(*t)
	}
	if p.Kinds == nil {
		p.Kinds = []Kind{}
	}
	switch {
	case !policyCode.MatchString(p.Code):
		return p, fault.New(fault.Invalid, "policy.code", "the code is made of small letters, digits, points and dashes, at most 60").In("code")
	case p.Name.Zh == "" || long(maxPolicyName, p.Name):
		return p, fault.New(fault.Invalid, "policy.name", "give the policy a Chinese name; a name holds at most %d characters", maxPolicyName).In("name")
	case p.Text.Zh == "" || long(maxPolicyText, p.Text):
		return p, fault.New(fault.Invalid, "policy.text", "write the text in Chinese; it holds at most %d characters", maxPolicyText).In("text")
	case p.Most < 0 || p.Most > MaxAmount:
		return p, fault.New(fault.Invalid, "policy.most", "the most that one compensation may cost is between 0 and %s", MaxAmount.String()).In("most")
	case slices.ContainsFunc(p.Kinds, func(k Kind) bool { return !k.Known() }):
		return p, fault.New(fault.Invalid, "policy.kinds", "one of the kinds of compensation is unknown").In("kinds")
	}
	return p, nil
}

func long(most int, t inbox.Text) bool {
	return utf8.RuneCountInString(t.Zh) > most || utf8.RuneCountInString(t.En) > most
}

// Grants says why a policy does not grant a compensation, which costs what it
// does by the limits in force.
func (p Policy) Grants(c Compensation, l Limits) error {
	switch {
	case p.Retired:
		return fault.New(fault.Conflict, "policy.retired", "the policy %s is not in force any more; choose another", p.Code).In("policy")
	case len(p.Kinds) > 0 && !slices.Contains(p.Kinds, c.Kind):
		return fault.New(fault.Invalid, "policy.not_granted", "the policy %s does not grant this kind of compensation", p.Code).In("kind")
	case p.Most > 0 && c.Worth(l) > p.Most:
		return fault.New(fault.Invalid, "policy.above", "the policy %s grants at most %s", p.Code, p.Most.String()).In("amount")
	}
	return nil
}

// Goods reports whether the kind is goods or work, which somebody hands over,
// rather than money or points.
func (k Kind) Goods() bool {
	return k == Reshipment || k == ByPolicy || k == Repair || k == Replacement
}

// Lasts reports whether a case can rest on the compensation: all who must
// approve have, and neither the customer nor anybody else took it back.
func (s State) Lasts() bool {
	return slices.Contains([]State{Approved, CustomerAccepted, Executing, Failed, Paid}, s)
}

// Name returns what a kind of compensation is called.
func (k Kind) Name() inbox.Text { return kindNames[k] }

var kindNames = map[Kind]inbox.Text{
	Refund:      {Zh: "退款", En: "Refund"},
	Reshipment:  {Zh: "补发", En: "Re-shipment"},
	Coupon:      {Zh: "优惠券", En: "Coupon"},
	Points:      {Zh: "积分", En: "Points"},
	ByPolicy:    {Zh: "政策补偿", En: "Compensation by policy"},
	Repair:      {Zh: "免费维修", En: "Free repair"},
	Replacement: {Zh: "换货", En: "Replacement"},
}
