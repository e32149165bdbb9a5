package mailbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/conversation"
)

// Clue is by what a mail names a conversation, the surest first.
type Clue string

// The clues.
const (
	ByToken  Clue = "token"  // in the address that it was sent to
	ByAnswer Clue = "answer" // it answers a mail of the conversation
	ByMarker Clue = "marker" // in what it quotes
	ByTag    Clue = "tag"    // in its subject
	ByLast   Clue = "last"   // we wrote to this address last; for what programs write
)

// The parts that people take in a conversation by mail.
const (
	Writer = "writer" // the contact
	Copied = "copy"   // somebody who got a copy
	Third  = "third"  // somebody to whom it was sent on
)

// Trace is a conversation that a mail may belong to.
type Trace struct {
	By           Clue
	Conversation conversation.ID
	Part         string    // what its sender takes in it; empty if none
	Open         bool      // it goes on
	Over         time.Time // since when it does not
}

// Placing is where a mail belongs.
type Placing struct {
	Conversation conversation.ID // zero: into a new one
	Reopen       bool
	Third        bool            // it is from somebody to whom it was sent on
	Linked       conversation.ID // of a new one: what it goes back to
	Why          string          // by code: stranger, over
}

// Place decides where a mail belongs. A clue counts only for who takes part in
// the conversation: whoever finds a number or an address of ours reads and
// writes nothing by it. What can be guessed counts for nothing where the sender
// is not proven. forged says that it is not.
func (m Mailbox) Place(ts []Trace, forged bool, now time.Time) Placing {
	var p Placing
	for _, t := range ts {
		if t.Part == "" || forged && (t.By == ByTag || t.By == ByMarker) {
			if p.Linked.IsZero() {
				p = Placing{Linked: t.Conversation, Why: "stranger"}
			}
			continue
		}
		switch {
		case t.Open:
			return Placing{Conversation: t.Conversation, Third: t.Part == Third}
		case t.Part == Third: // it tells of what is over, and wakes nobody
			return Placing{Conversation: t.Conversation, Third: true}
		case now.Sub(t.Over) <= time.Duration(m.Settings.ReopenDays)*24*time.Hour:
			return Placing{Conversation: t.Conversation, Reopen: true}
		}
		return Placing{Linked: t.Conversation, Why: "over"}
	}
	return p
}

var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func mac(key []byte, what string, n int) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(what))
	return letters.EncodeToString(h.Sum(nil))[:n]
}

const (
	tokenMAC = 8
	tagMAC   = 4
)

// Token returns what names a conversation in an address of ours. Nobody can
// make one without the key.
func Token(key []byte, c conversation.ID) string {
	name := strings.TrimPrefix(c.String(), "cv_")
	return "c" + name + "." + mac(key, "mail token "+name, tokenMAC)
}

// ReadToken returns the conversation that a token names.
func ReadToken(key []byte, token string) (c conversation.ID, ok bool) {
	name, sum, ok := strings.Cut(strings.TrimPrefix(strings.ToLower(token), "c"), ".")
	if !ok || !hmac.Equal([]byte(sum), []byte(mac(key, "mail token "+name, tokenMAC))) {
		return 0, false
	}
	return c, c.UnmarshalText([]byte("cv_"+name)) == nil
}

// Tag returns what names a conversation in a subject: [#1001-AB12].
func Tag(key []byte, number int64) string {
	n := strconv.FormatInt(number, 10)
	return "[#" + n + "-" + strings.ToUpper(mac(key, "mail tag "+n, tagMAC)) + "]"
}

var (
	tagForm    = regexp.MustCompile(`\[#(\d{1,15})-([A-Za-z2-7]{4})\]`)
	markerForm = regexp.MustCompile(`ref:(c[0-9a-z]{13}\.[a-z2-7]{8})`)
)

// ReadTags returns the numbers that tags in a text name.
func ReadTags(key []byte, text string) (numbers []int64) {
	for _, m := range tagForm.FindAllStringSubmatch(clipped(text), 5) {
		n, err := strconv.ParseInt(m[1], 10, 64)
		if err == nil && strings.EqualFold(m[2], mac(key, "mail tag "+m[1], tagMAC)) && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// Marker returns what names a conversation in HTML, where nobody sees it.
func Marker(token string) string { return "<!-- ref:" + token + " -->" }

// ReadMarkers returns the conversations that markers in a text name.
func ReadMarkers(key []byte, text string) (cs []conversation.ID) {
	for _, m := range markerForm.FindAllStringSubmatch(clipped(text), 5) {
		if c, ok := ReadToken(key, m[1]); ok && !slices.Contains(cs, c) {
			cs = append(cs, c)
		}
	}
	return cs
}

// clipped is as much of a text as is looked through for marks.
func clipped(s string) string { return s[:min(len(s), 1<<20)] }

// prefixes are what programs put before the subject of an answer.
var prefixes = regexp.MustCompile(`(?i)^\s*(?:re|fw|fwd|aw|sv|wg|tr|回复|回覆|答复|答覆|转发|轉寄|轉發|自动回复)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*`)

// Subject returns a subject without what programs put before it, and without
// tags of ours.
func Subject(s string) string {
	s = strings.TrimSpace(tagForm.ReplaceAllString(s, ""))
	for {
		rest := prefixes.ReplaceAllString(s, "")
		if rest == s {
			return strings.Join(strings.Fields(s), " ")
		}
		s = rest
	}
}

// Answering returns the subject of an answer in a conversation.
func Answering(subject, tag string) string {
	return strings.TrimSpace("Re: " + Subject(subject) + " " + tag)
}

// ReturnPath is where servers send what they tell of a mail with a token.
func (m Mailbox) ReturnPath(token string) string {
	switch {
	case m.Settings.Send.ReturnPath != "":
		return Join(m.Settings.Send.ReturnPath, token)
	case m.Settings.Send.Plus:
		return Join(m.Address, token)
	}
	return m.Address
}

// MessageID is the name of a mail of ours. random makes it one that nobody can
// guess.
func (m Mailbox) MessageID(c conversation.ID, what, random string) string {
	_, domain, _ := strings.Cut(m.Address, "@")
	return "<" + strings.TrimPrefix(c.String(), "cv_") + "." + what + "." + strings.ToLower(random) + "@" + domain + ">"
}

// Following returns the references of an answer to a mail.
func Following(references []string, messageID string) []string {
	const most = 20
	rs := slices.Clone(references)
	if messageID != "" && !slices.Contains(rs, messageID) {
		rs = append(rs, messageID)
	}
	if len(rs) > most {
		rs = append(rs[:1:1], rs[len(rs)-most+1:]...)
	}
	return rs
}

// waits are how long a mail that could not be handed over waits for its next
// try (RFC 5321 §4.5.4.1); the last one again and again.
var waits = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour}

// triedFor is how long it is tried.
const triedFor = 48 * time.Hour

// NextTry returns how long a mail waits after its n-th try, the first of which
// was a while ago; false if it has been tried for long enough.
func NextTry(n int, ago time.Duration) (time.Duration, bool) {
	w := waits[min(max(n, 1), len(waits))-1]
	return w, ago+w <= triedFor
}
