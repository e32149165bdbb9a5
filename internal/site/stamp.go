package site

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"slices"
	"time"

	"yingda/internal/domain/ticket"
)

// A form carries a stamp: when it was made, and a number of its own, signed.
// It shows that a person took time to fill in the form, and makes handing it in
// twice the same as once.

// The age of a form that is taken.
const (
	youngest = 3 * time.Second
	oldest   = 24 * time.Hour
)

const stampBytes = 8 + 12 // time in milliseconds, random

// stamp returns a new stamp.
func (s *Site) stamp() string {
	b := make([]byte, stampBytes)
	binary.BigEndian.PutUint64(b, uint64(s.Now().UnixMilli()))
	_, _ = rand.Read(b[8:]) // never fails since Go 1.24
	return s.seal("form", b)
}

// readStamp returns when a stamp was made and the number of its form.
func (s *Site) readStamp(text string) (made time.Time, clientID string, ok bool) {
	b, ok := s.unseal("form", text)
	if !ok || len(b) != stampBytes {
		return time.Time{}, "", false
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(b))), "form-" + base64.RawURLEncoding.EncodeToString(b), true
}

// receipt is what the page after the form shows.
type receipt struct {
	Number string      `json:"n"`
	Kind   ticket.Kind `json:"k"`
	At     int64       `json:"t"`           // in milliseconds
	Mailed string      `json:"m,omitempty"` // the address that gets it too, in part
}

// seal signs bytes for one purpose.
func (s *Site) seal(purpose string, b []byte) string {
	return base64.RawURLEncoding.EncodeToString(append(slices.Clip(b), s.sum(purpose, b)...))
}

// unseal returns what seal signed for this purpose.
func (s *Site) unseal(purpose, text string) ([]byte, bool) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) < sha256.Size {
		return nil, false
	}
	body, sum := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	return body, hmac.Equal(sum, s.sum(purpose, body))
}

func (s *Site) sum(purpose string, b []byte) []byte {
	h := hmac.New(sha256.New, s.Key)
	h.Write([]byte("site " + purpose + "\x00"))
	h.Write(b)
	return h.Sum(nil)
}

// sealReceipt writes a receipt so that nobody can ask for another one's.
func (s *Site) sealReceipt(c receipt) (string, error) {
	b, err := json.Marshal(c)
	return s.seal("receipt", b), err
}

func (s *Site) readReceipt(text string) (receipt, bool) {
	b, ok := s.unseal("receipt", text)
	if !ok {
		return receipt{}, false
	}
	var c receipt
	return c, json.Unmarshal(b, &c) == nil
}
