package assist_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
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
	"yingda/internal/domain/ticket"
	"yingda/internal/domain/turn"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/fault"
)

var reader = agent.Actor{Agent: 9, Name: "林", Scope: agent.ScopeAll, Permissions: []agent.Permission{agent.ConversationRead}}

// goes says one thing after the other and checks what comes back.
func (h *house) goes(v contact.Visitor, talk ...[2]string) (c conversation.Conversation) {
	h.t.Helper()
	for _, t := range talk {
		var said string
		if said, c = h.says(v, t[0], ""); !strings.Contains(said+h.heard, t[1]) {
			h.t.Fatalf("%q: said %q, want %q", t[0], h.heard, t[1])
		}
	}
	return c
}

// card is what people were left in a conversation.
func (h *house) card(i conversation.ID) (card *conversation.Card) {
	h.t.Helper()
	ms, err := h.desk.DB.Now().MessagesAfter(h.t.Context(), i, 0, 50)
	h.must(err)
	for _, m := range ms {
		if m.Card != nil {
			card = m.Card
		}
	}
	return card
}

// told is what stands on a card.
func told(c *conversation.Card) string {
	var all []string
	for _, p := range c.Parts {
		for _, l := range p.Lines {
			all = append(all, l.Name.Zh+"="+l.Value.Zh)
		}
	}
	return strings.Join(all, " ")
}

// picture makes a small one.
func (h *house) picture() *bytes.Reader {
	h.t.Helper()
	var b bytes.Buffer
	h.must(png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))))
	return bytes.NewReader(b.Bytes())
}

// sends sends a file without a word.
func (h *house) sends(v contact.Visitor, u channel.Upload) string {
	h.t.Helper()
	dir, err := blob.OpenDir(h.t.TempDir())
	h.must(err)
	h.desk.Files = dir
	a, err := h.desk.Attach(h.t.Context(), v, u)
	h.must(err)
	said, _ := h.receive(channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, Attachments: []conversation.AttachmentID{a.ID}})
	return said
}

func (h *house) cases(v contact.Visitor) []ticket.Case {
	h.t.Helper()
	cs, err := h.desk.CasesOf(h.t.Context(), v.Contact, "")
	h.must(err)
	return cs
}

// A fault is reported over several turns, with a question in between, and
// becomes one case, whose number is told.
func TestAFlowBecomesACase(t *testing.T) {
	each(t, func(h *house) {
		v := h.visitor("zh")
		h.goes(v, [2]string{"我要报故障", "描述"}, [2]string{"仪表盘上有个黄灯一直亮着", "[是/否]"}, [2]string{"退款多久到账？", "1–3 个工作日"},
			[2]string{"还能开", "17 位"}, [2]string{"LSVAA4182E2184847", ""}, [2]string{"昨天下午三点", "联系电话"}, [2]string{"13800138000", "[确认/修改/取消]"})
		if n := len(h.cases(v)); n != 0 {
			h.t.Fatalf("%d cases before it was confirmed", n)
		}
		c := h.goes(v, [2]string{"确认", "工单号"})
		cs := h.cases(v)
		if len(cs) != 1 || cs[0].Kind != ticket.Fault || cs[0].Phone != "13800138000" || cs[0].Conversation != c.ID || !strings.Contains(cs[0].Text, "LSVAA4182E2184847") || !strings.Contains(cs[0].Text, "能否行驶: 是") {
			h.t.Fatalf("cases %+v", cs)
		}
		h.goes(v, [2]string{"查一下工单进度", cs[0].Number}, [2]string{"不用催", "变化会通知"})
		if c.State != conversation.Bot {
			h.t.Errorf("the conversation is %s", c.State)
		}
	})
}

// What was told in a flow is handed to people with the conversation, and the
// flow is over.
func TestAPersonGetsWhatTheFlowLearnt(t *testing.T) {
	each(t, func(h *house) {
		v := h.visitor("zh")
		h.goes(v, [2]string{"我要投诉", "经过"}, [2]string{"取车时发现门被划了，没有人承认", "[服务态度/"})
		c := h.goes(v, [2]string{"转人工", "<offline>"})
		card := h.card(c.ID)
		if c.State != conversation.Queued || c.QueueReason != conversation.Asked || card == nil || card.Title.Zh != "智能助手转交：投诉" || told(card) != "经过=取车时发现门被划了，没有人承认" {
			h.t.Fatalf("%s for %s with %+v", c.State, c.QueueReason, card)
		}
		if len(h.cases(v)) != 0 {
			h.t.Error("something was written that nobody confirmed")
		}
		s, err := h.desk.DB.Now().FlowState(h.t.Context(), v.Contact)
		h.must(err)
		if len(s.Frames) != 0 {
			h.t.Errorf("the flow goes on: %+v", s.Frames)
		}
	})
}

// Who presses the button instead of asking for it in words says nothing twice
// either.
func TestTheButtonHandsOverWhatTheFlowLearnt(t *testing.T) {
	each(t, func(h *house) {
		ctx, v := h.t.Context(), h.visitor("zh")
		h.goes(v, [2]string{"我要投诉", "经过"}, [2]string{"取车时发现门被划了，没有人承认", "[服务态度/"})
		c, _, err := h.desk.AskHuman(ctx, v, "ask-00001")
		h.must(err)
		if card := h.card(c.ID); card == nil || told(card) != "经过=取车时发现门被划了，没有人承认" {
			h.t.Errorf("handed over %+v", card)
		}
		_, err = h.desk.End(ctx, v)
		h.must(err)
		h.goes(v, [2]string{"你好", "智能助手"}) // and not the flow again
	})
}

// Danger ends a flow at once: what to do is said, and people come.
func TestDangerEndsAFlow(t *testing.T) {
	each(t, func(h *house) {
		v := h.visitor("zh")
		h.goes(v, [2]string{"我要报故障", "描述"})
		c := h.goes(v, [2]string{"发动机冒烟了", "人员安全"})
		if c.State != conversation.Queued || c.QueueReason != conversation.Safety {
			h.t.Errorf("%s for %s", c.State, c.QueueReason)
		}
	})
}

// A question about the thing is answered, and the flow offered; pressing it
// begins it.
func TestAFlowIsOffered(t *testing.T) {
	each(t, func(h *house) {
		v := h.visitor("zh")
		h.goes(v, [2]string{"怎么退钱", "在我的订单中申请"})
		said, _ := h.says(v, "办理：投诉", "flow:complaint")
		if !strings.Contains(said, "经过") {
			h.t.Errorf("pressing it said %q", said)
		}
		h.goes(v, [2]string{"取消", ""})
	})
}

// What only resembles a flow begins it where nothing else answers, and names no
// trigger of it.
func TestAFlowIsResembled(t *testing.T) {
	each(t, func(h *house) {
		h.goes(h.visitor("zh"), [2]string{"我的单子没有人跟进", "单号"})
	})
}

// Who comes back in another conversation goes on where they were; who comes
// back late begins anew.
func TestAFlowWaits(t *testing.T) {
	each(t, func(h *house) {
		ctx, v := h.t.Context(), h.visitor("zh")
		h.goes(v, [2]string{"我要投诉", "经过"}, [2]string{"取车时发现门被划了", "[服务态度/"})
		_, err := h.desk.End(ctx, v)
		h.must(err)
		h.clock.Turn(10 * time.Minute)
		c := h.goes(v, [2]string{"你好", "我们继续办理"}, [2]string{"质量", ""})
		_, err = h.desk.End(ctx, v)
		h.must(err)
		h.clock.Turn(31 * time.Minute)
		if next := h.goes(v, [2]string{"你好", "智能助手"}); next.ID == c.ID {
			h.t.Error("the same conversation goes on")
		}
	})
}

// The files that came with the flow go with its case.
func TestAPictureGoesWithTheCase(t *testing.T) {
	each(t, func(h *house) {
		v := h.visitor("zh")
		h.goes(v, [2]string{"我要投诉", "经过"}, [2]string{"取车时发现门被划了，没有人承认", "[服务态度/"})
		said := h.sends(v, channel.Upload{ClientID: "picture-01", Name: "门.png", Body: h.picture(), Limit: 1 << 20})
		if !strings.Contains(h.heard, "收到您的文件") || !strings.Contains(said, "[服务态度/") {
			h.t.Fatalf("said %q", said)
		}
		h.goes(v, [2]string{"质量", "希望"}, [2]string{"请修好", "电话"}, [2]string{"13800138000", "确认"}, [2]string{"确认", "工单号"})
		cs := h.cases(v)
		if len(cs) != 1 {
			h.t.Fatalf("cases %+v", cs)
		}
		files, err := h.desk.DB.Now().Evidence(h.t.Context(), cs[0].ID)
		h.must(err)
		if len(files) != 1 || files[0].Name != "门.png" {
			h.t.Errorf("evidence %+v", files)
		}
	})
}

// What another contact of the same person told is not for the eyes of this one,
// nor is it theirs to submit.
func TestAFlowKnowsTheContactOnly(t *testing.T) {
	each(t, func(h *house) {
		ctx, v, other := h.t.Context(), h.visitor("zh"), h.visitor("zh")
		_, err := h.desk.Introduce(ctx, other, contact.Contact{Name: "张伟", Phone: "13912345678"})
		h.must(err)
		h.goes(v, [2]string{"我要投诉", "经过"}, [2]string{"取车时发现门被划了", "[服务态度/"})
		_, err = h.desk.MergeContacts(ctx, agent.Actor{Agent: 8, Name: "王主管", Permissions: []agent.Permission{agent.ContactMerge, agent.ContactRead}}, other.Contact, v.Contact, nil, "", 0)
		h.must(err)
		if h.says(other, "你好", ""); strings.Contains(h.heard, "投诉") {
			h.t.Errorf("the other one hears %q", h.heard)
		}
		h.goes(v, [2]string{"质量", "希望"}, [2]string{"请修好", "请留一个联系电话"}) // and not the phone of the other one
		h.goes(other, [2]string{"我要投诉", "经过"}, [2]string{"交车晚了一个月", "[服务态度/"}, [2]string{"时效", "希望"}, [2]string{"赔偿", "139****5678"})
		c := h.goes(other, [2]string{"转人工", "<offline>"})
		if got := told(h.card(c.ID)); strings.Contains(got, "13912345678") || !strings.Contains(got, "交车晚了一个月") {
			h.t.Errorf("people are told %q, what was only known of them too", got)
		}
	})
}

// All that was told goes to people, in each flow that was open.
func TestPeopleGetAllThatWasOpen(t *testing.T) {
	each(t, func(h *house) {
		v := h.visitor("zh")
		h.goes(v, [2]string{"我要投诉", "经过"}, [2]string{"取车时发现门被划了", "[服务态度/"}, [2]string{"另外帮我看看工单进度", "单号"})
		c := h.goes(v, [2]string{"转人工", "<offline>"})
		if card := h.card(c.ID); len(card.Parts) != 2 || told(card) != "经过=取车时发现门被划了" {
			h.t.Errorf("the card is %+v", card)
		}
	})
}

// A flow that is pressed begins, whatever another one asks; who presses for the
// assistant that is there already has missed nothing.
func TestWhatIsPressedIsNoAnswer(t *testing.T) {
	each(t, func(h *house) {
		v := h.visitor("zh")
		h.goes(v, [2]string{"我要投诉", "经过"})
		h.says(v, "请给我回电", desk.AskCallback)
		if !strings.Contains(h.heard, "什么事") {
			h.t.Errorf("pressing it said %q", h.heard)
		}
		h.says(v, "先问智能助手", desk.AskAssistant)
		if !strings.Contains(h.heard, "什么事") {
			h.t.Errorf("then %q", h.heard)
		}
		h.goes(v, [2]string{"取消", "投诉"}, [2]string{"取消", ""})
		for range 3 {
			if _, c := h.says(v, "先问智能助手", desk.AskAssistant); c.State != conversation.Bot || c.Misses != 0 {
				h.t.Fatalf("%s after %d misses", c.State, c.Misses)
			}
		}
	})
}

// down is a company whose systems do not answer.
type down struct{}

func (down) LookUp(context.Context, flow.Call) (map[string]string, bool, error) {
	return nil, false, errors.New("no answer")
}

func TestWhereVehiclesCannotBeLookedUpPeopleTakeOver(t *testing.T) {
	each(t, func(h *house) {
		h.as.Cars = down{}
		h.desk.Flows, h.desk.FlowSeams = flow.Builtin(), assist.Seams(down{})
		v := h.visitor("zh")
		c := h.goes(v, [2]string{"查一下召回", "17 位"}, [2]string{"LSVAA4182E2184847", "暂时查不到"})
		if c.State != conversation.Queued || !strings.Contains(told(h.card(c.ID)), "LSVAA4182E2184847") {
			h.t.Errorf("%s, told %q", c.State, told(h.card(c.ID)))
		}
	})
}

// What is taken back is asked for again, and nobody learns of it by why it was
// answered.
func TestWhatIsTakenBackIsForgotten(t *testing.T) {
	each(t, func(h *house) {
		ctx, v := h.t.Context(), h.visitor("zh")
		c := h.goes(v, [2]string{"我要投诉", "经过"}, [2]string{"我的身份证号是11010519491231002X，有人泄露", "[服务态度/"})
		ms, err := h.desk.DB.Now().MessagesAfter(ctx, c.ID, 0, 50)
		h.must(err)
		story, answer := ms[len(ms)-2], ms[len(ms)-1]
		_, err = h.desk.Recall(ctx, v, story.ID)
		h.must(err)
		_, err = h.desk.WhySaid(ctx, reader, answer.ID)
		if fault.CodeOf(err) != "turn.unknown" {
			h.t.Errorf("why: %v", err)
		}
		h.goes(v, [2]string{"服务态度", "经过"})
		c = h.goes(v, [2]string{"转人工", "<offline>"})
		if got := told(h.card(c.ID)); strings.Contains(got, "1101") {
			h.t.Errorf("people are told %q", got)
		}
	})
}

// A plate is no change of language.
func TestAFlowKeepsItsLanguage(t *testing.T) {
	each(t, func(h *house) {
		h.desk.Flows, h.desk.FlowSeams = flow.Builtin(), assist.Seams(down{})
		v := h.visitor("zh")
		h.goes(v, [2]string{"I want to make a complaint", "What happened"}, [2]string{"the door of 沪A12345 was scratched by your people", "What is it"}, [2]string{"沪A12345", "Please"})
	})
}

// Who waits may ask to be called back: the assistant notes what is needed,
// and it is a case with a promise.
func TestWhoWaitsIsCalledBack(t *testing.T) {
	each(t, func(h *house) {
		ctx, v := h.t.Context(), h.visitor("zh")
		_, _, err := h.desk.AskHuman(ctx, v, "ask-00001")
		h.must(err)
		said, c := h.says(v, "请给我回电", desk.AskCallback)
		if c.State != conversation.Bot || !strings.Contains(said, "什么事") {
			h.t.Fatalf("%s, said %q", c.State, said)
		}
		h.goes(v, [2]string{"保养后方向盘抖", "哪个电话"}, [2]string{"13800138000", "方便"}, [2]string{"跳过", "[确认/"}, [2]string{"确认", "前给您回电"})
		cs := h.cases(v)
		if len(cs) != 1 || cs[0].Subject != "请求回电" || cs[0].Phone != "13800138000" || cs[0].DueAt.IsZero() {
			h.t.Errorf("cases %+v", cs)
		}
	})
}

// What was said first is answered first, whichever turn comes up first.
func TestTurnsAreInOrder(t *testing.T) {
	each(t, func(h *house) {
		ctx, v := h.t.Context(), h.visitor("zh")
		var w []desk.AssistWork
		for i, text := range []string{"我要报故障", "仪表盘上有个黄灯一直亮着", "能开"} {
			r, err := h.desk.Receive(ctx, channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, ClientID: fmt.Sprintf("quick-%03d", i), Text: text, At: h.desk.Now()})
			h.must(err)
			w = append(w, desk.AssistWork{Conversation: r.Conversation.ID, Message: r.Message.ID})
		}
		h.must(h.as.Turn(ctx, w[2]))
		h.must(h.as.Turn(ctx, w[1]))
		for range 3 {
			_, err := h.jobs.RunDue(ctx)
			h.must(err)
			h.clock.Turn(200 * time.Millisecond)
		}
		s, err := h.desk.DB.Now().FlowState(ctx, v.Contact)
		h.must(err)
		if len(s.Frames) != 1 || s.Frames[0].Values["symptom"].Text != "仪表盘上有个黄灯一直亮着" || s.Frames[0].Values["drivable"].Text != flow.Yes {
			h.t.Errorf("the flow heard %+v", s.Frames)
		}
	})
}

// Why something was said can be asked by who may see the conversation.
func TestWhyItWasSaid(t *testing.T) {
	each(t, func(h *house) {
		ctx, v := h.t.Context(), h.visitor("zh")
		c := h.goes(v, [2]string{"怎么退钱", "在我的订单中申请"}, [2]string{"我要投诉", "经过"})
		ms, err := h.desk.DB.Now().MessagesAfter(ctx, c.ID, 0, 50)
		h.must(err)
		var acts []turn.Action
		for _, m := range ms {
			if m.From != conversation.FromBot {
				continue
			}
			r, err := h.desk.WhySaid(ctx, reader, m.ID)
			h.must(err)
			acts = append(acts, r.Action)
			if len(r.Why)+len(r.Flow) == 0 || r.Took <= 0 {
				h.t.Errorf("%+v", r)
			}
		}
		if len(acts) != 2 || acts[0] != turn.Answered || acts[1] != turn.Carried {
			h.t.Errorf("acts %v", acts)
		}
		if _, err := h.desk.WhySaid(ctx, chief, ms[len(ms)-1].ID); err == nil {
			h.t.Error("told to who may not read conversations")
		}
	})
}
