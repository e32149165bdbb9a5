package serve

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"yingda/internal/kit/fault"
)

// Files serves a tree of files that never change while the program runs, such
// as those inside the binary. Where name.br or name.gz stands beside a file, it
// is sent to those who take it. Files with a hash in their name are kept by
// browsers for ever; of others they ask whether they changed.
type Files struct {
	FS fs.FS
	// Index is sent for paths that name no file and have no dot in their last
	// part, for programs that find their own way in the browser. Empty: 404.
	Index  string
	Errors Errors

	tags sync.Map // name -> entity tag
}

// hashed is how Vite names what it builds: assets/app-BZ9fXq3v.js.
var hashed = regexp.MustCompile(`(^|/)assets/[^/]*-[0-9A-Za-z_-]{8}\.[0-9a-z]+$`)

// ServeHTTP answers with the file that the path names.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.Errors.Handler(f.serve).ServeHTTP(w, r)
}

func (f *Files) serve(w http.ResponseWriter, r *http.Request) error {
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if f.Index != "" && (name == "" || !f.has(name) && !strings.Contains(path.Base(name), ".")) {
		name = f.Index
	}
	return f.Send(w, r, name)
}

// Send answers with one file of the tree.
func (f *Files) Send(w http.ResponseWriter, r *http.Request, name string) error {
	if !f.has(name) {
		return fault.New(fault.NotFound, "request.not_found", "there is nothing at this address")
	}
	encoding, file := f.choose(r, name)
	body, err := fs.ReadFile(f.FS, file)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", typeOf(name))
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", cacheOf(name))
	tag := f.tag(file, body)
	h.Set("ETag", tag)
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // whoever does not read it has gone
	}
	return nil
}

// has reports whether name is a file that may be asked for. Compressed
// neighbours are not files of their own.
func (f *Files) has(name string) bool {
	if strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz") || strings.HasPrefix(path.Base(name), ".") {
		return false
	}
	st, err := fs.Stat(f.FS, name)
	return err == nil && st.Mode().IsRegular()
}

func (f *Files) choose(r *http.Request, name string) (encoding, file string) {
	accepted := r.Header.Get("Accept-Encoding")
	for _, e := range []struct{ encoding, ending string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if !accepts(accepted, e.encoding) {
			continue
		}
		if _, err := fs.Stat(f.FS, name+e.ending); !errors.Is(err, fs.ErrNotExist) {
			return e.encoding, name + e.ending
		}
	}
	return "", name
}

// accepts reports whether an Accept-Encoding header names an encoding without
// refusing it.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		weight, ok := strings.CutPrefix(strings.TrimSpace(q), "q=")
		value, err := strconv.ParseFloat(weight, 64)
		return !ok || err == nil && value > 0
	}
	return false
}

func cacheOf(name string) string {
	if hashed.MatchString(name) {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

func typeOf(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".webmanifest":
		return "application/manifest+json"
	case ".woff2":
		return "font/woff2"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}

func (f *Files) tag(file string, body []byte) string {
	if t, ok := f.tags.Load(file); ok {
		return t.(string) //nolint:forcetypeassert // only strings are stored
	}
	sum := sha256.Sum256(body)
	t := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	f.tags.Store(file, t)
	return t
}
