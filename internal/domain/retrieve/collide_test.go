package retrieve

import (
	"fmt"
	"testing"
)

func TestCollisions(t *testing.T) {
	entries := []Entry{
		{ID: 1, Question: "如何申请退款", Phrasings: []string{"我想退款", "怎么退钱"}, Language: "zh"},
		{ID: 2, Question: "如何取消订单", Phrasings: []string{"我想退款呀", "取消订单"}, Language: "zh"},
		{ID: 3, Question: "充电桩怎么安装", Phrasings: []string{"安装充电桩"}, Language: "zh"},
		{ID: 4, Question: "怎么退钱", Language: "zh", Internal: true}, // other people read it
	}
	got := New(entries).Collisions()
	if len(got) != 1 || got[0].A != 1 || got[0].B != 2 || len(got[0].Mixed) != 1 || got[0].Mixed[0] != (Mixed{Text: "我想退款呀", Of: 2, Same: true, Beside: "我想退款"}) {
		t.Errorf("%+v", got)
	}
}

// Where there is enough to learn from, what is taken for another is found without
// any word being the same twice.
func TestCollisionsByCrossValidation(t *testing.T) {
	var entries []Entry
	things := []rune("天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈剑号巨阙珠称夜光果珍李柰")
	for i := range 55 {
		e := Entry{ID: int64(i + 1), Language: "zh", Question: string([]rune{things[i], '甲', things[i]})}
		for k, f := range []string{"%c乙丙", "丁%c戊", "%c己", "庚辛%c", "%c壬癸"} {
			_ = k
			e.Phrasings = append(e.Phrasings, fmt.Sprintf(f, things[i]))
		}
		entries = append(entries, e)
	}
	apart := New(entries).Collisions()
	twin := Entry{ID: 99, Language: "zh", Question: string([]rune{things[0], '子', things[0]})}
	for _, f := range []string{"%c乙丑", "丁%c寅", "%c卯", "庚辰%c", "%c巳癸"} {
		twin.Phrasings = append(twin.Phrasings, fmt.Sprintf(f, things[0]))
	}
	got := New(append(entries, twin)).Collisions()
	if len(got) <= len(apart) || got[0].A != 1 || got[0].B != 99 || len(got[0].Mixed) < 2 {
		t.Errorf("without a twin %d, with it %+v", len(apart), got)
	}
}
