package fault

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"yingda/test/internal/centre"
)

// caseRounds is how often the program is killed while cases are worked on.
func caseRounds() int { return max(1, rounds()/4) }

// handed is a complaint on its way: handed in again until it is acknowledged,
// then moved on, act by act.
type handed struct {
	id, number string
	acked      []string // acts that were acknowledged, in order
}

// the way of a complaint, and what is said with each act.
var way = []struct {
	act  string
	with map[string]any
}{
	{"accept", map[string]any{"category": "complaint.product", "level": "complex", "contacted": true}},
	{"note", map[string]any{"text": "已致电客户"}},
	{"ask_customer", map[string]any{"text": "请提供维修单照片"}},
	{"resume", map[string]any{"reason": "客户已补充"}},
	{"investigate", map[string]any{}},
	{"propose", map[string]any{"findings": "确有异响", "solution": "重新装配", "outcome": "repair", "cause": "assembly"}},
	{"give_feedback", map[string]any{"text": "我们将免费重新装配", "solution": "重新装配"}},
}

type detail struct {
	Case struct {
		ID, Number, State string
		Version           int64
	}
	History []struct {
		Act, From, To string
	}
	Clocks []struct {
		Metric, State string
	}
}

func look(ctx context.Context, c *centre.Centre, id string) (d detail, err error) {
	_, err = c.Try(ctx, http.MethodGet, "/api/v1/cases/"+id, "", nil, &d)
	return d, err
}

// work hands in complaints and takes each through its way until ctx ends.
func work(ctx context.Context, c *centre.Centre, name string, me string, all *[]*handed, mu *sync.Mutex) {
	for n := 0; ctx.Err() == nil; n++ {
		h := &handed{}
		client := fmt.Sprintf("%s-%05d", name, n)
		for ctx.Err() == nil {
			var made struct{ ID, Number string }
			body := map[string]any{"client_id": client, "kind": "complaint", "source": "phone", "text": "维修后异响仍在", "name": "张伟", "phone": "13812345678"}
			if _, err := c.Try(ctx, http.MethodPost, "/api/v1/cases", "", body, &made); err == nil {
				h.id, h.number = made.ID, made.Number
				mu.Lock()
				*all = append(*all, h)
				mu.Unlock()
				break
			}
		}
		for _, step := range way {
			body := map[string]any{"act": step.act}
			maps.Copy(body, step.with)
			if step.act == "investigate" {
				body["agent_id"] = me
			}
			if ctx.Err() != nil {
				return
			}
			if _, err := c.Try(ctx, http.MethodPost, "/api/v1/cases/"+h.id+"/acts", "", body, nil); err != nil {
				break // killed, or it was done and nobody heard: the next look tells
			}
			h.acked = append(h.acked, step.act)
		}
	}
}

// Killed between any two steps, a case is where its history says, what was
// acknowledged is there once, and its clocks are as the history left them.
func TestCasesKilled(t *testing.T) {
	c := centre.New(t)
	var me struct{ ID string }
	c.Call(http.MethodGet, "/api/v1/me", "", nil, &me)
	var all []*handed
	var mu sync.Mutex
	for round := range caseRounds() {
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() { work(ctx, c, fmt.Sprintf("case-%02d-%d", round, i), me.ID, &all, &mu) })
		}
		<-time.After(300*time.Millisecond + rand.N(500*time.Millisecond))
		c.Kill()
		cancel()
		wg.Wait()
		c.Start()
	}
	acts := 0
	numbers := map[string]bool{}
	for _, h := range all {
		if numbers[h.number] {
			t.Fatalf("%s was given twice", h.number)
		}
		numbers[h.number] = true
		acts += checkCase(t, c, h)
	}
	if acts < caseRounds() {
		t.Errorf("only %d acts in %d rounds", acts, caseRounds())
	}
	t.Logf("%d cases, %d acts acknowledged over %d kills", len(all), acts, caseRounds())
}

// meets is which act meets a clock.
var meets = map[string]string{"complaint_acknowledge": "accept", "complaint_investigate": "propose", "complaint_feedback": "give_feedback"}

func checkCase(t *testing.T, c *centre.Centre, h *handed) int {
	t.Helper()
	d, err := look(t.Context(), c, h.id)
	if err != nil {
		t.Fatal(err)
	}
	var done []string
	at := ""
	for _, e := range d.History {
		if at != "" && e.From != at {
			t.Fatalf("%s: the history leaps from %s to %s", h.number, at, e.From)
		}
		at = e.To
		if e.Act != "hand_in" && e.Act != "alarm" {
			done = append(done, e.Act)
		}
	}
	if at != d.Case.State {
		t.Errorf("%s stands at %s, its history ends at %s", h.number, d.Case.State, at)
	}
	// At most the act under way when the program was killed was done unheard.
	if len(done) < len(h.acked) || len(done) > len(h.acked)+1 || !slices.Equal(done[:len(h.acked)], h.acked) {
		t.Errorf("%s: acknowledged %v, done %v", h.number, h.acked, done)
	}
	for _, k := range d.Clocks {
		act, ok := meets[k.Metric]
		if ok && (k.State == "met") != slices.Contains(done, act) {
			t.Errorf("%s: after %v the clock of %s is %s", h.number, done, k.Metric, k.State)
		}
	}
	return len(h.acked)
}
