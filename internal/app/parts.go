package app

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"syscall"
	"time"

	"yingda/internal/kit/fault"
	"yingda/internal/post"
	"yingda/internal/store"
)

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

// writer lets the desk write letters.
type writer struct{ post *post.Post }

func (w writer) Open() bool { return w.post.Open() }

func (w writer) Send(ctx context.Context, tx *store.Tx, to, subject, text string) error {
	return w.post.Send(ctx, tx, post.Letter{To: to, Subject: subject, Text: text})
}

func (w writer) SendUntil(ctx context.Context, tx *store.Tx, to, subject, text string, until time.Time) error {
	return w.post.Send(ctx, tx, post.Letter{To: to, Subject: subject, Text: text, Until: until})
}

// exchangers returns where a domain gets its mail, as the DNS says. What it does
// not say is not known.
func exchangers(ctx context.Context, domain string) (names []string) {
	found, err := net.DefaultResolver.LookupMX(ctx, domain)
	if err != nil {
		return nil
	}
	for _, mx := range found {
		names = append(names, mx.Host)
	}
	return names
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
