package assist

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/learning"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/ticket"
	"yingda/internal/job"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// What was closed teaches what is suggested (从办结中学习): what a conversation
// was about, of what kind a case is, how urgent, and who ends up with it. A job
// learns and judges, and writes down how well; each node then learns the same
// from the same, so that all of them suggest alike.

// LearnJob learns from what was closed.
const LearnJob = "assist.learn"

// LearnWork is the payload of LearnJob.
type LearnWork struct {
	Now bool `json:"now"` // somebody asked for it; else it is looked whether it is time
}

const (
	learnCheck = 30 * time.Minute // how often it is looked whether it is time
	learnEvery = 6 * time.Hour
	learnLook  = 30 * time.Second // how often a node looks whether another one learnt
	learnBack  = 90 * 24 * time.Hour
	caseBack   = 365 * 24 * time.Hour
	mostLearnt = 5000 // conversations, and as many cases; the newest
	usedBack   = 90   // days of which it is told what people did with suggestions
	usedKept   = 400  // days
	longText   = 600  // characters of a case that are learnt from
)

// Jobs returns how the jobs of the assistant are done.
func (a *Assistant) Jobs() []job.Kind {
	return []job.Kind{a.Job(), {Name: LearnJob, Every: learnCheck, Tries: 3, Do: func(ctx context.Context, payload json.RawMessage) error {
		var w LearnWork
		if len(payload) > 0 {
			if err := json.Unmarshal(payload, &w); err != nil {
				return fmt.Errorf("%w: %w", job.ErrNever, err)
			}
		}
		if !w.Now {
			was, err := a.Desk.DB.Now().Learnt(ctx)
			if err != nil || a.Desk.Now().Sub(was.At) < learnEvery {
				return err
			}
		}
		return a.Learn(ctx)
	}}}
}

// Run keeps what this node suggests as it was learnt last, wherever that was,
// until ctx ends.
func (a *Assistant) Run(ctx context.Context) error {
	first := true
	for ctx.Err() == nil {
		if err := a.follow(ctx, first); err != nil && ctx.Err() == nil {
			a.Log.WarnContext(ctx, "what was learnt from closed work could not be read; suggestions are as before", slog.Any("error", err))
		} else {
			first = false
		}
		t := time.NewTimer(learnLook)
		select {
		case <-ctx.Done():
			t.Stop()
		case <-t.C:
		}
	}
	return ctx.Err()
}

// follow takes over what another node, or this one before it was started anew,
// has learnt and what is set.
func (a *Assistant) follow(ctx context.Context, first bool) error {
	db := a.Desk.DB.Now()
	set, err := db.Learning(ctx)
	if err != nil {
		return err
	}
	last, err := db.Learnt(ctx)
	if err != nil {
		return err
	}
	if last.At.IsZero() {
		if !first {
			return nil
		}
		return a.Desk.DB.Update(ctx, func(tx *store.Tx) error { return a.wantLearn(ctx, tx) })
	}
	have := a.learnt.Load()
	if have != nil && have.last.At.Equal(last.At) {
		a.learnt.Store(&learnt{last: last, set: set, of: have.of})
		return nil
	}
	examples, err := a.examples(ctx, last.Until)
	if err != nil {
		return err
	}
	of := map[learning.Topic]*retrieve.Learnt{}
	for t, es := range examples {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		of[t] = retrieve.Train(es)
	}
	a.learnt.Store(&learnt{last: last, set: set, of: of})
	return nil
}

func (a *Assistant) wantLearn(ctx context.Context, tx *store.Tx) error {
	now := a.Desk.Now()
	return tx.EnqueueOnce(ctx, LearnJob, "now", LearnWork{Now: true}, now, now)
}

// learnt is what closed work taught, as this node has it.
type learnt struct {
	last learning.Learnt
	set  learning.Settings
	of   map[learning.Topic]*retrieve.Learnt // nil: too few
}

// Learn learns from what was closed lately, judges how well, and writes that
// down.
func (a *Assistant) Learn(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "learn from what was closed")
	now := a.Desk.Now()
	examples, err := a.examples(ctx, now)
	if err != nil {
		return err
	}
	l := learnt{last: learning.Learnt{At: now, Until: now}, of: map[learning.Topic]*retrieve.Learnt{}}
	for _, t := range learning.Topics() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		of := retrieve.Learn(examples[t])
		s := learning.Standing{Topic: t, Closed: len(examples[t]), Answers: retrieve.Labels(examples[t])}
		if of != nil {
			s.Examples, s.Accuracy, s.Common = of.Examples, of.Accuracy, of.Common
		}
		l.of[t], l.last.Standings = of, append(l.last.Standings, s)
	}
	err = a.Desk.DB.Update(ctx, func(tx *store.Tx) error {
		if l.set, err = tx.Learning(ctx); err != nil {
			return err
		}
		if err := tx.TrimSuggestions(ctx, now.AddDate(0, 0, -usedKept).Format(time.DateOnly)); err != nil {
			return err
		}
		if err := tx.SaveLearnt(ctx, l.last); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: now})
	})
	if err == nil {
		a.learnt.Store(&l)
	}
	return err
}

// examples reads what was closed before a moment, with what became of it, by
// topic.
func (a *Assistant) examples(ctx context.Context, until time.Time) (map[learning.Topic][]retrieve.Example, error) {
	db := a.Desk.DB.Now()
	all := map[learning.Topic][]retrieve.Example{}
	add := func(t learning.Topic, text, label string) {
		if text != "" && label != "" {
			all[t] = append(all[t], retrieve.Example{Text: text, Label: label})
		}
	}
	var ended []store.Ended
	if err := db.EachEnded(ctx, until.Add(-learnBack), until, func(e store.Ended) {
		if e.Summary != nil && e.Summary.Category != "" {
			ended = append(ended, e)
		}
	}); err != nil {
		return nil, err
	}
	for _, e := range ended[max(0, len(ended)-mostLearnt):] {
		text, err := a.said(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		add(learning.TalkCategory, text, e.Summary.Category)
		if !e.Agent.IsZero() { // nobody routed what no person answered
			add(learning.TalkTeam, text, e.Team.String())
		}
	}
	return all, db.EachClosedCase(ctx, until.Add(-caseBack), until, mostLearnt, func(c store.ClosedCase) {
		text := clip(strings.TrimSpace(c.Text), longText)
		add(learning.CaseKind, text, string(c.Kind))
		add(learning.CaseCategory, text, c.Category)
		add(learning.CaseUrgency, text, learning.Urgency(int(c.Urgency)))
		add(learning.CaseTeam, text, c.Team.String())
	})
}

// Suggested is what closed work suggests of a topic.
type Suggested struct {
	learning.Standing
	learning.Decision
	Guesses []learning.Guess // the likeliest first; none where nothing is suggested or nothing is known
}

// suggested returns what closed work suggests of a topic for what somebody told.
func (a *Assistant) suggested(t learning.Topic, told []string) Suggested {
	s := Suggested{Standing: learning.Standing{Topic: t}}
	l := a.learnt.Load()
	if l == nil {
		s.Decision = learning.Defaults().Decide(s.Standing)
		return s
	}
	s.Standing = l.last.Of(t)
	s.Decision = l.set.Decide(s.Standing)
	if !s.Suggests || l.of[t] == nil || len(told) == 0 {
		return s
	}
	gs := l.of[t].Guess(strings.Join(told, joint))
	for _, g := range gs[:min(len(gs), mostGuessed)] {
		s.Guesses = append(s.Guesses, learning.Guess{Answer: g.Label, Probability: g.Probability})
	}
	return s
}

// Likeliest returns the likeliest answer of a topic for what a customer said,
// while the topic is suggested. It is what rules ask.
func (a *Assistant) Likeliest(t learning.Topic, said []string) (learning.Guess, bool) {
	s := a.suggested(t, plainOf(said))
	if len(s.Guesses) == 0 {
		return learning.Guess{}, false
	}
	return s.Guesses[0], true
}

// plainOf returns what of said tells something, as it is learnt from.
func plainOf(said []string) []string {
	var told []string
	for _, text := range said {
		if text != "" && !retrieve.Mannerly(text) && len(told) < mostSaid {
			told = append(told, clip(text, longText))
		}
	}
	return told
}

// SuggestedFor returns what closed work suggests of a conversation: its own
// topics, and those of a case that is made of it.
func (a *Assistant) SuggestedFor(ctx context.Context, by agent.Actor, i conversation.ID) (all []Suggested, err error) {
	defer fault.Wrap(&err, "suggest for %s", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return nil, err
	}
	const back = 40
	ms, _, err := a.Desk.Messages(ctx, by, i, -1, 0, back)
	if err != nil {
		return nil, err
	}
	told := toldIn(ms)
	for _, t := range learning.Topics() {
		all = append(all, a.suggested(t, told))
	}
	return all, nil
}

// SuggestedForText returns what closed work suggests of a case with a text.
func (a *Assistant) SuggestedForText(_ context.Context, by agent.Actor, text string) (all []Suggested, err error) {
	if err := by.Need(agent.CaseEdit); err != nil {
		return nil, err
	}
	told := plainOf([]string{strings.TrimSpace(text)})
	for _, t := range learning.Topics() {
		if t.OfCases() {
			all = append(all, a.suggested(t, told))
		}
	}
	return all, nil
}

// SuggestedForCase returns what closed work suggests of a case.
func (a *Assistant) SuggestedForCase(ctx context.Context, by agent.Actor, i ticket.ID) ([]Suggested, error) {
	if err := by.Need(agent.CaseEdit); err != nil {
		return nil, err
	}
	c, err := a.Desk.CaseFor(ctx, by, i)
	if err != nil {
		return nil, err
	}
	return a.SuggestedForText(ctx, by, c.Subject+"\n"+c.Text)
}

// Lessons is how well closed work was learnt from, what is set about it, and
// what people did with what was suggested.
type Lessons struct {
	learning.Learnt
	learning.Settings
	Topics []Lesson
	Since  time.Time // from when what people did is counted
}

// Lesson is one topic of Lessons.
type Lesson struct {
	learning.Standing
	learning.Decision
	learning.Used
}

// Lessons returns how well closed work was learnt from.
func (a *Assistant) Lessons(ctx context.Context, by agent.Actor) (l Lessons, err error) {
	if err := by.Need(agent.SettingManage); err != nil {
		return l, err
	}
	err = a.Desk.DB.View(ctx, func(tx *store.Tx) error {
		l = Lessons{}
		if l.Settings, err = tx.Learning(ctx); err != nil {
			return err
		}
		if l.Learnt, err = tx.Learnt(ctx); err != nil {
			return err
		}
		s, err := tx.Company(ctx)
		if err != nil {
			return err
		}
		l.Since = a.Desk.Now().In(s.PhoneHours.Location()).AddDate(0, 0, -usedBack)
		used, err := tx.SuggestionsUsed(ctx, l.Since)
		if err != nil {
			return err
		}
		for _, t := range learning.Topics() {
			st := l.Of(t)
			l.Topics = append(l.Topics, Lesson{Standing: st, Decision: l.Decide(st), Used: used[t]})
		}
		return nil
	})
	return l, err
}

// SaveLearning sets from which accuracy on something is suggested, and of what
// nothing is.
func (a *Assistant) SaveLearning(ctx context.Context, by agent.Actor, s learning.Settings) (l Lessons, err error) {
	defer fault.Wrap(&err, "set what is suggested")
	if err := by.Need(agent.SettingManage); err != nil {
		return l, err
	}
	if err := s.Check(); err != nil {
		return l, err
	}
	s.Off = slices.Compact(slices.AppendSeq([]learning.Topic{}, slices.Values(slices.Sorted(slices.Values(s.Off)))))
	now := a.Desk.Now()
	if err := a.Desk.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.LearningToChange(ctx)
		if err != nil {
			return err
		}
		if was.Version != s.Version {
			return errSetMeanwhile
		}
		next := s
		next.Version++
		if err := tx.SaveLearning(ctx, next, now); err != nil {
			return err
		}
		if err := tx.Audit(ctx, audit.By(by, now, "learning.change", audit.Object{Kind: "setting", ID: "learning"}, map[string]any{"least": s.Least, "off": s.Off})); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: now})
	}); err != nil {
		return l, err
	}
	if err := a.follow(ctx, false); err != nil {
		return l, err
	}
	return a.Lessons(ctx, by)
}

// LearnNow has closed work learnt from now, and not when it is time.
func (a *Assistant) LearnNow(ctx context.Context, by agent.Actor) error {
	if err := by.Need(agent.SettingManage); err != nil {
		return err
	}
	return a.Desk.DB.Update(ctx, func(tx *store.Tx) error { return a.wantLearn(ctx, tx) })
}
