package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yingda/internal/store/sqlcgen"
)

// Wording is what a company worded of a prompt.
type Wording struct {
	Key    string
	Zh, En string // both empty: nothing, or taken back
	By     string
	At     time.Time
	Rev    int64 // rises with each change; 0: never worded
}

// Wordings returns what a company worded, by key.
func (tx *Tx) Wordings(ctx context.Context) ([]Wording, error) {
	rows, err := tx.PromptRows(ctx)
	all := make([]Wording, 0, len(rows))
	for _, r := range rows {
		all = append(all, wording(r))
	}
	return all, err
}

// Wording returns what a company worded of a prompt; nothing may be.
func (tx *Tx) Wording(ctx context.Context, key string) (Wording, error) {
	r, err := tx.PromptRow(ctx, key)
	if errors.Is(err, sql.ErrNoRows) {
		return Wording{Key: key}, nil
	}
	return wording(r), err
}

func wording(r sqlcgen.Prompt) Wording {
	return Wording{Key: r.Key, Zh: r.Zh, En: r.En, By: r.ByName, At: at(r.At), Rev: r.Rev}
}

// SaveWording writes what a company worded of a prompt. It is a Conflict if
// somebody changed it since it was read.
func (tx *Tx) SaveWording(ctx context.Context, w Wording) error {
	if w.Rev == 0 {
		return changed(tx.AddPromptRow(ctx, sqlcgen.AddPromptRowParams{Key: w.Key, Zh: w.Zh, En: w.En, ByName: w.By, At: ms(w.At)}))
	}
	return changed(tx.SavePromptRow(ctx, sqlcgen.SavePromptRowParams{Key: w.Key, Zh: w.Zh, En: w.En, ByName: w.By, At: ms(w.At), Rev: w.Rev}))
}

// Take is what a company recorded of a clip.
type Take struct {
	Language, Clip string
	File           string // where it is kept; empty: it was taken back
	Said           string // the words that it was recorded for
	Length         time.Duration
	By             string
	At             time.Time
	Rev            int64
}

// Takes returns what a company recorded.
func (tx *Tx) Takes(ctx context.Context) ([]Take, error) {
	rows, err := tx.PromptClipRows(ctx)
	all := make([]Take, 0, len(rows))
	for _, r := range rows {
		all = append(all, take(r))
	}
	return all, err
}

// Take returns what a company recorded of a clip; nothing may be.
func (tx *Tx) Take(ctx context.Context, language, clip string) (Take, error) {
	r, err := tx.PromptClipRow(ctx, sqlcgen.PromptClipRowParams{Language: language, Clip: clip})
	if errors.Is(err, sql.ErrNoRows) {
		return Take{Language: language, Clip: clip}, nil
	}
	return take(r), err
}

func take(r sqlcgen.PromptClip) Take {
	return Take{Language: r.Language, Clip: r.Clip, File: r.File, Said: r.Said, Length: time.Duration(r.Ms) * time.Millisecond, By: r.ByName, At: at(r.At), Rev: r.Rev}
}

// SaveTake writes what a company recorded of a clip, in the place of what it
// recorded before.
func (tx *Tx) SaveTake(ctx context.Context, t Take) error {
	return tx.SavePromptClip(ctx, sqlcgen.SavePromptClipParams{Language: t.Language, Clip: t.Clip, File: t.File, Said: t.Said, Ms: t.Length.Milliseconds(), ByName: t.By, At: ms(t.At)})
}
