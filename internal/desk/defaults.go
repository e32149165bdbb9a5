package desk

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/ticket"
	"yingda/internal/store"
)

// EnsureDefaults makes the first team and the first inbox of a new house, a
// chat with the key "web", so that there is a page to chat on from the first
// minute.
func (d *Desk) EnsureDefaults(ctx context.Context) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		have, err := tx.Inboxes(ctx)
		if err != nil || len(have) > 0 {
			return err
		}
		if err := tx.InsertTeam(ctx, agent.Team{ID: agent.NewTeamID(d.Now()), Name: "客服组"}); err != nil {
			return err
		}
		return tx.InsertInbox(ctx, inbox.Inbox{
			ID: inbox.NewID(d.Now()), Key: "web", Kind: "webchat", Name: "官网 Website", Enabled: true, Settings: inbox.Defaults(), Version: 1,
		})
	})
}

// Peek returns a conversation, whoever asks. It is for the doors, which decide
// themselves who is told what of it.
func (d *Desk) Peek(ctx context.Context, i conversation.ID) (conversation.Conversation, error) {
	return d.DB.Now().Conversation(ctx, i)
}

// PeekCase returns a case, whoever asks, for the same doors.
func (d *Desk) PeekCase(ctx context.Context, i ticket.ID) (ticket.Case, error) {
	return d.DB.Now().Case(ctx, i)
}

// SettingsVersion rises whenever the company's settings or an inbox change.
func (d *Desk) SettingsVersion(ctx context.Context) (int64, error) {
	return d.DB.Now().SettingsVersion(ctx)
}
