package sms

import (
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

// Provider is who carries texts.
type Provider string

// The providers.
const (
	Simulator Provider = "simulator" // nothing leaves; what would have is kept
	Aliyun    Provider = "aliyun"
	Tencent   Provider = "tencent"
	HTTP      Provider = "http" // any gateway that takes a signed POST
)

// Providers returns all providers.
func Providers() []Provider { return []Provider{Simulator, Aliyun, Tencent, HTTP} }

func (p Provider) needsCode() bool { return p == Aliyun || p == Tencent }

// Settings are what an administrator sets of texts.
type Settings struct {
	Enabled   bool                 `json:"enabled"`
	Provider  Provider             `json:"provider" enum:"simulator,aliyun,tencent,http"`
	KeyID     string               `json:"key_id" maxLength:"200" doc:"AccessKey ID, SecretId, or what a gateway calls us"`
	Secret    string               `json:"-"`
	SetAt     time.Time            `json:"-"`
	App       string               `json:"app" maxLength:"100" doc:"Tencent: the SDK AppID"`
	URL       string               `json:"url" maxLength:"500" doc:"of a gateway; empty: the usual one of the provider"`
	Sign      string               `json:"sign" maxLength:"40" doc:"the approved signature, without brackets"`
	Templates map[Purpose]Template `json:"templates"`
	Reports   string               `json:"-"` // the secret part of the address for reports
	Version   int64                `json:"version"`
}

// Defaults are the settings before anybody has set anything.
func Defaults() Settings {
	return Settings{
		Provider: Simulator,
		Templates: map[Purpose]Template{
			Rating:   {Enabled: true, Text: "感谢您致电{company}，请为本次服务打分：{link}，拒收请回复R"},
			Missed:   {Enabled: true, Text: "抱歉未能接听您的来电。{company}人工服务：{hours}。在线客服与自助服务：{link}，拒收请回复R"},
			Callback: {Enabled: true, Text: "{company}已登记您的回电请求，将按您的排队位置尽快致电{number}，请保持畅通。"},
		},
		Version: 1,
	}
}

// For returns the template of a purpose; false if no such texts are sent.
func (s Settings) For(p Purpose) (Template, bool) {
	t, ok := s.Templates[p]
	return t, ok && t.Enabled && s.Enabled
}

const (
	longestText = 500
	longestName = 100
	longestKey  = 500
)

var reportAddress = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)

// Check says what is wrong with the settings.
func (s Settings) Check() (Settings, error) {
	s.KeyID, s.App, s.URL = strings.TrimSpace(s.KeyID), strings.TrimSpace(s.App), strings.TrimSpace(s.URL)
	s.Sign = strings.Trim(strings.TrimSpace(s.Sign), "【】[]")
	if len(s.KeyID) > longestKey || len(s.Secret) > longestKey || len(s.App) > longestName || len(s.URL) > longestKey || utf8.RuneCountInString(s.Sign) > longestName {
		return s, fault.New(fault.Invalid, "sms.field", "a field has at most %d characters", longestName)
	}
	if !reportAddress.MatchString(s.Reports) {
		return s, fault.New(fault.Invalid, "sms.reports", "the address for reports has letters and digits only")
	}
	switch s.Provider {
	case Simulator:
	case Aliyun, Tencent, HTTP:
		if err := s.account(); err != nil && s.Enabled {
			return s, err
		}
	default:
		return s, fault.New(fault.Invalid, "sms.provider", "there is no provider %q", string(s.Provider)).In("body.provider")
	}
	if err := s.address(); err != nil {
		return s, err
	}
	for _, p := range Purposes() {
		if err := s.Templates[p].check(p, s.Provider); err != nil && s.Enabled {
			return s, err
		}
	}
	return s, nil
}

// account says what is missing to sign requests.
func (s Settings) account() error {
	switch {
	case s.KeyID == "":
		return fault.New(fault.Invalid, "sms.key", "enter the key that the provider gave you").In("body.key_id")
	case s.Secret == "":
		return fault.New(fault.Invalid, "sms.secret", "enter the secret of the key").In("body.secret")
	case s.Provider == Tencent && s.App == "":
		return fault.New(fault.Invalid, "sms.app", "enter the SDK AppID of the application").In("body.app")
	case s.Provider == HTTP && s.URL == "":
		return fault.New(fault.Invalid, "sms.url", "enter the address of the gateway, like https://sms.example.cn/send").In("body.url")
	case s.Provider != HTTP && s.Sign == "":
		return fault.New(fault.Invalid, "sms.sign", "enter the approved signature").In("body.sign")
	}
	return nil
}

// address says what is wrong with the address of the gateway: keys do not travel
// in the clear but to this machine.
func (s Settings) address() error {
	if s.URL == "" {
		return nil
	}
	u, err := url.Parse(s.URL)
	local := err == nil && (u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost" || u.Hostname() == "::1")
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return fault.New(fault.Invalid, "sms.url", "enter the address of the gateway, like https://sms.example.cn/send").In("body.url")
	}
	return nil
}
