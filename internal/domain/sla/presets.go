package sla

import "slices"

// Codes of the presets that come with the program (domain reference §1.2).
const (
	Standard  = "standard_000" // the default
	Express   = "express_001"
	Generic   = "generic_002"
	Mobility  = "mobility_003"
	Statutory = "statutory_floor" // runs beside whichever is in force
)

// Presets returns the presets that come with the program, the default first
// and the statutory floor last. A company edits copies.
func Presets() []Preset {
	return []Preset{standard(), express(), generic(), mobility(), StatutoryFloor()}
}

// PresetByCode returns one of the presets that come with the program.
func PresetByCode(code string) (Preset, bool) {
	all := Presets()
	i := slices.IndexFunc(all, func(p Preset) bool { return p.Code == code })
	if i < 0 {
		return Preset{}, false
	}
	return all[i], true
}

// Codes of the calendars of the presets.
const (
	Office  = "office"  // statutory working days, 9 to 18
	Hotline = "hotline" // when the hotline is answered
	Always  = "always"  // day and night
)

func office() Calendar {
	return Calendar{
		Code: Office, Name: Text{Zh: "工作日", En: "Working days"}, Zone: "Asia/Shanghai",
		Week: OfficeWeek(), Holidays: China, OpenOnMakeupDays: true, Exceptions: []Exception{},
	}
}

func always() Calendar {
	return Calendar{
		Code: Always, Name: Text{Zh: "全天候", En: "Around the clock"}, Zone: "Asia/Shanghai",
		Always: true, Week: everyDay(), OpenOnMakeupDays: true, Exceptions: []Exception{},
	}
}

// calendars are those of a preset: office, around the clock, and the hotline's.
func calendars(hotline Calendar) []Calendar {
	hotline.Code, hotline.Name = Hotline, Text{Zh: "热线", En: "Hotline"}
	return []Calendar{office(), hotline, always()}
}

// customer is the state in which clocks of solving stand still (§1.3.5).
var customer = []string{"waiting_customer"}

// within promises a single term.
func within(m Metric, limit int, u Unit, calendar string) Target {
	t := Target{Metric: m, Limit: limit, Unit: u, Calendar: calendar, Anchor: Submission, WarnAt: []int{80, 100}}
	if s, _ := m.shape(); !s.response && len(s.kinds) > 0 && m != PrivacyRequest {
		t.PauseStates = customer
	}
	return t
}

// days promises working days of the office.
func days(m Metric, limit int) Target { return within(m, limit, WorkingDay, Office) }

// between promises a range: target and limit.
func between(target int, t Target) Target {
	t.Target = &target
	return t
}

// common are the promises that no seed but the first makes and all presets
// share (§1.2): suggestions, identity check, requests about personal data.
func common() []Policy {
	return []Policy{
		{Order: 80, Match: Match{Kind: "suggestion"}, Targets: []Target{
			days(SuggestionAccept, 1), between(3, days(SuggestionEvaluate, 5)), between(7, days(SuggestionFeedback, 10)),
		}},
		{Order: 90, Match: Match{Kind: "privacy"}, Targets: []Target{days(PrivacyRequest, 15)}},
		{Order: 100, Targets: []Target{within(Verification, 60, Second, Always)}},
	}
}

func calls(seconds int) Policy {
	return Policy{Order: 10, Match: Match{Kind: KindCall}, Targets: []Target{within(AnswerWait, seconds, Second, Always)}}
}

// chats is for live conversations; the terms of cases are policies of their own
// (§1.2 C02).
//
// The warning comes at two thirds, while there is time to answer: at 20 s of 30
// (R181).
func chats(seconds int) Policy {
	first := within(FirstResponse, seconds, Second, Always)
	first.WarnAt = []int{67, 100}
	return Policy{Order: 30, Match: Match{Kind: KindConversation}, Targets: []Target{first, within(NextResponse, seconds, Second, Always)}}
}

func mails(t Target) Policy {
	next := t
	next.Metric = NextResponse
	return Policy{Order: 20, Match: Match{Channel: "email"}, Targets: []Target{t, next}}
}

func surveys(t Target) Policy { return Policy{Order: 110, Targets: []Target{t}} }

func standard() Preset {
	return Preset{
		Code: Standard, Name: Text{Zh: "标准方案", En: "Standard"}, Version: 1,
		Note: Text{
			Zh: "热线工作日 9:00–18:00；在线客服全天候，30 秒内响应；问题按简单、一般、复杂分级解决；投诉全程 10 个工作日。",
			En: "Hotline on working days from 9 to 18; chat day and night, answered within 30 seconds; solved by level; complaints within 10 working days as a whole.",
		},
		Policies: append([]Policy{
			calls(300), mails(between(1, days(FirstResponse, 2))), chats(30),
			{Order: 40, Match: Match{Level: Simple}, Targets: []Target{days(Resolution, 1)}},
			{Order: 50, Match: Match{Level: General}, Targets: []Target{between(3, days(Resolution, 5))}},
			{Order: 60, Match: Match{Level: Complex}, Targets: []Target{between(7, days(Resolution, 10))}},
			{Order: 70, Match: Match{Kind: "complaint"}, Targets: []Target{
				days(ComplaintAcknowledge, 1), between(3, days(ComplaintInvestigate, 5)), between(7, days(ComplaintFeedback, 10)),
			}},
			surveys(between(1, days(SurveyWindow, 3))),
		}, common()...),
		Calendars: calendars(office()),
	}
}

func express() Preset {
	// The seed has no class "general"; its promises count as those for complex
	// questions (§1.2 C07).
	complexTargets := func() []Target {
		return []Target{
			within(FirstResponse, 2, Hour, Always), within(FirstSolution, 24, Hour, Always), days(Resolution, 10),
		}
	}
	return Preset{
		Code: Express, Name: Text{Zh: "快速方案", En: "Express"}, Version: 1,
		Note: Text{
			Zh: "热线和在线客服全天候；简单问题 30 分钟内答复、1 小时内解决；复杂问题 2 小时内答复、24 小时内给出初步方案；投诉 3 个工作日内给出方案。确认解决后即时回访，另每季度电话回访。",
			En: "Hotline and chat day and night; simple questions answered within 30 minutes and solved within an hour; complex ones answered within 2 hours, with a first solution within 24; complaints solved within 3 working days. Survey at once, and a call each quarter.",
		},
		Policies: append([]Policy{
			calls(60), mails(between(30, within(FirstResponse, 120, BusinessMinute, Office))), chats(30),
			{Order: 40, Match: Match{Level: Simple}, Targets: []Target{within(FirstResponse, 30, Minute, Always), within(Resolution, 1, Hour, Always)}},
			{Order: 50, Match: Match{Level: General}, Targets: complexTargets()},
			{Order: 60, Match: Match{Level: Complex}, Targets: complexTargets()},
			{Order: 70, Match: Match{Kind: "complaint"}, Targets: []Target{within(ComplaintAcknowledge, 24, Hour, Always), days(ComplaintFeedback, 3)}},
			surveys(within(SurveyWindow, 0, Second, Always)),
		}, common()...),
		Calendars: calendars(always()),
	}
}

func generic() Preset {
	return Preset{
		Code: Generic, Name: Text{Zh: "通用方案", En: "Generic"}, Version: 1,
		Note: Text{
			Zh: "热线工作时间接听；在线客服 60 秒内响应；邮件 24 小时内回复。不承诺解决时限。",
			En: "Hotline in working hours; chat answered within 60 seconds; e-mail within 24 hours. No term for solving.",
		},
		Policies:  append([]Policy{mails(within(FirstResponse, 24, Hour, Always)), chats(60)}, common()...),
		Calendars: calendars(office()),
	}
}

func mobility() Preset {
	daily := always()
	daily.Always, daily.Week = false, everyDay(Span{From: "08:00", To: "22:00"})
	return Preset{
		Code: Mobility, Name: Text{Zh: "出行方案", En: "Mobility"}, Version: 1,
		Note: Text{
			Zh: "热线每天 8:00–22:00，300 秒内接听，高峰时段另行统计；投诉 24 小时内首次响应，处理结果视情况而定；通话结束即时回访。",
			En: "Hotline every day from 8 to 22, answered within 300 seconds, peak hours counted apart; complaints first answered within 24 hours, their result as the case is; survey at the end of the call.",
		},
		Policies: append([]Policy{
			calls(300), chats(60),
			{Order: 70, Match: Match{Kind: "complaint"}, Targets: []Target{within(ComplaintAcknowledge, 24, Hour, Always)}},
			surveys(within(SurveyWindow, 0, Second, Always)),
		}, common()...),
		Calendars: calendars(daily),
	}
}

// Codes of the categories for which the law sets terms.
const (
	Refund   = "refund"   // 退款
	Repair   = "repair"   // 修理、更换
	Warranty = "warranty" // 三包
)

// StatutoryFloor returns the terms of the law, which run beside every preset
// and never pause: refund and repair within 15 days (侵害消费者权益行为处罚办法
// art. 8–10), 三包 claims answered within 10 and done within 20 working days
// (order 43 of 2021, art. 28), requests about personal data within 15 working
// days (PIPL art. 45 and 50 say "in time"; this is the common limit).
//
// The 15 days are counted as 360 hours: no reading of the law ends earlier.
func StatutoryFloor() Preset {
	fifteen := []Target{unpaused(within(ComplaintFeedback, 15*24, Hour, Always)), unpaused(within(Resolution, 15*24, Hour, Always))}
	return Preset{
		Code: Statutory, Name: Text{Zh: "法定底线", En: "Statutory floor"}, Version: 1,
		Note: Text{
			Zh: "法律规定的最低时限，始终与所选方案并行，不暂停，以较早者为准：退款与修理 15 日；三包索赔 10 个工作日答复、20 个工作日完成；个人信息请求 15 个工作日。",
			En: "The least that the law asks. It always runs beside the preset in force, never pauses, and the earlier term counts: refund and repair 15 days; warranty claims answered within 10 and done within 20 working days; personal data 15 working days.",
		},
		Policies: []Policy{
			{Order: 10, Match: Match{Category: Refund}, Targets: fifteen},
			{Order: 20, Match: Match{Category: Repair}, Targets: slices.Clone(fifteen)},
			{Order: 30, Match: Match{Category: Warranty}, Targets: []Target{
				days(FirstResponse, 10), unpaused(days(Resolution, 20)), unpaused(days(ComplaintFeedback, 20)),
			}},
			{Order: 40, Match: Match{Kind: "privacy"}, Targets: []Target{days(PrivacyRequest, 15)}},
		},
		Calendars: calendars(office()),
	}
}

func unpaused(t Target) Target {
	t.PauseStates = nil
	return t
}
