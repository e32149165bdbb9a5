package desk

import (
	"context"
	"crypto/rand"
	"strings"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/call"
	"yingda/internal/domain/event"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
	"yingda/internal/store"
)

// Inboxes returns all inboxes, the oldest first. Whether an inbox has a secret
// can be seen, the secret itself cannot.
func (d *Desk) Inboxes(ctx context.Context) ([]inbox.Inbox, error) { return d.DB.Now().Inboxes(ctx) }

// InboxChange is what an administrator changes of an inbox; what is nil stays.
type InboxChange struct {
	Name     *string         `json:"name,omitempty"`
	Enabled  *bool           `json:"enabled,omitempty"`
	Team     *agent.TeamID   `json:"team_id,omitempty" doc:"empty: nobody in particular answers"`
	Settings *inbox.Settings `json:"settings,omitempty"`
	Version  int64           `json:"version,omitempty" doc:"the version that was read; a newer one is a conflict"`
}

func (c InboxChange) apply(in inbox.Inbox) (inbox.Inbox, []string) {
	fields := []string{}
	if c.Name != nil {
		in.Name, fields = strings.TrimSpace(*c.Name), append(fields, "name")
	}
	if c.Enabled != nil {
		in.Enabled, fields = *c.Enabled, append(fields, "enabled")
	}
	if c.Team != nil {
		in.Team, fields = *c.Team, append(fields, "team_id")
	}
	if c.Settings != nil {
		in.Settings, fields = *c.Settings, append(fields, "settings")
	}
	return in, fields
}

// CreateInbox adds a way in. What the change does not name has its default.
func (d *Desk) CreateInbox(ctx context.Context, by agent.Actor, c InboxChange) (in inbox.Inbox, err error) {
	defer fault.Wrap(&err, "create an inbox")
	if err := by.Need(agent.ChannelManage); err != nil {
		return in, err
	}
	now := d.Now()
	in, _ = c.apply(inbox.Inbox{
		ID: inbox.ID(id.New[id.Noun](now)), Key: strings.ToLower(rand.Text()[:16]), Kind: "webchat", Enabled: true,
		Settings: inbox.Defaults(), Version: 1,
	})
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if err := d.checkInbox(ctx, tx, in); err != nil {
			return err
		}
		if err := tx.InsertInbox(ctx, in); err != nil {
			return err
		}
		return d.inboxChanged(ctx, tx, by, "inbox.create", in, nil)
	})
	return in, err
}

// ChangeInbox changes an inbox. It is a Conflict if someone changed it since
// the version that was read.
func (d *Desk) ChangeInbox(ctx context.Context, by agent.Actor, i inbox.ID, c InboxChange) (in inbox.Inbox, err error) {
	defer fault.Wrap(&err, "change inbox %s", i)
	if err := by.Need(agent.ChannelManage); err != nil {
		return in, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.InboxByID(ctx, i)
		if err != nil {
			return err
		}
		if err := forWidgets(was); err != nil {
			return err
		}
		if c.Version != 0 && c.Version != was.Version {
			return errChanged
		}
		next, fields := c.apply(was)
		if err := d.checkInbox(ctx, tx, next); err != nil {
			return err
		}
		if in, err = tx.SaveInbox(ctx, next); err != nil {
			return err
		}
		if in.Settings.Silence != was.Settings.Silence {
			if err := d.listenAnew(ctx, tx, in); err != nil {
				return err
			}
		}
		return d.inboxChanged(ctx, tx, by, "inbox.change", in, map[string]any{"fields": fields})
	})
	return in, err
}

// RotateInboxSecret gives an inbox a new secret for the tokens that the host
// site signs, and returns it. It is shown this once; tokens signed with the
// old one are no longer taken.
func (d *Desk) RotateInboxSecret(ctx context.Context, by agent.Actor, i inbox.ID) (secret string, err error) {
	defer fault.Wrap(&err, "rotate the secret of inbox %s", i)
	if err := by.Need(agent.ChannelManage); err != nil {
		return "", err
	}
	secret = rand.Text() + rand.Text()
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		in, err := tx.InboxByID(ctx, i)
		if err != nil {
			return err
		}
		if err := forWidgets(in); err != nil {
			return err
		}
		if in.Secret = []byte(secret); d.Seal != nil {
			in.Secret = []byte(d.Seal.Seal([]byte(secret)))
		}
		if in, err = tx.SaveInbox(ctx, in); err != nil {
			return err
		}
		return d.inboxChanged(ctx, tx, by, "inbox.secret", in, nil)
	})
	return secret, err
}

// forWidgets refuses a mailbox and a hotline where settings of a widget are changed.
func forWidgets(in inbox.Inbox) error {
	if in.Kind == call.Channel {
		return fault.New(fault.Invalid, "inbox.hotline", "this is a hotline; change it with the telephone's entries")
	}
	if in.Kind == mailbox.Channel {
		return fault.New(fault.Invalid, "inbox.mailbox", "this is a mailbox; change it with the mailboxes")
	}
	return nil
}

func (d *Desk) checkInbox(ctx context.Context, tx *store.Tx, in inbox.Inbox) error {
	if n := utf8.RuneCountInString(in.Name); n == 0 || n > 80 {
		return fault.New(fault.Invalid, "inbox.name", "a name has 1 to %d characters", 80).In("name")
	}
	if err := in.Settings.Check(); err != nil {
		return err
	}
	if err := d.skillsExist(ctx, tx, in.Settings); err != nil || in.Team.IsZero() {
		return err
	}
	teams, err := tx.Teams(ctx)
	for _, t := range teams {
		if t.ID == in.Team {
			return nil
		}
	}
	if err != nil {
		return err
	}
	return fault.New(fault.Invalid, "inbox.team", "this team does not exist any more; choose another").In("team_id")
}

func (d *Desk) inboxChanged(ctx context.Context, tx *store.Tx, by agent.Actor, action string, in inbox.Inbox, detail map[string]any) error {
	if err := tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Of("inbox", in.ID, in.Name), detail)); err != nil {
		return err
	}
	if err := tx.WantSkillCheck(ctx, d.Now()); err != nil {
		return err
	}
	return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: d.Now()})
}
