// Package endpoint is what is set about the language model (大模型接入): where it
// is, which model does which task, what it may cost a day, and where it is
// switched off; and the rules that say whether it may be asked now.
package endpoint

import (
	"math"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

// Task is what a model is asked to do.
type Task string

// The tasks.
const (
	Understand Task = "understand" // what a message asks for
	Compose    Task = "compose"    // an answer from sources
	Summarise  Task = "summarise"  // a conversation, for whoever takes over
	Translate  Task = "translate"  // what was said, for who does not read it
	Embed      Task = "embed"      // texts as vectors of their meaning; only by a model that is named for it
	Test       Task = "test"       // nothing: an administrator looks whether it answers
)

// Tasks lists those that are set.
func Tasks() []Task { return []Task{Understand, Compose, Summarise, Translate, Embed} }

// Settings are what an administrator sets.
type Settings struct {
	Enabled   bool            `json:"enabled"` // the switch for all of it
	BaseURL   string          `json:"base_url"`
	Model     string          `json:"model"`            // for every task that names none
	Models    map[Task]string `json:"models"`           // by task
	Off       []string        `json:"off"`              // keys of the inboxes in which no model is asked
	Mask      bool            `json:"mask"`             // personal data is hidden before it leaves
	DayTokens int64           `json:"day_tokens"`       // a day at most; 0: no cap
	DayYuan   float64         `json:"day_yuan"`         // a day at most; 0: no cap
	PriceIn   float64         `json:"price_in"`         // yuan for a million tokens that are sent
	PriceOut  float64         `json:"price_out"`        // and for a million that come back
	Sealed    string          `json:"sealed,omitempty"` // the key, as only the program can read it
	Version   int64           `json:"version"`          // counts changes
}

// Defaults are off, with personal data hidden and a day's cap.
func Defaults() Settings {
	return Settings{Models: map[Task]string{}, Off: []string{}, Mask: true, DayTokens: 2_000_000}
}

// For returns the model of a task; empty where it is not to be done.
func (s Settings) For(t Task) string {
	if m := s.Models[t]; m != "" || t == Embed {
		return m
	}
	return s.Model
}

// Host returns where the key is sent.
func (s Settings) Host() string {
	u, err := url.Parse(s.BaseURL)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Scheme + "://" + u.Host)
}

const (
	maxAddress = 300
	maxModel   = 120
	maxOff     = 200
	mostTokens = 1_000_000_000_000
	mostYuan   = 1_000_000
)

// Checked returns the settings as they are kept, or says what is wrong.
func (s Settings) Checked() (Settings, error) {
	s.BaseURL = strings.TrimRight(strings.TrimSpace(s.BaseURL), "/")
	s.BaseURL = strings.TrimSuffix(s.BaseURL, "/chat/completions")
	s.Model = strings.TrimSpace(s.Model)
	models := map[Task]string{}
	for t, m := range s.Models {
		if !slices.Contains(Tasks(), t) {
			return s, fault.New(fault.Invalid, "endpoint.task", "there is no task named %q", string(t)).In("models")
		}
		if m = strings.TrimSpace(m); m != "" {
			models[t] = m
		}
		if utf8.RuneCountInString(m) > maxModel {
			return s, errModel().In("models")
		}
	}
	s.Models = models
	if s.Off == nil {
		s.Off = []string{}
	}
	switch {
	case utf8.RuneCountInString(s.Model) > maxModel:
		return s, errModel().In("model")
	case len(s.Off) > maxOff:
		return s, fault.New(fault.Invalid, "endpoint.off", "at most %d channels can be named", maxOff).In("off")
	case s.DayTokens < 0 || s.DayTokens > mostTokens:
		return s, fault.New(fault.Invalid, "endpoint.tokens", "the tokens of a day are a number from 0 to %d", mostTokens).In("day_tokens")
	}
	for _, y := range []struct {
		field string
		v     float64
	}{{"day_yuan", s.DayYuan}, {"price_in", s.PriceIn}, {"price_out", s.PriceOut}} {
		if math.IsNaN(y.v) || y.v < 0 || y.v > mostYuan {
			return s, fault.New(fault.Invalid, "endpoint.yuan", "an amount is a number from 0 to %d yuan", mostYuan).In(y.field)
		}
	}
	if s.DayYuan > 0 && s.PriceIn == 0 && s.PriceOut == 0 {
		return s, fault.New(fault.Invalid, "endpoint.price_missing", "a cap in yuan needs a price: nothing would count towards it").In("day_yuan")
	}
	if !s.Enabled && s.BaseURL == "" {
		return s, nil
	}
	if err := CheckAddress(s.BaseURL); err != nil {
		return s, err
	}
	if s.Enabled && s.Model == "" && len(s.Models) == 0 {
		return s, fault.New(fault.Invalid, "endpoint.model_missing", "name the model that is to be asked").In("model")
	}
	return s, nil
}

func errModel() *fault.Error {
	return fault.New(fault.Invalid, "endpoint.model_long", "the name of a model has at most %d characters", maxModel)
}

// CheckAddress says what is wrong with where a model is said to be. A key is
// sent there with every question: over https, or within the own network.
func CheckAddress(base string) error {
	wrong := fault.New(fault.Invalid, "endpoint.address", "write the address with https:// and without a question mark, such as https://api.example.com/v1").In("base_url")
	u, err := url.Parse(base)
	switch {
	case err != nil, len(base) > maxAddress, u.Host == "", u.Hostname() == "":
		return wrong
	case u.Scheme != "https" && u.Scheme != "http", u.RawQuery != "", u.Fragment != "", u.Opaque != "":
		return wrong
	case u.User != nil:
		return fault.New(fault.Invalid, "endpoint.address_user", "the address must not hold a name or a password; the key has a field of its own").In("base_url")
	case IsForbidden(u.Hostname()):
		return fault.New(fault.Invalid, "endpoint.address_forbidden", "this address is not one that a model may be asked at").In("base_url")
	case u.Scheme == "http" && !IsOwn(u.Hostname()):
		return fault.New(fault.Invalid, "endpoint.address_open", "without encryption only addresses of your own network can be asked; write https://").In("base_url")
	}
	return nil
}

// ownSecrets are addresses at which clouds tell machines their own secrets,
// beside those of the link.
var ownSecrets = []netip.Addr{netip.MustParseAddr("100.100.100.200"), netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("192.0.0.192")}

// IsForbidden reports whether a host is one by which clouds tell machines their
// own secrets, or leads nowhere.
func IsForbidden(host string) bool {
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return strings.EqualFold(strings.TrimSuffix(host, "."), "metadata.google.internal")
	}
	ip = ip.Unmap().WithZone("")
	return ip.IsUnspecified() || ip.IsMulticast() || ip.IsLinkLocalUnicast() || slices.Contains(ownSecrets, ip)
}

// IsOwn reports whether a host is of the own machine or network. What a name
// really leads to is looked at again when it is dialled.
func IsOwn(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return ip.IsLoopback() || ip.IsPrivate()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if !strings.Contains(host, ".") {
		return true
	}
	return slices.ContainsFunc([]string{".localhost", ".local", ".internal", ".lan", ".home.arpa", ".svc"}, func(end string) bool { return strings.HasSuffix(host, end) })
}
