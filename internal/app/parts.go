package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"syscall"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/ticket"
	"yingda/internal/help"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/secret"
	"yingda/internal/site"
)

// inboxSecrets seals the secrets of inboxes for the database.
type inboxSecrets struct{ seal *secret.Seal }

func (s inboxSecrets) Seal(b []byte) string { return s.seal.Close(string(b), "inbox") }

func (s inboxSecrets) Open(sealed string) ([]byte, error) {
	b, err := s.seal.Open(sealed, "inbox")
	return []byte(b), err
}

// content is what the public pages show, from the desk and the knowledge base.
type content struct {
	desk *desk.Desk
	help *help.Help
}

func (c content) Version(ctx context.Context) (string, error) {
	settings, err := c.desk.SettingsVersion(ctx)
	return c.help.Version() + "." + strconv.FormatInt(settings, 36), err
}

func (c content) Company(ctx context.Context) (site.Company, error) {
	s, err := c.desk.Settings(ctx)
	return site.Company{
		Name: s.Company, Phone: s.Phone, Email: s.Email, ComplaintEmail: s.ComplaintEmail, Address: s.Address, PhoneHours: s.PhoneHours,
		PromiseChat: s.PromiseChat, PromisePhone: s.PromisePhone, PromiseEmail: s.PromiseEmail,
	}, err
}

func (c content) Inboxes(ctx context.Context) ([]inbox.Inbox, error) {
	all, err := c.desk.Inboxes(ctx)
	on := make([]inbox.Inbox, 0, len(all))
	for _, in := range all {
		if in.Enabled {
			on = append(on, in)
		}
	}
	return on, err
}

func (c content) Staffed(ctx context.Context, in inbox.Inbox) (bool, error) {
	return c.desk.Staffed(ctx, in)
}

func (c content) Categories(_ context.Context, language string) ([]site.Category, error) {
	hs := c.help.Headings(language)
	out := make([]site.Category, 0, len(hs))
	for _, h := range hs {
		out = append(out, site.Category{Name: h.Name, Count: h.Count, Top: entries(h.Top)})
	}
	return out, nil
}

func (c content) Search(_ context.Context, q site.Query) (site.Listing, error) {
	found, total := c.help.Search(help.Search{Words: q.Words, Language: q.Language, Category: q.Category, Page: q.Page, Size: q.Size})
	return site.Listing{Entries: entries(found), Total: total}, nil
}

func (c content) Entry(ctx context.Context, _ string, kind site.EntryKind, ref string) (site.Entry, error) {
	e, err := c.help.Entry(help.Kind(kind), ref)
	if err != nil {
		return site.Entry{}, err
	}
	return entry(e), c.help.Viewed(ctx, e)
}

func (c content) Related(_ context.Context, e site.Entry, n int) ([]site.Entry, error) {
	found, err := c.help.Entry(help.Kind(e.Kind), e.Ref)
	if err != nil {
		return nil, err
	}
	return entries(c.help.Related(found, n)), nil
}

func (c content) Rate(ctx context.Context, kind site.EntryKind, ref, _ string, helpful bool) error {
	e, err := c.help.Entry(help.Kind(kind), ref)
	if err != nil {
		return err
	}
	return c.help.Rated(ctx, e, helpful)
}

func entry(e help.Entry) site.Entry {
	return site.Entry{
		Kind: site.EntryKind(e.Kind), Ref: e.Ref, Title: e.Title, Summary: e.Summary, Body: e.Body,
		Category: e.Category, Language: e.Language, UpdatedAt: e.UpdatedAt,
	}
}

func entries(es []help.Entry) []site.Entry {
	out := make([]site.Entry, 0, len(es))
	for _, e := range es {
		out = append(out, entry(e))
	}
	return out
}

// publicCases takes what is handed in on the public pages.
type publicCases struct{ desk *desk.Desk }

func (p publicCases) Open(ctx context.Context, c ticket.Case, files []channel.Upload, clientID string) (ticket.Case, error) {
	return p.desk.OpenPublicCase(ctx, c, files, clientID)
}

// lockFile takes a file that only one program holds at a time. The system
// gives it back when the program ends, however it ends.
func lockFile(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // in the administrator's own folder
	if err != nil {
		return nil, fault.New(fault.Invalid, "start.data_unwritable", "the data folder %s cannot be written; change its owner or choose another with --data", name).Because(err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fault.New(fault.Invalid, "start.data_taken", "another yingda is running on this data folder (%s); stop it, or choose another with --data", name).Because(err), f.Close())
	}
	return f, nil
}

// sub is a folder of the built programs. A program that was not built has
// none, and every file of it is not there.
func sub(f fs.FS, folder string) fs.FS {
	s, err := fs.Sub(f, folder)
	if err != nil {
		panic(err) // only a malformed name fails
	}
	return s
}
