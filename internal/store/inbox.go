package store

import (
	"context"
	"encoding/json"
	"fmt"

	"yingda/internal/domain/inbox"
	"yingda/internal/store/sqlcgen"
)

// Inboxes come with their secrets as they lie here: sealed.

// InboxByKey returns an inbox by its public key.
func (tx *Tx) InboxByKey(ctx context.Context, key string) (inbox.Inbox, error) {
	r, err := tx.Queries.InboxByKey(ctx, key)
	if err != nil {
		return inbox.Inbox{}, notFound(err, "inbox.unknown", "inbox")
	}
	return inboxOf(r)
}

// InboxByID returns an inbox.
func (tx *Tx) InboxByID(ctx context.Context, id inbox.ID) (inbox.Inbox, error) {
	r, err := tx.Queries.InboxByID(ctx, id)
	if err != nil {
		return inbox.Inbox{}, notFound(err, "inbox.unknown", "inbox")
	}
	return inboxOf(r)
}

// Inboxes returns all of them, the oldest first.
func (tx *Tx) Inboxes(ctx context.Context) ([]inbox.Inbox, error) {
	rows, err := tx.Queries.Inboxes(ctx)
	if err != nil {
		return nil, err
	}
	ins := make([]inbox.Inbox, 0, len(rows))
	for _, r := range rows {
		in, err := inboxOf(r)
		if err != nil {
			return nil, err
		}
		ins = append(ins, in)
	}
	return ins, nil
}

// InsertInbox adds an inbox.
func (tx *Tx) InsertInbox(ctx context.Context, in inbox.Inbox) error {
	settings, err := json.Marshal(in.Settings)
	if err != nil {
		return err
	}
	return tx.Queries.InsertInbox(ctx, sqlcgen.InsertInboxParams{
		ID: in.ID, Key: in.Key, Kind: in.Kind, Name: in.Name, Enabled: in.Enabled, TeamID: in.Team,
		Settings: string(settings), Secret: string(in.Secret),
	})
}

// SaveInbox writes in back and returns it with its new version. It is a
// Conflict if someone else wrote it since. The key and the kind stay.
func (tx *Tx) SaveInbox(ctx context.Context, in inbox.Inbox) (inbox.Inbox, error) {
	settings, err := json.Marshal(in.Settings)
	if err != nil {
		return in, err
	}
	err = changed(tx.Queries.SaveInbox(ctx, sqlcgen.SaveInboxParams{
		ID: in.ID, Version: in.Version, Name: in.Name, Enabled: in.Enabled, TeamID: in.Team,
		Settings: string(settings), Secret: string(in.Secret),
	}))
	in.Version++
	return in, err
}

// inboxOf reads settings over the defaults, so that a field that an older
// program did not write has one.
func inboxOf(r sqlcgen.Inbox) (inbox.Inbox, error) {
	in := inbox.Inbox{
		ID: r.ID, Key: r.Key, Kind: r.Kind, Name: r.Name, Enabled: r.Enabled, Team: r.TeamID,
		Settings: inbox.Defaults(), Version: r.Version,
	}
	if r.Secret != "" {
		in.Secret = []byte(r.Secret)
	}
	if err := json.Unmarshal([]byte(r.Settings), &in.Settings); err != nil {
		return in, fmt.Errorf("settings of inbox %s: %w", in.ID, err)
	}
	return in, nil
}
