package mail

import (
	"strings"
	"time"
)

// Event is what a calendar part (RFC 5545) asks or tells.
type Event struct {
	Method    string // REQUEST, CANCEL, REPLY and so on; may be empty
	UID       string
	Summary   string
	Location  string
	Organizer string    // an address
	Start     time.Time // zero if it cannot be read
	End       time.Time
	Zone      string // as the part names it; empty is UTC, or wherever somebody is
	AllDay    bool
	Text      string // its description
}

// mostEvents is how many events of a mail are read.
const mostEvents = 20

// events reads the events of a calendar part.
func events(text string) []Event {
	var all []Event
	method, inside := "", 0
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\n ", ""), "\n\t", "")
	for l := range strings.SplitSeq(text, "\n") {
		name, value, ok := strings.Cut(l, ":")
		if !ok || len(l) > 20_000 {
			continue
		}
		name, options, _ := strings.Cut(name, ";")
		name = strings.ToUpper(strings.TrimSpace(name))
		switch {
		case name == "METHOD":
			method = strings.TrimSpace(value)
		case name == "BEGIN" && strings.EqualFold(strings.TrimSpace(value), "VEVENT"):
			if len(all) == mostEvents {
				return all
			}
			all = append(all, Event{Method: method})
			inside = 1
		case name == "BEGIN" && inside > 0: // such as an alarm
			inside++
		case name == "END" && inside > 0:
			inside--
		case inside == 1:
			all[len(all)-1].set(name, options, value)
		}
	}
	return all
}

func (e *Event) set(name, options, value string) {
	switch name {
	case "UID":
		e.UID = clean(value)
	case "SUMMARY":
		e.Summary = clean(unescapeCalendar(value))
	case "LOCATION":
		e.Location = clean(unescapeCalendar(value))
	case "DESCRIPTION":
		e.Text = unescapeCalendar(value)
	case "ORGANIZER":
		e.Organizer = bareAddress(value)
	case "DTSTART":
		e.Start, e.AllDay = calendarTime(value)
		if _, zone, ok := strings.Cut(options, "TZID="); ok {
			zone, _, _ = strings.Cut(zone, ";")
			e.Zone = clean(strings.Trim(zone, `"`))
		}
	case "DTEND":
		e.End, _ = calendarTime(value)
	}
}

var calendarEscapes = strings.NewReplacer(`\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";", `\\`, `\`)

func unescapeCalendar(s string) string { return strings.TrimSpace(calendarEscapes.Replace(s)) }

// calendarTime reads a time as its clock shows it, and whether it is a day.
func calendarTime(s string) (t time.Time, day bool) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{"20060102T150405Z", "20060102T150405", "20060102T1504"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, false
		}
	}
	t, err := time.Parse("20060102", s)
	return t, err == nil
}

// card is an event as text, for a mail that has no other.
func (e Event) card() string {
	var l []string
	for _, s := range []string{e.Summary, e.when(), e.Location, e.Text} {
		if s != "" {
			l = append(l, s)
		}
	}
	return strings.Join(l, "\n")
}

func (e Event) when() string {
	if e.Start.IsZero() {
		return ""
	}
	layout := "2006-01-02 15:04"
	if e.AllDay {
		layout = "2006-01-02"
	}
	s := e.Start.Format(layout)
	if !e.End.IsZero() && !e.AllDay {
		s += " – " + e.End.Format(layout)
	}
	return strings.TrimSpace(s + " " + e.Zone)
}
