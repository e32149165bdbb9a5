package help

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/retrieve"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Kind is what an entry is.
type Kind string

// The kinds of entry.
const (
	Question Kind = "question"
	Article  Kind = "article"
)

// Entry is something published, as a reader sees it.
type Entry struct {
	Kind      Kind
	ID        string
	Ref       string // names it in the address of its page: a question's id, an article's slug
	Title     string
	Summary   string // plain text, a line or two
	Body      string // Markdown
	Category  string
	Language  string
	Internal  bool // for people who work here
	Views     int64
	UpdatedAt time.Time

	answers map[string]string // by channel: what is said there instead of Body
	pinned  bool

	key int64
}

const summaryRunes = 120

func questionEntry(q knowledge.Question) Entry {
	return Entry{
		Kind: Question, ID: q.ID.String(), Ref: q.ID.String(), Title: q.Question, Summary: knowledge.Excerpt(q.Answer, summaryRunes), Body: q.Answer,
		Category: q.Category, Language: q.Language, Internal: q.Audience == knowledge.Internal, Views: q.Views, UpdatedAt: q.UpdatedAt, answers: q.Answers, pinned: q.Pinned, key: int64(q.ID),
	}
}

func articleEntry(a knowledge.Article) Entry {
	return Entry{
		Kind: Article, ID: a.ID.String(), Ref: a.Slug, Title: a.Title, Summary: knowledge.Excerpt(a.Body, summaryRunes), Body: a.Body,
		Category: a.Category, Language: a.Language, Internal: a.Audience == knowledge.Internal, Views: a.Views, UpdatedAt: a.UpdatedAt, key: int64(a.ID),
	}
}

// Path is where its page is.
func (e Entry) Path() string {
	if e.Kind == Article {
		return "/help/" + url.PathEscape(e.Ref)
	}
	return "/faq/" + url.PathEscape(e.Ref)
}

// On returns what the entry says on a channel.
func (e Entry) On(channel string) string {
	if text := e.answers[channel]; text != "" {
		return text
	}
	return e.Body
}

// Version changes whenever what is published changes.
func (h *Help) Version() string { return h.current().version }

// Ready reports whether there is anything to answer from in a language.
func (h *Help) Ready(language string) bool {
	return slices.ContainsFunc(h.current().entries, func(e Entry) bool {
		return e.Kind == Question && e.Language == language && !e.Internal
	})
}

// Decide says what the assistant should do with a text.
func (h *Help) Decide(text string, l retrieve.Limits) retrieve.Decision {
	if l.Precision == 0 {
		l.Precision = h.Precision
	}
	return h.current().asked.Decide(text, l)
}

// State tells what the assistant has to answer from in a language, and whether
// it may answer outright or only offer questions.
func (h *Help) State(language string) retrieve.State {
	return h.current().asked.State(language, h.Precision)
}

// States tells editors for each language how far the assistant can answer.
func (h *Help) States(by agent.Actor, languages ...string) ([]retrieve.State, error) {
	if err := need(by, agent.KnowledgeRead); err != nil {
		return nil, err
	}
	states := make([]retrieve.State, 0, len(languages))
	for _, l := range languages {
		states = append(states, h.State(l))
	}
	return states, nil
}

// Try says what the assistant would do with a visitor's text, for editors.
func (h *Help) Try(by agent.Actor, text, language string) (retrieve.Decision, error) {
	if err := need(by, agent.KnowledgeRead); err != nil {
		return retrieve.Decision{}, err
	}
	return h.Decide(text, retrieve.Limits{Language: language}), nil
}

// Suggest returns at most n published questions that fit a text, those for
// people who work here included: for agents while they answer.
func (h *Help) Suggest(text, language string, n int) []retrieve.Candidate {
	return h.current().asked.Find(text, retrieve.Limits{Language: language, Internal: true}, n)
}

// Complete returns at most n published questions that everybody may read and
// that somebody who is typing in a language may be about to ask.
func (h *Help) Complete(text, language string, n int) []conversation.Choice {
	s := h.current()
	choices := []conversation.Choice{}
	for _, c := range s.asked.Complete(text, retrieve.Limits{Language: language}, n) {
		if i, ok := s.questions[c.ID]; ok && !s.entries[i].Internal { // withdrawn otherwise
			choices = append(choices, conversation.Choice{ID: s.entries[i].ID, Text: s.entries[i].Title})
		}
	}
	return choices
}

// PublicQuestion returns a published question that customers may read.
func (h *Help) PublicQuestion(id int64) (Entry, bool) {
	s := h.current()
	i, ok := s.questions[id]
	if !ok || s.entries[i].Internal {
		return Entry{}, false
	}
	return s.entries[i], true
}

// hotDays is how far back it is counted what is asked most.
const hotDays = 7

// hotSince is the first day that counts for what is asked most on a day.
func hotSince(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, 1-hotDays).Format(time.DateOnly)
}

// Hot returns the questions that are shown to who opens a chat on a channel, at
// most n: those that are pinned, then those that were answered there most in the
// last seven days, then those that are read most.
func (h *Help) Hot(_ context.Context, channel, language string, n int) ([]conversation.Choice, error) {
	s := h.current()
	var shown []Entry
	for _, e := range s.entries {
		if e.Kind == Question && e.Language == language && !e.Internal {
			shown = append(shown, e)
		}
	}
	slices.SortStableFunc(shown, func(a, b Entry) int { // entries are in the order of their views
		if a.pinned != b.pinned {
			return map[bool]int{true: -1, false: 1}[a.pinned]
		}
		return cmp.Compare(s.lately[channel][b.key], s.lately[channel][a.key])
	})
	hot := []conversation.Choice{}
	for _, e := range shown[:min(n, len(shown))] {
		hot = append(hot, conversation.Choice{ID: e.ID, Text: e.Title})
	}
	return hot, nil
}

// Heading is a category with its most read entries.
type Heading struct {
	Name  string
	Count int
	Top   []Entry // at most five
}

const topOfHeading = 5

// Headings returns the categories of what everybody may read in a language, the
// fullest first.
func (h *Help) Headings(language string) []Heading {
	at := map[string]int{}
	hs := []Heading{}
	for _, e := range h.current().entries {
		if e.Language != language || e.Internal || e.Category == "" {
			continue
		}
		i, ok := at[e.Category]
		if !ok {
			i = len(hs)
			at[e.Category] = i
			hs = append(hs, Heading{Name: e.Category})
		}
		hs[i].Count++
		if len(hs[i].Top) < topOfHeading {
			hs[i].Top = append(hs[i].Top, e)
		}
	}
	slices.SortStableFunc(hs, func(a, b Heading) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
	})
	return hs
}

// Search asks for published entries that everybody may read.
type Search struct {
	Words    string // empty: the most read first
	Language string
	Category string // all of them when empty
	Page     int    // from 1
	Size     int
}

// mostFound is how deep a search with words goes: nobody reads further.
const mostFound = 60

// Search returns a page of entries and how many there are in all.
func (h *Help) Search(ask Search) (page []Entry, total int) {
	s := h.current()
	all := s.entries
	if ask.Words != "" {
		all = s.find(ask.Words, ask.Language)
	}
	var fit []Entry
	for _, e := range all {
		if !e.Internal && (e.Language == ask.Language || ask.Words != "") && (ask.Category == "" || e.Category == ask.Category) {
			fit = append(fit, e)
		}
	}
	from := min(max(ask.Page-1, 0)*max(ask.Size, 1), len(fit))
	return fit[from:min(from+max(ask.Size, 1), len(fit))], len(fit)
}

// find ranks questions and articles together.
func (s *shelf) find(words, language string) []Entry {
	l := retrieve.Limits{Language: language}
	type scored struct {
		e     Entry
		score float64
	}
	var all []scored
	for _, found := range []struct {
		by *retrieve.Index
		at map[int64]int
	}{{s.asked, s.questions}, {s.written, s.articles}} {
		for _, c := range found.by.Find(words, l, mostFound) {
			if i, ok := found.at[c.ID]; ok { // withdrawn otherwise
				all = append(all, scored{s.entries[i], c.Score})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	out := make([]Entry, 0, len(all))
	for _, f := range all {
		out = append(out, f.e)
	}
	return out
}

// Entry returns one published entry that everybody may read.
func (h *Help) Entry(kind Kind, ref string) (Entry, error) {
	s := h.current()
	for _, e := range s.entries {
		if e.Kind == kind && e.Ref == ref && !e.Internal {
			return e, nil
		}
	}
	return Entry{}, fault.New(fault.NotFound, "knowledge.unknown", "there is no such %s", string(kind))
}

// Related returns at most n other entries in the same language that speak of
// the same thing.
func (h *Help) Related(e Entry, n int) []Entry {
	out := []Entry{}
	for _, o := range h.current().find(e.Title, e.Language) {
		if len(out) == n {
			break
		}
		if o.ID != e.ID && !o.Internal && o.Language == e.Language {
			out = append(out, o)
		}
	}
	return out
}

// Viewed counts that an entry was read.
func (h *Help) Viewed(ctx context.Context, e Entry) error {
	return h.DB.Update(ctx, func(tx *store.Tx) error {
		if e.Kind == Question {
			return tx.CountQuestionView(ctx, knowledge.QuestionID(e.key))
		}
		return tx.CountArticleView(ctx, knowledge.ArticleID(e.key))
	})
}

// Answered counts that an entry was given as an answer on a channel.
func (h *Help) Answered(ctx context.Context, e Entry, channel string) error {
	if e.Kind == Article {
		return h.Viewed(ctx, e)
	}
	return h.DB.Update(ctx, func(tx *store.Tx) error {
		day, err := h.day(ctx, tx)
		if err != nil {
			return err
		}
		if err := tx.CountAsked(ctx, day, channel, knowledge.QuestionID(e.key)); err != nil {
			return err
		}
		return tx.CountQuestionView(ctx, knowledge.QuestionID(e.key))
	})
}

// Rated counts whether a page helped a reader, each reader once: the last word
// counts. voter names a browser and nothing else.
func (h *Help) Rated(ctx context.Context, e Entry, voter string, helpful bool) error {
	v := store.PageVote{ID: conversation.NewMessageID(h.Now()), Voter: voter, Helpful: helpful, At: h.Now()}
	if e.Kind == Question {
		v.Question = knowledge.QuestionID(e.key)
	} else {
		v.Article = knowledge.ArticleID(e.key)
	}
	return h.DB.Update(ctx, func(tx *store.Tx) error { return tx.VoteOnPage(ctx, v) })
}
