package assist_test

import (
	"fmt"
	"testing"
	"time"

	"yingda/internal/assist"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/learning"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

var setter = agent.Actor{Agent: 7, Name: "管理员", Scope: agent.ScopeAll, Permissions: []agent.Permission{agent.SettingManage, agent.CaseEdit, agent.CaseRead, agent.ConversationRead, agent.ConversationReply, agent.ConversationClose, agent.ConversationMonitor}}

// ends leaves cases that are closed, of a kind and with an urgency.
func (h *house) ends(n int, kind ticket.Kind, urgency ticket.Urgency, team agent.TeamID, texts ...string) {
	h.t.Helper()
	ctx := h.t.Context()
	for i := range n {
		text := fmt.Sprintf("%s，%s", texts[i%len(texts)], texts[(i/2+1)%len(texts)])
		c, err := h.desk.HandIn(ctx, setter, ticket.Case{Kind: kind, Source: "phone", Text: text, Name: "客户", Phone: "13912345678"}, nil, fmt.Sprintf("case-%s-%04d", kind, i))
		h.must(err)
		h.must(h.desk.DB.Update(ctx, func(tx *store.Tx) error {
			c, err := tx.Case(ctx, c.ID)
			if err != nil {
				return err
			}
			c.ClosedAt, c.Urgency, c.Team = h.desk.Now(), urgency, team
			_, err = tx.SaveCase(ctx, c)
			return err
		}))
	}
}

func topicOf(all []assist.Suggested, t learning.Topic) assist.Suggested {
	for _, s := range all {
		if s.Topic == t {
			return s
		}
	}
	return assist.Suggested{}
}

// Closed cases teach of what kind the next one is, how urgent it is and which
// team ends up with it; below the accuracy that is set nothing is suggested.
func TestClosedCasesTeach(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.must(h.desk.EnsureDefaults(ctx))
		workshop, bills := agent.NewTeamID(h.desk.Now()), agent.NewTeamID(h.desk.Now().Add(time.Second))
		h.ends(retrieve.LeastExamples, ticket.Fault, 3, workshop, "刹车有异响", "底盘咯吱咯吱响", "过减速带有响声", "发动机声音很大")
		h.ends(retrieve.LeastExamples+5, ticket.Order, 1, bills, "发票抬头开错了", "账单多收了钱", "订单付款失败", "发票没有收到")
		all, err := h.as.SuggestedForText(ctx, setter, "一转弯底盘就响")
		h.must(err)
		if s := topicOf(all, learning.CaseKind); s.Suggests || len(s.Guesses) > 0 || s.Why.Code != "learning.why.few" {
			t.Errorf("before anything was learnt: %+v", s)
		}
		h.clock.Turn(time.Minute)
		h.must(h.as.Learn(ctx))
		all, err = h.as.SuggestedForText(ctx, setter, "一转弯底盘就响")
		h.must(err)
		for topic, want := range map[learning.Topic]string{learning.CaseKind: "fault", learning.CaseUrgency: "high", learning.CaseTeam: workshop.String()} {
			if s := topicOf(all, topic); !s.Suggests || len(s.Guesses) == 0 || s.Guesses[0].Answer != want || s.Accuracy < 0.9 || s.Closed != 2*retrieve.LeastExamples+5 {
				t.Errorf("%s: %+v", topic, s)
			}
		}
		if s := topicOf(all, learning.TalkCategory); s.Topic != "" {
			t.Errorf("a text is no conversation: %+v", s)
		}
		if g, ok := h.as.Likeliest(learning.CaseKind, []string{"你好", "发票抬头要改"}); !ok || g.Answer != "order" || g.Probability < 0.5 {
			t.Errorf("likeliest %+v %v", g, ok)
		}

		l, err := h.as.Lessons(ctx, setter)
		h.must(err)
		if l.At.IsZero() || len(l.Topics) != len(learning.Topics()) {
			t.Errorf("lessons %+v", l)
		}
		set := l.Settings
		set.Off = []learning.Topic{learning.CaseKind}
		if _, err = h.as.SaveLearning(ctx, setter, set); err != nil {
			t.Fatal(err)
		}
		if all, _ = h.as.SuggestedForText(ctx, setter, "底盘响"); topicOf(all, learning.CaseKind).Suggests || !topicOf(all, learning.CaseUrgency).Suggests {
			t.Errorf("after one was switched off: %+v", all)
		}
		if _, err := h.as.SaveLearning(ctx, setter, set); fault.CodeOf(err) != "endpoint.changed" {
			t.Errorf("an older version: %v", err)
		}
		if _, err := h.as.Lessons(ctx, closer); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("who may not set: %v", err)
		}
		if _, err := h.as.SuggestedForText(ctx, closer, "底盘响"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("who may not edit cases: %v", err)
		}
	})
}

// A node that did not learn itself suggests what the one suggests that did.
func TestAnotherNodeFollows(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.closes(retrieve.LeastExamples, "business.fault", "刹车有异响", "底盘咯吱咯吱响", "过减速带有响声", "发动机声音很大")
		h.closes(retrieve.LeastExamples, "account.login", "登录不了", "验证码收不到", "密码忘了", "账号被锁了")
		h.clock.Turn(time.Minute)
		h.must(h.as.Learn(ctx))
		other := &assist.Assistant{Desk: h.desk, Help: h.help}
		if _, ok := other.Likeliest(learning.TalkCategory, []string{"底盘响"}); ok {
			t.Error("it suggests before it followed")
		}
		h.must(other.Follow(ctx))
		if g, ok := other.Likeliest(learning.TalkCategory, []string{"底盘响"}); !ok || g.Answer != "business.fault" {
			t.Errorf("%+v %v", g, ok)
		}
	})
}

// What people do with suggestions is counted where they do it, once.
func TestUsedSuggestionsAreCounted(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.must(h.desk.EnsureDefaults(ctx))
		hand := func(kind ticket.Kind, id string) {
			_, err := h.desk.HandIn(ctx, setter, ticket.Case{Kind: kind, Source: "phone", Text: "底盘响得厉害", Name: "客户", Phone: "13912345678", Course: ticket.Course{Suggested: map[learning.Topic]string{learning.CaseKind: "fault"}}}, nil, id)
			h.must(err)
		}
		hand(ticket.Fault, "first-case")
		hand(ticket.Fault, "first-case") // again, nothing more
		hand(ticket.Complaint, "other-case")
		c, err := h.desk.HandIn(ctx, setter, ticket.Case{Kind: ticket.Fault, Source: "phone", Text: "异响", Name: "客户", Phone: "13912345678"}, nil, "third-case")
		h.must(err)
		_, err = h.desk.PrioritiseCase(ctx, setter, c.ID, 3, 2, "high")
		h.must(err)
		v := h.visitor("zh")
		_, talk := h.says(v, "底盘响", "")
		h.must(h.desk.DB.Update(ctx, func(tx *store.Tx) error {
			if err := tx.InsertAgent(ctx, agent.Agent{ID: setter.Agent, Email: "boss@demo", Name: setter.Name, Capacity: 5, CreatedAt: h.desk.Now()}); err != nil {
				return err
			}
			c, err := tx.Conversation(ctx, talk.ID)
			if err == nil {
				c.State, c.Agent = conversation.Active, setter.Agent
				_, err = tx.SaveConversation(ctx, c)
			}
			return err
		}))
		_, err = h.desk.Close(ctx, setter, talk.ID, conversation.Summary{Category: "b", Result: "solved", Suggested: "a"})
		h.must(err)
		l, err := h.as.Lessons(ctx, setter)
		h.must(err)
		want := map[learning.Topic]learning.Used{
			learning.CaseKind: {Taken: 1, Changed: 1}, learning.CaseUrgency: {Taken: 1}, learning.TalkCategory: {Changed: 1},
		}
		for _, s := range l.Topics {
			if s.Used != want[s.Topic] {
				t.Errorf("%s: %+v, want %+v", s.Topic, s.Used, want[s.Topic])
			}
		}
	})
}
