package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"yingda/internal/kit/sheet"
)

// CSV writes the report as a table of group, code, name and numbers, in UTF-8
// with a byte order mark, so that office programs read the Chinese. What would
// be a formula there is made text.
func (c Complaints) CSV(w io.Writer, language string, zone *time.Location) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	day := func(t time.Time) string { return t.In(zone).Format(time.DateOnly) }
	rows := [][]string{{"group", "code", "name", "count", "kept", "late", "median_h", "p90_h", "longest_h"}}
	add := func(group, code, name string, numbers ...string) {
		rows = append(rows, append([]string{group, sheet.Safe(code), sheet.Safe(name)}, numbers...))
	}
	add("span", day(c.From), day(c.To))
	for _, n := range []struct {
		code  string
		count int
	}{
		{"count", c.Count}, {"open", c.Open}, {"about_staff", c.AboutStaff}, {"rejected", c.Rejected}, {"reopened", c.Reopened}, {"external", c.External},
	} {
		add("complaints", n.code, "", strconv.Itoa(n.count))
	}
	for _, g := range []struct {
		name   string
		shares []Share
	}{
		{"source", c.Sources}, {"category", c.Categories}, {"level", c.Levels}, {"cause", c.Causes}, {"outcome", c.Outcomes}, {"team", c.Teams},
	} {
		for _, s := range g.shares {
			add(g.name, s.Code, s.Name.In(language), strconv.Itoa(s.Count))
		}
	}
	hour := func(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }
	for _, s := range c.Stages {
		add("stage", string(s.Metric), s.Name.In(language), strconv.Itoa(s.Ended), strconv.Itoa(s.Kept), strconv.Itoa(s.Late), hour(s.Median), hour(s.Ninety), hour(s.Longest))
	}
	for _, d := range c.Defined {
		add("definition", d.Field, d.Means.In(language))
	}
	for i := range rows {
		for len(rows[i]) < len(rows[0]) {
			rows[i] = append(rows[i], "")
		}
	}
	return out.WriteAll(rows)
}
