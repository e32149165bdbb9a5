package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Macros returns those for a subject, or all, that are everybody's or of one
// of the actor's teams, by name. Who makes them sees them all.
func (d *Desk) Macros(ctx context.Context, by agent.Actor, s automation.Subject) ([]automation.Macro, error) {
	all, err := d.DB.Now().AllMacros(ctx)
	return slices.DeleteFunc(all, func(m automation.Macro) bool {
		return s != "" && m.Subject != s || !usable(m, by)
	}), err
}

func usable(m automation.Macro, by agent.Actor) bool {
	return m.Team.IsZero() || slices.Contains(by.Teams, m.Team) || mayMakeMacros(by) == nil
}

// mayMakeMacros: whoever keeps texts for all, or makes rules.
func mayMakeMacros(by agent.Actor) error {
	if by.May(agent.AutomationManage) {
		return nil
	}
	return by.Need(agent.CannedShared)
}

const maxMacros = 500

// AddMacro keeps a macro.
func (d *Desk) AddMacro(ctx context.Context, by agent.Actor, m automation.Macro) (automation.Macro, error) {
	return d.changeMacros(ctx, by, "macro.create", func(tx *store.Tx, all []automation.Macro) (automation.Macro, error) {
		if len(all) >= maxMacros {
			return m, fault.New(fault.Conflict, "macro.many", "there are at most %d macros; remove one first", maxMacros)
		}
		next := m
		next.ID, next.Version = automation.NewMacroID(d.Now()), 1
		next, err := checkMacro(ctx, tx, next, all)
		if err != nil {
			return next, err
		}
		return next, tx.AddMacro(ctx, next)
	})
}

// ChangeMacro puts a macro in place of the one of its id. It is a Conflict if
// somebody changed it since the version that it carries.
func (d *Desk) ChangeMacro(ctx context.Context, by agent.Actor, m automation.Macro) (automation.Macro, error) {
	return d.changeMacros(ctx, by, "macro.change", func(tx *store.Tx, all []automation.Macro) (automation.Macro, error) {
		if _, err := tx.Macro(ctx, m.ID); err != nil {
			return m, err
		}
		next, err := checkMacro(ctx, tx, m, all)
		if err != nil {
			return next, err
		}
		return tx.PutMacro(ctx, next)
	})
}

// RemoveMacro deletes a macro.
func (d *Desk) RemoveMacro(ctx context.Context, by agent.Actor, i automation.MacroID) error {
	_, err := d.changeMacros(ctx, by, "macro.delete", func(tx *store.Tx, _ []automation.Macro) (automation.Macro, error) {
		m, err := tx.Macro(ctx, i)
		if err != nil {
			return m, err
		}
		return m, tx.RemoveMacro(ctx, i)
	})
	return err
}

func (d *Desk) changeMacros(ctx context.Context, by agent.Actor, action string, change func(*store.Tx, []automation.Macro) (automation.Macro, error)) (m automation.Macro, err error) {
	defer fault.Wrap(&err, "change the macros")
	if err := mayMakeMacros(by); err != nil {
		return m, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.AllMacros(ctx)
		if err != nil {
			return err
		}
		if m, err = change(tx, all); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Of("macro", m.ID, m.Name), nil))
	})
	return m, err
}

func checkMacro(ctx context.Context, tx *store.Tx, m automation.Macro, all []automation.Macro) (automation.Macro, error) {
	m, err := m.Check()
	if err != nil {
		return m, err
	}
	for _, o := range all {
		if o.ID != m.ID && o.Subject == m.Subject && m.Shortcut != "" && strings.EqualFold(o.Shortcut, m.Shortcut) {
			return m, fault.New(fault.Conflict, "macro.exists", "there is a macro /%s already; choose another shortcut", m.Shortcut).In("shortcut")
		}
	}
	if !m.Team.IsZero() {
		if _, err := tx.Team(ctx, m.Team); err != nil {
			return m, placed(err, "team_id")
		}
	}
	return m, checkNamed(ctx, tx, m.Actions, "actions")
}

// Applying is a macro about to be applied to a case or to a conversation.
type Applying struct {
	Macro        automation.MacroID
	Case         ticket.ID
	Conversation conversation.ID
	Confirmed    string // what the customer agreed to, if the macro escalates (R097)
}

// Applied is what a macro does or did.
type Applied struct {
	Macro        automation.Macro
	Text         string // for the composer, with its variables filled in
	Done         []store.Done
	Case         ticket.Case // after it
	Conversation conversation.Conversation
}

// PreviewMacro returns what a macro would do, and which of its actions would
// be refused, each taken by itself. Nothing is done.
func (d *Desk) PreviewMacro(ctx context.Context, by agent.Actor, w Applying) (out Applied, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		m, s, err := d.toApply(ctx, tx, by, w)
		if err != nil {
			return err
		}
		out.Macro = m
		values, err := d.variables(ctx, tx, s)
		if err != nil {
			return err
		}
		out.Text = automation.Render(m.Text, values)
		who := d.applier(by, w)
		for _, a := range m.Actions {
			line := store.Done{Action: a, Text: automation.Render(a.Text, values)}
			if err := d.tryOut(ctx, tx, who, s, a, line.Text); err != nil {
				why, ok := refusal(err)
				if !ok {
					return err
				}
				line.Failed = &why
			}
			out.Done = append(out.Done, line)
		}
		return nil
	})
	return out, err
}

// tryOut asks whether an action would be refused.
func (d *Desk) tryOut(ctx context.Context, tx *store.Tx, w doer, s subject, a automation.Action, text string) error {
	switch {
	case a.Kind == automation.Notify:
		_, err := d.audience(ctx, tx, s, a)
		return err
	case s.c != nil:
		h, err := tx.Handling(ctx)
		if err != nil {
			return err
		}
		_, _, err = d.deed(ctx, tx, w, *s.c, h, a, text)
		return err
	case (a.Kind == automation.AssignTeam || a.Kind == automation.AssignAgent) && !waits(*s.talk):
		return errTalked
	}
	return w.mayTalk(*s.talk, a)
}

// ApplyMacro does what a macro says, all of it or, if one of its actions is
// refused, nothing: the fault names the action. Its text is returned for the
// composer; nobody has sent it yet.
func (d *Desk) ApplyMacro(ctx context.Context, by agent.Actor, w Applying) (out Applied, err error) {
	defer fault.Wrap(&err, "apply macro %s", w.Macro)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		out = Applied{}
		m, s, err := d.toApply(ctx, tx, by, w)
		if err != nil {
			return err
		}
		out.Macro = m
		values, err := d.variables(ctx, tx, s)
		if err != nil {
			return err
		}
		out.Text = automation.Render(m.Text, values)
		who := d.applier(by, w)
		for i, a := range m.Actions {
			text, err := d.do(ctx, tx, who, s, a)
			if err != nil {
				return placed(err, "actions."+strconv.Itoa(i))
			}
			out.Done = append(out.Done, store.Done{Action: a, Text: text})
		}
		o := audit.Of("macro", m.ID, m.Name)
		if err := tx.Audit(ctx, audit.By(by, d.Now(), "macro.apply", o, map[string]any{"subject": s.name(), "actions": len(m.Actions)})); err != nil {
			return err
		}
		if s.c != nil {
			out.Case = *s.c
		} else {
			out.Conversation = *s.talk
		}
		return nil
	})
	return out, err
}

// toApply reads the macro and what it is applied to, which the actor may see.
func (d *Desk) toApply(ctx context.Context, tx *store.Tx, by agent.Actor, w Applying) (m automation.Macro, s subject, err error) {
	if m, err = tx.Macro(ctx, w.Macro); err != nil {
		return m, s, err
	}
	if !usable(m, by) {
		return m, s, fault.New(fault.NotFound, "macro.unknown", "there is no such %s", "macro")
	}
	h := Happening{Case: w.Case, Conversation: w.Conversation, By: "agent"}
	switch {
	case (m.Subject == automation.Case) != !w.Case.IsZero() || w.Case.IsZero() == w.Conversation.IsZero():
		return m, s, fault.New(fault.Invalid, "macro.other", "this macro is not for this; choose another")
	case m.Subject == automation.Case:
		if err := by.Need(agent.CaseEdit); err != nil {
			return m, s, err
		}
		_, err = seenCase(ctx, tx, by, w.Case)
	default:
		_, err = seen(ctx, tx, by, w.Conversation)
	}
	if err != nil {
		return m, s, err
	}
	s, err = d.subject(ctx, tx, h, nil)
	return m, s, err
}

func (d *Desk) applier(by agent.Actor, w Applying) doer {
	return doer{actor: actorOf(by), by: &by, confirmed: w.Confirmed}
}
