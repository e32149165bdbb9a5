package desk_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/store/storetest"
)

// notices are what an agent was told, newest first: "kind from text".
func (h *house) notices(of agent.Actor) []string {
	h.t.Helper()
	ns, _, err := h.Notices(h.t.Context(), of)
	h.must(err)
	said := make([]string, 0, len(ns))
	for _, n := range ns {
		said = append(said, strings.TrimSpace(n.Kind+" "+n.FromName+" "+n.Text))
	}
	return said
}

// A supervisor sets an agent's presence: what rings goes on, what they hold
// stays, they are told who and why, and both logs keep it.
func TestPresenceIsForced(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		_, held := h.waiting()
		h.run()
		_, err := h.Accept(ctx, h.lin, held)
		h.must(err)
		_, rings := h.waiting()
		h.run()
		if c := h.conversation(rings); c.Offer == nil || c.Offer.Agent != h.lin.Agent {
			h.t.Fatalf("nothing rings at Lin: %+v", c.Offer)
		}
		order := desk.Order{State: agent.Break, Reason: "training", Why: "十点培训，请先参加"}
		_, err = h.ForcePresence(ctx, h.lin, h.zhao.Agent, order)
		h.code(err, "permission.missing")
		_, err = h.ForcePresence(ctx, h.wang, h.lin.Agent, desk.Order{State: agent.Break, Reason: "training"})
		h.code(err, "presence.why")
		_, err = h.ForcePresence(ctx, h.wang, h.lin.Agent, desk.Order{State: agent.Busy, Why: "忙"})
		h.code(err, "presence.forced_state")
		_, err = h.ForcePresence(ctx, h.wang, h.zhao.Agent, desk.Order{State: agent.Online, Why: "请上线"})
		h.code(err, "presence.not_there")
		_, err = h.ForcePresence(ctx, h.wang, h.wang.Agent, order)
		h.code(err, "presence.self")
		elsewhere := h.wang
		elsewhere.Scope, elsewhere.Teams = agent.ScopeTeam, []agent.TeamID{agent.NewTeamID(h.Now())}
		if _, err = h.ForcePresence(ctx, elsewhere, h.lin.Agent, desk.Order{State: agent.Offline, Why: "下班"}); err != nil {
			h.t.Errorf("an agent of no team is everybody's: %v", err)
		}
		_, err = h.SetPresence(ctx, h.lin, agent.Online, "")
		h.must(err)
		h.clock.Turn(time.Minute)

		p, err := h.ForcePresence(ctx, h.wang, h.lin.Agent, order)
		h.must(err)
		if p.State != agent.Break || p.ByName != "王" || p.Why != order.Why || !p.Since.Equal(h.Now()) {
			h.t.Errorf("%+v", p)
		}
		if c := h.conversation(rings); c.State != conversation.Queued || c.Offer != nil {
			h.t.Errorf("it still rings: %+v", c.Offer)
		}
		if c := h.conversation(held); c.Agent != h.lin.Agent {
			h.t.Error("what Lin held is gone")
		}
		if got := h.notices(h.lin); len(got) == 0 || got[0] != "presence.break 王 "+order.Why {
			h.t.Errorf("Lin was told %v", got)
		}
		if es := h.audited("agent.presence"); len(es) != 2 || es[0].ActorName != "王" {
			h.t.Errorf("the audit log holds %+v", es)
		}
		h.clock.Turn(time.Minute)
		_, err = h.SetPresence(ctx, h.lin, agent.Online, "")
		h.must(err)
		past, err := h.PresenceLog(ctx, h.wang, h.lin.Agent)
		h.must(err)
		if len(past) == 0 || past[0].ByName != "王" || past[0].Why != order.Why || past[0].Until.Sub(past[0].Since) != time.Minute {
			h.t.Errorf("the log says %+v", past)
		}
		seat, err := h.DB.Now().Agent(ctx, h.lin.Agent)
		h.must(err)
		if seat.Presence.ByName != "" || seat.Presence.Why != "" {
			h.t.Errorf("Lin's own choice still carries %+v", seat.Presence)
		}
	})
}

// A whisper is for the agent who answers, and their answer for the supervisor.
// The customer hears nothing of it through any door.
func TestWhispers(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		v, i := h.waiting()
		whisper := desk.Draft{ClientID: "whisper-1", Kind: conversation.Whisper, Text: "先核对车架号"}
		_, err := h.Reply(ctx, h.wang, i, whisper)
		h.code(err, "whisper.nobody")
		h.run()
		_, err = h.Accept(ctx, h.lin, i)
		h.must(err)
		_, err = h.Reply(ctx, h.zhao, i, whisper)
		h.code(err, "permission.missing")
		_, err = h.Reply(ctx, h.lin, i, desk.Draft{ClientID: "whisper-0", Kind: conversation.Whisper, Text: "在吗"})
		h.code(err, "whisper.unasked")
		_, err = h.Reply(ctx, h.wang, i, desk.Draft{ClientID: "whisper-f", Kind: conversation.Whisper, Text: "看图", Attachments: []conversation.AttachmentID{1}})
		h.code(err, "whisper.files")
		before := h.conversation(i)
		m, err := h.Reply(ctx, h.wang, i, whisper)
		h.must(err)
		again, err := h.Reply(ctx, h.wang, i, whisper)
		h.must(err)
		if again.ID != m.ID || m.Kind != conversation.Whisper || m.AuthorName != "王" {
			h.t.Errorf("%+v, then %+v", m, again)
		}
		_, err = h.Reply(ctx, h.lin, i, desk.Draft{ClientID: "whisper-2", Kind: conversation.Whisper, Text: "好的"})
		h.must(err)
		if got := h.notices(h.lin); len(got) != 1 || got[0] != "whisper 王 先核对车架号" {
			h.t.Errorf("Lin was told %v", got)
		}
		if got := h.notices(h.wang); !slices.Contains(got, "whisper 林 好的") {
			h.t.Errorf("Wang was told %v", got)
		}
		ms, _, err := h.Messages(ctx, h.zhao, i, -1, 0, 0)
		h.must(err)
		for _, m := range ms {
			if m.Kind == conversation.Whisper {
				h.t.Errorf("a colleague reads %q while they talk", m.Text)
			}
		}
		found, err := h.Search(ctx, h.wang, desk.SearchQuery{Text: "车架号"})
		h.must(err)
		if len(found.Items) != 0 {
			h.t.Errorf("the search finds %+v", found.Items)
		}
		after := h.conversation(i)
		if after.LastText != before.LastText || after.Unread != before.Unread || !after.FirstReplyAt.IsZero() || !after.WaitingSince.Equal(before.WaitingSince) {
			h.t.Errorf("a whisper changed the conversation: %+v", after)
		}
		if ck, _ := h.chatClock(i); !ck.State.Open() {
			h.t.Error("a whisper met the promise of an answer")
		}
		shown, _, err := h.History(ctx, v, i, -1, 0, 0)
		h.must(err)
		for _, s := range shown {
			if s.Kind == conversation.Whisper || strings.Contains(s.Text, "车架号") {
				h.t.Errorf("the customer reads %+v", s)
			}
		}
		_, err = h.Close(ctx, h.lin, i, conversation.Summary{Category: "other", Result: "solved"})
		h.must(err)
		if ms, _, err = h.Messages(ctx, h.zhao, i, -1, 0, 0); err != nil || !slices.ContainsFunc(ms, func(m conversation.Message) bool { return m.Kind == conversation.Whisper }) {
			h.t.Errorf("who reads it later does not read it whole: %v", err)
		}
		if all := h.seqs(i); !strings.Contains(all, "先核对车架号") || !strings.Contains(all, "好的") {
			h.t.Errorf("later readers inside see %s", all)
		}
	})
}

// Taking over leaves a line of who took it from whom; the agent who had it is
// told, and has room again.
func TestTakeOver(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		v, i := h.waiting()
		h.run()
		_, err := h.Accept(ctx, h.lin, i)
		h.must(err)
		_, err = h.Take(ctx, h.zhao, i)
		h.code(err, "conversation.taken")
		c, err := h.Take(ctx, h.wang, i)
		h.must(err)
		if c.Agent != h.wang.Agent {
			h.t.Errorf("%s answers", c.AgentName)
		}
		if got := h.notices(h.lin); len(got) != 1 || !strings.HasPrefix(got[0], "taken 王") {
			h.t.Errorf("Lin was told %v", got)
		}
		if all := h.seqs(i); !strings.Contains(all, "system taken_over|") {
			h.t.Errorf("the thread says %s", all)
		}
		shown, _, err := h.History(ctx, v, i, -1, 0, 0)
		h.must(err)
		if last := shown[len(shown)-1]; last.Event == nil || last.Event.Name != "accepted" || last.Event.Args["agent"] != "王" {
			h.t.Errorf("the customer reads last %+v", last)
		}
		for _, s := range shown {
			if s.Event != nil && s.Event.Name == "taken_over" {
				h.t.Error("the customer reads that it was taken over")
			}
		}
		_, err = h.Take(ctx, h.wang, i) // once is enough
		h.must(err)
		if got := h.notices(h.lin); len(got) != 1 {
			h.t.Errorf("Lin was told again: %v", got)
		}
		var loads []int
		h.must(h.eachEvent(event.PresenceChanged, func(e event.Event) error {
			if e.Agent == h.lin.Agent {
				loads = append(loads, h.presence(e).Load)
			}
			return nil
		}))
		if len(loads) == 0 || loads[len(loads)-1] != 0 {
			h.t.Errorf("Lin's load was told as %v", loads)
		}
	})
}

// At two thirds of the promise whoever can still keep it is told, and nobody
// twice (R181); when it is broken, the supervisor and who holds it.
func TestAlertsBeforeThePromiseOfAChatBreaks(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		h.must(h.AgentConnected(ctx, h.wang.Agent)) // looks on, and takes nothing
		_, i := h.waiting()                         // a second has gone by
		h.run()
		h.clock.Turn(18 * time.Second)
		h.run()
		if got := append(h.notices(h.lin), h.notices(h.wang)...); len(got) != 0 {
			h.t.Errorf("after 19 s: %v", got)
		}
		h.clock.Turn(time.Second)
		h.run()
		h.run()
		for _, who := range []agent.Actor{h.lin, h.wang} {
			if got := h.notices(who); len(got) != 1 || !strings.HasPrefix(got[0], "chat.warning") {
				h.t.Errorf("after 20 s %s was told %v", who.Name, got)
			}
		}
		if got := h.notices(h.zhao); len(got) != 0 {
			h.t.Errorf("Zhao, who is not there, was told %v", got)
		}
		_, err := h.Take(ctx, h.wang, i)
		h.must(err)
		h.clock.Turn(11 * time.Second)
		h.run()
		if got := h.notices(h.wang); len(got) != 2 || !strings.HasPrefix(got[0], "chat.limit") {
			h.t.Errorf("after 31 s the supervisor was told %v", got)
		}
		if got := h.notices(h.lin); len(got) != 1 {
			h.t.Errorf("Lin has nothing to do with it any more, and was told %v", got)
		}

		_, answered := h.waiting()
		_, err = h.Take(ctx, h.wang, answered)
		h.must(err)
		_, err = h.Reply(ctx, h.wang, answered, desk.Draft{ClientID: "in-time-1", Text: "您好"})
		h.must(err)
		h.clock.Turn(time.Minute)
		h.run()
		if got := h.notices(h.wang); len(got) != 2 {
			h.t.Errorf("an answered chat still alarms: %v", got)
		}
	})
}

func (h *house) presence(e event.Event) (p event.Presence) {
	h.t.Helper()
	h.must(json.Unmarshal(e.Body, &p))
	return p
}

// eachEvent calls f with the events of a kind so far.
func (h *house) eachEvent(kind event.Kind, f func(event.Event) error) error {
	h.t.Helper()
	for _, e := range storetest.Events(h.t, h.DB, 0) {
		if e.Kind == kind {
			if err := f(e); err != nil {
				return err
			}
		}
	}
	return nil
}
