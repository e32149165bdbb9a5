package desk

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/call"
	"yingda/internal/domain/event"
	"yingda/internal/domain/prompt"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Prompts (提示音): the sentences and sounds that come with the program, and in
// their place what the company worded and recorded.

// prompts are the sentences and their sounds as of a revision.
type prompts struct {
	library  prompt.Library // all sentences
	voiced   prompt.Library // those of which everything is recorded
	wordings []store.Wording
	takes    map[string]store.Take // what is recorded, by soundOf
	revision int64
}

// soundOf names a clip of a language, or of all.
func soundOf(language, clip string) string { return language + "/" + clip }

// prompts returns what there is now.
func (d *Desk) prompts(ctx context.Context, tx *store.Tx) (prompts, error) {
	return d.promptShelf.get(d.Now(), func() (int64, error) { return tx.PromptsRevision(ctx) }, func() (prompts, error) { return d.readPrompts(ctx, tx) })
}

func (d *Desk) readPrompts(ctx context.Context, tx *store.Tx) (p prompts, err error) {
	if p.revision, err = tx.PromptsRevision(ctx); err != nil {
		return p, err
	}
	if p.wordings, err = tx.Wordings(ctx); err != nil {
		return p, err
	}
	takes, err := tx.Takes(ctx)
	if err != nil {
		return p, err
	}
	p.takes = map[string]store.Take{}
	for _, t := range takes {
		if t.File != "" {
			p.takes[soundOf(t.Language, t.Clip)] = t
		}
	}
	own := make([]prompt.Sentence, 0, len(p.wordings))
	for _, w := range p.wordings {
		own = append(own, prompt.Sentence{Key: w.Key, Zh: w.Zh, En: w.En})
	}
	p.library = prompt.Builtin().With(own...)
	p.voiced = p.library.Voiced(p.sounds)
	return p, nil
}

// take returns what the company recorded of a clip.
func (p prompts) take(language, clip string) (store.Take, bool) {
	for _, l := range []string{language, prompt.Shared} {
		if t, ok := p.takes[soundOf(l, clip)]; ok {
			return t, true
		}
	}
	return store.Take{}, false
}

// sounds reports whether a clip is recorded.
func (p prompts) sounds(language, clip string) bool {
	if _, ok := p.take(language, clip); ok {
		return true
	}
	_, ok := prompt.Clip(language, clip)
	return ok
}

// CallPrompts returns the sentences that can be said: those of which everything is
// recorded.
func (d *Desk) CallPrompts(ctx context.Context) (prompt.Library, error) {
	p, err := d.prompts(ctx, d.DB.Now())
	return p.voiced, err
}

// PromptsRevision returns a number that is another one as soon as anything was
// worded or recorded otherwise, so that clips can be held.
func (d *Desk) PromptsRevision(ctx context.Context) (int64, error) {
	p, err := d.prompts(ctx, d.DB.Now())
	return p.revision, err
}

// CallClip returns the sound of a clip as a WAV file: the company's own, or the one
// that comes with the program. NotFound if there is none.
func (d *Desk) CallClip(ctx context.Context, language, clip string) ([]byte, error) {
	file, err := d.callClip(ctx, language, clip)
	if fault.CodeOf(err) == "file.unknown" { // recorded anew since it was looked up
		d.promptShelf.forget()
		file, err = d.callClip(ctx, language, clip)
	}
	return file, err
}

func (d *Desk) callClip(ctx context.Context, language, clip string) ([]byte, error) {
	p, err := d.prompts(ctx, d.DB.Now())
	if err != nil {
		return nil, err
	}
	if t, ok := p.take(language, clip); ok {
		file, err := d.Files.Open(ctx, t.File)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		return io.ReadAll(file)
	}
	if file, ok := prompt.Clip(language, clip); ok {
		return file, nil
	}
	return nil, fault.New(fault.NotFound, "prompt.mute", "the sound %q is not recorded yet; record or upload it", clip)
}

// PromptSight is a sentence as who looks after it sees it.
type PromptSight struct {
	Key     string       `json:"key"`
	Zh      string       `json:"zh"`
	En      string       `json:"en"`
	Shipped bool         `json:"shipped" doc:"it comes with the program"`
	Own     bool         `json:"own" doc:"the words are the company's"`
	Rev     int64        `json:"rev" doc:"of the words; to be named when they are changed"`
	By      string       `json:"by_name,omitzero"`
	At      time.Time    `json:"at,omitzero"`
	Menus   []string     `json:"menus" doc:"published menus that say it"`
	Clips   []ClipSight  `json:"clips" doc:"what has to be recorded of it"`
	Slots   []PromptSlot `json:"slots" doc:"the values that are read aloud in it"`
}

// PromptSlot is a value that is read aloud in a sentence.
type PromptSlot struct {
	Kind   prompt.Kind `json:"kind"`
	Name   string      `json:"name"`
	Sample string      `json:"sample"`
}

// ClipSight is a sound that can be recorded.
type ClipSight struct {
	Language string    `json:"language" doc:"zh, en, or both for what sounds the same in each"`
	Clip     string    `json:"clip"`
	Text     string    `json:"text" doc:"what it says"`
	Sound    string    `json:"sound" enum:"shipped,own,none"`
	Stale    bool      `json:"stale" doc:"the words were changed since it was recorded"`
	Seconds  float64   `json:"seconds" doc:"of what was recorded here"`
	By       string    `json:"by_name,omitzero"`
	At       time.Time `json:"at,omitzero"`
}

// PromptBook is everything that callers can be told.
type PromptBook struct {
	Prompts []PromptSight `json:"prompts"`
	Words   []ClipSight   `json:"words" doc:"what values are read with, and the music"`
}

// PromptBook returns everything that callers can be told, and how it sounds.
func (d *Desk) PromptBook(ctx context.Context, by agent.Actor) (b PromptBook, err error) {
	if err := by.Need(agent.ChannelManage); err != nil {
		return b, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		p, err := d.readPrompts(ctx, tx)
		if err != nil {
			return err
		}
		menus, err := readMenus(ctx, tx)
		if err != nil {
			return err
		}
		b = p.book(menus)
		return nil
	})
	return b, err
}

func (p prompts) book(menus map[string]call.Menu) (b PromptBook) {
	said := map[string][]string{}
	for id, m := range menus {
		for _, key := range m.Says() {
			said[key] = append(said[key], id)
		}
	}
	for _, s := range p.sentences() {
		slices.Sort(said[s.Key])
		s.Menus = said[s.Key]
		b.Prompts = append(b.Prompts, s)
	}
	b.Words = append(b.Words, p.clip(prompt.Shared, prompt.Music, ""))
	for _, w := range prompt.Words() {
		b.Words = append(b.Words, p.clip(w.Language, w.Clip, w.Text))
	}
	return b
}

// sentences returns all sentences in the order of the library.
func (p prompts) sentences() (all []PromptSight) {
	at := map[string]int{}
	for _, language := range prompt.Languages() {
		for _, s := range p.library[language] {
			i, ok := at[s.Key]
			if !ok {
				i, all = len(all), append(all, PromptSight{Key: s.Key})
				at[s.Key] = i
				_, all[i].Shipped = prompt.Builtin().Find(prompt.Chinese, s.Key)
			}
			one := &all[i]
			if language == prompt.Chinese {
				one.Zh = s.Text
			} else {
				one.En = s.Text
			}
			for _, c := range s.Clips() {
				one.Clips = append(one.Clips, p.clip(language, c.Key, c.Text))
			}
			samples := s.Samples()
			for _, slot := range s.Slots() {
				if !slices.ContainsFunc(one.Slots, func(o PromptSlot) bool { return o.Name == slot.Name }) {
					one.Slots = append(one.Slots, PromptSlot{Kind: slot.Kind, Name: slot.Name, Sample: samples[slot.Name]})
				}
			}
		}
	}
	for _, w := range p.wordings {
		if i, ok := at[w.Key]; ok {
			all[i].Rev, all[i].By, all[i].At, all[i].Own = w.Rev, w.By, w.At, w.Zh+w.En != ""
		}
	}
	return all
}

// clip returns how a clip stands that says a text.
func (p prompts) clip(language, clip, text string) ClipSight {
	c := ClipSight{Language: language, Clip: clip, Text: text, Sound: "none"}
	if t, ok := p.take(language, clip); ok {
		c.Sound, c.Stale, c.Seconds, c.By, c.At = "own", t.Said != text, t.Length.Seconds(), t.By, t.At
	} else if _, ok := prompt.Clip(language, clip); ok {
		words, _ := wordsOf(prompt.Builtin(), language, clip)
		c.Sound, c.Stale = "shipped", words != text
	}
	return c
}

// wordsOf returns what a clip says: a part of a sentence, or a word.
func wordsOf(l prompt.Library, language, clip string) (string, bool) {
	if words, ok := l.Clip(language, clip); ok {
		return words, true
	}
	return prompt.WordOf(language, clip)
}

// WordPrompt words a prompt otherwise, or adds one. rev is that of the words as
// they were read. What a published menu says has to stay sayable.
func (d *Desk) WordPrompt(ctx context.Context, by agent.Actor, s prompt.Sentence, rev int64) (err error) {
	defer fault.Wrap(&err, "word the prompt %s", s.Key)
	s.Zh, s.En = strings.TrimSpace(s.Zh), strings.TrimSpace(s.En)
	return d.changePrompts(ctx, by, "prompt.word", s.Key, func(tx *store.Tx, p prompts) error {
		if err := p.library.Check(s); err != nil {
			return err
		}
		w := store.Wording{Key: s.Key, Zh: s.Zh, En: s.En, By: by.Name, At: d.Now(), Rev: rev}
		if was, ok := prompt.Builtin().Find(prompt.Chinese, s.Key); ok && was.Text == w.Zh {
			w.Zh = ""
		}
		if was, ok := prompt.Builtin().Find(prompt.English, s.Key); ok && was.Text == w.En {
			w.En = ""
		}
		return tx.SaveWording(ctx, w)
	})
}

// DropPrompt takes back what the company worded and recorded of a prompt: one that
// comes with the program is as it came, another is gone.
func (d *Desk) DropPrompt(ctx context.Context, by agent.Actor, key string, rev int64) (err error) {
	defer fault.Wrap(&err, "drop the prompt %s", key)
	var gone []string
	err = d.changePrompts(ctx, by, "prompt.drop", key, func(tx *store.Tx, p prompts) error {
		if !p.library.Has(key, prompt.Chinese) && !p.library.Has(key, prompt.English) {
			return errNoPrompt(key)
		}
		w, err := tx.Wording(ctx, key)
		if err != nil {
			return err
		}
		if w.Rev != rev {
			return errChanged
		}
		if w.Zh+w.En != "" {
			if err := tx.SaveWording(ctx, store.Wording{Key: key, By: by.Name, At: d.Now(), Rev: w.Rev}); err != nil {
				return err
			}
		}
		for _, language := range prompt.Languages() {
			s, _ := p.library.Find(language, key)
			for _, c := range s.Clips() {
				if t, ok := p.takes[soundOf(language, c.Key)]; ok {
					gone = append(gone, t.File)
					if err := tx.SaveTake(ctx, store.Take{Language: language, Clip: c.Key, By: by.Name, At: d.Now()}); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	if err == nil {
		err = d.deleteSounds(ctx, gone...)
	}
	return err
}

func errNoPrompt(key string) error {
	return fault.New(fault.NotFound, "prompt.unknown", "there is no prompt %q", key)
}

// Bounds of what is recorded.
const (
	longestPrompt = 60 * time.Second
	largestPrompt = 10 << 20
)

// RecordClip keeps a sound in the place of the one that comes with the program, or
// of the one before: as the line carries it, without the silence around it, as
// loud as the others. What is no sound, too long or too large is Invalid or
// TooLarge, and says what to do.
func (d *Desk) RecordClip(ctx context.Context, by agent.Actor, language, clip string, body io.Reader) (c ClipSight, err error) {
	defer fault.Wrap(&err, "record %s in %s", clip, language)
	if err := by.Need(agent.ChannelManage); err != nil {
		return c, err
	}
	file, err := io.ReadAll(&limited{r: body, left: largestPrompt, limit: largestPrompt})
	if err != nil {
		return c, err
	}
	sound, err := audio.ReadWAV(file)
	if err != nil {
		return c, err
	}
	if sound.Length() > longestPrompt {
		return c, fault.New(fault.TooLarge, "prompt.lasts", "the sound lasts longer than %d seconds; cut it", int(longestPrompt.Seconds())).In("body.file")
	}
	line, err := audio.Prepare(sound)
	if err != nil {
		return c, err
	}
	t := store.Take{Language: language, Clip: clip, File: "prompts/" + rand.Text(), Length: audio.Length(len(line)), By: by.Name, At: d.Now()}
	if _, err := d.Files.Put(ctx, t.File, bytes.NewReader(audio.WriteWAV(line))); err != nil {
		return c, err
	}
	var was store.Take
	err = d.changePrompts(ctx, by, "prompt.record", soundOf(language, clip), func(tx *store.Tx, p prompts) error {
		said, ok := wordsOf(p.library, language, clip)
		if !ok {
			return errNoPrompt(clip)
		}
		t.Said, was = said, p.takes[soundOf(language, clip)]
		c = ClipSight{Language: language, Clip: clip, Text: said, Sound: "own", Seconds: t.Length.Seconds(), By: t.By, At: t.At}
		return tx.SaveTake(ctx, t)
	})
	if err != nil {
		_ = d.Files.Delete(context.WithoutCancel(ctx), t.File) // nothing names it
		return c, err
	}
	return c, d.deleteSounds(ctx, was.File)
}

// DropClip takes back what was recorded of a clip.
func (d *Desk) DropClip(ctx context.Context, by agent.Actor, language, clip string) (err error) {
	defer fault.Wrap(&err, "take back %s in %s", clip, language)
	var was store.Take
	err = d.changePrompts(ctx, by, "prompt.take_back", soundOf(language, clip), func(tx *store.Tx, p prompts) error {
		t, ok := p.takes[soundOf(language, clip)]
		if !ok {
			return errNoPrompt(clip)
		}
		was = t
		return tx.SaveTake(ctx, store.Take{Language: language, Clip: clip, By: by.Name, At: d.Now()})
	})
	if err == nil {
		err = d.deleteSounds(ctx, was.File)
	}
	return err
}

func (d *Desk) deleteSounds(ctx context.Context, files ...string) error {
	for _, f := range files {
		if f == "" {
			continue
		}
		if err := d.Files.Delete(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// changePrompts changes what is worded or recorded, and tells all nodes. It is a
// Conflict if a published menu could not say any more what it says.
func (d *Desk) changePrompts(ctx context.Context, by agent.Actor, action, name string, change func(tx *store.Tx, p prompts) error) error {
	if err := by.Need(agent.ChannelManage); err != nil {
		return err
	}
	err := d.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := d.readPrompts(ctx, tx)
		if err != nil {
			return err
		}
		if err := change(tx, was); err != nil {
			return err
		}
		now, err := d.readPrompts(ctx, tx)
		if err != nil {
			return err
		}
		menus, err := readMenus(ctx, tx)
		if err != nil {
			return err
		}
		names, err := d.callNames(ctx, tx, now)
		if err != nil {
			return err
		}
		for _, m := range menus {
			names.Prompts = was.voiced
			before := m.Check(names)
			names.Prompts = now.voiced
			for _, problem := range m.Check(names) {
				if !slices.ContainsFunc(before, func(b *fault.Error) bool { return b.Code == problem.Code && b.Field == problem.Field }) {
					return fault.New(fault.Conflict, "prompt.in_use", "the menu %s says this prompt and could not any more; make another prompt and let the menu say that first", m.ID)
				}
			}
		}
		if err := tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Object{Kind: "prompt", Name: name}, nil)); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: d.Now()})
	})
	d.promptShelf.forget()
	return err
}

// PromptSound returns a sentence as callers hear it, as one WAV file. What values
// do not say is filled with samples.
func (d *Desk) PromptSound(ctx context.Context, by agent.Actor, language, key string, values map[string]string) (file []byte, err error) {
	defer fault.Wrap(&err, "play %s in %s", key, language)
	if err := by.Need(agent.ChannelManage); err != nil {
		return nil, err
	}
	p, err := d.prompts(ctx, d.DB.Now())
	if err != nil {
		return nil, err
	}
	s, ok := p.library.Find(language, key)
	if !ok {
		return nil, errNoPrompt(key)
	}
	with := s.Samples()
	for name, value := range values {
		if _, ok := with[name]; ok && value != "" {
			with[name] = value
		}
	}
	line, err := p.library.Say(language, key, with)
	if err != nil {
		return nil, err
	}
	var samples []int16
	for _, clip := range line.Clips {
		file, err := d.CallClip(ctx, language, clip)
		if err != nil {
			return nil, err
		}
		sound, err := audio.ReadWAV(file)
		if err != nil {
			return nil, err
		}
		samples = append(samples, sound.Line()...)
	}
	return audio.WriteWAV(samples), nil
}

// ClipSound returns the sound of one clip as a WAV file.
func (d *Desk) ClipSound(ctx context.Context, by agent.Actor, language, clip string) ([]byte, error) {
	if err := by.Need(agent.ChannelManage); err != nil {
		return nil, err
	}
	return d.CallClip(ctx, language, clip)
}
