package call

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/prompt"
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
	s := &Simulator{Menu: m, Prompts: prompts, Facts: f, Now: now, Walk: m.Begin()}
	return s, s.Event(Event{Kind: Began})
}

// Do takes one input and returns what came of it:
//
//	12#        keys, one after another, at once
//	(nothing)  waits until something happens by itself
//	join LIN   an agent takes the call; leave, lose: the agent goes, is cut off;
//	           send QUEUE: sends the caller on
//	ok, fail   what was asked, recorded or rung has worked, or has not;
//	           ok name=value tells what the other system found
//	hangup     the caller does
func (s *Simulator) Do(input string) []string {
	word, rest, _ := strings.Cut(strings.TrimSpace(input), " ")
	switch word {
	case "":
		return s.wait()
	case "join":
		return s.Event(Event{Kind: Joined, Agent: rest})
	case "send":
		return s.Event(Event{Kind: SentOn, Place: &Place{Queue: rest, Since: s.Now}})
	case "leave":
		return s.Event(Event{Kind: AgentLeft})
	case "lose":
		return s.Event(Event{Kind: AgentLost})
	case "hangup":
		return s.Event(Event{Kind: HungUp})
	case "ok", "fail":
		values := map[string]string{}
		for pair := range strings.FieldsSeq(rest) {
			name, value, _ := strings.Cut(pair, "=")
			values[name] = value
		}
		kind := map[Phase]EventKind{Asking: Told, Speaking: RecordingOver, Transferring: Transferred}[s.Walk.Phase]
		return s.Event(Event{Kind: kind, OK: word == "ok", Values: values})
	}
	var lines []string
	for _, k := range word {
		if !strings.ContainsRune(keys, k) {
			return append(lines, fmt.Sprintf("? %c is no key", k))
		}
		lines = append(lines, s.Event(Event{Kind: Pressed, Key: string(k)})...)
	}
	return lines
}

// wait lets what is said come to its end, or time pass up to what is due.
func (s *Simulator) wait() []string {
	switch {
	case s.Walk.Phase == Over:
		return nil
	case s.Walk.Sounds:
		return s.Event(Event{Kind: Played})
	case !s.Walk.Due.IsZero():
		if s.Now.Before(s.Walk.Due) {
			s.Now = s.Walk.Due
		}
		return s.Event(Event{Kind: TimedOut})
	}
	return nil
}

// Event lets something happen and returns what came of it, a line an action.
func (s *Simulator) Event(e Event) []string {
	walk, actions := s.Menu.Step(s.Walk, e, s.Now, s.Facts)
	s.Walk = walk
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
