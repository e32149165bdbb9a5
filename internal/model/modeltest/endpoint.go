// Package modeltest is a language model's address for tests: it speaks OpenAI's
// chat completions, embeddings and transcriptions as the good and the bad
// endpoints of the world do, and remembers what it was asked.
package modeltest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Asked is one request as it came in.
type Asked struct {
	Model    string `json:"model"`
	Stream   bool   `json:"stream"`
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
		CallID  string `json:"tool_call_id"`
		Calls   []struct {
			ID       string `json:"id"`
			Function struct{ Name, Arguments string }
		} `json:"tool_calls"`
	} `json:"messages"`
	Tools []struct {
		Function struct {
			Name       string
			Parameters json.RawMessage
		}
	} `json:"tools"`
	Input []string `json:"input"` // to be embedded; nil where a chat was asked for

	Sound    []byte `json:"-"` // to be written down: the file as it was sent
	Language string `json:"-"` // of it
	Shape    string `json:"-"` // in which it is to be told
	Key      string `json:"-"` // as it was sent, without "Bearer "
}

// Text returns all that was said in a request, a message a paragraph.
func (a Asked) Text() string {
	var b strings.Builder
	for _, m := range a.Messages {
		b.WriteString(m.Role + ": " + m.Content + "\n\n")
	}
	return b.String()
}

// Last returns what was said last in a role.
func (a Asked) Last(role string) string {
	for _, m := range slices.Backward(a.Messages) {
		if m.Role == role {
			return m.Content
		}
	}
	return ""
}

// Offers reports whether a tool was offered.
func (a Asked) Offers(tool string) bool {
	for _, t := range a.Tools {
		if t.Function.Name == tool {
			return true
		}
	}
	return false
}

// Reply answers one request.
type Reply func(w http.ResponseWriter, r *http.Request, a Asked)

// Mind decides what is replied.
type Mind func(a Asked) Reply

// Endpoint is where the model can be asked.
type Endpoint struct {
	URL string // with /v1

	mu    sync.Mutex
	asked []Asked
	mind  Mind
}

// Serve opens an endpoint that thinks with a mind until the test ends.
func Serve(t testing.TB, mind Mind) *Endpoint {
	t.Helper()
	e := Open(mind)
	t.Cleanup(e.close)
	return e.Endpoint
}

// Opened is an endpoint that somebody closes.
type Opened struct {
	*Endpoint
	close func()
}

// Open opens an endpoint outside of a test.
func Open(mind Mind) Opened {
	e := &Endpoint{mind: mind}
	s := httptest.NewServer(http.HandlerFunc(e.serve))
	e.URL = s.URL + "/v1"
	return Opened{e, func() { s.CloseClientConnections(); s.Close() }}
}

// InTurn replies one after the other; the last again and again.
func InTurn(replies ...Reply) Mind {
	var mu sync.Mutex
	n := 0
	return func(Asked) Reply {
		mu.Lock()
		defer mu.Unlock()
		r := replies[min(n, len(replies)-1)]
		n++
		return r
	}
}

// Think changes the mind.
func (e *Endpoint) Think(mind Mind) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.mind, e.asked = mind, nil
}

// Asked returns what was asked so far.
func (e *Endpoint) Asked() []Asked {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]Asked(nil), e.asked...)
}

func (e *Endpoint) serve(w http.ResponseWriter, r *http.Request) {
	var a Asked
	var err error
	switch {
	case r.Method != http.MethodPost:
		http.NotFound(w, r)
		return
	case r.URL.Path == "/v1/chat/completions", r.URL.Path == "/v1/embeddings":
		err = json.NewDecoder(r.Body).Decode(&a)
	case r.URL.Path == "/v1/audio/transcriptions":
		a, err = speech(w, r)
	default:
		http.NotFound(w, r)
		return
	}
	if err != nil {
		Fails(http.StatusBadRequest, "the request cannot be read")(w, r, a)
		return
	}
	a.Key = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	e.mu.Lock()
	e.asked = append(e.asked, a)
	mind := e.mind
	e.mu.Unlock()
	mind(a)(w, r, a)
}

// Use is how many tokens each reply says that it used.
var Use = struct{ In, Out int }{100, 32}

// Call is a tool that the model calls.
type Call struct {
	Name      string
	Arguments string // as written: it may be broken
}

// Says replies with a text, in pieces where those were asked for.
func Says(text string) Reply { return full("", text, nil) }

// Thinks replies with a text after thoughts, which stand in a field of their own.
func Thinks(thoughts, text string) Reply { return full(thoughts, text, nil) }

// Wants replies with calls of tools.
func Wants(calls ...Call) Reply { return full("", "", calls) }

// Both replies with a text and calls.
func Both(text string, calls ...Call) Reply { return full("", text, calls) }

func full(thoughts, text string, calls []Call) Reply {
	return func(w http.ResponseWriter, r *http.Request, a Asked) {
		if !a.Stream {
			whole(thoughts, text, calls)(w, r, a)
			return
		}
		s := stream(w)
		for _, p := range pieces(thoughts) {
			s.delta(map[string]any{"reasoning_content": p})
		}
		for _, p := range pieces(text) {
			s.delta(map[string]any{"content": p})
		}
		for i, c := range calls {
			s.delta(map[string]any{"tool_calls": []any{map[string]any{"index": i, "id": id(i), "type": "function", "function": map[string]any{"name": c.Name, "arguments": ""}}}})
			for _, p := range pieces(c.Arguments) {
				s.delta(map[string]any{"tool_calls": []any{map[string]any{"index": i, "function": map[string]any{"arguments": p}}}})
			}
		}
		s.ends(finish(calls))
		s.usage()
		s.done()
	}
}

// NoIndex replies in pieces with calls that do not say which they are, as Ollama
// and vLLM do.
func NoIndex(calls ...Call) Reply {
	return func(w http.ResponseWriter, _ *http.Request, _ Asked) {
		s := stream(w)
		for _, c := range calls {
			s.delta(map[string]any{"tool_calls": []any{map[string]any{"function": map[string]any{"name": c.Name, "arguments": c.Arguments}}}})
		}
		s.ends("tool_calls")
		s.done()
	}
}

// Whole replies with a text at once, whatever was asked for.
func Whole(text string) Reply { return whole("", text, nil) }

func whole(thoughts, text string, calls []Call) Reply {
	return func(w http.ResponseWriter, _ *http.Request, a Asked) {
		m := map[string]any{"role": "assistant", "content": text}
		if thoughts != "" {
			m["reasoning_content"] = thoughts
		}
		var ks []any
		for i, c := range calls {
			ks = append(ks, map[string]any{"id": id(i), "type": "function", "function": map[string]any{"name": c.Name, "arguments": c.Arguments}})
		}
		if ks != nil {
			m["tool_calls"] = ks
		}
		writeJSON(w, http.StatusOK, map[string]any{
			"object": "chat.completion", "model": a.Model,
			"choices": []any{map[string]any{"index": 0, "message": m, "finish_reason": finish(calls)}},
			"usage":   map[string]any{"prompt_tokens": Use.In, "completion_tokens": Use.Out, "total_tokens": Use.In + Use.Out},
		})
	}
}

// Embeds replies with the vectors of what is to be embedded, the last text first.
func Embeds(of func(text string) []float32) Reply {
	return func(w http.ResponseWriter, _ *http.Request, a Asked) {
		var vectors []any
		for i, text := range slices.Backward(a.Input) {
			vectors = append(vectors, map[string]any{"object": "embedding", "index": i, "embedding": of(text)})
		}
		writeJSON(w, http.StatusOK, map[string]any{"object": "list", "model": a.Model, "data": vectors, "usage": map[string]any{"prompt_tokens": Use.In, "total_tokens": Use.In}})
	}
}

// speech reads a form with a sound in it.
func speech(w http.ResponseWriter, r *http.Request) (a Asked, err error) {
	const most = 32 << 20
	r.Body = http.MaxBytesReader(w, r.Body, most)
	f, _, err := r.FormFile("file")
	if err != nil {
		return a, err
	}
	defer f.Close()
	a.Model, a.Language, a.Shape = r.FormValue("model"), r.FormValue("language"), r.FormValue("response_format")
	a.Sound, err = io.ReadAll(f)
	return a, err
}

// Segment is a part of what was said, in seconds.
type Segment struct {
	Start float64 `json:"start"`
	End   float64 `json:"end"`
	Text  string  `json:"text"`
}

// Hears replies with what was said when.
func Hears(segments ...Segment) Reply {
	return func(w http.ResponseWriter, _ *http.Request, _ Asked) {
		var text strings.Builder
		for _, s := range segments {
			text.WriteString(s.Text)
		}
		writeJSON(w, http.StatusOK, map[string]any{"task": "transcribe", "language": "chinese", "text": text.String(), "segments": append([]Segment{}, segments...)})
	}
}

// HearsOnly replies with what was said, and refuses to tell when.
func HearsOnly(text string) Reply {
	return func(w http.ResponseWriter, r *http.Request, a Asked) {
		if a.Shape != "json" {
			Fails(http.StatusBadRequest, "response_format 'verbose_json' is not compatible with this model")(w, r, a)
			return
		}
		writeJSON(w, http.StatusOK, map[string]any{"text": text})
	}
}

// Fails replies with a status and a message.
func Fails(status int, message string) Reply {
	return func(w http.ResponseWriter, _ *http.Request, _ Asked) {
		writeJSON(w, status, map[string]any{"error": map[string]any{"message": message, "type": "error"}})
	}
}

// TooMany replies that it is asked too often, and when to come again.
func TooMany(seconds int) Reply {
	return func(w http.ResponseWriter, r *http.Request, a Asked) {
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		Fails(http.StatusTooManyRequests, "rate limit reached")(w, r, a)
	}
}

// TooLong replies that the request does not fit.
func TooLong() Reply {
	return func(w http.ResponseWriter, _ *http.Request, _ Asked) {
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": map[string]any{
			"message": "This model's maximum context length is 8192 tokens", "code": "context_length_exceeded", "type": "invalid_request_error",
		}})
	}
}

// Breaks begins to reply and says after some pieces that it failed.
func Breaks(text string) Reply {
	return func(w http.ResponseWriter, _ *http.Request, _ Asked) {
		s := stream(w)
		s.delta(map[string]any{"content": text})
		s.send(map[string]any{"error": map[string]any{"message": "internal error", "code": 500}})
	}
}

// Cuts begins to reply and hangs up: without an end, and without [DONE].
func Cuts(text string) Reply {
	return func(w http.ResponseWriter, _ *http.Request, _ Asked) {
		stream(w).delta(map[string]any{"content": text})
	}
}

// NoChoices replies with an answer that has no choice in it.
func NoChoices() Reply {
	return func(w http.ResponseWriter, _ *http.Request, _ Asked) {
		writeJSON(w, http.StatusOK, map[string]any{"choices": []any{}})
	}
}

// Nothing replies with no byte at all.
func Nothing() Reply {
	return func(w http.ResponseWriter, _ *http.Request, _ Asked) {
		w.Header().Set("Content-Type", "application/json")
	}
}

// OfKind replies with a body of some type.
func OfKind(kind, body string) Reply {
	return func(w http.ResponseWriter, _ *http.Request, _ Asked) {
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write([]byte(body))
	}
}

// Stalls begins to reply and then says nothing until the caller gives up.
func Stalls(text string) Reply {
	return func(w http.ResponseWriter, r *http.Request, _ Asked) {
		stream(w).delta(map[string]any{"content": text})
		<-r.Context().Done()
	}
}

// Silent does not reply until the caller gives up.
func Silent() Reply {
	return func(_ http.ResponseWriter, r *http.Request, _ Asked) { <-r.Context().Done() }
}

// Elsewhere replies that the model is at another address.
func Elsewhere(to string) Reply {
	return func(w http.ResponseWriter, r *http.Request, _ Asked) {
		http.Redirect(w, r, to, http.StatusTemporaryRedirect)
	}
}

// streamed writes pieces.
type streamed struct{ w http.ResponseWriter }

func stream(w http.ResponseWriter) streamed {
	w.Header().Set("Content-Type", "text/event-stream")
	return streamed{w}
}

func (s streamed) send(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		return // a test's own values can be written
	}
	fmt.Fprintf(s.w, "data: %s\n\n", b)
	if f, ok := s.w.(http.Flusher); ok {
		f.Flush()
	}
}

func (s streamed) delta(d map[string]any) {
	s.send(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": d}}})
}

func (s streamed) ends(why string) {
	s.send(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": map[string]any{}, "finish_reason": why}}})
}

func (s streamed) usage() {
	s.send(map[string]any{"choices": []any{}, "usage": map[string]any{"prompt_tokens": Use.In, "completion_tokens": Use.Out}})
}

func (s streamed) done() { fmt.Fprint(s.w, "data: [DONE]\n\n") }

func finish(calls []Call) string {
	if len(calls) > 0 {
		return "tool_calls"
	}
	return "stop"
}

func id(n int) string { return "call_" + strconv.Itoa(n+1) }

// pieces cuts a text as models do: anywhere.
func pieces(text string) (ps []string) {
	const size = 3
	rs := []rune(text)
	for len(rs) > 0 {
		n := min(size, len(rs))
		ps, rs = append(ps, string(rs[:n])), rs[n:]
	}
	return ps
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) //nolint:errchkjson // a test's own values can be written
}
