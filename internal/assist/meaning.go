package assist

import (
	"context"
	"errors"
	"time"

	"yingda/internal/domain/endpoint"
	"yingda/internal/domain/grounding"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// embedTime is how long a contact waits for a vector; without it words alone
// decide.
const embedTime = 4 * time.Second

// embedder names the model that embeds under some settings, with where it is;
// empty where none does.
func embedder(s endpoint.Settings) string {
	if name := s.For(endpoint.Embed); s.Enabled && name != "" {
		return s.BaseURL + " " + name
	}
	return ""
}

// Embedding names the model that embeds now; empty where none is set up.
func (m *Model) Embedding(ctx context.Context) (name string, err error) {
	err = m.DB.View(ctx, func(tx *store.Tx) error {
		s, err := tx.Endpoint(ctx)
		name = embedder(s)
		return err
	})
	return name, err
}

// Embed returns the vectors of texts of the company's own, as help.Embedder has
// it. It counts as spent.
func (m *Model) Embed(ctx context.Context, texts []string) (vectors [][]float32, err error) {
	var day time.Time
	if err := m.DB.View(ctx, func(tx *store.Tx) error {
		s, err := tx.Company(ctx)
		day = m.Now().In(s.PhoneHours.Location())
		return err
	}); err != nil {
		return nil, err
	}
	r, why, err := m.begin(ctx, "", day, grounding.Known{})
	if err != nil {
		return nil, err
	}
	if r != nil && why == nil {
		vectors, why = r.embed(ctx, texts)
		err = r.keep(ctx)
	}
	if vectors == nil && err == nil {
		text := "it was switched off"
		if why != nil {
			text = why.Text
		}
		err = fault.New(fault.Busy, "endpoint.not_embedded", "the model cannot be asked for vectors now: %s", text)
	}
	return vectors, err
}

// embed asks once for vectors. What was used is counted, also where it failed.
func (r *run) embed(ctx context.Context, texts []string) (vectors [][]float32, why *phrase.Reason) {
	if d := r.may(endpoint.Embed); !d.May {
		return nil, &d.Why
	}
	name := r.set.For(endpoint.Embed)
	began := time.Now() //nolint:forbidigo // a stopwatch, which nobody turns
	vectors, used, err := r.client.Embed(ctx, name, texts)
	return vectors, r.count(endpoint.Embed, name, used, time.Since(began), err)
}

// meant decides anew by its meaning what words left open, where a model is set
// up that embeds. It is asked for what a contact waits for and nothing else
// answers; when it fails, everything goes on as without it.
func (t *work) meant(ctx context.Context, ask Ask) error {
	by := t.Help.MeaningsBy()
	if t.Model == nil || by == "" || ask.Choice != "" || !t.reply.open || t.reply.quotes() || len(t.Flows.Open(t.Library, t.Desk.Now())) > 0 {
		return nil
	}
	if _, asked, sure := t.wanted(ask.Choice); asked || sure {
		return nil
	}
	r, why, err := t.Model.begin(ctx, t.Conversation.Inbox.String(), t.Desk.Now().In(t.Zone), knownOf(t.Contact))
	if err != nil || r == nil || why != nil || embedder(r.set) != by {
		return err
	}
	running, stop := context.WithTimeout(ctx, embedTime)
	defer stop()
	ask.Text = t.Message.Text
	vectors, why := r.embed(running, []string{r.hide(ask.Text, mostEmbedded)})
	if err := errors.Join(r.keep(ctx), ctx.Err()); err != nil {
		return err
	}
	t.thought = r.did
	if why != nil {
		r.did.Fallback = why
		return nil
	}
	if d, anew := t.Help.Meant(t.Help.Decide(ask.Text, ask.limits()), by, vectors[0], ask.Text, ask.limits()); anew {
		r.did.Used, t.reply = true, t.replyOf(ask, d)
		t.record()
	}
	return nil
}

// mostEmbedded is how many characters of a message are embedded: more blur what
// it asks.
const mostEmbedded = 500
