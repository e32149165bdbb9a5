package api

import (
	"context"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	ofcall "yingda/internal/domain/call"
	"yingda/internal/kit/fault"
)

// What is done with the telephone: the call itself is told by calls.
func (a *API) telephone(r *router) {
	reply, monitor := agent.ConversationReply, agent.ConversationMonitor
	call(r, post("/calls", "Call a number with one's telephone; the call rings there").needs(reply).answers(201), a.dialCall)
	type does = func(context.Context, agent.Actor, ofcall.ID) error
	move := func(path, says string, needs agent.Permission, f func(channel.Telephone) does) {
		act(r, post("/calls/{id}/"+path, says).needs(needs), func(ctx context.Context, by agent.Actor, in *byID[ofcall.ID]) error {
			return a.onPhone(func(t channel.Telephone) error { return f(t)(ctx, by, in.ID.Value) })
		})
	}
	move("answer", "Take a call that rings here, or a consultation, with the telephone in the console", reply, func(t channel.Telephone) does { return t.Answer })
	move("decline", "Leave a call that rings here to others", reply, func(t channel.Telephone) does { return t.Decline })
	move("hangup", "End one's part of a call; the customer is asked how it was", agent.ConversationRead, func(t channel.Telephone) does { return t.Hangup })
	move("hold", "Let the customer wait with music", reply, func(t channel.Telephone) does { return t.Hold })
	move("resume", "End a hold", reply, func(t channel.Telephone) does { return t.Resume })
	move("return", "Let the third party go and take the customer back", reply, func(t channel.Telephone) does { return t.Return })
	move("join", "Let the customer and the third party hear each other too", reply, func(t channel.Telephone) does { return t.Join })
	move("pause", "Leave what is said now out of the recording", reply, func(t channel.Telephone) does { return paused(t, true) })
	move("unpause", "Record again", reply, func(t channel.Telephone) does { return paused(t, false) })
	move("listen", "Hear a call that a colleague has", monitor, func(t channel.Telephone) does { return heard(t, channel.Listening) })
	move("whisper", "Hear a call, and be heard by the colleague only", monitor, func(t channel.Telephone) does { return heard(t, channel.Whispering) })
	move("barge", "Hear a call, and be heard by both", monitor, func(t channel.Telephone) does { return heard(t, channel.Barging) })
	move("takeover", "Take a call from a colleague", monitor, func(t channel.Telephone) does { return t.TakeOver })
	move("leave", "Hear a call no more", monitor, func(t channel.Telephone) does { return t.Hangup })
	act(r, post("/calls/{id}/keys", "Press keys towards the customer, or the third party").needs(reply), a.pressKeys)
	act(r, post("/calls/{id}/transfer", "Hand the customer to a number outside; without one to whoever is consulted").needs(reply), a.transferCall)
	act(r, post("/calls/{id}/consult", "Let the customer wait, and ring a colleague or a number").needs(reply), a.consultCall)
}

func paused(t channel.Telephone, on bool) func(context.Context, agent.Actor, ofcall.ID) error {
	return func(ctx context.Context, by agent.Actor, i ofcall.ID) error { return t.PauseRecording(ctx, by, i, on) }
}

func heard(t channel.Telephone, how string) func(context.Context, agent.Actor, ofcall.ID) error {
	return func(ctx context.Context, by agent.Actor, i ofcall.ID) error { return t.Supervise(ctx, by, i, how) }
}

// onPhone does something with the telephone, if there is one.
func (a *API) onPhone(f func(t channel.Telephone) error) error {
	if a.Telephone == nil {
		return fault.New(fault.Conflict, "call.no_hotline", "there is no hotline here; start the program with --sip-listen")
	}
	return f(a.Telephone)
}

type dialDraft struct {
	Number string `json:"number"`
}

// dialled is a call that has begun.
type dialled struct {
	ID ofcall.ID `json:"id"`
}

func (a *API) dialCall(ctx context.Context, by agent.Actor, in *struct{ Body dialDraft }) (d dialled, err error) {
	err = a.onPhone(func(t channel.Telephone) error {
		d.ID, err = t.Dial(ctx, by, in.Body.Number)
		return err
	})
	return d, err
}

type keysDraft struct {
	Keys string `json:"keys" doc:"0-9, * and #"`
}

func (a *API) pressKeys(ctx context.Context, by agent.Actor, in *withBody[ofcall.ID, keysDraft]) error {
	return a.onPhone(func(t channel.Telephone) error { return t.Keys(ctx, by, in.ID.Value, in.Body.Keys) })
}

type callTransfer struct {
	Number string `json:"number,omitzero" doc:"empty: whoever is consulted"`
}

func (a *API) transferCall(ctx context.Context, by agent.Actor, in *withBody[ofcall.ID, callTransfer]) error {
	return a.onPhone(func(t channel.Telephone) error { return t.Transfer(ctx, by, in.ID.Value, in.Body.Number) })
}

type callConsult struct {
	Agent  agent.ID `json:"agent_id,omitzero"`
	Number string   `json:"number,omitzero"`
}

func (a *API) consultCall(ctx context.Context, by agent.Actor, in *withBody[ofcall.ID, callConsult]) error {
	return a.onPhone(func(t channel.Telephone) error {
		return t.Consult(ctx, by, in.ID.Value, channel.Whom{Agent: in.Body.Agent, Number: in.Body.Number})
	})
}
