package webchat

import (
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"slices"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/fault"
)

const addresses = "/widget/v1/attachments/"

// addressDays is how long the address of a file opens it, at least. It stays
// the same for a day, so that browsers need not fetch a picture twice.
const addressDays = 8

// Dress returns a message as a visitor is sent it: without what only agents
// see, and its files have addresses
// that open without a cookie.
func (d *Door) Dress(m conversation.Message) conversation.Message {
	m.Original, m.Mail = "", nil
	if len(m.Attachments) > 0 {
		m.Attachments = slices.Clone(m.Attachments)
		for i, a := range m.Attachments {
			m.Attachments[i] = d.addressed(a)
		}
	}
	return m
}

func (d *Door) dressed(ms []conversation.Message) []conversation.Message {
	out := make([]conversation.Message, len(ms))
	for i, m := range ms {
		out[i] = d.Dress(m)
	}
	return out
}

func (d *Door) addressed(a conversation.Attachment) conversation.Attachment {
	id := a.ID.String()
	s := "?s=" + blob.Sign(d.Key, id, d.Now().Truncate(24*time.Hour).AddDate(0, 0, addressDays))
	a.URL = addresses + id + s
	if a.ThumbURL != "" {
		a.ThumbURL = addresses + id + "/thumb" + s
	}
	return a
}

const (
	formOverhead  = 64 << 10 // bytes that a form may hold besides the file
	mostDiscarded = 64 << 20 // bytes of a refused file that are read and thrown away
)

// attach takes a form with client_id and then file, and passes the file on as
// it comes.
func (d *Door) attach(c call) error {
	most := int64(c.inbox.Settings.MaxFileMB) << 20
	sent := c.Body
	defer func() { _, _ = io.CopyN(io.Discard, sent, mostDiscarded) }() // browsers read no answer before they have sent all
	c.Body = http.MaxBytesReader(c.ResponseWriter, c.Body, most+formOverhead)
	parts, err := c.MultipartReader()
	if err != nil {
		return fault.New(fault.Invalid, "request.form", "send the file as multipart/form-data").Because(err)
	}
	clientID := ""
	for {
		part, err := parts.NextPart()
		if err != nil {
			return formError(err, most)
		}
		switch part.FormName() {
		case "client_id":
			b, err := io.ReadAll(io.LimitReader(part, 100))
			if err != nil {
				return formError(err, most)
			}
			clientID = string(b)
		case "file":
			if err := conversation.CheckClientID(clientID); err != nil {
				return err
			}
			return d.take(c, part, clientID, most)
		}
	}
}

func (d *Door) take(c call, part *multipart.Part, clientID string, most int64) error {
	a, err := d.Chat.Attach(c.Context(), c.who, channel.Upload{ClientID: clientID, Name: part.FileName(), Body: part, Limit: most})
	if err != nil {
		return formError(err, most)
	}
	return c.answer(d.addressed(a))
}

// formError says what was wrong with a form that broke off.
func formError(err error, most int64) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return fault.New(fault.TooLarge, "file.large", "a file may be at most %d MB; make it smaller, or send it in parts", most>>20).In("file")
	}
	if errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "request.file", "the form has no file; send client_id first, then file").In("file")
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, multipart.ErrMessageTooLarge) {
		return fault.New(fault.Invalid, "request.body", "the request was cut off; send it again").Because(err)
	}
	return err
}

// file sends a file to whoever has its signed address.
func (d *Door) file(w http.ResponseWriter, r *http.Request, thumb bool) error {
	var id conversation.AttachmentID
	if err := id.UnmarshalText([]byte(r.PathValue("id"))); err != nil {
		return err
	}
	if err := blob.Signed(d.Key, id.String(), r.URL.Query().Get("s"), d.Now()); err != nil {
		return err
	}
	f, err := d.Chat.File(r.Context(), id, thumb)
	if err != nil {
		return err
	}
	defer func() { //nolint:contextcheck // it passes the request's
		if err := f.Body.Close(); err != nil {
			d.Errors.Log.WarnContext(r.Context(), "closing failed", slog.String("what", "file"), slog.Any("error", err))
		}
	}()
	blob.Send(w, r, f.Name, f.Type, f.At, f.Body)
	return nil
}
