package account_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/internal/account"
	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

func TestSignIn(t *testing.T) {
	each(t, func(h house) {
		h.person("lin", "agent")
		gone := h.person("gone", "agent")
		admin := h.actor(h.person("admin", "admin"))
		h.ok(disable(h, admin, gone))
		for _, c := range []struct{ name, email, password, code string }{
			{"right", "lin@demo", password, ""},
			{"as people type", " LIN@Demo ", password, ""},
			{"wrong", "lin@demo", "Yingda-demo", "login.wrong"},
			{"empty", "lin@demo", "", "login.wrong"},
			{"endless", "lin@demo", strings.Repeat("x", 100_000), "login.wrong"},
			{"unknown", "nobody@demo", password, "login.wrong"},
			{"disabled", "gone@demo", password, "login.wrong"},
		} {
			h.is(c.name, h.try(c.email, c.password), c.code)
		}
		if got := h.actions(""); slices.Contains(got, "session.start") == false || slices.Contains(got, "session.refuse") == false {
			t.Errorf("the log says %v", got)
		}
	})
}

func TestWrongPasswordsMustWait(t *testing.T) {
	each(t, func(h house) {
		h.person("lin", "agent")
		for i := range 6 {
			h.is("free", h.try("lin@demo", "wrong"), "login.wrong")
			if i == 4 {
				h.is("the right one after five", h.try("lin@demo", password), "")
				for range 5 {
					h.is("free again", h.try("lin@demo", "wrong"), "login.wrong")
				}
			}
		}
		err := h.try("LIN@demo", password)
		h.is("the right one while waiting", err, "login.wait")
		if f := fault.KindOf(err); f != fault.Busy || !strings.Contains(err.Error(), "wait 1 seconds") {
			t.Errorf("%v", err)
		}
		h.clock.Turn(999 * time.Millisecond)
		h.is("a moment too early", h.try("lin@demo", password), "login.wait")
		h.clock.Turn(time.Millisecond)
		h.is("wrong again", h.try("lin@demo", "wrong"), "login.wrong")
		h.clock.Turn(time.Second)
		h.is("the wait doubled", h.try("lin@demo", password), "login.wait")
		h.clock.Turn(time.Second)
		h.is("at last", h.try("lin@demo", password), "")
		h.is("forgiven", h.try("lin@demo", "wrong"), "login.wrong")
		h.is("and at once", h.try("lin@demo", password), "")
	})
}

// An account that does not exist must not be told from one that does.
func TestUnknownAccountsWaitAlike(t *testing.T) {
	each(t, func(h house) {
		h.is("an empty house says so", h.try("nobody@demo", "wrong"), "login.nobody")
		h.person("lin", "agent")
		for range 6 {
			h.is("free", h.try("nobody@demo", "wrong"), "login.wrong")
		}
		h.is("the seventh", h.try("nobody@demo", "wrong"), "login.wait")
	})
}

// One address tries many accounts: it must wait, its neighbours need not, and
// another address of the same IPv6 network is no neighbour.
func TestAnAddressMustWait(t *testing.T) {
	each(t, func(h house) {
		ctx := t.Context()
		h.person("lin", "agent")
		try := func(address, email, password string) error {
			_, err := h.SignIn(ctx, email, password, account.From{Address: address})
			return err
		}
		h.ok(h.DB.Update(ctx, func(tx *store.Tx) error { // the free ones, as if they had been tried
			if _, err := tx.HoldAttempts(ctx, "address:2001:db8::/64"); err != nil {
				return err
			}
			return tx.SaveAttempts(ctx, "address:2001:db8::/64", access.Attempts{Failures: access.FreeOfAddress, UpdatedAt: h.Now()})
		}))
		h.is("the last that is looked at", try("2001:db8::1", "b@demo", "x"), "login.wrong")
		h.is("another account", try("2001:db8::1", "c@demo", "x"), "login.wait")
		h.is("another address of theirs", try("2001:db8::ffff", "lin@demo", password), "login.wait")
		h.is("a neighbour", try("2001:db8:0:1::1", "lin@demo", password), "")
		h.clock.Turn(time.Second)
		h.is("after the wait", try("2001:db8::1", "lin@demo", password), "")
	})
}

// Many tries at once are no more tries.
func TestGuessingAtOnce(t *testing.T) {
	each(t, func(h house) {
		h.person("lin", "agent")
		errs := make([]error, 20)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { errs[i] = h.try("lin@demo", "wrong") })
		}
		wg.Wait()
		looked := 0
		for _, err := range errs {
			if fault.CodeOf(err) == "login.wrong" {
				looked++
			} else {
				h.is("the others", err, "login.wait")
			}
		}
		if looked != 6 {
			t.Errorf("%d passwords were looked at, want 6", looked)
		}
	})
}

func TestSessions(t *testing.T) {
	each(t, func(h house) {
		ctx := t.Context()
		lin, zhao := h.person("lin", "agent"), h.person("zhao", "agent")
		phone, desk := h.in("lin"), h.in("lin")
		other := h.in("zhao")
		list, err := h.Sessions(ctx, h.actor(lin))
		h.ok(err)
		if len(list) != 2 || list[0].Address != office.Address || list[0].Device != office.Device {
			t.Fatalf("%+v", list)
		}
		_, s, err := h.BySession(ctx, phone)
		h.ok(err)
		h.is("another's", h.EndSession(ctx, h.actor(zhao), s.ID), "session.unknown")
		h.ok(h.by(phone))
		h.ok(h.EndSession(ctx, h.actor(lin), s.ID))
		h.is("the one that ended, though it was let in a moment ago", h.by(phone), "session.expired")
		h.is("again", h.EndSession(ctx, h.actor(lin), s.ID), "session.unknown")
		h.is("the one that did not", h.by(desk), "")
		h.ok(h.SignOut(ctx, desk, office.Address))
		h.ok(h.SignOut(ctx, desk, office.Address))
		h.is("signed out", h.by(desk), "session.expired")
		h.is("another's", h.by(other), "")
		if n := h.ended(lin); n != 2 {
			t.Errorf("%d sessions were told to have ended", n)
		}
	})
}

func TestSessionsSlide(t *testing.T) {
	each(t, func(h house) {
		ctx := t.Context()
		lin := h.person("lin", "agent")
		token := h.in("lin")
		seen := func() time.Time {
			t.Helper()
			list, err := h.Sessions(ctx, h.actor(lin))
			h.ok(err)
			return list[0].LastSeenAt
		}
		h.clock.Turn(59 * time.Second)
		h.ok(h.by(token))
		if !seen().Equal(monday) {
			t.Error("written within the minute")
		}
		h.clock.Turn(time.Second)
		h.ok(h.by(token))
		if !seen().Equal(monday.Add(time.Minute)) {
			t.Errorf("seen at %s", seen())
		}
		who, err := h.DB.Now().Agent(ctx, lin)
		h.ok(err)
		if !who.LastSeenAt.Equal(monday.Add(time.Minute)) {
			t.Errorf("the agent was seen at %s", who.LastSeenAt)
		}
		for range 3 {
			h.clock.Turn(access.SessionLife - time.Second)
			h.ok(h.by(token))
		}
		h.clock.Turn(access.SessionLife)
		h.is("unused for thirty days", h.by(token), "session.expired")
		h.ok(h.Trim(ctx))
		if _, ok, err := h.DB.Now().Session(ctx, token); ok || err != nil {
			t.Errorf("kept for ever, %v", err)
		}
	})
}

func TestWhatDoesNotLetIn(t *testing.T) {
	each(t, func(h house) {
		h.person("lin", "agent")
		token := h.in("lin")
		forged := "A" + token[1:]
		if forged == token {
			forged = "B" + token[1:]
		}
		for _, c := range []struct{ name, cookie, header, code string }{
			{"the session", account.Cookie + "=" + token, "", ""},
			{"nothing", "", "", "session.missing"},
			{"an empty cookie", account.Cookie + "=", "", "session.missing"},
			{"another cookie", "session=" + token, "", "session.missing"},
			{"a forged token", account.Cookie + "=" + forged, "", "session.expired"},
			{"half a token", account.Cookie + "=" + token[:20], "", "session.expired"},
			{"a session shown as a key", "", "Bearer " + token, "key.invalid"},
			{"a forged key", "", "Bearer yd_" + token, "key.invalid"},
			{"a wrong key beside a good cookie", account.Cookie + "=" + token, "Bearer yd_nope", "key.invalid"},
			{"a wrong key in small letters", account.Cookie + "=" + token, "bearer yd_nope", "key.invalid"},
			{"a good cookie behind a proxy with a password", account.Cookie + "=" + token, "Basic YTpi", ""},
			{"only the proxy's password", "", "Basic YTpi", "session.missing"},
		} {
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/api/v1/me", nil)
			if c.cookie != "" {
				r.Header.Set("Cookie", c.cookie)
			}
			if c.header != "" {
				r.Header.Set("Authorization", c.header)
			}
			_, err := h.Authenticate(r)
			h.is(c.name, err, c.code)
		}
	})
}

// A change works at once, also on somebody who was let in a moment ago.
func TestChangesWorkAtOnce(t *testing.T) {
	each(t, func(h house) {
		ctx := t.Context()
		admin, lin := h.actor(h.person("admin", "admin")), h.person("lin", "agent")
		token := h.in("lin")
		may := func(p agent.Permission) bool {
			t.Helper()
			by, _, err := h.BySession(ctx, token)
			h.ok(err)
			return by.May(p)
		}
		if may(agent.ContactReveal) {
			t.Fatal("an agent may reveal")
		}
		_, err := h.EditAgent(ctx, admin, lin, account.AgentChange{Roles: new(h.roles(h.DB.Now(), "senior"))})
		h.ok(err)
		if !may(agent.ContactReveal) {
			t.Error("the new role is not seen")
		}
		h.ok(disable(h, admin, lin))
		h.is("disabled", h.by(token), "session.expired")
		_, err = h.EditAgent(ctx, admin, lin, account.AgentChange{Disabled: new(false)})
		h.ok(err)
		h.is("enabled, but the session has ended", h.by(token), "session.expired")
		if got := h.actions(lin.String()); !slices.Equal(got, []string{"agent.change", "agent.disable", "agent.enable"}) {
			t.Errorf("the log says %v", got)
		}
	})
}

// What another node changed is seen after a few seconds.
func TestChangesOfAnotherNode(t *testing.T) {
	each(t, func(h house) {
		lin := h.person("lin", "agent")
		token := h.in("lin")
		h.ok(h.by(token))
		other := &account.Account{DB: h.DB, Now: h.Now}
		_, s, err := other.BySession(t.Context(), token)
		h.ok(err)
		h.ok(other.EndSession(t.Context(), h.actor(lin), s.ID))
		h.clock.Turn(5 * time.Second)
		h.is("five seconds later", h.by(token), "session.expired")
	})
}
