package help

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/gap"
	"yingda/internal/domain/turn"
	"yingda/internal/job"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// GatherJob brings the board of gaps up to date.
const GatherJob = "help.gather"

// DayJob looks whether a day has begun on which other questions hold.
const DayJob = "help.day"

// GatherWork is the payload of GatherJob.
type GatherWork struct {
	Now bool `json:"now"` // somebody asked for it; else it is looked whether it is night
}

const (
	gatherCheck = 30 * time.Minute    // how often it is looked whether it is night
	gatherHour  = 3                   // of the company's day
	gatherBack  = 24 * time.Hour      // what is looked at again: votes and replies come late
	gatherFirst = 30 * 24 * time.Hour // what is looked at the first time
	gatherBatch = 200                 // asks in one transaction
	gatherTalk  = 300                 // messages of a conversation that are looked at
)

// Jobs returns how the jobs of the knowledge base are done.
func (h *Help) Jobs() []job.Kind {
	turn := func(ctx context.Context, _ json.RawMessage) error {
		_, err := h.TurnDay(ctx)
		return err
	}
	return []job.Kind{{Name: DayJob, Every: time.Minute, Do: turn}, {Name: GatherJob, Every: gatherCheck, Do: func(ctx context.Context, payload json.RawMessage) error {
		var w GatherWork
		if err := json.Unmarshal(payload, &w); err != nil {
			return fmt.Errorf("%w: %w", job.ErrNever, err)
		}
		return h.gatherWhenDue(ctx, w)
	}}}
}

// gatherWhenDue gathers when somebody asked for it, and once each night.
func (h *Help) gatherWhenDue(ctx context.Context, w GatherWork) error {
	if !w.Now {
		var last store.Gathered
		var zone *time.Location
		if err := h.DB.View(ctx, func(tx *store.Tx) (err error) {
			if last, err = tx.Gathered(ctx); err != nil {
				return err
			}
			s, err := tx.Company(ctx)
			zone = s.PhoneHours.Location()
			return err
		}); err != nil {
			return err
		}
		if !nightBetween(last.At, h.Now().In(zone)) {
			return nil
		}
	}
	return h.Gather(ctx)
}

// nightBetween reports whether the hour of the night at which is gathered has
// come since.
func nightBetween(since, now time.Time) bool {
	night := time.Date(now.Year(), now.Month(), now.Day(), gatherHour, 0, 0, 0, now.Location())
	if now.Before(night) {
		night = night.AddDate(0, 0, -1)
	}
	return since.Before(night)
}

// Gather brings the board of gaps up to date with what the assistant decided
// since the last time, and the day before it. Doing it again changes nothing.
func (h *Help) Gather(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "gather what was not answered")
	until := h.Now()
	board := gap.NewBoard()
	var onPages []store.PageVote
	talks := map[conversation.ID]map[conversation.MessageID]turn.Record{}
	if err := h.DB.View(ctx, func(tx *store.Tx) error {
		last, err := tx.Gathered(ctx)
		if err != nil {
			return err
		}
		since := last.Until.Add(-gatherBack)
		if last.Until.IsZero() {
			since = until.Add(-gatherFirst)
		}
		if err := tx.EachTurn(ctx, since, until, func(t turn.Record) {
			if talks[t.Conversation] == nil {
				talks[t.Conversation] = map[conversation.MessageID]turn.Record{}
			}
			talks[t.Conversation][t.Message] = t
		}); err != nil {
			return err
		}
		onPages = nil
		if err := tx.EachPageVote(ctx, since, until, func(v store.PageVote) { onPages = append(onPages, v) }); err != nil {
			return err
		}
		return tx.EachLeader(ctx, board.Add)
	}); err != nil {
		return err
	}
	var asks []gap.Ask
	for _, i := range inOrder(talks) {
		found, err := h.judge(ctx, i, talks[i])
		if err != nil {
			return err
		}
		if asks = append(asks, found...); len(asks) >= gatherBatch {
			if err := h.place(ctx, board, asks); err != nil {
				return err
			}
			asks = nil
		}
	}
	if err := h.place(ctx, board, append(asks, h.ofPages(onPages)...)); err != nil {
		return err
	}
	return h.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.SaveGathered(ctx, store.Gathered{Until: until, At: h.Now()}); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.KnowledgeChanged, At: h.Now()})
	})
}

// ofPages returns what readers of pages did not find in them, of what can still
// be read.
func (h *Help) ofPages(votes []store.PageVote) (asks []gap.Ask) {
	s := h.current()
	for _, v := range votes {
		at, ok := s.questions[int64(v.Question)]
		if v.Question.IsZero() {
			at, ok = s.articles[int64(v.Article)]
		}
		if ok && !v.Helpful {
			asks = append(asks, gap.OfPage(v.ID, v.At, s.entries[at].Title, s.entries[at].Language).Masked())
		}
	}
	return asks
}

// inOrder returns the conversations, the first begun first: so the same night
// gives the same board.
func inOrder(talks map[conversation.ID]map[conversation.MessageID]turn.Record) []conversation.ID {
	ids := make([]conversation.ID, 0, len(talks))
	for i := range talks {
		ids = append(ids, i)
	}
	slices.Sort(ids)
	return ids
}

// judge returns what was not helped in a conversation, masked.
func (h *Help) judge(ctx context.Context, i conversation.ID, turns map[conversation.MessageID]turn.Record) ([]gap.Ask, error) {
	heard := gap.Heard{Turns: turns}
	first := conversation.MessageID(0)
	for m := range turns {
		if first == 0 || m < first {
			first = m
		}
	}
	err := h.DB.View(ctx, func(tx *store.Tx) error {
		m, err := tx.Message(ctx, first)
		if fault.KindOf(err) == fault.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		if heard.Messages, err = tx.MessagesAfter(ctx, i, m.Seq-1, gatherTalk); err != nil {
			return err
		}
		heard.Votes, heard.Reasons, err = tx.VotesOf(ctx, i)
		return err
	})
	asks := gap.Judge(heard)
	for n, a := range asks {
		asks[n] = a.Masked()
	}
	return asks, err
}

// place writes asks down, each for the gap that asks the same, and brings the
// sums of those gaps up to date.
func (h *Help) place(ctx context.Context, board *gap.Board, asks []gap.Ask) error {
	if len(asks) == 0 {
		return nil
	}
	type placed struct {
		gap   gap.ID
		fresh bool
	}
	at := make([]placed, len(asks))
	for n, a := range asks {
		i, known, err := h.DB.Now().GapOf(ctx, a.Message)
		if err != nil {
			return err
		}
		if known {
			at[n] = placed{gap: i}
			continue
		}
		at[n].gap, at[n].fresh = board.Place(a.Text, a.Language, func() gap.ID { return gap.NewID(a.At) })
	}
	return h.DB.Update(ctx, func(tx *store.Tx) error {
		touched := map[gap.ID]bool{}
		for n, a := range asks {
			if at[n].fresh {
				if err := tx.AddGap(ctx, at[n].gap, a.Text, a.Language); err != nil {
					return err
				}
			}
			if err := tx.PutAsk(ctx, at[n].gap, a); err != nil {
				return err
			}
			touched[at[n].gap] = true
		}
		ids := make([]gap.ID, 0, len(touched))
		for i := range touched {
			ids = append(ids, i)
		}
		slices.Sort(ids) // locked in one order by all
		for _, i := range ids {
			g, err := tx.Gap(ctx, i)
			if fault.KindOf(err) == fault.NotFound { // everything in it was taken back since
				continue
			}
			if err != nil {
				return err
			}
			now, err := tx.Recounted(ctx, g)
			if err != nil {
				return err
			}
			if now == g {
				continue
			}
			if err := tx.ChangeGap(ctx, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// GatherNow lets the board of gaps be brought up to date at once.
func (h *Help) GatherNow(ctx context.Context, by agent.Actor) error {
	if err := need(by, agent.KnowledgeEdit); err != nil {
		return err
	}
	return h.DB.Update(ctx, func(tx *store.Tx) error {
		return tx.EnqueueOnce(ctx, GatherJob, "now", GatherWork{Now: true}, h.Now(), h.Now())
	})
}

// TurnDay tells everyone who holds texts that a day has begun, once a day:
// questions that hold from it on are answered, those that held until the day
// before are not. It reports whether there was something to tell.
func (h *Help) TurnDay(ctx context.Context) (begun bool, err error) {
	err = h.DB.Update(ctx, func(tx *store.Tx) error {
		begun = false
		day, err := h.day(ctx, tx)
		if err != nil {
			return err
		}
		if begun, err = tx.BeginDay(ctx, day, h.Now()); err != nil || !begun {
			return err
		}
		if err := tx.TrimQuestionDays(ctx, hotSince(day)); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.KnowledgeChanged, At: h.Now()})
	})
	return begun, err
}
