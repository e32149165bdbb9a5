package desk_test

import (
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/routing"
	"yingda/internal/domain/sla"
	"yingda/internal/store"
)

// choose is a contact who presses a button under what the assistant said.
func (h *house) choose(v contact.Visitor, clientID, text, choice string) conversation.Conversation {
	h.t.Helper()
	r, err := h.Receive(h.t.Context(), channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, ClientID: clientID, Text: text, Choice: choice, At: h.Now()})
	h.must(err)
	return r.Conversation
}

// lastSaid is the last message that a contact reads.
func (h *house) lastSaid(v contact.Visitor, i conversation.ID) conversation.Message {
	h.t.Helper()
	ms, _, err := h.History(h.t.Context(), v, i, -1, 0, 0)
	h.must(err)
	return ms[len(ms)-1]
}

// Who waits long may ask the assistant meanwhile, and keeps the place for as
// long as one who left.
func TestWhoWaitsAsksTheAssistantMeanwhile(t *testing.T) {
	each(t, func(h *house) {
		h.rules(func(r *routing.Rules) { r.Overflow, r.ResumeMinutes = routing.Overflow{Length: 1}, 10 })
		h.online(h.lin)
		h.sit(agent.Busy, "")
		h.waiting()
		v, i := h.waiting()
		was := h.conversation(i)
		offered := h.lastSaid(v, i)
		if len(offered.Choices) != 1 || offered.Choices[0].ID != desk.AskAssistant || offered.From != conversation.FromBot {
			h.t.Fatalf("offered %+v", offered)
		}
		h.clock.Turn(30 * time.Second)
		c := h.choose(v, "choose-0001", offered.Choices[0].Text, desk.AskAssistant)
		if c.State != conversation.Bot || !c.QueuedAt.IsZero() || !c.RankAt.IsZero() || !c.LeftAt.Equal(was.QueuedAt) {
			h.t.Fatalf("it is %s, queued at %s, left %s", c.State, c.QueuedAt, c.LeftAt)
		}
		if m := h.lastSaid(v, i); m.From != conversation.FromBot || m.Text == "" {
			h.t.Errorf("the assistant says %+v", m)
		}
		cs, err := h.DB.Now().ClocksOf(h.t.Context(), store.OfConversation, int64(i))
		h.must(err)
		for _, ck := range cs {
			if ck.State != sla.Cancelled {
				h.t.Errorf("a promise still runs: %+v", ck)
			}
		}
		if n := c.LastSeq; h.choose(v, "choose-0001", offered.Choices[0].Text, desk.AskAssistant).LastSeq != n {
			h.t.Error("what was sent again was done again")
		}
		h.clock.Turn(5 * time.Minute)
		h.run()
		c, _, err = h.AskHuman(h.t.Context(), v, "ask-00002")
		h.must(err)
		if c.State != conversation.Queued || !c.QueuedAt.Equal(was.QueuedAt) {
			h.t.Errorf("after five minutes it is %s since %s, want %s", c.State, c.QueuedAt, was.QueuedAt)
		}

		h.choose(v, "choose-0002", "先问", desk.AskAssistant)
		h.clock.Turn(11 * time.Minute)
		h.run()
		c, _, err = h.AskHuman(h.t.Context(), v, "ask-00003")
		h.must(err)
		if !c.QueuedAt.Equal(h.Now().Truncate(time.Millisecond)) {
			h.t.Errorf("after eleven minutes it waits since %s, now is %s", c.QueuedAt, h.Now())
		}
	})
}

// Where the assistant has flows, who waits long may also ask to be called back:
// the flow begins as its turn, and the place is kept.
func TestWhoWaitsAsksToBeCalledBack(t *testing.T) {
	each(t, func(h *house) {
		h.Flows = flow.Builtin()
		h.rules(func(r *routing.Rules) { r.Overflow, r.ResumeMinutes = routing.Overflow{Length: 1}, 10 })
		h.online(h.lin)
		h.sit(agent.Busy, "")
		h.waiting()
		v, i := h.waiting()
		was := h.conversation(i)
		offered := h.lastSaid(v, i)
		if len(offered.Choices) != 2 || offered.Choices[1].ID != desk.AskCallback {
			h.t.Fatalf("offered %+v", offered)
		}
		c := h.choose(v, "choose-0001", offered.Choices[1].Text, desk.AskCallback)
		if c.State != conversation.Bot || !c.LeftAt.Equal(was.QueuedAt) {
			h.t.Fatalf("it is %s, left %s", c.State, c.LeftAt)
		}
		h.run()
		if n := len(h.assisted); n == 0 || h.assisted[n-1].Choice != desk.AskCallback {
			h.t.Errorf("the assistant is asked %+v", h.assisted)
		}
	})
}

// The choice means nothing while somebody answers, or where no assistant is.
func TestTheAssistantIsNotAskedInVain(t *testing.T) {
	each(t, func(h *house) {
		h.online(h.lin)
		v, i := h.waiting()
		h.run()
		h.rings(i, h.lin)
		_, err := h.Accept(h.t.Context(), h.lin, i)
		h.must(err)
		if c := h.choose(v, "choose-0001", "先问", desk.AskAssistant); c.State != conversation.Active || c.LastText != "先问" {
			h.t.Errorf("it is %s, last %q", c.State, c.LastText)
		}
		h.sit(agent.Busy, "")
		v, i = h.waiting()
		h.Assistant = nil
		if c := h.choose(v, "choose-0002", "先问", desk.AskAssistant); c.State != conversation.Queued || c.ID != i {
			h.t.Errorf("it is %s", c.State)
		}
		_, err = h.Transfer(h.t.Context(), h.wang, i, desk.Handover{Assistant: true, Note: ""})
		h.code(err, "transfer.no_assistant")
	})
}

// A choice that was offered before means nothing more to the assistant, which
// answers what was said.
func TestTheAssistantAnswersWhatIsSaidToItTwice(t *testing.T) {
	each(t, func(h *house) {
		h.online(h.lin)
		h.sit(agent.Busy, "")
		v, i := h.waiting()
		h.choose(v, "choose-0001", "先问", desk.AskAssistant)
		h.choose(v, "choose-0002", "先问", desk.AskAssistant)
		var n int
		h.must(h.DB.Now().Number(h.t.Context(), &n, `SELECT COUNT(*) FROM jobs WHERE kind = 'assist'`))
		if n == 0 {
			h.t.Errorf("conversation %s: the assistant is not asked", i)
		}
	})
}

// An agent hands a conversation to the assistant, and is free for another.
func TestAnAgentHandsToTheAssistant(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		v, i := h.waiting()
		h.run()
		h.rings(i, h.lin)
		_, err := h.Accept(ctx, h.lin, i)
		h.must(err)
		_, err = h.Transfer(ctx, h.zhao, i, desk.Handover{Assistant: true, Note: ""})
		h.code(err, "conversation.taken")
		_, err = h.Transfer(ctx, h.lin, i, desk.Handover{Assistant: true, Agent: h.zhao.Agent, Note: "给谁"})
		h.code(err, "transfer.target")
		c, err := h.Transfer(ctx, h.lin, i, desk.Handover{Assistant: true, Note: "只问保养周期"})
		h.must(err)
		if c.State != conversation.Bot || !c.Agent.IsZero() || !c.LeftAt.IsZero() {
			h.t.Errorf("it is %s at %s, left %s", c.State, c.AgentName, c.LeftAt)
		}
		if m := h.lastSaid(v, i); m.From != conversation.FromBot {
			h.t.Errorf("the customer reads last %+v", m)
		}
		if n := h.load(h.lin); n != 0 {
			h.t.Errorf("lin holds %d", n)
		}
		again, err := h.Transfer(ctx, h.lin, i, desk.Handover{Assistant: true, Note: "只问保养周期"})
		h.must(err)
		if again.LastSeq != c.LastSeq {
			h.t.Error("what was done again was said again")
		}
		h.write(v, "保养多久一次")
		if c := h.conversation(i); c.State != conversation.Bot {
			h.t.Errorf("it is %s", c.State)
		}
	})
}

// Questions are suggested while the assistant would hear them: not to who waits
// for a person or talks with one, and not where the inbox has it switched off.
func TestQuestionsAreSuggestedWhileTheAssistantListens(t *testing.T) {
	each(t, func(h *house) {
		h.Completes = func(text, language string, n int) []conversation.Choice {
			return []conversation.Choice{{ID: "qu_1", Text: text + language}}
		}
		suggested := func(v contact.Visitor, want int) {
			h.t.Helper()
			in, err := h.InboxByID(h.t.Context(), h.inbox.ID)
			h.must(err)
			cs, err := h.Complete(h.t.Context(), v, in, "退款", "zh")
			h.must(err)
			if len(cs) != want || cs == nil {
				h.t.Errorf("%d suggestions, want %d", len(cs), want)
			}
		}
		v := h.visitor()
		suggested(v, 1) // nothing was said yet
		h.choose(v, "client-0001", "在吗", "")
		suggested(v, 1)
		_, _, err := h.AskHuman(h.t.Context(), v, "human-0001")
		h.must(err)
		suggested(v, 0)
		_, err = h.End(h.t.Context(), v)
		h.must(err)
		suggested(v, 1) // what comes next is the assistant's again
		quiet := h.inbox
		quiet.Settings.Suggestions = false
		cs, err := h.Complete(h.t.Context(), v, quiet, "退款", "zh")
		h.must(err)
		if len(cs) != 0 {
			h.t.Errorf("switched off: %v", cs)
		}
		h.Completes = nil
		suggested(v, 0)
	})
}
