// Package id makes and writes the public ids of things: sortable by the time
// they were made, typed by what they name, and short enough to read aloud.
//
// An id is 63 bits: 41 of milliseconds since 2024 and 22 that count up from a
// random start in each millisecond. It is stored as a BIGINT and written as a
// prefix and 13 characters of Crockford's base 32: cv_06bq3f0k2m9ty.
package id

import (
	"crypto/rand"
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"time"

	"yingda/internal/kit/fault"
)

// Noun is what an id names. Its prefix is two or three small letters.
type Noun interface{ Prefix() string }

// ID names one N. The zero ID names nothing.
type ID[N Noun] int64

const (
	counterBits = 22
	epoch       = 1704067200000 // 2024-01-01T00:00:00Z in milliseconds
	alphabet    = "0123456789abcdefghjkmnpqrstvwxyz"
	digits      = 13
)

var source struct {
	sync.Mutex
	last int64
}

// New returns an id made at a time. Ids of one process are strictly
// increasing, also when the clock stands still or is turned back.
func New[N Noun](at time.Time) ID[N] {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	random := int64(binary.BigEndian.Uint32(b[:])) & (1<<(counterBits-1) - 1)
	next := (at.UnixMilli()-epoch)<<counterBits | random
	source.Lock()
	defer source.Unlock()
	if next <= source.last {
		next = source.last + 1
	}
	source.last = next
	return ID[N](next)
}

// Least returns the least id that can have been made at a time, to look for
// what is not older.
func Least[N Noun](at time.Time) ID[N] { return ID[N](max(0, at.UnixMilli()-epoch) << counterBits) }

// Time returns when the id was made, to the millisecond.
func (i ID[N]) Time() time.Time { return time.UnixMilli(int64(i)>>counterBits + epoch) }

// IsZero reports whether the id names nothing.
func (i ID[N]) IsZero() bool { return i == 0 }

func (i ID[N]) String() string {
	if i == 0 {
		return ""
	}
	var n N
	prefix := n.Prefix()
	buf := make([]byte, 0, len(prefix)+1+digits)
	buf = append(buf, prefix...)
	buf = append(buf, '_')
	for shift := (digits - 1) * 5; shift >= 0; shift -= 5 {
		buf = append(buf, alphabet[int64(i)>>shift&31])
	}
	return string(buf)
}

// Parse reads what String wrote. Anything else is NotFound: a wrong id names
// nothing that we have.
func Parse[N Noun](s string) (ID[N], error) {
	var n N
	wrong := fault.New(fault.NotFound, "id.unknown", "there is nothing with the id %q", clip(s))
	rest, ok := strings.CutPrefix(s, n.Prefix()+"_")
	if !ok || len(rest) != digits || rest[0] > '7' {
		return 0, wrong
	}
	var v int64
	for j := range digits {
		d := strings.IndexByte(alphabet, rest[j])
		if d < 0 {
			return 0, wrong
		}
		v = v<<5 | int64(d)
	}
	return ID[N](v), nil
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:40]
	}
	return s
}

// MarshalText writes the id as String does.
func (i ID[N]) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads the id as Parse does; empty text is the zero ID.
func (i *ID[N]) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*i = 0
		return nil
	}
	v, err := Parse[N](string(b))
	if err != nil {
		return err
	}
	*i = v
	return nil
}

// Value stores the id as an integer, and the zero ID as NULL.
func (i ID[N]) Value() (driver.Value, error) {
	if i == 0 {
		return nil, nil
	}
	return int64(i), nil
}

// Scan reads an id from a column. NULL is the zero ID.
func (i *ID[N]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i = 0
	case int64:
		*i = ID[N](v)
	default:
		return fmt.Errorf("an id cannot be read from %T", src)
	}
	return nil
}
