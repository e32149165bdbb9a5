package verification

import (
	"slices"
	"time"

	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
)

// Action is something that is done only for a customer who is verified (R089).
type Action string

// The actions.
const (
	Reveal        Action = "contact.reveal" // their number or address is shown whole
	ChangeContact Action = "contact.change" // number, address or what they are verified by
	UnlockAccount Action = "account.unlock"
	AcceptRefund  Action = "compensation.accept" // money is paid because they said yes to an agent
)

// Actions lists all of them.
func Actions() []Action { return []Action{Reveal, ChangeContact, UnlockAccount, AcceptRefund} }

// Known reports whether a is one of ours.
func (a Action) Known() bool { return slices.Contains(Actions(), a) }

// Guards reports whether an action does no more than touch what is registered
// of a customer: while nothing is, there is nothing to guard.
func (a Action) Guards() bool { return a == Reveal || a == ChangeContact }

// Name returns what an action is called.
func (a Action) Name() inbox.Text { return actionNames[a] }

var actionNames = map[Action]inbox.Text{
	Reveal:        {Zh: "查看完整手机号或邮箱", En: "See the whole phone number or address"},
	ChangeContact: {Zh: "修改手机号、邮箱或登记资料", En: "Change phone number, e-mail address or registered particulars"},
	UnlockAccount: {Zh: "解除账号锁定", En: "Unlock the customer's account"},
	AcceptRefund:  {Zh: "代客户接受补偿或退款", En: "Accept a compensation or refund for the customer"},
}

// Way is one way to be verified: so many of these. The end of a number and the
// whole of it count as one.
type Way struct {
	Count int      `json:"count" minimum:"1" maximum:"9"`
	Of    []Factor `json:"of"`
}

// Need is what an action needs: any of these ways.
type Need struct {
	Action Action `json:"action"`
	Ways   []Way  `json:"ways"`
}

// Terms says how a factor is asked for.
type Terms struct {
	Factor Factor `json:"factor"`
	Tail   int    `json:"tail" doc:"how many characters at the end are enough" minimum:"3" maximum:"12"`
}

// Policy is what customers are verified by, in one version. A version is never
// changed: the next one takes its place.
type Policy struct {
	Version     int       `json:"version"`
	Needs       []Need    `json:"needs"`
	Tails       []Terms   `json:"tails"`
	Most        int       `json:"most_failures" doc:"so many wrong answers lock the sensitive actions"`
	LockMinutes int       `json:"lock_minutes" doc:"for how long the first time; each further time in a row twice as long, at most a day"`
	LiveMinutes int       `json:"live_minutes" doc:"how long a verification holds after it passed"`
	At          time.Time `json:"at,omitzero"`
	By          string    `json:"by_name"`
}

// The pace of a verification (R086).
const (
	Target  = 60 * time.Second
	Warning = 45 * time.Second
)

// Defaults is the policy of a new house: two things that a stranger does not
// know both of (R085, R087), three failures (R088), a quarter of an hour.
func Defaults() Policy {
	two := Way{2, []Factor{Phone, IDNumber, IDTail, Order, Vehicle, Member, Code}}
	return Policy{
		Needs: []Need{
			{Reveal, []Way{two}}, {ChangeContact, []Way{two}},
			{UnlockAccount, []Way{{1, []Factor{Code}}, two}}, {AcceptRefund, []Way{two}},
		},
		Tails: []Terms{{PhoneTail, 4}, {IDTail, 4}, {Vehicle, 6}},
		Most:  3, LockMinutes: 30, LiveMinutes: 15,
	}
}

// Need returns what an action needs. One that the policy was written before
// needs what the program says.
func (p Policy) Need(a Action) Need {
	for _, of := range [][]Need{p.Needs, Defaults().Needs} {
		if i := slices.IndexFunc(of, func(n Need) bool { return n.Action == a }); i >= 0 {
			return of[i]
		}
	}
	return Need{Action: a, Ways: []Way{{2, []Factor{Phone, IDNumber, IDTail, Order, Vehicle, Member, Code}}}}
}

// Tail returns how many characters at the end of a value are enough.
func (p Policy) Tail(f Factor) int {
	for _, of := range [][]Terms{p.Tails, Defaults().Tails} {
		if i := slices.IndexFunc(of, func(t Terms) bool { return t.Factor == f }); i >= 0 {
			return of[i].Tail
		}
	}
	return shortest
}

// Live is how long a verification holds.
func (p Policy) Live() time.Duration { return time.Duration(p.LiveMinutes) * time.Minute }

// Verdict says whether what a customer was right about is enough, and if not,
// what is missing.
type Verdict struct {
	Enough  bool     `json:"enough"`
	Short   int      `json:"short" doc:"how many more are needed, on the shortest way"`
	Missing []Factor `json:"missing" doc:"any of these brings the customer nearer"`
}

// Judge says whether factors are enough for an action.
func (p Policy) Judge(a Action, right []Factor) Verdict {
	v := Verdict{Short: -1, Missing: []Factor{}}
	helps := map[Factor]bool{}
	for _, w := range p.Need(a).Ways {
		got := slices.DeleteFunc(slices.Clone(right), func(f Factor) bool { return !slices.Contains(w.Of, f) })
		short := w.Count - families(got)
		if short <= 0 {
			return Verdict{Enough: true, Missing: []Factor{}}
		}
		if v.Short < 0 || short < v.Short {
			v.Short = short
		}
		for _, f := range w.Of {
			if !slices.ContainsFunc(got, func(g Factor) bool { return g.family() == f.family() }) {
				helps[f] = true
			}
		}
	}
	for _, f := range Factors() {
		if helps[f] {
			v.Missing = append(v.Missing, f)
		}
	}
	return v
}

// Reachable reports whether an action can be had with what is registered of a
// customer at all.
func (p Policy) Reachable(a Action, registered []Factor) bool { return p.Judge(a, registered).Enough }

// Bounds of a policy.
const (
	mostFailures = 10
	leastLock    = 5
	mostLock     = 24 * 60
	mostLive     = 60
	leastTail    = 3
	mostTail     = 12
)

// Check returns the policy as it is kept, or what is wrong with it.
func (p Policy) Check() (Policy, error) {
	switch {
	case p.Most < 1 || p.Most > mostFailures:
		return p, fault.New(fault.Invalid, "verification.policy_most", "between 1 and %d wrong answers lock the sensitive actions", mostFailures).In("most_failures")
	case p.LockMinutes < leastLock || p.LockMinutes > mostLock:
		return p, fault.New(fault.Invalid, "verification.policy_lock", "the lock lasts %d to %d minutes", leastLock, mostLock).In("lock_minutes")
	case p.LiveMinutes < 1 || p.LiveMinutes > mostLive:
		return p, fault.New(fault.Invalid, "verification.policy_live", "a verification holds for 1 to %d minutes", mostLive).In("live_minutes")
	}
	for _, t := range p.Tails {
		if !t.Factor.Tailed() || t.Tail < leastTail || t.Tail > mostTail {
			return p, fault.New(fault.Invalid, "verification.policy_tail", "the end of a number that is asked for has %d to %d characters", leastTail, mostTail).In("tails")
		}
	}
	seen := map[Action]bool{}
	for _, n := range p.Needs {
		if !n.Action.Known() || seen[n.Action] {
			return p, fault.New(fault.Invalid, "verification.policy_action", "one of the actions is unknown, or stands there twice").In("needs")
		}
		seen[n.Action] = true
		if err := n.check(); err != nil {
			return p, err
		}
	}
	for _, a := range Actions() {
		if !seen[a] {
			p.Needs = append(p.Needs, p.Need(a))
		}
	}
	return p, nil
}

const mostWays = 6

func (n Need) check() error {
	if len(n.Ways) == 0 || len(n.Ways) > mostWays {
		return fault.New(fault.Invalid, "verification.policy_ways", "each action has 1 to %d ways to be verified", mostWays).In("needs")
	}
	for _, w := range n.Ways {
		if slices.ContainsFunc(w.Of, func(f Factor) bool { return !f.Known() }) {
			return fault.New(fault.Invalid, "verification.factor", "customers are not asked for this").In("needs")
		}
		if w.Count < 1 || w.Count > families(w.Of) {
			return fault.New(fault.Invalid, "verification.policy_count", "a way asks for more than it lists; the end of a number and the whole of it count as one").In("needs")
		}
		weak := slices.DeleteFunc(slices.Clone(w.Of), func(f Factor) bool { return !f.weak() })
		if w.Count <= families(weak) {
			return fault.New(fault.Invalid, "verification.policy_weak", "name and the end of the phone number are known to many; a way must need something else beside them").In("needs")
		}
	}
	return nil
}
