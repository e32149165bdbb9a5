package sla

import (
	"slices"

	"yingda/internal/kit/fault"
)

// Terms are all that a company promises by: the preset in force as the company
// has edited it, calendars of its own, and the notices of holidays. Each change
// is a new version; a clock names the one that it was made by.
type Terms struct {
	Version   int64      `json:"version"`
	Preset    Preset     `json:"preset"`
	Calendars []Calendar `json:"calendars"` // of the company; they win over the preset's by code
	Notices   []Notice   `json:"notices"`
}

// DefaultTerms are those of a new installation: the standard preset, and the
// notices that come with the program.
func DefaultTerms() Terms {
	p, _ := PresetByCode(Standard)
	return Terms{Preset: p, Calendars: []Calendar{}, Notices: Shipped()}
}

// Holidays returns the notices as a set.
func (t Terms) Holidays() (Holidays, error) { return NewHolidays(t.Notices...) }

// Promises makes the terms ready for use, with the statutory floor beside
// them, or says what is wrong with them.
func (t Terms) Promises() (*Promises, error) {
	h, err := t.Holidays()
	if err != nil {
		return nil, err
	}
	for _, c := range t.Calendars {
		if err := c.Check(); err != nil {
			return nil, err
		}
	}
	p := t.Preset
	p.Version = t.Version
	return NewPromises(Rules{Preset: p, Floor: StatutoryFloor(), Calendars: t.Calendars, Holidays: h})
}

// With returns the terms with a notice in place of the one of its year.
func (t Terms) With(n Notice) (Terms, error) {
	if err := n.Check(); err != nil {
		return t, err
	}
	kept := slices.DeleteFunc(slices.Clone(t.Notices), func(o Notice) bool { return o.Year == n.Year })
	t.Notices = append(kept, n)
	slices.SortFunc(t.Notices, func(a, b Notice) int { return a.Year - b.Year })
	_, err := t.Holidays() // notices of two years may contradict each other
	return t, err
}

// Using returns the terms with a preset in force. Calendars of the company
// that its policies count on become the preset's too.
func (t Terms) Using(p Preset) (Terms, error) {
	p = t.adopted(p)
	if err := p.Check(); err != nil {
		return t, err
	}
	t.Preset = p
	_, err := t.Promises()
	return t, err
}

// Changes returns what would change if a preset were in force instead, or what
// is wrong with it.
func (t Terms) Changes(p Preset) ([]Change, error) {
	p = t.adopted(p)
	if err := p.Check(); err != nil {
		return nil, err
	}
	return Diff(t.Preset, p), nil
}

// adopted returns the preset with those of the company's calendars that its
// targets name and it lacks.
func (t Terms) adopted(p Preset) Preset {
	p.Calendars = slices.Clone(p.Calendars)
	for _, policy := range p.Policies {
		for _, target := range policy.Targets {
			if _, ok := p.Calendar(target.Calendar); ok {
				continue
			}
			if i := slices.IndexFunc(t.Calendars, func(c Calendar) bool { return c.Code == target.Calendar }); i >= 0 {
				p.Calendars = append(p.Calendars, t.Calendars[i])
			}
		}
	}
	return p
}

// WithCalendar returns the terms with a calendar in place of the one of its
// code.
func (t Terms) WithCalendar(c Calendar) (Terms, error) {
	if err := c.Check(); err != nil {
		return t, err
	}
	kept := slices.DeleteFunc(slices.Clone(t.Calendars), func(o Calendar) bool { return o.Code == c.Code })
	t.Calendars = append(kept, c)
	_, err := t.Promises()
	return t, err
}

// Calendar returns a calendar of the company or of the preset.
func (t Terms) Calendar(code string) (Calendar, error) {
	if i := slices.IndexFunc(t.Calendars, func(c Calendar) bool { return c.Code == code }); i >= 0 {
		return t.Calendars[i], nil
	}
	if c, ok := t.Preset.Calendar(code); ok {
		return c, nil
	}
	return Calendar{}, fault.New(fault.NotFound, "calendar.unknown", "there is no calendar with the code %s", code)
}
