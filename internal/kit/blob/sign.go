package blob

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"yingda/internal/kit/fault"
)

// Sign returns what must be added to the address of a file so that whoever
// holds it may open it until a time, to the second.
func Sign(key []byte, name string, until time.Time) string {
	s := strconv.FormatInt(until.Unix(), 36)
	return s + "." + base64.RawURLEncoding.EncodeToString(mac(key, name, s))
}

// Signed says whether s was made by Sign for this name and still holds. If it
// does not, the error is Forbidden.
func Signed(key []byte, name, s string, now time.Time) error {
	until, sum, _ := strings.Cut(s, ".")
	b, err := base64.RawURLEncoding.DecodeString(sum)
	if err != nil || !hmac.Equal(b, mac(key, name, until)) {
		return fault.New(fault.Forbidden, "file.address", "this address does not open the file; open it from the chat again")
	}
	t, err := strconv.ParseInt(until, 36, 64)
	if err != nil || now.Unix() >= t {
		return fault.New(fault.Forbidden, "file.expired", "this address has expired; open the file from the chat again")
	}
	return nil
}

func mac(key []byte, name, until string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("file\x00" + name + "\x00" + until))
	return h.Sum(nil)[:16]
}
