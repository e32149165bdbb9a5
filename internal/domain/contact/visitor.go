package contact

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
)

// Visitor is what a widget may act as: one contact, through one inbox, until a
// time. It travels as a signed token, so that no message needs a look-up of a
// session; a contact who is blocked is refused when he writes.
type Visitor struct {
	Contact ID
	Inbox   inbox.ID
	Expires time.Time
}

// VisitorDays is how long a visitor's token lives. Each visit gives a new one.
const VisitorDays = 180

const tokenPrefix = "vt_"

// Token returns the visitor as a token that only the holder of key can make.
func (v Visitor) Token(key []byte) string {
	b := make([]byte, 24, 24+sha256.Size)
	binary.BigEndian.PutUint64(b[0:], uint64(v.Contact))
	binary.BigEndian.PutUint64(b[8:], uint64(v.Inbox))
	binary.BigEndian.PutUint64(b[16:], uint64(v.Expires.UnixMilli()))
	return tokenPrefix + base64.RawURLEncoding.EncodeToString(append(b, sign(key, b)...))
}

// OpenVisitor returns whom a token stands for. A token that is forged,
// damaged or out of date is Unsigned.
func OpenVisitor(key []byte, token string, now time.Time) (Visitor, error) {
	text, ok := strings.CutPrefix(token, tokenPrefix)
	b, err := base64.RawURLEncoding.DecodeString(text)
	if !ok || err != nil || len(b) != 24+sha256.Size || !hmac.Equal(b[24:], sign(key, b[:24])) {
		return Visitor{}, fault.New(fault.Unsigned, "visitor.token", "this chat session is not valid; open the chat again")
	}
	v := Visitor{
		Contact: ID(binary.BigEndian.Uint64(b[0:])),
		Inbox:   inbox.ID(binary.BigEndian.Uint64(b[8:])),
		Expires: time.UnixMilli(int64(binary.BigEndian.Uint64(b[16:]))).UTC(),
	}
	if !now.Before(v.Expires) {
		return Visitor{}, fault.New(fault.Unsigned, "visitor.expired", "this chat session has expired; open the chat again")
	}
	return v, nil
}

func sign(key, b []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("visitor\x00"))
	h.Write(b)
	return h.Sum(nil)
}

// Identity is what the host site says of a visitor who is signed in there.
type Identity struct {
	ExternalID string
	Name       string
	Phone      string
	Email      string
	Attributes map[string]string
}
