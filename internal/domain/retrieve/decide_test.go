package retrieve

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/domain/phrase"
)

func TestRules(t *testing.T) {
	x := New(nil)
	for _, c := range []struct {
		text   string
		action Action
		code   Code
	}{
		{"转人工", HandOver, Asked},
		{"轉人工", HandOver, Asked},
		{"我要找真人客服！", HandOver, Asked},
		{"人工", HandOver, Asked},
		{"你好，人工客服", HandOver, Asked},
		{"客服", HandOver, Asked},
		{"I want to talk to a human", HandOver, Asked},
		{"Agent please", HandOver, Asked},
		{"can I speak to a real person?", HandOver, Asked},
		{"representative", HandOver, Asked},
		{"不用转人工，我自己看", HandOver, Nothing},
		{"人工客服几点上班", HandOver, Nothing},
		{"更换刹车片人工费多少", HandOver, Nothing},
		{"what are the agent opening hours", HandOver, Nothing},
		{"车子冒烟了怎么办", HandOver, Safety},
		{"高速上剎車失靈", HandOver, Safety},
		{"追尾了，有人受伤，转人工", HandOver, Safety},
		{"气囊弹出来了", HandOver, Safety},
		{"my car is on fire", HandOver, Safety},
		{"The brakes don't work, brakes not working!", HandOver, Safety},
		{"气囊召回怎么查", HandOver, Nothing},
		{"is smokey grey available", HandOver, Nothing},
		{"再不处理我就打12315", HandOver, Serious},
		{"I will sue you", HandOver, Serious},
		{"why is there an issue with pursuing", HandOver, Nothing},
		{"还是没解决", HandOver, Unhelped},
		{"That didn't help", HandOver, Unhelped},
		{"？？？", HandOver, Impatient},
		{"你好", None, Greeted},
		{"您好，在吗？", None, Greeted},
		{"Hello!", None, Greeted},
		{"好的", None, Agreed},
		{"嗯嗯", None, Agreed},
		{"ok", None, Agreed},
		{"好的谢谢", None, Thanked},
		{"没有了，再见", None, Thanked},
		{"Thanks a lot, bye", None, Thanked},
		{"👍", None, Wordless},
		{"", None, Wordless},
		{"早上几点上班", HandOver, Nothing},
		{"好评有什么奖励", HandOver, Nothing},
		{"hire a car", HandOver, Nothing},
	} {
		d := x.Decide(c.text, Limits{Language: "zh"})
		if d.Action != c.action || d.Code != c.code || len(d.Why) == 0 {
			t.Errorf("%q: %s %s (%s), want %s %s", c.text, d.Action, d.Code, d.Why, c.action, c.code)
		}
	}
}

// small is a base of n unrelated questions with five ways to ask each, after
// those given. They share words for what is the matter with a thing.
func small(n int, entries ...Entry) *Index {
	matters := []string{"坏了", "多少钱", "在哪里换", "声音很大", "不亮", "是什么", "几年一换", "怎么清洗"}
	for i := range n {
		thing := string([]rune{rune(0x5200 + 2*i), rune(0x5201 + 2*i)})
		e := Entry{ID: int64(1000 + i), Language: "zh"}
		for k := range 5 {
			e.Phrasings = append(e.Phrasings, thing+matters[(i+k)%len(matters)])
		}
		e.Question, e.Phrasings = e.Phrasings[0], e.Phrasings[1:]
		entries = append(entries, e)
	}
	return New(entries)
}

var refund = Entry{
	ID: 1, Language: "zh", Question: "如何申请退款", Text: "在我的订单中点申请退款。",
	Phrasings: []string{"我想退款", "订单怎么退钱", "不想要了能退吗", "退款在哪里申请", "申请退款的步骤", "怎样才能把钱退回来"},
}

func TestDecide(t *testing.T) {
	invoice := Entry{ID: 2, Language: "zh", Question: "如何开发票", Phrasings: []string{"发票怎么开", "我要开票", "申请发票", "发票在哪里开", "开具电子发票"}}
	delay := Entry{ID: 3, Language: "zh", Question: "退款多久到账", Phrasings: []string{"退款什么时候到", "钱多久能退回来", "退款到账时间", "退的钱还没到", "退款几天到"}}
	staff := Entry{ID: 4, Language: "zh", Question: "退款审批权限是多少", Phrasings: []string{"谁能批退款", "退款额度", "退款审批", "退款谁审", "多少钱要主管批"}, Internal: true}
	english := Entry{ID: 5, Language: "en", Question: "How do I get a refund?", Phrasings: []string{"refund please", "money back"}}
	few := Entry{ID: 6, Language: "zh", Question: "怎么更换轮胎", Phrasings: []string{"轮胎更换"}}
	big := small(60, refund, invoice, delay, staff, english, few)
	for _, c := range []struct {
		name, text string
		x          *Index
		limits     Limits
		action     Action
		code       Code
		first      int64
	}{
		{"the same words", "如何申请退款", big, Limits{}, Answer, Exact, 1},
		{"fillers and particles apart", "您好，请问一下怎么申请退款呢？谢谢", big, Limits{}, Answer, Exact, 1},
		{"traditional and full width", "如何申請退款？", big, Limits{}, Answer, Exact, 1},
		{"near", "申请退款的步骤有哪些", big, Limits{}, Answer, Clear, 1},
		{"two fit", "退款", big, Limits{}, Choose, Unsure, 0},
		{"nothing fits", "今天天气如何", big, Limits{}, HandOver, Nothing, 0},
		{"few phrasings, exact", "轮胎怎么更换", big, Limits{}, Answer, Exact, 6},
		{"few phrasings, near", "更换轮胎的流程", big, Limits{}, Choose, FewPhrasings, 6},
		{"a small base, near", "申请退款的步骤有哪些", small(3, refund, invoice), Limits{}, Choose, SmallBase, 1},
		{"a small base, exact", "怎么申请退款", small(3, refund, invoice), Limits{}, Answer, Exact, 1},
		{"for people who work here only", "谁能批退款", big, Limits{}, Choose, Unsure, 0},
		{"and they see it", "谁能批退款", big, Limits{Internal: true}, Answer, Exact, 4},
		{"English", "money back please", big, Limits{Language: "zh"}, Answer, Exact, 5},
		{"a base without English", "how about my refund", small(60, refund), Limits{}, HandOver, Nothing, 0},
		{"an empty base", "如何申请退款", New(nil), Limits{}, HandOver, Nothing, 0},
	} {
		d := c.x.Decide(c.text, c.limits)
		if d.Action != c.action || d.Code != c.code || len(d.Why) == 0 {
			t.Errorf("%s: %s %s (%s) %v, want %s %s", c.name, d.Action, d.Code, d.Why, d.Candidates, c.action, c.code)
			continue
		}
		if c.first != 0 && d.Candidates[0].ID != c.first {
			t.Errorf("%s: %v, want %d first", c.name, d.Candidates, c.first)
		}
		for _, k := range d.Candidates {
			if k.ID == 4 && !c.limits.Internal {
				t.Errorf("%s: shows what is for people who work here: %v", c.name, d.Candidates)
			}
		}
	}
}

func TestWhatCameBefore(t *testing.T) {
	x := learnt(t)
	for _, c := range []struct{ name, after, text, first string }{
		{"how long, after how", "怎样申请退款？", "那多久到账", "退款多久到账？"},
		{"the price, after a recall", "怎样查询我的车是否被召回？", "要钱吗", "召回维修收费吗？"},
		{"the price, after rescue", "怎样呼叫道路救援？", "收费吗", "道路救援收费吗？"},
		{"a question of its own", "怎样呼叫道路救援？", "忘记密码了", "忘记密码怎么办？"},
		{"nothing before", "", "忘记密码了", "忘记密码怎么办？"},
	} {
		d := x.Decide(c.text, Limits{Language: "zh", After: c.after})
		if len(d.Candidates) == 0 || d.Candidates[0].Question != c.first {
			t.Errorf("%s: %s %s %v, want %q", c.name, d.Action, d.Why, d.Candidates, c.first)
		}
	}
}

func TestFind(t *testing.T) {
	x := small(60, refund, Entry{ID: 4, Language: "zh", Question: "退款审批权限", Internal: true})
	if got := x.Find("退款", Limits{}, 10); len(got) != 1 || got[0].ID != 1 {
		t.Errorf("a visitor finds %v", got)
	}
	if got := x.Find("退款", Limits{Internal: true}, 10); len(got) != 2 {
		t.Errorf("an agent finds %v", got)
	}
	if got := x.Find("退款", Limits{Internal: true}, 1); len(got) != 1 {
		t.Errorf("one was asked for: %v", got)
	}
	if got := x.Find("？", Limits{}, 10); len(got) != 0 {
		t.Errorf("nothing was asked: %v", got)
	}
}

// What Decide promises whatever the text.
func FuzzDecide(f *testing.F) {
	for _, s := range []string{"", "退款", "如何申请退款", "\xff\xfe", "转人工", "a-b_c", "退\x00款", "👍？", strings.Repeat("退款", 500)} {
		f.Add(s, false)
	}
	f.Add("款", true) // lifts one that is not the nearest
	x := small(60, refund, Entry{ID: 4, Language: "zh", Question: "谁能批退款", Internal: true}, Entry{ID: 5, Language: "en", Question: "refund"})
	f.Fuzz(func(t *testing.T, s string, internal bool) {
		d := x.Decide(s, Limits{Internal: internal, After: "如何申请退款"})
		if len(d.Why) == 0 || d.Code == "" {
			t.Fatalf("no reason: %+v", d)
		}
		if n := len(d.Candidates); n > choices || (d.Action == Answer || d.Action == Choose) != (n > 0) {
			t.Fatalf("%s with %d candidates", d.Action, n)
		}
		last := math.Inf(1)
		lifted := slices.ContainsFunc(d.Why, func(r phrase.Reason) bool { return r.Code == "assist.lifted" })
		for i, c := range d.Candidates {
			if c.Score > last && (i != 1 || !lifted) || c.Score < 0 || c.Score > 1.0001 || math.IsNaN(c.Score) {
				t.Fatalf("scores: %+v", d.Candidates)
			}
			last = c.Score
			if c.ID == 4 && !internal {
				t.Fatalf("shown to a visitor: %+v", d.Candidates)
			}
		}
	})
}

func BenchmarkDecide(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		x := New(made(n))
		texts := []string{"请问我的订单什么时候可以退款到账呢", "充电桩充不上电怎么办", "发票抬头开错了可以重新开吗", "上次保养之后车子有异响还漏油是不是可以免费处理，我已经联系过门店他们让我找你们"}
		b.Run(fmt.Sprintf("questions=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			var took []time.Duration
			for b.Loop() {
				begin := time.Now()
				x.Decide(texts[len(took)%len(texts)], Limits{Language: "zh"})
				took = append(took, time.Since(begin))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

func BenchmarkNew(b *testing.B) {
	entries := made(10_000)
	for b.Loop() {
		New(entries)
	}
}

// made returns n questions with six phrasings each, of words that occur as
// unevenly as in real questions.
func made(n int) []Entry {
	things := strings.Fields("退款 发票 保养 召回 质保 充电 电池 轮胎 刹车片 空调 导航 蓝牙 钥匙 账户 密码 订单 配件 保险 救援 拖车 年检 上牌 过户 里程 升级 天窗 座椅 雷达 摄像头 雨刮 大灯 机油 变速箱 底盘 异响 漏油 积分 优惠券 门店 预约")
	acts := strings.Fields("怎么申请 如何查询 多久到账 在哪里办理 可以取消吗 需要什么材料 收费吗 坏了怎么办 打不开 连不上 不亮了 什么时候好 怎么更换 能不能退 多少钱")
	more := strings.Fields("我的 昨天 上个月 新车 二手车 公司 家用 这台 之前 刚刚 周末 节假日 外地 高速 小区 车库 手机 网上 门店 电话")
	var out []Entry
	for i := range n {
		e := Entry{ID: int64(i + 1), Language: "zh", Text: "您可以在系统中办理，客服会在一个工作日内与您联系。"}
		a, b := things[i%len(things)], things[(i/len(things))%len(things)]
		for p := range 7 {
			w := more[(i*7+p*3)%len(more)] + a + acts[(i/3+p)%len(acts)] + b + more[(i+p*11)%len(more)]
			if p == 0 {
				e.Question = w
			} else {
				e.Phrasings = append(e.Phrasings, w)
			}
		}
		out = append(out, e)
	}
	return out
}
