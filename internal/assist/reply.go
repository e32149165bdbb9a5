package assist

import (
	"fmt"
	"slices"
	"strconv"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/turn"
	"yingda/internal/help"
)

// Reply is what the assistant says to a text, wherever it was asked.
type Reply struct {
	Action   retrieve.Action
	Code     retrieve.Code
	Why      []phrase.Reason // for people who work here
	Language string          // of the texts
	Text     string          // empty when nothing needs to be said
	Choices  []conversation.Choice
	Sources  []conversation.Source

	Probability float64 // that the first candidate is meant
	Needed      float64 // for an answer outright

	open  bool             // words alone leave open what is meant
	quote *help.Citation   // the passage of an article that came nearest; nil if none came near
	near  []turn.Candidate // what came near
	given []help.Entry     // whose answers were given
}

// Ask is what somebody asks the assistant.
type Ask struct {
	Language string // of the visitor
	Text     string
	Choice   string // the question that they chose among those offered before
	After    string // the question that was answered before
	Channel  string // on which it is answered; empty: none that says anything in other words
}

// Reply returns what the assistant says. It keeps nothing and counts nothing.
func (a *Assistant) Reply(ask Ask) Reply {
	if e, ok := a.chosen(ask.Choice); ok {
		r := Reply{Action: retrieve.Answer, Code: chosen, Why: []phrase.Reason{phrase.Because("assist.chosen", "the visitor chose this question")}, Language: e.Language}
		return r.with(e, ask.Channel)
	}
	return a.replyOf(ask, a.Help.Decide(ask.Text, ask.limits()))
}

func (a Ask) limits() retrieve.Limits { return retrieve.Limits{Language: a.Language, After: a.After} }

// replyOf returns what is said to a text of which it is decided what it asks.
func (a *Assistant) replyOf(ask Ask, d retrieve.Decision) Reply {
	r := Reply{Action: d.Action, Code: d.Code, Why: d.Why, Language: retrieve.LanguageOf(ask.Text, ask.Language), Probability: d.Probability, Needed: d.Enough, open: d.Open()}
	for _, k := range slices.Concat(d.Candidates, d.Near) {
		r.near = append(r.near, turn.Candidate{Question: k.Question, Score: k.Score})
	}
	switch d.Action {
	case retrieve.Answer:
		e, ok := a.Help.PublicQuestion(d.Candidates[0].ID)
		if !ok { // withdrawn in this moment
			r.Action, r.Code = retrieve.HandOver, retrieve.Nothing
			r.Why = append(r.Why, phrase.Because("assist.withdrawn", "the question was withdrawn a moment ago"))
			break
		}
		return r.with(e, ask.Channel)
	case retrieve.Choose:
		for _, k := range d.Candidates {
			r.Choices = append(r.Choices, conversation.Choice{ID: knowledge.QuestionID(k.ID).String(), Text: k.Question})
		}
	case retrieve.HandOver, retrieve.None:
	}
	r.Text = wordsFor(r.Code, r.Action).In(r.Language)
	if d.Unsure() {
		return r.citing(a.Help, ask.Text)
	}
	return r
}

// citing returns a reply that found no answer among the questions, with what
// the articles say: a passage that answers, or an article beside it. It keeps
// silent where nothing comes near.
func (r Reply) citing(h *help.Help, text string) Reply {
	c, ok := h.Cite(text, r.Language)
	if !ok {
		return r
	}
	r.quote = &c
	if !c.Sure {
		r.Why = append(r.Why, phrase.Because("assist.passage_near", "a passage of the article “%s” comes near (%s), but an answer needs %s", c.Entry.Title, digits(c.Score), digits(retrieve.QuoteEnough)))
		r.Text += "\n" + fmt.Sprintf(also.In(r.Language), c.Entry.Title)
		r.Sources = []conversation.Source{{ID: c.Entry.ID, Kind: string(c.Entry.Kind), Title: c.Entry.Title, URL: c.Entry.Path(), Offered: true}}
	}
	return r
}

// quoted returns the reply that says the passage of an article, and which it
// is.
func (r Reply) quoted() Reply {
	c := r.quote
	r.Action, r.Choices, r.given = retrieve.Answer, nil, []help.Entry{c.Entry}
	r.Text = c.Text + "\n" + fmt.Sprintf(fromArticle.In(r.Language), c.Entry.Title)
	r.Why = append(r.Why, phrase.Because("assist.passage", "a passage of the article “%s” has what is asked (%s; %s is enough)", c.Entry.Title, digits(c.Score), digits(retrieve.QuoteEnough)))
	r.Sources = []conversation.Source{{ID: c.Entry.ID, Kind: string(c.Entry.Kind), Title: c.Entry.Title, URL: c.Entry.Path()}}
	return r
}

// quotes reports whether a passage of an article answers where no question
// does.
func (r Reply) quotes() bool { return r.isUnsure() && r.quote != nil && r.quote.Sure }

func digits(p float64) string { return strconv.FormatFloat(p, 'f', 2, 64) }

const chosen retrieve.Code = "chosen"

// chosen returns the question that a choice names.
func (a *Assistant) chosen(choice string) (help.Entry, bool) {
	id, err := knowledge.ParseQuestionID(choice)
	if err != nil {
		return help.Entry{}, false
	}
	return a.Help.PublicQuestion(int64(id))
}

// with returns the reply with an entry's answer on a channel, and where it stands.
func (r Reply) with(e help.Entry, channel string) Reply {
	r.Text, r.given = e.On(channel), []help.Entry{e}
	r.Sources = []conversation.Source{{ID: e.ID, Kind: string(e.Kind), Title: e.Title, URL: e.Path()}}
	return r
}
