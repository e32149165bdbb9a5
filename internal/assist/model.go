package assist

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"yingda/internal/domain/endpoint"
	"yingda/internal/domain/grounding"
	"yingda/internal/domain/lookup"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/turn"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/secret"
	"yingda/internal/model"
	"yingda/internal/store"
)

// Model is the language model as the assistant uses it: set up by an
// administrator, within the caps of the day, left alone while it fails. Its
// exported fields are set once, before it is used. A nil Model is one that is
// never asked.
type Model struct {
	DB   *store.DB
	Seal secret.Seal
	Now  func() time.Time
	HTTP *http.Client // nil: the usual one, see model.Transport

	RunTime, CallTime, StallTime time.Duration // zero: the usual ones

	mu       sync.Mutex
	breakers map[string]endpoint.Breaker // by where it is
	usual    *http.Client
}

// The limits of one run about one message.
const (
	runTime   = 90 * time.Second
	mostSteps = 5 // calls
)

// run is what the model does about one message.
type run struct {
	of     *Model
	set    endpoint.Settings
	inbox  string
	day    time.Time
	client *model.Client
	mask   *grounding.Mask // nil: nothing is hidden
	did    *turn.Model
	bars   func(text string) []string // the words of a text that are not to be said here; nil: there are none
	shows  func(text string)          // what may be read of an answer so far; empty: none of it any more; nil: nobody reads on
	before endpoint.Spent             // today, by everybody
	others lookup.Settings            // what may be looked up elsewhere
	looked int                        // times elsewhere
	by     map[endpoint.Task]endpoint.Spent
}

// begin begins a run in an inbox, on a day of the company. It returns why not
// where no model may be asked; nothing at all where none is set up.
func (m *Model) begin(ctx context.Context, inbox string, day time.Time, known grounding.Known) (r *run, why *phrase.Reason, err error) {
	if m == nil {
		return nil, nil, nil
	}
	r = &run{of: m, inbox: inbox, day: day, did: &turn.Model{}, by: map[endpoint.Task]endpoint.Spent{}}
	if err := m.DB.View(ctx, func(tx *store.Tx) error {
		if r.set, err = tx.Endpoint(ctx); err != nil || !r.set.Enabled {
			return err
		}
		if r.others, err = tx.Lookups(ctx); err != nil {
			return err
		}
		all, err := tx.SpentOn(ctx, day)
		r.before = endpoint.Spent{}
		for _, s := range all {
			r.before = r.before.Plus(s)
		}
		return err
	}); err != nil || !r.set.Enabled {
		return nil, nil, err
	}
	if r.client, err = m.client(r.set); err != nil {
		because := said(err)
		return r, &because, nil
	}
	if r.set.Mask {
		r.mask = grounding.NewMask(known)
	}
	return r, nil, nil
}

// client returns who asks the model of some settings.
func (m *Model) client(s endpoint.Settings) (*model.Client, error) {
	c := &model.Client{Base: s.BaseURL, HTTP: m.HTTP, CallTime: m.CallTime, StallTime: m.StallTime}
	if c.HTTP == nil {
		c.HTTP = m.transport()
	}
	if s.Sealed != "" {
		key, err := m.Seal.Open(s.Sealed)
		if err != nil {
			return nil, fault.New(fault.Invalid, "endpoint.key_lost", "the key of the model cannot be read any more; enter it again").Because(err)
		}
		c.Key = string(key)
	}
	return c, nil
}

// transport returns the usual one.
func (m *Model) transport() *http.Client {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.usual == nil {
		m.usual = model.Transport()
	}
	return m.usual
}

// may says whether the model may be asked once more.
func (r *run) may(t endpoint.Task) endpoint.Decision {
	spent := r.before
	for _, s := range r.by {
		spent = spent.Plus(s)
	}
	if d := r.set.May(t, r.inbox, spent); !d.May {
		return d
	}
	if r.did.Calls >= mostSteps {
		return endpoint.Decision{Why: phrase.Because("assist.model_steps", "the model did not come to an end in so many steps")}
	}
	r.of.mu.Lock()
	defer r.of.mu.Unlock()
	if r.of.breakers == nil {
		r.of.breakers = map[string]endpoint.Breaker{}
	}
	b, d := r.of.breakers[r.set.Host()].Ask(r.of.Now())
	r.of.breakers[r.set.Host()] = b
	return d
}

// ask asks once for a task. What was used is counted, also where it failed.
func (r *run) ask(ctx context.Context, t endpoint.Task, q model.Request) (a model.Answer, why *phrase.Reason) {
	if d := r.may(t); !d.May {
		return a, &d.Why
	}
	q.Model, q.Stream = r.set.For(t), true
	began := time.Now() //nolint:forbidigo // a stopwatch, which nobody turns
	a, err := r.client.Ask(ctx, q)
	used := a.Usage
	if err != nil {
		used = model.Usage{In: model.Sent(q)} // it may have been charged
	}
	return a, r.count(t, q.Model, used, time.Since(began), err)
}

// count counts what a call used, and says why where it failed.
func (r *run) count(t endpoint.Task, name string, used model.Usage, took time.Duration, err error) (why *phrase.Reason) {
	spent := endpoint.Spent{Calls: 1, In: used.In, Out: used.Out, Micros: r.set.Cost(used.In, used.Out)}
	r.by[t] = r.by[t].Plus(spent)
	r.did.Calls++
	r.did.Took += took
	r.did.In, r.did.Out, r.did.Micros = r.did.In+spent.In, r.did.Out+spent.Out, r.did.Micros+spent.Micros
	if !slices.Contains(r.did.Names, name) {
		r.did.Names = append(r.did.Names, name)
	}
	r.went(err)
	if err != nil {
		because := said(err)
		return &because
	}
	return nil
}

// went tells the breaker how a call went. What is too long, or given up by
// ourselves, says nothing about the endpoint.
func (r *run) went(err error) {
	r.of.mu.Lock()
	defer r.of.mu.Unlock()
	b := r.of.breakers[r.set.Host()]
	switch code := fault.CodeOf(err); {
	case err == nil:
		b = b.Went()
	case code == "model.too_long", code == "internal":
		return
	default:
		b = b.Failed(r.of.Now(), model.RetryAfter(err))
	}
	r.of.breakers[r.set.Host()] = b
}

// keep writes down what a run used.
func (r *run) keep(ctx context.Context) error {
	if r == nil || len(r.by) == 0 {
		return nil
	}
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second) // it was used, whoever gave up since
	defer done()
	return r.of.DB.Update(ctx, func(tx *store.Tx) error {
		for t, s := range r.by {
			if err := tx.Spend(ctx, r.day, t, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// hide returns a text of somebody outside as it may go to the model: without
// personal data, and without what looks like our own marks.
func (r *run) hide(text string, most int) string {
	text = grounding.Neutral(text, most)
	if r.mask != nil {
		text = r.mask.Hide(text)
	}
	return text
}

// show puts back what was hidden; false if a placeholder stands for nothing.
func (r *run) show(text string) (string, bool) {
	if r.mask == nil {
		return text, true
	}
	text, unknown := r.mask.Show(text)
	return text, unknown == 0
}

// said is a fault as a reason.
func said(err error) phrase.Reason {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return phrase.Because("assist.model_failed", "the model could not be asked")
	}
	args := make([]string, len(f.Args))
	for i, a := range f.Args {
		args[i] = fmt.Sprint(a)
	}
	return phrase.Reason{Code: f.Code, Args: args, Text: f.Message()}
}
