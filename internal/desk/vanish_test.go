package desk_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/routing"
	"yingda/internal/job"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// arrivals is how many customers come in a second.
const arrivals = 200

// Agents come, vanish with their consoles, are gone for good and come back at
// random, under 200 customers a second. Afterwards every customer is in exactly
// one state: waits, rings at one agent, is answered by one, or has left; nobody
// had more than they can hold; and when all are back, everybody is answered.
//
// VANISH says for how long; make soak asks for five minutes.
func TestAgentsVanish(t *testing.T) {
	t.Parallel()
	span, err := time.ParseDuration(os.Getenv("VANISH"))
	if err != nil {
		span = 4 * time.Second
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		began, speed := time.Now(), 20.0
		if span > time.Minute {
			speed = 1 // long enough for the grace to pass by itself
		}
		now := func() time.Time { return began.Add(time.Duration(float64(time.Since(began)) * speed)) }
		h := &house{t: t, Desk: &desk.Desk{DB: db, Now: now, Log: slog.New(slog.DiscardHandler), CaseKey: []byte("a key for tests")}}
		h.furnish()
		h.rules(func(r *routing.Rules) { r.MissedToPause, r.StickyDays = 0, 0 })
		v := &vanishing{house: h, came: map[conversation.ID]bool{}}
		v.seats(24)
		v.run(span)
		v.oneStateEach()
		v.drain()
	})
}

type vanishing struct {
	*house
	staff []agent.Actor
	mu    sync.Mutex
	came  map[conversation.ID]bool
}

const held = 40 // conversations at once of each agent

func (v *vanishing) seats(n int) {
	ctx := v.t.Context()
	var role agent.Role
	v.must(v.DB.View(ctx, func(tx *store.Tx) error {
		roles, err := tx.Roles(ctx)
		role = roles[slices.IndexFunc(roles, func(r agent.Role) bool { return r.Name == "agent" })]
		return err
	}))
	for i := range n {
		a := agent.Agent{ID: agent.NewID(v.Now()), Email: fmt.Sprintf("seat%d@example.org", i), Name: fmt.Sprintf("座席%d", i), Language: "zh", Capacity: held, CreatedAt: v.Now()}
		v.must(v.DB.Update(ctx, func(tx *store.Tx) error {
			if err := tx.InsertAgent(ctx, a); err != nil {
				return err
			}
			return tx.SetAgentRoles(ctx, a.ID, []agent.RoleID{role.ID})
		}))
		v.staff = append(v.staff, agent.Actor{Agent: a.ID, Name: a.Name, Scope: agent.ScopeAll, Permissions: agent.Permissions()})
	}
}

// run lets customers and agents come and go until the time is up.
func (v *vanishing) run(span time.Duration) {
	ctx, stop := context.WithTimeout(v.t.Context(), span)
	defer stop()
	var wg sync.WaitGroup
	v.worker(ctx, &wg)
	for i, a := range v.staff {
		wg.Go(func() { v.agent(ctx, a, rand.New(rand.NewPCG(7, uint64(i)))) })
	}
	in, err := v.DB.Now().InboxByKey(ctx, "main")
	v.must(err)
	tick := time.NewTicker(time.Second / arrivals)
	defer tick.Stop()
	door := make(chan struct{}, 128) // a machine that cannot keep up gets fewer
	for n := 0; ctx.Err() == nil; n++ {
		select {
		case <-ctx.Done():
		case <-tick.C:
			select {
			case door <- struct{}{}:
				wg.Go(func() {
					v.come(in, n)
					<-door
				})
			default:
			}
		}
	}
	wg.Wait()
}

func (v *vanishing) worker(ctx context.Context, wg *sync.WaitGroup) {
	w := &job.Worker{DB: v.DB, Now: v.Now, Log: slog.Default()}
	w.Handle(v.Jobs()...)
	w.Handle(job.Kind{Name: desk.AssistJob, Do: nothing})
	wg.Go(func() {
		if err := w.Run(ctx); !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
			v.t.Error(err)
		}
	})
}

func (v *vanishing) come(in inbox.Inbox, n int) {
	ctx := context.Background() // who has asked is waited for
	who, err := v.Visit(ctx, channel.Visit{Inbox: in, Language: "zh"})
	if err != nil {
		v.t.Error(err)
		return
	}
	visitor := contact.Visitor{Contact: who.ID, Inbox: in.ID}
	c, _, err := v.AskHuman(ctx, visitor, fmt.Sprintf("ask-%08d", n))
	if err != nil {
		v.t.Error(err)
		return
	}
	v.mu.Lock()
	v.came[c.ID] = true
	v.mu.Unlock()
	if n%13 == 0 { // gives up
		if _, err := v.End(ctx, visitor); err != nil {
			v.t.Error(err)
		}
	}
}

// agent works, and vanishes again and again.
func (v *vanishing) agent(ctx context.Context, a agent.Actor, chance *rand.Rand) {
	for ctx.Err() == nil {
		v.may(ctx, v.AgentConnected(ctx, a.Agent))
		_, err := v.SetPresence(ctx, a, agent.Online, "")
		v.may(ctx, err)
		for range 5 + chance.IntN(40) {
			v.turn(ctx, a, chance)
		}
		switch chance.IntN(4) {
		case 0: // goes home as one should
			_, err := v.SetPresence(ctx, a, agent.Offline, "")
			v.may(ctx, err)
		case 1: // only stops taking work
			_, err := v.SetPresence(ctx, a, agent.Busy, "")
			v.may(ctx, err)
		default: // the console dies
			v.may(ctx, v.AgentGone(ctx, a.Agent))
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(chance.IntN(1500)) * time.Millisecond):
		}
	}
}

// turn takes what rings, mostly, and ends some of what is held.
func (v *vanishing) turn(ctx context.Context, a agent.Actor, chance *rand.Rand) {
	ringing, err := v.DB.Now().OfferedTo(ctx, a.Agent)
	v.may(ctx, err)
	for _, c := range ringing {
		switch chance.IntN(10) {
		case 0:
			_, err := v.Decline(ctx, a, c.ID)
			v.may(ctx, err)
		case 1: // lets it ring
		default:
			_, err := v.Accept(ctx, a, c.ID)
			v.may(ctx, err)
		}
	}
	mine, err := v.DB.Now().HeldBy(ctx, a.Agent)
	v.may(ctx, err)
	for _, c := range mine {
		if chance.IntN(4) == 0 {
			continue
		}
		_, err := v.Close(ctx, a, c.ID, conversation.Summary{Category: "business.fault", Result: "solved"})
		v.may(ctx, err)
	}
	select {
	case <-ctx.Done():
	case <-time.After(20 * time.Millisecond):
	}
}

// may takes an error that somebody who comes too late gets, or whose time is up.
func (v *vanishing) may(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil && !refused(err) && fault.KindOf(err) != fault.NotFound {
		v.t.Error(err)
	}
}

func (v *vanishing) oneStateEach() {
	ctx := v.t.Context()
	all := v.everyone()
	if len(all) != len(v.came) || len(all) == 0 {
		v.t.Fatalf("%d customers came, there are %d conversations", len(v.came), len(all))
	}
	states, load := map[string]int{}, map[agent.ID]int{}
	for _, c := range all {
		offers, err := v.DB.Now().OffersOf(ctx, c.ID)
		v.must(err)
		var rings []agent.ID
		for _, o := range offers {
			if o.Outcome == "" {
				rings = append(rings, o.Agent)
			}
		}
		state := string(c.State)
		switch {
		case c.Offer != nil && c.State == conversation.Queued && slices.Equal(rings, []agent.ID{c.Offer.Agent}) && c.Agent.IsZero():
			state = "rings"
			load[c.Offer.Agent]++
		case c.Offer != nil || len(rings) > 0:
			v.t.Errorf("conversation %d is %s, its offer %+v, rings at %v", c.Number, c.State, c.Offer, rings)
		case c.State == conversation.Active && !c.Agent.IsZero() && c.QueuedAt.IsZero():
			load[c.Agent]++
		case c.State == conversation.WrapUp && !c.Agent.IsZero() && c.QueuedAt.IsZero(): // gave up just as somebody answered, who owes a summary
		case c.State == conversation.Queued && c.Agent.IsZero() && !c.QueuedAt.IsZero() && !c.RankAt.IsZero():
		case c.State == conversation.Closed && c.QueuedAt.IsZero():
		default:
			v.t.Errorf("conversation %d is %s at %s, queued at %s", c.Number, c.State, c.Agent, c.QueuedAt)
		}
		states[state]++
	}
	for a, n := range load {
		if n > held {
			v.t.Errorf("agent %s has %d", a, n)
		}
	}
	v.t.Logf("%d customers: %v", len(all), states)
}

// drain lets everybody come back until nobody waits.
func (v *vanishing) drain() {
	ctx, stop := context.WithTimeout(v.t.Context(), 3*time.Minute)
	defer stop()
	var wg sync.WaitGroup
	v.worker(ctx, &wg)
	done := make(chan struct{})
	for _, a := range v.staff {
		wg.Go(func() {
			v.may(ctx, v.AgentConnected(ctx, a.Agent))
			_, err := v.SetPresence(ctx, a, agent.Online, "")
			v.may(ctx, err)
			chance := rand.New(rand.NewPCG(1, uint64(a.Agent)))
			for ctx.Err() == nil {
				select {
				case <-done:
					return
				default:
					v.turn(ctx, a, chance)
				}
			}
		})
	}
	open := 1
	for open > 0 && ctx.Err() == nil {
		<-time.After(100 * time.Millisecond)
		v.must(v.DB.Now().Number(v.t.Context(), &open, `SELECT COUNT(*) FROM conversations WHERE state NOT IN ('closed', 'wrap_up')`))
	}
	close(done)
	stop()
	wg.Wait()
	if open > 0 {
		v.t.Errorf("%d still wait or are answered", open)
	}
}
