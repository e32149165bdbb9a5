package ticket

import (
	"slices"

	"yingda/internal/domain/inbox"
)

// Stage is where a case stands for the customer (domain reference §5.2). It
// says less than the State, and never what is not so: a case that ended
// another way than planned has a stage of its own for that.
type Stage struct {
	Code string     `json:"code"`
	Name inbox.Text `json:"name"`
}

// step is a stage with the states that it covers.
type step struct {
	Stage
	states []State
}

func stage(code, zh, en string, states ...State) step {
	return step{Stage{code, inbox.Text{Zh: zh, En: en}}, states}
}

// endings are the stages of cases that left the way, for every kind.
var endings = []step{
	stage("not_accepted", "未受理", "Not accepted", NotAccepted),
	stage("declined", "未采纳", "Not adopted", Declined),
	stage("refused", "已拒绝", "Refused", Refused),
	stage("external", "转外部处理", "With an outside body", InExternal),
	stage("lapsed", "超时关闭", "Closed without an answer", Lapsed),
	stage("withdrawn", "已撤回", "Withdrawn", Withdrawn),
	stage("merged", "已合并", "Part of another case", Merged),
	stage("cancelled", "已取消", "Cancelled", Cancelled),
	stage("void", "无效请求", "Not a request", Spam),
	stage("held", "依法暂缓", "On hold by law", OnLegalHold),
}

// Stages returns the stages of a kind in order, for the customer's progress.
// Endings that leave the way are not among them.
func (k Kind) Stages() []Stage {
	var all []Stage
	for _, s := range kinds[k].stages {
		all = append(all, s.Stage)
	}
	return all
}

// Stage returns the public stage of a state of a kind; false if the kind does
// not know the state. While a case waits, ask for the state it came from.
func (k Kind) Stage(s State) (Stage, bool) {
	for _, list := range [][]step{kinds[k].stages, endings} {
		if i := slices.IndexFunc(list, func(p step) bool { return slices.Contains(p.states, s) }); i >= 0 {
			return list[i].Stage, true
		}
	}
	return Stage{}, false
}

// Stage returns the public stage of the case.
func (c Case) Stage() Stage {
	s := c.State
	if s.Waiting() {
		s = c.Before
	}
	at, ok := c.Kind.Stage(s)
	if !ok { // a state of another time
		at, _ = c.Kind.Stage(c.Kind.First())
	}
	return at
}

// Progress is what a customer sees of the way of a case.
type Progress struct {
	Stages []Stage `json:"stages"` // those of the kind, in order
	At     int     `json:"at"`     // which of them it has reached, from 0; where it left the way, the last before that
	Ending *Stage  `json:"ending,omitempty"`
	Done   bool    `json:"done"`
	// Waiting says that the customer or somebody else was asked.
	Waiting *inbox.Text `json:"waiting,omitempty"`
}

// Progress returns the customer's picture of the case.
func (c Case) Progress() Progress {
	p := Progress{Stages: c.Kind.Stages(), Done: c.State.Over()}
	now := c.Stage()
	if p.At = slices.Index(p.Stages, now); p.At < 0 {
		p.Ending = &now
		last, _ := c.Kind.Stage(c.Reached)
		p.At = max(0, slices.Index(p.Stages, last))
	}
	if c.State.Waiting() {
		t := c.State.Name()
		p.Waiting = &t
	}
	return p
}
