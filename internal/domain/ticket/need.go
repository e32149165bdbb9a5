package ticket

import (
	"slices"
	"time"

	"yingda/internal/kit/fault"
)

// Need is what must be said with an act; its text is the name of the field.
type Need string

// The needs.
const (
	NeedText         Need = "text"
	NeedReason       Need = "reason"
	NeedAssignee     Need = "assignee" // a team or an agent
	NeedInvestigator Need = "agent"
	NeedExpected     Need = "expected_at"
	NeedUntil        Need = "until"
	NeedFindings     Need = "findings"
	NeedSolution     Need = "solution"
	NeedCause        Need = "cause"
	NeedOutcome      Need = "outcome"
	NeedLevel        Need = "level"
	NeedCategory     Need = "category"
	NeedContacted    Need = "contacted"
	NeedVerification Need = "verification"
	NeedAnnouncement Need = "announcement"
	NeedWaysTold     Need = "ways_told"
	NeedExternal     Need = "external"
	NeedEscalation   Need = "escalation"
	NeedInto         Need = "into"
)

// needs say whether something was said, and what is asked for otherwise.
var needs = map[Need]struct {
	said    func(Doing, time.Time) bool
	missing *fault.Error
}{
	NeedText: {
		func(d Doing, _ time.Time) bool { return filled(d.Text) },
		fault.New(fault.Invalid, "case.need_text", "write what the customer is told"),
	},
	NeedReason: {
		func(d Doing, _ time.Time) bool { return filled(d.Reason) },
		fault.New(fault.Invalid, "case.need_reason", "give the reason"),
	},
	NeedAssignee: {
		func(d Doing, _ time.Time) bool { return !d.Team.IsZero() || !d.Agent.IsZero() },
		fault.New(fault.Invalid, "case.need_assignee", "choose a team or an agent"),
	},
	NeedInvestigator: {
		func(d Doing, _ time.Time) bool { return !d.Agent.IsZero() },
		fault.New(fault.Invalid, "case.need_agent", "choose who investigates"),
	},
	NeedExpected: {
		func(d Doing, now time.Time) bool { return d.ExpectedAt.After(now) },
		fault.New(fault.Invalid, "case.need_expected_at", "give the time that the customer can expect; it lies ahead"),
	},
	NeedUntil: {
		func(d Doing, now time.Time) bool { return d.Until.After(now) },
		fault.New(fault.Invalid, "case.need_until", "give a time that lies ahead"),
	},
	NeedFindings: {
		func(d Doing, _ time.Time) bool { return filled(d.Findings) },
		fault.New(fault.Invalid, "case.need_findings", "write what was found"),
	},
	NeedSolution: {
		func(d Doing, _ time.Time) bool { return filled(d.Solution) },
		fault.New(fault.Invalid, "case.need_solution", "write the solution"),
	},
	NeedCause: {
		func(d Doing, _ time.Time) bool { return filled(d.Cause) },
		fault.New(fault.Invalid, "case.need_cause", "choose the cause"),
	},
	NeedOutcome: {
		func(d Doing, _ time.Time) bool { return d.Outcome.Known() },
		fault.New(fault.Invalid, "case.need_outcome", "choose the outcome"),
	},
	NeedLevel: {
		func(d Doing, _ time.Time) bool { return d.Level.Known() },
		fault.New(fault.Invalid, "case.need_level", "choose the level: simple, general, complex or special"),
	},
	NeedCategory: {
		func(d Doing, _ time.Time) bool { return filled(d.Category) },
		fault.New(fault.Invalid, "case.need_category", "choose the category"),
	},
	NeedContacted: {
		func(d Doing, _ time.Time) bool { return d.Contacted },
		fault.New(fault.Invalid, "case.need_contacted", "contact the customer first, then tick that it was done"),
	},
	NeedVerification: {
		func(d Doing, _ time.Time) bool { return filled(d.Verification) },
		fault.New(fault.Invalid, "case.need_verification", "check the identity first; the check is named here"),
	},
	NeedAnnouncement: {
		func(d Doing, _ time.Time) bool { return filled(d.Announcement) },
		fault.New(fault.Invalid, "case.need_announcement", "link the announcement of what was implemented"),
	},
	NeedWaysTold: {
		func(d Doing, _ time.Time) bool { return d.WaysTold },
		fault.New(fault.Invalid, "case.need_ways_told", "tell the customer which other ways are open, then tick that it was done"),
	},
	NeedExternal: {
		func(d Doing, _ time.Time) bool { return d.External != nil && d.External.Check() == nil },
		fault.New(fault.Invalid, "case.need_external", "name the outside body, its reference and until when it wants an answer"),
	},
	NeedEscalation: {
		func(d Doing, _ time.Time) bool { return d.Escalation != nil && d.Escalation.Level.Known() },
		fault.New(fault.Invalid, "case.need_escalation", "say to whom it is escalated: senior, supervisor or manager"),
	},
	NeedInto: {
		func(d Doing, _ time.Time) bool { return !d.Into.IsZero() },
		fault.New(fault.Invalid, "case.need_into", "choose the case that it becomes part of"),
	},
}

// Rule is what must be true for an act.
type Rule string

// The rules.
const (
	IfReopenWindow      Rule = "reopen_window" // R102
	IfConfirmDue        Rule = "confirm_due"
	IfReminded          Rule = "reminded"
	IfEscalated         Rule = "escalated"
	IfShown             Rule = "shown"
	IfHidden            Rule = "hidden"
	IfOnce              Rule = "once"               // R112
	IfOtherInvestigator Rule = "other_investigator" // R112
	IfTasksDone         Rule = "tasks_done"         // R111
	IfApproved          Rule = "approved"           // R109
	IfRemedy            Rule = "remedy"             // R154
	IfCooledOff         Rule = "cooled_off"         // R152
)

// rules say why an act is not possible; nil if it is. Those that are early do
// not depend on what is said with the act, so that what they refuse is not
// offered. The others look at the case as it will be with what the act takes.
var rules = map[Rule]struct {
	early bool
	check func(c Case, d Doing, w Windows, now time.Time) error
}{
	IfReopenWindow: {true, func(c Case, _ Doing, w Windows, now time.Time) error {
		if now.After(c.ClosedAt.Add(w.Reopen)) {
			return fault.New(fault.Conflict, "case.reopen_late", "this was over too long ago to go on with it; hand in a new case, which is linked to this one")
		}
		return nil
	}},
	IfConfirmDue: {true, func(c Case, _ Doing, w Windows, now time.Time) error {
		if now.Before(c.MovedAt.Add(w.Confirm)) {
			return fault.New(fault.Conflict, "case.confirm_early", "the customer still has time to say that they are not content")
		}
		return nil
	}},
	IfReminded: {true, func(c Case, _ Doing, w Windows, now time.Time) error {
		if c.Reminded < w.Reminders || now.Before(c.RemindedAt.Add(w.Remind)) {
			return fault.New(fault.Conflict, "case.remind_first", "remind the customer %d times first, and wait after the last", w.Reminders)
		}
		return nil
	}},
	IfEscalated: {true, func(c Case, _ Doing, _ Windows, _ time.Time) error {
		if c.Escalation == nil {
			return fault.New(fault.Conflict, "case.not_escalated", "this case is not escalated")
		}
		return nil
	}},
	IfShown: {true, func(c Case, _ Doing, _ Windows, _ time.Time) error {
		if !c.Shown {
			return fault.New(fault.Conflict, "suggestion.hidden", "this suggestion is not shown to everybody")
		}
		return nil
	}},
	IfHidden: {true, func(c Case, _ Doing, _ Windows, _ time.Time) error {
		if c.Shown {
			return fault.New(fault.Conflict, "suggestion.shown", "this suggestion is shown to everybody already")
		}
		return nil
	}},
	IfOnce: {true, func(c Case, _ Doing, _ Windows, _ time.Time) error {
		if c.Reinvestigated {
			return fault.New(fault.Conflict, "case.reinvestigated", "a complaint is investigated again only once; tell the customer the other ways that are open")
		}
		return nil
	}},
	IfOtherInvestigator: {false, func(c Case, d Doing, _ Windows, _ time.Time) error {
		if slices.Contains(c.Investigators, d.Agent) {
			return errSame.In("agent")
		}
		return nil
	}},
	IfTasksDone: {false, func(c Case, d Doing, _ Windows, _ time.Time) error {
		if n := len(c.openTasks(d.Waived)); n > 0 {
			return fault.New(fault.Conflict, "case.tasks_open", "%d tasks of this case are still to be done; finish them, or waive them with a reason", n)
		}
		return nil
	}},
	IfApproved: {false, func(c Case, _ Doing, _ Windows, _ time.Time) error {
		if c.unapproved() {
			return fault.New(fault.Conflict, "case.not_approved", "what was proposed to the customer is not approved yet")
		}
		return nil
	}},
	IfRemedy: {false, func(c Case, _ Doing, _ Windows, _ time.Time) error {
		if !c.Outcome.NeedsApproval() {
			return fault.New(fault.Invalid, "case.no_remedy", "a remedy gives back money or goods, under approval; choose such an outcome, or answer the customer").In("outcome")
		}
		return nil
	}},
	IfCooledOff: {true, func(c Case, _ Doing, _ Windows, now time.Time) error {
		if now.Before(c.CoolsOffAt) {
			return fault.New(fault.Conflict, "case.cooling_off", "the customer can still take it back; wait until the cooling-off time is over")
		}
		return nil
	}},
}

func first[T comparable](values ...T) T {
	var zero T
	for _, v := range values {
		if v != zero {
			return v
		}
	}
	return zero
}
