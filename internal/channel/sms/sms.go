// Package sms carries text messages to providers over HTTP: Aliyun, Tencent, any
// gateway that takes a signed POST, and a simulator that sends nothing. It sends
// each text once, and tells of one that was not accepted whether it may have left.
package sms

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/sms"
)

// Carrier sends texts.
type Carrier struct {
	HTTP *http.Client     // [Client] when nil
	Now  func() time.Time //
}

var _ channel.Texter = (*Carrier)(nil)

const (
	patience      = 30 * time.Second
	longestAnswer = 64 << 10
)

// Client returns what requests go through: it follows no redirect, as a key is
// for whom it was written down for.
func Client() *http.Client {
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

var shared = Client()

func (c *Carrier) client() *http.Client {
	if c.HTTP != nil {
		return c.HTTP
	}
	return shared
}

// SendText sends one text.
func (c *Carrier) SendText(ctx context.Context, by sms.Settings, m sms.Outgoing) (string, error) {
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	switch by.Provider {
	case sms.Simulator:
		return "sim-" + m.ID.String(), nil
	case sms.Aliyun:
		return c.aliyun(ctx, by, m)
	case sms.Tencent:
		return c.tencent(ctx, by, m)
	case sms.HTTP:
		return c.gateway(ctx, by, m)
	}
	return "", &sms.SendError{Class: sms.Permanent, Code: "provider", Reason: "there is no provider " + string(by.Provider)}
}

// answer is what came back.
type answer struct {
	status int
	body   []byte
}

// ask makes a request. Whether an error leaves the text in doubt is whether the
// request was written: before, nothing has left.
func (c *Carrier) ask(r *http.Request) (a answer, err error) {
	var wrote atomic.Bool
	trace := &httptrace.ClientTrace{
		WroteHeaders: func() { wrote.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) { wrote.Store(true) },
	}
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), trace))
	r.GetBody = nil // it is not made again on another connection
	resp, err := c.client().Do(r)
	if err == nil {
		defer resp.Body.Close()
		a.status = resp.StatusCode
		a.body, err = io.ReadAll(io.LimitReader(resp.Body, longestAnswer))
	}
	if err == nil {
		return a, nil
	}
	class, code := sms.Temporary, "unreachable"
	if wrote.Load() {
		class, code = sms.Doubtful, "no_answer"
	}
	return a, &sms.SendError{Class: class, Code: code, Reason: reason(err)}
}

// reason is an error in words, without the address, whose query may hold keys.
func reason(err error) string {
	if inner := errors.Unwrap(err); inner != nil && strings.Contains(err.Error(), "http") {
		return inner.Error()
	}
	return err.Error()
}

// odd is an answer that we cannot read. A server that says that it failed, or
// says nothing of ours, may have sent the text before.
func (a answer) odd() *sms.SendError {
	f := &sms.SendError{Class: sms.Doubtful, Code: "http_" + strconv.Itoa(a.status), Reason: clip(string(a.body))}
	switch {
	case a.status == http.StatusTooManyRequests:
		f.Class = sms.Temporary
	case a.status >= 300 && a.status < 500 && a.status != http.StatusRequestTimeout:
		f.Class = sms.Permanent
	}
	return f
}

const longestReason = 300

func clip(s string) string {
	if len(s) > longestReason {
		s = s[:longestReason]
	}
	return strings.ToValidUTF8(s, "")
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

func mac(key, text string) string {
	h := hmac.New(sha256.New, []byte(key))
	_, _ = h.Write([]byte(text)) // never fails
	return string(h.Sum(nil))
}

func nonce() string { return strings.ToLower(rand.Text()) }

// classOf returns the class of a provider's code: of one that no list has, the
// text is refused for good.
func classOf(code string, temporary ...string) sms.Class {
	for _, t := range temporary {
		if code == t || strings.HasSuffix(t, "*") && strings.HasPrefix(code, strings.TrimSuffix(t, "*")) {
			return sms.Temporary
		}
	}
	return sms.Permanent
}

// gateway sends by any gateway that takes a POST of JSON, signed so:
// X-Yingda-Signature: v1=hex(HMAC-SHA256(secret, timestamp + "." + body)). The id
// in X-Yingda-Id is the same whenever the same text is sent. It answers 2xx with
// {"id":"…"}; or with 4xx and {"code":"…","message":"…"} if it will not have it.
func (c *Carrier) gateway(ctx context.Context, by sms.Settings, m sms.Outgoing) (string, error) {
	body, err := json.Marshal(map[string]any{
		"id": m.ID.String(), "to": "+86" + m.Number, "purpose": string(m.Purpose), "sign": by.Sign, "template": m.Template, "values": m.Values, "text": m.Text,
	})
	if err != nil {
		return "", &sms.SendError{Class: sms.Permanent, Code: "text", Reason: err.Error()}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, by.URL, bytes.NewReader(body))
	if err != nil {
		return "", &sms.SendError{Class: sms.Permanent, Code: "address", Reason: err.Error()}
	}
	at := c.Now().UTC().Format(time.RFC3339)
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("X-Yingda-Id", m.ID.String())
	r.Header.Set("X-Yingda-Key", by.KeyID)
	r.Header.Set("X-Yingda-Timestamp", at)
	r.Header.Set("X-Yingda-Signature", "v1="+hex.EncodeToString([]byte(mac(by.Secret, at+"."+string(body)))))
	a, err := c.ask(r)
	if err != nil {
		return "", err
	}
	var said struct{ ID, Code, Message string }
	readable := json.Unmarshal(a.body, &said) == nil
	switch {
	case a.status >= 200 && a.status < 300:
		if said.ID == "" {
			said.ID = m.ID.String()
		}
		return said.ID, nil
	case readable && said.Code != "" && a.status < 500:
		f := a.odd()
		f.Code, f.Reason = said.Code, clip(said.Message)
		return "", f
	}
	return "", a.odd()
}
