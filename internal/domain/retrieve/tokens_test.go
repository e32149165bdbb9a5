package retrieve

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNormalise(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"full width", "ＶＩＮ　１２３", "vin 123"},
		{"traditional", "請問車輛召回怎麼查詢", "请问车辆召回怎么查询"},
		{"apostrophe", "What’s my car's VIN", "whats my cars vin"},
		{"zero width", "退\u200b款", "退款"},
		{"broken", "退\xff款", "退 款"},
		{"capital with a dot", "İstanbul", "istanbul"},
		{"ligature", "oﬃce", "office"},
	} {
		if got := Normalise(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"Chinese", "退款吗", "退 款 退款 吗 款吗"},
		{"across a comma", "退,款", "退 款"},
		{"mixed", "我的E5充电", "我 的 我的 e5 充 电 充电"},
		{"fault code", "P0420是什么", "p0420 是 什 是什 么 什么"},
		{"joined", "DD-2026-0001", "dd 2026 0001 dd20260001"},
		{"plate", "沪A·12345", "沪 a 12345 a12345"},
		{"ends with a dot", "It works.", "it works"},
		{"nothing", "？！👌 ", ""},
	} {
		if got := strings.Join(Tokens(c.in), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSearch(t *testing.T) {
	for _, c := range []struct {
		name, text, query string
		found             bool
	}{
		{"a word of two characters", "我想申请退款，谢谢", "退款", true},
		{"a longer word", "我想申请退款，谢谢", "申请退款", true},
		{"one character", "我想申请退款，谢谢", "退", true},
		{"the last character", "我要退", "退", true},
		{"in another order", "退款什么时候到账", "到账 退款", true},
		{"one of two", "退款什么时候", "到账 退款", false},
		{"neighbours only in sight", "款退", "退款", false},
		{"across a comma", "退，款", "退款", false},
		{"traditional finds simplified", "召回查询", "召回查詢", true},
		{"full width finds plain", "故障码P0420", "ｐ０４２０", true},
		{"beginning of a word", "the warranty ends", "warr", true},
		{"end of a word", "the warranty ends", "ranty", false},
		{"whole order number", "订单DD-2026-0001", "dd-2026-0001", true},
		{"order number without dashes", "订单DD-2026-0001", "dd20260001", true},
		{"end of an order number", "订单DD-2026-0001", "0001", true},
		{"middle of an order number", "订单DD-2026-0001", "2026-00", true},
		{"plate without the dot", "车牌沪A·12345", "沪A12345", true},
		{"host of an address", "write to li@example.com today", "example.com", true},
		{"nothing to search for", "anything", "？！", false},
	} {
		if got := finds(IndexTokens(c.text), QueryTokens(c.query)); got != c.found {
			t.Errorf("%s: %q in %q: %v (%v in %q)", c.name, c.query, c.text, got, QueryTokens(c.query), IndexTokens(c.text))
		}
	}
	if n := len(QueryTokens("退款")); n != 1 {
		t.Errorf("a word of two characters is %d terms, want 1", n)
	}
}

// finds says what a database does with tokens and terms.
func finds(tokens []string, terms []Term) bool {
	for _, q := range terms {
		if !slices.ContainsFunc(tokens, func(t string) bool { return t == q.Text || q.Prefix && strings.HasPrefix(t, q.Text) }) {
			return false
		}
	}
	return len(terms) > 0
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"退款", "沪A·12345 P0420", "請問\xff車輛", "a-b-c-d-e-f-g-h-i-j", "İ’’ǅ각", "1/2½ﬃ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		normal := Normalise(s)
		if again := Normalise(normal); again != normal {
			t.Fatalf("normalised twice: %q, then %q", normal, again)
		}
		first := Tokens(s)
		if again := Tokens(strings.Join(first, " ")); !sameSet(first, again) {
			t.Fatalf("tokens %q, then %q", first, again)
		}
		index := IndexTokens(s)
		for _, tok := range index {
			if tok == "" || len(tok) > maxToken || !utf8.ValidString(tok) || strings.ContainsAny(tok, " \"'()&|!:*") {
				t.Fatalf("token %q", tok)
			}
		}
		if terms := QueryTokens(s); len(terms) > 0 && !finds(index, terms) {
			t.Fatalf("%q does not find itself: %v in %q", s, terms, index)
		}
		if (len(index) == 0) != (len(QueryTokens(s)) == 0) || (len(index) == 0) != (len(first) == 0) {
			t.Fatalf("%q has %d tokens to rank, %d to file, %d to find", s, len(first), len(index), len(QueryTokens(s)))
		}
	})
}

// Every part of Chinese text finds the whole.
func FuzzPartFindsWhole(f *testing.F) {
	f.Add("我想申请退款，谢谢", uint8(2), uint8(4))
	f.Fuzz(func(t *testing.T, s string, from, to uint8) {
		var part []rune
		for _, r := range Normalise(s) {
			if dense(r) || r == '，' || r == ',' {
				part = append(part, r)
			}
		}
		if int(from) >= int(to) || int(to) > len(part) {
			return
		}
		terms := QueryTokens(string(part[from:to]))
		if len(terms) > 0 && !finds(IndexTokens(string(part)), terms) {
			t.Fatalf("%q is not found in %q", string(part[from:to]), string(part))
		}
	})
}

func sameSet(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}
