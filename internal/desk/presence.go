package desk

import (
	"context"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/wallboard"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// SetPresence changes whether an agent takes work. Who stops taking work keeps
// the conversations they hold; what rings at them rings elsewhere. Who chooses
// without a console that is open is about to have one: the grace begins again.
func (d *Desk) SetPresence(ctx context.Context, by agent.Actor, state agent.State, reason string) (p agent.Presence, err error) {
	defer fault.Wrap(&err, "set presence of %s", by.Agent)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		seat, err := tx.Seat(ctx, by.Agent)
		if err != nil {
			return err
		}
		if p, err = seat.Presence.Set(state, reason, d.Now()); err != nil {
			return err
		}
		if !seat.Connected && p.State != agent.Offline {
			if err := d.await(ctx, tx, seat.ID); err != nil {
				return err
			}
		}
		if p == seat.Presence {
			return nil
		}
		return d.sit(ctx, tx, seat, p)
	})
	return p, err
}

// Order is what a supervisor sets of another agent's presence.
type Order struct {
	State  agent.State // online, break or offline
	Reason string      // of a break
	Why    string      // compulsory: the agent is told
}

// ForcePresence sets another agent's presence (R174). What they hold and what
// rings at them goes the way of their own choice; they are told who did it and
// why. Nobody is set online whose console is not open.
func (d *Desk) ForcePresence(ctx context.Context, by agent.Actor, who agent.ID, o Order) (p agent.Presence, err error) {
	defer fault.Wrap(&err, "set presence of %s", who)
	if err := by.Need(agent.ConversationMonitor); err != nil {
		return p, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		seat, err := tx.Seat(ctx, who)
		if err != nil {
			return err
		}
		teams, err := tx.TeamIDsOf(ctx, who)
		if err != nil {
			return err
		}
		switch {
		case seat.Disabled, !wallboard.Of(by).Oversees(who, teams):
			return fault.New(fault.NotFound, "agent.unknown", "there is no such %s", "agent")
		case who == by.Agent:
			return fault.New(fault.Invalid, "presence.self", "set your own presence in its menu")
		case o.State == agent.Online && !seat.Connected:
			return fault.New(fault.Conflict, "presence.not_there", "%s has no console open and cannot be set online", seat.Name)
		}
		if p, err = seat.Presence.Force(o.State, o.Reason, agent.Ref[agent.ID]{ID: by.Agent, Name: by.Name}, o.Why, d.Now()); err != nil || p == seat.Presence {
			return err
		}
		if err := d.sit(ctx, tx, seat, p); err != nil {
			return err
		}
		if err := d.Inform(ctx, tx, who, event.Notice{Kind: "presence." + string(p.State), Text: p.Why, FromName: by.Name}); err != nil {
			return err
		}
		said := map[string]any{"from": string(seat.Presence.State), "to": string(p.State), "why": p.Why}
		if p.Reason != "" {
			said["reason"] = p.Reason
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), "agent.presence", audit.Of("agent", who, seat.Name), said))
	})
	return p, err
}

// isThere reports whether an agent is at their desk, so that something can be
// given to them by name.
func isThere(seat store.Seat) bool {
	return !seat.Disabled && seat.Connected && seat.Presence.State != agent.Offline && seat.Presence.State != agent.Break
}

// shownPresences is how much of an agent's past presences is shown.
const shownPresences = 50

// PresenceLog returns the last presences of an agent whom the actor looks
// after, newest first.
func (d *Desk) PresenceLog(ctx context.Context, by agent.Actor, who agent.ID) (past []store.PresencePast, err error) {
	if err := by.Need(agent.ConversationMonitor); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		teams, err := tx.TeamIDsOf(ctx, who)
		if err != nil {
			return err
		}
		if !wallboard.Of(by).Oversees(who, teams) {
			return fault.New(fault.NotFound, "agent.unknown", "there is no such %s", "agent")
		}
		past, err = tx.PresenceLog(ctx, who, shownPresences)
		return err
	})
	return past, err
}

// await gives an agent whose console is gone the grace from now on.
func (d *Desk) await(ctx context.Context, tx *store.Tx, a agent.ID) error {
	now := d.Now()
	if err := tx.SetGone(ctx, a, now); err != nil {
		return err
	}
	return lostAfterGrace(ctx, tx, a, now)
}

// lostAfterGrace leaves the job that takes an agent for lost who has been gone
// since now by then.
func lostAfterGrace(ctx context.Context, tx *store.Tx, a agent.ID, now time.Time) error {
	return tx.Enqueue(ctx, AgentLostJob, AgentLost{Agent: a, Since: now}, now.Add(Grace), now)
}

// sit writes a presence and what follows from it.
func (d *Desk) sit(ctx context.Context, tx *store.Tx, seat store.Seat, p agent.Presence) error {
	if err := tx.SetPresence(ctx, seat.ID, seat.Presence, p); err != nil {
		return err
	}
	if p.State == agent.Online {
		if err := tx.SetIdle(ctx, seat.ID, d.Now()); err != nil {
			return err
		}
	} else if err := d.withdrawAll(ctx, tx, seat.ID); err != nil {
		return err
	}
	if err := d.wantRoute(ctx, tx, d.Now()); err != nil { // who is there now may take work, or nobody is
		return err
	}
	return d.tellLoad(ctx, tx, seat.ID)
}

// withdrawAll takes back everything that rings at an agent.
func (d *Desk) withdrawAll(ctx context.Context, tx *store.Tx, a agent.ID) error {
	ringing, err := tx.OfferedTo(ctx, a)
	if err != nil {
		return err
	}
	for _, c := range ringing {
		if err := d.withdraw(ctx, tx, c, "withdrawn"); err != nil {
			return err
		}
	}
	return d.departAll(ctx, tx, a, true)
}

// tellLoad tells the consoles whether an agent is there, and how much they hold.
func (d *Desk) tellLoad(ctx context.Context, tx *store.Tx, a agent.ID) error {
	seat, err := tx.Seat(ctx, a)
	if err != nil {
		return err
	}
	load, err := tx.Load(ctx, a)
	if err != nil {
		return err
	}
	if err := tx.SetHolding(ctx, seat, load > 0, d.Now()); err != nil {
		return err
	}
	return tx.Emit(ctx, event.Event{Kind: event.PresenceChanged, Agent: a, At: d.Now(), Body: event.Encode(event.Presence{
		Agent: a, Presence: seat.Presence.Public(), Connected: seat.Connected, Phone: !seat.PhoneSince.IsZero(), Load: load,
	})})
}

// Grace is how long an agent whose console is gone may take to come back
// before their conversations go to others.
const Grace = 60 * time.Second

// AgentConnected records that an agent's first console at this node was opened.
func (d *Desk) AgentConnected(ctx context.Context, a agent.ID) (err error) {
	defer fault.Wrap(&err, "connect %s", a)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.OpenConsole(ctx, d.Node, a); err != nil {
			return err
		}
		isNew, err := tx.SetConnected(ctx, a, true, d.Now())
		if err != nil || !isNew {
			return err
		}
		if err := d.tellLoad(ctx, tx, a); err != nil {
			return err
		}
		return d.wantRoute(ctx, tx, d.Now())
	})
}

// AgentGone records that an agent's last console at this node was closed. If they
// have none open at another, nothing new rings there from now on; what they hold
// waits for the grace to pass.
func (d *Desk) AgentGone(ctx context.Context, a agent.ID) (err error) {
	defer fault.Wrap(&err, "disconnect %s", a)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.CloseConsole(ctx, d.Node, a); err != nil {
			return err
		}
		if elsewhere, err := tx.HasConsole(ctx, a); err != nil || elsewhere {
			return err
		}
		return d.gone(ctx, tx, a)
	})
}

func (d *Desk) gone(ctx context.Context, tx *store.Tx, a agent.ID) error {
	now := d.Now()
	isNew, err := tx.SetConnected(ctx, a, false, now)
	if err != nil || !isNew {
		return err
	}
	if err := lostAfterGrace(ctx, tx, a, now); err != nil {
		return err
	}
	return d.tellLoad(ctx, tx, a)
}

// EndAgent gives the conversations of an agent who did not come back to
// others, at the head of the queue, and sets the agent offline.
func (d *Desk) EndAgent(ctx context.Context, w AgentLost) (err error) {
	defer fault.Wrap(&err, "lose %s", w.Agent)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		seat, err := tx.Seat(ctx, w.Agent)
		if err != nil || seat.Connected || !seat.GoneAt.Equal(w.Since) {
			return err // came back, or went again later
		}
		held, err := tx.HeldBy(ctx, w.Agent)
		if err != nil {
			return err
		}
		for _, c := range held {
			if byMail(c) || byPhone(c) { // nobody sits and waits; a call is lost when its line is
				continue
			}
			if err := d.lose(ctx, tx, c); err != nil {
				return err
			}
		}
		if err := d.departAll(ctx, tx, w.Agent, false); err != nil {
			return err
		}
		p, err := seat.Presence.Set(agent.Offline, "", d.Now())
		switch {
		case err != nil:
			return err
		case p == seat.Presence && len(held) > 0:
			return d.tellLoad(ctx, tx, seat.ID)
		case p == seat.Presence:
			return nil
		}
		return d.sit(ctx, tx, seat, p)
	})
}

// lose puts a conversation whose agent went away at the head of the queue.
func (d *Desk) lose(ctx context.Context, tx *store.Tx, c conversation.Conversation) error {
	was, name, needs := c.Agent, c.AgentName, c.Needs
	c, err := d.enqueue(ctx, tx, c, conversation.Lose, conversation.AgentLost)
	if err != nil {
		return err
	}
	if byPhone(c) { // those of the queue it was in
		c.Needs = needs
	}
	if err := d.followCall(ctx, tx, c, 0, call.LoseAgent); err != nil {
		return err
	}
	if c, err = d.tell(ctx, tx, c, "agent_lost", map[string]string{"agent": name}); err != nil {
		return err
	}
	return d.announce(ctx, tx, c, "queued", was)
}

// Restart is called once before the program serves anyone: no console is open at
// this node, no telephone is connected and no mailbox is held, whatever the database says. What agents held
// who have none open at another waits for the grace to pass.
func (d *Desk) Restart(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "restart the desk")
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.CloseConsoles(ctx, d.Node); err != nil {
			return err
		}
		if err := d.noTelephones(ctx, tx, d.Node); err != nil {
			return err
		}
		if err := d.nobodyThere(ctx, tx); err != nil {
			return err
		}
		if err := tx.ReleaseMailboxes(ctx); err != nil {
			return err
		}
		return d.wantRoute(ctx, tx, d.Now())
	})
}
