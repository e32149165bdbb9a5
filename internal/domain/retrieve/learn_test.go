package retrieve

import (
	"fmt"
	"testing"
)

func closed(n int) (examples []Example) {
	about := map[string][]string{
		"refund": {"我要退款", "钱什么时候退回来", "退货之后没收到退款", "申请退款被拒了", "想把订单退了"},
		"noise":  {"刹车有异响", "底盘咯吱咯吱响", "过减速带有响声", "发动机声音很大", "车门关不上还响"},
		"app":    {"登录不了", "验证码收不到", "密码忘了怎么办", "账号被锁了", "软件闪退打不开"},
	}
	for i := range n {
		for _, label := range []string{"app", "noise", "refund"} {
			texts := about[label]
			examples = append(examples, Example{fmt.Sprintf("%s，%s", texts[i%len(texts)], texts[(i/2+1)%len(texts)]), label})
		}
	}
	return append(examples, Example{"不知道是什么", "rare"})
}

func TestLearn(t *testing.T) {
	l := Learn(closed(LeastExamples))
	if l == nil || l.Labels != 3 || l.Examples != 3*LeastExamples || l.Accuracy < 0.95 {
		t.Fatalf("learnt %+v", l)
	}
	for text, want := range map[string]string{"你好，退款还没到账": "refund", "转弯的时候底盘响": "noise", "我登录的时候验证码一直收不到": "app"} {
		if gs := l.Guess(text); gs[0].Label != want || gs[0].Probability < 0.5 {
			t.Errorf("%s: %+v", text, gs)
		}
	}
	if gs := l.Guess("。。。"); gs != nil {
		t.Errorf("nothing is %+v", gs)
	}
	if l := Learn(closed(LeastExamples - 1)); l != nil {
		t.Errorf("learnt from too few: %+v", l)
	}
}

// Labels that say nothing are guessed as badly as they are: the accuracy is of
// texts that were not learnt.
func TestAccuracyIsOfTheUnseen(t *testing.T) {
	var examples []Example
	for i := range 200 {
		examples = append(examples, Example{fmt.Sprintf("第%d号客户说了%d件事", i*7919, i*104729), []string{"a", "b"}[(i*i/3)%2]})
	}
	if l := Learn(examples); l.Accuracy > 0.65 {
		t.Errorf("an accuracy of %.2f of what cannot be known", l.Accuracy)
	}
}
