package hotline

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"yingda/internal/channel"
	"yingda/internal/channel/voice"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/rtp"
)

// line is a customer on the telephone, with whoever talks to them.
type line struct {
	h    *Hotline
	mail mailbox
	over chan struct{}

	// Everything below belongs to the line's goroutine.
	id       call.ID
	sight    channel.CallSight
	customer *voice.Call
	menu     call.Menu
	walk     call.Walk
	walks    bool // a menu has the caller, or waits to have them again
	due      *time.Timer
	play     int         // what is played to the customer, whose end is told
	reason   call.Reason // why it ends, if the menu says so
	leaving  bool        // it ends when what is said is over
	waited   bool        // in a queue, in this call
	gone     bool        // the customer's line is closed
	ended    bool        // it is over
	left     bool        // and the desk knows

	back    call.Back // the call back that is made
	to      string    // the number that an agent calls
	may     voice.Permission
	rings   agent.ID
	ringing []*voice.Call
	with    *party // the agent who has the caller
	held    bool
	third   *third
	room    *room // more than two hear each other
	tape    *tape
	message *tape  // a message that is spoken
	asking  func() // ends the question to another system
}

// party is an agent with what they hear and speak through.
type party struct {
	agent   agent.ID
	leg     *rtp.Leg
	phone   *voice.Call // nil: the console
	away    bool        // they hold the call on their telephone
	whisper *time.Timer // they hear first what it is about
}

type mailbox struct {
	mu     sync.Mutex
	todo   []func()
	busy   bool // the line's goroutine is there
	closed bool
}

// newLine makes a line; nil if the program is being stopped.
func (h *Hotline) newLine() *line {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closing {
		return nil
	}
	h.running.Add(1)
	return &line{h: h, over: make(chan struct{})}
}

// post hands the line something to do; false if it is over.
func (l *line) post(f func()) bool {
	m := &l.mail
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	m.todo = append(m.todo, f)
	if !m.busy {
		m.busy = true
		go l.run()
	}
	return true
}

// run is the line's goroutine, which is there while there is something to do.
func (l *line) run() {
	m := &l.mail
	for {
		m.mu.Lock()
		todo := m.todo
		m.todo = nil
		if len(todo) == 0 {
			m.busy = false
			over := l.left && !m.closed
			m.closed = m.closed || over
			m.mu.Unlock()
			if over {
				close(l.over)
				l.h.running.Done()
			}
			return
		}
		m.mu.Unlock()
		for _, f := range todo {
			l.safely(f)
		}
	}
}

// safely does one thing. A mistake of ours ends this call and no other.
func (l *line) safely(f func()) {
	defer func() {
		if why := recover(); why != nil {
			l.h.o.Log.Error("hotline: a call ends by a mistake of the program", slog.String("call", l.id.String()), slog.Any("panic", why), slog.String("stack", string(debug.Stack())))
			l.broken()
		}
	}()
	f()
}

// broken ends a call that something went wrong with, whatever it was.
func (l *line) broken() {
	defer func() { _ = recover() }() // it was tried
	if l.ended {
		l.end()
		return
	}
	l.hangUp(call.Failed)
}

// ask lets the line do something for somebody who waits for the answer.
func (l *line) ask(ctx context.Context, f func() error) error {
	done := make(chan error, 1)
	if !l.post(func() {
		if l.ended {
			done <- errOver
			return
		}
		done <- f()
	}) {
		return errOver
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// await lets the line begin something for somebody who waits until it is done.
func (l *line) await(ctx context.Context, f func(done func(error)) error) error {
	came := make(chan error, 1)
	if err := l.ask(ctx, func() error { return f(func(err error) { came <- err }) }); err != nil {
		return err
	}
	select {
	case err := <-came:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *line) later(d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, func() { l.post(f) })
}

// heard returns what hands a call's events to the line.
func (l *line) heard(f func(voice.Event)) func(voice.Event) {
	return func(e voice.Event) { l.post(func() { f(e) }) }
}

// patience are the times after which the desk is asked again if it was busy.
var patience = []time.Duration{50 * time.Millisecond, 200 * time.Millisecond, time.Second}

// tell tells the desk something, again if it is busy. What the desk does not
// want to hear now (it decided otherwise meanwhile) is logged, and returned.
func (l *line) tell(what string, f func(ctx context.Context) error) error {
	for try := 0; ; try++ {
		ctx, cancel := context.WithTimeout(l.h.context, 15*time.Second)
		err := f(ctx)
		cancel()
		kind := fault.KindOf(err)
		switch {
		case err == nil:
			return nil
		case kind == fault.Internal || kind == fault.Busy:
			if try < len(patience) && l.h.context.Err() == nil {
				time.Sleep(patience[try]) // the line waits, nobody else does
				continue
			}
			l.h.o.Log.Error("hotline: the desk was not told", slog.String("what", what), slog.String("call", l.id.String()), slog.Any("error", err))
		default:
			l.h.o.Log.Info("hotline: the desk refused", slog.String("what", what), slog.String("call", l.id.String()), slog.Any("error", err))
		}
		return err
	}
}

// sees tells the desk something after which it says how the call stands.
func (l *line) sees(what string, f func(ctx context.Context) (channel.CallSight, error)) error {
	return l.tell(what, func(ctx context.Context) error {
		s, err := f(ctx)
		if err == nil {
			l.sight = s
		}
		return err
	})
}

func (l *line) moved(a call.Act) error {
	return l.sees(string(a), func(ctx context.Context) (channel.CallSight, error) { return l.h.o.Desk.CallMoved(ctx, l.id, a) })
}

// comes begins a call that came in.
func (l *line) comes(c *voice.Call, in voice.Incoming) {
	desk := l.h.o.Desk
	var entry call.Entry
	err := l.tell("entry", func(ctx context.Context) (err error) {
		entry, err = desk.CallEntry(ctx, in.To)
		return err
	})
	if err == nil {
		err = l.tell("menu", func(ctx context.Context) (err error) {
			l.menu, err = l.h.o.Menus.CallMenu(ctx, entry.Menu, 0)
			return err
		})
	}
	if err == nil {
		err = l.begin(channel.CallIn{Door: l.h.o.Program + "/" + c.ID, Direction: call.Inbound, Number: in.From, Line: in.To})
	}
	if err != nil {
		c.Refuse(err)
		l.end()
		return
	}
	c.Answer()
}

// begin makes the call at the desk.
func (l *line) begin(in channel.CallIn) error {
	in.Program, in.Node = l.h.o.Program, l.h.node
	err := l.sees("came", func(ctx context.Context) (channel.CallSight, error) { return l.h.o.Desk.CallCame(ctx, in) })
	if err != nil {
		return err
	}
	l.id = l.sight.Call.ID
	l.h.keep(l)
	return nil
}

// customerSaid takes what happens on the customer's line.
func (l *line) customerSaid(e voice.Event) {
	switch e.Kind {
	case voice.Answered:
		l.customerAnswered()
	case voice.KeyPressed:
		if l.walks && l.with == nil {
			l.step(call.Event{Kind: call.Pressed, Key: string(e.Key)})
		}
	case voice.Played:
		if e.Play == l.play {
			l.played()
		}
	case voice.NotRecorded:
		l.cut(e.Err)
	case voice.Ended:
		l.customerGone(e)
	case voice.Early: // what the other side's exchange says: who calls hears it
		if l.with != nil && l.customer != nil {
			l.join()
		}
	case voice.Ringing, voice.Held, voice.Resumed, voice.TransferAsked:
	}
}

func (l *line) customerAnswered() {
	if l.id == 0 || l.ended {
		return
	}
	if l.with != nil { // an agent has called
		l.reached()
		return
	}
	if l.moved(call.Answer) != nil {
		l.hangUp(call.Failed)
		return
	}
	l.walks = true
	l.walk = l.menu.Begin()
	if l.back.ID != 0 {
		place := l.back.Place
		l.walk.Place = &place
	}
	l.step(call.Event{Kind: call.Began})
}

// played goes on after what was said.
func (l *line) played() {
	l.play = 0
	switch {
	case l.leaving:
		l.hangUp(l.reason)
	case l.message != nil && !l.message.begun:
		l.speak()
	case l.with != nil && !l.walks:
		l.noticed()
	case l.walks:
		l.step(call.Event{Kind: call.Played})
	}
}

// step walks on, and does what comes of it.
func (l *line) step(e call.Event) {
	if !l.walks || l.ended || l.leaving && e.Kind != call.HungUp {
		return
	}
	facts := call.Facts{Ahead: -1}
	_ = l.tell("facts", func(ctx context.Context) (err error) {
		f, err := l.h.o.Desk.CallFacts(ctx, l.id)
		if err == nil {
			facts = f
		}
		return err
	})
	walk, actions := l.menu.Step(l.walk, e, l.h.o.Now(), facts)
	l.walk = walk
	if len(actions) > 0 || e.Kind != call.Pressed {
		_ = l.tell("walked", func(ctx context.Context) error { return l.h.o.Desk.CallWalked(ctx, l.id, walk) })
	}
	for _, a := range actions {
		if l.ended {
			return
		}
		l.do(a)
	}
	l.wind()
}

// wind sets the clock to when the walk waits for it.
func (l *line) wind() {
	if l.due != nil {
		l.due.Stop()
		l.due = nil
	}
	if l.walk.Due.IsZero() || l.ended {
		return
	}
	at := l.walk.Due
	l.due = l.later(max(0, at.Sub(l.h.o.Now())), func() {
		if l.walk.Due.Equal(at) {
			l.step(call.Event{Kind: call.TimedOut})
		}
	})
}

// hangUp ends the customer's line; what follows is done when it is closed.
func (l *line) hangUp(why call.Reason) {
	if l.reason == "" {
		l.reason = why
	}
	if l.customer != nil {
		l.customer.Hangup()
		return
	}
	l.close()
}

// customerGone takes the end of the customer's line.
func (l *line) customerGone(e voice.Event) {
	if l.ended {
		return
	}
	l.gone = true
	if l.reason == "" {
		l.reason = whyEnded(e)
	}
	if l.reason == "" && l.message != nil && !l.message.holds(l.tape) { // nothing was said after the tone
		l.reason = call.LeftMenu
	}
	if l.walks {
		l.step(call.Event{Kind: call.HungUp})
	}
	l.close()
}

// whyEnded is the reason of a line's end in the words of the record; empty:
// somebody hung up, and where the call stood says why.
func whyEnded(e voice.Event) call.Reason {
	switch e.Reason {
	case voice.NoSound, voice.NoSignal:
		return call.Vanished
	case voice.Broken, voice.NothingFits:
		return call.Failed
	case voice.NoAnswer:
		return call.NoAnswer
	case voice.Refused:
		if e.Code == 486 || e.Code == 600 || e.Code == 603 {
			return call.Engaged
		}
		return call.NoAnswer
	case voice.HungUp, voice.TheyHungUp, voice.Cancelled:
	}
	return ""
}

// close ends the call at the desk, and lets everybody go.
func (l *line) close() {
	if l.ended {
		return
	}
	l.unring(nil)
	l.dropThird()
	l.emptyRoom()
	if p := l.with; p != nil {
		l.give(nil)
		l.letGo(p)
	}
	l.ended = true
	if l.due != nil {
		l.due.Stop()
	}
	if l.asking != nil {
		l.asking()
	}
	end := channel.CallEnd{At: l.h.o.Now(), Reason: l.reason, Quality: l.quality()}
	tape := l.endTapes(&end.Recording)
	if l.id == 0 {
		l.end()
		return
	}
	l.tellEnd(end, tape)
}

// tellAgain is how long after the desk was busy it is told of an end again.
const tellAgain = 2 * time.Second

// tellEnd tells the desk how the call ended, again until it knows: a database
// that is away for a while, or a disk that is full, leaves no call open. The
// file of the recording is not needed any more after that; without it a program
// that starts anew finds the file and tells the desk.
func (l *line) tellEnd(end channel.CallEnd, tape string) {
	err := l.sees("ended", func(ctx context.Context) (channel.CallSight, error) { return l.h.o.Desk.CallEnded(ctx, l.id, end) })
	if kind := fault.KindOf(err); err != nil && (kind == fault.Internal || kind == fault.Busy) && l.h.context.Err() == nil {
		l.later(tellAgain, func() { l.tellEnd(end, tape) })
		return
	}
	if err == nil && end.Recording.File != "" {
		l.h.discard(l.h.context, tape)
	}
	l.end()
}

// end lets the line's goroutine end.
func (l *line) end() {
	l.ended, l.left = true, true
	if l.id != 0 {
		l.h.forget(l)
	}
}

func (l *line) quality() (q call.Quality) {
	if l.customer == nil || l.customer.Leg() == nil {
		return q
	}
	f := l.customer.Leg().Figures()
	if all := f.Lost + f.Received; all > 0 {
		q.Lost = float64(f.Lost) / float64(all)
	}
	q.Jitter = float64(f.Jitter) / float64(time.Millisecond)
	q.MOS = f.MOS
	return q
}

// consoleGone takes that the telephone in a console is gone.
func (l *line) consoleGone(a agent.ID) {
	switch t := l.third; {
	case l.ended:
	case l.with != nil && l.with.agent == a && l.with.phone == nil:
		l.agentLost()
	case t != nil && t.agent == a && t.call == nil:
		l.thirdLost()
	case l.room.has(a) && l.room.seat[a].call == nil:
		l.leaves(a)
	case l.rings == a && len(l.ringing) == 0:
		l.declined(a, channel.CallUnreachable)
	}
}
