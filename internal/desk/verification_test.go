package desk_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/event"
	"yingda/internal/domain/verification"
	"yingda/internal/store/storetest"
)

const (
	idCard = "11010519491231002X"
	plate  = "京A·12345"
)

// coded makes a text unreadable as a seal does, and stays a text.
type coded struct{}

func (coded) Seal(s []byte) string          { return base64.StdEncoding.EncodeToString(s) }
func (coded) Open(s string) ([]byte, error) { return base64.StdEncoding.DecodeString(s) }

// known is a customer of whom something is registered.
func (h *house) known() contact.ID {
	h.t.Helper()
	ctx := h.t.Context()
	h.SealPerson = coded{}
	phone, email, name := "13812345678", "zhang.wei@example.cn", "张伟"
	who := h.visitor().Contact
	_, err := h.AddParticular(ctx, h.lin, who, verification.IDCard, "110105 19491231 002x", 0)
	h.must(err)
	s := h.vouched(who)
	_, err = h.AddParticular(ctx, h.lin, who, verification.PlateNo, plate, s)
	h.must(err)
	_, err = h.ChangeContact(ctx, h.lin, who, desk.ContactChange{Phone: &phone, Email: &email, Name: &name}, s)
	h.must(err)
	_, err = h.EndVerification(ctx, h.wang, s)
	h.must(err)
	return who
}

func (h *house) vouched(who contact.ID) verification.ID {
	h.t.Helper()
	s, err := h.StartVerification(h.t.Context(), h.wang, who, desk.Begin{Action: verification.ChangeContact})
	h.must(err)
	s, err = h.VouchVerification(h.t.Context(), h.wang, s.Now.ID, "当面核对了身份证")
	h.must(err)
	return s.Now.ID
}

func (h *house) start(by agent.Actor, who contact.ID) desk.VerificationSheet {
	h.t.Helper()
	s, err := h.StartVerification(h.t.Context(), by, who, desk.Begin{Action: verification.Reveal})
	h.must(err)
	return s
}

func (h *house) answer(by agent.Actor, i verification.ID, f verification.Factor, told string) desk.VerificationSheet {
	h.t.Helper()
	s, err := h.AnswerFactor(h.t.Context(), by, i, f, told)
	h.must(err)
	return s
}

// An agent verifies by the phone and the end of the card (R087), and may then
// do what needs it; a quarter of an hour later no more.
func TestAVerifiedCustomer(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, who := h.t.Context(), h.known()
		_, err := h.Reveal(ctx, h.lin, who, "phone", "回电", 0)
		h.code(err, "verification.needed")
		s := h.start(h.lin, who)
		if s.Left != 3 || !s.Reachable || len(s.Verdict.Missing) == 0 || s.Now.State != verification.Started {
			h.t.Errorf("%+v", s)
		}
		for _, f := range s.Factors {
			if strings.Contains(f.Mask, "19491231") || strings.Contains(f.Mask, "12345678") || f.Factor == verification.Name && f.Mask != "" {
				h.t.Errorf("%s shows %q", f.Factor, f.Mask)
			}
		}
		// Another console joins the same one, and sees what is asked.
		h.clock.Turn(10 * time.Second)
		if joined := h.start(h.zhao, who); joined.Now.ID != s.Now.ID {
			h.t.Error("another one began beside it")
		}
		_, err = h.AskFactor(ctx, h.zhao, s.Now.ID, verification.Order)
		h.code(err, "verification.unregistered")
		asked, err := h.AskFactor(ctx, h.zhao, s.Now.ID, verification.IDTail)
		h.must(err)
		if asked.Now.State != verification.Asked || asked.Now.Factor != verification.IDTail {
			h.t.Errorf("%+v", asked.Now)
		}
		_, err = h.AnswerFactor(ctx, h.lin, s.Now.ID, verification.IDNumber, "110105194912310021")
		h.code(err, "verification.id_number") // a slip, and no failure
		if one := h.answer(h.lin, s.Now.ID, verification.IDTail, "００２ｘ"); one.Now.State != verification.Asked || one.Verdict.Short != 1 || one.Left != 3 {
			h.t.Errorf("%+v", one)
		}
		h.clock.Turn(30 * time.Second)
		done := h.answer(h.lin, s.Now.ID, verification.Phone, "+86 138 1234 5678")
		if done.Now.State != verification.Passed || done.Now.Took() != 40*time.Second {
			h.t.Errorf("%+v", done.Now)
		}
		value, err := h.Reveal(ctx, h.lin, who, "phone", "回电", s.Now.ID)
		h.must(err)
		if value != "13812345678" {
			h.t.Errorf("revealed %q", value)
		}
		other := h.known()
		_, err = h.Reveal(ctx, h.lin, other, "phone", "回电", s.Now.ID)
		h.code(err, "verification.needed") // that of another customer
		_, err = h.Reveal(ctx, h.lin, who, "phone", "回电", verification.NewID(h.Now()))
		h.code(err, "verification.needed") // one that never was
		h.clock.Turn(15 * time.Minute)
		_, err = h.Reveal(ctx, h.lin, who, "phone", "回电", s.Now.ID)
		h.code(err, "verification.expired")
		h.run()
		v, err := h.DB.Now().Verification(ctx, s.Now.ID)
		h.must(err)
		if v.State != verification.Expired {
			h.t.Errorf("by itself it is %s", v.State)
		}
	})
}

// Three wrong answers lock, whoever types them and in however many wizards
// (R088); the right answer does not help then.
func TestTheThirdFailureLocks(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, who := h.t.Context(), h.known()
		for i, by := range []agent.Actor{h.lin, h.zhao, h.wang} {
			s := h.start(by, who)
			s = h.answer(by, s.Now.ID, verification.IDTail, fmt.Sprintf("111%d", i))
			if want := map[bool]verification.State{true: verification.Locked, false: verification.Failed}[i == 2]; s.Now.State != want || s.Left != 2-i {
				h.t.Fatalf("failure %d: %s, %d left", i+1, s.Now.State, s.Left)
			}
			if i < 2 {
				_, err := h.EndVerification(ctx, by, s.Now.ID)
				h.must(err)
			}
		}
		_, err := h.StartVerification(ctx, h.lin, who, desk.Begin{Action: verification.Reveal})
		h.code(err, "verification.locked")
		_, err = h.Reveal(ctx, h.lin, who, "phone", "回电", 0)
		h.code(err, "verification.locked")
		s, err := h.Verification(ctx, h.zhao, who, verification.Reveal)
		h.must(err)
		if s.LockedUntil.IsZero() || s.Left != 0 {
			h.t.Errorf("another console sees %+v", s)
		}
		h.clock.Turn(30 * time.Minute)
		if s := h.start(h.lin, who); s.Left != 3 {
			h.t.Errorf("after the lock %d are left", s.Left)
		}
	})
}

// A verification that passed does not outlive a lock.
func TestALockEndsWhatPassed(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, who := h.t.Context(), h.known()
		s := h.start(h.lin, who)
		h.answer(h.lin, s.Now.ID, verification.Phone, "13812345678")
		h.answer(h.lin, s.Now.ID, verification.Vehicle, plate)
		_, err := h.EndVerification(ctx, h.zhao, s.Now.ID)
		h.must(err)
		again := h.start(h.zhao, who)
		for range 3 {
			h.answer(h.zhao, again.Now.ID, verification.IDTail, "9999")
		}
		_, err = h.Reveal(ctx, h.lin, who, "phone", "回电", s.Now.ID)
		h.code(err, "verification.locked")
	})
}

// A merge joins what a person can be verified by, and their locks; what was
// verified before it is verified anew, and a phone that it changes needs it.
func TestVerificationIsOfThePerson(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, kept, other := h.t.Context(), h.known(), h.known()
		phone, take := "13987654321", []string{"phone"}
		_, err := h.ChangeContact(ctx, h.lin, other, desk.ContactChange{Phone: &phone}, h.vouched(other))
		h.must(err)
		_, err = h.MergeContacts(ctx, h.wang, kept, other, take, "", 0)
		h.code(err, "verification.needed")
		before := h.vouched(kept)
		_, err = h.MergeContacts(ctx, h.wang, kept, other, take, "同一位车主", before)
		h.must(err)
		_, err = h.Reveal(ctx, h.lin, kept, "phone", "回电", before)
		h.code(err, "verification.expired")

		rs, err := h.Particulars(ctx, h.lin, other)
		h.must(err)
		if len(rs) != 4 {
			h.t.Errorf("%d particulars of both", len(rs))
		}
		s := h.start(h.lin, other)
		h.answer(h.lin, s.Now.ID, verification.Phone, phone)
		s = h.answer(h.lin, s.Now.ID, verification.Vehicle, plate)
		if s.Now.State != verification.Passed || s.Now.Contact != kept {
			h.t.Fatalf("verified as %+v", s.Now)
		}
		for _, who := range []contact.ID{kept, other} {
			value, err := h.Reveal(ctx, h.lin, who, "phone", "回电", s.Now.ID)
			h.must(err)
			if value != phone {
				h.t.Errorf("revealed %q", value)
			}
		}
	})
}

// The lock of a contact holds for whoever they are merged into, and its end
// frees both.
func TestALockHoldsForThePerson(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, kept, other := h.t.Context(), h.known(), h.known()
		s := h.start(h.lin, other)
		for range 3 {
			h.answer(h.lin, s.Now.ID, verification.IDTail, "9999")
		}
		_, err := h.MergeContacts(ctx, h.wang, kept, other, nil, "", 0)
		h.must(err)
		for _, who := range []contact.ID{kept, other} {
			_, err = h.StartVerification(ctx, h.lin, who, desk.Begin{Action: verification.Reveal})
			h.code(err, "verification.locked")
		}
		h.clock.Turn(30 * time.Minute)
		s = h.start(h.lin, kept)
		h.answer(h.lin, s.Now.ID, verification.Phone, "13812345678")
		if s = h.answer(h.lin, s.Now.ID, verification.Vehicle, plate); s.Now.State != verification.Passed || s.Left != 3 {
			h.t.Errorf("after the lock %+v", s)
		}
	})
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// A code goes to the registered address, works for five minutes and once, and
// few are sent (R090).
func TestVerificationByCode(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, who := h.t.Context(), h.known()
		letters := h.posts()
		s := h.start(h.lin, who)
		i := s.Now.ID
		_, err := h.AnswerFactor(ctx, h.lin, i, verification.Code, "123456")
		h.code(err, "verification.code_none")
		_, err = h.SendVerificationCode(ctx, h.lin, i, desk.CodeByPhone)
		h.code(err, "verification.no_sms")
		s, err = h.SendVerificationCode(ctx, h.lin, i, desk.CodeByEmail)
		h.must(err)
		if s.Code == nil || s.Code.To != "zh***@example.cn" {
			h.t.Fatalf("%+v", s.Code)
		}
		_, err = h.SendVerificationCode(ctx, h.lin, i, desk.CodeByEmail)
		h.code(err, "code.wait")
		ls := letters()
		if len(ls) != 1 || ls[0].To != "zhang.wei@example.cn" {
			h.t.Fatalf("%+v", ls)
		}
		first := sixDigits.FindString(ls[0].Text)
		h.clock.Turn(5 * time.Minute)
		_, err = h.AnswerFactor(ctx, h.lin, i, verification.Code, first)
		h.code(err, "verification.code_none")
		_, err = h.SendVerificationCode(ctx, h.lin, i, desk.CodeByEmail)
		h.must(err)
		second := sixDigits.FindString(letters()[0].Text)
		// The customer types it in the chat; no agent hears it, and it is kept
		// nowhere. Sent again it counts once.
		v := contact.Visitor{Contact: who, Inbox: h.inbox.ID}
		h.write(v, "收到邮件了")
		in := channel.Inbound{Inbox: v.Inbox, Contact: who, ClientID: "client-code", Text: second[:3] + " " + second[3:], At: h.Now()}
		for range 2 {
			r, err := h.Receive(ctx, in)
			h.must(err)
			if r.Message.Text != "〔客户填写了核验码〕" {
				h.t.Errorf("the conversation holds %q", r.Message.Text)
			}
		}
		now, err := h.Verification(ctx, h.zhao, who, verification.Reveal)
		h.must(err)
		if now.Verdict.Short != 1 || now.Left != 3 {
			h.t.Errorf("after the code %+v", now)
		}
		_, err = h.AnswerFactor(ctx, h.lin, i, verification.Code, second)
		h.code(err, "verification.code_none") // once
		if r := h.write(v, "200120"); r.Message.Text != "〔客户填写了核验码〕" {
			h.t.Errorf("%q", r.Message.Text) // still hidden, and no failure: the code is used
		}
		if done := h.answer(h.lin, i, verification.Phone, "13812345678"); done.Now.State != verification.Passed {
			h.t.Errorf("%+v", done.Now)
		}
	})
}

// What was told and what is registered stands nowhere in the clear.
func TestNothingThatWasToldIsKept(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		var log bytes.Buffer
		h.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		ctx, who := h.t.Context(), h.known()
		letters := h.posts()
		s := h.start(h.lin, who)
		h.answer(h.lin, s.Now.ID, verification.IDTail, "8765")
		h.answer(h.lin, s.Now.ID, verification.IDNumber, idCard)
		_, err := h.SendVerificationCode(ctx, h.lin, s.Now.ID, desk.CodeByEmail)
		h.must(err)
		code := sixDigits.FindString(letters()[0].Text)
		h.answer(h.lin, s.Now.ID, verification.Code, code)
		var all strings.Builder
		all.WriteString(log.String())
		for _, e := range storetest.Events(h.t, h.DB, 0) {
			all.Write(e.Body)
		}
		for _, e := range h.audited("") {
			b, _ := json.Marshal(e)
			all.Write(b)
		}
		vs, err := h.DB.Now().VerificationsOf(ctx, who, 10)
		h.must(err)
		as, err := h.DB.Now().VerificationAttempts(ctx, s.Now.ID)
		h.must(err)
		rs, err := h.Particulars(ctx, h.wang, who)
		h.must(err)
		for _, v := range []any{vs, as, rs} {
			b, _ := json.Marshal(v)
			all.Write(b)
		}
		if len(as) != 3 {
			h.t.Errorf("%d attempts", len(as))
		}
		kept := all.String()
		for _, secret := range []string{idCard, "8765", "京A12345", code, "19491231"} {
			if strings.Contains(kept, secret) {
				h.t.Errorf("%s stands in the clear: …%s…", secret, kept[max(0, strings.Index(kept, secret)-80):][:160])
			}
		}
	})
}

// Nobody registers what they know to be verified by it: not an agent for a
// caller, not a visitor in the form of the chat.
func TestWhoRegistersWhatSomebodyIsVerifiedBy(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, who := h.t.Context(), h.known()
		phone, email, name := "13900000000", "thief@example.org", "张 伟"
		_, err := h.ChangeContact(ctx, h.lin, who, desk.ContactChange{Phone: &phone}, 0)
		h.code(err, "verification.needed")
		_, err = h.AddParticular(ctx, h.lin, who, verification.MemberNo, "88001234", 0)
		h.code(err, "verification.needed")
		_, err = h.ChangeContact(ctx, h.lin, who, desk.ContactChange{Name: &name}, 0)
		h.must(err) // a name is not what somebody is known by
		c, err := h.Introduce(ctx, contact.Visitor{Contact: who, Inbox: h.inbox.ID}, contact.Contact{Phone: phone, Email: email})
		h.must(err)
		if c.Phone == phone || c.Email == email {
			h.t.Errorf("the form of the chat changed %s, %s", c.Phone, c.Email)
		}
		_, err = h.VouchVerification(ctx, h.lin, h.start(h.lin, who).Now.ID, "听声音像本人")
		h.code(err, "permission.missing")
		_, err = h.StartVerification(ctx, h.admin(agent.ContactRead), who, desk.Begin{Action: verification.Reveal})
		h.code(err, "permission.missing")
		// A new card takes the place of the old; the same plate stands once.
		v := h.vouched(who)
		_, err = h.AddParticular(ctx, h.lin, who, verification.IDCard, "440308199901101512", v)
		h.must(err)
		rs, err := h.AddParticular(ctx, h.lin, who, verification.PlateNo, "京a12345", v)
		h.must(err)
		if len(rs) != 2 {
			h.t.Errorf("registered: %+v", rs)
		}
		rs, err = h.RemoveParticular(ctx, h.lin, who, rs[0].ID, v)
		h.must(err)
		if len(rs) != 1 {
			h.t.Errorf("registered: %+v", rs)
		}
	})
}

// A policy that asks for more counts at once, and each change is a version.
func TestVerificationPolicy(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, who, boss := h.t.Context(), h.known(), h.admin(agent.SettingManage)
		s := h.start(h.lin, who)
		h.answer(h.lin, s.Now.ID, verification.Phone, "13812345678")
		h.answer(h.lin, s.Now.ID, verification.Vehicle, plate)
		p, err := h.VerificationPolicy(ctx)
		h.must(err)
		p.Needs = []verification.Need{{Action: verification.Reveal, Ways: []verification.Way{{Count: 1, Of: []verification.Factor{verification.IDNumber}}}}}
		_, err = h.ChangeVerificationPolicy(ctx, h.lin, p)
		h.code(err, "permission.missing")
		next, err := h.ChangeVerificationPolicy(ctx, boss, p)
		h.must(err)
		_, err = h.ChangeVerificationPolicy(ctx, boss, p)
		h.code(err, "verification.policy_changed")
		if next.Version != 1 || next.By != "管理员" || len(h.audited("verification.policy")) != 1 {
			h.t.Errorf("%+v", next)
		}
		_, err = h.Reveal(ctx, h.lin, who, "phone", "回电", s.Now.ID)
		h.code(err, "verification.needed")
	})
}

// Two consoles hear of each step.
func TestVerificationIsTold(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		who := h.known()
		before := 0
		for _, e := range storetest.Events(h.t, h.DB, 0) {
			if e.Kind == event.VerificationChanged {
				before++
			}
		}
		s := h.start(h.lin, who)
		h.answer(h.lin, s.Now.ID, verification.Phone, "13812345678")
		h.told(event.VerificationChanged, before+2)
	})
}

// Many wrong answers at once are counted one by one.
func TestGuessesAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, who := h.t.Context(), h.known()
		s := h.start(h.lin, who)
		done := make(chan error)
		for i := range 12 {
			go func() {
				_, err := h.AnswerFactor(ctx, h.lin, s.Now.ID, verification.IDTail, fmt.Sprintf("%04d", i))
				done <- err
			}()
		}
		through := 0
		for range 12 {
			if <-done == nil {
				through++
			}
		}
		row, err := h.DB.Now().VerificationFailures(ctx, who)
		h.must(err)
		as, err := h.DB.Now().VerificationAttempts(ctx, s.Now.ID)
		h.must(err)
		if through != 3 || len(as) != 3 || row.Wait(h.Now()) == 0 {
			h.t.Errorf("%d guesses came through, %d are recorded, %+v", through, len(as), row)
		}
	})
}
