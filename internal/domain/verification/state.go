package verification

import (
	"slices"
	"strings"

	"yingda/internal/kit/fault"
)

// State is where a verification stands (domain reference §5.3).
type State string

// The states of a verification.
const (
	Started State = "started"      // 已开始
	Asked   State = "factor_asked" // 核验中
	Passed  State = "passed"       // 已通过
	Failed  State = "failed"       // 不一致
	Locked  State = "locked"       // 已锁定
	Expired State = "expired"      // 已失效
)

// Act is what moves a verification.
type Act string

// The acts.
const (
	Ask    Act = "ask"    // the customer is asked for a factor
	Right  Act = "right"  // it is right, and more is needed
	Pass   Act = "pass"   // it is right, and enough
	Wrong  Act = "wrong"  // it is not what is registered
	Lock   Act = "lock"   // it is wrong once too often (R088)
	Vouch  Act = "vouch"  // somebody with the right to vouches for the customer
	Lapse  Act = "lapse"  // too long ago, or given up
	Cancel Act = "cancel" // somebody ends it
)

// moves is the whole state machine; the picture in the docs is drawn from it.
var moves = map[State]map[Act]State{
	Started: {Ask: Asked, Vouch: Passed, Lapse: Expired, Cancel: Expired},
	Asked:   {Ask: Asked, Right: Asked, Pass: Passed, Wrong: Failed, Vouch: Passed, Lapse: Expired, Cancel: Expired},
	Failed:  {Ask: Asked, Lock: Locked, Vouch: Passed, Lapse: Expired, Cancel: Expired},
	Passed:  {Lapse: Expired, Cancel: Expired},
}

// States lists the states in the order of its life.
func States() []State { return []State{Started, Asked, Failed, Passed, Locked, Expired} }

// Next returns the state after an act, or a Conflict that says what is
// possible now.
func (s State) Next(a Act) (State, error) {
	next, ok := moves[s][a]
	if !ok {
		return s, fault.New(fault.Conflict, "verification.state."+string(s), "this is not possible while the verification is %s; possible now: %s", string(s), listed(s.Acts()))
	}
	return next, nil
}

// Acts returns what is possible in a state, in a fixed order.
func (s State) Acts() []Act {
	acts := make([]Act, 0, len(moves[s]))
	for a := range moves[s] {
		acts = append(acts, a)
	}
	slices.Sort(acts)
	return acts
}

// Open reports whether the customer is being asked.
func (s State) Open() bool { return s == Started || s == Asked || s == Failed }

func listed(acts []Act) string {
	if len(acts) == 0 {
		return "nothing"
	}
	names := make([]string, len(acts))
	for i, a := range acts {
		names[i] = string(a)
	}
	return strings.Join(names, ", ")
}
