package voice_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/internal/channel/voice"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/rtp"
)

// softphone is a baresip: a telephone that was written by others.
type softphone struct {
	t       *testing.T
	user    string
	dir     string
	control string
	cmd     *exec.Cmd
	out     *os.File
}

const baresipConfig = `poll_method epoll
sip_listen %[1]s:%[2]d
audio_path /usr/share/baresip
audio_player aubridge,nil%[3]s
audio_source aufile,%[4]s/tone.wav
audio_alert aubridge,alert%[3]s
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
rtp_ports %[5]d-%[6]d
net_interface lo
snd_path %[4]s/heard
ctrl_tcp_listen %[7]s
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
`

// progress is what a baresip says all the time.
var progress = regexp.MustCompile(`\[\d+:\d+:\d+\][^\[]*\(bit/s\)\s*`)

// newSoftphone starts a telephone that says a tone all the time. With a
// password it registers at the door and answers by itself.
func newSoftphone(c *centre, i int, at, user, password, codecs string, hz float64) *softphone {
	t := c.t.(*testing.T)
	t.Helper()
	path, shim := peer(t, "baresip"), loopbackShim(t)
	p := &softphone{t: t, user: user, dir: t.TempDir(), control: fmt.Sprintf("127.0.0.1:%d", 15400+i)}
	_ = os.Mkdir(filepath.Join(p.dir, "heard"), 0o700)
	account := fmt.Sprintf("<sip:%s@%s:%d>;regint=0;audio_codecs=%s;dtmfmode=rtpevent\n", user, at, 15420+2*i, codecs)
	if password != "" {
		account = fmt.Sprintf("<sip:%s@%s>;auth_user=%s;auth_pass=%s;regint=120;answermode=auto;audio_codecs=%s\n", user, c.Address("udp"), user, password, codecs)
	}
	config := fmt.Sprintf(baresipConfig, at, 15420+2*i, user, p.dir, 15500+100*i, 15598+100*i, p.control)
	for name, b := range map[string][]byte{
		"accounts": []byte(account), "config": []byte(config), "contacts": nil,
		"tone.wav": pcm(audio.Signal(audio.Beat{Tones: []float64{hz}, For: 60 * time.Second})),
	} {
		if err := os.WriteFile(filepath.Join(p.dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := os.Create(filepath.Join(p.dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	p.out = out
	p.cmd = exec.Command(path, "-f", p.dir)
	p.cmd.Dir = p.dir
	p.cmd.Env = append(os.Environ(), "LD_PRELOAD="+shim)
	p.cmd.Stdout, p.cmd.Stderr = out, out
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
		_ = out.Close()
		if t.Failed() {
			b, _ := os.ReadFile(filepath.Join(p.dir, "out"))
			t.Logf("%s said\n%s", user, tail(progress.ReplaceAllString(string(b), ""), 1500))
		}
	})
	waitFor(t, "the telephone", func() bool {
		conn, err := net.Dial("tcp", p.control)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	if password != "" {
		waitFor(t, "its registration", func() bool { return c.Registered(user) })
	}
	return p
}

// pcm returns a WAV file of 16 bits.
func pcm(samples []int16) []byte {
	n := uint32(2 * len(samples))
	b := []byte("RIFF")
	b = binary.LittleEndian.AppendUint32(b, 36+n)
	b = append(b, "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"...)
	b = binary.LittleEndian.AppendUint32(b, audio.Rate)
	b = binary.LittleEndian.AppendUint32(b, 2*audio.Rate)
	b = append(b, "\x02\x00\x10\x00data"...)
	b = binary.LittleEndian.AppendUint32(b, n)
	for _, s := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

// loopbackShim makes what lets a baresip talk on the loopback, which it refuses
// otherwise.
func loopbackShim(t *testing.T) string {
	t.Helper()
	cc := peer(t, "cc")
	out := filepath.Join(t.TempDir(), "loopback.so")
	if b, err := exec.Command(cc, "-shared", "-fPIC", "-o", out, "testdata/loopback.c").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	return out
}

// do tells the telephone to do something.
func (p *softphone) do(command, params string) {
	p.t.Helper()
	conn, err := net.Dial("tcp", p.control)
	if err != nil {
		p.t.Fatal(err)
	}
	defer conn.Close()
	b, err := json.Marshal(map[string]string{"command": command, "params": params, "token": "t"})
	if err != nil {
		p.t.Fatal(err)
	}
	fmt.Fprintf(conn, "%d:%s,", len(b), b)
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	buf := make([]byte, 4000)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			p.t.Fatalf("%s to %s: %v", command, p.user, err)
		}
		if strings.Contains(string(buf[:n]), `"response"`) {
			return
		}
	}
}

// heard returns how much of each tone the telephone has heard in its calls.
func (p *softphone) heard(tones ...float64) map[float64]time.Duration {
	p.t.Helper()
	files, _ := filepath.Glob(filepath.Join(p.dir, "heard", "*-dec.wav"))
	out := map[float64]time.Duration{}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			p.t.Fatal(err)
		}
		if len(b) < 44 {
			continue
		}
		listen(b[44:], tones, out)
	}
	return out
}

// listen adds to each tone the time in which it was the loudest, in 16 bits.
func listen(pcm []byte, tones []float64, out map[float64]time.Duration) {
	const window = 400 // 50 ms
	for ; len(pcm) >= 2*window; pcm = pcm[2*window:] {
		var samples [window]float64
		power := 0.0
		for i := range samples {
			samples[i] = float64(int16(uint16(pcm[2*i]) | uint16(pcm[2*i+1])<<8))
			power += samples[i] * samples[i]
		}
		for _, hz := range tones {
			if goertzel(samples[:], hz) > 0.7*power {
				out[hz] += 50 * time.Millisecond
			}
		}
	}
}

// goertzel returns the power of one tone, in the unit of the sum of squares.
func goertzel(samples []float64, hz float64) float64 {
	w := 2 * math.Cos(2*math.Pi*hz/audio.Rate)
	var a, b float64
	for _, s := range samples {
		a, b = s+w*a-b, a
	}
	return (a*a + b*b - w*a*b) * 2 / float64(len(samples))
}

// tones listens to both sides of a call.
type tones struct {
	mu  sync.Mutex
	pcm [2][]byte
}

func (r *tones) Put(side audio.Side, _ time.Duration, law audio.Law, codes []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range law.AppendDecoded(nil, codes) {
		r.pcm[side] = append(r.pcm[side], byte(s), byte(uint16(s)>>8))
	}
	return nil
}

func (r *tones) heard(side audio.Side, hz float64) time.Duration {
	r.mu.Lock()
	pcm := slices.Clone(r.pcm[side])
	r.mu.Unlock()
	out := map[float64]time.Duration{}
	listen(pcm, []float64{hz}, out)
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
	first := newSoftphone(c, 0, "127.0.0.3", "8001", "one", "PCMA", agentTone)
	second := newSoftphone(c, 1, "127.0.0.4", "8002", "two", "PCMU", otherTone)
	phone := newSoftphone(c, 2, "127.0.0.1", "13800138000", "", "PCMU", callerTone)

	phone.do("dial", "sip:4001@"+c.Address("udp").String())
	call := c.call(0)
	waitFor(t, "music", func() bool { return tape.heard(audio.Heard, music) > time.Second })
	phone.do("sndcode", "5")
	phone.do("sndcode", "#")
	waitFor(t, "the keys", func() bool { return call.keys() == "5#" })

	with := func() *voice.Call { mu.Lock(); defer mu.Unlock(); return caller }
	ring("8001", with, nil)
	waitFor(t, "both voices", func() bool {
		return tape.heard(audio.Heard, agentTone) > time.Second && tape.heard(audio.Caller, callerTone) > time.Second
	})
	before := tape.heard(audio.Heard, music)
	first.do("hold", "")
	waitFor(t, "the hold", func() bool { return agent("8001").count(voice.Held) == 1 })
	waitFor(t, "music on hold", func() bool { return tape.heard(audio.Heard, music) > before+time.Second })
	first.do("resume", "")
	waitFor(t, "the agent again", func() bool { return agent("8001").count(voice.Resumed) == 1 })
	voiced := tape.heard(audio.Heard, agentTone)
	waitFor(t, "the agent's voice again", func() bool { return tape.heard(audio.Heard, agentTone) > voiced+500*time.Millisecond })

	first.do("transfer", "sip:8002@"+c.Address("udp").String())
	waitFor(t, "the transfer", func() bool { return agent("8001").count(voice.TransferAsked) == 1 })
	asked := agent("8001")
	ring("8002", with, func() { asked.Transferred(200) })
	waitFor(t, "the other agent's voice", func() bool { return tape.heard(audio.Heard, otherTone) > time.Second })
	waitFor(t, "the first agent to be free", func() bool { return agent("8001").count(voice.Ended) == 1 })

	phone.do("hangup", "")
	waitFor(t, "the end", func() bool { return call.count(voice.Ended) == 1 })
	agent("8002").Hangup()
	waitFor(t, "all records", func() bool { return len(c.ended()) == 3 })

	for _, x := range []struct {
		who  *softphone
		hz   float64
		most time.Duration
	}{{phone, music, 0}, {phone, agentTone, 0}, {phone, otherTone, 0}, {first, callerTone, 0}, {second, callerTone, 0}} {
		waitFor(t, fmt.Sprintf("%s to have heard %v Hz", x.who.user, x.hz), func() bool { return x.who.heard(x.hz)[x.hz] > 500*time.Millisecond })
	}
	if first.heard(otherTone)[otherTone] > 0 {
		t.Error("the first agent heard the second")
	}
	for _, r := range c.ended() {
		if r.Sound.Received < 40 {
			t.Errorf("recorded as %+v", r)
		}
	}
}
