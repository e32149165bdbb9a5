// Package centre runs the real program for tests: the binary, on a folder of
// its own, on loopback, and speaks to it as browsers do.
package centre

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/lxzan/gws"
)

var binary = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "yingda-test-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(folder, "yingda")
	out, err := exec.CommandContext(context.Background(), "go", "build", "-o", file, "yingda/cmd/yingda").CombinedOutput() //nolint:gosec // our own program
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return file, nil
})

// Binary builds the program once and returns its file.
func Binary(t testing.TB) string {
	t.Helper()
	file, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// Centre is a program that runs.
type Centre struct {
	t      testing.TB
	Folder string
	Addr   string // host:port
	Cookie string // of the administrator
	cmd    *exec.Cmd
	said   *lockedBuffer
	args   []string
	under  []string
}

// FreePort returns a loopback address that nobody listens on.
func FreePort(t testing.TB) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// New starts yingda serve on a fresh folder, and makes the administrator.
func New(t testing.TB, args ...string) *Centre {
	t.Helper()
	return Open(t, Options{Args: args})
}

// Options are how the program is started.
type Options struct {
	Args   []string // more of them
	Folder string   // for the data; empty: a fresh one
	// Under is a command that runs the program, such as one that gives it less room.
	Under []string
	// Cookie is that of an administrator whom there is already.
	Cookie string
}

// Open starts yingda serve, and makes the administrator if there is none.
func Open(t testing.TB, o Options) *Centre {
	t.Helper()
	if o.Folder == "" {
		o.Folder = t.TempDir()
	}
	c := &Centre{t: t, Folder: o.Folder, Addr: FreePort(t), args: o.Args, under: o.Under, Cookie: o.Cookie}
	t.Cleanup(c.Kill)
	c.Start()
	if c.Cookie != "" {
		return c
	}
	link := regexp.MustCompile(`/app/setup/(\S+)\s`)
	var token []string
	c.Until("the link for the first administrator is printed", func() bool {
		token = link.FindStringSubmatch(c.said.String())
		return token != nil
	})
	r := c.Call(http.MethodPost, "/api/v1/setup/"+token[1], "", map[string]any{
		"email": "admin@example.org", "name": "管理员", "password": "a-long-password-for-tests",
	}, nil)
	c.Cookie = sessionOf(t, r)
	return c
}

func sessionOf(t testing.TB, r *http.Response) string {
	t.Helper()
	for _, k := range r.Cookies() {
		if k.Name == "yingda_session" {
			return k.Name + "=" + k.Value
		}
	}
	t.Fatal("the set-up gave no session")
	return ""
}

// Agent invites an agent with a built-in role and returns the program as that
// agent's browser sees it.
func (c *Centre) Agent(email, role string) *Centre {
	c.t.Helper()
	var roles struct{ Items []struct{ ID, Name string } }
	c.Call(http.MethodGet, "/api/v1/roles", "", nil, &roles)
	var ids []string
	for _, r := range roles.Items {
		if r.Name == role {
			ids = append(ids, r.ID)
		}
	}
	var invited struct {
		InviteURL string `json:"invite_url"`
	}
	name, _, _ := strings.Cut(email, "@")
	c.Call(http.MethodPost, "/api/v1/agents", "", map[string]any{"email": email, "name": name, "role_ids": ids}, &invited)
	_, token, _ := strings.Cut(invited.InviteURL, "/setup/")
	r := c.Call(http.MethodPost, "/api/v1/setup/"+token, "none", map[string]any{"name": name, "password": "a-long-password-for-tests"}, nil)
	return &Centre{t: c.t, Folder: c.Folder, Addr: c.Addr, Cookie: sessionOf(c.t, r)}
}

// Download returns the bytes at a path; nil if there are none.
func (c *Centre) Download(path string) []byte {
	c.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://"+c.Addr+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Cookie", c.Cookie)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil
	}
	return b
}

// Beside starts a program beside another, on the same database: it has the key
// that the other made, and the same administrator.
func Beside(t testing.TB, other *Centre, args ...string) *Centre {
	t.Helper()
	c := &Centre{t: t, Folder: t.TempDir(), Addr: FreePort(t), Cookie: other.Cookie, args: args}
	const key = "secret.key"
	b, err := os.ReadFile(filepath.Join(other.Folder, key))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.Folder, key), b, 0o600); err != nil { //nolint:gosec // a folder of the test
		t.Fatal(err)
	}
	c.Start()
	t.Cleanup(c.Kill)
	return c
}

// Start starts the program, or starts it again, and waits until it is ready.
func (c *Centre) Start() {
	c.t.Helper()
	line := slices.Concat(c.under, []string{Binary(c.t), "serve", "--data", c.Folder, "--http", c.Addr, "--log-level", "warn"}, c.args)
	c.cmd = exec.CommandContext(context.Background(), line[0], line[1:]...) //nolint:gosec // our own program
	c.cmd.Env = append(os.Environ(), "YINGDA_UNLIMITED=1")
	c.said = &lockedBuffer{}
	c.cmd.Stderr = c.said
	if err := c.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.Until("the program is ready", func() bool {
		resp, err := http.Get("http://" + c.Addr + "/readyz") //nolint:noctx // a probe
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// Kill ends the program as a power cut would.
func (c *Centre) Kill() {
	if c.cmd.Process != nil {
		_ = c.cmd.Process.Kill()
		_ = c.cmd.Wait()
	}
}

// Stop tells the program to stop, as a service manager does. The channel is
// closed when it has ended.
func (c *Centre) Stop() <-chan struct{} {
	c.t.Helper()
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		c.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = c.cmd.Wait() // how it ends is another test's
		close(ended)
	}()
	return ended
}

// Said is what the program wrote for people.
func (c *Centre) Said() string { return c.said.String() }

// Until asks again and again until done, for at most two minutes.
func (c *Centre) Until(what string, done func() bool) {
	c.t.Helper()
	Until(c.t, what, done)
}

// Until asks again and again until done, for at most two minutes.
func Until(t testing.TB, what string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatalf("waited too long: %s", what)
		}
		<-time.After(10 * time.Millisecond)
	}
}

// Try makes a call; auth is a visitor's token, or empty for the administrator.
func (c *Centre) Try(ctx context.Context, method, path, auth string, body, into any) (*http.Response, error) {
	var b io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		b = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://"+c.Addr+path, b)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if auth != "" {
		req.Header.Set("Authorization", "Bearer "+auth)
	} else if c.Cookie != "" {
		req.Header.Set("Cookie", c.Cookie)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return resp, fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, answer)
	}
	if into != nil {
		return resp, json.Unmarshal(answer, into)
	}
	return resp, nil
}

// Call makes a call that must succeed.
func (c *Centre) Call(method, path, auth string, body, into any) *http.Response {
	c.t.Helper()
	r, err := c.Try(context.Background(), method, path, auth, body, into)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// Visitor opens a visitor's session and returns the token.
func (c *Centre) Visitor() string {
	c.t.Helper()
	var v struct{ Token string }
	c.Call(http.MethodPost, "/widget/v1/session", "none", map[string]any{
		"inbox": "web", "language": "zh", "page": map[string]string{"url": "https://example.cn/", "title": "首页", "referrer": ""},
	}, &v)
	return v.Token
}

// Message is what tests look at in a message.
type Message struct {
	ID       string
	Seq      int64
	From     string
	Kind     string
	Text     string
	ClientID string `json:"client_id"`
}

// Posted is the answer to a visitor's message.
type Posted struct {
	Message      Message
	Conversation struct {
		ID    string
		State string
	}
}

// Post sends a visitor's message.
func (c *Centre) Post(ctx context.Context, token, clientID, text string) (p Posted, err error) {
	_, err = c.Try(ctx, http.MethodPost, "/widget/v1/messages", token, map[string]any{"client_id": clientID, "text": text}, &p)
	return p, err
}

// Messages returns all messages of a conversation, as the administrator sees them.
func (c *Centre) Messages(conversation string) (all []Message) {
	c.t.Helper()
	after := int64(0)
	for {
		var p struct {
			Items []Message
			More  bool
		}
		c.Call(http.MethodGet, fmt.Sprintf("/api/v1/conversations/%s/messages?after=%d&limit=200", conversation, after), "", nil, &p)
		all = append(all, p.Items...)
		if !p.More || len(p.Items) == 0 {
			return all
		}
		after = p.Items[len(p.Items)-1].Seq
	}
}

// Frame is what tests look at in a frame of the live feed.
type Frame struct {
	Type         string
	Seq          int64
	Message      Message
	Conversation json.RawMessage
}

// Listener keeps a socket open through cuts, resumes where it was, and holds
// what it was told.
type Listener struct {
	url    string
	header http.Header
	resume func(l *Listener) string

	mu       sync.Mutex
	Messages []Message
	Last     int64 // the highest sequence number worked through
	conn     *gws.Conn
	closed   bool
	done     chan struct{}
}

// ListenAgent follows the administrator's feed through an address, such as a
// Cut's.
func (c *Centre) ListenAgent(addr string) *Listener {
	return listen("ws://"+addr+"/api/v1/live", http.Header{"Cookie": {c.Cookie}, "Origin": {"http://" + addr}}, func(l *Listener) string {
		return fmt.Sprintf(`{"type":"resume","after":%d}`, l.Last)
	}, func(f Frame) int64 { return f.Seq })
}

// ListenVisitor follows a visitor's conversation through an address.
func (c *Centre) ListenVisitor(addr, token, conversation string) *Listener {
	return listen("ws://"+addr+"/widget/v1/live?token="+token, nil, func(l *Listener) string {
		return fmt.Sprintf(`{"type":"resume","conversation":%q,"after":%d}`, conversation, l.Last)
	}, func(f Frame) int64 { return f.Message.Seq })
}

func listen(url string, header http.Header, resume func(*Listener) string, seq func(Frame) int64) *Listener {
	l := &Listener{url: url, header: header, resume: resume, done: make(chan struct{})}
	go l.run(seq)
	return l
}

func (l *Listener) run(seq func(Frame) int64) {
	defer close(l.done)
	for {
		l.mu.Lock()
		closed := l.closed
		l.mu.Unlock()
		if closed {
			return
		}
		conn, _, err := gws.NewClient(&ear{l: l, seq: seq}, &gws.ClientOption{Addr: l.url, RequestHeader: l.header})
		if err != nil {
			<-time.After(50 * time.Millisecond)
			continue
		}
		l.mu.Lock()
		l.conn = conn
		hello := l.resume(l)
		l.mu.Unlock()
		if conn.WriteString(hello) == nil {
			conn.ReadLoop()
		}
	}
}

// Close ends the listening.
func (l *Listener) Close() {
	l.mu.Lock()
	l.closed = true
	if l.conn != nil {
		_ = l.conn.NetConn().Close()
	}
	l.mu.Unlock()
	<-l.done
}

// Texts returns the texts of what one side said, in the order in which they came.
func (l *Listener) Texts(from string) (texts []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range l.Messages {
		if m.From == from && m.Kind == "text" {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

type ear struct {
	gws.BuiltinEventHandler
	l   *Listener
	seq func(Frame) int64
}

// OnMessage works through a frame.
func (e *ear) OnMessage(_ *gws.Conn, m *gws.Message) {
	defer m.Close()
	var f Frame
	if json.Unmarshal(m.Bytes(), &f) != nil {
		return
	}
	e.l.mu.Lock()
	defer e.l.mu.Unlock()
	if f.Type == "message" {
		e.l.Messages = append(e.l.Messages, f.Message)
	}
	e.l.Last = max(e.l.Last, e.seq(f))
}

// Cut is a wire that can be cut: a proxy on loopback.
type Cut struct {
	Addr   string
	to     string
	listen net.Listener

	mu    sync.Mutex
	cut   bool
	conns map[net.Conn]bool
}

// NewCut lays a wire to an address.
func NewCut(t testing.TB, to string) *Cut {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &Cut{Addr: l.Addr().String(), to: to, listen: l, conns: map[net.Conn]bool{}}
	go c.run()
	t.Cleanup(func() { _ = l.Close(); c.Set(true) })
	return c
}

// Set cuts the wire, or mends it.
func (c *Cut) Set(cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = cut
	if cut {
		for conn := range c.conns {
			_ = conn.Close()
			delete(c.conns, conn)
		}
	}
}

func (c *Cut) run() {
	for {
		in, err := c.listen.Accept()
		if err != nil {
			return
		}
		out, err := new(net.Dialer).DialContext(context.Background(), "tcp", c.to)
		c.mu.Lock()
		if c.cut || err != nil {
			_ = in.Close()
			if out != nil {
				_ = out.Close()
			}
			c.mu.Unlock()
			continue
		}
		c.conns[in], c.conns[out] = true, true
		c.mu.Unlock()
		go pipe(in, out)
		go pipe(out, in)
	}
}

func pipe(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
	_ = from.Close()
}

// lockedBuffer is a buffer that a process writes while a test reads.
type lockedBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
