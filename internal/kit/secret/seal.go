package secret

import (
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// Key seals credentials that the program must be able to use again, such as
// the password of a mailbox. Its zero value is not ready; use OpenKey.
type Key struct{ aead cipher.AEAD }

// OpenKey reads the key in a file. If there is none, it makes one that only
// the program's own user can read. Whoever has the database but not this file
// cannot open what was sealed; nor can we, once the file is lost.
func OpenKey(file string) (*Key, error) {
	b, err := os.ReadFile(file) //nolint:gosec // the operator names the file
	if errors.Is(err, fs.ErrNotExist) {
		b, err = makeKey(file)
	}
	if err != nil {
		return nil, fmt.Errorf("the key file: %w", err)
	}
	key, err := base64.RawStdEncoding.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(key) != chacha20poly1305.KeySize {
		return nil, fmt.Errorf("the key file %s is damaged: restore it from a backup", file)
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, err
	}
	return &Key{aead}, nil
}

// makeKey writes a key beside its place and links it there, so that the file
// is whole or absent, and the first of two that start at once wins.
func makeKey(file string) ([]byte, error) {
	f, err := os.CreateTemp(filepath.Dir(file), ".key-*") // with mode 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name()) // if it stays it holds a key that nobody uses
	key := make([]byte, chacha20poly1305.KeySize)
	_, _ = rand.Read(key) // never fails since Go 1.24
	_, err = f.WriteString(base64.RawStdEncoding.EncodeToString(key) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(f.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(file) //nolint:gosec // as in OpenKey
}

// version begins each sealed text, so that another cipher can follow.
const version = "x1."

// Seal seals for one use.
type Seal struct {
	key *Key
	use []byte
}

// For returns what seals for a use, such as "inbox". What was sealed for one
// use cannot be opened for another.
func (k *Key) For(use string) Seal { return Seal{key: k, use: []byte(use)} }

// Seal returns the secret as a text that only Open can read.
func (s Seal) Seal(secret []byte) string {
	nonce := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(secret)+s.key.aead.Overhead())
	_, _ = rand.Read(nonce) // never fails since Go 1.24
	return version + base64.RawURLEncoding.EncodeToString(s.key.aead.Seal(nonce, nonce, secret, s.use))
}

// Open returns what was sealed for the same use with the same key.
func (s Seal) Open(sealed string) ([]byte, error) {
	rest, ok := strings.CutPrefix(sealed, version)
	if !ok {
		return nil, errSealed
	}
	b, err := base64.RawURLEncoding.DecodeString(rest)
	if err != nil || len(b) < chacha20poly1305.NonceSizeX {
		return nil, errSealed
	}
	secret, err := s.key.aead.Open(nil, b[:chacha20poly1305.NonceSizeX], b[chacha20poly1305.NonceSizeX:], s.use)
	if err != nil {
		return nil, errSealed
	}
	return secret, nil
}

var errSealed = errors.New("this was not sealed with our key for this use")
