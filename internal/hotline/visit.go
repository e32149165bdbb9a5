package hotline

import (
	"context"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"yingda/internal/channel/voice"
	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/rtp"
)

// A customer's line is at one program of the house, and an agent's telephone may
// be at another. The program that has the line asks the doors of the others for
// the agent: they let what is there of the agent's ring, and join it.

// Words that one program asks another for.
const (
	ringAgent    = "agent-"   // what is there of an agent's rings: a customer is offered
	askAgent     = "ask-"     // the same, unless they are on a call: a colleague asks
	ringPhone    = "phone-"   // as ask-, but the SIP telephones only
	ownTelephone = "own-"     // the agent calls somebody: the console at once, else the telephones ring
	agentConsole = "console-" // the console at once: the agent has said yes in it
	hearConsole  = "hear-"    // the console at once: a supervisor hears a call
)

// visit is a call of another program, for an agent whose telephone is here.
type visit struct {
	h     *Hotline
	from  *voice.Call
	agent agent.ID
	word  string
	gone  chan struct{} // closed when it is over

	mu      sync.Mutex
	ringing []*voice.Call
	phone   *voice.Call // that was picked up, or
	ear     *rtp.Leg    // the console
	console bool        // it rings, by the desk's news
	over    bool
}

// part is what a visit is for an agent. Who talks has no ear for anything else;
// who only hears leaves that for whatever comes.
type part int

const (
	rings part = iota
	hears
	talks
)

var (
	errNobodyHere = fault.New(fault.NotFound, "call.nobody_here", "no telephone of this agent is at this program")
	errBusy       = fault.New(fault.Busy, "call.agent_busy", "the agent does not want this call")
)

// visited takes a call of another program. It does not wait.
func (h *Hotline) visited(c *voice.Call, in voice.Incoming) (func(voice.Event), error) {
	word, name, _ := strings.Cut(in.To, "-")
	v := &visit{h: h, from: c, word: word + "-", gone: make(chan struct{})}
	if err := v.agent.UnmarshalText([]byte(name)); err != nil {
		return nil, errNobodyHere
	}
	switch v.word {
	case ringAgent, askAgent, ringPhone, ownTelephone, agentConsole, hearConsole:
	default:
		return nil, errNobodyHere
	}
	h.mu.Lock()
	h.visits[v] = rings
	h.mu.Unlock()
	go func() {
		ctx, cancel := context.WithTimeout(h.context, 10*time.Second)
		defer cancel()
		if err := v.comes(ctx, in); err != nil {
			c.Refuse(err)
		}
	}()
	return v.said, nil
}

func (v *visit) comes(ctx context.Context, in voice.Incoming) error {
	if v.word != ringAgent {
		v.awaitLast(ctx)
	}
	switch v.word {
	case agentConsole:
		return v.join(ctx, talks)
	case hearConsole:
		return v.join(ctx, hears)
	case ownTelephone:
		if err := v.join(ctx, talks); fault.KindOf(err) != fault.NotFound {
			return err
		}
	}
	return v.ring(ctx, in)
}

// leaving is how long a visit that was ended may take to be over here: the word
// of it comes on its own way, and the next visit may be quicker.
const leaving = time.Second

// awaitLast lets the visit end in which the agent spoke last, if it is about to.
func (v *visit) awaitLast(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, leaving)
	defer cancel()
	for _, last := range v.h.visitsOf(v.agent, talks) {
		if last == v {
			continue
		}
		select {
		case <-last.gone:
		case <-ctx.Done():
			return
		}
	}
}

// join joins the agent's console at once.
func (v *visit) join(ctx context.Context, as part) error {
	if v.h.o.Ears == nil {
		return errNobodyHere
	}
	ear, ok := v.h.o.Ears.Leg(v.agent)
	if !ok {
		return errNobodyHere
	}
	if err := v.h.visiting(v, as); err != nil {
		return err
	}
	if err := v.h.leaveRooms(ctx, v.agent, nil, v); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.over {
		return nil
	}
	v.ear = ear
	leg := v.from.Leg()
	v.from.Answer()
	leg.Stop()
	ear.Stop()
	leg.Bridge(ear)
	ear.Bridge(leg)
	return nil
}

// ring lets the agent's SIP telephones ring. The console rings by itself, if it
// does.
func (v *visit) ring(ctx context.Context, in voice.Incoming) error {
	if v.word != ringAgent && v.h.busy(v.agent, nil) {
		return errBusy
	}
	phones, err := v.h.o.Phones.PhonesOf(ctx, v.agent)
	if err != nil {
		v.h.o.Log.Error("hotline: whose telephones there are cannot be read", slog.Any("error", err))
	}
	console := v.h.o.Ears != nil && (v.word == ringAgent || v.word == askAgent)
	if console {
		_, console = v.h.o.Ears.Leg(v.agent)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.over {
		return nil
	}
	v.console = console
	for _, number := range phones {
		var c *voice.Call
		c, err := v.h.door.Dial(voice.Dialing{
			Number: number, May: voice.May(voice.Inside), From: in.From, Name: in.Name, For: longestRing,
			On: func(e voice.Event) {
				v.mu.Lock() // it may say something before Dial has returned
				from := c
				v.mu.Unlock()
				v.phoneSaid(from, e)
			},
		})
		if err == nil {
			v.ringing = append(v.ringing, c)
		}
	}
	if len(v.ringing) == 0 && !console {
		return errNobodyHere
	}
	v.from.Ring()
	return nil
}

// said takes what happens on the line of the other program.
func (v *visit) said(e voice.Event) {
	if e.Kind != voice.Ended {
		return
	}
	v.h.mu.Lock()
	delete(v.h.visits, v)
	v.h.mu.Unlock()
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.over {
		defer close(v.gone)
	}
	v.over = true
	for _, c := range v.ringing {
		c.Hangup()
	}
	if v.phone != nil {
		v.phone.Hangup()
	}
	v.deafen()
}

// deafen takes the console from the visit. It is called under the lock.
func (v *visit) deafen() {
	if v.ear == nil {
		return
	}
	v.from.Leg().Bridge(nil)
	v.ear.Bridge(nil)
	v.ear.Stop()
	v.ear = nil
}

// phoneSaid takes what happens on a telephone of the agent.
func (v *visit) phoneSaid(c *voice.Call, e voice.Event) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.over:
	case v.phone == c:
		v.joinedSaid(e)
	case e.Kind == voice.Answered && v.phone == nil:
		if err := v.h.visiting(v, talks); err != nil { // they are on another call meanwhile
			c.Hangup()
			v.from.Refuse(err)
			return
		}
		v.phone = c
		for _, other := range v.ringing {
			if other != c {
				other.Hangup()
			}
		}
		v.ringing = nil
		v.from.Answer()
		voice.Join(v.from, c)
	case e.Kind == voice.Ended && v.phone == nil:
		v.ringing = slices.DeleteFunc(v.ringing, func(o *voice.Call) bool { return o == c })
		switch {
		case e.Reason == voice.Refused && (e.Code == 486 || e.Code == 600 || e.Code == 603):
			v.from.Refuse(errBusy)
		case len(v.ringing) == 0 && !v.console:
			v.from.Refuse(errNobodyHere)
		}
	}
}

// joinedSaid takes what happens on the telephone that has the line.
func (v *visit) joinedSaid(e voice.Event) {
	switch e.Kind {
	case voice.Held:
		v.from.Hold()
	case voice.Resumed:
		v.from.Resume()
	case voice.TransferAsked: // it is asked for in the console
		v.phone.Transferred(403)
	case voice.Ended:
		if e.Reason == voice.NoSound || e.Reason == voice.NoSignal || e.Reason == voice.Broken {
			v.from.Lost()
			return
		}
		v.from.Hangup()
	case voice.Ringing, voice.Early, voice.Answered, voice.KeyPressed, voice.Played, voice.NotRecorded:
	}
}

// consoleGone takes that the agent's console is gone: the line is given back.
func (v *visit) consoleGone() {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.ear != nil:
		v.from.Lost()
	case v.console && v.phone == nil:
		if v.console = false; len(v.ringing) == 0 {
			v.from.Refuse(errNobodyHere)
		}
	}
}

// visiting notes what a visit is now; who is on another call is Busy.
func (h *Hotline) visiting(v *visit, as part) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, on := h.visits[v]
	if !on { // it is over
		return errOver
	}
	if h.engaged[v.agent] != nil || h.talksAway(v.agent, v) {
		return errBusy
	}
	h.visits[v] = as
	return nil
}

// talksAway reports whether an agent talks on a line of another program. It is
// called under the lock.
func (h *Hotline) talksAway(a agent.ID, but *visit) bool {
	for v, as := range h.visits {
		if v.agent == a && v != but && as == talks {
			return true
		}
	}
	return false
}

// visitsOf are the visits of an agent that are one of these parts, all if none
// is named.
func (h *Hotline) visitsOf(a agent.ID, parts ...part) (all []*visit) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for v, as := range h.visits {
		if v.agent == a && (len(parts) == 0 || slices.Contains(parts, as)) {
			all = append(all, v)
		}
	}
	return all
}

// elsewhere are the doors of the other programs of the house.
func (h *Hotline) elsewhere() []netip.AddrPort {
	if h.o.Doors == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(h.context, 3*time.Second)
	defer cancel()
	return h.o.Doors(ctx)
}

// phonesHere are the telephones of an agent that are registered at this program.
func (h *Hotline) phonesHere(ctx context.Context, a agent.ID) []string {
	phones, err := h.o.Phones.PhonesOf(ctx, a)
	if err != nil {
		h.o.Log.ErrorContext(ctx, "hotline: whose telephones there are cannot be read", slog.Any("error", err))
	}
	return slices.DeleteFunc(phones, func(p string) bool { return !h.door.Registered(p) })
}

// ringElsewhere lets what other programs have of an agent's ring.
func (l *line) ringElsewhere(a agent.ID) {
	for _, at := range l.h.elsewhere() {
		var c *voice.Call
		c, err := l.h.door.Dial(voice.Dialing{
			At: []netip.AddrPort{at}, Number: ringAgent + a.String(), From: l.shown(), Name: l.sight.Call.Record.Queue(), For: longestRing,
			On: l.heard(func(e voice.Event) { l.phoneSaid(c, e) }),
		})
		if err == nil {
			l.ringing = append(l.ringing, c)
		}
	}
}

// reach asks the other programs for an agent, by one of the words that join a
// console at once. got takes the call; done is told once what came of it.
func (l *line) reach(word string, a agent.ID, got func(c *voice.Call) error, done func(error)) {
	doors := l.h.elsewhere()
	if len(doors) == 0 {
		done(errNoPhone)
		return
	}
	d := voice.Dialing{At: doors, Number: word + a.String(), From: l.shown(), For: longestReach}
	if word == ownTelephone { // it rings, and shows who is called
		d.For, d.From = longestRing, l.to
	}
	told := false
	var c *voice.Call
	d.On = l.heard(func(e voice.Event) {
		switch {
		case told:
			l.phoneSaid(c, e)
		case e.Kind == voice.Ended:
			told = true
			if e.Code == 486 {
				done(errEngaged)
				return
			}
			done(errNoPhone)
		case e.Kind == voice.Answered, e.Kind == voice.Ringing && word == ownTelephone:
			told = true
			err := got(c)
			if err != nil {
				c.Hangup()
			} else {
				l.phoneSaid(c, e)
			}
			done(err)
		}
	})
	c, err := l.h.door.Dial(d)
	if err != nil {
		done(errNoPhone)
	}
}

// longestReach is how long other programs have to say whether a console is there.
const longestReach = 5 * time.Second

// pickElsewhere gives the line to who has answered in a console at another
// program: the caller's, or that of who asks.
func (l *line) pickElsewhere(a agent.ID, c *voice.Call) error {
	if l.ended {
		return errOver
	}
	if t := l.third; t != nil && t.agent == a && !t.reached {
		t.unring()
		t.call = c
		return nil
	}
	if l.has(a) { // they have answered meanwhile
		return errNotOffered
	}
	if err := l.offered(a); err != nil {
		return err
	}
	return l.pick(a, &party{agent: a, leg: c.Leg(), phone: c})
}
