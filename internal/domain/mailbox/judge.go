package mailbox

import (
	"slices"
	"strings"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
)

// Heard is what is read of a mail, and what decides what becomes of it.
type Heard struct {
	Kind    Kind
	Quiet   string // why no automatic mail may answer it; empty if one may
	From    string // addresses in small letters
	ReplyTo string
	Subject string
	Text    string
	// Verdicts of the sender, by our own server or the one before us.
	Verdicts conversation.Verdicts
}

// Known is what we know of a mail beside what is read of it.
type Known struct {
	Ours     bool // its id is that of a mail of ours
	Thread   bool // it answers to something of ours
	Blocked  bool // nothing is taken from its sender
	Released bool // somebody looked at it and wants it taken in
}

// Judgement is what becomes of a mail, and why.
type Judgement struct {
	Fate Fate
	Kind Kind
	Why  string // by code, such as spam_word
	What string // more to it: the word
}

// Sender returns whom a mail is from: its From, or whom it asks to answer to
// where From is a form of our own web site or nobody's.
func (m Mailbox) Sender(h Heard, own func(address string) bool) string {
	if h.ReplyTo == "" || own(h.ReplyTo) {
		return h.From
	}
	if m.Settings.TrustReplyTo || h.From == "" || nobody(h.From) {
		return h.ReplyTo
	}
	return h.From
}

// nobody reports whether an address is one that nobody reads.
func nobody(address string) bool {
	local, _, _ := strings.Cut(address, "@")
	local = strings.NewReplacer("-", "", "_", "", ".", "").Replace(local)
	return strings.HasPrefix(local, "noreply") || strings.HasPrefix(local, "donotreply") || local == "mailerdaemon" || local == "postmaster"
}

// Judge decides what becomes of a mail. Nothing is thrown away: what is not
// taken in is put aside, where people find it, or was understood and has
// nothing to show.
func (m Mailbox) Judge(h Heard, sender string, own bool, k Known) Judgement {
	switch {
	case k.Ours, own && h.Kind != Bounce, h.Kind == Own:
		return Judgement{Noted, Own, "own", sender}
	case h.Kind == Bounce:
		return Judgement{Noted, Bounce, "report", ""}
	case sender == "":
		return Judgement{Aside, h.Kind, "no_sender", ""}
	case k.Released:
		return Judgement{TakenIn, ByPerson, "released", ""}
	case m.blocks(sender) != "":
		return Judgement{Aside, Spam, "blocked", m.blocks(sender)}
	case k.Blocked:
		return Judgement{Aside, Spam, "contact_blocked", sender}
	case h.Kind == Spam:
		return Judgement{Aside, Spam, "spam_mark", ""}
	}
	if word := m.spamWord(h); word != "" && !k.Thread {
		return Judgement{Aside, Spam, "spam_word", word}
	}
	switch {
	case h.Kind == Automatic && !k.Thread:
		return Judgement{Aside, Automatic, "automatic", h.Quiet}
	case h.Kind == List && !k.Thread:
		return Judgement{Aside, List, "list", ""}
	case h.Kind == Automatic, h.Kind == List:
		return Judgement{TakenIn, Automatic, "automatic", h.Quiet}
	}
	return Judgement{TakenIn, ByPerson, "person", ""}
}

// blocks returns by which line of the settings a sender is blocked.
func (m Mailbox) blocks(sender string) string {
	_, domain, _ := strings.Cut(sender, "@")
	for _, b := range m.Settings.Blocked {
		b = strings.ToLower(strings.TrimSpace(b))
		if b != "" && (b == sender || b == "@"+domain || b[0] == '@' && strings.HasSuffix(domain, "."+b[1:])) {
			return b
		}
	}
	return ""
}

func (m Mailbox) spamWord(h Heard) string {
	text := strings.ToLower(h.Subject + "\n" + h.Text)
	for _, w := range m.Settings.SpamWords {
		if w = strings.ToLower(strings.TrimSpace(w)); w != "" && strings.Contains(text, w) {
			return w
		}
	}
	return ""
}

// Valve is how much was written lately, to keep programs from writing to each
// other.
type Valve struct {
	Lately int // mails of the address in ten minutes, with this one
	Here   int // automatic mails to it in this conversation in a day
	Today  int // automatic mails to it in a day
}

// mostLately is how many mails an address may write in ten minutes: whoever
// writes more is a program.
const mostLately = 10

// MayAnswer decides whether a program may answer a mail; the reason if not.
func (m Mailbox) MayAnswer(h Heard, j Judgement, own bool, unreached string, v Valve) (ok bool, why string) {
	switch {
	case j.Fate != TakenIn || j.Kind != ByPerson:
		return false, "kind"
	case h.Quiet != "" && j.Why != "released":
		return false, "quiet"
	case own:
		return false, "own"
	case nobody(h.From):
		return false, "nobody"
	case failed(h.Verdicts): // its sender may be somebody else, who did not write to us
		return false, "forged"
	case unreached != "":
		return false, "unreached"
	case v.Lately > mostLately:
		return false, "too_many"
	case v.Here >= 1:
		return false, "here_already"
	case v.Today >= m.Settings.AutomaticPerDay:
		return false, "enough_today"
	}
	return true, ""
}

// failed reports whether a check found that a mail is not from whom it says.
func failed(v conversation.Verdicts) bool { return v.DMARC == "fail" }

// Whose is to whom the sender of a mail belongs.
type Whose string

// To whom.
const (
	OfMail    Whose = "mail"     // the contact who wrote from this address before
	OfAccount Whose = "account"  // the customer who has proven that the address is theirs
	Somebody  Whose = "new"      // somebody new, who is known by it from now on
	Unproven  Whose = "unproven" // somebody new, who is not: the mail may not be from whom it says
)

// Identify decides whose a mail is. A mail whose sender is not proven never
// joins somebody who is known.
func Identify(v conversation.Verdicts, mail, account bool) Whose {
	switch {
	case failed(v):
		return Unproven
	case mail:
		return OfMail
	case account:
		return OfAccount
	}
	return Somebody
}

// sortWords are by which a subject tells what a mail is about (R050, R051).
var sortWords = []struct {
	tag   string
	kind  ticket.Kind // "": it is none of a customer's
	words []string
}{
	{"合作", "", []string{"商务合作", "合作咨询", "合作意向", "渠道合作", "合作洽谈", "招商", "加盟", "经销商申请", "business cooperation", "partnership", "cooperation proposal"}},
	{"投诉", ticket.Complaint, []string{"投诉", "举报", "complaint"}},
	{"建议", ticket.Suggestion, []string{"意见建议", "改进建议", "产品建议", "suggestion"}},
}

// Sort says by its subject what a new mail is about: which kind of case it
// opens, and a tag to find it by. Cooperation opens none, so that no promise to
// customers runs on it. At an address for one kind everything is of that kind,
// except at that for questions, where people write about everything.
func (m Mailbox) Sort(subject string) (kind ticket.Kind, tags []string) {
	kind = m.Settings.Kind
	s := strings.ToLower(subject)
	for _, l := range sortWords {
		if !slices.ContainsFunc(l.words, func(w string) bool { return strings.Contains(s, w) }) {
			continue
		}
		if l.kind == "" || kind == ticket.Consultation {
			kind = l.kind
		}
		return kind, []string{l.tag}
	}
	return kind, nil
}

// Results reads what the server before us found of a sender: the fields
// Authentication-Results of it, and of nobody else (RFC 8601 §5). server is the
// name by which it writes them; without one none is believed.
func Results(server string, fields []string) (v conversation.Verdicts) {
	for _, f := range fields {
		by, rest, ok := strings.Cut(f, ";")
		by, _, _ = strings.Cut(strings.TrimSpace(by), " ") // a version may follow
		if !ok || server == "" || !strings.EqualFold(by, server) {
			continue
		}
		v.By = by
		for result := range strings.SplitSeq(uncommented(rest), ";") {
			what, _, _ := strings.Cut(strings.TrimSpace(result), " ")
			method, says, ok := strings.Cut(strings.ToLower(what), "=")
			if !ok || !verdicts[says] {
				continue
			}
			switch to := map[string]*string{"spf": &v.SPF, "dkim": &v.DKIM, "dmarc": &v.DMARC}[method]; {
			case to == nil:
			case *to == "", method == "dkim" && says == "pass": // one good signature of several is enough
				*to = says
			}
		}
		return v
	}
	return v
}

var verdicts = map[string]bool{"pass": true, "fail": true, "softfail": true, "neutral": true, "none": true, "temperror": true, "permerror": true, "policy": true}

// uncommented leaves out what stands in brackets.
func uncommented(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '(':
			depth++
		case r == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}
