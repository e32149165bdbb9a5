package demo

import (
	"context"
	"fmt"
	"time"

	"yingda/internal/app"
	"yingda/internal/assist"
	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/canned"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/secret"
	"yingda/internal/store"
)

// Password is everyone's in the demonstration.
const Password = "yingda-demo"

// Customer is the address of one of the customers, who has an account on the
// public pages.
const Customer = "zhangwei@mail.example"

// staff are the people who work at 远行汽车.
var staff = []struct {
	Login, Name, Nickname string
	Roles                 []string
	Online                bool
}{
	{"admin", "陈建国", "", []string{"admin"}, false},
	{"lin", "林晓", "小林", []string{"agent"}, true},
	{"zhao", "赵宇", "小赵", []string{"agent"}, true},
	{"wang", "王敏", "王主管", []string{"supervisor"}, false},
	{"qa", "周洁", "", []string{"quality"}, false},
	{"chen", "陈思", "小陈", []string{"senior"}, false},
	{"cai", "蔡倩", "", []string{"finance"}, false},
}

// Fill furnishes an empty house with the company, its people, its knowledge
// and conversations in every state. A house that has people is left as it is,
// but for its simulated vehicles.
func Fill(ctx context.Context, a *app.App) error {
	a.Assist.Cars = cars{clock.Now}
	a.Desk.FlowSeams = assist.Seams(a.Assist.Cars)
	openPost(a)
	have, err := a.DB.Now().AnyAgent(ctx)
	if err != nil || have {
		return err
	}
	hash, err := secret.HashPassword(ctx, Password)
	if err != nil {
		return err
	}
	now := clock.Now()
	for _, f := range []func(context.Context, *store.Tx) error{
		func(ctx context.Context, tx *store.Tx) error { return fillCompany(ctx, tx, now) },
		func(ctx context.Context, tx *store.Tx) error { return fillStaff(ctx, tx, hash, now) },
		func(ctx context.Context, tx *store.Tx) error { return fillKnowledge(ctx, tx, now) },
		func(ctx context.Context, tx *store.Tx) error { return fillConversations(ctx, tx, now) },
		func(ctx context.Context, tx *store.Tx) error { return fillCustomer(ctx, tx, hash, now) },
		func(ctx context.Context, tx *store.Tx) error { return fillAutomation(ctx, tx, now) },
		func(ctx context.Context, tx *store.Tx) error { return fillRoster(ctx, tx, now) },
		func(ctx context.Context, tx *store.Tx) error { return fillArrivals(ctx, tx, now) },
		func(ctx context.Context, tx *store.Tx) error { return fillCertificates(ctx, tx, now) },
		func(ctx context.Context, tx *store.Tx) error { return fillTrees(ctx, tx, now) },
	} {
		if err := a.DB.Update(ctx, func(tx *store.Tx) error { return f(ctx, tx) }); err != nil {
			return fmt.Errorf("fill the demonstration: %w", err)
		}
	}
	if err := fillCases(ctx, a, now); err != nil {
		return fmt.Errorf("fill the demonstration: %w", err)
	}
	if err := fillVerification(ctx, a, now); err != nil {
		return fmt.Errorf("fill the demonstration: %w", err)
	}
	if err := fillCalls(ctx, a, now); err != nil {
		return fmt.Errorf("fill the demonstration: %w", err)
	}
	if err := fillMailboxes(ctx, a); err != nil {
		return fmt.Errorf("fill the demonstration: %w", err)
	}
	if err := fillRewards(ctx, a); err != nil {
		return fmt.Errorf("fill the demonstration: %w", err)
	}
	return a.Help.Open(ctx) // it learns while it already serves
}

// fillTrees publishes the troubleshooting trees.
func fillTrees(ctx context.Context, tx *store.Tx, now time.Time) error {
	trees, err := Trees()
	if err != nil {
		return err
	}
	editors, err := tx.AgentsWhoMay(ctx, agent.KnowledgePublish)
	if err != nil {
		return err
	}
	editor, err := tx.Agent(ctx, editors[0])
	if err != nil {
		return err
	}
	for _, f := range trees {
		f.Version = flow.Own + 1
		if _, err := tx.SaveFlow(ctx, store.FlowRow{ID: f.ID, Version: f.Version}); err != nil {
			return err
		}
		if err := tx.PublishFlow(ctx, f, store.Publication{Note: "整理自维修站的排查经验", By: editor.ID, ByName: editor.Name, At: now}); err != nil {
			return err
		}
	}
	return nil
}

func fillCompany(ctx context.Context, tx *store.Tx, now time.Time) error {
	s, err := tx.CompanyToChange(ctx)
	if err != nil {
		return err
	}
	s.Company = inbox.Text{Zh: "远行汽车", En: "Yuanxing Motors"}
	s.Phone, s.Email, s.ComplaintEmail = "400-000-0000", "support@yuanxing.example", "complaint@yuanxing.example"
	s.Address = inbox.Text{Zh: "上海市嘉定区远行路 1 号 客户服务中心（邮编 201800）", En: "Customer Service, 1 Yuanxing Road, Jiading, Shanghai 201800, China"}
	if err := tx.SaveCompany(ctx, s, now); err != nil {
		return err
	}
	ins, err := tx.Inboxes(ctx)
	if err != nil {
		return err
	}
	in := ins[0]
	in.Name = "官网在线客服"
	in.Settings.Title = inbox.Text{Zh: "远行客服", En: "Yuanxing service"}
	in.Settings.Greeting = inbox.Text{Zh: "您好，我是远行汽车的智能助手小应，用车、保养、质保、召回都可以问我。", En: "Hello, I am the assistant of Yuanxing Motors. Ask me about driving, servicing, warranty or recalls."}
	_, err = tx.SaveInbox(ctx, in)
	return err
}

func fillStaff(ctx context.Context, tx *store.Tx, hash string, now time.Time) error {
	roles, err := tx.Roles(ctx)
	if err != nil {
		return err
	}
	byName := map[string]agent.RoleID{}
	for _, r := range roles {
		byName[r.Name] = r.ID
	}
	team := agent.Team{ID: agent.NewTeamID(now), Name: "售后一组"}
	if err := tx.InsertTeam(ctx, team); err != nil {
		return err
	}
	var members []agent.ID
	for i, p := range staff {
		who := agent.Agent{
			ID: agent.NewID(now), Email: p.Login + "@demo", Name: p.Name, Nickname: p.Nickname, Language: "zh", Capacity: 8, CreatedAt: now,
		}
		if err := tx.InsertAgent(ctx, who); err != nil {
			return err
		}
		if err := tx.SetPassword(ctx, who.ID, hash); err != nil {
			return err
		}
		ids := make([]agent.RoleID, 0, len(p.Roles))
		for _, r := range p.Roles {
			ids = append(ids, byName[r])
		}
		if err := tx.SetAgentRoles(ctx, who.ID, ids); err != nil {
			return err
		}
		members = append(members, who.ID)
		if p.Online {
			if err := tx.SetPresence(ctx, who.ID, agent.Presence{State: agent.Offline, Since: now}, agent.Presence{State: agent.Online, Since: now.Add(time.Duration(i) * time.Millisecond)}); err != nil {
				return err
			}
		}
	}
	if err := tx.SetTeamAgents(ctx, team.ID, []agent.ID{members[1], members[2], members[3], members[5]}); err != nil {
		return err
	}
	return fillCanned(ctx, tx, now)
}

// fillCustomer gives one of the customers an account.
func fillCustomer(ctx context.Context, tx *store.Tx, hash string, now time.Time) error {
	who, known, err := tx.SignedContact(ctx, Customer)
	if err != nil {
		return err
	}
	if !known {
		return fmt.Errorf("nobody has the address %s", Customer)
	}
	c := access.NewCustomer(who.ID, Customer, hash, now)
	c.ProvenAt = now
	return tx.InsertCustomer(ctx, c)
}

func fillCanned(ctx context.Context, tx *store.Tx, now time.Time) error {
	for _, r := range [][4]string{
		{"hi", "开场问候", "您好，我是{{agent.name}}，很高兴为您服务，请问有什么可以帮您？", "zh"},
		{"wait", "请稍候", "请您稍等，我为您核实一下，大约需要 1–2 分钟。", "zh"},
		{"vin", "请提供车架号", "麻烦您提供一下 17 位车架号（VIN），在行驶证或前挡风玻璃左下角可以找到。", "zh"},
		{"safe", "安全提醒", "请您先把车停在安全的地方，打开双闪，在车后 150 米放置警告牌，人员撤到护栏外。如有人员受伤请先拨打 120，事故请拨打 122。", "zh"},
		{"refund", "退款时效", "退款将按原支付方式退回，审核通过后一般 1–3 个工作日到账，届时会短信通知您。", "zh"},
		{"book", "预约维修", "可以为您预约就近的授权服务店，请告诉我您所在的城市和方便的时间。", "zh"},
		{"bye", "结束语", "感谢您联系{{company}}，如后续还有问题欢迎随时联系我们，祝您用车愉快！", "zh"},
		{"hello", "Opening", "Hello {{contact.name}}, this is {{agent.name}}. How can I help you?", "en"},
		{"thanks", "Closing", "Thank you for contacting {{company}}. Have a safe journey!", "en"},
	} {
		if err := tx.InsertCanned(ctx, canned.Reply{ID: canned.NewID(now), Shortcut: r[0], Title: r[1], Text: r[2], Language: r[3], Shared: true}); err != nil {
			return err
		}
	}
	return nil
}

func fillKnowledge(ctx context.Context, tx *store.Tx, now time.Time) error {
	qs, as, err := Knowledge()
	if err != nil {
		return err
	}
	for i, q := range qs {
		if q, err = q.Checked(); err != nil {
			return fmt.Errorf("%s: %w", q.Question, err)
		}
		when := now.Add(-time.Duration(len(qs)-i) * time.Hour)
		q.ID, q.Status, q.UpdatedAt, q.PublishedAt, q.UpdatedBy, q.Version = knowledge.NewQuestionID(when), knowledge.Published, when, when, "王敏", 1
		q.Views = int64((len(qs) - i) * 7 % 97)
		if err := tx.InsertQuestion(ctx, q); err != nil {
			return err
		}
	}
	for i, t := range as {
		if t, err = t.Checked(); err != nil {
			return fmt.Errorf("%s: %w", t.Title, err)
		}
		when := now.Add(-time.Duration(len(as)-i) * 24 * time.Hour)
		t.ID, t.Status, t.UpdatedAt, t.PublishedAt, t.UpdatedBy, t.Version = knowledge.NewArticleID(when), knowledge.Published, when, when, "王敏", 1
		if err := tx.InsertArticle(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// scene is what conversations are filled in with.
type scene struct {
	tx     *store.Tx
	inbox  inbox.Inbox
	people map[string]contact.Contact
	agents map[string]agent.Agent
	now    time.Time
}

func fillConversations(ctx context.Context, tx *store.Tx, now time.Time) error {
	s := scene{tx: tx, people: map[string]contact.Contact{}, agents: map[string]agent.Agent{}, now: now}
	ins, err := tx.Inboxes(ctx)
	if err != nil {
		return err
	}
	s.inbox = ins[0]
	as, err := tx.Agents(ctx, 0, 100)
	if err != nil {
		return err
	}
	for _, a := range as {
		s.agents[a.Email[:len(a.Email)-len("@demo")]] = a
	}
	if err := s.meet(ctx); err != nil {
		return err
	}
	ds, err := Dialogues()
	if err != nil {
		return err
	}
	for i := range ds { // the oldest got the first number
		if err := s.play(ctx, ds[len(ds)-1-i]); err != nil {
			return err
		}
	}
	return nil
}

// meet adds the customers.
func (s *scene) meet(ctx context.Context) error {
	ps, err := People()
	if err != nil {
		return err
	}
	for i, p := range ps {
		c := contact.Contact{
			ID: contact.NewID(s.now.Add(-time.Duration(len(ps)-i) * 26 * time.Hour)), Name: p.Name, Phone: p.Phone, Email: p.Email, ExternalID: p.ExternalID,
			Signed: true, Language: p.Language, Device: "Chrome · Windows",
			CreatedAt: s.now.Add(-time.Duration(len(ps)-i) * 26 * time.Hour), LastSeenAt: s.now.Add(-time.Duration(i) * 17 * time.Minute),
			Attributes: map[string]string{
				"车型": fmt.Sprintf("%s（%d）", p.Vehicle.Model, p.Vehicle.Year), "车牌": p.Vehicle.Plate, "VIN": p.Vehicle.VIN,
				"里程": fmt.Sprintf("%d km", p.Vehicle.MileageKM), "城市": p.City,
			},
		}
		if err := s.tx.InsertContact(ctx, c); err != nil {
			return err
		}
		s.people[p.Name] = c
		if p.Note != "" {
			if err := s.tx.AddNote(ctx, contact.Note{ID: contact.NewNoteID(c.CreatedAt), Contact: c.ID, By: "林晓", Text: p.Note, At: c.CreatedAt}); err != nil {
				return err
			}
		}
		for k, page := range []contact.PageView{{URL: "/", Title: "首页"}, {URL: "/models/e5", Title: "远行 E5"}, {URL: "/service", Title: "售后服务"}} {
			page.URL = "https://www.yuanxing.example" + page.URL
			page.At = c.LastSeenAt.Add(time.Duration(k-3) * time.Minute)
			if err := s.tx.InsertPageView(ctx, c.ID, page); err != nil {
				return err
			}
		}
	}
	return nil
}

// play writes one dialogue as it would stand after it was spoken.
func (s *scene) play(ctx context.Context, d Dialogue) error {
	who, ok := s.people[d.Contact]
	if !ok {
		return fmt.Errorf("a dialogue with %s, whom nobody knows", d.Contact)
	}
	at := d.Began(s.now)
	c := conversation.Conversation{
		ID: conversation.NewID(at), Inbox: s.inbox.ID, Channel: s.inbox.Kind, Contact: who.ID, ContactName: who.Name, State: conversation.State(d.State),
		Language: d.Language, Priority: d.Priority, StartedAt: at, LastAt: at, PageURL: "https://www.yuanxing.example/service", PageTitle: d.Page,
	}
	agent, answered := s.agents[d.Agent]
	c, err := s.tx.InsertConversation(ctx, c)
	if err != nil {
		return err
	}
	if answered && d.State != "queued" && d.State != "bot" {
		c.Agent, c.AgentName = agent.ID, agent.PublicName()
	}
	for k, l := range d.Messages {
		m := s.message(c, d, l, agent.PublicName())
		m.Seq, m.At = int64(k+1), s.when(at, k, len(d.Messages))
		m.ID = conversation.NewMessageID(m.At)
		if _, err := s.tx.InsertMessage(ctx, m); err != nil {
			return err
		}
		if err := s.tx.IndexMessage(ctx, m); err != nil {
			return err
		}
		c = c.Said(m)
	}
	if c, err = s.tx.SaveConversation(ctx, s.settle(c, d)); err != nil || !answered || c.FirstReplyAt.IsZero() {
		return err
	}
	return s.told(ctx, c, d)
}

// told is what a customer heard of their wait, half a minute before somebody
// answered; what they heard depends on who they are, so that it differs.
func (s *scene) told(ctx context.Context, c conversation.Conversation, d Dialogue) error {
	heard := []routing.Forecast{
		{By: routing.Free, Expected: 10 * time.Second}, {By: routing.ByLine, Expected: 40 * time.Second}, {By: routing.ByLine, Expected: 80 * time.Second}, {By: routing.LastServed, Expected: 25 * time.Second},
	}
	f := heard[len(d.Messages)%len(heard)]
	f.Position, f.Band = 1, routing.Announce(f.Expected)
	if err := s.tx.InsertForecast(ctx, c.ID, f, c.FirstReplyAt.Add(-30*time.Second)); err != nil {
		return err
	}
	return s.tx.EndForecasts(ctx, c.ID, "answered", c.FirstReplyAt)
}

// when spreads the lines over a few minutes, and never into the future.
func (s *scene) when(began time.Time, k, of int) time.Time {
	step := min(40*time.Second, s.now.Sub(began)/time.Duration(of+1))
	return began.Add(time.Duration(k) * step)
}

func (s *scene) message(c conversation.Conversation, d Dialogue, l Line, agentName string) conversation.Message {
	m := conversation.Message{Conversation: c.ID, Kind: conversation.Text, Text: l.Text}
	switch l.From {
	case "contact":
		m.From, m.AuthorID, m.AuthorName = conversation.FromContact, c.Contact.String(), c.ContactName
	case "assistant":
		m.From, m.AuthorID, m.AuthorName = conversation.FromBot, "assistant", "小应"
	default:
		m.From, m.AuthorID, m.AuthorName = conversation.FromAgent, s.agents[d.Agent].ID.String(), agentName
		if l.From == "note" {
			m.Kind = conversation.Note
		}
	}
	return m
}

// settle brings the conversation into the state in which the demonstration
// begins.
func (s *scene) settle(c conversation.Conversation, d Dialogue) conversation.Conversation {
	switch c.State {
	case conversation.Queued:
		c = c.Since(c.LastAt, routing.DefaultRules())
		c.QueueReason = conversation.Asked
	case conversation.Closed, conversation.WrapUp:
		c.ClosedAt, c.ClosedBy, c.WaitingSince, c.Unread = c.LastAt, conversation.FromContact, time.Time{}, 0
		if d.Result != "" {
			c.Summary = &conversation.Summary{Category: d.Category, Result: d.Result, Note: d.Note}
		}
	case conversation.Active, conversation.Bot:
	}
	if c.State != conversation.Queued && c.State != conversation.Bot {
		c.ContactRead, c.ContactHas = c.LastSeq, c.LastSeq
	}
	return c
}
