package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yingda/internal/domain/sms"
	"yingda/internal/store/sqlcgen"
)

// TextsRecord is what is set of text messages, with the secret of the account as
// it lies here: sealed.
type TextsRecord struct {
	sms.Settings
	Sealed  string    `json:"sealed,omitzero"`
	SetAt   time.Time `json:"set_at,omitzero"`
	Reports string    `json:"reports,omitzero"`
}

const textsName = "texts"

// TextSettings returns what is set of text messages.
func (tx *Tx) TextSettings(ctx context.Context) (r TextsRecord, err error) {
	text, err := tx.Setting(ctx, textsName)
	if errors.Is(err, sql.ErrNoRows) {
		return TextsRecord{Settings: sms.Defaults()}, nil
	}
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return r, fmt.Errorf("the setting %s: %w", textsName, err)
	}
	r.Settings.SetAt, r.Settings.Reports = r.SetAt, r.Reports
	return r, nil
}

// TextSettingsToChange returns the same. Until the transaction ends nobody else
// changes it.
func (tx *Tx) TextSettingsToChange(ctx context.Context) (TextsRecord, error) {
	if err := tx.holdSetting(ctx, textsName); err != nil {
		return TextsRecord{}, err
	}
	return tx.TextSettings(ctx)
}

// SaveTextSettings writes the settings, with the secret sealed.
func (tx *Tx) SaveTextSettings(ctx context.Context, s sms.Settings, sealed string, now time.Time) error {
	return tx.saveSetting(ctx, textsName, TextsRecord{Settings: s, Sealed: sealed, SetAt: s.SetAt, Reports: s.Reports}, now)
}

// InsertText adds a text that is to leave; false if it is there already.
func (tx *Tx) InsertText(ctx context.Context, m sms.Message) (bool, error) {
	values, err := json.Marshal(m.Values)
	if err != nil {
		return false, err
	}
	n, err := tx.Queries.InsertText(ctx, sqlcgen.InsertTextParams{
		ID: m.ID, OnceKey: m.Key, Purpose: string(m.Purpose), Number: m.Number, ConversationID: m.Conversation, CallID: m.Call,
		Filled: string(values), Body: m.Text, At: ms(m.At), SendAt: ms(m.SendAt),
	})
	return n > 0, err
}

// Text returns a text. In a transaction that may change it, nobody else changes
// it until the end; whoever changes its conversation too reads that first.
func (tx *Tx) Text(ctx context.Context, i sms.ID) (sms.Message, error) {
	if err := tx.lock(ctx, "texts", int64(i)); err != nil {
		return sms.Message{}, err
	}
	r, err := tx.TextRow(ctx, i)
	if err != nil {
		return sms.Message{}, notFound(err, "sms.unknown", "text")
	}
	return textOf(r)
}

// TextAccepted returns the text to a number that a provider has under an id;
// false if there is none.
func (tx *Tx) TextAccepted(ctx context.Context, accepted, number string) (sms.ID, bool, error) {
	i, err := tx.Queries.TextAccepted(ctx, sqlcgen.TextAcceptedParams{Accepted: accepted, Number: number})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return i, err == nil, err
}

// Texts returns texts before an id, the newest first.
func (tx *Tx) Texts(ctx context.Context, before sms.ID, most int) ([]sms.Message, error) {
	if before.IsZero() {
		before = maxID
	}
	rows, err := tx.TextRows(ctx, sqlcgen.TextRowsParams{Before: before, Most: int64(most)})
	if err != nil {
		return nil, err
	}
	all := make([]sms.Message, 0, len(rows))
	for _, r := range rows {
		m, err := textOf(r)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// SaveText writes a text back.
func (tx *Tx) SaveText(ctx context.Context, m sms.Message) error {
	values, err := json.Marshal(m.Values)
	if err != nil {
		return err
	}
	return tx.Queries.SaveText(ctx, sqlcgen.SaveTextParams{
		ID: m.ID, Filled: string(values), Body: m.Text, State: string(m.State), Provider: string(m.Provider), Accepted: m.Accepted, Code: m.Code, Reason: m.Reason,
		Attempt: int64(m.Attempt), SendAt: ms(m.SendAt), SentAt: ms(m.SentAt), DoneAt: ms(m.DoneAt),
	})
}

// TextsTo returns when texts went to a number since a time. Whoever asks in a
// transaction that may change it sends the next one alone: no other transaction
// that asks for the number goes on meanwhile.
func (tx *Tx) TextsTo(ctx context.Context, number string, since time.Time) ([]time.Time, error) {
	if !tx.view {
		if err := tx.holdSetting(ctx, textsName+"/"+number[max(0, len(number)-2):]); err != nil {
			return nil, err
		}
	}
	rows, err := tx.Queries.TextsTo(ctx, sqlcgen.TextsToParams{Number: number, Since: ms(since)})
	all := make([]time.Time, 0, len(rows))
	for _, r := range rows {
		all = append(all, at(r))
	}
	return all, err
}

// OptOut keeps that a number wants no texts; false if that is known.
func (tx *Tx) OptOut(ctx context.Context, number, how string, now time.Time) (bool, error) {
	n, err := tx.Queries.OptOut(ctx, sqlcgen.OptOutParams{Number: number, How: how, At: ms(now)})
	return n > 0, err
}

// OptIn forgets it.
func (tx *Tx) OptIn(ctx context.Context, number string) (bool, error) {
	n, err := tx.Queries.OptIn(ctx, number)
	return n > 0, err
}

// OptedOut reports whether a number wants no texts.
func (tx *Tx) OptedOut(ctx context.Context, number string) (bool, error) {
	n, err := tx.OptOutOf(ctx, number)
	return n > 0, err
}

// OptOut is a number that wants no texts.
type OptOut struct {
	Number string
	How    string
	At     time.Time
}

// OptOuts returns the numbers that want no texts, the newest first.
func (tx *Tx) OptOuts(ctx context.Context, most int) ([]OptOut, error) {
	rows, err := tx.Queries.OptOuts(ctx, int64(most))
	all := make([]OptOut, 0, len(rows))
	for _, r := range rows {
		all = append(all, OptOut{Number: r.Number, How: r.How, At: at(r.At)})
	}
	return all, err
}

func textOf(r sqlcgen.Text) (sms.Message, error) {
	m := sms.Message{
		ID: r.ID, Key: r.OnceKey, Purpose: sms.Purpose(r.Purpose), Number: r.Number, Conversation: r.ConversationID, Call: r.CallID, Text: r.Body,
		State: sms.State(r.State), Provider: sms.Provider(r.Provider), Accepted: r.Accepted, Code: r.Code, Reason: r.Reason, Attempt: int(r.Attempt),
		At: at(r.At), SendAt: at(r.SendAt), SentAt: at(r.SentAt), DoneAt: at(r.DoneAt),
	}
	if err := json.Unmarshal([]byte(r.Filled), &m.Values); err != nil {
		return m, fmt.Errorf("values of text %s: %w", r.ID, err)
	}
	return m, nil
}
