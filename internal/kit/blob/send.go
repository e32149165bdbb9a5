package blob

import (
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// Send answers a request with a file, or the part of it that was asked for. A
// browser shows images, sound, films and PDF; anything else it saves, under a
// type that says nothing. Nothing in a file can run with our rights.
func Send(w http.ResponseWriter, r *http.Request, name, kind string, at time.Time, body io.ReadSeeker) {
	how := "inline"
	if !shown(kind) {
		how, kind = "attachment", "application/octet-stream"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	if d := mime.FormatMediaType(how, map[string]string{"filename": name}); d != "" {
		how = d
	}
	h.Set("Content-Disposition", how)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'")
	if kind == "application/pdf" {
		h.Del("Content-Security-Policy") // browsers show no PDF in a sandbox; their readers are one themselves
	}
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // a chat stands in other people's pages
	h.Set("Referrer-Policy", "no-referrer")               // the address opens the file
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, max-age=86400")
	}
	http.ServeContent(w, r, "", at, body)
}

func shown(kind string) bool {
	family, _, _ := strings.Cut(kind, "/")
	switch family {
	case "image":
		return kind != "image/svg+xml" && kind != "image/heic"
	case "video", "audio":
		return true
	default:
		return kind == "application/pdf"
	}
}
