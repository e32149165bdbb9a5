package flow

import (
	"testing"
)

const secondVIN = "LVGBH51K7MG104719"

// heard is what comes of messages in a flow: what is asked for then, the values, and
// how often something was written.
func heard(flow string, known map[string][]string, says ...string) (asks string, values map[string]Value, writes int) {
	seams := &stub{script: Script{Replies: []Reply{
		{Seam: "vehicle.look_up", Found: map[string]string{"model": "EV5"}},
		{Seam: "recall.look_up", Found: map[string]string{"count": "1", "name": "R", "remedy": "x"}},
		{Seam: "workshop.free", Found: map[string]string{"place": "浦东", "time": "周二"}},
		{Seam: "warranty.look_up", Found: map[string]string{"terms": "8年", "until": "2030", "covered": "是"}},
	}}}
	e := Engine{Flows: taught(), Seams: seams, Known: known}
	var state State
	var turn Turn
	for i, text := range says {
		m := Message{Text: text, Language: "zh", Reading: Reading{Now: scriptTime, Zone: scriptZone}, Run: "script"}
		if i == 0 {
			m.Start = flow
		}
		turn = e.Take(state, m)
		state = turn.State
	}
	return turn.Asks(), turn.Values(), len(seams.written)
}

// A yes after a wish that was put as a question, and that nobody heard, writes
// nothing that was not shown since. One after a question for facts counts.
func TestYesAfterQuestion(t *testing.T) {
	t.Parallel()
	const summary = "约保养 明天上午九点"
	for _, x := range []struct {
		asked, when, asks string
		writes            int
	}{
		{"能约后天吗", "2026-12-01T09:00", "done", 1},
		{"能不能约后天", "2026-12-01T09:00", "done", 1},
		{"可不可以下午三点", "2026-11-30T15:00", "done", 1},
		{"有没有后天的", "2026-12-01T09:00", "done", 1},
		{"后天还有位置吗", "2026-12-01T09:00", "done", 1},
		{"你们能上门吗", "2026-11-30T09:00", "confirm", 0},
		{"可以用代步车吗", "2026-11-30T09:00", "confirm", 0},
		{"能不能换个近点的店", "2026-11-30T09:00", "confirm", 0},
		{"多久能弄好", "2026-11-30T09:00", "done", 1},
		{"怎么是这个时间", "2026-11-30T09:00", "confirm", 0},
		{"我问下老婆", "2026-11-30T09:00", "confirm", 0},
	} {
		if _, values, _ := heard("repair_booking", person, summary, x.asked); values["when"].Text != x.when {
			t.Errorf("%s: %s, not %s", x.asked, values["when"].Text, x.when)
		}
		if asks, _, writes := heard("repair_booking", person, summary, x.asked, "好的"); asks != x.asks || writes != x.writes {
			t.Errorf("%s 好的 leads to %s and writes %d times", x.asked, asks, writes)
		}
	}
}

// What asks whether it is right, or says both, is no yes.
func TestHardlyYes(t *testing.T) {
	t.Parallel()
	for _, says := range []string{"no yes", "yes no", "no, yes", "对的吧", "是吧", "没错吧", "应该是吧", "应该没错吧", "不 是的", "是不 是的吧", "对吧", "是这样吧"} {
		if asks, _, writes := heard("repair_booking", person, "约保养 明天上午九点", says); writes > 0 || asks == "done" {
			t.Errorf("%s is taken for a yes", says)
		}
	}
	for _, says := range []string{"好吧", "行吧", "就这样吧", "可以吧就这样", "no problem", "不错 就这样"} {
		if _, _, writes := heard("repair_booking", person, "约保养 明天上午九点", says); writes != 1 {
			t.Errorf("%s is taken for none", says)
		}
	}
}

// One of several cars is meant by its end in any message.
func TestEndOfCar(t *testing.T) {
	t.Parallel()
	known := map[string][]string{"contact.phone": {"13800138000"}, "contact.vin": {goodVIN, secondVIN}, "contact.plate": {"沪A12345", "沪B98765"}, "contact.city": {"上海"}}
	for _, x := range []struct{ flow, slot, says, want string }{
		{"fault_report", "vin", "尾号4719那辆 发动机异响", secondVIN},
		{"recall_look_up", "vin", "查召回 尾号4719", secondVIN},
		{"recall_look_up", "vin", "第二辆车有没有召回", secondVIN},
		{"warranty_question", "vin", "尾号4719的车 电池还在保吗", secondVIN},
		{"warranty_question", "vin", "car ending in 4847, is the battery covered", goodVIN},
		{"repair_booking", "plate", "尾号8765的车约保养 明天上午九点", "沪B98765"},
		{"fault_report", "vin", "尾号1111那辆 发动机异响", ""},
	} {
		if _, values, _ := heard(x.flow, known, x.says); values[x.slot].Text != x.want {
			t.Errorf("%s: %s, not %s", x.says, values[x.slot].Text, x.want)
		}
	}
	if _, values, writes := heard("recall_look_up", known, "查召回 尾号4847", "登记", "不对 是尾号4719那辆"); values["vin"].Text != secondVIN || writes > 0 {
		t.Errorf("%s, %d writes", values["vin"].Text, writes)
	}
}

// Of several times that will do, days that follow each other are a span; of others
// one has to be chosen.
func TestSeveralTimes(t *testing.T) {
	t.Parallel()
	readAll(t, Slot{Type: Moment, Future: true}, true, []reading{
		{"周三周四都行", "2026-12-02/2026-12-03"},
		{"周三或者周四", "2026-12-02/2026-12-03"},
		{"周四或周三", "2026-12-02/2026-12-03"},
		{"周三到周五", "2026-12-02/2026-12-04"},
		{"周六周日", "2026-12-05/2026-12-06"},
		{"周六日", "2026-12-05/2026-12-06"},
		{"下周三周四", "2026-12-02/2026-12-03"},
		{"明天后天都行 看你们", "2026-11-30/2026-12-01"},
		{"1号或者2号", "2026-12-01/2026-12-02"},
		{"3、4号都可以", "2026-12-03/2026-12-04"},
		{"wednesday or thursday", "2026-12-02/2026-12-03"},
		{"周三或者周五", "flow.moment_two"},
		{"周一三五都行", "flow.moment_two"},
		{"周三或者周四下午", "flow.moment_two"},
		{"周三上午十点或者下午三点", "flow.moment_two"},
		{"上午下午都行", "flow.moment_none"},
		{"周三上午下午都行", "2026-12-02"},
		{"明天周一", "2026-11-30"},
		{"下周三12月2号", "2026-12-02"},
		{"周三不行 周四吧", "2026-12-03"},
		{"周三，不对，周四", "2026-12-03"},
		{"12月6号 周日那天下午", "2026-12-06T12:00/2026-12-06T18:00"},
		{"周三周四上班，周五来", "2026-12-04"},
		{"12月3日下午三点", "2026-12-03T15:00"},
		{"明天下午两点到四点", "2026-11-30T14:00/2026-11-30T16:00"},
	})
	readAll(t, Slot{Type: Moment, Past: true}, true, []reading{{"昨天今天都响", "2026-11-28"}})
}

// What somebody says at the summary changes what they mean, and nothing else.
func TestToldAtSummary(t *testing.T) {
	t.Parallel()
	two := map[string][]string{"contact.phone": {"13800138000"}, "contact.vin": {goodVIN, secondVIN}}
	booking, fault := []string{"约保养 后天下午三点"}, []string{"仪表盘亮黄灯", "能开", "昨天"}
	for _, x := range []struct {
		flow  string
		known map[string][]string
		says  []string
		slot  string
		want  string
	}{
		{"repair_booking", person, append(booking, "电话最后两位是88"), "phone", "13800138088"},
		{"repair_booking", person, append(booking, "车牌最后一位是6不是5"), "plate", "沪A12346"},
		{"repair_booking", person, append(booking, "手机最后四位打错了 是2270"), "phone", "13800132270"},
		{"repair_booking", person, append(booking, "我在苏州 不是上海"), "city", "苏州"},
		{"repair_booking", person, append(booking, "上午行不"), "when", "2026-12-01T08:00/2026-12-01T12:00"},
		{"fault_report", person, append(fault, "手机换一个13812345678 另外是前天开始的"), "when", "2026-11-27"},
		{"fault_report", person, append(fault, "补充一下 还有异响"), "symptom", "仪表盘亮黄灯；还有异响"},
		{"fault_report", person, append(fault, "还有 空调也不凉"), "symptom", "仪表盘亮黄灯；空调也不凉"},
		{"fault_report", person, append(fault, "加急处理"), "symptom", "仪表盘亮黄灯"},
		{"fault_report", two, []string{"仪表盘亮黄灯", "能开", "尾号4847", "昨天", "搞错车了 是另一辆"}, "vin", secondVIN},
		{"survey", person, []string{"评价", "4", "好了", "跳过", "再加一条 洗车不干净"}, "comment", "洗车不干净"},
		{"complaint", person, []string{"投诉 前台爱答不理", "让她道歉", "诉求加上赔偿200"}, "wish", "让她道歉；赔偿200"},
		{"complaint", person, []string{"complaint about overcharging", "80 yuan", "refund it", "actually it was 90"}, "amount", "90.00"},
		{"callback", person, []string{"给我回电", "发票的事", "就是车的问题"}, "when", ""},
		{"repair_booking", person, append(booking, "可以 但我想上午"), "when", "2026-12-01T08:00/2026-12-01T12:00"},
		{"repair_booking", person, append(booking, "城市搞错了 我在昆山"), "city", "昆山"},
		{"repair_booking", person, append(booking, "不保养了 改成喷漆 前杠刮了"), "service", "paint"},
		{"callback", person, []string{"给我回电", "发票的事", "跳过", "号码换成13700001111 时间下午"}, "when", "2026-11-29T12:00/2026-11-29T18:00"},
		{"callback", person, []string{"给我回电", "发票的事", "tomorrow between 2 and 4 pm", "make it 3 to 5"}, "when", "2026-11-30T15:00/2026-11-30T17:00"},
		{"suggestion", person, []string{"建议 多放几把椅子", "不必", "把椅子改成沙发"}, "idea", "建议 多放几把沙发"},
		{"complaint", person, []string{"投诉 质量太差 漆面起泡", "给我重新喷一遍", "不要喷了 要求换车门"}, "wish", "换车门"},
		{"fault_report", person, append(fault, "车架号是不是填错了"), "vin", goodVIN},
		{"fault_report", person, append(fault, "vin后四位是4847对吧"), "phone", "13800138000"},
		{"warranty_question", person, []string{"电池质保", "3万", "要", "充电慢得要死", "改一下问题描述 是充不进去"}, "symptom", "充不进去"},
		{"repair_booking", person, append(booking, "不是", "时间和车牌都不对", "周六 沪C11111"), "plate", "沪C11111"},
		{"survey", person, []string{"评分", "3", "嗯", "无", "评论加一句 师傅不错"}, "comment", "师傅不错"},
		{"repair_booking", person, append(booking, "可以 提前给我打个电话"), "plate", "沪A12345"},
		{"suggestion", person, []string{"suggestion: more chargers", "yes, to amy@example.com", "that's amy.li@example.com"}, "email", "amy.li@example.com"},
		{"repair_booking", person, append(booking, "怎么是后天 我要约大后天"), "when", "2026-12-02T15:00"},
		{"fault_report", person, append(fault, "嗯 电话换成13700001111 对了 是前晚"), "when", "2026-11-27T18:00/2026-11-28T00:00"},
		{"survey", person, []string{"survey", "4/5", "yes", "no", "actually 5"}, "score", "5"},
		{"suggestion", person, []string{"建议 增加夜间服务", "要", "abc@qq.com", "算了 别回复了"}, "reply", No},
		{"suggestion", person, []string{"建议 增加夜间服务", "不用", "还是回复我吧 发到abc@qq.com"}, "email", "abc@qq.com"},
	} {
		if asks, values, writes := heard(x.flow, x.known, x.says...); values[x.slot].Text != x.want || writes > 0 {
			t.Errorf("%v: %s is %q, not %q; asks for %s, %d writes", x.says, x.slot, values[x.slot].Text, x.want, asks, writes)
		}
	}
	for says, want := range map[string]string{"算了就这个吧": "confirm", "算了": "done", "算了 不约了": "done"} {
		if asks, _, writes := heard("repair_booking", person, booking[0], says); asks != want && asks != string(ForChange) || writes > 0 {
			t.Errorf("%s asks for %s, %d writes", says, asks, writes)
		}
	}
}

// A city is a place, and one of them.
func TestPlace(t *testing.T) {
	t.Parallel()
	for says, want := range map[string]string{"杭州还是苏州近啊": "", "我也不知道哪个近": "", "昆山": "昆山", "哈尔滨道里区": "哈尔滨道里区", "我在苏州呢": "苏州", "Suzhou": "Suzhou"} {
		if _, values, _ := heard("repair_booking", map[string][]string{}, "约喷漆", says); values["city"].Text != want {
			t.Errorf("%s: %q, not %q", says, values["city"].Text, want)
		}
	}
}

// An answer is what is meant, and what only agrees is none where something is to
// be told.
func TestMeantAnswer(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		flow       string
		says       []string
		slot, want string
		asks       string
	}{
		{"complaint", []string{"投诉 多收了钱 乱收费", "不是三百八 是八百三"}, "amount", "830.00", "wish"},
		{"complaint", []string{"投诉 前台爱答不理", "就这样提交吧"}, "wish", "", "confirm"},
		{"complaint", []string{"投诉 交车一拖再拖", "是这样"}, "subject", "", "subject"},
		{"complaint", []string{"I want to complain, your salesman was very rude to my mother"}, "subject", "attitude", "wish"},
		{"repair_booking", []string{"保养和补漆一起做"}, "service", "", "service"},
		{"repair_booking", []string{"oil change", "Dec 5 at half past two"}, "when", "2026-12-05T14:30", "confirm"},
		{"repair_booking", []string{"oil change", "in about two days"}, "when", "2026-12-01", "confirm"},
		{"warranty_question", []string{"电池还保吗", "五万八", "哦不 表上是8万5"}, "mileage", "85000", "apply"},
		{"survey", []string{"评价", "最低的那个！"}, "score", "1", "solved"},
		{"survey", []string{"评价", "3", "我也不清楚 不评了"}, "score", "", "done"},
		{"account_help", []string{"注销账号", "等等 先不注销"}, "topic", "", "done"},
		{"repair_booking", []string{"帮我约后天上午，不不不，大后天上午做保养"}, "when", "2026-12-02T08:00/2026-12-02T12:00", "confirm"},
		{"repair_booking", []string{"约喷漆", "下周二吧 算了还是下周三"}, "when", "2026-12-02", "confirm"},
		{"fault_report", []string{"昨天下午不对是前天下午突然没动力了"}, "when", "2026-11-27T12:00/2026-11-27T18:00", "drivable"},
		{"account_help", []string{"验证码收不到", "等等 我看看拦截短信里头"}, "solved", "", "solved"},
		{"suggestion", []string{"我想提个建议", "唉 突然想不起来了 改天再说吧"}, "idea", "", "done"},
		{"fault_report", []string{"车子有时候自己熄火", "有时候能开有时候不能"}, "drivable", "", "drivable"},
		{"fault_report", []string{"左后门关不严", "昨天洗车以后"}, "drivable", "", "drivable"},
		{"fault_report", []string{"车窗升不上去", "这也要问？能啊"}, "drivable", Yes, "when"},
		{"complaint", []string{"投诉 被坑了 乱收费", "退给我"}, "wish", "退给我", "amount"},
		{"complaint", []string{"投诉 售后踢皮球", "尽快解决", "撤了吧 他们刚给我打电话了"}, "story", "", "done"},
		{"callback", []string{"给我回电", "发票的事", "除了周三都行"}, "when", "", "when"},
		{"callback", []string{"给我回电", "发票的事", "晚上别打"}, "when", "", "when"},
		{"callback", []string{"给我回电", "发票的事", "weekday evenings"}, "when", "", "confirm"},
		{"callback", []string{"打给我", "刚才没接到你们电话"}, "when", "", "when"},
		{"account_help", []string{"收不到验证码", "换手机号"}, "topic", "phone", "confirm"},
		{"complaint", []string{"投诉 客服爱答不理", "让那个客服给我道歉"}, "wish", "让那个客服给我道歉", "confirm"},
		{"progress", []string{"GD-1001", "could you push them a bit? I need the car this week"}, "urge", Yes, "confirm"},
		{"repair_booking", []string{"想做个四轮定位", "你们周末开门不"}, "when", "", "when"},
		{"suggestion", []string{"提个意见，维修进度最好能发短信提醒，有结果发到 sunyan@163.com"}, "reply", Yes, "confirm"},
		{"suggestion", []string{"建议 多放几把椅子", "嗯…我想想"}, "reply", "", "reply"},
		{"complaint", []string{"投诉 质量太差", "给我修好"}, "wish", "给我修好", "confirm"},
		{"repair_booking", []string{"book a service", "tmr 3pm"}, "when", "2026-11-30T15:00", "confirm"},
		{"progress", []string{"GD-1001", "能快点吗"}, "urge", Yes, "confirm"},
		{"warranty_question", []string{"电池质保", "六位数了 十万零三百"}, "mileage", "100300", "apply"},
		{"warranty_question", []string{"电池质保", "开了两年 3万"}, "mileage", "30000", "apply"},
		{"warranty_question", []string{"电机质保", "一万二", "要申请", "有异响"}, "symptom", "", "symptom"},
		{"fault_report", []string{"发动机异响", "快！"}, "drivable", "", "drivable"},
		{"progress", []string{"GD-1001", "让负责人给我回个电话"}, "phone", "", "about"},
	} {
		if asks, values, writes := heard(x.flow, person, x.says...); values[x.slot].Text != x.want || asks != x.asks || writes > 0 {
			t.Errorf("%v: %s is %q, not %q; asks for %s, not %s", x.says, x.slot, values[x.slot].Text, x.want, asks, x.asks)
		}
	}
}
