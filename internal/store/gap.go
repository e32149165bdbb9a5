package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/gap"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/turn"
	"yingda/internal/store/sqlcgen"
)

// Vote is what a contact said of an answer of the assistant.
type Vote struct {
	Message      conversation.MessageID // the answer
	About        conversation.MessageID // what was asked
	Conversation conversation.ID
	Contact      contact.ID
	Question     knowledge.QuestionID // whose answer it is, or zero
	Article      knowledge.ArticleID  // of which a passage was given, or zero
	Helpful      bool
	Reason       gap.Reason // why it did not help; empty: nobody said
	At           time.Time
}

// Vote counts what a contact says of an answer. Of several votes of a contact on
// the same text the last counts, wherever it was given as an answer.
func (tx *Tx) Vote(ctx context.Context, v Vote) error {
	was, err := tx.LastVoteOf(ctx, sqlcgen.LastVoteOfParams{ContactID: v.Contact, QuestionID: int64(v.Question), ArticleID: int64(v.Article)})
	if errors.Is(err, sql.ErrNoRows) {
		was, err = tx.VoteRow(ctx, v.Message) // of a time when it was not kept whose vote it is
	}
	had := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err := tx.PutVote(ctx, sqlcgen.PutVoteParams{
		MessageID: v.Message, AboutID: v.About, ConversationID: v.Conversation, QuestionID: int64(v.Question), Helpful: v.Helpful, At: ms(v.At),
		ContactID: v.Contact, ArticleID: int64(v.Article), Reason: string(v.Reason),
	}); err != nil {
		return err
	}
	return tx.recount(ctx, v.Question, v.Article, had, was.Helpful, v.Helpful)
}

// recount counts a vote on a question or an article, in place of the one that
// was there if there was one.
func (tx *Tx) recount(ctx context.Context, q knowledge.QuestionID, a knowledge.ArticleID, had, was, is bool) error {
	var helpful, unhelpful int64
	count := func(yes bool, n int64) {
		if yes {
			helpful += n
		} else {
			unhelpful += n
		}
	}
	if had {
		count(was, -1)
	}
	count(is, 1)
	switch {
	case had && was == is:
		return nil
	case !q.IsZero():
		return tx.QuestionHelped(ctx, sqlcgen.QuestionHelpedParams{ID: int64(q), Helpful: helpful, Unhelpful: unhelpful})
	}
	return tx.ArticleHelped(ctx, sqlcgen.ArticleHelpedParams{ID: int64(a), Helpful: helpful, Unhelpful: unhelpful})
}

// PageVote is what a reader of the public pages said of a question or an
// article; one of both is zero.
type PageVote struct {
	ID       conversation.MessageID // of the ask that it may become
	Question knowledge.QuestionID
	Article  knowledge.ArticleID
	Voter    string
	Helpful  bool
	At       time.Time
}

func (v PageVote) text() (kind string, id int64) {
	if v.Question.IsZero() {
		return articleKind, int64(v.Article)
	}
	return questionKind, int64(v.Question)
}

// VoteOnPage counts what a reader says of a text, each reader once: the last
// word counts.
func (tx *Tx) VoteOnPage(ctx context.Context, v PageVote) error {
	kind, id := v.text()
	was, err := tx.PageVoteRow(ctx, sqlcgen.PageVoteRowParams{Kind: kind, TextID: id, Voter: v.Voter})
	had := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err := tx.PutPageVote(ctx, sqlcgen.PutPageVoteParams{Kind: kind, TextID: id, Voter: v.Voter, ID: int64(v.ID), Helpful: v.Helpful, At: ms(v.At)}); err != nil {
		return err
	}
	return tx.recount(ctx, v.Question, v.Article, had, was.Helpful, v.Helpful)
}

// EachPageVote calls f with what readers said from since until before until,
// first said first.
func (tx *Tx) EachPageVote(ctx context.Context, since, until time.Time, f func(PageVote)) error {
	p := sqlcgen.PageVotesBetweenParams{Since: ms(since), After: 0, Until: ms(until), Most: turnsPage}
	for {
		rows, err := tx.PageVotesBetween(ctx, p)
		if err != nil {
			return err
		}
		for _, r := range rows {
			v := PageVote{ID: conversation.MessageID(r.ID), Voter: r.Voter, Helpful: r.Helpful, At: at(r.At)}
			if r.Kind == questionKind {
				v.Question = knowledge.QuestionID(r.TextID)
			} else {
				v.Article = knowledge.ArticleID(r.TextID)
			}
			f(v)
			p.Since, p.After = r.At, r.ID
		}
		if len(rows) < turnsPage {
			return nil
		}
	}
}

// turnsPage is how many turns are read at once.
const turnsPage = 1000

// EachTurn calls f with what the assistant decided from since until before
// until, first decided first.
func (tx *Tx) EachTurn(ctx context.Context, since, until time.Time, f func(turn.Record)) error {
	p := sqlcgen.TurnsBetweenParams{Since: ms(since), After: 0, Until: ms(until), Most: turnsPage}
	for {
		rows, err := tx.TurnsBetween(ctx, p)
		if err != nil {
			return err
		}
		for _, r := range rows {
			var t turn.Record
			if err := json.Unmarshal([]byte(r.Body), &t); err != nil {
				return fmt.Errorf("the turn about %s: %w", r.MessageID, err)
			}
			f(t)
			p.Since, p.After = r.At, int64(r.MessageID)
		}
		if len(rows) < turnsPage {
			return nil
		}
	}
}

// Gathered is how far the board of gaps has got.
type Gathered struct {
	Until time.Time `json:"until"` // what was decided before was looked at
	At    time.Time `json:"at"`    // zero: never
}

const gatheredName = "knowledge.gathered"

// Gathered returns how far the board of gaps has got.
func (tx *Tx) Gathered(ctx context.Context) (Gathered, error) {
	return setting(ctx, tx, gatheredName, Gathered{})
}

// SaveGathered keeps how far the board of gaps has got.
func (tx *Tx) SaveGathered(ctx context.Context, g Gathered) error {
	return tx.saveSetting(ctx, gatheredName, g, g.At)
}

const dayName = "knowledge.day"

// BeginDay reports whether a day is another than the one that was told the last
// time, and keeps it.
func (tx *Tx) BeginDay(ctx context.Context, day string, now time.Time) (bool, error) {
	type told struct {
		Day string `json:"day"`
	}
	was, err := setting(ctx, tx, dayName, told{})
	if err != nil || was.Day == day {
		return false, err
	}
	return true, tx.saveSetting(ctx, dayName, told{day}, now)
}

// VotesOf returns how contacts voted in a conversation, and why something did
// not help, by the message that was answered.
func (tx *Tx) VotesOf(ctx context.Context, i conversation.ID) (votes map[conversation.MessageID]bool, why map[conversation.MessageID]gap.Reason, err error) {
	rows, err := tx.VotesIn(ctx, i)
	votes, why = map[conversation.MessageID]bool{}, map[conversation.MessageID]gap.Reason{}
	for _, r := range rows {
		votes[r.AboutID] = r.Helpful
		if r.Reason != "" {
			why[r.AboutID] = gap.Reason(r.Reason)
		}
	}
	return votes, why, err
}

// EachLeader calls f with every gap by the text that leads it, in the order in
// which they were found.
func (tx *Tx) EachLeader(ctx context.Context, f func(i gap.ID, text, language string)) error {
	const page = 1000
	for after := int64(0); ; {
		rows, err := tx.GapLeaders(ctx, sqlcgen.GapLeadersParams{After: after, Most: page})
		if err != nil {
			return err
		}
		for _, r := range rows {
			f(r.ID, r.Text, r.Language)
			after = int64(r.ID)
		}
		if len(rows) < page {
			return nil
		}
	}
}

// Gap returns a gap. In a transaction that may change it, nobody else changes it
// until the end.
func (tx *Tx) Gap(ctx context.Context, i gap.ID) (gap.Gap, error) {
	if err := tx.lock(ctx, "gaps", int64(i)); err != nil {
		return gap.Gap{}, err
	}
	r, err := tx.GapRow(ctx, i)
	if err != nil {
		return gap.Gap{}, notFound(err, "gap.unknown", "gap")
	}
	return gapOf(r)
}

func gapOf(r sqlcgen.Gap) (gap.Gap, error) {
	g := gap.Gap{
		ID: r.ID, State: gap.State(r.State), Text: r.Text, Language: r.Language, Asked: r.Asked, Handed: r.Handed, Cost: r.Cost,
		FirstAt: at(r.FirstAt), LastAt: at(r.LastAt), Version: r.Version,
	}
	if r.Deal == "" {
		return g, nil
	}
	g.Deal = &gap.Deal{}
	if err := json.Unmarshal([]byte(r.Deal), g.Deal); err != nil {
		return g, fmt.Errorf("what was done about gap %s: %w", r.ID, err)
	}
	return g, nil
}

// AddGap writes a new gap, which nobody asked yet.
func (tx *Tx) AddGap(ctx context.Context, i gap.ID, text, language string) error {
	return tx.InsertGap(ctx, sqlcgen.InsertGapParams{ID: i, State: string(gap.Open), Text: text, Language: language})
}

// ChangeGap writes a gap back. It is a Conflict if someone else wrote it since.
func (tx *Tx) ChangeGap(ctx context.Context, g gap.Gap) error {
	deal := ""
	if g.Deal != nil {
		b, err := json.Marshal(g.Deal)
		if err != nil {
			return err
		}
		deal = string(b)
	}
	return changed(tx.SaveGap(ctx, sqlcgen.SaveGapParams{
		ID: g.ID, Version: g.Version, State: string(g.State), Text: g.Text, Asked: g.Asked, Handed: g.Handed, Cost: g.Cost,
		FirstAt: ms(g.FirstAt), LastAt: ms(g.LastAt), DoneAt: ms(g.Since()), Deal: deal,
	}))
}

// Recounted returns a gap with the sums of its asks as they are now.
func (tx *Tx) Recounted(ctx context.Context, g gap.Gap) (gap.Gap, error) {
	c, err := tx.CountGap(ctx, sqlcgen.CountGapParams{GapID: g.ID, Since: ms(g.Since())})
	return g.Counted(gap.Counts{Asked: c.Asked, Handed: c.Handed, Cost: c.Cost, First: at(c.FirstAt), Last: at(c.LastAt)}), err
}

// OpenGaps returns a page of the gaps that wait for somebody, the most costly
// first, and the cursor of the next page.
func (tx *Tx) OpenGaps(ctx context.Context, cursor string, limit int) ([]gap.Gap, string, error) {
	ns, err := fromCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.OpenGapsBefore(ctx, sqlcgen.OpenGapsBeforeParams{Cost: ns[0], Before: ns[1], Most: int64(limit + 1)})
	return gapsOf(rows, err, limit, func(g sqlcgen.Gap) int64 { return g.Cost })
}

// DealtGaps returns a page of the gaps that were dealt with, the last first.
func (tx *Tx) DealtGaps(ctx context.Context, cursor string, limit int) ([]gap.Gap, string, error) {
	ns, err := fromCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.DealtGapsBefore(ctx, sqlcgen.DealtGapsBeforeParams{DoneAt: ns[0], Before: ns[1], Most: int64(limit + 1)})
	return gapsOf(rows, err, limit, func(g sqlcgen.Gap) int64 { return g.DoneAt })
}

// fromCursor reads a cursor of two numbers; the highest there are for the first
// page.
func fromCursor(cursor string) ([]int64, error) {
	if cursor == "" {
		return []int64{maxID, maxID}, nil
	}
	return ReadCursor(cursor, 2)
}

func gapsOf(rows []sqlcgen.Gap, err error, limit int, order func(sqlcgen.Gap) int64) ([]gap.Gap, string, error) {
	gs := make([]gap.Gap, 0, len(rows))
	if err != nil {
		return gs, "", err
	}
	for _, r := range rows[:min(limit, len(rows))] {
		g, err := gapOf(r)
		if err != nil {
			return nil, "", err
		}
		gs = append(gs, g)
	}
	if len(rows) <= limit {
		return gs, "", nil
	}
	last := rows[limit-1]
	return gs, WriteCursor(order(last), int64(last.ID)), nil
}

// PutAsk writes down that a message was not helped, for a gap. One that is there
// already keeps its gap.
func (tx *Tx) PutAsk(ctx context.Context, g gap.ID, a gap.Ask) error {
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return tx.PutGapAsk(ctx, sqlcgen.PutGapAskParams{MessageID: a.Message, GapID: g, At: ms(a.At), Handed: a.Handed, Cost: a.Cost(), Body: string(body)})
}

// GapOf returns the gap of a message; false if it has none.
func (tx *Tx) GapOf(ctx context.Context, m conversation.MessageID) (gap.ID, bool, error) {
	i, err := tx.GapOfAsk(ctx, m)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return i, err == nil, err
}

// Asks returns the last asks of a gap, the last first.
func (tx *Tx) Asks(ctx context.Context, g gap.ID, most int) ([]gap.Ask, error) {
	rows, err := tx.GapAsksBefore(ctx, sqlcgen.GapAsksBeforeParams{GapID: g, At: maxID, Before: maxID, Most: int64(most)})
	asks := make([]gap.Ask, 0, len(rows))
	for _, r := range rows {
		a, err := askOf(r)
		if err != nil {
			return nil, err
		}
		asks = append(asks, a)
	}
	return asks, err
}

func askOf(r sqlcgen.GapAsk) (a gap.Ask, err error) {
	if err := json.Unmarshal([]byte(r.Body), &a); err != nil {
		return a, fmt.Errorf("what was asked in %s: %w", r.MessageID, err)
	}
	return a, nil
}

// ForgetAsk takes a message off the board: the gap counts it no more, is not led
// by its words, and goes when it was the only one.
func (tx *Tx) ForgetAsk(ctx context.Context, m conversation.MessageID) error {
	i, have, err := tx.GapOf(ctx, m)
	if err != nil || !have {
		return err
	}
	if err := tx.ForgetGapAsk(ctx, m); err != nil {
		return err
	}
	return tx.settleGap(ctx, i)
}

// TrimAsks forgets what was asked and voted before a time, and gaps of which
// nothing is left.
func (tx *Tx) TrimAsks(ctx context.Context, before time.Time) error {
	const most = 500 // at once
	gs, err := tx.GapsWithAsksBefore(ctx, sqlcgen.GapsWithAsksBeforeParams{Before: ms(before), Most: most})
	if err != nil {
		return err
	}
	for _, i := range gs {
		if err := tx.TrimGapAsks(ctx, sqlcgen.TrimGapAsksParams{GapID: i, Before: ms(before)}); err != nil {
			return err
		}
		if err := tx.settleGap(ctx, i); err != nil {
			return err
		}
	}
	if err := tx.TrimPageVotes(ctx, ms(before)); err != nil {
		return err
	}
	return tx.TrimVotes(ctx, ms(before))
}

// settleGap brings a gap in line with the asks that are left of it.
func (tx *Tx) settleGap(ctx context.Context, i gap.ID) error {
	first, err := tx.FirstGapAsk(ctx, i)
	if errors.Is(err, sql.ErrNoRows) {
		return tx.DropEmptyGap(ctx, i)
	}
	if err != nil {
		return err
	}
	g, err := tx.Gap(ctx, i)
	if err != nil {
		return err
	}
	a, err := askOf(first)
	if err != nil {
		return err
	}
	if g, err = tx.Recounted(ctx, g); err != nil {
		return err
	}
	g.Text = a.Text
	return tx.ChangeGap(ctx, g)
}
