package flow

import "testing"

// Somebody drops a thing in their own words, with a reason or without; what only sounds
// like it goes on.
func TestDrops(t *testing.T) {
	t.Parallel()
	booking, report := []string{"约喷漆 明天上午九点"}, []string{"仪表盘亮黄灯", "能开", "昨天"}
	for _, x := range []struct {
		flow string
		says []string
		asks string
	}{
		{"repair_booking", append(booking, "我爱人找了别的店，先不约了哈"), "done"},
		{"repair_booking", append(booking, "保险公司派人来修，这个不用了"), "done"},
		{"repair_booking", append(booking, "预约取消掉吧"), "done"},
		{"repair_booking", append(booking, "还是不去了，最近太忙"), "done"},
		{"repair_booking", append(booking, "actually don't book it"), "done"},
		{"repair_booking", append(booking, "no need any more, my neighbour fixed it"), "done"},
		{"fault_report", append(report, "别报了，灯自己灭了"), "done"},
		{"fault_report", append(report, "那就先别递上去了，我再观察观察"), "done"},
		{"survey", []string{"评价", "3", "好了", "跳过", "想了想还是不交了，免得师傅挨骂"}, "done"},
		{"complaint", []string{"投诉 前台爱答不理", "让她道歉", "人家已经道过歉了，投诉不用了"}, "done"},
		{"callback", []string{"给我回电", "发票的事", "刚才已经联系上了，那个不用了"}, "done"},
		{"callback", []string{"给我回电", "发票的事", "跳过", "on second thought, don't send it"}, "done"},
		{"recall_look_up", []string{"查召回", "登记", "等周末问过家里再说，先不登记"}, "done"},
		{"callback", []string{"给我回电", "发票的事", "跳过", "这次就算了"}, "done"},
		// and what only looks like it
		{"repair_booking", append(booking, "不用改了"), "done"},
		{"repair_booking", append(booking, "那个号不用了 换成13912345678"), "confirm"},
		{"repair_booking", append(booking, "别约明天了，约后天"), "confirm"},
		{"repair_booking", append(booking, "等一下先别提交，我再看看"), "confirm"},
		{"repair_booking", append(booking, "先别约，我改个时间，后天上午"), "confirm"},
		{"fault_report", []string{"倒车雷达不响", "能开", "昨天", "号码打错了，尾号不是00是88"}, "confirm"},
		{"complaint", []string{"投诉 前台爱答不理", "别再让她接待我了"}, "confirm"},
	} {
		asks, _, writes := heard(x.flow, person, x.says...)
		if asks != x.asks || writes > 0 && x.says[len(x.says)-1] != "不用改了" {
			t.Errorf("%v: asks for %s, not %s; %d writes", x.says, asks, x.asks, writes)
		}
	}
}
