package grounding

import "testing"

func TestAltered(t *testing.T) {
	for _, c := range []struct{ text, translation, code string }{
		{"我的车牌是沪A12345，3月5日下午3点到店", "My plate is 沪A12345, I arrive at 3 pm on March 5", ""},
		{"我的车牌是沪A12345", "My plate is 沪A12346", "grounding.lost"},
		{"我的车牌是沪A12345", "My plate is A12345", "grounding.lost"},
		{"VIN LSVAA4182E2184847 报 P0420", "The VIN is LSVAA4182E2184847, fault code P0420", ""},
		{"VIN LSVAA4182E2184847", "VIN LSVAA4182E2184848", "grounding.lost"},
		{"跑了3万公里，换了两次刹车片", "It has run 30,000 km and the pads were replaced twice", ""},
		{"跑了3万公里", "It has run 3,000 km", "grounding.lost"},
		{"三天之内给我答复", "Answer me within three days", ""},
		{"三天之内给我答复", "Answer me within 3 days", ""},
		{"三天之内给我答复", "Answer me within five days", "grounding.lost"},
		{"请尽快答复", "Please answer within 24 hours", "grounding.added"},
		{"等一两天也行", "A day or two is fine", ""},
		{"在4S店等", "Waiting at the dealership", ""},
		{"15:30 到店", "Arriving at 3:30 pm", ""},
		{"下午三点半", "half past three in the afternoon", ""},
		{"看这里 https://example.com/a?b=1", "See https://example.com/a?b=1", ""},
		{"看这里 https://example.com/a", "See https://evil.example/a", "grounding.lost"},
		{"你好", "Hello, see https://evil.example", "grounding.added"},
		{"2026-03-05 买的", "Bought on March 5, 2026", ""},
		{"2026-03-05 买的", "Bought on March 6, 2026", "grounding.lost"},
		{"退 300 元", "Refund 300 yuan", ""},
		{"退 300 元", "Refund 3000 yuan", "grounding.lost"},
		{"The 2nd key, please", "请给我第 2 把钥匙", ""},
		{"I paid 25k for it", "我花了 25000 买的", ""},
		{"twenty five days", "25 天", ""},
		{"你好", "![x](https://evil.example)", "grounding.added"},
		{"一般多久？", "How long does it usually take?", ""},
		{"Come in May", "5月来", ""},
	} {
		wrong := Altered(c.text, c.translation)
		switch {
		case c.code == "" && len(wrong) > 0:
			t.Errorf("%q → %q: %v", c.text, c.translation, wrong)
		case c.code != "" && (len(wrong) == 0 || wrong[0].Code != c.code):
			t.Errorf("%q → %q: %v, want %s", c.text, c.translation, wrong, c.code)
		}
	}
}

// What is in a text survives its own copy, whatever it is.
func FuzzAltered(f *testing.F) {
	f.Add("3月5日 沪A12345 https://example.com 三天 一两天 25k 15:30")
	f.Fuzz(func(t *testing.T, text string) {
		if wrong := Altered(text, text); len(wrong) > 0 {
			t.Errorf("%q is altered by nothing: %v", text, wrong)
		}
	})
}
