// Start measures how long the program takes to be ready on an existing
// database, and how much memory it holds when nobody is there.
//
//	go run ./bench/start
package main

import (
	"context"
	"flag"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"yingda/bench/internal/rig"
	"yingda/bench/internal/seed"
)

type result struct {
	Conversations int     `json:"conversations"`
	P50           float64 `json:"ready_p50_ms"`
	Worst         float64 `json:"ready_worst_ms"`
	IdleMB        int64   `json:"idle_rss_mb"`
}

func main() {
	rig.MaybeServe()
	size := seed.Size{}
	flag.IntVar(&size.Conversations, "conversations", 100_000, "conversations to seed")
	flag.IntVar(&size.Messages, "messages", 1_000_000, "messages to seed")
	n := flag.Int("n", 10, "starts")
	flag.Parse()
	folder := seed.Folder(size)
	binary := filepath.Join(os.TempDir(), "yingda-bench-binary")
	build := exec.CommandContext(context.Background(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, "yingda/cmd/yingda") //nolint:gosec // our own program
	build.Stderr = os.Stderr
	rig.Must(build.Run())
	var took []time.Duration
	var idle int64
	for i := range *n + 1 {
		d, rss := once(binary, folder, i == *n)
		if i > 0 { // the first one warms the caches up
			took = append(took, d)
		}
		idle = rss
	}
	r := result{Conversations: size.Conversations, IdleMB: idle >> 20}
	r.P50, _ = rig.Percentiles(took)
	r.Worst = float64(took[len(took)-1].Microseconds()/10) / 100
	rig.Print(r)
}

// once starts the program, waits until it is ready, and stops it. last reads
// the memory after ten idle seconds.
func once(binary, folder string, last bool) (ready time.Duration, rss int64) {
	const address = "127.0.0.1:18377"
	cmd := exec.CommandContext(context.Background(), binary, "serve", "--data", folder, "--http", address) //nolint:gosec // our own program
	began := time.Now()
	rig.Must(cmd.Start())
	for {
		resp, err := http.Get("http://" + address + "/readyz") //nolint:noctx // a probe
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				break
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	ready = time.Since(began)
	if last {
		time.Sleep(10 * time.Second)
		rss = rig.RSSOf(cmd.Process.Pid)
	}
	rig.Must(cmd.Process.Signal(os.Interrupt))
	_ = cmd.Wait()
	return ready, rss
}
