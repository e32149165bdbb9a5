// Package secret keeps secrets: passwords as argon2id hashes, random tokens
// with the fingerprint that is stored instead of them, and credentials sealed
// with a key that stands beside the database.
package secret

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost of a hash: 19 MiB, two passes, one thread (OWASP's second choice
// for argon2id).
const (
	memoryKiB = 19 * 1024
	passes    = 2
	threads   = 1
	saltBytes = 16
	hashBytes = 32
)

// hashing bounds the memory that a crowd of people signing in can take.
var hashing = make(chan struct{}, 2)

// HashPassword returns the argon2id hash of a password as a PHC string. At
// most two hashes are made at once; others wait until ctx ends. It takes tens
// of milliseconds: never call it inside a transaction.
func HashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	sum, err := derive(ctx, password, salt, memoryKiB, passes, threads, hashBytes)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, memoryKiB, passes, threads, b64.EncodeToString(salt), b64.EncodeToString(sum)), nil
}

// IsPassword reports whether a password is the one that was hashed. With an
// empty hash it takes as long and says no, so that an account that does not
// exist looks like one with another password. It waits as HashPassword does.
func IsPassword(ctx context.Context, password, phc string) (bool, error) {
	if phc == "" {
		_, err := derive(ctx, password, make([]byte, saltBytes), memoryKiB, passes, threads, hashBytes)
		return false, err
	}
	h, err := parse(phc)
	if err != nil {
		return false, err
	}
	sum, err := derive(ctx, password, h.salt, h.memory, h.passes, h.threads, uint32(len(h.sum))) // parse bounds it
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(sum, h.sum) == 1, nil
}

func derive(ctx context.Context, password string, salt []byte, memory, passes uint32, threads uint8, size uint32) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, passes, memory, threads, size), nil
}

// phcHash is what a PHC string holds.
type phcHash struct {
	memory, passes uint32
	threads        uint8
	salt, sum      []byte
}

var errPHC = errors.New("this is not an argon2id hash in PHC form")

func parse(phc string) (phcHash, error) {
	var h phcHash
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, errPHC
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.threads); err != nil {
		return h, errPHC
	}
	var err error
	if h.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return h, errPHC
	}
	if h.sum, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return h, errPHC
	}
	if h.passes < 1 || h.threads < 1 || h.memory > 1<<20 || h.passes > 64 || len(h.sum) < 16 || len(h.sum) > 64 {
		return h, errPHC // argon2 panics at some of these, and takes a day for others
	}
	return h, nil
}
