// Package hook asks other systems of the company what a menu of the hotline wants
// to know, by HTTP. Whatever the other side does, a question comes to an end
// within its time, takes no more than its share of memory, and leads nowhere
// else; what is told of a failure holds nothing of what was asked.
package hook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/call"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/outside"
)

// The headers by which the other side knows us.
const (
	NameHeader      = "Yingda-Hook"      // the look-up
	TimeHeader      = "Yingda-Time"      // when it was asked, in seconds since 1970
	SignatureHeader = "Yingda-Signature" // see [Sign]
)

// AtOnce is how many callers ask one system at the same time; others wait for
// their turn, within their time.
const AtOnce = 16

// shownBytes is how much of an answer is kept for people to look at.
const shownBytes = 4000

// Asker asks other systems. Its zero value is not usable; see [New].
type Asker struct {
	http *http.Client
	now  func() time.Time

	mu    sync.Mutex
	turns map[string]chan struct{}
}

// New returns an asker.
func New(now func() time.Time) *Asker {
	return &Asker{http: outside.Client(), now: now, turns: map[string]chan struct{}{}}
}

// Answer is what came of a question, as far as it came.
type Answer struct {
	Status int               // of HTTP; 0: nothing was answered
	Text   string            // the beginning of what was answered, for people
	Values map[string]string // what a call takes of it
	Took   time.Duration
}

// Ask asks a system, which is told of values what it may be told. The answer that
// comes with an error is as far as it came.
func (a *Asker) Ask(ctx context.Context, h call.Hook, values map[string]string) (r Answer, err error) {
	begun := a.now()
	defer func() { r.Took = a.now().Sub(begun) }()
	ctx, cancel := context.WithTimeout(ctx, time.Duration(h.Seconds)*time.Second)
	defer cancel()
	done, err := a.turn(ctx, h.Name)
	if err != nil {
		return r, err
	}
	defer done()
	q, err := a.question(ctx, h, h.May(values))
	if err != nil {
		return r, err
	}
	p, err := a.http.Do(q)
	if err != nil {
		return r, unreached(ctx, err)
	}
	defer p.Body.Close()
	body, err := io.ReadAll(io.LimitReader(p.Body, call.LargestAnswer+1))
	r.Status, r.Text = p.StatusCode, shown(body)
	switch {
	case err != nil:
		return r, unreached(ctx, err)
	case p.StatusCode >= 300 && p.StatusCode < 400:
		return r, fault.New(fault.Invalid, "hook.redirect", "the other system sends us to another address, which is not followed")
	case p.StatusCode < 200 || p.StatusCode >= 300:
		return r, fault.New(fault.Invalid, "hook.status", "the other system answers with status %s", strconv.Itoa(p.StatusCode))
	case len(body) > call.LargestAnswer:
		return r, fault.New(fault.TooLarge, "hook.large", "the answer of the other system is larger than is read")
	}
	r.Values, err = h.Take(body)
	return r, err
}

// turn waits until a system can be asked.
func (a *Asker) turn(ctx context.Context, name string) (done func(), err error) {
	a.mu.Lock()
	turns, ok := a.turns[name]
	if !ok {
		turns = make(chan struct{}, AtOnce)
		a.turns[name] = turns
	}
	a.mu.Unlock()
	select {
	case turns <- struct{}{}:
		return func() { <-turns }, nil
	case <-ctx.Done():
		return nil, fault.New(fault.Busy, "hook.busy", "too many callers ask the other system at once").Because(ctx.Err())
	}
}

// question is a look-up as it is sent: with POST the values are the body, a JSON
// object of texts; with GET they are in the query, after what stands there.
func (a *Asker) question(ctx context.Context, h call.Hook, values map[string]string) (*http.Request, error) {
	u, err := url.Parse(h.URL)
	if err != nil {
		return nil, fault.New(fault.Invalid, "hook.url", "write the address with https://, such as https://erp.example.cn/orders").Because(err)
	}
	var body []byte
	if h.Method == http.MethodGet {
		query := u.Query()
		for name, v := range values {
			query.Set(name, v)
		}
		u.RawQuery = query.Encode()
	} else if body, err = json.Marshal(values); err != nil {
		return nil, err
	}
	q, err := http.NewRequestWithContext(ctx, h.Method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fault.New(fault.Invalid, "hook.url", "write the address with https://, such as https://erp.example.cn/orders").Because(err)
	}
	if h.Method != http.MethodGet {
		q.Header.Set("Content-Type", "application/json")
	}
	q.Header.Set("Accept", "application/json")
	q.Header.Set("User-Agent", "yingda")
	q.Header.Set(NameHeader, h.Name)
	switch {
	case h.Key == "":
	case h.Header != "":
		q.Header.Set(h.Header, h.Key)
	default:
		q.Header.Set("Authorization", "Bearer "+h.Key)
	}
	if h.Secret != "" {
		at := strconv.FormatInt(a.now().Unix(), 10)
		q.Header.Set(TimeHeader, at)
		q.Header.Set(SignatureHeader, Sign(h.Secret, at, h.Method, u.RequestURI(), body))
	}
	return q, nil
}

// Sign returns what proves that a question is ours: v1= and, in hexadecimal, the
// HMAC-SHA-256 with the secret over the time, the method, the path with its query
// and the body, with a new line between them. Who checks it also looks whether the
// time is about now.
func Sign(secret, at, method, path string, body []byte) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(at + "\n" + method + "\n" + path + "\n"))
	m.Write(body)
	return "v1=" + hex.EncodeToString(m.Sum(nil))
}

// unreached is the fault of a question without an answer. The address, in which
// values may stand, is left out of its cause.
func unreached(ctx context.Context, err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	switch {
	case errors.Is(err, outside.ErrAddress):
		return fault.New(fault.Invalid, "hook.url_forbidden", "this address is not one that may be asked").Because(err)
	case ctx.Err() != nil:
		return fault.New(fault.Busy, "hook.slow", "the other system did not answer in time").Because(err)
	}
	return fault.New(fault.Busy, "hook.unreachable", "the other system cannot be reached").Because(err)
}

// shown is the beginning of an answer, as text.
func shown(b []byte) string {
	s := string(b[:min(len(b), shownBytes)])
	if len(b) > shownBytes {
		for !utf8.ValidString(s) && len(s) > shownBytes-utf8.UTFMax {
			s = s[:len(s)-1]
		}
		s += "…"
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
