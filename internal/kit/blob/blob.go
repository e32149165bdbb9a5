// Package blob keeps files by key: in a folder now, in S3 where there are
// several nodes. It also signs addresses that open one file for a while, and
// sends files so that a browser cannot be made to run them.
package blob

import (
	"context"
	"io"
	"time"

	"yingda/internal/kit/fault"
)

// Store keeps files. A key is 1 to 200 letters, digits, dots, hyphens,
// underscores and slashes, and has no empty or dotted part.
type Store interface {
	// Put keeps what r gives under key, and replaces what was there. Nothing is
	// kept if r fails; its error is returned as it is.
	Put(ctx context.Context, key string, r io.Reader) (Stat, error)
	// Open returns a file; NotFound if there is none. The caller closes it.
	Open(ctx context.Context, key string) (File, error)
	// Move gives a file another key.
	Move(ctx context.Context, from, to string) error
	// Delete removes a file. That there is none is no error.
	Delete(ctx context.Context, key string) error
}

// Stat is what Put learned of a file.
type Stat struct {
	Size   int64
	SHA256 string // in hexadecimal
}

// File is an open file.
type File struct {
	Body
	Size int64
	At   time.Time // when it was put
}

// Body is what can be done with an open file.
type Body interface {
	io.ReadSeekCloser
	io.ReaderAt
}

func missing(key string) error {
	return fault.New(fault.NotFound, "file.unknown", "there is no file %q", key)
}

// valid reports whether key may name a file.
func valid(key string) bool {
	if key == "" || len(key) > 200 {
		return false
	}
	start := true // of a part
	for i := range len(key) {
		c := key[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '-':
			start = false
		case c == '.' && !start:
		case c == '/' && !start:
			start = true
		default:
			return false
		}
	}
	return !start
}
