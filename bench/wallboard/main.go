// Wallboard measures what it costs to let supervisors look at a large house: a
// program with many agents, open conversations and a day behind it, in which
// something changes all the time, first with nobody looking on, then with many.
//
//	go run ./bench/wallboard -agents 500 -viewers 20
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync/atomic"
	"time"

	"yingda/bench/internal/rig"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/sla"
	"yingda/internal/kit/clock"
	"yingda/internal/store"
)

type result struct {
	Agents   int     `json:"agents"`
	Open     int     `json:"open_conversations"`
	Today    int     `json:"chats_ended_today"`
	Viewers  int     `json:"viewers"`
	Changes  int     `json:"changed_conversations_per_s"`
	Alone    float64 `json:"cpu_ms_per_s_nobody_looks"`
	Looked   float64 `json:"cpu_ms_per_s_all_look"`
	Share    float64 `json:"percent_of_a_core"` // the difference
	P50      float64 `json:"change_to_screen_p50_ms"`
	P99      float64 `json:"change_to_screen_p99_ms"`
	Whole    int64   `json:"whole_frame_bytes"`
	PerFrame int64   `json:"mean_frame_bytes"`
}

type house struct {
	db     *store.DB
	in     inbox.ID
	agents []agent.ID
	talks  []conversation.Conversation
	random *rand.Rand
}

func main() {
	rig.MaybeServe()
	r := result{}
	flag.IntVar(&r.Agents, "agents", 500, "agents at work")
	flag.IntVar(&r.Today, "today", 24_000, "chats that ended today")
	flag.IntVar(&r.Viewers, "viewers", 20, "consoles with the wallboard open")
	flag.IntVar(&r.Changes, "changes", 50, "conversations that change each second")
	seconds := flag.Int("seconds", 30, "how long it is looked at")
	flag.Parse()
	s := rig.Start("")
	defer s.Stop()
	h := furnish(s, r)
	r.Open = len(h.talks)
	ctx, stop := context.WithCancel(context.Background())
	go h.live(ctx, r.Changes)

	time.Sleep(3 * time.Second)
	r.Alone = load(s, time.Duration(*seconds/2)*time.Second)
	var frames, bytes, whole atomic.Int64
	heard := make(chan struct{}, 1024)
	for i := range r.Viewers {
		conn := s.Agent(func(frame []byte) {
			var f struct {
				Type string `json:"type"`
				Full bool   `json:"full"`
			}
			if len(frame) < 20 || json.Unmarshal(frame, &f) != nil || f.Type != "wallboard" {
				return
			}
			if f.Full {
				whole.Store(int64(len(frame)))
				return
			}
			frames.Add(1)
			bytes.Add(int64(len(frame)))
			if i == 0 {
				heard <- struct{}{}
			}
		})
		rig.Must(conn.WriteString(`{"type":"wallboard","on":true}`))
	}
	time.Sleep(3 * time.Second) // everybody has been told the whole
	r.Looked = load(s, time.Duration(*seconds)*time.Second)
	r.Share = (r.Looked - r.Alone) / 10
	stop()
	time.Sleep(3 * time.Second)
	r.P50, r.P99 = delay(s, heard)
	r.Whole, r.PerFrame = whole.Load(), bytes.Load()/max(1, frames.Load())
	rig.Print(r)
}

// load returns the milliseconds of processor time that the program uses in a
// second.
func load(s *rig.Server, d time.Duration) float64 {
	before, began := s.CPU(), time.Now()
	time.Sleep(d)
	return (s.CPU() - before).Seconds() * 1000 / time.Since(began).Seconds()
}

// delay measures how long a change of the administrator's presence takes to
// the first screen.
func delay(s *rig.Server, heard chan struct{}) (p50, p99 float64) {
	var took []time.Duration
	for i := range 30 {
		for len(heard) > 0 {
			<-heard
		}
		state := []agent.State{agent.Online, agent.Busy}[i%2]
		began := time.Now()
		s.Do("PUT", "/api/v1/me/presence", "", map[string]any{"state": state}, nil)
		<-heard
		took = append(took, time.Since(began))
		time.Sleep(time.Duration(rand.IntN(400)) * time.Millisecond)
	}
	return rig.Percentiles(took)
}

// furnish fills the program's database while it runs: as a second node would.
func furnish(s *rig.Server, r result) *house {
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(s.Folder(), "yingda.db"))
	rig.Must(err)
	ins, err := db.Now().Inboxes(ctx)
	rig.Must(err)
	roles, err := db.Now().Roles(ctx)
	rig.Must(err)
	h := &house{db: db, in: ins[0].ID, random: rand.New(rand.NewPCG(1, 2))} // the same each time
	var role agent.RoleID
	for _, each := range roles {
		if each.Name == "agent" {
			role = each.ID
		}
	}
	now := clock.Now()
	for range r.Agents {
		h.agents = append(h.agents, agent.NewID(now))
	}
	h.write(ctx, r.Agents, func(tx *store.Tx, i int) error {
		a := agent.Agent{ID: h.agents[i], Email: fmt.Sprintf("a%d@example.org", i), Name: fmt.Sprintf("客服%03d", i), Language: "zh", Capacity: 8, CreatedAt: now}
		if err := tx.InsertAgent(ctx, a); err != nil {
			return err
		}
		if err := tx.SetAgentRoles(ctx, a.ID, []agent.RoleID{role}); err != nil {
			return err
		}
		was := agent.Presence{State: agent.Offline, Since: now.Add(-9 * time.Hour)}
		for _, state := range []agent.State{agent.Online, agent.Break, agent.Online, agent.Busy, agent.Online} {
			next := agent.Presence{State: state, Since: was.Since.Add(100 * time.Minute)}
			if err := tx.SetPresence(ctx, a.ID, was, next); err != nil {
				return err
			}
			was = next
		}
		_, err := tx.SetConnected(ctx, a.ID, true, now)
		return err
	})
	nobody := agent.NewTeamID(now) // so that those who wait go on waiting
	rig.Must(db.Update(ctx, func(tx *store.Tx) error { return tx.InsertTeam(ctx, agent.Team{ID: nobody, Name: "夜班"}) }))
	h.talks = make([]conversation.Conversation, 5*r.Agents+60)
	h.write(ctx, len(h.talks), func(tx *store.Tx, i int) error {
		c := h.talk(now, i)
		if i < 5*r.Agents {
			c.State, c.Agent, c.AgentName = conversation.Active, h.agents[i%r.Agents], "客服"
		} else {
			c.State, c.QueuedAt, c.Team = conversation.Queued, now, nobody
		}
		c, err := tx.InsertConversation(ctx, c)
		if h.talks[i] = c; err != nil || c.State == conversation.Active {
			return err
		}
		return tx.InsertClock(ctx, chatClock(c.ID, now, time.Time{}))
	})
	h.write(ctx, r.Today, func(tx *store.Tx, i int) error {
		c := h.talk(now, len(h.talks)+i)
		c.State, c.ClosedAt = conversation.Closed, now
		if _, err := tx.InsertConversation(ctx, c); err != nil {
			return err
		}
		return tx.InsertClock(ctx, chatClock(c.ID, now.Add(-time.Duration(i)*time.Second/2), now.Add(-time.Duration(i)*time.Second/2+20*time.Second)))
	})
	return h
}

func (h *house) talk(now time.Time, i int) conversation.Conversation {
	return conversation.Conversation{
		ID: conversation.NewID(now), Number: int64(100_000 + i), Inbox: h.in, Channel: "webchat", Contact: contact.NewID(now), ContactName: fmt.Sprintf("访客 %05d", i),
		Language: "zh", StartedAt: now, LastAt: now, LastText: "我的车刹车异响", FirstReplyAt: now,
	}
}

// chatClock is the promise of a first response, met at a time, or running.
func chatClock(c conversation.ID, from, met time.Time) store.ClockOf {
	due := sla.Due{Metric: sla.FirstResponse, Received: from.UTC(), Counted: from.UTC(), Limit: from.Add(30 * time.Second).UTC(), Unit: sla.Second, Calendar: sla.Always}
	ck := sla.Start(due, from)
	if !met.IsZero() {
		var err error
		ck, err = ck.Meet(met)
		rig.Must(err)
	}
	return store.ClockOf{ID: store.NewClockID(clock.Now()), Kind: store.OfConversation, Subject: int64(c), Channel: "webchat", Clock: ck}
}

func (h *house) write(ctx context.Context, n int, f func(tx *store.Tx, i int) error) {
	const chunk = 500
	for from := 0; from < n; from += chunk {
		rig.Must(h.db.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			for i := from; i < min(from+chunk, n); i++ {
				if err := f(tx, i); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

// live lets contacts wait for a word and agents say one, n times a second.
func (h *house) live(ctx context.Context, n int) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		h.write(ctx, n/10, func(tx *store.Tx, _ int) error {
			c := &h.talks[h.random.IntN(5*len(h.agents))]
			now := clock.Now()
			if c.WaitingSince.IsZero() {
				c.WaitingSince = now
			} else {
				c.WaitingSince = time.Time{}
			}
			next, err := tx.SaveConversation(ctx, *c)
			if err != nil {
				return err
			}
			*c = next
			return tx.Emit(ctx, event.Of(event.ConversationChanged, next, now, event.Change{What: "read", Conversation: next}))
		})
	}
}
