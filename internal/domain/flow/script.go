package flow

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

// Script is a stored dialogue with a flow, and what has to come of it.
type Script struct {
	Name     string              `json:"name"`
	Language string              `json:"language,omitzero"` // Chinese when absent
	Known    map[string][]string `json:"known,omitempty"`
	Replies  []Reply             `json:"replies,omitempty"` // what seams tell; the first that fits
	Answers  map[string]string   `json:"answers,omitempty"` // questions that can be answered in between
	Turns    []Exchange          `json:"turns"`
	Writes   []string            `json:"writes,omitempty"` // the seams that are written to in the whole dialogue, in order
}

// Reply is what a seam tells in a script.
type Reply struct {
	Seam  string            `json:"seam"`
	When  map[string]string `json:"when,omitempty"` // only with these parameters
	Found map[string]string `json:"found,omitempty"`
	None  bool              `json:"none,omitzero"` // there is no such thing
	Fails bool              `json:"fails,omitzero"`
}

// Exchange is a message and what has to come of it. What is empty is not
// looked at.
type Exchange struct {
	Says  string            `json:"says"`
	After int               `json:"after,omitzero"` // minutes since the message before
	Slots map[string]string `json:"slots,omitempty"`
	Asks  string            `json:"asks,omitzero"`   // a slot; confirm, change or offer; done, or person
	Tells []string          `json:"tells,omitempty"` // parts of the answer
}

// scriptTime is when scripts are played: a Sunday, ten o'clock in China.
var (
	scriptZone = time.FixedZone("CST", 8*60*60)
	scriptTime = time.Date(2026, 11, 29, 10, 0, 0, 0, scriptZone)
)

// Play plays a script with the flows of a library and returns what did not come
// as it should; nil when all did.
func (s Script) Play(flow Flow, all Library) []*fault.Error {
	return s.PlayWith(flow, all, nil)
}

// PlayWith plays a script as Play does, with somebody who understands each
// message before the flow takes it, such as a model: what they return is taken
// in its place. They are given the exchange too, and what is open. Nil is
// nobody.
func (s Script) PlayWith(flow Flow, all Library, understand func(x Exchange, open *Frame, m Message) Message) []*fault.Error {
	return s.playIn(with(all, flow), flow, understand)
}

// playIn is PlayWith in a library that has the flow.
func (s Script) playIn(all Library, flow Flow, understand func(x Exchange, open *Frame, m Message) Message) []*fault.Error {
	language := s.Language
	if language == "" {
		language = phrase.Chinese
	}
	stub := &stub{script: s}
	e := Engine{Flows: all, Seams: stub, Known: s.Known}
	var state State
	var problems []*fault.Error
	now := scriptTime
	for i, x := range s.Turns {
		now = now.Add(time.Duration(x.After) * time.Minute)
		m := Message{Text: x.Says, Language: language, Reading: Reading{Now: now, Zone: scriptZone}, Run: "script"}
		if i == 0 {
			m.Start = flow.ID
		}
		if understand != nil {
			var open *Frame
			if n := len(state.Frames); n > 0 {
				open = &state.Frames[n-1]
			}
			m = understand(x, open, m)
		}
		t := e.Take(state, m)
		state = t.State
		problems = append(problems, x.differs(t, s.Name, i+1)...)
	}
	if !slices.Equal(stub.written, s.Writes) {
		problems = append(problems, fault.New(fault.Invalid, "flow.script_writes", "script “%s” should write [%s] and wrote [%s]", s.Name, strings.Join(s.Writes, " "), strings.Join(stub.written, " ")).In("scripts"))
	}
	return problems
}

// with returns a library in which a flow stands as its own newest version.
func with(all Library, flow Flow) Library {
	others := slices.DeleteFunc(slices.Clone(all.flows), func(f Flow) bool { return f.ID == flow.ID })
	return NewLibrary(append(others, flow)...).Reading(all.readers)
}

// differs returns what of a turn is not as expected.
func (x Exchange) differs(t Turn, script string, message int) (problems []*fault.Error) {
	add := func(f *fault.Error) { problems = append(problems, f.In("scripts")) }
	values := t.Values()
	for _, slot := range slices.Sorted(maps.Keys(x.Slots)) {
		if got := values[slot].Text; got != x.Slots[slot] {
			add(fault.New(fault.Invalid, "flow.script_slot", "script “%s”, message %d (%s): %s is %q, not %q", script, message, x.Says, slot, got, x.Slots[slot]))
		}
	}
	if got := t.Asks(); x.Asks != "" && got != x.Asks {
		add(fault.New(fault.Invalid, "flow.script_asks", "script “%s”, message %d (%s): asks for %s, not %s", script, message, x.Says, got, x.Asks))
	}
	said := t.Said()
	for _, part := range x.Tells {
		if !strings.Contains(said, part) {
			add(fault.New(fault.Invalid, "flow.script_tells", "script “%s”, message %d (%s): %q is not in %q", script, message, x.Says, part, said))
		}
	}
	return problems
}

// Values returns what is known in the flow that is asked for now, or in the one
// that a person takes over.
func (t Turn) Values() map[string]Value {
	switch n := len(t.State.Frames); {
	case n > 0:
		return t.State.Frames[n-1].Values
	case t.Person != nil && len(t.Person.Frames) > 0:
		return t.Person.Frames[len(t.Person.Frames)-1].Values
	}
	return nil
}

// Asks names what a turn ends with: the slot that is asked for, confirm, change
// or offer; person when one takes over, done when no flow is open.
func (t Turn) Asks() string {
	n := len(t.State.Frames)
	switch {
	case t.Person != nil:
		return "person"
	case n == 0:
		return "done"
	case t.State.Frames[n-1].Waiting == ForSlot:
		return t.State.Frames[n-1].Slot
	}
	return string(t.State.Frames[n-1].Waiting)
}

// Said returns the whole answer, a line each.
func (t Turn) Said() string {
	lines := make([]string, len(t.Lines))
	for i, l := range t.Lines {
		lines[i] = l.Text
	}
	return strings.Join(lines, "\n")
}

// stub is the seams of a script.
type stub struct {
	script  Script
	written []string
	keys    []string
}

var errScripted = errors.New("the script says that this fails")

func (s *stub) reply(c Call) (found map[string]string, ok bool, err error) {
	for _, r := range s.script.Replies {
		fits := r.Seam == c.Seam
		for name, v := range r.When {
			fits = fits && c.With[name] == v
		}
		switch {
		case fits && r.Fails:
			return nil, false, errScripted
		case fits:
			return r.Found, !r.None, nil
		}
	}
	return nil, true, nil
}

func (s *stub) LookUp(c Call) (map[string]string, bool, error) { return s.reply(c) }

func (s *stub) Write(c Call) (map[string]string, error) {
	told, _, err := s.reply(c)
	if err == nil && !slices.Contains(s.keys, c.Key) {
		s.written, s.keys = append(s.written, c.Seam), append(s.keys, c.Key)
	}
	return told, err
}

func (s *stub) Answer(question, _ string) (string, bool) {
	folded := bare(question)
	for _, q := range slices.Sorted(maps.Keys(s.script.Answers)) {
		if strings.Contains(folded, bare(q)) {
			return s.script.Answers[q], true
		}
	}
	return "", false
}
