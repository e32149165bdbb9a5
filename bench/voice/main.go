// Voice measures the telephone's door with sipp as the callers and a sink of
// its own for the sound: another process than the door, which looks only at
// what comes.
//
//	go run ./bench/voice -mode waiting -calls 1500 -rate 100 -seconds 20
//	go run ./bench/voice -mode bridged -calls 250 -rate 20 -seconds 20
//	go run ./bench/voice -mode setup -calls 6000 -rate 300
package main

import (
	"bufio"
	"flag"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"time"

	"yingda/bench/internal/rig"
	"yingda/internal/channel/voice"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/rtp"
)

type result struct {
	Mode      string  `json:"mode"`
	Calls     int     `json:"calls"`
	Rate      int     `json:"new_calls_per_s"`
	Failed    int     `json:"failed_calls"`
	CPU       float64 `json:"percent_of_a_core"`
	PerCall   float64 `json:"percent_a_call,omitempty"`
	RSS       int64   `json:"rss_mb"`
	KBPerCall float64 `json:"kb_a_call,omitempty"`
	Sound     heard   `json:"sound"`
	SetupCPU  float64 `json:"cpu_ms_a_setup,omitempty"`
}

const loopback = "127.0.0.1"

func main() {
	mode := flag.String("mode", "waiting", "waiting: answered, with music; bridged: with an agent, recorded; setup: answered and hung up")
	calls := flag.Int("calls", 300, "calls, at once or for setup in all")
	rate := flag.Int("rate", 100, "new calls a second")
	seconds := flag.Int("seconds", 20, "how long the sound is looked at")
	profile := flag.String("profile", "", "a folder for what the door's memory and time are spent on, while the sound is looked at")
	serve := flag.Bool("serve", false, "be the door (used by the program itself)")
	sipPort := flag.Int("port", 5070, "of the door")
	flag.Parse()
	if *serve {
		if *profile != "" {
			runtime.MemProfileRate = 1024
		}
		door(*mode, uint16(*sipPort), *profile)
		return
	}
	rig.Print(measure(*mode, *calls, *rate, *seconds, *sipPort, *profile))
}

// door is the program that is measured.
func door(mode string, port uint16, profile string) {
	address := netip.MustParseAddr(loopback)
	ports, err := rtp.NewPorts(address, 20000, 32767)
	check(err)
	pacer := rtp.NewPacer(4)
	clip := audio.NewClip(audio.Signal(audio.Beat{Tones: []float64{450}, For: 10 * time.Second}))
	dir, err := os.MkdirTemp("", "voice")
	check(err)
	var d *voice.Door
	d, err = voice.Open(voice.Options{
		Listen: []voice.Listener{{Network: "udp", Address: netip.AddrPortFrom(address, port)}},
		Ports:  ports, Pacer: pacer, Realm: "bench", Phones: nobody{},
		Trunks: []voice.Trunk{{Name: "carrier", Host: loopback, Port: 5200, Network: "udp", From: []netip.Prefix{netip.PrefixFrom(address, 32)}, Number: "4001"}},
		Plan:   voice.Plan{Trunks: []string{"carrier"}},
		Limits: voice.Limits{CallsPerSecond: 1e6, CallsAtOnce: 1e6, Silence: time.Hour},
		Now:    clock.Now, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Take: func(c *voice.Call, _ voice.Incoming) (func(voice.Event), error) {
			c.Leg().Play(rtp.Clips(true, clip))
			c.Answer()
			if mode != "bridged" {
				return nil, nil
			}
			f, err := os.Create(filepath.Join(dir, c.ID+".wav"))
			if err != nil {
				return nil, err
			}
			tape, err := audio.Record(f)
			if err != nil {
				return nil, err
			}
			began := time.Now()
			c.Leg().Record(tape)
			var agent *voice.Call
			agent, err = d.Dial(voice.Dialing{Number: "13800138000", May: voice.Usual, On: func(e voice.Event) {
				if e.Kind == voice.Answered {
					time.AfterFunc(500*time.Millisecond, func() { voice.Join(c, agent) }) // the sink learns by the music whom to talk to
				}
			}})
			return func(e voice.Event) {
				if e.Kind != voice.Ended {
					return
				}
				if agent != nil {
					agent.Hangup()
				}
				go func() { // the disk is waited for by nobody's call
					_, _ = tape.Close(time.Since(began))
					_ = f.Close()
				}()
			}, err
		},
	})
	check(err)
	fmt.Println("ready")
	if profile != "" {
		go profiles(profile)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	<-stop
	d.Close()
	pacer.Close()
	_ = os.RemoveAll(dir)
}

// profiles writes, when it is asked to, what ten seconds of time are spent on,
// and then what memory is.
func profiles(folder string) {
	check(os.MkdirAll(folder, 0o700))
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	write := func(name string, f func(*os.File)) {
		file, err := os.Create(filepath.Join(folder, name))
		check(err)
		f(file)
		check(file.Close())
	}
	for range asked {
		write("cpu", func(f *os.File) {
			check(pprof.StartCPUProfile(f))
			time.Sleep(10 * time.Second)
			pprof.StopCPUProfile()
		})
		write("goroutines", func(f *os.File) { check(pprof.Lookup("goroutine").WriteTo(f, 1)) })
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		write("memory.txt", func(f *os.File) {
			_, _ = fmt.Fprintf(f, "heap in use %d KB, live after the last collection about %d KB, idle %d KB, released %d KB, stacks %d KB, goroutines %d, collections %d, other %d KB\n",
				m.HeapInuse>>10, m.NextGC>>11, m.HeapIdle>>10, m.HeapReleased>>10, m.StackInuse>>10, runtime.NumGoroutine(), m.NumGC, (m.Sys-m.HeapSys-m.StackSys)>>10)
		})
		write("heap", func(f *os.File) { runtime.GC(); check(pprof.WriteHeapProfile(f)) })
	}
}

type nobody struct{}

func (nobody) Digest(string) (string, bool) { return "", false }

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func measure(mode string, calls, rate, seconds, port int, profile string) result {
	self, err := os.Executable()
	check(err)
	server := exec.Command(self, "-serve", "-mode", mode, "-port", strconv.Itoa(port), "-profile", profile)
	server.Stderr = os.Stderr
	out, err := server.StdoutPipe()
	check(err)
	check(server.Start())
	defer func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		_ = server.Wait()
	}()
	_, err = bufio.NewReader(out).ReadString('\n')
	check(err)
	dir, err := os.MkdirTemp("", "voice")
	check(err)
	defer os.RemoveAll(dir)

	s := newSink(loopback + ":6000")
	if mode == "bridged" { // the callers talk, and the agents say what they hear
		go s.talk()
		agents := exec.Command("sipp", "-sn", "uas", "-i", loopback, "-p", "5200", "-mi", loopback, "-mp", "15000", "-rtp_echo", "-nostdin")
		agents.Dir = dir
		check(agents.Start())
		defer func() {
			_ = agents.Process.Kill()
			_ = agents.Wait()
		}()
	}
	up := time.Duration(calls) * time.Second / time.Duration(rate)
	stay := up + time.Duration(seconds+6)*time.Second
	r := result{Mode: mode, Calls: calls, Rate: rate}
	if mode == "setup" {
		stay = 0
	}
	idleRSS := rss(server.Process.Pid)
	failed := make(chan int, 1)
	began, before := time.Now(), cpu(server.Process.Pid)
	go func() { failed <- callers(dir, calls, rate, port, stay) }()
	if mode == "setup" {
		r.Failed = <-failed
		used := cpu(server.Process.Pid) - before
		r.CPU = 100 * used.Seconds() / time.Since(began).Seconds()
		r.SetupCPU = used.Seconds() * 1000 / float64(calls)
		r.RSS = rss(server.Process.Pid) / 1024
		return r
	}
	time.Sleep(up + 3*time.Second)
	s.reset()
	if profile != "" {
		check(server.Process.Signal(syscall.SIGUSR1))
	}
	began, before = time.Now(), cpu(server.Process.Pid)
	time.Sleep(time.Duration(seconds) * time.Second)
	used, took := cpu(server.Process.Pid)-before, time.Since(began)
	r.Sound = s.look()
	full := rss(server.Process.Pid)
	r.CPU = 100 * used.Seconds() / took.Seconds()
	r.PerCall = r.CPU / float64(calls)
	r.RSS, r.KBPerCall = full/1024, float64(full-idleRSS)/float64(calls)
	r.Failed = <-failed
	return r
}

// cpu returns the processor time that a process has used.
func cpu(pid int) time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	check(err)
	f := strings.Fields(string(b)[strings.LastIndexByte(string(b), ')')+1:])
	user, _ := strconv.ParseInt(f[11], 10, 64)
	system, _ := strconv.ParseInt(f[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond
}

// rss returns the memory of a process in KB.
func rss(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	check(err)
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, _ := strconv.ParseInt(strings.Fields(v)[0], 10, 64)
			return n
		}
	}
	return 0
}

// callers lets sipp call, and returns how many calls failed.
func callers(dir string, calls, rate, port int, stay time.Duration) int {
	file := filepath.Join(dir, "calls.xml")
	check(os.WriteFile(file, []byte(scenario(stay)), 0o600))
	total := strconv.Itoa(calls)
	cmd := exec.Command("sipp", fmt.Sprintf("%s:%d", loopback, port), "-sf", file, "-i", loopback, "-p", "5190", "-mi", loopback,
		"-r", strconv.Itoa(rate), "-m", total, "-l", total, "-nostdin", "-trace_stat", "-stf", filepath.Join(dir, "stat.csv"))
	cmd.Dir = dir
	_ = cmd.Run() // it counts failed calls as a failure; they are read below
	b, err := os.ReadFile(filepath.Join(dir, "stat.csv"))
	check(err)
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	names, last := strings.Split(lines[0], ";"), strings.Split(lines[len(lines)-1], ";")
	good := 0
	for i, name := range names {
		if name == "SuccessfulCall(C)" {
			good, _ = strconv.Atoi(last[i])
		}
	}
	return calls - good
}

func scenario(stay time.Duration) string {
	head := func(method, uri, to string, seq int) string {
		return method + " " + uri + ` SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:139[call_number]@[local_ip]:[local_port]>;tag=[pid]x[call_number]
To: <sip:4001@[remote_ip]:[remote_port]>` + to + `
Call-ID: [call_id]
CSeq: ` + strconv.Itoa(seq) + " " + method + `
Contact: <sip:sipp@[local_ip]:[local_port]>
Max-Forwards: 70
`
	}
	return `<?xml version="1.0" encoding="UTF-8"?><scenario name="calls">
<send retrans="500"><![CDATA[
` + head("INVITE", "sip:4001@[remote_ip]:[remote_port]", "", 1) + `Content-Type: application/sdp
Content-Length: [len]

v=0
o=u 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio 6000 RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000

]]></send>
<recv response="100" optional="true"/><recv response="200" rrs="true"/>
<send><![CDATA[
` + head("ACK", "[next_url]", "[peer_tag_param]", 1) + `Content-Length: 0

]]></send>
<pause milliseconds="` + strconv.FormatInt(stay.Milliseconds(), 10) + `"/>
<send retrans="500"><![CDATA[
` + head("BYE", "[next_url]", "[peer_tag_param]", 2) + `Content-Length: 0

]]></send>
<recv response="200"/></scenario>`
}
