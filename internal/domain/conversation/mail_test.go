package conversation

import (
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The diagram in the docs is drawn from the rule. UPDATE=1 redraws it.
func TestDeliveryDiagram(t *testing.T) {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> waiting\n")
	for _, from := range Deliveries() {
		for _, news := range Deliveries() {
			if to := from.After(news); to != from && to == news {
				b.WriteString("    " + string(from) + " --> " + string(to) + "\n")
			}
		}
	}
	b.WriteString("    taken_back --> [*]\n")
	const file = "../../../docs/develop/mail-states.mmd"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != b.String() {
		t.Errorf("%s is not the rule (UPDATE=1 redraws it): %v", file, err)
	}
}

func TestLateNews(t *testing.T) {
	for _, one := range []struct{ was, news, want Delivery }{
		{Waiting, Taken, Taken},
		{Taken, Sent, Taken},
		{Sent, Taken, Sent},
		{Sent, Sending, Sent},
		{Bounced, Delayed, Bounced},
		{Bounced, Opened, Opened},
		{Opened, Bounced, Opened},
		{Delivered, Delayed, Delivered},
		{Sending, Uncertain, Uncertain},
		{Uncertain, Sending, Sending},
		{Uncertain, Sent, Sent},
		{Sent, Failed, Sent},
		{Sending, Failed, Failed},
		{Sent, Bounced, Bounced},
	} {
		if got := one.was.After(one.news); got != one.want {
			t.Errorf("%s after %s: %s, want %s", one.was, one.news, got, one.want)
		}
	}
}

// Hearing the same again changes nothing, and what was read by its reader stays
// so whatever comes.
func TestDeliveryLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SampledFrom(Deliveries()).Draw(t, "state")
		for _, news := range rapid.SliceOf(rapid.SampledFrom(Deliveries())).Draw(t, "news") {
			next := d.After(news)
			if again := next.After(news); again != next {
				t.Fatalf("%s after %s is %s, and after it again %s", d, news, next, again)
			}
			if d == Opened && next != Opened || d == Taken && next != Taken {
				t.Fatalf("%s became %s", d, next)
			}
			d = next
		}
	})
}
