package gap

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/turn"
	"yingda/internal/kit/fault"
)

var noon = time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC)

// talk builds a conversation line by line, a minute apart.
type talk struct{ Heard }

func newTalk() *talk {
	return &talk{Heard{Turns: map[conversation.MessageID]turn.Record{}, Votes: map[conversation.MessageID]bool{}}}
}

func (k *talk) add(m conversation.Message) conversation.MessageID {
	n := len(k.Messages) + 1
	m.ID, m.Seq, m.Conversation = conversation.MessageID(n), int64(n), 7
	if m.At.IsZero() {
		m.At = noon.Add(time.Duration(n) * time.Minute)
	}
	k.Messages = append(k.Messages, m)
	return m.ID
}

// asks adds a message of the contact and what the assistant decided about it.
func (k *talk) asks(text string, did turn.Action, code string) *talk {
	i := k.add(conversation.Message{From: conversation.FromContact, Kind: conversation.Text, Text: text})
	k.Turns[i] = turn.Record{Message: i, Action: did, Language: "zh", Why: []phrase.Reason{{Code: code}}, Candidates: []turn.Candidate{{Question: "退款多久到账", Score: 0.4}}}
	return k
}

// because adds a reason to what was decided last.
func (k *talk) because(code string) *talk {
	i := conversation.MessageID(len(k.Messages))
	t := k.Turns[i]
	t.Why = append(t.Why, phrase.Reason{Code: code})
	k.Turns[i] = t
	return k
}

func (k *talk) votes(helpful bool) *talk {
	k.Votes[conversation.MessageID(len(k.Messages))] = helpful
	return k
}

func (k *talk) button() *talk {
	k.add(conversation.Message{From: conversation.FromContact, Kind: conversation.Event, Event: &conversation.Happening{Name: "human.requested"}})
	return k
}

func (k *talk) replies(texts ...string) *talk {
	for _, text := range texts {
		k.add(conversation.Message{From: conversation.FromAgent, Kind: conversation.Text, AuthorName: "林晓", Text: text})
	}
	return k
}

func TestJudge(t *testing.T) {
	for name, c := range map[string]struct {
		talk *talk
		want string // text/signal/handed/chosen/answered/replies of each, in order
	}{
		"answered, and that was it": {newTalk().asks("退款多久到账呀", turn.Answered, "assist.sure"), ""},
		"answered, and thanks":      {newTalk().asks("退款多久到账呀", turn.Answered, "assist.sure").asks("谢谢", turn.Replied, "assist.thanks"), ""},
		"nothing found":             {newTalk().asks("天窗漏水怎么处理", turn.Replied, "assist.no_word"), "天窗漏水怎么处理/missed/false///0"},
		"a greeting is no question": {newTalk().asks("你好", turn.Replied, "assist.greeting"), ""},
		"danger is no gap":          {newTalk().asks("车起火了", turn.Handed, "assist.safety"), ""},
		"offered, nothing chosen":   {newTalk().asks("退款呢还没有收到", turn.Offered, "assist.unsure"), "退款呢还没有收到/unsure/false///0"},
		"offered while learning":    {newTalk().asks("退款呢还没有收到", turn.Offered, "assist.learning"), ""},
		"offered and chosen": {
			newTalk().asks("退款呢还没有收到", turn.Offered, "assist.unsure").asks("退款多久到账", turn.Answered, "assist.chosen"),
			"退款呢还没有收到/unsure/false/退款多久到账//0",
		},
		"chosen, and of no use": {
			newTalk().asks("退款呢还没有收到", turn.Offered, "assist.unsure").asks("退款多久到账", turn.Answered, "assist.chosen").votes(false),
			"退款呢还没有收到/unhelpful/false/退款多久到账/退款多久到账/0",
		},
		"said in pieces":       {newTalk().asks("天窗那里", turn.Joined, "assist.joined").asks("漏水怎么处理", turn.Replied, "assist.pieces").because("assist.no_word"), "天窗那里，漏水怎么处理/missed/false///0"},
		"pieces, and answered": {newTalk().asks("天窗那里", turn.Joined, "assist.joined").asks("漏水怎么处理", turn.Answered, "assist.pieces"), ""},
		"two misses, and people reply": {
			newTalk().asks("天窗漏水怎么处理", turn.Replied, "assist.far").asks("车顶的玻璃进水", turn.Handed, "assist.patience").replies("您好", "请先清理天窗的排水孔，再到店检查密封条。"),
			"天窗漏水怎么处理/missed/false///1 车顶的玻璃进水/missed/true///1",
		},
		"a person, by the button": {
			newTalk().asks("退款多久到账呀", turn.Answered, "assist.sure").button().replies("已为您加急，今天到账。"),
			"退款多久到账呀/after_answer/true//退款多久到账/1",
		},
		"a person, in words": {
			newTalk().asks("退款多久到账呀", turn.Answered, "assist.sure").asks("转人工", turn.Handed, "assist.asked"),
			"退款多久到账呀/after_answer/true//退款多久到账/0",
		},
		"voted unhelpful": {newTalk().asks("退款多久到账呀", turn.Answered, "assist.sure").votes(false), "退款多久到账呀/unhelpful/false//退款多久到账/0"},
		"voted helpful":   {newTalk().asks("退款多久到账呀", turn.Answered, "assist.sure").votes(true), ""},
		"asked again": {
			newTalk().asks("退款多久到账呀", turn.Answered, "assist.sure").asks("退款到底多久到账", turn.Answered, "assist.sure"),
			"退款多久到账呀/asked_again/false//退款多久到账/0",
		},
		"asked something else": {newTalk().asks("退款多久到账呀", turn.Answered, "assist.sure").asks("充电桩安装要多少钱", turn.Answered, "assist.sure"), ""},
		"in a flow":            {newTalk().asks("京A12345", turn.Carried, "flow.filled"), ""},
	} {
		var got []string
		for _, a := range Judge(c.talk.Heard) {
			got = append(got, fmt.Sprintf("%s/%s/%v/%s/%s/%d", a.Text, a.Signal, a.Handed, a.Chosen, a.Answered, len(a.Replies)))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, s, c.want)
		}
	}
}

// What costs a person's time weighs more than what costs the customer's, and
// that more than nothing.
func TestCost(t *testing.T) {
	asks := []Ask{{Signal: Unsure}, {Signal: Missed}, {Signal: Unhelpful}, {Signal: Missed, Handed: true}}
	for i := 1; i < len(asks); i++ {
		if asks[i].Cost() <= asks[i-1].Cost() {
			t.Errorf("%+v costs %d, %+v costs %d", asks[i-1], asks[i-1].Cost(), asks[i], asks[i].Cost())
		}
	}
}

func TestBoardJoinsWhatAsksTheSame(t *testing.T) {
	b, n := NewBoard(), ID(0)
	name := func() ID { n++; return n }
	for i, c := range []struct {
		text, language string
		want           ID
		fresh          bool
	}{
		{"天窗漏水怎么处理", "zh", 1, true},
		{"请问天窗漏水怎么办", "zh", 1, false},
		{"天窗漏水了", "zh", 1, false},
		{"座椅加热怎么打开", "zh", 2, true},
		{"how do I open the sunroof", "en", 3, true},
		{"opening the sunroof", "en", 3, false},
		{"怎么打开座椅加热", "zh", 2, false},
		{"天窗漏水", "en", 4, true}, // of another language
	} {
		got, fresh := b.Place(c.text, c.language, name)
		if got != c.want || fresh != c.fresh {
			t.Errorf("%d %s: gap %d (%v), want %d (%v)", i, c.text, got, fresh, c.want, c.fresh)
		}
	}
}

// The bounded search finds what comparing with every leader finds.
func TestBoardIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	b := NewBoard()
	var leaders []string
	for i, text := range messages(r, 1000) {
		best, at := sameAsking-tiny, -1
		for l, leader := range leaders {
			if c := retrieve.Resemblance(text, leader); c > best+tiny {
				best, at = c, l
			}
		}
		got, fresh := b.Place(text, "zh", func() ID { return ID(len(leaders) + 1) })
		switch {
		case len(retrieve.Weigh(text)) == 0:
		case fresh != (at < 0):
			t.Fatalf("%d %q: fresh %v, but %d has %v", i, text, fresh, at, best)
		case !fresh && int(got) != at+1:
			t.Fatalf("%d %q joins %q, not %q", i, text, leaders[got-1], leaders[at])
		}
		if fresh {
			leaders = append(leaders, text)
		}
	}
	if len(leaders) < 100 || len(leaders) > 900 {
		t.Errorf("%d leaders of 1000 texts tell nothing", len(leaders))
	}
}

// messages are texts of which many ask the same, in words that all share.
func messages(r *rand.Rand, n int) []string {
	things := strings.Fields("天窗 座椅 充电桩 方向盘 雨刮 后视镜 空调 导航 钥匙 轮胎 大灯 电池 车机 蓝牙 后备箱 安全带 音响 摄像头 底盘 门把手")
	states := strings.Fields("漏水 异响 不亮 打不开 没反应 卡住 发热 掉漆 报警 断开 更新 失灵 松动 保修 更换 安装 价格 清洗 设置 预约")
	frames := []string{"我的车%s%s了该怎么办", "请问%s%s怎么处理", "%s%s", "你们的%s为什么会%s呢", "昨天开始%s一直%s，%d公里了"}
	out := make([]string, n)
	for i := range out {
		f := frames[r.IntN(len(frames))]
		if strings.Contains(f, "%d") {
			out[i] = fmt.Sprintf(f, things[r.IntN(len(things))], states[r.IntN(len(states))], r.IntN(90)*1000)
			continue
		}
		out[i] = fmt.Sprintf(f, things[r.IntN(len(things))], states[r.IntN(len(states))])
	}
	return out
}

func BenchmarkBoardOfANight(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	syllables := []rune("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严")
	texts := make([]string, 50_000)
	for i := range texts {
		n := 6 + r.IntN(14)
		var t []rune
		for range n {
			t = append(t, syllables[min(r.IntN(len(syllables)), r.IntN(len(syllables)))])
		}
		texts[i] = string(t)
		if i > 0 && r.IntN(3) > 0 {
			texts[i] = texts[r.IntN(i)] + string(syllables[r.IntN(len(syllables))])
		}
	}
	for b.Loop() {
		board, n := NewBoard(), ID(0)
		for _, t := range texts {
			board.Place(t, "zh", func() ID { n++; return n })
		}
		b.ReportMetric(float64(n), "gaps")
	}
}

func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		"我的电话是 138-0000-1111，快点":               "我的电话是 〔…〕，快点",
		"车架号LSVAA4182E2184847保修到什么时候":          "车架号〔…〕保修到什么时候",
		"车架号 LSVAA4182E2184847 保修到什么时候":        "车架号 〔…〕 保修到什么时候",
		"京A12345的召回":                           "〔…〕的召回",
		"粤B·D12345 查一下":                        "〔…〕 查一下",
		"发到 zhang.wei@mail.example 吧":          "发到 〔…〕 吧",
		"订单 DD-2026-0001 到哪了":                  "订单 〔…〕 到哪了",
		"我叫张伟，想退款":                             "〔…〕，想退款",
		"送到中山北路 128号3栋502室":                    "〔…〕",
		"保养 10000 公里一次吗":                       "保养 10000 公里一次吗",
		"P0420 故障码":                            "P0420 故障码",
		"身份证11010119900307123X 对吗":             "身份证〔…〕 对吗",
		"看 https://example.com/a?phone=1 这个":   "看 〔…〕 这个",
		"my name is John Smith, refund please": "〔…〕, refund please",
	} {
		if got := Mask(in, longestAsk); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	if got := Mask(strings.Repeat("长", 300), 200); len([]rune(got)) != 200 {
		t.Errorf("%d characters", len([]rune(got)))
	}
	if got := Phrasing("订单 〔…〕 到哪了…"); got != "订单 到哪了" {
		t.Errorf("%q", got)
	}
}

func TestDealing(t *testing.T) {
	g := Gap{State: Open, Asked: 3}
	if _, err := g.Done(Deal{Act: Ignored, At: noon}); fault.CodeOf(err) != "gap.reason" {
		t.Errorf("ignored without a reason: %v", err)
	}
	if _, err := g.Reopened(); fault.CodeOf(err) != "gap.open" {
		t.Errorf("an open gap was taken back: %v", err)
	}
	done, err := g.Done(Deal{Act: Ignored, At: noon, Reason: " 不归我们管 "})
	if err != nil || done.State != Dealt || done.Deal.Reason != "不归我们管" || !done.Since().Equal(noon) {
		t.Fatalf("%+v, %v", done, err)
	}
	if _, err := done.Done(Deal{Act: Drafted, At: noon}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("dealt with twice: %v", err)
	}
	if still := done.Counted(Counts{}); still.State != Dealt || still.Asked != 0 {
		t.Errorf("it came back without being asked: %+v", still)
	}
	if back := done.Counted(Counts{Asked: 1, Cost: 2, First: noon, Last: noon}); back.State != Open || back.Deal == nil {
		t.Errorf("asked again: %+v", back)
	}
	if open, err := done.Reopened(); err != nil || open.State != Open || open.Deal != nil || !open.Since().IsZero() {
		t.Errorf("taken back: %+v, %v", open, err)
	}
}

func FuzzMask(f *testing.F) {
	f.Add("京A12345 138 0000 1111", 20)
	f.Fuzz(func(t *testing.T, s string, most int) {
		if most < 2 || most > 500 {
			return
		}
		got := Mask(s, most)
		if len([]rune(got)) > most {
			t.Fatalf("%d characters of %d", len([]rune(got)), most)
		}
		if again := Mask(got, most); again != got {
			t.Fatalf("%q, then %q", got, again)
		}
	})
}
