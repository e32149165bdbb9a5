package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path"
	"time"
)

// Dir is a Store in a folder. A file lies two folders deep, by a hash of its
// key, so that none grows large.
type Dir struct{ root *os.Root }

const incoming = ".incoming"

// OpenDir opens a folder, which is made if it is missing. What an earlier run
// left half written is removed; no other program may use the folder.
func OpenDir(folder string) (*Dir, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for files: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder for files: %w", err)
	}
	d := &Dir{root}
	if err := errors.Join(root.RemoveAll(incoming), root.Mkdir(incoming, 0o700)); err != nil {
		return nil, errors.Join(fmt.Errorf("clear half-written files: %w", err), root.Close())
	}
	return d, nil
}

// Close closes the folder. Files that are open stay readable.
func (d *Dir) Close() error { return d.root.Close() }

// Put writes beside, makes sure that it is on disk, and only then gives the
// file its name: after a crash a key has the old file or the new one.
func (d *Dir) Put(ctx context.Context, key string, r io.Reader) (st Stat, err error) {
	if !valid(key) {
		return st, fmt.Errorf("a file cannot have the key %q", key)
	}
	beside := incoming + "/" + rand.Text()
	f, err := d.root.OpenFile(beside, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return st, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.remove(beside))
		}
	}()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), &cancelled{ctx, r})
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = d.rename(beside, place(key))
	}
	return Stat{Size: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, err
}

// Open returns a file.
func (d *Dir) Open(_ context.Context, key string) (File, error) {
	if !valid(key) {
		return File{}, missing(key)
	}
	f, err := d.root.Open(place(key))
	if errors.Is(err, fs.ErrNotExist) {
		return File{}, missing(key)
	}
	if err != nil {
		return File{}, err
	}
	st, err := f.Stat()
	if err != nil {
		return File{}, errors.Join(err, f.Close())
	}
	return File{Body: f, Size: st.Size(), At: st.ModTime().UTC().Truncate(time.Second)}, nil
}

// Move gives a file another key.
func (d *Dir) Move(_ context.Context, from, to string) error {
	if !valid(from) || !valid(to) {
		return missing(from)
	}
	err := d.rename(place(from), place(to))
	if errors.Is(err, fs.ErrNotExist) {
		return missing(from)
	}
	return err
}

// Delete removes a file.
func (d *Dir) Delete(_ context.Context, key string) error {
	if !valid(key) {
		return nil
	}
	return d.remove(place(key))
}

func (d *Dir) remove(name string) error {
	if err := d.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// rename also makes sure that the new name is on disk.
func (d *Dir) rename(from, to string) error {
	folder := path.Dir(to)
	err := d.root.Rename(from, to)
	if errors.Is(err, fs.ErrNotExist) { // the folder may be the first file's
		err = errors.Join(d.root.MkdirAll(folder, 0o700), d.root.Rename(from, to))
	}
	if err != nil {
		return err
	}
	f, err := d.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// place returns where a key's file lies: ab/cd/key, and for a key with folders
// folders/ab/cd/key.
func place(key string) string {
	folder, name := path.Split(key)
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // never fails
	s := fmt.Sprintf("%08x", h.Sum32())
	return folder + s[:2] + "/" + s[2:4] + "/" + name
}

// cancelled stops reading when nobody waits any more.
type cancelled struct {
	ctx context.Context //nolint:containedctx // it lives as long as one Put
	r   io.Reader
}

func (c *cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
