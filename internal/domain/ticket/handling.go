package ticket

import (
	"strconv"
	"time"

	"yingda/internal/kit/fault"
)

// Handling is how cases are handled here: the times that end by themselves,
// when a case goes up, and how cases are sorted. An administrator changes it.
type Handling struct {
	Version    int64   `json:"version,omitzero"` // rises with each change; 0 is that of a new installation
	Windows    Windows `json:"windows"`
	Rises      []Rise  `json:"rises"`
	Categories Tree    `json:"categories"`
}

// DefaultHandling is that of a new installation.
func DefaultHandling() Handling {
	return Handling{Windows: DefaultWindows(), Rises: DefaultRises(), Categories: DefaultTree()}
}

// Check says what is wrong with it. The field of the fault says where:
// windows, rises.0, categories.business.warranty.
func (h Handling) Check() error {
	const day = 24 * time.Hour
	w := h.Windows
	switch {
	case w.Reopen < day || w.Reopen > 365*day || w.Confirm < day || w.Confirm > 90*day || w.Remind < time.Hour || w.Remind > 30*day || w.Reminders < 1 || w.Reminders > 10:
		return fault.New(fault.Invalid, "handling.windows", "reopening takes 1 to 365 days, confirming 1 to 90, reminders come 1 to 10 times, an hour to 30 days apart").In("windows")
	case len(h.Rises) > maxRises:
		return fault.New(fault.Invalid, "handling.rises", "there are at most %d rules of escalation", maxRises).In("rises")
	}
	for i, r := range h.Rises {
		if !r.possible() {
			return errRise.In("rises." + strconv.Itoa(i))
		}
	}
	return h.Categories.Check()
}

const maxRises = 20

// Check says what is wrong with a rule of escalation.
func (r Rise) Check() error {
	if !r.possible() {
		return errRise.In("rises")
	}
	return nil
}

var errRise = fault.New(fault.Invalid, "handling.rise", "a rule says on what a case goes up, at which percent or count, and to whom")

func (r Rise) possible() bool {
	switch r.On {
	case OnWarning, OnBreach:
		return r.To.Known() && r.At >= 1 && r.At <= 300
	case OnReopen:
		return r.To.Known() && r.At >= 1 && r.At <= 20
	case OnDemand:
		return r.To.Known()
	case ByHand, OnRule: // come of no rule of escalation
	}
	return false
}
