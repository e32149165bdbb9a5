package site_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
)

const known = "TS20261122-000001"

// handedIn keeps a complaint that somebody handed in.
func (p *portal) handedIn() {
	c, err := ticket.Case{Kind: ticket.Complaint, Text: "空调有异味\n一直没有回复", Phone: "13800138000"}.Check()
	if err != nil {
		p.t.Fatal(err)
	}
	c.Number, c.CreatedAt, c.Contact = known, p.clock.Now(), contact.ID(7)
	p.cases["known"] = c
}

func (p *portal) stampOf(path string) string {
	p.t.Helper()
	m := stampField.FindStringSubmatch(p.see(path))
	if m == nil {
		p.t.Fatalf("%s has no stamp", path)
	}
	return m[1]
}

func TestLookingUp(t *testing.T) {
	eachPortal(t, func(p *portal) {
		p.handedIn()
		p.says(p.do("/progress", "number", "", "secret", ""), 422, "请填写编号")
		p.says(p.do("/progress", "number", known, "secret", ""), 422, "请填写查询码")
		wrong, unknown := p.do("/progress", "number", known, "secret", "nothing"), p.do("/progress", "number", "TS20200101-000001", "secret", "SECRET01")
		p.says(wrong, 422, "没有与该编号和查询码相符的工单")
		if a, b := problems.FindString(wrong.Body.String()), problems.FindString(unknown.Body.String()); a != b || wrong.Code != unknown.Code {
			t.Errorf("a wrong secret and an unknown number differ: %s and %s", a, b)
		}
		if strings.Contains(wrong.Body.String(), "nothing") {
			t.Error("the secret is shown again")
		}
		p.goes(p.do("/progress", "number", known, "secret", "SECRET01"), "/progress/"+known)
		if body := p.see("/progress/" + known); !strings.Contains(body, "空调有异味") || !strings.Contains(body, "noindex") {
			t.Error("the case is not shown")
		}
		p.anew()
		p.goes(p.do("/progress/"+known, "do", "urge"), "/progress?number="+known)
		p.locked = time.Hour
		w := p.do("/progress", "number", known, "secret", "SECRET01")
		if p.says(w, 429, "输错次数过多"); w.Header().Get("Retry-After") != "3600" {
			t.Errorf("retry after %q", w.Header().Get("Retry-After"))
		}
		for range 12 {
			w = p.do("/progress", "number", "x", "secret", "y")
		}
		p.says(w, 429, "操作太频繁")
	})
}

func TestALinkFromALetter(t *testing.T) {
	eachPortal(t, func(p *portal) {
		p.handedIn()
		get := func(path string) (int, string, http.Header) {
			w := p.send(httptest.NewRequest(http.MethodGet, path, nil))
			return w.Code, w.Header().Get("Location"), w.Header()
		}
		if code, to, _ := get("/progress/" + known + "?pass=forged"); code != 303 || to != "/progress?number="+known {
			t.Errorf("a forged pass: %d to %s", code, to)
		}
		code, to, head := get("/progress/" + known + "?pass=pass+of+" + known)
		if code != 303 || to != "/progress/"+known || head.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("a pass: %d to %s, %s", code, to, head.Get("Referrer-Policy"))
		}
		if c := head.Get("Set-Cookie"); !strings.Contains(c, "Path=/progress/"+known) || !strings.Contains(c, "HttpOnly") {
			t.Errorf("the cookie is %s", c)
		}
		p.see("/progress/" + known)
	})
}

// Everything that a customer can do is a form that works without scripts, and
// nothing typed is lost.
func TestActsOfTheCustomer(t *testing.T) {
	eachPortal(t, func(p *portal) {
		p.handedIn()
		p.view = channel.CaseView{May: allActs, Solution: "免费更换滤芯", Ways: &ticket.Ways, Files: []channel.CaseFile{{Name: "证据.jpg", Size: 3 << 20, SHA256: strings.Repeat("ab", 32), At: sunday}}}
		p.goes(p.do("/progress", "number", known, "secret", "SECRET01"), "/progress/"+known)
		at := "/progress/" + known
		body := p.see(at)
		for _, says := range []string{"免费更换滤芯", "消费者权益保护法", "证据.jpg", "3.0 MB", strings.Repeat("ab", 32), "对结果不满意", "催办", "要求主管处理", "撤回", `aria-current="step"`} {
			if !strings.Contains(body, says) {
				t.Errorf("the page does not say %q", says)
			}
		}
		stamp := p.stampOf(at)
		p.says(p.do(at, "stamp", stamp, "do", "reject", "text", " "), 422, "请写几句话")
		p.says(p.do(at, "stamp", "old", "do", "hear", "text", "我的补充"), 422, "我的补充")
		for range 2 {
			p.goes(p.do(at, "stamp", stamp, "do", "reject", "text", "没有解决"), at+"?done=reject")
		}
		if len(p.done) != 1 {
			t.Errorf("done %d times", len(p.done))
		}
		p.goes(p.do(at, "stamp", stamp, "do", "urge"), at+"?done=urge")
		if len(p.done) != 2 {
			t.Error("what is said after going back is lost")
		}
		for _, d := range p.done {
			if d.Act == ticket.Urge {
				continue
			}
			if d.Act != ticket.Reject || d.Reason != "没有解决" {
				t.Errorf("done: %+v", d)
			}
		}
		if !strings.Contains(p.see(at+"?done=reject"), "我们会重新处理") {
			t.Error("what was done is not said")
		}
		p.refuse = fault.New(fault.Conflict, "case.escalated_already", "it is")
		p.says(p.do(at, "stamp", p.stampOf(at), "do", "escalate", "text", "两周了"), 409, "您的工单已由上级处理")
		p.says(p.do(at+"/files", "stamp", p.stampOf(at)), 422, "个文件")
	})
}

var allActs = []ticket.Act{ticket.Hear, ticket.Confirm, ticket.Reject, ticket.Reopen, ticket.Urge, ticket.Withdraw, ticket.Escalate}

// Promises are said as they are: in time, near, late, paused, kept, missed.
func TestDueTimesInWords(t *testing.T) {
	early := sunday.Add(-time.Hour)
	for _, c := range []struct {
		name string
		due  channel.CaseDue
		tone string
		says string
	}{
		{"far", channel.CaseDue{Limit: sunday.Add(72 * time.Hour), State: sla.Running}, "ok", "反馈结果：最晚 11月25日 16:30 前"},
		{"near", channel.CaseDue{Limit: sunday.Add(5 * time.Hour), State: sla.Running}, "soon", "最晚 11月22日 21:30 前"},
		{"past the target", channel.CaseDue{Limit: sunday.Add(72 * time.Hour), Target: &early, State: sla.Running}, "soon", "最晚 11月25日"},
		{"late", channel.CaseDue{Limit: sunday.Add(-time.Hour), State: sla.Breached}, "late", "已超时"},
		{"paused", channel.CaseDue{Limit: sunday.Add(72 * time.Hour), State: sla.Paused}, "paused", "暂停计时"},
		{"kept", channel.CaseDue{Limit: sunday, MetAt: early, State: sla.Met, Kept: true}, "kept", "按时完成"},
		{"missed", channel.CaseDue{Limit: early, MetAt: sunday, State: sla.Met}, "missed", "晚于承诺"},
		{"next year", channel.CaseDue{Limit: sunday.Add(60 * 24 * time.Hour), State: sla.Running, Provisional: true}, "ok", "2027年1月21日 16:30 前（待公布"},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachPortal(t, func(p *portal) {
				p.handedIn()
				c.due.Metric, c.due.Name = sla.ComplaintFeedback, sla.ComplaintFeedback.Name()
				p.view.Due = []channel.CaseDue{c.due}
				p.goes(p.do("/progress", "number", known, "secret", "SECRET01"), "/progress/"+known)
				if body := p.see("/progress/" + known); !strings.Contains(body, `class="due `+c.tone+`"`) || !strings.Contains(body, c.says) {
					t.Errorf("the page does not say %q as %s", c.says, c.tone)
				}
			})
		})
	}
}

// The promises in force stand on the contact page, with how they were kept.
func TestPromisesInForce(t *testing.T) {
	h := newHouse()
	h.promises = []channel.Promise{
		{Told: sla.Told{Way: sla.WayPhone, Metric: sla.AnswerWait, Term: sla.Text{Zh: "300 秒", En: "300 seconds"}}},
		{Told: sla.Told{Way: sla.WayChat, Metric: sla.FirstResponse, Term: sla.Text{Zh: "60 秒", En: "60 seconds"}}, Ended: 40, Kept: 38, Percent: 95},
		{Told: sla.Told{Way: sla.WayQuestion, Level: "general", Metric: sla.Resolution, Term: sla.Text{Zh: "10 个工作日", En: "10 working days"}}},
		{Told: sla.Told{Way: sla.WayComplaint, Metric: sla.ComplaintFeedback, Term: sla.Text{Zh: "3 个工作日", En: "3 working days"}}, Ended: 4, Kept: 3},
	}
	h.hours = []channel.Hour{{Day: 1, Hour: 14, Wait: 40 * time.Second, Count: 9}, {Day: 4, Hour: 9, Wait: 150 * time.Second, Count: 6}}
	s := h.open(t)
	body := get(t, s, "/", "zh").Body.String()
	for _, says := range []string{"5 分钟内接通", "60 秒内响应", "95% 按时（38/40）", "10 个工作日内", "1–2 个工作日内回复", "75% 按时（3/4）", "周二 14:00–15:00 平均 40 秒", "周五 9:00–10:00 平均 3 分钟"} {
		if !strings.Contains(body, says) {
			t.Errorf("the page does not say %q", says)
		}
	}
	if form := get(t, s, "/user/feedback", "zh").Body.String(); !strings.Contains(form, "3 个工作日内") {
		t.Error("the form does not say what is promised")
	}
	if en := get(t, s, "/", "en").Body.String(); !strings.Contains(en, "Answered within 5 minutes") {
		t.Error("not in English")
	}
}
