package flow

import "testing"

// Who asks to go back is asked the question before again, whatever stands beside; what
// answers it there is taken.
func TestGoesBack(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		flow       string
		says       []string
		asks       string
		slot, want string
	}{
		{"survey", []string{"评价", "2", "返回，按错了"}, "score", "score", ""},
		{"survey", []string{"评价", "2", "哎呀 手滑了，退回去"}, "score", "score", ""},
		{"survey", []string{"评价", "2", "上一题我重新选"}, "score", "score", ""},
		{"survey", []string{"评价", "2", "不好意思，能回到上一个问题吗"}, "score", "score", ""},
		{"survey", []string{"survey", "2", "go back please, wrong button"}, "score", "score", ""},
		{"survey", []string{"survey", "2", "can I go back to the previous question?"}, "score", "score", ""},
		{"survey", []string{"评价", "2", "上一步，改成4分"}, "solved", "score", "4"},
		{"survey", []string{"评价", "2", "返回，我要给5分"}, "solved", "score", "5"},
		{"suggestion", []string{"建议 多放几把椅子", "要", "退回，还是不用回复了"}, "confirm", "reply", No},
		{"warranty_question", []string{"电池质保", "三万六", "回上一步，里程是63000"}, "apply", "mileage", "63000"},
		{"warranty_question", []string{"电池质保", "三万六", "倒回去一下，公里数看错了"}, "mileage", "mileage", ""},
		{"repair_booking", []string{"约喷漆 明天上午九点", "退回上一步"}, "when", "when", ""},
		// and what only looks like it
		{"fault_report", []string{"返回的时候方向盘抖得厉害"}, "drivable", "symptom", "返回的时候方向盘抖得厉害"},
		{"complaint", []string{"投诉 多收了钱 乱收费", "80", "退回多收的80块"}, "confirm", "wish", "退回多收的80块"},
		{"survey", []string{"评价", "4", "好了", "上一个师傅更细心"}, "confirm", "comment", "上一个师傅更细心"},
		{"survey", []string{"survey", "4", "yes", "I'd come back any time"}, "confirm", "comment", "I'd come back any time"},
	} {
		if asks, values, writes := heard(x.flow, person, x.says...); asks != x.asks || values[x.slot].Text != x.want || writes > 0 {
			t.Errorf("%v: asks for %s, not %s; %s is %q, not %q", x.says, asks, x.asks, x.slot, values[x.slot].Text, x.want)
		}
	}
}
