package flow

import "testing"

// Whole dialogues, with what is written at their end, or nothing.
func TestWrittenAsSaid(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		flow   string
		says   []string
		writes int
	}{
		{"survey", []string{"评价", "2", "返回，按错了", "4", "好了", "没了", "行，交吧"}, 1},
		{"survey", []string{"评价", "2", "那个……我想换个分", "4", "好了", "没了", "好"}, 1},
		{"repair_booking", []string{"约喷漆 明天上午九点", "明天我儿子满月，后天吧", "好的"}, 1},
		{"repair_booking", []string{"约喷漆 明天上午九点", "能不能约在店门口那条街的分店", "好"}, 0},
		{"repair_booking", []string{"约喷漆 明天上午九点", "还是那辆白色的去", "嗯"}, 0},
		{"repair_booking", []string{"约喷漆 明天上午九点", "我那个车牌好像过户换了", "好的"}, 0},
		{"fault_report", []string{"仪表盘亮黄灯", "能开", "昨天", "号码是我弟的，你们打我那个", "嗯"}, 0},
		{"complaint", []string{"投诉 多收了钱 乱收费", "80", "退给我", "不止这些", "嗯"}, 0},
		{"complaint", []string{"投诉 前台爱答不理", "让她道歉", "她姓王", "嗯"}, 0},
		{"callback", []string{"给我回电", "发票的事", "明天下午三点", "能用微信联系吗", "好"}, 0},
		{"callback", []string{"给我回电", "发票的事", "明天下午三点", "我三点要开会", "嗯"}, 0},
		{"callback", []string{"给我回电", "发票的事", "明天下午三点", "换个人打行吗", "好"}, 0},
		{"suggestion", []string{"建议 停车场搭个雨棚", "不用", "棚子写成彩钢的", "嗯"}, 0},
		{"account_help", []string{"注销账号", "就是想先问问", "嗯"}, 0},
	} {
		asks, _, writes := heard(x.flow, person, x.says...)
		if writes != x.writes {
			t.Errorf("%v: %d writes, not %d; asks for %s", x.says, writes, x.writes, asks)
		}
	}
}
