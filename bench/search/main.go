// Search measures finding messages by words, through the HTTP interface, among
// 1,000,000 messages of which half are Chinese.
//
//	go run ./bench/search
package main

import (
	"flag"
	"net/url"
	"time"

	"yingda/bench/internal/rig"
	"yingda/bench/internal/seed"
)

type result struct {
	Query  string  `json:"query"`
	Sort   string  `json:"sort"`
	Hits   int     `json:"hits_on_page"`
	P50    float64 `json:"p50_ms"`
	P99    float64 `json:"p99_ms"`
	Worst  float64 `json:"worst_ms"`
	Corpus int     `json:"messages"`
}

func main() {
	rig.MaybeServe()
	size := seed.Size{}
	flag.IntVar(&size.Conversations, "conversations", 100_000, "conversations to seed")
	flag.IntVar(&size.Messages, "messages", 1_000_000, "messages to seed")
	n := flag.Int("n", 200, "requests of each kind")
	flag.Parse()
	s := rig.Start(seed.Folder(size))
	defer s.Stop()
	for _, q := range []string{"退款", "刹车异响", "物流 签收", "refund", "款", "没有这词"} {
		for _, sort := range []string{"newest", "best"} {
			rig.Print(measure(s, *n, size.Messages, q, sort))
		}
	}
}

func measure(s *rig.Server, n, corpus int, query, sort string) result {
	r := result{Query: query, Sort: sort, Corpus: corpus}
	path := "/api/v1/search?kind=message&limit=30&sort=" + sort + "&q=" + url.QueryEscape(query)
	var took []time.Duration
	for i := range n + n/10 {
		var p struct{ Items []struct{ Kind string } }
		began := time.Now()
		s.Do("GET", path, "", nil, &p)
		if i >= n/10 {
			took = append(took, time.Since(began))
		}
		r.Hits = len(p.Items)
	}
	r.P50, r.P99 = rig.Percentiles(took)
	r.Worst = float64(took[len(took)-1].Microseconds()/10) / 100
	return r
}
