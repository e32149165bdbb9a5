// Routing measures who gets the work: what one decision costs with many who
// wait and many agents, and how soon customers ring at somebody who come at a
// rate, each at one agent and none lost.
//
//	go run ./bench/routing -waiting 1000 -agents 500 -rate 200 -seconds 20
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"yingda/bench/internal/rig"
	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/routing"
	"yingda/internal/job"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

type result struct {
	Waiting   int     `json:"waiting"`
	Agents    int     `json:"agents"`
	Rule      float64 `json:"rule_ms"`     // routing.Decide alone
	Decision  float64 `json:"decision_ms"` // of the queue given out: decided, written, on the disk
	Full      float64 `json:"look_ms"`     // a look at the queue when nobody has room
	Rate      int     `json:"rate"`
	Came      int     `json:"came"`
	P50       float64 `json:"rings_p50_ms"` // from asking for a person until it rings
	P99       float64 `json:"rings_p99_ms"`
	Lost      int     `json:"lost"`
	TwoAgents int     `json:"two_agents"` // conversations that more than one accepted
	Over      int     `json:"over_capacity"`
}

const capacity = 8

func main() {
	waiting := flag.Int("waiting", 1000, "customers in the queue")
	agents := flag.Int("agents", 500, "agents online")
	rate := flag.Int("rate", 200, "customers who come in a second")
	seconds := flag.Int("seconds", 20, "for so long")
	flag.Parse()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	folder, err := os.MkdirTemp("", "yingda-bench-routing-")
	rig.Must(err)
	defer os.RemoveAll(folder)
	db, err := store.Open(ctx, filepath.Join(folder, "yingda.db"))
	rig.Must(err)
	h := &house{Desk: &desk.Desk{DB: db, Now: clock.Now, Log: slog.New(slog.DiscardHandler), CaseKey: []byte("bench")}}
	h.furnish(ctx, *agents)
	r := result{Waiting: *waiting, Agents: *agents, Rate: *rate, Rule: rule(*agents)}

	for range *waiting {
		h.come(ctx)
	}
	h.sit(ctx)
	began := time.Now()
	given := 0
	for given < *waiting {
		rig.Must(h.Route(ctx))
		given = h.count(ctx, `SELECT COUNT(*) FROM conversations WHERE offer_agent IS NOT NULL`)
	}
	r.Decision = ms(time.Since(began)) / float64(*waiting)
	h.acceptAll(ctx)
	r.Full = h.full(ctx)
	h.closeAll(ctx)

	h.rush(ctx, *rate, *seconds, &r)
	rig.Print(r)
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// rule is what one decision costs, without the database.
func rule(agents int) float64 {
	now := time.Now()
	var cs []routing.Candidate
	for i := range agents {
		cs = append(cs, routing.Candidate{
			Agent: agent.ID(i + 1), Name: "座席", Teams: []agent.TeamID{1}, Load: float64(i % capacity), Capacity: capacity,
			Skills: []agent.Skilled{{Skill: 1, Level: 1 + i%5}, {Skill: 2, Level: 3}}, IdleSince: now.Add(-time.Duration(i) * time.Second),
		})
	}
	w := routing.Work{Team: 1, Needs: []routing.Need{{Skill: 1, Level: 3}}, Since: now}
	r := routing.DefaultRules()
	const times = 2000
	began := time.Now()
	for range times {
		if routing.Decide(w, cs, r, now).Agent.IsZero() {
			rig.Must(errors.New("nobody gets it"))
		}
	}
	return ms(time.Since(began)) / times
}

type house struct {
	*desk.Desk
	inbox inbox.Inbox
	seats []agent.Actor
	n     atomic.Int64
}

func (h *house) furnish(ctx context.Context, agents int) {
	now := h.Now()
	h.inbox = inbox.Inbox{ID: inbox.NewID(now), Key: "main", Kind: "webchat", Name: "官网", Enabled: true, Settings: inbox.Defaults(), Version: 1}
	role := agent.BuiltinRoles()[0]
	for _, r := range agent.BuiltinRoles() {
		if r.Name == "agent" {
			role = r
		}
	}
	role.ID = agent.NewRoleID(now)
	rig.Must(h.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.InsertRole(ctx, role); err != nil {
			return err
		}
		return tx.InsertInbox(ctx, h.inbox)
	}))
	rules := routing.DefaultRules()
	rules.MissedToPause = 0
	rig.Must(h.DB.Update(ctx, func(tx *store.Tx) error { return tx.SaveRouting(ctx, rules, now) }))
	for i := range agents {
		a := agent.Agent{ID: agent.NewID(now), Email: fmt.Sprintf("seat%d@example.org", i), Name: fmt.Sprintf("座席%d", i), Language: "zh", Capacity: capacity, CreatedAt: now}
		rig.Must(h.DB.Update(ctx, func(tx *store.Tx) error {
			if err := tx.InsertAgent(ctx, a); err != nil {
				return err
			}
			return tx.SetAgentRoles(ctx, a.ID, []agent.RoleID{role.ID})
		}))
		h.seats = append(h.seats, agent.Actor{Agent: a.ID, Name: a.Name, Scope: agent.ScopeAll, Permissions: agent.Permissions()})
	}
}

func (h *house) sit(ctx context.Context) {
	for _, s := range h.seats {
		rig.Must(h.AgentConnected(ctx, s.Agent))
		_, err := h.SetPresence(ctx, s, agent.Online, "")
		rig.Must(err)
	}
}

func (h *house) come(ctx context.Context) conversation.ID {
	who, err := h.Visit(ctx, channel.Visit{Inbox: h.inbox, Language: "zh"})
	rig.Must(err)
	c, _, err := h.AskHuman(ctx, contact.Visitor{Contact: who.ID, Inbox: h.inbox.ID}, fmt.Sprintf("ask-%09d", h.n.Add(1)))
	rig.Must(err)
	return c.ID
}

func (h *house) count(ctx context.Context, query string, args ...any) (n int) {
	rig.Must(h.DB.Now().Number(ctx, &n, query, args...))
	return n
}

func (h *house) acceptAll(ctx context.Context) {
	for _, s := range h.seats {
		ringing, err := h.DB.Now().OfferedTo(ctx, s.Agent)
		rig.Must(err)
		for _, c := range ringing {
			_, err := h.Accept(ctx, s, c.ID)
			rig.Must(err)
		}
	}
}

func (h *house) closeAll(ctx context.Context) {
	for _, s := range h.seats {
		held, err := h.DB.Now().HeldBy(ctx, s.Agent)
		rig.Must(err)
		for _, c := range held {
			h.finish(ctx, s, c.ID)
		}
	}
}

func (h *house) finish(ctx context.Context, s agent.Actor, i conversation.ID) {
	_, err := h.Close(ctx, s, i, conversation.Summary{Category: "business.fault", Result: "solved"})
	rig.Must(err)
}

// full is a look at a queue of which nobody can take anything.
func (h *house) full(ctx context.Context) float64 {
	for range 1000 {
		h.come(ctx)
	}
	for _, s := range h.seats {
		_, err := h.SetPresence(ctx, s, agent.Busy, "")
		rig.Must(err)
	}
	const times = 50
	began := time.Now()
	for range times {
		rig.Must(h.Route(ctx))
	}
	took := ms(time.Since(began)) / times
	for _, s := range h.seats {
		_, err := h.SetPresence(ctx, s, agent.Online, "")
		rig.Must(err)
	}
	for h.count(ctx, `SELECT COUNT(*) FROM conversations WHERE queued_at > 0 AND offer_agent IS NULL`) > 0 {
		rig.Must(h.Route(ctx))
	}
	h.acceptAll(ctx)
	return took
}

// rush lets customers come at a rate while agents accept what rings at them
// and are done with it after some seconds.
func (h *house) rush(ctx context.Context, rate, seconds int, r *result) {
	worker := &job.Worker{DB: h.DB, Now: h.Now}
	worker.Handle(h.Jobs()...)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := worker.Run(ctx); !errors.Is(err, context.Canceled) {
			rig.Must(err)
		}
	})
	began := h.Now()
	for part := range 4 {
		wg.Go(func() { h.answer(ctx, h.seats[part*len(h.seats)/4:(part+1)*len(h.seats)/4]) })
	}
	var arrivals sync.WaitGroup
	tick := time.NewTicker(time.Second / time.Duration(rate))
	for range rate * seconds {
		<-tick.C
		arrivals.Go(func() { h.come(ctx) })
	}
	tick.Stop()
	arrivals.Wait()
	r.Came = rate * seconds
	deadline := time.Now().Add(time.Minute)
	since := began.UnixMilli()
	for h.count(ctx, `SELECT COUNT(*) FROM conversations WHERE state <> 'closed'`) > 0 && time.Now().Before(deadline) {
		time.Sleep(100 * time.Millisecond)
	}
	stop()
	wg.Wait()
	ctx = context.Background()
	r.Lost = r.Came - h.count(ctx, `SELECT COUNT(*) FROM conversations WHERE state = 'closed' AND agent_id IS NOT NULL AND started_at >= ?1`, since)
	r.TwoAgents = h.count(ctx, `SELECT COUNT(*) FROM (SELECT conversation_id FROM offers WHERE outcome = 'accepted' GROUP BY conversation_id HAVING COUNT(*) > 1) AS twice`)
	waits := func(part int) float64 {
		return float64(h.count(ctx, `
			SELECT MIN(o.at) - c.started_at AS waited FROM offers o JOIN conversations c ON c.id = o.conversation_id
			WHERE c.started_at >= ?1 GROUP BY c.id, c.started_at ORDER BY waited LIMIT 1 OFFSET ?2`, since, r.Came*part/100))
	}
	r.P50, r.P99 = waits(50), waits(99)
	r.Over = h.over(ctx, since)
}

// over counts agents who had more than they can hold at some moment, by what
// was kept of offers.
func (h *house) over(ctx context.Context, since int64) int {
	return h.count(ctx, `
		WITH held AS (
			SELECT o.agent_id, o.at AS begins, CASE WHEN o.outcome = 'accepted' THEN c.closed_at ELSE o.ended_at END AS ends
			FROM offers o JOIN conversations c ON c.id = o.conversation_id WHERE o.at >= ?1)
		SELECT COUNT(DISTINCT a.agent_id) FROM held a
		WHERE (SELECT COUNT(*) FROM held b WHERE b.agent_id = a.agent_id AND b.begins <= a.begins AND b.ends > a.begins) > ?2`, since, capacity)
}

func (h *house) answer(ctx context.Context, seats []agent.Actor) {
	for ctx.Err() == nil {
		for _, s := range seats {
			ringing, err := h.DB.Now().OfferedTo(ctx, s.Agent)
			held, heldErr := h.DB.Now().HeldBy(ctx, s.Agent)
			if ctx.Err() != nil {
				return
			}
			rig.Must(errors.Join(err, heldErr))
			for _, c := range ringing {
				if _, err := h.Accept(ctx, s, c.ID); err != nil && fault.KindOf(err) != fault.Conflict && ctx.Err() == nil {
					rig.Must(err)
				}
			}
			for _, c := range held {
				if _, err := h.Close(ctx, s, c.ID, conversation.Summary{Category: "business.fault", Result: "solved"}); err != nil && ctx.Err() == nil {
					rig.Must(err)
				}
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
}
