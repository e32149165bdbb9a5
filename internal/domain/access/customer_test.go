package access_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/access"
	"yingda/internal/kit/fault"
)

const digits, oldDigits = "048213", "771520"

func codeFor(p access.Purpose, c access.CustomerID) access.Code {
	return access.NewCode(p, c, " Zhao@Mail.Example ", "zh", access.CodeSecret{Digits: digits}, monday)
}

func TestEnterCode(t *testing.T) {
	changed := codeFor(access.ToChangeEmail, 1)
	changed.OldEmail, changed.Secret.OldDigits = "old@mail.example", oldDigits
	used, tried := codeFor(access.ToSignIn, 1), codeFor(access.ToSignIn, 1)
	used.UsedAt, tried.Tries = monday, access.CodeTries-1
	for _, c := range []struct {
		name       string
		code       access.Code
		typed, old string
		after      time.Duration
		want       string
	}{
		{"right", codeFor(access.ToSignIn, 1), digits, "", 0, ""},
		{"as people type", codeFor(access.ToSignIn, 1), " 048 213 ", "", 0, ""},
		{"as Chinese keyboards type", codeFor(access.ToSignIn, 1), "０４８２１３", "", 0, ""},
		{"wrong", codeFor(access.ToSignIn, 1), "048214", "", 0, "code.wrong"},
		{"nothing", codeFor(access.ToSignIn, 1), "", "", 0, "code.wrong"},
		{"words", codeFor(access.ToSignIn, 1), "x048213", "", 0, "code.wrong"},
		{"in the last moment", codeFor(access.ToSignIn, 1), digits, "", access.CodeLife - time.Millisecond, ""},
		{"too late", codeFor(access.ToSignIn, 1), digits, "", access.CodeLife, "code.gone"},
		{"used", used, digits, "", 0, "code.gone"},
		{"right at the last try", tried, digits, "", 0, ""},
		{"wrong at the last try", tried, "000000", "", 0, "code.gone"},
		{"nobody's account", codeFor(access.ToSignIn, 0), digits, "", 0, "code.wrong"},
		{"nobody's password", codeFor(access.ToResetPassword, 0), digits, "", 0, "code.wrong"},
		{"a new account", codeFor(access.ToSignUp, 0), digits, "", 0, ""},
		{"both", changed, digits, oldDigits, 0, ""},
		{"only the new address", changed, digits, "", 0, "code.wrong_old"},
		{"only the old address", changed, "", oldDigits, 0, "code.wrong"},
		{"exchanged", changed, oldDigits, digits, 0, "code.wrong"},
	} {
		got, err := c.code.Enter(c.typed, c.old, monday.Add(c.after))
		if (err == nil) != (c.want == "") || err != nil && fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if (err == nil) != (!got.UsedAt.IsZero() && c.code.UsedAt.IsZero()) {
			t.Errorf("%s: used at %s", c.name, got.UsedAt)
		}
	}
	if c := codeFor(access.ToSignIn, 1); c.Email != "zhao@mail.example" {
		t.Errorf("sent to %q", c.Email)
	}
}

// Whatever is entered, at most five guesses are looked at, and one is right.
func TestCodeBoundsGuesses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, now, looked, right := codeFor(access.ToSignIn, 1), monday, 0, 0
		for range rapid.IntRange(1, 30).Draw(t, "guesses") {
			guess := rapid.SampledFrom([]string{digits, "000000", "", "12345", "999999"}).Draw(t, "guess")
			gone := c.Check(now) != nil
			next, err := c.Enter(guess, "", now)
			if gone && err == nil {
				t.Fatal("let in by a code that is gone")
			}
			if !gone {
				looked++
			}
			if err == nil {
				right++
			}
			c = next
			now = now.Add(rapid.SampledFrom([]time.Duration{0, time.Second, time.Minute}).Draw(t, "pause"))
		}
		if looked > access.CodeTries || right > 1 {
			t.Fatalf("%d guesses were looked at, %d were right", looked, right)
		}
	})
}

func TestAskingForCodes(t *testing.T) {
	var at access.Attempts
	now := monday
	short, long := time.Minute, 15*time.Minute
	for i, want := range []time.Duration{short, short, short, short, long, long} {
		at = at.Asked(now)
		if wait := at.Wait(now); wait != want {
			t.Errorf("after code %d: wait %s, want %s", i+1, wait, want)
		}
		now = now.Add(at.Wait(now))
	}
	if at = at.Asked(now.Add(59 * time.Minute)); at.Failures != 7 {
		t.Errorf("forgotten before an hour of peace: %+v", at)
	}
	if at = at.Asked(at.LockedUntil.Add(time.Hour)); at.Failures != 1 {
		t.Errorf("after an hour of peace: %+v", at)
	}
}

// However they are spread over a day, one address gets few codes.
func TestCodesOfADay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var at access.Attempts
		now, sent := monday, 0
		for now.Before(monday.Add(24 * time.Hour)) {
			at = at.Asked(now)
			if sent++; sent > 110 {
				t.Fatalf("%d codes by %s", sent, now)
			}
			now = now.Add(at.Wait(now) + rapid.SampledFrom([]time.Duration{0, 0, time.Minute, time.Hour}).Draw(t, "patience"))
		}
	})
}

func TestProving(t *testing.T) {
	c := access.NewCustomer(1, "Zhao@mail.example", "hash", monday)
	if c.Proven() != "" || c.Email != "zhao@mail.example" {
		t.Errorf("%+v", c)
	}
	c, news := c.Prove(monday)
	if !news || c.Proven() != "zhao@mail.example" || c.Password != "" {
		t.Errorf("after the proof: %v %+v", news, c)
	}
	c.Password = "chosen since"
	if c, news = c.Prove(monday.Add(time.Hour)); news || c.Password == "" || !c.ProvenAt.Equal(monday) {
		t.Errorf("after another: %v %+v", news, c)
	}
}
