package voice_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"yingda/internal/channel/voice"
	"yingda/internal/channel/voice/voicetest"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/rtp"
)

// newSoftphone starts a telephone that says a tone all the time. With a
// password it registers at the door and answers by itself.
func newSoftphone(c *centre, at, user, password, codecs string, hz float64) *voicetest.Softphone {
	c.t.Helper()
	return startSoftphone(c, voicetest.Phone{At: at, User: user, Hz: hz, Password: password, Codecs: codecs})
}

func startSoftphone(c *centre, o voicetest.Phone) *voicetest.Softphone {
	c.t.Helper()
	o.Door = c.Address("udp")
	p := voicetest.Start(c.t, o)
	user, password := o.User, o.Password
	if password != "" {
		waitFor(c.t, "its registration", func() bool { return c.Registered(user) })
	}
	return p
}

// tones listens to both sides of a call.
type tones struct {
	mu  sync.Mutex
	pcm [2][]int16
}

func (r *tones) Put(side audio.Side, _ time.Duration, law audio.Law, codes []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pcm[side] = law.AppendDecoded(r.pcm[side], codes)
	return nil
}

func (r *tones) heard(side audio.Side, hz float64) time.Duration {
	r.mu.Lock()
	pcm := slices.Clone(r.pcm[side])
	r.mu.Unlock()
	out := voicetest.Tones{}
	out.Hear(pcm, hz)
	return out[hz]
}

const (
	callerTone = 440
	agentTone  = 700
	otherTone  = 1300
	music      = 1000
)

// A caller and two agents on telephones of others: keys, both voices, hold with
// music, and a blind transfer.
func TestBaresip(t *testing.T) {
	t.Parallel()
	clip := audio.NewClip(audio.Signal(audio.Beat{Tones: []float64{music}, For: time.Second}))
	hold := rtp.Clips(true, clip)
	var c *centre
	var mu sync.Mutex
	var caller *voice.Call
	agents := map[string]*taken{}
	agent := func(user string) *taken {
		mu.Lock()
		defer mu.Unlock()
		return agents[user]
	}
	ring := func(user string, with func() *voice.Call, then func()) {
		k := &taken{}
		call, err := c.Dial(voice.Dialing{Number: user, From: "13800138000", May: voice.Usual, On: func(e voice.Event) {
			k.on(e)
			switch e.Kind {
			case voice.Answered, voice.Resumed:
				with().Leg().Stop()
				voice.Join(with(), k.Call)
				if e.Kind == voice.Answered && then != nil {
					then()
				}
			case voice.Held:
				with().Leg().Play(hold)
			default:
			}
		}})
		if err != nil {
			t.Error(err)
			return
		}
		k.Call = call
		mu.Lock()
		agents[user] = k
		mu.Unlock()
	}
	c = open(t, nil)
	var tape tones
	c.taking(func(call *voice.Call, in voice.Incoming) (func(voice.Event), error) {
		mu.Lock()
		defer mu.Unlock()
		caller = call
		call.Leg().Record(&tape)
		call.Leg().Play(hold)
		call.Answer()
		return nil, nil
	})
	first := newSoftphone(c, "127.0.0.3", "8001", "one", "PCMA", agentTone)
	second := newSoftphone(c, "127.0.0.4", "8002", "two", "PCMU", otherTone)
	phone := newSoftphone(c, "127.0.0.1", "13800138000", "", "PCMU", callerTone)

	phone.Do("dial", "sip:4001@"+c.Address("udp").String())
	call := c.call(0)
	waitFor(t, "music", func() bool { return tape.heard(audio.Heard, music) > time.Second })
	phone.Do("sndcode", "5")
	phone.Do("sndcode", "#")
	waitFor(t, "the keys", func() bool { return call.keys() == "5#" })

	with := func() *voice.Call { mu.Lock(); defer mu.Unlock(); return caller }
	ring("8001", with, nil)
	waitFor(t, "both voices", func() bool {
		return tape.heard(audio.Heard, agentTone) > time.Second && tape.heard(audio.Caller, callerTone) > time.Second
	})
	before := tape.heard(audio.Heard, music)
	first.Do("hold", "")
	waitFor(t, "the hold", func() bool { return agent("8001").count(voice.Held) == 1 })
	waitFor(t, "music on hold", func() bool { return tape.heard(audio.Heard, music) > before+time.Second })
	first.Do("resume", "")
	waitFor(t, "the agent again", func() bool { return agent("8001").count(voice.Resumed) == 1 })
	voiced := tape.heard(audio.Heard, agentTone)
	waitFor(t, "the agent's voice again", func() bool { return tape.heard(audio.Heard, agentTone) > voiced+500*time.Millisecond })

	first.Do("transfer", "sip:8002@"+c.Address("udp").String())
	waitFor(t, "the transfer", func() bool { return agent("8001").count(voice.TransferAsked) == 1 })
	asked := agent("8001")
	ring("8002", with, func() { asked.Transferred(200) })
	waitFor(t, "the other agent's voice", func() bool { return tape.heard(audio.Heard, otherTone) > time.Second })
	waitFor(t, "the first agent to be free", func() bool { return agent("8001").count(voice.Ended) == 1 })

	phone.Do("hangup", "")
	waitFor(t, "the end", func() bool { return call.count(voice.Ended) == 1 })
	agent("8002").Hangup()
	waitFor(t, "all records", func() bool { return len(c.ended()) == 3 })

	for _, x := range []struct {
		who  *voicetest.Softphone
		hz   float64
		most time.Duration
	}{{phone, music, 0}, {phone, agentTone, 0}, {phone, otherTone, 0}, {first, callerTone, 0}, {second, callerTone, 0}} {
		waitFor(t, fmt.Sprintf("%s to have heard %v Hz", x.who.User, x.hz), func() bool { return x.who.Heard(x.hz)[x.hz] > 500*time.Millisecond })
	}
	if first.Heard(otherTone)[otherTone] > 0 {
		t.Error("the first agent heard the second")
	}
	for _, r := range c.ended() {
		if r.Sound.Received < 40 {
			t.Errorf("recorded as %+v", r)
		}
	}
}

// Telephones that take sealed sound only: one calls with it, and one that refused
// a plain offer is offered it. A third says nothing of it and is called as ever.
// All hear each other.
func TestSealedSound(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	var tape tones
	var mu sync.Mutex
	var caller *voice.Call
	c.taking(func(call *voice.Call, _ voice.Incoming) (func(voice.Event), error) {
		mu.Lock()
		defer mu.Unlock()
		caller = call
		call.Leg().Record(&tape)
		call.Answer()
		return nil, nil
	})
	sealed := func(o voicetest.Phone) voicetest.Phone {
		o.More, o.Modules = ";mediaenc=srtp-mand", "module srtp.so"
		return o
	}
	agent := startSoftphone(c, sealed(voicetest.Phone{At: "127.0.0.3", User: "8001", Hz: agentTone, Password: "one"}))
	other := startSoftphone(c, voicetest.Phone{At: "127.0.0.4", User: "8002", Hz: otherTone, Password: "two"})
	phone := startSoftphone(c, sealed(voicetest.Phone{At: "127.0.0.1", User: "13800138000", Hz: callerTone}))

	phone.Do("dial", "sip:4001@"+c.Address("udp").String())
	call := c.call(0)
	waitFor(t, "the answer", func() bool { return call.count(voice.Answered) == 1 })
	with := func() *voice.Call { mu.Lock(); defer mu.Unlock(); return caller }
	for _, x := range []struct {
		user string
		hz   float64
		who  *voicetest.Softphone
	}{{"8001", agentTone, agent}, {"8002", otherTone, other}} {
		k := &taken{}
		rung, err := c.Dial(voice.Dialing{Number: x.user, From: "13800138000", May: voice.Usual, On: k.on})
		if err != nil {
			t.Fatal(err)
		}
		waitFor(t, x.user+" to answer", func() bool { return k.count(voice.Answered) == 1 })
		voice.Join(with(), rung)
		waitFor(t, "both voices", func() bool { return tape.heard(audio.Heard, x.hz) > time.Second })
		waitFor(t, x.user+" to hear the caller", func() bool { return x.who.Heard(callerTone)[callerTone] > 500*time.Millisecond })
		with().Leg().Bridge(nil)
		rung.Hangup()
		waitFor(t, "the end", func() bool { return k.count(voice.Ended) == 1 })
	}
	if tape.heard(audio.Caller, callerTone) < time.Second {
		t.Error("the caller was not heard")
	}
	phone.Do("hangup", "")
	waitFor(t, "all records", func() bool { return len(c.ended()) == 3 })
	var sealedCalls int
	for _, r := range c.ended() {
		if r.Sealed {
			sealedCalls++
		}
		if r.Sound.Received < 40 {
			t.Errorf("recorded as %+v", r)
		}
	}
	if sealedCalls != 2 {
		t.Errorf("%d of the calls were sealed", sealedCalls)
	}
}
