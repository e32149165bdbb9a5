package fault

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel/voice"
	"yingda/internal/domain/call"
	"yingda/internal/store/storetest"
	"yingda/test/internal/centre"
)

// The browsers of two agents die in the middle of their calls: both callers come
// before who has waited since, hear something all the while, and somebody else
// answers. Where nobody is left they wait as the menu says.
func TestBrowsersDie(t *testing.T) {
	t.Parallel()
	h := newHotline(t, centre.Options{})
	lin, zhao := h.sits("lin@example.org", 440, true), h.sits("zhao@example.org", 880, true)
	first, second := h.rings(numbered(1), "1"), h.rings(numbered(2), ",1")
	h.stands(first.number, call.Talking)
	h.stands(second.number, call.Talking)
	h.Until("they hear the agents", func() bool { return first.hears(440) && second.hears(880) || first.hears(880) && second.hears(440) })
	third := h.rings(numbered(3), "1")
	h.stands(third.number, call.Queued)
	first.silence()
	second.silence()
	lin.dies()
	zhao.dies()
	h.stands(first.number, call.Queued)
	h.stands(second.number, call.Queued)
	wang := h.sits("wang@example.org", 350, true)
	h.Until("one of the two is answered", func() bool { return first.hears(350) || second.hears(350) })
	if v, _ := h.of(third.number); v.State != call.Queued {
		t.Errorf("who came later stands as %s", v.State)
	}
	for _, p := range []*person{first, second} {
		if q := p.silence(); q > 10*time.Second { // five of them pass before a browser is taken for dead
			t.Errorf("%s heard nothing for %v", p.number, q)
		}
	}
	if !first.hears(350) {
		first, second = second, first
	}
	first.hang()
	<-first.done
	h.Until("then the other", func() bool { return second.hears(350) })
	wang.dies()
	h.stands(second.number, call.Queued)
	for _, p := range []*person{second, third} {
		p.hang()
		<-p.done
	}
	by := h.truth(3)
	if len(by[call.Completed]) != 1 || len(by[call.Abandoned]) != 2 {
		t.Errorf("they ended as %+v", by)
	}
	for _, v := range append(by[call.Completed], by[call.Abandoned]...) {
		lost := 0
		for _, s := range v.Record.Steps {
			if s.Act == call.LoseAgent {
				lost++
			}
		}
		want := map[string]int{first.number: 1, second.number: 2, third.number: 0}
		for n, w := range want {
			if one, _ := h.of(n); one.ID == v.ID && lost != w {
				t.Errorf("the record of %s says %d times that the agent was lost, not %d", n, lost, w)
			}
		}
		h.plays(v)
	}
}

// A program that is told to stop takes no more calls, lets those that go on come
// to their end for a while, and ends the others.
func TestDrains(t *testing.T) {
	t.Parallel()
	h := newHotline(t, centre.Options{Args: []string{"--drain", "6s"}})
	h.sits("lin@example.org", 440, true)
	talks := h.rings(numbered(1), "1")
	h.stands(talks.number, call.Talking)
	waits, leaves := h.rings(numbered(2), "1"), h.rings(numbered(3), "1")
	h.stands(waits.number, call.Queued)
	h.stands(leaves.number, call.Queued)
	began := time.Now()
	stopped := h.Stop()
	late := h.telephone(numbered(4))
	h.Until("nobody comes in any more", func() bool {
		late = h.telephone(numbered(4))
		if late.invites(late.offer()) == 503 {
			return true
		}
		late.send(late.request("ACK", 1, "")) // it has not heard yet that it is to stop
		late.send(late.request("BYE", 2, ""))
		return false
	})
	if late.after == "" {
		t.Error("who is sent away is not told when to call again")
	}
	if r, err := http.Get("http://" + h.Addr + "/readyz"); err == nil {
		_ = r.Body.Close()
		if r.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("it says that it is ready: %s", r.Status)
		}
	}
	leaves.hang()
	h.Until("the agent is heard", func() bool { return talks.hears(440) })
	select {
	case <-stopped:
		t.Errorf("it stopped after %v, in the middle of calls", time.Since(began))
	case <-talks.done:
		t.Error("the call was ended at once")
	case <-time.After(4*time.Second - time.Since(began)):
	}
	<-talks.done
	<-waits.done
	if talks.why != voice.TheyHungUp || waits.why != voice.TheyHungUp {
		t.Errorf("they were told %q and %q", talks.why, waits.why)
	}
	<-stopped
	h.Start()
	by := h.truth(len(all(h.Centre, "")))
	if len(by[call.Drained]) != 2 || len(by[call.Abandoned]) < 1 || len(by[call.Lost]) != 0 {
		t.Errorf("they ended as %+v", by)
	}
	for _, v := range by[call.Drained] {
		if s := h.plays(v); v.Record.Recording.Cut != "" || s.Length() < 2*time.Second {
			t.Errorf("the recording is %v long, cut by %q", s.Length(), v.Record.Recording.Cut)
		}
	}
}

// The program is killed in the middle of thirty calls: who waits, whom it rings,
// who talks, who wraps up. After the start each call is over, its recording goes
// up to the last seconds, and agents take the next call.
func TestKilledInTheMiddleOfCalls(t *testing.T) {
	t.Parallel()
	h := newHotline(t, centre.Options{})
	const people, agents = 30, 6
	var seats []*seat
	for n := range agents {
		seats = append(seats, h.sits(fmt.Sprintf("agent%d@example.org", n), 440, n < agents-2))
	}
	var callers []*person
	for n := range people {
		callers = append(callers, h.rings(numbered(n), []string{"1", ",1", "", ",,1"}[n%4]))
		<-time.After(50 * time.Millisecond)
	}
	count := func(s call.State) (n int) {
		for _, v := range all(h.Centre, "") {
			if v.State == s {
				n++
			}
		}
		return n
	}
	h.Until("they talk, it rings, and they wait", func() bool {
		return count(call.Talking) >= agents-2 && count(call.Offered) >= 1 && count(call.Queued) >= 5
	})
	for _, p := range callers {
		if v, ok := h.of(p.number); ok && v.State == call.Talking {
			p.hang()
			<-p.done
			break
		}
	}
	h.Until("somebody wraps up", func() bool { return count(call.WrappingUp) > 0 })
	<-time.After(3 * time.Second) // what is recorded has a length
	came := len(all(h.Centre, ""))
	h.Kill()
	killed := time.Now()
	for _, s := range seats {
		s.dies()
	}
	for _, p := range callers {
		p.hang()
	}
	h.Start()
	by := h.truth(came)
	if len(by[call.Lost]) < came-5 {
		t.Errorf("of %d calls %d were lost with the program: %+v", came, len(by[call.Lost]), by)
	}
	for _, v := range by[call.Lost] {
		end := v.Record.Steps[len(v.Record.Steps)-1].At
		if end.After(killed) || killed.Sub(end) > 7*time.Second {
			t.Errorf("a call that was killed with the program ended %v before", killed.Sub(end))
		}
		if v.NoticeAt.IsZero() {
			continue
		}
		sound := h.plays(v)
		if short := killed.Sub(v.NoticeAt) - sound.Length(); short > 3*time.Second || v.Record.Recording.Cut != call.CutStopped {
			t.Errorf("%v are missing at the end of a recording, cut by %q", short, v.Record.Recording.Cut)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(h.Folder, "recordings", "*", "*.wav")); len(left) > 0 {
		t.Errorf("recordings are left: %v", left)
	}
	seats[0].takes.Store(true)
	back := seats[0]
	back.comes(440)
	for _, v := range all(back.Centre, "") {
		if v.State == call.WrappingUp && v.Agent == back.id {
			back.Call(http.MethodPost, "/api/v1/conversations/"+v.Conversation+"/close", "", map[string]any{"category": "business.repair", "result": "solved"}, nil)
		}
	}
	next := h.rings(numbered(100), "1")
	h.Until("the next call is answered", func() bool { return next.hears(440) })
	next.hang()
	<-next.done
	h.truth(came + 1)
}

// Of two programs on one PostgreSQL one is killed in the middle of calls: the
// other ends them, and takes the next one.
func TestTheOtherNodeDies(t *testing.T) {
	t.Parallel()
	database := storetest.PostgresAddress(t)
	one := newHotline(t, centre.Options{Args: []string{"--database", database}})
	lin := one.sits("lin@example.org", 440, true)
	two := newHotline(t, centre.Options{Args: []string{"--database", database}, Cookie: one.Cookie})
	zhao := two.sits("zhao@example.org", 880, false)
	talks := one.rings(numbered(1), "1")
	one.Until("they hear each other", func() bool { return talks.hears(440) })
	waits := one.rings(numbered(2), "1")
	two.stands(waits.number, call.Offered) // at the other node's agent, who does not take it
	<-time.After(2 * time.Second)
	one.Kill()
	killed := time.Now()
	lin.dies()
	talks.hang()
	waits.hang()
	by := two.truth(2)
	if len(by[call.Lost]) != 2 {
		t.Errorf("they ended as %+v", by)
	}
	for _, v := range by[call.Lost] {
		if end := v.Record.Steps[len(v.Record.Steps)-1].At; end.After(killed) || killed.Sub(end) > 7*time.Second {
			t.Errorf("it ended %v before the program was killed", killed.Sub(end))
		}
	}
	zhao.takes.Store(true)
	next := two.rings(numbered(3), "1")
	two.Until("the other node takes calls", func() bool { return next.hears(880) })
	one.Start() // and finds what it had recorded
	for _, v := range all(two.Centre, "&reason=lost") {
		if v.Record.Recording.File != "" || !v.Recorded || v.Record.Recording.Cut != call.CutStopped {
			t.Errorf("the recording is %+v", v.Record.Recording)
		}
		if s := one.plays(v); s.Length() < time.Second {
			t.Errorf("it is %v long", s.Length())
		}
	}
	if !next.hears(880) || next.gone() {
		t.Error("the call of the node that lived was disturbed")
	}
	next.hang()
	<-next.done
	two.truth(3)
}

// roomFor is a command that runs a program with a folder that holds only so much.
func roomFor(t *testing.T, folder, size string) []string {
	t.Helper()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "unshare", "-rm", "true").CombinedOutput(); err != nil {
		t.Skipf("no small disk can be made here: %v %s", err, out)
	}
	return []string{"unshare", "-rm", "sh", "-c", `mount -t tmpfs -o size=` + size + ` tmpfs "$0" && exec "$@"`, folder}
}

// The disk is full while calls are recorded: they go on, the record says at once
// that the recording has ended and why, the supervisor is told, and what there is
// can be played.
func TestTheDiskIsFull(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	h := newHotline(t, centre.Options{Folder: folder, Under: roomFor(t, filepath.Join(folder, "recordings"), "128k")})
	boss := h.Agent("wang@example.org", "supervisor")
	h.sits("lin@example.org", 440, true)
	first, second := h.rings(numbered(1), "1"), h.rings(numbered(2), "1")
	h.Until("they talk, or wait", func() bool { return first.hears(440) || second.hears(440) })
	cut := func(n string) bool { v, _ := h.of(n); return v.Record.Recording.Cut == call.CutDisk && v.State.Open() }
	h.Until("the disk is full, and the record says so while they go on", func() bool { return cut(first.number) && cut(second.number) })
	if !first.hears(440) && !second.hears(440) {
		t.Error("the call did not go on")
	}
	third := h.rings(numbered(3), "1") // of which nothing can be recorded
	h.Until("neither is a third recorded", func() bool { return cut(third.number) })
	var notices struct{ Items []struct{ Kind, Text string } }
	boss.Call(http.MethodGet, "/api/v1/me/notices", "", nil, &notices)
	told := 0
	for _, n := range notices.Items {
		if n.Kind == "call.recording_cut" && n.Text == call.CutDisk {
			told++
		}
	}
	if told < 1 || told > 2 { // once in ten minutes, of which the second may begin now
		t.Errorf("the supervisor was told %d times: %+v", told, notices)
	}
	for _, p := range []*person{first, second, third} {
		p.hang()
		<-p.done
	}
	by := h.truth(3)
	for _, vs := range by {
		for _, v := range vs {
			if v.Record.Recording.Cut != call.CutDisk {
				t.Errorf("%+v", v.Record.Recording)
			}
			if !v.Recorded {
				continue
			}
			if s := h.plays(v); s.Length() < time.Second {
				t.Errorf("only %v are left", s.Length())
			}
		}
	}
	if len(by[call.Completed]) != 1 || !by[call.Completed][0].Recorded {
		t.Errorf("they ended as %+v", by)
	}
}

// Callers on bad lines, callers who send what is no SIP, and callers who are gone
// without a word, all at once: who talks notices nothing, a key is understood
// though every fifth packet is lost, and each call ends as it was.
func TestBadCallers(t *testing.T) {
	t.Parallel()
	h := newHotline(t, centre.Options{})
	h.sits("lin@example.org", 440, true)
	good := h.rings(numbered(1), "1")
	h.Until("they talk", func() bool { return good.hears(440) })
	good.silence()
	var others []*caller
	for n, text := range nonsense() {
		s := h.telephone(numbered(10 + n))
		s.send(text(s))
		others = append(others, s)
	}
	h.sits("zhao@example.org", 880, true)

	gone := h.telephone(numbered(2)) // vanishes while somebody talks to it
	gone.calls()
	gone.presses('1')
	h.Until("it hears the agent", func() bool { return gone.hears(880) })
	gone.mute.Store(true)
	vanished := time.Now()

	bad := h.telephone(numbered(3))
	bad.loss = 0.2
	bad.calls()
	h.Until("the menu asks", func() bool { v, _ := h.of(bad.number); return slices.Contains(v.Record.Path, "main") })
	bad.presses('1')
	h.stands(bad.number, call.Queued)

	hasty := h.telephone(numbered(4)) // ACK behind BYE
	if code := hasty.invites(hasty.offer()); code != 200 {
		t.Fatalf("answered with %d", code)
	}
	hasty.send(hasty.request("BYE", 2, ""))
	hasty.send(hasty.request("ACK", 1, ""))

	for _, body := range []string{"v=0", "not SDP at all", strings.Repeat("a=x\r\n", 5000), lines("v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", "m=audio 4000 RTP/AVP 111", "a=rtpmap:111 opus/48000/2")} {
		s := h.telephone(numbered(6))
		if code := s.invites(body); code < 400 {
			t.Errorf("%q is answered with %d", body[:min(20, len(body))], code)
		}
	}
	if q := good.silence(); q > time.Second || !good.hears(440) {
		t.Errorf("who talked heard nothing for %v", q)
	}
	h.Until("it is noticed that a caller is gone", func() bool { v, _ := h.of(gone.number); return !v.State.Open() })
	if d := time.Since(vanished); d < 20*time.Second || d > 45*time.Second {
		t.Errorf("it took %v", d)
	}
	bad.send(bad.request("BYE", 2, ""))
	good.hang()
	<-good.done
	calls := 4
	for _, s := range others {
		if s.taken.Load() { // what was changed of it changed nothing
			calls++
		} else if v, ok := h.of(s.number); ok {
			t.Errorf("%s was not answered, and there is a call: %+v", s.number, v.Record)
		}
	}
	by := h.truth(calls)
	reason := func(n string) call.Record { v, _ := h.of(n); return v.Record }
	if r := reason(gone.number); r.Result != call.Vanished {
		t.Errorf("who is gone ended as %s", r.Result)
	}
	if r := reason(bad.number); r.Result != call.Abandoned && r.Result != call.Completed || r.Quality.Lost < 0.08 || r.Quality.Lost > 0.35 {
		t.Errorf("who was on a bad line ended as %s, with %.2f lost", r.Result, r.Quality.Lost)
	}
	if r := reason(hasty.number); r.Result != call.LeftMenu && r.Result != call.NoAnswer {
		t.Errorf("who hung up at once ended as %s", r.Result)
	}
	if len(by[call.Failed])+len(by[call.Lost]) > 0 {
		t.Errorf("they ended as %+v", by)
	}
}

// nonsense are messages that are none, and a few that may be taken for some.
func nonsense() (all []func(*caller) string) {
	edit := func(f func(string) string) func(*caller) string {
		return func(c *caller) string { return f(c.request("INVITE", 1, c.offer())) }
	}
	swap := func(old, with string) func(*caller) string {
		return edit(func(s string) string { return strings.Replace(s, old, with, 1) })
	}
	all = []func(*caller) string{
		func(*caller) string { return "\x00\x01\x02\x03" }, func(*caller) string { return "\r\n\r\n" }, func(*caller) string { return "INVITE" },
		func(*caller) string { return strings.Repeat("A", 60000) },
		swap("SIP/2.0\r\n", "SIP/7.0\r\n"), swap("INVITE sip:", "INVITE mailto:"), swap("CSeq: 1 INVITE", "CSeq: 1 BYE"), swap("CSeq: 1 INVITE", "CSeq: 99999999999 INVITE"),
		swap("Call-ID: ", "Call-ID:"+strings.Repeat(" ", 20000)), swap("Content-Length: ", "Content-Length: -"), swap("Content-Length: ", "Content-Length: 9999"),
		swap("From: ", "From: <<<"), swap("To: ", "X: "), swap("Via: SIP/2.0/UDP", "Via: SIP/2.0/????"), swap(";tag=", ";gat="), swap("Contact: ", "Contact: <"+strings.Repeat("x", 30000)+">, "),
		edit(func(s string) string { return s[:len(s)/2] }), edit(func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n\n") }),
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		inLine := r.IntN(2) == 0
		all = append(all, func(c *caller) string {
			b := []byte(c.request("INVITE", 1, c.offer()))
			from, n := 0, strings.Index(string(b), lineEnd)
			if !inLine {
				from, n = strings.Index(string(b), "v=0"), len(c.offer())
			}
			for range 1 + r.IntN(8) {
				b[from+r.IntN(n)] = byte(r.IntN(256))
			}
			return string(b)
		})
	}
	return all
}
