package desk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/ticket"
	"yingda/internal/job"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// carrier keeps letters in the transaction that writes them, as jobs.
type carrier struct{ now func() time.Time }

type carried struct{ To, Subject, Text string }

func (carrier) Open() bool { return true }

func (p carrier) Send(ctx context.Context, tx *store.Tx, to, subject, text string) error {
	return tx.Enqueue(ctx, "letter", carried{to, subject, text}, p.now(), p.now())
}

func (p carrier) SendUntil(ctx context.Context, tx *store.Tx, to, subject, text string, _ time.Time) error {
	return p.Send(ctx, tx, to, subject, text)
}

// posts lets the desk write letters, and returns those since it was asked last.
func (h *house) posts() func() []carried {
	var got []carried
	h.Post, h.PublicURL = carrier{h.Now}, "https://help.yuanxing.example"
	h.jobs.Handle(job.Kind{Name: "letter", Do: func(_ context.Context, raw json.RawMessage) error {
		var l carried
		h.must(json.Unmarshal(raw, &l))
		got = append(got, l)
		return nil
	}})
	return func() []carried {
		h.run()
		h.run() // what the first run wrote
		ls := got
		got = nil
		return ls
	}
}

func (h *house) pass(c ticket.Case) channel.Holder {
	return channel.Holder{Pass: h.CasePass(c, h.Now().Add(time.Hour))}
}

func (h *house) complaintOf(email, clientID string) ticket.Case {
	h.t.Helper()
	c := handed()
	c.Email = email
	c, err := h.OpenPublicCase(h.t.Context(), c, nil, clientID)
	h.must(err)
	return c
}

// One letter for each act that the customer is shown, and none for others; what
// is done twice is written once.
func TestLettersToTheCustomer(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		posted := h.posts()
		h.until(friday)
		c := h.complaintOf("zhang@mail.example", "letters-0001")
		expect := func(when string, says ...string) {
			h.t.Helper()
			ls := posted()
			if len(says) == 0 {
				if len(ls) != 0 {
					h.t.Errorf("%s: a letter was written: %+v", when, ls)
				}
				return
			}
			if len(ls) != 1 || ls[0].To != "zhang@mail.example" {
				h.t.Fatalf("%s: %d letters: %+v", when, len(ls), ls)
			}
			for _, s := range says {
				if !strings.Contains(ls[0].Subject+"\n"+ls[0].Text, s) {
					h.t.Errorf("%s: the letter does not say %q:\n%s", when, s, ls[0].Text)
				}
			}
			if strings.Contains(ls[0].Text, h.CaseSecret(c)) || strings.Contains(ls[0].Text, "异响仍在") {
				h.t.Errorf("%s: the letter says too much:\n%s", when, ls[0].Text)
			}
		}
		expect("handed in", c.Number, "2026年9月20日 18:00", "https://help.yuanxing.example/progress/"+c.Number+"?pass=")
		_, err := h.OpenPublicCase(h.t.Context(), handed(), nil, "letters-0001")
		h.must(err)
		expect("handed in again")
		h.do(h.lin, c, ticket.Doing{Act: ticket.Note, Text: "内部"})
		h.do(h.lin, c, ticket.Doing{Act: ticket.Assign, Agent: h.lin.Agent})
		expect("noted and assigned")
		c = h.accept(c)
		expect("accepted", "已受理您的请求", "当前阶段：已受理")
		h.do(h.lin, c, ticket.Doing{Act: ticket.AskCustomer, Text: "请提供维修单照片"})
		expect("asked", "需要您补充信息", "请提供维修单照片")
		for range 2 {
			_, err = h.CustomerDoes(h.t.Context(), c.Number, h.pass(c), ticket.Doing{Act: ticket.Hear, Text: "照片已补充"}, "hear-00001")
			h.must(err)
		}
		expect("the customer wrote, twice")
		if n := count(h.acts(c), ticket.Hear); n != 1 {
			h.t.Errorf("it was heard %d times", n)
		}
		h.do(h.lin, c, ticket.Doing{Act: ticket.Investigate, Agent: h.zhao.Agent})
		expect("investigated", "已开始调查核实")
		h.do(h.zhao, c, ticket.Doing{Act: ticket.Propose, Findings: "确有异响", Solution: "重新装配", Outcome: ticket.Repair, Cause: "assembly"})
		posted()
		h.do(h.zhao, c, ticket.Doing{Act: ticket.GiveFeedback, Text: "我们将免费重新装配", Solution: "重新装配"})
		expect("told the result", "处理结果已反馈", "我们将免费重新装配", "处理方案：重新装配")
		h.clock.Turn(8 * 24 * time.Hour)
		expect("nobody said otherwise", "未收到异议")
	})
}

// Whoever asked to hurry hears of the breach and of the escalation once.
func TestABreachIsToldOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		posted := h.posts()
		h.until(friday)
		h.complaintOf("zhang@mail.example", "letters-0002")
		posted()
		h.until(stamp(t, "2026-09-20T18:00:00+08:00").Add(time.Second))
		told := posted()
		for _, l := range told {
			if n := strings.Count(fmt.Sprint(told), l.Text); n != 1 {
				h.t.Errorf("written %d times: %s", n, l.Text)
			}
		}
		if len(told) == 0 {
			h.t.Error("nobody was told that it went up")
		}
	})
}

// Everybody whose case became part of another hears of it, and not what was
// written to somebody else.
func TestPartsAreTold(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		posted := h.posts()
		whole, part := h.complaintOf("zhang@mail.example", "letters-0003"), h.complaintOf("liu@mail.example", "letters-0004")
		h.do(h.lin, part, ticket.Doing{Act: ticket.Merge, Into: whole.ID})
		posted()
		whole = h.accept(whole)
		posted()
		h.do(h.lin, whole, ticket.Doing{Act: ticket.Reply, Text: "张先生，已为您安排"})
		ls := posted()
		if len(ls) != 2 || ls[1].To != "liu@mail.example" || !strings.Contains(ls[1].Text, part.Number) || strings.Contains(ls[1].Text, "张先生") || strings.Contains(ls[1].Text, "pass=") {
			h.t.Errorf("the letters are %+v", ls)
		}
	})
}

// Whoever's case became part of another one's follows their own: what the
// other wrote, and what is offered to them, is not theirs to see or to answer.
func TestAPartDoesNotOpenTheWhole(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.until(friday)
		hand := func(who contact.ID, clientID string) ticket.Case {
			c, err := h.OpenPublicCase(ctx, ticket.Case{Kind: ticket.Complaint, Text: "多收费", Phone: "13800138000", Contact: who}, nil, clientID)
			h.must(err)
			return c
		}
		guest := func() contact.ID {
			v, err := h.Visit(ctx, channel.Visit{Inbox: h.inbox, Language: "zh"})
			h.must(err)
			return v.ID
		}
		zhang, liu := guest(), guest()
		whole, part := hand(zhang, "letters-0005"), hand(liu, "letters-0006")
		h.do(h.lin, part, ticket.Doing{Act: ticket.Merge, Into: whole.ID})
		_, err := h.Follow(ctx, whole.Number, channel.Holder{Contact: liu})
		h.code(err, "case.lookup")
		_, err = h.CustomerDoes(ctx, whole.Number, channel.Holder{Contact: liu}, ticket.Doing{Act: ticket.Withdraw}, "letters-0007")
		h.code(err, "case.lookup")
		for who, number := range map[contact.ID]string{zhang: whole.Number, liu: part.Number} {
			if _, err := h.Follow(ctx, number, channel.Holder{Contact: who}); err != nil {
				h.t.Errorf("their own %s: %v", number, err)
			}
		}
	})
}

func TestLookUpIsLimited(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		c := h.complaint("portal-limits")
		ctx := h.t.Context()
		number, pass, err := h.LookUp(ctx, " "+strings.ToLower(c.Number)+" ", strings.ToLower(h.CaseSecret(c)))
		h.must(err)
		if _, err := h.Follow(ctx, number, channel.Holder{Pass: pass}); err != nil || number != c.Number {
			h.t.Errorf("the pass for %s does not open it: %v", number, err)
		}
		other := h.complaint("portal-limits-2")
		_, err = h.Follow(ctx, other.Number, channel.Holder{Pass: pass})
		h.code(err, "case.lookup")
		for _, forged := range []string{"", ".", "zzzzzz." + strings.SplitN(pass, ".", 2)[1], pass + "x"} {
			_, err = h.Follow(ctx, c.Number, channel.Holder{Pass: forged})
			h.code(err, "case.lookup")
		}
		h.clock.Turn(2 * time.Hour)
		_, err = h.Follow(ctx, c.Number, channel.Holder{Pass: pass})
		h.code(err, "case.lookup")

		const nothing = "TS20200101-000001"
		for _, n := range []string{c.Number, nothing} {
			for range 10 {
				_, _, err := h.LookUp(ctx, n, "00000000")
				h.code(err, "case.lookup")
			}
			_, _, err := h.LookUp(ctx, n, h.CaseSecret(ticket.Case{Number: n}))
			h.code(err, "case.lookup_wait")
		}
		_, _, err = h.LookUp(ctx, other.Number, h.CaseSecret(other))
		h.must(err)
		h.clock.Turn(time.Hour)
		_, _, err = h.LookUp(ctx, c.Number, "00000000")
		h.code(err, "case.lookup")
		_, _, err = h.LookUp(ctx, c.Number, h.CaseSecret(c))
		h.must(err)
		if _, _, err = h.LookUp(ctx, strings.Repeat("x", 1000), "y"); fault.CodeOf(err) != "case.lookup" {
			h.t.Errorf("nonsense: %v", err)
		}
	})
}

func count(all []ticket.Act, a ticket.Act) (n int) {
	for _, b := range all {
		if a == b {
			n++
		}
	}
	return n
}

// Who used the English form is written to in English; what is no language of
// ours changes nothing.
func TestLettersInTheLanguageOfTheForm(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		posted := h.posts()
		h.until(friday)
		for language, says := range map[string]string{"en": "We received", "zh": "已收到", "": "已收到", "xx": "已收到"} {
			c := handed()
			c.Email, c.Language = "zhang@mail.example", language
			c, err := h.OpenPublicCase(h.t.Context(), c, nil, "language-"+language+"-0001")
			h.must(err)
			if ls := posted(); len(ls) != 1 || !strings.Contains(ls[0].Subject, says) {
				h.t.Errorf("from the form in %q: %+v", language, ls)
			}
			h.accept(c)
			if ls := posted(); len(ls) != 1 || strings.Contains(ls[0].Subject, "has moved on") != (language == "en") || strings.Contains(ls[0].Text, "您好") == (language == "en") {
				h.t.Errorf("of a case in %q: %+v", language, ls)
			}
		}
	})
}
