package api

import (
	"context"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	ofcall "yingda/internal/domain/call"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/store"
)

// callView is a call as the wire shows it. The customer's number is masked, here
// and in the record; whoever may reveal it gives a reason with the contact.
type callView struct {
	ID           ofcall.ID         `json:"id"`
	Conversation conversation.ID   `json:"conversation_id"`
	Number       int64             `json:"conversation_number"`
	State        ofcall.State      `json:"state"`
	Contact      contact.ID        `json:"contact_id"`
	ContactName  string            `json:"contact_name"`
	Inbox        inbox.ID          `json:"inbox_id"`
	Rings        agent.ID          `json:"rings,omitzero" doc:"the agent at whom it rings"`
	Agent        agent.ID          `json:"agent_id,omitzero" doc:"who has it, or had it last"`
	Queue        string            `json:"queue,omitzero" doc:"as menus name it"`
	Queues       ofcall.QueueNames `json:"queue_names,omitempty" doc:"what people call the queues of this call, by the name that menus give them"`
	Emergency    bool              `json:"emergency"`
	Direction    ofcall.Direction  `json:"direction"`
	Caller       string            `json:"number" doc:"the customer's, masked; empty: withheld"`
	Line         string            `json:"line" doc:"ours"`
	BeganAt      time.Time         `json:"began_at"`
	AnsweredAt   *time.Time        `json:"answered_at,omitempty" doc:"by the first agent"`
	EndedAt      *time.Time        `json:"ended_at,omitempty" doc:"with the wrap-up"`
	NoticeAt     *time.Time        `json:"notice_at,omitempty" doc:"when the caller was told that it is recorded"`
	Record       ofcall.Record     `json:"record"`
	Asked        []callAsked       `json:"asked,omitempty" doc:"other systems, by the menu, in order"`
	Times        callTimes         `json:"times"`
	Recorded     bool              `json:"recorded" doc:"there is a recording"`
	Kept         string            `json:"kept,omitzero" doc:"why the recording is kept beyond its time"`
	Version      int64             `json:"version"`
	// What only the line knows; of a call in a list, or whose line is elsewhere, there
	// is none of it.
	Paused      bool            `json:"recording_paused,omitzero" doc:"the recording pauses"`
	Supervisors []channel.Other `json:"supervisors,omitempty" doc:"who hears it beside the agent"`
	Third       *channel.Third  `json:"third,omitempty" doc:"whom the agent asks, or makes three with"`
}

// callAsked is another system that the menu asked.
type callAsked struct {
	Node string      `json:"node"`
	Hook string      `json:"hook" doc:"the look-up"`
	OK   bool        `json:"ok"`
	Why  *inbox.Text `json:"why,omitempty" doc:"of what it failed"`
}

// callTimes are how long a call was in what, in seconds, up to now if it goes
// on.
type callTimes struct {
	Ring   float64  `json:"ring" doc:"before anybody answered"`
	Menu   float64  `json:"menu" doc:"with the machine"`
	Wait   float64  `json:"wait" doc:"in queues, and while it rang at agents"`
	Talk   float64  `json:"talk"`
	Hold   float64  `json:"hold"`
	WrapUp float64  `json:"wrap_up" doc:"of the agent, after the talk; part of it may be while the caller was asked how it was"`
	Total  float64  `json:"total" doc:"from the first ring to the end"`
	Answer *float64 `json:"answer,omitempty" doc:"in the queue until the first agent came; none came if it is left out"`
}

// viewCall is the one place where a call is put on the wire. menus are what is
// published.
func (a *API) viewCall(r store.CallRow, menus map[string]ofcall.Menu) callView {
	rec := r.Record
	v := callView{
		ID: r.ID, Conversation: r.Conversation, Number: r.Number, State: rec.State(), Contact: r.Contact, ContactName: r.ContactName, Inbox: r.Inbox,
		Rings: r.Rings, Agent: agentOfCall(r), Queue: rec.Queue(), Queues: ofcall.QueueNamesIn(menus, rec), Emergency: rec.Emergency, Direction: rec.Direction,
		Caller: contact.MaskPhone(rec.Caller), Line: rec.Line, BeganAt: rec.Steps[0].At,
		AnsweredAt: when(rec.AnsweredAt()), EndedAt: when(rec.EndedAt()), NoticeAt: when(r.NoticeAt), Times: timesOf(rec, a.Now()),
		Recorded: rec.Recording.File != "", Kept: r.Kept, Version: r.Version,
	}
	for _, x := range rec.Asked {
		one := callAsked{Node: x.Node, Hook: x.Hook, OK: x.OK}
		if why, failed := x.Why(); failed {
			text := bilingual(why)
			one.Why = &text
		}
		v.Asked = append(v.Asked, one)
	}
	rec.Caller, rec.Recording.File, rec.Asked = v.Caller, "", nil
	v.Record = rec
	return v
}

// onLine adds what the line knows of a call that goes on.
func (a *API) onLine(ctx context.Context, v callView) callView {
	if a.Telephone == nil || !v.State.Open() {
		return v
	}
	s, ok := a.Telephone.Line(ctx, v.ID)
	if !ok {
		return v
	}
	v.Paused, v.Supervisors = s.Paused, s.Others
	if t := s.Third; !t.Agent.IsZero() || t.Number != "" {
		t.Number = contact.MaskPhone(t.Number)
		v.Third = &t
	}
	return v
}

// agentOfCall returns who has the call now, else who had it last.
func agentOfCall(r store.CallRow) agent.ID {
	var had agent.ID
	if err := had.UnmarshalText([]byte(r.Record.Agent())); err != nil || had.IsZero() {
		return r.Agent
	}
	return had
}

func timesOf(r ofcall.Record, now time.Time) callTimes {
	t := r.Times(now)
	v := callTimes{
		Ring: t.Ring.Seconds(), Menu: t.Menu.Seconds(), Wait: t.Wait.Seconds(), Talk: t.Talk.Seconds(), Hold: t.Hold.Seconds(),
		WrapUp: r.AfterCall(now).Seconds(), Total: t.Total.Seconds(),
	}
	if wait, answered := r.AnswerWait(); answered {
		s := wait.Seconds()
		v.Answer = &s
	}
	return v
}
