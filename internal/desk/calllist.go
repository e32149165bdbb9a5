package desk

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Records of calls, as people look at them: who may see the conversation of a
// call may see the call.

// CallQuery asks for a page of calls; By is filled in.
type CallQuery = store.CallList

// Calls returns a page of calls that the actor may see, newest first.
func (d *Desk) Calls(ctx context.Context, by agent.Actor, q CallQuery) (p Page[store.CallRow], err error) {
	defer fault.Wrap(&err, "list calls")
	if err := by.Need(agent.ConversationRead); err != nil {
		return p, err
	}
	q.By, q.Limit = by, limited100(q.Limit)
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		p.Items, p.Next, err = tx.ListCalls(ctx, q)
		return err
	})
	return p, err
}

// CallFor returns a call that the actor may see.
func (d *Desk) CallFor(ctx context.Context, by agent.Actor, i call.ID) (r store.CallRow, err error) {
	defer fault.Wrap(&err, "read call %s", i)
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		r, err = seenCall(ctx, tx, by, i)
		return err
	})
	return r, err
}

// CallOf returns the last call of a conversation that the actor may see;
// NotFound if it has none.
func (d *Desk) CallOf(ctx context.Context, by agent.Actor, of conversation.ID) (r store.CallRow, err error) {
	defer fault.Wrap(&err, "read the call of %s", of)
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		c, err := seen(ctx, tx, by, of)
		if err != nil {
			return err
		}
		k, have, err := tx.CallIn(ctx, of)
		if err != nil {
			return err
		}
		if !have {
			return errNoCall
		}
		r = rowOf(k, c)
		return nil
	})
	return r, err
}

var errNoCall = fault.New(fault.NotFound, "call.unknown", "there is no such %s", "call")

// seenCall returns a call that the actor may see. One that they may not see is
// NotFound.
func seenCall(ctx context.Context, tx *store.Tx, by agent.Actor, i call.ID) (store.CallRow, error) {
	of, err := tx.ConversationOf(ctx, i)
	if err != nil {
		return store.CallRow{}, err
	}
	c, err := seen(ctx, tx, by, of)
	if fault.KindOf(err) == fault.NotFound {
		err = errNoCall
	}
	if err != nil {
		return store.CallRow{}, err
	}
	k, err := tx.Call(ctx, i)
	return rowOf(k, c), err
}

func rowOf(k call.Call, c conversation.Conversation) store.CallRow {
	r := store.CallRow{Call: k, Number: c.Number, State: c.State, Contact: c.Contact, ContactName: c.ContactName, Agent: c.Agent}
	if c.Offer != nil {
		r.Rings = c.Offer.Agent
	}
	return r
}

// EachCall calls f with every call that the actor may see and q asks for, newest
// first. Numbers are masked by whoever shows them, unless a reason is given,
// which is kept. The export is recorded.
func (d *Desk) EachCall(ctx context.Context, by agent.Actor, q CallQuery, reason string, f func(store.CallRow) error) (err error) {
	defer fault.Wrap(&err, "export calls")
	for _, p := range []agent.Permission{agent.ConversationRead, agent.CallExport} {
		if err := by.Need(p); err != nil {
			return err
		}
	}
	detail := map[string]any{"masked": reason == ""}
	if reason != "" {
		if err := by.Need(agent.ContactReveal); err != nil {
			return err
		}
		if reason, err = checkReason(reason); err != nil {
			return err
		}
		detail["reason"] = reason
	}
	for name, at := range map[string]time.Time{"from": q.From, "to": q.To} {
		if !at.IsZero() {
			detail[name] = at.UTC().Format(time.RFC3339)
		}
	}
	if err := d.DB.Update(ctx, func(tx *store.Tx) error {
		return tx.Audit(ctx, audit.By(by, d.Now(), "call.export", audit.Object{Kind: "call"}, detail))
	}); err != nil {
		return err
	}
	const page = 500
	for q.By, q.Limit, q.Cursor = by, page, ""; ; {
		rows, next, err := d.DB.Now().ListCalls(ctx, q)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := f(r); err != nil {
				return err
			}
		}
		if q.Cursor = next; next == "" {
			return nil
		}
	}
}

// listened remembers who listens to what, so that a player that asks for one
// recording in many pieces listens to it once.
type listened struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// oneListening is how long somebody listens to a recording without it being
// noted again.
const oneListening = 10 * time.Minute

// anew reports whether this is the first time in a while.
func (l *listened) anew(who string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == nil {
		l.last = map[string]time.Time{}
	}
	for k, at := range l.last {
		if now.Sub(at) >= oneListening {
			delete(l.last, k)
		}
	}
	if _, lately := l.last[who]; lately {
		return false
	}
	l.last[who] = now
	return true
}

func (l *listened) forget(who string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.last, who)
}

// Tape is a recording that somebody listens to.
type Tape struct {
	Name string
	Size int64
	At   time.Time
	Body blob.File
}

// Recording opens the recording of a call for somebody who listens to it, or
// takes it along. Each listening is recorded, before a sound is heard; a player
// that asks for it piece by piece listens once.
func (d *Desk) Recording(ctx context.Context, by agent.Actor, i call.ID, takeAlong bool) (t Tape, err error) {
	defer fault.Wrap(&err, "open the recording of call %s", i)
	need, action := agent.RecordingListen, "recording.listen"
	if takeAlong {
		need, action = agent.RecordingDownload, "recording.download"
	}
	t, r, err := d.tape(ctx, by, i, need)
	if err != nil {
		return t, err
	}
	who := action + " " + by.Agent.String() + " " + by.Key + " " + i.String()
	if !takeAlong && !d.tapes.anew(who, d.Now()) {
		return t, nil
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		return tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Of("call", i, r.ContactName), nil))
	})
	if err != nil {
		d.tapes.forget(who)
		_ = t.Body.Close() // nothing was heard
	}
	return t, err
}

// RecordingPicture opens the recording of a call to draw it. Nothing of it is
// heard, so no listening is recorded.
func (d *Desk) RecordingPicture(ctx context.Context, by agent.Actor, i call.ID) (t Tape, err error) {
	defer fault.Wrap(&err, "draw the recording of call %s", i)
	t, _, err = d.tape(ctx, by, i, agent.RecordingListen)
	return t, err
}

func (d *Desk) tape(ctx context.Context, by agent.Actor, i call.ID, need agent.Permission) (t Tape, r store.CallRow, err error) {
	if err := by.Need(need); err != nil {
		return t, r, err
	}
	if r, err = d.CallFor(ctx, by, i); err != nil {
		return t, r, err
	}
	rec := r.Record.Recording
	switch {
	case !rec.Removed.IsZero():
		return t, r, errTapeRemoved
	case rec.File == "":
		return t, r, errNoTape
	}
	f, err := d.Files.Open(ctx, rec.File)
	if err != nil {
		return t, r, err
	}
	return Tape{Name: r.Record.Steps[0].At.UTC().Format("20060102-150405") + "-" + i.String() + ".wav", Size: f.Size, At: f.At, Body: f}, r, nil
}

// KeepCall keeps the recording of a call beyond its time, for a reason such as a
// case at court; without a reason it is kept as all others again.
func (d *Desk) KeepCall(ctx context.Context, by agent.Actor, i call.ID, reason string) (r store.CallRow, err error) {
	defer fault.Wrap(&err, "keep the recording of call %s", i)
	if err := by.Need(agent.RecordingKeep); err != nil {
		return r, err
	}
	action := "recording.release"
	if reason = strings.TrimSpace(reason); reason != "" {
		action = "recording.keep"
		if reason, err = checkReason(reason); err != nil {
			return r, err
		}
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if r, err = seenCall(ctx, tx, by, i); err != nil {
			return err
		}
		if r.Kept == reason {
			return nil
		}
		if err := tx.KeepRecording(ctx, i, reason); err != nil {
			return err
		}
		was := r.Kept
		r.Kept, r.Version = reason, r.Version+1
		return tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Of("call", i, r.ContactName), map[string]any{"reason": reason, "was": was}))
	})
	return r, err
}

// RecordingsKept returns how long recordings are kept.
func (d *Desk) RecordingsKept(ctx context.Context) (call.Keeping, error) {
	return d.DB.Now().Keeping(ctx)
}

// KeepRecordings changes how long recordings are kept. It counts from the next
// night on, for those that there are too.
func (d *Desk) KeepRecordings(ctx context.Context, by agent.Actor, k call.Keeping) (err error) {
	defer fault.Wrap(&err, "change how long recordings are kept")
	if err := by.Need(agent.ChannelManage); err != nil {
		return err
	}
	if err := k.Check(); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.Keeping(ctx)
		if err != nil || was == k {
			return err
		}
		now := d.Now()
		if err := tx.SaveKeeping(ctx, k, now); err != nil {
			return err
		}
		if err := tx.Audit(ctx, audit.By(by, now, "setting.change", audit.Object{Kind: "setting", ID: "recordings"}, map[string]any{"from": was.Days, "to": k.Days})); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: now})
	})
}

// tapesAtOnce is how many recordings are looked for at once.
const tapesAtOnce = 100

// RemoveRecordings removes the recordings that were kept long enough, except
// those that somebody keeps. Of each first the file goes, then what says that it
// is there: what is interrupted between is done again.
func (d *Desk) RemoveRecordings(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "remove old recordings")
	k, err := d.DB.Now().Keeping(ctx)
	if err != nil {
		return 0, err
	}
	before, some := k.Before(d.Now())
	for some {
		old, err := d.DB.Now().RecordedBefore(ctx, before, tapesAtOnce)
		if err != nil {
			return n, err
		}
		for _, i := range old {
			if err := d.removeRecording(ctx, i, before); err != nil {
				return n, err
			}
			n++
		}
		some = len(old) == tapesAtOnce
	}
	return n, nil
}

func (d *Desk) removeRecording(ctx context.Context, i call.ID, before time.Time) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		k, err := tx.Call(ctx, i)
		if err != nil {
			return err
		}
		if r := k.Record; k.Kept != "" || r.Recording.File == "" || r.EndedAt().IsZero() || !r.EndedAt().Before(before) {
			return nil // somebody keeps it since
		}
		if err := d.Files.Delete(ctx, k.Record.Recording.File); err != nil {
			return err
		}
		k.Record = k.Record.WithoutFile(d.Now())
		if _, err := tx.SaveCall(ctx, k); err != nil {
			return err
		}
		if err := tx.DropTranscript(ctx, i); err != nil { // what was said goes with the sound
			return err
		}
		return tx.Audit(ctx, audit.BySystem(d.Now(), "recording.remove", audit.Of("call", i, ""), map[string]any{"ended": k.Record.EndedAt().UTC().Format(time.RFC3339)}))
	})
}

// Callbacks returns a page of call backs that the actor may see, newest first.
func (d *Desk) Callbacks(ctx context.Context, by agent.Actor, states []call.BackState, cursor string, limit int) (p Page[store.BackRow], err error) {
	defer fault.Wrap(&err, "list call backs")
	if err := by.Need(agent.ConversationRead); err != nil {
		return p, err
	}
	for _, s := range states {
		if !slices.Contains(call.BackStates(), s) {
			return p, fault.New(fault.Invalid, "callback.state", "a call back is waiting, held, done, failed or cancelled").In("state")
		}
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		p.Items, p.Next, err = tx.ListCallbacks(ctx, store.BackList{By: by, States: states, Cursor: cursor, Limit: limited100(limit)})
		return err
	})
	return p, err
}

// CancelCallback says that a call back that waits is not to be made. One that is
// being made, or is over, is a Conflict. The case that it left remains.
func (d *Desk) CancelCallback(ctx context.Context, by agent.Actor, i call.BackID) (err error) {
	defer fault.Wrap(&err, "cancel call back %s", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		b, err := tx.Callback(ctx, i)
		if err != nil {
			return err
		}
		c, err := seen(ctx, tx, by, b.Conversation)
		if fault.KindOf(err) == fault.NotFound {
			err = fault.New(fault.NotFound, "callback.unknown", "there is no such %s", "callback")
		}
		if err != nil {
			return err
		}
		cancelled, err := tx.CancelCallback(ctx, i)
		if err != nil {
			return err
		}
		if !cancelled {
			return fault.New(fault.Conflict, "callback.over", "this call back is made already, or is not to be made")
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), "callback.cancel", audit.Of("callback", i, c.ContactName), nil))
	})
}
