package conversation

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/inbox"
)

func TestWhatSilenceAsksFor(t *testing.T) {
	zero := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	at := func(s int) time.Time { return zero.Add(time.Duration(s) * time.Second) }
	s := inbox.Silence{WarnSeconds: 600, CloseSeconds: 300, RemindSeconds: 120, AlarmSeconds: 180}
	for name, c := range map[string]struct {
		is   Conversation
		s    inbox.Silence
		now  int
		want Quiet
		due  int
	}{
		"with the assistant":               {is: Conversation{State: Bot, SilentSince: at(0)}, s: s, now: 9999},
		"in the queue":                     {is: Conversation{State: Queued, WaitingSince: at(0)}, s: s, now: 9999},
		"nothing said yet":                 {is: Conversation{State: Active}, s: s, now: 9999},
		"a moment before the warning":      {is: Conversation{State: Active, SilentSince: at(0)}, s: s, now: 599, due: 600},
		"warned":                           {is: Conversation{State: Active, SilentSince: at(0)}, s: s, now: 600, want: WarnSilent},
		"warned late":                      {is: Conversation{State: Active, SilentSince: at(0)}, s: s, now: 9000, want: WarnSilent},
		"all the time after a late one":    {is: Conversation{State: Active, SilentSince: at(0), WarnedAt: at(9000)}, s: s, now: 9299, due: 9300},
		"ended":                            {is: Conversation{State: Active, SilentSince: at(0), WarnedAt: at(600)}, s: s, now: 900, want: EndSilent},
		"held":                             {is: Conversation{State: Active, SilentSince: at(0), Held: true}, s: s, now: 9999},
		"switched off":                     {is: Conversation{State: Active, SilentSince: at(0)}, now: 9999},
		"a customer who waits":             {is: Conversation{State: Active, WaitingSince: at(0), SilentSince: at(0)}, s: s, now: 119, due: 120},
		"the agent is reminded":            {is: Conversation{State: Active, WaitingSince: at(0)}, s: s, now: 120, want: RemindSelf},
		"not of what waited before":        {is: Conversation{State: Active, WaitingSince: at(0), TakenAt: at(500)}, s: s, now: 510, due: 620},
		"supervisors are told":             {is: Conversation{State: Active, WaitingSince: at(0), Reminded: remindedAgent}, s: s, now: 300, want: RaiseAlarm},
		"everybody was":                    {is: Conversation{State: Active, WaitingSince: at(0), Reminded: remindedSupervisors}, s: s, now: 9999},
		"held does not hide who waits":     {is: Conversation{State: Active, WaitingSince: at(0), Held: true}, s: s, now: 120, want: RemindSelf},
		"supervisors without a reminder":   {is: Conversation{State: Active, WaitingSince: at(0)}, s: inbox.Silence{AlarmSeconds: 60}, now: 60, want: RaiseAlarm},
		"nobody, where no time is given":   {is: Conversation{State: Active, WaitingSince: at(0)}, now: 9999},
		"over for the customer":            {is: Conversation{State: WrapUp, SilentSince: at(0)}, s: s, now: 9999},
		"reminded, and no alarm is wished": {is: Conversation{State: Active, WaitingSince: at(0), Reminded: remindedAgent}, s: inbox.Silence{RemindSeconds: 60}, now: 9999},
	} {
		q := c.is.Silence(c.s, at(c.now))
		if q.Do != c.want || c.due > 0 != !q.Due.IsZero() || c.due > 0 && !q.Due.Equal(at(c.due)) || q.Why == "" {
			t.Errorf("%s: %q at %s because %q", name, q.Do, q.Due, q.Why)
		}
	}
}

// Whatever is said and whenever one looks: nobody's conversation ends without
// the whole time after a warning, nor while the agent waits or somebody spoke
// since; and done once, the same is not asked for again.
func TestNobodyIsCutOff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := inbox.Silence{
			WarnSeconds: rapid.IntRange(5, 900).Draw(t, "warn"), CloseSeconds: rapid.IntRange(5, 900).Draw(t, "close"),
			RemindSeconds: rapid.IntRange(0, 300).Draw(t, "remind"), AlarmSeconds: rapid.IntRange(0, 300).Draw(t, "alarm"),
		}
		now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
		c := Conversation{State: Active, TakenAt: now}
		var warned, spoke time.Time
		for seq := range int64(rapid.IntRange(1, 60).Draw(t, "steps")) {
			now = now.Add(time.Duration(rapid.IntRange(0, 1200).Draw(t, "pause")) * time.Second)
			switch rapid.SampledFrom([]string{"agent", "contact", "hold", "let go", "look", "look", "look"}).Draw(t, "what") {
			case "agent":
				c, spoke, warned = c.Said(Message{Seq: seq + 1, From: FromAgent, Kind: Text, At: now}), now, time.Time{}
			case "contact":
				c, spoke, warned = c.Said(Message{Seq: seq + 1, From: FromContact, Kind: Text, At: now}), now, time.Time{}
			case "hold":
				c, warned = c.Hold(true, now), time.Time{}
			case "let go":
				if c.Held {
					warned = time.Time{}
				}
				c = c.Hold(false, now)
			default:
				q := c.Silence(s, now)
				switch q.Do {
				case EndSilent:
					if warned.IsZero() || now.Sub(warned) < s.Close() || c.Held || !warned.After(spoke) {
						t.Fatalf("ended at %s: warned %s, last word %s, %+v", now, warned, spoke, c)
					}
					return
				case WarnSilent:
					warned = now
				case RemindSelf, RaiseAlarm, NotYet:
				}
				if q.Do == NotYet && !q.Due.IsZero() && !q.Due.After(now) {
					t.Fatalf("due %s is not after %s", q.Due, now)
				}
				c = c.Quieted(q.Do, now)
				if again := c.Silence(s, now); q.Do != NotYet && again.Do == q.Do {
					t.Fatalf("%s was asked for twice", q.Do)
				}
			}
		}
	})
}
