// Package canned is replies that agents keep ready (快捷回复): their own, and
// those that all share.
package canned

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// ID names a reply.
type ID = id.ID[noun]

type noun struct{}

func (noun) Prefix() string { return "cn" }

// Reply is one text, found by its shortcut after a slash.
type Reply struct {
	ID       ID       `json:"id"`
	Agent    agent.ID `json:"-"` // whose it is; nobody's when it is shared
	Shortcut string   `json:"shortcut"`
	Title    string   `json:"title"`
	Text     string   `json:"text"`
	Language string   `json:"language"` // the same shortcut stands for one text a language
	Folder   string   `json:"folder"`   // to find it by; empty: in none
	Shared   bool     `json:"shared"`
	Uses     int64    `json:"uses"`
}

// shortcuts are typed after a slash, so they hold no space.
var shortcuts = regexp.MustCompile(`^[\p{L}\p{N}_-]{1,32}$`)

// Check returns the reply as it is kept, or what is wrong with it.
func (r Reply) Check() (Reply, error) {
	r.Shortcut, r.Title = strings.TrimPrefix(strings.TrimSpace(r.Shortcut), "/"), strings.TrimSpace(r.Title)
	r.Folder = strings.TrimSpace(r.Folder)
	text, err := conversation.CheckText(r.Text, 0)
	switch {
	case err != nil:
		return r, err
	case !shortcuts.MatchString(r.Shortcut):
		return r, fault.New(fault.Invalid, "canned.shortcut", "a shortcut has 1 to %d letters or digits, without spaces", 32).In("shortcut")
	case utf8.RuneCountInString(r.Title) > 80:
		return r, fault.New(fault.Invalid, "canned.title", "a title has at most %d characters", 80).In("title")
	case utf8.RuneCountInString(r.Folder) > 40 || strings.ContainsAny(r.Folder, "\n\t"):
		return r, fault.New(fault.Invalid, "canned.folder", "a folder's name has at most %d characters", 40).In("folder")
	case r.Language != "zh" && r.Language != "en":
		return r, fault.New(fault.Invalid, "canned.language", "the language is zh or en").In("language")
	}
	r.Text = text
	return r, nil
}

// MayChange reports whether an actor may write, change or delete the reply:
// it is their own, or they keep the shared ones.
func (r Reply) MayChange(by agent.Actor) error {
	switch {
	case r.Shared:
		return by.Need(agent.CannedShared)
	case r.Agent == by.Agent:
		return nil
	}
	return fault.New(fault.NotFound, "canned.unknown", "there is no such reply")
}

// NewID returns an id for a reply that is made at a time.
func NewID(at time.Time) ID { return id.New[noun](at) }
