package voice

import (
	"context"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"time"

	"yingda/internal/kit/audio"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/rtp"
)

// Simulator makes calls as customers do, without a carrier: it speaks SIP with a
// door that takes calls from this machine.
type Simulator struct {
	door  *Door
	pacer *rtp.Pacer
}

// Simulated is a call that a simulator makes.
type Simulated struct {
	Number string // the customer's
	Line   string // that is called
	// Keys are pressed one after another from the answer on: a comma waits for a
	// second. What is pressed before the menu asks is kept by it.
	Keys string
	// Typed are keys that are pressed when they come, after those; may be nil.
	Typed <-chan string
	// Says is what the customer says, again and again; nil: nothing.
	Says []int16
	For  time.Duration // before the customer hangs up
	// Tape records both sides; may be nil.
	Tape rtp.Tap
	// Tell is told what happens, in a word or two; may be nil.
	Tell func(what string)
}

// NewSimulator opens a simulator that calls a door, on an address of this
// machine and ports for sound.
func NewSimulator(to netip.AddrPort, from netip.Addr, ports *rtp.Ports, now func() time.Time, log *slog.Logger) (*Simulator, error) {
	s := &Simulator{pacer: rtp.NewPacer(1)}
	var err error
	s.door, err = Open(Options{
		Listen: []Listener{{Network: "udp", Address: netip.AddrPortFrom(from, 0)}},
		Ports:  ports, Pacer: s.pacer, Realm: "simulator", Phones: nobody{}, Now: now, Log: log,
		Trunks: []Trunk{{Name: "house", Host: to.Addr().String(), Port: int(to.Port()), Network: "udp"}},
		Plan:   Plan{Trunks: []string{"house"}, More: []Rule{{Class: Service}}},
		Take:   func(*Call, Incoming) (func(Event), error) { return nil, ErrNoNumber },
	})
	if err != nil {
		s.pacer.Close()
		return nil, err
	}
	return s, nil
}

type nobody struct{}

func (nobody) Digest(string) (string, bool) { return "", false }

// Close hangs up every call.
func (s *Simulator) Close() {
	s.door.Close()
	s.pacer.Close()
}

// errNotTaken says that a call was not answered.
var errNotTaken = fault.New(fault.Conflict, "voice.not_taken", "the call was not answered; is the program there, and does it take calls from this address?")

// Call makes a call and returns when it is over, with why. It hangs up when its
// time is up, or when ctx ends.
func (s *Simulator) Call(ctx context.Context, o Simulated) (Reason, error) {
	tell := o.Tell
	if tell == nil {
		tell = func(string) {}
	}
	events := make(chan Event, 100)
	c, err := s.door.Dial(Dialing{Number: o.Line, May: May(Service), From: o.Number, On: func(e Event) {
		select {
		case events <- e:
		default: // a simulator that is not followed any more
		}
	}})
	if err != nil {
		return "", err
	}
	var keys sync.WaitGroup
	defer keys.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answered := false
	leave := ctx.Done()
	for {
		select {
		case <-leave:
			leave = nil
			c.Hangup()
		case e := <-events:
			switch e.Kind {
			case Answered:
				answered = true
				tell("answered")
				s.speak(c, o)
				ends, stop := context.WithTimeout(ctx, o.For)
				defer stop()
				leave = ends.Done()
				keys.Go(func() { press(ends, c, o, tell) })
			case Ended:
				tell("ended: " + string(e.Reason))
				if !answered {
					return e.Reason, errNotTaken
				}
				return e.Reason, nil
			case Ringing, Early, KeyPressed, Held, Resumed, Played, NotRecorded, TransferAsked:
			}
		}
	}
}

// speak lets the customer be heard. Who says nothing sends silence: a line
// without any sound is taken for dead.
func (s *Simulator) speak(c *Call, o Simulated) {
	says := o.Says
	if len(says) == 0 {
		says = make([]int16, audio.Rate)
	}
	c.Leg().Play(rtp.Clips(true, audio.NewClip(says)))
	if o.Tape != nil {
		c.Leg().Record(o.Tape)
	}
}

// press presses keys one after another, as a person would.
func press(ctx context.Context, c *Call, o Simulated, tell func(string)) {
	for keys := o.Keys; ; {
		pressEach(ctx, c, keys, tell)
		select {
		case <-ctx.Done():
			return
		case keys = <-o.Typed:
		}
	}
}

func pressEach(ctx context.Context, c *Call, keys string, tell func(string)) {
	for _, k := range keys {
		wait := 400 * time.Millisecond
		if k == ',' {
			wait = time.Second
		} else if strings.ContainsRune("0123456789*#", k) {
			tell("pressed " + string(k))
			c.Leg().Press(string(k))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}
