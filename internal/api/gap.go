package api

import (
	"context"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/gap"
	"yingda/internal/domain/knowledge"
)

func (a *API) gaps(r *router) {
	edit := agent.KnowledgeEdit
	call(r, get("/gaps", "What customers ask and the knowledge base does not answer well: open ones the most costly first, others the last dealt with").needs(edit), a.listGaps)
	call(r, get("/gaps/standing", "How many wait, and when the board was brought up to date").needs(edit), a.gapStanding)
	act(r, post("/gaps/gather", "Bring the board up to date now; it happens each night by itself").needs(edit), a.gatherGaps)
	call(r, get("/gaps/{id}", "A gap with what was asked, what colleagues replied, and the nearest questions").needs(edit), a.getGap)
	call(r, post("/gaps/{id}/phrase", "Add what is asked to the ways to ask a question; a published one needs the right to publish").needs(edit), a.phraseGap)
	call(r, post("/gaps/{id}/draft", "Write a question that answers it, as a draft").needs(edit), a.draftGap)
	call(r, post("/gaps/{id}/ignore", "Take it off the board, with a reason").needs(edit), a.ignoreGap)
	call(r, post("/gaps/{id}/reopen", "Take back what was done about it").needs(edit), a.reopenGap)
}

type gapQuery struct {
	PageOf
	State string `query:"state" enum:"open,dealt" default:"open"`
}

func (a *API) listGaps(ctx context.Context, by agent.Actor, in *gapQuery) (list[gap.Gap], error) {
	gs, next, err := a.Help.Gaps(ctx, by, gap.State(in.State), in.Cursor, in.Limit)
	return list[gap.Gap]{Items: gs, Next: next}, err
}

// gapStanding is how the board of gaps stands.
type gapStanding struct {
	Open int64     `json:"open" doc:"how many wait"`
	At   time.Time `json:"at,omitzero" doc:"when the board was brought up to date; left out if never"`
}

func (a *API) gapStanding(ctx context.Context, by agent.Actor, _ *struct{}) (gapStanding, error) {
	s, err := a.Help.GapStanding(ctx, by)
	return gapStanding{Open: s.Open, At: s.At}, err
}

func (a *API) gatherGaps(ctx context.Context, by agent.Actor, _ *struct{}) error {
	return a.Help.GatherNow(ctx, by)
}

// shownGap is a gap with what there is to know before it is dealt with.
type shownGap struct {
	Gap     gap.Gap       `json:"gap"`
	Asks    []gap.Ask     `json:"asks" doc:"the last ones, the last first; personal data are masked"`
	Nearest []gapQuestion `json:"nearest" doc:"questions that may be meant, the likeliest first"`
}

type gapQuestion struct {
	ID       knowledge.QuestionID `json:"id"`
	Question string               `json:"question"`
	Score    float64              `json:"score" doc:"0 to 1"`
	Chosen   int                  `json:"chosen" doc:"how many customers chose it when it was offered"`
}

func (a *API) getGap(ctx context.Context, by agent.Actor, in *byID[gap.ID]) (shownGap, error) {
	s, err := a.Help.Gap(ctx, by, in.ID.Value)
	out := shownGap{Gap: s.Gap, Asks: s.Asks, Nearest: make([]gapQuestion, 0, len(s.Nearest))}
	for _, n := range s.Nearest {
		out.Nearest = append(out.Nearest, gapQuestion{ID: n.Question, Question: n.Title, Score: n.Score, Chosen: n.Chosen})
	}
	return out, err
}

type gapPhrase struct {
	Question knowledge.QuestionID `json:"question_id"`
	Texts    []string             `json:"texts,omitempty" maxItems:"50" doc:"what is added; the text that leads the gap if left out"`
}

func (a *API) phraseGap(ctx context.Context, by agent.Actor, in *withBody[gap.ID, gapPhrase]) (gap.Gap, error) {
	return a.Help.PhraseGap(ctx, by, in.ID.Value, in.Body.Question, in.Body.Texts)
}

func (a *API) draftGap(ctx context.Context, by agent.Actor, in *withBody[gap.ID, questionDraft]) (knowledge.Question, error) {
	return a.Help.DraftGap(ctx, by, in.ID.Value, in.Body.question(0))
}

type gapReason struct {
	Reason string `json:"reason" maxLength:"1000"`
}

func (a *API) ignoreGap(ctx context.Context, by agent.Actor, in *withBody[gap.ID, gapReason]) (gap.Gap, error) {
	return a.Help.IgnoreGap(ctx, by, in.ID.Value, in.Body.Reason)
}

func (a *API) reopenGap(ctx context.Context, by agent.Actor, in *byID[gap.ID]) (gap.Gap, error) {
	return a.Help.ReopenGap(ctx, by, in.ID.Value)
}
