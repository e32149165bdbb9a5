package scribe_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/call"
	"yingda/internal/domain/transcript"
	"yingda/internal/job"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/secret"
	"yingda/internal/model/modeltest"
	"yingda/internal/scribe"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// house is a hotline whose calls are written down by an endpoint that hears
// tones: 440 Hz is the customer, 800 Hz the agent.
type house struct {
	*scribe.Scribe
	t           *testing.T
	desk        *desk.Desk
	clock       *clock.Hand
	jobs        *job.Worker
	pen         *modeltest.Endpoint
	admin, wang agent.Actor
}

func each(t *testing.T, f func(h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := clock.At(time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC))
		files, err := blob.OpenDir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = files.Close() })
		keys, err := secret.OpenKey(filepath.Join(t.TempDir(), "key"))
		if err != nil {
			t.Fatal(err)
		}
		h := &house{t: t, clock: c, desk: &desk.Desk{DB: db, Now: c.Now, Files: files, CaseKey: []byte("a key for tests")}}
		h.Scribe = &scribe.Scribe{DB: db, Files: files, Seal: keys.For("scribe"), Now: c.Now}
		h.jobs = &job.Worker{DB: db, Now: c.Now}
		h.jobs.Handle(h.Jobs()...)
		h.pen = modeltest.Serve(t, hears)
		roles := map[string]agent.Role{}
		for _, r := range agent.BuiltinRoles() {
			roles[r.Name] = r
		}
		sit := func(name, role string) agent.Actor {
			a := agent.Agent{ID: agent.NewID(c.Now()), Email: name + "@example.org", Name: name, Language: "zh", Capacity: 2, CreatedAt: c.Now()}
			h.must(db.Update(t.Context(), func(tx *store.Tx) error { return tx.InsertAgent(t.Context(), a) }))
			return agent.Actor{Agent: a.ID, Name: name}.With(roles[role])
		}
		h.admin, h.wang = sit("管", "admin"), sit("王", "supervisor")
		h.must(h.desk.EnsureHotline(t.Context()))
		f(h)
	})
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// hears writes down what tones it hears, with times of its own.
func hears(a modeltest.Asked) modeltest.Reply {
	s, err := audio.ReadWAV(a.Sound)
	if err != nil || s.Rate != 16000 || len(s.Channels) != 1 {
		return modeltest.Fails(http.StatusBadRequest, fmt.Sprint(err))
	}
	crossings, from, to := 0, -1, 0
	for i, v := range s.Channels[0] {
		if v > 1000 || v < -1000 {
			if to = i; from < 0 {
				from = i
			}
		}
	}
	for i := max(1, from); i < to; i++ {
		if (s.Channels[0][i] >= 0) != (s.Channels[0][i-1] >= 0) {
			crossings++
		}
	}
	hz := float64(crossings) / 2 / (float64(to-from) / 16000)
	text := map[bool]string{true: "客户说，电话13800001001", false: "客服说"}[hz < 600]
	return modeltest.Hears(modeltest.Segment{Start: float64(from) / 16000, End: float64(to) / 16000, Text: text})
}

func (h *house) on(change func(*transcript.Settings)) {
	h.t.Helper()
	was, err := h.Settings(h.t.Context(), h.admin)
	h.must(err)
	set := was.Settings
	set.Enabled, set.BaseURL, set.Model = true, h.pen.URL, "whisper-1"
	if change != nil {
		change(&set)
	}
	key := "sk-test"
	_, err = h.Save(h.t.Context(), h.admin, scribe.Change{Settings: set, Key: &key})
	h.must(err)
}

// beats are sounds of so many seconds; 0 Hz is silence.
type beat struct {
	hz      float64
	seconds float64
}

func sound(beats ...beat) []int16 {
	var all []audio.Beat
	for _, b := range beats {
		x := audio.Beat{For: time.Duration(b.seconds * float64(time.Second))}
		if b.hz > 0 {
			x.Tones = []float64{b.hz}
		}
		all = append(all, x)
	}
	return audio.Signal(all...)
}

// talked is a call that ended with a recording: 10 s with the machine, then with
// an agent.
func (h *house) talked(caller, heard []int16) call.ID {
	h.t.Helper()
	ctx := h.t.Context()
	s, err := h.desk.CallCame(ctx, channel.CallIn{Door: rand.Text(), Program: "one", Direction: call.Inbound, Number: "13800001001", Line: "4008200000"})
	h.must(err)
	i := s.Call.ID
	_, err = h.desk.CallMoved(ctx, i, call.Answer)
	h.must(err)
	h.must(h.desk.CallNoticed(ctx, i))
	began := h.Now()
	h.clock.Turn(10 * time.Second)
	h.must(h.DB.Update(ctx, func(tx *store.Tx) error {
		k, err := tx.Call(ctx, i)
		if err != nil {
			return err
		}
		for _, a := range []call.Act{call.Enqueue, call.Offer, call.Connect} {
			if k.Record, err = k.Record.Do(a, h.Now(), "vehicle", h.wang.Agent.String()); err != nil {
				return err
			}
		}
		_, err = tx.SaveCall(ctx, k)
		return err
	}))
	length := audio.Length(max(len(caller), len(heard)))
	h.clock.Turn(length)
	key := "calls/" + i.String() + ".wav"
	st, err := h.desk.Files.Put(ctx, key, bytes.NewReader(audio.WriteSides(caller, heard)))
	h.must(err)
	_, err = h.desk.CallEnded(ctx, i, channel.CallEnd{At: began.Add(length), Reason: call.Completed, Recording: call.Recorded{File: key, SHA256: st.SHA256, Length: length}})
	h.must(err)
	h.must(h.DB.Update(ctx, func(tx *store.Tx) error {
		k, err := tx.Call(ctx, i)
		if err != nil {
			return err
		}
		if k.Record, err = k.Record.Do(call.WrapUp, h.Now(), "", ""); err != nil {
			return err
		}
		_, err = tx.SaveCall(ctx, k)
		return err
	}))
	return i
}

// short is a customer who speaks at 12 s and an agent who answers at 16 s; before
// that the machine.
func (h *house) short() call.ID {
	h.t.Helper()
	return h.talked(sound(beat{0, 12}, beat{440, 3}, beat{0, 6}), sound(beat{800, 5}, beat{0, 11}, beat{800, 2}))
}

func (h *house) run() {
	h.t.Helper()
	_, err := h.jobs.RunDue(h.t.Context())
	h.must(err)
}

func (h *house) of(i call.ID) transcript.Transcript {
	h.t.Helper()
	t, _, err := h.DB.Now().Transcript(h.t.Context(), i)
	h.must(err)
	return t
}

func (h *house) lines(i call.ID) string {
	h.t.Helper()
	lines, err := h.DB.Now().TranscriptLines(h.t.Context(), i)
	h.must(err)
	var all []string
	for _, l := range lines {
		all = append(all, fmt.Sprintf("%s %.0f-%.0f %s", l.Side, l.From.Seconds(), l.To.Seconds(), l.Text))
	}
	return strings.Join(all, "|")
}

const written = "caller 12-15 客户说，电话13800001001|heard 16-18 客服说"

func (h *house) stands(i call.ID, state transcript.State, why string) {
	h.t.Helper()
	t := h.of(i)
	got := ""
	if t.Why != nil {
		got = t.Why.Code
	}
	if t.State != state || got != why {
		h.t.Errorf("it is %s (%s), want %s (%s)", t.State, got, state, why)
	}
}

// A call that ends with a recording is written down: each side by itself, the
// machine not at all; who may hear it reads it, masked; and it goes with the
// recording.
func TestACallIsWrittenDown(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		before := h.short()
		h.on(nil)
		i := h.short()
		h.stands(i, transcript.Waiting, "")
		if s, err := h.desk.TranscriptOf(ctx, h.wang, before, "", false); err != nil || s.Is.State != "" || !s.On {
			h.t.Errorf("of an older call %+v, %v", s.Is, err)
		}
		h.run()
		h.stands(i, transcript.Done, "")
		if got := h.lines(i); got != written {
			h.t.Errorf("written: %s", got)
		}
		asked := h.pen.Asked()
		if len(asked) != 2 || asked[0].Key != "sk-test" || asked[0].Language != "zh" || asked[0].Model != "whisper-1" {
			h.t.Errorf("%d pieces were sent", len(asked))
		}
		if x := h.of(i); x.Pieces != 2 || x.Sent < 5*time.Second || x.Sent > 7*time.Second || x.Model != "whisper-1" || x.EndedAt.IsZero() {
			h.t.Errorf("%+v", x)
		}

		for range 2 {
			s, err := h.desk.TranscriptOf(ctx, h.wang, i, "", false)
			h.must(err)
			if s.Lines[0].Text != "客户说，电话〔…〕" || s.Whole {
				h.t.Errorf("masked: %+v", s.Lines)
			}
		}
		s, err := h.desk.TranscriptOf(ctx, h.wang, i, "客户要求核对", false)
		h.must(err)
		if s.Lines[0].Text != "客户说，电话13800001001" || !s.Whole {
			h.t.Errorf("with a reason: %+v", s.Lines)
		}
		_, err = h.desk.TranscriptOf(ctx, h.wang, i, "", true)
		h.must(err)
		deaf := h.wang
		deaf.Permissions = slices.DeleteFunc(slices.Clone(deaf.Permissions), func(p agent.Permission) bool { return p == agent.RecordingListen || p == agent.ContactReveal })
		if _, err := h.desk.TranscriptOf(ctx, deaf, i, "", false); fault.CodeOf(err) != "permission.missing" {
			h.t.Errorf("who may not hear it reads: %v", err)
		}
		if err := h.desk.AskTranscript(ctx, deaf, i); fault.CodeOf(err) != "permission.missing" {
			h.t.Errorf("who may not hear it asks: %v", err)
		}
		es, err := h.DB.Now().AuditEntries(ctx, audit.Filter{ObjectKind: "call", Limit: 100})
		h.must(err)
		var actions []string
		for _, e := range es {
			if strings.HasPrefix(e.Action, "transcript.") {
				actions = append(actions, e.Action)
			}
		}
		if slices.Sort(actions); !slices.Equal(actions, []string{"transcript.download", "transcript.read", "transcript.read"}) {
			h.t.Errorf("recorded are %v", actions)
		}

		h.must(h.desk.AskTranscript(ctx, h.wang, before))
		if err := h.desk.AskTranscript(ctx, h.wang, before); fault.CodeOf(err) != "transcript.open" {
			h.t.Errorf("asked twice: %v", err)
		}
		h.run()
		if h.stands(before, transcript.Done, ""); h.lines(before) != written {
			h.t.Errorf("an older call: %s", h.lines(before))
		}

		_, err = h.desk.KeepCall(ctx, h.wang, before, "诉讼 2026-17")
		h.must(err)
		h.clock.Turn(200 * 24 * time.Hour)
		_, err = h.desk.RemoveRecordings(ctx)
		h.must(err)
		if h.of(i).State != "" || h.lines(i) != "" {
			h.t.Error("the recording went, and what was said stayed")
		}
		if h.lines(before) != written {
			h.t.Error("the recording is kept, and what was said went")
		}
		if err := h.desk.AskTranscript(ctx, h.wang, i); fault.CodeOf(err) != "recording.removed" {
			h.t.Errorf("asked after it went: %v", err)
		}
	})
}

// What was kept of a call while its recording went is nothing.
func TestARecordingGoesWhileItIsWritten(t *testing.T) {
	each(t, func(h *house) {
		h.on(nil)
		i := h.short()
		h.pen.Think(func(a modeltest.Asked) modeltest.Reply {
			h.clock.Turn(200 * 24 * time.Hour)
			if _, err := h.desk.RemoveRecordings(context.WithoutCancel(h.t.Context())); err != nil {
				h.t.Error(err)
			}
			return hears(a)
		})
		h.run()
		if h.of(i).State != "" || h.lines(i) != "" {
			h.t.Errorf("%+v: %s", h.of(i), h.lines(i))
		}
	})
}

// Endpoints fail in many ways; what may pass is tried again when it may, and
// what was written stays.
func TestEndpointsFail(t *testing.T) {
	good := modeltest.Hears(modeltest.Segment{Start: 1, End: 2, Text: "好"})
	for _, c := range []struct {
		name  string
		reply modeltest.Reply
		state transcript.State
		why   string
		rests time.Duration
		lines string
	}{
		{name: "too often", reply: modeltest.TooMany(600), state: transcript.Waiting, why: "model.busy", rests: 10 * time.Minute},
		{name: "down", reply: modeltest.Fails(http.StatusInternalServerError, "oops"), state: transcript.Waiting, why: "model.down", rests: 30 * time.Second},
		{name: "cut off", reply: modeltest.OfKind("application/json", `{"text":"我的`), state: transcript.Waiting, why: "model.broken", rests: 30 * time.Second},
		{name: "slow", reply: modeltest.Silent(), state: transcript.Waiting, why: "model.late", rests: 30 * time.Second},
		{name: "a wrong key", reply: modeltest.Fails(http.StatusUnauthorized, "no"), state: transcript.Failed, why: "model.key"},
		{name: "huge", reply: modeltest.Hears(modeltest.Segment{Text: strings.Repeat("很长", 1<<19)}), state: transcript.Failed, why: "model.large"},
		{name: "nothing was said", reply: modeltest.Hears(), state: transcript.Done},
		{name: "the text only", reply: modeltest.HearsOnly("都说了"), state: transcript.Done, lines: "caller 12-15 都说了|heard 16-18 都说了"},
		{name: "out of order, over each other, before the beginning", reply: modeltest.Hears(modeltest.Segment{Start: 1, End: 2, Text: "乙"}, modeltest.Segment{Start: -5, End: 1.5, Text: "甲"}, modeltest.Segment{Start: 1e9, End: 1e9 + 1, Text: "丙"}), state: transcript.Done, lines: "caller 12-13 甲|caller 13-14 乙|caller 15-15 丙|heard 16-17 甲|heard 17-18 乙|heard 18-18 丙"},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(h *house) {
				h.on(nil)
				h.Time = 10 * time.Second
				if c.why == "model.late" {
					h.Time = 50 * time.Millisecond
				}
				i := h.short()
				h.pen.Think(modeltest.InTurn(c.reply))
				h.run()
				h.stands(i, c.state, c.why)
				if got := h.lines(i); got != c.lines {
					h.t.Errorf("written: %s", got)
				}
				if c.state == transcript.Done {
					return
				}
				h.pen.Think(modeltest.InTurn(good))
				h.Time = 10 * time.Second
				if c.state == transcript.Failed {
					h.run()
					h.stands(i, c.state, c.why)
					h.must(h.desk.AskTranscript(h.t.Context(), h.wang, i))
					h.run()
				} else {
					h.clock.Turn(c.rests - time.Second)
					h.run()
					h.stands(i, c.state, c.why)
					h.clock.Turn(2 * time.Second)
					h.run()
				}
				h.stands(i, transcript.Done, "")
			})
		})
	}
}

// A long call is sent in pieces; one that failed is sent again, those before it
// are not; too often is failed, in words.
func TestPiecesThatWereWrittenStay(t *testing.T) {
	each(t, func(h *house) {
		h.on(nil)
		i := h.talked(sound(beat{0, 12}, beat{440, 250}), nil)
		h.pen.Think(modeltest.InTurn(modeltest.Hears(modeltest.Segment{Start: 0, End: 1, Text: "一"}), modeltest.Fails(http.StatusBadGateway, "away")))
		h.run()
		h.stands(i, transcript.Waiting, "model.down")
		if x := h.of(i); x.Pieces != 3 || x.Written != 1 {
			h.t.Errorf("%+v", x)
		}
		for range 7 {
			h.clock.Turn(time.Hour)
			h.run()
		}
		h.stands(i, transcript.Failed, "model.down")
		if got := h.lines(i); got != "caller 12-13 一" {
			h.t.Errorf("what was written: %s", got)
		}
		if n := len(h.pen.Asked()); n != 9 {
			h.t.Errorf("%d were sent", n)
		}
		h.pen.Think(hears)
		h.must(h.desk.AskTranscript(h.t.Context(), h.wang, i))
		h.run()
		h.stands(i, transcript.Done, "")
		if n := strings.Count(h.lines(i), "客户说"); n != 3 || strings.Contains(h.lines(i), "一|") {
			h.t.Errorf("again: %s", h.lines(i))
		}
	})
}

// A program that is stopped in the middle goes on where it was.
func TestStoppedInTheMiddle(t *testing.T) {
	each(t, func(h *house) {
		h.on(nil)
		i := h.talked(sound(beat{0, 12}, beat{440, 150}), nil)
		ctx, stop := context.WithCancel(h.t.Context())
		h.pen.Think(func(a modeltest.Asked) modeltest.Reply {
			if len(h.pen.Asked()) == 2 {
				stop()
				return modeltest.Silent()
			}
			return hears(a)
		})
		if err := h.Write(ctx, desk.Scribed{Call: i, Run: 1}); !errors.Is(err, context.Canceled) {
			h.t.Fatalf("stopped: %v", err)
		}
		if x := h.of(i); x.Written != 1 || !x.Open() || x.Tries != 0 {
			h.t.Errorf("it stands %+v", x)
		}
		h.pen.Think(hears)
		h.run()
		h.stands(i, transcript.Done, "")
		if n := len(h.pen.Asked()); n != 1 || strings.Count(h.lines(i), "客户说") != 2 {
			h.t.Errorf("%d were sent: %s", n, h.lines(i))
		}
	})
}

// What may not be sent now waits, and says for what.
func TestItWaits(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.on(func(s *transcript.Settings) { s.DayMinutes, s.MostCalls = 3, 1 })
		i := h.talked(sound(beat{0, 12}, beat{440, 250}), nil)
		var going []channel.CallSight
		for range 2 {
			s, err := h.desk.CallCame(ctx, channel.CallIn{Door: rand.Text(), Program: "one", Direction: call.Inbound, Number: "13800001002", Line: "4008200000"})
			h.must(err)
			going = append(going, s)
		}
		h.run()
		h.stands(i, transcript.Waiting, "transcript.why.calls")
		_, err := h.desk.CallEnded(ctx, going[0].Call.ID, channel.CallEnd{Reason: call.LeftMenu})
		h.must(err)
		h.clock.Turn(time.Minute)
		h.run()
		h.stands(i, transcript.Waiting, "transcript.why.minutes")
		if x := h.of(i); x.Written != 1 || !x.DueAt.Equal(time.Date(2026, 11, 30, 16, 0, 1, 0, time.UTC)) { // midnight in China
			h.t.Errorf("%+v", x)
		}
		if v, err := h.Settings(ctx, h.admin); err != nil || v.Today < time.Minute || v.Today > 2*time.Minute || v.Sealed != "" || !v.HasKey {
			h.t.Errorf("today %+v, %v", v, err)
		}
		h.clock.Turn(15 * time.Hour)
		h.run()
		h.clock.Turn(24 * time.Hour)
		h.run()
		h.stands(i, transcript.Done, "")

		j := h.short()
		h.on(func(s *transcript.Settings) { s.Enabled = false })
		h.run()
		h.stands(j, transcript.Failed, "transcript.why.off")
		if err := h.desk.AskTranscript(ctx, h.wang, j); fault.CodeOf(err) != "transcript.off" {
			h.t.Errorf("asked while it is off: %v", err)
		}
		silent := h.talked(sound(beat{0, 30}), nil)
		h.on(nil)
		h.must(h.desk.AskTranscript(ctx, h.wang, silent))
		h.pen.Think(hears)
		h.run()
		h.stands(silent, transcript.Done, "")
		if n := len(h.pen.Asked()); n != 0 {
			h.t.Errorf("silence was sent %d times", n)
		}
		h.must(h.desk.Files.Delete(ctx, "calls/"+silent.String()+".wav"))
		h.must(h.desk.AskTranscript(ctx, h.wang, silent))
		h.run()
		h.stands(silent, transcript.Failed, "file.unknown")
	})
}

// An administrator tries an endpoint before it is kept; a key goes to no other
// host.
func TestSettings(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		change := scribe.Change{Settings: transcript.Settings{BaseURL: h.pen.URL, Model: "whisper-1", Languages: []string{"zh"}}}
		h.pen.Think(modeltest.InTurn(modeltest.Hears(modeltest.Segment{Start: 0, End: 3, Text: "本次通话将被录音"})))
		r, err := h.Try(ctx, h.admin, change)
		h.must(err)
		if !r.Works || r.Text != "本次通话将被录音" || !r.Times || r.Said == "" || r.Long < 2*time.Second || r.Took <= 0 {
			h.t.Errorf("it works: %+v", r)
		}
		if s, err := audio.ReadWAV(h.pen.Asked()[0].Sound); err != nil || audio.Level(s.Channels[0]) < -40 {
			h.t.Errorf("the prompt cannot be heard: %v", err)
		}
		for code, reply := range map[string]modeltest.Reply{"transcript.why.deaf": modeltest.Hears(), "model.no_scribe": modeltest.Fails(http.StatusNotFound, "?"), "model.key": modeltest.Fails(http.StatusForbidden, "?")} {
			h.pen.Think(modeltest.InTurn(reply))
			if r, err := h.Try(ctx, h.admin, change); err != nil || r.Works || r.Why == nil || r.Why.Code != code {
				h.t.Errorf("%s: %+v, %v", code, r, err)
			}
		}
		h.on(nil)
		was, err := h.Settings(ctx, h.admin)
		h.must(err)
		away := was.Settings
		away.BaseURL = "https://api.example.com/v1"
		if _, err := h.Save(ctx, h.admin, scribe.Change{Settings: away}); fault.CodeOf(err) != "endpoint.key_again" {
			h.t.Errorf("the key goes elsewhere: %v", err)
		}
		old := was.Settings
		old.Version--
		if _, err := h.Save(ctx, h.admin, scribe.Change{Settings: old}); fault.CodeOf(err) != "endpoint.changed" {
			h.t.Errorf("changed meanwhile: %v", err)
		}
		for name, err := range map[string]error{
			"read": func() error { _, err := h.Settings(ctx, h.wang); return err }(),
			"save": func() error { _, err := h.Save(ctx, h.wang, change); return err }(),
			"try":  func() error { _, err := h.Try(ctx, h.wang, change); return err }(),
		} {
			if fault.CodeOf(err) != "permission.missing" {
				h.t.Errorf("a supervisor may %s: %v", name, err)
			}
		}
	})
}
