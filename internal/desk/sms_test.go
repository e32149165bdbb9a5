package desk_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/sms"
)

// texter is a provider. What it is told to do is done once.
type texter struct {
	mu   sync.Mutex
	got  []sms.Outgoing
	next []func() (string, error)
}

func (x *texter) SendText(_ context.Context, _ sms.Settings, m sms.Outgoing) (string, error) {
	x.mu.Lock()
	x.got = append(x.got, m)
	var do func() (string, error)
	if len(x.next) > 0 {
		do, x.next = x.next[0], x.next[1:]
	}
	n := len(x.got)
	x.mu.Unlock()
	if do != nil {
		return do()
	}
	return fmt.Sprintf("p-%d", n), nil
}

func (x *texter) purposes() string {
	var all []string
	for _, m := range x.got {
		all = append(all, string(m.Purpose))
	}
	return strings.Join(all, " ")
}

func fails(class sms.Class, code string) func() (string, error) {
	return func() (string, error) { return "", &sms.SendError{Class: class, Code: code, Reason: "said so"} }
}

// texts switches text messages on.
func (h *house) texts() (*texter, agent.Actor) {
	h.t.Helper()
	h.hotline()
	x := &texter{}
	h.Texter, h.PublicURL = x, "https://help.example.cn"
	boss := h.admin(agent.ChannelManage)
	on, p, id, key, at := true, sms.HTTP, "we", "secret", "https://sms.example.cn/send"
	_, err := h.ChangeTextSettings(h.t.Context(), boss, desk.TextsChange{Enabled: &on, Provider: &p, KeyID: &id, Secret: &key, URL: &at})
	h.must(err)
	return x, boss
}

// served is a call from a number that Lin answered and that is over.
func (h *house) served(number string) channel.CallSight {
	h.t.Helper()
	s := h.waitsIn(h.rung(number), "vehicle")
	_, err := h.CallAnswered(h.t.Context(), s.Call.ID, h.lin.Agent)
	h.must(err)
	h.clock.Turn(time.Minute)
	return s
}

// wrapped ends the summary, so that Lin has room.
func (h *house) wrapped(s channel.CallSight) {
	h.t.Helper()
	_, err := h.Close(h.t.Context(), h.lin, s.Conversation, conversation.Summary{Category: "business.recall", Result: "solved"})
	h.must(err)
}

func (h *house) textStates(boss agent.Actor) (all []string) {
	h.t.Helper()
	p, err := h.TextsSent(h.t.Context(), boss, 0, 50)
	h.must(err)
	for _, m := range slices.Backward(p.Items) {
		all = append(all, strings.TrimSuffix(string(m.Purpose)+" "+string(m.State)+" "+m.Code, " "))
	}
	return all
}

func (h *house) texted(boss agent.Actor, want ...string) {
	h.t.Helper()
	if got := h.textStates(boss); !slices.Equal(got, want) {
		h.t.Errorf("the texts are %q, want %q", got, want)
	}
}

// After a call a link comes once; marks by it stand in the record, once; who gave
// marks by keys gets no link.
func TestARatingByText(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		x, boss := h.texts()
		h.online(h.lin)
		s := h.served("13812345678")
		h.ended(s, "")
		h.ended(s, "")
		h.run()
		if x.purposes() != "rating" {
			h.t.Fatalf("sent: %s", x.purposes())
		}
		m := x.got[0]
		link := m.Values["link"]
		if m.Number != "13812345678" || !strings.HasPrefix(link, "https://help.example.cn/r/") || !strings.Contains(m.Text, link) || strings.Contains(m.Text, "{") {
			h.t.Errorf("sent %+v", m)
		}
		if names := h.happenings(s.Conversation); !slices.Contains(names, "sms.sent") {
			h.t.Errorf("the conversation says %v", names)
		}
		h.texted(boss, "rating sent")
		p, err := h.TextsSent(ctx, boss, 0, 5)
		h.must(err)
		if strings.Contains(p.Items[0].Text, strings.TrimPrefix(link, "https://help.example.cn/r/")) {
			h.t.Errorf("whoever reads the list can give marks: %s", p.Items[0].Text)
		}

		token := strings.TrimPrefix(link, "https://help.example.cn/r/")
		asked, err := h.RatingAsked(ctx, token)
		h.must(err)
		if asked.Done || !slices.Contains(asked.Questions, "overall") {
			h.t.Errorf("asked is %+v", asked)
		}
		forged := "A" + token[1:]
		if token[0] == 'A' {
			forged = "B" + token[1:]
		}
		for _, wrong := range []string{"", forged, token[:23], token + "A", token[:23] + "_"} {
			if wrong == token {
				continue
			}
			_, err := h.RatingAsked(ctx, wrong)
			h.code(err, "rating.link")
		}
		h.code(h.RateByLink(ctx, token, map[string]int{"quality": 4}, ""), "rating.overall")
		h.code(h.RateByLink(ctx, token, map[string]int{"overall": 6}, ""), "call.mark")
		h.code(h.RateByLink(ctx, token, map[string]int{"overall": 4, "weather": 5}, ""), "call.mark")
		h.code(h.RateByLink(ctx, token, map[string]int{"overall": 4}, strings.Repeat("长", 501)), "rating.remark")
		h.must(h.RateByLink(ctx, token, map[string]int{"overall": 4, "attitude": 5}, "很耐心"))
		h.code(h.RateByLink(ctx, token, map[string]int{"overall": 1}, ""), "rating.done")
		h.must(h.CallRated(ctx, s.Call.ID, "overall", 1)) // a key that comes late
		if r := h.sees(s).Call.Record.Ratings; r["overall"] != 4 || r["attitude"] != 5 || len(r) != 2 {
			h.t.Errorf("the marks are %v", r)
		}
		if names := h.happenings(s.Conversation); !slices.Contains(names, "call.rated") || slices.Contains(names, "call.rated*") {
			h.t.Errorf("the conversation says %v", names)
		}
		h.clock.Turn(8 * 24 * time.Hour)
		_, err = h.RatingAsked(ctx, token)
		h.code(err, "rating.link")

		// By keys.
		h.wrapped(s)
		h.online(h.lin)
		keys := h.served("13812345679")
		_, err = h.CallMoved(ctx, keys.Call.ID, call.Rate)
		h.must(err)
		h.must(h.CallRated(ctx, keys.Call.ID, "overall", 5))
		h.ended(keys, "")
		h.run()
		if x.purposes() != "rating" {
			h.t.Errorf("sent: %s", x.purposes())
		}
	})
}

// Whoever was not answered gets one text a day; nothing goes to landlines, to
// numbers abroad or withheld, nor to who was there for an emergency.
func TestWhoGetsATextAndWhoDoesNot(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		x, boss := h.texts()
		for range 3 {
			h.ended(h.waitsIn(h.rung("+86 138-1234-5678"), "vehicle"), "")
			h.clock.Turn(2 * time.Minute)
		}
		h.ended(h.rung("13812345678"), call.OffHours)
		for _, number := range []string{"02162345678", "+14155550100", "", "anonymous", "4008200000"} {
			h.ended(h.waitsIn(h.rung(number), "vehicle"), "")
		}
		h.ended(h.rung("13900000001"), "") // left the menu
		h.run()
		if x.purposes() != "missed" || x.got[0].Number != "13812345678" || x.got[0].Values["hours"] == "" || !strings.Contains(x.got[0].Text, "https://help.example.cn/") {
			h.t.Fatalf("sent: %+v", x.got)
		}
		h.clock.Turn(24 * time.Hour)
		h.ended(h.rung("13812345678"), call.OffHours)
		h.run()
		if x.purposes() != "missed missed" {
			h.t.Errorf("on the next day: %s", x.purposes())
		}
		h.online(h.lin)
		s := h.waitsIn(h.rung("13700000000"), "emergency")
		_, err := h.CallAnswered(ctx, s.Call.ID, h.lin.Agent)
		h.must(err)
		h.ended(s, "")
		h.run()
		if x.purposes() != "missed missed" {
			h.t.Errorf("after an emergency: %s", x.purposes())
		}
		h.texted(boss, "missed sent", "missed sent")
		off := false
		_, err = h.ChangeTextSettings(ctx, boss, desk.TextsChange{Enabled: &off})
		h.must(err)
		h.ended(h.waitsIn(h.rung("13700000009"), "vehicle"), "")
		h.run()
		h.texted(boss, "missed sent", "missed sent")
	})
}

// At night the text waits for the morning, unless it confirms what was asked for.
func TestTextsWaitForTheMorning(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		x, boss := h.texts()
		h.clock.Turn(11*time.Hour + 30*time.Minute) // 21:30 in Shanghai
		h.ended(h.rung("13812345678"), call.OffHours)
		s := h.waitsIn(h.rung("13812345679"), "vehicle")
		_, err := h.CallLeavesQueue(ctx, s.Call.ID)
		h.must(err)
		for range 2 {
			_, err = h.CallBackAsked(ctx, s.Call.ID, "", nil)
			h.must(err)
		}
		h.ended(s, "")
		h.run()
		if x.purposes() != "callback" || !strings.Contains(x.got[0].Text, "138****5679") {
			h.t.Errorf("at night: %+v", x.got)
		}
		h.clock.Turn(10*time.Hour + 29*time.Minute)
		h.run()
		h.texted(boss, "missed waiting", "callback sent")
		h.clock.Turn(time.Minute)
		h.run()
		h.texted(boss, "missed sent", "callback sent")

		// One that nobody handed over in time is not worth sending.
		h.clock.Turn(12 * time.Hour)
		h.ended(h.rung("13812345677"), call.OffHours)
		h.clock.Turn(15 * time.Hour)
		h.run()
		h.texted(boss, "missed sent", "callback sent", "missed dropped too_late")
	})
}

// A text of which nobody knows whether it left is not sent again: the provider's
// silence, or the program that died with it in hand.
func TestATextIsNotSentTwice(t *testing.T) {
	each(t, func(h *house) {
		x, boss := h.texts()
		x.next = []func() (string, error){
			func() (string, error) { panic("killed") },
			fails(sms.Doubtful, "no_answer"),
			fails(sms.Temporary, "isv.BUSINESS_LIMIT_CONTROL"), fails(sms.Temporary, "unreachable"), nil,
			fails(sms.Permanent, "isv.AMOUNT_NOT_ENOUGH"),
		}
		var first channel.CallSight
		for n := range 4 {
			s := h.ended(h.waitsIn(h.rung(fmt.Sprintf("1381234567%d", n)), "vehicle"), "")
			if n == 0 {
				first = s
			}
			h.run()
			for range 20 {
				h.clock.Turn(30 * time.Second)
				h.run()
			}
		}
		h.texted(boss, "missed uncertain killed", "missed uncertain no_answer", "missed sent", "missed failed isv.AMOUNT_NOT_ENOUGH")
		if len(x.got) != 6 {
			h.t.Errorf("the provider was asked %d times: %s", len(x.got), x.purposes())
		}
		if names := h.happenings(first.Conversation); !slices.Contains(names, "sms.uncertain") {
			h.t.Errorf("the conversation says %v", names)
		}
	})
}

// A number gets one text a minute, five an hour and ten a day, whatever for.
func TestLimitsOfANumber(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		x, boss := h.texts()
		begin := h.Now()
		ask := func() {
			s := h.waitsIn(h.rung("13812345678"), "vehicle")
			_, err := h.CallBackAsked(ctx, s.Call.ID, "", nil)
			h.must(err)
		}
		for range 7 {
			ask()
		}
		var at []time.Duration
		for h.Now().Sub(begin) < 70*time.Minute {
			h.run()
			for len(at) < len(x.got) {
				at = append(at, h.Now().Sub(begin))
			}
			h.clock.Turn(time.Minute)
		}
		if want := []time.Duration{0, time.Minute, 2 * time.Minute, 3 * time.Minute, 4 * time.Minute, time.Hour}; !slices.Equal(at, want) {
			h.t.Errorf("they left after %v, want %v", at, want)
		}
		if st := h.textStates(boss)[6]; st != "callback dropped too_late" {
			h.t.Errorf("the seventh: %s", st)
		}
		for len(x.got) < 10 && h.Now().Sub(begin) < 12*time.Hour {
			ask()
			h.run()
			h.clock.Turn(15 * time.Minute)
		}
		if len(x.got) != 10 {
			h.t.Fatalf("%d were sent", len(x.got))
		}
		ask()
		h.run()
		h.clock.Turn(time.Hour)
		h.run()
		if len(x.got) != 10 {
			h.t.Error("an eleventh in one day")
		}
		h.clock.Turn(24 * time.Hour)
		ask()
		h.run()
		if len(x.got) != 11 {
			h.t.Error("none on the next day")
		}
	})
}

// Who answers TD gets nothing more, of what waits too, until they want it again.
func TestOptOut(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		x, boss := h.texts()
		set, err := h.TextSettings(ctx, boss)
		h.must(err)
		h.ended(h.rung("13812345678"), call.OffHours)
		answer := []sms.Report{{Number: "13812345678", Answer: "td "}}
		h.code(h.TextReports(ctx, "guessed", answer), "page.unknown")
		h.code(h.TextReports(ctx, "", answer), "page.unknown")
		for range 2 {
			h.must(h.TextReports(ctx, set.Reports, answer))
		}
		h.run()
		h.texted(boss, "missed dropped opted_out")
		h.clock.Turn(24 * time.Hour)
		h.ended(h.rung("13812345678"), call.OffHours)
		h.run()
		h.texted(boss, "missed dropped opted_out")
		all, err := h.OptOuts(ctx, boss)
		h.must(err)
		if len(all) != 1 || all[0].Number != "138****5678" || all[0].How != "answer" {
			h.t.Errorf("want none: %+v", all)
		}
		h.code(h.SetOptOut(ctx, boss, "021-62345678", true), "sms.number")
		h.code(h.SetOptOut(ctx, h.lin, "13812345678", false), "permission.missing")
		h.must(h.SetOptOut(ctx, boss, "+8613812345678", false))
		h.clock.Turn(24 * time.Hour)
		h.ended(h.rung("13812345678"), call.OffHours)
		h.run()
		if x.purposes() != "missed" {
			h.t.Errorf("sent: %s", x.purposes())
		}
	})
}

// Reports move a text forward, late and twice as they come, of its number only.
func TestReportsOfTexts(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		_, boss := h.texts()
		set, err := h.TextSettings(ctx, boss)
		h.must(err)
		one := h.ended(h.rung("13812345678"), call.OffHours)
		h.run()
		h.ended(h.rung("13812345679"), call.OffHours)
		h.run()
		h.must(h.TextReports(ctx, set.Reports, []sms.Report{
			{Accepted: "p-1", Number: "13900000000", State: sms.Delivered}, {Accepted: "p-9", Number: "13812345678", State: sms.Failed},
		}))
		h.texted(boss, "missed sent", "missed sent")
		for range 2 {
			h.must(h.TextReports(ctx, set.Reports, []sms.Report{
				{Accepted: "p-1", Number: "+8613812345678", State: sms.Failed, Code: "MK:100C", Reason: "关机"}, {Accepted: "p-2", Number: "13812345679", State: sms.Delivered},
			}))
		}
		h.must(h.TextReports(ctx, set.Reports, []sms.Report{{Accepted: "p-1", Number: "13812345678", State: sms.Delivered}}))
		h.texted(boss, "missed failed MK:100C", "missed delivered")
		told := slices.DeleteFunc(h.happenings(one.Conversation), func(n string) bool { return !strings.HasPrefix(n, "sms.") })
		if !slices.Equal(told, []string{"sms.sent", "sms.failed"}) {
			h.t.Errorf("the conversation says %v", told)
		}
	})
}

// Settings: who may, what is sealed, what is asked again, the trial.
func TestTextSettings(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		x, boss := h.texts()
		h.SealTexts = backwards{}
		_, err := h.TextSettings(ctx, h.lin)
		h.code(err, "permission.missing")
		_, err = h.ChangeTextSettings(ctx, h.wang, desk.TextsChange{})
		h.code(err, "permission.missing")
		p, id, key, sign := sms.Aliyun, "AKID", "secret-key", "【远行】"
		set, err := h.ChangeTextSettings(ctx, boss, desk.TextsChange{Provider: &p, KeyID: &id, Secret: &key, Sign: &sign, Templates: map[sms.Purpose]sms.Template{
			sms.Rating: {Enabled: true, Code: "SMS_1", Text: "{link}"}, sms.Missed: {}, sms.Callback: {},
		}})
		h.must(err)
		if set.Secret != key || set.SetAt.IsZero() || set.Sign != "远行" || set.Reports == "" {
			h.t.Errorf("set: %+v", set)
		}
		raw, err := h.DB.Now().Setting(ctx, "texts")
		h.must(err)
		if strings.Contains(raw, key) || !strings.Contains(raw, "yek-terces") {
			h.t.Errorf("it is kept as %s", raw)
		}
		other := sms.Tencent
		_, err = h.ChangeTextSettings(ctx, boss, desk.TextsChange{Provider: &other})
		h.code(err, "sms.again")
		_, err = h.ChangeTextSettings(ctx, boss, desk.TextsChange{Version: set.Version - 1})
		if err == nil {
			h.t.Error("an old version was written")
		}
		_, err = h.ChangeTextSettings(ctx, boss, desk.TextsChange{Templates: map[sms.Purpose]sms.Template{"weather": {}}})
		h.code(err, "sms.purpose")
		again, err := h.ChangeTextSettings(ctx, boss, desk.TextsChange{Reports: true})
		h.must(err)
		if again.Reports == set.Reports || again.Secret != key {
			h.t.Errorf("renewed: %+v", again)
		}

		_, err = h.TryText(ctx, boss, sms.Rating, "62345678")
		h.code(err, "sms.number")
		m, err := h.TryText(ctx, boss, sms.Rating, "138 1234 5678")
		h.must(err)
		if m.State != sms.Sent || m.Accepted != "p-1" || len(x.got) != 1 || x.got[0].Template != "SMS_1" {
			h.t.Errorf("tried: %+v, %+v", m, x.got)
		}
		_, err = h.RatingAsked(ctx, strings.TrimPrefix(x.got[0].Values["link"], "https://help.example.cn/r/"))
		h.code(err, "rating.link")
		m, err = h.TryText(ctx, boss, sms.Rating, "13812345678")
		h.must(err)
		if m.State != sms.Waiting || len(x.got) != 1 {
			h.t.Errorf("tried again at once: %+v", m)
		}
		h.clock.Turn(time.Minute)
		h.run()
		h.texted(boss, "rating sent", "rating sent")
	})
}

// backwards seals by writing backwards.
type backwards struct{}

func (backwards) Seal(b []byte) string { b = slices.Clone(b); slices.Reverse(b); return string(b) }
func (backwards) Open(s string) ([]byte, error) {
	b := []byte(s)
	slices.Reverse(b)
	return b, nil
}
