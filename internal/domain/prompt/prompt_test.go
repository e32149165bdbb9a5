package prompt

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yingda/internal/domain/phrase"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/fault"
)

// read joins the words of clips as they are heard.
func read(clips []string, language string) string {
	words := map[string]string{}
	for _, w := range Words() {
		if w.Language == language || w.Language == Shared {
			words[w.Clip] = w.Text
		}
	}
	heard := make([]string, len(clips))
	for i, c := range clips {
		if heard[i] = words[c]; heard[i] == "" {
			heard[i] = "?" + c
		}
	}
	if language == Chinese {
		return strings.Join(heard, "")
	}
	return strings.Join(heard, " ")
}

func TestReadsAloud(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind               Kind
		value              string
		chinese, inEnglish string
	}{
		{Number, "0", "零", "zero"},
		{Number, "2", "二", "two"},
		{Number, "10", "十", "ten"},
		{Number, "12", "十二", "twelve"},
		{Number, "20", "二十", "twenty"},
		{Number, "-35", "负三十五", "minus thirty five"},
		{Number, "100", "一百", "one hundred"},
		{Number, "101", "一百零一", "one hundred and one"},
		{Number, "110", "一百一十", "one hundred and ten"},
		{Number, "200", "两百", "two hundred"},
		{Number, "222", "两百二十二", "two hundred and twenty two"},
		{Number, "1000", "一千", "one thousand"},
		{Number, "1001", "一千零一", "one thousand and one"},
		{Number, "1010", "一千零一十", "one thousand and ten"},
		{Number, "1100", "一千一百", "one thousand one hundred"},
		{Number, "2002", "两千零二", "two thousand and two"},
		{Number, "10000", "一万", "ten thousand"},
		{Number, "20000", "两万", "twenty thousand"},
		{Number, "10005", "一万零五", "ten thousand and five"},
		{Number, "11000", "一万一千", "eleven thousand"},
		{Number, "20020", "两万零二十", "twenty thousand and twenty"},
		{Number, "100000", "十万", "one hundred thousand"},
		{Number, "120300", "十二万零三百", "one hundred and twenty thousand three hundred"},
		{Number, "1100000", "一百一十万", "one million one hundred thousand"},
		{Number, "10010000", "一千零一万", "ten million ten thousand"},
		{Number, "100000005", "一亿零五", "one hundred million and five"},
		{Number, "200120000", "两亿零一十二万", "two hundred million one hundred and twenty thousand"},
		{Number, "12345678", "一千两百三十四万五千六百七十八", "twelve million three hundred and forty five thousand six hundred and seventy eight"},
		{Count, "1", "一", "one"},
		{Count, "2", "两", "two"},
		{Count, "12", "十二", "twelve"},
		{Count, "22", "二十二", "twenty two"},
		{Minutes, "1", "一分钟", "one minute"},
		{Minutes, "2", "两分钟", "two minutes"},
		{Minutes, "20", "二十分钟", "twenty minutes"},
		{Digits, "10086", "幺零零八六", "one zero zero eight six"},
		{Digits, "+86 21-2", "八六二幺二", "eight six two one two"},
		{Code, "FB-20261201-002", "FB二零二六幺二零幺零零二", "F B two zero two six one two zero one zero zero two"},
		{Plate, "沪A12345", "沪A幺二三四五", "沪 A one two three four five"},
		{Plate, "粤b·d1021学", "粤BD幺零二幺学", "粤 B D one zero two one 学"},
		{Date, "2026-12-01", "二零二六年十二月一日", "December first twenty twenty six"},
		{Date, "2026-02-22", "二零二六年二月二十二日", "February twenty second twenty twenty six"},
		{Date, "2000-10-30", "二零零零年十月三十日", "October thirtieth two thousand"},
		{Date, "2006-05-20", "二零零六年五月二十日", "May twentieth two thousand and six"},
		{Date, "1905-01-31", "一九零五年一月三十一日", "January thirty first nineteen oh five"},
		{Date, "1900-01-01", "一九零零年一月一日", "January first nineteen hundred"},
		{Time, "09:00", "上午九点", "nine a.m."},
		{Time, "14:05", "下午两点零五分", "two oh five p.m."},
		{Time, "00:15", "凌晨零点十五分", "twelve fifteen a.m."},
		{Time, "12:30", "中午十二点三十分", "twelve thirty p.m."},
		{Time, "23:59", "晚上十一点五十九分", "eleven fifty nine p.m."},
		{Money, "0", "零元", "zero yuan"},
		{Money, "200", "两元", "two yuan"},
		{Money, "20000", "两百元", "two hundred yuan"},
		{Money, "1205", "十二元零五分", "twelve point zero five yuan"},
		{Money, "1250", "十二元五角", "twelve point five zero yuan"},
		{Money, "123456", "一千两百三十四元五角六分", "one thousand two hundred and thirty four point five six yuan"},
		{Money, "22", "两角两分", "zero point two two yuan"},
	} {
		for language, want := range map[string]string{Chinese: c.chinese, English: c.inEnglish} {
			clips, shown, err := c.kind.Say(language, c.value)
			if got := read(clips, language); err != nil || got != want || shown == "" {
				t.Errorf("%s %s in %s: %s (%v), want %s", c.kind, c.value, language, got, err, want)
			}
		}
	}
}

func TestReadsNoNonsense(t *testing.T) {
	t.Parallel()
	for kind, values := range map[Kind][]string{
		Number:  {"", "twelve", "1.5", "1000000000000"},
		Count:   {"-1", ""},
		Minutes: {"-5"},
		Digits:  {"", "12a", "一二", strings.Repeat("1", 33)},
		Code:    {"", "--", "单号"},
		Plate:   {"", "日A12345"},
		Date:    {"2026-02-30", "today", "0001-01-01"},
		Time:    {"24:00", "9"},
		Money:   {"-1", "1.50"},
		"size":  {"1"},
	} {
		for _, v := range values {
			if clips, _, err := kind.Say(Chinese, v); err == nil {
				t.Errorf("%s %q is read as %s", kind, v, clips)
			}
		}
	}
	_, err := Builtin().Say(Chinese, "queue.position", nil)
	if fault.CodeOf(err) != "prompt.value" || phrase.Say("zh", "prompt.value", []any{"", "queue.position", "ahead"}, "") == "" {
		t.Errorf("a slot without a value: %v", err)
	}
	if _, err := Builtin().Say(Chinese, "nothing", nil); fault.CodeOf(err) != "prompt.unknown" {
		t.Errorf("a key that is not there: %v", err)
	}
}

// Whatever is read is read with clips that there are, and no two numbers sound
// the same.
func TestNumbersAreTheirOwn(t *testing.T) {
	t.Parallel()
	all := map[string]bool{}
	for _, w := range Words() {
		all[w.Language+" "+w.Clip] = true
	}
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.Int64Range(0, mostNumber).Draw(t, "n")
		if rapid.Bool().Draw(t, "small") {
			value %= 100_000
		}
		other := rapid.Int64Range(max(0, value-1000), value+1000).Draw(t, "other")
		for _, language := range []string{Chinese, English} {
			for _, k := range []Kind{Number, Count, Minutes, Money} {
				clips, _, err := k.Say(language, strconv.FormatInt(value, 10))
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range clips {
					if !all[language+" "+c] {
						t.Fatalf("%s %d needs %q in %s, which is no word", k, value, c, language)
					}
				}
				if clips2, _, err := k.Say(language, strconv.FormatInt(other, 10)); err == nil && value != other && slices.Equal(clips, clips2) {
					t.Fatalf("%d and %d are both %s", value, other, read(clips, language))
				}
			}
		}
	})
}

func TestSaysASentence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		language, key string
		values        map[string]string
		clips, text   string
	}{
		{Chinese, "welcome", nil, "welcome", "您好，欢迎致电客户服务中心。"},
		{Chinese, "queue.position", map[string]string{"ahead": "2"}, "queue.position.1 two queue.position.2", "您前面还有2位客户在等待。"},
		{English, "queue.wait", map[string]string{"least": "3", "most": "5"}, "queue.wait.1 n3 queue.wait.2 n5 minutes", "Please expect to wait 3 to 5 minutes."},
		{Chinese, "closed", map[string]string{"opens_on": "2026-12-01", "opens_at": "09:00"}, "closed.1 n2 n0 n2 n6 year n10 n2 month n1 day morning n9 hour closed.2", "现在是非工作时间，人工热线将在2026年12月1日09:00开始服务。"},
		{Chinese, "case.number", map[string]string{"case": "FB-12"}, "case.number.1 f b one n2", "您的服务单号是FB-12。"},
	} {
		line, err := Builtin().Say(c.language, c.key, c.values)
		if got := strings.Join(line.Clips, " "); err != nil || got != c.clips || line.Text != c.text {
			t.Errorf("%s: %s “%s” (%v)", c.key, got, line.Text, err)
		}
	}
}

// Every sentence and every word has a clip that is there, can be played, is
// neither silent nor too loud, and holds no keys that a line would hear.
func TestEveryClipIsThere(t *testing.T) {
	t.Parallel()
	total := 0
	check := func(language, key string) {
		file, ok := Clip(language, key)
		if !ok {
			t.Errorf("%s/%s is missing; go run ./test/prompts", language, key)
			return
		}
		total += len(file)
		sound, err := audio.ReadWAV(file)
		if err != nil || sound.Rate != audio.Rate || len(sound.Channels) != 1 {
			t.Errorf("%s/%s: %v", language, key, err)
			return
		}
		line := sound.Line()
		if level := audio.Level(line); level < -32 || level > -12 {
			t.Errorf("%s/%s is at %.0f dB", language, key, level)
		}
		if keys := new(audio.Detector).Hear(line); len(keys) > 0 {
			t.Errorf("%s/%s is taken for the keys %q", language, key, keys)
		}
	}
	for language, prompts := range Builtin() {
		for _, p := range prompts {
			for _, c := range p.Clips() {
				check(language, c.Key)
			}
		}
	}
	for _, w := range Words() {
		check(w.Language, w.Clip)
	}
	check(Shared, Music)
	if total > 4<<20 {
		t.Errorf("all clips are %d KB; keep them under 4 MB", total>>10)
	}
}

// A sentence has the same slots in both languages, of kinds that there are.
func TestTheTableIsWhole(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for i, zh := range Builtin()[Chinese] {
		en := Builtin()[English][i]
		if zh.Text == "" || en.Text == "" || seen[zh.Key] {
			t.Errorf("%s is not whole, or twice there", zh.Key)
		}
		seen[zh.Key] = true
		names := func(p Prompt) (all []string) {
			for _, s := range p.Slots() {
				if !slices.Contains(Kinds(), s.Kind) {
					t.Errorf("%s: there is no kind %q", p.Key, s.Kind)
				}
				all = append(all, s.Name)
			}
			slices.Sort(all)
			return all
		}
		if a, b := names(zh), names(en); !slices.Equal(a, b) {
			t.Errorf("%s has the slots %v in Chinese and %v in English", zh.Key, a, b)
		}
	}
	for _, r := range plateSigns {
		if clips, ok := signs("沪A"+string(r)+"1", Plate, true); ok && r != '·' && r != '•' && len(clips) != 4 {
			t.Errorf("%c is not read", r)
		}
	}
}

func FuzzSay(f *testing.F) {
	f.Add("number", "12")
	f.Add("plate", "沪A12345")
	f.Add("date", "2026-12-01")
	f.Fuzz(func(t *testing.T, kind, value string) {
		for _, language := range []string{Chinese, English} {
			clips, shown, err := Kind(kind).Say(language, value)
			if err == nil && (len(clips) == 0 || shown == "") {
				t.Errorf("%s %q is read as nothing", kind, value)
			}
			for _, c := range clips {
				if _, ok := Clip(language, c); !ok {
					t.Errorf("%s %q needs the clip %q", kind, value, c)
				}
			}
		}
	})
}

func TestOwnSentences(t *testing.T) {
	t.Parallel()
	own := Builtin().With(Sentence{Key: "welcome", Zh: "欢迎致电远行汽车。"}, Sentence{Key: "shop.tour", Zh: "前面还有{count:ahead}位。", En: "{count:ahead} before you."})
	if p, _ := own.Find(Chinese, "welcome"); p.Text != "欢迎致电远行汽车。" {
		t.Errorf("welcome is %q", p.Text)
	}
	if was, _ := Builtin().Find(English, "welcome"); was.Text == "" || !own.Has("welcome", English) {
		t.Error("what was not worded otherwise is lost")
	}
	if !own.Has("shop.tour", Chinese, English) || Builtin().Has("shop.tour", Chinese) {
		t.Error("a new sentence is not added, or added to what comes with the program")
	}
	if got := own.Values("shop.tour", Languages()...); !slices.Equal(got, []string{"ahead"}) {
		t.Errorf("it needs %v", got)
	}
	if words, ok := own.Clip(Chinese, "shop.tour.2"); !ok || words != "位。" {
		t.Errorf("its second clip says %q, %v", words, ok)
	}
	voiced := own.Voiced(func(language, clip string) bool { return language == English || clip != "shop.tour.2" })
	if voiced.Has("shop.tour", Chinese) || !voiced.Has("shop.tour", English) || !voiced.Has("welcome", Chinese) {
		t.Error("what is half recorded is said, or what is recorded is not")
	}
	p, _ := own.Find(Chinese, "shop.tour")
	if _, err := own.Say(Chinese, p.Key, p.Samples()); err != nil {
		t.Error(err)
	}
}

// Samples are found for every sentence and can be said.
func TestSamples(t *testing.T) {
	t.Parallel()
	for language, list := range Builtin() {
		for _, p := range list {
			if _, err := Builtin().Say(language, p.Key, p.Samples()); err != nil {
				t.Errorf("%s %s: %v", language, p.Key, err)
			}
		}
	}
	for _, k := range Kinds() {
		if (Prompt{Text: "{" + string(k) + ":x}"}).Samples()["x"] == "" {
			t.Errorf("there is no sample of %s", k)
		}
	}
}

func TestChecksOwnSentences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s           Sentence
		code, field string
	}{
		{Sentence{"shop.hello", "您好", "Hello"}, "", ""},
		{Sentence{"welcome", "您好", ""}, "", ""},
		{Sentence{"Shop", "您好", ""}, "prompt.key", "key"},
		{Sentence{strings.Repeat("a", 61), "您好", ""}, "prompt.key", "key"},
		{Sentence{"shop", "", ""}, "prompt.empty", "zh"},
		{Sentence{"shop", "您好", strings.Repeat("a", 1001)}, "prompt.long", "en"},
		{Sentence{"shop", "{song:x}", ""}, "prompt.slot", "zh"},
		{Sentence{"shop", "您好", "{name"}, "prompt.slot", "en"},
		{Sentence{"n1", "一", ""}, "prompt.taken", "key"},
		{Sentence{"music", "啦啦啦", ""}, "prompt.taken", "key"},
		{Sentence{"queue.position.1", "前面", ""}, "prompt.taken", "key"},
	} {
		err := Builtin().Check(c.s)
		switch {
		case c.code == "" && err != nil:
			t.Errorf("%v: %v", c.s, err)
		case c.code != "" && (err == nil || err.Code != c.code || err.Field != c.field):
			t.Errorf("%v is %v, want %s at %s", c.s, err, c.code, c.field)
		}
	}
}
