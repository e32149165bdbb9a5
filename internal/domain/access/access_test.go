package access_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// Each failure comes as soon as the one before lets it.
func TestBackOff(t *testing.T) {
	var at access.Attempts
	now := monday
	want := []int64{0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900}
	for i, seconds := range want {
		at = at.Failed(access.FreeOfAccount, now)
		wait := at.Wait(now)
		if wait != time.Duration(seconds)*time.Second {
			t.Errorf("after failure %d: wait %s, want %ds", i+1, wait, seconds)
		}
		now = now.Add(wait)
		if at.Wait(now) != 0 {
			t.Errorf("after failure %d: still waiting at the end", i+1)
		}
	}
	if at = at.Failed(access.FreeOfAccount, now.Add(59*time.Minute)); at.Wait(now.Add(59*time.Minute)) != 15*time.Minute {
		t.Error("forgotten before an hour of peace")
	}
	peace := at.LockedUntil.Add(time.Hour)
	if at = at.Failed(access.FreeOfAccount, peace); at.Failures != 1 || at.Wait(peace) != 0 {
		t.Errorf("after an hour of peace: %+v", at)
	}
}

// However somebody spreads guesses over a day, few get through.
func TestBackOffBoundsGuesses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var at access.Attempts
		now, guesses := monday, 0
		for now.Before(monday.Add(24 * time.Hour)) {
			at = at.Failed(access.FreeOfAccount, now)
			if guesses++; guesses > 400 {
				t.Fatalf("%d guesses by %s", guesses, now)
			}
			patience := rapid.SampledFrom([]time.Duration{0, 0, 0, time.Second, time.Minute, time.Hour}).Draw(t, "patience")
			now = now.Add(at.Wait(now) + patience)
		}
	})
}

func TestSessionSlides(t *testing.T) {
	s := access.NewSession(1, "203.0.113.7", strings.Repeat("机", 200), monday)
	if len(s.Device) > 300 || strings.Contains(s.Device, "\uFFFD") {
		t.Errorf("the device is %d bytes", len(s.Device))
	}
	if _, worth := s.Seen(monday.Add(59 * time.Second)); worth {
		t.Error("a write within the minute")
	}
	last := monday.Add(access.SessionLife - time.Second)
	if !s.Valid(last) || s.Valid(last.Add(time.Second)) {
		t.Error("not valid for thirty days")
	}
	s, worth := s.Seen(last)
	if !worth || !s.Valid(last.Add(access.SessionLife-time.Second)) || s.LastSeenAt != last {
		t.Errorf("seen, but %+v", s)
	}
}

func TestLinkIsForOnce(t *testing.T) {
	for _, c := range []struct {
		kind access.LinkKind
		life time.Duration
	}{{access.FirstAdmin, 24 * time.Hour}, {access.Reset, 24 * time.Hour}, {access.Invite, 7 * 24 * time.Hour}} {
		l := access.NewLink(c.kind, 1, monday)
		if l.Check(monday.Add(c.life-time.Second)) != nil || l.Check(monday.Add(c.life)) == nil {
			t.Errorf("%s does not last %s", c.kind, c.life)
		}
		l.UsedAt = monday
		if l.Check(monday) == nil {
			t.Errorf("%s can be used twice", c.kind)
		}
	}
}

func TestKeyDoesNoMoreThanItsMaker(t *testing.T) {
	maker := agent.Actor{Agent: 1, Name: "林晓", Scope: agent.ScopeTeam, Permissions: []agent.Permission{agent.ContactRead, agent.ReportOwn}}
	for _, c := range []struct {
		name        string
		title       string
		permissions []agent.Permission
		expires     time.Time
		code        string
	}{
		{name: "of one's own", title: "CRM", permissions: []agent.Permission{agent.ContactRead}},
		{name: "until tomorrow", title: "CRM", permissions: []agent.Permission{agent.ContactRead}, expires: monday.Add(24 * time.Hour)},
		{name: "beyond", title: "CRM", permissions: []agent.Permission{agent.ContactRead, agent.ContactReveal}, code: "permission.beyond"},
		{name: "unknown", title: "CRM", permissions: []agent.Permission{"root"}, code: "permission.unknown"},
		{name: "nothing", title: "CRM", code: "key.permissions"},
		{name: "no name", title: " ", permissions: []agent.Permission{agent.ContactRead}, code: "key.name"},
		{name: "over already", title: "CRM", permissions: []agent.Permission{agent.ContactRead}, expires: monday, code: "key.expired"},
		{
			name: "a year of five digits", title: "CRM", permissions: []agent.Permission{agent.ContactRead},
			expires: time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -12*60*60)), code: "key.far",
		},
	} {
		_, err := access.NewKey(maker, c.title, c.permissions, c.expires, monday)
		if (c.code == "") != (err == nil) || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	k, err := access.NewKey(maker, "CRM", maker.Permissions, monday.Add(time.Hour), monday)
	if err != nil {
		t.Fatal(err)
	}
	maker.Permissions = []agent.Permission{agent.ReportOwn, agent.RoleManage} // the maker's roles were changed
	by := k.Actor(maker)
	if !slices.Equal(by.Permissions, []agent.Permission{agent.ReportOwn}) || by.Key != "CRM" || by.Agent != 1 || by.Scope != agent.ScopeTeam {
		t.Errorf("acts as %+v", by)
	}
	if len(maker.Permissions) != 2 {
		t.Error("the maker lost a permission")
	}
	if !k.Valid(monday.Add(59*time.Minute)) || k.Valid(monday.Add(time.Hour)) {
		t.Error("not valid for its hour")
	}
	k.RevokedAt = monday
	if k.Valid(monday) {
		t.Error("valid after it was revoked")
	}
}

func TestPasswordLength(t *testing.T) {
	for password, fine := range map[string]bool{
		"123456789": false, "1234567890": true, "一二三四五六七八九": false, "一二三四五六七八九十": true,
		strings.Repeat("长", 200): true, strings.Repeat("长", 201): false, "1234567890\xff": false,
	} {
		if err := access.CheckPassword(password); (err == nil) != fine {
			t.Errorf("%.20q: %v", password, err)
		}
	}
}
