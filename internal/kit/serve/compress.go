package serve

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// Compress sends JSON and text of more than a kilobyte compressed to those who
// take gzip. Streams, and what is compressed already, pass as they are.
func Compress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead || r.Header.Get("Upgrade") != "" || !accepts(r.Header.Get("Accept-Encoding"), "gzip") {
			next.ServeHTTP(w, r)
			return
		}
		z := &zipped{ResponseWriter: w}
		next.ServeHTTP(z, r)
		z.close() // not after a panic: what was held back must not look complete
	})
}

// smallest is what is worth compressing, in bytes: less fits one packet anyway.
const smallest = 1024

var zippers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // fails only for levels that do not exist
	return z
}}

// zipped holds an answer back until it knows whether it is worth compressing.
type zipped struct {
	http.ResponseWriter
	status int
	held   []byte
	plain  bool // decided: as it is
	zip    *gzip.Writer
}

func (z *zipped) WriteHeader(status int) {
	if status < 200 {
		z.ResponseWriter.WriteHeader(status)
		return
	}
	if z.status != 0 {
		return
	}
	z.status = status
	if !z.worth() {
		z.passOn()
	}
}

// worth reports whether the answer is of a kind that compresses.
func (z *zipped) worth() bool {
	h := z.Header()
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	text := strings.HasSuffix(kind, "json") || strings.HasPrefix(kind, "text/") && kind != "text/event-stream"
	return text && h.Get("Content-Encoding") == "" && z.status != http.StatusNoContent && z.status != http.StatusNotModified
}

func (z *zipped) passOn() {
	z.plain = true
	z.ResponseWriter.WriteHeader(z.status)
}

func (z *zipped) Write(b []byte) (int, error) {
	if z.status == 0 {
		z.WriteHeader(http.StatusOK)
	}
	switch {
	case z.plain:
		return z.ResponseWriter.Write(b)
	case z.zip != nil:
		return z.zip.Write(b)
	case len(z.held)+len(b) < smallest:
		z.held = append(z.held, b...)
		return len(b), nil
	}
	z.begin()
	if _, err := z.zip.Write(z.held); err != nil {
		return 0, err
	}
	return z.zip.Write(b)
}

func (z *zipped) begin() {
	z.Header().Set("Content-Encoding", "gzip")
	z.Header().Add("Vary", "Accept-Encoding")
	z.Header().Del("Content-Length")
	z.ResponseWriter.WriteHeader(z.status)
	z.zip = zippers.Get().(*gzip.Writer) //nolint:forcetypeassert // the pool makes nothing else
	z.zip.Reset(z.ResponseWriter)
}

func (z *zipped) close() {
	switch {
	case z.zip != nil:
		_ = z.zip.Close() // whoever does not read it has gone
		zippers.Put(z.zip)
	case z.status != 0 && !z.plain:
		z.passOn()
		_, _ = z.ResponseWriter.Write(z.held)
	}
}

// Flush sends what was written so far.
func (z *zipped) Flush() {
	switch {
	case z.zip != nil:
		_ = z.zip.Flush()
	case z.status != 0 && !z.plain:
		z.passOn()
		_, _ = z.ResponseWriter.Write(z.held)
		z.held = nil
	}
	_ = http.NewResponseController(z.ResponseWriter).Flush()
}

// Hijack hands over the connection.
func (z *zipped) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	z.plain = true
	return http.NewResponseController(z.ResponseWriter).Hijack()
}

func (z *zipped) Unwrap() http.ResponseWriter { return z.ResponseWriter }
