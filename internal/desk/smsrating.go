package desk

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/channel"
	"yingda/internal/domain/call"
	"yingda/internal/domain/sms"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// ratingLasts is how long the link in a text works.
const ratingLasts = 7 * 24 * time.Hour

var (
	errRatingLink = fault.New(fault.NotFound, "rating.link", "this link does not work, or not any more")
	errRated      = fault.New(fault.Conflict, "rating.done", "this call has been rated already; thank you")
)

// ratingOf returns the text that a link is of.
func (d *Desk) ratingOf(ctx context.Context, tx *store.Tx, link string) (sms.Message, error) {
	b, err := base64.RawURLEncoding.DecodeString(link)
	if err != nil || len(b) != 18 {
		return sms.Message{}, errRatingLink
	}
	i := sms.ID(binary.BigEndian.Uint64(b))
	if subtle.ConstantTimeCompare([]byte(link), []byte(d.ratingFor(i))) != 1 {
		return sms.Message{}, errRatingLink
	}
	m, err := tx.Text(ctx, i)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return m, errRatingLink
	case err != nil:
		return m, err
	case m.Purpose != sms.Rating || m.Trial() || d.Now().After(m.At.Add(ratingLasts)):
		return m, errRatingLink
	}
	return m, nil
}

// RatingAsked returns what a link asks a rating of.
func (d *Desk) RatingAsked(ctx context.Context, link string) (a channel.RatingAsked, err error) {
	defer fault.Wrap(&err, "open a rating")
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		m, err := d.ratingOf(ctx, tx, link)
		if err != nil {
			return err
		}
		k, err := tx.Call(ctx, m.Call)
		if err != nil {
			return err
		}
		a = channel.RatingAsked{At: k.Record.Steps[0].At, Done: len(k.Record.Ratings) > 0, Questions: call.RatingQuestions()}
		return nil
	})
	return a, err
}

// longestRemark is the longest remark with a rating.
const longestRemark = 500

// RateByLink keeps the marks that a customer gives by a link: once, and only if
// none were given by keys.
func (d *Desk) RateByLink(ctx context.Context, link string, marks map[string]int, remark string) (err error) {
	defer fault.Wrap(&err, "rate by a link")
	remark = strings.TrimSpace(remark)
	if marks[call.Overall] == 0 {
		return fault.New(fault.Invalid, "rating.overall", "say how it was on the whole").In(call.Overall)
	}
	if utf8.RuneCountInString(remark) > longestRemark {
		return fault.New(fault.Invalid, "rating.remark", "a remark has at most %d characters", longestRemark).In("remark")
	}
	for q, m := range marks {
		if m < 1 || m > 5 || !call.IsRatingQuestion(q) {
			return fault.New(fault.Invalid, "call.mark", "a mark is 1 to %d", 5).In(q)
		}
	}
	m, err := d.ratingOf(ctx, d.DB.Now(), link)
	if err != nil {
		return err
	}
	_, err = d.onLine(ctx, m.Call, func(tx *store.Tx, l *line) error {
		m, err := tx.Text(ctx, m.ID)
		if err != nil {
			return err
		}
		if len(l.k.Record.Ratings) > 0 || !m.DoneAt.IsZero() {
			return errRated
		}
		l.k.Record.Ratings, l.k.Record.RatedBy = marks, call.ByLink
		if l.k, err = tx.SaveCall(ctx, l.k); err != nil {
			return err
		}
		m.DoneAt = d.Now()
		if err := tx.SaveText(ctx, m); err != nil {
			return err
		}
		if l.c, err = d.tell(ctx, tx, l.c, "call.rated", map[string]string{"mark": strconv.Itoa(marks[call.Overall]), "remark": remark}); err != nil {
			return err
		}
		return d.announce(ctx, tx, l.c, "call", 0)
	})
	return err
}
