package transcript

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

var noon = time.Date(2026, 11, 30, 4, 0, 0, 0, time.UTC)

// levels draws what is to be heard: a letter a second, s for speech, q for a
// quiet breath in it, and a dot for silence.
func levels(plan string) (all []float32) {
	for _, r := range plan {
		for range 50 {
			all = append(all, map[rune]float32{'s': -20, 'q': -44, '.': -96}[r])
		}
	}
	return all
}

func s(n int, of string) string { return strings.Repeat(of, n) }

func TestARecordingIsCut(t *testing.T) {
	t.Parallel()
	type span = [2]float64
	for _, c := range []struct {
		name   string
		plan   string
		within []Span
		want   []span
	}{
		{name: "silence", plan: s(100, ".")},
		{name: "one who speaks", plan: "..sss...", want: []span{{1.8, 5.2}}},
		{name: "a pause is no end", plan: "ss" + s(7, ".") + "ss", want: []span{{0, 11}}},
		{name: "a long one is", plan: "ss" + s(9, ".") + "ss", want: []span{{0, 2.2}, {10.8, 13}}},
		{name: "long speech is cut where it is quiet", plan: s(90, "s") + "q" + s(60, "s"), want: []span{{0, 90.9}, {90.9, 151}}},
		{name: "longer speech too", plan: s(100, "s") + "q" + s(99, "s") + "q" + s(20, "s"), want: []span{{0, 100.9}, {100.9, 200.9}, {200.9, 221}}},
		{name: "a monologue without a breath", plan: s(250, "s"), want: []span{{0, 119.9}, {119.9, 239.8}, {239.8, 250}}},
		{name: "within", plan: s(60, "s"), within: []Span{{10 * time.Second, 20 * time.Second}, {40 * time.Second, time.Hour}}, want: []span{{9.8, 20.2}, {39.8, 60}}},
		{name: "nowhere", plan: s(60, "s"), within: []Span{}},
	} {
		var got []span
		for _, p := range Cut(1, levels(c.plan), c.within) {
			if p.Channel != 1 {
				t.Errorf("%s: channel %d", c.name, p.Channel)
			}
			got = append(got, span{p.From.Seconds(), p.To.Seconds()})
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	click := levels("..........")
	for i := range 9 {
		click[100+i] = -10
	}
	if got := Cut(0, click, nil); got != nil {
		t.Errorf("a click is sent: %v", got)
	}
}

// Whatever a line sounds like, no piece is too long, none overlaps another, and
// nobody who speaks is left out.
func TestCutLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var l []float32
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 200), 1, 6).Draw(t, "runs") {
			l = append(l, levels(s(n, rapid.SampledFrom([]string{"s", "q", "."}).Draw(t, "kind")))...)
		}
		pieces := Cut(0, l, nil)
		for i, p := range pieces {
			if p.Length() <= 0 || p.Length() > LongestPiece || p.From < 0 || p.To > time.Duration(len(l))*frame || i > 0 && p.From < pieces[i-1].To {
				t.Fatalf("%v of %v", p, pieces)
			}
		}
		for i, v := range l {
			at := time.Duration(i) * frame
			if v > quiet && !slices.ContainsFunc(pieces, func(p Piece) bool { return at >= p.From && at < p.To }) {
				t.Fatalf("what is said at %s is left out of %v", at, pieces)
			}
		}
	})
}

func TestTidy(t *testing.T) {
	t.Parallel()
	p := Piece{0, Span{60 * time.Second, 90 * time.Second}}
	at := func(from, to float64, text string) Line {
		return Line{Span: Span{time.Duration(from * float64(time.Second)), time.Duration(to * float64(time.Second))}, Text: text}
	}
	for _, c := range []struct {
		name  string
		heard []Line
		text  string
		want  string
	}{
		{name: "as they are", heard: []Line{at(1, 2, "喂"), at(2, 4.5, " 你好 ")}, want: "61-62 喂|62-64.5 你好"},
		{name: "in no order", heard: []Line{at(5, 6, "二"), at(1, 2, "一")}, want: "61-62 一|65-66 二"},
		{name: "over each other", heard: []Line{at(1, 9, "一"), at(3, 4, "二")}, want: "61-63 一|63-64 二"},
		{name: "before, behind, backwards", heard: []Line{at(-3, 1, "一"), at(7, 5, "二"), at(29, 99, "三"), at(500, 600, "四")}, want: "60-61 一|65-67 二|89-90 三|90-90 四"},
		{name: "nothing in them", heard: []Line{at(1, 2, " \n"), at(3, 4, "\x00\u200b")}, want: ""},
		{name: "the text only", text: "我的车\n不能充电", want: "60-90 我的车 不能充电"},
		{name: "the text stands in the lines", heard: []Line{at(1, 2, "喂")}, text: "喂", want: "61-62 喂"},
		{name: "nothing", want: ""},
	} {
		if got := shown(Tidy(p, Caller, c.heard, c.text)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	loop := make([]Line, 3000)
	for i := range loop {
		loop[i] = at(float64(i)/100, float64(i)/100, strings.Repeat("啊", 6000))
	}
	if got := Tidy(p, Caller, loop, ""); len(got) != MostLines || len([]rune(got[0].Text)) != longestLine {
		t.Errorf("%d lines of %d", len(got), len([]rune(got[0].Text)))
	}
}

// shown writes lines with their times in seconds.
func shown(lines []Line) string {
	var all []string
	for _, l := range lines {
		all = append(all, fmt.Sprintf("%g-%g %s", l.From.Seconds(), l.To.Seconds(), l.Text))
	}
	return strings.Join(all, "|")
}

// talk is a call with a queue, a talk, a hold, a second agent, and a question at
// the end.
func talk(t *testing.T) call.Record {
	t.Helper()
	r := call.Begin(call.NewID(noon), call.Inbound, "13800001001", "4008200000", noon)
	for _, s := range []struct {
		at  int
		act call.Act
		who string
	}{{0, call.Answer, ""}, {20, call.Enqueue, ""}, {30, call.Offer, "ag_lin"}, {40, call.Connect, "ag_lin"}, {100, call.Hold, ""}, {130, call.Resume, ""}, {200, call.HangUp, ""}} {
		var err error
		if r, err = r.Do(s.act, noon.Add(time.Duration(s.at)*time.Second), "", s.who); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func TestWhoSpeaks(t *testing.T) {
	t.Parallel()
	r := talk(t)
	began := noon.Add(10 * time.Second)
	if got := Spoken(r, began); !slices.Equal(got, []Span{{29 * time.Second, 91 * time.Second}, {119 * time.Second, 191 * time.Second}}) {
		t.Errorf("an agent spoke %v", got)
	}
	if got := Spoken(r, time.Time{}); got != nil {
		t.Errorf("of a recording whose beginning is not known %v", got)
	}
	for _, c := range []struct {
		side Side
		at   int
		want Speaker
	}{
		{Caller, 5, Speaker{Kind: Customer}},
		{Heard, 5, Speaker{Kind: Machine}},
		{Heard, 31, Speaker{Agent, "ag_lin"}},
		{Heard, 150, Speaker{Agent, "ag_lin"}},
		{Both, 50, Speaker{Kind: Somebody}},
	} {
		at := time.Duration(c.at) * time.Second
		if got := SpeakerOf(Line{Side: c.side, Span: Span{at, at + time.Second}}, r, began); got != c.want {
			t.Errorf("%s at %s: %+v", c.side, at, got)
		}
	}
	if got := SpeakerOf(Line{Side: Heard}, r, time.Time{}); got.Kind != Agent {
		t.Errorf("of a recording whose beginning is not known %+v", got)
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"我的电话是13800001001":      "我的电话是〔…〕",
		"一三八零零零零一零零一":           "〔…〕",
		"幺三八，零零零零，幺零零幺。":        "〔…〕。",
		"车牌是沪A·D12345":          "车牌是〔…〕",
		"充了三次，一共二十五分钟":          "充了三次，一共二十五分钟",
		"the car stops at 20 %": "the car stops at 20 %",
	} {
		if got := Mask(text); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}

func TestHowItGoesOn(t *testing.T) {
	t.Parallel()
	by := agent.NewID(noon)
	i := call.NewID(noon)
	x, err := Transcript{}.Ask(i, by, noon)
	if err != nil || x.State != Waiting || x.Run != 1 || x.DueAt != noon {
		t.Fatalf("%+v, %v", x, err)
	}
	if _, err := x.Ask(i, by, noon); fault.CodeOf(err) != "transcript.open" {
		t.Errorf("asked twice: %v", err)
	}
	if e := x.Begin(0, "m", noon); e.State != Done || e.EndedAt != noon {
		t.Errorf("of silence %+v", e)
	}
	x = x.Begin(2, "m", noon).Wrote(time.Minute, time.Second, noon)
	if x.State != Writing || x.Written != 1 || x.Sent != time.Minute {
		t.Errorf("half of it %+v", x)
	}
	why := phrase.Because("model.down", "down")
	at := noon
	var rests []time.Duration
	f := x
	for f.Open() {
		if f = f.Missed(why, 0, at); f.Open() {
			rests = append(rests, f.DueAt.Sub(at))
			at = f.DueAt
		}
	}
	if f.State != Failed || len(rests) != mostTries-1 || rests[0] != 30*time.Second || rests[1] != time.Minute || rests[6] != 32*time.Minute || f.Why.Code != "model.down" {
		t.Errorf("failed after %v: %+v", rests, f)
	}
	if w := x.Missed(why, 5*time.Minute, noon); w.DueAt.Sub(noon) != 5*time.Minute || w.Written != 1 {
		t.Errorf("the endpoint asked for more time: %+v", w)
	}
	if again, err := f.Ask(i, by, noon); err != nil || again.Run != 2 || again.Written != 0 || again.Why != nil {
		t.Errorf("again: %+v, %v", again, err)
	}
	if d := x.Missed(why, 0, noon).Wrote(time.Minute, time.Second, noon); d.State != Done || d.Tries != 0 || d.Why != nil || d.Sent != 2*time.Minute {
		t.Errorf("done: %+v", d)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	good := Settings{Enabled: true, BaseURL: " http://127.0.0.1:8090/v1/audio/transcriptions/ ", Model: " whisper-1 ", Languages: []string{" ZH", "zh", ""}, DayMinutes: 10, MostCalls: 2}
	s, err := good.Checked()
	if err != nil || s.BaseURL != "http://127.0.0.1:8090/v1" || s.Model != "whisper-1" || s.Language() != "zh" || s.Host() != "http://127.0.0.1:8090" {
		t.Fatalf("%+v, %v", s, err)
	}
	for code, spoil := range map[string]func(*Settings){
		"endpoint.model_long":      func(s *Settings) { s.Model = strings.Repeat("m", 121) },
		"transcript.model_missing": func(s *Settings) { s.Model = "" },
		"transcript.language":      func(s *Settings) { s.Languages = []string{"chinese"} },
		"transcript.minutes":       func(s *Settings) { s.DayMinutes = -1 },
		"transcript.calls":         func(s *Settings) { s.MostCalls = -1 },
		"endpoint.address_open":    func(s *Settings) { s.BaseURL = "http://api.example.com/v1" },
		"endpoint.address":         func(s *Settings) { s.BaseURL = "" },
	} {
		s := good
		spoil(&s)
		if _, err := s.Checked(); fault.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	if d, err := Defaults().Checked(); err != nil || d.Language() != "zh" || (Settings{Languages: []string{"zh", "en"}}).Language() != "" {
		t.Errorf("the defaults: %+v, %v", d, err)
	}
	for _, c := range []struct {
		name         string
		piece, today time.Duration
		calls        int
		want         string
	}{
		{"the first of the day is longer than the day's", time.Hour, 0, 0, ""},
		{"up to the cap", time.Minute, 9 * time.Minute, 2, ""},
		{"over the cap", 61 * time.Second, 9 * time.Minute, 0, "transcript.why.minutes"},
		{"many calls", time.Minute, 0, 3, "transcript.why.calls"},
	} {
		may, why := s.May(c.piece, c.today, c.calls)
		if may != (c.want == "") || why.Code != c.want {
			t.Errorf("%s: %v, %+v", c.name, may, why)
		}
	}
	s.DayMinutes, s.MostCalls = 0, 0
	if may, _ := s.May(time.Hour, 1000*time.Hour, 1000); !may {
		t.Error("without caps it may not")
	}
}
