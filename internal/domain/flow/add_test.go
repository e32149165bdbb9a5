package flow

import "testing"

// What somebody says is to be added is added to the text that was told, and is no
// answer to anything else.
func TestAdds(t *testing.T) {
	t.Parallel()
	rated, idea := []string{"评价", "5", "好了", "师傅挺细心"}, []string{"建议 停车场搭个雨棚"}
	for _, x := range []struct {
		flow       string
		says       []string
		asks       string
		slot, want string
	}{
		{"survey", append(rated, "补一句，茶水间很好"), "confirm", "comment", "师傅挺细心；茶水间很好"},
		{"survey", append(rated, "对了再加一句 空调一般般"), "confirm", "comment", "师傅挺细心；空调一般般"},
		{"survey", append(rated, "忘了说，前台不怎么样"), "confirm", "score", "5"},
		{"survey", append(rated, "还有一点，洗得很满意"), "confirm", "score", "5"},
		{"survey", []string{"survey", "5", "yes", "patient mechanic", "one more thing: the coffee was poor"}, "confirm", "comment", "patient mechanic; the coffee was poor"},
		{"survey", []string{"survey", "5", "yes", "patient mechanic", "I'd also like to add that parking was terrible"}, "confirm", "score", "5"},
		{"suggestion", append(idea, "补充一下，地上也要防滑"), "reply", "idea", "建议 停车场搭个雨棚；地上也要防滑"},
		{"suggestion", append(idea, "不用", "再多说一句：最好有灯"), "confirm", "idea", "建议 停车场搭个雨棚；最好有灯"},
		{"complaint", []string{"投诉 前台爱答不理", "让她道歉", "补充一下，当时还有别的客户在场"}, "confirm", "story", "投诉 前台爱答不理；当时还有别的客户在场"},
		{"complaint", []string{"投诉 前台爱答不理", "让她道歉", "再补一条，还要赔我误工费"}, "confirm", "wish", "让她道歉；还要赔我误工费"},
		{"fault_report", []string{"仪表盘亮黄灯", "能开", "昨天", "漏了一点，昨天下雨的时候闪得更厉害"}, "confirm", "symptom", "仪表盘亮黄灯；昨天下雨的时候闪得更厉害"},
		// a value is one, whatever stands before it, and what only sounds so is not added
		{"fault_report", []string{"仪表盘亮黄灯", "能开", "昨天", "补充一下，电话换成13912345678"}, "confirm", "phone", "13912345678"},
		{"fault_report", []string{"仪表盘亮黄灯", "能开", "昨天", "补充一下 是前天开始的"}, "confirm", "when", "2026-11-27"},
		{"survey", []string{"评价", "5", "好了", "补充的零件还没到"}, "confirm", "comment", "补充的零件还没到"},
		{"fault_report", []string{"加一点油门就抖"}, "drivable", "symptom", "加一点油门就抖"},
	} {
		if asks, values, writes := heard(x.flow, person, x.says...); asks != x.asks || values[x.slot].Text != x.want || writes > 0 {
			t.Errorf("%v: asks for %s, not %s; %s is %q, not %q", x.says, asks, x.asks, x.slot, values[x.slot].Text, x.want)
		}
	}
}
