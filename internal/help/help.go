// Package help looks after what we know: people write, publish and find
// questions and articles; visitors, the assistant and the public pages read
// what is published.
//
// Whatever is published is also held in memory (see shelf.go), ready to be
// searched. The feed of events says when that must be read anew.
package help

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/event"
	"yingda/internal/domain/knowledge"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Help looks after questions and articles. Its fields are set once, before it
// is used.
type Help struct {
	DB  *store.DB
	Now func() time.Time
	Log *slog.Logger
	// Precision is what share of the assistant's outright answers is to be
	// right, above 0 and below 1; 0 is the usual 0.95.
	Precision float64
	// Embedder writes vectors of meaning; nil where nothing does. See RunMeanings.
	Embedder Embedder

	shelf    atomic.Pointer[shelf]
	collided atomic.Pointer[collided]
	meanings atomic.Pointer[meanings]
}

// need is Forbidden unless the actor holds a permission.
func need(by agent.Actor, p agent.Permission) error {
	if by.May(p) {
		return nil
	}
	return fault.New(fault.Forbidden, "permission.missing", "your role does not include %q; ask an administrator", string(p))
}

// toChange is the permission to change a text as it stands: what customers can
// read is changed by those who may publish.
func toChange(s knowledge.Status) agent.Permission {
	if s == knowledge.Published {
		return agent.KnowledgePublish
	}
	return agent.KnowledgeEdit
}

// changed records an act on a text, and tells everyone who holds texts.
func (h *Help) changed(ctx context.Context, tx *store.Tx, by agent.Actor, action string, o audit.Object, detail map[string]any) error {
	if err := tx.Audit(ctx, audit.By(by, h.Now(), action, o, detail)); err != nil {
		return err
	}
	return tx.Emit(ctx, event.Event{Kind: event.KnowledgeChanged, At: h.Now()})
}

// Categories returns the headings in use, with how many texts stand under each.
func (h *Help) Categories(ctx context.Context, by agent.Actor) ([]knowledge.Category, error) {
	if err := need(by, agent.KnowledgeRead); err != nil {
		return nil, err
	}
	return h.DB.Now().Categories(ctx)
}

// mostListed is the longest page of a list.
const mostListed = 100

func bounded(ask store.KnowledgeList) store.KnowledgeList {
	if ask.Limit <= 0 || ask.Limit > mostListed {
		ask.Limit = mostListed
	}
	return ask
}

// move returns where an act takes a text, and since when it is published.
func move(s knowledge.Status, act knowledge.Act, since, now time.Time) (knowledge.Status, time.Time, error) {
	next, err := s.Next(act)
	switch {
	case err != nil:
		return s, since, err
	case next != knowledge.Published:
		return next, time.Time{}, nil
	case s != knowledge.Published:
		return next, now, nil
	}
	return next, since, nil
}
