// Package fault kills the real program and cuts its wires: nothing that was
// acknowledged is lost, and nothing happens twice.
package fault

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"yingda/test/internal/centre"
)

const (
	rate     = 200 // messages a second, all visitors together
	visitors = 10
)

// rounds is how often the program is killed.
func rounds() int {
	if n, err := strconv.Atoi(os.Getenv("ROUNDS")); err == nil {
		return n
	}
	return 50
}

// answerable is a question that the assistant answers each time it is asked.
const answerable = "退款多久到账"

func teach(c *centre.Centre) {
	var q struct{ ID string }
	c.Call(http.MethodPost, "/api/v1/questions", "", map[string]any{
		"question": answerable, "answer": "一般 1–3 个工作日原路退回。", "category": "订单与费用", "language": "zh", "audience": "public",
		"phrasings": []string{"退款什么时候到", "退的钱多久能到", "多久退款到账", "退款几天到账", "钱什么时候退给我"},
	}, &q)
	c.Call(http.MethodPost, "/api/v1/questions/"+q.ID+"/publish", "", nil, nil)
	c.Until("the assistant knows it", func() bool {
		var would struct{ Action string }
		c.Call(http.MethodPost, "/api/v1/questions/try", "", map[string]any{"text": answerable, "language": "zh"}, &would)
		return would.Action == "answer"
	})
}

// visitor writes numbered messages, and sends one again until it is
// acknowledged, as the widget does.
type visitor struct {
	token        string
	conversation string
	next         int
	acked        []string // client ids, in the order in which they were acknowledged
	seqs         []int64
}

func (v *visitor) write(ctx context.Context, c *centre.Centre, name int) {
	for ctx.Err() == nil {
		id := fmt.Sprintf("visitor-%02d-%06d", name, v.next)
		p, err := c.Post(ctx, v.token, id, answerable)
		if err != nil {
			continue
		}
		v.conversation = p.Conversation.ID
		v.acked, v.seqs = append(v.acked, id), append(v.seqs, p.Message.Seq)
		v.next++
		select {
		case <-ctx.Done():
		case <-time.After(time.Second * visitors / rate):
		}
	}
}

// Fifty rounds of writing and kill -9: every acknowledged message is there
// once and in order, and every job that was left is done, once.
func TestKilled(t *testing.T) {
	c := centre.New(t)
	teach(c)
	vs := make([]*visitor, visitors)
	for i := range vs {
		vs[i] = &visitor{token: c.Visitor()}
	}
	for round := range rounds() {
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for i, v := range vs {
			wg.Go(func() { v.write(ctx, c, i) })
		}
		<-time.After(400*time.Millisecond + rand.N(600*time.Millisecond))
		c.Kill()
		cancel()
		wg.Wait()
		c.Start()
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
	total := 0
	for _, v := range vs {
		total += len(v.acked)
		check(t, c, v)
	}
	if total < rounds()*rate/10 {
		t.Errorf("only %d messages were acknowledged in %d rounds", total, rounds())
	}
	t.Logf("%d messages acknowledged over %d kills", total, rounds())
}

func check(t *testing.T, c *centre.Centre, v *visitor) {
	t.Helper()
	var all []centre.Message
	said, answered := 0, 0
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s: %d said, %d answered; the program wrote\n%s", v.conversation, said, answered, c.Said())
		}
	})
	c.Until("the assistant has answered everything", func() bool {
		all = c.Messages(v.conversation)
		said, answered = 0, 0
		for _, m := range all {
			switch m.From {
			case "contact":
				said++
			case "bot":
				answered++
			}
		}
		return answered >= said
	})
	var ids []string
	answers := map[string]int{}
	for i, m := range all {
		if m.Seq != int64(i+1) {
			t.Fatalf("message %d has number %d", i+1, m.Seq)
		}
		switch m.From {
		case "contact":
			ids = append(ids, m.ClientID)
		case "bot":
			answers[m.ClientID]++
		}
	}
	if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Errorf("what was said is out of order or twice")
	}
	for i, id := range v.acked {
		if v.seqs[i] > int64(len(all)) || all[v.seqs[i]-1].ClientID != id {
			t.Errorf("%s was acknowledged as number %d, and is not there", id, v.seqs[i])
		}
	}
	for _, m := range all {
		if m.From == "contact" && answers["assist-"+m.ID+"-0"] != 1 {
			t.Errorf("%s was answered %d times", m.ClientID, answers["assist-"+m.ID+"-0"])
		}
	}
}

// Each side's wire is cut for twenty seconds while the other writes: both end
// with everything, once and in order.
func TestCut(t *testing.T) {
	c := centre.New(t)
	token := c.Visitor()
	first, err := c.Post(t.Context(), token, "hello-0001", "您好")
	if err != nil {
		t.Fatal(err)
	}
	conversation := first.Conversation.ID
	c.Call(http.MethodPost, "/api/v1/conversations/"+conversation+"/take", "", nil, nil)
	agentWire, visitorWire := centre.NewCut(t, c.Addr), centre.NewCut(t, c.Addr)
	agent, visitor := c.ListenAgent(agentWire.Addr), c.ListenVisitor(visitorWire.Addr, token, conversation)
	defer agent.Close()
	defer visitor.Close()

	contactSaid, agentSaid := []string{"您好"}, []string{}
	say := func(n int) {
		text := fmt.Sprintf("第 %03d 句", n)
		if _, err := c.Post(t.Context(), token, fmt.Sprintf("contact-%04d", n), text); err != nil {
			t.Fatal(err)
		}
		contactSaid = append(contactSaid, text)
		c.Call(http.MethodPost, "/api/v1/conversations/"+conversation+"/messages", "", map[string]any{
			"client_id": fmt.Sprintf("agent-%04d", n), "kind": "text", "text": text,
		}, nil)
		agentSaid = append(agentSaid, text)
	}
	c.Until("both are connected", func() bool {
		say(len(agentSaid))
		return len(agent.Texts("agent")) > 0 && len(visitor.Texts("agent")) > 0
	})
	began := time.Now()
	agentWire.Set(true)
	visitorWire.Set(true)
	for time.Since(began) < cutFor() {
		say(len(agentSaid))
		<-time.After(200 * time.Millisecond)
	}
	agentWire.Set(false)
	visitorWire.Set(false)
	say(len(agentSaid))
	last := agentSaid[len(agentSaid)-1]
	ends := func(texts []string) bool { return len(texts) > 0 && texts[len(texts)-1] == last }
	c.Until("both have caught up", func() bool {
		return ends(agent.Texts("contact")) && ends(agent.Texts("agent")) && ends(visitor.Texts("contact")) && ends(visitor.Texts("agent"))
	})
	for who, got := range map[string][2][]string{"agent": {agent.Texts("contact"), agent.Texts("agent")}, "visitor": {visitor.Texts("contact"), visitor.Texts("agent")}} {
		for side, texts := range got {
			want := [][]string{contactSaid, agentSaid}[side]
			at := slices.Index(want, texts[0]) // what was said before the socket was there is history, not news
			if !slices.Equal(texts, want[max(at, 0):]) {
				t.Errorf("the %s's socket brought %d of %d: %q … ", who, len(texts), len(want), texts)
			}
		}
	}
}

func cutFor() time.Duration {
	if d, err := time.ParseDuration(os.Getenv("CUT")); err == nil {
		return d
	}
	return 20 * time.Second
}

// An offer that nobody answers rings only so long, on the real clock of the
// real program.
func TestAnOfferEnds(t *testing.T) {
	c := centre.New(t)
	var inboxes struct {
		Items []struct {
			ID       string
			Settings map[string]any
		}
	}
	c.Call(http.MethodGet, "/api/v1/inboxes", "", nil, &inboxes)
	inboxes.Items[0].Settings["ring_seconds"] = 5
	c.Call(http.MethodPatch, "/api/v1/inboxes/"+inboxes.Items[0].ID, "", map[string]any{"settings": inboxes.Items[0].Settings}, nil)
	agent := c.ListenAgent(c.Addr)
	defer agent.Close()
	c.Call(http.MethodPut, "/api/v1/me/presence", "", map[string]any{"state": "online"}, nil)
	posted, err := c.Post(t.Context(), c.Visitor(), "hello-0001", "有人吗")
	if err != nil {
		t.Fatal(err)
	}
	rings := func() bool {
		var v struct {
			Conversation struct{ Offer *struct{ Until string } }
		}
		c.Call(http.MethodGet, "/api/v1/conversations/"+posted.Conversation.ID, "", nil, &v)
		return v.Conversation.Offer != nil
	}
	c.Until("it rings", rings)
	c.Until("it stops ringing", func() bool { return !rings() })
}
