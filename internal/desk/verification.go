package desk

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/ticket"
	"yingda/internal/domain/verification"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/secret"
	"yingda/internal/kit/serve"
	"yingda/internal/store"
)

// Texts carries short messages to phones. There is no channel for them yet:
// where it is nil, a code goes by e-mail only.
type Texts interface {
	// Open reports whether messages can be sent at all.
	Open() bool
	// SendUntil promises a message: it is sent if the transaction commits, and
	// not after a time.
	SendUntil(ctx context.Context, tx *store.Tx, to, text string, until time.Time) error
}

// VerificationEnd is the payload of VerificationEndJob.
type VerificationEnd struct {
	Verification verification.ID `json:"verification"`
}

// VerificationSheet is how it stands with verifying a customer, as whoever
// does it is shown it. Of what is registered it holds masks only (R091).
type VerificationSheet struct {
	Contact      contact.ID                 `json:"contact_id"`
	Action       verification.Action        `json:"action"`
	Now          *verification.Verification `json:"verification,omitempty" doc:"the one that goes on, or passed and holds, or locked"`
	Factors      []FactorSheet              `json:"factors"`
	Verdict      verification.Verdict       `json:"verdict"`
	Needs        bool                       `json:"needs" doc:"the action needs a verification: something is registered that it protects"`
	Reachable    bool                       `json:"reachable" doc:"enough is registered for the action"`
	Left         int                        `json:"left" doc:"wrong answers until the lock"`
	LockedUntil  time.Time                  `json:"locked_until,omitzero"`
	Code         *CodeSheet                 `json:"code,omitempty" doc:"the code that was sent and still works"`
	MayVouch     bool                       `json:"may_vouch"`
	TargetSecond int                        `json:"target_s" doc:"how long a verification is to take at most"`
	WarnSecond   int                        `json:"warn_s"`
	At           time.Time                  `json:"at" doc:"the time here, for the timer"`
}

// FactorSheet is one thing that the customer can be asked for.
type FactorSheet struct {
	Factor     verification.Factor `json:"factor"`
	Registered bool                `json:"registered"`
	Mask       string              `json:"mask" doc:"as much as tells it from another; empty where even that would say too much"`
	Right      bool                `json:"right"`
	Tail       int                 `json:"tail,omitzero" doc:"so many characters at the end are enough"`
}

// CodeSheet is a code that was sent.
type CodeSheet struct {
	To        string    `json:"to" doc:"masked"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Verification returns how it stands with verifying a customer for an action.
func (d *Desk) Verification(ctx context.Context, by agent.Actor, who contact.ID, a verification.Action) (s VerificationSheet, err error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return s, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Person(ctx, who)
		if err != nil {
			return err
		}
		s, err = d.verificationSheet(ctx, tx, by, c, a)
		return err
	})
	return s, err
}

// Begin is what a verification is begun with.
type Begin struct {
	Action       verification.Action `json:"action"`
	Conversation conversation.ID     `json:"conversation_id,omitzero"`
	Case         ticket.ID           `json:"case_id,omitzero"`
}

// StartVerification begins to verify a customer; the clock runs. One that goes
// on already is joined, one that passed and is enough is shown.
func (d *Desk) StartVerification(ctx context.Context, by agent.Actor, who contact.ID, b Begin) (VerificationSheet, error) {
	return d.verify(ctx, by, who, b.Action, func(tx *store.Tx, at verifying) (verifying, error) {
		if !b.Action.Known() {
			return at, fault.New(fault.Invalid, "verification.action", "customers are not verified for this").In("action")
		}
		if err := at.row.Locked(at.now); err != nil {
			return at, err
		}
		switch {
		case at.have && at.v.State.Open():
			if at.v.Action == b.Action {
				return at, nil
			}
			at.v.Action = b.Action
			return at, d.keepVerification(ctx, tx, &at)
		case at.have && at.v.Covers(at.policy, b.Action, at.c.ID, at.now) == nil:
			return at, nil
		}
		at.v = verification.Start(at.c.ID, b.Action, at.policy, by, at.now)
		if err := d.placed(ctx, tx, by, &at.v, b); err != nil {
			return at, err
		}
		v, err := tx.InsertVerification(ctx, at.v)
		if err != nil {
			return at, err
		}
		at.v, at.have = v, true
		return at, d.toldVerification(ctx, tx, at, "verification.start", nil)
	})
}

// placed says where a verification happens: for which team, in which
// conversation or case, which must be the customer's and the actor's to see.
func (d *Desk) placed(ctx context.Context, tx *store.Tx, by agent.Actor, v *verification.Verification, b Begin) error {
	if len(by.Teams) > 0 {
		v.Team = by.Teams[0]
	}
	if !b.Conversation.IsZero() {
		c, err := seen(ctx, tx, by, b.Conversation)
		if err != nil {
			return err
		}
		if ours, err := isPerson(ctx, tx, c.Contact, v.Contact); err != nil {
			return err
		} else if ours {
			v.Conversation = c.ID
			if !c.Team.IsZero() {
				v.Team = c.Team
			}
		}
	}
	if !b.Case.IsZero() {
		c, err := seenCase(ctx, tx, by, b.Case)
		if err != nil {
			return err
		}
		if ours, err := isPerson(ctx, tx, c.Contact, v.Contact); err != nil {
			return err
		} else if ours {
			v.Case = c.ID
			if !c.Team.IsZero() {
				v.Team = c.Team
			}
		}
	}
	return nil
}

// isPerson reports whether a contact is a person, or merged into them.
func isPerson(ctx context.Context, tx *store.Tx, i, person contact.ID) (bool, error) {
	if i.IsZero() {
		return false, nil // nobody in particular
	}
	p, err := tx.PersonOf(ctx, i)
	return p == person, err
}

// AskFactor notes what the customer is asked for.
func (d *Desk) AskFactor(ctx context.Context, by agent.Actor, i verification.ID, f verification.Factor) (VerificationSheet, error) {
	return d.goOn(ctx, by, i, func(tx *store.Tx, at verifying) (verifying, error) {
		if err := d.mustHave(ctx, tx, at, f); err != nil {
			return at, err
		}
		v, err := at.v.Ask(at.policy, f, at.now)
		if err != nil {
			return at, err
		}
		at.v = v
		return at, d.keepVerification(ctx, tx, &at)
	})
}

// AnswerFactor compares what the customer told with what is registered. What
// was told is kept nowhere. A slip that cannot be right whatever is registered
// is Invalid, and no failure.
func (d *Desk) AnswerFactor(ctx context.Context, by agent.Actor, i verification.ID, f verification.Factor, told string) (VerificationSheet, error) {
	return d.goOn(ctx, by, i, func(tx *store.Tx, at verifying) (verifying, error) {
		return d.answerFactor(ctx, tx, at, f, told)
	})
}

func (d *Desk) answerFactor(ctx context.Context, tx *store.Tx, at verifying, f verification.Factor, told string) (verifying, error) {
	if !f.Known() {
		return at, fault.New(fault.Invalid, "verification.factor", "customers are not asked for this").In("factor")
	}
	if err := at.policy.CheckTold(f, told, at.now); err != nil {
		return at, err
	}
	if err := d.mustHave(ctx, tx, at, f); err != nil {
		return at, err
	}
	values, err := d.registered(ctx, tx, at, f)
	if err != nil {
		return at, err
	}
	right := at.policy.Same(f, told, values)
	v, row, err := at.v.Answer(at.policy, f, right, at.row, at.now)
	if err != nil {
		return at, err
	}
	at.v, at.row = v, row
	if f == verification.Code && right || v.State == verification.Locked {
		if err := tx.UseVerificationCode(ctx, v.ID, at.now); err != nil {
			return at, err
		}
	}
	if err := tx.InsertVerificationAttempt(ctx, v, store.Attempt{Agent: at.by.Agent, Factor: f, Right: right, At: at.now}); err != nil {
		return at, err
	}
	if err := tx.SaveVerificationFailures(ctx, v.Contact, row); err != nil {
		return at, err
	}
	if at.v, err = tx.SaveVerification(ctx, v); err != nil {
		return at, err
	}
	what := map[verification.State]string{verification.Passed: "verification.pass", verification.Failed: "verification.fail", verification.Locked: "verification.lock"}[v.State]
	return at, d.toldVerification(ctx, tx, at, what, map[string]any{"factor": string(f), "right": right})
}

// VouchVerification is somebody's word that the customer is who they say, where
// too little is registered to ask for. The reason is kept.
func (d *Desk) VouchVerification(ctx context.Context, by agent.Actor, i verification.ID, reason string) (VerificationSheet, error) {
	if err := by.Need(agent.VerificationVouch); err != nil {
		return VerificationSheet{}, err
	}
	return d.goOn(ctx, by, i, func(tx *store.Tx, at verifying) (verifying, error) {
		v, err := at.v.VouchFor(at.policy, reason, at.now)
		if err != nil {
			return at, err
		}
		at.v = v
		if at.v, err = tx.SaveVerification(ctx, v); err != nil {
			return at, err
		}
		return at, d.toldVerification(ctx, tx, at, "verification.vouch", map[string]any{"reason": v.Vouched})
	})
}

// EndVerification ends a verification before its time.
func (d *Desk) EndVerification(ctx context.Context, by agent.Actor, i verification.ID) (VerificationSheet, error) {
	return d.goOn(ctx, by, i, func(tx *store.Tx, at verifying) (verifying, error) {
		v, err := at.v.End(at.now)
		if err != nil {
			return at, err
		}
		at.v = v
		return at, d.keepVerification(ctx, tx, &at)
	})
}

// endVerifications ends the verification of a person that goes on or holds.
func (d *Desk) endVerifications(ctx context.Context, tx *store.Tx, by agent.Actor, person contact.ID) error {
	at, err := d.verifying(ctx, tx, person)
	if err != nil || !at.have || !at.v.State.Open() && at.v.State != verification.Passed {
		return err
	}
	if at.v, err = at.v.End(at.now); err != nil {
		return err
	}
	at.by = by
	return d.keepVerification(ctx, tx, &at)
}

// CodeWay is how a code goes to a customer.
type CodeWay string

// The ways of a code.
const (
	CodeByEmail CodeWay = "email"
	CodeByPhone CodeWay = "phone"
)

// SendVerificationCode sends a one-time code to the address or the phone that
// is registered (R090). The code of before does not work any more.
func (d *Desk) SendVerificationCode(ctx context.Context, by agent.Actor, i verification.ID, way CodeWay) (VerificationSheet, error) {
	return d.goOn(ctx, by, i, func(tx *store.Tx, at verifying) (verifying, error) {
		if err := at.row.Locked(at.now); err != nil {
			return at, err
		}
		v, err := at.v.Ask(at.policy, verification.Code, at.now)
		if err != nil {
			return at, err
		}
		at.v = v
		if err := d.codeIsRare(ctx, tx, at); err != nil {
			return at, err
		}
		digits, until := secret.Digits(access.CodeDigits), at.now.Add(access.CodeLife)
		to, err := d.sendDigits(ctx, tx, at, way, digits, until)
		if err != nil {
			return at, err
		}
		if err := tx.PutVerificationCode(ctx, store.SentCode{Verification: v.ID, Sealed: d.SealPerson.Seal([]byte(digits)), To: to, ExpiresAt: until}); err != nil {
			return at, err
		}
		if at.v, err = tx.SaveVerification(ctx, v); err != nil {
			return at, err
		}
		return at, d.toldVerification(ctx, tx, at, "verification.code", map[string]any{"to": to})
	})
}

// codeIsRare counts a code for the customer and for the agent.
func (d *Desk) codeIsRare(ctx context.Context, tx *store.Tx, at verifying) error {
	for name, next := range map[string]func(access.Attempts) access.Attempts{
		"verify:" + at.c.ID.String():        func(a access.Attempts) access.Attempts { return a.Asked(at.now) },
		"verify-by:" + at.by.Agent.String(): func(a access.Attempts) access.Attempts { return a.Failed(access.FreeOfAddress, at.now) },
	} {
		a, err := tx.HoldAttempts(ctx, name)
		if err != nil {
			return err
		}
		if wait := a.Wait(at.now); wait > 0 {
			return fault.New(fault.Busy, "code.wait", "a code was sent a moment ago; wait %d seconds before you ask for another", int(math.Ceil(wait.Seconds()))).Because(serve.Wait(wait))
		}
		if err := tx.SaveAttempts(ctx, name, next(a)); err != nil {
			return err
		}
	}
	return nil
}

// sendDigits promises the message that brings a code, and returns where to,
// masked.
func (d *Desk) sendDigits(ctx context.Context, tx *store.Tx, at verifying, way CodeWay, digits string, until time.Time) (string, error) {
	l, err := d.lettersFor(ctx, tx, ticket.Case{Contact: at.c.ID})
	if err != nil {
		return "", err
	}
	w := codeLetters[l.language]
	text := fmt.Sprintf(w.text, l.us(), digits)
	switch {
	case way == CodeByPhone && at.c.Phone == "":
		return "", fault.New(fault.Conflict, "verification.no_phone", "no phone number of this customer is registered; ask for something else")
	case way == CodeByPhone && (d.Texts == nil || !d.Texts.Open()):
		return "", fault.New(fault.Conflict, "verification.no_sms", "there is no channel for text messages here yet; send the code by e-mail, or ask for something else")
	case way == CodeByPhone:
		return contact.MaskPhone(at.c.Phone), d.Texts.SendUntil(ctx, tx, at.c.Phone, text, until)
	case at.c.Email == "":
		return "", fault.New(fault.Conflict, "verification.no_email", "no e-mail address of this customer is registered; ask for something else")
	case d.Post == nil || !d.Post.Open():
		return "", fault.New(fault.Conflict, "verification.no_mail", "e-mail is not set up here; ask for something else")
	}
	return contact.MaskEmail(at.c.Email), d.Post.SendUntil(ctx, tx, at.c.Email, fmt.Sprintf(w.subject, l.us()), l.greeting+text+l.end(), until)
}

// codeLetters bring a code. They say whom it may be told to: nobody but whom
// the customer turned to themselves.
var codeLetters = map[string]struct{ subject, text string }{
	"zh": {
		"【%s】身份核验码",
		"您正在与%s客服联系，身份核验码是：\n\n    %s\n\n核验码 5 分钟内有效，只能使用一次。请直接在聊天窗口里发送，或告诉您正在联系的客服。\n如果不是您主动联系我们，请忽略这条消息，不要把它告诉任何人。\n",
	},
	"en": {
		"[%s] Your verification code",
		"You are in contact with %s. Your verification code is:\n\n    %s\n\nIt works for 5 minutes, and once. Send it in the chat window, or tell it to the agent you turned to.\nIf you did not turn to us, ignore this message and tell the code to nobody.\n",
	},
}

// codeInChat is what is kept of a message. A code that a customer types in the
// chat while one is awaited of them is compared and not kept: no agent hears it
// (R090).
func (d *Desk) codeInChat(ctx context.Context, tx *store.Tx, c conversation.Conversation, in channel.Inbound) (string, error) {
	if digits := access.FoldDigits(in.Text); len(digits) != access.CodeDigits || strings.Contains(digits, "?") {
		return in.Text, nil
	}
	at, err := d.verifying(ctx, tx, in.Contact)
	if err != nil || !at.have || !at.v.State.Open() {
		return in.Text, err
	}
	code, have, err := tx.VerificationCode(ctx, at.v.ID)
	if err != nil || !have || !at.now.Before(code.ExpiresAt) {
		return in.Text, err
	}
	if _, again, err := tx.MessageByClientID(ctx, in.Contact.String(), in.ClientID); err != nil || again {
		return codeTyped[c.Language == "en"], err
	}
	if _, err := d.answerFactor(ctx, tx, at, verification.Code, in.Text); err != nil && fault.KindOf(err) == fault.Internal {
		return "", err
	}
	return codeTyped[c.Language == "en"], nil
}

// codeTyped stands in the conversation where a customer typed a code.
var codeTyped = map[bool]string{false: "〔客户填写了核验码〕", true: "[the customer entered the verification code]"}

var errNoCode = fault.New(fault.Conflict, "verification.code_none", "no code was sent, or it does not work any more; send another")

// Verified refuses an action for a customer without a verification of them
// that is live and enough for it (R089). It is the one gate of all sensitive
// actions, asked in their transaction. What is registered for the first time of
// a customer needs none.
func (d *Desk) Verified(ctx context.Context, tx *store.Tx, by agent.Actor, a verification.Action, who contact.ID, i verification.ID) error {
	if by.Key != "" && by.May(agent.VerificationVouch) {
		return nil // an integration that vouches for its own customers
	}
	at, err := d.verifying(ctx, tx, who)
	if err != nil {
		return err
	}
	if i.IsZero() {
		fs, err := d.factorsOf(ctx, tx, at)
		if err != nil {
			return err
		}
		if a.Guards() && !protected(fs) {
			return nil
		}
		if err := at.row.Locked(at.now); err != nil {
			return err
		}
		return verification.Needed(at.policy, a, nil)
	}
	v, err := tx.Verification(ctx, i)
	if gone(err) {
		return verification.Needed(at.policy, a, nil)
	}
	if err != nil {
		return err
	}
	if v.Vouched == "" {
		if err := at.row.Locked(at.now); err != nil {
			return err
		}
	}
	if person, err := tx.PersonOf(ctx, v.Contact); err != nil {
		return err
	} else if person == at.c.ID {
		v.Contact = person // it may have begun before a merge
	}
	return v.Covers(at.policy, a, at.c.ID, at.now)
}

// VerifiedForCase is Verified for whoever a case is of. Where no customer is
// known there is nobody to verify; whoever may vouch decides.
func (d *Desk) VerifiedForCase(ctx context.Context, tx *store.Tx, by agent.Actor, a verification.Action, c ticket.Case, i verification.ID) error {
	if !c.Contact.IsZero() {
		return d.Verified(ctx, tx, by, a, c.Contact, i)
	}
	if by.May(agent.VerificationVouch) {
		return nil
	}
	return fault.New(fault.Forbidden, "verification.nobody", "no customer is known of this case, so nobody can be verified; the customer can say yes on the progress page")
}

// protected reports whether anything is registered that a customer can be
// known by. A name alone is nothing.
func protected(fs []FactorSheet) bool {
	return slices.ContainsFunc(fs, func(f FactorSheet) bool { return f.Registered && f.Factor != verification.Name })
}

// verifying is all that a step of a verification is decided by.
type verifying struct {
	c      contact.Contact
	v      verification.Verification // as it is now
	have   bool
	row    verification.Failures
	policy verification.Policy
	by     agent.Actor // who does the step; nobody if the customer does
	now    time.Time
}

// verifying reads the latest verification of a customer. Until the transaction
// ends nobody else verifies them.
func (d *Desk) verifying(ctx context.Context, tx *store.Tx, who contact.ID) (at verifying, err error) {
	at.now = d.Now().Truncate(time.Millisecond)
	if at.c, err = tx.Person(ctx, who); err != nil {
		return at, err
	}
	if at.v, at.have, err = tx.LatestVerification(ctx, at.c.ID); err != nil {
		return at, err
	}
	at.v = at.v.At(at.now)
	at.v.Contact = at.c.ID // it may have begun before a merge
	if at.row, err = tx.VerificationFailures(ctx, at.c.ID); err != nil {
		return at, err
	}
	at.policy, err = tx.VerificationPolicy(ctx)
	return at, err
}

type step func(tx *store.Tx, at verifying) (verifying, error)

// verify does a step of verifying a customer.
func (d *Desk) verify(ctx context.Context, by agent.Actor, who contact.ID, a verification.Action, f step) (s VerificationSheet, err error) {
	defer fault.Wrap(&err, "verify contact %s", who)
	if err := by.Need(agent.ContactEdit); err != nil {
		return s, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		at, err := d.verifying(ctx, tx, who)
		if at.by = by; err == nil {
			at, err = f(tx, at)
		}
		if err != nil {
			return err
		}
		if a == "" {
			a = at.v.Action
		}
		s, err = d.sheetOf(ctx, tx, by, at, a)
		return err
	})
	return s, err
}

// goOn does a step of a verification that goes on: only the latest of a
// customer can.
func (d *Desk) goOn(ctx context.Context, by agent.Actor, i verification.ID, f step) (VerificationSheet, error) {
	v, err := d.DB.Now().Verification(ctx, i)
	if err != nil {
		return VerificationSheet{}, err
	}
	return d.verify(ctx, by, v.Contact, "", func(tx *store.Tx, at verifying) (verifying, error) {
		if at.v.ID != i {
			return at, fault.New(fault.Conflict, "verification.over", "this verification is over; another one of the customer has begun")
		}
		return f(tx, at)
	})
}

// keepVerification writes a step that needs no line in the audit log.
func (d *Desk) keepVerification(ctx context.Context, tx *store.Tx, at *verifying) (err error) {
	if at.v, err = tx.SaveVerification(ctx, at.v); err != nil {
		return err
	}
	return d.toldVerification(ctx, tx, *at, "", nil)
}

// toldVerification tells the consoles of a step, writes it into the audit log
// if it has a name there, and promises the end that comes by itself.
func (d *Desk) toldVerification(ctx context.Context, tx *store.Tx, at verifying, what string, detail map[string]any) error {
	if what != "" {
		o := audit.Of("verification", at.v.ID, at.c.Name)
		e := audit.By(at.by, at.now, what, o, detail)
		if at.by.Agent.IsZero() {
			e = audit.ByContact(at.c.ID.String(), at.c.Name, "", at.now, what, o, detail)
		}
		if err := tx.Audit(ctx, e); err != nil {
			return err
		}
	}
	if ends := at.v.Ends(); !ends.IsZero() {
		if err := tx.Enqueue(ctx, VerificationEndJob, VerificationEnd{at.v.ID}, ends, at.now); err != nil {
			return err
		}
	}
	return tx.Emit(ctx, event.Event{
		Kind: event.VerificationChanged, Contact: at.v.Contact, At: at.now,
		Body: event.Encode(event.Verification{Contact: at.v.Contact, ID: at.v.ID, State: at.v.State}),
	})
}

// LapseVerification does VerificationEndJob: a verification that passed or fell
// silent long enough ago is over.
func (d *Desk) LapseVerification(ctx context.Context, w VerificationEnd) error {
	look, err := d.DB.Now().Verification(ctx, w.Verification)
	if err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.Contact(ctx, look.Contact); err != nil {
			return err
		}
		v, err := tx.Verification(ctx, w.Verification)
		if err != nil {
			return err
		}
		is := v.At(d.Now())
		if is.State == v.State {
			return nil
		}
		if is, err = tx.SaveVerification(ctx, is); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{
			Kind: event.VerificationChanged, Contact: is.Contact, At: d.Now(),
			Body: event.Encode(event.Verification{Contact: is.Contact, ID: is.ID, State: is.State}),
		})
	})
}

// verificationSheet is how it stands with a customer, for somebody who only
// looks.
func (d *Desk) verificationSheet(ctx context.Context, tx *store.Tx, by agent.Actor, c contact.Contact, a verification.Action) (VerificationSheet, error) {
	at, err := d.verifying(ctx, tx, c.ID)
	if err != nil {
		return VerificationSheet{}, err
	}
	if a == "" {
		a = verification.Reveal
		if at.have && at.v.Action != "" {
			a = at.v.Action
		}
	}
	return d.sheetOf(ctx, tx, by, at, a)
}

func (d *Desk) sheetOf(ctx context.Context, tx *store.Tx, by agent.Actor, at verifying, a verification.Action) (VerificationSheet, error) {
	s := VerificationSheet{
		Contact: at.c.ID, Action: a, Left: at.row.Left(at.policy, at.now), MayVouch: by.May(agent.VerificationVouch) && by.Key == "",
		TargetSecond: int(verification.Target.Seconds()), WarnSecond: int(verification.Warning.Seconds()), At: at.now,
	}
	if at.row.Wait(at.now) > 0 {
		s.LockedUntil = at.row.Until
	}
	var right []verification.Factor
	if at.have && at.v.State != verification.Expired {
		v := at.v
		s.Now, right = &v, v.Right
	}
	fs, err := d.factorsOf(ctx, tx, at)
	if err != nil {
		return s, err
	}
	registered := []verification.Factor{}
	for i := range fs {
		fs[i].Right = slices.Contains(right, fs[i].Factor)
		if fs[i].Registered {
			registered = append(registered, fs[i].Factor)
		}
	}
	s.Factors, s.Needs, s.Reachable = fs, !a.Guards() || protected(fs), at.policy.Reachable(a, registered)
	s.Verdict = at.policy.Judge(a, right)
	if s.Now != nil && s.Now.Vouched != "" {
		s.Verdict = verification.Verdict{Enough: true, Missing: []verification.Factor{}}
	}
	if s.Now == nil || !s.Now.State.Open() {
		return s, nil
	}
	code, have, err := tx.VerificationCode(ctx, s.Now.ID)
	if have && code.Works(at.now) {
		s.Code = &CodeSheet{code.To, code.ExpiresAt}
	}
	return s, err
}

// factorsOf is what a customer can be asked for, with masks.
func (d *Desk) factorsOf(ctx context.Context, tx *store.Tx, at verifying) ([]FactorSheet, error) {
	rs, err := tx.Particulars(ctx, at.c.ID)
	if err != nil {
		return nil, err
	}
	masks := map[verification.Particular][]string{}
	for _, r := range rs {
		masks[r.Kind] = append(masks[r.Kind], r.Mask)
	}
	fs := make([]FactorSheet, 0, len(verification.Factors()))
	for _, f := range verification.Factors() {
		s := FactorSheet{Factor: f}
		if f.Tailed() {
			s.Tail = at.policy.Tail(f)
		}
		switch f {
		case verification.Phone, verification.PhoneTail:
			s.Registered = at.c.Phone != ""
			if f == verification.Phone {
				s.Mask = contact.MaskPhone(at.c.Phone)
			}
		case verification.Code:
			mails := d.Post != nil && d.Post.Open()
			texts := d.Texts != nil && d.Texts.Open()
			s.Registered = mails && at.c.Email != "" || texts && at.c.Phone != ""
			s.Mask = contact.MaskEmail(at.c.Email)
		case verification.Name:
			s.Registered = at.c.Name != "" && at.c.Name != contact.GuestName(at.c.ID, "zh") && at.c.Name != contact.GuestName(at.c.ID, "en")
		case verification.IDNumber, verification.IDTail, verification.Order, verification.Vehicle, verification.Member:
			all := []string{}
			for _, p := range f.Of() {
				all = append(all, masks[p]...)
			}
			s.Registered, s.Mask = len(all) > 0, strings.Join(all[:min(len(all), shownMasks)], " · ")
		}
		fs = append(fs, s)
	}
	return fs, nil
}

const shownMasks = 3

// mustHave refuses a factor that is not registered of the customer. A code has
// to be sent first.
func (d *Desk) mustHave(ctx context.Context, tx *store.Tx, at verifying, f verification.Factor) error {
	if err := at.row.Locked(at.now); err != nil {
		return err
	}
	if f == verification.Code {
		c, have, err := tx.VerificationCode(ctx, at.v.ID)
		if err == nil && (!have || !c.Works(at.now)) {
			err = errNoCode
		}
		return err
	}
	fs, err := d.factorsOf(ctx, tx, at)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(fs, func(s FactorSheet) bool { return s.Factor == f && s.Registered }) {
		return fault.New(fault.Conflict, "verification.unregistered", "nothing of the kind is registered of this customer; ask for something else").In("factor")
	}
	return nil
}

// registered are the values that an answer may be, in the clear; they live no
// longer than the comparison.
func (d *Desk) registered(ctx context.Context, tx *store.Tx, at verifying, f verification.Factor) ([]string, error) {
	switch f {
	case verification.Phone, verification.PhoneTail:
		return []string{at.c.Phone}, nil
	case verification.Name:
		return []string{at.c.Name}, nil
	case verification.Code:
		c, _, err := tx.VerificationCode(ctx, at.v.ID)
		if err != nil {
			return nil, err
		}
		b, err := d.SealPerson.Open(c.Sealed)
		return []string{string(b)}, err
	case verification.IDNumber, verification.IDTail, verification.Order, verification.Vehicle, verification.Member:
	}
	rs, err := tx.Particulars(ctx, at.c.ID)
	if err != nil {
		return nil, err
	}
	values := []string{}
	for _, r := range rs {
		if !slices.Contains(f.Of(), r.Kind) {
			continue
		}
		b, err := d.SealPerson.Open(r.Sealed)
		if err != nil {
			return nil, fmt.Errorf("particular %s: %w", r.ID, err)
		}
		values = append(values, string(b))
	}
	return values, nil
}
