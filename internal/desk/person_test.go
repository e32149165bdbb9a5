package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/event"
	"yingda/internal/domain/inbox"
	"yingda/internal/store"
)

// called makes a visitor who told their name and number, and wrote something.
func (h *house) called(name, phone, email, words string) contact.Visitor {
	h.t.Helper()
	v := h.visitor()
	_, err := h.Introduce(h.t.Context(), v, contact.Contact{Name: name, Phone: phone, Email: email})
	h.must(err)
	h.write(v, words)
	h.clock.Turn(time.Minute)
	return v
}

// One person by chat and by phone: suggested by the same number, merged by a
// person, read together by those who work here; each browser goes on reading
// its own only; taken back, all is as it was (R083).
func TestOnePersonAcrossChannels(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		a := h.called("张伟", "138 0000 1111", "", "充电枪锁住了")
		b := h.called("张先生", "+86 13800001111", "Zhang@Example.cn", "还是充不上电")
		other := h.called("李娜", "13900002222", "", "预约保养")

		twins, err := h.Twins(ctx, h.lin, a.Contact)
		h.must(err)
		if len(twins) != 1 || twins[0].ID != b.Contact || !slices.Equal(twins[0].By, []contact.IdentityKind{contact.ByPhone}) || twins[0].Phone != "+86****1111" {
			h.t.Fatalf("suggested %+v", twins)
		}
		dups, err := h.Duplicates(ctx, h.wang, "", 10)
		h.must(err)
		if len(dups.Items) != 1 || len(dups.Items[0].People) != 2 || dups.Items[0].Shown != "138****1111" {
			h.t.Errorf("duplicates %+v", dups.Items)
		}
		_, err = h.MergeContacts(ctx, h.lin, a.Contact, b.Contact, nil, "", 0)
		h.code(err, "permission.missing")
		_, err = h.MergeContacts(ctx, h.wang, a.Contact, a.Contact, nil, "", 0)
		h.code(err, "contact.merge_same")

		p, err := h.PreviewMerge(ctx, h.wang, a.Contact, b.Contact, nil)
		h.must(err)
		if len(p.Lines) != 3 || p.Refused != nil || p.Moves.Conversations != 1 || p.Lines[1].Other != "+86****1111" {
			h.t.Errorf("preview %+v", p)
		}
		before, err := h.DB.Now().Contact(ctx, a.Contact)
		h.must(err)
		card, err := h.MergeContacts(ctx, h.wang, a.Contact, b.Contact, nil, "同一位车主", 0)
		h.must(err)
		if card.ID != a.Contact || card.Name != "张伟" || card.Email != "Zh***@Example.cn" || card.Conversations != 2 || !slices.Equal(card.Also, []contact.ID{b.Contact}) {
			h.t.Errorf("merged into %+v", card)
		}

		// The merged id opens who stands for both; lists and search know one.
		opened, err := h.Contact(ctx, h.lin, b.Contact)
		h.must(err)
		if opened.ID != a.Contact || opened.Asked != b.Contact {
			h.t.Errorf("the merged id opens %+v", opened)
		}
		all, err := h.Contacts(ctx, h.lin, desk.ContactList{Limit: 10})
		h.must(err)
		if len(all.Items) != 2 {
			h.t.Errorf("the list holds %d, want 2", len(all.Items))
		}
		for _, words := range []string{"张先生", "张伟", "zhang"} {
			found, err := h.Contacts(ctx, h.lin, desk.ContactList{Words: words, Limit: 10})
			h.must(err)
			if len(found.Items) != 1 || found.Items[0].ID != a.Contact {
				h.t.Errorf("%s finds %+v", words, found.Items)
			}
		}
		talks, err := h.ContactConversations(ctx, h.wang, b.Contact, "", 10)
		h.must(err)
		if len(talks.Items) != 2 || talks.Items[0].ContactName != "张伟" || talks.Items[1].ContactName != "张伟" {
			h.t.Errorf("the conversations of both: %+v", talks.Items)
		}

		// Each browser reads its own, and goes on writing.
		ca, _, err := h.Current(ctx, a)
		h.must(err)
		cb, _, err := h.Current(ctx, b)
		h.must(err)
		if ca.ID == cb.ID {
			h.t.Fatal("both browsers read one conversation")
		}
		_, _, err = h.History(ctx, b, ca.ID, 0, 0, 0)
		h.code(err, "conversation.unknown")
		_, err = h.View(ctx, a, cb.ID)
		h.code(err, "conversation.unknown")
		h.write(b, "在吗")
		v, err := h.Visit(ctx, channel.Visit{Inbox: h.inbox, Known: b, Language: "zh"})
		h.must(err)
		if v.Name != "张先生" || v.Email != "Zhang@Example.cn" {
			h.t.Errorf("the browser of the merged contact is told %+v", v)
		}
		var heard int
		h.must(h.DB.View(ctx, func(tx *store.Tx) error {
			return tx.Number(ctx, &heard, "SELECT COUNT(*) FROM events WHERE kind = ?1", string(event.ContactChanged))
		}))
		if heard != 2 {
			h.t.Errorf("the consoles heard %d times, want 2", heard)
		}

		// A block of the person is one of both.
		_, err = h.BlockContact(ctx, h.wang, b.Contact, true, "辱骂客服", h.Now().Add(time.Hour))
		h.must(err)
		for _, who := range []contact.Visitor{a, b} {
			_, err = h.Receive(ctx, channel.Inbound{Inbox: who.Inbox, Contact: who.Contact, ClientID: "blocked-" + who.Contact.String(), Text: "喂", At: h.Now()})
			h.code(err, "contact.blocked")
		}
		h.clock.Turn(2 * time.Hour)
		h.write(a, "现在呢")

		// Taken back exactly.
		merges, err := h.Merges(ctx, h.lin, b.Contact)
		h.must(err)
		if len(merges) != 1 || merges[0].Why != "同一位车主" {
			h.t.Fatalf("merges %+v", merges)
		}
		_, err = h.MergeContacts(ctx, h.wang, other.Contact, a.Contact, nil, "", 0)
		h.must(err)
		_, _, _, err = h.UnmergeContacts(ctx, h.wang, merges[0].ID)
		h.code(err, "contact.merge_above")
		above, err := h.Merges(ctx, h.lin, other.Contact)
		h.must(err)
		_, _, _, err = h.UnmergeContacts(ctx, h.wang, above[0].ID)
		h.must(err)
		kept, apart, stay, err := h.UnmergeContacts(ctx, h.wang, merges[0].ID)
		h.must(err)
		after, err := h.DB.Now().Contact(ctx, a.Contact)
		h.must(err)
		if kept.ID != a.Contact || apart.ID != b.Contact || len(stay) != 0 || after.Name != before.Name || after.Phone != before.Phone || after.Email != "" || apart.Conversations != 1 {
			h.t.Errorf("taken back: %+v and %+v, %v stay", kept, apart, stay)
		}
		found, err := h.Contacts(ctx, h.lin, desk.ContactList{Words: "张先生", Limit: 10})
		h.must(err)
		if len(found.Items) != 1 || found.Items[0].ID != b.Contact {
			h.t.Errorf("after taking back the search finds %+v", found.Items)
		}
		talks, err = h.ContactConversations(ctx, h.wang, b.Contact, "", 10)
		h.must(err)
		if len(talks.Items) != 1 || talks.Items[0].ContactName != "张先生" {
			h.t.Errorf("after taking back: %+v", talks.Items)
		}
		_, _, _, err = h.UnmergeContacts(ctx, h.wang, merges[0].ID)
		h.code(err, "contact.merge_undone")
		if n := len(h.audited("contact.merge")) + len(h.audited("contact.unmerge")); n != 8 {
			h.t.Errorf("%d entries of the audit log, want 8", n)
		}

		// Of whom somebody said that they are two is not suggested again.
		h.must(h.NotSame(ctx, h.wang, a.Contact, b.Contact))
		twins, err = h.Twins(ctx, h.lin, b.Contact)
		h.must(err)
		dups, err = h.Duplicates(ctx, h.wang, "", 10)
		h.must(err)
		if len(twins) != 0 || len(dups.Items) != 0 {
			h.t.Errorf("still suggested: %+v, %+v", twins, dups.Items)
		}
	})
}

// The place in the list of doubles says no number to who keeps or logs it.
func TestDuplicatesByPages(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.SealPerson = coded{}
		for _, phone := range []string{"13800001111", "13800002222", "13800003333"} {
			h.called("张伟", phone, "", "你好")
			h.called("王芳", phone, "", "你好")
		}
		var shown []string
		for cursor := ""; ; {
			p, err := h.Duplicates(ctx, h.wang, cursor, 1)
			h.must(err)
			for _, s := range p.Items {
				shown = append(shown, s.Shown)
			}
			if cursor = p.Next; cursor == "" {
				break
			}
			if strings.Contains(cursor, "1380000") {
				h.t.Errorf("the place is %q", cursor)
			}
		}
		if want := []string{"138****1111", "138****2222", "138****3333"}; !slices.Equal(shown, want) {
			h.t.Errorf("doubles %v, want %v", shown, want)
		}
		_, err := h.Duplicates(ctx, h.wang, "phone 13800001111", 1)
		h.code(err, "list.cursor")
	})
}

func TestIdentities(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		a := h.called("张伟", "13800001111", "", "你好")
		h.code(h.AddIdentity(ctx, h.lin, a.Contact, contact.ByPhone, "none", 0), "contact.phone")
		h.code(h.AddIdentity(ctx, h.lin, a.Contact, contact.ByPhone, "021 5566 7788", 0), "verification.needed")
		h.must(h.DB.Update(ctx, func(tx *store.Tx) error { // as if the customer had been verified
			if err := tx.AddIdentity(ctx, contact.Known{Contact: a.Contact, Kind: contact.ByPhone, Shown: "021 5566 7788", At: h.Now(), By: "林"}); err != nil {
				return err
			}
			return tx.IndexPerson(ctx, a.Contact)
		}))
		h.code(h.AddIdentity(ctx, h.lin, a.Contact, contact.ByPhone, "+86 02155667788", 0), "contact.identity_known")
		known, err := h.Identities(ctx, h.lin, a.Contact)
		h.must(err)
		if len(known) != 2 || known[1].Shown != "021****7788" || known[1].By != "林" {
			h.t.Fatalf("known by %+v", known)
		}
		found, err := h.Contacts(ctx, h.lin, desk.ContactList{Words: "7788", Limit: 10})
		h.must(err)
		if len(found.Items) != 1 {
			h.t.Errorf("the second number finds %+v", found.Items)
		}
		name := "identity:" + known[1].Contact.String() + ":phone:" + known[1].Shown
		value, err := h.Reveal(ctx, h.wang, a.Contact, name, "客户要求回电", 0)
		h.must(err)
		if value != "021 5566 7788" || h.audited("contact.reveal")[0].Detail["field"] != "identity" {
			h.t.Errorf("revealed %q", value)
		}
		// A block by the second number keeps the visitor out.
		_, err = h.AddBlock(ctx, h.wang, contact.Block{Kind: contact.BlockPhone, Shown: "02155667788", Reason: "骚扰"})
		h.must(err)
		_, err = h.Receive(ctx, channel.Inbound{Inbox: a.Inbox, Contact: a.Contact, ClientID: "blocked-1", Text: "喂", At: h.Now()})
		h.code(err, "contact.blocked")
		_, err = h.AddBlock(ctx, h.wang, contact.Block{Kind: contact.BlockPhone, Shown: "+86 02155667788", Reason: "骚扰"})
		h.code(err, "block.exists")
		card, err := h.BlockContact(ctx, h.wang, a.Contact, false, "已道歉", time.Time{})
		h.must(err)
		if card.Blocked {
			h.t.Error("still blocked")
		}
		h.write(a, "谢谢")
		h.code(h.DropIdentity(ctx, h.lin, a.Contact, known[0]), "contact.identity_main")
		h.must(h.DropIdentity(ctx, h.lin, a.Contact, known[1]))
		h.code(h.DropIdentity(ctx, h.lin, a.Contact, known[1]), "contact.identity_unknown")
	})
}

func TestBlockedNetworks(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		_, err := h.AddBlock(ctx, h.lin, contact.Block{Kind: contact.BlockNetwork, Shown: "203.0.113.0/24", Reason: "攻击"})
		h.code(err, "permission.missing")
		h.must(h.FromBlockedNetwork(ctx, "203.0.113.7"))
		b, err := h.AddBlock(ctx, h.wang, contact.Block{Kind: contact.BlockNetwork, Shown: "203.0.113.0/24", Reason: "攻击", Until: h.Now().Add(time.Hour)})
		h.must(err)
		h.code(h.FromBlockedNetwork(ctx, "203.0.113.7"), "contact.blocked")
		h.code(h.FromBlockedNetwork(ctx, "::ffff:203.0.113.7"), "contact.blocked")
		h.must(h.FromBlockedNetwork(ctx, "203.0.114.7"))
		h.clock.Turn(2 * time.Hour)
		h.must(h.FromBlockedNetwork(ctx, "203.0.113.7"))
		_, err = h.LiftBlock(ctx, h.wang, b.ID, "误封")
		h.code(err, "block.over")
		b, err = h.AddBlock(ctx, h.wang, contact.Block{Kind: contact.BlockNetwork, Shown: "203.0.113.0/24", Reason: "又来了"})
		h.must(err)
		now, err := h.Blocks(ctx, h.wang, "", false, "", 10)
		h.must(err)
		past, err := h.Blocks(ctx, h.wang, "", true, "", 10)
		h.must(err)
		if len(now.Items) != 1 || now.Items[0].ID != b.ID || len(past.Items) != 1 {
			h.t.Errorf("blocked %+v, before %+v", now.Items, past.Items)
		}
		_, err = h.LiftBlock(ctx, h.wang, b.ID, "误封")
		h.must(err)
		h.must(h.FromBlockedNetwork(ctx, "203.0.113.7"))
	})
}

func TestNotesTagsAndFieldsOfACustomer(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		a := h.called("张伟", "13800001111", "", "你好")
		n, err := h.AddNote(ctx, h.lin, a.Contact, " 只在工作日接电话 ", false)
		h.must(err)
		_, err = h.AddNote(ctx, h.zhao, a.Contact, "车队客户", true)
		h.must(err)
		_, err = h.AddNote(ctx, h.zhao, a.Contact, " ", true)
		h.code(err, "contact.note")
		notes, err := h.Notes(ctx, h.lin, a.Contact, "", 10)
		h.must(err)
		if len(notes.Items) != 2 || !notes.Items[0].Pinned || notes.Items[1].Text != "只在工作日接电话" {
			h.t.Errorf("notes %+v", notes.Items)
		}
		other := "改了"
		_, err = h.ChangeNote(ctx, h.zhao, n.ID, &other, nil)
		h.code(err, "contact.note_other")
		h.code(h.DropNote(ctx, h.zhao, n.ID), "contact.note_other")
		h.must(h.DropNote(ctx, h.wang, n.ID))

		boss := h.admin(agent.ContactFields)
		id := contact.Field{Code: "id_number", Name: inboxText("身份证号", "ID number"), Kind: contact.TextField, Sight: contact.SeenMasked}
		_, err = h.PutContactField(ctx, h.lin, id)
		h.code(err, "permission.missing")
		id, err = h.PutContactField(ctx, boss, id)
		h.must(err)
		_, err = h.PutContactField(ctx, boss, contact.Field{Code: "id_number", Name: id.Name, Kind: contact.TextField, Sight: contact.SeenByAll})
		h.code(err, "store.changed")
		h.code(h.DropContactField(ctx, boss, "id_number"), "attribute.personal")
		_, err = h.PutContactField(ctx, boss, contact.Field{Code: "city", Name: inboxText("城市", "City"), Kind: contact.TextField, Sight: contact.SeenByAll})
		h.must(err)
		tags, values := []string{"VIP", "车队"}, map[string]string{"id_number": "310101199001011234", "city": "上海"}
		card, err := h.ChangeContact(ctx, h.lin, a.Contact, desk.ContactChange{Tags: &tags, Attributes: &values}, 0)
		h.must(err)
		if card.Attributes["id_number"] != "3***4" || !slices.Equal(card.Tags, tags) {
			h.t.Errorf("changed %+v", card)
		}
		h.called("李娜", "13900002222", "", "你好")
		for ask, want := range map[desk.ContactList]int{
			{Tag: "车队"}: 1, {Tag: "试驾"}: 0, {Attribute: "city:上海"}: 1, {Attribute: "city:北京"}: 0, {Words: "张伟", Tag: "VIP"}: 1, {Words: "李娜", Tag: "VIP"}: 0, {}: 2,
		} {
			p, err := h.Contacts(ctx, h.lin, ask)
			h.must(err)
			if len(p.Items) != want {
				h.t.Errorf("%+v finds %d, want %d", ask, len(p.Items), want)
			}
		}
		_, err = h.Contacts(ctx, h.lin, desk.ContactList{Attribute: "id_number:310101199001011234"})
		h.code(err, "contact.filter_hidden")
		value, err := h.Reveal(ctx, h.wang, a.Contact, "attribute.id_number", "办理退车", 0)
		h.must(err)
		if value != "310101199001011234" {
			h.t.Errorf("revealed %q", value)
		}
		use, err := h.TagsInUse(ctx, h.lin)
		h.must(err)
		if len(use) != 2 {
			h.t.Errorf("tags %+v", use)
		}
		s, err := h.AddStep(ctx, h.lin, contact.Step{Contact: a.Contact, Text: "重启车机", Helped: contact.HelpedNo})
		h.must(err)
		steps, err := h.Steps(ctx, h.zhao, a.Contact)
		h.must(err)
		if len(steps) != 1 || steps[0].By != "林" {
			h.t.Errorf("steps %+v", steps)
		}
		h.must(h.DropStep(ctx, h.lin, s.ID))
	})
}

func inboxText(zh, en string) inbox.Text { return inbox.Text{Zh: zh, En: en} }
