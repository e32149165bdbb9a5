package site_test

import (
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/sla"
	"yingda/internal/kit/clock"
)

// line is the hotline of a preset.
func line(t *testing.T, code string) *channel.Line {
	t.Helper()
	preset, _ := sla.PresetByCode(code)
	terms := sla.DefaultTerms()
	terms.Preset = preset
	c, err := terms.Calendar(sla.Hotline)
	if err != nil {
		t.Fatal(err)
	}
	promises, err := terms.Promises()
	if err != nil {
		t.Fatal(err)
	}
	table, _ := promises.Timetable(sla.Hotline)
	return &channel.Line{Calendar: c, Timetable: table}
}

// The hotline keeps the working calendar, not the week alone (R002, domain
// reference §2.6).
func TestTheHotlineKeepsTheCalendar(t *testing.T) {
	for _, c := range []struct {
		preset, at, lang string
		says             []string
	}{
		{sla.Standard, "2026-09-20 10:00", "zh", []string{"现在可用，今天 18:00 结束", "周一至周五 09:00–18:00，法定节假日休息，调休上班日照常"}}, // a Sunday that is worked
		{sla.Standard, "2026-09-25 10:00", "zh", []string{"当前休息，周一 09:00 开始"}},                                      // Mid-Autumn, a Friday
		{sla.Standard, "2026-10-01 10:00", "zh", []string{"当前休息，10月8日 09:00 开始"}},                                   // National Day
		{sla.Standard, "2026-10-01 10:00", "en", []string{"Closed, opens 8 Oct 09:00", "closed on public holidays, open on make-up working days"}},
		{sla.Express, "2026-10-01 03:00", "zh", []string{"7×24 小时", "现在可用"}},
	} {
		t.Run(c.preset+" "+c.at, func(t *testing.T) {
			h := newHouse()
			at, err := time.Parse("2006-01-02 15:04 -0700", c.at+" +0800")
			if err != nil {
				t.Fatal(err)
			}
			h.clock, h.line = clock.At(at), line(t, c.preset)
			body := get(t, h.open(t), "/", c.lang).Body.String()
			_, card, _ := strings.Cut(body, `class="way way-phone"`)
			card, _, _ = strings.Cut(card, "</li>")
			for _, says := range c.says {
				if !strings.Contains(card, says) {
					t.Errorf("the card of the phone does not say %q:\n%s", says, card)
				}
			}
		})
	}
}
