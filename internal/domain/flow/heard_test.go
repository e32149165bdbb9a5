package flow

import "testing"

// A day that is named alone goes with the hour that was said before, an hour with the
// day, also where one of several had to be chosen or nothing was free.
func TestKeepsHour(t *testing.T) {
	t.Parallel()
	call := []string{"给我回电", "发票的事"}
	for _, x := range []struct {
		says []string
		want string
	}{
		{append(call, "周二下午或者周五下午", "那周五吧"), "2026-12-04T12:00/2026-12-04T18:00"},
		{append(call, "周二上午十点或者周四下午三点", "周四的"), "2026-12-03T15:00"},
		{append(call, "周二上午十点或者下午三点", "下午的吧"), "2026-12-01T15:00"},
		{append(call, "周二上午十点或者周四下午三点", "第二个"), "2026-12-03T15:00"},
		{append(call, "Tuesday morning or Friday morning", "Friday then"), "2026-12-04T06:00/2026-12-04T12:00"},
		{append(call, "Tuesday at 10am or Friday at 3pm", "the latter"), "2026-12-04T15:00"},
		{append(call, "周二下午或者周五下午", "那周五上午十点吧"), "2026-12-04T10:00"},
		{append(call, "明天下午三点", "晚一个小时吧"), "2026-11-30T16:00"},
		{append(call, "明天下午三点", "an hour later please"), "2026-11-30T16:00"},
		{append(call, "明天下午三点", "提前半小时"), "2026-11-30T14:30"},
		{append(call, "明天下午三点", "往后推一天"), "2026-12-01T15:00"},
		{append(call, "明天下午三点", "后天同一时间"), "2026-12-01T15:00"},
		{append(call, "明天下午三点", "same time on Wednesday"), "2026-12-02T15:00"},
		{append(call, "周三", "那就周四的"), "2026-12-03"},
		{append(call, "明天下午三点", "周四上午"), "2026-12-03T08:00/2026-12-03T12:00"},
	} {
		if asks, values, _ := heard("callback", person, x.says...); values["when"].Text != x.want || asks != "confirm" {
			t.Errorf("%v: %q, not %q; asks for %s", x.says, values["when"].Text, x.want, asks)
		}
	}
}
