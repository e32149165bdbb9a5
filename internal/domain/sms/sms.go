// Package sms is the rules of text messages (短信): what is sent for which
// purpose, to whom and when, and what may be done after one has failed.
//
// Carriers carry templates that they have approved, with values filled in; the
// text of a template is kept here too, for people to read. A text that may have
// left is not sent again: whoever gets it twice is annoyed, and pays attention to
// neither.
package sms

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/call"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// Noun gives the ids of texts their prefix.
type Noun struct{}

// Prefix returns sm.
func (Noun) Prefix() string { return "sm" }

// ID names a text.
type ID = id.ID[Noun]

// NewID returns the id of a text that is to leave.
func NewID(now time.Time) ID { return id.New[Noun](now) }

// Purpose is what a text is for.
type Purpose string

// The purposes.
const (
	Rating   Purpose = "rating"   // a link to a page where the call is rated
	Missed   Purpose = "missed"   // we did not answer, or were closed
	Callback Purpose = "callback" // a call back was asked for
)

// Purposes returns all purposes.
func Purposes() []Purpose { return []Purpose{Rating, Missed, Callback} }

// Rules of a purpose: what may stand in its template, how long a text of it is
// worth sending, and whether it waits for the morning.
type rules struct {
	values []string
	lasts  time.Duration
	waits  bool
}

var purposes = map[Purpose]rules{
	Rating:   {values: []string{"company", "link", "path"}, lasts: 24 * time.Hour, waits: true},
	Missed:   {values: []string{"company", "hours", "link"}, lasts: 14 * time.Hour, waits: true},
	Callback: {values: []string{"company", "number", "link"}, lasts: time.Hour},
}

// Once returns the key of a text of the purpose that is sent once for what is
// named.
func (p Purpose) Once(of ...string) string { return string(p) + "/" + strings.Join(of, "/") }

// trialLasts is how long a text that somebody sends to themself to try the
// settings out is worth sending.
const trialLasts = 10 * time.Minute

// Values returns the names that the template of a purpose may hold.
func (p Purpose) Values() []string { return slices.Clone(purposes[p].values) }

// Quiet hours: from 21:00 to 08:00.
const quietFrom, quietTo = 21, 8

// NotBefore returns when a text of the purpose may leave at the earliest, by the
// clock of the company: now, or the morning.
func (p Purpose) NotBefore(now time.Time, zone *time.Location) time.Time {
	at := now.In(zone)
	if !purposes[p].waits || at.Hour() >= quietTo && at.Hour() < quietFrom {
		return now
	}
	day := at.Day()
	if at.Hour() >= quietFrom {
		day++
	}
	return time.Date(at.Year(), at.Month(), day, quietTo, 0, 0, 0, zone)
}

// window is one limit: at most so many within so long.
type window struct {
	most   int
	within time.Duration
}

// What one number gets at most; carriers refuse more.
var windows = []window{{1, time.Minute}, {5, time.Hour}, {10, 24 * time.Hour}}

// Remembered is how far back texts to a number count.
const Remembered = 24 * time.Hour

// Free returns when the next text may go to a number that got texts at some
// times: now, or later.
func Free(sent []time.Time, now time.Time) time.Time {
	sent = slices.SortedFunc(slices.Values(sent), func(a, b time.Time) int { return b.Compare(a) }) // newest first
	free := now
	for _, w := range windows {
		if len(sent) < w.most {
			continue
		}
		if until := sent[w.most-1].Add(w.within); until.After(free) {
			free = until
		}
	}
	return free
}

var mobile = regexp.MustCompile(`^1[3-9][0-9]{9}$`)

// Mobile returns a number as texts are addressed, without the country, and
// whether texts go there: to mobile numbers of the mainland only. A number
// abroad costs many times as much, and is what frauds ask for.
func Mobile(number string) (string, bool) {
	number = contact.NormalPhone(strings.TrimSpace(number))
	return number, mobile.MatchString(number)
}

// State is where a text stands.
type State string

// The states.
const (
	Waiting   State = "waiting"   // for its time
	Sending   State = "sending"   // being handed over
	Sent      State = "sent"      // taken by the provider
	Delivered State = "delivered" // on the phone
	Failed    State = "failed"
	Uncertain State = "uncertain" // it may have left, and is not sent again
	Dropped   State = "dropped"   // it was not to be sent any more
)

// States returns all states.
func States() []State {
	return []State{Waiting, Sending, Sent, Delivered, Failed, Uncertain, Dropped}
}

// Over reports whether nothing more is done.
func (s State) Over() bool { return s != Waiting && s != Sending }

// After returns the state after a report of the provider. Reports come late,
// twice and in any order: one that tells of the phone is the last.
func (s State) After(reported State) State {
	switch {
	case reported != Delivered && reported != Failed, s == Delivered, s == Failed, s == Waiting, s == Dropped:
		return s
	}
	return reported
}

// Why a text was dropped.
const (
	OptedOut = "opted_out" // the number wants none
	TooLate  = "too_late"
	Rated    = "rated" // the customer has said it already
	Off      = "off"   // it was switched off meanwhile
)

// Killed is the code of a text of which nobody knows whether it left, because
// the program died.
const Killed = "killed"

// Message is a text.
type Message struct {
	ID           ID
	Key          string // the same is the same text
	Purpose      Purpose
	Number       string // as [Mobile] returns it
	Conversation conversation.ID
	Call         call.ID
	Values       map[string]string
	Text         string // as people read it, with {link} for the link
	State        State
	Provider     Provider
	Accepted     string // the provider's id
	Code         string // of a failure, the provider's or ours
	Reason       string // in the provider's words
	Attempt      int
	At           time.Time // planned
	SendAt       time.Time
	SentAt       time.Time // handed over
	DoneAt       time.Time // of the rating, where the text asks for one
}

// Trial reports whether somebody only tries the settings out.
func (m Message) Trial() bool { return m.Call.IsZero() }

// Until returns until when the text is worth sending.
func (m Message) Until() time.Time {
	if m.Trial() {
		return m.At.Add(trialLasts)
	}
	return m.At.Add(purposes[m.Purpose].lasts)
}

// Next returns when the text may leave: now, or later, by the quiet hours on the
// company's clock and by when texts went to the number lately.
func (m Message) Next(sent []time.Time, now time.Time, zone *time.Location) time.Time {
	free := Free(sent, now)
	if m.Trial() {
		return free
	}
	return m.Purpose.NotBefore(free, zone)
}

// again is how long after each try the next follows.
var again = []time.Duration{10 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute}

// Again returns when a text that failed for a while is tried again; false if it
// is not.
func (m Message) Again(now time.Time) (time.Time, bool) {
	if m.Attempt < 1 || m.Attempt > len(again) {
		return time.Time{}, false
	}
	next := now.Add(again[m.Attempt-1])
	return next, next.Before(m.Until())
}

// Class is what may be done after a failure.
type Class string

// The classes.
const (
	Temporary Class = "temporary" // nothing has left; try again
	Permanent Class = "permanent" // it would be refused again
	Doubtful  Class = "uncertain" // it may have left
)

// SendError is why a text was not accepted.
type SendError struct {
	Class  Class
	Code   string // the provider's, or ours
	Reason string
}

// Error returns the failure in words.
func (f *SendError) Error() string {
	return string(f.Class) + ": " + f.Code + ": " + f.Reason
}

// Outgoing is what an adapter sends.
type Outgoing struct {
	ID       ID
	Number   string // mainland, 11 digits
	Purpose  Purpose
	Template string            // the provider's code of it
	Names    []string          // of the values, in the order of the template
	Values   map[string]string //
	Text     string            // filled in
}

// Ordered returns the values in the order of the template.
func (o Outgoing) Ordered() []string {
	all := make([]string, len(o.Names))
	for i, n := range o.Names {
		all[i] = o.Values[n]
	}
	return all
}

var hole = regexp.MustCompile(`\{([a-z]+)\}`)

// Template is what is sent for a purpose.
type Template struct {
	Enabled bool   `json:"enabled"`
	Code    string `json:"code" maxLength:"100" doc:"the provider's name of the approved template"`
	Text    string `json:"text" maxLength:"500" doc:"as it was approved, with names in braces: {company}, {link}"`
}

// Names returns the names in the template, in their order, each once.
func (t Template) Names() []string {
	names := []string{}
	for _, m := range hole.FindAllStringSubmatch(t.Text, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// NeedsLink reports whether there is an address in the text.
func (t Template) NeedsLink() bool {
	return slices.ContainsFunc(t.Names(), func(n string) bool { return n == "link" || n == "path" })
}

// Fill returns the text with values for the names; a name without a value stays.
func (t Template) Fill(values map[string]string) string {
	return hole.ReplaceAllStringFunc(t.Text, func(h string) string {
		if v, ok := values[h[1:len(h)-1]]; ok {
			return v
		}
		return h
	})
}

// Parts returns how many texts a carrier counts for a text under a signature: 70
// characters in one, 67 in each of several.
func Parts(sign, text string) int {
	n := utf8.RuneCountInString(text)
	if sign != "" {
		n += utf8.RuneCountInString(sign) + 2
	}
	if n <= 70 {
		return 1
	}
	return (n + 66) / 67
}

// check says what is wrong with the template of a purpose.
func (t Template) check(p Purpose, provider Provider) error {
	field := "body.templates." + string(p)
	if utf8.RuneCountInString(t.Text) > longestText || utf8.RuneCountInString(t.Code) > longestName {
		return fault.New(fault.Invalid, "sms.long", "a template has at most %d characters, its code at most %d", longestText, longestName).In(field)
	}
	if !t.Enabled {
		return nil
	}
	if strings.TrimSpace(t.Text) == "" {
		return fault.New(fault.Invalid, "sms.text", "write the text of the template, as it was approved").In(field + ".text")
	}
	if provider.needsCode() && t.Code == "" {
		return fault.New(fault.Invalid, "sms.code", "enter the code that the provider gave the approved template").In(field + ".code")
	}
	for _, n := range t.Names() {
		if !slices.Contains(p.Values(), n) {
			return fault.New(fault.Invalid, "sms.name", "the name {%s} is not known here; use {%s}", n, strings.Join(p.Values(), "}, {")).In(field + ".text")
		}
	}
	if p == Rating && !t.NeedsLink() {
		return fault.New(fault.Invalid, "sms.link", "a text that asks for a rating needs {%s}", "link").In(field + ".text")
	}
	return nil
}

// asksOff are the answers with which people want no more texts.
var asksOff = []string{"TD", "T", "退订", "N", "R", "STOP", "拒收"}

// AsksOff reports whether an answer to a text asks for no more of them.
func AsksOff(text string) bool {
	return slices.Contains(asksOff, strings.ToUpper(strings.Trim(text, " \t\r\n。.!！“”\"'")))
}

// Report is what a provider tells later: of a text that it carried, or what
// somebody answered.
type Report struct {
	Accepted string // the provider's id of the text; empty: an answer
	Number   string
	State    State // Delivered or Failed
	Code     string
	Reason   string
	Answer   string
}
