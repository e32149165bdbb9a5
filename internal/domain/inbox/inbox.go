// Package inbox is one way in: a widget on a web site now, a mailbox or a phone
// number later, with the settings an administrator makes for it.
package inbox

import (
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/routing"
	"yingda/internal/domain/sla"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// ID names an inbox.
type ID = id.ID[noun]

type noun struct{}

func (noun) Prefix() string { return "in" }

// NewID returns the id of an inbox that is made at a time.
func NewID(at time.Time) ID { return id.New[noun](at) }

// Text is a text in the two languages we ship.
type Text struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// In returns the text in a language, or the other one where it is missing.
func (t Text) In(language string) string {
	if language == "en" && t.En != "" || t.Zh == "" {
		return t.En
	}
	return t.Zh
}

// Inbox is one way in.
type Inbox struct {
	ID       ID           `json:"id"`
	Key      string       `json:"key"`  // public, stands in the snippet
	Kind     string       `json:"kind"` // the channel's name: "webchat"
	Name     string       `json:"name"`
	Enabled  bool         `json:"enabled"`
	Team     agent.TeamID `json:"team_id,omitzero"` // who answers; nobody in particular when absent
	Settings Settings     `json:"settings"`
	Secret   []byte       `json:"-"` // signs the host site's tokens; nil until one is made
	Version  int64        `json:"version"`
}

// Settings are what an administrator chooses for an inbox.
type Settings struct {
	Greeting       Text      `json:"greeting"`
	Title          Text      `json:"title"`
	Color          string    `json:"color"`           // "#2f5bea"
	Position       string    `json:"position"`        // "right" or "left"
	AllowedOrigins []string  `json:"allowed_origins"` // empty: any page may embed it
	Assistant      bool      `json:"assistant"`
	RequireSigned  bool      `json:"require_signed"`
	Prechat        Prechat   `json:"prechat"`
	Hours          sla.Hours `json:"hours"`
	AfterHours     Text      `json:"after_hours"`
	MaxFileMB      int       `json:"max_file_mb"`
	HotQuestions   int       `json:"hot_questions"`
	RingSeconds    int       `json:"ring_seconds"`
	// Skills are what whoever answers here is to have.
	Skills []routing.Need `json:"skills"`
	// TypingPreview lets agents read what a visitor types before it is sent
	// (M043). The widget says so.
	TypingPreview bool `json:"typing_preview"`
}

// Prechat is the form before a chat.
type Prechat struct {
	Enabled bool    `json:"enabled"`
	Fields  []Field `json:"fields"`
}

// Field is one question of the form.
type Field struct {
	Name     string `json:"name"` // name, phone, email, order or question
	Required bool   `json:"required"`
}

// Defaults returns the settings a new inbox starts with.
func Defaults() Settings {
	return Settings{
		Greeting:       Text{Zh: "您好，请问有什么可以帮您？", En: "Hello, how can we help you?"},
		Title:          Text{Zh: "在线客服", En: "Customer service"},
		Color:          "#2f5bea",
		Position:       "right",
		AllowedOrigins: []string{},
		Assistant:      true,
		Prechat:        Prechat{Fields: []Field{{Name: "name"}, {Name: "phone"}}},
		Hours:          sla.Hours{Zone: "Asia/Shanghai", Always: true, Week: sla.OfficeWeek(), Closed: []string{}, Open: []string{}},
		AfterHours: Text{
			Zh: "现在没有客服在线。请留下您的问题和联系方式，我们会尽快回复您。",
			En: "Nobody is here to answer right now. Leave your question and how to reach you, and we will get back to you.",
		},
		MaxFileMB:    20,
		HotQuestions: 5,
		RingSeconds:  20,
		Skills:       []routing.Need{},
	}
}

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// Check says what is wrong with the settings.
func (s Settings) Check() error {
	switch {
	case !colour.MatchString(s.Color):
		return fault.New(fault.Invalid, "inbox.color", "a colour is written like #2f5bea").In("settings.color")
	case s.Position != "right" && s.Position != "left":
		return fault.New(fault.Invalid, "inbox.position", "the position is right or left").In("settings.position")
	case s.MaxFileMB < 1 || s.MaxFileMB > 200:
		return fault.New(fault.Invalid, "inbox.max_file", "the largest file is between 1 and %d MB", 200).In("settings.max_file_mb")
	case s.RingSeconds < 5 || s.RingSeconds > 120:
		return fault.New(fault.Invalid, "inbox.ring", "a conversation rings for %d to %d seconds", 5, 120).In("settings.ring_seconds")
	case s.HotQuestions < 0 || s.HotQuestions > 10:
		return fault.New(fault.Invalid, "inbox.hot", "at most %d questions are shown before a visitor types", 10).In("settings.hot_questions")
	case utf8.RuneCountInString(s.Greeting.Zh+s.Greeting.En) > 2000, utf8.RuneCountInString(s.AfterHours.Zh+s.AfterHours.En) > 2000, utf8.RuneCountInString(s.Title.Zh+s.Title.En) > 100:
		return fault.New(fault.Invalid, "inbox.text_long", "this text is too long").In("settings.greeting")
	}
	for _, o := range s.AllowedOrigins {
		if u, err := url.Parse(o); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.TrimPrefix(o, u.Scheme+"://"+u.Host) != "" {
			return fault.New(fault.Invalid, "inbox.origin", "%q is not an origin; write it like https://www.example.cn", o).In("settings.allowed_origins")
		}
	}
	for _, f := range s.Prechat.Fields {
		switch f.Name {
		case "name", "phone", "email", "order", "question":
		default:
			return fault.New(fault.Invalid, "inbox.prechat", "the form has no field %q", f.Name).In("settings.prechat")
		}
	}
	for _, n := range s.Skills {
		if err := n.Check(); err != nil {
			return err
		}
	}
	return s.Hours.Check()
}

// Allows reports whether a page of this origin may embed the widget. A request
// without an origin does not come from a page.
func (s Settings) Allows(origin string) bool {
	if len(s.AllowedOrigins) == 0 || origin == "" {
		return true
	}
	for _, o := range s.AllowedOrigins {
		if strings.EqualFold(o, origin) {
			return true
		}
	}
	return false
}
