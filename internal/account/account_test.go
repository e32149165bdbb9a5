package account_test

import (
	"context"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"yingda/internal/account"
	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/event"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/secret"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

const password = "yingda-demo"

// hashed is the hash of password, made once: hashes are slow by design.
var hashed = sync.OnceValue(func() string {
	h, err := secret.HashPassword(context.Background(), password)
	if err != nil {
		panic(err)
	}
	return h
})

var (
	monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	office = account.From{Address: "203.0.113.7", Device: "Firefox"}
)

// house is an account on a fresh database, with a clock to turn.
type house struct {
	*account.Account
	t     *testing.T
	clock *clock.Hand
}

func each(t *testing.T, f func(h house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := clock.At(monday)
		h := house{Account: &account.Account{DB: db, Now: c.Now}, t: t, clock: c}
		h.ok(h.EnsureBuiltins(t.Context()))
		f(h)
	})
}

func (h house) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// is fails the test unless err has a code; an empty code wants no error.
func (h house) is(what string, err error, code string) {
	h.t.Helper()
	if (code == "") != (err == nil) || err != nil && fault.CodeOf(err) != code {
		h.t.Errorf("%s: %v, want %q", what, err, code)
	}
}

// person adds an agent with built-in roles, who can sign in with password.
func (h house) person(name string, roles ...string) agent.ID {
	h.t.Helper()
	who := agent.NewID(h.Now())
	h.ok(h.DB.Update(h.t.Context(), func(tx *store.Tx) error {
		a := agent.Agent{ID: who, Email: name + "@demo", Name: name, Language: "zh", Capacity: 5, CreatedAt: h.Now()}
		if err := tx.InsertAgent(h.t.Context(), a); err != nil {
			return err
		}
		if err := tx.SetPassword(h.t.Context(), who, hashed()); err != nil {
			return err
		}
		return tx.SetAgentRoles(h.t.Context(), who, h.roles(tx, roles...))
	}))
	return who
}

func (h house) roles(tx *store.Tx, names ...string) []agent.RoleID {
	h.t.Helper()
	all, err := tx.Roles(h.t.Context())
	h.ok(err)
	var ids []agent.RoleID
	for _, r := range all {
		if slices.Contains(names, r.Name) {
			ids = append(ids, r.ID)
		}
	}
	if len(ids) != len(names) {
		h.t.Fatalf("no roles %v", names)
	}
	return ids
}

// actor returns an agent as one who acts now.
func (h house) actor(who agent.ID) agent.Actor {
	h.t.Helper()
	by, ok, err := h.DB.Now().Actor(h.t.Context(), who)
	h.ok(err)
	if !ok {
		h.t.Fatalf("%s cannot act", who)
	}
	by.Address = office.Address
	return by
}

// in signs somebody in and returns the token.
func (h house) in(name string) string {
	h.t.Helper()
	in, err := h.SignIn(h.t.Context(), name+"@demo", password, office)
	h.ok(err)
	return in.Token
}

func (h house) try(name, password string) error {
	_, err := h.SignIn(h.t.Context(), name, password, office)
	return err
}

// by returns the error of authenticating with a session's token.
func (h house) by(token string) error {
	r := httptest.NewRequestWithContext(h.t.Context(), "GET", "/api/v1/me", nil)
	r.Header.Set("Cookie", account.Cookie+"="+token)
	_, err := h.Authenticate(r)
	return err
}

// actions returns what the audit log says of an object, or of everything, the
// oldest first.
func (h house) actions(objectID string) []string {
	h.t.Helper()
	es, err := h.DB.Now().AuditEntries(h.t.Context(), audit.Filter{ObjectID: objectID, Limit: 1000})
	h.ok(err)
	var actions []string
	for _, e := range slices.Backward(es) {
		actions = append(actions, e.Action)
	}
	return actions
}

// ended returns how many sessions of an agent the feed told to have ended.
func (h house) ended(who agent.ID) (n int) {
	h.t.Helper()
	for _, e := range storetest.Events(h.t, h.DB, 0) {
		if e.Kind == event.SessionEnded && e.Agent == who {
			n++
		}
	}
	return n
}

// A start after an upgrade finds roles of the version before.
func TestBuiltinRolesAreKeptUpToDate(t *testing.T) {
	each(t, func(h house) {
		h.ok(h.DB.Update(t.Context(), func(tx *store.Tx) error {
			all, err := tx.Roles(t.Context())
			if err != nil {
				return err
			}
			all[0].Permissions = []agent.Permission{agent.ReportOwn}
			return tx.SaveRole(t.Context(), all[0])
		}))
		for range 2 {
			h.ok(h.EnsureBuiltins(t.Context()))
		}
		got, err := h.DB.Now().Roles(t.Context())
		h.ok(err)
		want := agent.BuiltinRoles()
		if len(got) != len(want) {
			t.Fatalf("%d roles, want %d", len(got), len(want))
		}
		for i, r := range got {
			if r.Name != want[i].Name || !slices.Equal(r.Permissions, want[i].Permissions) || !r.Builtin {
				t.Errorf("%+v, want %+v", r, want[i])
			}
		}
		if got := h.actions(got[0].ID.String()); !slices.Equal(got, []string{"role.create", "role.change"}) {
			t.Errorf("the log says %v", got)
		}
	})
}

func TestFirstAdministrator(t *testing.T) {
	each(t, func(h house) {
		ctx := t.Context()
		h.ok(h.DB.Update(ctx, func(tx *store.Tx) error {
			return tx.InsertTeam(ctx, agent.Team{ID: agent.NewTeamID(h.Now()), Name: "客服组"})
		}))
		old, err := h.FirstLink(ctx)
		h.ok(err)
		token, err := h.FirstLink(ctx)
		h.ok(err)
		me := account.Completion{Email: " Admin@Demo ", Name: "管理员", Password: password, Language: "zh"}
		for what, tok := range map[string]string{"the link of the start before": old, "forged": secret.Token(), "empty": ""} {
			_, err := h.Setup(ctx, tok)
			h.is(what, err, "setup.gone")
			_, err = h.Complete(ctx, tok, me, office)
			h.is(what, err, "setup.gone")
		}
		h.clock.Turn(24*time.Hour - time.Second)
		if s, err := h.Setup(ctx, token); err != nil || s.Kind != access.FirstAdmin || s.Email != "" {
			t.Fatalf("%+v, %v", s, err)
		}
		for _, c := range []struct {
			code string
			c    account.Completion
		}{
			{"password.length", account.Completion{Email: me.Email, Name: me.Name, Password: "short", Language: "zh"}},
			{"agent.email", account.Completion{Email: "nobody", Name: me.Name, Password: password, Language: "zh"}},
			{"agent.name", account.Completion{Email: me.Email, Password: password, Language: "zh"}},
		} {
			_, err := h.Complete(ctx, token, c.c, office)
			h.is("a slip of the pen", err, c.code)
		}
		in, err := h.Complete(ctx, token, me, office)
		h.ok(err)
		who, err := h.MeOf(ctx, in.Agent)
		h.ok(err)
		if who.Email != "admin@demo" || len(who.Roles) != 2 || len(who.Teams) != 1 || who.Scope != agent.ScopeAll || who.Invited {
			t.Errorf("%+v", who)
		}
		h.is("signed in", h.by(in.Token), "")
		_, err = h.Complete(ctx, token, me, office)
		h.is("replayed", err, "setup.gone")
		if token, err := h.FirstLink(ctx); err != nil || token != "" {
			t.Errorf("another first link %q, %v", token, err)
		}
		if got := h.actions(in.Agent.String()); !slices.Equal(got, []string{"agent.setup"}) {
			t.Errorf("the log says %v", got)
		}
	})
}

func TestFirstLinkExpires(t *testing.T) {
	each(t, func(h house) {
		token, err := h.FirstLink(t.Context())
		h.ok(err)
		h.clock.Turn(24 * time.Hour)
		_, err = h.Complete(t.Context(), token, account.Completion{Email: "a@demo", Name: "A", Password: password, Language: "zh"}, office)
		h.is("a day later", err, "setup.gone")
	})
}

// Two who hold the same link try it at once.
func TestALinkLetsOneIn(t *testing.T) {
	each(t, func(h house) {
		token, err := h.FirstLink(t.Context())
		h.ok(err)
		errs := make([]error, 4)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				c := account.Completion{Email: string(rune('a'+i)) + "@demo", Name: "A", Password: password, Language: "zh"}
				_, errs[i] = h.Complete(t.Context(), token, c, office)
			})
		}
		wg.Wait()
		in := 0
		for _, err := range errs {
			if err == nil {
				in++
			} else {
				h.is("the others", err, "setup.gone")
			}
		}
		if in != 1 {
			t.Errorf("%d got in", in)
		}
	})
}

func TestInvitation(t *testing.T) {
	each(t, func(h house) {
		ctx := t.Context()
		admin := h.actor(h.person("admin", "admin"))
		roles := h.roles(h.DB.Now(), "agent")
		who, old, err := h.Invite(ctx, admin, account.AgentChange{Email: new("Lin@Demo"), Name: new("林晓"), Roles: &roles})
		h.ok(err)
		if !who.Invited || who.Email != "lin@demo" || len(who.Roles) != 1 {
			t.Errorf("%+v", who)
		}
		_, _, err = h.Invite(ctx, admin, account.AgentChange{Email: new("LIN@demo"), Name: new("另一个")})
		h.is("the same address again", err, "agent.exists")
		h.is("before a password was chosen", h.try("lin@demo", ""), "login.wrong")

		token, err := h.NewLink(ctx, admin, who.ID)
		h.ok(err)
		_, err = h.Setup(ctx, old)
		h.is("the link before", err, "setup.gone")
		if s, err := h.Setup(ctx, token); err != nil || s.Kind != access.Invite || s.Email != "lin@demo" {
			t.Errorf("%+v, %v", s, err)
		}
		in, err := h.Complete(ctx, token, account.Completion{Email: "evil@demo", Name: "林小晓", Password: password}, office)
		h.ok(err)
		me, err := h.MeOf(ctx, in.Agent)
		h.ok(err)
		if me.ID != who.ID || me.Name != "林小晓" || me.Email != "lin@demo" || me.Invited {
			t.Errorf("%+v", me)
		}
		_, err = h.Complete(ctx, token, account.Completion{Password: password}, office)
		h.is("replayed", err, "setup.gone")

		_, late, err := h.Invite(ctx, admin, account.AgentChange{Email: new("zhao@demo"), Name: new("赵")})
		h.ok(err)
		h.clock.Turn(7 * 24 * time.Hour)
		_, err = h.Setup(ctx, late)
		h.is("a week later", err, "setup.gone")
		if got := h.actions(who.ID.String()); !slices.Equal(got, []string{"agent.invite", "session.refuse", "agent.link", "agent.setup"}) {
			t.Errorf("the log says %v", got)
		}
	})
}

// A forgotten password: what was open before ends, and the wait too.
func TestReset(t *testing.T) {
	each(t, func(h house) {
		ctx := t.Context()
		admin, lin := h.actor(h.person("admin", "admin")), h.person("lin", "agent")
		open := h.in("lin")
		h.ok(h.by(open))
		for range 6 {
			h.is("guessing", h.try("lin@demo", "wrong"), "login.wrong")
		}
		h.is("guessed too often", h.try("lin@demo", password), "login.wait")
		token, err := h.NewLink(ctx, admin, lin)
		h.ok(err)
		if s, err := h.Setup(ctx, token); err != nil || s.Kind != access.Reset {
			t.Fatalf("%+v, %v", s, err)
		}
		_, err = h.Complete(ctx, token, account.Completion{Password: "another-password"}, office)
		h.ok(err)
		h.is("the session before", h.by(open), "session.expired")
		h.is("the password before", h.try("lin@demo", password), "login.wrong")
		h.is("the new one", h.try("lin@demo", "another-password"), "")
		if n := h.ended(lin); n != 1 {
			t.Errorf("%d sessions were told to have ended", n)
		}
		h.ok(disable(h, admin, lin))
		token, err = h.NewLink(ctx, admin, lin)
		h.is("a link for a disabled agent", err, "agent.disabled")
		_, err = h.Setup(ctx, token)
		h.is("no link", err, "setup.gone")
	})
}

func disable(h house, by agent.Actor, who agent.ID) error {
	_, err := h.EditAgent(h.t.Context(), by, who, account.AgentChange{Disabled: new(true)})
	return err
}
