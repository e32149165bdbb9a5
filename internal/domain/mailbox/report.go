package mailbox

import (
	"regexp"
	"strings"

	"yingda/internal/domain/conversation"
)

// Report is what a server or a reader's program tells of a mail of ours (RFC
// 3464, 5965, 8098).
type Report struct {
	Action      string // failed, delayed, delivered, relayed, expanded
	Status      string // 5.1.1
	Feedback    string // abuse
	Disposition string // …; displayed
	Permanent   bool
}

// Heeded is what a report means.
type Heeded struct {
	News      conversation.Delivery // empty: none
	Unreached string                // why no program is to write to the address any more; empty if one may
}

// ReadReport says what a report means. A full mailbox and a policy say nothing
// of whether there is such an address.
func ReadReport(r Report) Heeded {
	switch {
	case r.Feedback != "":
		if r.Feedback == "not-spam" {
			return Heeded{}
		}
		return Heeded{Unreached: "complained"}
	case r.Disposition != "" && r.Action == "":
		if strings.Contains(strings.ToLower(r.Disposition), "displayed") {
			return Heeded{News: conversation.Opened}
		}
		return Heeded{}
	case r.Action == "delivered", r.Action == "relayed", r.Action == "expanded":
		return Heeded{News: conversation.Delivered}
	case r.Action == "delayed", r.Action == "" && strings.HasPrefix(r.Status, "4"):
		return Heeded{News: conversation.Delayed}
	case r.Status == "5.2.2", strings.HasPrefix(r.Status, "5.7."), !r.Permanent && r.Status != "":
		return Heeded{News: conversation.Bounced}
	case r.Permanent || r.Action == "failed":
		return Heeded{News: conversation.Bounced, Unreached: "bounced"}
	}
	return Heeded{News: conversation.Bounced}
}

var idForm = regexp.MustCompile(`<[0-9a-z]{13}\.[0-9a-z]+\.[0-9a-z]{12}@[^<>\s]{1,200}>`)

// IDsIn returns what has the form of our message ids in a text.
func IDsIn(text string) []string { return idForm.FindAllString(clipped(text), 10) }
