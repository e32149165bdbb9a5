package app

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"yingda/internal/channel/voice"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/event"
)

// What an administrator sets of lines, telephones and the dial plan reaches the
// telephone's door here.

// trunksOf are lines as the door has them.
func trunksOf(all []call.Trunk) []voice.Trunk {
	trunks := make([]voice.Trunk, 0, len(all))
	for _, t := range all {
		trunks = append(trunks, voice.Trunk{
			Name: t.Name, Host: t.Host, Port: t.Port, Network: t.Network, From: t.Networks(), Number: t.Number, User: t.User, Password: t.Password,
			Register: t.Register, Watch: time.Duration(t.Watch) * time.Second, Secure: t.Secure,
		})
	}
	return trunks
}

// planOf is the dial plan as the door has it, with the lines in their order.
func planOf(p call.Plan, trunks []call.Trunk, inside func(number string) bool) voice.Plan {
	plan := voice.Plan{Inside: inside, Outside: p.Outside}
	names := map[call.TrunkID]string{}
	for _, t := range trunks {
		plan.Trunks = append(plan.Trunks, t.Name)
		names[t.ID] = t.Name
	}
	for _, r := range p.Rules {
		plan.More = append(plan.More, voice.Rule{Prefix: r.Prefix, Class: classOf(r.Class), Trunk: names[r.Trunk]})
	}
	return plan
}

func classOf(c call.Class) voice.Class { return voice.Class(slices.Index(call.Classes(), c)) }

// mayOf is a permission as the door has it.
func mayOf(classes []call.Class) (p voice.Permission) {
	for _, c := range classes {
		p |= voice.May(classOf(c))
	}
	return p
}

// phoneMay is what a telephone may call. Of one that cannot be read that is an
// emergency only.
func (a *App) phoneMay(user string) voice.Permission {
	ctx, done := context.WithTimeout(context.Background(), 2*time.Second)
	defer done()
	may, err := a.Desk.PhoneMay(ctx, user)
	if err != nil {
		a.Log.Warn("what a telephone may call cannot be read", slog.String("phone", user), slog.Any("error", err))
		return voice.May(voice.Emergency)
	}
	return mayOf(may)
}

// agentMay is what an agent may call.
func (a *App) agentMay(who agent.ID) voice.Permission {
	ctx, done := context.WithTimeout(context.Background(), 2*time.Second)
	defer done()
	may, err := a.Desk.AgentMay(ctx, who)
	if err != nil {
		a.Log.Warn("what an agent may call cannot be read", slog.String("agent", who.String()), slog.Any("error", err))
		return voice.May(voice.Emergency)
	}
	return mayOf(may)
}

// transferTarget returns the number that menus transfer to by a name.
func (a *App) transferTarget(name string) (string, bool) {
	ctx, done := context.WithTimeout(context.Background(), 2*time.Second)
	defer done()
	p, err := a.Desk.DialPlan(ctx)
	if err != nil {
		a.Log.Warn("the dial plan cannot be read", slog.Any("error", err))
	}
	i := slices.IndexFunc(p.Targets, func(t call.Target) bool { return t.Name == name })
	if i < 0 {
		return "", false
	}
	return p.Targets[i].Number, true
}

// ourNumber is the number that those see whom we call: that of the first line
// that has one.
func (a *App) ourNumber() string {
	ctx, done := context.WithTimeout(context.Background(), 2*time.Second)
	defer done()
	trunks, err := a.Desk.TrunksForDoor(ctx)
	if err != nil {
		a.Log.Warn("the lines cannot be read", slog.Any("error", err))
	}
	for _, t := range trunks {
		if t.Number != "" {
			return t.Number
		}
	}
	return ""
}

// isPhone reports whether a number is a telephone of ours.
func (a *App) isPhone(number string) bool {
	_, ok := a.Desk.PhoneDigest(number)
	return ok
}

// setLines gives the door the lines and the plan as they are set now.
func (a *App) setLines(ctx context.Context, d *voice.Door) error {
	trunks, err := a.Desk.TrunksForDoor(ctx)
	if err != nil {
		return err
	}
	p, err := a.Desk.DialPlan(ctx)
	if err != nil {
		return err
	}
	d.SetTrunks(append(trunksOf(trunks), a.voice.own...)) //nolint:contextcheck // a line leaves when the door closes, which ends its context
	d.SetPlan(planOf(p, trunks, a.isPhone))
	d.KeepPhones(a.isPhone)
	return nil
}

// keepLines keeps the door as it is set, until ctx ends: a change made by any
// program that shares the data is taken up within seconds.
func (a *App) keepLines(ctx context.Context, d *voice.Door) error {
	_, newest, err := a.DB.EventBounds(ctx)
	if err != nil {
		return err
	}
	if err := a.setLines(ctx, d); err != nil {
		return err
	}
	return a.DB.FollowKind(ctx, newest, event.SettingsChanged, 200*time.Millisecond, func() error { return a.setLines(ctx, d) })
}
