package flow

import (
	"strings"
	"testing"
)

// said is a dialogue and what has to come of it.
type said struct {
	flow       string
	says       []string
	asks       string
	slot, want string
}

// hearsAll plays dialogues in which nothing may be written.
func hearsAll(t *testing.T, known map[string][]string, all []said) {
	t.Helper()
	for _, x := range all {
		asks, values, writes := heard(x.flow, known, x.says...)
		if asks != x.asks || x.slot != "" && values[x.slot].Text != x.want || writes > 0 {
			t.Errorf("%s: asks for %s, not %s; %s is %q, not %q; %d writes", strings.Join(x.says, " | "), asks, x.asks, x.slot, values[x.slot].Text, x.want, writes)
		}
	}
}

// A counter-question is no answer: what was asked is asked again.
func TestCounterQuestion(t *testing.T) {
	t.Parallel()
	idea := []string{"建议 停车场搭个雨棚"}
	hearsAll(t, person, []said{
		{"suggestion", append(idea, "什么意思？告诉我啥"), "reply", "reply", ""},
		{"suggestion", append(idea, "通知谁啊"), "reply", "reply", ""},
		{"suggestion", append(idea, "what do you mean by that"), "reply", "reply", ""},
		{"suggestion", append(idea, "没看懂你问的"), "reply", "reply", ""},
		{"suggestion", append(idea, "为啥要问这个"), "reply", "reply", ""},
		{"recall_look_up", []string{"查召回", "登记了会不会占用我的质保名额"}, "book", "book", ""},
		{"recall_look_up", []string{"查召回", "登记是干啥用的"}, "book", "book", ""},
		{"complaint", []string{"投诉 前台爱答不理", "投诉会不会被店里知道"}, "wish", "wish", ""},
		{"complaint", []string{"投诉 前台爱答不理", "what do you mean"}, "wish", "wish", ""},
		{"complaint", []string{"投诉 交车太离谱", "这几类有啥区别"}, "subject", "subject", ""},
		{"survey", []string{"评价", "4", "解决啥"}, "solved", "solved", ""},
		{"warranty_question", []string{"电池质保", "三万六", "申请了要不要钱"}, "apply", "apply", ""},
		{"repair_booking", []string{"约喷漆 明天上午九点", "喷完会不会有色差"}, "confirm", "service", "paint"},
		{"repair_booking", []string{"约喷漆 明天上午九点", "确认啥"}, "confirm", "service", "paint"},
		// what puts an answer forward, or asks for it, is one
		{"callback", []string{"给我回电", "发票的事", "周二可以吗"}, "confirm", "when", "2026-12-01"},
		{"callback", []string{"给我回电", "发票的事", "明天下午行不行"}, "confirm", "when", "2026-11-30T12:00/2026-11-30T18:00"},
		{"progress", []string{"GD-1001", "能不能帮我催一下"}, "confirm", "urge", Yes},
		{"complaint", []string{"投诉 前台爱答不理", "能不能让她当面道歉"}, "confirm", "wish", "能不能让她当面道歉"},
		{"suggestion", append(idea, "没啥，不用"), "confirm", "reply", No},
		{"suggestion", append(idea, "不用不用"), "confirm", "reply", No},
		{"fault_report", []string{"仪表盘亮黄灯", "能开，没啥感觉"}, "when", "drivable", Yes},
	})
}

// One of the things that are known is meant by its beginning, or as the other one.
func TestOtherOfTwo(t *testing.T) {
	t.Parallel()
	known := map[string][]string{"contact.phone": {"13800138000", "13911112222"}, "contact.vin": {goodVIN, secondVIN}, "contact.plate": {"沪A12345", "苏B98765"}, "contact.city": {"上海"}, "contact.reference": {"GD-8093", "DD-20261112"}}
	hearsAll(t, known, []said{
		{"progress", []string{"查进度", "GD打头的"}, "urge", "number", "GD-8093"},
		{"progress", []string{"查进度", "the one that starts with DD"}, "urge", "number", "DD-20261112"},
		{"progress", []string{"查进度", "the DD one"}, "urge", "number", "DD-20261112"},
		{"progress", []string{"查进度", "GD开头那张", "再看看另一张单"}, "urge", "number", "DD-20261112"},
		{"recall_look_up", []string{"查召回", "尾号4719", "那另外一辆呢"}, "book", "vin", goodVIN},
		{"recall_look_up", []string{"查召回", "尾号4719", "看下另一台"}, "book", "vin", goodVIN},
		{"recall_look_up", []string{"查召回", "尾号4719", "what about my other car"}, "book", "vin", goodVIN},
		{"repair_booking", []string{"约喷漆 明天上午九点", "苏B开头的", "139开头的"}, "confirm", "phone", "13911112222"},
		{"repair_booking", []string{"约喷漆 明天上午九点", "沪A开头的", "138打头的", "换成另一个手机号"}, "confirm", "phone", "13911112222"},
		// what belongs to neither, or is told of another, changes nothing
		{"progress", []string{"查进度", "TS开头的"}, "number", "number", ""},
		{"fault_report", []string{"被另一辆车追尾了 后备箱关不上", "尾号4719那辆 能开"}, "when", "vin", secondVIN},
	})
}

// Another flow goes first where it is said so, and this one goes on afterwards.
func TestOtherFirst(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		flow, then string
		says       []string
		asks       string
	}{
		{"complaint", "repair_booking", []string{"投诉 前台爱答不理", "投诉先放一放，帮我约个保养"}, "when"},
		{"complaint", "repair_booking", []string{"投诉 前台爱答不理", "先给我预约换轮胎，这个等下再说"}, "when"},
		{"complaint", "progress", []string{"投诉 前台爱答不理", "等会儿接着投诉，先帮我查下订单进度"}, "number"},
		{"complaint", "repair_booking", []string{"complaint about a rude clerk", "book me an appointment for paint first, the complaint can wait"}, "when"},
		{"survey", "callback", []string{"评价", "先让人给我打个电话，评价待会儿再弄"}, "about"},
		{"complaint", "complaint", []string{"投诉 前台爱答不理", "先把我的车修好再说"}, "confirm"},
		{"complaint", "complaint", []string{"投诉 前台爱答不理", "先道歉，赔偿回头再谈"}, "confirm"},
		{"repair_booking", "repair_booking", []string{"约喷漆", "先看周三，不行再说"}, "confirm"},
	} {
		if f := talked(x.flow, person, x.says...); f.Flow != x.then || f.Slot != x.asks && string(f.Waiting) != x.asks {
			t.Errorf("%v: %s asks for %s %s, not %s for %s", x.says, f.Flow, f.Waiting, f.Slot, x.then, x.asks)
		}
	}
}

// The first message tells several things at once.
func TestSeveralFacts(t *testing.T) {
	t.Parallel()
	hearsAll(t, person, []said{
		{"fault_report", []string{"亮了个黄灯，但勉强能开，昨天开始的"}, "confirm", "drivable", Yes},
		{"fault_report", []string{"油门没反应，慢慢还可以开"}, "when", "drivable", Yes},
		{"fault_report", []string{"it makes a grinding noise but it still drives, since yesterday"}, "confirm", "drivable", Yes},
		{"fault_report", []string{"方向盘很重，不敢继续开"}, "when", "drivable", No},
		{"complaint", []string{"投诉！洗个车擅自加了80块打蜡，要求把80块退给我"}, "confirm", "subject", "price"},
		{"complaint", []string{"投诉！洗个车擅自加了80块打蜡，要求把80块退给我"}, "confirm", "wish", "要求把80块退给我"},
		{"complaint", []string{"投诉，约好十点，干等了俩小时，希望你们给个说法"}, "confirm", "wish", "希望你们给个说法"},
		{"complaint", []string{"投诉，约好十点，干等了俩小时"}, "wish", "subject", "delay"},
		{"warranty_question", []string{"电池还保不保，跑了四万二"}, "apply", "mileage", "42000"},
	})
}

// A yes that is not sure of itself shows the summary again.
func TestHesitates(t *testing.T) {
	t.Parallel()
	for _, says := range []string{"应该没错吧", "好像没问题", "大概是这样吧", "估计对", "看着好像是对的", "差不多吧", "i think so", "should be right i guess", "I think that's correct", "probably fine"} {
		if asks, _, writes := heard("repair_booking", person, "约喷漆 明天上午九点", says); asks != "confirm" || writes > 0 {
			t.Errorf("%s asks for %s, %d writes", says, asks, writes)
		}
		if _, _, writes := heard("repair_booking", person, "约喷漆 明天上午九点", says, "对的，都没错"); writes != 1 {
			t.Errorf("%s and a yes writes %d times", says, writes)
		}
	}
	for says, want := range map[string]string{"应该是后天": "2026-12-01T09:00", "好像说错了，是后天": "2026-12-01T09:00", "i think it should be Wednesday": "2026-12-02T09:00"} {
		if _, values, _ := heard("repair_booking", person, "约喷漆 明天上午九点", says); values["when"].Text != want {
			t.Errorf("%s: %q", says, values["when"].Text)
		}
	}
}

// The end of a number goes to the value that it is most like.
func TestEndFits(t *testing.T) {
	t.Parallel()
	known := map[string][]string{"contact.vin": {goodVIN}}
	report := []string{"仪表盘亮黄灯", "能开", "昨天", "17633308215"}
	hearsAll(t, known, []said{
		{"fault_report", append(report, "后四位是8251，手快打反了"), "confirm", "phone", "17633308251"},
		{"fault_report", append(report, "最后两位写反了，51"), "confirm", "phone", "17633308251"},
		{"fault_report", append(report, "末四位应该是 8218"), "confirm", "phone", "17633308218"},
		{"fault_report", append(report, "sorry, the last four are 8251"), "confirm", "phone", "17633308251"},
		{"fault_report", append(report, "手机号末尾不是15是51"), "confirm", "phone", "17633308251"},
		{"fault_report", append(report, "最后一次响是前天"), "confirm", "phone", "17633308215"},
	})
	hearsAll(t, person, []said{
		{"complaint", []string{"投诉 多收了钱 乱收费", "80", "退给我", "翻到小票了，是85"}, "confirm", "amount", "85.00"},
		{"complaint", []string{"投诉 多收了钱 乱收费", "80", "退给我", "just checked the receipt, it says 95"}, "confirm", "amount", "95.00"},
		{"complaint", []string{"投诉 多收了钱 乱收费", "80", "退给我", "我等了30分钟"}, "confirm", "amount", "80.00"},
		{"complaint", []string{"投诉 多收了钱 乱收费", "80", "退给我", "去问了3次都没人管"}, "confirm", "amount", "80.00"},
	})
}

// What was not understood, and what was said by the way, is not written by a bare yes.
func TestNotUnderstood(t *testing.T) {
	t.Parallel()
	for _, says := range [][]string{
		{"评价", "2", "哎呀刚刚那题弄岔了", "修好了", "没了", "好的"},
		{"评价", "5", "修好了", "没了", "休息室的水果也不错", "嗯"},
		{"投诉 前台爱答不理", "让她道歉", "周六上午十点", "好"},
		{"投诉 前台爱答不理", "让她道歉", "嗯，约"},
		{"投诉 前台爱答不理", "让她道歉", "催吧"},
	} {
		flow := "survey"
		if strings.HasPrefix(says[0], "投诉") {
			flow = "complaint"
		}
		if asks, values, writes := heard(flow, person, says...); writes > 0 {
			t.Errorf("%v: asks for %s, %v, %d writes", says, asks, values, writes)
		}
	}
}
