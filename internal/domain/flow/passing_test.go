package flow

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// talked plays what a person says to a flow and returns the values that it then has,
// and what it waits for.
func talked(id string, known map[string][]string, says ...string) Frame {
	f, _ := taught().Latest(id)
	e := Engine{Flows: taught(), Seams: &stub{script: Script{Replies: []Reply{{Seam: "warranty.look_up", Found: map[string]string{"covered": "是"}}, {Seam: "workshop.free", Found: map[string]string{"place": "滨江服务中心", "time": "12月2日 10:00"}}}}}, Known: known}
	var state State
	for i, text := range says {
		m := Message{Text: text, Language: "zh", Reading: Reading{Now: scriptTime, Zone: scriptZone}, Run: "script"}
		if i == 0 {
			m.Start = f.ID
		}
		state = e.Take(state, m).State
	}
	if len(state.Frames) == 0 {
		return Frame{}
	}
	return state.Frames[len(state.Frames)-1]
}

// A word for the present moves a moment only where the message is about it.
func TestPassing(t *testing.T) {
	t.Parallel()
	known := map[string][]string{"contact.phone": {"13800138000"}, "contact.vin": {"LGWEF4A58KF128306"}}
	for _, x := range []struct{ says, when, phone string }{
		{"号码得换一下 现在用的是18502937416", "2026-11-28", "18502937416"},
		{"电话不对，刚刚换了号，18502937416", "2026-11-28", "18502937416"},
		{"sorry, I use 18502937416 now", "2026-11-28", "18502937416"},
		{"不对，我现在人在外地", "2026-11-28", "13800138000"},
		{"时间不对，是刚才", "2026-11-29T10:00", "13800138000"},
		{"改成现在", "2026-11-29T10:00", "13800138000"},
		{"不对，刚刚发生的", "2026-11-29T10:00", "13800138000"},
		{"不是，就刚才", "2026-11-29T10:00", "13800138000"},
		{"不对，现在想起来是前天", "2026-11-27", "13800138000"},
		{"应该是今天", "2026-11-29", "13800138000"},
	} {
		f := talked("fault_report", known, "空调异响", "能开", "昨天", x.says)
		if f.Values["when"].Text != x.when || f.Values["phone"].Text != x.phone {
			t.Errorf("%s: when %q, phone %q; not %q, %q", x.says, f.Values["when"].Text, f.Values["phone"].Text, x.when, x.phone)
		}
	}
}

// Who takes back what was said and gives the other answer has corrected it.
func TestDeniesFirst(t *testing.T) {
	t.Parallel()
	known := map[string][]string{"contact.phone": {"13800138000"}, "contact.vin": {"LGWEF4A58KF128306"}}
	for _, says := range []string{"哎不是 它刚才彻底不动弹了 开不了", "不是，现在走不了", "不对不对，又趴窝了", "诶不是啊，打不着火", "no wait, it won't start"} {
		f := talked("fault_report", known, "空调异响", "能开", says)
		if f.Values["drivable"].Text != No || f.Slot != "when" {
			t.Errorf("%s: drivable %q, asks %q", says, f.Values["drivable"].Text, f.Slot)
		}
		f = talked("fault_report", known, "空调异响", "能开", "昨天", says)
		if f.Values["drivable"].Text != No || f.Values["when"].Text != "2026-11-28" || f.Waiting != ForConfirm {
			t.Errorf("%s at the confirmation: drivable %q, when %q, waits for %q", says, f.Values["drivable"].Text, f.Values["when"].Text, f.Waiting)
		}
	}
}

// A city is found where a message says that something is to be done in it, and in
// the name of no street.
func TestCityInOpening(t *testing.T) {
	t.Parallel()
	for says, city := range map[string]string{
		"想在成都换两条轮胎":     "成都",
		"我在成都市做个保养":     "成都",
		"想去武汉修车":        "武汉",
		"在南京路换轮胎":       "",
		"车停在北京西路，做个保养":  "",
		"在成都或者在重庆做保养都行": "",
		"预约保养":          "",
	} {
		if f := talked("repair_booking", nil, says); f.Values["city"].Text != city {
			t.Errorf("%s: %q, not %q", says, f.Values["city"].Text, city)
		}
	}
	known := map[string][]string{"contact.city": {"武汉"}}
	if f := talked("repair_booking", known, "想在成都换两条轮胎"); f.Values["city"].Text != "成都" {
		t.Errorf("what is said gives way to what was known: %q", f.Values["city"].Text)
	}
}

// What ends a thing is told from a no to what is asked.
func TestDropped(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		flow string
		says []string
		ends bool
	}{
		{"suggestion", []string{"希望能看到维修实时画面", "哦那算了 不提了"}, true},
		{"suggestion", []string{"希望能看到维修实时画面", "算了 不用回了"}, false},
		{"callback", []string{"找个人给我打电话", "保险理赔的事", "不用打了 我刚才已经问清楚了"}, true},
		{"callback", []string{"找个人给我打电话", "保险理赔的事", "不用说具体时间了"}, false},
	} {
		if f := talked(x.flow, map[string][]string{"contact.phone": {"13800138000"}}, x.says...); (f.Flow == "") != x.ends {
			t.Errorf("%v: open is %q", x.says, f.Flow)
		}
	}
}

// What somebody does not know is not now, and an hour may stand before its part
// of the day.
func TestNowAndHours(t *testing.T) {
	t.Parallel()
	s := Slot{Type: Moment, Past: true}
	for says, want := range map[string]string{
		"i don't know":               "",
		"all accurate now, submit":   "",
		"it happened just now":       "2026-11-29T10:00",
		"right now":                  "2026-11-29T10:00",
		"at 8 this morning":          "2026-11-29T08:00",
		"around 9 yesterday evening": "2026-11-28T21:00",
	} {
		if v, _ := s.Read(says, true, Reading{Now: scriptTime, Zone: scriptZone}); v.Text != want {
			t.Errorf("%s: %q, not %q", says, v.Text, want)
		}
	}
	for _, says := range []string{"do it", "please do it now"} {
		if isQuestion(says) {
			t.Errorf("%s is no question", says)
		}
	}
}

// The end of a number is put right whatever was asked, and is no option.
func TestEndPutRight(t *testing.T) {
	t.Parallel()
	for _, says := range []string{"最后一位不是8是9", "最后一位是9", "尾号错了 应该是9"} {
		f := talked("account_help", nil, "账号有点事 13812345678", says)
		if f.Values["phone"].Text != "13812345679" || f.Values["topic"].Text != "" {
			t.Errorf("%s: phone %q, topic %q", says, f.Values["phone"].Text, f.Values["topic"].Text)
		}
	}
}

// Who says where an answer is to go wants one.
func TestWhereIsAYes(t *testing.T) {
	t.Parallel()
	f := talked("suggestion", nil, "建议多留几个按键", "不用", "发到a.b@example.com吧")
	if f.Values["reply"].Text != Yes || f.Values["email"].Text != "a.b@example.com" {
		t.Errorf("reply %q, email %q", f.Values["reply"].Text, f.Values["email"].Text)
	}
}

// A city that stands by itself is where it is to be done; two of them are not.
func TestCityAlone(t *testing.T) {
	t.Parallel()
	for says, city := range map[string]string{"约个保养 下周三 武汉 鄂A3R826": "武汉", "武汉市，换轮胎": "武汉", "保养 武汉 杭州": "", "保养，武汉路店": ""} {
		if got := talked("repair_booking", nil, says).Values["city"].Text; got != city {
			t.Errorf("%s: city %q, not %q", says, got, city)
		}
	}
}

// What ends a thing, also before a story is told, and what does not.
func TestLeaves(t *testing.T) {
	t.Parallel()
	for _, says := range []string{"算了算了 刚才主管给我打电话了 解决了", "哎忘了要说啥了 下次吧", "唉算了吧算了 我跟店里说好了"} {
		if !givesUp(says, true) {
			t.Errorf("%s ends it", says)
		}
	}
	for _, says := range []string{"他们说算了算了就把我打发了", "每次都说下次吧 我已经去了三回都没修好", "过两天吧", "算了一笔账 你们多收我三百"} {
		if givesUp(says, true) {
			t.Errorf("%s does not end it", says)
		}
	}
}

// Who wants to ask somebody first asks for a moment, not for an hour.
func TestAsksFirst(t *testing.T) {
	t.Parallel()
	f := talked("callback", map[string][]string{"contact.phone": {"13800138000"}}, "请安排回电 想问充电桩安装的事", "等等 我先问下物业")
	if f.Slot != "when" || f.Values["when"].Text != "" {
		t.Errorf("asks %q, when %q", f.Slot, f.Values["when"].Text)
	}
}

// A number to call is no city.
func TestPhoneIsNoCity(t *testing.T) {
	t.Parallel()
	for says, city := range map[string]string{"联系人电话 0512-66778899": "", "苏州，电话 0512-66778899": "苏州"} {
		f := talked("repair_booking", nil, "约明天上午保养", says)
		if f.Values["phone"].Text != "0512-66778899" || f.Values["city"].Text != city {
			t.Errorf("%s: phone %q, city %q", says, f.Values["phone"].Text, f.Values["city"].Text)
		}
	}
}

// A number to call is no story either.
func TestPhoneIsNoStory(t *testing.T) {
	t.Parallel()
	f := talked("fault_report", map[string][]string{"contact.vin": {"LGWEF4A58KF128306"}}, "报故障", "电话打我老公13977778888")
	if f.Values["phone"].Text != "13977778888" || f.Slot != "symptom" {
		t.Errorf("phone %q, asks %q", f.Values["phone"].Text, f.Slot)
	}
}

// Who says that what was told is wrong has said yes to nothing.
func TestMistakenIsNoYes(t *testing.T) {
	t.Parallel()
	known := map[string][]string{"contact.phone": {"13800138000"}, "contact.vin": {"LSVAA4182E2184847", "LGWEF4A58KF128306"}}
	for says, vin := range map[string]string{"弄错了 要查的是第二辆": "LGWEF4A58KF128306", "搞错了 我要的不是这辆": "LSVAA4182E2184847", "你们是不是记错车了": "LSVAA4182E2184847"} {
		f, _ := taught().Latest("recall_look_up")
		e := Engine{Flows: taught(), Seams: &stub{script: Script{Replies: []Reply{{Seam: "recall.look_up", Found: map[string]string{"count": "1"}}}}}, Known: known}
		var state State
		for i, text := range []string{"查召回", "第一辆", says} {
			m := Message{Text: text, Language: "zh", Reading: Reading{Now: scriptTime, Zone: scriptZone}, Run: "script"}
			if i == 0 {
				m.Start = f.ID
			}
			state = e.Take(state, m).State
		}
		top := state.Frames[0]
		if top.Values["vin"].Text != vin || top.Values["book"].Text == Yes {
			t.Errorf("%s: VIN %q, book %q", says, top.Values["vin"].Text, top.Values["book"].Text)
		}
	}
}

// A number that is only another one is put right while a text is asked for.
func TestOnlyNumber(t *testing.T) {
	t.Parallel()
	for says, amount := range map[string]string{"说错 是380": "380.00", "不对，应该是三百八十块": "380.00", "收错了380多": "360.00"} {
		f := talked("complaint", map[string][]string{"contact.phone": {"13800138000"}}, "我要投诉 你们价格不透明 多收钱", "多收了360", says)
		if f.Values["amount"].Text != amount {
			t.Errorf("%s: %s, not %s", says, f.Values["amount"].Text, amount)
		}
	}
}

// What is meant may stand before what is not, and is no city.
func TestIsNotThat(t *testing.T) {
	t.Parallel()
	known := map[string][]string{"contact.phone": {"13800138000"}, "contact.plate": {"鄂A3R826"}}
	for _, says := range []string{"不对不对 是补胎 不是喷漆", "搞错了，是补胎，不是喷漆", "不是喷漆 是补胎"} {
		f := talked("repair_booking", known, "约个喷漆 长沙", says)
		if f.Values["service"].Text != "tyres" || f.Values["city"].Text != "长沙" {
			t.Errorf("%s: service %q, city %q", says, f.Values["service"].Text, f.Values["city"].Text)
		}
	}
}

// 没错了 has a no in it and is none.
func TestNotWrong(t *testing.T) {
	t.Parallel()
	for text, no := range map[string]bool{"没错了": false, "这下没错了": false, "错了": true, "没有": true, "没": true} {
		if isNo(text) != no {
			t.Errorf("%s: a no %t", text, !no)
		}
	}
}

// What is taken back at the confirmation is not what is written: the new value takes
// its place, or it is asked what is to be changed.
func TestTakenBack(t *testing.T) {
	t.Parallel()
	known := map[string][]string{"contact.phone": {"13800138000"}, "contact.vin": {"LGWEF4A58KF128306"}, "contact.plate": {"鄂A3R826"}, "contact.city": {"武汉"}}
	for _, c := range []struct {
		flow  string
		first []string
		said  map[string]string // what is said, and what is another way then; nothing where that is asked
	}{
		{"repair_booking", []string{"约明天上午做保养"}, map[string]string{
			"推迟一天": "when=2026-12-01T08:00/2026-12-01T12:00", "不保养了 改补漆": "service=paint", "不约保养了 约维修": "service=repair", "在杭州": "city=杭州", "换杭州的店": "city=杭州",
			"地方不对 我现在在长沙": "city=长沙", "尾号是1234": "phone=13800131234", "后天上午 电话13700001111": "phone=13700001111 when=2026-12-01T08:00/2026-12-01T12:00",
			"电话换成13700001111 周四我要带孩子打针": "phone=13700001111", "改成后天下午三点 车牌换鄂B77K20": "plate=鄂B77K20 when=2026-12-01T15:00", "末尾是9999": "phone=13800139999",
			"号是90871": "",
			"上午太早了":   "", "中午以后": "", "明天没空了": "", "那个号我不用了": "",
		}},
		{"warranty_question", []string{"电池质保 三万公里", "要", "掉电特别快"}, map[string]string{"是四万二不是三万": "mileage=42000", "电机不是电池": "part=motor"}},
		{"complaint", []string{"我要投诉 服务态度差", "道歉"}, map[string]string{"我要的是退款不是道歉": "wish=退款", "不要道歉 要赔钱": "wish=赔钱", "不是态度 是时效": "subject=delay"}},
		{"suggestion", []string{"建议加个充电桩", "要", "a@example.com"}, map[string]string{"不要回复了": "email= reply=no", "别发邮箱": "email= reply=no"}},
		{"progress", []string{"GD-1001 帮我催一下"}, map[string]string{"不是1001 是1002": "number=GD-1002"}},
		{"survey", []string{"打4分", "解决了", "等太久"}, map[string]string{"意见删掉": "comment="}},
	} {
		for says, want := range c.said {
			before, after := talked(c.flow, known, c.first...), talked(c.flow, known, append(slices.Clone(c.first), says)...)
			if before.Waiting != ForConfirm {
				t.Fatalf("%s waits for %s", c.flow, before.Waiting)
			}
			var changed []string
			for _, slot := range slices.Sorted(maps.Keys(before.Values)) {
				if now := after.Values[slot].Text; now != before.Values[slot].Text {
					changed = append(changed, slot+"="+now)
				}
			}
			waiting := ForConfirm
			if want == "" {
				waiting = ForChange
			}
			if got := strings.Join(changed, " "); got != want || after.Waiting != waiting {
				t.Errorf("%s: %q, waits for %s; not %q", says, got, after.Waiting, want)
			}
		}
	}
}

// A slip is put right in a first message too, and is no no.
func TestSlip(t *testing.T) {
	t.Parallel()
	known := map[string][]string{"contact.phone": {"13800138000"}, "contact.vin": {"LGWEF4A58KF128306"}, "contact.plate": {"鄂A3R826"}, "contact.city": {"武汉"}}
	for says, when := range map[string]string{"我想约一下周三哦不周四的喷漆": "2026-12-03", "约周六 不对 周日做保养": "2026-12-06", "刹车有点不对 约周四维修": "2026-12-03"} {
		f := talked("repair_booking", known, says)
		if f.Values["when"].Text != when || f.Values["service"].Text == "" {
			t.Errorf("%s: when %q, service %q", says, f.Values["when"].Text, f.Values["service"].Text)
		}
	}
	for says, drivable := range map[string]string{"晌午那会儿 不对 是今早八点多": "", "能开 不对 现在开不了": No, "开不了 不对 能开": Yes} {
		if f := talked("fault_report", known, "水温高了", says); f.Values["drivable"].Text != drivable {
			t.Errorf("%s: drivable %q", says, f.Values["drivable"].Text)
		}
	}
}

// White smoke is smoke.
func TestSmoke(t *testing.T) {
	t.Parallel()
	f, _ := taught().Latest("fault_report")
	e := Engine{Flows: taught(), Seams: &stub{}, Known: map[string][]string{}}
	m := Message{Text: "走到半道冒白烟 不敢走了", Language: "zh", Reading: Reading{Now: scriptTime, Zone: scriptZone}, Run: "script", Start: f.ID}
	if said := e.Take(State{}, m).Said(); !strings.Contains(said, "靠边停车") {
		t.Error(said)
	}
}

// After something that was not understood a mere yes may be one to that: what is about
// to be done is shown once more. One that says what is to be done counts.
func TestMereYesAfterUnclear(t *testing.T) {
	t.Parallel()
	known := map[string][]string{"contact.phone": {"13800138000"}, "contact.vin": {"LGWEF4A58KF128306"}}
	for _, x := range []struct {
		said   []string
		writes int
	}{
		{[]string{"位置在高速上", "好的"}, 0},
		{[]string{"打我老婆手机", "嗯嗯"}, 0},
		{[]string{"位置在高速上", "好的", "好的"}, 1},
		{[]string{"位置在高速上", "好的 提交"}, 1},
		{[]string{"位置在高速上", "确认"}, 1},
		{[]string{"好的"}, 1},
	} {
		f, _ := taught().Latest("fault_report")
		seams := &stub{}
		e := Engine{Flows: taught(), Seams: seams, Known: known}
		var state State
		for i, text := range append([]string{"空调异响", "能开", "昨天"}, x.said...) {
			m := Message{Text: text, Language: "zh", Reading: Reading{Now: scriptTime, Zone: scriptZone}, Run: "script"}
			if i == 0 {
				m.Start = f.ID
			}
			state = e.Take(state, m).State
		}
		if len(seams.written) != x.writes {
			t.Errorf("%v wrote %d times, not %d", x.said, len(seams.written), x.writes)
		}
	}
}
