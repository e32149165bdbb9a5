package desk_test

import (
	"crypto/rand"
	"fmt"
	"slices"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/routing"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/store"
)

// hotline is a house with a way in by telephone.
func (h *house) hotline() {
	h.t.Helper()
	h.must(h.EnsureHotline(h.t.Context()))
}

// rung is a call from a number that came in.
func (h *house) rung(number string) channel.CallSight {
	h.t.Helper()
	s, err := h.CallCame(h.t.Context(), channel.CallIn{Door: rand.Text(), Program: "one", Direction: call.Inbound, Number: number, Line: "4008200000"})
	h.must(err)
	_, err = h.CallMoved(h.t.Context(), s.Call.ID, call.Answer)
	h.must(err)
	return s
}

// waitsIn lets a caller wait in a queue.
func (h *house) waitsIn(s channel.CallSight, queue string) channel.CallSight {
	h.t.Helper()
	s, err := h.CallWaits(h.t.Context(), s.Call.ID, call.Place{Queue: queue, Priority: 10, Emergency: queue == "emergency"})
	h.must(err)
	h.run()
	return h.sees(s)
}

func (h *house) sees(s channel.CallSight) channel.CallSight {
	h.t.Helper()
	s, err := h.Call(h.t.Context(), s.Call.ID)
	h.must(err)
	return s
}

// stood fails unless a call stands so at the desk and in its record.
func (h *house) stood(s channel.CallSight, of conversation.State, at call.State, rings, has agent.ID) {
	h.t.Helper()
	s = h.sees(s)
	if s.State != of || s.Call.Record.State() != at || s.Rings != rings || s.Agent != has {
		h.t.Errorf("it stands as %s and %s, rings at %v, is with %v; want %s, %s, %v, %v", s.State, s.Call.Record.State(), s.Rings, s.Agent, of, at, rings, has)
	}
}

func (h *house) promiseOf(s channel.CallSight) (cs []store.ClockOf) {
	h.t.Helper()
	cs, err := h.DB.Now().ClocksOf(h.t.Context(), store.OfConversation, int64(s.Conversation))
	h.must(err)
	return cs
}

func (h *house) casesOf(s channel.CallSight) []ticket.Case {
	h.t.Helper()
	cs, err := h.DB.Now().CasesOf(h.t.Context(), s.Contact, "", 10)
	h.must(err)
	return cs
}

func (h *house) ended(s channel.CallSight, why call.Reason) channel.CallSight {
	h.t.Helper()
	s, err := h.CallEnded(h.t.Context(), s.Call.ID, channel.CallEnd{Reason: why})
	h.must(err)
	return s
}

// A call goes through the house: menu, queue, an offer that is missed, the head
// of the queue again, answered, held, rated, ended, wrapped up.
func TestACallsWholeLife(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		h.online(h.lin)
		s := h.rung("+86 138-1234-5678")
		i := s.Call.ID
		h.stood(s, conversation.Bot, call.InMenu, 0, 0)
		h.must(h.CallNoticed(ctx, i))
		h.clock.Turn(10 * time.Second)
		_, err := h.CallWaits(ctx, i, call.Place{Queue: "vehicle", Priority: 10})
		h.must(err)
		f, err := h.CallFacts(ctx, i)
		h.must(err)
		if !f.Staffed || f.Ahead != 0 || f.Caller != "13812345678" {
			h.t.Errorf("the menu may say %+v", f)
		}
		came := h.sees(s).Place.Since
		h.run()
		h.stood(s, conversation.Queued, call.Offered, h.lin.Agent, 0)
		_, err = h.Accept(ctx, h.lin, s.Conversation)
		h.code(err, "call.by_phone")

		// Lin does not answer: the call is next, with its old time, and rings at Zhao.
		later := h.rung("13900000002")
		h.clock.Turn(time.Second)
		h.waitsIn(later, "vehicle")
		h.clock.Turn(20 * time.Second)
		h.online(h.zhao)
		h.stood(s, conversation.Queued, call.Offered, h.zhao.Agent, 0)
		if again := h.sees(s); !again.Place.Since.Equal(came) {
			h.t.Errorf("it waits since %s, before since %s", again.Place.Since, came)
		}
		_, err = h.CallAnswered(ctx, i, h.lin.Agent)
		h.code(err, "call.not_offered")
		_, err = h.CallMoved(ctx, i, call.Hold)
		h.code(err, "call.state.offered")
		h.clock.Turn(5 * time.Second)
		_, err = h.CallAnswered(ctx, i, h.zhao.Agent)
		h.must(err)
		again, err := h.CallAnswered(ctx, i, h.zhao.Agent)
		h.must(err)
		if !again.Again {
			h.t.Error("answered twice")
		}
		h.stood(s, conversation.Active, call.Talking, 0, h.zhao.Agent)
		_, err = h.Reply(ctx, h.zhao, s.Conversation, desk.Draft{Kind: conversation.Text, Text: "您好", ClientID: "typed-0001"})
		h.code(err, "call.by_phone")
		_, err = h.Close(ctx, h.zhao, s.Conversation, conversation.Summary{Category: "business.recall", Result: "solved"})
		h.code(err, "call.by_phone")

		for _, a := range []call.Act{call.Hold, call.Resume, call.Continue, call.Rate} {
			h.clock.Turn(30 * time.Second)
			_, err = h.CallMoved(ctx, i, a)
			h.must(err)
		}
		h.stood(s, conversation.WrapUp, call.Surveying, 0, h.zhao.Agent)
		h.must(h.CallRated(ctx, i, "overall", 5))
		h.clock.Turn(10 * time.Second)
		_, err = h.CallEnded(ctx, i, channel.CallEnd{
			Quality: call.Quality{MOS: 4.1}, Recording: call.Recorded{File: "calls/one.wav", SHA256: "aa", Length: time.Minute},
		})
		h.must(err)
		h.stood(s, conversation.WrapUp, call.WrappingUp, 0, h.zhao.Agent)
		if s := h.ended(s, call.Failed); !s.Again {
			h.t.Error("ended twice")
		}
		h.clock.Turn(40 * time.Second)
		_, err = h.Close(ctx, h.zhao, s.Conversation, conversation.Summary{Category: "business.recall", Result: "solved"})
		h.must(err)
		h.stood(s, conversation.Closed, call.Ended, 0, h.zhao.Agent)

		r := h.sees(s).Call.Record
		if r.Result != call.Completed || r.Disposition != "business.recall" || r.Ratings["overall"] != 5 || r.Agent() != h.zhao.Agent.String() ||
			r.Queue() != "vehicle" || r.Recording.Notice == "" || r.Recording.File == "" || r.Quality.MOS != 4.1 {
			h.t.Errorf("the record is %+v", r)
		}
		times := r.Times(h.Now())
		if sum := times.Ring + times.Menu + times.Wait + times.Talk + times.Hold + times.WrapUp; sum != times.Total || times.Total != r.EndedAt().Sub(r.Steps[0].At) {
			h.t.Errorf("the sums of %+v differ from %s", times, r.EndedAt().Sub(r.Steps[0].At))
		}
		row, err := h.DB.Now().CallRow(ctx, i)
		h.must(err)
		if row.WaitMs != times.Wait.Milliseconds() || row.TalkMs != times.Talk.Milliseconds() || row.TalkMs != 60_000 || row.Reason != "completed" ||
			row.AgentID != h.zhao.Agent || row.Queue != "vehicle" || row.Recording == nil || row.NoticeAt == 0 || row.EndedAt != h.Now().UnixMilli() {
			h.t.Errorf("the row says %+v, the record %+v", row, times)
		}
		if len(h.casesOf(s)) != 0 {
			h.t.Error("a call that was answered has left a case")
		}
	})
}

// Whoever is in danger is served before twenty who came first.
func TestAnEmergencyPassesAllWhoWait(t *testing.T) {
	each(t, func(h *house) {
		h.hotline()
		for n := range 20 {
			h.waitsIn(h.rung(fmt.Sprintf("1380000%04d", n)), "elder")
			h.clock.Turn(time.Second)
		}
		s := h.waitsIn(h.rung("13911111111"), "emergency")
		f, err := h.CallFacts(h.t.Context(), s.Call.ID)
		h.must(err)
		if f.Ahead != 0 || f.Staffed || !s.Call.Record.Emergency {
			h.t.Errorf("before them stand %d; %+v", f.Ahead, s.Call.Record)
		}
		h.online(h.lin)
		h.stood(s, conversation.Queued, call.Offered, h.lin.Agent, 0)
	})
}

// Who hangs up waiting leaves a case, once; nothing rings on, and nothing is
// promised any more. Who calls again within the time has the old place.
func TestACallIsAbandoned(t *testing.T) {
	each(t, func(h *house) {
		h.hotline()
		h.online(h.lin)
		s := h.waitsIn(h.rung("13812345678"), "business")
		h.stood(s, conversation.Queued, call.Offered, h.lin.Agent, 0)
		since := s.Place.Since
		h.clock.Turn(5 * time.Second)
		h.ended(s, "")
		h.stood(s, conversation.Closed, call.Ended, 0, 0)
		cs := h.casesOf(s)
		if len(cs) != 1 || cs[0].Source != ticket.FromPhone || cs[0].Phone != "13812345678" || cs[0].Conversation != s.Conversation {
			h.t.Fatalf("the cases are %+v", cs)
		}
		if r := h.sees(s).Call.Record; r.Result != call.Abandoned {
			h.t.Errorf("it ended as %s", r.Result)
		}
		if ck := h.promiseOf(s); len(ck) != 1 || ck[0].State != sla.Cancelled {
			h.t.Errorf("the promise is %+v", ck)
		}
		second := h.waitsIn(h.rung("13812345678"), "business")
		if second.Contact != s.Contact || !second.Place.Since.Equal(since) {
			h.t.Errorf("the second call is of %s, since %s", second.Contact, second.Place.Since)
		}
		h.ended(second, "")
		if cs := h.casesOf(s); len(cs) != 1 {
			h.t.Errorf("two calls left %d cases", len(cs))
		}
		if s := h.ended(h.rung("13900000001"), ""); s.Call.Record.Result != call.LeftMenu || len(h.casesOf(s)) != 0 {
			h.t.Errorf("who left the menu: %+v", s)
		}
	})
}

// Who asks to be called back keeps the place: it is their turn before those who
// came later, and the call that we make waits with the old time.
func TestACallbackKeepsThePlace(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		s := h.waitsIn(h.rung("13812345678"), "technical")
		place := s.Place
		h.clock.Turn(time.Minute)
		other := h.waitsIn(h.rung("13900000001"), "technical")
		_, err := h.CallLeavesQueue(ctx, s.Call.ID)
		h.must(err)
		h.stood(s, conversation.Bot, call.InMenu, 0, 0)
		_, err = h.CallBackAsked(ctx, s.Call.ID, "123", &place)
		h.code(err, "call.number")
		b, err := h.CallBackAsked(ctx, s.Call.ID, "", &place)
		h.must(err)
		if again, err := h.CallBackAsked(ctx, s.Call.ID, "", &place); err != nil || again.ID != b.ID {
			h.t.Errorf("asked again: %+v, %v", again, err)
		}
		h.ended(s, "")
		if cs := h.casesOf(s); len(cs) != 1 || cs[0].Subject != "请求回电" || h.sees(s).Call.Record.Result != call.CallbackDue {
			h.t.Errorf("the cases are %+v", cs)
		}
		if due, err := h.CallbacksDue(ctx, 5); err != nil || len(due) != 0 {
			h.t.Errorf("nobody is there, and due is %+v, %v", due, err)
		}
		h.must(h.AgentConnected(ctx, h.lin.Agent))
		_, err = h.SetPresence(ctx, h.lin, agent.Online, "")
		h.must(err)
		if due, err := h.CallbacksDue(ctx, 5); err != nil || len(due) != 0 {
			h.t.Errorf("nobody can be rung, and due is %+v, %v", due, err)
		}
		h.plugs(h.lin)
		due, err := h.CallbacksDue(ctx, 5)
		h.must(err)
		if len(due) != 1 || due[0].ID != b.ID || due[0].Number != "13812345678" {
			h.t.Fatalf("due is %+v", due)
		}
		for _, want := range []bool{true, false} {
			if mine, err := h.HoldCallback(ctx, b.ID, "one"); err != nil || mine != want {
				h.t.Errorf("held: %v, %v", mine, err)
			}
		}
		back, err := h.CallCame(ctx, channel.CallIn{Door: "back-1", Program: "one", Direction: call.Outbound, Number: b.Number, Line: "4008200000", Callback: b.ID})
		h.must(err)
		if back.Contact != s.Contact || back.Conversation == s.Conversation {
			h.t.Errorf("called back is %+v", back)
		}
		_, err = h.CallMoved(ctx, back.Call.ID, call.Answer)
		h.must(err)
		_, err = h.CallWaits(ctx, back.Call.ID, b.Place)
		h.must(err)
		h.run()
		h.stood(back, conversation.Queued, call.Offered, h.lin.Agent, 0)
		h.stood(other, conversation.Queued, call.Queued, 0, 0)
		if got := h.sees(back).Place.Since; !got.Equal(place.Since) {
			h.t.Errorf("it waits since %s, the place is of %s", got, place.Since)
		}
		_, err = h.CallAnswered(ctx, back.Call.ID, h.lin.Agent)
		h.must(err)
		h.ended(back, "")
		if due, err := h.CallbacksDue(ctx, 5); err != nil || len(due) != 0 {
			h.t.Errorf("still due: %+v, %v", due, err)
		}
		_, err = h.CallCame(ctx, channel.CallIn{Door: "back-2", Program: "one", Direction: call.Outbound, Number: b.Number, Callback: b.ID})
		h.code(err, "callback.over")
	})
}

// Of two who have one number it is the one with whom we spoke last, and that is
// said. A withheld number is somebody new, a blocked one is nobody; the door's
// id makes one call.
func TestWhoCalls(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		one := h.called("张一", "13812345678", "", "您好")
		h.clock.Turn(time.Minute)
		h.called("张二", "13812345678", "", "您好")
		h.clock.Turn(time.Minute)
		h.write(one, "还在吗")
		s := h.rung("008613812345678")
		if s.Contact != one.Contact {
			h.t.Errorf("it is %s, not %s with whom the last conversation was", s.Contact, one.Contact)
		}
		if names := h.happenings(s.Conversation); !slices.Contains(names, "call.twins") {
			h.t.Errorf("the timeline does not say that two have the number: %v", names)
		}

		hidden, again := h.rung(""), h.rung("anonymous")
		if hidden.Contact == again.Contact || hidden.Call.Record.Caller != "" {
			h.t.Errorf("two who withheld their numbers: %+v, %+v", hidden, again)
		}

		in := channel.CallIn{Door: "the-same", Program: "one", Direction: call.Inbound, Number: "13900000009", Line: "4008200000"}
		a, err := h.CallCame(ctx, in)
		h.must(err)
		b, err := h.CallCame(ctx, in)
		h.must(err)
		if a.Call.ID != b.Call.ID || a.Conversation != b.Conversation || !b.Again {
			h.t.Errorf("told twice: %+v, %+v", a, b)
		}

		_, err = h.AddBlock(ctx, h.wang, contact.Block{Kind: contact.BlockPhone, Shown: "13900000009", Reason: "骚扰电话"})
		h.must(err)
		in.Door = "another"
		_, err = h.CallCame(ctx, in)
		h.code(err, "call.blocked")
		if _, have, err := h.DB.Now().CallKnownAs(ctx, "another"); err != nil || have {
			h.t.Errorf("a blocked call is kept: %v", err)
		}
	})
}

// The promise of a call runs in the queue; the answer meets it, and too long a
// wait breaches it.
func TestThePromiseOfACall(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		h.online(h.lin)
		s := h.waitsIn(h.rung("13812345678"), "use")
		ck := h.promiseOf(s)
		if len(ck) != 1 || ck[0].Metric != sla.AnswerWait || !ck[0].Limit.Equal(h.Now().Add(5*time.Minute)) {
			h.t.Fatalf("promised is %+v", ck)
		}
		h.clock.Turn(4 * time.Second)
		_, err := h.CallAnswered(ctx, s.Call.ID, h.lin.Agent)
		h.must(err)
		if ck := h.promiseOf(s); ck[0].State != sla.Met || !ck[0].MetAt.Equal(h.Now()) {
			h.t.Errorf("answered, it is %+v", ck[0])
		}
		late := h.waitsIn(h.rung("13900000001"), "use")
		h.clock.Turn(5*time.Minute + time.Second)
		h.run()
		if ck := h.promiseOf(late); len(ck) != 1 || ck[0].State != sla.Breached {
			h.t.Errorf("nobody answered, it is %+v", ck)
		}
	})
}

// An agent on a call gets no other, and nothing beside it unless the rules give
// calls a weight; who is in a chat gets no call.
func TestACallFillsAnAgent(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		h.online(h.lin)
		first := h.waitsIn(h.rung("13812345678"), "use")
		_, err := h.CallAnswered(ctx, first.Call.ID, h.lin.Agent)
		h.must(err)
		second := h.waitsIn(h.rung("13900000001"), "use")
		_, chat := h.waiting()
		h.run()
		h.stood(second, conversation.Queued, call.Queued, 0, 0)
		if c := h.conversation(chat); c.Offer != nil {
			h.t.Error("a chat rings at who is on a call")
		}
		h.rules(func(r *routing.Rules) { r.Weights = map[string]float64{"phone": 1} })
		h.waiting()
		h.run()
		h.stood(second, conversation.Queued, call.Queued, 0, 0)
		h.take(chat, h.lin)
		h.ended(first, "")
		h.run()
		h.stood(second, conversation.Queued, call.Offered, h.lin.Agent, 0)
		h.rules(func(r *routing.Rules) { r.Weights = map[string]float64{} })
		_, err = h.CallReturns(ctx, second.Call.ID, h.lin.Agent, channel.CallDeclined)
		h.must(err)
		h.clock.Turn(2 * time.Minute)
		h.run()
		h.stood(second, conversation.Queued, call.Queued, 0, 0)
	})
}

// An agent whose line is cut loses the call to the head of the queue; a console
// that is closed loses none.
func TestTheAgentsLineIsCut(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		h.online(h.lin)
		s := h.waitsIn(h.rung("13812345678"), "use")
		_, err := h.CallAnswered(ctx, s.Call.ID, h.lin.Agent)
		h.must(err)
		h.clock.Turn(time.Minute)
		waits := h.waitsIn(h.rung("13900000001"), "use")
		h.must(h.AgentGone(ctx, h.lin.Agent))
		h.clock.Turn(desk.Grace + time.Second)
		h.run()
		h.stood(s, conversation.Active, call.Talking, 0, h.lin.Agent)
		_, err = h.CallReturns(ctx, s.Call.ID, h.lin.Agent, channel.CallMissed)
		h.must(err)
		h.stood(s, conversation.Queued, call.Queued, 0, 0)
		h.online(h.zhao)
		h.stood(s, conversation.Queued, call.Offered, h.zhao.Agent, 0)
		h.stood(waits, conversation.Queued, call.Queued, 0, 0)
		if r := h.sees(s).Call.Record; r.Wrapped.IsZero() {
			h.t.Error("the agent who was cut off still owes a summary")
		}
	})
}

// The calls of a program that died end as lost, when they were heard of last;
// who waited is a case.
func TestTheCallsOfADeadProgram(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		h.online(h.lin)
		talks := h.waitsIn(h.rung("13812345678"), "use")
		_, err := h.CallAnswered(ctx, talks.Call.ID, h.lin.Agent)
		h.must(err)
		waits := h.waitsIn(h.rung("13900000001"), "use")
		heard := h.Now()
		h.clock.Turn(time.Hour)
		if n, err := h.CallsLost(ctx, "another"); err != nil || n != 0 {
			h.t.Errorf("lost of another: %d, %v", n, err)
		}
		for _, want := range []int{2, 0} {
			if n, err := h.CallsLost(ctx, "one"); err != nil || n != want {
				h.t.Errorf("lost %d, want %d: %v", n, want, err)
			}
		}
		h.stood(talks, conversation.WrapUp, call.WrappingUp, 0, h.lin.Agent)
		h.stood(waits, conversation.Closed, call.Ended, 0, 0)
		r := h.sees(waits).Call.Record
		if r.Result != call.Lost || !r.EndedAt().Equal(heard) || len(h.casesOf(waits)) != 1 || h.sees(talks).Call.Record.Result != call.Lost {
			h.t.Errorf("the records are %+v", r)
		}
	})
}

// What a queue of a menu means is checked when it is saved, and followed.
func TestWhereQueuesLead(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		boss := h.admin(agent.ChannelManage)
		all, err := h.CallEntries(ctx)
		h.must(err)
		if len(all) != 1 || all[0].Menu != "hotline" {
			h.t.Fatalf("the entries are %+v", all)
		}
		e := all[0]
		_, err = h.ChangeCallEntry(ctx, h.lin, e)
		h.code(err, "permission.missing")
		lacks := e
		lacks.Lanes = e.Lanes[1:]
		_, err = h.ChangeCallEntry(ctx, boss, lacks)
		h.code(err, "entry.queue_missing")
		lacks = e
		lacks.Numbers = []string{"a number"}
		_, err = h.ChangeCallEntry(ctx, boss, lacks)
		h.code(err, "entry.number")

		cars := h.team("车辆组", h.zhao)
		e.Lanes = slices.Clone(e.Lanes)
		for n := range e.Lanes {
			if e.Lanes[n].Queue == "vehicle" {
				e.Lanes[n].Team = cars
			}
		}
		e.Numbers = []string{"400-820-0000"}
		e, err = h.ChangeCallEntry(ctx, boss, e)
		h.must(err)
		stale := e
		stale.Version--
		_, err = h.ChangeCallEntry(ctx, boss, stale)
		h.code(err, "store.changed")
		_, err = h.CallEntry(ctx, "95000")
		h.code(err, "entry.unknown")
		h.online(h.lin)
		s := h.waitsIn(h.rung("13812345678"), "vehicle")
		h.stood(s, conversation.Queued, call.Queued, 0, 0)
		h.online(h.zhao)
		h.stood(s, conversation.Queued, call.Offered, h.zhao.Agent, 0)
		_, err = h.ChangeInbox(ctx, boss, e.Inbox, desk.InboxChange{Name: new("x")})
		h.code(err, "inbox.hotline")
	})
}

// An agent hands a call on in the console: it rings at the colleague, with the
// time it came; nobody on another call can be chosen.
func TestACallIsHandedOn(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		h.online(h.lin)
		s := h.waitsIn(h.rung("13812345678"), "use")
		_, err := h.CallAnswered(ctx, s.Call.ID, h.lin.Agent)
		h.must(err)
		h.online(h.zhao)
		other := h.waitsIn(h.rung("13900000001"), "use")
		_, err = h.CallAnswered(ctx, other.Call.ID, h.zhao.Agent)
		h.must(err)
		_, err = h.CallMoved(ctx, s.Call.ID, call.Consult)
		h.must(err)
		to := desk.Handover{Agent: h.zhao.Agent, Note: "请帮忙看看"}
		_, err = h.Transfer(ctx, h.lin, s.Conversation, to)
		h.code(err, "transfer.on_call")
		_, err = h.Transfer(ctx, h.lin, s.Conversation, desk.Handover{Assistant: true})
		h.code(err, "transfer.by_phone")
		h.ended(other, "")
		_, err = h.Transfer(ctx, h.lin, s.Conversation, to)
		h.must(err)
		h.stood(s, conversation.Queued, call.Offered, h.zhao.Agent, 0)
		place := h.sees(s).Place
		again, err := h.CallWaits(ctx, s.Call.ID, place) // the walk goes to the queue where it waits already
		h.must(err)
		if !again.Again || place.Since.IsZero() {
			h.t.Errorf("handed on it waits at %+v", place)
		}
		_, err = h.CallAnswered(ctx, s.Call.ID, h.zhao.Agent)
		h.must(err)
		h.stood(s, conversation.Active, call.Talking, 0, h.zhao.Agent)
	})
}
