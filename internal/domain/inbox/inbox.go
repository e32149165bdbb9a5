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

// Assistant is what the assistant is called. It says that this is no person.
var Assistant = Text{Zh: "智能助手", En: "Assistant"}

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
	Busy           Text      `json:"busy"` // who waits is told when it takes long
	MaxFileMB      int       `json:"max_file_mb"`
	HotQuestions   int       `json:"hot_questions"`
	RingSeconds    int       `json:"ring_seconds"`
	Opening        Text      `json:"opening"` // with which an agent asks what a contact needs (R075); may hold variables
	Silence        Silence   `json:"silence"`
	Recall         Recall    `json:"recall"`
	Receipts       bool      `json:"receipts"` // contacts see whether an agent has read what they wrote (M044)
	// Skills are what whoever answers here is to have.
	Skills []routing.Need `json:"skills"`
	// TypingPreview lets agents read what a visitor types before it is sent
	// (M043). The widget says so.
	TypingPreview bool `json:"typing_preview"`
	// Suggestions shows questions to who types, while the assistant answers
	// (输入联想).
	Suggestions bool `json:"suggestions"`
	// Proactive are the invitations to chat that pages show by themselves; the
	// first that fits a page is shown (M052).
	Proactive []Proactive `json:"proactive,omitempty"`
}

// Proactive is an invitation to chat (主动邀请).
type Proactive struct {
	Page  string `json:"page"`          // part of the address of the pages it is for; empty: all
	After int    `json:"after_seconds"` // that the page has been looked at
	Text  Text   `json:"text"`
}

const (
	mostProactive  = 20
	longestLook    = 3600
	longestPage    = 300
	longestInvited = 200
)

func (p Proactive) check() error {
	switch {
	case p.After < 1 || p.After > longestLook:
		return fault.New(fault.Invalid, "inbox.proactive_after", "an invitation comes after %d to %d seconds", 1, longestLook).In("settings.proactive")
	case p.Text.Zh == "" && p.Text.En == "" || utf8.RuneCountInString(p.Text.Zh) > longestInvited || utf8.RuneCountInString(p.Text.En) > longestInvited:
		return fault.New(fault.Invalid, "inbox.proactive_text", "an invitation has 1 to %d characters", longestInvited).In("settings.proactive")
	case len(p.Page) > longestPage:
		return fault.New(fault.Invalid, "inbox.proactive_page", "the address of a page has at most %d characters", longestPage).In("settings.proactive")
	}
	return nil
}

// Recall is who may take back what they said (M046).
type Recall struct {
	Seconds int  `json:"seconds"` // how long after it was sent; 0: nobody
	Contact bool `json:"contact"` // contacts too, not only agents
}

// Within is how long after sending a message can be taken back.
func (r Recall) Within() time.Duration { return time.Duration(r.Seconds) * time.Second }

// WithinForContact is how long contacts have for theirs.
func (r Recall) WithinForContact() time.Duration {
	if !r.Contact {
		return 0
	}
	return r.Within()
}

// mostRecall is the longest time for taking back a message, in seconds.
const mostRecall = 24 * 60 * 60

// Silence is what happens in a conversation with a person in which somebody
// says nothing for long (M049). The times are in seconds; 0 switches off.
type Silence struct {
	WarnSeconds   int  `json:"warn_seconds"`   // from our last word to the warning that the customer gets
	CloseSeconds  int  `json:"close_seconds"`  // from the warning to the end
	Warning       Text `json:"warning"`        // in the customer's language
	RemindSeconds int  `json:"remind_seconds"` // from the customer's word to the reminder that the agent gets
	AlarmSeconds  int  `json:"alarm_seconds"`  // from there to the notice that supervisors get
}

// Warn is how long a customer may be silent; 0: as long as they like.
func (s Silence) Warn() time.Duration { return time.Duration(s.WarnSeconds) * time.Second }

// Close is how long after the warning the conversation ends.
func (s Silence) Close() time.Duration { return time.Duration(s.CloseSeconds) * time.Second }

// Remind is how long a customer waits before the agent is reminded; 0: never.
func (s Silence) Remind() time.Duration { return time.Duration(s.RemindSeconds) * time.Second }

// Alarm is how much longer they wait before supervisors are told; 0: never.
func (s Silence) Alarm() time.Duration { return time.Duration(s.AlarmSeconds) * time.Second }

// The times of silence that are taken, in seconds.
const (
	leastSilence = 5
	mostSilence  = 24 * 60 * 60
)

func (s Silence) check() error {
	for name, n := range map[string]int{
		"warn_seconds": s.WarnSeconds, "close_seconds": s.CloseSeconds, "remind_seconds": s.RemindSeconds, "alarm_seconds": s.AlarmSeconds,
	} {
		if n != 0 && (n < leastSilence || n > mostSilence) {
			return fault.New(fault.Invalid, "inbox.silence", "a time of silence is between %d seconds and %d hours, or 0 for never", leastSilence, mostSilence/3600).In("settings.silence." + name)
		}
	}
	switch {
	case s.WarnSeconds > 0 && s.CloseSeconds == 0:
		return fault.New(fault.Invalid, "inbox.silence_close", "say how long after the warning the conversation ends").In("settings.silence.close_seconds")
	case s.WarnSeconds > 0 && strings.TrimSpace(s.Warning.Zh+s.Warning.En) == "":
		return fault.New(fault.Invalid, "inbox.silence_warning", "write what the customer is told before the conversation ends").In("settings.silence.warning")
	case utf8.RuneCountInString(s.Warning.Zh) > maxWarning || utf8.RuneCountInString(s.Warning.En) > maxWarning:
		return fault.New(fault.Invalid, "inbox.text_long", "this text is too long").In("settings.silence.warning")
	}
	return nil
}

const maxWarning = 500 // characters

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
		Busy: Text{
			Zh: "现在咨询的人较多，感谢您的耐心。您可以继续等待，我们会保留您的位置；也可以在“更多”里留言，我们会尽快回复您。",
			En: "Many people are asking right now; thank you for your patience. You can go on waiting, your place is kept; or leave a message under “More”, and we will get back to you.",
		},
		MaxFileMB:    20,
		HotQuestions: 5,
		RingSeconds:  20,
		Recall:       Recall{Seconds: 120},
		Suggestions:  true,
		Receipts:     true,
		Silence: Silence{Warning: Text{
			Zh: "您还在吗？如果没有新的消息，本次会话稍后将自动结束。",
			En: "Are you still there? If we hear nothing more, this conversation will end soon.",
		}},
		Skills: []routing.Need{},
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
	case s.Recall.Seconds < 0 || s.Recall.Seconds > mostRecall:
		return fault.New(fault.Invalid, "inbox.recall", "messages can be taken back for at most %d hours", mostRecall/3600).In("settings.recall.seconds")
	case s.HotQuestions < 0 || s.HotQuestions > 10:
		return fault.New(fault.Invalid, "inbox.hot", "at most %d questions are shown before a visitor types", 10).In("settings.hot_questions")
	case utf8.RuneCountInString(s.Greeting.Zh+s.Greeting.En) > 2000, utf8.RuneCountInString(s.AfterHours.Zh+s.AfterHours.En) > 2000, utf8.RuneCountInString(s.Busy.Zh+s.Busy.En) > 2000, utf8.RuneCountInString(s.Title.Zh+s.Title.En) > 100:
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
	if utf8.RuneCountInString(s.Opening.Zh) > maxWarning || utf8.RuneCountInString(s.Opening.En) > maxWarning {
		return fault.New(fault.Invalid, "inbox.text_long", "this text is too long").In("settings.opening")
	}
	if err := s.Silence.check(); err != nil {
		return err
	}
	if len(s.Proactive) > mostProactive {
		return fault.New(fault.Invalid, "inbox.proactive_many", "there are at most %d invitations", mostProactive).In("settings.proactive")
	}
	for _, p := range s.Proactive {
		if err := p.check(); err != nil {
			return err
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
