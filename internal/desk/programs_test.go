package desk_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
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

const (
	programEnv = "YINGDA_TEST_PROGRAM" // the database, for the program that is a test
	customers  = 120                   // of each program
	seats      = 6                     // of each program
)

// Two programs on one PostgreSQL take customers in and give them to agents at
// the same time, and one of them is killed on the way and started again. Every
// customer is answered, by one agent, and no agent had more than they can hold.
func TestTwoProgramsShareOneQueue(t *testing.T) {
	t.Parallel()
	address := storetest.PostgresAddress(t)
	h := &house{t: t, Desk: &desk.Desk{DB: storetest.Open(t, address), Now: time.Now, CaseKey: []byte("a key for tests")}}
	h.furnish()
	var roles []agent.Role
	h.must(h.DB.View(t.Context(), func(tx *store.Tx) (err error) {
		roles, err = tx.Roles(t.Context())
		return err
	}))
	role := roles[slices.IndexFunc(roles, func(r agent.Role) bool { return r.Name == "agent" })]
	for n := range 2 * seats {
		who := agent.Agent{ID: agent.NewID(time.Now()), Email: fmt.Sprintf("seat%d@example.org", n), Name: fmt.Sprintf("座席%d-%d", n%2, n), Language: "zh", Capacity: 3, CreatedAt: time.Now()}
		h.must(h.DB.Update(t.Context(), func(tx *store.Tx) error {
			if err := tx.InsertAgent(t.Context(), who); err != nil {
				return err
			}
			return tx.SetAgentRoles(t.Context(), who.ID, []agent.RoleID{role.ID})
		}))
		h.must(h.AgentConnected(t.Context(), who.ID))
		_, err := h.SetPresence(t.Context(), agent.Actor{Agent: who.ID, Name: who.Name}.With(role), agent.Online, "")
		h.must(err)
	}
	h.rules(func(r *routing.Rules) { r.MissedToPause = 0 })

	first, second := startProgram(t, address, 0, customers), startProgram(t, address, 1, customers)
	first.readUntil("half")
	first.kill()
	first = startProgram(t, address, 0, customers-customers/2)
	first.readUntil("all")
	second.readUntil("all")
	deadline := time.Now().Add(3 * time.Minute)
	var all []conversation.Conversation
	for over := 0; over < 2*customers; {
		if time.Now().After(deadline) {
			t.Fatalf("only %d of %d were answered", over, 2*customers)
		}
		<-time.After(200 * time.Millisecond)
		all, over = h.everyone(), 0
		for _, c := range all {
			if c.State == conversation.Closed {
				over++
			}
		}
		if len(all) > 2*customers {
			t.Fatalf("%d conversations of %d customers", len(all), 2*customers)
		}
	}
	first.stop()
	second.stop()
	h.checkShared(all)
}

// everyone returns all conversations.
func (h *house) everyone() (all []conversation.Conversation) {
	h.t.Helper()
	admin := h.wang
	for cursor := ""; ; {
		p, err := h.Conversations(h.t.Context(), admin, desk.ListQuery{View: store.All, Limit: 100, Cursor: cursor})
		h.must(err)
		all = append(all, p.Items...)
		if cursor = p.Next; cursor == "" {
			return all
		}
	}
}

// checkShared looks at what was offered to whom, from when to when.
func (h *house) checkShared(all []conversation.Conversation) {
	h.t.Helper()
	type edge struct {
		at   time.Time
		more int
	}
	edges := map[agent.ID][]edge{}
	for _, c := range all {
		offers, err := h.DB.Now().OffersOf(h.t.Context(), c.ID)
		h.must(err)
		accepted := 0
		for i, o := range offers { // newest first
			if o.Outcome == "" || i > 0 && o.EndedAt.After(offers[i-1].At) {
				h.t.Errorf("conversation %d: %s from %s while another rang", c.Number, o.Name, o.At)
			}
			end := o.EndedAt
			if o.Outcome == "accepted" {
				accepted++
				end = c.ClosedAt
			}
			edges[o.Agent] = append(edges[o.Agent], edge{o.At, 1}, edge{end, -1})
		}
		if accepted != 1 || c.Agent.IsZero() {
			h.t.Errorf("conversation %d was accepted %d times", c.Number, accepted)
		}
	}
	for who, es := range edges {
		slices.SortFunc(es, func(a, b edge) int {
			if by := a.at.Compare(b.at); by != 0 {
				return by
			}
			return a.more - b.more // what ends makes room for what begins in the same millisecond
		})
		held := 0
		for _, e := range es {
			if held += e.more; held > 3 {
				h.t.Errorf("agent %s had %d at %s", who, held, e.at)
			}
		}
	}
}

// program is another process that runs TestAsAProgram.
type program struct {
	t    *testing.T
	cmd  *exec.Cmd
	in   io.WriteCloser
	said *bufio.Scanner
}

func startProgram(t *testing.T, address string, n, come int) *program {
	t.Helper()
	p := &program{t: t, cmd: exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAsAProgram$", "-test.v")}
	p.cmd.Env = append(os.Environ(), programEnv+"="+address, fmt.Sprintf("YINGDA_TEST_SIDE=%d %d", n, come))
	p.cmd.Stderr = os.Stderr
	in, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.in, p.said = in, bufio.NewScanner(out)
	t.Cleanup(p.kill)
	return p
}

func (p *program) readUntil(word string) {
	p.t.Helper()
	var said []string
	for p.said.Scan() {
		if said = append(said, p.said.Text()); strings.HasPrefix(p.said.Text(), "program: "+word) {
			return
		}
	}
	p.t.Fatalf("a program ended before it was done:\n%s", strings.Join(said, "\n"))
}

func (p *program) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	}
}

func (p *program) stop() {
	p.t.Helper()
	_ = p.in.Close()
	for p.said.Scan() { // until it has said all
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("a program failed: %v", err)
	}
}

// TestAsAProgram is one of the programs of TestTwoProgramsShareOneQueue: its
// customers come, its agents answer, and its worker does whatever job is due.
func TestAsAProgram(t *testing.T) {
	address := os.Getenv(programEnv)
	if address == "" {
		t.Skip("this is what TestTwoProgramsShareOneQueue starts")
	}
	var side, come int
	if _, err := fmt.Sscan(os.Getenv("YINGDA_TEST_SIDE"), &side, &come); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	d := &desk.Desk{DB: storetest.Open(t, address), Now: time.Now, CaseKey: []byte("a key for tests")}
	w := &job.Worker{DB: d.DB, Now: time.Now}
	w.Handle(d.Jobs()...)
	w.Handle(job.Kind{Name: desk.AssistJob, Do: nothing})
	in, err := d.DB.Now().InboxByKey(ctx, "main")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := w.Run(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	agents, err := d.DB.Now().Agents(ctx, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range agents {
		if strings.HasPrefix(a.Name, fmt.Sprintf("座席%d-", side)) {
			wg.Go(func() { answer(ctx, t, d, a) })
		}
	}
	for n := range come {
		arrive(ctx, t, d, in, fmt.Sprintf("%d-%d-%04d", side, os.Getpid(), n))
		switch n {
		case come/2 - 1:
			fmt.Println("program: half")
		case come - 1:
			fmt.Println("program: all")
		}
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // until whoever started us has seen enough
	stop()
	wg.Wait()
}

func arrive(ctx context.Context, t *testing.T, d *desk.Desk, in inbox.Inbox, name string) {
	t.Helper()
	who, err := d.Visit(ctx, channel.Visit{Inbox: in, Language: "zh"})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.AskHuman(ctx, contact.Visitor{Contact: who.ID, Inbox: in.ID}, "ask-"+name); err != nil {
		t.Fatal(err)
	}
}

// answer is an agent who takes what rings, declines some, and closes what they
// have.
func answer(ctx context.Context, t *testing.T, d *desk.Desk, a agent.Agent) {
	by := agent.Actor{Agent: a.ID, Name: a.Name, Scope: agent.ScopeAll, Permissions: agent.Permissions()}
	for n := 0; ctx.Err() == nil; n++ {
		ringing, err := d.DB.Now().OfferedTo(ctx, a.ID)
		for _, c := range ringing {
			do := d.Accept
			if n%11 == 10 {
				do = d.Decline
			}
			if _, err := do(ctx, by, c.ID); err != nil && fault.KindOf(err) != fault.Conflict && ctx.Err() == nil {
				t.Errorf("%s: %v", a.Name, err)
			}
		}
		held, heldErr := d.DB.Now().HeldBy(ctx, a.ID)
		for _, c := range held {
			if _, err := d.Close(ctx, by, c.ID, conversation.Summary{Category: "business.fault", Result: "solved"}); err != nil && ctx.Err() == nil {
				t.Errorf("%s: %v", a.Name, err)
			}
		}
		if err := errors.Join(err, heldErr); err != nil && ctx.Err() == nil {
			t.Errorf("%s: %v", a.Name, err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}
