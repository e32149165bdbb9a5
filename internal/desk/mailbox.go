package desk

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/event"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/domain/sla"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// SetMailbox is a mailbox as an administrator sees it: with its inbox, and how
// it does. Its secrets are readable; whoever shows it leaves them out.
type SetMailbox struct {
	mailbox.Mailbox
	Of        inbox.Inbox
	FetchDoes mailbox.Health
	SendDoes  mailbox.Health
}

// MailboxChange is what an administrator changes of a mailbox; what is nil
// stays. Passwords are only ever written.
type MailboxChange struct {
	Name          *string           `json:"name,omitempty" doc:"what it is called among ourselves"`
	Enabled       *bool             `json:"enabled,omitempty" doc:"false: nothing is fetched, nothing is sent"`
	Team          *agent.TeamID     `json:"team_id,omitempty" doc:"empty: nobody in particular answers"`
	Hours         *sla.Hours        `json:"hours,omitempty" doc:"when its mail is answered"`
	Address       *string           `json:"address,omitempty"`
	Settings      *mailbox.Settings `json:"settings,omitempty"`
	FetchPassword *string           `json:"fetch_password,omitempty" maxLength:"500" doc:"left out it stays; empty takes it away"`
	SendPassword  *string           `json:"send_password,omitempty" maxLength:"500" doc:"left out it stays; empty: the one for fetching"`
	Version       int64             `json:"version,omitempty" doc:"the version that was read; a newer one is a conflict"`
}

func (c MailboxChange) apply(m SetMailbox, now time.Time) (SetMailbox, []string) {
	fields := []string{}
	named := func(name string) { fields = append(fields, name) }
	if c.Name != nil {
		m.Of.Name = strings.TrimSpace(*c.Name)
		named("name")
	}
	if c.Enabled != nil {
		m.Of.Enabled = *c.Enabled
		named("enabled")
	}
	if c.Team != nil {
		m.Of.Team = *c.Team
		named("team_id")
	}
	if c.Hours != nil {
		m.Of.Settings.Hours = *c.Hours
		named("hours")
	}
	if c.Address != nil {
		m.Address = strings.ToLower(strings.TrimSpace(*c.Address))
		named("address")
	}
	if c.Settings != nil {
		m.Settings = *c.Settings
		m.Settings.Aliases = tidy(m.Settings.Aliases, strings.ToLower)
		m.Settings.Blocked = tidy(m.Settings.Blocked, strings.ToLower)
		m.Settings.SpamWords = tidy(m.Settings.SpamWords, nil)
		named("settings")
	}
	if c.FetchPassword != nil {
		m.Secrets = m.Secrets.With(mailbox.SecretFetch, *c.FetchPassword, now)
		named("fetch_password")
	}
	if c.SendPassword != nil {
		m.Secrets = m.Secrets.With(mailbox.SecretSend, *c.SendPassword, now)
		named("send_password")
	}
	return m, fields
}

// tidy returns the lines of a list without blanks and repetitions.
func tidy(lines []string, as func(string) string) []string {
	out := []string{}
	for _, l := range lines {
		if l = strings.TrimSpace(l); as != nil {
			l = as(l)
		}
		if l != "" && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// newMailbox is what a new mailbox starts with: nothing of it is for a widget.
func newMailbox(now time.Time) SetMailbox {
	in := inbox.Inbox{
		ID: inbox.NewID(now), Key: strings.ToLower(rand.Text()[:16]), Kind: mailbox.Channel, Enabled: true, Settings: inbox.Defaults(), Version: 1,
	}
	s := &in.Settings
	s.Assistant, s.Suggestions, s.Receipts, s.Recall, s.HotQuestions = false, false, false, inbox.Recall{}, 0
	return SetMailbox{Mailbox: mailbox.Mailbox{Inbox: in.ID, Settings: mailbox.Defaults(), Version: 1}, Of: in}
}

// ListMailboxes returns all mailboxes with how they do, the oldest first.
func (d *Desk) ListMailboxes(ctx context.Context, by agent.Actor) (all []SetMailbox, err error) {
	defer fault.Wrap(&err, "list mailboxes")
	if err := by.Need(agent.ChannelManage); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		records, err := tx.Mailboxes(ctx)
		if err != nil {
			return err
		}
		all = make([]SetMailbox, 0, len(records))
		for _, r := range records {
			m, err := d.setMailbox(ctx, tx, r)
			if err != nil {
				return err
			}
			all = append(all, m)
		}
		return nil
	})
	return all, err
}

// MailboxOf returns the mailbox of an inbox for an administrator.
func (d *Desk) MailboxOf(ctx context.Context, by agent.Actor, i inbox.ID) (m SetMailbox, err error) {
	defer fault.Wrap(&err, "read mailbox %s", i)
	if err := by.Need(agent.ChannelManage); err != nil {
		return m, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		r, err := tx.Mailbox(ctx, i)
		if err == nil {
			m, err = d.setMailbox(ctx, tx, r)
		}
		return err
	})
	return m, err
}

func (d *Desk) setMailbox(ctx context.Context, tx *store.Tx, r store.MailboxRecord) (SetMailbox, error) {
	in, err := tx.InboxByID(ctx, r.Inbox)
	m := SetMailbox{Mailbox: d.unsealed(ctx, r), Of: in, FetchDoes: r.Fetch, SendDoes: r.Send}
	return m, err
}

// unsealed returns a mailbox with its secrets readable. Secrets that the key
// does not open any more are as if they were not set, and have to be entered
// again.
func (d *Desk) unsealed(ctx context.Context, r store.MailboxRecord) mailbox.Mailbox {
	m := r.Mailbox
	if r.Sealed == "" {
		return m
	}
	plain := []byte(r.Sealed)
	var err error
	if d.SealMailbox != nil {
		plain, err = d.SealMailbox.Open(r.Sealed)
	}
	if err == nil {
		err = json.Unmarshal(plain, &m.Secrets)
	}
	if err != nil {
		d.Log.ErrorContext(ctx, "the secrets of a mailbox cannot be read; enter them again", slog.String("mailbox", m.Address), slog.Any("error", err))
		m.Secrets = mailbox.Secrets{}
	}
	return m
}

func (d *Desk) sealed(s mailbox.Secrets) (string, error) {
	plain, err := json.Marshal(s)
	if err != nil || d.SealMailbox == nil {
		return string(plain), err
	}
	return d.SealMailbox.Seal(plain), nil
}

// CreateMailbox adds a mailbox with its inbox. What the change does not name
// has its default; the name is the address.
func (d *Desk) CreateMailbox(ctx context.Context, by agent.Actor, c MailboxChange) (m SetMailbox, err error) {
	defer fault.Wrap(&err, "create a mailbox")
	if err := by.Need(agent.ChannelManage); err != nil {
		return m, err
	}
	now := d.Now()
	m, _ = c.apply(newMailbox(now), now)
	m.Of.Name = cmp.Or(m.Of.Name, m.Address)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if err := d.checkMailbox(ctx, tx, m, mailbox.Mailbox{}, c); err != nil {
			return err
		}
		sealed, err := d.sealed(m.Secrets)
		if err != nil {
			return err
		}
		if err := tx.InsertInbox(ctx, m.Of); err != nil {
			return err
		}
		if err := tx.InsertMailbox(ctx, m.Mailbox, sealed); err != nil {
			return err
		}
		return d.mailboxChanged(ctx, tx, by, "mailbox.create", m, nil)
	})
	d.addresses.forget()
	return m, err
}

// ChangeMailbox changes a mailbox and its inbox. It is a Conflict if someone
// changed it since the version that was read.
func (d *Desk) ChangeMailbox(ctx context.Context, by agent.Actor, i inbox.ID, c MailboxChange) (m SetMailbox, err error) {
	defer fault.Wrap(&err, "change mailbox %s", i)
	if err := by.Need(agent.ChannelManage); err != nil {
		return m, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.Mailbox(ctx, i)
		if err != nil {
			return err
		}
		if c.Version != 0 && c.Version != r.Version {
			return errChanged
		}
		was, err := d.setMailbox(ctx, tx, r)
		if err != nil {
			return err
		}
		var fields []string
		m, fields = c.apply(was, d.Now())
		if err := d.checkMailbox(ctx, tx, m, was.Mailbox, c); err != nil {
			return err
		}
		if m.Of, err = tx.SaveInbox(ctx, m.Of); err != nil {
			return err
		}
		if err := d.saveMailbox(ctx, tx, &m); err != nil {
			return err
		}
		if err := d.triedAnew(ctx, tx, &m, was); err != nil {
			return err
		}
		return d.mailboxChanged(ctx, tx, by, "mailbox.change", m, map[string]any{"fields": fields})
	})
	d.addresses.forget()
	return m, err
}

var errMailboxUsed = fault.New(fault.Conflict, "mailbox.used", "mail came to this mailbox or left from it, and its conversations need it; switch it off instead")

// RemoveMailbox takes a mailbox away with its inbox and its secrets. It is a
// Conflict once a mail came to it or left from it: such a one is switched off,
// so that its conversations stay whole.
func (d *Desk) RemoveMailbox(ctx context.Context, by agent.Actor, i inbox.ID) (err error) {
	defer fault.Wrap(&err, "remove mailbox %s", i)
	if err := by.Need(agent.ChannelManage); err != nil {
		return err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.Mailbox(ctx, i)
		if err != nil {
			return err
		}
		used, err := tx.MailboxUsed(ctx, i)
		if err != nil {
			return err
		}
		if used {
			return errMailboxUsed
		}
		if err := tx.RemoveMailbox(ctx, i); err != nil {
			return err
		}
		return d.mailboxChanged(ctx, tx, by, "mailbox.remove", SetMailbox{Mailbox: r.Mailbox}, nil)
	})
	d.addresses.forget()
	return err
}

func (d *Desk) saveMailbox(ctx context.Context, tx *store.Tx, m *SetMailbox) error {
	sealed, err := d.sealed(m.Secrets)
	if err != nil {
		return err
	}
	if err := tx.SaveMailbox(ctx, m.Mailbox, sealed); err != nil {
		return err
	}
	m.Version++
	return nil
}

// triedAnew forgets how a way did when it is another one now, so that what was
// said of the old one is not said of the new.
func (d *Desk) triedAnew(ctx context.Context, tx *store.Tx, m *SetMailbox, was SetMailbox) error {
	on := m.Of.Enabled != was.Of.Enabled
	fetch := on || m.Settings.Fetch.Way != was.Settings.Fetch.Way || m.Settings.Fetch.Server != was.Settings.Fetch.Server || m.Settings.Fetch.Folder != was.Settings.Fetch.Folder ||
		m.Secrets.FetchPassword != was.Secrets.FetchPassword || m.Secrets.Grant.Refresh != was.Secrets.Grant.Refresh
	send := on || m.Settings.Send.Server != was.Settings.Send.Server || m.Secrets.SendPassword != was.Secrets.SendPassword ||
		m.Secrets.FetchPassword != was.Secrets.FetchPassword || m.Secrets.Grant.Refresh != was.Secrets.Grant.Refresh
	if fetch {
		m.FetchDoes = mailbox.Health{LastOK: was.FetchDoes.LastOK}
	}
	if send {
		m.SendDoes = mailbox.Health{LastOK: was.SendDoes.LastOK}
	}
	if !fetch && !send {
		return nil
	}
	return tx.SaveMailboxHealth(ctx, m.Inbox, m.FetchDoes, m.SendDoes)
}

func (d *Desk) checkMailbox(ctx context.Context, tx *store.Tx, m SetMailbox, was mailbox.Mailbox, c MailboxChange) error {
	if err := m.Check(); err != nil {
		return err
	}
	if _, token := mailbox.Split(m.Address); token != "" {
		return fault.New(fault.Invalid, "mailbox.plus", "leave out the + and what follows it; mail to such addresses arrives here all the same").In("address")
	}
	if !m.Settings.Kind.Known() {
		return fault.New(fault.Invalid, "mailbox.kind", "choose the kind of case that a mail opens here").In("settings.kind")
	}
	if err := keepsToItsServer(m.Mailbox, was, c); err != nil {
		return err
	}
	if err := d.checkInbox(ctx, tx, m.Of); err != nil {
		return err
	}
	others, err := tx.Mailboxes(ctx)
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.Inbox == m.Inbox {
			continue
		}
		if o.Own(m.Address) {
			return fault.New(fault.Conflict, "mailbox.twice", "another mailbox has this address already").In("address")
		}
		if slices.ContainsFunc(m.Settings.Aliases, o.Own) {
			return fault.New(fault.Conflict, "mailbox.twice", "another mailbox has this address already").In("settings.aliases")
		}
	}
	return nil
}

// keepsToItsServer refuses to show a kept password to another server: whoever
// may change the settings is not to learn it that way.
func keepsToItsServer(m, was mailbox.Mailbox, c MailboxChange) error {
	again := func(field string) error {
		return fault.New(fault.Invalid, "mailbox.again", "the server is another one now; enter the password again").In(field)
	}
	if was.Secrets.FetchPassword != "" && c.FetchPassword == nil && m.Settings.Fetch.Server.Host != was.Settings.Fetch.Server.Host {
		return again("fetch_password")
	}
	given := c.SendPassword != nil && *c.SendPassword != "" || c.FetchPassword != nil && was.Secrets.SendPassword == ""
	kept := was.Secrets.SendPassword != "" || was.Secrets.FetchPassword != ""
	if kept && !given && m.Settings.Send.Server.Host != was.Settings.Send.Server.Host && m.Settings.Send.Server.Host != "" {
		return again("send_password")
	}
	return nil
}

func (d *Desk) mailboxChanged(ctx context.Context, tx *store.Tx, by agent.Actor, action string, m SetMailbox, detail map[string]any) error {
	if err := tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Of("mailbox", m.Inbox, m.Address), detail)); err != nil {
		return err
	}
	return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: d.Now()})
}

// DraftMailbox returns a mailbox as a change would make it, to be tried out
// before it is kept; without an id it is a new one.
func (d *Desk) DraftMailbox(ctx context.Context, by agent.Actor, i inbox.ID, c MailboxChange) (m mailbox.Mailbox, err error) {
	defer fault.Wrap(&err, "draft a mailbox")
	if err := by.Need(agent.ChannelManage); err != nil {
		return m, err
	}
	was := newMailbox(d.Now())
	if !i.IsZero() {
		if was, err = d.MailboxOf(ctx, by, i); err != nil {
			return m, err
		}
	}
	next, _ := c.apply(was, d.Now())
	if err := next.Check(); err != nil {
		return m, err
	}
	if !i.IsZero() {
		if err := keepsToItsServer(next.Mailbox, was.Mailbox, c); err != nil {
			return m, err
		}
	}
	return next.Mailbox, nil
}

// The kinds of key with which mails are signed.
const (
	RSA     = "rsa"
	Ed25519 = "ed25519" // not all receivers know it
)

// MakeDKIMKey gives a mailbox a new key to sign with. Signing begins with the
// next mail: the record that the mailbox shows then is to be published first,
// which a new selector lets happen beside the old one.
func (d *Desk) MakeDKIMKey(ctx context.Context, by agent.Actor, i inbox.ID, kind, selector string) (m SetMailbox, err error) {
	defer fault.Wrap(&err, "make a key for mailbox %s", i)
	if err := by.Need(agent.ChannelManage); err != nil {
		return m, err
	}
	if !isLabel(selector) {
		return m, fault.New(fault.Invalid, "mailbox.selector", "a selector is letters, digits and hyphens, such as yd2026").In("selector")
	}
	key, err := newKey(kind)
	if err != nil {
		return m, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.Mailbox(ctx, i)
		if err != nil {
			return err
		}
		if m, err = d.setMailbox(ctx, tx, r); err != nil {
			return err
		}
		m.Secrets = m.Secrets.With(mailbox.SecretDKIM, key, d.Now())
		m.Settings.Send.DKIMSelector = selector
		if m.Settings.Send.DKIMDomain == "" {
			_, m.Settings.Send.DKIMDomain, _ = strings.Cut(m.Address, "@")
		}
		if err := d.saveMailbox(ctx, tx, &m); err != nil {
			return err
		}
		return d.mailboxChanged(ctx, tx, by, "mailbox.dkim", m, map[string]any{"kind": kind, "selector": selector})
	})
	return m, err
}

func newKey(kind string) (string, error) {
	var private any
	var err error
	switch kind {
	case RSA:
		private, err = rsa.GenerateKey(rand.Reader, 2048)
	case Ed25519:
		_, private, err = ed25519.GenerateKey(rand.Reader)
	default:
		return "", fault.New(fault.Invalid, "mailbox.key_kind", "a key is rsa or ed25519").In("kind")
	}
	if err != nil {
		return "", err
	}
	b, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: b})), nil
}

// isLabel reports whether a text can be a label of the DNS.
func isLabel(s string) bool {
	return s != "" && len(s) <= 63 && s[0] != '-' && s[len(s)-1] != '-' &&
		!strings.ContainsFunc(s, func(r rune) bool {
			return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
		})
}

// Mailboxes returns those that are enabled, with their secrets.
func (d *Desk) Mailboxes(ctx context.Context) (all []mailbox.Mailbox, err error) {
	defer fault.Wrap(&err, "read the mailboxes")
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		records, err := tx.Mailboxes(ctx)
		if err != nil {
			return err
		}
		ins, err := tx.Inboxes(ctx)
		if err != nil {
			return err
		}
		on := map[inbox.ID]bool{}
		for _, in := range ins {
			on[in.ID] = in.Enabled
		}
		all = make([]mailbox.Mailbox, 0, len(records))
		for _, r := range records {
			if on[r.Inbox] {
				all = append(all, d.unsealed(ctx, r))
			}
		}
		return nil
	})
	return all, err
}

// HoldMailbox keeps a mailbox for one program until a time; false if another
// has it.
func (d *Desk) HoldMailbox(ctx context.Context, i inbox.ID, holder string, until time.Time) (ok bool, err error) {
	defer fault.Wrap(&err, "hold mailbox %s", i)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		ok, err = tx.HoldMailbox(ctx, i, holder, d.Now(), until)
		return err
	})
	return ok, err
}

// heldAddresses are the addresses of the enabled mailboxes, as they were a
// moment ago: each recipient of each mail asks for one.
type heldAddresses struct {
	mu    sync.Mutex
	of    map[string]inbox.ID
	until time.Time
}

func (h *heldAddresses) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.of = nil
}

// MailboxFor returns the inbox that an address belongs to, with or without a
// token in it; false if it is nobody's. A change takes up to inboxHeld to be
// seen by other nodes.
func (d *Desk) MailboxFor(ctx context.Context, address string) (i inbox.ID, ok bool, err error) {
	plain, _ := mailbox.Split(address)
	d.addresses.mu.Lock()
	defer d.addresses.mu.Unlock()
	if d.addresses.of == nil || !d.Now().Before(d.addresses.until) {
		all, err := d.Mailboxes(ctx)
		if err != nil {
			return i, false, err
		}
		of := map[string]inbox.ID{}
		for _, m := range all {
			for _, a := range append([]string{m.Address}, m.Settings.Aliases...) {
				of[a] = m.Inbox
			}
		}
		d.addresses.of, d.addresses.until = of, d.Now().Add(inboxHeld)
	}
	i, ok = d.addresses.of[plain]
	return i, ok, nil
}

// FetchHealth records how fetching does. When it stops working, those who
// manage channels are told, once; and when it works again.
func (d *Desk) FetchHealth(ctx context.Context, i inbox.ID, h mailbox.Health) error {
	return d.mailboxDoes(ctx, i, h, func(r *store.MailboxRecord) *mailbox.Health { return &r.Fetch })
}

// SendHealth records how sending does, as FetchHealth does of fetching.
func (d *Desk) SendHealth(ctx context.Context, i inbox.ID, h mailbox.Health) error {
	return d.mailboxDoes(ctx, i, h, func(r *store.MailboxRecord) *mailbox.Health { return &r.Send })
}

// okKept is how exactly it is kept when a mailbox last worked.
const okKept = 30 * time.Second

func (d *Desk) mailboxDoes(ctx context.Context, i inbox.ID, h mailbox.Health, which func(*store.MailboxRecord) *mailbox.Health) (err error) {
	defer fault.Wrap(&err, "record how mailbox %s does", i)
	now := d.Now()
	old, err := d.DB.Now().Mailbox(ctx, i)
	if err != nil {
		return err
	}
	if was := which(&old); was.State == mailbox.Working && h.State == mailbox.Working && now.Sub(was.LastOK) < okKept {
		return nil // it works as it did a moment ago
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.Mailbox(ctx, i)
		if err != nil {
			return err
		}
		does := which(&r)
		was := *does
		next, tell := was.Next(h, now)
		*does = next
		if err := tx.SaveMailboxHealth(ctx, i, r.Fetch, r.Send); err != nil {
			return err
		}
		if tell != "" {
			if err := d.tellOfMailbox(ctx, tx, r, tell, next); err != nil {
				return err
			}
		}
		if next.State == was.State && next.Code == was.Code {
			return nil
		}
		return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: now})
	})
}

// tellOfMailbox tells those who manage channels, and the audit.
func (d *Desk) tellOfMailbox(ctx context.Context, tx *store.Tx, r store.MailboxRecord, what string, h mailbox.Health) error {
	who, err := tx.AgentsWhoMay(ctx, agent.ChannelManage)
	if err != nil {
		return err
	}
	for _, to := range who {
		if err := d.Inform(ctx, tx, to, event.Notice{Kind: "mailbox." + what, Text: clip(h.Code, 300), FromName: r.Address}); err != nil {
			return err
		}
	}
	return tx.Audit(ctx, audit.BySystem(d.Now(), "mailbox."+what, audit.Of("mailbox", r.Inbox, r.Address), map[string]any{"code": h.Code}))
}

// KeepGrant replaces what a provider of OAuth 2 gave for a mailbox. What is
// older than what is kept, or of another application, changes nothing: of two
// programs that renew at once the later grant counts.
func (d *Desk) KeepGrant(ctx context.Context, i inbox.ID, g mailbox.Grant) (err error) {
	defer fault.Wrap(&err, "keep the grant of mailbox %s", i)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.Mailbox(ctx, i)
		if err != nil {
			return err
		}
		m := d.unsealed(ctx, r)
		if !g.Renews(m.Secrets.Grant) {
			return nil
		}
		if g.Refresh == "" {
			g.Refresh = m.Secrets.Grant.Refresh // Google sends it only the first time
		}
		m.Secrets.Grant = g
		sealed, err := d.sealed(m.Secrets)
		if err != nil {
			return err
		}
		return tx.SaveMailboxSecrets(ctx, i, sealed)
	})
}

// AskGrant keeps which application at a provider signs in for a mailbox, and
// returns it. What the provider gave for another one is forgotten.
func (d *Desk) AskGrant(ctx context.Context, by agent.Actor, i inbox.ID, g mailbox.Grant) (asked mailbox.Grant, err error) {
	defer fault.Wrap(&err, "ask for a grant of mailbox %s", i)
	if err := by.Need(agent.ChannelManage); err != nil {
		return g, err
	}
	if err := g.Check(); err != nil {
		return g, err
	}
	err = d.changeGrant(ctx, by, i, "mailbox.oauth_ask", func(kept mailbox.Grant) (mailbox.Grant, error) {
		if g.ClientSecret == "" && g.Same(kept) {
			g.ClientSecret = kept.ClientSecret
		}
		if g.Same(kept) {
			g.Access, g.Refresh, g.Expires = kept.Access, kept.Refresh, kept.Expires
		}
		asked = g
		return g, nil
	})
	return asked, err
}

// TakeGrant keeps what a provider gave after somebody signed in there.
func (d *Desk) TakeGrant(ctx context.Context, by agent.Actor, i inbox.ID, g mailbox.Grant) (err error) {
	defer fault.Wrap(&err, "take the grant of mailbox %s", i)
	if err := by.Need(agent.ChannelManage); err != nil {
		return err
	}
	return d.changeGrant(ctx, by, i, "mailbox.oauth", func(kept mailbox.Grant) (mailbox.Grant, error) {
		if !g.Same(kept) {
			return g, fault.New(fault.Conflict, "mailbox.oauth_other", "the application was changed meanwhile; sign in again")
		}
		return g, nil
	})
}

func (d *Desk) changeGrant(ctx context.Context, by agent.Actor, i inbox.ID, action string, to func(kept mailbox.Grant) (mailbox.Grant, error)) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.Mailbox(ctx, i)
		if err != nil {
			return err
		}
		was, err := d.setMailbox(ctx, tx, r)
		if err != nil {
			return err
		}
		m := was
		if m.Secrets.Grant, err = to(was.Secrets.Grant); err != nil {
			return err
		}
		if m.Secrets.Grant.Refresh != was.Secrets.Grant.Refresh {
			m.Secrets = m.Secrets.With(mailbox.SecretGrant, m.Secrets.Grant.Refresh, d.Now())
		}
		sealed, err := d.sealed(m.Secrets)
		if err != nil {
			return err
		}
		if err := tx.SaveMailboxSecrets(ctx, i, sealed); err != nil {
			return err
		}
		if err := d.triedAnew(ctx, tx, &m, was); err != nil {
			return err
		}
		return d.mailboxChanged(ctx, tx, by, action, m, map[string]any{"provider": m.Secrets.Grant.Provider})
	})
}
