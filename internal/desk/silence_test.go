package desk_test

import (
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
)

// settings changes the house's inbox as an administrator does.
func (h *house) settings(change func(*inbox.Settings)) {
	h.t.Helper()
	in, err := h.DB.Now().InboxByID(h.t.Context(), h.inbox.ID)
	h.must(err)
	change(&in.Settings)
	_, err = h.ChangeInbox(h.t.Context(), h.admin(agent.ChannelManage), in.ID, desk.InboxChange{Settings: &in.Settings})
	h.must(err)
	h.clock.Turn(3 * time.Second) // until it is known everywhere
}

func (h *house) silence() {
	h.t.Helper()
	h.settings(func(s *inbox.Settings) {
		s.Silence.WarnSeconds, s.Silence.CloseSeconds, s.Silence.RemindSeconds, s.Silence.AlarmSeconds = 600, 300, 120, 180
	})
}

// answered is a conversation that lin answers and in which she said something.
func (h *house) answered(clientID string) (contact.Visitor, conversation.ID) {
	h.t.Helper()
	who, i := h.waiting()
	_, err := h.Take(h.t.Context(), h.lin, i)
	h.must(err)
	h.says(i, clientID, "请把故障灯拍给我看看")
	return who, i
}

func (h *house) says(i conversation.ID, clientID, text string) conversation.Message {
	h.t.Helper()
	m, err := h.Reply(h.t.Context(), h.lin, i, desk.Draft{ClientID: clientID, Text: text})
	h.must(err)
	return m
}

func (h *house) hears(who contact.Visitor, clientID, text string) conversation.Message {
	h.t.Helper()
	r, err := h.Receive(h.t.Context(), channel.Inbound{Inbox: who.Inbox, Contact: who.Contact, ClientID: clientID, Text: text, At: h.Now()})
	h.must(err)
	return r.Message
}

// happened is what the contact reads of an event, and how often.
func (h *house) happened(who contact.Visitor, i conversation.ID, name string) (text string, n int) {
	h.t.Helper()
	ms, _, err := h.History(h.t.Context(), who, i, -1, 0, 0)
	h.must(err)
	for _, m := range ms {
		if m.Event != nil && m.Event.Name == name {
			text, n = m.Text, n+1
		}
	}
	return text, n
}

func (h *house) talk(i conversation.ID) conversation.Conversation {
	h.t.Helper()
	c, err := h.DB.Now().Conversation(h.t.Context(), i)
	h.must(err)
	return c
}

func (h *house) noticed(who agent.Actor, kind string) (n int) {
	h.t.Helper()
	ns, _, err := h.Notices(h.t.Context(), who)
	h.must(err)
	for _, each := range ns {
		if each.Kind == kind {
			n++
		}
	}
	return n
}

// A customer who falls silent is warned once, in their language, and the
// conversation ends when nothing follows; the agent owes the summary.
func TestWhoFallsSilentIsWarnedAndThenLetGo(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.silence()
		h.online(h.lin)
		who, i := h.answered("silent-01")
		h.clock.Turn(599 * time.Second)
		h.run()
		if _, n := h.happened(who, i, "silence.warned"); n != 0 {
			h.t.Errorf("warned too early, %d times", n)
		}
		h.clock.Turn(time.Second)
		h.run()
		text, n := h.happened(who, i, "silence.warned")
		if n != 1 || text != inbox.Defaults().Silence.Warning.Zh {
			h.t.Errorf("warned %d times: %q", n, text)
		}
		if c := h.talk(i); c.WarnedAt.IsZero() || c.State != conversation.Active || c.LastFrom != conversation.FromAgent {
			h.t.Errorf("after the warning: %+v", c)
		}
		h.clock.Turn(299 * time.Second)
		h.run()
		if c := h.talk(i); c.State != conversation.Active {
			h.t.Errorf("it ended too early: %s", c.State)
		}
		h.clock.Turn(time.Second)
		h.run()
		if c := h.talk(i); c.State != conversation.WrapUp || c.ClosedBy != conversation.FromSystem || !c.SilentSince.IsZero() {
			h.t.Errorf("after the end: %+v", c)
		}
		if _, n := h.happened(who, i, "closed"); n != 1 {
			h.t.Errorf("the end was told %d times", n)
		}
	})
}

// The program may have been away meanwhile: nobody is cut off without a
// warning and all the time after it.
func TestSilenceSurvivesARestart(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.silence()
		h.online(h.lin)
		who, i := h.answered("silent-02")
		h.clock.Turn(10 * time.Hour)
		h.run()
		if c := h.talk(i); c.State != conversation.Active || !c.WarnedAt.Equal(h.Now()) {
			h.t.Errorf("after a long absence: %+v", c)
		}
		h.clock.Turn(299 * time.Second)
		h.run()
		h.hears(who, "silent-02-word", "在的，我去拍照")
		h.clock.Turn(time.Hour)
		h.run()
		if c := h.talk(i); c.State != conversation.Active || !c.WarnedAt.IsZero() || !c.SilentSince.IsZero() {
			h.t.Errorf("the customer spoke: %+v", c)
		}
	})
}

func TestAnAgentWaitsForTheCustomer(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.silence()
		h.online(h.lin)
		who, i := h.answered("silent-03")
		if _, err := h.Hold(ctx, h.zhao, i, true); err == nil {
			h.t.Error("somebody else held it")
		}
		for range 2 {
			c, err := h.Hold(ctx, h.lin, i, true)
			h.must(err)
			if !c.Held {
				h.t.Error("it is not held")
			}
		}
		h.clock.Turn(10 * time.Hour)
		h.run()
		if _, n := h.happened(who, i, "silence.warned"); n != 0 {
			h.t.Errorf("warned %d times while the agent waits", n)
		}
		_, err := h.Hold(ctx, h.lin, i, false)
		h.must(err)
		h.run()
		if _, n := h.happened(who, i, "silence.warned"); n != 0 {
			h.t.Error("warned in the moment of letting go")
		}
		h.clock.Turn(600 * time.Second)
		h.run()
		if _, n := h.happened(who, i, "silence.warned"); n != 1 {
			h.t.Errorf("warned %d times", n)
		}
	})
}

// The agent is reminded of a customer who waits, and then supervisors are told.
func TestAWaitingCustomerIsNotForgotten(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.silence()
		h.online(h.lin)
		who, i := h.answered("silent-04")
		h.hears(who, "silent-04-word", "发给您了")
		h.clock.Turn(120 * time.Second)
		h.run()
		if mine, above := h.noticed(h.lin, "silence.remind"), h.noticed(h.wang, "silence.alarm"); mine != 1 || above != 0 {
			h.t.Errorf("after 120 s: the agent %d times, supervisors %d", mine, above)
		}
		h.clock.Turn(180 * time.Second)
		h.run()
		h.clock.Turn(time.Hour)
		h.run()
		if mine, above := h.noticed(h.lin, "silence.remind"), h.noticed(h.wang, "silence.alarm"); mine != 1 || above != 1 {
			h.t.Errorf("in the end: the agent %d times, supervisors %d", mine, above)
		}
		h.says(i, "silent-04-reply", "看到了")
		if c := h.talk(i); c.Reminded != 0 || c.SilentSince.IsZero() {
			h.t.Errorf("after the answer: %+v", c)
		}
	})
}

// What an administrator changes holds for conversations that are silent
// already.
func TestNewTimesOfSilenceHoldAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.online(h.lin)
		who, i := h.answered("silent-05")
		h.clock.Turn(time.Hour)
		h.run()
		if _, n := h.happened(who, i, "silence.warned"); n != 0 {
			h.t.Error("warned without a setting")
		}
		h.silence()
		h.run()
		if _, n := h.happened(who, i, "silence.warned"); n != 1 {
			h.t.Errorf("warned %d times", n)
		}
		_, err := h.ChangeInbox(h.t.Context(), h.admin(agent.ChannelManage), h.inbox.ID, desk.InboxChange{Settings: &inbox.Settings{}})
		h.code(err, "inbox.color")
		wrong := inbox.Defaults()
		wrong.Silence.WarnSeconds = 60
		_, err = h.ChangeInbox(h.t.Context(), h.admin(agent.ChannelManage), h.inbox.ID, desk.InboxChange{Settings: &wrong})
		h.code(err, "inbox.silence_close")
	})
}
