package assist

import (
	"math"
	"runtime"
	"slices"
	"time"

	"yingda/internal/domain/retrieve"
)

// Trial is one question put to a knowledge base of which it is known what it
// asks.
type Trial struct {
	Text     string
	Question int64 // the entry that answers it; 0: none does
}

// Evaluation tells how well a knowledge base answers. Shares are between 0 and
// 1; a share of nothing is 0.
type Evaluation struct {
	Questions int `json:"faqs"`
	Phrasings int `json:"phrasings"`
	Trials    int `json:"queries"`

	R1  float64 `json:"r1"`  // share of the answerable whose question is ranked first
	R3  float64 `json:"r3"`  // among the first three
	R5  float64 `json:"r5"`  // among the first five
	MRR float64 `json:"mrr"` // mean of 1/rank over the answerable, to rank ten

	Coverage     float64 `json:"coverage"`      // share of all that is answered outright
	Precision    float64 `json:"precision"`     // share of the answered that is answered rightly
	FalseAnswers float64 `json:"false_answers"` // share of the unanswerable that is answered
	ClarifyShare float64 `json:"clarify_share"` // share of all for which questions are offered
	ClarifyHit   float64 `json:"clarify_hit"`   // share of those with the right question among the offered

	// ECE is the expected calibration error in ten bins of equal width: how far
	// the promised probability lies from what came true, on average.
	ECE float64 `json:"ece"`

	P50     int64   `json:"p50_us"` // of one decision
	P99     int64   `json:"p99_us"`
	TrainMS int64   `json:"train_ms"` // to make the knowledge base ready
	HeapMB  float64 `json:"heap_mb"`  // that it holds when it is ready
}

// deepest is the rank beyond which a question counts as not found.
const deepest = 10

// Evaluate makes a knowledge base ready and puts the trials to it. The rules
// that decide by words alone ("a person, please") are left out: they do not
// belong to the knowledge base.
func Evaluate(kb []retrieve.Entry, trials []Trial, limits retrieve.Limits, now func() time.Time) Evaluation {
	before := heap()
	began := now()
	x := retrieve.New(kb)
	e := Evaluation{Questions: len(kb), Trials: len(trials), TrainMS: now().Sub(began).Milliseconds()}
	e.HeapMB = math.Round(max(0, float64(heap())-float64(before))/(1<<20)*10) / 10
	for _, k := range kb {
		e.Phrasings += 1 + len(k.Phrasings)
	}
	var t tally
	took := make([]time.Duration, 0, len(trials))
	for _, q := range trials {
		began = now()
		d := x.Weigh(q.Text, limits)
		took = append(took, now().Sub(began))
		t.add(q, d, x.Find(q.Text, limits, deepest))
	}
	t.into(&e)
	if len(took) > 0 {
		slices.Sort(took)
		e.P50, e.P99 = took[len(took)/2].Microseconds(), took[len(took)*99/100].Microseconds()
	}
	return e
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

const bins = 10

// tally counts what became of trials.
type tally struct {
	all, answerable           int
	first, three, five        int
	reciprocal                float64
	answered, right, wrongful int
	offered, hit              int
	bin                       [bins]struct{ n, promised, right float64 }
}

func (t *tally) add(q Trial, d retrieve.Decision, ranked []retrieve.Candidate) {
	is := func(c retrieve.Candidate) bool { return c.ID == q.Question }
	t.all++
	if q.Question != 0 {
		t.answerable++
		if at := slices.IndexFunc(ranked, is); at >= 0 {
			t.reciprocal += 1 / float64(at+1)
			t.first += count(at < 1)
			t.three += count(at < 3)
			t.five += count(at < 5)
		}
	}
	right := len(ranked) > 0 && is(ranked[0])
	switch d.Action {
	case retrieve.Answer:
		t.answered++
		t.right += count(right)
		t.wrongful += count(q.Question == 0)
	case retrieve.Choose:
		t.offered++
		t.hit += count(slices.ContainsFunc(d.Candidates, is))
	case retrieve.HandOver, retrieve.None:
	}
	b := &t.bin[min(bins-1, int(d.Probability*bins))]
	b.n++
	b.promised += d.Probability
	b.right += float64(count(right))
}

func (t *tally) into(e *Evaluation) {
	e.R1, e.R3, e.R5 = share(t.first, t.answerable), share(t.three, t.answerable), share(t.five, t.answerable)
	e.MRR = round(t.reciprocal / float64(max(1, t.answerable)))
	e.Coverage, e.Precision = share(t.answered, t.all), share(t.right, t.answered)
	e.FalseAnswers = share(t.wrongful, t.all-t.answerable)
	e.ClarifyShare, e.ClarifyHit = share(t.offered, t.all), share(t.hit, t.offered)
	for _, b := range t.bin {
		e.ECE += math.Abs(b.promised-b.right) / float64(max(1, t.all))
	}
	e.ECE = round(e.ECE)
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func share(n, of int) float64 { return round(float64(n) / float64(max(1, of))) }

// round keeps four digits after the point: more would only look exact.
func round(f float64) float64 { return math.Round(f*1e4) / 1e4 }
