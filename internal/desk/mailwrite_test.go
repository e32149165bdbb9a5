package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/canned"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// outsider is Zhao, who sees nothing but what is given to them.
func (h *house) outsider(ps ...agent.Permission) agent.Actor {
	return agent.Actor{Agent: h.zhao.Agent, Name: h.zhao.Name, Permissions: append(ps, agent.ConversationRead, agent.ConversationReply), Scope: agent.ScopeOwn}
}

func persons(addresses ...string) (ps []conversation.Person) {
	for _, a := range addresses {
		ps = append(ps, conversation.Person{Address: a})
	}
	return ps
}

// Who writes sees the mailboxes that send and are on, and nothing of their secrets.
func TestMailboxesToWriteFrom(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.mailed()
		admin := h.manager()
		for _, off := range []func(*desk.MailboxChange){
			func(c *desk.MailboxChange) { c.Enabled = new(false) },
			func(c *desk.MailboxChange) { c.Settings.Send.Server.Host = "" },
		} {
			c := support()
			c.Address, c.Settings.Aliases, c.SendPassword = new("x"+h.Now().Format("150405")+"@example.cn"), nil, nil
			off(&c)
			_, err := h.CreateMailbox(ctx, admin, c)
			h.must(err)
			h.clock.Turn(time.Second)
		}
		boxes, err := h.WritingMailboxes(ctx, h.lin)
		h.must(err)
		var got []string
		for _, b := range boxes {
			got = append(got, b.Name)
			if b.Mailbox.Secrets.FetchPassword != "" {
				h.t.Errorf("%s shows its password", b.Name)
			}
		}
		if strings.Join(got, " ") != "support@example.cn complaint@example.cn" {
			h.t.Errorf("one writes from %v", got)
		}
		_, err = h.WritingMailboxes(ctx, h.admin(agent.ConversationRead))
		h.code(err, "permission.missing")
	})
}

// What is wrong with a new mail is said, and nothing of it is left behind.
func TestANewMailThatIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		support, _, p := h.mailed()
		known := h.called("李娜", "", "li@163.com", "你好")
		nameless := h.called("无名", "13800002222", "", "你好")
		before := len(h.everyone())
		to := persons("zhang@qq.com")
		many := make([]conversation.Person, 51)
		for i := range many {
			many[i].Address = "a" + strings.Repeat("b", i) + "@example.org"
		}
		for name, c := range map[string]struct {
			by   agent.Actor
			in   inbox.ID
			who  contact.ID
			mail conversation.MailDraft
			want string
		}{
			"to nobody":             {h.lin, support, 0, conversation.MailDraft{Subject: "回访"}, "mail.recipient"},
			"to no address":         {h.lin, support, 0, conversation.MailDraft{Subject: "回访", To: persons("zhang")}, "mail.recipient"},
			"a copy to no address":  {h.lin, support, 0, conversation.MailDraft{Subject: "回访", To: to, Cc: persons("x y@z")}, "mail.recipient"},
			"to ourselves":          {h.lin, support, 0, conversation.MailDraft{Subject: "回访", To: persons("Complaint+x@example.cn")}, "mail.ours"},
			"to a crowd":            {h.lin, support, 0, conversation.MailDraft{Subject: "回访", To: many}, "mail.many"},
			"without a subject":     {h.lin, support, 0, conversation.MailDraft{Subject: "  ", To: to}, "mail.subject"},
			"two headers in one":    {h.lin, support, 0, conversation.MailDraft{Subject: "回访\r\nBcc: all@example.org", To: to}, "mail.field"},
			"from a widget":         {h.lin, h.inbox.ID, 0, conversation.MailDraft{Subject: "回访", To: to}, "mailbox.unknown"},
			"from nowhere":          {h.lin, inbox.NewID(h.Now()), 0, conversation.MailDraft{Subject: "回访", To: to}, "inbox.unknown"},
			"to who has no address": {h.lin, support, nameless.Contact, conversation.MailDraft{Subject: "回访"}, "mail.no_address"},
			"to who is not":         {h.lin, support, contact.NewID(h.Now()), conversation.MailDraft{Subject: "回访"}, "contact.unknown"},
			"to whom one may not":   {h.outsider(), support, known.Contact, conversation.MailDraft{Subject: "回访"}, "permission.missing"},
			"by a reader":           {h.admin(agent.ConversationRead, agent.ContactRead), support, known.Contact, conversation.MailDraft{Subject: "回访"}, "permission.missing"},
		} {
			_, _, err := h.ComposeTo(ctx, c.by, c.in, c.who, desk.Draft{ClientID: "refused-0001", Text: "您好", Mail: &c.mail})
			if got := fault.CodeOf(err); err == nil || got != c.want {
				h.t.Errorf("%s: %v (%s), want %s", name, err, got, c.want)
			}
		}
		h.clock.Turn(time.Minute)
		h.run()
		if n := len(h.everyone()); n != before || len(p.sent) != 0 {
			h.t.Errorf("%d conversations more, %d mails left", n-before, len(p.sent))
		}

		// To a customer whose address the agent does not see, and to one more.
		_, m, err := h.ComposeTo(ctx, h.lin, support, known.Contact, desk.Draft{ClientID: "refused-0002", Text: "您好", Mail: &conversation.MailDraft{Subject: "回访", To: to}})
		h.must(err)
		h.clock.Turn(time.Minute)
		h.run()
		if len(p.sent) != 1 || !slices.Equal(p.sent[0].To, []string{"li@163.com", "zhang@qq.com"}) || h.stands(m) != conversation.Sent {
			h.t.Errorf("left %d, stands as %s", len(p.sent), h.stands(m))
		}
	})
}

// Where a mail was put aside is seen by whoever sees its mailbox's team.
func TestMailsAsideAreOfTheirTeam(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		box, _, _ := h.mailed(func(s *mailbox.Settings) { s.SpamWords = []string{"代开发票"} })
		team := agent.Team{ID: agent.NewTeamID(h.Now()), Name: "财务"}
		h.must(h.DB.Update(ctx, func(tx *store.Tx) error {
			if err := tx.InsertTeam(ctx, team); err != nil {
				return err
			}
			in, err := tx.InboxByID(ctx, box)
			if err != nil {
				return err
			}
			in.Team = team.ID
			_, err = tx.SaveInbox(ctx, in)
			return err
		}))
		h.arrives(box, letter(fromZhang+"代开发票", "联系我<b>"))
		ms, err := h.MailsAside(ctx, h.wang, 0, 10)
		h.must(err)
		if len(ms) != 1 {
			h.t.Fatalf("aside: %+v", ms)
		}
		m, a, err := h.MailAside(ctx, h.wang, ms[0].ID)
		if h.must(err); m.ID != ms[0].ID || a.From[0].Address != "zhang@qq.com" || !strings.Contains(a.Text, "联系我<b>") {
			h.t.Errorf("looked at: %+v", a)
		}
		stranger := h.outsider()
		if ms, err := h.MailsAside(ctx, stranger, 0, 10); err != nil || len(ms) != 0 {
			h.t.Errorf("a stranger lists %d, %v", len(ms), err)
		}
		if m, a, err := h.MailAside(ctx, stranger, ms[0].ID); fault.CodeOf(err) != "mail.unknown" || a.Text != "" || m.Subject != "" {
			h.t.Errorf("a stranger reads %q, %q: %v", m.Subject, a.Text, err)
		}
		h.code(h.ReleaseMail(ctx, stranger, ms[0].ID), "mail.unknown")
		member := agent.Actor{Agent: h.zhao.Agent, Permissions: stranger.Permissions, Scope: agent.ScopeTeam, Teams: []agent.TeamID{team.ID}}
		_, _, err = h.MailAside(ctx, member, ms[0].ID)
		h.must(err)
		h.must(h.ReleaseMail(ctx, member, ms[0].ID))
		h.run()
		if cs := h.talks(); len(cs) != 1 || cs[0].ContactName != "张伟" {
			h.t.Errorf("released it is %+v", cs)
		}
		_, _, err = h.MailAside(ctx, member, ms[0].ID)
		h.code(err, "mail.not_aside")
	})
}

// A canned reply in a new mail knows whom it is for, as far as the writer may.
func TestACannedReplyInANewMail(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		support, _, _ := h.mailed()
		h.arrives(support, letter(fromZhang))
		zhang := h.talks()[0]
		r, err := h.AddCanned(ctx, h.wang, canned.Reply{Shortcut: "回访", Title: "回访", Text: "{{contact.name}}您好，我是{{agent.name}}。", Language: "zh", Shared: true})
		h.must(err)
		number, err := h.AddCanned(ctx, h.lin, canned.Reply{Shortcut: "编号", Title: "编号", Text: "会话 {{conversation.number}}", Language: "zh"})
		h.must(err)
		for name, c := range map[string]struct {
			by   agent.Actor
			to   desk.Addressed
			want string
		}{
			"a contact":             {h.lin, desk.Addressed{Contact: zhang.Contact}, "张伟您好，我是林。"},
			"a known address":       {h.lin, desk.Addressed{Address: " Zhang@QQ.com ", Name: "老张"}, "张伟您好，我是林。"},
			"an unknown address":    {h.lin, desk.Addressed{Address: "new@qq.com", Name: "王芳"}, "王芳您好，我是林。"},
			"nobody yet":            {h.lin, desk.Addressed{}, "{{contact.name}}您好，我是林。"},
			"without the right to":  {h.outsider(), desk.Addressed{Address: "zhang@qq.com", Name: "老张"}, "老张您好，我是赵。"},
			"a name that is blanks": {h.lin, desk.Addressed{Address: "new@qq.com", Name: "  "}, "{{contact.name}}您好，我是林。"},
		} {
			f, err := h.FillCannedFor(ctx, c.by, r.ID, c.to)
			if err != nil || f.Text != c.want || len(f.Missing) != strings.Count(c.want, "{{") {
				h.t.Errorf("%s: %q, missing %v, %v", name, f.Text, f.Missing, err)
			}
		}
		f, err := h.FillCannedFor(ctx, h.lin, number.ID, desk.Addressed{Contact: zhang.Contact})
		if h.must(err); len(f.Missing) != 1 {
			h.t.Errorf("a conversation that is not yet has a number: %+v", f)
		}
		_, err = h.FillCannedFor(ctx, h.zhao, number.ID, desk.Addressed{})
		h.code(err, "canned.unknown")
		_, err = h.FillCannedFor(ctx, h.outsider(), r.ID, desk.Addressed{Contact: zhang.Contact})
		h.code(err, "permission.missing")
	})
}
