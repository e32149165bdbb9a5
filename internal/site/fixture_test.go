package site_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/company"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/reward"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/help"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
	"yingda/internal/site"
)

// house is a company with its knowledge, in memory: what the pages ask, it knows.
type house struct {
	clock    *clock.Hand
	settings company.Settings
	boxes    []inbox.Inbox
	staffed  bool
	entries  []help.Entry
	version  int
	broken   error // what Settings fails with
	refuse   error // what OpenPublicCase fails with

	mails    []channel.MailAddress
	promises []channel.Promise
	hours    []channel.Hour
	line     *channel.Line
	board    []channel.Suggestion
	after    ticket.ID
	voters   map[string]contact.ID
	offers   []channel.Offer
	answers  []string                // to offers, in order
	view     channel.CaseView        // what Follow says beside what was handed in
	done     map[string]ticket.Doing // what customers did, by client id
	locked   time.Duration           // how long LookUp refuses

	searches int // how often Search was asked
	views    int
	votes    []bool
	marks    map[string]int // that were given by a link
	remark   string
	rated    []string               // by whom
	cases    map[string]ticket.Case // by client id
	files    map[string]string      // content by name
}

// sunday is a time at which the hotline rests; Monday comes next.
var sunday = time.Date(2026, 11, 22, 8, 30, 0, 0, time.UTC)

func newHouse() *house {
	hours := sla.Hours{Zone: "Asia/Shanghai", Week: sla.OfficeWeek(), Closed: []string{"2026-10-01"}, Open: []string{}}
	chat := inbox.Inbox{Key: "yuanxing", Kind: "webchat", Name: "官网", Enabled: true, Settings: inbox.Defaults()}
	h := &house{
		clock: clock.At(sunday), boxes: []inbox.Inbox{chat}, staffed: true, done: map[string]ticket.Doing{}, voters: map[string]contact.ID{}, cases: map[string]ticket.Case{}, files: map[string]string{},
		settings: company.Settings{
			Company: inbox.Text{Zh: "远行汽车", En: "Yuanxing Motors"}, Phone: "400-820-1234", Email: "support@yuanxing.example", ComplaintEmail: "complaint@yuanxing.example",
			Address:    inbox.Text{Zh: "上海市嘉定区安亭镇远行路 1 号 客户服务部，201805", En: "Customer service, 1 Yuanxing Road, Anting, Jiading, Shanghai 201805"},
			PhoneHours: hours, PromiseChat: inbox.Text{Zh: "30 秒内响应", En: "Answered within 30 seconds"},
			PromisePhone: inbox.Text{Zh: "5 分钟内接通（高峰期可能延长）", En: "Answered within 5 minutes (longer at peak times)"},
			PromiseEmail: inbox.Text{Zh: "1–2 个工作日内回复", En: "Answered within 1–2 working days"},
			Languages:    []string{"zh", "en"},
		},
	}
	promised, err := sla.DefaultTerms().Promises()
	if err != nil {
		panic(err)
	}
	for _, told := range promised.Public() {
		h.promises = append(h.promises, channel.Promise{Told: told})
	}
	add := func(kind help.Kind, ref, category, title, body string) {
		h.entries = append(h.entries, help.Entry{Kind: kind, ID: ref, Ref: ref, Title: title, Body: body, Summary: strings.NewReplacer("#", "", "\n", " ").Replace(body), Category: category, Language: "zh", UpdatedAt: sunday.AddDate(0, 0, -len(h.entries))})
	}
	add(help.Question, "qu_warranty", "质保与召回", "质保期多久？", "整车质保 **3 年或 10 万公里**，三电系统 8 年或 15 万公里，先到为准。\n\n1. 打开 App，进入“我的车辆”\n2. 点“质保信息”\n3. 查看每个部件的到期日")
	add(help.Question, "qu_recall", "质保与召回", "怎么查我的车是否被召回？", "输入车架号（VIN）即可查询，也可以告诉智能助手。")
	add(help.Question, "qu_refund", "订单与退款", "退款多久到账？", "审核通过后 1–3 个工作日原路退回；信用卡以银行入账为准。")
	add(help.Question, "qu_invoice", "订单与退款", "怎么开发票？", "在订单详情里点“开发票”，电子发票会发到您的邮箱。")
	add(help.Question, "qu_login", "账户与安全", "无法登录怎么办？", "请先尝试重置密码；多次失败会锁定 30 分钟。")
	add(help.Question, "qu_delete", "账户与安全", "怎么注销账户？", "在“设置 → 账户与安全”里提交，15 天后生效。")
	add(help.Question, "qu_charge", "使用与充电", "充电时提示“绝缘故障”怎么办？", "请立即停止充电，拔下枪头，换一个充电桩再试；仍然提示请不要继续使用，拨打热线。")
	add(help.Question, "qu_ota", "使用与充电", "系统升级失败怎么办？", "保持电量高于 40%，停车熄火后重试。")
	add(help.Article, "winter-range", "使用与充电", "冬季续航下降怎么办", "## 为什么会下降\n\n低温让电池活性降低。\n\n| 温度 | 续航比例 |\n|---|---|\n| 25 ℃ | 100% |\n| -10 ℃ | 70% |\n\n## 怎么办\n\n- 出发前用车预热\n- 尽量在室内充电\n\n> 急加速最费电。\n\n更多见[官方手册](https://example.com/manual)。<script>alert(1)</script><img src=x onerror=alert(2)>[坏链接](javascript:alert(3))")
	for i := range 14 {
		add(help.Question, fmt.Sprintf("qu_more%d", i), "维修与保养", fmt.Sprintf("第 %d 次保养做哪些项目？", i+1), "更换机油机滤，检查制动、轮胎和底盘，约需 1 小时。")
	}
	for _, e := range h.entries {
		e.Language, e.Title, e.Body, e.Summary = "en", "In English: "+e.Title, "In English.\n\n"+e.Body, "In English."
		e.ID, e.Ref = e.ID+"_en", e.Ref+"_en"
		h.entries = append(h.entries, e)
	}
	return h
}

func (h *house) Version() string { return strconv.Itoa(h.version) }

func (h *house) Headings(language string) []help.Heading {
	var all []help.Heading
	at := map[string]int{}
	for _, e := range h.entries {
		if e.Language != language {
			continue
		}
		i, ok := at[e.Category]
		if !ok {
			i, all = len(all), append(all, help.Heading{Name: e.Category})
			at[e.Category] = i
		}
		all[i].Count++
		if len(all[i].Top) < 5 {
			all[i].Top = append(all[i].Top, e)
		}
	}
	return all
}

func (h *house) Search(q help.Search) ([]help.Entry, int) {
	h.searches++
	var hits []help.Entry
	for _, e := range h.entries {
		if e.Language == q.Language && (q.Category == "" || e.Category == q.Category) && strings.Contains(e.Title+e.Body, q.Words) {
			hits = append(hits, e)
		}
	}
	from := min((q.Page-1)*q.Size, len(hits))
	return hits[from:min(from+q.Size, len(hits))], len(hits)
}

func (h *house) Entry(kind help.Kind, ref string) (help.Entry, error) {
	for _, e := range h.entries {
		if e.Kind == kind && e.Ref == ref {
			return e, nil
		}
	}
	return help.Entry{}, fault.New(fault.NotFound, "knowledge.unknown", "there is no such %s", string(kind))
}

func (h *house) Related(e help.Entry, n int) []help.Entry {
	var all []help.Entry
	for _, o := range h.entries {
		if o.Category == e.Category && o.Ref != e.Ref && len(all) < n {
			all = append(all, o)
		}
	}
	return all
}

func (h *house) Decide(text string, _ retrieve.Limits) retrieve.Decision {
	switch {
	case strings.Contains(text, "质保"):
		return retrieve.Decision{Action: retrieve.Answer, Candidates: []retrieve.Candidate{{ID: 0}, {ID: 1}}}
	case strings.Contains(text, "车"):
		return retrieve.Decision{Action: retrieve.Choose, Candidates: []retrieve.Candidate{{ID: 0}, {ID: 1}, {ID: 6}}}
	case strings.Contains(text, "起火"):
		return retrieve.Decision{Action: retrieve.HandOver, Code: retrieve.Safety}
	case text == "你好":
		return retrieve.Decision{Action: retrieve.None}
	default:
		return retrieve.Decision{Action: retrieve.HandOver, Code: retrieve.Nothing}
	}
}

func (h *house) Suggest(text, language string, _ int) []retrieve.Candidate {
	return h.Decide(text, retrieve.Limits{Language: language}).Candidates
}

func (h *house) Complete(text, language string, n int) []conversation.Choice {
	found := []conversation.Choice{}
	for _, e := range h.entries {
		if e.Kind == help.Question && e.Language == language && strings.HasPrefix(e.Title, text) && len(found) < n {
			found = append(found, conversation.Choice{ID: e.Ref, Text: e.Title})
		}
	}
	return found
}

func (h *house) Cite(text, _ string) (help.Citation, bool) {
	for _, e := range h.entries {
		if e.Kind == help.Article && strings.Contains(text, "救援") {
			return help.Citation{Entry: e, Text: "先把车停到安全的地方。", Score: 0.9, Sure: strings.Contains(text, "怎么")}, true
		}
	}
	return help.Citation{}, false
}

func (h *house) PublicQuestion(id int64) (help.Entry, bool) { return h.entries[id], true }

func (h *house) Viewed(context.Context, help.Entry) error { h.views++; return nil }

func (h *house) Rated(_ context.Context, _ help.Entry, voter string, yes bool) error {
	h.votes = append(h.votes, yes)
	h.rated = append(h.rated, voter)
	return nil
}

func (h *house) Settings(context.Context) (company.Settings, error) { return h.settings, h.broken }

func (h *house) Inboxes(context.Context) ([]inbox.Inbox, error) { return h.boxes, nil }

func (h *house) MailAddresses(context.Context) ([]channel.MailAddress, error) { return h.mails, nil }

func (h *house) Staffed(context.Context, inbox.Inbox) (bool, error) { return h.staffed, nil }

func (h *house) OpenPublicCase(_ context.Context, c ticket.Case, files []channel.Upload, clientID string) (ticket.Case, error) {
	if h.refuse != nil {
		return ticket.Case{}, h.refuse
	}
	if again, ok := h.cases[clientID]; ok {
		return again, nil
	}
	c, err := c.Check()
	if err != nil {
		return c, err
	}
	for _, f := range files {
		b, err := io.ReadAll(f.Body)
		if err != nil {
			return c, err
		}
		h.files[f.Name] = string(b)
	}
	c.Number, c.CreatedAt = ticket.Number(c.Kind, h.clock.Now(), int64(len(h.cases)+1)), h.clock.Now()
	h.cases[clientID] = c
	return c, nil
}

func (h *house) CasesOf(_ context.Context, who contact.ID, _ string) ([]ticket.Case, error) {
	var cs []ticket.Case
	for _, c := range h.cases {
		if c.Contact == who {
			cs = append(cs, c)
		}
	}
	return cs, nil
}

func (h *house) Handling(context.Context) (ticket.Handling, error) {
	return ticket.DefaultHandling(), nil
}

func (h *house) PublicPromises(context.Context) ([]channel.Promise, error) { return h.promises, nil }

func (h *house) Hotline(context.Context) (*channel.Line, error) { return h.line, nil }

func (h *house) BestHours(context.Context) ([]channel.Hour, error) { return h.hours, nil }

func (h *house) CaseSecret(c ticket.Case) string { return "SECRET" + c.Number[len(c.Number)-2:] }

func (h *house) CasePass(c ticket.Case, _ time.Time) string { return "pass of " + c.Number }

func (h *house) byNumber(number string) (*ticket.Case, error) {
	for _, c := range h.cases {
		if c.Number == number {
			return &c, nil
		}
	}
	return nil, fault.New(fault.NotFound, "case.lookup", "there is no case with this number and this secret")
}

func (h *house) LookUp(_ context.Context, number, secret string) (written, pass string, err error) {
	c, err := h.byNumber(number)
	switch {
	case h.locked > 0:
		return "", "", fault.New(fault.Busy, "case.lookup_wait", "wait %d minutes", 60).Because(serve.Wait(h.locked))
	case err != nil:
		return "", "", err
	case secret != h.CaseSecret(*c):
		return "", "", fault.New(fault.NotFound, "case.lookup", "there is no case with this number and this secret")
	}
	return number, h.CasePass(*c, time.Time{}), nil
}

func (h *house) Follow(_ context.Context, number string, who channel.Holder) (channel.CaseView, error) {
	c, err := h.byNumber(number)
	if err == nil && who.Pass != h.CasePass(*c, time.Time{}) && (who.Contact.IsZero() || who.Contact != c.Contact) {
		err = fault.New(fault.NotFound, "case.lookup", "there is no case with this number and this secret")
	}
	if err != nil {
		return channel.CaseView{}, err
	}
	v := h.view
	v.Number, v.Kind, v.Subject, v.Text, v.CreatedAt = c.Number, c.Kind, c.Subject, c.Text, c.CreatedAt
	if v.Progress.Stages == nil {
		v.Progress = c.Progress()
	}
	return v, nil
}

func (h *house) CustomerDoes(ctx context.Context, number string, who channel.Holder, do ticket.Doing, clientID string) (channel.CaseView, error) {
	v, err := h.Follow(ctx, number, who)
	if err == nil && h.refuse != nil {
		return v, h.refuse
	}
	if err == nil {
		h.done[clientID] = do
	}
	return v, err
}

func (h *house) Suggestions(_ context.Context, from ticket.ID) ([]channel.Suggestion, ticket.ID, error) {
	if !from.IsZero() {
		return h.board[1:], 0, nil
	}
	return h.board[:min(1, len(h.board))], h.after, nil
}

func (h *house) Vote(_ context.Context, number string, by contact.ID) (int, error) {
	for i, g := range h.board {
		switch {
		case g.Number != number:
		case h.voters[number] == by:
			return 0, fault.New(fault.Conflict, "suggestion.voted", "you are for this suggestion already")
		default:
			h.voters[number], h.board[i].Votes = by, g.Votes+1
			return g.Votes + 1, nil
		}
	}
	return 0, fault.New(fault.NotFound, "suggestion.unknown", "there is no such suggestion on the board")
}

func (h *house) OffersFor(ctx context.Context, number string, who channel.Holder) ([]channel.Offer, error) {
	_, err := h.Follow(ctx, number, who)
	return h.offers, err
}

func (h *house) AnswerFor(ctx context.Context, number string, who channel.Holder, i reward.CompensationID, yes bool, reason string) error {
	if _, err := h.Follow(ctx, number, who); err != nil || h.refuse != nil {
		return cmp.Or(err, h.refuse)
	}
	state := map[bool]channel.OfferState{true: channel.Taken, false: channel.NotTaken}[yes]
	for j, o := range h.offers {
		if o.ID == i && o.State != state {
			h.offers[j].State, h.answers = state, append(h.answers, fmt.Sprint(yes, " ", reason))
		}
	}
	return nil
}

func (h *house) CustomerProves(ctx context.Context, number string, who channel.Holder, files []channel.Upload, _ string) (channel.CaseView, error) {
	v, err := h.Follow(ctx, number, who)
	if err == nil && len(files) == 0 {
		err = fault.New(fault.Invalid, "evidence.count", "choose 1 to %d files", 10).In("files")
	}
	for _, f := range files {
		b, _ := io.ReadAll(f.Body) // from memory
		h.files[f.Name] = string(b)
	}
	return v, err
}

// ratingLink is the one that works.
const ratingLink = "AAAAAAAAAAAAAAAAAAAAAAAA"

func (h *house) RatingAsked(_ context.Context, link string) (channel.RatingAsked, error) {
	if link != ratingLink {
		return channel.RatingAsked{}, fault.New(fault.NotFound, "rating.link", "this link does not work, or not any more")
	}
	return channel.RatingAsked{At: sunday, Done: h.marks != nil, Questions: []string{"overall", "attitude"}}, nil
}

func (h *house) RateByLink(ctx context.Context, link string, marks map[string]int, remark string) error {
	switch a, err := h.RatingAsked(ctx, link); {
	case err != nil:
		return err
	case a.Done:
		return fault.New(fault.Conflict, "rating.done", "this call has been rated already; thank you")
	case marks["overall"] == 0:
		return fault.New(fault.Invalid, "rating.overall", "say how it was on the whole").In("overall")
	}
	h.marks, h.remark = marks, remark
	return nil
}

// open returns the pages over the house.
func (h *house) open(t *testing.T) *site.Site {
	return site.New(site.Options{
		Knowledge: h, Desk: h, Key: []byte("0123456789abcdef"), Base: "https://help.yuanxing.example",
		Now: h.clock.Now, Demo: true, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
}
