package assist_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/assist"
	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/endpoint"
	"yingda/internal/domain/filter"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/turn"
	"yingda/internal/kit/secret"
	"yingda/internal/model/modeltest"
	"yingda/internal/store"
)

// more is what the knowledge base has beside the usual, for a model to compose
// from.
var more = []knowledge.Question{
	{Question: "整车质保多久", Answer: "整车质保三年或 10 万公里，以先到者为准；电池质保八年或 16 万公里。", Language: "zh"},
	{Question: "首次保养什么时候做", Answer: "首次保养在 5,000 公里或 6 个月时进行，费用 480 元。", Language: "zh"},
	{Question: "How long is the warranty", Answer: "The vehicle warranty lasts three years or 100,000 km, whichever comes first.", Language: "en"},
}

// thinks gives the house a model that thinks with a mind.
func (h *house) thinks(mind modeltest.Mind, change ...func(*endpoint.Settings)) *modeltest.Endpoint {
	h.t.Helper()
	ctx := h.t.Context()
	e := modeltest.Serve(h.t, mind)
	key, err := secret.OpenKey(filepath.Join(h.t.TempDir(), "key"))
	h.must(err)
	h.as.Model = &assist.Model{DB: h.desk.DB, Seal: key.For("model"), Now: h.desk.Now, StallTime: 5 * time.Second}
	s := endpoint.Defaults()
	s.Enabled, s.BaseURL, s.Model, s.Sealed = true, e.URL, "fake", h.as.Model.Seal.Seal([]byte("sk-test"))
	s.PriceIn, s.PriceOut = 2, 8
	for _, c := range change {
		c(&s)
	}
	h.must(h.desk.DB.Update(ctx, func(tx *store.Tx) error { return tx.SaveEndpoint(ctx, s, h.desk.Now()) }))
	return e
}

func (h *house) knows(qs []knowledge.Question) {
	h.t.Helper()
	h.must(h.help.Import(h.t.Context(), chief, qs, nil))
	h.must(h.help.Refresh(h.t.Context()))
}

// why is what was decided about the last message of a contact.
func (h *house) why(c conversation.ID) (r turn.Record) {
	h.t.Helper()
	ctx := h.t.Context()
	ms, err := h.desk.DB.Now().MessagesAfter(ctx, c, 0, 200)
	h.must(err)
	for _, m := range slices.Backward(ms) {
		if m.From == conversation.FromContact {
			r, _, err = h.desk.DB.Now().Turn(ctx, m.ID)
			h.must(err)
			return r
		}
	}
	return r
}

func (h *house) spent() (all endpoint.Spent) {
	h.t.Helper()
	by, err := h.desk.DB.Now().SpentOn(h.t.Context(), h.desk.Now().In(time.FixedZone("CST", 8*3600)))
	h.must(err)
	for _, s := range by {
		all = all.Plus(s)
	}
	return all
}

func call(name, arguments string) modeltest.Call {
	return modeltest.Call{Name: name, Arguments: arguments}
}

// good is a mind that searches for what was asked, and writes an answer.
func good(answer string) modeltest.Mind {
	return func(a modeltest.Asked) modeltest.Reply {
		switch {
		case len(a.Tools) == 0:
			return modeltest.Says(answer)
		case a.Last("tool") == "":
			return modeltest.Wants(call("search_knowledge", `{"query":"整车质保多久"}`))
		}
		return modeltest.Wants(call("answer_from_sources", `{}`))
	}
}

const puzzling = "买了两年的那台，要是坏了还管不管啊"

// An answer is composed from sources, checked, labelled, counted and told why.
func TestAModelComposes(t *testing.T) {
	each(t, func(h *house) {
		h.knows(more)
		e := h.thinks(good("整车质保 3 年或 10 万公里，以先到者为准[1]。"))
		v := h.visitor("zh")
		said, c := h.says(v, puzzling, "")
		if said != "整车质保 3 年或 10 万公里，以先到者为准[1]。" || c.State != conversation.Bot || c.Misses != 0 {
			h.t.Fatalf("said %q, %s", said, c.State)
		}
		ms, err := h.desk.DB.Now().MessagesAfter(h.t.Context(), c.ID, 1, 10)
		h.must(err)
		if m := ms[0]; len(ms) != 1 || m.AuthorName != "智能助手（AI 生成）" || len(m.Sources) != 1 || m.Sources[0].Title != "整车质保多久" {
			h.t.Errorf("%+v", ms)
		}
		r := h.why(c.ID)
		if m := r.Model; m == nil || !m.Used || m.Calls != 3 || m.In != 300 || m.Out != 96 || m.Micros != 300*2+96*8 || m.Fallback != nil || !slices.Equal(m.Wanted, []string{"search_knowledge", "answer_from_sources"}) {
			h.t.Errorf("%+v", r.Model)
		}
		if s := h.spent(); s.Calls != 3 || s.In != 300 || s.Micros != 1368 {
			h.t.Errorf("spent %+v", s)
		}
		if a := e.Asked(); len(a) != 3 || a[0].Key != "sk-test" || !strings.Contains(a[0].Last("user"), "还管不管") {
			h.t.Errorf("asked %d times", len(a))
		}
	})
}

// Whatever is wrong with the model, the assistant goes on as without it, and
// says why it did.
func TestWithoutTheModelAsBefore(t *testing.T) {
	answer := func(r modeltest.Reply) modeltest.Mind {
		return func(a modeltest.Asked) modeltest.Reply {
			if len(a.Tools) > 0 {
				return modeltest.Wants(call("search_knowledge", `{"query":"质保"}`), call("answer_from_sources", `{}`))
			}
			return r
		}
	}
	cases := []struct {
		name string
		mind modeltest.Mind
		set  func(*endpoint.Settings)
		why  string // code of the fallback
	}{
		{"asked too often", modeltest.InTurn(modeltest.TooMany(9)), nil, "model.busy"},
		{"failed underway", modeltest.InTurn(modeltest.Breaks("x")), nil, "model.failed"},
		{"cut off", modeltest.InTurn(modeltest.Cuts("x")), nil, "model.cut"},
		{"nothing at all", modeltest.InTurn(modeltest.NoChoices()), nil, "model.empty"},
		{"a page", modeltest.InTurn(modeltest.OfKind("text/html", "x")), nil, "model.kind"},
		{"down", modeltest.InTurn(modeltest.Fails(http.StatusInternalServerError, "x")), nil, "model.down"},
		{"too long", modeltest.InTurn(modeltest.TooLong()), nil, "model.too_long"},
		{"a stall", modeltest.InTurn(modeltest.Stalls("x")), nil, "model.late"},
		{"only talk", modeltest.InTurn(modeltest.Says("我来帮您")), nil, "assist.model_nothing"},
		{"an unknown tool for ever", modeltest.InTurn(modeltest.Wants(call("issue_refund", `{}`))), nil, "assist.model_nothing"},
		{"broken arguments for ever", modeltest.InTurn(modeltest.Wants(call("search_knowledge", `{"query":`))), nil, "assist.model_nothing"},
		{"no answer", answer(modeltest.Says("NO_ANSWER")), nil, "assist.model_no_answer"},
		{"wrong twice", answer(modeltest.Says("整车质保 30 年[1]。")), nil, "assist.model_checks"},
		{"fails while it writes", answer(modeltest.Cuts("整车")), nil, "model.cut"},
		{"switched off here", answer(modeltest.Says("x")), func(s *endpoint.Settings) { s.Off = []string{"here"} }, "endpoint.why.off_here"},
		{"the cap of the day", answer(modeltest.Says("x")), func(s *endpoint.Settings) { s.DayTokens = 1 }, "endpoint.why.tokens"},
		{"a lost key", answer(modeltest.Says("x")), func(s *endpoint.Settings) { s.Sealed = "x1.nonsense" }, "endpoint.key_lost"},
	}
	each(t, func(h *house) {
		h.knows(more)
		want, plain := h.says(h.visitor("zh"), puzzling, "")
		for _, c := range cases {
			h.thinks(c.mind, func(s *endpoint.Settings) {
				if c.set != nil {
					c.set(s)
				}
				for i := range s.Off {
					s.Off[i] = h.inbox.ID.String()
				}
			})
			if c.why == "model.late" {
				h.as.Model.StallTime = 50 * time.Millisecond
			}
			if c.why == "endpoint.why.tokens" {
				h.must(h.desk.DB.Update(h.t.Context(), func(tx *store.Tx) error {
					return tx.Spend(h.t.Context(), h.desk.Now().In(time.FixedZone("CST", 8*3600)), endpoint.Compose, endpoint.Spent{In: 1})
				}))
			}
			said, conv := h.says(h.visitor("zh"), puzzling, "")
			if said != want || conv.State != plain.State {
				h.t.Errorf("%s: said %q, without a model %q", c.name, said, want)
			}
			r := h.why(conv.ID)
			if r.Model == nil || r.Model.Used || r.Model.Fallback == nil || r.Model.Fallback.Code != c.why || r.Model.Fallback.In("zh") == r.Model.Fallback.In("en") {
				h.t.Errorf("%s: %+v", c.name, r.Model)
			}
		}
	})
}

// What failed three times in a row is left alone, and asked again after a rest.
func TestAModelThatFailsIsLeftAlone(t *testing.T) {
	each(t, func(h *house) {
		h.knows(more)
		e := h.thinks(modeltest.InTurn(modeltest.Fails(http.StatusBadGateway, "x")))
		for range 5 {
			h.says(h.visitor("zh"), puzzling, "")
		}
		if n := len(e.Asked()); n != 3 {
			h.t.Errorf("asked %d times", n)
		}
		h.clock.Turn(31 * time.Second)
		e.Think(good("整车质保 3 年或 10 万公里，以先到者为准[1]。"))
		if said, _ := h.says(h.visitor("zh"), puzzling, ""); !strings.HasPrefix(said, "整车质保") {
			h.t.Errorf("after the rest: %q", said)
		}
	})
}

// One retry, with what was wrong; money is a draft for a person, which whoever
// takes over finds.
func TestChecksAndDrafts(t *testing.T) {
	each(t, func(h *house) {
		h.knows(more)
		n := 0
		e := h.thinks(func(a modeltest.Asked) modeltest.Reply {
			if len(a.Tools) > 0 {
				return modeltest.Wants(call("search_knowledge", `{"query":"整车质保"}`), call("answer_from_sources", `{}`))
			}
			if n++; n == 1 {
				return modeltest.Says("整车质保 5 年[1]。")
			}
			return modeltest.Says("整车质保三年或 10 万公里，以先到者为准[1]。")
		})
		said, c := h.says(h.visitor("zh"), puzzling, "")
		r := h.why(c.ID)
		if !strings.HasPrefix(said, "整车质保三年") || len(r.Model.Failed) == 0 || r.Model.Failed[0].Code != "grounding.fact" {
			h.t.Errorf("%q %+v", said, r.Model)
		}
		if a := e.Asked(); !strings.Contains(a[len(a)-1].Last("user"), "5 year") {
			h.t.Errorf("it was not told what was wrong: %q", a[len(a)-1].Last("user"))
		}
		e.Think(func(a modeltest.Asked) modeltest.Reply {
			if len(a.Tools) > 0 {
				return modeltest.Wants(call("search_knowledge", `{"query":"退款多久到账"}`), call("answer_from_sources", `{}`))
			}
			return modeltest.Says("退款 1–3 个工作日到账[1]。")
		})
		v := h.visitor("zh")
		for range 2 {
			_, c = h.says(v, "上个月那笔到底啥时候能给我啊退款", "")
		}
		if strings.Contains(h.heard, "到账[1]") {
			h.t.Errorf("money was spoken of: %q", h.heard)
		}
		if r := h.why(c.ID); r.Model == nil || r.Model.Draft == "" || r.Model.Fallback.Code != "assist.model_money" {
			h.t.Errorf("%+v", r.Model)
		}
		if c.State != conversation.Queued || !strings.Contains(told(h.card(c.ID)), "AI 草稿（请核对后再发）=退款 1–3 个工作日到账[1]。") {
			h.t.Errorf("%s, the card says %q", c.State, told(h.card(c.ID)))
		}
	})
}

// The model begins a flow and reads what was said for it; what is written is
// confirmed by the contact.
func TestAModelDrivesAFlow(t *testing.T) {
	each(t, func(h *house) {
		h.knows(more)
		h.thinks(func(a modeltest.Asked) modeltest.Reply {
			if a.Offers("set_values") {
				return modeltest.Wants(call("set_values", `{"subject":"quality","phone":"[PHONE_1]"}`))
			}
			return modeltest.Wants(call("start_flow", `{"flow":"complaint","values":{"story":"取车的时候门上多了道印子谁都不认账"}}`))
		})
		v := h.visitor("zh")
		_, c := h.says(v, "取车的时候门上多了道印子谁都不认账", "")
		if r := h.why(c.ID); r.Model == nil || !r.Model.Used || r.Action != turn.Carried {
			h.t.Fatalf("%q, %+v", h.heard, r.Model)
		}
		s, err := h.desk.DB.Now().FlowState(h.t.Context(), v.Contact)
		h.must(err)
		if len(s.Frames) != 1 || s.Frames[0].Flow != "complaint" {
			h.t.Fatalf("%+v", s.Frames)
		}
		if n := len(h.cases(v)); n != 0 {
			h.t.Errorf("%d cases that nobody confirmed", n)
		}
	})
}

// Whatever the model would do: a person, danger and law are decided before it
// is asked.
func TestRulesGoBeforeTheModel(t *testing.T) {
	each(t, func(h *house) {
		h.knows(more)
		e := h.thinks(good("整车质保 3 年[1]。"))
		for text, reason := range map[string]conversation.Reason{"转人工": conversation.Asked, "车子冒烟了": conversation.Safety, "我要打12315": conversation.Missed, "还是没解决": conversation.Missed} {
			if _, c := h.says(h.visitor("zh"), text, ""); c.State != conversation.Queued || c.QueueReason != reason {
				h.t.Errorf("%q: %s for %s", text, c.State, c.QueueReason)
			}
		}
		for _, text := range []string{"你好", "谢谢", "如何开发票", "我要投诉"} {
			h.says(h.visitor("zh"), text, "")
		}
		if n := len(e.Asked()); n != 0 {
			h.t.Errorf("the model was asked %d times where rules are sure", n)
		}
	})
}

// Personal data does not leave the house, and comes back where it belongs.
func TestPersonalDataIsHidden(t *testing.T) {
	each(t, func(h *house) {
		h.knows(more)
		e := h.thinks(good("整车质保 3 年或 10 万公里，以先到者为准[1]。"))
		v := h.visitor("zh")
		_, err := h.desk.Introduce(h.t.Context(), v, contact.Contact{Name: "欧阳锋", Phone: "13912345678"})
		h.must(err)
		h.says(v, "我是欧阳锋，电话13800138000，身份证11010519491231002X，沪A12345买了两年坏了还管不管", "")
		h.says(v, "买了两年的那台坏了还管不管啊，我那个13912345678", "")
		var texts []string
		for _, a := range e.Asked() {
			texts = append(texts, a.Text())
		}
		all := strings.Join(texts, "\n")
		if len(e.Asked()) == 0 {
			h.t.Fatal("nothing was asked")
		}
		for _, p := range []string{"欧阳锋", "13800138000", "11010519491231002X", "沪A12345", "13912345678"} {
			if strings.Contains(all, p) {
				h.t.Errorf("%s left the house", p)
			}
		}
		if !strings.Contains(all, "[PHONE_1]") || !strings.Contains(all, "[ID_1]") {
			h.t.Error("nothing stands for them")
		}
	})
}

// A number that the contact did not write is not looked up, and neither is
// somebody else's case.
func TestTheModelSeesOwnThingsOnly(t *testing.T) {
	each(t, func(h *house) {
		h.knows(more)
		other := h.visitor("zh")
		h.goes(other, [2]string{"我要投诉", "经过"}, [2]string{"取车时发现门被划了", "["}, [2]string{"质量", "希望"}, [2]string{"请修好", "电话"}, [2]string{"13800138000", "确认"}, [2]string{"确认", "工单号"})
		number := h.cases(other)[0].Number
		e := h.thinks(func(a modeltest.Asked) modeltest.Reply {
			if len(a.Tools) > 0 {
				return modeltest.Wants(call("my_case", `{"number":"`+number+`"}`), call("my_vehicle", `{"about":"recall"}`))
			}
			return modeltest.Says("您的投诉正在处理中。")
		})
		h.says(h.visitor("zh"), puzzling, "")
		for _, a := range e.Asked() {
			if tool := a.Last("tool"); strings.Contains(tool, "投诉") || strings.Contains(h.heard, "处理中") {
				h.t.Errorf("told %q, said %q", tool, h.heard)
			}
		}
	})
}

// Who asks for a person, or may be in danger, does not wait for a model that
// thinks about what they said before.
func TestNobodyUrgentWaitsForTheModel(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		for _, text := range []string{"转人工", "车子冒烟了", "如何开发票"} {
			v := h.visitor("zh")
			var ws []desk.AssistWork
			for i, says := range []string{puzzling, text} {
				r, err := h.desk.Receive(ctx, channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, ClientID: fmt.Sprintf("urgent-%03d", i), Text: says, At: h.desk.Now()})
				h.must(err)
				ws = append(ws, desk.AssistWork{Conversation: r.Conversation.ID, Message: r.Message.ID})
			}
			h.clock.Turn(3 * time.Second) // the model thinks
			h.must(h.as.Turn(ctx, ws[1]))
			c, err := h.desk.DB.Now().Conversation(ctx, ws[0].Conversation)
			h.must(err)
			if urgent := text != "如何开发票"; (c.State == conversation.Queued) != urgent {
				h.t.Errorf("%q: the conversation is %s", text, c.State)
			}
			h.must(h.as.Turn(ctx, ws[0])) // whose turn it is no more, says nothing
		}
	})
}

// What is kept of a contact and stands in a source too may be said: an answer is
// checked as it would be read. Their number, which stands in no source, may not.
func TestWhatIsPutBackIsChecked(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.knows(append(slices.Clone(more), knowledge.Question{Question: "远行E5的电池保多久", Answer: "远行E5的电池质保八年。", Language: "zh"}))
		answer := "[PRIVATE_1]的电池质保八年[1]。"
		h.thinks(func(a modeltest.Asked) modeltest.Reply {
			if len(a.Tools) > 0 {
				return modeltest.Wants(call("search_knowledge", `{"query":"[PRIVATE_1]的电池保多久"}`), call("answer_from_sources", `{}`))
			}
			return modeltest.Says(answer)
		})
		ask := func() string {
			v := h.visitor("zh")
			h.must(h.desk.DB.Update(ctx, func(tx *store.Tx) error {
				c, err := tx.Contact(ctx, v.Contact)
				if err != nil {
					return err
				}
				was := c
				c.Attributes = map[string]string{"model": "远行E5"}
				return tx.SaveContact(ctx, was, c)
			}))
			said, _ := h.says(v, "我那台远行E5坏了咋整13912345678", "")
			return said
		}
		if said := ask(); said != "远行E5的电池质保八年[1]。" {
			h.t.Errorf("said %q", said)
		}
		answer = "我们打[PHONE_1]告诉您电池质保八年[1]。"
		if said := ask(); strings.Contains(said, "13912345678") {
			h.t.Errorf("said %q", said)
		}
	})
}

// What the company does not say, no model says for it.
func TestAModelMindsItsWords(t *testing.T) {
	each(t, func(h *house) {
		h.knows(more)
		e := h.thinks(good("亲，整车质保 3 年或 10 万公里，以先到者为准[1]。"))
		_, err := h.desk.SaveFilter(h.t.Context(), admin, filter.Settings{Lists: []filter.List{{ID: "never", Name: inbox.Text{Zh: "不说", En: "Never"}, Words: []string{"亲"}, Action: filter.Warn, Agents: true, Enabled: true}}})
		h.must(err)
		said, c := h.says(h.visitor("zh"), puzzling, "")
		if strings.Contains(said, "亲") {
			h.t.Errorf("said %q", said)
		}
		if m := h.why(c.ID).Model; m == nil || m.Used || len(m.Failed) == 0 || m.Failed[0].Code != "assist.model_words" {
			h.t.Errorf("%+v", m)
		}
		e.Think(good("整车质保 3 年或 10 万公里，以先到者为准[1]。"))
		if said, _ := h.says(h.visitor("zh"), puzzling, ""); !strings.Contains(said, "3 年") {
			h.t.Errorf("without the word: %q", said)
		}
	})
}
