package desk

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"path"
	"strings"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/picture"
	"yingda/internal/store"
)

// Scanner looks for viruses in a file. clean is false if it found one.
type Scanner interface {
	Scan(ctx context.Context, file io.Reader) (clean bool, err error)
}

// ScanCommand is a Scanner that hands a file to a program, such as
// {"clamdscan", "--no-summary", "-"}, on its standard input. The program says
// 0 for clean and 1 for a virus; anything else is a failure.
type ScanCommand []string

const scanLimit = time.Minute

// Scan runs the program. No shell sees anything of the file.
func (c ScanCommand) Scan(ctx context.Context, file io.Reader) (clean bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, scanLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, c[0], c[1:]...) //nolint:gosec // the administrator's own setting
	cmd.Stdin = file
	out, err := cmd.CombinedOutput()
	if e, ok := errors.AsType[*exec.ExitError](err); ok && e.ExitCode() == 1 {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("scan with %s: %w: %s", c[0], err, bytes.TrimSpace(out))
	}
	return true, nil
}

// What Attachment.Scan says.
const (
	scanClean    = "clean"
	scanSkipped  = "skipped"
	scanInfected = "infected"
)

var (
	errFileType = fault.New(fault.Invalid, "file.type",
		"files of this kind are not taken; send a picture, a film, a sound, PDF, an office document, plain text or a zip archive").In("file")
	errFileEmpty    = fault.New(fault.Invalid, "file.empty", "the file is empty; choose another").In("file")
	errFileInfected = fault.New(fault.Invalid, "file.infected", "the virus scanner found something in this file; it was not sent").In("file")
	errFileGone     = fault.New(fault.Invalid, "message.file", "a file of this message is not there any more; attach it again").In("body.attachments")
	errFileUnknown  = fault.New(fault.NotFound, "file.unknown", "there is no such %s", "file")
)

// Attach keeps a file that a contact uploads, for a message to come. What it
// is, its bytes say. Giving it again under the same client id gives the first
// answer again.
func (d *Desk) Attach(ctx context.Context, who contact.Visitor, u channel.Upload) (conversation.Attachment, error) {
	if _, err := d.writer(ctx, d.DB.Now(), who.Contact); err != nil {
		return conversation.Attachment{}, err
	}
	return d.attach(ctx, who.Contact.String(), 0, u)
}

// AttachFor keeps a file that an agent uploads for a conversation that they may
// answer.
func (d *Desk) AttachFor(ctx context.Context, by agent.Actor, c conversation.ID, u channel.Upload) (conversation.Attachment, error) {
	if err := by.Need(agent.ConversationReply); err != nil {
		return conversation.Attachment{}, err
	}
	if _, err := seen(ctx, d.DB.Now(), by, c); err != nil {
		return conversation.Attachment{}, err
	}
	return d.attach(ctx, by.Agent.String(), c, u)
}

// AttachToRecord keeps a file that an agent uploads for a record that is neither
// a message nor a case, such as a certificate. Whoever takes it keeps it from
// being swept away, and says who may open it.
func (d *Desk) AttachToRecord(ctx context.Context, by agent.Actor, need agent.Permission, u channel.Upload) (conversation.Attachment, error) {
	if err := by.Need(need); err != nil {
		return conversation.Attachment{}, err
	}
	return d.attach(ctx, by.Agent.String(), 0, u)
}

func (d *Desk) attach(ctx context.Context, uploader string, c conversation.ID, u channel.Upload) (a conversation.Attachment, err error) {
	return d.attachAs(ctx, uploader, c, u, false)
}

// attachAs is attach, which with anything set keeps files of every kind: those
// of no kind that we take can only be saved.
func (d *Desk) attachAs(ctx context.Context, uploader string, c conversation.ID, u channel.Upload, anything bool) (a conversation.Attachment, err error) {
	defer fault.Wrap(&err, "attach a file of %s", uploader)
	now := d.Now()
	f := store.File{Conversation: c, Uploader: uploader, ClientID: u.ClientID, At: now}
	f.ID = conversation.NewAttachmentID(now)
	if u.ClientID == "" {
		f.ClientID = f.ID.String()
	} else if had, ok, err := d.DB.Now().FileByClientID(ctx, uploader, u.ClientID); err != nil || ok {
		return d.again(had, err)
	}
	if err := d.keep(ctx, &f, u, anything); err != nil {
		return a, errors.Join(err, d.discard(ctx, f))
	}
	var isNew bool
	if err := d.DB.Update(ctx, func(tx *store.Tx) (err error) {
		isNew, err = tx.InsertFile(ctx, f)
		return err
	}); err != nil {
		return a, errors.Join(err, d.discard(ctx, f))
	}
	if f.Scan == scanInfected {
		return a, errFileInfected
	}
	if !isNew { // the same file came twice at once, and the other was first
		had, _, err := d.DB.Now().FileByClientID(ctx, uploader, u.ClientID)
		return d.again(had, errors.Join(err, d.discard(ctx, f)))
	}
	return attached(f), nil
}

// again answers for a file that we have already.
func (d *Desk) again(had store.File, err error) (conversation.Attachment, error) {
	if err == nil && had.Scan == scanInfected {
		err = errFileInfected
	}
	return attached(had), err
}

// attached returns the attachment with the addresses at which agents open it.
// A channel whose contacts read addresses makes its own.
func attached(f store.File) conversation.Attachment {
	a := f.Attachment
	a.URL = "/api/v1/attachments/" + a.ID.String()
	if f.Thumb != "" {
		a.ThumbURL = a.URL + "/thumb"
	}
	return a
}

// keep stores the bytes and finds out what they are. On an error some of them
// may be left; discard removes them.
func (d *Desk) keep(ctx context.Context, f *store.File, u channel.Upload, anything bool) error {
	body := bufio.NewReaderSize(&limited{r: u.Body, left: u.Limit, limit: u.Limit}, blob.HeadSize)
	head, err := body.Peek(blob.HeadSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if len(head) == 0 {
		return errFileEmpty
	}
	kind, ok := blob.Sniff(u.Name, head)
	if !ok && !anything {
		return errFileType
	}
	if !ok {
		kind = unknownType(u.Name)
	}
	f.Blob = f.ID.String()
	st, err := d.Files.Put(ctx, f.Blob, body)
	if err != nil {
		return err
	}
	f.Size, f.SHA256 = st.Size, st.SHA256
	err = d.inspect(ctx, f, &kind)
	if anything && fault.KindOf(err) == fault.Invalid { // a program in an archive, a broken picture
		kind = unknownType(u.Name)
		err = d.inspect(ctx, f, &kind)
	}
	if err != nil {
		return err
	}
	f.Type, f.Kind, f.Name = kind.MIME, kind.Kind, blob.CleanName(u.Name, kind)
	if f.Scan == scanInfected {
		aside := "infected/" + f.Blob
		if err := d.Files.Move(ctx, f.Blob, aside); err != nil {
			return err
		}
		f.Blob = aside
		return nil
	}
	if kind.Kind == "image" {
		return d.shrink(ctx, f)
	}
	return nil
}

// unknownType is that of a file that we know nothing of but its name.
func unknownType(name string) blob.Type {
	end := strings.ToLower(path.Ext(name))
	if len(end) < 2 || len(end) > 12 {
		end = ".bin"
	}
	return blob.Type{MIME: "application/octet-stream", Kind: "document", Ends: []string{end}}
}

// inspect looks at the whole file: into archives, at a picture's size, and for
// viruses.
func (d *Desk) inspect(ctx context.Context, f *store.File, kind *blob.Type) error {
	file, err := d.Files.Open(ctx, f.Blob)
	if err != nil {
		return err
	}
	defer closing(d.Log, "file", file)
	if kind.MIME == "application/zip" {
		var ok bool
		if *kind, ok = blob.Unpack(file, file.Size); !ok {
			return errFileType
		}
	}
	if kind.Kind == "image" {
		size, err := picture.Measure(file)
		if err != nil {
			return err
		}
		f.Width, f.Height = size.Width, size.Height
	}
	f.Scan = scanSkipped
	if d.Scan == nil {
		return nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	clean, err := d.Scan.Scan(ctx, file)
	if err != nil {
		return fault.New(fault.Busy, "file.scan", "the file could not be checked for viruses; send it again in a moment").Because(err)
	}
	f.Scan = scanInfected
	if clean {
		f.Scan = scanClean
	}
	return nil
}

const (
	thumbSide  = 480       // pixels
	smallImage = 128 << 10 // bytes; a picture of less needs no smaller one if its sides are small too
)

// shrink keeps a small picture of a picture. One that cannot be made, for
// instance of a film in WebP, is done without.
func (d *Desk) shrink(ctx context.Context, f *store.File) error {
	if max(f.Width, f.Height) <= thumbSide && f.Size <= smallImage {
		return nil
	}
	file, err := d.Files.Open(ctx, f.Blob)
	if err != nil {
		return err
	}
	defer closing(d.Log, "file", file)
	var small bytes.Buffer
	if err := picture.Small(&small, file, thumbSide); err != nil {
		return nil // the picture itself is whole enough to be sent
	}
	f.Thumb = f.Blob + ".thumb"
	_, err = d.Files.Put(ctx, f.Thumb, &small)
	return err
}

func closing(log *slog.Logger, what string, c io.Closer) {
	if err := c.Close(); err != nil {
		log.Warn("closing failed", slog.String("what", what), slog.Any("error", err))
	}
}

// discard removes the bytes of a file that is not kept.
func (d *Desk) discard(ctx context.Context, f store.File) error {
	ctx = context.WithoutCancel(ctx) // whoever gave it may have gone
	var errs []error
	for _, key := range []string{f.Blob, f.Thumb} {
		if key != "" {
			errs = append(errs, d.Files.Delete(ctx, key))
		}
	}
	return errors.Join(errs...)
}

// limited ends with a fault when more comes than may.
type limited struct {
	r           io.Reader
	left, limit int64
}

func (l *limited) Read(p []byte) (int, error) {
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, fault.New(fault.TooLarge, "file.large", "a file may be at most %d MB; make it smaller, or send it in parts", l.limit>>20).In("file")
	}
	return n, err
}

// files returns the files that a message to come names. They must be the
// uploader's own.
func (d *Desk) files(ctx context.Context, tx *store.Tx, uploader string, ids []conversation.AttachmentID) ([]conversation.Attachment, error) {
	var as []conversation.Attachment
	for _, i := range ids {
		f, err := tx.File(ctx, i)
		if fault.KindOf(err) == fault.NotFound || err == nil && (f.Uploader != uploader || f.Scan == scanInfected) {
			return nil, errFileGone
		}
		if err != nil {
			return nil, err
		}
		as = append(as, attached(f))
	}
	return as, nil
}

// claimFiles makes the files of a message that was just added its own.
func claimFiles(ctx context.Context, tx *store.Tx, m conversation.Message) error {
	for _, a := range m.Attachments {
		ok, err := tx.ClaimFile(ctx, m.AuthorID, a.ID, m.Conversation, m.ID)
		if err != nil {
			return err
		}
		if !ok {
			return errFileGone // another message took it
		}
	}
	return nil
}

// File opens a file for someone whose address was signed. The caller closes it.
func (d *Desk) File(ctx context.Context, i conversation.AttachmentID, thumb bool) (channel.File, error) {
	f, err := d.DB.Now().File(ctx, i)
	if err != nil {
		return channel.File{}, err
	}
	if f.Recalled {
		return channel.File{}, errFileUnknown
	}
	return d.open(ctx, f, thumb)
}

// FileFor opens a file for an agent who may see the conversation or the case
// that it belongs to, or who gave it. The caller closes it.
func (d *Desk) FileFor(ctx context.Context, by agent.Actor, i conversation.AttachmentID, thumb bool) (channel.File, error) {
	tx := d.DB.Now()
	f, err := tx.File(ctx, i)
	if err != nil {
		return channel.File{}, err
	}
	ok, err := mayOpen(ctx, tx, by, f)
	if err != nil {
		return channel.File{}, err
	}
	if !ok {
		return channel.File{}, errFileUnknown
	}
	return d.open(ctx, f, thumb)
}

func mayOpen(ctx context.Context, tx *store.Tx, by agent.Actor, f store.File) (bool, error) {
	accused, err := tx.FileAccuses(ctx, f.ID, by.Agent)
	if err != nil {
		return false, err
	}
	mine := f.Uploader == by.Agent.String() && !f.Recalled
	switch sent := !f.Message.IsZero(); {
	case accused && !sent: // it is nothing but evidence against them
		return false, nil
	case mine:
		return true, nil
	}
	if !f.Conversation.IsZero() && (!f.Recalled || by.May(agent.ConversationMonitor)) {
		switch _, err := seen(ctx, tx, by, f.Conversation); {
		case err == nil:
			return true, nil
		case fault.KindOf(err) != fault.NotFound:
			return false, err
		}
	}
	return tx.FileInCase(ctx, f.ID, by)
}

func (d *Desk) open(ctx context.Context, f store.File, thumb bool) (channel.File, error) {
	if f.Scan == scanInfected || thumb && f.Thumb == "" {
		return channel.File{}, errFileUnknown
	}
	key, kind, name := f.Blob, f.Type, f.Name
	if thumb {
		key, kind, name = f.Thumb, "image/jpeg", f.Name+".jpg"
	}
	file, err := d.Files.Open(ctx, key)
	if err != nil {
		return channel.File{}, err
	}
	return channel.File{Name: name, Type: kind, Size: file.Size, At: f.At, Body: file}, nil
}

const (
	orphanAge   = 24 * time.Hour
	orphanBatch = 200
)

// SweepFiles deletes files that were given and never sent, once they are a day
// old. It is the work of a repeating job.
func (d *Desk) SweepFiles(ctx context.Context) error {
	for {
		fs, err := d.DB.Now().OrphanFiles(ctx, d.Now().Add(-orphanAge), orphanBatch)
		if err != nil {
			return err
		}
		for _, f := range fs {
			if err := d.sweep(ctx, f); err != nil {
				return err
			}
		}
		if len(fs) < orphanBatch {
			return nil
		}
	}
}

// sweep forgets a file before its bytes go: bytes without a row are invisible,
// a row without bytes is an error that people see.
func (d *Desk) sweep(ctx context.Context, f store.File) error {
	var gone bool
	if err := d.DB.Update(ctx, func(tx *store.Tx) (err error) {
		gone, err = tx.DeleteOrphanFile(ctx, f.ID)
		return err
	}); err != nil || !gone {
		return err
	}
	return d.discard(ctx, f)
}
