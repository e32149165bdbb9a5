package secret_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"yingda/internal/kit/secret"
)

func TestPassword(t *testing.T) {
	ctx := t.Context()
	phc, err := secret.HashPassword(ctx, "正确的马 电池 订书钉")
	if err != nil || !strings.HasPrefix(phc, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q, %v", phc, err)
	}
	other, _ := secret.HashPassword(ctx, "正确的马 电池 订书钉")
	if other == phc {
		t.Error("two hashes of one password are the same: no salt")
	}
	for _, c := range []struct {
		name, password, phc string
		is, fails           bool
	}{
		{name: "the same", password: "正确的马 电池 订书钉", phc: phc, is: true},
		{name: "another", password: "正确的马 电池 订书针", phc: phc},
		{name: "nothing", password: "", phc: phc},
		{name: "no account", password: "正确的马 电池 订书钉", phc: ""},
		{name: "cut off", password: "x", phc: phc[:40], fails: true},
		{name: "of another kind", password: "x", phc: "$2b$10$abcdefghijklmnopqrstuv", fails: true},
		{name: "that panics", password: "x", phc: "$argon2id$v=19$m=19456,t=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", fails: true},
		{name: "that takes for ever", password: "x", phc: "$argon2id$v=19$m=4294967295,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", fails: true},
	} {
		is, err := secret.IsPassword(ctx, c.password, c.phc)
		if is != c.is || (err != nil) != c.fails {
			t.Errorf("%s: %v, %v", c.name, is, err)
		}
	}
}

func TestACrowdWaitsForItsHashes(t *testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := secret.HashPassword(t.Context(), "x"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	// Whoever has left may or may not get a free place; they must not hang.
	if _, err := secret.HashPassword(gone, "x"); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestToken(t *testing.T) {
	a, b := secret.Token(), secret.Token()
	if len(a) != 43 || a == b || strings.ContainsAny(a, "+/=") {
		t.Errorf("%q, %q", a, b)
	}
	if f := secret.Fingerprint("abc"); f != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("the fingerprint is %s, not SHA-256", f)
	}
}

func TestSeal(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	s, err := secret.OpenKey(file)
	if err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(file); err != nil || st.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", st.Mode(), err)
	}
	sealed := s.For("mailbox").Seal([]byte("密码"))
	if strings.Contains(sealed, "密码") || sealed == s.For("mailbox").Seal([]byte("密码")) {
		t.Errorf("%q", sealed)
	}
	again, err := secret.OpenKey(file) // as after a restart
	if err != nil {
		t.Fatal(err)
	}
	other, err := secret.OpenKey(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	forged := []byte(sealed)
	forged[len(forged)-3] ^= 1
	for _, c := range []struct {
		name        string
		by          *secret.Key
		sealed, use string
		opens       bool
	}{
		{"after a restart", again, sealed, "mailbox", true},
		{"for another use", again, sealed, "webhook", false},
		{"with another key", other, sealed, "mailbox", false},
		{"forged", again, string(forged), "mailbox", false},
		{"cut off", again, sealed[:10], "mailbox", false},
		{"never sealed", again, "密码", "mailbox", false},
		{"empty", again, "", "mailbox", false},
	} {
		plain, err := c.by.For(c.use).Open(c.sealed)
		if c.opens != (err == nil) || (c.opens && string(plain) != "密码") {
			t.Errorf("%s: %q, %v", c.name, plain, err)
		}
	}
	if err := os.WriteFile(file, []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.OpenKey(file); err == nil {
		t.Error("a damaged key file was accepted, or replaced")
	}
}
