package assist

import (
	"context"
	"strings"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/turn"
)

// Many people write one thing in several messages: 我的车 · 昨天刚提的 · 漏油.
// What is understood alone is answered at once. What is not waits a moment for
// more, and is tried together with it.

// pieceWait is how long a message that was not understood waits for the rest of
// it; between two messages of one thing most people take less.
const pieceWait = 2 * time.Second

// isUnsure reports whether a reply is none yet: more words may make it one.
func (r Reply) isUnsure() bool {
	return r.Action == retrieve.Choose || r.Action == retrieve.HandOver && r.Code == retrieve.Nothing
}

// together tries a message with the pieces before it, where it says too little
// alone.
func (t *work) together(ask Ask) {
	if len(t.Pieces) == 0 || !t.reply.isUnsure() || t.reply.quotes() {
		return
	}
	texts := make([]string, 0, len(t.Pieces)+1)
	for _, p := range t.Pieces {
		texts = append(texts, p.Text)
	}
	ask.Text = strings.Join(append(texts, t.Message.Text), "，")
	r := t.Reply(ask)
	if r.isUnsure() && r.Probability < t.reply.Probability {
		return
	}
	r.Why = append(r.Why, phrase.Because("assist.pieces", "it was read together with what was said right before it"))
	t.reply, t.Message.Text = r, ask.Text
}

// waits puts a message off that was not understood, for the rest of it. It is
// true when there is nothing more to do about it now.
func (t *work) waits(ctx context.Context, w desk.AssistWork) (bool, error) {
	if w.Choice != "" || !t.reply.isUnsure() || t.reply.quotes() || len(t.Message.Attachments) > 0 || len(t.Flows.Open(t.Library, t.Desk.Now())) > 0 {
		return false, nil
	}
	if _, _, sure := t.wanted(w.Choice); sure {
		return false, nil
	}
	more, err := t.Desk.SaysMore(ctx, t.Message)
	switch {
	case err != nil:
		return false, err
	case !more && t.Desk.Now().Sub(t.Message.At) < pieceWait:
		t.sign.write("")
		return true, t.Desk.PutOff(ctx, w)
	case !more:
		return false, nil
	}
	t.did.Record.Action, t.did.Misses = turn.Joined, t.Conversation.Misses
	t.did.Record.Why = append(t.did.Record.Why, phrase.Because("assist.joined", "it says too little alone, and more was said right after it"))
	_, err = t.Desk.BotDoes(ctx, t.Conversation.ID, t.did) // the sign stays for what was said after it
	return true, err
}
