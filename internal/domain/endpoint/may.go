package endpoint

import (
	"math"
	"slices"
	"strconv"
	"time"

	"yingda/internal/domain/phrase"
)

// Spent is what was used on one day. Money is in millionths of a yuan.
type Spent struct {
	Calls  int64 `json:"calls"`
	In     int64 `json:"tokens_in"`
	Out    int64 `json:"tokens_out"`
	Micros int64 `json:"micro_yuan"`
}

// Plus returns both together.
func (s Spent) Plus(o Spent) Spent {
	return Spent{s.Calls + o.Calls, s.In + o.In, s.Out + o.Out, s.Micros + o.Micros}
}

// Cost returns what tokens cost, in millionths of a yuan, rounded up: a price
// for a million tokens in yuan is one for a token in millionths.
func (s Settings) Cost(in, out int64) int64 {
	return int64(math.Ceil(float64(in)*s.PriceIn + float64(out)*s.PriceOut))
}

// Decision is whether the model may be asked, and why.
type Decision struct {
	May bool
	Why phrase.Reason
}

func no(why phrase.Reason) Decision { return Decision{Why: why} }

// May says whether the model may be asked for a task in an inbox now, after
// what was spent today.
func (s Settings) May(t Task, inbox string, spent Spent) Decision {
	switch {
	case !s.Enabled:
		return no(phrase.Because("endpoint.why.off", "no model is switched on"))
	case slices.Contains(s.Off, inbox):
		return no(phrase.Because("endpoint.why.off_here", "in this channel no model is asked"))
	case s.For(t) == "":
		return no(phrase.Because("endpoint.why.no_model", "no model is named for this task"))
	case s.DayTokens > 0 && spent.In+spent.Out >= s.DayTokens:
		return no(phrase.Because("endpoint.why.tokens", "%s tokens were used today; %s are the cap", strconv.FormatInt(spent.In+spent.Out, 10), strconv.FormatInt(s.DayTokens, 10)))
	case s.DayYuan > 0 && float64(spent.Micros) >= s.DayYuan*1e6:
		return no(phrase.Because("endpoint.why.yuan", "%s yuan were spent today; %s are the cap", yuan(float64(spent.Micros)/1e6), yuan(s.DayYuan)))
	}
	return Decision{May: true, Why: phrase.Because("endpoint.why.may", "a model is set up and within its caps")}
}

func yuan(y float64) string { return strconv.FormatFloat(y, 'f', 2, 64) }

// Breaker leaves an endpoint alone for a while that failed several times
// in a row (熔断). Its zero value is closed. It is a value: every method returns
// it as it is afterwards.
type Breaker struct {
	Failures int       // in a row
	Until    time.Time // left alone until then
}

const (
	tries     = 3 // failures in a row before it opens
	firstRest = 30 * time.Second
	longRest  = 10 * time.Minute
)

// Ask says whether the endpoint may be asked at a time. After a rest one may
// try; whoever else comes while they do is told to wait.
func (b Breaker) Ask(now time.Time) (Breaker, Decision) {
	if b.Failures < tries && !now.Before(b.Until) {
		return b, Decision{May: true}
	}
	if now.Before(b.Until) {
		return b, no(phrase.Because("endpoint.why.breaker", "the model failed %s times in a row and is left alone for a while", strconv.Itoa(max(1, b.Failures))))
	}
	b.Until = now.Add(firstRest)
	return b, Decision{May: true}
}

// Went returns the breaker after a call that went well.
func (b Breaker) Went() Breaker { return Breaker{} }

// Failed returns the breaker after a call that failed, with how long the
// endpoint asked to be left alone; zero if it did not.
func (b Breaker) Failed(now time.Time, wait time.Duration) Breaker {
	b.Failures++
	rest := wait
	if b.Failures >= tries {
		rest = max(rest, min(longRest, firstRest<<min(10, b.Failures-tries)))
	}
	if until := now.Add(rest); rest > 0 && until.After(b.Until) {
		b.Until = until
	}
	return b
}
