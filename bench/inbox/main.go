// Inbox measures the list of conversations at any page, through the HTTP
// interface, on 100,000 conversations and 1,000,000 messages.
//
//	go run ./bench/inbox
package main

import (
	"flag"
	"net/url"
	"strconv"
	"time"

	"yingda/bench/internal/rig"
	"yingda/bench/internal/seed"
)

type result struct {
	Conversations int     `json:"conversations"`
	Messages      int     `json:"messages"`
	FirstP50      float64 `json:"page_1_p50_ms"`
	FirstP99      float64 `json:"page_1_p99_ms"`
	FarP50        float64 `json:"page_3000_p50_ms"`
	FarP99        float64 `json:"page_3000_p99_ms"`
	ClosedP99     float64 `json:"closed_page_1_p99_ms"`
	CountsP99     float64 `json:"counts_p99_ms"`
	FilterP99     float64 `json:"worst_filter_p99_ms"`
	Filter        string  `json:"worst_filter"`
}

func main() {
	rig.MaybeServe()
	size := seed.Size{}
	flag.IntVar(&size.Conversations, "conversations", 100_000, "conversations to seed")
	flag.IntVar(&size.Messages, "messages", 1_000_000, "messages to seed")
	n := flag.Int("n", 300, "requests of each kind")
	flag.Parse()
	s := rig.Start(seed.Folder(size))
	defer s.Stop()
	const rows = "&limit=30"
	r := result{Conversations: size.Conversations, Messages: size.Messages}
	r.FirstP50, r.FirstP99 = measure(s, *n, "/api/v1/conversations?view=all"+rows)
	far := cursorAt(s, 2999*30*size.Conversations/100_000)
	r.FarP50, r.FarP99 = measure(s, *n, "/api/v1/conversations?view=all"+rows+"&cursor="+far)
	_, r.ClosedP99 = measure(s, *n, "/api/v1/conversations?view=closed"+rows)
	_, r.CountsP99 = measure(s, *n, "/api/v1/conversations/counts")
	for _, filter := range filters {
		if _, p99 := measure(s, *n, "/api/v1/conversations?"+filter+rows); p99 > r.FilterP99 {
			r.FilterP99, r.Filter = p99, filter
		}
	}
	rig.Print(r)
}

// filters are hard to answer: much fits, nothing fits, or what fits stands far
// down.
var filters = []string{
	"view=all&language=en", "view=all&language=zh&priority=0", "view=all&tag=none", "view=closed&q=no+such+word", "view=all&q=" + url.QueryEscape("退款"),
	"view=all&unread=true", "view=all&waiting=5", "view=closed&language=zh&tag=none&priority=0", "view=all&state=active", "view=all&state=bot&language=zh",
}

// cursorAt turns pages until so many rows are behind.
func cursorAt(s *rig.Server, rows int) (cursor string) {
	for at := 0; at < rows; {
		take := min(100, rows-at)
		var p struct {
			Items []struct{ ID string }
			Next  string
		}
		s.Do("GET", "/api/v1/conversations?view=all&limit="+strconv.Itoa(take)+"&cursor="+cursor, "", nil, &p)
		at += len(p.Items)
		cursor = p.Next
	}
	return cursor
}

func measure(s *rig.Server, n int, path string) (p50, p99 float64) {
	var took []time.Duration
	for i := range n + n/10 {
		began := time.Now()
		s.Do("GET", path, "", nil, nil)
		if i >= n/10 { // the first ones warm the caches up
			took = append(took, time.Since(began))
		}
	}
	return rig.Percentiles(took)
}
