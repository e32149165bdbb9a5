package model

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"yingda/internal/kit/fault"
)

// readStream puts together what comes in pieces. It is whole when it says so:
// by [DONE], or by a reason why it ended; what merely stops is cut.
func readStream(body io.Reader, each func(said string)) (a Answer, err error) {
	s := bufio.NewScanner(body)
	s.Buffer(make([]byte, 0, 16<<10), MostBytes)
	p := pieces{last: -1, each: each}
	for s.Scan() {
		data, ok := strings.CutPrefix(s.Text(), "data:")
		if !ok {
			continue // a comment that keeps the line open, or the name of an event
		}
		if data = strings.TrimSpace(data); data == "[DONE]" {
			p.done = true
			break
		}
		if data == "" {
			continue
		}
		if err := p.add(data); err != nil {
			if s.Scan(); s.Err() != nil {
				return a, s.Err() // it cannot be read because it was cut short
			}
			return a, err
		}
	}
	if err := s.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			err = errLarge
		}
		return a, err
	}
	if !p.done && p.answer.Finish == "" {
		return a, fault.New(fault.Busy, "model.cut", "the model's answer ended too early")
	}
	return p.whole(), nil
}

// pieces is an answer while it comes.
type pieces struct {
	answer             Answer
	content, reasoning strings.Builder
	calls              []*piece
	last               int // the call that came last
	done               bool
	each               func(said string)
}

// mostHeard is how much of an answer is told before it is whole, in bytes: an
// answer to a customer has less.
const mostHeard = 16 << 10

type piece struct {
	Call
	index     int
	arguments strings.Builder
}

func (p *pieces) add(data string) error {
	var w wireAnswer
	if err := json.Unmarshal([]byte(data), &w); err != nil {
		return broken(err)
	}
	if w.Error != nil {
		return fault.New(fault.Busy, "model.failed", "the model failed underway").Because(errors.New(w.Error.Message))
	}
	if u := w.Usage.usage(); u.In+u.Out > 0 {
		p.answer.Usage = u
	}
	if len(w.Choices) == 0 {
		return nil
	}
	k := w.Choices[0]
	if k.Finish != "" {
		p.answer.Finish = k.Finish
	}
	if k.Delta.Content != nil {
		p.content.WriteString(*k.Delta.Content)
		if p.each != nil && p.content.Len() <= mostHeard {
			said, _ := thought(p.content.String(), "")
			p.each(said)
		}
	}
	p.reasoning.WriteString(k.Delta.Reasoning)
	for _, c := range k.Delta.Calls {
		p.call(c)
	}
	return nil
}

// call adds a piece of a call. Without an index a name or a new id begins the
// next call, and all else belongs to the last.
func (p *pieces) call(c wireCall) {
	at := -1
	switch {
	case c.Index != nil:
		for i, k := range p.calls {
			if k.index == *c.Index {
				at = i
			}
		}
		if at >= 0 && c.ID != "" && p.calls[at].ID != "" && c.ID != p.calls[at].ID {
			at = -1 // two calls that all say they are the first
		}
	case c.Function.Name == "" && (c.ID == "" || p.last >= 0 && c.ID == p.calls[p.last].ID):
		at = p.last
	}
	if at < 0 {
		if len(p.calls) == mostCalls {
			p.last = -1
			return
		}
		k := &piece{index: len(p.calls)}
		if c.Index != nil {
			k.index = *c.Index
		}
		p.calls = append(p.calls, k)
		at = len(p.calls) - 1
	}
	k := p.calls[at]
	p.last = at
	if c.ID != "" {
		k.ID = c.ID
	}
	k.Name += c.Function.Name
	k.arguments.WriteString(c.arguments())
}

func (p *pieces) whole() Answer {
	a := p.answer
	a.Content, a.Reasoning, a.Streamed = p.content.String(), p.reasoning.String(), true
	for _, k := range p.calls {
		k.Arguments = k.arguments.String()
		a.Calls = append(a.Calls, k.Call)
	}
	a.Calls = named(a.Calls)
	return a
}
