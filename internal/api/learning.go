package api

import (
	"context"
	"time"

	"yingda/internal/assist"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/learning"
	"yingda/internal/domain/ticket"
)

func (a *API) learning(r *router) {
	call(r, get("/learning", "How well closed work was learnt from, what is suggested and what not and why, and what people did with suggestions").needs(agent.SettingManage), a.getLearning)
	call(r, put("/learning", "Set from which accuracy on something is suggested, and of what nothing is; with the version that was read").needs(agent.SettingManage), a.putLearning)
	act(r, post("/learning/now", "Learn from closed work now; it happens every six hours by itself").needs(agent.SettingManage), a.learnNow)
	call(r, get("/conversations/{id}/learnt", "What closed work suggests of a conversation, and of a case that is made of it").needs(agent.ConversationReply), a.learntOfTalk)
	call(r, get("/cases/{id}/learnt", "What closed work suggests of a case").needs(agent.CaseEdit), a.learntOfCase)
	call(r, post("/learnt", "What closed work suggests of a case with this text").needs(agent.CaseEdit), a.learntOfText)
}

// lessons is how well closed work was learnt from.
type lessons struct {
	At      time.Time        `json:"at,omitzero" doc:"when it was learnt; left out if never"`
	Least   float64          `json:"least" doc:"share of closed work that was not learnt from in which the first suggestion has to be right; below it nothing is suggested"`
	Off     []learning.Topic `json:"off" doc:"topics of which nothing is suggested"`
	Version int64            `json:"version"`
	Since   time.Time        `json:"since" doc:"from when what people did with suggestions is counted"`
	Topics  []lesson         `json:"topics"`
}

type lesson struct {
	learning.Standing
	learning.Used
	Suggests bool       `json:"suggests"`
	Why      inbox.Text `json:"why" doc:"why it is suggested, or why not"`
}

func lessonsOf(l assist.Lessons, err error) (lessons, error) {
	v := lessons{At: l.At, Least: l.Least, Off: l.Off, Version: l.Version, Since: l.Since, Topics: []lesson{}}
	for _, t := range l.Topics {
		v.Topics = append(v.Topics, lesson{t.Standing, t.Used, t.Suggests, bilingual(t.Why)})
	}
	return v, err
}

func (a *API) getLearning(ctx context.Context, by agent.Actor, _ *struct{}) (lessons, error) {
	return lessonsOf(a.Assist.Lessons(ctx, by))
}

type learningChange struct {
	Least   float64          `json:"least" minimum:"0.5" maximum:"0.99"`
	Off     []learning.Topic `json:"off" maxItems:"20"`
	Version int64            `json:"version"`
}

func (a *API) putLearning(ctx context.Context, by agent.Actor, in *struct{ Body learningChange }) (lessons, error) {
	return lessonsOf(a.Assist.SaveLearning(ctx, by, learning.Settings{Least: in.Body.Least, Off: in.Body.Off, Version: in.Body.Version}))
}

func (a *API) learnNow(ctx context.Context, by agent.Actor, _ *struct{}) error {
	return a.Assist.LearnNow(ctx, by)
}

// learntView is what closed work suggests of one topic.
type learntView struct {
	Topic    learning.Topic    `json:"topic"`
	Guesses  []guessedCategory `json:"guesses" doc:"the likeliest first; none where nothing is suggested or nothing is known"`
	Suggests bool              `json:"suggests"`
	Why      inbox.Text        `json:"why" doc:"why it is suggested, with its accuracy, or why not"`
	Accuracy float64           `json:"accuracy" doc:"share of closed work that was not learnt from in which the first was right"`
	Examples int               `json:"examples" doc:"closed work that it was learnt from"`
}

func learntOf(s assist.Suggested) learntView {
	v := learntView{Topic: s.Topic, Guesses: []guessedCategory{}, Suggests: s.Suggests, Why: bilingual(s.Why), Accuracy: s.Accuracy, Examples: s.Examples}
	for _, g := range s.Guesses {
		v.Guesses = append(v.Guesses, guessedCategory{g.Answer, g.Probability})
	}
	return v
}

func learntList(all []assist.Suggested, err error) (list[learntView], error) {
	l := list[learntView]{Items: []learntView{}}
	for _, s := range all {
		l.Items = append(l.Items, learntOf(s))
	}
	return l, err
}

func (a *API) learntOfTalk(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (list[learntView], error) {
	return learntList(a.Assist.SuggestedFor(ctx, by, in.ID.Value))
}

func (a *API) learntOfCase(ctx context.Context, by agent.Actor, in *byID[ticket.ID]) (list[learntView], error) {
	return learntList(a.Assist.SuggestedForCase(ctx, by, in.ID.Value))
}

type textToSort struct {
	Body struct {
		Text string `json:"text" maxLength:"8200"`
	}
}

func (a *API) learntOfText(ctx context.Context, by agent.Actor, in *textToSort) (list[learntView], error) {
	return learntList(a.Assist.SuggestedForText(ctx, by, in.Body.Text))
}
