package assist_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"yingda/internal/assist"
	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/retrieve"
	"yingda/internal/help"
	"yingda/internal/job"
	"yingda/internal/kit/clock"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// house is a desk with an inbox, a knowledge base and the assistant, on a clock
// that stands still. Every job is done twice.
type house struct {
	t     *testing.T
	desk  *desk.Desk
	help  *help.Help
	as    *assist.Assistant
	jobs  *job.Worker
	inbox inbox.Inbox
	sent  int
	clock *clock.Hand
	heard string // all that was said last
}

var chief = agent.Actor{Agent: 8, Name: "王主管", Permissions: []agent.Permission{agent.KnowledgeRead, agent.KnowledgeEdit, agent.KnowledgePublish}}

func each(t *testing.T, f func(h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := clock.At(time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC))
		log := slog.New(slog.DiscardHandler)
		h := &house{t: t, desk: &desk.Desk{DB: db, Now: c.Now, Log: log}, help: &help.Help{DB: db, Now: c.Now, Log: log}}
		h.desk.Assistant = h.help.Ready
		h.as = &assist.Assistant{Desk: h.desk, Help: h.help}
		h.clock = c
		h.desk.Flows, h.desk.FlowSeams = flow.Builtin(), assist.Seams(nil)
		h.jobs = &job.Worker{DB: db, Now: c.Now, Log: log}
		h.jobs.Handle(twice(h.as.Job()))
		h.furnish(db)
		f(h)
	})
}

// twice does each job twice: a job may be done again after a crash, and that
// must change nothing.
func twice(k job.Kind) job.Kind {
	do := k.Do
	k.Do = func(ctx context.Context, p json.RawMessage) error {
		if err := do(ctx, p); err != nil {
			return err
		}
		return do(ctx, p)
	}
	return k
}

var base = []knowledge.Question{
	{Question: "如何申请退款", Answer: "在我的订单中申请。", Language: "zh", Phrasings: []string{"我想退款", "怎么退钱", "不想要了能退吗", "申请退货退款", "退款在哪里申请"}},
	{Question: "退款多久到账", Answer: "1–3 个工作日。", Language: "zh", Phrasings: []string{"退款什么时候到", "钱多久退回来", "退款到账时间", "退的钱没到", "退款几天到"}},
	{Question: "如何开发票", Answer: "在订单详情里开。", Language: "zh", Phrasings: []string{"发票怎么开", "我要开票", "申请发票", "电子发票", "发票在哪开"}},
	{Question: "退款审批权限", Answer: "主管。", Language: "zh", Audience: knowledge.Internal},
}

func (h *house) furnish(db *store.DB) {
	h.t.Helper()
	ctx := h.t.Context()
	h.must(h.help.Import(ctx, chief, base, nil))
	h.must(h.help.Refresh(ctx))
	h.inbox = inbox.Inbox{ID: inbox.NewID(h.desk.Now()), Key: "main", Kind: "webchat", Name: "官网", Enabled: true, Settings: inbox.Defaults(), Version: 1}
	h.inbox.Settings.Recall.Contact = true
	h.must(db.Update(ctx, func(tx *store.Tx) error { return tx.InsertInbox(ctx, h.inbox) }))
}

// samples reports whether one of many cases is played: all of them on SQLite
// where nothing looks for races, else each sixth. What differs is the store,
// which all use in the same way, and how long it takes. test/all plays all.
func (h *house) samples(i int) bool {
	return i%6 == 0 || !racing && !strings.HasSuffix(h.t.Name(), "/postgres")
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) visitor(language string) contact.Visitor {
	h.t.Helper()
	who, err := h.desk.Visit(h.t.Context(), channel.Visit{Inbox: h.inbox, Language: language})
	h.must(err)
	return contact.Visitor{Contact: who.ID, Inbox: h.inbox.ID}
}

// says sends a message, lets the assistant work, and returns what is said
// after it, in one line, with the conversation as it is then.
func (h *house) says(v contact.Visitor, text, choice string) (string, conversation.Conversation) {
	h.t.Helper()
	return h.receive(channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, Text: text, Choice: choice})
}

func (h *house) receive(in channel.Inbound) (string, conversation.Conversation) {
	h.t.Helper()
	ctx := h.t.Context()
	h.sent++
	in.ClientID, in.At = fmt.Sprintf("client-%04d", h.sent), h.desk.Now()
	r, err := h.desk.Receive(ctx, in)
	h.must(err)
	for range 6 { // what was not understood waits for more
		_, err = h.jobs.RunDue(ctx)
		h.must(err)
		_, did, err := h.desk.DB.Now().Turn(ctx, r.Message.ID)
		h.must(err)
		if c, err := h.desk.DB.Now().Conversation(ctx, r.Conversation.ID); err != nil || did || c.State != conversation.Bot {
			h.must(err)
			break
		}
		h.clock.Turn(500 * time.Millisecond)
	}
	ms, err := h.desk.DB.Now().MessagesAfter(ctx, r.Conversation.ID, r.Message.Seq, 50)
	h.must(err)
	var said []string
	h.heard = ""
	for _, m := range ms {
		h.heard += m.Text + "\n"
		switch {
		case m.Kind == conversation.Note: // for people who work here
		case m.Event != nil:
			said = append(said, "<"+m.Event.Name+">")
		case len(m.Choices) > 0:
			var cs []string
			for _, c := range m.Choices {
				cs = append(cs, c.Text)
			}
			said = append(said, "["+strings.Join(cs, "/")+"]")
		default:
			said = append(said, m.Text)
		}
	}
	c, err := h.desk.DB.Now().Conversation(ctx, r.Conversation.ID)
	h.must(err)
	return strings.Join(said, " "), c
}

func TestTurns(t *testing.T) {
	type turn struct {
		text, choice string // choice is a question that was offered
		want         string // what is said begins so
		state        conversation.State
	}
	const bot, queued = conversation.Bot, conversation.Queued
	scripts := []struct {
		name   string
		turns  []turn
		reason conversation.Reason
	}{
		{"answers", []turn{{"请问怎么申请退款呢", "", "在我的订单中申请。", bot}}, ""},
		{"knows what was answered before", []turn{
			{"退款多久到账", "", "1–3 个工作日。", bot},
			{"那退款", "", "[如何申请退款]", bot},
		}, ""},
		{"offers a choice, and answers it", []turn{
			{"退款", "", "[如何申请退款/退款多久到账]", bot},
			{"退款多久到账", "退款多久到账", "1–3 个工作日。", bot},
		}, ""},
		{"a choice that is gone is read as text", []turn{{"如何开发票", "qu_0000000000001", "在订单详情里开。", bot}}, ""},
		{"hands over after two choices", []turn{
			{"退款", "", "[如何申请退款/退款多久到账]", bot},
			{"退钱", "", "<", queued},
		}, conversation.Missed},
		{"hands over after two misses", []turn{
			{"今天天气不错", "", "抱歉", bot},
			{"星期几啊", "", "<", queued},
		}, conversation.Missed},
		{"an answer between makes patience whole again", []turn{
			{"今天天气不错", "", "抱歉", bot},
			{"如何开发票", "", "在订单详情里开。", bot},
			{"星期几啊", "", "抱歉", bot},
		}, ""},
		{"asked for a person", []turn{{"转人工", "", "<", queued}}, conversation.Asked},
		{"danger goes first, with advice", []turn{{"车子冒烟了，转人工", "", "请先确保人员安全", queued}}, conversation.Safety},
		{"the authority is named", []turn{{"我要打12315", "", "<", queued}}, conversation.Missed},
		{"it did not help", []turn{{"如何开发票", "", "在订单详情里开。", bot}, {"还是没解决", "", "<", queued}}, conversation.Missed},
		{"a greeting", []turn{{"你好", "", "您好，我是智能助手", bot}}, ""},
		{"thanks", []turn{{"好的，谢谢", "", "不客气", bot}}, ""},
		{"an acknowledgement needs no answer", []turn{{"好的", "", "", bot}}, ""},
		{"nothing for people who work here", []turn{{"退款审批权限", "", "抱歉", bot}}, ""},
	}
	each(t, func(h *house) {
		offered := map[string]string{}
		for _, q := range h.as.Reply(assist.Ask{Language: "zh", Text: "退款"}).Choices {
			offered[q.Text] = q.ID
		}
		for _, c := range scripts {
			v := h.visitor("zh")
			var conv conversation.Conversation
			for _, tu := range c.turns {
				choice := tu.choice
				if id, ok := offered[choice]; ok {
					choice = id
				}
				var said string
				said, conv = h.says(v, tu.text, choice)
				if !strings.HasPrefix(said, tu.want) || tu.want == "" && said != "" || conv.State != tu.state {
					h.t.Errorf("%s: %q: said %q, %s; want %q, %s", c.name, tu.text, said, conv.State, tu.want, tu.state)
				}
				if strings.Contains(said, "退款审批权限") {
					h.t.Errorf("%s: shows what is for people who work here: %q", c.name, said)
				}
			}
			if conv.QueueReason != c.reason {
				h.t.Errorf("%s: waits because %q, want %q", c.name, conv.QueueReason, c.reason)
			}
			if c.reason == conversation.Safety && conv.Priority != 2 {
				h.t.Errorf("%s: danger has priority %d", c.name, conv.Priority)
			}
		}
	})
}

// An answer names its source, is labelled as the assistant's, and is counted.
func TestAnswerIsLabelled(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		_, c := h.says(h.visitor("zh"), "如何申请退款", "")
		ms, err := h.desk.DB.Now().MessagesAfter(ctx, c.ID, 1, 10)
		h.must(err)
		if len(ms) != 1 {
			h.t.Fatalf("%d messages after the question", len(ms))
		}
		m := ms[0]
		if m.From != conversation.FromBot || m.AuthorName != "智能助手" || len(m.Sources) != 1 || m.Sources[0].Title != "如何申请退款" || m.Sources[0].Kind != "question" {
			h.t.Errorf("%+v", m)
		}
		id, err := knowledge.ParseQuestionID(m.Sources[0].ID)
		h.must(err)
		if q, err := h.help.Question(ctx, chief, id); err != nil || q.Views != 1 {
			h.t.Errorf("counted %d times, %v", q.Views, err)
		}
	})
}

// Without anything to say in a language, people answer from the start.
func TestNoKnowledgeNoAssistant(t *testing.T) {
	each(t, func(h *house) {
		said, c := h.says(h.visitor("en"), "How do I get a refund?", "")
		if c.State != conversation.Queued || c.QueueReason != conversation.NoBot || strings.Contains(said, "Assistant") {
			h.t.Errorf("%q, %s %s", said, c.State, c.QueueReason)
		}
	})
}

// Once a person has the conversation, the assistant is silent.
func TestSilentBesidePeople(t *testing.T) {
	each(t, func(h *house) {
		v := h.visitor("zh")
		h.says(v, "转人工", "")
		said, c := h.says(v, "如何申请退款", "")
		if said != "" || c.State != conversation.Queued {
			h.t.Errorf("said %q in %s", said, c.State)
		}
	})
}

// Whatever a visitor writes, the assistant comes to an end with it: within
// patience turns that do not help, people have the conversation.
func TestNeverALoop(t *testing.T) {
	each(t, func(h *house) {
		for _, text := range []string{"退款", "退钱", "嗯？？", "？？？", "你们到底能不能", "今天吃什么", "发票退款"} {
			v := h.visitor("zh")
			state := conversation.Bot
			for n := 0; n < 3 && state == conversation.Bot; n++ {
				r := h.as.Reply(assist.Ask{Language: "zh", Text: text})
				_, c := h.says(v, text, "")
				state = c.State
				if state == conversation.Bot && r.Action != retrieve.Answer && r.Action != retrieve.None && n >= 1 {
					h.t.Errorf("%q was misunderstood %d times", text, n+1)
				}
			}
		}
	})
}

// On a channel that has words of its own these are said, elsewhere the answer.
func TestAnswersByChannel(t *testing.T) {
	each(t, func(h *house) {
		q := base[0]
		q.Question, q.Phrasings, q.Answers = "钥匙扣哪里买", nil, map[string]string{"webchat": "点上面的商城。", "sms": "见商城。"}
		h.must(h.help.Import(h.t.Context(), chief, []knowledge.Question{q}, nil))
		h.must(h.help.Refresh(h.t.Context()))
		for channel, want := range map[string]string{"sms": "见商城。", "email": q.Answer, "": q.Answer} {
			if r := h.as.Reply(assist.Ask{Language: "zh", Text: "钥匙扣哪里买", Channel: channel}); r.Text != want {
				h.t.Errorf("on %q: %q, want %q", channel, r.Text, want)
			}
		}
		if said, _ := h.says(h.visitor("zh"), "钥匙扣哪里买", ""); said != "点上面的商城。" {
			h.t.Errorf("in the chat: %q", said)
		}
	})
}
