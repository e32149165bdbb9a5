package account_test

import (
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/account"
	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/verification"
	"yingda/internal/job"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/secret"
	"yingda/internal/post"
	"yingda/internal/store"
)

// portal is a house whose customers get codes in a mailbox that tests read.
type portal struct {
	house
	box  *post.Mailbox
	work *job.Worker
}

func eachPortal(t *testing.T, f func(p portal)) {
	t.Helper()
	each(t, func(h house) {
		key, err := secret.OpenKey(filepath.Join(h.t.TempDir(), "secret.key"))
		h.ok(err)
		p := portal{house: h, box: &post.Mailbox{DB: h.DB, Now: h.clock.Now}}
		h.Seal, h.Post = key.For("code"), &post.Post{Courier: p.box, Seal: key.For("mail"), Now: h.clock.Now}
		p.work = &job.Worker{DB: h.DB, Now: h.clock.Now}
		p.work.Handle(h.Post.Job())
		p.Verified = func(_ context.Context, _ *store.Tx, _ agent.Actor, a verification.Action, _ contact.ID, v verification.ID) error {
			if a != verification.UnlockAccount || v != verified {
				return verification.Needed(verification.Defaults(), a, nil)
			}
			return nil
		}
		f(p)
	})
}

// verified is the verification that opens the gate of the tests.
const verified = verification.ID(77)

var digits = regexp.MustCompile(`\b\d{6}\b`)

// code is the one that came last to an address; "" if the last letter has none.
func (p portal) code(to string) string {
	p.t.Helper()
	_, err := p.work.RunDue(p.t.Context())
	p.ok(err)
	ls, err := p.box.Letters(p.t.Context())
	p.ok(err)
	i := slices.IndexFunc(ls, func(l post.Kept) bool { return l.To == to })
	if i < 0 {
		p.t.Fatalf("no letter came to %s", to)
	}
	return digits.FindString(ls[i].Text)
}

func zhao() account.NewCustomer {
	return account.NewCustomer{Name: "赵敏", Email: "Zhao@mail.example", Password: password, Language: "zh"}
}

// join opens an account and returns its session.
func (p portal) join(n account.NewCustomer) account.Welcome {
	p.t.Helper()
	ticket, err := p.AskSignUp(p.t.Context(), n, office)
	p.ok(err)
	_, in, err := p.EnterCode(p.t.Context(), ticket, account.Entered{Code: p.code(access.FoldEmail(n.Email))}, office)
	p.ok(err)
	p.clock.Turn(time.Hour + time.Minute) // the next code need not wait
	return in
}

func (p portal) guest(token string) account.Guest {
	p.t.Helper()
	g, err := p.CustomerBySession(p.t.Context(), token)
	p.ok(err)
	return g
}

func (p portal) enter(ticket string, e account.Entered) error {
	_, _, err := p.EnterCode(p.t.Context(), ticket, e, office)
	return err
}

func TestSignUp(t *testing.T) {
	eachPortal(t, func(p portal) {
		ctx := t.Context()
		ticket, err := p.AskSignUp(ctx, zhao(), office)
		p.ok(err)
		if asked, err := p.Asked(ctx, ticket); err != nil || asked.Purpose != access.ToSignUp || asked.Email != "zh***@mail.example" {
			t.Errorf("%+v, %v", asked, err)
		}
		if _, have, err := p.DB.Now().CustomerByEmail(ctx, "zhao@mail.example"); have || err != nil {
			t.Fatal("an account before the code")
		}
		right := p.code("zhao@mail.example")
		p.is("somebody else's browser", p.enter(strings.Repeat("x", 43), account.Entered{Code: right}), "code.gone")
		wrong := "000000"
		if right == wrong {
			wrong = "000001"
		}
		p.is("wrong", p.enter(ticket, account.Entered{Code: wrong}), "code.wrong")
		purpose, in, err := p.EnterCode(ctx, ticket, account.Entered{Code: right}, office)
		p.ok(err)
		g := p.guest(in.Token)
		if purpose != access.ToSignUp || g.Contact.Name != "赵敏" || g.Customer.Proven() != "zhao@mail.example" || g.Contact.Email != "zhao@mail.example" || g.Contact.Signed {
			t.Errorf("%s: %+v", purpose, g)
		}
		p.is("again", p.enter(ticket, account.Entered{Code: right}), "code.gone")
		if got := p.actions(g.Customer.ID.String()); !slices.Equal(got, []string{"customer.open", "customer.sign_in"}) {
			t.Errorf("the log says %v", got)
		}
		_, err = p.CustomerSignIn(ctx, " ZHAO@mail.example", password, office)
		p.is("by password", err, "")
	})
}

func TestWhatSignUpRefuses(t *testing.T) {
	eachPortal(t, func(p portal) {
		for _, c := range []struct{ name, email, password, code string }{
			{"", "zhao@mail.example", password, "customer.name"},
			{strings.Repeat("赵", 81), "zhao@mail.example", password, "contact.name_long"},
			{"赵敏", "", password, "contact.email"},
			{"赵敏", "zhao", password, "contact.email"},
			{"赵敏", "zhao@mail.example", "short", "password.length"},
			{"赵敏", "zhao@mail.example", "", ""},
		} {
			_, err := p.AskSignUp(t.Context(), account.NewCustomer{Name: c.name, Email: c.email, Password: c.password, Language: "zh"}, office)
			p.is(c.name+" "+c.email, err, c.code)
		}
		_, err := p.SignUp(t.Context(), zhao(), office)
		p.is("without a code, where there are codes", err, "customer.code_first")
	})
}

// Whether an address has an account can be read in its mailbox only.
func TestAnAddressIsNotTold(t *testing.T) {
	eachPortal(t, func(p portal) {
		ctx := t.Context()
		p.join(zhao())
		for _, purpose := range []access.Purpose{access.ToSignIn, access.ToResetPassword} {
			var answers []account.Asked
			for _, email := range []string{"zhao@mail.example", "nobody@mail.example"} {
				ticket, err := p.AskCode(ctx, purpose, email, "zh", office)
				p.ok(err)
				asked, err := p.Asked(ctx, ticket)
				p.ok(err)
				p.is(email, p.enter(ticket, account.Entered{Code: "12345", Password: password}), "code.wrong")
				asked.Email = asked.Email[2:]
				answers = append(answers, asked)
			}
			if answers[0] != answers[1] {
				t.Errorf("%s tells: %+v", purpose, answers)
			}
			if p.code("zhao@mail.example") == "" || p.code("nobody@mail.example") != "" {
				t.Errorf("%s: the letters are exchanged", purpose)
			}
			p.clock.Turn(2 * time.Minute)
		}
		again := zhao()
		again.Name, again.Password = "someone", "another password"
		in := p.join(again)
		if g := p.guest(in.Token); g.Contact.Name != "赵敏" {
			t.Errorf("signing up again renamed the person to %s", g.Contact.Name)
		}
		_, err := p.CustomerSignIn(ctx, "zhao@mail.example", password, office)
		p.is("the password of before", err, "")
		_, err = p.CustomerSignIn(ctx, "zhao@mail.example", again.Password, office)
		p.is("the one typed at the second sign-up", err, "login.wrong")
		_, err = p.CustomerSignIn(ctx, "nobody@mail.example", password, office)
		p.is("nobody", err, "login.wrong")
	})
}

func TestCodesAreRare(t *testing.T) {
	eachPortal(t, func(p portal) {
		ask := func(email, address string) error {
			_, err := p.AskCode(t.Context(), access.ToSignIn, email, "zh", account.From{Address: address})
			return err
		}
		p.ok(ask("zhao@mail.example", "203.0.113.7"))
		err := ask("Zhao@mail.example", "203.0.113.8")
		p.is("the same destination at once", err, "code.wait")
		if fault.KindOf(err) != fault.Busy || !strings.Contains(err.Error(), "60 seconds") {
			t.Errorf("%v", err)
		}
		p.clock.Turn(time.Minute)
		p.ok(ask("zhao@mail.example", "203.0.113.7"))
		for i := range 19 {
			p.ok(ask(string(rune('a'+i))+"@mail.example", "203.0.113.7"))
		}
		p.is("a neighbour", ask("y@mail.example", "198.51.100.1"), "")
		p.is("one network, the last free one was long ago", ask("z@mail.example", "203.0.113.7"), "code.wait")
	})
}

// Who has to wait for the next code costs us no work on a password: on a busy
// machine at least one of five times.
func TestCodesThatAreRefusedCostLittle(t *testing.T) {
	eachPortal(t, func(p portal) {
		_, err := p.AskSignUp(t.Context(), zhao(), office)
		p.ok(err)
		var ten, refusals time.Duration
		for range 5 {
			began := time.Now()
			for range 10 {
				_, err := secret.HashPassword(t.Context(), password)
				p.ok(err)
			}
			ten = time.Since(began)
			began = time.Now()
			for range 20 {
				_, err := p.AskSignUp(t.Context(), zhao(), office)
				p.is("at once", err, "code.wait")
			}
			if refusals = time.Since(began); refusals < ten {
				return
			}
		}
		t.Errorf("twenty refusals took %s, ten passwords %s", refusals, ten)
	})
}

func TestAskAgain(t *testing.T) {
	eachPortal(t, func(p portal) {
		ctx := t.Context()
		ticket, err := p.AskSignUp(ctx, zhao(), office)
		p.ok(err)
		first := p.code("zhao@mail.example")
		_, err = p.AskAgain(ctx, ticket, office)
		p.is("at once", err, "code.wait")
		p.clock.Turn(access.CodeLife)
		p.is("too late", p.enter(ticket, account.Entered{Code: first}), "code.gone")
		second, err := p.AskAgain(ctx, ticket, office)
		p.ok(err)
		p.is("the new one", p.enter(second, account.Entered{Code: p.code("zhao@mail.example")}), "")
		_, err = p.AskAgain(ctx, second, office)
		p.is("for what is done", err, "code.gone")
		if in, err := p.CustomerSignIn(ctx, "zhao@mail.example", password, office); err != nil || p.guest(in.Token).Contact.Name != "赵敏" {
			t.Errorf("what was typed is lost: %v", err)
		}
	})
}

func TestWrongPasswordsOfCustomers(t *testing.T) {
	eachPortal(t, func(p portal) {
		p.join(zhao())
		p.person("zhao", "agent")
		try := func(password string) error {
			_, err := p.CustomerSignIn(t.Context(), "zhao@mail.example", password, office)
			return err
		}
		for range 6 {
			p.is("free", try("wrong"), "login.wrong")
		}
		p.is("the right one while waiting", try(password), "login.wait")
		p.is("an agent of the same network", p.try("zhao@demo", password), "")
		ticket, err := p.AskCode(t.Context(), access.ToSignIn, "zhao@mail.example", "zh", office)
		p.ok(err)
		p.is("a code need not wait", p.enter(ticket, account.Entered{Code: p.code("zhao@mail.example")}), "")
		p.is("and ends the wait", try(password), "")
	})
}

func TestResetByCode(t *testing.T) {
	eachPortal(t, func(p portal) {
		ctx := t.Context()
		old := p.join(zhao())
		ticket, err := p.AskCode(ctx, access.ToResetPassword, "zhao@mail.example", "zh", office)
		p.ok(err)
		right := p.code("zhao@mail.example")
		p.is("too short", p.enter(ticket, account.Entered{Code: right, Password: "short"}), "password.length")
		_, in, err := p.EnterCode(ctx, ticket, account.Entered{Code: right, Password: "a new password"}, office)
		p.ok(err)
		p.guest(in.Token)
		_, err = p.CustomerBySession(ctx, old.Token)
		p.is("a session of before", err, "session.expired")
		_, err = p.CustomerSignIn(ctx, "zhao@mail.example", password, office)
		p.is("the old password", err, "login.wrong")
		_, err = p.CustomerSignIn(ctx, "zhao@mail.example", "a new password", office)
		p.is("the new one", err, "")
	})
}

func TestChangeEmail(t *testing.T) {
	eachPortal(t, func(p portal) {
		ctx := t.Context()
		in := p.join(zhao())
		g := p.guest(in.Token)
		other := zhao()
		other.Email = "other@mail.example"
		p.join(other)
		for email, code := range map[string]string{"zhao": "contact.email", "ZHAO@mail.example": "customer.same_email"} {
			_, err := p.AskEmail(ctx, g, email, office)
			p.is(email, err, code)
		}
		ticket, err := p.AskEmail(ctx, g, "new@mail.example", office)
		p.ok(err)
		fresh, before := p.code("new@mail.example"), p.code("zhao@mail.example")
		p.is("only the new one", p.enter(ticket, account.Entered{Code: fresh}), "code.wrong_old")
		p.is("only the old one", p.enter(ticket, account.Entered{OldCode: before}), "code.wrong")
		p.is("both", p.enter(ticket, account.Entered{Code: fresh, OldCode: before}), "")
		if g = p.guest(in.Token); g.Customer.Proven() != "new@mail.example" || g.Contact.Email != "new@mail.example" {
			t.Errorf("%+v", g)
		}
		_, err = p.CustomerSignIn(ctx, "zhao@mail.example", password, office)
		p.is("the old address", err, "login.wrong")
		p.clock.Turn(time.Hour)
		ticket, err = p.AskEmail(ctx, g, "other@mail.example", office)
		p.ok(err)
		p.is("another account's", p.enter(ticket, account.Entered{Code: p.code("other@mail.example"), OldCode: p.code("new@mail.example")}), "customer.taken_both")
	})
}

func TestChangePhone(t *testing.T) {
	eachPortal(t, func(p portal) {
		ctx := t.Context()
		in := p.join(zhao())
		_, err := p.AskPhone(ctx, p.guest(in.Token), "12", office)
		p.is("no number", err, "contact.phone")
		ticket, err := p.AskPhone(ctx, p.guest(in.Token), "13800001234", office)
		p.ok(err)
		if p.guest(in.Token).Contact.Phone != "" {
			t.Error("changed before the code")
		}
		p.ok(p.enter(ticket, account.Entered{Code: p.code("zhao@mail.example")}))
		if got := p.guest(in.Token).Contact.Phone; got != "13800001234" {
			t.Errorf("the phone is %q", got)
		}
	})
}

func TestCustomerSessions(t *testing.T) {
	eachPortal(t, func(p portal) {
		ctx := t.Context()
		in := p.join(zhao())
		phone, err := p.CustomerSignIn(ctx, "zhao@mail.example", password, account.From{Address: "198.51.100.1", Device: "Safari"})
		p.ok(err)
		list, err := p.CustomerSessions(ctx, p.guest(in.Token))
		p.ok(err)
		if len(list) != 2 {
			t.Fatalf("%+v", list)
		}
		other := zhao()
		other.Email = "other@mail.example"
		stranger := p.guest(p.join(other).Token)
		p.is("another's", p.EndCustomerSession(ctx, stranger, phone.Session.ID, office), "session.unknown")
		p.ok(p.EndCustomerSession(ctx, p.guest(in.Token), phone.Session.ID, office))
		_, err = p.CustomerBySession(ctx, phone.Token)
		p.is("ended", err, "session.expired")
		p.ok(p.CustomerSignOut(ctx, in.Token, office))
		p.ok(p.CustomerSignOut(ctx, in.Token, office))
		_, err = p.CustomerBySession(ctx, in.Token)
		p.is("signed out", err, "session.expired")
		in, err = p.CustomerSignIn(ctx, "zhao@mail.example", password, office)
		p.ok(err)
		_, _, err = p.BySession(ctx, in.Token)
		p.is("a customer is no agent", err, "session.expired")
		p.clock.Turn(access.SessionLife - time.Second)
		p.guest(in.Token)
		p.clock.Turn(access.SessionLife - time.Second)
		p.guest(in.Token)
		p.clock.Turn(access.SessionLife)
		_, err = p.CustomerBySession(ctx, in.Token)
		p.is("unused for thirty days", err, "session.expired")
		p.ok(p.Trim(ctx))
		if _, ok, err := p.DB.Now().CustomerSession(ctx, secret.Fingerprint(in.Token)); ok || err != nil {
			t.Errorf("kept for ever, %v", err)
		}
	})
}

func TestProfileAndPassword(t *testing.T) {
	eachPortal(t, func(p portal) {
		ctx := t.Context()
		in := p.join(zhao())
		p.is("no name", p.EditProfile(ctx, p.guest(in.Token), account.Profile{Language: "zh"}, office), "customer.name")
		p.ok(p.EditProfile(ctx, p.guest(in.Token), account.Profile{Name: " 赵小敏 ", Language: "en"}, office))
		if c := p.guest(in.Token).Contact; c.Name != "赵小敏" || c.Language != "en" {
			t.Errorf("%+v", c)
		}
		other, err := p.CustomerSignIn(ctx, "zhao@mail.example", password, office)
		p.ok(err)
		p.is("a wrong old one", p.ChangeCustomerPassword(ctx, p.guest(in.Token), "wrong", "a new password", office), "password.old")
		p.ok(p.ChangeCustomerPassword(ctx, p.guest(in.Token), password, "a new password", office))
		p.guest(in.Token)
		_, err = p.CustomerBySession(ctx, other.Token)
		p.is("another browser", err, "session.expired")
	})
}

// Where no codes can be sent, an account opens with a password; whoever shows
// later that the address is theirs takes it over.
func TestWithoutCodes(t *testing.T) {
	eachPortal(t, func(p portal) {
		ctx := t.Context()
		open := p.Post
		p.Post = nil
		n := zhao()
		n.Password = ""
		_, err := p.SignUp(ctx, n, office)
		p.is("no password", err, "password.length")
		squatter, err := p.SignUp(ctx, zhao(), office)
		p.ok(err)
		_, err = p.SignUp(ctx, zhao(), office)
		p.is("twice", err, "customer.taken")
		_, err = p.AskCode(ctx, access.ToSignIn, "zhao@mail.example", "zh", office)
		p.is("a code", err, "code.off")
		if g := p.guest(squatter.Token); g.Customer.Proven() != "" {
			t.Error("proven by nothing")
		}
		p.Post = open
		_, err = p.AskEmail(ctx, p.guest(squatter.Token), "mine@mail.example", office)
		p.is("moving an address that is not proven", err, "customer.unproven")
		owner := zhao()
		owner.Password = "the owner's password"
		in := p.join(owner)
		if p.guest(in.Token).Customer.Proven() == "" {
			t.Error("not proven by the code")
		}
		_, err = p.CustomerBySession(ctx, squatter.Token)
		p.is("the session of before", err, "session.expired")
		_, err = p.CustomerSignIn(ctx, "zhao@mail.example", password, office)
		p.is("the password of before", err, "login.wrong")
		_, err = p.CustomerSignIn(ctx, "zhao@mail.example", owner.Password, office)
		p.is("the owner's", err, "")
	})
}

func TestProvingAtHome(t *testing.T) {
	eachPortal(t, func(p portal) {
		ctx := t.Context()
		open := p.Post
		p.Post = nil
		in, err := p.SignUp(ctx, zhao(), office)
		p.ok(err)
		p.Post = open
		ticket, err := p.AskProof(ctx, p.guest(in.Token), office)
		p.ok(err)
		p.ok(p.enter(ticket, account.Entered{Code: p.code("zhao@mail.example")}))
		if p.guest(in.Token).Customer.Proven() == "" {
			t.Error("not proven")
		}
		_, err = p.CustomerSignIn(ctx, "zhao@mail.example", password, office)
		p.is("the password stays", err, "")
	})
}

// An account belongs to the contact for whom a host site vouches under the
// address, and never to one who only typed it in a chat.
func TestWhoseAccountItIs(t *testing.T) {
	eachPortal(t, func(p portal) {
		ctx := t.Context()
		meet := func(email, external string) contact.ID {
			c := contact.Contact{ID: contact.NewID(p.Now()), Name: "known", Email: email, ExternalID: external, Signed: external != "", Language: "zh"}
			p.ok(p.DB.Update(ctx, func(tx *store.Tx) error { return tx.InsertContact(ctx, c) }))
			return c.ID
		}
		typed, signed := meet("typed@mail.example", ""), meet("Signed@Mail.example", "u1")
		twice := meet("twice@mail.example", "u2")
		meet("twice@mail.example", "u3")
		for email, want := range map[string]contact.ID{"signed@mail.example": signed, "typed@mail.example": 0, "twice@mail.example": 0} {
			n := zhao()
			n.Email = email
			got := p.guest(p.join(n).Token).Contact
			if want != 0 && got.ID != want || want == 0 && (got.ID == typed || got.ID == twice) {
				t.Errorf("%s belongs to %s", email, got.ID)
			}
		}
	})
}

func TestAgentsExplainAndUnlock(t *testing.T) {
	eachPortal(t, func(p portal) {
		ctx := t.Context()
		who := p.guest(p.join(zhao()).Token).Contact.ID
		lin, qa := p.actor(p.person("lin", "agent")), p.actor(p.person("admin", "admin"))
		for range 6 {
			_, err := p.CustomerSignIn(ctx, "zhao@mail.example", "wrong", office)
			p.is("free", err, "login.wrong")
		}
		s, err := p.StandingOf(ctx, lin, who)
		p.ok(err)
		if s.Email != "zh***@mail.example" || !s.Proven || !s.Password || s.Sessions != 1 || s.Failures != 6 || !s.LockedUntil.Equal(p.Now().Add(time.Second)) {
			t.Errorf("%+v", s)
		}
		_, err = p.StandingOf(ctx, lin, contact.NewID(p.Now()))
		p.is("nobody's", err, "customer.none")
		_, err = p.Unlock(ctx, lin, who, " ", 0)
		p.is("without saying how", err, "customer.verified")
		_, err = p.Unlock(ctx, qa, who, "by name", 0)
		p.is("not allowed", err, "permission.missing")
		_, err = p.Unlock(ctx, lin, who, "姓名和注册邮箱一致", 0)
		p.is("not verified", err, "verification.needed")
		s, err = p.Unlock(ctx, lin, who, "姓名、车架号后六位和注册邮箱一致", verified)
		p.ok(err)
		if s.Failures != 0 || !s.LockedUntil.IsZero() {
			t.Errorf("after unlocking: %+v", s)
		}
		_, err = p.CustomerSignIn(ctx, "zhao@mail.example", password, office)
		p.is("at once", err, "")
		g, _, err := p.DB.Now().CustomerOfContact(ctx, who)
		p.ok(err)
		if got := p.actions(g.ID.String()); !slices.Contains(got, "customer.unlock") {
			t.Errorf("the log says %v", got)
		}
	})
}

func (p portal) actions(object string) []string {
	p.t.Helper()
	es, err := p.DB.Now().AuditEntries(context.Background(), audit.Filter{ObjectID: object, Limit: 100})
	p.ok(err)
	var actions []string
	for _, e := range es {
		actions = append(actions, e.Action)
	}
	slices.Reverse(actions)
	return actions
}
