package live_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/kit/clock"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

func TestWhoMayNotListenIsRefusedBeforeTheUpgrade(t *testing.T) {
	r := rigOf(t)
	r.actor("lin", 1, agent.ScopeAll)
	who, _ := r.visitor("在吗")
	forged := who
	forged.Contact++
	r.desk.Inbox.Settings.AllowedOrigins = []string{"https://shop.example"}
	host := strings.TrimPrefix(r.url, "http://")
	for what, c := range map[string]struct {
		path   string
		header http.Header
		status int
		code   string
	}{
		"no cookie":        {"/api/v1/live", nil, 401, "login.none"},
		"a wrong cookie":   {"/api/v1/live", http.Header{"Cookie": {"who=nobody"}}, 401, "login.none"},
		"another's page":   {"/api/v1/live", http.Header{"Cookie": {"who=lin"}, "Origin": {"https://evil.example"}}, 403, "request.origin"},
		"our page":         {"/api/v1/live", http.Header{"Cookie": {"who=lin"}, "Origin": {"http://" + host}}, 101, ""},
		"no token":         {"/widget/v1/live", nil, 401, "visitor.token"},
		"a forged token":   {"/widget/v1/live?token=" + forged.Token([]byte("another key")), nil, 401, "visitor.token"},
		"a wrong page":     {"/widget/v1/live?token=" + who.Token(key), http.Header{"Origin": {"https://evil.example"}}, 403, "request.origin"},
		"the host's page":  {"/widget/v1/live?token=" + who.Token(key), http.Header{"Origin": {"https://shop.example"}}, 101, ""},
		"events, no token": {"/widget/v1/live/events", nil, 401, "visitor.token"},
	} {
		_, status, code := r.dial(c.path, c.header)
		if status != c.status || code != c.code {
			t.Errorf("%s: %d %s, want %d %s", what, status, code, c.status, c.code)
		}
	}
}

func TestAgentsHearWhatTheyMaySee(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		const ana, bo, cy, dee, hotline, sales = 1, 2, 3, 4, 10, 20
		r.actor("ana", ana, agent.ScopeOwn, hotline)
		r.actor("bo", bo, agent.ScopeTeam, hotline)
		r.actor("cy", cy, agent.ScopeTeam, sales)
		r.actor("dee", dee, agent.ScopeAll)
		names := []string{"ana", "bo", "cy", "dee"}
		sockets := map[string]*socket{}
		for _, name := range names {
			sockets[name] = r.listening(name)
		}
		mine := conversation.Conversation{ID: 100, Team: hotline, Agent: ana, State: conversation.Active}
		r.emit(
			said(mine, "to ana"),
			said(conversation.Conversation{ID: 101, Team: sales, State: conversation.Queued}, "to sales"),
			said(conversation.Conversation{ID: 102, Team: sales, State: conversation.Queued, Offer: &conversation.Offer{Agent: ana}}, "rings at ana"),
			said(conversation.Conversation{ID: 103, State: conversation.Bot}, "to nobody yet"),
			event.Event{Kind: event.Noticed, Agent: bo, At: clock.Now(), Body: event.Encode(event.Notice{Kind: "mention", Text: "for bo"})},
			event.Event{Kind: event.PresenceChanged, Agent: cy, At: clock.Now(), Body: event.Encode(event.Presence{Agent: cy})},
			event.Event{Kind: event.KnowledgeChanged, At: clock.Now()},
		)
		for name, want := range map[string]string{
			"ana": "to ana, rings at ana, knowledge",
			"bo":  "to ana, to nobody yet, notice, knowledge",
			"cy":  "to sales, rings at ana, to nobody yet, presence, knowledge",
			"dee": "to ana, to sales, rings at ana, to nobody yet, knowledge",
		} {
			var got []string
			last := int64(0)
			for len(got) == 0 || got[len(got)-1] != "knowledge" {
				f := sockets[name].next()
				if f.Seq <= last {
					t.Errorf("%s: %d after %d", name, f.Seq, last)
				}
				if last = f.Seq; f.Message != nil {
					got = append(got, f.Message.Text)
				} else {
					got = append(got, f.Type)
				}
			}
			if strings.Join(got, ", ") != want {
				t.Errorf("%s hears %q, want %q", name, got, want)
			}
		}
	})
}

func TestWhatLeavesAnAgentsSightIsGone(t *testing.T) {
	r := rigOf(t)
	const ana, bo, cy, hotline, sales = 1, 2, 3, 10, 20
	r.actor("ana", ana, agent.ScopeOwn)
	r.actor("bo", bo, agent.ScopeTeam, hotline)
	r.actor("cy", cy, agent.ScopeAll)
	anas, bos, cys := r.listening("ana"), r.listening("bo"), r.listening("cy")
	c := conversation.Conversation{ID: 100, Team: hotline, State: conversation.Queued}
	rings := c
	rings.Offer = &conversation.Offer{Agent: ana}
	with, moved := c, c
	with.Agent, with.State = ana, conversation.Active
	moved.Team = sales
	r.emit(
		changed("queued", c, 0), changed("offered", rings, 0), changed("missed", c, 0),
		changed("accepted", with, 0), changed("transferred", moved, ana), changed("changed", moved, 0),
		said(moved, "not theirs"), event.Event{Kind: event.KnowledgeChanged, At: clock.Now()},
	)
	hears := func(s *socket) string {
		var got []string
		for f := s.next(); f.Type != "knowledge"; f = s.next() {
			if f.Type == "gone" && f.ID != c.ID {
				t.Errorf("%s is gone", f.ID)
			}
			got = append(got, f.Type+" "+f.What)
		}
		return strings.Join(got, ", ")
	}
	// Whether ana had it on the screen before it rang is not known: gone, in doubt.
	if got, want := hears(anas), "gone , conversation offered, gone , conversation accepted, gone "; got != want {
		t.Errorf("ana hears %q, want %q", got, want)
	}
	if got, want := hears(bos), "conversation queued, conversation offered, conversation missed, conversation accepted, gone "; got != want {
		t.Errorf("bo hears %q, want %q", got, want)
	}
	if got := hears(cys); strings.Contains(got, "gone") {
		t.Errorf("cy hears %q", got)
	}
	// Whoever was away hears the same.
	late := r.console("ana")
	late.send(`{"type":"resume","after":1}`)
	if got, want := hears(late), "conversation offered, gone , conversation accepted, gone "; got != want {
		t.Errorf("ana, back again, hears %q, want %q", got, want)
	}
}

// The heart of it: agents come and go while others write, and each hears every
// event once and in order, whether it came from the database, from memory or
// as it happened.
func TestResumeExactlyOnce(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		const writers, batches, perBatch, before = 4, 30, 10, 1800
		c := conversation.Conversation{ID: 100, State: conversation.Active, Agent: 1}
		old := make([]event.Event, before)
		for i := range old {
			old[i] = said(c, strconv.Itoa(i))
		}
		r.stop()
		r.emit(old...) // more than is kept in memory
		r.start()
		const total = before + writers*batches*perBatch
		past := r.sequence(t)
		r.actor("lin", 1, agent.ScopeAll)
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for i := range batches {
					es := make([]event.Event, perBatch)
					for j := range es {
						es[j] = said(c, fmt.Sprint(i, j))
					}
					r.emit(es...)
				}
			})
		}
		heard := make([][]int64, 5)
		for console := range heard {
			wg.Go(func() {
				// Some begin far back, some near the end.
				got := slices.Clone(past[:[]int{1, 300, before - 900, before - 10, before}[console]])
				random := rand.New(rand.NewPCG(uint64(console), 1))
				for len(got) < total {
					if !r.stayAWhile(t, &got, min(random.IntN(900), total-len(got))) {
						break
					}
				}
				heard[console] = got
			})
		}
		wg.Wait()
		want := r.sequence(t)
		for console, got := range heard {
			if len(want) != total || !slices.Equal(got, want) {
				t.Errorf("console %d heard %d of %d, in order: %v", console, len(got), total, slices.IsSorted(got))
			}
		}
	})
}

// sequence returns the numbers of all events.
func (r *rig) sequence(t *testing.T) (all []int64) {
	t.Helper()
	for _, e := range storetest.Events(t, r.db, 0) {
		all = append(all, e.Seq)
	}
	return all
}

// stayAWhile is a console that goes on from what it got and leaves after so
// many frames. It is false if something went wrong.
func (r *rig) stayAWhile(t *testing.T, got *[]int64, frames int) bool {
	s := r.console("lin")
	defer s.conn.Close()
	s.send(fmt.Sprintf(`{"type":"resume","after":%d}`, (*got)[len(*got)-1]))
	hello := false
	for range frames {
		f, err := s.read()
		switch {
		case err != nil:
			t.Error(err)
			return false
		case f.Type == "message":
			*got = append(*got, f.Seq)
		case f.Type == "hello" && !hello && f.Seq == (*got)[len(*got)-1]:
			hello = true
		case f.Type == "at":
		default:
			t.Errorf("%+v after %d", f, (*got)[len(*got)-1])
			return false
		}
	}
	return true
}

func TestWhoWasAwayTooLongBeginsAgain(t *testing.T) {
	r := rigOf(t)
	r.actor("lin", 1, agent.ScopeAll)
	c := conversation.Conversation{ID: 100, State: conversation.Active, Agent: 1}
	past := said(c, "long ago")
	past.At = clock.Now().Add(-time.Hour)
	r.emit(past, past, past, said(c, "now"), said(c, "and now"))
	if err := r.db.Update(context.Background(), func(tx *store.Tx) error {
		_, err := tx.TrimEvents(context.Background(), clock.Now().Add(-time.Minute))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for after, want := range map[int]string{1: "reset", 2: "reset", 3: "message", 4: "message", 5: "hello", 6: "reset", 1 << 40: "reset"} {
		s := r.console("lin")
		s.send(fmt.Sprintf(`{"type":"resume","after":%d}`, after))
		if want == "reset" {
			if f := s.want("reset"); f.Seq != 5 {
				t.Errorf("after %d: go on from %d", after, f.Seq)
			}
		}
		for f := s.next(); f.Type != "hello"; f = s.next() {
			if f.Type != want || f.Seq <= int64(after) {
				t.Errorf("after %d: %+v", after, f)
			}
		}
		s.quiet()
		s.conn.Close()
	}
}

func TestASlowConsoleIsCutOffAndCatchesUp(t *testing.T) {
	r := rigOf(t)
	r.actor("lin", 1, agent.ScopeAll)
	s := r.listening("lin")
	if err := s.conn.(*net.TCPConn).SetReadBuffer(256 << 10); err != nil { // so that little waits in the network
		t.Fatal(err)
	}
	c := conversation.Conversation{ID: 100, State: conversation.Active, Agent: 1}
	large := strings.Repeat("长", 8000)
	var got []int64
	for emitted := 0; r.hub.Counts().Slow == 0; emitted++ { // it reads nothing, so its queue must run over
		es := make([]event.Event, 50)
		for i := range es {
			es[i] = said(c, large)
		}
		r.emit(es...)
		if emitted > 400 {
			t.Fatal("nothing stops a client that does not read")
		}
	}
	after := int64(0)
	for {
		f, err := s.read()
		if err != nil { // a busy machine may read so late that not even the code could be written
			break
		}
		if f.closed != 0 {
			if f.closed != 4008 {
				t.Errorf("closed with %d", f.closed)
			}
			break
		}
		if f.Seq <= after {
			t.Fatalf("%d after %d", f.Seq, after)
		}
		got, after = append(got, f.Seq), f.Seq
	}
	want := r.sequence(t)
	if len(got) >= len(want) {
		t.Errorf("all %d were read before it was cut off", len(want))
	}
	s = r.console("lin")
	s.send(fmt.Sprintf(`{"type":"resume","after":%d}`, after))
	for len(got) < len(want) {
		got = append(got, s.want("message").Seq)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d of %d were heard, in order: %v", len(got), len(want), slices.IsSorted(got))
	}
	s.want("hello")
}

func TestConsolesOfASessionThatEndedAreClosed(t *testing.T) {
	r := rigOf(t)
	r.actor("lin", 1, agent.ScopeAll)
	r.actor("lin-home", 1, agent.ScopeAll)
	r.actor("zhao", 2, agent.ScopeAll)
	lin, home, zhao := r.listening("lin"), r.listening("lin-home"), r.listening("zhao")
	r.signOut("lin")
	r.emit(event.Event{Kind: event.SessionEnded, Agent: 1, At: clock.Now(), Body: event.Encode(event.SessionEnd{Session: "x"})})
	lin.wantClosed(4001)
	home.quiet()
	zhao.quiet()
	r.actor("lin-home", 1, agent.ScopeOwn) // a role was taken away
	r.emit(event.Event{Kind: event.SettingsChanged, At: clock.Now()})
	home.want("settings")
	home.want("reset")
	r.emit(said(conversation.Conversation{ID: 100, Agent: 2, State: conversation.Active}, "not for lin"))
	zhao.want("settings")
	zhao.want("message")
	home.quiet()
}

func TestTheDeskIsToldWhoIsHere(t *testing.T) {
	r := rigOf(t)
	r.actor("lin", 1, agent.ScopeAll)
	first := r.listening("lin")
	r.wantSeat("1 here")
	second := r.listening("lin")
	first.conn.Close()
	for r.hub.Counts().Agents != 1 {
		runtime.Gosched()
	}
	second.quiet()
	second.conn.Close()
	r.wantSeat("1 gone")
	r.listening("lin")
	r.wantSeat("1 here")
	if len(r.seats) != 0 {
		t.Errorf("the desk is also told %q", <-r.seats)
	}
}

func TestTheSameOverServerSentEvents(t *testing.T) {
	r := rigOf(t)
	r.actor("lin", 1, agent.ScopeAll)
	cookie := http.Header{"Cookie": {"who=lin"}}
	c := conversation.Conversation{ID: 100, State: conversation.Active, Agent: 1, Contact: 7}
	well := r.listening("lin")
	r.emit(said(c, "one"), said(c, "two"), said(c, "three"))
	for range 3 { // what it heard is in the memory for those who come later
		well.want("message")
	}
	if _, status := r.stream("/api/v1/live/events", http.Header{}); status != http.StatusUnauthorized {
		t.Errorf("without a cookie: %d", status)
	}
	s, _ := r.stream("/api/v1/live/events?after=1", cookie)
	for _, want := range []string{"two", "three"} {
		if f := s.want("message"); f.Message.Text != want {
			t.Errorf("%+v", f)
		}
	}
	if f := s.want("hello"); f.Seq != 3 {
		t.Errorf("%+v", f)
	}
	r.emit(said(c, "four"))
	if f := s.want("message"); f.Seq != 4 {
		t.Errorf("%+v", f)
	}
	q, err := http.NewRequest(http.MethodPost, r.url+"/api/v1/live/frames", strings.NewReader(`{"type":"viewing","conversation":"`+c.ID.String()+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	q.Header = cookie.Clone()
	q.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if f := s.want("viewing"); res.StatusCode != http.StatusNoContent || len(f.Agents) != 1 || f.Agents[0].Name != "lin" {
		t.Errorf("%d %+v", res.StatusCode, f)
	}
	r.stop()
	if f, err := s.next(); err == nil {
		t.Errorf("after the end: %+v", f)
	}
}

// What no browser sends brings down its own connection and nothing else.
func TestBrokenClients(t *testing.T) {
	r := rigOf(t)
	r.actor("lin", 1, agent.ScopeAll)
	well := r.listening("lin")
	claims := func(n uint64) []byte {
		return append(binary.BigEndian.AppendUint64([]byte{0x81, 0x80 | 127}, n), 0, 0, 0, 0, 'x')
	}
	for what, b := range map[string][]byte{
		"no JSON":           masked(0x81, []byte("hello")),
		"JSON of nothing":   masked(0x81, []byte("{}")),
		"binary":            masked(0x82, []byte(`{"type":"ping"}`)),
		"broken UTF-8":      masked(0x81, []byte("\xff\xfe")),
		"no mask":           {0x81, 2, '{', '}'},
		"too large":         masked(0x81, []byte(`{"type":"`+strings.Repeat("a", 70<<10)+`"}`)),
		"a length below 0":  claims(1 << 63),
		"a length of all":   claims(1<<64 - 1),
		"a length too long": claims(1 << 40),
	} {
		s := r.console("lin")
		if _, err := s.conn.Write(b); err != nil {
			t.Fatal(err)
		}
		for {
			f, err := s.read()
			if err != nil || f.closed != 0 {
				break
			}
			t.Errorf("%s: %+v", what, f)
		}
	}
	well.quiet()
}
