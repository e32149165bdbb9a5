package flow

import "testing"

// Sentences of many kinds in many voices.
func TestMixed(t *testing.T) {
	t.Parallel()
	booking, report := []string{"约喷漆 明天上午九点"}, []string{"仪表盘亮黄灯", "能开", "昨天"}
	call, rated := []string{"给我回电", "发票的事"}, []string{"评价", "4", "好了", "跳过"}
	idea := []string{"建议 停车场搭个雨棚"}
	complaint := []string{"投诉 前台爱答不理", "让她道歉"}
	warranty := []string{"电池质保", "三万六"}
	hearsAll(t, person, []said{
		// back
		{"survey", []string{"评价", "1", "欸刚手一抖点成1了，我要重选"}, "score", "score", ""},
		{"survey", []string{"评价", "4", "好了", "等等，上面那题我想重新答"}, "solved", "solved", ""},
		{"suggestion", append(idea, "要", "算了往回退一步，邮箱我没有"), "confirm", "reply", No},
		{"warranty_question", append(warranty, "hang on, can we go one step back?"), "mileage", "mileage", ""},
		{"warranty_question", append(warranty, "刚才里程那个我填岔了，退回去重填"), "mileage", "mileage", ""},
		{"callback", append(call, "明天上午", "回到前面那个问题"), "when", "when", ""},
		{"survey", []string{"survey", "2", "oops, misclicked. back please"}, "score", "score", ""},
		// adding
		{"suggestion", append(idea, "不用", "哦还有，晚上灯要亮一点"), "confirm", "idea", "建议 停车场搭个雨棚；晚上灯要亮一点"},
		{"suggestion", append(idea, "不用", "再加一条：地面划线重刷"), "confirm", "idea", "建议 停车场搭个雨棚；地面划线重刷"},
		{"complaint", append(complaint, "对了忘了说，她还把我的钥匙摔了"), "confirm", "story", "投诉 前台爱答不理；她还把我的钥匙摔了"},
		{"fault_report", append(report, "备注一下：只有冷车的时候亮"), "confirm", "symptom", "仪表盘亮黄灯；只有冷车的时候亮"},
		{"fault_report", append(report, "please add that it only happens when cold"), "confirm", "symptom", "仪表盘亮黄灯；it only happens when cold"},
		{"survey", []string{"评价", "5", "好了", "洗得干净", "多说一句，等候区插座太少"}, "confirm", "score", "5"},
		// dropping
		{"callback", append(call, "跳过", "店里已经回我了，不用再打了"), "done", "", ""},
		{"callback", append(call, "跳过", "问题我自己搞明白了，就不麻烦你们了"), "done", "", ""},
		{"repair_booking", append(booking, "算了，我去路边店弄便宜"), "done", "", ""},
		{"repair_booking", append(booking, "we sold the car yesterday, no need any more"), "done", "", ""},
		{"repair_booking", append(booking, "计划有变，这次先不约了呢"), "done", "", ""},
		{"fault_report", append(report, "刚灯灭了，先不报了吧"), "done", "", ""},
		{"survey", append(rated, "还是不评了，怕影响师傅"), "done", "", ""},
		{"complaint", append(complaint, "经理刚来道过歉了，就不投诉了"), "done", "", ""},
		{"complaint", append(complaint, "没意思，撤了吧"), "done", "", ""},
		// time
		{"repair_booking", append(booking, "周四呢，还是这个点"), "confirm", "when", "2026-12-03T09:00"},
		{"repair_booking", append(booking, "往后顺延两天"), "confirm", "when", "2026-12-02T09:00"},
		{"repair_booking", append(booking, "早半个小时行吗"), "confirm", "when", "2026-11-30T08:30"},
		{"repair_booking", append(booking, "move it to Friday, same hour"), "confirm", "when", "2026-12-04T09:00"},
		{"callback", append(call, "明天下午", "换成后天"), "confirm", "when", "2026-12-01T12:00/2026-12-01T18:00"},
		{"callback", append(call, "明早或者后天早上", "后天的吧"), "confirm", "when", "2026-12-01T06:00/2026-12-01T12:00"},
		// asked back
		{"progress", []string{"GD-1001", "催是啥意思"}, "urge", "urge", ""},
		{"warranty_question", append(warranty, "申请完多久能批"), "apply", "apply", ""},
		{"survey", []string{"评价", "4", "你指的哪个问题"}, "solved", "solved", ""},
		{"suggestion", append(idea, "会把我信息泄露出去吗"), "reply", "reply", ""},
		{"complaint", append(complaint, "你们会给经理看吗"), "confirm", "wish", "让她道歉"},
		{"repair_booking", append(booking, "是去哪家店来着"), "confirm", "when", "2026-11-30T09:00"},
		// hesitating, and not
		{"repair_booking", append(booking, "貌似没毛病"), "confirm", "", ""},
		{"repair_booking", append(booking, "看着应该没啥毛病吧"), "confirm", "", ""},
		// ends
		{"repair_booking", append(booking, "号码末两位敲反了，应该是 08"), "confirm", "phone", "13800138008"},
		{"repair_booking", append(booking, "车牌尾巴不是5 是8"), "confirm", "plate", "沪A12348"},
		{"fault_report", append(report, "my number ends in 11, not 00"), "confirm", "phone", "13800138011"},
		// back
		{"repair_booking", append(booking, "前面时间那里我想改一下"), "when", "when", ""},
		{"survey", []string{"评价", "2", "啊按成2了，应该是4"}, "solved", "score", "4"},
		{"survey", []string{"survey", "2", "wait, I pressed the wrong one, take me back"}, "score", "score", ""},
		{"fault_report", []string{"仪表盘亮黄灯", "能开", "刚才说错了，车开不了"}, "when", "drivable", No},
		{"callback", append(call, "明天上午", "重新说一下时间，后天上午"), "confirm", "when", "2026-12-01T08:00/2026-12-01T12:00"},
		{"fault_report", []string{"车往回开的时候突然退不了挡"}, "drivable", "symptom", "车往回开的时候突然退不了挡"},
		{"complaint", []string{"投诉 质量太差 漆面起泡", "让他们重新做一遍"}, "confirm", "wish", "让他们重新做一遍"},
		// adding
		{"survey", append(rated, "补充：下次记得叫号"), "confirm", "comment", "下次记得叫号"},
		{"complaint", append(complaint, "我再说一点，她当时在玩手机"), "confirm", "story", "投诉 前台爱答不理；她当时在玩手机"},
		{"complaint", append(complaint, "also, she was on her phone the whole time"), "confirm", "story", "投诉 前台爱答不理；she was on her phone the whole time"},
		{"suggestion", append(idea, "再提一个，厕所该修了"), "reply", "idea", "建议 停车场搭个雨棚；厕所该修了"},
		{"fault_report", append(report, "哦忘记讲了，还有股焦味"), "confirm", "symptom", "仪表盘亮黄灯；还有股焦味"},
		// dropping
		{"recall_look_up", []string{"查召回", "登记", "我想了下，过年再弄吧"}, "done", "", ""},
		{"warranty_question", append(warranty, "申请", "充电慢", "刚销售说能给我免费弄，这申请撤了吧"), "done", "", ""},
		{"account_help", []string{"注销账号", "舍不得积分，先留着吧，不注销了"}, "done", "", ""},
		{"suggestion", append(idea, "不用", "唉说了你们也不改，不提了"), "done", "", ""},
		{"complaint", append(complaint, "别投诉了吧，闹大了不好看"), "done", "", ""},
		{"callback", append(call, "跳过", "they just rang me, no need to call any more"), "done", "", ""},
		{"callback", append(call, "跳过", "forget it, figured it out"), "done", "", ""},
		{"repair_booking", append(booking, "不想去那么早"), "change", "when", "2026-11-30T09:00"},
		// time
		{"repair_booking", append(booking, "9点起不来，延后两小时"), "confirm", "when", "2026-11-30T11:00"},
		{"repair_booking", append(booking, "周三的同一时间有吗"), "confirm", "when", "2026-12-02T09:00"},
		{"callback", append(call, "明天下午三点", "改周五"), "confirm", "when", "2026-12-04T15:00"},
		{"callback", append(call, "明天下午三点", "could we do 30 minutes later?"), "confirm", "when", "2026-11-30T15:30"},
		{"callback", append(call, "明天上午或者周三下午都行吧", "周三"), "confirm", "when", "2026-12-02T12:00/2026-12-02T18:00"},
		// asked back
		{"fault_report", []string{"仪表盘亮黄灯", "行驶是指上高速吗"}, "drivable", "drivable", ""},
		{"repair_booking", []string{"我要预约", "维修和保养有啥区别"}, "service", "service", ""},
		{"callback", append(call, "你们几点下班"), "when", "when", ""},
		{"suggestion", append(idea, "回复的话要等多久"), "reply", "reply", ""},
		{"recall_look_up", []string{"查召回", "does it cost anything?"}, "book", "book", ""},
		{"recall_look_up", []string{"查召回", "不登记会怎么样"}, "book", "book", ""},
		// several facts
		{"complaint", []string{"投诉你们，报价800结账成了1100，多出来的300必须退给我"}, "amount", "subject", "price"},
		{"repair_booking", []string{"左前轮扎钉子了，后天上午想在上海换条胎"}, "confirm", "service", "tyres"},
		{"fault_report", []string{"昨天下午开始刹车吱吱叫，开倒还能开"}, "confirm", "drivable", Yes},
		{"fault_report", []string{"空调不凉，不影响开，前天的事"}, "confirm", "when", "2026-11-27"},
		// hesitating
		{"repair_booking", append(booking, "嗯……应该可以吧"), "confirm", "", ""},
		{"repair_booking", append(booking, "looks about right i think"), "confirm", "", ""},
		{"repair_booking", append(booking, "大致没问题，就是能不能晚点"), "change", "when", "2026-11-30T09:00"},
	})
}

// And more of them, in other voices again.
func TestMixedAgain(t *testing.T) {
	t.Parallel()
	booking, report := []string{"约喷漆 明天上午九点"}, []string{"仪表盘亮黄灯", "能开", "昨天"}
	call, rated := []string{"给我回电", "发票的事"}, []string{"评价", "4", "好了", "跳过"}
	idea := []string{"建议 停车场搭个雨棚"}
	complaint := []string{"投诉 前台爱答不理", "让她道歉"}
	warranty := []string{"电池质保", "三万六"}
	nobody := map[string][]string{"contact.vin": {goodVIN}}
	hearsAll(t, nobody, []said{
		{"repair_booking", []string{"约喷漆", "嘉兴", "往回一步，我在湖州"}, "when", "city", "湖州"},
		{"repair_booking", []string{"约喷漆", "嘉兴", "写错了，是湖州"}, "when", "city", "湖州"},
		{"repair_booking", []string{"约喷漆", "嘉兴", "不对，湖州"}, "when", "city", "湖州"},
		{"repair_booking", []string{"约喷漆", "嘉兴", "周三下午", "沪A12345", "上一个问题填错了，车牌是沪A12346"}, "phone", "plate", "沪A12346"},
		{"callback", []string{"给我回电", "发票的事", "13912345678", "哎号码不对，回到上一步"}, "phone", "phone", ""},
		{"callback", []string{"给我回电", "发票的事", "13912345678", "尾号打反了 是87"}, "when", "phone", "13912345687"},
	})
	hearsAll(t, person, []said{
		{"suggestion", append(idea, "行啊", "唉不对 别回我了"), "confirm", "reply", No},
		{"suggestion", append(idea, "不用", "等等 再加句话：最好带充电桩"), "confirm", "idea", "建议 停车场搭个雨棚；最好带充电桩"},
		{"suggestion", append(idea, "不用", "雨棚改成遮阳棚"), "confirm", "idea", "建议 停车场搭个遮阳棚"},
		{"survey", append(rated, "加个意见：等太久"), "confirm", "comment", "等太久"},
		{"survey", append(rated, "意见里写一下洗车没擦干"), "confirm", "comment", "洗车没擦干"},
		{"complaint", append(complaint, "诉求再加一个，要书面道歉"), "confirm", "wish", "让她道歉；要书面道歉"},
		{"complaint", append(complaint, "可不可以匿名"), "confirm", "wish", "让她道歉"},
		{"fault_report", append(report, "不用了，4S店已经让我开过去了"), "done", "", ""},
		{"fault_report", append(report, "哎先停一下，我老公说他自己修"), "confirm", "", ""},
		{"fault_report", append(report, "never mind, it was just the fuel cap"), "done", "", ""},
		{"fault_report", append(report, "其实是前天晚上就亮了"), "confirm", "when", "2026-11-27T18:00/2026-11-28T00:00"},
		{"fault_report", append(report, "现在开不了了，刚趴路上"), "confirm", "drivable", No},
		{"repair_booking", append(booking, "九点太早，十点半吧"), "confirm", "when", "2026-11-30T10:30"},
		{"repair_booking", append(booking, "明天不行，后天上午也可以"), "confirm", "when", "2026-12-01T08:00/2026-12-01T12:00"},
		{"repair_booking", append(booking, "推到后天"), "confirm", "when", "2026-12-01T09:00"},
		{"repair_booking", append(booking, "can we make it Thursday instead"), "confirm", "when", "2026-12-03T09:00"},
		{"repair_booking", append(booking, "补漆不做了，改换轮胎"), "confirm", "service", "tyres"},
		{"repair_booking", append(booking, "电话留我老公的 13987654321"), "confirm", "phone", "13987654321"},
		{"repair_booking", append(booking, "喷漆要多久啊"), "confirm", "service", "paint"},
		{"callback", append(call, "周一周三都行，看你们"), "when", "when", ""},
		{"callback", append(call, "周一下午或者周三下午", "前面那个"), "confirm", "when", "2026-11-30T12:00/2026-11-30T18:00"},
		{"callback", append(call, "周一下午或者周三下午", "周三吧，早一点"), "confirm", "when", "2026-12-02T12:00/2026-12-02T18:00"},
		{"callback", append(call, "明天下午", "三点以后"), "confirm", "when", "2026-11-30T15:00"},
		{"warranty_question", append(warranty, "申请的话要交钱不"), "apply", "apply", ""},
		{"warranty_question", append(warranty, "三万六写错了，是六万三"), "apply", "mileage", "63000"},
		{"warranty_question", append(warranty, "表上是63000"), "apply", "mileage", "63000"},
		{"progress", []string{"GD-1001", "催的话会快点吗"}, "urge", "urge", ""},
		{"progress", []string{"GD-1001", "不急，你们慢慢弄"}, "done", "", ""},
		{"account_help", []string{"注销账号", "等下，积分会清零吗"}, "confirm", "topic", "close"},
		{"account_help", []string{"注销账号", "先别，我把积分用完再说"}, "confirm", "", ""},
		{"recall_look_up", []string{"查召回", "登记", "这个电话不用了，换13911112222"}, "confirm", "phone", "13911112222"},
		{"recall_look_up", []string{"查召回", "这周没空，改天吧"}, "done", "", ""},
	})
}

// What others said otherwise, and what looks like it.
func TestMixedMore(t *testing.T) {
	t.Parallel()
	booking := []string{"约喷漆 明天上午九点"}
	call := []string{"给我回电", "发票的事"}
	hearsAll(t, person, []said{
		{"repair_booking", append(booking, "actually I'd like to cancel"), "done", "", ""},
		{"repair_booking", append(booking, "the price is too high, please cancel"), "done", "", ""},
		{"repair_booking", append(booking, "please don't cancel"), "confirm", "when", "2026-11-30T09:00"},
		{"repair_booking", append(booking, "别取消啊"), "confirm", "when", "2026-11-30T09:00"},
		{"callback", append(call, "明天下午", "补充一下，还想问问能不能开专票"), "confirm", "about", "发票的事；还想问问能不能开专票"},
		{"complaint", []string{"I want to file a complaint. Your staff was rude", "an apology", "instead of an apology I want a refund"}, "confirm", "wish", "a refund"},
		{"survey", []string{"评价：4分，问题解决了，意见是等候区太吵"}, "confirm", "comment", "等候区太吵"},
		{"survey", []string{"评价：4分，问题解决了，意见没有"}, "comment", "comment", ""},
		{"fault_report", []string{"空调不制冷然后车开是没问题的"}, "when", "drivable", Yes},
		{"callback", append(call, "先帮我看下工单GD-1001到哪一步了，不用催"), "when", "when", ""},
	})
}
