// Package unpack opens zip archives that strangers send, such as spreadsheets
// and Word documents: nothing is written anywhere, and no file in one is larger
// than is said, whatever the archive claims.
package unpack

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path"
	"strings"
)

// Errors of an archive.
var (
	ErrBroken  = errors.New("unpack: this is no zip archive, or it is damaged")
	ErrMissing = errors.New("unpack: the archive has no such file")
	ErrLarge   = errors.New("unpack: a file in the archive is too large")
)

// Archive is an archive in memory.
type Archive struct {
	files map[string]*zip.File
	left  int64
}

// mostFiles is how many files an archive may have.
const mostFiles = 10_000

// Open opens an archive of which at most so many bytes are unpacked in all.
func Open(b []byte, most int64) (*Archive, error) {
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(r.File) > mostFiles {
		return nil, errors.Join(ErrBroken, err)
	}
	a := &Archive{files: map[string]*zip.File{}, left: most}
	for _, f := range r.File {
		a.files[clean(f.Name)] = f
	}
	return a, nil
}

// Read unpacks a file. Names are compared as Office does: without a slash before
// them, in any case.
func (a *Archive) Read(name string) ([]byte, error) {
	f, ok := a.files[clean(name)]
	if !ok {
		return nil, ErrMissing
	}
	if f.UncompressedSize64 > uint64(max(0, a.left)) {
		return nil, ErrLarge
	}
	r, err := f.Open()
	if err != nil {
		return nil, errors.Join(ErrBroken, err)
	}
	b, err := io.ReadAll(io.LimitReader(r, a.left+1))
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, errors.Join(ErrBroken, err)
	}
	if a.left -= int64(len(b)); a.left < 0 {
		return nil, ErrLarge
	}
	return b, nil
}

func clean(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}
