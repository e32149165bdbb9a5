package flow

import (
	"testing"
	"time"

	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

var (
	shanghai = time.FixedZone("CST", 8*60*60)
	// a Sunday, ten o'clock in Shanghai.
	sunday = Reading{Now: time.Date(2026, 11, 29, 2, 0, 0, 0, time.UTC), Zone: shanghai}
)

// reading is one message and what is read from it; a value with a dot is the
// code of the refusal.
type reading struct{ text, want string }

func readAll(t *testing.T, s Slot, asked bool, cases []reading) {
	t.Helper()
	for _, c := range cases {
		v, err := s.Read(c.text, asked, sunday)
		got := v.Text
		if err != nil {
			got = fault.CodeOf(err)
			if phrase.Say("zh", got, nil, "") == "" {
				t.Errorf("%s has no Chinese text", got)
			}
		}
		if got != c.want {
			t.Errorf("%s %q is %q, want %q", s.Type, c.text, got, c.want)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]int64{
		"0": 0, "12": 12_000, "12,000": 12_000_000, "99.5": 99_500, "1.2万": 12_000_000, "3w": 30_000_000, "30k": 30_000_000,
		"三百五": 350_000, "三百零五": 305_000, "三百五十": 350_000, "两万八": 28_000_000, "两万零八": 20_008_000, "两万零八百": 20_800_000,
		"十": 10_000, "十二": 12_000, "二十": 20_000, "一百一": 110_000, "一千零五十": 1_050_000, "3万5千": 35_000_000, "3万5": 35_000_000,
		"1万2千3": 12_300_000, "一二三": 123_000, "二零二六": 2_026_000, "一亿二千万": 120_000_000_000, "三点五": 3_500, "十万": 100_000_000,
		"五万六千七百八十九": 56_789_000, "1千500": 1_500_000,
		"": -1, "万": -1, "百": -1, "1.2.3": -1, "99999999999999": -1, "亿亿亿": -1, "abc": -1, "一点": -1,
	} {
		got, ok := ParseNumber(said)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("ParseNumber(%q) is %d, want %d", said, got, want)
		}
	}
}

func TestMoment(t *testing.T) {
	t.Parallel()
	readAll(t, Slot{Type: Moment}, true, []reading{
		{"今天下午三点", "2026-11-29T15:00"},
		{"明天", "2026-11-30"},
		{"后天", "2026-12-01"},
		{"大后天上午", "2026-12-02T08:00/2026-12-02T12:00"},
		{"下周二上午", "2026-12-01T08:00/2026-12-01T12:00"},
		{"下星期五下午两点半", "2026-12-04T14:30"},
		{"下下周一", "2026-12-07"},
		{"这周三", "2026-11-25"},
		{"周三", "2026-12-02"},
		{"礼拜天", "2026-11-29"},
		{"12月3号", "2026-12-03"},
		{"12月3日上午10点", "2026-12-03T10:00"},
		{"十二月三号", "2026-12-03"},
		{"12月3号下午3点15分", "2026-12-03T15:15"},
		{"上个月15号", "2026-10-15"},
		{"下个月1号", "2026-12-01"},
		{"2026-12-03", "2026-12-03"},
		{"2026年12月3日", "2026-12-03"},
		{"2026/12/3 15:00", "2026-12-03T15:00"},
		{"去年10月1日", "2025-10-01"},
		{"12/3", "2026-12-03"},
		{"昨天晚上", "2026-11-28T18:00/2026-11-29T00:00"},
		{"昨晚九点", "2026-11-28T21:00"},
		{"今晚8点", "2026-11-29T20:00"},
		{"明早9点", "2026-11-30T09:00"},
		{"明早", "2026-11-30T06:00/2026-11-30T12:00"},
		{"三天前", "2026-11-26"},
		{"两周后", "2026-12-13"},
		{"一个月前", "2026-10-29"},
		{"刚才", "2026-11-29T10:00"},
		{"下午三点一刻", "2026-11-29T15:15"},
		{"下午三点三刻", "2026-11-29T15:45"},
		{"明天三点", "2026-11-30T15:00"},
		{"明天十点", "2026-11-30T10:00"},
		{"中午十二点", "2026-11-29T12:00"},
		{"凌晨两点", "2026-11-29T02:00"},
		{"上周", "2026-11-16/2026-11-22"},
		{"上个月", "2026-10-01/2026-10-31"},
		{"下周末", "2026-12-05/2026-12-06"},
		{"15号", "2026-11-15"},
		{"tomorrow at 3pm", "2026-11-30T15:00"},
		{"next Tuesday morning", "2026-12-01T06:00/2026-12-01T12:00"},
		{"Dec 3", "2026-12-03"},
		{"December 3rd, 2026 at 10:30", "2026-12-03T10:30"},
		{"3 December", "2026-12-03"},
		{"the day after tomorrow", "2026-12-01"},
		{"3 days ago", "2026-11-26"},
		{"in 2 weeks", "2026-12-13"},
		{"last night", "2026-11-28T18:00/2026-11-29T00:00"},
		{"yesterday 8 am", "2026-11-28T08:00"},
		{"周五15:30", "2026-12-04T15:30"},
		{"明天２点", "2026-11-30T14:00"},
		{"下周二上午可以吗", "2026-12-01T08:00/2026-12-01T12:00"},
		{"2月30号", "flow.moment_date"},
		{"13月1号", "flow.moment_date"},
		{"不知道", "flow.moment_none"},
		{"", "flow.moment_none"},
	})
	readAll(t, Slot{Type: Moment, Past: true}, true, []reading{
		{"15号", "2026-11-15"},
		{"12月3号", "flow.moment_ahead"},
		{"3月3号", "2026-03-03"},
		{"十分钟前", "2026-11-29T09:50"},
		{"半小时前", "2026-11-29T09:30"},
		{"两个半小时前", "2026-11-29T07:30"},
		{"一刻钟前", "2026-11-29T09:45"},
		{"2 hours ago", "2026-11-29T08:00"},
		{"10 minutes ago", "2026-11-29T09:50"},
		{"周五", "2026-11-27"},
		{"下午三点", "2026-11-28T15:00"},
		{"早上8点", "2026-11-29T08:00"},
		{"明天", "flow.moment_ahead"},
		{"下周二", "flow.moment_ahead"},
		{"今天", "2026-11-29"},
		{"30号", "2026-10-30"},
	})
	readAll(t, Slot{Type: Moment, Future: true}, true, []reading{
		{"15号", "2026-12-15"},
		{"1月5号", "2027-01-05"},
		{"早上8点", "2026-11-30T08:00"},
		{"周五", "2026-12-04"},
		{"下午三点", "2026-11-29T15:00"},
		{"昨天", "flow.moment_past"},
		{"上个月15号", "flow.moment_past"},
		{"今天", "2026-11-29"},
	})
	readAll(t, Slot{Type: Moment}, false, []reading{
		{"车子昨天下午开始抖", "2026-11-28T12:00/2026-11-28T18:00"}, {"晚上好", "flow.moment_none"}, {"我有3万公里", "flow.moment_none"},
	})
}

func TestVIN(t *testing.T) {
	t.Parallel()
	readAll(t, Slot{Type: VIN}, true, []reading{
		{"LSVAA4182E2184847", "LSVAA4182E2184847"},
		{"lsvaa4182e2184847", "LSVAA4182E2184847"},
		{"ＬＳＶＡＡ４１８２Ｅ２１８４８４７", "LSVAA4182E2184847"},
		{"LSV AA4182 E2184847", "LSVAA4182E2184847"},
		{"车架号是LSVAA4182E2184847，谢谢", "LSVAA4182E2184847"},
		{"my VIN is 1M8GDM9AXKP042788", "1M8GDM9AXKP042788"},
		{"1HGCM82633A004352", "1HGCM82633A004352"},
		{"WVWZZZ1JZ3W386752", "WVWZZZ1JZ3W386752"}, // no check digit in Europe
		{"11111111111111111", "11111111111111111"},
		{"最后还有个9 L Y X E A 2 1 C X P A 0 0 4 7 1 9", "LYXEA21CXPA004719"},
		{"8 5 L S V A A 4 1 8 2 E 2 1 8 4 8 4 8", "flow.vin_none"},
		{"LSVAA4182E2184848", "flow.vin_check"},
		{"1HGCM82633A004353", "flow.vin_check"},
		{"LSVAA4182E218484", "flow.vin_length"},
		{"LSVAA4182E21848477", "flow.vin_length"},
		{"车架号 LSVAA41", "flow.vin_length"},
		{"1M8GDM9AXKPO42788", "flow.vin_letters"},
		{"LSVAAQ182E2I84847", "flow.vin_letter"},
		{"不知道在哪里看", "flow.vin_none"},
		{"13800138000", "flow.vin_none"},
		{"", "flow.vin_none"},
	})
	readAll(t, Slot{Type: VIN}, false, []reading{
		{"LSVAA4182E2184847 亮灯了", "LSVAA4182E2184847"},
		{"LSVAA4182E2184848 亮灯了", "flow.vin_check"},
		{"我的电话13800138000", "flow.vin_none"},
		{"车架号LSVAA4182E218484", "flow.vin_length"},
		{"The engine light is on since yesterday", "flow.vin_none"},
		{"recall LSVAA4182E218484", "flow.vin_length"},
		{"单号TS20261118000031", "flow.vin_none"},
	})
}

func TestPlate(t *testing.T) {
	t.Parallel()
	readAll(t, Slot{Type: Plate}, true, []reading{
		{"沪A12345", "沪A12345"},
		{"沪a12345", "沪A12345"},
		{"沪A·12345", "沪A12345"},
		{"沪 A 12345", "沪A12345"},
		{"车牌京N8P8F8", "京N8P8F8"},
		{"粤BD12345", "粤BD12345"},
		{"沪AD12345", "沪AD12345"},
		{"京A12345D", "京A12345D"},
		{"沪AF88888", "沪AF88888"},
		{"京A幺二三四五", "京A12345"},
		{"沪A洞拐勾八八", "沪A07988"},
		{"滬A12345", "沪A12345"},
		{"沪A1234学", "沪A1234学"},
		{"粤Z1234港", "粤Z1234港"},
		{"我的车是浙B88888，打不着火", "浙B88888"},
		{"A12345", "flow.plate_province"},
		{"沪A1234", "flow.plate_length"},
		{"沪A123456", "flow.plate_energy"},
		{"沪A1O345", "flow.plate_letters"},
		{"沪A12345678", "flow.plate_length"},
		{"没有牌", "flow.plate_none"},
		{"", "flow.plate_none"},
	})
}

func TestPhone(t *testing.T) {
	t.Parallel()
	readAll(t, Slot{Type: Phone}, true, []reading{
		{"13800138000", "13800138000"},
		{"138 0013 8000", "13800138000"},
		{"138-0013-8000", "13800138000"},
		{"+86 13800138000", "13800138000"},
		{"008613800138000", "13800138000"},
		{"电话：13800138000，谢谢", "13800138000"},
		{"１３８００１３８０００", "13800138000"},
		{"幺三八零零幺三八零零零", "13800138000"},
		{"021-62345678", "021-62345678"},
		{"(021)62345678", "021-62345678"},
		{"02162345678转123", "021-62345678-123"},
		{"0755 8888 9999", "0755-88889999"},
		{"010-12345678", "010-12345678"},
		{"4008123456", "4008123456"},
		{"400-812-3456", "4008123456"},
		{"+1 650 253 0000", "+16502530000"},
		{"+44 20 7946 0958", "+442079460958"},
		{"1380013800", "flow.phone_length"},
		{"138001380001", "flow.phone_length"},
		{"62345678", "flow.phone_area"},
		{"23800138000", "flow.phone_wrong"},
		{"没有电话", "flow.phone_none"},
		{"", "flow.phone_none"},
	})
	readAll(t, Slot{Type: Phone}, false, []reading{
		{"LSVAA4182E2184847", "flow.phone_none"}, {"订单202611290001", "flow.phone_none"}, {"打13912345678找我", "13912345678"}, {"1391234567找我", "flow.phone_length"},
	})
}

func TestEmail(t *testing.T) {
	t.Parallel()
	readAll(t, Slot{Type: Email}, true, []reading{
		{"lin@example.com", "lin@example.com"},
		{"邮箱是Lin.Xiao+car@Mail.Example.cn。", "lin.xiao+car@mail.example.cn"},
		{"lin＠example．com", "lin@example.com"},
		{"lin@example。com", "lin@example.com"},
		{"lin@example", "flow.email_wrong"},
		{"@", "flow.email_wrong"},
		{"lin at example", "flow.email_none"},
		{"", "flow.email_none"},
	})
}

func TestMileage(t *testing.T) {
	t.Parallel()
	readAll(t, Slot{Type: Mileage}, true, []reading{
		{"3万公里", "30000"},
		{"两万八", "28000"},
		{"12,000 km", "12000"},
		{"12000", "12000"},
		{"里程 12000km", "12000"},
		{"mileage 12000km", "12000"},
		{"跑了12k", "12000"},
		{"3.5万公里左右", "35000"},
		{"3w公里", "30000"},
		{"跑了五万六", "56000"},
		{"大概2万多公里", "20000"},
		{"30k km", "30000"},
		{"100 miles", "160"},
		{"八千五公里", "8500"},
		{"行驶了8000", "8000"},
		{"十二万", "120000"},
		{"99公里", "99"},
		{"5迈", "5"},
		{"500万公里", "flow.mileage_range"},
		{"很多", "flow.mileage_none"},
		{"", "flow.mileage_none"},
	})
	readAll(t, Slot{Type: Mileage}, false, []reading{{"跑了3万公里，昨天坏了", "30000"}, {"我等了3天", "flow.mileage_none"}, {"13800138000", "flow.mileage_none"}})
}

func TestAmount(t *testing.T) {
	t.Parallel()
	readAll(t, Slot{Type: Amount}, true, []reading{
		{"三百五", "350.00"},
		{"1.2万", "12000.00"},
		{"￥99.5", "99.50"},
		{"¥1,299", "1299.00"},
		{"三块五", "3.50"},
		{"99块9", "99.90"},
		{"两千八百元", "2800.00"},
		{"1.2万元", "12000.00"},
		{"RMB 500", "500.00"},
		{"三块半", "3.50"},
		{"五十块钱", "50.00"},
		{"0.01元", "0.01"},
		{"500", "500.00"},
		{"一千二", "1200.00"},
		{"12块5毛", "12.50"},
		{"0.001元", "flow.amount_fen"},
		{"9亿元", "flow.amount_range"},
		{"很贵", "flow.amount_none"},
		{"", "flow.amount_none"},
	})
	readAll(t, Slot{Type: Amount}, false, []reading{{"多收了我三百五十元", "350.00"}, {"我有3辆车", "flow.amount_none"}})
}

func TestYesNo(t *testing.T) {
	t.Parallel()
	drives := Slot{Type: YesNo, Yes: []string{"能开", "还能动"}, No: []string{"不能开", "开不了", "打不着火", "不能动"}}
	readAll(t, drives, true, []reading{
		{"是", "yes"},
		{"是的", "yes"},
		{"对，没问题", "yes"},
		{"嗯嗯", "yes"},
		{"可以", "yes"},
		{"好的呀", "yes"},
		{"ok", "yes"},
		{"Yes please", "yes"},
		{"能开", "yes"},
		{"能", "yes"},
		{"不是", "no"},
		{"不能", "no"},
		{"不行了", "no"},
		{"没有", "no"},
		{"No", "no"},
		{"nope, thanks", "no"},
		{"车打不着火了", "no"},
		{"不能开", "no"},
		{"开不了", "no"},
		{"不，开不动", "no"},
		{"好像有点慢", "flow.yes_no"},
		{"不知道", "flow.yes_no"},
		{"可以吗？", "flow.yes_no"},
		{"", "flow.yes_no"},
	})
	readAll(t, drives, false, []reading{{"亮灯了，还能动", "yes"}, {"好的", "flow.yes_no"}, {"抛锚，打不着火", "no"}})
}

func TestExplicitYes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"确认": true, "确认提交": true, "好的，没问题": true, "对的，提交吧": true, "yes": true, "OK, go ahead": true, "嗯": true, "是的，谢谢": true, "可以": true,
		"不确认": false, "不对": false, "好像不对": false, "好的，但是电话错了": false, "确认什么？": false, "可以吗": false, "对了，我想问一下": false, "没有": false,
		"我再想想": false, "yes but not tomorrow": false, "要是不行呢": false, "": false, "谢谢": false, "好，发出去吧": true, "可以，就约这个": true, "妥了": true, "好的，约之前先告诉我价格": false, "对了，发票": false, "好，约别的": false, "要求退款": false, "行车记录仪坏了": false, "好的，发个定位给我看看": false, "确认一下价格": false, "行，办完告诉我": true, "对了": false, "要是": false, "我要投诉": false, "我要预约": false, "帮我申请退款": false, "就这么定": true, "提交投诉": true, "有": false, "有问题": false, "yall": false, "好的我再想想": false, "先别提交": false, "不用确认": false, "确认一下价格先": false, "嗯……等一下": false, "提交之前改一下": false, "好，多少钱": false, "这样不行": false, "信息不对": false,
		"现在对了": true, "没毛病": true, "信息都对，提交吧": true, "行不行": false, "对不对": false, "no": false, "not ok": false,
	} {
		if got := isYes(text) || isUrgedYes(text); got != want {
			t.Errorf("isYes(%q) is %t", text, got)
		}
	}
}

func TestChoice(t *testing.T) {
	t.Parallel()
	s := Slot{Type: Choice, Options: []Option{
		{ID: "care", Name: Text{Zh: "保养", En: "Maintenance"}, Words: []string{"换机油", "service"}},
		{ID: "repair", Name: Text{Zh: "故障维修", En: "Repair"}, Words: []string{"维修", "修车"}},
		{ID: "paint", Name: Text{Zh: "钣金喷漆", En: "Body and paint"}, Words: []string{"喷漆", "补漆"}},
	}}
	readAll(t, s, true, []reading{
		{"1", "care"},
		{"第二个", "repair"},
		{"③", "paint"},
		{"最后一个", "paint"},
		{"最后那项吧", "paint"},
		{"最后一位不是8是9", "flow.choice_none"}, // of a number, not of the options
		{"最后一次去是上周", "flow.choice_none"},
		{"等了三分钟", "flow.choice_none"},
		{"三", "paint"},
		{"保养", "care"},
		{"我想换机油", "care"},
		{"MAINTENANCE please", "care"},
		{"故障维休", "repair"},
		{"maintenanse", "care"},
		{"补漆吧", "paint"},
		{"维修", "repair"},
		{"选1", "care"},
		{"保养和补漆", "flow.choice_two"},
		{"洗车", "flow.choice_none"},
		{"9", "flow.choice_none"},
		{"", "flow.choice_none"},
	})
	readAll(t, s, false, []reading{{"预约明天保养", "care"}, {"1", "flow.choice_none"}})
}

// A score is one that is given, not of how many it is.
func TestScore(t *testing.T) {
	t.Parallel()
	survey, _ := Builtin().Latest("survey")
	s, _ := survey.Slot("score")
	for _, asked := range []bool{true, false} {
		readAll(t, s, asked, []reading{
			{"哦只有五分制啊 那4分", "4"},
			{"满分五分，我给三分", "3"},
			{"五分制给两分", "2"},
			{"打4分，等了五分钟", "4"},
			{"三分，不，四分", "flow.choice_none"},
			{"两分都多了 改一分", "1"},
			{"五分太高，给三分吧", "3"},
		})
	}
}

// Whose answer is a yes has named no city.
func TestNameIsNoYes(t *testing.T) {
	t.Parallel()
	readAll(t, Slot{Type: FreeText, Name: Text{Zh: "城市"}, Least: 2, Most: 20}, true, []reading{{"地点在武汉市", "武汉"}, {"可以", "flow.text_none"}, {"没有", "flow.text_none"}, {"我在杭州这边", "杭州"}, {"成都", "成都"}})
}

func TestFreeText(t *testing.T) {
	t.Parallel()
	readAll(t, Slot{Type: FreeText, Least: 4, Most: 10}, true, []reading{
		{" 发动机异响 ", "发动机异响"}, {"响", "flow.text_short"}, {"一二三四五六七八九十一", "flow.text_long"}, {"？？？？？", "flow.text_none"}, {"😀😀😀😀", "flow.text_none"}, {"", "flow.text_none"},
	})
}

func TestShow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v      Value
		zh, en string
	}{
		{Value{Type: Moment, Text: "2026-12-01"}, "2026年12月1日（周二）", "Tue 1 Dec 2026"},
		{Value{Type: Moment, Text: "2026-12-01T15:00"}, "2026年12月1日（周二） 15:00", "Tue 1 Dec 2026 15:00"},
		{Value{Type: Moment, Text: "2026-12-01T08:00/2026-12-01T12:00"}, "2026年12月1日（周二） 08:00–12:00", "Tue 1 Dec 2026 08:00–12:00"},
		{Value{Type: Moment, Text: "2026-11-28T18:00/2026-11-29T00:00"}, "2026年11月28日（周六） 18:00–24:00", "Sat 28 Nov 2026 18:00–24:00"},
		{Value{Type: Mileage, Text: "30000"}, "30,000 公里", "30,000 km"},
		{Value{Type: Amount, Text: "99.50"}, "¥99.50", "¥99.50"},
		{Value{Type: YesNo, Text: "yes"}, "是", "yes"},
	} {
		s := Slot{Type: c.v.Type}
		if zh, en := s.Show(c.v, "zh"), s.Show(c.v, "en"); zh != c.zh || en != c.en {
			t.Errorf("%s is shown as %q and %q", c.v.Text, zh, en)
		}
	}
	from, to, ok := Value{Text: "2026-12-01"}.Span(shanghai)
	if !ok || to.Sub(from) != 24*time.Hour {
		t.Errorf("a day is %s to %s", from, to)
	}
	for text, want := range map[string]string{"13800138000": "138****8000", "021-62345678": "021****5678", "a": "****"} {
		if got := mask(Phone, text); got != want {
			t.Errorf("mask(%q) is %q", text, got)
		}
	}
}

// Whatever is written, reading it neither panics nor changes how long it is.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"今天下午三点", "LSVAA4182E2184847", "沪A幺二三四五", "13800138000转1", "三百五", "3万公里", "a@b.co", "不对，是明天", "1月", "\xff\u0130ﷺ", "99999999999999999999万亿"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, typ := range Types() {
			for _, asked := range []bool{true, false} {
				v, err := Slot{Type: typ, Options: []Option{{ID: "a", Name: Text{Zh: "保养"}}, {ID: "b", Name: Text{Zh: "维修"}}}}.Read(text, asked, sunday)
				if err == nil && v.Text == "" {
					t.Errorf("%s of %q is read as nothing", typ, text)
				}
			}
		}
	})
}

// A number that was read is written and read again as the same.
func FuzzNumber(f *testing.F) {
	f.Add("两万八")
	f.Add("1.2万")
	f.Fuzz(func(t *testing.T, said string) {
		if n, ok := ParseNumber(said); ok && (n < 0 || n > most) {
			t.Errorf("ParseNumber(%q) is %d", said, n)
		}
	})
}
