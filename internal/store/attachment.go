package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/store/sqlcgen"
)

// File is an attachment with who gave it and where its bytes lie.
type File struct {
	conversation.Attachment
	Conversation conversation.ID        // zero until it is known
	Message      conversation.MessageID // zero until it was sent
	Uploader     string
	ClientID     string
	Blob         string // the key of its bytes
	Thumb        string // the key of its small picture; may be empty
	At           time.Time
	Recalled     bool // with the message that it was sent in
}

// InsertFile adds f. It is false, and nothing happens, if the uploader has
// given a file with the same client id before.
func (tx *Tx) InsertFile(ctx context.Context, f File) (bool, error) {
	n, err := tx.InsertAttachment(ctx, sqlcgen.InsertAttachmentParams{
		ID: f.ID, ConversationID: f.Conversation, Uploader: f.Uploader, ClientID: f.ClientID,
		Name: f.Name, Type: f.Type, Kind: f.Kind, Size: f.Size, Sha256: f.SHA256, Blob: f.Blob, Thumb: f.Thumb,
		Width: int64(f.Width), Height: int64(f.Height), Scan: f.Scan, At: ms(f.At),
	})
	return n > 0, err
}

// File returns an attachment by id.
func (tx *Tx) File(ctx context.Context, id conversation.AttachmentID) (File, error) {
	row, err := tx.Attachment(ctx, id)
	if err != nil {
		return File{}, notFound(err, "file.unknown", "file")
	}
	return fileOf(row), nil
}

// FileByClientID returns what an uploader gave under their own id; false if
// they gave nothing of that name.
func (tx *Tx) FileByClientID(ctx context.Context, uploader, clientID string) (File, bool, error) {
	row, err := tx.AttachmentByClientID(ctx, sqlcgen.AttachmentByClientIDParams{Uploader: uploader, ClientID: clientID})
	if errors.Is(err, sql.ErrNoRows) {
		return File{}, false, nil
	}
	return fileOf(row), err == nil, err
}

// ClaimFile makes a file part of a message. It is false if the uploader has no
// such file, has sent it already, or may not send it.
func (tx *Tx) ClaimFile(ctx context.Context, uploader string, id conversation.AttachmentID, c conversation.ID, m conversation.MessageID) (bool, error) {
	n, err := tx.ClaimAttachment(ctx, sqlcgen.ClaimAttachmentParams{ID: id, Uploader: uploader, ConversationID: c, MessageID: m})
	return n > 0, err
}

// FileInCase reports whether a case that the actor may see has the file.
func (tx *Tx) FileInCase(ctx context.Context, id conversation.AttachmentID, by agent.Actor) (bool, error) {
	q := newList("SELECT 1 FROM case_files f JOIN cases c ON c.id = f.case_id")
	q.and("f.attachment_id = ?", id)
	q.caseSight(by)
	var n int
	err := tx.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM ("+q.text("LIMIT 1")+") AS found", q.args...).Scan(&n)
	return n > 0, err
}

// FileAccuses reports whether the file belongs to a case that is about an agent.
func (tx *Tx) FileAccuses(ctx context.Context, id conversation.AttachmentID, whom agent.ID) (bool, error) {
	n, err := tx.AttachmentAccuses(ctx, sqlcgen.AttachmentAccusesParams{AttachmentID: id, Accused: whom})
	return n > 0, err
}

// OrphanFiles returns files given before a time and never sent, oldest first.
// Infected ones are not among them: someone may want to look at them.
func (tx *Tx) OrphanFiles(ctx context.Context, before time.Time, most int) ([]File, error) {
	rows, err := tx.OrphanAttachments(ctx, sqlcgen.OrphanAttachmentsParams{Before: ms(before), Most: int64(most)})
	if err != nil {
		return nil, err
	}
	fs := make([]File, len(rows))
	for i, r := range rows {
		fs[i] = fileOf(r)
	}
	return fs, nil
}

// DeleteOrphanFile forgets a file, unless it was sent in the meantime.
func (tx *Tx) DeleteOrphanFile(ctx context.Context, id conversation.AttachmentID) (bool, error) {
	n, err := tx.DeleteOrphanAttachment(ctx, id)
	return n > 0, err
}

func fileOf(r sqlcgen.Attachment) File {
	return File{
		Attachment: conversation.Attachment{
			ID: r.ID, Name: r.Name, Type: r.Type, Size: r.Size, SHA256: r.Sha256, Kind: r.Kind,
			Width: int(r.Width), Height: int(r.Height), Scan: r.Scan,
		},
		Conversation: r.ConversationID, Message: r.MessageID, Uploader: r.Uploader, ClientID: r.ClientID,
		Blob: r.Blob, Thumb: r.Thumb, At: at(r.At), Recalled: r.RecalledAt > 0,
	}
}
