package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/company"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/ticket"
	"yingda/internal/store"
)

// Post carries letters to customers.
type Post interface {
	// Open reports whether letters can be sent at all.
	Open() bool
	// Send promises a letter: it is sent if the transaction commits.
	Send(ctx context.Context, tx *store.Tx, to, subject, text string) error
	// SendUntil is Send for a letter that is of no use after a time, and is not
	// sent then.
	SendUntil(ctx context.Context, tx *store.Tx, to, subject, text string, until time.Time) error
}

// letterPass is how long the link of a letter opens the case.
const letterPass = 30 * 24 * time.Hour

// letterWords are what letters about cases say. What a customer typed stands
// in none of them: whoever hands a case in chooses the address.
type letterWords struct {
	received, moved, merged         string // subjects: number
	greeting, thanks, stage, result string
	due, about, follow, look, bye   string
	part, relocked, moment          string
}

var letterIn = map[string]letterWords{
	"zh": {
		received: "【%s】已收到 %s", moved: "【%s】%s 有新进展", merged: "【%s】%s 有新进展",
		greeting: "您好！\n\n", thanks: "我们已收到您提交的%s，编号是 %s。\n", stage: "当前阶段：%s\n", result: "处理方案：%s\n",
		due: "下一步：%s，最晚 %s 完成\n", about: "（次年放假安排公布后可能调整）", follow: "\n查看进度、补充材料或回复（链接 30 天内有效，请勿转发）：\n%s\n",
		look: "\n查看进度：请在我们网站的“进度查询”页输入编号和提交时收到的查询码。\n", bye: "\n%s\n",
		part:     "您提交的 %s 已并入 %s 一起处理，现在有新进展。\n",
		relocked: "为了不让您投诉的人看到处理情况，%s 原来的查询码和链接已停用。需要新的查询码，请联系我们。\n",
		moment:   "2006年1月2日 15:04",
	},
	"en": {
		received: "[%s] We received %s", moved: "[%s] %s has moved on", merged: "[%s] %s has moved on",
		greeting: "Hello,\n\n", thanks: "we received your %s. Its number is %s.\n", stage: "It stands at: %s\n", result: "Solution: %s\n",
		due: "Next: %s, by %s at the latest\n", about: " (may change with next year's notice of holidays)", follow: "\nTo follow it, add to it or answer (this link works for 30 days; do not pass it on):\n%s\n",
		look: "\nTo follow it, enter the number and the secret that you got when you handed it in on our page “Progress”.\n", bye: "\n%s\n",
		part:     "your %s is dealt with together with %s, which has moved on.\n",
		relocked: "so that whoever your complaint is about cannot follow it, the secret and the links that you had for %s no longer work. Ask us for a new secret if you need one.\n",
		moment:   "2 January 2006 15:04",
	},
}

// letters writes what the letters of one act need.
type letters struct {
	letterWords
	language string
	company  company.Settings
	d        *Desk
}

// lettersFor writes in the language of the form that the case was handed in by,
// else in the contact's own.
func (d *Desk) lettersFor(ctx context.Context, tx *store.Tx, c ticket.Case) (l letters, err error) {
	l = letters{d: d}
	if l.company, err = tx.Company(ctx); err != nil {
		return l, err
	}
	var who contact.Contact
	if !c.Contact.IsZero() {
		if who, err = tx.Contact(ctx, c.Contact); err != nil && !gone(err) {
			return l, err
		}
	}
	l.language = languageOf(c, who)
	l.letterWords = letterIn[l.language]
	return l, nil
}

// languageOf is the language in which a customer is written to about a case.
func languageOf(c ticket.Case, who contact.Contact) string {
	for _, l := range []string{c.Language, who.Language} {
		if _, known := letterIn[l]; known {
			return l
		}
	}
	return phrase.Chinese
}

// writeReceipt sends who handed a case in its number, what is promised, and a
// link to follow it by.
func (d *Desk) writeReceipt(ctx context.Context, tx *store.Tx, c ticket.Case) error {
	if d.Post == nil || !d.Post.Open() || c.Email == "" {
		return nil
	}
	l, err := d.lettersFor(ctx, tx, c)
	if err != nil {
		return err
	}
	text := l.greeting + fmt.Sprintf(l.thanks, l.kind(c), c.Number)
	due, err := l.promised(ctx, tx, c, true)
	if err != nil {
		return err
	}
	return d.Post.Send(ctx, tx, c.Email, fmt.Sprintf(l.received, l.us(), c.Number), text+due+l.link(c)+l.end())
}

// writeMoved sends the customer one letter about an act that they are shown
// and did not do themselves, or that brought the case to another stage.
func (d *Desk) writeMoved(ctx context.Context, tx *store.Tx, was, c ticket.Case, es []ticket.Entry) error {
	if d.Post == nil || !d.Post.Open() || !worthALetter(was, c, es) || ctx.Value(mailedKey{}) != nil {
		return nil
	}
	l, err := d.lettersFor(ctx, tx, c)
	if err != nil {
		return err
	}
	due, err := l.promised(ctx, tx, c, false)
	if err != nil {
		return err
	}
	stage := fmt.Sprintf(l.stage, c.Stage().Name.In(l.language))
	if c.Email != "" {
		text := l.greeting + l.said(was, c, es) + stage + due + l.link(c) + l.end()
		if err := d.Post.Send(ctx, tx, c.Email, fmt.Sprintf(l.moved, l.us(), c.Number), text); err != nil {
			return err
		}
	}
	return d.tellParts(ctx, tx, c, stage+due)
}

// writeRelocked tells the customer that what they had opens the case no more,
// and sends another link.
func (d *Desk) writeRelocked(ctx context.Context, tx *store.Tx, c ticket.Case) error {
	if d.Post == nil || !d.Post.Open() || c.Email == "" {
		return nil
	}
	l, err := d.lettersFor(ctx, tx, c)
	if err != nil {
		return err
	}
	l.look = "" // it speaks of the secret of before
	return d.Post.Send(ctx, tx, c.Email, fmt.Sprintf(l.moved, l.us(), c.Number), l.greeting+fmt.Sprintf(l.relocked, c.Number)+l.link(c)+l.end())
}

// worthALetter reports whether something public was done by us, or the public
// stage is another.
func worthALetter(was, c ticket.Case, es []ticket.Entry) bool {
	public := slices.DeleteFunc(slices.Clone(es), func(e ticket.Entry) bool { return !e.Public })
	byUs := slices.ContainsFunc(public, func(e ticket.Entry) bool { return e.By != ticket.ByCustomer })
	return byUs || len(public) > 0 && was.Stage() != c.Stage()
}

// said is what the customer reads of an act: what was done, and what we wrote.
func (l letters) said(was, c ticket.Case, es []ticket.Entry) string {
	var b strings.Builder
	for _, e := range es {
		line, public := e.Line()
		if !public {
			continue
		}
		b.WriteString(line.Told.In(l.language) + "\n")
		if line.Text != "" && line.By != ticket.ByCustomer {
			b.WriteString("\n" + line.Text + "\n\n")
		}
	}
	if told := c.Stage(); c.Solution != "" && told != was.Stage() && tellsResult(es) {
		fmt.Fprintf(&b, l.result, c.Solution)
	}
	return b.String()
}

// tellsResult reports whether the customer is told what comes of the case.
func tellsResult(es []ticket.Entry) bool {
	return slices.ContainsFunc(es, func(e ticket.Entry) bool { return e.Act == ticket.GiveFeedback || e.Act == ticket.Answer })
}

// promised says what is due next; all of it in a receipt.
func (l letters) promised(ctx context.Context, tx *store.Tx, c ticket.Case, all bool) (string, error) {
	clocks, err := tx.ClocksOf(ctx, store.OfCase, int64(c.ID))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, due := range l.d.dues(clocks) {
		if !due.State.Open() || !due.Limit.After(l.d.Now()) {
			continue
		}
		line := strings.TrimSuffix(fmt.Sprintf(l.due, due.Name.In(l.language), today(l.company, due.Limit).Format(l.moment)), "\n")
		if due.Provisional {
			line += l.about
		}
		b.WriteString(line + "\n")
		if !all {
			break
		}
	}
	return b.String(), nil
}

// link is where the customer follows the case, without the secret.
func (l letters) link(c ticket.Case) string {
	pass := l.d.CasePass(c, l.d.Now().Add(letterPass))
	at := l.d.page("/progress/" + c.Number + "?pass=" + pass)
	if at == "" || pass == "" {
		return l.look
	}
	return fmt.Sprintf(l.follow, at)
}

// page is the address of a public page; empty where we have none.
func (d *Desk) page(path string) string {
	if d.PublicURL == "" {
		return ""
	}
	return strings.TrimSuffix(d.PublicURL, "/") + path
}

func (l letters) us() string { return l.company.Company.In(l.language) }

func (l letters) end() string { return fmt.Sprintf(l.bye, l.us()) }

func (l letters) kind(c ticket.Case) string {
	name := c.Kind.Name().In(l.language)
	if l.language == phrase.Chinese {
		return name
	}
	return strings.ToLower(name)
}

// tellParts tells those whose cases became part of this one how it stands
// (R120). What was written to somebody else is not in it.
func (d *Desk) tellParts(ctx context.Context, tx *store.Tx, c ticket.Case, stands string) error {
	ties, err := tx.Ties(ctx, c.ID)
	if err != nil {
		return err
	}
	for _, t := range ties {
		if t.Relation != ticket.Duplicate || t.To != c.ID {
			continue
		}
		part, err := tx.Case(ctx, t.From)
		if err != nil {
			return err
		}
		if part.MergedInto != c.ID || part.State != ticket.Merged || part.Email == "" {
			continue
		}
		l, err := d.lettersFor(ctx, tx, part)
		if err != nil {
			return err
		}
		text := l.greeting + fmt.Sprintf(l.part, part.Number, c.Number) + stands + l.end()
		if err := d.Post.Send(ctx, tx, part.Email, fmt.Sprintf(l.merged, l.us(), part.Number), text); err != nil {
			return err
		}
	}
	return nil
}
