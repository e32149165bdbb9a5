package call

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/prompt"
	"yingda/internal/kit/fault"
)

// Simulator walks through a menu in text: keys in, lines out. It is the same
// walk that callers take; only nobody hears it.
type Simulator struct {
	Menu    Menu
	Prompts prompt.Library
	Facts   Facts
	Now     time.Time
	Walk    Walk
}

// Simulate begins a walk and returns what the caller hears first.
func Simulate(m Menu, prompts prompt.Library, f Facts, now time.Time) (*Simulator, []string) {
	s := NewSimulator(m, prompts, f, now)
	return s, s.lines(s.Begin())
}

// NewSimulator returns a walk that stands before the menu.
func NewSimulator(m Menu, prompts prompt.Library, f Facts, now time.Time) *Simulator {
	return &Simulator{Menu: m, Prompts: prompts, Facts: f, Now: now, Walk: m.Begin()}
}

// Begin lets the call come in.
func (s *Simulator) Begin() []Action { return s.step(Event{Kind: Began}) }

// Do takes one input and returns what came of it, a line an action:
//
//	12#        keys, one after another, at once
//	(nothing)  waits until something happens by itself
//	join LIN   an agent takes the call; leave, lose: the agent goes, is cut off;
//	           send QUEUE: sends the caller on
//	ok, fail   what was asked, recorded or rung has worked, or has not;
//	           ok name=value, or ok {"name": "value"}, tells what the other system
//	           found
//	hangup     the caller does
func (s *Simulator) Do(input string) []string {
	actions, err := s.Try(input)
	lines := s.lines(actions)
	if err != nil {
		lines = append(lines, "? "+err.Error())
	}
	return lines
}

// Try takes one input, as Do does, and returns the actions that came of it. What
// cannot be read is an error; what came before it has happened.
func (s *Simulator) Try(input string) ([]Action, error) {
	word, rest, _ := strings.Cut(strings.TrimSpace(input), " ")
	switch word {
	case "":
		return s.wait(), nil
	case "join":
		return s.step(Event{Kind: Joined, Agent: rest}), nil
	case "send":
		return s.step(Event{Kind: SentOn, Place: &Place{Queue: rest, Since: s.Now}}), nil
	case "leave":
		return s.step(Event{Kind: AgentLeft}), nil
	case "lose":
		return s.step(Event{Kind: AgentLost}), nil
	case "hangup":
		return s.step(Event{Kind: HungUp}), nil
	case "ok", "fail":
		values := map[string]string{}
		if strings.HasPrefix(rest, "{") {
			if err := json.Unmarshal([]byte(rest), &values); err != nil {
				return nil, fault.New(fault.Invalid, "menu.no_values", "what the other system tells is written {\"name\": \"value\"}").Because(err)
			}
			rest = ""
		}
		for pair := range strings.FieldsSeq(rest) {
			name, value, _ := strings.Cut(pair, "=")
			values[name] = value
		}
		kind := map[Phase]EventKind{Asking: Told, Speaking: RecordingOver, Transferring: Transferred}[s.Walk.Phase]
		return s.step(Event{Kind: kind, OK: word == "ok", Values: values}), nil
	}
	var actions []Action
	for _, k := range word {
		if !strings.ContainsRune(keys, k) {
			return actions, fault.New(fault.Invalid, "menu.no_key", "%s is no key", string(k))
		}
		actions = append(actions, s.step(Event{Kind: Pressed, Key: string(k)})...)
	}
	return actions, nil
}

// wait lets what is said come to its end, or time pass up to what is due.
func (s *Simulator) wait() []Action {
	switch {
	case s.Walk.Phase == Over:
		return nil
	case s.Walk.Sounds:
		return s.step(Event{Kind: Played})
	case !s.Walk.Due.IsZero():
		if s.Now.Before(s.Walk.Due) {
			s.Now = s.Walk.Due
		}
		return s.step(Event{Kind: TimedOut})
	}
	return nil
}

// Event lets something happen and returns what came of it, a line an action.
func (s *Simulator) Event(e Event) []string { return s.lines(s.step(e)) }

func (s *Simulator) step(e Event) []Action {
	walk, actions := s.Menu.Step(s.Walk, e, s.Now, s.Facts)
	s.Walk = walk
	return actions
}

func (s *Simulator) lines(actions []Action) []string {
	lines := make([]string, 0, len(actions))
	for _, a := range actions {
		lines = append(lines, s.line(a))
	}
	return lines
}

// line writes an action for who reads along.
func (s *Simulator) line(a Action) string {
	said := make([]string, 0, len(a.Prompts))
	for _, key := range a.Prompts {
		l, err := s.Prompts.Say(a.Language, key, a.Values)
		if err != nil {
			l.Text = "[" + key + ": " + err.Error() + "]"
		}
		said = append(said, l.Text)
	}
	text := strings.Join(said, " ")
	parts := []string{string(a.Do)}
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	switch a.Do {
	case Play:
		return "▶ " + text
	case PlayMusic:
		return "♪"
	case EnterQueue, ReturnHead, ExitQueue, NoteBack:
		add(a.Number)
		if a.Place != nil {
			add(a.Place.Queue)
			add("since " + a.Place.Since.Format(time.TimeOnly))
			add("priority " + strconv.Itoa(a.Place.Priority))
		}
	case Stop, GoOn, BeginSurvey, TakeNotice, LogAdvice, ConnectTo, AskSystem, TakeDown, StopRecord, TransferTo, KeepRating, PauseSecret, ResumeSecret, EndCall:
		add(a.Name)
		add(a.Number)
		add(string(a.Reason))
		if a.Do == ConnectTo {
			add(text)
		}
		if a.Do == AskSystem {
			add(fmt.Sprint(a.Values))
		}
	}
	return "· " + strings.Join(parts, " ")
}
