package ticket

import "yingda/internal/domain/inbox"

// DefaultTree are the categories of a new installation: a vehicle after-sales
// service (R064–R069, reference C16). The ids of the first two levels are those
// of the categories of a conversation's summary.
func DefaultTree() Tree {
	return Tree{
		branch("use", "系统使用", "Using the system", Category{Kind: Consultation, Level: Simple, Team: "售后咨询", Prepare: prepareUse},
			branch("use.features", "功能介绍", "Features", Category{}),
			branch("use.guide", "操作指导", "How to do it", Category{}),
			branch("use.faq", "常见问题", "Common questions", Category{}),
			branch("use.tips", "使用技巧", "Tips", Category{}),
		),
		branch("business", "业务问题", "Business", Category{Kind: Consultation, Level: General, Team: "售后业务", Prepare: prepareVehicle},
			branch("business.fault", "故障上报", "Fault report", Category{Kind: Fault, Level: Complex, Team: "技术支持", Process: ProcessTechnical, Form: formFault},
				branch("business.fault.stranded", "无法行驶", "Cannot be driven", Category{Process: ProcessEmergency, Prepare: prepareEmergency}),
				branch("business.fault.warning", "故障灯报警", "Warning light", Category{}),
				branch("business.fault.noise", "异响抖动", "Noise or shaking", Category{}),
				branch("business.fault.battery", "电池与充电", "Battery and charging", Category{}),
				branch("business.fault.other", "其他故障", "Another fault", Category{}),
			),
			branch("business.emergency", "道路救援与安全", "Rescue and safety", Category{Kind: Fault, Level: Complex, Team: "紧急救援", Process: ProcessEmergency, Form: formEmergency, Prepare: prepareEmergency},
				branch("business.emergency.accident", "事故", "Accident", Category{}),
				branch("business.emergency.lock", "车辆锁止或困人", "Locked, or somebody locked in", Category{}),
				branch("business.emergency.breakdown", "途中抛锚", "Breakdown on the road", Category{}),
			),
			branch("business.recall", "召回查询", "Recall", Category{Level: Simple, Form: Form{vin}}),
			branch("business.warranty", "质保政策", "Warranty", Category{Form: Form{vin, mileage, invoiced}}),
			branch("business.repair", "维修服务", "Repair", Category{Form: Form{vin, place}}),
		),
		branch("technical", "技术问题", "Technical", Category{Kind: Consultation, Level: Complex, Team: "技术支持", Process: ProcessTechnical, Prepare: prepareTechnical, Form: Form{device}},
			branch("technical.fault", "系统故障", "System fault", Category{}),
			branch("technical.trouble", "问题排查", "Troubleshooting", Category{Level: General}),
			branch("technical.data", "数据问题", "Data", Category{}),
			branch("technical.speed", "性能优化", "Performance", Category{Level: General}),
		),
		branch("account", "账户问题", "Account", Category{Kind: Account, Level: Simple, Team: "账户服务", Process: ProcessAccount, Form: Form{login}, Prepare: prepareAccount},
			branch("account.login", "无法登录", "Cannot sign in", Category{}),
			branch("account.password", "重置密码", "Password reset", Category{}),
			branch("account.locked", "账户锁定", "Account locked", Category{}),
			branch("account.profile", "资料变更", "Change of profile", Category{}),
			branch("account.closing", "账户注销", "Closing the account", Category{Level: General}),
		),
		branch("order", "订单与费用", "Orders and fees", Category{Kind: Order, Level: General, Team: "订单与费用", Needs: []Detail{DetailOrder}, Prepare: prepareOrder},
			branch("order.track", "订单无法追踪", "Order cannot be tracked", Category{Form: Form{tracking, ordered}}),
			branch("order.unreceived", "付款未收货", "Paid but not received", Category{Needs: []Detail{DetailOrder, DetailEvidence}, Form: Form{ordered}}),
			branch("order.fee", "费用疑问", "Fees", Category{Level: Simple},
				branch("order.fee.rules", "收费规则", "Rules of fees", Category{Needs: []Detail{}}),
				branch("order.fee.overcharge", "多扣费用", "Charged too much", Category{Level: General}),
				branch("order.fee.discount", "优惠未享受", "Discount not given", Category{}),
			),
			branch("order.return", "退换货", "Return or exchange", Category{Needs: []Detail{DetailOrder, DetailEvidence}},
				branch("order.return.refund", "退货退款", "Return and refund", Category{}),
				branch("order.return.repair", "换货或修理", "Exchange or repair", Category{}),
			),
		),
		branch("complaint", "投诉", "Complaints", Category{Kind: Complaint, Level: Complex, Team: "投诉处理", Prepare: prepareComplaint},
			branch("complaint.service", "服务投诉", "Service", Category{},
				branch("complaint.service.staff", "服务人员", "People who work here", Category{}),
				branch("complaint.service.slow", "响应或处理慢", "Slow", Category{}),
				branch("complaint.service.promise", "未履行承诺", "Promise not kept", Category{}),
			),
			branch("complaint.product", "产品质量", "Product", Category{Form: Form{optional(vin)}},
				branch("complaint.product.repair", "修理或更换", "Repair or exchange", Category{}),
				branch("complaint.product.warranty", "三包责任", "Warranty by law", Category{}),
				branch("complaint.product.other", "其他质量问题", "Another problem of quality", Category{}),
			),
			branch("complaint.fee", "费用争议", "Fees", Category{},
				branch("complaint.fee.refund", "退款", "Refund", Category{}),
				branch("complaint.fee.other", "其他费用问题", "Another problem with fees", Category{}),
			),
			branch("complaint.dispute", "纠纷协调", "Dispute with a dealer or repairer", Category{Form: Form{opponent}}),
		),
		branch("suggestion", "建议", "Suggestions", Category{Kind: Suggestion, Level: General, Team: "用户体验", Prepare: prepareSuggestion},
			branch("suggestion.product", "产品建议", "Product", Category{}),
			branch("suggestion.service", "服务建议", "Service", Category{}),
			branch("suggestion.app", "应用与网站", "App and site", Category{}),
		),
		branch("feedback", "意见反馈", "Feedback", Category{Kind: Feedback, Level: Simple, Team: "用户体验", Prepare: prepareSuggestion},
			branch("feedback.praise", "表扬", "Praise", Category{}),
			branch("feedback.survey", "满意度调查", "Satisfaction survey", Category{}),
			branch("feedback.general", "一般意见", "General", Category{}),
		),
		branch("privacy", "个人信息", "Personal data", Category{Kind: Privacy, Level: General, Team: "个人信息保护", Prepare: prepareAccount},
			branch("privacy.access", "查阅与复制", "Access and copy", Category{}),
			branch("privacy.correct", "更正补充", "Correction", Category{}),
			branch("privacy.delete", "删除与注销", "Deletion", Category{}),
			branch("privacy.consent", "撤回同意", "Withdrawing consent", Category{}),
			branch("privacy.explain", "规则说明", "Explanation", Category{}),
		),
		branch("other", "其他", "Other", Category{Kind: Consultation, Level: General},
			branch("other.cooperation", "商务合作", "Business cooperation", Category{Team: "商务合作"}),
			branch("other.any", "其他问题", "Anything else", Category{}),
		),
	}
}

func branch(id, zh, en string, c Category, children ...Category) Category {
	c.ID, c.Name, c.Children = id, inbox.Text{Zh: zh, En: en}, children
	return c
}

func optional(f Field) Field {
	f.Required = false
	return f
}

func asks(id, zh, en string, t FieldType, required bool, choices ...Choice) Field {
	return Field{ID: id, Name: inbox.Text{Zh: zh, En: en}, Type: t, Required: required, Choices: choices}
}

func choice(id, zh, en string) Choice { return Choice{ID: id, Name: inbox.Text{Zh: zh, En: en}} }

// What forms ask for.
var (
	vin      = asks("vin", "车架号（VIN）", "VIN", FieldText, true)
	place    = asks("place", "所在位置", "Where it is", FieldText, true)
	mileage  = asks("mileage", "行驶里程（公里）", "Mileage (km)", FieldNumber, false)
	invoiced = asks("invoiced", "购车发票日期", "Date of the invoice", FieldDate, false)
	device   = asks("device", "设备与系统版本", "Device and version", FieldText, false)
	login    = asks("login", "账户名", "Account name", FieldText, true)
	tracking = asks("tracking", "快递单号", "Tracking number", FieldText, false)
	ordered  = asks("ordered", "下单日期", "Date of the order", FieldDate, true)
	opponent = asks("opponent", "对方名称", "Who the dispute is with", FieldText, true)
	safe     = asks("safe", "车辆能否安全行驶", "Can it be driven safely?", FieldChoice, true,
		choice("yes", "能", "Yes"), choice("no", "不能", "No"), choice("unsure", "不确定", "Not sure"))

	formFault     = Form{vin, safe, mileage, asks("code", "故障码", "Fault code", FieldText, false)}
	formEmergency = Form{place, asks("hurt", "是否有人受伤", "Is somebody hurt?", FieldBool, true), optional(vin)}
)

// What to have at hand before asking (R034, R078, R079).
var (
	quiet    = inbox.Text{Zh: "找一个安静、信号好的地方，避免背景噪音", En: "A quiet place with a good signal"}
	describe = inbox.Text{Zh: "用简单的话说清问题：什么时候开始、发生了什么、希望怎样解决", En: "The problem in simple words: since when, what happens, what you hope for"}
	tried    = inbox.Text{Zh: "已经尝试过的步骤，免得重复询问", En: "What you have tried already, so that nobody asks again"}
	pictures = inbox.Text{Zh: "截图、照片或录音等证据", En: "Screenshots, pictures or recordings"}
	carVIN   = inbox.Text{Zh: "车架号（VIN）与车牌号", En: "VIN and number plate"}
	orderNo  = inbox.Text{Zh: "订单号、下单日期与快递单号", En: "Order number, date of the order, tracking number"}
	proof    = inbox.Text{Zh: "付款凭证", En: "Proof of payment"}
	identity = inbox.Text{Zh: "注册手机号或邮箱，用于核验身份；请勿提供密码或银行卡号", En: "Registered phone number or e-mail address, to check who you are; never tell passwords or card numbers"}
	location = inbox.Text{Zh: "所在位置：道路名称、方向、公里桩号或附近标志", En: "Where you are: road, direction, kilometre mark or landmark"}
	safety   = inbox.Text{Zh: "先确保人身安全：打开双闪、车后放置警示牌、人员撤到护栏外；有人受伤请先拨打 120", En: "Safety first: hazard lights on, warning triangle behind the car, people behind the guard rail; if somebody is hurt, call 120 first"}
	version  = inbox.Text{Zh: "设备型号、系统与应用版本、错误提示", En: "Device, version of system and app, the error message"}
	faqFirst = inbox.Text{Zh: "先看看常见问题，也许马上就有答案", En: "Look at the common questions first; the answer may be there"}

	prepareUse        = []inbox.Text{faqFirst, describe, version, tried}
	prepareVehicle    = []inbox.Text{carVIN, describe, pictures, tried, quiet}
	prepareEmergency  = []inbox.Text{safety, location, carVIN}
	prepareTechnical  = []inbox.Text{describe, version, pictures, tried, quiet}
	prepareAccount    = []inbox.Text{identity, describe, quiet}
	prepareOrder      = []inbox.Text{orderNo, proof, describe}
	prepareComplaint  = []inbox.Text{describe, pictures, orderNo}
	prepareSuggestion = []inbox.Text{describe, pictures}
)
