package desk

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"maps"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/event"
	"yingda/internal/domain/sms"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// TextsChange changes what is set of text messages; what is nil stays.
type TextsChange struct {
	Enabled   *bool                        `json:"enabled,omitempty"`
	Provider  *sms.Provider                `json:"provider,omitempty" enum:"simulator,aliyun,tencent,http"`
	KeyID     *string                      `json:"key_id,omitempty" maxLength:"200"`
	Secret    *string                      `json:"secret,omitempty" maxLength:"500" doc:"left out it stays; empty takes it away"`
	App       *string                      `json:"app,omitempty" maxLength:"100"`
	URL       *string                      `json:"url,omitempty" maxLength:"500"`
	Sign      *string                      `json:"sign,omitempty" maxLength:"40"`
	Templates map[sms.Purpose]sms.Template `json:"templates,omitempty" doc:"by purpose: rating, missed, callback; those that are named are replaced"`
	Reports   bool                         `json:"renew_reports,omitempty" doc:"make another secret address for reports"`
	Version   int64                        `json:"version,omitempty" doc:"the version that was read; a newer one is a conflict"`
}

func (c TextsChange) apply(s sms.Settings, now time.Time) (sms.Settings, []string) {
	fields := []string{}
	set(&s.Enabled, c.Enabled, "enabled", &fields)
	set(&s.Provider, c.Provider, "provider", &fields)
	set(&s.KeyID, c.KeyID, "key_id", &fields)
	set(&s.App, c.App, "app", &fields)
	set(&s.URL, c.URL, "url", &fields)
	set(&s.Sign, c.Sign, "sign", &fields)
	if c.Secret != nil {
		set(&s.Secret, c.Secret, "secret", &fields)
		if s.SetAt = now; s.Secret == "" {
			s.SetAt = time.Time{}
		}
	}
	if len(c.Templates) > 0 {
		s.Templates = maps.Clone(s.Templates)
		maps.Copy(s.Templates, c.Templates)
		fields = append(fields, "templates")
	}
	if c.Reports || s.Reports == "" {
		s.Reports = strings.ToLower(rand.Text())
		fields = append(fields, "reports")
	}
	return s, fields
}

// openTexts returns the settings with the secret readable; without it if it
// cannot be read.
func (d *Desk) openTexts(ctx context.Context, r store.TextsRecord) sms.Settings {
	s := r.Settings
	if r.Sealed == "" || d.SealTexts == nil {
		s.Secret = r.Sealed
		return s
	}
	plain, err := d.SealTexts.Open(r.Sealed)
	if err != nil {
		d.Log.ErrorContext(ctx, "the secret of text messages cannot be read; enter it again", slog.Any("error", err))
		s.SetAt = time.Time{}
		return s
	}
	s.Secret = string(plain)
	return s
}

// TextSettings returns what is set of text messages.
func (d *Desk) TextSettings(ctx context.Context, by agent.Actor) (s sms.Settings, err error) {
	defer fault.Wrap(&err, "read the settings of text messages")
	if err := by.Need(agent.ChannelManage); err != nil {
		return s, err
	}
	r, err := d.DB.Now().TextSettings(ctx)
	if err != nil {
		return s, err
	}
	return d.openTexts(ctx, r), nil
}

// ChangeTextSettings changes them. A key is not sent to another address than the
// one that it was entered for.
func (d *Desk) ChangeTextSettings(ctx context.Context, by agent.Actor, c TextsChange) (s sms.Settings, err error) {
	defer fault.Wrap(&err, "change the settings of text messages")
	if err := by.Need(agent.ChannelManage); err != nil {
		return s, err
	}
	for p := range c.Templates {
		if len(p.Values()) == 0 {
			return s, fault.New(fault.Invalid, "sms.purpose", "there is no purpose %q", string(p)).In("body.templates")
		}
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.TextSettingsToChange(ctx)
		if err != nil {
			return err
		}
		if c.Version != 0 && c.Version != r.Version {
			return errChanged
		}
		was := d.openTexts(ctx, r)
		var fields []string
		s, fields = c.apply(was, d.Now())
		if was.Secret != "" && c.Secret == nil && (s.Provider != was.Provider || s.URL != was.URL) && s.Provider != sms.Simulator {
			return fault.New(fault.Invalid, "sms.again", "the provider is another one now; enter the secret again").In("body.secret")
		}
		if s, err = s.Check(); err != nil {
			return err
		}
		s.Version++
		sealed := s.Secret
		if sealed != "" && d.SealTexts != nil {
			sealed = d.SealTexts.Seal([]byte(s.Secret))
		}
		if err := tx.SaveTextSettings(ctx, s, sealed, d.Now()); err != nil {
			return err
		}
		o := audit.Object{Kind: "setting", ID: "sms", Name: string(s.Provider)}
		if err := tx.Audit(ctx, audit.By(by, d.Now(), "sms.change", o, map[string]any{"fields": fields})); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: d.Now()})
	})
	return s, err
}

// TryText sends a text of a purpose to a number of whoever sets it up, at once,
// and returns what came of it. It counts as any other for the number.
func (d *Desk) TryText(ctx context.Context, by agent.Actor, p sms.Purpose, number string) (m sms.Message, err error) {
	defer fault.Wrap(&err, "try text messages out")
	if err := by.Need(agent.ChannelManage); err != nil {
		return m, err
	}
	number, ok := sms.Mobile(number)
	switch {
	case !ok:
		return m, fault.New(fault.Invalid, "sms.number", "texts go to mobile numbers of the mainland, like 13800138000").In("body.number")
	case len(p.Values()) == 0:
		return m, fault.New(fault.Invalid, "sms.purpose", "there is no purpose %q", string(p)).In("body.purpose")
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.TextSettings(ctx)
		if err != nil {
			return err
		}
		check := d.openTexts(ctx, r)
		check.Enabled = true
		if _, err := check.Check(); err != nil {
			return err
		}
		now := d.Now()
		m = sms.Message{ID: sms.NewID(now), Purpose: p, Number: number, At: now, SendAt: now}
		m.Key = "trial/" + m.ID.String()
		if m.Values, _, err = d.textValues(ctx, tx, number); err != nil {
			return err
		}
		m.Text = r.Templates[p].Fill(m.Values)
		if _, err := tx.InsertText(ctx, m); err != nil {
			return err
		}
		if err := tx.Audit(ctx, audit.By(by, now, "sms.try", numberObject(number), map[string]any{"purpose": p})); err != nil {
			return err
		}
		return tx.Enqueue(ctx, SendTextJob, TextWork{m.ID}, now.Add(time.Minute), now) // if we die meanwhile
	})
	if err != nil {
		return m, err
	}
	if err := d.SendText(ctx, TextWork{m.ID}); err != nil {
		return m, err
	}
	if m, err = d.DB.Now().Text(ctx, m.ID); err == nil {
		m.Text = d.shownText(m)
	}
	return m, err
}

// mostTexts is how many texts a page has at most.
const mostTexts = 100

// TextsSent returns texts before an id, the newest first, as they were sent; with
// the link only where nothing left: whoever has it can give marks.
func (d *Desk) TextsSent(ctx context.Context, by agent.Actor, before sms.ID, most int) (p Page[sms.Message], err error) {
	defer fault.Wrap(&err, "list text messages")
	if err := by.Need(agent.ChannelManage); err != nil {
		return p, err
	}
	most = min(max(cmp.Or(most, 20), 1), mostTexts)
	if p.Items, err = d.DB.Now().Texts(ctx, before, most); err != nil {
		return p, err
	}
	if len(p.Items) == most {
		p.Next = p.Items[most-1].ID.String()
	}
	for i := range p.Items {
		p.Items[i].Text = d.shownText(p.Items[i])
	}
	return p, nil
}

func (d *Desk) shownText(m sms.Message) string {
	v := map[string]string{"link": "…", "path": "…"}
	if m.Provider == sms.Simulator {
		v = d.withLink(m)
	}
	return sms.Template{Text: m.Text}.Fill(v)
}

// mostOptOuts is how many numbers that want no texts are listed.
const mostOptOuts = 200

// OptOuts returns the numbers that want no texts, masked, the newest first.
func (d *Desk) OptOuts(ctx context.Context, by agent.Actor) (all []store.OptOut, err error) {
	defer fault.Wrap(&err, "list numbers that want no texts")
	if err := by.Need(agent.ChannelManage); err != nil {
		return nil, err
	}
	all, err = d.DB.Now().OptOuts(ctx, mostOptOuts)
	for i := range all {
		all[i].Number = contact.MaskPhone(all[i].Number)
	}
	return all, err
}

// SetOptOut keeps that a number wants no texts, or wants them again.
func (d *Desk) SetOptOut(ctx context.Context, by agent.Actor, number string, out bool) (err error) {
	defer fault.Wrap(&err, "set whether a number wants texts")
	if err := by.Need(agent.ChannelManage); err != nil {
		return err
	}
	number, ok := sms.Mobile(number)
	if !ok {
		return fault.New(fault.Invalid, "sms.number", "texts go to mobile numbers of the mainland, like 13800138000").In("body.number")
	}
	if out {
		return d.optOut(ctx, number, "agent", audit.By(by, d.Now(), "sms.opt_out", numberObject(number), nil))
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		had, err := tx.OptIn(ctx, number)
		if err != nil || !had {
			return err
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), "sms.opt_in", numberObject(number), nil))
	})
}
