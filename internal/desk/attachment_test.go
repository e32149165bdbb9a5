package desk_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/blob"
)

// cellar gives the house a place for files and returns how many lie there.
func (h *house) cellar() (files func() int) {
	h.t.Helper()
	folder := h.t.TempDir()
	d, err := blob.OpenDir(folder)
	h.must(err)
	h.t.Cleanup(func() { h.must(d.Close()) })
	h.Files, h.Log = d, slog.New(slog.DiscardHandler)
	return func() (n int) {
		h.must(filepath.WalkDir(folder, func(_ string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				n++
			}
			return err
		}))
		return n
	}
}

func upload(clientID, name, content string) channel.Upload {
	return channel.Upload{ClientID: clientID, Name: name, Body: strings.NewReader(content), Limit: 1 << 20}
}

func (h *house) photo(w, hgt int) string {
	h.t.Helper()
	var b bytes.Buffer
	h.must(png.Encode(&b, image.NewGray(image.Rect(0, 0, w, hgt))))
	return b.String()
}

func (h *house) content(f channel.File, err error) string {
	h.t.Helper()
	h.must(err)
	b, err := io.ReadAll(f.Body)
	h.must(errors.Join(err, f.Body.Close()))
	return string(b)
}

func TestAFileTravelsWithItsMessage(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, files := h.t.Context(), h.cellar()
		v := h.visitor()
		photo := h.photo(960, 300)
		a, err := h.Attach(ctx, v, upload("upload-01", `C:\照片.exe`, photo))
		h.must(err)
		if a.Name != "照片.exe.png" || a.Type != "image/png" || a.Kind != "image" || a.Size != int64(len(photo)) || len(a.SHA256) != 64 ||
			a.Width != 960 || a.Height != 300 || a.Scan != "skipped" || a.URL == "" || a.ThumbURL == "" {
			h.t.Errorf("%+v", a)
		}
		again, err := h.Attach(ctx, v, upload("upload-01", "another.png", "another"))
		h.must(err)
		if again != a || files() != 2 {
			h.t.Errorf("given again it is %+v, %d files", again, files())
		}
		in := channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, ClientID: "client-id-1", Attachments: []conversation.AttachmentID{a.ID}, At: h.Now()}
		r, err := h.Receive(ctx, in)
		h.must(err)
		if len(r.Message.Attachments) != 1 || r.Message.Attachments[0] != a {
			h.t.Errorf("%+v", r.Message)
		}
		r, err = h.Receive(ctx, in)
		h.must(err)
		if !r.Again || len(r.Message.Attachments) != 1 {
			h.t.Errorf("sent again: %+v", r)
		}
		in.ClientID = "client-id-2"
		_, err = h.Receive(ctx, in)
		h.code(err, "message.file") // it is in a message already

		if h.content(h.File(ctx, a.ID, false)) != photo || h.content(h.FileFor(ctx, h.wang, a.ID, false)) != photo {
			h.t.Error("the bytes are not what was given")
		}
		small, err := png.DecodeConfig(strings.NewReader(h.content(h.File(ctx, a.ID, true))))
		if err == nil {
			h.t.Errorf("the small picture is a PNG of %d", small.Width)
		}
		m, _, err := image.DecodeConfig(strings.NewReader(h.content(h.FileFor(ctx, h.wang, a.ID, true))))
		h.must(err)
		if m.Width != 480 || m.Height != 150 {
			h.t.Errorf("the small picture has %d × %d", m.Width, m.Height)
		}
		_, err = h.FileFor(ctx, agent.Actor{Agent: h.zhao.Agent, Scope: agent.ScopeOwn, Permissions: h.zhao.Permissions[:1]}, a.ID, false)
		h.code(err, "file.unknown")
	})
}

func TestFilesThatAreNotTaken(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, files := h.t.Context(), h.cellar()
		v, other := h.visitor(), h.visitor()
		large := strings.Repeat("a", 1<<20)
		for _, c := range []struct{ name, content, code string }{
			{"a.png", "MZ\x90\x00\x03\x00\x00\x00", "file.type"},
			{"a.txt", "<html><script>", "file.type"},
			{"a.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>", "file.type"},
			{"a.zip", "PK\x03\x04 cut off", "file.type"},
			{"a.png", h.photo(2, 2)[:20], "file.broken"},
			{"a.txt", "", "file.empty"},
			{"a.txt", large + "a", "file.large"},
			{"a.txt", large, ""},
		} {
			_, err := h.Attach(ctx, v, upload("upload-01", c.name, c.content))
			h.code(err, c.code)
		}
		cut := upload("upload-02", "a.txt", "")
		cut.Body = io.MultiReader(strings.NewReader(large), broken{})
		if _, err := h.Attach(ctx, v, cut); !errors.Is(err, io.ErrUnexpectedEOF) {
			h.t.Errorf("a line that breaks: %v", err)
		}
		if files() != 1 {
			h.t.Errorf("%d files are left", files())
		}
		a, err := h.Attach(ctx, other, upload("upload-01", "a.txt", "theirs"))
		h.must(err)
		_, err = h.Receive(ctx, channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, ClientID: "client-id-1", Attachments: []conversation.AttachmentID{a.ID}, At: h.Now()})
		h.code(err, "message.file")
		_, err = h.AttachFor(ctx, agent.Actor{Agent: h.lin.Agent}, 1, upload("upload-01", "a.txt", "a"))
		h.code(err, "permission.missing")
		_, err = h.AttachFor(ctx, h.lin, 1, upload("upload-01", "a.txt", "a"))
		h.code(err, "conversation.unknown")
	})
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestTheSameFileTwiceAtOnceIsKeptOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, files, v := h.t.Context(), h.cellar(), h.visitor()
		var wg sync.WaitGroup
		got := make([]conversation.Attachment, 6)
		errs := make([]error, len(got))
		for i := range got {
			wg.Go(func() { got[i], errs[i] = h.Attach(ctx, v, upload("upload-01", "a.txt", "once")) })
		}
		wg.Wait()
		h.must(errors.Join(errs...))
		for _, a := range got {
			if a != got[0] {
				h.t.Errorf("%+v and %+v", a, got[0])
			}
		}
		if files() != 1 {
			h.t.Errorf("%d files", files())
		}
	})
}

func TestViruses(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, files, v := h.t.Context(), h.cellar(), h.visitor()
		h.Scan = desk.ScanCommand{"grep", "-q", "-v", "VIRUS"} // 0 if there is a line without it, else 1
		clean, err := h.Attach(ctx, v, upload("upload-01", "a.txt", "harmless"))
		h.must(err)
		if clean.Scan != "clean" {
			h.t.Errorf("%+v", clean)
		}
		for range 2 {
			_, err = h.Attach(ctx, v, upload("upload-02", "b.txt", "VIRUS"))
			h.code(err, "file.infected")
		}
		had, _, err := h.DB.Now().FileByClientID(ctx, v.Contact.String(), "upload-02")
		h.must(err)
		_, err = h.File(ctx, had.ID, false)
		h.code(err, "file.unknown")
		_, err = h.Receive(ctx, channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, ClientID: "client-id-1", Attachments: []conversation.AttachmentID{had.ID}, At: h.Now()})
		h.code(err, "message.file")
		h.Scan = desk.ScanCommand{"/nowhere/scanner"}
		_, err = h.Attach(ctx, v, upload("upload-03", "c.txt", "unchecked"))
		h.code(err, "file.scan")
		if files() != 2 { // the clean one, and the infected one aside
			h.t.Errorf("%d files", files())
		}
	})
}

func TestFilesThatWereNeverSentAreSwept(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, files, v := h.t.Context(), h.cellar(), h.visitor()
		attach := func(id string) conversation.AttachmentID {
			a, err := h.Attach(ctx, v, upload(id, "a.txt", id))
			h.must(err)
			return a.ID
		}
		sent, orphan := attach("upload-01"), attach("upload-02")
		h.sendFile(ctx, v, sent)
		h.clock.Turn(23 * time.Hour)
		young := attach("upload-03")
		h.must(h.SweepFiles(ctx))
		if files() != 3 {
			h.t.Errorf("%d files before a day has passed", files())
		}
		h.clock.Turn(2 * time.Hour)
		for range 2 {
			h.must(h.SweepFiles(ctx))
		}
		if files() != 2 {
			h.t.Errorf("%d files after a day", files())
		}
		_, err := h.File(ctx, orphan, false)
		h.code(err, "file.unknown")
		for _, id := range []conversation.AttachmentID{sent, young} {
			h.content(h.File(ctx, id, false))
		}
	})
}

func (h *house) sendFile(ctx context.Context, v contact.Visitor, id conversation.AttachmentID) {
	h.t.Helper()
	_, err := h.Receive(ctx, channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, ClientID: "client-id-1", Attachments: []conversation.AttachmentID{id}, At: h.Now()})
	h.must(err)
}
