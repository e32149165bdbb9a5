package api

import (
	"context"
	"strconv"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mood"
	"yingda/internal/domain/view"
)

func (a *API) conversations(r *router) {
	read := agent.ConversationRead
	call(r, get("/conversations", "A view of the inbox, newest activity first; the queue: longest wait first. A page of what is closed can be short and still have a next one").needs(read), a.listConversations)
	call(r, get("/conversations/counts", "How many conversations each view holds; counting stops at 1000").needs(read), a.countConversations)
	call(r, get("/conversations/{id}", "A conversation with its contact; the look is recorded").needs(read), a.openConversation)
	act(r, post("/conversations/{id}/read", "The agent has read up to here").needs(read), a.readConversation)
	call(r, post("/conversations/{id}/accept", "Answer a conversation that rings").needs(agent.ConversationReply), a.acceptConversation)
	call(r, post("/conversations/{id}/decline", "Let a conversation that rings go to another agent").needs(agent.ConversationReply), a.declineConversation)
	call(r, post("/conversations/{id}/take", "Take a conversation from the queue, the assistant or another agent").needs(read), a.takeConversation)
	call(r, post("/conversations/{id}/transfer", "Hand a conversation on, with a note that the contact does not see").needs(agent.ConversationTransfer), a.transferConversation)
	call(r, post("/conversations/{id}/close", "End a conversation with its summary").needs(agent.ConversationClose), a.closeConversation)
	call(r, post("/conversations/{id}/hold", "Wait for a contact who is silent, so that the conversation does not end by itself; or no longer").needs(agent.ConversationReply), a.holdConversation)
	call(r, post("/conversations/{id}/reopen", "Take up a conversation again that has ended").needs(agent.ConversationReply), a.reopenConversation)
}

type listConversations struct {
	PageOf
	View     string              `query:"view" enum:"mine,queue,unassigned,bot,all,closed,mentions" default:"mine"`
	Agent    param[agent.ID]     `query:"agent_id"`
	Team     param[agent.TeamID] `query:"team_id"`
	Inbox    param[inbox.ID]     `query:"inbox_id"`
	Priority string              `query:"priority" enum:"0,1,2"`
	State    string              `query:"state" enum:"bot,queued,active,wrap_up,closed"`
	Tag      string              `query:"tag" maxLength:"80"`
	Language string              `query:"language" enum:"zh,en"`
	Waiting  int                 `query:"waiting" minimum:"0" maximum:"10080" doc:"the contact has waited longer for an answer, in minutes"`
	Mood     string              `query:"mood" enum:"worried,angry" doc:"the contact sounds at least so"`
	Unread   bool                `query:"unread" doc:"only what an agent has not read"`
	Text     string              `query:"q" maxLength:"80" doc:"in the contact's name or the last word said"`
}

func (in *listConversations) filter() view.Filter {
	f := view.Filter{
		List: in.View, State: in.State, Agent: in.Agent.Value, Team: in.Team.Value, Inbox: in.Inbox.Value, Tag: in.Tag, Language: in.Language,
		Waiting: in.Waiting, Unread: in.Unread, Mood: mood.Level(in.Mood), Text: in.Text,
	}
	if n, err := strconv.Atoi(in.Priority); err == nil {
		f.Priority = &n
	}
	return f
}

func (a *API) listConversations(ctx context.Context, by agent.Actor, in *listConversations) (list[conversation.Conversation], error) {
	f, err := in.filter().Check(view.Conversations)
	if err != nil {
		return list[conversation.Conversation]{}, err
	}
	q := desk.TalkQuery(f, a.Now())
	q.Cursor, q.Limit = in.Cursor, in.Limit
	p, err := a.Desk.Conversations(ctx, by, q)
	return list[conversation.Conversation](p), err
}

func (a *API) countConversations(ctx context.Context, by agent.Actor, _ *struct{}) (desk.Counts, error) {
	return a.Desk.Counts(ctx, by)
}

// conversationDetail is a conversation with the person it is with.
type conversationDetail struct {
	Conversation conversation.Conversation   `json:"conversation"`
	Contact      contactView                 `json:"contact"`
	Pages        []contact.PageView          `json:"pages"`
	Previous     []conversation.Conversation `json:"previous"`
}

func (a *API) openConversation(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (conversationDetail, error) {
	d, err := a.Desk.Open(ctx, by, in.ID.Value)
	if err != nil {
		return conversationDetail{}, err
	}
	return conversationDetail{Conversation: d.Conversation, Contact: a.contactView(d.Contact), Pages: d.Pages, Previous: d.Previous}, nil
}

type readTo struct {
	Seq int64 `json:"seq" minimum:"0"`
}

func (a *API) readConversation(ctx context.Context, by agent.Actor, in *withBody[conversation.ID, readTo]) error {
	return a.Desk.ReadTo(ctx, by, in.ID.Value, in.Body.Seq)
}

func (a *API) acceptConversation(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (conversation.Conversation, error) {
	return a.Desk.Accept(ctx, by, in.ID.Value)
}

func (a *API) declineConversation(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (conversation.Conversation, error) {
	return a.Desk.Decline(ctx, by, in.ID.Value)
}

func (a *API) takeConversation(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (conversation.Conversation, error) {
	return a.Desk.Take(ctx, by, in.ID.Value)
}

type handover struct {
	Agent  agent.ID     `json:"agent_id,omitzero" doc:"to a person, or"`
	Team   agent.TeamID `json:"team_id,omitzero" doc:"to a team, or"`
	Bot    bool         `json:"assistant,omitempty" doc:"to the assistant, which needs no note"`
	Note   string       `json:"note" doc:"what the next one must know"`
	Shown  agent.TeamID `json:"suggested_team_id,omitzero" doc:"the team that closed work suggested; what is done with suggestions is counted"`
	Within int          `json:"within_minutes,omitempty" minimum:"0" maximum:"10080" doc:"the contact is told to expect an answer in so long, and a clock holds us to it"`
}

func (a *API) transferConversation(ctx context.Context, by agent.Actor, in *withBody[conversation.ID, handover]) (conversation.Conversation, error) {
	return a.Desk.Transfer(ctx, by, in.ID.Value, desk.Handover{Agent: in.Body.Agent, Team: in.Body.Team, Assistant: in.Body.Bot, Note: in.Body.Note, Suggested: in.Body.Shown, Within: time.Duration(in.Body.Within) * time.Minute})
}

type closing struct {
	Category   string `json:"category"`
	Result     string `json:"result"`
	Note       string `json:"note,omitempty"`
	Understood bool   `json:"understood,omitempty" doc:"the agent made sure that the contact understood the answer"`
	Suggested  string `json:"suggested,omitempty" doc:"the category that was suggested first; what is done with suggestions is counted"`
}

func (a *API) closeConversation(ctx context.Context, by agent.Actor, in *withBody[conversation.ID, closing]) (conversation.Conversation, error) {
	return a.Desk.Close(ctx, by, in.ID.Value, conversation.Summary{Category: in.Body.Category, Result: in.Body.Result, Note: in.Body.Note, Understood: in.Body.Understood, Suggested: in.Body.Suggested})
}

func (a *API) reopenConversation(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (conversation.Conversation, error) {
	return a.Desk.Reopen(ctx, by, in.ID.Value)
}

type holding struct {
	On bool `json:"on"`
}

func (a *API) holdConversation(ctx context.Context, by agent.Actor, in *withBody[conversation.ID, holding]) (conversation.Conversation, error) {
	return a.Desk.Hold(ctx, by, in.ID.Value, in.Body.On)
}
