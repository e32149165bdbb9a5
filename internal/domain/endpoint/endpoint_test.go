package endpoint

import (
	"math"
	"testing"
	"time"

	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

func TestAddresses(t *testing.T) {
	t.Parallel()
	for base, code := range map[string]string{
		"https://api.example.com/v1":       "",
		"https://203.0.113.7:8443/v1":      "",
		"http://127.0.0.1:11434/v1":        "",
		"http://[::1]:11434/v1":            "",
		"http://192.168.1.20:8000/v1":      "",
		"http://ollama:11434/v1":           "",
		"http://gpu.lan/v1":                "",
		"http://api.example.com/v1":        "endpoint.address_open",
		"http://203.0.113.7/v1":            "endpoint.address_open",
		"http://localhost.example.com/v1":  "endpoint.address_open",
		"http://[2001:db8::1]/v1":          "endpoint.address_open",
		"https://169.254.169.254/v1":       "endpoint.address_forbidden",
		"http://[::ffff:169.254.169.254]/": "endpoint.address_forbidden",
		"http://0.0.0.0/v1":                "endpoint.address_forbidden",
		"https://metadata.google.internal": "endpoint.address_forbidden",
		"https://sk-1@api.example.com/v1":  "endpoint.address_user",
		"https://api.example.com/v1?key=1": "endpoint.address",
		"ftp://api.example.com":            "endpoint.address",
		"api.example.com/v1":               "endpoint.address",
		"https://":                         "endpoint.address",
		"":                                 "endpoint.address",
		"https://a b":                      "endpoint.address",
	} {
		err := CheckAddress(base)
		if code == "" && err != nil || code != "" && fault.CodeOf(err) != code {
			t.Errorf("%s: %v", base, err)
		}
	}
}

func TestWhatIsKept(t *testing.T) {
	t.Parallel()
	good := Settings{Enabled: true, BaseURL: " https://api.example.com/v1/chat/completions ", Model: " m ", Models: map[Task]string{Compose: " big ", Summarise: ""}, DayYuan: 5, PriceIn: 2, PriceOut: 8}
	s, err := good.Checked()
	if err != nil || s.BaseURL != "https://api.example.com/v1" || s.For(Understand) != "m" || s.For(Compose) != "big" || len(s.Models) != 1 || s.Off == nil || s.Host() != "https://api.example.com" {
		t.Fatalf("%+v, %v", s, err)
	}
	for code, spoil := range map[string]func(*Settings){
		"endpoint.task":          func(s *Settings) { s.Models = map[Task]string{"pay": "m"} },
		"endpoint.model_long":    func(s *Settings) { s.Model = string(make([]byte, 121)) },
		"endpoint.off":           func(s *Settings) { s.Off = make([]string, 201) },
		"endpoint.tokens":        func(s *Settings) { s.DayTokens = -1 },
		"endpoint.yuan":          func(s *Settings) { s.PriceIn = math.NaN() },
		"endpoint.price_missing": func(s *Settings) { s.PriceIn, s.PriceOut = 0, 0 },
		"endpoint.model_missing": func(s *Settings) { s.Model, s.Models = "", nil },
		"endpoint.address_open":  func(s *Settings) { s.BaseURL = "http://api.example.com" },
	} {
		s := good
		spoil(&s)
		if _, err := s.Checked(); fault.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	if _, err := Defaults().Checked(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
}

func TestMay(t *testing.T) {
	t.Parallel()
	s := Settings{Enabled: true, Model: "m", Off: []string{"shop"}, DayTokens: 1000, DayYuan: 1, PriceIn: 2, PriceOut: 8}
	for _, c := range []struct {
		name  string
		set   func(*Settings)
		inbox string
		spent Spent
		why   string
	}{
		{name: "it may", why: "endpoint.why.may"},
		{name: "switched off", set: func(s *Settings) { s.Enabled = false }, why: "endpoint.why.off"},
		{name: "switched off here", inbox: "shop", why: "endpoint.why.off_here"},
		{name: "no model", set: func(s *Settings) { s.Model = "" }, why: "endpoint.why.no_model"},
		{name: "just below the tokens", spent: Spent{In: 900, Out: 99}, why: "endpoint.why.may"},
		{name: "the tokens of the day", spent: Spent{In: 900, Out: 100}, why: "endpoint.why.tokens"},
		{name: "the money of the day", spent: Spent{Micros: 1_000_000}, why: "endpoint.why.yuan"},
		{name: "no caps", set: func(s *Settings) { s.DayTokens, s.DayYuan = 0, 0 }, spent: Spent{In: 1 << 50, Micros: 1 << 50}, why: "endpoint.why.may"},
	} {
		x := s
		if c.set != nil {
			c.set(&x)
		}
		d := x.May(Compose, c.inbox, c.spent)
		if d.Why.Code != c.why || d.May != (c.why == "endpoint.why.may") || phrase.Say("zh", c.why, nil, "") == "" {
			t.Errorf("%s: %+v", c.name, d)
		}
	}
	if got := s.Cost(1000, 100); got != 2800 { // 0.0028 yuan
		t.Errorf("cost %d", got)
	}
	if got := (Settings{PriceIn: 0.15}).Cost(1, 0); got != 1 {
		t.Errorf("a fraction costs %d", got)
	}
}

func TestBreaker(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)
	var b Breaker
	may := func(at time.Time) bool {
		var d Decision
		b, d = b.Ask(at)
		return d.May
	}
	for n := range 3 {
		if !may(now) {
			t.Fatalf("after %d failures it is left alone", n)
		}
		b = b.Failed(now, 0)
	}
	if may(now.Add(29 * time.Second)) {
		t.Error("asked while it rests")
	}
	after := now.Add(30 * time.Second)
	if !may(after) || may(after) {
		t.Error("after the rest one may try, and one only")
	}
	b = b.Failed(after, 0)
	if may(after.Add(59 * time.Second)) {
		t.Error("the second rest is no longer than the first")
	}
	again := after.Add(60 * time.Second)
	if !may(again) {
		t.Error("the second rest does not end")
	}
	b = b.Went()
	if first, second := may(again), may(again); !first || !second {
		t.Error("it went well, and it is left alone")
	}
	for range 40 {
		b = b.Failed(again, 0)
	}
	if b.Until.Sub(again) != longRest {
		t.Errorf("it rests for %s", b.Until.Sub(again))
	}
	b = Breaker{}.Failed(now, 7*time.Second)
	if may(now.Add(6*time.Second)) || !may(now.Add(7*time.Second)) {
		t.Error("it was asked before the time that the endpoint named")
	}
}
