package workforce_test

import (
	"fmt"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/staffing"
	"yingda/internal/domain/turn"
	"yingda/internal/store"
)

// ask lets a visitor ask for a person.
func (h *house) ask() (contact.Visitor, conversation.ID) {
	h.t.Helper()
	who := h.visitor()
	v, _, err := h.Desk.AskHuman(h.t.Context(), who, fmt.Sprintf("ask-%d", who.Contact))
	h.must(err)
	return who, v.ID
}

func (h *house) say(who contact.Visitor, text string) {
	h.t.Helper()
	_, err := h.Desk.Receive(h.t.Context(), channel.Inbound{Inbox: who.Inbox, Contact: who.Contact, ClientID: text, Text: text, At: h.Now()})
	h.must(err)
}

func (h *house) arrivals() []store.Arrived {
	h.t.Helper()
	all, err := h.DB.Now().Arrivals(h.t.Context(), time.Time{}, h.Now().Add(24*time.Hour))
	h.must(err)
	return all
}

func (h *house) sums() (a staffing.Arrivals) {
	h.t.Helper()
	for _, each := range h.arrivals() {
		a = a.Plus(each.Arrivals)
	}
	return a
}

// A conversation is measured as it goes, however often it is looked at: first
// it is there, then it is answered, then it is over.
func TestMeasure(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		look := func() { h.must(h.Measure(ctx)); h.must(h.Measure(ctx)) }
		look()
		if all := h.arrivals(); len(all) != 0 {
			h.t.Fatalf("nobody came, and there is %+v", all)
		}
		h.must(h.Desk.AgentConnected(ctx, h.lin.Agent))
		_, err := h.Desk.SetPresence(ctx, h.lin, agent.Online, "")
		h.must(err)
		h.clock.Turn(29 * time.Minute) // 10:29
		who, c := h.ask()
		h.run()
		look()
		if a := h.sums(); a.Offered != 1 || a.Answered != 0 || a.Promised != 1 || a.Wait != 0 {
			h.t.Errorf("one waits: %+v", a)
		}
		h.clock.Turn(20 * time.Second)
		_, err = h.Desk.Accept(ctx, h.lin, c)
		h.must(err)
		_, err = h.Desk.Reply(ctx, h.lin, c, deskDraft("reply-0001"))
		h.must(err)
		look()
		if a := h.sums(); a.Answered != 1 || a.InTime != 1 || a.AnswerWait != 20*time.Second {
			h.t.Errorf("answered: %+v", a)
		}
		h.clock.Turn(5 * time.Minute)
		_, err = h.Desk.End(ctx, who)
		h.must(err)
		h.clock.Turn(time.Minute)
		_, err = h.Desk.Close(ctx, h.lin, c, summary())
		h.must(err)
		look()
		all := h.arrivals()
		if len(all) != 1 || all[0].Slot.Format("15:04") != "02:00" || all[0].Channel != "webchat" {
			h.t.Fatalf("%+v", all)
		}
		if a := all[0].Arrivals; a.Handled != 1 || a.Handling < 5*time.Minute || a.Handling > 6*time.Minute || a.Offered != 1 {
			h.t.Errorf("over: %+v", a)
		}

		// Somebody gives up in the next half hour, with nobody there.
		_, err = h.Desk.SetPresence(ctx, h.lin, agent.Offline, "")
		h.must(err)
		other, _ := h.ask()
		h.clock.Turn(90 * time.Second)
		_, err = h.Desk.End(ctx, other)
		h.must(err)
		look()
		if all = h.arrivals(); len(all) != 2 || all[1].Abandoned != 1 || all[1].Wait != 90*time.Second || all[1].Patience() != 90*time.Second {
			h.t.Errorf("gave up: %+v", all)
		}
	})
}

// Talks with the assistant alone ask nothing of people.
func TestTalksWithTheAssistantAreNotArrivals(t *testing.T) {
	each(t, func(h *house) {
		h.Desk.Assistant = func(string) bool { return true }
		who := h.visitor()
		h.say(who, "message-0001")
		h.must(h.Measure(h.t.Context())) // while the assistant has not spoken yet
		c, _, err := h.Desk.Current(h.t.Context(), who)
		h.must(err)
		_, err = h.Desk.BotDoes(h.t.Context(), c.ID, desk.BotTurn{Record: turn.Record{Message: 1}, Says: []desk.BotLine{{Text: "您好"}}})
		h.must(err)
		_, err = h.Desk.End(h.t.Context(), who)
		h.must(err)
		h.must(h.Measure(h.t.Context()))
		if all := h.arrivals(); len(all) != 0 {
			h.t.Errorf("%+v", all)
		}
	})
}

// More than one batch, and what was over is not looked at again.
func TestMeasureMany(t *testing.T) {
	each(t, func(h *house) {
		const many = 230
		for range many {
			h.ask()
			h.clock.Turn(time.Second)
		}
		h.must(h.Measure(h.t.Context()))
		if a := h.sums(); a.Offered != many {
			h.t.Errorf("%d asked, %d are measured", many, a.Offered)
		}
	})
}
