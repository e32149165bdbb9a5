package api

import (
	"context"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/turn"
)

func (a *API) messages(r *router) {
	call(r, get("/conversations/{id}/messages", "Messages in order: after a number, or the last ones before one").needs(agent.ConversationRead), a.listMessages)
	call(r, post("/conversations/{id}/messages", "Answer the contact, leave a note for colleagues, or whisper to the agent who answers; the same client_id gives the same message again").
		needs(agent.ConversationReply).upTo(mailLimit), a.sendMessage)
	call(r, post("/messages/{id}/recall", "Take back what one said; the contact reads that a message was taken back").needs(agent.ConversationReply), a.recallMessage)
	call(r, get("/messages/{id}/recalled", "What a message said that was taken back; the look is recorded").needs(agent.ConversationMonitor), a.getRecalled)
	call(r, get("/messages/{id}/why", "Why the assistant said a message: what it decided, by which words and probabilities, and which steps of a flow it took").
		needs(agent.ConversationRead), a.whySaid)
	call(r, get("/conversations/{id}/mood", "How the last messages of the contact were heard, and why").needs(agent.ConversationRead), a.moodOf)
	call(r, get("/conversations/{id}/drafts", "Which drafts a model can write here now").needs(agent.ConversationReply), a.drafts)
	call(r, post("/conversations/{id}/drafts/reply", "Have a model write a reply from what is public, to look at before it is sent").needs(agent.ConversationReply), a.draftReply)
	call(r, post("/conversations/{id}/drafts/summary", "Have a model write what the conversation was about").needs(agent.ConversationReply), a.draftSummary)
	call(r, post("/messages/{id}/translation", "Have a model translate a message for agents; what was translated once is kept").needs(agent.ConversationReply), a.translateMessage)
	call(r, post("/conversations/{id}/translation", "Have a model translate what an agent is about to say, to look at before it is sent").needs(agent.ConversationReply), a.translateReply)
	call(r, get("/conversations/{id}/translations", "The translations of a conversation that were made").needs(agent.ConversationRead), a.translations)
	call(r, get("/conversations/{id}/suggestions", "Answers of the knowledge base to what the customer said last, best first; none once it is answered").
		needs(agent.ConversationReply), a.suggest)
	call(r, get("/conversations/{id}/closing", "What a conversation may be closed with: categories as people chose them before, and what was asked and done").
		needs(agent.ConversationReply), a.draftClosing)
}

type listMessages struct {
	ID     param[conversation.ID] `path:"id"`
	After  int64                  `query:"after" minimum:"-1" default:"-1" doc:"0 is the beginning; without after and before it is the end"`
	Before int64                  `query:"before" minimum:"0"`
	Limit  int                    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// messagePage is a part of a conversation.
type messagePage struct {
	Items []conversation.Message `json:"items"`
	More  bool                   `json:"more"`
}

func (a *API) listMessages(ctx context.Context, by agent.Actor, in *listMessages) (messagePage, error) {
	after := in.After
	switch { // the desk's 0 is "not said", its -1 the beginning
	case after < 0:
		after = 0
	case after == 0:
		after = -1
	}
	ms, more, err := a.Desk.Messages(ctx, by, in.ID.Value, after, in.Before, in.Limit)
	if ms == nil {
		ms = []conversation.Message{}
	}
	return messagePage{Items: ms, More: more}, err
}

type draft struct {
	ClientID    string                      `json:"client_id" doc:"8 to 64 characters that the sender chose"`
	Kind        string                      `json:"kind" enum:"text,note,whisper"`
	Text        string                      `json:"text"`
	Attachments []conversation.AttachmentID `json:"attachments,omitempty"`
	Mentions    []agent.ID                  `json:"mentions,omitempty" doc:"agents named in a note"`
	Original    string                      `json:"original,omitempty" maxLength:"8000" doc:"what the agent wrote before it was translated; only agents see it"`
	Sure        bool                        `json:"sure,omitempty" doc:"send it although the filter warned"`
	Mail        *conversation.MailDraft     `json:"mail,omitempty" doc:"what a text has more in a conversation by e-mail"`
}

func (a *API) sendMessage(ctx context.Context, by agent.Actor, in *withBody[conversation.ID, draft]) (conversation.Message, error) {
	return a.Desk.Reply(ctx, by, in.ID.Value, desk.Draft{
		ClientID: in.Body.ClientID, Kind: conversation.Kind(in.Body.Kind), Text: in.Body.Text,
		Attachments: in.Body.Attachments, Mentions: in.Body.Mentions, Original: in.Body.Original, Sure: in.Body.Sure,
		Mail: in.Body.Mail,
	})
}

func (a *API) recallMessage(ctx context.Context, by agent.Actor, in *byID[conversation.MessageID]) (conversation.Message, error) {
	return a.Desk.RecallMessage(ctx, by, in.ID.Value)
}

func (a *API) getRecalled(ctx context.Context, by agent.Actor, in *byID[conversation.MessageID]) (conversation.Message, error) {
	return a.Desk.Recalled(ctx, by, in.ID.Value)
}

// decided is a turn of the assistant, for people.
type decided struct {
	Action      turn.Action    `json:"action" enum:"answer,choose,flow,reply,hand_over,none"`
	At          time.Time      `json:"at"`
	Micros      int64          `json:"took_us" doc:"to decide"`
	Why         []inbox.Text   `json:"why"`
	Probability float64        `json:"probability,omitzero" doc:"that the first candidate is meant"`
	Needed      float64        `json:"needed,omitzero" doc:"for an answer outright"`
	Candidates  []nearQuestion `json:"candidates" doc:"questions that came near, best first"`
	Flow        []flowAct      `json:"flow" doc:"what was decided in flows, in order"`
	Model       *modelDid      `json:"model,omitempty" doc:"what a language model had to do with it; absent if none was thought of"`
}

// modelDid is what a language model did in a turn, and what was made of it.
type modelDid struct {
	Used     bool         `json:"used" doc:"what was done is what it proposed, checked"`
	Names    []string     `json:"names"`
	Calls    int64        `json:"calls"`
	In       int64        `json:"tokens_in"`
	Out      int64        `json:"tokens_out"`
	Micros   int64        `json:"micro_yuan"`
	Took     int64        `json:"took_ms"`
	Wanted   []string     `json:"wanted" doc:"the tools that it called, in order"`
	Refused  []inbox.Text `json:"refused" doc:"calls that were not done"`
	Failed   []inbox.Text `json:"failed" doc:"checks that what it composed did not pass"`
	Fallback *inbox.Text  `json:"fallback,omitempty" doc:"why the assistant did without it"`
	Draft    string       `json:"draft,omitzero" doc:"an answer that a person has to confirm"`
}

func modelOf(m *turn.Model) *modelDid {
	if m == nil {
		return nil
	}
	d := &modelDid{
		Used: m.Used, Names: append([]string{}, m.Names...), Calls: m.Calls, In: m.In, Out: m.Out, Micros: m.Micros, Took: m.Took.Milliseconds(),
		Wanted: append([]string{}, m.Wanted...), Refused: bilinguals(m.Refused), Failed: bilinguals(m.Failed), Draft: m.Draft,
	}
	if m.Fallback != nil {
		why := bilingual(*m.Fallback)
		d.Fallback = &why
	}
	return d
}

type nearQuestion struct {
	Question string  `json:"question"`
	Score    float64 `json:"score" doc:"0 to 1"`
}

type flowAct struct {
	Act  flow.Act   `json:"act"`
	Flow string     `json:"flow,omitzero"`
	Slot string     `json:"slot,omitzero"`
	Step string     `json:"step,omitzero"`
	Why  inbox.Text `json:"why"`
}

func (a *API) whySaid(ctx context.Context, by agent.Actor, in *byID[conversation.MessageID]) (decided, error) {
	r, err := a.Desk.WhySaid(ctx, by, in.ID.Value)
	d := decided{
		Action: r.Action, At: r.At, Micros: r.Took.Microseconds(), Why: bilinguals(r.Why), Probability: r.Probability, Needed: r.Needed,
		Candidates: []nearQuestion{}, Model: modelOf(r.Model),
	}
	for _, c := range r.Candidates {
		d.Candidates = append(d.Candidates, nearQuestion(c))
	}
	d.Flow = actsOf(r.Flow)
	return d, err
}

// suggestion is an answer that the agent may be about to write.
type suggestion struct {
	ID       string  `json:"id" doc:"of the question"`
	Question string  `json:"question"`
	Answer   string  `json:"answer" doc:"Markdown"`
	Score    float64 `json:"score" doc:"0 to 1"`
}

func (a *API) suggest(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (list[suggestion], error) {
	found, err := a.Assist.Suggest(ctx, by, in.ID.Value)
	l := list[suggestion]{Items: []suggestion{}}
	for _, s := range found {
		l.Items = append(l.Items, suggestion(s))
	}
	return l, err
}

func actsOf(decisions []flow.Decision) []flowAct {
	acts := make([]flowAct, 0, len(decisions))
	for _, d := range decisions {
		acts = append(acts, flowAct{d.Act, d.Flow, d.Slot, d.Step, bilingual(d.Why)})
	}
	return acts
}

type askClosing struct {
	ID       param[conversation.ID] `path:"id"`
	Language string                 `query:"language" enum:"zh,en" default:"zh"`
}

// closingDraft is what a conversation may be closed with.
type closingDraft struct {
	Categories []guessedCategory `json:"categories" doc:"the likeliest first; none until enough was closed"`
	Accuracy   float64           `json:"accuracy" doc:"share of conversations that were not learnt from in which the first was right"`
	Why        inbox.Text        `json:"why" doc:"why categories are suggested, or why not"`
	Examples   int               `json:"examples" doc:"closed conversations that it was learnt from"`
	Note       string            `json:"note"`
}

type guessedCategory struct {
	ID          string  `json:"id"`
	Probability float64 `json:"probability"`
}

func (a *API) draftClosing(ctx context.Context, by agent.Actor, in *askClosing) (closingDraft, error) {
	d, err := a.Assist.Closing(ctx, by, in.ID.Value, in.Language)
	l := learntOf(d.Suggested)
	return closingDraft{Categories: l.Guesses, Accuracy: l.Accuracy, Why: l.Why, Examples: l.Examples, Note: d.Note}, err
}
