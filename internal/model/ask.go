package model

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"yingda/internal/kit/fault"
)

// wire is a request and its answer as they are written.
type (
	wireRequest struct {
		Model      string        `json:"model"`
		Messages   []wireMessage `json:"messages"`
		Tools      []wireTool    `json:"tools,omitempty"`
		ToolChoice string        `json:"tool_choice,omitempty"`
		Stream     bool          `json:"stream,omitempty"`
		Options    *wireOptions  `json:"stream_options,omitempty"`
		Most       int           `json:"max_tokens,omitempty"`
		Heat       float64       `json:"temperature"`
	}
	wireOptions struct {
		Usage bool `json:"include_usage"`
	}
	wireMessage struct {
		Role      Role       `json:"role"`
		Content   *string    `json:"content"`
		Reasoning string     `json:"reasoning_content,omitempty"`
		Calls     []wireCall `json:"tool_calls,omitempty"`
		CallID    string     `json:"tool_call_id,omitempty"`
	}
	wireCall struct {
		Index    *int   `json:"index,omitempty"`
		ID       string `json:"id,omitempty"`
		Type     string `json:"type,omitempty"`
		Function struct {
			Name      string          `json:"name,omitempty"`
			Arguments json.RawMessage `json:"arguments,omitempty"`
		} `json:"function"`
	}
	wireTool struct {
		Type     string `json:"type"`
		Function struct {
			Name        string          `json:"name"`
			Description string          `json:"description,omitempty"`
			Parameters  json.RawMessage `json:"parameters,omitempty"`
		} `json:"function"`
	}
	wireAnswer struct {
		Choices []struct {
			Message wireMessage `json:"message"`
			Delta   wireMessage `json:"delta"`
			Finish  string      `json:"finish_reason"`
		} `json:"choices"`
		Usage *wireUsage `json:"usage"`
		Error *wireError `json:"error"`
	}
	wireUsage struct {
		In  int64 `json:"prompt_tokens"`
		Out int64 `json:"completion_tokens"`
	}
	wireError struct {
		Message string `json:"message"`
		Code    any    `json:"code"`
		Type    string `json:"type"`
	}
)

// arguments are a string with JSON in it; some endpoints write the JSON itself.
func (c wireCall) arguments() string {
	var s string
	if json.Unmarshal(c.Function.Arguments, &s) == nil {
		return s
	}
	return string(c.Function.Arguments)
}

// write returns a request as it is sent.
func write(r Request) ([]byte, error) {
	w := wireRequest{Model: r.Model, Stream: r.Stream, Most: r.Most}
	if r.Stream {
		w.Options = &wireOptions{Usage: true}
	}
	for _, m := range r.Messages {
		x := wireMessage{Role: m.Role, CallID: m.CallID, Content: &m.Content}
		for _, c := range m.Calls {
			k := wireCall{ID: c.ID, Type: "function"}
			k.Function.Name = c.Name
			quoted, err := json.Marshal(c.Arguments)
			if err != nil {
				return nil, err
			}
			k.Function.Arguments = quoted
			x.Calls = append(x.Calls, k)
		}
		w.Messages = append(w.Messages, x)
	}
	for _, t := range r.Tools {
		x := wireTool{Type: "function"}
		x.Function.Name, x.Function.Description, x.Function.Parameters = t.Name, t.Description, t.Parameters
		w.Tools = append(w.Tools, x)
	}
	if r.Must && len(r.Tools) > 0 {
		w.ToolChoice = "required"
	}
	return json.Marshal(w)
}

// Ask asks once. Whatever the endpoint does, it comes back within the limits
// of the client, with an answer that says something or with a fault. The fault's
// kind says whether it is worth asking again later: [fault.Busy] is.
func (c *Client) Ask(ctx context.Context, r Request) (a Answer, err error) {
	body, err := write(r)
	if err != nil {
		return a, err
	}
	err = c.send(ctx, "/chat/completions", body, func(kind string, from io.Reader) (err error) {
		a, err = read(kind, from, r)
		return err
	})
	if err != nil {
		return a, err
	}
	if a.Content, a.Reasoning = thought(a.Content, a.Reasoning); a.Content == "" && len(a.Calls) == 0 {
		return a, fault.New(fault.Busy, "model.empty", "the model answered with nothing")
	}
	a.Usage = counted(a.Usage, r, a)
	return a, nil
}

// send sends one request below the base, and has its answer read, within the
// limits of the client.
func (c *Client) send(ctx context.Context, path string, body []byte, take func(kind string, from io.Reader) error) error {
	return c.post(ctx, path, "application/json", body, take)
}

// post is send for a body of any kind.
func (c *Client) post(ctx context.Context, path, kind string, body []byte, take func(kind string, from io.Reader) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, c.callTime(), errLate)
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	at := strings.TrimRight(c.Base, "/") + path
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, at, bytes.NewReader(body))
	if err != nil {
		return fault.New(fault.Invalid, "model.address", "the model's address makes no sense").Because(err)
	}
	q.Header.Set("Content-Type", kind)
	q.Header.Set("Accept", "application/json, text/event-stream")
	if c.Key != "" {
		q.Header.Set("Authorization", "Bearer "+c.Key)
	}
	stall := time.AfterFunc(c.stallTime(), func() { stop(errLate) })
	defer stall.Stop()
	by := c.HTTP
	if by == nil {
		by = Transport()
	}
	p, err := by.Do(q)
	if err != nil {
		return c.unreached(ctx, err)
	}
	defer p.Body.Close()
	alive := &watched{from: p.Body, left: c.mostBytes(), alive: func() { stall.Reset(c.stallTime()) }}
	if p.StatusCode != http.StatusOK {
		return refused(p, alive)
	}
	if err := take(p.Header.Get("Content-Type"), alive); err != nil {
		return c.told(ctx, err)
	}
	return nil
}

var (
	errLate  = errors.New("the time is over")
	errLarge = errors.New("the answer is larger than we take")
)

// unreached is the fault of a call that had no answer.
func (c *Client) unreached(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, errAddress):
		return refusedAddress(err)
	case context.Cause(ctx) != nil:
		return c.told(ctx, err)
	}
	return fault.New(fault.Busy, "model.unreachable", "the model cannot be reached").Because(err)
}

// told is the fault of a call that went wrong underway; who gave up themselves
// gets their own error.
func (c *Client) told(ctx context.Context, err error) error {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errLate), errors.Is(cause, context.DeadlineExceeded):
		return fault.New(fault.Busy, "model.late", "the model did not answer in time").Because(err)
	case cause != nil:
		return cause
	case errors.Is(err, errLarge):
		return fault.New(fault.Invalid, "model.large", "the model's answer is larger than we take").Because(err)
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	return fault.New(fault.Busy, "model.cut", "the model's answer ended too early").Because(err)
}

// watched reads no more than it may, and says whenever something came.
type watched struct {
	from  io.Reader
	left  int64
	alive func()
}

func (w *watched) Read(p []byte) (int, error) {
	if w.left <= 0 {
		return 0, errLarge
	}
	n, err := w.from.Read(p[:min(int64(len(p)), w.left)])
	if w.left -= int64(n); n > 0 {
		w.alive()
	}
	return n, err
}

// later is a fault with the time after which it is worth asking again.
type later struct{ after time.Duration }

func (l later) Error() string { return fmt.Sprintf("ask again after %s", l.after) }

// RetryAfter returns how long an endpoint asked us to wait; zero where it did
// not.
func RetryAfter(err error) time.Duration {
	l, _ := errors.AsType[later](err)
	return l.after
}

// mostWait bounds what an endpoint may ask us to wait.
const mostWait = time.Hour

// refused is the fault of an answer that is none.
func refused(p *http.Response, body io.Reader) error {
	const most = 4 << 10
	b, _ := io.ReadAll(io.LimitReader(body, most)) // what could be read of a refusal is enough
	var w wireAnswer
	said := ""
	if json.Unmarshal(b, &w) == nil && w.Error != nil {
		said = strings.ToLower(fmt.Sprint(w.Error.Message, " ", w.Error.Code, " ", w.Error.Type))
	}
	cause := fmt.Errorf("%s: %.200q", p.Status, b)
	switch s := p.StatusCode; {
	case strings.Contains(said, "context_length") || strings.Contains(said, "context length") || strings.Contains(said, "maximum context"):
		return fault.New(fault.Invalid, "model.too_long", "what was asked is too long for this model").Because(cause)
	case s == http.StatusTooManyRequests:
		seconds, _ := strconv.Atoi(strings.TrimSpace(p.Header.Get("Retry-After"))) // no number is no wait
		wait := min(time.Duration(max(0, seconds))*time.Second, mostWait)
		return fault.New(fault.Busy, "model.busy", "the model is asked too often now").Because(errors.Join(later{wait}, cause))
	case s == http.StatusUnauthorized || s == http.StatusForbidden:
		return fault.New(fault.Invalid, "model.key", "the model's address refuses the key").Because(cause)
	case s == http.StatusNotFound:
		return fault.New(fault.Invalid, "model.unknown", "there is no such model or no chat completions at this address").Because(cause)
	case s >= 300 && s < 400:
		return fault.New(fault.Invalid, "model.redirected", "the model's address sends us elsewhere, where the key is not sent; write down the address it leads to").Because(cause)
	case s >= 500:
		return fault.New(fault.Busy, "model.down", "the model's address has a fault (%s)", strconv.Itoa(s)).Because(cause)
	}
	return fault.New(fault.Invalid, "model.refused", "the model's address refuses the request (%s)", strconv.Itoa(p.StatusCode)).Because(cause)
}

// read reads an answer, whole or in pieces, as it says of itself that it
// is. A whole one is welcome where pieces were asked for.
func read(kind string, body io.Reader, r Request) (Answer, error) {
	is, _, err := mime.ParseMediaType(kind)
	switch {
	case err == nil && is == "text/event-stream":
		return readStream(body, r.Each)
	case err == nil && (is == "application/json" || r.Stream && is == "text/plain" || is == "application/x-ndjson"):
		return readWhole(body)
	}
	return Answer{}, fault.New(fault.Invalid, "model.kind", "what answers at the model's address is no model (%s)", kind)
}

func readWhole(body io.Reader) (a Answer, err error) {
	b, err := io.ReadAll(body)
	if err != nil {
		return a, err
	}
	var w wireAnswer
	if err := json.Unmarshal(b, &w); err != nil {
		return a, broken(err)
	}
	if w.Error != nil {
		return a, fault.New(fault.Busy, "model.failed", "the model failed underway").Because(errors.New(w.Error.Message))
	}
	if len(w.Choices) == 0 {
		return a, fault.New(fault.Busy, "model.empty", "the model answered with nothing")
	}
	k := w.Choices[0]
	if k.Message.Content != nil {
		a.Content = *k.Message.Content
	}
	a.Reasoning, a.Finish = k.Message.Reasoning, k.Finish
	for _, c := range k.Message.Calls[:min(len(k.Message.Calls), mostCalls)] {
		a.Calls = append(a.Calls, Call{ID: c.ID, Name: c.Function.Name, Arguments: c.arguments()})
	}
	a.Usage = w.Usage.usage()
	a.Calls = named(a.Calls)
	return a, nil
}

func broken(err error) error {
	return fault.New(fault.Busy, "model.broken", "the model's answer cannot be read").Because(err)
}

func (u *wireUsage) usage() Usage {
	if u == nil {
		return Usage{}
	}
	return Usage{In: u.In, Out: u.Out}
}

// named gives each call an id by which it can be answered.
func named(calls []Call) []Call {
	for i := range calls {
		if calls[i].ID == "" {
			calls[i].ID = "call_" + strconv.Itoa(i+1)
		}
	}
	return calls
}

// thought takes what a model thought aloud out of what it says. A thought that
// does not end is all thought.
func thought(content, reasoning string) (said, thinks string) {
	const from, to = "<think>", "</think>"
	for {
		before, rest, ok := strings.Cut(content, from)
		if !ok {
			if thinking, after, ends := strings.Cut(content, to); ends { // its beginning was eaten by the endpoint
				return strings.TrimSpace(after), strings.TrimSpace(reasoning + thinking)
			}
			return strings.TrimSpace(content), strings.TrimSpace(reasoning)
		}
		thinking, after, ends := strings.Cut(rest, to)
		reasoning += thinking
		if content = before + after; !ends {
			return strings.TrimSpace(before), strings.TrimSpace(reasoning)
		}
	}
}
