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
	call(r, get("/questions/{id}/versions", "A question as customers have read it, the last first").needs(agent.KnowledgeRead), a.listVersions)
	call(r, post("/questions/{id}/restore", "Let it say again what it said in a version").needs(agent.KnowledgeEdit), a.restoreQuestion)
	call(r, post("/questions/{id}/absorb", "Take over the ways to ask another question, which becomes a draft").needs(agent.KnowledgePublish), a.absorbQuestion)
	call(r, post("/questions/{id}/move", "Give one way to ask it to another question").needs(agent.KnowledgePublish), a.movePhrasing)
	call(r, get("/knowledge/tending", "What editors should look at: questions that are taken for each other, that can be asked in few ways only, that are due for review, whose answers do not help").needs(agent.KnowledgeEdit), a.tending)
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

	ValidFrom  string            `json:"valid_from,omitempty" doc:"the first day on which it is answered, such as 2026-11-30"`
	ValidUntil string            `json:"valid_until,omitempty" doc:"the last day"`
	ReviewOn   string            `json:"review_on,omitempty" doc:"from this day on somebody is to look at it again"`
	Pinned     bool              `json:"pinned,omitempty" doc:"shown to who opens a chat, before what is asked most"`
	Answers    map[string]string `json:"answers,omitempty" doc:"by channel (webchat, wechat, sms, email, phone): what is said there instead"`
}

func (d questionDraft) question(id knowledge.QuestionID) knowledge.Question {
	return knowledge.Question{
		Validity: knowledge.Validity{ValidFrom: d.ValidFrom, ValidUntil: d.ValidUntil, ReviewOn: d.ReviewOn}, Answers: d.Answers, Pinned: d.Pinned,
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

type versionQuery struct {
	ID     param[knowledge.QuestionID] `path:"id"`
	Before int64                       `query:"before" minimum:"0" doc:"the last version of the page before"`
}

func (a *API) listVersions(ctx context.Context, by agent.Actor, in *versionQuery) (list[knowledge.Question], error) {
	qs, err := a.Help.QuestionVersions(ctx, by, in.ID.Value, in.Before)
	return list[knowledge.Question]{Items: qs}, err
}

type restoreVersion struct {
	Version int64 `json:"version" minimum:"1"`
}

func (a *API) restoreQuestion(ctx context.Context, by agent.Actor, in *withBody[knowledge.QuestionID, restoreVersion]) (knowledge.Question, error) {
	return a.Help.RestoreQuestion(ctx, by, in.ID.Value, in.Body.Version)
}

type absorbBody struct {
	Other knowledge.QuestionID `json:"other_id"`
}

func (a *API) absorbQuestion(ctx context.Context, by agent.Actor, in *withBody[knowledge.QuestionID, absorbBody]) (knowledge.Question, error) {
	return a.Help.AbsorbQuestion(ctx, by, in.ID.Value, in.Body.Other)
}

type moveBody struct {
	Other knowledge.QuestionID `json:"other_id"`
	Text  string               `json:"text" maxLength:"400"`
}

func (a *API) movePhrasing(ctx context.Context, by agent.Actor, in *withBody[knowledge.QuestionID, moveBody]) (knowledge.Question, error) {
	return a.Help.MovePhrasing(ctx, by, in.ID.Value, in.Body.Other, in.Body.Text)
}

// tending is what editors should look at, each list the most pressing first and
// no longer than fifty, with how many there are in all.
type tending struct {
	Collisions   []collision    `json:"collisions" doc:"questions that are taken for each other"`
	Few          []tendQuestion `json:"few" doc:"questions that can be asked in fewer than five ways"`
	Due          []tendQuestion `json:"due" doc:"questions that are due for review"`
	Unhelpful    []tendQuestion `json:"unhelpful" doc:"questions whose answers help less often than not"`
	CollisionsIn int            `json:"collisions_in_all"`
	FewIn        int            `json:"few_in_all"`
	DueIn        int            `json:"due_in_all"`
	UnhelpfulIn  int            `json:"unhelpful_in_all"`
}

type collision struct {
	A     tendQuestion    `json:"a"`
	B     tendQuestion    `json:"b"`
	Mixed []mixedPhrasing `json:"mixed"`
}

type mixedPhrasing struct {
	Text   string               `json:"text"`
	Of     knowledge.QuestionID `json:"of_id" doc:"whose way to ask it is"`
	Same   bool                 `json:"same" doc:"the other is asked in nearly the same words"`
	Beside string               `json:"beside,omitempty" doc:"those words"`
}

type tendQuestion struct {
	ID        knowledge.QuestionID `json:"id"`
	Question  string               `json:"question"`
	Ways      int                  `json:"ways"`
	ReviewOn  string               `json:"review_on,omitempty"`
	Helpful   int64                `json:"helpful"`
	Unhelpful int64                `json:"unhelpful"`
}

func (a *API) tending(ctx context.Context, by agent.Actor, _ *struct{}) (tending, error) {
	t, err := a.Help.Tending(ctx, by)
	if err != nil {
		return tending{}, err
	}
	const most = 50
	out := tending{
		Few: tended(t.Few, most), Due: tended(t.Due, most), Unhelpful: tended(t.Unhelpful, most), Collisions: []collision{},
		CollisionsIn: len(t.Collisions), FewIn: len(t.Few), DueIn: len(t.Due), UnhelpfulIn: len(t.Unhelpful),
	}
	for _, c := range t.Collisions[:min(most, len(t.Collisions))] {
		both := tended([]knowledge.Question{c.A, c.B}, 2)
		one := collision{A: both[0], B: both[1], Mixed: make([]mixedPhrasing, 0, len(c.Mixed))}
		for _, m := range c.Mixed {
			one.Mixed = append(one.Mixed, mixedPhrasing{Text: m.Text, Of: knowledge.QuestionID(m.Of), Same: m.Same, Beside: m.Beside})
		}
		out.Collisions = append(out.Collisions, one)
	}
	return out, nil
}

func tended(qs []knowledge.Question, most int) []tendQuestion {
	out := []tendQuestion{}
	for _, q := range qs[:min(most, len(qs))] {
		out = append(out, tendQuestion{ID: q.ID, Question: q.Question, Ways: 1 + len(q.Phrasings), ReviewOn: q.ReviewOn, Helpful: q.Helpful, Unhelpful: q.Unhelpful})
	}
	return out
}
