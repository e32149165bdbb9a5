package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yingda/internal/kit/blob"
	"yingda/internal/kit/fault"
)

func dir(t *testing.T) (*blob.Dir, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "files")
	d, err := blob.OpenDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d, folder
}

func read(t *testing.T, s blob.Store, key string) string {
	t.Helper()
	f, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatalf("open %s: %v", key, err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil || int64(len(b)) != f.Size {
		t.Fatalf("read %s: %d of %d bytes, %v", key, len(b), f.Size, err)
	}
	return string(b)
}

func TestAFileIsPutOpenedReplacedMovedDeleted(t *testing.T) {
	d, _ := dir(t)
	st, err := d.Put(t.Context(), "at_1", strings.NewReader("abc"))
	if err != nil || st.Size != 3 || st.SHA256 != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Fatalf("%+v, %v", st, err)
	}
	if _, err := d.Put(t.Context(), "at_1", strings.NewReader("longer")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, d, "at_1"); got != "longer" {
		t.Errorf("after replacing: %q", got)
	}
	if err := d.Move(t.Context(), "at_1", "infected/at_1"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Open(t.Context(), "at_1"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the old key opens: %v", err)
	}
	if got := read(t, d, "infected/at_1"); got != "longer" {
		t.Errorf("after moving: %q", got)
	}
	for range 2 {
		if err := d.Delete(t.Context(), "infected/at_1"); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	if err := d.Move(t.Context(), "at_1", "at_2"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("moving nothing: %v", err)
	}
}

func TestKeysStayInTheFolder(t *testing.T) {
	d, folder := dir(t)
	outside := filepath.Join(filepath.Dir(folder), "outside")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"", ".", "..", "../outside", "a/../../outside", "/etc/passwd", "a//b", "a/", ".incoming/x", "a\\b", "a b", "ä", strings.Repeat("a", 201)} {
		if _, err := d.Put(t.Context(), key, strings.NewReader("x")); err == nil {
			t.Errorf("put under %q", key)
		}
		if _, err := d.Open(t.Context(), key); fault.KindOf(err) != fault.NotFound {
			t.Errorf("open %q: %v", key, err)
		}
		if err := d.Delete(t.Context(), key); err != nil {
			t.Errorf("delete %q: %v", key, err)
		}
	}
	if _, err := os.Stat(outside); err != nil {
		t.Error(err)
	}
}

func count(t *testing.T, folder string) (files int) {
	t.Helper()
	err := filepath.WalkDir(folder, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestNothingIsLeftOfAFileThatFails(t *testing.T) {
	d, folder := dir(t)
	broken := errors.New("the line broke")
	_, err := d.Put(t.Context(), "at_1", io.MultiReader(strings.NewReader("abc"), &failing{broken}))
	if !errors.Is(err, broken) {
		t.Errorf("the reader's error is lost: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Put(gone, "at_1", strings.NewReader("abc")); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits: %v", err)
	}
	if n := count(t, folder); n != 0 {
		t.Errorf("%d files are left", n)
	}
}

func TestHalfWrittenFilesOfAnEarlierRunAreRemoved(t *testing.T) {
	d, folder := dir(t)
	if _, err := d.Put(t.Context(), "at_1", strings.NewReader("abc")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, ".incoming", "half"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := blob.OpenDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if n := count(t, folder); n != 1 || read(t, again, "at_1") != "abc" {
		t.Errorf("%d files", n)
	}
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

func TestSignedAddresses(t *testing.T) {
	key, now := []byte("key"), time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	s := blob.Sign(key, "at_1", now.Add(time.Hour))
	if err := blob.Signed(key, "at_1", s, now); err != nil {
		t.Error(err)
	}
	_, sum, _ := strings.Cut(s, ".")
	for what, err := range map[string]error{
		"another file":  blob.Signed(key, "at_2", s, now),
		"another key":   blob.Signed([]byte("kez"), "at_1", s, now),
		"too late":      blob.Signed(key, "at_1", s, now.Add(time.Hour)),
		"a later end":   blob.Signed(key, "at_1", "zzzzzzz."+sum, now),
		"nothing":       blob.Signed(key, "at_1", "", now),
		"half of it":    blob.Signed(key, "at_1", s[:len(s)-2], now),
		"not even text": blob.Signed(key, "at_1", "\xff.\xff", now),
	} {
		if fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestSentFilesCannotRun(t *testing.T) {
	for _, c := range []struct{ kind, wantType, wantHow string }{
		{"image/png", "image/png", "inline"},
		{"video/mp4", "video/mp4", "inline"},
		{"application/pdf", "application/pdf", "inline"},
		{"image/heic", "application/octet-stream", "attachment"},
		{"image/svg+xml", "application/octet-stream", "attachment"},
		{"text/html", "application/octet-stream", "attachment"},
		{"text/plain; charset=utf-8", "application/octet-stream", "attachment"},
		{"", "application/octet-stream", "attachment"},
	} {
		w := httptest.NewRecorder()
		blob.Send(w, httptest.NewRequest(http.MethodGet, "/", nil), "发票 1.png\r\nX: y", c.kind, time.Now(), bytes.NewReader([]byte("<script>")))
		h := w.Header()
		if h.Get("Content-Type") != c.wantType || !strings.HasPrefix(h.Get("Content-Disposition"), c.wantHow) {
			t.Errorf("%q is sent as %s, %s", c.kind, h.Get("Content-Type"), h.Get("Content-Disposition"))
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox") == (c.kind == "application/pdf") || h.Get("X") != "" {
			t.Errorf("%q: headers %v", c.kind, h)
		}
	}
}

func TestPartsOfAFile(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Range", "bytes=2-3")
	w := httptest.NewRecorder()
	blob.Send(w, r, "a.mp4", "video/mp4", time.Now(), bytes.NewReader([]byte("abcdef")))
	if w.Code != http.StatusPartialContent || w.Body.String() != "cd" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}
