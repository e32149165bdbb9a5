// Package scribe writes down what was said in recorded calls (通话转写), where an
// administrator has set up who writes: any program or service that speaks
// OpenAI's transcriptions. It works through job rows that the desk leaves, one
// call at a time and after everybody else; who asks for a text, reads it, or
// removes it with its recording is the desk.
//
//	scribe.go    the work: one call
//	settings.go  who writes, and whether it does
package scribe

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/call"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/transcript"
	"yingda/internal/job"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/secret"
	"yingda/internal/model"
	"yingda/internal/store"
)

// Scribe writes calls down. Its fields are set once, before it is used.
type Scribe struct {
	DB    *store.DB
	Files blob.Store
	Seal  secret.Seal
	Now   func() time.Time
	Log   *slog.Logger
	HTTP  *http.Client  // nil: the usual one, see model.Transport
	Time  time.Duration // that a piece may take; zero: the usual

	mu    sync.Mutex
	plain map[string]bool // who tells no times, by address and model
	usual *http.Client
}

const (
	// callTime is how long a piece may take: two minutes of sound on a machine that
	// writes more slowly than people speak.
	callTime = 10 * time.Minute
	// look is when it is looked again whether calls still go on.
	look = time.Minute
)

// Jobs returns how the work is done: one call at a time, and everybody else
// writes first.
func (s *Scribe) Jobs() []job.Kind {
	return []job.Kind{{Name: desk.TranscribeJob, Patient: true, Tries: 1000, Do: job.With(s.Write)}}
}

// Write writes a call down, piece by piece: what was written stays when the
// program stops in between. A piece that fails in a way that may pass is tried
// again later, by a job of its own.
func (s *Scribe) Write(ctx context.Context, w desk.Scribed) (err error) {
	defer fault.Wrap(&err, "write call %s down", w.Call)
	var k call.Call
	var set transcript.Settings
	open := false
	if err := s.DB.View(ctx, func(tx *store.Tx) error {
		if set, err = tx.Scribe(ctx); err != nil {
			return err
		}
		k, _, open, err = current(ctx, tx, w)
		return err
	}); err != nil || !open {
		return err
	}
	if !set.Enabled {
		_, off := set.May(0, 0, 0)
		return s.fail(ctx, w, off)
	}
	file, err := s.Files.Open(ctx, k.Record.Recording.File)
	if err != nil {
		return s.broken(ctx, w, err)
	}
	defer file.Close()
	tape, pieces, err := cut(file, k)
	if err != nil {
		return s.broken(ctx, w, err)
	}
	c, err := s.client(set)
	if err != nil {
		return s.fail(ctx, w, said(err))
	}
	for ctx.Err() == nil {
		p, now, err := s.next(ctx, w, pieces, set.Model)
		if err != nil || !now {
			return err
		}
		if more, err := s.piece(ctx, w, c, set, tape, p); err != nil || !more {
			return err
		}
	}
	return ctx.Err()
}

// current returns a call with how far its text is; false if that is not to be
// written any more: it was asked for anew, is over, or its recording went. In a
// transaction that may change it, nobody else does until the end.
func current(ctx context.Context, tx *store.Tx, w desk.Scribed) (k call.Call, t transcript.Transcript, open bool, err error) {
	if k, err = tx.Call(ctx, w.Call); err != nil {
		return k, t, false, err
	}
	t, have, err := tx.Transcript(ctx, w.Call)
	return k, t, have && t.Run == w.Run && t.Open() && k.Record.Recording.File != "", err
}

// cut returns the pieces of a recording that are sent.
func cut(file blob.File, k call.Call) (*audio.Tape, []transcript.Piece, error) {
	tape, err := audio.OpenTape(file, file.Size)
	if err != nil {
		return nil, nil, err
	}
	levels, err := tape.Levels()
	if err != nil {
		return nil, nil, err
	}
	var pieces []transcript.Piece
	for c, l := range levels {
		var within []transcript.Span
		if transcript.SideOf(c, len(levels)) == transcript.Heard {
			within = transcript.Spoken(k.Record, k.NoticeAt)
		}
		pieces = append(pieces, transcript.Cut(c, l, within)...)
	}
	return tape, transcript.InOrder(pieces), nil
}

// next returns the piece that is to be sent now; false if there is none, or it
// has to wait.
func (s *Scribe) next(ctx context.Context, w desk.Scribed, pieces []transcript.Piece, name string) (p transcript.Piece, now bool, err error) {
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		now = false
		_, t, open, err := current(ctx, tx, w)
		if err != nil || !open {
			return err
		}
		if t = t.Begin(len(pieces), name, s.Now()); !t.Open() {
			return s.ends(ctx, tx, t)
		}
		p = pieces[t.Written]
		set, err := tx.Scribe(ctx)
		if err != nil {
			return err
		}
		day, err := s.day(ctx, tx)
		if err != nil {
			return err
		}
		today, err := tx.SoundSentOn(ctx, day)
		if err != nil {
			return err
		}
		calls, err := tx.CountOpenCalls(ctx)
		if err != nil {
			return err
		}
		if may, why := set.May(p.Length(), today, calls); !may {
			switch why.Code {
			case "transcript.why.calls":
				t = t.Wait(why, s.Now().Add(look))
			case "transcript.why.minutes":
				t = t.Wait(why, time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 1, 0, day.Location()))
			default:
				t = t.Fail(why, s.Now())
			}
			return s.ends(ctx, tx, t)
		}
		now = true
		return tx.SaveTranscript(ctx, t)
	})
	return p, now, err
}

// day is now, as the company writes it.
func (s *Scribe) day(ctx context.Context, tx *store.Tx) (time.Time, error) {
	c, err := tx.Company(ctx)
	return s.Now().In(c.PhoneHours.Location()), err
}

// ends keeps how far a text is whose job ends here. One that waits goes on with
// a job of its own.
func (s *Scribe) ends(ctx context.Context, tx *store.Tx, t transcript.Transcript) error {
	if err := tx.SaveTranscript(ctx, t); err != nil {
		return err
	}
	if t.State == transcript.Waiting {
		if err := tx.Enqueue(ctx, desk.TranscribeJob, desk.Scribed{Call: t.Call, Run: t.Run}, t.DueAt, s.Now()); err != nil {
			return err
		}
	}
	return job.Done(ctx, tx)
}

// piece has one piece written and keeps its lines; false if nothing more is
// written now. Whoever stops the program meanwhile loses this piece only.
func (s *Scribe) piece(ctx context.Context, w desk.Scribed, c *model.Client, set transcript.Settings, tape *audio.Tape, p transcript.Piece) (more bool, err error) {
	samples, err := tape.Part(p.Channel, p.From, p.To)
	if err != nil {
		return false, s.broken(ctx, w, err)
	}
	began := time.Now() //nolint:forbidigo // a stopwatch, which nobody turns
	got, failed := s.ask(ctx, c, set, audio.WriteWide(samples))
	took := time.Since(began)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if failed != nil && s.Log != nil {
		s.Log.LogAttrs(ctx, slog.LevelWarn, "scribe: a piece of a call was not written", slog.String("call", w.Call.String()), slog.Any("error", failed))
	}
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		more = false
		_, t, open, err := current(ctx, tx, w)
		if err != nil {
			return err
		}
		day, err := s.day(ctx, tx)
		if err != nil {
			return err
		}
		if err := tx.SendSound(ctx, day, p.Length()); err != nil { // it was sent, whoever wants it still
			return err
		}
		switch {
		case !open:
			return job.Done(ctx, tx)
		case failed != nil && fault.KindOf(failed) == fault.Busy:
			return s.ends(ctx, tx, t.Missed(said(failed), model.RetryAfter(failed), s.Now()))
		case failed != nil:
			return s.ends(ctx, tx, t.Fail(said(failed), s.Now()))
		}
		lines := tidy(p, transcript.SideOf(p.Channel, tape.Channels()), got)
		if err := tx.AddTranscriptLines(ctx, w.Call, t.Written, lines); err != nil {
			return err
		}
		if t = t.Wrote(p.Length(), took, s.Now()); !t.Open() {
			return s.ends(ctx, tx, t)
		}
		more = true
		return tx.SaveTranscript(ctx, t)
	})
	return more, err
}

// tidy returns the lines of a piece as they are kept.
func tidy(p transcript.Piece, side transcript.Side, got model.Written) []transcript.Line {
	heard := make([]transcript.Line, len(got.Segments))
	for i, g := range got.Segments {
		heard[i] = transcript.Line{Span: transcript.Span{From: g.From, To: g.To}, Text: g.Text}
	}
	return transcript.Tidy(p, side, heard, got.Text)
}

// ask has a sound written down, of who tells no times without asking for them
// again.
func (s *Scribe) ask(ctx context.Context, c *model.Client, set transcript.Settings, wav []byte) (model.Written, error) {
	who := set.BaseURL + " " + set.Model
	s.mu.Lock()
	plain := s.plain[who]
	s.mu.Unlock()
	got, err := c.Transcribe(ctx, model.Speech{Model: set.Model, Language: set.Language(), WAV: wav, Plain: plain})
	if err == nil && got.Plain != plain {
		s.mu.Lock()
		if s.plain == nil {
			s.plain = map[string]bool{}
		}
		s.plain[who] = got.Plain
		s.mu.Unlock()
	}
	return got, err
}

// broken ends the writing of a recording that cannot be read. What the database
// or the disk could not do now is tried again.
func (s *Scribe) broken(ctx context.Context, w desk.Scribed, err error) error {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.TooLarge:
		return s.fail(ctx, w, said(err))
	default:
		return err
	}
}

// fail ends the writing of a call without a text.
func (s *Scribe) fail(ctx context.Context, w desk.Scribed, why phrase.Reason) error {
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		_, t, open, err := current(ctx, tx, w)
		if err != nil || !open {
			return err
		}
		return s.ends(ctx, tx, t.Fail(why, s.Now()))
	})
}

// said is a fault as a reason.
func said(err error) phrase.Reason {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return phrase.Because("transcript.why.internal", "it could not be written; the log says why")
	}
	args := make([]string, len(f.Args))
	for i, a := range f.Args {
		args[i] = fmt.Sprint(a)
	}
	return phrase.Reason{Code: f.Code, Args: args, Text: f.Message()}
}
