package assist

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/event"
	"yingda/internal/domain/lookup"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
	"yingda/internal/model"
	"yingda/internal/store"
)

// claimsOf is what tools of the company are given of a contact: nothing of
// whoever no host site vouches for. What somebody types into a chat proves
// nothing.
func claimsOf(c contact.Contact) map[lookup.Claim]string {
	if !c.Signed {
		return nil
	}
	return map[lookup.Claim]string{lookup.ExternalID: c.ExternalID, lookup.Phone: c.Phone, lookup.Email: c.Email, lookup.VIN: c.Attributes["vin"]}
}

// mostElsewhere is how many look-ups elsewhere one message is worth.
const mostElsewhere = 3

// offersElsewhere are the tools of the company's servers that may be called for
// a customer. In an open flow there are none: it asks what it needs by itself.
func (r *run) offersElsewhere(x about) (out []model.Offer) {
	if x.open != nil {
		return nil
	}
	for _, o := range r.others.Offers(x.claims) {
		b, err := json.Marshal(o.Parameters)
		if err != nil {
			continue // it was read from JSON
		}
		out = append(out, model.Offer{Name: o.Name, Description: clip(o.About, 500), Parameters: b})
	}
	return out
}

// elsewhere looks something up at a server of the company, if the call may be
// made, and returns what the model is told.
func (r *run) elsewhere(s lookup.Server, t lookup.Tool, with map[string]any, x about, u *understood, by reach) (told string, last bool) {
	refuse := func(why phrase.Reason) (string, bool) {
		r.did.Refused = append(r.did.Refused, why)
		return "refused: " + why.Text, false
	}
	if r.looked++; r.looked > mostElsewhere || x.open != nil {
		return refuse(phrase.Because("assist.tool_refused", "%s is refused: %s", t.Name, "enough was looked up for one message"))
	}
	for name, v := range with {
		if text, ok := v.(string); ok {
			with[name], _ = r.show(text)
		}
	}
	args, why := t.Arguments(with, x.message, x.claims)
	if why != nil {
		return refuse(*why)
	}
	found, ok, err := by.elsewhere(s, t, args)
	if err != nil {
		return refuse(said(err))
	}
	return r.result(u, found, ok && strings.TrimSpace(found) != ""), false
}

// elsewhere calls a tool of a server, as it was allowed.
func (h *hands) elsewhere(s lookup.Server, t lookup.Tool, with map[string]any) (told string, ok bool, err error) {
	at, err := h.Model.server(s)
	if err != nil {
		return "", false, err
	}
	return at.Call(h.ctx, t.Name, func(now model.ServerTool) bool {
		return t.Same(lookup.Tool{Name: now.Name, About: now.About, Schema: now.Schema})
	}, with)
}

// server returns how a server of look-ups is spoken to.
func (m *Model) server(s lookup.Server) (model.Server, error) {
	at := model.Server{URL: s.URL, HTTP: m.HTTP}
	if at.HTTP == nil {
		at.HTTP = m.transport()
	}
	if s.Sealed != "" {
		key, err := m.Seal.Open(s.Sealed)
		if err != nil {
			return at, fault.New(fault.Invalid, "endpoint.key_lost", "the key of the model cannot be read any more; enter it again").Because(err)
		}
		at.Key = string(key)
	}
	return at, nil
}

// LookupChange is what an administrator sets of the servers. Keys are by the id
// of a server: none stays as it is, an empty one is taken away.
type LookupChange struct {
	lookup.Settings
	Keys map[string]string
}

// Lookups returns the servers at which the assistant may look things up, without
// their keys; HasKey says which have one.
func (a *Assistant) Lookups(ctx context.Context, by agent.Actor) (s lookup.Settings, hasKey map[string]bool, err error) {
	if err := by.Need(agent.SettingManage); err != nil {
		return s, nil, err
	}
	if a.Model == nil {
		return s, nil, errNoModel
	}
	if s, err = a.Model.DB.Now().Lookups(ctx); err != nil {
		return s, nil, err
	}
	hasKey = map[string]bool{}
	for i, v := range s.Servers {
		hasKey[v.ID] = v.Sealed != ""
		s.Servers[i].Sealed = ""
	}
	return s, hasKey, nil
}

// SaveLookups changes the servers. A key that was kept for one host is never
// sent to another.
func (a *Assistant) SaveLookups(ctx context.Context, by agent.Actor, c LookupChange) (err error) {
	defer fault.Wrap(&err, "set the servers of look-ups")
	if err := by.Need(agent.SettingManage); err != nil {
		return err
	}
	if a.Model == nil {
		return errNoModel
	}
	return a.Model.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.LookupsToChange(ctx)
		if err != nil {
			return err
		}
		s, err := c.Checked()
		if err != nil {
			return err
		}
		if s.Version != was.Version {
			return errSetMeanwhile
		}
		s.Version++
		hosts := []string{}
		for i := range s.Servers {
			v := &s.Servers[i]
			if err := a.Model.keep(v, was, c.Keys); err != nil {
				return err
			}
			hosts = append(hosts, v.Host())
		}
		now := a.Model.Now()
		if err := tx.SaveLookups(ctx, s, now); err != nil {
			return err
		}
		return errors.Join(
			tx.Audit(ctx, audit.By(by, now, "model.lookup", audit.Object{Kind: "setting", ID: "model.lookup"}, map[string]any{"hosts": hosts, "tools": s.Names()})),
			tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: now}),
		)
	})
}

// keep seals the key of a server: the one that was entered, or the one that was
// there.
func (m *Model) keep(v *lookup.Server, was lookup.Settings, keys map[string]string) error {
	v.Sealed = ""
	if key, entered := keys[v.ID]; entered {
		if !isKey(key) {
			return errKeyLong
		}
		if key != "" {
			v.Sealed = m.Seal.Seal([]byte(key))
		}
		return nil
	}
	for _, o := range was.Servers {
		if o.ID != v.ID || o.Sealed == "" {
			continue
		}
		if o.Host() != v.Host() {
			return errKeyAgain
		}
		v.Sealed = o.Sealed
	}
	return nil
}

// LookupTool is a tool of a server that was asked what it has.
type LookupTool struct {
	lookup.Tool
	ReadOnly bool
	Why      *phrase.Reason // why it cannot be allowed; nil if it can
}

// TryLookup asks a server, which need not be kept, what tools it has. key is nil
// where the one that is kept is to be used.
func (a *Assistant) TryLookup(ctx context.Context, by agent.Actor, v lookup.Server, key *string) (list []LookupTool, err error) {
	defer fault.Wrap(&err, "ask a server for its tools")
	if err := by.Need(agent.SettingManage); err != nil {
		return nil, err
	}
	if a.Model == nil {
		return nil, errNoModel
	}
	v.Tools = nil
	if _, err := (lookup.Settings{Servers: []lookup.Server{v}}).Checked(); err != nil {
		return nil, err
	}
	was, err := a.Model.DB.Now().Lookups(ctx)
	if err != nil {
		return nil, err
	}
	keys := map[string]string{}
	if key != nil {
		keys[v.ID] = *key
	}
	if err := a.Model.keep(&v, was, keys); err != nil {
		return nil, err
	}
	at, err := a.Model.server(v)
	if err != nil {
		return nil, err
	}
	tools, err := at.Tools(ctx)
	for _, t := range tools {
		l := LookupTool{Tool: lookup.Tool{Name: t.Name, About: t.About, Schema: t.Schema}, ReadOnly: t.ReadOnly}
		if err := l.Check(t.ReadOnly); err != nil {
			because := said(err)
			l.Why = &because
		}
		list = append(list, l)
	}
	return list, err
}
