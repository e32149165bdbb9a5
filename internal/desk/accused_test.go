package desk_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"yingda/internal/account"
	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// Whoever is complained about never sees the case or anything of it, by any
// door and whatever their role (R108).

// other is somebody with all the rights of a supervisor, who is not Wang.
func (h *house) other() agent.Actor {
	return agent.Actor{Agent: h.zhao.Agent, Name: h.zhao.Name, Permissions: h.wang.Permissions, Scope: agent.ScopeAll}
}

// accused are the words by which a case would be known to Wang, who worked on
// it until they were accused.
func (h *house) accuseWang(c ticket.Case) {
	h.t.Helper()
	_, err := h.Accuse(h.t.Context(), h.other(), c.ID, h.wang.Agent)
	h.must(err)
}

// silent fails if anything of a case is in what somebody was shown.
func (h *house) silent(door string, c ticket.Case, shown any) {
	h.t.Helper()
	b, err := json.Marshal(shown)
	h.must(err)
	for _, word := range []string{c.Number, c.ID.String(), c.Subject} {
		if strings.Contains(string(b), word) {
			h.t.Errorf("%s shows %s: %s", door, word, b)
		}
	}
}

func TestTheAccusedSeesNothingOfTheCase(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.until(friday)
		c := h.complaint("portal-accused")
		by := h.wang
		by.Permissions = append([]agent.Permission{agent.AuditRead}, by.Permissions...)
		c = h.do(h.other(), c, ticket.Doing{Act: ticket.Assign, Agent: h.wang.Agent})
		ns, unread, err := h.Notices(ctx, by)
		h.must(err)
		if len(ns) != 1 || unread != 1 {
			h.t.Fatalf("before, Wang was told %+v", ns)
		}
		m, err := h.AddMacro(ctx, h.admin(agent.AutomationManage), automation.Macro{
			Name: "安抚", Subject: automation.Case, Actions: []automation.Action{{Kind: automation.Note, Text: "已致电"}},
		})
		h.must(err)
		_, err = h.ApplyMacro(ctx, h.other(), desk.Applying{Macro: m.ID, Case: c.ID})
		h.must(err)
		h.must(h.DB.Update(ctx, func(tx *store.Tx) error { // as package care does
			return tx.Audit(ctx, audit.By(h.other(), h.Now(), "compensation.propose", audit.Object{Kind: "compensation", ID: "cp_1", Name: c.Number}, map[string]any{"amount": 5000}))
		}))
		h.accuseWang(c)

		ns, unread, err = h.Notices(ctx, by)
		h.must(err)
		h.silent("notices", c, ns)
		if unread != 0 {
			h.t.Errorf("%d notices are unread", unread)
		}
		p, err := h.Cases(ctx, by, store.CaseList{})
		h.must(err)
		h.silent("the list", c, p)
		p, err = h.Cases(ctx, by, store.CaseList{Number: c.Number})
		h.must(err)
		h.silent("the list by number", c, p)
		counts, err := h.CountCases(ctx, by, store.CaseList{})
		h.must(err)
		for v, n := range counts {
			if n != 0 {
				h.t.Errorf("%s counts %d", v, n)
			}
		}
		board, err := h.Board(ctx, by, "", 50)
		h.must(err)
		h.silent("the board", c, board)
		_, err = h.Case(ctx, by, c.ID)
		h.code(err, "case.unknown")
		for _, act := range []ticket.Act{ticket.Note, ticket.Assign, ticket.Escalate} {
			_, err = h.DoCase(ctx, by, c.ID, 0, ticket.Doing{Act: act, Text: "x", Agent: h.lin.Agent, Reason: "x"})
			h.code(err, "case.unknown")
		}
		h.code(h.HoldEvidence(ctx, by, c.ID, "x", ticket.CustodyViewed, ""), "case.unknown")
		log, err := (&account.Account{DB: h.DB, Now: h.Now}).AuditLog(ctx, by, audit.Filter{Limit: 100})
		h.must(err)
		h.silent("the audit log", c, log)
		log, err = (&account.Account{DB: h.DB, Now: h.Now}).AuditLog(ctx, h.admin(agent.AuditRead), audit.Filter{Limit: 100, ObjectID: c.ID.String()})
		h.must(err)
		h.silent("the audit log of the case", c, log)

		var told int
		for _, e := range storetest.Events(h.t, h.DB, 0) {
			if e.Kind == "notice" && e.Agent == by.Agent {
				h.silent("the feed's notices", c, e.Body)
			}
			if e.Kind == "case" {
				told++
				if !strings.Contains(string(e.Body), by.Agent.String()) {
					h.t.Errorf("the feed still tells Wang %s", e.Body)
				}
			}
		}
		if told != 1 {
			h.t.Errorf("%d lines of the feed are about the case, want that it is about Wang now", told)
		}
	})
}

// Rules tell whoever keeps them nothing of a case about them: neither what they
// did to it, nor whether a condition holds for it.
func TestRulesTellTheAccusedNothing(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.until(friday)
		by := h.wang
		by.Permissions = append([]agent.Permission{agent.AutomationManage}, by.Permissions...)
		asks := func(number, event string) automation.Rule {
			var r automation.Rule
			h.must(json.Unmarshal([]byte(`{"name":"催办","enabled":true,"on":[`+event+`],"when":{"field":"case.number","op":"is","value":"`+number+`"},"then":[{"kind":"note","text":"x"}]}`), &r))
			return r
		}
		const opened, hourly = `{"event":"case.changed"}`, `{"event":"time","every":60,"subject":"case"}`
		c := h.complaint("accused-rules")
		_, err := h.AddRule(ctx, by, asks(c.Number, opened))
		h.must(err)
		h.do(h.other(), c, ticket.Doing{Act: ticket.Note, Text: "x"})
		h.drain()
		look := func() (runs, matched int) {
			p, err := h.AutomationRuns(ctx, by, store.RunList{Subject: automation.Case, SubjectID: int64(c.ID), Limit: 100})
			h.must(err)
			for _, event := range []string{opened, hourly} {
				out, err := h.TryRule(ctx, by, asks(c.Number, event))
				h.must(err)
				matched += out.Matched
			}
			return len(p.Items), matched
		}
		if runs, matched := look(); runs == 0 || matched < 2 {
			h.t.Fatalf("before, %d runs and %d matches", runs, matched)
		}
		h.accuseWang(c)
		if runs, matched := look(); runs != 0 || matched != 0 {
			h.t.Errorf("Wang finds %d runs, and that %d conditions hold", runs, matched)
		}
	})
}

// Whoever had the case open before it was about them knows the secret of its
// customer: it opens nothing any more. Nobody else's letters are spoiled.
func TestTheAccusedDoesNotKeepTheSecret(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		posted := h.posts()
		h.until(friday)
		seen, unseen := h.complaintOf("zhang@mail.example", "letters-0008"), h.complaintOf("liu@mail.example", "letters-0009")
		d, err := h.Case(ctx, h.wang, seen.ID)
		h.must(err)
		_, pass, err := h.LookUp(ctx, seen.Number, d.Secret)
		h.must(err)
		posted()
		h.accuseWang(seen)
		h.accuseWang(unseen)

		ls := posted()
		if len(ls) != 1 || ls[0].To != "zhang@mail.example" || !strings.Contains(ls[0].Text, "已停用") {
			h.t.Errorf("the letters are %+v", ls)
		}
		for _, had := range []channel.Holder{{Secret: d.Secret}, {Pass: pass}} {
			_, err = h.Follow(ctx, seen.Number, had)
			h.code(err, "case.lookup")
			_, err = h.CustomerDoes(ctx, seen.Number, had, ticket.Doing{Act: ticket.Withdraw}, "letters-0010")
			h.code(err, "case.lookup")
		}
		_, _, err = h.LookUp(ctx, seen.Number, d.Secret)
		h.code(err, "case.lookup")
		now, err := h.Case(ctx, h.other(), seen.ID)
		h.must(err)
		if _, _, err := h.LookUp(ctx, seen.Number, now.Secret); err != nil || now.Secret == d.Secret {
			h.t.Errorf("the customer's new secret %q: %v", now.Secret, err)
		}
		if _, _, err := h.LookUp(ctx, unseen.Number, h.CaseSecret(unseen)); err != nil {
			h.t.Errorf("one that the accused never saw: %v", err)
		}
	})
}

// Files that are evidence against somebody do not open for them, even if they
// gave them; what stands in a chat that they answered does.
func TestEvidenceDoesNotOpenForTheAccused(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.cellar()
		up := func(by agent.Actor, name string) conversation.AttachmentID {
			u := upload("", name, "投诉内容 "+name)
			a, err := h.AttachToCase(ctx, by, u)
			h.must(err)
			return a.ID
		}
		c := h.complaint("portal-proof")
		theirs, mine := up(h.other(), "录音.txt"), up(h.wang, "自己的.txt")
		_, err := h.AddEvidence(ctx, h.other(), c.ID, []conversation.AttachmentID{theirs})
		h.must(err)
		_, err = h.AddEvidence(ctx, h.wang, c.ID, []conversation.AttachmentID{mine})
		h.must(err)
		for _, f := range []conversation.AttachmentID{theirs, mine} {
			h.content(h.FileFor(ctx, h.wang, f, false))
		}
		h.accuseWang(c)
		for _, f := range []conversation.AttachmentID{theirs, mine} {
			_, err := h.FileFor(ctx, h.wang, f, false)
			h.code(err, "file.unknown")
			h.content(h.FileFor(ctx, h.other(), f, false))
		}
		// Who sees only their own cases does not open files of others'.
		own := h.lin
		own.Scope = agent.ScopeOwn
		_, err = h.FileFor(ctx, own, theirs, false)
		h.code(err, "file.unknown")
	})
}

// Asking for a case again under one's own client id is no way around it.
func TestTheAccusedDoesNotGetTheCaseAgain(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		taken := handed()
		taken.Source = "phone"
		c, err := h.HandIn(ctx, h.wang, taken, nil, "phone-0001")
		h.must(err)
		part, err := h.SplitCase(ctx, h.wang, c.ID, ticket.Consultation, "", "另一个问题", "split-0001")
		h.must(err)
		h.accuseWang(c)
		h.accuseWang(part)
		got, err := h.HandIn(ctx, h.wang, taken, nil, "phone-0001")
		h.code(err, "case.unknown")
		h.silent("handing in again", c, got)
		got, err = h.HandIn(ctx, h.wang, taken, nil, "split-0001")
		h.code(err, "case.unknown")
		h.silent("handing in under the part's id", part, got)

		taken.Accused = h.wang.Agent
		_, err = h.HandIn(ctx, h.wang, taken, nil, "phone-0002")
		h.code(err, "case.accused")
		taken.Accused = agent.NewID(h.Now())
		_, err = h.HandIn(ctx, h.wang, taken, nil, "phone-0003")
		h.code(err, "agent.unknown")
		taken.Accused, taken.Conversation = 0, conversation.NewID(h.Now())
		_, err = h.HandIn(ctx, h.wang, taken, nil, "phone-0004")
		h.code(err, "conversation.unknown")
	})
}

// A case that was tied to one which turned out to be about somebody names it
// to them no more.
func TestTiesDoNotNameWhatIsHidden(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		open, about, above, merged := h.complaint("tie-00001"), handed(), handed(), handed()
		about.Subject, above.Subject, merged.Subject = "态度恶劣", "上级工单", "并入的工单"
		hand := func(c ticket.Case, id string) ticket.Case {
			c, err := h.OpenPublicCase(ctx, c, nil, id)
			h.must(err)
			h.clock.Turn(time.Minute)
			return c
		}
		about, above, merged = hand(about, "tie-00002"), hand(above, "tie-00003"), hand(merged, "tie-00004")
		_, err := h.TieCases(ctx, h.wang, open.ID, about.ID, ticket.Related)
		h.must(err)
		_, err = h.TieCases(ctx, h.wang, open.ID, above.ID, ticket.ChildOf)
		h.must(err)
		h.do(h.wang, merged, ticket.Doing{Act: ticket.Merge, Into: open.ID})
		part, err := h.SplitCase(ctx, h.wang, open.ID, ticket.Complaint, "拆出的部分", "客服辱骂", "tie-00005")
		h.must(err)
		hidden := []ticket.Case{about, above, merged, part}
		before, err := h.Case(ctx, h.wang, open.ID)
		h.must(err)
		b, err := json.Marshal(before.History)
		h.must(err)
		for _, c := range hidden {
			if !strings.Contains(string(b), c.Number) && !strings.Contains(string(b), c.Subject) {
				h.t.Errorf("before, the history does not name %s", c.Number)
			}
			h.accuseWang(c)
		}
		f, err := h.Case(ctx, h.wang, open.ID)
		h.must(err)
		f.Case.Subject = ""
		for _, c := range hidden {
			h.silent("a tied case", c, f)
			h.silent("its course", c, f.Case.Course)
		}
		f, err = h.Case(ctx, h.other(), open.ID)
		h.must(err)
		if len(f.Ties) != 4 || f.Case.Parent != above.ID {
			h.t.Errorf("others see %d ties, under %s", len(f.Ties), f.Case.Parent)
		}
	})
}

// In a chat nobody is told of a complaint about staff: who answers may be the
// one whom it is about.
func TestAChatDoesNotNameAComplaintAboutStaff(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		v, i := h.waiting()
		about := handed()
		about.AboutStaff = true
		c, err := h.OpenCase(ctx, v, about, "about-0001")
		h.must(err)
		ms, _, err := h.Messages(ctx, h.wang, i, -1, 0, 0)
		h.must(err)
		h.silent("the chat", c, ms)
		if _, err := h.Follow(ctx, c.Number, channel.Holder{Contact: v.Contact}); err != nil {
			h.t.Errorf("the customer sees %v", err)
		}
	})
}

// Of a complaint about a colleague only those hear who may see such cases.
func TestNoticesAboutStaff(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		about := handed()
		about.AboutStaff = true
		c, err := h.OpenPublicCase(h.t.Context(), about, nil, "about-0002")
		h.must(err)
		c = h.do(h.wang, c, ticket.Doing{Act: ticket.Assign, Agent: h.lin.Agent})
		ns, _, err := h.Notices(h.t.Context(), h.lin)
		h.must(err)
		h.silent("notices", c, ns)
		h.do(h.wang, c, ticket.Doing{Act: ticket.Assign, Agent: h.wang.Agent})
		ns, _, err = h.Notices(h.t.Context(), h.wang)
		h.must(err)
		if len(ns) != 1 {
			h.t.Errorf("who may see it was told %+v", ns)
		}
	})
}
