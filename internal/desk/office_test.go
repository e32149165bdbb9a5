package desk_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/canned"
	"yingda/internal/domain/company"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/blob"
	"yingda/internal/store"
)

// What an office needs beside the conversations: settings, inboxes, contacts,
// canned replies, cases and notices.

// admin may do one thing, and has a name for the audit log.
func (h *house) admin(ps ...agent.Permission) agent.Actor {
	return agent.Actor{Agent: h.wang.Agent, Name: "管理员", Address: "192.0.2.7", Permissions: ps, Scope: agent.ScopeOwn}
}

// audited returns the newest entries of the audit log: "action object detail".
func (h *house) audited(action string) []audit.Entry {
	h.t.Helper()
	es, err := h.DB.Now().AuditEntries(h.t.Context(), audit.Filter{Action: action, Limit: 50})
	h.must(err)
	return es
}

// told waits until the consoles have heard of a kind of fact a number of times.
func (h *house) told(kind event.Kind, times int) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 30*time.Second)
	defer cancel()
	enough := errors.New("enough")
	n := 0
	err := h.DB.Follow(ctx, 0, func(es []event.Event) error {
		for _, e := range es {
			if e.Kind == kind {
				n++
			}
		}
		if n >= times {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || n != times {
		h.t.Errorf("consoles heard %d times of %s, want %d: %v", n, kind, times, err)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, boss := h.t.Context(), h.admin(agent.SettingManage)
		s, err := h.Settings(ctx)
		h.must(err)
		if _, ok := s.Category("business.recall"); !ok || s.Check() != nil {
			h.t.Errorf("a new house begins with %+v", s)
		}
		phone, name := "400-820-0000", inbox.Text{Zh: "远行汽车", En: "Yuanxing Motors"}
		_, err = h.ChangeSettings(ctx, h.lin, company.Change{Phone: &phone})
		h.code(err, "permission.missing")
		wrong := "call us"
		_, err = h.ChangeSettings(ctx, boss, company.Change{Phone: &wrong})
		h.code(err, "contact.phone")

		results := append(slices.Clone(s.Results), company.Result{Choice: company.Choice{ID: "handed", Zh: "转出", En: "Handed on"}, Team: agent.NewTeamID(h.Now())})
		_, err = h.ChangeSettings(ctx, boss, company.Change{Results: &results})
		h.code(err, "team.unknown")

		// Two people change different fields at once; both stay.
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, c := range []company.Change{{Phone: &phone}, {Company: &name}} {
			wg.Go(func() { _, errs[i] = h.ChangeSettings(ctx, boss, c) })
		}
		wg.Wait()
		h.must(errors.Join(errs...))
		s, err = h.Settings(ctx)
		h.must(err)
		if s.Phone != phone || s.Company != name {
			h.t.Errorf("two changes at once left %q and %v", s.Phone, s.Company)
		}
		shown, err := h.Company(ctx)
		h.must(err)
		if shown != (channel.Company{Name: name, Phone: phone}) {
			h.t.Errorf("the widget says %+v", shown)
		}
		h.told(event.SettingsChanged, 2)
		if es := h.audited("setting.change"); len(es) != 2 || es[0].ActorName != "管理员" || es[0].Address != "192.0.2.7" {
			h.t.Errorf("the audit log holds %+v", es)
		}
	})
}

type mirror struct{}

func (mirror) Seal(s []byte) string {
	slices.Reverse(s)
	return "sealed:" + string(s)
}

func (mirror) Open(s string) ([]byte, error) {
	b, ok := strings.CutPrefix(s, "sealed:")
	if !ok {
		return nil, errors.New("not sealed")
	}
	r := []byte(b)
	slices.Reverse(r)
	return r, nil
}

func TestInboxes(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, boss := h.t.Context(), h.admin(agent.ChannelManage)
		h.Seal = mirror{}
		name, empty := " 微商城 ", "  "
		_, err := h.CreateInbox(ctx, h.lin, desk.InboxChange{Name: &name})
		h.code(err, "permission.missing")
		_, err = h.CreateInbox(ctx, boss, desk.InboxChange{Name: &empty})
		h.code(err, "inbox.name")
		missing := agent.NewTeamID(h.Now())
		_, err = h.CreateInbox(ctx, boss, desk.InboxChange{Name: &name, Team: &missing})
		h.code(err, "inbox.team")
		made, err := h.CreateInbox(ctx, boss, desk.InboxChange{Name: &name})
		h.must(err)
		if made.Name != "微商城" || !made.Enabled || made.Settings.RingSeconds != inbox.Defaults().RingSeconds || len(made.Key) < 12 {
			h.t.Errorf("made %+v", made)
		}

		wrong := made.Settings
		wrong.Color = "blue"
		_, err = h.ChangeInbox(ctx, boss, made.ID, desk.InboxChange{Settings: &wrong})
		h.code(err, "inbox.color")
		off := false
		changed, err := h.ChangeInbox(ctx, boss, made.ID, desk.InboxChange{Enabled: &off, Version: made.Version})
		h.must(err)
		_, err = h.ChangeInbox(ctx, boss, made.ID, desk.InboxChange{Name: &name, Version: made.Version})
		h.code(err, "store.changed")
		_, err = h.InboxByKey(ctx, made.Key)
		h.code(err, "inbox.off")
		on := true
		_, err = h.ChangeInbox(ctx, boss, made.ID, desk.InboxChange{Enabled: &on, Version: changed.Version})
		h.must(err)

		first, err := h.RotateInboxSecret(ctx, boss, made.ID)
		h.must(err)
		second, err := h.RotateInboxSecret(ctx, boss, made.ID)
		h.must(err)
		opened, err := h.InboxByKey(ctx, made.Key)
		h.must(err)
		if string(opened.Secret) != second || first == second || len(second) < 32 {
			h.t.Errorf("the channel sees %q, shown were %q and %q", opened.Secret, first, second)
		}
		all, err := h.Inboxes(ctx)
		h.must(err)
		if len(all) != 2 || all[1].ID != made.ID || !strings.HasPrefix(string(all[1].Secret), "sealed:") {
			h.t.Errorf("all are %+v", all)
		}
		for _, e := range h.audited("inbox.secret") {
			if s := e.Detail["secret"]; s != nil {
				h.t.Errorf("the audit log holds the secret %v", s)
			}
		}
		if got := len(h.audited("inbox.secret")); got != 2 {
			h.t.Errorf("%d entries about secrets", got)
		}
		_, err = h.RotateInboxSecret(ctx, boss, inbox.NewID(h.Now()))
		h.code(err, "inbox.unknown")
	})
}

func TestContacts(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		phone, email, name := "13812345678", "zhang.wei@example.cn", "张伟"
		who := h.visitor()
		for range 4 {
			h.clock.Turn(time.Minute)
			h.visitor()
		}
		_, err := h.ChangeContact(ctx, h.admin(agent.ContactRead), who.Contact, desk.ContactChange{Phone: &phone}, 0)
		h.code(err, "permission.missing")
		wrong := "138****5678" // what a form shows that was not touched
		_, err = h.ChangeContact(ctx, h.lin, who.Contact, desk.ContactChange{Phone: &wrong}, 0)
		h.code(err, "contact.phone")
		card, err := h.ChangeContact(ctx, h.lin, who.Contact, desk.ContactChange{Phone: &phone, Email: &email, Name: &name}, 0)
		h.must(err)
		if card.Phone != "138****5678" || card.Email != "zh***@example.cn" || card.Name != name {
			h.t.Errorf("after the change the agent sees %+v", card)
		}

		// Found by name, by the whole number, and by its end, in pages otherwise.
		for _, words := range []string{"张伟", "13812345678", "5678", "zhang.wei"} {
			p, err := h.Contacts(ctx, h.lin, desk.ContactList{Words: words, Cursor: "", Limit: 10})
			h.must(err)
			if len(p.Items) != 1 || p.Items[0].ID != who.Contact || p.Items[0].Phone != "138****5678" {
				h.t.Errorf("%s finds %+v", words, p.Items)
			}
		}
		// Not by its beginning: each digit that is masked could be tried.
		if p, err := h.Contacts(ctx, h.lin, desk.ContactList{Words: "张伟 1381", Cursor: "", Limit: 10}); err != nil || len(p.Items) != 0 {
			h.t.Errorf("the beginning of a number finds %+v: %v", p.Items, err)
		}
		seen := map[string]bool{}
		cursor := ""
		for page := 0; ; page++ {
			p, err := h.Contacts(ctx, h.lin, desk.ContactList{Words: "", Cursor: cursor, Limit: 2})
			h.must(err)
			for _, c := range p.Items {
				if seen[c.ID.String()] {
					h.t.Errorf("%s comes twice", c.ID)
				}
				seen[c.ID.String()] = true
			}
			if cursor = p.Next; cursor == "" {
				break
			}
			if page > 5 {
				h.t.Fatal("the list does not end")
			}
		}
		if len(seen) != 5 {
			h.t.Errorf("the pages hold %d contacts, want 5", len(seen))
		}
		_, err = h.Contacts(ctx, h.lin, desk.ContactList{Words: "", Cursor: "nonsense", Limit: 2})
		h.code(err, "list.cursor")
		_, err = h.Contacts(ctx, h.admin(), desk.ContactList{Words: "", Cursor: "", Limit: 2})
		h.code(err, "permission.missing")

		// The whole number is for those who may, with a reason that is kept.
		_, err = h.Reveal(ctx, h.lin, who.Contact, "phone", "回访", 0)
		h.code(err, "verification.needed")
		_, err = h.Reveal(ctx, h.wang, who.Contact, "phone", " ", 0)
		h.code(err, "contact.reason")
		_, err = h.Reveal(ctx, h.wang, who.Contact, "note", "回访", 0)
		h.code(err, "contact.field")
		value, err := h.Reveal(ctx, h.wang, who.Contact, "phone", "客户要求回电", 0)
		h.must(err)
		es := h.audited("contact.reveal")
		if value != phone || len(es) != 1 || es[0].Detail["reason"] != "客户要求回电" || es[0].Detail["field"] != "phone" {
			h.t.Errorf("revealed %q, audited %+v", value, es)
		}
		_, err = h.Contact(ctx, h.lin, who.Contact)
		h.must(err)
		if len(h.audited("contact.look")) != 1 {
			h.t.Error("a look at a contact was not recorded")
		}
	})
}

func TestBlockedContactsAreNotHeard(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, who := h.t.Context(), h.visitor()
		h.write(who, "你好")
		_, err := h.BlockContact(ctx, h.lin, who.Contact, true, "广告", time.Time{})
		h.code(err, "permission.missing")
		card, err := h.BlockContact(ctx, h.wang, who.Contact, true, "广告", time.Time{})
		h.must(err)
		if !card.Blocked || card.BlockedReason != "广告" || card.Conversations != 1 {
			h.t.Errorf("blocked: %+v", card)
		}
		_, err = h.Receive(ctx, channel.Inbound{Inbox: who.Inbox, Contact: who.Contact, ClientID: "client-blocked", Text: "买吗", At: h.Now()})
		h.code(err, "contact.blocked")
		_, err = h.OpenCase(ctx, who, handed(), "case-blocked")
		h.code(err, "contact.blocked")
		card, err = h.BlockContact(ctx, h.wang, who.Contact, false, "误操作", time.Time{})
		h.must(err)
		if card.Blocked || card.BlockedReason != "" {
			h.t.Errorf("let in again: %+v", card)
		}
		h.write(who, "谢谢")
		if len(h.audited("contact.block")) != 1 || len(h.audited("contact.unblock")) != 1 {
			h.t.Error("blocking is not in the audit log")
		}
	})
}

// A contact's conversations are shown as far as one may see them.
func TestConversationsOfAContact(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		who, id := h.waiting()
		h.run()
		_, err := h.Accept(ctx, h.lin, id)
		h.must(err)
		narrow := h.admin(agent.ContactRead, agent.ConversationRead)
		narrow.Agent = h.zhao.Agent
		for name, c := range map[string]struct {
			by   agent.Actor
			want int
		}{"who answers": {h.lin, 1}, "a supervisor": {h.wang, 1}, "own only": {narrow, 0}, "no conversations": {h.admin(agent.ContactRead), 0}} {
			p, err := h.ContactConversations(ctx, c.by, who.Contact, "", 10)
			h.must(err)
			if len(p.Items) != c.want || p.Items == nil {
				h.t.Errorf("%s sees %d", name, len(p.Items))
			}
		}
	})
}

func TestCannedReplies(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		mine := canned.Reply{Shortcut: "/您好", Title: "问候", Text: "您好，请问有什么可以帮您？\n", Language: "zh"}
		kept, err := h.AddCanned(ctx, h.lin, mine)
		h.must(err)
		if kept.Shortcut != "您好" || strings.HasSuffix(kept.Text, "\n") || kept.ID.IsZero() {
			h.t.Errorf("kept %+v", kept)
		}
		_, err = h.AddCanned(ctx, h.lin, mine)
		h.code(err, "canned.exists")
		_, err = h.AddCanned(ctx, h.zhao, mine) // a colleague's own is theirs
		h.must(err)
		shared := mine
		shared.Shared, shared.Shortcut, shared.Text = true, "recall", "召回查询请提供车架号"
		_, err = h.AddCanned(ctx, h.lin, shared)
		h.code(err, "permission.missing")
		all, err := h.AddCanned(ctx, h.wang, shared)
		h.must(err)
		for _, c := range []struct {
			words string
			want  int
		}{{"", 2}, {"/您", 1}, {"召回", 1}, {"RECALL", 1}, {"nothing", 0}} {
			rs, err := h.CannedReplies(ctx, h.lin, c.words)
			h.must(err)
			if len(rs) != c.want {
				h.t.Errorf("%q finds %d, want %d", c.words, len(rs), c.want)
			}
		}
		for name, c := range map[string]struct {
			reply canned.Reply
			code  string
		}{
			"a shortcut with a space": {canned.Reply{Shortcut: "a b", Text: "x", Language: "zh"}, "canned.shortcut"},
			"no text":                 {canned.Reply{Shortcut: "a", Language: "zh"}, "message.empty"},
			"no language":             {canned.Reply{Shortcut: "a", Text: "x"}, "canned.language"},
			"a long title":            {canned.Reply{Shortcut: "a", Text: "x", Language: "zh", Title: strings.Repeat("长", 81)}, "canned.title"},
		} {
			if _, err := h.AddCanned(ctx, h.lin, c.reply); err == nil {
				h.t.Errorf("%s is taken", name)
			} else {
				h.code(err, c.code)
			}
		}
		text, yes := "新的文字", true
		_, err = h.ChangeCanned(ctx, h.zhao, kept.ID, desk.CannedChange{Text: &text})
		h.code(err, "canned.unknown") // not theirs to know of
		_, err = h.ChangeCanned(ctx, h.lin, kept.ID, desk.CannedChange{Shared: &yes})
		h.code(err, "permission.missing")
		changed, err := h.ChangeCanned(ctx, h.lin, kept.ID, desk.CannedChange{Text: &text})
		h.must(err)
		if changed.Text != text || changed.Title != "问候" {
			h.t.Errorf("changed to %+v", changed)
		}
		h.code(h.RemoveCanned(ctx, h.lin, all.ID), "permission.missing")
		h.must(h.UseCanned(ctx, h.lin, all.ID))
		rs, err := h.CannedReplies(ctx, h.zhao, "recall")
		h.must(err)
		if rs[0].Uses != 1 {
			h.t.Errorf("used %d times", rs[0].Uses)
		}
		h.must(h.RemoveCanned(ctx, h.wang, all.ID))
		h.code(h.RemoveCanned(ctx, h.wang, all.ID), "canned.unknown")
	})
}

func handed() ticket.Case {
	return ticket.Case{Kind: ticket.Complaint, Text: "维修后异响仍在\n请回电", Name: "张伟", Phone: "13812345678"}
}

func TestCases(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, who := h.t.Context(), h.visitor()
		h.write(who, "我要投诉")
		first, err := h.OpenCase(ctx, who, handed(), "case-0001")
		h.must(err)
		again, err := h.OpenCase(ctx, who, handed(), "case-0001")
		h.must(err)
		if again.ID != first.ID || first.Number != "TS20261122-000001" || first.Conversation.IsZero() || first.Subject != "维修后异响仍在" {
			h.t.Errorf("handed in %+v, again %+v", first, again)
		}
		second, err := h.OpenCase(ctx, who, handed(), "case-0002")
		h.must(err)
		if second.Number != "TS20261122-000002" {
			h.t.Errorf("the second is %s", second.Number)
		}
		h.clock.Turn(14*time.Hour + time.Minute) // past midnight in Shanghai, not yet in London
		feedback := handed()
		feedback.Kind = ticket.Feedback
		third, err := h.OpenPublicCase(ctx, feedback, nil, "portal-0001")
		h.must(err)
		if third.Number != "FK20261123-000001" || third.Source != "portal" || !third.Conversation.IsZero() {
			h.t.Errorf("from the form: %+v", third)
		}
		if got := h.seqs(first.Conversation); strings.Count(got, "case.created") != 2 {
			h.t.Errorf("the conversation tells %s", got)
		}

		silent := handed()
		silent.Phone = ""
		_, err = h.OpenCase(ctx, who, silent, "case-0003")
		h.code(err, "case.reach")
		_, err = h.OpenCase(ctx, who, handed(), "x")
		h.code(err, "message.client_id")

		p, err := h.Cases(ctx, h.lin, store.CaseList{Kind: ticket.Complaint, Limit: 1})
		h.must(err)
		if len(p.Items) != 1 || p.Items[0].ID != second.ID || p.Items[0].Phone != "138****5678" || p.Next == "" {
			h.t.Errorf("the list shows %+v", p)
		}
		p, err = h.Cases(ctx, h.lin, store.CaseList{Kind: ticket.Complaint, Limit: 1, Cursor: p.Next})
		h.must(err)
		if len(p.Items) != 1 || p.Items[0].ID != first.ID || p.Next != "" {
			h.t.Errorf("the next page shows %+v", p)
		}
		c, err := h.Case(ctx, h.lin, first.ID)
		h.must(err)
		if c.Case.Phone != "138****5678" || len(h.audited("case.look")) != 1 {
			h.t.Errorf("the case shows %q", c.Case.Phone)
		}
		_, err = h.Cases(ctx, h.admin(), store.CaseList{})
		h.code(err, "permission.missing")
	})
}

// Customers see what they handed in: what names them, and what came under an
// address that is proven to be theirs.
func TestCasesOfACustomer(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		hand := func(who contact.ID, email, clientID string) {
			h.t.Helper()
			c := handed()
			c.Contact, c.Email = who, email
			_, err := h.OpenPublicCase(ctx, c, nil, clientID)
			h.must(err)
			h.clock.Turn(time.Minute)
		}
		zhao, other := contact.NewID(h.clock.Now()), contact.NewID(h.clock.Now())
		hand(zhao, "", "form-0001")
		hand(0, "Zhao@Mail.example", "form-0002")
		hand(other, "other@mail.example", "form-0003")
		hand(0, "", "form-0004")
		for _, c := range []struct {
			who    contact.ID
			proven string
			want   int
		}{{zhao, "zhao@mail.example", 2}, {zhao, "", 1}, {other, "", 1}, {contact.NewID(h.clock.Now()), "", 0}} {
			cs, err := h.CasesOf(ctx, c.who, c.proven)
			h.must(err)
			if len(cs) != c.want {
				h.t.Errorf("%s with %q sees %d cases, want %d", c.who, c.proven, len(cs), c.want)
			}
		}
		cs, err := h.CasesOf(ctx, zhao, "zhao@mail.example")
		h.must(err)
		if cs[0].Email != "Zhao@Mail.example" || cs[1].Contact != zhao {
			h.t.Errorf("not the newest first: %+v", cs)
		}
	})
}

// A complaint about someone who works here is seen by few.
func TestComplaintsAboutStaff(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, about := h.t.Context(), handed()
		about.AboutStaff = true
		c, err := h.OpenPublicCase(ctx, about, nil, "portal-staff")
		h.must(err)
		for by, want := range map[*agent.Actor]int{&h.lin: 0, &h.wang: 1} {
			p, err := h.Cases(ctx, *by, store.CaseList{})
			h.must(err)
			if len(p.Items) != want {
				h.t.Errorf("%s sees %d", by.Name, len(p.Items))
			}
		}
		_, err = h.Case(ctx, h.lin, c.ID)
		h.code(err, "case.unknown")
		_, err = h.Case(ctx, h.wang, c.ID)
		h.must(err)
	})
}

// takesFiles gives the house somewhere to keep files.
func (h *house) takesFiles() {
	h.t.Helper()
	dir, err := blob.OpenDir(h.t.TempDir())
	h.must(err)
	h.t.Cleanup(func() { _ = dir.Close() })
	h.Files = dir
}

func pdf(page string) channel.Upload {
	return channel.Upload{Name: "发票.pdf", Body: strings.NewReader("%PDF-1.4\n1 0 obj\n<<" + page + ">>\nendobj\n%%EOF\n"), Limit: 1 << 20}
}

func TestFilesOfACase(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.takesFiles()
		files := func() []channel.Upload { return []channel.Upload{pdf("1"), pdf("2"), pdf("1")} } // one came twice
		c, err := h.OpenPublicCase(ctx, handed(), files(), "portal-files")
		h.must(err)
		again, err := h.OpenPublicCase(ctx, handed(), files(), "portal-files")
		h.must(err)
		got, err := h.Case(ctx, h.lin, c.ID)
		h.must(err)
		if again.ID != c.ID || len(got.Case.Attachments) != 2 || len(got.Evidence) != 2 || got.Broken != -1 || got.Case.Attachments[0].Name != "发票.pdf" {
			h.t.Errorf("the case has %+v", got.Case.Attachments)
		}
		f, err := h.FileFor(ctx, h.lin, got.Case.Attachments[0].ID, false)
		h.must(err)
		h.must(f.Body.Close())

		// The files of a complaint about staff are for those who may read it.
		about := handed()
		about.Kind, about.AboutStaff = ticket.Complaint, true
		c, err = h.OpenPublicCase(ctx, about, []channel.Upload{pdf("3")}, "portal-about-staff")
		h.must(err)
		_, err = h.FileFor(ctx, h.lin, c.Attachments[0].ID, false)
		h.code(err, "file.unknown")
		f, err = h.FileFor(ctx, h.wang, c.Attachments[0].ID, false)
		h.must(err)
		h.must(f.Body.Close())

		// What someone else uploaded cannot be handed in.
		me, other := h.visitor(), h.visitor()
		theirs, err := h.Attach(ctx, other, pdf("4"))
		h.must(err)
		stolen := handed()
		stolen.Attachments = []conversation.Attachment{theirs}
		_, err = h.OpenCase(ctx, me, stolen, "case-stolen")
		h.code(err, "message.file")
		if _, err := h.OpenCase(ctx, other, stolen, "case-other"); err != nil {
			h.t.Error(err)
		}
	})
}

func TestNotices(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		_, id := h.waiting()
		h.run()
		_, err := h.Accept(ctx, h.lin, id)
		h.must(err)
		_, err = h.Reply(ctx, h.lin, id, desk.Draft{ClientID: "note-0001", Kind: conversation.Note, Text: "@赵 帮忙看下", Mentions: []agent.ID{h.zhao.Agent}})
		h.must(err)
		ns, unread, err := h.Notices(ctx, h.zhao)
		h.must(err)
		if len(ns) != 1 || unread != 1 || ns[0].Kind != "mention" || ns[0].Conversation != id || ns[0].Read {
			h.t.Errorf("the colleague was told %+v, %d unread", ns, unread)
		}
		_, err = h.Reply(ctx, h.lin, id, desk.Draft{ClientID: "note-0002", Kind: conversation.Note, Text: "@所有人", Mentions: make([]agent.ID, 51)})
		h.code(err, "message.mentions")
		h.must(h.ReadNotices(ctx, h.zhao))
		ns, unread, err = h.Notices(ctx, h.zhao)
		h.must(err)
		if len(ns) != 1 || unread != 0 || !ns[0].Read {
			h.t.Errorf("after reading: %+v, %d unread", ns, unread)
		}
		ns, _, err = h.Notices(ctx, h.lin)
		h.must(err)
		if ns == nil || len(ns) != 0 {
			h.t.Errorf("the other was told %v", ns)
		}
	})
}
