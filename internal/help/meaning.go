package help

import (
	"context"
	"log/slog"
	"time"

	"yingda/internal/domain/retrieve"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Embedder writes texts as vectors of their meaning, by a model that somebody
// has set up.
type Embedder interface {
	// Embedding names the model, with where it is; empty while there is none.
	Embedding(ctx context.Context) (name string, err error)
	// Embed returns the vectors of at most EmbedMost texts, of length 1, in
	// their order.
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

// EmbedMost is how many texts an embedder is given at once.
const EmbedMost = 10

// meanings are the vectors of a shelf's questions by a model.
type meanings struct {
	by string
	of *retrieve.Index
	*retrieve.Meanings
}

const (
	meaningsEvery = 10 * time.Second // how often it is looked whether anything changed
	meaningsRest  = 2 * time.Minute  // after a failure
)

// RunMeanings keeps vectors of everything that is asked, as long as a model is
// set up for that, until ctx ends. While they are made, words alone decide.
func (h *Help) RunMeanings(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := h.RefreshMeanings(ctx); err != nil && ctx.Err() == nil {
			h.Log.Warn("the questions could not be embedded; words alone decide", slog.Any("error", err))
			sleep(ctx, meaningsRest)
			continue
		}
		sleep(ctx, meaningsEvery)
	}
	return ctx.Err()
}

// RefreshMeanings brings the vectors up to what is published and which model is
// set up. What a model has written before is not asked for again.
func (h *Help) RefreshMeanings(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "embed what is asked")
	if h.Embedder == nil {
		return nil
	}
	by, err := h.Embedder.Embedding(ctx)
	if err != nil || by == "" {
		h.meanings.Store(nil)
		return err
	}
	x := h.current().asked
	if m := h.meanings.Load(); m != nil && m.by == by && m.of == x {
		return nil
	}
	ways := x.Ways()
	vectors, err := h.embedded(ctx, by, ways)
	if err != nil {
		return err
	}
	h.meanings.Store(&meanings{by: by, of: x, Meanings: retrieve.NewMeanings(x, func(way string) []float32 { return retrieve.ReadVector(vectors[way]) })})
	return h.DB.Update(ctx, func(tx *store.Tx) error { return tx.DropWayVectors(ctx, by, ways) })
}

// embedded returns the vectors of all ways to ask, and keeps those that are new
// as they come.
func (h *Help) embedded(ctx context.Context, by string, ways []string) (map[string]string, error) {
	var vectors map[string]string
	err := h.DB.View(ctx, func(tx *store.Tx) (err error) {
		vectors, err = tx.WayVectors(ctx, by, ways)
		return err
	})
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, w := range ways {
		if vectors[w] == "" {
			missing = append(missing, w)
		}
	}
	for len(missing) > 0 {
		batch := missing[:min(EmbedMost, len(missing))]
		missing = missing[len(batch):]
		vs, err := h.Embedder.Embed(ctx, batch)
		if err != nil {
			return nil, err
		}
		fresh := map[string]string{}
		for i, w := range batch {
			fresh[w] = retrieve.WriteVector(vs[i])
			vectors[w] = fresh[w]
		}
		if err := h.DB.Update(ctx, func(tx *store.Tx) error { return tx.KeepWayVectors(ctx, by, fresh) }); err != nil {
			return nil, err
		}
	}
	return vectors, nil
}

// MeaningsBy names the model by whose vectors Meant decides; empty while there
// are none of what is published now.
func (h *Help) MeaningsBy() string {
	if m := h.meanings.Load(); m != nil && m.of == h.current().asked {
		return m.by
	}
	return ""
}

// Meant decides anew what words left open, by the vector of the text that the
// model named by has written; false where it stays.
func (h *Help) Meant(d retrieve.Decision, by string, v []float32, text string, l retrieve.Limits) (retrieve.Decision, bool) {
	m := h.meanings.Load()
	if m == nil || m.by != by {
		return d, false
	}
	if l.Precision == 0 {
		l.Precision = h.Precision
	}
	return h.current().asked.Meant(d, m.Meanings, v, text, l)
}
