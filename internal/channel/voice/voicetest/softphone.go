package voicetest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yingda/internal/kit/audio"
	"yingda/internal/kit/clock"
)

// Phone is how a telephone is set up.
type Phone struct {
	At   string // its address, and
	Port int    // where it hears SIP there; 0: somewhere
	User string
	Hz   float64 // it says this tone all the time
	// Door is where it registers with Password, and answers by itself; without a
	// password it registers nowhere.
	Door     netip.AddrPort
	Password string
	Answers  bool   // by itself, also without a password
	Codecs   string // PCMA if empty
	More     string // further parameters of its account
	Modules  string // further lines of its configuration
}

// Softphone is a baresip: a telephone that was written by others.
type Softphone struct {
	Phone

	t       testing.TB
	dir     string
	control string
	port    int
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
net_interface %[1]s
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
%[8]s`

// progress is what a baresip says all the time.
var progress = regexp.MustCompile(`\[\d+:\d+:\d+\][^\[]*\(bit/s\)\s*`)

// next tells the telephones of one program apart, which may have one address.
var next atomic.Int32

// Start starts a telephone. One with a password registers; wait for that by
// Registered of the door, or what shows it.
func Start(t testing.TB, o Phone) *Softphone {
	t.Helper()
	path, shim, i := Peer(t, "baresip"), loopbackShim(t), int(next.Add(1))%50
	p := &Softphone{Phone: o, t: t, dir: t.TempDir(), control: fmt.Sprintf("%s:%d", o.At, 15400+i), port: 15450 + 2*i}
	if o.Port != 0 {
		p.port = o.Port
	}
	if p.Codecs == "" {
		p.Codecs = "PCMA"
	}
	account := fmt.Sprintf("<sip:%s@%s:%d>;regint=0;audio_codecs=%s;dtmfmode=rtpevent", o.User, o.At, p.port, p.Codecs)
	if o.Password != "" {
		account = fmt.Sprintf("<sip:%s@%s>;auth_user=%s;auth_pass=%s;regint=120;audio_codecs=%s", o.User, o.Door, o.User, o.Password, p.Codecs)
	}
	if o.Password != "" || o.Answers {
		account += ";answermode=auto"
	}
	_ = os.Mkdir(filepath.Join(p.dir, "heard"), 0o700)
	config := fmt.Sprintf(baresipConfig, o.At, p.port, o.User, p.dir, 15600+100*i, 15698+100*i, p.control, o.Modules)
	for name, b := range map[string][]byte{
		"accounts": []byte(account + o.More + "\n"), "config": []byte(config), "contacts": nil,
		"tone.wav": PCM(audio.Signal(audio.Beat{Tones: []float64{o.Hz}, For: 4 * time.Minute})),
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
	cmd := exec.Command(path, "-s", "-f", p.dir) //nolint:gosec,noctx // a program of the machine; the test kills it
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "LD_PRELOAD="+shim)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = out.Close()
		if t.Failed() {
			files, _ := filepath.Glob(filepath.Join(p.dir, "heard", "*"))
			for _, name := range files {
				info, err := os.Stat(name)
				if err == nil {
					t.Logf("%s has %s of %d bytes, last written at %s", o.User, filepath.Base(name), info.Size(), info.ModTime())
				}
			}
			t.Logf("%s said\n%s", o.User, tail(p.Said(), 6000))
		}
	})
	Until(t, "the telephone", func() bool {
		conn, err := net.Dial("tcp", p.control) //nolint:noctx // a probe
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return p
}

// Address is where the telephone hears SIP.
func (p *Softphone) Address() netip.AddrPort {
	return netip.AddrPortFrom(netip.MustParseAddr(p.At), uint16(p.port))
}

// Said is what the telephone wrote: each message of SIP among it.
func (p *Softphone) Said() string {
	b, _ := os.ReadFile(filepath.Join(p.dir, "out"))
	return progress.ReplaceAllString(string(b), "")
}

//go:embed testdata/loopback.c
var loopback []byte

// loopbackShim makes what lets a baresip talk on the loopback, which it refuses
// otherwise.
func loopbackShim(t testing.TB) string {
	t.Helper()
	cc, dir := Peer(t, "cc"), t.TempDir()
	source, file := filepath.Join(dir, "loopback.c"), filepath.Join(dir, "loopback.so")
	if err := os.WriteFile(source, loopback, 0o600); err != nil {
		t.Fatal(err)
	}
	if b, err := exec.Command(cc, "-shared", "-fPIC", "-o", file, source).CombinedOutput(); err != nil { //nolint:gosec,noctx // our own few lines
		t.Fatalf("%v: %s", err, b)
	}
	return file
}

// Do tells the telephone to do something.
func (p *Softphone) Do(command, params string) {
	p.t.Helper()
	conn, err := net.Dial("tcp", p.control) //nolint:noctx // it has a deadline
	if err != nil {
		p.t.Fatal(err)
	}
	defer conn.Close()
	b, err := json.Marshal(map[string]string{"command": command, "params": params, "token": "t"})
	if err != nil {
		p.t.Fatal(err)
	}
	fmt.Fprintf(conn, "%d:%s,", len(b), b)
	_ = conn.SetReadDeadline(clock.Now().Add(10 * time.Second))
	buf := make([]byte, 4000)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			p.t.Fatalf("%s to %s: %v", command, p.User, err)
		}
		if strings.Contains(string(buf[:n]), `"response"`) {
			return
		}
	}
}

// Heard returns how much of each tone the telephone has heard in its calls.
func (p *Softphone) Heard(tones ...float64) Tones {
	p.t.Helper()
	return p.since(nil, tones...)
}

// since returns what was heard behind the ends that files had.
func (p *Softphone) since(ends map[string]int, tones ...float64) Tones {
	p.t.Helper()
	out := Tones{}
	for _, name := range p.files() {
		b, err := os.ReadFile(name) //nolint:gosec // in the test's own folder
		if err != nil {
			p.t.Fatal(err)
		}
		if begin := max(44, ends[name]); len(b) > begin {
			out.Hear(Samples(b[begin:]), tones...)
		}
	}
	return out
}

// files are what the telephone has heard, a file for each call.
func (p *Softphone) files() []string {
	files, _ := filepath.Glob(filepath.Join(p.dir, "heard", "*-dec.wav"))
	return files
}

// Hears waits until the telephone hears a tone, from now on, for half a second.
func (p *Softphone) Hears(hz float64) {
	p.t.Helper()
	ends := map[string]int{}
	for _, name := range p.files() {
		if info, err := os.Stat(name); err == nil {
			ends[name] = int(info.Size()) &^ 1
		}
	}
	for end := clock.Now().Add(20 * time.Second); p.since(ends, hz)[hz] < 500*time.Millisecond; time.Sleep(40 * time.Millisecond) {
		if clock.Now().After(end) {
			p.t.Fatalf("%s waits in vain to hear %v Hz", p.User, hz)
		}
	}
}
