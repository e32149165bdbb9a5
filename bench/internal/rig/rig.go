// Package rig starts the real program in a process of its own for the load
// programs, and speaks to it as browsers do.
package rig

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/lxzan/gws"

	"yingda/internal/app"
	"yingda/internal/config"
)

const (
	asServer = "YINGDA_BENCH_SERVER"
	// profile names the file for a CPU profile of the program under load.
	profile = "YINGDA_BENCH_PROFILE"
)

// MaybeServe runs the program instead of the load, when this process was
// started for that. It is the first line of every main.
func MaybeServe() {
	folder := os.Getenv(asServer)
	if folder == "" {
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	a, err := app.Open(ctx, config.Serve{Data: folder, HTTP: "127.0.0.1:0", Unlimited: true}, false, log)
	Must(err)
	token, err := a.Account.FirstLink(ctx)
	Must(err)
	Must(json.NewEncoder(os.Stdout).Encode(started{URL: a.URL(), Token: token}))
	if name := os.Getenv(profile); name != "" {
		f, err := os.Create(name) //nolint:gosec // whoever measures names the file
		Must(err)
		Must(pprof.StartCPUProfile(f))
	}
	go func() { // the load ends, and so does its pipe
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	Must(a.Run(ctx, nil))
	Must(a.Close())
	pprof.StopCPUProfile()
	os.Exit(0)
}

type started struct{ URL, Token string }

// Must ends the program with an error.
func Must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// Server is the program under load.
type Server struct {
	URL    string
	Host   string
	Cookie string // of the first administrator, who is a supervisor too
	cmd    *exec.Cmd
	stdin  io.Closer
	folder string
	keep   bool
}

// Start starts the program on a folder; empty is a temporary one.
func Start(folder string) *Server {
	s := &Server{folder: folder, keep: folder != ""}
	if folder == "" {
		var err error
		s.folder, err = os.MkdirTemp("", "yingda-bench-")
		Must(err)
	}
	self, err := os.Executable()
	Must(err)
	s.cmd = exec.CommandContext(context.Background(), self) //nolint:gosec // this very program
	s.cmd.Env = append(os.Environ(), asServer+"="+s.folder)
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	Must(err)
	in, err := s.cmd.StdinPipe()
	Must(err)
	s.stdin = in
	Must(s.cmd.Start())
	var st started
	Must(json.NewDecoder(bufio.NewReader(out)).Decode(&st))
	s.URL, s.Host = st.URL, strings.TrimPrefix(st.URL, "http://")
	if st.Token != "" {
		s.setUp(st.Token)
	} else {
		s.signIn()
	}
	return s
}

// Stop ends the program and removes a temporary folder.
func (s *Server) Stop() {
	_ = s.stdin.Close()
	_ = s.cmd.Wait()
	if !s.keep {
		_ = os.RemoveAll(s.folder)
	}
}

// Account of the administrator that Start makes.
const (
	email    = "bench@example.org"
	password = "a-long-password-for-the-bench"
)

func (s *Server) setUp(token string) {
	s.remember(s.Do("POST", "/api/v1/setup/"+token, "", map[string]any{"email": email, "name": "Bench", "password": password}, nil))
}

func (s *Server) signIn() {
	s.remember(s.Do("POST", "/api/v1/session", "", map[string]any{"email": email, "password": password}, nil))
}

func (s *Server) remember(r *http.Response) {
	for _, c := range r.Cookies() {
		if c.Name == "yingda_session" {
			s.Cookie = c.Name + "=" + c.Value
		}
	}
	if s.Cookie == "" {
		Must(errors.New("no session cookie came back"))
	}
}

// Do makes a call and reads its answer. auth is a visitor's token, or empty
// for the administrator.
func (s *Server) Do(method, path, auth string, body, into any) *http.Response {
	var b io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		Must(err)
		b = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, s.URL+path, b)
	Must(err)
	req.Header.Set("Content-Type", "application/json")
	if auth != "" {
		req.Header.Set("Authorization", "Bearer "+auth)
	} else if s.Cookie != "" {
		req.Header.Set("Cookie", s.Cookie)
	}
	resp, err := http.DefaultClient.Do(req)
	Must(err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	Must(err)
	if resp.StatusCode >= 300 {
		Must(fmt.Errorf("%s %s: %s %s", method, path, resp.Status, answer))
	}
	if into != nil {
		Must(json.Unmarshal(answer, into))
	}
	return resp
}

// Visitor opens a visitor's session through the first inbox and returns the
// token.
func (s *Server) Visitor() string {
	var v struct{ Token string }
	s.Do("POST", "/widget/v1/session", "none", map[string]any{
		"inbox": "web", "language": "zh", "page": map[string]string{"url": "https://example.cn/", "title": "首页", "referrer": ""},
	}, &v)
	return v.Token
}

// RSS returns the program's resident memory in bytes.
func (s *Server) RSS() int64 { return RSSOf(s.cmd.Process.Pid) }

// CPU returns how much processor time the program has used.
func (s *Server) CPU() time.Duration { return CPUOf(s.cmd.Process.Pid) }

// CPUOf returns how much processor time a process has used.
func CPUOf(pid int) time.Duration {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	Must(err)
	const tick = 10 * time.Millisecond // Linux counts in hundredths for everybody
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	var sum time.Duration
	for _, f := range fields[11:13] { // utime, stime
		n, err := strconv.ParseInt(f, 10, 64)
		Must(err)
		sum += time.Duration(n) * tick
	}
	return sum
}

// Folder is where the program keeps its data.
func (s *Server) Folder() string { return s.folder }

// RSSOf returns a process's resident memory in bytes.
func RSSOf(pid int) int64 {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	Must(err)
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			Must(err)
			return kb << 10
		}
	}
	return 0
}

// Agent opens the administrator's socket. hear is called with every frame, one
// after the other.
func (s *Server) Agent(hear func(frame []byte)) *gws.Conn {
	conn, _, err := gws.NewClient(&ear{hear: hear}, &gws.ClientOption{
		Addr: "ws://" + s.Host + "/api/v1/live", RequestHeader: http.Header{"Cookie": {s.Cookie}, "Origin": {s.URL}},
	})
	Must(err)
	Must(conn.WriteString(`{"type":"resume"}`))
	go conn.ReadLoop()
	go func() { // or it is closed as one that is gone
		for range time.Tick(20 * time.Second) {
			if conn.WriteString(`{"type":"ping"}`) != nil {
				return
			}
		}
	}()
	return conn
}

// VisitorSocket opens a visitor's socket from an address of this machine.
func (s *Server) VisitorSocket(token string, from net.IP) (*gws.Conn, error) {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: from}, Timeout: 10 * time.Second}
	conn, _, err := gws.NewClient(&ear{hear: func([]byte) {}}, &gws.ClientOption{
		Addr: "ws://" + s.Host + "/widget/v1/live?token=" + token, NewDialer: func() (gws.Dialer, error) { return dialer, nil },
		ReadBufferSize: 512, WriteBufferSize: 512,
	})
	if err != nil {
		return nil, err
	}
	go conn.ReadLoop()
	return conn, conn.WriteString(`{"type":"resume"}`)
}

type ear struct {
	gws.BuiltinEventHandler
	hear func([]byte)
}

// OnMessage hands a frame on.
func (e *ear) OnMessage(_ *gws.Conn, m *gws.Message) {
	e.hear(m.Bytes())
	_ = m.Close()
}

// Raw is one kept-alive connection that posts JSON with as little work as
// possible, so that the load costs the machine little.
type Raw struct {
	conn net.Conn
	in   *bufio.Reader
	host string
	buf  []byte
}

// Dial opens a Raw connection.
func (s *Server) Dial() *Raw {
	conn, err := new(net.Dialer).DialContext(context.Background(), "tcp", s.Host)
	Must(err)
	return &Raw{conn: conn, in: bufio.NewReaderSize(conn, 8<<10), host: s.Host}
}

// Post posts a body with a visitor's token and returns the status.
func (r *Raw) Post(path, token string, body []byte) (int, error) {
	r.buf = append(r.buf[:0], "POST "...)
	r.buf = append(r.buf, path...)
	r.buf = append(r.buf, " HTTP/1.1\r\nHost: "...)
	r.buf = append(r.buf, r.host...)
	r.buf = append(r.buf, "\r\nContent-Type: application/json\r\nAuthorization: Bearer "...)
	r.buf = append(r.buf, token...)
	r.buf = append(r.buf, "\r\nContent-Length: "...)
	r.buf = strconv.AppendInt(r.buf, int64(len(body)), 10)
	r.buf = append(r.buf, "\r\n\r\n"...)
	r.buf = append(r.buf, body...)
	if _, err := r.conn.Write(r.buf); err != nil {
		return 0, err
	}
	status, length := 0, 0
	for first := true; ; first = false {
		line, err := r.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case first:
			status, _ = strconv.Atoi(string(line[9:12]))
		case len(line) == 0:
			_, err := r.in.Discard(length)
			return status, err
		case len(line) > 15 && bytes.EqualFold(line[:15], []byte("Content-Length:")):
			length, _ = strconv.Atoi(string(bytes.TrimSpace(line[15:])))
		}
	}
}

// Close closes the connection.
func (r *Raw) Close() { _ = r.conn.Close() }

// Percentiles returns p50 and p99 of durations in milliseconds, rounded to
// hundredths. It sorts them.
func Percentiles(ds []time.Duration) (p50, p99 float64) {
	if len(ds) == 0 {
		return 0, 0
	}
	slices.Sort(ds)
	at := func(p float64) float64 {
		d := ds[min(len(ds)-1, int(float64(len(ds))*p))]
		return float64(d.Microseconds()/10) / 100
	}
	return at(0.50), at(0.99)
}

// Print prints one JSON line.
func Print(v any) {
	b, err := json.Marshal(v)
	Must(err)
	fmt.Println(string(b))
}

// Commit returns what was measured, from the build or from git.
func Commit() string {
	if i, ok := debug.ReadBuildInfo(); ok {
		for _, s := range i.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 7 {
				return s.Value[:7]
			}
		}
	}
	out, err := exec.CommandContext(context.Background(), "git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

// Each runs f for 0 … n-1, at most wide at once.
func Each(n, wide int, f func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range wide {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}
