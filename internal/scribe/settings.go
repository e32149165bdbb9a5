package scribe

import (
	"context"
	"net/http"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/event"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/prompt"
	"yingda/internal/domain/transcript"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/fault"
	"yingda/internal/model"
	"yingda/internal/store"
)

// Settings is what is set about writing calls down, as an administrator sees
// it: never the key, only whether there is one.
type Settings struct {
	transcript.Settings
	HasKey bool
	Today  time.Duration // of sound that was sent
}

// Change is what an administrator sets. The key is nil where it stays, and empty
// where none is needed.
type Change struct {
	transcript.Settings
	Key *string
}

const maxKey = 500

var (
	errKeyAgain     = fault.New(fault.Invalid, "endpoint.key_again", "the address leads to another host; enter its key, or take the key away").In("key")
	errKeyLong      = fault.New(fault.Invalid, "endpoint.key_long", "a key has at most %d characters and none that cannot be seen", maxKey).In("key")
	errSetMeanwhile = fault.New(fault.Conflict, "endpoint.changed", "somebody else changed this meanwhile; look at it again")
)

// Settings returns what is set.
func (s *Scribe) Settings(ctx context.Context, by agent.Actor) (v Settings, err error) {
	if err := by.Need(agent.SettingManage); err != nil {
		return v, err
	}
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		if v.Settings, err = tx.Scribe(ctx); err != nil {
			return err
		}
		day, err := s.day(ctx, tx)
		if err != nil {
			return err
		}
		v.Today, err = tx.SoundSentOn(ctx, day)
		return err
	})
	v.HasKey, v.Sealed = v.Sealed != "", ""
	return v, err
}

// Save changes what is set. A key that was kept for one host is never sent to
// another: who changes the host enters the key anew.
func (s *Scribe) Save(ctx context.Context, by agent.Actor, c Change) (v Settings, err error) {
	defer fault.Wrap(&err, "set who writes calls down")
	if err := by.Need(agent.SettingManage); err != nil {
		return v, err
	}
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.ScribeToChange(ctx)
		if err != nil {
			return err
		}
		set, err := s.upon(was, c)
		if err != nil {
			return err
		}
		if set.Version != was.Version {
			return errSetMeanwhile
		}
		set.Version++
		now := s.Now()
		if err := tx.SaveScribe(ctx, set, now); err != nil {
			return err
		}
		detail := map[string]any{
			"enabled": set.Enabled, "host": set.Host(), "model": set.Model, "languages": set.Languages,
			"day_minutes": set.DayMinutes, "most_calls": set.MostCalls, "key": c.Key != nil,
		}
		if err := tx.Audit(ctx, audit.By(by, now, "transcript.change", audit.Object{Kind: "setting", ID: "transcripts"}, detail)); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: now})
	})
	if err != nil {
		return v, err
	}
	return s.Settings(ctx, by)
}

// upon returns a change upon what was set before, checked, with its key sealed.
func (s *Scribe) upon(was transcript.Settings, c Change) (transcript.Settings, error) {
	set, err := c.Checked()
	if err != nil {
		return set, err
	}
	switch {
	case c.Key != nil && *c.Key == "":
		set.Sealed = ""
	case c.Key != nil:
		if !isKey(*c.Key) {
			return set, errKeyLong
		}
		set.Sealed = s.Seal.Seal([]byte(*c.Key))
	case was.Sealed != "" && set.Host() != was.Host() && set.BaseURL != "":
		return set, errKeyAgain
	default:
		set.Sealed = was.Sealed
	}
	return set, nil
}

// isKey reports whether a key can be sent in a header.
func isKey(key string) bool {
	for _, r := range key {
		if r <= ' ' || r >= 0x7f {
			return false
		}
	}
	return len(key) <= maxKey
}

// client returns who asks the endpoint of some settings.
func (s *Scribe) client(set transcript.Settings) (*model.Client, error) {
	c := &model.Client{Base: set.BaseURL, HTTP: s.HTTP, CallTime: s.Time}
	if c.CallTime == 0 {
		c.CallTime = callTime
	}
	c.StallTime = c.CallTime // nothing comes before all is written
	if c.HTTP == nil {
		c.HTTP = s.transport()
	}
	if set.Sealed != "" {
		key, err := s.Seal.Open(set.Sealed)
		if err != nil {
			return nil, fault.New(fault.Invalid, "endpoint.key_lost", "the key of the model cannot be read any more; enter it again").Because(err)
		}
		c.Key = string(key)
	}
	return c, nil
}

func (s *Scribe) transport() *http.Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.usual == nil {
		s.usual = model.Transport()
	}
	return s.usual
}

// Trial is what came of trying.
type Trial struct {
	Works bool
	Said  string        // what is in the sound
	Text  string        // what was written
	Times bool          // it told when what was said
	Long  time.Duration // the sound
	Took  time.Duration
	Why   *phrase.Reason // what went wrong
}

// Try has a prompt of the program written down once, under settings that need
// not be kept. It counts as sent.
func (s *Scribe) Try(ctx context.Context, by agent.Actor, c Change) (t Trial, err error) {
	defer fault.Wrap(&err, "try who writes calls down")
	if err := by.Need(agent.SettingManage); err != nil {
		return t, err
	}
	was, err := s.DB.Now().Scribe(ctx)
	if err != nil {
		return t, err
	}
	c.Enabled = true
	set, err := s.upon(was, c)
	if err != nil {
		return t, err
	}
	k, err := s.client(set)
	if err != nil {
		return t, err
	}
	const patience = time.Minute // an administrator waits
	k.CallTime, k.StallTime = patience, patience
	samples, words, err := sample(set.Language())
	if err != nil {
		return t, err
	}
	t.Said, t.Long = words, audio.Length(len(samples))
	began := time.Now() //nolint:forbidigo // a stopwatch, which nobody turns
	got, failed := s.ask(ctx, k, set, audio.WriteWide(samples))
	t.Took = time.Since(began)
	if err := s.DB.Update(ctx, func(tx *store.Tx) error {
		day, err := s.day(ctx, tx)
		if err != nil {
			return err
		}
		return tx.SendSound(ctx, day, t.Long)
	}); err != nil {
		return t, err
	}
	if failed != nil {
		why := said(failed)
		t.Why = &why
		return t, nil
	}
	for _, l := range tidy(transcript.Piece{Span: transcript.Span{To: t.Long}}, transcript.Both, got) {
		t.Text += l.Text
	}
	t.Times = len(got.Segments) > 0
	if t.Works = t.Text != ""; !t.Works {
		why := phrase.Because("transcript.why.deaf", "it answers, but wrote nothing of what was said")
		t.Why = &why
	}
	return t, nil
}

// sample returns a prompt that is spoken in a language, or in Chinese, and its
// words.
func sample(language string) (samples []int16, words string, err error) {
	const key = "notice.recording"
	if language != "en" {
		language = "zh"
	}
	p, _ := prompt.Builtin().Find(language, key)
	file, _ := prompt.Clip(language, key)
	sound, err := audio.ReadWAV(file)
	return sound.Line(), p.Text, err
}
