package live_test

import (
	"fmt"
	"runtime"
	"testing"

	"yingda/internal/store/storetest"
)

// BenchmarkVisitorSocket opens visitors' sockets and reports what each takes
// of this process: both ends of it, so the server's share is less.
func BenchmarkVisitorSocket(b *testing.B) {
	r := newRig(b, storetest.SQLite(b))
	used := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse + m.StackInuse
	}
	const sockets = 2000
	who, first := r.visitor("在吗")
	open := make([]*socket, 0, sockets)
	before, goroutines := used(), runtime.NumGoroutine()
	for i := range sockets {
		if i%10 == 0 {
			who, first = r.visitor("在吗")
		}
		s := r.widget(who)
		s.send(fmt.Sprintf(`{"type":"resume","conversation":%q,"after":1}`, first.Conversation.ID))
		s.want("hello")
		s.in = nil // the browser's buffer is not ours
		open = append(open, s)
	}
	b.ReportMetric(float64(used()-before)/sockets, "B/socket")
	b.ReportMetric(float64(runtime.NumGoroutine()-goroutines)/sockets, "goroutines/socket")
	b.ReportMetric(0, "ns/op")
	for _, s := range open {
		s.conn.Close()
	}
}
