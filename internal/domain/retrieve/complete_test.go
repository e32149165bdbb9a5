package retrieve

import (
	"slices"
	"testing"
)

func TestCompletable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"": false, "退": false, "退款": true, "re": false, "ref": true, "P0": false, "P04": true, "退2": true, "  ！？": false, "退 ！": false, "e-b": false, "ABC": true,
	} {
		if got := Completable(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	x := New([]Entry{
		{ID: 1, Question: "怎样申请退款？", Phrasings: []string{"我想退款", "申请退钱"}, Text: "在订单里申请。", Language: "zh"},
		{ID: 2, Question: "退款多久到账？", Phrasings: []string{"钱什么时候退回来"}, Text: "三天。", Language: "zh"},
		{ID: 3, Question: "退款审批权限", Text: "主管。", Language: "zh", Internal: true},
		{ID: 4, Question: "How do I get an invoice?", Phrasings: []string{"invoice please"}, Text: "In the order.", Language: "en"},
		{ID: 5, Question: "退款被拒绝了怎么办？", Text: "申诉。", Language: "zh"},
		{ID: 6, Question: "怎样开发票？", Phrasings: []string{"发票怎么开"}, Text: "在订单里开。", Language: "zh"},
	})
	for _, c := range []struct {
		name, typed string
		n           int
		want        []int64
	}{
		{"those that begin so, then those that hold it", "退款", 5, []int64{2, 5, 1}},
		{"no more than are wanted", "退款", 2, []int64{2, 5}},
		{"another way to ask begins so", "钱什么时", 5, []int64{2}},
		{"what is said before it does not matter", "你好，请问怎样开", 5, []int64{6}},
		{"other words, most of them there", "发票在哪开", 5, []int64{6}},
		{"half a word of English", "how do i get an inv", 5, []int64{4}},
		{"in capitals and full width", "ＨＯＷ ｄｏ", 5, []int64{4}},
		{"a single character", "退", 5, nil},
		{"who asks for a person is suggested nothing", "转人工", 5, nil},
		{"nor who may be in danger", "车起火了", 5, nil},
		{"nothing like it", "天气预报", 5, nil},
		{"what only people here may read", "退款审批权限", 5, []int64{2, 5, 1}},
	} {
		var got []int64
		for _, k := range x.Complete(c.typed, Limits{Language: "zh"}, c.n) {
			got = append(got, k.ID)
		}
		if c.name == "what only people here may read" {
			if slices.Contains(got, 3) {
				t.Errorf("%s: %v", c.name, got)
			}
			continue
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Every beginning of every question of the demonstration that is worth it
// suggests the question, unless five others begin the same.
func TestABeginningFindsItsQuestion(t *testing.T) {
	t.Parallel()
	entries := demonstration(t)
	x := learnt(t)
	for _, e := range entries {
		runes := []rune(e.Question)
		typed := string(runes[:len(runes)*2/3])
		if !Completable(typed) {
			continue
		}
		found := x.Complete(typed, Limits{Language: e.Language}, 5)
		if len(found) < 5 && !slices.ContainsFunc(found, func(c Candidate) bool { return c.ID == e.ID }) {
			t.Errorf("%q does not suggest %q: %v", typed, e.Question, found)
		}
	}
}
