package sms_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/call"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/sms"
	"yingda/internal/kit/fault"
)

func shanghai(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestMobile(t *testing.T) {
	for _, c := range []struct {
		number, want string
		ok           bool
	}{
		{"+86 138-1234-5678", "13812345678", true},
		{"008613812345678", "13812345678", true},
		{" 19912345678 ", "19912345678", true},
		{"02162345678", "02162345678", false},
		{"4008200000", "4008200000", false},
		{"12012345678", "12012345678", false},
		{"1381234567", "1381234567", false},
		{"+14155550100", "+14155550100", false},
		{"10086", "10086", false},
		{"anonymous", "anonymous", false},
		{"", "", false},
	} {
		if n, ok := sms.Mobile(c.number); n != c.want || ok != c.ok {
			t.Errorf("%q is %q, %v", c.number, n, ok)
		}
	}
}

func TestQuietHours(t *testing.T) {
	zone := shanghai(t)
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		p         sms.Purpose
		now, want string
	}{
		{sms.Rating, "2026-11-22 08:00", "2026-11-22 08:00"},
		{sms.Rating, "2026-11-22 20:59", "2026-11-22 20:59"},
		{sms.Rating, "2026-11-22 21:00", "2026-11-23 08:00"},
		{sms.Missed, "2026-11-30 23:59", "2026-12-01 08:00"},
		{sms.Missed, "2026-12-31 21:30", "2027-01-01 08:00"},
		{sms.Missed, "2026-11-22 00:00", "2026-11-22 08:00"},
		{sms.Missed, "2026-11-22 07:59", "2026-11-22 08:00"},
		{sms.Callback, "2026-11-22 03:00", "2026-11-22 03:00"},
	} {
		if got := c.p.NotBefore(at(c.now), zone); !got.Equal(at(c.want)) {
			t.Errorf("%s at %s: %s, want %s", c.p, c.now, got, c.want)
		}
		m := sms.Message{Purpose: c.p, Call: call.NewID(at(c.now)), At: at(c.now)}
		if next := m.Next(nil, m.At, zone); next.After(m.Until()) {
			t.Errorf("%s at %s waits for %s, and is worth nothing after %s", c.p, c.now, next, m.Until())
		}
	}
}

// However texts are asked for, a number gets at most 1 in a minute, 5 in an hour
// and 10 in a day; and whoever waits gets theirs.
func TestLimitsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
		var sent []time.Time
		for _, wait := range rapid.SliceOfN(rapid.IntRange(0, 7200), 1, 60).Draw(t, "waits") {
			now = now.Add(time.Duration(wait) * time.Second)
			free := sms.Free(sent, now)
			if free.Before(now) {
				t.Fatalf("free at %s, before %s", free, now)
			}
			if again := sms.Free(sent, free); !again.Equal(free) {
				t.Fatalf("waited until %s, then until %s", free, again)
			}
			now = free
			sent = append(sent, now)
		}
		for _, w := range []struct {
			most   int
			within time.Duration
		}{{1, time.Minute}, {5, time.Hour}, {10, 24 * time.Hour}} {
			for i := range sent {
				if i >= w.most && sent[i].Sub(sent[i-w.most]) < w.within {
					t.Fatalf("%d in %s", w.most+1, sent[i].Sub(sent[i-w.most]))
				}
			}
		}
	})
}

func TestTemplate(t *testing.T) {
	tpl := sms.Template{Text: "{company}：{link}，{company}{other}"}
	if n := tpl.Names(); !slices.Equal(n, []string{"company", "link", "other"}) {
		t.Errorf("the names are %v", n)
	}
	if s := tpl.Fill(map[string]string{"company": "远行", "link": "{company}"}); s != "远行：{company}，远行{other}" {
		t.Errorf("filled: %s", s)
	}
	o := sms.Outgoing{Names: []string{"link", "company"}, Values: map[string]string{"company": "a", "link": "b"}}
	if got := o.Ordered(); !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("in order: %v", got)
	}
	seventy := strings.Repeat("字", 66)
	if sms.Parts("远行", seventy) != 1 || sms.Parts("远行", seventy+"字") != 2 || sms.Parts("", seventy) != 1 {
		t.Error("parts are counted wrongly")
	}
}

func TestSettings(t *testing.T) {
	set := func(f func(*sms.Settings)) sms.Settings {
		s := sms.Defaults()
		s.Enabled = true
		f(&s)
		return s
	}
	full := func(p sms.Provider) func(*sms.Settings) {
		return func(s *sms.Settings) {
			s.Provider, s.KeyID, s.Secret, s.App, s.Sign, s.URL = p, "id", "secret", "14", "【远行】", "https://sms.example.cn/send"
			for k, t := range s.Templates {
				t.Code = "SMS_1"
				s.Templates[k] = t
			}
		}
	}
	for _, c := range []struct {
		name string
		s    sms.Settings
		code string
	}{
		{"the defaults", sms.Defaults(), ""},
		{"the simulator", set(func(*sms.Settings) {}), ""},
		{"Aliyun", set(full(sms.Aliyun)), ""},
		{"Tencent", set(full(sms.Tencent)), ""},
		{"a gateway", set(full(sms.HTTP)), ""},
		{"another", set(func(s *sms.Settings) { s.Provider = "pigeon" }), "sms.provider"},
		{"no key", set(func(s *sms.Settings) { full(sms.Aliyun)(s); s.KeyID = " " }), "sms.key"},
		{"no secret", set(func(s *sms.Settings) { full(sms.Tencent)(s); s.Secret = "" }), "sms.secret"},
		{"no application", set(func(s *sms.Settings) { full(sms.Tencent)(s); s.App = "" }), "sms.app"},
		{"no address", set(func(s *sms.Settings) { full(sms.HTTP)(s); s.URL = "" }), "sms.url"},
		{"a key in the clear", set(func(s *sms.Settings) { full(sms.HTTP)(s); s.URL = "http://sms.example.cn" }), "sms.url"},
		{"this machine", set(func(s *sms.Settings) { full(sms.HTTP)(s); s.URL = "http://127.0.0.1:99/send" }), ""},
		{"no signature", set(func(s *sms.Settings) { full(sms.Aliyun)(s); s.Sign = "【】" }), "sms.sign"},
		{"no code", set(func(s *sms.Settings) {
			full(sms.Aliyun)(s)
			s.Templates[sms.Missed] = sms.Template{Enabled: true, Text: "您好"}
		}), "sms.code"},
		{"no code, and off", set(func(s *sms.Settings) { full(sms.Aliyun)(s); s.Templates[sms.Missed] = sms.Template{} }), ""},
		{"no text", set(func(s *sms.Settings) { s.Templates[sms.Missed] = sms.Template{Enabled: true} }), "sms.text"},
		{"no link", set(func(s *sms.Settings) { s.Templates[sms.Rating] = sms.Template{Enabled: true, Text: "请打分"} }), "sms.link"},
		{"a name of nothing", set(func(s *sms.Settings) { s.Templates[sms.Missed] = sms.Template{Enabled: true, Text: "{plate}"} }), "sms.name"},
	} {
		s, err := c.s.Check()
		if got := fault.CodeOf(err); (err != nil) != (c.code != "") || err != nil && got != c.code {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
		if c.name == "Aliyun" && s.Sign != "远行" {
			t.Errorf("the signature is %q", s.Sign)
		}
	}
	off := set(func(s *sms.Settings) { s.Enabled = false })
	if _, on := off.For(sms.Rating); on {
		t.Error("what is off sends")
	}
}

func TestStates(t *testing.T) {
	for _, c := range []struct{ is, reported, want sms.State }{
		{sms.Sent, sms.Delivered, sms.Delivered},
		{sms.Sent, sms.Failed, sms.Failed},
		{sms.Uncertain, sms.Delivered, sms.Delivered},
		{sms.Delivered, sms.Failed, sms.Delivered},
		{sms.Failed, sms.Delivered, sms.Failed},
		{sms.Sent, sms.Waiting, sms.Sent},
		{sms.Dropped, sms.Delivered, sms.Dropped},
		{sms.Sending, sms.Delivered, sms.Delivered},
	} {
		if got := c.is.After(c.reported); got != c.want {
			t.Errorf("%s after %s: %s, want %s", c.is, c.reported, got, c.want)
		}
	}
	for _, s := range sms.States() {
		if s.Over() == (s == sms.Waiting || s == sms.Sending) {
			t.Errorf("%s: over is %v", s, s.Over())
		}
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string]bool{"TD": true, " td。": true, "退订": true, "R": true, "t": true, "TD你好": false, "收到": false, "": false} {
		if sms.AsksOff(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
	for code, want := range map[string]sms.Advice{
		"isv.AMOUNT_NOT_ENOUGH": sms.CheckBalance, "isv.SMS_SIGNATURE_ILLEGAL": sms.CheckSign, "isv.SMS_TEMPLATE_ILLEGAL": sms.CheckTemplate,
		"isv.BUSINESS_LIMIT_CONTROL": sms.WaitForLimits, "FailedOperation.TemplateIncorrectOrUnapproved": sms.CheckTemplate,
		"FailedOperation.PhoneNumberInBlacklist": sms.WantsNone, "LimitExceeded.PhoneNumberDailyLimit": sms.WaitForLimits,
		"AuthFailure.SignatureFailure": sms.CheckKey, "isv.BLACK_KEY_CONTROL_LIMIT": sms.CheckWords, "unreachable": sms.CheckNetwork,
		sms.Killed: sms.AskRecipient, "什么": sms.AskTheProvider, "InvalidParameterValue.IncorrectPhoneNumber": sms.CheckNumber,
	} {
		if got := sms.AdviceFor(code); got != want {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
	}
	if h := sms.Hours(sla.Calendar{Always: true}); h != "全天24小时" {
		t.Error(h)
	}
	week := [7][]sla.Span{}
	for d := range 5 {
		week[d] = []sla.Span{{From: "09:00", To: "12:00"}, {From: "13:00", To: "18:00"}}
	}
	week[6] = []sla.Span{{From: "10:00", To: "16:00"}}
	if h := sms.Hours(sla.Calendar{Week: week}); h != "周一至周五09:00-12:00、13:00-18:00，周日10:00-16:00" {
		t.Error(h)
	}
	for d := range 7 {
		week[d] = []sla.Span{{From: "08:00", To: "22:00"}}
	}
	if h := sms.Hours(sla.Calendar{Week: week}); h != "每天08:00-22:00" {
		t.Error(h)
	}
}

// A text is tried again for a while, never for ever.
func TestAgain(t *testing.T) {
	at := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	m := sms.Message{Purpose: sms.Callback, Call: call.NewID(at), At: at}
	for n := 1; n <= 4; n++ {
		m.Attempt = n
		if next, again := m.Again(at); !again || !next.After(at) {
			t.Errorf("after try %d: %s, %v", n, next, again)
		}
	}
	m.Attempt = 5
	if _, again := m.Again(at); again {
		t.Error("a sixth try")
	}
	m.Attempt = 4
	if _, again := m.Again(at.Add(50 * time.Minute)); again {
		t.Error("a confirmation after more than an hour")
	}
}
