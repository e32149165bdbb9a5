package live_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/kit/clock"
)

func TestAVisitorHearsTheirConversationAndNoNotes(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		who, first := r.visitor("在吗", "有人吗")
		other, theirs := r.visitor("我是乙")
		r.desk.Say(t, who.Contact, conversation.Note, "小心")
		r.desk.Say(t, who.Contact, conversation.Text, "您好")
		s := r.widget(who)
		s.send(fmt.Sprintf(`{"type":"resume","conversation":%q,"after":1}`, first.Conversation.ID))
		for _, want := range []string{"有人吗", "您好"} {
			if f := s.want("message"); f.Message.Text != want {
				t.Errorf("%+v, want %s", f, want)
			}
		}
		if v := s.want("hello").view(t); v.ID != first.Conversation.ID || v.LastSeq != 4 {
			t.Errorf("hello says %+v", v)
		}
		r.tell(r.desk.Say(t, who.Contact, conversation.Note, "真的小心"))
		r.tell(theirs)
		r.tell(r.desk.Say(t, other.Contact, conversation.Text, "乙您好"))
		r.tell(r.desk.Say(t, who.Contact, conversation.Text, "请讲"))
		if f := s.want("message"); f.Message.Text != "请讲" || f.view(t).LastSeq != 6 {
			t.Errorf("%+v", f)
		}
		c := r.desk.Change(t, who.Contact, func(c *conversation.Conversation) { c.AgentRead = 5 })
		r.change("read", c)
		if v := s.want("conversation").view(t); v.AgentRead != 5 {
			t.Errorf("%+v", v)
		}
		s.send(fmt.Sprintf(`{"type":"read","conversation":%q,"seq":6}`, c.ID))
		s.quiet()
		if v, err := r.desk.View(t.Context(), who, c.ID); err != nil || v.ContactRead != 6 {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

// A visitor comes and goes while agents write, and the feed lags behind the
// database: every message comes once and in order.
func TestAVisitorResumesExactlyOnce(t *testing.T) {
	r := rigOf(t)
	const total = 200
	who, first := r.visitor("在吗")
	var wg sync.WaitGroup
	told := make(chan channel.Receipt, 5) // what was said and is not in the feed yet
	wg.Go(func() {
		defer close(told)
		for i := range total - 1 {
			told <- r.desk.Say(t, who.Contact, conversation.Text, strconv.Itoa(i))
		}
	})
	wg.Go(func() {
		for k := range told {
			r.tell(k)
		}
	})
	var got []int64
	after := int64(0)
	for stay := 1; after < total; stay = stay*2%37 + 1 {
		s := r.widget(who)
		s.send(fmt.Sprintf(`{"type":"resume","conversation":%q,"after":%d}`, first.Conversation.ID, after))
		for n := 0; n < stay && after < total; {
			switch f := s.next(); f.Type {
			case "message":
				got, after = append(got, f.Message.Seq), f.Message.Seq
				n++
			case "hello":
			default:
				t.Fatalf("%+v", f)
			}
		}
		s.conn.Close()
	}
	wg.Wait()
	if !slices.Equal(got, numbers(1, total)) {
		t.Errorf("heard %v", got)
	}
}

// A widget counts from when it connects: one that never resumes is not free.
func TestAVisitorHasSoManyWidgets(t *testing.T) {
	r := rigOf(t)
	who, _ := r.visitor("在吗")
	for range 16 {
		s := r.widget(who)
		s.send(`{"type":"ping"}`)
		s.want("pong") // now it is counted
	}
	if s, status, code := r.dial("/widget/v1/live?token="+who.Token(key), nil); s != nil || code != "live.many" {
		t.Errorf("the seventeenth widget: %d %s", status, code)
	}
}

func TestAVisitorWhoMissedTooMuchBeginsAgain(t *testing.T) {
	r := rigOf(t)
	who, first := r.visitor("在吗")
	stranger, _ := r.visitor("我是乙")
	for i := range 600 {
		r.desk.Say(t, who.Contact, conversation.Text, strconv.Itoa(i))
	}
	s := r.widget(who)
	s.send(fmt.Sprintf(`{"type":"resume","conversation":%q,"after":1}`, first.Conversation.ID))
	s.want("reset")
	if v := s.want("hello").view(t); v.LastSeq != 601 {
		t.Errorf("%+v", v)
	}
	r.tell(r.desk.Say(t, who.Contact, conversation.Text, "还在吗"))
	if f := s.want("message"); f.Message.Seq != 602 {
		t.Errorf("%+v", f)
	}
	s = r.widget(stranger)
	s.send(fmt.Sprintf(`{"type":"resume","conversation":%q,"after":1}`, first.Conversation.ID))
	s.want("reset") // not theirs
	if f := s.want("hello"); f.Conversation != nil {
		t.Errorf("%+v", f)
	}
}

func TestAVisitorOverServerSentEvents(t *testing.T) {
	r := rigOf(t)
	who, first := r.visitor("在吗", "有人吗")
	s, status := r.stream(fmt.Sprintf("/widget/v1/live/events?token=%s&conversation=%s&after=1", who.Token(key), first.Conversation.ID), http.Header{"Origin": {"https://shop.example"}})
	if status != http.StatusOK {
		t.Fatal(status)
	}
	s.want("message")
	s.want("hello")
	r.tell(r.desk.Say(t, who.Contact, conversation.Text, "您好"))
	if f := s.want("message"); f.Message.Text != "您好" {
		t.Errorf("%+v", f)
	}
	for _, query := range []string{"&after=-1", "&after=x", "&conversation=x"} {
		if _, status := r.stream("/widget/v1/live/events?token="+who.Token(key)+query, http.Header{}); status < 400 || status > 499 {
			t.Errorf("%s: %d", query, status)
		}
	}
}

func TestPlacesInTheQueue(t *testing.T) {
	r := rigOf(t)
	ahead, _ := r.visitor("我先来的")
	who, first := r.visitor("在吗")
	queued := func(c *conversation.Conversation) { c.State, c.QueuedAt = conversation.Queued, clock.Now() }
	r.desk.Change(t, ahead.Contact, queued)
	s := r.widget(who)
	s.send(fmt.Sprintf(`{"type":"resume","conversation":%q,"after":1}`, first.Conversation.ID))
	s.want("hello")
	r.change("queued", r.desk.Change(t, who.Contact, queued))
	if v := s.want("conversation").view(t); v.State != conversation.Queued {
		t.Errorf("%+v", v)
	}
	if v := s.want("conversation").view(t); v.QueuePosition != 2 {
		t.Errorf("%+v", v)
	}
	r.tell(r.desk.Say(t, who.Contact, conversation.Text, "请稍等"))
	if v := s.want("message").view(t); v.QueuePosition != 2 {
		t.Errorf("%+v", v)
	}
	r.change("accepted", r.desk.Change(t, ahead.Contact, func(c *conversation.Conversation) { c.State = conversation.Active }))
	if v := s.want("conversation").view(t); v.QueuePosition != 1 {
		t.Errorf("%+v", v)
	}
	r.change("accepted", r.desk.Change(t, who.Contact, func(c *conversation.Conversation) { c.State, c.AgentName = conversation.Active, "小林" }))
	if v := s.want("conversation").view(t); v.State != conversation.Active || v.QueuePosition != 0 || v.AgentName != "小林" {
		t.Errorf("%+v", v)
	}
}

func TestWhatPassesIsShownToThoseItConcerns(t *testing.T) {
	r := rigOf(t)
	const lin, zhao, boss, out = 1, 2, 3, 4
	r.actor("lin", lin, agent.ScopeOwn)
	r.actor("zhao", zhao, agent.ScopeTeam, 10)
	r.actor("boss", boss, agent.ScopeAll)
	r.actor("out", out, agent.ScopeOwn)
	lins, bosss, outs := r.listening("lin"), r.listening("boss"), r.listening("out")
	who, _ := r.visitor("在吗")
	c := r.desk.Change(t, who.Contact, func(c *conversation.Conversation) {
		c.State, c.Agent, c.AgentName, c.Team = conversation.Active, lin, "小林", 10
	})
	r.change("accepted", c)
	lins.want("conversation")
	bosss.want("conversation")
	outs.want("gone") // in doubt

	s := r.widget(who)
	s.send(fmt.Sprintf(`{"type":"resume","conversation":%q,"after":1}`, c.ID))
	s.want("hello")
	for _, a := range []*socket{lins, bosss} {
		if f := a.want("visitor"); !f.Online || f.Contact != who.Contact {
			t.Errorf("%+v", f)
		}
	}
	if !r.hub.Online(who.Contact) {
		t.Error("the visitor is not online")
	}
	r.hub.Saw(who, contact.PageView{URL: "https://shop.example/b"})
	for _, a := range []*socket{lins, bosss} {
		if f := a.want("visitor"); f.Page.URL != "https://shop.example/b" {
			t.Errorf("%+v", f)
		}
	}

	view := fmt.Sprintf(`{"type":"viewing","conversation":%q}`, c.ID)
	outs.send(view) // not theirs to see
	bosss.send(view)
	if f := bosss.want("viewing"); f.ID != c.ID || len(f.Agents) != 1 || f.Agents[0].Name != "boss" {
		t.Errorf("%+v", f)
	}

	s.send(`{"type":"typing","on":true,"text":"我想退款"}`)
	for _, a := range []*socket{lins, bosss} {
		if f := a.want("typing"); f.From != "contact" || !f.On || f.Text != "" {
			t.Errorf("without the preview: %+v", f)
		}
	}
	r.desk.Inbox.Settings.TypingPreview = true
	s.send(`{"type":"typing","on":true,"text":"我想` + strings.Repeat("退", 600) + `"}`)
	for _, a := range []*socket{lins, bosss} {
		if f := a.want("typing"); f.From != "contact" || !f.On || len([]rune(f.Text)) != 500 {
			t.Errorf("%+v", f)
		}
	}
	lins.send(fmt.Sprintf(`{"type":"typing","conversation":%q,"on":true}`, c.ID))
	if f := s.want("typing"); f.Name != "小林" || !f.On || f.ID != 0 {
		t.Errorf("%+v", f)
	}
	if f := bosss.want("typing"); f.From != "agent" || f.Name != "lin" {
		t.Errorf("%+v", f)
	}
	bosss.send(fmt.Sprintf(`{"type":"typing","conversation":%q,"on":true}`, c.ID)) // looks on; the visitor is not shown
	outs.send(fmt.Sprintf(`{"type":"typing","conversation":%q,"on":true}`, c.ID))
	bosss.quiet()
	outs.quiet()
	s.quiet()

	for range 50 {
		s.send(`{"type":"typing","on":true}`)
	}
	s.quiet()
	shown := 0
	r.emit(event.Event{Kind: event.KnowledgeChanged, At: clock.Now()})
	for f := lins.next(); f.Type != "knowledge"; f = lins.next() {
		shown++
	}
	if shown < 1 || shown > 25 {
		t.Errorf("%d of 50 are shown at once", shown)
	}
	s.conn.Close()
	for f := lins.next(); f.Type != "visitor" || f.Online; f = lins.next() {
		t.Errorf("%+v", f)
	}
}

// What the assistant writes passes: it reaches the widgets that show the
// conversation and the agents who look at it, and nobody who comes later.
func TestTheAssistantWrites(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.actor("boss", 7, agent.ScopeAll)
		who, first := r.visitor("在吗")
		other, theirs := r.visitor("我是乙")
		before := r.listening("boss") // the feed may take its time
		r.tell(first)
		r.tell(theirs)
		before.want("message")
		before.want("message")
		resume := fmt.Sprintf(`{"type":"resume","conversation":%q,"after":1}`, first.Conversation.ID)
		s, o := r.widget(who), r.widget(other)
		s.send(resume)
		s.want("hello")
		o.send(fmt.Sprintf(`{"type":"resume","conversation":%q,"after":1}`, theirs.Conversation.ID))
		o.want("hello")
		boss := r.listening("boss")
		boss.send(fmt.Sprintf(`{"type":"viewing","conversation":%q}`, first.Conversation.ID))
		boss.want("viewing")
		r.hub.BotWrites(first.Conversation.ID, who.Contact, "智能助手", true, "质保三年[1]。")
		if f := s.want("typing"); !f.On || f.Name != "智能助手" || f.Text != "质保三年[1]。" || f.From != "" {
			t.Errorf("%+v", f)
		}
		if f := boss.want("typing"); !f.On || f.From != "bot" || f.ID != first.Conversation.ID || f.Text != "质保三年[1]。" {
			t.Errorf("%+v", f)
		}
		o.quiet()
		again := r.widget(who)
		again.send(resume)
		again.want("hello")
		again.quiet()
		r.hub.BotWrites(first.Conversation.ID, who.Contact, "智能助手", false, "")
		if f := s.want("typing"); f.On || f.Text != "" {
			t.Errorf("%+v", f)
		}
	})
}
