package assist

import (
	"context"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/endpoint"
	"yingda/internal/domain/event"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
	"yingda/internal/model"
	"yingda/internal/store"
)

// Endpoint is what is set about the language model, as an administrator sees
// it: never the key, only whether there is one.
type Endpoint struct {
	endpoint.Settings
	HasKey bool
	Spent  map[endpoint.Task]endpoint.Spent // today
	Rests  endpoint.Decision                // whether it may be asked now, beside the caps
}

// EndpointChange is what an administrator sets. The key is nil where it stays,
// and empty where none is needed.
type EndpointChange struct {
	endpoint.Settings
	Key *string
}

const maxKey = 500

var (
	errNoModel      = fault.New(fault.Conflict, "endpoint.none", "this program was started without a place for a model's key")
	errKeyAgain     = fault.New(fault.Invalid, "endpoint.key_again", "the address leads to another host; enter its key, or take the key away").In("key")
	errKeyLong      = fault.New(fault.Invalid, "endpoint.key_long", "a key has at most %d characters and none that cannot be seen", maxKey).In("key")
	errSetMeanwhile = fault.New(fault.Conflict, "endpoint.changed", "somebody else changed this meanwhile; look at it again")
)

// Endpoint returns what is set about the model.
func (a *Assistant) Endpoint(ctx context.Context, by agent.Actor) (e Endpoint, err error) {
	if err := by.Need(agent.SettingManage); err != nil {
		return e, err
	}
	if a.Model == nil {
		return e, errNoModel
	}
	err = a.Model.DB.View(ctx, func(tx *store.Tx) error {
		s, err := tx.Endpoint(ctx)
		if err != nil {
			return err
		}
		day, err := a.day(ctx, tx)
		if err != nil {
			return err
		}
		e.Spent, err = tx.SpentOn(ctx, day)
		e.Settings, e.HasKey = s, s.Sealed != ""
		return err
	})
	a.Model.mu.Lock()
	_, e.Rests = a.Model.breakers[e.Host()].Ask(a.Model.Now())
	a.Model.mu.Unlock()
	e.Sealed = ""
	return e, err
}

// day is now, as the company writes it.
func (a *Assistant) day(ctx context.Context, tx *store.Tx) (time.Time, error) {
	s, err := tx.Company(ctx)
	return a.Model.Now().In(s.PhoneHours.Location()), err
}

// SaveEndpoint changes what is set about the model. A key that was kept for one
// host is never sent to another: who changes the host enters the key anew.
func (a *Assistant) SaveEndpoint(ctx context.Context, by agent.Actor, c EndpointChange) (e Endpoint, err error) {
	defer fault.Wrap(&err, "set the model")
	if err := by.Need(agent.SettingManage); err != nil {
		return e, err
	}
	if a.Model == nil {
		return e, errNoModel
	}
	err = a.Model.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.EndpointToChange(ctx)
		if err != nil {
			return err
		}
		s, err := a.Model.upon(was, c)
		if err != nil {
			return err
		}
		if s.Version != was.Version {
			return errSetMeanwhile
		}
		s.Version++
		now := a.Model.Now()
		if err := tx.SaveEndpoint(ctx, s, now); err != nil {
			return err
		}
		detail := map[string]any{
			"enabled": s.Enabled, "host": s.Host(), "model": s.Model, "models": s.Models, "off": s.Off, "mask": s.Mask,
			"day_tokens": s.DayTokens, "day_yuan": s.DayYuan, "key": c.Key != nil,
		}
		if err := tx.Audit(ctx, audit.By(by, now, "model.change", audit.Object{Kind: "setting", ID: "model"}, detail)); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: now})
	})
	if err != nil {
		return e, err
	}
	return a.Endpoint(ctx, by)
}

// upon returns a change upon what was set before, checked, with its key sealed.
func (m *Model) upon(was endpoint.Settings, c EndpointChange) (endpoint.Settings, error) {
	s, err := c.Checked()
	if err != nil {
		return s, err
	}
	switch {
	case c.Key != nil && *c.Key == "":
		s.Sealed = ""
	case c.Key != nil:
		if !isKey(*c.Key) {
			return s, errKeyLong
		}
		s.Sealed = m.Seal.Seal([]byte(*c.Key))
	case was.Sealed != "" && s.Host() != was.Host() && s.BaseURL != "":
		return s, errKeyAgain
	default:
		s.Sealed = was.Sealed
	}
	return s, nil
}

// isKey reports whether a key can be sent in a header.
func isKey(key string) bool {
	for _, r := range key {
		if r <= ' ' || r >= 0x7f {
			return false
		}
	}
	return len(key) <= maxKey
}

// EndpointTrial is what came of trying a model.
type EndpointTrial struct {
	Works bool
	Model string
	Took  time.Duration
	Said  string         // the beginning of its answer
	Calls bool           // it called the tool that it was to call
	Why   *phrase.Reason // what went wrong
}

// TryEndpoint asks the model once under settings that need not be kept. It
// counts as spent.
func (a *Assistant) TryEndpoint(ctx context.Context, by agent.Actor, c EndpointChange) (t EndpointTrial, err error) {
	defer fault.Wrap(&err, "try the model")
	if err := by.Need(agent.SettingManage); err != nil {
		return t, err
	}
	if a.Model == nil {
		return t, errNoModel
	}
	var day time.Time
	var was endpoint.Settings
	if err := a.Model.DB.View(ctx, func(tx *store.Tx) error {
		if was, err = tx.Endpoint(ctx); err != nil {
			return err
		}
		day, err = a.day(ctx, tx)
		return err
	}); err != nil {
		return t, err
	}
	c.Enabled = true
	s, err := a.Model.upon(was, c)
	if err != nil {
		return t, err
	}
	k, err := a.Model.client(s)
	if err != nil {
		return t, err
	}
	t.Model = s.For(endpoint.Understand)
	const patience = 30 * time.Second // an administrator waits
	k.CallTime = patience
	began := time.Now() //nolint:forbidigo // a stopwatch, which nobody turns
	q := model.Request{Model: t.Model, Stream: true, Must: true, Most: 200, Tools: []model.Offer{offer(toolSearch, "搜索知识库", map[string]any{"query": text("要查的内容")}, "query")}, Messages: []model.Message{
		{Role: model.System, Content: "你是客服系统的一部分。用工具搜索客户问的内容。"}, {Role: model.User, Content: "整车质保多久？"},
	}}
	answer, failed := k.Ask(ctx, q)
	t.Took = time.Since(began)
	used := answer.Usage
	if failed != nil {
		used = model.Usage{In: model.Sent(q)}
	}
	if err := a.Model.DB.Update(ctx, func(tx *store.Tx) error {
		return tx.Spend(ctx, day, endpoint.Test, endpoint.Spent{Calls: 1, In: used.In, Out: used.Out, Micros: s.Cost(used.In, used.Out)})
	}); err != nil {
		return t, err
	}
	if failed != nil {
		because := said(failed)
		t.Why = &because
		return t, nil
	}
	t.Works, t.Said = true, clip(answer.Content, 200)
	t.Calls = len(answer.Calls) > 0 && answer.Calls[0].Name == toolSearch
	if !t.Calls {
		because := phrase.Because("endpoint.no_tools", "it answers, but does not call tools: the assistant needs a model that does")
		t.Why = &because
	}
	return t, nil
}
