// Package model speaks with a language model (大模型) at any address that
// understands OpenAI's chat completions, embeddings and transcriptions: a cloud, a company's
// own gateway, or a program on the same machine. It asks once and returns a
// whole answer, or a fault that says what is wrong in a word; it keeps nothing,
// decides nothing, and trusts nothing of what comes back.
//
//	model.go       what is asked, what comes back
//	ask.go         one call: limits of time and size, what each failure is called
//	stream.go      answers that come in pieces
//	embed.go       texts as vectors
//	transcribe.go  speech as text
//	dial.go        where a key may be sent
package model

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// Role says who speaks.
type Role string

// The roles.
const (
	System    Role = "system"
	User      Role = "user"
	Assistant Role = "assistant"
	Tool      Role = "tool" // what a tool told
)

// Message is one thing that was said.
type Message struct {
	Role    Role
	Content string
	Calls   []Call // of the assistant: the tools it wants
	CallID  string // of a tool: the call that it answers
}

// Call is a tool that the model wants, with arguments that are its own
// words: JSON, if it knew how to write it.
type Call struct {
	ID        string
	Name      string
	Arguments string
}

// Read reads the arguments. What is no JSON object is false; nothing at all is
// an empty object.
func (c Call) Read(into any) bool {
	text := strings.TrimSpace(c.Arguments)
	if text == "" {
		text = "{}"
	}
	return strings.HasPrefix(text, "{") && json.Unmarshal([]byte(text), into) == nil
}

// Offer is a tool that the model may call.
type Offer struct {
	Name        string
	Description string
	Parameters  json.RawMessage // JSON Schema of an object
}

// Request is what is asked.
type Request struct {
	Model    string
	Messages []Message
	Tools    []Offer
	Must     bool // one of the tools has to be called
	Stream   bool
	Most     int // tokens of the answer; 0 is the endpoint's own limit
	// Each is told all that was said so far, without what it thought, whenever
	// more of it comes in pieces; nil: nobody is. It is called by the goroutine
	// that asks, and nothing tells that the rest will come.
	Each func(said string)
}

// Usage is what a call used, in tokens. Endpoints that do not say are
// estimated, and it is said that they were.
type Usage struct {
	In, Out   int64
	Estimated bool
}

// Answer is what came back.
type Answer struct {
	Content   string // without what it thought
	Reasoning string // what it thought, where it shows that: for nobody but a test
	Calls     []Call
	Finish    string // stop, tool_calls, length
	Usage     Usage
	Streamed  bool // it came in pieces
}

// The limits of one call.
const (
	CallTime  = 60 * time.Second // from the question to the last piece
	StallTime = 25 * time.Second // between two pieces
	MostBytes = 1 << 20          // of what comes back
	mostCalls = 16               // of tools in one answer; further ones are dropped
)

// Client asks one endpoint. Its fields are set once, before it is used; zero
// limits are the usual ones.
type Client struct {
	Base string // such as https://api.example.com/v1
	Key  string // sent as a bearer token; empty where none is needed
	HTTP *http.Client

	CallTime  time.Duration
	StallTime time.Duration
	MostBytes int64
}

func (c *Client) callTime() time.Duration {
	if c.CallTime > 0 {
		return c.CallTime
	}
	return CallTime
}

func (c *Client) stallTime() time.Duration {
	if c.StallTime > 0 {
		return c.StallTime
	}
	return StallTime
}

func (c *Client) mostBytes() int64 {
	if c.MostBytes > 0 {
		return c.MostBytes
	}
	return MostBytes
}

// estimate is how many tokens a text is, roughly: one for a Chinese character,
// one for four Latin letters.
func estimate(text string) (n int64) {
	latin := int64(0)
	for _, r := range text {
		if r < 0x2E80 {
			latin++
		} else {
			n++
		}
	}
	return n + (latin+3)/4
}

// Sent returns how many tokens a request is, roughly.
func Sent(r Request) (n int64) {
	for _, m := range r.Messages {
		n += estimate(m.Content)
		for _, c := range m.Calls {
			n += estimate(c.Name) + estimate(c.Arguments)
		}
	}
	for _, t := range r.Tools {
		n += estimate(t.Name) + estimate(t.Description) + estimate(string(t.Parameters))
	}
	return n
}

// counted returns the usage of a call, estimated where the endpoint was silent.
func counted(u Usage, r Request, a Answer) Usage {
	if u.In+u.Out > 0 && u.In >= 0 && u.Out >= 0 {
		return u
	}
	u = Usage{In: Sent(r), Estimated: true}
	u.Out = estimate(a.Content) + estimate(a.Reasoning)
	for _, k := range a.Calls {
		u.Out += estimate(k.Name) + estimate(k.Arguments)
	}
	return u
}
