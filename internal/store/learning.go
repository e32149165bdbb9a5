package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/learning"
	"yingda/internal/domain/ticket"
	"yingda/internal/store/sqlcgen"
)

const (
	learningName = "learning"
	learntName   = "learning.learnt"
)

// Learning returns what is set about suggestions from closed work.
func (tx *Tx) Learning(ctx context.Context) (learning.Settings, error) {
	return setting(ctx, tx, learningName, learning.Defaults())
}

// LearningToChange returns the settings as Learning does. Until the transaction
// ends nobody else changes them.
func (tx *Tx) LearningToChange(ctx context.Context) (learning.Settings, error) {
	if err := tx.holdSetting(ctx, learningName); err != nil {
		return learning.Settings{}, err
	}
	return tx.Learning(ctx)
}

// SaveLearning writes the settings.
func (tx *Tx) SaveLearning(ctx context.Context, s learning.Settings, now time.Time) error {
	return tx.saveSetting(ctx, learningName, s, now)
}

// Learnt returns how well closed work was learnt from the last time; nothing
// if it never was.
func (tx *Tx) Learnt(ctx context.Context) (learning.Learnt, error) {
	return setting(ctx, tx, learntName, learning.Learnt{})
}

// SaveLearnt keeps how well closed work was learnt from.
func (tx *Tx) SaveLearnt(ctx context.Context, l learning.Learnt) error {
	return tx.saveSetting(ctx, learntName, l, l.At)
}

// SuggestionUsed counts what somebody did with a suggestion that they saw, on
// the day of a time.
func (tx *Tx) SuggestionUsed(ctx context.Context, day time.Time, t learning.Topic, taken bool) error {
	p := sqlcgen.CountSuggestionParams{Day: day.Format(dayForm), Topic: string(t)}
	if taken {
		p.Taken = 1
	} else {
		p.Changed = 1
	}
	return tx.CountSuggestion(ctx, p)
}

// SuggestionsUsed returns what people did with suggestions since a day.
func (tx *Tx) SuggestionsUsed(ctx context.Context, since time.Time) (map[learning.Topic]learning.Used, error) {
	rows, err := tx.SuggestionsSince(ctx, since.Format(dayForm))
	used := map[learning.Topic]learning.Used{}
	for _, r := range rows {
		used[learning.Topic(r.Topic)] = learning.Used{Taken: r.Taken, Changed: r.Changed}
	}
	return used, err
}

// ClosedCase is a case that is over, as it is learnt from.
type ClosedCase struct {
	ID       ticket.ID
	Kind     ticket.Kind
	Category string
	Urgency  ticket.Urgency
	Team     agent.TeamID
	Text     string // subject and text
}

// closedPage is how many closed cases are read at once.
const closedPage = 200

// EachClosedCase calls f with the cases that were closed from since until before
// until, last closed first, no more than most.
func (tx *Tx) EachClosedCase(ctx context.Context, since, until time.Time, most int, f func(ClosedCase)) error {
	p := sqlcgen.ClosedCasesParams{Since: ms(since), Before: ms(until), Most: closedPage}
	for read := 0; read < most; {
		p.Most = int64(min(closedPage, most-read))
		rows, err := tx.ClosedCases(ctx, p)
		if err != nil {
			return err
		}
		for _, r := range rows {
			c := ClosedCase{ID: ticket.ID(r.ID), Kind: ticket.Kind(r.Kind), Category: r.Category, Team: r.TeamID, Text: r.Subject + "\n" + r.Text}
			var course struct {
				Urgency ticket.Urgency `json:"urgency"`
			}
			if err := json.Unmarshal([]byte(r.Course), &course); err != nil {
				return fmt.Errorf("the course of a case: %w", err)
			}
			c.Urgency = course.Urgency
			f(c)
			p.Before, p.Below = r.ClosedAt, r.ID
		}
		read += len(rows)
		if int64(len(rows)) < p.Most {
			return nil
		}
	}
	return nil
}

// Translation returns what was made of a message in a language, if it was.
func (tx *Tx) Translation(ctx context.Context, i conversation.MessageID, language string) (string, bool, error) {
	r, err := tx.TranslationOf(ctx, sqlcgen.TranslationOfParams{MessageID: i, Language: language})
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return r.Text, err == nil, err
}

// KeepTranslation keeps what was made of a message in a language.
func (tx *Tx) KeepTranslation(ctx context.Context, i conversation.MessageID, language, text string, now time.Time) error {
	return tx.PutTranslation(ctx, sqlcgen.PutTranslationParams{MessageID: i, Language: language, Text: text, At: ms(now)})
}

// TranslationsOf returns what was made of the messages of a conversation in a
// language.
func (tx *Tx) TranslationsOf(ctx context.Context, i conversation.ID, language string) (map[conversation.MessageID]string, error) {
	rows, err := tx.TranslationsIn(ctx, sqlcgen.TranslationsInParams{ConversationID: i, Language: language})
	all := map[conversation.MessageID]string{}
	for _, r := range rows {
		all[r.MessageID] = r.Text
	}
	return all, err
}
