package api

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/knowledge"
	"yingda/internal/store"
)

func (a *API) questions(r *router) {
	call(r, get("/questions", "Questions, changed last first").needs(agent.KnowledgeRead), a.listQuestions)
	call(r, post("/questions", "Write a question, as a draft").needs(agent.KnowledgeEdit), a.writeQuestion)
	call(r, post("/questions/try", "What the assistant would do with a text, and why").needs(agent.KnowledgeRead), a.tryQuestion)
	call(r, get("/questions/{id}", "A question").needs(agent.KnowledgeRead), a.getQuestion)
	call(r, put("/questions/{id}", "Change a question; 409 if someone else has changed it since version").needs(agent.KnowledgeEdit), a.editQuestion)
	act(r, remove("/questions/{id}", "Remove a question for good").needs(agent.KnowledgeEdit), a.deleteQuestion)
	call(r, post("/questions/{id}/publish", "Let customers and the assistant read it").needs(agent.KnowledgePublish), a.publishQuestion)
	call(r, post("/questions/{id}/unpublish", "Make it a draft again").needs(agent.KnowledgePublish), a.unpublishQuestion)
	call(r, get("/knowledge/categories", "Headings in use, with how much stands under each").needs(agent.KnowledgeRead), a.listHeadings)
	call(r, get("/knowledge/assistant", "How far the assistant can answer in each language, and what it lacks").needs(agent.KnowledgeRead), a.assistantStates)
}

// knowledgeQuery is what lists of questions and articles are asked by.
type knowledgeQuery struct {
	PageOf
	Words    string `query:"q" maxLength:"100"`
	Status   string `query:"status" enum:"draft,published"`
	Category string `query:"category" maxLength:"100"`
	Language string `query:"language" enum:"zh,en"`
}

func (q knowledgeQuery) list() store.KnowledgeList {
	return store.KnowledgeList{
		Words: q.Words, Status: knowledge.Status(q.Status), Category: q.Category, Language: q.Language, Cursor: q.Cursor, Limit: q.Limit,
	}
}

func (a *API) listQuestions(ctx context.Context, by agent.Actor, in *knowledgeQuery) (list[knowledge.Question], error) {
	qs, next, err := a.Help.Questions(ctx, by, in.list())
	return list[knowledge.Question]{Items: qs, Next: next}, err
}

// questionDraft is what a person writes of a question. Version is the one that
// was read; a new question has none.
type questionDraft struct {
	Question  string   `json:"question"`
	Answer    string   `json:"answer"`
	Phrasings []string `json:"phrasings" doc:"other ways to ask it; five or more help the assistant"`
	Category  string   `json:"category"`
	Language  string   `json:"language" enum:"zh,en"`
	Audience  string   `json:"audience" enum:"public,internal"`
	Version   int64    `json:"version,omitempty"`
}

func (d questionDraft) question(id knowledge.QuestionID) knowledge.Question {
	return knowledge.Question{
		ID: id, Question: d.Question, Answer: d.Answer, Phrasings: d.Phrasings, Category: d.Category, Language: d.Language,
		Audience: knowledge.Audience(d.Audience), Version: d.Version,
	}
}

func (a *API) writeQuestion(ctx context.Context, by agent.Actor, in *struct{ Body questionDraft }) (knowledge.Question, error) {
	return a.Help.WriteQuestion(ctx, by, in.Body.question(0))
}

func (a *API) getQuestion(ctx context.Context, by agent.Actor, in *byID[knowledge.QuestionID]) (knowledge.Question, error) {
	return a.Help.Question(ctx, by, in.ID.Value)
}

func (a *API) editQuestion(ctx context.Context, by agent.Actor, in *withBody[knowledge.QuestionID, questionDraft]) (knowledge.Question, error) {
	return a.Help.EditQuestion(ctx, by, in.Body.question(in.ID.Value))
}

func (a *API) deleteQuestion(ctx context.Context, by agent.Actor, in *byID[knowledge.QuestionID]) error {
	return a.Help.DeleteQuestion(ctx, by, in.ID.Value)
}

func (a *API) publishQuestion(ctx context.Context, by agent.Actor, in *byID[knowledge.QuestionID]) (knowledge.Question, error) {
	return a.Help.PublishQuestion(ctx, by, in.ID.Value)
}

func (a *API) unpublishQuestion(ctx context.Context, by agent.Actor, in *byID[knowledge.QuestionID]) (knowledge.Question, error) {
	return a.Help.UnpublishQuestion(ctx, by, in.ID.Value)
}

type tryText struct {
	Body struct {
		Text     string `json:"text" maxLength:"1000"`
		Language string `json:"language" enum:"zh,en"`
	}
}

// tried is what the assistant would do.
type tried struct {
	Action     string       `json:"action" enum:"none,answer,choose,hand_over"`
	Code       string       `json:"code"`
	Why        []inbox.Text `json:"why"`
	Candidates []candidate  `json:"candidates"`
}

type candidate struct {
	ID       knowledge.QuestionID `json:"id"`
	Question string               `json:"question"`
	Score    float64              `json:"score" doc:"0 to 1"`
}

func (a *API) tryQuestion(_ context.Context, by agent.Actor, in *tryText) (tried, error) {
	d, err := a.Help.Try(by, in.Body.Text, in.Body.Language)
	t := tried{Action: string(d.Action), Code: string(d.Code), Why: bilinguals(d.Why), Candidates: make([]candidate, 0, len(d.Candidates))}
	for _, c := range d.Candidates {
		t.Candidates = append(t.Candidates, candidate{ID: knowledge.QuestionID(c.ID), Question: c.Question, Score: c.Score})
	}
	return t, err
}

func (a *API) listHeadings(ctx context.Context, by agent.Actor, _ *struct{}) (list[knowledge.Category], error) {
	cs, err := a.Help.Categories(ctx, by)
	return list[knowledge.Category]{Items: cs}, err
}

// assistantState is what the assistant has to answer from in one language.
type assistantState struct {
	Language  string  `json:"language" enum:"zh,en"`
	Standing  string  `json:"standing" enum:"clear,learning,small_base,unsure" doc:"clear: it answers outright; else it only offers questions, because it is still learning, has too few questions, or is never sure enough"`
	Questions int     `json:"questions"`
	Phrasings int     `json:"phrasings" doc:"ways to ask them"`
	Tended    int     `json:"tended" doc:"questions with at least five ways to ask them"`
	Missing   int     `json:"missing" doc:"how many more of those it needs before it answers"`
	Precision float64 `json:"precision" doc:"what share of its answers is to be right"`
	Coverage  float64 `json:"coverage" doc:"what share of questions it is expected to answer outright"`
}

func (a *API) assistantStates(_ context.Context, by agent.Actor, _ *struct{}) (list[assistantState], error) {
	languages := []string{"zh", "en"}
	states, err := a.Help.States(by, languages...)
	items := make([]assistantState, 0, len(states))
	for i, s := range states {
		items = append(items, assistantState{
			Language: languages[i], Standing: string(s.Code), Questions: s.Questions, Phrasings: s.Phrasings, Tended: s.Tended,
			Missing: s.Missing, Precision: s.Precision, Coverage: s.Coverage,
		})
	}
	return list[assistantState]{Items: items}, err
}
