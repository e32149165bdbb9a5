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
	ringAgent    = "agent-"   // what is there of an agent's rings
	ringPhone    = "phone-"   // the SIP telephones only: a console knows nothing of it
	agentConsole = "console-" // the agent has said yes in the console that is there
)

// visit is a call of another program, for an agent whose telephone is here.
type visit struct {
	h     *Hotline
	from  *voice.Call
	agent agent.ID

	mu      sync.Mutex
	ringing []*voice.Call
	phone   *voice.Call // that was picked up, or
	ear     *rtp.Leg    // the console
	console bool        // it rings, by the desk's news
	over    bool
}

var errNobodyHere = fault.New(fault.NotFound, "call.nobody_here", "no telephone of this agent is at this program")

// visited takes a call of another program. It does not wait.
func (h *Hotline) visited(c *voice.Call, in voice.Incoming) (func(voice.Event), error) {
	word, name, _ := strings.Cut(in.To, "-")
	v := &visit{h: h, from: c}
	if err := v.agent.UnmarshalText([]byte(name)); err != nil {
		return nil, errNobodyHere
	}
	switch word += "-"; word {
	case agentConsole:
		return v.said, v.join()
	case ringAgent, ringPhone:
		go v.ring(in, word == ringAgent)
		return v.said, nil
	default:
		return nil, errNobodyHere
	}
}

// join joins the agent's console at once.
func (v *visit) join() error {
	if v.h.o.Ears == nil {
		return errNobodyHere
	}
	ear, ok := v.h.o.Ears.Leg(v.agent)
	if !ok {
		return errNobodyHere
	}
	v.ear = ear
	v.h.visiting(v, true)
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
func (v *visit) ring(in voice.Incoming, console bool) {
	ctx, cancel := context.WithTimeout(v.h.context, 10*time.Second)
	defer cancel()
	phones, err := v.h.o.Phones.PhonesOf(ctx, v.agent)
	if err != nil {
		v.h.o.Log.Error("hotline: whose telephones there are cannot be read", slog.Any("error", err))
	}
	if console {
		console = v.h.o.Ears != nil
	}
	if console {
		_, console = v.h.o.Ears.Leg(v.agent)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.over {
		return
	}
	v.console = console
	for _, number := range phones {
		var c *voice.Call
		c, err := v.h.door.Dial(voice.Dialing{
			Number: number, May: voice.May(voice.Inside), From: in.From, Name: in.Name, For: longestRing,
			On: func(e voice.Event) { v.phoneSaid(c, e) },
		})
		if err == nil {
			v.ringing = append(v.ringing, c)
		}
	}
	if len(v.ringing) == 0 && !console {
		v.from.Refuse(errNobodyHere)
		return
	}
	v.from.Ring()
}

// said takes what happens on the line of the other program.
func (v *visit) said(e voice.Event) {
	if e.Kind != voice.Ended {
		return
	}
	v.h.visiting(v, false)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.over = true
	for _, c := range v.ringing {
		c.Hangup()
	}
	if v.phone != nil {
		v.phone.Hangup()
	}
	if v.ear != nil {
		v.ear.Bridge(nil)
		v.ear.Stop()
	}
}

var errBusy = fault.New(fault.Busy, "call.agent_busy", "the agent does not want this call")

// phoneSaid takes what happens on a telephone of the agent.
func (v *visit) phoneSaid(c *voice.Call, e voice.Event) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.over:
	case v.phone == c:
		v.joinedSaid(e)
	case e.Kind == voice.Answered && v.phone == nil:
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

// visiting notes that a console has a line of another program, or no more.
func (h *Hotline) visiting(v *visit, on bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if on {
		h.visits[v] = true
	} else {
		delete(h.visits, v)
	}
}

// consoleVisitsLost gives lines of other programs back whose agent's console is
// gone.
func (h *Hotline) consoleVisitsLost(a agent.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for v := range h.visits {
		if v.agent == a {
			v.from.Lost()
		}
	}
}

// elsewhere are the doors of the other programs of the house.
func (h *Hotline) elsewhere() []netip.AddrPort {
	if h.o.Doors == nil {
		return nil
	}
	return h.o.Doors()
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

// answerElsewhere joins the console that an agent has at another program. done
// is told once what came of it.
func (l *line) answerElsewhere(a agent.ID, done func(error)) {
	doors := l.h.elsewhere()
	if len(doors) == 0 {
		done(errNoPhone)
		return
	}
	told := false
	tell := func(err error) {
		if !told {
			told = true
			done(err)
		}
	}
	var c *voice.Call
	c, err := l.h.door.Dial(voice.Dialing{
		At: doors, Number: agentConsole + a.String(), From: l.shown(), For: 5 * time.Second,
		On: l.heard(func(e voice.Event) {
			switch {
			case told:
				l.phoneSaid(c, e)
			case e.Kind == voice.Ended:
				tell(errNoPhone)
			case e.Kind == voice.Answered:
				err := l.pickElsewhere(a, c)
				if err != nil {
					c.Hangup()
				}
				tell(err)
			}
		}),
	})
	if err != nil {
		tell(errNoPhone)
	}
}

// pickElsewhere gives the line to who has answered in a console at another
// program: the caller's, or that of who asks.
func (l *line) pickElsewhere(a agent.ID, c *voice.Call) error {
	if l.ended {
		return errOver
	}
	if t := l.third; t != nil && t.agent == a && !t.reached {
		t.leg, t.call = c.Leg(), c
		l.thirdReached()
		return nil
	}
	return l.pick(a, &party{agent: a, leg: c.Leg(), phone: c})
}
