// Package call is the rules of a telephone call: the states it goes through,
// what its record says in the end, and the menu that a caller walks through.
//
// A menu is data ([Menu]). [Menu.Check] says what is wrong with it before
// anybody hears it, [Menu.Step] walks through it: state and event in, state and
// actions out, nothing else. Whoever has the line does the actions.
package call

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// Noun gives call ids their prefix.
type Noun struct{}

// Prefix returns ca.
func (Noun) Prefix() string { return "ca" }

// ID names a call.
type ID = id.ID[Noun]

// State is where a call stands.
type State string

// The states of a call.
const (
	Ringing    State = "ringing"    // 振铃: nobody has answered yet
	InMenu     State = "menu"       // 语音导航
	Queued     State = "queued"     // 排队
	Offered    State = "offered"    // it rings at an agent
	Talking    State = "talking"    // 通话
	Held       State = "held"       // 保持
	Consulting State = "consulting" // the caller waits while the agent asks a colleague
	Conferring State = "conference" // 三方
	Surveying  State = "survey"     // 满意度
	Recording  State = "voicemail"  // 留言
	AskedBack  State = "callback"   // a callback was asked for, the line is still open
	WrappingUp State = "wrap_up"    // 话后处理
	Ended      State = "ended"
)

// Act is what moves a call.
type Act string

// The acts.
const (
	Answer      Act = "answer"       // the menu picks up; of a call that we make: the customer
	Enqueue     Act = "enqueue"      // into a queue
	LeaveQueue  Act = "leave_queue"  // back to the menu: a key, or waited too long
	Offer       Act = "offer"        // to an agent
	Miss        Act = "miss"         // the agent does not answer or declines: back to the head
	Connect     Act = "connect"      // the agent answers
	Hold        Act = "hold"         //
	Resume      Act = "resume"       //
	Consult     Act = "consult"      // a colleague is asked
	Return      Act = "return"       // from the colleague to the caller
	Join        Act = "join"         // a third comes in
	Part        Act = "part"         // and goes
	Transfer    Act = "transfer"     // to another agent, who is rung
	Requeue     Act = "requeue"      // to another queue
	LoseAgent   Act = "lose_agent"   // the agent's line is gone: to the head of the queue
	AskBack     Act = "ask_back"     // the caller wants to be called back
	TakeMessage Act = "take_message" // the caller speaks to the machine
	Rate        Act = "rate"         // the agent has hung up, the caller is asked
	Continue    Act = "continue"     // back to the menu; the agent has hung up
	HangUp      Act = "hang_up"      // the caller's line is gone
	WrapUp      Act = "finish"       // the agent has wrapped up
)

// moves is the whole state machine; the picture in the docs is drawn from it.
// Of a call that an agent has had and has not wrapped up yet, Do goes to
// WrappingUp wherever the caller hangs up.
var moves = map[State]map[Act]State{
	Ringing:    {Answer: InMenu, Enqueue: Queued, Offer: Offered, Connect: Talking, HangUp: Ended},
	InMenu:     {Enqueue: Queued, Offer: Offered, TakeMessage: Recording, AskBack: AskedBack, Rate: Surveying, HangUp: Ended},
	Queued:     {Offer: Offered, LeaveQueue: InMenu, TakeMessage: Recording, AskBack: AskedBack, HangUp: Ended},
	Offered:    {Connect: Talking, Miss: Queued, LeaveQueue: InMenu, HangUp: Ended},
	Talking:    {Continue: InMenu, Hold: Held, Consult: Consulting, Join: Conferring, Transfer: Offered, Requeue: Queued, LoseAgent: Queued, Rate: Surveying, HangUp: WrappingUp},
	Held:       {Continue: InMenu, Resume: Talking, Consult: Consulting, Transfer: Offered, Requeue: Queued, LoseAgent: Queued, HangUp: WrappingUp},
	Consulting: {Continue: InMenu, Return: Talking, Join: Conferring, Transfer: Offered, Connect: Talking, LoseAgent: Queued, HangUp: WrappingUp},
	Conferring: {Continue: InMenu, Part: Talking, Connect: Talking, Transfer: Offered, LoseAgent: Queued, Rate: Surveying, HangUp: WrappingUp},
	Surveying:  {Continue: InMenu, HangUp: WrappingUp},
	Recording:  {Continue: InMenu, HangUp: Ended},
	AskedBack:  {Continue: InMenu, HangUp: Ended},
	WrappingUp: {WrapUp: Ended},
}

// States lists the states in the order of a call's life.
func States() []State {
	return []State{Ringing, InMenu, Queued, Offered, Talking, Held, Consulting, Conferring, Surveying, Recording, AskedBack, WrappingUp, Ended}
}

// Next returns the state after an act, or a Conflict that says what is possible
// now.
func (s State) Next(a Act) (State, error) {
	next, ok := moves[s][a]
	if !ok {
		possible := "nothing"
		if acts := s.Acts(); len(acts) > 0 {
			names := make([]string, len(acts))
			for i, a := range acts {
				names[i] = string(a)
			}
			possible = strings.Join(names, ", ")
		}
		return s, fault.New(fault.Conflict, "call.state."+string(s), "this is not possible while the call is %s; possible now: %s", string(s), possible)
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

// WithAgent reports whether an agent has the call.
func (s State) WithAgent() bool {
	switch s {
	case Talking, Held, Consulting, Conferring:
		return true
	case Ringing, InMenu, Queued, Offered, Surveying, Recording, AskedBack, WrappingUp, Ended:
	}
	return false
}

// Reason is why a call ended.
type Reason string

// The reasons.
const (
	Completed   Reason = "completed" // an agent had it and it ended as calls end
	Abandoned   Reason = "abandoned" // hung up while waiting
	LeftMenu    Reason = "left_menu" // hung up in the menu, or the menu had told what it had to
	OffHours    Reason = "off_hours" // we were closed, and said so
	MessageLeft Reason = "message"   // a voicemail
	CallbackDue Reason = "callback"  // will be called back
	NoAnswer    Reason = "no_answer" // a call that we made
	Engaged     Reason = "engaged"   // the same: the line was busy
	Refused     Reason = "refused"   // blocked, or too many at once
	Forwarded   Reason = "forwarded" // to a number outside
	Vanished    Reason = "vanished"  // no sound and no goodbye
	Failed      Reason = "failed"    // our mistake
	Drained     Reason = "drained"   // the node stopped
	Lost        Reason = "lost"      // the node that had the line died
)

// Reasons returns all reasons.
func Reasons() []Reason {
	return []Reason{Completed, Abandoned, LeftMenu, OffHours, MessageLeft, CallbackDue, NoAnswer, Engaged, Refused, Forwarded, Vanished, Failed, Drained, Lost}
}

// Hung returns why a call ended that somebody hung up in a state.
func (s State) Hung() Reason {
	switch s {
	case Ringing:
		return NoAnswer
	case InMenu:
		return LeftMenu
	case Queued, Offered:
		return Abandoned
	case Recording:
		return MessageLeft
	case AskedBack:
		return CallbackDue
	case Talking, Held, Consulting, Conferring, Surveying, WrappingUp, Ended:
	}
	return Completed
}

// Direction is who called whom.
type Direction string

// The directions.
const (
	Inbound  Direction = "inbound"
	Outbound Direction = "outbound"
)

// Step is a state that a call came into.
type Step struct {
	State State     `json:"state"`
	Act   Act       `json:"act,omitzero"` // what brought it there; empty for the first
	At    time.Time `json:"at"`
	Queue string    `json:"queue,omitzero"`
	Agent string    `json:"agent,omitzero"` // who rings, talks or wraps up
}

// Recorded is the recording of a call. Without the event of the notice that it
// is recorded there is none (R030).
type Recorded struct {
	Notice string        `json:"notice,omitzero"` // the event
	File   string        `json:"file,omitzero"`
	SHA256 string        `json:"sha256,omitzero"`
	Length time.Duration `json:"length,omitzero"`
	Cut    string        `json:"cut,omitzero"` // why it is shorter than the call, or there is none
	// Removed is when the file was removed, because it was kept long enough.
	Removed time.Time `json:"removed,omitzero"`
}

// Why a recording is shorter than its call, or there is none.
const (
	CutDisk     = "disk"      // the disk was full, or too slow
	CutFailed   = "failed"    // it could not be put away
	CutNoNotice = "no_notice" // the caller was not told
	CutStopped  = "stopped"   // the program died
)

// Found returns the recording after a file was found that its call ended
// without: what cut it short, if anything did, was said when the call ended.
func (r Recorded) Found(late Recorded) Recorded {
	if r.File != "" || late.File == "" || !r.Removed.IsZero() {
		return r
	}
	late.Notice = r.Notice
	switch {
	case r.Cut == CutFailed:
		late.Cut = ""
	case r.Cut != "":
		late.Cut = r.Cut
	}
	return late
}

// Quality is how the line was.
type Quality struct {
	Lost   float64 `json:"lost"`   // of the packets, 0 to 1
	Jitter float64 `json:"jitter"` // ms
	MOS    float64 `json:"mos"`    // 1 to 4.5
}

// Record is a call as it is kept (R029).
type Record struct {
	ID        ID          `json:"id"`
	Direction Direction   `json:"direction"`
	Caller    string      `json:"caller"`        // the customer's number, whoever called
	Line      string      `json:"line"`          // ours
	Node      string      `json:"node,omitzero"` // the program that had the line, as people know it
	Menu      string      `json:"menu,omitzero"`
	Version   int         `json:"version,omitzero"`
	Steps     []Step      `json:"steps"`
	Path      []string    `json:"path,omitempty"`  // nodes of the menu
	Asked     []HookAsked `json:"asked,omitempty"` // other systems, by the menu
	Emergency bool        `json:"emergency,omitzero"`
	Result    Reason      `json:"result,omitzero"`
	// Wrapped is when the last agent had wrapped up: often before the call has
	// ended, while the caller is still asked how it was.
	Wrapped     time.Time      `json:"wrapped,omitzero"`
	Disposition string         `json:"disposition,omitzero"` // what the agent said it was
	Ratings     map[string]int `json:"ratings,omitempty"`
	RatedBy     RatingWay      `json:"rated_by,omitzero"` // how these came; empty: there are none
	Recording   Recorded       `json:"recording,omitzero"`
	Quality     Quality        `json:"quality,omitzero"`
}

// Begin returns the record of a call that begins to ring.
func Begin(call ID, d Direction, caller, line string, at time.Time) Record {
	return Record{ID: call, Direction: d, Caller: caller, Line: line, Steps: []Step{{State: Ringing, At: at}}}
}

// State returns where the call stands.
func (r Record) State() State {
	if len(r.Steps) == 0 {
		return ""
	}
	return r.Steps[len(r.Steps)-1].State
}

// Do moves the call. queue and agent are those from now on; empty: as before,
// as long as somebody waits or talks. The record that comes back is another
// one. A time before the last step counts as that of the last step: a record
// never goes back.
func (r Record) Do(a Act, at time.Time, queue, agent string) (Record, error) {
	last := r.Steps[len(r.Steps)-1]
	next, err := last.State.Next(a)
	if err != nil {
		return r, err
	}
	switch a {
	case Connect:
		r.Wrapped = time.Time{}
	case LoseAgent: // there is nobody to wrap up
		r.Wrapped = later(at, last.At)
	case HangUp:
		next = Ended
		if r.served() && r.Wrapped.IsZero() {
			next = WrappingUp
		}
	case WrapUp:
		r.Wrapped = later(at, last.At)
	case Answer, Enqueue, LeaveQueue, Offer, Miss, Hold, Resume, Consult, Return, Join, Part, Transfer, Requeue, AskBack, TakeMessage, Rate, Continue:
	}
	s := Step{State: next, Act: a, At: later(at, last.At), Queue: queue, Agent: agent}
	if s.Queue == "" {
		s.Queue = last.Queue
	}
	if s.Agent == "" && (next.WithAgent() || next == WrappingUp) {
		s.Agent = cmp.Or(last.Agent, r.Agent())
	}
	r.Steps = append(slices.Clip(slices.Clone(r.Steps)), s)
	if r.Result == "" && (next == Ended || next == WrappingUp) {
		if r.Result = last.State.Hung(); r.Result == LeftMenu && r.served() {
			r.Result = Completed
		}
	}
	return r, nil
}

// Finish notes that the agent has wrapped up, which ends a call that waited for
// nothing else.
func (r Record) Finish(at time.Time) Record {
	if next, err := r.Do(WrapUp, at, "", ""); err == nil {
		return next
	}
	if r.Wrapped.IsZero() && r.served() && !r.State().WithAgent() {
		r.Wrapped = later(at, r.LeftAt())
	}
	return r
}

// served reports whether an agent has had the call.
func (r Record) served() bool {
	return slices.ContainsFunc(r.Steps, func(s Step) bool { return s.State.WithAgent() })
}

// LeftAt returns when the last agent had hung up; zero: none has.
func (r Record) LeftAt() time.Time {
	for i, s := range slices.Backward(r.Steps) {
		if s.State.WithAgent() && i+1 < len(r.Steps) {
			return r.Steps[i+1].At
		}
	}
	return time.Time{}
}

// AfterCall returns how long the last agent worked on the call after it, up to
// now if that goes on. Part of it may be while the caller was asked how it was.
func (r Record) AfterCall(now time.Time) time.Duration {
	from := r.LeftAt()
	if from.IsZero() || r.State().WithAgent() {
		return 0
	}
	if !r.Wrapped.IsZero() {
		now = r.Wrapped
	}
	return max(0, now.Sub(from))
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// End ends the call wherever it stands, for a reason of ours: the caller has
// vanished, the node stops. One that has ended stays as it is.
func (r Record) End(why Reason, at time.Time) Record {
	last := r.Steps[len(r.Steps)-1]
	if last.State == Ended {
		return r
	}
	r.Steps = append(slices.Clip(slices.Clone(r.Steps)), Step{State: Ended, Act: HangUp, At: later(at, last.At), Queue: last.Queue, Agent: last.Agent})
	if r.Result == "" {
		r.Result = why
	}
	return r
}

// Until returns the record as it stood at a time: the desk goes on ringing agents
// for a call whose line is gone, until somebody notices. Its first step stays.
func (r Record) Until(at time.Time) Record {
	n := len(r.Steps)
	for n > 1 && r.Steps[n-1].At.After(at) {
		n--
	}
	r.Steps = slices.Clip(r.Steps[:n])
	return r
}

// Times are how long a call was in what; their sum is Total.
type Times struct {
	Ring   time.Duration `json:"ring"`    // before anybody answered
	Menu   time.Duration `json:"menu"`    // with the machine: menu, message, callback, survey
	Wait   time.Duration `json:"wait"`    // in queues and while it rang at agents
	Talk   time.Duration `json:"talk"`    // with an agent, who heard them
	Hold   time.Duration `json:"hold"`    // with an agent, who did not
	WrapUp time.Duration `json:"wrap_up"` // of the agent, after the line was closed
	Total  time.Duration `json:"total"`
}

// Times returns how long the call was in what, up to now if it goes on.
func (r Record) Times(now time.Time) (t Times) {
	for i, s := range r.Steps {
		if s.State == Ended {
			break
		}
		until := now
		if i+1 < len(r.Steps) {
			until = r.Steps[i+1].At
		}
		d := max(0, until.Sub(s.At))
		t.Total += d
		switch s.State {
		case Ringing:
			t.Ring += d
		case InMenu, Surveying, Recording, AskedBack:
			t.Menu += d
		case Queued, Offered:
			t.Wait += d
		case Talking, Conferring:
			t.Talk += d
		case Held, Consulting:
			t.Hold += d
		case WrappingUp:
			t.WrapUp += d
		case Ended:
		}
	}
	return t
}

// AnswerWait returns how long the caller waited in the queue for the first
// agent, and whether one came (R023).
func (r Record) AnswerWait() (wait time.Duration, answered bool) {
	for i, s := range r.Steps {
		if s.State == Talking {
			return wait, true
		}
		if (s.State == Queued || s.State == Offered) && i+1 < len(r.Steps) {
			wait += r.Steps[i+1].At.Sub(s.At)
		}
	}
	return wait, false
}

// Agent returns who had the call last, or has made it; empty: nobody.
func (r Record) Agent() string {
	for _, s := range slices.Backward(r.Steps) {
		if s.State.WithAgent() || s.State == Ringing {
			return s.Agent
		}
	}
	return ""
}

// MadeBy returns the record of a call that an agent makes.
func (r Record) MadeBy(agent string) Record {
	r.Steps = slices.Clone(r.Steps)
	r.Steps[0].Agent = agent
	return r
}

// Queue returns the queue that the call was in last.
func (r Record) Queue() string {
	for _, s := range slices.Backward(r.Steps) {
		if s.Queue != "" {
			return s.Queue
		}
	}
	return ""
}
