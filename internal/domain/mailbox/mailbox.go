// Package mailbox is an address that customers write to (邮箱): where its mail
// is fetched, how answers leave, and what becomes of what arrives.
package mailbox

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/inbox"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
)

// Channel is the kind of an inbox that is a mailbox.
const Channel = "email"

// Mailbox is one address. Its inbox has the name, the team and whether it is
// enabled.
type Mailbox struct {
	Inbox    inbox.ID `json:"inbox_id"`
	Address  string   `json:"address"` // support@example.cn, in small letters
	Settings Settings `json:"settings"`
	Secrets  Secrets  `json:"-"`
	Version  int64    `json:"version"`
}

// Settings are what an administrator chooses for a mailbox.
type Settings struct {
	// Name stands before the address in what we send: 远行汽车客户服务.
	Name inbox.Text `json:"name"`
	// Aliases are further addresses whose mail arrives here.
	Aliases []string `json:"aliases"`
	// Kind is the kind of case that a mail opens here: consultation at support@,
	// complaint at complaint@ (R005, R006).
	Kind ticket.Kind `json:"kind"`
	// Brand is for companies with several; texts may name it.
	Brand     string     `json:"brand"`
	Signature inbox.Text `json:"signature"`

	Fetch Fetch `json:"fetch"`
	Send  Send  `json:"send"`

	Receipt Receipt `json:"receipt"`
	// Quote puts the mail that is answered under the answer.
	Quote bool `json:"quote"`
	// UndoSeconds is how long an answer waits and can be taken back; 0: not at all.
	UndoSeconds int `json:"undo_seconds"`
	// ReopenDays is how long after its end a conversation goes on when a mail
	// answers to it; later a new one begins that knows the old one.
	ReopenDays int `json:"reopen_days"`
	// SpamWords put a mail aside where they stand in its subject or text.
	SpamWords []string `json:"spam_words"`
	// Blocked are senders whose mail is put aside: addresses, or @domains.
	Blocked []string `json:"blocked"`
	// TrustReplyTo takes the address to answer to for the sender: for forms of a
	// web site that send mail from an address of their own.
	TrustReplyTo bool `json:"trust_reply_to"`
	// AuthServer is the name under which the mail server before us writes
	// Authentication-Results; others are not believed (RFC 8601 §5).
	AuthServer string `json:"auth_server"`
	// AutomaticPerDay is how many automatic mails one address gets a day at most.
	AutomaticPerDay int `json:"automatic_per_day"`
}

// Way is how mail arrives.
type Way string

// The ways.
const (
	ByIMAP Way = "imap" // we fetch it
	BySMTP Way = "smtp" // it is handed to our own server
	ByNone Way = ""     // this mailbox only sends
)

// Security is how a connection is kept from others.
type Security string

// The kinds of security.
const (
	TLS      Security = "tls"      // from the first byte
	StartTLS Security = "starttls" // a must, before anything is said
	Plain    Security = "none"     // for servers on the same machine only
)

// Auth is how we sign in.
type Auth string

// The ways of signing in. AuthNone is for servers on the same machine.
const (
	Password Auth = "password" // also 授权码
	OAuth    Auth = "oauth"
	AuthNone Auth = "none"
)

// Server is where a server is and how we sign in there.
type Server struct {
	Host     string   `json:"host"`
	Port     int      `json:"port"`
	Security Security `json:"security"`
	User     string   `json:"user"`
	Auth     Auth     `json:"auth"`
}

// Fetch is how mail arrives.
type Fetch struct {
	Way    Way    `json:"way"`
	Server Server `json:"server"` // with ByIMAP
	Folder string `json:"folder"` // INBOX
	After  After  `json:"after"`
	// Since leaves what is older in the mailbox unread by us; zero takes all.
	Since time.Time `json:"since,omitzero"`
}

// After is what becomes of a mail on the server when we have it.
type After string

// What can become of it.
const (
	Keep   After = "keep"   // it stays and is marked as seen
	Leave  After = "leave"  // it stays as it is
	Move   After = "move"   // into the folder Yingda
	Delete After = "delete" // it is removed
)

// Send is how answers leave.
type Send struct {
	Server Server `json:"server"` // no host: this mailbox only receives
	// PerMinute is how many mails leave at most in a minute.
	PerMinute int `json:"per_minute"`
	// ReturnPath is where bounces go: bounce@example.cn makes bounce+TOKEN@example.cn.
	// Empty: to the address of the mailbox, with the token if Plus.
	ReturnPath string `json:"return_path"`
	// Plus says that mail to support+TOKEN@… arrives at support@…
	Plus bool `json:"plus"`
	// DKIM signs with the key of the mailbox's secrets under this selector; empty: not.
	DKIMSelector string `json:"dkim_selector"`
	DKIMDomain   string `json:"dkim_domain"`
	// SaveSent puts a copy of what was sent into this folder by IMAP; empty: not.
	SaveSent string `json:"save_sent"`
}

// Receipt is what a new customer gets at once (R005, R048).
type Receipt struct {
	Enabled bool `json:"enabled"`
	// Text may be empty: then the built-in one is sent, with the number, what is
	// promised and by when, and faster ways for urgent matters. The variables are
	// those of canned replies and {number}, {due}, {ways}.
	Text inbox.Text `json:"text"`
}

// Secrets are kept sealed and are never shown.
type Secrets struct {
	FetchPassword string `json:"fetch_password,omitzero"`
	SendPassword  string `json:"send_password,omitzero"`
	DKIMKey       string `json:"dkim_key,omitzero"` // PKCS #8 in PEM: RSA or Ed25519
	Grant         Grant  `json:"grant,omitzero"`
	// Set is when each was set, by its name.
	Set map[string]time.Time `json:"set,omitempty"`
}

// Grant is what a provider of OAuth 2 gave us.
type Grant struct {
	Provider     Provider  `json:"provider"`
	Tenant       string    `json:"tenant,omitzero"` // with Microsoft
	ClientID     string    `json:"client_id"`
	ClientSecret string    `json:"client_secret,omitzero"`
	AuthURL      string    `json:"auth_url,omitzero"`  // with Other
	TokenURL     string    `json:"token_url,omitzero"` // with Other
	Scopes       []string  `json:"scopes,omitempty"`
	Access       string    `json:"access,omitzero"`
	Refresh      string    `json:"refresh,omitzero"` // Microsoft's change each time
	Expires      time.Time `json:"expires,omitzero"`
}

// Provider is who signs in for a mailbox.
type Provider string

// The providers.
const (
	Google    Provider = "google"
	Microsoft Provider = "microsoft"
	Other     Provider = "other"
)

// State is how a mailbox is doing.
type State string

// The states.
const (
	Unchecked State = ""        // nobody has tried yet
	Working   State = "ok"      // it fetches and sends
	Degraded  State = "trouble" // it does not work now, and is tried again
	Refused   State = "refused" // the server refuses to let us in; somebody has to do something
)

// Health is how a mailbox is doing, one way of it.
type Health struct {
	State  State     `json:"state"`
	Code   string    `json:"code,omitzero"` // of the fault, which says what to do
	Detail string    `json:"detail,omitzero"`
	At     time.Time `json:"at,omitzero"`      // since when
	LastOK time.Time `json:"last_ok,omitzero"` // when it last worked
	Told   State     `json:"told,omitzero"`    // what those who manage channels know of it, while it does not work
}

// Patience is how long a mailbox may have trouble before anybody is told: a
// server that restarts is no news.
const Patience = 5 * time.Minute

// Next returns how a mailbox is doing when a report comes after what is kept,
// and what those who manage channels are to be told: "refused", "trouble",
// "works", or nothing.
func (h Health) Next(report Health, now time.Time) (next Health, tell string) {
	next = report
	next.LastOK, next.Told = h.LastOK, h.Told
	switch {
	case h.State == report.State && !h.At.IsZero():
		next.At = h.At
	case next.At.IsZero():
		next.At = now
	}
	switch report.State {
	case Working:
		if next.LastOK, next.Told = now, Unchecked; h.Told != Unchecked {
			tell = "works"
		}
	case Refused:
		if next.Told = Refused; h.Told != Refused {
			tell = "refused"
		}
	case Degraded:
		if h.Told == Unchecked && now.Sub(next.At) >= Patience {
			next.Told, tell = Degraded, "trouble"
		}
	case Unchecked:
	}
	return next, tell
}

// Cursor is how far the mail of a folder has been fetched (RFC 9051 §2.3.1.1).
type Cursor struct {
	Folder   string
	Validity uint32 // another one: all UIDs mean something else
	LastUID  uint32
}

// Defaults returns the settings that a new mailbox starts with.
func Defaults() Settings {
	return Settings{
		Aliases: []string{}, Kind: ticket.Consultation,
		Fetch:   Fetch{Server: Server{Port: 993, Security: TLS, Auth: Password}, Folder: "INBOX", After: Keep},
		Send:    Send{Server: Server{Port: 465, Security: TLS, Auth: Password}, PerMinute: 60},
		Receipt: Receipt{Enabled: true}, Quote: true, UndoSeconds: 10, ReopenDays: 14,
		SpamWords: []string{}, Blocked: []string{}, AutomaticPerDay: 5,
	}
}

// Own reports whether an address is one of the mailbox, with or without a token.
func (m Mailbox) Own(address string) bool {
	plain, _ := Split(address)
	if plain == m.Address {
		return true
	}
	return slices.Contains(m.Settings.Aliases, plain)
}

// Split takes the token out of an address: support+c7@example.cn is
// support@example.cn with c7. The address is returned in small letters.
func Split(address string) (plain, token string) {
	address = strings.ToLower(strings.TrimSpace(address))
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address, ""
	}
	if name, token, ok := strings.Cut(address[:at], "+"); ok {
		return name + address[at:], token
	}
	return address, ""
}

// Join puts a token into an address.
func Join(address, token string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 || token == "" {
		return address
	}
	return address[:at] + "+" + token + address[at:]
}

const (
	mostAddresses = 50
	longestText   = 4000 // characters
)

// Check says what is wrong with an address and its settings.
func (m Mailbox) Check() error {
	s := m.Settings
	if !IsAddress(m.Address) {
		return fault.New(fault.Invalid, "mailbox.address", "an address of e-mail is written like service@example.cn").In("address")
	}
	for _, a := range s.Aliases {
		if !IsAddress(a) {
			return fault.New(fault.Invalid, "mailbox.address", "an address of e-mail is written like service@example.cn").In("settings.aliases")
		}
	}
	switch {
	case len(s.Aliases) > mostAddresses || len(s.Blocked) > 1000 || len(s.SpamWords) > 1000:
		return fault.New(fault.Invalid, "mailbox.many", "these are too many; leave some out").In("settings.aliases")
	case long(s.Signature) || long(s.Receipt.Text) || utf8.RuneCountInString(s.Name.Zh+s.Name.En) > 200:
		return fault.New(fault.Invalid, "inbox.text_long", "this text is too long").In("settings.signature")
	case s.UndoSeconds < 0 || s.UndoSeconds > 120:
		return fault.New(fault.Invalid, "mailbox.undo", "an answer can be taken back for at most %d seconds", 120).In("settings.undo_seconds")
	case s.ReopenDays < 0 || s.ReopenDays > 365:
		return fault.New(fault.Invalid, "mailbox.reopen", "a conversation can go on for at most %d days after its end", 365).In("settings.reopen_days")
	case s.AutomaticPerDay < 0 || s.AutomaticPerDay > 100:
		return fault.New(fault.Invalid, "mailbox.automatic", "an address gets at most %d automatic mails a day", 100).In("settings.automatic_per_day")
	case s.Send.PerMinute < 1 || s.Send.PerMinute > 6000:
		return fault.New(fault.Invalid, "mailbox.rate", "between 1 and %d mails leave in a minute", 6000).In("settings.send.per_minute")
	case s.Send.ReturnPath != "" && !IsAddress(s.Send.ReturnPath):
		return fault.New(fault.Invalid, "mailbox.address", "an address of e-mail is written like service@example.cn").In("settings.send.return_path")
	}
	switch s.Fetch.Way {
	case ByIMAP:
		if err := s.Fetch.Server.check("settings.fetch.server"); err != nil {
			return err
		}
	case BySMTP, ByNone:
	default:
		return fault.New(fault.Invalid, "mailbox.way", "mail is fetched by IMAP, arrives by SMTP, or not at all").In("settings.fetch.way")
	}
	switch s.Fetch.After {
	case Keep, Leave, Move, Delete:
	default:
		return fault.New(fault.Invalid, "mailbox.after", "a mail that was fetched stays, is moved or is deleted").In("settings.fetch.after")
	}
	if s.Send.Server.Host != "" {
		return s.Send.Server.check("settings.send.server")
	}
	return nil
}

func long(t inbox.Text) bool {
	return utf8.RuneCountInString(t.Zh) > longestText || utf8.RuneCountInString(t.En) > longestText
}

func (s Server) check(in string) error {
	switch {
	case s.Host == "" || len(s.Host) > 253 || strings.ContainsAny(s.Host, " /:@\r\n\t"):
		return fault.New(fault.Invalid, "mailbox.host", "name the server like imap.example.cn, without a port").In(in + ".host")
	case s.Port < 1 || s.Port > 65535:
		return fault.New(fault.Invalid, "mailbox.port", "a port is between 1 and %d", 65535).In(in + ".port")
	case s.Security != TLS && s.Security != StartTLS && s.Security != Plain:
		return fault.New(fault.Invalid, "mailbox.security", "the connection is secured by TLS or STARTTLS").In(in + ".security")
	case s.Security == Plain && !here(s.Host):
		return fault.New(fault.Invalid, "mailbox.plain", "without encryption only a server on this machine is called; choose TLS or STARTTLS").In(in + ".security")
	case s.Auth != Password && s.Auth != OAuth && s.Auth != AuthNone:
		return fault.New(fault.Invalid, "mailbox.auth", "sign in with a password or by OAuth 2").In(in + ".auth")
	case strings.ContainsAny(s.User, "\r\n\x00"):
		return fault.New(fault.Invalid, "mailbox.user", "the user name cannot have line breaks").In(in + ".user")
	}
	return nil
}

// here reports whether a host is this machine.
func here(host string) bool {
	return host == "localhost" || host == "::1" || strings.HasPrefix(host, "127.")
}

// IsAddress reports whether a text can be an address of e-mail, in a form that
// every server takes.
func IsAddress(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 || len(s) > 254 || !strings.Contains(s[at+1:], ".") && s[at+1:] != "localhost" {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune("<>()[],;:\\\"", r) })
}
