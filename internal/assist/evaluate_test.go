package assist_test

import (
	"fmt"
	"testing"
	"time"

	"yingda/internal/assist"
	"yingda/internal/domain/retrieve"
)

// Each second reading of the clock is a millisecond later.
func ticking() func() time.Time {
	at := time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)
	return func() time.Time { at = at.Add(time.Millisecond); return at }
}

func TestEvaluate(t *testing.T) {
	kb := []retrieve.Entry{
		{ID: 1, Question: "如何申请退款", Phrasings: []string{"我想退款"}},
		{ID: 2, Question: "退款多久到账", Phrasings: []string{"钱什么时候退回来"}},
		{ID: 3, Question: "如何开发票"},
	}
	e := assist.Evaluate(kb, []assist.Trial{
		{Text: "请问怎么申请退款呢", Question: 1}, // answered, rightly
		{Text: "退款", Question: 2},        // two fit: offered
		{Text: "如何开发票"},                  // answered, though none should
		{Text: "今天天气不错"},                 // nothing fits
	}, retrieve.Limits{}, ticking())
	got := fmt.Sprintf("%d %d %d | %.2f %.2f %.2f %.2f | %.2f %.2f %.2f | %.2f %.2f | %d %d %d", e.Questions, e.Phrasings, e.Trials,
		e.R1, e.R3, e.R5, e.MRR, e.Coverage, e.Precision, e.FalseAnswers, e.ClarifyShare, e.ClarifyHit, e.P50, e.P99, e.TrainMS)
	if want := "3 5 4 | 0.50 1.00 1.00 0.75 | 0.50 0.50 0.50 | 0.25 1.00 | 1000 1000 1"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if e := assist.Evaluate(nil, nil, retrieve.Limits{}, ticking()); e.R1 != 0 || e.Precision != 0 || e.P99 != 0 {
		t.Errorf("nothing: %+v", e)
	}
}
