package secret

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"math/big"
)

// Token returns 256 random bits as 43 characters that may stand in an
// address.
func Token() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b)
}

// Fingerprint returns what is stored of a token: enough to find it by, of no
// use to who reads the database. It needs no salt and no cost, because a
// Token cannot be guessed.
func Fingerprint(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Digits returns a number of n random digits, zeros in front of it included.
func Digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		d, _ := rand.Int(rand.Reader, big.NewInt(10)) // never fails since Go 1.24
		b[i] = '0' + byte(d.Int64())
	}
	return string(b)
}

// Derive returns a key of its own for one use, made from a key that has
// another: whoever learns the one cannot make the other.
func Derive(key []byte, use string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("yingda/" + use))
	return mac.Sum(nil)
}
