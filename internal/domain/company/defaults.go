package company

import (
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/sla"
)

// Defaults are the settings of a new installation: a vehicle after-sales
// service in China.
func Defaults() Settings {
	return Settings{
		Company:      inbox.Text{Zh: "客户服务中心", En: "Customer service"},
		PhoneHours:   sla.Hours{Zone: "Asia/Shanghai", Week: sla.OfficeWeek(), Closed: []string{}, Open: []string{}},
		PromiseChat:  inbox.Text{Zh: "30 秒内响应", En: "An answer within 30 seconds"},
		PromisePhone: inbox.Text{Zh: "5 分钟内接通，高峰期可能延长", En: "Connected within 5 minutes; longer at busy times"},
		PromiseEmail: inbox.Text{Zh: "1–2 个工作日内回复", En: "A reply within 1–2 working days"},
		Languages:    []string{"zh", "en"},
		Categories: []Category{
			{ID: "use", Zh: "系统使用", En: "Using the system", Children: []Category{
				{ID: "use.features", Zh: "功能介绍", En: "Features"},
				{ID: "use.guide", Zh: "操作指导", En: "How to do it"},
				{ID: "use.faq", Zh: "常见问题", En: "Common questions"},
				{ID: "use.tips", Zh: "使用技巧", En: "Tips"},
			}},
			{ID: "business", Zh: "业务问题", En: "Business", Children: []Category{
				{ID: "business.fault", Zh: "故障上报", En: "Fault report"},
				{ID: "business.recall", Zh: "召回查询", En: "Recall"},
				{ID: "business.warranty", Zh: "质保政策", En: "Warranty"},
				{ID: "business.repair", Zh: "维修服务", En: "Repair"},
			}},
			{ID: "technical", Zh: "技术问题", En: "Technical", Children: []Category{
				{ID: "technical.fault", Zh: "系统故障", En: "System fault"},
				{ID: "technical.trouble", Zh: "问题排查", En: "Troubleshooting"},
				{ID: "technical.data", Zh: "数据问题", En: "Data"},
				{ID: "technical.speed", Zh: "性能优化", En: "Performance"},
			}},
			{ID: "complaint", Zh: "投诉建议", En: "Complaints and suggestions", Children: []Category{
				{ID: "complaint.service", Zh: "服务投诉", En: "Complaint"},
				{ID: "complaint.suggestion", Zh: "意见建议", En: "Suggestion"},
				{ID: "complaint.dispute", Zh: "纠纷协调", En: "Dispute"},
				{ID: "complaint.survey", Zh: "满意度调查", En: "Satisfaction survey"},
			}},
			{ID: "other", Zh: "其他", En: "Other"},
		},
		Results: []Result{
			{Choice: Choice{ID: "solved", Zh: "已解决", En: "Solved"}},
			{Choice: Choice{ID: "follow_up", Zh: "需要跟进", En: "To be followed up"}},
			{Choice: Choice{ID: "case", Zh: "已转工单", En: "Became a case"}},
			{Choice: Choice{ID: "unsolved", Zh: "未解决", En: "Not solved"}},
			{Choice: Choice{ID: "silent", Zh: "客户未回应", En: "The customer did not answer"}},
			{
				Choice: Choice{ID: "wrong_line", Zh: "打错或销售咨询", En: "Wrong line, or a sales enquiry"},
				Tell: inbox.Text{
					Zh: "这里是售后服务。购车、报价和商务合作请联系销售热线或就近门店，号码见官网“联系我们”。",
					En: "This is after-sales service. For buying a car, prices or business, please call the sales line or a dealer near you; see the contact page.",
				},
			},
			{Choice: Choice{ID: "invalid", Zh: "无效咨询", En: "Not a real request"}},
		},
		BreakReasons: []Choice{
			{ID: "meal", Zh: "用餐", En: "Meal"},
			{ID: "meeting", Zh: "会议", En: "Meeting"},
			{ID: "training", Zh: "培训", En: "Training"},
			{ID: "rest", Zh: "休息", En: "Rest"},
		},
	}
}
