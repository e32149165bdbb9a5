package desk

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/call"
	"yingda/internal/hook"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// What menus ask other systems (外部查询): what an administrator sets, and what the
// hotline asks while a caller waits.

// HookChange is what an administrator sets of a look-up.
type HookChange struct {
	About   string       `json:"about" maxLength:"200" doc:"what it is for"`
	Enabled bool         `json:"enabled" doc:"false: it is not asked, and menus go where it fails"`
	Method  string       `json:"method" enum:"GET,POST"`
	URL     string       `json:"url" maxLength:"1000" doc:"https, or http in the own network"`
	Sends   []string     `json:"sends" maxItems:"20" doc:"what it may be told of a call, by the names that stand in the question; menus say which values these are"`
	Gives   []call.Given `json:"gives" maxItems:"20" doc:"what is taken of its answer"`
	Seconds int          `json:"seconds" doc:"how long it is waited for at most"`
	Header  string       `json:"header,omitempty" maxLength:"50" doc:"in which the key is sent; left out: Authorization, as a bearer's"`
	Key     *string      `json:"key,omitempty" maxLength:"500" doc:"left out it stays; empty takes it away"`
	Secret  *string      `json:"secret,omitempty" maxLength:"500" doc:"with which questions are signed; left out it stays; empty takes it away"`
	Version int64        `json:"version" doc:"the version that was read; 0 makes a new one"`
}

func (c HookChange) apply(h call.Hook) call.Hook {
	h.About, h.Enabled, h.Method, h.URL, h.Sends, h.Gives, h.Seconds, h.Header = c.About, c.Enabled, c.Method, c.URL, c.Sends, c.Gives, c.Seconds, c.Header
	if c.Key != nil {
		h.Key = *c.Key
	}
	if c.Secret != nil {
		h.Secret = *c.Secret
	}
	return h
}

// HookStanding is a look-up with the published menus that use it.
type HookStanding struct {
	call.Hook
	Menus []string // their ids
}

// Hooks returns all look-ups, by their names. Their keys and secrets are readable;
// whoever shows them leaves them out.
func (d *Desk) Hooks(ctx context.Context, by agent.Actor) (all []HookStanding, err error) {
	defer fault.Wrap(&err, "list look-ups")
	if err := by.Need(agent.ChannelManage); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		records, err := tx.Hooks(ctx)
		if err != nil {
			return err
		}
		menus, err := readMenus(ctx, tx)
		if err != nil {
			return err
		}
		for _, r := range records {
			all = append(all, HookStanding{d.openHook(ctx, r), usersOf(menus, r.Name)})
		}
		return nil
	})
	return all, err
}

// usersOf returns the ids of the menus that use a look-up.
func usersOf(menus map[string]call.Menu, name string) (ids []string) {
	for _, id := range slices.Sorted(maps.Keys(menus)) {
		if slices.ContainsFunc(menus[id].Nodes, func(n call.Node) bool { return n.Kind == call.KindHTTP && n.Hook == name }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// openHook returns a look-up with its key and secret readable. What the key of the
// program does not open any more is as if it was not set.
func (d *Desk) openHook(ctx context.Context, r store.HookRecord) call.Hook {
	h := r.Hook
	open := func(sealed string) string {
		if sealed == "" || d.SealHook == nil {
			return sealed
		}
		plain, err := d.SealHook.Open(sealed)
		if err != nil {
			d.Log.ErrorContext(ctx, "the key of a look-up cannot be read; enter it again", slog.String("of", h.Name), slog.Any("error", err))
			return ""
		}
		return string(plain)
	}
	h.Key, h.Secret = open(r.SealedKey), open(r.SealedSecret)
	return h
}

func (d *Desk) sealedHook(h call.Hook) store.HookRecord {
	seal := func(plain string) string {
		if plain == "" || d.SealHook == nil {
			return plain
		}
		return d.SealHook.Seal([]byte(plain))
	}
	return store.HookRecord{Hook: h, SealedKey: seal(h.Key), SealedSecret: seal(h.Secret)}
}

// PutHook makes a look-up, or changes it: it is a Conflict if somebody changed it
// since the version that was read, or if a published menu uses what it would not
// tell or give any more. What was entered for one address is never sent to
// another.
func (d *Desk) PutHook(ctx context.Context, by agent.Actor, name string, c HookChange) (s HookStanding, err error) {
	defer fault.Wrap(&err, "set the look-up %s", name)
	if err := by.Need(agent.ChannelManage); err != nil {
		return s, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if c.Version == 0 {
			return d.addHook(ctx, tx, by, name, c, &s)
		}
		r, err := tx.Hook(ctx, name)
		if err != nil {
			return err
		}
		if c.Version != r.Version {
			return errChanged
		}
		was := d.openHook(ctx, r)
		h, err := c.apply(was).Check()
		if err != nil {
			return err
		}
		if h.Host() != was.Host() && (was.Key != "" && c.Key == nil || was.Secret != "" && c.Secret == nil) {
			return fault.New(fault.Invalid, "hook.again", "it is asked at another address now; enter its key and its secret again").In("url")
		}
		menus, err := readMenus(ctx, tx)
		if err != nil {
			return err
		}
		if err := stillTells(menus, h); err != nil {
			return err
		}
		if err := tx.SaveHook(ctx, d.sealedHook(h)); err != nil {
			return err
		}
		h.Version++
		s = HookStanding{h, usersOf(menus, name)}
		return d.hookChanged(ctx, tx, by, "hook.change", h)
	})
	return s, err
}

func (d *Desk) addHook(ctx context.Context, tx *store.Tx, by agent.Actor, name string, c HookChange, s *HookStanding) error {
	h, err := c.apply(call.NewHook(name)).Check()
	if err != nil {
		return err
	}
	all, err := tx.Hooks(ctx)
	if err != nil {
		return err
	}
	if len(all) >= call.MostHooks {
		return fault.New(fault.Conflict, "hook.many", "there are %d look-ups already; remove one", call.MostHooks)
	}
	if err := tx.InsertHook(ctx, d.sealedHook(h)); err != nil {
		return err
	}
	*s = HookStanding{Hook: h}
	return d.hookChanged(ctx, tx, by, "hook.create", h)
}

// stillTells refuses a look-up that would not be told, or not give, what a
// published menu counts on.
func stillTells(menus map[string]call.Menu, h call.Hook) error {
	yields := h.Yields()
	for _, id := range usersOf(menus, h.Name) {
		for _, n := range menus[id].Nodes {
			if n.Kind != call.KindHTTP || n.Hook != h.Name {
				continue
			}
			for theirs := range n.With {
				if !slices.Contains(h.Sends, theirs) {
					return fault.New(fault.Conflict, "hook.used_value", "the menu %s uses the value %s of this look-up; publish the menu without it first", id, theirs).In("sends")
				}
			}
			for _, t := range n.Tells {
				if !slices.Contains(yields, t) {
					return fault.New(fault.Conflict, "hook.used_value", "the menu %s uses the value %s of this look-up; publish the menu without it first", id, t).In("gives")
				}
			}
		}
	}
	return nil
}

// hookChanged records a change. The audit says where it is asked, and nothing that
// is secret.
func (d *Desk) hookChanged(ctx context.Context, tx *store.Tx, by agent.Actor, action string, h call.Hook) error {
	return d.linesChanged(ctx, tx, by, action, audit.Object{Kind: "hook", ID: h.Name, Name: h.About}, map[string]any{"host": h.Host(), "sends": h.Sends, "gives": h.Yields(), "enabled": h.Enabled})
}

// RemoveHook takes a look-up away. It is a Conflict while a published menu uses
// it. Callers who are in an older version of a menu go where it fails.
func (d *Desk) RemoveHook(ctx context.Context, by agent.Actor, name string) (err error) {
	defer fault.Wrap(&err, "remove the look-up %s", name)
	if err := by.Need(agent.ChannelManage); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.Hook(ctx, name)
		if err != nil {
			return err
		}
		menus, err := readMenus(ctx, tx)
		if err != nil {
			return err
		}
		if users := usersOf(menus, name); len(users) > 0 {
			return fault.New(fault.Conflict, "hook.used", "the menu %s uses this look-up; publish the menu without it first", users[0])
		}
		if _, err := tx.DeleteHook(ctx, name); err != nil {
			return err
		}
		return d.hookChanged(ctx, tx, by, "hook.remove", r.Hook)
	})
}

// callHooks are the look-ups that menus may name, without their keys.
func callHooks(ctx context.Context, tx *store.Tx) ([]call.Hook, error) {
	records, err := tx.Hooks(ctx)
	all := make([]call.Hook, 0, len(records))
	for _, r := range records {
		all = append(all, r.Hook)
	}
	return all, err
}

// AskHook asks another system for a caller. What it is not set to be told is not
// told.
func (d *Desk) AskHook(ctx context.Context, name string, values map[string]string) (map[string]string, error) {
	r, err := d.DB.Now().Hook(ctx, name)
	if err != nil {
		return nil, err
	}
	if !r.Enabled {
		return nil, fault.New(fault.Conflict, "hook.off", "this look-up is switched off")
	}
	if d.AsksHooks == nil {
		return nil, errNoHooks
	}
	a, err := d.AsksHooks.Ask(ctx, d.openHook(ctx, r), values)
	return a.Values, err
}

var errNoHooks = fault.New(fault.Conflict, "hook.none", "this program asks no other systems")

// HookTrial is what came of a question that was tried.
type HookTrial struct {
	hook.Answer
	Sent map[string]string // what it was told
	Err  *fault.Error      // of what it failed; nil if it did not
}

// trialValue is how long a value may be that is tried.
const trialValue = 200

// TryHook asks another system with sample values, as a call would; also one that is
// switched off. That it was tried is in the audit, what was said is not.
func (d *Desk) TryHook(ctx context.Context, by agent.Actor, name string, values map[string]string) (t HookTrial, err error) {
	defer fault.Wrap(&err, "try the look-up %s", name)
	if err := by.Need(agent.ChannelManage); err != nil {
		return t, err
	}
	for n, v := range values {
		if len([]rune(v)) > trialValue {
			return t, fault.New(fault.Invalid, "hook.trial_long", "a value has at most %d characters", trialValue).In("values." + n)
		}
	}
	if d.AsksHooks == nil {
		return t, errNoHooks
	}
	r, err := d.DB.Now().Hook(ctx, name)
	if err != nil {
		return t, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		return tx.Audit(ctx, audit.By(by, d.Now(), "hook.trial", audit.Object{Kind: "hook", ID: name, Name: r.About}, map[string]any{"host": r.Host()}))
	})
	if err != nil {
		return t, err
	}
	h := d.openHook(ctx, r)
	t.Sent = h.May(values)
	t.Answer, err = d.AsksHooks.Ask(ctx, h, values)
	t.Took = t.Took.Round(time.Millisecond)
	if f, ok := errors.AsType[*fault.Error](err); ok {
		t.Err, err = f, nil
	}
	return t, err
}
