package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yingda/internal/domain/call"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/transcript"
	"yingda/internal/store/sqlcgen"
)

const scribeName = "transcripts"

// Scribe returns what is set about writing calls down; off until somebody set
// it.
func (tx *Tx) Scribe(ctx context.Context) (transcript.Settings, error) {
	return setting(ctx, tx, scribeName, transcript.Defaults())
}

// ScribeToChange returns the settings as Scribe does. Until the transaction ends
// nobody else changes them.
func (tx *Tx) ScribeToChange(ctx context.Context) (transcript.Settings, error) {
	if err := tx.holdSetting(ctx, scribeName); err != nil {
		return transcript.Settings{}, err
	}
	return tx.Scribe(ctx)
}

// SaveScribe writes the settings.
func (tx *Tx) SaveScribe(ctx context.Context, s transcript.Settings, now time.Time) error {
	return tx.saveSetting(ctx, scribeName, s, now)
}

// Transcript returns how far the text of a call is; false if nobody asked for
// it. Whoever changes it reads the call first.
func (tx *Tx) Transcript(ctx context.Context, of call.ID) (t transcript.Transcript, have bool, err error) {
	r, err := tx.TranscriptRow(ctx, of)
	if errors.Is(err, sql.ErrNoRows) {
		return t, false, nil
	}
	if err != nil {
		return t, false, err
	}
	t = transcript.Transcript{
		Call: r.CallID, State: transcript.State(r.State), By: r.ByID, AskedAt: at(r.AskedAt), Run: r.Run, Pieces: int(r.Pieces), Written: int(r.Written),
		Tries: int(r.Tries), DueAt: at(r.DueAt), Model: r.Model, Sent: span(r.SentMs), Took: span(r.TookMs), EndedAt: at(r.EndedAt),
	}
	if r.Why != "" {
		t.Why = &phrase.Reason{}
		if err := json.Unmarshal([]byte(r.Why), t.Why); err != nil {
			return t, false, fmt.Errorf("transcript of call %s: %w", of, err)
		}
	}
	return t, true, nil
}

// span is a time that was kept in milliseconds.
func span(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }

// SaveTranscript writes how far the text of a call is.
func (tx *Tx) SaveTranscript(ctx context.Context, t transcript.Transcript) error {
	why := ""
	if t.Why != nil {
		b, err := json.Marshal(t.Why)
		if err != nil {
			return err
		}
		why = string(b)
	}
	return tx.PutTranscript(ctx, sqlcgen.PutTranscriptParams{
		CallID: t.Call, State: string(t.State), ByID: t.By, AskedAt: ms(t.AskedAt), Run: t.Run, Pieces: int64(t.Pieces), Written: int64(t.Written),
		Tries: int64(t.Tries), Why: why, DueAt: ms(t.DueAt), Model: t.Model, SentMs: t.Sent.Milliseconds(), TookMs: t.Took.Milliseconds(), EndedAt: ms(t.EndedAt),
	})
}

// AddTranscriptLines adds the lines of a piece, counted from 0.
func (tx *Tx) AddTranscriptLines(ctx context.Context, of call.ID, piece int, lines []transcript.Line) error {
	for i, l := range lines {
		if err := tx.InsertTranscriptLine(ctx, sqlcgen.InsertTranscriptLineParams{
			CallID: of, N: int64(piece)*transcript.MostLines + int64(i), Side: string(l.Side), FromMs: l.From.Milliseconds(), ToMs: l.To.Milliseconds(), Words: l.Text,
		}); err != nil {
			return err
		}
	}
	return nil
}

// TranscriptLines returns what was said in a call, in its order.
func (tx *Tx) TranscriptLines(ctx context.Context, of call.ID) ([]transcript.Line, error) {
	rows, err := tx.TranscriptLineRows(ctx, of)
	lines := make([]transcript.Line, 0, len(rows))
	for _, r := range rows {
		lines = append(lines, transcript.Line{Side: transcript.Side(r.Side), Span: transcript.Span{From: span(r.FromMs), To: span(r.ToMs)}, Text: r.Words})
	}
	return lines, err
}

// DropTranscript removes the text of a call: its recording goes.
func (tx *Tx) DropTranscript(ctx context.Context, of call.ID) error {
	if err := tx.DeleteTranscriptLines(ctx, of); err != nil {
		return err
	}
	return tx.DeleteTranscript(ctx, of)
}

// SendSound adds to the sound that was sent on the day of a time, and forgets
// days that are long over.
func (tx *Tx) SendSound(ctx context.Context, day time.Time, sent time.Duration) error {
	if err := tx.TrimTranscriptSpend(ctx, day.AddDate(-1, 0, 0).Format(dayForm)); err != nil {
		return err
	}
	return tx.AddTranscriptSpend(ctx, sqlcgen.AddTranscriptSpendParams{Day: day.Format(dayForm), SentMs: sent.Milliseconds()})
}

// SoundSentOn returns how much sound was sent on the day of a time.
func (tx *Tx) SoundSentOn(ctx context.Context, day time.Time) (time.Duration, error) {
	sent, err := tx.TranscriptSpendOn(ctx, day.Format(dayForm))
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return span(sent), err
}

// CountOpenCalls returns how many calls go on.
func (tx *Tx) CountOpenCalls(ctx context.Context) (int, error) {
	n, err := tx.CallsThatGoOn(ctx)
	return int(n), err
}
