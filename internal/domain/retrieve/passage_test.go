package retrieve

import (
	"strings"
	"testing"
)

// manual returns passages about many things, and the two that are asked about.
func manual(more ...Passage) *Passages {
	var all []Passage
	for s := range strings.FieldsSeq("轮胎 雨刮 空调 座椅 天线 音响 车窗 后视镜 踏板 喇叭 牌照 脚垫 遮阳板 安全带 仪表 尾门 油漆 玻璃 车标 千斤顶 拖绳") {
		all = append(all, Passage{Article: 1, Language: "zh", Title: "检查手册 " + s, Lines: []string{s + "请定期检查。"}})
	}
	return NewPassages(append(all, more...))
}

func TestAPassageIsQuoted(t *testing.T) {
	t.Parallel()
	chains := Passage{Article: 2, Language: "zh", Title: "冬季用车指南 防滑链", Lines: []string{"防滑链只装在驱动轮上。", "装上以后车速不超过 50 公里/小时。"}}
	twin := Passage{Article: 3, Language: "zh", Title: "雪天驾驶 防滑链", Lines: chains.Lines}
	hidden := Passage{Article: 4, Language: "zh", Internal: true, Title: "仓库", Lines: []string{"仓库钥匙的密码锁在前台第三个抽屉里。"}}
	for _, c := range []struct {
		name, asked string
		of          *Passages
		near, sure  bool
	}{
		{"it has nearly all of what is asked", "装上防滑链车速不超过多少", manual(chains), true, true},
		{"some of it", "防滑链车速不超过多少要花钱在哪家店里买", manual(chains), true, false},
		{"nothing of it", "中午食堂吃什么菜", manual(chains), false, false},
		{"a word of three characters", "防滑链", manual(chains), true, true},
		{"a word alone", "雨刮", manual(chains), false, false},
		{"two articles say it", "装上防滑链车速不超过多少", manual(chains, twin), true, false},
		{"for people here only", "仓库钥匙的密码锁在哪个抽屉里", manual(hidden), false, false},
		{"another language", "how fast may I drive with snow chains on", manual(chains), false, false},
		{"too little to know what is rare", "装上防滑链车速不超过多少", NewPassages([]Passage{chains}), true, false},
		{"nothing at all", "装上防滑链车速不超过多少", NewPassages(nil), false, false},
	} {
		q, near := c.of.Ask(c.asked, Limits{Language: "zh"})
		if near != c.near || q.Sure != c.sure {
			t.Errorf("%s: near %t, sure %t, %.2f, next %.2f", c.name, near, q.Sure, q.Score, q.Next)
		}
	}
}

// Of a long passage the lines around what is asked are read, whole ones, and no
// more than one reads at a glance.
func TestOnlyWhatIsAskedIsRead(t *testing.T) {
	t.Parallel()
	var lines []string
	for range 12 {
		lines = append(lines, "这一句说的是别的事情，和所问的没有什么关系，只是占些地方。")
	}
	lines[7] = "防滑链只装在驱动轮上，装上以后车速不超过 50 公里/小时。"
	x := manual(Passage{Article: 2, Language: "zh", Title: "冬季", Lines: lines})
	q, ok := x.Ask("装上防滑链车速不超过多少公里", Limits{Language: "zh"})
	if !ok || q.From > 7 || q.To <= 7 || q.To-q.From == len(lines) {
		t.Fatalf("%+v, %t", q, ok)
	}
	if n := len([]rune(strings.Join(lines[q.From:q.To], ""))); n > mostQuoted {
		t.Errorf("%d characters", n)
	}
}
