package desk_test

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/call"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

func (h *house) actions(kind string) (names []string) {
	h.t.Helper()
	es, err := h.DB.Now().AuditEntries(h.t.Context(), audit.Filter{ObjectKind: kind, Limit: 100})
	h.must(err)
	for _, e := range es {
		names = append(names, e.Action)
	}
	return names
}

func times(names []string, name string) (n int) {
	for _, s := range names {
		if s == name {
			n++
		}
	}
	return n
}

// taped is a call that ended with a recording.
func (h *house) taped(number, text string) channel.CallSight {
	h.t.Helper()
	ctx := h.t.Context()
	s := h.rung(number)
	h.must(h.CallNoticed(ctx, s.Call.ID))
	h.clock.Turn(30 * time.Second)
	key := "recordings/" + s.Call.ID.String() + ".wav"
	_, err := h.Files.Put(ctx, key, strings.NewReader(text))
	h.must(err)
	s, err = h.CallEnded(ctx, s.Call.ID, channel.CallEnd{Recording: call.Recorded{File: key, SHA256: "aa", Length: 30 * time.Second}})
	h.must(err)
	return s
}

// Calls are listed as people may see their conversations, by what they are asked
// for, page by page.
func TestCallsAreListed(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		var all []channel.CallSight
		for _, n := range []string{"13800001111", "13800002222", "13900003333"} {
			all = append(all, h.rung(n))
			h.clock.Turn(time.Minute)
		}
		h.ended(all[0], "")
		list := func(by agent.Actor, q desk.CallQuery) (ids []call.ID) {
			h.t.Helper()
			p, err := h.Calls(ctx, by, q)
			h.must(err)
			for _, r := range p.Items {
				ids = append(ids, r.ID)
			}
			return ids
		}
		yes, no := true, false
		for name, c := range map[string]struct {
			q    desk.CallQuery
			want []int
		}{
			"all":          {desk.CallQuery{}, []int{2, 1, 0}},
			"open":         {desk.CallQuery{Open: &yes}, []int{2, 1}},
			"over":         {desk.CallQuery{Open: &no}, []int{0}},
			"number":       {desk.CallQuery{Words: "+86 138-0000-2222"}, []int{1}},
			"end of one":   {desk.CallQuery{Words: "3333"}, []int{2}},
			"middle":       {desk.CallQuery{Words: "138000"}, nil}, // nobody finds a number digit by digit
			"reason":       {desk.CallQuery{Reason: call.LeftMenu}, []int{0}},
			"other reason": {desk.CallQuery{Reason: call.Abandoned}, nil},
			"outbound":     {desk.CallQuery{Direction: call.Outbound}, nil},
			"from":         {desk.CallQuery{From: all[1].Call.Record.Steps[0].At}, []int{2, 1}},
			"to":           {desk.CallQuery{To: all[1].Call.Record.Steps[0].At}, []int{0}},
			"recorded":     {desk.CallQuery{Recorded: true}, nil},
		} {
			var want []call.ID
			for _, i := range c.want {
				want = append(want, all[i].Call.ID)
			}
			if got := list(h.wang, c.q); !slices.Equal(got, want) {
				h.t.Errorf("%s: %v, want %v", name, got, want)
			}
		}
		p, err := h.Calls(ctx, h.wang, desk.CallQuery{Limit: 2})
		h.must(err)
		if len(p.Items) != 2 || p.Next == "" {
			h.t.Fatalf("the first page has %d, next %q", len(p.Items), p.Next)
		}
		if got := list(h.wang, desk.CallQuery{Limit: 2, Cursor: p.Next}); !slices.Equal(got, []call.ID{all[0].Call.ID}) {
			h.t.Errorf("the second page is %v", got)
		}

		own := h.lin
		own.Scope = agent.ScopeOwn
		if got := list(own, desk.CallQuery{}); len(got) != 0 {
			h.t.Errorf("who sees their own sees %v", got)
		}
		_, err = h.CallFor(ctx, own, all[0].Call.ID)
		h.code(err, "call.unknown")
		r, err := h.CallOf(ctx, h.wang, all[0].Conversation)
		h.must(err)
		if r.ID != all[0].Call.ID || r.Number != all[0].Number || r.Contact != all[0].Contact {
			h.t.Errorf("the call of the conversation is %+v", r)
		}

		n := 0
		h.must(h.EachCall(ctx, h.wang, desk.CallQuery{}, "", func(store.CallRow) error { n++; return nil }))
		if n != 3 || times(h.actions("call"), "call.export") != 1 {
			h.t.Errorf("%d exported, recorded as %v", n, h.actions("call"))
		}
		if err := h.EachCall(ctx, h.lin, desk.CallQuery{}, "", nil); fault.CodeOf(err) != "permission.missing" {
			h.t.Errorf("an agent exports: %v", err)
		}
	})
}

// A recording is heard with the permission, each listening is recorded once, and
// it goes when its time is over, unless somebody keeps it.
func TestRecordingsAreHeardAndRemoved(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		files, err := blob.OpenDir(h.t.TempDir())
		h.must(err)
		h.t.Cleanup(func() { _ = files.Close() })
		h.Files = files
		h.hotline()
		gone, kept := h.taped("13800001111", "RIFF one"), h.taped("13800002222", "RIFF two")
		none := h.rung("13900003333")
		hear := func(by agent.Actor, i call.ID, along bool) (string, error) {
			t, err := h.Recording(ctx, by, i, along)
			if err != nil {
				return "", err
			}
			defer t.Body.Close()
			b, err := io.ReadAll(t.Body)
			return string(b), err
		}
		_, err = hear(h.lin, gone.Call.ID, false)
		h.code(err, "permission.missing")
		for range 3 { // a player asks for pieces
			got, err := hear(h.wang, gone.Call.ID, false)
			h.must(err)
			if got != "RIFF one" {
				h.t.Errorf("heard %q", got)
			}
		}
		if n := times(h.actions("call"), "recording.listen"); n != 1 {
			h.t.Errorf("one listening is recorded %d times", n)
		}
		h.clock.Turn(11 * time.Minute)
		_, err = hear(h.wang, gone.Call.ID, false)
		h.must(err)
		_, err = hear(h.wang, gone.Call.ID, true)
		h.must(err)
		if got := h.actions("call"); times(got, "recording.listen") != 2 || times(got, "recording.download") != 1 {
			h.t.Errorf("recorded as %v", got)
		}
		_, err = hear(h.wang, none.Call.ID, false)
		h.code(err, "recording.none")

		_, err = h.KeepCall(ctx, h.lin, kept.Call.ID, "court")
		h.code(err, "permission.missing")
		r, err := h.KeepCall(ctx, h.wang, kept.Call.ID, "2026 民初 18 号")
		h.must(err)
		if r.Kept != "2026 民初 18 号" {
			h.t.Errorf("kept for %q", r.Kept)
		}
		boss := agent.Actor{Name: "boss"}.With(agent.Role{Permissions: []agent.Permission{agent.ChannelManage}})
		h.code(h.KeepRecordings(ctx, boss, call.Keeping{Days: -1}), "keeping.days")
		h.must(h.KeepRecordings(ctx, boss, call.Keeping{Days: 30}))
		remove := func() int {
			n, err := h.RemoveRecordings(ctx)
			h.must(err)
			return n
		}
		h.clock.Turn(29 * 24 * time.Hour)
		if n := remove(); n != 0 {
			h.t.Errorf("%d removed too early", n)
		}
		h.clock.Turn(2 * 24 * time.Hour)
		if n := remove(); n != 1 {
			h.t.Errorf("%d removed, want 1", n)
		}
		_, err = hear(h.wang, gone.Call.ID, false)
		h.code(err, "recording.removed")
		if _, err := h.Files.Open(ctx, gone.Call.Record.Recording.File); fault.KindOf(err) != fault.NotFound {
			h.t.Errorf("the file is still there: %v", err)
		}
		if got, err := hear(h.wang, kept.Call.ID, false); err != nil || got != "RIFF two" {
			h.t.Errorf("what is kept says %q, %v", got, err)
		}
		if rec := h.sees(gone).Call.Record.Recording; rec.SHA256 != "aa" || rec.Removed.IsZero() {
			h.t.Errorf("the record says %+v", rec)
		}
		// No longer kept, it goes too; and for good means for good.
		_, err = h.KeepCall(ctx, h.wang, kept.Call.ID, "")
		h.must(err)
		h.must(h.KeepRecordings(ctx, boss, call.Keeping{}))
		if n := remove(); n != 0 {
			h.t.Errorf("%d removed of what is kept for good", n)
		}
		h.must(h.KeepRecordings(ctx, boss, call.Keeping{Days: 30}))
		if n := remove(); n != 1 {
			h.t.Errorf("%d removed, want 1", n)
		}
	})
}

func TestCallbacksAreListedAndCancelled(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		s := h.rung("13800001111")
		b, err := h.CallBackAsked(ctx, s.Call.ID, "", nil)
		h.must(err)
		p, err := h.Callbacks(ctx, h.lin, []call.BackState{call.BackWaiting}, "", 0)
		h.must(err)
		if len(p.Items) != 1 || p.Items[0].ID != b.ID || p.Items[0].Numbered != s.Number {
			h.t.Fatalf("waiting are %+v", p.Items)
		}
		own := h.lin
		own.Scope = agent.ScopeOwn
		h.code(h.CancelCallback(ctx, own, b.ID), "callback.unknown")
		h.must(h.CancelCallback(ctx, h.lin, b.ID))
		h.code(h.CancelCallback(ctx, h.lin, b.ID), "callback.over")
		if mine, err := h.HoldCallback(ctx, b.ID, "one"); err != nil || mine {
			h.t.Errorf("what was cancelled is made: %v, %v", mine, err)
		}
		if times(h.actions("callback"), "callback.cancel") != 1 {
			h.t.Error("it is not recorded who cancelled it")
		}
	})
}

// turned is a seal that a test can see through.
type turned struct{}

func (turned) Seal(b []byte) string { slices.Reverse(b); return "turned:" + string(b) }

func (turned) Open(s string) ([]byte, error) {
	b := []byte(strings.TrimPrefix(s, "turned:"))
	slices.Reverse(b)
	return b, nil
}

func TestLinesToCarriers(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.SealVoice = turned{}
		boss := agent.Actor{Name: "boss"}.With(agent.Role{Permissions: []agent.Permission{agent.ChannelManage}})
		of := func(name, host string) desk.TrunkChange {
			user, password := "8001", "a secret of the carrier"
			return desk.TrunkChange{Name: &name, Host: &host, User: &user, Password: &password, From: &[]string{" 192.0.2.10", "192.0.2.10", "198.51.100.7/24"}}
		}
		_, err := h.CreateTrunk(ctx, h.lin, of("telecom", "sip.example.cn"))
		h.code(err, "permission.missing")
		_, err = h.CreateTrunk(ctx, boss, of("telecom", "not a host"))
		h.code(err, "trunk.host")
		wide := of("telecom", "sip.example.cn")
		wide.From = &[]string{"0.0.0.0/0"}
		_, err = h.CreateTrunk(ctx, boss, wide)
		h.code(err, "trunk.from_wide")
		one, err := h.CreateTrunk(ctx, boss, of("telecom", "SIP.example.cn"))
		h.must(err)
		if !slices.Equal(one.From, []string{"192.0.2.10", "198.51.100.0/24"}) || one.Host != "sip.example.cn" {
			h.t.Errorf("kept as %+v", one)
		}
		r, err := h.DB.Now().Trunk(ctx, one.ID)
		h.must(err)
		if r.Password != "" || !strings.HasPrefix(r.Sealed, "turned:") {
			h.t.Errorf("the password lies there as %q, sealed %q", r.Password, r.Sealed)
		}
		_, err = h.CreateTrunk(ctx, boss, of("telecom", "other.example.cn"))
		h.code(err, "trunk.taken")
		two, err := h.CreateTrunk(ctx, boss, of("unicom", "192.0.2.20"))
		h.must(err)

		// A password is not shown to another host.
		evil := "evil.example.net"
		_, err = h.ChangeTrunk(ctx, boss, one.ID, desk.TrunkChange{Host: &evil})
		h.code(err, "mailbox.again")
		off := false
		changed, err := h.ChangeTrunk(ctx, boss, one.ID, desk.TrunkChange{Secure: &[]bool{true}[0], Version: one.Version})
		h.must(err)
		_, err = h.ChangeTrunk(ctx, boss, one.ID, desk.TrunkChange{Enabled: &off, Version: one.Version})
		h.code(err, "store.changed")
		if changed.Version != one.Version+1 || !changed.Secure {
			h.t.Errorf("changed to %+v", changed)
		}

		names := func() (names []string) {
			all, err := h.TrunksForDoor(ctx)
			h.must(err)
			for _, t := range all {
				if t.Password != "a secret of the carrier" {
					h.t.Errorf("the door gets the password %q", t.Password)
				}
				names = append(names, t.Name)
			}
			return names
		}
		p, err := h.DialPlan(ctx)
		h.must(err)
		p.Trunks = []call.TrunkID{two.ID}
		p.Rules = []call.Rule{{Prefix: "0571", Class: call.ToLocal, Trunk: two.ID}}
		p.Targets = []call.Target{{Name: "roadside", Number: "+86 400-820-0000"}}
		p, err = h.ChangeDialPlan(ctx, boss, p)
		h.must(err)
		if got := names(); !slices.Equal(got, []string{"unicom", "telecom"}) {
			h.t.Errorf("tried in the order %v", got)
		}
		if n, ok := p.Target("roadside"); !ok || n != "4008200000" {
			h.t.Errorf("the target is %q", n)
		}
		stale := p
		stale.Version--
		_, err = h.ChangeDialPlan(ctx, boss, stale)
		h.code(err, "store.changed")
		unknown := p
		unknown.Trunks = []call.TrunkID{call.NewTrunkID(h.clock.Now())}
		_, err = h.ChangeDialPlan(ctx, boss, unknown)
		h.code(err, "plan.trunk")

		h.must(h.RemoveTrunk(ctx, boss, two.ID))
		if got := names(); !slices.Equal(got, []string{"telecom"}) {
			h.t.Errorf("left are %v", got)
		}
		p, err = h.DialPlan(ctx)
		h.must(err)
		if len(p.Trunks) != 0 || len(p.Rules) != 1 || !p.Rules[0].Trunk.IsZero() {
			h.t.Errorf("the plan still names it: %+v", p)
		}
		if got := h.actions("trunk"); times(got, "trunk.create") != 2 || times(got, "trunk.change") != 1 || times(got, "trunk.remove") != 1 {
			h.t.Errorf("recorded as %v", got)
		}
	})
}

func TestTelephones(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.SealVoice = turned{}
		boss := agent.Actor{Name: "boss"}.With(agent.Role{Permissions: []agent.Permission{agent.ChannelManage}})
		for user, code := range map[string]string{"120": "phone.emergency", "0123": "phone.user", "x": "phone.user", "1234567": "phone.user"} {
			_, _, err := h.CreatePhone(ctx, boss, user, desk.PhoneChange{})
			h.code(err, code)
		}
		p, password, err := h.CreatePhone(ctx, boss, "8001", desk.PhoneChange{Agent: &h.lin.Agent})
		h.must(err)
		_, _, err = h.CreatePhone(ctx, boss, "8001", desk.PhoneChange{})
		h.code(err, "phone.taken")
		ha1, ok := h.PhoneDigest("8001")
		if !ok || ha1 != p.HA1 || len(password) != 24 {
			h.t.Errorf("registers with %q (%v), kept is %q", ha1, ok, p.HA1)
		}
		if _, ok := h.PhoneDigest("8002"); ok {
			h.t.Error("a telephone that there is not registers")
		}
		r, err := h.DB.Now().Phone(ctx, "8001")
		h.must(err)
		if r.HA1 != "" || !strings.HasPrefix(r.Sealed, "turned:") || bytes.Contains([]byte(r.Sealed), []byte(ha1)) {
			h.t.Errorf("it lies there as %q, %q", r.HA1, r.Sealed)
		}
		users, err := h.PhonesOf(ctx, h.lin.Agent)
		h.must(err)
		if !slices.Equal(users, []string{"8001"}) {
			h.t.Errorf("lin has %v", users)
		}

		// What a telephone may call: what its agent may, unless it is said.
		may := func() []call.Class {
			m, err := h.PhoneMay(ctx, "8001")
			h.must(err)
			return m
		}
		if slices.Contains(may(), call.International) {
			h.t.Error("everybody may call abroad")
		}
		roles := h.rolesOf(h.lin.Agent)
		plan, err := h.DialPlan(ctx)
		h.must(err)
		plan.Roles = []call.RoleMay{{Role: roles[0], May: []call.Class{call.International, call.ToPhone}}}
		_, err = h.ChangeDialPlan(ctx, boss, plan)
		h.must(err)
		if got := may(); !slices.Equal(got, []call.Class{call.ToPhone, call.ToEmergency, call.International}) {
			h.t.Errorf("by the role it may call %v", got)
		}
		_, err = h.ChangePhone(ctx, boss, "8001", desk.PhoneChange{May: &[]call.Class{call.ToPhone}})
		h.must(err)
		if got := may(); !slices.Equal(got, []call.Class{call.ToPhone, call.ToEmergency}) {
			h.t.Errorf("by itself it may call %v", got)
		}
		_, err = h.ChangePhone(ctx, boss, "8001", desk.PhoneChange{Usual: true})
		h.must(err)
		if got := may(); !slices.Contains(got, call.International) {
			h.t.Errorf("as its agent it may call %v", got)
		}
		if now, ok := h.PhoneDigest("8001"); !ok || now != ha1 {
			h.t.Error("its password changed")
		}

		_, renewed, err := h.RenewPhone(ctx, boss, "8001")
		h.must(err)
		if now, _ := h.PhoneDigest("8001"); now == ha1 || renewed == password {
			h.t.Error("the old password is still good")
		}
		_, err = h.ChangePhone(ctx, boss, "8001", desk.PhoneChange{Enabled: &[]bool{false}[0]})
		h.must(err)
		if _, ok := h.PhoneDigest("8001"); ok {
			h.t.Error("what is switched off registers")
		}
		h.must(h.RemovePhone(ctx, boss, "8001"))
		h.code(h.RemovePhone(ctx, boss, "8001"), "phone.unknown")
		if got := h.actions("phone"); times(got, "phone.change") != 3 || times(got, "phone.renew") != 1 || times(got, "phone.remove") != 1 {
			h.t.Errorf("recorded as %v", got)
		}
	})
}

func (h *house) rolesOf(i agent.ID) (ids []agent.RoleID) {
	h.t.Helper()
	h.must(h.DB.View(h.t.Context(), func(tx *store.Tx) error {
		roles, err := tx.RolesOf(context.WithoutCancel(h.t.Context()), i)
		for _, r := range roles {
			ids = append(ids, r.ID)
		}
		return err
	}))
	return ids
}

// A way in is added for numbers of its own, and removed as long as nobody called.
func TestEntriesComeAndGo(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		boss := agent.Actor{Name: "boss"}.With(agent.Role{Permissions: []agent.Permission{agent.ChannelManage}})
		_, err := h.CreateEntry(ctx, boss, desk.EntryChange{})
		h.code(err, "entry.number_taken")
		name := "投诉专线"
		e, err := h.CreateEntry(ctx, boss, desk.EntryChange{Name: &name, Numbers: &[]string{"400-820-0001"}})
		h.must(err)
		if got, err := h.CallEntry(ctx, "4008200001"); err != nil || got.Inbox != e.Inbox {
			h.t.Errorf("the number leads to %v, %v", got.Inbox, err)
		}
		off := false
		e, err = h.ChangeEntry(ctx, boss, e.Inbox, desk.EntryChange{Enabled: &off, Version: e.Version})
		h.must(err)
		_, err = h.CallEntry(ctx, "4008200001")
		h.code(err, "entry.unknown")
		h.must(h.RemoveEntry(ctx, boss, e.Inbox))
		all, err := h.SetEntries(ctx, boss)
		h.must(err)
		if len(all) != 1 {
			h.t.Fatalf("left are %d", len(all))
		}
		h.rung("13800001111")
		h.code(h.RemoveEntry(ctx, boss, all[0].Inbox), "entry.used")
	})
}
