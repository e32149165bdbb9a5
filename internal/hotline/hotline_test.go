package hotline_test

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/channel/voice"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/prompt"
	"yingda/internal/hook"
	"yingda/internal/hotline"
	"yingda/internal/job"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/rtp"
	"yingda/internal/kit/sdp"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

var loopback = netip.MustParseAddr("127.0.0.1")

// house is a hotline with a real desk, a carrier through which people call, and
// two agents and a supervisor with telephones in their consoles.
type house struct {
	*hotline.Hotline
	t               *testing.T
	desk            *desk.Desk
	files           *blob.Dir
	store           storeOf
	folder          string
	carrier         *voice.Door // who is called outside
	callers         *voice.Door // who calls
	last            call.ID     // the call that was seen last
	door            *voice.Door
	pacer           *rtp.Pacer
	ports           *rtp.Ports
	away            away
	lin, zhao, wang agent.Actor
	consoles        consoles
	phones          map[agent.ID][]string
	menu            call.Menu
	prompts         prompts
	noCallback      atomic.Bool                    // their menu cannot be read
	others          atomic.Pointer[netip.AddrPort] // the door of another program

	mu     sync.Mutex
	rung   func(c *voice.Call, in voice.Incoming) (func(voice.Event), error) // who is called outside
	stop   context.CancelFunc
	runs   sync.WaitGroup
	closed bool
}

var nextPorts atomic.Uint32

func each(t *testing.T, f func(h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		f(h)
	})
}

func newHouse(t *testing.T, db *store.DB) *house {
	h := &house{t: t, desk: &desk.Desk{DB: db, Now: clock.Now, CaseKey: []byte("a key for tests"), AsksHooks: hook.New(clock.Now)}, phones: map[agent.ID][]string{}, menu: short()}
	h.furnish(db)
	h.must(h.desk.EnsureHotline(t.Context()))
	var err error
	h.folder = t.TempDir()
	h.files, err = blob.OpenDir(filepath.Join(h.folder, "files"))
	h.must(err)
	h.store.Store = h.files
	first := uint16(33000 + nextPorts.Add(1)%64*400) // its own: what is still sent to a house that is gone must not come to another
	h.ports, err = rtp.NewPorts(loopback, first, first+399)
	h.must(err)
	h.pacer = rtp.NewPacer(2)
	h.consoles = consoles{legs: map[agent.ID]*console{}}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	h.stop = stop
	h.start(db)
	h.consoles.tell = h.PhonesChanged
	jobs := &job.Worker{DB: db, Now: clock.Now}
	jobs.Handle(h.desk.Jobs()...)
	h.runs.Go(func() { _ = jobs.Run(ctx) })
	h.runs.Go(func() { _ = h.Run(ctx) })
	t.Cleanup(h.shut)
	return h
}

func (h *house) shut() {
	if h.closed {
		return
	}
	h.closed = true
	h.Close()
	h.stop()
	h.runs.Wait()
	h.door.Close()
	h.callers.Close()
	h.carrier.Close()
	h.pacer.Close()
	h.must(h.files.Close())
}

// start opens the hotline, its door, and the carrier.
func (h *house) start(db *store.DB) {
	var err error
	log := logger()
	h.away.Hotline = h.desk
	local := voice.Listener{Network: "udp", Address: netip.AddrPortFrom(loopback, 0)}
	h.carrier, err = voice.Open(voice.Options{
		Listen: []voice.Listener{local}, Ports: h.ports, Pacer: h.pacer, Realm: "yingda", Phones: passwords{}, Now: clock.Now, Log: log,
		Trunks: []voice.Trunk{{Name: "house", Host: "127.0.0.1", Network: "udp", From: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}},
		Take: func(c *voice.Call, in voice.Incoming) (func(voice.Event), error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			return h.rung(c, in)
		},
	})
	h.must(err)
	h.Hotline, h.door = h.program(db, "one", &h.consoles, log, func(context.Context) []netip.AddrPort {
		if at := h.others.Load(); at != nil {
			return []netip.AddrPort{*at}
		}
		return nil
	})
	h.callers, err = voice.Open(voice.Options{
		Listen: []voice.Listener{local}, Ports: h.ports, Pacer: h.pacer, Realm: "yingda", Phones: passwords{}, Now: clock.Now, Log: log,
		Trunks: []voice.Trunk{
			{Name: "house", Host: "127.0.0.1", Port: int(h.door.Address("udp").Port()), Network: "udp"},
		},
		Plan: voice.Plan{Trunks: []string{"house"}},
		Take: func(*voice.Call, voice.Incoming) (func(voice.Event), error) { return nil, voice.ErrNoNumber },
	})
	h.must(err)
}

func logger() *slog.Logger {
	if os.Getenv("VERBOSE") != "" {
		return slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	return slog.New(slog.DiscardHandler)
}

// program opens a hotline and its door.
func (h *house) program(db *store.DB, name string, ears hotline.Ears, log *slog.Logger, doors func(context.Context) []netip.AddrPort) (*hotline.Hotline, *voice.Door) {
	h.t.Helper()
	line, err := hotline.Open(h.t.Context(), hotline.Options{
		Desk: &h.away, Menus: menus{h}, Prompts: &h.prompts, Phones: phones{h}, Ears: ears, Feed: db, Hooks: h.desk, Program: name, Doors: doors,
		Folder: filepath.Join(h.folder, "recordings"), Files: &h.store, Line: func() string { return "4008200000" },
		Target: func(name string) (string, bool) { return "13800000009", name == "branch" }, Now: clock.Now, Log: log,
	})
	h.must(err)
	door, err := voice.Open(voice.Options{
		Listen: []voice.Listener{{Network: "udp", Address: netip.AddrPortFrom(loopback, 0)}}, Ports: h.ports, Pacer: h.pacer, Realm: "yingda", House: []byte("a key of the house"),
		Phones: passwords{"8001": "one", "8002": "two"}, Now: clock.Now, Log: log,
		Trunks: []voice.Trunk{{Name: "carrier", Host: "127.0.0.1", Port: int(h.carrier.Address("udp").Port()), Network: "udp", Number: "4008200000", From: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}},
		Plan:   voice.Plan{Inside: func(n string) bool { return n == "8001" || n == "8002" }, Trunks: []string{"carrier"}},
		Take:   line.Take, Moved: line.PhonesChanged,
	})
	h.must(err)
	line.Use(door)
	return line, door
}

func (h *house) furnish(db *store.DB) {
	ctx, now := h.t.Context(), clock.Now()
	roles := map[string]agent.Role{}
	h.must(db.Update(ctx, func(tx *store.Tx) error {
		clear(roles)
		for _, r := range agent.BuiltinRoles() {
			r.ID = agent.NewRoleID(now)
			roles[r.Name] = r
			if err := tx.InsertRole(ctx, r); err != nil {
				return err
			}
		}
		return tx.InsertInbox(ctx, inbox.Inbox{ID: inbox.NewID(now), Key: "main", Kind: "webchat", Name: "官网", Enabled: true, Settings: inbox.Defaults(), Version: 1})
	}))
	sit := func(name string, role agent.Role) agent.Actor {
		a := agent.Agent{ID: agent.NewID(now), Email: name + "@example.org", Name: name, Language: "zh", Capacity: 2, CreatedAt: now}
		h.must(db.Update(ctx, func(tx *store.Tx) error {
			if err := tx.InsertAgent(ctx, a); err != nil {
				return err
			}
			return tx.SetAgentRoles(ctx, a.ID, []agent.RoleID{role.ID})
		}))
		return agent.Actor{Agent: a.ID, Name: name}.With(role)
	}
	h.lin, h.zhao, h.wang = sit("林", roles["agent"]), sit("赵", roles["agent"]), sit("王", roles["supervisor"])
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) code(err error, want string) {
	h.t.Helper()
	if got := fault.CodeOf(err); err == nil || got != want {
		h.t.Errorf("got %v (%s), want %s", err, got, want)
	}
}

// online lets an agent take work, with the telephone in their console.
func (h *house) online(as ...agent.Actor) {
	h.t.Helper()
	for _, a := range as {
		h.consoles.connect(h, a.Agent)
		h.present(a)
	}
}

func (h *house) present(a agent.Actor) {
	h.t.Helper()
	h.must(h.desk.AgentConnected(h.t.Context(), a.Agent))
	_, err := h.desk.SetPresence(h.t.Context(), a, agent.Online, "")
	h.must(err)
}

func (h *house) wait(what string, ok func() bool) {
	h.t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			h.t.Fatal("waited in vain for ", what)
		}
	}
}

// short is a menu that is walked through in a second.
func short() call.Menu {
	m := call.Hotline()
	node := func(id string) call.Node {
		n, _ := m.Find(id)
		return n
	}
	welcome, notice, queue, survey, end := node("welcome"), node("notice"), node("vehicle_queue"), node("survey"), node("survey_end")
	main := node("main")
	notice.Next = "main"
	main.Choices = []call.Choice{{Key: "1", Next: "vehicle_queue"}, {Key: "2", Next: "callback"}, {Key: "3", Next: "voicemail"}, {Key: "4", Next: "branch"}}
	main.Timeout, main.Invalid = "vehicle_queue", "vehicle_queue"
	queue.Empty, queue.Full, queue.Choices = "", "voicemail", []call.Choice{{Key: "*", Next: "callback"}}
	callback := node("callback")
	callback.Failed = "voicemail"
	survey.Questions = survey.Questions[3:]
	branch := call.Node{ID: "branch", Kind: call.KindTransfer, Prompts: []string{"connect"}, To: "branch", Failed: "voicemail"}
	m.Nodes = []call.Node{welcome, notice, main, queue, survey, end, callback, node("callback_end"), node("voicemail"), node("voicemail_end"), node("voicemail_empty"), branch}
	return m
}

type menus struct{ h *house }

func (m menus) CallMenu(_ context.Context, id string, _ int) (call.Menu, error) {
	if id == call.Callback().ID {
		if m.h.noCallback.Load() {
			return call.Menu{}, fault.New(fault.Internal, "store.away", "the database does not answer")
		}
		return call.Callback(), nil
	}
	return m.h.menu, nil
}

// prompts are the sentences of the program, each clip of which is a moment, or a
// tone where a test listens to what is said.
type prompts struct {
	hotline.Builtin

	broken atomic.Bool // asking for the sentences is a mistake of ours

	mu   sync.Mutex
	said []string // the clips, each time that they were said
}

// CallPrompts are those of the program.
func (p *prompts) CallPrompts(ctx context.Context) (prompt.Library, error) {
	if p.broken.Load() {
		panic("a mistake")
	}
	return p.Builtin.CallPrompts(ctx)
}

// sounding are clips, by how they begin, that are a tone each.
var sounding = map[string]string{"queue.one_ahead": "A", "queue.wait_under": "B", "music": "C", "callback.kept": "D"}

// PromptsRevision returns another one each time, so that no clip is kept.
func (p *prompts) PromptsRevision(context.Context) (int64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return int64(len(p.said)), nil
}

func (p *prompts) CallClip(_ context.Context, _, clip string) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said = append(p.said, clip)
	for begin, key := range sounding {
		if strings.HasPrefix(clip, begin) {
			return audio.WriteWAV(audio.Digits(key, 150*time.Millisecond)), nil
		}
	}
	return audio.WriteWAV(make([]int16, 2*audio.Frame)), nil
}

// away is a desk whose database is away now and then.
type away struct {
	channel.Hotline
	is atomic.Bool
}

// CallEnded cannot be written while the database is away.
func (a *away) CallEnded(ctx context.Context, i call.ID, end channel.CallEnd) (channel.CallSight, error) {
	if a.is.Load() {
		return channel.CallSight{}, fault.New(fault.Busy, "store.away", "the database does not answer")
	}
	return a.Hotline.CallEnded(ctx, i, end)
}

// storeOf are files that cannot be put away now and then.
type storeOf struct {
	blob.Store
	full atomic.Bool
}

// Put fails while there is no room.
func (s *storeOf) Put(ctx context.Context, key string, r io.Reader) (blob.Stat, error) {
	if s.full.Load() {
		return blob.Stat{}, fault.New(fault.Internal, "blob.full", "there is no room")
	}
	return s.Store.Put(ctx, key, r)
}

// has reports whether these were said one right after the other.
func (p *prompts) has(clips ...string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.said {
		if end := i + len(clips); end <= len(p.said) && slices.Equal(p.said[i:end], clips) {
			return true
		}
	}
	return false
}

type phones struct{ h *house }

func (p phones) PhonesOf(_ context.Context, a agent.ID) ([]string, error) {
	p.h.mu.Lock()
	defer p.h.mu.Unlock()
	return slices.Clone(p.h.phones[a]), nil
}

func (p phones) AgentOfPhone(_ context.Context, phone string) (agent.ID, error) {
	p.h.mu.Lock()
	defer p.h.mu.Unlock()
	for a, all := range p.h.phones {
		if slices.Contains(all, phone) {
			return a, nil
		}
	}
	return 0, nil
}

type passwords map[string]string

func (p passwords) Digest(user string) (string, bool) {
	password, ok := p[user]
	return voice.Digest(user, "yingda", password), ok
}

// consoles are the agents' telephones: the leg that the hotline speaks through,
// and the one at the agent's ear.
type consoles struct {
	mu     sync.Mutex
	legs   map[agent.ID]*console
	fallen []agent.ID // cut off, and the desk does not know yet
	tell   func()
}

type console struct {
	*ear
	ours *rtp.Leg
}

func (c *consoles) Leg(a agent.ID) (*rtp.Leg, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.legs[a]
	if !ok {
		return nil, false
	}
	return k.ours, true
}

func (c *consoles) Connected() []agent.ID {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.AppendSeq(slices.Clone(c.fallen), maps.Keys(c.legs))
}

// fall cuts off an agent's console; the desk takes it for connected.
func (h *house) fall(a agent.Actor) {
	h.t.Helper()
	h.consoles.mu.Lock()
	h.consoles.fallen = append(h.consoles.fallen, a.Agent)
	h.consoles.mu.Unlock()
	h.PhonesChanged()
	h.phoned(a.Agent)
}

// phoned waits until the desk knows that an agent has a telephone that can ring.
func (h *house) phoned(a agent.ID) {
	h.t.Helper()
	h.wait("the desk to know of a telephone", func() bool {
		var s store.Seat
		h.must(h.desk.DB.View(h.t.Context(), func(tx *store.Tx) (err error) { s, err = tx.Seat(h.t.Context(), a); return err }))
		return !s.PhoneSince.IsZero()
	})
}

func (c *consoles) connect(h *house, a agent.ID) {
	h.t.Helper()
	leg := func() *rtp.Leg {
		l, err := rtp.NewLeg(rtp.Options{Ports: h.ports, Pacer: h.pacer, Tell: func(rtp.Event) {}})
		h.must(err)
		return l
	}
	ours, theirs := leg(), leg()
	agree := func(l, to *rtp.Leg) {
		l.Agree(sdp.Agreed{Remote: netip.AddrPortFrom(loopback, to.Port()), Law: audio.ALaw, Payload: 8, Ptime: 20, Direction: sdp.SendRecv}, loopback)
	}
	agree(ours, theirs)
	agree(theirs, ours)
	c.mu.Lock()
	c.legs[a] = &console{ear: listen(theirs), ours: ours}
	c.mu.Unlock()
	h.t.Cleanup(func() { ours.Close(); theirs.Close() })
	c.tell()
	h.phoned(a)
}

func (h *house) at(a agent.Actor) *console {
	h.consoles.mu.Lock()
	defer h.consoles.mu.Unlock()
	return h.consoles.legs[a.Agent]
}

func (h *house) unplug(a agent.Actor) {
	h.consoles.mu.Lock()
	delete(h.consoles.legs, a.Agent)
	h.consoles.mu.Unlock()
	h.PhonesChanged()
	h.PhoneGone(a.Agent)
}

// ear hears which tones come on a leg, and can say some.
type ear struct {
	leg *rtp.Leg

	mu       sync.Mutex
	detector audio.Detector
	keys     []byte
	frames   int
}

func listen(l *rtp.Leg) *ear {
	e := &ear{leg: l}
	l.Bridge(e)
	return e
}

// Forward hears.
func (e *ear) Forward(p *rtp.Packet, law audio.Law) {
	e.mu.Lock()
	defer e.mu.Unlock()
	samples := make([]int16, len(p.Payload))
	for i, c := range p.Payload {
		samples[i] = law.Decode(c)
	}
	e.frames++
	e.keys = append(e.keys, e.detector.Hear(samples)...)
}

// says lets the ear's owner say a tone.
func (e *ear) says(key string) {
	e.leg.Play(rtp.Clips(false, audio.NewClip(audio.Digits(key, 200*time.Millisecond))))
}

func (e *ear) heard() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return string(e.keys)
}

// hears fails unless what one says is heard by the other.
func (h *house) hears(who *ear, key string, from *ear) {
	h.t.Helper()
	before, said := strings.Count(who.heard(), key), time.Time{}
	h.wait("the tone "+key, func() bool {
		if time.Since(said) > time.Second { // again, until the two are joined
			from.says(key)
			said = time.Now()
		}
		return strings.Count(who.heard(), key) > before
	})
}

// caller is somebody who calls.
type caller struct {
	*voice.Call
	*ear
	h *house

	mu     sync.Mutex
	events []voice.Event
}

func (c *caller) on(e voice.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.events = append(c.events, e)
}

func (c *caller) count(k voice.Kind) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.events {
		if e.Kind == k {
			n++
		}
	}
	return n
}

// calls is a call to the house.
func (h *house) calls(number string) *caller {
	h.t.Helper()
	c := &caller{h: h}
	var err error
	c.Call, err = h.callers.Dial(voice.Dialing{Number: "4008200000", May: voice.Usual, From: number, On: c.on})
	h.must(err)
	h.wait("the answer", func() bool { return c.count(voice.Answered) == 1 })
	c.ear = listen(c.Leg())
	return c
}

// press presses a key in the menu, when the menu asks for it.
func (c *caller) press(keys string) { c.Leg().Press(keys) }

func (c *caller) gone() {
	c.h.t.Helper()
	c.h.wait("the end of the line", func() bool { return c.count(voice.Ended) == 1 })
}

// open are the calls whose line is open.
func (h *house) open() []call.ID {
	h.t.Helper()
	ids, err := h.desk.DB.Now().OpenCalls(h.t.Context(), "one", 50)
	h.must(err)
	return ids
}

// sees returns the call that was seen last, or the only one.
func (h *house) sees() (s channel.CallSight) {
	h.t.Helper()
	if h.last == 0 {
		h.wait("a call", func() bool { return len(h.open()) == 1 })
		h.last = h.open()[0]
	}
	s, err := h.desk.Call(h.t.Context(), h.last)
	h.must(err)
	return s
}

func (h *house) state(of call.State) (s channel.CallSight) {
	h.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		switch s = h.sees(); {
		case s.Call.Record.State() == of:
			return s
		case time.Now().After(end):
			h.t.Fatalf("the call is not %s: %+v", of, s.Call.Record.Steps)
		}
	}
}

// A customer calls, walks through the menu, waits, is answered in a console,
// asked how it was, and has hung up: all of it is in the record, with what was
// said.
func TestACall(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		c := h.calls("13812345678")
		c.press("1")
		s := h.state(call.Offered)
		if s.Rings != h.lin.Agent || s.Call.Record.Queue() != "vehicle" || s.Call.NoticeAt.IsZero() {
			h.t.Errorf("it stands as %+v", s)
		}
		h.code(h.Answer(ctx, h.zhao, s.Call.ID), "call.no_phone")
		h.must(h.Answer(ctx, h.lin, s.Call.ID))
		h.state(call.Talking)
		h.hears(h.at(h.lin).ear, "5", c.ear)
		h.hears(c.ear, "6", h.at(h.lin).ear)

		h.must(h.Hold(ctx, h.lin, s.Call.ID))
		h.state(call.Held)
		h.must(h.Resume(ctx, h.lin, s.Call.ID))
		h.hears(h.at(h.lin).ear, "7", c.ear)

		h.must(h.Hangup(ctx, h.lin, s.Call.ID))
		h.state(call.Surveying)
		c.press("4")
		c.gone()
		s = h.state(call.WrappingUp)
		r := s.Call.Record
		if r.Ratings["overall"] != 4 || r.Result != call.Completed || r.Recording.File == "" || r.Recording.Notice == "" || r.Recording.Length < 200*time.Millisecond || r.Quality.MOS < 4 {
			h.t.Errorf("the record is %+v", r)
		}
		f, err := h.files.Open(ctx, r.Recording.File)
		h.must(err)
		defer f.Close()
		b := make([]byte, f.Size)
		_, err = f.ReadAt(b, 0)
		h.must(err)
		sound, err := audio.ReadWAV(b)
		h.must(err)
		if said := tones(sound, 0); !strings.Contains(said, "57") {
			h.t.Errorf("of the customer the recording has %q", said)
		}
		if said := tones(sound, 1); !strings.Contains(said, "6") {
			h.t.Errorf("of the agent the recording has %q", said)
		}
		if s.State != conversation.WrapUp {
			h.t.Errorf("the conversation is %s", s.State)
		}
		h.wait("the line to be forgotten", func() bool { return h.Lines() == 0 })
	})
}

// tones are the tones in a channel of a recording.
func tones(s audio.Sound, channel int) string {
	var d audio.Detector
	return string(d.Hear(s.Channels[channel]))
}

// Who declines is passed by, the call rings at the next agent;
// whose telephone is gone while they talk gives the caller back to the head of
// the queue.
func TestItRingsOn(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		c := h.calls("13812345678")
		c.press("1")
		s := h.state(call.Offered)
		h.online(h.zhao)
		h.must(h.Decline(ctx, h.lin, s.Call.ID))
		h.wait("the other to be rung", func() bool { return h.sees().Rings == h.zhao.Agent })
		h.code(h.Answer(ctx, h.lin, s.Call.ID), "call.not_offered")
		h.must(h.Answer(ctx, h.zhao, s.Call.ID))
		h.state(call.Talking)
		h.hears(h.at(h.zhao).ear, "1", c.ear)
		came := h.sees().Call.Record.Steps[0].At
		h.online(h.wang)
		h.unplug(h.zhao)
		h.wait("a third to be rung", func() bool { return h.sees().Rings == h.wang.Agent })
		if since := h.sees().Place.Since; since.After(came.Add(time.Second)) {
			h.t.Errorf("the caller waits since %s, and came at %s", since, came)
		}
		h.must(h.Answer(ctx, h.wang, s.Call.ID))
		h.hears(h.at(h.wang).ear, "2", c.ear)
		h.hears(c.ear, "3", h.at(h.wang).ear)
		c.Hangup()
		s = h.state(call.WrappingUp)
		if s.Agent != h.wang.Agent || s.Call.Record.Result != call.Completed {
			h.t.Errorf("it ends as %+v", s)
		}
	})
}

// Who hangs up while waiting has hung up for everybody: nothing rings on.
func TestTheCallerHangsUp(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.online(h.lin)
		c := h.calls("13812345678")
		c.press("1")
		h.state(call.Offered)
		c.Hangup()
		s := h.state(call.Ended)
		if s.Call.Record.Result != call.Abandoned || !s.Rings.IsZero() {
			h.t.Errorf("it ends as %+v", s)
		}
		h.code(h.Answer(h.t.Context(), h.lin, s.Call.ID), "call.over")
	})
}

// A message is recorded after the tone, up to the key that ends it; silence is
// none.
func TestAMessage(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		c := h.calls("13812345678")
		c.press("3")
		h.state(call.Recording)
		time.Sleep(400 * time.Millisecond) // the tone; a person hears it
		for range 4 {
			c.says("5")
			time.Sleep(210 * time.Millisecond) // speaks
		}
		c.press("#")
		c.gone()
		s := h.state(call.Ended)
		if s.Call.Record.Result != call.MessageLeft || s.Call.Record.Recording.File == "" {
			h.t.Errorf("the record is %+v", s.Call.Record)
		}
		h.last = 0
		c = h.calls("13812345679")
		c.press("3")
		h.state(call.Recording)
		c.press("#")
		c.gone()
		if s := h.state(call.Ended); s.Call.Record.Result != call.LeftMenu {
			h.t.Errorf("of nothing that was said the record is %+v", s.Call.Record)
		}
	})
}

// Who wants to be called back is called back when an agent is free, waits no
// more, and has one call with them.
func TestACallBack(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		c := h.calls("13812345678")
		c.press("1")
		h.state(call.Queued)
		c.press("*")
		c.gone()
		if s := h.state(call.Ended); s.Call.Record.Result != call.CallbackDue {
			h.t.Fatalf("the record is %+v", s.Call.Record)
		}
		h.last = 0
		back := h.outside()
		h.online(h.lin)
		h.wait("the call", func() bool { h.CallBackNow(h.t.Context()); return back.came() })
		if back.in.To != "13812345678" || back.in.From != "4008200000" {
			h.t.Errorf("we called %+v", back.in)
		}
		h.wait("the call at the desk", func() bool { return h.sees().Call.Record.State() == call.InMenu })
		back.Leg().Press("1")
		s := h.state(call.Offered)
		h.must(h.Answer(h.t.Context(), h.lin, s.Call.ID))
		h.hears(h.at(h.lin).ear, "4", back.ear)
		h.must(h.Hangup(h.t.Context(), h.lin, s.Call.ID))
		back.Hangup()
		s = h.state(call.WrappingUp)
		if s.Call.Record.Direction != call.Outbound || s.Call.Record.Result != call.Completed {
			h.t.Errorf("the record is %+v", s.Call.Record)
		}
		due, err := h.desk.CallbacksDue(h.t.Context(), 10)
		h.must(err)
		if len(due) != 0 {
			h.t.Errorf("they are called again: %+v", due)
		}
	})
}

// outside is somebody outside who answers when we call.
type outside struct {
	*caller
	in    voice.Incoming
	rings bool // it does not answer by itself
}

func (o *outside) came() bool {
	o.h.mu.Lock()
	defer o.h.mu.Unlock()
	return o.Call != nil
}

func (h *house) outside() *outside {
	o := &outside{caller: &caller{h: h}}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.rung = func(c *voice.Call, in voice.Incoming) (func(voice.Event), error) {
		o.Call, o.in = c, in
		o.ear = listen(c.Leg())
		if o.rings {
			c.Ring()
		} else {
			c.Answer()
		}
		return o.on, nil
	}
	return o
}

// An agent calls a customer, who is told of the recording; asks a colleague, and
// makes three of it; and hands the customer to a number outside.
func TestAnAgentCalls(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin, h.zhao)
		_, err := h.Dial(ctx, h.lin, "0085212345678")
		h.code(err, "voice.not_allowed")
		customer := h.outside()
		h.last, err = h.Dial(ctx, h.lin, "13812345678")
		h.must(err)
		h.wait("the customer", customer.came)
		s := h.state(call.Talking)
		if s.Agent != h.lin.Agent || s.Call.Record.Direction != call.Outbound || s.Call.Record.Caller != "13812345678" {
			h.t.Errorf("it stands as %+v", s)
		}
		h.hears(customer.ear, "1", h.at(h.lin).ear)
		h.hears(h.at(h.lin).ear, "2", customer.ear)
		_, err = h.Dial(ctx, h.lin, "13812345679")
		h.code(err, "call.engaged")

		h.must(h.Consult(ctx, h.lin, s.Call.ID, channel.Whom{Agent: h.zhao.Agent}))
		h.state(call.Consulting)
		_, before, err := h.desk.DB.EventBounds(ctx)
		h.must(err)
		h.must(h.Answer(ctx, h.zhao, s.Call.ID))
		h.wait("somebody to be told that a colleague is there", func() bool {
			_, after, err := h.desk.DB.EventBounds(ctx)
			h.must(err)
			return after != before
		})
		h.hears(h.at(h.zhao).ear, "3", h.at(h.lin).ear)
		h.must(h.Join(ctx, h.lin, s.Call.ID))
		h.state(call.Conferring)
		h.hears(h.at(h.zhao).ear, "4", customer.ear)
		h.hears(h.at(h.lin).ear, "5", customer.ear)
		h.hears(customer.ear, "6", h.at(h.zhao).ear)
		h.must(h.Hangup(ctx, h.zhao, s.Call.ID))
		h.state(call.Talking)
		h.hears(customer.ear, "7", h.at(h.lin).ear)

		branch := h.outside()
		h.must(h.Transfer(ctx, h.lin, s.Call.ID, "13800000009"))
		h.wait("the branch", branch.came)
		h.hears(branch.ear, "8", customer.ear)
		h.hears(customer.ear, "9", branch.ear)
		customer.Hangup()
		branch.gone()
		if s := h.state(call.WrappingUp); s.Call.Record.Result != call.Forwarded {
			h.t.Errorf("it ends as %+v", s.Call.Record)
		}
	})
}

// Three speak, and who asked hands over to who was asked: they are two, and the
// first is free.
func TestHandsOverWhereThreeSpeak(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin, h.zhao)
		c := h.calls("13812345678")
		c.press("1")
		s := h.state(call.Offered)
		lin, zhao := h.lin, h.zhao
		if s.Rings != lin.Agent {
			lin, zhao = zhao, lin
		}
		i := s.Call.ID
		h.must(h.Answer(ctx, lin, i))
		h.state(call.Talking)
		h.must(h.Consult(ctx, lin, i, channel.Whom{Agent: zhao.Agent}))
		h.must(h.Answer(ctx, zhao, i))
		h.must(h.Join(ctx, lin, i))
		h.state(call.Conferring)
		h.must(h.Transfer(ctx, lin, i, ""))
		if s := h.state(call.Talking); s.Agent != zhao.Agent {
			h.t.Errorf("it is with %v", s.Agent)
		}
		h.hears(c.ear, "1", h.at(zhao).ear)
		h.hears(h.at(zhao).ear, "2", c.ear)
		called := h.outside()
		_, err := h.Dial(ctx, lin, "13812345679")
		h.must(err) // the first is free
		h.wait("who is called", called.came)
		h.must(h.Hold(ctx, zhao, i))
		h.must(h.Resume(ctx, zhao, i))
		c.Hangup()
		h.wait("the end", func() bool {
			s, err := h.desk.Call(ctx, i)
			h.must(err)
			return s.Call.Record.State() == call.WrappingUp
		})
	})
}

// The database is away when a call ends: the desk hears of it as soon as it is
// back, with the time at which it was, and its recording is kept.
func TestAnEndIsToldLater(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.online(h.lin)
		c := h.calls("13812345678")
		c.press("1")
		i := h.state(call.Offered).Call.ID
		h.must(h.Answer(h.t.Context(), h.lin, i))
		h.state(call.Talking)
		h.away.is.Store(true)
		c.Hangup()
		c.gone()
		over := clock.Now()
		h.wait("the recording to be put away", func() bool {
			f, err := h.files.Open(h.t.Context(), "calls/"+i.String()+".wav")
			if err == nil {
				_ = f.Close()
			}
			return err == nil
		})
		if s := h.sees(); s.Call.Record.State() != call.Talking || h.Lines() != 1 {
			h.t.Errorf("it stands as %s", s.Call.Record.State())
		}
		h.away.is.Store(false)
		s := h.state(call.WrappingUp)
		if at := s.Call.Record.Steps[len(s.Call.Record.Steps)-1].At; at.Sub(over).Abs() > time.Second || s.Call.Record.Recording.File == "" {
			h.t.Errorf("it ended at %v, not %v: %+v", at, over, s.Call.Record)
		}
		h.wait("the line to be over", func() bool { return h.Lines() == 0 })
		if left, _ := filepath.Glob(filepath.Join(h.folder, "recordings", "*", "*.wav")); len(left) > 0 {
			h.t.Errorf("the file is left: %v", left)
		}
	})
}

// A recording for which there is no room in the store when its call ends is put
// away as soon as there is; those of calls that go on are left alone.
func TestARecordingIsPutAwayLater(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		c, i := h.talks("13812345678", h.lin)
		h.hears(h.at(h.lin).ear, "1", c.ear)
		h.store.full.Store(true)
		h.PutAwayNow(ctx) // the call goes on
		h.must(h.Hold(ctx, h.lin, i))
		h.must(h.Resume(ctx, h.lin, i))
		h.hears(h.at(h.lin).ear, "2", c.ear)
		c.Hangup()
		c.gone()
		h.wait("the line to be over", func() bool { return h.Lines() == 0 })
		if r := h.sees().Call.Record.Recording; r.File != "" || r.Cut != call.CutFailed {
			h.t.Errorf("without room there is %+v", r)
		}
		h.PutAwayNow(ctx)
		h.store.full.Store(false)
		h.PutAwayNow(ctx)
		s := h.sees()
		if r := s.Call.Record.Recording; r.File == "" || r.Cut != "" || r.SHA256 == "" {
			h.t.Errorf("with room again there is %+v", r)
		}
		h.heardOnSides(s.Call.Record, "12", "")
		if left, _ := filepath.Glob(filepath.Join(h.folder, "recordings", "*", "*.wav")); len(left) > 0 {
			h.t.Errorf("the file is left: %v", left)
		}
	})
}

// Another node has taken this one for dead, and has ended a call: the line ends
// too.
func TestTakenForDead(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		c := h.calls("13812345678")
		h.online(h.lin)
		c.press("1")
		h.state(call.Offered)
		_, err := h.desk.CallsLost(h.t.Context(), "one")
		h.must(err)
		c.gone()
		h.wait("the line to be over", func() bool { return h.Lines() == 0 })
		if s := h.sees(); s.Call.Record.Result != call.Lost {
			h.t.Errorf("it ended as %s", s.Call.Record.Result)
		}
	})
}

// A supervisor hears a call, is heard by the agent only, by both, and takes it
// over. Nobody else may.
func TestSupervising(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		h.consoles.connect(h, h.wang.Agent)
		h.consoles.connect(h, h.zhao.Agent)
		c := h.calls("13812345678")
		c.press("1")
		s := h.state(call.Offered)
		i := s.Call.ID
		h.code(h.Supervise(ctx, h.wang, i, channel.Listening), "call.no_agent")
		h.must(h.Answer(ctx, h.lin, i))
		h.state(call.Talking)
		h.code(h.Supervise(ctx, h.zhao, i, channel.Listening), "permission.missing")

		lin, wang := h.at(h.lin).ear, h.at(h.wang).ear
		h.must(h.Supervise(ctx, h.wang, i, channel.Listening))
		h.hears(wang, "1", c.ear)
		h.hears(wang, "2", lin)
		h.hears(lin, "3", c.ear)
		wang.says("D")
		h.hears(c.ear, "4", lin)
		h.must(h.Supervise(ctx, h.wang, i, channel.Whispering))
		h.hears(lin, "5", wang)
		wang.leg.Stop()
		h.hears(lin, "1", c.ear) // the rest of the whisper is over
		h.hears(c.ear, "2", lin)
		h.must(h.Supervise(ctx, h.wang, i, channel.Barging))
		h.hears(c.ear, "6", wang)
		if said := c.heard(); strings.ContainsAny(said, "D5") {
			h.t.Errorf("the customer has heard %q", said)
		}
		sight, ok := h.Line(ctx, i)
		if !ok || len(sight.Others) != 1 || sight.Others[0] != (channel.Other{Agent: h.wang.Agent, How: channel.Barging}) {
			h.t.Errorf("the line says %+v", sight)
		}
		h.must(h.Hangup(ctx, h.wang, i))
		h.hears(lin, "7", c.ear)
		h.must(h.TakeOver(ctx, h.wang, i))
		h.hears(wang, "8", c.ear)
		h.hears(c.ear, "9", wang)
		if s := h.state(call.Talking); s.Agent != h.wang.Agent {
			h.t.Errorf("it is with %v", s.Agent)
		}
		c.Hangup()
		h.state(call.WrappingUp)
	})
}

// A supervisor who hears a call and answers another hears the first no more, and
// leaving it does not cut the second.
func TestFromOneCallToAnother(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		c := h.calls("13812345678")
		c.press("1")
		first := h.state(call.Offered).Call.ID
		h.must(h.Answer(ctx, h.lin, first))
		h.state(call.Talking)
		h.online(h.wang)
		h.must(h.Supervise(ctx, h.wang, first, channel.Listening))
		h.hears(h.at(h.wang).ear, "1", c.ear)

		other := h.calls("13812345679")
		other.press("1")
		h.wait("the other call", func() bool { return len(h.open()) == 2 })
		h.last = h.open()[1]
		h.state(call.Offered)
		h.must(h.Answer(ctx, h.wang, h.last))
		h.hears(h.at(h.wang).ear, "2", other.ear)
		if s, _ := h.Line(ctx, first); len(s.Others) != 0 {
			h.t.Errorf("the first call is heard by %+v", s.Others)
		}
		h.hears(h.at(h.lin).ear, "3", c.ear)
		c.says("9")
		h.hears(other.ear, "4", h.at(h.wang).ear)
		if said := h.at(h.wang).heard(); strings.Contains(said, "9") {
			h.t.Errorf("of the first call %q is heard in the second", said)
		}
	})
}
