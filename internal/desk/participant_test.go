package desk_test

import (
	"slices"
	"testing"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/ticket"
	"yingda/internal/store"
)

// answeredBy is a conversation that an agent answers.
func (h *house) answeredBy(by agent.Actor) conversation.Conversation {
	h.t.Helper()
	_, i := h.waiting()
	c, err := h.Take(h.t.Context(), by, i)
	h.must(err)
	return c
}

// load is how much an agent holds.
func (h *house) load(a agent.Actor) int {
	h.t.Helper()
	n, err := h.DB.Now().Load(h.t.Context(), a.Agent)
	h.must(err)
	return n
}

// happenings are what happened in a conversation, those that the contact sees
// with a star.
func (h *house) happenings(i conversation.ID) (names []string) {
	h.t.Helper()
	ms, _, err := h.Messages(h.t.Context(), h.wang, i, -1, 0, 0)
	h.must(err)
	for _, m := range ms {
		if m.Event != nil {
			name := m.Event.Name
			if m.ForContact() {
				name += "*"
			}
			names = append(names, name)
		}
	}
	return names
}

func (h *house) saysAs(by agent.Actor, i conversation.ID, clientID string) error {
	_, err := h.Reply(h.t.Context(), by, i, desk.Draft{ClientID: clientID, Text: "您好"})
	return err
}

// Who is invited sees the conversation, rings once, and may write once they
// have joined; the customer sees who came and went.
func TestInvite(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin, h.zhao)
		c := h.answeredBy(h.lin)
		own := h.zhao
		own.Scope = agent.ScopeOwn
		_, err := h.Open(ctx, own, c.ID)
		h.code(err, "conversation.unknown")
		_, err = h.Invite(ctx, h.zhao, c.ID, desk.Invitation{Agent: h.zhao.Agent})
		h.code(err, "conversation.taken")
		c, err = h.Invite(ctx, h.lin, c.ID, desk.Invitation{Agent: h.zhao.Agent, Note: "刹车问题，请一起看"})
		h.must(err)
		_, err = h.Invite(ctx, h.lin, c.ID, desk.Invitation{Agent: h.zhao.Agent})
		h.code(err, "invite.already")
		_, err = h.Invite(ctx, h.lin, c.ID, desk.Invitation{Agent: h.lin.Agent})
		h.code(err, "invite.owner")
		_, err = h.Open(ctx, own, c.ID)
		h.must(err)
		p, err := h.Conversations(ctx, own, desk.ListQuery{View: store.All})
		h.must(err)
		if len(p.Items) != 1 {
			h.t.Errorf("who is invited finds %d conversations", len(p.Items))
		}
		h.code(h.saysAs(h.zhao, c.ID, "before-001"), "conversation.taken")
		c, err = h.Join(ctx, own, c.ID)
		h.must(err)
		_, err = h.Join(ctx, own, c.ID)
		h.must(err)
		h.must(h.saysAs(h.zhao, c.ID, "joined-001"))
		h.must(h.saysAs(h.lin, c.ID, "owner-0001"))
		if n := h.load(h.zhao); n != 1 {
			h.t.Errorf("who takes part in one holds %d", n)
		}
		mine, err := h.Conversations(ctx, own, desk.ListQuery{View: store.Mine})
		h.must(err)
		if len(mine.Items) != 1 {
			h.t.Errorf("%d are mine", len(mine.Items))
		}
		if c = h.conversation(c.ID); c.Agent != h.lin.Agent {
			h.t.Errorf("%s answers for it", c.AgentName)
		}
		_, err = h.Leave(ctx, own, c.ID)
		h.must(err)
		h.code(h.saysAs(h.zhao, c.ID, "left-00001"), "conversation.taken")
		_, err = h.Open(ctx, own, c.ID)
		h.code(err, "conversation.unknown")
		if n := h.load(h.zhao); n != 0 {
			h.t.Errorf("who left holds %d", n)
		}
		got := h.happenings(c.ID)
		if !slices.Contains(got, "invited") || !slices.Contains(got, "joined*") || !slices.Contains(got, "left*") {
			h.t.Errorf("happened: %v", got)
		}
	})
}

// Who does not answer in time, or would not come, is not waited for: who asked
// hears of it.
func TestInvitationsEnd(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin, h.zhao, h.wang)
		c := h.answeredBy(h.lin)
		for how, end := range map[string]func(){
			"missed": func() {
				h.clock.Turn(time.Duration(h.inbox.Settings.RingSeconds) * time.Second)
				h.run()
			},
			"declined": func() {
				_, err := h.Leave(ctx, h.zhao, c.ID)
				h.must(err)
			},
		} {
			_, err := h.Invite(ctx, h.lin, c.ID, desk.Invitation{Agent: h.zhao.Agent})
			h.must(err)
			end()
			if got := h.conversation(c.ID).PartOf(h.zhao.Agent); got != conversation.Part(how) {
				h.t.Errorf("the part is %s, want %s", got, how)
			}
			_, err = h.Join(ctx, h.zhao, c.ID)
			h.code(err, "invite.over")
			ns, _, err := h.Notices(ctx, h.lin)
			h.must(err)
			if !slices.ContainsFunc(ns, func(n event.Notice) bool { return n.Kind == "invite."+how }) {
				h.t.Errorf("%s: told %+v", how, ns)
			}
		}
		// what rings stops when they go on a break
		_, err := h.Invite(ctx, h.lin, c.ID, desk.Invitation{Agent: h.zhao.Agent})
		h.must(err)
		_, err = h.SetPresence(ctx, h.zhao, agent.Break, "meal")
		h.must(err)
		if got := h.conversation(c.ID).PartOf(h.zhao.Agent); got != conversation.Unheard {
			h.t.Errorf("on a break the part is %s", got)
		}
		_, err = h.Invite(ctx, h.lin, c.ID, desk.Invitation{Agent: h.zhao.Agent})
		h.code(err, "transfer.away")
	})
}

// Of a team whoever is free is asked, and then the next.
func TestATeamIsInvited(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		team := agent.Team{ID: agent.NewTeamID(h.Now()), Name: "专家"}
		h.must(h.DB.Update(ctx, func(tx *store.Tx) error {
			if err := tx.InsertTeam(ctx, team); err != nil {
				return err
			}
			return tx.SetTeamAgents(ctx, team.ID, []agent.ID{h.zhao.Agent, h.wang.Agent})
		}))
		h.online(h.lin, h.zhao, h.wang)
		c := h.answeredBy(h.lin)
		_, err := h.Invite(ctx, h.lin, c.ID, desk.Invitation{Team: team.ID})
		h.must(err)
		if c = h.conversation(c.ID); c.PartOf(h.zhao.Agent) != conversation.Invited {
			h.t.Fatalf("invited: %+v", c.Participants)
		}
		_, err = h.Leave(ctx, h.zhao, c.ID)
		h.must(err)
		if c = h.conversation(c.ID); c.PartOf(h.wang.Agent) != conversation.Invited {
			h.t.Fatalf("then: %+v", c.Participants)
		}
		_, err = h.Leave(ctx, h.wang, c.ID)
		h.must(err)
		_, err = h.Invite(ctx, h.lin, c.ID, desk.Invitation{Team: team.ID})
		h.code(err, "invite.nobody")
	})
}

// Whoever the customer complains about is neither asked in with their team nor
// named in a note.
func TestTheAccusedIsNotCalled(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		team := agent.Team{ID: agent.NewTeamID(h.Now()), Name: "专家"}
		h.must(h.DB.Update(ctx, func(tx *store.Tx) error {
			if err := tx.InsertTeam(ctx, team); err != nil {
				return err
			}
			return tx.SetTeamAgents(ctx, team.ID, []agent.ID{h.zhao.Agent})
		}))
		h.online(h.lin, h.zhao)
		c := h.answeredBy(h.lin)
		_, err := h.HandIn(ctx, h.wang, ticket.Case{
			Kind: ticket.Complaint, Source: "chat", Text: "客服态度差", Name: "张伟", Phone: "13812345678", Conversation: c.ID, Contact: c.Contact,
			Course: ticket.Course{Accused: h.zhao.Agent},
		}, nil, "accused-0003")
		h.must(err)
		_, err = h.Invite(ctx, h.lin, c.ID, desk.Invitation{Team: team.ID})
		h.code(err, "invite.nobody")
		note := desk.Draft{Kind: conversation.Note, Text: "@赵 请看", Mentions: []agent.ID{h.zhao.Agent}, ClientID: "note-accused"}
		_, err = h.Reply(ctx, h.lin, c.ID, note)
		h.code(err, "conversation.elsewhere")
		note.Mentions = []agent.ID{h.wang.Agent}
		_, err = h.Reply(ctx, h.lin, c.ID, note)
		h.must(err)
	})
}

// Who joined can take over; who answered before goes on taking part. When it
// ends nobody takes part any more.
func TestOwnershipIsHandedOver(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin, h.zhao)
		c := h.answeredBy(h.lin)
		_, err := h.HandOwner(ctx, h.lin, c.ID, h.zhao.Agent)
		h.code(err, "owner.joined")
		_, err = h.Invite(ctx, h.lin, c.ID, desk.Invitation{Agent: h.zhao.Agent})
		h.must(err)
		_, err = h.Join(ctx, h.zhao, c.ID)
		h.must(err)
		_, err = h.HandOwner(ctx, h.zhao, c.ID, h.zhao.Agent)
		h.code(err, "conversation.taken")
		c, err = h.HandOwner(ctx, h.lin, c.ID, h.zhao.Agent)
		h.must(err)
		if c.Agent != h.zhao.Agent || c.PartOf(h.lin.Agent) != conversation.Joined {
			h.t.Errorf("%s answers, %+v", c.AgentName, c.Participants)
		}
		h.must(h.saysAs(h.lin, c.ID, "guest-0001"))
		_, err = h.TakeOut(ctx, h.lin, c.ID, h.zhao.Agent)
		h.code(err, "conversation.taken")
		_, err = h.TakeOut(ctx, h.zhao, c.ID, h.lin.Agent)
		h.must(err)
		h.code(h.saysAs(h.lin, c.ID, "guest-0002"), "conversation.taken")
		_, err = h.Invite(ctx, h.zhao, c.ID, desk.Invitation{Agent: h.lin.Agent})
		h.must(err)
		_, err = h.Join(ctx, h.lin, c.ID)
		h.must(err)
		_, err = h.Close(ctx, h.zhao, c.ID, conversation.Summary{Category: "a", Result: "b"})
		h.must(err)
		ids, err := h.DB.Now().TakesPartIn(ctx, h.lin.Agent)
		h.must(err)
		if len(ids) != 0 || h.load(h.lin) != 0 {
			h.t.Errorf("after the end %v are taken part in", ids)
		}
	})
}

// Who takes part and then takes the conversation over holds it once.
func TestWhoTakesOverDoesNotTakePartBesides(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin, h.wang)
		c := h.answeredBy(h.lin)
		_, err := h.Invite(ctx, h.lin, c.ID, desk.Invitation{Agent: h.wang.Agent})
		h.must(err)
		_, err = h.Join(ctx, h.wang, c.ID)
		h.must(err)
		_, err = h.Take(ctx, h.wang, c.ID)
		h.must(err)
		if c = h.conversation(c.ID); c.Agent != h.wang.Agent || c.PartOf(h.wang.Agent) != "" {
			h.t.Errorf("%s answers, and these take part: %+v", c.AgentName, c.Participants)
		}
		ids, err := h.DB.Now().TakesPartIn(ctx, h.wang.Agent)
		h.must(err)
		if n := h.load(h.wang); len(ids) != 0 || n != 1 {
			h.t.Errorf("who took it over takes part in %v, and holds %d", ids, n)
		}
	})
}
