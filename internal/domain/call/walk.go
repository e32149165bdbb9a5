package call

import (
	"maps"
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/phrase"
)

// Phase is what a caller in a menu is doing.
type Phase string

// The phases.
const (
	Listening    Phase = "listening"    // something is said that leads on by itself
	Asked        Phase = "asked"        // something is asked, and said or waited for
	Waiting      Phase = "waiting"      // in a queue
	Served       Phase = "served"       // an agent has the call
	Asking       Phase = "asking"       // another system is asked
	Speaking     Phase = "speaking"     // a message is recorded
	Transferring Phase = "transferring" // a number outside is rung
	Over         Phase = "over"
)

// Place is a place in a queue, which a caller keeps who asks to be called back.
type Place struct {
	Queue     string    `json:"queue"`
	Skills    []string  `json:"skills,omitempty"`
	Priority  int       `json:"priority,omitzero"`
	Emergency bool      `json:"emergency,omitzero"`
	Since     time.Time `json:"since"`
}

// Walk is where a caller is in a menu; it is all that has to be kept.
type Walk struct {
	Menu     string            `json:"menu"`
	Version  int               `json:"version"`
	Language string            `json:"language"`
	Node     string            `json:"node"`
	Phase    Phase             `json:"phase"`
	Path     []string          `json:"path"`
	Values   map[string]string `json:"values,omitempty"`
	// Sounds says that something is being said whose end will be told.
	Sounds bool `json:"sounds,omitzero"`
	// Early are keys that were pressed before anything asked for them.
	Early    string `json:"early,omitzero"`
	Typed    string `json:"typed,omitzero"`
	Tries    int    `json:"tries,omitzero"`
	Question int    `json:"question,omitzero"`
	// Due is when TimedOut has to come; zero: nothing is waited for.
	Due   time.Time `json:"due,omitzero"`
	Until time.Time `json:"until,omitzero"` // of a wait in a queue
	Place *Place    `json:"place,omitempty"`
	// what who waits was told last, so that it never grows
	Placed    bool `json:"placed,omitzero"` // their place was told, and it was
	ToldAhead int  `json:"told_ahead,omitzero"`
	ToldMost  int  `json:"told_most,omitzero"`
	Told      int  `json:"told,omitzero"` // how often
	// Asked are the other systems that were asked, in order.
	Asked []HookAsked `json:"asked,omitempty"`
}

// EventKind is what can happen to a caller in a menu.
type EventKind string

// The kinds of events.
const (
	Began         EventKind = "began"
	Pressed       EventKind = "pressed"     // a key
	Played        EventKind = "played"      // what was said is over
	TimedOut      EventKind = "timed_out"   // Walk.Due has come
	Told          EventKind = "told"        // the other system has answered, or has not
	Joined        EventKind = "joined"      // an agent has the call
	AgentLeft     EventKind = "agent_left"  // the agent has hung up
	SentOn        EventKind = "sent_on"     // the agent sends the caller on to the queue of Place
	AgentLost     EventKind = "agent_lost"  // the agent's line is gone
	RecordingOver EventKind = "recorded"    // the message is over; OK: something is in it
	Transferred   EventKind = "transferred" // OK: the number outside has answered
	HungUp        EventKind = "hung_up"     // the caller's line is gone
)

// Event is what happened.
type Event struct {
	Kind   EventKind         `json:"kind"`
	Key    string            `json:"key,omitzero"`
	OK     bool              `json:"ok,omitzero"`
	Agent  string            `json:"agent,omitzero"`
	Place  *Place            `json:"place,omitempty"`
	Values map[string]string `json:"values,omitempty"`
	Why    *phrase.Reason    `json:"why,omitempty"` // why another system did not answer
}

// Hours is what a calendar says now.
type Hours struct {
	Open    bool
	OpensOn string // 2006-01-02, of the next time; empty: not known
	OpensAt string // 15:04
}

// Facts is what is known outside of the menu at the time of an event.
type Facts struct {
	Caller  string            // the number; empty: withheld
	Line    string            // that was called
	Contact map[string]string // contact.known, contact.tier
	Hours   map[string]Hours  // by calendar
	Staffed bool              // somebody is there at all who answers the queue
	Ahead   int               // callers before this one; -1: not known, or not to be told
	Least   int               // of the announced wait in minutes; 0: under Most
	Most    int               // 0: nothing is announced
}

// Doing is what has to be done.
type Doing string

// What has to be done.
const (
	Play         Doing = "play"         // says Prompts one after another, then tells Played
	Stop         Doing = "stop"         // ends what is said
	PlayMusic    Doing = "music"        // until something else is played
	TakeNotice   Doing = "notice"       // logs that the caller was told of the recording, which may begin
	LogAdvice    Doing = "advice"       // logs the advice that was given
	EnterQueue   Doing = "enter_queue"  // with Place
	ReturnHead   Doing = "return_queue" // to the head: the agent was lost
	ExitQueue    Doing = "exit_queue"   //
	ConnectTo    Doing = "connect"      // whispers Prompts to the agent, then joins both
	GoOn         Doing = "go_on"        // the agent is gone, the caller is not
	BeginSurvey  Doing = "survey"       // ratings follow
	NoteBack     Doing = "call_back"    // calls Number back, keeping Place if there is one
	AskSystem    Doing = "ask"          // asks Name with Values, and tells Told
	TakeDown     Doing = "record"       // beeps and records for at most Seconds, and tells Recorded
	StopRecord   Doing = "stop_record"  // and tells Recorded
	TransferTo   Doing = "transfer"     // rings Name of the dial plan, and tells Transferred
	KeepRating   Doing = "rate"         // of question Name, Number
	PauseSecret  Doing = "pause"        // the recording of the call: a secret follows
	ResumeSecret Doing = "resume"       //
	EndCall      Doing = "hang_up"      // for Reason
)

// Action is one thing to do, in the order given.
type Action struct {
	Do       Doing             `json:"do"`
	Language string            `json:"language,omitzero"`
	Prompts  []string          `json:"prompts,omitempty"`
	Values   map[string]string `json:"values,omitempty"` // for the slots of Prompts
	Barge    bool              `json:"barge,omitzero"`   // a key may end it
	Name     string            `json:"name,omitzero"`
	Number   string            `json:"number,omitzero"`
	Seconds  int               `json:"seconds,omitzero"`
	Place    *Place            `json:"place,omitempty"`
	Reason   Reason            `json:"reason,omitzero"`
}

// Bounds of a walk.
const (
	mostPath   = 300 // nodes that one call goes through
	mostEarly  = 20  // keys that are kept
	ringOut    = 60 * time.Second
	stopRecord = 5 * time.Second
)

// Begin returns a walk that stands before the menu: the event Began is its first.
func (m Menu) Begin() Walk {
	return Walk{Menu: m.ID, Version: m.Version, Language: m.Language, Values: map[string]string{}}
}

// Step returns where a caller is after an event, and what has to be done. An
// event that makes no sense where the caller is changes nothing. When Walk.Due
// is not zero, TimedOut has to come at that time unless another event comes
// first; after Play, Played has to come, unless Stop or another Play does.
func (m Menu) Step(w Walk, e Event, now time.Time, f Facts) (Walk, []Action) {
	w.Path, w.Values = slices.Clip(w.Path), maps.Clone(w.Values)
	if w.Values == nil {
		w.Values = map[string]string{}
	}
	r := &run{menu: m, w: w, f: f, now: now}
	if w.Phase != Over {
		r.take(e)
	}
	return r.w, r.out
}

type run struct {
	menu Menu
	w    Walk
	f    Facts
	now  time.Time
	out  []Action
}

func (r *run) do(a Action) { r.out = append(r.out, a) }

func (r *run) node() Node {
	n, _ := r.menu.Find(r.w.Node)
	return n
}

func (r *run) take(e Event) {
	switch e.Kind {
	case Began:
		if r.w.Phase == "" {
			r.enter(r.menu.Start)
		}
	case HungUp:
		r.leave()
	case Pressed:
		if len(e.Key) == 1 && strings.Contains(keys, e.Key) {
			r.pressed(e.Key)
		}
	case Played:
		if r.w.Sounds {
			r.w.Sounds = false
			r.played()
		}
	case TimedOut:
		if !r.w.Due.IsZero() && !r.now.Before(r.w.Due) {
			r.w.Due = time.Time{}
			r.timedOut()
		}
	case Told:
		if r.w.Phase == Asking {
			r.told(e)
		}
	case Joined:
		if r.w.Phase == Waiting {
			r.joined(e.Agent)
		}
	case AgentLeft:
		if r.w.Phase == Served {
			r.do(Action{Do: GoOn})
			r.enter(r.node().Next)
		}
	case SentOn:
		if r.w.Phase == Served && e.Place != nil {
			r.waitIn(r.node(), *e.Place)
		}
	case AgentLost:
		if r.w.Phase == Served {
			r.lost()
		}
	case RecordingOver:
		if r.w.Phase == Speaking {
			r.on(e.OK, r.node().Next)
		}
	case Transferred:
		if r.w.Phase == Transferring {
			r.transferred(e.OK)
		}
	}
}

// on leads on: to one node if all went well, otherwise to where the node leads
// when it fails.
func (r *run) on(ok bool, next string) {
	if !ok {
		next = r.node().Failed
	}
	r.enter(next)
}

// values are what slots and conditions may use.
func (r *run) values() map[string]string {
	v := maps.Clone(r.f.Contact)
	if v == nil {
		v = map[string]string{}
	}
	maps.Copy(v, r.w.Values)
	v["language"], v["line"] = r.w.Language, r.f.Line
	if number, err := phoneNumber(r.f.Caller); err == nil {
		v["caller"], v["tail"] = number, number[len(number)-4:]
	}
	return v
}

// say plays prompts; without any it goes on as if they had been played.
func (r *run) say(barge bool, prompts ...string) {
	if len(prompts) == 0 {
		r.silence()
		r.played()
		return
	}
	r.w.Sounds = true
	r.do(Action{Do: Play, Language: r.w.Language, Prompts: prompts, Values: r.values(), Barge: barge})
}

func (r *run) silence() {
	if r.w.Sounds {
		r.w.Sounds = false
		r.do(Action{Do: Stop})
	}
}

// enter comes to a node. Where there is none, or where a caller has gone round
// for too long, the call ends with a word.
func (r *run) enter(id string) {
	before := r.node()
	if before.Secret {
		r.do(Action{Do: ResumeSecret})
	}
	r.w.Node, r.w.Typed, r.w.Tries, r.w.Question, r.w.Due = id, "", 0, 0, time.Time{}
	n, ok := r.menu.Find(id)
	if !ok || len(r.w.Path) >= mostPath {
		r.silence()
		r.w.Phase = Over
		r.do(Action{Do: Play, Language: r.w.Language, Prompts: []string{"error"}})
		r.do(Action{Do: EndCall, Reason: Failed})
		return
	}
	r.w.Path = append(r.w.Path, id)
	if n.Consent {
		r.w.Early = ""
	}
	switch n.Kind {
	case KindPlay:
		r.w.Phase = Listening
		if r.w.Early != "" && !n.whole() { // who presses keys ahead wants to come to what is asked
			r.listened(n)
			return
		}
		r.say(!n.whole(), n.Prompts...)
	case KindMenu, KindCollect, KindSurvey:
		if n.Secret {
			r.do(Action{Do: PauseSecret})
		}
		if n.Kind == KindSurvey {
			r.do(Action{Do: BeginSurvey})
		}
		r.w.Phase = Asked
		r.ask(n.question(0))
	case KindQueue:
		r.queue(n)
	case KindCallback:
		r.callback(n)
	case KindHours:
		r.hours(n)
	case KindCondition:
		r.enter(n.decide(r.values()))
	case KindSet:
		maps.Copy(r.w.Values, n.Values)
		if l := n.Values["language"]; l != "" {
			r.w.Language = l
			delete(r.w.Values, "language")
		}
		r.enter(n.Next)
	case KindVoicemail, KindTransfer, KindHTTP:
		r.w.Phase = Listening
		r.say(false, n.Prompts...)
	case KindHangUp:
		r.w.Phase = Listening
		r.say(false, n.Prompts...)
	default:
		r.enter("")
	}
}

// whole reports whether a node is to be heard to its end.
func (n Node) whole() bool { return n.Whole || n.Consent || n.Notice || n.Advice != "" }

// question returns what a node says to ask, for a survey its question.
func (n Node) question(i int) []string {
	if n.Kind == KindSurvey && i < len(n.Questions) {
		said := []string{n.Questions[i].Prompt}
		if i == 0 {
			said = append(slices.Clone(n.Prompts), said...)
		}
		return said
	}
	return n.Prompts
}

// ask says a question, unless it is answered already.
func (r *run) ask(prompts []string) {
	if r.w.Early != "" && !r.node().Consent {
		r.answerEarly()
		return
	}
	r.say(!r.node().whole(), prompts...)
}

// answerEarly gives the question the keys that were pressed before it, one
// after another.
func (r *run) answerEarly() {
	key := r.w.Early[:1]
	r.w.Early = r.w.Early[1:]
	if r.w.Due.IsZero() {
		r.w.Due = r.wait()
	}
	node := len(r.w.Path)
	r.answer(key)
	if r.w.Early != "" && len(r.w.Path) == node && r.w.Phase == Asked && !r.w.Sounds {
		r.answerEarly()
	}
}

func (r *run) wait() time.Time { return r.now.Add(time.Duration(r.node().seconds()) * time.Second) }

// pressed takes a key: as an answer, or as one that is kept until something is
// asked.
func (r *run) pressed(key string) {
	n := r.node()
	switch r.w.Phase {
	case Asked:
		switch {
		case r.w.Sounds && n.Consent: // the question was not heard yet
		case r.w.Sounds && n.whole():
			r.keep(key)
		default:
			r.silence()
			r.answer(key)
		}
	case Listening:
		r.keep(key)
		if r.w.Sounds && n.Kind == KindPlay && !n.whole() {
			r.silence()
			r.played()
		}
	case Waiting:
		r.exit(n, key)
	case Speaking:
		if key == "#" || key == "*" {
			r.do(Action{Do: StopRecord})
			r.w.Due = r.now.Add(stopRecord)
		}
	case Asking:
		r.keep(key)
	case Served, Transferring, Over:
	}
}

func (r *run) keep(key string) {
	if len(r.w.Early) < mostEarly {
		r.w.Early += key
	}
}

// answer takes a key as the answer to what the node asks.
func (r *run) answer(key string) {
	n := r.node()
	switch n.Kind {
	case KindMenu:
		for _, c := range n.Choices {
			if c.Key == key {
				r.enter(c.Next)
				return
			}
		}
		r.again(n, n.Again, n.Invalid)
	case KindCollect:
		r.typeKey(n, key)
	case KindSurvey:
		if key < "1" || key > "5" {
			r.again(n, n.Again, n.Next)
			return
		}
		r.do(Action{Do: KeepRating, Name: n.Questions[r.w.Question].ID, Number: key})
		r.w.Question, r.w.Tries = r.w.Question+1, 0
		if r.w.Question == len(n.Questions) {
			r.enter(n.Next)
			return
		}
		r.w.Due = time.Time{}
		r.ask(n.question(r.w.Question))
	case KindPlay, KindQueue, KindCallback, KindHours, KindCondition, KindHTTP, KindSet, KindVoicemail, KindTransfer, KindHangUp:
	}
}

// typeKey adds a key to what is typed; # ends it, * begins it anew.
func (r *run) typeKey(n Node, key string) {
	switch key {
	case "*":
		r.w.Typed = ""
	case "#":
		r.typed(n)
		return
	default:
		r.w.Typed += key
	}
	if len(r.w.Typed) >= n.Most {
		r.typed(n)
		return
	}
	r.w.Due = r.wait()
}

// typed takes what was typed.
func (r *run) typed(n Node) {
	_, wrong := phoneNumber(r.w.Typed)
	if r.w.Typed == "" || len(r.w.Typed) < n.Least || n.Phone && wrong != nil {
		r.again(n, n.Again, n.Invalid)
		return
	}
	r.w.Values[n.Into] = r.w.Typed
	r.enter(n.Next)
}

// again asks once more, or leads out after the last try. What was pressed ahead
// was meant for something else.
func (r *run) again(n Node, first []string, out string) {
	r.w.Early, r.w.Typed, r.w.Due = "", "", time.Time{}
	if r.w.Tries++; r.w.Tries >= n.tries() {
		r.enter(out)
		return
	}
	r.say(!n.whole(), slices.Concat(first, n.question(r.w.Question))...)
}

// played goes on after what was said.
func (r *run) played() {
	n := r.node()
	switch r.w.Phase {
	case Asked:
		if r.w.Early != "" && !n.Consent {
			r.answerEarly()
			return
		}
		r.w.Due = r.wait()
	case Waiting:
		r.waiting()
	case Listening:
		r.listened(n)
	case Served, Asking, Speaking, Transferring, Over:
	}
}

// listened goes on where nothing was asked.
func (r *run) listened(n Node) {
	switch n.Kind {
	case KindVoicemail:
		r.w.Phase = Speaking
		r.do(Action{Do: TakeDown, Seconds: n.seconds()})
		r.w.Due = r.wait().Add(stopRecord) // if nobody tells that it is over
	case KindHTTP:
		r.hook(n)
	case KindTransfer:
		r.w.Phase = Transferring
		r.do(Action{Do: TransferTo, Name: n.To})
		r.w.Due = r.now.Add(ringOut)
	case KindHangUp:
		r.w.Phase = Over
		reason := n.Reason
		if reason == "" {
			if reason = LeftMenu; r.w.Values["agent"] != "" {
				reason = Completed
			}
		}
		r.do(Action{Do: EndCall, Reason: reason})
	case KindPlay, KindMenu, KindCollect, KindQueue, KindCallback, KindSurvey, KindHours, KindCondition, KindSet:
		if n.Notice {
			r.do(Action{Do: TakeNotice, Prompts: n.Prompts, Language: r.w.Language})
		}
		if n.Advice != "" {
			r.do(Action{Do: LogAdvice, Name: n.Advice})
		}
		r.enter(n.Next)
	}
}

func (r *run) timedOut() {
	n := r.node()
	switch r.w.Phase {
	case Asked:
		if n.Kind == KindCollect && r.w.Typed != "" {
			r.typed(n)
			return
		}
		out := n.Timeout
		if n.Kind == KindSurvey {
			out = n.Next
		}
		r.again(n, n.Silent, out)
	case Waiting:
		r.announce(n)
	case Asking:
		r.asked(n, false, late())
		r.enter(n.Failed)
	case Speaking:
		r.enter(n.Failed)
	case Transferring:
		r.enter(n.Failed)
	case Listening, Served, Over:
	}
}

func (n Node) decide(values map[string]string) string {
	for _, c := range n.Cases {
		v, known := values[c.Of]
		if known && v != "" && (len(c.Any) == 0 || slices.Contains(c.Any, v)) {
			return c.Next
		}
	}
	return n.Next
}

func (r *run) hours(n Node) {
	h := r.f.Hours[n.Calendar]
	if h.Open {
		r.enter(n.Open)
		return
	}
	delete(r.w.Values, "opens_on")
	delete(r.w.Values, "opens_at")
	if h.OpensOn != "" && h.OpensAt != "" {
		r.w.Values["opens_on"], r.w.Values["opens_at"] = h.OpensOn, h.OpensAt
	}
	r.enter(n.Closed)
}

func (r *run) hook(n Node) {
	with, all := map[string]string{}, r.values()
	for theirs, ours := range n.With {
		with[theirs] = all[ours]
	}
	r.w.Phase, r.w.Due = Asking, r.wait()
	r.do(Action{Do: AskSystem, Name: n.Hook, Values: with, Seconds: n.seconds()})
}

// told keeps what the other system was to tell, and nothing else of it.
func (r *run) told(e Event) {
	n := r.node()
	for _, name := range n.Tells {
		delete(r.w.Values, name) // of an earlier answer
		if e.OK {
			r.w.Values[name] = e.Values[name]
		}
	}
	r.asked(n, e.OK, e.Why)
	r.on(e.OK, n.Next)
}

// asked notes what came of a question to another system.
func (r *run) asked(n Node, ok bool, why *phrase.Reason) {
	a := HookAsked{Node: n.ID, Hook: n.Hook, OK: ok}
	if why != nil {
		a.Code, a.Args, a.Text = why.Code, why.Args, why.Text
	}
	if len(r.w.Asked) < mostAsked {
		r.w.Asked = append(slices.Clip(r.w.Asked), a)
	}
}

// callback notes that the caller is to be called back: at the number that was
// typed, or their own.
func (r *run) callback(n Node) {
	number := r.f.Caller
	if n.From != "" {
		number = r.w.Values[n.From]
	}
	number, err := phoneNumber(number)
	if err != nil {
		r.enter(n.Failed)
		return
	}
	said := n.Prompts
	if r.w.Place != nil && len(n.Kept) > 0 {
		said = n.Kept
	}
	r.do(Action{Do: NoteBack, Number: number, Place: r.w.Place})
	r.w.Place, r.w.Phase = nil, Listening
	r.say(false, said...)
}

func (r *run) transferred(ok bool) {
	if !ok {
		r.enter(r.node().Failed)
		return
	}
	r.w.Phase, r.w.Due = Over, time.Time{}
	r.do(Action{Do: EndCall, Reason: Forwarded})
}

// leave closes what the caller has left open.
func (r *run) leave() {
	switch r.w.Phase {
	case Waiting:
		r.do(Action{Do: ExitQueue, Place: r.w.Place})
	case Speaking:
		r.do(Action{Do: StopRecord})
	case Listening, Asked, Served, Asking, Transferring, Over:
	}
	if r.node().Secret {
		r.do(Action{Do: ResumeSecret})
	}
	r.w.Phase, r.w.Due, r.w.Sounds, r.w.Early = Over, time.Time{}, false, ""
}
