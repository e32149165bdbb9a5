package transcript

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/endpoint"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

// Settings are what an administrator sets about writing calls down.
type Settings struct {
	Enabled    bool     `json:"enabled"` // calls are written down when they end
	BaseURL    string   `json:"base_url"`
	Model      string   `json:"model"`
	Languages  []string `json:"languages"`        // that are spoken; of more than one, and of none, the endpoint finds out which
	DayMinutes int      `json:"day_minutes"`      // of sound that are sent in a day at most; 0: no cap
	MostCalls  int      `json:"most_calls"`       // while more calls than these go on nothing is sent; 0: it does not matter
	Sealed     string   `json:"sealed,omitempty"` // the key, as only the program can read it
	Version    int64    `json:"version"`          // counts changes
}

// Defaults are off, for Mandarin, with a day's cap.
func Defaults() Settings { return Settings{Languages: []string{"zh"}, DayMinutes: 600} }

// Host returns where the key is sent.
func (s Settings) Host() string {
	u, err := url.Parse(s.BaseURL)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Scheme + "://" + u.Host)
}

// Language returns what the endpoint is told about the language; empty where it
// finds out.
func (s Settings) Language() string {
	if len(s.Languages) == 1 {
		return s.Languages[0]
	}
	return ""
}

const (
	maxModel     = 120
	maxLanguages = 10
	dayMinutes   = 100_000
	maxCalls     = 10_000
)

// Checked returns the settings as they are kept, or says what is wrong.
func (s Settings) Checked() (Settings, error) {
	s.BaseURL = strings.TrimRight(strings.TrimSpace(s.BaseURL), "/")
	s.BaseURL = strings.TrimSuffix(s.BaseURL, "/audio/transcriptions")
	s.Model = strings.TrimSpace(s.Model)
	languages := []string{}
	for _, l := range s.Languages {
		if l = strings.ToLower(strings.TrimSpace(l)); l != "" && !slices.Contains(languages, l) {
			languages = append(languages, l)
		}
	}
	s.Languages = languages
	switch {
	case utf8.RuneCountInString(s.Model) > maxModel:
		return s, fault.New(fault.Invalid, "endpoint.model_long", "the name of a model has at most %d characters", maxModel).In("model")
	case len(languages) > maxLanguages || slices.ContainsFunc(languages, func(l string) bool { return !isLanguage(l) }):
		return s, fault.New(fault.Invalid, "transcript.language", "write languages in two or three letters, such as zh, yue or en; at most %d of them", maxLanguages).In("languages")
	case s.DayMinutes < 0 || s.DayMinutes > dayMinutes:
		return s, fault.New(fault.Invalid, "transcript.minutes", "the minutes of a day are a number from 0 to %d", dayMinutes).In("day_minutes")
	case s.MostCalls < 0 || s.MostCalls > maxCalls:
		return s, fault.New(fault.Invalid, "transcript.calls", "calls that may go on are a number from 0 to %d", maxCalls).In("most_calls")
	case !s.Enabled && s.BaseURL == "":
		return s, nil
	}
	if err := endpoint.CheckAddress(s.BaseURL); err != nil {
		return s, err
	}
	if s.Model == "" {
		return s, fault.New(fault.Invalid, "transcript.model_missing", "name the model that is to write, such as whisper-1; a program with one model only takes any name").In("model")
	}
	return s, nil
}

func isLanguage(l string) bool {
	return len(l) >= 2 && len(l) <= 3 && strings.Trim(l, "abcdefghijklmnopqrstuvwxyz") == ""
}

// May says whether a piece may be sent now, after what was sent today and while
// so many calls go on. The first piece of a day always may.
func (s Settings) May(piece, today time.Duration, calls int) (bool, phrase.Reason) {
	switch most := time.Duration(s.DayMinutes) * time.Minute; {
	case !s.Enabled:
		return false, phrase.Because("transcript.why.off", "writing calls down is switched off")
	case s.MostCalls > 0 && calls > s.MostCalls:
		return false, phrase.Because("transcript.why.calls", "%s calls go on; it is written when there are at most %s", strconv.Itoa(calls), strconv.Itoa(s.MostCalls))
	case most > 0 && today > 0 && today+piece > most:
		return false, phrase.Because("transcript.why.minutes", "the %s minutes of the day are used up; it goes on tomorrow", strconv.Itoa(s.DayMinutes))
	}
	return true, phrase.Reason{}
}
