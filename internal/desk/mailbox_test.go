package desk_test

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/secret"
	"yingda/internal/store"
)

// manager is Wang, who manages channels from now on.
func (h *house) manager() agent.Actor {
	h.t.Helper()
	h.must(h.DB.Update(h.t.Context(), func(tx *store.Tx) error {
		roles, err := tx.RolesOf(h.t.Context(), h.wang.Agent)
		if err != nil {
			return err
		}
		manages := agent.Role{ID: agent.NewRoleID(h.Now()), Name: "渠道", Permissions: []agent.Permission{agent.ChannelManage}, Scope: agent.ScopeOwn}
		if err := tx.InsertRole(h.t.Context(), manages); err != nil {
			return err
		}
		return tx.SetAgentRoles(h.t.Context(), h.wang.Agent, []agent.RoleID{roles[0].ID, manages.ID})
	}))
	return h.wang.With(agent.Role{Permissions: []agent.Permission{agent.ChannelManage}, Scope: agent.ScopeOwn})
}

// support is what a mailbox at a company's own server is set to.
func support() desk.MailboxChange {
	s := mailbox.Defaults()
	s.Aliases = []string{" Help@Example.cn ", "help@example.cn"}
	s.Fetch.Way, s.Fetch.Server.Host, s.Fetch.Server.User = mailbox.ByIMAP, "imap.example.cn", "support"
	s.Send.Server.Host = "smtp.example.cn"
	return desk.MailboxChange{Address: new("Support@Example.cn"), Settings: &s, FetchPassword: new("abcd-efgh-ijkl"), SendPassword: new("mnop-qrst-uvwx")}
}

func TestAMailboxIsSetUp(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		key, err := secret.OpenKey(filepath.Join(h.t.TempDir(), "key"))
		h.must(err)
		h.SealMailbox = key.For("mailbox")
		_, err = h.CreateMailbox(ctx, h.lin, support())
		h.code(err, "permission.missing")
		admin := h.manager()

		m, err := h.CreateMailbox(ctx, admin, support())
		h.must(err)
		if m.Address != "support@example.cn" || m.Of.Kind != mailbox.Channel || m.Of.Name != m.Address || strings.Join(m.Settings.Aliases, " ") != "help@example.cn" ||
			m.Of.Settings.Assistant || m.Of.Settings.Receipts || !m.Of.Enabled {
			h.t.Fatalf("made %+v", m)
		}
		row, err := h.DB.Now().Mailbox(ctx, m.Inbox)
		h.must(err)
		if strings.Contains(row.Sealed, "abcd") || row.Sealed == "" {
			h.t.Errorf("the secrets lie open: %s", row.Sealed)
		}
		read, err := h.MailboxOf(ctx, admin, m.Inbox)
		h.must(err)
		if read.Secrets.FetchPassword != "abcd-efgh-ijkl" || read.Secrets.Show(mailbox.SecretSend, read.Secrets.SendPassword).Tail != "uvwx" ||
			!read.Secrets.Set[mailbox.SecretFetch].Equal(h.Now()) {
			h.t.Errorf("read %+v", read.Secrets)
		}

		// An address is of one mailbox, whichever way it is written.
		again := support()
		again.Address, again.Settings.Aliases = new("help@example.cn"), nil
		_, err = h.CreateMailbox(ctx, admin, again)
		h.code(err, "mailbox.twice")
		again.Address, again.Settings.Aliases = new("other@example.cn"), []string{"SUPPORT@example.cn"}
		_, err = h.CreateMailbox(ctx, admin, again)
		h.code(err, "mailbox.twice")
		again.Address = new("support+x@example.com")
		again.Settings.Aliases = nil
		_, err = h.CreateMailbox(ctx, admin, again)
		h.code(err, "mailbox.plus")
		ins, err := h.Inboxes(ctx)
		h.must(err)
		if n := len(ins); n != 2 {
			h.t.Errorf("a mailbox that was refused left an inbox: %d", n)
		}

		h.found("Help+c7.abc@example.CN", m.Inbox)
		h.found("nobody@example.cn", 0)

		// What is not named stays; whoever read an older one is told.
		s := read.Settings
		s.Kind, s.Fetch.After = ticket.Complaint, mailbox.Move
		m, err = h.ChangeMailbox(ctx, admin, m.Inbox, desk.MailboxChange{Settings: &s, Name: new("投诉"), Version: read.Version})
		h.must(err)
		if m.Secrets.SendPassword != "mnop-qrst-uvwx" || m.Of.Name != "投诉" || m.Settings.Kind != ticket.Complaint || m.Version != read.Version+1 {
			h.t.Errorf("changed %+v", m)
		}
		_, err = h.ChangeMailbox(ctx, admin, m.Inbox, desk.MailboxChange{Settings: &s, Version: read.Version})
		h.is(err, fault.Conflict)
		s.Kind = "none"
		_, err = h.ChangeMailbox(ctx, admin, m.Inbox, desk.MailboxChange{Settings: &s})
		h.code(err, "mailbox.kind")

		// A kept password goes to no other server, not even to try it.
		s = m.Settings
		s.Fetch.Server.Host = "imap.evil.cn"
		_, err = h.ChangeMailbox(ctx, admin, m.Inbox, desk.MailboxChange{Settings: &s})
		h.code(err, "mailbox.again")
		_, err = h.DraftMailbox(ctx, admin, m.Inbox, desk.MailboxChange{Settings: &s})
		h.code(err, "mailbox.again")
		draft, err := h.DraftMailbox(ctx, admin, m.Inbox, desk.MailboxChange{Settings: &s, FetchPassword: new("another")})
		h.must(err)
		if draft.Secrets.FetchPassword != "another" || draft.Secrets.SendPassword != "mnop-qrst-uvwx" {
			h.t.Errorf("the draft has %+v", draft.Secrets)
		}
		s.Fetch.Server.Host, s.Send.Server.Host = m.Settings.Fetch.Server.Host, "smtp.evil.cn"
		_, err = h.ChangeMailbox(ctx, admin, m.Inbox, desk.MailboxChange{Settings: &s, FetchPassword: new("x")})
		h.code(err, "mailbox.again")

		// It is no widget.
		_, err = h.ChangeInbox(ctx, admin, m.Inbox, desk.InboxChange{Name: new("x")})
		h.code(err, "inbox.mailbox")
		_, err = h.RotateInboxSecret(ctx, admin, m.Inbox)
		h.code(err, "inbox.mailbox")
		_, err = h.InboxByKey(ctx, m.Of.Key)
		h.code(err, "inbox.unknown")

		// One that is off is nobody's.
		_, err = h.ChangeMailbox(ctx, admin, m.Inbox, desk.MailboxChange{Enabled: new(false)})
		h.must(err)
		h.found("support@example.cn", 0)
		all, err := h.Mailboxes(ctx)
		h.must(err)
		if len(all) != 0 {
			h.t.Errorf("fetched are %+v", all)
		}
	})
}

// found checks whose an address is; zero: nobody's.
func (h *house) found(address string, want inbox.ID) {
	h.t.Helper()
	i, ok, err := h.MailboxFor(h.t.Context(), address)
	h.must(err)
	if i != want || ok == want.IsZero() {
		h.t.Errorf("%s is of %v, %v", address, i, ok)
	}
}

// is checks the kind of an error.
func (h *house) is(err error, want fault.Kind) {
	h.t.Helper()
	if fault.KindOf(err) != want {
		h.t.Errorf("got %v, want a %v", err, want)
	}
}

func TestAMailboxThatStopsIsToldOnce(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		admin := h.manager()
		m, err := h.CreateMailbox(ctx, admin, support())
		h.must(err)
		told := func(want ...string) {
			h.t.Helper()
			ns, _, err := h.Notices(ctx, h.wang)
			h.must(err)
			got := []string{}
			for _, n := range ns {
				got = append([]string{n.Kind + " " + n.FromName + " " + n.Text}, got...)
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				h.t.Fatalf("told\n%s", strings.Join(got, "\n"))
			}
		}
		fetch := func(s mailbox.State, code string) {
			h.t.Helper()
			h.must(h.FetchHealth(ctx, m.Inbox, mailbox.Health{State: s, Code: code}))
		}
		fetch(mailbox.Working, "")
		fetch(mailbox.Refused, "mail.auth")
		h.must(h.SendHealth(ctx, m.Inbox, mailbox.Health{State: mailbox.Degraded, Code: "mail.unreachable"}))
		const refused = "mailbox.refused support@example.cn mail.auth"
		told(refused)
		h.clock.Turn(10 * time.Minute)
		fetch(mailbox.Refused, "mail.auth")
		told(refused)
		h.must(h.SendHealth(ctx, m.Inbox, mailbox.Health{State: mailbox.Degraded, Code: "mail.unreachable"}))
		const trouble = "mailbox.trouble support@example.cn mail.unreachable"
		told(refused, trouble)
		fetch(mailbox.Working, "")
		told(refused, trouble, "mailbox.works support@example.cn ")
		read, err := h.MailboxOf(ctx, admin, m.Inbox)
		h.must(err)
		if read.FetchDoes.State != mailbox.Working || !read.FetchDoes.LastOK.Equal(h.Now()) || read.SendDoes.State != mailbox.Degraded || !read.SendDoes.LastOK.IsZero() {
			h.t.Errorf("it does %+v and %+v", read.FetchDoes, read.SendDoes)
		}
		if ns, _, err := h.Notices(ctx, h.lin); err != nil || len(ns) > 0 {
			h.t.Errorf("who manages no channels was told %+v, %v", ns, err)
		}

		// A new password is a new try: what was said of the old one is gone.
		_, err = h.ChangeMailbox(ctx, admin, m.Inbox, desk.MailboxChange{SendPassword: new("another-one")})
		h.must(err)
		if read, err = h.MailboxOf(ctx, admin, m.Inbox); err != nil || read.SendDoes.State != mailbox.Unchecked || read.FetchDoes.State != mailbox.Working {
			h.t.Errorf("it does %+v and %+v, %v", read.FetchDoes, read.SendDoes, err)
		}
	})
}

func TestAMailboxIsHeldByOne(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		m, err := h.CreateMailbox(ctx, h.manager(), support())
		h.must(err)
		holds := func(who string, want bool) {
			h.t.Helper()
			ok, err := h.HoldMailbox(ctx, m.Inbox, who, h.Now().Add(time.Minute))
			h.must(err)
			if ok != want {
				h.t.Errorf("%s holds it: %v", who, ok)
			}
		}
		holds("a", true)
		holds("b", false)
		h.clock.Turn(30 * time.Second)
		holds("a", true)
		h.clock.Turn(45 * time.Second)
		holds("b", false)
		h.clock.Turn(30 * time.Second)
		holds("b", true)
		holds("a", false)

		// Killed and started again, a program that is alone does not wait for itself.
		h.must(h.Restart(ctx))
		holds("a", h.DB.Engine() == "sqlite")
	})
}

func TestGrantsAreKept(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		admin := h.manager()
		m, err := h.CreateMailbox(ctx, admin, support())
		h.must(err)
		app := mailbox.Grant{Provider: mailbox.Microsoft, ClientID: "app", ClientSecret: "shh"}
		_, err = h.AskGrant(ctx, admin, m.Inbox, mailbox.Grant{Provider: mailbox.Microsoft})
		h.code(err, "mailbox.client")
		_, err = h.AskGrant(ctx, admin, m.Inbox, app)
		h.must(err)
		kept := func(want string) {
			h.t.Helper()
			read, err := h.MailboxOf(ctx, admin, m.Inbox)
			h.must(err)
			if g := read.Secrets.Grant; g.Refresh != want || g.ClientSecret != "shh" {
				h.t.Errorf("kept is %+v, want %s", g, want)
			}
		}
		first := app
		first.Refresh, first.Expires = "r1", h.Now().Add(time.Hour)
		h.must(h.TakeGrant(ctx, admin, m.Inbox, first))
		kept("r1")
		other := first
		other.ClientID = "another"
		h.code(h.TakeGrant(ctx, admin, m.Inbox, other), "mailbox.oauth_other")
		h.must(h.KeepGrant(ctx, m.Inbox, other))
		kept("r1")

		// Of two nodes that renew at once the later grant counts, in either order.
		second, third := first, first
		second.Refresh, second.Expires = "r2", h.Now().Add(2*time.Hour)
		third.Refresh, third.Expires = "r3", h.Now().Add(3*time.Hour)
		h.must(h.KeepGrant(ctx, m.Inbox, third))
		h.must(h.KeepGrant(ctx, m.Inbox, second))
		kept("r3")

		// The secret of the application need not be entered again.
		asked, err := h.AskGrant(ctx, admin, m.Inbox, mailbox.Grant{Provider: mailbox.Microsoft, ClientID: "app"})
		h.must(err)
		if asked.ClientSecret != "shh" {
			h.t.Error("the application lost its secret")
		}
		kept("r3")
	})
}

func TestAKeyToSignWith(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		admin := h.manager()
		m, err := h.CreateMailbox(ctx, admin, support())
		h.must(err)
		_, err = h.MakeDKIMKey(ctx, admin, m.Inbox, "rsa", "no dots.")
		h.code(err, "mailbox.selector")
		_, err = h.MakeDKIMKey(ctx, admin, m.Inbox, "dsa", "yd")
		h.code(err, "mailbox.key_kind")
		for kind, begins := range map[string]string{desk.RSA: "v=DKIM1; k=rsa; p=MII", desk.Ed25519: "v=DKIM1; k=ed25519; p="} {
			m, err = h.MakeDKIMKey(ctx, admin, m.Inbox, kind, "yd2026")
			h.must(err)
			records := m.Records()
			if len(records) != 3 || records[1].Name != "yd2026._domainkey.example.cn" || !strings.HasPrefix(records[1].Value, begins) {
				h.t.Errorf("to be published: %+v", records)
			}
		}
	})
}

// Without the key that sealed them, secrets are to be entered again; the rest
// of the mailbox is there.
func TestSecretsWithoutTheirKey(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		admin := h.manager()
		key, err := secret.OpenKey(filepath.Join(h.t.TempDir(), "key"))
		h.must(err)
		h.SealMailbox = key.For("mailbox")
		m, err := h.CreateMailbox(ctx, admin, support())
		h.must(err)
		lost, err := secret.OpenKey(filepath.Join(h.t.TempDir(), "another"))
		h.must(err)
		h.SealMailbox, h.Log = lost.For("mailbox"), slog.New(slog.DiscardHandler)
		read, err := h.MailboxOf(ctx, admin, m.Inbox)
		h.must(err)
		if read.Address != "support@example.cn" || read.Secrets.FetchPassword != "" {
			h.t.Errorf("read %+v", read)
		}
		if _, err := h.ChangeMailbox(ctx, admin, m.Inbox, desk.MailboxChange{FetchPassword: new("again")}); err != nil {
			h.t.Error(err)
		}
	})
}

// A mailbox that was a mistake goes without a trace; one that mail came to is
// switched off instead.
func TestAMailboxIsRemoved(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.withFiles()
		admin := h.manager()
		m, err := h.CreateMailbox(ctx, admin, support())
		h.must(err)
		h.must(h.MoveCursor(ctx, m.Inbox, mailbox.Cursor{Folder: "INBOX", Validity: 1, LastUID: 7}))
		h.code(h.RemoveMailbox(ctx, h.lin, m.Inbox), "permission.missing")
		h.must(h.RemoveMailbox(ctx, admin, m.Inbox))
		h.code(h.RemoveMailbox(ctx, admin, m.Inbox), "mailbox.unknown")
		h.found("support@example.cn", 0)
		if ins, err := h.Inboxes(ctx); err != nil || len(ins) != 1 {
			h.t.Errorf("%d inboxes, %v", len(ins), err)
		}
		if c, err := h.MailCursor(ctx, m.Inbox, "INBOX"); err != nil || c.LastUID != 0 {
			h.t.Errorf("the cursor is %+v, %v", c, err)
		}
		if es := h.audited("mailbox.remove"); len(es) != 1 {
			h.t.Errorf("audited %+v", es)
		}
		// What is fetched for it a moment later is not kept: it stays where it is.
		_, err = h.KeepMail(ctx, channel.RawMail{Inbox: m.Inbox, Body: strings.NewReader(letter(fromZhang)), ReceivedAt: h.Now()})
		h.code(err, "mailbox.unknown")

		m, err = h.CreateMailbox(ctx, admin, support())
		h.must(err)
		h.arrives(m.Inbox, letter(fromZhang))
		h.code(h.RemoveMailbox(ctx, admin, m.Inbox), "mailbox.used")
		h.found("support@example.cn", m.Inbox)
	})
}
