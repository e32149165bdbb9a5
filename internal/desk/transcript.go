package desk

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/call"
	"yingda/internal/domain/transcript"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Scribed is the payload of TranscribeJob: which asking for the text of a call
// it does. What was asked for anew since makes it void.
type Scribed struct {
	Call call.ID `json:"call"`
	Run  int64   `json:"run"`
}

// writeDown leaves the work of writing down a call that has ended with a
// recording, if that is switched on. It is called in the transaction by which
// the recording is known.
func (d *Desk) writeDown(ctx context.Context, tx *store.Tx, k call.Call) error {
	if k.Record.Recording.File == "" {
		return nil
	}
	s, err := tx.Scribe(ctx)
	if err != nil || !s.Enabled {
		return err
	}
	t, have, err := tx.Transcript(ctx, k.ID)
	if err != nil || have {
		return err
	}
	return d.askDown(ctx, tx, t, k.ID, 0)
}

func (d *Desk) askDown(ctx context.Context, tx *store.Tx, t transcript.Transcript, i call.ID, by agent.ID) error {
	t, err := t.Ask(i, by, d.Now())
	if err != nil {
		return err
	}
	if err := tx.DropTranscript(ctx, i); err != nil {
		return err
	}
	if err := tx.SaveTranscript(ctx, t); err != nil {
		return err
	}
	return tx.Enqueue(ctx, TranscribeJob, Scribed{i, t.Run}, t.DueAt, t.DueAt)
}

// Said is the text of a call as somebody reads it.
type Said struct {
	Call  store.CallRow
	Is    transcript.Transcript // without a state: nobody asked for it
	On    bool                  // it can be asked for
	Lines []transcript.Line     // so far
	Whole bool                  // nothing in them is masked
}

// TranscriptOf returns what was said in a call, for who may hear its recording.
// What may tell who somebody is is masked, unless a reason is given by who may
// reveal it. Each reading is recorded, once in a while; taking it along always.
func (d *Desk) TranscriptOf(ctx context.Context, by agent.Actor, i call.ID, reason string, takeAlong bool) (s Said, err error) {
	defer fault.Wrap(&err, "read what was said in call %s", i)
	need, action := agent.RecordingListen, "transcript.read"
	if takeAlong {
		need, action = agent.RecordingDownload, "transcript.download"
	}
	if err := by.Need(need); err != nil {
		return s, err
	}
	if reason != "" {
		if err := by.Need(agent.ContactReveal); err != nil {
			return s, err
		}
		if reason, err = checkReason(reason); err != nil {
			return s, err
		}
	}
	s.Whole = reason != ""
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if s.Call, err = seenCall(ctx, tx, by, i); err != nil {
			return err
		}
		set, err := tx.Scribe(ctx)
		if err != nil {
			return err
		}
		s.On = set.Enabled
		if s.Is, _, err = tx.Transcript(ctx, i); err != nil {
			return err
		}
		s.Lines, err = tx.TranscriptLines(ctx, i)
		return err
	})
	if err != nil || len(s.Lines) == 0 {
		return s, err
	}
	if !s.Whole {
		for n := range s.Lines {
			s.Lines[n].Text = transcript.Mask(s.Lines[n].Text)
		}
	}
	who := action + " " + by.Agent.String() + " " + by.Key + " " + i.String()
	if !takeAlong && !s.Whole && !d.tapes.anew(who, d.Now()) {
		return s, nil
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		detail := map[string]any{"masked": !s.Whole}
		if s.Whole {
			detail["reason"] = reason
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Of("call", i, s.Call.ContactName), detail))
	})
	if err != nil {
		d.tapes.forget(who)
	}
	return s, err
}

// AskTranscript asks that a recorded call be written down, for the first time or
// anew.
func (d *Desk) AskTranscript(ctx context.Context, by agent.Actor, i call.ID) (err error) {
	defer fault.Wrap(&err, "have call %s written down", i)
	if err := by.Need(agent.RecordingListen); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := seenCall(ctx, tx, by, i)
		if err != nil {
			return err
		}
		set, err := tx.Scribe(ctx)
		if err != nil {
			return err
		}
		switch rec := r.Record.Recording; {
		case !rec.Removed.IsZero():
			return errTapeRemoved
		case rec.File == "":
			return errNoTape
		case !set.Enabled:
			return fault.New(fault.Conflict, "transcript.off", "calls are not written down here; an administrator switches it on with the hotline's settings")
		}
		t, _, err := tx.Transcript(ctx, i)
		if err != nil {
			return err
		}
		if err := d.askDown(ctx, tx, t, i, by.Agent); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), "transcript.ask", audit.Of("call", i, r.ContactName), nil))
	})
}

var (
	errTapeRemoved = fault.New(fault.NotFound, "recording.removed", "the recording was removed, because it was kept as long as recordings are")
	errNoTape      = fault.New(fault.NotFound, "recording.none", "this call has no recording")
)
