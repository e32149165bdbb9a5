// Sockets measures the memory that connected visitors cost the program.
//
//	go run ./bench/sockets -n 10000
package main

import (
	"flag"
	"net"
	"sync/atomic"
	"time"

	"github.com/lxzan/gws"

	"yingda/bench/internal/rig"
)

type result struct {
	Sockets   int     `json:"sockets"`
	Failed    int64   `json:"failed"`
	BaseMB    float64 `json:"base_rss_mb"`
	TotalMB   float64 `json:"rss_mb"`
	KiBEach   float64 `json:"kib_each"`
	OpenAfter int64   `json:"open_after_wait"`
}

func main() {
	rig.MaybeServe()
	n := flag.Int("n", 10_000, "sockets, one for each visitor")
	wait := flag.Duration("wait", 10*time.Second, "how long they stay before the memory is read")
	flag.Parse()
	s := rig.Start("")
	defer s.Stop()
	tokens := make([]string, *n)
	rig.Each(*n, 16, func(i int) { tokens[i] = s.Visitor() })
	time.Sleep(3 * time.Second) // what making visitors used is given back
	r := result{Sockets: *n, BaseMB: mb(s.RSS())}
	var failed atomic.Int64
	conns := make([]*gws.Conn, *n)
	rig.Each(*n, 32, func(i int) {
		conn, err := s.VisitorSocket(tokens[i], net.IPv4(127, 0, 0, byte(2+i%8)))
		if err != nil {
			failed.Add(1)
			return
		}
		conns[i] = conn
	})
	time.Sleep(*wait)
	r.Failed, r.TotalMB = failed.Load(), mb(s.RSS())
	r.KiBEach = float64(int((r.TotalMB-r.BaseMB)*1024/float64(*n)*10)) / 10
	for _, c := range conns {
		if c != nil && c.WriteString(`{"type":"ping"}`) == nil {
			r.OpenAfter++
		}
	}
	rig.Print(r)
}

func mb(bytes int64) float64 { return float64(bytes>>10) / 1024 }
