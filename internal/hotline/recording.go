package hotline

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"yingda/internal/domain/call"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/id"
)

// tape is a recording that goes on: of a call, or of a message.
type tape struct {
	file     *os.File
	recorder *audio.Recorder
	since    time.Time
	begun    bool
	limit    *time.Timer
	paused   bool

	mu    sync.Mutex
	voice int // frames in which the caller was heard
}

// heard is how loud a frame is in which somebody speaks; leastSpoken how many of
// them make a message.
const (
	heard       = 400
	leastSpoken = 25
)

// Put writes, and counts where the caller speaks.
func (t *tape) Put(side audio.Side, at time.Duration, law audio.Law, codes []byte) error {
	if side == audio.Caller {
		sum := 0
		for _, c := range codes {
			s := int(law.Decode(c))
			sum += max(s, -s)
		}
		if len(codes) > 0 && sum/len(codes) > heard {
			t.mu.Lock()
			t.voice++
			t.mu.Unlock()
		}
	}
	return t.recorder.Put(side, at, law, codes)
}

func (t *tape) spoken() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.voice >= leastSpoken
}

func (t *tape) pause(on bool) {
	switch {
	case t == nil:
	case on:
		t.recorder.Pause()
	default:
		t.recorder.Resume()
	}
}

// record begins the recording of the call: the caller was told. A disk that
// cannot be written ends the recording and not the call.
func (l *line) record() {
	if l.tape != nil || l.gone {
		return
	}
	t, err := l.newTape()
	if err != nil {
		l.cut(err)
		return
	}
	l.tape = t
	l.customer.Leg().Record(t)
}

// newTape opens a file for the recording of the call.
func (l *line) newTape() (*tape, error) {
	at := l.h.o.Now()
	folder := filepath.Join(l.h.o.Folder, at.Format("20060102"))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(folder, l.id.String()+".wav"), os.O_CREATE|os.O_RDWR|os.O_EXCL, 0o600) //nolint:gosec // in the administrator's own folder
	if err != nil {
		return nil, err
	}
	r, err := audio.Record(f)
	if err != nil {
		_ = f.Close()
		_ = os.Remove(f.Name()) // nothing is in it
		return nil, err
	}
	return &tape{file: f, recorder: r, since: at}, nil
}

// cut says that the call is not recorded from here on; it goes on.
func (l *line) cut(why error) {
	l.h.o.Log.Error("hotline: a recording ends early", slog.String("call", l.id.String()), slog.Any("error", why))
	_ = l.tell("cut", func(ctx context.Context) error { return l.h.o.Desk.CallCut(ctx, l.id, call.CutDisk) })
}

// endTapes ends what is recorded, says what came of it, and returns the name of
// its file.
func (l *line) endTapes(r *call.Recorded) string {
	t := l.tape
	l.tape = nil
	if t == nil {
		return ""
	}
	if leg := l.customer.Leg(); leg != nil {
		leg.Record(nil)
	}
	done, err := t.recorder.Close(l.h.o.Now().Sub(t.since))
	if err != nil {
		l.h.o.Log.Error("hotline: a recording is lost", slog.String("call", l.id.String()), slog.Any("error", err))
		_ = t.file.Close()
		*r = call.Recorded{Cut: call.CutFailed}
		return t.file.Name()
	}
	_ = t.file.Close()
	*r = l.h.putAway(l.h.context, t.file.Name(), l.id, done)
	return t.file.Name()
}

// putAway copies a finished recording into the store of files.
func (h *Hotline) putAway(ctx context.Context, name string, of call.ID, done audio.Recorded) (r call.Recorded) {
	r = call.Recorded{SHA256: done.SHA256, Length: done.Length}
	if done.Cut != nil {
		r.Cut = call.CutDisk
	}
	key := "calls/" + of.String() + ".wav"
	f, err := os.Open(name) //nolint:gosec // our own file
	if err == nil {
		_, err = h.o.Files.Put(ctx, key, f)
		_ = f.Close()
	}
	if err != nil {
		h.o.Log.ErrorContext(ctx, "hotline: a recording stays in its folder", slog.String("file", name), slog.Any("error", err))
		return call.Recorded{Cut: call.CutFailed}
	}
	r.File = key
	return r
}

// discard removes the file of a recording that stands in the store of files.
func (h *Hotline) discard(ctx context.Context, name string) {
	if err := os.Remove(name); err != nil {
		h.o.Log.WarnContext(ctx, "hotline: a recording stands twice", slog.String("file", name), slog.Any("error", err))
	}
}

// putAwayEvery is how often it is tried again to put away what could not be.
const putAwayEvery = time.Minute

// putAwayAgain puts away what could not be, until ctx ends.
func (h *Hotline) putAwayAgain(ctx context.Context) {
	ticker := time.NewTicker(putAwayEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		h.PutAwayNow(ctx)
	}
}

// PutAwayNow keeps what this program had recorded when it died, and what it could
// not put away. A call that nobody has ended ends with it; one whose line is here
// still records.
func (h *Hotline) PutAwayNow(ctx context.Context) {
	names, err := filepath.Glob(filepath.Join(h.o.Folder, "*", "*.wav"))
	if err != nil {
		return
	}
	for _, name := range names {
		if err := h.recoverRecording(ctx, name); err != nil {
			h.o.Log.WarnContext(ctx, "hotline: a recording is not recovered", slog.String("file", name), slog.Any("error", err))
		}
	}
}

func (h *Hotline) recoverRecording(ctx context.Context, name string) error {
	var of call.ID
	of, err := id.Parse[call.Noun](strings.TrimSuffix(filepath.Base(name), ".wav"))
	if err != nil {
		return err
	}
	if h.Has(of) {
		return nil
	}
	f, err := os.OpenFile(name, os.O_RDWR, 0) //nolint:gosec // our own file
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return err
	}
	done, err := audio.Recover(f, info.Size())
	_ = f.Close()
	if err != nil {
		return err
	}
	r := h.putAway(ctx, name, of, done)
	if r.File != "" {
		r.Cut = call.CutStopped
	}
	if err := h.o.Desk.CallRecovered(ctx, of, r); err != nil {
		return err
	}
	if r.File != "" {
		h.discard(ctx, name)
	}
	return nil
}

// takeMessage beeps, and records what is spoken after it.
func (l *line) takeMessage(most time.Duration) {
	t := &tape{}
	l.message = t
	t.limit = l.later(most+time.Second, l.messageOver)
	if l.tape == nil { // who leaves a message after the tone knows that it is recorded
		if l.tell("notice", func(ctx context.Context) error { return l.h.o.Desk.CallNoticed(ctx, l.id) }) == nil {
			l.record()
		}
	}
	l.beep()
}

// speak begins the message: the tone is over.
func (l *line) speak() {
	l.message.begun = true
	if l.tape != nil {
		l.tape.mu.Lock()
		l.tape.voice = 0
		l.tape.mu.Unlock()
	}
}

// holds reports whether something was spoken after the tone.
func (t *tape) holds(in *tape) bool { return t.begun && in != nil && in.spoken() }

// messageOver ends the message, which stands in the recording of the call.
func (l *line) messageOver() {
	t := l.message
	if t == nil {
		return
	}
	l.message = nil
	t.limit.Stop()
	ok := t.holds(l.tape)
	l.post(func() { l.step(call.Event{Kind: call.RecordingOver, OK: ok}) })
}
