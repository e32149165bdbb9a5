package site_test

import (
	"strings"
	"testing"

	"yingda/internal/channel"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/reward"
	"yingda/internal/kit/fault"
)

// A compensation is offered with the rule behind it, and the customer takes it
// or does not, once.
func TestAnOfferOfCompensation(t *testing.T) {
	eachPortal(t, func(p *portal) {
		p.handedIn()
		one, two := reward.NewCompensationID(sunday), reward.NewCompensationID(sunday)
		p.offers = []channel.Offer{
			{ID: one, Kind: reward.Refund, Name: reward.Refund.Name(), Amount: 50_00, Explanation: "维修超过承诺时间", Policy: &inbox.Text{Zh: "超时补偿"}, Rule: &inbox.Text{Zh: "每超时一天补偿五十元"}, State: channel.Offered, At: sunday},
			{ID: two, Kind: reward.Points, Name: reward.Points.Name(), Points: 300, PointsUntil: sunday.AddDate(1, 0, 0), State: channel.Offered, At: sunday},
			{ID: reward.NewCompensationID(sunday), Kind: reward.Repair, Name: reward.Repair.Name(), Amount: 777_00, State: channel.Given, At: sunday},
		}
		at := "/progress/" + known
		p.goes(p.do("/progress", "number", known, "secret", "SECRET01"), at)
		body := p.see(at)
		for _, says := range []string{"退款", "¥50.00", "维修超过承诺时间", "超时补偿", "每超时一天补偿五十元", "300 积分", "有效期至 2027-11-22", "已发放", "接受补偿", "不接受"} {
			if !strings.Contains(body, says) {
				t.Errorf("the page does not say %q", says)
			}
		}
		if strings.Contains(body, "777") {
			t.Error("the page says what goods cost us")
		}
		stamp := p.stampOf(at)
		p.says(p.do(at+"/offer", "stamp", "old", "offer", two.String(), "do", "decline", "text", "积分没用"), 422, "积分没用")
		for range 2 {
			p.goes(p.do(at+"/offer", "stamp", stamp, "offer", one.String(), "do", "accept"), at+"?done=accept")
		}
		p.goes(p.do(at+"/offer", "stamp", stamp, "offer", two.String(), "do", "decline", "text", "积分没用"), at+"?done=decline")
		if got := strings.Join(p.answers, ", "); got != "true , false 积分没用" {
			t.Errorf("answered %q", got)
		}
		if body = p.see(at + "?done=decline"); !strings.Contains(body, "您已接受") || !strings.Contains(body, "您没有接受") || strings.Contains(body, ">接受补偿<") {
			t.Error("the page does not show what was answered")
		}
		p.refuse = fault.New(fault.Conflict, "compensation.state.paid", "it is paid")
		p.says(p.do(at+"/offer", "stamp", stamp, "offer", one.String(), "do", "decline"), 409, "补偿已支付")
		p.says(p.do(at+"/offer", "stamp", stamp, "offer", "cp_none", "do", "accept"), 404, "")
		p.says(p.do(at+"/offer", "stamp", stamp, "offer", one.String(), "do", "pay"), 400, "")
		p.anew()
		p.goes(p.do(at+"/offer", "stamp", stamp, "offer", one.String(), "do", "accept"), "/progress?number="+known)
	})
}
