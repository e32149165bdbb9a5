package workforce

import (
	"context"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/shift"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// SwapAsk is what an agent asks a colleague.
type SwapAsk struct {
	Day  string   `json:"day" doc:"of one's own shift"`
	To   agent.ID `json:"agent_id"`
	Back string   `json:"back,omitempty" doc:"the day of the colleague's shift that one takes; absent: none"`
	Note string   `json:"note,omitempty"`
}

// AskSwap asks a colleague to take a shift of the actor's, and tells them.
func (w *Workforce) AskSwap(ctx context.Context, by agent.Actor, ask SwapAsk) (s shift.Swap, err error) {
	defer fault.Wrap(&err, "ask for a swap")
	if err := by.Need(agent.RosterRead); err != nil {
		return s, err
	}
	if err := by.NeedPerson(); err != nil {
		return s, err
	}
	err = w.DB.Update(ctx, func(tx *store.Tx) error {
		zone, err := w.zone(ctx, tx)
		if err != nil {
			return err
		}
		crew, err := w.reach(ctx, tx, by, agent.TeamID(0))
		if err != nil {
			return err
		}
		mate, ok := crew[ask.To]
		if !ok {
			return fault.New(fault.NotFound, "swap.agent", "this is no colleague of yours to swap with").In("agent_id")
		}
		mine, err := w.given(ctx, tx, by.Agent, ask.Day, zone)
		if err != nil {
			return err
		}
		now := w.Now()
		s = shift.Swap{
			ID: shift.NewSwapID(now), State: shift.SwapAsked, Note: ask.Note, At: now, Version: 1,
			From: side(by.Name, mine), To: shift.Side{Agent: mate.ID, Name: mate.Name},
		}
		begins := mine.Span(zone).From
		var theirs *shift.Entry
		if ask.Back != "" {
			e, err := w.given(ctx, tx, mate.ID, ask.Back, zone)
			if err != nil {
				return err
			}
			theirs, s.To = &e, side(mate.Name, e)
			if b := e.Span(zone).From; b.Before(begins) {
				begins = b
			}
		}
		if err := s.Check(); err != nil {
			return err
		}
		if _, _, err := w.swapped(ctx, tx, mine, theirs, mate.ID); err != nil {
			return err
		}
		if err := noOther(ctx, tx, s); err != nil {
			return err
		}
		if err := tx.InsertSwap(ctx, s); err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, SwapLapseJob, SwapWork{s.ID}, begins, now); err != nil {
			return err
		}
		return w.tell(ctx, tx, mate.ID, "swap.asked", words(s), by.Name)
	})
	return s, err
}

func side(name string, e shift.Entry) shift.Side {
	return shift.Side{Agent: e.Agent, Name: name, Day: e.Day, Version: e.Version, Shift: e.Name, Hours: e.String()}
}

// given is a shift that can be given away: it has not begun.
func (w *Workforce) given(ctx context.Context, tx *store.Tx, a agent.ID, day string, zone *time.Location) (shift.Entry, error) {
	if err := shift.CheckDay(day, "day"); err != nil {
		return shift.Entry{}, err
	}
	e, has, err := tx.RosterEntry(ctx, a, day)
	switch {
	case err != nil:
		return e, err
	case !has || e.Kind != shift.Work:
		return e, fault.New(fault.Invalid, "swap.none", "there is no shift on %s that could be swapped", day).In("day")
	case !e.Span(zone).From.After(w.Now()):
		return e, fault.New(fault.Conflict, "swap.begun", "the shift of %s has begun; it cannot be swapped any more", day).In("day")
	}
	return e, nil
}

// noOther is a Conflict if one of the two shifts is in another swap already.
func noOther(ctx context.Context, tx *store.Tx, s shift.Swap) error {
	open, err := tx.OpenSwaps(ctx)
	for _, o := range open {
		for _, a := range []shift.Side{s.From, s.To} {
			for _, b := range []shift.Side{o.From, o.To} {
				if a.Agent == b.Agent && a.Day == b.Day && a.Day != "" {
					return fault.New(fault.Conflict, "swap.twice", "a swap of the shift of %s is open already", a.Day).In("day")
				}
			}
		}
	}
	return err
}

func (w *Workforce) swapped(ctx context.Context, tx *store.Tx, mine shift.Entry, theirs *shift.Entry, to agent.ID) (gone, made []shift.Entry, err error) {
	var failed error
	gone, made, err = shift.Swapped(mine, theirs, func(a agent.ID, day string) (shift.Entry, bool) {
		e, has, err := tx.RosterEntry(ctx, a, day)
		if err != nil {
			failed = err
		}
		return e, has
	}, to)
	if failed != nil {
		err = failed
	}
	return gone, made, err
}

// words says what is swapped, for a notice: no language is needed for it.
func words(s shift.Swap) string {
	text := s.From.Name + " " + s.From.Day + " " + s.From.Shift + " " + s.From.Hours + " → " + s.To.Name
	if s.To.Day != "" {
		text += " · " + s.To.Name + " " + s.To.Day + " " + s.To.Shift + " " + s.To.Hours + " → " + s.From.Name
	}
	return text
}

// SwapView is a swap with what the one who looks may do to it.
type SwapView struct {
	shift.Swap
	May []shift.SwapAct `json:"may"`
}

// shownSwaps is how many of one's own swaps are shown.
const shownSwaps = 50

// Swaps returns the swaps of the actor, newest first, and for a supervisor
// those of others that are open, oldest first.
func (w *Workforce) Swaps(ctx context.Context, by agent.Actor) (all []SwapView, err error) {
	defer fault.Wrap(&err, "list swaps")
	if err := by.Need(agent.RosterRead); err != nil {
		return nil, err
	}
	all = []SwapView{}
	err = w.DB.View(ctx, func(tx *store.Tx) error {
		if by.May(agent.RosterManage) {
			open, err := tx.OpenSwaps(ctx)
			if err != nil {
				return err
			}
			crew, err := w.reach(ctx, tx, by, agent.TeamID(0))
			if err != nil {
				return err
			}
			for _, s := range open {
				if _, ok := crew[s.From.Agent]; ok && s.From.Agent != by.Agent && s.To.Agent != by.Agent {
					all = append(all, SwapView{s, may(s, by)})
				}
			}
		}
		mine, err := tx.SwapsOf(ctx, by.Agent, shownSwaps)
		for _, s := range mine {
			all = append(all, SwapView{s, may(s, by)})
		}
		return err
	})
	return all, err
}

// may lists the acts that the actor could do.
func may(s shift.Swap, by agent.Actor) []shift.SwapAct {
	acts := []shift.SwapAct{}
	for _, act := range []shift.SwapAct{shift.Agree, shift.Decline, shift.Approve, shift.Refuse, shift.Withdraw} {
		if _, err := s.Do(act, by.Agent, by.Name, "", by.May(agent.RosterManage), time.Time{}); err == nil {
			acts = append(acts, act)
		}
	}
	return acts
}

// ActSwap does something to a swap. An approval changes the roster in the same
// transaction; it is a Conflict if the roster is not as it was when the swap
// was asked for.
func (w *Workforce) ActSwap(ctx context.Context, by agent.Actor, id shift.SwapID, act shift.SwapAct, reply string) (v SwapView, err error) {
	defer fault.Wrap(&err, "%s swap %s", act, id)
	if err := by.Need(agent.RosterRead); err != nil {
		return v, err
	}
	if err := by.NeedPerson(); err != nil {
		return v, err
	}
	if act == shift.Lapse {
		return v, fault.New(fault.Invalid, "swap.state", "this swap is decided already, or not yet that far; read it again")
	}
	err = w.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.HoldRoster(ctx); err != nil {
			return err
		}
		s, err := tx.Swap(ctx, id)
		if err != nil {
			return err
		}
		lead := by.May(agent.RosterManage)
		if lead {
			crew, err := w.reach(ctx, tx, by, agent.TeamID(0))
			if err != nil {
				return err
			}
			_, lead = crew[s.From.Agent]
		}
		if !lead && by.Agent != s.From.Agent && by.Agent != s.To.Agent {
			return fault.New(fault.NotFound, "swap.unknown", "there is no such %s", "swap")
		}
		if s, err = s.Do(act, by.Agent, by.Name, reply, lead, w.Now()); err != nil {
			return err
		}
		if act == shift.Approve {
			if err := w.perform(ctx, tx, s); err != nil {
				return err
			}
			if err := tx.Audit(ctx, audit.By(by, w.Now(), "roster.swap", audit.Object{Kind: "roster", ID: s.From.Day, Name: ""}, map[string]any{"swap": words(s)})); err != nil {
				return err
			}
		}
		if s, err = tx.SaveSwap(ctx, s); err != nil {
			return err
		}
		v = SwapView{s, may(s, by)}
		return w.tellSwap(ctx, tx, by, s, act)
	})
	return v, err
}

// perform changes the roster as the swap says.
func (w *Workforce) perform(ctx context.Context, tx *store.Tx, s shift.Swap) error {
	zone, err := w.zone(ctx, tx)
	if err != nil {
		return err
	}
	still := func(side shift.Side) (shift.Entry, error) {
		e, err := w.given(ctx, tx, side.Agent, side.Day, zone)
		if err == nil && e.Version != side.Version {
			err = fault.New(fault.Conflict, "swap.changed", "the roster of %s was changed after the swap was asked for; refuse it, and let it be asked for anew", side.Day)
		}
		return e, err
	}
	mine, err := still(s.From)
	if err != nil {
		return err
	}
	var theirs *shift.Entry
	if s.To.Day != "" {
		e, err := still(s.To)
		if err != nil {
			return err
		}
		theirs = &e
	}
	gone, made, err := w.swapped(ctx, tx, mine, theirs, s.To.Agent)
	if err != nil {
		return err
	}
	for _, e := range gone {
		if err := tx.ClearRoster(ctx, e.Agent, e.Day); err != nil {
			return err
		}
	}
	for _, e := range made {
		e.Version = nextVersion(e.Version, w.Now())
		if err := tx.PutRoster(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// tellSwap tells whom an act concerns.
func (w *Workforce) tellSwap(ctx context.Context, tx *store.Tx, by agent.Actor, s shift.Swap, act shift.SwapAct) error {
	to := []agent.ID{s.From.Agent, s.To.Agent}
	if act == shift.Agree {
		leads, err := w.leads(ctx, tx, s.From.Agent)
		if err != nil {
			return err
		}
		to = append(leads, s.From.Agent)
	}
	told := map[agent.ID]bool{by.Agent: true}
	for _, a := range to {
		if told[a] {
			continue
		}
		told[a] = true
		if err := w.tell(ctx, tx, a, "swap."+string(s.State), words(s), by.Name); err != nil {
			return err
		}
	}
	return nil
}

// leads are the supervisors who make the roster of an agent.
func (w *Workforce) leads(ctx context.Context, tx *store.Tx, of agent.ID) ([]agent.ID, error) {
	teams, err := tx.TeamIDsOf(ctx, of)
	if err != nil {
		return nil, err
	}
	if len(teams) == 0 {
		teams = []agent.TeamID{0}
	}
	var all []agent.ID
	for _, t := range teams {
		leads, err := tx.AgentsWho(ctx, agent.RosterManage, t)
		if err != nil {
			return nil, err
		}
		all = append(all, leads...)
	}
	return all, nil
}

// LapseSwap ends a swap whose shift begins before it was decided.
func (w *Workforce) LapseSwap(ctx context.Context, work SwapWork) (err error) {
	defer fault.Wrap(&err, "lapse swap %s", work.Swap)
	return w.DB.Update(ctx, func(tx *store.Tx) error {
		s, err := tx.Swap(ctx, work.Swap)
		if err != nil || !s.State.Open() {
			return err
		}
		if s, err = s.Do(shift.Lapse, 0, "", s.Reply, false, w.Now()); err != nil {
			return err
		}
		if s, err = tx.SaveSwap(ctx, s); err != nil {
			return err
		}
		return w.tellSwap(ctx, tx, agent.Actor{}, s, shift.Lapse)
	})
}
