// Chat measures the main path: a visitor's message, from the moment when it is
// due until the agent's socket has it, stored with fsync before anyone hears.
//
//	go run ./bench/chat -rate 2000 -conversations 100 -seconds 15
package main

import (
	"bytes"
	"flag"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"yingda/bench/internal/rig"
)

type result struct {
	Rate      int     `json:"rate"`
	Achieved  float64 `json:"achieved"`
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
	Lost      int     `json:"lost"`
	Errors    int64   `json:"errors"`
	ServerRSS int64   `json:"server_rss_mb"`
}

func main() {
	rig.MaybeServe()
	rate := flag.Int("rate", 2000, "messages a second")
	conversations := flag.Int("conversations", 100, "open conversations, all held by one agent")
	seconds := flag.Int("seconds", 15, "how long")
	connections := flag.Int("connections", 64, "connections that visitors' browsers share")
	warm := flag.Int("warm", 1, "seconds at the same rate that are not counted")
	flag.Parse()

	s := rig.Start("")
	defer s.Stop()
	tokens := open(s, *conversations)
	count := *rate * (*seconds + *warm)
	heard := make([]atomic.Int64, count) // nanoseconds after the start; 0 is never
	start := time.Now().Add(200 * time.Millisecond)
	var last atomic.Int64
	conn := s.Agent(func(frame []byte) {
		if i, ok := number(frame); ok && i < count {
			now := int64(time.Since(start))
			heard[i].CompareAndSwap(0, now)
			last.Store(now)
		}
	})
	defer conn.WriteClose(1000, nil)

	acked := make([]bool, count)
	var errs atomic.Int64
	send(s, tokens, *connections, *rate, start, acked, &errs)
	for range 200 { // what was acknowledged last may still be on its way
		if complete(acked, heard) {
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	rig.Print(weigh(*rate, *rate**warm, acked, heard, errs.Load(), s.RSS()))
}

// open makes the conversations, and the agent takes each.
func open(s *rig.Server, n int) []string {
	tokens := make([]string, n)
	for i := range tokens {
		tokens[i] = s.Visitor()
		var r struct{ Conversation struct{ ID string } }
		s.Do("POST", "/widget/v1/messages", tokens[i], map[string]any{"client_id": fmt.Sprintf("open-%08d", i), "text": "您好，我的车有问题"}, &r)
		s.Do("POST", "/api/v1/conversations/"+r.Conversation.ID+"/take", "", nil, nil)
	}
	return tokens
}

// send posts message i when it is due, at start + i/rate.
func send(s *rig.Server, tokens []string, connections, rate int, start time.Time, acked []bool, errs *atomic.Int64) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range connections {
		wg.Go(func() {
			r := s.Dial()
			defer func() { r.Close() }()
			var body []byte
			for {
				i := int(next.Add(1) - 1)
				if i >= len(acked) {
					return
				}
				time.Sleep(time.Until(start.Add(time.Duration(i) * time.Second / time.Duration(rate))))
				body = append(body[:0], `{"client_id":"bench-`...)
				body = append(body, fmt.Sprintf("%08d", i)...)
				body = append(body, `","text":"刹车有异响，昨天刚做过保养，请问怎么处理？"}`...)
				status, err := r.Post("/widget/v1/messages", tokens[i%len(tokens)], body)
				acked[i] = err == nil && status < 300
				if !acked[i] {
					errs.Add(1)
				}
				if err != nil {
					r.Close()
					r = s.Dial()
				}
			}
		})
	}
	wg.Wait()
}

var mark = []byte(`"client_id":"bench-`)

// number finds which message a frame brings.
func number(frame []byte) (int, bool) {
	at := bytes.Index(frame, mark)
	if at < 0 || len(frame) < at+len(mark)+8 {
		return 0, false
	}
	i, err := strconv.Atoi(string(frame[at+len(mark) : at+len(mark)+8]))
	return i, err == nil
}

func complete(acked []bool, heard []atomic.Int64) bool {
	for i := range acked {
		if acked[i] && heard[i].Load() == 0 {
			return false
		}
	}
	return true
}

func weigh(rate, skip int, acked []bool, heard []atomic.Int64, errs, rss int64) result {
	r := result{Rate: rate, Errors: errs, ServerRSS: rss >> 20}
	var took []time.Duration
	var end time.Duration
	for i := range acked {
		at := time.Duration(heard[i].Load())
		if acked[i] && at == 0 {
			r.Lost++
		}
		if at == 0 || i < skip {
			continue
		}
		took = append(took, at-time.Duration(i)*time.Second/time.Duration(rate))
		end = max(end, at)
	}
	span := end - time.Duration(skip)*time.Second/time.Duration(rate)
	if span > 0 {
		r.Achieved = float64(int(float64(len(took))/span.Seconds()*10)) / 10
	}
	r.P50, r.P99 = rig.Percentiles(took)
	return r
}
